/* gravity.c - the public functions for gravity equations: argument checks and calls. */
#include "api/options.h"
#include "estimate/estimate.h"
#include "report/report.h"


bashu_status bashu_gravity_read(bashu_gravity **out, bashu_context *context, const char *path, const bashu_options *options)
{
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!out || !path)
        return fail(context, BASHU_ERROR_ARGUMENT, "bashu_gravity_read needs a place for the answer and a path");
    TRY(options_check(context, options));
    return gravity_read(out, context, path, options);
}

void bashu_gravity_free(bashu_gravity *gravity) { gravity_free(gravity); }

const bashu_gravity_info *bashu_gravity_information(const bashu_gravity *gravity) { return gravity ? &gravity->info : NULL; }

bashu_status bashu_gravity_coefficient_get(const bashu_gravity *gravity, size_t index, bashu_gravity_coefficient *out)
{
    if (!gravity) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= gravity->coefficient_count)
        return fail(gravity->context, BASHU_ERROR_ARGUMENT, "bashu_gravity_coefficient_get: coefficient %zu of %zu", index,
                    gravity->coefficient_count);
    *out = gravity->coefficients[index];
    return BASHU_OK;
}

const double *bashu_gravity_covariance(const bashu_gravity *gravity) { return gravity ? gravity->covariance : NULL; }

bashu_status bashu_gravity_place_get(const bashu_gravity *gravity, size_t index, bashu_gravity_place *out)
{
    if (!gravity) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= gravity->place_count)
        return fail(gravity->context, BASHU_ERROR_ARGUMENT, "bashu_gravity_place_get: place %zu of %zu", index, gravity->place_count);
    *out = gravity->places[index];
    return BASHU_OK;
}

bashu_status bashu_gravity_report(char **out, const bashu_gravity *gravity, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!gravity) return BASHU_ERROR_ARGUMENT;
    if (!out || !format)
        return fail(gravity->context, BASHU_ERROR_ARGUMENT, "bashu_gravity_report needs a place for the text and a format");
    if (language != BASHU_EN && language != BASHU_ZH)
        return fail(gravity->context, BASHU_ERROR_ARGUMENT, "there is no language %d", (int)language);
    return gravity_report(out, gravity, format, language);
}
