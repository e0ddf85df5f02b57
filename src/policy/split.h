/* split.h - an outcome split over the changes of a scenario, whatever their order. */
#ifndef BASHU_POLICY_SPLIT_H
#define BASHU_POLICY_SPLIT_H

#include "measure/outcome.h"
#include "policy/coalition.h"

struct bashu_split {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario;
    bashu_options options;
    named_outcome asked;
    size_t change_count, orders; /* orders: sampled; 0: all of them */
    double whole;                /* percent */
    double *alone, *last, *value, *error; /* [change_count] percentage points; error: standard error of a sampled value */
    double *interaction;         /* [change_count][change_count]; NULL when sampled */
    solve_quality quality;
};
/* outcome NULL: real GDP of what the scenario is about. orders: 0: all, for up to 12 changes; else so many random orders (at least 2). The
 * scenario must outlive the split. Errors: ARGUMENT; UNSUPPORTED where a set of changes has no equilibrium; MEMORY; INTERRUPTED. */
bashu_status split_new(bashu_split **out, const bashu_scenario *scenario, const bashu_options *options, const char *outcome, size_t orders);
void split_free(bashu_split *split);

#endif
