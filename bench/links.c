/* links.c - the gradient of an outcome with respect to every link of china2020, over solving a scenario once. */
#include "parts.h"

#include "measure/linear.h"

#include <stdio.h>

typedef struct gradient_work {
    bashu_linear *linear;
    bool made;
} gradient_work;

static bool all_links(void *payload)
{
    gradient_work *w = payload;
    bashu_gradient *gradient = NULL;
    w->made = gradient_new(&gradient, w->linear, "welfare", "circle", "CCEC") == BASHU_OK;
    if (gradient) arena_free(gradient->memory);
    return w->made;
}

typedef struct scenario_work {
    bashu_solver *solver;
    bashu_result *result;
    bashu_scenario *scenario;
} scenario_work;

static bool one_equilibrium(void *payload)
{
    scenario_work *w = payload;
    return solve_some(&w->result, w->solver, w->scenario, NULL) == BASHU_OK && w->result->info.reason > 0;
}

static void links_over_solve(bench *b, const bashu_economy *economy, bench_value *values)
{
    bashu_options options = options_of_bench();
    gradient_work gradient = {0};
    scenario_work solve = {0};
    char path[512];
    if (!economy) return;
    snprintf(path, sizeof path, "%s/scenarios/cooperation.yaml", b->folder);
    bashu_status status = bashu_scenario_read(&solve.scenario, economy, path);
    if (status == BASHU_OK) status = solver_new(&solve.solver, economy, &options);
    if (status == BASHU_OK) status = linear_new(&gradient.linear, economy, &options);
    const timed_work over = {all_links, &gradient}, under = {one_equilibrium, &solve};
    if (status != BASHU_OK) failed(values, "%s", bashu_message(b->context));
    else ratio_of_times(values, b, &over, &under);
    if (gradient.linear) arena_free(gradient.linear->memory);
    result_free(solve.result);
    solver_free(solve.solver);
    bashu_scenario_free(solve.scenario);
}

void bench_links(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)N;
    (void)J;
    links_over_solve(b, china_of(b, values), values);
}

void bench_links_routes(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)N;
    (void)J;
    links_over_solve(b, china_over_all_routes(b, values), values);
}
