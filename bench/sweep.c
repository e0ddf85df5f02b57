/* sweep.c - many scenarios of one economy against solving them one by one; the next scenario on a warm solver. */
#include "parts.h"

#include "input/economy.h"
#include "policy/sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of china2020 a repeat solves a part, another one each time: five repeats are all of them. */
enum { SCENARIOS = 1000, PART = 200, ALONE = 20 };

/* Random scenarios: each draws productivity, amenity, land and transfers of every place. */
static bool draw_scenario(shock *out, arena *memory, const bashu_economy *e, uint64_t seed)
{
    random_stream stream;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    double sent = 0, total = 0;
    random_seed(&stream, seed);
    if (shock_none(out, memory, e) != BASHU_OK) return false;
    for (size_t n = 0; n < N; n++) {
        for (size_t j = 0; j < J; j++) out->productivity_hat[n * J + j] = exp(0.05 * random_normal(&stream));
        for (size_t s = 0; s < S; s++) out->amenity_hat[n * S + s] = exp(0.02 * random_normal(&stream));
        out->land_hat[n] = exp(0.02 * random_normal(&stream));
        out->transfer[n] = 0.01 * e->income[n] * random_normal(&stream);
        sent += out->transfer[n];
        total += e->income[n];
    }
    for (size_t n = 0; n < N; n++) out->transfer[n] -= sent * e->income[n] / total;
    out->empty = false;
    return true;
}

/* china2020, with a word of the switch `routing`, which is its name here; NULL: `value` says why not. */
static const bashu_economy *china_by(bench *b, bench_value *value, const char *name)
{
    for (made *m = b->economies; m; m = m->next)
        if (m->from.name == name) return m->economy;
    char folder[512];
    snprintf(folder, sizeof folder, "%s/economies/china2020", b->folder);
    FILE *there = fopen(folder, "r");
    made *m = arena_alloc(b->memory, 1, sizeof *m);
    bashu_data *data = NULL;
    if (!there || !m) {
        not_measured(value, "no %s here", folder);
        if (there) fclose(there);
        return NULL;
    }
    fclose(there);
    bashu_status status = bashu_data_read(&data, b->context, folder, NULL);
    if (status == BASHU_OK) status = bashu_data_set(data, "model.routing", name);
    if (status == BASHU_OK) status = bashu_calibrate(&m->economy, data, NULL);
    bashu_data_free(data);
    if (status != BASHU_OK) {
        failed(value, "%s", bashu_message(b->context));
        return NULL;
    }
    m->from.name = name;
    m->next = b->economies;
    b->economies = m;
    return m->economy;
}

const bashu_economy *china_of(bench *b, bench_value *value)
{
    static const char name[] = "least_time";
    return china_by(b, value, name);
}

const bashu_economy *china_over_all_routes(bench *b, bench_value *value)
{
    static const char name[] = "stochastic";
    return china_by(b, value, name);
}

/* Shocks that are solved one after the other on one solver, as somebody without a sweep would. */
typedef struct one_by_one {
    solving s;
    const shock *shocks;
    size_t count, next;
} one_by_one;

static bool solve_next(void *payload)
{
    one_by_one *w = payload;
    for (int k = 0; k < ALONE; k++) {
        const shock *next = &w->shocks[w->next++ % w->count];
        if (solve_shock(&w->s.result, w->s.solver, next) != BASHU_OK || w->s.result->info.reason <= 0) return false;
    }
    return true;
}

typedef struct sweeping {
    const bashu_economy *economy;
    const shock *shocks;        /* [SCENARIOS] */
    size_t part, next;          /* how many a call solves; where it begins */
} sweeping;

static bashu_status hand_shock(void *payload, size_t k, shock_builder *builder, const shock **out)
{
    const sweeping *w = payload;
    (void)builder;
    *out = &w->shocks[(w->next + k) % SCENARIOS];
    return BASHU_OK;
}

static bashu_status must_be_solved(void *payload, size_t k, const bashu_result *result)
{
    (void)payload;
    (void)k;
    return result->info.reason > 0 ? BASHU_OK : BASHU_ERROR_INTERNAL;
}

static bool sweep_part(void *payload)
{
    sweeping *w = payload;
    sweep_work work = {.count = w->part, .build = hand_shock, .take = must_be_solved, .payload = w};
    bashu_status status = sweep_run(w->economy, NULL, &work);
    w->next = (w->next + w->part) % SCENARIOS;
    return status == BASHU_OK;
}

/* SCENARIOS shocks to productivity, which leave the kernel alone. */
static shock *draw_shocks(arena *memory, const bashu_economy *economy)
{
    shock *shocks = memory ? arena_alloc(memory, SCENARIOS, sizeof *shocks) : NULL;
    for (size_t k = 0; shocks && k < SCENARIOS; k++)
        if (synthetic_shock(&shocks[k], memory, economy, 0.1, 100 + k) != BASHU_OK) return NULL;
    return shocks;
}

/* Time of a scenario solved alone over its time in the sweep. */
static void sweep_over_one(bench *b, const bashu_economy *economy, const bashu_economy *alone, const shock *shocks, size_t part,
                           bench_value *value)
{
    one_by_one w = {.shocks = shocks, .count = SCENARIOS};
    sweeping all = {economy, shocks, part, 0};
    if (!solving_open(&w.s, alone, 0, 1, value)) return;
    if (ratio_of_times(value, b, &(timed_work){sweep_part, &all}, &(timed_work){solve_next, &w})) inverse_of(value, (double)part / ALONE);
    solving_close(&w.s);
}

void bench_sweep(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)J;
    synthetic from = one_sector(N, 0.8);
    const bashu_economy *economy = economy_of(b, &from, values);
    arena *memory = arena_new(b->context);
    shock *shocks = economy ? draw_shocks(memory, economy) : NULL;
    if (shocks) {
        bashu_economy alone = *economy;
        alone.context = b->alone;
        sweep_over_one(b, economy, &alone, shocks, SCENARIOS, values);
    }
    if (memory) arena_free(memory);
}

void bench_sweep_china(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)N;
    (void)J;
    const bashu_economy *economy = china_of(b, values);
    arena *memory = arena_new(b->context);
    shock *shocks = memory ? arena_alloc(memory, SCENARIOS, sizeof *shocks) : NULL;
    bool ready = economy && shocks;
    for (size_t k = 0; ready && k < SCENARIOS; k++) ready = draw_scenario(&shocks[k], memory, economy, 100 + k);
    if (ready) sweep_over_one(b, economy, economy, shocks, PART, values);
    if (memory) arena_free(memory);
}

/* The same sweep on one thread over all. */
void bench_sweep_threads(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)J;
    if (thread_count(b->context) < 2) {
        not_measured(values, "needs two threads");
        return;
    }
    synthetic from = one_sector(N, 0.8);
    const bashu_economy *economy = economy_of(b, &from, values);
    arena *memory = arena_new(b->context);
    shock *shocks = economy ? draw_shocks(memory, economy) : NULL;
    if (shocks) {
        bashu_economy alone = *economy;
        alone.context = b->alone;
        sweeping one = {&alone, shocks, SCENARIOS, 0}, two = {economy, shocks, SCENARIOS, 0};
        ratio_of_times(values, b, &(timed_work){sweep_part, &one}, &(timed_work){sweep_part, &two});
    }
    if (memory) arena_free(memory);
}

/* The demo, whole, on a solver that has solved something else.
 * HOOK: solver_prepare. Call it on the solver before the scenario. */
void bench_next(bench *b, size_t N, size_t J, bench_value *values)
{
    const bashu_economy *economy = china_of(b, values);
    (void)N;
    (void)J;
    if (!economy) return;
    char path[512];
    bashu_scenario *scenario = NULL;
    solving s = {0};
    snprintf(path, sizeof path, "%s/scenarios/cooperation.yaml", b->folder);
    if (bashu_scenario_read(&scenario, economy, path) != BASHU_OK) failed(values, "%s", bashu_message(b->context));
    else if (solving_open(&s, economy, 0.05, 1, values)) {
        bool solved = solver_prepare(s.solver) == BASHU_OK && solve_again(&s) && solve_some(&s.result, s.solver, scenario, NULL) == BASHU_OK && s.result->info.reason > 0;
        if (solved) *values = counted(s.result->info.passes);
        else failed(values, "no equilibrium");
    }
    solving_close(&s);
    bashu_scenario_free(scenario);
}
