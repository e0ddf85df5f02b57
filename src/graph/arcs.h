/* arcs.h - a graph as arcs between states, for one class of travel; private to graph/.
 *
 * What goes on from a node may depend on how it was reached, so a state is a node, the mode by which it was reached (where stops and
 * transfers take time) and whether a needed link has been passed (where a way needs one). Where neither is so, states are nodes. */
#ifndef BASHU_GRAPH_ARCS_H
#define BASHU_GRAPH_ARCS_H

#include "graph/graph.h"
#include "linalg/elimination.h"

/* Links leaving each state, in compressed rows: arcs of state v are head[v] .. head[v + 1] - 1. */
typedef struct arcs {
    size_t *head, *to, *link; /* link: of which an arc is one way */
    double *time_h;           /* with the delay */
    double *delay_h;          /* NULL: none anywhere */
    size_t modes;             /* those of g->delays, any other, and (last) the way begins here; 1 where nothing takes time but links */
    size_t layers;            /* 2: before and after a needed link */
    size_t per_node, states;  /* state = node * per_node + layer * modes + mode */
} arcs;

/* allowed, needed: [link_count] or NULL (all, none); link_time_h: [link_count] or NULL (the links' own). False: no memory. Freed by arcs_free, also then. */
bool arcs_build(arcs *a, const graph *g, const double *link_time_h, const unsigned char *allowed, const unsigned char *needed);
void arcs_free(arcs *a);

/* The same for an elimination; belongs to the arena. Errors: MEMORY; ARGUMENT where they are more than an int counts. */
bashu_status arcs_pattern(arc_pattern *out, arena *memory, const arcs *a);

/* Where a way from the node begins. */
static inline size_t begin_state(const arcs *a, size_t node) { return node * a->per_node + a->modes - 1; }
/* The states in which a way to the node may end: `modes` of them from here. */
static inline size_t end_states(const arcs *a, size_t node) { return node * a->per_node + (a->layers - 1) * a->modes; }

/* least_time.c: workspace of a search; false: no memory. */
typedef struct heap_entry {
    double time_h;
    size_t state;
} heap_entry;

typedef struct search {
    double *time_h;     /* [states] */
    heap_entry *heap;   /* at most one entry per arc, plus the origin */
    size_t heap_count;
    size_t *by_link; /* [states] the link by which a state was reached; NULL: not wanted */
    size_t *before;  /* [states] the state before it; NULL: not wanted */
    size_t *order;   /* [states] the states reached, nearest first; NULL: not wanted */
    size_t reached;  /* how many these are */
} search;

/* Least times from a state; is_region: [node_count] to stop when regions_left of them are reached, where states are nodes; NULL: every state. */
void search_from(search *s, const arcs *a, size_t origin, const unsigned char *is_region, size_t regions_left);

/* all_routes.c: graph_travel_time and graph_load where use->dispersion is positive. */
bashu_status all_routes_time(double *time_h, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use, const double *internal_time_h);
bashu_status all_routes_load(double *load, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use, pair_weight *weight, const void *payload);

#endif
