/* text_economy.c - the answer of `bashu check`: what the data cover, what is imputed, what balancing changed. */
#include "report/economy_facts.h"

#include <math.h>
#include <string.h>

static void heading(report *r, const char *english, const char *chinese)
{
    put_format(&r->out, "\n%s\n", pick(r->language, english, chinese));
}

static void head(report *r, grid *g, const char *const (*titles)[2], size_t count)
{
    for (size_t k = 0; k < count; k++) grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
}

static const char *share_text(report *r, double percent)
{
    return arena_format(r->memory, "%s %%", number_text(r->memory, percent, 1));
}

static void put_title(report *r, const description *about)
{
    bool zh = r->language == BASHU_ZH;
    set_summary nation;
    put_format(&r->out, "%s\n", first_of(pick(r->language, about->title_en, about->title_zh), about->name));
    put_format(&r->out,
               zh ? "%zu 个地区 · %zu 个行业 · %zu 类人口 · %zu 个投入产出区 · %d 年\n"
                  : "%zu regions · %zu sectors · %zu groups of people · %zu areas of input-output tables · year %d\n",
               about->N, about->J, about->S, about->A, about->year);
    if (measure_summary(&nation, r->context, about, "all", "") != BASHU_OK) return;
    const char *people = number_text(r->memory, nation.people, 0), *gdp = number_text(r->memory, nation.gdp, 1);
    put_format(&r->out, zh ? "人口 %s · 土地 %s km2 · GDP %s（%s）\n" : "%s people · %s km2 · GDP %s (%s)\n", people,
               number_text(r->memory, nation.land_km2, 0), gdp, currency_name(r, about));
}

/* ---- coverage ------------------------------------------------------------------------------------- */

static void put_imputed(report *r, const bashu_economy *economy)
{
    static const char *const titles[][2] = {
        {"", ""}, {"numbers", "数据个数"}, {"imputed", "推算个数"}, {"share of total", "占总量"}};
    imputed_part parts[IMPUTED_COUNT];
    facts_imputed(parts, economy);
    grid *g = grid_new(r->memory, "lrrr");
    head(r, g, titles, 4);
    for (size_t k = 0; k < IMPUTED_COUNT; k++) {
        grid_cell(g, pick(r->language, parts[k].what_en, parts[k].what_zh));
        grid_cell(g, number_text(r->memory, (double)parts[k].cells, 0));
        grid_cell(g, number_text(r->memory, (double)parts[k].imputed, 0));
        grid_cell(g, share_text(r, 100 * parts[k].share));
    }
    heading(r, "What is imputed (without the rest of the world)", "推算数据（不含国外）");
    grid_put(&r->out, g, "  ");
}

static bashu_status put_flags(report *r, const description *about)
{
    static const char *const titles[][2] = {
        {"flag", "标记"}, {"people", "人口"}, {"GDP", "GDP"}, {"land", "土地"}, {"meaning", "含义"}};
    flag_use *uses = facts_flags(r->memory, about);
    if (!uses) return fail_memory(r->context);
    grid *g = grid_new(r->memory, "lrrrl");
    size_t shown = 0;
    head(r, g, titles, 5);
    for (size_t f = 0; f < about->flag_count; f++) {
        if (!uses[f].people && !uses[f].gdp && !uses[f].land) continue;
        shown++;
        grid_cell(g, uses[f].flag->label.id);
        grid_cell(g, number_text(r->memory, (double)uses[f].people, 0));
        grid_cell(g, number_text(r->memory, (double)uses[f].gdp, 0));
        grid_cell(g, number_text(r->memory, (double)uses[f].land, 0));
        grid_cell(g, pick(r->language, uses[f].flag->label.name_en, uses[f].flag->label.name_zh));
    }
    if (!shown) return BASHU_OK;
    heading(r, "Where imputed numbers of regions come from (number of regions)", "地区推算数据的来历（地区个数）");
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

/* ---- totals --------------------------------------------------------------------------------------- */

static const char *variable_name(const report *r, const char *variable)
{
    if (!strcmp(variable, "people")) return pick(r->language, "people", "人口");
    if (!strcmp(variable, "gdp")) return "GDP";
    return pick(r->language, "land, km2", "土地 km2");
}

static const char *set_member_name(const report *r, const description *about, const char *set, const char *member)
{
    long g = find_set(about, set), m = g < 0 ? -1 : find_member(&about->sets[g], member);
    if (m >= 0) return label_name(r, &about->sets[g].members[m]);
    return !strcmp(set, "all") ? pick(r->language, "Nation", "全国") : set;
}

static const double close_enough_pct = 0.5; /* totals of many members are shown one by one only when they differ more */
enum { FEW_MEMBERS = 4 };

static bool shown_alone(const description *about, const total_check *total)
{
    long g = find_set(about, total->set);
    return g < 0 || about->sets[g].member_count <= FEW_MEMBERS || !(fabs(total->percent) <= close_enough_pct);
}

static void total_row(report *r, grid *g, const description *about, const total_check *total)
{
    int decimals = fabs(total->published) < 1e6 ? 1 : 0;
    grid_cell(g, set_member_name(r, about, total->set, total->member));
    grid_cell(g, variable_name(r, total->variable));
    grid_cell(g, number_text(r->memory, total->published, decimals));
    grid_cell(g, number_text(r->memory, total->sum, decimals));
    grid_cell(g, arena_format(r->memory, "%s %%", percent_text(r->memory, total->percent, 3)));
    grid_cell(g, total->source ? total->source : "");
}

static bashu_status put_totals(report *r, const description *about)
{
    static const char *const titles[][2] = {
        {"", ""}, {"", ""}, {"published", "公布数"}, {"here", "本数据"}, {"difference", "差异"}, {"source", "来源"}};
    size_t close = 0;
    grid *g = grid_new(r->memory, "llrrrl");
    if (!about->total_count) return BASHU_OK;
    head(r, g, titles, 6);
    for (size_t k = 0; k < about->total_count; k++) {
        total_check total;
        TRY(facts_total(&total, r->context, about, &about->totals[k]));
        if (shown_alone(about, &total)) total_row(r, g, about, &total);
        else close++;
    }
    heading(r, "Totals against published figures", "与公布总量核对");
    grid_put(&r->out, g, "  ");
    if (close && r->language == BASHU_ZH)
        put_format(&r->out, "  其余 %zu 项总量差异不超过 %g %%\n", close, close_enough_pct);
    else if (close) put_format(&r->out, "  %zu further totals differ by at most %g %%\n", close, close_enough_pct);
    return BASHU_OK;
}

/* Totals in the tables of region sets. */
static void put_sets(report *r, const description *about)
{
    set_check checks[24];
    size_t count = facts_sets(checks, sizeof checks / sizeof checks[0], about);
    for (size_t k = 0; k < count; k++) {
        const char *percent = percent_text(r->memory, checks[k].percent, 3),
                   *variable = variable_name(r, checks[k].variable);
        const char *worst = checks[k].percent == 0 ? "" : label_name(r, checks[k].worst);
        if (r->language == BASHU_ZH)
            put_format(&r->out, "  %s 表（%zu 个单位）%s：最大差异 %s %% %s\n", checks[k].set, checks[k].members,
                       variable, percent, worst);
        else
            put_format(&r->out, "  table '%s' (%zu members), %s: largest difference %s %% %s\n", checks[k].set,
                       checks[k].members, variable, percent, worst);
    }
}

/* ---- circles and zones ----------------------------------------------------------------------------- */

static bashu_status put_circles(report *r, const description *about)
{
    static const char *const titles[][2] = {{"", ""},
                                            {"regions", "地区数"},
                                            {"land km2", "土地 km2"},
                                            {"share", "占全国"},
                                            {"people", "人口"},
                                            {"share", "占全国"},
                                            {"GDP", "GDP"},
                                            {"share", "占全国"},
                                            {"people/km2", "人/km2"},
                                            {"GDP per head", "人均 GDP"}};
    size_t count;
    const set_summary *rows = summaries_of(r->memory, about, &count);
    if (!rows) return fail_memory(r->context);
    grid *g = grid_new(r->memory, "lrrrrrrrrr");
    head(r, g, titles, 10);
    for (size_t m = 0; m < count; m++) {
        grid_cell(g, pick(r->language, rows[m].name_en, rows[m].name_zh));
        grid_cell(g, number_text(r->memory, (double)rows[m].regions, 0));
        grid_cell(g, number_text(r->memory, rows[m].land_km2, 0));
        grid_cell(g, share_text(r, 100 * rows[m].land_share));
        grid_cell(g, number_text(r->memory, rows[m].people, 0));
        grid_cell(g, share_text(r, 100 * rows[m].people_share));
        grid_cell(g, number_text(r->memory, rows[m].gdp, 0));
        grid_cell(g, share_text(r, 100 * rows[m].gdp_share));
        grid_cell(g, number_text(r->memory, rows[m].density, 0));
        grid_cell(g, number_text(r->memory, rows[m].gdp_per_head, 0));
    }
    heading(r, "Circles in the nation", "各经济圈在全国的位置");
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static const char *flag_title(const report *r, const description *about, const char *flag)
{
    for (size_t f = 0; f < about->flag_count; f++)
        if (!strcmp(about->flags[f].label.id, flag)) return label_name(r, &about->flags[f].label);
    return flag;
}

static void put_zones(report *r, const description *about)
{
    static const char *const titles[][2] = {
        {"", ""}, {"in", "所在地区"}, {"land km2", "土地 km2"}, {"approved", "批复"}, {"", ""}};
    if (!about->zone_count) return;
    grid *g = grid_new(r->memory, "llrll");
    head(r, g, titles, 5);
    for (size_t z = 0; z < about->zone_count; z++) {
        const zone_part *part = &about->zones[z];
        bool same = z && !strcmp(part->label.id, about->zones[z - 1].label.id);
        bool imputed = part->land_flag && *part->land_flag && strcmp(part->land_flag, "observed") != 0;
        grid_cell(g, same ? "" : label_name(r, &part->label));
        grid_cell(g, label_name(r, &about->regions[part->region].label));
        grid_cell(g, number_text(r->memory, part->land_km2, 0));
        grid_cell(g, same || !part->approved ? "" : part->approved);
        grid_cell(g, imputed ? flag_title(r, about, part->land_flag) : "");
    }
    heading(r, "Zones", "国家级新区");
    grid_put(&r->out, g, "  ");
}

/* ---- elasticities ---------------------------------------------------------------------------------- */

static const char *span_text(report *r, double low, double high)
{
    if (isnan(low) && isnan(high)) return "-";
    if (low >= high) return arena_format(r->memory, "%g", low);
    return arena_format(r->memory, "%g .. %g", low, high);
}

/* What a class of travel states, per hour. */
static void put_stated(report *r, grid *g, const char *name, const elasticity *e)
{
    if (!(e->value > 0)) return;
    grid_cell(g, name);
    grid_cell(g, span_text(r, e->value, e->value));
    grid_cell(g, "");
    grid_cell(g, isnan(e->low) || isnan(e->high) ? "-" : arena_format(r->memory, "%g .. %g", e->low, e->high));
    grid_cell(g, e->source ? e->source : "");
}

static void put_elasticities(report *r, const description *about)
{
    static const char *const titles[][2] = {
        {"", ""}, {"value", "取值"}, {"", ""}, {"plausible", "合理区间"}, {"source", "来源"}};
    bool outside = false;
    grid *g = grid_new(r->memory, "lrlll");
    head(r, g, titles, 5);
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) {
        const elasticity *e = &about->elasticities[k];
        elasticity_span span = facts_elasticity(about, k);
        outside |= span.outside;
        grid_cell(g, elasticity_rows[k].name);
        grid_cell(g, span_text(r, span.low, span.high));
        grid_cell(g, span.outside ? "*" : "");
        grid_cell(g, isnan(e->low) || isnan(e->high) ? "-" : arena_format(r->memory, "%g .. %g", e->low, e->high));
        grid_cell(g, e->source ? e->source : "");
    }
    for (size_t c = 0; c < about->C; c++) {
        const travel_class *class = &about->travel[c];
        put_stated(r, g, arena_format(r->memory, "%s.route_dispersion", class->name), &class->route_dispersion);
        put_stated(r, g, arena_format(r->memory, "%s.mode_dispersion", class->name), &class->mode_dispersion);
    }
    heading(r, "Elasticities", "弹性");
    grid_put(&r->out, g, "  ");
    if (outside)
        put_format(&r->out, "  %s\n",
                   pick(r->language, "* some value is outside the plausible range", "* 有取值超出合理区间"));
}

/* A word of economy.yaml; in Chinese with what it means before it. */
static const char *word_of_model(const report *r, const char *word)
{
    static const char *const words[][2] = {
        {"mobility", "人口流动"},
        {"none", "不流动"},
        {"frechet", "流动，Fréchet 偏好"},
        {"costless", "流动，Fréchet 偏好，无迁移成本"},
        {"free", "自由流动，效用相等"},
        {"commuting", "通勤"},
        {"baseline", "基期"},
        {"observed", "观测账户"},
        {"settled", "模型均衡"},
        {"rents", "地租"},
        {"residents", "归居民"},
        {"national", "归全国"},
        {"landlords", "归业主"},
        {"deficits", "贸易差额"},
        {"fixed", "保持"},
        {"zero", "归零"},
        {"spillover", "集聚"},
        {"mass", "可达人口"},
        {"density", "人口密度"},
        {"multiplicative", "随本地 GDP"},
        {"time", "时间"},
        {"static", "逐年独立"},
        {"growth", "知识积累"},
        {"foresight", "预见未来"},
        {"innovation", "创新"},
        {"market", "市场规模"},
        {"research", "科研"},
        {"routing", "路径"},
        {"least_time", "最短"},
        {"stochastic", "所有路径"},
    };
    for (size_t k = 0; r->language == BASHU_ZH && k < sizeof words / sizeof words[0]; k++)
        if (!strcmp(words[k][0], word)) return arena_format(r->memory, "%s（%s）", words[k][1], word);
    return word;
}

static void put_switches(report *r, const description *about)
{
    model_switches switches = about->switches;
    grid *g = grid_new(r->memory, "lll");
    for (size_t k = 0; k < SWITCH_COUNT; k++) {
        grid_cell(g, word_of_model(r, switch_rows[k].name));
        grid_cell(g, word_of_model(r, switch_rows[k].words[*switch_value(&switches, k)]));
        grid_cell(g, pick(r->language, switch_rows[k].help_en, switch_rows[k].help_zh));
    }
    heading(r, "Model", "模型开关");
    grid_put(&r->out, g, "  ");
}

/* ---- trade and travel ------------------------------------------------------------------------------ */

static bashu_status put_trade(report *r, const bashu_economy *economy)
{
    static const char *const titles[][2] = {
        {"", ""}, {"own region", "本地"}, {"own area", "本省其他地区"}, {"other areas", "外省"}, {"abroad", "国外"}};
    const description *about = &economy->about;
    trade_origin *rows = arena_alloc(r->memory, about->J + 1, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    facts_trade(rows, economy);
    grid *g = grid_new(r->memory, "lrrrr");
    head(r, g, titles, 5);
    for (size_t j = 0; j <= about->J; j++) {
        grid_cell(g, j < about->J ? label_name(r, &about->sectors[j].label)
                                  : pick(r->language, "all sectors", "全部行业"));
        grid_cell(g, share_text(r, rows[j].home));
        grid_cell(g, share_text(r, rows[j].same_area));
        grid_cell(g, share_text(r, rows[j].other_areas));
        grid_cell(g, share_text(r, rows[j].abroad));
    }
    heading(r, "Where purchases come from (share of domestic expenditure)", "购买来源（占国内支出）");
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

/* "Yubei (Chongqing)": a district says little without its city. */
static const char *place_name(report *r, const description *about, size_t n)
{
    const char *name = label_name(r, &about->regions[n].label), *province = member_name(r, about, "province", n);
    return !*province || !strcmp(name, province)
               ? name
               : arena_format(r->memory, r->language == BASHU_ZH ? "%s（%s）" : "%s (%s)", name, province);
}

/* A warning about the data: neighbours ought not to be nearer than a region's own places are to each other. */
static void put_near(report *r, const bashu_economy *economy)
{
    size_t example, count = facts_near(&example, economy);
    if (!count) return;
    const char *name = label_name(r, &economy->about.regions[example].label);
    if (r->language == BASHU_ZH)
        put_format(&r->out, "  注意：%zu 个地区到最近的其他地区比在本地区内部的时间还短（如%s）\n", count, name);
    else
        put_format(&r->out, "  note: %zu region%s another region nearer than their own internal time (e.g. %s)\n",
                   count, count == 1 ? " has" : "s have", name);
}

static const char *travel_word(const report *r, const char *name)
{
    if (!strcmp(name, "freight")) return pick(r->language, name, "货运");
    if (!strcmp(name, "passenger")) return pick(r->language, name, "客运");
    return name;
}

static void put_travel(report *r, const bashu_economy *economy)
{
    enum { CORES = 6, CLASSES = 12 };
    const description *about = &economy->about;
    size_t cores[CORES], count = facts_cores(cores, CORES, about), N = about->N, C = about->C;
    char columns[CLASSES + 2] = "l";
    if (!economy->travel_time_h || !C || C > CLASSES) return;
    for (size_t c = 0; c < C; c++) strcat(columns, "r");
    grid *g = grid_new(r->memory, columns);
    grid_cell(g, "");
    for (size_t c = 0; c < C; c++) grid_cell(g, travel_word(r, about->travel[c].name));
    for (size_t a = 0; a < 2 && a < count; a++) /* from the first circle's cores to each other and to the rest */
        for (size_t b = a + 1; b < count; b++) {
            grid_cell(
                g, arena_format(r->memory, "%s - %s", place_name(r, about, cores[a]), place_name(r, about, cores[b])));
            for (size_t c = 0; c < C; c++)
                grid_cell(g, hours_text(r->memory, economy->travel_time_h[at3(c, cores[a], cores[b], N, N)]));
        }
    heading(r, "Least travel times between centres, hours:minutes", "中心之间的最短旅行时间（时:分）");
    grid_put(&r->out, g, "  ");
    put_near(r, economy);
}

/* ---- balancing ------------------------------------------------------------------------------------- */

static int adjustment_decimals(const adjustment *a)
{
    double size = fabs(a->before) > fabs(a->after) ? fabs(a->before) : fabs(a->after);
    return size >= 1000 || (a->before == floor(a->before) && a->after == floor(a->after)) ? 0 : size >= 10 ? 1 : 3;
}

static void put_adjustments(report *r, const bashu_economy *economy)
{
    static const char *const titles[][2] = {{"before", "调整前"}, {"after", "调整后"}, {"change", "变化"}, {"", ""}};
    grid *g = grid_new(r->memory, "rrrl");
    head(r, g, titles, 4);
    for (size_t k = 0; k < economy->adjustment_count; k++) {
        const adjustment *a = &economy->adjustments[k];
        double percent = 100 * (a->after / a->before - 1);
        grid_cell(g, number_text(r->memory, a->before, adjustment_decimals(a)));
        grid_cell(g, number_text(r->memory, a->after, adjustment_decimals(a)));
        grid_cell(g, isfinite(percent) ? arena_format(r->memory, "%s %%", percent_text(r->memory, percent, 1)) : "");
        grid_cell(g, pick(r->language, a->what_en, a->what_zh));
    }
    heading(r, arena_format(r->memory, "What balancing changed (%s)", currency_name(r, &economy->about)),
            arena_format(r->memory, "平衡过程中的调整（%s）", currency_name(r, &economy->about)));
    if (economy->adjustment_count) grid_put(&r->out, g, "  ");
    else put_format(&r->out, "  %s\n", pick(r->language, "nothing", "无"));
}

static void put_residual(report *r, const bashu_economy *economy)
{
    heading(r, "Balanced accounts", "平衡后的账户");
    put_format(&r->out, "  %s %s", pick(r->language, "worst relative residual", "最大相对残差"),
               small_text(r->memory, economy->baseline_residual));
    const char *worst = economy->baseline_worst ? economy->baseline_worst : "", *where = strstr(worst, ": ");
    if (!where) {
        put_format(&r->out, "  %s\n", where_words(r, &economy->about, worst));
        return;
    }
    const char *equation = arena_format(r->memory, "%.*s", (int)(where - worst), worst);
    put_format(&r->out, "  %s%s%s\n", equation ? equation_words(r, equation) : "", pick(r->language, ": ", "："),
               where_words(r, &economy->about, where + 2));
}

bashu_status text_economy(report *r, const void *subject)
{
    const bashu_economy *economy = subject;
    const description *about = &economy->about;
    put_title(r, about);
    put_imputed(r, economy);
    TRY(put_flags(r, about));
    TRY(put_totals(r, about));
    put_sets(r, about);
    TRY(put_circles(r, about));
    put_zones(r, about);
    TRY(put_trade(r, economy));
    TRY(put_area_trade(r, economy));
    put_travel(r, economy);
    put_switches(r, about);
    put_elasticities(r, about);
    put_adjustments(r, economy);
    put_residual(r, economy);
    return BASHU_OK;
}
