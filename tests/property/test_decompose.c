/* test_decompose.c - flows between places add up to the accounts, and the parts of a change of welfare to the change. */
#include "../truth/kit.h"
#include "measure/measure.h"

typedef struct view { /* a variable of a result, all of it */
    double *base, *after, *hat, *percent;
    size_t count;
} view;

static view view_of(const kit *k, const char *variable)
{
    view v = {.count = bashu_variable_length(k->economy, variable)};
    double **arrays[] = {&v.base, &v.after, &v.hat, &v.percent};
    assert_true(v.count > 0);
    for (size_t c = 0; c < 4; c++) {
        *arrays[c] = kit_ones(k, v.count, 0);
        kit_must(k, bashu_result_values(k->result, variable, (bashu_column)c, *arrays[c], v.count));
    }
    return v;
}

static void near(const char *what, double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance)) fail_msg("%s: got %.17g, expected %.17g", what, got, expected);
}

/* ---- economies ------------------------------------------------------------------------------------------- */

/* Everything changes, costs and migration too; tariffs where the economy has some. */
static void shake(kit *k, double size)
{
    const description *a = &k->economy->about;
    size_t N = a->N, J = a->J, S = a->S;
    double *cost = kit_trade_cost(k), *leave = a->switches.mobility == MOBILITY_FRECHET || !k->economy->migration_share ? kit_migration_cost(k) : NULL;
    double *way = k->economy->commuting_share ? kit_commuting_cost(k) : NULL;
    for (size_t n = 0; n < N; n++) {
        k->shock.land_hat[n] = 1 + size * (double)(n % 3);
        for (size_t j = 0; j < J; j++) k->shock.productivity_hat[n * J + j] = 1 + size * (double)((n + 2 * j) % 4);
        for (size_t s = 0; s < S; s++) k->shock.amenity_hat[n * S + s] = 1 + size * (double)((2 * n + s) % 3);
        for (size_t i = 0; i < N; i++) {
            for (size_t j = 0; j < J; j++) cost[at3(n, j, i, J, N)] = 1 - size * (double)((n * 3 + i * 5 + j) % 4);
            for (size_t s = 0; way && n != i && s < S; s++) way[at3(s, n, i, N, N)] = 1 - size * (double)((n + i * 2 + s) % 4);
            for (size_t s = 0; leave && n != i && s < S; s++) leave[at3(s, n, i, N, N)] = 1 - size * (double)((n + i * 7 + s) % 3);
        }
    }
    if (!k->economy->tariff) return;
    double *tariff = kit_tariff(k);
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++)
                if (n != i) tariff[at3(n, j, i, J, N)] *= (double)((n + i + j) % 3);
}

/* Three countries, two sectors with inputs, tariffs; labour alone, nobody moves, no housing. Trade is balanced by
 * flows net of tariffs that are symmetric within each sector. */
enum { COUNTRIES = 3, GOODS = 2 };
static void open_countries(kit *k)
{
    static const double net[GOODS][COUNTRIES][COUNTRIES] = {{{300, 40, 25}, {40, 200, 10}, {25, 10, 90}},
                                                            {{500, 20, 5}, {20, 260, 35}, {5, 35, 150}}};
    static const double input[GOODS * GOODS] = {0.2, 0.15, 0.1, 0.3};
    double flow[COUNTRIES * GOODS * COUNTRIES], tariff[COUNTRIES * GOODS * COUNTRIES];
    kit_open(k, 1);
    for (size_t n = 0; n < COUNTRIES; n++)
        for (size_t j = 0; j < GOODS; j++)
            for (size_t i = 0; i < COUNTRIES; i++) {
                size_t at = at3(n, j, i, GOODS, COUNTRIES);
                tariff[at] = n == i ? 0 : 0.05 + 0.07 * (double)((n + 2 * i + j) % 3);
                flow[at] = net[j][n][i] * (1 + tariff[at]);
            }
    sketch s = sketch_new(COUNTRIES, GOODS, 1);
    s.flow = flow;
    s.tariff = tariff;
    s.input = input;
    kit_draw(k, &s);
    kit_calibrate(k);
}

/* ---- flows ----------------------------------------------------------------------------------------------- */

static void flows_are_the_accounts(const kit *k)
{
    const bashu_economy *e = k->economy;
    const bashu_result *r = k->result;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    view trade = view_of(k, "trade"), share = view_of(k, "trade_share"), home = view_of(k, "home_share");
    view exports = view_of(k, "exports"), imports = view_of(k, "imports"), balance = view_of(k, "trade_balance");
    view revenue = view_of(k, "tariff_revenue"), people = view_of(k, "group_population"), migrants = view_of(k, "migrants");
    double world = 0;
    for (size_t n = 0; n < N; n++) {
        double bought[2] = {0, 0}, sold[2] = {0, 0}, taxed[2] = {0, 0}, imported[2] = {0, 0};
        for (size_t j = 0; j < J; j++) {
            double shares[2] = {0, 0}, output[2] = {0, 0};
            for (size_t i = 0; i < N; i++) {
                size_t buys = at3(i, n, j, N, J), sells = at3(n, i, j, N, J);
                double here = e->tariff ? e->tariff[at3(n, j, i, J, N)] : 0, there = e->tariff ? e->tariff[at3(i, j, n, J, N)] : 0;
                double here_new = k->shock.tariff ? k->shock.tariff[at3(n, j, i, J, N)] : here;
                double there_new = k->shock.tariff ? k->shock.tariff[at3(i, j, n, J, N)] : there;
                const double rates[2][2] = {{here, there}, {here_new, there_new}};
                const double *values[2] = {trade.base, trade.after}, *parts[2] = {share.base, share.after};
                for (int t = 0; t < 2; t++) {
                    double paid = values[t][buys], net = paid / (1 + rates[t][0]), got = values[t][sells] / (1 + rates[t][1]);
                    shares[t] += parts[t][buys];
                    bought[t] += paid;
                    taxed[t] += paid - net;
                    output[t] += got;
                    if (i != n) imported[t] += net, sold[t] += got;
                }
            }
            size_t nj = at2(n, j, J);
            near("shares", shares[0], 1, 1e-12);
            near("new shares", shares[1], 1, 1e-14);
            must_be("output", output[0], e->output[nj], 1e-9);
            must_be("new output", output[1], e->output[nj] * r->output_hat[nj], 1e-10);
            must_be("home share", home.after[nj], share.after[at3(n, n, j, N, J)], 0);
        }
        must_be("imports", imports.base[n], imported[0], 1e-12);
        must_be("new imports", imports.after[n], imported[1], 1e-12);
        must_be("exports", exports.base[n], sold[0], 1e-12);
        must_be("new exports", exports.after[n], sold[1], 1e-12);
        near("balance", balance.after[n], exports.after[n] - imports.after[n], 1e-9 * exports.after[n]);
        near("revenue of the accounts", revenue.base[n], e->tariff_revenue[n], 1e-9 * bought[0]);
        near("revenue", revenue.after[n], taxed[1], 1e-12 * bought[1]);
        world += balance.after[n];
        for (size_t s = 0; s < S; s++) {
            double lived[2] = {0, 0};
            for (size_t o = 0; o < N; o++) {
                lived[0] += migrants.base[at3(o, n, s, N, S)];
                lived[1] += migrants.after[at3(o, n, s, N, S)];
            }
            must_be("people", lived[0], people.base[at2(n, s, S)], 1e-9);
            must_be("new people", lived[1], people.after[at2(n, s, S)], 1e-9);
        }
    }
    near("balance of the world", world, 0, 1e-9 * exports.after[0]);
}

static void flows_add_up_in_lantern(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 2);
    shake(&k, 0.03);
    kit_solve(&k);
    flows_are_the_accounts(&k);
    kit_close(&k);
}

static void flows_add_up_with_tariffs(void **state)
{
    kit k;
    (void)state;
    open_countries(&k);
    shake(&k, 0.05);
    kit_solve(&k);
    flows_are_the_accounts(&k);
    view balance = view_of(&k, "trade_balance"), deficit = view_of(&k, "deficit"), income = view_of(&k, "income");
    view labour = view_of(&k, "labour_income"), revenue = view_of(&k, "tariff_revenue");
    for (size_t n = 0; n < COUNTRIES; n++) { /* no rents: what is not paid for by sales is received */
        near("deficit", deficit.after[n], -balance.after[n], 1e-8);
        must_be("income", income.after[n], labour.after[n] + revenue.after[n] + deficit.after[n], 1e-9);
    }
    kit_close(&k);
}

static void transfers_are_in_the_deficit(void **state)
{
    kit k;
    (void)state;
    open_countries(&k);
    k.shock.transfer[0] = 10;
    k.shock.transfer[2] = -10;
    kit_solve(&k);
    view deficit = view_of(&k, "deficit"), balance = view_of(&k, "trade_balance");
    near("received", deficit.after[0] - deficit.base[0], 10, 1e-12);
    near("paid", deficit.after[2] - deficit.base[2], -10, 1e-12);
    near("balance", balance.after[0] - balance.base[0], -10, 1e-8);
    kit_close(&k);
}

/* ---- parts ----------------------------------------------------------------------------------------------- */

static void parts_of_logs_add_up(const kit *k)
{
    static const char *const utility[] = {"utility_wage", "utility_other_income", "utility_goods_price", "utility_rent",
                                          "utility_congestion", "utility_amenity"};
    static const char *const welfare[] = {"welfare_staying", "welfare_moving"};
    const bashu_result *r = k->result;
    size_t count = k->economy->about.N * k->economy->about.S;
    double *sum = kit_ones(k, count, 0), *both = kit_ones(k, count, 0);
    for (size_t p = 0; p < 6; p++) {
        view part = view_of(k, utility[p]);
        for (size_t i = 0; i < count; i++) {
            sum[i] += part.percent[i];
            assert_true(part.base[i] == 0 && part.after[i] == part.percent[i]);
            near("factor", part.hat[i], exp(part.percent[i] / 100), 1e-15);
        }
    }
    for (size_t p = 0; p < 2; p++) {
        view part = view_of(k, welfare[p]);
        for (size_t i = 0; i < count; i++) both[i] += part.percent[i];
    }
    view whole = view_of(k, "utility_total"), all = view_of(k, "welfare_total");
    for (size_t i = 0; i < count; i++) {
        near("utility", sum[i], 100 * log(r->utility_hat[i]), 1e-11); /* 1e-13 in logs */
        near("utility_total", whole.percent[i], 100 * log(r->utility_hat[i]), 1e-13);
        near("welfare", both[i], 100 * log(r->welfare_hat[i]), 1e-11);
        near("welfare_total", all.percent[i], 100 * log(r->welfare_hat[i]), 1e-13);
    }
}

static void parts_of_trade_add_up(const kit *k)
{
    static const char *const names[] = {"terms_of_trade", "volume_of_trade", "trade_cost_saving"};
    const bashu_economy *e = k->economy;
    size_t N = e->about.N, J = e->about.J;
    double *sum = kit_ones(k, N, 0), world = 0, size = 0;
    for (size_t p = 0; p < 3; p++) {
        view part = view_of(k, names[p]), partner, sector;
        partner = view_of(k, arena_format(k->memory, "%s_by_partner", names[p]));
        sector = view_of(k, arena_format(k->memory, "%s_by_sector", names[p]));
        for (size_t n = 0; n < N; n++) {
            double by_partner = 0, by_sector = 0;
            for (size_t i = 0; i < N; i++) by_partner += partner.percent[n * N + i];
            for (size_t j = 0; j < J; j++) by_sector += sector.percent[n * J + j];
            near("by partner", by_partner, part.percent[n], 1e-12);
            near("by sector", by_sector, part.percent[n], 1e-12);
            sum[n] += part.percent[n];
            if (p == 0) world += e->income[n] * part.percent[n], size += e->income[n] * fabs(part.percent[n]);
            for (size_t i = 0; p == 0 && i < N; i++) /* what one gains the other loses */
                near("mirror", e->income[n] * partner.percent[n * N + i], -e->income[i] * partner.percent[i * N + n],
                     1e-12 * size + 1e-14);
        }
    }
    near("terms of trade of the world", world, 0, 1e-13 * size);
    assert_true(size > 0);
    view whole = view_of(k, "welfare_trade");
    for (size_t n = 0; n < N; n++) near("welfare_trade", whole.percent[n], sum[n], 1e-12);
}

static void parts_add_up_in_lantern(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 2);
    shake(&k, 0.03);
    kit_solve(&k);
    parts_of_logs_add_up(&k);
    parts_of_trade_add_up(&k);
    view moving = view_of(&k, "welfare_moving");
    size_t S = k.economy->about.S, foreign = (size_t)k.economy->about.foreign;
    assert_true(moving.percent[0] != 0 && moving.percent[foreign * S] == 0); /* nobody leaves the rest of the world */
    kit_close(&k);
}

static void parts_add_up_with_tariffs(void **state)
{
    kit k;
    (void)state;
    open_countries(&k);
    shake(&k, 0.05);
    kit_solve(&k);
    parts_of_logs_add_up(&k);
    parts_of_trade_add_up(&k);
    for (size_t n = 0; n < COUNTRIES; n++) assert_true(view_of(&k, "volume_of_trade").percent[n] != 0);
    kit_close(&k);
}

/* ---- every mobility, with and without commuting ----------------------------------------------------------- */

/* Who lives in n and works in i, against people, workers, wages and labour demand. */
static void commuters_are_the_accounts(const kit *k)
{
    const bashu_economy *e = k->economy;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    double unit = e->about.currency_unit;
    view commuters = view_of(k, "commuters"), people = view_of(k, "group_population"), workers = view_of(k, "group_workers");
    view all = view_of(k, "workers"), paid = view_of(k, "group_workplace_wage"), earned = view_of(k, "group_wage");
    view labour = view_of(k, "labour_income"), income = view_of(k, "income");
    double world[2] = {0, 0}, bills[2] = {0, 0};
    for (size_t n = 0; n < N; n++) {
        double here[2] = {0, 0}, wages[2] = {0, 0};
        for (size_t s = 0; s < S; s++) {
            size_t ns = at2(n, s, S);
            double live[2] = {0, 0}, work[2] = {0, 0}, brought[2] = {0, 0}, demand[2] = {0, 0};
            for (size_t i = 0; i < N; i++) {
                size_t out = at3(n, i, s, N, S), in = at3(i, n, s, N, S);
                live[0] += commuters.base[out], live[1] += commuters.after[out];
                work[0] += commuters.base[in], work[1] += commuters.after[in];
                brought[0] += commuters.base[out] * paid.base[at2(i, s, S)] / unit;
                brought[1] += commuters.after[out] * paid.after[at2(i, s, S)] / unit;
                if (!e->commuting_share && i != n) assert_true(commuters.base[out] == 0 && commuters.after[out] == 0);
            }
            for (size_t j = 0; j < J; j++) {
                size_t nj = at2(n, j, J);
                double share = e->wage_share[nj * S + s] * (1 - e->land_share[nj]) * e->value_added_share[nj];
                demand[0] += share * e->output[nj];
                demand[1] += share * e->output[nj] * k->result->output_hat[nj];
            }
            must_be("residents", live[0], people.base[ns], 1e-12);
            must_be("new residents", live[1], people.after[ns], 1e-10);
            must_be("workers of a group", work[0], workers.base[ns], 1e-10);
            must_be("new workers of a group", work[1], workers.after[ns], 1e-9);
            must_be("wage bill", workers.base[ns] * paid.base[ns] / unit, demand[0], 1e-9);
            must_be("new wage bill", workers.after[ns] * paid.after[ns] / unit, demand[1], 1e-9);
            must_be("earned", people.base[ns] * earned.base[ns] / unit, brought[0], 1e-9);
            must_be("now earned", people.after[ns] * earned.after[ns] / unit, brought[1], 1e-9);
            for (int t = 0; t < 2; t++) here[t] += work[t], wages[t] += brought[t], bills[t] += demand[t], world[t] += brought[t];
        }
        must_be("workers", all.base[n], here[0], 1e-10);
        must_be("new workers", all.after[n], here[1], 1e-9);
        must_be("labour income", labour.base[n], wages[0], 1e-9);
        must_be("new labour income", labour.after[n], wages[1], 1e-9);
        assert_true(labour.after[n] > 0 && income.after[n] > 0);
    }
    must_be("all wages", world[0], bills[0], 1e-11);
    must_be("all new wages", world[1], bills[1], 1e-9);
}

static void parts_add_up_under_any_model(void **state)
{
    static const char *const words[] = {"none", "frechet", "costless", "free"};
    (void)state;
    for (size_t w = 0; w < 4; w++)
        for (int commuting_word = 0; commuting_word < 3; commuting_word++) {
            kit k;
            kit_open(&k, 1);
            kit_read(&k, LANTERN);
            kit_set(&k, "model.mobility", words[w]);
            kit_set(&k, "elasticities.amenity_congestion", "0.3");
            if (commuting_word == 1) kit_commute(&k, "3.3");
            if (commuting_word == 2) {
                kit_fit_commuting(&k, "2.5");
                kit_set(&k, "model.rents", "landlords");
                kit_set(&k, "elasticities.amenity_decay", "1");
            }
            kit_calibrate(&k);
            shake(&k, 0.03);
            kit_solve(&k);
            parts_of_logs_add_up(&k);
            parts_of_trade_add_up(&k);
            flows_are_the_accounts(&k);
            commuters_are_the_accounts(&k);
            view moving = view_of(&k, "welfare_moving"), crowded = view_of(&k, "utility_congestion"), wage = view_of(&k, "utility_wage");
            if (w == 3) near("moving where all places are as good", moving.percent[0], 0, 1e-9);
            else assert_true((moving.percent[0] != 0) == (w != 0)); /* without mobility there is no gain in it */
            assert_true((crowded.percent[0] != 0) == (w != 0));
            assert_true(wage.percent[0] != 0);
            if (commuting_word == 0) must_be("utility_wage", wage.percent[3], 100 * log(k.result->wage_hat[3]), 1e-13);
            kit_close(&k);
        }
}

/* Rents that landlords spend are no part of residents' utility: without deficits and tariffs nothing is beside the wage. */
static void landlords_leave_wages_alone(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_set(&k, "model.rents", "landlords");
    kit_set(&k, "model.deficits", "zero");
    kit_calibrate(&k);
    shake(&k, 0.03);
    kit_solve(&k);
    view other = view_of(&k, "utility_other_income"), income = view_of(&k, "income"), labour = view_of(&k, "labour_income");
    for (size_t i = 0; i < other.count; i++) near("other income", other.percent[i], 0, 1e-9);
    for (size_t n = 0; n < income.count; n++) must_be("income", income.after[n], labour.after[n], 1e-11);
    kit_close(&k);
}

/* In a pool nobody is registered elsewhere, whoever is in it: all of lantern, one region, or nobody. */
static void a_pool_has_no_migrants(void **state)
{
    (void)state;
    for (int members = 0; members < 3; members++) {
        kit k;
        double listed[7];
        for (int n = 0; n < 7; n++) listed[n] = members == 0 || (members == 1 && n == 2) ? 0 : (double)NAN;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        kit_set(&k, "model.mobility", "costless");
        k.data->registered_same_area = k.data->registered_other_areas = listed;
        kit_calibrate(&k);
        shake(&k, 0.03);
        kit_solve(&k);
        view migrants = view_of(&k, "migrants");
        for (size_t o = 0; o < 7; o++)
            for (size_t n = 0; n < 7; n++)
                for (size_t s = 0; s < 2; s++) {
                    size_t at = at3(o, n, s, 7, 2);
                    double here = o == n ? k.economy->people[2 * n + s] : 0;
                    must_be("migrants", migrants.base[at] + 1, here + 1, 1e-14);
                    must_be("new migrants", migrants.after[at] + 1, here * k.result->people_hat[2 * n + s] + 1, 1e-14);
                }
        kit_close(&k);
    }
}

/* Nothing changes: every part is exactly zero, also after an answer that was something else. */
static void nothing_has_no_parts(void **state)
{
    kit k;
    (void)state;
    open_countries(&k);
    shake(&k, 0.05);
    kit_solve(&k);
    kit_reset_shock(&k);
    k.shock.empty = true;
    kit_solve(&k);
    for (size_t v = 0; v < bashu_variable_count(); v++) {
        const bashu_variable *row = bashu_variable_at(v);
        view all = view_of(&k, row->name);
        for (size_t i = 0; i < all.count; i++)
            assert_true(all.percent[i] == 0 && all.hat[i] == 1 && all.base[i] == all.after[i]);
    }
    kit_close(&k);
}

/* ---- what the parts are ---------------------------------------------------------------------------------- */

/* Half the shock leaves a quarter of the error: terms of trade, volume and saving are the first-order effect of tariffs and
 * trade costs, where people and productivity stay. */
static double error_of_first_order(kit *k, double size)
{
    double worst = 0;
    kit_reset_shock(k);
    double *cost = kit_trade_cost(k), *tariff = kit_tariff(k);
    for (size_t n = 0; n < COUNTRIES; n++)
        for (size_t j = 0; j < GOODS; j++)
            for (size_t i = 0; i < COUNTRIES; i++) {
                size_t at = at3(n, j, i, GOODS, COUNTRIES);
                cost[at] = 1 + size * ((double)((n + i + j) % 3) - 1.3);
                if (n != i) tariff[at] += size * (double)((2 * n + i + j) % 4);
            }
    kit_solve(k);
    view parts = view_of(k, "welfare_trade"), income = view_of(k, "income"), price = view_of(k, "price_index");
    for (size_t n = 0; n < COUNTRIES; n++) worst = fmax(worst, fabs(100 * log(income.hat[n] / price.hat[n]) - parts.percent[n]));
    return worst;
}

static void parts_are_of_first_order(void **state)
{
    kit k;
    (void)state;
    open_countries(&k);
    double one = error_of_first_order(&k, 0.004), half = error_of_first_order(&k, 0.002);
    assert_true(one < 0.01);
    if (!(one / half > 3.6 && one / half < 4.4)) fail_msg("errors %.6g and %.6g: ratio %.4g", one, half, one / half);
    kit_close(&k);
}

/* Two countries, one sector of labour alone, a tariff: one equation, by bisection; then both parts by hand.
 *   w_1 L_1 = sum_n pi'_n1 / (1 + tau'_n1) X'_n,   X'_n = w_n L_n / (1 - sum_i pi'_ni tau'_ni / (1 + tau'_ni)),  sum w L constant */
typedef struct two {
    double flow[2][2], pi[2][2], tau[2][2], tau_new[2][2], labour[2], wage[2], pi_new[2][2], spent[2], theta;
} two;

static double excess_sales(double wage_of_first, void *payload)
{
    two *c = payload;
    c->wage[0] = wage_of_first;
    c->wage[1] = (c->labour[0] + c->labour[1] - wage_of_first * c->labour[0]) / c->labour[1];
    double sales = 0;
    for (int n = 0; n < 2; n++) {
        double part[2], taxed = 0;
        for (int i = 0; i < 2; i++) part[i] = c->pi[n][i] * pow(c->wage[i] * (1 + c->tau_new[n][i]) / (1 + c->tau[n][i]), -c->theta);
        for (int i = 0; i < 2; i++) {
            c->pi_new[n][i] = part[i] / (part[0] + part[1]);
            taxed += c->pi_new[n][i] * c->tau_new[n][i] / (1 + c->tau_new[n][i]);
        }
        c->spent[n] = c->wage[n] * c->labour[n] / (1 - taxed);
        sales += c->pi_new[n][0] / (1 + c->tau_new[n][0]) * c->spent[n];
    }
    return sales - wage_of_first * c->labour[0];
}

static void two_countries_with_a_tariff(void **state)
{
    two c = {.tau = {{0, 0.1}, {0.25, 0}}, .tau_new = {{0, 0.02}, {0.3, 0}}, .theta = 5};
    const double net[2][2] = {{70, 30}, {30, 150}};
    double flow[4], tariff[4], spent[2];
    kit k;
    (void)state;
    for (int n = 0; n < 2; n++)
        for (int i = 0; i < 2; i++) {
            flow[2 * n + i] = c.flow[n][i] = net[n][i] * (1 + c.tau[n][i]);
            tariff[2 * n + i] = c.tau[n][i];
            c.labour[i] += net[n][i];
        }
    for (int n = 0; n < 2; n++) {
        spent[n] = c.flow[n][0] + c.flow[n][1];
        for (int i = 0; i < 2; i++) c.pi[n][i] = c.flow[n][i] / spent[n];
    }
    kit_open(&k, 1);
    sketch s = sketch_new(2, 1, 1);
    s.flow = flow;
    s.tariff = tariff;
    s.elasticity[TRADE_ELASTICITY] = c.theta;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    double *now = kit_tariff(&k);
    for (int n = 0; n < 2; n++)
        for (int i = 0; i < 2; i++) now[2 * n + i] = c.tau_new[n][i];
    kit_solve(&k);
    bisect(excess_sales, &c, 0.5, 2);
    view terms = view_of(&k, "terms_of_trade"), volume = view_of(&k, "volume_of_trade"), trade = view_of(&k, "trade");
    for (int n = 0; n < 2; n++) {
        int i = 1 - n;
        must_be("wage", k.result->wage_hat[n], c.wage[n], 1e-10);
        must_be("flow", trade.after[2 * i + n], c.pi_new[n][i] * c.spent[n], 1e-9);
        double bought = net[n][i], bought_new = c.pi_new[n][i] * c.spent[n] / (1 + c.tau_new[n][i]);
        must_be("terms", terms.percent[n], 100 / spent[n] * (net[i][n] * (c.wage[n] - 1) - bought * (c.wage[i] - 1)), 1e-8);
        must_be("volume", volume.percent[n], 100 / spent[n] * c.tau[n][i] * (bought_new - bought * c.wage[i]), 1e-8);
    }
    kit_close(&k);
}

/* Two regions, people who may move, nothing changes but the cost of living away: staying is utility at home. */
static void moving_is_worth_what_the_other_place_is(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 2);
    size_t N = k.economy->about.N, S = k.economy->about.S;
    double *cost = kit_migration_cost(&k);
    for (size_t s = 0; s < S; s++) cost[at3(s, 0, 1, N, N)] = 0.8; /* from alder to brook */
    kit_solve(&k);
    view staying = view_of(&k, "welfare_staying"), moving = view_of(&k, "welfare_moving");
    for (size_t s = 0; s < S; s++) {
        double sum = 0, epsilon = k.economy->epsilon[s];
        for (size_t h = 0; h < N; h++) {
            double share = k.economy->migration_share[at3(s, 0, h, N, N)];
            double gap = (log(k.result->utility_hat[at2(h, s, S)]) - log(cost[at3(s, 0, h, N, N)]) - staying.percent[at2(0, s, S)] / 100);
            sum += share * exp(epsilon * gap);
        }
        near("moving", moving.percent[at2(0, s, S)], 100 * log(sum) / epsilon, 1e-11);
        assert_true(moving.percent[at2(0, s, S)] > 0);
    }
    kit_close(&k);
}

/* ---- sets, names, failure -------------------------------------------------------------------------------- */

static void sets_of_places_have_parts_too(void **state)
{
    kit k;
    double value, sum = 0, income = 0, imports = 0;
    (void)state;
    kit_lantern(&k, 2);
    shake(&k, 0.02);
    kit_solve(&k);
    view terms = view_of(&k, "terms_of_trade"), all = view_of(&k, "imports");
    for (size_t n = 0; n < k.economy->about.N; n++) {
        if ((long)n == k.economy->about.foreign) continue;
        sum += terms.percent[n] * k.economy->income[n];
        income += k.economy->income[n];
        imports += all.after[n];
    }
    kit_must(&k, bashu_result_aggregate(k.result, "terms_of_trade", "all", "", BASHU_PERCENT, &value));
    must_be("terms of trade of the nation", value, sum / income, 1e-12);
    kit_must(&k, bashu_result_aggregate(k.result, "imports", "all", "", BASHU_COUNTERFACTUAL, &value));
    must_be("imports of the nation", value, imports, 1e-12);
    assert_int_equal(bashu_result_aggregate(k.result, "trade", "all", "", BASHU_BASE, &value), BASHU_ERROR_ARGUMENT);
    kit_close(&k);
}

static void results_may_keep_no_pairs(void **state)
{
    kit k;
    double values[16];
    (void)state;
    open_countries(&k);
    shake(&k, 0.05);
    kit_must(&k, solver_new(&k.solver, k.economy, &k.options));
    solver_keep_pairs(k.solver, false);
    kit_solve(&k);
    assert_int_equal(bashu_result_values(k.result, "exports", BASHU_BASE, values, COUNTRIES), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(k.context), "flows between regions"));
    assert_int_equal(bashu_result_values(k.result, "income", BASHU_HAT, values, COUNTRIES), BASHU_OK);
    solver_keep_pairs(k.solver, true);
    kit_solve(&k);
    assert_int_equal(bashu_result_values(k.result, "exports", BASHU_BASE, values, COUNTRIES), BASHU_OK);
    kit_close(&k);
}

static void new_tariffs_come_from_nothing(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 2);
    size_t N = k.economy->about.N, foreign = (size_t)k.economy->about.foreign;
    double *tariff = kit_tariff(&k);
    for (size_t j = 0; j < k.economy->about.J; j++) tariff[at3(0, j, foreign, k.economy->about.J, N)] = 0.1;
    kit_solve(&k);
    view revenue = view_of(&k, "tariff_revenue");
    assert_true(revenue.base[0] == 0 && revenue.after[0] > 0 && isnan(revenue.hat[0]) && revenue.hat[1] == 1);
    kit_close(&k);
}

static void sectors_and_groups_have_names(void **state)
{
    kit k;
    bashu_label name;
    (void)state;
    kit_lantern(&k, 2);
    kit_must(&k, bashu_sector_get(k.economy, 1, &name));
    assert_string_equal(name.id, "goods");
    assert_string_equal(name.name_zh, "工业品");
    kit_must(&k, bashu_group_get(k.economy, 1, &name));
    assert_string_equal(name.id, "others");
    assert_int_equal(bashu_sector_get(k.economy, 3, &name), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_group_get(k.economy, 0, NULL), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_group_get(NULL, 0, &name), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_variable_length(k.economy, "trade"), 7 * 7 * 3);
    assert_int_equal(bashu_variable_length(k.economy, "migrants"), 7 * 7 * 2);
    assert_int_equal(bashu_variable_length(k.economy, "trad"), 0);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flows_add_up_in_lantern),
        cmocka_unit_test(flows_add_up_with_tariffs),
        cmocka_unit_test(transfers_are_in_the_deficit),
        cmocka_unit_test(parts_add_up_in_lantern),
        cmocka_unit_test(parts_add_up_with_tariffs),
        cmocka_unit_test(parts_add_up_under_any_model),
        cmocka_unit_test(landlords_leave_wages_alone),
        cmocka_unit_test(a_pool_has_no_migrants),
        cmocka_unit_test(nothing_has_no_parts),
        cmocka_unit_test(parts_are_of_first_order),
        cmocka_unit_test(two_countries_with_a_tariff),
        cmocka_unit_test(moving_is_worth_what_the_other_place_is),
        cmocka_unit_test(sets_of_places_have_parts_too),
        cmocka_unit_test(results_may_keep_no_pairs),
        cmocka_unit_test(new_tariffs_come_from_nothing),
        cmocka_unit_test(sectors_and_groups_have_names),
    };
    return cmocka_run_group_tests_name("decompose", tests, NULL, NULL);
}
