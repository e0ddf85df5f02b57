/* chart.h - charts as SVG, in the languages of the report: bars with intervals, waterfalls, slopes, scatters. */
#ifndef BASHU_REPORT_CHART_H
#define BASHU_REPORT_CHART_H

#include "report/html.h"

/* What every chart has: its title for those who cannot see it, what is measured, and the line that says where it comes from. */
typedef struct chart {
    said title, unit, source;
    int decimals; /* of numbers beside what is drawn */
} chart;

typedef struct chart_row {
    said name;
    double value, low, high; /* low, high NaN: no interval */
    bool total;              /* of a waterfall: from zero, not from where the row above ended */
    bool strong;
} chart_row;
/* A bar a row from zero, with its interval. */
void chart_bars(report *r, const chart *c, const chart_row *rows, size_t count);
/* Each row begins where the one above ended. */
void chart_waterfall(report *r, const chart *c, const chart_row *rows, size_t count);

enum { SLOPE_COLUMNS = 3 };
typedef struct chart_line {
    said name;
    double at[SLOPE_COLUMNS];
    bool strong;
} chart_line;
/* Lines between `columns` (2 or 3) uprights, named on the right. */
void chart_slope(report *r, const chart *c, const said *heads, size_t columns, const chart_line *lines, size_t count);

typedef struct chart_point {
    said name;            /* shown where named */
    double x, y, size;    /* size: area, of the largest alike */
    bool strong, named;
} chart_point;
/* unit is that of y; x_log: a logarithmic axis. */
void chart_scatter(report *r, const chart *c, said x_unit, bool x_log, const chart_point *points, size_t count);

typedef struct chart_part {
    said name;
    double share; /* 0 to 1 */
    const char *fill;
} chart_part;
/* One bar that is all, in parts. */
void chart_parts(report *r, const chart *c, const chart_part *parts, size_t count);

#endif
