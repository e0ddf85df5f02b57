/* test_upgrades.c - the best size of every link: against a grid of solves by hand, and what must hold of it; a budget spread by itself against closed forms. */
#include "../scratch.h"
#include "../truth/kit.h"
#include "policy/spread.h"
#include "policy/upgrades.h"

#include <stdio.h>

/* ---- spreading a budget ------------------------------------------------------------------------------- */

enum { THINGS = 12 };

/* The conditions of an optimum, from x and the prices alone. */
static void must_be_optimal(const spread *s)
{
    double spent = 0;
    for (size_t l = 0; l < s->n; l++) {
        double weight = s->weight[l];
        for (size_t m = 0; m < s->m; m++) weight += s->shadow[m] * s->slope[m * s->n + l];
        double gap = weight / (s->capital[l] + s->x[l]) - s->price;
        spent += s->x[l];
        assert_true(s->x[l] >= 0 && s->x[l] <= s->most[l]);
        if (s->x[l] > 0) assert_true(gap >= -1e-9 * (1 + s->price));
        if (s->x[l] < s->most[l]) assert_true(gap <= 1e-9 * (1 + s->price));
    }
    if (s->price > 0) assert_true(fabs(spent - s->budget) <= 1e-9 * s->budget);
    assert_true(spent <= s->budget * (1 + 1e-9));
    for (size_t m = 0; m < s->m; m++) {
        double slack = -s->least[m];
        for (size_t l = 0; l < s->n; l++) slack += s->slope[m * s->n + l] * log1p(s->x[l] / s->capital[l]);
        /* where money is worth nothing, what is indifferent jumps from nothing to all, and slack may be left */
        if (!(slack >= -1e-7 && s->shadow[m] >= 0 && (s->shadow[m] * slack <= 1e-6 || s->price < 1e-9))) fail_msg("constraint %zu: slack %.3g, shadow %.3g; price %.3g", m, slack, s->shadow[m], s->price);
    }
}

static void a_budget_goes_where_it_is_worth_most(void **state)
{
    (void)state;
    random_stream stream;
    double weight[THINGS], capital[THINGS], most[THINGS], slope[2 * THINGS], least[2], x[THINGS], shadow[2];
    random_seed(&stream, 7);
    size_t bound = 0;
    for (int trial = 0; trial < 200; trial++) {
        for (size_t l = 0; l < THINGS; l++) {
            weight[l] = random_normal(&stream);
            capital[l] = exp(random_normal(&stream));
            most[l] = trial % 3 ? 1e9 : 2 * random_uniform(&stream);
        }
        for (size_t k = 0; k < 2 * THINGS; k++) slope[k] = random_normal(&stream);
        spread s = {.n = THINGS, .m = 0, .weight = weight, .capital = capital, .most = most, .slope = slope, .least = least, .budget = 0.1 + 5 * random_uniform(&stream), .x = x, .shadow = shadow};
        spread_solve(&s);
        assert_true(s.feasible);
        must_be_optimal(&s);
        for (size_t m = 0; m < 2; m++) { /* a little more than what comes by itself */
            least[m] = 0.05;
            for (size_t l = 0; l < THINGS; l++) least[m] += slope[m * THINGS + l] * log1p(x[l] / capital[l]);
        }
        s.m = 2;
        spread_solve(&s);
        if (!s.feasible) continue;
        must_be_optimal(&s);
        bound += shadow[0] > 0 || shadow[1] > 0;
    }
    assert_true(bound > 50);
    /* two things alike share, and what nobody wants gets nothing */
    double same[3] = {1, 1, -1}, one[3] = {1, 1, 1}, much[3] = {9, 9, 9};
    spread s = {.n = 3, .weight = same, .capital = one, .most = much, .budget = 4, .x = x, .shadow = shadow};
    spread_solve(&s);
    assert_true(fabs(x[0] - 2) < 1e-12 && fabs(x[1] - 2) < 1e-12 && x[2] == 0 && fabs(s.price - 1.0 / 3) < 1e-12);
    double impossible[3] = {0, 0, 1}, far[1] = {100};
    s.m = 1;
    s.slope = impossible;
    s.least = far;
    spread_solve(&s);
    assert_false(s.feasible);
}

/* ---- plans ------------------------------------------------------------------------------------------- */

static const char head[] = "format: bashu-upgrades/1\nname: t\neconomy: .\ncandidates:\n";
static const char two[] = "  - {links: [rail-alder-elm, rail-elm-dune], capital_per_km: {value: 0.01, source: s}, returns: {value: 0.4, source: s}, fastest_km_per_h: 160}\n";
static const char roads[] = "  - {links: {mode: road, within: all}, capital_per_km: {value: 0.02, source: s}, returns: {value: 0.3, source: s}, fastest_km_per_h: 90}\n";

static void open_lantern(kit *k, int threads)
{
    kit_open(k, threads);
    kit_read(k, LANTERN);
    graph_link *ways = (graph_link *)(uintptr_t)k->data->about.network->links; /* this test's own; of two ways one is the quicker */
    for (size_t l = 0; l < k->data->about.network->link_count; l++) ways[l].time_h *= 1 + 0.004 * (double)(l * 7 % 11);
    kit_calibrate(k);
    k->options.tolerance = 1e-12;
}

static bashu_status plan_of(bashu_upgrades **out, const kit *k, const char *candidates, double budget, const char *outcome, bool nobody_loses)
{
    bashu_upgrades_options wanted = BASHU_UPGRADES_OPTIONS_INIT;
    char text[2048];
    scratch folder;
    wanted.budget = budget;
    wanted.outcome = outcome;
    wanted.nobody_loses = nobody_loses;
    assert_true(scratch_open(&folder));
    snprintf(text, sizeof text, "%s%s", head, candidates);
    bashu_status status = bashu_upgrades_new(out, k->economy, scratch_text(&folder, "upgrades.yaml", text), &wanted, &k->options);
    scratch_close(&folder);
    return status;
}

/* Percent of welfare of the nation with this money on the two railways, by the solver asked by hand; minutes by the law written out again. */
static double by_hand(kit *k, bashu_solver *solver, double elm, double dune)
{
    char text[512];
    const graph_link *ways = k->economy->about.network->links; /* the fifth and the sixth are the railways */
    double value, minutes[2] = {60 * ways[4].time_h * pow(1 + elm / (0.01 * 195), -0.4), 60 * ways[5].time_h * pow(1 + dune / (0.01 * 118), -0.4)};
    bashu_result *result = NULL;
    snprintf(text, sizeof text, "format: bashu-scenario/1\nname: t\neconomy: .\nchanges:\n"
             "  - {id: a, title: A, lever: link_time, links: [rail-alder-elm], to: %.17g, unit: minutes, source: s}\n"
             "  - {id: b, title: B, lever: link_time, links: [rail-elm-dune], to: %.17g, unit: minutes, source: s}\n", fmax(minutes[0], 60 * 195.0 / 160), fmax(minutes[1], 60 * 118.0 / 160));
    bashu_scenario *scenario = kit_scenario(k, text);
    kit_must(k, bashu_solve(&result, solver, scenario));
    kit_must(k, bashu_result_aggregate(result, "welfare", "all", "", BASHU_PERCENT, &value));
    bashu_result_free(result);
    bashu_scenario_free(scenario);
    return value;
}

static void no_spread_on_a_grid_is_better(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 0);
    bashu_solver *solver;
    kit_must(&k, bashu_solver_new(&solver, k.economy, &k.options));
    for (int b = 0; b < 3; b++) {
        double budget = 0.4 * pow(4, b), best = 0, at = 0;
        bashu_upgrades *plan;
        bashu_upgraded_link link[2];
        kit_must(&k, plan_of(&plan, &k, two, budget, "welfare", false));
        const bashu_upgrades_info *info = bashu_upgrades_information(plan);
        assert_true(info->reason > 0 && info->residual <= 1e-6 && info->links == 2);
        for (size_t q = 0; q < 2; q++) kit_must(&k, bashu_upgrades_link(plan, q, &link[q]));
        double planned = by_hand(&k, solver, link[0].money, link[1].money);
        if (fabs(planned - info->gain_pct) > 1e-9) fail_msg("plan %.12g, by hand %.12g", info->gain_pct, planned);
        for (int q = 0; q <= 40; q++) {
            double value = by_hand(&k, solver, budget * q / 40, budget * (40 - q) / 40);
            if (value > best) best = value, at = budget * q / 40;
        }
        if (!(info->gain_pct >= best - 1e-9)) fail_msg("budget %g: plan %.9g with %g, grid %.9g with %g", budget, info->gain_pct, link[0].money, best, at);
        assert_true(info->bound_pct >= info->gain_pct - 1e-9 && info->gain_pct >= info->even_pct && info->even_pct > 0);
        assert_true(fabs(info->spent - budget) <= 1e-9 * budget);
        if (!(info->slope_error < 1e-5)) fail_msg("budget %g: slope %.3g apart; %g %g", budget, info->slope_error, link[0].money, link[1].money);
        /* the price of the budget is what a little more of it brings */
        bashu_upgrades *more;
        kit_must(&k, plan_of(&more, &k, two, budget * 1.001, "welfare", false));
        double slope = 100 * log((100 + bashu_upgrades_information(more)->gain_pct) / (100 + info->gain_pct)) / (0.001 * budget);
        if (fabs(slope - info->price_pct) > 2e-3 * slope) fail_msg("budget %g: price %.9g, slope %.9g", budget, info->price_pct, slope);
        bashu_upgrades_free(more);
        bashu_upgrades_free(plan);
    }
    bashu_solver_free(solver);
    kit_close(&k);
}

static void everything_is_built_where_money_is_no_matter(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 0);
    bashu_upgrades *plan;
    bashu_upgraded_link link;
    kit_must(&k, plan_of(&plan, &k, two, 1e6, "welfare", false));
    for (size_t q = 0; q < 2; q++) {
        kit_must(&k, bashu_upgrades_link(plan, q, &link));
        assert_true(link.money == link.most);
        assert_true(fabs(link.planned_minutes - 60 * (q ? 118.0 : 195.0) / 160) < 1e-9);
    }
    assert_true(bashu_upgrades_information(plan)->price_pct == 0 && bashu_upgrades_information(plan)->reason > 0);
    bashu_upgrades_free(plan);
    kit_close(&k);
}

static void nobody_loses_more_than_allowed(void **state)
{
    (void)state;
    static const char *const outcomes[] = {"gdp:region=brook", "gdp:region=fern"};
    kit k;
    open_lantern(&k, 0);
    for (size_t o = 0; o < 2; o++) {
        bashu_upgrades *plan, *any;
        kit_must(&k, plan_of(&plan, &k, roads, 3, outcomes[o], true));
        kit_must(&k, plan_of(&any, &k, roads, 3, outcomes[o], false));
        const bashu_upgrades_info *with = bashu_upgrades_information(plan), *without = bashu_upgrades_information(any);
        assert_true(without->least_pct < -0.05); /* else there is nothing to see */
        assert_true(with->reason > 0 && with->least_pct >= -0.01 * (1 + 1e-6) && with->least_pct <= -0.01 * (1 - 1e-4));
        assert_true(with->gain_pct < without->gain_pct && with->gain_pct > with->even_pct);
        bashu_upgrades_free(plan);
        bashu_upgrades_free(any);
    }
    kit_close(&k);
}

static void threads_give_the_same_bits(void **state)
{
    (void)state;
    char *text[2];
    for (int t = 0; t < 2; t++) {
        kit k;
        bashu_upgrades *plan;
        open_lantern(&k, t ? 2 : 1);
        kit_must(&k, plan_of(&plan, &k, roads, 2, "gdp:circle=twin", true));
        kit_must(&k, bashu_upgrades_report(&text[t], plan, "csv", BASHU_EN));
        bashu_upgrades_free(plan);
        kit_close(&k);
    }
    assert_string_equal(text[0], text[1]);
    for (int t = 0; t < 2; t++) bashu_text_free(text[t]);
}

static void the_plan_is_a_scenario(void **state)
{
    (void)state;
    kit k;
    bashu_upgrades *plan;
    char *text;
    double value;
    bashu_solver *solver;
    bashu_result *result = NULL;
    open_lantern(&k, 0);
    kit_must(&k, plan_of(&plan, &k, roads, 2, "gdp:circle=twin", false));
    kit_must(&k, bashu_upgrades_report(&text, plan, "scenario", BASHU_EN));
    bashu_scenario *scenario = kit_scenario(&k, text);
    kit_must(&k, bashu_solver_new(&solver, k.economy, &k.options));
    kit_must(&k, bashu_solve(&result, solver, scenario));
    kit_must(&k, bashu_result_aggregate(result, "gdp", "circle", "twin", BASHU_PERCENT, &value));
    if (fabs(value - bashu_upgrades_information(plan)->gain_pct) > 1e-9) fail_msg("plan %.12g, scenario %.12g", bashu_upgrades_information(plan)->gain_pct, value);
    bashu_text_free(text);
    kit_must(&k, bashu_upgrades_report(&text, plan, "projects", BASHU_EN));
    bashu_scenario *projects = kit_scenario(&k, text);
    bashu_plan *set;
    bashu_plan_options wanted = BASHU_PLAN_OPTIONS_INIT;
    wanted.budget = 2;
    kit_must(&k, bashu_plan_new(&set, projects, &wanted, &k.options));
    bashu_plan_free(set);
    bashu_scenario_free(projects);
    bashu_text_free(text);
    bashu_result_free(result);
    bashu_solver_free(solver);
    bashu_scenario_free(scenario);
    bashu_upgrades_free(plan);
    kit_close(&k);
}

/* ---- what is refused --------------------------------------------------------------------------------- */

static void wrong_files_say_what_to_mend(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"  - {links: [rail-alder-elm], capital_per_km: {value: 1}, returns: {value: 0.4, source: s}, fastest_km_per_h: 160}\n", "upgrades.yaml:5: capital_per_km: where does the number come from?"},
        {"  - {links: [rail-alder-elm], capital_per_km: {value: 0, source: s}, returns: {value: 0.4, source: s}, fastest_km_per_h: 160}\n", "capital_per_km: must be a number above 0"},
        {"  - {links: [rail-alder-elm], capital_per_km: {value: 1, source: s}, fastest_km_per_h: 160}\n", "returns"},
        {"  - {links: [rail-alder-em], capital_per_km: {value: 1, source: s}, returns: {value: 0.4, source: s}, fastest_km_per_h: 160}\n", "did you mean 'rail-alder-elm'"},
        {"  - {links: {mode: rail, within: all}, capital_per_km: {value: 1, source: s}, returns: {value: 0.4, source: s}, fastest_km_per_h: 160}\n", "unknown mode 'rail'"},
        {"  - {links: {mode: road}, capital_per_km: {value: 1, source: s}, returns: {value: 0.4, source: s}, fastest_km_per_h: 160}\n", "needs one of within and touching"},
        {"  - {links: {mode: rail_high_speed, within: [fern]}, capital_per_km: {value: 1, source: s}, returns: {value: 0.4, source: s}, fastest_km_per_h: 160}\n", "selects no link"},
        {"  - {links: [rail-alder-elm], capital_per_km: {value: 1, source: s}, returns: {value: 0.4, source: s}, fastest_km_per_h: 160}\n"
         "  - {links: [rail-alder-elm], capital_per_km: {value: 1, source: s}, returns: {value: 0.4, source: s}, fastest_km_per_h: 160}\n", "upgrades.yaml:6: links: 'rail-alder-elm' is in an item above already"},
        {"  - {links: [rail-alder-elm], capital_per_km: {value: 1, source: s}, returns: {value: 0.4, source: s}, fastest_km_per_h: 20}\n", "every candidate has its fastest speed already"},
    };
    kit k;
    open_lantern(&k, 1);
    bashu_upgrades *plan;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        assert_int_equal(plan_of(&plan, &k, cases[c][0], 1, "welfare", false), BASHU_ERROR_INPUT);
        if (!strstr(bashu_message(k.context), cases[c][1])) fail_msg("case %zu: %s", c, bashu_message(k.context));
        assert_null(plan);
    }
    assert_int_equal(plan_of(&plan, &k, two, 0, "welfare", false), BASHU_ERROR_ARGUMENT);
    assert_int_equal(plan_of(&plan, &k, two, 1, "welfare:region=bro", false), BASHU_ERROR_ARGUMENT);
    if (!strstr(bashu_message(k.context), "no region 'bro'")) fail_msg("%s", bashu_message(k.context));
    kit_close(&k);
}

static void no_memory_is_an_error_like_others(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 1);
    for (long failing = 1; failing < 2000; failing += 37) {
        bashu_upgrades *plan = NULL;
        context_fail_allocation(k.context, failing);
        bashu_status status = plan_of(&plan, &k, two, 1, "welfare", false);
        context_fail_allocation(k.context, 0);
        assert_true(status == BASHU_OK || status == BASHU_ERROR_MEMORY);
        assert_true((plan != NULL) == (status == BASHU_OK));
        bashu_upgrades_free(plan);
    }
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_budget_goes_where_it_is_worth_most), cmocka_unit_test(no_spread_on_a_grid_is_better), cmocka_unit_test(everything_is_built_where_money_is_no_matter),
        cmocka_unit_test(nobody_loses_more_than_allowed), cmocka_unit_test(threads_give_the_same_bits), cmocka_unit_test(the_plan_is_a_scenario),
        cmocka_unit_test(wrong_files_say_what_to_mend), cmocka_unit_test(no_memory_is_an_error_like_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
