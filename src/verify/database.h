/* database.h - an SQL database in memory (SQLite), as conversions and comparisons of cases need it.
 *
 * The SQL of a case reads and makes tables, and nothing else: no file is opened, attached or written, no pragma is set,
 * no extension is loaded, whatever the text says. Each database belongs to one arena and dies with it. */
#ifndef BASHU_VERIFY_DATABASE_H
#define BASHU_VERIFY_DATABASE_H

#include "core/core.h"

typedef struct database database;
bashu_status database_open(database **out, arena *memory);

/* Where a text of SQL stands, for messages: the file, and the line of it on which the text begins. */
typedef struct sql_place {
    const char *path;
    size_t line;
} sql_place;

/* All statements of a text. Errors: INPUT with file, line and statement; MEMORY; INTERRUPTED. */
bashu_status database_run(database *d, sql_place place, const char *sql);

/* One cell of a row: text, or a number when text is NULL; NaN is NULL, nothing known. The text lives during the call. */
typedef struct cell {
    const char *text;
    double number;
} cell;
typedef bashu_status row_function(void *payload, const char *const *columns, const cell *cells, size_t count);
/* One statement that gives rows; the function is called for each. */
bashu_status database_query(database *d, sql_place place, const char *sql, row_function *function, void *payload);
/* As database_query, of a whole table in the order in which its rows were put in. */
bashu_status database_read_table(database *d, sql_place place, const char *table, row_function *function, void *payload);
/* Names and order of a table's columns: called once with cells NULL, even when the table is empty. */
bashu_status database_columns(database *d, sql_place place, const char *table, row_function *function, void *payload);

/* A new table, then its rows, then the end. Columns have no type: a cell stays what it was put in as. */
typedef struct inserter inserter;
bashu_status insert_begin(inserter **out, database *d, const char *table, const char *const *columns, size_t count);
bashu_status insert_row(inserter *i, const cell *cells);
bashu_status insert_end(inserter *i);

#endif
