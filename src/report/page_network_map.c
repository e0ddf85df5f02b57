/* page_network_map.c - maps in the section about the network: what links carry, and how long it takes from a place.
 *
 * Width of a link: by the root of the trade it carries. Lines that look alike are one stroke, so that thousands of links take little room. */
#include "report/network.h"
#include "report/page.h"
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char changed_colour[8] = "#d6336c";
static const double widest = 7, thinnest = 0.4;

bool link_is_changed(const page *p, size_t link)
{
    const graph *before = p->about->network;
    return link >= before->link_count || p->with.link_time_h[link] != before->links[link].time_h;
}

/* ---- the two main places ----------------------------------------------------------------------------- */

static bashu_status inside_of(unsigned char **out, const page *p)
{
    size_t N = p->about->N;
    double *part = arena_alloc(p->r->memory, N, sizeof *part);
    *out = arena_alloc(p->r->memory, N, 1);
    if (!part || !*out) return fail_memory(p->r->context);
    TRY(measure_parts(p->r->context, p->about, p->about_what.set, p->about_what.member, part, NULL));
    for (size_t n = 0; n < N; n++) (*out)[n] = part[n] > 0;
    return BASHU_OK;
}

bashu_status nodes_inside(unsigned char **out, const page *p)
{
    const graph *g = p->with.graph;
    unsigned char *inside;
    *out = arena_alloc(p->r->memory, g->node_count + 1, 1);
    if (!*out) return fail_memory(p->r->context);
    TRY(inside_of(&inside, p));
    for (size_t n = 0; n < p->about->N; n++) (*out)[g->region_node[n]] = inside[n];
    for (size_t l = 0; p->links && l < p->about->network->link_count; l++) {
        size_t a = g->links[l].from, b = g->links[l].to;
        if (p->links->access[l]) (*out)[a] = (*out)[b] = (*out)[a] | (*out)[b];
    }
    return BASHU_OK;
}

/* Index of the city of region n, or one of its own where it has none. */
static size_t city_of(const description *about, size_t n)
{
    long set = find_set(about, "city"), member = set >= 0 ? about->sets[set].member_of[n] : -1;
    return member >= 0 ? about->N + (size_t)member : n;
}

bashu_status main_places(size_t *out, size_t count, const page *p, bool inside_wanted)
{
    const description *about = p->about;
    unsigned char *inside;
    TRY(inside_of(&inside, p));
    for (size_t k = 0; k < count; k++) {
        double most = -1;
        out[k] = SIZE_MAX;
        for (size_t n = 0; n < about->N; n++) { /* the region with the largest GDP of the largest city not yet named */
            double city = 0, largest = 0;
            bool named = false;
            if ((long)n == about->foreign || !inside[n] != !inside_wanted) continue;
            for (size_t i = 0; i < about->N; i++) {
                if (city_of(about, i) != city_of(about, n) || (long)i == about->foreign) continue;
                city += about->regions[i].gdp;
                largest = fmax(largest, about->regions[i].gdp);
            }
            for (size_t q = 0; q < k; q++) named |= out[q] != SIZE_MAX && city_of(about, out[q]) == city_of(about, n);
            if (named || about->regions[n].gdp < largest || !(city > most)) continue;
            most = city;
            out[k] = n;
        }
    }
    return BASHU_OK;
}

said main_place_name(const page *p, size_t n)
{
    const description *about = p->about;
    said name = said_label(&about->regions[n].label);
    size_t city = city_of(about, n);
    if (city < about->N) return name;
    said whole = said_label(&about->sets[find_set(about, "city")].members[city - about->N]);
    if (!strcmp(name.en, whole.en)) return name;
    return (said){arena_format(p->r->memory, "%s (%s)", name.en, whole.en), arena_format(p->r->memory, "%s%s", whole.zh, name.zh)};
}

/* ---- what links carry -------------------------------------------------------------------------------- */

typedef struct drawn_link {
    map_line line;
    int layer; /* roads lowest, then rail, then what changes */
} drawn_link;

static int lower_first(const void *a, const void *b)
{
    const drawn_link *x = a, *y = b;
    int colour = strcmp(x->line.colour, y->line.colour);
    if (x->layer != y->layer) return x->layer - y->layer;
    if (colour) return colour;
    if (x->line.width != y->line.width) return x->line.width < y->line.width ? -1 : 1;
    return 0; /* one stroke */
}

/* Whether it is drawn: not a way between a region and a station, nor one abroad, and with both ends known. */
static bool has_ends(const page *p, const graph *g, size_t link)
{
    const graph_link *l = &g->links[link];
    size_t abroad = p->about->foreign >= 0 ? g->region_node[p->about->foreign] : SIZE_MAX;
    if (l->from == abroad || l->to == abroad || (p->links && link < p->about->network->link_count && p->links->access[link])) return false;
    return isfinite(g->node_lon[l->from]) && isfinite(g->node_lat[l->from]) && isfinite(g->node_lon[l->to]) && isfinite(g->node_lat[l->to]);
}

static const char *link_title(const page *p, size_t link)
{
    const graph *g = p->with.graph;
    bool old = link < p->about->network->link_count;
    double now = 60 * p->with.link_time_h[link];
    const char *both = arena_format(p->r->memory, "%s / %s", link_words(&p->in[BASHU_EN], g, link), link_words(&p->in[BASHU_ZH], g, link));
    if (old && !isfinite(p->with.link_time_h[link])) return arena_format(p->r->memory, "%s: closed 关闭", both);
    if (old) return arena_format(p->r->memory, "%s: %.0f → %.0f min", both, 60 * g->links[link].time_h, now);
    return arena_format(p->r->memory, "%s: new 新建, %.0f min", both, now);
}

/* near: NULL, or the nodes whose links set the measure of widths. */
static size_t gather_links(drawn_link *out, const page *p, const unsigned char *near)
{
    const graph *g = p->with.graph;
    double most = 0;
    size_t count = 0;
    for (size_t l = 0; p->links && l < p->about->network->link_count; l++)
        if (has_ends(p, g, l) && (!near || near[g->links[l].from] || near[g->links[l].to])) most = fmax(most, p->links->carried[l]);
    for (size_t l = 0; l < g->link_count; l++) {
        const graph_link *link = &g->links[l];
        bool changed = link_is_changed(p, l), old = l < p->about->network->link_count;
        double carried = p->links && old ? p->links->carried[l] : 0, width = most > 0 ? widest * sqrt(carried / most) : 1;
        if (!has_ends(p, g, l) || (!changed && p->links && !(carried > 0))) continue;
        width = fmin(widest, fmax(changed ? 2.4 : thinnest, round(2.5 * width) / 2.5));
        out[count++] = (drawn_link){{{g->node_lon[link->from], g->node_lon[link->to]}, {g->node_lat[link->from], g->node_lat[link->to]}, width,
                                     changed ? changed_colour : mode_colour(link->mode), changed ? link_title(p, l) : NULL},
                                    changed ? 2 : strcmp(link->mode, "road") != 0};
    }
    return count;
}

/* One key for each mode there is, and one for what changes. */
static size_t gather_keys(map_key *keys, const page *p, bool changes)
{
    size_t count = 0;
    for (size_t k = 0; k < p->network->mode_count && k < 7; k++) {
        const char *mode = p->network->modes[k].mode;
        keys[count++] = (map_key){mode_colour(mode), mode_words(&p->in[BASHU_EN], mode), mode_words(&p->in[BASHU_ZH], mode), 4};
    }
    if (changes) keys[count++] = (map_key){changed_colour, "changed by the scenario", "情景所改变", 4};
    return count;
}

bashu_status put_link_map(page *p, map_show show)
{
    const graph *g = p->with.graph;
    arena *memory = p->r->memory;
    drawn_link *drawn = arena_alloc(memory, g->link_count + 1, sizeof *drawn);
    map_line *lines = arena_alloc(memory, g->link_count + 1, sizeof *lines);
    map_key keys[8];
    unsigned char *inside, *nodes;
    bool changes = false, all = !strcmp(p->about_what.set, "all"), near = show == MAP_ZOOM;
    if (!drawn || !lines) return fail_memory(p->r->context);
    TRY(inside_of(&inside, p));
    TRY(nodes_inside(&nodes, p));
    size_t count = gather_links(drawn, p, near ? nodes : NULL);
    qsort(drawn, count, sizeof *drawn, lower_first);
    for (size_t k = 0; k < count; k++) {
        lines[k] = drawn[k].line;
        changes |= drawn[k].layer == 2;
    }
    said where = near ? p->whose : p->economy_title;
    said title = p->links ? (said){arena_format(memory, "What the links carry, %s", where.en), arena_format(memory, "各条线路的承载，%s", where.zh)}
                          : (said){arena_format(memory, "The network, %s", where.en), arena_format(memory, "交通网络，%s", where.zh)};
    shared_outlines outlines = share_outlines(p, show);
    map_request m = {.about = p->about, .outlines = p->outlines, .id = near ? "links-near-" : "links-", .outlines_id = outlines.id, .outlines_there = outlines.there, .title_en = title.en, .title_zh = title.zh,
                     .lines = lines, .line_count = count, .keys = keys, .key_count = gather_keys(keys, p, changes), .show = show, .inside = all ? NULL : inside,
                     .names = near ? 24 : 0, .names_whole = near ? 0 : 12};
    put(&p->r->out, near ? "<figure class=\"wide zoom\">\n" : "<figure class=\"wide\">\n");
    TRY(put_map(p->r, &m));
    html_figure_close(p->r, (said){arena_format(memory, "%s.%s%s", title.en, p->links ? " The wider a line, the more trade goes that way (goods and services, with the scenario)." : "",
                                                changes ? " Pink: links that the scenario changes, adds or closes." : ""),
                                   arena_format(memory, "%s。%s%s", title.zh, p->links ? "线越宽，经过的贸易（货物与服务，情景之下）越多。" : "", changes ? "粉色：情景所改变、新建或关闭的线路。" : "")});
    return BASHU_OK;
}

/* ---- how long it takes from a place ------------------------------------------------------------------ */

bashu_status put_time_map(page *p, size_t from, map_show show)
{
    arena *memory = p->r->memory;
    size_t N = p->about->N;
    double *shown = arena_alloc(memory, N, sizeof *shown), limits[MAP_CLASSES - 1];
    const double *now = p->after_h + from * N, *before = p->before_h + from * N;
    unsigned char *inside;
    bool all = !strcmp(p->about_what.set, "all"), near = show == MAP_ZOOM, changed = false;
    if (!shown) return fail_memory(p->r->context);
    TRY(inside_of(&inside, p));
    for (size_t n = 0; n < N; n++) changed |= now[n] != before[n] && (long)n != p->about->foreign;
    for (size_t n = 0; n < N; n++) shown[n] = n == from ? 0 : !isfinite(now[n]) || !isfinite(before[n]) ? (double)NAN : changed ? 100 * (1 - now[n] / before[n]) : now[n];
    if (!changed) map_hours(limits, p->about, shown, near ? inside : NULL);
    said place = main_place_name(p, from);
    said title = changed ? (said){arena_format(memory, "Change in travel time from %s", place.en), arena_format(memory, "自%s出发的旅行时间变化", place.zh)}
                         : (said){arena_format(memory, "Hours from %s", place.en), arena_format(memory, "自%s出发的旅行时间", place.zh)};
    const char *id = arena_format(memory, "time-%s-", p->about->regions[from].label.id);
    if (!title.en || !title.zh || !id) return fail_memory(p->r->context);
    shared_outlines outlines = share_outlines(p, show);
    map_request m = {.about = p->about, .outlines = p->outlines, .id = id, .outlines_id = outlines.id, .outlines_there = outlines.there, .title_en = title.en, .title_zh = title.zh, .legend_en = changed ? "time saved, %" : "hours",
                     .legend_zh = changed ? "节省时间，%" : "小时", .value = shown, .limits = changed ? NULL : limits, .change = changed, .show = show, .inside = all ? NULL : inside,
                     .names = near ? 30 : 0, .names_whole = near ? 0 : 12};
    put(&p->r->out, near ? "<figure class=\"wide zoom\">\n" : "<figure class=\"wide\">\n");
    TRY(put_map(p->r, &m));
    html_figure_close(p->r, changed ? (said){arena_format(memory, "%s, in percent of the time without the scenario, for people. Blue: sooner; orange: later; white: as before.", title.en),
                                             arena_format(memory, "%s（占无情景时间的 %%，人员出行）。蓝色：更快；橙色：更慢；白色：不变。", title.zh)}
                                    : (said){arena_format(memory, "%s for people, with the ways to and from stations.", title.en),
                                             arena_format(memory, "%s（小时，人员出行，含往返车站）。", title.zh)});
    return BASHU_OK;
}
