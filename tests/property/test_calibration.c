/* test_calibration.c - the calibrated economy against what was observed: margins, accounts, people, and fundamentals that
 * give the baseline back. Everything here is worked out from the data and the economy by plain sums. */
#include "../truth/kit.h"

enum { N = 7, J = 3, S = 2, A = 3, SEA = 6 }; /* lantern: six regions in two areas, and overseas */

static void open_lantern(kit *k)
{
    kit_open(k, 1);
    kit_read(k, LANTERN);
}

static size_t area(const kit *k, size_t n)
{
    return k->economy->about.regions[n].area_index;
}

static double flow(const kit *k, size_t n, size_t j, size_t i)
{
    return k->economy->trade_share[at3(n, j, i, J, N)] * k->economy->expenditure[n * J + j];
}

/* ---- trade and accounts ----------------------------------------------------------------------------------- */

static void accounts_balance(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    assert_true(e->baseline_residual <= 1e-9);
    double owed = 0, world = 0;
    for (size_t n = 0; n < N; n++) {
        const double *input = e->input_share + area(&k, n) * J * J;
        double wages = 0, land = 0, spent = 0, made = 0;
        owed += e->deficit[n];
        for (size_t j = 0; j < J; j++) {
            double shares = 0, sold = 0, used = e->goods_share[n] * e->final_share[n * J + j] * e->income[n], inputs = 0;
            for (size_t i = 0; i < N; i++) {
                shares += e->trade_share[at3(n, j, i, J, N)];
                sold += flow(&k, i, j, n);
            }
            for (size_t g = 0; g < J; g++) {
                used += input[g * J + j] * e->output[n * J + g];
                inputs += input[j * J + g];
            }
            double value_added = e->value_added_share[n * J + j] * e->output[n * J + j];
            must_be("shares over sellers", shares, 1, 1e-14);
            must_be("gamma + inputs", e->value_added_share[n * J + j] + inputs, 1, 1e-12);
            must_be("goods market", sold, e->output[n * J + j], 1e-11);
            must_be("expenditure", e->expenditure[n * J + j], used, 1e-11);
            must_be("value added as observed", value_added, k.data->value_added[n * J + j], 1e-9);
            wages += value_added * (1 - e->land_share[n * J + j]);
            land += value_added * e->land_share[n * J + j];
            spent += e->expenditure[n * J + j];
            made += e->output[n * J + j];
            world += value_added;
        }
        land += (1 - e->goods_share[n]) * e->income[n];
        must_be("land income", e->land_income[n], land, 1e-11);
        must_be("wage bill", e->wage_bill[n * S] + e->wage_bill[n * S + 1], wages, 1e-11);
        must_be("income", e->income[n], wages + land + e->deficit[n], 1e-11);
        assert_true(fabs(e->deficit[n] - (spent - made)) <= 1e-10 * made);
    }
    assert_true(fabs(owed) <= 1e-12 * world);
    kit_close(&k);
}

/* Lantern's margins are possible as they stand: none is limited, so exports and imports come out as printed. */
static void observed_margins_hold(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    kit_calibrate(&k);
    for (size_t a = 0; a < A; a++) {
        if (a == area(&k, SEA)) continue;
        for (size_t j = 0; j < J; j++) {
            double exports = 0, imports = 0;
            for (size_t n = 0; n < N; n++) {
                if (area(&k, n) != a) continue;
                exports += flow(&k, SEA, j, n);
                imports += flow(&k, n, j, SEA);
            }
            must_be("exports", exports, k.data->exports[a * J + j], 1e-9);
            must_be("imports", imports, k.data->imports[a * J + j], 1e-9);
        }
    }
    kit_close(&k);
}

/* With two areas what one sends the other takes: both ways stay near what the margins say, and neither dries up. */
static void two_areas_trade_both_ways(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    kit_calibrate(&k);
    for (size_t j = 0; j < J; j++) {
        double south = 0, north = 0;
        size_t north_area = area(&k, 0), south_area = area(&k, 3);
        for (size_t n = 0; n < 3; n++)
            for (size_t i = 3; i < 6; i++) south += flow(&k, i, j, n), north += flow(&k, n, j, i);
        double stated = k.data->outflow[north_area * J + j], back = k.data->outflow[south_area * J + j];
        assert_true(south > 0.3 * stated && south < 3 * stated + 1);
        assert_true(north > 0.3 * back && north < 3 * back + 1);
    }
    kit_close(&k);
}

/* Trade is u_i v_n b K: with the kernel divided out, the rows within one pair of areas have rank one, so that every
 * two-by-two of them multiplies out to one. */
static void trade_has_the_pattern_of_the_kernel(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    for (size_t j = 0; j < J; j++) {
        const double *time_h = e->travel_time_h + e->about.sectors[j].travel * N * N;
        for (size_t n = 0; n < 3; n++) /* buyers in the north, sellers in the south */
            for (size_t m = 0; m < n; m++)
                for (size_t i = 3; i < 6; i++)
                    for (size_t h = 3; h < i; h++) {
                        double odds = flow(&k, n, j, i) * flow(&k, m, j, h) / (flow(&k, n, j, h) * flow(&k, m, j, i));
                        double kernel = time_h[n * N + h] * time_h[m * N + i] / (time_h[n * N + i] * time_h[m * N + h]);
                        must_be("odds", odds, kernel, 1e-11); /* trade_time_elasticity: 1 */
                    }
    }
    kit_close(&k);
}

/* Inside an area the own region's cell carries the region effect's inverse, and setting out costs time everywhere but at
 * home: the odds of buying at home against a neighbour move by just these factors. */
static void home_and_the_way_out(void **state)
{
    enum { BUYER = 0, NEIGHBOUR = 1, OTHER = 2 };
    double odds[3], time_h[3];
    (void)state;
    for (int k0 = 0; k0 < 3; k0++) {
        kit k;
        open_lantern(&k);
        if (k0 == 1) kit_set(&k, "elasticities.trade_region_effect", "0.25");
        if (k0 == 2) k.data->about.terminal_time_h = 0.5;
        kit_calibrate(&k);
        const double *t = k.economy->travel_time_h + k.economy->about.sectors[0].travel * N * N;
        time_h[k0] = t[BUYER * N + NEIGHBOUR];
        /* own cells of two buyers against their cross cells: sellers' and buyers' factors cancel */
        odds[k0] = flow(&k, BUYER, 0, BUYER) * flow(&k, NEIGHBOUR, 0, NEIGHBOUR) / (flow(&k, BUYER, 0, NEIGHBOUR) * flow(&k, NEIGHBOUR, 0, BUYER));
        kit_close(&k);
    }
    must_be("region effect", odds[1] / odds[0], 16, 1e-9);
    must_be("terminal time", time_h[2] - time_h[0], 0.5, 1e-12);
    must_be("odds with terminal time", odds[2] / odds[0], time_h[2] * time_h[2] / (time_h[0] * time_h[0]), 1e-9);
}

/* ---- people ----------------------------------------------------------------------------------------------- */

static void people_are_the_censuss(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    const bashu_data *d = k.data;
    double sent[A] = {0}, sent_by_all = 0, weights = 0;
    assert_memory_equal(e->people, d->people, N * S * sizeof(double));
    for (size_t s = 0; s < S; s++)
        for (size_t o = 0; o < N; o++) {
            double sum = 0;
            for (size_t n = 0; n < N; n++) sum += e->migration_share[at3(s, o, n, N, N)];
            must_be("shares over destinations", sum, 1, 1e-13);
        }
    for (size_t n = 0; n < N; n++) {
        double from_other = 0, all = 0, everybody = e->people[n * S] + e->people[n * S + 1];
        for (size_t s = 0; s < S; s++) {
            double group = 0;
            for (size_t o = 0; o < N; o++) {
                double people = e->migration_share[at3(s, o, n, N, N)] * e->origin_people[s * N + o];
                group += people;
                if (area(&k, o) != area(&k, n)) from_other += people, sent[area(&k, o)] += people, sent_by_all += people;
            }
            must_be("people of a group", group, e->people[n * S + s], 1e-12);
            all += group;
        }
        must_be("people", all, everybody, 1e-12);
        if (n == SEA) assert_true(from_other == 0); /* nobody is registered overseas */
        else must_be("registered in another area", from_other, d->registered_other_areas[n], 1e-9);
    }
    for (size_t a = 0; a < A; a++) weights += isfinite(d->migration_origin_weight[a]) ? d->migration_origin_weight[a] : 0;
    for (size_t a = 0; a < A; a++) /* two areas: what one sends the other receives, so weights cannot bind; sums can */
        if (isfinite(d->migration_origin_weight[a])) assert_true(sent[a] > 0 && sent[a] < sent_by_all && weights > 0);
    kit_close(&k);
}

/* ---- fundamentals ----------------------------------------------------------------------------------------- */

/* Without margins trade is a pure kernel, kappa^-theta = time^-zeta x border effect: from Tbar and baseline wages, rents
 * and people the model must give prices, unit costs and trade shares back. Levels of section 2, written out. */
static void productivity_gives_trade_back(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    k.data->exports = k.data->imports = k.data->outflow = k.data->inflow = NULL;
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    const double *near = e->travel_time_h + e->about.people_travel * N * N;
    double unit_cost[N][J], strength[N][J], workers[N][J];
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            double gamma = e->value_added_share[n * J + j], eta = e->land_share[n * J + j];
            double cost = pow(e->land_income[n] / e->about.regions[n].land_km2, gamma * eta);
            workers[n][j] = 0;
            for (size_t s = 0; s < S; s++) {
                double beta = e->wage_share[at3(n, j, s, J, S)], wage = e->wage_bill[n * S + s] / e->people[n * S + s];
                cost *= pow(wage, gamma * (1 - eta) * beta);
                workers[n][j] += beta * (1 - eta) * gamma * e->output[n * J + j] / wage;
            }
            for (size_t g = 0; g < J; g++)
                cost *= pow(e->fundamentals.price[n * J + g], e->input_share[(area(&k, n) * J + j) * J + g]);
            unit_cost[n][j] = cost;
            must_be("unit cost", e->fundamentals.unit_cost[n * J + j], cost, 1e-11);
        }
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            double upsilon = 0;
            for (size_t h = 0; h < N; h++) upsilon += (h == n ? 1 : exp(-e->delta[j] * near[n * N + h])) * workers[h][j];
            strength[n][j] = e->fundamentals.productivity[n * J + j] * pow(upsilon, e->mu[j] * e->theta[j])
                             * pow(unit_cost[n][j], -e->theta[j]);
        }
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            const double *time_h = e->travel_time_h + e->about.sectors[j].travel * N * N;
            double phi = 0, kernel[N];
            for (size_t i = 0; i < N; i++) {
                kernel[i] = (area(&k, n) == area(&k, i) ? 1 : 0.5) / time_h[n * N + i] * strength[i][j]; /* border effect, zeta 1 */
                phi += kernel[i];
            }
            must_be("price", e->fundamentals.price[n * J + j], pow(phi, -1 / e->theta[j]), 1e-9);
            for (size_t i = 0; i < N; i++) must_be("trade share", e->trade_share[at3(n, j, i, J, N)], kernel[i] / phi, 1e-9);
        }
    kit_close(&k);
}

/* Amenities: from b and the baseline's people, incomes, prices and rents the utilities V must give back where people from
 * another area go, m_on^s ~ (V_n^s / mu_on)^epsilon with mu_on^epsilon = time^x. */
static void amenity_gives_migration_back(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    const double *time_h = e->travel_time_h + e->about.people_travel * N * N;
    double utility[N][S];
    for (size_t n = 0; n + 1 < N; n++)
        for (size_t s = 0; s < S; s++) {
            double people = e->people[n * S] + e->people[n * S + 1], wages = e->wage_bill[n * S] + e->wage_bill[n * S + 1];
            double price = 1, land_km2 = e->about.regions[n].land_km2;
            for (size_t j = 0; j < J; j++) price *= pow(e->fundamentals.price[n * J + j], e->final_share[n * J + j]);
            utility[n][s] = e->fundamentals.amenity[n * S + s] * pow(people / land_km2, -e->lambda)
                            * (e->wage_bill[n * S + s] / e->people[n * S + s] * e->income[n] / wages)
                            / (pow(price, e->goods_share[n]) * pow(e->land_income[n] / land_km2, 1 - e->goods_share[n]));
        }
    for (size_t s = 0; s < S; s++)
        for (size_t o = 0; o < 3; o++) /* from the north to the south */
            for (size_t n = 4; n < 6; n++) {
                double went = e->migration_share[at3(s, o, n, N, N)] / e->migration_share[at3(s, o, 3, N, N)];
                double drawn = pow(utility[n][s] / utility[3][s], e->epsilon[s]) * time_h[o * N + 3] / time_h[o * N + n];
                must_be("destinations", drawn, went, 1e-8);
            }
    kit_close(&k);
}

/* ---- observed flows --------------------------------------------------------------------------------------- */

/* Flows at buyers' prices and tariffs give purchases, sales net of tariffs, revenue and deficits, all by plain sums. */
static void observed_flows_are_the_accounts(void **state)
{
    static const double flow[2 * 2 * 2] = {70, 33, 90, 22, 24, 110, 18, 80}, tariff[2 * 2 * 2] = {0, 0.1, 0, 0.25, 0.2, 0, 0.05, 0};
    static const double input[4] = {0.2, 0.1, 0.15, 0.3};
    kit k;
    (void)state;
    kit_open(&k, 1);
    sketch s = sketch_new(2, 2, 1);
    s.flow = flow;
    s.tariff = tariff;
    s.input = input;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    for (size_t n = 0; n < 2; n++) {
        double bought = 0, revenue = 0, added = 0;
        for (size_t j = 0; j < 2; j++) {
            double spent = flow[at3(n, j, 0, 2, 2)] + flow[at3(n, j, 1, 2, 2)], sold = 0;
            for (size_t i = 0; i < 2; i++) {
                sold += flow[at3(i, j, n, 2, 2)] / (1 + tariff[at3(i, j, n, 2, 2)]);
                revenue += flow[at3(n, j, i, 2, 2)] * tariff[at3(n, j, i, 2, 2)] / (1 + tariff[at3(n, j, i, 2, 2)]);
                must_be("trade share", e->trade_share[at3(n, j, i, 2, 2)], flow[at3(n, j, i, 2, 2)] / spent, 1e-14);
            }
            must_be("expenditure", e->expenditure[n * 2 + j], spent, 1e-11);
            must_be("output", e->output[n * 2 + j], sold, 1e-11);
            double gamma = 1 - input[j * 2] - input[j * 2 + 1];
            bought += spent - (1 - gamma) * sold;
            added += gamma * sold;
        }
        must_be("tariff revenue", e->tariff_revenue[n], revenue, 1e-11);
        must_be("income", e->income[n], bought, 1e-11);
        assert_true(fabs(e->deficit[n] - (bought - added - revenue)) <= 1e-9);
    }
    kit_close(&k);
}

/* A region that on balance sells more than all it earns has nothing left to spend: named, not fitted badly. */
static void a_balance_leaves_something_to_spend(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    double *balance = (double *)(uintptr_t)&k.data->about.regions[2].trade_balance;
    *balance = 1.5 * k.data->about.regions[2].gdp;
    bashu_economy *economy = NULL;
    assert_int_equal(bashu_calibrate(&economy, k.data, NULL), BASHU_ERROR_INPUT);
    assert_null(economy);
    assert_non_null(strstr(bashu_message(k.context), k.data->about.regions[2].label.id));
    assert_non_null(strstr(bashu_message(k.context), "leaves nothing to spend"));
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_balance),
        cmocka_unit_test(observed_margins_hold),
        cmocka_unit_test(trade_has_the_pattern_of_the_kernel),
        cmocka_unit_test(two_areas_trade_both_ways),
        cmocka_unit_test(home_and_the_way_out),
        cmocka_unit_test(people_are_the_censuss),
        cmocka_unit_test(productivity_gives_trade_back),
        cmocka_unit_test(amenity_gives_migration_back),
        cmocka_unit_test(observed_flows_are_the_accounts),
        cmocka_unit_test(a_balance_leaves_something_to_spend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
