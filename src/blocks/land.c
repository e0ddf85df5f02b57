/* land.c - land and structures.
 *
 *   r_n H_n = (1-alpha_n) I_n + sum_j eta_n^j gamma_n^j Y_n^j,   H_n = Hbar_n r_n^chi_n
 *   rhat^(1+chi) Hbarhat r H = demand
 *
 * Where structures are specific to sectors, the market is housing's alone, and (rhat_n^j)^(1+chi) Hbarhat = Yhat_n^j. */
#include "blocks/members.h"

IN_EACH_WIDTH void log_rent_of(const problem *p, const point *at, size_t n, double *log_rent, const size_t M)
{
    const bashu_economy *e = p->economy;
    double base = e->land_income[n], chi = e->chi[n];
    const double *demand = at->land_demand + n * M, *land_hat = p->shock->land_hat + n * M;
    EACH_MEMBER(m, M) log_rent[m] = base > 0 ? member_log(demand[m] / (base * land_hat[m]), M) / (1 + chi) : 0;
}

FOR_EACH_WIDTH void land_evaluate(const problem *p, const point *at, size_t n, double *log_rent)
{
    FOR_MEMBERS(p, log_rent_of, p, at, n, log_rent);
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
