/* scenario.c - a scenario file to changes, resolved against the economy it is about.
 *
 * What a lever takes is a row of `forms`; its name, unit and sentence are in accounts/tables.c. */
#include "input/scenario_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const change_keys[] = {
    "links",   "between", "within",  "across", "buyers",     "sellers",
    "sectors", "groups",  "regions", "zones",  "funders", /* in the order of selector_id */
    "id",      "title",   "lever",   "from",   "to",         "change_pct", "hat", "table",
    "unit",    "low",     "high",    "source", "assumption", "by",     "from_year",
    "phase_in_years", "until_year", "use", "from_use", "cost", "from_node", "to_node", "mode", "project", NULL};
const char *const value_keys[VALUE_KIND_COUNT] = {"to", "change_pct", "hat"};

enum {
    LEVELS = 1 << VALUE_TO,
    PERCENTS = 1 << VALUE_PERCENT,
    CHANGES = 1 << VALUE_PERCENT | 1 << VALUE_HAT,
};

const lever_form forms[LEVER_COUNT] = {
    [LEVER_LINK_TIME] = {1 << LINKS, LEVELS | CHANGES, 0, 1e7, true, "minutes", true, true},
    [LEVER_TRADE_COST] = {PAIRS | ONE_WAY | 1 << SECTORS, CHANGES, (double)NAN, 0, false, "", false, true},
    [LEVER_TARIFF] = {PAIRS | ONE_WAY | 1 << SECTORS, LEVELS, 0, 100, false, "fraction", true, true},
    [LEVER_MIGRATION_COST] = {PAIRS | 1 << GROUPS, CHANGES, (double)NAN, 0, false, "", false, true},
    [LEVER_COMMUTING_COST] = {PAIRS | 1 << GROUPS, CHANGES, (double)NAN, 0, false, "", false, true},
    [LEVER_AMENITY] = {1 << REGIONS | 1 << GROUPS, CHANGES, (double)NAN, 0, false, "", false, true},
    [LEVER_PRODUCTIVITY] = {1 << REGIONS | 1 << SECTORS, CHANGES, (double)NAN, 0, false, "", false, true},
    [LEVER_LAND] = {1 << REGIONS, CHANGES, (double)NAN, 0, false, "", false, true},
    [LEVER_ZONE_LAND] = {1 << ZONES, PERCENTS, (double)NAN, 0, false, "", false, false},
    [LEVER_TRANSFER] = {1 << REGIONS | 1 << FUNDERS, LEVELS, 0, (double)INFINITY, false, NULL, false, true},
    [LEVER_RESEARCH_STAFF] = {1 << REGIONS | 1 << FUNDERS, LEVELS | PERCENTS, 0, (double)INFINITY, false, "persons", false, false},
    [LEVER_RESEARCH_BORDER] = {PAIRS, CHANGES, (double)NAN, 0, false, "", false, false},
    [LEVER_LINK_NEW] = {0, LEVELS, 0, 1e7, true, "minutes", false, false},
    [LEVER_LINK_CLOSE] = {1 << LINKS, 0, 0, 0, false, "", false, false}, /* there is nothing to state */
    [LEVER_SUBSIDY] = {1 << REGIONS | 1 << SECTORS | 1 << FUNDERS, LEVELS, -0.5, 1, false, "fraction", false, false},
};

/* ---- names of the economy ------------------------------------------------------------------------ */

static bashu_status names_new(axis *out, scenario_reader *r, const char *what, size_t count)
{
    *out = (axis){.what = what, .home = "the economy", .index = name_index_new(r->scratch, count), .count = count, .room = count};
    out->ids = arena_alloc(r->scratch, count, sizeof *out->ids);
    return out->index && out->ids ? BASHU_OK : fail_memory(r->context);
}

/* A zone has a row for each of its regions: the first stands for it. */
static bashu_status names_add(axis *out, scenario_reader *r, const char *id, size_t value)
{
    out->ids[value] = id;
    if (name_index_find(out->index, id) >= 0 || name_index_add(out->index, id, value)) return BASHU_OK;
    return fail_memory(r->context);
}

bashu_status scenario_names(scenario_reader *r)
{
    const description *a = r->about;
    size_t links = a->network ? a->network->link_count : 0;
    TRY(names_new(&r->regions, r, "region", a->N));
    TRY(names_new(&r->sectors, r, "sector", a->J));
    TRY(names_new(&r->groups, r, "group", a->S));
    TRY(names_new(&r->links, r, "link", links));
    TRY(names_new(&r->zones, r, "zone", a->zone_count));
    for (size_t n = 0; n < a->N; n++) TRY(names_add(&r->regions, r, a->regions[n].label.id, n));
    for (size_t j = 0; j < a->J; j++) TRY(names_add(&r->sectors, r, a->sectors[j].label.id, j));
    for (size_t s = 0; s < a->S; s++) TRY(names_add(&r->groups, r, a->groups[s].id, s));
    for (size_t l = 0; l < links; l++) TRY(names_add(&r->links, r, a->network->links[l].id, l));
    for (size_t z = 0; z < a->zone_count; z++) TRY(names_add(&r->zones, r, a->zones[z].label.id, z));
    return BASHU_OK;
}

/* ---- selections ---------------------------------------------------------------------------------- */

bashu_status unknown_name(scenario_reader *r, const yaml_node *n, const char *key, const char *what,
                                 const char *id, const char *near)
{
    if (near) return node_fail(r->document, n, "%s: unknown %s '%s'; did you mean '%s'?", key, what, id, near);
    return node_fail(r->document, n, "%s: unknown %s '%s'; write an id of the economy's %ss", key, what, id, what);
}

static bashu_status mark_one(unsigned char *marks, scenario_reader *r, const yaml_node *n, const char *key,
                             const axis *from)
{
    const char *id;
    TRY(node_text(&id, r->document, n, key));
    long found = name_index_find(from->index, id);
    if (found < 0) return unknown_name(r, n, key, from->what, id, name_index_nearest(from->index, id));
    if (marks[found]) return node_fail(r->document, n, "%s: '%s' is there twice; delete one", key, id);
    marks[found] = 1;
    return BASHU_OK;
}

static bool is_all(const yaml_node *n)
{
    const char *text = node_scalar(n);
    return text && !strcmp(text, "all");
}

static bashu_status marks_new(unsigned char **out, scenario_reader *r, size_t count)
{
    *out = arena_alloc(r->memory, count, 1);
    return *out ? BASHU_OK : fail_memory(r->context);
}

/* `all`, one id or a list of ids */
static bashu_status mark_ids(unsigned char *marks, scenario_reader *r, const yaml_node *n, const char *key,
                             const axis *from)
{
    if (!from->count)
        return node_fail(r->document, n, "%s: the economy has no %ss; delete the change", key, from->what);
    if (is_all(n)) {
        memset(marks, 1, from->count);
        return BASHU_OK;
    }
    if (node_kind_of(n) == NODE_SCALAR) return mark_one(marks, r, n, key, from);
    if (node_kind_of(n) != NODE_LIST || !node_count(n))
        return node_fail(r->document, n, "%s: must be 'all' or a list of ids of %ss; write e.g. [ID]", key, from->what);
    for (size_t k = 0; k < node_count(n); k++) TRY(mark_one(marks, r, node_item(n, k), key, from));
    return BASHU_OK;
}

bashu_status scenario_ids(const unsigned char **out, scenario_reader *r, const yaml_node *n, const char *key,
                               const axis *from)
{
    unsigned char *marks;
    TRY(marks_new(&marks, r, from->count));
    TRY(mark_ids(marks, r, n, key, from));
    *out = marks;
    return BASHU_OK;
}

static bashu_status mark_member(unsigned char *marks, scenario_reader *r, const yaml_node *n, const char *key,
                                const region_set *set)
{
    const char *id, **ids = arena_alloc(r->scratch, set->member_count, sizeof *ids);
    if (!ids) return fail_memory(r->context);
    TRY(node_text(&id, r->document, n, key));
    long member = find_member(set, id);
    for (size_t m = 0; m < set->member_count; m++) ids[m] = set->members[m].id;
    if (member < 0) return unknown_name(r, n, key, set->name, id, nearest_name(id, ids, set->member_count));
    for (size_t i = 0; i < r->about->N; i++)
        if (set->member_of[i] == member) marks[i] = 1;
    return BASHU_OK;
}

/* {circle: CCEC}, {province: [a, b]} */
static bashu_status mark_set(unsigned char *marks, scenario_reader *r, const yaml_node *n, const char *key)
{
    if (node_count(n) != 1)
        return node_fail(r->document, n, "%s: must name one region set; write e.g. {province: [ID]}", key);
    long g = find_set(r->about, node_key(n, 0));
    if (g < 0) {
        const char **sets = arena_alloc(r->scratch, r->about->set_count, sizeof *sets);
        if (!sets) return fail_memory(r->context);
        for (size_t k = 0; k < r->about->set_count; k++) sets[k] = r->about->sets[k].name;
        return unknown_name(r, n, key, "region set", node_key(n, 0),
                            nearest_name(node_key(n, 0), sets, r->about->set_count));
    }
    const region_set *set = &r->about->sets[g];
    const yaml_node *members = node_item(n, 0);
    if (node_kind_of(members) != NODE_LIST) return mark_member(marks, r, members, key, set);
    for (size_t k = 0; k < node_count(members); k++) TRY(mark_member(marks, r, node_item(members, k), key, set));
    return BASHU_OK;
}

/* `all` is every region but the rest of the world, as everywhere else; that one is named by its id. */
bashu_status scenario_places(const unsigned char **out, scenario_reader *r, const yaml_node *n, const char *key)
{
    unsigned char *marks;
    bool any = false;
    TRY(marks_new(&marks, r, r->about->N));
    if (node_kind_of(n) == NODE_MAP) TRY(mark_set(marks, r, n, key));
    else TRY(mark_ids(marks, r, n, key, &r->regions));
    if (is_all(n) && r->about->foreign >= 0) marks[r->about->foreign] = 0;
    for (size_t i = 0; i < r->about->N; i++) any |= marks[i];
    if (!any) return node_fail(r->document, n, "%s: selects no region; name one that exists", key);
    *out = marks;
    return BASHU_OK;
}

/* ---- pairs --------------------------------------------------------------------------------------- */

static bashu_status select_sides(change *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *between = node_get(map, "between"), *within = node_get(map, "within");
    const yaml_node *buyers = node_get(map, "buyers"), *sellers = node_get(map, "sellers");
    bool directed = forms[c->lever].selectors & ONE_WAY;
    if ((between != NULL) + (within != NULL) + (buyers || sellers) != 1)
        return node_fail(r->document, map, "%s: needs one selection of pairs; write between: [A, B] or within: A%s",
                         c->id, directed ? ", or buyers: A and sellers: B" : "");
    if (within) {
        TRY(scenario_places(&c->side_a, r, within, "within"));
        c->side_b = c->side_a;
        return BASHU_OK;
    }
    if (between) {
        if (node_kind_of(between) != NODE_LIST || node_count(between) != 2)
            return node_fail(r->document, between, "between: must be two selections; write [A, B]");
        TRY(scenario_places(&c->side_a, r, node_item(between, 0), "between"));
        return scenario_places(&c->side_b, r, node_item(between, 1), "between");
    }
    if (!buyers || !sellers)
        return node_fail(r->document, map, "%s: %s is missing; write both buyers and sellers", c->id,
                         buyers ? "sellers" : "buyers");
    TRY(scenario_places(&c->regions, r, buyers, "buyers"));
    return scenario_places(&c->side_b, r, sellers, "sellers");
}

static bool covers_any(const change *c, const description *about)
{
    for (size_t n = 0; n < about->N; n++)
        for (size_t i = 0; i < about->N; i++)
            if (change_covers_pair(c, n, i)) return true;
    return false;
}

/* `across: area`, or a region set: only pairs that lie in different members of it. */
static bashu_status select_across(change *c, scenario_reader *r, const yaml_node *across)
{
    const description *a = r->about;
    const char *word, **words = arena_alloc(r->scratch, a->set_count + 1, sizeof *words);
    if (!words) return fail_memory(r->context);
    if (!across) return BASHU_OK;
    TRY(node_text(&word, r->document, across, "across"));
    words[0] = "area";
    for (size_t g = 0; g < a->set_count; g++) words[g + 1] = a->sets[g].name;
    long set = find_set(a, word);
    if (set >= 0) {
        c->across = a->sets[set].member_of;
        return BASHU_OK;
    }
    if (strcmp(word, "area") != 0) return unknown_name(r, across, "across", "region set", word, nearest_name(word, words, a->set_count + 1));
    long *area = arena_alloc(r->memory, a->N, sizeof *area);
    if (!area) return fail_memory(r->context);
    for (size_t n = 0; n < a->N; n++) area[n] = (long)a->regions[n].area_index;
    c->across = area;
    return BASHU_OK;
}

static bashu_status select_pairs(change *c, scenario_reader *r, const yaml_node *map)
{
    TRY(select_sides(c, r, map));
    TRY(select_across(c, r, node_get(map, "across")));
    if (covers_any(c, r->about)) return BASHU_OK;
    return node_fail(r->document, map, "%s: selects no pair of different regions; widen the selection", c->id);
}

/* ---- zones --------------------------------------------------------------------------------------- */

static bashu_status select_zones(change *c, scenario_reader *r, const yaml_node *n)
{
    const description *a = r->about;
    const unsigned char *zones;
    unsigned char *regions;
    double *weight = arena_alloc(r->memory, a->N, sizeof *weight);
    if (!weight) return fail_memory(r->context);
    TRY(scenario_ids(&zones, r, n, "zones", &r->zones));
    TRY(marks_new(&regions, r, a->N));
    for (size_t z = 0; z < a->zone_count; z++) {
        const zone_part *part = &a->zones[z];
        if (!zones[name_index_find(r->zones.index, part->label.id)]) continue;
        regions[part->region] = 1;
        const region_row *host = &a->regions[part->region];
        /* land in use is what opening land adds to, where it is known: mountains carry no rents */
        weight[part->region] += part->land_km2 / (isfinite(host->developed_land_km2) ? host->developed_land_km2 : host->land_km2);
    }
    c->regions = regions;
    c->weight = weight;
    return BASHU_OK;
}

/* ---- selectors of a change ----------------------------------------------------------------------- */

static bashu_status check_selectors(const change *c, scenario_reader *r, const yaml_node *map)
{
    int allowed = forms[c->lever].selectors;
    for (int k = 0; k < SELECTOR_COUNT; k++) {
        const yaml_node *node = node_get(map, change_keys[k]);
        bool needed = allowed & ~(PAIRS | ONE_WAY | 1 << SECTORS | 1 << GROUPS) & 1 << k;
        if (k == FUNDERS && c->lever == LEVER_RESEARCH_STAFF) needed = false; /* without: they come from elsewhere */
        if (node && !(allowed & 1 << k))
            return node_fail(r->document, node, "%s: lever '%s' does not take it; it takes %s", change_keys[k],
                             lever_rows[c->lever].name, lever_rows[c->lever].scope);
        if (!node && needed) TRY(node_require(&node, r->document, map, change_keys[k]));
    }
    return BASHU_OK;
}

/* Left out is all. */
static bashu_status select_optional(const unsigned char **out, scenario_reader *r, const yaml_node *map,
                                    const char *key, const axis *from)
{
    const yaml_node *n = node_get(map, key);
    unsigned char *marks;
    if (n) return scenario_ids(out, r, n, key, from);
    TRY(marks_new(&marks, r, from->count));
    memset(marks, 1, from->count);
    *out = marks;
    return BASHU_OK;
}

/* The rows of a table say where; its change names at most sectors, groups, who pays, and which of the regions count. */
static bashu_status select_beside_table(change *c, scenario_reader *r, const yaml_node *map)
{
    int takes = forms[c->lever].selectors, beside = takes & (1 << SECTORS | 1 << GROUPS | 1 << FUNDERS);
    const yaml_node *regions = node_get(map, "regions");
    if (takes & 1 << REGIONS && !(takes & 1 << FUNDERS)) beside |= 1 << REGIONS;
    for (int k = 0; k < SELECTOR_COUNT; k++) {
        const yaml_node *node = node_get(map, change_keys[k]);
        if (node && !(beside & 1 << k))
            return node_fail(r->document, node, "%s: stands beside a table, whose rows say where; delete it", change_keys[k]);
    }
    if (takes & 1 << SECTORS) TRY(select_optional(&c->sectors, r, map, "sectors", &r->sectors));
    if (takes & 1 << GROUPS) TRY(select_optional(&c->groups, r, map, "groups", &r->groups));
    if (regions) TRY(scenario_places(&c->regions, r, regions, "regions"));
    if (!(takes & 1 << FUNDERS)) return BASHU_OK;
    const yaml_node *funders;
    TRY(node_require(&funders, r->document, map, "funders"));
    return scenario_places(&c->side_b, r, funders, "funders");
}

static bashu_status select_all(change *c, scenario_reader *r, const yaml_node *map)
{
    int takes = forms[c->lever].selectors;
    if (node_get(map, "table")) return select_beside_table(c, r, map);
    TRY(check_selectors(c, r, map));
    if (takes & 1 << LINKS) TRY(scenario_ids(&c->links, r, node_get(map, "links"), "links", &r->links));
    if (takes & 1 << REGIONS) TRY(scenario_places(&c->regions, r, node_get(map, "regions"), "regions"));
    if (takes & 1 << FUNDERS && node_get(map, "funders")) TRY(scenario_places(&c->side_b, r, node_get(map, "funders"), "funders"));
    if (takes & 1 << ZONES) TRY(select_zones(c, r, node_get(map, "zones")));
    if (takes & 1 << SECTORS) TRY(select_optional(&c->sectors, r, map, "sectors", &r->sectors));
    if (takes & 1 << GROUPS) TRY(select_optional(&c->groups, r, map, "groups", &r->groups));
    return takes & PAIRS ? select_pairs(c, r, map) : BASHU_OK;
}

/* ---- value --------------------------------------------------------------------------------------- */

value_limits limits_of(const scenario_reader *r, lever_id lever, value_kind kind)
{
    const lever_form *form = &forms[lever];
    if (kind == VALUE_PERCENT) return (value_limits){-100, 1e8, true, "percent"};
    if (kind == VALUE_HAT) return (value_limits){0, 1e6, true, "factors (1.05 is 5 percent more)"};
    return (value_limits){form->low, form->high, form->low_open, form->level_unit ? form->level_unit : r->about->currency_en};
}

static value_kind kind_of(const change *c)
{
    return c->is_hat ? VALUE_HAT : c->relative ? VALUE_PERCENT : VALUE_TO;
}

static bashu_status level_read(double *out, const change *c, scenario_reader *r, const yaml_node *n, const char *key)
{
    value_limits limits = limits_of(r, c->lever, kind_of(c));
    *out = unknown;
    if (!n) return BASHU_OK;
    TRY(node_number(out, r->document, n, key, limits.low, limits.high));
    if (*out > limits.low || !limits.low_open) return BASHU_OK;
    return node_fail(r->document, n, "%s: must be more than %g; write a number in %s", key, limits.low, limits.unit);
}

static bashu_status unit_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const char *level = forms[c->lever].level_unit, *expected = c->is_hat     ? "factor"
                                                                : c->relative ? "percent"
                                                                : level       ? level
                                                                              : r->about->currency_en;
    const yaml_node *n = node_get(map, "unit");
    const char *word = expected;
    if (n) TRY(node_text(&word, r->document, n, "unit"));
    bool free_words = !c->relative && !level; /* a currency has several names */
    bool sign = c->relative && !c->is_hat && !strcmp(word, "%");
    if (!free_words && !sign && strcmp(word, expected) != 0)
        return node_fail(r->document, n, "unit: '%s' is not the unit of lever '%s'; write the value in %s", word,
                         lever_rows[c->lever].name, expected);
    c->unit = arena_text(r->memory, sign ? expected : word);
    return c->unit ? BASHU_OK : fail_memory(r->context);
}

static bashu_status range_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *low = node_get(map, "low"), *high = node_get(map, "high");
    TRY(level_read(&c->low, c, r, low, "low"));
    TRY(level_read(&c->high, c, r, high, "high"));
    if (!low != !high)
        return node_fail(r->document, low ? low : high, "%s: stands alone; write both low and high, or neither", low ? "low" : "high");
    if (!low) return BASHU_OK;
    if (c->value >= fmin(c->low, c->high) && c->value <= fmax(c->low, c->high)) return BASHU_OK;
    return node_fail(r->document, low, "low: %s %g is not between low %g and high %g; correct one of them",
                     value_keys[kind_of(c)], c->value, c->low, c->high);
}

const char *kind_refused(scenario_reader *r, lever_id lever, value_kind kind)
{
    const char *name = lever_rows[lever].name;
    if (forms[lever].kinds & 1 << kind) return NULL;
    const char *words = kind == VALUE_TO ? arena_format(r->scratch, "lever '%s' is relative; write change_pct, in percent", name)
                        : forms[lever].kinds & LEVELS ? arena_format(r->scratch, "lever '%s' is a level; write 'to'", name)
                                                      : arena_format(r->scratch, "lever '%s' is a part of something; write change_pct", name);
    return words ? words : "";
}

/* Exactly one of to, change_pct, hat and table. */
static bashu_status value_node(const yaml_node **out, value_kind *kind, const change *c, scenario_reader *r, const yaml_node *map)
{
    *out = node_get(map, "table");
    const char *first = *out ? "table" : NULL;
    for (int k = 0; k < VALUE_KIND_COUNT; k++) {
        const yaml_node *node = node_get(map, value_keys[k]);
        if (!node) continue;
        if (first) return node_fail(r->document, node, "%s: stands beside '%s'; delete one of the two", value_keys[k], first);
        const char *refused = kind_refused(r, c->lever, (value_kind)k);
        if (refused) return node_fail(r->document, node, "%s: %s", value_keys[k], refused);
        first = value_keys[k];
        *out = node;
        *kind = (value_kind)k;
    }
    int kinds = forms[c->lever].kinds;
    if (*out) return BASHU_OK;
    return node_fail(r->document, map, "%s: has no value; write %s", c->id,
                     !(kinds & LEVELS) ? "change_pct" : kinds & CHANGES ? "'to' or change_pct" : "'to'");
}

static bashu_status no_value(change *c, scenario_reader *r, const yaml_node *map)
{
    static const char *const refused[] = {"to", "change_pct", "hat", "table", "unit", "low", "high", NULL};
    for (size_t k = 0; refused[k]; k++)
        if (node_get(map, refused[k]))
            return node_fail(r->document, node_get(map, refused[k]), "%s: lever '%s' takes no value; delete it", refused[k], lever_rows[c->lever].name);
    c->unit = forms[c->lever].level_unit;
    return BASHU_OK;
}

static bashu_status value_read(change *c, scenario_reader *r, const yaml_node *map)
{
    value_kind kind = VALUE_TO;
    const yaml_node *node;
    c->value = c->low = c->high = c->from = unknown;
    if (!forms[c->lever].kinds) return no_value(c, r, map);
    TRY(value_node(&node, &kind, c, r, map));
    if (node_get(map, "table")) return scenario_table_read(c, r, map);
    c->relative = kind != VALUE_TO;
    c->is_hat = kind == VALUE_HAT;
    TRY(level_read(&c->value, c, r, node, value_keys[kind]));
    TRY(range_read(c, r, map));
    return unit_read(c, r, map);
}

/* ---- from ---------------------------------------------------------------------------------------- */

bool agrees(double stated, double found)
{
    return fabs(stated - found) <= agreement * fmax(fabs(stated), fabs(found));
}

static bashu_status check_link_times(const change *c, scenario_reader *r, const yaml_node *n)
{
    for (size_t l = 0; l < r->links.count; l++) {
        const graph_link *link = &r->about->network->links[l];
        if (!c->links[l] || agrees(c->from, link->time_h * 60)) continue;
        return node_fail(r->document, n,
                         "from: %g disagrees with the %.15g minutes of link '%s' in the economy; write %.15g", c->from,
                         link->time_h * 60, link->id, link->time_h * 60);
    }
    return BASHU_OK;
}

static bashu_status check_tariffs(const change *c, scenario_reader *r, const yaml_node *node)
{
    const description *a = r->about;
    const double *tariff = r->economy->tariff;
    for (size_t n = 0; n < a->N; n++)
        for (size_t j = 0; j < a->J; j++)
            for (size_t i = 0; i < a->N; i++) {
                double found = tariff ? tariff[at3(n, j, i, a->J, a->N)] : 0;
                if (!c->sectors[j] || !change_covers_pair(c, n, i) || agrees(c->from, found)) continue;
                return node_fail(
                    r->document, node,
                    "from: %g disagrees with the tariff %.15g of '%s' on %s from '%s' in the economy; write %.15g",
                    c->from, found, a->regions[n].label.id, a->sectors[j].label.id, a->regions[i].label.id, found);
            }
    return BASHU_OK;
}

static bashu_status from_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *n = node_get(map, "from");
    if (!n) return BASHU_OK;
    if (!forms[c->lever].has_baseline)
        return node_fail(r->document, n, "from: lever '%s' has no baseline level to compare with; delete it",
                         lever_rows[c->lever].name);
    TRY(node_number(&c->from, r->document, n, "from", forms[c->lever].low, forms[c->lever].high));
    return c->lever == LEVER_LINK_TIME ? check_link_times(c, r, n) : check_tariffs(c, r, n);
}

/* ---- a change ------------------------------------------------------------------------------------ */

static bashu_status lever_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *n;
    const char *word, *levers[LEVER_COUNT];
    TRY(node_require(&n, r->document, map, "lever"));
    TRY(node_text(&word, r->document, n, "lever"));
    for (size_t k = 0; k < LEVER_COUNT; k++) {
        levers[k] = lever_rows[k].name;
        c->lever = (lever_id)k;
        if (!strcmp(word, levers[k])) return BASHU_OK;
    }
    const char *near = nearest_name(word, levers, LEVER_COUNT);
    if (near) return node_fail(r->document, n, "lever: unknown lever '%s'; did you mean '%s'?", word, near);
    return node_fail(r->document, n, "lever: unknown lever '%s'; write one of the levers, e.g. link_time", word);
}

static bashu_status source_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *source = node_get(map, "source"), *assumption = node_get(map, "assumption");
    const char *english, *chinese;
    if (!source && !assumption)
        return node_fail(r->document, map,
                         "%s: where does the number come from? Write source: \"...\" or assumption: \"...\"", c->id);
    TRY(bilingual_read(&english, &chinese, r->memory, r->document, source ? source : assumption, source ? "source" : "assumption"));
    c->source = arena_format(r->memory, "%s%s", source ? "" : "assumption: ", english);
    c->source_zh = arena_format(r->memory, "%s%s", source ? "" : "假定：", chinese);
    return c->source && c->source_zh ? BASHU_OK : fail_memory(r->context);
}

bashu_status scenario_text(const char **out, scenario_reader *r, const yaml_node *map, const char *key)
{
    const yaml_node *n;
    const char *text;
    TRY(node_require(&n, r->document, map, key));
    TRY(node_text(&text, r->document, n, key));
    *out = arena_text(r->memory, text);
    return *out ? BASHU_OK : fail_memory(r->context);
}

/* Nobody can pay more than there is: a tenth of GDP is left to live on. */
static bashu_status transfer_check(const change *c, scenario_reader *r, const yaml_node *map)
{
    double gdp = 0;
    if (c->lever != LEVER_TRANSFER) return BASHU_OK;
    for (size_t n = 0; n < r->about->N; n++) gdp += c->side_b[n] ? r->about->regions[n].gdp : 0;
    double most = isfinite(c->high) && c->high > c->value ? c->high : c->value;
    if (c->by_place) most = 0;
    for (size_t n = 0; c->by_place && n < r->about->N; n++) most += c->regions[n] ? c->by_place[n] : 0;
    if (most <= 0.9 * gdp) return BASHU_OK;
    const char *key = c->table ? "table" : value_keys[VALUE_TO];
    return node_fail(r->document, node_get(map, key), "%s: %g cannot be paid: the funders' GDP is %g; write at most %g, or name more funders", key,
                     most, gdp, 0.9 * gdp);
}

/* ---- players --------------------------------------------------------------------------------------- */

enum { PLAYERS_AT_MOST = 64 };

static bashu_status player_read(player *p, scenario_reader *r, const yaml_node *map)
{
    static const char *const keys[] = {"id", "title", "place", NULL};
    const yaml_node *title, *place;
    if (node_kind_of(map) != NODE_MAP) return node_fail(r->document, map, "players: an item must be a map; write id, title and place");
    TRY(node_only(r->document, map, keys));
    TRY(scenario_text(&p->id, r, map, "id"));
    if (!*p->id) return node_fail(r->document, node_get(map, "id"), "id: is empty; write a short name for the player");
    p->title_en = p->title_zh = p->id;
    title = node_get(map, "title");
    if (title) TRY(bilingual_read(&p->title_en, &p->title_zh, r->memory, r->document, title, "title"));
    TRY(node_require(&place, r->document, map, "place"));
    return scenario_places(&p->regions, r, place, "place");
}

/* Gains of places are added up over players: a place in two of them would count twice. */
static bashu_status players_are_apart(scenario_reader *r, const yaml_node *map, size_t p)
{
    const player *players = r->scenario->players;
    for (size_t q = 0; q < p; q++) {
        if (!strcmp(players[q].id, players[p].id))
            return node_fail(r->document, node_get(map, "id"), "id: duplicate player '%s'; rename one of them", players[p].id);
        for (size_t n = 0; n < r->about->N; n++)
            if (players[q].regions[n] && players[p].regions[n])
                return node_fail(r->document, node_get(map, "place"), "place: region '%s' belongs to player '%s' already; name places that do not overlap",
                                 r->about->regions[n].label.id, players[q].id);
    }
    return BASHU_OK;
}

static bashu_status players_read(scenario_reader *r, const yaml_node *list)
{
    bashu_scenario *s = r->scenario;
    if (!list) return BASHU_OK;
    if (node_kind_of(list) != NODE_LIST || !node_count(list))
        return node_fail(r->document, list, "players: must be a list; write - {id: ID, place: {SET: MEMBER}}, or delete it");
    if (node_count(list) > PLAYERS_AT_MOST) return node_fail(r->document, list, "players: %zu are too many; name at most %d", node_count(list), PLAYERS_AT_MOST);
    s->players = arena_alloc(r->memory, node_count(list), sizeof *s->players);
    if (!s->players) return fail_memory(r->context);
    for (size_t p = 0; p < node_count(list); p++) {
        TRY(player_read(&s->players[p], r, node_item(list, p)));
        TRY(players_are_apart(r, node_item(list, p), p));
    }
    s->player_count = node_count(list);
    return BASHU_OK;
}

static bashu_status add_player(change *c, scenario_reader *r, const yaml_node *n)
{
    const char *id, *ids[PLAYERS_AT_MOST];
    TRY(node_text(&id, r->document, n, "by"));
    for (size_t p = 0; p < r->scenario->player_count; p++) {
        ids[p] = r->scenario->players[p].id;
        if (strcmp(ids[p], id) != 0) continue;
        if (c->by >> p & 1) return node_fail(r->document, n, "by: '%s' is there twice; delete one", id);
        c->by |= (uint64_t)1 << p;
        return BASHU_OK;
    }
    return unknown_name(r, n, "by", "player", id, nearest_name(id, ids, r->scenario->player_count));
}

static bashu_status by_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *by = node_get(map, "by");
    size_t count = r->scenario->player_count;
    c->by = count == PLAYERS_AT_MOST ? UINT64_MAX : ((uint64_t)1 << count) - 1;
    if (!by) return BASHU_OK;
    if (!count) return node_fail(r->document, by, "by: the scenario names no players; write players: above the changes, or delete 'by'");
    c->by = 0;
    if (node_kind_of(by) == NODE_SCALAR) return add_player(c, r, by);
    if (node_kind_of(by) != NODE_LIST || !node_count(by)) return node_fail(r->document, by, "by: must be a list of ids of players; write e.g. [%s]", r->scenario->players[0].id);
    for (size_t k = 0; k < node_count(by); k++) TRY(add_player(c, r, node_item(by, k)));
    return BASHU_OK;
}

/* What it takes to carry the change out, as the economy states its elasticities: {value, low, high, source}. */
static bashu_status cost_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *n = node_get(map, "cost");
    if (node_get(map, "project")) TRY(scenario_text(&c->project, r, map, "project"));
    c->cost = (elasticity){.value = unknown, .low = unknown, .high = unknown};
    if (!n) return BASHU_OK;
    TRY(statement_read(&c->cost, r->memory, r->document, n, "cost", 0, unbounded));
    if (!(c->cost.value > 0 && isfinite(c->cost.value))) return node_fail(r->document, n, "cost: must be a number above 0; write it in %s", r->about->currency_en);
    return c->cost.source ? BASHU_OK : node_fail(r->document, n, "cost: where does the number come from? Write source: \"...\"");
}

static bashu_status change_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *title;
    if (node_kind_of(map) != NODE_MAP)
        return node_fail(r->document, map,
                         "changes: an item must be a map; write id, title, lever, a value and a source");
    TRY(node_only(r->document, map, change_keys));
    TRY(scenario_text(&c->id, r, map, "id"));
    if (!*c->id) return node_fail(r->document, node_get(map, "id"), "id: is empty; write a short name for the change");
    TRY(node_require(&title, r->document, map, "title"));
    TRY(bilingual_read(&c->title_en, &c->title_zh, r->memory, r->document, title, "title"));
    TRY(lever_read(c, r, map));
    TRY(select_all(c, r, map));
    TRY(value_read(c, r, map));
    TRY(transfer_check(c, r, map));
    TRY(from_read(c, r, map));
    TRY(by_read(c, r, map));
    TRY(scenario_new_link_read(c, r, map));
    TRY(scenario_years_read(c, r, map));
    TRY(scenario_research_read(c, r, map));
    TRY(cost_read(c, r, map));
    return source_read(c, r, map);
}

static bashu_status changes_read(scenario_reader *r, const yaml_node *list)
{
    bashu_scenario *s = r->scenario;
    if (node_kind_of(list) != NODE_LIST)
        return node_fail(r->document, list, "changes: must be a list; write changes: [] for none");
    s->change_count = node_count(list);
    s->changes = arena_alloc(r->memory, s->change_count, sizeof *s->changes);
    name_index *seen = name_index_new(r->scratch, s->change_count);
    if (!s->changes || !seen) return fail_memory(r->context);
    for (size_t k = 0; k < s->change_count; k++) {
        change *c = &s->changes[k];
        TRY(change_read(c, r, node_item(list, k)));
        if (name_index_find(seen, c->id) >= 0)
            return node_fail(r->document, node_get(node_item(list, k), "id"),
                             "id: duplicate change '%s'; rename one of them", c->id);
        if (!name_index_add(seen, c->id, k)) return fail_memory(r->context);
    }
    return BASHU_OK;
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static bashu_status open_scenario(const document **out, const char **economy, arena *memory, const char *path)
{
    static const char *const keys[] = {"format", "name", "title", "economy", "players", "changes", NULL};
    document *d;
    const yaml_node *node;
    TRY(document_read(&d, memory, path));
    TRY(document_format(d, "bashu-scenario/1"));
    TRY(node_only(d, document_root(d), keys));
    TRY(node_require(&node, d, document_root(d), "economy"));
    TRY(node_text(economy, d, node, "economy"));
    *out = d;
    return BASHU_OK;
}

static bashu_status file_read(scenario_reader *r, const char *path)
{
    const char *folder;
    const yaml_node *title, *list;
    bashu_scenario *s = r->scenario = arena_alloc(r->memory, 1, sizeof *s);
    if (!s) return fail_memory(r->context);
    TRY(open_scenario(&r->document, &folder, r->scratch, path));
    *s = (bashu_scenario){.context = r->context, .memory = r->memory, .economy = r->economy};
    s->path = arena_text(r->memory, path);
    s->sha256 = arena_text(r->memory, document_sha256(r->document));
    if (!s->path || !s->sha256) return fail_memory(r->context);
    TRY(scenario_text(&s->name, r, document_root(r->document), "name"));
    s->title_en = s->title_zh = s->name;
    title = node_get(document_root(r->document), "title");
    if (title) TRY(bilingual_read(&s->title_en, &s->title_zh, r->memory, r->document, title, "title"));
    TRY(node_require(&list, r->document, document_root(r->document), "changes"));
    TRY(scenario_names(r));
    TRY(players_read(r, node_get(document_root(r->document), "players")));
    return changes_read(r, list);
}

bashu_status scenario_read(bashu_scenario **out, const bashu_economy *economy, const char *path)
{
    bashu_context *context = economy->context;
    scenario_reader r = {.context = context, .economy = economy, .about = &economy->about};
    *out = NULL;
    r.memory = arena_new(context);
    r.scratch = arena_new(context);
    bashu_status status = r.memory && r.scratch ? file_read(&r, path) : fail_memory(context);
    arena_free(r.scratch);
    if (status == BASHU_OK) *out = r.scenario;
    else arena_free(r.memory);
    return status;
}

void scenario_free(bashu_scenario *scenario)
{
    if (scenario) arena_free(scenario->memory);
}

static bashu_status economy_of(char **out, arena *scratch, const char *path)
{
    const document *d;
    const char *name;
    TRY(open_scenario(&d, &name, scratch, path));
    const char *folder = path_beside(scratch, path, name);
    size_t size = folder ? strlen(folder) + 1 : 0;
    *out = folder ? malloc(size) : NULL;
    if (!*out) return fail_memory(arena_context(scratch));
    memcpy(*out, folder, size);
    return BASHU_OK;
}

bashu_status scenario_economy(char **out, bashu_context *context, const char *path)
{
    *out = NULL;
    arena *scratch = arena_new(context);
    bashu_status status = scratch ? economy_of(out, scratch, path) : fail_memory(context);
    arena_free(scratch);
    return status;
}
