/* economy_model.c - elasticities and switches: economy.yaml, columns of tables, a model file, --set.
 *
 * Later beats earlier. The first states a value for every item and a column overrides it item by item; a model file and
 * --set mean what they say for every item. The tables in accounts/tables.c name what there is. */
#include "input/economy_parts.h"
#include "input/text.h"

#include <stdio.h>
#include <string.h>

/* ---- one statement ------------------------------------------------------------------------------- */

static bool is_infinite(const char *text) { return text && (!strcmp(text, "inf") || !strcmp(text, ".inf")); }

static bashu_status stated_number(double *out, const document *d, const yaml_node *map, const char *name,
                                  const char *key, double low, double high)
{
    const yaml_node *node = node_get(map, key);
    char what[128];
    *out = unknown;
    if (!node) return BASHU_OK;
    if (isinf(high) && is_infinite(node_scalar(node))) {
        *out = unbounded;
        return BASHU_OK;
    }
    snprintf(what, sizeof what, "%s.%s", name, key);
    return node_number(out, d, node, what, low, high);
}

bashu_status statement_read(elasticity *out, arena *memory, const document *d, const yaml_node *n, const char *name,
                            double low, double high)
{
    static const char *const keys[] = {"value", "low", "high", "source", NULL};
    const yaml_node *node, *source = node_get(n, "source");
    const char *text = NULL;
    if (node_kind_of(n) != NODE_MAP)
        return node_fail(d, n, "%s: must be a map; write {value: ..., low: ..., high: ..., source: \"...\"}", name);
    TRY(node_only(d, n, keys));
    TRY(node_require(&node, d, n, "value"));
    TRY(stated_number(&out->value, d, n, name, "value", low, high));
    TRY(stated_number(&out->low, d, n, name, "low", low, high));
    TRY(stated_number(&out->high, d, n, name, "high", low, high));
    if (out->low > out->value || out->high < out->value)
        return node_fail(d, node, "%s: value %g is not between low %g and high %g; correct one of them", name,
                         out->value, out->low, out->high);
    if (source) TRY(node_text(&text, d, source, "source"));
    out->source = arena_text(memory, text);
    return text && !out->source ? fail_memory(arena_context(memory)) : BASHU_OK;
}

static const elasticity not_stated = {(double)NAN, (double)NAN, (double)NAN, NULL, NULL};

static bashu_status statements_read(elasticity *list, arena *memory, const document *d)
{
    const char *names[ELASTICITY_COUNT + 1] = {NULL};
    const yaml_node *map = node_get(document_root(d), "elasticities");
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) {
        names[k] = elasticity_rows[k].name;
        list[k] = not_stated;
    }
    if (!map) return BASHU_OK;
    if (node_kind_of(map) != NODE_MAP)
        return node_fail(d, map, "elasticities: must be a map; write e.g. trade_elasticity: {value: 4}");
    TRY(node_only(d, map, names));
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) {
        const elasticity_row *row = &elasticity_rows[k];
        const yaml_node *node = node_get(map, row->name);
        if (node) TRY(statement_read(&list[k], memory, d, node, row->name, row->low, row->high));
    }
    return BASHU_OK;
}

/* ---- switches ------------------------------------------------------------------------------------ */

static size_t word_count(const switch_row *row)
{
    size_t count = 0;
    while (row->words[count]) count++;
    return count;
}

static bool switch_set(model_switches *switches, size_t row, const char *word)
{
    for (size_t w = 0; w < word_count(&switch_rows[row]); w++) {
        if (strcmp(word, switch_rows[row].words[w]) != 0) continue;
        *switch_value(switches, row) = (int)w;
        return true;
    }
    return false;
}

/* "none or frechet" */
static void list_words(char *text, size_t size, const switch_row *row)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t w = 0; row->words[w] && used < size; w++) {
        int wrote = snprintf(text + used, size - used, "%s%s", w ? " or " : "", row->words[w]);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
}

static bashu_status switches_read(model_switches *switches, const document *d)
{
    const char *names[SWITCH_COUNT + 1] = {NULL};
    const yaml_node *map = node_get(document_root(d), "model");
    if (!map) return BASHU_OK;
    if (node_kind_of(map) != NODE_MAP) return node_fail(d, map, "model: must be a map; write e.g. mobility: frechet");
    for (size_t k = 0; k < SWITCH_COUNT; k++) names[k] = switch_rows[k].name;
    TRY(node_only(d, map, names));
    for (size_t k = 0; k < SWITCH_COUNT; k++) {
        const yaml_node *node = node_get(map, switch_rows[k].name);
        const char *word;
        char words[256];
        if (!node) continue;
        TRY(node_text(&word, d, node, switch_rows[k].name));
        if (switch_set(switches, k, word)) continue;
        list_words(words, sizeof words, &switch_rows[k]);
        return node_fail(d, node, "%s: unknown word '%s'; write %s", switch_rows[k].name, word, words);
    }
    return BASHU_OK;
}

/* ---- values by item ------------------------------------------------------------------------------ */

bashu_status elasticity_columns(const char ***out, economy_reader *r, elasticity_scope scope, size_t spare)
{
    size_t count = 0;
    TRY(borrow(out, r, ELASTICITY_COUNT + spare + 1, sizeof **out));
    for (size_t k = 0; k < ELASTICITY_COUNT; k++)
        if (elasticity_rows[k].scope == scope) (*out)[count++] = elasticity_rows[k].name;
    return BASHU_OK;
}

/* Cells of the column that are not empty replace the value for all. */
static bashu_status column_read(double *values, const table *t, size_t column, const elasticity_row *row)
{
    for (size_t k = 0; k < table_rows(t); k++) {
        double value;
        if (isinf(row->high) && is_infinite(table_text(t, k, column))) {
            values[k] = unbounded;
            continue;
        }
        TRY(table_number(&value, t, k, column, (number_range){row->low, row->high, true, NULL}));
        if (!isnan(value)) values[k] = value;
    }
    return BASHU_OK;
}

static bashu_status check_stated(economy_reader *r, const double *values, elasticity_id id)
{
    static const char *const tables[] = {"", "regions", "sectors", "groups"};
    const elasticity_row *row = &elasticity_rows[id];
    bool wanted = id != COMMUTING_ELASTICITY || r->data->commuters || r->data->workers; /* elsewhere nobody reads it */
    for (size_t k = 0; wanted && k < elasticity_items(r->about, id); k++) {
        if (!isnan(values[k])) continue;
        return fail(
            r->context, BASHU_ERROR_INPUT,
            "%s: elasticities: '%s' is missing (%s); write it there, or as a column of table %s filled in every row",
            document_path(r->document), row->name, row->help_en, tables[row->scope]);
    }
    return BASHU_OK;
}

static bashu_status resolve(economy_reader *r, elasticity_id id, const elasticity *model)
{
    const elasticity_row *row = &elasticity_rows[id];
    elasticity *e = &r->about->elasticities[id];
    const table *t = r->items[row->scope];
    long column = t ? table_find(t, row->name) : -1;
    double *values;
    if (!isnan(model->value)) {
        *e = *model;
        column = -1;
    }
    TRY(keep_numbers(&values, r, elasticity_items(r->about, id), isnan(e->value) ? row->fallback : e->value));
    if (column >= 0) TRY(column_read(values, t, (size_t)column, row));
    TRY(check_stated(r, values, id));
    e->by_item = values;
    return BASHU_OK;
}

/* ---- what needs a network ------------------------------------------------------------------------ */

static bool any_positive(const description *about, elasticity_id id)
{
    for (size_t k = 0; k < elasticity_items(about, id); k++)
        if (about->elasticities[id].by_item[k] > 0) return true;
    return false;
}

static bool spills_over(const description *about)
{
    for (size_t j = 0; j < about->J; j++)
        if (about->elasticities[AGGLOMERATION_ELASTICITY].by_item[j] > 0 &&
            !isinf(about->elasticities[AGGLOMERATION_DECAY].by_item[j]))
            return true;
    return false;
}

/* Whether a kernel of travel times is fitted with this elasticity: flows that are observed need none. */
static bool fits_kernel(const bashu_data *data, elasticity_id id)
{
    bool used = data->workers != NULL; /* commuting */
    if (id == TRADE_TIME_ELASTICITY || id == TRADE_DECAY) used = !data->trade_value;
    if (id == MIGRATION_TIME_ELASTICITY) used = data->about.switches.mobility == MOBILITY_FRECHET && data->registered_same_area;
    return used && any_positive(&data->about, id);
}

/* The elasticity (or switch) that is about travel time though there is none to be had; NULL: all is well. */
static const char *needs_network(const bashu_data *data)
{
    const description *about = &data->about;
    if (about->network) return NULL;
    if (about->switches.routing != ROUTING_LEAST_TIME) return "routing";
    if (fits_kernel(data, TRADE_TIME_ELASTICITY)) return "trade_time_elasticity";
    if (fits_kernel(data, TRADE_DECAY)) return "trade_decay";
    if (spills_over(about)) return "agglomeration_decay";
    if (about->elasticities[AMENITY_CONGESTION].by_item[0] != 0 && !isinf(about->elasticities[AMENITY_DECAY].by_item[0])) return "amenity_decay";
    if (fits_kernel(data, COMMUTING_TIME_ELASTICITY)) return "commuting_time_elasticity";
    if (fits_kernel(data, COMMUTING_DECAY)) return "commuting_decay";
    if (fits_kernel(data, MIGRATION_TIME_ELASTICITY)) return "migration_time_elasticity";
    return NULL;
}

/* A power of a time inside regions that is zero; NULL: all is well. */
static const char *needs_internal_time(const bashu_data *data)
{
    static const elasticity_id powers[] = {TRADE_TIME_ELASTICITY, MIGRATION_TIME_ELASTICITY, COMMUTING_TIME_ELASTICITY};
    const description *about = &data->about;
    if (!about->network || about->internal_time_h[0] > 0) return NULL;
    for (size_t k = 0; k < sizeof powers / sizeof *powers; k++)
        if (fits_kernel(data, powers[k])) return elasticity_rows[powers[k]].name;
    return NULL;
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static bashu_status model_file_read(economy_reader *r, elasticity *list, const char *path)
{
    static const char *const keys[] = {"format", "title", "elasticities", "model", NULL};
    document *d;
    const char *en, *zh;
    TRY(document_read(&d, r->scratch, path));
    TRY(remember_file(r, document_path(d), document_sha256(d)));
    TRY(document_format(d, "bashu-model/1"));
    TRY(node_only(d, document_root(d), keys));
    const yaml_node *title = node_get(document_root(d), "title");
    if (title) TRY(bilingual_read(&en, &zh, r->scratch, d, title, "title"));
    TRY(statements_read(list, r->memory, d));
    return switches_read(&r->about->switches, d);
}

bashu_status model_read(economy_reader *r, const char *model_file)
{
    elasticity model[ELASTICITY_COUNT];
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) model[k] = not_stated;
    TRY(statements_read(r->about->elasticities, r->memory, r->document));
    TRY(switches_read(&r->about->switches, r->document));
    if (model_file) TRY(model_file_read(r, model, model_file));
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) TRY(resolve(r, (elasticity_id)k, &model[k]));
    const char *name = needs_internal_time(r->data);
    if (name)
        return fail(r->context, BASHU_ERROR_INPUT,
                    "%s: travel: internal_speed_km_per_h is inf, and '%s' takes a power of the time inside regions; write a finite speed, or set it to 0",
                    document_path(r->document), name);
    name = needs_network(r->data);
    if (!name) return BASHU_OK;
    return fail(r->context, BASHU_ERROR_INPUT,
                "%s: tables: '%s' needs travel times but there is no network; add nodes and links, or set it to %s",
                document_path(r->document), name,
                !strcmp(name, "routing") ? "least_time" : strcmp(name, "agglomeration_decay") && strcmp(name, "amenity_decay") ? "0" : "inf");
}

/* ---- --set --------------------------------------------------------------------------------------- */

static bashu_status unknown_setting(bashu_data *data, const char *path)
{
    const char *names[ELASTICITY_COUNT + SWITCH_COUNT], *dot = strrchr(path, '.'), *name = dot ? dot + 1 : path;
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) names[k] = elasticity_rows[k].name;
    for (size_t k = 0; k < SWITCH_COUNT; k++) names[ELASTICITY_COUNT + k] = switch_rows[k].name;
    const char *near = nearest_name(name, names, sizeof names / sizeof *names);
    excerpt shown = excerpt_of(path);
    if (!near)
        return fail(data->context, BASHU_ERROR_ARGUMENT,
                    "unknown setting '%s'; write elasticities.NAME=number, model.SWITCH=word, travel.stop_minutes.MODE=number or travel.CLASS.route_dispersion=number", shown.text);
    bool is_switch = false;
    for (size_t k = 0; k < SWITCH_COUNT; k++) is_switch |= near == switch_rows[k].name;
    return fail(data->context, BASHU_ERROR_ARGUMENT, "unknown setting '%s'; did you mean '%s.%s'?", shown.text,
                is_switch ? "model" : "elasticities", near);
}

static bashu_status set_elasticity(bashu_data *data, elasticity_id id, const char *text)
{
    const elasticity_row *row = &elasticity_rows[id];
    size_t count = elasticity_items(&data->about, id);
    number_words words;
    double value = unbounded, *values;
    if (!(isinf(row->high) && is_infinite(text)) &&
        !number_check(&value, &words, text, (number_range){row->low, row->high, false, NULL}))
        return fail(data->context, BASHU_ERROR_ARGUMENT, "elasticities.%s: %s", row->name, words.text);
    values = arena_alloc(data->memory, count, sizeof *values);
    if (!values) return fail_memory(data->context);
    for (size_t k = 0; k < count; k++) values[k] = value;
    data->about.elasticities[id].value = value; /* its range and source stay: what is plausible has not changed */
    data->about.elasticities[id].by_item = values;
    return BASHU_OK;
}

static bashu_status set_switch(bashu_data *data, size_t row, const char *word)
{
    char words[256];
    if (switch_set(&data->about.switches, row, word)) return BASHU_OK;
    list_words(words, sizeof words, &switch_rows[row]);
    excerpt shown = excerpt_of(word);
    const char *near = nearest_name(word, switch_rows[row].words, word_count(&switch_rows[row]));
    if (near)
        return fail(data->context, BASHU_ERROR_ARGUMENT, "model.%s: unknown word '%s'; did you mean '%s'?",
                    switch_rows[row].name, shown.text, near);
    return fail(data->context, BASHU_ERROR_ARGUMENT, "model.%s: unknown word '%s'; write %s", switch_rows[row].name,
                shown.text, words);
}

static bashu_status set_named(bashu_data *data, const char *path, const char *value)
{
    static const char elasticities[] = "elasticities.", model[] = "model.";
    if (travel_is_setting(path)) return travel_set(data, path, value);
    size_t e = sizeof elasticities - 1, m = sizeof model - 1;
    for (size_t k = 0; !strncmp(path, elasticities, e) && k < ELASTICITY_COUNT; k++)
        if (!strcmp(path + e, elasticity_rows[k].name)) return set_elasticity(data, (elasticity_id)k, value);
    for (size_t k = 0; !strncmp(path, model, m) && k < SWITCH_COUNT; k++)
        if (!strcmp(path + m, switch_rows[k].name)) return set_switch(data, k, value);
    return unknown_setting(data, path);
}

bashu_status data_set(bashu_data *data, const char *path, const char *value)
{
    TRY(set_named(data, path, value));
    const char *name = needs_internal_time(data);
    if (name)
        return fail(data->context, BASHU_ERROR_INPUT, "%s: '%s' takes a power of the time inside regions, and economy '%s' has none "
                    "(internal_speed_km_per_h: inf)", path, name, data->about.name);
    name = needs_network(data);
    if (!name) return BASHU_OK;
    return fail(data->context, BASHU_ERROR_INPUT, "%s: '%s' needs travel times, and economy '%s' has no network", path,
                name, data->about.name);
}
