/* map_parts.h - what the files of a map share: map.c lays it out, map_places.c draws places, map_words.c writes what is written on it and beside it. */
#ifndef BASHU_REPORT_MAP_PARTS_H
#define BASHU_REPORT_MAP_PARTS_H

#include "report/map.h"

#include <math.h>

enum { FOOT = 84, NAMES_MOST = 40, CLASSES = MAP_CLASSES }; /* pixels below the panels; names at most */

typedef struct projection {
    double n, c, rho0, lon0;
} projection;

typedef struct panel { /* a window on the map */
    double left, top, width, height; /* pixels */
    double x0, y0, scale;            /* map units at the upper left corner; pixels per unit */
    double disc;                     /* pixels of radius per square root of a million people */
    int grain;                       /* points of the grid per pixel */
    const char *clip;                /* id of the path that it is clipped to */
} panel;

typedef struct map {
    report *r;
    const map_request *of;
    double width, height, head, margin; /* of the picture, pixels; above the panels; around all */
    projection globe;
    double *x, *y;          /* [point_count] of outlines, map units, y downwards */
    double *seat_x, *seat_y; /* [N] NaN unknown */
    unsigned char *outlined; /* [N] */
    double full;            /* of changes: percent at which the colour is full */
    double limit[CLASSES + 1]; /* of levels */
    int decimals;
    const char *none;       /* fill of places without data */
} map;

typedef struct extent {
    double x0, y0, x1, y1;
} extent;
static const extent nowhere = {INFINITY, INFINITY, -INFINITY, -INFINITY};

static inline void widen(extent *e, double x, double y)
{
    if (isnan(x) || isnan(y)) return;
    e->x0 = fmin(e->x0, x);
    e->y0 = fmin(e->y0, y);
    e->x1 = fmax(e->x1, x);
    e->y1 = fmax(e->y1, y);
}

static inline double panel_x(const panel *p, double x) { return p->left + (x - p->x0) * p->scale; }
static inline double panel_y(const panel *p, double y) { return p->top + (y - p->y0) * p->scale; }

/* Degrees to map units. */
void map_project(const map *m, double lon, double lat, double *x, double *y);

/* ---- map_places.c ------------------------------------------------------------------------------------ */

/* What is drawn of region n; shapes without data belong to the whole. */
void widen_by_shape(extent *e, const map *m, const shape *s);
/* Places of a panel, in `order` by people: larger places first, so that small ones lie on top. */
void put_places(const map *m, const panel *p, const size_t *order, size_t count);

/* Outlines for later use, where other maps of the document share them. */
void put_outline_definitions(const map *m, const panel *p);

/* ---- map_lines.c ------------------------------------------------------------------------------------- */

void put_lines(const map *m, const panel *p);
void put_map_keys(const map *m);

/* ---- map_words.c ------------------------------------------------------------------------------------- */

/* Names in each language by themselves: their widths differ. NULL: not there. Errors: MEMORY. */
bashu_status put_all_names(map *m, const panel *whole, const panel *zoom);
void put_inset(const map *m, const panel *p);
void put_map_legend(const map *m);
void put_map_source(const map *m);

#endif
