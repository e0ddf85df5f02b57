/* foresight_periods.c - temporary equilibria along a path (foresight.c): people of a period and its fundamentals in, flow utility out.
 *
 * They begin where those of the last step ended. Periods are spread over threads, each with a solver of its own, and what a period gives does
 * not depend on whose it was. */
#include "equilibrium/foresight_parts.h"
#include "equilibrium/system.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

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

bashu_status worker_open(worker *w, const foresight *f)
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
    return w->people_hat && w->log_utility ? solver_prepare(w->solver) : fail_memory(w->context);
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
    return BASHU_OK;
}

/* Where places own shares of a portfolio of rents, it is of owners who do not move: what V (log) counts of income other than wages is not people's. */
static double owners_part(const bashu_economy *e, size_t n, double income, const double *labour_income)
{
    double before = 0, after = 0;
    if (!e->portfolio_share) return 0;
    for (size_t s = 0; s < e->about.S; s++) {
        before += e->labour_income[at2(n, s, e->about.S)];
        after += labour_income[at2(n, s, e->about.S)];
    }
    return log(income / e->income[n]) - log(after / before);
}

static double flow_of(const foresight *f, const worker *w, size_t g, const double *log_utility, const double *income, const double *labour_income)
{
    size_t ns = f->flows->market[g], n = ns / f->economy->about.S;
    if (f->is_home[ns % f->economy->about.S]) return log(w->now.amenity_hat[ns]);
    return log_utility[ns] - owners_part(f->economy, n, income[n], labour_income);
}

static void take_flow(const foresight *f, const worker *w, double *flow)
{
    const point *at = &solver_system(w->solver)->at;
    for (size_t g = 0; g < f->G; g++)
        if (f->is_there[g]) flow[g] = flow_of(f, w, g, at->log_utility, at->income, at->labour_income);
}

/* One period: people, fundamentals -> flow utility. *reason: how it ended. */
static bashu_status solve_period(const foresight *f, worker *w, size_t state, const double *people, double tolerance, double *z, double *flow,
                                 int *passes, bashu_reason *reason)
{
    solve_outcome outcome = {0};
    bool turned = w->state != state;
    TRY(turn_to(f, w, state));
    fill_people_hat(f, people, w->people_hat);
    TRY(solve_point(w->solver, &w->now, turned, tolerance, z, &outcome));
    *passes += outcome.passes;
    *reason = outcome.reason;
    if (outcome.reason > 0) take_flow(f, w, flow);
    else memset(z, 0, f->size * sizeof *z); /* from the baseline, the next time */
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

/* Periods first .. last of the path being solved. False: one of them has none. */
bool solve_periods(foresight *f, size_t first, size_t last, double tolerance)
{
    foresight_path *path = f->path;
    int passes = 0, most = path->most_passes;
    f->failed = BASHU_NOT_SOLVED;
#pragma omp parallel for schedule(dynamic, 4) num_threads((int)f->worker_count) reduction(+ : passes) reduction(max : most)
    for (size_t t = first; t <= last; t++) {
        worker *w = &f->workers[omp_get_thread_num()];
        int here = 0;
        bashu_reason reason = BASHU_CONVERGED_UNCHANGED;
        bashu_status status = BASHU_OK;
        double *flow = path->flow + t * f->G;
        if (t == 0 && state_at(f->known, 0) == 0) memset(flow, 0, f->G * sizeof *flow); /* the accounts themselves */
        else status = solve_period(f, w, state_at(f->known, t), path->people + t * f->G, tolerance, f->z + t * f->size, flow, &here, &reason);
        if (status != BASHU_OK || reason <= 0) note_failure(f, status, reason, t, w->context);
        passes += here;
        if (here > most) most = here;
    }
    path->passes += passes;
    path->most_passes = most;
    return f->status == BASHU_OK && f->failed == BASHU_NOT_SOLVED;
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
        if (f->is_there[g]) *flow = worse(*flow, flow_of(f, w, g, w->log_utility, r->income, r->labour_income) - reckoned[g]);
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
