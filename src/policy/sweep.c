/* sweep.c - many scenarios over threads; draws of one scenario from the ranges that its changes state.
 *
 *   u ~ uniform (0,1), one stream a draw, one number a change in the order of the file (low <= value <= high after sorting)
 *   uniform     low + u (high - low)
 *   triangular  c = (value - low) / (high - low):  u < c: low + sqrt(u (high - low) (value - low)),
 *                                                  else   high - sqrt((1 - u) (high - low) (high - value))
 *   quantile q  of n ordered numbers x: between x[floor h] and the next, h = (n - 1) q   (Hyndman & Fan 1996, type 7)
 *   driver      Spearman's rank correlation, ties by their mean rank */
#include "policy/sweep.h"

#include "equilibrium/many.h"
#include "measure/rank.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- workers -------------------------------------------------------------------------------------- */

/* The error of the lowest number that anybody met. */
typedef struct sweep_failure {
    bashu_status status;
    size_t k;
    char message[1024];
} sweep_failure;

/* What workers share. */
typedef struct sweeping {
    const bashu_economy *economy;
    const bashu_options *options;
    const sweep_work *work;
    size_t lanes;         /* that a worker uses: fewer where there are not enough scenarios for all */
    size_t next, done;    /* numbers handed out, answers taken */
    bool stop, asked;     /* asked: for a basis, whatever came of it */
    bashu_context *basis_context;
    bashu_economy basis_economy;
    many_basis *basis;    /* made when the first scenario wants it; NULL: all are solved alone */
    sweep_failure failure;
} sweeping;

typedef struct worker {
    sweeping *all;
    bashu_context *context;
    bashu_economy economy; /* the same arrays in the worker's own context */
    arena *memory;
    bashu_solver *solver;
    shock_builder *builder;
    bashu_result *result;
    double *start;         /* NULL: always from the baseline */
    many_solver *many;     /* NULL until wanted */
} worker;

static bashu_status worker_open(worker *w, sweeping *s)
{
    *w = (worker){.all = s};
    TRY(context_child(&w->context, s->economy->context));
    w->economy = *s->economy;
    w->economy.context = w->context;
    w->memory = arena_new(w->context);
    if (!w->memory) return fail_memory(w->context);
    TRY(shock_builder_new(&w->builder, w->memory, &w->economy));
    TRY(solver_new(&w->solver, &w->economy, s->options));
    solver_set_starts(w->solver, 0); /* other equilibria are not looked for in a sweep */
    solver_keep_pairs(w->solver, false);
    if (s->work->start && !(w->start = arena_alloc(w->memory, solver_unknown_count(w->solver), sizeof *w->start))) return fail_memory(w->context);
    return BASHU_OK;
}

static void worker_close(worker *w)
{
    many_solver_free(w->many);
    result_free(w->result);
    solver_free(w->solver);
    if (w->memory) arena_free(w->memory);
    if (w->context) bashu_close(w->context);
}

/* Called by one thread at a time. */
static void note_failure(sweeping *s, bashu_status status, size_t k, const bashu_context *context)
{
    if (status == BASHU_OK) return;
    s->stop = true;
    if (s->failure.status != BASHU_OK && s->failure.k <= k) return;
    s->failure.status = status;
    s->failure.k = k;
    snprintf(s->failure.message, sizeof s->failure.message, "%s", context ? bashu_message(context) : "out of memory");
}

static void note_error(worker *w, bashu_status status, size_t k)
{
#pragma omp critical(sweep)
    note_failure(w->all, status, k, w->context);
}

/* The next number, if there is one and all is well. */
static bool next_number(const worker *w, size_t *k)
{
    sweeping *s = w->all;
    bool any;
#pragma omp critical(sweep)
    {
        any = s->next < s->work->count && !s->stop && !is_cancelled(s->economy->context);
        *k = s->next;
        if (any) s->next++;
    }
    return any;
}

/* The basis in a context of its own, which outlives the worker that happened to ask first. */
static bashu_status basis_of(sweeping *s, bashu_context *asking)
{
    bashu_status status = BASHU_OK;
#pragma omp critical(sweep_basis)
    if (!s->asked) {
        s->asked = true;
        status = context_child(&s->basis_context, s->economy->context);
        s->basis_economy = *s->economy;
        s->basis_economy.context = s->basis_context;
        if (status == BASHU_OK) status = many_basis_new(&s->basis, &s->basis_economy);
    }
    return status == BASHU_OK ? BASHU_OK : fail_memory(asking);
}

static void report_done(worker *w)
{
    sweeping *s = w->all;
    size_t so_far;
#pragma omp atomic capture
    so_far = ++s->done;
    if (omp_get_thread_num() == 0) report_progress(s->economy->context, (double)so_far / (double)s->work->count, "sweep");
}

static bashu_status hand_over(worker *w, size_t k, const bashu_result *result)
{
    report_done(w);
    return w->all->work->take(w->all->work->payload, k, result);
}

/* Scenario k into the lane, or solved alone where it does not go there; *placed says which. */
static bashu_status begin(worker *w, size_t k, size_t lane, bool *placed)
{
    const sweep_work *work = w->all->work;
    const shock *now;
    const double *start = NULL;
    *placed = false;
    TRY(work->build(work->payload, k, w->builder, &now));
    if (w->start) {
        memset(w->start, 0, solver_unknown_count(w->solver) * sizeof *w->start);
        if (!now->empty && work->start(work->payload, k, w->start)) start = w->start; /* no change is the baseline itself, to the bit */
    }
    if (many_takes(&w->economy, w->all->options, now)) {
        TRY(basis_of(w->all, w->context));
        if (w->all->basis && !w->many) TRY(many_solver_new(&w->many, w->memory, w->all->basis, w->solver));
        *placed = w->many;
    }
    if (*placed) {
        many_place(w->many, lane, now, start, k);
        return BASHU_OK;
    }
    solver_set_start(w->solver, start);
    TRY(solve_shock(&w->result, w->solver, now));
    return hand_over(w, k, w->result);
}

/* Fills empty lanes; false: nothing is left to do. */
static bool fill_lanes(worker *w)
{
    bool busy = false;
    for (size_t lane = 0; lane < w->all->lanes; lane++) {
        size_t k;
        bool placed = w->many && many_state(w->many, lane) == LANE_RUNNING;
        while (!placed && next_number(w, &k)) note_error(w, begin(w, k, lane, &placed), k);
        busy = busy || placed;
    }
    return busy && !w->all->stop && !is_cancelled(w->all->economy->context);
}

/* Certificates for those who wait, and away with them. */
static void answer_waiting(worker *w)
{
    size_t k = 0, count = w->many ? many_waiting(w->many) : 0;
    if (!count) return;
    bashu_status status = many_certify(w->many);
    if (status != BASHU_OK) many_answer(w->many, 0, &k);
    for (size_t i = 0; status == BASHU_OK && i < count; i++) {
        const bashu_result *result = many_answer(w->many, i, &k);
        status = hand_over(w, k, result);
    }
    note_error(w, status, k);
    many_forget(w->many);
}

static void empty_lanes(worker *w)
{
    for (size_t lane = 0; lane < w->all->lanes; lane++) {
        lane_state state = many_state(w->many, lane);
        if (state != LANE_SOLVED && state != LANE_LOST) continue;
        if (many_waiting(w->many) == BILATERAL_MANY) answer_waiting(w);
        note_error(w, many_collect(w->many, lane), 0);
    }
}

/* The part of one worker in a parallel region. */
static void run_worker(sweeping *s)
{
    worker w;
    bashu_status opened = worker_open(&w, s);
    note_error(&w, opened, 0);
    while (opened == BASHU_OK && fill_lanes(&w)) {
        many_advance(w.many);
        empty_lanes(&w);
    }
    if (!s->stop && !is_cancelled(s->economy->context)) answer_waiting(&w);
    worker_close(&w);
}

bashu_status sweep_run(const bashu_economy *economy, const bashu_options *options, const sweep_work *work)
{
    size_t most = (size_t)thread_count(economy->context), workers = most < work->count ? most : work->count;
    sweeping s = {.economy = economy, .options = options, .work = work, .lanes = BILATERAL_MANY};
    if (workers && work->count < workers * BILATERAL_MANY) s.lanes = (work->count + workers - 1) / workers;
#pragma omp parallel num_threads((int)(workers ? workers : 1))
    run_worker(&s);
    many_basis_free(s.basis);
    if (s.basis_context) bashu_close(s.basis_context);
    if (is_cancelled(economy->context)) return fail(economy->context, BASHU_INTERRUPTED, "interrupted");
    return s.failure.status == BASHU_OK ? BASHU_OK : fail(economy->context, s.failure.status, "%s", s.failure.message);
}

/* ---- a list of scenarios -------------------------------------------------------------------------- */

typedef struct scenario_list {
    const bashu_scenario *const *scenarios;
    bashu_take *take;
    void *payload;
    omp_lock_t one_at_a_time;
} scenario_list;

static bashu_status build_listed(void *payload, size_t k, shock_builder *builder, const shock **out)
{
    const scenario_list *list = payload;
    return shock_build(out, builder, list->scenarios[k], NULL);
}

static bashu_status take_listed(void *payload, size_t k, const bashu_result *result)
{
    scenario_list *list = payload;
    omp_set_lock(&list->one_at_a_time);
    list->take(list->payload, k, result);
    omp_unset_lock(&list->one_at_a_time);
    return BASHU_OK;
}

bashu_status solve_each(const bashu_economy *economy, const bashu_options *options, const bashu_scenario *const *scenarios, size_t count,
                        bashu_take *take, void *payload)
{
    scenario_list list = {.scenarios = scenarios, .take = take, .payload = payload};
    for (size_t k = 0; k < count; k++)
        if (scenarios[k] && scenarios[k]->economy != economy)
            return fail(economy->context, BASHU_ERROR_ARGUMENT, "scenario %zu was read for another economy", k);
    omp_init_lock(&list.one_at_a_time);
    sweep_work work = {.count = count, .build = build_listed, .take = take_listed, .payload = &list};
    bashu_status status = sweep_run(economy, options, &work);
    omp_destroy_lock(&list.one_at_a_time);
    return status;
}

/* ---- draws ---------------------------------------------------------------------------------------- */

bool sweep_varies(const change *c)
{
    return isfinite(c->value) && (isfinite(c->low) || isfinite(c->high));
}

static double drawn(const change *c, bashu_distribution distribution, double u)
{
    double a = isfinite(c->low) ? c->low : c->value, b = isfinite(c->high) ? c->high : c->value, mode = c->value;
    double low = fmin(fmin(a, b), mode), high = fmax(fmax(a, b), mode), width = high - low;
    if (!(width > 0)) return mode;
    if (distribution == BASHU_UNIFORM) return low + u * width;
    return u < (mode - low) / width ? low + sqrt(u * width * (mode - low)) : high - sqrt((1 - u) * width * (high - mode));
}

static void draw_all(bashu_sweep *s)
{
    for (size_t k = 0; k < s->draws; k++) {
        random_stream stream;
        random_seed(&stream, s->options.seed + 0x9e3779b97f4a7c15u * (k + 1)); /* draw k is the same whatever their number */
        for (size_t c = 0; c < s->change_count; c++) {
            const change *of = &s->scenario->changes[c];
            s->values[k * s->change_count + c] = sweep_varies(of) ? drawn(of, s->distribution, random_uniform(&stream)) : of->value;
        }
    }
}

static bashu_status build_draw(void *payload, size_t k, shock_builder *builder, const shock **out)
{
    const bashu_sweep *s = payload;
    bashu_scenario scenario = *s->scenario;
    change *changes = malloc((s->change_count + 1) * sizeof *changes);
    if (!changes) return BASHU_ERROR_MEMORY;
    for (size_t c = 0; c < s->change_count; c++) {
        changes[c] = s->scenario->changes[c];
        changes[c].value = s->values[k * s->change_count + c];
    }
    scenario.changes = changes;
    bashu_status status = shock_build(out, builder, &scenario, NULL);
    free(changes);
    return status;
}

static bashu_status take_draw(void *payload, size_t k, const bashu_result *result)
{
    bashu_sweep *s = payload;
    sweep_draw *d = &s->draw[k];
    d->info = (bashu_draw_info){result->info.reason, result->info.passes, result->info.residual, d->worst};
    snprintf(d->worst, sizeof d->worst, "%s", result->info.worst);
    for (size_t q = 0; q < s->outcome_count; q++)
        TRY(outcome_value(&s->percents[k * s->outcome_count + q], result, &s->outcomes[q], BASHU_PERCENT));
    return BASHU_OK;
}

static bashu_status make(bashu_sweep *s, const char *const *outcomes, size_t outcome_count)
{
    bool varies = false;
    for (size_t c = 0; c < s->change_count; c++) varies = varies || sweep_varies(&s->scenario->changes[c]);
    if (!varies)
        return fail(s->context, BASHU_ERROR_INPUT, "%s: no change states a range, so there is nothing to draw from; give one of them 'low' and 'high'",
                    s->scenario->path);
    focus about = measure_focus(&s->economy->about, s->scenario);
    TRY(outcomes_read(&s->outcomes, &s->outcome_count, s->memory, s->economy, &about, outcomes, outcome_count));
    s->draw = arena_alloc(s->memory, s->draws, sizeof *s->draw);
    const array_wanted wanted[] = {{&s->values, s->draws * s->change_count}, {&s->percents, s->draws * s->outcome_count}};
    if (!s->draw || !ARENA_ARRAYS(s->memory, wanted)) return fail_memory(s->context);
    draw_all(s);
    double start = now_s();
    sweep_work work = {.count = s->draws, .build = build_draw, .take = take_draw, .payload = s};
    TRY(sweep_run(s->economy, &s->options, &work));
    s->solve_s = now_s() - start;
    return BASHU_OK;
}

bashu_status sweep_new(bashu_sweep **out, const bashu_scenario *scenario, const bashu_options *options, size_t draws,
                       bashu_distribution distribution, const char *const *outcomes, size_t outcome_count)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    arena *memory = arena_new(scenario->context);
    bashu_sweep *s = memory ? arena_alloc(memory, 1, sizeof *s) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (s) {
        *s = (bashu_sweep){.context = scenario->context, .memory = memory, .economy = scenario->economy, .scenario = scenario,
                           .options = options ? *options : defaults, .draws = draws, .change_count = scenario->change_count,
                           .distribution = distribution};
        s->options.starts = 0;
        status = make(s, outcomes, outcome_count);
    } else fail_memory(scenario->context);
    if (status == BASHU_OK) *out = s;
    else arena_free(memory);
    return status;
}

void sweep_free(bashu_sweep *sweep)
{
    if (sweep) arena_free(sweep->memory);
}

/* ---- what the draws say --------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *x, size_t n, double q)
{
    double h = (double)(n - 1) * q, low = floor(h);
    size_t k = (size_t)low;
    return k + 1 < n ? x[k] + (h - low) * (x[k + 1] - x[k]) : x[n - 1];
}

bashu_status sweep_summary(bashu_sweep_summary *out, const bashu_sweep *s, size_t outcome)
{
    double *x = malloc((s->draws + 1) * sizeof *x), sum = 0, squares = 0;
    size_t n = 0, above = 0;
    if (!x) return fail_memory(s->context);
    for (size_t k = 0; k < s->draws; k++) {
        double percent = s->percents[k * s->outcome_count + outcome];
        if (isfinite(percent)) x[n++] = percent;
    }
    for (size_t k = 0; k < n; k++) sum += x[k], above += x[k] > 0;
    double nan = (double)NAN, mean = n ? sum / (double)n : nan;
    for (size_t k = 0; k < n; k++) squares += (x[k] - mean) * (x[k] - mean);
    qsort(x, n, sizeof *x, by_value);
    *out = (bashu_sweep_summary){.count = n, .mean = mean, .sd = n > 1 ? sqrt(squares / (double)(n - 1)) : nan, .above_zero = n ? (double)above / (double)n : nan,
                                 .q05 = nan, .q25 = nan, .q50 = nan, .q75 = nan, .q95 = nan};
    if (n) {
        out->q05 = quantile(x, n, 0.05);
        out->q25 = quantile(x, n, 0.25);
        out->q50 = quantile(x, n, 0.5);
        out->q75 = quantile(x, n, 0.75);
        out->q95 = quantile(x, n, 0.95);
    }
    free(x);
    return BASHU_OK;
}

bashu_status sweep_driver(double *out, const bashu_sweep *s, size_t change_, size_t outcome)
{
    double *x = malloc(2 * (s->draws + 1) * sizeof *x);
    if (!x) return fail_memory(s->context);
    double *y = x + s->draws;
    size_t n = 0;
    for (size_t k = 0; k < s->draws; k++) {
        double percent = s->percents[k * s->outcome_count + outcome];
        if (!isfinite(percent)) continue;
        x[n] = s->values[k * s->change_count + change_];
        y[n++] = percent;
    }
    bool ranked_all = rank_correlation(out, x, y, n);
    free(x);
    return ranked_all ? BASHU_OK : fail_memory(s->context);
}
