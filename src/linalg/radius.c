/* radius.c - power iteration and the bounds that each of its rounds gives; equations in radius.h. */
#include "linalg/radius.h"

#include <math.h>

void radius_narrow(radius_bounds *bounds, const nonnegative_map *map, bool transposed, int rounds, double *x, double *image)
{
    size_t n = map->size;
    for (size_t i = 0; i < n; i++) x[i] = 1;
    for (int round = 0; round < rounds; round++) {
        double low = INFINITY, high = 0, most = 0;
        map->apply(map->payload, transposed, x, image);
        for (size_t i = 0; i < n; i++) {
            low = fmin(low, image[i] / x[i]);
            high = fmax(high, image[i] / x[i]);
        }
        bounds->low = fmax(bounds->low, low);
        bounds->high = fmin(bounds->high, high);
        if (!(bounds->high - bounds->low > 1e-6 * bounds->high)) return;
        for (size_t i = 0; i < n; i++) most = fmax(most, x[i] += image[i]);
        for (size_t i = 0; i < n; i++) x[i] = fmax(x[i] / most, 1e-280);
    }
}
