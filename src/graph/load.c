/* load.c - what goes between pairs of regions, added up over the links of its least-time way.
 *
 *   node_d += weight(o, d) of every destination; then from the farthest node v to the nearest:
 *   load(link by which v is reached) += node_v,  node_(node before v) += node_v             the accumulation of Brandes (2001)
 *
 * where stops and transfers take time, v are the states of the search (least_time.c), and what goes to d ends in its quickest one.
 *
 * Where two ways take the same time, everything goes by the one that the search finds. */
#include "graph/arcs.h"

#include <math.h>
#include <string.h>

typedef struct walk { /* one tree of least times */
    double *time_h, *node; /* [states], as the others */
    size_t *by_link, *before, *order;
} walk;

static void walk_back(double *load, const graph *g, const least_tree *tree, walk *w, size_t reached, size_t from, pair_weight *weight,
                      const void *payload)
{
    size_t states = least_tree_states(tree);
    memset(w->node, 0, states * sizeof *w->node);
    for (size_t d = 0; d < g->region_count; d++) {
        size_t end = least_tree_end(tree, w->time_h, g->region_node[d]);
        if (d != from && isfinite(w->time_h[end])) w->node[end] += weight(payload, from, d);
    }
    for (size_t k = reached; k-- > 1;) { /* the first one is where all ways begin */
        size_t v = w->order[k];
        load[w->by_link[v]] += w->node[v];
        w->node[w->before[v]] += w->node[v];
    }
}

/* Origins are taken in BLOCKS fixed parts, each with a sum of its own, so that bits do not depend on threads. */
enum { BLOCKS = 16 };

typedef struct part {
    least_tree *tree;
    walk walk;
    double *load;
} part;

static bool part_new(part *p, arena *memory, const graph *g, const unsigned char *needed)
{
    if (least_tree_new_needing(&p->tree, memory, g, needed) != BASHU_OK) return false;
    size_t states = least_tree_states(p->tree);
    p->walk = (walk){arena_alloc(memory, states, sizeof(double)), arena_alloc(memory, states, sizeof(double)), arena_alloc(memory, states, sizeof(size_t)),
                     arena_alloc(memory, states, sizeof(size_t)), arena_alloc(memory, states, sizeof(size_t))};
    p->load = arena_alloc(memory, g->link_count, sizeof *p->load);
    return p->walk.time_h && p->walk.node && p->walk.by_link && p->walk.before && p->walk.order && p->load;
}

double pair_value(const void *payload, size_t origin, size_t destination)
{
    const pair_values *of = payload;
    return of->value[origin * of->by_origin + destination * of->by_destination];
}

bashu_status graph_load(double *load, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use, pair_weight *weight,
                        const void *payload)
{
    const unsigned char *allowed = use->allowed;
    if (use->dispersion > 0) return all_routes_load(load, g, context, link_time_h, use, weight, payload);
    part parts[BLOCKS];
    size_t N = g->region_count;
    arena *scratch = arena_new(context);
    double *open_h = scratch ? arena_alloc(scratch, g->link_count, sizeof *open_h) : NULL;
    bool complete = open_h != NULL;
    for (size_t b = 0; b < BLOCKS && complete; b++) complete = part_new(&parts[b], scratch, g, use->needed);
    for (size_t l = 0; l < g->link_count && complete; l++) open_h[l] = allowed && !allowed[l] ? (double)INFINITY : link_time_h ? link_time_h[l] : g->links[l].time_h;
#pragma omp parallel for schedule(dynamic) num_threads(threads_for(context, 20.0 * (double)N * (double)g->link_count)) if (complete)
    for (size_t b = 0; b < BLOCKS; b++)
        for (size_t o = b * N / BLOCKS; complete && o < (b + 1) * N / BLOCKS; o++) {
            walk *w = &parts[b].walk;
            size_t reached = least_tree_search_states(parts[b].tree, g->region_node[o], open_h, w->time_h, w->by_link, w->before, w->order);
            walk_back(parts[b].load, g, parts[b].tree, w, reached, o, weight, payload);
        }
    for (size_t b = 0; b < BLOCKS && complete; b++)
        for (size_t l = 0; l < g->link_count; l++) load[l] += parts[b].load[l];
    arena_free(scratch);
    return complete ? BASHU_OK : fail_memory(context);
}
