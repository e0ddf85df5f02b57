/* radius.c - the spectral radius rho of A = [t_kl^-theta], which must be below 1 for trade over all routes to be finite.
 *
 *   min_k (A x)_k / x_k  <=  rho  <=  max_k (A x)_k / x_k    for any x > 0 (Collatz 1942, Wielandt 1950); x := x + A x
 *   d log rho / d log a_kl = y_k a_kl x_l / (rho y' x)       with left and right eigenvectors y, x */
#include "routing/routing.h"

#include <math.h>
#include <string.h>

/* One step along the arcs, forwards (x) or backwards (y); the bounds that it gives. */
static void step(const bashu_routing *r, const double *a, bool forwards, const double *x, double *image, double *low, double *high)
{
    size_t n = r->network.node_count;
    memset(image, 0, n * sizeof *image);
    for (size_t e = 0; e < r->arc_count; e++) {
        const route_link *link = &r->network.links[r->arc_link[e] / 2];
        bool back = r->arc_link[e] % 2;
        size_t k = back ? link->to : link->from, l = back ? link->from : link->to;
        if (forwards) image[k] += a[e] * x[l];
        else image[l] += a[e] * x[k];
    }
    *low = INFINITY;
    *high = 0;
    for (size_t i = 0; i < n; i++) {
        *low = fmin(*low, image[i] / x[i]);
        *high = fmax(*high, image[i] / x[i]);
    }
}

static void iterate(route_radius *out, const bashu_routing *r, const double *a, bool forwards, int rounds, double *x, double *image)
{
    size_t n = r->network.node_count;
    for (size_t i = 0; i < n; i++) x[i] = 1;
    for (int round = 0; round < rounds; round++) {
        double low, high, most = 0;
        step(r, a, forwards, x, image, &low, &high);
        out->low = fmax(out->low, low);
        out->high = fmin(out->high, high);
        if (!(out->high - out->low > 1e-6 * out->high)) return;
        for (size_t i = 0; i < n; i++) most = fmax(most, x[i] += image[i]);
        for (size_t i = 0; i < n; i++) x[i] = fmax(x[i] / most, 1e-280);
    }
}

bashu_status routing_radius(route_radius *out, const bashu_routing *r, const double *cost, double exponent, int rounds)
{
    size_t n = r->network.node_count;
    arena *scratch = arena_new(r->context);
    double *a = scratch ? arena_alloc(scratch, r->arc_count + 1, sizeof *a) : NULL, *x, *y, *image;
    const array_wanted wanted[] = {{&x, n}, {&y, n}, {&image, n}};
    *out = (route_radius){.high = INFINITY};
    if (!a || !ARENA_ARRAYS(scratch, wanted)) {
        arena_free(scratch);
        return fail_memory(r->context);
    }
    for (size_t e = 0; e < r->arc_count; e++) a[e] = pow(cost[r->arc_link[e]], -exponent);
    iterate(out, r, a, true, rounds, x, image);
    iterate(out, r, a, false, rounds, y, image);
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
