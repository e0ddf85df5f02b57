/* circles.c - the public functions of circles and claims: argument checks and calls. */
#include "measure/audit.h"
#include "report/circles.h"

#include <math.h>
#include <string.h>

bashu_status bashu_circles_new(bashu_circles **out, const bashu_economy *economy, const char *path)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_circles_new needs a place for the circles");
    return circles_new(out, economy, path);
}

void bashu_circles_free(bashu_circles *circles) { circles_free(circles); }

size_t bashu_circles_count(const bashu_circles *circles) { return circles ? circles->count : 0; }

bashu_status bashu_circles_get(const bashu_circles *circles, size_t circle_, bashu_label *out)
{
    if (!circles) return BASHU_ERROR_ARGUMENT;
    if (!out || circle_ >= circles->count) return fail(circles->context, BASHU_ERROR_ARGUMENT, "there are %zu circles, and circle %zu is none of them", circles->count, circle_);
    const label *name = &circles->circles[circle_].label;
    *out = (bashu_label){name->id, name->name_en, name->name_zh};
    return BASHU_OK;
}

size_t bashu_circle_row_count(void) { return circle_measure_count; }

const bashu_circle_row *bashu_circle_row_at(size_t index) { return index < circle_measure_count ? &circle_measures[index].about : NULL; }

double bashu_circles_value(const bashu_circles *circles, size_t circle_, const char *measure)
{
    for (size_t m = 0; circles && measure && circle_ < circles->count && m < circle_measure_count; m++)
        if (!strcmp(circle_measures[m].about.name, measure)) return circles->circles[circle_].value[m];
    return (double)NAN;
}

bashu_status bashu_circles_report(char **out, const bashu_circles *circles, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!circles) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(circles->context, BASHU_ERROR_ARGUMENT, "bashu_circles_report needs a place for the text and a format");
    return circles_report(out, circles, format, language);
}

/* ---- claims ----------------------------------------------------------------------------------------- */

bashu_status bashu_audit_new(bashu_audit **out, const bashu_economy *economy, const char *path)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_audit_new needs a place for the audit");
    return audit_new(out, economy, path);
}

void bashu_audit_free(bashu_audit *audit) { audit_free(audit); }

size_t bashu_audit_count(const bashu_audit *audit) { return audit ? audit->claims.count : 0; }

bashu_status bashu_audit_get(const bashu_audit *audit, size_t index, bashu_audited *out)
{
    if (!audit) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= audit->claims.count) return fail(audit->context, BASHU_ERROR_ARGUMENT, "there are %zu claims, and claim %zu is none of them", audit->claims.count, index);
    const audited *row = &audit->row[index];
    *out = (bashu_audited){row->claim->id, row->claim->text_en, row->claim->text_zh, row->claim->says, row->claim->unit, row->found, row->power, row->verdict};
    return BASHU_OK;
}

bashu_status bashu_audit_report(char **out, const bashu_audit *audit, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!audit) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(audit->context, BASHU_ERROR_ARGUMENT, "bashu_audit_report needs a place for the text and a format");
    return audit_report(out, audit, format, language);
}
