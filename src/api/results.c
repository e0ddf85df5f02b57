/* results.c - the public functions that ask results, packages and reports: argument checks and calls. */
#include "measure/measure.h"
#include "policy/package.h"
#include "report/page.h"
#include "report/report.h"

size_t bashu_variable_length(const bashu_economy *economy, const char *variable)
{
    return economy && variable ? measure_count(economy, variable) : 0;
}

bashu_status bashu_result_values(const bashu_result *result, const char *variable, bashu_column column, double *values,
                                 size_t count)
{
    if (!result) return BASHU_ERROR_ARGUMENT;
    if (!variable || !values)
        return fail(result->context, BASHU_ERROR_ARGUMENT,
                    "bashu_result_values needs a variable and room for its values");
    return measure_values(result, variable, column, values, count);
}

bashu_status bashu_result_aggregate(const bashu_result *result, const char *variable, const char *set,
                                    const char *member, bashu_column column, double *value)
{
    if (!result) return BASHU_ERROR_ARGUMENT;
    if (!variable || !set || !value)
        return fail(result->context, BASHU_ERROR_ARGUMENT,
                    "bashu_result_aggregate needs a variable, a set and a place for the value");
    return measure_aggregate(result, variable, set, member ? member : "", column, value);
}

/* ---- packages ------------------------------------------------------------------------------------ */

bashu_status bashu_package_solve(bashu_package **out, bashu_solver *solver, const bashu_scenario *scenario)
{
    if (out) *out = NULL;
    if (!scenario) return BASHU_ERROR_ARGUMENT;
    if (!out || !solver)
        return fail(scenario->context, BASHU_ERROR_ARGUMENT,
                    "bashu_package_solve needs a place for the package and a solver");
    return package_solve(out, solver, scenario);
}

void bashu_package_free(bashu_package *package) { package_free(package); }

const bashu_result *bashu_package_whole(const bashu_package *package) { return package ? package->whole : NULL; }

const bashu_result *bashu_package_alone(const bashu_package *package, size_t index)
{
    return package && index < package->part_count ? package->alone[index] : NULL;
}

/* ---- reports ------------------------------------------------------------------------------------- */

static bashu_status check_language(bashu_context *context, bashu_language language)
{
    if (language == BASHU_EN || language == BASHU_ZH) return BASHU_OK;
    return fail(context, BASHU_ERROR_ARGUMENT, "there is no language %d", (int)language);
}

bashu_status bashu_package_report(char **out, const bashu_package *package, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!package) return BASHU_ERROR_ARGUMENT;
    if (!out || !format)
        return fail(package->context, BASHU_ERROR_ARGUMENT,
                    "bashu_package_report needs a place for the text and a format");
    TRY(check_language(package->context, language));
    return package_report(out, package, format, language);
}

bashu_status bashu_economy_report(char **out, const bashu_economy *economy, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out || !format)
        return fail(economy->context, BASHU_ERROR_ARGUMENT,
                    "bashu_economy_report needs a place for the text and a format");
    TRY(check_language(economy->context, language));
    return economy_report(out, economy, format, language);
}

bashu_status bashu_economy_table(char **out, const bashu_economy *economy, const char *table)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out || !table)
        return fail(economy->context, BASHU_ERROR_ARGUMENT,
                    "bashu_economy_table needs a place for the text and a table");
    return economy_table(out, economy, table);
}

bashu_status bashu_compare_report(char **out, const bashu_package *a, const bashu_package *b, const char *format,
                                  bashu_language language)
{
    if (out) *out = NULL;
    if (!a || !b) return BASHU_ERROR_ARGUMENT;
    if (!out || !format)
        return fail(a->context, BASHU_ERROR_ARGUMENT, "bashu_compare_report needs a place for the text and a format");
    TRY(check_language(a->context, language));
    return compare_report(out, a, b, format, language);
}

bashu_status bashu_report(char **out, const bashu_report_parts *parts, bashu_language language)
{
    if (out) *out = NULL;
    if (!parts || !parts->package) return BASHU_ERROR_ARGUMENT;
    bashu_context *context = parts->package->context;
    if (!out) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_report needs a place for the text");
    if (parts->version != 1) return fail(context, BASHU_ERROR_ARGUMENT, "parts of a report have version 1, not %d", parts->version);
    TRY(check_language(context, language));
    return page_report(out, parts, language);
}
