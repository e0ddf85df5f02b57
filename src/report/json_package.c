/* json_package.c - the answer of `bashu run` for programs, and the manifest of its files. */
#include "report/json.h"

#include <math.h>
#include <string.h>

/* How many places gain and lose welfare. */
static json_t *json_tally(const description *about, const double *welfare)
{
    static const char *const sides[TALLY_COUNT] = {"gain", "lose", "same"};
    tally t = tally_of(about, welfare);
    json_t *object = json_object();
    set_text(object, "variable", headline_names[3]);
    set_number(object, "threshold_pct", tally_threshold_pct);
    for (size_t k = 0; k < TALLY_COUNT; k++) {
        json_t *side = json_object();
        set_count(side, "places", t.places[k]);
        set_number(side, "people_share_pct", 100 * t.people_share[k]);
        set_value(object, sides[k], side);
    }
    return object;
}

static bashu_status add_regions(report *r, json_t *object, const bashu_package *package)
{
    const description *about = &package->economy->about;
    double *percent;
    TRY(headline_percents(&percent, r->memory, package->whole));
    json_t *regions = json_array();
    for (size_t n = 0; n < about->N; n++) {
        const region_row *row = &about->regions[n];
        json_t *region = json_object();
        set_text(region, "id", row->label.id);
        set_text(region, "name_zh", row->label.name_zh);
        set_text(region, "name_en", row->label.name_en);
        set_text(region, "province", member_id(about, "province", n));
        set_text(region, "circle", member_id(about, "circle", n));
        for (size_t k = 0; k < HEADLINE_COUNT; k++)
            set_number(region, arena_format(r->memory, "%s_pct", headline_names[k]), percent[k * about->N + n]);
        set_value(region, "imputed", json_boolean(region_imputed(row)));
        add_value(regions, region);
    }
    set_value(object, "regions", regions);
    set_value(object, "tally", json_tally(about, percent + 3 * about->N));
    return BASHU_OK;
}

bashu_status set_percents(report *r, json_t *object, const bashu_result *result, const char *set, const char *member)
{
    for (size_t k = 0; k < HEADLINE_COUNT; k++) {
        double percent = (double)NAN;
        if (result && result->info.reason > 0)
            TRY(measure_aggregate(result, headline_names[k], set, member, BASHU_PERCENT, &percent));
        set_number(object, arena_format(r->memory, "%s_pct", headline_names[k]), percent);
    }
    return BASHU_OK;
}

static bashu_status add_circles(report *r, json_t *object, const bashu_package *package)
{
    size_t count;
    const set_summary *rows = summaries_of(r->memory, &package->economy->about, &count);
    if (!rows) return fail_memory(r->context);
    json_t *circles = json_array();
    bashu_status status = BASHU_OK;
    for (size_t m = 0; m < count && status == BASHU_OK; m++) {
        json_t *circle = json_summary(&rows[m]);
        status = set_percents(r, circle, package->whole, rows[m].set, rows[m].id);
        add_value(circles, circle);
    }
    set_value(object, "circles", circles);
    return status;
}

json_t *json_change(const change *c)
{
    json_t *object = json_object();
    set_text(object, "id", c->id);
    set_text(object, "title_zh", c->title_zh);
    set_text(object, "title_en", c->title_en);
    set_text(object, "lever", lever_rows[c->lever].name);
    set_number(object, "from", c->from);
    if (c->table) set_text(object, "table", c->table);
    else set_number(object, c->is_hat ? "hat" : c->relative ? "change_pct" : "to", c->value);
    set_text(object, "unit", change_unit(c));
    set_number(object, "low", c->low);
    set_number(object, "high", c->high);
    set_text(object, "source", c->source);
    if (c->from_year) set_count(object, "from_year", (size_t)c->from_year);
    if (c->until_year) set_count(object, "until_year", (size_t)c->until_year);
    if (c->phase_in_years) set_count(object, "phase_in_years", (size_t)c->phase_in_years);
    return object;
}

/* What each change does alone to the circle that the scenario is about. */
static bashu_status add_changes(report *r, json_t *object, const bashu_package *package, const focus *about_what)
{
    json_t *changes = json_array();
    bashu_status status = BASHU_OK;
    for (size_t c = 0; c < package->part_count && status == BASHU_OK; c++) {
        const bashu_result *alone = package->alone[c];
        json_t *one = json_change(&package->scenario->changes[c]);
        set_text(one, "reason", bashu_reason_text(alone ? alone->info.reason : BASHU_NOT_SOLVED));
        status = set_percents(r, one, alone, about_what->set, about_what->member);
        add_value(changes, one);
    }
    set_value(object, "changes", changes);
    return status;
}

static bashu_status add_interaction(report *r, json_t *object, const bashu_package *package, const focus *about_what)
{
    json_t *interaction = json_object();
    bashu_status status = BASHU_OK;
    double *alone = arena_alloc(r->memory, package->part_count, sizeof *alone);
    if (!alone) status = fail_memory(r->context);
    for (size_t k = 0; k < HEADLINE_COUNT && status == BASHU_OK; k++) {
        effects total = {0};
        status = package_effects(&total, alone, package, headline_names[k], about_what->set, about_what->member);
        set_number(interaction, arena_format(r->memory, "%s_pct", headline_names[k]), total.interaction);
    }
    set_value(object, "interaction", interaction);
    return status;
}

static bashu_status add_focus(report *r, json_t *object, const bashu_package *package, const focus *about_what)
{
    json_t *row = json_object();
    set_text(row, "set", about_what->set);
    set_text(row, "id", about_what->member);
    set_text(row, "name_zh", about_what->name_zh);
    set_text(row, "name_en", about_what->name_en);
    bashu_status status = set_percents(r, row, package->whole, about_what->set, about_what->member);
    set_value(object, "focus", row);
    return status;
}

/* The circle at the ends of the range that the changes state; absent where none does. */
static bashu_status add_range(report *r, json_t *object, const bashu_package *package, const focus *about_what)
{
    const bashu_result *ends[] = {package->low, package->high};
    json_t *range = json_object();
    bashu_status status = BASHU_OK;
    for (int k = 0; k < 2 && status == BASHU_OK && package->low && package->high; k++) {
        json_t *end = json_object();
        set_text(end, "reason", bashu_reason_text(ends[k]->info.reason));
        status = set_percents(r, end, ends[k], about_what->set, about_what->member);
        set_value(range, k ? "high" : "low", end);
    }
    set_value(object, "range", range);
    return status;
}

static json_t *json_time(const bashu_package *package)
{
    json_t *time = json_object();
    set_number(time, "read_s", package->economy->about.read_s);
    set_number(time, "calibrate_s", package->economy->about.calibrate_s);
    set_number(time, "solve_s", package->solve_s);
    set_number(time, "whole_s", package->whole->info.time_s);
    return time;
}

static json_t *json_outcome(const bashu_package *package)
{
    const bashu_info *info = &package->whole->info;
    json_t *object = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "scenario", package->scenario->name);
    set_text(object, "economy", package->economy->about.name);
    set_text(object, "reason", bashu_reason_text(info->reason));
    set_value(object, "converged", json_boolean(info->reason > 0));
    set_value(object, "iterations", json_integer(info->passes));
    set_text(object, "method", info->method);
    set_value(object, "certificate", json_certificate(package->whole));
    return object;
}

static json_t *json_history(const bashu_info *info)
{
    json_t *history = json_array();
    for (size_t k = 0; k < info->history_count; k++)
        add_value(history, isfinite(info->history[k]) ? json_real(info->history[k]) : NULL);
    return history;
}

/* Results only where there is an equilibrium; else the way the residual went. */
bashu_status json_package(report *r, const void *subject)
{
    const bashu_package *package = subject;
    json_t *object = json_outcome(package);
    bashu_status status = BASHU_OK;
    if (package->whole->info.reason > 0) {
        focus about_what = measure_focus(&package->economy->about, package->scenario);
        status = add_focus(r, object, package, &about_what);
        if (status == BASHU_OK) status = add_regions(r, object, package);
        if (status == BASHU_OK) status = add_circles(r, object, package);
        if (status == BASHU_OK) status = add_changes(r, object, package, &about_what);
        if (status == BASHU_OK) status = add_interaction(r, object, package, &about_what);
        if (status == BASHU_OK) status = add_range(r, object, package, &about_what);
    } else {
        set_value(object, "history", json_history(&package->whole->info));
    }
    set_value(object, "time", json_time(package));
    if (status == BASHU_OK) return put_json(r, object);
    json_decref(object);
    return status;
}

/* ---- manifest ------------------------------------------------------------------------------------- */

static json_t *json_columns(report *r, const description *about)
{
    json_t *columns = json_object();
    for (size_t k = 0; k < bashu_variable_count(); k++) {
        const bashu_variable *v = bashu_variable_at(k);
        const char *unit = unit_text(r->memory, about, v->unit);
        if (!v->headline) continue;
        set_text(columns, arena_format(r->memory, "%s_base", v->name),
                 arena_format(r->memory, "%s; %s", v->title_en, unit));
        set_text(columns, arena_format(r->memory, "%s_cf", v->name),
                 arena_format(r->memory, "%s with the scenario; %s", v->title_en, unit));
        set_text(columns, arena_format(r->memory, "%s_pct", v->name),
                 arena_format(r->memory, "%s, change in percent", v->title_en));
    }
    return columns;
}

static json_t *json_elasticities(const description *about)
{
    json_t *elasticities = json_object();
    for (size_t k = 0; k < ELASTICITY_COUNT; k++)
        set_number(elasticities, elasticity_rows[k].name, about->elasticities[k].value);
    return elasticities;
}

bashu_status json_manifest(report *r, const void *subject)
{
    const bashu_package *package = subject;
    const description *about = &package->economy->about;
    json_t *object = json_outcome(package);
    set_text(object, "economy_folder", about->folder);
    set_value(object, "inputs", json_files(about, package->scenario));
    set_value(object, "settings", json_options(&package->options));
    set_value(object, "model", json_model(about));
    set_value(object, "elasticities", json_elasticities(about));
    set_value(object, "columns", json_columns(r, about));
    set_value(object, "time", json_time(package));
    set_count(object, "peak_memory_bytes", package->peak_bytes);
    return put_json(r, object);
}
