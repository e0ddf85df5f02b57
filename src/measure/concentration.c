/* concentration.c - how a sector is spread over places.
 *
 *   s_n      share of place n in the sector, x_n share in all sectors
 *   LQ_n     s_n / x_n = (V_nj / V_n) / (V_j / V)                                          location quotient
 *   H        sum_n s_n^2                                                                   Herfindahl index over places
 *   Gini     1 - sum_k w_(k) (L_(k) + L_(k-1)), places in the order of value over weight, w their share of the weight, L the
 *            sum of shares of value so far. Weight 1: over places; weight V_n: locational Gini (Krugman 1991), 0 where the sector
 *            lies as all value added does
 *   G        sum_n (s_n - x_n)^2                                                           Ellison & Glaeser (1997)
 *   gamma    (G / (1 - sum x^2) - Z) / (1 - Z),  Z Herfindahl index of the sector's plants
 *
 * G / (1 - sum x^2) is not above 1, so that gamma falls as Z rises: without plants it is the most that gamma can be. Ellison & Glaeser
 * take shares of employment; here they are of value added. */
#include "measure/concentration.h"

#include <math.h>
#include <stdlib.h>

static double sum_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += x[k];
    return sum;
}

double concentration_herfindahl(const double *value, size_t n)
{
    double whole = sum_of(value, n), squares = 0;
    for (size_t k = 0; k < n; k++) squares += value[k] / whole * (value[k] / whole);
    return whole > 0 ? squares : (double)NAN;
}

/* ---- Gini ----------------------------------------------------------------------------------------- */

typedef struct lorenz_step {
    double value, weight;
} lorenz_step;

/* By value over weight, without dividing: weights may be zero. */
static int by_slope(const void *a, const void *b)
{
    const lorenz_step *x = a, *y = b;
    double left = x->value * y->weight, right = y->value * x->weight;
    return (left > right) - (left < right);
}

bashu_status concentration_gini(double *out, bashu_context *context, const double *value, const double *weight, size_t n)
{
    lorenz_step *steps = malloc((n + 1) * sizeof *steps);
    double values = sum_of(value, n), weights = weight ? sum_of(weight, n) : (double)n, so_far = 0, area = 0;
    size_t count = 0;
    if (!steps) return fail_memory(context);
    for (size_t k = 0; k < n; k++) { /* a place that counts for nothing and has nothing has no slope */
        steps[count] = (lorenz_step){value[k] / values, (weight ? weight[k] : 1) / weights};
        count += steps[count].value > 0 || steps[count].weight > 0;
    }
    qsort(steps, count, sizeof *steps, by_slope);
    for (size_t k = 0; k < count; k++) {
        area += steps[k].weight * (2 * so_far + steps[k].value);
        so_far += steps[k].value;
    }
    free(steps);
    *out = values > 0 && weights > 0 ? 1 - area : (double)NAN;
    return BASHU_OK;
}

/* ---- Ellison and Glaeser -------------------------------------------------------------------------- */

ellison_glaeser concentration_ellison_glaeser(const double *value, const double *whole, size_t n, double plants)
{
    double values = sum_of(value, n), wholes = sum_of(whole, n), raw = 0, squares = 0;
    for (size_t k = 0; k < n; k++) {
        double x = whole[k] / wholes, gap = value[k] / values - x;
        raw += gap * gap;
        squares += x * x;
    }
    double nan = (double)NAN;
    if (!(values > 0 && wholes > 0)) return (ellison_glaeser){nan, nan, nan};
    double bound = squares < 1 ? raw / (1 - squares) : nan;
    return (ellison_glaeser){raw, bound, (bound - plants) / (1 - plants)};
}
