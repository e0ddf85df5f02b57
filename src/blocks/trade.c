/* trade.c - shares, prices and sales (Eaton & Kortum 2002; hats of Dekle, Eaton & Kortum 2007).
 *
 *   (Phat_n^j)^-theta = sum_i pi_ni^j kappahat_ni^-theta x_i^j
 *   pi'_ni^j          = pi_ni^j kappahat_ni^-theta x_i^j / (Phat_n^j)^-theta
 *   Y'_i^j            = sum_n pi'_ni^j X'_n^j / (1 + tau'_ni^j)
 *
 * One pass does all of it: a buyer's price needs its whole row, and its expenditure is then spread over the same row. */
#include "blocks/blocks.h"

typedef struct row_payload {
    const problem *p;
    point *at;
} row_payload;

static void spend_row(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    const problem *p = ((row_payload *)payload)->p;
    point *at = ((row_payload *)payload)->at;
    for (size_t j = 0; j < p->J; j++) {
        at->total[at2(n, j, p->J)] = total[j];
        at->kept[at2(n, j, p->J)] = kept[j];
    }
    goods_expenditure(p, at, n);
    for (size_t j = 0; j < p->J; j++) weight[j] = at->expenditure[at2(n, j, p->J)] / total[j];
}

void trade_evaluate(const problem *p, point *at, bool squares)
{
    row_payload payload = {p, at};
    bilateral_pass(&p->trade, p->threads, at->x, spend_row, &payload, at->sum, squares ? at->square : NULL, at->pass_work);
    at->value_added = 0;
    for (size_t n = 0; n < p->N; n++)
        for (size_t j = 0; j < p->J; j++) {
            double sales = at->x[j * p->N + n] * at->sum[j * p->N + n];
            at->sales[at2(n, j, p->J)] = sales;
            at->value_added += p->economy->value_added_share[at2(n, j, p->J)] * sales;
        }
}

double trade_share(const problem *p, const point *at, size_t n, size_t j, size_t i)
{
    return p->trade.kernel[(n * p->J + j) * p->N + i] * at->x[j * p->N + i] / at->total[at2(n, j, p->J)];
}
