/* concentration.h - how a sector is spread over places: closed forms of shares. Equations in concentration.c. */
#ifndef BASHU_MEASURE_CONCENTRATION_H
#define BASHU_MEASURE_CONCENTRATION_H

#include "core/core.h"

/* Sum of squared shares of value: [n], not negative. 1/n to 1; NaN where all is zero. */
double concentration_herfindahl(const double *value, size_t n);
/* Gini coefficient of value over places that count by weight ([n], not negative; NULL: each place counts once). 0 to 1; NaN where one
 * of them is zero everywhere. Errors: MEMORY. */
bashu_status concentration_gini(double *out, bashu_context *context, const double *value, const double *weight, size_t n);

typedef struct ellison_glaeser {
    double raw;   /* G: sum of squared differences of shares */
    double bound; /* gamma is at most this, whatever the plants: G / (1 - sum x^2) */
    double index; /* gamma; NaN when the Herfindahl index of plants is not known */
} ellison_glaeser;
/* value: of the sector, whole: of all sectors, [n]; plants: Herfindahl index of the sector's plants, NaN unknown. */
ellison_glaeser concentration_ellison_glaeser(const double *value, const double *whole, size_t n, double plants);

#endif
