/* describe.c - a description copied whole, so that the economy outlives the data it came from. */
#include "accounts/accounts.h"

#include <string.h>

/* The first allocation that fails makes `failed` stick: callers look once, at the end. */
typedef struct copier {
    arena *memory;
    bool failed;
} copier;

static const char *copy_text(copier *c, const char *text)
{
    if (!text || c->failed) return NULL;
    char *copy = arena_text(c->memory, text);
    c->failed = !copy;
    return copy;
}

/* NULL stays NULL. */
static void *copy_array(copier *c, const void *from, size_t count, size_t size)
{
    if (!from || c->failed) return NULL;
    void *copy = arena_alloc(c->memory, count, size);
    c->failed = !copy;
    if (copy && count) memcpy(copy, from, count * size);
    return copy;
}

static void copy_label(copier *c, label *to)
{
    to->id = copy_text(c, to->id);
    to->name_en = copy_text(c, to->name_en);
    to->name_zh = copy_text(c, to->name_zh);
}

static const label *copy_labels(copier *c, const label *from, size_t count)
{
    label *to = copy_array(c, from, count, sizeof *to);
    for (size_t k = 0; to && k < count; k++) copy_label(c, &to[k]);
    return to;
}

static const char **copy_texts(copier *c, const char *const *from, size_t count)
{
    const char **to = copy_array(c, from, count, sizeof *to);
    for (size_t k = 0; to && k < count; k++) to[k] = copy_text(c, to[k]);
    return to;
}

static const region_row *copy_regions(copier *c, const region_row *from, size_t count)
{
    region_row *to = copy_array(c, from, count, sizeof *to);
    for (size_t n = 0; to && n < count; n++) {
        copy_label(c, &to[n].label);
        to[n].area = copy_text(c, to[n].area);
        to[n].people_flag = copy_text(c, to[n].people_flag);
        to[n].gdp_flag = copy_text(c, to[n].gdp_flag);
        to[n].land_flag = copy_text(c, to[n].land_flag);
    }
    return to;
}

static const sector_row *copy_sectors(copier *c, const sector_row *from, size_t count)
{
    sector_row *to = copy_array(c, from, count, sizeof *to);
    for (size_t j = 0; to && j < count; j++) copy_label(c, &to[j].label);
    return to;
}

static const region_set *copy_sets(copier *c, const region_set *from, size_t count, size_t N)
{
    region_set *to = copy_array(c, from, count, sizeof *to);
    for (size_t g = 0; to && g < count; g++) {
        size_t members = to[g].member_count;
        to[g].name = copy_text(c, to[g].name);
        to[g].members = copy_labels(c, to[g].members, members);
        to[g].published_people = copy_array(c, to[g].published_people, members, sizeof(double));
        to[g].published_gdp = copy_array(c, to[g].published_gdp, members, sizeof(double));
        to[g].published_land_km2 = copy_array(c, to[g].published_land_km2, members, sizeof(double));
        to[g].member_of = copy_array(c, to[g].member_of, N, sizeof(long));
        to[g].land_km2 = copy_array(c, to[g].land_km2, N, sizeof(double));
        to[g].people = copy_array(c, to[g].people, N, sizeof(double));
    }
    return to;
}

static const zone_part *copy_zones(copier *c, const zone_part *from, size_t count)
{
    zone_part *to = copy_array(c, from, count, sizeof *to);
    for (size_t z = 0; to && z < count; z++) {
        copy_label(c, &to[z].label);
        to[z].approved = copy_text(c, to[z].approved);
        to[z].land_flag = copy_text(c, to[z].land_flag);
    }
    return to;
}

static const published_total *copy_totals(copier *c, const published_total *from, size_t count)
{
    published_total *to = copy_array(c, from, count, sizeof *to);
    for (size_t t = 0; to && t < count; t++) {
        to[t].variable = copy_text(c, to[t].variable);
        to[t].set = copy_text(c, to[t].set);
        to[t].member = copy_text(c, to[t].member);
        to[t].source = copy_text(c, to[t].source);
    }
    return to;
}

static const indicator *copy_indicators(copier *c, const indicator *from, size_t count)
{
    indicator *to = copy_array(c, from, count, sizeof *to);
    for (size_t t = 0; to && t < count; t++) {
        to[t].variable = copy_text(c, to[t].variable);
        to[t].set = copy_text(c, to[t].set);
        to[t].member = copy_text(c, to[t].member);
        to[t].unit = copy_text(c, to[t].unit);
        to[t].source = copy_text(c, to[t].source);
        to[t].flag = copy_text(c, to[t].flag);
    }
    return to;
}

static const input_file *copy_files(copier *c, const input_file *from, size_t count)
{
    input_file *to = copy_array(c, from, count, sizeof *to);
    for (size_t f = 0; to && f < count; f++) {
        to[f].path = copy_text(c, to[f].path);
        to[f].sha256 = copy_text(c, to[f].sha256);
    }
    return to;
}

static const flag_word *copy_flags(copier *c, const flag_word *from, size_t count)
{
    flag_word *to = copy_array(c, from, count, sizeof *to);
    for (size_t f = 0; to && f < count; f++) copy_label(c, &to[f].label);
    return to;
}

static const graph *copy_graph(copier *c, const graph *from)
{
    graph *to = copy_array(c, from, 1, sizeof *to);
    if (!to) return NULL;
    graph_link *links = copy_array(c, to->links, to->link_count, sizeof *links);
    for (size_t l = 0; links && l < to->link_count; l++) {
        links[l].id = copy_text(c, links[l].id);
        links[l].mode = copy_text(c, links[l].mode);
        links[l].line = copy_text(c, links[l].line);
        links[l].flag = copy_text(c, links[l].flag);
    }
    mode_delay *delays = copy_array(c, to->delays, to->delay_count, sizeof *delays);
    for (size_t k = 0; delays && k < to->delay_count; k++) delays[k].mode = copy_text(c, delays[k].mode);
    to->links = links;
    to->delays = delays;
    to->node_id = copy_texts(c, to->node_id, to->node_count);
    to->node_name_en = copy_texts(c, to->node_name_en, to->node_count);
    to->node_name_zh = copy_texts(c, to->node_name_zh, to->node_count);
    to->node_lon = copy_array(c, to->node_lon, to->node_count, sizeof(double));
    to->node_lat = copy_array(c, to->node_lat, to->node_count, sizeof(double));
    to->region_node = copy_array(c, to->region_node, to->region_count, sizeof(size_t));
    return to;
}

static void copy_source(copier *c, elasticity *e) { e->source = copy_text(c, e->source); }

static const travel_class *copy_travel(copier *c, const travel_class *from, size_t count, const graph *network)
{
    travel_class *to = copy_array(c, from, count, sizeof *to);
    for (size_t k = 0; to && k < count; k++) {
        to[k].name = copy_text(c, to[k].name);
        to[k].allowed = network ? copy_array(c, to[k].allowed, network->link_count, 1) : NULL;
        copy_source(c, &to[k].route_dispersion);
        copy_source(c, &to[k].mode_dispersion);
        travel_mode *modes = copy_array(c, to[k].modes, to[k].mode_count, sizeof *modes);
        for (size_t m = 0; modes && m < to[k].mode_count; m++) {
            modes[m].mode = copy_text(c, modes[m].mode);
            copy_source(c, &modes[m].penalty_min);
        }
        to[k].modes = modes;
    }
    return to;
}

static const speed_limit *copy_limits(copier *c, const speed_limit *from, size_t count)
{
    speed_limit *to = copy_array(c, from, count, sizeof *to);
    for (size_t k = 0; to && k < count; k++) to[k].mode = copy_text(c, to[k].mode);
    return to;
}

static const printed_time *copy_printed(copier *c, const printed_time *from, size_t count)
{
    printed_time *to = copy_array(c, from, count, sizeof *to);
    for (size_t k = 0; to && k < count; k++) to[k].mode = copy_text(c, to[k].mode);
    return to;
}

size_t elasticity_items(const description *about, elasticity_id id)
{
    switch (elasticity_rows[id].scope) {
    case SCOPE_REGION: return about->N;
    case SCOPE_SECTOR: return about->J;
    case SCOPE_GROUP: return about->S;
    case SCOPE_ECONOMY: break;
    }
    return 1;
}

static void copy_elasticities(copier *c, description *to)
{
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) {
        elasticity *e = &to->elasticities[k];
        copy_source(c, e);
        e->by_item = copy_array(c, e->by_item, elasticity_items(to, (elasticity_id)k), sizeof(double));
    }
}

bashu_status description_copy(description *to, const description *from, arena *memory)
{
    copier c = {memory, false};
    *to = *from; /* numbers and switches; every pointer is replaced below */
    to->boundaries = copy_text(&c, from->boundaries);
    to->folder = copy_text(&c, from->folder);
    to->name = copy_text(&c, from->name);
    to->title_en = copy_text(&c, from->title_en);
    to->title_zh = copy_text(&c, from->title_zh);
    to->currency_code = copy_text(&c, from->currency_code);
    to->currency_en = copy_text(&c, from->currency_en);
    to->currency_zh = copy_text(&c, from->currency_zh);
    to->regions = copy_regions(&c, from->regions, from->N);
    to->sectors = copy_sectors(&c, from->sectors, from->J);
    to->groups = copy_labels(&c, from->groups, from->S);
    to->areas = copy_texts(&c, from->areas, from->A);
    to->sets = copy_sets(&c, from->sets, from->set_count, from->N);
    to->zones = copy_zones(&c, from->zones, from->zone_count);
    to->totals = copy_totals(&c, from->totals, from->total_count);
    to->indicators = copy_indicators(&c, from->indicators, from->indicator_count);
    to->files = copy_files(&c, from->files, from->file_count);
    to->sources = copy_labels(&c, from->sources, from->source_count);
    to->flags = copy_flags(&c, from->flags, from->flag_count);
    to->network = copy_graph(&c, from->network);
    to->travel = copy_travel(&c, from->travel, from->C, from->network);
    to->speed_limits = copy_limits(&c, from->speed_limits, from->speed_limit_count);
    to->printed_times = copy_printed(&c, from->printed_times, from->printed_time_count);
    to->internal_time_h = copy_array(&c, from->internal_time_h, from->N, sizeof(double));
    copy_elasticities(&c, to);
    return c.failed ? fail_memory(arena_context(memory)) : BASHU_OK;
}
