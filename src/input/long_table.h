/* long_table.h - tables of pairs and flows whose names are declared by use; only flow_tables.c, road_network.c and plants.c may look. */
#ifndef BASHU_INPUT_LONG_TABLE_H
#define BASHU_INPUT_LONG_TABLE_H

#include "input/input.h"

/* Names in the order in which they came. */
typedef struct name_list {
    const char *what, *home; /* "node", "links.csv": for messages */
    arena *memory;           /* of the names */
    name_index *index;
    const char **names; /* [count] */
    size_t count, room;
} name_list;
bashu_status name_list_new(name_list *out, arena *memory, const char *what, const char *home, size_t room);
/* The number of the name in a cell, new or not. */
bashu_status name_list_take(size_t *out, name_list *l, const table *t, size_t row, size_t column);
/* The same, but an INPUT error with "did you mean" when it is not there. */
bashu_status name_list_find(size_t *out, const name_list *l, const table *t, size_t row, size_t column);

/* Reads the table; all `columns` (NULL-terminated) must be there, `more` may be, others may not. at: [number of columns]. */
bashu_status long_table_read(table **out, size_t *at, arena *memory, const char *path, const char *const *columns,
                             const char *const *more);

#endif
