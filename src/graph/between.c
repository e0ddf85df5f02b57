/* between.c - least times between many nodes: A* of [time] in (min, +), eliminated once, swept for many origins at a time.
 *
 * With delays the nodes that are eliminated are states, as in least_time.c; a node's time is the least of its states'. */
#include "graph/arcs.h"

#include <math.h>
#include <string.h>

struct graph_between {
    bashu_context *context;
    arcs a;
    arc_pattern pattern;
    elimination *e;
};

static void free_arcs(void *object) { arcs_free(object); }

static bashu_status eliminate(graph_between *b, arena *memory)
{
    TRY(arcs_pattern(&b->pattern, memory, &b->a));
    elimination_plan *plan;
    TRY(elimination_plan_new(&plan, memory, &b->pattern));
    TRY(elimination_new(&b->e, memory, plan, ELIMINATE_TIMES));
    return elimination_make(b->e, b->a.time_h, threads_for(b->context, elimination_work(plan)), NULL);
}

bashu_status graph_between_new(graph_between **out, arena *memory, const graph *g, const double *link_time_h, const unsigned char *allowed)
{
    graph_between *b = arena_alloc(memory, 1, sizeof *b);
    *out = NULL;
    if (!b) return fail_memory(arena_context(memory));
    b->context = arena_context(memory);
    bool made = arcs_build(&b->a, g, link_time_h, allowed, NULL);
    if (!arena_keep(memory, free_arcs, &b->a)) {
        arcs_free(&b->a);
        made = false;
    }
    if (!made) return fail_memory(b->context);
    TRY(eliminate(b, memory));
    *out = b;
    return BASHU_OK;
}

bashu_status graph_between_rows(const graph_between *b, const size_t *from, size_t count, const size_t *to, size_t to_count, double *time_h)
{
    size_t per_node = b->a.per_node, width = to_count * per_node;
    arena *scratch = arena_new(b->context);
    int *origin = scratch ? arena_alloc(scratch, count + 1, sizeof *origin) : NULL, *end = scratch ? arena_alloc(scratch, width + 1, sizeof *end) : NULL;
    double *found = per_node == 1 || !end ? time_h : arena_alloc(scratch, count * width + 1, sizeof *found);
    bashu_status status = origin && end && found ? BASHU_OK : fail_memory(b->context);
    for (size_t k = 0; status == BASHU_OK && k < count; k++) origin[k] = (int)begin_state(&b->a, from[k]);
    for (size_t l = 0; status == BASHU_OK && l < width; l++) end[l] = (int)(to[l / per_node] * per_node + l % per_node);
    if (status == BASHU_OK)
        status = elimination_rows(b->e, threads_for(b->context, 100.0 * (double)count * (double)b->a.head[b->a.states]), origin, count, end, width, found);
    for (size_t k = 0; status == BASHU_OK && per_node > 1 && k < count * to_count; k++) {
        time_h[k] = found[k * per_node];
        for (size_t m = 1; m < per_node; m++) time_h[k] = fmin(time_h[k], found[k * per_node + m]);
    }
    arena_free(scratch);
    return status;
}
