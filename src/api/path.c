/* path.c - the public functions of years: argument checks and calls. */
#include "api/options.h"
#include "report/best.h"
#include "report/optimum.h"
#include "report/path.h"

#include <math.h>
#include <string.h>

static bashu_status check_wanted(const bashu_economy *economy, const bashu_scenario *scenario, const bashu_options *options, const bashu_path_options *wanted)
{
    if (wanted->version != 1) return fail(economy->context, BASHU_ERROR_ARGUMENT, "path options: version must be 1; start from BASHU_PATH_OPTIONS_INIT");
    if (wanted->years < 1 || wanted->years > 1000) return fail(economy->context, BASHU_ERROR_ARGUMENT, "years are 1 .. 1000, not %d", wanted->years);
    if (!(wanted->discount >= 0 && wanted->discount < 1))
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "discount is a yearly rate from 0 to below 1, not %g", wanted->discount);
    if (scenario && scenario->economy != economy) return fail(economy->context, BASHU_ERROR_ARGUMENT, "the scenario was read for another economy");
    return options_check(economy->context, options);
}

static const bashu_path_options defaults = BASHU_PATH_OPTIONS_INIT;

bashu_status bashu_path_new(bashu_path **out, const bashu_economy *economy, const bashu_scenario *scenario, const bashu_options *options,
                            const bashu_path_options *wanted)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_path_new needs a place for the path");
    if (!wanted) wanted = &defaults;
    TRY(check_wanted(economy, scenario, options, wanted));
    return path_new(out, economy, scenario, options, wanted);
}

void bashu_path_free(bashu_path *path) { path_free(path); }

const bashu_path_info *bashu_path_describe(const bashu_path *path) { return path ? &path->info : NULL; }

int bashu_path_year(const bashu_path *path, size_t year) { return path && year < path->year_count ? path_year(path, year) : 0; }

const bashu_result *bashu_path_result(const bashu_path *path, size_t year, int with_changes)
{
    if (!path || year >= path->year_count) return NULL;
    return with_changes ? path->counterfactual[year] : path->baseline[year];
}

bashu_status bashu_path_values(const bashu_path *path, size_t year, const char *variable, bashu_column column, double *values, size_t count)
{
    if (!path) return BASHU_ERROR_ARGUMENT;
    if (!values) return fail(path->context, BASHU_ERROR_ARGUMENT, "bashu_path_values needs a place for the values");
    return path_values(path, year, variable, column, values, count);
}

bashu_status bashu_path_aggregate(const bashu_path *path, size_t year, const char *variable, const char *set, const char *member,
                                  bashu_column column, double *value)
{
    if (!path) return BASHU_ERROR_ARGUMENT;
    if (!value || !set) return fail(path->context, BASHU_ERROR_ARGUMENT, "bashu_path_aggregate needs a set of regions and a place for the value");
    return path_aggregate(path, year, variable, set, member, column, value);
}

bashu_status bashu_path_growth(const bashu_path *path, size_t year, int with_changes, double *growth)
{
    if (!path) return BASHU_ERROR_ARGUMENT;
    if (!growth) return fail(path->context, BASHU_ERROR_ARGUMENT, "bashu_path_growth needs a place for the value");
    return path_growth(path, year, with_changes != 0, growth);
}

bashu_status bashu_path_present_value(const bashu_path *path, const char *variable, const char *set, const char *member, double *percent)
{
    if (!path) return BASHU_ERROR_ARGUMENT;
    if (!percent || !set) return fail(path->context, BASHU_ERROR_ARGUMENT, "bashu_path_present_value needs a set of regions and a place for the value");
    return path_present_value(path, variable, set, member, percent);
}

bashu_status bashu_path_report(char **out, const bashu_path *path, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!path) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(path->context, BASHU_ERROR_ARGUMENT, "bashu_path_report needs a place for the text and a format");
    return path_report(out, path, format, language);
}

/* ---- how far to go --------------------------------------------------------------------------------- */

bashu_status bashu_best_new(bashu_best **out, const bashu_scenario *scenario, const bashu_options *options, const bashu_path_options *wanted,
                            const char *outcome, double low, double high)
{
    if (out) *out = NULL;
    if (!scenario) return BASHU_ERROR_ARGUMENT;
    if (!out || !(low < high) || !(high - low < 1e6))
        return fail(scenario->context, BASHU_ERROR_ARGUMENT, "bashu_best_new needs a place for the answer, and a range from low to high, not %g to %g", low, high);
    if (!wanted) wanted = &defaults;
    TRY(check_wanted(scenario->economy, scenario, options, wanted));
    return best_new(out, scenario, options, wanted, outcome, low, high);
}

void bashu_best_free(bashu_best *best) { best_free(best); }

const bashu_best_info *bashu_best_describe(const bashu_best *best) { return best ? &best->info : NULL; }

size_t bashu_best_count(const bashu_best *best) { return best ? best->count : 0; }

bashu_status bashu_best_get(const bashu_best *best, size_t index, bashu_best_point *out)
{
    if (!best) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= best->count) return fail(best->context, BASHU_ERROR_ARGUMENT, "there are %zu scales, and scale %zu is none of them", best->count, index);
    *out = best->points[index];
    return BASHU_OK;
}

bashu_status bashu_best_report(char **out, const bashu_best *best, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!best) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(best->context, BASHU_ERROR_ARGUMENT, "bashu_best_report needs a place for the text and a format");
    return best_report(out, best, format, language);
}

/* ---- how much of each change ------------------------------------------------------------------------ */

bashu_status bashu_optimum_new(bashu_optimum **out, const bashu_scenario *scenario, const bashu_options *options, const bashu_path_options *wanted,
                               const char *outcome, double low, double high)
{
    if (out) *out = NULL;
    if (!scenario) return BASHU_ERROR_ARGUMENT;
    if (!out || !(low < high) || !(high - low < 1e6))
        return fail(scenario->context, BASHU_ERROR_ARGUMENT, "bashu_optimum_new needs a place for the answer, and a range from low to high, not %g to %g", low, high);
    if (!wanted) wanted = &defaults;
    TRY(check_wanted(scenario->economy, scenario, options, wanted));
    return optimum_new(out, scenario, options, wanted, outcome, low, high);
}

void bashu_optimum_free(bashu_optimum *optimum) { optimum_free(optimum); }

const bashu_optimum_info *bashu_optimum_describe(const bashu_optimum *optimum) { return optimum ? &optimum->info : NULL; }

bashu_status bashu_optimum_get(const bashu_optimum *optimum, size_t index, bashu_optimum_point *out)
{
    if (!optimum) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= optimum->count) return fail(optimum->context, BASHU_ERROR_ARGUMENT, "there are %zu paths, and path %zu is none of them", optimum->count, index);
    *out = optimum->points[index];
    return BASHU_OK;
}

const bashu_optimum_point *bashu_optimum_named(const bashu_optimum *optimum, const char *name)
{
    for (size_t k = 0; optimum && name && k < OPTIMUM_NAMES; k++)
        if (!strcmp(optimum_names[k].id, name)) return optimum->named[k] < OPTIMUM_POINTS ? &optimum->points[optimum->named[k]] : NULL;
    return NULL;
}

static bool has_best(const bashu_optimum *optimum) { return optimum && optimum->named[OPTIMUM_BEST] < OPTIMUM_POINTS; }

double bashu_optimum_slope(const bashu_optimum *optimum, size_t row)
{
    return has_best(optimum) && row < optimum->n ? optimum->at_best.slope[row] : (double)NAN;
}

double bashu_optimum_bend(const bashu_optimum *optimum, size_t row, size_t column)
{
    return has_best(optimum) && row < optimum->n && column < optimum->n ? optimum->at_best.bend[row][column] : (double)NAN;
}

bashu_status bashu_optimum_report(char **out, const bashu_optimum *optimum, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!optimum) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(optimum->context, BASHU_ERROR_ARGUMENT, "bashu_optimum_report needs a place for the text and a format");
    return optimum_report(out, optimum, format, language);
}
