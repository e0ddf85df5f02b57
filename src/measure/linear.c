/* linear.c - the gradient of one outcome with respect to every lever.
 *
 *   log O = sum over regions of shares times log of the variable of each (variables.c: measure_shares)
 *   d log(variable of n) / d(what is seen of n)     from the functions that fill variables, by differences of order six:
 *       f' = [f(3h) - f(-3h) - 9 (f(2h) - f(-2h)) + 45 (f(h) - f(-h))] / 60 h,  h = 0.01 in logs: exact to 1e-13, and no
 *       formula of a variable stands here a second time
 *   J^T y = O_z^T;   d log O / d log lever = O_k - y^T F_k                       equilibrium/adjoint.c
 *   residual of the certificate: |O_z^T - J^T y| / |O_z^T|, from the last transposed product, not from GMRES
 *
 *   links    d log O / d t_od [hours] of a class of travel
 *                = (zeta_j / t + q_j) / theta_j  over trade costs of its sectors + (x / epsilon_s) / t over migration costs
 *                  + (y / t + q) / e_s over commuting costs + decay of spillovers and crowding          as in accounts/shock.c
 *            added up along the tree of least times from each origin back to its links (graph/load.c)
 *            Where two ways take the same time, the one that the search finds counts: making its links faster does what the
 *            gradient says, making them slower does less (the other way takes over), and the other way's links say zero.
 *   zones    land of the zone over the land in use of its regions, times the land of these
 *   transfer received by the region, paid by all regions but the rest of the world in proportion to their GDP */
#include "measure/linear.h"
#include "equilibrium/equilibrium.h"
#include "input/input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char percent[] = "percent_per_percent";
const bashu_gradient_row gradient_rows[GRADIENT_COUNT] = {
    [GRADIENT_LINK_TIME] = {"link_time", percent, "link", "time of a link of the network", "交通线路时间"},
    [GRADIENT_LINK_MINUTE] = {"link_minute", "percent_per_minute", "link", "one minute more on a link of the network", "交通线路每增加一分钟"},
    [GRADIENT_TRADE_COST] = {"trade_cost", percent, "region,region,sector", "cost of trade", "贸易成本"},
    [GRADIENT_TARIFF] = {"tariff", "percent_per_percentage_point", "region,region,sector", "ad-valorem tariff", "从价关税"},
    [GRADIENT_MIGRATION_COST] = {"migration_cost", percent, "region,region,group", "cost of living away from the place of registration",
        "户籍地以外居住的成本"},
    [GRADIENT_COMMUTING_COST] = {"commuting_cost", percent, "region,region,group", "cost of working elsewhere than one lives", "居住地以外工作的成本"},
    [GRADIENT_AMENITY] = {"amenity", percent, "region,group", "amenity of a place", "地区宜居度"},
    [GRADIENT_PRODUCTIVITY] = {"productivity", percent, "region,sector", "productivity of a sector in a place", "地区行业生产率"},
    [GRADIENT_LAND] = {"land", percent, "region", "supply of land and structures", "土地与建筑供给"},
    [GRADIENT_ZONE_LAND] = {"zone_land", percent, "zone", "land opened in a zone, as percent of the zone's land", "新区开放土地（占新区面积 %）"},
    [GRADIENT_TRANSFER] = {"transfer", "percent_per_currency_unit", "region", "transfer received, paid by the nation in proportion to GDP",
        "转移支付（由全国按 GDP 比例支付）"},
};

long gradient_find(const char *name)
{
    for (size_t k = 0; k < GRADIENT_COUNT; k++)
        if (!strcmp(gradient_rows[k].name, name)) return (long)k;
    return -1;
}

/* ---- set-up --------------------------------------------------------------------------------------- */

/* A result whose hats are ones and which lends its arrays to be moved. */
static bool probe_new(bashu_linear *l)
{
    const bashu_economy *e = l->economy;
    bashu_result *r = &l->probe;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    *r = (bashu_result){.context = l->context, .memory = l->memory, .economy = e};
    r->info.reason = BASHU_FIRST_ORDER;
    const array_wanted wanted[] = {{&r->wage_hat, N * S}, {&r->people_hat, N * S}, {&r->rent_hat, N}, {&r->price_hat, N * J}, {&r->output_hat, N * J},
                                   {&r->expenditure, N * J}, {&r->income, N}, {&r->labour_income, N * S}, {&r->utility_hat, N * S}, {&r->welfare_hat, N * S}};
    return ARENA_ARRAYS(l->memory, wanted);
}

static bashu_status linear_make(bashu_linear *l)
{
    TRY(system_new(&l->system, l->memory, l->economy));
    const problem *p = &l->system->problem;
    size_t seen = p->N * seen_width(p), size = l->system->size;
    TRY(ladder_new(&l->ladder, l->memory, size));
    TRY(shock_builder_new(&l->builder, l->memory, l->economy));
    TRY(shock_none(&l->nothing, l->memory, l->economy));
    TRY(linearisation_new(&l->lens, l->memory, l->system));
    const array_wanted wanted[] = {{&l->moved, 2 * p->N}, {&l->elasticity, seen}, {&l->people_elasticity, seen}, {&l->seen, seen},
                                   {&l->f, size}, {&l->y, size}, {&l->b, size}};
    if (!ARENA_ARRAYS(l->memory, wanted) || !probe_new(l)) return fail_memory(l->context);
    TRY(system_set_shock(l->system, l->memory, &l->nothing));
    fixed_point f = system_fixed_point(l->system);
    if (!f.evaluate(f.payload, l->y, l->f, true)) /* y is zero: the baseline */
        return fail(l->context, BASHU_ERROR_INTERNAL, "%s: the equations are not finite at the baseline", l->economy->about.folder);
    f.linearise(f.payload);
    linearisation_take(l->lens);
    return BASHU_OK;
}

bashu_status linear_move(bashu_linear *l, const bashu_result *at, const shock *now, const double *link_time_h)
{
    l->at = at;
    l->now = now;
    l->link_time_h = link_time_h;
    TRY(system_set_shock(l->system, l->memory, now));
    fixed_point f = system_fixed_point(l->system);
    result_unknowns(l->y, at);
    if (!f.evaluate(f.payload, l->y, l->f, true)) return fail(l->context, BASHU_ERROR_INTERNAL, "%s: the equations are not finite at an equilibrium", l->economy->about.folder);
    f.linearise(f.payload);
    linearisation_take(l->lens);
    return BASHU_OK;
}

bashu_status linear_new(bashu_linear **out, const bashu_economy *economy, const bashu_options *options)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    const bashu_options *o = options ? options : &defaults;
    arena *memory = arena_new(economy->context);
    bashu_linear *l = memory ? arena_alloc(memory, 1, sizeof *l) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (l) {
        l->context = economy->context;
        l->memory = memory;
        l->economy = economy;
        l->tolerance = o->tolerance / 100; /* answers of linear systems are differentiated by people: two digits more */
        l->pass_limit = o->pass_limit;
        status = linear_make(l);
    }
    if (status == BASHU_OK) *out = l;
    else arena_free(memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(economy->context) : status;
}

/* ---- what an outcome is made of ------------------------------------------------------------------- */

/* The array of the result that one thing seen is in, its width, and place; and what it is where the answer is linear (NULL: ones). */
typedef struct seat {
    double *array;
    const double *base;
    size_t width, column;
} seat;

static seat seat_of(bashu_linear *l, size_t k)
{
    const problem *p = &l->system->problem;
    const bashu_economy *e = l->economy;
    const bashu_result ones = {.expenditure = (double *)(uintptr_t)e->expenditure, .income = (double *)(uintptr_t)e->income, .labour_income = (double *)(uintptr_t)e->labour_income},
                       *at = l->at ? l->at : &ones;
    bashu_result *r = &l->probe;
    size_t J = p->J, S = p->S;
    if (k < S) return (seat){r->wage_hat, at->wage_hat, S, k};
    if (k < at_rent(p)) return (seat){r->people_hat, at->people_hat, S, k - S};
    if (k == at_rent(p)) return (seat){r->rent_hat, at->rent_hat, 1, 0};
    if (k < at_output(p, 0)) return (seat){r->price_hat, at->price_hat, J, k - at_price(p, 0)};
    if (k < p->K) return (seat){r->output_hat, at->output_hat, J, k - at_output(p, 0)};
    if (k < seen_income(p)) return (seat){r->expenditure, at->expenditure, J, k - seen_expenditure(p)};
    if (k == seen_income(p)) return (seat){r->income, at->income, 1, 0};
    if (k < seen_utility(p)) return (seat){r->labour_income, at->labour_income, S, k - seen_labour_income(p)};
    if (k < seen_welfare(p)) return (seat){r->utility_hat, at->utility_hat, S, k - seen_utility(p)};
    return (seat){r->welfare_hat, at->welfare_hat, S, k - seen_welfare(p)};
}

static void move(bashu_linear *l, size_t k, double step)
{
    seat at = seat_of(l, k);
    for (size_t n = 0; n < l->economy->about.N; n++) {
        size_t i = n * at.width + at.column;
        at.array[i] = (at.base ? at.base[i] : 1) * exp(step);
    }
}

bashu_status linear_elasticities(bashu_linear *l, const char *variable, double *out)
{
    static const double weight[3] = {45, -9, 1}, h = 0.01;
    const problem *p = &l->system->problem;
    size_t N = p->N, width = seen_width(p);
    fill_function *fill = measure_hat(variable);
    double *base = l->moved, *hat = base + N;
    memset(out, 0, N * width * sizeof *out);
    for (size_t k = 0; k < width; k++) move(l, k, 0);
    for (size_t k = 0; k < width; k++) {
        for (int q = 0; q < 6; q++) { /* h, -h, 2h, -2h, ... */
            double sign = q % 2 ? -1 : 1;
            memset(base, 0, 2 * N * sizeof *base);
            move(l, k, sign * (q / 2 + 1) * h);
            fill(&l->probe, base, hat);
            for (size_t n = 0; n < N; n++) out[n * width + k] += sign * weight[q / 2] * log(hat[n]);
        }
        move(l, k, 0);
    }
    for (size_t i = 0; i < N * width; i++) {
        out[i] /= 60 * h;
        if (fabs(out[i]) < 1e-12) out[i] = 0; /* rounding of the differences */
    }
    return BASHU_OK;
}

bashu_status linear_variable(const bashu_variable **out, bashu_context *context, const char *name)
{
    const char *names[64];
    size_t count = 0;
    for (size_t v = 0; v < bashu_variable_count() && count < 64; v++)
        if (measure_hat(bashu_variable_at(v)->name)) names[count++] = bashu_variable_at(v)->name;
    *out = measure_variable(name);
    if (*out && measure_hat(name)) return BASHU_OK;
    if (*out)
        return fail(context, BASHU_ERROR_ARGUMENT, "the linear answer has no '%s': ask for a variable of each region that has a percent change, such as %s or %s",
                    name, names[0], "welfare");
    const char *near = nearest_name(name, names, count);
    if (near) return fail(context, BASHU_ERROR_ARGUMENT, "there is no output variable '%s'; did you mean '%s'?", name, near);
    return fail(context, BASHU_ERROR_ARGUMENT, "there is no output variable '%s'; such are %s, %s, %s", name, names[0], names[1], names[2]);
}

/* ---- whose outcome -------------------------------------------------------------------------------- */

/* Checks set and member, and names them. */
static bashu_status find_whose(bashu_gradient *g, const char *set, const char *member)
{
    label name;
    g->set = arena_text(g->memory, set);
    g->member = arena_text(g->memory, member ? member : "");
    if (!g->set || !g->member) return fail_memory(g->context);
    TRY(measure_whose(&name, g->memory, &g->economy->about, g->set, g->member));
    g->name_en = name.name_en;
    g->name_zh = name.name_zh;
    return BASHU_OK;
}

/* Weights of what is seen, in l->seen. */
static bashu_status weigh_outcome(bashu_linear *l, const bashu_gradient *g)
{
    const problem *p = &l->system->problem;
    size_t N = p->N, width = seen_width(p);
    double *value = l->moved, *people = value + N, total = 0;
    TRY(linear_elasticities(l, g->variable->name, l->elasticity));
    TRY(measure_shares(&l->probe, g->variable->name, g->set, g->member, value, people));
    for (size_t n = 0; n < N; n++) total += fabs(people[n]);
    if (total > 0) {
        double *kept = arena_alloc(g->memory, 2 * N, sizeof *kept);
        if (!kept) return fail_memory(l->context);
        memcpy(kept, value, 2 * N * sizeof *kept);
        TRY(linear_elasticities(l, "population", l->people_elasticity));
        memcpy(value, kept, 2 * N * sizeof *kept);
    }
    for (size_t i = 0; i < N * width; i++)
        l->seen[i] = value[i / width] * l->elasticity[i] + (total > 0 ? people[i / width] * l->people_elasticity[i] : 0);
    return BASHU_OK;
}

/* ---- links, zones, transfers ---------------------------------------------------------------------- */

bool zone_begins(const description *about, size_t k)
{
    size_t first = 0;
    while (strcmp(about->zones[first].label.id, about->zones[k].label.id) != 0) first++;
    return first == k;
}

size_t zone_list(const description *about, size_t *zones)
{
    size_t count = 0;
    for (size_t k = 0; k < about->zone_count; k++) {
        if (!zone_begins(about, k)) continue;
        if (zones) zones[count] = k;
        count++;
    }
    return count;
}

static void by_zones(const bashu_gradient *g, size_t *zones)
{
    const description *a = &g->economy->about;
    size_t count = zone_list(a, zones);
    for (size_t q = 0; q < count; q++)
        for (size_t k = 0; k < a->zone_count; k++) {
            const zone_part *part = &a->zones[k];
            const region_row *host = &a->regions[part->region];
            if (strcmp(part->label.id, a->zones[zones[q]].label.id) != 0) continue;
            g->zone[q] += part->land_km2 / (isfinite(host->developed_land_km2) ? host->developed_land_km2 : host->land_km2) * g->levers.land[part->region];
        }
}

static void by_transfers(const bashu_gradient *g)
{
    const bashu_economy *e = g->economy;
    size_t N = e->about.N, J = e->about.J;
    double paid = 0, world = 0;
    for (size_t nj = 0; nj < N * J; nj++) {
        double value_added = (long)(nj / J) == e->about.foreign ? 0 : e->value_added_share[nj] * e->output[nj];
        paid += value_added * g->levers.transfer[nj / J];
        world += value_added;
    }
    for (size_t n = 0; n < N; n++) g->transfer[n] = g->levers.transfer[n] - paid / world;
}

/* value[i][n]: d log O by one hour from n (sells, comes from, lives) to i, in one class of travel; shock.c: costs_of_time. By rows of levers as they lie. */
static void by_time(const bashu_gradient *g, const double *time_h, size_t travel, double *value)
{
    const bashu_economy *e = g->economy;
    const description *a = &e->about;
    const elasticity *about = a->elasticities;
    size_t N = a->N, J = a->J;
    double x = about[MIGRATION_TIME_ELASTICITY].by_item[0], y = about[COMMUTING_TIME_ELASTICITY].by_item[0], q = about[COMMUTING_DECAY].by_item[0];
    time_h += travel * N * N;
#pragma omp parallel for schedule(static) num_threads(threads_for(g->context, (double)(N * N * J)))
    for (size_t i = 0; i < N; i++) {
        double *row = value + i * N;
        memset(row, 0, N * sizeof *row);
        for (size_t j = 0; j < J; j++) {
            const double *cost = g->levers.trade_cost + at3(i, j, 0, J, N);
            double of_log = about[TRADE_TIME_ELASTICITY].by_item[j], of_hours = about[TRADE_DECAY].by_item[j];
            for (size_t n = 0; a->sectors[j].travel == travel && n < N; n++) row[n] += (of_log / time_h[n * N + i] + of_hours) / e->theta[j] * cost[n];
        }
        for (size_t n = 0; travel == a->people_travel && n < N; n++) {
            double t = time_h[n * N + i];
            for (size_t s = 0; s < a->S; s++) {
                if (g->levers.migration_cost && x != 0 && e->epsilon[s] > 0) row[n] += x / e->epsilon[s] / t * g->levers.migration_cost[at3(s, n, i, N, N)];
                if (g->levers.commuting_cost) row[n] += (y / t + q) / e->epsilon_commuting[s] * g->levers.commuting_cost[at3(s, n, i, N, N)];
            }
            row[n] += g->levers.time_h[n * N + i];
        }
        for (size_t n = 0; n < N; n++)
            if (!isfinite(time_h[n * N + i])) row[n] = 0;
    }
}

static bashu_status by_links(const bashu_gradient *g, const bashu_linear *l)
{
    description about = g->economy->about;
    const double *changed = l->now ? l->now->travel_time_h : NULL;
    size_t links = about.network->link_count;
    double *value = arena_alloc(g->memory, about.N * about.N, sizeof *value);
    if (!value) return fail_memory(g->context);
    if (l->network) {
        about.network = l->network->graph;
        about.travel = l->network->travel;
    }
    double *load = arena_alloc(g->memory, about.network->link_count + 1, sizeof *load);
    if (!load) return fail_memory(g->context);
    for (size_t c = 0; c < about.C; c++) {
        by_time(g, changed ? changed : g->economy->travel_time_h, c, value);
        pair_values of = {value, 1, about.N};
        TRY(region_travel_load(load, &about, g->context, c, l->link_time_h, pair_value, &of));
    }
    for (size_t k = 0; k < links; k++) {
        double time_h = l->link_time_h ? l->link_time_h[k] : about.network->links[k].time_h;
        g->link[k] = isfinite(time_h) ? load[k] * time_h : 0; /* nothing goes by a closed link */
    }
    return BASHU_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------ */

static double norm_of(const double *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += x[i] * x[i];
    return sqrt(sum);
}

static bashu_status make_levers(bashu_gradient *g, const problem *p)
{
    const description *a = &g->economy->about;
    size_t N = p->N, J = p->J, S = p->S;
    lever_changes *k = &g->levers;
    bool people = a->switches.mobility == MOBILITY_FRECHET && p->migration.rows, network = a->network && g->economy->travel_time_h;
    const array_wanted wanted[] = {{&k->productivity, N * J}, {&k->amenity, N * S}, {&k->land, N}, {&k->transfer, N}, {&k->trade_cost, N * J * N},
                                   {&k->tariff, N * J * N}, {&g->zone, a->zone_count + 1}, {&g->transfer, N}};
    if (!ARENA_ARRAYS(g->memory, wanted)) return fail_memory(g->context);
    if (people && !(k->migration_cost = arena_alloc(g->memory, S * N * N, sizeof(double)))) return fail_memory(g->context);
    if (p->commuting.rows && !(k->commuting_cost = arena_alloc(g->memory, S * N * N, sizeof(double)))) return fail_memory(g->context);
    if (network && !(k->time_h = arena_alloc(g->memory, N * N, sizeof(double)))) return fail_memory(g->context);
    if (network && !(g->link = arena_alloc(g->memory, a->network->link_count, sizeof(double)))) return fail_memory(g->context);
    return BASHU_OK;
}

static bashu_status gradient_make(bashu_gradient *g, bashu_linear *l, const char *variable, const char *set, const char *member)
{
    size_t size = l->system->size, *zones = arena_alloc(g->memory, g->economy->about.zone_count + 1, sizeof *zones);
    double begin = now_s();
    if (!zones) return fail_memory(g->context);
    TRY(linear_variable(&g->variable, g->context, variable));
    TRY(find_whose(g, set, member));
    TRY(make_levers(g, &l->system->problem));
    TRY(weigh_outcome(l, g));
    linear_adjoint(l->lens, NULL, l->seen, l->b, NULL);
    linear_outcome solved = linear_solve_adjoint(l->lens, l->ladder, l->b, l->tolerance, l->pass_limit, l->y);
    for (size_t i = 0; i < size; i++) l->y[i] = -l->y[i];
    linear_adjoint(l->lens, l->y, l->seen, l->f, &g->levers);
    double asked = norm_of(l->b, size);
    g->info = (bashu_linear_info){.residual = asked > 0 ? norm_of(l->f, size) / asked : 0, .passes = solved.passes + 2, .solves = 1};
    if (is_cancelled(g->context)) return fail(g->context, BASHU_INTERRUPTED, "interrupted");
    if (!(g->info.residual <= 1e-6))
        return fail(g->context, BASHU_ERROR_UNSUPPORTED,
                    "the linear system of '%s' was solved to %.1e only (1e-6 is allowed): the baseline is nearly singular; see bashu check", variable,
                    g->info.residual);
    if (g->link) TRY(by_links(g, l));
    by_zones(g, zones);
    by_transfers(g);
    g->info.time_s = now_s() - begin;
    return BASHU_OK;
}

bashu_status gradient_new(bashu_gradient **out, bashu_linear *linear, const char *variable, const char *set, const char *member)
{
    arena *memory = arena_new(linear->context);
    bashu_gradient *g = memory ? arena_alloc(memory, 1, sizeof *g) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (g) {
        g->context = linear->context;
        g->memory = memory;
        g->economy = linear->economy;
        status = gradient_make(g, linear, variable, set, member);
    }
    if (status == BASHU_OK) *out = g;
    else arena_free(memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(linear->context) : status;
}

/* ---- reading it ----------------------------------------------------------------------------------- */

size_t gradient_length(const bashu_gradient *g, gradient_id id)
{
    const description *a = &g->economy->about;
    switch (id) {
    case GRADIENT_LINK_TIME:
    case GRADIENT_LINK_MINUTE: return g->link ? a->network->link_count : 0;
    case GRADIENT_TRADE_COST:
    case GRADIENT_TARIFF: return a->N * a->N * a->J;
    case GRADIENT_MIGRATION_COST: return g->levers.migration_cost ? a->N * a->N * a->S : 0;
    case GRADIENT_COMMUTING_COST: return g->levers.commuting_cost ? a->N * a->N * a->S : 0;
    case GRADIENT_AMENITY: return a->N * a->S;
    case GRADIENT_PRODUCTIVITY: return a->N * a->J;
    case GRADIENT_ZONE_LAND: return zone_list(a, NULL);
    case GRADIENT_LAND:
    case GRADIENT_TRANSFER: return a->N;
    case GRADIENT_COUNT: break;
    }
    return 0;
}

double gradient_value(const bashu_gradient *g, gradient_id id, size_t index)
{
    const bashu_economy *e = g->economy;
    const description *a = &e->about;
    size_t N = a->N, J = a->J, S = a->S;
    size_t trade = at3(index / J % N, index % J, index / J / N, J, N);      /* index: [origin sells][destination buys][J] */
    size_t people = at3(index % S, index / S / N, index / S % N, N, N);      /* index: [origin][destination][S] */
    switch (id) {
    case GRADIENT_LINK_TIME: return g->link[index];
    case GRADIENT_LINK_MINUTE: return 100 * g->link[index] / (60 * a->network->links[index].time_h);
    case GRADIENT_TRADE_COST: return g->levers.trade_cost[trade];
    case GRADIENT_TARIFF: return g->levers.tariff[trade] / (1 + (e->tariff ? e->tariff[trade] : 0));
    case GRADIENT_MIGRATION_COST: return g->levers.migration_cost[people];
    case GRADIENT_COMMUTING_COST: return g->levers.commuting_cost[people];
    case GRADIENT_AMENITY: return g->levers.amenity[index];
    case GRADIENT_PRODUCTIVITY: return g->levers.productivity[index];
    case GRADIENT_LAND: return g->levers.land[index];
    case GRADIENT_ZONE_LAND: return g->zone[index];
    case GRADIENT_TRANSFER: return 100 * g->transfer[index];
    case GRADIENT_COUNT: break;
    }
    return 0;
}
