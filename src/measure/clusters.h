/* clusters.h - where sectors concentrate, which clusters they form, and a circle beside its benchmark. */
#ifndef BASHU_MEASURE_CLUSTERS_H
#define BASHU_MEASURE_CLUSTERS_H

#include "measure/concentration.h"
#include "measure/measure.h"
#include "measure/spatial.h"

struct bashu_clusters {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    bashu_clusters_options options; /* neighbours as used; texts are copies */
    long only;                      /* the sector that reports are about, -1 all */
    size_t count, *place;           /* domestic regions */
    double *value, *quotient;       /* [count][J] */
    double *whole;                  /* [count] value added of all sectors */
    double *plants;                 /* [J] */
    bool near;                      /* there are travel times */
    spatial_weights weights;
    double neighbours_mean;
    local_moran *local;             /* [count][J] */
    long *cluster_of;               /* [count][J], -1 none */
    bashu_concentration *sectors;   /* [J] */
    size_t cluster_count;
    bashu_cluster *clusters;
    bool compares;                  /* there is a circle */
    focus circle, benchmark;
    bashu_cluster_gap *gaps;        /* [J] */
    double time_s;
};

bashu_status clusters_new(bashu_clusters **out, const bashu_economy *economy, const bashu_clusters_options *wanted);
void clusters_free(bashu_clusters *clusters);
/* Index of the sector named. Errors: ARGUMENT with "did you mean". */
bashu_status clusters_find_sector(size_t *out, const bashu_economy *economy, const char *id);
bashu_status clusters_place(bashu_local *out, const bashu_clusters *clusters, size_t sector, size_t region);
/* The circle and the benchmark named, or those that are usual. *there: whether there is a circle at all. */
bashu_status clusters_sides(focus *circle, focus *benchmark, bool *there, arena *memory, const bashu_economy *economy, const char *circle_text,
                            const char *benchmark_text);
/* Value added of the sector and of all sectors in a set, of the nation likewise. output_hat: [N][J], NULL: baseline. part: [N] of each
 * region that counts. */
typedef struct cluster_sums {
    double sector, whole, nation_sector, nation_whole;
} cluster_sums;
cluster_sums clusters_sums(const bashu_economy *economy, const double *part, size_t sector, const double *output_hat);
double clusters_quotient(cluster_sums s);

#endif
