/* plan.c - the best set of projects in words, as JSON and as CSV. */
#include "report/plan.h"

#include "report/json.h"

#include <math.h>
#include <string.h>

static const char *project_name(const report *r, const bashu_plan *p, size_t c)
{
    const change *project = &p->scenario->changes[p->first[c]];
    const char *name = first_of(pick(r->language, project->title_en, project->title_zh), project->id);
    size_t more = 0;
    for (size_t k = 0; k < p->change_count; k++) more += p->project_of[k] == c && k != p->first[c];
    return !more ? name : arena_format(r->memory, r->language == BASHU_ZH ? "%s，另有 %zu 项" : "%s, and %zu more", name, more);
}

/* ---- text ------------------------------------------------------------------------------------------ */

static void put_projects(report *r, const bashu_plan *p)
{
    static const char *const titles[][2] = {{"", ""}, {"project", "项目"}, {"cost", "费用"}, {"alone, %", "单独，%"}, {"last of all, %", "最后加入，%"}, {"alone per cost", "单独／费用"}};
    grid *g = grid_new(r->memory, "llrrrr");
    for (size_t k = 0; k < sizeof titles / sizeof *titles; k++) grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
    for (size_t c = 0; c < p->count; c++) {
        grid_cell(g, plan_chooses(p, c) ? pick(r->language, "build", "建") : "-");
        grid_cell(g, project_name(r, p, c));
        grid_cell(g, number_text(r->memory, p->cost[c], 0));
        grid_cell(g, percent_text(r->memory, plan_percent(p->alone[c]), 4));
        grid_cell(g, percent_text(r->memory, plan_percent(p->last[c]), 4));
        grid_cell(g, percent_text(r->memory, 100 * plan_percent(p->alone[c]) / p->cost[c], 4));
    }
    grid_put(&r->out, g, "  ");
    put_format(&r->out, r->language == BASHU_ZH ? "  费用单位：%s；单独／费用：每 100 个单位\n" : "  cost in %s; alone per cost: for 100 of them\n", currency_name(r, &p->economy->about));
}

static void put_best(report *r, const bashu_plan *p)
{
    bool zh = r->language == BASHU_ZH;
    const char *unit = currency_name(r, &p->economy->about);
    if (p->best < 0) {
        put(&r->out, pick(r->language, "  no set is allowed\n", "  没有符合条件的组合\n"));
        return;
    }
    const plan_set *best = &p->sets[p->best];
    put_format(&r->out, zh ? "  %s %s；费用 %s / %s（%s）\n" : "  %s %s; costs %s of %s (%s)\n", percent_text(r->memory, plan_percent(best->gain), 4), "%", number_text(r->memory, best->cost, 0),
               number_text(r->memory, p->wanted.budget, 0), unit);
    if (!best->mask) put(&r->out, pick(r->language, "  nothing is built: no allowed set gains\n", "  不建设：没有任何符合条件的组合带来增益\n"));
    else
        put_format(&r->out, zh ? "  福利变化最小的地区：%s %s %%\n" : "  least change of welfare: %s %s %%\n", label_name(r, &p->economy->about.regions[best->loser].label), percent_text(r->memory, best->least, 4));
}

static void put_proof(report *r, const bashu_plan *p)
{
    bool zh = r->language == BASHU_ZH;
    const char *bound = percent_text(r->memory, plan_percent(p->bound), 4);
    const char *gap = p->best < 0 ? "-" : percent_text(r->memory, plan_percent(p->bound) - plan_percent(p->sets[p->best].gain), 4);
    put_format(&r->out, "\n%s\n", pick(r->language, "Proof", "证明"));
    switch (p->proof) {
    case BASHU_PLAN_ENUMERATED:
        put_format(&r->out, zh ? "  预算内全部 %.0f 个组合均已求解：已证明为最优\n" : "  all %.0f sets that the budget pays for were solved: proven to be the best\n", p->every);
        return;
    case BASHU_PLAN_BOUNDED:
        put_format(&r->out, zh ? "  分支定界：在下述假设下为最优；上界 %s %%\n" : "  branch and bound: the best under the assumption below; bound %s %%\n", bound);
        break;
    case BASHU_PLAN_STOPPED:
        put_format(&r->out, zh ? "  达到组合数上限：尚未证明；上界 %s %%，差距 %s 个百分点（--sets 可增加）\n" : "  stopped at the limit of sets: not proven; bound %s %%, gap %s points (--sets allows more)\n", bound, gap);
        break;
    }
    put_format(&r->out, zh ? "  假设：任何项目的增益都不超过其单独建设与最后加入两者中的较大者；检验 %zu 个增益，%zu 个不符" : "  assumption: no project gives more than the larger of its gain alone and as the last of all; %zu gains checked, %zu above it",
               p->gains_checked, p->gains_broken);
    if (p->gains_broken) put_format(&r->out, zh ? "，最多 %s 个百分点（上界已相应提高）" : ", by at most %s points (the bound was raised)", small_text(r->memory, p->broken_most));
    put(&r->out, "\n");
}

static bashu_status text_plan(report *r, const void *subject)
{
    const bashu_plan *p = subject;
    bool zh = r->language == BASHU_ZH;
    const bashu_variable *v = measure_variable(p->outcome.variable);
    put_format(&r->out, "%s\n", first_of(pick(r->language, p->scenario->title_en, p->scenario->title_zh), p->scenario->name));
    put_format(&r->out, zh ? "目标：%s（%s）；预算 %s（%s）%s\n\n" : "for %s (%s); budget %s (%s)%s\n\n", pick(r->language, v->title_en, v->title_zh), label_name(r, &p->outcome.whose),
               number_text(r->memory, p->wanted.budget, 0), currency_name(r, &p->economy->about),
               !p->wanted.nobody_loses ? "" : arena_format(r->memory, zh ? "；任何地区福利损失不超过 %g %%" : "; no place may lose more than %g %% of welfare", p->wanted.losing_pct));
    put_projects(r, p);
    put_format(&r->out, "\n%s\n", pick(r->language, "Best set", "最优组合"));
    put_best(r, p);
    put_proof(r, p);
    put_format(&r->out, "\n%s\n", pick(r->language, "Certificate", "核验证书"));
    put_format(&r->out, zh ? "  %zu 个均衡，最差残差 %s（%s）；%zu 次遍历，%.1f 秒\n" : "  %zu equilibria, worst residual %s (%s); %zu passes over the trade shares, %.1f s\n", p->quality.solved,
               small_text(r->memory, p->quality.residual), worst_words(r, &p->economy->about, p->quality.worst), p->quality.passes, p->quality.solve_s);
    if (p->quality.lost) put_format(&r->out, zh ? "  %zu 个组合没有均衡，不予考虑\n" : "  %zu sets have no equilibrium and are not allowed\n", p->quality.lost);
    return BASHU_OK;
}

/* ---- JSON and CSV ---------------------------------------------------------------------------------- */

static const char *const proof_names[] = {"enumerated", "bounded", "stopped"}; /* in the order of bashu_plan_proof */

static bashu_status json_plan(report *r, const void *subject)
{
    const bashu_plan *p = subject;
    const plan_set *best = p->best < 0 ? NULL : &p->sets[p->best];
    json_t *object = json_object(), *projects = json_array(), *certificate = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "scenario", p->scenario->name);
    set_text(object, "outcome", p->outcome.name);
    set_number(object, "budget", p->wanted.budget);
    set_value(object, "nobody_loses", json_boolean(p->wanted.nobody_loses));
    set_text(object, "proof", proof_names[p->proof]);
    set_number(object, "gain_pct", best ? plan_percent(best->gain) : (double)NAN);
    set_number(object, "bound_pct", plan_percent(p->bound));
    set_number(object, "cost", best ? best->cost : (double)NAN);
    set_number(object, "least_welfare_pct", best ? best->least : (double)NAN);
    for (size_t c = 0; c < p->count; c++) {
        json_t *one = json_object();
        set_text(one, "id", p->scenario->changes[p->first[c]].id);
        set_text(one, "title_en", p->scenario->changes[p->first[c]].title_en);
        set_text(one, "title_zh", p->scenario->changes[p->first[c]].title_zh);
        set_value(one, "chosen", json_boolean(plan_chooses(p, c)));
        set_number(one, "cost", p->cost[c]);
        set_number(one, "cost_low", p->scenario->changes[p->first[c]].cost.low);
        set_number(one, "cost_high", p->scenario->changes[p->first[c]].cost.high);
        set_text(one, "cost_source", p->scenario->changes[p->first[c]].cost.source);
        set_number(one, "alone_pct", plan_percent(p->alone[c]));
        set_number(one, "last_pct", plan_percent(p->last[c]));
        add_value(projects, one);
    }
    set_value(object, "projects", projects);
    set_count(object, "gains_checked", p->gains_checked);
    set_count(object, "gains_broken", p->gains_broken);
    set_count(certificate, "equilibria", p->quality.solved);
    set_count(certificate, "without_equilibrium", p->quality.lost);
    set_number(certificate, "residual", p->quality.residual);
    set_text(certificate, "worst", p->quality.worst);
    set_value(object, "certificate", certificate);
    set_value(object, "inputs", json_files(&p->economy->about, p->scenario));
    set_value(object, "settings", json_options(&p->options));
    set_value(object, "model", json_model(&p->economy->about));
    return put_json(r, object);
}

static bashu_status csv_plan(report *r, const void *subject)
{
    const bashu_plan *p = subject;
    put(&r->out, "set,cost,gain_pct,least_welfare_pct,least_region,allowed\n");
    for (size_t k = 0; k < p->set_count; k++) {
        const plan_set *s = &p->sets[k];
        const char *names = "";
        for (size_t c = 0; c < p->count && names; c++)
            if (s->mask >> c & 1) names = arena_format(r->memory, "%s%s%s", names, *names ? " " : "", p->scenario->changes[p->first[c]].id);
        put_field(&r->out, names ? names : "", false);
        put_number_field(&r->out, s->cost, false);
        put_number_field(&r->out, plan_percent(s->gain), false);
        put_number_field(&r->out, s->least, false);
        put_field(&r->out, p->economy->about.regions[s->loser].label.id, false);
        put_field(&r->out, s->allowed ? "1" : "0", true);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_plan}, {"json", json_plan}, {"csv", csv_plan}};

bashu_status plan_report(char **out, const bashu_plan *plan, const char *format, bashu_language language)
{
    return report_write(out, plan->context, language, formats, sizeof formats / sizeof formats[0], format, plan);
}
