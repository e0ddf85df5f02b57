/* ladder.h - what the rungs share; only solve/ looks inside. */
#ifndef BASHU_SOLVE_LADDER_H
#define BASHU_SOLVE_LADDER_H

#include "linalg/vector.h"
#include "solve/solve.h"

enum { ANDERSON_DEPTH = 10, KRYLOV_DEPTH = 60 };

struct ladder {
    size_t size;
    int depth; /* of Anderson's history, at most ANDERSON_DEPTH */
    double *f, *step, *best, *trial, *scratch;
    double best_residual;
    bool may_return; /* the Newton rung may hand back to the faster one: once */
    /* Anderson: differences of points and steps, a ring of ANDERSON_DEPTH columns */
    double *z_previous, *step_previous, *dz, *dstep, *right_side;
    double gram[ANDERSON_DEPTH][ANDERSON_DEPTH]; /* products of the columns of dstep */
    bool keeps_history;              /* a solve begins with the differences of the last one */
    int kept_columns, kept_next;     /* which of them are good: those made with one B that is there again */
    /* Krylov */
    double *basis, *preconditioned, *hessenberg, *rotation;
};

/* Evaluates, records, keeps the best. Returns the residual, NaN when not finite. */
double ladder_evaluate(ladder *l, const fixed_point *p, const double *z, bool fully, solve_outcome *outcome);
/* True when the rung must stop: solved, limit, interrupted. Sets outcome->reason. */
bool ladder_finished(const bashu_context *context, const solve_settings *settings, double residual, solve_outcome *outcome);

/* Couples what was linearised, where the problem knows how and the limit of passes allows. */
void ladder_couple(const fixed_point *p, const solve_settings *settings, solve_outcome *outcome);

void rung_anderson(ladder *l, const bashu_context *c, const fixed_point *p, const solve_settings *s, double *z, solve_outcome *o);
void rung_newton_krylov(ladder *l, const bashu_context *c, const fixed_point *p, const solve_settings *s, double *z,
                        solve_outcome *o);
void rung_plain(ladder *l, const bashu_context *c, const fixed_point *p, const solve_settings *s, double *z, solve_outcome *o);

/* Approximately solves (dF/dz) step = -f, right-preconditioned by B; stops at relative residual `forcing` or after
 * KRYLOV_DEPTH derivatives. Returns the relative residual reached. */
double krylov_solve(ladder *l, const fixed_point *p, const double *f, double forcing, double *step, int *passes);

static inline double max_norm(const double *x, size_t n)
{
    double norm = 0;
    for (size_t i = 0; i < n; i++) norm = worse(norm, x[i]);
    return norm;
}

#endif
