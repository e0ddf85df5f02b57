/* page_network.c - section of a page: what links carry, how long it takes, what each link does, and how the times compare with printed ones. */
#include "report/network.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

enum { MAIN = 2, INSIDE_SHOWN = 8, OUTSIDE_SHOWN = 4, LINKS_SHOWN = 10 };

bool has_network(const page *p) { return p->network != NULL; }

static bool is_of_links(const change *c) { return c->lever == LEVER_LINK_TIME || c->lever == LEVER_LINK_NEW || c->lever == LEVER_LINK_CLOSE; }

static size_t link_changes(const page *p)
{
    size_t count = 0;
    for (size_t c = 0; c < p->package->scenario->change_count; c++) count += is_of_links(&p->package->scenario->changes[c]);
    return count;
}

static const char *minutes_text(const page *p, double time_h) { return isfinite(time_h) ? number_text(p->r->memory, 60 * time_h, 0) : "-"; }

/* "106 → 94", or one number where nothing changes. */
static const char *minutes_before_and_after(const page *p, double before, double after)
{
    const char *from = minutes_text(p, before), *to = minutes_text(p, after);
    return !strcmp(from, to) ? from : arena_format(p->r->memory, "%s → %s", from, to);
}

/* ---- which project does what ------------------------------------------------------------------------- */

typedef struct seen_from { /* the main places */
    size_t place[MAIN], count;
} seen_from;

static bashu_status look_from(seen_from *s, page *p)
{
    changed_network without;
    size_t found[MAIN], NN = p->about->N * p->about->N;
    TRY(main_places(found, MAIN, p, true));
    for (size_t k = 0; k < MAIN; k++)
        if (found[k] != SIZE_MAX) s->place[s->count++] = found[k];
    const array_wanted wanted[] = {{&p->before_h, NN}, {&p->after_h, NN}};
    if (!ARENA_ARRAYS(p->r->memory, wanted)) return fail_memory(p->r->context);
    TRY(network_unchanged(&without, p->r->memory, p->about));
    TRY(network_times_between(p->before_h, p->about, p->r->context, &without));
    return network_times_between(p->after_h, p->about, p->r->context, &p->with);
}

/* Places that are a minute or more nearer, or farther, than before. */
static size_t places_moved(const page *p, const double *before, const double *after)
{
    size_t count = 0;
    for (size_t n = 0; n < p->about->N; n++) count += (long)n != p->about->foreign && after[n] != before[n] && !(fabs(after[n] - before[n]) < 1.0 / 60); /* of a place that cannot be reached any more too */
    return count;
}

static size_t links_of(const page *p, const change *c)
{
    size_t count = c->lever == LEVER_LINK_NEW;
    for (size_t l = 0; c->links && l < p->about->network->link_count; l++) count += c->links[l];
    return count;
}

static bashu_status put_project(page *p, html_table *t, const seen_from *s, size_t c, double *after)
{
    arena *memory = p->r->memory;
    const bashu_scenario *scenario = p->package->scenario;
    const change *one = &scenario->changes[c];
    unsigned char *mask = arena_alloc(memory, scenario->change_count, 1);
    changed_network alone;
    if (!mask) return fail_memory(p->r->context);
    mask[c] = 1;
    TRY(scenario_network(&alone, memory, p->economy, scenario, mask));
    html_cell_said(t, (said){first_of(pick(BASHU_EN, one->title_en, one->title_zh), one->id), first_of(pick(BASHU_ZH, one->title_en, one->title_zh), one->id)});
    html_cell(t, number_text(memory, (double)links_of(p, one), 0));
    html_cell_said(t, PAGE_SAID(p, change_text, p->package, one));
    TRY(network_times_between(after, p->about, p->r->context, &alone));
    for (size_t k = 0; k < s->count; k++) {
        size_t row = s->place[k] * p->about->N;
        html_cell(t, number_text(memory, (double)places_moved(p, p->before_h + row, after + row), 0));
    }
    for (int k = 0; k < 2; k++) {
        double percent = (double)NAN;
        const bashu_result *result = p->package->alone[c];
        if (result && result->info.reason > 0) TRY(measure_aggregate(result, k ? "welfare" : "gdp", p->about_what.set, p->about_what.member, BASHU_PERCENT, &percent));
        html_cell(t, isnan(percent) ? "-" : percent_text(memory, percent, 3));
    }
    return BASHU_OK;
}

static bashu_status put_projects(page *p, const seen_from *s)
{
    arena *memory = p->r->memory;
    const bashu_scenario *scenario = p->package->scenario;
    double *after = arena_alloc(memory, p->about->N * p->about->N, sizeof *after);
    html_table t;
    if (!after) return fail_memory(p->r->context);
    html_table_open(&t, p->r, s->count == 2 ? "hrrrrrr" : s->count == 1 ? "hrrrrr" : "hrrrr",
                    (said){arena_format(memory, "What each change of links does by itself, %s", p->whose.en), arena_format(memory, "每项线路变化单独的作用，%s", p->whose.zh)});
    html_head(&t, "Change", "变化");
    html_head(&t, "links", "线路数");
    html_head(&t, "size", "大小");
    for (size_t k = 0; k < s->count; k++) {
        said place = main_place_name(p, s->place[k]);
        html_head(&t, arena_format(memory, "places with another time from %s", place.en), arena_format(memory, "自%s时间改变的地区数", place.zh));
    }
    html_head(&t, "real GDP, %", "实际GDP，%");
    html_head(&t, "welfare, %", "福利，%");
    for (size_t c = 0; c < scenario->change_count; c++)
        if (is_of_links(&scenario->changes[c])) TRY(put_project(p, &t, s, c, after));
    html_table_close(&t);
    return BASHU_OK;
}

/* ---- how long it takes ------------------------------------------------------------------------------- */

static bashu_status put_times(page *p, const seen_from *s)
{
    arena *memory = p->r->memory;
    size_t near[INSIDE_SHOWN + MAIN], far[OUTSIDE_SHOWN];
    bool nation = !strcmp(p->about_what.set, "all");
    html_table t;
    TRY(main_places(near, INSIDE_SHOWN + MAIN, p, true));
    for (size_t k = 0; k < OUTSIDE_SHOWN; k++) far[k] = SIZE_MAX;
    if (!nation) TRY(main_places(far, OUTSIDE_SHOWN, p, false));
    html_table_open(&t, p->r, s->count == 2 ? "hrr" : "hr", link_changes(p) ? (said){"Travel time of people in minutes, before and after", "人员出行时间（分钟），前后对比"} : (said){"Travel time of people in minutes", "人员出行时间（分钟）"});
    html_head(&t, "To", "到达");
    for (size_t k = 0; k < s->count; k++) {
        said place = main_place_name(p, s->place[k]);
        html_head(&t, arena_format(memory, "from %s", place.en), arena_format(memory, "自%s", place.zh));
    }
    for (size_t q = 0; q < INSIDE_SHOWN + MAIN + OUTSIDE_SHOWN; q++) {
        size_t n = q < INSIDE_SHOWN + MAIN ? near[q] : far[q - INSIDE_SHOWN - MAIN];
        if (n == SIZE_MAX) continue;
        html_cell_said(&t, main_place_name(p, n));
        for (size_t k = 0; k < s->count; k++) html_cell(&t, n == s->place[k] ? "" : minutes_before_and_after(p, p->before_h[s->place[k] * p->about->N + n], p->after_h[s->place[k] * p->about->N + n]));
    }
    html_table_close(&t);
    return BASHU_OK;
}

/* ---- what each link does ----------------------------------------------------------------------------- */

static bool leads_abroad(const page *p, size_t link)
{
    const graph *g = p->about->network;
    size_t abroad = p->about->foreign >= 0 ? g->region_node[p->about->foreign] : SIZE_MAX;
    return g->links[link].from == abroad || g->links[link].to == abroad;
}

static void put_rank(page *p, html_table *t, size_t rank)
{
    const bashu_links *k = p->links;
    const graph *g = p->about->network;
    arena *memory = p->r->memory;
    size_t l = k->rank[rank];
    const char *mark = k->changed[l] ? " *" : "";
    html_cell_said(t, (said){arena_format(memory, "%s%s", link_words(&p->in[BASHU_EN], g, l), mark), arena_format(memory, "%s%s", link_words(&p->in[BASHU_ZH], g, l), mark)});
    html_cell_said(t, PAGE_SAID(p, mode_words, g->links[l].mode));
    html_cell(t, number_text(memory, 60 * g->links[l].time_h, 0));
    html_cell(t, number_text(memory, k->carried[l], 0));
    for (size_t o = 0; o < k->outcome_count; o++) {
        double exact = rank < k->exact_count ? k->exact[rank * k->outcome_count + o] : (double)NAN;
        html_cell(t, percent_text(memory, links_first_order(k, o, l), 3));
        html_cell(t, isfinite(exact) ? percent_text(memory, exact, 3) : "");
    }
}

static bashu_status put_ranking(page *p)
{
    static const char *const columns[LINK_OUTCOMES_MOST + 1] = {"", "hlrrrr", "hlrrrrrr", "hlrrrrrrrr", "hlrrrrrrrrrr"};
    const bashu_links *k = p->links;
    arena *memory = p->r->memory;
    const char *faster = arena_format(memory, "%g", k->faster_pct);
    long abroad = -1;
    html_table t;
    html_table_open(&t, p->r, columns[k->outcome_count], (said){arena_format(memory, "The links that matter most: what %s %% less time on one of them would do, %s", faster, p->whose.en),
                                                                arena_format(memory, "影响最大的线路：单条线路用时减少 %s %% 的作用，%s", faster, p->whose.zh)});
    html_head(&t, "Link", "线路");
    html_head(&t, "mode", "方式");
    html_head(&t, "minutes", "分钟");
    html_head(&t, arena_format(memory, "carries, %s", currency_name(&p->in[BASHU_EN], p->about)), arena_format(memory, "承载，%s", currency_name(&p->in[BASHU_ZH], p->about)));
    for (size_t o = 0; o < k->outcome_count; o++) {
        const char *variable = k->outcomes[o].variable;
        said name = !strcmp(variable, "welfare") ? (said){"welfare", "福利"} : !strcmp(variable, "gdp") ? (said){"real GDP", "实际GDP"} : html_both(variable);
        html_head(&t, arena_format(memory, "%s, %%", name.en), arena_format(memory, "%s，%%", name.zh));
        html_head(&t, "exactly", "精确");
    }
    for (size_t rank = 0, shown = 0; rank < k->ranked && shown < LINKS_SHOWN; rank++) {
        if (leads_abroad(p, k->rank[rank])) {
            if (abroad < 0) abroad = (long)rank;
            continue;
        }
        put_rank(p, &t, rank);
        shown++;
    }
    html_table_close(&t);
    const char *ranked = number_text(memory, (double)k->ranked, 0), *passes = arena_format(memory, "%d", k->info[0].passes), *residual = small_text(memory, k->info[0].residual);
    html_element(p->r, "p class=\"note\"", (said){arena_format(memory, "First columns: to first order, for all %s links at once from one transposed solve (%s passes, residual %s), at the scenario's equilibrium. \"Exactly\": the model solved again with that "
                                                               "link faster too.%s Larger than first order where the faster link draws trips from other ways.",
                                                               ranked, passes, residual, link_changes(p) ? " * changed by the scenario." : ""),
                                                 arena_format(memory, "各结果首列为一阶近似：一次转置求解得到全部 %s 条线路（遍历 %s 次，残差 %s），在情景均衡处。“精确”：在情景之上令该线路提速后重新求解。%s提速线路从其他路径吸引出行时，精确值大于一阶值。", ranked, passes, residual,
                                                               link_changes(p) ? "* 为情景所改变。" : "")});
    if (abroad >= 0 && abroad < LINKS_SHOWN) {
        const char *effect = percent_words(p, links_first_order(k, 0, k->rank[abroad]), 3);
        html_element(p->r, "p class=\"note\"", (said){arena_format(memory, "Left out: %s, one link that stands for all ways abroad (%s to first order).", link_words(&p->in[BASHU_EN], p->about->network, k->rank[abroad]), effect),
                                                     arena_format(memory, "未列入：%s，它代表通往国外的全部通道（一阶 %s）。", link_words(&p->in[BASHU_ZH], p->about->network, k->rank[abroad]), effect)});
    }
    return BASHU_OK;
}

/* ---- printed times ----------------------------------------------------------------------------------- */

static const bashu_network_fit *fit_of(const bashu_network *w, const char *mode)
{
    for (size_t k = 0; k < w->fit_count; k++)
        if (w->fits[k].ways == BASHU_WAYS_ALL && !strcmp(w->fits[k].mode, mode)) return &w->fits[k];
    return NULL;
}

static void put_mode_row(page *p, html_table *t, const char *mode, const network_mode *m)
{
    arena *memory = p->r->memory;
    const bashu_network_fit *f = fit_of(p->network, mode);
    bool fits = f && f->count;
    html_cell_said(t, PAGE_SAID(p, mode_words, mode));
    html_cell(t, m ? number_text(memory, (double)m->links, 0) : "");
    html_cell(t, m ? number_text(memory, (double)m->imputed, 0) : "");
    html_cell(t, m && isfinite(m->typical) ? number_text(memory, m->typical, 0) : "");
    html_cell(t, fits ? number_text(memory, (double)f->count, 0) : "");
    html_cell(t, fits ? arena_format(memory, "%s %%", percent_text(memory, f->bias_pct, 1)) : "");
    html_cell(t, fits ? arena_format(memory, "%s %%", number_text(memory, f->ninety_pct, 1)) : "");
}

static void put_fit(page *p)
{
    const bashu_network *w = p->network;
    arena *memory = p->r->memory;
    html_table t;
    html_table_open(&t, p->r, "hrrrrrr", w->printed_year ? (said){arena_format(memory, "Links by mode, and least times against the printed times of direct trains of %d", w->printed_year),
                                                                  arena_format(memory, "各方式的线路，及最短时间与 %d 年时刻表（直达列车）的比较", w->printed_year)}
                                                         : (said){"Links by mode", "各方式的线路"});
    html_head(&t, "Mode", "方式");
    html_head(&t, "links", "线路数");
    html_head(&t, "time imputed", "时间为推算");
    html_head(&t, "median km/h", "中位速度，公里/时");
    html_head(&t, "printed times", "时刻表时间数");
    html_head(&t, "median error", "误差中位数");
    html_head(&t, "nine in ten within", "九成误差不超过");
    for (size_t k = 0; k < w->mode_count; k++) put_mode_row(p, &t, w->modes[k].mode, &w->modes[k]);
    if (fit_of(w, "")) put_mode_row(p, &t, "", NULL);
    html_table_close(&t);
}

static void put_caveats(page *p)
{
    const bashu_network_fit *any = fit_of(p->network, "");
    report *r = p->r;
    const char *shorter = any ? arena_format(r->memory, "%s %%", number_text(r->memory, fabs(any->bias_pct), 0)) : "";
    put(&r->out, "<div class=\"box\"><ul>\n");
    if (any && any->count && any->bias_pct < -5)
        html_element(r, "li", (said){arena_format(r->memory, "Times of the network are shorter than those of direct trains (half of them by more than %s): a way takes the quickest train of each link and changes without waiting. "
                                                              "What counts for the answer are ratios of times; an error that all ways share drops out.", shorter),
                                     arena_format(r->memory, "路网时间短于直达列车时刻表（半数短 %s 以上）：路径取每段最快列车，换乘不等候。影响答案的是时间之比，各路径共有的误差会抵消。", shorter)});
    html_element(r, "li", p->about->switches.routing == ROUTING_STOCHASTIC ? (said){"Between two places all ways are used, quick ones more often. Nobody waits for others: links do not get crowded.",
                                                                                   "两地之间使用所有路径，越快越常用。线路不会拥挤。"}
                                                                          : (said){"Everything between two places goes by the quickest way alone; of two equal ways one has all. Nobody waits for others: links do not get crowded.",
                                                                                   "两地之间全部走最快路径；两条路径等时则只取其一。线路不会拥挤。"});
    html_element(r, "li", (said){"A link is judged with all others as they are, and nobody pays for it: what it costs, and which set of links to build with a budget, is what bashu plan answers.",
                                 "每条线路均在其他线路不变时评价，且不计谁来付费：造价与预算内的最优组合见 bashu plan。"});
    put(&r->out, "</ul></div>\n");
}

/* ---- the section ------------------------------------------------------------------------------------- */

/* Whether the scenario changes a link of which neither end lies in what it is about: then the enlarged map alone would not show it. */
static bashu_status reaches_outside(bool *out, const page *p)
{
    const graph *g = p->with.graph;
    unsigned char *inside;
    TRY(nodes_inside(&inside, p));
    *out = false;
    for (size_t l = 0; l < g->link_count; l++) *out |= link_is_changed(p, l) && !inside[g->links[l].from] && !inside[g->links[l].to];
    return BASHU_OK;
}

static void put_intro(page *p)
{
    const bashu_network *w = p->network;
    arena *memory = p->r->memory;
    size_t changes = link_changes(p);
    const char *links = number_text(memory, (double)p->about->network->link_count, 0);
    const char *english = arena_format(memory, "Goods and people go over a network of %s links between %zu places and %zu stations.%s", links, p->places, w->stations, changes ? "" : " This scenario changes none of them.");
    const char *chinese = arena_format(memory, "货物与人员通过 %s 条线路往来，连接 %zu 个地区与 %zu 个车站。%s", links, p->places, w->stations, changes ? "" : "本情景不改变其中任何一条。");
    html_element(p->r, "p", (said){english, chinese});
}

bashu_status put_network(page *p)
{
    seen_from seen = {.count = 0};
    bool nation = !strcmp(p->about_what.set, "all"), outside = false;
    put_intro(p);
    TRY(look_from(&seen, p));
    TRY(reaches_outside(&outside, p));
    if (link_changes(p)) TRY(put_projects(p, &seen));
    if (outside || nation) TRY(put_link_map(p, MAP_WHOLE));
    if (!nation) TRY(put_link_map(p, MAP_ZOOM));
    for (size_t k = 0; k < seen.count; k++) TRY(put_time_map(p, seen.place[k], outside || nation ? MAP_WHOLE : MAP_ZOOM));
    if (seen.count) TRY(put_times(p, &seen));
    if (p->links) TRY(put_ranking(p));
    put_fit(p);
    put_caveats(p);
    return BASHU_OK;
}
