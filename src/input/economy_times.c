/* economy_times.c - what the network is held against: printed times of a timetable, and speeds that no vehicle does. */
#include "input/economy_parts.h"

#include <string.h>

/* The modes of the links, each once; NULL: no memory. */
static const char **modes_of(arena *scratch, const graph *network, size_t *count)
{
    const char **modes = arena_alloc(scratch, network->link_count + 1, sizeof *modes);
    *count = 0;
    for (size_t l = 0; modes && l < network->link_count; l++) {
        size_t k = 0;
        while (k < *count && strcmp(modes[k], network->links[l].mode) != 0) k++;
        if (k == *count) modes[(*count)++] = network->links[l].mode;
    }
    return modes;
}

static bool is_known(const char *mode, const char *const *modes, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!strcmp(modes[k], mode)) return true;
    return false;
}

/* ---- speed limits --------------------------------------------------------------------------------- */

bashu_status speed_limits_read(economy_reader *r, const graph *network, const yaml_node *map)
{
    size_t count = map ? node_count(map) : 0, mode_count;
    const char **modes = modes_of(r->scratch, network, &mode_count);
    speed_limit *limits;
    if (!modes) return fail_memory(r->context);
    if (map && node_kind_of(map) != NODE_MAP)
        return node_fail(r->document, map, "speed_limits_km_per_h: must be a map; write e.g. {road: 120}");
    TRY(keep(&limits, r, count, sizeof *limits));
    for (size_t k = 0; k < count; k++) {
        const yaml_node *value = node_item(map, k);
        const char *mode = node_key(map, k), *near = nearest_name(mode, modes, mode_count);
        if (!is_known(mode, modes, mode_count) && near)
            return node_fail(r->document, value, "speed_limits_km_per_h: no link has mode '%s'; did you mean '%s'?", mode, near);
        if (!is_known(mode, modes, mode_count)) return node_fail(r->document, value, "speed_limits_km_per_h: no link has mode '%s'; delete it", mode);
        TRY(keep_text(&limits[k].mode, r, mode));
        TRY(node_number(&limits[k].km_per_h, r->document, value, mode, 1, 1e5));
    }
    r->about->speed_limits = limits;
    r->about->speed_limit_count = count;
    return BASHU_OK;
}

/* ---- printed times --------------------------------------------------------------------------------- */

static bashu_status ends_read(printed_time *row, const axis *nodes, const table *t, size_t at)
{
    size_t from, to;
    TRY(table_require(&from, t, "from_node"));
    TRY(table_require(&to, t, "to_node"));
    TRY(axis_find(&row->from, nodes, t, at, from));
    TRY(axis_find(&row->to, nodes, t, at, to));
    if (row->from != row->to) return BASHU_OK;
    return table_fail(t, at, to, "the time is from node '%s' to itself; write another node or delete the row", nodes->ids[row->to]);
}

static bashu_status numbers_read(printed_time *row, const table *t, size_t at)
{
    size_t minutes, year;
    double value;
    TRY(table_require(&minutes, t, "minutes"));
    TRY(table_require(&year, t, "year"));
    TRY(table_number(&value, t, at, minutes, (number_range){0, 1e7, false, "minutes"}));
    if (!(value > 0)) return table_fail(t, at, minutes, "must be positive; write the printed time in minutes");
    row->time_h = value / 60;
    TRY(table_number(&value, t, at, year, (number_range){0, 9999, false, "a year"}));
    if (value != floor(value)) return table_fail(t, at, year, "%g is no year; write e.g. 2020", value);
    row->year = (int)value;
    return optional_number(&row->trains, t, at, "trains", 0, 1e6, "trains a day");
}

static bashu_status mode_read(printed_time *row, economy_reader *r, const char *const *modes, size_t count, const table *t, size_t at)
{
    long column = table_find(t, "mode");
    TRY(text_read(&row->mode, r, t, at, "mode"));
    if (!*row->mode || is_known(row->mode, modes, count)) return BASHU_OK;
    const char *near = nearest_name(row->mode, modes, count);
    if (near) return table_fail(t, at, (size_t)column, "no link has mode '%s'; did you mean '%s'?", row->mode, near);
    return table_fail(t, at, (size_t)column, "no link has mode '%s'; write the mode of some link, or leave it empty", row->mode);
}

static bashu_status once(name_index *seen, const printed_time *row, economy_reader *r, const table *t, size_t at)
{
    size_t a = row->from < row->to ? row->from : row->to, b = row->from < row->to ? row->to : row->from;
    char *key = arena_format(r->scratch, "%zu %zu %d %s", a, b, row->year, row->mode);
    if (!key) return fail_memory(r->context);
    long first = name_index_find(seen, key);
    if (first >= 0)
        return table_fail(t, at, (size_t)table_find(t, "from_node"), "duplicate row for these nodes, mode and year, first on line %zu; delete one of them",
                          table_line(t, (size_t)first));
    return name_index_add(seen, key, at) ? BASHU_OK : fail_memory(r->context);
}

bashu_status travel_times_read(economy_reader *r, const graph *network, const axis *nodes)
{
    static const char *const known[] = {"from_node", "to_node", "mode", "year", "minutes", "trains", "source", NULL};
    const table *t;
    printed_time *rows;
    size_t mode_count;
    TRY(open_table(&t, r, TABLE_TRAVEL_TIMES, known, NULL));
    if (!t) return BASHU_OK;
    const char **modes = modes_of(r->scratch, network, &mode_count);
    TRY(keep(&rows, r, table_rows(t), sizeof *rows));
    name_index *seen = name_index_new(r->scratch, table_rows(t));
    if (!modes || !seen) return fail_memory(r->context);
    for (size_t at = 0; at < table_rows(t); at++) {
        TRY(ends_read(&rows[at], nodes, t, at));
        TRY(numbers_read(&rows[at], t, at));
        TRY(mode_read(&rows[at], r, modes, mode_count, t, at));
        TRY(once(seen, &rows[at], r, t, at));
    }
    r->about->printed_times = rows;
    r->about->printed_time_count = table_rows(t);
    return BASHU_OK;
}
