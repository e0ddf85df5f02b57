/* network.c - a network in words, as JSON, and as CSV. */
#include "report/network.h"

#include "report/json.h"

#include <math.h>
#include <string.h>

enum { SHOWN = 10 }; /* problems in words */

/* ---- words ----------------------------------------------------------------------------------------- */

const char *node_words(const report *r, const graph *g, size_t node)
{
    return g->node_name_en ? pick(r->language, g->node_name_en[node], g->node_name_zh[node]) : g->node_id[node];
}

const char *link_words(const report *r, const graph *g, size_t link)
{
    return arena_format(r->memory, "%s - %s", node_words(r, g, g->links[link].from), node_words(r, g, g->links[link].to));
}

const char *mode_words(const report *r, const char *mode)
{
    static const char *const words[][3] = {{"", "any", "任一"}, {"road", "road", "公路"}, {"rail_conventional", "conventional rail", "普速铁路"},
                                           {"rail_high_speed", "high-speed rail", "高速铁路"}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (!strcmp(words[k][0], mode)) return pick(r->language, words[k][1], words[k][2]);
    return mode;
}

static const char *speed_text(const report *r, double speed) { return isfinite(speed) ? number_text(r->memory, speed, 0) : "-"; }

static void heads(const report *r, grid *g, const char *const (*titles)[2], size_t count)
{
    for (size_t k = 0; k < count; k++) grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
}

/* ---- text ------------------------------------------------------------------------------------------ */

static void put_head(report *r, const bashu_network *w)
{
    const description *about = &w->economy->about;
    put_format(&r->out, "%s\n", pick(r->language, about->title_en, about->title_zh));
    if (w->scenario) put_format(&r->out, "%s\n", first_of(pick(r->language, w->scenario->title_en, w->scenario->title_zh), w->scenario->name));
    if (w->year) put_format(&r->out, r->language == BASHU_ZH ? "%d年已开通的线路（未注明年份的视为已开通）\n" : "links open in %d (those without a year count as open)\n", w->year);
    put_format(&r->out, r->language == BASHU_ZH ? "%zu 个节点：%zu 个地区，%zu 个车站；%zu 条线路\n" : "%zu nodes: %zu regions, %zu stations; %zu links\n",
               w->graph->node_count, w->region_nodes, w->stations, w->graph->link_count);
}

static void put_modes(report *r, const bashu_network *w)
{
    static const char *const titles[][2] = {{"open links", "已开通线路"}, {"links", "条数"}, {"km", "公里"}, {"time imputed", "时间为推算"}, {"no year", "无年份"}, {"not open", "未开通"},
                                            {"km/h 5 %", "公里/时 5 %"}, {"median", "中位数"}, {"95 %", "95 %"}, {"limit", "上限"}};
    grid *g = grid_new(r->memory, "lrrrrrrrrr");
    heads(r, g, titles, sizeof titles / sizeof *titles);
    for (size_t k = 0; k < w->mode_count; k++) {
        const network_mode *m = &w->modes[k];
        const size_t counts[] = {m->imputed, m->undated, m->closed};
        grid_cell(g, mode_words(r, m->mode));
        grid_cell(g, number_text(r->memory, (double)m->links, 0));
        grid_cell(g, number_text(r->memory, m->length_km, 0));
        for (size_t q = 0; q < 3; q++) grid_cell(g, number_text(r->memory, (double)counts[q], 0));
        grid_cell(g, speed_text(r, m->slowest));
        grid_cell(g, speed_text(r, m->typical));
        grid_cell(g, speed_text(r, m->fastest));
        grid_cell(g, speed_text(r, m->limit));
    }
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
}

/* How times between regions follow from those of links. */
static void put_routing(report *r, const bashu_network *w)
{
    const description *about = &w->economy->about;
    bool zh = r->language == BASHU_ZH, all = about->switches.routing == ROUTING_STOCHASTIC;
    put(&r->out, all ? pick(r->language, "\n  routes: all, quick ones more often (routing: stochastic; route_dispersion", "\n  路径：所有路径，越快越常用（routing: stochastic；route_dispersion")
                     : pick(r->language, "\n  routes: the quickest (routing: least_time)\n", "\n  路径：最短路径（routing: least_time）\n"));
    for (size_t c = 0; all && c < about->C; c++)
        put_format(&r->out, "%s %s %g", c ? "," : "", about->travel[c].name, about->travel[c].route_dispersion.value);
    if (all) put(&r->out, pick(r->language, " per hour)\n", " 每小时）\n"));
    for (size_t c = 0; c < about->C; c++)
        if (about->travel[c].mode_dispersion.value > 0)
            put_format(&r->out, zh ? "  %s：先选方式再选路径（mode_dispersion %g 每小时）\n" : "  %s: a mode first, then a route (mode_dispersion %g per hour)\n", about->travel[c].name, about->travel[c].mode_dispersion.value);
}

/* Minutes by mode, where there are any. */
static void put_delays(report *r, const bashu_network *w, bool transfers)
{
    const graph *g = w->graph;
    bool any = false;
    for (size_t k = 0; k < g->delay_count; k++) {
        double time_h = transfers ? g->delays[k].transfer_h : g->delays[k].stop_h;
        if (!(time_h > 0)) continue;
        if (any) put(&r->out, pick(r->language, ", ", "，"));
        else put(&r->out, transfers ? pick(r->language, "  minutes to change to it: ", "  换乘：") : pick(r->language, "  minutes at each node passed, for stops: ", "  经停："));
        put_format(&r->out, "%s %s", mode_words(r, g->delays[k].mode), number_text(r->memory, 60 * time_h, 1));
        any = true;
    }
    if (any) put(&r->out, pick(r->language, "\n", " 分钟\n"));
}

static const char *problem_words(const report *r, const bashu_network *w, const bashu_network_problem *p)
{
    bool zh = r->language == BASHU_ZH;
    const description *about = &w->economy->about;
    switch (p->fault) {
    case BASHU_NETWORK_UNREACHABLE:
        return arena_format(r->memory, zh ? "%s：无法以 %s 到达" : "%s: cannot be reached by %s", where_words(r, about, p->id), p->other);
    case BASHU_NETWORK_TOO_FAST:
        return arena_format(r->memory, zh ? "线路 %s：按直线 %.0f 公里/时，上限 %.0f" : "link %s: %.0f km/h over the straight line, at most %.0f are possible", p->id, p->value, p->limit);
    case BASHU_NETWORK_TOO_SHORT:
        return arena_format(r->memory, zh ? "线路 %s：%.1f 公里，短于直线 %.1f 公里" : "link %s: %.1f km, shorter than the straight line of %.1f km", p->id, p->value, p->limit);
    case BASHU_NETWORK_TWIN:
        return arena_format(r->memory, zh ? "线路 %s 与 %s 起讫与方式相同：%.0f 与 %.0f 分钟" : "links %s and %s have the same ends and mode: %.0f and %.0f minutes", p->id, p->other, p->value, p->limit);
    }
    return "";
}

static void put_problems(report *r, const bashu_network *w)
{
    put_format(&r->out, "\n%s\n", pick(r->language, "Checks: every region within reach, no impossible speed, no length below the straight line, no link twice",
                                       "检查：所有地区可达、无不可能的速度、里程不短于直线、无重复线路"));
    if (!w->problem_count) put(&r->out, pick(r->language, "  nothing found\n", "  未发现问题\n"));
    for (size_t k = 0; k < w->problem_count && k < SHOWN; k++) put_format(&r->out, "  %s\n", problem_words(r, w, &w->problems[k]));
    if (w->problem_count > SHOWN) put_format(&r->out, r->language == BASHU_ZH ? "  另有 %zu 项（--json 列出全部）\n" : "  and %zu more (--json lists all)\n", w->problem_count - SHOWN);
}

static const char *ways_words(const report *r, int ways)
{
    static const char *const words[][2] = {{"all", "全部"}, {"one link", "单一线路"}, {"several links", "多条线路"}};
    return pick(r->language, words[ways][0], words[ways][1]);
}

static void put_fits(report *r, const bashu_network *w)
{
    static const char *const titles[][2] = {{"trains", "列车"}, {"way", "路径"}, {"pairs", "对数"}, {"no way", "无路径"}, {"median error", "误差中位数"}, {"of its size", "误差绝对值中位数"},
                                            {"90 %", "90 %"}, {"within 5 %", "5 % 以内"}, {"10 %", "10 %"}, {"worst", "最差"}};
    if (!w->printed_year) {
        put(&r->out, pick(r->language, "\nno printed times of that year to compare with\n", "\n没有该年份的时刻表可供比较\n"));
        return;
    }
    put_format(&r->out, r->language == BASHU_ZH ? "\n与 %d 年时刻表比较：%zu 个时间（直达列车）；误差 = %s / 时刻表 - 1\n" : "\nAgainst the timetable of %d: %zu times of direct trains; error = %s / printed - 1\n",
               w->printed_year, w->compared,
               w->dispersion > 0 ? pick(r->language, "time over all routes of the network", "路网所有路径的时间") : pick(r->language, "least time of the network", "路网最短时间"));
    grid *g = grid_new(r->memory, "llrrrrrrrl");
    heads(r, g, titles, sizeof titles / sizeof *titles);
    for (size_t k = 0; k < w->fit_count; k++) {
        const bashu_network_fit *f = &w->fits[k];
        grid_cell(g, f->ways == BASHU_WAYS_ALL ? mode_words(r, f->mode) : "");
        grid_cell(g, ways_words(r, f->ways));
        grid_cell(g, number_text(r->memory, (double)f->count, 0));
        grid_cell(g, f->ways == BASHU_WAYS_ALL ? number_text(r->memory, (double)f->unreachable, 0) : "");
        grid_cell(g, f->count ? arena_format(r->memory, "%+.1f %%", f->bias_pct) : "-");
        grid_cell(g, f->count ? arena_format(r->memory, "%.1f %%", f->median_pct) : "-");
        grid_cell(g, f->count ? arena_format(r->memory, "%.1f %%", f->ninety_pct) : "-");
        grid_cell(g, f->count ? arena_format(r->memory, "%.0f %%", 100 * f->within_5) : "-");
        grid_cell(g, f->count ? arena_format(r->memory, "%.0f %%", 100 * f->within_10) : "-");
        grid_cell(g, f->count ? arena_format(r->memory, "%+.0f %% %s - %s: %.0f / %.0f", f->worst_pct, f->worst_from, f->worst_to, f->worst_found, f->worst_printed) : "-");
    }
    grid_put(&r->out, g, "  ");
}

static bashu_status text_network(report *r, const void *subject)
{
    const bashu_network *w = subject;
    put_head(r, w);
    put_modes(r, w);
    put_routing(r, w);
    put_delays(r, w, false);
    put_delays(r, w, true);
    put_problems(r, w);
    put_fits(r, w);
    return BASHU_OK;
}

/* ---- JSON and CSV ---------------------------------------------------------------------------------- */

static const char *const fault_names[] = {"unreachable", "too_fast", "too_short", "twin"}; /* in the order of bashu_network_fault */
static const char *const ways_names[] = {"all", "link", "several"};

static json_t *json_fit(const bashu_network_fit *f)
{
    json_t *one = json_object();
    set_text(one, "mode", *f->mode ? f->mode : "any");
    set_text(one, "ways", ways_names[f->ways]);
    set_count(one, "count", f->count);
    set_count(one, "unreachable", f->unreachable);
    set_number(one, "bias_pct", f->bias_pct);
    set_number(one, "median_pct", f->median_pct);
    set_number(one, "ninety_pct", f->ninety_pct);
    set_number(one, "within_5", f->within_5);
    set_number(one, "within_10", f->within_10);
    set_number(one, "worst_pct", f->worst_pct);
    set_text(one, "worst_from", f->worst_from);
    set_text(one, "worst_to", f->worst_to);
    set_number(one, "worst_printed_minutes", f->count ? f->worst_printed : (double)NAN);
    set_number(one, "worst_found_minutes", f->count ? f->worst_found : (double)NAN);
    return one;
}

static bashu_status json_network(report *r, const void *subject)
{
    const bashu_network *w = subject;
    const description *about = &w->economy->about;
    json_t *object = json_object(), *modes = json_array(), *problems = json_array(), *fits = json_array();
    set_text(object, "version", BASHU_VERSION);
    set_value(object, "year", w->year ? json_integer(w->year) : NULL);
    set_value(object, "model", json_model(about));
    set_count(object, "nodes", w->graph->node_count);
    set_count(object, "regions", w->region_nodes);
    set_count(object, "links", w->graph->link_count);
    for (size_t k = 0; k < w->mode_count; k++) {
        const network_mode *m = &w->modes[k];
        json_t *one = json_object();
        set_text(one, "mode", m->mode);
        set_count(one, "links", m->links);
        set_number(one, "length_km", m->length_km);
        set_count(one, "imputed", m->imputed);
        set_count(one, "undated", m->undated);
        set_count(one, "closed", m->closed);
        set_number(one, "speed_q05", m->slowest);
        set_number(one, "speed_q50", m->typical);
        set_number(one, "speed_q95", m->fastest);
        set_number(one, "speed_limit", m->limit);
        for (size_t q = 0; q < w->graph->delay_count; q++)
            if (!strcmp(w->graph->delays[q].mode, m->mode)) {
                set_number(one, "stop_minutes", 60 * w->graph->delays[q].stop_h);
                set_number(one, "transfer_minutes", 60 * w->graph->delays[q].transfer_h);
            }
        add_value(modes, one);
    }
    set_value(object, "modes", modes);
    for (size_t k = 0; k < w->problem_count; k++) {
        const bashu_network_problem *p = &w->problems[k];
        json_t *one = json_object();
        set_text(one, "fault", fault_names[p->fault]);
        set_text(one, "id", p->id);
        set_text(one, "other", p->other);
        set_number(one, "value", p->value);
        set_number(one, "limit", p->limit);
        add_value(problems, one);
    }
    set_value(object, "problems", problems);
    set_value(object, "printed_year", w->printed_year ? json_integer(w->printed_year) : NULL);
    for (size_t k = 0; k < w->fit_count; k++) add_value(fits, json_fit(&w->fits[k]));
    set_value(object, "fit", fits);
    set_value(object, "inputs", json_files(about, w->scenario));
    return put_json(r, object);
}

static bashu_status csv_links(report *r, const void *subject)
{
    const bashu_network *w = subject;
    const graph *g = w->graph;
    put(&r->out, "link,from_node,to_node,mode,minutes,length_km,km_per_h,opened,line,minutes_flag,open\n");
    for (size_t l = 0; l < g->link_count; l++) {
        const graph_link *link = &g->links[l];
        put_field(&r->out, link->id, false);
        put_field(&r->out, g->node_id[link->from], false);
        put_field(&r->out, g->node_id[link->to], false);
        put_field(&r->out, link->mode, false);
        put_number_field(&r->out, 60 * (link_is_open(w, l) ? w->link_time_h[l] : link->time_h), false);
        put_number_field(&r->out, link->length_km, false);
        put_number_field(&r->out, link_speed(g, l), false);
        put_number_field(&r->out, link->opened ? link->opened : (double)NAN, false);
        put_field(&r->out, link->line ? link->line : "", false);
        put_field(&r->out, link->flag ? link->flag : "", false);
        put_field(&r->out, link_is_open(w, l) ? "1" : "0", true);
    }
    return BASHU_OK;
}

static bashu_status csv_times(report *r, const void *subject)
{
    const bashu_network *w = subject;
    const description *about = &w->economy->about;
    put(&r->out, "from_node,to_node,mode,year,trains,printed_minutes,found_minutes,error_pct,one_link\n");
    for (size_t k = 0; k < w->compared; k++) {
        const printed_time *row = &about->printed_times[w->printed[k]];
        put_field(&r->out, about->network->node_id[row->from], false);
        put_field(&r->out, about->network->node_id[row->to], false);
        put_field(&r->out, row->mode, false);
        put_number_field(&r->out, row->year, false);
        put_number_field(&r->out, row->trains, false);
        put_number_field(&r->out, 60 * row->time_h, false);
        put_number_field(&r->out, 60 * w->found_h[k], false);
        put_number_field(&r->out, 100 * (w->found_h[k] / row->time_h - 1), false);
        put_field(&r->out, w->is_link[k] ? "1" : "0", true);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_network}, {"json", json_network}, {"csv", csv_links}, {"times.csv", csv_times}, {"svg", svg_network}};

bashu_status network_report(char **out, const bashu_network *network, const char *format, bashu_language language)
{
    return report_write(out, network->context, language, formats, sizeof formats / sizeof formats[0], format, network);
}
