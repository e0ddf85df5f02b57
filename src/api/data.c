/* data.c - the public functions that read, and that tell what was read. */
#include "input/economy.h"
#include "input/input.h"

#include <stdlib.h>
#include <string.h>

bashu_status bashu_data_read(bashu_data **out, bashu_context *context, const char *folder, const char *model_file)
{
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!out || !folder)
        return fail(context, BASHU_ERROR_ARGUMENT, "bashu_data_read needs a place for the data and a folder");
    return economy_read(out, context, folder, model_file);
}

bashu_status bashu_data_set(bashu_data *data, const char *path, const char *value)
{
    if (!data) return BASHU_ERROR_ARGUMENT;
    if (!path || !value) return fail(data->context, BASHU_ERROR_ARGUMENT, "bashu_data_set needs a path and a value");
    return data_set(data, path, value);
}

void bashu_data_free(bashu_data *data) { data_free(data); }

static const char *text_or_empty(const char *text) { return text ? text : ""; }

size_t bashu_region_count(const bashu_economy *economy) { return economy ? economy->about.N : 0; }

size_t bashu_sector_count(const bashu_economy *economy) { return economy ? economy->about.J : 0; }

size_t bashu_group_count(const bashu_economy *economy) { return economy ? economy->about.S : 0; }

static bashu_label label_of(label l)
{
    return (bashu_label){.id = l.id, .name_en = text_or_empty(l.name_en), .name_zh = text_or_empty(l.name_zh)};
}

bashu_status bashu_sector_get(const bashu_economy *economy, size_t index, bashu_label *out)
{
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= economy->about.J)
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_sector_get: sector %zu of %zu", index, economy->about.J);
    *out = label_of(economy->about.sectors[index].label);
    return BASHU_OK;
}

bashu_status bashu_group_get(const bashu_economy *economy, size_t index, bashu_label *out)
{
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= economy->about.S)
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_group_get: group %zu of %zu", index, economy->about.S);
    *out = label_of(economy->about.groups[index]);
    return BASHU_OK;
}

static const char *member_of(const description *about, const char *set, size_t n)
{
    long g = find_set(about, set), m = g < 0 ? -1 : about->sets[g].member_of[n];
    return m < 0 ? "" : about->sets[g].members[m].id;
}

static int is_imputed(const char *flag) { return flag && *flag && strcmp(flag, "observed") != 0; }

bashu_status bashu_region_get(const bashu_economy *economy, size_t index, bashu_region *out)
{
    if (!economy) return BASHU_ERROR_ARGUMENT;
    const description *about = &economy->about;
    if (!out || index >= about->N)
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_region_get: region %zu of %zu", index, about->N);
    const region_row *row = &about->regions[index];
    *out = (bashu_region){
        .id = row->label.id,
        .name_en = text_or_empty(row->label.name_en),
        .name_zh = text_or_empty(row->label.name_zh),
        .province = member_of(about, "province", index),
        .circle = member_of(about, "circle", index),
        .lon = row->lon,
        .lat = row->lat,
        .land_km2 = row->land_km2,
        .people = row->people,
        .gdp = row->gdp,
        .imputed = is_imputed(row->people_flag) || is_imputed(row->gdp_flag) || is_imputed(row->land_flag),
    };
    return BASHU_OK;
}

/* ---- scenarios ----------------------------------------------------------------------------------- */

bashu_status bashu_scenario_read(bashu_scenario **out, const bashu_economy *economy, const char *path)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out || !path)
        return fail(economy->context, BASHU_ERROR_ARGUMENT,
                    "bashu_scenario_read needs a place for the scenario and a path");
    return scenario_read(out, economy, path);
}

void bashu_scenario_free(bashu_scenario *scenario) { scenario_free(scenario); }

size_t bashu_scenario_change_count(const bashu_scenario *scenario) { return scenario ? scenario->change_count : 0; }

size_t bashu_scenario_player_count(const bashu_scenario *scenario) { return scenario ? scenario->player_count : 0; }

bashu_status bashu_scenario_economy(char **out, bashu_context *context, const char *path)
{
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!out || !path)
        return fail(context, BASHU_ERROR_ARGUMENT, "bashu_scenario_economy needs a place for the text and a path");
    return scenario_economy(out, context, path);
}

bashu_status bashu_scenario_change_get(const bashu_scenario *scenario, size_t index, bashu_change *out)
{
    if (!scenario) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= scenario->change_count)
        return fail(scenario->context, BASHU_ERROR_ARGUMENT, "bashu_scenario_change_get: change %zu of %zu", index,
                    scenario->change_count);
    const change *c = &scenario->changes[index];
    *out = (bashu_change){
        .id = c->id,
        .lever = lever_rows[c->lever].name,
        .title_en = text_or_empty(c->title_en),
        .title_zh = text_or_empty(c->title_zh),
        .source = text_or_empty(c->source),
        .from = c->from,
        .value = c->value,
        .low = c->low,
        .high = c->high,
        .unit = text_or_empty(change_unit(c)),
        .table = text_or_empty(c->table),
        .from_year = c->from_year,
        .until_year = c->until_year,
        .phase_in_years = c->phase_in_years,
    };
    return BASHU_OK;
}

/* ---- texts --------------------------------------------------------------------------------------- */

void bashu_text_free(char *text) { free(text); }

bashu_status bashu_text_write(bashu_context *context, const char *path, const char *text)
{
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!path || !text) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_text_write needs a path and a text");
    return text_file_write(context, path, text, strlen(text));
}
