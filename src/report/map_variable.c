/* map_variable.c - maps of output variables of a result. */
#include "report/map.h"

#include <string.h>

enum { NAMES_ZOOM = 40, NAMES_WHOLE = 12, NAMES_BOTH = 16 };

bashu_status put_variable_map(report *r, const bashu_result *result, const boundaries *outlines, const variable_map *wanted)
{
    const description *about = &result->economy->about;
    const bashu_variable *row = measure_variable(wanted->variable);
    bashu_column column = wanted->column;
    const focus *zoom = &wanted->zoom;
    size_t N = about->N;
    if (!row || strcmp(row->shape, "region") != 0)
        return fail(r->context, BASHU_ERROR_ARGUMENT, "'%s' is no variable with one value a region, as 'gdp' and 'welfare' are", wanted->variable);
    double *value = arena_alloc(r->memory, N, sizeof *value), *part = arena_alloc(r->memory, N, sizeof *part);
    unsigned char *inside = arena_alloc(r->memory, N, 1);
    if (!value || !part || !inside) return fail_memory(r->context);
    TRY(measure_values(result, wanted->variable, column, value, N));
    bool around_zero = column == BASHU_PERCENT || column == BASHU_HAT, all = !strcmp(zoom->set, "all");
    for (size_t n = 0; n < N; n++)
        if (column == BASHU_HAT) value[n] = 100 * (value[n] - 1);
    if (!all) TRY(measure_parts(r->context, about, zoom->set, zoom->member, part, NULL));
    for (size_t n = 0; n < N; n++) inside[n] = !all && part[n] > 0;
    const char *unit = unit_text(r->memory, about, row->unit);
    const char *english = around_zero ? arena_format(r->memory, "change in %s, %%", row->title_en) : arena_format(r->memory, "%s (%s)", row->title_en, unit);
    const char *chinese = around_zero ? arena_format(r->memory, "%s变化，%%", row->title_zh) : arena_format(r->memory, "%s（%s）", row->title_zh, unit);
    if (!english || !chinese) return fail_memory(r->context);
    map_request m = {.about = about, .outlines = outlines, .id = wanted->id, .outlines_id = wanted->outlines_id, .outlines_there = wanted->outlines_there, .title_en = first_of(wanted->title_en, row->title_en), .title_zh = first_of(wanted->title_zh, row->title_zh),
                     .legend_en = english, .legend_zh = chinese, .value = value, .change = around_zero, .show = wanted->show, .inside = all ? NULL : inside, .inside_en = zoom->name_en,
                     .inside_zh = zoom->name_zh, .names = wanted->show == MAP_ZOOM ? NAMES_ZOOM : NAMES_BOTH, .names_whole = wanted->show == MAP_WHOLE ? NAMES_WHOLE : 0};
    return put_map(r, &m);
}

bashu_status map_report(char **out, const bashu_result *result, const char *variable, bashu_column column, const char *zoom, const char *title, bashu_language language)
{
    const description *about = &result->economy->about;
    const boundaries *outlines;
    report r;
    TRY(report_begin(&r, result->context, language));
    focus place = measure_focus(about, NULL);
    label whose = {"", place.name_en, place.name_zh};
    bashu_status status = boundaries_read(&outlines, r.memory, about);
    if (status == BASHU_OK && zoom) {
        char *set = arena_text(r.memory, zoom), *equals = set ? strchr(set, '=') : NULL;
        if (!set) status = fail_memory(r.context);
        else if (!equals && strcmp(set, "all") != 0) status = fail(r.context, BASHU_ERROR_ARGUMENT, "a part of the map is SET=MEMBER, e.g. circle=CCEC, or all; not '%s'", zoom);
        else {
            if (equals) *equals = '\0';
            place = (focus){set, equals ? equals + 1 : "", NULL, NULL};
            status = measure_whose(&whose, r.memory, about, place.set, place.member);
        }
    }
    place.name_en = whose.name_en;
    place.name_zh = whose.name_zh;
    variable_map wanted = {.variable = variable, .column = column, .zoom = place, .title_en = title, .title_zh = title};
    if (status == BASHU_OK) status = put_variable_map(&r, result, outlines, &wanted);
    return report_end(out, &r, status);
}

bashu_status svg_map(report *r, const void *subject)
{
    const bashu_package *package = subject;
    const description *about = &package->economy->about;
    const boundaries *outlines;
    if (package->whole->info.reason <= 0)
        return fail(r->context, BASHU_ERROR_ARGUMENT, "there is no equilibrium to draw (%s)", bashu_reason_text(package->whole->info.reason));
    TRY(boundaries_read(&outlines, r->memory, about));
    variable_map wanted = {.variable = "gdp", .column = BASHU_PERCENT, .zoom = measure_focus(about, package->scenario),
                           .title_en = first_of(package->scenario->title_en, package->scenario->name), .title_zh = first_of(package->scenario->title_zh, package->scenario->name)};
    return put_variable_map(r, package->whole, outlines, &wanted);
}
