/* test_invariance.c - what must not matter, and what must not change: no shock, the unit of money, the order of rows, the
 * number of threads, going there and back. */
#include "../scratch.h"
#include "../truth/kit.h"
#include "equilibrium/system.h"

/* A bit of everything. */
static void shake(kit *k)
{
    const description *a = &k->economy->about;
    size_t N = a->N, J = a->J, S = a->S;
    double *cost = kit_trade_cost(k), *leave = kit_migration_cost(k), total = 0;
    for (size_t n = 0; n < N; n++) {
        k->shock.land_hat[n] = 1 + 0.03 * (double)(n % 4);
        k->shock.transfer[n] = n + 1 < N ? (n % 2 ? 0.01 : -0.008) * k->economy->income[n] : -total;
        total += k->shock.transfer[n];
        for (size_t j = 0; j < J; j++) k->shock.productivity_hat[n * J + j] = 1 + 0.02 * (double)((n + 2 * j) % 5);
        for (size_t s = 0; s < S; s++) k->shock.amenity_hat[n * S + s] = 1 + 0.02 * (double)((2 * n + s) % 3);
        for (size_t i = 0; i < N; i++) {
            if (n == i) continue;
            for (size_t j = 0; j < J; j++) cost[at3(n, j, i, J, N)] = 1 - 0.03 * (double)((n * 3 + i * 5 + j) % 4);
            for (size_t s = 0; s < S; s++) leave[at3(s, n, i, N, N)] = 1 - 0.04 * (double)((n + i * 7 + s) % 3);
        }
    }
}

static void open_lantern(kit *k, int threads)
{
    kit_open(k, threads);
    kit_read(k, LANTERN);
    kit_calibrate(k);
}

/* ---- identity --------------------------------------------------------------------------------------------- */

static void all_exactly_one(const bashu_result *r)
{
    for (size_t v = 0; v < bashu_variable_count(); v++) {
        const bashu_variable *variable = bashu_variable_at(v);
        size_t count = bashu_variable_length(r->economy, variable->name);
        double *values = malloc(count * sizeof *values);
        assert_non_null(values);
        assert_int_equal(bashu_result_values(r, variable->name, BASHU_HAT, values, count), BASHU_OK);
        for (size_t i = 0; i < count; i++)
            if (values[i] != 1.0) fail_msg("%s[%zu]: hat %.17g is not 1", variable->name, i, values[i]);
        assert_int_equal(bashu_result_values(r, variable->name, BASHU_PERCENT, values, count), BASHU_OK);
        for (size_t i = 0; i < count; i++) assert_true(values[i] == 0.0);
        free(values);
    }
}

/* Every lever, pulled by nothing. */
static const char zero_changes[] =
    "format: bashu-scenario/1\nname: zero\ntitle: {en: Zero, zh: 零}\neconomy: .\nchanges:\n"
    "  - {id: a, title: {en: a, zh: a}, lever: link_time, links: [rail-alder-dune-hs], to: 95, unit: minutes, assumption: x}\n"
    "  - {id: b, title: {en: b, zh: b}, lever: trade_cost, between: [{province: north}, {province: south}], change_pct: 0, assumption: x}\n"
    "  - {id: c, title: {en: c, zh: c}, lever: migration_cost, within: {circle: twin}, change_pct: 0, assumption: x}\n"
    "  - {id: d, title: {en: d, zh: d}, lever: zone_land, zones: [lamp], change_pct: 0, assumption: x}\n"
    "  - {id: e, title: {en: e, zh: e}, lever: productivity, regions: all, change_pct: 0, assumption: x}\n"
    "  - {id: f, title: {en: f, zh: f}, lever: amenity, regions: [alder], change_pct: 0, assumption: x}\n"
    "  - {id: g, title: {en: g, zh: g}, lever: land, regions: [alder], change_pct: 0, assumption: x}\n"
    "  - {id: h, title: {en: h, zh: h}, lever: tariff, buyers: [alder], sellers: [dune], to: 0, assumption: x}\n"
    "  - {id: i, title: {en: i, zh: i}, lever: transfer, regions: [fern], funders: [alder], to: 0, assumption: x}\n";

static void no_shock_is_exactly_nothing(void **state)
{
    kit k;
    scratch files;
    bashu_scenario *zero = NULL;
    (void)state;
    assert_true(scratch_open(&files));
    open_lantern(&k, 2);
    kit_must(&k, bashu_solver_new(&k.solver, k.economy, NULL));
    kit_must(&k, bashu_solve(&k.result, k.solver, NULL));
    assert_int_equal(k.result->info.reason, BASHU_CONVERGED_UNCHANGED);
    all_exactly_one(k.result);
    kit_must(&k, bashu_scenario_read(&zero, k.economy, scratch_text(&files, "zero.yaml", zero_changes)));
    assert_int_equal(bashu_scenario_change_count(zero), 9);
    /* the result is reused: nothing of an earlier answer may remain */
    shake(&k);
    kit_solve(&k);
    assert_true(k.result->people_hat[0] != 1);
    kit_must(&k, bashu_solve(&k.result, k.solver, zero));
    assert_int_equal(k.result->info.reason, BASHU_CONVERGED_UNCHANGED);
    all_exactly_one(k.result);
    bashu_scenario_free(zero);
    scratch_close(&files);
    kit_close(&k);
}

/* The other side of it: each lever, pulled a little, is not nothing, and its answer says so. */
static const char small_changes[] =
    "format: bashu-scenario/1\nname: small\ntitle: {en: Small, zh: 小}\neconomy: .\nchanges:\n"
    "  - {id: a, title: {en: a, zh: a}, lever: link_time, links: [rail-alder-dune-hs], to: 94, unit: minutes, assumption: x}\n"
    "  - {id: b, title: {en: b, zh: b}, lever: trade_cost, between: [{province: north}, {province: south}], change_pct: -1, assumption: x}\n"
    "  - {id: c, title: {en: c, zh: c}, lever: migration_cost, within: {circle: twin}, change_pct: -1, assumption: x}\n"
    "  - {id: d, title: {en: d, zh: d}, lever: zone_land, zones: [lamp], change_pct: 1, assumption: x}\n"
    "  - {id: e, title: {en: e, zh: e}, lever: productivity, regions: all, change_pct: 1, assumption: x}\n"
    "  - {id: f, title: {en: f, zh: f}, lever: amenity, regions: [alder], change_pct: 1, assumption: x}\n"
    "  - {id: g, title: {en: g, zh: g}, lever: land, regions: [alder], change_pct: 1, assumption: x}\n"
    "  - {id: h, title: {en: h, zh: h}, lever: tariff, buyers: [alder], sellers: [dune], to: 0.01, assumption: x}\n"
    "  - {id: i, title: {en: i, zh: i}, lever: transfer, regions: [fern], funders: [alder], to: 1, assumption: x}\n";

static void every_lever_moves_something(void **state)
{
    kit k;
    scratch files;
    bashu_scenario *small = NULL;
    (void)state;
    assert_true(scratch_open(&files));
    open_lantern(&k, 1);
    kit_must(&k, solver_new(&k.solver, k.economy, &k.options));
    kit_must(&k, bashu_scenario_read(&small, k.economy, scratch_text(&files, "small.yaml", small_changes)));
    for (size_t c = 0; c < 9; c++) {
        unsigned char mask[9] = {0};
        double moved = 0;
        mask[c] = 1;
        kit_must(&k, bashu_solve_some(&k.result, k.solver, small, mask));
        assert_int_equal(k.result->info.reason, BASHU_CONVERGED_RESIDUAL);
        for (size_t i = 0; i < 7 * 2; i++) moved = fmax(moved, fabs(k.result->welfare_hat[i] - 1));
        if (!(moved > 1e-6)) fail_msg("change %zu moves nobody's welfare by more than %g", c, moved);
    }
    bashu_scenario_free(small);
    scratch_close(&files);
    kit_close(&k);
}

/* The same through the equations: the baseline solves them before the first step. */
static void the_baseline_solves_the_equations(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k, 1);
    const bashu_result *r = kit_solve(&k); /* not marked empty */
    assert_int_equal(r->info.passes, 1);
    for (size_t i = 0; i < 7 * 2; i++) must_be("people", r->people_hat[i], 1, 1e-12);
    for (size_t i = 0; i < 7 * 3; i++) must_be("price", r->price_hat[i], 1, 1e-12);
    for (size_t i = 0; i < 7 * 2; i++) must_be("welfare", r->welfare_hat[i], 1, 1e-12);
    kit_close(&k);
}

/* ---- Walras ----------------------------------------------------------------------------------------------- */

/* At any prices, equilibrium or not, excess demands sum to zero: what all sell is what all made. The random point is far
 * from an equilibrium (single markets are off by tens of percent), so this cannot hold by being solved. */
static void walras_holds_off_equilibrium(void **state)
{
    kit k;
    random_stream stream;
    (void)state;
    open_lantern(&k, 1);
    shake(&k);
    double *tau = kit_tariff(&k);
    for (size_t i = 0; i < 7 * 3 * 7; i++) tau[i] = (i / 21) != i % 7 ? 0.01 * (double)(i % 9) : 0;
    system_of_equations *system;
    kit_must(&k, system_new(&system, k.memory, k.economy));
    kit_must(&k, system_set_shock(system, k.memory, &k.shock));
    double *z = kit_ones(&k, system->size, 0), *f = kit_ones(&k, system->size, 0), worst = 0;
    random_seed(&stream, 7);
    for (int draw = 0; draw < 10; draw++) {
        double made = 0, sold = 0;
        for (size_t i = 0; i < system->size; i++) z[i] = 0.2 * random_normal(&stream);
        assert_true(system_evaluate(system, z, f, false));
        for (size_t i = 0; i < 7 * 3; i++) {
            made += system->at.output[i];
            sold += system->at.sales[i];
            worst = fmax(worst, fabs(system->at.sales[i] / system->at.output[i] - 1));
        }
        must_be("sales of the world", sold, made, 1e-12);
    }
    assert_true(worst > 0.3);
    kit_close(&k);
}

/* ---- units ------------------------------------------------------------------------------------------------ */

static void scale(const kit *k, const double **x, size_t count, double factor)
{
    double *scaled = *x ? kit_ones(k, count, 0) : NULL;
    for (size_t i = 0; scaled && i < count; i++) scaled[i] = (*x)[i] * factor;
    *x = scaled;
}

static void the_unit_of_money_does_not_matter(void **state)
{
    kit small, large;
    (void)state;
    open_lantern(&small, 1);
    kit_open(&large, 1);
    kit_read(&large, LANTERN);
    bashu_data *d = large.data;
    scale(&large, &d->value_added, 7 * 3, 1e6);
    scale(&large, &d->exports, d->about.A * 3, 1e6);
    scale(&large, &d->imports, d->about.A * 3, 1e6);
    scale(&large, &d->outflow, d->about.A * 3, 1e6);
    scale(&large, &d->inflow, d->about.A * 3, 1e6);
    kit_calibrate(&large);
    for (size_t n = 0; n < 7; n++) must_be("income", large.economy->income[n], 1e6 * small.economy->income[n], 1e-9);
    shake(&small);
    shake(&large);
    const bashu_result *a = kit_solve(&small), *b = kit_solve(&large);
    must_all_be("wage", b->wage_hat, a->wage_hat, 14, 1e-9);
    must_all_be("people", b->people_hat, a->people_hat, 14, 1e-9);
    must_all_be("rent", b->rent_hat, a->rent_hat, 7, 1e-9);
    must_all_be("price", b->price_hat, a->price_hat, 21, 1e-9);
    must_all_be("output", b->output_hat, a->output_hat, 21, 1e-9);
    must_all_be("welfare", b->welfare_hat, a->welfare_hat, 14, 1e-9);
    assert_true(fabs(a->people_hat[0] - 1) > 1e-3);
    kit_close(&small);
    kit_close(&large);
}

/* ---- order ------------------------------------------------------------------------------------------------ */

/* A copy of a table with its rows upside down. */
static void reverse_rows(scratch *files, const char *name)
{
    char path[512], *line[400];
    static char text[1 << 16], turned[1 << 16];
    size_t size, lines = 0, used = 0;
    snprintf(path, sizeof path, "%s/%s", LANTERN, name);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    size = fread(text, 1, sizeof text - 1, in);
    fclose(in);
    assert_true(size < sizeof text - 1);
    text[size] = 0;
    for (char *at = strtok(text, "\n"); at && lines < 400; at = strtok(NULL, "\n")) line[lines++] = at;
    for (size_t row = 0; row < lines; row++) /* the header, then the last row, ... */
        used += (size_t)snprintf(turned + used, sizeof turned - used, "%s\n", line[row ? lines - row : 0]);
    scratch_text(files, name, turned);
}

static void copy_as_it_is(scratch *files, const char *name)
{
    static char text[1 << 16];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", LANTERN, name);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    size_t size = fread(text, 1, sizeof text, in);
    fclose(in);
    scratch_bytes(files, name, text, size);
}

static size_t region_named(const bashu_economy *e, const char *id)
{
    size_t n = 0;
    while (n < e->about.N && strcmp(e->about.regions[n].label.id, id) != 0) n++;
    assert_true(n < e->about.N);
    return n;
}

/* Regions, sectors, groups, areas, links: all stand in the opposite order. */
static void the_order_of_rows_does_not_matter(void **state)
{
    static const char *const tables[] = {"regions", "sectors", "groups", "people", "production", "input_output", "final_demand",
                                         "wage_bill", "trade_margins", "nodes", "links", "migration", "migration_origins",
                                         "zones", "totals", "provinces", "circles"};
    scratch files;
    kit a, b;
    char name[64];
    (void)state;
    assert_true(scratch_open(&files));
    copy_as_it_is(&files, "economy.yaml");
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        snprintf(name, sizeof name, "%s.csv", tables[t]);
        reverse_rows(&files, name);
    }
    open_lantern(&a, 1);
    kit_open(&b, 1);
    kit_read(&b, files.folder);
    kit_calibrate(&b);
    enum { N = 7, J = 3, S = 2 };
    double *cost_a = kit_trade_cost(&a), *cost_b = kit_trade_cost(&b);
    size_t to[N];
    for (size_t n = 0; n < N; n++) to[n] = region_named(b.economy, a.economy->about.regions[n].label.id);
    assert_int_equal(to[0], N - 1); /* it was turned indeed */
    for (size_t n = 0; n < N; n++) {
        a.shock.land_hat[n] = b.shock.land_hat[to[n]] = 1 + 0.05 * (double)(n % 3);
        for (size_t j = 0; j < J; j++)
            a.shock.productivity_hat[n * J + j] = b.shock.productivity_hat[to[n] * J + J - 1 - j] = 1 + 0.03 * (double)((n + j) % 4);
        for (size_t s = 0; s < S; s++)
            a.shock.amenity_hat[n * S + s] = b.shock.amenity_hat[to[n] * S + S - 1 - s] = 1 + 0.04 * (double)((n + s) % 2);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < J; j++)
                cost_a[at3(n, j, i, J, N)] = cost_b[at3(to[n], J - 1 - j, to[i], J, N)] = n == i ? 1 : 0.9 + 0.02 * (double)((n + 3 * i + j) % 4);
    }
    const bashu_result *x = kit_solve(&a), *y = kit_solve(&b);
    for (size_t n = 0; n < N; n++) {
        must_be("rent", y->rent_hat[to[n]], x->rent_hat[n], 1e-9);
        must_be("income", y->income[to[n]], x->income[n], 1e-9);
        for (size_t j = 0; j < J; j++) {
            must_be("price", y->price_hat[to[n] * J + J - 1 - j], x->price_hat[n * J + j], 1e-9);
            must_be("output", y->output_hat[to[n] * J + J - 1 - j], x->output_hat[n * J + j], 1e-9);
        }
        for (size_t s = 0; s < S; s++) {
            must_be("wage", y->wage_hat[to[n] * S + S - 1 - s], x->wage_hat[n * S + s], 1e-9);
            must_be("people", y->people_hat[to[n] * S + S - 1 - s], x->people_hat[n * S + s], 1e-9);
            must_be("welfare", y->welfare_hat[to[n] * S + S - 1 - s], x->welfare_hat[n * S + s], 1e-9);
        }
    }
    assert_true(fabs(x->people_hat[0] - 1) > 1e-3);
    kit_close(&a);
    kit_close(&b);
    scratch_close(&files);
}

/* ---- threads ---------------------------------------------------------------------------------------------- */

static void threads_give_the_same_bits(void **state)
{
    kit one, many;
    (void)state;
    open_lantern(&one, 1);
    shake(&one);
    const bashu_result *a = kit_solve(&one);
    for (int threads = 2; threads <= 3; threads++) {
        open_lantern(&many, threads);
        shake(&many);
        const bashu_result *b = kit_solve(&many);
        assert_memory_equal(a->wage_hat, b->wage_hat, 14 * sizeof(double));
        assert_memory_equal(a->people_hat, b->people_hat, 14 * sizeof(double));
        assert_memory_equal(a->rent_hat, b->rent_hat, 7 * sizeof(double));
        assert_memory_equal(a->price_hat, b->price_hat, 21 * sizeof(double));
        assert_memory_equal(a->output_hat, b->output_hat, 21 * sizeof(double));
        assert_memory_equal(a->welfare_hat, b->welfare_hat, 14 * sizeof(double));
        assert_memory_equal(&a->info.residual, &b->info.residual, sizeof(double));
        kit_close(&many);
    }
    kit_close(&one);
}

/* ---- there and back --------------------------------------------------------------------------------------- */

static double *writable(const double *x)
{
    return (double *)(uintptr_t)x; /* the economy is this test's own */
}

/* The counterfactual becomes the baseline: shares from the point where the solver stopped, the rest from the answer. */
static void move_into_the_answer(kit *k)
{
    bashu_economy *e = k->economy;
    const bashu_result *r = k->result;
    const system_of_equations *system = solver_system(k->solver);
    const problem *p = &system->problem;
    size_t N = p->N, J = p->J, S = p->S;
    for (size_t n = 0; n < N; n++) {
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++) writable(e->trade_share)[at3(n, j, i, J, N)] = trade_share(p, &system->at, n, j, i);
        for (size_t s = 0; s < S; s++)
            for (size_t o = 0; o < N; o++)
                writable(e->migration_share)[at3(s, o, n, N, N)] =
                    p->migration.kernel[at3(o, s, n, S, N)] * pow(r->utility_hat[n * S + s] / r->welfare_hat[o * S + s], e->epsilon[s]);
    }
    for (size_t nj = 0; nj < N * J; nj++) {
        writable(e->output)[nj] *= r->output_hat[nj];
        writable(e->expenditure)[nj] = r->expenditure[nj];
    }
    for (size_t n = 0; n < N; n++) {
        writable(e->income)[n] = r->income[n];
        writable(e->land_income)[n] *= k->shock.land_hat[n] * pow(r->rent_hat[n], 1 + e->chi[n]);
        writable(e->deficit)[n] += k->shock.transfer[n];
        for (size_t s = 0; s < S; s++) {
            writable(e->wage_bill)[n * S + s] *= r->wage_hat[n * S + s] * r->people_hat[n * S + s];
            writable(e->labour_income)[n * S + s] = e->wage_bill[n * S + s];
            writable(e->people)[n * S + s] *= r->people_hat[n * S + s];
        }
    }
}

static void invert(double *x, size_t count)
{
    for (size_t i = 0; i < count; i++) x[i] = 1 / x[i];
}

static void there_and_back(void **state)
{
    enum { N = 7, J = 3, S = 2 };
    kit k;
    double wage[N * S], people[N * S], rent[N], price[N * J], output[N * J], welfare[N * S];
    (void)state;
    open_lantern(&k, 1);
    shake(&k);
    const bashu_result *r = kit_solve(&k);
    memcpy(wage, r->wage_hat, sizeof wage);
    memcpy(people, r->people_hat, sizeof people);
    memcpy(rent, r->rent_hat, sizeof rent);
    memcpy(price, r->price_hat, sizeof price);
    memcpy(output, r->output_hat, sizeof output);
    memcpy(welfare, r->welfare_hat, sizeof welfare);
    move_into_the_answer(&k);
    solver_free(k.solver);
    k.solver = NULL;
    invert(k.shock.productivity_hat, N * J);
    invert(k.shock.amenity_hat, N * S);
    invert(k.shock.land_hat, N);
    invert(k.shock.trade_cost_hat, N * J * N);
    invert(k.shock.migration_cost_hat, S * N * N);
    for (size_t n = 0; n < N; n++) k.shock.transfer[n] = -k.shock.transfer[n];
    r = kit_solve(&k);
    for (size_t i = 0; i < N * S; i++) {
        must_be("wage back", r->wage_hat[i], 1 / wage[i], 1e-9);
        must_be("people back", r->people_hat[i], 1 / people[i], 1e-9);
        must_be("welfare back", r->welfare_hat[i], 1 / welfare[i], 1e-9);
    }
    for (size_t i = 0; i < N * J; i++) {
        must_be("price back", r->price_hat[i], 1 / price[i], 1e-9);
        must_be("output back", r->output_hat[i], 1 / output[i], 1e-9);
    }
    for (size_t n = 0; n < N; n++) must_be("rent back", r->rent_hat[n], 1 / rent[n], 1e-9);
    kit_close(&k);
}

/* `deficits: zero` is the answer to a transfer that takes every deficit back. */
static void no_deficits(void **state)
{
    kit fixed, zero;
    (void)state;
    open_lantern(&fixed, 1);
    for (size_t n = 0; n < 7; n++) fixed.shock.transfer[n] = -fixed.economy->deficit[n];
    const bashu_result *r = kit_solve(&fixed);
    kit_open(&zero, 1);
    kit_read(&zero, LANTERN);
    kit_set(&zero, "model.deficits", "zero");
    kit_calibrate(&zero);
    assert_true(zero.economy->baseline_residual <= 1e-9);
    assert_true(fabs(r->people_hat[0] - 1) > 1e-4);
    for (size_t n = 0; n < 7; n++) {
        assert_true(zero.economy->deficit[n] == 0);
        must_be("income", zero.economy->income[n], r->income[n], 1e-8);
    }
    for (size_t i = 0; i < 14; i++) must_be("people", zero.economy->people[i], fixed.economy->people[i] * r->people_hat[i], 1e-8);
    for (size_t i = 0; i < 21; i++) must_be("output", zero.economy->output[i], fixed.economy->output[i] * r->output_hat[i], 1e-8);
    kit_close(&fixed);
    kit_close(&zero);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_shock_is_exactly_nothing),
        cmocka_unit_test(every_lever_moves_something),
        cmocka_unit_test(the_baseline_solves_the_equations),
        cmocka_unit_test(walras_holds_off_equilibrium),
        cmocka_unit_test(the_unit_of_money_does_not_matter),
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(threads_give_the_same_bits),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(no_deficits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
