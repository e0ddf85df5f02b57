/* coalition.h - sets of changes of one scenario, each solved once, over threads. A set is a mask: bit c is change c. */
#ifndef BASHU_POLICY_COALITION_H
#define BASHU_POLICY_COALITION_H

#include "equilibrium/equilibrium.h"

enum { CHANGES_MOST = 64 }; /* of a mask */

typedef struct mask_work {
    const bashu_scenario *scenario;
    const bashu_options *options; /* NULL: defaults; further starts are not tried */
    const uint64_t *masks;        /* [count] distinct */
    size_t count;
    /* Called by any worker, each number once. */
    bashu_status (*take)(void *payload, size_t k, const bashu_result *result);
    void *payload;
} mask_work;

/* How all the solves went. */
typedef struct solve_quality {
    size_t solved, lost, passes; /* lost: without an equilibrium */
    double residual;             /* worst of the certificates */
    char worst[96];              /* its equation and place */
    double solve_s;
} solve_quality;

/* Each change is solved alone first, then perhaps each pair, and every set starts from what they add up to: bits depend on the list, not on threads. Errors: as sweep_run; ARGUMENT for more than CHANGES_MOST changes. */
bashu_status masks_solve(solve_quality *out, const mask_work *work);
/* Changes that act when the players of a coalition (bits) agree. */
uint64_t mask_of_coalition(const bashu_scenario *scenario, uint64_t coalition);

#endif
