/* test_path.c - years: no shock is exactly none, what is in force in a year is what the static answer to it says, whoever computes it. */
#include "../truth/kit.h"
#include "time/path.h"

#include <stdio.h>

enum { YEARS = 8 };

#define HEAD "format: bashu-scenario/1\nname: years\neconomy: .\nchanges:\n"

static bashu_path *path_of(const kit *k, const bashu_scenario *scenario)
{
    bashu_path *path;
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    wanted.years = YEARS;
    kit_must(k, bashu_path_new(&path, k->economy, scenario, &k->options, &wanted));
    const bashu_path_info *info = bashu_path_describe(path);
    assert_int_equal(info->year_count, YEARS + 1);
    assert_int_equal(info->solved, YEARS + 1);
    return path;
}

/* Of the whole nation and a place, in a year. */
static void effects_in(double out[4], const bashu_path *path, size_t t)
{
    assert_int_equal(bashu_path_aggregate(path, t, "gdp", "all", "", BASHU_PERCENT, &out[0]), BASHU_OK);
    assert_int_equal(bashu_path_aggregate(path, t, "welfare", "region", "alder", BASHU_PERCENT, &out[1]), BASHU_OK);
    assert_int_equal(bashu_path_aggregate(path, t, "population", "region", "dune", BASHU_PERCENT, &out[2]), BASHU_OK);
    assert_int_equal(bashu_path_aggregate(path, t, "land_rent", "region", "brook", BASHU_PERCENT, &out[3]), BASHU_OK);
}

static void nothing_is_exactly_nothing(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *none = kit_scenario(&k, "format: bashu-scenario/1\nname: n\neconomy: .\nchanges: []\n");
    bashu_scenario *later = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: land, regions: [elm], change_pct: 9, assumption: x, from_year: 2200}\n");
    for (int which = 0; which < 3; which++) {
        bashu_path *path = path_of(&k, which == 0 ? NULL : which == 1 ? none : later);
        double percent[64], level[64], base[64];
        size_t N = k.economy->about.N;
        for (size_t t = 0; t <= YEARS; t++) {
            kit_must(&k, bashu_path_values(path, t, "gdp", BASHU_PERCENT, percent, N));
            kit_must(&k, bashu_path_values(path, t, "welfare", BASHU_COUNTERFACTUAL, level, N));
            kit_must(&k, bashu_path_values(path, t, "welfare", BASHU_BASE, base, N));
            for (size_t n = 0; n < N; n++) assert_true(percent[n] == 0 && level[n] == base[n]);
            assert_int_equal(bashu_result_info(bashu_path_result(path, t, 1))->reason, BASHU_CONVERGED_UNCHANGED);
        }
        double present;
        kit_must(&k, bashu_path_present_value(path, "gdp", "all", "", &present));
        assert_true(present == 0);
        assert_int_equal(bashu_path_describe(path)->passes, 0);
        bashu_path_free(path);
    }
    bashu_scenario_free(none);
    bashu_scenario_free(later);
    kit_close(&k);
}

/* A change up to its value, the value, and what is in force of it after one of two equal steps. */
typedef struct phased {
    const char *begin, *whole, *half;
} phased;
static const phased changes[] = {
    {"lever: link_time, links: [rail-alder-dune-hs], unit: minutes, to:", "35", "65"}, /* 95 now */
    {"lever: productivity, regions: [fern], sectors: [food], change_pct:", "30", "15"},
    {"lever: productivity, regions: [fern], sectors: [food], hat:", "1.44", "1.2"},
    {"lever: subsidy, regions: [alder, fern], sectors: [goods], funders: [dune, elm], to:", "0.06", "0.03"},
    {"lever: tariff, buyers: [alder], sellers: [SEA], to:", "0.3", "0.15"},
    {"lever: zone_land, zones: [lamp], change_pct:", "40", "20"},
    {"lever: transfer, regions: [elm], funders: [alder], to:", "3", "1.5"},
};

static bashu_scenario *one_change(const kit *k, const char *begin, const char *value, const char *years)
{
    char text[4096];
    assert_true(snprintf(text, sizeof text, HEAD "  - {id: a, title: A, assumption: invented, %s %s%s}\n", begin, value, years) > 0);
    return kit_scenario(k, text);
}

static void half_way_is_half_the_change(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof changes / sizeof *changes; c++) {
        kit k;
        kit_lantern(&k, 1);
        bashu_scenario *years = one_change(&k, changes[c].begin, changes[c].whole, ", from_year: 2022, phase_in_years: 2, until_year: 2024");
        bashu_path *path = path_of(&k, years);
        bashu_result *result = NULL;
        bashu_solver *solver;
        kit_must(&k, bashu_solver_new(&solver, k.economy, &k.options));
        for (size_t t = 0; t <= YEARS; t++) {
            double got[4], expected[4] = {0};
            effects_in(got, path, t);
            const char *value = t == 2 ? changes[c].half : t == 3 || t == 4 ? changes[c].whole : NULL;
            if (value) {
                bashu_scenario *alone = one_change(&k, changes[c].begin, value, "");
                kit_must(&k, bashu_solve(&result, solver, alone));
                kit_must(&k, bashu_result_aggregate(result, "gdp", "all", "", BASHU_PERCENT, &expected[0]));
                kit_must(&k, bashu_result_aggregate(result, "welfare", "region", "alder", BASHU_PERCENT, &expected[1]));
                kit_must(&k, bashu_result_aggregate(result, "population", "region", "dune", BASHU_PERCENT, &expected[2]));
                kit_must(&k, bashu_result_aggregate(result, "land_rent", "region", "brook", BASHU_PERCENT, &expected[3]));
                assert_true(fabs(expected[0]) > 1e-6);
                bashu_scenario_free(alone);
            }
            for (int q = 0; q < 4; q++) {
                if (t < 2) assert_true(got[q] == 0);
                if (!(fabs(got[q] - expected[q]) < 1e-7)) fail_msg("change %zu, year %zu, outcome %d: %.12g, not %.12g", c, t, q, got[q], expected[q]);
            }
        }
        bashu_result_free(result);
        bashu_solver_free(solver);
        bashu_path_free(path);
        bashu_scenario_free(years);
        kit_close(&k);
    }
}

static const char several[] = HEAD "  - {id: line, title: L, lever: link_time, links: [rail-alder-dune-hs], to: 60, unit: minutes, assumption: x, from_year: 2023}\n"
                              "  - {id: food, title: F, lever: productivity, regions: [fern], sectors: [food], change_pct: 12, assumption: x, phase_in_years: 6}\n"
                              "  - {id: zone, title: Z, lever: zone_land, zones: [lamp], change_pct: 30, assumption: x, from_year: 2022, phase_in_years: 4, until_year: 2026}\n";

static void threads_do_not_matter(void **state)
{
    double first[YEARS + 1][4], other[YEARS + 1][4];
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        kit k;
        kit_lantern(&k, threads);
        bashu_scenario *scenario = kit_scenario(&k, several);
        bashu_path *path = path_of(&k, scenario);
        for (size_t t = 0; t <= YEARS; t++) effects_in(threads == 1 ? first[t] : other[t], path, t);
        if (threads > 1) assert_memory_equal(first, other, sizeof first);
        bashu_path_free(path);
        bashu_scenario_free(scenario);
        kit_close(&k);
    }
}

/* Each year has a certificate, and costs little because it begins where the last ended. */
static void every_year_is_certified_and_cheap(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 1);
    k.options.tolerance = 1e-10;
    bashu_scenario *scenario = kit_scenario(&k, several);
    bashu_path *path = path_of(&k, scenario);
    double worst = 0;
    for (size_t t = 0; t <= YEARS; t++)
        for (int with = 0; with < 2; with++) {
            const bashu_info *info = bashu_result_info(bashu_path_result(path, t, with));
            assert_true(info->reason > 0 && info->equation_count >= 10 && info->residual <= 1e-10);
            worst = fmax(worst, info->residual);
        }
    const bashu_path_info *path_info = bashu_path_describe(path);
    assert_true(path_info->residual == worst);
    /* changes begin, are complete and end in six of these years; without what each does alone years took 11 passes at most, and 58 in all */
    assert_true(path_info->most_passes <= 9 && path_info->passes <= 50);
    assert_true(path_info->passes_beside > 80 && path_info->passes_beside < 130);
    bashu_path_free(path);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* The same percent in every year is the percent of the present value. */
static void present_values_add_up(void **state)
{
    kit k;
    double present, yearly;
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *scenario = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: productivity, regions: all, change_pct: 5, assumption: x}\n");
    bashu_path *path = path_of(&k, scenario);
    kit_must(&k, bashu_path_present_value(path, "gdp", "all", "", &present));
    kit_must(&k, bashu_path_aggregate(path, YEARS, "gdp", "all", "", BASHU_PERCENT, &yearly));
    must_be("present value", present, yearly, 1e-12);
    bashu_path_free(path);
    bashu_scenario_free(scenario);
    scenario = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: productivity, regions: all, change_pct: 5, assumption: x, from_year: 2024}\n");
    path = path_of(&k, scenario);
    kit_must(&k, bashu_path_present_value(path, "gdp", "all", "", &present));
    double weights = 0, later = 0;
    for (int t = 1; t <= YEARS; t++) weights += pow(1.08, -t), later += t >= 4 ? pow(1.08, -t) : 0;
    must_be("present value of what begins later", present, yearly * later / weights, 1e-9);
    bashu_path_free(path);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* Scenarios followed beside one baseline path, one after the other, have the bits that each has alone. */
static void paths_beside_others_are_themselves(void **state)
{
    static const char *const texts[] = {HEAD "  - {id: a, title: A, lever: tariff, buyers: [alder], sellers: [SEA], to: 0.3, assumption: x, phase_in_years: 3}\n", several};
    kit k;
    bashu_path *first;
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    (void)state;
    kit_lantern(&k, 1);
    wanted.years = YEARS;
    kit_must(&k, path_begin(&first, k.economy, &k.options, &wanted));
    for (int q = 0; q < 4; q++) {
        double beside[YEARS + 1][4], alone[YEARS + 1][4];
        bashu_path *path;
        bashu_scenario *scenario = kit_scenario(&k, texts[q % 2]);
        kit_must(&k, path_new_beside(&path, first, scenario));
        for (size_t t = 0; t <= YEARS; t++) effects_in(beside[t], path, t);
        bashu_path_free(path);
        path = path_of(&k, scenario);
        for (size_t t = 0; t <= YEARS; t++) effects_in(alone[t], path, t);
        bashu_path_free(path);
        assert_memory_equal(beside, alone, sizeof alone);
        bashu_scenario_free(scenario);
    }
    bashu_path_free(first);
    kit_close(&k);
}

/* Levers on research do nothing where nobody keeps what they act on: that is refused, and says what to write. */
static void research_without_knowledge_is_refused(void **state)
{
    static const struct {
        time_switch time;
        innovation innovation;
        const char *word;
    } models[] = {{TIME_STATIC, INNOVATION_RESEARCH, "time: static"}, {TIME_GROWTH, INNOVATION_NONE, "researchers here"}, {TIME_GROWTH, INNOVATION_MARKET, "researchers here"},
                  {TIME_FORESIGHT, INNOVATION_NONE, "look ahead"}};
    kit k;
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *scenario = kit_scenario(&k, HEAD "  - {id: joint, title: J, lever: land, regions: [elm], change_pct: 10, assumption: x}\n");
    scenario->changes[0].lever = LEVER_RESEARCH_BORDER; /* this economy has no researchers to read it with */
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        bashu_path *path;
        k.economy->about.switches.time = models[m].time;
        k.economy->about.switches.innovation = models[m].innovation;
        assert_int_equal(bashu_path_new(&path, k.economy, scenario, &k.options, NULL), BASHU_ERROR_INPUT);
        const char *const said[] = {"'joint'", "research_border", models[m].word, "model.time=growth", "model.innovation=research"};
        for (size_t w = 0; w < sizeof said / sizeof *said; w++)
            if (!strstr(bashu_message(k.context), said[w])) fail_msg("'%s' does not say %s", bashu_message(k.context), said[w]);
    }
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void a_year_without_equilibrium_ends_the_path(void **state)
{
    kit k;
    bashu_path *path;
    bashu_options options = BASHU_OPTIONS_INIT;
    double value;
    (void)state;
    kit_lantern(&k, 1);
    options.pass_limit = 2;
    bashu_scenario *scenario = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: land, regions: [elm], change_pct: 50, assumption: x, from_year: 2023}\n");
    kit_must(&k, bashu_path_new(&path, k.economy, scenario, &options, NULL));
    const bashu_path_info *info = bashu_path_describe(path);
    assert_int_equal(info->solved, 3);
    assert_int_equal(info->reason, BASHU_DIVERGED_LIMIT);
    kit_must(&k, bashu_path_aggregate(path, 2, "gdp", "all", "", BASHU_PERCENT, &value));
    assert_int_equal(bashu_path_aggregate(path, 3, "gdp", "all", "", BASHU_PERCENT, &value), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(k.context), "2023"));
    assert_null(bashu_path_result(path, 4, 1));
    bashu_path_free(path);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void wrong_questions_are_refused(void **state)
{
    kit k;
    bashu_path *path;
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    double value;
    (void)state;
    kit_lantern(&k, 1);
    wanted.years = 0;
    assert_int_equal(bashu_path_new(&path, k.economy, NULL, NULL, &wanted), BASHU_ERROR_ARGUMENT);
    wanted.years = 2;
    wanted.discount = 1;
    assert_int_equal(bashu_path_new(&path, k.economy, NULL, NULL, &wanted), BASHU_ERROR_ARGUMENT);
    assert_null(path);
    path = path_of(&k, NULL);
    assert_int_equal(bashu_path_aggregate(path, 1, "trade", "all", "", BASHU_PERCENT, &value), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_path_aggregate(path, 1, "gpd", "all", "", BASHU_PERCENT, &value), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_path_aggregate(path, YEARS + 1, "gdp", "all", "", BASHU_PERCENT, &value), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_path_year(path, YEARS), 2020 + YEARS);
    assert_int_equal(bashu_path_year(path, YEARS + 1), 0);
    bashu_path_free(path);
    bashu_path_free(NULL);
    kit_close(&k);
}

/* Two changes that pull against each other: land that is given up in proportion, and productivity that comes with it. Points between those of the
 * search are no better, and a scale of one is the path itself. */
static void the_best_scale_is_best(void **state)
{
    kit k;
    bashu_best *best;
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    (void)state;
    kit_lantern(&k, 1);
    wanted.years = 2;
    bashu_scenario *scenario = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: land, regions: [alder], change_pct: -40, assumption: x}\n"
                                                    "  - {id: b, title: B, lever: productivity, regions: [alder], change_pct: 1.5, assumption: x}\n");
    kit_must(&k, bashu_best_new(&best, scenario, NULL, &wanted, "gdp:region=alder", 0, 2));
    const bashu_best_info *info = bashu_best_describe(best);
    assert_true(info->at_end == 0 && info->scale > 0.01 && info->scale < 1.99);
    assert_true(info->low < info->scale && info->high > info->scale && info->residual <= 1e-10);
    bool as_written = false;
    for (size_t q = 0; q < bashu_best_count(best); q++) {
        bashu_best_point p, after;
        kit_must(&k, bashu_best_get(best, q, &p));
        assert_true(p.worth <= info->worth && p.reason > 0);
        if (p.scale == 0) assert_true(p.worth == 0 && p.nation == 0);
        if (q) {
            kit_must(&k, bashu_best_get(best, q - 1, &after));
            assert_true(after.scale < p.scale);
        }
        if (p.scale != 1) continue;
        double present;
        bashu_path *path;
        kit_must(&k, bashu_path_new(&path, k.economy, scenario, NULL, &wanted));
        kit_must(&k, bashu_path_present_value(path, "gdp", "region", "alder", &present));
        must_be("as written", p.worth, present, 1e-12);
        bashu_path_free(path);
        as_written = true;
    }
    assert_true(as_written);
    bashu_best_free(best);
    assert_int_equal(bashu_best_new(&best, scenario, NULL, &wanted, NULL, 2, 1), BASHU_ERROR_ARGUMENT);
    bashu_scenario_free(scenario);
    scenario = one_change(&k, changes[0].begin, "60", "");
    assert_int_equal(bashu_best_new(&best, scenario, NULL, &wanted, NULL, 0, 2), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(k.context), "cannot be scaled"));
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* Location quotients by year are those of value added; what places gain, and others lose, adds up. */
static void quotients_are_of_value_added(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *scenario = one_change(&k, changes[1].begin, "30", "");
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    bashu_path *path;
    char *text;
    wanted.years = 1;
    wanted.sector = "fod";
    assert_int_equal(bashu_path_new(&path, k.economy, scenario, NULL, &wanted), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(k.context), "did you mean 'food'"));
    wanted.sector = "food";
    wanted.circle = "province=south";
    wanted.benchmark = "all";
    kit_must(&k, bashu_path_new(&path, k.economy, scenario, NULL, &wanted));
    size_t N = k.economy->about.N, J = k.economy->about.J;
    double values[64], own = 0, all = 0, own_food = 0, all_food = 0;
    assert_true(N * J <= 64);
    kit_must(&k, bashu_path_values(path, 1, "sector_value_added", BASHU_COUNTERFACTUAL, values, N * J));
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            bool south = !strcmp(k.economy->about.regions[n].area, "south"), food = !strcmp(k.economy->about.sectors[j].label.id, "food");
            if ((long)n == k.economy->about.foreign) continue;
            all += values[n * J + j];
            own += south ? values[n * J + j] : 0;
            all_food += food ? values[n * J + j] : 0;
            own_food += south && food ? values[n * J + j] : 0;
        }
    char number[32];
    assert_true(snprintf(number, sizeof number, "%.5f", own_food / own / (all_food / all)) > 0);
    kit_must(&k, bashu_path_report(&text, path, "text", BASHU_EN));
    assert_non_null(strstr(text, number));
    assert_non_null(strstr(text, "elsewhere in the nation"));
    bashu_text_free(text);
    bashu_path_free(path);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_exactly_nothing),        cmocka_unit_test(half_way_is_half_the_change),
        cmocka_unit_test(threads_do_not_matter),             cmocka_unit_test(every_year_is_certified_and_cheap),
        cmocka_unit_test(present_values_add_up),             cmocka_unit_test(a_year_without_equilibrium_ends_the_path),
        cmocka_unit_test(wrong_questions_are_refused),       cmocka_unit_test(the_best_scale_is_best),
        cmocka_unit_test(quotients_are_of_value_added),      cmocka_unit_test(research_without_knowledge_is_refused), cmocka_unit_test(paths_beside_others_are_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
