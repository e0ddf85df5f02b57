/* routing.c - from a network to its equilibrium, and from there to what changes of links and places do.
 *
 * The baseline. Where incomes are observed, market accesses are what makes them add up, sum_l Xi_kl + Y_k = p_k q_k = sum_k Xi_kl + Y_l,
 * a scaling of A like those of tables to known margins; productivity and amenity need not be known. Where they are not, incomes follow from
 * productivity: x_k = A_k^theta L_k^(alpha theta) w_k^-theta. Changes are factors ("hats") on the baseline's flows, which say all that must
 * be known of it (exact hat algebra): nothing changes, and every flow is what it was, to the last bit. */
#include "routing/routing.h"

#include "routing/flows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of large networks the radius is bounded roughly before and, by the certificate, closely afterwards. */
static const double radius_start = 0.9; /* that congested networks start from, at most */
enum { NEUMANN_LEAST = 5, NEUMANN_MOST = 4000, LARGE = 20000, ROUNDS = 400, ROUNDS_LARGE = 1 };

bashu_status routing_prepare(bashu_routing *r)
{
    const route_network *w = &r->network;
    size_t n = w->node_count, links = w->link_count, arcs = 0;
    r->arc_link = arena_alloc(r->memory, 2 * links + 1, sizeof *r->arc_link);
    if (!r->arc_link) return fail_memory(r->context);
    for (size_t k = 0; k < links; k++) {
        r->arc_link[arcs++] = 2 * k;
        if (w->links[k].both_ways) r->arc_link[arcs++] = 2 * k + 1;
    }
    r->arc_count = arcs;
    route_state *b = &r->base, *c = &r->now;
    const array_wanted wanted[] = {
        {&b->cost, 2 * links}, {&b->traffic, 2 * links}, {&b->income, n}, {&b->people, n}, {&b->inward, n}, {&b->outward, n},
        {&c->cost, 2 * links}, {&c->traffic, 2 * links}, {&c->income, n}, {&c->people, n}, {&c->inward, n}, {&c->outward, n},
        {&r->cost_hat, arcs}, {&r->productivity_hat, n}, {&r->amenity_hat, n}, {&r->elasticity, links}};
    if (!ARENA_ARRAYS(r->memory, wanted)) return fail_memory(r->context);
    for (size_t k = 0; k < links; k++) {
        bool back = w->links[k].both_ways;
        b->cost[2 * k] = w->links[k].cost;
        b->cost[2 * k + 1] = back ? w->links[k].cost : (double)NAN;
        b->traffic[2 * k + 1] = c->traffic[2 * k + 1] = back ? 0 : (double)NAN;
        r->elasticity[k] = (double)NAN;
    }
    for (size_t e = 0; e < arcs; e++) r->cost_hat[e] = 1;
    for (size_t i = 0; i < n; i++) r->productivity_hat[i] = r->amenity_hat[i] = 1;
    r->info = (bashu_routing_info){.nodes = n, .links = links, .residual = (double)NAN, .forward_error = (double)NAN, .welfare_hat = 1,
                                   .radius_low = (double)NAN, .radius_high = (double)NAN, .worst = ""};
    return BASHU_OK;
}

static size_t arc_from(const bashu_routing *r, size_t e)
{
    const route_link *link = &r->network.links[r->arc_link[e] / 2];
    return r->arc_link[e] % 2 ? link->to : link->from;
}

static size_t arc_to(const bashu_routing *r, size_t e)
{
    const route_link *link = &r->network.links[r->arc_link[e] / 2];
    return r->arc_link[e] % 2 ? link->from : link->to;
}

/* ---- the system of flows -------------------------------------------------------------------------- */

typedef struct built {
    flow_system s;
    int *place;              /* of a node, [node_count] */
    int *edge_out, *edge_in; /* [arc_count]: of its end in the row of its beginning, and the reverse */
} built;

static closure closure_of(const route_network *w, bool incomes_given, bool congested)
{
    double theta = w->theta, alpha = w->productivity_spillover, beta = w->amenity_spillover;
    closure c = {.theta = theta, .mu = congested ? theta * w->congestion / (1 + theta * w->congestion) : 0};
    if (incomes_given) return c;
    if (!w->mobile) {
        c.ev = 1 / (1 + theta);
        return c;
    }
    double delta = 1 - alpha * theta - beta * (1 + theta);
    c.lu = -(1 + theta) / (theta * delta);
    c.lv = 1 / delta;
    c.lw = -(1 + theta) / delta;
    c.eu = (1 - beta) * c.lu + 1 / theta;
    c.ev = (1 - beta) * c.lv;
    c.ew = (1 - beta) * c.lw + 1;
    return c;
}

/* Nodes in the order in which a search in breadth from the first finds them: neighbours are near in memory, and blocks of nodes are regions. */
static void place_nodes(int *place, int *queue, const int *head, const int *to, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) place[i] = -1;
    for (size_t root = 0; root < n; root++) {
        if (place[root] >= 0) continue;
        size_t at = found;
        place[root] = (int)found;
        queue[found++] = (int)root;
        for (; at < found; at++)
            for (int e = head[queue[at]]; e < head[queue[at] + 1]; e++)
                if (place[to[e]] < 0) {
                    place[to[e]] = (int)found;
                    queue[found++] = to[e];
                }
    }
}

/* Neighbours of each node either way, once each, ascending; NULL place: as numbered by the network. */
static size_t neighbours(int *head, int *to, const bashu_routing *r, const int *place)
{
    size_t n = r->network.node_count, count = 0;
    memset(head, 0, (n + 1) * sizeof *head);
    for (int round = 0; round < 2; round++) {
        for (size_t e = 0; e < r->arc_count; e++) {
            size_t k = arc_from(r, e), l = arc_to(r, e);
            int x = place ? place[k] : (int)k, y = place ? place[l] : (int)l;
            if (!round) {
                head[x + 1]++;
                head[y + 1]++;
            } else {
                to[head[x]++] = y;
                to[head[y]++] = x;
            }
        }
        if (!round)
            for (size_t i = 0; i < n; i++) head[i + 1] += head[i];
    }
    for (size_t i = n; i > 0; i--) head[i] = head[i - 1];
    head[0] = 0;
    for (size_t i = 0; i < n; i++) { /* head[i + 1] is read before it is written */
        int first = (int)count, low = head[i], high = head[i + 1];
        sort_few(to + low, (size_t)(high - low));
        for (int e = low; e < high; e++)
            if (e == low || to[e] != to[e - 1]) to[count++] = to[e];
        head[i] = first;
    }
    head[n] = (int)count;
    return count;
}

static int find_edge(const flow_level *l, int x, int y)
{
    int low = l->head[x], high = l->head[x + 1];
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (l->to[middle] <= y) low = middle;
        else high = middle;
    }
    return low;
}

static bashu_status build(built *b, arena *memory, const bashu_routing *r)
{
    flow_system *s = &b->s;
    flow_level *l = &s->level[0];
    size_t n = r->network.node_count, arcs = r->arc_count;
    *b = (built){.s = {.context = r->context, .memory = memory}};
    int *queue = arena_alloc(memory, n, sizeof *queue);
    l->n = n;
    b->place = arena_alloc(memory, n, sizeof *b->place);
    b->edge_out = arena_alloc(memory, arcs, sizeof *b->edge_out);
    b->edge_in = arena_alloc(memory, arcs, sizeof *b->edge_in);
    l->head = arena_alloc(memory, n + 1, sizeof *l->head);
    l->to = arena_alloc(memory, 2 * arcs, sizeof *l->to);
    if (!queue || !b->place || !b->edge_out || !b->edge_in || !l->head || !l->to) return fail_memory(r->context);
    neighbours(l->head, l->to, r, NULL);
    place_nodes(b->place, queue, l->head, l->to, n);
    size_t edges = neighbours(l->head, l->to, r, b->place);
    for (size_t e = 0; e < arcs; e++) {
        int x = b->place[arc_from(r, e)], y = b->place[arc_to(r, e)];
        b->edge_out[e] = find_edge(l, x, y);
        b->edge_in[e] = find_edge(l, y, x);
    }
    const array_wanted wanted[] = {{&s->directions, KRYLOV * 2 * n}, {&s->images, KRYLOV * 2 * n}};
    return ARENA_ARRAYS(memory, wanted) ? level_new(s, l, edges) : fail_memory(r->context);
}

/* Base flows of arcs, income and people of nodes, in the network's order. */
static void set_base(built *b, const bashu_routing *r, const double *flow, const double *income, const double *people)
{
    flow_system *s = &b->s;
    flow_level *l = &s->level[0];
    memset(l->base, 0, 2 * (size_t)l->head[l->n] * sizeof *l->base);
    for (size_t e = 0; e < r->arc_count; e++) {
        l->base[2 * b->edge_out[e] + 1] += flow[e];
        l->base[2 * b->edge_in[e]] += flow[e];
    }
    s->base_income = s->base_people = 0;
    for (size_t i = 0; i < l->n; i++) {
        l->base_income[b->place[i]] = income[i];
        l->base_people[b->place[i]] = people[i];
    }
    for (size_t i = 0; i < l->n; i++) {
        s->base_income += l->base_income[i];
        s->base_people += l->base_people[i];
    }
}

/* Sizes are what flows and incomes add up to: an equilibrium at u = v = 0 to the last bit. */
static void balance_base(flow_system *s)
{
    flow_level *l = &s->level[0];
    memset(l->z, 0, 2 * l->n * sizeof *l->z);
    for (size_t i = 0; i < 2 * l->n; i++) l->base_size[i] = 1;
    flows_at(s, 0);
    for (size_t i = 0; i < l->n; i++) {
        l->base_size[2 * i] = l->sum[2 * i] + l->income[i];
        l->base_size[2 * i + 1] = l->sum[2 * i + 1] + l->income[i];
    }
}

/* ---- the baseline --------------------------------------------------------------------------------- */

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

static void read_state(bashu_routing *r, const built *b, route_state *to, const double *p, const double *q)
{
    const flow_level *l = &b->s.level[0];
    const route_network *w = &r->network;
    for (size_t i = 0; i < w->node_count; i++) {
        size_t k = (size_t)b->place[i];
        to->income[i] = l->income[k];
        to->people[i] = l->people[k];
        to->inward[i] = p[i] * exp(-l->z[2 * k]);
        to->outward[i] = q[i] * exp(l->z[2 * k + 1]);
    }
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

static const char *uniqueness_of(const route_network *w)
{
    double delta = 1 - w->productivity_spillover * w->theta - w->amenity_spillover * (1 + w->theta);
    if (w->congestion > 0) return "not known: links are congested";
    if (!w->mobile) return "holds: people stay and costs are given (gross substitutes)";
    if (delta > 0 && w->productivity_spillover + w->amenity_spillover < 0)
        return "holds: the spillovers add up to less than zero (gross substitutes)";
    return "not known: the spillovers add up to zero or more";
}

/* The certificate, and what it says about the reason. */
static bashu_status finish(bashu_routing *r, built *b, bashu_reason reason, int steps)
{
    size_t n = r->network.node_count;
    double *residual = arena_alloc(b->s.memory, 2 * n, sizeof *residual), *placed = arena_alloc(b->s.memory, 2 * n, sizeof *placed);
    if (!residual || !placed) return fail_memory(r->context);
    r->info.reason = reason;
    r->info.steps = steps;
    r->info.cycles = b->s.cycles;
    r->info.uniqueness = uniqueness_of(&r->network);
    if (reason <= 0) return BASHU_OK;
    TRY(routing_certify(r, residual));
    for (size_t i = 0; i < n; i++) {
        placed[2 * b->place[i]] = residual[2 * i];
        placed[2 * b->place[i] + 1] = residual[2 * i + 1];
    }
    r->info.forward_error = reason == BASHU_CONVERGED_UNCHANGED ? 0 : flows_forward_error(&b->s, placed);
    if (!(r->info.residual <= 1e-6)) r->info.reason = BASHU_DIVERGED_CERTIFICATE;
    return BASHU_OK;
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
    TRY(build(&b, memory, r));
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
    set_base(&b, r, flows, income, people);
    for (size_t i = 0; i < n; i++) b.s.level[0].base_size[2 * b.place[i]] = b.s.level[0].base_size[2 * b.place[i] + 1] = p[i] * q[i];
    TRY(groups_make(&b.s));
    groups_base(&b.s);
    int steps = 0;
    bashu_reason reason = flows_solve(&b.s, tolerance, true, &steps);
    read_state(r, &b, &r->base, p, q);
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
    return finish(r, &b, reason, steps);
}

/* Works with memory of its own, which is given back. */
static bashu_status in_scratch(bashu_routing *r, const route_changes *changes, double tolerance,
                               bashu_status (*function)(bashu_routing *, arena *, const route_changes *, double))
{
    arena *scratch = arena_new(r->context);
    if (!scratch) return fail_memory(r->context);
    double start = now_s();
    bashu_status status = function(r, scratch, changes, tolerance);
    r->info.time_s += now_s() - start;
    r->info.memory = arena_bytes(scratch) > r->info.memory ? arena_bytes(scratch) : r->info.memory;
    arena_free(scratch);
    return status;
}

static bashu_status baseline(bashu_routing *r, arena *scratch, const route_changes *changes, double tolerance)
{
    (void)changes;
    return solve_baseline(r, scratch, tolerance);
}

bashu_status routing_baseline(bashu_routing *r, double tolerance)
{
    return in_scratch(r, NULL, tolerance, baseline);
}

/* ---- changes -------------------------------------------------------------------------------------- */

/* The baseline's flows, the changes of links and places on them. */
static bashu_status build_changed(built *b, arena *memory, bashu_routing *r)
{
    const route_network *w = &r->network;
    size_t n = w->node_count, arcs = r->arc_count;
    double *flow, *income, *people;
    const array_wanted wanted[] = {{&flow, arcs}, {&income, n}, {&people, n}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(r->context);
    TRY(build(b, memory, r));
    closure c = b->s.c = closure_of(w, false, w->congestion > 0);
    for (size_t e = 0; e < arcs; e++) flow[e] = r->base.traffic[r->arc_link[e]];
    set_base(b, r, flow, r->base.income, r->base.people);
    balance_base(&b->s);
    double theta = w->theta, beta = w->amenity_spillover;
    for (size_t e = 0; e < arcs; e++)
        if (r->cost_hat[e] != 1) flow[e] *= pow(r->cost_hat[e], -theta * (1 - c.mu));
    for (size_t i = 0; i < n; i++) {
        double T = r->productivity_hat[i] == 1 ? 1 : pow(r->productivity_hat[i], theta), u = r->amenity_hat[i];
        people[i] = r->base.people[i];
        income[i] = r->base.income[i];
        if (T == 1 && u == 1) continue;
        if (w->mobile) {
            double hat = pow(T * pow(u, 1 + theta), c.lv);
            people[i] *= hat;
            income[i] *= pow(hat, 1 - beta) / u;
        } else income[i] *= pow(T, c.ev);
    }
    double world = b->s.base_income, persons = b->s.base_people;
    set_base(b, r, flow, income, people);
    b->s.base_income = world; /* against which world income and people are measured */
    b->s.base_people = persons;
    return groups_make(&b->s);
}

static double welfare_hat(const bashu_routing *r, const built *b)
{
    const route_network *w = &r->network;
    if (w->mobile) return exp(b->s.level[0].dw);
    double sum = 0, people = 0;
    for (size_t i = 0; i < w->node_count; i++) {
        if (!(r->base.people[i] > 0)) continue;
        double real = log(r->now.income[i] / r->base.income[i]) + log(r->now.inward[i] / r->base.inward[i]) / w->theta;
        sum += r->base.people[i] * (real + log(r->amenity_hat[i]));
        people += r->base.people[i];
    }
    return exp(sum / people);
}

static bashu_status change(bashu_routing *r, arena *scratch, const route_changes *changes, double tolerance)
{
    const route_network *w = &r->network;
    built b;
    r->changed = false;
    for (size_t e = 0; e < r->arc_count; e++) r->cost_hat[e] = changes->cost ? changes->cost[r->arc_link[e] / 2] : 1;
    for (size_t i = 0; i < w->node_count; i++) {
        r->productivity_hat[i] = changes->productivity ? changes->productivity[i] : 1;
        r->amenity_hat[i] = changes->amenity ? changes->amenity[i] : 1;
        r->changed |= r->productivity_hat[i] != 1 || r->amenity_hat[i] != 1;
    }
    for (size_t e = 0; e < r->arc_count; e++) r->changed |= r->cost_hat[e] != 1;
    TRY(build_changed(&b, scratch, r));
    groups_base(&b.s);
    int steps = 0;
    bashu_reason reason = flows_solve(&b.s, tolerance, false, &steps);
    if (reason > 0 && !r->changed) reason = BASHU_CONVERGED_UNCHANGED;
    read_state(r, &b, &r->now, r->base.inward, r->base.outward);
    double world[2] = {0, 0};
    for (size_t i = 0; i < w->node_count; i++) {
        world[0] += r->base.income[i];
        world[1] += r->now.income[i];
    }
    for (size_t e = 0; e < r->arc_count; e++) {
        size_t k = arc_from(r, e), l = arc_to(r, e), at = r->arc_link[e];
        double pq = r->now.inward[k] / r->base.inward[k] * (r->now.outward[l] / r->base.outward[l]), lambda = w->congestion;
        double hat = pow(r->cost_hat[e], 1 / (1 + w->theta * lambda));
        if (lambda > 0) hat *= pow(pq * world[0] / world[1], lambda / (1 + w->theta * lambda));
        r->now.cost[at] = r->base.cost[at] * hat;
        r->now.traffic[at] = r->base.traffic[at] * (isinf(hat) ? 0 : pow(hat, -w->theta) * pq);
    }
    r->info.welfare_hat = reason > 0 ? welfare_hat(r, &b) : (double)NAN;
    return finish(r, &b, reason, steps);
}

bashu_status routing_change(bashu_routing *r, const route_changes *changes, double tolerance)
{
    r->scenario = true;
    return in_scratch(r, changes, tolerance, change);
}

/* ---- what every link is worth --------------------------------------------------------------------- */

/* J' y = d log W / d(u, v); then d log W / d log t_kl = theta (1 - mu) Xi_kl (y1_l - y2_k): a cost takes from F1 of its end and F2 of its
 * beginning what it takes from the flow. */
static bashu_status elasticities(bashu_routing *r, arena *scratch, const route_changes *changes, double tolerance)
{
    const route_network *w = &r->network;
    built b;
    (void)changes;
    (void)tolerance;
    TRY(build_changed(&b, scratch, r));
    flow_system *s = &b.s;
    flow_level *l = &s->level[0];
    groups_base(s);
    for (size_t i = 0; i < w->node_count; i++) {
        size_t k = (size_t)b.place[i];
        l->z[2 * k] = -log(r->now.inward[i] / r->base.inward[i]);
        l->z[2 * k + 1] = log(r->now.outward[i] / r->base.outward[i]);
    }
    flows_at(s, 0);
    s->transposed = true;
    groups_flows(s, 0);
    double people = 0;
    for (size_t i = 0; i < w->node_count; i++) people += r->base.people[i];
    for (size_t i = 0; i < w->node_count; i++) {
        size_t k = (size_t)b.place[i];
        double share = w->mobile ? l->people[k] / s->base_people : r->base.people[i] / people;
        l->correction[2 * k] = share * (w->mobile ? -s->c.lu / s->c.lw : -1 / w->theta);
        l->correction[2 * k + 1] = share * (w->mobile ? -s->c.lv / s->c.lw : 1 / (1 + w->theta));
    }
    double reached = multigrid_solve(s, 0, l->correction, 1e-11, 300, l->power);
    if (!(reached < 1e-6)) return fail(r->context, BASHU_ERROR_INTERNAL, "the transposed equations were solved to %.1e only", reached);
    for (size_t k = 0; k < w->link_count; k++) r->elasticity[k] = 0;
    for (size_t e = 0; e < r->arc_count; e++) {
        size_t at = r->arc_link[e];
        const double *y = l->power;
        r->elasticity[at / 2] += w->theta * (1 - s->c.mu) * r->now.traffic[at]
                                 * (y[2 * (size_t)b.place[arc_to(r, e)]] - y[2 * (size_t)b.place[arc_from(r, e)] + 1]);
    }
    return BASHU_OK;
}

bashu_status routing_elasticities(bashu_routing *r)
{
    return in_scratch(r, NULL, 0, elasticities);
}
