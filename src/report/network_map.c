/* network_map.c - pictures of a network as SVG: what links carry and which matter most, and how long it takes from a place.
 *
 *   links    equirectangular around the mean latitude: x = lon cos(lat0), y = lat; width of a link by the root of the trade it carries
 *   ranking  bars of the first links: effect on the first outcome when a link gets faster, exact where it was solved
 *   times    time of people from a place to every other (by the quickest route or over all, as the model has it), as a map of places (map.c); with a scenario or a year: how much less it is than in the
 *            network as it is, in percent */
#include "report/links.h"
#include "report/map.h"
#include "report/network.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 1200, HEIGHT = 700, MAP_WIDTH = 740, TOP = 70, FOOT = 50, BARS = 20 };

typedef struct frame {
    double x0, y0, scale, squeeze;
} frame;

static double frame_x(const frame *f, double lon) { return 24 + (lon * f->squeeze - f->x0) * f->scale; }
static double frame_y(const frame *f, double lat) { return TOP + (f->y0 - lat) * f->scale; }

static bool is_foreign(const description *about, size_t node)
{
    return about->foreign >= 0 && about->network->region_node[about->foreign] == node;
}

static frame frame_around(const description *about, double width)
{
    const graph *g = about->network;
    double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;
    for (size_t v = 0; v < g->node_count; v++) {
        if (!isfinite(g->node_lon[v]) || !isfinite(g->node_lat[v]) || is_foreign(about, v)) continue;
        west = fmin(west, g->node_lon[v]);
        east = fmax(east, g->node_lon[v]);
        south = fmin(south, g->node_lat[v]);
        north = fmax(north, g->node_lat[v]);
    }
    double squeeze = cos((south + north) / 2 * 3.14159265358979323846 / 180);
    double wide = fmax((east - west) * squeeze, 1e-3), high = fmax(north - south, 1e-3);
    double scale = fmin((width - 48) / wide, (HEIGHT - TOP - FOOT) / high);
    return (frame){west * squeeze, north, scale, squeeze};
}

const char *mode_colour(const char *mode)
{
    static const char *const colours[][2] = {{"road", "#b8b8b8"}, {"rail_conventional", "#7a9a52"}, {"rail_high_speed", svg_gain}};
    for (size_t k = 0; k < sizeof colours / sizeof *colours; k++)
        if (!strcmp(colours[k][0], mode)) return colours[k][1];
    return "#8a6fb0";
}

static bool is_drawn(const description *about, size_t link)
{
    const graph *g = about->network;
    const graph_link *l = &g->links[link];
    return !is_foreign(about, l->from) && !is_foreign(about, l->to) && isfinite(g->node_lon[l->from]) && isfinite(g->node_lon[l->to]) && isfinite(g->node_lat[l->from]) &&
           isfinite(g->node_lat[l->to]);
}

static bool is_road(const graph *g, size_t link) { return !strcmp(g->links[link].mode, "road"); }

static void put_link(report *r, const description *about, const frame *f, size_t link, double width, const char *words)
{
    const graph *g = about->network;
    const graph_link *l = &g->links[link];
    writer *w = &r->out;
    put(w, "<line");
    svg_attribute(w, "x1", frame_x(f, g->node_lon[l->from]));
    svg_attribute(w, "y1", frame_y(f, g->node_lat[l->from]));
    svg_attribute(w, "x2", frame_x(f, g->node_lon[l->to]));
    svg_attribute(w, "y2", frame_y(f, g->node_lat[l->to]));
    put_format(w, " stroke=\"%s\" stroke-opacity=\"0.8\" stroke-linecap=\"round\"", mode_colour(l->mode));
    svg_attribute(w, "stroke-width", width);
    put(w, "><title>");
    svg_escaped(w, words ? words : "");
    put(w, "</title></line>\n");
}

static void put_legend(report *r, const description *about, const char *note)
{
    static const char *const modes[] = {"rail_high_speed", "rail_conventional", "road"};
    double x = 24;
    for (size_t k = 0; k < 3; k++) {
        bool there = false;
        for (size_t l = 0; l < about->network->link_count && !there; l++) there = !strcmp(about->network->links[l].mode, modes[k]);
        if (!there) continue;
        const char *name = mode_words(r, modes[k]), *style = arena_format(r->memory, "stroke=\"%s\" stroke-width=\"4\"", mode_colour(modes[k]));
        svg_line(&r->out, x, HEIGHT - 24, x + 26, HEIGHT - 24, style ? style : "");
        svg_words(&r->out, x + 32, HEIGHT - 20, "font-size=\"13\" fill=\"#333333\"", name);
        x += 52 + 7.5 * (double)display_width(name);
    }
    svg_words(&r->out, x + 10, HEIGHT - 20, "font-size=\"13\" fill=\"#333333\"", note);
}

/* ---- what links do ---------------------------------------------------------------------------------- */

static double shown_effect(const bashu_links *k, size_t rank)
{
    double exact = rank < k->exact_count ? k->exact[rank * k->outcome_count] : (double)NAN;
    return isfinite(exact) ? exact : links_first_order(k, 0, k->rank[rank]);
}

static void put_bars(report *r, const bashu_links *k)
{
    const graph *g = k->economy->about.network;
    size_t count = k->ranked < BARS ? k->ranked : BARS;
    double left = MAP_WIDTH + 10, width = WIDTH - left - 24, step = (HEIGHT - TOP - FOOT - 10.0) / BARS, most = 0;
    for (size_t q = 0; q < count; q++) most = fmax(most, fabs(shown_effect(k, q)));
    for (size_t q = 0; q < count; q++) {
        double value = shown_effect(k, q), y = TOP + 10 + step * (double)q, long_bar = most > 0 ? fabs(value) / most * width : 0;
        const char *style = arena_format(r->memory, "fill=\"%s\" fill-opacity=\"%s\"", value < 0 ? svg_loss : mode_colour(g->links[k->rank[q]].mode), "0.55");
        svg_rectangle(&r->out, left, y, long_bar, step - 5, style ? style : "");
        const char *words = arena_format(r->memory, "%zu  %s  %s %%", q + 1, link_words(r, g, k->rank[q]), percent_text(r->memory, value, 3));
        svg_words(&r->out, left + 5, y + step / 2 + 2, "font-size=\"12.5\" fill=\"#111111\"", words ? words : "");
    }
}

bashu_status svg_links(report *r, const void *subject)
{
    const bashu_links *k = subject;
    const description *about = &k->economy->about;
    const graph *g = about->network;
    const bashu_variable *v = measure_variable(k->outcomes[0].variable);
    bool zh = r->language == BASHU_ZH;
    frame f = frame_around(about, MAP_WIDTH);
    double most = 0;
    const char *title = arena_format(r->memory, zh ? "%s：每条线路用时减少 %g %% 对%s（%s）的影响" : "%s: %g %% less time on each link, and %s (%s)", pick(r->language, about->title_en, about->title_zh),
                                     k->faster_pct, pick(r->language, v->title_en, v->title_zh), label_name(r, &k->outcomes[0].whose));
    if (!title) return fail_memory(r->context);
    for (size_t l = 0; l < g->link_count; l++)
        if (is_drawn(about, l) && !k->access[l]) most = fmax(most, k->carried[l]);
    svg_open(&r->out, WIDTH, HEIGHT, title);
    svg_words(&r->out, 24, 36, "font-size=\"18\" font-weight=\"bold\" fill=\"#111111\"", title);
    for (int above = 0; above < 2; above++) /* roads below */
        for (size_t l = 0; l < g->link_count; l++) {
            if (!is_drawn(about, l) || k->access[l] || !(k->carried[l] > 0) || above == is_road(g, l)) continue;
            put_link(r, about, &f, l, fmax(0.3, 9 * sqrt(k->carried[l] / most)),
                     arena_format(r->memory, "%s: %s %s", link_words(r, g, l), number_text(r->memory, k->carried[l], 0), currency_name(r, about)));
        }
    put_bars(r, k);
    put_legend(r, about, pick(r->language, "width: trade carried; bars: the links that matter most", "线宽：承载贸易；条形：影响最大的线路"));
    svg_close(&r->out);
    return BASHU_OK;
}

/* ---- the network ------------------------------------------------------------------------------------- */

bashu_status svg_network(report *r, const void *subject)
{
    const bashu_network *w = subject;
    description about = w->economy->about;
    const char *base = pick(r->language, about.title_en, about.title_zh);
    const char *title = w->year ? arena_format(r->memory, "%s, %d", base, w->year) : base;
    about.network = w->graph; /* with the links of the scenario */
    frame f = frame_around(&about, WIDTH);
    if (!title) return fail_memory(r->context);
    svg_open(&r->out, WIDTH, HEIGHT, title);
    svg_words(&r->out, 24, 36, "font-size=\"18\" font-weight=\"bold\" fill=\"#111111\"", title);
    for (int above = 0; above < 2; above++)
        for (size_t l = 0; l < w->graph->link_count; l++) {
            if (!is_drawn(&about, l) || !link_is_open(w, l) || above == is_road(w->graph, l)) continue;
            double speed = link_speed(w->graph, l);
            put_link(r, &about, &f, l, isfinite(speed) ? fmax(0.3, speed / 80) : 1, arena_format(r->memory, "%s: %.0f min", link_words(r, w->graph, l), 60 * w->link_time_h[l]));
        }
    put_legend(r, &about, pick(r->language, "width: speed", "线宽：速度"));
    svg_close(&r->out);
    return BASHU_OK;
}

/* ---- times from a place ------------------------------------------------------------------------------ */

bashu_status network_unchanged(changed_network *out, arena *memory, const description *about)
{
    const graph *g = about->network;
    *out = (changed_network){g, about->travel, arena_alloc(memory, g->link_count + 1, sizeof(double))};
    if (!out->link_time_h) return fail_memory(arena_context(memory));
    for (size_t l = 0; l < g->link_count; l++) out->link_time_h[l] = g->links[l].time_h;
    return BASHU_OK;
}

bashu_status network_times_between(double *time_h, const description *about, bashu_context *context, const changed_network *over)
{
    description with = *about;
    with.network = over->graph;
    with.travel = over->travel;
    return region_travel_time(time_h, &with, context, about->people_travel, over->link_time_h);
}

static bashu_status put_times(report *r, const bashu_network *w, size_t from)
{
    const description *about = &w->economy->about;
    const boundaries *outlines;
    size_t N = about->N;
    bool changed = w->scenario || w->year;
    double *now = arena_alloc(r->memory, N * N, sizeof *now), *before = arena_alloc(r->memory, N * N, sizeof *before), *part = arena_alloc(r->memory, N, sizeof *part);
    unsigned char *inside = arena_alloc(r->memory, N, 1);
    double limits[MAP_CLASSES - 1];
    if (!now || !before || !part || !inside) return fail_memory(r->context);
    changed_network with = {w->graph, w->travel, w->link_time_h}, without;
    TRY(network_unchanged(&without, r->memory, about));
    TRY(network_times_between(now, about, w->context, &with));
    TRY(network_times_between(before, about, w->context, &without));
    now += from * N;
    before += from * N;
    now[from] = before[from] = 0;
    for (size_t n = 0; n < N; n++)
        if (!isfinite(now[n]) || !isfinite(before[n])) now[n] = (double)NAN;
    focus zoom = measure_focus(about, w->scenario);
    bool all = !strcmp(zoom.set, "all");
    if (!all) TRY(measure_parts(r->context, about, zoom.set, zoom.member, part, NULL));
    for (size_t n = 0; n < N; n++) {
        inside[n] = !all && part[n] > 0;
        if (changed) now[n] = n == from ? 0 : 100 * (1 - now[n] / before[n]);
    }
    map_hours(limits, about, now, NULL);
    TRY(boundaries_read(&outlines, r->memory, about));
    const label *place = &about->regions[from].label;
    const char *what_en = w->scenario ? first_of(w->scenario->title_en, w->scenario->name) : w->year ? arena_format(r->memory, "links of %d", w->year) : "";
    const char *what_zh = w->scenario ? first_of(w->scenario->title_zh, w->scenario->name) : w->year ? arena_format(r->memory, "%d年的线路", w->year) : "";
    const char *title_en = changed ? arena_format(r->memory, "Less travel time from %s: %s", place->name_en, what_en) : arena_format(r->memory, "Travel time from %s", place->name_en);
    const char *title_zh = changed ? arena_format(r->memory, "自%s出发的旅行时间缩短：%s", place->name_zh, what_zh) : arena_format(r->memory, "自%s出发的旅行时间", place->name_zh);
    if (!title_en || !title_zh) return fail_memory(r->context);
    map_request m = {.about = about, .outlines = outlines, .title_en = title_en, .title_zh = title_zh, .legend_en = changed ? "less time than in the network as it is, %" : "hours",
                     .legend_zh = changed ? "比现有路网缩短，%" : "小时", .value = now, .limits = changed ? NULL : limits, .change = changed, .inside = all ? NULL : inside, .inside_en = zoom.name_en,
                     .inside_zh = zoom.name_zh, .names = 16};
    return put_map(r, &m);
}

bashu_status network_times(char **out, const bashu_network *network, const char *from, bashu_language language)
{
    const description *about = &network->economy->about;
    size_t n = 0;
    report r;
    while (n < about->N && strcmp(about->regions[n].label.id, from) != 0) n++;
    if (n == about->N) return fail(network->context, BASHU_ERROR_ARGUMENT, "there is no region '%s'; write the id of one of regions.csv", from);
    TRY(report_begin(&r, network->context, language));
    return report_end(out, &r, put_times(&r, network, n));
}
