/* explain.c - the public functions of splits of an outcome: argument checks and calls. */
#include "api/options.h"
#include "measure/channels.h"
#include "policy/split.h"
#include "report/explain.h"
#include "report/map.h"

#include <math.h>
#include <string.h>

bashu_status bashu_channels_new(bashu_channels **out, const bashu_result *result, const char *outcome)
{
    if (out) *out = NULL;
    if (!result) return BASHU_ERROR_ARGUMENT;
    if (!out || !outcome) return fail(result->context, BASHU_ERROR_ARGUMENT, "bashu_channels_new needs a place for the channels and an outcome");
    return channels_new(out, result, outcome);
}

void bashu_channels_free(bashu_channels *channels) { channels_free(channels); }

const bashu_channels_info *bashu_channels_get(const bashu_channels *channels) { return channels ? &channels->info : NULL; }

static bashu_status check_room(const bashu_channels *c, const void *room, size_t count, size_t expected)
{
    if (!c) return BASHU_ERROR_ARGUMENT;
    if (room && count == expected) return BASHU_OK;
    return fail(c->context, BASHU_ERROR_ARGUMENT, "channels have %zu values, there is room for %zu", expected, room ? count : 0);
}

bashu_status bashu_channels_values(const bashu_channels *channels, double *values, size_t count)
{
    size_t expected = channels ? CHANNEL_COUNT * channels->economy->about.N : 0;
    TRY(check_room(channels, values, count, expected));
    memcpy(values, channels->part, expected * sizeof *values);
    return BASHU_OK;
}

bashu_status bashu_channels_partners(const bashu_channels *channels, double *bought, double *sold, size_t count)
{
    size_t N = channels ? channels->economy->about.N : 0;
    TRY(check_room(channels, bought, count, N));
    TRY(check_room(channels, sold, count, N));
    memcpy(bought, channels->bought, N * sizeof *bought);
    for (size_t n = 0; n < N; n++) sold[n] = channels_elsewise(channels, n);
    return BASHU_OK;
}

bashu_status bashu_channels_report(char **out, const bashu_channels *channels, const char *by, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!channels) return BASHU_ERROR_ARGUMENT;
    if (!out || !by || !format) return fail(channels->context, BASHU_ERROR_ARGUMENT, "bashu_channels_report needs a place for the text, a way to split and a format");
    return channels_report(out, channels, by, format, language);
}

/* ---- by change ------------------------------------------------------------------------------------- */

bashu_status bashu_split_new(bashu_split **out, const bashu_scenario *scenario, const bashu_options *options, const char *outcome, size_t orders)
{
    if (out) *out = NULL;
    if (!scenario) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "bashu_split_new needs a place for the split");
    if (orders == 1 || orders > 1000000) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "random orders are 2 .. 1000000, or 0 for all of them, not %zu", orders);
    TRY(options_check(scenario->context, options));
    return split_new(out, scenario, options, outcome, orders);
}

void bashu_split_free(bashu_split *split) { split_free(split); }

double bashu_split_whole(const bashu_split *split) { return split ? split->whole : (double)NAN; }

bashu_status bashu_split_get(const bashu_split *split, size_t change_, bashu_split_part *out)
{
    if (!split) return BASHU_ERROR_ARGUMENT;
    if (!out || change_ >= split->change_count)
        return fail(split->context, BASHU_ERROR_ARGUMENT, "there are %zu changes, and change %zu is none of them", split->change_count, change_);
    *out = (bashu_split_part){split->alone[change_], split->last[change_], split->value[change_], split->error[change_]};
    return BASHU_OK;
}

bashu_status bashu_split_interaction(const bashu_split *split, size_t change_, size_t other, double *out)
{
    if (!split) return BASHU_ERROR_ARGUMENT;
    if (!out || change_ >= split->change_count || other >= split->change_count)
        return fail(split->context, BASHU_ERROR_ARGUMENT, "there are %zu changes, and %zu and %zu are no two of them", split->change_count, change_, other);
    if (!split->interaction) return fail(split->context, BASHU_ERROR_UNSUPPORTED, "random orders do not tell interactions");
    *out = split->interaction[change_ * split->change_count + other];
    return BASHU_OK;
}

bashu_status bashu_split_report(char **out, const bashu_split *split, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!split) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(split->context, BASHU_ERROR_ARGUMENT, "bashu_split_report needs a place for the text and a format");
    return split_report(out, split, format, language);
}

bashu_focus bashu_scenario_focus(const bashu_scenario *scenario)
{
    if (!scenario) return (bashu_focus){"all", "", "Nation", "全国"};
    focus about = measure_focus(&scenario->economy->about, scenario);
    return (bashu_focus){about.set, about.member, about.name_en, about.name_zh};
}

/* ---- by place -------------------------------------------------------------------------------------- */

bashu_status bashu_places_report(char **out, const bashu_result *result, const char *outcome, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!result) return BASHU_ERROR_ARGUMENT;
    if (!out || !outcome || !format) return fail(result->context, BASHU_ERROR_ARGUMENT, "bashu_places_report needs a place for the text, an outcome and a format");
    return places_report(out, result, outcome, format, language);
}

bashu_status bashu_map_report(char **out, const bashu_result *result, const char *variable, bashu_column column, const char *zoom, const char *title,
                              bashu_language language)
{
    if (out) *out = NULL;
    if (!result) return BASHU_ERROR_ARGUMENT;
    if (!out || !variable) return fail(result->context, BASHU_ERROR_ARGUMENT, "bashu_map_report needs a place for the text and a variable");
    return map_report(out, result, variable, column, zoom, title, language);
}
