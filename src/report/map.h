/* map.h - a map of one number of every place: the whole on the left, a circle or another set of places on the right. */
#ifndef BASHU_REPORT_MAP_H
#define BASHU_REPORT_MAP_H

#include "report/boundaries.h"
#include "report/report.h"

typedef struct map_request {
    const description *about;
    const boundaries *outlines;       /* NULL: discs, whose area is the people */
    const char *title, *subtitle, *legend;
    const double *value;              /* [N] NaN: no data */
    bool change;                      /* percent changes around zero; else levels */
    const unsigned char *inside;      /* [N] of the panel on the right; NULL: there is none */
    const char *inside_name;
    size_t names;                     /* places named on the right, at most */
} map_request;
/* Puts one <svg>. Errors: MEMORY. */
bashu_status put_map(report *r, const map_request *m);

/* A variable of shape region of a result, in a column; zoom: NULL (what `about` says) or "SET=MEMBER", "all" for none. */
bashu_status map_report(char **out, const bashu_result *result, const char *variable, bashu_column column, const char *zoom, const char *title, bashu_language language);
/* The map of a result as part of a report under way. */
bashu_status put_variable_map(report *r, const bashu_result *result, const boundaries *outlines, const char *variable, bashu_column column, const focus *zoom, const char *title);

#endif
