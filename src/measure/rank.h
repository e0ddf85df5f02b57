/* rank.h - whether two lists of numbers rank alike. */
#ifndef BASHU_MEASURE_RANK_H
#define BASHU_MEASURE_RANK_H

#include <stdbool.h>
#include <stddef.h>

/* Spearman's rank correlation, ties by their mean rank; NaN where one of them does not vary. x, y: [n] become their ranks. False: no memory. */
bool rank_correlation(double *out, double *x, double *y, size_t n);

#endif
