/* test_channels.c - an outcome split by channel and by partner: the parts add up, and each is what it is called. */
#include "../truth/kit.h"
#include "measure/channels.h"
#include "measure/measure.h"

#include <stdio.h>

static void commutes(kit *k) { kit_commute(k, "4"); }

typedef struct model_row {
    const char *name;
    const char *set[3][2];
    bool tariffs;
    void (*prepare)(kit *k);
} model_row;
static const model_row models[] = {
    {"as it is", {{NULL, NULL}}, false, NULL},
    {"multiplicative deficits, tariffs, national rents",
     {{"model.deficits", "multiplicative"}, {"model.rents", "national"}, {"elasticities.national_rent_share", "0.5"}}, true, NULL},
    {"costless mobility", {{"model.mobility", "costless"}}, false, NULL},
    {"free mobility", {{"model.mobility", "free"}, {"elasticities.amenity_congestion", "0.2"}}, true, NULL},
    {"wage numeraire", {{"model.numeraire", "wage"}, {"elasticities.housing_supply_elasticity", "2"}}, true, NULL},
    {"specific structures", {{"elasticities.housing_supply_elasticity", "0.5"}}, true, kit_specific},
    {"portfolio with owners", {{NULL, NULL}}, false, kit_portfolio},
    {"commuting", {{NULL, NULL}}, true, commutes},
    {"commuting, nobody moves", {{"model.mobility", "none"}}, false, commutes},
    {"commuting, free, wage numeraire", {{"model.mobility", "free"}, {"model.numeraire", "wage"}}, false, commutes},
    {"commuting, costless, density", {{"model.mobility", "costless"}, {"model.spillover", "density"}}, true, commutes},
    {"landlords", {{"model.rents", "landlords"}, {"elasticities.housing_share", "0.3"}}, true, NULL},
    {"landlords, specific structures, multiplicative deficits",
     {{"model.rents", "landlords"}, {"model.deficits", "multiplicative"}, {"elasticities.land_share", "0.2"}}, true, kit_specific},
    {"amenity decays", {{"elasticities.amenity_congestion", "0.4"}, {"elasticities.amenity_decay", "1"}}, false, NULL},
    {"nobody moves", {{"model.mobility", "none"}}, true, NULL},
};
enum { MODELS = sizeof models / sizeof *models };

static void open_model(kit *k, const model_row *m)
{
    kit_open(k, 1);
    kit_read(k, LANTERN);
    for (size_t q = 0; q < 3 && m->set[q][0]; q++) kit_set(k, m->set[q][0], m->set[q][1]);
    if (m->prepare) m->prepare(k);
    kit_calibrate(k);
}

/* A large shock of every kind, so that identities that hold for small changes alone fail. */
static void shake(kit *k, bool with_tariffs)
{
    const description *a = &k->economy->about;
    size_t N = a->N, J = a->J, S = a->S;
    double *cost = kit_trade_cost(k), *leave = a->switches.mobility == MOBILITY_FRECHET ? kit_migration_cost(k) : NULL;
    double *commute = k->economy->commuting_share ? kit_commuting_cost(k) : NULL, *tau = with_tariffs ? kit_tariff(k) : NULL;
    for (size_t i = 0; commute && i < S * N * N; i++) commute[i] = 1 - 0.03 * (double)(i % 6);
    for (size_t i = 0; i < N * J * N; i++) cost[i] = 1 - 0.06 * (double)(i % 5);
    for (size_t i = 0; leave && i < S * N * N; i++) leave[i] = 1 + 0.1 * (double)(i % 4);
    for (size_t i = 0; tau && i < N * J * N; i++) tau[i] = 0.04 * (double)(i % 7);
    for (size_t n = 0; n < N; n++) k->shock.land_hat[n] = 1 + 0.2 * (double)(n % 3);
    for (size_t i = 0; i < N * J; i++) k->shock.productivity_hat[i] = 1 + 0.1 * (double)(i % 4);
    for (size_t i = 0; i < N * S; i++) k->shock.amenity_hat[i] = 1 + 0.1 * (double)(i % 3);
    k->shock.transfer[0] = -3;
    k->shock.transfer[1] = 3;
}

static const char *const outcomes[] = {"gdp", "gdp_per_head", "real_wage", "welfare", "utility", "population", "price_index", "cost_of_living"};
static const char *const whose[] = {"", ":circle=twin", ":region=dune", ":province=north"};
enum { OUTCOMES = sizeof outcomes / sizeof *outcomes, WHOSE = sizeof whose / sizeof *whose };

static void must_add_up(const kit *k, const char *model, const char *name)
{
    bashu_channels *c;
    kit_must(k, bashu_channels_new(&c, k->result, name));
    size_t N = k->economy->about.N, count = bashu_channel_count() * N;
    double *values = kit_ones(k, count, 0), *bought = kit_ones(k, N, 0), *sold = kit_ones(k, N, 0), sum = 0, partners = 0;
    const bashu_channels_info *info = bashu_channels_get(c);
    kit_must(k, bashu_channels_values(c, values, count));
    kit_must(k, bashu_channels_partners(c, bought, sold, N));
    for (size_t i = 0; i < count; i++) sum += values[i];
    for (size_t n = 0; n < N; n++) partners += bought[n] + sold[n];
    if (!(fabs(sum - info->percent) < 1e-9)) fail_msg("%s, %s: channels add up to %.17g, the change is %.17g", model, name, sum, info->percent);
    if (!(fabs(partners - info->percent) < 1e-9)) fail_msg("%s, %s: partners add up to %.17g, the change is %.17g", model, name, partners, info->percent);
    assert_true(fabs(fabs(sum - info->percent) - info->gap) < 1e-13);
    bashu_channels_free(c);
}

static void parts_add_up_in_every_model(void **state)
{
    char name[64];
    (void)state;
    for (size_t m = 0; m < MODELS; m++) {
        kit k;
        open_model(&k, &models[m]);
        shake(&k, models[m].tariffs);
        kit_solve(&k);
        for (size_t q = 0; q < OUTCOMES * WHOSE; q++) {
            if (!strcmp(outcomes[q / WHOSE], "population") && k.economy->about.switches.mobility == MOBILITY_FREE) continue;
            snprintf(name, sizeof name, "%s%s", outcomes[q / WHOSE], whose[q % WHOSE]);
            must_add_up(&k, models[m].name, name);
        }
        kit_close(&k);
    }
}

/* One channel of an outcome, over all regions or in one (region < N). */
static double channel_of(const kit *k, const char *name, channel_id channel, size_t region)
{
    bashu_channels *c;
    double sum = 0;
    kit_must(k, bashu_channels_new(&c, k->result, name));
    for (size_t n = 0; n < k->economy->about.N; n++)
        if (region >= k->economy->about.N || n == region) sum += c->part[channel * k->economy->about.N + n];
    bashu_channels_free(c);
    return sum;
}
#define ALL ((size_t)-1)

static void nothing_changes_nothing(void **state)
{
    kit k;
    (void)state;
    open_model(&k, &models[0]);
    k.shock.empty = true;
    assert_int_equal(kit_solve(&k)->info.reason, BASHU_CONVERGED_UNCHANGED);
    for (size_t q = 0; q < OUTCOMES; q++)
        for (size_t c = 0; c < CHANNEL_COUNT; c++)
            for (size_t n = 0; n < k.economy->about.N; n++) assert_true(channel_of(&k, outcomes[q], (channel_id)c, n) == 0);
    kit_close(&k);
}

/* Amenity where nobody moves: nothing else changes, and welfare by just as much. */
static void amenity_is_amenity(void **state)
{
    kit k;
    (void)state;
    open_model(&k, &models[MODELS - 1]);
    for (size_t s = 0; s < 2; s++) k.shock.amenity_hat[at2(3, s, 2)] = 1.1;
    kit_solve(&k);
    assert_true(fabs(channel_of(&k, "welfare:region=dune", CHANNEL_AMENITY, 3) - 10) < 1e-9);
    for (size_t c = 0; c < CHANNEL_COUNT; c++)
        if (c != CHANNEL_AMENITY) assert_true(fabs(channel_of(&k, "welfare:region=dune", (channel_id)c, ALL)) < 1e-9);
    kit_close(&k);
}

/* One region that trades with nobody: all sectors g times as productive, with inputs Pi and value added 1 - Pi. Prices over wages fall by
 * g^(1 / (1 - Pi)): that is productivity's part, and what wages add to pay suppliers' wages take away again. */
static void productivity_goes_through_inputs(void **state)
{
    static const double flow[2 * 2] = {100, 0, 0, 100}, input[1] = {0.6};
    kit k;
    (void)state;
    kit_open(&k, 1);
    sketch s = sketch_new(2, 1, 1);
    s.flow = flow;
    s.input = input;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    k.shock.productivity_hat[0] = 1.1;
    kit_solve(&k);
    double expected = 100 * (pow(1.1, 1 / 0.4) - 1);
    char name[64];
    snprintf(name, sizeof name, "gdp:region=%s", k.economy->about.regions[0].label.id);
    assert_true(fabs(channel_of(&k, name, CHANNEL_PRODUCTIVITY, 0) - expected) < 1e-8);
    assert_true(fabs(channel_of(&k, name, CHANNEL_WAGES, 0) + channel_of(&k, name, CHANNEL_SUPPLIER_WAGES, 0)) < 1e-8);
    kit_close(&k);
}

/* New land alone: where rents fall by the supply, that is the part of land; and more land of one place is no part of another's. */
static void land_is_where_it_is_opened(void **state)
{
    kit k;
    (void)state;
    open_model(&k, &models[MODELS - 1]);
    k.shock.land_hat[3] = 1.3;
    kit_solve(&k);
    assert_true(channel_of(&k, "welfare:region=dune", CHANNEL_LAND, 3) > 0);
    for (size_t n = 0; n < k.economy->about.N; n++)
        if (n != 3) assert_true(fabs(channel_of(&k, "welfare:region=dune", CHANNEL_LAND, n)) < 1e-12);
    assert_true(channel_of(&k, "welfare:region=dune", CHANNEL_PRODUCTIVITY, ALL) == 0);
    kit_close(&k);
}

/* Costs of trade are felt where the seller is: cheaper ways from one place alone are that place's part. */
static void trade_costs_belong_to_the_seller(void **state)
{
    kit k;
    (void)state;
    open_model(&k, &models[0]);
    size_t N = k.economy->about.N, J = k.economy->about.J;
    double *cost = kit_trade_cost(&k);
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++)
            if (n != 2) cost[at3(n, j, 2, J, N)] = 0.8;
    kit_solve(&k);
    assert_true(channel_of(&k, "real_wage:region=dune", CHANNEL_TRADE_COST, 2) > 0);
    for (size_t n = 0; n < N; n++)
        if (n != 2) assert_true(channel_of(&k, "real_wage:region=dune", CHANNEL_TRADE_COST, n) == 0);
    kit_close(&k);
}

/* A transfer to one place: its income from transfers over its wages, by the logarithmic mean. */
static void transfers_are_income(void **state)
{
    kit k;
    (void)state;
    open_model(&k, &models[MODELS - 1]);
    k.shock.transfer[0] = -2;
    k.shock.transfer[3] = 2;
    kit_solve(&k);
    assert_true(channel_of(&k, "welfare:region=dune", CHANNEL_TRANSFERS, 3) > 0.1);
    assert_true(channel_of(&k, "welfare:region=alder", CHANNEL_TRANSFERS, 0) < -0.01);
    kit_close(&k);
}

/* Small changes: parts are first-order terms, and one channel's answer does not depend on how large the others are. */
static void small_changes_scale(void **state)
{
    double part[2][CHANNEL_COUNT];
    (void)state;
    for (size_t half = 0; half < 2; half++) {
        kit k;
        open_model(&k, &models[0]);
        double size = half ? 5e-6 : 1e-5;
        k.options.tolerance = 1e-13;
        for (size_t i = 0; i < k.economy->about.N * k.economy->about.J; i++) k.shock.productivity_hat[i] = 1 + size * (double)(i % 4);
        double *leave = kit_migration_cost(&k);
        for (size_t i = 0; i < k.economy->about.S * k.economy->about.N * k.economy->about.N; i++) leave[i] = 1 + size * (double)(i % 3);
        kit_solve(&k);
        for (size_t c = 0; c < CHANNEL_COUNT; c++) part[half][c] = channel_of(&k, "welfare:circle=twin", (channel_id)c, ALL);
        kit_close(&k);
    }
    for (size_t c = 0; c < CHANNEL_COUNT; c++) /* what choosing anew is worth is of second order, by the envelope theorem */
        assert_true(fabs(part[0][c] - (c == CHANNEL_MOVING ? 4 : 2) * part[1][c]) < 1e-3 * fabs(part[0][c]) + 1e-11);
    assert_true(fabs(part[0][CHANNEL_PRODUCTIVITY]) > 1e-4);
}

static void bad_questions(void **state)
{
    kit k;
    bashu_channels *c;
    char *text;
    double room[3];
    (void)state;
    open_model(&k, &models[0]);
    kit_solve(&k);
    assert_int_equal(bashu_channels_new(&c, k.result, "land_rent"), BASHU_ERROR_ARGUMENT);
    assert_null(c);
    assert_non_null(strstr(bashu_message(k.context), "welfare"));
    assert_int_equal(bashu_channels_new(&c, k.result, "gpd"), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_channels_new(&c, k.result, NULL), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_channels_new(&c, NULL, "gdp"), BASHU_ERROR_ARGUMENT);
    kit_must(&k, bashu_channels_new(&c, k.result, "gdp"));
    assert_int_equal(bashu_channels_values(c, room, 3), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_channels_partners(c, room, NULL, 3), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_channels_report(&text, c, "colour", "text", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_channels_report(&text, c, "channel", "html", BASHU_EN), BASHU_ERROR_ARGUMENT);
    bashu_channels_free(c);
    bashu_channels_free(NULL);
    k.options.pass_limit = 1;
    solver_free(k.solver);
    k.solver = NULL;
    k.shock.productivity_hat[0] = 2;
    kit_try(&k);
    assert_int_equal(bashu_channels_new(&c, k.result, "gdp"), BASHU_ERROR_ARGUMENT);
    kit_close(&k);
    open_model(&k, &models[3]);
    kit_solve(&k);
    assert_int_equal(bashu_channels_new(&c, k.result, "population"), BASHU_ERROR_ARGUMENT);
    kit_close(&k);
}

static void memory_may_run_out(void **state)
{
    kit k;
    bool whole = false;
    (void)state;
    open_model(&k, &models[0]);
    shake(&k, false);
    kit_solve(&k);
    for (long at = 1; !whole; at++) {
        bashu_channels *c = NULL;
        char *text = NULL;
        context_fail_allocation(k.context, at);
        bashu_status status = bashu_channels_new(&c, k.result, "welfare:circle=twin");
        if (status == BASHU_OK) status = bashu_channels_report(&text, c, "partner", "text", BASHU_ZH);
        context_fail_allocation(k.context, 0);
        whole = status == BASHU_OK;
        if (!whole) assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_true(at < 1000);
        bashu_text_free(text);
        bashu_channels_free(c);
    }
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_in_every_model),
        cmocka_unit_test(nothing_changes_nothing),
        cmocka_unit_test(amenity_is_amenity),
        cmocka_unit_test(productivity_goes_through_inputs),
        cmocka_unit_test(land_is_where_it_is_opened),
        cmocka_unit_test(trade_costs_belong_to_the_seller),
        cmocka_unit_test(transfers_are_income),
        cmocka_unit_test(small_changes_scale),
        cmocka_unit_test(bad_questions),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
