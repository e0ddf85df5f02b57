/* test_linear.c - the linear answer: the adjoint against the derivative, and gradients against differences of the full solver. */
#include "../truth/kit.h"
#include "measure/linear.h"

#include <stdio.h>

static void commutes(kit *k) { kit_commute(k, "3.3"); }

static void fitted(kit *k) { kit_fit_commuting(k, "3.3"); }

static void commutes_and_owns(kit *k)
{
    kit_commute(k, "2");
    kit_specific(k);
    kit_portfolio(k);
}

typedef struct model_row {
    const char *name, *set[4][2];
    bool tariffs;
    void (*prepare)(kit *k);
} model_row;

static const model_row models[] = {
    {"as it is", {{NULL, NULL}}, false, NULL},
    {"multiplicative deficits", {{"model.deficits", "multiplicative"}}, false, NULL},
    {"multiplicative deficits, tariffs, national rents",
     {{"model.deficits", "multiplicative"}, {"model.rents", "national"}, {"elasticities.national_rent_share", "0.5"}}, true, NULL},
    {"costless mobility", {{"model.mobility", "costless"}}, false, NULL},
    {"free mobility", {{"model.mobility", "free"}, {"elasticities.amenity_congestion", "0.2"}}, true, NULL},
    {"wage numeraire", {{"model.numeraire", "wage"}, {"elasticities.housing_supply_elasticity", "2"}}, true, NULL},
    {"specific structures", {{"elasticities.housing_supply_elasticity", "0.5"}}, true, kit_specific},
    {"specific structures, national rents",
     {{"model.rents", "national"}, {"elasticities.national_rent_share", "0.5"}}, false, kit_specific},
    {"portfolio with owners", {{NULL, NULL}}, false, kit_portfolio},
    {"commuting, new costs", {{NULL, NULL}}, false, commutes},
    {"commuting, old costs", {{NULL, NULL}}, true, commutes},
    {"commuting, nobody moves", {{"model.mobility", "none"}}, false, commutes},
    {"commuting, free, wage numeraire", {{"model.mobility", "free"}, {"model.numeraire", "wage"}}, false, commutes},
    {"commuting, costless, density", {{"model.mobility", "costless"}, {"model.spillover", "density"}}, true, commutes},
    {"everything there is",
     {{"model.mobility", "free"}, {"model.numeraire", "wage"}, {"model.deficits", "multiplicative"}}, true, commutes_and_owns},
    {"landlords", {{"model.rents", "landlords"}, {"elasticities.housing_share", "0.3"}}, false, NULL},
    {"landlords and tariffs", {{"model.rents", "landlords"}, {"elasticities.land_share", "0.3"}}, true, NULL},
    {"landlords, specific structures, multiplicative deficits",
     {{"model.rents", "landlords"}, {"model.deficits", "multiplicative"}, {"elasticities.land_share", "0.2"}}, true, kit_specific},
    {"landlords, commuting, wage numeraire", {{"model.rents", "landlords"}, {"model.numeraire", "wage"}}, true, commutes},
    {"amenity decays", {{"elasticities.amenity_congestion", "0.4"}, {"elasticities.amenity_decay", "1"}}, false, NULL},
    {"amenity decays, tariffs, costless",
     {{"elasticities.amenity_congestion", "0.4"}, {"elasticities.amenity_decay", "0.3"}, {"model.mobility", "costless"}}, true, NULL},
    {"amenity decays, commuting fitted, free",
     {{"elasticities.amenity_congestion", "0.4"}, {"elasticities.amenity_decay", "2"}, {"model.mobility", "free"}}, false, fitted},
    {"amenity decays, commuting fitted, tariffs, landlords",
     {{"elasticities.amenity_congestion", "0.4"}, {"elasticities.amenity_decay", "0"}, {"model.rents", "landlords"}}, true, fitted},
    {"mass", {{"model.spillover", "mass"}}, false, NULL},
    {"density", {{"model.spillover", "density"}, {"elasticities.agglomeration_elasticity", "0.2"}}, false, NULL},
    {"own place", {{"elasticities.agglomeration_decay", "inf"}, {"elasticities.agglomeration_elasticity", "0.2"}}, false, NULL},
    {"no agglomeration", {{"elasticities.agglomeration_elasticity", "0"}}, false, NULL},
    {"national rents and tariffs", {{"model.rents", "national"}, {"elasticities.national_rent_share", "0.4"}}, true, NULL},
    {"nobody moves", {{"model.mobility", "none"}}, true, NULL},
};
enum { MODELS = sizeof models / sizeof *models };

static void open_model(kit *k, const model_row *m)
{
    kit_open(k, 1);
    kit_read(k, LANTERN);
    for (size_t q = 0; q < 4 && m->set[q][0]; q++) kit_set(k, m->set[q][0], m->set[q][1]);
    if (m->prepare) m->prepare(k);
    /* lantern has ways that take the same time: there a gradient is of one side alone (ties_have_a_side) */
    graph_link *links = (graph_link *)(uintptr_t)k->data->about.network->links; /* this test's own */
    for (size_t i = 0; i < k->data->about.network->link_count; i++) links[i].time_h *= 1 + 0.004 * (double)(i * 7 % 11);
    kit_calibrate(k);
}

/* A shock of every kind, so that no kernel is the baseline's. */
static void shake(kit *k, bool with_tariffs)
{
    const description *a = &k->economy->about;
    double *cost = kit_trade_cost(k), *leave = a->switches.mobility == MOBILITY_FRECHET ? kit_migration_cost(k) : NULL;
    double *commute = k->economy->commuting_share ? kit_commuting_cost(k) : NULL, *tau = with_tariffs ? kit_tariff(k) : NULL;
    for (size_t i = 0; commute && i < a->S * a->N * a->N; i++) commute[i] = 1 - 0.03 * (double)(i % 6);
    for (size_t i = 0; i < a->N * a->J * a->N; i++) cost[i] = 1 - 0.02 * (double)(i % 5);
    for (size_t i = 0; leave && i < a->S * a->N * a->N; i++) leave[i] = 1 + 0.03 * (double)(i % 4);
    for (size_t n = 0; n < a->N; n++) k->shock.land_hat[n] = 1 + 0.1 * (double)(n % 3);
    for (size_t i = 0; tau && i < a->N * a->J * a->N; i++) tau[i] = 0.04 * (double)(i % 7);
    k->shock.transfer[0] = -3;
    k->shock.transfer[1] = 3;
    kit_subsidies(k);
}

typedef struct lens {
    system_of_equations *system;
    fixed_point f;
    linearisation *linear;
    double *z;
} lens;

static lens lens_at(kit *k, uint64_t seed)
{
    lens at;
    random_stream stream;
    kit_must(k, system_new(&at.system, k->memory, k->economy));
    kit_must(k, system_set_shock(at.system, k->memory, &k->shock));
    kit_must(k, linearisation_new(&at.linear, k->memory, at.system));
    at.f = system_fixed_point(at.system);
    at.z = kit_ones(k, at.f.size, 0);
    double *f = kit_ones(k, at.f.size, 0);
    random_seed(&stream, seed);
    for (size_t i = 0; seed && i < at.f.size; i++) at.z[i] = 0.15 * random_normal(&stream);
    assert_true(at.f.evaluate(at.f.payload, at.z, f, true));
    at.f.linearise(at.f.payload);
    linearisation_take(at.linear);
    return at;
}

static double *noise(kit *k, random_stream *stream, size_t count)
{
    double *x = kit_ones(k, count, 0);
    for (size_t i = 0; i < count; i++) x[i] = random_normal(stream);
    return x;
}

static double inner(const double *a, const double *b, size_t count, double *size)
{
    double sum = 0;
    for (size_t i = 0; a && b && i < count; i++) {
        sum += a[i] * b[i];
        *size += fabs(a[i] * b[i]);
    }
    return sum;
}

/* The same derivative, put together in two ways. */
static void the_derivative_is_the_systems(void **state)
{
    (void)state;
    for (size_t m = 0; m < MODELS; m++) {
        kit k;
        random_stream stream;
        open_model(&k, &models[m]);
        shake(&k, models[m].tariffs);
        lens at = lens_at(&k, 5);
        random_seed(&stream, 9);
        double *dz = noise(&k, &stream, at.f.size), *a = kit_ones(&k, at.f.size, 0), *b = kit_ones(&k, at.f.size, 0), size = 0;
        at.f.derivative(at.f.payload, dz, a);
        linear_change(at.linear, dz, NULL, b, NULL);
        for (size_t i = 0; i < at.f.size; i++) size = fmax(size, fabs(a[i]));
        for (size_t i = 0; i < at.f.size; i++)
            if (!(fabs(a[i] - b[i]) <= 1e-13 * size)) fail_msg("%s: %zu: %.17g, system %.17g", models[m].name, i % at.system->problem.K, b[i], a[i]);
        kit_close(&k);
    }
}

/* The preconditioner and its transpose: blocks with the numeraire, and with the coupling of price levels. */
static void preconditioners_are_transposed(void **state)
{
    static const size_t some[] = {0, 4, 9, 14, 20};
    (void)state;
    for (size_t m = 0; m < sizeof some / sizeof *some; m++) {
        kit k;
        random_stream stream;
        open_model(&k, &models[some[m]]);
        shake(&k, models[some[m]].tariffs);
        lens at = lens_at(&k, 2);
        size_t size = at.f.size;
        random_seed(&stream, 41);
        double *u = noise(&k, &stream, size), *v = noise(&k, &stream, size), *a = kit_ones(&k, size, 0), *b = kit_ones(&k, size, 0);
        double before = 0;
        for (int coupled = 0; coupled < 2; coupled++) {
            double scale = 0;
            if (coupled) assert_true(at.f.couple(at.f.payload) > 0);
            preconditioner_apply(at.system, v, a);
            preconditioner_apply_transposed(at.system, u, b);
            double left = inner(u, a, size, &scale), right = inner(b, v, size, &scale);
            assert_true(scale > 0.1 && fabs(left - right) <= 1e-12 * scale);
            assert_true(left != before); /* levels change the answer */
            before = left;
        }
        kit_close(&k);
    }
}

/* Places that hardly trade: blocks alone hardly get anywhere, and the coupling is taken in. */
static void places_that_hardly_trade(void **state)
{
    static const double small[3] = {1e-2, 1e-4, 1e-6};
    (void)state;
    for (size_t q = 0; q < 3; q++) {
        enum { N = 3 };
        double flows[N * N] = {70, 20, 10, 15, 150, 5, 12, 8, 40};
        kit k;
        bashu_linear *linear;
        bashu_gradient *g;
        for (size_t i = 0; i < N * N; i++) flows[i] *= i % (N + 1) ? small[q] : 1;
        kit_open(&k, 1);
        sketch s = sketch_new(N, 1, 1);
        s.flow = flows;
        s.elasticity[TRADE_ELASTICITY] = 5;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        kit_must(&k, bashu_linear_new(&linear, k.economy, NULL));
        kit_must(&k, bashu_gradient_new(&g, linear, "real_wage", "region", "region0"));
        assert_true(g->info.residual <= 1e-12);
        double own = gradient_value(g, GRADIENT_PRODUCTIVITY, 0), other = gradient_value(g, GRADIENT_PRODUCTIVITY, 1);
        assert_true(fabs(own - 1) < small[q] && own < 1 && other > 0 && other < small[q]); /* what is hardly sold is hardly felt */
        bashu_gradient_free(g);
        bashu_linear_free(linear);
        kit_close(&k);
    }
}

static lever_changes all_levers(kit *k, random_stream *stream)
{
    const description *a = &k->economy->about;
    size_t N = a->N, J = a->J, S = a->S;
    lever_changes out = {noise(k, stream, N * J), noise(k, stream, N * S), noise(k, stream, N), noise(k, stream, N),
                         noise(k, stream, N * J * N), noise(k, stream, N * J * N), NULL, NULL, noise(k, stream, N * N), NULL};
    if (a->switches.mobility == MOBILITY_FRECHET) out.migration_cost = noise(k, stream, S * N * N);
    if (k->economy->commuting_share) out.commuting_cost = noise(k, stream, S * N * N);
    return out;
}

/* <f, J dz + F_k dk> + <o, O_z dz + O_k dk> = <z of f and o, dz> + <k of f and o, dk> */
static void the_adjoint_is_the_transpose(void **state)
{
    double worst = 0;
    (void)state;
    for (size_t m = 0; m < MODELS; m++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            kit k;
            random_stream stream;
            open_model(&k, &models[m]);
            if (seed) shake(&k, models[m].tariffs);
            lens at = lens_at(&k, seed);
            const problem *p = &at.system->problem;
            size_t N = p->N, J = p->J, S = p->S, size = at.f.size, seen = N * seen_width(p);
            random_seed(&stream, 17 + seed);
            for (int without = 0; without < 3; without++) { /* all; the equations alone; what is seen alone */
                double *dz = noise(&k, &stream, size), *f = noise(&k, &stream, size), *o = noise(&k, &stream, seen);
                double *df = kit_ones(&k, size, 0), *ds = kit_ones(&k, seen, 0), *z = kit_ones(&k, size, 0), scale = 0;
                lever_changes dk = all_levers(&k, &stream), b = all_levers(&k, &stream);
                if (without == 1) o = NULL;
                if (without == 2) f = NULL;
                linear_change(at.linear, dz, &dk, df, ds);
                linear_adjoint(at.linear, f, o, z, &b);
                double left = inner(f, df, size, &scale) + inner(o, ds, seen, &scale);
                double right = inner(z, dz, size, &scale) + inner(b.productivity, dk.productivity, N * J, &scale) + inner(b.amenity, dk.amenity, N * S, &scale)
                               + inner(b.land, dk.land, N, &scale) + inner(b.transfer, dk.transfer, N, &scale)
                               + inner(b.trade_cost, dk.trade_cost, N * J * N, &scale) + inner(b.tariff, dk.tariff, N * J * N, &scale)
                               + inner(b.migration_cost, dk.migration_cost, S * N * N, &scale)
                               + inner(b.commuting_cost, dk.commuting_cost, S * N * N, &scale) + inner(b.time_h, dk.time_h, N * N, &scale);
                worst = fmax(worst, fabs(left - right) / scale);
                if (!(fabs(left - right) <= 1e-13 * scale)) fail_msg("%s, %d: %.17g, transposed %.17g", models[m].name, without, left, right);
            }
            kit_close(&k);
        }
    print_message("adjoint: within %.2g\n", worst);
}

/* F_k dk against differences of F, with every lever in its own direction and all at once. Step 1e-4 in logs and hours. */
static void levers_are_differences_of_f(void **state)
{
    const double h = 1e-4;
    double worst = 0;
    (void)state;
    for (size_t m = 0; m < MODELS; m++) {
        kit k;
        random_stream stream;
        open_model(&k, &models[m]);
        const bashu_economy *e = k.economy;
        const description *a = &e->about;
        size_t N = a->N, J = a->J, S = a->S, people = a->people_travel * N * N;
        lens at = lens_at(&k, 0);
        random_seed(&stream, 23);
        lever_changes dk = all_levers(&k, &stream);
        double *df = kit_ones(&k, at.f.size, 0), *side[2] = {kit_ones(&k, at.f.size, 0), kit_ones(&k, at.f.size, 0)};
        linear_change(at.linear, NULL, &dk, df, NULL);
        double *cost = kit_trade_cost(&k), *tau = kit_tariff(&k), *time_h = kit_travel_time(&k);
        double *leave = dk.migration_cost ? kit_migration_cost(&k) : NULL, *commute = dk.commuting_cost ? kit_commuting_cost(&k) : NULL;
        for (int q = 0; q < 2; q++) {
            double step = q ? h : -h;
            for (size_t i = 0; i < N * J; i++) k.shock.productivity_hat[i] = exp(step * dk.productivity[i]);
            for (size_t i = 0; i < N * S; i++) k.shock.amenity_hat[i] = exp(step * dk.amenity[i]);
            for (size_t i = 0; i < N; i++) k.shock.land_hat[i] = exp(step * dk.land[i]);
            for (size_t i = 0; i < N; i++) k.shock.transfer[i] = step * dk.transfer[i];
            for (size_t i = 0; i < N * J * N; i++) cost[i] = exp(step * dk.trade_cost[i]);
            for (size_t i = 0; i < N * J * N; i++) tau[i] = (1 + (e->tariff ? e->tariff[i] : 0)) * exp(step * dk.tariff[i]) - 1;
            for (size_t i = 0; leave && i < S * N * N; i++) leave[i] = exp(step * dk.migration_cost[i]);
            for (size_t i = 0; commute && i < S * N * N; i++) commute[i] = exp(step * dk.commuting_cost[i]);
            for (size_t i = 0; i < N * N; i++) time_h[people + i] = e->travel_time_h[people + i] + step * dk.time_h[i];
            kit_must(&k, system_set_shock(at.system, k.memory, &k.shock));
            assert_true(at.f.evaluate(at.f.payload, at.z, side[q], false));
        }
        double size = 0;
        for (size_t i = 0; i < at.f.size; i++) size = fmax(size, fabs(df[i]));
        for (size_t i = 0; i < at.f.size; i++) {
            double difference = (side[1][i] - side[0][i]) / (2 * h);
            worst = fmax(worst, fabs(df[i] - difference) / size);
            if (!(fabs(df[i] - difference) <= 1e-6 * size)) fail_msg("%s: %zu: %.12g, difference %.12g", models[m].name, i % at.system->problem.K, df[i], difference);
        }
        kit_close(&k);
    }
    print_message("levers: within %.2g of differences\n", worst);
}

/* ---- gradients against the full solver -------------------------------------------------------------------- */

/* One direction in which a lever goes: what gradient.values of `row` are multiplied with. */
typedef struct direction {
    gradient_id row;
    bool single; /* one entry alone */
    size_t length;
    double *by;  /* in the order of the gradient's shape */
} direction;

static direction random_direction(kit *k, const bashu_gradient *g, gradient_id row, bool single, random_stream *stream)
{
    direction d = {row, single, gradient_length(g, row), NULL};
    d.by = kit_ones(k, d.length + 1, 0);
    for (size_t i = 0; i < d.length && !single; i++) d.by[i] = random_normal(stream) / 4;
    if (single && d.length) d.by[(size_t)(random_uniform(stream) * (double)d.length)] = 1;
    if (single && row == GRADIENT_LINK_TIME) memset(d.by, 0, d.length * sizeof *d.by), d.by[0] = 1;
    return d;
}

/* The shock `step` along the direction, in logs but for tariffs (fractions) and transfers (currency). */
static const shock *shock_along(kit *k, shock_builder *builder, const direction *d, double step)
{
    const bashu_economy *e = k->economy;
    const description *a = &e->about;
    size_t N = a->N, J = a->J, S = a->S;
    const shock *built = &k->shock;
    kit_reset_shock(k);
    double *pairs = d->row == GRADIENT_TRADE_COST ? kit_trade_cost(k) : d->row == GRADIENT_TARIFF ? kit_tariff(k) : NULL;
    double *people = d->row == GRADIENT_MIGRATION_COST ? kit_migration_cost(k) : d->row == GRADIENT_COMMUTING_COST ? kit_commuting_cost(k) : NULL;
    for (size_t i = 0; pairs && i < d->length; i++) {
        size_t at = at3(i / J % N, i % J, i / J / N, J, N);
        pairs[at] = d->row == GRADIENT_TARIFF ? pairs[at] + step * d->by[i] : exp(step * d->by[i]);
    }
    for (size_t i = 0; people && i < d->length; i++) people[at3(i % S, i / S / N, i / S % N, N, N)] = exp(step * d->by[i]);
    for (size_t i = 0; d->row == GRADIENT_AMENITY && i < d->length; i++) k->shock.amenity_hat[i] = exp(step * d->by[i]);
    for (size_t i = 0; d->row == GRADIENT_PRODUCTIVITY && i < d->length; i++) k->shock.productivity_hat[i] = exp(step * d->by[i]);
    for (size_t i = 0; d->row == GRADIENT_LAND && i < d->length; i++) k->shock.land_hat[i] = exp(step * d->by[i]);
    if (d->row == GRADIENT_TRANSFER) {
        double sent = 0, world = 0;
        for (size_t nj = 0; nj < N * J; nj++) world += (long)(nj / J) == a->foreign ? 0 : e->value_added_share[nj] * e->output[nj];
        for (size_t n = 0; n < N; n++) sent += k->shock.transfer[n] = step * d->by[n];
        for (size_t nj = 0; nj < N * J; nj++)
            k->shock.transfer[nj / J] -= (long)(nj / J) == a->foreign ? 0 : sent * e->value_added_share[nj] * e->output[nj] / world;
    }
    if (d->row == GRADIENT_LINK_TIME || d->row == GRADIENT_ZONE_LAND) { /* as a scenario does it */
        change *changes = arena_alloc(k->memory, d->length, sizeof *changes);
        size_t zones[64];
        zone_list(a, zones);
        for (size_t i = 0; i < d->length; i++) {
            unsigned char *links = arena_alloc(k->memory, d->length, 1);
            double *weight = kit_ones(k, N, 0);
            bool land = d->row == GRADIENT_ZONE_LAND;
            links[i] = 1;
            for (size_t q = 0; land && q < a->zone_count; q++)
                if (!strcmp(a->zones[q].label.id, a->zones[zones[i]].label.id)) {
                    const region_row *host = &a->regions[a->zones[q].region];
                    weight[a->zones[q].region] += a->zones[q].land_km2 / (isfinite(host->developed_land_km2) ? host->developed_land_km2 : host->land_km2);
                }
            changes[i] = (change){.lever = land ? LEVER_ZONE_LAND : LEVER_LINK_TIME, .relative = true, .is_hat = !land, .links = links, .weight = weight,
                                  .value = land ? 100 * step * d->by[i] : exp(step * d->by[i])};
        }
        bashu_scenario scenario = {.context = k->context, .economy = e, .name = "along", .change_count = d->length, .changes = changes};
        kit_must(k, shock_build(&built, builder, &scenario, NULL));
    }
    return built;
}

static const struct {
    const char *set, *member;
} whose[] = {{"all", ""}, {"region", NULL}, {"circle", NULL}};
enum { OUTCOMES = 17, WHOSE = sizeof whose / sizeof *whose, STEPS = 4 };
static const char *const outcomes[OUTCOMES] = {"gdp", "population", "real_wage", "land_rent", "welfare", "gdp_nominal", "gdp_per_head", "wage", "utility",
                                               "price_index", "cost_of_living", "income", "output", "land_supply", "workers", "labour_income", "land_income"};

static const char *member_of(const bashu_economy *e, size_t w)
{
    const description *a = &e->about;
    return w == 1 ? a->regions[1].label.id : w == 2 ? a->sets[find_set(a, "circle")].members[0].id : "";
}

/* log of the outcome after the shock over before */
static double log_outcome(const kit *k, const bashu_result *r, const char *variable, size_t w)
{
    double percent = (double)NAN, values[512];
    if (w == 1) {
        kit_must(k, bashu_result_values(r, variable, BASHU_PERCENT, values, k->economy->about.N));
        percent = values[1];
    } else kit_must(k, bashu_result_aggregate(r, variable, whose[w].set, member_of(k->economy, w), BASHU_PERCENT, &percent));
    return log1p(percent / 100);
}

typedef struct worst {
    double gap;
    const char *name, *outcome, *lever;
} worst;

/* Differences of order four of every outcome along a direction against its gradients. */
static void compare_along(kit *k, const char *name, bashu_gradient *const *gradients, size_t whose_count, shock_builder *builder, const direction *d,
                          double step, double tolerance, worst *w, double by_lever[GRADIENT_COUNT], double by_outcome[OUTCOMES])
{
    static const double at[STEPS] = {1, -1, 2, -2}, weight[STEPS] = {8, -8, -1, 1};
    double moved[OUTCOMES][WHOSE] = {{0}};
    for (size_t q = 0; q < STEPS; q++) {
        if (!k->solver) kit_must(k, solver_new(&k->solver, k->economy, &k->options));
        kit_must(k, solve_shock(&k->result, k->solver, shock_along(k, builder, d, at[q] * step)));
        if (k->result->info.reason <= 0) fail_msg("%s: no equilibrium", name);
        for (size_t o = 0; o < OUTCOMES * whose_count; o++)
            moved[o / whose_count][o % whose_count] += weight[q] * log_outcome(k, k->result, outcomes[o / whose_count], o % whose_count) / (12 * step);
    }
    double unit = d->row == GRADIENT_TARIFF ? 1 : d->row == GRADIENT_TRANSFER ? 0.01 : 1; /* of the values: percent per ... */
    for (size_t o = 0; o < OUTCOMES * whose_count; o++) {
        double expected = 0, size = 0;
        for (size_t i = 0; i < d->length; i++) {
            double part = gradient_value(gradients[o], d->row, i) * d->by[i] * unit;
            expected += part;
            size += part * part;
        }
        double difference = moved[o / whose_count][o % whose_count], gap = fabs(expected - difference) / fmax(fmax(fabs(expected), sqrt(size)), 3e-4);
        if (gap > w->gap) *w = (worst){gap, name, outcomes[o / whose_count], gradient_rows[d->row].name};
        by_lever[d->row] = fmax(by_lever[d->row], gap);
        by_outcome[o / whose_count] = fmax(by_outcome[o / whose_count], gap);
        if (!(gap <= tolerance))
            fail_msg("%s: %s of %s by %s%s: gradient %.12g, difference %.12g (%.2g)", name, outcomes[o / whose_count], whose[o % whose_count].set,
                     gradient_rows[d->row].name, d->single ? " (one)" : "", expected, difference, gap);
    }
}

static double gap_by_lever[GRADIENT_COUNT], gap_by_outcome[OUTCOMES];
static worst worst_gap;

static void compare_with_solver(kit *k, const char *name, size_t whose_count, double tolerance)
{
    bashu_linear *linear;
    bashu_gradient *gradients[OUTCOMES * WHOSE];
    shock_builder *builder;
    random_stream stream;
    random_seed(&stream, 31);
    kit_must(k, linear_new(&linear, k->economy, &k->options));
    kit_must(k, shock_builder_new(&builder, k->memory, k->economy));
    for (size_t o = 0; o < OUTCOMES * whose_count; o++) {
        kit_must(k, bashu_gradient_new(&gradients[o], linear, outcomes[o / whose_count], whose[o % whose_count].set, member_of(k->economy, o % whose_count)));
        assert_true(gradients[o]->info.residual <= 1e-11);
    }
    for (size_t row = 0; row < GRADIENT_COUNT; row++)
        for (int single = 0; single < 2; single++) {
            direction d = random_direction(k, gradients[0], (gradient_id)row, single, &stream);
            if (!d.length || row == GRADIENT_LINK_MINUTE) continue;
            compare_along(k, name, gradients, whose_count, builder, &d, row == GRADIENT_TRANSFER || row == GRADIENT_ZONE_LAND ? 0.02 : 2e-3, tolerance, &worst_gap, gap_by_lever, gap_by_outcome);
        }
    for (size_t o = 0; o < OUTCOMES * whose_count; o++) bashu_gradient_free(gradients[o]);
    bashu_linear_free(linear);
}

static void gradients_are_differences(void **state)
{
    (void)state;
    for (size_t m = 0; m < MODELS; m++) {
        kit k;
        open_model(&k, &models[m]);
        compare_with_solver(&k, models[m].name, WHOSE, 1e-6);
        kit_close(&k);
    }
    print_message("gradients: within %.2g of differences (%s: %s by %s)\n", worst_gap.gap, worst_gap.name, worst_gap.outcome, worst_gap.lever);
    for (size_t q = 0; q < GRADIENT_COUNT; q++) print_message("  %-16s %.2g\n", gradient_rows[q].name, gap_by_lever[q]);
    for (size_t q = 0; q < OUTCOMES; q++) print_message("  %-16s %.2g\n", outcomes[q], gap_by_outcome[q]);
}

/* Where ways take the same time the gradient is the derivative of one side: of the way that is found when its links get faster. */
static void ties_have_a_side(void **state)
{
    const double h = 1e-5;
    size_t tied = 0;
    kit k;
    bashu_linear *linear;
    bashu_gradient *g;
    shock_builder *builder;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_calibrate(&k);
    kit_must(&k, linear_new(&linear, k.economy, &k.options));
    kit_must(&k, shock_builder_new(&builder, k.memory, k.economy));
    kit_must(&k, bashu_gradient_new(&g, linear, "gdp", "all", ""));
    kit_must(&k, solver_new(&k.solver, k.economy, &k.options));
    direction d = {GRADIENT_LINK_TIME, true, gradient_length(g, GRADIENT_LINK_TIME), NULL};
    for (size_t link = 0; link < d.length; link++) {
        double side[2];
        d.by = kit_ones(&k, d.length, 0);
        d.by[link] = 1;
        for (int q = 0; q < 2; q++) {
            kit_must(&k, solve_shock(&k.result, k.solver, shock_along(&k, builder, &d, q ? h : -h)));
            side[q] = log_outcome(&k, k.result, "gdp", 0) / (q ? h : -h);
        }
        double gradient = gradient_value(g, GRADIENT_LINK_TIME, link), off = fmin(fabs(side[0] - gradient), fabs(side[1] - gradient));
        tied += fabs(side[1] - side[0]) > 1e-4;
        if (!(off <= 1e-5)) fail_msg("%s: gradient %.9g, slower %.9g, faster %.9g", bashu_link_id(k.economy, link), gradient, side[1], side[0]);
    }
    assert_true(tied > 0);
    bashu_gradient_free(g);
    bashu_linear_free(linear);
    kit_close(&k);
}

/* Tariffs, inputs and deficits that are in the baseline, of flows as observed; nobody has a network. */
static void gradients_with_tariffs_of_the_baseline(void **state)
{
    enum { N = 4, J = 2 };
    static const double input[J * J] = {0.2, 0.1, 0.15, 0.25}, movers[N] = {4e5, 1e5, 3e5, 2e5};
    double flows[N * J * N], tariff[N * J * N];
    random_stream stream;
    (void)state;
    random_seed(&stream, 3);
    for (size_t q = 0; q < N * J * N; q++) {
        bool home = q / N / J == q % N;
        flows[q] = home ? 60 + 30 * random_uniform(&stream) : 4 + 8 * random_uniform(&stream);
        tariff[q] = home ? 0 : 0.2 * random_uniform(&stream);
    }
    for (size_t which = 0; which < 4; which++) {
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(N, J, 1);
        s.flow = flows;
        s.tariff = tariff;
        s.input = input;
        s.movers = which < 2 ? movers : NULL;
        s.specific = which == 1;
        s.switches.rents = which == 2 ? RENTS_LANDLORDS : which == 3 ? RENTS_NATIONAL : RENTS_RESIDENTS;
        s.switches.deficits = which % 2 ? DEFICITS_MULTIPLICATIVE : DEFICITS_FIXED;
        s.elasticity[MIGRATION_ELASTICITY] = 2;
        s.elasticity[HOUSING_SHARE] = 0.2;
        s.elasticity[HOUSING_SUPPLY_ELASTICITY] = 0.5;
        s.elasticity[LAND_SHARE] = 0.1;
        s.elasticity[AGGLOMERATION_ELASTICITY] = 0.05;
        s.elasticity[AMENITY_CONGESTION] = 0.1;
        s.elasticity[NATIONAL_RENT_SHARE] = which == 3 ? 0.4 : 0;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        compare_with_solver(&k, "tariffs of the baseline", 2, 1e-6);
        kit_close(&k);
    }
}

/* A scenario in first order: what its gradients add up to, in logs; and off by the square of the step. */
static void effects_are_of_first_order(void **state)
{
    (void)state;
    for (size_t m = 0; m < MODELS; m++) {
        kit k;
        bashu_linear *linear;
        shock_builder *builder;
        double off[2][5], apart[2], values[64], exact[64];
        open_model(&k, &models[m]);
        kit_must(&k, linear_new(&linear, k.economy, &k.options));
        kit_must(&k, shock_builder_new(&builder, k.memory, k.economy));
        kit_must(&k, solver_new(&k.solver, k.economy, &k.options));
        const description *a = &k.economy->about;
        unsigned char *some = arena_alloc(k.memory, 64, 1), *links = arena_alloc(k.memory, 64, 1);
        some[1] = some[2] = links[3] = 1;
        for (int half = 0; half < 2; half++) {
            double step = half ? 0.01 : 0.02;
            change changes[] = {{.lever = LEVER_PRODUCTIVITY, .relative = true, .is_hat = true, .value = exp(step), .regions = some},
                                {.lever = LEVER_LINK_TIME, .relative = true, .is_hat = true, .value = exp(-step), .links = links},
                                {.lever = LEVER_AMENITY, .relative = true, .is_hat = true, .value = exp(2 * step), .regions = some},
                                {.lever = LEVER_TARIFF, .value = step, .regions = some}};
            bashu_scenario scenario = {.context = k.context, .economy = k.economy, .name = "small", .change_count = 4, .changes = changes};
            bashu_result *effect = NULL;
            kit_must(&k, bashu_linear_effect(&effect, linear, &scenario));
            assert_int_equal(effect->info.reason, BASHU_FIRST_ORDER);
            assert_true(effect->info.residual <= 1e-11 && effect->info.equation_count == 1);
            kit_must(&k, bashu_solve(&k.result, k.solver, &scenario));
            static const char *const asked[] = {"gdp", "welfare", "population"};
            for (size_t o = 0; o < 3; o++) off[half][o] = fabs(log_outcome(&k, effect, asked[o], 1) - log_outcome(&k, k.result, asked[o], 1));
            kit_must(&k, bashu_result_values(effect, "deficit", BASHU_COUNTERFACTUAL, values, a->N));
            kit_must(&k, bashu_result_values(k.result, "deficit", BASHU_COUNTERFACTUAL, exact, a->N));
            off[half][3] = 0;
            for (size_t n = 0; n < a->N; n++) off[half][3] = fmax(off[half][3], fabs(values[n] - exact[n]) / k.economy->income[n]);
            off[half][4] = 0;
            for (size_t q = 0; q < 6; q++) {
                static const char *const parts[] = {"utility_wage", "utility_other_income", "utility_goods_price", "utility_rent", "utility_congestion", "utility_amenity"};
                kit_must(&k, bashu_result_values(effect, parts[q], BASHU_PERCENT, values, a->N * a->S));
                kit_must(&k, bashu_result_values(k.result, parts[q], BASHU_PERCENT, exact, a->N * a->S));
                for (size_t n = 0; n < a->N * a->S; n++) off[half][4] = fmax(off[half][4], fabs(values[n] - exact[n]));
            }
            double expected = 0;
            bashu_gradient *g;
            kit_must(&k, bashu_gradient_new(&g, linear, "gdp", "region", a->regions[1].label.id));
            for (size_t i = 0; i < a->N * a->J; i++) expected += step * (some[i / a->J] ? gradient_value(g, GRADIENT_PRODUCTIVITY, i) : 0);
            for (size_t i = 0; i < a->N * a->S; i++) expected += 2 * step * (some[i / a->S] ? gradient_value(g, GRADIENT_AMENITY, i) : 0);
            for (size_t n = 0; n < a->N; n++)
                for (size_t i = 0; i < a->N * a->J && some[n]; i++)
                    if (i / a->J != n) expected += log1p(step) * g->levers.tariff[at3(n, i % a->J, i / a->J, a->J, a->N)];
            /* sectors and times are put together after the exponential: apart by a square too */
            double time_effect = -step * gradient_value(g, GRADIENT_LINK_TIME, 3), linear_log = log_outcome(&k, effect, "gdp", 1);
            apart[half] = fabs(linear_log - expected - time_effect);
            bashu_gradient_free(g);
            bashu_result_free(effect);
        }
        if (!(apart[1] <= 0.3 * apart[0] + 1e-9)) fail_msg("%s: effect and gradients are %.3g apart, %.3g at half the step", models[m].name, apart[0], apart[1]);
        for (size_t o = 0; o < 5; o++) /* a quarter, unless there is next to nothing to tell */
            if (!(off[1][o] <= 0.3 * off[0][o] + 1e-8)) fail_msg("%s: off by %.3g at a step, %.3g at half of it", models[m].name, off[0][o], off[1][o]);
        bashu_linear_free(linear);
        kit_close(&k);
    }
}

/* Columns of the exposure are gradients by productivity of all sectors. */
static void exposure_is_made_of_gradients(void **state)
{
    kit k;
    bashu_linear *linear;
    bashu_exposure *x;
    (void)state;
    open_model(&k, &models[0]);
    kit_must(&k, linear_new(&linear, k.economy, &k.options));
    const description *a = &k.economy->about;
    static const char *const asked[] = {NULL, "welfare"};
    for (size_t o = 0; o < 2; o++) {
        kit_must(&k, bashu_exposure_new(&x, linear, asked[o]));
        assert_int_equal(bashu_exposure_info(x)->solves, a->N);
        for (size_t n = 0; n < a->N; n++) {
            bashu_gradient *g;
            kit_must(&k, bashu_gradient_new(&g, linear, asked[o] ? asked[o] : "real_wage", "region", a->regions[n].label.id));
            for (size_t i = 0; i < a->N; i++) {
                double sum = 0;
                for (size_t j = 0; j < a->J; j++) sum += gradient_value(g, GRADIENT_PRODUCTIVITY, i * a->J + j);
                if (!(fabs(sum - bashu_exposure_values(x)[n * a->N + i]) <= 1e-9)) fail_msg("%zu by %zu: %.12g, gradient %.12g", n, i, bashu_exposure_values(x)[n * a->N + i], sum);
            }
            bashu_gradient_free(g);
        }
        assert_true(bashu_exposure_values(x)[0] > 0.5); /* more productive places pay more */
        bashu_exposure_free(x);
    }
    bashu_linear_free(linear);
    kit_close(&k);
}

/* One sector made with labour alone, nobody moves, trade balanced: closed forms. Productivity everywhere raises real wages everywhere by as
 * much; costs of all trade, own goods' too, lower them by as much. Two equal places, lambda the share of own goods, v = w1 - w2 and a the
 * productivity of place 2 in logs: P1 = lambda c1 + (1 - lambda) c2, c1 - c2 = v + a, and the market of 1,
 *     w1 = lambda (w1 - theta (c1 - P1)) + (1 - lambda) (w2 - theta (c1 - P2)),  so  (1 - lambda) v = -2 theta lambda (1 - lambda) (v + a)
 *     real wage of 1 = w1 - P1 = (1 - lambda) (v + a) */
static void closed_forms(void **state)
{
    enum { N = 2 };
    static const double unequal[N * N] = {60, 25, 25, 90}, equal[N * N] = {70, 30, 30, 70};
    const double theta = 4;
    (void)state;
    for (int same = 0; same < 2; same++) {
        kit k;
        bashu_linear *linear;
        bashu_gradient *g;
        bashu_exposure *x;
        kit_open(&k, 1);
        sketch s = sketch_new(N, 1, 1);
        s.flow = same ? equal : unequal;
        s.elasticity[TRADE_ELASTICITY] = theta;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        kit_must(&k, bashu_linear_new(&linear, k.economy, NULL));
        kit_must(&k, bashu_exposure_new(&x, linear, "real_wage"));
        const double *of = bashu_exposure_values(x);
        for (size_t n = 0; n < N; n++) must_be("productivity everywhere", of[n * N] + of[n * N + 1], 1, 1e-9);
        kit_must(&k, bashu_gradient_new(&g, linear, "real_wage", "region", "region1"));
        double all = 0;
        for (size_t i = 0; i < N * N; i++) all += gradient_value(g, GRADIENT_TRADE_COST, i);
        must_be("costs everywhere", all, -1, 1e-11);
        if (same) {
            double lambda = 0.7, v = -2 * theta * lambda / (1 + 2 * theta * lambda);
            must_be("the other's productivity", of[1], (1 - lambda) * (v + 1), 1e-9);
        }
        bashu_gradient_free(g);
        bashu_exposure_free(x);
        bashu_linear_free(linear);
        kit_close(&k);
    }
}

/* The same bits for one thread and for all there are, and a second time. */
static void threads_do_not_matter(void **state)
{
    double *first = NULL, *exposed = NULL;
    (void)state;
    for (int threads = 1; threads < 4; threads++) {
        kit k;
        bashu_linear *linear;
        kit_open(&k, threads > 2 ? 1 : threads);
        kit_read(&k, LANTERN);
        commutes_and_owns(&k);
        kit_calibrate(&k);
        kit_must(&k, linear_new(&linear, k.economy, &k.options));
        bashu_exposure *x;
        kit_must(&k, bashu_exposure_new(&x, linear, "utility"));
        if (!exposed) {
            exposed = malloc(49 * sizeof *exposed);
            memcpy(exposed, bashu_exposure_values(x), 49 * sizeof *exposed);
        }
        assert_memory_equal(exposed, bashu_exposure_values(x), 49 * sizeof *exposed);
        bashu_exposure_free(x);
        for (int again = 0; again < 2; again++) {
            bashu_gradient *g;
            kit_must(&k, bashu_gradient_new(&g, linear, "gdp_per_head", "all", ""));
            size_t count = 0;
            double *values = malloc(4096 * sizeof *values);
            for (size_t row = 0; row < GRADIENT_COUNT; row++) {
                size_t length = gradient_length(g, (gradient_id)row);
                kit_must(&k, bashu_gradient_values(g, gradient_rows[row].name, values + count, length));
                count += length;
            }
            assert_true(count > 300 && count <= 4096);
            if (!first) first = values;
            else {
                assert_memory_equal(first, values, count * sizeof *values);
                free(values);
            }
            bashu_gradient_free(g);
        }
        bashu_linear_free(linear);
        kit_close(&k);
    }
    free(first);
    free(exposed);
}

static void refused(const kit *k, bashu_linear *linear, const char *variable, const char *set, const char *member, const char *words)
{
    bashu_gradient *g = (bashu_gradient *)(uintptr_t)1;
    assert_int_equal(bashu_gradient_new(&g, linear, variable, set, member), BASHU_ERROR_ARGUMENT);
    assert_null(g);
    if (!strstr(bashu_message(k->context), words)) fail_msg("'%s' says nothing of '%s'", bashu_message(k->context), words);
}

static void bad_questions_are_answered(void **state)
{
    kit k;
    bashu_linear *linear = NULL;
    bashu_gradient *g;
    bashu_exposure *x = NULL;
    char *text = NULL;
    double values[4096];
    bashu_options bad = BASHU_OPTIONS_INIT;
    (void)state;
    open_model(&k, &models[0]);
    bad.tolerance = 2;
    assert_int_equal(bashu_linear_new(&linear, k.economy, &bad), BASHU_ERROR_ARGUMENT);
    assert_null(linear);
    assert_int_equal(bashu_linear_new(&linear, NULL, NULL), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_linear_new(NULL, k.economy, NULL), BASHU_ERROR_ARGUMENT);
    kit_must(&k, bashu_linear_new(&linear, k.economy, NULL));
    refused(&k, linear, "gpd", "all", "", "did you mean 'gdp'");
    refused(&k, linear, "exports", "all", "", "no 'exports'");
    refused(&k, linear, "sector_output", "all", "", "no 'sector_output'");
    refused(&k, linear, "nothing_like_it_at_all", "all", "", "no output variable");
    refused(&k, linear, "gdp", "cirlce", "twin", "did you mean 'circle'");
    refused(&k, linear, "gdp", "circle", "twni", "did you mean 'twin'");
    refused(&k, linear, "gdp", "circle", NULL, "no member");
    refused(&k, linear, "gdp", "region", "aldre", "did you mean");
    assert_int_equal(bashu_gradient_new(&g, linear, NULL, "all", ""), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_gradient_new(NULL, linear, "gdp", "all", ""), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_gradient_new(&g, NULL, "gdp", "all", ""), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_exposure_new(&x, linear, "gpd"), BASHU_ERROR_ARGUMENT);
    assert_null(x);
    kit_must(&k, bashu_gradient_new(&g, linear, "gdp", "foreign", ""));
    assert_int_equal(bashu_gradient_length(g, "commuting_cost"), 0);
    assert_int_equal(bashu_gradient_length(g, "comuting_cost"), 0);
    assert_int_equal(bashu_gradient_values(g, "land", values, 6), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_gradient_values(g, "lnad", values, 7), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_gradient_values(g, "land", NULL, 7), BASHU_ERROR_ARGUMENT);
    kit_must(&k, bashu_gradient_values(g, "land", values, 7));
    for (size_t row = 0; row < bashu_gradient_row_count(); row++) assert_non_null(bashu_gradient_row_at(row));
    assert_null(bashu_gradient_row_at(bashu_gradient_row_count()));
    assert_string_equal(bashu_link_id(k.economy, 0), "access-alder");
    assert_null(bashu_link_id(k.economy, 1000));
    assert_non_null(bashu_zone_id(k.economy, 0));
    assert_null(bashu_zone_id(k.economy, 1000));
    assert_int_equal(bashu_gradient_report(&text, g, "txt", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_gradient_report(&text, g, "text", (bashu_language)7), BASHU_ERROR_ARGUMENT);
    assert_null(text);
    bashu_gradient_free(g);
    const bashu_result *exact = kit_solve(&k);
    assert_int_equal(bashu_effect_report(&text, exact, exact, "text", BASHU_EN), BASHU_ERROR_ARGUMENT);
    bashu_linear_free(linear);
    bashu_linear_free(NULL);
    bashu_gradient_free(NULL);
    bashu_exposure_free(NULL);
    kit_close(&k);
}

/* Wherever memory runs out, that is said, and nothing is left behind (the sanitizers look). */
static void memory_may_run_out(void **state)
{
    kit k;
    bool whole = false;
    (void)state;
    open_model(&k, &models[9]);
    for (long at = 1; !whole; at += at < 60 ? 1 : 9) {
        bashu_linear *linear = NULL;
        bashu_gradient *g = NULL;
        bashu_exposure *x = NULL;
        bashu_result *r = NULL;
        bashu_scenario nothing = {.context = k.context, .economy = k.economy, .name = "nothing"};
        context_fail_allocation(k.context, at);
        bashu_status status = bashu_linear_new(&linear, k.economy, NULL);
        if (status == BASHU_OK) status = bashu_gradient_new(&g, linear, "gdp_per_head", "circle", "twin");
        if (status == BASHU_OK) status = bashu_linear_effect(&r, linear, &nothing);
        if (status == BASHU_OK) status = bashu_exposure_new(&x, linear, NULL);
        context_fail_allocation(k.context, 0);
        whole = status == BASHU_OK;
        if (!whole) assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_true(at < 2000);
        bashu_exposure_free(x);
        bashu_result_free(r);
        bashu_gradient_free(g);
        bashu_linear_free(linear);
    }
    kit_close(&k);
}

/* ---- china2020: slow ------------------------------------------------------------------------------------- */

static size_t index_of_link(const bashu_economy *e, const char *id)
{
    size_t l = 0;
    while (strcmp(bashu_link_id(e, l), id) != 0) l++;
    return l;
}

static void a_few_entries_of_china(void **state)
{
    static const struct {
        const char *variable, *set, *member;
    } asked[] = {{"gdp", "circle", "CCEC"}, {"welfare", "circle", "CCEC"}, {"real_wage", "region", "510600"}};
    kit k;
    bashu_linear *linear;
    bashu_gradient *g[3];
    shock_builder *builder;
    (void)state;
    kit_open(&k, 0);
    kit_read(&k, CHINA);
    kit_calibrate(&k);
    k.options.tolerance = 1e-11;
    kit_must(&k, linear_new(&linear, k.economy, &k.options));
    kit_must(&k, shock_builder_new(&builder, k.memory, k.economy));
    kit_must(&k, solver_new(&k.solver, k.economy, &k.options));
    const description *a = &k.economy->about;
    size_t chengdu = 0, deyang = 0, N = a->N, J = a->J, S = a->S;
    for (size_t n = 0; n < N; n++) {
        if (!strcmp(a->regions[n].label.id, "510100")) chengdu = n;
        if (!strcmp(a->regions[n].label.id, "510600")) deyang = n;
    }
    for (size_t o = 0; o < 3; o++) {
        kit_must(&k, bashu_gradient_new(&g[o], linear, asked[o].variable, asked[o].set, asked[o].member));
        print_message("%s: residual %.2g, %d passes, %.2f s\n", asked[o].variable, g[o]->info.residual, g[o]->info.passes, g[o]->info.time_s);
        assert_true(g[o]->info.residual <= 1e-11);
    }
    const struct {
        gradient_id row;
        size_t entry;
        double step;
    } entries[] = {{GRADIENT_PRODUCTIVITY, chengdu * J + 3, 0.01}, {GRADIENT_TRADE_COST, (deyang * N + chengdu) * J + 3, 0.01},
                   {GRADIENT_TARIFF, (deyang * N + chengdu) * J + 3, 4e-3}, {GRADIENT_MIGRATION_COST, (deyang * N + chengdu) * S, 0.02},
                   {GRADIENT_AMENITY, chengdu * S, 0.02}, {GRADIENT_LAND, chengdu, 0.02}, {GRADIENT_TRANSFER, chengdu, 20},
                   {GRADIENT_LINK_TIME, index_of_link(k.economy, "rail-chengdu-neijiang-hs"), 1e-3}};
    double most = 0;
    for (size_t q = 0; q < sizeof entries / sizeof *entries; q++) {
        direction d = {entries[q].row, true, gradient_length(g[0], entries[q].row), NULL};
        double moved[3] = {0};
        d.by = kit_ones(&k, d.length, 0);
        d.by[entries[q].entry] = 1;
        for (int side = 0; side < 4; side++) {
            static const double at[] = {1, -1, 2, -2}, weight[] = {8, -8, -1, 1};
            kit_must(&k, solve_shock(&k.result, k.solver, shock_along(&k, builder, &d, at[side] * entries[q].step)));
            assert_true(k.result->info.reason > 0);
            for (size_t o = 0; o < 3; o++) {
                double percent, *all = kit_ones(&k, N, 0);
                if (!strcmp(asked[o].set, "region")) {
                    kit_must(&k, bashu_result_values(k.result, asked[o].variable, BASHU_PERCENT, all, N));
                    percent = all[deyang];
                } else kit_must(&k, bashu_result_aggregate(k.result, asked[o].variable, asked[o].set, asked[o].member, BASHU_PERCENT, &percent));
                moved[o] += weight[side] * log1p(percent / 100) / (12 * entries[q].step);
            }
        }
        for (size_t o = 0; o < 3; o++) {
            double gradient = gradient_value(g[o], d.row, entries[q].entry) * (d.row == GRADIENT_TRANSFER ? 0.01 : 1);
            double gap = fabs(gradient - moved[o]) / fmax(fabs(gradient), d.row == GRADIENT_TRANSFER ? 1e-6 : 1e-3);
            print_message("  %-15s %-10s gradient %+.10e difference %+.10e gap %.1e\n", gradient_rows[d.row].name, asked[o].variable, gradient, moved[o], gap);
            most = fmax(most, gap);
        }
    }
    assert_true(most <= 1e-6);
    for (size_t o = 0; o < 3; o++) bashu_gradient_free(g[o]);
    bashu_linear_free(linear);
    kit_close(&k);
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_derivative_is_the_systems),
        cmocka_unit_test(the_adjoint_is_the_transpose),
        cmocka_unit_test(preconditioners_are_transposed),
        cmocka_unit_test(places_that_hardly_trade),
        cmocka_unit_test(levers_are_differences_of_f),
        cmocka_unit_test(gradients_are_differences),
        cmocka_unit_test(gradients_with_tariffs_of_the_baseline),
        cmocka_unit_test(ties_have_a_side),
        cmocka_unit_test(effects_are_of_first_order),
        cmocka_unit_test(exposure_is_made_of_gradients),
        cmocka_unit_test(closed_forms),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(bad_questions_are_answered),
        cmocka_unit_test(memory_may_run_out),
    };
    const struct CMUnitTest slow[] = {cmocka_unit_test(a_few_entries_of_china)};
    if (count > 1 && !strcmp(words[1], "china")) return cmocka_run_group_tests(slow, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
