/* foresight.c - people who look ahead in an economy whose every period is an ordinary temporary equilibrium.
 *
 *   omega_t    = flow utility of every market in the temporary equilibrium with people L_t and the fundamentals of the period: V of
 *                docs/model.md, section 2.2; a group without wages lives off home production, whose worth does not change; where places own
 *                shares of the portfolio of rents (portfolio_share), people have their wages alone
 *   y_t, L_t   = what people do when they reckon with the path of omega (foresight_people.c), which is one sweep back and one forward
 *   costs of moving act on moves alone (foresight_costs.c): no temporary equilibrium knows of them
 *   fixed point: the path of log omega [T][G] that temporary equilibria say is the one people reckon with
 *
 * Caliendo, Dvorkin & Parro (2019), Econometrica 87(3). After period T - 1 the economy stands in its long run: y_T = y*, L* = mu*' L*,
 * omega* = omega(L*).
 *   baseline        unknowns r_t = log omega_t - log omega* and y*. c is not known but y* gives it (movers_constant), so does L*, and that
 *                   omega*; what is left to meet is y_0 = 0: the observed flows are those of people who knew this path
 *   counterfactual  c is known; first the long run alone (unknown log omega*), then log omega_t from the period of the announcement on
 *
 * Both by Anderson's method, with steps that know how slow directions of moves answer (foresight_steps.c). Temporary equilibria
 * (foresight_periods.c) and steady people are solved only as well as the path so far deserves. */
#include "equilibrium/foresight_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STEP_LIMIT = 150 };
static const double path_tolerance = 2e-9, temporary_share = 2e-2, steady_share = 1e-3, horizon_gap = 1e-4;

/* Costs of moving of every state. */
static bashu_status tell_costs(foresight *f, move_costs *costs, const foresight_fundamentals *known)
{
    size_t states = 1;
    for (size_t t = 0; t <= f->T; t++) states = state_at(known, t) >= states ? state_at(known, t) + 1 : states;
    TRY(move_costs_begin(costs, f->economy, f->flows, states));
    for (size_t t = 0; t <= f->T; t++) {
        const shock *k;
        size_t state = state_at(known, t);
        if (costs->kernel[state]) continue;
        TRY(build_state(known, state, f->workers[0].builder, &k));
        TRY(move_costs_set(costs, state, f->economy, f->flows, f->nu, k->migration_cost_hat));
    }
    return BASHU_OK;
}

static void movers_in(const foresight *f, size_t t) { movers_turn_to(f->movers, f->costs->kernel[state_at(f->known, t)]); }

/* ---- the path as a fixed point ------------------------------------------------------------------- */

static double tolerance_now(const foresight *f)
{
    return fmin(1e-3, temporary_share * f->last);
}

static double row_gap(const foresight *f, const double *flow, const double *less, const double *reckoned, double *gap)
{
    double most = 0;
    for (size_t g = 0; g < f->G; g++) {
        gap[g] = f->is_mobile[g] ? flow[g] - (less ? less[g] : 0) - reckoned[g] : 0;
        most = worse(most, gap[g]);
    }
    return most;
}

/* totals: [T][G] of every period, for the sweep forward. */
static void sweep_back(foresight *f, const double *reckoned, const double *constant, size_t first, double *totals)
{
    for (size_t t = f->T; t-- > first;) {
        for (size_t g = 0; g < f->G; g++) f->work[g] = reckoned[t * f->G + g] + constant[g];
        movers_in(f, t);
        movers_value(f->movers, f->work, f->path->value + (t + 1) * f->G, totals + t * f->G, f->path->value + t * f->G);
    }
}

static void sweep_forward(foresight *f, size_t first, const double *totals)
{
    for (size_t t = first; t < f->T; t++) {
        movers_in(f, t);
        movers_people(f->movers, f->path->value + (t + 1) * f->G, totals + t * f->G, f->path->people + t * f->G,
                      t + 1 < f->T ? f->path->people + (t + 1) * f->G : f->path->at_end);
    }
}

static bool evaluate_baseline(void *payload, const double *u, double *gap, bool fully)
{
    foresight *f = payload;
    foresight_path *path = f->path;
    size_t G = f->G, T = f->T;
    double *long_run = path->value + T * G;
    (void)fully;
    path->steps++;
    for (size_t g = 0; g < G; g++) long_run[g] = u[T * G + g] / (1 - f->beta);
    movers_in(f, T);
    movers_constant(f->movers, long_run, f->constant);
    sweep_back(f, u, f->constant, 0, gap); /* whose room is free until the end */
    sweep_forward(f, 0, gap);
    if (path->steps == 1) memcpy(path->people + T * G, f->people, G * sizeof *u);
    movers_in(f, T);
    if (!movers_steady_people(f->movers, long_run, steady_share * f->last, path->people + T * G)) return false;
    report_progress(f->context, 0, "foresight: baseline path");
    if (!solve_periods(f, 0, T, tolerance_now(f))) return false;
    f->last = 0;
    for (size_t t = 0; t < T; t++) f->last = worse(f->last, row_gap(f, path->flow + t * G, path->flow + T * G, u + t * G, gap + t * G));
    for (size_t g = 0; g < G; g++) {
        gap[T * G + g] = -path->value[g] * (1 - f->beta); /* y_0 = 0 */
        f->last = worse(f->last, gap[T * G + g]);
    }
    return isfinite(f->last);
}

static bool evaluate_counterfactual(void *payload, const double *u, double *gap, bool fully)
{
    foresight *f = payload;
    foresight_path *path = f->path;
    size_t G = f->G, T = f->T, first = path->announced;
    (void)fully;
    path->steps++;
    sweep_back(f, u, f->constant, first, gap); /* whose room is free until the end */
    sweep_forward(f, first, gap);
    report_progress(f->context, 0, "foresight: path with the scenario");
    if (!solve_periods(f, first, T - 1, tolerance_now(f))) return false;
    memset(gap, 0, (T + 1) * G * sizeof *gap);
    f->last = 0;
    for (size_t t = first; t < T; t++) f->last = worse(f->last, row_gap(f, path->flow + t * G, NULL, u + t * G, gap + t * G));
    return isfinite(f->last);
}

/* Values as unknowns, and not flows: what people do with values is tame, and with flows wild where they look far ahead. */
static bool evaluate_long_run(void *payload, const double *u, double *gap, bool fully)
{
    foresight *f = payload;
    foresight_path *path = f->path;
    size_t G = f->G, T = f->T;
    double *value = path->value + T * G, *people = path->people + T * G;
    (void)fully;
    path->long_run_steps++;
    for (size_t g = 0; g < G; g++) value[g] = u[g] / (1 - f->beta);
    movers_in(f, T);
    if (!movers_steady_people(f->movers, value, steady_share * f->last, people)) return false;
    if (!solve_periods(f, T, T, tolerance_now(f))) return false;
    for (size_t g = 0; g < G; g++) f->work[g] = path->flow[T * G + g] + f->constant[g];
    movers_value(f->movers, f->work, value, f->total, gap);
    f->last = row_gap(f, gap, NULL, value, gap);
    return isfinite(f->last);
}

/* ---- solving -------------------------------------------------------------------------------------- */

static bashu_status ended(foresight *f, const solve_outcome *outcome, bashu_reason *reason)
{
    *reason = outcome->reason;
    if (is_cancelled(f->context)) return fail(f->context, BASHU_INTERRUPTED, "interrupted");
    if (f->status != BASHU_OK) return fail(f->context, f->status, "%s", f->message);
    if (outcome->reason <= 0 && f->failed != BASHU_NOT_SOLVED) *reason = f->failed;
    return BASHU_OK;
}

static bashu_status solve_path(foresight *f, foresight_path *path, bool (*evaluate)(void *, const double *, double *, bool))
{
    fixed_point f_of_path = {.size = (f->T + 1) * f->G, .payload = f, .evaluate = evaluate, .precondition = path_step};
    solve_settings settings = {path_tolerance, STEP_LIMIT, RUNG_ANDERSON, 0.5, RUNG_NONE};
    solve_outcome outcome = {0};
    f->last = 1;
    ladder_solve(f->outer, f->context, &f_of_path, &settings, f->reckoned, &outcome);
    path->residual = outcome.residual;
    return ended(f, &outcome, &path->reason);
}

/* Where nobody leaves, lifetime utility is the sum of what comes. */
static void value_of_staying(const foresight *f, foresight_path *path)
{
    size_t G = f->G, T = f->T;
    for (size_t g = 0; g < G; g++) {
        if (!f->is_there[g] || f->is_mobile[g]) continue;
        path->value[T * G + g] = path->flow[T * G + g] / (1 - f->beta);
        for (size_t t = T; t-- > path->announced;) path->value[t * G + g] = path->flow[t * G + g] + f->beta * path->value[(t + 1) * G + g];
        double first = path == &f->base ? path->value[g] : f->stayed[g];
        f->stayed[g] = first;
        for (size_t t = path->announced; t <= T; t++) path->value[t * G + g] -= first;
    }
}

/* Temporary equilibria as good as the options ask, and what the path lacks with them; how far the last period is from the long run. */
static bashu_status finish(foresight *f, foresight_path *path, bool is_base)
{
    size_t G = f->G, T = f->T;
    const double *end = path->flow + T * G, *last = path->flow + (T - 1) * G;
    if (path->reason <= 0) return BASHU_OK;
    movers_in(f, T);
    if (!movers_steady_people(f->movers, path->value + T * G, 0, path->people + T * G) || !solve_periods(f, path->announced, T, 0)) {
        solve_outcome outcome = {.reason = BASHU_DIVERGED_STALLED};
        return ended(f, &outcome, &path->reason);
    }
    path->residual = 0;
    for (size_t t = path->announced; t < T; t++)
        path->residual = worse(path->residual, row_gap(f, path->flow + t * G, is_base ? end : NULL, f->reckoned + t * G, f->work));
    for (size_t g = 0; is_base && g < G; g++) path->residual = worse(path->residual, path->value[g] * (1 - f->beta));
    value_of_staying(f, path);
    path->terminal_gap = 0;
    for (size_t g = 0; g < G; g++) {
        double gap = f->is_mobile[g] ? fabs(last[g] - end[g]) * pow(f->beta, (double)T) : 0;
        if (gap <= path->terminal_gap) continue;
        path->terminal_gap = gap;
        size_t ns = f->flows->market[g], S = f->economy->about.S;
        snprintf(path->where, sizeof path->where, "%s, %s", f->economy->about.regions[ns / S].label.id, f->economy->about.groups[ns % S].id);
    }
    if (path->terminal_gap <= horizon_gap) return BASHU_OK;
    return fail(f->context, BASHU_ERROR_INPUT,
                "foresight: %zu periods are too few: in the last, living in %s is still %.3g (in logs) from its long run, which today counts as %.3g "
                "(%.0e is allowed); give more periods",
                T, path->where, path->terminal_gap / pow(f->beta, (double)T), path->terminal_gap, horizon_gap);
}

bashu_status foresight_baseline(foresight *f, const foresight_fundamentals *known)
{
    static const foresight_fundamentals constant = {0};
    double start = now_s();
    size_t G = f->G;
    foresight_path *path = f->path = &f->base;
    f->base_known = known ? *known : constant;
    f->known = &f->base_known;
    f->costs = &f->base_costs;
    for (size_t q = 0; q < f->worker_count; q++) f->workers[q].state = SIZE_MAX;
    TRY(tell_costs(f, &f->base_costs, f->known));
    memset(f->reckoned, 0, (f->T + 1) * G * sizeof(double));
    memset(f->z, 0, (f->T + 1) * f->size * sizeof(double));
    memcpy(path->people, f->people, G * sizeof(double));
    path->announced = 0;
    path->steps = path->long_run_steps = path->passes = path->most_passes = 0;
    TRY(solve_path(f, path, evaluate_baseline));
    TRY(finish(f, path, true));
    /* c, for flow utility that is less that of the accounts and not that of the long run */
    for (size_t g = 0; g < G; g++) f->constant[g] -= path->flow[f->T * G + g];
    path->time_s = now_s() - start;
    return BASHU_OK;
}

/* Whether the scenario leaves all periods as they are, to the bit: the same states, or shocks that change nothing. */
static bashu_status compare_states(const foresight *f, bool *same)
{
    size_t built = 0;
    bool empty = true;
    *same = true;
    for (size_t t = 0; t <= f->T && *same; t++) {
        size_t base = state_at(&f->base_known, t), state = state_at(&f->changed_known, t);
        if (state && state != built) {
            const shock *k;
            TRY(build_state(&f->changed_known, state, f->workers[0].builder, &k));
            empty = k->empty;
            built = state;
        }
        *same = state == base || (base == 0 && empty);
    }
    return BASHU_OK;
}

static void copy_path(const foresight *f, foresight_path *to, const foresight_path *from)
{
    size_t rows = (f->T + 1) * f->G * sizeof(double);
    memcpy(to->value, from->value, rows);
    memcpy(to->people, from->people, rows);
    memcpy(to->flow, from->flow, rows);
    memcpy(to->at_end, from->at_end, f->G * sizeof(double));
    to->reason = from->reason;
    to->residual = from->residual;
    to->terminal_gap = from->terminal_gap;
    memcpy(to->where, from->where, sizeof to->where);
    to->steps = to->long_run_steps = to->passes = to->most_passes = 0;
}

/* start: (1 - beta) y*, then the answer. */
static bashu_status long_run_from(foresight *f, foresight_path *path, double *start)
{
    fixed_point f_of_path = {.size = f->G, .payload = f, .evaluate = evaluate_long_run, .precondition = long_run_step};
    solve_settings settings = {path_tolerance / 10, STEP_LIMIT, RUNG_ANDERSON, 0.5, RUNG_NONE};
    solve_outcome outcome = {0};
    f->last = 1;
    f->failed = BASHU_NOT_SOLVED;
    ladder_solve(f->long_run, f->context, &f_of_path, &settings, start, &outcome);
    return ended(f, &outcome, &path->reason);
}

static bashu_status solve_long_run(foresight *f, foresight_path *path)
{
    for (size_t g = 0; g < f->G; g++) f->more[g] = (1 - f->beta) * f->base.value[f->T * f->G + g];
    return long_run_from(f, path, f->more);
}

/* A random start: values as far from each other as log people, people of a pool as many as they were. */
static void scatter(foresight *f, random_stream *random, double *start, double *people)
{
    static const double spread = 1.5;
    size_t M = f->flows->markets;
    for (size_t q = 0; q < f->flows->pools; q++) {
        double was = 0, is = 0;
        for (size_t g = q * M; g < (q + 1) * M; g++) {
            if (!f->is_mobile[g]) continue;
            start[g] += (1 - f->beta) * f->nu / f->beta * spread * random_normal(random);
            was += people[g];
            is += people[g] *= exp(spread * random_normal(random));
        }
        for (size_t g = q * M; g < (q + 1) * M; g++)
            if (f->is_mobile[g]) people[g] *= was / is;
    }
}

bashu_status foresight_other_starts(foresight *f, int starts, uint64_t seed, int *found)
{
    enum { FOUND_MOST = 16 };
    static const double same = 1e-6; /* relative, of people */
    size_t G = f->G, row = f->T * G;
    foresight_path *path = f->path, answer = *path;
    double *value, *flow, *z, *known; /* known: people of each long run */
    random_stream random;
    arena *scratch = arena_new(f->context);
    *found = 1;
    if (!scratch) return fail_memory(f->context);
    const array_wanted wanted[] = {{&value, G}, {&flow, G}, {&z, f->size}, {&known, FOUND_MOST * G}};
    bashu_status status = BASHU_OK;
    if (!ARENA_ARRAYS(scratch, wanted)) {
        arena_free(scratch);
        return fail_memory(f->context);
    }
    memcpy(value, path->value + row, G * sizeof *value);
    memcpy(flow, path->flow + row, G * sizeof *flow);
    memcpy(z, f->z + f->T * f->size, f->size * sizeof *z);
    memcpy(known, path->people + row, G * sizeof *known);
    random_seed(&random, seed);
    for (int k = 0; status == BASHU_OK && k < starts; k++) {
        for (size_t g = 0; g < G; g++) f->more[g] = (1 - f->beta) * value[g];
        scatter(f, &random, f->more, path->people + row);
        status = long_run_from(f, path, f->more);
        bool is_new = status == BASHU_OK && path->reason > 0;
        for (int i = 0; is_new && i < *found; i++) {
            double most = 0;
            for (size_t g = 0; g < G; g++)
                if (f->is_mobile[g]) most = worse(most, path->people[row + g] / known[(size_t)i * G + g] - 1);
            is_new = most > same;
        }
        if (is_new && *found < FOUND_MOST) memcpy(known + (size_t)(*found)++ * G, path->people + row, G * sizeof *known);
        if (status == BASHU_OK) memcpy(path->people + row, known, G * sizeof *known);
    }
    *path = answer;
    memcpy(path->value + row, value, G * sizeof *value);
    memcpy(path->flow + row, flow, G * sizeof *flow);
    memcpy(f->z + f->T * f->size, z, f->size * sizeof *z);
    memcpy(path->people + row, known, G * sizeof *known);
    arena_free(scratch);
    return status;
}

bashu_status foresight_counterfactual(foresight *f, const foresight_fundamentals *changed, size_t announced)
{
    double start = now_s();
    foresight_path *path = f->path = &f->changed;
    if (f->base.reason <= 0) return fail(f->context, BASHU_ERROR_ARGUMENT, "foresight: there is no baseline path to compare with");
    if (announced < 1 || announced >= f->T)
        return fail(f->context, BASHU_ERROR_ARGUMENT, "foresight: a scenario becomes known in a period from 1 to %zu, not %zu", f->T - 1, announced);
    f->changed_known = *changed;
    f->known = &f->changed_known;
    f->costs = &f->changed_costs;
    for (size_t q = 0; q < f->worker_count; q++) f->workers[q].state = SIZE_MAX;
    copy_path(f, path, &f->base);
    path->announced = announced;
    bool same;
    TRY(compare_states(f, &same));
    TRY(tell_costs(f, &f->changed_costs, f->known));
    if (same) return BASHU_OK;
    for (size_t t = 0; t < announced; t++)
        if (state_at(changed, t) != state_at(&f->base_known, t))
            return fail(f->context, BASHU_ERROR_ARGUMENT, "foresight: fundamentals of period %zu change before the scenario is known in period %zu", t, announced);
    TRY(solve_long_run(f, path));
    if (path->reason > 0) {
        memcpy(f->reckoned, f->base.flow, (f->T + 1) * f->G * sizeof(double));
        TRY(solve_path(f, path, evaluate_counterfactual));
        TRY(finish(f, path, false));
    }
    path->time_s = now_s() - start;
    return BASHU_OK;
}

/* ---- asking --------------------------------------------------------------------------------------- */

size_t foresight_periods(const foresight *f) { return f->T; }
size_t foresight_markets(const foresight *f) { return f->G; }
const foresight_path *foresight_path_of(const foresight *f, bool with_changes) { return with_changes ? &f->changed : &f->base; }
size_t foresight_market(const foresight *f, size_t market) { return f->flows->market[market]; }

void foresight_moves(const foresight *f, bool with_changes, size_t t, size_t from, double *share)
{
    bool changed = with_changes && t >= f->changed.announced;
    const foresight_path *path = foresight_path_of(f, changed);
    size_t M = f->flows->markets, Q = f->flows->pools, q = from / M, i = from % M;
    const double *kernel = changed ? f->changed_costs.kernel[state_at(&f->changed_known, t)] : f->base_costs.kernel[state_at(&f->base_known, t)];
    const double *next = path->value + (t + 1) * f->G + q * M, *row = kernel + (i * Q + q) * M;
    double sum = 0;
    for (size_t h = 0; h < M; h++) sum += share[h] = row[h] > 0 ? row[h] * exp(f->beta / f->nu * (next[h] - next[i])) : 0;
    for (size_t h = 0; h < M; h++) share[h] = sum > 0 ? share[h] / sum : 0;
}

void foresight_welfare(const foresight *f, double *percent)
{
    size_t first = f->changed.announced * f->G;
    for (size_t g = 0; g < f->G; g++)
        percent[g] = f->is_there[g] ? 100 * expm1((1 - f->beta) * (f->changed.value[first + g] - f->base.value[first + g])) : 0;
}

const bashu_economy *foresight_economy(const foresight *f) { return f->economy; }
const gross_flows *foresight_flows(const foresight *f) { return f->flows; }
double foresight_discount(const foresight *f) { return f->beta; }
double foresight_noise(const foresight *f) { return f->nu; }

const double *foresight_move_cost(const foresight *f, bool with_changes, size_t t)
{
    const foresight_fundamentals *known = with_changes ? &f->changed_known : &f->base_known;
    return (with_changes ? &f->changed_costs : &f->base_costs)->hat[state_at(known, t)];
}
