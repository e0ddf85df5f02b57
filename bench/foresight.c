/* foresight.c - 200 quarters of people who look ahead among as many markets as Caliendo, Dvorkin & Parro (2019) have, in a process of its own, so
 * that the most memory it takes is known: program, economy, gross flows and both paths, not their certificates. */
#include "parts.h"

#include "equilibrium/foresight.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PERIODS = 200, ANNOUNCED = 1, BEGINS = 20, MEASURES = 5 };
static const double shock_sigma = 0.05;

typedef struct measured {
    double value[MEASURES]; /* as the rows: s, of a solve, steps, residual, bytes */
    double path_s[2], processor_s[2], static_s, certificate_s;
    int static_passes, steps[2], long_run_steps, passes[2], threads;
    char why[160];
} measured;

/* Productivity of places and sectors from BEGINS on. */
static bashu_status the_shock(void *payload, size_t state, shock_builder *builder, const shock **out)
{
    (void)state;
    (void)builder;
    *out = payload;
    return BASHU_OK;
}

/* What a path took, and its certificate, which is of the path solved last. */
static bashu_status look_at(measured *out, foresight *f, arena *memory, bool with_changes)
{
    const foresight_path *path = foresight_path_of(f, with_changes);
    foresight_certificate certificate;
    if (path->reason <= 0) {
        snprintf(out->why, sizeof out->why, "no path: %s", bashu_reason_text(path->reason));
        return BASHU_OK;
    }
    out->path_s[with_changes] = path->time_s;
    out->steps[with_changes] = path->steps;
    out->passes[with_changes] = path->passes;
    out->long_run_steps = path->long_run_steps;
    out->value[2] = fmax(out->value[2], path->steps > path->long_run_steps ? path->steps : path->long_run_steps);
    double peak = process_bytes("VmHWM:") / 1e6, start = now_s();
    if (!(peak <= out->value[4])) out->value[4] = isnan(out->value[4]) ? out->value[4] : peak;
    TRY(foresight_certify(&certificate, memory, f, with_changes));
    out->value[3] = worse(out->value[3], certificate.worst);
    out->certificate_s += now_s() - start;
    if (!reset_peak()) out->value[4] = (double)NAN;
    return BASHU_OK;
}

static bashu_status follow(measured *out, foresight *f, shock *changed, arena *memory)
{
    size_t states[PERIODS + 1] = {0};
    foresight_fundamentals known = {states, the_shock, changed};
    for (size_t t = BEGINS; t <= PERIODS; t++) states[t] = 1;
    clock_t start = clock();
    TRY(foresight_baseline(f, NULL));
    out->processor_s[0] = (double)(clock() - start) / CLOCKS_PER_SEC;
    TRY(look_at(out, f, memory, false));
    if (*out->why) return BASHU_OK;
    start = clock();
    TRY(foresight_counterfactual(f, &known, ANNOUNCED));
    out->processor_s[1] = (double)(clock() - start) / CLOCKS_PER_SEC;
    TRY(look_at(out, f, memory, true));
    out->value[0] = fmax(out->path_s[0], out->path_s[1]);
    out->value[1] = out->value[0] / out->static_s;
    return BASHU_OK;
}

static bool measure_static(measured *out, const bashu_economy *economy, bench_value *value)
{
    solving s;
    if (!solving_open(&s, economy, shock_sigma, 1, value)) return false;
    double start = now_s();
    bool solved = solve_again(&s);
    out->static_s = now_s() - start;
    out->static_passes = solved ? s.result->info.passes : 0;
    if (!solved) failed(value, "no static equilibrium");
    solving_close(&s);
    return solved;
}

static void measure_here(void *payload, bench *b, size_t N, size_t J)
{
    measured *out = payload;
    synthetic from = J > 1 ? sectors_with_inputs(N, J, 0.6) : one_sector(N, 0.6);
    bashu_options options = options_of_bench();
    bench_value value = {.value = 0};
    shock changed;
    foresight *f = NULL;
    from.time = TIME_FORESIGHT;
    const bashu_economy *economy = economy_of(b, &from, &value);
    if (!economy || !measure_static(out, economy, &value)) {
        snprintf(out->why, sizeof out->why, "%.150s", value.note);
        return;
    }
    arena *memory = arena_new(b->context);
    out->threads = thread_count(b->context);
    if (!reset_peak()) out->value[4] = (double)NAN;
    bashu_status status = memory ? synthetic_shock(&changed, memory, economy, shock_sigma, 1) : BASHU_ERROR_MEMORY;
    if (status == BASHU_OK) status = foresight_new(&f, economy, &options, PERIODS);
    if (status == BASHU_OK) status = follow(out, f, &changed, memory);
    if (status != BASHU_OK) snprintf(out->why, sizeof out->why, "%.150s", bashu_message(b->context));
    foresight_free(f);
    if (memory) arena_free(memory);
}

void bench_foresight(bench *b, size_t N, size_t J, bench_value *values)
{
    measured m = {.why = ""};
    if (!measure_in_child(b, N, J, measure_here, &m, sizeof m)) snprintf(m.why, sizeof m.why, "the process that was to measure it ended early");
    if (*m.why) {
        failed(values, "%s", m.why);
        return;
    }
    for (int k = 0; k < MEASURES; k++) values[k] = counted(m.value[k]);
    note(&values[0], "without the scenario %.3g s (%.3g s of processors), with it %.3g s (%.3g s), %d threads; their certificates beside %.3g s", m.path_s[0], m.processor_s[0],
         m.path_s[1], m.processor_s[1], m.threads, m.certificate_s);
    note(&values[1], "%.3g s for one equilibrium of %d passes", m.static_s, m.static_passes);
    note(&values[2], "%d without the scenario, %d with it, %d of its long run; %.1f and %.1f passes a period", m.steps[0], m.steps[1], m.long_run_steps,
         (double)m.passes[0] / PERIODS, (double)m.passes[1] / PERIODS);
    if (!isfinite(m.value[4])) not_measured(&values[4], "this system does not say what a process used at most");
}
