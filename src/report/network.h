/* network.h - reports of a network, and of what its links do. */
#ifndef BASHU_REPORT_NETWORK_H
#define BASHU_REPORT_NETWORK_H

#include "measure/network.h"
#include "report/report.h"

/* formats: "text", "json", "csv" (a row a link), "times.csv" (a row a printed time), "svg". */
bashu_status network_report(char **out, const bashu_network *network, const char *format, bashu_language language);

bashu_status svg_network(report *r, const void *subject);
/* A map of the least time of people from the region with this id; of a scenario or a year: how much less than as it is. Errors: ARGUMENT, MEMORY, and those of
 * boundaries. */
bashu_status network_times(char **out, const bashu_network *network, const char *from, bashu_language language);

/* Times of people between all regions over a network with the economy's regions, as the economy chooses routes and modes: hours, INFINITY where there is no way.
 * time_h: [N from][N to]. Errors: as region_travel_time. */
bashu_status network_times_between(double *time_h, const description *about, bashu_context *context, const changed_network *over);
/* The network of the economy as it is. link_time_h: [link_count], from the arena. Errors: MEMORY. */
bashu_status network_unchanged(changed_network *out, arena *memory, const description *about);
const char *mode_colour(const char *mode);

/* Name of a node; "Chengdu station - Chongqing station"; "high-speed rail" for the word rail_high_speed, others as they are. */
const char *node_words(const report *r, const graph *g, size_t node);
const char *link_words(const report *r, const graph *g, size_t link);
const char *mode_words(const report *r, const char *mode);

#endif
