/* attain.c - what it would take, in words, as JSON and as CSV. */
#include "report/clusters.h"

#include "report/json.h"

#include <math.h>

static const char *const end_names[] = {"present", "found", "beyond", "no_lever", "unsolved"};

static const char *side_name(const report *r, const focus *f) { return pick(r->language, f->name_en, f->name_zh); }

static bool answered(const bashu_attain_answer *a) { return a->end == BASHU_ATTAIN_PRESENT || a->end == BASHU_ATTAIN_FOUND; }

/* Whether the answer is an equilibrium other than the baseline. */
static bool changed(const bashu_attain_answer *a) { return a->end == BASHU_ATTAIN_FOUND || a->end == BASHU_ATTAIN_BEYOND; }

static const char *measure_text(const report *r, const bashu_attain *a, double value)
{
    if (isnan(value)) return "-";
    return a->share ? arena_format(r->memory, "%.2f %%", 100 * value) : arena_format(r->memory, "%.4f", value);
}

static const char *measure_word(const report *r, const bashu_attain *a)
{
    return a->share ? pick(r->language, "share of the nation's sector", "占全国该行业份额") : pick(r->language, "location quotient", "区位熵");
}

static const char *end_words(const report *r, const bashu_attain_answer *a)
{
    switch (a->end) {
    case BASHU_ATTAIN_PRESENT: return pick(r->language, "there already", "已达到");
    case BASHU_ATTAIN_FOUND: return arena_format(r->memory, "%+.2f %%", a->percent);
    case BASHU_ATTAIN_BEYOND: return pick(r->language, "not in the range", "范围内达不到");
    case BASHU_ATTAIN_NO_LEVER: return pick(r->language, "no such lever", "没有该杠杆");
    case BASHU_ATTAIN_UNSOLVED: break;
    }
    return pick(r->language, "no equilibrium", "没有均衡");
}

static const char *outcome_text(const report *r, const bashu_attain_answer *a, double percent)
{
    return answered(a) || changed(a) ? percent_text(r->memory, percent, 2) : "-";
}

static void put_head(report *r, const bashu_attain *a)
{
    bool zh = r->language == BASHU_ZH;
    const char *sector = label_name(r, &a->economy->about.sectors[a->sector].label), *circle = side_name(r, &a->circle), *other = side_name(r, &a->benchmark);
    if (zh) put_format(&r->out, "需要什么：%s要有%s那样的%s\n", circle, other, sector);
    else put_format(&r->out, "What it would take: %s in %s as in %s\n", sector, circle, other);
    put_format(&r->out, zh ? "%s：现为 %s，对照 %s" : "%s: now %s, against %s", measure_word(r, a), measure_text(r, a, a->measure), measure_text(r, a, a->target));
    put_format(&r->out, "%s\n", a->options.held ? pick(r->language, " (the target is held there)", "（目标固定于此）")
                                                : pick(r->language, " (the target is what that becomes in the same equilibrium)", "（目标为同一均衡下对照对象的值）"));
}

static void put_answers(report *r, const bashu_attain *a)
{
    static const char *const titles[][2] = {{"lever", "杠杆"}, {"range, %", "范围，%"}, {"needed", "所需"}, {"nearest", "最接近"}, {"reaches", "达到"}, {"of", "目标"},
                                            {"GDP %", "GDP %"}, {"people %", "人口 %"}, {"welfare %", "福利 %"}, {"nation: GDP %", "全国：GDP %"},
                                            {"welfare %", "福利 %"}, {"equilibria", "均衡数"}, {"residual", "残差"}};
    grid *g = grid_new(r->memory, "llrrrrrrrrrrr");
    for (size_t k = 0; k < sizeof titles / sizeof *titles; k++) grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
    for (size_t k = 0; k < a->count; k++) {
        const bashu_attain_answer *x = &a->answers[k];
        grid_cell(g, x->lever);
        grid_cell(g, arena_format(r->memory, "%+g .. %+g", x->low, x->high));
        grid_cell(g, end_words(r, x));
        grid_cell(g, x->end == BASHU_ATTAIN_BEYOND ? arena_format(r->memory, "%+.1f %%", x->percent) : "");
        grid_cell(g, measure_text(r, a, x->measure));
        grid_cell(g, measure_text(r, a, x->target));
        grid_cell(g, outcome_text(r, x, x->gdp));
        grid_cell(g, outcome_text(r, x, x->people));
        grid_cell(g, outcome_text(r, x, x->welfare));
        grid_cell(g, outcome_text(r, x, x->nation_gdp));
        grid_cell(g, outcome_text(r, x, x->nation_welfare));
        grid_cell(g, arena_format(r->memory, "%zu", x->equilibria));
        grid_cell(g, small_text(r->memory, x->residual_most));
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "The smallest uniform change in the circle's places that does it, one lever at a time",
                                       "使其达到目标的最小统一变化（每次一个杠杆，作用于城市圈各地）"));
    grid_put(&r->out, g, "  ");
}

/* What each lever is, and where its range comes from. */
static void put_levers(report *r, const bashu_attain *a)
{
    put_format(&r->out, "\n%s\n", pick(r->language, "Levers", "杠杆"));
    for (size_t k = 0; k < a->count; k++)
        for (size_t row = 0; row < ATTAIN_ROW_COUNT; row++) {
            const bashu_attain_row *lever = &attain_rows[row];
            if (a->answers[k].lever != lever->name) continue;
            put_format(&r->out, "  %s: %s\n", lever->name, pick(r->language, lever->help_en, lever->help_zh));
            if (a->options.low == 0 && a->options.high == 0)
                put_format(&r->out, "    %s: %s\n", pick(r->language, "range", "范围依据"), pick(r->language, lever->source_en, lever->source_zh));
        }
}

static void put_notes(report *r, const bashu_attain *a)
{
    bool zh = r->language == BASHU_ZH;
    size_t equilibria = 0, lost = 0;
    if (a->measure > a->target * (1 + a->tolerance))
        put_format(&r->out, "  %s\n", pick(r->language, "the circle is ahead of its benchmark: what is found would bring it down to it",
                                           "城市圈已领先于对照对象：所得变化是使其降至对照水平"));
    for (size_t k = 0; k < a->count; k++) {
        const bashu_attain_answer *x = &a->answers[k];
        equilibria += x->equilibria;
        lost += x->lost;
        if (x->end == BASHU_ATTAIN_BEYOND)
            put_format(&r->out, zh ? "  %s：在范围内未找到可行值；%+g %% 时达到 %s（目标 %s），%+g %% 时达到 %s（目标 %s）\n"
                                   : "  %s: no value in the range was found that does; %+g %% reaches %s of %s, %+g %% reaches %s of %s\n",
                       x->lever, x->low, measure_text(r, a, x->low_measure), measure_text(r, a, x->low_target), x->high, measure_text(r, a, x->high_measure),
                       measure_text(r, a, x->high_target));
    }
    put_format(&r->out, zh ? "  共求解 %zu 个均衡，%.2f 秒；相对目标的误差不超过 %s\n" : "  %zu equilibria solved in %.2f s; the measure meets its target to %s\n", equilibria,
               a->time_s, small_text(r->memory, a->tolerance));
    if (lost) put_format(&r->out, zh ? "  其中 %zu 个没有均衡，未计入\n" : "  %zu of the values tried have no equilibrium and do not count\n", lost);
}

static bashu_status text_attain(report *r, const void *subject)
{
    const bashu_attain *a = subject;
    put_head(r, a);
    put_answers(r, a);
    put(&r->out, "\n");
    put_format(&r->out, "%s\n", pick(r->language, "Notes", "说明"));
    put_notes(r, a);
    put_levers(r, a);
    return BASHU_OK;
}

/* ---- JSON and CSV ------------------------------------------------------------------------------------ */

static json_t *json_answer(const bashu_attain_answer *x)
{
    json_t *object = json_object();
    set_text(object, "lever", x->lever);
    set_text(object, "end", end_names[x->end]);
    set_number(object, "low_pct", x->low);
    set_number(object, "high_pct", x->high);
    set_number(object, "change_pct", answered(x) ? x->percent : (double)NAN);
    set_number(object, "nearest_pct", x->end == BASHU_ATTAIN_BEYOND ? x->percent : (double)NAN);
    set_number(object, "hat", answered(x) || changed(x) ? x->hat : (double)NAN);
    set_number(object, "measure", x->measure);
    set_number(object, "target", x->target);
    set_number(object, "low_measure", x->low_measure);
    set_number(object, "low_target", x->low_target);
    set_number(object, "high_measure", x->high_measure);
    set_number(object, "high_target", x->high_target);
    set_number(object, "gdp_pct", x->gdp);
    set_number(object, "population_pct", x->people);
    set_number(object, "welfare_pct", x->welfare);
    set_number(object, "nation_gdp_pct", x->nation_gdp);
    set_number(object, "nation_welfare_pct", x->nation_welfare);
    set_number(object, "residual", x->residual);
    set_text(object, "worst", x->worst);
    set_number(object, "residual_most", x->residual_most);
    set_count(object, "equilibria", x->equilibria);
    set_count(object, "without_equilibrium", x->lost);
    return object;
}

static bashu_status json_attain(report *r, const void *subject)
{
    const bashu_attain *a = subject;
    json_t *object = json_object(), *answers = json_array(), *time = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "sector", a->economy->about.sectors[a->sector].label.id);
    set_text(object, "circle", a->circle.member);
    set_text(object, "benchmark", *a->benchmark.member ? a->benchmark.member : a->benchmark.set);
    set_text(object, "measure", a->share ? "share" : "quotient");
    set_text(object, "target", a->options.held ? "held" : "same_equilibrium");
    set_number(object, "present", a->measure);
    set_number(object, "present_target", a->target);
    set_number(object, "tolerance", a->tolerance);
    for (size_t k = 0; k < a->count; k++) add_value(answers, json_answer(&a->answers[k]));
    set_value(object, "levers", answers);
    set_value(object, "inputs", json_files(&a->economy->about, NULL));
    set_value(object, "settings", json_options(&a->solver_options));
    set_value(object, "model", json_model(&a->economy->about));
    set_number(time, "attain_s", a->time_s);
    set_value(object, "time", time);
    return put_json(r, object);
}

static bashu_status csv_attain(report *r, const void *subject)
{
    const bashu_attain *a = subject;
    put(&r->out, "lever,end,low_pct,high_pct,change_pct,nearest_pct,measure,target,low_measure,low_target,high_measure,high_target,"
                 "gdp_pct,population_pct,welfare_pct,nation_gdp_pct,nation_welfare_pct,equilibria,residual_most\n");
    for (size_t k = 0; k < a->count; k++) {
        const bashu_attain_answer *x = &a->answers[k];
        const double numbers[] = {x->low, x->high, answered(x) ? x->percent : (double)NAN, x->end == BASHU_ATTAIN_BEYOND ? x->percent : (double)NAN,
                                  x->measure, x->target, x->low_measure, x->low_target, x->high_measure, x->high_target,
                                  x->gdp, x->people, x->welfare, x->nation_gdp, x->nation_welfare, (double)x->equilibria, x->residual_most};
        size_t count = sizeof numbers / sizeof *numbers;
        put_field(&r->out, x->lever, false);
        put_field(&r->out, end_names[x->end], false);
        for (size_t q = 0; q < count; q++) put_number_field(&r->out, numbers[q], q + 1 == count);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_attain}, {"json", json_attain}, {"csv", csv_attain}};

bashu_status attain_report(char **out, const bashu_attain *attain, const char *format, bashu_language language)
{
    return report_write(out, attain->context, language, formats, sizeof formats / sizeof formats[0], format, attain);
}
