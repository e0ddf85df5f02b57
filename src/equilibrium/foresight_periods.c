/* foresight_periods.c - temporary equilibria along a path (foresight.c): people of a period and its fundamentals in, flow utility out.
 *
 * They begin where those of the last step ended. Periods of one state of fundamentals are solved BILATERAL_MANY at a time (lanes.h), with the
 * preconditioner of the accounts; who is not solved so within a few passes is solved alone. They are spread over threads, each with lanes and a
 * solver of its own; what a period gives depends neither on whose it was nor on which others stood beside it. */
#include "equilibrium/foresight_parts.h"
#include "equilibrium/system.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

enum { PASSES_TOGETHER = 25, WORTH_TOGETHER = 3 };

bashu_economy foresight_still(const bashu_economy *economy, bashu_context *context)
{
    bashu_economy e = *economy;
    e.context = context;
    e.about.switches.mobility = MOBILITY_NONE;
    return e;
}

/* Shocks tell costs of moving of an economy whose people move; the elasticity is that of moves in a period. */
bashu_economy foresight_leaving(const foresight *f, const bashu_economy *still)
{
    bashu_economy e = *still;
    e.about.switches.mobility = MOBILITY_FRECHET;
    e.epsilon = f->reaction;
    return e;
}

/* What a temporary equilibrium is told of a shock: people do not move in it. */
static shock within_period(const shock *built)
{
    shock k = *built;
    k.migration_cost_hat = NULL;
    return k;
}

bashu_status worker_open(worker *w, const foresight *f, const bashu_solver *basis)
{
    *w = (worker){.state = SIZE_MAX};
    TRY(context_child(&w->context, f->context));
    w->economy = foresight_still(f->economy, w->context);
    w->memory = arena_new(w->context);
    if (!w->memory) return fail_memory(w->context);
    w->leaving = foresight_leaving(f, &w->economy);
    TRY(shock_builder_new(&w->builder, w->memory, &w->leaving));
    TRY(solver_new(&w->solver, &w->economy, &f->options));
    solver_set_starts(w->solver, 0);
    w->people_hat = arena_alloc(w->memory, w->economy.about.N * w->economy.about.S, sizeof(double));
    w->log_utility = arena_alloc(w->memory, w->economy.about.N * w->economy.about.S, sizeof(double));
    if (!w->people_hat || !w->log_utility) return fail_memory(w->context);
    TRY(solver_prepare(w->solver));
    const system_of_equations *prepared = solver_system(basis ? basis : w->solver);
    return preconditioner_is_prepared(prepared) ? lanes_new(&w->lanes, w->memory, prepared, true) : BASHU_OK;
}

void worker_close(worker *w)
{
    result_free(w->result);
    solver_free(w->solver);
    if (w->memory) arena_free(w->memory);
    if (w->context) bashu_close(w->context);
}

static void fill_people_hat(const foresight *f, const double *people, double *people_hat)
{
    for (size_t ns = 0; ns < f->economy->about.N * f->economy->about.S; ns++) people_hat[ns] = 1;
    for (size_t g = 0; g < f->G; g++)
        if (f->is_there[g]) people_hat[f->flows->market[g]] = people[g] / f->people[g];
}

bashu_status build_state(const foresight_fundamentals *known, size_t state, shock_builder *builder, const shock **out)
{
    return state ? known->build(known->payload, state, builder, out) : shock_build(out, builder, NULL, NULL);
}

/* Fundamentals of the state in place, unless they are. */
static bashu_status turn_to(const foresight *f, worker *w, size_t state)
{
    const shock *k;
    if (w->state == state) return BASHU_OK;
    TRY(build_state(f->known, state, w->builder, &k));
    w->now = within_period(k);
    w->now.people_hat = w->people_hat;
    w->now.empty = false;
    w->state = state;
    return system_set_shock(solver_system(w->solver), solver_system(w->solver)->memory, &w->now);
}

/* Where places own shares of a portfolio of rents, it is of owners who do not move: what V (log) counts of income other than wages is not people's. */
static double owners_part(const bashu_economy *e, size_t n, double income, double labour_income)
{
    double before = 0;
    if (!e->portfolio_share) return 0;
    for (size_t s = 0; s < e->about.S; s++) before += e->labour_income[at2(n, s, e->about.S)];
    return log(income / e->income[n]) - log(labour_income / before);
}

/* Arrays of one member among `stride`. */
static double flow_of(const foresight *f, const worker *w, size_t g, const double *log_utility, const double *income, const double *labour_income, size_t stride)
{
    const bashu_economy *e = f->economy;
    size_t ns = f->flows->market[g], n = ns / e->about.S;
    double after = 0;
    if (f->is_home[ns % e->about.S]) return log(w->now.amenity_hat[ns]);
    for (size_t s = 0; e->portfolio_share && s < e->about.S; s++) after += labour_income[at2(n, s, e->about.S) * stride];
    return log_utility[ns * stride] - owners_part(e, n, income[n * stride], after);
}

/* How it ended: an income that is not positive has no flow utility. */
static bashu_reason take_flow(const foresight *f, const worker *w, const point *at, size_t stride, size_t member, double *flow)
{
    double most = 0;
    for (size_t g = 0; g < f->G; g++)
        if (f->is_there[g]) most = worse(most, flow[g] = flow_of(f, w, g, at->log_utility + member, at->income + member, at->labour_income + member, stride));
    return isfinite(most) ? BASHU_CONVERGED_RESIDUAL : BASHU_DIVERGED_NOT_FINITE;
}

static bashu_status solve_alone(const foresight *f, worker *w, batch *b, size_t k)
{
    solve_outcome outcome = {0};
    fill_people_hat(f, b->people[k], w->people_hat);
    TRY(solve_point(w->solver, &w->now, false, b->tolerance, b->z[k], &outcome));
    b->passes[k] += outcome.passes;
    b->reason[k] = outcome.reason;
    if (outcome.reason > 0) b->reason[k] = take_flow(f, w, &solver_system(w->solver)->at, 1, 0, b->flow[k]);
    if (b->reason[k] <= 0) memset(b->z[k], 0, f->size * sizeof *b->z[k]);
    return BASHU_OK;
}

/* Side by side; who is not solved within a few passes is left as it was. */
static void solve_together(const foresight *f, worker *w, batch *b)
{
    lanes *l = w->lanes;
    lockstep *steps = l->lockstep;
    size_t running = b->count;
    lanes_share(l, solver_system(w->solver));
    for (size_t k = 0; k < b->count; k++) {
        fill_people_hat(f, b->people[k], w->people_hat);
        lanes_put(l, k, &w->now);
        lockstep_place(steps, k, b->z[k]);
    }
    for (size_t k = b->count; k < BILATERAL_MANY; k++) steps->lanes[k].state = LANE_EMPTY;
    while (running) {
        lockstep_advance(steps, &l->problem, fmax(b->tolerance, solver_options(w->solver)->tolerance / 2), PASSES_TOGETHER);
        running = 0;
        for (size_t k = 0; k < b->count; k++) running += steps->lanes[k].state == LANE_RUNNING;
    }
    for (size_t k = 0; k < b->count; k++) {
        b->passes[k] = steps->lanes[k].passes;
        if (steps->lanes[k].state != LANE_SOLVED) continue;
        b->reason[k] = take_flow(f, w, &l->system.at, BILATERAL_MANY, k, b->flow[k]);
        lane_get(b->z[k], steps->z, k, f->size);
    }
}

static bashu_status solve_batch(const foresight *f, worker *w, batch *b)
{
    TRY(turn_to(f, w, b->state));
    for (size_t k = 0; k < b->count; k++) b->reason[k] = BASHU_NOT_SOLVED;
    if (w->lanes && b->count >= WORTH_TOGETHER) solve_together(f, w, b);
    for (size_t k = 0; k < b->count; k++)
        if (b->reason[k] == BASHU_NOT_SOLVED) TRY(solve_alone(f, w, b, k));
    return BASHU_OK;
}

static void note_failure(foresight *f, bashu_status status, bashu_reason reason, size_t t, const bashu_context *context)
{
#pragma omp critical(bashu_foresight_failure)
    {
        if (status != BASHU_OK && f->status == BASHU_OK) {
            f->status = status;
            snprintf(f->message, sizeof f->message, "%s", bashu_message(context));
        }
        if (status == BASHU_OK && reason <= 0 && (f->failed == BASHU_NOT_SOLVED || t < f->failed_at)) {
            f->failed = reason == BASHU_NOT_SOLVED ? BASHU_DIVERGED_STALLED : reason;
            f->failed_at = t;
        }
    }
}

/* The next batch from period t on, up to `last`; returns the period after it. */
static size_t next_batch(foresight *f, size_t t, size_t last, double tolerance, batch *b)
{
    *b = (batch){.state = state_at(f->known, t), .tolerance = tolerance};
    for (; t <= last && b->count < BILATERAL_MANY && state_at(f->known, t) == b->state; t++, b->count++) {
        b->people[b->count] = f->path->people + t * f->G;
        b->z[b->count] = f->z + t * f->size;
        b->flow[b->count] = f->path->flow + t * f->G;
    }
    return t;
}

bool solve_periods(foresight *f, size_t first, size_t last, double tolerance)
{
    foresight_path *path = f->path;
    batch *batches = f->batches;
    int passes = 0, most = path->most_passes;
    size_t count = 0;
    f->failed = BASHU_NOT_SOLVED;
    if (first == 0 && state_at(f->known, 0) == 0) memset(path->flow, 0, f->G * sizeof *path->flow), first = 1; /* the accounts themselves */
    for (size_t t = first; t <= last; count++) t = next_batch(f, t, last, tolerance, &batches[count]);
#pragma omp parallel for schedule(dynamic) num_threads((int)f->worker_count) reduction(+ : passes) reduction(max : most)
    for (size_t i = 0; i < count; i++) {
        worker *w = &f->workers[omp_get_thread_num()];
        batch *b = &batches[i];
        bashu_status status = solve_batch(f, w, b);
        size_t t = (size_t)(b->flow[0] - path->flow) / f->G;
        if (status != BASHU_OK) note_failure(f, status, BASHU_NOT_SOLVED, t, w->context);
        for (size_t k = 0; status == BASHU_OK && k < b->count; k++) {
            if (b->reason[k] <= 0) note_failure(f, status, b->reason[k], t + k, w->context);
            passes += b->passes[k];
            if (b->passes[k] > most) most = b->passes[k];
        }
    }
    path->passes += passes;
    path->most_passes = most;
    return f->status == BASHU_OK && f->failed == BASHU_NOT_SOLVED;
}

bashu_status foresight_probe(foresight *f, const double *people, size_t count, double *flow)
{
    static const foresight_fundamentals accounts = {0};
    f->known = &accounts;
    for (size_t done = 0; done < count; done += BILATERAL_MANY) {
        batch b = {.count = count - done < BILATERAL_MANY ? count - done : BILATERAL_MANY, .tolerance = 1e-6};
        for (size_t k = 0; k < b.count; k++) {
            b.people[k] = people + (done + k) * f->G;
            b.z[k] = f->z + k * f->size;
            b.flow[k] = flow + (done + k) * f->G;
            memset(b.z[k], 0, f->size * sizeof *b.z[k]);
        }
        TRY(solve_batch(f, &f->workers[0], &b));
        for (size_t k = 0; k < b.count; k++)
            if (b.reason[k] <= 0) memset(b.flow[k], 0, f->G * sizeof *b.flow[k]);
    }
    return BASHU_OK;
}

/* ---- answers ---------------------------------------------------------------------------------------- */

bashu_status foresight_result(bashu_result **out, foresight *f, bool with_changes, size_t t)
{
    const foresight_path *path = foresight_path_of(f, with_changes);
    const foresight_fundamentals *known = with_changes ? &f->changed_known : &f->base_known;
    const shock *built;
    if (!f->solver) {
        TRY(solver_new(&f->solver, &f->still, &f->options));
        solver_set_starts(f->solver, 0);
        solver_keep_pairs(f->solver, false);
        TRY(shock_builder_new(&f->builder, f->memory, &f->leaving));
    }
    TRY(build_state(known, state_at(known, t), f->builder, &built));
    shock now = within_period(built);
    bool is_baseline = now.empty && !memcmp(path->people + t * f->G, f->people, f->G * sizeof(double));
    if (!is_baseline) {
        fill_people_hat(f, path->people + t * f->G, f->people_hat);
        now.people_hat = f->people_hat;
        now.empty = false;
        solver_set_start(f->solver, f->z + t * f->size);
    }
    bashu_status status = solve_shock(out, f->solver, &now);
    solver_set_start(f->solver, NULL);
    return status;
}

/* An answer with its certificate, by the worker's solver from where the path has it. */
static bashu_status check_period(const foresight *f, worker *w, bashu_result **room, size_t t, double *temporary, double *flow)
{
    const foresight_path *path = f->path;
    const double *people = path->people + t * f->G, *reckoned = path->flow + t * f->G;
    TRY(turn_to(f, w, state_at(f->known, t)));
    fill_people_hat(f, people, w->people_hat);
    solver_set_start(w->solver, f->z + t * f->size);
    bashu_status status = solve_shock(room, w->solver, &w->now);
    solver_set_start(w->solver, NULL);
    TRY(status);
    *temporary = (*room)->info.reason > 0 ? (*room)->info.residual : (double)NAN;
    *flow = 0;
    size_t markets = f->economy->about.N * f->economy->about.S;
    const bashu_result *r = *room;
    for (size_t ns = 0; ns < markets; ns++) w->log_utility[ns] = log(r->utility_hat[ns]);
    for (size_t g = 0; g < f->G; g++)
        if (f->is_there[g]) *flow = worse(*flow, flow_of(f, w, g, w->log_utility, r->income, r->labour_income, 1) - reckoned[g]);
    return BASHU_OK;
}

bashu_status foresight_check_periods(foresight *f, bool with_changes, double *temporary, double *flow)
{
    size_t T = f->T, first;
    f->path = with_changes ? &f->changed : &f->base;
    f->known = with_changes ? &f->changed_known : &f->base_known;
    f->status = BASHU_OK;
    first = f->path->announced;
    for (size_t t = 0; t < first; t++) temporary[t] = flow[t] = -1;
    for (size_t q = 0; q < f->worker_count; q++) f->workers[q].state = SIZE_MAX;
#pragma omp parallel for schedule(dynamic, 4) num_threads((int)f->worker_count)
    for (size_t t = first; t <= T; t++) {
        worker *w = &f->workers[omp_get_thread_num()];
        bashu_status status = check_period(f, w, &w->result, t, &temporary[t], &flow[t]);
        if (status != BASHU_OK) note_failure(f, status, BASHU_NOT_SOLVED, t, w->context);
    }
    if (f->status != BASHU_OK) return fail(f->context, f->status, "%s", f->message);
    return BASHU_OK;
}
