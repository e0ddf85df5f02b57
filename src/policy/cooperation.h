/* cooperation.h - who gains when players agree on the changes of a scenario, and what keeps them together. */
#ifndef BASHU_POLICY_COOPERATION_H
#define BASHU_POLICY_COOPERATION_H

#include "measure/outcome.h"
#include "policy/coalition.h"

struct bashu_cooperation {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario;
    bashu_options options;
    const char *variable;        /* "welfare", "gdp" or "real_wage" */
    size_t players, changes, orders; /* orders: sampled; 0: all coalitions */
    bool levers;                 /* what each change is worth was asked for */
    double *weight;              /* [players][N] money of one percent of the variable in a region, over a hundredth */
    double *base;                /* [players] money that a hundred percent would be */
    double *one_sided;           /* [players who act alone][players who gain] */
    double *joint;               /* [players] */
    double *shapley, *error;     /* [players] of what coalitions gain; error: NaN unless sampled */
    double *core;                /* [players] the point of the least core; NaN when sampled */
    double *lever_alone, *lever_last, *lever_value, *lever_error; /* [changes] of what all players gain together; NaN without levers */
    double *interaction;         /* [changes][changes]; NULL when sampled and without levers */
    double *transfer, *after;    /* [players] received (paid: negative); the gain with it */
    double elsewhere;            /* what all who are no players gain under the joint deal */
    bashu_cooperation_info info;
    char worst[96];
};
/* The scenario must name players, and outlive the cooperation. variable NULL: welfare. orders 0: all coalitions, for at most 12 players and
 * changes (levers false: changes by themselves are not played with, and may be more). Errors: INPUT (no players), ARGUMENT, UNSUPPORTED (a coalition without an equilibrium), MEMORY, INTERRUPTED. */
bashu_status cooperation_new(bashu_cooperation **out, const bashu_scenario *scenario, const bashu_options *options, const char *variable, size_t orders,
                             bool levers);
void cooperation_free(bashu_cooperation *cooperation);

#endif
