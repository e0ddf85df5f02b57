/* baseline.c - from a network to its equilibrium.
 *
 * Where incomes are observed, market accesses are what makes them add up, sum_l Xi_kl + Y_k = p_k q_k = sum_k Xi_kl + Y_l, a scaling of A like
 * those of tables to known margins; productivity and amenity need not be known. Where they are not, incomes follow from productivity:
 * x_k = A_k^theta L_k^(alpha theta) w_k^-theta. */
#include "routing/parts.h"

#include <math.h>
#include <string.h>

/* Of large networks the radius is bounded roughly before and, by the certificate, closely afterwards. */
static const double radius_start = 0.9; /* that congested networks start from, at most */
enum { NEUMANN_LEAST = 5, NEUMANN_MOST = 4000, LARGE = 20000, ROUNDS = 400, ROUNDS_LARGE = 1 };

/* p := A' p + 1, q := A q + 1 until flows leave something for incomes; false: they do not, the radius is 1 or near. ends: [arcs][2]. */
static bool first_access(const bashu_routing *r, const int *ends, const double *a, double *p, double *q, double *next, double *left)
{
    size_t n = r->network.node_count;
    for (size_t i = 0; i < n; i++) p[i] = q[i] = 1;
    for (int round = 1; round <= NEUMANN_MOST; round++) {
        double size = 0, flow = 0;
        for (int way = 0; way < 2; way++) {
            double *x = way ? q : p;
            for (size_t i = 0; i < n; i++) next[i] = 1;
            for (size_t e = 0; e < r->arc_count; e++) next[ends[2 * e + !way]] += a[e] * x[ends[2 * e + way]];
            memcpy(x, next, n * sizeof *x);
        }
        if (round < NEUMANN_LEAST) continue;
        for (size_t i = 0; i < n; i++) size += p[i] * q[i];
        for (size_t e = 0; e < r->arc_count; e++) flow += a[e] * p[ends[2 * e]] * q[ends[2 * e + 1]];
        *left = size - flow;
        if (*left > 1e-4 * size) return true;
        if (!isfinite(size)) return false;
    }
    return *left > 0;
}

/* Incomes and people that go with the accesses p, q, up to a scale: what x q, w L and w u / P are worth at world prices of one. */
static void first_incomes(const bashu_routing *r, const closure *c, const double *p, const double *q, double *income, double *people)
{
    const route_network *w = &r->network;
    double theta = w->theta, alpha = w->productivity_spillover, beta = w->amenity_spillover, all = 0;
    for (size_t i = 0; i < w->node_count; i++) {
        double T = w->income ? 1 : pow(w->productivity[i], theta);
        if (w->income) {
            income[i] = w->income[i];
            people[i] = w->people[i];
        } else if (w->mobile) {
            people[i] = pow(T * pow(w->amenity[i], 1 + theta) * q[i] * pow(p[i], (1 + theta) / theta), c->lv);
            income[i] = pow(people[i], 1 - beta) * pow(p[i], -1 / theta) / w->amenity[i];
            all += people[i];
        } else {
            people[i] = w->people[i];
            income[i] = people[i] > 0 ? people[i] * pow(T * pow(people[i], alpha * theta) * q[i] / people[i], 1 / (1 + theta)) : 0;
        }
    }
    double world = 0, persons = 0;
    for (size_t i = 0; i < w->node_count; i++) persons += w->people[i];
    for (size_t i = 0; !w->income && w->mobile && i < w->node_count; i++) {
        double share = people[i] / all;
        income[i] *= pow(share / people[i], 1 - beta);
        people[i] = share * persons;
    }
    for (size_t i = 0; i < w->node_count; i++) world += income[i];
    for (size_t i = 0; !w->income && i < w->node_count; i++) income[i] /= world;
}

static bashu_status fail_radius(const bashu_routing *r, const route_radius *radius)
{
    const route_network *w = &r->network;
    const route_link *link = &w->links[radius->link];
    double more = pow(radius->high * 1.02, 1 / w->theta);
    return fail(r->context, BASHU_ERROR_INPUT,
                "%s: trade over all routes is not finite: the spectral radius of [cost^-theta] is %.4g to %.4g and must be below 1. Most of "
                "it lies at node '%s', and it depends most on the link %s-%s (cost %.6g). Raise theta (now %.6g), or make costs larger: "
                "cost_scale times %.4g would do",
                w->links_path, radius->low, radius->high, w->node_id[radius->node], w->node_id[link->from], w->node_id[link->to],
                link->cost, w->theta, more);
}

static bashu_status solve_baseline(bashu_routing *r, arena *memory, double tolerance)
{
    const route_network *w = &r->network;
    size_t n = w->node_count, arcs = r->arc_count;
    built b;
    double *a, *p, *q, *income, *people, left = 0;
    const array_wanted wanted[] = {{&a, arcs}, {&p, n}, {&q, n}, {&income, n}, {&people, n}};
    int *ends = arena_alloc(memory, 2 * arcs, sizeof *ends);
    if (!ends || !ARENA_ARRAYS(memory, wanted)) return fail_memory(r->context);
    for (size_t e = 0; e < arcs; e++) {
        ends[2 * e] = (int)arc_from(r, e);
        ends[2 * e + 1] = (int)arc_to(r, e);
    }
    bool congested = w->free_costs && w->congestion > 0;
    closure c = closure_of(w, w->income != NULL, congested);
    route_radius radius;
    /* with congestion costs of empty links count for what they are with a traffic worth all of world income */
    const double exponent = w->theta * (1 - c.mu);
    TRY(routing_radius(&radius, r, r->base.cost, exponent, n > LARGE ? ROUNDS_LARGE : ROUNDS));
    if (radius.low >= 1 && !congested) return fail_radius(r, &radius);
    for (size_t e = 0; e < arcs; e++) a[e] = pow(r->base.cost[r->arc_link[e]], -exponent);
    /* where empty links alone would have too large a radius, traffic makes them cost more: accesses start from links that do */
    double lighter = congested && radius.high > radius_start ? radius_start / radius.high : 1;
    for (size_t e = 0; e < arcs; e++) a[e] *= lighter;
    if (!first_access(r, ends, a, p, q, r->now.inward, &left)) return fail_radius(r, &radius);
    for (size_t e = 0; e < arcs; e++) a[e] /= lighter;
    TRY(flows_build(&b, memory, r));
    b.s.c = c;
    first_incomes(r, &c, p, q, income, people);
    double world = 0;
    for (size_t i = 0; i < n; i++) world += income[i];
    /* flows in the unit of incomes: accesses are scaled until what is left for incomes is the world's */
    double scale = world / left;
    for (size_t i = 0; i < n; i++) q[i] *= scale;
    double *flows = arena_alloc(memory, arcs, sizeof *flows);
    if (!flows) return fail_memory(r->context);
    for (size_t e = 0; e < arcs; e++) {
        double pq = p[ends[2 * e]] * q[ends[2 * e + 1]];
        flows[e] = a[e] * pq * (congested ? pow(pq / world, -c.mu) : 1);
    }
    flows_set_base(&b, r, flows, income, people);
    for (size_t i = 0; i < n; i++) b.s.level[0].base_size[2 * b.place[i]] = b.s.level[0].base_size[2 * b.place[i] + 1] = p[i] * q[i];
    TRY(groups_make(&b.s));
    groups_base(&b.s);
    int steps = 0;
    bashu_reason reason = flows_solve(&b.s, tolerance, true, &steps);
    flows_read(r, &b, &r->base, p, q);
    double all = 0;
    for (size_t i = 0; i < n; i++) all += r->base.income[i];
    for (size_t e = 0; e < arcs; e++) {
        size_t at = r->arc_link[e];
        double pq = r->base.inward[ends[2 * e]] * r->base.outward[ends[2 * e + 1]], lambda = w->congestion;
        if (congested) {
            r->base.cost[at] = pow(pow(w->links[at / 2].cost, 1 / lambda) * pq / all, lambda / (1 + w->theta * lambda));
            a[e] = pow(r->base.cost[at], -w->theta);
        }
        r->base.traffic[at] = a[e] * pq;
    }
    r->info.radius_low = congested ? (double)NAN : radius.low;
    r->info.radius_high = congested ? (double)NAN : radius.high;
    memcpy(r->now.cost, r->base.cost, 2 * w->link_count * sizeof(double));
    memcpy(r->now.traffic, r->base.traffic, 2 * w->link_count * sizeof(double));
    memcpy(r->now.income, r->base.income, n * sizeof(double));
    memcpy(r->now.people, r->base.people, n * sizeof(double));
    memcpy(r->now.inward, r->base.inward, n * sizeof(double));
    memcpy(r->now.outward, r->base.outward, n * sizeof(double));
    r->info.welfare_hat = 1;
    return routing_finish(r, &b, reason, steps);
}

static bashu_status baseline(bashu_routing *r, arena *scratch, const route_changes *changes, double tolerance)
{
    (void)changes;
    return solve_baseline(r, scratch, tolerance);
}

bashu_status routing_baseline(bashu_routing *r, double tolerance)
{
    return routing_scratch(r, NULL, tolerance, baseline);
}
