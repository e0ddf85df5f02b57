/* naive.h - a second, plain solution of the model: see naive.c. */
#ifndef BASHU_TESTS_NAIVE_H
#define BASHU_TESTS_NAIVE_H

#include "accounts/accounts.h"

typedef struct naive { /* hats, and levels where said; shapes as in equilibrium/result.h */
    double *wage, *people, *rent, *price, *output, *utility, *welfare;
    double *expenditure, *income, *labour_income; /* levels */
    int rounds;                   /* of the outer loop */
    double gap;                   /* largest change of a log in the last of them */
} naive;

/* Solves to a gap of 1e-13 or `limit` rounds; memory: where the arrays live. False when there is no memory. */
bool naive_solve(naive *out, arena *memory, const bashu_economy *e, const shock *k, int limit);

#endif
