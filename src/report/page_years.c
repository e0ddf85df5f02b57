/* page_years.c - section of a page: the scenario year by year. */
#include "report/page.h"

#include <math.h>

enum { SHOWN = 4 }; /* gdp, population, real_wage, welfare */

bool has_years(const page *p) { return p->path && p->path->info.solved > 1; }

static bashu_status put_focus_years(page *p)
{
    const bashu_path *path = p->path;
    double *percent = arena_alloc(p->r->memory, SHOWN * path->year_count, sizeof *percent);
    html_table t;
    if (!percent) return fail_memory(p->r->context);
    for (size_t q = 0; q < SHOWN * path->info.solved; q++)
        TRY(path_aggregate(path, q / SHOWN, headline_names[q % SHOWN], p->about_what.set, p->about_what.member, BASHU_PERCENT, &percent[q]));
    int decimals = percent_decimals(percent, SHOWN * path->info.solved);
    html_table_open(&t, p->r, "hrrrrrr", (said){arena_format(p->r->memory, "%s by year, against the path without the scenario", p->whose.en), arena_format(p->r->memory, "%s逐年变化（与无情景路径相比）", p->whose.zh)});
    html_head(&t, "Year", "年份");
    for (size_t k = 0; k < SHOWN; k++) html_head(&t, headline_title(&p->in[BASHU_EN], k), headline_title(&p->in[BASHU_ZH], k));
    html_head(&t, "Share of national GDP, without", "占全国GDP份额（无）");
    html_head(&t, "with", "有");
    for (size_t year = 0; year < path->info.solved; year++) {
        html_cell(&t, arena_format(p->r->memory, "%d", path_year(path, year)));
        for (size_t k = 0; k < SHOWN; k++) html_cell(&t, percent_text(p->r->memory, percent[year * SHOWN + k], decimals));
        for (int with = 0; with < 2; with++) {
            double own, nation;
            bashu_column column = with ? BASHU_COUNTERFACTUAL : BASHU_BASE;
            TRY(path_aggregate(path, year, "gdp", p->about_what.set, p->about_what.member, column, &own));
            TRY(path_aggregate(path, year, "gdp", "all", "", column, &nation));
            html_cell(&t, arena_format(p->r->memory, "%.3f %%", 100 * own / nation));
        }
    }
    html_table_close(&t);
    return BASHU_OK;
}

bashu_status put_years(page *p)
{
    const bashu_path_info *info = &p->path->info;
    double gdp = (double)NAN, welfare = (double)NAN;
    bool whole = info->solved == info->year_count;
    html_element(p->r, "p", (said){"Changes begin, come in steps and end as the scenario says. Every year is an equilibrium of its own, with its own certificate.",
                                   "各项变化按情景所述开始、逐步到位与结束。每一年都是一个均衡，并各有核验证书。"});
    TRY(put_focus_years(p));
    if (whole) TRY(path_present_value(p->path, "gdp", p->about_what.set, p->about_what.member, &gdp));
    if (whole) TRY(path_present_value(p->path, "welfare", p->about_what.set, p->about_what.member, &welfare));
    const char *rate = arena_format(p->r->memory, "%g", 100 * p->path->wanted.discount), *g = percent_words(p, gdp, 3), *w = percent_words(p, welfare, 3);
    if (whole)
        html_element(p->r, "p", (said){arena_format(p->r->memory, "Present values at %s %% a year: GDP %s, welfare %s.", rate, g, w),
                                       arena_format(p->r->memory, "按每年 %s %% 贴现的现值：GDP %s，福利 %s。", rate, g, w)});
    else
        html_element(p->r, "p", (said){arena_format(p->r->memory, "There is no equilibrium in %d; later years were not solved.", path_year(p->path, info->solved)),
                                       arena_format(p->r->memory, "%d 年没有均衡；其后各年未求解。", path_year(p->path, info->solved))});
    const char *residual = small_text(p->r->memory, info->residual);
    html_element(p->r, "p", (said){arena_format(p->r->memory, "Worst residual of all years: %s, in %d.", residual, info->worst_year),
                                   arena_format(p->r->memory, "各年最大残差：%s（%d 年）。", residual, info->worst_year)});
    return BASHU_OK;
}
