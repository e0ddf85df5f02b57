/* optimum.c - how much of each change, in words, as JSON and as CSV. */
#include "report/optimum.h"

#include "report/json.h"

#include <math.h>

static const double loss_shown = 0.01; /* percentage points */

double optimum_reach(const bashu_optimum *o, size_t k) { return o->curvature[k] < 0 ? sqrt(2 * loss_shown / -o->curvature[k]) : (double)INFINITY; }

const char *optimum_direction_words(report *r, const bashu_optimum *o, size_t k)
{
    const char *words = "";
    for (size_t c = 0; c < o->n && words; c++) {
        double part = o->direction[k][c];
        if (fabs(part) < 0.005) continue;
        words = arena_format(r->memory, "%s%s%.2f %s", words, *words ? (part < 0 ? " - " : " + ") : part < 0 ? "-" : "", fabs(part), o->scenario->changes[c].id);
    }
    return words ? words : "";
}

bool optimum_counts_researchers(const bashu_optimum *o, size_t c) { return o->scenario->changes[c].lever == LEVER_RESEARCH_STAFF; }

const char *change_title(const report *r, const change *c) { return first_of(pick(r->language, c->title_en, c->title_zh), c->id); }

/* ---- text ------------------------------------------------------------------------------------------- */

static void put_named(report *r, const bashu_optimum *o)
{
    grid *g = grid_new(r->memory, arena_format(r->memory, "l%.*s%.*s", (int)o->n, "rrrrrr", 5, "rrrrr"));
    const bashu_variable *v = measure_variable(o->asked.variable);
    const char *asked = pick(r->language, v->title_en, v->title_zh);
    grid_cell(g, "");
    for (size_t c = 0; c < o->n; c++) grid_cell(g, o->scenario->changes[c].id);
    grid_cell(g, pick(r->language, "GDP, present value %", "GDP 现值 %"));
    grid_cell(g, pick(r->language, "welfare, present value %", "福利现值 %"));
    grid_cell(g, arena_format(r->memory, r->language == BASHU_ZH ? "%s，末年 %%" : "%s, last year %%", asked));
    grid_cell(g, arena_format(r->memory, r->language == BASHU_ZH ? "%s，全国现值 %%" : "%s, nation, present value %%", asked));
    grid_cell(g, "");
    for (size_t k = 0; k < OPTIMUM_NAMES; k++) {
        if (o->named[k] == OPTIMUM_POINTS) continue;
        const bashu_optimum_point *p = &o->points[o->named[k]];
        grid_cell(g, pick(r->language, optimum_names[k].en, optimum_names[k].zh));
        for (size_t c = 0; c < o->n; c++) grid_cell(g, arena_format(r->memory, "%.3f", p->scale[c]));
        const double numbers[] = {p->gdp, p->welfare, p->last, p->nation};
        for (size_t q = 0; q < 4; q++) grid_cell(g, percent_text(r->memory, numbers[q], 5));
        grid_cell(g, p->reason > 0 ? "" : reason_words(r, p->reason));
    }
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
}

static void put_researchers(report *r, const bashu_optimum *o)
{
    bool any = false;
    grid *g = grid_new(r->memory, "llrr");
    grid_cell(g, pick(r->language, "researchers where", "所在地科研人员"));
    grid_cell(g, "");
    grid_cell(g, pick(r->language, "in science", "科学"));
    grid_cell(g, pick(r->language, "in industry", "产业"));
    for (size_t c = 0; c < o->n; c++) {
        if (!optimum_counts_researchers(o, c)) continue;
        for (size_t k = 0; k < OPTIMUM_NAMES; k++) {
            if (o->named[k] == OPTIMUM_POINTS) continue;
            const bashu_optimum_point *p = &o->points[o->named[k]];
            grid_cell(g, any && k ? "" : o->scenario->changes[c].id);
            grid_cell(g, pick(r->language, optimum_names[k].en, optimum_names[k].zh));
            grid_cell(g, number_text(r->memory, p->scientists[c], 0));
            grid_cell(g, number_text(r->memory, p->industrial[c], 0));
            any = true;
        }
    }
    if (!any) return;
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
}

static void put_around_best(report *r, const bashu_optimum *o)
{
    bool zh = r->language == BASHU_ZH;
    const bashu_optimum_point *best = &o->points[o->named[OPTIMUM_BEST]];
    put_format(&r->out, "\n%s\n", pick(r->language, "At the best, from paths around it", "最优点附近路径的检验"));
    grid *g = grid_new(r->memory, "lrrl");
    grid_cell(g, "");
    grid_cell(g, pick(r->language, "slope, points a unit", "斜率，百分点/单位"));
    grid_cell(g, pick(r->language, "bend", "曲率"));
    grid_cell(g, "");
    for (size_t c = 0; c < o->n; c++) {
        grid_cell(g, change_title(r, &o->scenario->changes[c]));
        grid_cell(g, arena_format(r->memory, "%+.6f", o->at_best.slope[c]));
        grid_cell(g, arena_format(r->memory, "%+.5f", o->at_best.bend[c][c]));
        grid_cell(g, best->scale[c] >= o->high ? pick(r->language, "at the upper bound: more may be better", "位于上限：更大可能更优")
                     : best->scale[c] <= o->low ? pick(r->language, "at the lower bound: less may be better", "位于下限：更小可能更优") : "");
    }
    grid_put(&r->out, g, "  ");
    put_format(&r->out, zh ? "  %s；按此抛物面，范围内至多还可增加 %s 个百分点\n" : "  %s; by this parabola at most %s percentage points are still to be gained within the bounds\n",
               o->info.certified ? pick(r->language, "a maximum", "是极大值") : pick(r->language, "not certified as a maximum", "未能判定为极大值"), small_text(r->memory, o->info.to_gain));
    for (size_t k = 0; k < o->directions; k++) {
        const char *what = optimum_direction_words(r, o, k);
        double reach = optimum_reach(o, k);
        if (isinf(reach)) put_format(&r->out, zh ? "  沿 %s：没有损失\n" : "  along %s nothing is lost\n", what);
        else put_format(&r->out, zh ? "  走 %.2f（沿 %s），损失 0.01 个百分点\n" : "  going %.2f along %s costs 0.01 percentage points\n", reach, what);
    }
}

static bashu_status text_optimum(report *r, const void *subject)
{
    const bashu_optimum *o = subject;
    const bashu_variable *v = measure_variable(o->asked.variable);
    bool zh = r->language == BASHU_ZH;
    put_format(&r->out, "%s\n", first_of(pick(r->language, o->scenario->title_en, o->scenario->title_zh), o->scenario->name));
    put_format(&r->out, zh ? "每项变化各做多少：%s（%s），规模 %g 至 %g，%d 年，贴现率 %g %%\n" : "How much of each change: %s (%s), scales from %g to %g, %d years at %g %%\n",
               pick(r->language, v->title_en, v->title_zh), label_name(r, &o->asked.whose), o->low, o->high, o->wanted.years, 100 * o->wanted.discount);
    put_named(r, o);
    put_researchers(r, o);
    if (o->named[OPTIMUM_BEST] < OPTIMUM_POINTS) put_around_best(r, o);
    else put_format(&r->out, "\n%s\n", pick(r->language, "No scales have a path of equilibria.", "没有任何规模存在均衡路径。"));
    put_format(&r->out, zh ? "\n%zu 条路径，%d 次遍历，%.2f 秒；最大残差 %s（%s）\n" : "\n%zu paths, %d passes over the trade shares, %.2f s; worst residual %s (%s)\n", o->count, o->info.passes,
               o->info.time_s, small_text(r->memory, o->info.residual), worst_words(r, &o->economy->about, o->worst));
    return BASHU_OK;
}

/* ---- JSON and CSV ----------------------------------------------------------------------------------- */

static json_t *numbers_of(const double *x, size_t n)
{
    json_t *list = json_array();
    for (size_t k = 0; k < n; k++) add_value(list, isfinite(x[k]) ? json_real(x[k]) : json_null());
    return list;
}

static json_t *json_point(const bashu_optimum *o, const bashu_optimum_point *p)
{
    json_t *one = json_object();
    set_value(one, "scale", numbers_of(p->scale, o->n));
    set_number(one, "present_value_pct", p->worth);
    set_number(one, "last_year_pct", p->last);
    set_number(one, "gdp_present_value_pct", p->gdp);
    set_number(one, "welfare_present_value_pct", p->welfare);
    set_number(one, "nation_present_value_pct", p->nation);
    set_value(one, "scientists", numbers_of(p->scientists, o->n));
    set_value(one, "industrial_researchers", numbers_of(p->industrial, o->n));
    set_text(one, "reason", bashu_reason_text(p->reason));
    return one;
}

static json_t *json_around_best(const bashu_optimum *o)
{
    json_t *object = json_object(), *bends = json_array(), *directions = json_array();
    set_value(object, "certified", json_boolean(o->info.certified));
    set_number(object, "to_gain_pct", o->info.to_gain);
    set_value(object, "slope", numbers_of(o->at_best.slope, o->n));
    for (size_t c = 0; c < o->n; c++) add_value(bends, numbers_of(o->at_best.bend[c], o->n));
    set_value(object, "bend", bends);
    for (size_t k = 0; k < o->directions; k++) {
        json_t *one = json_object();
        set_value(one, "direction", numbers_of(o->direction[k], o->n));
        set_number(one, "curvature", o->curvature[k]);
        set_number(one, "reach_for_0.01_points", optimum_reach(o, k));
        add_value(directions, one);
    }
    set_value(object, "directions", directions);
    return object;
}

static bashu_status json_optimum(report *r, const void *subject)
{
    const bashu_optimum *o = subject;
    json_t *object = json_object(), *changes = json_array(), *named = json_object(), *points = json_array();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "scenario", o->scenario->name);
    set_text(object, "outcome", o->info.outcome);
    set_count(object, "years", (size_t)o->wanted.years);
    set_number(object, "discount", o->wanted.discount);
    set_number(object, "low", o->low);
    set_number(object, "high", o->high);
    for (size_t c = 0; c < o->n; c++) add_value(changes, json_string(o->scenario->changes[c].id));
    set_value(object, "changes", changes);
    for (size_t k = 0; k < OPTIMUM_NAMES; k++)
        set_value(named, optimum_names[k].id, o->named[k] < OPTIMUM_POINTS ? json_point(o, &o->points[o->named[k]]) : json_null());
    set_value(object, "allocations", named);
    set_value(object, "certificate", o->named[OPTIMUM_BEST] < OPTIMUM_POINTS ? json_around_best(o) : json_null());
    for (size_t k = 0; k < o->count; k++) add_value(points, json_point(o, &o->points[k]));
    set_value(object, "paths", points);
    set_value(object, "inputs", json_files(&o->economy->about, o->scenario));
    set_value(object, "settings", json_options(&o->options));
    set_value(object, "model", json_model(&o->economy->about));
    set_count(object, "passes", (size_t)o->info.passes);
    set_number(object, "residual", o->info.residual);
    return put_json(r, object);
}

static bashu_status csv_optimum(report *r, const void *subject)
{
    const bashu_optimum *o = subject;
    for (size_t c = 0; c < o->n; c++) put_format(&r->out, "scale_%s,", o->scenario->changes[c].id);
    put(&r->out, "present_value_pct,last_year_pct,gdp_present_value_pct,welfare_present_value_pct,nation_present_value_pct,reason,name\n");
    for (size_t k = 0; k < o->count; k++) {
        const bashu_optimum_point *p = &o->points[k];
        const char *name = "";
        for (size_t q = 0; q < OPTIMUM_NAMES; q++)
            if (o->named[q] == k) name = optimum_names[q].id;
        for (size_t c = 0; c < o->n; c++) put_number_field(&r->out, p->scale[c], false);
        const double numbers[] = {p->worth, p->last, p->gdp, p->welfare, p->nation};
        for (size_t q = 0; q < 5; q++) put_number_field(&r->out, numbers[q], false);
        put_field(&r->out, bashu_reason_text(p->reason), false);
        put_field(&r->out, name, true);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_optimum}, {"json", json_optimum}, {"csv", csv_optimum}};

bashu_status optimum_report(char **out, const bashu_optimum *optimum, const char *format, bashu_language language)
{
    return report_write(out, optimum->context, language, formats, sizeof formats / sizeof formats[0], format, optimum);
}
