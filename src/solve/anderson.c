/* anderson.c - preconditioned fixed point with Anderson acceleration.
 *
 *   s_k = B^-1 F(z_k);   gamma = argmin | s_k - dS gamma |_2;   z_{k+1} = z_k + s_k - (dZ + dS) gamma
 *
 * dZ, dS: differences of the last points and steps. Logs of hats move by at most 2 in a step. When a large residual is
 * tenfold the best, the history lies and is dropped. A solve that begins near goes with the B that was there before. Else B is taken
 * where the first steps lead (where that is dear, from the third point on), until the residual is small; there what couples the blocks
 * comes in. After that, which costs several passes, it is taken again only when progress is slow.
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

typedef struct history { /* of differences, the newest first */
    int count, column[ANDERSON_DEPTH];
    double size[ANDERSON_DEPTH];                   /* norm of dS */
    double root[ANDERSON_DEPTH][ANDERSON_DEPTH];   /* Cholesky's of the cosines between dS, lower triangle */
} history;

/* Cosines between the columns kept, factorised; a column that adds next to nothing to newer ones is left out. */
static void factorise(const ladder *l, int columns, int newest, history *h)
{
    h->count = 0;
    for (int c = 0; c < columns; c++) {
        int column = (newest - c + l->depth) % l->depth, k = h->count;
        double size = sqrt(l->gram[column][column]), left = 1;
        if (!(size > 0)) continue;
        for (int i = 0; i < k; i++) {
            double sum = l->gram[column][h->column[i]] / (size * h->size[i]);
            for (int m = 0; m < i; m++) sum -= h->root[k][m] * h->root[i][m];
            h->root[k][i] = sum / h->root[i][i];
            left -= h->root[k][i] * h->root[k][i];
        }
        if (!(left > 1e-10)) continue;
        h->root[k][k] = sqrt(left);
        h->column[k] = column;
        h->size[k] = size;
        h->count++;
    }
}

/* gamma += argmin |s - dS gamma|, from the normal equations; s -= dS times what was added. */
FOR_EACH_WIDTH static void project(const ladder *l, const history *h, double *s, double *gamma)
{
    double x[ANDERSON_DEPTH];
    size_t n = l->size;
    for (int k = 0; k < h->count; k++) {
        x[k] = dot(l->dstep + n * (size_t)h->column[k], s, n) / h->size[k];
        for (int m = 0; m < k; m++) x[k] -= h->root[k][m] * x[m];
        x[k] /= h->root[k][k];
    }
    for (int k = h->count - 1; k >= 0; k--) {
        for (int m = k + 1; m < h->count; m++) x[k] -= h->root[m][k] * x[m];
        x[k] /= h->root[k][k];
    }
    for (int k = 0; k < h->count; k++) {
        gamma[k] += x[k] / h->size[k];
        add_scaled(s, -x[k] / h->size[k], l->dstep + n * (size_t)h->column[k], n);
    }
}

/* step -= (dZ + dS) gamma. Normal equations lose half of the digits; done twice, on what is left, they have them. False when there is
 * nothing to accelerate with: step is then what it was. */
FOR_EACH_WIDTH static bool accelerate(ladder *l, int columns, int newest)
{
    size_t n = l->size;
    double gamma[ANDERSON_DEPTH] = {0};
    history h;
    factorise(l, columns, newest, &h);
    if (h.count == 0) return false;
    memcpy(l->right_side, l->step, n * sizeof(double));
    for (int twice = 0; twice < 2; twice++) project(l, &h, l->right_side, gamma);
    for (int k = 0; k < h.count; k++)
        if (!isfinite(gamma[k]) || fabs(gamma[k]) > 1e4) return false;
    memcpy(l->step, l->right_side, n * sizeof(double));
    for (int k = 0; k < h.count; k++) add_scaled(l->step, -gamma[k], l->dz + n * (size_t)h.column[k], n);
    return true;
}

/* A new pair of differences. */
FOR_EACH_WIDTH static void remember(ladder *l, const double *z, int next)
{
    size_t n = l->size;
    double *dz = l->dz + n * (size_t)next, *ds = l->dstep + n * (size_t)next;
    for (size_t i = 0; i < n; i++) dz[i] = z[i] - l->z_previous[i];
    for (size_t i = 0; i < n; i++) ds[i] = l->step[i] - l->step_previous[i];
    for (int c = 0; c < l->depth; c++) /* columns that hold nothing yet are never asked for */
        l->gram[next][c] = l->gram[c][next] = dot(ds, l->dstep + n * (size_t)c, n);
}

void rung_anderson(ladder *l, const bashu_context *context, const fixed_point *p, const solve_settings *settings, double *z,
                   solve_outcome *outcome)
{
    size_t n = l->size;
    int columns = 0, next = 0, since_linearised = 0, since_checkpoint = 0, restarts = 0;
    bool previous = false, near = false, stale = false, one_b = false;
    double best = INFINITY, checkpoint = INFINITY, reach = LONGEST, linearised_at = INFINITY;
    int had = p->begin ? p->begin(p->payload) : BEGUN_NOT;
    for (int k = 0;; k++) {
        bool slow = since_linearised >= PATIENCE && best > linearised_at / 100;
        bool wanted = stale || slow || (!near && (k >= 2 || had == BEGUN_NOT));
        bool fully = wanted || (k == 0 && !(had & BEGUN_FOR_THE_START)); /* whether it is near enough is known only afterwards */
        double residual = ladder_evaluate(l, p, z, fully, outcome);
        if (ladder_finished(context, settings, residual, outcome)) {
            if (l->keeps_history && one_b && outcome->reason > 0) l->kept_columns = columns, l->kept_next = next;
            return;
        }
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
        if (k == 0 && (had & BEGUN_FOR_ALL) && residual <= (had & BEGUN_FROM_FAR ? FAR : CLOSE)) {
            near = one_b = true;
            linearised_at = residual;
            columns = l->keeps_history ? l->kept_columns : 0;
            next = columns ? l->kept_next : 0;
            l->kept_columns = 0;
        } else if (k == 0 && had != BEGUN_NOT && !(had & BEGUN_FOR_THE_START && residual <= FAR)) {
            had = BEGUN_NOT; /* too far for what there was: the same point, linearised */
            wanted = stale = true;
            if (!fully) {
                k = -1;
                continue;
            }
        }
        if (wanted) {
            one_b = false;
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
            remember(l, z, next);
            next = (next + 1) % l->depth;
            if (columns < l->depth) columns++;
        }
        memcpy(l->z_previous, z, n * sizeof *z);
        memcpy(l->step_previous, l->step, n * sizeof *z);
        previous = true;
        if (columns && !accelerate(l, columns, (next + l->depth - 1) % l->depth)) columns = next = 0;
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
