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
    kit_set(&k, "elasticities.trade_decay", "0.3");
    graph_link *links = (graph_link *)(uintptr_t)k.data->about.network->links; /* this test's own: goods go from the seller to the buyer */
    for (size_t l = 0; l < k.data->about.network->link_count; l++) links[l].both_ways = strcmp(links[l].id, "road-dune-fern") != 0 && strcmp(links[l].id, "road-brook-elm") != 0;
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    for (size_t j = 0; j < J; j++) {
        const double *time_h = e->travel_time_h + e->about.sectors[j].travel * N * N;
        for (size_t n = 0; n < 3; n++) /* buyers in the north, sellers in the south */
            for (size_t m = 0; m < n; m++)
                for (size_t i = 3; i < 6; i++)
                    for (size_t h = 3; h < i; h++) {
                        double odds = flow(&k, n, j, i) * flow(&k, m, j, h) / (flow(&k, n, j, h) * flow(&k, m, j, i));
                        double times = time_h[h * N + n] * time_h[i * N + m] / (time_h[i * N + n] * time_h[h * N + m]);
                        double longer = time_h[i * N + n] + time_h[h * N + m] - time_h[h * N + n] - time_h[i * N + m];
                        must_be("odds", odds, times * exp(-0.3 * longer), 1e-11); /* trade_time_elasticity: 1 */
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
/* What land costs: the rent that was observed, else what it earns. */
static double rent_of(const bashu_economy *e, size_t n)
{
    double observed = e->about.regions[n].rent;
    return isnan(observed) ? e->land_income[n] / e->about.regions[n].land_km2 : observed;
}

/* Rents observed in all places but one; nothing like what land earns. */
static void observe_rents(kit *k)
{
    region_row *regions = (region_row *)(uintptr_t)k->data->about.regions; /* this test's own */
    for (size_t n = 0; n < N; n++) regions[n].rent = n == 2 ? (double)NAN : 1e-3 * (double)(1 + n * n % 5);
}

static void gives_trade_back(bool specific_and_commuting, bool rents_too)
{
    kit k;
    open_lantern(&k);
    k.data->exports = k.data->imports = k.data->outflow = k.data->inflow = NULL;
    if (specific_and_commuting) {
        kit_specific(&k);
        kit_commute(&k, "3.3");
    }
    if (rents_too) {
        observe_rents(&k);
        kit_set(&k, "model.rents", "landlords");
    }
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    const double *near = e->travel_time_h + e->about.people_travel * N * N;
    double unit_cost[N][J], strength[N][J], workers[N][J];
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            double gamma = e->value_added_share[n * J + j], eta = e->land_share[n * J + j];
            bool own = e->about.regions[n].specific_structures;
            double rent = own ? eta * gamma * e->output[n * J + j] / e->about.regions[n].land_km2 : rent_of(e, n);
            double cost = pow(rent, gamma * eta);
            workers[n][j] = 0;
            for (size_t s = 0; s < S; s++) {
                double beta = e->wage_share[at3(n, j, s, J, S)], wage = e->wage_bill[n * S + s] / e->workers[n * S + s];
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

static void productivity_gives_trade_back(void **state)
{
    (void)state;
    gives_trade_back(false, false);
    gives_trade_back(true, false);
    gives_trade_back(false, true);
    gives_trade_back(true, true);
}

/* Amenities: from b and the baseline's people, incomes, prices and rents the utilities V must give back where people from
 * another area go, m_on^s ~ (V_n^s / mu_on)^epsilon with mu_on^epsilon = time^x. */
static double crowding_of(const bashu_economy *e, size_t n)
{
    const double *time_h = e->travel_time_h + e->about.people_travel * N * N;
    double rho = e->about.elasticities[AMENITY_DECAY].by_item[0], sum = 0;
    for (size_t h = 0; h < N; h++)
        sum += (h == n ? 1 : exp(-rho * time_h[n * N + h])) * (e->people[h * S] + e->people[h * S + 1]) / e->about.regions[h].land_km2;
    return sum;
}

static void utilities(const bashu_economy *e, double utility[N][S])
{
    for (size_t n = 0; n + 1 < N; n++)
        for (size_t s = 0; s < S; s++) {
            double wages = e->labour_income[n * S] + e->labour_income[n * S + 1], price = 1;
            double earned = e->fundamentals.access ? e->fundamentals.access[n * S + s] : e->labour_income[n * S + s] / e->people[n * S + s];
            for (size_t j = 0; j < J; j++) price *= pow(e->fundamentals.price[n * J + j], e->final_share[n * J + j]);
            utility[n][s] = e->fundamentals.amenity[n * S + s] * pow(crowding_of(e, n), -e->lambda) * (earned * e->income[n] / wages)
                            / (pow(price, e->goods_share[n]) * pow(rent_of(e, n), 1 - e->goods_share[n]));
        }
}

static void amenity_gives_migration_back(void **state)
{
    kit k;
    double utility[N][S];
    (void)state;
    open_lantern(&k);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    const double *time_h = e->travel_time_h + e->about.people_travel * N * N;
    utilities(e, utility);
    for (size_t s = 0; s < S; s++)
        for (size_t o = 0; o < 3; o++) /* from the north to the south */
            for (size_t n = 4; n < 6; n++) {
                double went = e->migration_share[at3(s, o, n, N, N)] / e->migration_share[at3(s, o, 3, N, N)];
                double drawn = pow(utility[n][s] / utility[3][s], e->epsilon[s]) * time_h[o * N + 3] / time_h[o * N + n];
                must_be("destinations", drawn, went, 1e-8);
            }
    kit_close(&k);
}

/* Without homes, L_n^s ~ (V_n^s)^epsilon; without tastes either, V is the same everywhere. */
static void amenity_gives_the_pool_back(void **state)
{
    (void)state;
    for (int variant = 0; variant < 4; variant++) {
        kit k;
        double utility[N][S];
        bool without_tastes = variant % 2, fitted = variant >= 2;
        open_lantern(&k);
        kit_set(&k, "model.mobility", without_tastes ? "free" : "costless");
        if (fitted) { /* and what else a city's model has */
            kit_fit_commuting(&k, "3.3");
            kit_set(&k, "elasticities.amenity_decay", "0.8");
            kit_set(&k, "elasticities.amenity_congestion", "0.3");
            kit_set(&k, "model.rents", "landlords");
            observe_rents(&k);
        } else {
            kit_commute(&k, "3.3");
        }
        kit_calibrate(&k);
        const bashu_economy *e = k.economy;
        utilities(e, utility);
        for (size_t s = 0; s < S; s++)
            for (size_t n = 1; n + 1 < N; n++) {
                double drawn = utility[n][s] / utility[0][s], there = e->people[n * S + s] / e->people[s];
                must_be("utility", drawn, without_tastes ? 1 : pow(there, 1 / e->epsilon[s]), 1e-10);
                must_be("share", e->migration_share[s * e->origin_count * N + n] / e->migration_share[s * e->origin_count * N], there, 1e-12);
            }
        kit_close(&k);
    }
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

/* Flows that leave less than nothing for final use: refused, unless settled; and where a region is left nothing at all, then
 * too. The message names region and mend. */
static void flows_that_leave_no_final_use(void **state)
{
    static const double flow[8] = {40, 10, 100, 20, 10, 60, 20, 80}; /* buyer 0: 50 of the first, 120 of the second */
    static const struct {
        double input[4]; /* [using][input] */
        baseline word;
        const char *says[3];
    } cases[] = {
        {{0.2, 0.1, 0.5, 0.3}, BASELINE_OBSERVED, {"region 'region0'", "sector 'sector0'", "baseline: settled"}},
        {{0.2, 0.1, 0.5, 0.3}, BASELINE_SETTLED, {NULL}},
        {{0.9, 0.8, 0.9, 0.8}, BASELINE_SETTLED, {"region 'region0'", "no final use", "trade.csv"}},
    };
    (void)state;
    for (size_t c = 0; c < 3; c++) {
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(2, 2, 1);
        s.flow = flow;
        s.input = cases[c].input;
        s.switches.baseline = cases[c].word;
        kit_draw(&k, &s);
        bashu_status status = bashu_calibrate(&k.economy, k.data, NULL);
        if (!cases[c].says[0]) {
            kit_must(&k, status);
            for (size_t n = 0; n < 2; n++) must_be("final shares", k.economy->final_share[2 * n] + k.economy->final_share[2 * n + 1], 1, 1e-14);
            assert_true(k.economy->final_share[0] == 0 && k.economy->baseline_residual < 1e-11);
            bool noted = false;
            for (size_t q = 0; q < k.economy->adjustment_count; q++) noted |= strstr(k.economy->adjustments[q].what_en, "negative") != NULL;
            assert_true(noted);
            const adjustment *last = &k.economy->adjustments[k.economy->adjustment_count - 1]; /* and how far that went */
            assert_non_null(strstr(last->what_en, "baseline is solved for"));
            assert_true(last->after < last->before && last->after > 0.5 * last->before);
        } else {
            assert_int_equal(status, BASHU_ERROR_INPUT);
            for (size_t q = 0; q < 3; q++)
                if (!strstr(bashu_message(k.context), cases[c].says[q])) fail_msg("no \"%s\" in: %s", cases[c].says[q], bashu_message(k.context));
        }
        kit_close(&k);
    }
}

/* Costs of trade as data are the kernel's: without margins, flows over what gravity leaves free fall as cost^-theta, so the
 * double ratio of any four flows is that of their costs. */
static void costs_are_the_kernels(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    k.data->exports = k.data->imports = k.data->outflow = k.data->inflow = NULL;
    kit_set(&k, "elasticities.trade_time_elasticity", "0");
    kit_set(&k, "elasticities.trade_border_effect", "1");
    double *cost = kit_ones(&k, N * J * N, 1);
    for (size_t q = 0; q < N * J * N; q++) cost[q] = q / (J * N) == q % N ? 1 : 1 + 0.1 * (double)(q % 5);
    k.data->trade_cost = cost;
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    for (size_t j = 0; j < J; j++)
        for (size_t n = 1; n < N; n++)
            for (size_t i = 1; i < N; i++) {
                size_t a = at3(0, j, 0, J, N), b = at3(n, j, i, J, N), c = at3(0, j, i, J, N), d = at3(n, j, 0, J, N);
                const double *pi = e->trade_share;
                must_be("double ratio", pi[a] * pi[b] / (pi[c] * pi[d]), pow(cost[a] * cost[b] / (cost[c] * cost[d]), -e->theta[j]), 1e-8);
            }
    kit_close(&k);
}

/* Commuters of the data are the economy's; residents earn what the places where they work pay. */
static void commuters_are_the_tables(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_commute(&k, "3.3");
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    double paid = 0, earned = 0, apart = 0;
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            double here = 0, wages = 0;
            for (size_t i = 0; i < N; i++) {
                double flow = k.data->commuters[at3(s, n, i, N, N)];
                must_be("commuters", e->people[n * S + s] * e->commuting_share[at3(s, n, i, N, N)] + 1, flow + 1, 1e-12);
                here += k.data->commuters[at3(s, i, n, N, N)];
                wages += flow * e->wage_bill[i * S + s] / e->workers[i * S + s];
            }
            must_be("workers", e->workers[n * S + s], here, 1e-12);
            must_be("labour income", e->labour_income[n * S + s], wages, 1e-12);
            paid += e->wage_bill[n * S + s];
            earned += e->labour_income[n * S + s];
            apart = fmax(apart, fabs(e->labour_income[n * S + s] / e->wage_bill[n * S + s] - 1));
        }
    must_be("all wages", earned, paid, 1e-12);
    assert_true(apart > 0.01);
    char *text; /* wages were not implied by anything: fundamentals.csv has none */
    kit_must(&k, bashu_economy_table(&text, e, "fundamentals.csv"));
    assert_true(strstr(text, "people_within_reach") && !strstr(text, "workplace_wage") && !strstr(text, "wage_access"));
    bashu_text_free(text);
    kit_close(&k);
}

/* ---- commuting fitted to residents and workers ------------------------------------------------------------ */

/* Accounts where landlords spend the rents: all but wages, deficits and tariffs is theirs, and final use is what both spend. */
static void landlords_are_in_the_accounts(void **state)
{
    (void)state;
    for (int specific_too = 0; specific_too < 2; specific_too++) {
        kit k;
        open_lantern(&k);
        kit_set(&k, "model.rents", "landlords");
        kit_set(&k, "elasticities.housing_share", "0.3");
        if (specific_too) kit_specific(&k);
        kit_calibrate(&k);
        const bashu_economy *e = k.economy;
        double owed = 0, world = 0;
        assert_true(e->baseline_residual <= 1e-11);
        for (size_t n = 0; n < N; n++) {
            const double *input = e->input_share + area(&k, n) * J * J;
            double of_sectors = 0, final = 0;
            for (size_t j = 0; j < J; j++) {
                double used = 0;
                for (size_t g = 0; g < J; g++) used += input[g * J + j] * e->output[n * J + g];
                of_sectors += e->land_share[n * J + j] * e->value_added_share[n * J + j] * e->output[n * J + j];
                final += e->expenditure[n * J + j] - used;
                world += e->value_added_share[n * J + j] * e->output[n * J + j];
            }
            double housing = (1 - e->goods_share[n]) * e->income[n];
            must_be("income", e->income[n], e->labour_income[n * S] + e->labour_income[n * S + 1] + e->deficit[n], 1e-11);
            must_be("final use", final, e->goods_share[n] * e->income[n] + housing + of_sectors, 1e-11);
            must_be("rents", e->land_income[n], housing + (e->about.regions[n].specific_structures ? 0 : of_sectors), 1e-11);
            owed += e->deficit[n];
        }
        assert_true(fabs(owed) <= 1e-12 * world);
        kit_close(&k);
    }
}

static const double *people_time(const kit *k)
{
    return k->economy->travel_time_h + k->economy->about.people_travel * N * N;
}

/* The kernel of kit_fit_commuting, with the decay there is. */
static double way_to_work(const kit *k, size_t n, size_t i)
{
    double decay = k->economy->about.elasticities[COMMUTING_DECAY].value;
    if ((n == SEA) != (i == SEA)) return 0; /* nobody crosses */
    return pow(people_time(k)[n * N + i], -0.5) * exp(-decay * people_time(k)[n * N + i]);
}

/* The gravity equation as it is written: implied wages and access against shares. */
static void wages_give_commuters_back(const kit *k, double power)
{
    const bashu_economy *e = k->economy;
    const double *wage = e->fundamentals.workplace_wage, *access = e->fundamentals.access;
    for (size_t s = 0; s < S; s++) {
        double logs = 0, places = 0;
        for (size_t n = 0; n < N; n++) {
            double total = 0;
            for (size_t i = 0; i < N; i++) total += wage[i * S + s] > 0 ? pow(wage[i * S + s], power) * way_to_work(k, n, i) : 0;
            must_be("access", access[n * S + s], pow(total, 1 / power), 1e-11);
            for (size_t i = 0; i < N; i++) {
                double share = wage[i * S + s] > 0 ? pow(wage[i * S + s], power) * way_to_work(k, n, i) / total : 0;
                must_be("share", e->commuting_share[at3(s, n, i, N, N)], share, 1e-10);
            }
            if (wage[n * S + s] > 0) logs += log(wage[n * S + s]), places++;
        }
        assert_true(fabs(logs / places) < 1e-11); /* a geometric mean of one */
    }
}

/* Residents and workers are as observed, each to 1e-10; where somewhere nobody of a group works, too, and where many work
 * elsewhere although ways are long: then implied wages are far apart. */
static void fitted_commuters_meet_the_margins(void **state)
{
    (void)state;
    for (int variant = 0; variant < 4; variant++) {
        kit k;
        bool idle = variant == 1, far = variant > 1;
        open_lantern(&k);
        kit_fit_commuting(&k, "3.3");
        if (far) kit_set(&k, "elasticities.commuting_decay", variant == 2 ? "8" : "20");
        double *workers = kit_ones(&k, N * S, 0), *wage_share = kit_ones(&k, N * J * S, 0);
        memcpy(workers, k.data->workers, N * S * sizeof *workers);
        memcpy(wage_share, k.data->wage_share, N * J * S * sizeof *wage_share);
        if (idle) { /* no work for the first group in brook: it works in alder */
            workers[0 * S] += workers[1 * S];
            workers[1 * S] = 0;
            for (size_t j = 0; j < J; j++) wage_share[at3(1, j, 0, J, S)] = 0, wage_share[at3(1, j, 1, J, S)] = 1;
        }
        for (size_t s = 0; far && s < S; s++) { /* more than half of the work in elm is done in dune */
            workers[3 * S + s] += 0.6 * workers[4 * S + s];
            workers[4 * S + s] *= 0.4;
        }
        k.data->workers = workers;
        k.data->wage_share = wage_share;
        kit_calibrate(&k);
        const bashu_economy *e = k.economy;
        for (size_t s = 0; s < S; s++)
            for (size_t n = 0; n < N; n++) {
                double leave = 0, come = 0;
                for (size_t i = 0; i < N; i++) {
                    leave += e->commuting_share[at3(s, n, i, N, N)];
                    come += e->commuting_share[at3(s, i, n, N, N)] * e->people[i * S + s];
                }
                must_be("residents", leave, 1, 1e-13);
                must_be("workers", come, workers[n * S + s], 1e-10);
                must_be("workers of the accounts", e->workers[n * S + s], workers[n * S + s], 1e-10);
            }
        wages_give_commuters_back(&k, 3.3);
        assert_true((e->fundamentals.workplace_wage[1 * S] == 0) == idle);
        k.shock.productivity_hat[0] = 1.1; /* and it solves */
        kit_solve(&k);
        kit_close(&k);
    }
}

/* A matrix made of wages and a kernel, known by its sums alone: the matrix comes back, and so do the wages. Nobody commutes
 * overseas, so how its wages compare with others' is in no sum. */
static void a_known_matrix_comes_back(void **state)
{
    kit k;
    double wage[N * S], share[S * N * N];
    (void)state;
    open_lantern(&k);
    kit_fit_commuting(&k, "2.5");
    kit_calibrate(&k); /* for travel times */
    double *workers = kit_ones(&k, N * S, 0);
    for (size_t q = 0; q < N * S; q++) wage[q] = 1 + 0.1 * (double)(3 * q % 7);
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++) {
            double total = 0, *row = share + at3(s, n, 0, N, N);
            for (size_t i = 0; i < N; i++) total += row[i] = pow(wage[i * S + s], 2.5) * way_to_work(&k, n, i);
            for (size_t i = 0; i < N; i++) {
                row[i] /= total;
                workers[i * S + s] += row[i] * k.data->people[n * S + s];
            }
        }
    k.data->workers = workers;
    kit_calibrate(&k);
    double moved = 0;
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++) {
            const double *found = k.economy->fundamentals.workplace_wage;
            if (n == SEA) continue;
            must_be("wage", found[n * S + s] / found[s], wage[n * S + s] / wage[s], 1e-9);
            for (size_t i = 0; i < SEA; i++)
                must_be("share", k.economy->commuting_share[at3(s, n, i, N, N)], share[at3(s, n, i, N, N)], 1e-9);
            moved = fmax(moved, fabs(workers[n * S + s] / k.data->people[n * S + s] - 1));
        }
    wages_give_commuters_back(&k, 2.5);
    assert_true(moved > 0.02);
    kit_close(&k);
}

/* The number that fundamentals.csv gives for a row; it must be there. */
static double number_of_row(const char *table, const char *row)
{
    const char *at = strstr(table, row);
    if (!at) fail_msg("no row %s", row);
    return strtod(at + strlen(row), NULL);
}

static void fundamentals_are_told(const kit *k)
{
    const fundamentals *f = &k->economy->fundamentals;
    char *text;
    kit_must(k, bashu_economy_table(&text, k->economy, "fundamentals.csv"));
    must_be("workers within reach", number_of_row(text, "\nbrook,workers_within_reach,goods,"), f->upsilon[1 * J + 1], 1e-9);
    must_be("people within reach", number_of_row(text, "\ndune,people_within_reach,,"), f->crowding[3], 1e-9);
    must_be("workplace wage", number_of_row(text, "\nelm,workplace_wage,others,"), f->workplace_wage[4 * S + 1], 1e-9);
    must_be("access", number_of_row(text, "\nfern,wage_access,college,"), f->access[5 * S], 1e-9);
    bashu_text_free(text);
}

/* Fundamentals of a baseline that was solved for are those of the baseline there is, by the same equations. */
static void fundamentals_of_a_settled_baseline(void **state)
{
    (void)state;
    for (int variant = 0; variant < 3; variant++) {
        kit k, raw;
        double utility[N][S];
        kit *both[] = {&k, &raw};
        for (size_t q = 0; q < 2; q++) {
            open_lantern(both[q]);
            kit_fit_commuting(both[q], "3.3");
            kit_set(both[q], "model.mobility", "costless");
            kit_set(both[q], "model.rents", variant == 1 ? "landlords" : "residents");
            kit_set(both[q], "elasticities.amenity_decay", "0.8");
            kit_set(both[q], "elasticities.amenity_congestion", variant == 2 ? "0" : "0.3");
            if (!q) kit_set(both[q], "model.deficits", "zero");
            kit_calibrate(both[q]);
        }
        const bashu_economy *e = k.economy;
        double moved = 0, shifted = 0;
        for (size_t n = 0; n < N; n++) {
            must_be("people within reach", e->fundamentals.crowding[n], crowding_of(e, n), 1e-11);
            moved = fmax(moved, fabs(e->fundamentals.crowding[n] / raw.economy->fundamentals.crowding[n] - 1));
            for (size_t j = 0; j < J; j++) {
                double reach = 0;
                for (size_t h = 0; h < N; h++)
                    for (size_t s = 0; s < S; s++) {
                        double paid = e->wage_share[at3(h, j, s, J, S)] * (1 - e->land_share[h * J + j]) * e->value_added_share[h * J + j] * e->output[h * J + j];
                        reach += (h == n ? 1 : exp(-e->delta[j] * people_time(&k)[n * N + h])) * paid * e->workers[h * S + s] / e->wage_bill[h * S + s];
                    }
                must_be("workers within reach", e->fundamentals.upsilon[n * J + j], reach, 1e-11);
            }
            for (size_t s = 0; s < S; s++)
                shifted = fmax(shifted, fabs(e->fundamentals.workplace_wage[n * S + s] / raw.economy->fundamentals.workplace_wage[n * S + s] - 1));
        }
        assert_true(moved > 1e-4 && shifted > 1e-4); /* there was something to settle */
        wages_give_commuters_back(&k, 3.3);
        fundamentals_are_told(&k);
        utilities(e, utility); /* with amenities as they were before */
        for (size_t n = 0; n < N; n++) { /* rents went up as H = rhat^chi lets them, not as what land earns did */
            double earns = e->land_income[n] / raw.economy->land_income[n];
            for (size_t s = 0; s < S; s++) utility[n][s] *= pow(pow(earns, 1 - 1 / (1 + e->chi[n])), 1 - e->goods_share[n]);
        }
        for (size_t s = 0; s < S; s++)
            for (size_t n = 1; n + 1 < N; n++)
                must_be("people", e->people[n * S + s] / e->people[s], pow(utility[n][s] / utility[0][s], e->epsilon[s]), 1e-9);
        kit_close(&k);
        kit_close(&raw);
    }
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
        cmocka_unit_test(a_balance_leaves_something_to_spend),
        cmocka_unit_test(accounts_balance),
        cmocka_unit_test(observed_margins_hold),
        cmocka_unit_test(trade_has_the_pattern_of_the_kernel),
        cmocka_unit_test(two_areas_trade_both_ways),
        cmocka_unit_test(home_and_the_way_out),
        cmocka_unit_test(people_are_the_censuss),
        cmocka_unit_test(productivity_gives_trade_back),
        cmocka_unit_test(amenity_gives_migration_back),
        cmocka_unit_test(amenity_gives_the_pool_back),
        cmocka_unit_test(observed_flows_are_the_accounts),
        cmocka_unit_test(flows_that_leave_no_final_use),
        cmocka_unit_test(costs_are_the_kernels),
        cmocka_unit_test(commuters_are_the_tables),
        cmocka_unit_test(landlords_are_in_the_accounts),
        cmocka_unit_test(fitted_commuters_meet_the_margins),
        cmocka_unit_test(a_known_matrix_comes_back),
        cmocka_unit_test(fundamentals_of_a_settled_baseline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
