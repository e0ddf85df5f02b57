/* test_spatial.c - concentration and spatial association against closed forms, a published example, complete enumeration and a second,
 * naive computation on full matrices. */
#include "measure/concentration.h"
#include "measure/spatial.h"

#include "kit.h"

#include <stdio.h>

/* ---- concentration -------------------------------------------------------------------------------- */

static double gini(bashu_context *context, const double *value, const double *weight, size_t n)
{
    double out = (double)NAN;
    assert_int_equal(concentration_gini(&out, context, value, weight, n), BASHU_OK);
    return out;
}

static void concentration_has_closed_forms(void **state)
{
    static const double equal[4] = {3, 3, 3, 3}, one[4] = {0, 7, 0, 0}, rising[4] = {1, 2, 3, 4}, none[4] = {0};
    bashu_context *context;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    must_be("H of equal shares", concentration_herfindahl(equal, 4), 0.25, 1e-15);
    must_be("H of one place", concentration_herfindahl(one, 4), 1, 1e-15);
    must_be("H of 1..4", concentration_herfindahl(rising, 4), 30.0 / 100, 1e-15);
    assert_true(isnan(concentration_herfindahl(none, 4)));
    assert_true(fabs(gini(context, equal, NULL, 4)) < 1e-15);
    must_be("Gini of one place of n is 1 - 1/n", gini(context, one, NULL, 4), 0.75, 1e-15);
    must_be("Gini of 1..n is (n - 1) / (3 n)", gini(context, rising, NULL, 4), 3.0 / 12, 1e-14);
    assert_true(fabs(gini(context, rising, rising, 4)) < 1e-15); /* where everything is */
    must_be("locational Gini: all of it where a tenth of everything is", gini(context, (double[]){1, 0}, (double[]){1, 9}, 2), 0.9, 1e-15);
    assert_true(isnan(gini(context, none, NULL, 4)) && isnan(gini(context, equal, none, 4)));
    bashu_close(context);
}

/* Gini as the mean difference of all pairs, which is no Lorenz curve. */
static void gini_is_the_mean_difference(void **state)
{
    enum { n = 25 };
    double value[n], weight[n], difference = 0, values = 0, weights = 0;
    bashu_context *context;
    random_stream stream;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    random_seed(&stream, 3);
    for (size_t k = 0; k < n; k++) {
        value[k] = k % 5 ? random_uniform(&stream) : 0;
        weight[k] = 0.1 + random_uniform(&stream);
        values += value[k];
        weights += weight[k];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) difference += fabs(value[i] * weight[k] - value[k] * weight[i]) / (2 * values * weights);
    must_be("Gini", gini(context, value, weight, n), difference, 1e-13);
    bashu_close(context);
}

static void ellison_glaeser_is_what_it_says(void **state)
{
    static const double sector[3] = {5, 3, 2}, all[3] = {2, 3, 5};
    (void)state;
    /* G = 0.3^2 + 0 + 0.3^2; sum x^2 = 0.38 */
    ellison_glaeser e = concentration_ellison_glaeser(sector, all, 3, 0.1);
    must_be("G", e.raw, 0.18, 1e-14);
    must_be("bound", e.bound, 0.18 / 0.62, 1e-14);
    must_be("gamma", e.index, (0.18 / 0.62 - 0.1) / 0.9, 1e-14);
    assert_true(e.index < e.bound);
    must_be("no plants of weight: the bound", concentration_ellison_glaeser(sector, all, 3, 0).index, e.bound, 1e-15);
    assert_true(isnan(concentration_ellison_glaeser(sector, all, 3, (double)NAN).index));
    /* darts: plants of equal size thrown at random have gamma 0 on average. n plants, a place with probability x */
    enum { PLANTS = 20, THROWS = 20000 };
    double sum = 0;
    random_stream stream;
    random_seed(&stream, 8);
    for (int t = 0; t < THROWS; t++) {
        double hit[3] = {0};
        for (int p = 0; p < PLANTS; p++) {
            double u = random_uniform(&stream);
            hit[u < 0.2 ? 0 : u < 0.5 ? 1 : 2]++;
        }
        sum += concentration_ellison_glaeser(hit, all, 3, 1.0 / PLANTS).index;
    }
    assert_true(fabs(sum / THROWS) < 0.0025); /* its standard deviation of one throw is near 0.05 */
}

/* ---- a published example -------------------------------------------------------------------------- */

/* Residential burglaries and vehicle thefts per thousand households in 49 neighbourhoods of Columbus, Ohio, 1980, and which of them
 * touch: Anselin (1988), Spatial Econometrics, table 12.1. Moran's I of it with rows that add up to one: Anselin (2005), Spatial Regression
 * Analysis in R: A Workbook, section 3.3.1: I 0.485770914, expectation -0.020833333, variance under randomisation 0.008991121,
 * standard deviate 5.3427. */
enum { COLUMBUS = 49 };
static const double crime[COLUMBUS] = {
    15.725980, 18.801754, 30.626781, 32.387760, 50.731510, 26.066658, 0.178269,  38.425858, 30.515917, 34.000835, 62.275448, 56.705669, 46.716129,
    57.066132, 48.585487, 54.838711, 36.868774, 43.962486, 54.521965, 0.223797,  40.074074, 33.705048, 20.048504, 38.297871, 61.299175, 40.969742,
    52.794430, 56.919785, 60.750446, 68.892044, 17.677214, 19.145592, 41.968163, 23.974028, 39.175053, 14.305556, 42.445076, 53.710938, 19.100863,
    16.241299, 18.905146, 16.491890, 36.663612, 25.962263, 29.028488, 16.530533, 27.822861, 26.645266, 22.541491};
static const unsigned char touch[COLUMBUS][11] = { /* numbers from 1, 0 ends */
    {2, 3}, {1, 3, 4}, {1, 2, 4, 5}, {2, 3, 5, 8}, {3, 4, 6, 8, 9, 11, 15}, {5, 9}, {8, 12, 13, 14}, {4, 5, 7, 11, 12, 13}, {5, 6, 10, 15, 20, 22, 25, 26},
    {9, 17, 20, 22}, {5, 8, 12, 15, 16}, {7, 8, 11, 13, 14, 16}, {7, 8, 12, 14}, {7, 12, 13, 16, 18, 19}, {5, 9, 11, 16, 25, 26},
    {11, 12, 14, 15, 18, 24, 25}, {10, 20, 23}, {14, 16, 19, 24}, {14, 18, 24}, {9, 10, 17, 22, 23, 27, 32, 33, 35, 40}, {24, 30, 34},
    {9, 10, 20, 26, 27, 28}, {17, 20, 32}, {16, 18, 19, 21, 25, 29, 30}, {9, 15, 16, 24, 26, 28, 29}, {9, 15, 22, 25, 28, 29}, {20, 22, 28, 33},
    {22, 25, 26, 27, 29, 33, 35, 37, 38}, {24, 25, 26, 28, 30, 37, 38}, {21, 24, 29, 37}, {34, 36}, {20, 23, 40, 41}, {20, 27, 28, 35},
    {21, 31, 36, 42}, {20, 28, 33, 38, 40, 43, 44}, {31, 34, 39, 42, 46}, {28, 29, 30, 38, 43, 45}, {28, 29, 35, 37, 43, 44}, {36, 46},
    {20, 32, 35, 41, 47}, {32, 40, 47}, {34, 36}, {35, 37, 38, 44, 45, 48}, {35, 38, 43, 48, 49}, {37, 43, 48, 49}, {36, 39}, {40, 41},
    {43, 44, 45, 49}, {44, 45, 48}};

/* Weights by hand: room for every pair. */
typedef struct hand_made {
    size_t first[65], neighbour[64 * 64];
    double weight[64 * 64];
    spatial_weights w;
} hand_made;

static hand_made *by_hand(size_t n, bool (*joined)(size_t i, size_t k))
{
    hand_made *h = calloc(1, sizeof *h);
    size_t at = 0;
    assert_non_null(h);
    for (size_t i = 0; i < n; i++) {
        h->first[i] = at;
        for (size_t k = 0; k < n; k++)
            if (joined(i, k)) h->neighbour[at++] = k;
        for (size_t q = h->first[i]; q < at; q++) h->weight[q] = 1 / (double)(at - h->first[i]);
    }
    h->first[n] = at;
    h->w = (spatial_weights){n, h->first, h->neighbour, h->weight};
    return h;
}

static bool columbus_joined(size_t i, size_t k)
{
    for (size_t q = 0; touch[i][q]; q++)
        if (touch[i][q] == k + 1) return true;
    return false;
}

static moran moran_of(bashu_context *context, const spatial_weights *w, const double *values)
{
    moran m;
    assert_int_equal(spatial_moran(&m, context, w, values, 1, 0), BASHU_OK);
    return m;
}

static void columbus_is_as_published(void **state)
{
    bashu_context *context;
    local_moran local[COLUMBUS];
    double p, sum = 0;
    size_t links = 0;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    hand_made *h = by_hand(COLUMBUS, columbus_joined);
    for (size_t i = 0; i < COLUMBUS; i++)
        for (size_t q = 0; touch[i][q]; q++, links++) assert_true(columbus_joined(touch[i][q] - 1u, i));
    assert_int_equal(links, 230);
    moran m = moran_of(context, &h->w, crime);
    assert_true(fabs(m.statistic - 0.485770914) < 5e-10); /* all digits printed */
    assert_true(fabs(m.expected + 0.020833333) < 5e-10);
    assert_true(fabs(m.variance - 0.008991121) < 5e-10);
    assert_true(fabs(m.z - 5.3427) < 5e-5);
    assert_int_equal(spatial_moran_p(&p, context, &h->w, crime, 1, 999, 1), BASHU_OK);
    must_be("no permutation is as large: z is above 5", p, 1.0 / 1000, 1e-15);
    assert_int_equal(spatial_local(local, context, &h->w, crime, 1, 999, 1), BASHU_OK);
    for (size_t i = 0; i < COLUMBUS; i++) sum += local[i].statistic;
    must_be("local ones add up to n times the global one", sum, COLUMBUS * m.statistic, 1e-13);
    free(h);
    bashu_close(context);
}

/* ---- boards and complete enumeration ---------------------------------------------------------------- */

static bool rook(size_t i, size_t k) /* on a board of 4 x 4 */
{
    size_t rows = i / 4 > k / 4 ? i / 4 - k / 4 : k / 4 - i / 4, columns = i % 4 > k % 4 ? i % 4 - k % 4 : k % 4 - i % 4;
    return rows + columns == 1;
}

static bool torus(size_t i, size_t k) /* the same without an edge: four neighbours each */
{
    size_t rows = (i / 4 + 4 - k / 4) % 4, columns = (i % 4 + 4 - k % 4) % 4;
    return (rows == 0 && (columns == 1 || columns == 3)) || (columns == 0 && (rows == 1 || rows == 3));
}

static void boards_have_closed_forms(void **state)
{
    double chequered[16], halves[16], flat[16];
    bashu_context *context;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    hand_made *board = by_hand(16, rook), *ring = by_hand(16, torus);
    for (size_t i = 0; i < 16; i++) {
        chequered[i] = (i / 4 + i) % 2 ? 5 : 3;
        halves[i] = i / 4 < 2;
        flat[i] = 0.1;
    }
    must_be("a chequerboard", moran_of(context, &board->w, chequered).statistic, -1, 1e-14);
    must_be("on a torus each place has three like and one unlike neighbour", moran_of(context, &ring->w, halves).statistic, 0.5, 1e-14);
    assert_true(isnan(moran_of(context, &board->w, flat).statistic));
    local_moran local[16];
    assert_int_equal(spatial_local(local, context, &board->w, flat, 1, 9, 1), BASHU_OK);
    for (size_t i = 0; i < 16; i++) assert_true(isnan(local[i].statistic) && isnan(local[i].p) && isnan(local[i].q));
    free(board);
    free(ring);
    bashu_close(context);
}

static bool line(size_t i, size_t k) { return i + 1 == k || k + 1 == i || (i == 0 && k == 6); } /* 0 looks to 6, not back */

/* Every order of x[0 .. n - 1], once each (Heap's algorithm). */
static void every_order(double *x, size_t n, void (*visit)(void *payload, const double *x), void *payload)
{
    if (n == 1) visit(payload, x);
    for (size_t k = 0; n > 1 && k < n; k++) {
        every_order(x, n - 1, visit, payload);
        size_t other = n % 2 ? 0 : k;
        double kept = x[other];
        x[other] = x[n - 1];
        x[n - 1] = kept;
    }
}

typedef struct enumeration {
    bashu_context *context;
    const spatial_weights *w;
    double observed, sum, squares, count, as_large;
} enumeration;

static void enumerate(void *payload, const double *x)
{
    enumeration *e = payload;
    double I = moran_of(e->context, e->w, x).statistic;
    e->count++;
    e->sum += I;
    e->squares += I * I;
    e->as_large += I >= e->observed - 1e-12;
}

/* Under randomisation expectation and variance are those over all n! orders, exactly. */
static void expectation_and_variance_are_those_of_all_orders(void **state)
{
    double x[7] = {1, 4, 2, 9, 3, 3, 30}, p;
    bashu_context *context;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    hand_made *h = by_hand(7, line);
    moran m = moran_of(context, &h->w, x);
    assert_int_equal(spatial_moran_p(&p, context, &h->w, x, 1, 40000, 5), BASHU_OK);
    enumeration e = {context, &h->w, m.statistic, 0, 0, 0, 0};
    every_order(x, 7, enumerate, &e);
    must_be("orders", e.count, 5040, 0);
    must_be("expectation", e.sum / e.count, m.expected, 1e-11);
    must_be("variance", e.squares / e.count - m.expected * m.expected, m.variance, 1e-11);
    double exact = e.as_large / e.count;
    assert_true(exact > 0.01 && exact < 0.99);
    assert_true(fabs(p - exact) < 5 * sqrt(exact * (1 - exact) / 40000)); /* five standard deviations */
    free(h);
    bashu_close(context);
}

/* ---- the same, naively ------------------------------------------------------------------------------ */

/* Times between points of a plane, with a twentieth of an hour for setting out: symmetric, no ties. */
static void draw_times(double *time, size_t n, random_stream *stream)
{
    double place[64][2];
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < 2; d++) place[i][d] = random_uniform(stream);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) time[i * n + k] = 0.05 + hypot(place[i][0] - place[k][0], place[i][1] - place[k][1]);
}

/* Full matrix of weights: how many are nearer is counted, nothing is sorted. */
static void full_weights(double *full, const double *time, size_t n, size_t most, double hours)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) {
            size_t nearer = 0;
            for (size_t q = 0; q < n; q++) nearer += q != i && time[i * n + q] < time[i * n + k];
            bool near = most ? nearer < most : time[i * n + k] <= hours;
            full[i * n + k] = i == k || !near ? 0 : most ? 1 : 1 / time[i * n + k];
            sum += full[i * n + k];
        }
        for (size_t k = 0; k < n; k++) full[i * n + k] = sum > 0 ? full[i * n + k] / sum : 0;
    }
}

static double full_moran(const double *full, const double *x, size_t n, double *local)
{
    double mean = 0, squares = 0, cross = 0, s0 = 0;
    for (size_t i = 0; i < n; i++) mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++) squares += (x[i] - mean) * (x[i] - mean);
    for (size_t i = 0; i < n; i++) {
        double lag = 0;
        for (size_t k = 0; k < n; k++) {
            lag += full[i * n + k] * (x[k] - mean);
            s0 += full[i * n + k];
        }
        local[i] = (x[i] - mean) * lag / (squares / (double)n);
        cross += (x[i] - mean) * lag;
    }
    return (double)n / s0 * cross / squares;
}

/* Cliff & Ord's sums over all pairs. */
static double full_variance(const double *full, const double *x, size_t n)
{
    double s0 = 0, s1 = 0, s2 = 0, mean = 0, m2 = 0, m4 = 0, N = (double)n;
    for (size_t i = 0; i < n; i++) mean += x[i] / N;
    for (size_t i = 0; i < n; i++) {
        double row = 0, column = 0;
        for (size_t k = 0; k < n; k++) {
            s0 += full[i * n + k];
            s1 += pow(full[i * n + k] + full[k * n + i], 2) / 2;
            row += full[i * n + k];
            column += full[k * n + i];
        }
        s2 += pow(row + column, 2);
        m2 += pow(x[i] - mean, 2) / N;
        m4 += pow(x[i] - mean, 4) / N;
    }
    double b = m4 / (m2 * m2), a = N * ((N * N - 3 * N + 3) * s1 - N * s2 + 3 * s0 * s0), c = b * ((N * N - N) * s1 - 2 * N * s2 + 6 * s0 * s0);
    return (a - c) / ((N - 1) * (N - 2) * (N - 3) * s0 * s0) - 1 / ((N - 1) * (N - 1));
}

static void agrees_with_full_matrices(void **state)
{
    enum { n = 40, J = 3 };
    double time[n * n], full[n * n], values[n * J], x[n], expected[n];
    local_moran local[n * J];
    random_stream stream;
    bashu_context *context;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    random_seed(&stream, 21);
    draw_times(time, n, &stream);
    for (size_t q = 0; q < n * J; q++) values[q] = random_uniform(&stream) + (double)(q % 7) / 9;
    for (int kind = 0; kind < 3; kind++) { /* 5 nearest; within, where some have nobody; within, where all have somebody */
        arena *memory = arena_new(context);
        spatial_weights w;
        double hours = kind == 1 ? 0.11 : 0.55;
        if (kind == 0) assert_int_equal(spatial_nearest(&w, memory, time, n, 5), BASHU_OK);
        else assert_int_equal(spatial_within(&w, memory, time, n, hours), BASHU_OK);
        full_weights(full, time, n, kind == 0 ? 5 : 0, hours);
        assert_int_equal(spatial_local(local, context, &w, values, J, 19, 4), BASHU_OK);
        size_t alone = 0;
        for (size_t j = 0; j < J; j++) {
            moran m;
            for (size_t i = 0; i < n; i++) x[i] = values[i * J + j];
            assert_int_equal(spatial_moran(&m, context, &w, values, J, j), BASHU_OK);
            must_be("I", m.statistic, full_moran(full, x, n, expected), 1e-12);
            must_be("variance", m.variance, full_variance(full, x, n), 1e-11);
            for (size_t i = 0; i < n; i++) {
                if (w.first[i] == w.first[i + 1]) alone += isnan(local[i * J + j].statistic) && isnan(local[i * J + j].p);
                else must_be("I_i", local[i * J + j].statistic, expected[i], 1e-10);
            }
        }
        assert_true((alone > 0) == (kind == 1));
        arena_free(memory);
    }
    bashu_close(context);
}

/* ---- p-values --------------------------------------------------------------------------------------- */

/* Neighbours' values drawn from the others: with two neighbours of seven all 15 pairs can be counted. */
static void local_p_is_that_of_all_draws(void **state)
{
    enum { n = 7, DRAWS = 60000 };
    static const double x[n] = {5, 1, 4, 2, 9, 3, 30};
    local_moran local[n];
    bashu_context *context;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    hand_made *h = by_hand(n, line);
    assert_int_equal(spatial_local(local, context, &h->w, x, 1, DRAWS, 2), BASHU_OK);
    for (size_t i = 1; i + 1 < n; i++) {
        double as_large = 0, as_small = 0, here = x[i - 1] + x[i + 1], fewer;
        for (size_t a = 0; a < n; a++)
            for (size_t b = a + 1; b < n; b++) {
                if (a == i || b == i) continue;
                as_large += x[a] + x[b] >= here;
                as_small += x[a] + x[b] <= here;
            }
        fewer = fmin(as_large, as_small) / 15;
        assert_true(fabs(local[i].p - fmin(1, 2 * fewer)) < 10 * sqrt(fewer * (1 - fewer) / DRAWS) + 1e-4);
    }
    free(h);
    bashu_close(context);
}

/* Largest distance of the shares of p at most u from u. */
static double far_from_uniform(double *p, size_t count)
{
    double far = 0;
    for (size_t step = 1; step < 100; step++) {
        double u = (double)step / 100, below = 0;
        for (size_t k = 0; k < count; k++) below += p[k] <= u + 1e-12;
        far = fmax(far, fabs(below / (double)count - u));
    }
    return far;
}

/* Where nothing is associated p is uniform: each set of values is a draw; 199 permutations give every hundredth. */
static void p_is_uniform_where_nothing_is_associated(void **state)
{
    enum { n = 30, J = 1000, PERMUTATIONS = 199 };
    static double time[n * n], values[n * J], p[J], first[J];
    static local_moran local[n * J];
    random_stream stream;
    bashu_context *context;
    spatial_weights w;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    arena *memory = arena_new(context);
    random_seed(&stream, 77);
    draw_times(time, n, &stream);
    for (size_t q = 0; q < n * J; q++) values[q] = exp(random_normal(&stream));
    assert_int_equal(spatial_nearest(&w, memory, time, n, 4), BASHU_OK);
    assert_int_equal(spatial_moran_p(p, context, &w, values, J, PERMUTATIONS, 9), BASHU_OK);
    assert_int_equal(spatial_local(local, context, &w, values, J, PERMUTATIONS, 9), BASHU_OK);
    for (size_t j = 0; j < J; j++) first[j] = local[j].p;
    /* the sets share their draws, so that they are less independent than 1000: Kolmogorov's bound would be 0.05 */
    assert_true(far_from_uniform(p, J) < 0.1);
    assert_true(far_from_uniform(first, J) < 0.1);
    /* and not where all is associated: values follow the place */
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < J; j++) values[i * J + j] = exp(0.3 * random_normal(&stream)) / (0.05 + time[i]);
    assert_int_equal(spatial_moran_p(p, context, &w, values, J, PERMUTATIONS, 9), BASHU_OK);
    assert_true(far_from_uniform(p, J) > 0.5);
    arena_free(memory);
    bashu_close(context);
}

static void bits_do_not_depend_on_threads(void **state)
{
    enum { n = 50, J = 4 };
    static double time[n * n], values[n * J], p[3][J];
    static local_moran local[3][n * J];
    random_stream stream;
    (void)state;
    random_seed(&stream, 5);
    draw_times(time, n, &stream);
    for (size_t q = 0; q < n * J; q++) values[q] = random_normal(&stream);
    for (int threads = 1; threads <= 3; threads++) {
        bashu_context *context;
        spatial_weights w;
        assert_int_equal(bashu_open(&context, threads), BASHU_OK);
        arena *memory = arena_new(context);
        assert_int_equal(spatial_nearest(&w, memory, time, n, 6), BASHU_OK);
        assert_int_equal(spatial_moran_p(p[threads - 1], context, &w, values, J, 499, 1), BASHU_OK);
        assert_int_equal(spatial_local(local[threads - 1], context, &w, values, J, 499, 1), BASHU_OK);
        arena_free(memory);
        bashu_close(context);
    }
    for (int k = 1; k < 3; k++) assert_true(!memcmp(p[0], p[k], sizeof p[0]) && !memcmp(local[0], local[k], sizeof local[0]));
    /* a variable does not depend on which others stand beside it; another seed gives other draws */
    bashu_context *context;
    spatial_weights w;
    double alone[n], other;
    local_moran single[n];
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    arena *memory = arena_new(context);
    assert_int_equal(spatial_nearest(&w, memory, time, n, 6), BASHU_OK);
    for (size_t i = 0; i < n; i++) alone[i] = values[i * J + 2];
    assert_int_equal(spatial_local(single, context, &w, alone, 1, 499, 1), BASHU_OK);
    for (size_t i = 0; i < n; i++) assert_true(single[i].p == local[0][i * J + 2].p && single[i].q == local[0][i * J + 2].q);
    assert_int_equal(spatial_moran_p(&other, context, &w, alone, 1, 499, 2), BASHU_OK);
    assert_true(other != p[0][2]);
    arena_free(memory);
    bashu_close(context);
}

static void cancelling_ends_it(void **state)
{
    enum { n = 20 };
    static double time[n * n], values[n], p;
    local_moran local[n];
    random_stream stream;
    bashu_context *context;
    spatial_weights w;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    arena *memory = arena_new(context);
    random_seed(&stream, 5);
    draw_times(time, n, &stream);
    for (size_t i = 0; i < n; i++) values[i] = random_normal(&stream);
    assert_int_equal(spatial_nearest(&w, memory, time, n, 3), BASHU_OK);
    bashu_cancel(context);
    assert_int_equal(spatial_moran_p(&p, context, &w, values, 1, 1000, 1), BASHU_INTERRUPTED);
    assert_int_equal(spatial_local(local, context, &w, values, 1, 1000, 1), BASHU_INTERRUPTED);
    arena_free(memory);
    bashu_close(context);
}

/* ---- many tests, and parts -------------------------------------------------------------------------- */

/* The fifteen ordered p-values of Benjamini & Hochberg (1995), section 3.2: at 0.05 four are rejected, and Bonferroni's rule rejects three. */
static void false_discoveries_are_as_published(void **state)
{
    static const double p[15] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1};
    double mixed[16], q[16], nan = (double)NAN;
    bashu_context *context;
    size_t rejected = 0, bonferroni = 0;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    for (size_t k = 0; k < 15; k++) mixed[(k * 7) % 15] = p[k]; /* in any order */
    mixed[15] = nan;                                            /* no test */
    assert_int_equal(spatial_discovery(q, context, mixed, 16), BASHU_OK);
    for (size_t k = 0; k < 15; k++) {
        rejected += q[k] <= 0.05;
        bonferroni += mixed[k] * 15 <= 0.05;
    }
    assert_int_equal(rejected, 4);
    assert_int_equal(bonferroni, 3);
    must_be("of the fourth", q[(3 * 7) % 15], 0.0095 * 15 / 4, 1e-14);
    assert_true(isnan(q[15]));
    bashu_close(context);
}

static void parts_hang_together(void **state)
{
    static const unsigned char member[7] = {1, 1, 0, 1, 0, 1, 1};
    static const long expected[7] = {0, 0, -1, 1, -1, 0, 0}; /* 0 looks to 6: one way is enough */
    long part_of[7];
    size_t count;
    bashu_context *context;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    hand_made *h = by_hand(7, line);
    assert_int_equal(spatial_parts(part_of, &count, context, &h->w, member), BASHU_OK);
    assert_int_equal(count, 2);
    assert_memory_equal(part_of, expected, sizeof expected);
    free(h);
    bashu_close(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(concentration_has_closed_forms), cmocka_unit_test(gini_is_the_mean_difference),
        cmocka_unit_test(ellison_glaeser_is_what_it_says), cmocka_unit_test(columbus_is_as_published),
        cmocka_unit_test(boards_have_closed_forms), cmocka_unit_test(expectation_and_variance_are_those_of_all_orders),
        cmocka_unit_test(agrees_with_full_matrices), cmocka_unit_test(local_p_is_that_of_all_draws),
        cmocka_unit_test(p_is_uniform_where_nothing_is_associated), cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(cancelling_ends_it), cmocka_unit_test(false_discoveries_are_as_published),
        cmocka_unit_test(parts_hang_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
