/* parts.h - between a network and its system of flows; private to routing/. */
#ifndef BASHU_ROUTING_PARTS_H
#define BASHU_ROUTING_PARTS_H

#include "routing/flows.h"
#include "routing/routing.h"

static inline size_t arc_from(const struct bashu_routing *r, size_t e)
{
    const route_link *link = &r->network.links[r->arc_link[e] / 2];
    return r->arc_link[e] % 2 ? link->to : link->from;
}

static inline size_t arc_to(const struct bashu_routing *r, size_t e)
{
    const route_link *link = &r->network.links[r->arc_link[e] / 2];
    return r->arc_link[e] % 2 ? link->from : link->to;
}

typedef struct built {
    flow_system s;
    int *place;              /* of a node, [node_count] */
    int *edge_out, *edge_in; /* [arc_count]: of its end in the row of its beginning, and the reverse */
} built;

/* built.c */
closure closure_of(const route_network *w, bool incomes_given, bool congested);
/* The finest level of a network, with room for a solve. Errors: MEMORY. */
bashu_status flows_build(built *b, arena *memory, const struct bashu_routing *r);
/* Base flows of arcs, income and people of nodes, in the network's order. */
void flows_set_base(built *b, const struct bashu_routing *r, const double *flow, const double *income, const double *people);
/* Sizes are what flows and incomes add up to: an equilibrium at u = v = 0 to the last bit. */
void flows_balance(flow_system *s);
/* Incomes, people and accesses at the present point; p, q: accesses of the base. */
void flows_read(const struct bashu_routing *r, const built *b, route_state *to, const double *p, const double *q);

/* routing.c: the certificate, and what it says about the reason. Errors: MEMORY. */
bashu_status routing_finish(struct bashu_routing *r, built *b, bashu_reason reason, int steps);
/* Works with memory of its own, which is given back. */
bashu_status routing_scratch(struct bashu_routing *r, const route_changes *changes, double tolerance,
                             bashu_status (*function)(struct bashu_routing *, arena *, const route_changes *, double));

#endif
