/* test_words.c - what single words and columns of an economy mean, where no other test would miss them: who is in a pool,
 * whose land shares and final use count, what the certificate of free mobility says, where commuting ends what is known of
 * uniqueness, and the way to a large shock of commuting costs. */
#include "../truth/kit.h"
#include "equilibrium/continuation.h"
#include "solve/ladder.h"

enum { N = 7, J = 3, S = 2, SEA = 6 }; /* lantern */

static void open_with(kit *k, const char *mobility_word)
{
    kit_open(k, 1);
    kit_read(k, LANTERN);
    kit_set(k, "model.mobility", mobility_word);
}

/* ---- pools ------------------------------------------------------------------------------------------------ */

/* Everybody but the rest of the world, whose people stay where they are, whatever happens. */
static void the_rest_of_the_world_keeps_to_itself(void **state)
{
    static const char *const words[] = {"costless", "free"};
    (void)state;
    for (size_t w = 0; w < 2; w++) {
        kit k;
        open_with(&k, words[w]);
        k.data->registered_same_area = k.data->registered_other_areas = NULL; /* no table: nobody else is left out */
        kit_calibrate(&k);
        assert_int_equal(k.economy->origin_count, 2);
        for (size_t n = 0; n < N; n++) assert_int_equal(k.economy->origin_of[n] != 0, n == SEA);
        k.shock.productivity_hat[at2(SEA, 1, J)] = 1.3;
        k.shock.amenity_hat[at2(SEA, 0, S)] = 1.5;
        const bashu_result *r = kit_solve(&k);
        for (size_t s = 0; s < S; s++) must_be("people overseas", r->people_hat[at2(SEA, s, S)], 1, 1e-12);
        assert_true(fabs(r->people_hat[0] - 1) > 1e-5); /* at home they move */
        kit_close(&k);
    }
}

/* A pool that nobody is in has one origin more than there are places; with more groups than sectors the pass over people is
 * the longest there is, and its room must be enough: it is large here, so that the sanitizers see when it is not. */
static void an_empty_pool_of_many_places(void **state)
{
    enum { MANY = 31, GROUPS = 5 };
    double flow[MANY * MANY];
    kit k;
    (void)state;
    for (size_t q = 0; q < MANY * MANY; q++) flow[q] = q / MANY == q % MANY ? 50 : 1 + (double)(q % 5);
    kit_open(&k, 1);
    sketch s = sketch_new(MANY, 1, GROUPS);
    s.flow = flow;
    s.switches.mobility = MOBILITY_COSTLESS;
    s.elasticity[MIGRATION_ELASTICITY] = 2;
    kit_draw(&k, &s);
    k.data->registered_same_area = k.data->registered_other_areas = kit_ones(&k, MANY, (double)NAN);
    kit_calibrate(&k);
    assert_int_equal(k.economy->origin_count, MANY + 1);
    k.shock.productivity_hat[3] = 1.2;
    const bashu_result *r = kit_solve(&k);
    for (size_t ns = 0; ns < MANY * GROUPS; ns++) must_be("people", r->people_hat[ns], 1, 1e-12);
    kit_close(&k);
}

/* The table of who lives where: people of the pool are registered nowhere, those outside of it at home. */
static void a_pool_in_a_table(void **state)
{
    kit k;
    char *text = NULL;
    (void)state;
    open_with(&k, "costless");
    kit_calibrate(&k);
    kit_must(&k, bashu_economy_table(&text, k.economy, "migration.csv"));
    assert_non_null(strstr(text, "\ncollege,*,alder,"));
    assert_non_null(strstr(text, "\nothers,*,fern,"));
    assert_non_null(strstr(text, "\ncollege,SEA,SEA,1,"));
    assert_null(strstr(text, ",*,SEA,"));
    assert_null(strstr(text, ",alder,alder,"));
    bashu_text_free(text);
    kit_close(&k);
}

/* ---- columns and tables ----------------------------------------------------------------------------------- */

/* A share of land stated for a region and sector stands; where the cell is empty the sector's elasticity does. */
static void land_shares_are_those_stated(void **state)
{
    kit k;
    (void)state;
    open_with(&k, "none");
    double *share = kit_ones(&k, N * J, (double)NAN);
    for (size_t nj = 0; nj < N * J; nj += 2) share[nj] = 0.01 * (double)(nj + 1);
    k.data->land_share = share;
    kit_calibrate(&k);
    const double *elasticity_of = k.economy->about.elasticities[LAND_SHARE].by_item;
    for (size_t nj = 0; nj < N * J; nj++)
        assert_true(k.economy->land_share[nj] == (nj % 2 ? elasticity_of[nj % J] : share[nj]));
    kit_close(&k);
}

/* What commuters bring home is spent at home, F_n = VA_n + E_n - W_n - B_n, and is no gift: the deficits, which are the trade
 * balances of the margins, are those of the same economy without commuting. */
static void commuters_spend_at_home(void **state)
{
    double deficit[N], final[N], apart = 0;
    (void)state;
    for (int commutes = 0; commutes < 2; commutes++) {
        kit k;
        open_with(&k, "none");
        if (commutes) kit_commute(&k, "3.3");
        kit_calibrate(&k);
        const bashu_economy *e = k.economy;
        for (size_t n = 0; n < N; n++) {
            double net = 0, spent = e->goods_share[n] * e->income[n], size = e->income[n];
            for (size_t s = 0; s < S; s++) net += e->labour_income[at2(n, s, S)] - e->wage_bill[at2(n, s, S)];
            if (commutes) must_be("deficit over income", 1 + e->deficit[n] / size, 1 + deficit[n] / size, 1e-7);
            if (commutes) must_be("final use", spent, final[n] + net, 1e-7);
            deficit[n] = e->deficit[n];
            final[n] = spent;
            apart = fmax(apart, fabs(net / spent));
        }
        kit_close(&k);
    }
    assert_true(apart > 1e-2);
}

/* Settled accounts whose flows leave less than nothing for the final use of a sector: the total is what they leave of all
 * sectors together, whether shares are stated or not. So nothing is given to the world that nobody made: income, without rents
 * on housing, tariffs and shocks, is value added and deficits that sum to zero. */
static void settled_totals_are_what_flows_leave(void **state)
{
    static const double flow[8] = {40, 10, 100, 20, 10, 60, 20, 80}, input[4] = {0.2, 0.1, 0.5, 0.3}, final[4] = {0.3, 0.7, 0.6, 0.4};
    (void)state;
    for (int stated = 0; stated < 2; stated++) {
        kit k;
        double income = 0, made = 0, owed = 0;
        kit_open(&k, 1);
        sketch s = sketch_new(2, 2, 1);
        s.flow = flow;
        s.input = input;
        s.final = stated ? final : NULL;
        s.switches.baseline = BASELINE_SETTLED;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        const bashu_economy *e = k.economy;
        for (size_t n = 0; n < 2; n++) {
            income += e->income[n];
            owed += e->deficit[n];
            for (size_t j = 0; j < 2; j++) {
                made += e->value_added_share[2 * n + j] * e->output[2 * n + j];
                if (stated) must_be("final share", e->final_share[2 * n + j], final[2 * n + j], 1e-15);
            }
        }
        /* of what each sector sells 0.3 and 0.8 are inputs */
        must_be("value added", made, 0.7 * (40 + 10 + 10 + 60) + 0.2 * (100 + 20 + 20 + 80), 1e-11);
        must_be("income", income, made, 1e-11);
        assert_true(fabs(owed) < 1e-10 * made);
        kit_close(&k);
    }
}

/* Land and structures of the market in use are land times rent^chi; where structures are specific the market is housing's. */
static void land_supply_is_of_the_market(void **state)
{
    double supply[N];
    (void)state;
    for (int specific = 0; specific < 2; specific++) {
        kit k;
        open_with(&k, "frechet");
        if (specific) kit_specific(&k);
        kit_calibrate(&k);
        k.shock.productivity_hat[at2(0, 2, J)] = 1.3;
        for (size_t n = 0; n < N; n++) k.shock.land_hat[n] = 1 + 0.1 * (double)(n % 3);
        const bashu_result *r = kit_solve(&k);
        assert_int_equal(bashu_result_values(r, "land_supply", BASHU_HAT, supply, N), BASHU_OK);
        for (size_t n = 0; n < N; n++)
            must_be("land in use", supply[n], k.shock.land_hat[n] * pow(r->rent_hat[n], k.economy->chi[n]), 1e-10);
        kit_close(&k);
    }
}

/* ---- certificate, uniqueness, large shocks ---------------------------------------------------------------- */

/* People stay and one place becomes better: with free mobility that is no equilibrium, though everybody is somewhere. */
static void unequal_places_show(void **state)
{
    kit k;
    (void)state;
    open_with(&k, "free");
    kit_calibrate(&k);
    kit_solve(&k);
    k.shock.amenity_hat[at2(1, 0, S)] = 1.01;
    kit_must(&k, certify(k.result, &k.shock));
    double location = 0, others = 0;
    for (size_t q = 0; q < k.result->info.equation_count; q++) {
        const bashu_equation *row = &k.result->info.equations[q];
        if (!strcmp(row->name, "location")) location = row->residual;
        else others = fmax(others, row->residual);
    }
    assert_true(location > 5e-3 && others < 1e-11);
    kit_close(&k);
}

/* Gross substitutes are known of places whose people work where they live. */
static void nothing_is_known_of_commuters(void **state)
{
    static const double flow[4] = {60, 20, 30, 70}, moving[4] = {9e5, 1e5, 2e5, 8e5};
    (void)state;
    for (int commutes = 0; commutes < 2; commutes++) {
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(2, 1, 1);
        s.flow = flow;
        s.commuters = commutes ? moving : NULL;
        s.elasticity[COMMUTING_ELASTICITY] = 3;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        k.shock.productivity_hat[0] = 1.1;
        const bashu_result *r = kit_solve(&k);
        assert_int_equal(strncmp(r->info.uniqueness, "holds", 5) != 0, commutes);
        kit_close(&k);
    }
}

/* The path of smaller shocks takes commuting costs and subsidies along: it ends where the ladder does. */
static void the_path_takes_all_along(void **state)
{
    kit k;
    (void)state;
    open_with(&k, "frechet");
    kit_commute(&k, "3.3");
    kit_calibrate(&k);
    double *way = kit_commuting_cost(&k);
    for (size_t q = 0; q < S * N * N; q++) way[q] = q / N % N == q % N ? 1 : 0.7;
    kit_subsidies(&k);
    const bashu_result *r = kit_solve(&k);
    system_of_equations *system;
    ladder *rungs;
    continuation *path = NULL;
    solve_outcome outcome = {0};
    solve_settings settings = {.tolerance = 1e-13, .pass_limit = 2000, .first = RUNG_ANDERSON, .least_progress = 1e-3, .only = RUNG_NONE};
    kit_must(&k, system_new(&system, k.memory, k.economy));
    kit_must(&k, system_set_shock(system, k.memory, &k.shock));
    kit_must(&k, ladder_new(&rungs, k.memory, system->size));
    double *z = kit_ones(&k, system->size, 0);
    kit_must(&k, continuation_solve(&path, system, rungs, &k.shock, &settings, z, &outcome));
    assert_true(outcome.reason > 0);
    assert_true(outcome.passes > r->info.passes); /* it went a longer way */
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            must_be("wage", exp(z[n * system->problem.K + at_wage(s)]), r->wage_hat[at2(n, s, S)], 1e-9);
            must_be("people", exp(z[n * system->problem.K + at_people(&system->problem, s)]), r->people_hat[at2(n, s, S)], 1e-9);
        }
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rest_of_the_world_keeps_to_itself),
        cmocka_unit_test(an_empty_pool_of_many_places),
        cmocka_unit_test(a_pool_in_a_table),
        cmocka_unit_test(land_shares_are_those_stated),
        cmocka_unit_test(commuters_spend_at_home),
        cmocka_unit_test(settled_totals_are_what_flows_leave),
        cmocka_unit_test(land_supply_is_of_the_market),
        cmocka_unit_test(unequal_places_show),
        cmocka_unit_test(nothing_is_known_of_commuters),
        cmocka_unit_test(the_path_takes_all_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
