/* test_knowledge.c - how science and technique grow: closed forms, conservation, and parameters without a balanced path. */
#include "kit.h"
#include "time/path.h"

#include <stdio.h>

#define HEAD "format: bashu-scenario/1\nname: knowledge\neconomy: .\nchanges:\n"

/* Lantern with researchers and science, before calibration. */
static void read_lantern(kit *k, int threads, const char *law)
{
    static const double science[] = {6000, 1500, 500, 2500, 300, 200, 0}, industry[] = {9000, 8000, 2500, 7000, 1500, 1000, 0},
                        stock[] = {900, 300, 80, 500, 50, 30, 0};
    kit_open(k, threads);
    kit_read(k, LANTERN);
    assert_int_equal(k->data->about.N, 7);
    k->data->research = (research){{science, industry}, stock};
    kit_set(k, "model.time", "growth");
    kit_set(k, "model.innovation", law);
    kit_set(k, "elasticities.research_growth", "0.01");
    kit_set(k, "elasticities.research_decay", "0.5");
    kit_set(k, "elasticities.research_border_effect", "0.5");
}

static void open_lantern(kit *k, const char *law)
{
    read_lantern(k, 1, law);
    kit_calibrate(k);
}

static bashu_path *path_of(const kit *k, const bashu_scenario *scenario, int years)
{
    bashu_path *path;
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    wanted.years = years;
    kit_must(k, bashu_path_new(&path, k->economy, scenario, &k->options, &wanted));
    assert_int_equal(bashu_path_describe(path)->solved, (size_t)years + 1);
    return path;
}

static double residual_of(const bashu_path *path, size_t t, int with, const char *equation)
{
    const bashu_info *info = bashu_result_info(bashu_path_result(path, t, with));
    for (size_t q = 0; q < info->equation_count; q++)
        if (!strcmp(info->equations[q].name, equation)) return info->equations[q].residual;
    return (double)NAN;
}

static void must_be_certified(const bashu_path *path, size_t t)
{
    static const char *const equations[] = {"science", "technique", "researchers"};
    for (int q = 0; q < 3; q++) assert_true(residual_of(path, t, 1, equations[q]) <= 1e-12);
}

/* Nobody moves: the baseline is its own balanced path, to the last bit, for ever. */
static void nothing_is_exactly_nothing(void **state)
{
    kit k;
    double value;
    (void)state;
    open_lantern(&k, "research");
    bashu_path *path = path_of(&k, NULL, 40);
    for (size_t t = 1; t <= 40; t++) {
        kit_must(&k, bashu_path_aggregate(path, t, "gdp", "all", "", BASHU_PERCENT, &value));
        assert_true(value == 0);
        assert_int_equal(bashu_result_info(bashu_path_result(path, t, 0))->reason, BASHU_CONVERGED_UNCHANGED);
        must_be_certified(path, t);
    }
    bashu_path_free(path);
    kit_close(&k);
}

/* r times the researchers in science everywhere: S' = (1 - d) S + d S_0 r^l (S / S_0)^x, which ends at S_0 r^{l / (1 - x)}. */
static void science_goes_where_the_closed_form_says(void **state)
{
    enum { YEARS = 120 };
    kit k;
    double stock, base, path_of_stock = 1;
    const double r = 1.5, l = 0.75, x = 0.3, d = 0.15;
    (void)state;
    open_lantern(&k, "research");
    bashu_scenario *more = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: research_staff, regions: all, use: science, change_pct: 50, assumption: x}\n");
    bashu_path *path = path_of(&k, more, YEARS);
    for (int t = 1; t <= YEARS; t++) {
        kit_must(&k, bashu_path_aggregate(path, (size_t)t, "science_stock", "all", "", BASHU_COUNTERFACTUAL, &stock));
        kit_must(&k, bashu_path_aggregate(path, (size_t)t, "science_stock", "all", "", BASHU_BASE, &base));
        must_be("science on its way", stock / base, path_of_stock, 1e-12);
        path_of_stock = (1 - d) * path_of_stock + d * pow(r, l) * pow(path_of_stock, x); /* newcomers work in year 1, what they find is there in year 2 */
        must_be_certified(path, (size_t)t);
    }
    must_be("science in the end", stock / base, pow(r, l / (1 - x)), 1e-4);
    double people, before;
    kit_must(&k, bashu_path_aggregate(path, YEARS, "science_researchers", "all", "", BASHU_COUNTERFACTUAL, &people));
    kit_must(&k, bashu_path_aggregate(path, YEARS, "science_researchers", "all", "", BASHU_BASE, &before));
    must_be("researchers", people / before, r, 1e-13);
    bashu_path_free(path);
    bashu_scenario_free(more);
    kit_close(&k);
}

/* Industry alone, no science in it, one place's researchers doubled: log T' = rho log T + (1 - rho) o log T_1 + log((1 + i 2^l) / (1 + i)), so the
 * lead over places without ends at log(...) / (1 - rho), and the sum weighted by o grows by o log(...) a year. */
static void technique_leads_by_the_closed_form(void **state)
{
    enum { YEARS = 400 };
    kit k;
    (void)state;
    read_lantern(&k, 1, "research");
    kit_set(&k, "elasticities.industry_science_elasticity", "0");
    kit_set(&k, "elasticities.technique_persistence", "0.95");
    kit_calibrate(&k);
    bashu_scenario *more = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: research_staff, regions: [alder], use: industry, change_pct: 100, assumption: x}\n");
    bashu_path *path = path_of(&k, more, YEARS);
    const knowledge_state *known = path->known[1];
    size_t J = k.economy->about.J;
    /* alder is region 0, brook 1; i of alder in sector 0, from its definition */
    double value = 0, mean = 0, alder = 0, l = 0.5;
    for (size_t n = 0; n < k.economy->about.N; n++) {
        if ((long)n == k.economy->about.foreign) continue;
        double people = 0, output = k.economy->value_added_share[n * J] * k.economy->output[n * J];
        for (size_t s = 0; s < k.economy->about.S; s++) people += k.economy->people[n * k.economy->about.S + s];
        double intensity = pow(k.economy->research.people[RESEARCH_INDUSTRY][n] / people, l);
        value += output;
        mean += output * intensity;
        if (n == 0) alder = intensity;
    }
    double i = 0.01 * alder * value / mean, gain = log((1 + i * pow(2, l)) / (1 + i));
    double lead = known[YEARS].log_technique[0] - known[YEARS].log_technique[1 * J];
    must_be("lead in technique", lead, gain / (1 - 0.95), 1e-6);
    must_be("its first year", known[2].log_technique[0], gain, 1e-12);
    assert_true(known[2].log_technique[1 * J] == 0 && known[3].log_technique[1 * J] > 0); /* it diffuses, later */
    must_be_certified(path, YEARS);
    bashu_path_free(path);
    bashu_scenario_free(more);
    kit_close(&k);
}

/* Researchers that move are missing where they came from. */
static void researchers_are_conserved(void **state)
{
    kit k;
    double all[2], there[2], here[2];
    (void)state;
    open_lantern(&k, "research");
    bashu_scenario *move = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: research_staff, regions: [dune, elm], funders: [alder], use: industry, from_use: science, to: 1200, "
                                                "assumption: x, phase_in_years: 3}\n");
    bashu_path *path = path_of(&k, move, 6);
    for (size_t t = 1; t <= 6; t++) {
        double part = t < 3 ? (double)t / 3 : 1;
        for (int u = 0; u < 2; u++) kit_must(&k, bashu_path_aggregate(path, t, u ? "industry_researchers" : "science_researchers", "all", "", BASHU_COUNTERFACTUAL, &all[u]));
        for (int c = 0; c < 2; c++) {
            kit_must(&k, bashu_path_aggregate(path, t, "science_researchers", "region", "alder", c ? BASHU_COUNTERFACTUAL : BASHU_BASE, &there[c]));
            kit_must(&k, bashu_path_aggregate(path, t, "industry_researchers", "region", "dune", c ? BASHU_COUNTERFACTUAL : BASHU_BASE, &here[c]));
        }
        must_be("all researchers", all[0] + all[1], 11000 + 29000, 1e-13);
        must_be("those who left", there[0] - there[1], 1200 * part, 1e-10);
        must_be("those who came", here[1] - here[0], 1200 * part * 7000 / 8500, 1e-10);
        must_be_certified(path, t);
    }
    bashu_path_free(path);
    bashu_scenario_free(move);
    kit_close(&k);
}

static void open_borders_and_shorter_ways_help(void **state)
{
    kit k;
    double circle, before;
    (void)state;
    open_lantern(&k, "research");
    bashu_scenario *joint = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: research_border, between: [[alder], [dune]], change_pct: 80, assumption: x}\n");
    bashu_path *path = path_of(&k, joint, 20);
    kit_must(&k, bashu_path_aggregate(path, 20, "gdp", "all", "", BASHU_PERCENT, &circle));
    assert_true(circle > 0);
    kit_must(&k, bashu_path_aggregate(path, 2, "gdp", "all", "", BASHU_PERCENT, &before));
    assert_true(before >= 0 && before < circle);
    must_be_certified(path, 20);
    bashu_path_free(path);
    bashu_scenario_free(joint);
    joint = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: research_border, between: [[alder], [dune]], change_pct: 120, assumption: x}\n");
    assert_int_equal(bashu_path_new(&path, k.economy, joint, NULL, NULL), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(k.context), "without a border"));
    bashu_scenario_free(joint);
    kit_close(&k);
}

typedef struct explosive {
    const char *law, *setting, *value, *says;
} explosive;

static void what_explodes_is_refused_by_name(void **state)
{
    static const explosive cases[] = {
        {"research", "elasticities.science_spillover", "1", "science_spillover"},
        {"research", "elasticities.science_depreciation", "0", "science_depreciation"},
        {"research", "elasticities.science_depreciation", "1.5", "science_depreciation"},
        {"research", "elasticities.technique_persistence", "1", "technique_persistence"},
        {"market", "elasticities.technique_persistence", "1.2", "technique_persistence"},
        {"market", "elasticities.innovation_elasticity", "0.3", "innovation_elasticity / (1 - technique_persistence)"},
        {"market", "elasticities.agglomeration_elasticity", "2", "agglomeration outweighs dispersion"},
    };
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        kit k;
        bashu_path *path = NULL;
        read_lantern(&k, 1, cases[c].law);
        kit_set(&k, cases[c].setting, cases[c].value);
        kit_calibrate(&k);
        assert_int_equal(bashu_path_new(&path, k.economy, NULL, NULL, NULL), BASHU_ERROR_INPUT);
        if (!strstr(bashu_message(k.context), cases[c].says)) fail_msg("'%s' does not say '%s'", bashu_message(k.context), cases[c].says);
        assert_null(path);
        kit_close(&k);
    }
}

/* The same bits for any number of threads. */
static void threads_do_not_matter(void **state)
{
    double first[8], other[8];
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        kit k;
        read_lantern(&k, threads, "research");
        kit_calibrate(&k);
        bashu_scenario *move = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: research_staff, regions: [dune], use: science, change_pct: 30, assumption: x}\n");
        bashu_path *path = path_of(&k, move, 7);
        for (size_t t = 0; t < 8; t++)
            kit_must(&k, bashu_path_aggregate(path, t, "welfare", "region", "alder", BASHU_PERCENT, threads == 1 ? &first[t] : &other[t]));
        assert_true(first[7] != 0);
        if (threads > 1) assert_memory_equal(first, other, sizeof first);
        bashu_path_free(path);
        bashu_scenario_free(move);
        kit_close(&k);
    }
}

/* ---- how much of each change ----------------------------------------------------------------------- */

#define TURN(id, place, use, from, staff) "  - {id: " id ", title: A, lever: research_staff, regions: [" place "], funders: [" place "], use: " use ", from_use: " from ", to: " staff ", assumption: x}\n"
enum { OPTIMUM_YEARS = 25 };

/* Present value of a province's GDP when 3,000 a and 1,500 b of the researchers of alder and dune turn, by the scenario's own text. */
static double turned(const kit *k, double a, double b)
{
    char text[1024];
    double present;
    static const char form[] = HEAD TURN("a", "alder", "%s", "%s", "%.17g") TURN("b", "dune", "%s", "%s", "%.17g");
    static const char *const uses[] = {"science", "industry"};
    assert_true(snprintf(text, sizeof text, form, uses[a < 0], uses[a >= 0], 3000 * fabs(a), uses[b >= 0], uses[b < 0], 1500 * fabs(b)) > 0);
    bashu_scenario *scenario = kit_scenario(k, text);
    bashu_path *path = path_of(k, scenario, OPTIMUM_YEARS);
    kit_must(k, bashu_path_present_value(path, "gdp", "all", "", &present));
    bashu_path_free(path);
    bashu_scenario_free(scenario);
    return present;
}

static bashu_optimum *optimum_of(const kit *k, const char *text, double low, double high, bashu_scenario **scenario)
{
    bashu_optimum *best;
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    wanted.years = OPTIMUM_YEARS;
    *scenario = kit_scenario(k, text);
    kit_must(k, bashu_optimum_new(&best, *scenario, &k->options, &wanted, "gdp:all", low, high));
    return best;
}

static const char two_turns[] = HEAD TURN("a", "alder", "science", "industry", "3000") TURN("b", "dune", "industry", "science", "1500");

/* Against a grid of scenarios written out, slopes by differences of such, and shares by hand. Reversing a turn is its negative. */
static void researchers_are_best_where_a_grid_says(void **state)
{
    kit k;
    bashu_scenario *scenario;
    double most = -INFINITY, h = 0.05;
    (void)state;
    open_lantern(&k, "research");
    bashu_optimum *best = optimum_of(&k, two_turns, -1.5, 1.5, &scenario);
    const bashu_optimum_info *info = bashu_optimum_describe(best);
    const bashu_optimum_point *at = bashu_optimum_named(best, "best"), *today = bashu_optimum_named(best, "today"), *written = bashu_optimum_named(best, "as_written"), *equal = bashu_optimum_named(best, "equal");
    assert_true(at && today && written && equal && info->certified && info->to_gain <= 1e-5);
    assert_true(today->worth == 0 && today->last == 0 && today->nation == 0 && today->welfare == 0);
    assert_true(written->worth == turned(&k, 1, 1)); /* to the last bit: a path beside another is the path alone */
    must_be("equal shares, alder", equal->scale[0], (15000.0 * 8500 / 24500 - 6000) / 3000, 1e-12);
    must_be("equal shares, dune", equal->scale[1], -(9500.0 * 8500 / 24500 - 2500) / 1500, 1e-12);
    must_be("the same share", equal->scientists[0] / equal->industrial[0], equal->scientists[1] / equal->industrial[1], 1e-12);
    must_be("nobody is lost", at->scientists[0] + at->industrial[0], 15000, 1e-12);
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < 7; j++) {
            double x[] = {-1.5 + 0.5 * i, -1.5 + 0.5 * j};
            most = fmax(most, turned(&k, x[0], x[1]));
        }
    if (most > info->worth) fail_msg("a point of the grid is worth %.9g, the best %.9g", most, info->worth);
    print_message("best %.4f %.4f: %.6f, grid %.6f\n", at->scale[0], at->scale[1], info->worth, most);
    for (size_t c = 0; c < 2; c++) {
        double up = turned(&k, at->scale[0] + (c == 0 ? h : 0), at->scale[1] + (c == 1 ? h : 0));
        double down = turned(&k, at->scale[0] - (c == 0 ? h : 0), at->scale[1] - (c == 1 ? h : 0));
        assert_true(fabs((up - down) / (2 * h) - bashu_optimum_slope(best, c)) < 2e-4);
        assert_true(fabs((up + down - 2 * info->worth) / (h * h) - bashu_optimum_bend(best, c, c)) < 0.05 * fabs(bashu_optimum_bend(best, c, c)));
        if (fabs(at->scale[c]) < 1.5) assert_true(up <= info->worth + 1e-7 && down <= info->worth + 1e-7);
    }
    double x[2] = {at->scale[0], at->scale[1]}, mixed = 0;
    for (int q = 0; q < 4; q++) mixed += (q == 0 || q == 3 ? 1 : -1) * turned(&k, x[0] + (q & 1 ? h : -h), x[1] + (q & 2 ? h : -h));
    mixed /= 4 * h * h;
    if (!(fabs(mixed - bashu_optimum_bend(best, 0, 1)) < 0.1 * fabs(mixed))) fail_msg("mixed bend %.6g, by differences %.6g", bashu_optimum_bend(best, 0, 1), mixed);
    bashu_optimum_free(best);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* Within bounds the best is at the bound when going on would help, and says so; with one change it is what one scale for all gives. */
static void bounds_hold_the_best(void **state)
{
    kit k;
    bashu_scenario *scenario;
    bashu_best *alone;
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    (void)state;
    open_lantern(&k, "research");
    bashu_optimum *best = optimum_of(&k, two_turns, 0, 0.25, &scenario);
    const bashu_optimum_point *at = bashu_optimum_named(best, "best");
    assert_true(at && bashu_optimum_describe(best)->certified && !bashu_optimum_named(best, "equal"));
    for (size_t c = 0; c < 2; c++) {
        double slope = bashu_optimum_slope(best, c);
        assert_true(at->scale[c] >= 0 && at->scale[c] <= 0.25);
        assert_true(at->scale[c] == 0 ? slope <= 1e-4 : at->scale[c] == 0.25 ? slope >= -1e-4 : fabs(slope) < 1e-3);
    }
    bashu_optimum_free(best);
    bashu_scenario_free(scenario);
    best = optimum_of(&k, HEAD TURN("a", "alder", "science", "industry", "3000"), -2, 2, &scenario);
    wanted.years = OPTIMUM_YEARS;
    kit_must(&k, bashu_best_new(&alone, scenario, &k.options, &wanted, "gdp:all", -2, 2));
    must_be("one change, one scale", bashu_optimum_describe(best)->worth, bashu_best_describe(alone)->worth, 1e-4);
    assert_true(fabs(bashu_optimum_named(best, "best")->scale[0] - bashu_best_describe(alone)->scale) < 0.02);
    bashu_best_free(alone);
    bashu_optimum_free(best);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* Researchers of one use who go from place to place: equal is as many in both. Threads do not matter. */
static void moves_are_shared_out(void **state)
{
    bashu_optimum_point first = {0};
    (void)state;
    for (int threads = 1; threads <= 2; threads++) {
        kit k;
        bashu_scenario *scenario;
        read_lantern(&k, threads, "research");
        kit_calibrate(&k);
        bashu_optimum *best = optimum_of(&k, HEAD "  - {id: a, title: A, lever: research_staff, regions: [alder], funders: [dune], use: science, to: 1000, assumption: x}\n", -2, 2, &scenario);
        must_be("equal numbers", bashu_optimum_named(best, "equal")->scale[0], -1.75, 1e-12); /* (2500 - 6000) / 2 / 1000 */
        const bashu_optimum_point *at = bashu_optimum_named(best, "best");
        if (threads == 1) first = *at;
        else assert_memory_equal(&first, at, sizeof first);
        bashu_optimum_free(best);
        bashu_scenario_free(scenario);
        kit_close(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(researchers_are_best_where_a_grid_says),
        cmocka_unit_test(bounds_hold_the_best),
        cmocka_unit_test(moves_are_shared_out),
        cmocka_unit_test(nothing_is_exactly_nothing),
        cmocka_unit_test(science_goes_where_the_closed_form_says),
        cmocka_unit_test(technique_leads_by_the_closed_form),
        cmocka_unit_test(researchers_are_conserved),
        cmocka_unit_test(open_borders_and_shorter_ways_help),
        cmocka_unit_test(what_explodes_is_refused_by_name),
        cmocka_unit_test(threads_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
