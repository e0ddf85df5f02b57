/* html.h - small words for pages: text in both languages, tables with heads, figures.
 *
 * Everything that is said stands there in English and in Chinese, each in an element with its lang; the style of the page (page_style.c) shows one. */
#ifndef BASHU_REPORT_HTML_H
#define BASHU_REPORT_HTML_H

#include "report/report.h"

/* Words in both languages, as the house's functions give them. */
typedef struct said {
    const char *en, *zh;
} said;

/* Escaped; once where both are the same. */
void html_said(report *r, said words);
/* The words in an element: <p>, <h3 class="x"> ...; `open` without its brackets. */
void html_element(report *r, const char *open, said words);
/* said of one text. */
said html_both(const char *text);

/* A table: columns, one letter each: h names the row, l, r sides. First as many heads as columns, then cells; rows come by themselves. */
typedef struct html_table {
    report *r;
    const char *columns;
    size_t count, at; /* columns; cells so far, heads included */
    bool strong, code; /* the row under way is a total; the next cell is in letters of one width */
} html_table;
void html_table_open(html_table *t, report *r, const char *columns, said caption);
void html_head(html_table *t, const char *english, const char *chinese);
void html_cell(html_table *t, const char *text);
void html_code(html_table *t, const char *text); /* letters of one width */
void html_cell_said(html_table *t, said words);
/* The next row stands out. */
void html_strong(html_table *t);
void html_table_close(html_table *t);

/* <figure> around one svg, and its caption below. */
void html_figure_open(report *r);
void html_figure_close(report *r, said caption);

#endif
