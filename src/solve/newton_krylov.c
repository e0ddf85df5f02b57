/* newton_krylov.c - Newton steps by preconditioned GMRES, with exact derivatives.
 *
 *   J s = -F,  J = dF/dz;   GMRES on  A y = -F,  A v = J B^-1 v,  s = B^-1 y     (B ~ -J, so A ~ -identity)
 *
 * Forcing term after Eisenstat & Walker (1996), choice 2; steps in logs at most 2; halved until the sum of squares of F falls,
 * which it must along a direction that GMRES found (the largest single residual need not). */
#include "solve/ladder.h"

#include <math.h>
#include <string.h>

/* Turns the new column of the Hessenberg matrix into upper triangular form; returns the new residual. */
static double rotate_column(ladder *l, int k)
{
    double *h = l->hessenberg + (size_t)k * (KRYLOV_DEPTH + 1), *c = l->rotation, *s = c + KRYLOV_DEPTH + 1;
    double *g = s + KRYLOV_DEPTH + 1;
    for (int i = 0; i < k; i++) {
        double a = h[i], b = h[i + 1];
        h[i] = c[i] * a + s[i] * b;
        h[i + 1] = -s[i] * a + c[i] * b;
    }
    double radius = hypot(h[k], h[k + 1]);
    c[k] = radius > 0 ? h[k] / radius : 1;
    s[k] = radius > 0 ? h[k + 1] / radius : 0;
    h[k] = radius;
    h[k + 1] = 0;
    g[k + 1] = -s[k] * g[k];
    g[k] *= c[k];
    return fabs(g[k + 1]);
}

FOR_EACH_WIDTH double krylov_solve(ladder *l, const fixed_point *p, const double *f, double forcing, double *step, int *passes)
{
    size_t n = l->size;
    double *g = l->rotation + 2 * (KRYLOV_DEPTH + 1), norm = sqrt(dot(f, f, n)), residual = norm;
    memset(step, 0, n * sizeof *step);
    if (!(norm > 0)) return 0;
    for (size_t i = 0; i < n; i++) l->basis[i] = -f[i] / norm;
    g[0] = norm;
    int k = 0;
    while (k < KRYLOV_DEPTH && residual > forcing * norm) {
        double *v = l->basis + n * (size_t)k, *w = v + n, *h = l->hessenberg + (size_t)k * (KRYLOV_DEPTH + 1);
        p->precondition(p->payload, v, l->preconditioned);
        p->derivative(p->payload, l->preconditioned, w);
        ++*passes;
        for (int twice = 0; twice < 2; twice++) /* orthogonal to working accuracy */
            for (int i = 0; i <= k; i++) {
                double overlap = dot(l->basis + n * (size_t)i, w, n);
                h[i] = twice ? h[i] + overlap : overlap;
                add_scaled(w, -overlap, l->basis + n * (size_t)i, n);
            }
        h[k + 1] = sqrt(dot(w, w, n));
        bool closed = !(h[k + 1] > 1e-14 * norm);
        if (!closed)
            for (size_t m = 0; m < n; m++) w[m] /= h[k + 1];
        residual = rotate_column(l, k++);
        if (closed) break;
    }
    double y[KRYLOV_DEPTH];
    for (int i = k - 1; i >= 0; i--) {
        double sum = g[i];
        for (int m = i + 1; m < k; m++) sum -= l->hessenberg[(size_t)m * (KRYLOV_DEPTH + 1) + (size_t)i] * y[m];
        double pivot = l->hessenberg[(size_t)i * (KRYLOV_DEPTH + 1) + (size_t)i];
        y[i] = pivot != 0 ? sum / pivot : 0;
    }
    memset(l->scratch, 0, n * sizeof *step);
    for (int i = 0; i < k; i++) add_scaled(l->scratch, y[i], l->basis + n * (size_t)i, n);
    p->precondition(p->payload, l->scratch, step);
    return residual / norm;
}

void rung_newton_krylov(ladder *l, const bashu_context *context, const fixed_point *p, const solve_settings *settings,
                        double *z, solve_outcome *outcome)
{
    size_t n = l->size;
    double forcing = 0.1, residual = ladder_evaluate(l, p, z, true, outcome), norm = sqrt(dot(l->f, l->f, n));
    double began = residual;
    while (!ladder_finished(context, settings, residual, outcome)) {
        if (isnan(residual)) break;
        if (l->may_return && residual < 1e-2 * began) return; /* near enough for steps that cost less */
        if (p->linearise) p->linearise(p->payload);
        ladder_couple(p, settings, outcome);
        memcpy(l->right_side, l->f, n * sizeof *l->f);
        krylov_solve(l, p, l->right_side, forcing, l->step, &outcome->passes);
        double size = max_norm(l->step, n), scale = size > 2 ? 2 / size : 1, before = norm;
        if (!isfinite(size)) break;
        for (int halving = 0; halving < 12; halving++, scale /= 2) {
            for (size_t i = 0; i < n; i++) l->trial[i] = z[i] + scale * l->step[i];
            if (p->normalise) p->normalise(p->payload, l->trial);
            residual = ladder_evaluate(l, p, l->trial, true, outcome);
            norm = isnan(residual) ? residual : sqrt(dot(l->f, l->f, n));
            if (norm < (1 - 1e-4 * scale) * before || outcome->passes >= settings->pass_limit) break;
        }
        if (!(norm < before)) break;
        memcpy(z, l->trial, n * sizeof *z);
        double ratio = norm / before;
        /* no more exactly than the answer is wanted: below that are only price levels of regions that hardly trade */
        forcing = fmin(0.5, fmax(fmax(1e-4, 0.5 * settings->tolerance / norm), fmin(0.1, 0.9 * ratio * ratio)));
    }
    if (outcome->reason == BASHU_NOT_SOLVED)
        outcome->reason = outcome->passes >= settings->pass_limit ? BASHU_DIVERGED_LIMIT : BASHU_DIVERGED_STALLED;
}

double ladder_forward_error(ladder *l, const fixed_point *p, const double *residual, int *passes)
{
    memcpy(l->right_side, residual, l->size * sizeof *residual);
    double reached = krylov_solve(l, p, l->right_side, 0.05, l->step, passes);
    double size = max_norm(l->step, l->size);
    return reached <= 0.5 ? size / (1 - reached) : (double)NAN; /* not solved well enough to say */
}
