/* table.c - CSV tables (RFC 4180, read by libcsv).
 *
 * libcsv is fed line by line, so that every row knows its line. A cell is never longer than what it was read from,
 * so cells are packed into the bytes of the file itself, behind the place where reading is. */
#include "input/text.h"

#include <csv.h>
#include <stdio.h>
#include <string.h>

enum { CELL_LIMIT = 1 << 20, GROWTH = 1 << 12 };

struct table {
    bashu_context *context;
    text_file file;     /* its bytes hold the cells once they are read */
    const char **names; /* columns */
    name_index *index;  /* of the columns */
    uint32_t *cells;    /* [rows * columns] offsets into bytes; files are smaller than 4 GiB */
    uint32_t *lines;    /* [rows] */
    size_t columns, rows, header_line;
    bool foreign;       /* columns may have no name */
};

/* ---- reading ------------------------------------------------------------------------------------- */

typedef struct reader {
    table *t;
    arena *memory;
    struct csv_parser parser;
    bashu_status status;          /* of the callbacks, which cannot return one */
    size_t line, row_line;        /* now, and where the row began */
    size_t row_cells, cell_count; /* of this row so far, and of all rows */
    size_t end;                   /* of the packed cells in bytes */
} reader;

static bool is_blank(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Length of a no-break (U+00A0) or ideographic (U+3000) space, which spreadsheets leave around cells. */
static size_t wide_blank(const char *s, size_t left)
{
    if (left >= 2 && !memcmp(s, "\xC2\xA0", 2)) return 2;
    return left >= 3 && !memcmp(s, "\xE3\x80\x80", 3) ? 3 : 0;
}

static const char *trim(const char *s, size_t *length)
{
    for (size_t wide; *length; s += wide, *length -= wide) {
        wide = is_blank((unsigned char)*s) ? 1 : wide_blank(s, *length);
        if (!wide) break;
    }
    for (size_t n; (n = *length) != 0;) {
        if (is_blank((unsigned char)s[n - 1])) *length = n - 1;
        else if (n >= 2 && wide_blank(s + n - 2, 2) == 2) *length = n - 2;
        else if (n >= 3 && wide_blank(s + n - 3, 3) == 3) *length = n - 3;
        else break;
    }
    return s;
}

static void on_cell(void *bytes, size_t length, void *payload)
{
    reader *r = payload;
    table *t = r->t;
    if (r->status != BASHU_OK) return;
    if (t->names && r->row_cells == t->columns) { /* too many: on_row says so */
        r->row_cells++;
        return;
    }
    const char *cell = trim(bytes, &length);
    t->cells[r->cell_count++] = (uint32_t)r->end;
    if (length) memcpy(t->file.bytes + r->end, cell, length);
    t->file.bytes[r->end + length] = '\0';
    r->end += length + 1;
    r->row_cells++;
}

static const char *file_name(const reader *r) { return r->t->file.path; }

static bashu_status check_separator(reader *r, const char *name)
{
    if (!strpbrk(name, ";\t")) return BASHU_OK;
    return fail(r->t->context, BASHU_ERROR_INPUT, "%s:%zu: the columns are separated by %s; separate them by commas",
                file_name(r), r->row_line, strchr(name, ';') ? "semicolons" : "tabs");
}

static bashu_status add_column(reader *r, size_t column)
{
    table *t = r->t;
    const char *name = t->file.bytes + t->cells[column];
    if (!*name && t->foreign && !(name = arena_format(r->memory, "column_%zu", column + 1))) return fail_memory(t->context);
    t->names[column] = name;
    if (!*name)
        return fail(t->context, BASHU_ERROR_INPUT, "%s:%zu: column %zu has no name; give it one or delete it",
                    file_name(r), r->row_line, column + 1);
    if (name_index_add(t->index, name, column)) return BASHU_OK;
    long first = name_index_find(t->index, name);
    if (first < 0) return fail_memory(t->context);
    return fail(t->context, BASHU_ERROR_INPUT, "%s:%zu: columns %ld and %zu are both called '%s'; rename or delete one",
                file_name(r), r->row_line, first + 1, column + 1, excerpt_of(name).text);
}

/* The first row names the columns; its cells are forgotten, their text stays. */
static bashu_status read_header(reader *r)
{
    table *t = r->t;
    t->columns = r->row_cells;
    t->header_line = r->row_line;
    t->names = arena_alloc(r->memory, t->columns, sizeof *t->names);
    t->index = name_index_new(r->memory, t->columns);
    if (!t->names || !t->index) return fail_memory(t->context);
    if (t->columns == 1) TRY(check_separator(r, t->file.bytes + t->cells[0]));
    for (size_t k = 0; k < t->columns; k++) TRY(add_column(r, k));
    r->cell_count = 0;
    return BASHU_OK;
}

static bashu_status check_width(const reader *r)
{
    const table *t = r->t;
    if (r->row_cells == t->columns) return BASHU_OK;
    if (r->row_cells < t->columns)
        return fail(t->context, BASHU_ERROR_INPUT,
                    "%s:%zu: %zu cells where the header names %zu columns: column '%s' and what follows is missing; "
                    "add the missing cells",
                    file_name(r), r->row_line, r->row_cells, t->columns, excerpt_of(t->names[r->row_cells]).text);
    return fail(t->context, BASHU_ERROR_INPUT,
                "%s:%zu: %zu cells where the header names %zu columns (the last is column '%s'); delete the surplus, "
                "or put quotes around a cell that holds a comma",
                file_name(r), r->row_line, r->row_cells, t->columns, excerpt_of(t->names[t->columns - 1]).text);
}

static void on_row(int terminator, void *payload)
{
    (void)terminator;
    reader *r = payload;
    table *t = r->t;
    if (r->status != BASHU_OK) return;
    if (!t->names) {
        r->status = read_header(r);
    } else {
        r->status = check_width(r);
        if (r->status == BASHU_OK) t->lines[t->rows++] = (uint32_t)r->row_line;
    }
    r->row_cells = 0;
}

/* "column 'x'" of the cell being read, or its number while the header is read. */
static excerpt column_now(const reader *r)
{
    const table *t = r->t;
    excerpt e;
    if (t->names && r->row_cells < t->columns) return excerpt_of(t->names[r->row_cells]);
    snprintf(e.text, sizeof e.text, "%zu", r->row_cells + 1);
    return e;
}

static bashu_status fail_parser(reader *r)
{
    if (csv_error(&r->parser) != CSV_EPARSE) return fail_memory(r->t->context);
    return fail(
        r->t->context, BASHU_ERROR_INPUT,
        "%s:%zu: column '%s': a stray quote mark; put the whole cell in quotes and write each quote within it twice",
        file_name(r), r->line, column_now(r).text);
}

static bashu_status fail_unclosed(const reader *r)
{
    return fail(
        r->t->context, BASHU_ERROR_INPUT,
        "%s:%zu: column '%s': the quote opened here is never closed; close it, or get the file again if it was cut",
        file_name(r), r->row_line, column_now(r).text);
}

static size_t line_length(const char *s)
{
    size_t length = strcspn(s, "\r\n");
    if (!s[length]) return length;
    return length + (s[length] == '\r' && s[length + 1] == '\n' ? 2 : 1);
}

static bashu_status feed(reader *r)
{
    const text_file *file = &r->t->file;
    for (size_t at = 0, length; at < file->size; at += length, r->line++) {
        const char *line = file->bytes + at;
        length = line_length(line);
        if (!r->parser.quoted) r->row_line = r->line; /* else the row goes on after a newline in quotes */
        if (csv_parse(&r->parser, line, length, on_cell, on_row, r) != length) return fail_parser(r);
        if (r->status != BASHU_OK) return r->status;
        if (r->parser.quoted && r->parser.entry_pos > CELL_LIMIT) return fail_unclosed(r);
    }
    if (csv_fini(&r->parser, on_cell, on_row, r)) return fail_unclosed(r);
    return r->status;
}

/* Separators and line ends bound the number of cells and rows: quoted ones only make it fewer. */
static bashu_status make_room(table *t, arena *memory)
{
    size_t cells = 1, rows = 1;
    for (const char *s = t->file.bytes; (s += strcspn(s, ",\r\n")), *s; s++) {
        cells++;
        rows += *s != ',';
    }
    t->cells = arena_alloc(memory, cells, sizeof *t->cells);
    t->lines = arena_alloc(memory, rows, sizeof *t->lines);
    return t->cells && t->lines ? BASHU_OK : fail_memory(t->context);
}

static bashu_status read_rows(table *t, arena *memory)
{
    reader r = {.t = t, .memory = memory, .line = 1};
    if (csv_init(&r.parser, CSV_STRICT | CSV_STRICT_FINI)) return fail_memory(t->context);
    csv_set_blk_size(&r.parser, GROWTH);
    bashu_status status = feed(&r);
    csv_free(&r.parser);
    if (status == BASHU_OK && !t->names)
        status =
            fail(t->context, BASHU_ERROR_INPUT, "%s:1: is empty; the first line must name the columns", t->file.path);
    return status;
}

static bashu_status read_whole(table **out, arena *memory, const char *path, bool foreign)
{
    *out = NULL;
    table *t = arena_alloc(memory, 1, sizeof *t);
    if (!t) return fail_memory(arena_context(memory));
    t->context = arena_context(memory);
    t->foreign = foreign;
    TRY(text_file_read(&t->file, memory, path));
    TRY(make_room(t, memory));
    TRY(read_rows(t, memory));
    *out = t;
    return BASHU_OK;
}

bashu_status table_read(table **out, arena *memory, const char *path) { return read_whole(out, memory, path, false); }

bashu_status table_read_foreign(table **out, arena *memory, const char *path)
{
    return read_whole(out, memory, path, true);
}

/* ---- asking -------------------------------------------------------------------------------------- */

const char *table_path(const table *t) { return t->file.path; }

const char *table_sha256(const table *t) { return t->file.sha256; }

size_t table_rows(const table *t) { return t->rows; }

size_t table_columns(const table *t) { return t->columns; }

const char *table_column_name(const table *t, size_t column) { return t->names[column]; }

long table_find(const table *t, const char *column) { return name_index_find(t->index, column); }

bashu_status table_require(size_t *out, const table *t, const char *column)
{
    long found = table_find(t, column);
    if (found >= 0) {
        *out = (size_t)found;
        return BASHU_OK;
    }
    const char *near = name_index_nearest(t->index, column);
    if (near)
        return fail(t->context, BASHU_ERROR_INPUT, "%s:%zu: has no column '%s'; did you mean it by '%s'? Rename that",
                    t->file.path, t->header_line, column, excerpt_of(near).text);
    return fail(t->context, BASHU_ERROR_INPUT, "%s:%zu: has no column '%s'; add it", t->file.path, t->header_line,
                column);
}

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);
    return length >= tail && !strcmp(name + length - tail, end);
}

static bool is_known(const char *name, const char *const *known, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (!strcmp(name, known[k])) return true;
    }
    return ends_in(name, "_note") || ends_in(name, "_source");
}

bashu_status table_only(const table *t, const char *const *known)
{
    size_t count = 0;
    while (known[count]) count++;
    for (size_t k = 0; k < t->columns; k++) {
        if (is_known(t->names[k], known, count)) continue;
        const char *near = nearest_name(t->names[k], known, count);
        excerpt name = excerpt_of(t->names[k]);
        if (near)
            return fail(t->context, BASHU_ERROR_INPUT, "%s:%zu: unknown column '%s'; did you mean '%s'?", t->file.path,
                        t->header_line, name.text, near);
        return fail(t->context, BASHU_ERROR_INPUT,
                    "%s:%zu: unknown column '%s'; delete it, or let its name end in _note", t->file.path,
                    t->header_line, name.text);
    }
    return BASHU_OK;
}

size_t table_line(const table *t, size_t row) { return t->lines[row]; }

const char *table_text(const table *t, size_t row, size_t column)
{
    return t->file.bytes + t->cells[row * t->columns + column];
}

bashu_status table_number(double *out, const table *t, size_t row, size_t column, number_range range)
{
    number_words words;
    if (number_check(out, &words, table_text(t, row, column), range)) return BASHU_OK;
    return table_fail(t, row, column, "%s", words.text);
}

bool table_plain_number(double *out, const table *t, size_t row, size_t column)
{
    return plain_number(out, table_text(t, row, column));
}

bashu_status table_fail(const table *t, size_t row, size_t column, const char *format, ...)
{
    char words[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    return fail(t->context, BASHU_ERROR_INPUT, "%s:%zu: column '%s': %s", t->file.path, table_line(t, row),
                excerpt_of(t->names[column]).text, words);
}
