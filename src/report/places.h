/* places.h - winners and losers by kind of place and of people, for text and for pages. */
#ifndef BASHU_REPORT_PLACES_H
#define BASHU_REPORT_PLACES_H

#include "measure/outcome.h"
#include "report/report.h"

typedef struct places {
    const bashu_result *result;
    const char *outcome;
    named_outcome asked;
    const description *about;
    double *percent, *inside, *people; /* [N] of the variable; part in the set; people who live there */
    size_t *order, count;              /* domestic places of the set, largest loss first */
} places;
/* Fills what follows result and outcome. Errors: ARGUMENT, MEMORY. */
bashu_status places_gather(places *p, report *r);

typedef struct class_row {
    const char *name_en, *name_zh;
    double people, gain; /* sums: people, people x percent */
    size_t count, up, down;
} class_row;
enum { SIZES = 5, THIRDS = 3, MEMBERS_SHOWN = 40 };
void places_by_size(class_row *rows, const places *p);                      /* rows: [SIZES] */
bashu_status places_by_income(class_row *rows, const places *p, report *r); /* rows: [THIRDS] */
/* *groups: [S] mean percent of each group of people; NULL where the variable has none. */
bashu_status places_by_group(double **groups, const places *p, report *r);

#endif
