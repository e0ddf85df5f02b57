/* linear.c - a linear system to the last digits: GMRES, restarted on the residual that is left.
 *
 *   J s = -f:   s <- s + GMRES(f + J s) until |f + J s| <= tolerance |f|        (iterative refinement, restarts)
 *
 * Each round asks GMRES for all the digits that are missing, as long as its basis has room; the residual is computed anew each
 * time, so what is returned is a measurement and not GMRES's own estimate. */
#include "solve/ladder.h"

#include <math.h>
#include <string.h>

double ladder_linear(ladder *l, const bashu_context *context, const fixed_point *p, const double *f, double tolerance, int pass_limit,
                     double *step, int *passes)
{
    size_t n = l->size;
    double *left = l->right_side, norm = sqrt(dot(f, f, n)), residual = 1;
    bool may_couple = p->couple;
    memset(step, 0, n * sizeof *step);
    if (!(norm > 0)) return norm; /* nothing to solve; NaN stays NaN */
    memcpy(left, f, n * sizeof *f);
    while (residual > tolerance && *passes < pass_limit && !is_cancelled(context)) {
        double reached = krylov_solve(l, p, left, fmax(0.5 * tolerance / residual, 1e-14), l->step, passes);
        if (reached > 0.5 && may_couple) { /* blocks alone do not see what couples them */
            may_couple = false;
            *passes += p->couple(p->payload);
            continue;
        }
        for (size_t i = 0; i < n; i++) l->trial[i] = step[i] + l->step[i];
        p->derivative(p->payload, l->trial, left);
        ++*passes;
        for (size_t i = 0; i < n; i++) left[i] += f[i];
        double now = sqrt(dot(left, left, n)) / norm;
        if (!(now < residual)) break; /* rounding: what is there is the best there is */
        memcpy(step, l->trial, n * sizeof *step);
        bool slow = now > 0.5 * residual && residual < 1e-6;
        residual = now;
        if (slow) break;
    }
    return residual;
}
