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
 * Both by Anderson's method. Temporary equilibria begin where those of the last step ended and are solved only as well as the path so far
 * deserves; periods are spread over threads, each with a solver of its own, and what a period gives does not depend on whose it was. */
#include "equilibrium/foresight.h"
#include "equilibrium/foresight_people.h"
#include "equilibrium/system.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 8, STEP_LIMIT = 150 };
static const double path_tolerance = 5e-9, temporary_share = 1e-3, horizon_gap = 1e-4;
static const double falls_ordinarily = 0.3;

typedef struct worker {
    bashu_context *context;
    bashu_economy economy;  /* the same arrays; nobody moves within a period */
    bashu_economy leaving;  /* the same for shocks, to which people move from where they are */
    arena *memory;
    bashu_solver *solver;
    shock_builder *builder;
    shock now;              /* of the state below, with the people of the period */
    double *people_hat, *log_utility; /* [N][S] */
    size_t state;           /* SIZE_MAX: none yet */
    bashu_result *result;   /* of the period being checked */
} worker;

struct foresight {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    bashu_economy still, leaving; /* the economy, as in worker */
    bashu_options options;
    const gross_flows *flows;
    double beta, nu;
    size_t T, G, size;      /* size: unknowns of a temporary equilibrium */
    unsigned char *is_there, *is_mobile; /* [G] somebody lives there; and may leave */
    unsigned char *is_home; /* [S] lives off home production */
    double *reaction;       /* [S] of moves to costs of moving, as an elasticity: 1 / nu */
    double *people;         /* [G] of period 0 */
    double *constant;       /* c [G] */
    double *reckoned;       /* [T + 1][G] the fixed point's unknowns */
    double *work, *more;    /* [G] */
    double *stayed;         /* [G] lifetime utility on the baseline path where nobody leaves */
    double *riccati;        /* [2][T + 1] */
    double *z;              /* [T + 1][size] */
    movers *movers;
    ladder *outer, *long_run;
    worker *workers;
    size_t worker_count;
    bashu_solver *solver;   /* for answers, in the economy's own context; NULL until one is wanted */
    shock_builder *builder;
    double *people_hat;
    foresight_path base, changed;
    foresight_fundamentals base_known, changed_known;
    move_costs base_costs, changed_costs;
    /* of the fixed point being solved */
    foresight_path *path;
    const foresight_fundamentals *known;
    const move_costs *costs;
    double last;            /* residual of the step before */
    double falls;           /* about how much flow utility falls with own people, as an elasticity: for steps alone */
    bashu_status status;    /* of what went wrong inside */
    char message[512];
    bashu_reason failed;    /* how a temporary equilibrium ended that was not found; 0: all were */
    size_t failed_at;
};

static size_t state_at(const foresight_fundamentals *known, size_t t) { return known->state ? known->state[t] : 0; }

/* ---- temporary equilibria ------------------------------------------------------------------------ */

static bashu_economy immobile(const bashu_economy *economy, bashu_context *context)
{
    bashu_economy e = *economy;
    e.context = context;
    e.about.switches.mobility = MOBILITY_NONE;
    return e;
}

/* Shocks tell costs of moving of an economy whose people move; the elasticity is that of moves in a period. */
static bashu_economy mobile(const foresight *f, const bashu_economy *immobile_one)
{
    bashu_economy e = *immobile_one;
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

static bashu_status worker_open(worker *w, const foresight *f)
{
    *w = (worker){.state = SIZE_MAX};
    TRY(context_child(&w->context, f->context));
    w->economy = immobile(f->economy, w->context);
    w->memory = arena_new(w->context);
    if (!w->memory) return fail_memory(w->context);
    w->leaving = mobile(f, &w->economy);
    TRY(shock_builder_new(&w->builder, w->memory, &w->leaving));
    TRY(solver_new(&w->solver, &w->economy, &f->options));
    solver_set_starts(w->solver, 0);
    w->people_hat = arena_alloc(w->memory, w->economy.about.N * w->economy.about.S, sizeof(double));
    w->log_utility = arena_alloc(w->memory, w->economy.about.N * w->economy.about.S, sizeof(double));
    return w->people_hat && w->log_utility ? solver_prepare(w->solver) : fail_memory(w->context);
}

static void worker_close(worker *w)
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

static bashu_status build_state(const foresight_fundamentals *known, size_t state, shock_builder *builder, const shock **out)
{
    return state ? known->build(known->payload, state, builder, out) : shock_build(out, builder, NULL, NULL);
}

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
static bool solve_periods(foresight *f, size_t first, size_t last, double tolerance)
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

static void sweep_back(foresight *f, const double *reckoned, const double *constant, size_t first)
{
    for (size_t t = f->T; t-- > first;) {
        for (size_t g = 0; g < f->G; g++) f->work[g] = reckoned[t * f->G + g] + constant[g];
        movers_in(f, t);
        movers_value(f->movers, f->work, f->path->value + (t + 1) * f->G, f->path->value + t * f->G);
    }
}

static void sweep_forward(foresight *f, size_t first)
{
    for (size_t t = first; t < f->T; t++) {
        movers_in(f, t);
        movers_people(f->movers, f->path->value + (t + 1) * f->G, f->path->people + t * f->G,
                      t + 1 < f->T ? f->path->people + (t + 1) * f->G : f->path->at_end);
    }
}

/* By least squares over markets and periods. */
static double see_fall(const foresight *f)
{
    double product = 0, square = 0;
    for (size_t k = 0; k < f->T * f->G; k++) {
        size_t g = k % f->G;
        if (!f->is_mobile[g]) continue;
        double more = log(f->path->people[k] / f->people[g]);
        product -= more * f->path->flow[k];
        square += more * more;
    }
    return square > 1e-6 * (double)(f->T * f->G) ? fmin(falls_ordinarily, fmax(0.05, product / square)) : falls_ordinarily;
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
    sweep_back(f, u, f->constant, 0);
    sweep_forward(f, 0);
    if (path->steps == 1) memcpy(path->people + T * G, f->people, G * sizeof *u);
    movers_in(f, T);
    if (!movers_steady_people(f->movers, long_run, path->people + T * G)) return false;
    report_progress(f->context, 0, "foresight: baseline path");
    if (!solve_periods(f, 0, T, tolerance_now(f))) return false;
    if (path->steps == 1) f->falls = see_fall(f);
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
    sweep_back(f, u, f->constant, first);
    sweep_forward(f, first);
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
    memcpy(value, u, G * sizeof *u);
    movers_in(f, T);
    if (!movers_steady_people(f->movers, value, people)) return false;
    if (!solve_periods(f, T, T, 0)) return false;
    for (size_t g = 0; g < G; g++) f->work[g] = path->flow[T * G + g] + f->constant[g];
    movers_value(f->movers, f->work, value, gap);
    f->last = row_gap(f, gap, NULL, u, gap);
    return isfinite(f->last);
}

/* What the flow of a market does to itself, all others as they are and flow falling with own people at a rate e, taken linear: in logs
 *
 *   dy_t = dw_t + beta s dy_t+1,   dl_t+1 = s dl_t + k dy_t+1,   dw_t = gap_t - e dl_t          s: who stay;  k = beta / nu (1 - s^2)
 *
 * with dl_0 = 0 and dy_T = 0; solved by dy_t = p_t - q_t dl_t, back for p and q, forward for dl. */
static void path_step(void *payload, const double *gap, double *step)
{
    const foresight *f = payload;
    size_t G = f->G, T = f->T, M = f->flows->markets, Q = f->flows->pools;
    double *p = f->riccati, *q = p + T + 1, e = f->falls;
    memcpy(step, gap, (T + 1) * G * sizeof *gap);
    for (size_t g = 0; g < G; g++) {
        double s = f->flows->share[(g % M * Q + g / M) * M + g % M], k = f->beta / f->nu * (1 - s * s), people = 0;
        if (!f->is_mobile[g]) continue;
        p[T] = q[T] = 0;
        for (size_t t = T; t-- > 0;) {
            double less = 1 + k * q[t + 1];
            q[t] = e + f->beta * s * s * q[t + 1] / less;
            p[t] = gap[t * G + g] + f->beta * s * p[t + 1] / less;
        }
        for (size_t t = 0; t < T; t++) {
            step[t * G + g] = gap[t * G + g] - e * people;
            people = (s * people + k * p[t + 1]) / (1 + k * q[t + 1]);
        }
    }
}

/* A higher value draws people from others, who make its flow fall: by about so much. */
static void long_run_step(void *payload, const double *gap, double *step)
{
    const foresight *f = payload;
    size_t M = f->flows->markets, Q = f->flows->pools;
    for (size_t g = 0; g < f->G; g++) {
        double staying = f->flows->share[(g % M * Q + g / M) * M + g % M];
        step[g] = gap[g] / (1 - f->beta * staying + f->falls * fmin(1, 2 * f->beta / f->nu));
    }
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
    if (!solve_periods(f, path->announced, T, 0)) {
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

static bashu_status solve_long_run(foresight *f, foresight_path *path)
{
    fixed_point f_of_path = {.size = f->G, .payload = f, .evaluate = evaluate_long_run, .precondition = long_run_step};
    solve_settings settings = {path_tolerance / 10, STEP_LIMIT, RUNG_ANDERSON, 0.5, RUNG_NONE};
    solve_outcome outcome = {0};
    f->last = 1;
    memcpy(f->more, f->base.value + f->T * f->G, f->G * sizeof(double));
    ladder_solve(f->long_run, f->context, &f_of_path, &settings, f->more, &outcome);
    return ended(f, &outcome, &path->reason);
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

const bashu_economy *foresight_economy(const foresight *f) { return f->economy; }
const gross_flows *foresight_flows(const foresight *f) { return f->flows; }
double foresight_discount(const foresight *f) { return f->beta; }
double foresight_noise(const foresight *f) { return f->nu; }

const double *foresight_move_cost(const foresight *f, bool with_changes, size_t t)
{
    const foresight_fundamentals *known = with_changes ? &f->changed_known : &f->base_known;
    return (with_changes ? &f->changed_costs : &f->base_costs)->hat[state_at(known, t)];
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

/* ---- set-up --------------------------------------------------------------------------------------- */

static const char *market_words(const foresight *f, size_t g, char *words, size_t size)
{
    size_t ns = f->flows->market[g], S = f->economy->about.S;
    snprintf(words, size, "%s, %s", f->economy->about.regions[ns / S].label.id, f->economy->about.groups[ns % S].id);
    return words;
}

static double share_between(const foresight *f, size_t q, size_t from, size_t to)
{
    return f->flows->share[(from * f->flows->pools + q) * f->flows->markets + to];
}

/* Marks the markets of a pool that can be reached from `from` (or from which it can be reached). */
static void reach(const foresight *f, size_t q, size_t from, bool back, unsigned char *seen, size_t *queue)
{
    size_t M = f->flows->markets, head = 0, tail = 0;
    memset(seen, 0, M);
    seen[from] = 1;
    queue[tail++] = from;
    while (head < tail) {
        size_t i = queue[head++];
        for (size_t h = 0; h < M; h++) {
            if (seen[h] || !((back ? share_between(f, q, h, i) : share_between(f, q, i, h)) > 0)) continue;
            seen[h] = 1;
            queue[tail++] = h;
        }
    }
}

/* All markets of a pool in which somebody moves must be connected: else there are several long runs. */
static bashu_status check_connected(const foresight *f, size_t q, unsigned char *seen, size_t *queue)
{
    size_t M = f->flows->markets, from = 0;
    char one[128], other[128];
    while (from < M && (!f->is_there[q * M + from] || share_between(f, q, from, from) == 1)) from++;
    if (from == M) return BASHU_OK;
    for (int back = 0; back < 2; back++) {
        reach(f, q, from, back, seen, queue);
        for (size_t h = 0; h < M; h++)
            if (f->is_there[q * M + h] && share_between(f, q, h, h) != 1 && !seen[h])
                return fail(f->context, BASHU_ERROR_INPUT, "%s: gross flows lead from (%s) to (%s) on no way, so that there is no one long run; add a flow",
                            f->economy->about.folder, market_words(f, q * M + (back ? h : from), one, sizeof one),
                            market_words(f, q * M + (back ? from : h), other, sizeof other));
    }
    return BASHU_OK;
}

static bashu_status check_flows(const foresight *f)
{
    size_t M = f->flows->markets, Q = f->flows->pools;
    char words[128];
    for (size_t g = 0; g < f->G; g++) {
        size_t q = g / M, i = g % M;
        double sum = 0;
        if (!f->is_there[g]) continue;
        for (size_t h = 0; h < M; h++) {
            double share = share_between(f, q, i, h);
            if (!(share >= 0) || (share > 0 && !f->is_there[q * M + h]))
                return fail(f->context, BASHU_ERROR_INPUT, "%s: gross flows out of (%s) are negative, or go where nobody lives", f->economy->about.folder,
                            market_words(f, g, words, sizeof words));
            sum += share;
        }
        if (!(fabs(sum - 1) <= 1e-9))
            return fail(f->context, BASHU_ERROR_INPUT, "%s: gross flows out of (%s), with those who stay, are %.12g of the people there; they must be all",
                        f->economy->about.folder, market_words(f, g, words, sizeof words), sum);
    }
    unsigned char *seen = malloc(M);
    size_t *queue = malloc(M * sizeof *queue);
    bashu_status status = seen && queue ? BASHU_OK : fail_memory(f->context);
    for (size_t q = 0; status == BASHU_OK && q < Q; q++) status = check_connected(f, q, seen, queue);
    free(seen);
    free(queue);
    return status;
}

static bashu_status check_parameters(const foresight *f, size_t periods)
{
    const char *folder = f->economy->about.folder;
    if (!f->flows)
        return fail(f->context, BASHU_ERROR_INPUT, "%s: people who look ahead need to be seen moving: add the table gross_flows, or state gross_migration", folder);
    if (!(f->beta > 0 && f->beta < 1))
        return fail(f->context, BASHU_ERROR_INPUT, "%s: discount_factor is %g; it must be above 0 and below 1, or lifetime utility has no end", folder, f->beta);
    if (!(f->nu > 0))
        return fail(f->context, BASHU_ERROR_INPUT, "%s: migration_noise is %g; it must be above 0, or all people of a place would move at once", folder, f->nu);
    if (periods < 2) return fail(f->context, BASHU_ERROR_ARGUMENT, "foresight: %zu periods are too few; give 2 or more", periods);
    return BASHU_OK;
}

static void mark_home(foresight *f)
{
    const bashu_economy *e = f->economy;
    for (size_t s = 0; s < e->about.S; s++) {
        double wages = 0;
        for (size_t n = 0; n < e->about.N; n++) wages += e->wage_bill[at2(n, s, e->about.S)];
        f->is_home[s] = !(wages > 0);
    }
}

static bashu_status path_room(foresight_path *path, const foresight *f)
{
    size_t rows = (f->T + 1) * f->G;
    const array_wanted wanted[] = {{&path->value, rows}, {&path->people, rows}, {&path->flow, rows}, {&path->at_end, f->G}};
    return ARENA_ARRAYS(f->memory, wanted) ? BASHU_OK : fail_memory(f->context);
}

static bashu_status set_up(foresight *f)
{
    size_t N = f->economy->about.N, S = f->economy->about.S, rows = f->T + 1;
    f->G = f->flows->pools * f->flows->markets;
    f->worker_count = (size_t)thread_count(f->context) < f->T ? (size_t)thread_count(f->context) : f->T;
    f->is_there = arena_alloc(f->memory, f->G, 1);
    f->is_mobile = arena_alloc(f->memory, f->G, 1);
    f->is_home = arena_alloc(f->memory, S, 1);
    f->workers = arena_alloc(f->memory, f->worker_count, sizeof *f->workers);
    const array_wanted wanted[] = {{&f->people, f->G}, {&f->constant, f->G}, {&f->reckoned, rows * f->G}, {&f->work, f->G}, {&f->more, f->G},
                                   {&f->people_hat, N * S}, {&f->riccati, 2 * rows}, {&f->stayed, f->G}, {&f->reaction, S}};
    if (!f->is_there || !f->is_mobile || !f->is_home || !f->workers || !ARENA_ARRAYS(f->memory, wanted)) return fail_memory(f->context);
    mark_home(f);
    for (size_t s = 0; s < S; s++) f->reaction[s] = 1 / f->nu;
    f->leaving = mobile(f, &f->still);
    for (size_t g = 0; g < f->G; g++) {
        size_t ns = f->flows->market[g];
        f->people[g] = ns == SIZE_MAX ? 0 : f->economy->people[ns];
        f->is_there[g] = f->people[g] > 0;
        f->is_mobile[g] = f->is_there[g] && share_between(f, g / f->flows->markets, g % f->flows->markets, g % f->flows->markets) < 1;
    }
    TRY(check_flows(f));
    TRY(movers_new(&f->movers, f->memory, f->context, f->flows->pools, f->flows->markets, f->flows->share, f->is_mobile, f->beta, f->nu));
    TRY(path_room(&f->base, f));
    TRY(path_room(&f->changed, f));
    TRY(ladder_new_small(&f->outer, f->memory, rows * f->G, DEPTH));
    TRY(ladder_new_small(&f->long_run, f->memory, f->G, DEPTH));
    for (size_t q = 0; q < f->worker_count; q++) {
        bashu_status status = worker_open(&f->workers[q], f);
        if (status != BASHU_OK) return fail(f->context, status, "%s", f->workers[q].context ? bashu_message(f->workers[q].context) : "out of memory");
    }
    f->size = solver_unknown_count(f->workers[0].solver);
    f->z = arena_alloc(f->memory, rows * f->size, sizeof *f->z);
    return f->z ? BASHU_OK : fail_memory(f->context);
}

bashu_status foresight_new(foresight **out, const bashu_economy *economy, const bashu_options *options, size_t periods)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    arena *memory = arena_new(economy->context);
    foresight *f = memory ? arena_alloc(memory, 1, sizeof *f) : NULL;
    *out = NULL;
    if (!f) {
        if (memory) arena_free(memory);
        return fail_memory(economy->context);
    }
    *f = (foresight){.context = economy->context, .memory = memory, .economy = economy, .options = options ? *options : defaults, .T = periods,
                     .flows = economy->flows, .beta = economy->about.elasticities[DISCOUNT_FACTOR].by_item[0],
                     .nu = economy->about.elasticities[MIGRATION_NOISE].by_item[0]};
    f->still = immobile(economy, economy->context);
    bashu_status status = check_parameters(f, periods);
    if (status == BASHU_OK) status = set_up(f);
    if (status != BASHU_OK) {
        foresight_free(f);
        return status;
    }
    *out = f;
    return BASHU_OK;
}

void foresight_free(foresight *f)
{
    if (!f) return;
    for (size_t q = 0; f->workers && q < f->worker_count; q++) worker_close(&f->workers[q]);
    solver_free(f->solver);
    move_costs_free(&f->base_costs);
    move_costs_free(&f->changed_costs);
    arena_free(f->memory);
}
