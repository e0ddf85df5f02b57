/* economy_table.c - what reading every table of an economy shares: opening, ids, flags, keyed numbers. */
#include "input/economy_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const table_names[TABLE_COUNT + 1] = {
    "regions",   "sectors",       "production", "groups",     "people",    "input_output", "final_demand",
    "wage_bill", "trade_margins", "trade",      "trade_cost", "commuting", "workers", "nodes",        "links",
    "migration", "migration_origins", "zones",  "research", "gross_flows", "totals",     "indicators", "travel_times", NULL};

/* ---- memory -------------------------------------------------------------------------------------- */

bashu_status keep(void *out_pointer, economy_reader *r, size_t count, size_t size)
{
    void *memory = arena_alloc(r->memory, count, size);
    memcpy(out_pointer, &memory, sizeof memory); /* any pointer type, without aliasing it */
    return memory ? BASHU_OK : fail_memory(r->context);
}

bashu_status borrow(void *out_pointer, economy_reader *r, size_t count, size_t size)
{
    void *memory = arena_alloc(r->scratch, count, size);
    memcpy(out_pointer, &memory, sizeof memory);
    return memory ? BASHU_OK : fail_memory(r->context);
}

bashu_status keep_text(const char **out, economy_reader *r, const char *text)
{
    *out = arena_text(r->memory, text);
    return *out ? BASHU_OK : fail_memory(r->context);
}

bashu_status keep_numbers(double **out, economy_reader *r, size_t count, double value)
{
    TRY(keep(out, r, count, sizeof(double)));
    for (size_t k = 0; k < count; k++) (*out)[k] = value;
    return BASHU_OK;
}

/* ---- axes ---------------------------------------------------------------------------------------- */

bashu_status axis_new(axis *out, economy_reader *r, const char *what, const char *home, size_t room)
{
    *out = (axis){.what = what, .home = home, .room = room};
    out->index = name_index_new(r->scratch, room);
    if (!out->index) return fail_memory(r->context);
    return keep(&out->ids, r, room, sizeof *out->ids);
}

bashu_status axis_add(axis *a, economy_reader *r, const char *id)
{
    if (a->count == a->room) return fail(r->context, BASHU_ERROR_INTERNAL, "more %ss than room", a->what);
    if (!name_index_add(a->index, id, a->count)) return fail_memory(r->context);
    a->ids[a->count++] = id;
    return BASHU_OK;
}

bashu_status axis_find(size_t *out, const axis *a, const table *t, size_t row, size_t column)
{
    const char *id = table_text(t, row, column);
    long found = name_index_find(a->index, id);
    if (found >= 0) {
        *out = (size_t)found;
        return BASHU_OK;
    }
    if (!*id) return table_fail(t, row, column, "is empty; write a %s of %s", a->what, a->home);
    const char *near = name_index_nearest(a->index, id);
    if (near) return table_fail(t, row, column, "unknown %s '%s'; did you mean '%s'?", a->what, id, near);
    return table_fail(t, row, column, "unknown %s '%s'; write a %s of %s", a->what, id, a->what, a->home);
}

/* ---- opening ------------------------------------------------------------------------------------- */

static size_t list_length(const char *const *list)
{
    size_t count = 0;
    while (list && list[count]) count++;
    return count;
}

/* known + more, and X_flag of each */
static bashu_status check_columns(economy_reader *r, const table *t, const char *const *known, const char *const *more)
{
    size_t count = 0;
    const char **all;
    TRY(borrow(&all, r, 2 * (list_length(known) + list_length(more)) + 1, sizeof *all));
    for (size_t k = 0; known && known[k]; k++) all[count++] = known[k];
    for (size_t k = 0; more && more[k]; k++) all[count++] = more[k];
    size_t plain = count;
    for (size_t k = 0; k < plain; k++) {
        all[count] = arena_format(r->scratch, "%s_flag", all[k]);
        if (!all[count++]) return fail_memory(r->context);
    }
    return table_only(t, all);
}

static bool ends_in_flag(const char *name)
{
    size_t length = strlen(name), suffix = sizeof "_flag" - 1;
    return length > suffix && !strcmp(name + length - suffix, "_flag");
}

static bashu_status check_flags(economy_reader *r, const table *t)
{
    for (size_t c = 0; c < table_columns(t); c++) {
        if (!ends_in_flag(table_column_name(t, c))) continue;
        for (size_t row = 0; row < table_rows(t); row++) {
            size_t word;
            if (flag_word_at(t, row, (long)c)) TRY(axis_find(&word, &r->flags, t, row, c));
        }
    }
    return BASHU_OK;
}

bashu_status open_file(const table **out, economy_reader *r, const char *name, const char *const *known,
                       const char *const *more)
{
    table *t;
    char *path = path_beside(r->scratch, document_path(r->document), name);
    if (!path) return fail_memory(r->context);
    TRY(table_read(&t, r->scratch, path));
    TRY(remember_file(r, table_path(t), table_sha256(t)));
    TRY(check_columns(r, t, known, more));
    TRY(check_flags(r, t));
    *out = t;
    return BASHU_OK;
}

const yaml_node *table_entry(const economy_reader *r, table_id id)
{
    return node_get(node_get(r->root, "tables"), table_names[id]);
}

bashu_status open_table(const table **out, economy_reader *r, table_id id, const char *const *known,
                        const char *const *more)
{
    *out = NULL;
    bool needed = id <= TABLE_PRODUCTION;
    const yaml_node *entry = table_entry(r, id);
    if (!entry && !needed) return BASHU_OK;
    if (!entry) TRY(node_require(&entry, r->document, node_get(r->root, "tables"), table_names[id]));
    const char *name;
    TRY(node_text(&name, r->document, entry, table_names[id]));
    TRY(open_file(out, r, name, known, more));
    if (needed && !table_rows(*out))
        return fail(r->context, BASHU_ERROR_INPUT, "%s:1: the table has no rows; write at least one under the header",
                    table_path(*out));
    return BASHU_OK;
}

/* ---- single cells -------------------------------------------------------------------------------- */

long flag_column(const table *t, const char *column)
{
    char name[128];
    snprintf(name, sizeof name, "%s_flag", column);
    return table_find(t, name);
}

const char *flag_word_at(const table *t, size_t row, long column)
{
    if (column < 0) return NULL;
    const char *word = table_text(t, row, (size_t)column);
    return *word && strcmp(word, "observed") ? word : NULL;
}

bashu_status text_read(const char **out, economy_reader *r, const table *t, size_t row, const char *column)
{
    long c = table_find(t, column);
    return keep_text(out, r, c < 0 ? "" : table_text(t, row, (size_t)c));
}

bashu_status optional_number(double *out, const table *t, size_t row, const char *column, double low, double high,
                             const char *unit)
{
    long c = table_find(t, column);
    *out = unknown;
    if (c < 0) return BASHU_OK;
    return table_number(out, t, row, (size_t)c, (number_range){low, high, true, unit});
}

bashu_status label_read(label *out, economy_reader *r, const table *t, size_t row)
{
    size_t id, en, zh;
    TRY(table_require(&id, t, "id"));
    TRY(table_require(&en, t, "name_en"));
    TRY(table_require(&zh, t, "name_zh"));
    if (!*table_text(t, row, id)) return table_fail(t, row, id, "is empty; write a short name for the row");
    TRY(keep_text(&out->id, r, table_text(t, row, id)));
    TRY(keep_text(&out->name_en, r, table_text(t, row, en)));
    TRY(keep_text(&out->name_zh, r, table_text(t, row, zh)));
    if (!*out->name_en) out->name_en = *out->name_zh ? out->name_zh : out->id;
    if (!*out->name_zh) out->name_zh = out->name_en;
    return BASHU_OK;
}

bashu_status labels_read(label *labels, axis *ids, economy_reader *r, const table *t)
{
    size_t column;
    TRY(table_require(&column, t, "id"));
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(label_read(&labels[row], r, t, row));
        long before = name_index_find(ids->index, labels[row].id);
        if (before >= 0)
            return table_fail(t, row, column,
                              "duplicate %s '%s', first on line %zu; delete one of the rows or rename it", ids->what,
                              labels[row].id, table_line(t, (size_t)before));
        TRY(axis_add(ids, r, labels[row].id));
    }
    return BASHU_OK;
}

/* ---- keyed numbers ------------------------------------------------------------------------------- */

size_t cells_count(const cells *c)
{
    size_t count = 1;
    for (size_t k = 0; k < c->key_count; k++) count *= c->keys[k].axis->count;
    return count;
}

/* "region = 'alder', sector = 'food'" */
static void describe_keys(char *text, size_t size, const cells *c, size_t index)
{
    size_t at[3] = {0}, used = 0;
    for (size_t k = c->key_count; k-- > 0; index /= c->keys[k].axis->count) at[k] = index % c->keys[k].axis->count;
    text[0] = '\0';
    for (size_t k = 0; k < c->key_count && used < size; k++) {
        int wrote = snprintf(text + used, size - used, "%s%s = '%s'", k ? ", " : "", c->keys[k].column,
                             c->keys[k].axis->ids[at[k]]);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
}

bashu_status cells_missing(economy_reader *r, const cells *c, size_t index)
{
    char keys[512];
    describe_keys(keys, sizeof keys, c, index);
    return fail(r->context, BASHU_ERROR_INPUT, "%s: no row with %s; add it, with its '%s'", table_path(c->table), keys,
                c->column);
}

static bashu_status cell_index(size_t *out, const cells *c, const size_t *columns, size_t row)
{
    *out = 0;
    for (size_t k = 0; k < c->key_count; k++) {
        size_t at;
        TRY(axis_find(&at, c->keys[k].axis, c->table, row, columns[k]));
        *out = *out * c->keys[k].axis->count + at;
    }
    return BASHU_OK;
}

static bashu_status cell_duplicate(const cells *c, const size_t *columns, size_t row, size_t index, size_t first)
{
    char keys[512];
    describe_keys(keys, sizeof keys, c, index);
    return table_fail(c->table, row, columns[0], "duplicate row for %s, first on line %zu; delete one of them", keys,
                      table_line(c->table, first));
}

bashu_status cells_read(double *values, unsigned char *imputed, economy_reader *r, cells *c, double blank)
{
    size_t columns[3] = {0}, value_column, count = cells_count(c), *row_of;
    long flag = flag_column(c->table, c->column);
    for (size_t k = 0; k < c->key_count; k++) TRY(table_require(&columns[k], c->table, c->keys[k].column));
    TRY(table_require(&value_column, c->table, c->column));
    TRY(borrow(&row_of, r, count, sizeof *row_of));
    c->row_of = row_of;
    for (size_t k = 0; k < count; k++) values[k] = blank;
    for (size_t row = 0; row < table_rows(c->table); row++) {
        size_t index;
        TRY(cell_index(&index, c, columns, row));
        if (row_of[index]) return cell_duplicate(c, columns, row, index, row_of[index] - 1);
        row_of[index] = row + 1;
        TRY(table_number(&values[index], c->table, row, value_column, c->range));
        if (imputed) imputed[index] = flag_word_at(c->table, row, flag) != NULL;
    }
    return BASHU_OK;
}

bashu_status cells_complete(economy_reader *r, const cells *c, const double *values)
{
    for (size_t k = 0; k < cells_count(c); k++)
        if (isnan(values[k])) return cells_missing(r, c, k);
    return BASHU_OK;
}

bashu_status cells_fail(const cells *c, size_t index, const char *format, ...)
{
    char words[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    return table_fail(c->table, c->row_of[index] - 1, (size_t)table_find(c->table, c->column), "%s", words);
}

static bool any_row(const cells *c, size_t slab, size_t width)
{
    for (size_t k = 0; k < width; k++)
        if (c->row_of[slab * width + k]) return true;
    return false;
}

size_t cells_of_area(const cells *c, size_t a, size_t k)
{
    size_t A = c->keys[0].axis->count - 1, width = cells_count(c) / (A + 1);
    /* where '*' has no rows at all the area is what is missing */
    return (any_row(c, a, width) || !any_row(c, A, width) ? a : A) * width + k;
}

bashu_status cells_by_area(double *out, economy_reader *r, const cells *c, const double *values)
{
    size_t A = c->keys[0].axis->count - 1, width = cells_count(c) / (A + 1);
    for (size_t a = 0; a < A; a++) {
        size_t begin = cells_of_area(c, a, 0);
        for (size_t k = 0; k < width; k++) {
            out[a * width + k] = values[begin + k];
            if (isnan(values[begin + k])) return cells_missing(r, c, begin + k);
        }
    }
    return BASHU_OK;
}
