/* fill.h - the inside of measure/: how the rows of the table of output variables are filled. */
#ifndef BASHU_MEASURE_FILL_H
#define BASHU_MEASURE_FILL_H

#include "equilibrium/result.h"

/* Both arrays have the length of the shape and begin as zeros; the row says whether `second` is a hat, the level of the
 * counterfactual, or a part of a change (which has no base). */
typedef void fill_function(const bashu_result *result, double *base, double *second);

/* variables.c: how the hats of a variable of shape region are filled; NULL where it is no such hat. */
fill_function *measure_hat(const char *variable);
/* variables.c: log of the price index of goods, counterfactual over baseline. */
double log_goods_price_hat(const bashu_result *result, size_t n);

/* ---- pairs.c: what flows between places ---------------------------------------------------------- */

typedef struct flow { /* what a destination buys from an origin, baseline and counterfactual */
    size_t origin, destination, sector;
    double share, share_new;    /* of the destination's spending on the sector */
    double before, after;       /* value at buyers' prices, tariffs included */
    double tariff, tariff_new;
} flow;
typedef void flow_function(void *payload, const flow *f);
/* Every pair that trades, a place with itself too, in a fixed order. */
void each_flow(const bashu_result *result, flow_function *visit, void *payload);
/* dhat of the pair, without tariffs. */
double trade_cost_hat(const bashu_result *result, const flow *f);
/* variables.c: hat of the wages of the residents of one region and group (index [N][S]), wherever they work */
double labour_income_hat(const bashu_result *result, size_t i);
/* (Vhat_n / (muhat_on Vhat_o))^epsilon, and whether the group moves at all. */
double attraction_of(const bashu_result *result, size_t s, size_t origin, size_t destination);
bool group_moves(const bashu_economy *economy, size_t origin, size_t s);

fill_function fill_trade, fill_trade_share, fill_migrants, fill_commuters, fill_exports, fill_imports, fill_trade_balance, fill_tariff_revenue,
    fill_home_share;

/* ---- decompose.c: parts of a change of welfare --------------------------------------------------- */

fill_function fill_welfare_trade, fill_terms_of_trade, fill_volume_of_trade, fill_trade_cost_saving,
    fill_terms_of_trade_by_partner, fill_volume_of_trade_by_partner, fill_trade_cost_saving_by_partner,
    fill_terms_of_trade_by_sector, fill_volume_of_trade_by_sector, fill_trade_cost_saving_by_sector;
fill_function fill_utility_total, fill_utility_wage, fill_utility_other_income, fill_utility_goods_price, fill_utility_rent,
    fill_utility_congestion, fill_utility_amenity;
fill_function fill_welfare_total, fill_welfare_staying, fill_welfare_moving;

#endif
