/* places.c - a table that names places of a network, once or more, in the order in which they are wanted. */
#include "input/long_table.h"

bashu_status places_read(size_t **out, size_t *count, arena *memory, arena *scratch, const char *path, const char *const *ids, size_t id_count,
                         const char *home)
{
    bashu_context *context = arena_context(memory);
    table *rows;
    size_t column;
    name_list known;
    TRY(table_read(&rows, scratch, path));
    TRY(table_require(&column, rows, "id"));
    TRY(name_list_new(&known, scratch, "place", home, 0));
    for (size_t i = 0; i < id_count; i++) {
        if (name_index_find(known.index, ids[i]) >= 0)
            return fail(context, BASHU_ERROR_INPUT, "%s: two places are called '%s'; a node must not have the id of another node's region", home, ids[i]);
        if (!name_index_add(known.index, ids[i], i)) return fail_memory(context);
    }
    *count = table_rows(rows);
    if (!*count) return fail(context, BASHU_ERROR_INPUT, "%s:1: has no places; add a row for each", path);
    *out = arena_alloc(memory, *count, sizeof **out);
    if (!*out) return fail_memory(context);
    for (size_t row = 0; row < *count; row++) TRY(name_list_find(&(*out)[row], &known, rows, row, column));
    return BASHU_OK;
}
