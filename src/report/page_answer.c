/* page_answer.c - sections of a page: the question, the answer in four numbers, maps, who gains and who loses. */
#include "report/map.h"
#include "report/page.h"
#include "report/places.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

enum { PLACES_SHOWN = 8, POINTS_NAMED = 12 };

/* ---- the question ----------------------------------------------------------------------------------- */

static const char *end_text(const page *p, const change *c, double end)
{
    if (isnan(end)) return "-";
    return arena_format(p->r->memory, c->relative && !c->is_hat ? "%+g" : "%g", end);
}

bashu_status put_question(page *p)
{
    const bashu_scenario *scenario = p->package->scenario;
    html_table t;
    const char *english = arena_format(p->r->memory, "What becomes of production, people, wages, rents and welfare in each of the %zu places of %s, if the following happens and everybody has had the time to respond?",
                                       p->places, p->economy_title.en);
    const char *chinese = arena_format(p->r->memory, "如果发生以下变化，且所有人都有时间作出反应，%s的 %zu 个地区各自的生产、人口、工资、地租与福利会怎样？", p->economy_title.zh, p->places);
    html_element(p->r, "p", (said){english, chinese});
    if (!scenario->change_count) {
        html_element(p->r, "p", (said){"Nothing changes: every number of this report is that of the baseline.", "没有任何变化：本报告的每个数字都是基期数字。"});
        return BASHU_OK;
    }
    html_table_open(&t, p->r, "hrrrl", (said){"What changes, how much, and how sure that is", "变化的内容、大小及其可靠程度"});
    html_head(&t, "Change", "变化");
    html_head(&t, "size", "大小");
    html_head(&t, "low", "低");
    html_head(&t, "high", "高");
    html_head(&t, "where the number comes from", "数字的来源");
    for (size_t k = 0; k < scenario->change_count; k++) {
        const change *c = &scenario->changes[k];
        html_cell_said(&t, (said){first_of(pick(BASHU_EN, c->title_en, c->title_zh), c->id), first_of(pick(BASHU_ZH, c->title_en, c->title_zh), c->id)});
        html_cell_said(&t, PAGE_SAID(p, change_text, p->package, c));
        html_cell(&t, end_text(p, c, c->low));
        html_cell(&t, end_text(p, c, c->high));
        html_cell_said(&t, (said){c->source, c->source_zh});
    }
    html_table_close(&t);
    html_element(p->r, "p class=\"note\"",
                 (said){"Everything else stays as it is: technology, tastes, the number of people in the country. What is compared is the same year with and without the changes.",
                        "其余一切不变：技术、偏好、全国人口总数。比较的是同一年份有与没有这些变化的情形。"});
    return BASHU_OK;
}

/* ---- four numbers ----------------------------------------------------------------------------------- */

/* The place that makes, or holds, about as much as this; SIZE_MAX: none is near. */
static size_t as_much_as(const page *p, double amount, bool people)
{
    size_t best = SIZE_MAX;
    double distance = log(1.25);
    for (size_t n = 0; n < p->about->N; n++) {
        double size = people ? p->about->regions[n].people : p->about->regions[n].gdp, off = fabs(log(size / fabs(amount)));
        if ((long)n == p->about->foreign || !(off < distance)) continue;
        best = n;
        distance = off;
    }
    return best;
}

static bashu_status change_of(double *out, const page *p, const char *variable)
{
    double before, after;
    TRY(measure_aggregate(p->package->whole, variable, p->about_what.set, p->about_what.member, BASHU_BASE, &before));
    TRY(measure_aggregate(p->package->whole, variable, p->about_what.set, p->about_what.member, BASHU_COUNTERFACTUAL, &after));
    *out = after - before;
    return BASHU_OK;
}

/* What a number means, k as headline_names. */
static bashu_status meaning_of(said *out, const page *p, size_t k)
{
    arena *memory = p->r->memory;
    double more = 0;
    if (k < 3) TRY(change_of(&more, p, headline_names[k]));
    size_t like = k < 2 && more != 0 ? as_much_as(p, more, k == 1) : SIZE_MAX;
    said place = like == SIZE_MAX ? (said){"", ""} : said_label(&p->about->regions[like].label);
    const char *sign = more < 0 ? "-" : "+";
    if (k == 0) {
        said amount = said_money(p, more);
        const char *like_en = *place.en ? arena_format(memory, ", about what %s makes", place.en) : "", *like_zh = *place.zh ? arena_format(memory, "，约等于%s的地区生产总值", place.zh) : "";
        out->en = arena_format(memory, "What is made there, at unchanged prices: %s%s a year%s.", sign, amount.en, like_en);
        out->zh = arena_format(memory, "当地的生产总值（不变价）：每年 %s%s%s。", sign, amount.zh, like_zh);
    } else if (k == 1) {
        const char *amount = number_text(memory, fabs(more), 0);
        const char *like_en = *place.en ? arena_format(memory, ", about as many as live in %s", place.en) : "", *like_zh = *place.zh ? arena_format(memory, "，约等于%s的人口", place.zh) : "";
        out->en = arena_format(memory, "Who lives there: %s%s people who move from or to elsewhere in the country%s.", sign, amount, like_en);
        out->zh = arena_format(memory, "居住在当地的人：%s%s人，由全国其他地方迁入或迁出%s。", sign, amount, like_zh);
    } else if (k == 2) {
        const char *amount = number_text(memory, fabs(more), fabs(more) >= 10 ? 0 : 2);
        out->en = arena_format(memory, "What a resident's labour buys, once prices and rents have moved too: %s%s %s a year.", sign, amount, currency_word(&p->in[BASHU_EN], p->about));
        out->zh = arena_format(memory, "居民劳动所得在物价与地租变动之后能买到的：每年 %s%s %s。", sign, amount, currency_word(&p->in[BASHU_ZH], p->about));
    } else
        *out = (said){"How much better off the people registered there are, wherever they choose to live: as if every income were higher by this much and nothing else had changed.",
                      "当地户籍人口（无论选择住在哪里）的境况改善多少：相当于其他一切不变而收入提高这么多。"};
    return out->en && out->zh ? BASHU_OK : fail_memory(p->r->context);
}

static const said headline_words[FOCUS_COUNT] = {{"Real GDP", "实际GDP"}, {"People", "人口"}, {"Real wage", "实际工资"}, {"Welfare", "福利"}};

static bashu_status put_card(page *p, size_t k, const ranged *effect, int decimals)
{
    report *r = p->r;
    said meaning;
    TRY(meaning_of(&meaning, p, k));
    put(&r->out, "<div class=\"card\">\n");
    html_element(r, "h3", headline_words[k]);
    html_element(r, "p class=\"big\"", html_both(percent_words(p, effect->value, decimals)));
    html_element(r, "p class=\"level\"", PAGE_SAID(p, headline_level, p->package, &p->about_what, headline_names[k]));
    html_element(r, "p", meaning);
    put(&r->out, "</div>\n");
    return BASHU_OK;
}

bashu_status put_answer(page *p)
{
    ranged effect[FOCUS_COUNT];
    chart_row rows[FOCUS_COUNT];
    double values[FOCUS_COUNT];
    bool stated = false;
    for (size_t k = 0; k < FOCUS_COUNT; k++) {
        TRY(focus_effect(&effect[k], p, headline_names[k]));
        values[k] = effect[k].value;
        rows[k] = (chart_row){.name = headline_words[k], .value = effect[k].value, .low = effect[k].low, .high = effect[k].high, .strong = true};
        stated = stated || !isnan(effect[k].low);
    }
    int decimals = percent_decimals(values, FOCUS_COUNT);
    html_element(p->r, "p", p->whose);
    put(&p->r->out, "<div class=\"cards\">\n");
    for (size_t k = 0; k < FOCUS_COUNT; k++) TRY(put_card(p, k, &effect[k], decimals));
    put(&p->r->out, "</div>\n");
    chart c = {.title = {"The four numbers with their ranges", "四个数字及其区间"}, .unit = {"change, %", "变化，%"}, .source = p->source, .decimals = decimals};
    html_figure_open(p->r);
    chart_bars(p->r, &c, rows, FOCUS_COUNT);
    html_figure_close(p->r, stated ? (said){"Bars: all changes at their stated size. Whiskers: all of them at their low and at their high end.", "条形：各项变化均取所述大小；须线：均取低值与高值。"}
                                   : (said){"Bars: all changes at their stated size. No range is stated.", "条形：各项变化均取所述大小；未注明区间。"});
    return BASHU_OK;
}

/* ---- maps ------------------------------------------------------------------------------------------- */

shared_outlines share_outlines(page *p, map_show show)
{
    bool enlarged = show == MAP_ZOOM, there = p->drawn[enlarged];
    p->drawn[enlarged] = true;
    return (shared_outlines){enlarged ? "outline-near-" : "outline-whole-", there};
}

static bashu_status put_one_map(page *p, const char *id, map_show show, const char *variable, said title, said caption)
{
    shared_outlines outlines = share_outlines(p, show);
    variable_map wanted = {.id = id, .outlines_id = outlines.id, .outlines_there = outlines.there, .variable = variable, .column = BASHU_PERCENT, .show = show, .zoom = p->about_what, .title_en = title.en, .title_zh = title.zh};
    put(&p->r->out, show == MAP_ZOOM ? "<figure class=\"wide zoom\">\n" : "<figure class=\"wide\">\n");
    TRY(put_variable_map(p->r, p->package->whole, p->outlines, &wanted));
    html_figure_close(p->r, caption);
    return BASHU_OK;
}

bashu_status put_maps(page *p)
{
    arena *memory = p->r->memory;
    bool all = !strcmp(p->about_what.set, "all");
    said whole = {arena_format(memory, "Change in real GDP of every place, %s", p->economy_title.en), arena_format(memory, "各地区实际GDP变化，%s", p->economy_title.zh)};
    said near = {arena_format(memory, "Change in real GDP, %s", p->whose.en), arena_format(memory, "实际GDP变化，%s", p->whose.zh)};
    said people = {arena_format(memory, "Change in the number of people, %s", p->whose.en), arena_format(memory, "人口变化，%s", p->whose.zh)};
    if (!whole.en || !whole.zh || !near.en || !near.zh || !people.en || !people.zh) return fail_memory(p->r->context);
    TRY(put_one_map(p, "china-", MAP_WHOLE, "gdp", whole, (said){arena_format(memory, "%s, in percent. Blue: more; orange: less; white: no change. Dark outline: %s.", whole.en, p->whose.en),
                                                                 arena_format(memory, "%s（%%）。蓝色：增加；橙色：减少；白色：不变。深色轮廓：%s。", whole.zh, p->whose.zh)}));
    if (all) return BASHU_OK;
    TRY(put_one_map(p, "circle-", MAP_ZOOM, "gdp", near, (said){arena_format(memory, "%s, in percent, with the same colours.", near.en), arena_format(memory, "%s（%%），颜色相同。", near.zh)}));
    return put_one_map(p, "people-", MAP_ZOOM, "population", people, (said){arena_format(memory, "%s, in percent: where people move.", people.en), arena_format(memory, "%s（%%）：人们向哪里迁移。", people.zh)});
}

/* ---- who gains -------------------------------------------------------------------------------------- */

static void put_tally_chart(page *p, const places *by)
{
    static const said names[TALLY_COUNT] = {{"gain more than 0.01 %", "增加超过 0.01 %"}, {"lose more than 0.01 %", "减少超过 0.01 %"}, {"see next to no change", "几乎不变"}};
    static const char *const fills[TALLY_COUNT] = {"#08519c", "#d95f0e", "#c9d1d9"};
    static const size_t order[TALLY_COUNT] = {TALLY_GAIN, TALLY_SAME, TALLY_LOSE};
    tally t = tally_of(p->about, by->percent);
    chart_part parts[TALLY_COUNT];
    chart c = {.title = {"People in places that gain and that lose", "得益与受损地区的人口"}, .source = p->source};
    for (size_t k = 0; k < TALLY_COUNT; k++) {
        size_t side = order[k];
        const char *english = arena_format(p->r->memory, "of the people, in %zu places that %s", t.places[side], names[side].en);
        const char *chinese = arena_format(p->r->memory, "的人口，在福利%s的 %zu 个地区", names[side].zh, t.places[side]);
        parts[k] = (chart_part){{english ? english : "", chinese ? chinese : ""}, t.people_share[side], fills[side]};
    }
    html_figure_open(p->r);
    chart_parts(p->r, &c, parts, TALLY_COUNT);
    html_figure_close(p->r, (said){"Welfare of the people registered in a place; shares of all people of the nation.", "各地户籍人口的福利；占全国人口的比重。"});
}

static said place_of(const page *p, size_t n)
{
    const region_row *region = &p->about->regions[n];
    said name = said_label(&region->label);
    if (!region_imputed(region)) return name;
    return (said){arena_format(p->r->memory, "%s*", name.en), arena_format(p->r->memory, "%s*", name.zh)};
}

/* The best or the worst, where there are such. */
static bool put_ranked(page *p, const places *by, const double *percent, bool winners)
{
    static const size_t columns[] = {3, 2, 0, 1};
    size_t N = p->about->N, shown = 0;
    double values[PLACES_SHOWN];
    html_table t;
    for (size_t k = 0; k < by->count && shown < PLACES_SHOWN; k++) {
        double value = by->percent[by->order[winners ? by->count - 1 - k : k]];
        if (winners ? value <= 0 : value >= 0) break;
        values[shown++] = value;
    }
    if (!shown) return false;
    int decimals = percent_decimals(values, shown);
    html_table_open(&t, p->r, "hlrrrr", winners ? (said){"Who gains most", "受益最多的地区"} : (said){"Who loses most", "受损最多的地区"});
    html_head(&t, "Place", "地区");
    html_head(&t, "province", "省份");
    for (size_t k = 0; k < 4; k++) html_head(&t, headline_title(&p->in[BASHU_EN], columns[k]), headline_title(&p->in[BASHU_ZH], columns[k]));
    for (size_t k = 0; k < shown; k++) {
        size_t n = by->order[winners ? by->count - 1 - k : k];
        html_cell_said(&t, place_of(p, n));
        html_cell_said(&t, PAGE_SAID(p, member_name, p->about, "province", n));
        for (size_t q = 0; q < 4; q++) html_cell(&t, percent_text(p->r->memory, percent[columns[q] * N + n], decimals));
    }
    html_table_close(&t);
    return true;
}

static void put_class(page *p, html_table *t, const class_row *row, int decimals)
{
    if (!row->count) return;
    html_cell_said(t, (said){row->name_en, row->name_zh});
    html_cell(t, percent_text(p->r->memory, row->gain / row->people, decimals));
    html_cell(t, number_text(p->r->memory, (double)row->count, 0));
    html_cell(t, number_text(p->r->memory, (double)row->up, 0));
    html_cell(t, number_text(p->r->memory, (double)row->down, 0));
    html_cell(t, number_text(p->r->memory, row->people / 1e6, 1));
}

static bashu_status put_kinds(page *p, const places *by)
{
    class_row sizes[SIZES], thirds[THIRDS];
    double *groups, mean[SIZES + THIRDS];
    html_table t;
    places_by_size(sizes, by);
    TRY(places_by_income(thirds, by, p->r));
    TRY(places_by_group(&groups, by, p->r));
    for (size_t k = 0; k < SIZES; k++) mean[k] = sizes[k].count ? sizes[k].gain / sizes[k].people : 0;
    for (size_t k = 0; k < THIRDS; k++) mean[SIZES + k] = thirds[k].count ? thirds[k].gain / thirds[k].people : 0;
    int decimals = percent_decimals(mean, SIZES + THIRDS);
    html_table_open(&t, p->r, "hrrrrr", (said){"Welfare by kind of place", "按地区类型的福利变化"});
    html_head(&t, "Kind of place", "地区类型");
    html_head(&t, "mean, %", "均值，%");
    html_head(&t, "places", "地区数");
    html_head(&t, "gain", "得益");
    html_head(&t, "lose", "受损");
    html_head(&t, "people, million", "人口，百万");
    for (size_t k = 0; k < SIZES; k++) put_class(p, &t, &sizes[k], decimals);
    for (size_t k = 0; k < THIRDS; k++) put_class(p, &t, &thirds[k], decimals);
    html_table_close(&t);
    if (groups) {
        html_table_open(&t, p->r, "hr", (said){"Welfare by group of people", "按人群的福利变化"});
        html_head(&t, "People", "人群");
        html_head(&t, "mean, %", "均值，%");
        for (size_t s = 0; s < p->about->S; s++) {
            html_cell_said(&t, said_label(&p->about->groups[s]));
            html_cell(&t, percent_text(p->r->memory, groups[s], percent_decimals(groups, p->about->S)));
        }
        html_table_close(&t);
    }
    html_element(p->r, "p class=\"note\"", (said){"Means over the people who live there; gain and lose: by more than 0.01 %.", "按居住人口加权的均值；得益与受损以变化超过 0.01 % 计。"});
    return BASHU_OK;
}

static bashu_status put_scatter(page *p, const places *by)
{
    size_t count = 0, N = p->about->N, *order = arena_alloc(p->r->memory, N, sizeof *order);
    chart_point *points = arena_alloc(p->r->memory, N, sizeof *points);
    double *part = arena_alloc(p->r->memory, N, sizeof *part);
    if (!points || !part || !order) return fail_memory(p->r->context);
    TRY(measure_parts(p->r->context, p->about, p->about_what.set, p->about_what.member, part, NULL));
    size_t all = measure_order(p->about, by->people, order), named = 0;
    for (size_t k = all; k-- > 0;) { /* largest first, so that small ones lie on top */
        size_t n = order[k];
        if (!(by->people[n] > 0) || !(p->about->regions[n].gdp > 0)) continue;
        bool inside = part[n] > 0, shown = inside && strcmp(p->about_what.set, "all") != 0 && named < POINTS_NAMED;
        named += shown;
        points[count++] = (chart_point){said_label(&p->about->regions[n].label), p->about->regions[n].gdp * p->about->currency_unit / by->people[n], by->percent[n], by->people[n], inside, shown};
    }
    chart c = {.title = {"Welfare and GDP per head of every place", "各地区福利变化与人均GDP"}, .unit = {"change in welfare, %", "福利变化，%"}, .source = p->source};
    said across = {arena_format(p->r->memory, "GDP per head %d, %s (logarithmic)", p->about->year, currency_word(&p->in[BASHU_EN], p->about)),
                   arena_format(p->r->memory, "%d年人均GDP，%s（对数）", p->about->year, currency_word(&p->in[BASHU_ZH], p->about))};
    if (!across.en || !across.zh) return fail_memory(p->r->context);
    html_figure_open(p->r);
    chart_scatter(p->r, &c, across, true, points, count);
    html_figure_close(p->r, (said){arena_format(p->r->memory, "One disc a place, as large as its people; blue: %s. To the left poorer places: does the change bring them closer?", p->whose.en),
                                   arena_format(p->r->memory, "每个圆为一个地区，面积表示人口；蓝色：%s。越靠左越不富裕：变化是否缩小差距？", p->whose.zh)});
    return BASHU_OK;
}

bashu_status put_who(page *p)
{
    places by = {.result = p->package->whole, .outcome = headline_names[3]};
    double *percent;
    TRY(places_gather(&by, p->r));
    TRY(headline_percents(&percent, p->r->memory, p->package->whole));
    put_tally_chart(p, &by);
    bool some = put_ranked(p, &by, percent, true);
    some = put_ranked(p, &by, percent, false) || some;
    if (some) html_element(p->r, "p class=\"note\"", (said){"* people, GDP or land of this place are imputed.", "* 该地区的人口、地区生产总值或土地为推算值。"});
    TRY(put_kinds(p, &by));
    return put_scatter(p, &by);
}
