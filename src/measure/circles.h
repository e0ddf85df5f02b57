/* circles.h - circles of places side by side: size, structure, the way inside, trade, research. */
#ifndef BASHU_MEASURE_CIRCLES_H
#define BASHU_MEASURE_CIRCLES_H

#include "measure/measure.h"

/* A circle to be looked at: a member of the region set `circle`, one from a file, or the nation. */
typedef struct circle {
    label label;
    double *people_part, *land_part;        /* [N] 0 to 1 */
    size_t core[2];                         /* units (cities); SIZE_MAX: none */
    double *value;                          /* [CIRCLE_MEASURES] NaN: not known */
    double *sector_share;                   /* [J] of value added */
    bool research_apportioned;              /* research of a province was shared out by GDP */
} circle;

/* Cities: members of the region set `city` where there is one, else regions. */
typedef struct city_unit {
    label label;
    double people, gdp;                     /* inside the circle under way */
} city_unit;

struct bashu_circles {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    size_t count;                           /* circles, the nation last */
    circle *circles;
    size_t city_count;
    const long *city_of;                    /* [N] -1: none */
    const label *city_label;                /* [city_count] */
    const char *path;                       /* file of circles; NULL: the region set */
};
/* path: NULL, or a file in the format of docs/circles.md whose circles stand instead of the economy's. Errors: INPUT (also where the economy has no
 * region set `circle` and no file is given), IO, MEMORY. */
bashu_status circles_new(bashu_circles **out, const bashu_economy *economy, const char *path);
void circles_free(bashu_circles *circles);

/* One row a measure. */
typedef struct circle_measure {
    bashu_circle_row about;
    int decimals;
    double scale; /* of what is printed: 100 for percent */
} circle_measure;
extern const circle_measure circle_measures[];
extern const size_t circle_measure_count;

/* A fact of a set of regions: an indicator of the set itself, or put together from finer sets. NaN: not known. year 0: the economy's.
 * *apportioned becomes true where members reach beyond the set and were shared out by people or GDP. */
double indicator_of(const description *about, const char *variable, const char *set, const char *member, int year, const double *people_part, bool *apportioned);

/* ---- formulas, each by itself, for tests -------------------------------------------------------------- */
double krugman_index(const double *a, const double *b, size_t count);       /* sum |a - b| of shares, 0 to 2 */
double finger_kreinin(const double *a, const double *b, size_t count);      /* sum min(a, b), 0 to 1 */
/* slope of log(rank - 1/2) on log(size), and its standard error (Gabaix & Ibragimov 2011); sizes > 0 alone; NaN for fewer than 3. sizes are sorted. */
void rank_size(double *slope, double *error, double *sizes, size_t count);
/* Coefficients of y on 1, a, b by least squares; false where a and b say the same. */
bool two_regressors(double *on_a, double *on_b, const double *y, const double *a, const double *b, size_t count);

#endif
