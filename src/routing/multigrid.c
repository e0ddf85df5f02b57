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

/* Node i of a sweep: out_i from those of its neighbours that the block has met already, edges `from` to `to` of its row; and what i in turn does to
 * their equations, which are behind: the same edges, read the other way. */
static inline void sweep_node(const flow_level *l, double kept, bool transposed, size_t i, int from, int to, const double *r, double *out, double *left)
{
    const size_t first = transposed, second = !transposed, one = transposed ? 2 : 1, two = transposed ? 1 : 2;
    double of_u = 0, of_v = 0;
    for (int e = from; e < to; e++) {
        const size_t j = (size_t)l->to[e];
        of_u += l->flow[2 * (size_t)e + first] * out[2 * j];
        of_v += l->flow[2 * (size_t)e + second] * out[2 * j + 1];
    }
    const double *d = l->diagonal + 4 * i, u = r[2 * i] + kept * of_u, v = r[2 * i + 1] + kept * of_v;
    const double x = out[2 * i] = d[0] * u + d[one] * v, y = out[2 * i + 1] = d[two] * u + d[3] * v;
    left[2 * i] = left[2 * i + 1] = 0; /* r of this node is no longer needed */
    for (int e = from; e < to; e++) {
        const size_t j = (size_t)l->to[e];
        left[2 * j] += kept * l->flow[2 * (size_t)e + second] * x;
        left[2 * j + 1] += kept * l->flow[2 * (size_t)e + first] * y;
    }
}

/* What neighbours in other blocks do to node i's equations. */
static inline void add_edges(const flow_level *l, double kept, bool transposed, size_t i, int from, int to, const double *out, double *left)
{
    const size_t first = transposed, second = !transposed;
    for (int e = from; e < to; e++) {
        const size_t j = (size_t)l->to[e];
        left[2 * i] += kept * l->flow[2 * (size_t)e + first] * out[2 * j];
        left[2 * i + 1] += kept * l->flow[2 * (size_t)e + second] * out[2 * j + 1];
    }
}

/* out = (D - L)^-1 r or (D - U)^-1 r in each block of nodes, the others being zero; left = r - J out, which
 * may be written over r. */
static void smooth(const flow_system *s, const flow_level *l, bool backwards, const double *r, double *out, double *left)
{
    const double kept = 1 - s->c.mu;
    int chunks = level_chunks(l->n), threads = level_threads(s, l->n);
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(static)
        for (int b = 0; b < chunks; b++) {
            const int low = (int)chunk_start(l->n, b), high = (int)chunk_start(l->n, b + 1);
            for (int k = low; k < high; k++) {
                const int i = backwards ? low + high - 1 - k : k;
                int from = backwards ? l->middle[i] : l->head[i], to = backwards ? l->head[i + 1] : l->middle[i];
                while (from < to && l->to[from] < low) from++;
                while (to > from && l->to[to - 1] >= high) to--;
                sweep_node(l, kept, s->transposed, (size_t)i, from, to, r, out, left);
            }
        }
#pragma omp for schedule(static)
        for (int b = 0; b < chunks; b++) {
            const int low = (int)chunk_start(l->n, b), high = (int)chunk_start(l->n, b + 1);
            for (int i = low; i < high; i++) {
                int begin = l->head[i], end = l->head[i + 1], from = begin, to = end;
                while (from < end && l->to[from] < low) from++;
                while (to > from && l->to[to - 1] >= high) to--;
                add_edges(l, kept, s->transposed, (size_t)i, begin, from, out, left);
                add_edges(l, kept, s->transposed, (size_t)i, to, end, out, left);
            }
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

/* x nearly J^-1 r; l->image becomes r - J x, at given world income and welfare and as blocks hold u and v together. */
static void cycle(flow_system *s, size_t level, const double *r, double *x);

/* out = a - b */
static void subtract(const flow_system *s, size_t n, const double *a, const double *b, double *out)
{
#pragma omp parallel for schedule(static) num_threads(level_threads(s, n))
    for (size_t i = 0; i < 2 * n; i++) out[i] = a[i] - b[i];
}

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
    subtract(s, n, r, l->image, Jd);
    double norm = level_dot(s, l, r, r), square = level_dot(s, l, Jd, Jd), step = square > 0 ? level_dot(s, l, Jd, r) / square : 0;
    add(s, n, -step, Jd, r);
    for (size_t i = 0; i < 2 * n; i++) x[i] = step * d[i];
    if (!(level_dot(s, l, r, r) > 0.0625 * norm)) return;
    cycle(s, level, r, e);
    subtract(s, n, r, l->image, Je);
    double overlap = square > 0 ? level_dot(s, l, Je, Jd) / square : 0;
    add(s, n, -overlap, Jd, Je);
    add(s, n, -overlap, d, e);
    square = level_dot(s, l, Je, Je);
    add(s, n, square > 0 ? level_dot(s, l, Je, r) / square : 0, e, x);
}

/* Sums over groups of what is left. */
static void restrict_to(const flow_system *s, const flow_level *l, const flow_level *coarse)
{
    int chunks = level_chunks(coarse->n);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int b = 0; b < chunks; b++)
        for (size_t g = chunk_start(coarse->n, b), end = chunk_start(coarse->n, b + 1); g < end; g++) {
            double first = 0, second = 0;
            for (int m = l->member_at[g]; m < l->member_at[g + 1]; m++) {
                size_t i = (size_t)l->member[m];
                first += l->image[2 * i];
                second += l->image[2 * i + 1];
            }
            coarse->residual[2 * g] = first;
            coarse->residual[2 * g + 1] = second;
        }
}

static void full_residual(flow_system *s, size_t level, const double *r, const double *x)
{
    flow_level *l = &s->level[level];
    flows_derivative(s, level, false, x, l->image);
    subtract(s, l->n, r, l->image, l->image);
}

static void cycle(flow_system *s, size_t level, const double *r, double *x)
{
    flow_level *l = &s->level[level];
    size_t n = l->n;
    if (level + 1 == s->levels && l->lu) {
        solve_coarsest(s, l, r, x);
        memset(l->image, 0, 2 * n * sizeof *x);
        return;
    }
    smooth(s, l, false, r, x, l->image);
    if (l->inexact_blocks) full_residual(s, level, r, x);
    if (level + 1 < s->levels) {
        flow_level *coarse = l + 1;
        restrict_to(s, l, coarse);
        coarse_solve(s, level + 1, coarse->residual, coarse->correction);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, n))
        for (size_t i = 0; i < n; i++) {
            x[2 * i] += coarse->correction[2 * (size_t)l->group[i]];
            x[2 * i + 1] += coarse->correction[2 * (size_t)l->group[i] + 1];
        }
        full_residual(s, level, r, x);
    }
    smooth(s, l, true, l->image, l->work, l->image);
    add(s, n, 1, l->work, x);
    if (l->inexact_blocks) full_residual(s, level, r, x);
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

/* ---- conjugate residuals ----------------------------------------------------------------------------- */

/* What is kept of a series: answers z of cycles as floats, images J z made orthogonal, and how. */
typedef struct series {
    int kept;
    double square[KRYLOV], step[KRYLOV], overlap[KRYLOV][KRYLOV];
} series;

static inline double *image_of(const flow_system *s, const flow_level *l, int k)
{
    return s->images + (size_t)k * 2 * l->n;
}

static double total(double part[][CHUNKS], int which, int chunks)
{
    double sum = 0;
    for (int c = 0; c < chunks; c++) sum += part[which][c];
    return sum;
}

/* The image of the next direction made orthogonal to those before, in two passes over them; its square, and its product with r. */
static void orthogonalise(const flow_system *s, const flow_level *l, series *q, double *product, const double *r)
{
    double part[KRYLOV][CHUNKS], *next = image_of(s, l, q->kept), *overlap = q->overlap[q->kept];
    int chunks = level_chunks(l->n), kept = q->kept;
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int c = 0; c < chunks; c++)
        for (int m = 0; m < kept; m++) {
            const double *image = image_of(s, l, m);
            double sum = 0;
            for (size_t i = chunk_start(l->n, c), end = chunk_start(l->n, c + 1); i < end; i++)
                sum += l->weight[i] * (next[2 * i] * image[2 * i] + next[2 * i + 1] * image[2 * i + 1]);
            part[m][c] = sum;
        }
    for (int m = 0; m < kept; m++) overlap[m] = total(part, m, chunks) / q->square[m];
    double squares[2][CHUNKS];
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int c = 0; c < chunks; c++) {
        const size_t start = chunk_start(l->n, c), end = chunk_start(l->n, c + 1);
        double square = 0, with_r = 0;
        for (int m = 0; m < kept; m++) {
            const double *image = image_of(s, l, m), by = overlap[m];
            for (size_t i = 2 * start; i < 2 * end; i++) next[i] -= by * image[i];
        }
        for (size_t i = start; i < end; i++) {
            square += l->weight[i] * (next[2 * i] * next[2 * i] + next[2 * i + 1] * next[2 * i + 1]);
            with_r += l->weight[i] * (next[2 * i] * r[2 * i] + next[2 * i + 1] * r[2 * i + 1]);
        }
        squares[0][c] = square;
        squares[1][c] = with_r;
    }
    q->square[kept] = total(squares, 0, chunks);
    *product = total(squares, 1, chunks);
}

/* r := r - by image; its norm */
static double step_back(const flow_system *s, const flow_level *l, double by, const double *image, double *r)
{
    double part[1][CHUNKS];
    int chunks = level_chunks(l->n);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int c = 0; c < chunks; c++) {
        double sum = 0;
        for (size_t i = chunk_start(l->n, c), end = chunk_start(l->n, c + 1); i < end; i++) {
            r[2 * i] -= by * image[2 * i];
            r[2 * i + 1] -= by * image[2 * i + 1];
            sum += l->weight[i] * (r[2 * i] * r[2 * i] + r[2 * i + 1] * r[2 * i + 1]);
        }
        part[0][c] = sum;
    }
    return sqrt(total(part, 0, chunks));
}

/* x := x + sum of steps times directions, d_k = z_k - sum over m < k of overlap_km d_m: what each answer counts for is found first. */
static void add_answers(const flow_system *s, const flow_level *l, series *q, double *x)
{
    const size_t n = 2 * l->n;
    for (int k = q->kept; k-- > 0;)
        for (int m = 0; m < k; m++) q->step[m] -= q->overlap[k][m] * q->step[k];
#pragma omp parallel for schedule(static) num_threads(level_threads(s, n / 2))
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < q->kept; k++) sum += q->step[k] * (double)s->answers[(size_t)k * n + i];
        x[i] += sum;
    }
    q->kept = 0;
}

/* r = right - J x; its norm */
static double true_residual(flow_system *s, flow_level *l, const double *right, const double *x, double *r)
{
    memcpy(r, right, 2 * l->n * sizeof *r);
    balance(s, l, r);
    flows_derivative(s, (size_t)(l - s->level), true, x, l->image);
    return step_back(s, l, 1, l->image, r);
}

/* The next answer to r, as floats, and its image. */
static void next_answer(flow_system *s, flow_level *l, const double *r, int k)
{
    const size_t n = l->n, level = (size_t)(l - s->level);
    double *z = image_of(s, l, k);
    float *to = s->answers + (size_t)k * 2 * n;
    cycle(s, level, r, z);
    s->cycles++;
#pragma omp parallel for schedule(static) num_threads(level_threads(s, n))
    for (size_t i = 0; i < 2 * n; i++) to[i] = (float)z[i];
    if (closure_h(&s->c, true) == closure_h(&s->c, false)) {
        subtract(s, n, r, l->image, l->image);
        flows_world(s, level, z, l->image);
    } else flows_derivative(s, level, true, z, l->image);
    memcpy(z, l->image, 2 * n * sizeof *z);
}

/* Where that made no way, by factorisation, refined while that helps: |r - J x| of what x becomes. */
static double try_direct(flow_system *s, flow_level *l, const double *right, double left, double *x)
{
    enum { REFINED = 4 };
    double *r = l->residual, *more = l->work, *found = s->images, before = left; /* images are no longer needed */
    if (!direct_factor(s)) return left;
    memset(found, 0, 2 * l->n * sizeof *found);
    for (int k = 0; k <= REFINED; k++) {
        double now = true_residual(s, l, right, found, r);
        if (k && now < left) {
            memcpy(x, found, 2 * l->n * sizeof *x);
            left = now;
        }
        if (k && !(now < 0.5 * before)) break;
        before = now;
        if (!direct_solve(s, r, more)) break;
        add(s, l->n, 1, more, found);
    }
    return left;
}

/* Floats say what a series of steps did to 7 digits of where it began: what is left is then computed again. */
static const double trusted = 1e-5;

double multigrid_solve(flow_system *s, size_t level, const double *right, double tolerance, int limit, double *x)
{
    flow_level *l = &s->level[level];
    double *r = l->residual, before[PATIENCE] = {0};
    series q = {.kept = 0};
    memset(x, 0, 2 * l->n * sizeof *x);
    memcpy(r, right, 2 * l->n * sizeof *r);
    balance(s, l, r);
    double norm = sqrt(level_dot(s, l, r, r)), left = norm, began = norm, product;
    for (int k = 0; k < limit && norm > 0; k++) {
        if (q.kept == KRYLOV || !(left > tolerance * norm)) {
            bool again = q.kept == KRYLOV || left < trusted * began;
            add_answers(s, l, &q, x);
            if (again) began = left = true_residual(s, l, right, x, r);
            if (!(left > tolerance * norm)) break;
        }
        /* away from an equilibrium part of the right side is out of J's reach, and stays */
        if (k >= PATIENCE && left > 0.7 * before[k % PATIENCE]) break;
        before[k % PATIENCE] = left;
        next_answer(s, l, r, q.kept);
        orthogonalise(s, l, &q, &product, r);
        if (!(q.square[q.kept] > 1e-16 * left * left)) break; /* what is left is out of reach: its direction is J's null vector */
        q.step[q.kept] = product / q.square[q.kept];
        left = step_back(s, l, q.step[q.kept], image_of(s, l, q.kept), r);
        q.kept++;
    }
    add_answers(s, l, &q, x);
    if (level == 0 && left > poor * tolerance * norm) left = try_direct(s, l, right, left, x);
    return norm > 0 ? left / norm : 0;
}
