/* map.h - a map of one number of every place: the whole on the left, a circle or another set of places on the right. */
#ifndef BASHU_REPORT_MAP_H
#define BASHU_REPORT_MAP_H

#include "report/boundaries.h"
#include "report/report.h"

typedef enum map_show { MAP_BOTH, MAP_WHOLE, MAP_ZOOM } map_show; /* side by side with a title; or one alone, without */
typedef struct map_request {
    const description *about;
    const boundaries *outlines;       /* NULL: discs, whose area is the people */
    const char *id;                   /* what ids inside begin with, where several stand in one document; NULL */
    const char *title_en, *title_zh, *legend_en, *legend_zh;
    const double *value;              /* [N] NaN: no data */
    bool change;                      /* percent changes around zero; else levels */
    map_show show;
    const unsigned char *inside;      /* [N] outlined, and of what is enlarged; NULL: nothing is */
    const char *inside_en, *inside_zh;
    size_t names, names_whole;        /* places named in what is enlarged; in the whole; at most */
} map_request;
/* Puts one <svg>. Errors: MEMORY. */
bashu_status put_map(report *r, const map_request *m);

/* A variable of shape region of a result, in a column; zoom: NULL (what `about` says) or "SET=MEMBER", "all" for none. */
bashu_status map_report(char **out, const bashu_result *result, const char *variable, bashu_column column, const char *zoom, const char *title, bashu_language language);
/* The map of a result as part of a report under way. */
typedef struct variable_map {
    const char *id, *variable;
    bashu_column column;
    map_show show;
    focus zoom;
    const char *title_en, *title_zh;  /* NULL: the variable's */
} variable_map;
bashu_status put_variable_map(report *r, const bashu_result *result, const boundaries *outlines, const variable_map *wanted);

#endif
