/* assignment.h - congested route choice: how trips spread over the links of a network when each takes a least-time way and
 * times rise with traffic (user equilibrium, Wardrop 1952). Equations and sources in assignment.c.
 *
 * Units are the file's own: flows in the unit of capacity, times in that of free_time. */
#ifndef BASHU_GRAPH_ASSIGNMENT_H
#define BASHU_GRAPH_ASSIGNMENT_H

#include "graph/graph.h"

typedef struct road_link { /* one way */
    size_t from, to;       /* node indices */
    double capacity;       /* c > 0 */
    double length;         /* NaN unknown */
    double free_time;      /* t0 >= 0 */
    double b, power;       /* b >= 0; power 0 or at least 1, so that the time has a finite slope everywhere */
} road_link;

typedef struct road_trip {
    size_t origin, destination; /* node indices, different */
    double trips;               /* > 0 */
} road_trip;

typedef struct road_network {
    size_t node_count, link_count, trip_count;
    const char *const *node_id; /* [node_count] */
    const road_link *links;     /* [link_count] */
    const road_trip *trips; /* [trip_count] by origin, then destination; each pair once, and with a way between them */
    double trips_within;    /* that end where they begin: they use no link */
    const char *links_path, *trips_path, *links_sha256, *trips_sha256;
} road_network;

/* The same links as a graph without regions, in the arena; times are the free ones. NULL: no memory. */
graph *road_graph(arena *memory, const road_network *network);

/* Flows on the links in equilibrium. Nothing is drawn by lot and nothing is done in threads: the same bits always. */
struct bashu_assignment {
    bashu_context *context;
    arena *memory;
    road_network network;
    double *flow, *time; /* [link_count] */
    bashu_assignment_info info;
};

/* Makes flow, time and info until the relative gap is at most `gap`; info.reason tells how it ended. Errors: MEMORY. */
bashu_status assignment_solve(bashu_assignment *a, double gap);
/* Time on a link with flow v, and the integral of the time from 0 to v. */
double road_time(const road_link *link, double v);
double road_time_integral(const road_link *link, double v);

#endif
