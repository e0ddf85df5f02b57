/* test_bench.c - the economies of the benchmarks, the algorithm that they compare with, and their table. */
#include "bench/bench.h"
#include "bench/parts.h"
#include "bench/reference.h"
#include "bench/synthetic.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static bashu_context *open_context(int threads)
{
    bashu_context *context;
    assert_int_equal(bashu_open(&context, threads), BASHU_OK);
    return context;
}

static bashu_economy *make(bashu_context *context, const synthetic *s)
{
    bashu_economy *economy;
    if (synthetic_economy(&economy, context, s) != BASHU_OK) fail_msg("%s: %s", s->name, bashu_message(context));
    return economy;
}

/* cmocka's own counts in single precision. */
static void must_be_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance)) fail_msg("%.17g, not %.17g", got, expected);
}

/* Another author's way to the same equilibrium: prices and expenditures nested in wages, damped. Both to 1e-12; the errors
 * of answers are larger than residuals, hence 1e-8. */
static void test_reference_and_solver_agree(void **state)
{
    static const double home[] = {0.4, 0.85};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        bashu_context *context = open_context(0);
        synthetic from = sectors_with_inputs(31, 5, home[k]);
        bashu_economy *economy = make(context, &from);
        arena *memory = arena_new(context);
        bashu_options options = options_of_bench();
        bashu_solver *solver;
        bashu_result *result = NULL;
        shock moved_by;
        reference r;
        options.tolerance = 1e-12;
        assert_int_equal(synthetic_shock(&moved_by, memory, economy, 0.2, 5), BASHU_OK);
        assert_int_equal(solver_new(&solver, economy, &options), BASHU_OK);
        assert_int_equal(solve_shock(&result, solver, &moved_by), BASHU_OK);
        assert_true(result->info.reason > 0);
        assert_true(reference_new(&r, memory, economy, &moved_by));
        r.tolerance = 1e-12;
        r.inner = 1e-13;
        for (int warm = 0; warm < 2; warm++) {
            r.warm = warm;
            assert_true(reference_solve(&r));
            double moved = 0;
            for (size_t n = 0; n < 31; n++) {
                must_be_near(log(r.wage[n]), log(result->wage_hat[n]), 1e-8);
                moved = fmax(moved, fabs(log(r.wage[n])));
                for (size_t j = 0; j < 5; j++) {
                    size_t nj = n * 5 + j;
                    must_be_near(r.log_price[nj], log(result->price_hat[nj]), 1e-8);
                    must_be_near(r.output[nj] / economy->output[nj] / result->output_hat[nj], 1, 1e-8);
                    must_be_near(r.expenditure[nj] / result->expenditure[nj], 1, 1e-8);
                }
            }
            assert_true(moved > 0.05); /* something was compared */
        }
        result_free(result);
        solver_free(solver);
        arena_free(memory);
        bashu_economy_free(economy);
        bashu_close(context);
    }
}

static void test_home_shares_are_reached(void **state)
{
    static const synthetic cases[] = {
        {"low", 31, 1, 4, 0.2, 1.5, 0, 0, false, 0, 1, false, NULL},        {"high", 31, 1, 4, 0.95, 1.5, 0, 0, false, 0, 1, false, NULL},
        {"higher", 200, 1, 4, 0.998, 3, 0, 0, false, 0, 1, false, NULL},    {"steep", 200, 1, 8, 0.997, 5, 0, 0, false, 0, 2, false, NULL},
        {"zeros", 200, 1, 8, 0.98, 1.5, 0.58, 0, false, 0, 1, false, NULL}, {"blocs", 200, 1, 4, 0.9, 1.5, 0, 5, false, 0, 3, false, NULL},
        {"sectors", 31, 10, 4, 0.38, 1.5, 0, 0, true, 0, 1, false, NULL},   {"more sectors", 31, 10, 4, 0.9, 1.5, 0, 0, true, 0, 1, false, NULL},
    };
    (void)state;
    bashu_context *context = open_context(0);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const synthetic *s = &cases[k];
        bashu_economy *economy = make(context, s);
        size_t zeros = 0, N = s->N, all = N * s->J * N;
        double across = 0;
        if (fabs(synthetic_home_share(economy) - s->home_share) > 1e-3)
            fail_msg("%s: home share %g, not %g", s->name, synthetic_home_share(economy), s->home_share);
        for (size_t i = 0; i < all; i++) {
            bool crosses = s->blocs && i / (s->J * N) % s->blocs != i % N % s->blocs;
            zeros += economy->trade_share[i] == 0;
            if (crosses) across += economy->trade_share[i] / (double)N;
        }
        must_be_near((double)zeros / (double)all, s->zero_share, 0.02);
        if (s->blocs) assert_in_range((uintmax_t)(across * 1e9), 1, 10000); /* 1e-9 .. 1e-5: there, and hardly */
        bashu_economy_free(economy);
    }
    bashu_close(context);
}

/* Places that are given: shares are (1 + km / 100)^(-0.15 theta) times T (w density^(eta - mu))^-theta, and rows and columns are what is there. */
static void test_given_places(void **state)
{
    static const synthetic_place places[] = {{-150, -20, 2000, 4e4, 5e4}, {30, 50, 1000, 3e4, 9e4}, {31, 52, 500, 9e4, 8e4}};
    const synthetic from = {.name = "given", .N = 3, .J = 1, .theta = 6.5, .seed = 1, .time = TIME_GROWTH, .places = places};
    const double pi = acos(-1), quarter = 6371 * pi / 2;
    (void)state;
    bashu_context *context = open_context(0);
    bashu_economy *e = make(context, &from);
    double weight[3];
    for (size_t n = 0; n < 3; n++) {
        double density = places[n].people / places[n].land_km2, wage = places[n].value_added / places[n].people;
        must_be_near(e->people[n], places[n].people, 0);
        must_be_near(e->output[n] / e->output[0] * places[0].value_added / places[n].value_added, 1, 1e-9);
        must_be_near(e->deficit[n] / e->output[n], 0, 1e-9);
        weight[n] = e->fundamentals.productivity[n] * pow(wage * pow(density, e->land_share[n] - e->mu[0]), -6.5);
    }
    for (size_t n = 0; n < 3; n++)
        for (size_t i = 0; i < 3; i++) {
            double a = places[n].lat * pi / 180, b = places[i].lat * pi / 180, apart = (places[n].lon - places[i].lon) * pi / 180;
            double km = n == i ? 0 : quarter - 6371 * asin(sin(a) * sin(b) + cos(a) * cos(b) * cos(apart));
            double mine = weight[i] * pow(1 + km / 100, -0.15 * 6.5), own = weight[n];
            must_be_near(e->trade_share[n * 3 + i] / e->trade_share[n * 3 + n] * own / mine, 1, 1e-9);
        }
    bashu_economy_free(e);
    bashu_close(context);
}

static void test_economies_do_not_depend_on_threads(void **state)
{
    static const synthetic from = {"twice", 90, 3, 4, 0.7, 1.5, 0.2, 0, true, 0, 7, false, NULL};
    bashu_context *one = open_context(1), *more = open_context(0);
    bashu_economy *a = make(one, &from), *b = make(more, &from), *other;
    synthetic changed = from;
    (void)state;
    changed.seed = 8;
    other = make(one, &changed);
    assert_memory_equal(a->trade_share, b->trade_share, 90 * 3 * 90 * sizeof(double));
    assert_memory_equal(a->output, b->output, 90 * 3 * sizeof(double));
    assert_memory_not_equal(a->output, other->output, 90 * 3 * sizeof(double));
    bashu_economy_free(a);
    bashu_economy_free(b);
    bashu_economy_free(other);
    bashu_close(one);
    bashu_close(more);
}

/* ---- the table ------------------------------------------------------------------------------------ */

static void test_rows_of_a_work_stand_together(void **state)
{
    (void)state;
    for (size_t k = 0; k < bench_row_count(); k++) {
        const bench_row *row = bench_row_at(k);
        assert_true(bench_row_is(row, row->work));
        assert_false(bench_row_is(row, "p"));
        for (size_t i = 0; i < k; i++) {
            const bench_row *other = bench_row_at(i);
            bool same = !strcmp(other->work, row->work);
            assert_false(same && !strcmp(other->measure, row->measure));
            assert_true(!same || !strcmp(bench_row_at(k - 1)->work, row->work));
        }
    }
    assert_null(bench_row_at(bench_row_count()));
    assert_true(bench_row_is(&(bench_row){.work = "batch_340"}, "batch"));
    assert_false(bench_row_is(&(bench_row){.work = "batch_3400"}, "batch_340"));
    assert_true(bench_row_is(&(bench_row){.work = "earth_3"}, "earth"));
    assert_false(bench_row_is(&(bench_row){.work = "earth_1"}, "earth")); /* minutes: only by its full name */
    assert_true(bench_row_is(&(bench_row){.work = "earth_1"}, "earth_1"));
}

static void test_goals(void **state)
{
    const bench_row most = {.sense = BENCH_AT_MOST, .goal = 2}, least = {.sense = BENCH_AT_LEAST, .goal = 2}, none = {.goal = 0};
    const bench_value low = {.state = BENCH_MEASURED, .value = 1}, high = {.state = BENCH_MEASURED, .value = 3};
    const bench_value lost = {.state = BENCH_FAILED, .value = (double)NAN}, unknown = {.state = BENCH_NOT_MEASURED, .value = (double)NAN};
    (void)state;
    assert_true(bench_met(&most, &low) && !bench_met(&most, &high));
    assert_true(!bench_met(&least, &low) && bench_met(&least, &high));
    assert_true(bench_met(&none, &high) && !bench_met(&none, &lost) && !bench_met(&most, &unknown));
    assert_true(bench_got_worse(&most, &high, true) && !bench_got_worse(&most, &high, false));
    assert_false(bench_got_worse(&most, &low, true));
    assert_true(bench_got_worse(&most, &lost, true) && !bench_got_worse(&most, &unknown, true));
}

static bool waits(void *payload)
{
    const double *seconds = payload;
    nanosleep(&(struct timespec){0, (long)(1e9 * *seconds)}, NULL); /* who sleeps is not held up by who else is busy */
    return true;
}

static bool fails(void *payload)
{
    int *left = payload;
    return (*left)-- > 0;
}

static void test_medians_and_ratios(void **state)
{
    bashu_context *context = open_context(1);
    bench *b;
    bench_value value;
    series s = {0};
    double longer = 0.03, shorter = 0.01;
    int calls = 4;
    (void)state;
    for (int k = 5; k > 0; k--) series_add(&s, k == 3 ? 100 : k);
    value = series_value(&s);
    assert_true(value.value == 4 && value.low == 1 && value.high == 100 && value.repeats == 5);
    inverse_of(&value, 8);
    assert_true(value.value == 2 && value.low == 0.08 && value.high == 8);
    assert_int_equal(bench_open(&b, context, 4, "."), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bench_open(&b, context, 5, "."), BASHU_OK);
    assert_true(ratio_of_times(&value, b, &(timed_work){waits, &longer}, &(timed_work){waits, &shorter}));
    assert_true(value.repeats >= 5 && value.low <= value.value && value.value <= value.high);
    assert_in_range((uintmax_t)(value.value * 10), 15, 60); /* 3 on a machine that does nothing else */
    assert_false(ratio_of_times(&value, b, &(timed_work){waits, &shorter}, &(timed_work){fails, &calls}));
    assert_int_equal(value.state, BENCH_FAILED);
    bench_close(b);
    bashu_close(context);
}

static void test_baselines_are_read(void **state)
{
    static const struct {
        const char *text, *words;
        bashu_status status;
    } cases[] = {
        {"{\"machine\": {\"processor\": \"abacus\"}, \"rows\": [{\"work\": \"pass\", \"measure\": \"of a read\", \"value\": 1.5, \"met\": true}]}",
         "", BASHU_OK},
        {"{\"rows\": [{\"work\": \"pass\", \"measure\": \"of a read\", \"value\": null, \"met\": 1}, 7, {}]}", "", BASHU_OK},
        {"{\"rows\": ", ":1:", BASHU_ERROR_INPUT},
        {"{\"lines\": []}", "no list 'rows'", BASHU_ERROR_INPUT},
        {"[]", "no list 'rows'", BASHU_ERROR_INPUT},
    };
    bashu_context *context = open_context(1);
    bench_value *values = calloc(bench_row_count(), sizeof *values);
    unsigned char *met = calloc(bench_row_count(), 1);
    char processor[128], path[] = "/tmp/bashu-bench-XXXXXX";
    int file = mkstemp(path);
    (void)state;
    assert_true(values && met && file >= 0);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        assert_int_equal(ftruncate(file, 0), 0);
        assert_int_equal(pwrite(file, cases[k].text, strlen(cases[k].text), 0), (int)strlen(cases[k].text));
        assert_int_equal(bench_read(values, met, processor, context, path), cases[k].status);
        if (cases[k].status != BASHU_OK) {
            assert_non_null(strstr(bashu_message(context), cases[k].words));
            continue;
        }
        for (size_t i = 0; i < bench_row_count(); i++) {
            bool there = k == 0 && !strcmp(bench_row_at(i)->work, "pass");
            assert_int_equal(values[i].state, there ? BENCH_MEASURED : BENCH_NOT_MEASURED);
            assert_int_equal(met[i], there);
            if (there) assert_true(values[i].value == 1.5);
        }
        assert_string_equal(processor, k == 0 ? "abacus" : "");
    }
    close(file);
    unlink(path);
    assert_int_equal(bench_read(values, met, processor, context, path), BASHU_ERROR_IO);
    free(values);
    free(met);
    bashu_close(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_and_solver_agree),
        cmocka_unit_test(test_home_shares_are_reached),
        cmocka_unit_test(test_given_places),
        cmocka_unit_test(test_economies_do_not_depend_on_threads),
        cmocka_unit_test(test_rows_of_a_work_stand_together),
        cmocka_unit_test(test_goals),
        cmocka_unit_test(test_medians_and_ratios),
        cmocka_unit_test(test_baselines_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
