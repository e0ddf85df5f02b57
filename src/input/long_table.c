/* long_table.c - tables of pairs and flows whose names are declared by use. */
#include "input/long_table.h"

bashu_status name_list_new(name_list *l, arena *memory, const char *what, const char *home, size_t room)
{
    *l = (name_list){.what = what, .home = home, .memory = memory, .room = room};
    l->index = name_index_new(memory, 64);
    l->names = arena_alloc(memory, room + 1, sizeof *l->names);
    return l->index && l->names ? BASHU_OK : fail_memory(arena_context(memory));
}

bashu_status name_list_take(size_t *out, name_list *l, const table *t, size_t row, size_t column)
{
    const char *name = table_text(t, row, column);
    long found = name_index_find(l->index, name);
    if (!*name) return table_fail(t, row, column, "is empty; write a %s", l->what);
    if (found >= 0) {
        *out = (size_t)found;
        return BASHU_OK;
    }
    if (l->count == l->room) return fail(arena_context(l->memory), BASHU_ERROR_INTERNAL, "more %ss than room", l->what);
    l->names[l->count] = arena_text(l->memory, name);
    if (!l->names[l->count] || !name_index_add(l->index, name, l->count)) return fail_memory(arena_context(l->memory));
    *out = l->count++;
    return BASHU_OK;
}

bashu_status name_list_find(size_t *out, const name_list *l, const table *t, size_t row, size_t column)
{
    const char *name = table_text(t, row, column), *near;
    long found = name_index_find(l->index, name);
    if (found >= 0) {
        *out = (size_t)found;
        return BASHU_OK;
    }
    if (!*name) return table_fail(t, row, column, "is empty; write a %s of %s", l->what, l->home);
    near = name_index_nearest(l->index, name);
    if (near) return table_fail(t, row, column, "unknown %s '%s'; did you mean '%s'?", l->what, name, near);
    return table_fail(t, row, column, "unknown %s '%s'; write one of %s, or add it there", l->what, name, l->home);
}

enum { COLUMN_LIMIT = 16 };

bashu_status long_table_read(table **out, size_t *at, arena *memory, const char *path, const char *const *columns,
                             const char *const *more)
{
    const char *known[COLUMN_LIMIT + 1];
    size_t count = 0;
    for (size_t k = 0; columns[k] && count < COLUMN_LIMIT; k++) known[count++] = columns[k];
    for (size_t k = 0; more && more[k] && count < COLUMN_LIMIT; k++) known[count++] = more[k];
    known[count] = NULL;
    TRY(table_read(out, memory, path));
    TRY(table_only(*out, known));
    for (size_t k = 0; columns[k]; k++) TRY(table_require(&at[k], *out, columns[k]));
    return BASHU_OK;
}
