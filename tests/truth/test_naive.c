/* test_naive.c - the solver against a second, independent solution (naive.c): 1e-8 on every hat, which is a hundred
 * times what either leaves open (solver: residual 1e-12; naive: gap 1e-13, over a contraction of about 0.9). */
#include "kit.h"
#include "naive.h"

#include <stdio.h>

static const double agree = 1e-8;

static void compare(kit *k, const char *name)
{
    naive other;
    const bashu_economy *e = k->economy;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    const bashu_result *r = kit_solve(k);
    assert_true(naive_solve(&other, k->memory, e, &k->shock, 20000));
    print_message("%-34s naive: %5d rounds, gap %.1g; solver: %3d passes, largest change %.3g %%\n", name, other.rounds,
                  other.gap, r->info.passes, 100 * fabs(r->people_hat[0] - 1));
    assert_true(other.gap <= 1e-11); /* the naive one must have an answer of its own */
    must_all_be("wage", r->wage_hat, other.wage, N * S, agree);
    must_all_be("people", r->people_hat, other.people, N * S, agree);
    must_all_be("rent", r->rent_hat, other.rent, N, agree);
    must_all_be("price", r->price_hat, other.price, N * J, agree);
    must_all_be("output", r->output_hat, other.output, N * J, agree);
    must_all_be("utility", r->utility_hat, other.utility, N * S, agree);
    must_all_be("welfare", r->welfare_hat, other.welfare, N * S, agree);
    must_all_be("expenditure", r->expenditure, other.expenditure, N * J, agree);
    must_all_be("income", r->income, other.income, N, agree);
    must_all_be("labour income", r->labour_income, other.labour_income, N * S, agree);
}

/* ---- shocks, each large enough to leave the neighbourhood of the baseline ---------------------------------- */

static size_t pair(const kit *k, size_t n, size_t j, size_t i)
{
    return (n * k->economy->about.J + j) * k->economy->about.N + i;
}

static void no_change(kit *k) { k->shock.amenity_hat[0] = 1; }

static void cheaper_trade(kit *k)
{
    double *cost = kit_trade_cost(k);
    for (size_t j = 0; j < k->economy->about.J; j++) cost[pair(k, 0, j, 3)] = 0.7, cost[pair(k, 3, j, 1)] = 0.85;
}

static void productivity(kit *k)
{
    k->shock.productivity_hat[at2(0, 2, 3)] = 1.2;
    k->shock.productivity_hat[at2(4, 1, 3)] = 0.9;
}

static void land(kit *k)
{
    k->shock.land_hat[0] = 1.3;
    k->shock.land_hat[5] = 0.8;
}

static void amenity(kit *k)
{
    k->shock.amenity_hat[at2(1, 0, 2)] = 1.15;
    k->shock.amenity_hat[at2(3, 1, 2)] = 0.9;
}

static void migration_cost(kit *k)
{
    size_t N = k->economy->about.N;
    double *cost = kit_migration_cost(k);
    cost[at3(0, 1, 0, N, N)] = 0.7;
    cost[at3(1, 5, 3, N, N)] = 0.6;
    cost[at3(1, 3, 5, N, N)] = 1.4;
}

static void commuting_cost(kit *k)
{
    size_t N = k->economy->about.N;
    double *cost = kit_commuting_cost(k);
    cost[at3(0, 1, 0, N, N)] = 0.8;
    cost[at3(1, 5, 3, N, N)] = 0.7;
    cost[at3(1, 0, 1, N, N)] = 1.3;
}

static void tariffs(kit *k)
{
    double *tau = kit_tariff(k);
    tau[pair(k, 0, 1, 3)] += 0.25;
    tau[pair(k, 3, 1, 0)] += 0.1;
    for (size_t n = 0; n < 6; n++) tau[pair(k, n, 1, 6)] += 0.15; /* on what comes from overseas */
}

static void transfer(kit *k)
{
    k->shock.transfer[2] = 6;
    k->shock.transfer[0] = -4;
    k->shock.transfer[3] = -2;
}

static void travel_time(kit *k)
{
    double *time_h = kit_travel_time(k);
    size_t N = k->economy->about.N;
    for (size_t c = 0; c < k->economy->about.C; c++) time_h[(c * N + 0) * N + 3] *= 0.4, time_h[(c * N + 3) * N + 0] *= 0.4;
}

static void everything(kit *k)
{
    cheaper_trade(k);
    productivity(k);
    land(k);
    amenity(k);
    if (k->economy->about.switches.mobility == MOBILITY_FRECHET) migration_cost(k); /* elsewhere nobody leaves a home */
    if (k->economy->commuting_share) commuting_cost(k);
    tariffs(k);
    transfer(k);
    travel_time(k);
}

static const struct {
    const char *name;
    void (*make)(kit *k);
} shocks[] = {{"no change", no_change}, {"trade cost", cheaper_trade}, {"productivity", productivity}, {"land", land},
              {"amenity", amenity}, {"migration cost", migration_cost}, {"tariffs", tariffs}, {"transfer", transfer},
              {"travel time", travel_time}, {"everything", everything}};

static void lantern_agrees(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_calibrate(&k);
    for (size_t q = 0; q < sizeof shocks / sizeof *shocks; q++) {
        kit_reset_shock(&k);
        shocks[q].make(&k);
        compare(&k, shocks[q].name);
    }
    kit_close(&k);
}

/* The other settings of the switches and elasticities, each under everything at once. */
static void lantern_agrees_under_other_models(void **state)
{
    static const char *const models[][5][2] = {
        {{"model.rents", "national"}, {"elasticities.national_rent_share", "0.6"}},
        {{"model.mobility", "none"}},
        {{"model.deficits", "multiplicative"}},
        {{"model.spillover", "density"}, {"elasticities.agglomeration_elasticity", "0.08"}},
        {{"elasticities.agglomeration_decay", "inf"}, {"elasticities.amenity_congestion", "0.2"}},
        {{"elasticities.agglomeration_elasticity", "0"}, {"elasticities.housing_supply_elasticity", "0"},
         {"elasticities.housing_share", "0.25"}, {"elasticities.migration_elasticity", "3"},
         {"elasticities.trade_elasticity", "6"}},
    };
    (void)state;
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        kit k;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        for (size_t q = 0; q < 5 && models[m][q][0]; q++) kit_set(&k, models[m][q][0], models[m][q][1]);
        kit_calibrate(&k);
        everything(&k);
        compare(&k, models[m][0][1]);
        kit_close(&k);
    }
}

static void commutes(kit *k) { kit_commute(k, "3"); }

static void commutes_and_owns(kit *k)
{
    kit_commute(k, "4.5");
    kit_specific(k);
    kit_portfolio(k);
}

static void specific_and_owned(kit *k)
{
    kit_specific(k);
    kit_portfolio(k);
}

static void fitted(kit *k) { kit_fit_commuting(k, "3"); }

static void fitted_and_specific(kit *k)
{
    kit_fit_commuting(k, "2.5");
    kit_specific(k);
}

/* Shares of land that differ by place as well as by sector; NaN: the sector's own. */
static void land_by_place(kit *k)
{
    double *share = kit_ones(k, k->data->about.N * k->data->about.J, (double)NAN);
    for (size_t nj = 0; nj < k->data->about.N * k->data->about.J; nj++)
        if (nj % 4) share[nj] = 0.05 + 0.03 * (double)(nj % 5);
    k->data->land_share = share;
}

/* Commuting, mobility without homes, structures of sectors, portfolios with owners, the wage as numeraire: each alone and
 * together, under everything at once. */
static void lantern_agrees_with_what_else_there_is(void **state)
{
    static const struct {
        const char *name, *set[5][2];
        void (*prepare)(kit *k);
    } variants[] = {
        {"commuting", {{NULL, NULL}}, commutes},
        {"commuting, nobody moves", {{"model.mobility", "none"}}, commutes},
        {"commuting, free, agglomeration, housing",
         {{"model.mobility", "free"}, {"elasticities.agglomeration_elasticity", "0.06"}, {"elasticities.housing_share", "0.25"},
          {"elasticities.amenity_congestion", "0.1"}}, commutes},
        {"commuting, costless, multiplicative",
         {{"model.mobility", "costless"}, {"model.deficits", "multiplicative"}, {"elasticities.migration_elasticity", "3"}}, commutes},
        {"costless", {{"model.mobility", "costless"}}, NULL},
        {"free", {{"model.mobility", "free"}}, NULL},
        {"specific structures", {{NULL, NULL}}, kit_specific},
        {"portfolio with owners", {{NULL, NULL}}, kit_portfolio},
        {"land by place and sector", {{"model.mobility", "free"}}, land_by_place},
        {"landlords", {{"model.rents", "landlords"}}, NULL},
        {"landlords, specific, multiplicative",
         {{"model.rents", "landlords"}, {"model.deficits", "multiplicative"}, {"elasticities.housing_share", "0.3"}}, kit_specific},
        {"landlords, commuting, free, no supply",
         {{"model.rents", "landlords"}, {"model.mobility", "free"}, {"elasticities.housing_supply_elasticity", "0"},
          {"elasticities.land_share", "0.2"}, {"elasticities.amenity_congestion", "0.2"}}, commutes},
        {"amenity decays", {{"elasticities.amenity_congestion", "0.3"}, {"elasticities.amenity_decay", "1"}}, NULL},
        {"amenity felt everywhere", {{"elasticities.amenity_congestion", "0.2"}, {"elasticities.amenity_decay", "0"}}, NULL},
        {"amenity decays, free, commuting",
         {{"model.mobility", "free"}, {"elasticities.amenity_congestion", "0.3"}, {"elasticities.amenity_decay", "2"}}, commutes},
        {"amenity decays, nobody moves",
         {{"model.mobility", "none"}, {"elasticities.amenity_congestion", "0.3"}, {"elasticities.amenity_decay", "1"}}, NULL},
        {"commuting fitted", {{NULL, NULL}}, fitted},
        {"fitted, specific, landlords, amenity decays, costless",
         {{"model.mobility", "costless"}, {"model.rents", "landlords"}, {"elasticities.amenity_congestion", "0.2"},
          {"elasticities.amenity_decay", "0.5"}}, fitted_and_specific},
        {"wage numeraire", {{"model.numeraire", "wage"}}, NULL},
        {"wage numeraire, supply, commuting",
         {{"model.numeraire", "wage"}, {"elasticities.housing_supply_elasticity", "3"}}, commutes},
        {"specific, owned, free, multiplicative",
         {{"model.mobility", "free"}, {"model.deficits", "multiplicative"}, {"elasticities.housing_share", "0.2"}}, specific_and_owned},
        {"specific, owned, commuting, wage numeraire, density",
         {{"model.numeraire", "wage"}, {"model.spillover", "density"}, {"model.deficits", "multiplicative"}}, commutes_and_owns},
    };
    (void)state;
    for (size_t m = 0; m < sizeof variants / sizeof *variants; m++) {
        kit k;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        for (size_t q = 0; q < 5 && variants[m].set[q][0]; q++) kit_set(&k, variants[m].set[q][0], variants[m].set[q][1]);
        if (variants[m].prepare) variants[m].prepare(&k);
        kit_calibrate(&k);
        everything(&k);
        compare(&k, variants[m].name);
        kit_close(&k);
    }
}

/* Tariffs in the baseline, from observed flows. */
static void tariffs_in_the_baseline_agree(void **state)
{
    enum { N = 4, J = 2, S = 2 };
    double flow[N * J * N], tariff[N * J * N];
    static const double inputs[J * J] = {0.2, 0.15, 0.1, 0.25}, people[N * S] = {2e6, 3e6, 1e6, 4e6, 3e6, 3e6, 5e5, 2e6};
    static const double movers[N] = {4e5, 3e5, 5e5, 2e5};
    (void)state;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++) {
                flow[at3(n, j, i, J, N)] = n == i ? 60 + 10 * (double)n : 2 + (double)((3 * n + 5 * i + 7 * j) % 11);
                tariff[at3(n, j, i, J, N)] = n == i ? 0 : 0.02 * (double)((n + 2 * i + j) % 6);
            }
    sketch s = sketch_new(N, J, S);
    s.flow = flow;
    s.tariff = tariff;
    s.input = inputs;
    s.people = people;
    s.movers = movers;
    s.elasticity[HOUSING_SHARE] = 0.15;
    s.elasticity[LAND_SHARE] = 0.08;
    s.elasticity[MIGRATION_ELASTICITY] = 2;
    s.elasticity[AMENITY_CONGESTION] = 0.1;
    s.elasticity[AGGLOMERATION_ELASTICITY] = 0.03;
    s.elasticity[HOUSING_SUPPLY_ELASTICITY] = 0.5;
    kit k;
    kit_open(&k, 1);
    kit_draw(&k, &s);
    kit_calibrate(&k);
    double *tau = kit_tariff(&k);
    for (size_t at = 0; at < N * J * N; at++) tau[at] = at % 3 ? 2 * tau[at] : 0;
    k.shock.productivity_hat[1] = 1.1;
    compare(&k, "tariffs doubled or abolished");
    kit_close(&k);
}

/* A settled baseline is the equilibrium that accounts with other final shares have: calibrate() leaves the accounts as they
 * are, the naive solution of no shock at all is what they become. And then no shock changes nothing. */
static void settled_accounts_agree(void **state)
{
    enum { N = 4, J = 3, S = 2 };
    double flow[N * J * N], final[N * J], commuters[S * N * N];
    static const double inputs[J * J] = {0.2, 0.15, 0.1, 0.25, 0.1, 0.05, 0.1, 0.2, 0.3}, movers[N] = {2e5, 3e5, 1e5, 2e5};
    (void)state;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            final[n * J + j] = (1 + (double)((n + 2 * j) % 3)) / 6;
            for (size_t i = 0; i < N; i++)
                flow[at3(n, j, i, J, N)] = n == i ? 60 + 10 * (double)n : 2 + (double)((3 * n + 5 * i + 7 * j) % 11);
        }
    for (size_t q = 0; q < S * N * N; q++) commuters[q] = q / N % N == q % N ? 9e5 : 1e4 * (double)(1 + (3 * q) % 7);
    for (int variant = 0; variant < 7; variant++) {
        static const char *const names[] = {"settled", "settled, what flows leave", "settled, multiplicative", "settled, no deficits",
                                            "settled, commuting", "settled, free, wage numeraire", "settled, landlords"};
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(N, J, S);
        s.flow = flow;
        s.input = inputs;
        s.movers = variant == 5 ? NULL : movers;
        s.commuters = variant == 4 ? commuters : NULL;
        s.switches.mobility = MOBILITY_FREE; /* where there are no movers */
        s.switches.numeraire = variant == 5 ? NUMERAIRE_WAGE : NUMERAIRE_VALUE_ADDED;
        s.switches.rents = variant == 6 ? RENTS_LANDLORDS : RENTS_RESIDENTS;
        s.elasticity[COMMUTING_ELASTICITY] = 3;
        s.final = variant == 1 ? NULL : final;
        s.switches.baseline = BASELINE_SETTLED;
        s.switches.deficits = variant == 2 ? DEFICITS_MULTIPLICATIVE : variant == 3 ? DEFICITS_ZERO : DEFICITS_FIXED;
        s.elasticity[HOUSING_SHARE] = 0.15;
        s.elasticity[LAND_SHARE] = 0.08;
        s.elasticity[MIGRATION_ELASTICITY] = 2;
        s.elasticity[AGGLOMERATION_ELASTICITY] = 0.03;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        bashu_economy *raw;
        naive other;
        shock none;
        kit_must(&k, calibrate(&raw, k.data, NULL));
        kit_must(&k, shock_none(&none, k.memory, raw));
        for (size_t n = 0; variant == 3 && n < N; n++) none.transfer[n] = -raw->deficit[n];
        assert_true(naive_solve(&other, k.memory, raw, &none, 20000));
        print_message("%-34s naive: %5d rounds, gap %.1g; output moves by %.3g %%\n", names[variant], other.rounds, other.gap,
                      100 * fabs(other.output[0] - 1));
        assert_true(other.gap <= 1e-11);
        const bashu_economy *e = k.economy;
        assert_true(e->baseline_residual <= 1e-11);
        for (size_t nj = 0; nj < N * J; nj++) {
            must_be("output", e->output[nj], raw->output[nj] * other.output[nj], agree);
            must_be("expenditure", e->expenditure[nj], other.expenditure[nj], agree);
            if (s.final) must_be("final share", e->final_share[nj], final[nj], 1e-15);
        }
        for (size_t ns = 0; ns < N * S; ns++) {
            must_be("people", e->people[ns], raw->people[ns] * other.people[ns], agree);
            must_be("wage", e->wage_bill[ns] / e->workers[ns], raw->wage_bill[ns] / raw->workers[ns] * other.wage[ns], agree);
        }
        must_all_be("labour income", e->labour_income, other.labour_income, N * S, agree);
        must_all_be("income", e->income, other.income, N, agree);
        if (variant != 1) assert_true(fabs(other.output[0] - 1) > 1e-2); /* there was something to settle */
        const bashu_result *r = kit_solve(&k);
        for (size_t nj = 0; nj < N * J; nj++) must_be("no shock: output", r->output_hat[nj], 1, 1e-11);
        k.shock.productivity_hat[1] = 1.1;
        compare(&k, "productivity, from there");
        bashu_economy_free(raw);
        kit_close(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lantern_agrees),
        cmocka_unit_test(lantern_agrees_under_other_models),
        cmocka_unit_test(lantern_agrees_with_what_else_there_is),
        cmocka_unit_test(tariffs_in_the_baseline_agree),
        cmocka_unit_test(settled_accounts_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
