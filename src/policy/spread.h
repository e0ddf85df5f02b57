/* spread.h - a budget spread over things with decreasing returns. */
#ifndef BASHU_POLICY_SPREAD_H
#define BASHU_POLICY_SPREAD_H

#include "core/core.h"

/*   max sum_l weight_l log(1 + x_l / capital_l)   s.t.  sum x_l <= budget,  0 <= x_l <= most_l,  sum_l slope_ml log(1 + x_l / capital_l) >= least_m */
typedef struct spread {
    size_t n, m;
    const double *weight, *capital, *most; /* [n]; capital > 0, most >= 0 */
    const double *slope, *least;           /* [m][n], [m] */
    double budget;                         /* > 0 */
    double *x;                             /* [n] out */
    double price, *shadow;                 /* out: of the budget; [m] of the constraints; all >= 0 */
    bool feasible;                         /* out: false: no x meets the constraints, and x is that with the largest shadows tried */
} spread;
void spread_solve(spread *s);

#endif
