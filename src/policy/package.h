/* package.h - a scenario solved whole, and each of its changes alone. */
#ifndef BASHU_POLICY_PACKAGE_H
#define BASHU_POLICY_PACKAGE_H

#include "equilibrium/result.h"

struct bashu_package {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario;
    bashu_options options;
    bashu_result *whole;
    size_t part_count;    /* changes of the scenario */
    bashu_result **alone; /* [part_count]; NULL where there was nothing to solve: the whole has no equilibrium */
    bashu_result *low, *high; /* the whole with every change at its low, high value; NULL where no change states a range */
    double solve_s;
    size_t peak_bytes;
};

/* The scenario must outlive the package. */
bashu_status package_solve(bashu_package **out, bashu_solver *solver, const bashu_scenario *scenario);
void package_free(bashu_package *package);

/* What a package does to one number of a set of regions, in percent: each change alone, together, and what the
 * together is more than the sum. NaN where a solve found no equilibrium. */
typedef struct effects {
    double together, sum, interaction;
} effects;
/* alone: [change_count] */
bashu_status package_effects(effects *out, double *alone, const bashu_package *package, const char *variable,
                             const char *set, const char *member);

#endif
