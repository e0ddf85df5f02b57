/* case.h - a published model as a case: what its inputs are, how they become an economy, what is asked, and what the
 * answer should be. Format: docs/case-format.md. Everything belongs to the arena it was read into. */
#ifndef BASHU_VERIFY_CASE_H
#define BASHU_VERIFY_CASE_H

#include "input/input.h"

typedef struct case_input { /* a file that becomes a table of the database */
    const char *table, *file;
    bool json;                  /* one column `json`, one row */
    const char *const *text;    /* columns that are text whatever they look like; NULL-terminated */
    bool melt;                  /* columns to rows: */
    const char *const *keep;    /* these stay, NULL-terminated */
    const char *columns;        /* those whose names begin so */
    const char *into[2];        /* the rest of the name, and the value */
    bool expected;              /* only needed to compare, not to convert */
    size_t line;
} case_input;

typedef struct case_setting {
    const char *name, *value;
    size_t line;
} case_setting;

typedef struct case_conversion { /* SQL, and what goes from its tables to the folder that is read */
    const char *const *convert; /* files of SQL, one after the other */
    const char *const *writes;  /* tables */
    const char *economy;        /* file name; NULL: not stated */
    size_t convert_count, write_count;
} case_conversion;

typedef struct case_run { /* one question to the engine; its tables are called NAME_... */
    const char *name, *question, *scenario, *spec; /* files; NULL: none */
    case_conversion conversion;                    /* before the question; may read answers of earlier runs */
    const case_setting *set, *options;
    size_t set_count, option_count, line;
    double years, discount;                        /* of a path; NaN: not stated */
} case_run;

typedef struct case_quantity { /* what is compared: rows of label, expected, ours */
    const char *name, *source, *sql;
    double absolute, relative;  /* the larger of the two bounds holds; 0: not stated */
    double rows;                /* how many rows there must be; 0: not stated, any but none */
    size_t line;
} case_quantity;

typedef struct verify_case {
    const char *path, *folder;  /* of case.yaml */
    const char *name, *title_en, *title_zh;
    const char *model;          /* path as written, relative to the case file; NULL: the economy's own */
    const char *model_name;     /* its name without folder and ending, "" */
    const char *package, *owner, *source; /* NULL: the case brings its own data, or none */
    case_conversion conversion;
    const case_input *inputs;
    const case_run *runs;
    const case_quantity *quantities;
    size_t input_count, run_count, quantity_count;
} verify_case;

/* Reads FOLDER/case.yaml. Errors: IO, INPUT, MEMORY. */
bashu_status case_read(const verify_case **out, arena *memory, const char *folder);

#endif
