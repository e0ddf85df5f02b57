/* anderson.c - preconditioned fixed point with Anderson acceleration.
 *
 *   s_k = B^-1 F(z_k);   gamma = argmin | s_k - dS gamma |_2;   z_{k+1} = z_k + s_k - (dZ + dS) gamma
 *
 * dZ, dS: differences of the last points and steps. Logs of hats move by at most 2 in a step. When a large residual is
 * tenfold the best, the history lies and is dropped. B is taken where the first steps lead (where that is dear, from the third point
 * on), until the residual is small; there what couples the blocks comes in. After that, which costs several passes, it is taken again only when progress is slow.
 * Walker & Ni (2011), SIAM J. Numer. Anal. 49, type II. */
#include "solve/ladder.h"

#include <math.h>
#include <string.h>

static const double LONGEST = 2; /* step, in logs */
static const double FAR = 3, CLOSE = 1; /* residuals, in logs */
enum { PATIENCE = 8 };           /* passes, before progress is called slow */

static void limit_step(double *step, size_t n, double most)
{
    for (size_t i = 0; i < n; i++) step[i] = fmax(-most, fmin(most, step[i]));
}

/* gamma = argmin |s - dS gamma| by orthogonalisation (modified Gram-Schmidt, twice), newest differences first; columns
 * that add nothing are left out. */
FOR_EACH_WIDTH static int least_squares(ladder *l, int columns, int newest, double *gamma)
{
    size_t n = l->size;
    double r[ANDERSON_DEPTH][ANDERSON_DEPTH] = {{0}}, projection[ANDERSON_DEPTH];
    int used[ANDERSON_DEPTH], rank = 0;
    memcpy(l->right_side, l->step, n * sizeof(double));
    for (int c = 0; c < columns; c++) {
        int column = (newest - c + ANDERSON_DEPTH) % ANDERSON_DEPTH;
        double *q = l->least_squares + n * (size_t)rank, before;
        memcpy(q, l->dstep + n * (size_t)column, n * sizeof(double));
        before = dot(q, q, n);
        for (int twice = 0; twice < 2; twice++)
            for (int k = 0; k < rank; k++) {
                double overlap = dot(l->least_squares + n * (size_t)k, q, n);
                add_scaled(q, -overlap, l->least_squares + n * (size_t)k, n);
                r[k][rank] += overlap;
            }
        double left = dot(q, q, n);
        if (!(left > 1e-24 * before)) { /* this difference says nothing new */
            for (int k = 0; k < rank; k++) r[k][rank] = 0;
            continue;
        }
        r[rank][rank] = sqrt(left);
        for (size_t i = 0; i < n; i++) q[i] /= r[rank][rank];
        projection[rank] = dot(q, l->right_side, n);
        add_scaled(l->right_side, -projection[rank], q, n);
        used[rank++] = column;
    }
    for (int c = 0; c < ANDERSON_DEPTH; c++) gamma[c] = 0;
    for (int k = rank - 1; k >= 0; k--) {
        double sum = projection[k];
        for (int m = k + 1; m < rank; m++) sum -= r[k][m] * gamma[used[m]];
        gamma[used[k]] = sum / r[k][k];
    }
    return rank;
}

/* step -= (dZ + dS) gamma; false when there is nothing to accelerate with. */
FOR_EACH_WIDTH static bool accelerate(ladder *l, int columns, int newest)
{
    size_t n = l->size;
    double gamma[ANDERSON_DEPTH];
    if (!least_squares(l, columns, newest, gamma)) return false;
    for (int c = 0; c < ANDERSON_DEPTH; c++)
        if (!isfinite(gamma[c]) || fabs(gamma[c]) > 1e4) return false;
    for (int c = 0; c < ANDERSON_DEPTH; c++) {
        if (gamma[c] == 0) continue;
        add_scaled(l->step, -gamma[c], l->dz + n * (size_t)c, n);
        add_scaled(l->step, -gamma[c], l->dstep + n * (size_t)c, n);
    }
    return true;
}

void rung_anderson(ladder *l, const bashu_context *context, const fixed_point *p, const solve_settings *settings, double *z,
                   solve_outcome *outcome)
{
    size_t n = l->size;
    int columns = 0, next = 0, since_linearised = 0, since_checkpoint = 0, restarts = 0;
    bool previous = false, near = false, stale = false;
    double best = INFINITY, checkpoint = INFINITY, reach = LONGEST, linearised_at = INFINITY;
    begun had = p->begin ? p->begin(p->payload) : BEGUN_NOT;
    for (int k = 0;; k++) {
        bool slow = since_linearised >= PATIENCE && best > linearised_at / 100;
        bool fully = stale || slow || (!near && (k >= 2 || had == BEGUN_NOT));
        double residual = ladder_evaluate(l, p, z, fully, outcome);
        if (ladder_finished(context, settings, residual, outcome)) return;
        /* a right step can raise a tiny residual: far along a direction that residuals hardly see, what is second order in
         * the step is more than what was left */
        if (isnan(residual) || (residual > 10 * best && residual > 1e-2)) { /* back to the best point, without history */
            if (++restarts > 20 || (k > 0 && !previous)) break;
            reach = fmax(reach / 4, 1e-3); /* what the step promised does not hold that far */
            stale = true;
            memcpy(z, l->best, n * sizeof *z);
            columns = next = 0;
            previous = false;
            if (isfinite(l->best_residual)) best = INFINITY; /* met again in the next evaluation */
            continue;
        }
        if (residual < best) reach = fmin(LONGEST, 2 * reach);
        if (residual < best) best = residual;
        since_checkpoint++;
        if (since_checkpoint >= 25) { /* no faster than this, and the next rung is better */
            if (best > settings->least_progress * checkpoint) break;
            checkpoint = best;
            since_checkpoint = 0;
        }
        if (k == 0) checkpoint = residual;
        if (k == 0 && (had & BEGUN_FOR_ALL) && residual <= CLOSE) {
            near = true;
            linearised_at = residual;
        } else if (k == 0 && had != BEGUN_NOT && !(had & BEGUN_FOR_THE_START && residual <= FAR)) {
            had = BEGUN_NOT; /* too far for what there was: the same point again, linearised */
            stale = true;
            k = -1;
            continue;
        }
        if (fully) {
            near = near || (k >= 2 && residual < 0.3);
            if (p->linearise) p->linearise(p->payload);
            if (near) ladder_couple(p, settings, outcome);
            since_linearised = 0;
            linearised_at = best;
            stale = false;
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
        if (columns && !accelerate(l, columns, (next + ANDERSON_DEPTH - 1) % ANDERSON_DEPTH)) columns = next = 0;
        limit_step(l->step, n, reach);
        for (size_t i = 0; i < n; i++) z[i] += l->step[i];
        if (p->normalise) p->normalise(p->payload, z);
    }
    outcome->reason = BASHU_DIVERGED_STALLED;
}

/* z + d F: d is halved when ten passes bring the residual no lower; slow but steady progress is left alone. */
void rung_plain(ladder *l, const bashu_context *context, const fixed_point *p, const solve_settings *settings, double *z,
                solve_outcome *outcome)
{
    double damping = 1, best = INFINITY, checkpoint = INFINITY;
    for (int k = 0;; k++) {
        double residual = ladder_evaluate(l, p, z, false, outcome);
        if (ladder_finished(context, settings, residual, outcome)) return;
        if (residual < best) best = residual;
        bool astray = isnan(residual) || residual > 1e3 * best, stalled = k % 10 == 9 && best >= checkpoint;
        if (k % 10 == 9) checkpoint = best;
        if (astray || stalled) { /* shorter steps, from where it was best: they would not find back */
            damping /= 2;
            if (damping < 1e-3) break;
            memcpy(z, l->best, l->size * sizeof *z);
            best = l->best_residual;
            continue;
        }
        for (size_t i = 0; i < l->size; i++) l->step[i] = damping * l->f[i];
        limit_step(l->step, l->size, 1);
        for (size_t i = 0; i < l->size; i++) z[i] += l->step[i];
        if (p->normalise) p->normalise(p->payload, z);
    }
    outcome->reason = BASHU_DIVERGED_STALLED;
}
