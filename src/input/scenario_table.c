/* scenario_table.c - the values of a change from a CSV table, one row a pair of regions, a region or a link.
 *
 *   trade_cost, tariff       origin (sells), destination (buys), [sector]
 *   migration_cost           origin (registered there), destination (lives there), [group]
 *   productivity             region, [sector]
 *   amenity                  region, [group]
 *   land, transfer           region
 *   link_time                link
 *
 * and one column of values, by the rules of the lever: to, change_pct or hat; tariffs and times of links may add `from`. What has no row stays
 * as it is. Without the column of sectors or groups a row holds for all that the change selects. Where rows are about one
 * region, `regions` of the change leave out those of other regions. */
#include "input/scenario_parts.h"

#include <string.h>

typedef struct value_table {
    scenario_reader *r;
    change *c;
    cells cells;
    value_kind kind;
    const char *item_column; /* NULL: the lever knows no sectors or groups */
    bool links;              /* rows are about links, not regions */
    bool pairs, by_item, item_first; /* columns; whether the item is the first index of an array of pairs */
    const axis *items;
    const unsigned char *chosen;     /* [W] sectors or groups of the change */
    const unsigned char *within;     /* [N] regions whose rows count; NULL: all */
    size_t A, W, B;                  /* pairs: A x W x B, places: A x W, and B 1 */
} value_table;

/* ---- shape --------------------------------------------------------------------------------------- */

static value_table shape_of(change *c, scenario_reader *r)
{
    int takes = forms[c->lever].selectors;
    value_table v = {.r = r, .c = c, .pairs = takes & PAIRS, .A = r->about->N, .W = 1, .B = 1, .within = c->regions};
    if (v.pairs) v.B = r->about->N;
    v.links = takes & 1 << LINKS;
    if (v.links) v.A = r->links.count;
    v.item_first = c->lever == LEVER_MIGRATION_COST || c->lever == LEVER_COMMUTING_COST;
    if (takes & 1 << SECTORS) v.items = &r->sectors, v.item_column = "sector", v.chosen = c->sectors;
    if (takes & 1 << GROUPS) v.items = &r->groups, v.item_column = "group", v.chosen = c->groups;
    if (v.items) v.W = v.items->count;
    return v;
}

/* Place of (a, item, b) in the array of the change, and in what the table gives. */
static size_t at_full(const value_table *v, size_t a, size_t item, size_t b)
{
    return v->item_first ? (item * v->A + a) * v->B + b : (a * v->W + item) * v->B + b;
}

static size_t at_cell(const value_table *v, size_t a, size_t item, size_t b)
{
    return v->by_item ? at_full(v, a, item, b) : a * v->B + b;
}

static void add_key(cells *c, const char *column, const axis *ids)
{
    c->keys[c->key_count].column = column;
    c->keys[c->key_count++].axis = ids;
}

/* Keys in the order of the array: trade runs [buys][sector][sells], people [group][come from or live][go to or work]. */
static void choose_keys(value_table *v)
{
    scenario_reader *r = v->r;
    bool trade = v->pairs && !v->item_first;
    v->by_item = v->item_column && table_find(v->cells.table, v->item_column) >= 0;
    if (v->by_item && v->item_first) add_key(&v->cells, v->item_column, v->items);
    if (v->links) add_key(&v->cells, "link", &r->links);
    else add_key(&v->cells, !v->pairs ? "region" : trade ? "destination" : "origin", &r->regions);
    if (v->by_item && !v->item_first) add_key(&v->cells, v->item_column, v->items);
    if (v->pairs) add_key(&v->cells, trade ? "origin" : "destination", &r->regions);
}

/* ---- opening ------------------------------------------------------------------------------------- */

static bashu_status check_columns(const value_table *v)
{
    const char *known[8];
    size_t count = 0;
    if (v->pairs) known[count++] = "origin", known[count++] = "destination";
    else known[count++] = v->links ? "link" : "region";
    if (v->item_column) known[count++] = v->item_column;
    for (int k = 0; k < VALUE_KIND_COUNT; k++) known[count++] = value_keys[k];
    known[count++] = "from";
    known[count] = NULL;
    return table_only(v->cells.table, known);
}

/* The one column of values. */
static bashu_status choose_kind(value_table *v)
{
    const table *t = v->cells.table;
    lever_id lever = v->c->lever;
    const char *first = NULL;
    for (int k = 0; k < VALUE_KIND_COUNT; k++) {
        long column = table_find(t, value_keys[k]);
        if (column < 0) continue;
        if (first) return table_fail(t, 0, (size_t)column, "stands beside column '%s'; delete one of the two", first);
        const char *refused = kind_refused(v->r, lever, (value_kind)k);
        if (refused) return table_fail(t, 0, (size_t)column, "%s", refused);
        first = value_keys[k];
        v->kind = (value_kind)k;
    }
    if (first) return BASHU_OK;
    bool level = !kind_refused(v->r, lever, VALUE_TO);
    return fail(v->r->context, BASHU_ERROR_INPUT, "%s:1: there is no column of values; add %s", table_path(t),
                level ? "'to'" : "'change_pct' or 'hat'");
}

static bashu_status open_values(value_table *v, const yaml_node *node, const yaml_node *map)
{
    scenario_reader *r = v->r;
    const char *name;
    table *t;
    TRY(node_text(&name, r->document, node, "table"));
    char *path = path_beside(r->scratch, document_path(r->document), name);
    if (!path) return fail_memory(r->context);
    TRY(table_read(&t, r->scratch, path));
    v->cells.table = t;
    v->c->table = arena_text(r->memory, table_path(t));
    v->c->table_sha256 = arena_text(r->memory, table_sha256(t));
    if (!v->c->table || !v->c->table_sha256) return fail_memory(r->context);
    TRY(check_columns(v));
    if (!table_rows(t))
        return fail(r->context, BASHU_ERROR_INPUT, "%s:1: the table has no rows; write at least one under the header", table_path(t));
    TRY(choose_kind(v));
    choose_keys(v);
    const char *selector = v->items == &r->sectors ? "sectors" : "groups";
    const yaml_node *both = v->by_item ? node_get(map, selector) : NULL;
    if (both) return node_fail(r->document, both, "%s: the table has a column '%s'; delete one of the two", selector, v->item_column);
    return BASHU_OK;
}

/* ---- numbers ------------------------------------------------------------------------------------- */

static bashu_status numbers_new(double **out, const value_table *v, arena *memory, size_t count)
{
    *out = arena_alloc(memory, count, sizeof **out);
    return *out ? BASHU_OK : fail_memory(v->r->context);
}

static bashu_status column_read(double **out, value_table *v, const char *column, bool empty_allowed)
{
    value_limits limits = limits_of(v->r, v->c->lever, v->kind);
    economy_reader files = {.context = v->r->context, .memory = v->r->memory, .scratch = v->r->scratch};
    v->cells.column = column;
    v->cells.range = (number_range){limits.low, limits.high, empty_allowed, limits.unit};
    TRY(numbers_new(out, v, v->r->scratch, cells_count(&v->cells)));
    return cells_read(*out, NULL, &files, &v->cells, unknown);
}

static bashu_status check_low(const value_table *v, const double *values)
{
    value_limits limits = limits_of(v->r, v->c->lever, v->kind);
    for (size_t k = 0; limits.low_open && k < cells_count(&v->cells); k++)
        if (values[k] <= limits.low)
            return cells_fail(&v->cells, k, "must be more than %g; write a number in %s", limits.low, limits.unit);
    return BASHU_OK;
}

/* Only goods have a cost on the way from a place to itself. */
static bashu_status check_own(const value_table *v, const double *values)
{
    if (!v->pairs || v->c->lever == LEVER_TRADE_COST) return BASHU_OK;
    for (size_t a = 0; a < v->A; a++)
        for (size_t item = 0; item < (v->by_item ? v->W : 1); item++) {
            size_t k = at_cell(v, a, item, a);
            if (!isnan(values[k]))
                return cells_fail(&v->cells, k, "'%s' is origin and destination; lever '%s' is about different regions: delete the row",
                                  v->r->regions.ids[a], lever_rows[v->c->lever].name);
        }
    return BASHU_OK;
}

static bashu_status check_link_from(const value_table *v, const double *from)
{
    for (size_t l = 0; l < v->A; l++) {
        double found = 60 * v->r->about->network->links[l].time_h;
        if (!isnan(from[l]) && !agrees(from[l], found))
            return cells_fail(&v->cells, l, "%g disagrees with the %.15g minutes of link '%s' in the economy; write %.15g", from[l], found, v->r->links.ids[l], found);
    }
    return BASHU_OK;
}

/* Of tariffs and times of links: the other levers that tables may state have no level. */
static bashu_status check_from(value_table *v)
{
    const table *t = v->cells.table;
    const double *tariff = v->r->economy->tariff;
    double *from;
    long column = table_find(t, "from");
    if (column < 0) return BASHU_OK;
    if (!forms[v->c->lever].has_baseline)
        return table_fail(t, 0, (size_t)column, "lever '%s' has no baseline level to compare with; delete the column",
                          lever_rows[v->c->lever].name);
    TRY(column_read(&from, v, "from", true));
    if (v->links) return check_link_from(v, from);
    for (size_t a = 0; a < v->A; a++)
        for (size_t item = 0; item < v->W; item++)
            for (size_t b = 0; b < v->B; b++) {
                size_t k = at_cell(v, a, item, b);
                double found = tariff ? tariff[at_full(v, a, item, b)] : 0;
                if (isnan(from[k]) || !v->chosen[item] || agrees(from[k], found)) continue;
                return cells_fail(&v->cells, k, "%g disagrees with the tariff %.15g of '%s' on %s from '%s' in the economy; write %.15g",
                                  from[k], found, v->r->regions.ids[a], v->items->ids[item], v->r->regions.ids[b], found);
            }
    return BASHU_OK;
}

/* ---- the whole ----------------------------------------------------------------------------------- */

/* A change about regions that have no row would be no change. */
static bashu_status check_within(const value_table *v, const double *values)
{
    if (!v->within) return BASHU_OK;
    for (size_t a = 0; a < v->A; a++)
        for (size_t item = 0; v->within[a] && item < (v->by_item ? v->W : 1); item++)
            if (!isnan(values[at_cell(v, a, item, 0)])) return BASHU_OK;
    return fail(v->r->context, BASHU_ERROR_INPUT, "%s: there is no row about the regions of the change '%s'; add one, or name others",
                table_path(v->cells.table), v->c->id);
}

/* Factors or levels for every pair or place the rows are about; marks the regions, for who asks what a change is about. */
static bashu_status spread(value_table *v, const double *values)
{
    change *c = v->c;
    double *all;
    unsigned char *first = arena_alloc(v->r->memory, v->A, 1), *second = arena_alloc(v->r->memory, v->A, 1);
    if (!first || !second) return fail_memory(v->r->context);
    TRY(numbers_new(&all, v, v->r->memory, v->A * v->W * v->B));
    for (size_t a = 0; a < v->A; a++)
        for (size_t item = 0; item < v->W; item++)
            for (size_t b = 0; b < v->B; b++) {
                bool counts = (!v->chosen || v->chosen[item]) && (!v->within || v->within[a]);
                double value = counts ? values[at_cell(v, a, item, b)] : unknown;
                all[at_full(v, a, item, b)] = v->kind == VALUE_PERCENT ? 1 + value / 100 : value;
                if (isnan(value)) continue;
                first[a] = 1;
                second[b] = 1;
            }
    if (v->links) {
        c->links = first;
        c->by_link = all;
        return BASHU_OK;
    }
    c->regions = first;
    if (v->pairs) c->side_b = second;
    if (v->pairs) c->by_pair = all;
    else c->by_place = all;
    return BASHU_OK;
}

bashu_status scenario_table_read(change *c, scenario_reader *r, const yaml_node *map)
{
    static const char *const lonely[] = {"from", "low", "high"};
    const yaml_node *node = node_get(map, "table");
    if (!forms[c->lever].in_tables)
        return node_fail(r->document, node, "table: lever '%s' takes none; write a change for each value", lever_rows[c->lever].name);
    for (size_t k = 0; k < sizeof lonely / sizeof *lonely; k++)
        if (node_get(map, lonely[k]))
            return node_fail(r->document, node_get(map, lonely[k]), "%s: stands beside a table; %s", lonely[k],
                             k ? "delete it: values of a table have no range" : "write it as a column of the table");
    value_table v = shape_of(c, r);
    double *values;
    TRY(open_values(&v, node, map));
    TRY(column_read(&values, &v, value_keys[v.kind], false));
    TRY(check_low(&v, values));
    TRY(check_own(&v, values));
    TRY(check_within(&v, values));
    TRY(spread(&v, values));
    TRY(check_from(&v));
    c->relative = v.kind != VALUE_TO;
    c->is_hat = v.kind == VALUE_HAT;
    c->unit = arena_text(r->memory, v.kind == VALUE_HAT ? "factor" : limits_of(r, c->lever, v.kind).unit);
    return c->unit ? BASHU_OK : fail_memory(r->context);
}
