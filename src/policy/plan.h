/* plan.h - the best set of projects that a budget pays for. */
#ifndef BASHU_POLICY_PLAN_H
#define BASHU_POLICY_PLAN_H

#include "measure/outcome.h"
#include "policy/coalition.h"

typedef struct plan_set { /* one set of projects, solved */
    uint64_t mask;
    double cost, gain;    /* gain: of the outcome, log points x 100; NaN: no equilibrium */
    double least;         /* the smallest change of welfare of any place, percent */
    size_t loser;         /* whose */
    bool allowed;         /* by the budget and by who may lose */
} plan_set;

struct bashu_plan {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario; /* its changes are the projects */
    bashu_options options;
    bashu_plan_options wanted;
    named_outcome outcome;
    size_t count, change_count;     /* projects; changes, of which a project has one or more */
    size_t *project_of, *first;     /* [change_count]; [count] the first change of a project, which names it */
    double *cost, *alone, *last, *most; /* [count] alone, last: gain as the only and as the last one of all, log points x 100; most: the bound of a gain */
    size_t set_count, set_room;
    plan_set *sets;                 /* in the order in which they were solved; the first is the empty one */
    long best;                      /* of sets */
    double bound;                   /* no allowed set has a larger gain, log points x 100 */
    bashu_plan_proof proof;
    double every;                   /* sets that the budget pays for */
    size_t gains_checked, gains_broken; /* gains compared with the bound; above it */
    double broken_most;             /* the largest excess, log points x 100 */
    solve_quality quality;
};
bashu_status plan_new(bashu_plan **out, const bashu_scenario *scenario, const bashu_plan_options *wanted, const bashu_options *options);
void plan_free(bashu_plan *plan);
/* A gain in percent; whether a project is in the best set. */
double plan_percent(double gain);
bool plan_chooses(const bashu_plan *plan, size_t project);

#endif
