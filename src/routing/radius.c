/* radius.c - the spectral radius rho of A = [t_kl^-theta], which must be below 1 for trade over all routes to be finite.
 *
 *   d log rho / d log a_kl = y_k a_kl x_l / (rho y' x)       with left and right eigenvectors y, x; bounds: linalg/radius.h */
#include "linalg/radius.h"
#include "routing/routing.h"

#include <math.h>
#include <string.h>

typedef struct weighted {
    const bashu_routing *r;
    const double *a; /* [arc_count] */
} weighted;

static void apply(const void *payload, bool transposed, const double *x, double *image)
{
    const weighted *w = payload;
    const bashu_routing *r = w->r;
    memset(image, 0, r->network.node_count * sizeof *image);
    for (size_t e = 0; e < r->arc_count; e++) {
        const route_link *link = &r->network.links[r->arc_link[e] / 2];
        bool back = r->arc_link[e] % 2;
        size_t k = back ? link->to : link->from, l = back ? link->from : link->to;
        if (transposed) image[l] += w->a[e] * x[k];
        else image[k] += w->a[e] * x[l];
    }
}

void route_weights(double *a, const bashu_routing *r, const double *cost, double exponent)
{
#pragma omp parallel for schedule(static) num_threads(threads_for(r->context, 50.0 * (double)r->arc_count))
    for (size_t e = 0; e < r->arc_count; e++) a[e] = pow(cost[r->arc_link[e]], -exponent);
}

bashu_status routing_radius(route_radius *out, const bashu_routing *r, const double *a, int rounds)
{
    size_t n = r->network.node_count;
    arena *scratch = arena_new(r->context);
    double *x, *y, *image;
    const array_wanted wanted[] = {{&x, n}, {&y, n}, {&image, n}};
    *out = (route_radius){0};
    if (!scratch || !ARENA_ARRAYS(scratch, wanted)) {
        arena_free(scratch);
        return fail_memory(r->context);
    }
    const weighted w = {r, a};
    const nonnegative_map map = {n, apply, &w};
    radius_bounds bounds = {0, INFINITY};
    radius_narrow(&bounds, &map, false, rounds, x, image);
    radius_narrow(&bounds, &map, true, rounds, y, image);
    out->low = bounds.low;
    out->high = bounds.high;
    double most = 0, strongest = 0;
    for (size_t i = 0; i < n; i++)
        if (x[i] * y[i] > most) {
            most = x[i] * y[i];
            out->node = i;
        }
    for (size_t e = 0; e < r->arc_count; e++) {
        const route_link *link = &r->network.links[r->arc_link[e] / 2];
        bool back = r->arc_link[e] % 2;
        double share = y[back ? link->to : link->from] * a[e] * x[back ? link->from : link->to];
        if (share > strongest) {
            strongest = share;
            out->link = r->arc_link[e] / 2;
        }
    }
    arena_free(scratch);
    return BASHU_OK;
}
