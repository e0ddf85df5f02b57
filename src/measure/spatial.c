/* spatial.c - spatial association of values z (deviations from their mean), weights w whose rows add up to one.
 *
 *   I     = (n / S0) sum_i sum_k w_ik z_i z_k / sum_i z_i^2                          Moran (1950)
 *   E     = -1 / (n - 1);  under randomisation (Cliff & Ord 1981)
 *   E I^2 = (n ((n^2 - 3n + 3) S1 - n S2 + 3 S0^2) - b ((n^2 - n) S1 - 2n S2 + 6 S0^2)) / ((n-1)(n-2)(n-3) S0^2)
 *           S0 = sum w,  S1 = sum (w_ik + w_ki)^2 / 2,  S2 = sum_i (w_i. + w_.i)^2,  b = n sum z^4 / (sum z^2)^2
 *   I_i   = (z_i / m) sum_k w_ik z_k,  m = sum z^2 / n;  sum_i I_i = S0 I             Anselin (1995)
 *   p     global: (1 + permutations with I as large) / (1 + permutations);
 *         local: z_i stays, its neighbours' values are drawn from the other places without putting back; two-sided:
 *         2 min(1 + those with a lag as large, 1 + those with a lag as small) / (1 + permutations), at most 1
 *   q     min over the p at least as large of p places / rank                         Benjamini & Hochberg (1995)
 *
 * Lags that differ by less than 1e-9 standard deviations are alike: sums of the same values in another order differ by rounding, and
 * places that are alike in the data by what balancing the accounts left. */
#include "measure/spatial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double alike = 1e-9; /* standard deviations */
static const double nearest_h = 1.0 / 60; /* places at one spot have a weight too */

/* ---- who is near ---------------------------------------------------------------------------------- */

typedef struct near_place {
    double time;
    size_t place;
} near_place;

static int by_time(const void *a, const void *b)
{
    const near_place *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static int by_place(const void *a, const void *b)
{
    const near_place *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* The other places that can be reached from i, nearest first. */
static size_t others_of(near_place *out, const double *time, size_t n, size_t i)
{
    size_t count = 0;
    for (size_t k = 0; k < n; k++) {
        double both = (time[i * n + k] + time[k * n + i]) / 2;
        if (k != i && isfinite(both)) out[count++] = (near_place){both, k};
    }
    qsort(out, count, sizeof *out, by_time);
    return count;
}

/* most: neighbours of a place; hours: how far they may be. inverse: weights by the inverse of time. */
static bashu_status weights_new(spatial_weights *out, arena *memory, const double *time, size_t n, size_t most, double hours, bool inverse)
{
    size_t *first = arena_alloc(memory, n + 1, sizeof *first), *neighbour = arena_alloc(memory, n * most, sizeof *neighbour), at = 0;
    double *weight = arena_alloc(memory, n * most, sizeof *weight);
    near_place *near = malloc((n + 1) * sizeof *near);
    if (!first || !neighbour || !weight || !near) {
        free(near);
        return fail_memory(arena_context(memory));
    }
    for (size_t i = 0; i < n; i++) {
        size_t reached = others_of(near, time, n, i), count = 0;
        double sum = 0;
        while (count < reached && count < most && near[count].time <= hours) count++;
        qsort(near, count, sizeof *near, by_place);
        first[i] = at;
        for (size_t k = 0; k < count; k++) sum += inverse ? 1 / fmax(near[k].time, nearest_h) : 1;
        for (size_t k = 0; k < count; k++, at++) {
            neighbour[at] = near[k].place;
            weight[at] = (inverse ? 1 / fmax(near[k].time, nearest_h) : 1) / sum;
        }
    }
    first[n] = at;
    free(near);
    *out = (spatial_weights){n, first, neighbour, weight};
    return BASHU_OK;
}

bashu_status spatial_nearest(spatial_weights *out, arena *memory, const double *time, size_t n, size_t count)
{
    return weights_new(out, memory, time, n, count < n ? count : n, (double)INFINITY, false);
}

bashu_status spatial_within(spatial_weights *out, arena *memory, const double *time, size_t n, double hours)
{
    return weights_new(out, memory, time, n, n, hours, true);
}

static size_t degree(const spatial_weights *w, size_t i) { return w->first[i + 1] - w->first[i]; }

/* ---- standard values ------------------------------------------------------------------------------- */

/* z: [n][J], mean 0 and variance 1; zeros where a variable does not vary. varies: [J]. */
static void standardise(double *z, bool *varies, const double *values, size_t n, size_t J)
{
    for (size_t j = 0; j < J; j++) {
        double mean = 0, squares = 0, largest = 0;
        for (size_t i = 0; i < n; i++) mean += values[i * J + j] / (double)n;
        for (size_t i = 0; i < n; i++) {
            double gap = z[i * J + j] = values[i * J + j] - mean;
            squares += gap * gap;
            largest = fmax(largest, fabs(values[i * J + j]));
        }
        double deviation = sqrt(squares / (double)n);
        varies[j] = deviation > 1e-14 * largest; /* the mean of equal values may be off by rounding */
        for (size_t i = 0; i < n; i++) z[i * J + j] = varies[j] ? z[i * J + j] / deviation : 0;
    }
}

/* What both kinds of permutation read. */
typedef struct standard {
    const spatial_weights *w;
    size_t J, most; /* most neighbours of a place */
    double *z, *sum; /* [n][J]; [J] of what was observed */
    bool *varies;
} standard;

static bool standard_new(standard *s, const spatial_weights *w, const double *values, size_t J)
{
    *s = (standard){.w = w, .J = J, .z = malloc((w->n * J + 1) * sizeof(double)), .sum = calloc(J + 1, sizeof(double)), .varies = calloc(J + 1, sizeof(bool))};
    if (!s->z || !s->sum || !s->varies) return false;
    for (size_t i = 0; i < w->n; i++) s->most = degree(w, i) > s->most ? degree(w, i) : s->most;
    standardise(s->z, s->varies, values, w->n, J);
    return true;
}

static void standard_free(standard *s)
{
    free(s->z);
    free(s->sum);
    free(s->varies);
}

static int threads_of(const bashu_context *context, const standard *s, size_t permutations)
{
    return threads_for(context, (double)permutations * (double)s->w->first[s->w->n] * (double)s->J);
}

/* lag: [J] weighted mean of the neighbours' values; stands_for: whose values stand at each place, NULL: its own. */
static void lag_of(double *lag, const standard *s, size_t i, const size_t *stands_for)
{
    memset(lag, 0, s->J * sizeof *lag);
    for (size_t k = s->w->first[i]; k < s->w->first[i + 1]; k++) {
        size_t other = s->w->neighbour[k];
        const double *z = s->z + (stands_for ? stands_for[other] : other) * s->J;
        for (size_t j = 0; j < s->J; j++) lag[j] += s->w->weight[k] * z[j];
    }
}

/* sum: [J] of z times its lag over places; lag: [J] room. */
static void cross_of(double *sum, double *lag, const standard *s, const size_t *stands_for)
{
    memset(sum, 0, s->J * sizeof *sum);
    for (size_t i = 0; i < s->w->n; i++) {
        const double *z = s->z + (stands_for ? stands_for[i] : i) * s->J;
        lag_of(lag, s, i, stands_for);
        for (size_t j = 0; j < s->J; j++) sum[j] += z[j] * lag[j];
    }
}

/* The first `count` of the order become a draw without putting back. */
static void shuffle(size_t *order, size_t n, size_t count, random_stream *stream)
{
    for (size_t k = 0; k < count; k++) {
        size_t other = k + (size_t)(random_uniform(stream) * (double)(n - k)), kept = order[k];
        if (other >= n) other = n - 1; /* the product may round up */
        order[k] = order[other];
        order[other] = kept;
    }
}

static void stream_of(random_stream *stream, uint64_t seed, size_t number)
{
    random_seed(stream, seed + 0x9e3779b97f4a7c15u * (number + 1));
}

/* ---- Moran's I -------------------------------------------------------------------------------------- */

typedef struct weight_sums {
    double s0, s1, s2;
} weight_sums;

static double weight_back(const spatial_weights *w, size_t i, size_t k)
{
    for (size_t q = w->first[k]; q < w->first[k + 1]; q++)
        if (w->neighbour[q] == i) return w->weight[q];
    return 0;
}

/* columns: [n] zeros. Pairs that are neighbours one way only stand once in the list and count in both halves of S1. */
static weight_sums sums_of(const spatial_weights *w, double *columns)
{
    weight_sums s = {0};
    for (size_t i = 0; i < w->n; i++)
        for (size_t q = w->first[i]; q < w->first[i + 1]; q++) {
            double there = w->weight[q], back = weight_back(w, i, w->neighbour[q]);
            s.s0 += there;
            s.s1 += (there + back) * (there + back) / (back > 0 ? 2 : 1);
            columns[w->neighbour[q]] += there;
        }
    for (size_t i = 0; i < w->n; i++) {
        double both = columns[i] + (degree(w, i) ? 1 : 0);
        s.s2 += both * both;
    }
    return s;
}

static double randomised_variance(weight_sums s, double n, double kurtosis)
{
    double square = s.s0 * s.s0, expected = -1 / (n - 1);
    double second = n * ((n * n - 3 * n + 3) * s.s1 - n * s.s2 + 3 * square) - kurtosis * ((n * n - n) * s.s1 - 2 * n * s.s2 + 6 * square);
    return second / ((n - 1) * (n - 2) * (n - 3) * square) - expected * expected;
}

bashu_status spatial_moran(moran *out, bashu_context *context, const spatial_weights *w, const double *values, size_t J, size_t j)
{
    size_t n = w->n;
    double nan = (double)NAN, *space = calloc(3 * n + 1, sizeof *space), *own = space + n, *z = own + n, lag, cross, fourth = 0;
    bool varies;
    *out = (moran){nan, nan, nan, nan};
    if (!space) return fail_memory(context);
    for (size_t i = 0; i < n; i++) own[i] = values[i * J + j];
    standardise(z, &varies, own, n, 1);
    standard s = {.w = w, .J = 1, .z = z};
    weight_sums sums = sums_of(w, space);
    cross_of(&cross, &lag, &s, NULL);
    for (size_t i = 0; i < n; i++) fourth += z[i] * z[i] * z[i] * z[i];
    if (varies && sums.s0 > 0) {
        out->statistic = cross / sums.s0; /* sum z^2 is n */
        out->expected = -1 / (double)(n - 1);
        if (n > 3) out->variance = randomised_variance(sums, (double)n, fourth / (double)n);
        out->z = out->variance > 0 ? (out->statistic - out->expected) / sqrt(out->variance) : nan;
    }
    free(space);
    return BASHU_OK;
}

/* ---- permutations of all values --------------------------------------------------------------------- */

typedef struct permuting { /* room of one thread */
    double *sum, *lag;
    size_t *order, *as_large;
} permuting;

static bool permuting_new(permuting *p, size_t n, size_t J)
{
    *p = (permuting){malloc((J + 1) * sizeof(double)), malloc((J + 1) * sizeof(double)), malloc((n + 1) * sizeof(size_t)), calloc(2 * J + 1, sizeof(size_t))};
    return p->sum && p->lag && p->order && p->as_large;
}

static void permuting_free(permuting *p)
{
    free(p->sum);
    free(p->lag);
    free(p->order);
    free(p->as_large);
}

static void permute_all(permuting *p, const standard *s, uint64_t seed, size_t number)
{
    random_stream stream;
    stream_of(&stream, seed, number);
    for (size_t i = 0; i < s->w->n; i++) p->order[i] = i;
    shuffle(p->order, s->w->n, s->w->n, &stream);
    cross_of(p->sum, p->lag, s, p->order);
    for (size_t j = 0; j < s->J; j++) p->as_large[j] += p->sum[j] >= s->sum[j] - alike * (double)s->w->n;
}

/* as_large: [J], counted over the permutations. */
static bool count_permutations(size_t *as_large, bashu_context *context, const standard *s, size_t permutations, uint64_t seed)
{
    bool failed = false;
#pragma omp parallel num_threads(threads_of(context, s, permutations))
    {
        permuting p;
        bool ready = permuting_new(&p, s->w->n, s->J);
#pragma omp for schedule(static)
        for (size_t k = 0; k < permutations; k++)
            if (ready && !is_cancelled(context)) permute_all(&p, s, seed, k);
#pragma omp critical(bashu_spatial)
        {
            failed = failed || !ready;
            for (size_t j = 0; ready && j < s->J; j++) as_large[j] += p.as_large[j];
        }
        permuting_free(&p);
    }
    return !failed;
}

static bashu_status ended(bashu_context *context, bool worked)
{
    if (!worked) return fail_memory(context);
    return is_cancelled(context) ? fail(context, BASHU_INTERRUPTED, "interrupted") : BASHU_OK;
}

bashu_status spatial_moran_p(double *p, bashu_context *context, const spatial_weights *w, const double *values, size_t J, size_t permutations,
                             uint64_t seed)
{
    standard s;
    double *lag = calloc(J + 1, sizeof *lag);
    size_t *as_large = calloc(J + 1, sizeof *as_large);
    bool worked = standard_new(&s, w, values, J) && lag && as_large;
    if (worked) {
        cross_of(s.sum, lag, &s, NULL);
        worked = count_permutations(as_large, context, &s, permutations, seed);
    }
    for (size_t j = 0; worked && j < J; j++)
        p[j] = s.varies[j] && w->first[w->n] ? (double)(1 + as_large[j]) / (double)(1 + permutations) : (double)NAN;
    standard_free(&s);
    free(lag);
    free(as_large);
    return ended(context, worked);
}

/* ---- one place and its neighbours ------------------------------------------------------------------- */

/* as_large, as_small: [J], in p->as_large one after the other. */
static void permute_others(permuting *p, const standard *s, const double *observed, size_t i, size_t permutations, uint64_t seed)
{
    size_t n = s->w->n, J = s->J, count = degree(s->w, i), *as_large = p->as_large, *as_small = as_large + J;
    const double *weight = s->w->weight + s->w->first[i];
    random_stream stream;
    stream_of(&stream, seed, i);
    memset(p->as_large, 0, 2 * J * sizeof *p->as_large);
    for (size_t k = 0; k + 1 < n; k++) p->order[k] = k + (k >= i); /* all but i */
    for (size_t draw = 0; draw < permutations; draw++) {
        shuffle(p->order, n - 1, count, &stream);
        memset(p->lag, 0, J * sizeof *p->lag);
        for (size_t k = 0; k < count; k++) {
            const double *z = s->z + p->order[k] * J;
            for (size_t j = 0; j < J; j++) p->lag[j] += weight[k] * z[j];
        }
        for (size_t j = 0; j < J; j++) {
            as_large[j] += p->lag[j] >= observed[j] - alike;
            as_small[j] += p->lag[j] <= observed[j] + alike;
        }
    }
}

static void judge_place(local_moran *out, permuting *p, const standard *s, size_t i, size_t permutations, uint64_t seed)
{
    double nan = (double)NAN, *observed = p->sum;
    for (size_t j = 0; j < s->J; j++) out[j] = (local_moran){nan, nan, nan, nan, nan};
    if (!degree(s->w, i)) return;
    lag_of(observed, s, i, NULL);
    permute_others(p, s, observed, i, permutations, seed);
    for (size_t j = 0; j < s->J; j++) {
        if (!s->varies[j]) continue;
        size_t fewer = p->as_large[j] < p->as_large[s->J + j] ? p->as_large[j] : p->as_large[s->J + j];
        double own = s->z[i * s->J + j], two_sided = 2 * (double)(1 + fewer) / (double)(1 + permutations);
        out[j] = (local_moran){own * observed[j], own, observed[j], fmin(1, two_sided), nan};
    }
}

static bool judge_places(local_moran *out, bashu_context *context, const standard *s, size_t permutations, uint64_t seed)
{
    bool failed = false;
#pragma omp parallel num_threads(threads_of(context, s, permutations))
    {
        permuting p;
        bool ready = permuting_new(&p, s->w->n, s->J);
#pragma omp for schedule(dynamic, 4)
        for (size_t i = 0; i < s->w->n; i++)
            if (ready && !is_cancelled(context)) judge_place(out + i * s->J, &p, s, i, permutations, seed);
#pragma omp critical(bashu_spatial)
        failed = failed || !ready;
        permuting_free(&p);
    }
    return !failed;
}

/* The correction is over the places of one variable. */
static bashu_status correct(local_moran *out, bashu_context *context, size_t n, size_t J)
{
    double *p = malloc((n + 1) * sizeof *p);
    bashu_status status = p ? BASHU_OK : fail_memory(context);
    for (size_t j = 0; status == BASHU_OK && j < J; j++) {
        for (size_t i = 0; i < n; i++) p[i] = out[i * J + j].p;
        status = spatial_discovery(p, context, p, n);
        for (size_t i = 0; i < n; i++) out[i * J + j].q = p[i];
    }
    free(p);
    return status;
}

bashu_status spatial_local(local_moran *out, bashu_context *context, const spatial_weights *w, const double *values, size_t J,
                           size_t permutations, uint64_t seed)
{
    standard s;
    bool worked = standard_new(&s, w, values, J) && judge_places(out, context, &s, permutations, seed);
    standard_free(&s);
    TRY(ended(context, worked));
    return correct(out, context, w->n, J);
}

/* ---- false discoveries ------------------------------------------------------------------------------ */

typedef struct tested {
    double p;
    size_t place;
} tested;

static int by_p(const void *a, const void *b)
{
    const tested *x = a, *y = b;
    return (x->p > y->p) - (x->p < y->p);
}

bashu_status spatial_discovery(double *q, bashu_context *context, const double *p, size_t n)
{
    tested *tests = malloc((n + 1) * sizeof *tests);
    size_t count = 0;
    double least = 1;
    if (!tests) return fail_memory(context);
    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i])) tests[count++] = (tested){p[i], i};
    qsort(tests, count, sizeof *tests, by_p);
    for (size_t i = 0; i < n; i++) q[i] = (double)NAN;
    for (size_t k = count; k-- > 0;) {
        least = fmin(least, tests[k].p * ((double)count / (double)(k + 1)));
        q[tests[k].place] = least;
    }
    free(tests);
    return BASHU_OK;
}

/* ---- parts that hang together ----------------------------------------------------------------------- */

/* The member that stands for the part of i: the lowest number. */
static size_t root_of(size_t *parent, size_t i)
{
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

bashu_status spatial_parts(long *part_of, size_t *count, bashu_context *context, const spatial_weights *w, const unsigned char *member)
{
    size_t *parent = malloc((w->n + 1) * sizeof *parent);
    if (!parent) return fail_memory(context);
    for (size_t i = 0; i < w->n; i++) parent[i] = i;
    for (size_t i = 0; i < w->n; i++)
        for (size_t q = w->first[i]; member[i] && q < w->first[i + 1]; q++) {
            if (!member[w->neighbour[q]]) continue;
            size_t a = root_of(parent, i), b = root_of(parent, w->neighbour[q]);
            parent[a > b ? a : b] = a < b ? a : b;
        }
    *count = 0;
    for (size_t i = 0; i < w->n; i++) {
        size_t root = root_of(parent, i);
        part_of[i] = !member[i] ? -1 : root == i ? (long)(*count)++ : part_of[root];
    }
    free(parent);
    return BASHU_OK;
}
