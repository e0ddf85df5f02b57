/* test_subsidy.c - producers who get more than buyers pay: on paper where everybody does, by bisection where one place pays another, and what adds up. */
#include "kit.h"

#include <stdio.h>
#include <string.h>

#define HEAD "format: bashu-scenario/1\nname: subsidy\neconomy: .\nchanges:\n"
static const double exact = 1e-10;

/* No inputs, no land: each place pays its own producers s on top of what buyers pay, all of them. Incomes net of that and prices fall by 1 + s
 * alike, so nothing real changes; with everything nominal at the numeraire w = 1 and P = 1 / (1 + s). */
static void what_everybody_pays_himself_changes_nothing(void **state)
{
    enum { N = 4, J = 2 };
    static const double movers[N] = {2e5, 1e5, 3e5, 2e5};
    const double s = 0.25;
    kit k;
    (void)state;
    kit_open(&k, 1);
    sketch drawn = sketch_new(N, J, 1);
    double *flow = kit_ones(&k, N * J * N, 0);
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++) flow[at3(n, j, i, J, N)] = n == i ? 60 + 10 * (double)n : 4 + (double)((n + i + j) % 3); /* trade is balanced pair by pair */
    drawn.flow = flow;
    drawn.movers = movers;
    drawn.elasticity[MIGRATION_ELASTICITY] = 2;
    kit_draw(&k, &drawn);
    kit_calibrate(&k);
    shock *to = &k.shock;
    to->purse_count = N;
    to->subsidy = kit_ones(&k, N * J, s);
    to->purse_rate = kit_ones(&k, N * N * J, 0);
    to->purse_share = kit_ones(&k, N * N, 0);
    for (size_t n = 0; n < N; n++) {
        to->purse_share[n * N + n] = 1;
        for (size_t j = 0; j < J; j++) {
            to->purse_rate[(n * N + n) * J + j] = s;
            to->productivity_hat[n * J + j] = 1 + s;
        }
    }
    const bashu_result *r = kit_solve(&k);
    for (size_t n = 0; n < N; n++) {
        must_be("wage", r->wage_hat[n], 1, exact);
        must_be("people", r->people_hat[n], 1, exact);
        must_be("welfare", r->welfare_hat[n], 1, exact);
        must_be("price", r->price_hat[n * J], 1 / (1 + s), exact);
        must_be("income", r->income[n], k.economy->income[n] / (1 + s), exact);
    }
    kit_close(&k);
}

/* Two places, one sector, nobody moves; the second pays the first's producers. With w0 L0 + w1 L1 = Y0 + Y1, and x = (w0 / (1 + s))^-theta:
 *   w0 L0 = (1 + s) sum_n pi_n0 X_n,   X0 = w0 L0,   X1 = w1 L1 - s / (1 + s) w0 L0 */
typedef struct two_places {
    double share[2][2], output[2], theta, s;
} two_places;

static double shortage(double wage, void *payload)
{
    const two_places *p = payload;
    double first = wage * p->output[0], other = (p->output[0] + p->output[1] - first) / p->output[1], sales = 0;
    double spent[2] = {first, other * p->output[1] - p->s / (1 + p->s) * first};
    double x[2] = {pow(wage / (1 + p->s), -p->theta), pow(other, -p->theta)};
    for (int n = 0; n < 2; n++) sales += p->share[n][0] * x[0] / (p->share[n][0] * x[0] + p->share[n][1] * x[1]) * spent[n];
    return (1 + p->s) * sales - first;
}

static void one_place_pays_another(void **state)
{
    static const double flow[4] = {70, 30, 30, 90}, rates[] = {0.1, -0.2, 0.4};
    (void)state;
    for (int q = 0; q < 3; q++) {
        kit k;
        char text[512];
        kit_open(&k, 1);
        sketch s = sketch_new(2, 1, 1);
        s.flow = flow;
        s.switches.mobility = MOBILITY_NONE;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        two_places p = {{{0.7, 0.3}, {0.25, 0.75}}, {100, 120}, 4, rates[q]};
        const char *first = k.economy->about.regions[0].label.id, *second = k.economy->about.regions[1].label.id;
        assert_true(snprintf(text, sizeof text, HEAD "  - {id: a, title: A, lever: subsidy, regions: [%s], funders: [%s], to: %g, assumption: x}\n", first, second, rates[q]) > 0);
        bashu_scenario *scenario = kit_scenario(&k, text);
        bashu_result *r = NULL;
        bashu_solver *solver;
        kit_must(&k, bashu_solver_new(&solver, k.economy, &k.options));
        kit_must(&k, bashu_solve(&r, solver, scenario));
        assert_true(r->info.reason > 0);
        double wage = bisect(shortage, &p, 0.3, 1.8), cost = p.s / (1 + p.s) * wage * p.output[0];
        must_be("wage", r->wage_hat[0], wage, 1e-9);
        must_be("price at home", r->price_hat[0], pow(0.7 * pow(wage / (1 + p.s), -4) + 0.3 * pow(r->wage_hat[1], -4), -0.25), 1e-9);
        must_be("what the funder is left with", r->income[1], r->wage_hat[1] * 120 - cost, 1e-9);
        must_be("what comes from there", r->deficit[0], cost, 1e-9);
        must_be("what goes away", r->deficit[1], -cost, 1e-9);
        bashu_result_free(r);
        bashu_solver_free(solver);
        bashu_scenario_free(scenario);
        kit_close(&k);
    }
}

static const char two_subsidies[] = HEAD "  - {id: a, title: A, lever: subsidy, regions: [alder, brook], sectors: [goods, food], funders: [dune, elm, fern], to: %g, assumption: x}\n"
                                    "  - {id: b, title: B, lever: subsidy, regions: [fern, alder], funders: all, to: %g, assumption: x}\n";

static bashu_result *answer_of(const kit *k, double a, double b)
{
    char text[1024];
    bashu_result *r = NULL;
    bashu_solver *solver;
    assert_true(snprintf(text, sizeof text, two_subsidies, a, b) > 0);
    bashu_scenario *scenario = kit_scenario(k, text);
    kit_must(k, bashu_solver_new(&solver, k->economy, &k->options));
    kit_must(k, bashu_solve(&r, solver, scenario));
    bashu_solver_free(solver);
    bashu_scenario_free(scenario);
    return r;
}

/* Inputs, people who move, deficits, a foreign region: every equation of the certificate, trade and payments add up, and nothing is exactly nothing. */
static void trade_pays_for_what_is_received(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 1);
    size_t N = k.economy->about.N;
    bashu_result *r = answer_of(&k, 0.08, -0.05), *none = answer_of(&k, 0, 0);
    assert_true(r->info.reason > 0 && r->info.residual <= 1e-10 && none->info.reason == BASHU_CONVERGED_UNCHANGED);
    double balance[16], deficit[16], sum = 0, size = 0;
    assert_true(N <= 16);
    kit_must(&k, bashu_result_values(r, "trade_balance", BASHU_COUNTERFACTUAL, balance, N));
    kit_must(&k, bashu_result_values(r, "deficit", BASHU_COUNTERFACTUAL, deficit, N));
    for (size_t n = 0; n < N; n++) {
        size = fmax(size, fabs(deficit[n]));
        sum += deficit[n];
    }
    for (size_t n = 0; n < N; n++)
        if (!(fabs(balance[n] + deficit[n]) <= 1e-8 * size)) fail_msg("region %zu: trade balance %.12g, received %.12g", n, balance[n], deficit[n]);
    assert_true(fabs(sum) <= 1e-9 * size);
    for (size_t i = 0; i < N * k.economy->about.S; i++) assert_true(none->welfare_hat[i] == 1 && none->people_hat[i] == 1);
    bashu_result_free(r);
    bashu_result_free(none);
    kit_close(&k);
}

/* What one purse pays and another takes away again leaves producers as they were, but not the purses: money goes from one to the other. */
static void opposite_purses_are_a_transfer(void **state)
{
    kit k;
    bashu_result *r = NULL;
    bashu_solver *solver;
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *scenario = kit_scenario(&k, HEAD "  - {id: a, title: A, lever: subsidy, regions: [alder], funders: [dune], to: 0.1, assumption: x}\n"
                                                    "  - {id: b, title: B, lever: subsidy, regions: [alder], funders: [elm], to: -0.1, assumption: x}\n");
    kit_must(&k, bashu_solver_new(&solver, k.economy, &k.options));
    kit_must(&k, bashu_solve(&r, solver, scenario));
    assert_true(r->info.reason > 0 && r->info.reason != BASHU_CONVERGED_UNCHANGED);
    size_t N = k.economy->about.N, dune = N, elm = N, alder = N;
    double received[16], got = 0;
    for (size_t n = 0; n < N; n++) {
        const char *id = k.economy->about.regions[n].label.id;
        received[n] = r->deficit[n] - k.economy->deficit[n];
        if (!strcmp(id, "dune")) dune = n;
        if (!strcmp(id, "elm")) elm = n;
        if (!strcmp(id, "alder")) alder = n;
    }
    for (size_t j = 0; j < k.economy->about.J; j++) got += 0.1 * k.economy->output[at2(alder, j, k.economy->about.J)] * r->output_hat[at2(alder, j, k.economy->about.J)];
    if (k.economy->about.switches.deficits == DEFICITS_FIXED) {
        must_be("paid", received[dune], -got, 1e-9);
        must_be("taken", received[elm], got, 1e-9);
    } else assert_true(received[dune] < -0.9 * got && received[elm] > 0.9 * got);
    bashu_result_free(r);
    bashu_solver_free(solver);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* The linear answer is off by the square of the rate. */
static void first_order_is_off_by_the_square(void **state)
{
    static const char *const variables[] = {"gdp", "welfare", "income", "deficit"};
    kit k;
    double off[2][4];
    (void)state;
    kit_lantern(&k, 1);
    for (int half = 0; half < 2; half++) {
        char text[1024];
        bashu_linear *linear;
        bashu_result *first = NULL, *whole = answer_of(&k, half ? 0.01 : 0.02, half ? -0.005 : -0.01);
        assert_true(snprintf(text, sizeof text, two_subsidies, half ? 0.01 : 0.02, half ? -0.005 : -0.01) > 0);
        bashu_scenario *scenario = kit_scenario(&k, text);
        kit_must(&k, bashu_linear_new(&linear, k.economy, &k.options));
        kit_must(&k, bashu_linear_effect(&first, linear, scenario));
        for (int v = 0; v < 4; v++) {
            double a, b, base;
            kit_must(&k, bashu_result_aggregate(whole, variables[v], "region", "alder", BASHU_COUNTERFACTUAL, &a));
            kit_must(&k, bashu_result_aggregate(first, variables[v], "region", "alder", BASHU_COUNTERFACTUAL, &b));
            kit_must(&k, bashu_result_aggregate(first, variables[v], "region", "alder", BASHU_BASE, &base));
            off[half][v] = fabs(a - b);
            assert_true(fabs(a - base) > 5 * off[half][v]);
        }
        bashu_result_free(first);
        bashu_result_free(whole);
        bashu_scenario_free(scenario);
        bashu_linear_free(linear);
    }
    for (int v = 0; v < 4; v++)
        if (!(off[0][v] > 3.2 * off[1][v] && off[0][v] < 4.8 * off[1][v])) fail_msg("%s: off by %.3g, and at half the rate by %.3g", variables[v], off[0][v], off[1][v]);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_everybody_pays_himself_changes_nothing),
        cmocka_unit_test(one_place_pays_another),
        cmocka_unit_test(trade_pays_for_what_is_received),
        cmocka_unit_test(opposite_purses_are_a_transfer),
        cmocka_unit_test(first_order_is_off_by_the_square),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
