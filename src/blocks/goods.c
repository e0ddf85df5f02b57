/* goods.c - who earns what, and what is bought with it.
 *
 *   X_n^j = alpha_n alpha_n^j I_n + sum_k gamma_n^{jk} Y_n^k                   expenditure, currency
 *   I_n   = E_n + (1-iota_n) r_n H_n + o_n Pi + R_n + D_n + transfers          income; E: residents' wages
 *   r_n H_n = (1-alpha_n) I_n + sum_j eta gamma Y_n^j                          so that I_n [1 - (1-iota)(1-alpha)] is known
 *   R_n   = sum_j rho_n^j X_n^j,  rho_n^j = sum_i pi_ni^j tau_ni / (1 + tau_ni)  tariff revenue
 *   Pi    = sum_m iota_m r_m H_m                                                the national portfolio of land rents
 *   o_n   = L_n / L, or the share of the portfolio that the region owns
 *   D_n   fixed, or multiplicative: ((1 + d_n) sigma - 1) VA'_n,  d = D / VA of the baseline,
 *         sigma = sum_m VA'_m / sum_m (1 + d_m) VA'_m
 *
 * With `rents: landlords` rents are not residents' income; landlords spend them on goods where they arise (Ahlfeldt et al. 2015;
 * Monte et al. 2018): I_n = E_n + R_n + D_n + transfers, and I_n + sum_j eta gamma Y_n^j is spent on goods.
 *
 * Rents go to residents where iota = 0; Caliendo, Parro, Rossi-Hansberg & Sarte (2018) for the portfolio. */
#include "blocks/blocks.h"

#include <math.h>
#include <string.h>

static bool is_foreign(const problem *p, size_t n)
{
    return p->economy->about.foreign == (long)n;
}

static bool has_landlords(const problem *p)
{
    return p->economy->about.switches.rents == RENTS_LANDLORDS;
}

/* Spending on goods with income, landlords' share in rents on housing included. */
static double spent_of_income(const problem *p, size_t n)
{
    return has_landlords(p) ? 1 : p->economy->goods_share[n];
}

/* Income less the rents on housing that come back to residents, over income. */
static double earned_of_income(const problem *p, size_t n)
{
    const bashu_economy *e = p->economy;
    if (has_landlords(p)) return 1;
    return 1 - (1 - e->iota[n]) * (1 - e->goods_share[n]);
}

double goods_portfolio_share(const problem *p, const double *z, const point *at, size_t n)
{
    if (p->economy->portfolio_share) return p->economy->portfolio_share[n];
    if (is_foreign(p, n) || at->people_total <= 0) return 0;
    double people = 0;
    for (size_t s = 0; s < p->S; s++)
        people += p->economy->people[at2(n, s, p->S)] * exp(z[n * p->K + at_people(p, s)]);
    return people / at->people_total;
}

static void national_portfolio(const problem *p, const double *z, point *at)
{
    const bashu_economy *e = p->economy;
    at->portfolio = at->people_total = 0;
    for (size_t n = 0; n < p->N; n++) {
        if (is_foreign(p, n)) continue;
        at->portfolio += e->iota[n] * e->land_income[n] * p->shock->land_hat[n]
                         * exp((1 + e->chi[n]) * z[n * p->K + at_rent(p)]);
        if (has_specific_structures(p, n)) at->portfolio += e->iota[n] * at->land_use[n];
        for (size_t s = 0; s < p->S; s++)
            at->people_total += e->people[at2(n, s, p->S)] * exp(z[n * p->K + at_people(p, s)]);
    }
}

static bool is_multiplicative(const problem *p)
{
    return p->economy->about.switches.deficits == DEFICITS_MULTIPLICATIVE;
}

/* deficit_rate = (1 + d) sigma - 1 */
static void multiplicative_deficits(const problem *p, point *at)
{
    double spent = 0, world = 0;
    if (!is_multiplicative(p)) return;
    for (size_t n = 0; n < p->N; n++) {
        spent += (1 + p->deficit_share[n]) * at->local_value_added[n];
        world += at->local_value_added[n];
    }
    for (size_t n = 0; n < p->N; n++) at->deficit_rate[n] = (1 + p->deficit_share[n]) * (world / spent) - 1;
}

void goods_produce(const problem *p, point *at)
{
    const bashu_economy *e = p->economy;
    size_t J = p->J, S = p->S;
    for (size_t n = 0; n < p->N; n++) {
        double *intermediate = at->intermediate + n * J, *wages = at->wage_income + n * S, land = 0;
        const double *input = e->input_share + e->about.regions[n].area_index * J * J;
        memset(intermediate, 0, J * sizeof *intermediate);
        memset(wages, 0, S * sizeof *wages);
        for (size_t j = 0; j < J; j++) {
            double output = at->output[at2(n, j, J)], value_added = e->value_added_share[at2(n, j, J)] * output;
            for (size_t k = 0; k < J; k++) intermediate[k] += input[j * J + k] * output;
            double labour = (1 - e->land_share[at2(n, j, J)]) * value_added;
            for (size_t s = 0; s < S; s++) wages[s] += e->wage_share[at3(n, j, s, J, S)] * labour;
            land += value_added - labour;
        }
        at->land_use[n] = land;
        at->local_value_added[n] = land;
        for (size_t s = 0; s < S; s++) at->local_value_added[n] += wages[s];
    }
}

void goods_earn(const problem *p, const double *z, point *at)
{
    const bashu_economy *e = p->economy;
    national_portfolio(p, z, at);
    multiplicative_deficits(p, at);
    for (size_t n = 0; n < p->N; n++) {
        double income = p->shock->transfer[n];
        if (!has_landlords(p)) income += (1 - e->iota[n]) * at->land_use[n];
        for (size_t s = 0; s < p->S; s++) income += at->labour_income[at2(n, s, p->S)];
        income += is_multiplicative(p) ? at->deficit_rate[n] * at->local_value_added[n] : e->deficit[n];
        at->earned[n] = income + goods_portfolio_share(p, z, at, n) * at->portfolio;
    }
}

double goods_balance_change(const problem *p, const point *at, const double *dz)
{
    double sum = 0, world = 0;
    if (!is_multiplicative(p)) return 0;
    for (size_t n = 0; n < p->N; n++) {
        double change_of_value = 0;
        for (size_t j = 0; j < p->J; j++) {
            size_t nj = at2(n, j, p->J);
            change_of_value += p->economy->value_added_share[nj] * at->output[nj] * dz[n * p->K + at_output(p, j)];
        }
        sum += at->deficit_rate[n] * change_of_value;
        world += at->local_value_added[n];
    }
    return sum / world;
}

void goods_expenditure(const problem *p, point *at, size_t n)
{
    const bashu_economy *e = p->economy;
    size_t J = p->J;
    double spent = spent_of_income(p, n), landlords = has_landlords(p) ? at->land_use[n] : 0;
    double income = at->earned[n], own = earned_of_income(p, n);
    const double *intermediate = at->intermediate + n * J, *share = e->final_share + n * J;
    for (size_t j = 0; p->trade.sales && j < J; j++) {
        double revenue_share = 1 - at->kept[at2(n, j, J)] / at->total[at2(n, j, J)];
        income += revenue_share * (intermediate[j] + share[j] * landlords);
        own -= revenue_share * spent * share[j];
    }
    income /= own;
    at->income[n] = income;
    at->land_demand[n] = (has_specific_structures(p, n) ? 0 : at->land_use[n]) + (1 - e->goods_share[n]) * income;
    for (size_t j = 0; j < J; j++) at->expenditure[at2(n, j, J)] = share[j] * (spent * income + landlords) + intermediate[j];
}

double goods_change(const problem *p, const point *at, size_t n, const double *dz, const double *dlabour,
                    const double *drevenue_share, double dportfolio, double *dexpenditure)
{
    const bashu_economy *e = p->economy;
    size_t J = p->J;
    double spent = spent_of_income(p, n), own = earned_of_income(p, n), dincome = dportfolio, drents = 0;
    double rents_earned = has_landlords(p) ? 0 : 1 - e->iota[n];
    const double *input = e->input_share + e->about.regions[n].area_index * J * J, *share = e->final_share + n * J;
    memset(dexpenditure, 0, J * sizeof *dexpenditure);
    for (size_t s = 0; s < p->S; s++) dincome += dlabour[s];
    for (size_t j = 0; j < J; j++) {
        double doutput = at->output[at2(n, j, J)] * dz[at_output(p, j)];
        if (doutput == 0) continue;
        dincome += e->value_added_share[at2(n, j, J)] * (at->deficit_rate[n] + rents_earned * e->land_share[at2(n, j, J)]) * doutput;
        drents += e->value_added_share[at2(n, j, J)] * e->land_share[at2(n, j, J)] * doutput;
        for (size_t k = 0; k < J; k++) dexpenditure[k] += input[j * J + k] * doutput;
    }
    for (size_t j = 0; has_landlords(p) && j < J; j++) dexpenditure[j] += share[j] * drents;
    for (size_t j = 0; p->trade.sales && j < J; j++) {
        double revenue_share = 1 - at->kept[at2(n, j, J)] / at->total[at2(n, j, J)];
        dincome += revenue_share * dexpenditure[j] + (drevenue_share ? drevenue_share[j] * at->expenditure[at2(n, j, J)] : 0);
        own -= revenue_share * spent * share[j];
    }
    dincome /= own;
    for (size_t j = 0; j < J; j++) dexpenditure[j] += spent * share[j] * dincome;
    return dincome;
}
