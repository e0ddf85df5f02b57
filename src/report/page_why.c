/* page_why.c - sections of a page: which change does what, players, circles, clusters. */
#include "measure/circles.h"
#include "measure/clusters.h"
#include "report/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEVERS_MOST = 24, CLUSTERS_SHOWN = 12, GAPS_SHOWN = 10 };

static said change_title(const change *c) { return (said){first_of(pick(BASHU_EN, c->title_en, c->title_zh), c->id), first_of(pick(BASHU_ZH, c->title_en, c->title_zh), c->id)}; }

/* ---- changes ---------------------------------------------------------------------------------------- */

bool has_changes(const page *p) { return p->package->part_count > 0 && answers_now(p); }

static const said together_words = {"all together", "全部合计"};

static bashu_status put_effect_row(page *p, html_table *t, said name, const double *percent, int decimals)
{
    html_cell_said(t, name);
    for (size_t k = 0; k < FOCUS_COUNT; k++) html_cell(t, percent_text(p->r->memory, percent[k], decimals));
    return BASHU_OK;
}

/* alone: [FOCUS_COUNT][changes]. */
static bashu_status put_effect_table(page *p, const effects *total, const double *alone)
{
    size_t count = p->package->part_count;
    double row[FOCUS_COUNT], ends[2][FOCUS_COUNT];
    html_table t;
    int decimals = percent_decimals(alone, FOCUS_COUNT * count);
    html_table_open(&t, p->r, "hrrrr", (said){arena_format(p->r->memory, "Each change alone, and all together: %s", p->whose.en), arena_format(p->r->memory, "每项变化单独与共同的效果：%s", p->whose.zh)});
    html_head(&t, "Change", "变化");
    for (size_t k = 0; k < FOCUS_COUNT; k++) html_head(&t, headline_title(&p->in[BASHU_EN], k), headline_title(&p->in[BASHU_ZH], k));
    for (size_t c = 0; c < count; c++) {
        for (size_t k = 0; k < FOCUS_COUNT; k++) row[k] = alone[k * count + c];
        TRY(put_effect_row(p, &t, change_title(&p->package->scenario->changes[c]), row, decimals));
    }
    for (size_t k = 0; k < FOCUS_COUNT; k++) row[k] = total[k].interaction;
    TRY(put_effect_row(p, &t, (said){"interaction: what they do to each other", "相互作用"}, row, decimals));
    for (size_t k = 0; k < FOCUS_COUNT; k++) {
        ranged effect;
        TRY(focus_effect(&effect, p, headline_names[k]));
        row[k] = effect.value;
        ends[0][k] = effect.low;
        ends[1][k] = effect.high;
    }
    html_strong(&t);
    TRY(put_effect_row(p, &t, together_words, row, decimals));
    if (!isnan(ends[0][0])) {
        TRY(put_effect_row(p, &t, (said){"lowest end of the ranges", "区间低端"}, ends[0], decimals));
        TRY(put_effect_row(p, &t, (said){"highest end of the ranges", "区间高端"}, ends[1], decimals));
    }
    html_table_close(&t);
    return BASHU_OK;
}

bashu_status put_changes(page *p)
{
    size_t count = p->package->part_count, shown = 0;
    double *alone = arena_alloc(p->r->memory, FOCUS_COUNT * count, sizeof *alone);
    chart_row *rows = arena_alloc(p->r->memory, count + 2, sizeof *rows);
    effects total[FOCUS_COUNT];
    ranged gdp;
    if (!alone || !rows) return fail_memory(p->r->context);
    for (size_t k = 0; k < FOCUS_COUNT; k++) TRY(package_effects(&total[k], alone + k * count, p->package, headline_names[k], p->about_what.set, p->about_what.member));
    TRY(focus_effect(&gdp, p, headline_names[0]));
    if (count <= LEVERS_MOST && !isnan(total[0].sum)) {
        for (size_t c = 0; c < count; c++) rows[shown++] = (chart_row){change_title(&p->package->scenario->changes[c]), alone[c], (double)NAN, (double)NAN, false, false};
        if (count > 1) rows[shown++] = (chart_row){{"interaction", "相互作用"}, total[0].interaction, (double)NAN, (double)NAN, false, false};
        rows[shown++] = (chart_row){together_words, gdp.value, gdp.low, gdp.high, true, true};
        chart c = {.title = {"What each change does to real GDP", "每项变化对实际GDP的作用"}, .unit = {"real GDP, %", "实际GDP，%"}, .source = p->source, .decimals = percent_decimals(alone, count)};
        put(&p->r->out, "<figure class=\"wide\">\n");
        chart_waterfall(p->r, &c, rows, shown);
        html_figure_close(p->r, (said){arena_format(p->r->memory, "Real GDP of %s. Each bar is a change alone; what they do to each other is the interaction; together they are the last bar, with its range.", p->whose.en),
                                       arena_format(p->r->memory, "%s的实际GDP。每个条形为单独一项变化；彼此间的影响为相互作用；最后一条为全部合计及其区间。", p->whose.zh)});
    }
    return put_effect_table(p, total, alone);
}

/* ---- players ---------------------------------------------------------------------------------------- */

bool has_cooperation(const page *p) { return p->package->scenario->player_count > 0; }

static said player_title(const bashu_cooperation *c, size_t k) { return (said){c->scenario->players[k].title_en, c->scenario->players[k].title_zh}; }

static const char *money(const page *p, double value)
{
    const bashu_cooperation *c = p->cooperation;
    double most = 0;
    for (size_t k = 0; k < c->players; k++) most = fmax(most, fmax(fabs(c->joint[k]), fabs(c->shapley[k])));
    return isnan(value) ? "-" : percent_text(p->r->memory, value, most >= 1000 ? 0 : most >= 10 ? 1 : most >= 0.1 ? 3 : 6);
}

static void put_verdicts(page *p)
{
    const bashu_cooperation *c = p->cooperation;
    arena *memory = p->r->memory;
    put(&p->r->out, "<div class=\"box\"><ul>\n");
    html_element(p->r, "li", c->info.rational ? (said){"Every player gains from the joint deal, and no less than it would by acting alone.", "共同协议使每个参与者都得益，且不少于单独行动。"}
                                              : (said){"Some player would gain less than without a deal, or than by acting alone: as it stands the deal is not in everybody's interest.",
                                                       "有参与者所得少于不合作或单独行动：照此协议并非人人有利。"});
    if (!isnan(c->info.core_excess))
        html_element(p->r, "li",
                     c->info.core_empty ? (said){arena_format(memory, "However the gain is shared, some group of players would do better by itself (by %s or more).", money(p, c->info.core_excess)),
                                                 arena_format(memory, "无论如何分配，总有一些参与者自行联合更有利（至少多得 %s）。", money(p, c->info.core_excess))}
                                        : (said){"There are ways to share the gain with which no group of players would do better by itself: the agreement can hold together.",
                                                 "存在一种分配，使任何一部分参与者自行联合都不会更有利：协议可以维持。"});
    said transfers = {"Payments between players were not computed: they are income, and make up for lost welfare alone.", "未计算参与者之间的支付：支付是收入，只能补偿福利损失。"};
    if (c->info.transfers == BASHU_TRANSFERS_NOT_NEEDED) transfers = (said){"No payments between players are needed for everybody to gain.", "无需相互支付，人人即可得益。"};
    const char *total = number_text(memory, c->info.transfer_total, c->info.transfer_total >= 10 ? 1 : 3);
    if (c->info.transfers == BASHU_TRANSFERS_FOUND)
        transfers = (said){arena_format(memory, "With payments of %s in all, shown below, nobody gains less than without a deal or alone: co-prosperity at the least cost.", total),
                           arena_format(memory, "若按下表支付共 %s，则无人所得少于不合作或单独行动：以最小代价实现共同繁荣。", total)};
    if (c->info.transfers == BASHU_TRANSFERS_NOT_ENOUGH) transfers = (said){"Those who gain cannot make up for those who lose.", "得益者不足以补偿受损者。"};
    html_element(p->r, "li", transfers);
    put(&p->r->out, "</ul></div>\n");
}

static void put_players(page *p)
{
    const bashu_cooperation *c = p->cooperation;
    const bashu_variable *variable = measure_variable(c->variable);
    bool pays = c->info.transfers == BASHU_TRANSFERS_FOUND;
    html_table t;
    html_table_open(&t, p->r, pays ? "hrrrrrrrr" : "hrrrrrr",
                    (said){arena_format(p->r->memory, "What each player gains: %s, %s a year", variable->title_en, currency_name(&p->in[BASHU_EN], p->about)),
                           arena_format(p->r->memory, "各参与者所得：%s，每年（%s）", variable->title_zh, currency_name(&p->in[BASHU_ZH], p->about))});
    html_head(&t, "Player", "参与者");
    html_head(&t, "no deal", "不合作");
    html_head(&t, "acts alone", "单独行动");
    html_head(&t, "joint deal", "共同行动");
    html_head(&t, "joint, %", "共同行动，%");
    html_head(&t, "Shapley value", "夏普利值");
    html_head(&t, "least core", "最小核");
    if (pays) {
        html_head(&t, "payment", "转移支付");
        html_head(&t, "after it", "支付后");
    }
    for (size_t k = 0; k < c->players; k++) {
        html_cell_said(&t, player_title(c, k));
        html_cell(&t, "0");
        html_cell(&t, money(p, c->one_sided[k * c->players + k]));
        html_cell(&t, money(p, c->joint[k]));
        html_cell(&t, c->base[k] > 0 ? percent_text(p->r->memory, 100 * c->joint[k] / c->base[k], 2) : "-");
        html_cell(&t, money(p, c->shapley[k]));
        html_cell(&t, money(p, c->core[k]));
        if (!pays) continue;
        html_cell(&t, money(p, c->transfer[k]));
        html_cell(&t, money(p, c->after[k]));
    }
    html_strong(&t);
    html_cell_said(&t, (said){"together", "合计"});
    for (size_t k = 1; k < (pays ? 9U : 7U); k++) html_cell(&t, k == 3 || k == 5 ? money(p, c->info.joint) : "");
    html_table_close(&t);
    html_element(p->r, "p class=\"note\"", (said){arena_format(p->r->memory, "All other places together: %s. The Shapley value is the mean of what a player adds, over all orders in which players could join; the least core shares "
                                                               "the gain so that the group that fares worst fares as well as can be.", money(p, c->elsewhere)),
                                                 arena_format(p->r->memory, "其他各地共得 %s。夏普利值为参与者在所有加入顺序下新增所得的平均；最小核使处境最差的一部分参与者尽可能得益。", money(p, c->elsewhere))});
}

/* Who acts down, who gains across. */
static bashu_status put_sides(page *p)
{
    const bashu_cooperation *c = p->cooperation;
    size_t P = c->players;
    char columns[16] = "h";
    html_table t;
    if (P < 2 || P > 10) return BASHU_OK;
    for (size_t k = 0; k < P; k++) strcat(columns, "r");
    html_table_open(&t, p->r, columns, (said){"What each gains when one acts alone, and when all do", "一方单独行动与共同行动时各自所得"});
    html_head(&t, "Who acts", "谁行动");
    for (size_t k = 0; k < P; k++) html_head(&t, c->scenario->players[k].title_en, c->scenario->players[k].title_zh);
    html_cell_said(&t, (said){"nobody (no deal)", "无人（不合作）"});
    for (size_t k = 0; k < P; k++) html_cell(&t, "0");
    for (size_t k = 0; k < P; k++) {
        said name = player_title(c, k);
        html_cell_said(&t, (said){arena_format(p->r->memory, "%s alone", name.en), arena_format(p->r->memory, "仅%s", name.zh)});
        for (size_t q = 0; q < P; q++) html_cell(&t, money(p, c->one_sided[k * P + q]));
    }
    html_strong(&t);
    html_cell_said(&t, (said){"all together", "共同行动"});
    for (size_t q = 0; q < P; q++) html_cell(&t, money(p, c->joint[q]));
    html_table_close(&t);
    return BASHU_OK;
}

static bashu_status put_lines(page *p)
{
    static const said heads[3] = {{"no deal", "不合作"}, {"acts alone", "单独行动"}, {"joint deal", "共同行动"}};
    const bashu_cooperation *c = p->cooperation;
    chart_line *lines = arena_alloc(p->r->memory, c->players, sizeof *lines);
    if (!lines) return fail_memory(p->r->context);
    for (size_t k = 0; k < c->players; k++) {
        double scale = c->base[k] > 0 ? 100 / c->base[k] : 0;
        lines[k] = (chart_line){player_title(c, k), {0, scale * c->one_sided[k * c->players + k], scale * c->joint[k]}, true};
    }
    chart chart_of = {.title = {"No deal, acting alone, joint deal", "不合作、单独行动、共同行动"}, .unit = {"gain, %", "所得，%"}, .source = p->source, .decimals = 2};
    html_figure_open(p->r);
    chart_slope(p->r, &chart_of, heads, 3, lines, c->players);
    html_figure_close(p->r, (said){"What a player gains without a deal, when it alone acts, and when all do.", "参与者在不合作、单独行动与共同行动时的所得。"});
    return BASHU_OK;
}

static void put_levers(page *p)
{
    const bashu_cooperation *c = p->cooperation;
    html_table t;
    if (!c->changes || !c->levers) return;
    html_table_open(&t, p->r, "hrrr", (said){"What each change brings all players together", "各项变化为全体参与者带来的所得"});
    html_head(&t, "Change", "变化");
    html_head(&t, "alone", "单独");
    html_head(&t, "lost without it", "若缺则失去");
    html_head(&t, "Shapley value", "夏普利值");
    for (size_t k = 0; k < c->changes; k++) {
        html_cell_said(&t, change_title(&c->scenario->changes[k]));
        html_cell(&t, money(p, c->lever_alone[k]));
        html_cell(&t, money(p, c->lever_last[k]));
        html_cell(&t, money(p, c->lever_value[k]));
    }
    html_table_close(&t);
}

bashu_status put_agreement(page *p)
{
    const bashu_scenario *scenario = p->package->scenario;
    if (!p->cooperation) {
        const char *path = scenario->path ? scenario->path : scenario->name;
        html_element(p->r, "p", (said){arena_format(p->r->memory, "The scenario names %zu players. What each gains alone and together takes many equilibria, and is in the report that this writes: bashu cooperate %s -o out", scenario->player_count, path),
                                       arena_format(p->r->memory, "情景列出 %zu 个参与者。各自单独与共同行动的所得须求解许多均衡，见此命令所写的报告：bashu cooperate %s -o out", scenario->player_count, path)});
        return BASHU_OK;
    }
    html_element(p->r, "p", (said){"Each player decides on some of the changes; the rest need several or all of them. Every combination of players that might act is solved as an equilibrium of its own.",
                                   "每个参与者可决定部分变化，其余须多方同意。每一种可能行动的参与者组合都作为一个均衡求解。"});
    put_verdicts(p);
    put_players(p);
    TRY(put_lines(p));
    TRY(put_sides(p));
    put_levers(p);
    return BASHU_OK;
}

/* ---- circles ---------------------------------------------------------------------------------------- */

bool has_circles(const page *p) { return find_set(p->about, "circle") >= 0; }

/* Short names of columns: ids in letters, as all reports have them; the names stand in the first table. */
static void put_circle_heads(html_table *t, const bashu_circles *c)
{
    for (size_t k = 0; k + 1 < c->count; k++) html_head(t, c->circles[k].label.id, pick(BASHU_ZH, c->circles[k].label.name_en, c->circles[k].label.name_zh));
    html_head(t, "Nation", "全国");
}

static bashu_status put_circle_effects(page *p)
{
    size_t count;
    const set_summary *rows = summaries_of(p->r->memory, p->about, &count);
    double *percent = rows ? arena_alloc(p->r->memory, count * HEADLINE_COUNT, sizeof *percent) : NULL;
    html_table t;
    if (!percent) return fail_memory(p->r->context);
    for (size_t m = 0; m < count; m++)
        for (size_t k = 0; k < HEADLINE_COUNT; k++) TRY(measure_aggregate(p->package->whole, headline_names[k], rows[m].set, rows[m].id, BASHU_PERCENT, &percent[m * HEADLINE_COUNT + k]));
    int decimals = percent_decimals(percent, count * HEADLINE_COUNT);
    html_table_open(&t, p->r, "hrrrrr", (said){"What the changes do to each circle and to the nation, %", "各项变化对各经济圈与全国的影响，%"});
    html_head(&t, "Circle", "经济圈");
    for (size_t k = 0; k < HEADLINE_COUNT; k++) html_head(&t, headline_title(&p->in[BASHU_EN], k), headline_title(&p->in[BASHU_ZH], k));
    for (size_t m = 0; m < count; m++) {
        bool nation = m + 1 == count;
        said name = {pick(BASHU_EN, rows[m].name_en, rows[m].name_zh), pick(BASHU_ZH, rows[m].name_en, rows[m].name_zh)};
        if (nation) html_strong(&t);
        html_cell_said(&t, nation ? name : (said){arena_format(p->r->memory, "%s (%s)", name.en, rows[m].id), name.zh});
        for (size_t k = 0; k < HEADLINE_COUNT; k++) html_cell(&t, percent_text(p->r->memory, percent[m * HEADLINE_COUNT + k], decimals));
    }
    html_table_close(&t);
    return BASHU_OK;
}

static void put_structure(page *p, const bashu_circles *c)
{
    char columns[64] = "h";
    html_table t;
    for (size_t k = 0; k < c->count && k < 60; k++) strcat(columns, "r");
    html_table_open(&t, p->r, columns, (said){arena_format(p->r->memory, "As they are in %d, before any change", p->about->year), arena_format(p->r->memory, "变化之前，%d年", p->about->year)});
    html_head(&t, arena_format(p->r->memory, "GDP in %s", currency_name(&p->in[BASHU_EN], p->about)), arena_format(p->r->memory, "GDP单位：%s", currency_name(&p->in[BASHU_ZH], p->about)));
    put_circle_heads(&t, c);
    for (size_t m = 0; m < circle_measure_count; m++) {
        bool any = false;
        for (size_t k = 0; k < c->count; k++) any = any || !isnan(c->circles[k].value[m]);
        if (!any) continue;
        html_cell_said(&t, (said){circle_measures[m].about.title_en, circle_measures[m].about.title_zh});
        for (size_t k = 0; k < c->count && k < 60; k++) {
            double value = c->circles[k].value[m];
            html_cell(&t, isnan(value) ? "-" : number_text(p->r->memory, circle_measures[m].scale * value, circle_measures[m].decimals));
        }
    }
    html_table_close(&t);
}

static void put_new_areas(page *p, const bashu_circles *c)
{
    html_table t;
    if (!p->about->zone_count) return;
    html_table_open(&t, p->r, "hllrl", (said){"National new areas inside the circles (* imputed)", "各经济圈内的国家级新区（* 推算）"});
    html_head(&t, "New area", "新区");
    html_head(&t, "circle", "经济圈");
    html_head(&t, "in", "所在");
    html_head(&t, "land, km²", "面积，平方公里");
    html_head(&t, "approved", "批复");
    for (size_t k = 0; k + 1 < c->count; k++)
        for (size_t z = 0; z < p->about->zone_count; z++) {
            const zone_part *part = &p->about->zones[z];
            if (!(c->circles[k].people_part[part->region] > 0)) continue;
            html_cell_said(&t, said_label(&part->label));
            html_cell_said(&t, (said){c->circles[k].label.id, pick(BASHU_ZH, c->circles[k].label.name_en, c->circles[k].label.name_zh)});
            html_cell_said(&t, said_label(&p->about->regions[part->region].label));
            html_cell(&t, arena_format(p->r->memory, "%s%s", number_text(p->r->memory, part->land_km2, 0), part->land_flag ? "*" : ""));
            html_cell(&t, part->approved ? part->approved : "");
        }
    html_table_close(&t);
}

bashu_status put_circle_tables(page *p)
{
    bashu_circles *c;
    if (answers_now(p)) TRY(put_circle_effects(p));
    TRY(circles_new(&c, p->economy, NULL));
    put_structure(p, c);
    put_new_areas(p, c);
    circles_free(c);
    return BASHU_OK;
}

/* ---- clusters --------------------------------------------------------------------------------------- */

bool has_sectors(const page *p) { return p->about->J > 1; }

typedef struct keyed {
    double key;
    size_t index;
} keyed;

static int largest_first(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    if (x->key != y->key) return x->key > y->key ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static const char *share_words(const page *p, double share) { return isnan(share) ? "-" : arena_format(p->r->memory, "%s %%", number_text(p->r->memory, 100 * share, 1)); }

static bashu_status put_gaps(page *p, const bashu_clusters *c, const keyed *order, size_t count)
{
    said ours = {c->circle.name_en, c->circle.name_zh}, benchmark = {c->benchmark.name_en, c->benchmark.name_zh}, heads[2] = {ours, benchmark};
    chart_line *lines = arena_alloc(p->r->memory, count + 1, sizeof *lines);
    size_t shown = 0;
    html_table t;
    if (!lines) return fail_memory(p->r->context);
    for (size_t k = 0; k < count; k++) {
        const bashu_cluster_gap *gap = &c->gaps[order[k].index];
        if (isfinite(gap->circle.quotient) && isfinite(gap->benchmark.quotient))
            lines[shown++] = (chart_line){said_label(&p->about->sectors[order[k].index].label), {gap->circle.quotient, gap->benchmark.quotient}, k < 3};
    }
    chart chart_of = {.title = {"Location quotients of sectors", "各行业区位熵"}, .unit = {"location quotient, 1 = the nation", "区位熵，1 = 全国"}, .source = p->source, .decimals = 2};
    html_figure_open(p->r);
    chart_slope(p->r, &chart_of, heads, 2, lines, shown);
    html_figure_close(p->r, (said){"How much of a place's economy a sector is, over what it is in the nation. Blue: the benchmark has relatively more of it.", "某行业在当地经济中的比重与全国之比。蓝色：对照地区相对更多。"});
    html_table_open(&t, p->r, "hrrrrrr", (said){arena_format(p->r->memory, "The gap by sector: %s, and %s", ours.en, benchmark.en), arena_format(p->r->memory, "各行业差距：%s与%s", ours.zh, benchmark.zh)});
    html_head(&t, "Sector", "行业");
    html_head(&t, "location quotient", "区位熵");
    html_head(&t, "benchmark", "对照");
    html_head(&t, "of the nation", "占全国");
    html_head(&t, "benchmark", "对照");
    html_head(&t, "in clusters", "在集群内");
    html_head(&t, "imputed", "推算");
    for (size_t k = 0; k < count; k++) {
        const bashu_cluster_gap *gap = &c->gaps[order[k].index];
        html_cell_said(&t, said_label(&p->about->sectors[order[k].index].label));
        html_cell(&t, number_text(p->r->memory, gap->circle.quotient, 2));
        html_cell(&t, number_text(p->r->memory, gap->benchmark.quotient, 2));
        html_cell(&t, share_words(p, gap->circle.share));
        html_cell(&t, share_words(p, gap->benchmark.share));
        html_cell(&t, share_words(p, gap->circle.inside));
        html_cell(&t, share_words(p, gap->circle.imputed_share));
    }
    html_table_close(&t);
    return BASHU_OK;
}

/* Clusters with a place in the circle, the largest by its share of the nation's sector first. */
static bashu_status put_cluster_list(page *p, const bashu_clusters *c)
{
    size_t count = 0, N = p->about->N;
    keyed *order = arena_alloc(p->r->memory, c->cluster_count + 1, sizeof *order);
    double *part = arena_alloc(p->r->memory, N, sizeof *part);
    html_table t;
    if (!order || !part) return fail_memory(p->r->context);
    TRY(measure_parts(p->r->context, p->about, p->about_what.set, p->about_what.member, part, NULL));
    for (size_t k = 0; k < c->cluster_count; k++) {
        bool inside = false;
        for (size_t q = 0; q < c->clusters[k].place_count; q++) inside = inside || part[c->clusters[k].places[q]] > 0;
        if (inside) order[count++] = (keyed){c->clusters[k].share, k};
    }
    qsort(order, count, sizeof *order, largest_first);
    if (!count) {
        html_element(p->r, "p", (said){"No cluster reaches into the circle.", "没有集群延伸到圈内。"});
        return BASHU_OK;
    }
    html_table_open(&t, p->r, "hrrrr", (said){arena_format(p->r->memory, "Clusters with places in: %s", p->whose.en), arena_format(p->r->memory, "在%s内有地区的集群", p->whose.zh)});
    html_head(&t, "Cluster", "集群");
    html_head(&t, "places", "地区数");
    html_head(&t, "of the nation", "占全国");
    html_head(&t, "location quotient", "区位熵");
    html_head(&t, "imputed", "推算");
    for (size_t k = 0; k < count && k < CLUSTERS_SHOWN; k++) {
        const bashu_cluster *one = &c->clusters[order[k].index];
        html_cell_said(&t, (said){one->name_en, one->name_zh});
        html_cell(&t, number_text(p->r->memory, (double)one->place_count, 0));
        html_cell(&t, share_words(p, one->share));
        html_cell(&t, number_text(p->r->memory, one->quotient, 2));
        html_cell(&t, share_words(p, one->imputed_share));
    }
    html_table_close(&t);
    if (count > CLUSTERS_SHOWN)
        html_element(p->r, "p class=\"note\"", (said){arena_format(p->r->memory, "And %zu smaller ones.", count - CLUSTERS_SHOWN), arena_format(p->r->memory, "另有 %zu 个较小的集群。", count - CLUSTERS_SHOWN)});
    return BASHU_OK;
}

static bashu_status put_cluster_parts(page *p, const bashu_clusters *c)
{
    double made_up = 0;
    keyed *order = arena_alloc(p->r->memory, p->about->J, sizeof *order);
    if (!order) return fail_memory(p->r->context);
    html_element(p->r, "p", (said){"A cluster is a group of places next to each other in which a sector weighs more than in the nation, and significantly so around each of them.",
                                   "集群是彼此相邻的一组地区，某行业在其中的比重高于全国，且各自周围也显著如此。"});
    for (size_t j = 0; j < p->about->J; j++) {
        order[j] = (keyed){c->compares && isfinite(c->gaps[j].gap) ? c->gaps[j].gap : -1e300, j};
        made_up = fmax(made_up, c->sectors[j].imputed_share);
    }
    qsort(order, p->about->J, sizeof *order, largest_first);
    if (c->compares) TRY(put_gaps(p, c, order, p->about->J));
    if (c->near) TRY(put_cluster_list(p, c));
    if (made_up > 0.5)
        html_element(p->r, "p class=\"note\"", (said){"Where most of a sector is imputed, places of one province share its structure: what looks like a cluster may be the province's figure spread over its places.",
                                                     "若某行业大部分为推算，同一省份各地共享其结构：看似集群的，可能只是该省数字分摊到各地。"});
    return BASHU_OK;
}

bashu_status put_cluster_tables(page *p)
{
    bashu_clusters_options wanted = BASHU_CLUSTERS_OPTIONS_INIT;
    bashu_clusters *c;
    if (!strcmp(p->about_what.set, "circle")) wanted.circle = p->about_what.member;
    TRY(clusters_new(&c, p->economy, &wanted));
    bashu_status status = put_cluster_parts(p, c);
    clusters_free(c);
    return status;
}
