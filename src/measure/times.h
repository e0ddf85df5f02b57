/* times.h - least times between places of a network, an economy's or one whose trade takes all routes. */
#ifndef BASHU_MEASURE_TIMES_H
#define BASHU_MEASURE_TIMES_H

#include "measure/network.h"
#include "routing/routing.h"

struct bashu_times {
    bashu_context *context;
    arena *memory;
    size_t place_count, settled_count;
    const char *const *id;       /* [place_count] of the nodes, of the region where one is at home; the texts belong to what the times are of */
    size_t *settled;             /* [settled_count] regions, or nodes with people */
    const char *home;            /* where ids are written, for messages */
    graph_between *between;
};

/* travel: a class of travel; NULL: the first with all modes. Errors: ARGUMENT, MEMORY. */
bashu_status times_of_network(bashu_times **out, const bashu_network *network, const char *travel);
/* Errors: ARGUMENT (its links state costs), MEMORY. */
bashu_status times_of_routing(bashu_times **out, const bashu_routing *routing);
void times_free(bashu_times *times);
/* A table with a column id; (*out)[*count] belongs to `times`. Errors: INPUT, IO, MEMORY. */
bashu_status times_places(const size_t **out, size_t *count, bashu_times *times, const char *path);

#endif
