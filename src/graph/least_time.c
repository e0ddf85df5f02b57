/* least_time.c - least travel time between regions.
 *
 *   t_od = min over paths from o to d of sum of link times + delays (arcs.c)        hours      Dijkstra (1959), binary heap
 *
 * Delays are constants: d t_od / d link time is 1 on the way, 0 off it.
 * Each origin is independent of the others, so threads share nothing and the bits do not depend on them.
 * The search stops when every region has been reached: stations beyond the last region cost nothing. */
#include "graph/arcs.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

static void heap_push(search *s, double time_h, size_t state)
{
    size_t i = s->heap_count++;
    for (; i && s->heap[(i - 1) / 2].time_h > time_h; i = (i - 1) / 2) s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = (heap_entry){time_h, state};
}

static heap_entry heap_pop(search *s)
{
    heap_entry top = s->heap[0], last = s->heap[--s->heap_count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < s->heap_count; i = child) {
        if (child + 1 < s->heap_count && s->heap[child + 1].time_h < s->heap[child].time_h) child++;
        if (s->heap[child].time_h >= last.time_h) break;
        s->heap[i] = s->heap[child];
    }
    s->heap[i] = last;
    return top;
}

/* Stale heap entries are skipped when popped: simpler than decreasing keys, and as fast on sparse graphs. */
void search_from(search *s, const arcs *a, size_t origin, const unsigned char *is_region, size_t regions_left)
{
    for (size_t v = 0; v < a->states; v++) s->time_h[v] = INFINITY;
    s->time_h[origin] = 0;
    if (s->before) s->before[origin] = origin;
    s->heap_count = s->reached = 0;
    heap_push(s, 0, origin);
    while (s->heap_count) {
        heap_entry nearest = heap_pop(s);
        if (nearest.time_h > s->time_h[nearest.state]) continue;
        if (s->order) s->order[s->reached++] = nearest.state;
        if (is_region && is_region[nearest.state] && --regions_left == 0) return;
        for (size_t e = a->head[nearest.state]; e < a->head[nearest.state + 1]; e++) {
            double time_h = nearest.time_h + a->time_h[e];
            if (!(time_h < s->time_h[a->to[e]])) continue;
            s->time_h[a->to[e]] = time_h;
            if (s->by_link) s->by_link[a->to[e]] = a->link[e];
            if (s->before) s->before[a->to[e]] = nearest.state;
            heap_push(s, time_h, a->to[e]);
        }
    }
}

/* The state of a node with the least time, the first of equals. */
static size_t end_state(const arcs *a, const double *time_h, size_t node)
{
    size_t first = end_states(a, node), best = first;
    for (size_t k = 1; k < a->modes; k++)
        if (time_h[first + k] < time_h[best]) best = first + k;
    return best;
}

static bashu_status least_times(double *time_h, const graph *g, bashu_context *context, const double *link_time_h, const unsigned char *allowed,
                                const unsigned char *needed, const double *internal_time_h)
{
    size_t n = g->region_count, region_nodes = 0;
    arcs a = {0};
    unsigned char *is_region = calloc(g->node_count + 1, 1);
    bool complete = arcs_build(&a, g, link_time_h, allowed, needed) && is_region;
    if (!complete) {
        arcs_free(&a);
        free(is_region);
        return fail_memory(context);
    }
    for (size_t i = 0; i < n; i++) {
        region_nodes += !is_region[g->region_node[i]];
        is_region[g->region_node[i]] = 1;
    }
    int out_of_memory = 0;
#pragma omp parallel num_threads(threads_for(context, 10.0 * (double)n * (double)g->link_count * (double)a.per_node)) reduction(| : out_of_memory)
    {
        search s = {.time_h = malloc(a.states * sizeof(double)), .heap = malloc((a.head[a.states] + 1) * sizeof(heap_entry))};
        out_of_memory |= !s.time_h || !s.heap;
#pragma omp for schedule(static)
        for (size_t o = 0; o < n; o++) {
            if (out_of_memory) continue;
            search_from(&s, &a, begin_state(&a, g->region_node[o]), a.per_node == 1 ? is_region : NULL, region_nodes);
            for (size_t d = 0; d < n; d++) time_h[o * n + d] = s.time_h[end_state(&a, s.time_h, g->region_node[d])];
            time_h[o * n + o] = internal_time_h[o];
        }
        free(s.time_h);
        free(s.heap);
    }
    arcs_free(&a);
    free(is_region);
    return out_of_memory ? fail_memory(context) : BASHU_OK;
}

bashu_status graph_least_time(double *time_h, const graph *g, bashu_context *context, const double *link_time_h,
                              const unsigned char *allowed, const double *internal_time_h)
{
    return least_times(time_h, g, context, link_time_h, allowed, NULL, internal_time_h);
}

bashu_status graph_travel_time(double *time_h, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use,
                               const double *internal_time_h)
{
    if (use->dispersion > 0) return all_routes_time(time_h, g, context, link_time_h, use, internal_time_h);
    return least_times(time_h, g, context, link_time_h, use->allowed, use->needed, internal_time_h);
}

/* ---- one origin ---------------------------------------------------------------------------------- */

struct least_tree {
    const graph *g;
    arcs a;
    heap_entry *heap;
    double *time_h;  /* [states] of which the least are looked for, where states are not nodes */
    size_t *by_link; /* [states] */
};

static void least_tree_free(void *object)
{
    least_tree *t = object;
    arcs_free(&t->a);
    free(t->heap);
    free(t->time_h);
    free(t->by_link);
}

bashu_status least_tree_new_needing(least_tree **out, arena *memory, const graph *g, const unsigned char *needed)
{
    least_tree *t = arena_alloc(memory, 1, sizeof *t);
    *out = t;
    if (!t) return fail_memory(arena_context(memory));
    t->g = g;
    bool complete = arcs_build(&t->a, g, NULL, NULL, needed);
    if (complete) t->heap = malloc((t->a.head[t->a.states] + 1) * sizeof *t->heap);
    if (complete && t->a.per_node > 1) {
        t->time_h = malloc(t->a.states * sizeof *t->time_h);
        t->by_link = malloc(t->a.states * sizeof *t->by_link);
        complete = t->time_h && t->by_link;
    }
    complete &= t->heap != NULL;
    if (complete && arena_keep(memory, least_tree_free, t)) return BASHU_OK;
    least_tree_free(t);
    return fail_memory(arena_context(memory));
}

bashu_status least_tree_new(least_tree **out, arena *memory, const graph *g) { return least_tree_new_needing(out, memory, g, NULL); }

static void tree_search(least_tree *t, size_t origin, const double *link_time_h, search *s)
{
    arcs *a = &t->a;
    for (size_t e = 0; e < a->head[a->states]; e++) a->time_h[e] = link_time_h[a->link[e]] + (a->delay_h ? a->delay_h[e] : 0);
    search_from(s, a, begin_state(a, origin), NULL, 0);
}

size_t least_tree_states(const least_tree *t) { return t->a.states; }

size_t least_tree_end(const least_tree *t, const double *time_h, size_t node) { return end_state(&t->a, time_h, node); }

size_t least_tree_search_states(least_tree *t, size_t origin, const double *link_time_h, double *time_h, size_t *by_link, size_t *before,
                                size_t *order)
{
    search s = {.time_h = time_h, .heap = t->heap, .by_link = by_link, .before = before, .order = order};
    tree_search(t, origin, link_time_h, &s);
    return s.reached;
}

void least_tree_search(least_tree *t, size_t origin, const double *link_time_h, double *time_h, size_t *by_link)
{
    if (t->a.per_node == 1) {
        tree_search(t, origin, link_time_h, &(search){.time_h = time_h, .heap = t->heap, .by_link = by_link});
        return;
    }
    tree_search(t, origin, link_time_h, &(search){.time_h = t->time_h, .heap = t->heap, .by_link = t->by_link});
    for (size_t v = 0; v < t->g->node_count; v++) {
        size_t end = end_state(&t->a, t->time_h, v);
        time_h[v] = t->time_h[end];
        if (isfinite(time_h[v]) && v != origin) by_link[v] = t->by_link[end];
    }
}
