/* formats.c - the formats of each report, by name. */
#include "report/json.h"

static const report_format package_formats[] = {
    {"text", text_package}, {"json", json_package},           {"regions.csv", csv_regions},
    {"long.csv", csv_long}, {"manifest.json", json_manifest}, {"map.svg", svg_map},
};

bashu_status package_report(char **out, const bashu_package *package, const char *format, bashu_language language)
{
    return report_write(out, package->context, language, package_formats,
                        sizeof package_formats / sizeof package_formats[0], format, package);
}

static const report_format economy_formats[] = {{"text", text_economy}, {"json", json_economy}};

bashu_status economy_report(char **out, const bashu_economy *economy, const char *format, bashu_language language)
{
    return report_write(out, economy->context, language, economy_formats,
                        sizeof economy_formats / sizeof economy_formats[0], format, economy);
}

static const report_format compare_formats[] = {{"text", text_compare}, {"json", json_compare}, {"csv", csv_compare}};

bashu_status compare_report(char **out, const bashu_package *a, const bashu_package *b, const char *format,
                            bashu_language language)
{
    comparison both = {a, b};
    return report_write(out, a->context, language, compare_formats, sizeof compare_formats / sizeof compare_formats[0],
                        format, &both);
}
