/* explain.c - the public functions of splits of an outcome: argument checks and calls. */
#include "measure/channels.h"
#include "report/explain.h"

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
