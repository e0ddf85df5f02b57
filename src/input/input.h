/* input.h - files to tables and documents; every error names file, line, field and the mend.
 *
 * A table is read whole: at most a few hundred MB of text. Rows know the line they came from. */
#ifndef BASHU_INPUT_INPUT_H
#define BASHU_INPUT_INPUT_H

#include "core/core.h"

/* ---- whole files --------------------------------------------------------------------------------- */
typedef struct text_file {
    const char *path;     /* as named */
    char *bytes;          /* UTF-8, no BOM, NUL-terminated; GB18030 is converted when the bytes are not UTF-8 */
    size_t size;
    char sha256[65];      /* of the bytes as they are on disk, in hex */
} text_file;
bashu_status text_file_read(text_file *out, arena *memory, const char *path);
/* Path of `name` relative to the folder of `beside` (or absolute). */
char *path_beside(arena *memory, const char *beside, const char *name);
/* Whole or not at all: temporary file beside it, fsync, rename. */
bashu_status text_file_write(bashu_context *context, const char *path, const char *bytes, size_t size);
/* A new file that is only wanted for a moment: not waiting for the disk. */
bashu_status text_file_draft(bashu_context *context, const char *path, const char *bytes, size_t size);

/* ---- CSV tables ---------------------------------------------------------------------------------- */
typedef struct table table;
bashu_status table_read(table **out, arena *memory, const char *path);
/* As table_read, of a file by other people: a column without a name is called column_K, counted from 1. */
bashu_status table_read_foreign(table **out, arena *memory, const char *path);
const char *table_path(const table *t);
const char *table_sha256(const table *t);
size_t table_rows(const table *t);
size_t table_columns(const table *t);
const char *table_column_name(const table *t, size_t column);
long table_find(const table *t, const char *column);                         /* -1: none */
/* INPUT error with "did you mean" when the column is missing. */
bashu_status table_require(size_t *out, const table *t, const char *column);
/* INPUT error for the first column that is not in `known` (NULL-terminated) and does not end in _note, _source. */
bashu_status table_only(const table *t, const char *const *known);
size_t table_line(const table *t, size_t row);
const char *table_text(const table *t, size_t row, size_t column);           /* trimmed; "" when empty */
typedef struct number_range {
    double low, high;     /* inclusive */
    bool empty_allowed;   /* an empty cell gives NaN */
    const char *unit;     /* for the message */
} number_range;
/* Decimal number in the C locale whatever the user's; NaN and Inf in the file are errors. */
bashu_status table_number(double *out, const table *t, size_t row, size_t column, number_range range);
/* True when all of the text is a finite decimal number, in the C locale whatever the user's. */
bool number_of(double *out, const char *text);
/* True when a text, or a cell, is a number as numbers are written: 1250.5, -3, 1e8, but not 007 or +3, which are names. No
 * message. */
bool plain_number(double *out, const char *text);
bool table_plain_number(double *out, const table *t, size_t row, size_t column);
/* INPUT error "file:line: column 'x': ..." for checks of the caller. */
bashu_status table_fail(const table *t, size_t row, size_t column, const char *format, ...) BASHU_PRINTF(4, 5);

/* ---- names --------------------------------------------------------------------------------------- */
/* name -> index, for ids; duplicates are the caller's to report. */
typedef struct name_index name_index;
name_index *name_index_new(arena *memory, size_t expected);
bool name_index_add(name_index *index, const char *name, size_t value);      /* false: there already (or no memory) */
long name_index_find(const name_index *index, const char *name);             /* -1: none */
/* The closest of the names seen by add, or NULL when none is near; for "did you mean". */
const char *name_index_nearest(const name_index *index, const char *name);
const char *nearest_name(const char *name, const char *const *names, size_t count);

/* ---- YAML documents ------------------------------------------------------------------------------ */
/* A tree with positions; anchors, aliases, merges and tags are refused, depth and size are bounded. Duplicate keys are errors. */
typedef enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP } node_kind;
typedef struct document document;
typedef struct yaml_node yaml_node;
bashu_status document_read(document **out, arena *memory, const char *path);
const char *document_path(const document *d);
const char *document_sha256(const document *d);
const yaml_node *document_root(const document *d);
node_kind node_kind_of(const yaml_node *n);
size_t node_line(const yaml_node *n);
size_t node_count(const yaml_node *n);                                        /* list items or map pairs */
const yaml_node *node_item(const yaml_node *n, size_t index);                 /* list item, or value of a pair */
const char *node_key(const yaml_node *n, size_t index);                       /* key of a pair */
const yaml_node *node_get(const yaml_node *map, const char *key);             /* NULL: none (or no map) */
const char *node_scalar(const yaml_node *n);                                  /* NULL: not a scalar */
bashu_status node_only(const document *d, const yaml_node *map, const char *const *known); /* unknown key: did you mean */
bashu_status node_require(const yaml_node **out, const document *d, const yaml_node *map, const char *key);
bashu_status node_text(const char **out, const document *d, const yaml_node *n, const char *what);
bashu_status node_number(double *out, const document *d, const yaml_node *n, const char *what, double low, double high);
bashu_status node_fail(const document *d, const yaml_node *n, const char *format, ...) BASHU_PRINTF(3, 4);

/* places.c: (*out)[*count] the places that the column id of a table names, among ids[id_count] (each once); other columns are not read. `home`: where
 * ids are written, for messages. Belongs to `memory`. Errors: INPUT, IO, MEMORY. */
bashu_status places_read(size_t **out, size_t *count, arena *memory, arena *scratch, const char *path, const char *const *ids, size_t id_count,
                         const char *home);

#endif
