/* times.c - the public functions of least times between many places: argument checks and calls. */
#include "report/times.h"

bashu_status bashu_times_of_network(bashu_times **out, const bashu_network *network, const char *travel)
{
    if (out) *out = NULL;
    if (!network) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(network->context, BASHU_ERROR_ARGUMENT, "bashu_times_of_network needs a place for the times");
    return times_of_network(out, network, travel);
}

bashu_status bashu_times_of_routing(bashu_times **out, const bashu_routing *routing)
{
    if (out) *out = NULL;
    if (!routing) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(routing->context, BASHU_ERROR_ARGUMENT, "bashu_times_of_routing needs a place for the times");
    return times_of_routing(out, routing);
}

void bashu_times_free(bashu_times *times) { times_free(times); }

size_t bashu_times_place_count(const bashu_times *times) { return times ? times->place_count : 0; }

const char *bashu_times_place_id(const bashu_times *times, size_t place) { return times && place < times->place_count ? times->id[place] : NULL; }

bashu_status bashu_times_places(const size_t **places, size_t *count, bashu_times *times, const char *path)
{
    if (!times) return BASHU_ERROR_ARGUMENT;
    if (!places || !count) return fail(times->context, BASHU_ERROR_ARGUMENT, "bashu_times_places needs a place for the list and its length");
    *places = times->settled;
    *count = times->settled_count;
    return path ? times_places(places, count, times, path) : BASHU_OK;
}

static bashu_status check_places(const bashu_times *times, const size_t *place, size_t count, const char *what)
{
    if (!place && count) return fail(times->context, BASHU_ERROR_ARGUMENT, "least times need the places `%s`", what);
    for (size_t k = 0; k < count; k++)
        if (place[k] >= times->place_count)
            return fail(times->context, BASHU_ERROR_ARGUMENT, "%s[%zu] is %zu; there are %zu places", what, k, place[k], times->place_count);
    return BASHU_OK;
}

bashu_status bashu_times_rows(double *time_h, const bashu_times *times, const size_t *from, size_t from_count, const size_t *to, size_t to_count)
{
    if (!times) return BASHU_ERROR_ARGUMENT;
    if (!time_h) return fail(times->context, BASHU_ERROR_ARGUMENT, "bashu_times_rows needs a place for the times");
    TRY(check_places(times, from, from_count, "from"));
    TRY(check_places(times, to, to_count, "to"));
    return graph_between_rows(times->between, from, from_count, to, to_count, time_h);
}

bashu_status bashu_times_csv(char **out, const bashu_times *times, const size_t *from, size_t from_count, const size_t *to, size_t to_count, int head)
{
    if (out) *out = NULL;
    if (!times) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(times->context, BASHU_ERROR_ARGUMENT, "bashu_times_csv needs a place for the text");
    TRY(check_places(times, from, from_count, "from"));
    TRY(check_places(times, to, to_count, "to"));
    return times_csv(out, times, from, from_count, to, to_count, head != 0);
}
