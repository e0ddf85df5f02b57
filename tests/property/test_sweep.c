/* test_sweep.c - draws of a scenario, and lists of scenarios: the same as one by one, whoever solves them and in whatever order. */
#include "../truth/kit.h"
#include "policy/sweep.h"

#include <stdio.h>

enum { DRAWS = 24, CHANGES = 2, MOST_OUTCOMES = 8 };

static const char ranges[] = "format: bashu-scenario/1\n"
                             "name: ranges\n"
                             "economy: .\n"
                             "changes:\n"
                             "  - {id: line, title: Line, lever: link_time, links: [rail-alder-dune-hs], from: 95, to: %.17g, unit: minutes, %s assumption: invented}\n"
                             "  - {id: border, title: Border, lever: trade_cost, between: [{province: north}, {province: south}], change_pct: %.17g, %s "
                             "assumption: invented}\n";

static bashu_scenario *write_and_read(const kit *k, const char *line_range, double line, const char *border_range, double border)
{
    char text[2048];
    assert_true(snprintf(text, sizeof text, ranges, line, line_range, border, border_range) < (int)sizeof text);
    return kit_scenario(k, text);
}

static bashu_scenario *ordinary(const kit *k) { return write_and_read(k, "low: 80, high: 60,", 70, "low: -1, high: -5,", -3); }

static bashu_sweep *sweep_of(const kit *k, const bashu_scenario *scenario, size_t draws, bashu_distribution distribution)
{
    bashu_sweep *sweep;
    kit_must(k, bashu_sweep_new(&sweep, scenario, NULL, draws, distribution, NULL, 0));
    return sweep;
}

typedef struct drawn_numbers {
    double values[DRAWS][CHANGES], percents[DRAWS][MOST_OUTCOMES];
    int passes[DRAWS];
} drawn_numbers;

static void copy_numbers(drawn_numbers *out, const bashu_sweep *sweep)
{
    memset(out, 0, sizeof *out);
    assert_true(bashu_sweep_outcome_count(sweep) <= MOST_OUTCOMES);
    for (size_t d = 0; d < bashu_sweep_draw_count(sweep) && d < DRAWS; d++) {
        bashu_draw_info info;
        assert_int_equal(bashu_sweep_draw(sweep, d, out->values[d], out->percents[d], &info), BASHU_OK);
        assert_int_equal(info.reason, BASHU_CONVERGED_RESIDUAL);
        assert_true(info.residual <= 1e-10 && *info.worst);
        out->passes[d] = info.passes;
    }
}

static void threads_do_not_matter(void **state)
{
    drawn_numbers first, other;
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        kit k;
        kit_lantern(&k, threads);
        bashu_scenario *scenario = ordinary(&k);
        bashu_sweep *sweep = sweep_of(&k, scenario, DRAWS, BASHU_TRIANGULAR);
        copy_numbers(threads == 1 ? &first : &other, sweep);
        if (threads > 1) assert_memory_equal(&first, &other, sizeof first);
        bashu_sweep_free(sweep);
        bashu_scenario_free(scenario);
        kit_close(&k);
    }
}

static void a_draw_does_not_know_how_many_there_are(void **state)
{
    kit k;
    drawn_numbers all, few;
    (void)state;
    kit_lantern(&k, 2);
    bashu_scenario *scenario = ordinary(&k);
    bashu_sweep *long_one = sweep_of(&k, scenario, DRAWS, BASHU_TRIANGULAR), *short_one = sweep_of(&k, scenario, 5, BASHU_TRIANGULAR);
    copy_numbers(&all, long_one);
    copy_numbers(&few, short_one);
    assert_memory_equal(all.values, few.values, 5 * sizeof *all.values);
    assert_memory_equal(all.percents, few.percents, 5 * sizeof *all.percents);
    for (size_t d = 1; d < DRAWS; d++) assert_true(all.values[d][0] != all.values[0][0] && all.values[d][1] != all.values[0][1]);
    bashu_sweep_free(long_one);
    bashu_sweep_free(short_one);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* Each draw again as a scenario of its own, through the public interface. */
static void draws_are_solved_as_scenarios_are(void **state)
{
    kit k;
    drawn_numbers all;
    bashu_solver *solver;
    bashu_result *result = NULL;
    bashu_options options = BASHU_OPTIONS_INIT;
    (void)state;
    kit_lantern(&k, 1);
    options.starts = 0;
    bashu_scenario *scenario = ordinary(&k);
    bashu_sweep *sweep = sweep_of(&k, scenario, 6, BASHU_UNIFORM);
    copy_numbers(&all, sweep);
    kit_must(&k, bashu_solver_new(&solver, k.economy, &options));
    for (size_t d = 0; d < 6; d++) {
        double gdp, welfare;
        bashu_scenario *again = write_and_read(&k, "", all.values[d][0], "", all.values[d][1]);
        kit_must(&k, bashu_solve(&result, solver, again));
        kit_must(&k, bashu_result_aggregate(result, "gdp", "circle", "twin", BASHU_PERCENT, &gdp));
        kit_must(&k, bashu_result_aggregate(result, "welfare", "circle", "twin", BASHU_PERCENT, &welfare));
        assert_string_equal(bashu_sweep_outcome_name(sweep, 0), "gdp:circle=twin");
        assert_string_equal(bashu_sweep_outcome_name(sweep, 1), "welfare:circle=twin");
        assert_true(gdp == all.percents[d][0] && welfare == all.percents[d][1]);
        bashu_scenario_free(again);
    }
    bashu_result_free(result);
    bashu_solver_free(solver);
    bashu_sweep_free(sweep);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* Means and variances of what is drawn, within four standard errors: uniform (a+b)/2, (b-a)^2/12; triangular (a+b+c)/3,
 * (a^2+b^2+c^2-ab-ac-bc)/18. */
static void draws_have_their_distribution(void **state)
{
    enum { MANY = 4000 };
    static const double low = 60, mode = 70, high = 80;
    static const struct {
        bashu_distribution distribution;
        double mean, variance;
    } want[] = {{BASHU_UNIFORM, 70, 400.0 / 12}, {BASHU_TRIANGULAR, 70, 100.0 / 6}};
    kit k;
    (void)state;
    kit_lantern(&k, 2);
    bashu_options loose = BASHU_OPTIONS_INIT;
    loose.pass_limit = 1; /* what is drawn is asked for here, not its equilibrium */
    bashu_scenario *scenario = ordinary(&k);
    for (size_t w = 0; w < 2; w++) {
        bashu_sweep *sweep;
        double sum = 0, squares = 0, values[CHANGES];
        kit_must(&k, bashu_sweep_new(&sweep, scenario, &loose, MANY, want[w].distribution, NULL, 0));
        for (size_t d = 0; d < MANY; d++) {
            assert_int_equal(bashu_sweep_draw(sweep, d, values, NULL, NULL), BASHU_OK);
            assert_true(values[0] >= low && values[0] <= high && values[1] >= -5 && values[1] <= -1);
            sum += values[0] - mode;
            squares += (values[0] - mode) * (values[0] - mode);
        }
        double mean = sum / MANY, variance = squares / MANY - mean * mean;
        assert_true(fabs(mode + mean - want[w].mean) < 4 * sqrt(want[w].variance / MANY));
        assert_true(fabs(variance / want[w].variance - 1) < 4 * sqrt(1.4 / MANY)); /* kurtosis - 1 of both is at most 1.4 */
        bashu_sweep_free(sweep);
    }
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* Numbers of known order and rank correlation, put in place of solved ones. */
static void summaries_and_drivers(void **state)
{
    kit k;
    bashu_sweep_summary a;
    double driver, gdp[5] = {4, 1, 5, 2, 3}, line[5] = {40, 10, 50, 20, 30}, border[5] = {1, 5, 2, 2, 3};
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *scenario = ordinary(&k);
    bashu_sweep *sweep = sweep_of(&k, scenario, 6, BASHU_UNIFORM);
    for (size_t d = 0; d < 6; d++) {
        sweep->percents[d * sweep->outcome_count] = d < 5 ? gdp[d] : (double)NAN; /* the last has no equilibrium */
        sweep->values[d * CHANGES] = d < 5 ? line[d] : 1e9;
        sweep->values[d * CHANGES + 1] = d < 5 ? border[d] : -1e9;
    }
    kit_must(&k, bashu_sweep_summarise(&a, sweep, 0));
    assert_int_equal(a.count, 5);
    assert_true(a.mean == 3 && fabs(a.sd - sqrt(2.5)) < 1e-15);
    assert_true(fabs(a.q05 - 1.2) < 1e-15 && a.q25 == 2 && a.q50 == 3 && a.q75 == 4 && fabs(a.q95 - 4.8) < 1e-15); /* type 7 */
    assert_true(a.above_zero == 1);
    kit_must(&k, bashu_sweep_driver(&driver, sweep, 0, 0));
    assert_true(fabs(driver - 1) < 1e-15);
    /* ranks 1, 5, 2.5, 2.5, 4 against 4, 1, 5, 2, 3: sum of products of deviations -5, of squares 9.5 and 10 */
    kit_must(&k, bashu_sweep_driver(&driver, sweep, 1, 0));
    double x[5] = {1, 5, 2.5, 2.5, 4}, product = 0;
    for (size_t d = 0; d < 5; d++) product += (x[d] - 3) * (gdp[d] - 3);
    assert_true(fabs(driver - product / sqrt(9.5 * 10)) < 1e-15);
    bashu_sweep_free(sweep);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* A range of no width is no draw: every draw is the scenario; and where the scenario changes nothing, nothing changes. */
static void nothing_drawn_nothing_changed(void **state)
{
    kit k;
    drawn_numbers all;
    (void)state;
    kit_lantern(&k, 2);
    bashu_scenario *scenario = write_and_read(&k, "low: 95, high: 95,", 95, "low: 0, high: 0,", 0);
    bashu_sweep *sweep;
    bashu_status status = bashu_sweep_new(&sweep, scenario, NULL, 3, BASHU_TRIANGULAR, NULL, 0);
    assert_int_equal(status, BASHU_OK);
    for (size_t d = 0; d < 3; d++) {
        bashu_draw_info info;
        assert_int_equal(bashu_sweep_draw(sweep, d, all.values[d], all.percents[d], &info), BASHU_OK);
        assert_int_equal(info.reason, BASHU_CONVERGED_UNCHANGED);
        for (size_t q = 0; q < bashu_sweep_outcome_count(sweep); q++) assert_true(all.percents[d][q] == 0);
        assert_true(all.values[d][0] == 95 && all.values[d][1] == 0);
    }
    bashu_sweep_free(sweep);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void bad_questions(void **state)
{
    static const char *const bad[] = {"", "gdp:", "gdp:circle", "gdp:circle=", "gdp:all=x", "gpd", "trade", "gdp:circle=none", "gdp:ring=twin", "gdp:region=nowhere"};
    kit k;
    bashu_sweep *sweep;
    char *text;
    double value;
    bashu_sweep_summary a;
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *scenario = ordinary(&k), *certain = write_and_read(&k, "", 70, "", -3);
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
        assert_int_equal(bashu_sweep_new(&sweep, scenario, NULL, 2, BASHU_UNIFORM, &bad[b], 1), BASHU_ERROR_ARGUMENT);
        assert_null(sweep);
        assert_true(*bashu_message(k.context));
    }
    assert_int_equal(bashu_sweep_new(&sweep, certain, NULL, 2, BASHU_UNIFORM, NULL, 0), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(k.context), "'low' and 'high'"));
    assert_int_equal(bashu_sweep_new(&sweep, scenario, NULL, 0, BASHU_UNIFORM, NULL, 0), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_sweep_new(&sweep, scenario, NULL, 10000001, BASHU_UNIFORM, NULL, 0), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_sweep_new(&sweep, scenario, NULL, 1, (bashu_distribution)9, NULL, 0), BASHU_ERROR_ARGUMENT);
    sweep = sweep_of(&k, scenario, 1, BASHU_UNIFORM);
    assert_int_equal(bashu_sweep_draw(sweep, 1, NULL, NULL, NULL), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_sweep_summarise(&a, sweep, 99), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_sweep_driver(&value, sweep, 2, 0), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_sweep_report(&text, sweep, "html", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_null(bashu_sweep_outcome_name(sweep, 99));
    bashu_sweep_free(sweep);
    bashu_sweep_free(NULL);
    bashu_scenario_free(scenario);
    bashu_scenario_free(certain);
    kit_close(&k);
}

/* ---- a list of scenarios -------------------------------------------------------------------------- */

typedef struct taken {
    double gdp[8];
    size_t calls;
} taken;

static void take_gdp(void *payload, size_t k, const bashu_result *result)
{
    taken *t = payload;
    t->calls++;
    assert_int_equal(bashu_result_aggregate(result, "gdp", "all", "", BASHU_PERCENT, &t->gdp[k]), BASHU_OK);
}

static void a_list_is_solved_as_one_by_one(void **state)
{
    taken first = {0};
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        kit k;
        taken t = {0};
        bashu_scenario *list[8];
        bashu_result *alone = NULL;
        kit_lantern(&k, threads);
        for (size_t s = 0; s < 8; s++) list[s] = s == 5 ? NULL : write_and_read(&k, "", 95 - 5 * (double)s, "", -(double)s);
        kit_must(&k, bashu_solve_each(k.economy, NULL, (const bashu_scenario *const *)list, 8, take_gdp, &t));
        assert_int_equal(t.calls, 8);
        assert_true(t.gdp[5] == 0 && t.gdp[0] == 0 && t.gdp[7] > t.gdp[6] && t.gdp[6] > t.gdp[4]);
        if (threads == 1) first = t;
        assert_memory_equal(&first, &t, sizeof t);
        k.options = (bashu_options)BASHU_OPTIONS_INIT;
        k.options.starts = 0;
        bashu_solver *solver;
        kit_must(&k, bashu_solver_new(&solver, k.economy, &k.options));
        for (size_t s = 0; s < 8; s++) {
            double gdp;
            kit_must(&k, bashu_solve(&alone, solver, list[s]));
            kit_must(&k, bashu_result_aggregate(alone, "gdp", "all", "", BASHU_PERCENT, &gdp));
            assert_true(gdp == t.gdp[s]);
        }
        kit_must(&k, bashu_solve_each(k.economy, NULL, NULL, 0, take_gdp, &t));
        assert_int_equal(bashu_solve_each(k.economy, NULL, NULL, 1, take_gdp, &t), BASHU_ERROR_ARGUMENT);
        bashu_result_free(alone);
        bashu_solver_free(solver);
        for (size_t s = 0; s < 8; s++) bashu_scenario_free(list[s]);
        kit_close(&k);
    }
}

static void cancel_it(void *payload, size_t k, const bashu_result *result)
{
    (void)k;
    (void)result;
    bashu_cancel(payload);
}

static void stops_when_asked(void **state)
{
    kit k;
    bashu_scenario *list[8];
    (void)state;
    kit_lantern(&k, 2);
    for (size_t s = 0; s < 8; s++) list[s] = write_and_read(&k, "", 90, "", -1);
    assert_int_equal(bashu_solve_each(k.economy, NULL, (const bashu_scenario *const *)list, 8, cancel_it, k.context), BASHU_INTERRUPTED);
    bashu_resume(k.context);
    taken t = {0};
    kit_must(&k, bashu_solve_each(k.economy, NULL, (const bashu_scenario *const *)list, 8, take_gdp, &t));
    for (size_t s = 0; s < 8; s++) bashu_scenario_free(list[s]);
    kit_close(&k);
}

/* Wherever memory runs out, that is said, and nothing is left behind (the sanitizers look). */
static void memory_may_run_out(void **state)
{
    kit k;
    bool whole = false;
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *scenario = ordinary(&k);
    for (long at = 1; !whole; at += at < 40 ? 1 : 7) {
        bashu_sweep *sweep = NULL;
        char *text = NULL;
        context_fail_allocation(k.context, at);
        bashu_status status = bashu_sweep_new(&sweep, scenario, NULL, 2, BASHU_UNIFORM, NULL, 0);
        if (status == BASHU_OK) status = bashu_sweep_report(&text, sweep, "text", BASHU_ZH);
        context_fail_allocation(k.context, 0);
        whole = status == BASHU_OK;
        if (!whole) assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_true(at < 2000);
        bashu_text_free(text);
        bashu_sweep_free(sweep);
    }
    bashu_scenario_free(scenario);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(a_draw_does_not_know_how_many_there_are),
        cmocka_unit_test(draws_are_solved_as_scenarios_are),
        cmocka_unit_test(draws_have_their_distribution),
        cmocka_unit_test(summaries_and_drivers),
        cmocka_unit_test(nothing_drawn_nothing_changed),
        cmocka_unit_test(bad_questions),
        cmocka_unit_test(a_list_is_solved_as_one_by_one),
        cmocka_unit_test(stops_when_asked),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
