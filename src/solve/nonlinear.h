/* nonlinear.h - nonlinear programs by Ipopt (Waechter & Biegler 2006), loaded when the first one is solved.
 *
 *   min f(x)  subject to  g(x) <= 0,  the last `equal` of them g(x) = 0,  low <= x <= high */
#ifndef BASHU_SOLVE_NONLINEAR_H
#define BASHU_SOLVE_NONLINEAR_H

#include "core/core.h"

typedef struct nonlinear_program {
    size_t n, m, equal;       /* variables, constraints; how many of the last hold with equality */
    size_t jacobian, hessian; /* entries; of the Hessian those on and below the diagonal, which may repeat: they add up */
    double *low, *high;       /* [n]; +-INFINITY: none */
    void *payload;
    double (*objective)(void *payload, const double *x);
    void (*gradient)(void *payload, const double *x, double *out);
    void (*constraints)(void *payload, const double *x, double *out);
    /* Places of the entries, once; then their values. */
    void (*jacobian_places)(void *payload, int *row, int *column);
    void (*jacobian_values)(void *payload, const double *x, double *out);
    void (*hessian_places)(void *payload, int *row, int *column);
    void (*hessian_values)(void *payload, const double *x, double factor, const double *multiplier, double *out);
} nonlinear_program;

typedef struct nonlinear_answer {
    double *x;                        /* [n] in: where to start; out: the answer */
    double *multiplier;               /* [m] of the constraints; of inequalities >= 0 */
    double *low_multiplier, *high_multiplier; /* [n] of the bounds, >= 0 */
    double objective;
    int iterations;
    bool converged;
} nonlinear_answer;
/* Errors: UNSUPPORTED where the library is not there; MEMORY; INTERRUPTED. */
bashu_status nonlinear_solve(nonlinear_answer *answer, bashu_context *context, const nonlinear_program *program, double tolerance, int iteration_limit);

#endif
