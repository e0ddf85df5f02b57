/* package.c - what a package of changes does, and what each of its changes does alone. */
#include "policy/package.h"
#include "equilibrium/equilibrium.h"
#include "measure/measure.h"

#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

/* The most memory this process has held so far. */
static size_t peak_bytes(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0 || usage.ru_maxrss < 0) return 0;
    return (size_t)usage.ru_maxrss * 1024;
}

static bashu_status package_new(bashu_package **out, bashu_solver *solver, const bashu_scenario *scenario)
{
    arena *memory = arena_new(scenario->context);
    bashu_package *package = memory ? arena_alloc(memory, 1, sizeof *package) : NULL;
    if (package) {
        package->alone = arena_alloc(memory, scenario->change_count, sizeof *package->alone);
        if (package->alone) {
            package->context = scenario->context;
            package->memory = memory;
            package->economy = scenario->economy;
            package->scenario = scenario;
            package->part_count = scenario->change_count;
            package->options = *solver_options(solver);
            *out = package;
            return BASHU_OK;
        }
    }
    arena_free(memory);
    return fail_memory(scenario->context);
}

/* The whole is the answer: other equilibria are looked for there alone, and only it keeps pairs of regions. */
static void explore(bashu_solver *solver, const bashu_package *package, bool fully)
{
    solver_set_starts(solver, fully ? package->options.starts : 0);
    solver_keep_pairs(solver, fully);
}

static bashu_status solve_parts(bashu_package *package, bashu_solver *solver)
{
    size_t count = package->part_count;
    if (package->whole->info.reason <= 0) return BASHU_OK;
    if (count == 1) {
        package->alone[0] = package->whole;
        return BASHU_OK;
    }
    unsigned char *mask = arena_alloc(package->memory, count, 1);
    if (!mask) return fail_memory(package->context);
    explore(solver, package, false);
    bashu_status status = BASHU_OK;
    for (size_t c = 0; c < count && status == BASHU_OK; c++) {
        report_progress(package->context, (double)(c + 1) / (double)(count + 1), "solving each change alone");
        mask[c] = 1;
        status = solve_some(&package->alone[c], solver, package->scenario, mask);
        mask[c] = 0;
    }
    explore(solver, package, true);
    return status;
}

/* The scenario with every change that states a range at one end of it. */
static bashu_status solve_end(bashu_result **result, bashu_package *package, bashu_solver *solver, bool high)
{
    bashu_scenario *end = arena_alloc(package->memory, 1, sizeof *end);
    change *changes = arena_alloc(package->memory, package->part_count, sizeof *changes);
    if (!end || !changes) return fail_memory(package->context);
    *end = *package->scenario;
    end->changes = changes;
    for (size_t c = 0; c < package->part_count; c++) {
        changes[c] = package->scenario->changes[c];
        double value = high ? changes[c].high : changes[c].low;
        if (isfinite(value)) changes[c].value = value;
    }
    report_progress(package->context, high ? 1 : 0.95, "solving the ends of the range");
    return solve_some(result, solver, end, NULL);
}

static bashu_status solve_range(bashu_package *package, bashu_solver *solver)
{
    bool stated = false;
    for (size_t c = 0; c < package->part_count; c++)
        stated = stated || isfinite(package->scenario->changes[c].low) || isfinite(package->scenario->changes[c].high);
    if (!stated || package->whole->info.reason <= 0) return BASHU_OK;
    explore(solver, package, false);
    bashu_status status = solve_end(&package->low, package, solver, false);
    if (status == BASHU_OK) status = solve_end(&package->high, package, solver, true);
    explore(solver, package, true);
    return status;
}

bashu_status package_solve(bashu_package **out, bashu_solver *solver, const bashu_scenario *scenario)
{
    double start = now_s();
    bashu_package *package = NULL;
    TRY(package_new(&package, solver, scenario));
    report_progress(package->context, 0, "solving the package");
    bashu_status status = solve_some(&package->whole, solver, scenario, NULL);
    if (status == BASHU_OK) status = solve_parts(package, solver);
    if (status == BASHU_OK) status = solve_range(package, solver);
    if (status == BASHU_OK && is_cancelled(package->context))
        status = fail(package->context, BASHU_INTERRUPTED, "interrupted");
    if (status != BASHU_OK) {
        package_free(package);
        return status;
    }
    package->solve_s = now_s() - start;
    package->peak_bytes = peak_bytes();
    *out = package;
    return BASHU_OK;
}

void package_free(bashu_package *package)
{
    if (!package) return;
    for (size_t c = 0; c < package->part_count; c++)
        if (package->alone[c] != package->whole) result_free(package->alone[c]);
    result_free(package->whole);
    result_free(package->low);
    result_free(package->high);
    arena_free(package->memory);
}

static bashu_status percent_of(double *out, const bashu_result *result, const char *variable, const char *set,
                               const char *member)
{
    *out = (double)NAN;
    if (!result || result->info.reason <= 0) return BASHU_OK;
    return measure_aggregate(result, variable, set, member, BASHU_PERCENT, out);
}

bashu_status package_effects(effects *out, double *alone, const bashu_package *package, const char *variable,
                             const char *set, const char *member)
{
    *out = (effects){0};
    TRY(percent_of(&out->together, package->whole, variable, set, member));
    for (size_t c = 0; c < package->part_count; c++) {
        TRY(percent_of(&alone[c], package->alone[c], variable, set, member));
        out->sum += alone[c];
    }
    out->interaction = out->together - out->sum;
    return BASHU_OK;
}
