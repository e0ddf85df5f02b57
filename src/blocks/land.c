/* land.c - land and structures.
 *
 *   r_n H_n = (1-alpha_n) I_n + sum_j eta_n^j gamma_n^j Y_n^j,   H_n = Hbar_n r_n^chi_n
 *   rhat^(1+chi) Hbarhat r H = demand
 *
 * Where structures are specific to sectors, the market is housing's alone, and (rhat_n^j)^(1+chi) Hbarhat = Yhat_n^j. */
#include "blocks/blocks.h"

#include <math.h>

double land_evaluate(const problem *p, const point *at, size_t n)
{
    const bashu_economy *e = p->economy;
    if (!(e->land_income[n] > 0)) return 0;
    return log(at->land_demand[n] / (e->land_income[n] * p->shock->land_hat[n])) / (1 + e->chi[n]);
}

double land_change(const problem *p, const point *at, size_t n, const double *dz, double dincome)
{
    const bashu_economy *e = p->economy;
    if (!(e->land_income[n] > 0)) return 0;
    double demand = (1 - e->goods_share[n]) * dincome;
    for (size_t j = 0; !has_specific_structures(p, n) && j < p->J; j++) {
        size_t nj = at2(n, j, p->J);
        demand += e->land_share[nj] * e->value_added_share[nj] * at->output[nj] * dz[at_output(p, j)];
    }
    return demand / at->land_demand[n] / (1 + e->chi[n]);
}
