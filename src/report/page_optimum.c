/* page_optimum.c - section of a page: how much of each change is best, beside today, what is written, and equal shares. */
#include "report/page.h"

#include "report/optimum.h"

#include <math.h>

bool has_optimum(const page *p) { return p->optimum && p->optimum->named[OPTIMUM_BEST] < OPTIMUM_POINTS; }

static void put_allocations(page *p, const bashu_optimum *o)
{
    html_table t;
    arena *memory = p->r->memory;
    html_table_open(&t, p->r, arena_format(memory, "h%.*sr%s", (int)o->n, "rrrrrr", "rrr"), (said){arena_format(memory, "%s: as today, as written, equal, and best", p->whose.en), arena_format(memory, "%s：现状、按情景、相等与最优", p->whose.zh)});
    html_head(&t, "Allocation", "配置");
    for (size_t c = 0; c < o->n; c++) {
        const change *k = &o->scenario->changes[c];
        html_head(&t, arena_format(memory, "%s, times", change_title(&p->in[BASHU_EN], k)), arena_format(memory, "%s，倍数", change_title(&p->in[BASHU_ZH], k)));
    }
    html_head(&t, "GDP, present value", "GDP 现值");
    html_head(&t, "Welfare, present value", "福利现值");
    html_head(&t, "Last year", "末年");
    html_head(&t, "Nation, present value", "全国现值");
    for (size_t k = 0; k < OPTIMUM_NAMES; k++) {
        if (o->named[k] == OPTIMUM_POINTS) continue;
        const bashu_optimum_point *a = &o->points[o->named[k]];
        const double numbers[] = {a->gdp, a->welfare, a->last, a->nation};
        html_cell_said(&t, (said){optimum_names[k].en, optimum_names[k].zh});
        for (size_t c = 0; c < o->n; c++)
            html_cell(&t, optimum_counts_researchers(o, c) ? arena_format(memory, "%.2f (%s / %s)", a->scale[c], number_text(memory, a->scientists[c], 0), number_text(memory, a->industrial[c], 0))
                                                           : arena_format(memory, "%.2f", a->scale[c]));
        for (size_t q = 0; q < 4; q++) html_cell(&t, percent_words(p, numbers[q], 4));
    }
    html_table_close(&t);
}

bashu_status put_optimum(page *p)
{
    const bashu_optimum *o = p->optimum;
    const bashu_variable *v = measure_variable(o->asked.variable);
    arena *memory = p->r->memory;
    html_element(p->r, "p", (said){arena_format(memory, "Each change has a scale of its own between %g and %g: 0 is today, 1 as written, below 0 the other way. The best is that for %s of %s, in present value of %d years at %g %%. In brackets: researchers there in science / in industry.",
                                                o->low, o->high, v->title_en, label_name(&p->in[BASHU_EN], &o->asked.whose), o->wanted.years, 100 * o->wanted.discount),
                                   arena_format(memory, "每项变化各有规模（%g 至 %g）：0 为现状，1 为按情景，负数为反向。最优指 %s（%s）的现值，%d 年，贴现率 %g %%。括号内为当地科学 / 产业科研人员。",
                                                o->low, o->high, v->title_zh, label_name(&p->in[BASHU_ZH], &o->asked.whose), o->wanted.years, 100 * o->wanted.discount)});
    put_allocations(p, o);
    for (size_t k = 0; k < o->directions; k++) {
        double reach = optimum_reach(o, k);
        const char *what = optimum_direction_words(p->r, o, k);
        if (isinf(reach)) html_element(p->r, "p", (said){arena_format(memory, "Along %s nothing is lost.", what), arena_format(memory, "沿 %s 没有损失。", what)});
        else html_element(p->r, "p", (said){arena_format(memory, "Going %.2f along %s costs 0.01 percentage points.", reach, what), arena_format(memory, "沿 %s 走 %.2f，损失 0.01 个百分点。", what, reach)});
    }
    const char *gain = small_text(memory, o->info.to_gain);
    html_element(p->r, "p", (said){arena_format(memory, "%s At most %s percentage points are still to be gained within the bounds, by the slopes and bends of paths around the best.", o->info.certified ? "It is a maximum." : "It is not certified as a maximum.", gain),
                                   arena_format(memory, "%s按最优点附近路径的斜率与曲率，范围内至多还可增加 %s 个百分点。", o->info.certified ? "是极大值。" : "未能判定为极大值。", gain)});
    return BASHU_OK;
}
