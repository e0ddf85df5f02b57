/* equilibrium.c - passes and times of whole equilibria, from the baseline to 1e-10, certificate included. */
#include "parts.h"

#include "equilibrium/system.h"

#include <math.h>

enum { CASES_MOST = 8 };

/* Solves each case; worst passes, and how many have no equilibrium. The notes name them. */
static void solve_cases(bench *b, const synthetic *cases, size_t count, bench_value *passes, bench_value *failures)
{
    int worst = 0, lost = 0;
    *passes->note = '\0';
    if (failures) *failures->note = '\0';
    for (size_t k = 0; k < count && !is_cancelled(b->context); k++) {
        const bashu_economy *economy = economy_of(b, &cases[k], passes);
        solving s;
        if (!economy || !solving_open(&s, economy, cases[k].shock_sigma, cases[k].seed, passes)) {
            if (failures) *failures = *passes;
            return;
        }
        bool solved = solve_again(&s);
        int used = s.result ? s.result->info.passes : 0;
        if (!solved) {
            if (failures)
                note(failures, "%s%s, N = %zu: %s", lost ? "and others, last " : "", cases[k].name, cases[k].N,
                     s.result ? bashu_reason_text(s.result->info.reason) : bashu_message(b->context));
            lost++;
        } else if (used > worst) {
            worst = used;
            note(passes, "most: %s, N = %zu, home share %.3g", cases[k].name, cases[k].N, cases[k].home_share);
        }
        solving_close(&s);
    }
    passes->state = BENCH_MEASURED;
    passes->repeats = 1;
    passes->value = passes->low = passes->high = worst;
    if (lost && (!failures || !worst)) failed(passes, "%d of %zu cases have no equilibrium", lost, count);
    if (!failures) return;
    failures->state = BENCH_MEASURED;
    failures->repeats = 1;
    failures->value = failures->low = failures->high = lost;
}

void bench_ordinary(bench *b, size_t N, size_t J, bench_value *values)
{
    static const double home[] = {0.2, 0.5, 0.8, 0.95};
    synthetic cases[CASES_MOST];
    size_t count = 0;
    (void)J;
    for (size_t k = 0; k < sizeof home / sizeof *home; k++)
        if (N < 8000 || k == 0 || k == 3) cases[count++] = one_sector(N, home[k]); /* half a gigabyte each */
    solve_cases(b, cases, count, values, NULL);
}

void bench_hard(bench *b, size_t N, size_t J, bench_value *values)
{
    static const synthetic cases[] = {
        {"distance^-3", 340, 1, 4, 0.94, 3, 0, 0, false, 0.2, 1, false, NULL},
        {"58 % zero flows", 340, 1, 8.28, 0.98, 1.5, 0.58, 0, false, 0.2, 1, false, NULL},
        {"large shocks", 340, 1, 8.28, 0.41, 1.5, 0, 0, false, 1, 1, false, NULL},
        {"five blocs", 340, 1, 4, 0.9, 1.5, 0, 5, false, 0.2, 1, false, NULL},
        {"distance^-3", 2000, 1, 4, 0.998, 3, 0, 0, false, 0.2, 1, false, NULL},
        {"distance^-5", 2000, 1, 8, 0.997, 5, 0, 0, false, 0.5, 1, false, NULL},
    };
    (void)N;
    (void)J;
    solve_cases(b, cases, sizeof cases / sizeof *cases, &values[1], &values[0]);
}

/* ---- sectors with inputs -------------------------------------------------------------------------- */

typedef struct evaluating {
    system_of_equations *system;
    double *z, *f;
} evaluating;

static bool evaluate_once(void *payload)
{
    evaluating *e = payload;
    return system_evaluate(e->system, e->z, e->f, false);
}

/* The whole solve over one evaluation of the same equations, which is one pass with all that belongs to it. */
static void solve_over_pass(bench *b, const bashu_economy *economy, const synthetic *from, bench_value *value)
{
    arena *memory = arena_new(b->context);
    solving s;
    evaluating e = {0};
    if (solving_open(&s, economy, from->shock_sigma, from->seed, value)) {
        if (!memory || system_new(&e.system, memory, economy) != BASHU_OK || system_set_shock(e.system, memory, &s.shock) != BASHU_OK
            || !(e.z = arena_alloc(memory, e.system->size, sizeof *e.z)) || !(e.f = arena_alloc(memory, e.system->size, sizeof *e.f)))
            not_measured(value, "out of memory");
        else ratio_of_times(value, b, &(timed_work){solve_again, &s}, &(timed_work){evaluate_once, &e});
        solving_close(&s);
    }
    if (memory) arena_free(memory);
}

void bench_inputs(bench *b, size_t N, size_t J, bench_value *values)
{
    static const double home[] = {0.38, 0.8, 0.9};
    synthetic cases[CASES_MOST];
    size_t count = sizeof home / sizeof *home;
    for (size_t k = 0; k < count; k++) cases[k] = sectors_with_inputs(N, J, home[k]);
    solve_cases(b, cases, count, &values[0], NULL);
    bench_value worst = {.value = 0};
    for (size_t k = 0; k < count && !is_cancelled(b->context); k++) {
        const bashu_economy *economy = economy_of(b, &cases[k], &values[1]);
        bench_value value = {.value = 0};
        if (!economy) return;
        solve_over_pass(b, economy, &cases[k], &value);
        if (value.state != BENCH_MEASURED) {
            values[1] = value;
            return;
        }
        note(&value, "most: home share %.3g", cases[k].home_share);
        if (value.value > worst.value) worst = value;
    }
    values[1] = worst;
}

/* ---- threads and growth --------------------------------------------------------------------------- */

void bench_threads(bench *b, size_t N, size_t J, bench_value *values)
{
    synthetic from = one_sector(N, 0.8);
    (void)J;
    if (thread_count(b->context) < 2) {
        not_measured(values, "needs two threads");
        return;
    }
    const bashu_economy *economy = economy_of(b, &from, values);
    if (!economy) return;
    bashu_economy alone = *economy; /* the same arrays on one thread */
    alone.context = b->alone;
    solving one = {0}, two = {0};
    if (solving_open(&one, &alone, from.shock_sigma, 1, values) && solving_open(&two, economy, from.shock_sigma, 1, values))
        ratio_of_times(values, b, &(timed_work){solve_again, &one}, &(timed_work){solve_again, &two});
    solving_close(&one);
    solving_close(&two);
}

/* Slope of a straight line through the points by least squares. */
static double slope(const double *x, const double *y, size_t count)
{
    double mean_x = 0, mean_y = 0, above = 0, below = 0;
    for (size_t k = 0; k < count; k++) {
        mean_x += x[k] / (double)count;
        mean_y += y[k] / (double)count;
    }
    for (size_t k = 0; k < count; k++) {
        above += (x[k] - mean_x) * (y[k] - mean_y);
        below += (x[k] - mean_x) * (x[k] - mean_x);
    }
    return above / below;
}

void bench_growth(bench *b, size_t N, size_t J, bench_value *values)
{
    static const size_t sizes[] = {500, 1000, 2000, 4000, 8000};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    solving s[SIZES] = {0};
    bool ready = true;
    (void)N;
    (void)J;
    for (size_t k = 0; k < SIZES && ready; k++) {
        synthetic from = one_sector(sizes[k], 0.2);
        const bashu_economy *economy = economy_of(b, &from, values);
        ready = economy && solving_open(&s[k], economy, from.shock_sigma, 1, values);
    }
    series slopes = {0};
    for (int round = 0; round < b->repeats && ready && !is_cancelled(b->context); round++) {
        double x[SIZES], y[SIZES];
        for (size_t k = 0; k < SIZES && ready; k++) {
            double time = seconds_of(&(timed_work){solve_again, &s[k]});
            x[k] = log((double)sizes[k]);
            y[k] = log(time);
            ready = time > 0;
        }
        if (ready) series_add(&slopes, slope(x, y, SIZES));
        else failed(values, "a solve did not work");
    }
    if (ready) *values = series_value(&slopes);
    for (size_t k = 0; k < SIZES; k++) solving_close(&s[k]);
}
