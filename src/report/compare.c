/* compare.c - two packages side by side: the circle, the circles, and the places where they differ most. */
#include "report/json.h"

#include <math.h>
#include <string.h>

enum { DIFFERENT_COUNT = 12 }; /* places shown */

static bashu_status check_pair(report *r, const comparison *both)
{
    const description *a = &both->a->economy->about, *b = &both->b->economy->about;
    bool same = a->N == b->N;
    for (size_t n = 0; same && n < a->N; n++) same = !strcmp(a->regions[n].label.id, b->regions[n].label.id);
    if (same) return BASHU_OK;
    return fail(r->context, BASHU_ERROR_ARGUMENT, "'%s' and '%s' are about different economies: their regions differ",
                both->a->scenario->name, both->b->scenario->name);
}

static bool both_solved(const comparison *both)
{
    return both->a->whole->info.reason > 0 && both->b->whole->info.reason > 0;
}

/* Percent changes of every region in both, and what b is more than a: [HEADLINE_COUNT][N] each. */
typedef struct differences {
    double *a, *b, *more;
} differences;

static bashu_status take_differences(differences *out, report *r, const comparison *both)
{
    size_t count = HEADLINE_COUNT * both->a->economy->about.N;
    TRY(headline_percents(&out->a, r->memory, both->a->whole));
    TRY(headline_percents(&out->b, r->memory, both->b->whole));
    out->more = arena_alloc(r->memory, count, sizeof *out->more);
    if (!out->more) return fail_memory(r->context);
    for (size_t i = 0; i < count; i++) out->more[i] = out->b[i] - out->a[i];
    return BASHU_OK;
}

static bashu_status set_percent_pair(double pair[2], const comparison *both, const char *variable, const char *set,
                                     const char *member)
{
    TRY(measure_aggregate(both->a->whole, variable, set, member, BASHU_PERCENT, &pair[0]));
    return measure_aggregate(both->b->whole, variable, set, member, BASHU_PERCENT, &pair[1]);
}

/* ---- text ----------------------------------------------------------------------------------------- */

static const char *scenario_title(const report *r, const bashu_package *package)
{
    const bashu_scenario *s = package->scenario;
    return first_of(pick(r->language, s->title_en, s->title_zh), s->name);
}

static void pair_head(report *r, grid *g, bool variable)
{
    grid_cell(g, "");
    if (variable) grid_cell(g, "");
    grid_cell(g, "A %");
    grid_cell(g, "B %");
    grid_cell(g, pick(r->language, "B - A", "B 减 A"));
}

static void pair_cells(report *r, grid *g, double a, double b, int decimals)
{
    grid_cell(g, percent_text(r->memory, a, decimals));
    grid_cell(g, percent_text(r->memory, b, decimals));
    grid_cell(g, percent_text(r->memory, b - a, decimals));
}

static bashu_status put_sets(report *r, const comparison *both)
{
    size_t count;
    const set_summary *rows = summaries_of(r->memory, &both->a->economy->about, &count);
    double *pairs = rows ? arena_alloc(r->memory, 2 * count * FOCUS_COUNT, sizeof *pairs) : NULL;
    if (!pairs) return fail_memory(r->context);
    for (size_t m = 0; m < count; m++)
        for (size_t k = 0; k < FOCUS_COUNT; k++)
            TRY(set_percent_pair(pairs + 2 * (m * FOCUS_COUNT + k), both, headline_names[k], rows[m].set, rows[m].id));
    int decimals = percent_decimals(pairs, 2 * count * FOCUS_COUNT);
    grid *g = grid_new(r->memory, "llrrr");
    pair_head(r, g, true);
    for (size_t m = 0; m < count; m++)
        for (size_t k = 0; k < FOCUS_COUNT; k++) {
            const double *pair = pairs + 2 * (m * FOCUS_COUNT + k);
            grid_cell(g, k ? "" : pick(r->language, rows[m].name_en, rows[m].name_zh));
            grid_cell(g, headline_title(r, k));
            pair_cells(r, g, pair[0], pair[1], decimals);
        }
    put_format(&r->out, "\n%s\n", pick(r->language, "Circles", "经济圈"));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static bashu_status put_places(report *r, const comparison *both)
{
    const description *about = &both->a->economy->about;
    size_t N = about->N, *order = arena_alloc(r->memory, N, sizeof *order);
    double *size = arena_alloc(r->memory, N, sizeof *size);
    differences d;
    if (!order || !size) return fail_memory(r->context);
    TRY(take_differences(&d, r, both));
    for (size_t n = 0; n < N; n++) size[n] = -fabs(d.more[n]);
    size_t count = measure_order(about, size, order);
    int decimals = percent_decimals(d.more, N);
    grid *g = grid_new(r->memory, "llrrr");
    pair_head(r, g, true);
    size_t shown = 0;
    for (; shown < count && shown < DIFFERENT_COUNT && size[order[shown]] < 0; shown++) {
        size_t n = order[shown];
        grid_cell(g, label_name(r, &about->regions[n].label));
        grid_cell(g, member_name(r, about, "province", n));
        pair_cells(r, g, d.a[n], d.b[n], decimals);
    }
    put_format(&r->out, "\n%s\n",
               pick(r->language, "Places where real GDP differs most", "实际 GDP 差异最大的地区"));
    if (shown) grid_put(&r->out, g, "  ");
    else put_format(&r->out, "  %s\n", pick(r->language, "no place differs", "没有差异"));
    return BASHU_OK;
}

bashu_status text_compare(report *r, const void *subject)
{
    const comparison *both = subject;
    TRY(check_pair(r, both));
    put_format(&r->out, "A  %s\nB  %s\n", scenario_title(r, both->a), scenario_title(r, both->b));
    for (int k = 0; k < 2; k++) {
        const bashu_package *package = k ? both->b : both->a;
        if (package->whole->info.reason > 0) continue;
        put_format(&r->out, "\n%s  ", k ? "B" : "A");
        TRY(put_failure(r, package->whole));
    }
    if (!both_solved(both)) return BASHU_OK;
    TRY(put_sets(r, both));
    return put_places(r, both);
}

/* ---- JSON ----------------------------------------------------------------------------------------- */

static json_t *outcome_json(const bashu_package *package)
{
    json_t *object = json_object();
    set_text(object, "scenario", package->scenario->name);
    set_text(object, "reason", bashu_reason_text(package->whole->info.reason));
    set_value(object, "iterations", json_integer(package->whole->info.passes));
    set_value(object, "certificate", json_certificate(package->whole));
    return object;
}

static bashu_status circles_json(report *r, json_t *object, const comparison *both)
{
    size_t count;
    const set_summary *rows = summaries_of(r->memory, &both->a->economy->about, &count);
    if (!rows) return fail_memory(r->context);
    json_t *circles = json_array();
    bashu_status status = BASHU_OK;
    for (size_t m = 0; m < count && status == BASHU_OK; m++) {
        json_t *circle = json_object(), *sides[2] = {json_object(), json_object()};
        set_text(circle, "id", rows[m].id);
        status = set_percents(r, sides[0], both->a->whole, rows[m].set, rows[m].id);
        if (status == BASHU_OK) status = set_percents(r, sides[1], both->b->whole, rows[m].set, rows[m].id);
        set_value(circle, "a", sides[0]);
        set_value(circle, "b", sides[1]);
        add_value(circles, circle);
    }
    set_value(object, "circles", circles);
    return status;
}

static bashu_status regions_json(report *r, json_t *object, const comparison *both)
{
    const description *about = &both->a->economy->about;
    differences d;
    TRY(take_differences(&d, r, both));
    json_t *regions = json_array();
    for (size_t n = 0; n < about->N; n++) {
        json_t *region = json_object(), *sides[2] = {json_object(), json_object()};
        set_text(region, "id", about->regions[n].label.id);
        for (size_t k = 0; k < HEADLINE_COUNT; k++) {
            const char *key = arena_format(r->memory, "%s_pct", headline_names[k]);
            set_number(sides[0], key, d.a[k * about->N + n]);
            set_number(sides[1], key, d.b[k * about->N + n]);
        }
        set_value(region, "a", sides[0]);
        set_value(region, "b", sides[1]);
        add_value(regions, region);
    }
    set_value(object, "regions", regions);
    return BASHU_OK;
}

bashu_status json_compare(report *r, const void *subject)
{
    const comparison *both = subject;
    TRY(check_pair(r, both));
    json_t *object = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "economy", both->a->economy->about.name);
    set_value(object, "a", outcome_json(both->a));
    set_value(object, "b", outcome_json(both->b));
    bashu_status status = BASHU_OK;
    if (both_solved(both)) {
        status = circles_json(r, object, both);
        if (status == BASHU_OK) status = regions_json(r, object, both);
    }
    if (status == BASHU_OK) return put_json(r, object);
    json_decref(object);
    return status;
}

/* ---- CSV ------------------------------------------------------------------------------------------ */

static void csv_head(report *r)
{
    put(&r->out, "id,name_en,name_zh,circle");
    for (size_t k = 0; k < HEADLINE_COUNT; k++)
        put_format(&r->out, ",%s_a_pct,%s_b_pct,%s_difference_pct", headline_names[k], headline_names[k],
                   headline_names[k]);
    put(&r->out, "\n");
}

bashu_status csv_compare(report *r, const void *subject)
{
    const comparison *both = subject;
    const description *about = &both->a->economy->about;
    differences d;
    TRY(check_pair(r, both));
    if (!both_solved(both))
        return fail(r->context, BASHU_ERROR_ARGUMENT, "one of the two has no equilibrium to compare");
    TRY(take_differences(&d, r, both));
    csv_head(r);
    for (size_t n = 0; n < about->N; n++) {
        put_field(&r->out, about->regions[n].label.id, false);
        put_field(&r->out, about->regions[n].label.name_en, false);
        put_field(&r->out, about->regions[n].label.name_zh, false);
        put_field(&r->out, member_id(about, "circle", n), false);
        for (size_t k = 0; k < HEADLINE_COUNT; k++) {
            size_t i = k * about->N + n;
            put_number_field(&r->out, d.a[i], false);
            put_number_field(&r->out, d.b[i], false);
            put_number_field(&r->out, d.more[i], k + 1 == HEADLINE_COUNT);
        }
    }
    return BASHU_OK;
}
