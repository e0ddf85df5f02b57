/* bench.h - speed goals, measured: what `bashu bench` shows. The one header of bench/ that the command line includes.
 *
 * A row is one number with its goal. Rows of the same work are measured together, by one function (rows.c); the first
 * word of a work, up to an underscore, is its family. Goals of time are ratios of two works measured in turn in this very
 * process, so that they mean the same on any machine. */
#ifndef BASHU_BENCH_BENCH_H
#define BASHU_BENCH_BENCH_H

#include "bashu/bashu.h"

#include <stdbool.h>

typedef enum bench_sense { BENCH_NO_GOAL, BENCH_AT_MOST, BENCH_AT_LEAST } bench_sense;
typedef struct bench_row {
    const char *work, *measure; /* "pass", "of a read" */
    bench_sense sense;
    double goal;
    const char *title_en, *title_zh;
    const char *note;           /* why the goal is missed where it is known to be, and what was tried; NULL: nothing known */
} bench_row;
size_t bench_row_count(void);
const bench_row *bench_row_at(size_t index);
/* Takes minutes and gigabytes: measured only where its work is named in full. */
bool bench_row_is_long(const bench_row *row);
/* Whether a name of the command line means this row: its work, or the family. */
bool bench_row_is(const bench_row *row, const char *name);

enum { BENCH_REPEATS_LEAST = 5 };
typedef enum bench_state { BENCH_NOT_MEASURED, BENCH_MEASURED, BENCH_FAILED } bench_state;
typedef struct bench_value {
    bench_state state;
    double value, low, high;    /* median, least and most of the repeats; NaN unless measured */
    int repeats;
    char note[240];             /* why there is no number, or what goes with it */
} bench_value;
/* Measured, and within the goal where there is one. */
bool bench_met(const bench_row *row, const bench_value *value);

/* The goal was met then and is missed now; what cannot be measured here says nothing. */
bool bench_got_worse(const bench_row *row, const bench_value *now, bool met_then);

/* Facts that goals are relative to. */
typedef struct bench_machine {
    char processor[128], caches[128]; /* "" where the system does not say */
    long processors;
    int threads;
    double memory_gb;
    const char *compiler, *version;
    double read_gb_s, multiply_add_gflop_s; /* measured, on these threads */
} bench_machine;

typedef struct bench bench; /* economies and arrays that rows share */
/* The context says how many threads; repeats: at least BENCH_REPEATS_LEAST. folder: where economies/ and examples/ are, "."
 * ordinarily. Errors: ARGUMENT, MEMORY. */
bashu_status bench_open(bench **out, bashu_context *context, int repeats, const char *folder);
void bench_close(bench *b);
/* Measures the rows chosen; values [bench_row_count()]. A row that cannot be measured says so in its note. Errors:
 * INTERRUPTED. */
bashu_status bench_run(bench *b, const unsigned char *chosen, bench_value *values);
bashu_status bench_describe(bench *b, bench_machine *out);

/* What `bashu bench --json` wrote before: a row that is not in the file is BENCH_NOT_MEASURED. `met` as it was then.
 * processor: room for 128. Errors: IO, INPUT (with file and mend). */
bashu_status bench_read(bench_value *values, unsigned char *met, char *processor, bashu_context *context, const char *path);

#endif
