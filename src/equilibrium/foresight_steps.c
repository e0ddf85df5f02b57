/* foresight_steps.c - what a path answers to a change of what people reckon with, nearly: steps of the fixed points (foresight.c).
 *
 * Near the accounts, in logs, with M = mu_-1, k = beta / nu, people l and what they do to flow utility (it falls by E l):
 *
 *   dy_t = dw_t + beta M dy_t+1,    l_t+1 = M l_t + k (I - M^2) dy_t+1,    dw_t = gap_t - E l_t        (moves as many there as back)
 *
 * Along slow directions (foresight_modes.c) M is a diagonal matrix s and E a small full one. There it is solved by dy_t = p_t - Q_t l_t, back for
 * Q and p, forward for l, with d = k (1 - s^2):
 *
 *   H_t = I + d Q_t,   Q_t = E + beta s Q_t+1 H_t+1^-1 s,   p_t = gap_t + beta s (p_t+1 - Q_t+1 H_t+1^-1 d p_t+1),   Q_T = p_T = 0
 *   l_t+1 = H_t+1^-1 (s l_t + d p_t+1)
 *   baseline       in differences from the long run: l_0 = -k (1 + s) dy*, dy* + dy_0 = the gap of y_0
 *   long run       (1 - beta s + E k (1 + s)) dy = gap
 *
 * With these people it is known by how much flow utility falls in every market, along the directions or not. What is left over then is taken
 * market by market, by the same formulas: s those who stay, E the market's own. Along the uniform direction nobody moves. */
#include "equilibrium/foresight_parts.h"
#include "linalg/lu_blocks.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

/* ---- small matrices, by rows ------------------------------------------------------------------------ */

/* out += a b */
FOR_EACH_WIDTH static void multiply(const double *a, const double *b, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) add_scaled(out + i * n, a[i * n + j], b + j * n, n);
}

/* out = a x */
FOR_EACH_WIDTH static void apply(const double *a, const double *x, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = dot(a + i * n, x, n);
}

/* out = a^-1; a is lost. False: singular, and out is the identity. */
static bool invert(lu_blocks *one, double *a, double *out, size_t n, double *column)
{
    /* columns of the transposed are rows: what is solved is the transposed system, whose answers are rows of the inverse */
    bool good = lu_blocks_factor(one, 0, a);
    for (size_t i = 0; i < n; i++) {
        memset(column, 0, n * sizeof *column);
        column[i] = 1;
        if (good) lu_blocks_solve(one, 0, column);
        memcpy(out + i * n, column, n * sizeof *column);
    }
    return good;
}

static bool prepare(const foresight *f, slow_modes *m, lu_blocks *one, double *h, double *product, double *column)
{
    size_t n = m->width, all = n * n;
    double k = f->beta / f->nu;
    bool good = true;
    for (size_t t = f->T + 1; t-- > 0;) {
        double *q = m->answer + t * all, *next = q + all;
        if (t < f->T) { /* E + beta s (Q H^-1) s */
            memset(product, 0, all * sizeof *product);
            multiply(next, m->inverse + (t + 1) * all, product, n);
            for (size_t i = 0; i < all; i++) q[i] = m->fall[i] + f->beta * m->stay[i / n] * product[i] * m->stay[i % n];
        }
        for (size_t i = 0; i < all; i++) h[i] = (i / n == i % n) + k * (1 - m->stay[i / n] * m->stay[i / n]) * q[i];
        good = invert(one, h, m->inverse + t * all, n, column) && good;
    }
    for (size_t i = 0; i < all; i++) h[i] = (i / n == i % n) + m->answer[i] * k * (1 + m->stay[i % n]);
    good = invert(one, h, m->start, n, column) && good;
    for (size_t i = 0; i < all; i++) h[i] = (i / n == i % n ? 1 - f->beta * m->stay[i / n] : 0) + m->fall[i] * k * (1 + m->stay[i % n]);
    return invert(one, h, m->long_run, n, column) && good;
}

bashu_status slow_modes_prepare(slow_modes *m, const foresight *f)
{
    size_t n = m->width, all = n * n, rows = f->T + 1;
    double *h, *product, *column;
    const array_wanted wanted[] = {{&m->answer, rows * all}, {&m->inverse, rows * all}, {&m->start, all}, {&m->long_run, all},
                                   {&m->along, rows * n}, {&m->step, rows * n}, {&m->people, rows * n}, {&m->uniform, 2 * rows * f->flows->pools}, {&m->rest, f->G}, {&m->fall_room, f->G + f->flows->pools}, {&m->small, 3 * n}, {&m->numbers, 2 * rows}};
    arena *scratch = arena_new(f->context);
    if (!scratch) return fail_memory(f->context);
    const array_wanted room[] = {{&h, all}, {&product, all}, {&column, n}};
    lu_blocks *one = n ? lu_blocks_new(1, n) : NULL;
    bool fits = ARENA_ARRAYS(f->memory, wanted) && ARENA_ARRAYS(scratch, room) && (one || !n);
    if (fits && n && !prepare(f, m, one, h, product, column)) m->width = m->count = 0; /* market by market, then */
    lu_blocks_free(one);
    arena_free(scratch);
    return fits ? BASHU_OK : fail_memory(f->context);
}

/* ---- along one direction, and along the slow ones ----------------------------------------------------- */

static bool is_baseline(const foresight *f) { return f->path == &f->base; }

/* Numbers s and e; moves: whether anybody does. gap and step lie `stride` apart, and may be the same. */
static void solve_one(const foresight *f, double s, double e, bool moves, size_t stride, const double *gap, double *step)
{
    size_t T = f->T, first = f->path->announced;
    double *p = f->slow.numbers, *q = p + T + 1, ease = moves ? f->beta / f->nu : 0, d = ease * (1 - s * s), people = 0;
    p[T] = q[T] = 0;
    for (size_t t = T; t-- > first;) {
        double h = 1 + d * q[t + 1];
        q[t] = e + f->beta * s * s * q[t + 1] / h;
        p[t] = gap[t * stride] + f->beta * s * p[t + 1] / h;
    }
    step[T * stride] = gap[T * stride];
    if (is_baseline(f)) {
        double value = (gap[T * stride] / (1 - f->beta) - p[0]) / (1 + q[0] * ease * (1 + s));
        step[T * stride] = value * (1 - f->beta);
        people = -ease * (1 + s) * value;
    }
    for (size_t t = first; t < T; t++) {
        step[t * stride] = gap[t * stride] - e * people;
        people = (s * people + d * p[t + 1]) / (1 + d * q[t + 1]);
    }
}

/* m->along -> m->step, of the slow directions. */
static void solve_slow(const foresight *f)
{
    const slow_modes *m = &f->slow;
    size_t T = f->T, n = m->width, all = n * n, first = f->path->announced;
    double k = f->beta / f->nu, *x = m->small, *y = x + n, *people = y + n, *p = m->step; /* p of a period stands where its step will */
    memset(p + T * n, 0, n * sizeof *p);
    for (size_t t = T; t-- > first;) {
        const double *next = p + (t + 1) * n;
        for (size_t i = 0; i < n; i++) x[i] = k * (1 - m->stay[i] * m->stay[i]) * next[i];
        apply(m->inverse + (t + 1) * all, x, y, n);
        apply(m->answer + (t + 1) * all, y, x, n);
        for (size_t i = 0; i < n; i++) p[t * n + i] = m->along[t * n + i] + f->beta * m->stay[i] * (next[i] - x[i]);
    }
    memset(people, 0, n * sizeof *people);
    memcpy(y, m->along + T * n, n * sizeof *y);
    if (is_baseline(f)) {
        for (size_t i = 0; i < n; i++) x[i] = m->along[T * n + i] / (1 - f->beta) - p[i];
        apply(m->start, x, y, n);
        for (size_t i = 0; i < n; i++) {
            people[i] = -k * (1 + m->stay[i]) * y[i];
            y[i] *= 1 - f->beta;
        }
    }
    memcpy(p + T * n, y, n * sizeof *y);
    for (size_t t = first; t < T; t++) {
        memcpy(m->people + t * n, people, n * sizeof *people);
        apply(m->fall, people, y, n);
        for (size_t i = 0; i < n; i++) p[t * n + i] = m->along[t * n + i] - y[i];
        if (t + 1 == T) break; /* p_T is zero, and its room has the step of the long run */
        for (size_t i = 0; i < n; i++) x[i] = m->stay[i] * people[i] + k * (1 - m->stay[i] * m->stay[i]) * p[(t + 1) * n + i];
        apply(m->inverse + (t + 1) * all, x, people, n);
    }
}

static double staying_of(const foresight *f, size_t g)
{
    size_t M = f->flows->markets, Q = f->flows->pools;
    return f->flows->share[(g % M * Q + g / M) * M + g % M];
}

/* Takes what lies along the slow directions and the uniform one out of a row; along [Q][count], uniform [Q]. */
FOR_EACH_WIDTH static void take_out(const foresight *f, double *row, double *along, double *uniform)
{
    const slow_modes *m = &f->slow;
    size_t M = f->flows->markets, G = f->G;
    for (size_t g = 0; g < G; g++) row[g] *= m->root[g];
    for (size_t q = 0; q < f->flows->pools; q++) {
        const double *root = m->root + q * M;
        double *part = row + q * M, people = dot(root, root, M);
        uniform[q] = people > 0 ? dot(root, part, M) / people : 0;
        for (size_t k = 0; k < m->count; k++) along[q * m->count + k] = dot(m->vector + k * G + q * M, part, M);
        for (size_t k = 0; k < m->count; k++) add_scaled(part, -along[q * m->count + k], m->vector + k * G + q * M, M);
        add_scaled(part, -uniform[q], root, M);
    }
    for (size_t g = 0; g < G; g++) row[g] = m->root[g] > 0 ? row[g] / m->root[g] : 0;
}

FOR_EACH_WIDTH static void put_in(const foresight *f, double *row, const double *along, const double *uniform)
{
    const slow_modes *m = &f->slow;
    size_t M = f->flows->markets, G = f->G;
    memset(m->rest, 0, G * sizeof *m->rest);
    for (size_t q = 0; q < f->flows->pools; q++) {
        for (size_t k = 0; k < m->count; k++) add_scaled(m->rest + q * M, along[q * m->count + k], m->vector + k * G + q * M, M);
        add_scaled(m->rest + q * M, uniform[q], m->root + q * M, M);
    }
    for (size_t g = 0; g < G; g++) row[g] += m->root[g] > 0 ? m->rest[g] / m->root[g] : 0;
}

/* What people in slow directions do to flow utility elsewhere is known before single markets are asked. */
FOR_EACH_WIDTH static void fall_elsewhere(const foresight *f, const double *people, double *row, double *uniform)
{
    const slow_modes *m = &f->slow;
    double *fall = m->fall_room, *of_all = fall + f->G;
    memset(fall, 0, f->G * sizeof *fall);
    for (size_t k = 0; k < m->width; k++) add_scaled(fall, people[k], m->response + k * f->G, f->G);
    take_out(f, fall, m->small, of_all);
    for (size_t g = 0; g < f->G; g++) row[g] -= fall[g];
    for (size_t q = 0; q < f->flows->pools; q++) uniform[q] -= of_all[q];
}

/* ---- steps ------------------------------------------------------------------------------------------ */

void path_step(void *payload, const double *gap, double *step)
{
    const foresight *f = payload;
    const slow_modes *m = &f->slow;
    size_t G = f->G, T = f->T, Q = f->flows->pools, first = f->path->announced;
    double *uniform = m->uniform, *uniform_step = uniform + (T + 1) * Q;
    memcpy(step, gap, (T + 1) * G * sizeof *gap);
    for (size_t t = first; t <= T; t++) take_out(f, step + t * G, m->along + t * m->width, uniform + t * Q);
    solve_slow(f);
    for (size_t t = first; t < T; t++) fall_elsewhere(f, m->people + t * m->width, step + t * G, uniform + t * Q);
    for (size_t q = 0; q < Q; q++) solve_one(f, 1, 0, false, Q, uniform + q, uniform_step + q);
    for (size_t g = 0; g < G; g++)
        if (f->is_mobile[g]) solve_one(f, staying_of(f, g), m->own_fall[g], true, G, step + g, step + g);
    for (size_t t = first; t <= T; t++) put_in(f, step + t * G, m->step + t * m->width, uniform_step + t * Q);
}

void long_run_step(void *payload, const double *gap, double *step)
{
    const foresight *f = payload;
    const slow_modes *m = &f->slow;
    size_t Q = f->flows->pools;
    double k = f->beta / f->nu;
    memcpy(step, gap, f->G * sizeof *gap);
    take_out(f, step, m->along, m->uniform);
    apply(m->long_run, m->along, m->step, m->width);
    for (size_t i = 0; i < m->width; i++) m->people[i] = k * (1 + m->stay[i]) * m->step[i];
    fall_elsewhere(f, m->people, step, m->uniform);
    for (size_t q = 0; q < Q; q++) m->uniform[q] /= 1 - f->beta;
    for (size_t g = 0; g < f->G; g++)
        if (f->is_mobile[g]) step[g] /= 1 - f->beta * staying_of(f, g) + m->own_fall[g] * k * (1 + staying_of(f, g));
    put_in(f, step, m->step, m->uniform);
    for (size_t g = 0; g < f->G; g++) step[g] *= 1 - f->beta; /* of what is asked for (evaluate_long_run) */
}
