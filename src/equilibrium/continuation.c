/* continuation.c - from the baseline to a large shock by a path of smaller ones.
 *
 *   shock(t), 0 <= t <= 1:  hats h^t (productivity, amenity, land, people, costs), transfers t D, subsidies (1 + s)^t - 1, tariffs (1 + tau)^(1-t) (1 + tau')^t - 1,
 *   travel times t0^(1-t) t1^t
 *   predictor: the secant through the last two points;  corrector: the ladder;  a step that fails is cut to a quarter
 *
 * Costs several solves, and is tried only when the ladder finds nothing from the baseline. */
#include "equilibrium/continuation.h"

#include <math.h>
#include <string.h>

struct continuation {
    shock part;
    double *people_hat;         /* of part */
    size_t purses;              /* there is room for */
    double *z, *before, *trial; /* the last point, the one before, and the one tried */
};

static bool copy_room(double **array, arena *memory, const double *like, size_t count)
{
    if (like && !*array) *array = arena_alloc(memory, count, sizeof **array);
    return !like || *array;
}

static bashu_status path_new(continuation **out, const system_of_equations *system, const shock *k)
{
    const problem *p = &system->problem;
    arena *memory = system->memory;
    size_t N = p->N, J = p->J, S = p->S;
    if (!*out) *out = arena_alloc(memory, 1, sizeof **out);
    continuation *c = *out;
    if (!c) return fail_memory(system->context);
    bool complete = copy_room(&c->part.productivity_hat, memory, k->productivity_hat, N * J)
                    && copy_room(&c->part.amenity_hat, memory, k->amenity_hat, N * S)
                    && copy_room(&c->part.land_hat, memory, k->land_hat, N)
                    && copy_room(&c->part.transfer, memory, k->transfer, N)
                    && copy_room(&c->part.trade_cost_hat, memory, k->trade_cost_hat, N * J * N)
                    && copy_room(&c->part.tariff, memory, k->tariff, N * J * N)
                    && copy_room(&c->part.migration_cost_hat, memory, k->migration_cost_hat, S * N * N)
                    && copy_room(&c->part.commuting_cost_hat, memory, k->commuting_cost_hat, S * N * N)
                    && copy_room(&c->part.travel_time_h, memory, k->travel_time_h, p->economy->about.C * N * N)
                    && copy_room(&c->people_hat, memory, k->people_hat, N * S)
                    && copy_room(&c->z, memory, system->z, system->size) && copy_room(&c->before, memory, system->z, system->size)
                    && copy_room(&c->trial, memory, system->z, system->size);
    if (complete && k->purse_count > c->purses) {
        c->part.purse_rate = arena_alloc(memory, k->purse_count * N * J, sizeof(double));
        complete = c->part.purse_rate && copy_room(&c->part.subsidy, memory, k->subsidy, N * J);
        c->purses = k->purse_count;
    }
    return complete ? BASHU_OK : fail_memory(system->context);
}

/* 1 + s to the power t, as productivity; each purse its part of it. */
static void part_of_subsidies(shock *part, const shock *k, double t, size_t count)
{
    for (size_t i = 0; k->subsidy && i < count; i++) {
        double whole = k->subsidy[i];
        part->subsidy[i] = whole == 0 ? 0 : pow(1 + whole, t) - 1;
        for (size_t p = 0; p < k->purse_count; p++) part->purse_rate[p * count + i] = whole == 0 ? t * k->purse_rate[p * count + i] : k->purse_rate[p * count + i] * (part->subsidy[i] / whole);
    }
}

static void powers(double *out, const double *hat, double t, size_t count)
{
    for (size_t i = 0; hat && i < count; i++) out[i] = hat[i] == 1 ? 1 : pow(hat[i], t);
}

/* The arrays the shock has not stay unused, even where an earlier path needed them. */
static shock part_of(const continuation *c, const problem *p, const shock *k, double t)
{
    size_t N = p->N, J = p->J, S = p->S;
    shock part = {.productivity_hat = c->part.productivity_hat, .amenity_hat = c->part.amenity_hat, .land_hat = c->part.land_hat,
                  .transfer = c->part.transfer,
                  .trade_cost_hat = k->trade_cost_hat ? c->part.trade_cost_hat : NULL,
                  .tariff = k->tariff ? c->part.tariff : NULL,
                  .migration_cost_hat = k->migration_cost_hat ? c->part.migration_cost_hat : NULL,
                  .commuting_cost_hat = k->commuting_cost_hat ? c->part.commuting_cost_hat : NULL,
                  .travel_time_h = k->travel_time_h ? c->part.travel_time_h : NULL,
                  .subsidy = k->subsidy ? c->part.subsidy : NULL,
                  .purse_count = k->purse_count, .purse_rate = k->subsidy ? c->part.purse_rate : NULL, .purse_share = k->purse_share,
                  .people_hat = k->people_hat ? c->people_hat : NULL};
    part_of_subsidies(&part, k, t, N * J);
    powers(part.productivity_hat, k->productivity_hat, t, N * J);
    powers(part.amenity_hat, k->amenity_hat, t, N * S);
    powers(part.land_hat, k->land_hat, t, N);
    powers(c->people_hat, k->people_hat, t, N * S);
    powers(part.trade_cost_hat, k->trade_cost_hat, t, N * J * N);
    powers(part.migration_cost_hat, k->migration_cost_hat, t, S * N * N);
    powers(part.commuting_cost_hat, k->commuting_cost_hat, t, S * N * N);
    for (size_t n = 0; n < N; n++) part.transfer[n] = t * k->transfer[n];
    for (size_t i = 0; k->tariff && i < N * J * N; i++) {
        double before = p->economy->tariff ? p->economy->tariff[i] : 0;
        part.tariff[i] = k->tariff[i] == before ? before : pow(1 + before, 1 - t) * pow(1 + k->tariff[i], t) - 1;
    }
    for (size_t i = 0; k->travel_time_h && i < p->economy->about.C * N * N; i++) {
        double before = p->economy->travel_time_h[i];
        part.travel_time_h[i] = k->travel_time_h[i] == before ? before : before * pow(k->travel_time_h[i] / before, t);
    }
    return part;
}

static void predict(continuation *c, size_t size, double ratio)
{
    for (size_t i = 0; i < size; i++) c->trial[i] = c->z[i] + ratio * (c->z[i] - c->before[i]);
}

bashu_status continuation_solve(continuation **memory_of, system_of_equations *system, ladder *l, const shock *k,
                                const solve_settings *settings, double *z, solve_outcome *outcome)
{
    TRY(path_new(memory_of, system, k));
    continuation *c = *memory_of;
    fixed_point f = system_fixed_point(system);
    double reached = 0, last = 0, step = 0.25;
    int passes = outcome->passes;
    memset(c->z, 0, system->size * sizeof *z);
    memset(c->before, 0, system->size * sizeof *z);
    while (reached < 1 && step > 1e-3) {
        double t = reached + step > 1 - 1e-9 ? 1 : reached + step;
        shock part = t < 1 ? part_of(c, &system->problem, k, t) : *k;
        solve_settings here = *settings;
        if (t < 1) here.tolerance = fmax(settings->tolerance, 1e-8);
        here.pass_limit = settings->pass_limit < 300 ? settings->pass_limit : 300;
        TRY(system_set_shock(system, system->memory, &part));
        predict(c, system->size, last > 0 ? (t - reached) / last : 0);
        ladder_solve(l, system->context, &f, &here, c->trial, outcome);
        passes += outcome->passes;
        if (outcome->reason == BASHU_DIVERGED_INTERRUPTED || passes > 20 * settings->pass_limit) break;
        if (outcome->reason <= 0) {
            step /= 4;
            continue;
        }
        memcpy(c->before, c->z, system->size * sizeof *z);
        memcpy(c->z, c->trial, system->size * sizeof *z);
        last = t - reached;
        reached = t;
        step *= 1.5;
    }
    TRY(system_set_shock(system, system->memory, k)); /* the caller's shock outlives the parts */
    memcpy(z, c->z, system->size * sizeof *z);
    outcome->passes = passes;
    if (reached < 1 && outcome->reason > 0) outcome->reason = BASHU_DIVERGED_STALLED;
    return BASHU_OK;
}
