/* csv_package.c - regions.csv, one row a region, and long.csv, one row a number.
 *
 * Column names are VARIABLE_base, VARIABLE_cf, VARIABLE_pct; the manifest gives their units. In long.csv the scenario
 * of a change alone is SCENARIO/CHANGE, and variables by sector or group are VARIABLE.ITEM.
 * Flows between places and parts of changes are not here: bashu solve --variable. */
#include "report/report.h"

#include <string.h>

typedef struct column_kind {
    bashu_column column;
    const char *suffix;
} column_kind;
static const column_kind kinds[] = {{BASHU_BASE, "base"}, {BASHU_COUNTERFACTUAL, "cf"}, {BASHU_PERCENT, "pct"}};
enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

static bashu_status refuse_failure(report *r, const bashu_package *package)
{
    bashu_reason reason = package->whole->info.reason;
    if (reason > 0) return BASHU_OK;
    return fail(r->context, BASHU_ERROR_ARGUMENT, "there is no equilibrium to write (%s)", bashu_reason_text(reason));
}

/* ---- regions.csv ---------------------------------------------------------------------------------- */

static void regions_head(report *r)
{
    static const char *const names[] = {"id", "name_en", "name_zh", "province", "circle"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) put_field(&r->out, names[k], false);
    for (size_t k = 0; k < HEADLINE_COUNT * KIND_COUNT; k++)
        put_format(&r->out, "%s_%s,", headline_names[k / KIND_COUNT], kinds[k % KIND_COUNT].suffix);
    put_field(&r->out, "imputed", true);
}

bashu_status csv_regions(report *r, const void *subject)
{
    const bashu_package *package = subject;
    const description *about = &package->economy->about;
    size_t N = about->N, columns = HEADLINE_COUNT * KIND_COUNT;
    TRY(refuse_failure(r, package));
    double *values = arena_alloc(r->memory, columns * N, sizeof *values);
    if (!values) return fail_memory(r->context);
    for (size_t k = 0; k < columns; k++)
        TRY(measure_values(package->whole, headline_names[k / KIND_COUNT], kinds[k % KIND_COUNT].column, values + k * N,
                           N));
    regions_head(r);
    for (size_t n = 0; n < N; n++) {
        const region_row *region = &about->regions[n];
        put_field(&r->out, region->label.id, false);
        put_field(&r->out, region->label.name_en, false);
        put_field(&r->out, region->label.name_zh, false);
        put_field(&r->out, member_id(about, "province", n), false);
        put_field(&r->out, member_id(about, "circle", n), false);
        for (size_t k = 0; k < columns; k++) put_number_field(&r->out, values[k * N + n], false);
        put_field(&r->out, region_imputed(region) ? "1" : "0", true);
    }
    return BASHU_OK;
}

/* ---- long.csv ------------------------------------------------------------------------------------- */

/* One variable in one column, for every region (and sector or group). */
static bashu_status long_rows(report *r, const bashu_result *result, const char *scenario, const bashu_variable *v,
                              const column_kind *kind)
{
    const description *about = &result->economy->about;
    size_t count = measure_count(result->economy, v->name), items = count / about->N;
    bool by_sector = strstr(v->shape, "sector") != NULL, by_group = strstr(v->shape, "group") != NULL;
    arena *memory = arena_new(r->context);
    if (!memory) return fail_memory(r->context);
    const char *unit = kind->column == BASHU_PERCENT ? "percent" : unit_text(memory, about, v->unit);
    double *values = arena_alloc(memory, count, sizeof *values);
    bashu_status status =
        values ? measure_values(result, v->name, kind->column, values, count) : fail_memory(r->context);
    for (size_t i = 0; status == BASHU_OK && i < count; i++) {
        size_t item = i % items;
        const char *id = by_sector ? about->sectors[item].label.id : by_group ? about->groups[item].id : "";
        put_field(&r->out, scenario, false);
        put_field(&r->out, about->regions[i / items].label.id, false);
        put_format(&r->out, "%s%s%s_%s,", v->name, *id ? "." : "", id, kind->suffix);
        put_field(&r->out, unit, false);
        put_number_field(&r->out, values[i], true);
    }
    arena_free(memory);
    return status;
}

static bashu_status long_whole(report *r, const bashu_package *package)
{
    for (size_t v = 0; v < bashu_variable_count(); v++)
        for (size_t k = 0; bashu_variable_at(v)->family == BASHU_OUTCOME && k < KIND_COUNT; k++)
            TRY(long_rows(r, package->whole, package->scenario->name, bashu_variable_at(v), &kinds[k]));
    return BASHU_OK;
}

bashu_status csv_long(report *r, const void *subject)
{
    const bashu_package *package = subject;
    TRY(refuse_failure(r, package));
    put(&r->out, "scenario,region,variable,unit,value\n");
    TRY(long_whole(r, package));
    for (size_t c = 0; c < package->part_count; c++) {
        const bashu_result *alone = package->alone[c];
        const char *name = arena_format(r->memory, "%s/%s", package->scenario->name, package->scenario->changes[c].id);
        if (!name) return fail_memory(r->context);
        if (!alone || alone->info.reason <= 0) continue;
        for (size_t k = 0; k < HEADLINE_COUNT; k++)
            TRY(long_rows(r, alone, name, measure_variable(headline_names[k]), &kinds[2]));
    }
    return BASHU_OK;
}
