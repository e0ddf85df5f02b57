/* page_method.c - sections of a page: how the answer is made, from which data, why to believe it, how to repeat it, words. */
#include "report/economy_facts.h"
#include "report/page.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

/* ---- method ----------------------------------------------------------------------------------------- */

static void put_elasticities(page *p)
{
    html_table t;
    html_table_open(&t, p->r, "hlrrrl", (said){"How strongly people and firms respond", "人与企业的反应有多强"});
    html_head(&t, "Elasticity", "弹性");
    html_head(&t, "symbol", "符号");
    html_head(&t, "value", "取值");
    html_head(&t, "low", "低");
    html_head(&t, "high", "高");
    html_head(&t, "source", "来源");
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) {
        const elasticity *e = &p->about->elasticities[k];
        if (isnan(e->value) || !e->source || !*e->source) continue; /* stated in no file: it does nothing here */
        html_cell_said(&t, (said){elasticity_rows[k].help_en, elasticity_rows[k].help_zh});
        html_cell(&t, elasticity_rows[k].symbol);
        html_cell(&t, arena_format(p->r->memory, "%g", e->value));
        html_cell(&t, isnan(e->low) ? "-" : arena_format(p->r->memory, "%g", e->low));
        html_cell(&t, isnan(e->high) ? "-" : arena_format(p->r->memory, "%g", e->high));
        html_cell(&t, e->source);
    }
    html_table_close(&t);
}

bashu_status put_method(page *p)
{
    static const said steps[] = {
        {"The economy as it was observed is described by balanced accounts: who makes what, who buys it where, who lives and works where, how long it takes to get from place to place.",
         "以平衡的账户描述所观测到的经济：谁生产什么，谁在哪里购买，谁在哪里居住和工作，各地之间需要多长时间。"},
        {"Firms buy inputs and labour where they are cheapest after trade costs; goods sell where they are wanted; people earn wages, pay rents, and live where it suits them best, at a cost of moving.",
         "企业在计入贸易成本后最便宜的地方购买投入与劳动；商品卖往有需求之处；人们获得工资、支付地租，并在付出迁移成本后选择最合适的居住地。"},
        {"Places in which many work are more productive, places in which many live are more crowded, and land is scarce: that is why gains spread and shift.",
         "就业密集的地方更有生产率，居住密集的地方更拥挤，土地有限：收益因此扩散和转移。"},
        {"The changes are made, and prices, wages, rents and people move until every market clears again everywhere at once. That state is compared with the one observed.",
         "引入各项变化后，价格、工资、地租与人口不断调整，直到所有地方的所有市场同时出清；再与所观测的状态比较。"}};
    static const said limits[] = {
        {"It says what changes once everything has settled, not when.", "说明一切调整完成后的变化，而不是何时发生。"},
        {"It is no forecast: growth, policy and shocks that come anyway are left out on both sides of the comparison.", "它不是预测：无论如何都会发生的增长、政策与冲击在比较的两边都不计入。"},
        {"What the changes cost to make is not counted.", "未计入实施这些变化的成本。"}};
    put(&p->r->out, "<div class=\"box\"><ul>\n");
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) html_element(p->r, "li", steps[k]);
    put(&p->r->out, "</ul></div>\n");
    html_element(p->r, "h3", (said){"What it does not say", "不能说明什么"});
    put(&p->r->out, "<ul>\n");
    for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) html_element(p->r, "li", limits[k]);
    put(&p->r->out, "</ul>\n");
    put_elasticities(p);
    return BASHU_OK;
}

/* ---- data ------------------------------------------------------------------------------------------- */

bashu_status put_data(page *p)
{
    imputed_part parts[IMPUTED_COUNT];
    html_table t;
    if (p->about->source_count) {
        html_element(p->r, "h3", (said){"Sources", "来源"});
        put(&p->r->out, "<ul>\n");
        for (size_t k = 0; k < p->about->source_count; k++) html_element(p->r, "li", (said){p->about->sources[k].name_en, p->about->sources[k].name_zh});
        put(&p->r->out, "</ul>\n");
    }
    facts_imputed(parts, p->economy);
    html_table_open(&t, p->r, "hrrr", (said){"How much is imputed: estimated by a stated rule because nobody published it", "推算部分：无人公布而按所述规则估计的数字"});
    html_head(&t, "Quantity", "项目");
    html_head(&t, "numbers", "数字个数");
    html_head(&t, "of them imputed", "其中推算");
    html_head(&t, "share of the total", "占总量");
    for (size_t k = 0; k < IMPUTED_COUNT; k++) {
        html_cell_said(&t, (said){parts[k].what_en, parts[k].what_zh});
        html_cell(&t, number_text(p->r->memory, (double)parts[k].cells, 0));
        html_cell(&t, number_text(p->r->memory, (double)parts[k].imputed, 0));
        html_cell(&t, arena_format(p->r->memory, "%s %%", number_text(p->r->memory, 100 * parts[k].share, 1)));
    }
    html_table_close(&t);
    return BASHU_OK;
}

/* ---- certificate ------------------------------------------------------------------------------------ */

static void put_fact(html_table *t, const char *english, const char *chinese, said value)
{
    html_cell_said(t, (said){english, chinese});
    html_cell_said(t, value);
}

/* "goods market" for goods_market. */
static const char *spaced(const page *p, const char *name)
{
    char *text = arena_text(p->r->memory, name);
    for (char *c = text; c && *c; c++)
        if (*c == '_') *c = ' ';
    return text ? text : name;
}

bashu_status put_proof(page *p)
{
    const bashu_info *info = &p->package->whole->info;
    html_table t;
    html_element(p->r, "p", (said){"An answer counts only if it solves the equations. Every equation is computed again from the data and the answer alone, by code that the solver does not use; what is left over is the residual: 1e-10 is a ten "
                                   "thousand millionth of the quantity itself.",
                                   "答案只有满足方程才算数。每个方程都由求解器不使用的代码，仅凭数据与答案重新计算；剩余的差额即残差：1e-10 表示该数量的百亿分之一。"});
    html_table_open(&t, p->r, "hl", (said){"Certificate", "核验证书"});
    html_head(&t, "What was checked", "核验内容");
    html_head(&t, "result", "结果");
    put_fact(&t, "outcome", "结论", PAGE_SAID(p, reason_words, info->reason));
    put_fact(&t, "worst residual of any equation", "最大残差", (said){arena_format(p->r->memory, "%s (%s)", small_text(p->r->memory, info->residual), spaced(p, worst_words(&p->in[BASHU_EN], p->about, info->worst ? info->worst : ""))),
                                                                      arena_format(p->r->memory, "%s（%s）", small_text(p->r->memory, info->residual), worst_words(&p->in[BASHU_ZH], p->about, info->worst ? info->worst : ""))});
    put_fact(&t, "estimated error of the answer", "答案误差估计", html_both(small_text(p->r->memory, info->forward_error)));
    put_fact(&t, "the only equilibrium?", "是否唯一均衡", PAGE_SAID(p, uniqueness_words, info->uniqueness));
    put_fact(&t, "other starting points", "其他初值", PAGE_SAID(p, starts_words, info));
    html_table_close(&t);
    if (!info->equation_count) return BASHU_OK;
    html_table_open(&t, p->r, "hrl", (said){"Residual of every equation", "各方程残差"});
    html_head(&t, "Equation", "方程");
    html_head(&t, "residual", "残差");
    html_head(&t, "largest in", "最大处");
    for (size_t k = 0; k < info->equation_count; k++) {
        html_cell_said(&t, (said){spaced(p, info->equations[k].name), equation_words(&p->in[BASHU_ZH], info->equations[k].name)});
        html_cell(&t, small_text(p->r->memory, info->equations[k].residual));
        html_cell_said(&t, PAGE_SAID(p, where_words, p->about, info->equations[k].where));
    }
    html_table_close(&t);
    return BASHU_OK;
}

/* ---- manifest --------------------------------------------------------------------------------------- */

static void put_file(page *p, html_table *t, const char *path, const char *sha256)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    html_cell(t, slash ? slash + 1 : path);
    html_code(t, sha256 ? arena_format(p->r->memory, "%.16s…", sha256) : "-");
}

bashu_status put_manifest(page *p)
{
    const bashu_options *o = &p->package->options;
    const bashu_scenario *scenario = p->package->scenario;
    html_table t;
    html_element(p->r, "p", (said){arena_format(p->r->memory, "Bashu %s with the same files gives the same numbers, to the last bit, on any number of threads: bashu run %s -o out. Full hashes are in manifest.json beside this file.",
                                                BASHU_VERSION, scenario->path ? scenario->path : scenario->name),
                                   arena_format(p->r->memory, "Bashu %s 以相同文件在任意线程数下给出逐位相同的数字：bashu run %s -o out。完整哈希值见同目录的 manifest.json。", BASHU_VERSION,
                                                scenario->path ? scenario->path : scenario->name)});
    html_table_open(&t, p->r, "hl", (said){"Settings of the solver", "求解设置"});
    html_head(&t, "Setting", "设置");
    html_head(&t, "value", "取值");
    put_fact(&t, "version", "版本", html_both(BASHU_VERSION));
    put_fact(&t, "tolerance", "容差", html_both(small_text(p->r->memory, o->tolerance)));
    put_fact(&t, "limit of passes", "遍历上限", html_both(number_text(p->r->memory, o->pass_limit, 0)));
    put_fact(&t, "seed of further starts", "其他初值的种子", html_both(arena_format(p->r->memory, "%llu", o->seed)));
    put_fact(&t, "method, passes over the trade shares", "方法，遍历贸易份额次数", (said){arena_format(p->r->memory, "%s, %d", solver_words(&p->in[BASHU_EN], p->package->whole->info.method), p->package->whole->info.passes),
                                                                                       arena_format(p->r->memory, "%s，%d", solver_words(&p->in[BASHU_ZH], p->package->whole->info.method), p->package->whole->info.passes)});
    html_table_close(&t);
    html_table_open(&t, p->r, "hl", (said){"Files read (SHA-256, first 16 digits)", "所读文件（SHA-256 前16位）"});
    html_head(&t, "File", "文件");
    html_head(&t, "hash", "哈希值");
    put_file(p, &t, scenario->path, scenario->sha256);
    for (size_t k = 0; k < p->about->file_count; k++) put_file(p, &t, p->about->files[k].path, p->about->files[k].sha256);
    html_table_close(&t);
    return BASHU_OK;
}

/* ---- glossary --------------------------------------------------------------------------------------- */

bashu_status put_glossary(page *p)
{
    static const said words[][2] = {
        {{"Real GDP", "实际GDP"}, {"What is made in a place in a year, valued at prices that do not change.", "一地一年生产的总价值，按不变价格计算。"}},
        {{"Real wage", "实际工资"}, {"Labour income per resident divided by what living there costs, housing included.", "居民人均劳动收入除以当地生活成本（含住房）。"}},
        {{"Welfare", "福利"},
         {"How well off the people registered in a place can be, given that each may choose where to live: wages, prices, rents, crowding and the cost of moving, in one number.",
          "一地户籍人口在可自由选择居住地时能达到的境况：把工资、物价、地租、拥挤与迁移成本合为一个数字。"}},
        {{"People registered there", "户籍人口"}, {"People whose household registration is in the place, wherever they live.", "户籍在当地的人，无论住在哪里。"}},
        {{"Equilibrium", "均衡"}, {"Prices, wages, rents and people at which every market clears and nobody wants to move.", "使所有市场出清、无人愿意再迁移的价格、工资、地租与人口。"}},
        {{"Trade cost", "贸易成本"}, {"What it takes to bring goods from one place to another beyond making them: transport, time, borders, rules.", "把商品从一地运到另一地所需的额外代价：运输、时间、边界与规则。"}},
        {{"Cost of moving", "迁移成本"}, {"What keeps people from living where they would earn more: distance, registration, social insurance.", "阻碍人们迁往收入更高处的因素：距离、户籍、社会保险等。"}},
        {{"Elasticity", "弹性"}, {"By how many percent one thing changes when another changes by one percent.", "一个量变动百分之一时另一个量变动的百分数。"}},
        {{"Agglomeration", "集聚"}, {"Firms and people are more productive where there are many of them within reach.", "可达范围内企业与人越多，生产率越高。"}},
        {{"Circle", "经济圈"}, {"A group of cities planned as one region, such as the Chengdu-Chongqing Economic Circle.", "作为一个区域规划的一组城市，如成渝地区双城经济圈。"}},
        {{"Location quotient", "区位熵"}, {"A sector's share in a place's economy over its share in the nation's: 2 is twice as much as usual.", "某行业在当地经济中的比重与在全国经济中的比重之比：2 表示为通常的两倍。"}},
        {{"Polycentricity", "多中心度"}, {"0 where one city makes everything, close to 1 where many cities make about as much.", "一城独大为 0，多城均衡则接近 1。"}},
        {{"Shapley value", "夏普利值"}, {"A fair share: what a player, or a change, adds on average over all orders in which they could come.", "公平的份额：参与者或变化在所有先后顺序下新增贡献的平均。"}},
        {{"Core", "核"}, {"The ways to share a gain with which no group of players would do better by itself.", "使任何一部分参与者自行联合都不会更有利的分配。"}},
        {{"Imputed", "推算"}, {"Estimated by a stated rule, because no figure was published.", "因无公布数字而按所述规则估计。"}},
        {{"Residual", "残差"}, {"By how much an equation misses, as a part of what it is about.", "方程两边之差占其数量的比例。"}},
    };
    put(&p->r->out, "<dl>\n");
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        html_element(p->r, "dt", words[k][0]);
        html_element(p->r, "dd", words[k][1]);
    }
    put(&p->r->out, "</dl>\n");
    return BASHU_OK;
}
