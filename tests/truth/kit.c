/* kit.c - economies and shocks for tests. */
#include "kit.h"

#include "../scratch.h"

void kit_must(const kit *k, bashu_status status)
{
    if (status != BASHU_OK) fail_msg("status %d: %s", (int)status, k->context ? bashu_message(k->context) : "no context");
}

static void *room(const kit *k, size_t count, size_t size)
{
    void *memory = arena_alloc(k->memory, count, size);
    assert_non_null(memory);
    return memory;
}

void kit_open(kit *k, int threads)
{
    *k = (kit){.options = BASHU_OPTIONS_INIT};
    k->options.tolerance = 1e-12;
    k->options.starts = 0;
    assert_int_equal(bashu_open(&k->context, threads), BASHU_OK);
    k->memory = arena_new(k->context);
    assert_non_null(k->memory);
}

static void forget_answer(kit *k)
{
    result_free(k->result);
    solver_free(k->solver);
    k->result = NULL;
    k->solver = NULL;
}

void kit_close(kit *k)
{
    forget_answer(k);
    bashu_economy_free(k->economy);
    data_free(k->data);
    arena_free(k->memory);
    bashu_close(k->context);
}

void kit_read(kit *k, const char *folder)
{
    kit_must(k, economy_read(&k->data, k->context, folder, NULL));
}

bashu_scenario *kit_scenario(const kit *k, const char *text)
{
    scratch s;
    bashu_scenario *scenario = NULL;
    assert_true(scratch_open(&s));
    bashu_status status = bashu_scenario_read(&scenario, k->economy, scratch_text(&s, "scenario.yaml", text));
    scratch_close(&s);
    kit_must(k, status);
    return scenario;
}

void kit_set(kit *k, const char *path, const char *value)
{
    kit_must(k, data_set(k->data, path, value));
}

void kit_calibrate(kit *k)
{
    forget_answer(k);
    bashu_economy_free(k->economy);
    k->economy = NULL;
    kit_must(k, bashu_calibrate(&k->economy, k->data, NULL));
    kit_reset_shock(k);
}

/* ---- shocks ---------------------------------------------------------------------------------------------- */

double *kit_ones(const kit *k, size_t count, double value)
{
    double *x = room(k, count, sizeof *x);
    for (size_t i = 0; i < count; i++) x[i] = value;
    return x;
}

void kit_reset_shock(kit *k)
{
    const description *a = &k->economy->about;
    k->shock = (shock){.productivity_hat = kit_ones(k, a->N * a->J, 1),
                       .amenity_hat = kit_ones(k, a->N * a->S, 1),
                       .land_hat = kit_ones(k, a->N, 1),
                       .transfer = kit_ones(k, a->N, 0)};
    if (k->economy->tariff) kit_tariff(k); /* the new tariffs are the old ones unless somebody changes them */
}

void kit_lantern(kit *k, int threads)
{
    kit_open(k, threads);
    kit_read(k, LANTERN);
    kit_calibrate(k);
}

double *kit_trade_cost(kit *k)
{
    const description *a = &k->economy->about;
    return k->shock.trade_cost_hat = kit_ones(k, a->N * a->J * a->N, 1);
}

double *kit_tariff(kit *k)
{
    const description *a = &k->economy->about;
    k->shock.tariff = kit_ones(k, a->N * a->J * a->N, 0);
    if (k->economy->tariff) memcpy(k->shock.tariff, k->economy->tariff, a->N * a->J * a->N * sizeof(double));
    return k->shock.tariff;
}

void kit_subsidies(kit *k)
{
    const description *a = &k->economy->about;
    size_t N = a->N, J = a->J;
    shock *s = &k->shock;
    s->purse_count = 2;
    s->subsidy = kit_ones(k, N * J, 0);
    s->purse_rate = kit_ones(k, 2 * N * J, 0);
    s->purse_share = kit_ones(k, 2 * N, 0);
    for (size_t i = 0; i < 2 * J; i++) {
        s->purse_rate[i] = 0.02 + 0.01 * (double)(i % 3);
        s->purse_rate[N * J + i] = i % 2 ? -0.05 : 0;
        s->subsidy[i] = s->purse_rate[i] + s->purse_rate[N * J + i];
        s->productivity_hat[i] *= 1 + s->subsidy[i];
    }
    for (size_t n = 2; n < N; n++) {
        s->purse_share[n] = 1 / (double)(N - 2);
        s->purse_share[N + n] = n == 2 ? 0.75 : 0.25 / (double)(N - 3);
    }
}

double *kit_migration_cost(kit *k)
{
    const description *a = &k->economy->about;
    return k->shock.migration_cost_hat = kit_ones(k, a->S * a->N * a->N, 1);
}

double *kit_commuting_cost(kit *k)
{
    const description *a = &k->economy->about;
    return k->shock.commuting_cost_hat = kit_ones(k, a->S * a->N * a->N, 1);
}

double *kit_travel_time(kit *k)
{
    const description *a = &k->economy->about;
    assert_non_null(k->economy->travel_time_h);
    k->shock.travel_time_h = kit_ones(k, a->C * a->N * a->N, 0);
    memcpy(k->shock.travel_time_h, k->economy->travel_time_h, a->C * a->N * a->N * sizeof(double));
    return k->shock.travel_time_h;
}

/* ---- changes of data ------------------------------------------------------------------------------------- */

void kit_commute(kit *k, const char *power)
{
    size_t N = k->data->about.N, S = k->data->about.S, foreign = (size_t)k->data->about.foreign;
    double *commuters = kit_ones(k, S * N * N, 0);
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++) {
            double *row = commuters + at3(s, n, 0, N, N), people = k->data->people[at2(n, s, S)];
            row[n] = people;
            for (size_t i = 0; n != foreign && i < N; i++) {
                if (i == n || i == foreign) continue;
                row[i] = people * (0.05 + 0.02 * (double)s) / (1 + fabs((double)n - (double)i));
                row[n] -= row[i];
            }
        }
    k->data->commuters = commuters;
    kit_set(k, "model.commuting", "frechet");
    kit_set(k, "elasticities.commuting_elasticity", power);
}

void kit_fit_commuting(kit *k, const char *power)
{
    size_t N = k->data->about.N, S = k->data->about.S;
    double *workers = kit_ones(k, N * S, 0);
    kit_commute(k, power);
    for (size_t q = 0; q < S * N * N; q++) workers[at2(q % N, q / N / N, S)] += k->data->commuters[q];
    k->data->commuters = NULL;
    k->data->workers = workers;
    kit_set(k, "elasticities.commuting_time_elasticity", "0.5");
    kit_set(k, "elasticities.commuting_decay", "1.5");
}

static region_row *own_regions(kit *k)
{
    return (region_row *)(uintptr_t)k->data->about.regions; /* the data are this test's own */
}

void kit_specific(kit *k)
{
    for (size_t n = 0; n < k->data->about.N; n++) own_regions(k)[n].specific_structures = n % 3 != 2;
}

void kit_portfolio(kit *k)
{
    size_t N = k->data->about.N;
    double sum = 0;
    for (size_t n = 0; n < N; n++) sum += (long)n == k->data->about.foreign ? 0 : 1 + (double)(n % 3);
    for (size_t n = 0; n < N; n++)
        own_regions(k)[n].portfolio_share = (long)n == k->data->about.foreign ? 0 : (1 + (double)(n % 3)) / sum;
    kit_set(k, "model.rents", "national");
    kit_set(k, "elasticities.national_rent_share", "0.6");
}

/* ---- answers --------------------------------------------------------------------------------------------- */

const bashu_result *kit_try(kit *k)
{
    if (!k->solver) kit_must(k, solver_new(&k->solver, k->economy, &k->options));
    kit_must(k, solve_shock(&k->result, k->solver, &k->shock));
    return k->result;
}

const bashu_result *kit_solve(kit *k)
{
    kit_try(k);
    if (k->result->info.reason <= 0)
        fail_msg("%s; residual %.3g at %s", bashu_reason_text(k->result->info.reason), k->result->info.residual,
                 k->result->info.worst);
    return k->result;
}

/* ---- economies by hand ----------------------------------------------------------------------------------- */

sketch sketch_new(size_t N, size_t J, size_t S)
{
    sketch s = {.N = N, .J = J, .S = S};
    s.elasticity[TRADE_ELASTICITY] = 4;
    s.elasticity[TRADE_BORDER_EFFECT] = 1;
    s.elasticity[AGGLOMERATION_DECAY] = s.elasticity[AMENITY_DECAY] = INFINITY;
    return s;
}

static const char *word(const kit *k, const char *letter, size_t number)
{
    char *text = arena_format(k->memory, "%s%zu", letter, number);
    assert_non_null(text);
    return text;
}

static label named(const kit *k, const char *letter, size_t number)
{
    const char *id = word(k, letter, number);
    return (label){id, id, id};
}

static void draw_places(kit *k, const sketch *s, description *a)
{
    region_row *regions = room(k, s->N, sizeof *regions);
    sector_row *sectors = room(k, s->J, sizeof *sectors);
    label *groups = room(k, s->S, sizeof *groups);
    const char **areas = room(k, s->N, sizeof *areas);
    for (size_t n = 0; n < s->N; n++) {
        double people = 0;
        for (size_t g = 0; g < s->S; g++) people += k->data->people[at2(n, g, s->S)];
        areas[n] = word(k, "area", n);
        regions[n] = (region_row){.label = named(k, "region", n), .area = areas[n], .area_index = n, .people = people,
                                  .land_km2 = s->land ? s->land[n] : 1000, .gdp = 1, .trade_balance = (double)NAN,
                                  .rent = (double)NAN,
                                  .portfolio_share = s->portfolio ? s->portfolio[n] : (double)NAN,
                                  .specific_structures = s->specific,
                                  .lon = (double)NAN, .lat = (double)NAN};
    }
    for (size_t j = 0; j < s->J; j++) sectors[j] = (sector_row){.label = named(k, "sector", j), .industry = 2};
    for (size_t g = 0; g < s->S; g++) groups[g] = named(k, "group", g);
    a->regions = regions;
    a->sectors = sectors;
    a->groups = groups;
    a->areas = areas;
}

/* [N][S] */
static const double *people_of(const kit *k, const sketch *s)
{
    double *people = kit_ones(k, s->N * s->S, s->commuters ? 0 : 1e6);
    for (size_t q = 0; s->commuters && q < s->S * s->N * s->N; q++)
        people[at2(q / s->N % s->N, q / s->N / s->N, s->S)] += s->commuters[q];
    return s->people ? s->people : people;
}

void kit_draw(kit *k, const sketch *s)
{
    size_t N = s->N, J = s->J, S = s->S;
    arena *memory = arena_new(k->context);
    assert_non_null(memory);
    k->data = arena_alloc(memory, 1, sizeof *k->data);
    assert_non_null(k->data);
    *k->data = (bashu_data){.context = k->context, .memory = memory};
    description *a = &k->data->about;
    *a = (description){.folder = "sketch", .name = "sketch", .title_en = "", .title_zh = "", .currency_code = "",
                       .currency_en = "", .currency_zh = "", .currency_unit = 1, .N = N, .J = J, .S = S, .A = N,
                       .foreign = -1, .switches = s->switches};
    if (s->movers) a->switches.mobility = MOBILITY_FRECHET;
    if (s->commuters) a->switches.commuting = COMMUTING_FRECHET;
    for (size_t q = 0; q < ELASTICITY_COUNT; q++) {
        a->elasticities[q].value = s->elasticity[q];
        a->elasticities[q].by_item = kit_ones(k, N + J + S, s->elasticity[q]);
    }
    double *input = kit_ones(k, N * J * J, 0), *wage_share = kit_ones(k, N * J * S, 0);
    for (size_t n = 0; s->input && n < N; n++) memcpy(input + n * J * J, s->input, J * J * sizeof *input);
    for (size_t nj = 0; nj < N * J; nj++) /* sectors and places differ in whom they employ */
        for (size_t g = 0; g < S; g++)
            wage_share[nj * S + g] = S == 2 ? (g ? 0.7 : 0.3) + (g ? -0.04 : 0.04) * (double)(nj % 5) : 1 / (double)S;
    k->data->people = people_of(k, s);
    k->data->value_added = kit_ones(k, N * J, 1);
    k->data->input_share = input;
    k->data->final_share = s->final;
    k->data->land_share = s->land_share;
    k->data->commuters = s->commuters;
    k->data->wage_share = wage_share;
    k->data->trade_value = s->flow;
    k->data->tariff = s->tariff;
    if (s->movers) {
        k->data->registered_same_area = kit_ones(k, N, 0);
        k->data->registered_other_areas = s->movers;
    }
    draw_places(k, s, a);
}

/* ---- comparing ------------------------------------------------------------------------------------------- */

void must_be(const char *what, double got, double expected, double tolerance)
{
    double scale = fmax(fabs(expected), 1e-300);
    if (!(fabs(got - expected) <= tolerance * scale))
        fail_msg("%s: got %.17g, expected %.17g, relative gap %.3g > %.3g", what, got, expected,
                 fabs(got - expected) / scale, tolerance);
}

void must_all_be(const char *what, const double *got, const double *expected, size_t count, double tolerance)
{
    char words[160];
    for (size_t i = 0; i < count; i++) {
        snprintf(words, sizeof words, "%s[%zu]", what, i);
        must_be(words, got[i], expected[i], tolerance);
    }
}

double bisect(double (*f)(double x, void *payload), void *payload, double low, double high)
{
    double at_low = f(low, payload);
    assert_true(at_low * f(high, payload) <= 0);
    for (int k = 0; k < 200; k++) {
        double middle = (low + high) / 2, value = f(middle, payload);
        if ((value > 0) == (at_low > 0)) low = middle;
        else high = middle;
    }
    return (low + high) / 2;
}

double kit_welfare(const kit *k, const bashu_scenario *scenario)
{
    bashu_solver *solver;
    bashu_result *result = NULL;
    double value;
    kit_must(k, bashu_solver_new(&solver, k->economy, &k->options));
    kit_must(k, bashu_solve(&result, solver, scenario));
    assert_true(bashu_result_info(result)->reason > 0);
    kit_must(k, bashu_result_aggregate(result, "welfare", "all", "", BASHU_PERCENT, &value));
    bashu_result_free(result);
    bashu_solver_free(solver);
    return value;
}
