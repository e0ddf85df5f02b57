/* times.c - least times between places of a network. */
#include "measure/times.h"

#include "input/input.h"

#include <math.h>
#include <string.h>

static bashu_times *times_new(bashu_context *context)
{
    arena *memory = arena_new(context);
    bashu_times *t = memory ? arena_alloc(memory, 1, sizeof *t) : NULL;
    if (t) *t = (bashu_times){.context = context, .memory = memory};
    else arena_free(memory);
    return t;
}

void times_free(bashu_times *times)
{
    if (times) arena_free(times->memory);
}

static bashu_status finish(bashu_times **out, bashu_times *t, bashu_status status)
{
    if (status == BASHU_OK) *out = t;
    else times_free(t);
    return status;
}

/* ---- an economy ------------------------------------------------------------------------------------ */

static bashu_status class_of(size_t *out, const bashu_network *network, const char *travel)
{
    const description *about = &network->economy->about;
    size_t best = 0, most = 0;
    for (size_t c = 0; c < about->C; c++) {
        size_t open = 0;
        if (travel && !strcmp(network->travel[c].name, travel)) {
            *out = c;
            return BASHU_OK;
        }
        for (size_t l = 0; l < network->graph->link_count; l++) open += network->travel[c].allowed[l] != 0;
        if (open > most) {
            best = c;
            most = open;
        }
    }
    *out = best;
    if (!travel) return BASHU_OK;
    const char *near = NULL, *names[16];
    size_t count = about->C < 16 ? about->C : 16;
    for (size_t c = 0; c < count; c++) names[c] = network->travel[c].name;
    near = nearest_name(travel, names, count);
    return fail(network->context, BASHU_ERROR_ARGUMENT, "there is no class of travel '%s'; %s '%s'%s", travel, near ? "did you mean" : "write e.g.",
                near ? near : names[0], near ? "?" : "");
}

/* Times over all routes, or by main modes, are between regions and not between any nodes. */
static bashu_status check_least(const bashu_times *t, const bashu_network *network, size_t travel)
{
    const description *about = &network->economy->about;
    const travel_class *class = &about->travel[travel];
    const char *instead = "the economy's own times between regions are in travel_time.csv of bashu calibrate -o";
    if (about->switches.routing != ROUTING_LEAST_TIME)
        return fail(t->context, BASHU_ERROR_ARGUMENT, "these are least times, and the economy has routing: stochastic; set model.routing=least_time (%s)", instead);
    if (class->mode_dispersion.value > 0)
        return fail(t->context, BASHU_ERROR_ARGUMENT, "these are least times over all modes, and class '%s' chooses a mode first (mode_dispersion %g); leave that out (%s)", class->name,
                    class->mode_dispersion.value, instead);
    return BASHU_OK;
}

static bashu_status of_network(bashu_times *t, const bashu_network *network, const char *travel)
{
    const graph *g = network->graph;
    const char **id = arena_alloc(t->memory, g->node_count, sizeof *id);
    size_t c;
    if (!id) return fail_memory(t->context);
    memcpy(id, g->node_id, g->node_count * sizeof *id);
    for (size_t n = 0; n < g->region_count; n++) id[g->region_node[n]] = network->economy->about.regions[n].label.id;
    t->place_count = g->node_count;
    t->id = id;
    t->home = "the tables regions and nodes";
    t->settled_count = g->region_count;
    t->settled = arena_alloc(t->memory, g->region_count + 1, sizeof *t->settled);
    if (!t->settled) return fail_memory(t->context);
    memcpy(t->settled, g->region_node, g->region_count * sizeof *t->settled);
    TRY(class_of(&c, network, travel));
    TRY(check_least(t, network, c));
    return graph_between_new(&t->between, t->memory, g, network->link_time_h, network->travel[c].allowed);
}

bashu_status times_of_network(bashu_times **out, const bashu_network *network, const char *travel)
{
    bashu_times *t = times_new(network->context);
    return t ? finish(out, t, of_network(t, network, travel)) : fail_memory(network->context);
}

/* ---- a network whose trade takes all routes ---------------------------------------------------------- */

static bashu_status of_routing(bashu_times *t, const route_network *w)
{
    graph_link *links = arena_alloc(t->memory, w->link_count, sizeof *links);
    t->settled = arena_alloc(t->memory, w->node_count, sizeof *t->settled);
    if (!links || !t->settled) return fail_memory(t->context);
    t->place_count = w->node_count;
    t->id = w->node_id;
    t->home = w->nodes_path;
    for (size_t i = 0; i < w->node_count; i++)
        if (w->people[i] > 0) t->settled[t->settled_count++] = i;
    if (!w->time_h) return fail(t->context, BASHU_ERROR_ARGUMENT, "%s states costs of links and no times; write the column time_h instead of cost", w->links_path);
    for (size_t k = 0; k < w->link_count; k++)
        links[k] = (graph_link){.id = w->links[k].id, .mode = "", .from = w->links[k].from, .to = w->links[k].to, .time_h = w->time_h[k],
                                .length_km = (double)NAN, .both_ways = w->links[k].both_ways};
    graph g = {.node_count = w->node_count, .link_count = w->link_count, .links = links};
    return graph_between_new(&t->between, t->memory, &g, NULL, NULL);
}

bashu_status times_of_routing(bashu_times **out, const bashu_routing *routing)
{
    bashu_times *t = times_new(routing->context);
    return t ? finish(out, t, of_routing(t, &routing->network)) : fail_memory(routing->context);
}

/* ---- chosen places ----------------------------------------------------------------------------------- */

bashu_status times_places(const size_t **out, size_t *count, bashu_times *times, const char *path)
{
    size_t *places = NULL;
    arena *scratch = arena_new(times->context);
    bashu_status status = scratch ? places_read(&places, count, times->memory, scratch, path, times->id, times->place_count, times->home) : fail_memory(times->context);
    arena_free(scratch);
    *out = places;
    return status;
}
