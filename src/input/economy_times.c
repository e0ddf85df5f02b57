/* economy_times.c - times beside those of links (stops, transfers), and what the network is held against: printed times of a
 * timetable, and speeds that no vehicle does. */
#include "input/economy_parts.h"
#include "input/text.h"

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

/* Error that names the mode meant when no link has it. */
static bashu_status mode_check(const economy_reader *r, const yaml_node *value, const char *key, const char *mode, const char *const *modes, size_t count)
{
    const char *near = nearest_name(mode, modes, count);
    if (is_known(mode, modes, count)) return BASHU_OK;
    if (near) return node_fail(r->document, value, "%s: no link has mode '%s'; did you mean '%s'?", key, mode, near);
    return node_fail(r->document, value, "%s: no link has mode '%s'; delete it", key, mode);
}

/* ---- stops and transfers --------------------------------------------------------------------------- */

static const char *const delay_keys[] = {"stop_minutes", "transfer_minutes"};
enum { DELAY_KEYS = sizeof delay_keys / sizeof *delay_keys };
static const double delay_most = 1e4; /* minutes */

static double *delay_of(mode_delay *d, size_t key) { return key ? &d->transfer_h : &d->stop_h; }

bool delay_is_key(const char *key, size_t length)
{
    for (size_t k = 0; k < DELAY_KEYS; k++)
        if (strlen(delay_keys[k]) == length && !strncmp(key, delay_keys[k], length)) return true;
    return false;
}

static bashu_status delay_read(mode_delay *delays, size_t key, economy_reader *r, const yaml_node *map, const char *const *modes, size_t mode_count)
{
    if (node_kind_of(map) != NODE_MAP)
        return node_fail(r->document, map, "%s: must be a map by mode; write e.g. {rail_high_speed: {value: 3, source: \"...\"}}", delay_keys[key]);
    for (size_t k = 0; k < node_count(map); k++) {
        const yaml_node *value = node_item(map, k);
        elasticity minutes;
        TRY(mode_check(r, value, delay_keys[key], node_key(map, k), modes, mode_count));
        TRY(statement_read(&minutes, r->memory, r->document, value, delay_keys[key], 0, delay_most));
        for (size_t m = 0; m < mode_count; m++)
            if (!strcmp(modes[m], node_key(map, k))) *delay_of(&delays[m], key) = minutes.value / 60;
    }
    return BASHU_OK;
}

bashu_status delays_read(economy_reader *r, graph *network, const yaml_node *travel)
{
    size_t mode_count;
    const char **modes = modes_of(r->scratch, network, &mode_count);
    mode_delay *delays;
    if (!modes) return fail_memory(r->context);
    TRY(keep(&delays, r, mode_count, sizeof *delays));
    for (size_t m = 0; m < mode_count; m++) TRY(keep_text(&delays[m].mode, r, modes[m]));
    for (size_t k = 0; k < DELAY_KEYS; k++) {
        const yaml_node *map = node_get(travel, delay_keys[k]);
        if (map) TRY(delay_read(delays, k, r, map, modes, mode_count));
    }
    network->delays = delays;
    network->delay_count = mode_count;
    return BASHU_OK;
}

bashu_status delay_set(bashu_data *data, const char *path, const char *key, const char *value)
{
    const char *dot = strchr(key, '.'), *mode = dot ? dot + 1 : "";
    const graph *g = data->about.network;
    size_t k = 0, m = 0;
    excerpt shown = excerpt_of(path);
    number_words words;
    double minutes;
    while (strncmp(delay_keys[k], key, strlen(delay_keys[k])) != 0) k++;
    if (!dot) return fail(data->context, BASHU_ERROR_ARGUMENT, "unknown setting '%s'; write travel.%s.MODE=number", shown.text, delay_keys[k]);
    while (g && m < g->delay_count && strcmp(g->delays[m].mode, mode) != 0) m++;
    if (!g) return fail(data->context, BASHU_ERROR_ARGUMENT, "%s: economy '%s' has no network", shown.text, data->about.name);
    if (m == g->delay_count) {
        const char **modes = arena_alloc(data->memory, m + 1, sizeof *modes);
        if (!modes) return fail_memory(data->context);
        for (size_t q = 0; q < m; q++) modes[q] = g->delays[q].mode;
        const char *near = nearest_name(mode, modes, m);
        if (near) return fail(data->context, BASHU_ERROR_ARGUMENT, "%s: no link has mode '%s'; did you mean '%s'?", shown.text, mode, near);
        return fail(data->context, BASHU_ERROR_ARGUMENT, "%s: no link of economy '%s' has mode '%s'; its modes are the column mode of the table links", shown.text, data->about.name, mode);
    }
    if (!number_check(&minutes, &words, value, (number_range){0, delay_most, false, "minutes"}))
        return fail(data->context, BASHU_ERROR_ARGUMENT, "%s: %s", shown.text, words.text);
    graph *changed = arena_alloc(data->memory, 1, sizeof *changed);
    mode_delay *delays = arena_alloc(data->memory, g->delay_count, sizeof *delays);
    if (!changed || !delays) return fail_memory(data->context);
    memcpy(delays, g->delays, g->delay_count * sizeof *delays);
    *delay_of(&delays[m], k) = minutes / 60;
    *changed = *g;
    changed->delays = delays;
    data->about.network = changed;
    return BASHU_OK;
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
        const char *mode = node_key(map, k);
        TRY(mode_check(r, value, "speed_limits_km_per_h", mode, modes, mode_count));
        TRY(keep_text(&limits[k].mode, r, mode));
        TRY(node_number(&limits[k].km_per_h, r->document, value, mode, 1, 1e5));
    }
    r->about->speed_limits = limits;
    r->about->speed_limit_count = count;
    return BASHU_OK;
}

/* ---- printed times --------------------------------------------------------------------------------- */

static bashu_status numbers_read(printed_time *row, const table *t, size_t at)
{
    size_t minutes, year;
    double value;
    TRY(table_require(&minutes, t, "minutes"));
    TRY(table_require(&year, t, "year"));
    TRY(optional_number(&row->trains, t, at, "trains", 0, 1e6, "trains a day"));
    TRY(table_number(&value, t, at, minutes, (number_range){0, 1e7, true, "minutes"}));
    if (value <= 0) return table_fail(t, at, minutes, "must be positive; write the printed time in minutes");
    if (isnan(value) && isnan(row->trains)) return table_fail(t, at, minutes, "is empty; write the printed time in minutes, or how many trains run");
    row->time_h = value / 60;
    TRY(table_number(&value, t, at, year, (number_range){0, 9999, false, "a year"}));
    if (value != floor(value)) return table_fail(t, at, year, "%g is no year; write e.g. 2020", value);
    row->year = (int)value;
    return BASHU_OK;
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
        TRY(two_ends_read(&rows[at].from, &rows[at].to, nodes, t, at, "time"));
        TRY(numbers_read(&rows[at], t, at));
        TRY(mode_read(&rows[at], r, modes, mode_count, t, at));
        TRY(once(seen, &rows[at], r, t, at));
    }
    r->about->printed_times = rows;
    r->about->printed_time_count = table_rows(t);
    return BASHU_OK;
}
