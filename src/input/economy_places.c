/* economy_places.c - regions, their sets, zones, and published totals. */
#include "input/economy_parts.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* ---- regions ------------------------------------------------------------------------------------- */

/* Every number of a region: column, where it goes, its range. */
typedef struct region_number {
    const char *name;
    size_t offset;
    double low, high;
    bool needed;   /* the column */
    bool positive; /* every cell, and > 0 */
    const char *unit;
} region_number;

static bashu_status region_number_read(region_row *row, const region_number *n, const table *t, size_t at)
{
    size_t column;
    double value;
    long found = table_find(t, n->name);
    if (found < 0 && n->needed) TRY(table_require(&column, t, n->name));
    value = unknown;
    if (found >= 0) {
        column = (size_t)found;
        TRY(table_number(&value, t, at, column, (number_range){n->low, n->high, !n->positive, n->unit}));
        if (n->positive && !(value > 0))
            return table_fail(t, at, column, "must be positive; write the %s of the region", n->name);
    }
    memcpy((char *)row + n->offset, &value, sizeof value);
    return BASHU_OK;
}

static bashu_status region_numbers_read(region_row *row, const table *t, size_t at)
{
    static const region_number numbers[] = {
        {"lon", offsetof(region_row, lon), -180, 180, true, false, "degrees"},
        {"lat", offsetof(region_row, lat), -90, 90, true, false, "degrees"},
        {"land_km2", offsetof(region_row, land_km2), 0, (double)INFINITY, true, true, "km2"},
        {"people", offsetof(region_row, people), 0, (double)INFINITY, true, true, "persons"},
        {"gdp", offsetof(region_row, gdp), 0, (double)INFINITY, true, true, "currency units"},
        {"developed_land_km2", offsetof(region_row, developed_land_km2), 0, (double)INFINITY, false, false, "km2"},
        {"housing_m2_per_person", offsetof(region_row, housing_m2_per_person), 0, 1e6, false, false, "m2"},
        {"college_share", offsetof(region_row, college_share), 0, 1, false, false, "(a share)"},
        {"urban_share", offsetof(region_row, urban_share), 0, 1, false, false, "(a share)"},
        {"trade_balance", offsetof(region_row, trade_balance), -(double)INFINITY, (double)INFINITY, false, false,
         "currency units"},
        {"rent", offsetof(region_row, rent), 0, (double)INFINITY, false, false, "(any unit, the same everywhere)"},
        {"portfolio_share", offsetof(region_row, portfolio_share), -1, 1, false, false, "(a share)"},
    };
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) TRY(region_number_read(row, &numbers[k], t, at));
    return BASHU_OK;
}

bashu_status flag_read(const char **out, economy_reader *r, const table *t, size_t row, const char *column)
{
    const char *word = flag_word_at(t, row, flag_column(t, column));
    *out = NULL;
    return word ? keep_text(out, r, word) : BASHU_OK;
}

static bashu_status area_read(economy_reader *r, region_row *row, const table *t, size_t at)
{
    size_t column;
    TRY(table_require(&column, t, "area"));
    const char *id = table_text(t, at, column);
    if (!*id) return table_fail(t, at, column, "is empty; write the key under which input_output names the area");
    if (!strcmp(id, "*"))
        return table_fail(t, at, column, "'*' is no area; write the key under which input_output names it");
    long found = name_index_find(r->areas.index, id);
    if (found < 0) {
        const char *kept;
        TRY(keep_text(&kept, r, id));
        found = (long)r->areas.count;
        TRY(axis_add(&r->areas, r, kept));
    }
    row->area_index = (size_t)found;
    row->area = r->areas.ids[found];
    return BASHU_OK;
}

/* Structures are one market with housing, or each sector has its own. */
static bashu_status structures_read(region_row *row, const table *t, size_t at)
{
    long column = table_find(t, "structures");
    const char *word = column < 0 ? "" : table_text(t, at, (size_t)column);
    row->specific_structures = !strcmp(word, "specific");
    if (!*word || row->specific_structures || !strcmp(word, "shared")) return BASHU_OK;
    return table_fail(t, at, (size_t)column, "unknown word '%s'; write shared or specific", word);
}

static bashu_status region_read(economy_reader *r, region_row *row, const table *t, size_t at)
{
    TRY(region_numbers_read(row, t, at));
    if (row->rent <= 0)
        return table_fail(t, at, (size_t)table_find(t, "rent"), "must be positive; leave the column empty where rents are not observed");
    TRY(flag_read(&row->people_flag, r, t, at, "people"));
    TRY(flag_read(&row->gdp_flag, r, t, at, "gdp"));
    TRY(flag_read(&row->land_flag, r, t, at, "land_km2"));
    TRY(structures_read(row, t, at));
    return area_read(r, row, t, at);
}

/* Columns of regions that economy.yaml decides: elasticities, region sets and the parts of regions in them. */
static bashu_status region_columns(const char ***out, economy_reader *r)
{
    const yaml_node *sets = node_get(r->root, "region_sets");
    size_t count = 0, set_count = sets ? node_count(sets) : 0;
    if (set_count && node_kind_of(sets) != NODE_MAP)
        return node_fail(r->document, sets, "region_sets: must be a map; write e.g. {province: provinces.csv}");
    TRY(elasticity_columns(out, r, SCOPE_REGION, 3 * set_count));
    while ((*out)[count]) count++;
    for (size_t g = 0; g < set_count; g++) {
        (*out)[count++] = node_key(sets, g);
        (*out)[count] = arena_format(r->scratch, "%s_land_km2", node_key(sets, g));
        if (!(*out)[count++]) return fail_memory(r->context);
        (*out)[count] = arena_format(r->scratch, "%s_people", node_key(sets, g));
        if (!(*out)[count++]) return fail_memory(r->context);
    }
    return BASHU_OK;
}

static bashu_status foreign_read(economy_reader *r)
{
    const yaml_node *node = node_get(r->root, "foreign");
    const char *id;
    r->about->foreign = -1;
    if (!node) return BASHU_OK;
    TRY(node_text(&id, r->document, node, "foreign"));
    r->about->foreign = name_index_find(r->regions.index, id);
    if (r->about->foreign >= 0) return BASHU_OK;
    const char *near = name_index_nearest(r->regions.index, id);
    if (near) return node_fail(r->document, node, "foreign: unknown region '%s'; did you mean '%s'?", id, near);
    return node_fail(r->document, node, "foreign: unknown region '%s'; write an id of %s", id, r->regions.home);
}

/* All regions say what part of the portfolio is theirs, or none does. */
static bashu_status portfolio_check(const economy_reader *r, const table *t)
{
    long column = table_find(t, "portfolio_share");
    size_t stated = 0, blank = 0;
    double sum = 0;
    for (size_t n = 0; column >= 0 && n < table_rows(t); n++) {
        if (isnan(r->region_rows[n].portfolio_share)) blank = n;
        else stated++, sum += r->region_rows[n].portfolio_share;
    }
    if (!stated) return BASHU_OK;
    if (stated < table_rows(t))
        return table_fail(t, blank, (size_t)column, "is empty, and other regions have a share; write one for every region (0 for none), or for none");
    if (fabs(sum - 1) <= agreement) return BASHU_OK;
    return table_fail(t, 0, (size_t)column,
                      "the shares of all regions sum to %.9g; write shares that sum to 1, or leave the column out: then people share", sum);
}

/* Rents are in a unit of their own, so they are known everywhere or nowhere. */
static bashu_status rent_check(economy_reader *r, const table *t)
{
    long column = table_find(t, "rent");
    size_t N = table_rows(t), known = 0, missing = 0;
    for (size_t n = 0; n < N; n++)
        if (isnan(r->region_rows[n].rent)) missing = n;
        else known++;
    if (column < 0 || !known || known == N) return BASHU_OK;
    return table_fail(t, missing, (size_t)column, "is empty, and %zu other regions have a rent; write one here or leave the column empty", known);
}

bashu_status regions_read(economy_reader *r)
{
    static const char *const known[] = {"id",
                                        "name_en",
                                        "name_zh",
                                        "seat_en",
                                        "seat_zh",
                                        "adcode",
                                        "lon",
                                        "lat",
                                        "people",
                                        "gdp",
                                        "land_km2",
                                        "area",
                                        "developed_land_km2",
                                        "housing_m2_per_person",
                                        "college_share",
                                        "urban_share",
                                        "trade_balance",
                                        "rent",
                                        "portfolio_share",
                                        "structures",
                                        NULL};
    const char **more;
    const table *t;
    label *labels;
    TRY(region_columns(&more, r));
    TRY(open_table(&t, r, TABLE_REGIONS, known, more));
    size_t N = table_rows(t);
    TRY(keep(&r->region_rows, r, N, sizeof *r->region_rows));
    TRY(borrow(&labels, r, N, sizeof *labels));
    TRY(axis_new(&r->regions, r, "region", table_path(t), N));
    TRY(axis_new(&r->areas, r, "area", table_path(t), N));
    TRY(labels_read(labels, &r->regions, r, t));
    for (size_t n = 0; n < N; n++) {
        r->region_rows[n].label = labels[n];
        TRY(region_read(r, &r->region_rows[n], t, n));
    }
    TRY(portfolio_check(r, t));
    TRY(rent_check(r, t));
    r->items[SCOPE_REGION] = t;
    r->about->regions = r->region_rows;
    r->about->N = N;
    r->about->areas = r->areas.ids;
    r->about->A = r->areas.count;
    return foreign_read(r);
}

/* ---- region sets --------------------------------------------------------------------------------- */

static bashu_status members_read(region_set *set, axis *ids, economy_reader *r, const table *t)
{
    label *labels;
    double *people, *gdp, *land_km2;
    set->member_count = table_rows(t);
    TRY(axis_new(ids, r, set->name, table_path(t), set->member_count));
    TRY(keep(&labels, r, set->member_count, sizeof *labels));
    TRY(labels_read(labels, ids, r, t));
    TRY(keep_numbers(&people, r, set->member_count, unknown));
    TRY(keep_numbers(&gdp, r, set->member_count, unknown));
    TRY(keep_numbers(&land_km2, r, set->member_count, unknown));
    for (size_t m = 0; m < set->member_count; m++) {
        TRY(optional_number(&people[m], t, m, "people", 0, unbounded, "persons"));
        TRY(optional_number(&gdp[m], t, m, "gdp", 0, unbounded, "currency units"));
        TRY(optional_number(&land_km2[m], t, m, "land_km2", 0, unbounded, "km2"));
    }
    set->members = labels;
    set->published_people = people;
    set->published_gdp = gdp;
    set->published_land_km2 = land_km2;
    return BASHU_OK;
}

static bashu_status member_of_read(region_set *set, const axis *ids, economy_reader *r)
{
    const table *t = r->items[SCOPE_REGION];
    size_t column, member;
    long *member_of;
    TRY(table_require(&column, t, set->name));
    TRY(keep(&member_of, r, r->about->N, sizeof *member_of));
    for (size_t n = 0; n < r->about->N; n++) {
        member_of[n] = -1;
        if (!*table_text(t, n, column)) continue;
        TRY(axis_find(&member, ids, t, n, column));
        member_of[n] = (long)member;
    }
    set->member_of = member_of;
    return BASHU_OK;
}

/* The part of a region that lies in its member: the cell of SET_land_km2 or SET_people, else the whole, else none. */
static bashu_status part_read(const double **out, economy_reader *r, const region_set *set, const char *quantity)
{
    const table *t = r->items[SCOPE_REGION];
    bool land = !strcmp(quantity, "land_km2");
    char *column = arena_format(r->scratch, "%s_%s", set->name, quantity);
    double *parts;
    if (!column) return fail_memory(r->context);
    TRY(keep_numbers(&parts, r, r->about->N, 0));
    for (size_t n = 0; n < r->about->N; n++) {
        double whole = land ? r->region_rows[n].land_km2 : r->region_rows[n].people, part;
        TRY(optional_number(&part, t, n, column, 0, whole,
                            land ? "km2 (at most the region's)" : "persons (at most the region's)"));
        if (!isnan(part) && set->member_of[n] < 0)
            return table_fail(t, n, (size_t)table_find(t, column),
                              "the region lies in no %s; leave it empty or fill column '%s'", set->name, set->name);
        if (set->member_of[n] >= 0) parts[n] = isnan(part) ? whole : part;
    }
    *out = parts;
    return BASHU_OK;
}

bashu_status sets_read(economy_reader *r)
{
    static const char *const known[] = {"id", "name_en", "name_zh", "people", "gdp", "land_km2", "note", NULL};
    const yaml_node *node = node_get(r->root, "region_sets");
    size_t count = node ? node_count(node) : 0;
    region_set *sets;
    TRY(keep(&sets, r, count, sizeof *sets));
    for (size_t g = 0; g < count; g++) {
        const char *file;
        const table *t;
        axis ids;
        TRY(keep_text(&sets[g].name, r, node_key(node, g)));
        TRY(node_text(&file, r->document, node_item(node, g), sets[g].name));
        TRY(open_file(&t, r, file, known, NULL));
        TRY(members_read(&sets[g], &ids, r, t));
        TRY(member_of_read(&sets[g], &ids, r));
        TRY(part_read(&sets[g].land_km2, r, &sets[g], "land_km2"));
        TRY(part_read(&sets[g].people, r, &sets[g], "people"));
    }
    r->about->sets = sets;
    r->about->set_count = count;
    return BASHU_OK;
}

/* ---- zones --------------------------------------------------------------------------------------- */

static bashu_status zone_read(zone_part *zone, economy_reader *r, const table *t, size_t row)
{
    size_t region, land;
    TRY(table_require(&region, t, "region"));
    TRY(table_require(&land, t, "land_km2"));
    TRY(label_read(&zone->label, r, t, row));
    TRY(axis_find(&zone->region, &r->regions, t, row, region));
    TRY(table_number(&zone->land_km2, t, row, land, (number_range){0, unbounded, false, "km2"}));
    if (!(zone->land_km2 > 0))
        return table_fail(t, row, land, "must be positive; write the land of the zone in the region");
    if (zone->land_km2 > r->region_rows[zone->region].land_km2)
        return table_fail(t, row, land, "%g km2 is more than the %g km2 of region '%s'; correct one of them",
                          zone->land_km2, r->region_rows[zone->region].land_km2, r->regions.ids[zone->region]);
    TRY(text_read(&zone->approved, r, t, row, "approved"));
    return flag_read(&zone->land_flag, r, t, row, "land_km2");
}

bashu_status zones_read(economy_reader *r)
{
    static const char *const known[] = {"id", "name_en", "name_zh", "region", "land_km2", "approved", NULL};
    const table *t;
    zone_part *zones;
    TRY(open_table(&t, r, TABLE_ZONES, known, NULL));
    if (!t) return BASHU_OK;
    name_index *seen = name_index_new(r->scratch, table_rows(t));
    if (!seen) return fail_memory(r->context);
    TRY(keep(&zones, r, table_rows(t), sizeof *zones));
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(zone_read(&zones[row], r, t, row));
        char *key = arena_format(r->scratch, "%s\n%zu", zones[row].label.id, zones[row].region);
        if (!key) return fail_memory(r->context);
        if (name_index_find(seen, key) >= 0)
            return table_fail(t, row, (size_t)table_find(t, "id"),
                              "duplicate row for zone '%s' in region '%s'; delete one of them", zones[row].label.id,
                              r->regions.ids[zones[row].region]);
        if (!name_index_add(seen, key, row)) return fail_memory(r->context);
    }
    r->about->zones = zones;
    r->about->zone_count = table_rows(t);
    return BASHU_OK;
}

/* ---- published totals ---------------------------------------------------------------------------- */

bashu_status set_member_check(const region_set *set, const char *member, economy_reader *r, const table *t, size_t row, size_t column)
{
    if (find_member(set, member) >= 0) return BASHU_OK;
    const char **ids;
    TRY(borrow(&ids, r, set->member_count, sizeof *ids));
    for (size_t m = 0; m < set->member_count; m++) ids[m] = set->members[m].id;
    const char *near = nearest_name(member, ids, set->member_count);
    if (near) return table_fail(t, row, column, "unknown %s '%s'; did you mean '%s'?", set->name, member, near);
    return table_fail(t, row, column, "unknown %s '%s'; write an id of its table", set->name, member);
}

static bashu_status total_member(const published_total *total, economy_reader *r, const table *t, size_t row)
{
    size_t column;
    TRY(table_require(&column, t, "member"));
    if (!strcmp(total->set, "all")) {
        if (!*total->member) return BASHU_OK;
        return table_fail(t, row, column, "'%s' is not expected where set is 'all'; leave it empty", total->member);
    }
    return set_member_check(&r->about->sets[find_set(r->about, total->set)], total->member, r, t, row, column);
}

static bashu_status total_word(const axis *words, const char **out, economy_reader *r, const table *t, size_t row,
                               const char *name)
{
    size_t column, found;
    TRY(table_require(&column, t, name));
    TRY(axis_find(&found, words, t, row, column));
    return keep_text(out, r, words->ids[found]);
}

static bashu_status total_words(axis *variables, axis *sets, economy_reader *r)
{
    TRY(axis_new(variables, r, "variable", "people, gdp, land_km2", 3));
    TRY(axis_add(variables, r, "people"));
    TRY(axis_add(variables, r, "gdp"));
    TRY(axis_add(variables, r, "land_km2"));
    TRY(axis_new(sets, r, "set", "'all' and region_sets in economy.yaml", r->about->set_count + 1));
    TRY(axis_add(sets, r, "all"));
    for (size_t g = 0; g < r->about->set_count; g++)
        if (strcmp(r->about->sets[g].name, "all") != 0) TRY(axis_add(sets, r, r->about->sets[g].name));
    return BASHU_OK;
}

static bashu_status total_once(name_index *seen, const published_total *total, economy_reader *r, const table *t,
                               size_t row)
{
    char *key = arena_format(r->scratch, "%s\n%s\n%s", total->variable, total->set, total->member);
    if (!key) return fail_memory(r->context);
    long first = name_index_find(seen, key);
    if (first >= 0)
        return table_fail(t, row, (size_t)table_find(t, "variable"),
                          "duplicate row for %s of '%s' '%s', first on line %zu; delete one of them", total->variable,
                          total->set, total->member, table_line(t, (size_t)first));
    return name_index_add(seen, key, row) ? BASHU_OK : fail_memory(r->context);
}

bashu_status totals_read(economy_reader *r)
{
    static const char *const known[] = {"variable", "set", "member", "value", "source", NULL};
    const table *t;
    published_total *totals;
    axis variables, sets;
    size_t value;
    TRY(open_table(&t, r, TABLE_TOTALS, known, NULL));
    if (!t) return BASHU_OK;
    TRY(total_words(&variables, &sets, r));
    TRY(table_require(&value, t, "value"));
    TRY(keep(&totals, r, table_rows(t), sizeof *totals));
    name_index *seen = name_index_new(r->scratch, table_rows(t));
    if (!seen) return fail_memory(r->context);
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(total_word(&variables, &totals[row].variable, r, t, row, "variable"));
        TRY(total_word(&sets, &totals[row].set, r, t, row, "set"));
        TRY(text_read(&totals[row].member, r, t, row, "member"));
        TRY(total_member(&totals[row], r, t, row));
        TRY(table_number(&totals[row].value, t, row, value, (number_range){0, unbounded, false, NULL}));
        TRY(text_read(&totals[row].source, r, t, row, "source"));
        TRY(total_once(seen, &totals[row], r, t, row));
    }
    r->about->totals = totals;
    r->about->total_count = table_rows(t);
    return BASHU_OK;
}
