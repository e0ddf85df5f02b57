/* multigrid.c - J x = r by conjugate residuals, preconditioned by groups of nodes.
 *
 * Before: one sweep over nodes, each block of nodes on its own (Gauss-Seidel within it); then the sums of what is left over groups, solved
 * one level up by at most two steps of the same method (K-cycle, Notay 2010); then a sweep backwards. For singular M-matrices with two
 * members a group sums of flows are coarse operators that keep row and column sums, so the theory of aggregation applies. Generalised
 * conjugate residuals (Eisenstat, Elman & Schultz 1983) outside; inner products are weighted by 1 / size. */
#include "routing/flows.h"

#include <math.h>
#include <string.h>

enum { PATIENCE = 6 };
static const double poor = 4; /* so many times the tolerance */

/* out = (D - L)^-1 r or (D - U)^-1 r in each block of nodes, the others being zero */
static void smooth(const flow_system *s, const flow_level *l, bool backwards, const double *r, double *out)
{
    const double kept = 1 - s->c.mu;
    const size_t first = s->transposed, second = !s->transposed;
    const size_t one = s->transposed ? 2 : 1, two = s->transposed ? 1 : 2;
    int chunks = level_chunks(l->n);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int b = 0; b < chunks; b++) {
        size_t low = chunk_start(l->n, b), high = chunk_start(l->n, b + 1);
        for (size_t k = low; k < high; k++) {
            size_t i = backwards ? low + high - 1 - k : k;
            double of_u = 0, of_v = 0;
            if (backwards) {
                for (int e = l->head[i + 1]; e-- > l->head[i];) {
                    size_t j = (size_t)l->to[e];
                    if (j <= i) break;
                    if (j >= high) continue;
                    of_u += l->flow[2 * (size_t)e + first] * out[2 * j];
                    of_v += l->flow[2 * (size_t)e + second] * out[2 * j + 1];
                }
            } else {
                for (int e = l->head[i]; e < l->head[i + 1]; e++) {
                    size_t j = (size_t)l->to[e];
                    if (j >= i) break;
                    if (j < low) continue;
                    of_u += l->flow[2 * (size_t)e + first] * out[2 * j];
                    of_v += l->flow[2 * (size_t)e + second] * out[2 * j + 1];
                }
            }
            const double *d = l->diagonal + 4 * i, u = r[2 * i] + kept * of_u, v = r[2 * i + 1] + kept * of_v;
            out[2 * i] = d[0] * u + d[one] * v;
            out[2 * i + 1] = d[two] * u + d[3] * v;
        }
    }
}

static void solve_coarsest(const flow_system *s, const flow_level *l, const double *r, double *x)
{
    size_t n = 2 * l->n;
    memcpy(x, r, n * sizeof *x);
    if (!s->transposed) {
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < i; k++) x[i] -= l->lu[i * n + k] * x[k];
        for (size_t i = n; i-- > 0;) {
            for (size_t k = i + 1; k < n; k++) x[i] -= l->lu[i * n + k] * x[k];
            x[i] /= l->lu[i * n + i];
        }
    } else {
        for (size_t k = 0; k < n; k++) {
            x[k] /= l->lu[k * n + k];
            for (size_t i = k + 1; i < n; i++) x[i] -= l->lu[k * n + i] * x[k];
        }
        for (size_t k = n; k-- > 0;)
            for (size_t i = 0; i < k; i++) x[i] -= l->lu[k * n + i] * x[k];
    }
}

/* a := a + by b */
static void add(const flow_system *s, size_t n, double by, const double *b, double *a)
{
#pragma omp parallel for schedule(static) num_threads(level_threads(s, n))
    for (size_t i = 0; i < 2 * n; i++) a[i] += by * b[i];
}

static void cycle(flow_system *s, size_t level, const double *r, double *x);

/* At most two steps of conjugate residuals at a coarser level, each with a cycle. */
static void coarse_solve(flow_system *s, size_t level, double *r, double *x)
{
    flow_level *l = &s->level[level];
    size_t n = l->n;
    if (level + 1 == s->levels) {
        cycle(s, level, r, x);
        return;
    }
    double *d = l->krylov, *Jd = d + 2 * n, *e = Jd + 2 * n, *Je = e + 2 * n;
    cycle(s, level, r, d);
    flows_derivative(s, level, false, d, Jd);
    double norm = level_dot(s, l, r, r), square = level_dot(s, l, Jd, Jd), step = square > 0 ? level_dot(s, l, Jd, r) / square : 0;
    add(s, n, -step, Jd, r);
    for (size_t i = 0; i < 2 * n; i++) x[i] = step * d[i];
    if (!(level_dot(s, l, r, r) > 0.0625 * norm)) return;
    cycle(s, level, r, e);
    flows_derivative(s, level, false, e, Je);
    double overlap = square > 0 ? level_dot(s, l, Je, Jd) / square : 0;
    add(s, n, -overlap, Jd, Je);
    add(s, n, -overlap, d, e);
    square = level_dot(s, l, Je, Je);
    add(s, n, square > 0 ? level_dot(s, l, Je, r) / square : 0, e, x);
}

static void cycle(flow_system *s, size_t level, const double *r, double *x)
{
    flow_level *l = &s->level[level];
    size_t n = l->n;
    if (level + 1 == s->levels && l->lu) {
        solve_coarsest(s, l, r, x);
        return;
    }
    smooth(s, l, false, r, x);
    flows_derivative(s, level, false, x, l->image);
    if (level + 1 < s->levels) {
        flow_level *coarse = l + 1;
        int chunks = level_chunks(coarse->n), threads = level_threads(s, n);
#pragma omp parallel for schedule(static) num_threads(threads)
        for (int b = 0; b < chunks; b++)
            for (size_t g = chunk_start(coarse->n, b), end = chunk_start(coarse->n, b + 1); g < end; g++) {
                double first = 0, second = 0;
                for (int m = l->member_at[g]; m < l->member_at[g + 1]; m++) {
                    size_t i = (size_t)l->member[m];
                    first += r[2 * i] - l->image[2 * i];
                    second += r[2 * i + 1] - l->image[2 * i + 1];
                }
                coarse->residual[2 * g] = first;
                coarse->residual[2 * g + 1] = second;
            }
        coarse_solve(s, level + 1, coarse->residual, coarse->correction);
#pragma omp parallel for schedule(static) num_threads(threads)
        for (size_t i = 0; i < n; i++) {
            x[2 * i] += coarse->correction[2 * (size_t)l->group[i]];
            x[2 * i + 1] += coarse->correction[2 * (size_t)l->group[i] + 1];
        }
        flows_derivative(s, level, false, x, l->image);
    }
#pragma omp parallel for schedule(static) num_threads(level_threads(s, n))
    for (size_t i = 0; i < 2 * n; i++) l->image[i] = r[i] - l->image[i];
    smooth(s, l, true, l->image, l->work);
    add(s, n, 1, l->work, x);
}

/* Near an equilibrium J reaches what sums to zero over all equations (transposed: what is orthogonal to a change of all prices); the rest
 * is taken out in proportion to size. */
static void balance(const flow_system *s, const flow_level *l, double *r)
{
    double part[CHUNKS], sizes[CHUNKS], sum = 0, size = 0;
    const double of_u = s->transposed ? s->c.theta : 1, of_v = s->transposed ? 1 + s->c.theta : 1;
    int chunks = level_chunks(l->n);
    for (int b = 0; b < chunks; b++) {
        part[b] = sizes[b] = 0;
        for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++) {
            part[b] += of_u * r[2 * i] + of_v * r[2 * i + 1];
            sizes[b] += of_u * l->size[2 * i] + of_v * l->size[2 * i + 1];
        }
        sum += part[b];
        size += sizes[b];
    }
    for (size_t i = 0; i < 2 * l->n; i++) r[i] -= sum / size * l->size[i];
}

/* Where that made no way, by factorisation, refined while that helps: |r - J x| of what x becomes. */
static double try_direct(flow_system *s, flow_level *l, const double *right, double left, double *x)
{
    enum { REFINED = 4 };
    double *r = l->residual, *more = l->work, before = left;
    size_t n = l->n;
    if (!direct_factor(s)) return left;
    memset(s->directions, 0, 2 * n * sizeof *r); /* no longer needed: the answer is made there */
    for (int k = 0; k <= REFINED; k++) {
        memcpy(r, right, 2 * n * sizeof *r);
        balance(s, l, r);
        flows_derivative(s, 0, true, s->directions, l->image);
        add(s, n, -1, l->image, r);
        double now = sqrt(level_dot(s, l, r, r));
        if (k && now < left) {
            memcpy(x, s->directions, 2 * n * sizeof *x);
            left = now;
        }
        if (k && !(now < 0.5 * before)) break;
        before = now;
        if (!direct_solve(s, r, more)) break;
        add(s, n, 1, more, s->directions);
    }
    return left;
}

double multigrid_solve(flow_system *s, size_t level, const double *right, double tolerance, int limit, double *x)
{
    flow_level *l = &s->level[level];
    size_t n = l->n, bytes = 2 * n * sizeof(double);
    double squares[KRYLOV], *r = l->residual, norm;
    memcpy(r, right, bytes);
    memset(x, 0, bytes);
    balance(s, l, r);
    norm = sqrt(level_dot(s, l, r, r));
    double left = norm, before[PATIENCE] = {0};
    for (int k = 0, kept = 0; k < limit && left > tolerance * norm; k++, kept++) {
        /* away from an equilibrium part of the right side is out of J's reach, and stays */
        if (k >= PATIENCE && left > 0.7 * before[k % PATIENCE]) break;
        before[k % PATIENCE] = left;
        if (kept == KRYLOV) kept = 0; /* starts again */
        double *d = s->directions + (size_t)kept * 2 * n, *Jd = s->images + (size_t)kept * 2 * n;
        cycle(s, level, r, d);
        s->cycles++;
        flows_derivative(s, level, true, d, Jd);
        for (int m = 0; m < kept; m++) {
            const double *earlier = s->directions + (size_t)m * 2 * n, *image = s->images + (size_t)m * 2 * n;
            double overlap = level_dot(s, l, Jd, image) / squares[m];
            add(s, n, -overlap, image, Jd);
            add(s, n, -overlap, earlier, d);
        }
        squares[kept] = level_dot(s, l, Jd, Jd);
        if (!(squares[kept] > 1e-16 * left * left)) break; /* what is left is out of reach: its direction is J's null vector */
        double step = level_dot(s, l, Jd, r) / squares[kept];
        add(s, n, step, d, x);
        add(s, n, -step, Jd, r);
        left = sqrt(level_dot(s, l, r, r));
    }
    if (level == 0 && left > poor * tolerance * norm) left = try_direct(s, l, right, left, x);
    return norm > 0 ? left / norm : 0;
}
