/* time.c - years in turn: 200 periods of Desmet, Nagy & Rossi-Hansberg (2018) over a cold static equilibrium of the same places; what a year of the scenarios
 * costs. */
#include "parts.h"

#include "time/path.h"

#include <math.h>
#include <stdio.h>

enum { PERIODS = 200 };

void measure_periods(bench *b, const synthetic *from, bench_value *values, bool memory)
{
    bashu_economy *economy = NULL;
    bashu_path *path = NULL;
    solving s = {0};
    bashu_options options = options_of_bench();
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    wanted.years = PERIODS;
    if (synthetic_economy(&economy, b->context, from) != BASHU_OK || !solving_open(&s, economy, from->shock_sigma, from->seed, values)) {
        failed(values, "%.200s", bashu_message(b->context));
    } else {
        double before = now_s();
        bool solved = solve_again(&s);
        double of_static = now_s() - before, held = 0;
        int static_passes = solved ? s.result->info.passes : 0;
        solving_close(&s);
        if (memory) held = process_bytes("VmRSS:");
        bool peaks = memory && reset_peak();
        bashu_status status = solved ? path_new(&path, economy, NULL, &options, &wanted) : BASHU_OK;
        if (!solved || status != BASHU_OK || path->info.solved != PERIODS + 1) failed(values, "%.200s", solved ? bashu_message(b->context) : "no static equilibrium");
        else {
            values[0] = counted(path->info.time_s / of_static);
            values[1] = counted((double)path->info.passes / PERIODS);
            note(&values[0], "%.3g s for %d periods, %.3g s for one equilibrium of %d passes", path->info.time_s, PERIODS, of_static, static_passes);
            note(&values[1], "most in one year: %d", path->info.most_passes);
        }
        if (solved && peaks && isfinite(process_bytes("VmHWM:"))) {
            double shares = 8.0 * (double)from->N * (double)from->N;
            values[2] = counted(1 + (process_bytes("VmHWM:") - held) / shares);
            note(&values[2], "%zu places, whose shares take %.3g GB", from->N, shares / 1e9);
        } else if (memory) not_measured(&values[2], "this system does not say what a process used at most");
    }
    path_free(path);
    solving_close(&s);
    bashu_economy_free(economy);
}

void bench_time(bench *b, size_t N, size_t J, bench_value *values)
{
    synthetic from = one_sector(N, 0.8);
    (void)J;
    from.time = TIME_GROWTH;
    measure_periods(b, &from, values, false);
}

/* ---- what a year of the scenarios of china2020 costs ---------------------------------------------- */

typedef struct passes_of_years {
    int most, passes, beside, years, paths; /* the dearest year, all of them, once a path, years that were solved, paths */
    const char *dearest;
} passes_of_years;

static bool is_solved_anew(bashu_result *const *years, bashu_result *const *other, size_t t)
{
    return years[t] != years[t - 1] && years[t] != other[t] && years[t]->info.passes > 0;
}

/* False: `value` says why not. */
static bool add_scenario(passes_of_years *sum, bench *b, const bashu_economy *economy, const char *name, bench_value *value)
{
    char file[512];
    bashu_scenario *scenario = NULL;
    bashu_path *path = NULL;
    bashu_options options = options_of_bench();
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    snprintf(file, sizeof file, "%s/scenarios/%s.yaml", b->folder, name);
    bashu_status status = bashu_scenario_read(&scenario, economy, file);
    if (status == BASHU_OK) status = path_new(&path, economy, scenario, &options, &wanted);
    bool whole = status == BASHU_OK && path->info.solved == path->year_count;
    if (!whole) failed(value, "%s: %.150s", name, status == BASHU_OK ? "a year has no equilibrium" : bashu_message(b->context));
    for (size_t t = 1; whole && t < path->year_count; t++)
        sum->years += is_solved_anew(path->counterfactual, path->baseline, t) + (path->baseline[t] != path->baseline[t - 1] && path->baseline[t]->info.passes > 0);
    if (whole) {
        if (path->info.most_passes > sum->most) sum->dearest = name;
        if (path->info.most_passes > sum->most) sum->most = path->info.most_passes;
        sum->passes += path->info.passes;
        sum->beside += path->info.passes_beside;
        sum->paths++;
    }
    path_free(path);
    bashu_scenario_free(scenario);
    return whole;
}

static void put_years(bench_value *value, bench *b, const bashu_economy *economy, const char *const *names, size_t count)
{
    passes_of_years sum = {.dearest = ""};
    for (size_t q = 0; q < count; q++)
        if (!add_scenario(&sum, b, economy, names[q], value)) return;
    *value = counted(sum.most);
    note(value, "in %s; the mean of %d years is %.1f, and %d a path beside them, once", sum.dearest, sum.years, (double)sum.passes / sum.years, sum.beside / sum.paths);
}

void bench_years(bench *b, size_t N, size_t J, bench_value *values)
{
    static const char *const names[] = {"proposal_years", "new_areas_years", "division_of_labour", "joint_research_centre"};
    const bashu_economy *economy = china_of(b, values);
    (void)N;
    (void)J;
    if (economy) put_years(values, b, economy, names, sizeof names / sizeof *names);
}

void bench_years_market(bench *b, size_t N, size_t J, bench_value *values)
{
    static const char *const names[] = {"proposal_years"};
    char folder[512];
    bashu_data *data = NULL;
    bashu_economy *economy = NULL;
    (void)N;
    (void)J;
    if (!china_of(b, values)) return; /* it says why */
    snprintf(folder, sizeof folder, "%s/economies/china2020", b->folder);
    bashu_status status = bashu_data_read(&data, b->context, folder, NULL);
    if (status == BASHU_OK) status = bashu_data_set(data, "model.innovation", "market");
    if (status == BASHU_OK) status = bashu_calibrate(&economy, data, NULL);
    if (status == BASHU_OK) put_years(values, b, economy, names, 1);
    else failed(values, "%s", bashu_message(b->context));
    bashu_economy_free(economy);
    bashu_data_free(data);
}
