/* labour.c - the labour market of each group.
 *
 *   w_n^s L_n^s = sum_j beta_n^{js} (1-eta_n^j) gamma_n^j Y_n^j          currency */
#include "blocks/blocks.h"

#include <math.h>

void labour_evaluate(const problem *p, const double *z, const point *at, size_t n, double *log_wage)
{
    for (size_t s = 0; s < p->S; s++) {
        double base = p->economy->wage_bill[at2(n, s, p->S)];
        log_wage[s] = base > 0 ? log(at->wage_income[at2(n, s, p->S)] / base) - z[n * p->K + at_people(p, s)] : 0;
    }
}

void labour_change(const problem *p, const point *at, size_t n, const double *dz, double *dlog_wage)
{
    const bashu_economy *e = p->economy;
    for (size_t s = 0; s < p->S; s++) {
        double sum = 0, wages = at->wage_income[at2(n, s, p->S)];
        for (size_t j = 0; j < p->J; j++) {
            size_t nj = at2(n, j, p->J);
            sum += e->wage_share[nj * p->S + s] * (1 - e->land_share[nj]) * e->value_added_share[nj] * at->output[nj]
                      * dz[at_output(p, j)];
        }
        dlog_wage[s] = wages > 0 ? sum / wages - dz[at_people(p, s)] : 0;
    }
}
