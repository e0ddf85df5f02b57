/* radius.c - power iteration and the bounds that each of its rounds gives; equations in radius.h. */
#include "linalg/radius.h"

#include <math.h>

static const double least = 1e-280, small = 1e-150; /* of the largest x */

/* Nodes whose row is empty, or leads only to such: the rest has the same radius. True: some were found. */
static bool leave_out(double *x, const double *image, size_t n)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        if (x[i] > 0 && !(image[i] > 0)) {
            x[i] = 0;
            any = true;
        }
    return any;
}

static void take_bounds(radius_bounds *bounds, const double *x, const double *image, size_t n, bool from_above)
{
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(x[i] > 0)) continue;
        low = fmin(low, image[i] / x[i]);
        high = fmax(high, image[i] / x[i]);
    }
    if (isfinite(low)) bounds->low = fmax(bounds->low, low);
    if (from_above) bounds->high = fmin(bounds->high, high); /* nothing is left: no way comes back, and rho is 0 */
}

void radius_narrow(radius_bounds *bounds, const nonnegative_map *map, bool transposed, int rounds, double *x, double *image)
{
    size_t n = map->size;
    for (size_t i = 0; i < n; i++) x[i] = 1;
    for (int round = 0; round < rounds; round++) {
        double most = 0;
        map->apply(map->payload, transposed, x, image);
        if (leave_out(x, image, n)) continue;
        take_bounds(bounds, x, image, n, true);
        if (!(bounds->high - bounds->low > 1e-6 * bounds->high)) return;
        for (size_t i = 0; i < n; i++) most = fmax(most, x[i] += x[i] > 0 ? image[i] : 0);
        for (size_t i = 0; i < n; i++)
            if (x[i] > 0) x[i] = fmax(x[i] / most, least);
    }
    for (size_t i = 0; i < n; i++)
        if (x[i] < small) x[i] = 0;
    map->apply(map->payload, transposed, x, image);
    take_bounds(bounds, x, image, n, false);
}
