/* economy_network.c - classes of travel, nodes and links.
 *
 *   internal time = (2/3) sqrt(land / pi) / speed     hours: the mean distance of a disc's points to its centre */
#include "input/economy_parts.h"

#include <string.h>

#define SPEED "internal_speed_km_per_h"
#define TERMINAL "terminal_minutes"
#define LIMITS "speed_limits_km_per_h"

typedef struct network_parts {
    axis nodes;
    graph *network;
    graph_link *links;
} network_parts;

/* ---- classes of travel --------------------------------------------------------------------------- */

static const yaml_node *class_node(const economy_reader *r, size_t travel)
{
    return node_get(node_get(r->root, "travel"), r->classes.ids[travel]);
}

static bashu_status people_travel_read(economy_reader *r)
{
    const yaml_node *node = node_get(r->root, "people_travel");
    const char *name;
    r->about->people_travel = r->classes.count ? r->classes.count - 1 : 0;
    if (!node) return BASHU_OK;
    TRY(node_text(&name, r->document, node, "people_travel"));
    long found = name_index_find(r->classes.index, name);
    if (found >= 0) {
        r->about->people_travel = (size_t)found;
        return BASHU_OK;
    }
    const char *near = name_index_nearest(r->classes.index, name);
    if (near) return node_fail(r->document, node, "people_travel: unknown class '%s'; did you mean '%s'?", name, near);
    return node_fail(r->document, node, "people_travel: unknown class '%s'; write a class of 'travel'", name);
}

bashu_status travel_read(economy_reader *r)
{
    const yaml_node *node = node_get(r->root, "travel");
    size_t count = node ? node_count(node) : 0;
    if (count && node_kind_of(node) != NODE_MAP)
        return node_fail(r->document, node, "travel: must be a map; write e.g. freight: {modes: [road]}");
    TRY(axis_new(&r->classes, r, "class of travel", "'travel' in economy.yaml", count));
    for (size_t k = 0; k < count; k++) {
        const char *name;
        if (!strcmp(node_key(node, k), SPEED) || !strcmp(node_key(node, k), TERMINAL) || !strcmp(node_key(node, k), LIMITS) || delay_is_key(node_key(node, k), strlen(node_key(node, k)))) continue;
        TRY(keep_text(&name, r, node_key(node, k)));
        TRY(class_check(r, node_item(node, k)));
        TRY(axis_add(&r->classes, r, name));
    }
    r->about->C = r->classes.count;
    return people_travel_read(r);
}

/* ---- nodes --------------------------------------------------------------------------------------- */

/* *is_region: whether people and goods of the region start and end here; a station may belong to none. */
static bashu_status node_place(bool *is_region, size_t *region, economy_reader *r, const table *t, size_t row)
{
    size_t kind, column;
    TRY(table_require(&kind, t, "kind"));
    TRY(table_require(&column, t, "region"));
    const char *word = table_text(t, row, kind);
    *is_region = !strcmp(word, "region");
    if (!*is_region && strcmp(word, "station") != 0)
        return table_fail(t, row, kind, "unknown kind '%s'; write region or station", word);
    if (!*is_region && !*table_text(t, row, column)) return BASHU_OK;
    return axis_find(region, &r->regions, t, row, column);
}

static bashu_status region_nodes(size_t *region_node, economy_reader *r, const axis *nodes, const table *t)
{
    const size_t none = SIZE_MAX;
    for (size_t n = 0; n < r->about->N; n++) region_node[n] = none;
    for (size_t row = 0; row < table_rows(t); row++) {
        bool is_region;
        size_t n = 0;
        TRY(node_place(&is_region, &n, r, t, row));
        if (is_region && region_node[n] != none)
            return table_fail(t, row, (size_t)table_find(t, "region"),
                              "region '%s' has node '%s' already, on line %zu; make one of them a station",
                              r->regions.ids[n], nodes->ids[region_node[n]], table_line(t, region_node[n]));
        if (is_region) region_node[n] = row;
    }
    for (size_t n = 0; n < r->about->N; n++)
        if (region_node[n] == none)
            return fail(r->context, BASHU_ERROR_INPUT,
                        "%s: no row with region = '%s', kind = 'region'; add the node of the region", table_path(t),
                        r->regions.ids[n]);
    return BASHU_OK;
}

static bashu_status node_words(graph *g, economy_reader *r, const table *t, const label *labels)
{
    double *lon, *lat;
    TRY(keep(&g->node_name_en, r, table_rows(t), sizeof *g->node_name_en));
    TRY(keep(&g->node_name_zh, r, table_rows(t), sizeof *g->node_name_zh));
    TRY(keep(&lon, r, table_rows(t), sizeof *lon));
    TRY(keep(&lat, r, table_rows(t), sizeof *lat));
    for (size_t row = 0; row < table_rows(t); row++) {
        g->node_name_en[row] = labels[row].name_en;
        g->node_name_zh[row] = labels[row].name_zh;
        TRY(optional_number(&lon[row], t, row, "lon", -180, 180, "degrees"));
        TRY(optional_number(&lat[row], t, row, "lat", -90, 90, "degrees"));
    }
    g->node_lon = lon;
    g->node_lat = lat;
    return BASHU_OK;
}

static bashu_status nodes_read(network_parts *p, economy_reader *r)
{
    static const char *const known[] = {"id", "name_en", "name_zh", "region", "lon", "lat", "kind", NULL};
    const table *t;
    label *labels;
    size_t *region_node;
    TRY(open_table(&t, r, TABLE_NODES, known, NULL));
    TRY(borrow(&labels, r, table_rows(t), sizeof *labels));
    TRY(axis_new(&p->nodes, r, "node", table_path(t), table_rows(t)));
    TRY(labels_read(labels, &p->nodes, r, t));
    TRY(keep(&region_node, r, r->about->N, sizeof *region_node));
    TRY(region_nodes(region_node, r, &p->nodes, t));
    TRY(keep(&p->network, r, 1, sizeof *p->network));
    p->network->node_count = p->nodes.count;
    p->network->node_id = p->nodes.ids;
    p->network->region_count = r->about->N;
    p->network->region_node = region_node;
    return node_words(p->network, r, t, labels);
}

/* ---- links --------------------------------------------------------------------------------------- */

bashu_status two_ends_read(size_t *from, size_t *to, const axis *nodes, const table *t, size_t row, const char *what)
{
    size_t from_column, to_column;
    TRY(table_require(&from_column, t, "from_node"));
    TRY(table_require(&to_column, t, "to_node"));
    TRY(axis_find(from, nodes, t, row, from_column));
    TRY(axis_find(to, nodes, t, row, to_column));
    if (*from != *to) return BASHU_OK;
    return table_fail(t, row, to_column, "the %s begins and ends at node '%s'; write another node or delete the row", what, nodes->ids[*to]);
}

static bashu_status link_numbers(graph_link *link, const table *t, size_t row)
{
    size_t minutes;
    double value;
    TRY(table_require(&minutes, t, "minutes"));
    TRY(table_number(&value, t, row, minutes, (number_range){0, 1e7, false, "minutes"}));
    if (!(value > 0)) return table_fail(t, row, minutes, "must be positive; write the time of the link in minutes");
    link->time_h = value / 60;
    TRY(optional_number(&link->length_km, t, row, "length_km", 0, 1e6, "km"));
    TRY(optional_number(&value, t, row, "opened", 0, 9999, "(a year)"));
    link->opened = isnan(value) ? 0 : (int)value;
    return BASHU_OK;
}

static bashu_status link_direction(graph_link *link, const table *t, size_t row)
{
    long column = table_find(t, "direction");
    const char *word = column < 0 ? "" : table_text(t, row, (size_t)column);
    link->both_ways = strcmp(word, "oneway") != 0;
    if (!*word || !link->both_ways) return BASHU_OK;
    return table_fail(t, row, (size_t)column, "unknown direction '%s'; write oneway, or leave it empty for both ways",
                      word);
}

static bashu_status links_read(network_parts *p, economy_reader *r, const table *t)
{
    size_t id, mode, count = table_rows(t);
    TRY(table_require(&id, t, "id"));
    TRY(table_require(&mode, t, "mode"));
    TRY(keep(&p->links, r, count, sizeof *p->links));
    name_index *seen = name_index_new(r->scratch, count);
    if (!seen) return fail_memory(r->context);
    for (size_t row = 0; row < count; row++) {
        graph_link *link = &p->links[row];
        const char *name = table_text(t, row, id);
        long first = name_index_find(seen, name);
        if (!*name) return table_fail(t, row, id, "is empty; write a short name for the link");
        if (first >= 0)
            return table_fail(t, row, id, "duplicate link '%s', first on line %zu; delete one of the rows or rename it",
                              name, table_line(t, (size_t)first));
        if (!name_index_add(seen, name, row)) return fail_memory(r->context);
        TRY(keep_text(&link->id, r, name));
        TRY(keep_text(&link->mode, r, table_text(t, row, mode)));
        TRY(text_read(&link->line, r, t, row, "line"));
        TRY(flag_read(&link->flag, r, t, row, "minutes"));
        TRY(two_ends_read(&link->from, &link->to, &p->nodes, t, row, "link"));
        TRY(link_numbers(link, t, row));
        TRY(link_direction(link, t, row));
    }
    p->network->links = p->links;
    p->network->link_count = count;
    return BASHU_OK;
}

/* ---- which class may use which link -------------------------------------------------------------- */

static bool has_mode(const yaml_node *modes, const char *mode)
{
    for (size_t m = 0; m < node_count(modes); m++)
        if (!strcmp(node_scalar(node_item(modes, m)), mode)) return true;
    return false;
}

static bashu_status mode_unknown(economy_reader *r, const table *t, size_t row, size_t column)
{
    const char *mode = table_text(t, row, column), **words;
    size_t count = 0, room = 0;
    for (size_t c = 0; c < r->about->C; c++) room += node_count(node_get(class_node(r, c), "modes"));
    TRY(borrow(&words, r, room, sizeof *words));
    for (size_t c = 0; c < r->about->C; c++) {
        const yaml_node *modes = node_get(class_node(r, c), "modes");
        for (size_t m = 0; m < node_count(modes); m++) words[count++] = node_scalar(node_item(modes, m));
    }
    const char *near = nearest_name(mode, words, count);
    if (near) return table_fail(t, row, column, "no class of travel uses mode '%s'; did you mean '%s'?", mode, near);
    return table_fail(t, row, column,
                      "no class of travel uses mode '%s'; add it to the modes of a class in economy.yaml", mode);
}

/* Every link must serve somebody: a mode that no class knows is a slip of the pen. */
static bashu_status check_modes(economy_reader *r, const network_parts *p, const table *t)
{
    for (size_t l = 0; t && l < p->network->link_count; l++) {
        bool used = false;
        for (size_t c = 0; c < r->about->C; c++) used |= r->about->travel[c].allowed[l];
        if (!used) return mode_unknown(r, t, l, (size_t)table_find(t, "mode"));
    }
    return BASHU_OK;
}

static bashu_status classes_read(economy_reader *r, const network_parts *p, const table *t)
{
    travel_class *travel;
    size_t links = p->network ? p->network->link_count : 0;
    TRY(keep(&travel, r, r->about->C, sizeof *travel));
    for (size_t c = 0; c < r->about->C; c++) {
        unsigned char *allowed;
        const yaml_node *modes = node_get(class_node(r, c), "modes");
        TRY(keep(&allowed, r, links, 1));
        for (size_t l = 0; l < links; l++) allowed[l] = has_mode(modes, p->links[l].mode);
        travel[c] = (travel_class){.name = r->classes.ids[c], .allowed = allowed};
        TRY(class_read(&travel[c], r, class_node(r, c)));
    }
    r->about->travel = travel;
    return check_modes(r, p, t);
}

/* ---- is every region within reach ---------------------------------------------------------------- */

static bool step(unsigned char *reached, size_t from, size_t to)
{
    if (!reached[from] || reached[to]) return false;
    reached[to] = 1;
    return true;
}

/* Marks what can be reached from the first region, or from where it can be reached. Passes over the links in turn up
 * and down: few are needed, and nothing is built for it. */
static void reach(unsigned char *reached, const graph *g, const unsigned char *allowed, bool backwards)
{
    memset(reached, 0, g->node_count);
    reached[g->region_node[0]] = 1;
    for (bool more = true, up = true; more; up = !up) {
        more = false;
        for (size_t k = 0; k < g->link_count; k++) {
            size_t l = up ? k : g->link_count - 1 - k;
            const graph_link *link = &g->links[l];
            if (!allowed[l]) continue;
            if (!backwards || link->both_ways) more |= step(reached, link->from, link->to);
            if (backwards || link->both_ways) more |= step(reached, link->to, link->from);
        }
    }
}

static bashu_status check_reach(economy_reader *r, const network_parts *p, const table *t, size_t travel,
                                bool backwards)
{
    unsigned char *reached;
    TRY(borrow(&reached, r, p->network->node_count, 1));
    reach(reached, p->network, r->about->travel[travel].allowed, backwards);
    for (size_t n = 0; n < r->about->N; n++) {
        if (reached[p->network->region_node[n]]) continue;
        const char *from = r->regions.ids[backwards ? n : 0], *to = r->regions.ids[backwards ? 0 : n];
        return fail(r->context, BASHU_ERROR_INPUT,
                    "%s: column 'mode': travel class '%s' cannot reach region '%s' from '%s' (the unconnected region "
                    "is '%s'); add "
                    "a link whose mode the class may use",
                    table_path(t), r->classes.ids[travel], to, from, r->regions.ids[n]);
    }
    return BASHU_OK;
}

static bashu_status check_connected(economy_reader *r, const network_parts *p, const table *t)
{
    for (size_t c = 0; c < r->about->C; c++) {
        TRY(check_reach(r, p, t, c, false));
        TRY(check_reach(r, p, t, c, true));
    }
    return BASHU_OK;
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static bashu_status internal_time_read(economy_reader *r)
{
    const double pi = 3.14159265358979323846;
    const yaml_node *travel = node_get(r->root, "travel"), *node;
    elasticity speed, terminal = {0};
    double *time_h;
    TRY(node_require(&node, r->document, travel, SPEED));
    TRY(statement_read(&speed, r->memory, r->document, node, SPEED, 0.1, unbounded)); /* inf: no time inside a region */
    node = node_get(travel, TERMINAL);
    if (node) TRY(statement_read(&terminal, r->memory, r->document, node, TERMINAL, 0, 1e4));
    r->about->terminal_time_h = terminal.value / 60;
    TRY(keep(&time_h, r, r->about->N, sizeof *time_h));
    for (size_t n = 0; n < r->about->N; n++) time_h[n] = 2.0 / 3 * sqrt(r->region_rows[n].land_km2 / pi) / speed.value;
    r->about->internal_time_h = time_h;
    return BASHU_OK;
}

bashu_status network_read(economy_reader *r)
{
    static const char *const known[] = {"id",        "from_node", "to_node", "mode",      "minutes",
                                        "length_km", "opened",    "line",    "direction", NULL};
    const yaml_node *nodes = table_entry(r, TABLE_NODES), *links = table_entry(r, TABLE_LINKS);
    network_parts p = {0};
    const table *t;
    if (!nodes && !links) return classes_read(r, &p, NULL);
    if (!nodes || !links)
        return node_fail(r->document, nodes ? nodes : links, "tables: %s without %s; a network needs both",
                         nodes ? "nodes" : "links", nodes ? "links" : "nodes");
    if (!r->about->C)
        return node_fail(r->document, links,
                         "links: no class of travel; write e.g. travel: {freight: {modes: [road]}}");
    TRY(nodes_read(&p, r));
    TRY(open_table(&t, r, TABLE_LINKS, known, NULL));
    TRY(links_read(&p, r, t));
    TRY(classes_read(r, &p, t));
    TRY(check_connected(r, &p, t));
    r->about->network = p.network;
    TRY(delays_read(r, p.network, node_get(r->root, "travel")));
    TRY(speed_limits_read(r, p.network, node_get(node_get(r->root, "travel"), LIMITS)));
    TRY(travel_times_read(r, p.network, &p.nodes));
    return internal_time_read(r);
}
