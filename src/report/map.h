/* map.h - a map of one number of every place: the whole on the left, a circle or another set of places on the right. */
#ifndef BASHU_REPORT_MAP_H
#define BASHU_REPORT_MAP_H

#include "report/boundaries.h"
#include "report/report.h"

typedef enum map_show { MAP_BOTH, MAP_WHOLE, MAP_ZOOM } map_show; /* side by side with a title; or one alone, without */
enum { MAP_CLASSES = 7 }; /* of levels */

typedef struct map_line { /* drawn above places */
    double lon[2], lat[2], width; /* degrees; pixels */
    const char *colour;
    const char *title;            /* shown by what points at it; NULL: drawn in one stroke with those beside it in the list that look the same */
} map_line;
typedef struct map_key { /* of the legend */
    const char *colour, *english, *chinese;
    double width;
} map_key;
typedef struct map_request {
    const description *about;
    const boundaries *outlines;       /* NULL: discs, whose area is the people */
    const char *id;                   /* what ids inside begin with, where several stand in one document; NULL */
    const char *outlines_id;          /* outlines are drawn once for all maps of a document with this id and the same `show` and `inside`; NULL: by this one alone */
    bool outlines_there;              /* an earlier map of the document has drawn them */
    const char *title_en, *title_zh, *legend_en, *legend_zh;
    const double *value;              /* [N] NaN: no data; NULL: places are the ground for lines, and have no number */
    const double *limits;             /* [MAP_CLASSES - 1] ascending, of levels; NULL: as many places in each class */
    const map_line *lines;            /* [line_count] */
    const map_key *keys;              /* [key_count] what stands in the legend where places have no number */
    size_t line_count, key_count;
    bool change;                      /* percent changes around zero; else levels */
    map_show show;
    const unsigned char *inside;      /* [N] outlined, and of what is enlarged; NULL: nothing is */
    const char *inside_en, *inside_zh;
    size_t names, names_whole;        /* places named in what is enlarged; in the whole; at most */
} map_request;
/* Round limits for hours, so that the outermost class holds about a tenth of the places with `inside` (NULL: of all). time_h: [N]; limits: [MAP_CLASSES - 1]. */
void map_hours(double *limits, const description *about, const double *time_h, const unsigned char *inside);
/* Puts one <svg>. Errors: MEMORY. */
bashu_status put_map(report *r, const map_request *m);

/* A variable of shape region of a result, in a column; zoom: NULL (what `about` says) or "SET=MEMBER", "all" for none. */
bashu_status map_report(char **out, const bashu_result *result, const char *variable, bashu_column column, const char *zoom, const char *title, bashu_language language);
/* The map of a result as part of a report under way. */
typedef struct variable_map {
    const char *id, *variable;
    bashu_column column;
    map_show show;
    const char *outlines_id;          /* as above */
    bool outlines_there;
    focus zoom;
    const char *title_en, *title_zh;  /* NULL: the variable's */
} variable_map;
bashu_status put_variable_map(report *r, const bashu_result *result, const boundaries *outlines, const variable_map *wanted);

#endif
