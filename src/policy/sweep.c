/* sweep.c - many scenarios over threads; draws of one scenario from the ranges that its changes state.
 *
 *   u ~ uniform (0,1), one stream a draw, one number a change in the order of the file (low <= value <= high after sorting)
 *   uniform     low + u (high - low)
 *   triangular  c = (value - low) / (high - low):  u < c: low + sqrt(u (high - low) (value - low)),
 *                                                  else   high - sqrt((1 - u) (high - low) (high - value))
 *   quantile q  of n ordered numbers x: between x[floor h] and the next, h = (n - 1) q   (Hyndman & Fan 1996, type 7)
 *   driver      Spearman's rank correlation, ties by their mean rank */
#include "policy/sweep.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- workers -------------------------------------------------------------------------------------- */

typedef struct worker {
    bashu_context *context;
    bashu_economy economy; /* the same arrays in the worker's own context */
    arena *memory;
    bashu_solver *solver;
    shock_builder *builder;
    bashu_result *result;
    double *start; /* NULL: always from the baseline */
} worker;

static bashu_status worker_open(worker *w, const bashu_economy *economy, const bashu_options *options, bool starts)
{
    *w = (worker){0};
    TRY(context_child(&w->context, economy->context));
    w->economy = *economy;
    w->economy.context = w->context;
    w->memory = arena_new(w->context);
    if (!w->memory) return fail_memory(w->context);
    TRY(shock_builder_new(&w->builder, w->memory, &w->economy));
    TRY(solver_new(&w->solver, &w->economy, options));
    solver_set_starts(w->solver, 0); /* other equilibria are not looked for in a sweep */
    solver_keep_pairs(w->solver, false);
    if (starts && !(w->start = arena_alloc(w->memory, solver_unknown_count(w->solver), sizeof *w->start))) return fail_memory(w->context);
    return BASHU_OK;
}

static void worker_close(worker *w)
{
    result_free(w->result);
    solver_free(w->solver);
    if (w->memory) arena_free(w->memory);
    if (w->context) bashu_close(w->context);
}

static bashu_status worker_solve(worker *w, const sweep_work *work, size_t k)
{
    const shock *now;
    TRY(work->build(work->payload, k, w->builder, &now));
    if (w->start) {
        memset(w->start, 0, solver_unknown_count(w->solver) * sizeof *w->start);
        bool elsewhere = !now->empty && work->start(work->payload, k, w->start); /* no change is the baseline itself, to the bit */
        solver_set_start(w->solver, elsewhere ? w->start : NULL);
    }
    TRY(solve_shock(&w->result, w->solver, now));
    return work->take(work->payload, k, w->result);
}

/* The error of the lowest number that a worker met. */
typedef struct sweep_failure {
    bashu_status status;
    size_t k;
    char message[1024];
} sweep_failure;

static void note_failure(sweep_failure *f, bashu_status status, size_t k, const bashu_context *context)
{
    if (status == BASHU_OK || (f->status != BASHU_OK && f->k <= k)) return;
    f->status = status;
    f->k = k;
    snprintf(f->message, sizeof f->message, "%s", context ? bashu_message(context) : "out of memory");
}

/* The part of one worker in a parallel region. */
static void run_worker(const bashu_economy *economy, const bashu_options *options, const sweep_work *work, sweep_failure *failure, size_t *done,
                       int *stop)
{
    worker w;
    bashu_status opened = worker_open(&w, economy, options, work->start != NULL);
    note_failure(failure, opened, 0, w.context);
#pragma omp for schedule(dynamic)
    for (size_t k = 0; k < work->count; k++) {
        int stopped;
        size_t so_far;
#pragma omp atomic read
        stopped = *stop;
        if (opened != BASHU_OK || stopped || is_cancelled(economy->context)) continue;
        bashu_status status = worker_solve(&w, work, k);
        note_failure(failure, status, k, w.context);
        if (status != BASHU_OK) {
#pragma omp atomic write
            *stop = 1;
        }
#pragma omp atomic capture
        so_far = ++*done;
        if (omp_get_thread_num() == 0) report_progress(economy->context, (double)so_far / (double)work->count, "sweep");
    }
    worker_close(&w);
}

bashu_status sweep_run(const bashu_economy *economy, const bashu_options *options, const sweep_work *work)
{
    size_t done = 0, most = (size_t)thread_count(economy->context), workers = most < work->count ? most : work->count;
    int stop = 0;
    sweep_failure *failures = calloc(workers + 1, sizeof *failures);
    if (!failures) return fail_memory(economy->context);
#pragma omp parallel num_threads((int)(workers ? workers : 1))
    run_worker(economy, options, work, &failures[omp_get_thread_num()], &done, &stop);
    sweep_failure first = {.status = BASHU_OK};
    for (size_t q = 0; q < workers; q++)
        if (failures[q].status != BASHU_OK && (first.status == BASHU_OK || failures[q].k < first.k)) first = failures[q];
    free(failures);
    if (is_cancelled(economy->context)) return fail(economy->context, BASHU_INTERRUPTED, "interrupted");
    return first.status == BASHU_OK ? BASHU_OK : fail(economy->context, first.status, "%s", first.message);
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

typedef struct ranked {
    double value;
    size_t k;
} ranked;

static int by_rank(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* x becomes its ranks. */
static bool to_ranks(double *x, size_t n)
{
    ranked *order = malloc((n + 1) * sizeof *order);
    if (!order) return false;
    for (size_t k = 0; k < n; k++) order[k] = (ranked){x[k], k};
    qsort(order, n, sizeof *order, by_rank);
    for (size_t first = 0, last; first < n; first = last) {
        for (last = first; last < n && order[last].value == order[first].value; last++) {}
        for (size_t k = first; k < last; k++) x[order[k].k] = (double)(first + last - 1) / 2;
    }
    free(order);
    return true;
}

static double correlation(const double *x, const double *y, size_t n)
{
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t k = 0; k < n; k++) mean_x += x[k] / (double)n, mean_y += y[k] / (double)n;
    for (size_t k = 0; k < n; k++) {
        double a = x[k] - mean_x, b = y[k] - mean_y;
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : (double)NAN;
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
    bool ranked_all = to_ranks(x, n) && to_ranks(y, n);
    *out = ranked_all ? correlation(x, y, n) : (double)NAN;
    free(x);
    return ranked_all ? BASHU_OK : fail_memory(s->context);
}
