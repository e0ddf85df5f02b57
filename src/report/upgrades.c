/* upgrades.c - links that money makes faster, in words, as JSON and CSV, and as scenarios: the plan, and each link with as much money as
 * it is worth (or what brings it to its fastest speed, where that is less) as a project. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "report/upgrades.h"

#include "report/json.h"
#include "report/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 25 };

static const graph_link *link_of(const bashu_upgrades *p, size_t k) { return &p->economy->about.network->links[p->of.list[k].link]; }

/* Candidates, the most money first; ties by place. */
static size_t *by_money(report *r, const bashu_upgrades *p)
{
    size_t *order = arena_alloc(r->memory, p->of.count + 1, sizeof *order);
    for (size_t k = 0; order && k < p->of.count; k++) {
        size_t at = k;
        for (; at && p->best.x[order[at - 1]] < p->best.x[k]; at--) order[at] = order[at - 1];
        order[at] = k;
    }
    return order;
}

/* ---- text ------------------------------------------------------------------------------------------- */

static const char *range_text(const report *r, const elasticity *e)
{
    return isnan(e->low) || isnan(e->high) ? arena_format(r->memory, "%g", e->value) : arena_format(r->memory, "%g (%g - %g)", e->value, e->low, e->high);
}

static void put_laws(report *r, const bashu_upgrades *p)
{
    bool zh = r->language == BASHU_ZH;
    put(&r->out, pick(r->language, "  time with money x on a link worth K:  minutes x (1 + x / K)^-gamma, and no faster than a speed\n", "  在价值 K 的线路上投入 x：用时 = 分钟 x (1 + x / K)^-gamma，且不超过最高速度\n"));
    for (size_t k = 0; k < p->of.law_count; k++) {
        const upgrade_law *law = &p->of.laws[k];
        size_t count = 0;
        for (size_t q = 0; q < p->of.count; q++) count += p->of.list[q].law == k;
        put_format(&r->out, zh ? "  %zu 条线路：K 每公里 %s，gamma %s，最高 %g 公里/时\n    K：%s\n    gamma：%s\n" : "  %zu links: K %s a km, gamma %s, at most %g km/h\n    K: %s\n    gamma: %s\n", count,
                   range_text(r, &law->capital_per_km), range_text(r, &law->returns), law->fastest_km_per_h, law->capital_per_km.source, law->returns.source);
    }
}

static void put_links(report *r, const bashu_upgrades *p, const size_t *order)
{
    static const char *const titles[][2] = {{"link", "线路"}, {"mode", "方式"}, {"min", "分钟"}, {"planned", "规划"}, {"money", "资金"}, {"of K", "占 K"}, {"100 more, %", "再加 100，%"}, {"alone, %", "单独，%"}};
    const graph *g = p->economy->about.network;
    grid *table = grid_new(r->memory, "llrrrrrr");
    for (size_t k = 0; k < sizeof titles / sizeof *titles; k++) grid_cell(table, pick(r->language, titles[k][0], titles[k][1]));
    for (size_t q = 0; q < p->of.count && q < SHOWN; q++) {
        size_t k = order[q];
        const upgrade *u = &p->of.list[k];
        bool full = u->most > 0 && p->best.x[k] >= u->most;
        grid_cell(table, link_words(r, g, u->link));
        grid_cell(table, mode_words(r, g->links[u->link].mode));
        grid_cell(table, number_text(r->memory, 60 * g->links[u->link].time_h, 0));
        grid_cell(table, arena_format(r->memory, "%s%s", number_text(r->memory, 60 * upgraded_time(p, k, p->best.x[k]), 1), full ? "*" : ""));
        grid_cell(table, number_text(r->memory, p->best.x[k], 1));
        grid_cell(table, arena_format(r->memory, "%s %%", number_text(r->memory, 100 * p->best.x[k] / u->capital, 0)));
        grid_cell(table, percent_text(r->memory, 100 * p->best.slope[k], 4));
        grid_cell(table, percent_text(r->memory, 100 * expm1(p->probe[k] / 100), 4));
    }
    grid_put(&r->out, table, "  ");
    if (p->of.count > SHOWN) put_format(&r->out, r->language == BASHU_ZH ? "  另有 %zu 条（--csv 列出全部）\n" : "  and %zu more (--csv lists all)\n", p->of.count - SHOWN);
    put_format(&r->out, r->language == BASHU_ZH ? "  资金单位：%s；* 已达最高速度；单独：仅该线路获得其能用的预算\n" : "  money in %s; * at its fastest speed; alone: it gets what it can use of the budget, and no other anything\n", currency_name(r, &p->economy->about));
}

static void put_answer(report *r, const bashu_upgrades *p)
{
    bool zh = r->language == BASHU_ZH;
    const bashu_upgrades_info *i = &p->info;
    put_format(&r->out, "\n%s\n", pick(r->language, "Worth", "效果"));
    put_format(&r->out, zh ? "  规划 %s %%，花费 %s / %s；预算按公里平均分配 %s %%\n" : "  the plan %s %%, for %s of %s; the budget spread evenly over what stands %s %%\n", percent_text(r->memory, i->gain_pct, 4),
               number_text(r->memory, i->spent, 1), number_text(r->memory, p->wanted.budget, 1), percent_text(r->memory, i->even_pct, 4));
    put_format(&r->out, zh ? "  预算再加 100：%s %%；福利变化最小的地区：%s %s %%\n" : "  100 more of budget: %s %%; least change of welfare: %s %s %%\n", percent_text(r->memory, 100 * i->price_pct, 4),
               label_name(r, &p->economy->about.regions[p->best.loser].label), percent_text(r->memory, i->least_pct, 4));
    for (size_t m = 0; m < p->bound_count; m++)
        put_format(&r->out, zh ? "  受限于不得受损的地区：%s\n" : "  held back by what this place may lose: %s\n", label_name(r, &p->economy->about.regions[p->bound_place[m]].label));
}

static void put_claim(report *r, const bashu_upgrades *p)
{
    bool zh = r->language == BASHU_ZH;
    const bashu_upgrades_info *i = &p->info;
    put_format(&r->out, "\n%s\n", pick(r->language, "What is claimed", "结论的性质"));
    put_format(&r->out, zh ? "  %s：局部最优的条件，最大相对差距 %s（%s）\n" : "  %s: conditions of a local optimum, worst relative gap %s (%s)\n", reason_words(r, i->reason), small_text(r->memory, i->residual), i->worst);
    if (i->starts == i->failed) put_format(&r->out, zh ? "  非凹问题：%d 个起点都没有到达局部最优\n" : "  not concave: none of %d starts led to a local optimum\n", i->starts);
    else
        put_format(&r->out, zh ? "  非凹问题：%d 个起点中最好者，不保证全局最优；其中 %d 个到达局部最优，最低 %s %%\n" : "  not concave: the best of %d starts, which need not be the best there is; %d led to a local optimum, the least of them %s %%\n",
                   i->starts, i->starts - i->failed, percent_text(r->memory, i->other_pct, 4));
    put_format(&r->out, zh ? "  上界 %s %%（差距 %s 个百分点），前提是任何线路的弹性都不超过所遇到的最大值" : "  bound %s %% (gap %s points), if no link's elasticity is anywhere above the largest met",
               percent_text(r->memory, i->bound_pct, 4), percent_text(r->memory, i->bound_pct - i->gain_pct, 4));
    if (i->raised) put_format(&r->out, zh ? "；途中 %zu 个弹性更高，最多高出最大者的 %s %%（上界已提高）\n" : "; on the way %zu were above those of the probes, by at most %s %% of the largest (the bound was raised)\n", i->raised, number_text(r->memory, 100 * i->raised_most, 1));
    else put(&r->out, pick(r->language, "; none on the way was above those of the probes\n", "；途中没有更高者\n"));
}

static bashu_status text_upgrades(report *r, const void *subject)
{
    const bashu_upgrades *p = subject;
    bool zh = r->language == BASHU_ZH;
    const bashu_variable *v = measure_variable(p->outcome.variable);
    size_t *order = by_money(r, p);
    if (!order) return fail_memory(r->context);
    put_format(&r->out, "%s\n", pick(r->language, p->of.title_en, p->of.title_zh));
    put_format(&r->out, zh ? "目标：%s（%s）；%zu 条候选线路；预算 %s（%s）%s\n" : "for %s (%s); %zu candidate links; budget %s (%s)%s\n", pick(r->language, v->title_en, v->title_zh), label_name(r, &p->outcome.whose), p->of.count,
               number_text(r->memory, p->wanted.budget, 0), currency_name(r, &p->economy->about),
               !p->wanted.nobody_loses ? "" : arena_format(r->memory, zh ? "；任何地区福利损失不超过 %g %%" : "; no place may lose more than %g %% of welfare", p->wanted.losing_pct));
    put_laws(r, p);
    put(&r->out, "\n");
    if (isnan(p->best.gain)) {
        put_format(&r->out, "  %s\n", reason_words(r, p->info.reason));
        return BASHU_OK;
    }
    put_links(r, p, order);
    put_answer(r, p);
    put_claim(r, p);
    put_format(&r->out, "\n%s\n", pick(r->language, "Certificate", "核验证书"));
    put_format(&r->out, zh ? "  %zu 个均衡，最差残差 %s（%s）；%zu 个没有均衡\n" : "  %zu equilibria, worst residual %s (%s); %zu without one\n", p->quality.solved, small_text(r->memory, p->quality.residual),
               worst_words(r, &p->economy->about, p->quality.worst), p->quality.lost);
    put_format(&r->out, zh ? "  %zu 个梯度，各由一次转置求解，残差 %s；向平均分配方向的斜率与求解相比，相对误差 %s；%.1f 秒\n" : "  %zu gradients, one transposed solve each, residual %s; slope towards the even spread against solves: %s apart; %.1f s\n",
               p->info.gradients, small_text(r->memory, p->info.gradient_residual), small_text(r->memory, p->info.slope_error), p->info.time_s);
    return BASHU_OK;
}

/* ---- JSON and CSV ------------------------------------------------------------------------------------ */

static json_t *json_statement(const elasticity *e)
{
    json_t *one = json_object();
    set_number(one, "value", e->value);
    set_number(one, "low", e->low);
    set_number(one, "high", e->high);
    set_text(one, "source", e->source);
    return one;
}

static json_t *json_link(const bashu_upgrades *p, size_t k)
{
    const upgrade *u = &p->of.list[k];
    json_t *one = json_object();
    set_text(one, "id", link_of(p, k)->id);
    set_count(one, "law", u->law);
    set_number(one, "capital", u->capital);
    set_number(one, "most", u->most);
    set_number(one, "money", p->best.x[k]);
    set_number(one, "even_money", p->even.x[k]);
    set_number(one, "minutes", 60 * link_of(p, k)->time_h);
    set_number(one, "planned_minutes", 60 * upgraded_time(p, k, p->best.x[k]));
    set_number(one, "elasticity", p->elasticity[k]);
    set_number(one, "largest_elasticity", p->highest[k]);
    set_number(one, "slope_pct", p->best.slope[k]);
    set_number(one, "alone_pct", 100 * expm1(p->probe[k] / 100));
    return one;
}

static bashu_status json_upgrades(report *r, const void *subject)
{
    const bashu_upgrades *p = subject;
    const bashu_upgrades_info *i = &p->info;
    json_t *object = json_object(), *laws = json_array(), *links = json_array(), *certificate = json_object(), *files = json_files(&p->economy->about, NULL);
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "name", p->of.name);
    set_text(object, "outcome", p->outcome.name);
    set_number(object, "budget", p->wanted.budget);
    set_value(object, "nobody_loses", json_boolean(p->wanted.nobody_loses));
    set_text(object, "reason", bashu_reason_text(i->reason));
    set_number(object, "gain_pct", i->gain_pct);
    set_number(object, "even_pct", i->even_pct);
    set_number(object, "bound_pct", i->bound_pct);
    set_number(object, "other_pct", i->other_pct);
    set_number(object, "spent", i->spent);
    set_number(object, "price_pct", i->price_pct);
    set_number(object, "least_welfare_pct", i->least_pct);
    set_text(object, "least_region", i->loser);
    set_count(object, "starts", (size_t)i->starts);
    set_count(object, "failed", (size_t)i->failed);
    set_count(object, "raised", i->raised);
    set_number(object, "raised_most", i->raised_most);
    for (size_t k = 0; k < p->of.law_count; k++) {
        json_t *one = json_object();
        set_value(one, "capital_per_km", json_statement(&p->of.laws[k].capital_per_km));
        set_value(one, "returns", json_statement(&p->of.laws[k].returns));
        set_number(one, "fastest_km_per_h", p->of.laws[k].fastest_km_per_h);
        add_value(laws, one);
    }
    set_value(object, "laws", laws);
    for (size_t k = 0; k < p->of.count; k++) add_value(links, json_link(p, k));
    set_value(object, "links", links);
    set_number(certificate, "conditions", i->residual);
    set_text(certificate, "worst_condition", i->worst);
    set_number(certificate, "slope_error", i->slope_error);
    set_number(certificate, "gradient_residual", i->gradient_residual);
    set_count(certificate, "gradients", i->gradients);
    set_count(certificate, "equilibria", p->quality.solved);
    set_count(certificate, "without_equilibrium", p->quality.lost);
    set_number(certificate, "residual", p->quality.residual);
    set_text(certificate, "worst", p->quality.worst);
    set_value(object, "certificate", certificate);
    add_file(files, p->of.path, p->of.sha256);
    set_value(object, "inputs", files);
    set_value(object, "settings", json_options(&p->options));
    set_value(object, "model", json_model(&p->economy->about));
    return put_json(r, object);
}

static bashu_status csv_upgrades(report *r, const void *subject)
{
    const bashu_upgrades *p = subject;
    put(&r->out, "link,capital,most,money,even_money,minutes,planned_minutes,elasticity,slope_pct,alone_pct\n");
    for (size_t k = 0; k < p->of.count; k++) {
        const double numbers[] = {p->of.list[k].capital, p->of.list[k].most, p->best.x[k], p->even.x[k], 60 * link_of(p, k)->time_h, 60 * upgraded_time(p, k, p->best.x[k]),
                                  p->elasticity[k], p->best.slope[k], 100 * expm1(p->probe[k] / 100)};
        size_t count = sizeof numbers / sizeof *numbers;
        put_field(&r->out, link_of(p, k)->id, false);
        for (size_t q = 0; q < count; q++) put_number_field(&r->out, numbers[q], q + 1 == count);
    }
    return BASHU_OK;
}

/* ---- scenarios --------------------------------------------------------------------------------------- */

/* A YAML text between double quotes. */
static void put_quoted(writer *w, const char *text)
{
    put(w, "\"");
    for (; text && *text; text++) put_format(w, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    put(w, "\"");
}

static bashu_status put_scenario(report *r, const bashu_upgrades *p, bool projects)
{
    const graph *g = p->economy->about.network;
    report english = {.memory = r->memory, .context = r->context, .language = BASHU_EN}, chinese = {.memory = r->memory, .context = r->context, .language = BASHU_ZH};
    char *folder = realpath(p->economy->about.folder, NULL);
    if (!folder) return fail_memory(r->context);
    put_format(&r->out, "format: bashu-scenario/1\nname: %s_%s\ntitle: {en: ", p->of.name, projects ? "projects" : "plan");
    put_quoted(&r->out, p->of.title_en);
    put(&r->out, ", zh: ");
    put_quoted(&r->out, p->of.title_zh);
    put(&r->out, "}\neconomy: ");
    put_quoted(&r->out, folder);
    put(&r->out, "\nchanges:\n");
    free(folder);
    for (size_t k = 0; k < p->of.count; k++) {
        const upgrade *u = &p->of.list[k];
        double money = projects ? fmin(u->most, u->capital) : p->best.x[k];
        if (!(money > 0)) continue;
        put_format(&r->out, "  - id: %s\n    title: {en: ", link_of(p, k)->id);
        put_quoted(&r->out, link_words(&english, g, u->link));
        put(&r->out, ", zh: ");
        put_quoted(&r->out, link_words(&chinese, g, u->link));
        put_format(&r->out, "}\n    lever: link_time\n    links: [%s]\n    hat: %.17g\n", link_of(p, k)->id, upgraded_time(p, k, money) / link_of(p, k)->time_h);
        put_format(&r->out, "    source: \"%s of %s: minutes from money by the law of the file\"\n", projects ? "as much money as it is worth, or its fastest speed," : "plan", p->of.name);
        put_format(&r->out, "    cost: {value: %.17g, source: \"money in the currency unit, by the law of the file\"}\n", money);
    }
    return BASHU_OK;
}

static bashu_status scenario_upgrades(report *r, const void *subject) { return put_scenario(r, subject, false); }
static bashu_status projects_upgrades(report *r, const void *subject) { return put_scenario(r, subject, true); }

static const report_format formats[] = {{"text", text_upgrades}, {"json", json_upgrades}, {"csv", csv_upgrades}, {"scenario", scenario_upgrades}, {"projects", projects_upgrades}};

bashu_status upgrades_report(char **out, const bashu_upgrades *plan, const char *format, bashu_language language)
{
    return report_write(out, plan->context, language, formats, sizeof formats / sizeof formats[0], format, plan);
}
