/* routing.c - a folder of settings, nodes and links, and a scenario of them. Format: docs/routing.md. */
#include "input/routing.h"
#include "input/long_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double unbounded = (double)INFINITY;

typedef struct routing_reader {
    arena *memory, *scratch;
    bashu_context *context;
    name_list nodes;
    double cost_per_hour, cost_scale; /* NaN: not stated */
    route_network *out;
} routing_reader;

/* ---- settings ------------------------------------------------------------------------------------- */

typedef struct setting {
    const char *name;
    double low, high, fallback; /* NaN: none */
    size_t offset; /* in route_network, or in the reader behind it */
} setting;

/* A number, or a map with its value, low, high and source, as elasticities are stated. */
static bashu_status setting_number(double *out, const document *d, const yaml_node *map, const char *name, double low, double high, double fallback)
{
    static const char *const known[] = {"value", "low", "high", "source", "assumption", NULL};
    const yaml_node *n = node_get(map, name);
    *out = fallback;
    if (!n) return BASHU_OK;
    if (node_kind_of(n) == NODE_MAP) {
        TRY(node_only(d, n, known));
        TRY(node_require(&n, d, n, "value"));
    }
    return node_number(out, d, n, name, low, high);
}

static bashu_status settings_read(routing_reader *r, const char *path)
{
    static const char *const known[] = {"format", "name", "title", "source", "assumption", "trade_elasticity", "congestion_elasticity",
                                        "productivity_spillover", "amenity_spillover", "mobility", "cost_per_hour", "cost_scale", NULL};
    document *d;
    const yaml_node *n;
    const char *word;
    route_network *w = r->out;
    TRY(document_read(&d, r->scratch, path));
    const yaml_node *root = document_root(d);
    TRY(node_only(d, root, known));
    TRY(node_require(&n, d, root, "format"));
    TRY(node_text(&word, d, n, "format"));
    if (strcmp(word, "bashu-routing/1") != 0) return node_fail(d, n, "the format is '%s', not 'bashu-routing/1'", word);
    TRY(node_require(&n, d, root, "trade_elasticity"));
    TRY(setting_number(&w->theta, d, root, "trade_elasticity", 0.1, 1000, 0));
    TRY(setting_number(&w->congestion, d, root, "congestion_elasticity", 0, 10, 0));
    TRY(setting_number(&w->productivity_spillover, d, root, "productivity_spillover", -2, 2, 0));
    TRY(setting_number(&w->amenity_spillover, d, root, "amenity_spillover", -2, 2, 0));
    TRY(setting_number(&r->cost_per_hour, d, root, "cost_per_hour", 0, 100, (double)NAN));
    TRY(setting_number(&r->cost_scale, d, root, "cost_scale", 1e-3, 1e3, 1));
    w->mobile = false;
    if ((n = node_get(root, "mobility"))) {
        TRY(node_text(&word, d, n, "mobility"));
        w->mobile = !strcmp(word, "free");
        if (!w->mobile && strcmp(word, "none") != 0) return node_fail(d, n, "mobility is '%s'; write none or free", word);
    }
    double delta = 1 - w->productivity_spillover * w->theta - w->amenity_spillover * (1 + w->theta);
    if (w->mobile && !(delta > 1e-6))
        return node_fail(d, node_get(root, "trade_elasticity"),
                         "with these spillovers everybody would live in one place: 1 - productivity_spillover x trade_elasticity - "
                         "amenity_spillover x (1 + trade_elasticity) is %.4g and must be above 0; lower productivity_spillover or amenity_spillover",
                         delta);
    w->name = "";
    if ((n = node_get(root, "name"))) TRY(node_text(&w->name, d, n, "name"));
    w->name = arena_text(r->memory, w->name);
    w->settings_path = arena_text(r->memory, path);
    w->settings_sha256 = arena_text(r->memory, document_sha256(d));
    return w->name && w->settings_path && w->settings_sha256 ? BASHU_OK : fail_memory(r->context);
}

/* ---- nodes ---------------------------------------------------------------------------------------- */

static bashu_status nodes_read(routing_reader *r, const char *path)
{
    static const char *const columns[] = {"id", "people", NULL};
    static const char *const more[] = {"income", "productivity", "amenity", "name", "name_zh", "lon", "lat", NULL};
    size_t at[2];
    table *t;
    route_network *w = r->out;
    TRY(long_table_read(&t, at, r->scratch, path, columns, more));
    size_t n = table_rows(t);
    long income = table_find(t, "income"), productivity = table_find(t, "productivity"), amenity = table_find(t, "amenity");
    if (n < 2) return fail(r->context, BASHU_ERROR_INPUT, "%s:1: has %zu nodes; a network needs at least two", path, n);
    if ((income < 0) == (productivity < 0))
        return fail(r->context, BASHU_ERROR_INPUT, "%s:1: has %s of the columns income and productivity; write one of them: incomes as "
                    "observed, or productivity from which they follow", path, income < 0 ? "none" : "both");
    if (income >= 0 && amenity >= 0)
        return fail(r->context, BASHU_ERROR_INPUT, "%s:1: amenities follow from people and incomes; delete the column amenity, or replace income "
                    "by productivity", path);
    TRY(name_list_new(&r->nodes, r->memory, "node", "nodes.csv", n));
    double *people = arena_alloc(r->memory, n, sizeof *people), *made = arena_alloc(r->memory, n, sizeof *made);
    double *liked = arena_alloc(r->memory, n, sizeof *liked), all = 0;
    if (!people || !made || !liked) return fail_memory(r->context);
    bool given = income >= 0;
    for (size_t row = 0; row < n; row++) {
        size_t i;
        TRY(name_list_take(&i, &r->nodes, t, row, at[0]));
        if (i != row) return table_fail(t, row, at[0], "node '%s' stands on line %zu already; delete one", r->nodes.names[i], table_line(t, i));
        TRY(table_number(&people[i], t, row, at[1], (number_range){0, unbounded, false, "persons"}));
        size_t column = (size_t)(given ? income : productivity);
        TRY(table_number(&made[i], t, row, column, (number_range){given ? 0 : 1e-300, unbounded, false, ""}));
        if (given && (made[i] > 0) != (people[i] > 0))
            return table_fail(t, row, column, "%s; give the node both or neither", made[i] > 0 ? "income without people" : "people without income");
        liked[i] = 1;
        if (amenity >= 0) TRY(table_number(&liked[i], t, row, (size_t)amenity, (number_range){1e-300, unbounded, false, ""}));
        all += people[i];
    }
    if (!(all > 0)) return table_fail(t, 0, at[1], "nobody lives anywhere; write the people of at least one node");
    w->node_count = n;
    w->node_id = r->nodes.names;
    w->people = people;
    w->income = given ? made : NULL;
    w->productivity = given ? NULL : made;
    w->amenity = liked;
    w->free_costs = !given;
    w->nodes_path = arena_text(r->memory, path);
    w->nodes_sha256 = arena_text(r->memory, table_sha256(t));
    return w->nodes_path && w->nodes_sha256 ? BASHU_OK : fail_memory(r->context);
}

/* ---- links ---------------------------------------------------------------------------------------- */

typedef struct link_columns {
    size_t from, to, value;
    long id, mode, both_ways;
    bool hours;
} link_columns;

static bashu_status link_read(route_link *out, double *stated, routing_reader *r, const table *t, const link_columns *c, size_t row)
{
    TRY(name_list_find(&out->from, &r->nodes, t, row, c->from));
    TRY(name_list_find(&out->to, &r->nodes, t, row, c->to));
    if (out->from == out->to)
        return table_fail(t, row, c->to, "the link ends where it begins, at '%s'; delete it or correct one end", r->nodes.names[out->to]);
    double value;
    TRY(table_number(&value, t, row, c->value, (number_range){-unbounded, unbounded, false, c->hours ? "hours" : ""}));
    if (!(value > 0))
        return table_fail(t, row, c->value, "%s of %.15g; it must be above 0", c->hours ? "a time" : "a cost", value);
    *stated = value;
    out->cost = (c->hours ? exp(r->cost_per_hour * value) : value) * r->cost_scale;
    if (!(out->cost > 0 && isfinite(out->cost)))
        return table_fail(t, row, c->value, "makes the link's cost %.3g, beyond what can be computed with; lower %s in the settings, or correct it", out->cost,
                          c->hours ? "cost_per_hour" : "cost_scale");
    out->both_ways = true;
    if (c->both_ways >= 0) {
        const char *word = table_text(t, row, (size_t)c->both_ways);
        out->both_ways = strcmp(word, "no") != 0;
        if (*word && strcmp(word, "yes") != 0 && out->both_ways)
            return table_fail(t, row, (size_t)c->both_ways, "is '%s'; write yes or no", word);
    }
    out->id = arena_text(r->memory, c->id >= 0 ? table_text(t, row, (size_t)c->id) : "");
    return out->id ? BASHU_OK : fail_memory(r->context);
}

/* The same way by the same mode twice is a slip; by different modes it is not. */
static bashu_status check_duplicates(routing_reader *r, const table *t, const link_columns *c, const route_link *links, size_t count)
{
    name_index *seen = name_index_new(r->scratch, 2 * count);
    if (!seen) return fail_memory(r->context);
    for (size_t row = 0; row < count; row++)
        for (int back = 0; back <= (int)links[row].both_ways; back++) {
            size_t from = back ? links[row].to : links[row].from, to = back ? links[row].from : links[row].to;
            const char *key = arena_format(r->scratch, "%zu %zu %s", from, to, c->mode >= 0 ? table_text(t, row, (size_t)c->mode) : "");
            if (!key) return fail_memory(r->context);
            long first = name_index_find(seen, key);
            if (first >= 0)
                return table_fail(t, row, c->to, "the way from '%s' to '%s' stands on line %zu already; delete one, or tell them apart by a "
                                  "column mode (links without both_ways run in both directions)", r->nodes.names[from], r->nodes.names[to],
                                  table_line(t, (size_t)first));
            if (!name_index_add(seen, key, row)) return fail_memory(r->context);
        }
    return BASHU_OK;
}

/* Every node must be reached from the first, and reach it: `found` by links forwards or backwards. */
static bashu_status reach(routing_reader *r, const route_link *links, size_t count, bool forwards)
{
    size_t n = r->out->node_count, *head = arena_alloc(r->scratch, n + 2, sizeof *head), *to = arena_alloc(r->scratch, 2 * count + 1, sizeof *to);
    size_t *queue = arena_alloc(r->scratch, n, sizeof *queue), found = 1;
    unsigned char *seen = arena_alloc(r->scratch, n, 1);
    if (!head || !to || !queue || !seen) return fail_memory(r->context);
    for (size_t k = 0; k < count; k++) {
        size_t a = forwards ? links[k].from : links[k].to, b = forwards ? links[k].to : links[k].from;
        head[a + 2]++;
        if (links[k].both_ways) head[b + 2]++;
    }
    for (size_t i = 2; i < n + 2; i++) head[i] += head[i - 1];
    for (size_t k = 0; k < count; k++) {
        size_t a = forwards ? links[k].from : links[k].to, b = forwards ? links[k].to : links[k].from;
        to[head[a + 1]++] = b;
        if (links[k].both_ways) to[head[b + 1]++] = a;
    }
    seen[0] = 1;
    queue[0] = 0;
    for (size_t at = 0; at < found; at++)
        for (size_t e = head[queue[at]]; e < head[queue[at] + 1]; e++)
            if (!seen[to[e]]) {
                seen[to[e]] = 1;
                queue[found++] = to[e];
            }
    for (size_t i = 0; i < n && found < n; i++)
        if (!seen[i])
            return fail(r->context, BASHU_ERROR_INPUT, "%s: no way leads from '%s' to '%s' (%zu of %zu nodes are cut off); add the missing links, or "
                        "delete these nodes", r->out->links_path, r->nodes.names[forwards ? 0 : i], r->nodes.names[forwards ? i : 0], n - found, n);
    return BASHU_OK;
}

static bashu_status links_read(routing_reader *r, const char *path)
{
    static const char *const columns[] = {"from", "to", NULL};
    static const char *const more[] = {"cost", "time_h", "id", "mode", "both_ways", "length_km", NULL};
    size_t at[2];
    table *t;
    route_network *w = r->out;
    TRY(long_table_read(&t, at, r->scratch, path, columns, more));
    size_t count = table_rows(t);
    long cost = table_find(t, "cost"), hours = table_find(t, "time_h");
    if (!count) return fail(r->context, BASHU_ERROR_INPUT, "%s:1: has no links; add a row for each", path);
    if ((cost < 0) == (hours < 0))
        return fail(r->context, BASHU_ERROR_INPUT, "%s:1: has %s of the columns cost and time_h; write one of them", path, cost < 0 ? "none" : "both");
    if (hours >= 0 && isnan(r->cost_per_hour))
        return fail(r->context, BASHU_ERROR_INPUT, "%s:1: times need cost_per_hour in %s: the cost of a link is exp(cost_per_hour x hours)", path,
                    w->settings_path);
    link_columns c = {at[0], at[1], (size_t)(hours >= 0 ? hours : cost), table_find(t, "id"), table_find(t, "mode"), table_find(t, "both_ways"),
                      hours >= 0};
    route_link *links = arena_alloc(r->memory, count, sizeof *links);
    double *stated = arena_alloc(c.hours ? r->memory : r->scratch, count, sizeof *stated);
    if (!links || !stated) return fail_memory(r->context);
    for (size_t row = 0; row < count; row++) TRY(link_read(&links[row], &stated[row], r, t, &c, row));
    TRY(check_duplicates(r, t, &c, links, count));
    w->links = links;
    w->link_count = count;
    w->time_h = c.hours ? stated : NULL;
    w->links_path = arena_text(r->memory, path);
    w->links_sha256 = arena_text(r->memory, table_sha256(t));
    if (!w->links_path || !w->links_sha256) return fail_memory(r->context);
    TRY(reach(r, links, count, true));
    return reach(r, links, count, false);
}

bashu_status route_network_read(route_network *out, arena *memory, const char *folder, const char *settings)
{
    bashu_context *context = arena_context(memory);
    routing_reader r = {.memory = memory, .scratch = arena_new(context), .context = context, .out = out};
    *out = (route_network){0};
    if (!r.scratch) return fail_memory(context);
    const char *own = arena_format(r.scratch, "%s/routing.yaml", folder), *nodes = arena_format(r.scratch, "%s/nodes.csv", folder);
    const char *links = arena_format(r.scratch, "%s/links.csv", folder);
    bashu_status status = own && nodes && links ? settings_read(&r, settings ? settings : own) : fail_memory(context);
    if (status == BASHU_OK) status = nodes_read(&r, nodes);
    if (status == BASHU_OK) status = links_read(&r, links);
    arena_free(r.scratch);
    return status;
}

/* ---- scenarios ------------------------------------------------------------------------------------ */

typedef struct change_reader {
    const route_network *network;
    const document *d;
    name_index *nodes;
    double *cost, *productivity, *amenity;
} change_reader;

static bashu_status node_of(size_t *out, const change_reader *c, const yaml_node *n)
{
    const char *name;
    TRY(node_text(&name, c->d, n, "a node"));
    long found = name_index_find(c->nodes, name);
    if (found < 0) {
        const char *near = name_index_nearest(c->nodes, name);
        return node_fail(c->d, n, "unknown node '%s'%s%s%s", name, near ? "; did you mean '" : "; write one of nodes.csv", near ? near : "", near ? "'?" : "");
    }
    *out = (size_t)found;
    return BASHU_OK;
}

/* A link is its id, or [from, to]; the factor is set on every link that it means. */
static bashu_status change_link(change_reader *c, const yaml_node *n, double factor)
{
    const route_network *w = c->network;
    size_t met = 0, ends[2];
    if (node_kind_of(n) == NODE_LIST && node_count(n) == 2) {
        for (size_t k = 0; k < 2; k++) TRY(node_of(&ends[k], c, node_item(n, k)));
        for (size_t k = 0; k < w->link_count; k++) {
            const route_link *l = &w->links[k];
            if (!((l->from == ends[0] && l->to == ends[1]) || (l->both_ways && l->from == ends[1] && l->to == ends[0]))) continue;
            c->cost[k] *= factor;
            met++;
        }
        return met ? BASHU_OK : node_fail(c->d, n, "no link leads from '%s' to '%s'; correct it, or add the link to %s", w->node_id[ends[0]],
                                          w->node_id[ends[1]], w->links_path);
    }
    const char *id;
    TRY(node_text(&id, c->d, n, "a link (its id, or [from, to])"));
    for (size_t k = 0; k < w->link_count; k++)
        if (!strcmp(w->links[k].id, id)) {
            c->cost[k] *= factor;
            met++;
        }
    return met ? BASHU_OK : node_fail(c->d, n, "unknown link '%s'; write an id of %s, or [from, to]", id, w->links_path);
}

static bool is_all(const yaml_node *n)
{
    const char *word = node_scalar(n);
    return word && !strcmp(word, "all");
}

static bashu_status change_links(change_reader *c, const yaml_node *change, const yaml_node *links)
{
    const yaml_node *n = node_get(change, "cost_hat"), *closed = node_get(change, "closed");
    double factor = unbounded;
    if (!n == !closed) return node_fail(c->d, change, "a change of links needs cost_hat (the factor on their cost), or closed: yes");
    if (n) TRY(node_number(&factor, c->d, n, "cost_hat", 1e-3, 1e6));
    if (closed && (!node_scalar(closed) || strcmp(node_scalar(closed), "yes") != 0)) return node_fail(c->d, closed, "write closed: yes, or delete it");
    if (is_all(links)) {
        for (size_t k = 0; k < c->network->link_count; k++) c->cost[k] *= factor;
        return BASHU_OK;
    }
    if (node_kind_of(links) != NODE_LIST) return node_fail(c->d, links, "links are 'all' or a list of ids or [from, to]");
    for (size_t k = 0; k < node_count(links); k++) TRY(change_link(c, node_item(links, k), factor));
    return BASHU_OK;
}

static bashu_status change_nodes(change_reader *c, const yaml_node *change, const yaml_node *nodes)
{
    static const char *const names[] = {"productivity_hat", "amenity_hat"};
    double *to[] = {c->productivity, c->amenity};
    if (!node_get(change, names[0]) && !node_get(change, names[1]))
        return node_fail(c->d, change, "a change of nodes needs productivity_hat or amenity_hat (factors)");
    for (int which = 0; which < 2; which++) {
        const yaml_node *n = node_get(change, names[which]);
        double factor;
        if (!n) continue;
        TRY(node_number(&factor, c->d, n, names[which], 1e-3, 1e3));
        bool all = is_all(nodes);
        if (!all && node_kind_of(nodes) != NODE_LIST) return node_fail(c->d, nodes, "nodes are 'all' or a list of ids");
        for (size_t k = 0; k < (all ? c->network->node_count : node_count(nodes)); k++) {
            size_t i = k;
            if (!all) TRY(node_of(&i, c, node_item(nodes, k)));
            to[which][i] *= factor;
        }
    }
    return BASHU_OK;
}

static bashu_status changes_of(change_reader *c)
{
    static const char *const known[] = {"format", "name", "title", "changes", NULL};
    static const char *const of_change[] = {"id", "title", "links", "cost_hat", "closed", "nodes", "productivity_hat", "amenity_hat", "source", "assumption", NULL};
    const yaml_node *root = document_root(c->d), *n;
    const char *word;
    TRY(node_only(c->d, root, known));
    TRY(node_require(&n, c->d, root, "format"));
    TRY(node_text(&word, c->d, n, "format"));
    if (strcmp(word, "bashu-routing-scenario/1") != 0) return node_fail(c->d, n, "the format is '%s', not 'bashu-routing-scenario/1'", word);
    TRY(node_require(&n, c->d, root, "changes"));
    if (node_kind_of(n) != NODE_LIST) return node_fail(c->d, n, "changes are a list");
    for (size_t k = 0; k < node_count(n); k++) {
        const yaml_node *change = node_item(n, k), *links, *nodes;
        TRY(node_only(c->d, change, of_change));
        links = node_get(change, "links");
        nodes = node_get(change, "nodes");
        if (!links == !nodes) return node_fail(c->d, change, "a change is of links or of nodes; write one of the two");
        TRY(links ? change_links(c, change, links) : change_nodes(c, change, nodes));
    }
    return BASHU_OK;
}

bashu_status route_changes_read(route_changes *out, arena *memory, const route_network *network, const char *path)
{
    bashu_context *context = arena_context(memory);
    document *d;
    change_reader c = {.network = network, .nodes = name_index_new(memory, network->node_count)};
    const array_wanted wanted[] = {{&c.cost, network->link_count}, {&c.productivity, network->node_count}, {&c.amenity, network->node_count}};
    if (!c.nodes || !ARENA_ARRAYS(memory, wanted)) return fail_memory(context);
    for (size_t k = 0; k < network->link_count; k++) c.cost[k] = 1;
    for (size_t i = 0; i < network->node_count; i++) {
        c.productivity[i] = c.amenity[i] = 1;
        if (!name_index_add(c.nodes, network->node_id[i], i)) return fail_memory(context);
    }
    TRY(document_read(&d, memory, path));
    c.d = d;
    TRY(changes_of(&c));
    *out = (route_changes){c.cost, c.productivity, c.amenity};
    return BASHU_OK;
}
