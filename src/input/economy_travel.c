/* economy_travel.c - how a class of travel goes from region to region: routes and modes; economy.yaml and --set travel.*. */
#include "input/economy_parts.h"
#include "input/text.h"

#include <string.h>

#define ROUTES "route_dispersion"
#define MODES "mode_dispersion"
#define PENALTY "mode_penalty_minutes"

static const double least_dispersion = 1e-6, most_dispersion = 1e6; /* 1/hour */
static const double most_penalty = 1e4;                               /* minutes */
static const elasticity not_stated = {(double)NAN, (double)NAN, (double)NAN, NULL, NULL};

/* ---- economy.yaml ----------------------------------------------------------------------------------- */

bashu_status class_check(economy_reader *r, const yaml_node *class)
{
    static const char *const keys[] = {"modes", ROUTES, MODES, PENALTY, NULL};
    const yaml_node *modes;
    const char *mode;
    TRY(node_only(r->document, class, keys));
    TRY(node_require(&modes, r->document, class, "modes"));
    if (node_kind_of(modes) != NODE_LIST || !node_count(modes))
        return node_fail(r->document, modes, "modes: must be a list; write e.g. [road, rail_conventional]");
    for (size_t m = 0; m < node_count(modes); m++) TRY(node_text(&mode, r->document, node_item(modes, m), "modes"));
    return BASHU_OK;
}

/* The mode of the class that a penalty is about. */
static bashu_status find_mode(travel_mode **out, const travel_class *class, travel_mode *modes, economy_reader *r, const yaml_node *node, const char *name)
{
    const char **names;
    for (size_t m = 0; m < class->mode_count; m++)
        if (!strcmp(modes[m].mode, name)) {
            *out = &modes[m];
            return BASHU_OK;
        }
    TRY(borrow(&names, r, class->mode_count, sizeof *names));
    for (size_t m = 0; m < class->mode_count; m++) names[m] = modes[m].mode;
    const char *near = nearest_name(name, names, class->mode_count);
    if (near) return node_fail(r->document, node, PENALTY ": class '%s' has no mode '%s'; did you mean '%s'?", class->name, name, near);
    return node_fail(r->document, node, PENALTY ": class '%s' has no mode '%s'; write one of its modes", class->name, name);
}

static bashu_status modes_read(travel_class *class, economy_reader *r, const yaml_node *map)
{
    const yaml_node *list = node_get(map, "modes"), *penalty = node_get(map, PENALTY);
    travel_mode *modes, *mode = NULL;
    TRY(keep(&modes, r, node_count(list), sizeof *modes));
    for (size_t m = 0; m < node_count(list); m++) {
        const char *name = node_scalar(node_item(list, m));
        bool twice = false;
        for (size_t q = 0; q < class->mode_count; q++) twice |= !strcmp(modes[q].mode, name);
        if (twice) return node_fail(r->document, node_item(list, m), "modes: '%s' is there twice; delete one", name);
        TRY(keep_text(&modes[class->mode_count++].mode, r, name));
    }
    if (penalty && node_kind_of(penalty) != NODE_MAP)
        return node_fail(r->document, penalty, PENALTY ": must be a map by mode; write e.g. {rail_high_speed: {value: 30, source: \"...\"}}");
    for (size_t m = 0; penalty && m < node_count(penalty); m++) {
        TRY(find_mode(&mode, class, modes, r, node_item(penalty, m), node_key(penalty, m)));
        TRY(statement_read(&mode->penalty_min, r->memory, r->document, node_item(penalty, m), PENALTY, 0, most_penalty));
    }
    class->modes = modes;
    return BASHU_OK;
}

bashu_status class_read(travel_class *class, economy_reader *r, const yaml_node *map)
{
    const yaml_node *routes = node_get(map, ROUTES), *modes = node_get(map, MODES);
    class->route_dispersion = class->mode_dispersion = not_stated;
    if (routes) TRY(statement_read(&class->route_dispersion, r->memory, r->document, routes, ROUTES, least_dispersion, most_dispersion));
    if (modes) TRY(statement_read(&class->mode_dispersion, r->memory, r->document, modes, MODES, least_dispersion, unbounded));
    return modes_read(class, r, map);
}

/* ---- --set travel.* --------------------------------------------------------------------------------- */

static const char travel_settings[] = "travel.";

bool travel_is_setting(const char *path) { return !strncmp(path, travel_settings, sizeof travel_settings - 1); }

static bool is_word(const char *text, size_t length, const char *word) { return strlen(word) == length && !strncmp(text, word, length); }

static bashu_status number_set(double *out, bashu_data *data, const char *path, const char *value, number_range range)
{
    excerpt shown = excerpt_of(path);
    number_words words;
    if (isinf(range.high) && (!strcmp(value, "inf") || !strcmp(value, ".inf"))) *out = unbounded;
    else if (!number_check(out, &words, value, range)) return fail(data->context, BASHU_ERROR_ARGUMENT, "%s: %s", shown.text, words.text);
    return BASHU_OK;
}

/* What follows travel.CLASS. */
static bashu_status class_set(travel_class *class, bashu_data *data, const char *path, const char *key, const char *value)
{
    static const char *const keys[] = {ROUTES, MODES};
    excerpt shown = excerpt_of(path);
    if (!strcmp(key, ROUTES)) return number_set(&class->route_dispersion.value, data, path, value, (number_range){least_dispersion, most_dispersion, false, "per hour"});
    if (!strcmp(key, MODES)) return number_set(&class->mode_dispersion.value, data, path, value, (number_range){least_dispersion, unbounded, false, "per hour"});
    if (!strncmp(key, PENALTY ".", sizeof PENALTY)) {
        travel_mode *modes = arena_alloc(data->memory, class->mode_count, sizeof *modes);
        const char *mode = key + sizeof PENALTY;
        size_t m = 0;
        if (!modes) return fail_memory(data->context);
        memcpy(modes, class->modes, class->mode_count * sizeof *modes);
        class->modes = modes;
        while (m < class->mode_count && strcmp(modes[m].mode, mode) != 0) m++;
        if (m < class->mode_count) return number_set(&modes[m].penalty_min.value, data, path, value, (number_range){0, most_penalty, false, "minutes"});
        return fail(data->context, BASHU_ERROR_ARGUMENT, "%s: class '%s' has no such mode; write one of its modes", shown.text, class->name);
    }
    const char *near = nearest_name(key, keys, sizeof keys / sizeof *keys);
    if (near) return fail(data->context, BASHU_ERROR_ARGUMENT, "unknown setting '%s'; did you mean 'travel.%s.%s'?", shown.text, class->name, near);
    return fail(data->context, BASHU_ERROR_ARGUMENT, "unknown setting '%s'; write travel.%s." ROUTES "=number, travel.%s." MODES "=number or travel.%s." PENALTY ".MODE=number",
                shown.text, class->name, class->name, class->name);
}

bashu_status travel_set(bashu_data *data, const char *path, const char *value)
{
    const char *key = path + sizeof travel_settings - 1, *dot = strchr(key, '.');
    size_t length = dot ? (size_t)(dot - key) : strlen(key), C = data->about.C, c = 0;
    excerpt shown = excerpt_of(path);
    if (delay_is_key(key, length)) return delay_set(data, path, key, value);
    while (c < C && !is_word(key, length, data->about.travel[c].name)) c++;
    if (dot && c < C) {
        travel_class *travel = arena_alloc(data->memory, C, sizeof *travel);
        if (!travel) return fail_memory(data->context);
        memcpy(travel, data->about.travel, C * sizeof *travel);
        TRY(class_set(&travel[c], data, path, dot + 1, value));
        data->about.travel = travel;
        return BASHU_OK;
    }
    return fail(data->context, BASHU_ERROR_ARGUMENT,
                "unknown setting '%s'; write travel.stop_minutes.MODE=number, travel.transfer_minutes.MODE=number, or travel.CLASS." ROUTES "=number with a class of travel%s%s",
                shown.text, C ? " such as " : "", C ? data->about.travel[0].name : "");
}
