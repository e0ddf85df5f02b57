/* assignment.c - user equilibrium of trips on a congested network.
 *
 *   t_l(v_l) = t0_l (1 + b_l (v_l / c_l)^p_l)                                time on a link (Bureau of Public Roads 1964)
 *   f_r > 0  =>  sum of t over the links of r = least time from o to d       every way in use is a fastest way (Wardrop 1952)
 *   min over f of sum_l integral_0^{v_l} t_l,  v_l = sum of f_r over r that use l,  sum_r f_r = trips_od,  f >= 0
 *
 * The second is the first-order condition of the third (Beckmann, McGuire & Winsten 1956), so the descent below converges.
 * Gradient projection on sets of ways (Jayakrishnan, Tsai, Prashker & Rajadhyaksha 1994): for a pair (o, d), each way r in use
 * gives to the fastest, k, by a Newton step on the links in which they differ,
 *
 *   s = min(f_r, (t_r - t_k) / sum of t' over links of r or k but not both)
 *
 * cut back where it overshoots, so that the objective falls each time. Rounds: least-time trees from all origins at the
 * present times, which both measure the gap and give new ways; then steps over the known ways. Steps from pair to pair see
 * each other's new times at once.
 *
 *   relative gap = (sum_l v_l t_l - sum_od trips_od u_od) / sum_l v_l t_l    u: least time
 *
 * Ways are compared by the links in which they differ, so the gap can be followed down to rounding. */
#include "graph/assignment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUND_LIMIT = 2000, SWEEP_LIMIT = 40, PATIENCE = 60 };

double road_time(const road_link *link, double v)
{
    return link->free_time * (1 + link->b * pow(v / link->capacity, link->power));
}

double road_time_integral(const road_link *link, double v)
{
    return link->free_time * v * (1 + link->b * pow(v / link->capacity, link->power) / (link->power + 1));
}

static double road_time_slope(const road_link *link, double v)
{
    if (link->power == 0) return 0;
    return link->free_time * link->b * link->power / link->capacity * pow(v / link->capacity, link->power - 1);
}

graph *road_graph(arena *memory, const road_network *network)
{
    graph *g = arena_alloc(memory, 1, sizeof *g);
    graph_link *links = arena_alloc(memory, network->link_count + 1, sizeof *links);
    if (!g || !links) return NULL;
    for (size_t l = 0; l < network->link_count; l++)
        links[l] = (graph_link){.from = network->links[l].from,
                                .to = network->links[l].to,
                                .time_h = road_time(&network->links[l], 0),
                                .length_km = (double)NAN};
    *g = (graph){.node_count = network->node_count, .link_count = network->link_count, .links = links};
    return g;
}

/* ---- ways ---------------------------------------------------------------------------------------- */

typedef struct way {
    struct way *next;
    double flow;
    size_t length;
    size_t links[]; /* [length] from the destination back */
} way;

typedef struct traffic {
    const road_network *network;
    least_tree *tree;
    double *flow, *time, *slope; /* [link_count] */
    unsigned char *side;         /* [link_count] which of two ways a link is on: 1 the first, 2 the second, 3 both */
    double *node_time;           /* [node_count] of the last tree */
    size_t *by_link;             /* [node_count] */
    way **ways;                  /* [trip_count] */
} traffic;

static void ways_free(void *object)
{
    traffic *t = object;
    for (size_t k = 0; k < t->network->trip_count; k++)
        for (way *w = t->ways[k], *next; w; w = next) {
            next = w->next;
            free(w);
        }
}

static bashu_status traffic_new(traffic **out, arena *memory, bashu_assignment *a)
{
    const road_network *n = &a->network;
    traffic *t = arena_alloc(memory, 1, sizeof *t);
    graph *g = road_graph(memory, n);
    *out = t;
    if (!t || !g) return fail_memory(a->context);
    *t = (traffic){.network = n, .flow = a->flow, .time = a->time};
    t->side = arena_alloc(memory, n->link_count + 1, 1);
    t->by_link = arena_alloc(memory, n->node_count, sizeof *t->by_link);
    t->ways = arena_alloc(memory, n->trip_count + 1, sizeof *t->ways);
    const array_wanted wanted[] = {{&t->slope, n->link_count + 1}, {&t->node_time, n->node_count}};
    if (!t->side || !t->by_link || !t->ways || !ARENA_ARRAYS(memory, wanted) || !arena_keep(memory, ways_free, t))
        return fail_memory(a->context);
    return least_tree_new(&t->tree, memory, g);
}

static void set_link(traffic *t, size_t l, double flow)
{
    const road_link *link = &t->network->links[l];
    t->flow[l] = flow > 0 ? flow : 0; /* what rounding leaves below zero is nothing */
    t->time[l] = road_time(link, t->flow[l]);
    t->slope[l] = road_time_slope(link, t->flow[l]);
}

/* Flows of links from flows of ways, so that rounding does not add up from round to round. */
static void add_up_flows(traffic *t)
{
    memset(t->flow, 0, t->network->link_count * sizeof *t->flow);
    for (size_t k = 0; k < t->network->trip_count; k++)
        for (const way *w = t->ways[k]; w; w = w->next)
            for (size_t i = 0; i < w->length; i++) t->flow[w->links[i]] += w->flow;
    for (size_t l = 0; l < t->network->link_count; l++) set_link(t, l, t->flow[l]);
}

static bool same_way(const way *w, const size_t *links, size_t length)
{
    return w->length == length && !memcmp(w->links, links, length * sizeof *links);
}

/* The tree's way to the destination of trip k, unless it is known; the first carries all trips. */
static bool add_way(traffic *t, size_t k)
{
    const road_trip *trip = &t->network->trips[k];
    size_t length = 0;
    for (size_t v = trip->destination; v != trip->origin; v = t->network->links[t->by_link[v]].from) length++;
    way *w = malloc(sizeof *w + length * sizeof *w->links);
    if (!w) return false;
    *w = (way){.next = t->ways[k], .flow = t->ways[k] ? 0 : trip->trips, .length = length};
    size_t i = 0;
    for (size_t v = trip->destination; v != trip->origin; v = t->network->links[t->by_link[v]].from)
        w->links[i++] = t->by_link[v];
    for (const way *known = t->ways[k]; known; known = known->next)
        if (same_way(known, w->links, length)) {
            free(w);
            return true;
        }
    t->ways[k] = w;
    return true;
}

static double way_time(const traffic *t, const way *w)
{
    double sum = 0;
    for (size_t i = 0; i < w->length; i++) sum += t->time[w->links[i]];
    return sum;
}

/* ---- steps --------------------------------------------------------------------------------------- */

static void mark(traffic *t, const way *w, unsigned char bit, bool on)
{
    for (size_t i = 0; i < w->length; i++) {
        unsigned char *side = &t->side[w->links[i]];
        *side = (unsigned char)(on ? *side | bit : *side & ~bit);
    }
}

/* Sum over the links that are on `w` and not on the other. */
static double own_sum(const traffic *t, const way *w, unsigned char bit, const double *values)
{
    double sum = 0;
    for (size_t i = 0; i < w->length; i++)
        if (t->side[w->links[i]] == bit) sum += values[w->links[i]];
    return sum;
}

static void add_own_flow(traffic *t, const way *w, unsigned char bit, double flow)
{
    for (size_t i = 0; i < w->length; i++)
        if (t->side[w->links[i]] == bit) set_link(t, w->links[i], t->flow[w->links[i]] + flow);
}

static double slower_by(const traffic *t, const way *from, const way *to)
{
    return own_sum(t, from, 1, t->time) - own_sum(t, to, 2, t->time);
}

/* Moves flow from the slower way to the faster; both are marked. */
static void move_flow(traffic *t, way *from, way *to)
{
    double slower = slower_by(t, from, to);
    double slope = own_sum(t, from, 1, t->slope) + own_sum(t, to, 2, t->slope);
    if (!(slower > 0) || from->flow == 0) return;
    double step = slope > 0 && slower / slope < from->flow ? slower / slope : from->flow, moved = 0;
    for (int cut = 0; cut < 60; cut++) {
        add_own_flow(t, from, 1, moved - step);
        add_own_flow(t, to, 2, step - moved);
        moved = step;
        double now = slower_by(t, from, to);
        if (now >= -0.5 * slower) break;
        step *= slower / (slower - now); /* overshot: to where a straight line would have stopped */
    }
    from->flow = moved < from->flow ? from->flow - moved : 0;
    to->flow += moved;
}

static void drop_unused(way **first, const way *kept)
{
    for (way **at = first; *at;) {
        way *w = *at;
        if (w->flow > 0 || w == kept) at = &w->next;
        else {
            *at = w->next;
            free(w);
        }
    }
}

/* Evens out the ways of trip k; gives flow x (time - least time) before. */
static double even_out(traffic *t, size_t k)
{
    way *fastest = t->ways[k];
    double least = way_time(t, fastest), excess = 0;
    if (!fastest->next) return 0;
    for (way *w = fastest->next; w; w = w->next) {
        double time = way_time(t, w);
        if (time < least) {
            least = time;
            fastest = w;
        }
    }
    mark(t, fastest, 2, true);
    for (way *w = t->ways[k]; w; w = w->next) {
        if (w == fastest) continue;
        mark(t, w, 1, true);
        double slower = slower_by(t, w, fastest);
        if (slower > 0) excess += w->flow * slower;
        move_flow(t, w, fastest);
        mark(t, w, 1, false);
    }
    mark(t, fastest, 2, false);
    drop_unused(&t->ways[k], fastest);
    return excess;
}

/* ---- rounds -------------------------------------------------------------------------------------- */

/* Trees from all origins at the present times: new ways, and the excess over least times. False: no memory. */
static bool look_for_ways(traffic *t, double *excess)
{
    const road_network *n = t->network;
    *excess = 0;
    for (size_t k = 0; k < n->trip_count; k++) {
        const road_trip *trip = &n->trips[k];
        if (!k || trip->origin != n->trips[k - 1].origin)
            least_tree_search(t->tree, trip->origin, t->time, t->node_time, t->by_link);
        double least = t->node_time[trip->destination], nearest = INFINITY;
        for (const way *w = t->ways[k]; w; w = w->next) {
            double time = way_time(t, w);
            if (time < nearest) nearest = time;
            if (time > least) *excess += w->flow * (time - least);
        }
        /* a tie to rounding is no new way */
        if (nearest > least * (1 + 1e-15) && !add_way(t, k)) return false;
    }
    return true;
}

static double total_time(const traffic *t)
{
    double sum = 0;
    for (size_t l = 0; l < t->network->link_count; l++) sum += t->flow[l] * t->time[l];
    return sum;
}

static void sweep(traffic *t, double wanted)
{
    for (int s = 0; s < SWEEP_LIMIT; s++) {
        double excess = 0;
        for (size_t k = 0; k < t->network->trip_count; k++) excess += even_out(t, k);
        if (excess <= wanted) break;
    }
}

static bashu_status equilibrate(traffic *t, bashu_assignment *a, double gap)
{
    double excess, best = INFINITY;
    int since_best = 0;
    if (!look_for_ways(t, &excess)) return fail_memory(a->context); /* all on the ways that are fastest when empty */
    for (int round = 0;; round++) {
        add_up_flows(t);
        if (!look_for_ways(t, &excess)) return fail_memory(a->context);
        double total = total_time(t);
        a->info.rounds = round;
        if (!isfinite(total)) a->info.reason = BASHU_DIVERGED_NOT_FINITE;
        else if (excess <= gap * total) a->info.reason = BASHU_CONVERGED_RESIDUAL;
        else if (is_cancelled(a->context)) a->info.reason = BASHU_DIVERGED_INTERRUPTED;
        else if (since_best > PATIENCE) a->info.reason = BASHU_DIVERGED_STALLED;
        else if (round == ROUND_LIMIT) a->info.reason = BASHU_DIVERGED_LIMIT;
        if (a->info.reason != BASHU_NOT_SOLVED) return BASHU_OK;
        since_best = excess < best ? 0 : since_best + 1;
        best = fmin(best, excess);
        sweep(t, fmin(0.01 * excess, fmax(0.1 * gap * total, 1e-3 * excess)));
    }
}

/* ---- certificate --------------------------------------------------------------------------------- */

/* A sum that keeps what rounding would lose (Neumaier 1974): the gap is a small difference of large sums. */
typedef struct exact_sum {
    double sum, lost;
} exact_sum;

static void exact_add(exact_sum *s, double x)
{
    double sum = s->sum + x;
    s->lost += fabs(s->sum) >= fabs(x) ? (s->sum - sum) + x : (x - sum) + s->sum;
    s->sum = sum;
}

/* x y and what rounding took from it. */
static void exact_add_product(exact_sum *s, double x, double y)
{
    double product = x * y;
    exact_add(s, product);
    s->lost += fma(x, y, -product);
}

/* What leaves each node less what arrives is what begins there less what ends there. */
static bashu_status check_conservation(bashu_assignment *a, arena *memory)
{
    const road_network *n = &a->network;
    double *net = arena_alloc(memory, n->node_count + 1, sizeof *net), worst = 0;
    if (!net) return fail_memory(a->context);
    for (size_t l = 0; l < n->link_count; l++) {
        net[n->links[l].from] += a->flow[l];
        net[n->links[l].to] -= a->flow[l];
    }
    for (size_t k = 0; k < n->trip_count; k++) {
        net[n->trips[k].origin] -= n->trips[k].trips;
        net[n->trips[k].destination] += n->trips[k].trips;
    }
    for (size_t v = 0; v < n->node_count; v++) worst = worse(worst, net[v]);
    a->info.conservation = a->info.trips > 0 ? worst / a->info.trips : worst;
    return BASHU_OK;
}

/* From the flows of links and trips alone: nothing of what is known about ways is used. */
static bashu_status certify_assignment(bashu_assignment *a, traffic *t, arena *memory)
{
    const road_network *n = &a->network;
    exact_sum total = {0, 0}, excess = {0, 0}, objective = {0, 0}, trips = {0, 0};
    for (size_t l = 0; l < n->link_count; l++) {
        a->time[l] = road_time(&n->links[l], a->flow[l]);
        exact_add(&objective, road_time_integral(&n->links[l], a->flow[l]));
        exact_add_product(&total, a->flow[l], a->time[l]);
        exact_add_product(&excess, a->flow[l], a->time[l]);
    }
    for (size_t k = 0; k < n->trip_count; k++) {
        if (!k || n->trips[k].origin != n->trips[k - 1].origin)
            least_tree_search(t->tree, n->trips[k].origin, a->time, t->node_time, t->by_link);
        exact_add(&trips, n->trips[k].trips);
        exact_add_product(&excess, -n->trips[k].trips, t->node_time[n->trips[k].destination]);
    }
    bashu_assignment_info *info = &a->info;
    info->trips = trips.sum + trips.lost;
    info->total_time = total.sum + total.lost;
    info->objective = objective.sum + objective.lost;
    info->relative_gap = info->total_time > 0 ? (excess.sum + excess.lost) / info->total_time : 0;
    info->average_excess = info->trips > 0 ? (excess.sum + excess.lost) / info->trips : 0;
    return check_conservation(a, memory);
}

static bashu_status solve_in(bashu_assignment *a, arena *memory, double gap)
{
    traffic *t;
    TRY(traffic_new(&t, memory, a));
    add_up_flows(t);
    TRY(equilibrate(t, a, gap));
    TRY(certify_assignment(a, t, memory));
    /* times of ways are sums of many links: rounding may show in the gap */
    if (a->info.reason > 0 && !(a->info.relative_gap <= gap + 1e-14)) a->info.reason = BASHU_DIVERGED_CERTIFICATE;
    return BASHU_OK;
}

bashu_status assignment_solve(bashu_assignment *a, double gap)
{
    const road_network *n = &a->network;
    double start = now_s();
    arena *memory = arena_new(a->context);
    if (!memory) return fail_memory(a->context);
    a->info = (bashu_assignment_info){
        .links = n->link_count, .nodes = n->node_count, .pairs = n->trip_count, .trips_within = n->trips_within};
    bashu_status status = solve_in(a, memory, gap);
    arena_free(memory);
    a->info.time_s = now_s() - start;
    return status;
}
