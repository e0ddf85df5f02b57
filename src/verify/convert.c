/* convert.c - a package of files to a folder in the economy format: files to tables, SQL, tables to files. */
#include "verify/verify.h"

#include "report/writer.h"

#include <math.h>
#include <string.h>

/* ---- files to tables ---------------------------------------------------------------------------------- */

static bool among(const char *word, const char *const *words)
{
    for (; words && *words; words++)
        if (!strcmp(word, *words)) return true;
    return false;
}

/* Numbers, if every cell that is not empty is a plain number. */
static bool is_numeric(const table *t, size_t column, const case_input *input)
{
    double number;
    if (among(table_column_name(t, column), input->text)) return false;
    for (size_t row = 0; row < table_rows(t); row++)
        if (*table_text(t, row, column) && !table_plain_number(&number, t, row, column)) return false;
    return true;
}

static cell cell_at(const table *t, size_t row, size_t column, bool numeric)
{
    cell c = {NULL, (double)NAN};
    const char *text = table_text(t, row, column);
    if (!*text) return c;
    if (numeric) (void)table_plain_number(&c.number, t, row, column); /* is_numeric has looked */
    else c.text = text;
    return c;
}

typedef struct loader { /* a table on its way into the database */
    const case_input *input;
    const table *table;
    size_t count;        /* columns of the file */
    bool *numeric;       /* [count] */
    cell *cells;         /* [count + 2] */
    const char **names;  /* [count + 2] */
} loader;

static bashu_status load_wide(loader *l, database *d)
{
    inserter *rows;
    for (size_t k = 0; k < l->count; k++) l->names[k] = table_column_name(l->table, k);
    TRY(insert_begin(&rows, d, l->input->table, l->names, l->count));
    for (size_t row = 0; row < table_rows(l->table); row++) {
        for (size_t k = 0; k < l->count; k++) l->cells[k] = cell_at(l->table, row, k, l->numeric[k]);
        TRY(insert_row(rows, l->cells));
    }
    return insert_end(rows);
}

static bool melts(const loader *l, size_t column)
{
    const char *name = table_column_name(l->table, column);
    return !among(name, l->input->keep) && !strncmp(name, l->input->columns, strlen(l->input->columns));
}

/* What is left of a melted column's name. */
static const char *rest_of_name(const loader *l, size_t column)
{
    return table_column_name(l->table, column) + strlen(l->input->columns);
}

/* What the columns of the new table are: those kept, the rest of the name, the value. */
typedef struct melted {
    size_t kept;
    bool labels, values; /* are numbers */
} melted;

static bashu_status melt_head(melted *m, loader *l)
{
    const case_input *input = l->input;
    size_t count = 0, column;
    double number;
    *m = (melted){0, !among(input->into[0], input->text), !among(input->into[1], input->text)};
    for (const char *const *name = input->keep; *name; name++, m->kept++) {
        TRY(table_require(&column, l->table, *name));
        l->names[m->kept] = *name;
    }
    for (size_t k = 0; k < l->count; k++) {
        if (!melts(l, k)) continue;
        count++;
        m->labels = m->labels && plain_number(&number, rest_of_name(l, k));
        m->values = m->values && l->numeric[k];
    }
    l->names[m->kept] = input->into[0];
    l->names[m->kept + 1] = input->into[1];
    if (count) return BASHU_OK;
    return table_fail(l->table, 0, 0, "no column's name begins with '%s'; see 'melt' of the case", input->columns);
}

static bashu_status melt_row(loader *l, const melted *m, inserter *rows, size_t row)
{
    for (size_t k = 0; k < m->kept; k++) {
        size_t column = (size_t)table_find(l->table, l->input->keep[k]);
        l->cells[k] = cell_at(l->table, row, column, l->numeric[column]);
    }
    for (size_t k = 0; k < l->count; k++) {
        cell label = {NULL, (double)NAN};
        if (!melts(l, k)) continue;
        if (m->labels) (void)plain_number(&label.number, rest_of_name(l, k)); /* melt_head has looked */
        else label.text = rest_of_name(l, k);
        l->cells[m->kept] = label;
        l->cells[m->kept + 1] = cell_at(l->table, row, k, m->values);
        TRY(insert_row(rows, l->cells));
    }
    return BASHU_OK;
}

static bashu_status load_melted(loader *l, database *d)
{
    inserter *rows;
    melted m;
    TRY(melt_head(&m, l));
    TRY(insert_begin(&rows, d, l->input->table, l->names, m.kept + 2));
    for (size_t row = 0; row < table_rows(l->table); row++) TRY(melt_row(l, &m, rows, row));
    return insert_end(rows);
}

bashu_status load_table(database *d, arena *memory, const case_input *input, const char *path)
{
    table *t;
    TRY(table_read_foreign(&t, memory, path));
    loader l = {.input = input, .table = t, .count = table_columns(t)};
    l.numeric = arena_alloc(memory, l.count, sizeof *l.numeric);
    l.cells = arena_alloc(memory, l.count + 2, sizeof *l.cells);
    l.names = arena_alloc(memory, l.count + 2, sizeof *l.names);
    if (!l.numeric || !l.cells || !l.names) return fail_memory(arena_context(memory));
    for (size_t k = 0; k < l.count; k++) l.numeric[k] = is_numeric(t, k, input);
    return input->melt ? load_melted(&l, d) : load_wide(&l, d);
}

static bashu_status load_json(database *d, arena *memory, const case_input *input, const char *path)
{
    static const char *const columns[] = {"json"};
    text_file file;
    inserter *rows;
    TRY(text_file_read(&file, memory, path));
    TRY(insert_begin(&rows, d, input->table, columns, 1));
    TRY(insert_row(rows, &(cell){file.bytes, (double)NAN}));
    return insert_end(rows);
}

const char *case_inputs_folder(const verify_case *c, arena *memory, const char *reference)
{
    return c->package ? arena_format(memory, "%s/%s", reference, c->package) : c->folder;
}

bashu_status case_file(text_file *out, arena *memory, const verify_case *c, const char *name)
{
    const char *path = path_beside(memory, c->path, name);
    return path ? text_file_read(out, memory, path) : fail_memory(arena_context(memory));
}

static bashu_status run_sql(database *d, arena *memory, const verify_case *c, const case_conversion *conversion)
{
    for (size_t k = 0; k < conversion->convert_count; k++) {
        text_file sql;
        TRY(case_file(&sql, memory, c, conversion->convert[k]));
        TRY(database_run(d, (sql_place){sql.path, 1}, sql.bytes));
    }
    return BASHU_OK;
}

bashu_status convert_load(database *d, arena *memory, const verify_case *c, const char *folder, bool with_expected)
{
    for (size_t k = 0; k < c->input_count; k++) {
        const case_input *input = &c->inputs[k];
        if (input->expected && !with_expected) continue;
        const char *path = arena_format(memory, "%s/%s", folder, input->file);
        if (!path) return fail_memory(arena_context(memory));
        TRY(input->json ? load_json(d, memory, input, path) : load_table(d, memory, input, path));
    }
    return run_sql(d, memory, c, &c->conversion);
}

/* ---- tables to files ---------------------------------------------------------------------------------- */

typedef struct csv {
    bashu_context *context;
    const char *table;
    writer out;
    size_t rows;
} csv;

static bashu_status csv_head(void *payload, const char *const *columns, const cell *cells, size_t count)
{
    csv *c = payload;
    (void)cells;
    for (size_t k = 0; k < count; k++) put_field(&c->out, columns[k], k + 1 == count);
    return BASHU_OK;
}

static bashu_status csv_row(void *payload, const char *const *columns, const cell *cells, size_t count)
{
    csv *c = payload;
    c->rows++;
    for (size_t k = 0; k < count; k++) {
        if (isinf(cells[k].number))
            return fail(c->context, BASHU_ERROR_INPUT, "table '%s', row %zu: column '%s' is infinite; mend convert.sql", c->table,
                        c->rows, columns[k]);
        if (cells[k].text) put_field(&c->out, cells[k].text, k + 1 == count);
        else put_number_field(&c->out, cells[k].number, k + 1 == count);
    }
    return BASHU_OK;
}

typedef bashu_status write_function(bashu_context *context, const char *path, const char *bytes, size_t size);

static bashu_status write_table(database *d, arena *memory, const verify_case *about, const char *name, const char *folder,
                                write_function *write)
{
    bashu_context *context = arena_context(memory);
    csv c = {.context = context, .table = name};
    sql_place place = {about->path, 1};
    char *text = NULL, *path = arena_format(memory, "%s/%s.csv", folder, name);
    if (!path) return fail_memory(context);
    bashu_status status = database_columns(d, place, name, csv_head, &c);
    if (status == BASHU_OK) status = database_read_table(d, place, name, csv_row, &c);
    if (status == BASHU_OK) status = writer_done(&text, &c.out, context);
    else writer_free(&c.out);
    if (status == BASHU_OK) status = write(context, path, text, strlen(text));
    bashu_text_free(text);
    return status;
}

/* A file named by the case, under its own name without folders. */
static bashu_status copy_file(arena *memory, const verify_case *c, const char *name, const char *folder, write_function *write)
{
    text_file file;
    const char *slash = strrchr(name, '/');
    char *to = arena_format(memory, "%s/%s", folder, slash ? slash + 1 : name);
    if (!to) return fail_memory(arena_context(memory));
    TRY(case_file(&file, memory, c, name));
    return write(arena_context(memory), to, file.bytes, file.size);
}

static bashu_status write_conversion(database *d, arena *memory, const verify_case *c, const case_conversion *conversion,
                                     const char *folder, write_function *write)
{
    for (size_t k = 0; k < conversion->write_count; k++) TRY(write_table(d, memory, c, conversion->writes[k], folder, write));
    return conversion->economy ? copy_file(memory, c, conversion->economy, folder, write) : BASHU_OK;
}

/* economy.yaml where nothing else is stated and a run reads it. */
static case_conversion with_economy(const verify_case *c)
{
    case_conversion conversion = c->conversion;
    for (size_t k = 0; k < c->run_count && !conversion.economy && !c->runs[k].conversion.economy; k++)
        if (run_reads_economy(&c->runs[k])) conversion.economy = "economy.yaml";
    return conversion;
}

bashu_status convert_write(database *d, arena *memory, const verify_case *c, const char *folder, bool lasting)
{
    write_function *write = lasting ? text_file_write : text_file_draft;
    const case_conversion conversion = with_economy(c);
    TRY(write_conversion(d, memory, c, &conversion, folder, write));
    if (c->model) TRY(copy_file(memory, c, c->model, folder, write));
    for (size_t k = 0; k < c->run_count; k++) {
        if (c->runs[k].scenario) TRY(copy_file(memory, c, c->runs[k].scenario, folder, write));
        if (c->runs[k].spec) TRY(copy_file(memory, c, c->runs[k].spec, folder, write));
    }
    return BASHU_OK;
}

bashu_status convert_again(database *d, arena *memory, const verify_case *c, const case_conversion *conversion, const char *folder)
{
    TRY(run_sql(d, memory, c, conversion));
    return write_conversion(d, memory, c, conversion, folder, text_file_draft);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static bashu_status convert_in(arena *memory, const char *folder, const char *from, const char *output)
{
    const verify_case *c;
    database *d;
    TRY(case_read(&c, memory, folder));
    if (c->package && !from)
        return fail(arena_context(memory), BASHU_ERROR_ARGUMENT,
                    "%s: the data are those of %s (%s) and not part of this program; say in which folder they are", c->name,
                    c->owner, c->source);
    TRY(database_open(&d, memory));
    TRY(convert_load(d, memory, c, c->package ? from : c->folder, false));
    return convert_write(d, memory, c, output, true);
}

bashu_status convert_case(bashu_context *context, const char *folder, const char *from, const char *output)
{
    arena *memory = arena_new(context);
    if (!memory) return fail_memory(context);
    bashu_status status = convert_in(memory, folder, from, output);
    arena_free(memory);
    return status;
}
