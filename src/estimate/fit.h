/* fit.h - the parts of one estimation; private to estimate/. */
#ifndef BASHU_ESTIMATE_FIT_H
#define BASHU_ESTIMATE_FIT_H

#include "estimate/absorb.h"

typedef enum climb_end { CLIMB_DONE, CLIMB_SEPARATED, CLIMB_LIMIT, CLIMB_STALLED, CLIMB_NOT_FINITE, CLIMB_INTERRUPTED } climb_end;

typedef struct fit {
    bashu_context *context;
    arena *memory;                     /* of this sample; the answer's own memory is elsewhere */
    const estimate_problem *problem;
    sample sample;
    absorber a;
    double *within, *inverse;          /* [K][K] */
    double *raw;                       /* [K] squares of the regressors about their mean, at the start */
    double *step_beta, *step_alpha, *old_beta, *old_alpha;
    double tolerance, score;
    bool watch_separation;             /* stop when steps do not shrink although there are zeros */
    bool rough;                        /* only to the tolerance, nothing polished: for a start */
    size_t worst_regressor;
    long worst_group;                  /* of the rest; -1: a regressor */
    int iterations, iteration_limit;
} fit;

bashu_status fit_new(fit *out, arena *memory, const estimate_problem *problem, const unsigned char *excluded);
/* To the top of the likelihood, or the bottom of the squares, from where the point is. */
bashu_status fit_climb(fit *f, climb_end *end);
/* One whole step of Newton's method, solved tightly, and back again; false when there is none. */
bool fit_step(fit *f);
void fit_back(fit *f);
/* Marks rows that are fitted perfectly by zero at infinity, when the climb `f` goes nowhere; *count of them. */
bashu_status find_separated(size_t *count, unsigned char *excluded, fit *f, arena *memory);
/* Inverse of `within`; false when it is singular. */
bool fit_invert(fit *f, const double *matrix, double *inverse);
/* Coefficients, covariance and effects of the answer; regressors become what is left of them. */
bashu_status fit_answer(fit *f, estimate *out, arena *memory);

#endif
