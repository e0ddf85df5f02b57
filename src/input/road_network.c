/* road_network.c - a network of links with congestion, and the trips on it. Format: docs/assignment.md. */
#include "input/flows.h"
#include "input/long_table.h"

#include <math.h>
#include <stdlib.h>

static const double unbounded = (double)INFINITY;

typedef struct network_reader {
    arena *memory, *scratch;
    bashu_context *context;
    name_list nodes;
    road_network *out;
} network_reader;

/* ---- links --------------------------------------------------------------------------------------- */

enum { LINK_FROM, LINK_TO, LINK_CAPACITY, LINK_TIME, LINK_B, LINK_POWER, LINK_COLUMNS };

static bashu_status link_read(road_link *out, network_reader *r, const table *t, const size_t *at, long length,
                              size_t row)
{
    const number_range positive = {1e-300, unbounded, false, ""}, not_negative = {0, unbounded, false, ""};
    TRY(name_list_take(&out->from, &r->nodes, t, row, at[LINK_FROM]));
    TRY(name_list_take(&out->to, &r->nodes, t, row, at[LINK_TO]));
    if (out->from == out->to)
        return table_fail(t, row, at[LINK_TO], "the link ends where it begins, at '%s'; delete it or correct one end",
                          r->nodes.names[out->to]);
    TRY(table_number(&out->capacity, t, row, at[LINK_CAPACITY], positive));
    TRY(table_number(&out->free_time, t, row, at[LINK_TIME], not_negative));
    TRY(table_number(&out->b, t, row, at[LINK_B], not_negative));
    TRY(table_number(&out->power, t, row, at[LINK_POWER], not_negative));
    if (out->power > 0 && out->power < 1)
        return table_fail(
            t, row, at[LINK_POWER],
            "%.15g lies between 0 and 1, where the first traveller would slow an empty link without bound; "
            "write 0 or a number of at least 1",
            out->power);
    out->length = (double)NAN;
    if (length < 0) return BASHU_OK;
    return table_number(&out->length, t, row, (size_t)length, (number_range){0, unbounded, true, ""});
}

static bashu_status links_read(network_reader *r, const char *path)
{
    static const char *const columns[] = {"from", "to", "capacity", "free_flow_time", "b", "power", NULL};
    static const char *const more[] = {"length", NULL};
    size_t at[LINK_COLUMNS];
    table *t;
    TRY(long_table_read(&t, at, r->scratch, path, columns, more));
    size_t count = table_rows(t);
    if (!count) return fail(r->context, BASHU_ERROR_INPUT, "%s:1: has no links; add a row for each", path);
    TRY(name_list_new(&r->nodes, r->memory, "node", "the links", 2 * count));
    road_link *links = arena_alloc(r->memory, count, sizeof *links);
    if (!links) return fail_memory(r->context);
    long length = table_find(t, "length");
    for (size_t row = 0; row < count; row++) TRY(link_read(&links[row], r, t, at, length, row));
    r->out->links = links;
    r->out->link_count = count;
    r->out->node_id = r->nodes.names;
    r->out->node_count = r->nodes.count;
    r->out->links_path = arena_text(r->memory, path);
    r->out->links_sha256 = arena_text(r->memory, table_sha256(t));
    return r->out->links_path && r->out->links_sha256 ? BASHU_OK : fail_memory(r->context);
}

/* ---- trips --------------------------------------------------------------------------------------- */

enum { TRIP_ORIGIN, TRIP_DESTINATION, TRIP_TRIPS, TRIP_COLUMNS };

typedef struct trip_row {
    road_trip trip;
    size_t row;
} trip_row;

static int compare_trips(const void *a, const void *b)
{
    const trip_row *x = a, *y = b;
    if (x->trip.origin != y->trip.origin) return x->trip.origin < y->trip.origin ? -1 : 1;
    if (x->trip.destination != y->trip.destination) return x->trip.destination < y->trip.destination ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static bashu_status check_trips(network_reader *r, const table *t, const size_t *at, const trip_row *rows, size_t count)
{
    size_t nodes = r->out->node_count, *by_link = arena_alloc(r->scratch, nodes, sizeof *by_link);
    double *time = arena_alloc(r->scratch, nodes, sizeof *time), *free_time;
    graph *g = road_graph(r->scratch, r->out);
    least_tree *tree;
    free_time = arena_alloc(r->scratch, r->out->link_count, sizeof *free_time);
    if (!by_link || !time || !g || !free_time) return fail_memory(r->context);
    for (size_t l = 0; l < r->out->link_count; l++) free_time[l] = g->links[l].time_h;
    TRY(least_tree_new(&tree, r->scratch, g));
    for (size_t k = 0; k < count; k++) {
        const road_trip *trip = &rows[k].trip;
        bool same_origin = k && trip->origin == rows[k - 1].trip.origin;
        if (same_origin && trip->destination == rows[k - 1].trip.destination)
            return table_fail(t, rows[k].row, at[TRIP_DESTINATION],
                              "trips from '%s' to '%s' stand on line %zu already; add the two up, or delete one",
                              r->nodes.names[trip->origin], r->nodes.names[trip->destination],
                              table_line(t, rows[k - 1].row));
        if (!same_origin) least_tree_search(tree, trip->origin, free_time, time, by_link);
        if (isinf(time[trip->destination]) && trip->trips > 0)
            return table_fail(t, rows[k].row, at[TRIP_DESTINATION],
                              "no way leads from '%s' to '%s'; add the missing links to %s, or delete the trips",
                              r->nodes.names[trip->origin], r->nodes.names[trip->destination], r->out->links_path);
    }
    return BASHU_OK;
}

static bashu_status trips_read(network_reader *r, const char *path)
{
    static const char *const columns[] = {"origin", "destination", "trips", NULL};
    size_t at[TRIP_COLUMNS], count;
    table *t;
    TRY(long_table_read(&t, at, r->scratch, path, columns, NULL));
    count = table_rows(t);
    trip_row *rows = arena_alloc(r->scratch, count + 1, sizeof *rows);
    road_trip *trips = arena_alloc(r->memory, count + 1, sizeof *trips);
    if (!rows || !trips) return fail_memory(r->context);
    for (size_t row = 0; row < count; row++) {
        rows[row].row = row;
        TRY(name_list_find(&rows[row].trip.origin, &r->nodes, t, row, at[TRIP_ORIGIN]));
        TRY(name_list_find(&rows[row].trip.destination, &r->nodes, t, row, at[TRIP_DESTINATION]));
        TRY(table_number(&rows[row].trip.trips, t, row, at[TRIP_TRIPS], (number_range){0, unbounded, false, "trips"}));
    }
    qsort(rows, count, sizeof *rows, compare_trips);
    TRY(check_trips(r, t, at, rows, count));
    for (size_t k = 0; k < count; k++) {
        const road_trip *trip = &rows[k].trip;
        if (trip->origin == trip->destination) r->out->trips_within += trip->trips;
        else if (trip->trips > 0) trips[r->out->trip_count++] = *trip;
    }
    r->out->trips = trips;
    r->out->trips_path = arena_text(r->memory, path);
    r->out->trips_sha256 = arena_text(r->memory, table_sha256(t));
    return r->out->trips_path && r->out->trips_sha256 ? BASHU_OK : fail_memory(r->context);
}

bashu_status road_network_read(road_network *out, arena *memory, const char *links, const char *trips)
{
    bashu_context *context = arena_context(memory);
    network_reader r = {.memory = memory, .scratch = arena_new(context), .context = context, .out = out};
    *out = (road_network){0};
    if (!r.scratch) return fail_memory(context);
    bashu_status status = links_read(&r, links);
    if (status == BASHU_OK) status = trips_read(&r, trips);
    arena_free(r.scratch);
    return status;
}
