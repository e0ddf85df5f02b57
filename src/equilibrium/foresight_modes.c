/* foresight_modes.c - slow directions of moves, and what people who move along them do to flow utility: what steps of a path are made of
 * (foresight_steps.c).
 *
 *   A = sqrt(L) mu_-1 / sqrt(L)             moves in the scales of people; symmetric where as many come as go, and its symmetric part is taken
 *   A u = s u,  s near 1                    people displaced by l = u / sqrt(L), in logs, come back slowly: by Lanczos from a random start,
 *                                           without the uniform direction sqrt(L), along which nobody moves
 *   E_ij = - u_i' sqrt(L) dlog omega(l_j)   measured: a temporary equilibrium with people a little displaced along each direction
 *   a market's own E                        the same with random signs: their mean over the markets of a group
 *
 * As of the accounts, once for all paths. Nothing here needs to be exact: it is what steps are made of, and not what they lead to. */
#include "equilibrium/foresight_parts.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { STEPS_EACH = 2 }; /* of Lanczos, for each direction kept */

/* ---- directions ----------------------------------------------------------------------------------- */

typedef struct lanczos { /* of every pool at once */
    const foresight *f;
    const double *root, *vector; /* [G] sqrt(L); where M is applied */
    double *total;               /* [G] M of it */
} lanczos;

static void leave(void *payload, size_t i, const double *total, const double *kept, double *weight)
{
    const lanczos *a = payload;
    size_t M = a->f->flows->markets;
    (void)kept;
    for (size_t q = 0; q < a->f->flows->pools; q++) {
        a->total[q * M + i] = total[q];
        weight[q] = a->root[q * M + i] * a->vector[q * M + i];
    }
}

/* out = (A + A') x / 2, A = sqrt(L) M / sqrt(L); room: [3][G] */
static void apply_symmetric(lanczos *a, const double *x, double *out, double *room)
{
    const foresight *f = a->f;
    size_t G = f->G;
    double *scaled = room, *sum = room + G;
    for (size_t g = 0; g < G; g++) scaled[g] = a->root[g] > 0 ? x[g] / a->root[g] : 0;
    a->vector = x;
    a->total = room + 2 * G;
    bilateral_pass(&f->movers->moves, f->movers->threads, scaled, leave, a, sum, NULL, f->movers->work);
    for (size_t g = 0; g < G; g++) out[g] = a->root[g] > 0 ? (a->root[g] * a->total[g] + sum[g] / a->root[g]) / 2 : 0;
}

static void rotate(double *x, double *y, size_t stride, size_t n, double c, double s)
{
    for (size_t k = 0; k < n * stride; k += stride) {
        double xk = x[k], yk = y[k];
        x[k] = c * xk - s * yk;
        y[k] = s * xk + c * yk;
    }
}

/* Eigenvalues of a small symmetric matrix [n][n] on its diagonal, and the vectors as columns of v; Jacobi's rotations. */
static void eigen(double *a, double *v, size_t n)
{
    enum { ROUNDS = 30 };
    double off = 1;
    for (size_t i = 0; i < n * n; i++) v[i] = i % (n + 1) == 0;
    for (int round = 0; round < ROUNDS && off > 1e-13; round++) {
        off = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++) {
                double x = a[i * n + j];
                off = worse(off, x);
                if (fabs(x) < 1e-14) continue;
                double half = (a[j * n + j] - a[i * n + i]) / (2 * x), t = (half < 0 ? -1 : 1) / (fabs(half) + sqrt(half * half + 1)), c = 1 / sqrt(t * t + 1);
                rotate(a + i, a + j, n, n, c, t * c);
                rotate(a + i * n, a + j * n, 1, n, c, t * c);
                rotate(v + i, v + j, n, n, c, t * c);
            }
    }
}

/* What the directions 0 .. count - 1 of a pool, and the uniform one, do not have yet of x. */
FOR_EACH_WIDTH static void orthogonalise(const foresight *f, const double *root, const double *basis, size_t count, size_t q, double *x)
{
    size_t M = f->flows->markets, G = f->G;
    for (int twice = 0; twice < 2; twice++) {
        add_scaled(x, -dot(root + q * M, x, M) / dot(root + q * M, root + q * M, M), root + q * M, M);
        for (size_t k = 0; k < count; k++) add_scaled(x, -dot(basis + k * G + q * M, x, M), basis + k * G + q * M, M);
    }
}

/* Length one; zero where nothing is left. */
static bool unit(double *x, size_t n, double least)
{
    double norm = sqrt(dot(x, x, n));
    for (size_t i = 0; i < n; i++) x[i] = norm > least ? x[i] / norm : 0;
    return norm > least;
}

/* Ritz vectors of one pool; projected: V' A V [steps][steps]. */
static void take_directions(const foresight *f, slow_modes *m, size_t q, const double *basis, double *projected, double *turned, size_t steps)
{
    size_t M = f->flows->markets, G = f->G;
    eigen(projected, turned, steps);
    for (size_t k = 0; k < m->count; k++) {
        size_t best = 0;
        for (size_t i = 0; i < steps; i++)
            if (projected[i * steps + i] > projected[best * steps + best]) best = i;
        double *out = m->vector + k * G + q * M;
        m->stay[q * m->count + k] = fmin(projected[best * steps + best], 1);
        for (size_t i = 0; i < steps; i++) add_scaled(out, turned[i * steps + best], basis + i * G + q * M, M);
        projected[best * steps + best] = -INFINITY;
    }
}

static bashu_status find_directions(foresight *f, slow_modes *m, arena *scratch)
{
    size_t M = f->flows->markets, Q = f->flows->pools, G = f->G, steps = STEPS_EACH * m->count;
    double *basis, *image, *room, *projected, *turned;
    random_stream random;
    if (steps >= M) steps = M - 1;
    const array_wanted wanted[] = {{&basis, (steps + 1) * G}, {&image, G}, {&room, 3 * G}, {&projected, Q * steps * steps}, {&turned, steps * steps}};
    if (!ARENA_ARRAYS(scratch, wanted)) return fail_memory(f->context);
    lanczos a = {.f = f, .root = m->root};
    random_seed(&random, 1);
    movers_turn_to(f->movers, f->flows->share);
    for (size_t g = 0; g < G; g++) basis[g] = m->root[g] > 0 ? random_normal(&random) : 0;
    for (size_t q = 0; q < Q; q++) {
        orthogonalise(f, m->root, basis, 0, q, basis + q * M);
        unit(basis + q * M, M, 1e-9);
    }
    for (size_t k = 0; k < steps; k++) {
        double *next = basis + (k + 1) * G;
        apply_symmetric(&a, basis + k * G, image, room);
        memcpy(next, image, G * sizeof *next);
        for (size_t q = 0; q < Q; q++) {
            for (size_t i = 0; i <= k; i++)
                projected[(q * steps + i) * steps + k] = projected[(q * steps + k) * steps + i] = dot(basis + i * G + q * M, image + q * M, M);
            orthogonalise(f, m->root, basis, k + 1, q, next + q * M);
            unit(next + q * M, M, 1e-9);
        }
    }
    for (size_t q = 0; q < Q; q++) take_directions(f, m, q, basis, projected + q * steps * steps, turned, steps);
    return BASHU_OK;
}

/* ---- what people do to flow utility ---------------------------------------------------------------- */

enum { RANDOM = 16 }; /* displacements for markets' own */
static const double displaced = 0.02, least_own = 0.02; /* logs of people, at most; an elasticity that is nearly none may be noise */

/* People of a direction, or with random signs, in logs; returns what they were divided by, so that the largest is `displaced`. */
static double displace(const foresight *f, const slow_modes *m, size_t k, const double *sign, double *people)
{
    size_t M = f->flows->markets, q = k / m->count;
    double most = 0;
    for (size_t g = 0; g < f->G; g++) {
        bool along = k < m->width && g / M == q && m->root[g] > 0;
        people[g] = along ? m->vector[k % m->count * f->G + g] / m->root[g] : k < m->width ? 0 : sign[g];
        most = fmax(most, fabs(people[g]));
    }
    double scale = most > 0 ? most / displaced : 1;
    for (size_t g = 0; g < f->G; g++) people[g] = f->people[g] * exp(people[g] / scale);
    return scale;
}

/* fall[i][j]: minus what flow utility does along i, with people along j; response[j]: in every market. */
static bashu_status measure_falls(foresight *f, slow_modes *m, arena *scratch)
{
    size_t G = f->G, M = f->flows->markets, S = f->economy->about.S, probes = m->width + RANDOM;
    double *people, *sign, *flow, *sum, *of, *scale;
    random_stream random;
    const array_wanted wanted[] = {{&people, probes * G}, {&sign, RANDOM * G}, {&flow, probes * G}, {&sum, S}, {&of, S}, {&scale, probes}};
    if (!ARENA_ARRAYS(scratch, wanted)) return fail_memory(f->context);
    random_seed(&random, 2);
    for (size_t i = 0; i < RANDOM * G; i++) sign[i] = !(m->root[i % G] > 0) ? 0 : random_uniform(&random) < 0.5 ? -1 : 1;
    for (size_t k = 0; k < probes; k++) scale[k] = displace(f, m, k, k < m->width ? NULL : sign + (k - m->width) * G, people + k * G);
    TRY(foresight_probe(f, people, probes, flow));
    for (size_t k = 0; k < probes; k++)
        for (size_t g = 0; g < G; g++) {
            double answer = scale[k] * flow[k * G + g];
            if (!(m->root[g] > 0)) continue;
            if (k < m->width) {
                m->response[k * G + g] = -answer;
                for (size_t i = 0; i < m->count; i++)
                    m->fall[(g / M * m->count + i) * m->width + k] -= m->root[g] * m->vector[i * G + g] * answer;
            } else {
                size_t s = f->flows->market[g] % S;
                sum[s] -= sign[(k - m->width) * G + g] * answer;
                of[s]++;
            }
        }
    for (size_t g = 0; g < G; g++) {
        size_t s = f->flows->market[g] == SIZE_MAX ? 0 : f->flows->market[g] % S;
        m->own_fall[g] = m->root[g] > 0 && !f->is_home[s] ? fmax(sum[s] / of[s], least_own) : 0;
    }
    return BASHU_OK;
}

bashu_status slow_modes_new(slow_modes *m, foresight *f)
{
    size_t M = f->flows->markets, Q = f->flows->pools, G = f->G;
    m->count = MODES / Q < M - 1 ? MODES / Q : M - 1;
    m->width = Q * m->count;
    const array_wanted wanted[] = {{&m->vector, m->count * G}, {&m->stay, m->width}, {&m->fall, m->width * m->width}, {&m->root, G}, {&m->own_fall, G}, {&m->response, m->width * G}};
    arena *scratch = arena_new(f->context);
    if (!scratch) return fail_memory(f->context);
    bashu_status status = ARENA_ARRAYS(f->memory, wanted) ? BASHU_OK : fail_memory(f->context);
    if (status == BASHU_OK) {
        for (size_t g = 0; g < G; g++) m->root[g] = f->is_mobile[g] ? sqrt(f->people[g]) : 0;
        status = find_directions(f, m, scratch);
    }
    if (status == BASHU_OK) status = measure_falls(f, m, scratch);
    arena_free(scratch);
    return status == BASHU_OK ? slow_modes_prepare(m, f) : status;
}

