/* test_gravity.c - the estimator against closed forms, against a dense textbook Newton method with a dummy for every group,
 * against examples of separation whose answer is known, and against what must not matter; resistances against their equations. */
#include "estimate/estimate.h"

#include "../scratch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ROWS_MOST = 2000, TERMS_MOST = 120 };

typedef struct fixture {
    bashu_context *context;
    arena *memory;
    scratch files;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f || !scratch_open(&f->files) || bashu_open(&f->context, 1) != BASHU_OK) return -1;
    f->memory = arena_new(f->context);
    *state = f;
    return f->memory ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    arena_free(f->memory);
    bashu_close(f->context);
    scratch_close(&f->files);
    free(f);
    return 0;
}

static void near_to(const char *what, double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance * fmax(1, fabs(expected)))) fail_msg("%s: %.17g, expected %.17g", what, got, expected);
}

/* ---- made-up trade ------------------------------------------------------------------------------------ */

/* N x N pairs in T years: log distance, a dummy, zeros; every group has trade. */
typedef struct world {
    size_t N, T, rows;
    double *y, *x[2], *w;
    uint32_t *exporter, *importer, *pair, *year;
    grouping effect[3];
} world;

static void *room(const fixture *f, size_t count, size_t size)
{
    void *p = arena_alloc(f->memory, count, size);
    assert_non_null(p);
    return p;
}

static world make_world(const fixture *f, size_t N, size_t T, bool by_year)
{
    world v = {.N = N, .T = T, .rows = N * N * T};
    random_stream s;
    random_seed(&s, 7);
    v.y = room(f, v.rows, sizeof(double));
    v.w = room(f, v.rows, sizeof(double));
    for (int k = 0; k < 2; k++) v.x[k] = room(f, v.rows, sizeof(double));
    v.exporter = room(f, v.rows, sizeof(uint32_t));
    v.importer = room(f, v.rows, sizeof(uint32_t));
    v.pair = room(f, v.rows, sizeof(uint32_t));
    for (size_t r = 0; r < v.rows; r++) {
        size_t i = r / T / N, j = r / T % N, t = r % T;
        v.exporter[r] = (uint32_t)(by_year ? i * T + t : i);
        v.importer[r] = (uint32_t)(by_year ? j * T + t : j);
        v.pair[r] = (uint32_t)(i * N + j);
        v.x[0][r] = log(1 + fabs((double)i - (double)j)) + 0.3 * random_normal(&s);
        v.x[1][r] = random_uniform(&s) < 0.4;
        v.w[r] = 0.5 + random_uniform(&s);
        double mu = exp(3 + 0.2 * (double)i - 0.1 * (double)j - v.x[0][r] + 0.5 * v.x[1][r] + 0.5 * random_normal(&s));
        v.y[r] = i != j && random_uniform(&s) < 0.15 ? 0 : mu;
    }
    size_t groups = by_year ? N * T : N;
    v.effect[0] = (grouping){"exporter", groups, v.exporter, NULL};
    v.effect[1] = (grouping){"importer", groups, v.importer, NULL};
    v.effect[2] = (grouping){"pair", N * N, v.pair, NULL};
    return v;
}

static estimate_problem problem_of(const world *v, estimate_method method, size_t effects)
{
    return (estimate_problem){.method = method, .rows = v->rows, .regressors = 2, .effects = effects, .outcome = v->y,
                              .regressor = (const double *const *)v->x, .effect = v->effect, .tolerance = 1e-10, .pass_limit = 100000};
}

static estimate fit(const fixture *f, const estimate_problem *p)
{
    estimate e;
    if (estimate_fit(&e, f->memory, p) != BASHU_OK) fail_msg("%s", bashu_message(f->context));
    if (e.reason <= 0) fail_msg("%s", bashu_reason_text(e.reason));
    assert_true(e.score <= p->tolerance);
    return e;
}

/* ---- the textbook ------------------------------------------------------------------------------------- */

typedef struct textbook {
    size_t rows, width;
    double *x;          /* [rows][width]: regressors, then dummies */
    double b[TERMS_MOST], inverse[TERMS_MOST * TERMS_MOST];
    double *mu;
} textbook;

/* Gauss-Jordan with pivots; columns that are dependent get no coefficient. */
static void invert(double *a, size_t n, double *out)
{
    unsigned char used[TERMS_MOST] = {0};
    for (size_t k = 0; k < n * n; k++) out[k] = k / n == k % n;
    for (size_t step = 0; step < n; step++) {
        size_t pivot = n;
        for (size_t k = 0; k < n; k++)
            if (!used[k] && (pivot == n || a[k * n + k] > a[pivot * n + pivot])) pivot = k;
        used[pivot] = 1;
        double top = a[pivot * n + pivot];
        if (top < 1e-9) { /* a dependent dummy */
            for (size_t k = 0; k < n; k++) out[pivot * n + k] = out[k * n + pivot] = a[pivot * n + k] = a[k * n + pivot] = 0;
            continue;
        }
        for (size_t k = 0; k < n; k++) {
            a[pivot * n + k] /= top;
            out[pivot * n + k] /= top;
        }
        for (size_t r = 0; r < n; r++) {
            double by = r == pivot ? 0 : a[r * n + pivot];
            for (size_t k = 0; by != 0 && k < n; k++) {
                a[r * n + k] -= by * a[pivot * n + k];
                out[r * n + k] -= by * out[pivot * n + k];
            }
        }
    }
}

/* Newton's method for Poisson (or one step of it for least squares) on all columns at once. */
static textbook textbook_fit(const fixture *f, const estimate_problem *p)
{
    textbook t = {.rows = p->rows, .width = p->regressors};
    for (size_t e = 0; e < p->effects; e++) t.width += p->effect[e].count;
    assert_true(t.width <= TERMS_MOST);
    t.x = room(f, t.rows * t.width, sizeof(double));
    t.mu = room(f, t.rows, sizeof(double));
    double mean = 0, *eta = room(f, t.rows, sizeof(double));
    for (size_t r = 0; r < t.rows; r++) {
        size_t at = p->regressors;
        for (size_t k = 0; k < p->regressors; k++) t.x[r * t.width + k] = p->regressor[k][r];
        for (size_t e = 0; e < p->effects; at += p->effect[e++].count) t.x[r * t.width + at + p->effect[e].of[r]] = 1;
        mean += p->outcome[r] / (double)t.rows;
    }
    bool poisson = p->method == METHOD_PPML;
    for (size_t r = 0; r < t.rows; r++) t.mu[r] = poisson ? (p->outcome[r] + mean) / 2 : 0;
    for (size_t r = 0; r < t.rows; r++) eta[r] = poisson ? log(t.mu[r]) : 0;
    double matrix[TERMS_MOST * TERMS_MOST], right[TERMS_MOST];
    for (int step = 0; step < (poisson ? 60 : 1); step++) { /* iteratively reweighted least squares */
        memset(matrix, 0, sizeof matrix);
        memset(right, 0, sizeof right);
        for (size_t r = 0; r < t.rows; r++) {
            double w = p->weight ? p->weight[r] : 1, m = poisson ? w * t.mu[r] : w;
            double z = poisson ? eta[r] + (p->outcome[r] - t.mu[r]) / t.mu[r] : p->outcome[r];
            const double *x = t.x + r * t.width;
            for (size_t k = 0; k < t.width; k++)
                for (size_t l = 0; l < t.width && x[k] != 0; l++) matrix[k * t.width + l] += m * x[k] * x[l];
            for (size_t k = 0; k < t.width; k++) right[k] += m * x[k] * z;
        }
        invert(matrix, t.width, t.inverse);
        for (size_t k = 0; k < t.width; k++) {
            t.b[k] = 0;
            for (size_t l = 0; l < t.width; l++) t.b[k] += t.inverse[k * t.width + l] * right[l];
        }
        for (size_t r = 0; r < t.rows; r++) {
            eta[r] = 0;
            for (size_t k = 0; k < t.width; k++) eta[r] += t.x[r * t.width + k] * t.b[k];
            t.mu[r] = poisson ? exp(eta[r]) : eta[r];
        }
    }
    return t;
}

/* V_kl = (H^-1 (sum over clusters of s s') H^-1)_kl, scores summed over `cluster` (NULL: rows). */
static void textbook_covariance(const fixture *f, const textbook *t, const estimate_problem *p, const grouping *cluster, double *v)
{
    size_t n = t->width, count = cluster ? cluster->count : t->rows;
    double *sums = room(f, count * n, sizeof(double)), *middle = room(f, n * n, sizeof(double));
    for (size_t r = 0; r < t->rows; r++) {
        double e = (p->weight ? p->weight[r] : 1) * (p->outcome[r] - t->mu[r]);
        size_t c = cluster ? cluster->of[r] : r;
        for (size_t k = 0; k < n; k++) sums[c * n + k] += t->x[r * n + k] * e;
    }
    for (size_t c = 0; c < count; c++)
        for (size_t k = 0; k < n; k++)
            for (size_t l = 0; l < n; l++) middle[k * n + l] += sums[c * n + k] * sums[c * n + l];
    for (size_t k = 0; k < p->regressors; k++)
        for (size_t l = 0; l < p->regressors; l++) {
            v[k * p->regressors + l] = 0;
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++)
                    v[k * p->regressors + l] += t->inverse[k * n + i] * middle[i * n + j] * t->inverse[j * n + l];
        }
}

static void must_agree(const fixture *f, const estimate_problem *p)
{
    estimate e = fit(f, p);
    textbook t = textbook_fit(f, p);
    double v[4], two[4], both[4];
    textbook_covariance(f, &t, p, p->clusters ? &p->cluster[0] : NULL, v);
    double G = p->clusters ? (double)p->cluster[0].count : (double)p->rows;
    if (p->clusters == 2) {
        grouping *pairs = room(f, 1, sizeof *pairs);
        uint32_t *of = room(f, p->rows, sizeof *of);
        for (size_t r = 0; r < p->rows; r++) of[r] = (uint32_t)(p->cluster[0].of[r] * p->cluster[1].count + p->cluster[1].of[r]);
        *pairs = (grouping){"pairs", p->cluster[0].count * p->cluster[1].count, of, NULL};
        textbook_covariance(f, &t, p, &p->cluster[1], two);
        textbook_covariance(f, &t, p, pairs, both);
        for (int k = 0; k < 4; k++) v[k] += two[k] - both[k];
        G = fmin(G, (double)p->cluster[1].count);
    }
    assert_int_equal(e.rows, p->rows);
    for (size_t k = 0; k < 2; k++) {
        near_to("coefficient", e.coefficient[k], t.b[k], 1e-9);
        for (size_t l = 0; l < 2; l++)
            assert_true(fabs(e.covariance[k * 3 + l] - G / (G - 1) * v[k * 2 + l]) <= 1e-8 * fabs(v[0] + v[3]));
    }
}

static void poisson_with_two_effects_is_the_textbook(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 12, 1, false);
    estimate_problem p = problem_of(&v, METHOD_PPML, 2);
    must_agree(f, &p);
    p.weight = v.w;
    must_agree(f, &p);
    p.cluster = v.effect;
    p.clusters = 1;
    must_agree(f, &p);
    p.clusters = 2;
    must_agree(f, &p);
}

static void poisson_with_three_effects_is_the_textbook(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 6, 4, true);
    estimate_problem p = problem_of(&v, METHOD_PPML, 3);
    p.cluster = &v.effect[2];
    p.clusters = 1;
    for (size_t r = 0; r < v.rows; r++) v.y[r] += 0.01; /* no group of zeros: nothing is dropped */
    must_agree(f, &p);
}

static void least_squares_are_the_textbook(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 12, 1, false);
    estimate_problem p = problem_of(&v, METHOD_OLS, 2);
    must_agree(f, &p);
    p.weight = v.w;
    must_agree(f, &p);
}

/* ---- closed forms ---------------------------------------------------------------------------------------- */

/* One regressor and a constant: slope = cov / var, constant = means. */
static void least_squares_by_hand(void **state)
{
    fixture *f = *state;
    const double y[] = {1, 2, 4, 3, 7}, x[] = {0, 1, 2, 3, 4}, *const regressor[] = {x};
    estimate_problem p = {.method = METHOD_OLS, .rows = 5, .regressors = 1, .outcome = y, .regressor = regressor, .constant = true,
                          .tolerance = 1e-10, .pass_limit = 1000};
    estimate e = fit(f, &p);
    /* means 3.4 and 2; sum (x - 2)(y - 3.4) = 13, sum (x - 2)^2 = 10 */
    near_to("slope", e.coefficient[0], 1.3, 1e-13);
    near_to("constant", e.coefficient[1], 0.8, 1e-13);
    near_to("squares", e.deviance, 4.3, 1e-12); /* 21.2 - 13^2 / 10 */
    near_to("R2", e.pseudo_r2, 1 - 4.3 / 21.2, 1e-12);
    double middle = 0, errors[5], influence = 0; /* robust: sum of ((x - 2) e)^2 / 10^2 times 5/4 */
    for (int r = 0; r < 5; r++) {
        errors[r] = y[r] - 0.8 - 1.3 * x[r];
        middle += pow((x[r] - 2) * errors[r], 2);
        influence += pow(errors[r] * (0.2 - 2 * (x[r] - 2) / 10), 2);
    }
    near_to("variance", e.covariance[0], 1.25 * middle / 100, 1e-12);
    near_to("variance of the constant", e.covariance[3], 1.25 * influence, 1e-12);
}

/* Without regressors fitted trade is row sum times column sum over the total. */
static void poisson_effects_alone_are_margins(void **state)
{
    fixture *f = *state;
    const double y[] = {1, 2, 3, 4, 5, 6};
    const uint32_t row[] = {0, 0, 0, 1, 1, 1}, column[] = {0, 1, 2, 0, 1, 2};
    const grouping effects[] = {{"row", 2, row, NULL}, {"column", 3, column, NULL}};
    estimate_problem p = {.method = METHOD_PPML, .rows = 6, .effects = 2, .outcome = y, .effect = effects, .tolerance = 1e-10, .pass_limit = 1000};
    estimate e = fit(f, &p);
    const double rows[] = {6, 15}, columns[] = {5, 7, 9};
    for (int r = 0; r < 6; r++)
        near_to("fitted", exp(e.effect[0][row[r]] + e.effect[1][column[r]]), rows[row[r]] * columns[column[r]] / 21, 1e-13);
    near_to("the later effect sums to 0", e.effect[1][0] + e.effect[1][1] + e.effect[1][2], 0, 1e-13);
}

static double fitted_at(const estimate *e, const estimate_problem *p, size_t r)
{
    double eta = p->constant ? e->coefficient[p->regressors] : 0;
    for (size_t k = 0; k < p->regressors; k++) eta += e->coefficient[k] * p->regressor[k][r];
    for (size_t g = 0; g < p->effects; g++) eta += e->effect[g][p->effect[g].of[r]];
    return exp(eta);
}

/* Fally (2015): fitted trade of every exporter and importer adds up to the observed, whatever the normalisation. */
static void fitted_margins_are_the_observed(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 20, 1, false);
    const normalisation normal[] = {{NORMAL_SUM, 0}, {NORMAL_LEVEL, 3}};
    for (int way = 0; way < 3; way++) {
        estimate_problem p = problem_of(&v, METHOD_PPML, 2);
        p.constant = way > 0;
        p.normal = way == 2 ? normal : NULL;
        estimate e = fit(f, &p);
        for (size_t g = 0; g < 2; g++) {
            double observed[20] = {0}, fitted[20] = {0}, sum = 0;
            for (size_t r = 0; r < v.rows; r++) {
                observed[p.effect[g].of[r]] += v.y[r];
                fitted[p.effect[g].of[r]] += fitted_at(&e, &p, r);
            }
            for (size_t i = 0; i < 20; i++) near_to("margin", fitted[i], observed[i], 1e-10);
            for (size_t i = 0; i < 20; i++) sum += e.effect[g][i];
            if (way == 2 && g == 0) near_to("sum", sum, 0, 1e-12);
        }
        if (way == 2) near_to("level", e.effect[1][3], 0, 1e-13);
    }
}

/* The constant that effects of sum zero leave has the variance of the mean effect: compared with a dummy for each group. */
static void normalised_constant_has_its_variance(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 5, 1, false);
    const normalisation normal[] = {{NORMAL_SUM, 0}};
    estimate_problem p = problem_of(&v, METHOD_PPML, 1);
    p.constant = true;
    p.normal = normal;
    estimate e = fit(f, &p);
    p.regressors = 7; /* dummies as regressors: the form of the mean is known */
    p.effects = 0;
    const double *regressor[7] = {v.x[0], v.x[1]};
    for (size_t g = 0; g < 5; g++) {
        double *dummy = room(f, v.rows, sizeof *dummy);
        for (size_t r = 0; r < v.rows; r++) dummy[r] = v.exporter[r] == g;
        regressor[2 + g] = dummy;
    }
    p.regressor = regressor;
    p.constant = true;
    p.normal = NULL;
    estimate d = fit(f, &p);
    assert_true(d.collinear[6]);
    double form[8] = {0, 0, 0.2, 0.2, 0.2, 0.2, 0, 1}, value = 0, variance = 0;
    for (int k = 0; k < 8; k++) {
        value += form[k] * d.coefficient[k];
        for (int l = 0; l < 8; l++) variance += form[k] * form[l] * d.covariance[k * 8 + l];
    }
    near_to("constant", e.coefficient[2], value, 1e-9);
    near_to("variance", e.covariance[8] / variance, 1, 1e-8);
}

/* ---- what falls out ---------------------------------------------------------------------------------------- */

/* Correia, Guimaraes & Zylkin: z = 2 x1 + x2 is 3 in the first row and 0 in all others. Then x1 and x2 are collinear. */
static void separation_by_regressors(void **state)
{
    fixture *f = *state;
    const double y[] = {0, 0, 0, 1, 2, 3}, x1[] = {2, -1, 0, 0, 5, 6}, x2[] = {-1, 2, 0, 0, -10, -12}, *const regressor[] = {x1, x2};
    estimate_problem p = {.method = METHOD_PPML, .rows = 6, .regressors = 2, .outcome = y, .regressor = regressor, .constant = true,
                          .tolerance = 1e-10, .pass_limit = 100000};
    estimate e = fit(f, &p);
    assert_int_equal(e.separated, 1);
    assert_int_equal(e.rows, 5);
    assert_false(e.collinear[0]);
    assert_true(e.collinear[1]);
    double x[] = {-1, 0, 0, 5, 6}, left[] = {0, 0, 1, 2, 3}, sums[2] = {0, 0}; /* first order: residuals orthogonal to (1, x1) */
    for (int r = 0; r < 5; r++) {
        double error = left[r] - exp(e.coefficient[2] + e.coefficient[0] * x[r]);
        sums[0] += error;
        sums[1] += error * x[r];
    }
    near_to("score", sums[0], 0, 1e-9);
    near_to("score of x1", sums[1], 0, 1e-9);
}

/* The same authors: two effects separate the third row, in which no group is all zero. */
static void separation_by_effects(void **state)
{
    fixture *f = *state;
    const double y[] = {0, 1, 0, 0, 1};
    const uint32_t one[] = {0, 0, 1, 1, 1}, two[] = {0, 0, 0, 1, 1};
    const grouping effects[] = {{"one", 2, one, NULL}, {"two", 2, two, NULL}};
    estimate_problem p = {.method = METHOD_PPML, .rows = 5, .effects = 2, .outcome = y, .effect = effects, .tolerance = 1e-10, .pass_limit = 100000};
    estimate e = fit(f, &p);
    assert_int_equal(e.separated, 1);
    assert_int_equal(e.rows, 4);
    near_to("fitted", exp(e.effect[0][0] + e.effect[1][0]), 0.5, 1e-10);
}

/* A dummy that is 1 only where there is no trade says nothing else: the rest is estimated as if those rows were not there. */
static void separated_rows_leave_the_rest_alone(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 9, 3, true), u = make_world(f, 9, 3, true);
    double *ban = room(f, v.rows, sizeof *ban);
    size_t banned = 0, left = 0;
    for (size_t r = 0; r < v.rows; r++) {
        ban[r] = r % 23 == 5;
        if (ban[r] > 0) v.y[r] = 0;
        else v.y[r] += 0.01; /* no other zeros */
        banned += ban[r] > 0;
        if (ban[r] > 0) continue;
        u.y[left] = v.y[r];
        for (int k = 0; k < 2; k++) u.x[k][left] = v.x[k][r];
        u.exporter[left] = v.exporter[r];
        u.importer[left] = v.importer[r];
        u.pair[left++] = v.pair[r];
    }
    const double *const regressor[] = {v.x[0], ban, v.x[1]};
    estimate_problem p = problem_of(&v, METHOD_PPML, 3), q = problem_of(&u, METHOD_PPML, 3);
    p.regressors = 3;
    p.regressor = regressor;
    q.rows = left;
    estimate a = fit(f, &p), b = fit(f, &q);
    assert_int_equal(a.separated, banned);
    assert_true(a.collinear[1]);
    near_to("first", a.coefficient[0], b.coefficient[0], 1e-11);
    near_to("second", a.coefficient[2], b.coefficient[1], 1e-11);
    near_to("variance", a.covariance[0] / b.covariance[0], 1, 1e-9);
}

/* And with a trace of trade in that cell there is an answer, far out, and nothing may be dropped. */
static void no_separation_by_a_trace(void **state)
{
    fixture *f = *state;
    const double y[] = {0, 1, 0, 0, 1, 1e-6, 1e-6, 1e-6};
    const uint32_t one[] = {0, 0, 1, 1, 1, 1, 1, 1}, two[] = {0, 0, 0, 1, 1, 0, 0, 0};
    const grouping effects[] = {{"one", 2, one, NULL}, {"two", 2, two, NULL}};
    estimate_problem p = {.method = METHOD_PPML, .rows = 8, .effects = 2, .outcome = y, .effect = effects, .tolerance = 1e-10, .pass_limit = 100000};
    estimate e = fit(f, &p);
    assert_int_equal(e.separated, 0);
    assert_int_equal(e.rows, 8);
    /* margins: group 0 of one holds rows 0, 1; cell (1, 0) holds 4 rows of 3e-6 together by the margins of column 0 */
    near_to("cell", exp(e.effect[0][1] + e.effect[1][0]), 7.5e-7, 1e-15);
}

static void groups_of_zeros_and_singletons_fall_out(void **state)
{
    fixture *f = *state;
    const double y[] = {1, 2, 3, 4, 0, 0, 5};
    const uint32_t one[] = {0, 0, 1, 1, 2, 2, 3}, two[] = {0, 1, 0, 1, 0, 1, 0};
    const grouping effects[] = {{"one", 4, one, NULL}, {"two", 2, two, NULL}};
    estimate_problem p = {.method = METHOD_PPML, .rows = 7, .effects = 2, .outcome = y, .effect = effects, .tolerance = 1e-10, .pass_limit = 1000};
    estimate e = fit(f, &p);
    assert_int_equal(e.zero_groups, 2);
    assert_int_equal(e.singletons, 1);
    assert_int_equal(e.rows, 4);
    assert_true(isnan(e.effect[0][2]) && isnan(e.effect[0][3]));
    p.keep_singletons = true;
    e = fit(f, &p);
    assert_int_equal(e.rows, 5);
    near_to("a singleton is fitted exactly", exp(e.effect[0][3] + e.effect[1][0]), 5, 1e-10);
}

static void collinear_regressors_are_named(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 10, 1, false);
    double *twice = room(f, v.rows, sizeof *twice), *by_exporter = room(f, v.rows, sizeof *by_exporter);
    for (size_t r = 0; r < v.rows; r++) {
        twice[r] = 2 * v.x[0][r] + 3 + (double)v.importer[r];
        by_exporter[r] = sqrt((double)v.exporter[r]);
    }
    const double *const regressor[] = {by_exporter, v.x[0], twice, v.x[1]};
    estimate_problem p = problem_of(&v, METHOD_PPML, 2);
    estimate plain = fit(f, &p);
    p.regressors = 4;
    p.regressor = regressor;
    estimate e = fit(f, &p);
    const unsigned char expected[] = {1, 0, 1, 0};
    assert_memory_equal(e.collinear, expected, sizeof expected);
    near_to("the others stay", e.coefficient[1], plain.coefficient[0], 1e-11);
    near_to("the others stay", e.coefficient[3], plain.coefficient[1], 1e-11);
    near_to("and their variance", e.covariance[1 * 5 + 1] / plain.covariance[0], 1, 1e-9);
}

/* ---- what must not matter ------------------------------------------------------------------------------------ */

static void order_of_rows_does_not_matter(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 20, 1, false), u = make_world(f, 20, 1, false);
    for (size_t r = 0; r < v.rows; r++) { /* 400 and 7 have no common factor */
        size_t from = r * 7 % v.rows;
        u.y[r] = v.y[from];
        for (int k = 0; k < 2; k++) u.x[k][r] = v.x[k][from];
        u.exporter[r] = v.exporter[from];
        u.importer[r] = v.importer[from];
    }
    estimate_problem p = problem_of(&v, METHOD_PPML, 2), q = problem_of(&u, METHOD_PPML, 2);
    estimate a = fit(f, &p), b = fit(f, &q);
    for (int k = 0; k < 2; k++) near_to("coefficient", b.coefficient[k], a.coefficient[k], 1e-12);
    for (int k = 0; k < 9; k++) near_to("covariance", b.covariance[k], a.covariance[k], 1e-12);
}

static void scale_of_the_outcome_does_not_matter(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 20, 1, false);
    estimate_problem p = problem_of(&v, METHOD_PPML, 2);
    estimate a = fit(f, &p);
    for (double scale = 1e-9; scale < 1e10; scale *= 1e18) {
        double *y = room(f, v.rows, sizeof *y);
        for (size_t r = 0; r < v.rows; r++) y[r] = scale * v.y[r];
        p.outcome = y;
        estimate b = fit(f, &p);
        for (int k = 0; k < 2; k++) near_to("coefficient", b.coefficient[k], a.coefficient[k], 1e-11);
        for (int k = 0; k < 9; k++) near_to("covariance", b.covariance[k], a.covariance[k], 1e-11);
        near_to("deviance", b.deviance / scale, a.deviance, 1e-9);
    }
}

static void threads_do_not_matter(void **state)
{
    fixture *f = *state;
    world v = make_world(f, 160, 1, false); /* 25,600 rows: enough for threads to be used */
    estimate_problem p = problem_of(&v, METHOD_PPML, 2);
    p.cluster = v.effect;
    p.clusters = 2;
    p.constant = true;
    bashu_context *two;
    assert_int_equal(bashu_open(&two, 2), BASHU_OK);
    arena *memory = arena_new(two);
    assert_non_null(memory);
    estimate a = fit(f, &p), b;
    assert_int_equal(estimate_fit(&b, memory, &p), BASHU_OK);
    assert_memory_equal(a.coefficient, b.coefficient, 3 * sizeof(double));
    assert_memory_equal(a.covariance, b.covariance, 9 * sizeof(double));
    assert_memory_equal(a.effect[0], b.effect[0], 160 * sizeof(double));
    assert_memory_equal(&a.deviance, &b.deviance, sizeof a.deviance);
    arena_free(memory);
    bashu_close(two);
}

/* Each row twice, each half its weight. */
static estimate_problem twice(const fixture *f, const estimate_problem *p, size_t effects)
{
    estimate_problem q = *p;
    double *y = room(f, 2 * p->rows, sizeof *y), *w = room(f, 2 * p->rows, sizeof *w), **x = room(f, p->regressors, sizeof *x);
    grouping *effect = room(f, effects, sizeof *effect);
    for (size_t r = 0; r < 2 * p->rows; r++) {
        y[r] = p->outcome[r / 2];
        w[r] = 0.5;
    }
    for (size_t k = 0; k < p->regressors; k++) {
        x[k] = room(f, 2 * p->rows, sizeof **x);
        for (size_t r = 0; r < 2 * p->rows; r++) x[k][r] = p->regressor[k][r / 2];
    }
    for (size_t e = 0; e < effects; e++) {
        uint32_t *of = room(f, 2 * p->rows, sizeof *of);
        for (size_t r = 0; r < 2 * p->rows; r++) of[r] = p->effect[e].of[r / 2];
        effect[e] = (grouping){p->effect[e].name, p->effect[e].count, of, NULL};
    }
    q.rows *= 2;
    q.outcome = y;
    q.weight = w;
    q.regressor = (const double *const *)x;
    q.effect = effect;
    return q;
}

/* Leaves out rows where `out` says so. */
static void leave_out(world *v, bool (*out)(size_t r))
{
    size_t left = 0;
    for (size_t r = 0; r < v->rows; r++) {
        if (out(r)) continue;
        v->y[left] = v->y[r];
        for (int k = 0; k < 2; k++) v->x[k][left] = v->x[k][r];
        v->exporter[left] = v->exporter[r];
        v->importer[left++] = v->importer[r];
    }
    v->rows = left;
}

static bool none(size_t r) { return r > SIZE_MAX / 2; }
static bool own(size_t r) { return r / 40 == r % 40; }             /* places with themselves */
static bool some(size_t r) { return r * 7919 % 100 < 8; }          /* here and there */
static bool corner(size_t r) { return r / 40 < 30 && r % 40 > 9; } /* less than half of all pairs is left */

/* Rows of all pairs, or of most, go other ways through the passes than the same rows twice, which have no order of pairs. */
static void tables_of_pairs_are_only_rows(void **state)
{
    fixture *f = *state;
    static bool (*const out[])(size_t) = {none, own, some, corner};
    for (size_t t = 0; t < 4; t++)
        for (int method = METHOD_PPML; method <= METHOD_OLS; method++) {
            world v = make_world(f, 40, 1, false);
            leave_out(&v, out[t]);
            estimate_problem p = problem_of(&v, (estimate_method)method, 2), q = twice(f, &p, 2);
            p.constant = q.constant = true;
            p.cluster = v.effect;
            q.cluster = q.effect;
            p.clusters = q.clusters = 1;
            estimate a = fit(f, &p), b = fit(f, &q);
            for (int k = 0; k < 3; k++) near_to("coefficient", b.coefficient[k], a.coefficient[k], 1e-11);
            for (int k = 0; k < 9; k++) near_to("covariance", b.covariance[k] / a.covariance[0], a.covariance[k] / a.covariance[0], 1e-10);
            for (size_t g = 0; g < 40; g++) {
                near_to("exporter", b.effect[0][g], a.effect[0][g], 1e-10);
                near_to("importer", b.effect[1][g], a.effect[1][g], 1e-10);
                assert_int_equal(b.effect_rows[1][g], 2 * a.effect_rows[1][g]);
            }
            near_to("deviance", b.deviance, a.deviance, 1e-11);
        }
}

/* So many rows that part of them is estimated from first: every second exporter, among which a regressor may not vary. */
static void a_start_from_part_of_the_rows_is_a_start(void **state)
{
    fixture *f = *state;
    enum { N = 720 };
    world v = make_world(f, N, 1, false);
    for (size_t r = 0; r < v.rows; r++) v.y[r] *= exp(0.1 * (double)(r % N) - 0.2 * (double)(r / N)); /* groups of one size */
    estimate_problem p = problem_of(&v, METHOD_PPML, 2);
    estimate a = fit(f, &p);
    assert_in_range(a.iterations, 1, 4); /* from nothing it takes 6 */
    for (size_t r = 0; r < v.rows; r++) v.x[1][r] *= (double)(v.exporter[r] % 2);
    estimate b = fit(f, &p);
    assert_false(b.collinear[1]);
    assert_true(b.score <= 1e-10 && b.covariance[4] > 0);
}

/* ---- multilateral resistances -------------------------------------------------------------------------------- */

/* Without trade costs every resistance is 1; and with random ones the equations hold. */
static void resistances_hold(void **state)
{
    fixture *f = *state;
    enum { I = 7, J = 9 };
    double cost[I * J], output[I], expenditure[J];
    random_stream s;
    random_seed(&s, 3);
    for (int i = 0; i < I; i++) output[i] = 1 + 10 * random_uniform(&s);
    for (int j = 0; j < J; j++) expenditure[j] = 1 + 10 * random_uniform(&s);
    for (int k = 0; k < I * J; k++) cost[k] = 1;
    resistance_problem p = {I, J, 4, cost, output, expenditure, 1e-10, 2000};
    resistance r;
    assert_int_equal(resistance_solve(&r, f->memory, &p), BASHU_OK);
    for (int i = 0; i < I; i++) near_to("outward", r.outward[i], 1, 1e-13);
    for (int j = 0; j < J; j++) near_to("inward", r.inward[j], 1, 1e-13);
    for (int k = 0; k < I * J; k++) cost[k] = exp(4 * random_normal(&s));
    assert_int_equal(resistance_solve(&r, f->memory, &p), BASHU_OK);
    assert_true(r.reason > 0 && r.residual < 1e-12);
    double made = 0, spent = 0;
    for (int i = 0; i < I; i++) made += output[i];
    for (int j = 0; j < J; j++) spent += expenditure[j];
    for (int j = 0; j < J; j++) { /* trade y e t / (p q) adds up to each buyer's share */
        double share = 0;
        for (int i = 0; i < I; i++) share += output[i] / made * cost[i * J + j] / (r.outward[i] * r.inward[j]);
        near_to("share of a buyer", share, 1, 1e-12);
    }
    for (int i = 0; i < I; i++) {
        double share = 0;
        for (int j = 0; j < J; j++) share += expenditure[j] / spent * cost[i * J + j] / (r.outward[i] * r.inward[j]);
        near_to("share of a seller", share, 1, 1e-12);
    }
    assert_true(r.inward[4] == 1);
}

/* ---- files ----------------------------------------------------------------------------------------------------- */

/* Coefficients written and read again give the same resistances as those estimated. */
static void coefficients_go_round(void **state)
{
    fixture *f = *state;
    char text[4096];
    size_t used = (size_t)snprintf(text, sizeof text, "from,to,flow,dist,made,spent\n");
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%c,%c,%d,%d,%d,%d\n", 'A' + i, 'A' + j, 1 + (i * 7 + j * 3) % 5, 1 + abs(i - j), 10 + i, 12 - j);
    scratch_text(&f->files, "trade.csv", text);
    static const char resistance_part[] = "resistance: {exporter: from, importer: to, output: made, expenditure: spent, sigma: 5, reference: B,\n"
                                          "  experiment: [{set: log(dist), value: 0, exporter: A, importer: D}]}\n";
    char spec[2048];
    snprintf(spec, sizeof spec, "format: bashu-gravity/1\ndata: trade.csv\noutcome: flow\nregressors: [{log: dist}]\nfixed_effects: [from, to]\nconstant: true\n%s",
             resistance_part);
    bashu_gravity *g = NULL, *h = NULL;
    char *content;
    if (bashu_gravity_read(&g, f->context, scratch_text(&f->files, "g.yaml", spec), NULL) != BASHU_OK) fail_msg("%s", bashu_message(f->context));
    const char *const tables[] = {"coefficients.csv", "covariance.csv"};
    for (int k = 0; k < 2; k++) {
        assert_int_equal(bashu_gravity_report(&content, g, tables[k], BASHU_EN), BASHU_OK);
        scratch_text(&f->files, tables[k], content);
        bashu_text_free(content);
    }
    snprintf(spec, sizeof spec, "format: bashu-gravity/1\ndata: trade.csv\ncoefficients: {file: coefficients.csv, covariance: covariance.csv}\n%s", resistance_part);
    if (bashu_gravity_read(&h, f->context, scratch_text(&f->files, "h.yaml", spec), NULL) != BASHU_OK) fail_msg("%s", bashu_message(f->context));
    assert_int_equal(bashu_gravity_information(g)->resistance_count, 4);
    assert_int_equal(bashu_gravity_information(h)->resistance_count, 4);
    assert_memory_equal(bashu_gravity_covariance(g), bashu_gravity_covariance(h), 4 * sizeof(double));
    for (size_t k = 0; k < 4; k++) {
        bashu_gravity_place a, b;
        assert_int_equal(bashu_gravity_place_get(g, k, &a), BASHU_OK);
        assert_int_equal(bashu_gravity_place_get(h, k, &b), BASHU_OK);
        assert_string_equal(a.id, b.id);
        assert_true(a.outward == b.outward && a.inward == b.inward && a.new_outward == b.new_outward && a.new_inward == b.new_inward);
        assert_true(a.new_inward != a.inward || k == 1);
    }
    bashu_gravity_free(g);
    bashu_gravity_free(h);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(least_squares_by_hand),
        TEST(poisson_effects_alone_are_margins),
        TEST(poisson_with_two_effects_is_the_textbook),
        TEST(poisson_with_three_effects_is_the_textbook),
        TEST(least_squares_are_the_textbook),
        TEST(fitted_margins_are_the_observed),
        TEST(normalised_constant_has_its_variance),
        TEST(separation_by_regressors),
        TEST(separation_by_effects),
        TEST(separated_rows_leave_the_rest_alone),
        TEST(no_separation_by_a_trace),
        TEST(groups_of_zeros_and_singletons_fall_out),
        TEST(collinear_regressors_are_named),
        TEST(order_of_rows_does_not_matter),
        TEST(scale_of_the_outcome_does_not_matter),
        TEST(threads_do_not_matter),
        TEST(tables_of_pairs_are_only_rows),
        TEST(a_start_from_part_of_the_rows_is_a_start),
        TEST(resistances_hold),
        TEST(coefficients_go_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
