/* scenario_links.c - the ends and the mode of a link that a scenario adds. */
#include "input/scenario_parts.h"

#include <string.h>

static bashu_status end_read(size_t *out, scenario_reader *r, const name_index *nodes, const yaml_node *map, const char *key)
{
    const yaml_node *n;
    const char *id;
    TRY(node_require(&n, r->document, map, key));
    TRY(node_text(&id, r->document, n, key));
    long found = name_index_find(nodes, id);
    if (found < 0) return unknown_name(r, n, key, "node", id, name_index_nearest(nodes, id));
    *out = (size_t)found;
    return BASHU_OK;
}

static bashu_status ends_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const graph *net = r->about->network;
    name_index *nodes = name_index_new(r->scratch, net->node_count);
    if (!nodes) return fail_memory(r->context);
    for (size_t v = 0; v < net->node_count; v++)
        if (!name_index_add(nodes, net->node_id[v], v)) return fail_memory(r->context);
    TRY(end_read(&c->from_node, r, nodes, map, "from_node"));
    TRY(end_read(&c->to_node, r, nodes, map, "to_node"));
    if (c->from_node != c->to_node) return BASHU_OK;
    return node_fail(r->document, node_get(map, "to_node"), "to_node: the link begins and ends at node '%s'; write another node", net->node_id[c->to_node]);
}

static bashu_status mode_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const graph *net = r->about->network;
    const yaml_node *n;
    const char *mode, **modes = arena_alloc(r->scratch, net->link_count + 1, sizeof *modes);
    if (!modes) return fail_memory(r->context);
    TRY(node_require(&n, r->document, map, "mode"));
    TRY(node_text(&mode, r->document, n, "mode"));
    bool known = false;
    for (size_t l = 0; l < net->link_count; l++) {
        modes[l] = net->links[l].mode;
        known |= !strcmp(modes[l], mode);
    }
    if (!known) return unknown_name(r, n, "mode", "mode", mode, nearest_name(mode, modes, net->link_count));
    c->mode = arena_text(r->memory, mode);
    return c->mode ? BASHU_OK : fail_memory(r->context);
}

/* A second link of one mode with the same ends would be the first with another time. */
static bashu_status check_twin(const change *c, scenario_reader *r, const yaml_node *map)
{
    const graph *net = r->about->network;
    for (size_t l = 0; l < net->link_count; l++) {
        const graph_link *link = &net->links[l];
        bool same = (link->from == c->from_node && link->to == c->to_node) || (link->to == c->from_node && link->from == c->to_node);
        if (!same || strcmp(link->mode, c->mode) != 0) continue;
        return node_fail(r->document, node_get(map, "to_node"), "to_node: link '%s' joins these nodes by the same mode; change its time with lever link_time", link->id);
    }
    return BASHU_OK;
}

bashu_status scenario_new_link_read(change *c, scenario_reader *r, const yaml_node *map)
{
    static const char *const keys[] = {"from_node", "to_node", "mode"};
    for (size_t k = 0; c->lever != LEVER_LINK_NEW && k < 3; k++)
        if (node_get(map, keys[k]))
            return node_fail(r->document, node_get(map, keys[k]), "%s: lever '%s' does not take it; it takes %s", keys[k], lever_rows[c->lever].name, lever_rows[c->lever].scope);
    if (c->lever != LEVER_LINK_NEW) return BASHU_OK;
    if (!r->about->network) return node_fail(r->document, map, "%s: the economy has no network; delete the change", c->id);
    TRY(ends_read(c, r, map));
    TRY(mode_read(c, r, map));
    return check_twin(c, r, map);
}
