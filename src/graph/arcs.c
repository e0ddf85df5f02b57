/* arcs.c - the arcs of a graph in compressed rows.
 *
 *   delay at a node between links of modes k, m:  stop_m  k = m;   transfer_m  otherwise;   none where a way begins and ends */
#include "graph/arcs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void arcs_free(arcs *a)
{
    free(a->head);
    free(a->to);
    free(a->link);
    free(a->time_h);
    free(a->delay_h);
    *a = (arcs){0};
}

static bool takes_time(const graph *g)
{
    for (size_t k = 0; k < g->delay_count; k++)
        if (g->delays[k].stop_h > 0 || g->delays[k].transfer_h > 0) return true;
    return false;
}

static size_t mode_of(const arcs *a, const graph *g, const graph_link *link)
{
    size_t k = 0;
    if (a->modes == 1) return 0;
    while (k < g->delay_count && strcmp(g->delays[k].mode, link->mode) != 0) k++;
    return k;
}

static double delay(const arcs *a, const graph *g, size_t reached_by, size_t mode)
{
    if (mode >= g->delay_count || reached_by == a->modes - 1) return 0;
    return reached_by == mode ? g->delays[mode].stop_h : g->delays[mode].transfer_h;
}

/* One way of a link, from every state of its first node. */
static void add_arcs(arcs *a, size_t *fill, const graph *g, size_t l, size_t from, size_t to, double time_h, bool is_needed)
{
    size_t mode = mode_of(a, g, &g->links[l]);
    for (size_t k = 0; k < a->per_node; k++) {
        size_t e = fill[from * a->per_node + k]++, layer = is_needed ? a->layers - 1 : k / a->modes;
        double delay_h = a->delay_h ? delay(a, g, k % a->modes, mode) : 0;
        a->to[e] = to * a->per_node + layer * a->modes + mode;
        a->link[e] = l;
        a->time_h[e] = time_h + delay_h;
        if (a->delay_h) a->delay_h[e] = delay_h;
    }
}

bool arcs_build(arcs *a, const graph *g, const double *link_time_h, const unsigned char *allowed, const unsigned char *needed)
{
    bool delays = takes_time(g);
    *a = (arcs){.modes = delays ? g->delay_count + 2 : 1, .layers = needed ? 2 : 1};
    a->per_node = a->modes * a->layers;
    a->states = g->node_count * a->per_node;
    size_t *fill = calloc(a->states + 1, sizeof *fill), most = 2 * g->link_count * a->per_node + 1;
    a->head = calloc(a->states + 1, sizeof *a->head);
    a->to = malloc(most * sizeof *a->to);
    a->link = malloc(most * sizeof *a->link);
    a->time_h = malloc(most * sizeof *a->time_h);
    if (delays) a->delay_h = malloc(most * sizeof *a->delay_h);
    if (!fill || !a->head || !a->to || !a->link || !a->time_h || (delays && !a->delay_h)) {
        free(fill);
        return false;
    }
    for (size_t l = 0; l < g->link_count; l++) {
        if (allowed && !allowed[l]) continue;
        for (size_t k = 0; k < a->per_node; k++) {
            a->head[g->links[l].from * a->per_node + k + 1]++;
            if (g->links[l].both_ways) a->head[g->links[l].to * a->per_node + k + 1]++;
        }
    }
    for (size_t v = 0; v < a->states; v++) a->head[v + 1] += a->head[v];
    memcpy(fill, a->head, (a->states + 1) * sizeof *fill);
    for (size_t l = 0; l < g->link_count; l++) {
        if (allowed && !allowed[l]) continue;
        const graph_link *link = &g->links[l];
        double time_h = link_time_h ? link_time_h[l] : link->time_h;
        add_arcs(a, fill, g, l, link->from, link->to, time_h, needed && needed[l]);
        if (link->both_ways) add_arcs(a, fill, g, l, link->to, link->from, time_h, needed && needed[l]);
    }
    free(fill);
    return true;
}

bashu_status arcs_pattern(arc_pattern *out, arena *memory, const arcs *a)
{
    size_t states = a->states, count = a->head[states];
    bashu_context *context = arena_context(memory);
    if (states > INT_MAX / 2 || count > INT_MAX)
        return fail(context, BASHU_ERROR_ARGUMENT, "%zu ways between %zu nodes (by mode of arrival, where that counts) are too many; at most %d", count, states, INT_MAX / 2);
    int *head = arena_alloc(memory, states + 1, sizeof *head), *to = arena_alloc(memory, count + 1, sizeof *to);
    if (!head || !to) return fail_memory(context);
    for (size_t v = 0; v <= states; v++) head[v] = (int)a->head[v];
    for (size_t e = 0; e < count; e++) to[e] = (int)a->to[e];
    *out = (arc_pattern){states, head, to};
    return BASHU_OK;
}
