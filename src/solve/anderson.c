/* anderson.c - preconditioned fixed point with Anderson acceleration.
 *
 *   s_k = B^-1 F(z_k);   gamma = argmin | s_k - dS gamma |_2;   z_{k+1} = z_k + s_k - (dZ + dS) gamma
 *
 * dZ, dS: differences of the last points and steps. Logs of hats move by at most 1 in a step. When the residual grows
 * tenfold over the best, the history lies and is dropped. The block Jacobian is taken again only when progress is slow:
 * it costs several passes. Walker & Ni (2011), SIAM J. Numer. Anal. 49, type II. */
#include "solve/ladder.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

static void limit_step(double *step, size_t n, double most)
{
    for (size_t i = 0; i < n; i++) step[i] = fmax(-most, fmin(most, step[i]));
}

/* step -= (dZ + dS) gamma; false when the least-squares problem is degenerate. */
static bool accelerate(ladder *l, int columns)
{
    size_t n = l->size;
    memcpy(l->least_squares, l->dstep, n * (size_t)columns * sizeof(double));
    memcpy(l->right_side, l->step, n * sizeof(double));
    lapack_int info = LAPACKE_dgels_work(LAPACK_COL_MAJOR, 'N', (lapack_int)n, columns, 1, l->least_squares, (lapack_int)n,
                                         l->right_side, (lapack_int)n, l->lapack_work, l->lapack_work_size);
    if (info != 0) return false;
    for (int c = 0; c < columns; c++)
        if (!isfinite(l->right_side[c]) || fabs(l->right_side[c]) > 1e4) return false;
    for (int c = 0; c < columns; c++) {
        const double *dz = l->dz + n * (size_t)c, *ds = l->dstep + n * (size_t)c;
        for (size_t i = 0; i < n; i++) l->step[i] -= l->right_side[c] * (dz[i] + ds[i]);
    }
    return true;
}

void rung_anderson(ladder *l, const bashu_context *context, const fixed_point *p, const solve_settings *settings, double *z,
                   solve_outcome *outcome)
{
    size_t n = l->size;
    int columns = 0, next = 0, since_linearised = 0, restarts = 0;
    bool previous = false;
    double best = INFINITY, checkpoint = INFINITY;
    for (int k = 0;; k++) {
        double residual = ladder_evaluate(l, p, z, outcome);
        if (ladder_finished(context, settings, residual, outcome)) return;
        if (isnan(residual) || residual > 10 * best) { /* back to the best point, without history */
            if (++restarts > 20 || (k > 0 && !previous)) break;
            memcpy(z, l->best, n * sizeof *z);
            columns = next = 0;
            previous = false;
            if (isfinite(l->best_residual)) best = INFINITY; /* met again in the next evaluation */
            continue;
        }
        if (residual < best) best = residual;
        if (k % 25 == 24) { /* no faster than this, and the next rung is better */
            if (best > settings->least_progress * checkpoint) break;
            checkpoint = best;
        }
        if (k == 0) checkpoint = residual;
        if (k == 0 || k == 6 || since_linearised >= 20) {
            p->linearise(p->payload);
            since_linearised = 0;
        }
        since_linearised++;
        p->precondition(p->payload, l->f, l->step);
        if (previous) {
            double *dz = l->dz + n * (size_t)next, *ds = l->dstep + n * (size_t)next;
            for (size_t i = 0; i < n; i++) dz[i] = z[i] - l->z_previous[i];
            for (size_t i = 0; i < n; i++) ds[i] = l->step[i] - l->step_previous[i];
            next = (next + 1) % ANDERSON_DEPTH;
            if (columns < ANDERSON_DEPTH) columns++;
        }
        memcpy(l->z_previous, z, n * sizeof *z);
        memcpy(l->step_previous, l->step, n * sizeof *z);
        previous = true;
        /* far from the answer differences of steps say little about the next one: plain steps get nearer first */
        bool near_answer = residual < 0.1 || k >= 15;
        if (columns && near_answer && !accelerate(l, columns)) columns = next = 0;
        limit_step(l->step, n, 1);
        for (size_t i = 0; i < n; i++) z[i] += l->step[i];
    }
    outcome->reason = BASHU_DIVERGED_STALLED;
}

/* z + d F: d is halved when ten passes bring the residual no lower; slow but steady progress is left alone. */
void rung_plain(ladder *l, const bashu_context *context, const fixed_point *p, const solve_settings *settings, double *z,
                solve_outcome *outcome)
{
    double damping = 1, best = INFINITY, checkpoint = INFINITY;
    for (int k = 0;; k++) {
        double residual = ladder_evaluate(l, p, z, outcome);
        if (ladder_finished(context, settings, residual, outcome)) return;
        if (residual < best) best = residual;
        bool astray = isnan(residual) || residual > 1e3 * best;
        if (astray || (k % 10 == 9 && best >= checkpoint)) {
            damping /= 2;
            if (damping < 1e-3) break;
        }
        if (k % 10 == 9) checkpoint = best;
        if (astray) {
            memcpy(z, l->best, l->size * sizeof *z);
            best = INFINITY;
            continue;
        }
        for (size_t i = 0; i < l->size; i++) l->step[i] = damping * l->f[i];
        limit_step(l->step, l->size, 1);
        for (size_t i = 0; i < l->size; i++) z[i] += l->step[i];
    }
    outcome->reason = BASHU_DIVERGED_STALLED;
}
