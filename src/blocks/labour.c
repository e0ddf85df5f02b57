/* labour.c - the labour market of each group.
 *
 *   w_n^s Lw_n^s = sum_j beta_n^{js} (1-eta_n^j) gamma_n^j Y_n^j          currency; Lw: who works in n */
#include "blocks/members.h"

IN_EACH_WIDTH void log_wage_of(const problem *p, const point *at, size_t n, size_t s, double *log_wage, const size_t M)
{
    size_t ns = at2(n, s, p->S);
    double base = p->economy->wage_bill[ns];
    const double *wages = at->wage_income + ns * M, *log_workers = at->log_workers + ns * M;
    EACH_MEMBER(m, M) log_wage[m] = base > 0 ? member_log(wages[m] / base, M) - log_workers[m] : 0;
}

FOR_EACH_WIDTH void labour_log_wage(const problem *p, const point *at, size_t n, size_t s, double *log_wage)
{
    FOR_MEMBERS(p, log_wage_of, p, at, n, s, log_wage);
}

void labour_wage_bill_change(const problem *p, const point *at, size_t n, const double *dz, double *dwages)
{
    const bashu_economy *e = p->economy;
    for (size_t s = 0; s < p->S; s++) {
        double sum = 0;
        for (size_t j = 0; j < p->J; j++) {
            size_t nj = at2(n, j, p->J);
            sum += e->wage_share[nj * p->S + s] * (1 - e->land_share[nj]) * e->value_added_share[nj] * at->output[nj]
                      * dz[at_output(p, j)];
        }
        dwages[s] = sum;
    }
}

double labour_log_wage_change(const problem *p, const point *at, size_t n, size_t s, const double *dwages, const double *dworkers)
{
    double wages = at->wage_income[at2(n, s, p->S)];
    return wages > 0 ? dwages[s] / wages - dworkers[s] : 0;
}
