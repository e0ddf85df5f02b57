/* radius.h - bounds of the spectral radius rho of a matrix A >= 0 of which only products are known.
 *
 *   min_k (A x)_k / x_k  <=  rho  <=  max_k (A x)_k / x_k    for any x > 0 (Collatz 1942, Wielandt 1950); x := x + A x
 *
 * where from below x may be 0 in places. Nodes from which nothing leads on do not count for rho and are left out; in the end, from below, also those of
 * negligible x, since far parts of a network have radii of their own. Bounds are bounds after any number of rounds, and x goes to the eigenvector. */
#ifndef BASHU_LINALG_RADIUS_H
#define BASHU_LINALG_RADIUS_H

#include "core/core.h"

typedef struct nonnegative_map {
    size_t size;
    void (*apply)(const void *payload, bool transposed, const double *x, double *image); /* image := A x or A' x */
    const void *payload;
} nonnegative_map;

typedef struct radius_bounds {
    double low, high;
} radius_bounds;

/* Narrows the bounds by at most `rounds` of power iteration from x = 1; x, image: [size]. */
void radius_narrow(radius_bounds *bounds, const nonnegative_map *map, bool transposed, int rounds, double *x, double *image);

#endif
