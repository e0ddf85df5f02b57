/* json.c - small words for JSON, and the certificate. */
#include "report/json.h"
#include "solve/solve.h"

#include <math.h>
#include <stdlib.h>

void set_value(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value ? value : json_null());
}

void add_value(json_t *array, json_t *value) { json_array_append_new(array, value ? value : json_null()); }

void set_number(json_t *object, const char *key, double value)
{
    set_value(object, key, isfinite(value) ? json_real(value) : NULL);
}

void set_count(json_t *object, const char *key, size_t value)
{
    set_value(object, key, json_integer((json_int_t)value));
}

void set_text(json_t *object, const char *key, const char *value)
{
    set_value(object, key, value ? json_string(value) : NULL);
}

bashu_status put_json(report *r, json_t *object)
{
    char *text = object ? json_dumps(object, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(object);
    if (!text) return fail_memory(r->context);
    put(&r->out, text);
    put(&r->out, "\n");
    free(text);
    return BASHU_OK;
}

json_t *json_certificate(const bashu_result *result)
{
    const bashu_info *info = &result->info;
    json_t *certificate = json_object(), *equations = json_object(), *places = json_object();
    set_number(certificate, "residual", info->residual);
    set_text(certificate, "worst", info->worst);
    set_number(certificate, "forward_error", info->forward_error);
    set_text(certificate, "uniqueness", info->uniqueness);
    set_count(certificate, "starts", (size_t)(info->starts > 0 ? info->starts : 0));
    set_count(certificate, "equilibria", (size_t)(info->equilibria > 0 ? info->equilibria : 0));
    for (size_t k = 0; k < info->equation_count; k++) {
        set_number(equations, info->equations[k].name, info->equations[k].residual);
        set_text(places, info->equations[k].name, info->equations[k].where);
    }
    set_value(certificate, "equations", equations);
    set_value(certificate, "where", places);
    return certificate;
}

void add_file(json_t *files, const char *path, const char *sha256)
{
    json_t *file = json_object();
    set_text(file, "path", path);
    set_text(file, "sha256", sha256);
    add_value(files, file);
}

json_t *json_files(const description *about, const bashu_scenario *scenario)
{
    json_t *files = json_array();
    for (size_t f = 0; f < about->file_count; f++) add_file(files, about->files[f].path, about->files[f].sha256);
    if (scenario) add_file(files, scenario->path, scenario->sha256);
    for (size_t c = 0; scenario && c < scenario->change_count; c++)
        if (scenario->changes[c].table) add_file(files, scenario->changes[c].table, scenario->changes[c].table_sha256);
    return files;
}

json_t *json_options(const bashu_options *options)
{
    json_t *settings = json_object();
    set_number(settings, "tolerance", options->tolerance);
    set_value(settings, "pass_limit", json_integer(options->pass_limit));
    set_value(settings, "starts", json_integer(options->starts));
    set_value(settings, "seed", json_integer((json_int_t)options->seed));
    set_text(settings, "method", options->method ? rung_name((rung)options->method) : "ladder");
    return settings;
}

/* What classes of travel state of routes and modes, where it is in use. */
static json_t *json_travel(const description *about)
{
    json_t *travel = json_object();
    for (size_t c = 0; about->network && c < about->C; c++) {
        const travel_class *class = &about->travel[c];
        json_t *one = json_object();
        if (about->switches.routing == ROUTING_STOCHASTIC) set_number(one, "route_dispersion", class->route_dispersion.value);
        if (class->mode_dispersion.value > 0) {
            set_value(one, "mode_dispersion", isinf(class->mode_dispersion.value) ? json_string("inf") : json_real(class->mode_dispersion.value));
            json_t *modes = json_array();
            for (size_t m = 0; m < class->mode_count; m++) {
                json_t *mode = json_object();
                set_text(mode, "mode", class->modes[m].mode);
                set_number(mode, "penalty_minutes", class->modes[m].penalty_min.value);
                add_value(modes, mode);
            }
            set_value(one, "main_modes", modes);
        }
        set_value(travel, class->name, one);
    }
    return travel;
}

static bool goes_plainly(const description *about)
{
    bool plain = about->switches.routing == ROUTING_LEAST_TIME;
    for (size_t c = 0; about->network && c < about->C; c++) plain &= !(about->travel[c].mode_dispersion.value > 0);
    return plain;
}

json_t *json_model(const description *about)
{
    json_t *model = json_object();
    model_switches switches = about->switches;
    if (!goes_plainly(about)) set_value(model, "travel", json_travel(about));
    for (size_t k = 0; k < SWITCH_COUNT; k++)
        set_text(model, switch_rows[k].name, switch_rows[k].words[*switch_value(&switches, k)]);
    return model;
}

json_t *json_summary(const set_summary *row)
{
    json_t *object = json_object();
    set_text(object, "id", row->id);
    set_text(object, "name_zh", row->name_zh);
    set_text(object, "name_en", row->name_en);
    set_count(object, "regions", row->regions);
    set_number(object, "land_km2", row->land_km2);
    set_number(object, "people", row->people);
    set_number(object, "gdp", row->gdp);
    set_number(object, "land_share_pct", 100 * row->land_share);
    set_number(object, "people_share_pct", 100 * row->people_share);
    set_number(object, "gdp_share_pct", 100 * row->gdp_share);
    set_number(object, "density_per_km2", row->density);
    set_number(object, "gdp_per_head", row->gdp_per_head);
    return object;
}
