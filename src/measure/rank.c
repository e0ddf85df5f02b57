/* rank.c - Spearman's rank correlation: the correlation of ranks, ties by their mean rank. */
#include "measure/rank.h"

#include <math.h>
#include <stdlib.h>

typedef struct ranked {
    double value;
    size_t k;
} ranked;

static int by_rank(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* x becomes its ranks. */
static bool to_ranks(double *x, size_t n)
{
    ranked *order = malloc((n + 1) * sizeof *order);
    if (!order) return false;
    for (size_t k = 0; k < n; k++) order[k] = (ranked){x[k], k};
    qsort(order, n, sizeof *order, by_rank);
    for (size_t first = 0, last; first < n; first = last) {
        for (last = first; last < n && order[last].value == order[first].value; last++) {}
        for (size_t k = first; k < last; k++) x[order[k].k] = (double)(first + last - 1) / 2;
    }
    free(order);
    return true;
}

static double correlation(const double *x, const double *y, size_t n)
{
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t k = 0; k < n; k++) mean_x += x[k] / (double)n, mean_y += y[k] / (double)n;
    for (size_t k = 0; k < n; k++) {
        double a = x[k] - mean_x, b = y[k] - mean_y;
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : (double)NAN;
}

bool rank_correlation(double *out, double *x, double *y, size_t n)
{
    bool ranked_all = to_ranks(x, n) && to_ranks(y, n);
    *out = ranked_all ? correlation(x, y, n) : (double)NAN;
    return ranked_all;
}
