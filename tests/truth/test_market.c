/* test_market.c - innovation by market size (Desmet, Nagy & Rossi-Hansberg 2018): the balanced path and its growth by the closed form, and
 * what mobility does to it.
 *
 * Their parameters but for two: diffusion is ten times as fast, so that decades do for centuries, and g with it, so that g / (1 - rho) is theirs. */
#include "kit.h"
#include "time/path.h"

#include <stdio.h>

enum { SIDE = 6, N = SIDE * SIDE, YEARS = 400 };
static const double theta = 6.5, lambda = 0.32, eta = 0.1974, mu = 0.0092, rho = 0.9246, g = 0.0255, d0 = 400;

/* Places on a square, flows by distance; as many people everywhere, and technique that differs. */
static void open_world(kit *k, mobility who, double agglomeration, int threads)
{
    kit_open(k, threads);
    k->options.tolerance = 1e-11;
    sketch s = sketch_new(N, 1, 1);
    double *flow = kit_ones(k, N * N, 0), *technique = kit_ones(k, N, 1);
    for (size_t n = 0; n < N; n++) {
        technique[n] = exp(theta * 0.3 * sin(3.0 * (double)n)); /* Tbar: their tau */
        for (size_t i = 0; i < N; i++) {
            double x = (double)(n % SIDE) - (double)(i % SIDE), y = (double)(n / SIDE) - (double)(i / SIDE);
            flow[n * N + i] = n == i ? 4 : pow(1 + x * x + y * y, -1.2);
        }
    }
    s.flow = flow;
    s.elasticity[TRADE_ELASTICITY] = theta;
    s.elasticity[AMENITY_CONGESTION] = lambda;
    s.elasticity[LAND_SHARE] = eta;
    s.elasticity[AGGLOMERATION_ELASTICITY] = agglomeration;
    s.elasticity[MIGRATION_ELASTICITY] = 2;
    s.elasticity[TECHNIQUE_PERSISTENCE] = rho;
    s.elasticity[INNOVATION_ELASTICITY] = g;
    s.elasticity[INNOVATION_DENSITY] = d0;
    s.switches = (model_switches){.mobility = who, .deficits = DEFICITS_ZERO, .spillover = SPILLOVER_DENSITY, .time = TIME_GROWTH, .innovation = INNOVATION_MARKET};
    kit_draw(k, &s);
    kit_calibrate(k);
    k->economy->fundamentals.productivity = technique; /* observed flows do not tell it from trade costs */
}

static bashu_path *path_of(const kit *k, int years)
{
    bashu_path *path;
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    wanted.years = years;
    kit_must(k, bashu_path_new(&path, k->economy, NULL, &k->options, &wanted));
    if (bashu_path_describe(path)->solved != (size_t)years + 1) fail_msg("%zu years: %s", bashu_path_describe(path)->solved, bashu_reason_text(bashu_path_describe(path)->reason));
    return path;
}

/* c = (1 - rho) / theta log((1/K) sum_n K_n (density_n / d0)^(g theta / (1 - rho))) */
static double growth_by_density(const kit *k, const bashu_path *path, size_t t)
{
    const bashu_result *r = bashu_path_result(path, t, 0);
    double sum = 0, land = 0;
    for (size_t n = 0; n < N; n++) {
        double km2 = k->economy->about.regions[n].land_km2;
        land += km2;
        sum += km2 * pow(k->economy->people[n] * r->people_hat[n] / km2 / d0, g * theta / (1 - rho));
    }
    return (1 - rho) / theta * log(sum / land);
}

static void the_balanced_path_grows_by_the_closed_form(void **state)
{
    kit k;
    double last, before;
    (void)state;
    open_world(&k, MOBILITY_COSTLESS, mu, 1);
    bashu_path *path = path_of(&k, YEARS);
    kit_must(&k, bashu_path_growth(path, YEARS, 0, &last));
    kit_must(&k, bashu_path_growth(path, YEARS - 50, 0, &before));
    must_be("growth is constant", last, before, 1e-7);
    must_be("and what densities make it", last, growth_by_density(&k, path, YEARS), 1e-7);
    double early;
    kit_must(&k, bashu_path_growth(path, 1, 0, &early));
    assert_true(fabs(early / last - 1) > 1e-2); /* it was not at first */
    for (size_t t = 1; t <= YEARS; t++) {
        const bashu_info *info = bashu_result_info(bashu_path_result(path, t, 0));
        assert_true(info->residual <= 1e-11);
        assert_string_equal(info->equations[info->equation_count - 1].name, "technique");
        if (t > 3 && info->passes > 12) fail_msg("year %zu took %d passes", t, info->passes);
    }
    assert_true(bashu_path_describe(path)->passes <= 10 * YEARS);
    bashu_path_free(path);
    kit_close(&k);
}

/* A change that changes nothing, in force all the while: the path is the baseline's, which moves, to the last bit. One that changes something begins each year
 * at the other path's answer, and costs little. */
static void the_other_path_is_where_years_begin(void **state)
{
    static const char form[] = "format: bashu-scenario/1\nname: n\neconomy: .\nchanges:\n"
                               "  - {id: a, title: A, lever: productivity, regions: [%s], change_pct: %d, assumption: x, from_year: 3, phase_in_years: 4}\n";
    kit k;
    (void)state;
    open_world(&k, MOBILITY_COSTLESS, mu, 1);
    for (int percent = 0; percent <= 3; percent += 3) {
        char text[512];
        bashu_path *path;
        bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
        wanted.years = 12;
        assert_true(snprintf(text, sizeof text, form, k.economy->about.regions[7].label.id, percent) > 0);
        bashu_scenario *scenario = kit_scenario(&k, text);
        kit_must(&k, bashu_path_new(&path, k.economy, scenario, &k.options, &wanted));
        const bashu_path_info *info = bashu_path_describe(path);
        int more = 0;
        assert_int_equal(info->solved, 13);
        for (size_t t = 1; t <= 12; t++) {
            const bashu_result *without = bashu_path_result(path, t, 0), *with = bashu_path_result(path, t, 1);
            double level[N], base[N];
            kit_must(&k, bashu_path_values(path, t, "gdp", BASHU_BASE, base, N));
            kit_must(&k, bashu_path_values(path, t, "gdp", BASHU_COUNTERFACTUAL, level, N));
            if (!percent || t < 3) assert_memory_equal(level, base, sizeof level);
            else more += bashu_result_info(with)->passes - bashu_result_info(without)->passes;
        }
        if (more > 8) fail_msg("%d passes more than without the change", more); /* 6; where years begin at the year before it is 23, without effects 9 */
        bashu_path_free(path);
        bashu_scenario_free(scenario);
    }
    kit_close(&k);
}

/* The more freely people go where technique is, the more of them are there, and the faster it grows for everybody: their section 5. */
static void freer_people_grow_faster(void **state)
{
    static const mobility words[] = {MOBILITY_NONE, MOBILITY_COSTLESS, MOBILITY_FREE};
    double growth[3], size[3];
    (void)state;
    for (int w = 0; w < 3; w++) {
        kit k;
        open_world(&k, words[w], mu, 1);
        bashu_path *path = path_of(&k, YEARS);
        kit_must(&k, bashu_path_growth(path, YEARS, 0, &growth[w]));
        size[w] = 0;
        for (size_t t = 1; t <= YEARS; t++) {
            double in_year;
            kit_must(&k, bashu_path_growth(path, t, 0, &in_year));
            size[w] += in_year;
        }
        must_be("growth by densities", growth[w], growth_by_density(&k, path, YEARS), w == 2 ? 1e-3 : 1e-7);
        bashu_path_free(path);
        kit_close(&k);
    }
    must_be("growth where nobody moves", growth[0], g * log(1000 / d0), 1e-9); /* everywhere 1,000 people a km2 */
    assert_true(growth[1] > 1.01 * growth[0] && growth[2] > 1.01 * growth[1]);
    assert_true(size[1] > size[0] && size[2] > size[1]);
}

/* Their equations 14 and 15, from either side: lambda + eta + Omega is 1.0174, and g / (1 - rho) 0.3382. */
static void conditions_on_parameters_are_theirs(void **state)
{
    static const struct {
        double agglomeration;
        const char *says; /* NULL: accepted */
    } cases[] = {{1.0175, "agglomeration outweighs dispersion"}, {1.0173, "there is no balanced path"}, {0.6793, "there is no balanced path"}, {0.6791, NULL}};
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        kit k;
        bashu_path *path = NULL;
        bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
        open_world(&k, MOBILITY_COSTLESS, cases[c].agglomeration, 1);
        wanted.years = 1;
        bashu_status status = bashu_path_new(&path, k.economy, NULL, &k.options, &wanted);
        assert_int_equal(status, cases[c].says ? BASHU_ERROR_INPUT : BASHU_OK);
        if (cases[c].says && !strstr(bashu_message(k.context), cases[c].says)) fail_msg("'%s' does not say '%s'", bashu_message(k.context), cases[c].says);
        bashu_path_free(path);
        kit_close(&k);
    }
}

static void threads_do_not_matter(void **state)
{
    double first[N], other[N];
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        kit k;
        open_world(&k, MOBILITY_COSTLESS, mu, threads);
        bashu_path *path = path_of(&k, 12);
        kit_must(&k, bashu_path_values(path, 12, "population", BASHU_BASE, threads == 1 ? first : other, N));
        if (threads > 1) assert_memory_equal(first, other, sizeof first);
        bashu_path_free(path);
        kit_close(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_balanced_path_grows_by_the_closed_form),
        cmocka_unit_test(freer_people_grow_faster),
        cmocka_unit_test(conditions_on_parameters_are_theirs),
        cmocka_unit_test(the_other_path_is_where_years_begin),
        cmocka_unit_test(threads_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
