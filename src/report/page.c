/* page.c - report.html: one file that needs nothing else, in English and Chinese with a switch that works without scripts.
 *
 * A section is a row of the table below and a function; it stands there where `shown` says so. */
#include "report/page.h"

#include "report/svg.h"

#include <math.h>
#include <string.h>

bool answers_now(const page *p)
{
    const bashu_scenario *scenario = p->package->scenario;
    bool over_years = p->path && p->path->info.solved == p->path->year_count && p->path->year_count > 1 && scenario->change_count > 0;
    for (size_t c = 0; c < scenario->change_count; c++) over_years = over_years && acts_over_years(scenario->changes[c].lever);
    return !over_years;
}

static const section sections[] = {
    {"question", {"The question", "问题"}, NULL, put_question},
    {"answer", {"The answer in four numbers", "四个数字的答案"}, answers_now, put_answer},
    {"maps", {"Where it happens", "发生在哪里"}, answers_now, put_maps},
    {"places", {"Who gains and who loses", "谁得益，谁受损"}, answers_now, put_who},
    {"changes", {"Which change does what", "每项变化的作用"}, has_changes, put_changes},
    {"years", {"Year by year", "逐年变化"}, has_years, put_years},
    {"optimum", {"How much of each change", "每项变化做多少"}, has_optimum, put_optimum},
    {"network", {"The network, link by link", "交通网络与各条线路"}, has_network, put_network},
    {"cooperation", {"Who must agree, and what each gains", "谁须同意，各得多少"}, has_cooperation, put_agreement},
    {"circles", {"The circles side by side", "各经济圈对比"}, has_circles, put_circle_tables},
    {"clusters", {"Industrial clusters", "产业集群"}, has_sectors, put_cluster_tables},
    {"method", {"How the answer is made", "答案如何得出"}, NULL, put_method},
    {"data", {"The data, and what of them is imputed", "数据及其推算部分"}, NULL, put_data},
    {"certificate", {"Why to believe the numbers", "为何可信"}, NULL, put_proof},
    {"manifest", {"How to repeat it", "如何复现"}, NULL, put_manifest},
    {"glossary", {"Words used here", "术语"}, NULL, put_glossary},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

said said_label(const label *l) { return (said){first_of(pick(BASHU_EN, l->name_en, l->name_zh), l->id), first_of(pick(BASHU_ZH, l->name_en, l->name_zh), l->id)}; }

said said_money(const page *p, double amount)
{
    static const struct {
        double unit;
        const char *en, *zh;
    } powers[] = {{1e12, "trillion ", "万亿"}, {1e9, "billion ", "亿"}, {1e6, "million ", "百万"}, {1, "", ""}};
    double value = fabs(amount) * p->about->currency_unit;
    size_t k = 0;
    while (k < 3 && value < powers[k].unit) k++;
    double zh_unit = k == 1 ? 1e8 : powers[k].unit, en = value / powers[k].unit, zh = value / zh_unit;
    return (said){arena_format(p->r->memory, "%s %s%s", number_text(p->r->memory, en, en < 10 ? 2 : 1), powers[k].en, currency_word(&p->in[BASHU_EN], p->about)),
                  arena_format(p->r->memory, "%s %s%s", number_text(p->r->memory, zh, zh < 10 ? 2 : zh < 100 ? 1 : 0), powers[k].zh, currency_word(&p->in[BASHU_ZH], p->about))};
}

const char *percent_words(const page *p, double percent, int decimals)
{
    return isnan(percent) ? "-" : arena_format(p->r->memory, "%s %%", percent_text(p->r->memory, percent, decimals));
}

bashu_status focus_effect(ranged *out, const page *p, const char *variable)
{
    const bashu_result *results[3] = {p->package->whole, p->package->low, p->package->high};
    double value[3];
    for (int k = 0; k < 3; k++) {
        value[k] = (double)NAN;
        if (results[k] && results[k]->info.reason > 0) TRY(measure_aggregate(results[k], variable, p->about_what.set, p->about_what.member, BASHU_PERCENT, &value[k]));
    }
    *out = (ranged){value[0], fmin(value[1], value[2]), fmax(value[1], value[2])};
    if (isnan(value[1]) || isnan(value[2])) out->low = out->high = (double)NAN;
    return BASHU_OK;
}

/* ---- the frame -------------------------------------------------------------------------------------- */

static void put_contents(page *p)
{
    put(&p->r->out, "<nav class=\"contents\"><ol>\n");
    for (size_t k = 0; k < SECTIONS; k++) {
        if (sections[k].shown && !sections[k].shown(p)) continue;
        put_format(&p->r->out, "<li><a href=\"#%s\">", sections[k].id);
        html_said(p->r, sections[k].title);
        put(&p->r->out, "</a></li>\n");
    }
    put(&p->r->out, "</ol></nav>\n");
}

/* How much, without a sign. */
static const char *size_words(const page *p, double percent, int decimals) { return arena_format(p->r->memory, "%s %%", number_text(p->r->memory, fabs(percent), decimals)); }

/* The same where the answer is in the years alone: its last year. */
static bashu_status put_lede_of_years(page *p)
{
    double gdp, welfare;
    size_t last = p->path->info.solved - 1;
    arena *memory = p->r->memory;
    int year = path_year(p->path, last);
    TRY(path_aggregate(p->path, last, "gdp", p->about_what.set, p->about_what.member, BASHU_PERCENT, &gdp));
    TRY(path_aggregate(p->path, last, "welfare", p->about_what.set, p->about_what.member, BASHU_PERCENT, &welfare));
    int decimals = percent_decimals(&gdp, 1);
    const char *g = size_words(p, gdp, decimals), *w = size_words(p, welfare, decimals);
    const char *english = arena_format(memory, "%s: what changes is knowledge, and that takes years. In %d real GDP is %s %s than it would be without, and the people registered there are %s %s off.", p->whose.en, year, g,
                                       gdp < 0 ? "lower" : "higher", w, welfare < 0 ? "worse" : "better");
    const char *chinese = arena_format(memory, "%s：变化的是知识，须逐年见效。到 %d 年，实际GDP比无此变化时%s %s，户籍人口的福利%s %s。", p->whose.zh, year, gdp < 0 ? "减少" : "增加", g, welfare < 0 ? "减少" : "增加", w);
    html_element(p->r, "p class=\"lede\"", (said){english, chinese});
    return BASHU_OK;
}

/* The answer in one sentence, for whoever reads no further. */
static bashu_status put_lede(page *p)
{
    if (!answers_now(p)) return put_lede_of_years(p);
    ranged gdp, welfare;
    double *percent;
    arena *memory = p->r->memory;
    TRY(focus_effect(&gdp, p, "gdp"));
    TRY(focus_effect(&welfare, p, "welfare"));
    TRY(headline_percents(&percent, memory, p->package->whole));
    tally t = tally_of(p->about, percent + 3 * p->about->N);
    int decimals = percent_decimals(&gdp.value, 1);
    const char *g = size_words(p, gdp.value, decimals), *w = size_words(p, welfare.value, decimals), *range_en = "", *range_zh = "";
    if (!isnan(gdp.low) && gdp.low != gdp.high) {
        range_en = arena_format(memory, " (between %s and %s over the ranges stated below)", percent_words(p, gdp.low, decimals), percent_words(p, gdp.high, decimals));
        range_zh = arena_format(memory, "（在下文所述区间内为 %s 至 %s）", percent_words(p, gdp.low, decimals), percent_words(p, gdp.high, decimals));
    }
    if (!range_en || !range_zh) return fail_memory(p->r->context);
    const char *english = arena_format(memory, "%s: real GDP is %s %s%s, and the people registered there are %s %s off. Of the %zu places of the country %zu gain more than %g %% of welfare, and %zu lose more than that.",
                                       p->whose.en, g, gdp.value < 0 ? "lower" : "higher", range_en, w, welfare.value < 0 ? "worse" : "better", p->places, t.places[TALLY_GAIN], tally_threshold_pct, t.places[TALLY_LOSE]);
    const char *chinese = arena_format(memory, "%s：实际GDP%s %s%s，户籍人口的福利%s %s。全国 %zu 个地区中，%zu 个的福利增加超过 %g %%，%zu 个减少超过此数。", p->whose.zh, gdp.value < 0 ? "减少" : "增加", g, range_zh,
                                       welfare.value < 0 ? "减少" : "增加", w, p->places, t.places[TALLY_GAIN], tally_threshold_pct, t.places[TALLY_LOSE]);
    html_element(p->r, "p class=\"lede\"", (said){english, chinese});
    return BASHU_OK;
}

static bashu_status put_head(page *p)
{
    report *r = p->r;
    bool zh = r->language == BASHU_ZH;
    const description *about = p->about;
    put_format(&r->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>", zh ? "zh" : "en");
    svg_escaped(&r->out, p->scenario.en);
    if (strcmp(p->scenario.en, p->scenario.zh) != 0) {
        put(&r->out, " · ");
        svg_escaped(&r->out, p->scenario.zh);
    }
    put(&r->out, "</title>\n<style>\n");
    for (size_t k = 0; page_style[k]; k++) put_format(&r->out, "%s\n", page_style[k]);
    put(&r->out, "</style>\n</head>\n<body>\n");
    put_format(&r->out, "<input class=\"switch\" type=\"radio\" name=\"language\" id=\"en\"%s>\n<input class=\"switch\" type=\"radio\" name=\"language\" id=\"zh\"%s>\n", zh ? "" : " checked", zh ? " checked" : "");
    put(&r->out, "<header>\n<nav class=\"languages\" aria-label=\"Language 语言\"><label for=\"en\">English</label><label for=\"zh\">中文</label></nav>\n");
    html_element(r, "p class=\"kicker\"", (said){"What happens to every place", "每个地方会怎样"});
    html_element(r, "h1", p->scenario);
    TRY(put_lede(p));
    const char *english = arena_format(r->memory, "%s · %zu places · %zu sectors · %zu groups of people · computed by Bashu %s", p->economy_title.en, p->places, about->J, about->S, BASHU_VERSION);
    const char *chinese = arena_format(r->memory, "%s · %zu 个地区 · %zu 个行业 · %zu 类人口 · Bashu %s 计算", p->economy_title.zh, p->places, about->J, about->S, BASHU_VERSION);
    html_element(r, "p class=\"facts\"", (said){english, chinese});
    put_contents(p);
    put(&r->out, "</header>\n<main>\n");
    return BASHU_OK;
}

static void put_foot(page *p)
{
    put(&p->r->out, "</main>\n<footer>\n");
    html_element(p->r, "p", (said){"Bashu solves a spatial general equilibrium of places, sectors and people; numbers are answers of a model, not forecasts. Every change of size is stated above with its source or as an assumption.",
                                   "Bashu 求解由地区、行业与人口构成的空间一般均衡；数字是模型的答案，不是预测。各项变化的大小均在上文注明来源或标为假定。"});
    put(&p->r->out, "</footer>\n</body>\n</html>\n");
}

static bashu_status put_page(page *p)
{
    TRY(put_head(p));
    for (size_t k = 0; k < SECTIONS; k++) {
        if (sections[k].shown && !sections[k].shown(p)) continue;
        put_format(&p->r->out, "<section id=\"%s\">\n", sections[k].id);
        html_element(p->r, "h2", sections[k].title);
        TRY(sections[k].put(p));
        put(&p->r->out, "</section>\n");
    }
    put_foot(p);
    return BASHU_OK;
}

static bashu_status make_page(report *r, const bashu_report_parts *parts)
{
    const bashu_package *package = parts->package;
    const bashu_scenario *scenario = package->scenario;
    const description *about = &package->economy->about;
    page p = {.r = r, .package = package, .cooperation = parts->cooperation, .path = parts->path, .optimum = parts->optimum, .network = parts->network, .links = parts->links, .economy = package->economy, .about = about, .about_what = measure_focus(about, scenario), .places = about->N - (about->foreign >= 0)};
    if (package->whole->info.reason <= 0)
        return fail(r->context, BASHU_ERROR_ARGUMENT, "there is no equilibrium to report (%s)", bashu_reason_text(package->whole->info.reason));
    if (parts->path && parts->path->scenario != scenario) return fail(r->context, BASHU_ERROR_ARGUMENT, "a report is about one scenario: the path is of another");
    if (parts->optimum && parts->optimum->scenario != scenario) return fail(r->context, BASHU_ERROR_ARGUMENT, "a report is about one scenario: the optimum is of another");
    if (parts->cooperation && parts->cooperation->scenario != scenario) return fail(r->context, BASHU_ERROR_ARGUMENT, "a report is about one scenario: the cooperation is of another");
    if (parts->network && (parts->network->economy != package->economy || parts->network->scenario || parts->network->year))
        return fail(r->context, BASHU_ERROR_ARGUMENT, "the network of a report is that of its economy, without a scenario or a year");
    if (parts->links && parts->links->scenario != scenario) return fail(r->context, BASHU_ERROR_ARGUMENT, "a report is about one scenario: the links are of another");
    r->both = true;
    for (int l = 0; l < 2; l++) p.in[l] = (report){.memory = r->memory, .context = r->context, .language = (bashu_language)l};
    p.scenario = (said){first_of(pick(BASHU_EN, scenario->title_en, scenario->title_zh), scenario->name), first_of(pick(BASHU_ZH, scenario->title_en, scenario->title_zh), scenario->name)};
    p.economy_title = (said){pick(BASHU_EN, about->title_en, about->title_zh), pick(BASHU_ZH, about->title_en, about->title_zh)};
    p.whose = (said){p.about_what.name_en, p.about_what.name_zh};
    p.source = (said){arena_format(r->memory, "Data: %s. Computed by Bashu %s", p.economy_title.en, BASHU_VERSION), arena_format(r->memory, "数据：%s。Bashu %s 计算", p.economy_title.zh, BASHU_VERSION)};
    if (!p.source.en || !p.source.zh) return fail_memory(r->context);
    TRY(boundaries_read(&p.outlines, r->memory, about));
    if (p.network) TRY(scenario_network(&p.with, r->memory, package->economy, scenario, NULL));
    return put_page(&p);
}

bashu_status page_report(char **out, const bashu_report_parts *parts, bashu_language language)
{
    report r;
    TRY(report_begin(&r, parts->package->context, language));
    return report_end(out, &r, make_page(&r, parts));
}
