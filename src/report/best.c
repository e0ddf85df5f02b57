/* best.c - how far to go, in words, as JSON and as CSV. */
#include "report/best.h"

#include "report/json.h"

#include <math.h>

static void put_points(report *r, const bashu_best *b)
{
    static const char *const titles[][2] = {{"scale", "规模"}, {"present value %", "现值 %"}, {"last year %", "末年 %"}, {"nation, present value %", "全国现值 %"}, {"", ""}};
    grid *g = grid_new(r->memory, "rrrrl");
    for (size_t k = 0; k < 5; k++) grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
    for (size_t k = 0; k < b->count; k++) {
        const bashu_best_point *p = &b->points[k];
        const char *what = p->scale == b->info.scale ? pick(r->language, "best", "最优") : "";
        if (p->scale == 0) what = p->scale == b->info.scale ? pick(r->language, "as today: best", "现状：最优") : pick(r->language, "as today", "现状");
        if (p->scale == 1) what = p->scale == b->info.scale ? pick(r->language, "as written: best", "按情景：最优") : pick(r->language, "as written", "按情景");
        grid_cell(g, arena_format(r->memory, "%.3f", p->scale));
        grid_cell(g, percent_text(r->memory, p->worth, 5));
        grid_cell(g, percent_text(r->memory, p->last, 5));
        grid_cell(g, percent_text(r->memory, p->nation, 5));
        grid_cell(g, p->reason > 0 ? what : reason_words(r, p->reason));
    }
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
}

static void put_verdict(report *r, const bashu_best *b)
{
    const bashu_best_info *i = &b->info;
    bool zh = r->language == BASHU_ZH;
    if (isnan(i->scale)) {
        put_format(&r->out, "\n%s\n", pick(r->language, "No scale has a path of equilibria.", "没有任何规模存在均衡路径。"));
        return;
    }
    put_format(&r->out, zh ? "\n最优规模 %.3f：现值 %s %%" : "\nBest at %.3f: present value %s %%", i->scale, percent_text(r->memory, i->worth, 5));
    if (i->at_end) put(&r->out, pick(r->language, "; that is an end of the range, and beyond it may be better", "；位于范围端点，范围之外可能更优"));
    else if (isfinite(i->low))
        put_format(&r->out, zh ? "；规模在 %.2f 至 %.2f 之间时，损失不超过 0.01 个百分点" : "; from %.2f to %.2f at most 0.01 percentage points are lost", i->low, i->high);
    put_format(&r->out, zh ? "\n共 %d 次遍历，%.2f 秒；最大残差 %s（%s）\n" : "\n%d passes over the trade shares, %.2f s; worst residual %s (%s)\n", i->passes, i->time_s,
               small_text(r->memory, i->residual), worst_words(r, &b->economy->about, i->worst));
}

static bashu_status text_best(report *r, const void *subject)
{
    const bashu_best *b = subject;
    const bashu_scenario *s = b->scenario;
    const bashu_variable *v = measure_variable(b->asked.variable);
    put_format(&r->out, "%s\n", first_of(pick(r->language, s->title_en, s->title_zh), s->name));
    put_format(&r->out, r->language == BASHU_ZH ? "做到什么程度：%s（%s），%d 年，贴现率 %g %%\n" : "How far to go: %s (%s), %d years at %g %%\n",
               pick(r->language, v->title_en, v->title_zh), label_name(r, &b->asked.whose), b->wanted.years, 100 * b->wanted.discount);
    put_points(r, b);
    put_verdict(r, b);
    return BASHU_OK;
}

static bashu_status json_best(report *r, const void *subject)
{
    const bashu_best *b = subject;
    const bashu_best_info *i = &b->info;
    json_t *object = json_object(), *points = json_array();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "scenario", b->scenario->name);
    set_text(object, "outcome", i->outcome);
    set_count(object, "years", (size_t)b->wanted.years);
    set_number(object, "discount", b->wanted.discount);
    set_number(object, "best_scale", i->scale);
    set_number(object, "best_pct", i->worth);
    set_value(object, "at_end", json_integer(i->at_end));
    set_number(object, "flat_low", i->low);
    set_number(object, "flat_high", i->high);
    for (size_t k = 0; k < b->count; k++) {
        json_t *one = json_object();
        set_number(one, "scale", b->points[k].scale);
        set_number(one, "present_value_pct", b->points[k].worth);
        set_number(one, "last_year_pct", b->points[k].last);
        set_number(one, "nation_present_value_pct", b->points[k].nation);
        set_text(one, "reason", bashu_reason_text(b->points[k].reason));
        set_number(one, "residual", b->points[k].residual);
        add_value(points, one);
    }
    set_value(object, "points", points);
    set_value(object, "inputs", json_files(&b->economy->about, b->scenario));
    set_value(object, "settings", json_options(&b->options));
    set_value(object, "model", json_model(&b->economy->about));
    set_count(object, "passes", (size_t)i->passes);
    return put_json(r, object);
}

static bashu_status csv_best(report *r, const void *subject)
{
    const bashu_best *b = subject;
    put(&r->out, "scale,present_value_pct,last_year_pct,nation_present_value_pct,reason\n");
    for (size_t k = 0; k < b->count; k++) {
        put_number_field(&r->out, b->points[k].scale, false);
        put_number_field(&r->out, b->points[k].worth, false);
        put_number_field(&r->out, b->points[k].last, false);
        put_number_field(&r->out, b->points[k].nation, false);
        put_field(&r->out, bashu_reason_text(b->points[k].reason), true);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_best}, {"json", json_best}, {"csv", csv_best}};

bashu_status best_report(char **out, const bashu_best *best, const char *format, bashu_language language)
{
    return report_write(out, best->context, language, formats, sizeof formats / sizeof formats[0], format, best);
}
