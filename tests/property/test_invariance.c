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
    double *cost = kit_trade_cost(k), *leave = a->switches.mobility == MOBILITY_FRECHET ? kit_migration_cost(k) : NULL, total = 0;
    double *commute = k->economy->commuting_share ? kit_commuting_cost(k) : NULL;
    for (size_t n = 0; n < N; n++) {
        k->shock.land_hat[n] = 1 + 0.03 * (double)(n % 4);
        k->shock.transfer[n] = n + 1 < N ? (n % 2 ? 0.01 : -0.008) * k->economy->income[n] : -total;
        total += k->shock.transfer[n];
        for (size_t j = 0; j < J; j++) k->shock.productivity_hat[n * J + j] = 1 + 0.02 * (double)((n + 2 * j) % 5);
        for (size_t s = 0; s < S; s++) k->shock.amenity_hat[n * S + s] = 1 + 0.02 * (double)((2 * n + s) % 3);
        for (size_t i = 0; i < N; i++) {
            if (n == i) continue;
            for (size_t j = 0; j < J; j++) cost[at3(n, j, i, J, N)] = 1 - 0.03 * (double)((n * 3 + i * 5 + j) % 4);
            for (size_t s = 0; leave && s < S; s++) leave[at3(s, n, i, N, N)] = 1 - 0.04 * (double)((n + i * 7 + s) % 3);
            for (size_t s = 0; commute && s < S; s++) commute[at3(s, n, i, N, N)] = 1 - 0.05 * (double)((n + i * 2 + s) % 3);
        }
    }
}

/* Every word of the model that is not in lantern itself. */
static void commutes(kit *k) { kit_commute(k, "3.3"); }

static void commutes_and_owns(kit *k)
{
    kit_commute(k, "2");
    kit_specific(k);
    kit_portfolio(k);
}

static void fitted(kit *k) { kit_fit_commuting(k, "3.3"); }

static const struct variant {
    const char *name, *set[4][2];
    void (*prepare)(kit *k);
} variants[] = {
    {"commuting", {{NULL, NULL}}, commutes},
    {"costless", {{"model.mobility", "costless"}}, NULL},
    {"free", {{"model.mobility", "free"}}, NULL},
    {"multiplicative", {{"model.deficits", "multiplicative"}}, NULL},
    {"settled, wage", {{"model.baseline", "settled"}, {"model.numeraire", "wage"}}, NULL},
    {"specific", {{NULL, NULL}}, kit_specific},
    {"owned", {{NULL, NULL}}, kit_portfolio},
    {"landlords", {{"model.rents", "landlords"}}, NULL},
    {"landlords, settled, specific", {{"model.rents", "landlords"}, {"model.baseline", "settled"}}, kit_specific},
    {"amenity decays", {{"elasticities.amenity_decay", "1"}, {"elasticities.amenity_congestion", "0.3"}}, NULL},
    {"fitted, landlords, amenity decays, free",
     {{"model.rents", "landlords"}, {"elasticities.amenity_decay", "2"}, {"elasticities.amenity_congestion", "0.3"},
      {"model.mobility", "free"}}, fitted},
    {"fitted, no deficits", {{"model.deficits", "zero"}, {"elasticities.amenity_decay", "2"}}, fitted},
    {"all", {{"model.mobility", "free"}, {"model.deficits", "multiplicative"}, {"model.numeraire", "wage"}, {"model.baseline", "settled"}},
     commutes_and_owns},
};
enum { VARIANTS = sizeof variants / sizeof *variants };

static void open_variant(kit *k, const struct variant *v, int threads)
{
    kit_open(k, threads);
    kit_read(k, LANTERN);
    for (size_t q = 0; q < 4 && v->set[q][0]; q++) kit_set(k, v->set[q][0], v->set[q][1]);
    if (v->prepare) v->prepare(k);
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
    "  - {id: j, title: {en: j, zh: j}, lever: commuting_cost, within: {province: north}, change_pct: 0, assumption: x}\n"
    "  - {id: i, title: {en: i, zh: i}, lever: transfer, regions: [fern], funders: [alder], to: 0, assumption: x}\n";

static void no_shock_is_exactly_nothing(void **state)
{
    kit k;
    scratch files;
    bashu_scenario *zero = NULL;
    (void)state;
    assert_true(scratch_open(&files));
    kit_lantern(&k, 2);
    kit_must(&k, bashu_solver_new(&k.solver, k.economy, NULL));
    kit_must(&k, bashu_solve(&k.result, k.solver, NULL));
    assert_int_equal(k.result->info.reason, BASHU_CONVERGED_UNCHANGED);
    all_exactly_one(k.result);
    kit_must(&k, bashu_scenario_read(&zero, k.economy, scratch_text(&files, "zero.yaml", zero_changes)));
    assert_int_equal(bashu_scenario_change_count(zero), 10);
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

/* The same under every word of the model; and through the equations, where the baseline solves them before the first step. */
static void no_shock_is_nothing_under_any_model(void **state)
{
    (void)state;
    for (size_t v = 0; v < VARIANTS; v++) {
        kit k;
        bashu_scenario *zero = NULL;
        scratch files;
        assert_true(scratch_open(&files));
        open_variant(&k, &variants[v], 1);
        kit_must(&k, solver_new(&k.solver, k.economy, &k.options));
        kit_must(&k, bashu_scenario_read(&zero, k.economy, scratch_text(&files, "zero.yaml", zero_changes)));
        shake(&k);
        kit_solve(&k);
        assert_true(k.result->people_hat[0] != 1 && k.result->labour_income[0] != k.economy->labour_income[0]);
        kit_must(&k, bashu_solve(&k.result, k.solver, zero));
        assert_int_equal(k.result->info.reason, BASHU_CONVERGED_UNCHANGED);
        all_exactly_one(k.result);
        kit_reset_shock(&k);
        const bashu_result *r = kit_solve(&k); /* not marked empty */
        bool settled = k.economy->about.switches.baseline == BASELINE_SETTLED; /* to what the solver was asked for, not to rounding */
        if (r->info.passes > (settled ? 2 : 1)) fail_msg("%s: %d passes", variants[v].name, r->info.passes);
        for (size_t i = 0; i < 7 * 2; i++) must_be(variants[v].name, r->people_hat[i], 1, 1e-12);
        for (size_t i = 0; i < 7 * 3; i++) must_be(variants[v].name, r->output_hat[i], 1, 1e-12);
        for (size_t i = 0; i < 7 * 2; i++) must_be(variants[v].name, r->welfare_hat[i], 1, 1e-11);
        must_all_be(variants[v].name, r->labour_income, k.economy->labour_income, 7 * 2, 1e-11);
        bashu_scenario_free(zero);
        scratch_close(&files);
        kit_close(&k);
    }
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
    kit_lantern(&k, 1);
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
    kit_lantern(&k, 1);
    const bashu_result *r = kit_solve(&k); /* not marked empty */
    assert_int_equal(r->info.passes, 1);
    for (size_t i = 0; i < 7 * 2; i++) must_be("people", r->people_hat[i], 1, 1e-12);
    for (size_t i = 0; i < 7 * 3; i++) must_be("price", r->price_hat[i], 1, 1e-12);
    for (size_t i = 0; i < 7 * 2; i++) must_be("welfare", r->welfare_hat[i], 1, 1e-12);
    kit_close(&k);
}

/* ---- Walras ----------------------------------------------------------------------------------------------- */

/* At any prices, equilibrium or not, excess demands sum to zero: what all sell is what all made, and what the portfolio pays
 * out at the rents of the moment over what is paid into it. The random point is far from an equilibrium (single markets are off by tens of percent), so this cannot hold by being solved. */
static void walras_off_equilibrium(kit *k, const char *name)
{
    random_stream stream;
    shake(k);
    double *tau = kit_tariff(k);
    for (size_t i = 0; i < 7 * 3 * 7; i++) tau[i] = (i / 21) != i % 7 ? 0.01 * (double)(i % 9) : 0;
    system_of_equations *system;
    kit_must(k, system_new(&system, k->memory, k->economy));
    kit_must(k, system_set_shock(system, k->memory, &k->shock));
    double *z = kit_ones(k, system->size, 0), *f = kit_ones(k, system->size, 0), worst = 0;
    random_seed(&stream, 7);
    for (int draw = 0; draw < 10; draw++) {
        double made = 0, sold = 0, paid_out = 0;
        for (size_t i = 0; i < system->size; i++) z[i] = 0.2 * random_normal(&stream);
        assert_true(system_evaluate(system, z, f, false));
        for (size_t i = 0; i < 7 * 3; i++) {
            made += system->at.output[i];
            sold += system->at.sales[i];
            worst = fmax(worst, fabs(system->at.sales[i] / system->at.output[i] - 1));
        }
        for (size_t n = 0; n < 7; n++)
            paid_out -= k->economy->iota[n] * (system->at.land_demand[n] + (has_specific_structures(&system->problem, n) ? system->at.land_use[n] : 0));
        must_be(name, sold, made + paid_out + system->at.portfolio[0], 1e-12);
    }
    assert_true(worst > 0.3);
}

static void walras_holds_off_equilibrium(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 1);
    walras_off_equilibrium(&k, "sales of the world");
    kit_close(&k);
    for (size_t v = 0; v < VARIANTS; v++) {
        open_variant(&k, &variants[v], 1);
        walras_off_equilibrium(&k, variants[v].name);
        kit_close(&k);
    }
}

/* ---- units ------------------------------------------------------------------------------------------------ */

static void scale(const kit *k, const double **x, size_t count, double factor)
{
    double *scaled = *x ? kit_ones(k, count, 0) : NULL;
    for (size_t i = 0; scaled && i < count; i++) scaled[i] = (*x)[i] * factor;
    *x = scaled;
}

static void same_hats(const bashu_result *got, const bashu_result *expected, double tolerance)
{
    size_t N = got->economy->about.N, J = got->economy->about.J, S = got->economy->about.S;
    must_all_be("wage", got->wage_hat, expected->wage_hat, N * S, tolerance);
    must_all_be("people", got->people_hat, expected->people_hat, N * S, tolerance);
    must_all_be("rent", got->rent_hat, expected->rent_hat, N, tolerance);
    must_all_be("price", got->price_hat, expected->price_hat, N * J, tolerance);
    must_all_be("output", got->output_hat, expected->output_hat, N * J, tolerance);
    must_all_be("utility", got->utility_hat, expected->utility_hat, N * S, tolerance);
    must_all_be("welfare", got->welfare_hat, expected->welfare_hat, N * S, tolerance);
}

static void the_units_of_money_and_people_do_not_matter(void **state)
{
    (void)state;
    static const struct variant models[] = {
        {"lantern", {{NULL, NULL}}, NULL},
        {"commuting", {{NULL, NULL}}, commutes},
        {"fitted, landlords, amenity decays", {{"model.rents", "landlords"}, {"elasticities.amenity_decay", "2"}}, fitted},
    };
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        kit small, large;
        open_variant(&small, &models[m], 1);
        open_variant(&large, &models[m], 1);
        bashu_data *d = large.data;
        scale(&large, &d->value_added, 7 * 3, 1e6);
        scale(&large, &d->exports, d->about.A * 3, 1e6);
        scale(&large, &d->imports, d->about.A * 3, 1e6);
        scale(&large, &d->outflow, d->about.A * 3, 1e6);
        scale(&large, &d->inflow, d->about.A * 3, 1e6);
        scale(&large, &d->people, 7 * 2, 1e-3);
        scale(&large, &d->commuters, 2 * 7 * 7, 1e-3);
        scale(&large, &d->workers, 7 * 2, 1e-3);
        scale(&large, &d->registered_same_area, 7, 1e-3);
        scale(&large, &d->registered_other_areas, 7, 1e-3);
        kit_calibrate(&large);
        for (size_t n = 0; n < 7; n++) must_be("income", large.economy->income[n], 1e6 * small.economy->income[n], 1e-9);
        shake(&small);
        shake(&large);
        for (size_t n = 0; n < 7; n++) large.shock.transfer[n] = 1e6 * small.shock.transfer[n]; /* to the last bit */
        const bashu_result *a = kit_solve(&small), *b = kit_solve(&large);
        same_hats(b, a, 1e-9);
        for (size_t i = 0; i < 14; i++) must_be("labour income", b->labour_income[i], 1e6 * a->labour_income[i], 1e-9);
        assert_true(fabs(a->people_hat[0] - 1) > 1e-3);
        kit_close(&small);
        kit_close(&large);
    }
}

/* ---- order ------------------------------------------------------------------------------------------------ */

/* A copy of a table with its rows upside down. */
static void reverse_rows(scratch *files, const char *folder, const char *name)
{
    char path[512], *line[400];
    static char text[1 << 16], turned[1 << 16];
    size_t size, lines = 0, used = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
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

static void copy_from(scratch *files, const char *folder, const char *name)
{
    static char text[1 << 16];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    size_t size = fread(text, 1, sizeof text, in);
    fclose(in);
    scratch_bytes(files, name, text, size);
}

static void copy_as_it_is(scratch *files, const char *name) { copy_from(files, LANTERN, name); }

static size_t region_named(const bashu_economy *e, const char *id)
{
    size_t n = 0;
    while (n < e->about.N && strcmp(e->about.regions[n].label.id, id) != 0) n++;
    assert_true(n < e->about.N);
    return n;
}

/* Lantern with a table of commuters, or of workers. */
static void lantern_that_commutes(scratch *files, const char *table)
{
    static const char *const names[] = {"regions", "sectors", "groups", "people", "production", "input_output", "final_demand",
                                        "wage_bill", "trade_margins", "nodes", "links", "migration", "migration_origins",
                                        "zones", "totals", "travel_times", "provinces", "circles"};
    static char text[1 << 16], put[1 << 16];
    char name[64];
    size_t used = 0;
    kit k;
    for (size_t t = 0; t < sizeof names / sizeof *names; t++) {
        snprintf(name, sizeof name, "%s.csv", names[t]);
        copy_as_it_is(files, name);
    }
    copy_as_it_is(files, "economy.yaml");
    FILE *in = fopen(scratch_path(files, "economy.yaml"), "rb");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = 0;
    fclose(in);
    char *tables = strstr(text, "tables:\n"), *powers = strstr(text, "elasticities:\n"), *model = strstr(text, "model:\n");
    assert_true(tables && powers && model);
    snprintf(put, sizeof put, "%.*stables:\n  %s: %s.csv\n%.*selasticities:\n  commuting_elasticity: {value: 3.3}\n%.*s"
             "model:\n  commuting: frechet\n%s", (int)(tables - text), text, table, table, (int)(powers - tables) - 8, tables + 8,
             (int)(model - powers) - 14, powers + 14, model + 7);
    scratch_text(files, "economy.yaml", put);
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    bool observed = !strcmp(table, "commuting");
    if (observed) kit_commute(&k, "3.3");
    else kit_fit_commuting(&k, "3.3");
    used += (size_t)snprintf(put, sizeof put, observed ? "group,residence,workplace,commuters\n" : "group,region,workers\n");
    for (size_t q = 0; !observed && q < 7 * 2; q++)
        used += (size_t)snprintf(put + used, sizeof put - used, "%s,%s,%.17g\n", k.data->about.groups[q % 2].id,
                                 k.data->about.regions[q / 2].label.id, k.data->workers[q]);
    for (size_t q = 0; observed && q < 2 * 7 * 7; q++)
        if (k.data->commuters[q] > 0)
            used += (size_t)snprintf(put + used, sizeof put - used, "%s,%s,%s,%.17g\n", k.data->about.groups[q / 49].id,
                                     k.data->about.regions[q / 7 % 7].label.id, k.data->about.regions[q % 7].label.id, k.data->commuters[q]);
    snprintf(name, sizeof name, "%s.csv", table);
    scratch_text(files, name, put);
    kit_close(&k);
}

static void read_with(kit *k, const char *folder, bool landlords_too)
{
    kit_open(k, 1);
    kit_read(k, folder);
    if (landlords_too) {
        kit_set(k, "model.rents", "landlords");
        kit_set(k, "elasticities.amenity_decay", "1");
        kit_set(k, "elasticities.commuting_decay", "1.5");
    }
    kit_calibrate(k);
}

/* Regions, sectors, groups, areas, links: all stand in the opposite order. */
static void rows_upside_down(const char *of_commuters)
{
    const char *const tables[] = {"regions", "sectors", "groups", "people", "production", "input_output", "final_demand",
                                  "wage_bill", "trade_margins", "nodes", "links", "migration", "migration_origins",
                                  "zones", "totals", "travel_times", "provinces", "circles", of_commuters};
    scratch as_it_is, files;
    kit a, b;
    char name[64];
    bool fitted_too = !strcmp(of_commuters, "workers");
    assert_true(scratch_open(&files));
    assert_true(scratch_open(&as_it_is));
    lantern_that_commutes(&as_it_is, of_commuters);
    copy_from(&files, as_it_is.folder, "economy.yaml");
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        snprintf(name, sizeof name, "%s.csv", tables[t]);
        reverse_rows(&files, as_it_is.folder, name);
    }
    read_with(&a, as_it_is.folder, fitted_too);
    read_with(&b, files.folder, fitted_too);
    enum { N = 7, J = 3, S = 2 };
    double *cost_a = kit_trade_cost(&a), *cost_b = kit_trade_cost(&b), *way_a = kit_commuting_cost(&a), *way_b = kit_commuting_cost(&b);
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
            for (size_t s = 0; s < S; s++)
                way_a[at3(s, n, i, N, N)] = way_b[at3(S - 1 - s, to[n], to[i], N, N)] = 0.9 + 0.05 * (double)((n + 2 * i + s) % 5);
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
            must_be("labour income", y->labour_income[to[n] * S + S - 1 - s], x->labour_income[n * S + s], 1e-9);
            if (!fitted_too || n + 1 == N) continue; /* overseas, next to nobody commutes: how its wages compare is all but free */
            const double *implied = a.economy->fundamentals.workplace_wage, *turned = b.economy->fundamentals.workplace_wage;
            must_be("implied wage", turned[to[n] * S + S - 1 - s] / turned[to[0] * S + S - 1 - s], implied[n * S + s] / implied[s], 1e-9);
            must_be("welfare", y->welfare_hat[to[n] * S + S - 1 - s], x->welfare_hat[n * S + s], 1e-9);
        }
    }
    assert_true(fabs(x->people_hat[0] - 1) > 1e-3);
    kit_close(&a);
    kit_close(&b);
    scratch_close(&files);
    scratch_close(&as_it_is);
}

static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    rows_upside_down("commuting");
    rows_upside_down("workers");
}

/* ---- threads ---------------------------------------------------------------------------------------------- */

static void same_bits(const bashu_result *a, const bashu_result *b)
{
    assert_memory_equal(a->wage_hat, b->wage_hat, 14 * sizeof(double));
    assert_memory_equal(a->people_hat, b->people_hat, 14 * sizeof(double));
    assert_memory_equal(a->rent_hat, b->rent_hat, 7 * sizeof(double));
    assert_memory_equal(a->price_hat, b->price_hat, 21 * sizeof(double));
    assert_memory_equal(a->output_hat, b->output_hat, 21 * sizeof(double));
    assert_memory_equal(a->welfare_hat, b->welfare_hat, 14 * sizeof(double));
    assert_memory_equal(a->labour_income, b->labour_income, 14 * sizeof(double));
    assert_memory_equal(&a->info.residual, &b->info.residual, sizeof(double));
}

static void threads_give_the_same_bits(void **state)
{
    static const struct variant plain = {"lantern", {{NULL, NULL}}, NULL};
    (void)state;
    for (size_t v = 0; v <= VARIANTS; v++) {
        kit one, many;
        const struct variant *now = v < VARIANTS ? &variants[v] : &plain;
        open_variant(&one, now, 1);
        shake(&one);
        const bashu_result *a = kit_solve(&one);
        for (int threads = 2; threads <= 3; threads++) {
            open_variant(&many, now, threads);
            shake(&many);
            same_bits(a, kit_solve(&many));
            kit_close(&many);
        }
        kit_close(&one);
    }
}

/* ---- what is the same by another name ---------------------------------------------------------------------- */

/* Everybody works at home: commuting in name only. */
static void commuting_at_home_is_no_commuting(void **state)
{
    static const char *const words[] = {"frechet", "free", "none"};
    (void)state;
    for (size_t w = 0; w < 3; w++) {
        kit with, without;
        kit_open(&without, 1);
        kit_read(&without, LANTERN);
        kit_set(&without, "model.mobility", words[w]);
        kit_calibrate(&without);
        kit_open(&with, 1);
        kit_read(&with, LANTERN);
        kit_set(&with, "model.mobility", words[w]);
        kit_commute(&with, "3.3");
        double *home = kit_ones(&with, 2 * 7 * 7, 0);
        for (size_t q = 0; q < 14; q++) home[at3(q % 2, q / 2, q / 2, 7, 7)] = with.data->people[q];
        with.data->commuters = home;
        kit_calibrate(&with);
        shake(&with);
        shake(&without);
        double *way = kit_commuting_cost(&with); /* new ways to nowhere */
        for (size_t q = 0; q < 2 * 7 * 7; q++) way[q] = q / 7 % 7 == q % 7 ? 1 : 0.5;
        const bashu_result *a = kit_solve(&without), *b = kit_solve(&with);
        same_hats(b, a, 1e-11);
        must_all_be("labour income", b->labour_income, a->labour_income, 14, 1e-11);
        assert_true(fabs(a->wage_hat[0] - 1) > 1e-3);
        kit_close(&with);
        kit_close(&without);
    }
}

/* Crowding that is felt nowhere else is own crowding: a decay so fast that nothing is left of it, bit by bit. */
static void fast_decay_is_own_place(void **state)
{
    kit own, fast;
    (void)state;
    for (int q = 0; q < 2; q++) {
        kit *k = q ? &fast : &own;
        kit_open(k, 1);
        kit_read(k, LANTERN);
        kit_set(k, "elasticities.amenity_congestion", "0.3");
        if (q) kit_set(k, "elasticities.amenity_decay", "1e4");
        kit_calibrate(k);
        shake(k);
        kit_solve(k);
    }
    same_hats(fast.result, own.result, 1e-11);
    must_all_be("crowding", fast.economy->fundamentals.crowding, own.economy->fundamentals.crowding, 7, 1e-15);
    kit_close(&own);
    kit_close(&fast);
}

/* Commuting fitted to margins is commuting: the same matrix as a table, then the same answers. */
static void fitted_commuters_are_commuters(void **state)
{
    kit one, two;
    (void)state;
    kit_open(&one, 1);
    kit_read(&one, LANTERN);
    kit_fit_commuting(&one, "3.3");
    kit_calibrate(&one);
    kit_open(&two, 1);
    kit_read(&two, LANTERN);
    kit_fit_commuting(&two, "3.3");
    double *flow = kit_ones(&two, 2 * 7 * 7, 0);
    for (size_t q = 0; q < 2 * 7 * 7; q++) flow[q] = one.economy->commuting_share[q] * one.economy->people[at2(q / 7 % 7, q / 49, 2)];
    two.data->workers = NULL;
    two.data->commuters = flow;
    kit_calibrate(&two);
    assert_true(two.economy->fundamentals.access == NULL && one.economy->fundamentals.access != NULL);
    shake(&one);
    shake(&two);
    same_hats(kit_solve(&two), kit_solve(&one), 1e-10);
    assert_true(fabs(one.result->people_hat[0] - 1) > 1e-3);
    kit_close(&one);
    kit_close(&two);
}

/* As tastes for places matter less and less, costless mobility becomes free mobility: what is left falls as 1 / epsilon. */
static void free_is_the_limit_of_costless(void **state)
{
    kit k;
    double people[14], welfare[14], gap[2] = {0}, welfare_gap[2] = {0};
    (void)state;
    for (int step = -1; step < 2; step++) {
        double epsilon[2] = {step ? 2e3 : 1e3, step ? 2e3 : 1e3};
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        kit_set(&k, "model.mobility", step < 0 ? "free" : "costless");
        kit_set(&k, "elasticities.amenity_congestion", "0.3");
        kit_commute(&k, "3.3");
        k.data->about.elasticities[MIGRATION_ELASTICITY].by_item = epsilon;
        k.options.tolerance = 1e-11; /* utilities round to 1e-16, and people are their power of 2e3 */
        kit_calibrate(&k);
        for (size_t n = 0; n < 6; n++) k.shock.amenity_hat[2 * n] = 1 + 0.02 * (double)(n % 3);
        k.shock.productivity_hat[0] = 1.1;
        const bashu_result *r = kit_solve(&k);
        for (size_t i = 0; i < 14 && step < 0; i++) people[i] = r->people_hat[i], welfare[i] = r->welfare_hat[i];
        for (size_t i = 0; i < 14 && step >= 0; i++) {
            gap[step] = fmax(gap[step], fabs(log(r->people_hat[i] / people[i])));
            welfare_gap[step] = fmax(welfare_gap[step], fabs(log(r->welfare_hat[i] / welfare[i])));
        }
        kit_close(&k);
    }
    print_message("free against costless: people %.3g at 1e3, %.3g at 2e3; welfare %.3g, %.3g\n", gap[0], gap[1], welfare_gap[0], welfare_gap[1]);
    assert_true(gap[0] < 0.02 && gap[0] > 1e-6);
    must_be("half of it", gap[1] / gap[0], 0.5, 0.02);
    must_be("half of it", welfare_gap[1] / welfare_gap[0], 0.5, 0.02);
}

/* A sector written twice, with half of everything each. */
static void a_sector_may_be_split(void **state)
{
    enum { N = 4 };
    static const double commuters[N * N] = {9e5, 5e4, 3e4, 1e4, 8e4, 1.2e6, 4e4, 2e4, 6e4, 3e4, 5e5, 1e4, 0, 2e4, 1e4, 7e5};
    static const double inputs[2][4] = {{0.4}, {0.2, 0.2, 0.2, 0.2}};
    kit k[2];
    double *flow[2];
    (void)state;
    for (size_t q = 0; q < 2; q++) {
        size_t J = q + 1;
        kit_open(&k[q], 1);
        flow[q] = kit_ones(&k[q], N * J * N, 0);
        for (size_t n = 0; n < N; n++)
            for (size_t j = 0; j < J; j++)
                for (size_t i = 0; i < N; i++)
                    flow[q][at3(n, j, i, J, N)] = (n == i ? 60 + 10 * (double)n : 3 + (double)((3 * n + 5 * i) % 7)) / (double)J;
        sketch s = sketch_new(N, J, 1);
        s.flow = flow[q];
        s.input = inputs[q];
        s.commuters = commuters;
        s.specific = true;
        s.switches = (model_switches){.mobility = MOBILITY_FREE, .deficits = DEFICITS_MULTIPLICATIVE, .numeraire = NUMERAIRE_WAGE};
        s.elasticity[COMMUTING_ELASTICITY] = 3;
        s.elasticity[HOUSING_SHARE] = 0.2;
        s.elasticity[LAND_SHARE] = 0.1;
        s.elasticity[HOUSING_SUPPLY_ELASTICITY] = 0.5;
        s.elasticity[AGGLOMERATION_ELASTICITY] = 0.03;
        s.elasticity[AMENITY_CONGESTION] = 0.1;
        kit_draw(&k[q], &s);
        kit_calibrate(&k[q]);
        double *cost = kit_trade_cost(&k[q]), *way = kit_commuting_cost(&k[q]);
        for (size_t j = 0; j < J; j++) cost[at3(0, j, 2, J, N)] = 0.8, k[q].shock.productivity_hat[at2(1, j, J)] = 1.15;
        way[at2(3, 0, N)] = 0.7;
        k[q].shock.land_hat[2] = 1.3;
    }
    const bashu_result *one = kit_solve(&k[0]), *two = kit_solve(&k[1]);
    for (size_t n = 0; n < N; n++) {
        must_be("wage", two->wage_hat[n], one->wage_hat[n], 1e-10);
        must_be("people", two->people_hat[n], one->people_hat[n], 1e-10);
        must_be("rent", two->rent_hat[n], one->rent_hat[n], 1e-10);
        must_be("welfare", two->welfare_hat[n], one->welfare_hat[n], 1e-10);
        for (size_t j = 0; j < 2; j++) {
            must_be("price", two->price_hat[2 * n + j], one->price_hat[n], 1e-10);
            must_be("output", two->output_hat[2 * n + j], one->output_hat[n], 1e-10);
        }
    }
    assert_true(fabs(one->people_hat[1] - 1) > 1e-2);
    kit_close(&k[0]);
    kit_close(&k[1]);
}

/* Where nothing is fixed in money (no deficits, no transfers, land that does not react) the numeraire is a unit. */
static void the_numeraire_does_not_matter(void **state)
{
    kit k[2];
    double mean[2] = {0};
    (void)state;
    for (size_t q = 0; q < 2; q++) {
        kit_open(&k[q], 1);
        kit_read(&k[q], LANTERN);
        kit_set(&k[q], "elasticities.housing_supply_elasticity", "0");
        kit_set(&k[q], "model.deficits", "zero");
        kit_commute(&k[q], "3.3");
        kit_calibrate(&k[q]); /* rebased alike: only the counterfactual has another numeraire */
        k[q].economy->about.switches.numeraire = q ? NUMERAIRE_WAGE : NUMERAIRE_VALUE_ADDED;
        shake(&k[q]);
        memset(k[q].shock.transfer, 0, 7 * sizeof(double));
        kit_solve(&k[q]);
    }
    const bashu_result *a = k[0].result, *b = k[1].result;
    double unit = b->wage_hat[0] / a->wage_hat[0];
    assert_true(fabs(unit - 1) > 1e-3);
    must_all_be("people", b->people_hat, a->people_hat, 14, 1e-10);
    must_all_be("utility", b->utility_hat, a->utility_hat, 14, 1e-10);
    for (size_t i = 0; i < 14; i++) must_be("wage", b->wage_hat[i], unit * a->wage_hat[i], 1e-10);
    for (size_t i = 0; i < 7; i++) must_be("rent", b->rent_hat[i], unit * a->rent_hat[i], 1e-10);
    for (size_t i = 0; i < 21; i++) must_be("price", b->price_hat[i], unit * a->price_hat[i], 1e-10);
    for (size_t i = 0; i < 21; i++) must_be("output", b->output_hat[i], unit * a->output_hat[i], 1e-10);
    for (size_t i = 0; i < 14; i++) {
        double wage = k[1].economy->wage_bill[i] / k[1].economy->workers[i];
        mean[0] += wage;
        mean[1] += wage * b->wage_hat[i];
    }
    must_be("mean wage", mean[1], mean[0], 1e-11);
    kit_close(&k[0]);
    kit_close(&k[1]);
}

/* ---- commuters of a scenario -------------------------------------------------------------------------------- */

static const char ways[] =
    "format: bashu-scenario/1\nname: ways\ntitle: {en: Ways, zh: 路}\neconomy: .\nchanges:\n"
    "  - {id: a, title: {en: a, zh: a}, lever: commuting_cost, within: {province: north}, groups: [others], change_pct: -20, assumption: x}\n"
    "  - {id: b, title: {en: b, zh: b}, lever: link_time, links: [rail-alder-dune-hs], to: 40, unit: minutes, assumption: x}\n"
    "  - {id: c, title: {en: c, zh: c}, lever: commuting_cost, table: ways.csv, assumption: x}\n"
    "  - {id: d, title: {en: d, zh: d}, lever: commuting_cost, groups: [college], table: all.csv, assumption: x}\n";

/* commuting_cost is a factor, for pairs that are chosen or in a table; a new time t' is one of
 * ((t'/t)^x exp(q (t' - t)))^(1 / epsilon_c), between different places. */
static void commuting_levers(void **state)
{
    kit k;
    scratch files;
    bashu_scenario *scenario = NULL;
    const shock *made;
    shock_builder *builder;
    (void)state;
    assert_true(scratch_open(&files));
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_commute(&k, "3.3");
    kit_set(&k, "elasticities.commuting_time_elasticity", "2");
    kit_set(&k, "elasticities.commuting_decay", "0.7");
    kit_calibrate(&k);
    scratch_text(&files, "ways.csv", "origin,destination,group,hat\nbrook,alder,others,0.5\nfern,elm,college,1.25\n");
    scratch_text(&files, "all.csv", "origin,destination,change_pct\nfern,elm,20\n");
    kit_must(&k, bashu_scenario_read(&scenario, k.economy, scratch_text(&files, "ways.yaml", ways)));
    kit_must(&k, shock_builder_new(&builder, k.memory, k.economy));
    kit_must(&k, shock_build(&made, builder, scenario, NULL));
    const double *before = k.economy->travel_time_h + k.economy->about.people_travel * 49,
                 *now = made->travel_time_h + k.economy->about.people_travel * 49;
    size_t nearer = 0;
    for (size_t q = 0; q < 2 * 49; q++) {
        size_t n = q / 7 % 7, i = q % 7;
        const region_row *r = k.economy->about.regions;
        bool inside = n != i && r[n].area_index == r[0].area_index && r[i].area_index == r[0].area_index; /* north: an area, too */
        double factor = n == i ? 1 : pow(pow(now[q % 49] / before[q % 49], 2) * exp(0.7 * (now[q % 49] - before[q % 49])), 1 / 3.3);
        nearer += factor < 1;
        if (q == at3(1, region_named(k.economy, "brook"), region_named(k.economy, "alder"), 7, 7)) factor *= 0.5;
        if (q == at3(0, region_named(k.economy, "fern"), region_named(k.economy, "elm"), 7, 7)) factor *= 1.25 * 1.2;
        must_be("commuting cost", made->commuting_cost_hat[q], factor * (inside && q >= 49 ? 0.8 : 1), 1e-14);
    }
    assert_true(nearer >= 4);
    kit_must(&k, solver_new(&k.solver, k.economy, &k.options));
    for (size_t c = 0; c < 3; c++) {
        unsigned char mask[4] = {c == 0, c == 1, c == 2, false};
        double commuters_before = k.economy->labour_income[0] / k.economy->wage_bill[0];
        kit_must(&k, bashu_solve_some(&k.result, k.solver, scenario, mask));
        assert_int_equal(k.result->info.reason, BASHU_CONVERGED_RESIDUAL);
        double wages = k.economy->wage_bill[0] / k.economy->workers[0] * k.result->wage_hat[0]; /* earned at home, if all were */
        assert_true(fabs(k.result->labour_income[0] / (wages * k.economy->people[0] * k.result->people_hat[0]) - commuters_before) > 1e-5);
    }
    bashu_scenario_free(scenario);
    scratch_close(&files);
    kit_close(&k);
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
    kit_lantern(&k, 1);
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
    kit_lantern(&fixed, 1);
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
        cmocka_unit_test(no_shock_is_nothing_under_any_model),
        cmocka_unit_test(every_lever_moves_something),
        cmocka_unit_test(the_baseline_solves_the_equations),
        cmocka_unit_test(walras_holds_off_equilibrium),
        cmocka_unit_test(the_units_of_money_and_people_do_not_matter),
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(threads_give_the_same_bits),
        cmocka_unit_test(commuting_at_home_is_no_commuting),
        cmocka_unit_test(fast_decay_is_own_place),
        cmocka_unit_test(fitted_commuters_are_commuters),
        cmocka_unit_test(free_is_the_limit_of_costless),
        cmocka_unit_test(a_sector_may_be_split),
        cmocka_unit_test(the_numeraire_does_not_matter),
        cmocka_unit_test(commuting_levers),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(no_deficits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
