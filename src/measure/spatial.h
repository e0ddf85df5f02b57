/* spatial.h - whether places that are near to each other are alike. Equations in spatial.c.
 *
 * Values of several variables stand side by side, [n places][J variables], and are judged by the same draws, so that a draw is made once
 * for all of them. Every place (local) and every permutation (global) has a random stream of its own: bits do not depend on threads. */
#ifndef BASHU_MEASURE_SPATIAL_H
#define BASHU_MEASURE_SPATIAL_H

#include "core/core.h"

/* Neighbours of place i: neighbour[first[i]] .. neighbour[first[i + 1] - 1], in the order of their numbers. */
typedef struct spatial_weights {
    size_t n;
    const size_t *first;     /* [n + 1] */
    const size_t *neighbour;
    const double *weight;    /* the weights of a place add up to one, or it has no neighbours */
} spatial_weights;

/* time: [n][n] hours, symmetric or not: the mean of both ways counts. nearest: each place has its `count` nearest places (fewer where
 * there are fewer that can be reached), alike; ties go to the lower number. within: places at most `hours` away, by the inverse of time.
 * Errors: MEMORY. */
bashu_status spatial_nearest(spatial_weights *out, arena *memory, const double *time, size_t n, size_t count);
bashu_status spatial_within(spatial_weights *out, arena *memory, const double *time, size_t n, double hours);

typedef struct moran {
    double statistic, expected, variance, z; /* NaN where the values do not vary or nobody has a neighbour */
} moran;
/* Of variable j of J. Errors: MEMORY. */
bashu_status spatial_moran(moran *out, bashu_context *context, const spatial_weights *w, const double *values, size_t J, size_t j);
/* p: [J], how often a permutation of all values has a Moran's I as large; NaN as above. Errors: MEMORY, INTERRUPTED. */
bashu_status spatial_moran_p(double *p, bashu_context *context, const spatial_weights *w, const double *values, size_t J, size_t permutations,
                             uint64_t seed);

typedef struct local_moran {
    double statistic; /* I_i */
    double own, lag;  /* deviation from the mean, and the neighbours' mean deviation, in standard deviations */
    double p;         /* two-sided, by conditional permutation */
    double q;         /* p with the false discovery rate of Benjamini & Hochberg over the places */
} local_moran;
/* out: [n][J]; NaN where a place has no neighbours or values do not vary. Errors: MEMORY, INTERRUPTED. */
bashu_status spatial_local(local_moran *out, bashu_context *context, const spatial_weights *w, const double *values, size_t J,
                           size_t permutations, uint64_t seed);

/* Smallest false discovery rate at which each is rejected; NaN where p is, which is no test. p, q: [n], may be the same. Errors: MEMORY. */
bashu_status spatial_discovery(double *q, bashu_context *context, const double *p, size_t n);

/* Connected parts of the members, on the graph that joins two places when one is a neighbour of the other. part_of: [n], -1 no member;
 * parts are numbered in the order of their first member. Gives their count. Errors: MEMORY. */
bashu_status spatial_parts(long *part_of, size_t *count, bashu_context *context, const spatial_weights *w, const unsigned char *member);

#endif
