/* upgrades.c - a file of links that money makes faster. Format: docs/network.md, "The best size of every link". */
#include "input/upgrades.h"

#include "input/scenario_parts.h"

#include <string.h>

/* ---- which links ------------------------------------------------------------------------------------- */

/* Nodes of the places, and stations that a way leads to from there. */
static bashu_status mark_nodes(unsigned char **out, scenario_reader *r, const unsigned char *places)
{
    const graph *g = r->about->network;
    unsigned char *inside = arena_alloc(r->scratch, g->node_count + 1, 1), *is_region = arena_alloc(r->scratch, g->node_count + 1, 1);
    *out = inside;
    if (!inside || !is_region) return fail_memory(r->context);
    for (size_t n = 0; n < g->region_count; n++) {
        is_region[g->region_node[n]] = 1;
        inside[g->region_node[n]] = places[n];
    }
    for (size_t l = 0; l < g->link_count; l++) {
        size_t a = g->links[l].from, b = g->links[l].to;
        if (is_region[a] && !is_region[b] && inside[a]) inside[b] = 1;
        if (is_region[b] && !is_region[a] && inside[b]) inside[a] = 1;
    }
    return BASHU_OK;
}

static bashu_status check_mode(scenario_reader *r, const yaml_node *n, const char *mode)
{
    const graph *g = r->about->network;
    const char **modes = arena_alloc(r->scratch, g->link_count + 1, sizeof *modes);
    if (!modes) return fail_memory(r->context);
    for (size_t l = 0; l < g->link_count; l++) {
        if (!strcmp(g->links[l].mode, mode)) return BASHU_OK;
        modes[l] = g->links[l].mode;
    }
    return unknown_name(r, n, "mode", "mode", mode, nearest_name(mode, modes, g->link_count));
}

/* {mode: MODE, within: PLACES} or {mode: MODE, touching: PLACES}; ways between a region and its stations are nobody's to build. */
static bashu_status select_by_place(unsigned char *marks, scenario_reader *r, const yaml_node *map)
{
    static const char *const keys[] = {"mode", "within", "touching", NULL};
    const graph *g = r->about->network;
    const yaml_node *mode_node, *within = node_get(map, "within"), *touching = node_get(map, "touching");
    const unsigned char *places;
    unsigned char *inside, *all;
    const char *mode;
    TRY(node_only(r->document, map, keys));
    TRY(node_require(&mode_node, r->document, map, "mode"));
    TRY(node_text(&mode, r->document, mode_node, "mode"));
    TRY(check_mode(r, mode_node, mode));
    if (!within == !touching) return node_fail(r->document, map, "links: needs one of within and touching; write e.g. within: {circle: ID}");
    TRY(scenario_places(&places, r, within ? within : touching, within ? "within" : "touching"));
    TRY(mark_nodes(&inside, r, places));
    all = arena_alloc(r->scratch, g->node_count + 1, 1);
    if (!all) return fail_memory(r->context);
    for (size_t n = 0; n < g->region_count; n++) all[g->region_node[n]] = 1;
    for (size_t l = 0; l < g->link_count; l++) {
        size_t a = g->links[l].from, b = g->links[l].to;
        bool chosen = within ? inside[a] && inside[b] : inside[a] || inside[b];
        marks[l] = chosen && !strcmp(g->links[l].mode, mode) && all[a] == all[b];
    }
    return BASHU_OK;
}

static bashu_status select_links(const unsigned char **out, scenario_reader *r, const yaml_node *n)
{
    size_t count = r->about->network->link_count;
    if (node_kind_of(n) != NODE_MAP) return scenario_ids(out, r, n, "links", &r->links);
    unsigned char *marks = arena_alloc(r->scratch, count + 1, 1);
    bool any = false;
    if (!marks) return fail_memory(r->context);
    TRY(select_by_place(marks, r, n));
    for (size_t l = 0; l < count; l++) any |= marks[l];
    if (!any) return node_fail(r->document, n, "links: selects no link; bashu network --csv lists them");
    *out = marks;
    return BASHU_OK;
}

/* ---- the law ----------------------------------------------------------------------------------------- */

static bashu_status stated(elasticity *out, scenario_reader *r, const yaml_node *map, const char *key, double high)
{
    const yaml_node *n;
    TRY(node_require(&n, r->document, map, key));
    TRY(statement_read(out, r->memory, r->document, n, key, 0, high));
    if (!(out->value > 0 && isfinite(out->value))) return node_fail(r->document, n, "%s: must be a number above 0", key);
    return out->source ? BASHU_OK : node_fail(r->document, n, "%s: where does the number come from? Write {value: %g, source: \"...\"}", key, out->value);
}

static bashu_status add_links(upgrades *u, scenario_reader *r, const yaml_node *map, const unsigned char *marks, unsigned char *taken, size_t law)
{
    const graph *g = r->about->network;
    const upgrade_law *of = &u->laws[law];
    for (size_t l = 0; l < g->link_count; l++) {
        const graph_link *link = &g->links[l];
        if (!marks[l]) continue;
        if (taken[l]) return node_fail(r->document, map, "links: '%s' is in an item above already; leave it out of one of the two", link->id);
        if (!(link->length_km > 0)) return node_fail(r->document, map, "links: '%s' has no length, so nobody knows what a kilometre of it costs; leave it out, or state length_km in the table links", link->id);
        taken[l] = 1;
        double capital = of->capital_per_km.value * link->length_km, slower = link->time_h * of->fastest_km_per_h / link->length_km;
        u->list[u->count++] = (upgrade){l, law, capital, of->returns.value, slower > 1 ? capital * expm1(log(slower) / of->returns.value) : 0};
    }
    return BASHU_OK;
}

static bashu_status candidate_read(upgrades *u, scenario_reader *r, const yaml_node *map, unsigned char *taken, size_t law)
{
    static const char *const keys[] = {"links", "capital_per_km", "returns", "fastest_km_per_h", NULL};
    const yaml_node *links, *fastest;
    const unsigned char *marks;
    if (node_kind_of(map) != NODE_MAP) return node_fail(r->document, map, "candidates: an item must be a map; write links, capital_per_km, returns and fastest_km_per_h");
    TRY(node_only(r->document, map, keys));
    TRY(stated(&u->laws[law].capital_per_km, r, map, "capital_per_km", unbounded));
    TRY(stated(&u->laws[law].returns, r, map, "returns", 10));
    TRY(node_require(&fastest, r->document, map, "fastest_km_per_h"));
    TRY(node_number(&u->laws[law].fastest_km_per_h, r->document, fastest, "fastest_km_per_h", 1, 2000));
    TRY(node_require(&links, r->document, map, "links"));
    TRY(select_links(&marks, r, links));
    return add_links(u, r, map, marks, taken, law);
}

/* ---- the file ---------------------------------------------------------------------------------------- */

static bashu_status parts_read(upgrades *u, scenario_reader *r)
{
    static const char *const keys[] = {"format", "name", "title", "economy", "candidates", NULL};
    const yaml_node *root = document_root(r->document), *list, *title = node_get(root, "title");
    size_t links = r->about->network->link_count;
    TRY(node_only(r->document, root, keys));
    TRY(scenario_text(&u->name, r, root, "name"));
    u->title_en = u->title_zh = u->name;
    if (title) TRY(bilingual_read(&u->title_en, &u->title_zh, r->memory, r->document, title, "title"));
    TRY(node_require(&list, r->document, root, "candidates"));
    if (node_kind_of(list) != NODE_LIST || !node_count(list))
        return node_fail(r->document, list, "candidates: must be a list; write - {links: [ID], capital_per_km: ..., returns: ..., fastest_km_per_h: ...}");
    unsigned char *taken = arena_alloc(r->scratch, links + 1, 1);
    u->law_count = node_count(list);
    u->laws = arena_alloc(r->memory, u->law_count, sizeof *u->laws);
    u->list = arena_alloc(r->memory, links + 1, sizeof *u->list);
    if (!taken || !u->laws || !u->list) return fail_memory(r->context);
    for (size_t k = 0; k < u->law_count; k++) TRY(candidate_read(u, r, node_item(list, k), taken, k));
    return BASHU_OK;
}

bashu_status upgrades_read(upgrades *out, arena *memory, arena *scratch, const bashu_economy *economy, const char *path)
{
    scenario_reader r;
    *out = (upgrades){0};
    if (!economy->about.network) return fail(economy->context, BASHU_ERROR_ARGUMENT, "the economy '%s' has no network; give it the tables nodes and links", economy->about.name);
    TRY(scenario_open_file(&r, memory, scratch, economy, path, "bashu-upgrades/1"));
    out->path = arena_text(memory, path);
    out->sha256 = arena_text(memory, document_sha256(r.document));
    if (!out->path || !out->sha256) return fail_memory(economy->context);
    return parts_read(out, &r);
}

static bashu_status folder_of(char **out, arena *scratch, const char *path)
{
    document *d;
    const yaml_node *n;
    const char *name;
    TRY(document_read(&d, scratch, path));
    TRY(document_format(d, "bashu-upgrades/1"));
    TRY(node_require(&n, d, document_root(d), "economy"));
    TRY(node_text(&name, d, n, "economy"));
    const char *folder = path_beside(scratch, path, name);
    return folder && (*out = strdup(folder)) ? BASHU_OK : fail_memory(arena_context(scratch));
}

bashu_status upgrades_economy(char **out, bashu_context *context, const char *path)
{
    *out = NULL;
    arena *scratch = arena_new(context);
    bashu_status status = scratch ? folder_of(out, scratch, path) : fail_memory(context);
    arena_free(scratch);
    return status;
}
