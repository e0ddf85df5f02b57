/* sweep.c - draws of a scenario in words, as JSON and as CSV. */
#include "report/sweep.h"

#include "report/json.h"

#include <math.h>
#include <string.h>

/* The draw with the largest residual among those with an equilibrium, and how many have none. */
typedef struct sweep_quality {
    const sweep_draw *worst; /* NULL: no draw has an equilibrium */
    size_t lost, passes;
} sweep_quality;

static sweep_quality quality_of(const bashu_sweep *s)
{
    sweep_quality q = {0};
    for (size_t k = 0; k < s->draws; k++) {
        const sweep_draw *d = &s->draw[k];
        q.passes += (size_t)d->info.passes;
        if (d->info.reason <= 0) q.lost++;
        else if (!q.worst || d->info.residual > q.worst->info.residual) q.worst = d;
    }
    return q;
}

static const char *distribution_word(bashu_distribution distribution)
{
    return distribution == BASHU_UNIFORM ? "uniform" : "triangular";
}

/* ---- text ----------------------------------------------------------------------------------------- */

static void put_head(report *r, const bashu_sweep *s)
{
    const bashu_scenario *scenario = s->scenario;
    size_t varied = 0;
    for (size_t c = 0; c < s->change_count; c++) varied += sweep_varies(&scenario->changes[c]);
    put_format(&r->out, "%s\n", first_of(pick(r->language, scenario->title_en, scenario->title_zh), scenario->name));
    const char *draws = number_text(r->memory, (double)s->draws, 0);
    if (r->language == BASHU_ZH)
        put_format(&r->out, "%s 次抽样：%zu 项变化中有 %zu 项给出范围（%s），种子 %llu\n", draws, s->change_count, varied,
                   s->distribution == BASHU_UNIFORM ? "均匀分布" : "三角分布", s->options.seed);
    else
        put_format(&r->out, "%s draws of the %zu of %zu changes that state a range (%s), seed %llu\n", draws, varied, s->change_count,
                   distribution_word(s->distribution), s->options.seed);
}

static void heads(report *r, grid *g, const char *const (*titles)[2], size_t count)
{
    for (size_t k = 0; k < count; k++) grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
}

static void put_ranges(report *r, const bashu_sweep *s)
{
    static const char *const titles[][2] = {{"change", "变化"}, {"low", "低"}, {"value", "取值"}, {"high", "高"}, {"", ""}};
    grid *g = grid_new(r->memory, "lrrrl");
    heads(r, g, titles, 5);
    for (size_t c = 0; c < s->change_count; c++) {
        const change *of = &s->scenario->changes[c];
        if (!sweep_varies(of)) continue;
        grid_cell(g, first_of(pick(r->language, of->title_en, of->title_zh), of->id));
        grid_cell(g, arena_format(r->memory, "%.6g", isfinite(of->low) ? of->low : of->value));
        grid_cell(g, arena_format(r->memory, "%.6g", of->value));
        grid_cell(g, arena_format(r->memory, "%.6g", isfinite(of->high) ? of->high : of->value));
        grid_cell(g, unit_words(r, change_unit(of)));
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "Drawn", "抽取的变化"));
    grid_put(&r->out, g, "  ");
}

static bashu_status put_summaries(report *r, const bashu_sweep *s)
{
    static const char *const titles[][2] = {{"outcome, %", "结果，%"}, {"mean", "均值"}, {"sd", "标准差"}, {"5 %", "5 %"}, {"25 %", "25 %"},
                                            {"median", "中位数"}, {"75 %", "75 %"}, {"95 %", "95 %"}, {"above zero", "大于零"}};
    grid *g = grid_new(r->memory, "lrrrrrrrr");
    heads(r, g, titles, 9);
    for (size_t q = 0; q < s->outcome_count; q++) {
        bashu_sweep_summary a;
        TRY(sweep_summary(&a, s, q));
        double shown[] = {a.mean, a.q05, a.q95};
        int decimals = percent_decimals(shown, 3);
        grid_cell(g, s->outcomes[q].name);
        grid_cell(g, percent_text(r->memory, a.mean, decimals));
        grid_cell(g, number_text(r->memory, a.sd, decimals));
        grid_cell(g, percent_text(r->memory, a.q05, decimals));
        grid_cell(g, percent_text(r->memory, a.q25, decimals));
        grid_cell(g, percent_text(r->memory, a.q50, decimals));
        grid_cell(g, percent_text(r->memory, a.q75, decimals));
        grid_cell(g, percent_text(r->memory, a.q95, decimals));
        grid_cell(g, isnan(a.above_zero) ? "-" : arena_format(r->memory, "%.1f %%", 100 * a.above_zero));
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "Over the draws", "抽样结果"));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static bashu_status put_drivers(report *r, const bashu_sweep *s)
{
    enum { MOST = 8 }; /* outcomes side by side */
    size_t shown = s->outcome_count < MOST ? s->outcome_count : MOST;
    char columns[MOST + 2] = "l";
    for (size_t q = 0; q < shown; q++) strcat(columns, "r");
    grid *g = grid_new(r->memory, columns);
    grid_cell(g, pick(r->language, "change", "变化"));
    for (size_t q = 0; q < shown; q++) grid_cell(g, s->outcomes[q].name);
    for (size_t c = 0; c < s->change_count; c++) {
        const change *of = &s->scenario->changes[c];
        if (!sweep_varies(of)) continue;
        grid_cell(g, first_of(pick(r->language, of->title_en, of->title_zh), of->id));
        for (size_t q = 0; q < shown; q++) {
            double rank;
            TRY(sweep_driver(&rank, s, c, q));
            grid_cell(g, isnan(rank) ? "-" : arena_format(r->memory, "%+.2f", rank));
        }
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "What drives them (rank correlation, -1 to 1)", "由什么决定（秩相关，-1 至 1）"));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static void put_quality(report *r, const bashu_sweep *s)
{
    sweep_quality q = quality_of(s);
    bool zh = r->language == BASHU_ZH;
    put_format(&r->out, "\n%s\n", pick(r->language, "Certificate", "核验证书"));
    if (q.worst)
        put_format(&r->out, zh ? "  最差残差 %s（%s）\n" : "  worst residual %s (%s)\n", small_text(r->memory, q.worst->info.residual),
                   worst_words(r, &s->economy->about, q.worst->worst));
    if (q.lost) put_format(&r->out, zh ? "  %zu 次抽样没有均衡，未计入以上各表\n" : "  %zu draws have no equilibrium and are not in the tables above\n", q.lost);
    put_format(&r->out, zh ? "  共 %zu 次遍历，%.2f 秒\n" : "  %zu passes over the trade shares, %.2f s\n", q.passes, s->solve_s);
}

static bashu_status text_sweep(report *r, const void *subject)
{
    const bashu_sweep *s = subject;
    put_head(r, s);
    put_ranges(r, s);
    TRY(put_summaries(r, s));
    TRY(put_drivers(r, s));
    put_quality(r, s);
    return BASHU_OK;
}

/* ---- JSON and CSV ----------------------------------------------------------------------------------- */

static bashu_status json_outcomes(const bashu_sweep *s, json_t *list)
{
    for (size_t q = 0; q < s->outcome_count; q++) {
        bashu_sweep_summary a;
        TRY(sweep_summary(&a, s, q));
        json_t *one = json_object(), *drivers = json_object();
        set_text(one, "outcome", s->outcomes[q].name);
        set_count(one, "count", a.count);
        set_number(one, "mean", a.mean);
        set_number(one, "sd", a.sd);
        set_number(one, "q05", a.q05);
        set_number(one, "q25", a.q25);
        set_number(one, "q50", a.q50);
        set_number(one, "q75", a.q75);
        set_number(one, "q95", a.q95);
        set_number(one, "above_zero", a.above_zero);
        for (size_t c = 0; c < s->change_count; c++) {
            double rank = (double)NAN;
            if (!sweep_varies(&s->scenario->changes[c])) continue;
            if (sweep_driver(&rank, s, c, q) != BASHU_OK) rank = (double)NAN;
            set_number(drivers, s->scenario->changes[c].id, rank);
        }
        set_value(one, "rank_correlation", drivers);
        add_value(list, one);
    }
    return BASHU_OK;
}

static bashu_status json_sweep(report *r, const void *subject)
{
    const bashu_sweep *s = subject;
    sweep_quality q = quality_of(s);
    json_t *object = json_object(), *changes = json_array(), *outcomes = json_array(), *certificate = json_object(), *time = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "scenario", s->scenario->name);
    set_count(object, "draws", s->draws);
    set_text(object, "distribution", distribution_word(s->distribution));
    for (size_t c = 0; c < s->change_count; c++) add_value(changes, json_change(&s->scenario->changes[c]));
    set_value(object, "changes", changes);
    bashu_status status = json_outcomes(s, outcomes);
    set_value(object, "outcomes", outcomes);
    set_number(certificate, "residual", q.worst ? q.worst->info.residual : (double)NAN);
    set_text(certificate, "worst", q.worst ? q.worst->worst : NULL);
    set_count(certificate, "without_equilibrium", q.lost);
    set_value(object, "certificate", certificate);
    set_value(object, "inputs", json_files(&s->economy->about, s->scenario));
    set_value(object, "settings", json_options(&s->options));
    set_value(object, "model", json_model(&s->economy->about));
    set_count(object, "passes", q.passes);
    set_number(time, "solve_s", s->solve_s);
    set_value(object, "time", time);
    bashu_status written = put_json(r, object);
    return status == BASHU_OK ? written : status;
}

static bashu_status csv_sweep(report *r, const void *subject)
{
    const bashu_sweep *s = subject;
    put(&r->out, "draw,");
    for (size_t c = 0; c < s->change_count; c++) put_field(&r->out, s->scenario->changes[c].id, false);
    for (size_t q = 0; q < s->outcome_count; q++) put_field(&r->out, arena_format(r->memory, "%s_pct", s->outcomes[q].name), false);
    put(&r->out, "reason,passes,residual\n");
    for (size_t k = 0; k < s->draws; k++) {
        const bashu_draw_info *info = &s->draw[k].info;
        put_number_field(&r->out, (double)(k + 1), false);
        for (size_t c = 0; c < s->change_count; c++) put_number_field(&r->out, s->values[k * s->change_count + c], false);
        for (size_t q = 0; q < s->outcome_count; q++) put_number_field(&r->out, s->percents[k * s->outcome_count + q], false);
        put_field(&r->out, bashu_reason_text(info->reason), false);
        put_number_field(&r->out, info->passes, false);
        put_number_field(&r->out, info->residual, true);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_sweep}, {"json", json_sweep}, {"csv", csv_sweep}};

bashu_status sweep_report(char **out, const bashu_sweep *sweep, const char *format, bashu_language language)
{
    return report_write(out, sweep->context, language, formats, sizeof formats / sizeof formats[0], format, sweep);
}
