/* upgrades.h - the best size of every link of an economy's network, each size an equilibrium. Equations in upgrades.c. */
#ifndef BASHU_POLICY_UPGRADES_H
#define BASHU_POLICY_UPGRADES_H

#include "input/upgrades.h"
#include "measure/linear.h"
#include "measure/outcome.h"
#include "policy/coalition.h"

typedef struct upgraded { /* one spread of the money, solved */
    double *x, *slope;    /* [count] money; gain by money, log points x 100 per currency unit; slope: where it was wanted */
    double gain, least;   /* of the outcome, log points x 100, NaN: no equilibrium; the smallest change of welfare of any place, percent */
    size_t loser;
} upgraded;

struct bashu_upgrades {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    bashu_options options;
    bashu_upgrades_options wanted;
    upgrades of;
    named_outcome outcome;
    upgraded best, even;
    double *elasticity, *highest; /* [count] percent of the outcome per percent less time at the best; the largest met anywhere */
    double *probe;            /* [count] gain when one link alone gets what it can use of the budget */
    double price;             /* of the budget: gain per currency unit more, log points x 100 */
    size_t bound_count;       /* places whose loss binds */
    size_t *bound_place;
    double *bound_shadow;
    bashu_upgrades_info info;
    solve_quality quality;
};
bashu_status upgrades_new(bashu_upgrades **out, const bashu_economy *economy, const char *path, const bashu_upgrades_options *wanted, const bashu_options *options);
void upgrades_free(bashu_upgrades *plan);
/* Time of a candidate with so much money, hours. */
double upgraded_time(const bashu_upgrades *plan, size_t candidate, double money);

#endif
