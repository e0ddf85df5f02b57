/* least_time.c - least travel time between regions.
 *
 *   t_od = min over paths from o to d of sum of link times        hours      Dijkstra (1959), binary heap
 *
 * Each origin is independent of the others, so threads share nothing and the bits do not depend on them.
 * The search stops when every region has been reached: stations beyond the last region cost nothing. */
#include "graph/graph.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* Links leaving each node, in compressed rows: arcs of node v are head[v] .. head[v + 1] - 1. */
typedef struct arcs {
    size_t *head, *to, *link; /* link: of which an arc is one way */
    double *time_h;
} arcs;

typedef struct heap_entry {
    double time_h;
    size_t node;
} heap_entry;

typedef struct search { /* workspace of one thread */
    double *time_h;     /* [node_count] */
    heap_entry *heap;   /* at most one entry per arc, plus the origin */
    size_t heap_count;
    size_t *by_link; /* [node_count] the link by which a node was reached; NULL: not wanted */
} search;

static void arcs_free(arcs *a)
{
    free(a->head);
    free(a->to);
    free(a->link);
    free(a->time_h);
}

static bool arcs_build(arcs *a, const graph *g, const double *link_time_h, const unsigned char *allowed)
{
    size_t *fill = calloc(g->node_count + 1, sizeof *fill);
    a->head = calloc(g->node_count + 1, sizeof *a->head);
    a->to = malloc((2 * g->link_count + 1) * sizeof *a->to);
    a->link = malloc((2 * g->link_count + 1) * sizeof *a->link);
    a->time_h = malloc((2 * g->link_count + 1) * sizeof *a->time_h);
    if (!fill || !a->head || !a->to || !a->link || !a->time_h) {
        free(fill);
        return false;
    }
    for (size_t l = 0; l < g->link_count; l++) {
        if (allowed && !allowed[l]) continue;
        a->head[g->links[l].from + 1]++;
        if (g->links[l].both_ways) a->head[g->links[l].to + 1]++;
    }
    for (size_t v = 0; v < g->node_count; v++) a->head[v + 1] += a->head[v];
    memcpy(fill, a->head, (g->node_count + 1) * sizeof *fill);
    for (size_t l = 0; l < g->link_count; l++) {
        if (allowed && !allowed[l]) continue;
        const graph_link *link = &g->links[l];
        double time_h = link_time_h ? link_time_h[l] : link->time_h;
        a->to[fill[link->from]] = link->to;
        a->link[fill[link->from]] = l;
        a->time_h[fill[link->from]++] = time_h;
        if (!link->both_ways) continue;
        a->to[fill[link->to]] = link->from;
        a->link[fill[link->to]] = l;
        a->time_h[fill[link->to]++] = time_h;
    }
    free(fill);
    return true;
}

static void heap_push(search *s, double time_h, size_t node)
{
    size_t i = s->heap_count++;
    for (; i && s->heap[(i - 1) / 2].time_h > time_h; i = (i - 1) / 2) s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = (heap_entry){time_h, node};
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
static void search_from(search *s, const arcs *a, size_t node_count, size_t origin, const unsigned char *is_region,
                        size_t regions_left)
{
    for (size_t v = 0; v < node_count; v++) s->time_h[v] = INFINITY;
    s->time_h[origin] = 0;
    s->heap_count = 0;
    heap_push(s, 0, origin);
    while (s->heap_count) {
        heap_entry nearest = heap_pop(s);
        if (nearest.time_h > s->time_h[nearest.node]) continue;
        if (is_region && is_region[nearest.node] && --regions_left == 0) return;
        for (size_t e = a->head[nearest.node]; e < a->head[nearest.node + 1]; e++) {
            double time_h = nearest.time_h + a->time_h[e];
            if (!(time_h < s->time_h[a->to[e]])) continue;
            s->time_h[a->to[e]] = time_h;
            if (s->by_link) s->by_link[a->to[e]] = a->link[e];
            heap_push(s, time_h, a->to[e]);
        }
    }
}

bashu_status graph_least_time(double *time_h, const graph *g, bashu_context *context, const double *link_time_h,
                              const unsigned char *allowed, const double *internal_time_h)
{
    size_t n = g->region_count, region_nodes = 0;
    arcs a = {0};
    unsigned char *is_region = calloc(g->node_count + 1, 1);
    bool complete = arcs_build(&a, g, link_time_h, allowed) && is_region;
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
#pragma omp parallel num_threads(threads_for(context, 10.0 * (double)n * (double)g->link_count)) reduction(| : out_of_memory)
    {
        search s = {malloc(g->node_count * sizeof(double)), malloc((2 * g->link_count + 1) * sizeof(heap_entry)), 0,
                    NULL};
        out_of_memory |= !s.time_h || !s.heap;
#pragma omp for schedule(static)
        for (size_t o = 0; o < n; o++) {
            if (out_of_memory) continue;
            search_from(&s, &a, g->node_count, g->region_node[o], is_region, region_nodes);
            for (size_t d = 0; d < n; d++) time_h[o * n + d] = s.time_h[g->region_node[d]];
            time_h[o * n + o] = internal_time_h[o];
        }
        free(s.time_h);
        free(s.heap);
    }
    arcs_free(&a);
    free(is_region);
    return out_of_memory ? fail_memory(context) : BASHU_OK;
}

/* ---- one origin ---------------------------------------------------------------------------------- */

struct least_tree {
    const graph *g;
    arcs a;
    heap_entry *heap;
};

static void least_tree_free(void *object)
{
    least_tree *t = object;
    arcs_free(&t->a);
    free(t->heap);
}

bashu_status least_tree_new(least_tree **out, arena *memory, const graph *g)
{
    least_tree *t = arena_alloc(memory, 1, sizeof *t);
    *out = t;
    if (!t) return fail_memory(arena_context(memory));
    t->g = g;
    t->heap = malloc((2 * g->link_count + 1) * sizeof *t->heap);
    bool complete = arcs_build(&t->a, g, NULL, NULL) && t->heap;
    if (complete && arena_keep(memory, least_tree_free, t)) return BASHU_OK;
    least_tree_free(t);
    return fail_memory(arena_context(memory));
}

void least_tree_search(least_tree *t, size_t origin, const double *link_time_h, double *time_h, size_t *by_link)
{
    const graph *g = t->g;
    search s = {time_h, t->heap, 0, by_link};
    for (size_t e = 0; e < t->a.head[g->node_count]; e++) t->a.time_h[e] = link_time_h[t->a.link[e]];
    search_from(&s, &t->a, g->node_count, origin, NULL, 0);
}
