/* static.c - one counterfactual: shock -> equilibrium -> certificate.
 *
 *   no shock      the baseline is the answer, exactly
 *   otherwise     the ladder of solve/ from the baseline (never from the last answer: answers do not depend on what was
 *                 solved before); when it finds nothing, a path of smaller shocks; then the certificate, by code the
 *                 solver does not use
 *   further       when uniqueness is not known, from random starts; answers that differ by more than 1e-6 in a log are
 *   starts        (each after some plain steps; or ten thousand tolerances) counted as different equilibria. The one reported is the one reached from the baseline. */
#include "equilibrium/equilibrium.h"
#include "equilibrium/continuation.h"
#include "equilibrium/system.h"
#include "solve/deflation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { EQUILIBRIA_MAX = 16 };
static const double start_spread = 1, same_equilibrium = 1e-6;

struct bashu_solver {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    bashu_options options;
    system_of_equations *system;
    ladder *ladder;
    shock_builder *builder;
    double *z, *f, *found; /* found: [EQUILIBRIA_MAX][size] */
    const double *start;
    continuation *path;    /* NULL until a shock needs one */
    symmetry costs;        /* of the baseline */
    bool drops_pairs;      /* results keep nothing as large as the trade shares */
};

/* ---- results ------------------------------------------------------------------------------------- */

static bashu_status result_new(bashu_result **out, const bashu_solver *solver)
{
    const description *about = &solver->economy->about;
    size_t N = about->N, J = about->J, S = about->S;
    arena *memory = arena_new(solver->context);
    if (!memory) return fail_memory(solver->context);
    bashu_result *r = arena_alloc(memory, 1, sizeof *r);
    if (!r) {
        arena_free(memory);
        return fail_memory(solver->context);
    }
    r->context = solver->context;
    r->memory = memory;
    r->economy = solver->economy;
    const array_wanted wanted[] = {{&r->wage_hat, N * S}, {&r->people_hat, N * S}, {&r->rent_hat, N}, {&r->price_hat, N * J},
                  {&r->output_hat, N * J}, {&r->expenditure, N * J}, {&r->income, N}, {&r->value_added, N},
                  {&r->utility_hat, N * S}, {&r->welfare_hat, N * S}, {&r->x, N * J}, {&r->gate_price_hat, N * J}, {&r->amenity_hat, N * S}, {&r->productivity_hat, N * J},
                  {&r->land_hat, N}, {&r->deficit, N}, {&r->subsidies_got, N},
                  {&r->labour_income, N * S}, {&r->access_hat, N * S}, {&r->crowding_hat, N},
                  {&r->science, N}, {&r->researchers[RESEARCH_SCIENCE], N}, {&r->researchers[RESEARCH_INDUSTRY], N}};
    if (!ARENA_ARRAYS(memory, wanted)) {
        arena_free(memory);
        return fail_memory(solver->context);
    }
    *out = r;
    return BASHU_OK;
}

void result_free(bashu_result *result)
{
    if (result) arena_free(result->memory);
}

static void store_hats(bashu_result *r, const problem *p, const double *z)
{
    for (size_t n = 0; n < p->N; n++) {
        const double *zn = z + n * p->K;
        for (size_t s = 0; s < p->S; s++) {
            r->wage_hat[at2(n, s, p->S)] = exp(zn[at_wage(s)]);
            r->people_hat[at2(n, s, p->S)] = exp(zn[at_people(p, s)]);
        }
        r->rent_hat[n] = exp(zn[at_rent(p)]);
        for (size_t j = 0; j < p->J; j++) {
            r->price_hat[at2(n, j, p->J)] = exp(zn[at_price(p, j)]);
            r->output_hat[at2(n, j, p->J)] = exp(zn[at_output(p, j)]);
        }
    }
}

void result_unknowns(double *z, const bashu_result *r)
{
    size_t N = r->economy->about.N, J = r->economy->about.J, S = r->economy->about.S, K = 2 * S + 1 + 2 * J;
    for (size_t n = 0; n < N; n++) {
        double *zn = z + n * K;
        for (size_t s = 0; s < S; s++) {
            zn[s] = log(r->wage_hat[at2(n, s, S)]);
            zn[S + s] = log(r->people_hat[at2(n, s, S)]);
        }
        zn[2 * S] = log(r->rent_hat[n]);
        for (size_t j = 0; j < J; j++) {
            zn[2 * S + 1 + j] = log(r->price_hat[at2(n, j, J)]);
            zn[2 * S + 1 + J + j] = log(r->output_hat[at2(n, j, J)]);
        }
    }
}

size_t solver_unknown_count(const bashu_solver *solver) { return solver->system->size; }

static void store_value_added(bashu_result *r)
{
    const bashu_economy *e = r->economy;
    for (size_t n = 0; n < e->about.N; n++) {
        r->value_added[n] = 0;
        for (size_t j = 0; j < e->about.J; j++) {
            size_t nj = at2(n, j, e->about.J);
            r->value_added[n] += e->value_added_share[nj] * e->output[nj] * r->output_hat[nj];
        }
    }
}

/* The baseline as an answer: hats of exactly one. */
static void store_baseline(bashu_result *r, const problem *p)
{
    const bashu_economy *e = r->economy;
    size_t N = p->N, J = p->J, S = p->S;
    for (size_t i = 0; i < N * S; i++) r->wage_hat[i] = r->people_hat[i] = r->utility_hat[i] = r->welfare_hat[i] = 1;
    for (size_t i = 0; i < N; i++) r->rent_hat[i] = 1;
    for (size_t i = 0; i < N * J; i++) r->price_hat[i] = r->output_hat[i] = 1;
    memcpy(r->expenditure, e->expenditure, N * J * sizeof(double));
    memcpy(r->income, e->income, N * sizeof(double));
    memcpy(r->labour_income, e->labour_income, N * S * sizeof(double));
    for (size_t i = 0; i < N * S; i++) r->access_hat[i] = 1;
    for (size_t i = 0; i < N; i++) r->crowding_hat[i] = 1;
}

/* A copy of what changed, NULL where it is as in the baseline (`base` NULL: all zeros or ones, and then `now` is too). */
static bashu_status keep_changed(double **kept, double **room, arena *memory, const double *now, const double *base, size_t count)
{
    *kept = NULL;
    if (!now || now == base || (base && !memcmp(now, base, count * sizeof *now))) return BASHU_OK;
    if (!*room) *room = arena_alloc(memory, count, sizeof **room);
    if (!*room) return fail_memory(arena_context(memory));
    memcpy(*room, now, count * sizeof *now);
    *kept = *room;
    return BASHU_OK;
}

/* The solver goes on to other shocks: what measuring needs of this one is copied. */
static bashu_status store_shock(bashu_solver *solver, bashu_result *r, const shock *k)
{
    const problem *p = &solver->system->problem;
    const bashu_economy *e = r->economy;
    const point *at = &solver->system->at;
    size_t N = p->N, J = p->J, S = p->S;
    bool multiplicative = e->about.switches.deficits == DEFICITS_MULTIPLICATIVE, unchanged = r->info.reason == BASHU_CONVERGED_UNCHANGED;
    for (size_t i = 0; i < N * J; i++) {
        r->x[i] = unchanged ? 1 : at->x[i];
        r->gate_price_hat[at2(i % N, i / N, J)] = pow(r->x[i], -1 / e->theta[i / N]);
    }
    memcpy(r->amenity_hat, k->amenity_hat, N * S * sizeof(double));
    memcpy(r->productivity_hat, k->productivity_hat, N * J * sizeof(double));
    memcpy(r->land_hat, k->land_hat, N * sizeof(double));
    for (size_t n = 0; n < N; n++)
        r->deficit[n] = (multiplicative && !unchanged ? at->deficit_rate[n] * at->local_value_added[n] : e->deficit[n]) + k->transfer[n];
    for (size_t n = 0; n < N; n++) {
        r->subsidies_got[n] = k->subsidy ? at->got[n] : 0;
        if (k->subsidy) r->deficit[n] += at->got[n] - at->paid[n];
    }
    if (e->research.science) memcpy(r->science, e->research.science, N * sizeof(double));
    for (size_t u = 0; u < RESEARCH_USE_COUNT && e->research.science; u++) memcpy(r->researchers[u], e->research.people[u], N * sizeof(double));
    r->pairs_kept = !solver->drops_pairs;
    r->trade_kernel = r->tariff = r->migration_cost_hat = r->commuting_cost_hat = NULL;
    if (!r->pairs_kept) return BASHU_OK;
    TRY(keep_changed(&r->trade_kernel, &r->room.trade_kernel, r->memory, p->trade.kernel, e->trade_share, N * J * N));
    TRY(keep_changed(&r->tariff, &r->room.tariff, r->memory, k->tariff, e->tariff, N * J * N));
    TRY(keep_changed(&r->commuting_cost_hat, &r->room.commuting_cost_hat, r->memory, k->commuting_cost_hat, NULL, S * N * N));
    return keep_changed(&r->migration_cost_hat, &r->room.migration_cost_hat, r->memory, k->migration_cost_hat, NULL, S * N * N);
}

/* ---- solving ------------------------------------------------------------------------------------- */

/* The solver's own norm is a little stricter than what the certificate will ask for; where that does not do, see sharpen. */
static solve_settings settings_of(const bashu_solver *solver)
{
    rung only = (rung)solver->options.method;
    return (solve_settings){solver->options.tolerance / 2, solver->options.pass_limit, only ? only : RUNG_ANDERSON, 1e-3, only};
}

static void solve_from(bashu_solver *solver, double *z, solve_outcome *outcome)
{
    fixed_point f = system_fixed_point(solver->system);
    solve_settings settings = settings_of(solver);
    ladder_solve(solver->ladder, solver->context, &f, &settings, z, outcome);
}

/* From the baseline, or where a test says; with a path of smaller shocks when that leads nowhere. */
static bashu_status solve_with_path(bashu_solver *solver, const shock *k, double *z, solve_outcome *outcome, bool *followed)
{
    *followed = false;
    solve_from(solver, z, outcome);
    /* rounding can keep the solver from its own margin: the certificate has the last word */
    if (outcome->reason == BASHU_DIVERGED_STALLED && outcome->residual <= solver->options.tolerance)
        outcome->reason = BASHU_CONVERGED_RESIDUAL;
    /* a limit set low is meant: then the caller wants to know, not to wait */
    bool gives_up = outcome->reason == BASHU_DIVERGED_INTERRUPTED
                    || (outcome->reason == BASHU_DIVERGED_LIMIT && solver->options.pass_limit < 1000);
    if (outcome->reason > 0 || gives_up) return BASHU_OK;
    solve_settings settings = settings_of(solver);
    *followed = true;
    return continuation_solve(&solver->path, solver->system, solver->ladder, k, &settings, z, outcome);
}

static double distance(const double *a, const double *b, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = worse(most, a[i] - b[i]);
    return most;
}

/* A start far from the baseline: smooth noise would stay in its basin, so every region draws its own. */
static void random_start(bashu_solver *solver, random_stream *stream, double *z)
{
    const problem *p = &solver->system->problem;
    for (size_t n = 0; n < p->N; n++) {
        double *zn = z + n * p->K, size = start_spread * random_normal(stream), cost = start_spread * random_normal(stream);
        for (size_t s = 0; s < p->S; s++) {
            zn[at_wage(s)] = cost;
            zn[at_people(p, s)] = p->migration.rows ? size : 0;
        }
        zn[at_rent(p)] = cost + size;
        for (size_t j = 0; j < p->J; j++) {
            zn[at_price(p, j)] = cost;
            zn[at_output(p, j)] = cost + size;
        }
    }
}

/* Some plain steps, which go where people and firms would: to what attracts them. Newton's would as soon find an equilibrium that
 * nobody would stay in. */
static void drift(bashu_solver *solver, double *z)
{
    enum { STEPS = 20 };
    fixed_point f = system_fixed_point(solver->system);
    solve_settings settings = {solver->options.tolerance, STEPS, RUNG_PLAIN, 1e-3, RUNG_PLAIN};
    solve_outcome outcome = {0};
    ladder_solve(solver->ladder, solver->context, &f, &settings, z, &outcome);
}

static int starts_wanted(const bashu_solver *solver, bool unique)
{
    if (solver->options.starts >= 0) return solver->options.starts;
    return unique ? 0 : 4;
}

/* Counts what other starts find; the answer itself is not touched. */
static void try_starts(bashu_solver *solver, bashu_result *r, const double *answer, bool unique)
{
    size_t size = solver->system->size;
    int wanted = starts_wanted(solver, unique), found = 1;
    random_stream stream;
    random_seed(&stream, solver->options.seed);
    memcpy(solver->found, answer, size * sizeof *answer);
    r->info.starts = 0;
    for (int k = 0; k < wanted && !is_cancelled(solver->context); k++) {
        solve_outcome outcome = {0};
        report_progress(solver->context, (double)k / wanted, "solve: further starts");
        random_start(solver, &stream, solver->z);
        drift(solver, solver->z);
        solve_from(solver, solver->z, &outcome);
        r->info.starts++;
        bool is_new = outcome.reason > 0;
        for (int i = 0; is_new && i < found; i++)
            is_new = distance(solver->found + (size_t)i * size, solver->z, size) > fmax(same_equilibrium, 1e4 * solver->options.tolerance);
        if (is_new && found < EQUILIBRIA_MAX) memcpy(solver->found + (size_t)found++ * size, solver->z, size * sizeof *answer);
    }
    r->info.equilibria = found;
}

static void describe(bashu_solver *solver, bashu_result *r, const shock *k, const solve_outcome *outcome, bool *unique)
{
    *unique = uniqueness_holds(solver->economy, k, &solver->costs, r->uniqueness, sizeof r->uniqueness);
    r->info.reason = outcome->reason;
    r->info.method = rung_name(outcome->rung);
    r->info.passes = outcome->passes;
    r->info.uniqueness = r->uniqueness;
    r->info.history = r->history;
    r->info.history_count = outcome->history_count;
    r->info.residual = outcome->residual;
    r->info.worst = r->worst;
    r->info.equations = r->equations;
    r->info.equation_count = 0;
    r->info.forward_error = (double)NAN;
    r->info.starts = 0;
    r->info.equilibria = 1;
}

/* Where an answer that did not come about is worst: by the solver's own equations. */
static void describe_failure(bashu_solver *solver, bashu_result *r, const double *z)
{
    const problem *p = &solver->system->problem;
    size_t worst = 0;
    memset(solver->f, 0, solver->system->size * sizeof *solver->f);
    system_evaluate(solver->system, z, solver->f, false); /* what is not finite is found below; zeros were not reached */
    for (size_t i = 0; i < solver->system->size; i++)
        if (!(fabs(solver->f[i]) <= fabs(solver->f[worst]))) worst = i;
    size_t n = worst / p->K, k = worst % p->K;
    const description *about = &solver->economy->about;
    const char *region = about->regions[n].label.id;
    if (k < p->S) snprintf(r->worst, sizeof r->worst, "labour_market: %s, %s", region, about->groups[k].id);
    else if (k < 2 * p->S) snprintf(r->worst, sizeof r->worst, "location: %s, %s", region, about->groups[k - p->S].id);
    else if (k == at_rent(p)) snprintf(r->worst, sizeof r->worst, "land_market: %s", region);
    else if (k < at_output(p, 0))
        snprintf(r->worst, sizeof r->worst, "price: %s, %s", region, about->sectors[k - at_price(p, 0)].label.id);
    else snprintf(r->worst, sizeof r->worst, "goods_market: %s, %s", region, about->sectors[k - at_output(p, 0)].label.id);
}

/* The answer z, but for its certificate. */
static bashu_status fill_in(bashu_solver *solver, bashu_result *r, const shock *k, const double *z)
{
    store_hats(r, &solver->system->problem, z);
    memcpy(r->expenditure, solver->system->at.expenditure, solver->economy->about.N * solver->economy->about.J * sizeof(double));
    memcpy(r->income, solver->system->at.income, solver->economy->about.N * sizeof(double));
    store_value_added(r);
    return store_shock(solver, r, k);
}

static bashu_status finish(bashu_solver *solver, bashu_result *r, const shock *k, const double *z)
{
    TRY(fill_in(solver, r, k, z));
    TRY(certify(r, k));
    if (!(r->info.residual <= solver->options.tolerance)) r->info.reason = BASHU_DIVERGED_CERTIFICATE;
    return BASHU_OK;
}

static void forward_error(bashu_solver *solver, bashu_result *r, const double *z)
{
    fixed_point f = system_fixed_point(solver->system);
    int passes = 0;
    if (!system_evaluate(solver->system, z, solver->f, true)) return;
    f.linearise(f.payload);
    r->info.forward_error = ladder_forward_error(solver->ladder, &f, solver->f, &passes);
}

/* The certificate asks prices in powers of theta and the solver in logs, so where theta is large its margin may not do: on
 * from the answer with a smaller one. */
static bashu_status sharpen(bashu_solver *solver, bashu_result *r, const shock *k, double *z, int passes)
{
    fixed_point f = system_fixed_point(solver->system);
    solve_settings settings = settings_of(solver);
    for (int attempt = 0; attempt < 2 && r->info.reason == BASHU_DIVERGED_CERTIFICATE; attempt++) {
        solve_outcome outcome = {0};
        settings.tolerance /= 30;
        ladder_solve(solver->ladder, solver->context, &f, &settings, z, &outcome);
        r->info.passes = passes += outcome.passes;
        r->info.reason = BASHU_CONVERGED_RESIDUAL; /* until the certificate says otherwise */
        if (!system_evaluate(solver->system, z, solver->f, false)) break; /* the best point need not be the last */
        TRY(finish(solver, r, k, z));
    }
    return BASHU_OK;
}

static bashu_status solve_changed(bashu_solver *solver, bashu_result *r, const shock *k)
{
    size_t size = solver->system->size;
    double *answer = solver->found + (size_t)EQUILIBRIA_MAX * size;
    solve_outcome outcome = {.history = r->history, .history_room = HISTORY_MAX};
    bool unique = false;
    if (solver->start) memcpy(answer, solver->start, size * sizeof *answer);
    else memset(answer, 0, size * sizeof *answer);
    report_progress(solver->context, 0, "solve");
    bool followed = false;
    TRY(solve_with_path(solver, k, answer, &outcome, &followed));
    describe(solver, r, k, &outcome, &unique);
    if (followed) r->info.method = "continuation";
    if (outcome.reason <= 0) {
        describe_failure(solver, r, answer);
        return BASHU_OK;
    }
    TRY(finish(solver, r, k, answer));
    TRY(sharpen(solver, r, k, answer, outcome.passes));
    if (r->info.reason <= 0) return BASHU_OK;
    if (solver->options.starts != 0) {
        forward_error(solver, r, answer);
        try_starts(solver, r, answer, unique);
    }
    return BASHU_OK;
}

bashu_status solve_shock(bashu_result **result, bashu_solver *solver, const shock *k)
{
    double begin = now_s();
    if (*result && (*result)->economy != solver->economy)
        return fail(solver->context, BASHU_ERROR_ARGUMENT, "the result belongs to another economy; free it and pass NULL");
    if (!*result) TRY(result_new(result, solver));
    bashu_result *r = *result;
    TRY(system_set_shock(solver->system, solver->memory, k));
    if (k->empty && !solver->start) {
        solve_outcome outcome = {.reason = BASHU_CONVERGED_UNCHANGED, .rung = RUNG_NONE};
        bool unique;
        describe(solver, r, k, &outcome, &unique);
        store_baseline(r, &solver->system->problem);
        store_value_added(r);
        TRY(store_shock(solver, r, k));
        TRY(certify(r, k));
        /* the audit's own sums of shares may differ from one by rounding; nothing has changed, so welfare has not */
        store_baseline(r, &solver->system->problem);
        r->info.forward_error = 0;
        if (!(r->info.residual <= solver->options.tolerance)) r->info.reason = BASHU_DIVERGED_CERTIFICATE;
    } else {
        TRY(solve_changed(solver, r, k));
    }
    r->info.time_s = now_s() - begin;
    return BASHU_OK;
}

bashu_status solver_accept(bashu_result **result, bashu_solver *solver, const shock *k, const double *z, const solve_outcome *outcome)
{
    bool unique;
    if (!*result) TRY(result_new(result, solver));
    bashu_result *r = *result;
    TRY(system_set_shock(solver->system, solver->memory, k));
    describe(solver, r, k, outcome, &unique);
    memcpy(r->history, outcome->history, outcome->history_count * sizeof *r->history);
    return fill_in(solver, r, k, z);
}

bashu_status solve_point(bashu_solver *solver, const shock *k, bool changed, double tolerance, double *z, solve_outcome *outcome)
{
    bool followed = false;
    double asked = solver->options.tolerance;
    if (changed) TRY(system_set_shock(solver->system, solver->memory, k));
    else preconditioner_restart(solver->system); /* as if nothing had been solved */
    solver->options.tolerance = fmax(asked, tolerance);
    bashu_status status = solve_with_path(solver, k, z, outcome, &followed);
    solver->options.tolerance = asked;
    return status;
}

bashu_status solve_some(bashu_result **result, bashu_solver *solver, const bashu_scenario *scenario,
                        const unsigned char *mask)
{
    const shock *k;
    if (scenario && scenario->economy != solver->economy)
        return fail(solver->context, BASHU_ERROR_ARGUMENT, "the scenario was read for another economy than the solver's");
    TRY(shock_build(&k, solver->builder, scenario, mask));
    return solve_shock(result, solver, k);
}

/* ---- set-up -------------------------------------------------------------------------------------- */

bashu_status solver_new(bashu_solver **out, const bashu_economy *economy, const bashu_options *options)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    arena *memory = arena_new(economy->context);
    *out = NULL;
    if (!memory) return fail_memory(economy->context);
    bashu_status status = BASHU_ERROR_MEMORY;
    bashu_solver *solver = arena_alloc(memory, 1, sizeof *solver);
    if (!solver) goto failed;
    *solver = (bashu_solver){.context = economy->context, .memory = memory, .economy = economy,
                             .options = options ? *options : defaults};
    TRY_ELSE(status, system_new(&solver->system, memory, economy), failed);
    TRY_ELSE(status, ladder_new(&solver->ladder, memory, solver->system->size), failed);
    TRY_ELSE(status, shock_builder_new(&solver->builder, memory, economy), failed);
    status = BASHU_ERROR_MEMORY;
    solver->z = arena_alloc(memory, solver->system->size, sizeof(double));
    solver->f = arena_alloc(memory, solver->system->size, sizeof(double));
    solver->found = arena_alloc(memory, solver->system->size * (EQUILIBRIA_MAX + 1), sizeof(double));
    if (!solver->z || !solver->f || !solver->found) goto failed;
    *out = solver;
    return BASHU_OK;
failed:
    arena_free(memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(economy->context) : status;
}

void solver_free(bashu_solver *solver)
{
    if (solver) arena_free(solver->memory);
}

bashu_status solver_prepare(bashu_solver *solver)
{
    return preconditioner_prepare(solver->system, DEFLATION_MOST);
}

int solver_prepared_passes(const bashu_solver *solver)
{
    return preconditioner_learned_passes(solver->system);
}

void solver_set_starts(bashu_solver *solver, int starts)
{
    solver->options.starts = starts;
}

void solver_keep_pairs(bashu_solver *solver, bool keep)
{
    solver->drops_pairs = !keep;
}

struct system_of_equations *solver_system(const bashu_solver *solver)
{
    return solver->system;
}

void solver_set_start(bashu_solver *solver, const double *z)
{
    solver->start = z;
}

void solver_keep_history(bashu_solver *solver, bool keep)
{
    ladder_keep_history(solver->ladder, keep);
}

const bashu_options *solver_options(const bashu_solver *solver)
{
    return &solver->options;
}
