/* boundaries.h - outlines of regions from a GeoJSON file, for maps. */
#ifndef BASHU_REPORT_BOUNDARIES_H
#define BASHU_REPORT_BOUNDARIES_H

#include "accounts/accounts.h"

typedef struct outline { /* one ring; rings of a region follow each other, holes too (even-odd) */
    size_t first, count; /* points; the last is not the first again */
} outline;
typedef struct shape {
    long region;         /* -1: a place without data in this economy */
    size_t first, count; /* rings */
    bool in_inset;       /* the inset stands for it: the map need not reach so far */
} shape;
typedef struct boundaries {
    size_t shape_count, ring_count, point_count;
    shape *shapes;
    outline *rings;
    double *lon, *lat;   /* [point_count] degrees */
    /* a box beside the map, lines in units of their own; inset_count 0: none */
    size_t inset_count;
    outline *inset;
    double *inset_x, *inset_y;
    const char *inset_en, *inset_zh, *source; /* source: "" or where the outlines come from */
} boundaries;
/* *out NULL: the economy names no file, or it is not there. GeoJSON: a FeatureCollection of polygons whose `id` is a region, or that have the property
 * data: false. Errors: INPUT, with the file, the feature and the mend; MEMORY. */
bashu_status boundaries_read(const boundaries **out, arena *memory, const description *about);

#endif
