/* linear.c - the public functions of the linear answer: argument checks and calls. */
#include "api/options.h"
#include "measure/linear.h"
#include "report/linear.h"

bashu_status bashu_linear_new(bashu_linear **out, const bashu_economy *economy, const bashu_options *options)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_linear_new needs a place for the linear answer");
    TRY(options_check(economy->context, options));
    return linear_new(out, economy, options);
}

void bashu_linear_free(bashu_linear *linear)
{
    if (linear) arena_free(linear->memory);
}

/* ---- gradients ------------------------------------------------------------------------------------ */

bashu_status bashu_gradient_new(bashu_gradient **out, bashu_linear *linear, const char *variable, const char *set, const char *member)
{
    if (out) *out = NULL;
    if (!linear) return BASHU_ERROR_ARGUMENT;
    if (!out || !variable || !set)
        return fail(linear->context, BASHU_ERROR_ARGUMENT, "bashu_gradient_new needs a place for the gradient, a variable and a set");
    return gradient_new(out, linear, variable, set, member);
}

void bashu_gradient_free(bashu_gradient *gradient)
{
    if (gradient) arena_free(gradient->memory);
}

const bashu_linear_info *bashu_gradient_info(const bashu_gradient *gradient) { return gradient ? &gradient->info : NULL; }

size_t bashu_gradient_row_count(void) { return GRADIENT_COUNT; }

const bashu_gradient_row *bashu_gradient_row_at(size_t index) { return index < GRADIENT_COUNT ? &gradient_rows[index] : NULL; }

size_t bashu_gradient_length(const bashu_gradient *gradient, const char *lever)
{
    long row = gradient && lever ? gradient_find(lever) : -1;
    return row < 0 ? 0 : gradient_length(gradient, (gradient_id)row);
}

bashu_status bashu_gradient_values(const bashu_gradient *gradient, const char *lever, double *values, size_t count)
{
    if (!gradient) return BASHU_ERROR_ARGUMENT;
    if (!lever || !values)
        return fail(gradient->context, BASHU_ERROR_ARGUMENT, "bashu_gradient_values needs a lever and room for its values");
    long row = gradient_find(lever);
    if (row < 0) return fail(gradient->context, BASHU_ERROR_ARGUMENT, "a gradient has no lever '%s'", lever);
    size_t length = gradient_length(gradient, (gradient_id)row);
    if (count != length)
        return fail(gradient->context, BASHU_ERROR_ARGUMENT, "'%s' (%s) has %zu values, there is room for %zu", lever, gradient_rows[row].shape, length,
                    count);
    for (size_t i = 0; i < count; i++) values[i] = gradient_value(gradient, (gradient_id)row, i);
    return BASHU_OK;
}

const char *bashu_link_id(const bashu_economy *economy, size_t link)
{
    const graph *net = economy ? economy->about.network : NULL;
    return net && link < net->link_count ? net->links[link].id : NULL;
}

const char *bashu_zone_id(const bashu_economy *economy, size_t zone)
{
    if (!economy) return NULL;
    const description *about = &economy->about;
    for (size_t k = 0, count = 0; k < about->zone_count; k++) { /* one row a region that hosts a part: the first counts */
        if (!zone_begins(about, k)) continue;
        if (count++ == zone) return about->zones[k].label.id;
    }
    return NULL;
}

/* ---- effects and exposure ------------------------------------------------------------------------- */

bashu_status bashu_linear_effect(bashu_result **result, bashu_linear *linear, const bashu_scenario *scenario)
{
    if (!linear) return BASHU_ERROR_ARGUMENT;
    if (!result || !scenario)
        return fail(linear->context, BASHU_ERROR_ARGUMENT, "bashu_linear_effect needs a place for the result and a scenario");
    return linear_effect(result, linear, scenario);
}

bashu_status bashu_exposure_new(bashu_exposure **out, bashu_linear *linear, const char *variable)
{
    if (out) *out = NULL;
    if (!linear) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(linear->context, BASHU_ERROR_ARGUMENT, "bashu_exposure_new needs a place for the exposure");
    return exposure_new(out, linear, variable);
}

void bashu_exposure_free(bashu_exposure *exposure)
{
    if (exposure) arena_free(exposure->memory);
}

const bashu_linear_info *bashu_exposure_info(const bashu_exposure *exposure) { return exposure ? &exposure->info : NULL; }

const double *bashu_exposure_values(const bashu_exposure *exposure) { return exposure ? exposure->values : NULL; }

/* ---- reports -------------------------------------------------------------------------------------- */

static bashu_status check_report(bashu_context *context, const char *name, const char *format, bashu_language language)
{
    if (!format) return fail(context, BASHU_ERROR_ARGUMENT, "%s needs a place for the text and a format", name);
    if (language == BASHU_EN || language == BASHU_ZH) return BASHU_OK;
    return fail(context, BASHU_ERROR_ARGUMENT, "there is no language %d", (int)language);
}

bashu_status bashu_gradient_report(char **out, const bashu_gradient *gradient, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!gradient) return BASHU_ERROR_ARGUMENT;
    TRY(check_report(gradient->context, "bashu_gradient_report", out ? format : NULL, language));
    return gradient_report(out, gradient, format, language);
}

bashu_status bashu_exposure_report(char **out, const bashu_exposure *exposure, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!exposure) return BASHU_ERROR_ARGUMENT;
    TRY(check_report(exposure->context, "bashu_exposure_report", out ? format : NULL, language));
    return exposure_report(out, exposure, format, language);
}

bashu_status bashu_effect_report(char **out, const bashu_result *exact, const bashu_result *linear, const char *format,
                                 bashu_language language)
{
    if (out) *out = NULL;
    if (!exact || !linear) return BASHU_ERROR_ARGUMENT;
    TRY(check_report(exact->context, "bashu_effect_report", out ? format : NULL, language));
    if (exact->economy != linear->economy || linear->info.reason != BASHU_FIRST_ORDER)
        return fail(exact->context, BASHU_ERROR_ARGUMENT, "bashu_effect_report needs an equilibrium and a linear answer of the same economy");
    return effect_report(out, exact, linear, format, language);
}
