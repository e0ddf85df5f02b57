/* foresight_people.h - people of one path, given what living in each market is worth; only foresight*.c look. */
#ifndef BASHU_EQUILIBRIUM_FORESIGHT_PEOPLE_H
#define BASHU_EQUILIBRIUM_FORESIGHT_PEOPLE_H

#include "linalg/bilateral.h"
#include "solve/solve.h"

typedef struct movers { /* workspace; equations in foresight_people.c */
    bashu_context *context;
    size_t Q, M, G;
    bilateral moves;         /* mu_-1 [M from][Q][M to] */
    double beta, nu;
    int threads;
    const unsigned char *is_there; /* [G] */
    double *power, *sum;     /* [G] */
    double *scale;           /* [Q] */
    double *total;           /* [M][Q] */
    double *work;
    ladder *steady;          /* of G unknowns */
    double *flow, *people;   /* [G] of the steady problem being solved; people [M][Q] while they leave */
    double *scratch, *change, *rest; /* [G] */
} movers;

bashu_status movers_new(movers **out, arena *memory, bashu_context *context, size_t pools, size_t markets, const double *share,
                        const unsigned char *is_there, double beta, double nu);
/* y_t from y_t+1; flow: log omega_t + c. */
void movers_value(movers *m, const double *flow, const double *next, double *value);
/* L_t+1 from L_t and y_t+1. */
void movers_people(movers *m, const double *next, const double *people, double *people_next);
/* c such that y is steady where flow utility is that of the accounts: c = y - nu log sum mu_-1 exp(beta y / nu). */
void movers_constant(movers *m, const double *value, double *constant);
/* y with y = flow + nu log sum mu_-1 exp(beta y / nu); value: the start, then the answer. False: not found. */
bool movers_steady_value(movers *m, const double *flow, double *value);
/* People who reproduce themselves under the moves that y leads to; people: somewhere to start, whose number stays. False: not found. */
bool movers_steady_people(movers *m, const double *value, double *people);

#endif
