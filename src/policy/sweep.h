/* sweep.h - many scenarios of one economy, spread over threads.
 *
 * Each worker has a solver of its own, with one thread, and lanes for scenarios that leave the kernels alone, which are solved side by side
 * (equilibrium/many.h). An answer depends neither on what was solved before nor on what is solved beside it, so neither the number of workers nor
 * the order in which they come by their scenarios changes a bit. */
#ifndef BASHU_POLICY_SWEEP_H
#define BASHU_POLICY_SWEEP_H

#include "equilibrium/equilibrium.h"
#include "measure/outcome.h"

/* What is solved, and what is done with the answers; both are called by any worker, each number once. */
typedef struct sweep_work {
    size_t count;
    /* Shock k; builder: the worker's own. */
    bashu_status (*build)(void *payload, size_t k, shock_builder *builder, const shock **out);
    /* The result is the worker's own and is used again. */
    bashu_status (*take)(void *payload, size_t k, const bashu_result *result);
    /* Where to start scenario k from, [solver_unknown_count] of the worker's own, zeros before; false: the baseline. NULL: always. It must depend on k
     * alone, so that neither threads nor order change a bit. */
    bool (*start)(void *payload, size_t k, double *z);
    void *payload;
} sweep_work;
/* A scenario without an equilibrium is a result like any other. Errors: MEMORY, INTERRUPTED, and what build and take return: that of
 * the lowest number, with its message. */
bashu_status sweep_run(const bashu_economy *economy, const bashu_options *options, const sweep_work *work);

/* bashu_solve_each. Errors: also ARGUMENT when a scenario belongs to another economy. */
bashu_status solve_each(const bashu_economy *economy, const bashu_options *options, const bashu_scenario *const *scenarios, size_t count,
                        bashu_take *take, void *payload);

/* ---- draws of one scenario ------------------------------------------------------------------------ */

typedef struct sweep_draw {
    bashu_draw_info info;
    char worst[96]; /* the equation with the largest residual, and where */
} sweep_draw;

struct bashu_sweep {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario;
    bashu_options options;
    size_t draws, change_count, outcome_count;
    bashu_distribution distribution;
    named_outcome *outcomes;
    double *values;    /* [draws][change_count] */
    double *percents;  /* [draws][outcome_count]; NaN where there is no equilibrium */
    sweep_draw *draw;  /* [draws] */
    double solve_s;
};

/* outcomes: as bashu_sweep_new. The scenario must outlive the sweep. */
bashu_status sweep_new(bashu_sweep **out, const bashu_scenario *scenario, const bashu_options *options, size_t draws,
                       bashu_distribution distribution, const char *const *outcomes, size_t outcome_count);
void sweep_free(bashu_sweep *sweep);
/* Whether the change states a range, so that it is drawn. */
bool sweep_varies(const change *c);
bashu_status sweep_summary(bashu_sweep_summary *out, const bashu_sweep *sweep, size_t outcome);
/* Spearman's rank correlation of a change with an outcome, over draws with an equilibrium; NaN where one of them does not vary. */
bashu_status sweep_driver(double *out, const bashu_sweep *sweep, size_t change, size_t outcome);

#endif
