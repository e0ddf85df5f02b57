/* places.c - winners and losers: a percent change by place, and its mean by circle, province, group of people, size and GDP per head.
 *
 * Means are weighted by the people who live in the places at the baseline. Sizes are those of China's classes of cities (State Council 2014: half a
 * million, one, five and ten million), here of all who live in the place. Thirds by GDP per head hold a third of the people each. */
#include "report/places.h"

#include "report/explain.h"
#include "report/json.h"

#include <math.h>
#include <string.h>

enum { SHOWN = 8 };

bashu_status places_gather(places *p, report *r)
{
    const bashu_economy *e = p->result->economy;
    size_t N = e->about.N;
    p->about = &e->about;
    TRY(outcome_read(&p->asked, r->memory, e, p->outcome));
    const array_wanted wanted[] = {{&p->percent, N}, {&p->inside, N}, {&p->people, N}};
    p->order = arena_alloc(r->memory, N, sizeof *p->order);
    if (!p->order || !ARENA_ARRAYS(r->memory, wanted)) return fail_memory(r->context);
    TRY(measure_values(p->result, p->asked.variable, BASHU_PERCENT, p->percent, N));
    TRY(measure_parts(r->context, p->about, p->asked.set, p->asked.member, p->inside, NULL));
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < e->about.S; s++) p->people[n] += e->people[at2(n, s, e->about.S)];
    size_t all = measure_order(p->about, p->percent, p->order);
    for (size_t k = 0; k < all; k++)
        if (p->inside[p->order[k]] > 0) p->order[p->count++] = p->order[k];
    return BASHU_OK;
}

/* ---- classes of places ------------------------------------------------------------------------------ */

static void add_place(class_row *to, const places *p, size_t n)
{
    double people = p->people[n] * p->inside[n];
    to->people += people;
    to->gain += people * p->percent[n];
    to->count++;
    to->up += p->percent[n] > tally_threshold_pct;
    to->down += p->percent[n] < -tally_threshold_pct;
}

void places_by_size(class_row *rows, const places *p)
{
    static const class_row named[SIZES] = {{.name_en = "below half a million people", .name_zh = "50万人以下"}, {.name_en = "half a million to one", .name_zh = "50万至100万人"},
                                           {.name_en = "one to five million", .name_zh = "100万至500万人"}, {.name_en = "five to ten million", .name_zh = "500万至1000万人"},
                                           {.name_en = "ten million and more", .name_zh = "1000万人及以上"}};
    static const double above[SIZES] = {0, 0.5e6, 1e6, 5e6, 10e6};
    memcpy(rows, named, sizeof named);
    for (size_t k = 0; k < p->count; k++) {
        size_t c = SIZES;
        while (c > 1 && p->people[p->order[k]] < above[c - 1]) c--;
        add_place(&rows[c - 1], p, p->order[k]);
    }
}

bashu_status places_by_income(class_row *rows, const places *p, report *r)
{
    static const class_row named[THIRDS] = {{.name_en = "poorest third by GDP per head", .name_zh = "人均GDP最低三分之一"}, {.name_en = "middle third", .name_zh = "人均GDP居中三分之一"},
                                            {.name_en = "richest third", .name_zh = "人均GDP最高三分之一"}};
    size_t N = p->about->N, *order = arena_alloc(r->memory, N, sizeof *order);
    double *key = arena_alloc(r->memory, N, sizeof *key), whole = 0, below = 0;
    if (!order || !key) return fail_memory(r->context);
    memcpy(rows, named, sizeof named);
    for (size_t n = 0; n < N; n++) key[n] = p->people[n] > 0 ? p->about->regions[n].gdp / p->people[n] : 0;
    for (size_t k = 0; k < p->count; k++) whole += p->people[p->order[k]] * p->inside[p->order[k]];
    size_t all = measure_order(p->about, key, order);
    for (size_t k = 0; k < all; k++) {
        double people = p->people[order[k]] * p->inside[order[k]];
        if (!(p->inside[order[k]] > 0)) continue;
        size_t third = (size_t)(3 * (below + people / 2) / whole);
        below += people;
        add_place(&rows[third < THIRDS ? third : THIRDS - 1], p, order[k]);
    }
    return BASHU_OK;
}

/* Members of a region set; returns how many rows. */
static size_t by_set(class_row *rows, const places *p, const region_set *set)
{
    size_t count = set->member_count < MEMBERS_SHOWN ? set->member_count : MEMBERS_SHOWN;
    for (size_t m = 0; m < count; m++) rows[m] = (class_row){.name_en = set->members[m].name_en, .name_zh = set->members[m].name_zh};
    for (size_t k = 0; k < p->count; k++) {
        long m = set->member_of[p->order[k]];
        if (m >= 0 && (size_t)m < count) add_place(&rows[m], p, p->order[k]);
    }
    return count;
}

static void put_classes(report *r, const char *title, const class_row *rows, size_t count)
{
    size_t some = 0;
    for (size_t k = 0; k < count; k++) some += rows[k].count > 0;
    if (some < 2) return;
    grid *g = grid_new(r->memory, "lrrrrr");
    grid_cell(g, title);
    grid_cell(g, pick(r->language, "mean, %", "均值，%"));
    grid_cell(g, pick(r->language, "places", "地区数"));
    grid_cell(g, pick(r->language, "gain", "得益"));
    grid_cell(g, pick(r->language, "lose", "受损"));
    grid_cell(g, pick(r->language, "people", "人口"));
    for (size_t k = 0; k < count; k++) {
        if (!rows[k].count) continue;
        grid_cell(g, pick(r->language, rows[k].name_en, rows[k].name_zh));
        grid_cell(g, percent_text(r->memory, rows[k].gain / rows[k].people, 4));
        grid_cell(g, number_text(r->memory, (double)rows[k].count, 0));
        grid_cell(g, number_text(r->memory, (double)rows[k].up, 0));
        grid_cell(g, number_text(r->memory, (double)rows[k].down, 0));
        grid_cell(g, number_text(r->memory, rows[k].people, 0));
    }
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
}

/* ---- groups of people ------------------------------------------------------------------------------- */

static const char *group_variable(const char *variable)
{
    static const char *const names[][2] = {{"welfare", "group_welfare"}, {"utility", "group_utility"}, {"real_wage", "group_real_wage"}, {"wage", "group_wage"},
                                           {"population", "group_population"}};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (!strcmp(names[k][0], variable)) return names[k][1];
    return NULL;
}

/* [S] mean over the places, weighted by the group's people; NULL where the variable has no groups. */
bashu_status places_by_group(double **out, const places *p, report *r)
{
    const bashu_economy *e = p->result->economy;
    size_t N = p->about->N, S = p->about->S;
    const char *variable = group_variable(p->asked.variable);
    *out = NULL;
    if (!variable || S < 2) return BASHU_OK;
    double *values = arena_alloc(r->memory, N * S, sizeof *values), *mean = arena_alloc(r->memory, S, sizeof *mean);
    if (!values || !mean) return fail_memory(r->context);
    TRY(measure_values(p->result, variable, BASHU_PERCENT, values, N * S));
    for (size_t s = 0; s < S; s++) {
        double people = 0, sum = 0;
        for (size_t k = 0; k < p->count; k++) {
            double weight = e->people[at2(p->order[k], s, S)] * p->inside[p->order[k]];
            people += weight;
            sum += weight * values[at2(p->order[k], s, S)];
        }
        mean[s] = people > 0 ? sum / people : 0;
    }
    *out = mean;
    return BASHU_OK;
}

/* ---- text ------------------------------------------------------------------------------------------- */

static void put_end(report *r, const places *p, bool winners)
{
    grid *g = grid_new(r->memory, "llrr");
    size_t shown = 0;
    grid_cell(g, winners ? pick(r->language, "gains most", "得益最多") : pick(r->language, "loses most", "受损最多"));
    grid_cell(g, "");
    grid_cell(g, "%");
    grid_cell(g, pick(r->language, "people", "人口"));
    for (size_t k = 0; k < p->count && shown < SHOWN; k++) {
        size_t n = p->order[winners ? p->count - 1 - k : k];
        if (winners ? p->percent[n] <= 0 : p->percent[n] >= 0) break;
        shown++;
        grid_cell(g, label_name(r, &p->about->regions[n].label));
        grid_cell(g, member_name(r, p->about, "province", n));
        grid_cell(g, percent_text(r->memory, p->percent[n], 4));
        grid_cell(g, number_text(r->memory, p->people[n], 0));
    }
    if (!shown) return;
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
}

static bashu_status text_places(report *r, const void *subject)
{
    places p = *(const places *)subject;
    class_row rows[MEMBERS_SHOWN];
    double *groups;
    TRY(places_gather(&p, r));
    const bashu_variable *variable = measure_variable(p.asked.variable);
    put_format(&r->out, r->language == BASHU_ZH ? "%s，%s：各地变化\n" : "%s, %s: who gains, who loses\n", pick(r->language, variable->title_en, variable->title_zh),
               pick(r->language, p.asked.whose.name_en, p.asked.whose.name_zh));
    put_end(r, &p, true);
    put_end(r, &p, false);
    for (size_t g = 0; g < p.about->set_count; g++) {
        const region_set *set = &p.about->sets[g];
        if (set->member_count > MEMBERS_SHOWN || !strcmp(set->name, p.asked.set)) continue;
        put_classes(r, set->name, rows, by_set(rows, &p, set));
    }
    TRY(places_by_group(&groups, &p, r));
    if (groups) {
        grid *g = grid_new(r->memory, "lr");
        grid_cell(g, pick(r->language, "people", "人群"));
        grid_cell(g, pick(r->language, "mean, %", "均值，%"));
        for (size_t s = 0; s < p.about->S; s++) {
            grid_cell(g, label_name(r, &p.about->groups[s]));
            grid_cell(g, percent_text(r->memory, groups[s], 4));
        }
        put(&r->out, "\n");
        grid_put(&r->out, g, "  ");
    }
    places_by_size(rows, &p);
    put_classes(r, pick(r->language, "size of the place", "地区规模"), rows, SIZES);
    TRY(places_by_income(rows, &p, r));
    put_classes(r, pick(r->language, "GDP per head", "人均GDP"), rows, THIRDS);
    put(&r->out, pick(r->language, "\n  means are weighted by people; gain and lose count places that change by more than 0.01 %\n",
                      "\n  均值按人口加权；得益与受损为变化超过 0.01 % 的地区数\n"));
    return BASHU_OK;
}

/* ---- JSON and CSV ----------------------------------------------------------------------------------- */

static void add_classes(json_t *object, const char *key, const class_row *rows, size_t count)
{
    json_t *list = json_array();
    for (size_t k = 0; k < count; k++) {
        json_t *one = json_object();
        if (!rows[k].count) {
            json_decref(one);
            continue;
        }
        set_text(one, "name_en", rows[k].name_en);
        set_text(one, "name_zh", rows[k].name_zh);
        set_number(one, "mean_pct", rows[k].gain / rows[k].people);
        set_count(one, "places", rows[k].count);
        set_count(one, "gain", rows[k].up);
        set_count(one, "lose", rows[k].down);
        set_number(one, "people", rows[k].people);
        add_value(list, one);
    }
    set_value(object, key, list);
}

static bashu_status json_places(report *r, const void *subject)
{
    places p = *(const places *)subject;
    class_row rows[MEMBERS_SHOWN];
    double *groups;
    TRY(places_gather(&p, r));
    TRY(places_by_group(&groups, &p, r));
    json_t *object = json_object(), *list = json_array();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "outcome", p.asked.name);
    for (size_t k = p.count; k-- > 0;) {
        json_t *one = json_object();
        set_text(one, "region", p.about->regions[p.order[k]].label.id);
        set_number(one, "percent", p.percent[p.order[k]]);
        set_number(one, "people", p.people[p.order[k]]);
        add_value(list, one);
    }
    set_value(object, "places", list);
    for (size_t g = 0; g < p.about->set_count; g++)
        if (p.about->sets[g].member_count <= MEMBERS_SHOWN) add_classes(object, p.about->sets[g].name, rows, by_set(rows, &p, &p.about->sets[g]));
    json_t *people = json_object();
    for (size_t s = 0; groups && s < p.about->S; s++) set_number(people, p.about->groups[s].id, groups[s]);
    set_value(object, "groups", people);
    places_by_size(rows, &p);
    add_classes(object, "size", rows, SIZES);
    bashu_status status = places_by_income(rows, &p, r);
    add_classes(object, "gdp_per_head", rows, THIRDS);
    bashu_status written = put_json(r, object);
    return status == BASHU_OK ? written : status;
}

static bashu_status csv_places(report *r, const void *subject)
{
    places p = *(const places *)subject;
    TRY(places_gather(&p, r));
    put(&r->out, "outcome,region,people,percent\n");
    for (size_t k = p.count; k-- > 0;) {
        put_field(&r->out, p.asked.name, false);
        put_field(&r->out, p.about->regions[p.order[k]].label.id, false);
        put_number_field(&r->out, p.people[p.order[k]], false);
        put_number_field(&r->out, p.percent[p.order[k]], true);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_places}, {"json", json_places}, {"csv", csv_places}};

bashu_status places_report(char **out, const bashu_result *result, const char *outcome, const char *format, bashu_language language)
{
    places subject = {.result = result, .outcome = outcome};
    return report_write(out, result->context, language, formats, sizeof formats / sizeof formats[0], format, &subject);
}
