/* arcs.h - the ways of links from state to state, as searches and eliminations go along them; private to graph/. */
#ifndef BASHU_GRAPH_ARCS_H
#define BASHU_GRAPH_ARCS_H

#include "graph/graph.h"

/* Links leaving each state, in compressed rows: arcs of state v are head[v] .. head[v + 1] - 1. */
typedef struct arcs {
    size_t *head, *to, *link; /* link: of which an arc is one way */
    double *time_h;           /* with the delay */
    double *delay_h;          /* NULL: none anywhere */
    size_t per_node, states;  /* state = node * per_node + mode: those of g->delays, any other, and (last) the way begins here */
} arcs;

/* false: no memory. What was made is freed by arcs_free in either case. link_time_h, allowed: as graph_least_time. */
bool arcs_build(arcs *a, const graph *g, const double *link_time_h, const unsigned char *allowed);
void arcs_free(arcs *a);
/* The state in which a way begins. */
static inline size_t arcs_origin(const arcs *a, size_t node)
{
    return node * a->per_node + a->per_node - 1;
}

#endif
