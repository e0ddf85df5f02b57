/* trade.c - shares, prices and sales (Eaton & Kortum 2002; hats of Dekle, Eaton & Kortum 2007).
 *
 *   (Phat_n^j)^-theta = sum_i pi_ni^j kappahat_ni^-theta x_i^j
 *   pi'_ni^j          = pi_ni^j kappahat_ni^-theta x_i^j / (Phat_n^j)^-theta
 *   Y'_i^j            = (1 + s_i^j) sum_n pi'_ni^j X'_n^j / (1 + tau'_ni^j)        s: subsidies
 *
 * One pass does all of it: a buyer's price needs its whole row, and its expenditure is then spread over the same row. */
#include "blocks/members.h"

#include <string.h>

typedef struct row_payload {
    const problem *p;
    point *at;
} row_payload;

static void spend_row(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    const problem *p = ((row_payload *)payload)->p;
    point *at = ((row_payload *)payload)->at;
    size_t width = p->J * p->members;
    memcpy(at->total + n * width, total, width * sizeof *total);
    memcpy(at->kept + n * width, kept, width * sizeof *kept);
    goods_expenditure(p, at, n);
    for (size_t k = 0; k < width; k++) weight[k] = at->expenditure[n * width + k] / total[k];
}

IN_EACH_WIDTH void sell(const problem *p, point *at, const size_t M)
{
    double *world = at->value_added;
    memset(world, 0, M * sizeof *world);
    for (size_t n = 0; n < p->N; n++)
        for (size_t j = 0; j < p->J; j++) {
            size_t nj = at2(n, j, p->J), jn = j * p->N + n;
            double share = p->economy->value_added_share[nj], *sales = at->sales + nj * M;
            const double *x = at->x + jn * M, *sum = at->sum + jn * M;
            double factor = p->shock->subsidy ? 1 + p->shock->subsidy[nj] : 1;
            EACH_MEMBER(m, M)
            {
                sales[m] = factor * (x[m] * sum[m]);
                world[m] += share * sales[m];
            }
        }
}

FOR_EACH_WIDTH void trade_evaluate(const problem *p, point *at, bool squares)
{
    row_payload payload = {p, at};
    pass_of_members(p, &p->trade, at->x, spend_row, &payload, at->sum, squares ? at->square : NULL, at->pass_work);
    FOR_MEMBERS(p, sell, p, at);
}

double trade_share(const problem *p, const point *at, size_t n, size_t j, size_t i)
{
    return p->trade.kernel[(n * p->J + j) * p->N + i] * at->x[j * p->N + i] / at->total[at2(n, j, p->J)];
}
