/* network.h - the network of an economy described, checked, and held against printed times. */
#ifndef BASHU_MEASURE_NETWORK_H
#define BASHU_MEASURE_NETWORK_H

#include "measure/measure.h"

typedef struct network_mode {        /* links of one mode that are open */
    const char *mode;
    size_t links, undated, imputed, closed; /* without a year of opening; whose time is flagged; not open (beside `links`) */
    double length_km;                /* of those whose length is known */
    double slowest, typical, fastest; /* km/h over the stated length: 5th percentile, median, 95th; NaN none */
    double limit;                    /* km/h, NaN none */
} network_mode;

struct bashu_network {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario;  /* NULL: none */
    int year;                        /* 0: all links */
    int printed_year;                /* of the printed times compared with; 0: there are none */
    const graph *graph;              /* as the scenario has it */
    const travel_class *travel;      /* [C] */
    double *link_time_h;             /* [link_count] INFINITY: not open */
    size_t mode_count, fit_count, problem_count, region_nodes, stations;
    network_mode *modes;
    bashu_network_fit *fits;
    bashu_network_problem *problems;
    size_t compared;                 /* printed times of printed_year, in the order of about.printed_times */
    size_t *printed;                 /* [compared] index into about.printed_times */
    double dispersion;               /* with which people take all routes, 1/hour; 0: the quickest */
    double *found_h;                 /* [compared] time of the network; INFINITY: no way */
    unsigned char *is_link;          /* [compared] the least way is one link */
};
bashu_status network_new(bashu_network **out, const bashu_economy *economy, const bashu_scenario *scenario, int year);
void network_free(bashu_network *network);
/* km/h over the stated length; NaN unknown. */
double link_speed(const graph *g, size_t link);
bool link_is_open(const bashu_network *network, size_t link);

#endif
