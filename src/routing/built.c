/* built.c - the finest level of a network: nodes in an order in which neighbours are near, edges both ways. */
#include "routing/parts.h"

#include <math.h>
#include <string.h>

closure closure_of(const route_network *w, bool incomes_given, bool congested)
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

bashu_status flows_build(built *b, arena *memory, const bashu_routing *r)
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
    s->images = arena_alloc(memory, KRYLOV * 2 * n, sizeof *s->images);
    s->answers = arena_alloc(memory, KRYLOV * 2 * n, sizeof *s->answers);
    return s->images && s->answers ? level_new(s, l, edges) : fail_memory(r->context);
}

void flows_set_base(built *b, const bashu_routing *r, const double *flow, const double *income, const double *people)
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

void flows_balance(flow_system *s)
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

void flows_read(const bashu_routing *r, const built *b, route_state *to, const double *p, const double *q)
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
