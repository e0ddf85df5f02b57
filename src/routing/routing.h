/* routing.h - equilibria on networks whose trade takes all routes (Allen & Arkolakis 2022). Equations at the top of flows.c.
 *
 * Costs are factors (iceberg), people persons; incomes are in the file's own unit or, where they follow from productivity, shares of the
 * world's. A network is read once; its baseline is solved; changes of links and places are solved from there. */
#ifndef BASHU_ROUTING_ROUTING_H
#define BASHU_ROUTING_ROUTING_H

#include "core/core.h"

typedef struct route_link {
    size_t from, to; /* nodes, different */
    const char *id;  /* "" none */
    double cost;     /* t > 0 */
    bool both_ways;
} route_link;

typedef struct route_network {
    size_t node_count, link_count;
    const char *const *node_id; /* [node_count] */
    const route_link *links;    /* [link_count] */
    const double *time_h;       /* [link_count] > 0; NULL: costs are stated */
    const double *people;       /* [node_count] >= 0 */
    const double *income;       /* [node_count] >= 0, with people and only with them; NULL: from productivity */
    const double *productivity; /* A > 0 [node_count]; not read where there are incomes */
    const double *amenity;      /* u > 0 [node_count]; read where people move and there are no incomes */
    double theta;               /* trade elasticity > 0 */
    double congestion;          /* lambda >= 0 */
    double productivity_spillover, amenity_spillover; /* alpha, beta: of people */
    bool mobile;                /* people move, and welfare is the same everywhere */
    bool free_costs;            /* costs are those of empty links; else of links with the baseline's traffic */
    const char *name, *settings_path, *nodes_path, *links_path, *settings_sha256, *nodes_sha256, *links_sha256;
} route_network;

typedef struct route_changes { /* factors; NULL: none */
    const double *cost;         /* [link_count]; INFINITY closes a link */
    const double *productivity, *amenity; /* [node_count] */
} route_changes;

/* An equilibrium, in the network's order. */
typedef struct route_state {
    double *cost;           /* [link_count][2] t in both directions, NaN where there is no way back */
    double *traffic;        /* [link_count][2] Xi */
    double *income, *people, *inward, *outward; /* [node_count] Y, L, p = P^-theta, q = Pi^-theta */
} route_state;

struct bashu_routing {
    bashu_context *context;
    arena *memory;
    route_network network;
    size_t arc_count;
    unsigned *arc_link;     /* [arc_count] 2 * link + direction */
    route_state base, now;  /* now: after changes; the baseline before any */
    double *cost_hat;       /* [arc_count] of empty links, productivity, amenity [node_count]: of the changes */
    double *productivity_hat, *amenity_hat;
    double *elasticity;     /* [link_count] of welfare by the link's cost, at `now`; NaN until asked for */
    bool changed, scenario;
    bashu_routing_info info;
};

/* Arrays of an object whose network is set. Errors: MEMORY. */
bashu_status routing_prepare(struct bashu_routing *r);
/* Errors: INPUT (spectral radius), MEMORY. info.reason tells how it ended. */
bashu_status routing_baseline(struct bashu_routing *r, double tolerance);
bashu_status routing_change(struct bashu_routing *r, const route_changes *changes, double tolerance);
/* Elasticities of welfare by the costs of all links, by one transposed solve. Errors: MEMORY. */
bashu_status routing_elasticities(struct bashu_routing *r);

/* radius.c: bounds of the spectral radius of [a], arcs' weights, and what it hangs on. */
typedef struct route_radius {
    double low, high;   /* Collatz & Wielandt */
    size_t node;        /* where most of it is */
    size_t link;        /* on which it depends most */
} route_radius;
/* rounds: of power iteration each way; bounds are bounds after any number. Errors: MEMORY. */
bashu_status routing_radius(route_radius *out, const struct bashu_routing *r, const double *a, int rounds);
/* a[e] = cost^-exponent of arcs; cost: [link_count][2]. */
void route_weights(double *a, const struct bashu_routing *r, const double *cost, double exponent);

/* certify.c: the worst residual by equation, from costs, incomes and accesses alone; residual: [node_count][2] of accesses in, out. */
bashu_status routing_certify(struct bashu_routing *r, double *residual);

#endif
