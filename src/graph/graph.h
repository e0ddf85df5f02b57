/* graph.h - places joined by links, and the least time between them.
 *
 * A graph is immutable; a change of links is an overlay of times (length link_count, hours), so that many
 * scenarios share one graph. Equations and sources in least_time.c. */
#ifndef BASHU_GRAPH_GRAPH_H
#define BASHU_GRAPH_GRAPH_H

#include "core/core.h"

typedef struct graph_link {
    const char *id, *mode;  /* mode: a word such as "road", "rail_high_speed" */
    size_t from, to;        /* node indices */
    double time_h;          /* > 0 */
    double length_km;       /* NaN when unknown */
    int opened;             /* year, 0 when unknown */
    bool both_ways;
    const char *line, *flag; /* name of the line; where the time comes from when it was not observed; NULL: nothing is said */
} graph_link;

typedef struct mode_delay { /* what a mode costs in time beside its links; hours, at least 0 */
    const char *mode;
    double stop_h;          /* at each node passed from one link of the mode to the next */
    double transfer_h;      /* at a node where a link of the mode follows one of another mode */
} mode_delay;

typedef struct graph {
    size_t node_count, link_count;
    const char **node_id;     /* [node_count] */
    const char **node_name_en, **node_name_zh; /* [node_count]; NULL where a graph has no names */
    const double *node_lon, *node_lat; /* [node_count] degrees, NaN unknown; NULL where a graph has no coordinates */
    const graph_link *links;  /* [link_count] */
    size_t delay_count;       /* 0: stops and transfers take no time */
    const mode_delay *delays; /* [delay_count] each mode once; a mode that is not among them stops and is boarded in no time */
    size_t region_count;
    const size_t *region_node; /* [region_count] node at which a region's people and goods start and end */
} graph;

/* Least time between regions over the links whose mode is allowed.
 *   time_h: [region_count x region_count], time_h[o * region_count + d]; the diagonal is internal_time_h[o].
 *   link_time_h: [link_count] times to use instead of the links' own; NULL = own. INFINITY closes a link.
 *   allowed: [link_count] non-zero where the class of travel may use the link.
 * Unreachable pairs give INFINITY. Cost: region_count x (links log nodes), spread over threads, same bits always.
 * Errors: MEMORY. */
bashu_status graph_least_time(double *time_h, const graph *g, bashu_context *context, const double *link_time_h,
                              const unsigned char *allowed, const double *internal_time_h);

/* How a class of travel goes through a graph. */
typedef struct graph_use {
    const char *name;             /* for messages */
    const unsigned char *allowed; /* [link_count] non-zero where the class may use the link; NULL: everywhere */
    const unsigned char *needed;  /* [link_count] a way has at least one of these links; NULL: any way */
    double dispersion;            /* theta of all routes, 1/hour; 0: the least time alone counts */
} graph_use;

/* Times as graph_least_time has them, whichever way they arise: the least (least_time.c), or over all routes (all_routes.c), where they are less
 * than the least time by what choice is worth. Errors: MEMORY; INPUT where the sum over all routes has no end, or is so large that a time is not positive. */
bashu_status graph_travel_time(double *time_h, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use,
                               const double *internal_time_h);

/* Least times from one node to every other and the link by which each is reached, one search after another in the same
 * workspace, which lives as long as the arena. The graph may have no regions; it must outlive the workspace. */
typedef struct least_tree least_tree;
bashu_status least_tree_new(least_tree **out, arena *memory, const graph *g);
/* Of ways that have at least one of the links `needed` [link_count]; NULL: of all. */
bashu_status least_tree_new_needing(least_tree **out, arena *memory, const graph *g, const unsigned char *needed);
/* link_time_h: [link_count], at least 0. time_h: [node_count], INFINITY where there is no way. by_link: [node_count], set
 * where there is a way, but for the origin. */
void least_tree_search(least_tree *t, size_t origin, const double *link_time_h, double *time_h, size_t *by_link);
/* The same by state, a node and the mode by which it was reached; where nothing takes time but links, a state is a node. Each state
 * with a way has the one before it, the origin's itself. order: states with a way, nearest first (the origin's begins); returns how
 * many. Arrays: [least_tree_states]. least_tree_end: the state of a node's least time. */
size_t least_tree_states(const least_tree *t);
size_t least_tree_search_states(least_tree *t, size_t origin, const double *link_time_h, double *time_h, size_t *by_link, size_t *before,
                                size_t *order);
size_t least_tree_end(const least_tree *t, const double *time_h, size_t node);

/* between.c: the same between thousands of nodes of a large graph, by one elimination (linalg/elimination.h) and sweeps for many origins at a time;
 * equal to searches to rounding, the same bits always. Lives as long as the arena; the graph need not. link_time_h, allowed: as
 * graph_least_time. Errors: MEMORY, ARGUMENT (no node). */
typedef struct graph_between graph_between;
bashu_status graph_between_new(graph_between **out, arena *memory, const graph *g, const double *link_time_h, const unsigned char *allowed);
/* time_h[k * to_count + l]: from node from[k] to node to[l]; 0 to itself, INFINITY where there is no way. Errors: MEMORY. */
bashu_status graph_between_rows(const graph_between *b, const size_t *from, size_t count, const size_t *to, size_t to_count, double *time_h);

/* load.c: load_l += sum over pairs of weight(o, d) d t_od / d t_l: what goes from each region to each other on every link of its least-time way, or on
 * every link as often as routes take it (all_routes.c). load: [link_count]; the rest as graph_travel_time. Pairs without a way count nowhere.
 * Errors: as there. */
typedef double pair_weight(const void *payload, size_t origin, size_t destination);
/* The weights that stand in a matrix, whichever way it lies; pair_value takes one as its payload. */
typedef struct pair_values {
    const double *value; /* of o and d: value[o * by_origin + d * by_destination] */
    size_t by_origin, by_destination;
} pair_values;
double pair_value(const void *payload, size_t origin, size_t destination);
bashu_status graph_load(double *load, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use, pair_weight *weight,
                        const void *payload);

/* cluster.c: puts nodes joined by weighted edges into at most `wanted` clusters where edges allow; cluster_of: [nodes].
 * Edges may repeat and run either way. Returns the number of clusters, 0 when there is no memory. */
size_t graph_cluster(size_t *cluster_of, arena *scratch, size_t nodes, size_t edge_count, const size_t *from, const size_t *to,
                     const double *weight, size_t wanted);

#endif
