/* json_economy.c - the answer of `bashu check` for programs. */
#include "report/economy_facts.h"
#include "report/json.h"

static json_t *imputed_json(const bashu_economy *economy)
{
    imputed_part parts[IMPUTED_COUNT];
    facts_imputed(parts, economy);
    json_t *object = json_object();
    for (size_t k = 0; k < IMPUTED_COUNT; k++) {
        json_t *part = json_object();
        set_count(part, "numbers", parts[k].cells);
        set_count(part, "imputed", parts[k].imputed);
        set_number(part, "share_pct", 100 * parts[k].share);
        set_value(object, parts[k].name, part);
    }
    return object;
}

static bashu_status totals_json(report *r, json_t *object, const description *about)
{
    json_t *totals = json_array();
    bashu_status status = BASHU_OK;
    for (size_t k = 0; k < about->total_count && status == BASHU_OK; k++) {
        total_check check;
        status = facts_total(&check, r->context, about, &about->totals[k]);
        if (status != BASHU_OK) break;
        json_t *total = json_object();
        set_text(total, "variable", check.variable);
        set_text(total, "set", check.set);
        set_text(total, "member", check.member);
        set_number(total, "published", check.published);
        set_number(total, "sum", check.sum);
        set_number(total, "difference_pct", check.percent);
        set_text(total, "source", check.source);
        add_value(totals, total);
    }
    set_value(object, "totals", totals);
    return status;
}

static json_t *sets_json(const description *about)
{
    set_check checks[24];
    size_t count = facts_sets(checks, sizeof checks / sizeof checks[0], about);
    json_t *sets = json_array();
    for (size_t k = 0; k < count; k++) {
        json_t *set = json_object();
        set_text(set, "set", checks[k].set);
        set_text(set, "variable", checks[k].variable);
        set_count(set, "members", checks[k].members);
        set_text(set, "worst", checks[k].worst->id);
        set_number(set, "difference_pct", checks[k].percent);
        add_value(sets, set);
    }
    return sets;
}

static bashu_status circles_json(report *r, json_t *object, const description *about)
{
    size_t count;
    const set_summary *rows = summaries_of(r->memory, about, &count);
    if (!rows) return fail_memory(r->context);
    json_t *circles = json_array();
    for (size_t m = 0; m < count; m++) add_value(circles, json_summary(&rows[m]));
    set_value(object, "circles", circles);
    return BASHU_OK;
}

static json_t *zones_json(const description *about)
{
    json_t *zones = json_array();
    for (size_t z = 0; z < about->zone_count; z++) {
        const zone_part *part = &about->zones[z];
        json_t *zone = json_object();
        set_text(zone, "id", part->label.id);
        set_text(zone, "name_zh", part->label.name_zh);
        set_text(zone, "name_en", part->label.name_en);
        set_text(zone, "region", about->regions[part->region].label.id);
        set_number(zone, "land_km2", part->land_km2);
        set_text(zone, "land_flag", part->land_flag);
        set_text(zone, "approved", part->approved);
        add_value(zones, zone);
    }
    return zones;
}

static json_t *origin_json(const trade_origin *row, const char *sector)
{
    json_t *origin = json_object();
    set_text(origin, "sector", sector);
    set_number(origin, "own_region_pct", row->home);
    set_number(origin, "own_area_pct", row->same_area);
    set_number(origin, "other_areas_pct", row->other_areas);
    set_number(origin, "abroad_pct", row->abroad);
    return origin;
}

static bashu_status trade_json(report *r, json_t *object, const bashu_economy *economy)
{
    const description *about = &economy->about;
    trade_origin *rows = arena_alloc(r->memory, about->J + 1, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    facts_trade(rows, economy);
    json_t *trade = json_array();
    for (size_t j = 0; j <= about->J; j++)
        add_value(trade, origin_json(&rows[j], j < about->J ? about->sectors[j].label.id : "all"));
    set_value(object, "trade", trade);
    return BASHU_OK;
}

/* Implied costs of trade between the areas of the first circle's cores; null when it has no two. */
static bashu_status barriers_json(report *r, json_t *object, const bashu_economy *economy)
{
    const description *about = &economy->about;
    size_t areas[2];
    if (!facts_core_areas(areas, about)) {
        set_value(object, "trade_between_cores", NULL);
        return BASHU_OK;
    }
    trade_barrier *rows = arena_alloc(r->memory, about->J + 1, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    TRY(facts_barriers(rows, r, economy, areas));
    json_t *between = json_object(), *sectors = json_array();
    set_text(between, "area_a", about->areas[areas[0]]);
    set_text(between, "area_b", about->areas[areas[1]]);
    for (size_t j = 0; j <= about->J; j++) {
        json_t *sector = json_object();
        set_text(sector, "sector", j < about->J ? about->sectors[j].label.id : "all");
        set_number(sector, "cost_pct", rows[j].pair);
        set_number(sector, "all_areas_mean_pct", rows[j].mean);
        add_value(sectors, sector);
    }
    set_value(between, "sectors", sectors);
    set_value(object, "trade_between_cores", between);
    return BASHU_OK;
}

static bashu_status deficits_json(report *r, json_t *object, const bashu_economy *economy)
{
    area_deficit *rows = arena_alloc(r->memory, economy->about.A, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    size_t count = facts_deficits(rows, economy);
    json_t *areas = json_array();
    for (size_t k = 0; k < count; k++) {
        json_t *row = json_object();
        set_text(row, "area", economy->about.areas[rows[k].area]);
        set_number(row, "deficit", rows[k].deficit);
        set_number(row, "gdp_share_pct", rows[k].percent);
        add_value(areas, row);
    }
    set_value(object, "area_deficits", areas);
    return BASHU_OK;
}

static json_t *near_json(const bashu_economy *economy)
{
    size_t example;
    return json_integer((json_int_t)facts_near(&example, economy));
}

static json_t *travel_json(const bashu_economy *economy)
{
    enum { CORES = 6 };
    const description *about = &economy->about;
    size_t cores[CORES], count = facts_cores(cores, CORES, about), N = about->N;
    json_t *times = json_array();
    for (size_t a = 0; economy->travel_time_h && a < count; a++)
        for (size_t b = a + 1; b < count; b++) {
            json_t *pair = json_object();
            set_text(pair, "from", about->regions[cores[a]].label.id);
            set_text(pair, "to", about->regions[cores[b]].label.id);
            for (size_t c = 0; c < about->C; c++)
                set_number(pair, about->travel[c].name, economy->travel_time_h[at3(c, cores[a], cores[b], N, N)]);
            add_value(times, pair);
        }
    return times;
}

static json_t *elasticities_json(const description *about)
{
    json_t *elasticities = json_object();
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) {
        const elasticity *e = &about->elasticities[k];
        elasticity_span span = facts_elasticity(about, k);
        json_t *one = json_object();
        set_number(one, "value", e->value);
        set_number(one, "least", span.low);
        set_number(one, "most", span.high);
        set_number(one, "low", e->low);
        set_number(one, "high", e->high);
        set_value(one, "outside_range", json_boolean(span.outside));
        set_text(one, "source", e->source);
        set_value(elasticities, elasticity_rows[k].name, one);
    }
    return elasticities;
}

static json_t *adjustments_json(const bashu_economy *economy)
{
    json_t *adjustments = json_array();
    for (size_t k = 0; k < economy->adjustment_count; k++) {
        json_t *one = json_object();
        set_text(one, "what_en", economy->adjustments[k].what_en);
        set_text(one, "what_zh", economy->adjustments[k].what_zh);
        set_number(one, "before", economy->adjustments[k].before);
        set_number(one, "after", economy->adjustments[k].after);
        add_value(adjustments, one);
    }
    return adjustments;
}

bashu_status json_economy(report *r, const void *subject)
{
    const bashu_economy *economy = subject;
    const description *about = &economy->about;
    json_t *object = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "economy", about->name);
    set_value(object, "year", json_integer(about->year));
    set_count(object, "regions", about->N);
    set_count(object, "sectors", about->J);
    set_count(object, "groups", about->S);
    set_value(object, "imputed", imputed_json(economy));
    set_value(object, "sets", sets_json(about));
    set_value(object, "zones", zones_json(about));
    set_value(object, "model", json_model(about));
    set_value(object, "elasticities", elasticities_json(about));
    set_value(object, "travel_time_h", travel_json(economy));
    set_value(object, "regions_nearer_than_inside", near_json(economy));
    set_value(object, "adjustments", adjustments_json(economy));
    set_number(object, "baseline_residual", economy->baseline_residual);
    set_text(object, "baseline_worst", economy->baseline_worst);
    set_value(object, "inputs", json_files(about, NULL));
    bashu_status status = totals_json(r, object, about);
    if (status == BASHU_OK) status = circles_json(r, object, about);
    if (status == BASHU_OK) status = trade_json(r, object, economy);
    if (status == BASHU_OK) status = barriers_json(r, object, economy);
    if (status == BASHU_OK) status = deficits_json(r, object, economy);
    if (status == BASHU_OK) return put_json(r, object);
    json_decref(object);
    return status;
}
