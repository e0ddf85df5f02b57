/* test_china2020.c - the data set and the scenario of the demo: published facts, and that every question has an answer. */
#include "../truth/kit.h"

#include "measure/measure.h"

/* The national bureau's communique no. 3 of the seventh census: 1,409,778,724 people in 31 provinces, without servicemen. */
static void mainland_people(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 0);
    kit_read(&k, CHINA);
    const description *a = &k.data->about;
    long territory = find_set(a, "territory"), mainland = territory < 0 ? -1 : find_member(&a->sets[territory], "mainland");
    assert_true(mainland >= 0);
    double people = 0, by_group = 0;
    size_t counties = 0, units = 0;
    for (size_t n = 0; n < a->N; n++) {
        if (a->sets[territory].member_of[n] != mainland) continue;
        people += a->regions[n].people;
        for (size_t s = 0; s < a->S; s++) by_group += k.data->people[n * a->S + s];
        if (!strcmp(a->regions[n].area, "500000")) counties++;
        else units++;
    }
    assert_true(people == 1409778724.0);
    assert_true(by_group == 1409778724.0);
    assert_int_equal(counties, 38); /* Chongqing, open */
    assert_int_equal(units, 366);   /* with Chongqing as one: the 367 units of the census table */
    kit_close(&k);
}

static double published(const description *a, const char *variable, const char *set)
{
    for (size_t t = 0; t < a->total_count; t++)
        if (!strcmp(a->totals[t].variable, variable) && !strcmp(a->totals[t].set, set)) return a->totals[t].value;
    return (double)NAN;
}

/* Outline of the plan for the circle (2021): 185,000 km2 and 96 million people in 2019, 1.9 % and 6.9 % of the nation. Land is
 * of the official 9.6 million km2; of what the regions' own areas add up to (9.47 million) it is 2.00 %. */
static void the_circles_shares(void **state)
{
    kit k;
    set_summary circle, nation;
    (void)state;
    kit_open(&k, 0);
    kit_read(&k, CHINA);
    const description *a = &k.data->about;
    kit_must(&k, measure_summary(&circle, k.context, a, "circle", "CCEC"));
    kit_must(&k, measure_summary(&nation, k.context, a, "territory", "mainland"));
    double land = circle.land_km2 / published(a, "land_km2", "all"), people = circle.people / nation.people;
    print_message("circle: %.4f %% of land (%.4f %% of the regions' sum), %.4f %% of people\n", 100 * land,
                  100 * circle.land_km2 / nation.land_km2, 100 * people);
    assert_true(land >= 0.019 && land <= 0.020);
    assert_true(circle.land_km2 / nation.land_km2 < 0.0201);
    assert_true(people >= 0.068 && people <= 0.0695);
    kit_close(&k);
}

static void same_bits(const char *what, const double *a, const double *b, size_t count)
{
    if (memcmp(a, b, count * sizeof *a) != 0) fail_msg("%s: other bits with another number of threads", what);
}

static void cooperation(void **state)
{
    kit k, other;
    bashu_scenario *scenario, *same;
    unsigned char mask[64] = {0};
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, CHINA);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    assert_int_equal(N, 407);
    assert_int_equal(J, 15);
    assert_true(e->baseline_residual <= 1e-9);
    assert_memory_equal(e->people, k.data->people, N * S * sizeof(double));
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            double people = 0;
            for (size_t o = 0; o < N; o++) people += e->migration_share[at3(s, o, n, N, N)] * e->origin_people[s * N + o];
            if (e->people[n * S + s] > 0) must_be("people by origin", people, e->people[n * S + s], 1e-12);
        }
    kit_must(&k, bashu_scenario_read(&scenario, e, SCENARIOS "/cooperation.yaml"));
    k.options = (bashu_options)BASHU_OPTIONS_INIT;
    k.options.starts = 0;
    kit_must(&k, bashu_solver_new(&k.solver, e, &k.options));
    kit_must(&k, bashu_solve(&k.result, k.solver, scenario));
    const bashu_info *info = bashu_result_info(k.result);
    print_message("cooperation: %s, %d passes, residual %.2g at %s\n", info->method, info->passes, info->residual, info->worst);
    assert_true(info->reason > 0);
    assert_true(info->residual <= 1e-10);
    assert_true(info->passes <= 60);
    for (size_t q = 0; q < info->equation_count; q++) assert_true(info->equations[q].residual <= 1e-10);

    /* the same bits with two threads, calibration and all */
    kit_open(&other, 2);
    kit_read(&other, CHINA);
    kit_calibrate(&other);
    same_bits("trade share", e->trade_share, other.economy->trade_share, N * J * N);
    same_bits("migration share", e->migration_share, other.economy->migration_share, S * N * N);
    same_bits("output", e->output, other.economy->output, N * J);
    same_bits("productivity", e->fundamentals.productivity, other.economy->fundamentals.productivity, N * J);
    kit_must(&other, bashu_scenario_read(&same, other.economy, SCENARIOS "/cooperation.yaml"));
    kit_must(&other, bashu_solver_new(&other.solver, other.economy, &k.options));
    kit_must(&other, bashu_solve(&other.result, other.solver, same));
    same_bits("wage", k.result->wage_hat, other.result->wage_hat, N * S);
    same_bits("people", k.result->people_hat, other.result->people_hat, N * S);
    same_bits("rent", k.result->rent_hat, other.result->rent_hat, N);
    same_bits("price", k.result->price_hat, other.result->price_hat, N * J);
    same_bits("output", k.result->output_hat, other.result->output_hat, N * J);
    same_bits("welfare", k.result->welfare_hat, other.result->welfare_hat, N * S);

    /* each change alone */
    size_t changes = bashu_scenario_change_count(scenario);
    assert_int_equal(changes, 5);
    for (size_t c = 0; c < changes; c++) {
        memset(mask, 0, sizeof mask);
        mask[c] = 1;
        kit_must(&other, bashu_solve_some(&other.result, other.solver, same, mask));
        info = bashu_result_info(other.result);
        print_message("  %-18s %s, %d passes, residual %.2g\n", scenario->changes[c].id, info->method, info->passes, info->residual);
        assert_true(info->reason > 0 && info->residual <= 1e-10);
        double moved = 0;
        for (size_t i = 0; i < N * S; i++) moved = fmax(moved, fabs(other.result->people_hat[i] - 1));
        assert_true(moved > 1e-6); /* it was a change */
    }
    bashu_scenario_free(scenario);
    bashu_scenario_free(same);
    kit_must(&other, bashu_scenario_read(&same, other.economy, SCENARIOS "/nothing.yaml"));
    kit_must(&other, bashu_solve(&other.result, other.solver, same));
    assert_int_equal(bashu_result_info(other.result)->reason, BASHU_CONVERGED_UNCHANGED);
    for (size_t i = 0; i < N * S; i++)
        assert_true(other.result->wage_hat[i] == 1 && other.result->people_hat[i] == 1 && other.result->welfare_hat[i] == 1);
    for (size_t i = 0; i < N * J; i++) assert_true(other.result->price_hat[i] == 1 && other.result->output_hat[i] == 1);
    for (size_t n = 0; n < N; n++) assert_true(other.result->rent_hat[n] == 1);
    bashu_scenario_free(same);
    kit_close(&other);
    kit_close(&k);
}

/* Over all routes: the same certificate, times a little below the least, an answer near that with the quickest and not the same; the same bits on two threads. */
static void cooperation_over_all_routes(void **state)
{
    (void)state;
    kit k[3]; /* quickest; all routes on one thread, on two */
    double welfare[3];
    for (int q = 0; q < 3; q++) {
        kit_open(&k[q], q == 2 ? 2 : 1);
        kit_read(&k[q], CHINA);
        kit_set(&k[q], "model.routing", q ? "stochastic" : "least_time");
        kit_calibrate(&k[q]);
        bashu_scenario *scenario;
        bashu_result *result = NULL;
        k[q].options = (bashu_options)BASHU_OPTIONS_INIT;
        k[q].options.starts = 0;
        kit_must(&k[q], bashu_scenario_read(&scenario, k[q].economy, SCENARIOS "/cooperation.yaml"));
        kit_must(&k[q], bashu_solver_new(&k[q].solver, k[q].economy, &k[q].options));
        kit_must(&k[q], bashu_solve(&result, k[q].solver, scenario));
        assert_true(bashu_result_info(result)->reason > 0 && bashu_result_info(result)->residual <= 1e-10);
        kit_must(&k[q], bashu_result_aggregate(result, "welfare", "circle", "CCEC", BASHU_PERCENT, &welfare[q]));
        bashu_result_free(result);
        bashu_scenario_free(scenario);
    }
    size_t N = k[0].economy->about.N, C = k[0].economy->about.C;
    const double *least = k[0].economy->travel_time_h, *all = k[1].economy->travel_time_h;
    for (size_t p = 0; p < C * N * N; p++)
        if (!(all[p] <= least[p] * (1 + 1e-14) && all[p] > 0.85 * least[p])) fail_msg("pair %zu: %.17g over all routes, %.17g by the quickest", p, all[p], least[p]);
    assert_true(welfare[1] != welfare[0] && fabs(welfare[1] - welfare[0]) < 0.01 * welfare[0]);
    same_bits("times over all routes", all, k[2].economy->travel_time_h, C * N * N);
    assert_true(welfare[1] == welfare[2]);
    for (int q = 0; q < 3; q++) kit_close(&k[q]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mainland_people),
        cmocka_unit_test(the_circles_shares),
        cmocka_unit_test(cooperation),
        cmocka_unit_test(cooperation_over_all_routes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
