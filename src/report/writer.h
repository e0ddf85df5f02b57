/* writer.h - text that grows, numbers for people and for programs, tables aligned by display width, CSV fields.
 *
 * A writer remembers that memory ran out; writer_done says so once, so that no line of a report needs to. */
#ifndef BASHU_REPORT_WRITER_H
#define BASHU_REPORT_WRITER_H

#include "core/core.h"

typedef struct writer {
    char *bytes;
    size_t size, room;
    bool failed;
} writer;

void put(writer *w, const char *text);
void put_format(writer *w, const char *format, ...) BASHU_PRINTF(2, 3);
void put_repeat(writer *w, const char *text, size_t times);
/* Hands the text over as *out (NULL on failure); the writer is empty afterwards. */
bashu_status writer_done(char **out, writer *w, bashu_context *context);
void writer_free(writer *w);

/* Columns a terminal uses: East Asian wide and fullwidth 2, combining marks and controls 0, others 1; whatever the
 * locale. Bytes that are not UTF-8 count 1. */
size_t display_width(const char *text);
/* Length in bytes of the longest beginning of `text` that is at most `width` columns wide. */
size_t display_fit(const char *text, size_t width);

/* ---- CSV ----------------------------------------------------------------------------------------- */

/* One field, quoted where RFC 4180 asks for it; `last` ends the record with a line feed, else a comma follows. */
void put_field(writer *w, const char *text, bool last);
/* The shortest decimal that reads back as the same double; an empty field when it is not finite. */
void put_number_field(writer *w, double value, bool last);

/* ---- numbers for people; the text belongs to the arena ------------------------------------------- */

/* 1409778724 -> "1,409,778,724"; NaN -> "-". */
const char *number_text(arena *memory, double value, int decimals);
/* 0.4213 -> "+0.42"; rounded to zero -> "0.00"; exactly zero -> "0"; NaN -> "-". */
const char *percent_text(arena *memory, double percent, int decimals);
/* 1.2e-11 -> "1.2e-11"; NaN -> "-". */
const char *small_text(arena *memory, double value);
/* Hours as "1:02" (hours and minutes); not reachable -> "-". */
const char *hours_text(arena *memory, double hours);
/* Decimals (2 to 6) with which the largest of the percents shows three digits. */
int percent_decimals(const double *percent, size_t count);

/* ---- tables --------------------------------------------------------------------------------------- */

/* Cells row by row, the first row being the head; columns: one letter each, 'l' or 'r' for its side. */
typedef struct grid grid;
grid *grid_new(arena *memory, const char *columns);
void grid_cell(grid *g, const char *text); /* the text must live until the table is put */
void grid_put(writer *w, const grid *g, const char *indent);

/* English or Chinese, whichever is wanted and there. */
const char *pick(bashu_language language, const char *english, const char *chinese);
/* The first text that is not empty. */
const char *first_of(const char *a, const char *b);

#endif
