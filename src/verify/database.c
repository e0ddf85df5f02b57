/* database.c - SQLite behind a small door: in memory, guarded, with errors that name file, line and statement. */
#include "verify/database.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN_MAX = 2000, STEPS_BETWEEN_LOOKS = 100000, EXCERPT = 160 };

struct database {
    bashu_context *context;
    arena *memory;
    sqlite3 *handle;
    bool guarded; /* while SQL of a case runs */
};

/* ---- opening and guarding -------------------------------------------------------------------------- */

/* What SQL of a case may do; anything else (ATTACH, VACUUM INTO, PRAGMA, virtual tables, transactions) is refused. */
static bool is_harmless(int action)
{
    static const int harmless[] = {
        SQLITE_SELECT,      SQLITE_READ,           SQLITE_RECURSIVE,         SQLITE_INSERT,          SQLITE_UPDATE,
        SQLITE_DELETE,      SQLITE_CREATE_TABLE,   SQLITE_CREATE_TEMP_TABLE, SQLITE_CREATE_VIEW,     SQLITE_CREATE_TEMP_VIEW,
        SQLITE_CREATE_INDEX, SQLITE_CREATE_TEMP_INDEX, SQLITE_DROP_TABLE,    SQLITE_DROP_TEMP_TABLE, SQLITE_DROP_VIEW,
        SQLITE_DROP_TEMP_VIEW, SQLITE_DROP_INDEX,  SQLITE_DROP_TEMP_INDEX,   SQLITE_ALTER_TABLE,     SQLITE_REINDEX,
    };
    for (size_t k = 0; k < sizeof harmless / sizeof harmless[0]; k++)
        if (harmless[k] == action) return true;
    return false;
}

static int guard(void *payload, int action, const char *a, const char *name, const char *c, const char *d)
{
    const database *base = payload;
    (void)a, (void)c, (void)d;
    if (!base->guarded) return SQLITE_OK;
    if (action == SQLITE_FUNCTION) return name && !sqlite3_stricmp(name, "load_extension") ? SQLITE_DENY : SQLITE_OK;
    return is_harmless(action) ? SQLITE_OK : SQLITE_DENY;
}

/* Non-zero stops the statement. */
static int look_up(void *payload)
{
    const database *base = payload;
    return is_cancelled(base->context);
}

static void close_handle(void *handle) { sqlite3_close_v2(handle); }

bashu_status database_open(database **out, arena *memory)
{
    bashu_context *context = arena_context(memory);
    database *d = arena_alloc(memory, 1, sizeof *d);
    if (!d) return fail_memory(context);
    *d = (database){.context = context, .memory = memory};
    int opened = sqlite3_open_v2(":memory:", &d->handle,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, NULL);
    if (!d->handle || !arena_keep(memory, close_handle, d->handle)) {
        sqlite3_close_v2(d->handle);
        return fail_memory(context);
    }
    if (opened != SQLITE_OK) return fail(context, BASHU_ERROR_INTERNAL, "no database: %s", sqlite3_errmsg(d->handle));
    /* large sorts stay in memory too; then nothing can be attached, and the guard stands before every statement */
    sqlite3_exec(d->handle, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    sqlite3_limit(d->handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_set_authorizer(d->handle, guard, d);
    sqlite3_progress_handler(d->handle, STEPS_BETWEEN_LOOKS, look_up, d);
    *out = d;
    return BASHU_OK;
}

/* ---- errors ----------------------------------------------------------------------------------------- */

static size_t lines_in(const char *text, const char *end)
{
    size_t count = 0;
    for (; text < end; text++) count += *text == '\n';
    return count;
}

/* The beginning of a statement on one line. */
static void statement_words(char out[EXCERPT], const char *sql)
{
    size_t used = 0;
    for (; *sql && *sql != ';' && used + 4 < EXCERPT; sql++) {
        bool blank = *sql == '\n' || *sql == '\t' || *sql == ' ' || *sql == '\r';
        if (blank && (!used || out[used - 1] == ' ')) continue;
        out[used++] = blank ? ' ' : *sql;
    }
    while (used && ((unsigned char)out[used - 1] & 0xC0) == 0x80) used--; /* never half a character */
    if (used && (unsigned char)out[used - 1] >= 0xC0) used--;
    memcpy(out + used, *sql && *sql != ';' ? "..." : "", *sql && *sql != ';' ? 4 : 1);
}

/* `text` begins at the place; `statement` lies in it. */
static bashu_status fail_sql(const database *d, sql_place place, const char *text, const char *statement)
{
    int code = sqlite3_errcode(d->handle);
    if (code == SQLITE_NOMEM) return fail_memory(d->context);
    if (code == SQLITE_INTERRUPT) return fail(d->context, BASHU_INTERRUPTED, "interrupted");
    int at = sqlite3_error_offset(d->handle);
    char words[EXCERPT];
    statement_words(words, statement);
    return fail(d->context, BASHU_ERROR_INPUT, "%s:%zu: %s%s; in: %s", place.path,
                place.line + lines_in(text, statement + (at > 0 ? at : 0)), sqlite3_errmsg(d->handle),
                code == SQLITE_AUTH ? ": SQL of a case makes and reads tables in memory, nothing else; leave it out" : "", words);
}

/* ---- running ---------------------------------------------------------------------------------------- */

/* White space and comments before a statement. */
static const char *skip_blank(const char *sql)
{
    for (;;) {
        sql += strspn(sql, " \t\r\n;");
        if (!strncmp(sql, "--", 2)) sql += strcspn(sql, "\n");
        else if (!strncmp(sql, "/*", 2)) {
            const char *end = strstr(sql + 2, "*/");
            sql = end ? end + 2 : sql + strlen(sql);
        } else return sql;
    }
}

static bashu_status run_one(database *d, sql_place place, const char *text, const char *statement, const char **next)
{
    sqlite3_stmt *prepared = NULL;
    d->guarded = true;
    int code = sqlite3_prepare_v2(d->handle, statement, -1, &prepared, next);
    d->guarded = false;
    if (code != SQLITE_OK) return fail_sql(d, place, text, statement);
    bashu_status status = BASHU_OK;
    if (prepared && sqlite3_column_count(prepared))
        status = fail(d->context, BASHU_ERROR_INPUT, "%s:%zu: the rows of this statement go nowhere; write CREATE TABLE ... AS before it",
                      place.path, place.line + lines_in(text, statement));
    else if (prepared && sqlite3_step(prepared) != SQLITE_DONE) status = fail_sql(d, place, text, statement);
    sqlite3_finalize(prepared);
    return status;
}

bashu_status database_run(database *d, sql_place place, const char *sql)
{
    const char *next = skip_blank(sql);
    while (*next) {
        const char *statement = next;
        TRY(run_one(d, place, sql, statement, &next));
        next = skip_blank(next);
    }
    return BASHU_OK;
}

typedef struct query {
    sqlite3_stmt *prepared;
    const char **columns;
    cell *cells;
    size_t count;
} query;

static bashu_status query_shape(query *q, database *d, arena *memory)
{
    q->count = (size_t)sqlite3_column_count(q->prepared);
    q->columns = arena_alloc(memory, q->count, sizeof *q->columns);
    q->cells = arena_alloc(memory, q->count, sizeof *q->cells);
    if (!q->columns || !q->cells) return fail_memory(d->context);
    for (size_t k = 0; k < q->count; k++)
        if (!(q->columns[k] = arena_text(memory, sqlite3_column_name(q->prepared, (int)k)))) return fail_memory(d->context);
    return BASHU_OK;
}

static void query_row(query *q)
{
    for (size_t k = 0; k < q->count; k++) {
        int type = sqlite3_column_type(q->prepared, (int)k);
        bool number = type == SQLITE_FLOAT || type == SQLITE_INTEGER;
        q->cells[k].number = number ? sqlite3_column_double(q->prepared, (int)k) : (double)NAN;
        q->cells[k].text = number || type == SQLITE_NULL ? NULL : (const char *)sqlite3_column_text(q->prepared, (int)k);
    }
}

static bashu_status query_rows(query *q, database *d, sql_place place, const char *sql, row_function *function, void *payload)
{
    int code;
    while ((code = sqlite3_step(q->prepared)) == SQLITE_ROW) {
        query_row(q);
        TRY(function(payload, q->columns, q->cells, q->count));
    }
    return code == SQLITE_DONE ? BASHU_OK : fail_sql(d, place, sql, skip_blank(sql));
}

static bashu_status query_open(query *q, database *d, sql_place place, const char *sql)
{
    const char *next = NULL, *statement = skip_blank(sql);
    d->guarded = true;
    int code = sqlite3_prepare_v2(d->handle, statement, -1, &q->prepared, &next);
    d->guarded = false;
    if (code != SQLITE_OK) return fail_sql(d, place, sql, statement);
    if (!q->prepared || !sqlite3_column_count(q->prepared) || *skip_blank(next))
        return fail(d->context, BASHU_ERROR_INPUT, "%s:%zu: one SELECT is needed here, and nothing else", place.path, place.line);
    return BASHU_OK;
}

/* function NULL: only the names of the columns, through `names`. */
static bashu_status query_whole(database *d, sql_place place, const char *sql, row_function *function, row_function *names,
                                void *payload)
{
    query q = {0};
    arena *memory = arena_new(d->context);
    if (!memory) return fail_memory(d->context);
    bashu_status status = query_open(&q, d, place, sql);
    if (status == BASHU_OK) status = query_shape(&q, d, memory);
    if (status == BASHU_OK && names) status = names(payload, q.columns, NULL, q.count);
    if (status == BASHU_OK && function) status = query_rows(&q, d, place, sql, function, payload);
    sqlite3_finalize(q.prepared);
    arena_free(memory);
    return status;
}

bashu_status database_query(database *d, sql_place place, const char *sql, row_function *function, void *payload)
{
    return query_whole(d, place, sql, function, NULL, payload);
}

/* ---- tables ----------------------------------------------------------------------------------------- */

/* A name in quotes, quotes in it doubled. */
static const char *quoted(arena *memory, const char *name)
{
    char *text = arena_alloc(memory, 2 * strlen(name) + 3, 1), *to = text;
    if (!text) return NULL;
    *to++ = '"';
    for (; *name; *to++ = *name++)
        if (*name == '"') *to++ = '"';
    *to++ = '"';
    return text;
}

static bashu_status whole_table(database *d, sql_place place, const char *table, row_function *function, row_function *names,
                                void *payload)
{
    const char *name = quoted(d->memory, table);
    char *sql = name ? arena_format(d->memory, "SELECT * FROM %s", name) : NULL;
    return sql ? query_whole(d, place, sql, function, names, payload) : fail_memory(d->context);
}

bashu_status database_read_table(database *d, sql_place place, const char *table, row_function *function, void *payload)
{
    return whole_table(d, place, table, function, NULL, payload);
}

bashu_status database_columns(database *d, sql_place place, const char *table, row_function *function, void *payload)
{
    return whole_table(d, place, table, NULL, function, payload);
}

struct inserter {
    database *database;
    sqlite3_stmt *prepared;
    size_t count;
};

static void finish(void *prepared) { sqlite3_finalize(prepared); }

static bashu_status fail_insert(const database *d)
{
    if (sqlite3_errcode(d->handle) == SQLITE_NOMEM) return fail_memory(d->context);
    return fail(d->context, BASHU_ERROR_INPUT, "%s", sqlite3_errmsg(d->handle));
}

/* "head TABLE (between, between, ...)": what CREATE and INSERT have in common. */
static char *with_list(arena *memory, const char *head, const char *table, const char *const *words, size_t count)
{
    size_t size = strlen(head) + strlen(table) + sizeof " VALUES ( )";
    for (size_t k = 0; k < count; k++) size += strlen(words[k]) + 2;
    char *text = arena_alloc(memory, size, 1);
    if (!text) return NULL;
    size_t used = (size_t)snprintf(text, size, "%s %s%s", head, table, strncmp(head, "INSERT", 6) ? " (" : " VALUES (");
    for (size_t k = 0; k < count; k++) used += (size_t)snprintf(text + used, size - used, "%s%s", k ? ", " : "", words[k]);
    snprintf(text + used, size - used, ")");
    return text;
}

static bashu_status insert_prepare(inserter *i, database *d, const char *table, const char *const *columns, size_t count)
{
    const char **words = arena_alloc(d->memory, count, sizeof *words), *name = quoted(d->memory, table);
    if (!words || !name) return fail_memory(d->context);
    for (size_t k = 0; k < count; k++)
        if (!(words[k] = quoted(d->memory, columns[k]))) return fail_memory(d->context);
    char *create = with_list(d->memory, "CREATE TABLE", name, words, count);
    for (size_t k = 0; k < count; k++) words[k] = "?";
    char *insert = with_list(d->memory, "INSERT INTO", name, words, count);
    if (!create || !insert) return fail_memory(d->context);
    if (sqlite3_exec(d->handle, create, NULL, NULL, NULL) != SQLITE_OK) return fail_insert(d);
    if (sqlite3_prepare_v2(d->handle, insert, -1, &i->prepared, NULL) != SQLITE_OK) return fail_insert(d);
    if (!arena_keep(d->memory, finish, i->prepared)) {
        sqlite3_finalize(i->prepared);
        return fail_memory(d->context);
    }
    return sqlite3_exec(d->handle, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ? BASHU_OK : fail_insert(d);
}

bashu_status insert_begin(inserter **out, database *d, const char *table, const char *const *columns, size_t count)
{
    if (count > COLUMN_MAX)
        return fail(d->context, BASHU_ERROR_INPUT, "table '%s' has %zu columns, more than %d; melt it", table, count, COLUMN_MAX);
    inserter *i = arena_alloc(d->memory, 1, sizeof *i);
    if (!i) return fail_memory(d->context);
    *i = (inserter){.database = d, .count = count};
    TRY(insert_prepare(i, d, table, columns, count));
    *out = i;
    return BASHU_OK;
}

bashu_status insert_row(inserter *i, const cell *cells)
{
    for (size_t k = 0; k < i->count; k++) {
        int code = cells[k].text ? sqlite3_bind_text(i->prepared, (int)k + 1, cells[k].text, -1, SQLITE_STATIC) /* till the step below */
                   : isnan(cells[k].number) ? sqlite3_bind_null(i->prepared, (int)k + 1)
                                            : sqlite3_bind_double(i->prepared, (int)k + 1, cells[k].number);
        if (code != SQLITE_OK) return fail_insert(i->database);
    }
    int code = sqlite3_step(i->prepared);
    sqlite3_reset(i->prepared);
    return code == SQLITE_DONE ? BASHU_OK : fail_insert(i->database);
}

bashu_status insert_end(inserter *i)
{
    return sqlite3_exec(i->database->handle, "COMMIT", NULL, NULL, NULL) == SQLITE_OK ? BASHU_OK : fail_insert(i->database);
}
