/* goods.c - who earns what, and what is bought with it.
 *
 *   X_n^j = alpha_n alpha_n^j I_n + sum_k gamma_n^{jk} Y_n^k                   expenditure, currency
 *   I_n   = E_n + (1-iota_n) r_n H_n + o_n Pi + R_n + D_n + transfers - G_n    income; E: residents' wages
 *   G_n   = sum_p o_pn sum_ij s_p,i^j / (1 + s_i^j) Y_i^j                      subsidies paid: of purse p, in fixed shares o_p
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
#include "blocks/members.h"

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

/* Of region n, [M]. */
IN_EACH_WIDTH void portfolio_share_of(const problem *p, const double *z, const point *at, size_t n, double *share, const size_t M)
{
    const bashu_economy *e = p->economy;
    const double *zn = z + n * p->K * M, *total = at->people_total;
    double people[MEMBERS_MOST] = {0}, stated = e->portfolio_share ? e->portfolio_share[n] : 0;
    if (e->portfolio_share || is_foreign(p, n)) {
        EACH_MEMBER(m, M) share[m] = stated;
        return;
    }
    for (size_t s = 0; s < p->S; s++) {
        double base = e->people[at2(n, s, p->S)];
        EACH_MEMBER(m, M) people[m] += base * member_exp(zn[at_people(p, s) * M + m], M);
    }
    EACH_MEMBER(m, M) share[m] = total[m] <= 0 ? 0 : people[m] / total[m];
}

double goods_portfolio_share(const problem *p, const double *z, const point *at, size_t n)
{
    double share;
    portfolio_share_of(p, z, at, n, &share, 1);
    return share;
}

IN_EACH_WIDTH void national_portfolio(const problem *p, const double *z, point *at, const size_t M)
{
    const bashu_economy *e = p->economy;
    double *portfolio = at->portfolio, *people = at->people_total;
    memset(portfolio, 0, M * sizeof *portfolio);
    memset(people, 0, M * sizeof *people);
    for (size_t n = 0; n < p->N; n++) {
        if (is_foreign(p, n)) continue;
        const double *zn = z + n * p->K * M, *land_hat = p->shock->land_hat + n * M, *land_use = at->land_use + n * M;
        double iota = e->iota[n], base = iota * e->land_income[n], rate = 1 + e->chi[n];
        EACH_MEMBER(m, M) portfolio[m] += base * land_hat[m] * member_exp(rate * zn[at_rent(p) * M + m], M);
        if (has_specific_structures(p, n)) EACH_MEMBER(m, M) portfolio[m] += iota * land_use[m];
        for (size_t s = 0; s < p->S; s++) {
            double here = e->people[at2(n, s, p->S)];
            EACH_MEMBER(m, M) people[m] += here * member_exp(zn[at_people(p, s) * M + m], M);
        }
    }
}

static bool is_multiplicative(const problem *p)
{
    return p->economy->about.switches.deficits == DEFICITS_MULTIPLICATIVE;
}

/* deficit_rate = (1 + d) sigma - 1 */
IN_EACH_WIDTH void multiplicative_deficits(const problem *p, point *at, const size_t M)
{
    double spent[MEMBERS_MOST] = {0}, world[MEMBERS_MOST] = {0};
    if (!is_multiplicative(p)) return;
    for (size_t n = 0; n < p->N; n++) {
        double spends = 1 + p->deficit_share[n];
        const double *local = at->local_value_added + n * M;
        EACH_MEMBER(m, M)
        {
            spent[m] += spends * local[m];
            world[m] += local[m];
        }
    }
    for (size_t n = 0; n < p->N; n++) {
        double spends = 1 + p->deficit_share[n], *rate = at->deficit_rate + n * M;
        EACH_MEMBER(m, M) rate[m] = spends * (world[m] / spent[m]) - 1;
    }
}

/* Region n. */
IN_EACH_WIDTH void use_and_pay(const problem *p, point *at, size_t n, const size_t M)
{
    const bashu_economy *e = p->economy;
    size_t J = p->J, S = p->S;
    double *intermediate = at->intermediate + n * J * M, *wages = at->wage_income + n * S * M, *land_use = at->land_use + n * M;
    double *local = at->local_value_added + n * M, land[MEMBERS_MOST] = {0};
    const double *input = e->input_share + e->about.regions[n].area_index * J * J;
    memset(intermediate, 0, J * M * sizeof *intermediate);
    memset(wages, 0, S * M * sizeof *wages);
    for (size_t j = 0; j < J; j++) {
        size_t nj = at2(n, j, J);
        const double *output = at->output + nj * M;
        double labour[MEMBERS_MOST], value_added_share = e->value_added_share[nj], labour_share = 1 - e->land_share[nj];
        for (size_t k = 0; k < J; k++) {
            double used = input[j * J + k];
            EACH_MEMBER(m, M) intermediate[k * M + m] += used * output[m];
        }
        EACH_MEMBER(m, M)
        {
            double value_added = value_added_share * output[m];
            labour[m] = labour_share * value_added;
            land[m] += value_added - labour[m];
        }
        for (size_t s = 0; s < S; s++) {
            double share = e->wage_share[at3(n, j, s, J, S)];
            EACH_MEMBER(m, M) wages[s * M + m] += share * labour[m];
        }
    }
    EACH_MEMBER(m, M) local[m] = land_use[m] = land[m];
    for (size_t s = 0; s < S; s++) EACH_MEMBER(m, M) local[m] += wages[s * M + m];
}

IN_EACH_WIDTH void use_and_pay_all(const problem *p, point *at, const size_t M)
{
    for (size_t n = 0; n < p->N; n++) use_and_pay(p, at, n, M);
}

FOR_EACH_WIDTH void goods_produce(const problem *p, point *at)
{
    FOR_MEMBERS(p, use_and_pay_all, p, at);
}

IN_EACH_WIDTH void earn(const problem *p, const double *z, point *at, const size_t M)
{
    const bashu_economy *e = p->economy;
    national_portfolio(p, z, at, M);
    multiplicative_deficits(p, at, M);
    for (size_t n = 0; n < p->N; n++) {
        const double *transfer = p->shock->transfer + n * M, *land_use = at->land_use + n * M, *labour = at->labour_income + n * p->S * M;
        const double *rate = at->deficit_rate + n * M, *local = at->local_value_added + n * M, *portfolio = at->portfolio;
        double rents_earned = 1 - e->iota[n], fixed = e->deficit[n], income[MEMBERS_MOST], share[MEMBERS_MOST], *earned = at->earned + n * M;
        EACH_MEMBER(m, M) income[m] = transfer[m];
        if (p->shock->subsidy) EACH_MEMBER(m, M) income[m] -= at->paid[n]; /* never side by side */
        if (!has_landlords(p)) EACH_MEMBER(m, M) income[m] += rents_earned * land_use[m];
        for (size_t s = 0; s < p->S; s++) EACH_MEMBER(m, M) income[m] += labour[s * M + m];
        if (is_multiplicative(p)) EACH_MEMBER(m, M) income[m] += rate[m] * local[m];
        else EACH_MEMBER(m, M) income[m] += fixed;
        portfolio_share_of(p, z, at, n, share, M);
        EACH_MEMBER(m, M) earned[m] = income[m] + share[m] * portfolio[m];
    }
}

FOR_EACH_WIDTH void goods_earn(const problem *p, const double *z, point *at)
{
    if (p->shock->subsidy) shock_subsidies(p->shock, p->economy, at->output, at->paid, at->got);
    FOR_MEMBERS(p, earn, p, z, at);
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

IN_EACH_WIDTH void spend(const problem *p, point *at, size_t n, const size_t M)
{
    const bashu_economy *e = p->economy;
    size_t J = p->J;
    double spent = spent_of_income(p, n), housing = 1 - e->goods_share[n], of_income = earned_of_income(p, n);
    const double *intermediate = at->intermediate + n * J * M, *share = e->final_share + n * J, *land_use = at->land_use + n * M;
    const double *earned = at->earned + n * M;
    double income[MEMBERS_MOST], own[MEMBERS_MOST], landlords[MEMBERS_MOST], land_of_sectors[MEMBERS_MOST];
    bool rents_spent = has_landlords(p), specific = has_specific_structures(p, n);
    double *of_residents = at->income + n * M, *demand = at->land_demand + n * M, *expenditure = at->expenditure + n * J * M;
    EACH_MEMBER(m, M)
    {
        landlords[m] = rents_spent ? land_use[m] : 0;
        land_of_sectors[m] = specific ? 0 : land_use[m];
        income[m] = earned[m];
        own[m] = of_income;
    }
    for (size_t j = 0; p->trade.sales && j < J; j++) {
        const double *kept = at->kept + at2(n, j, J) * M, *total = at->total + at2(n, j, J) * M;
        EACH_MEMBER(m, M)
        {
            double revenue_share = 1 - kept[m] / total[m];
            income[m] += revenue_share * (intermediate[j * M + m] + share[j] * landlords[m]);
            own[m] -= revenue_share * spent * share[j];
        }
    }
    EACH_MEMBER(m, M)
    {
        income[m] /= own[m];
        of_residents[m] = income[m];
        demand[m] = land_of_sectors[m] + housing * income[m];
    }
    for (size_t j = 0; j < J; j++)
        EACH_MEMBER(m, M) expenditure[j * M + m] = share[j] * (spent * income[m] + landlords[m]) + intermediate[j * M + m];
}

FOR_EACH_WIDTH void goods_expenditure(const problem *p, point *at, size_t n)
{
    FOR_MEMBERS(p, spend, p, at, n);
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
