/* map_words.c - what is written on a map and beside it: names of places, the legend, the inset, sources. */
#include "report/map_parts.h"

#include "report/svg.h"

#include <stdlib.h>

/* ---- names ------------------------------------------------------------------------------------------ */

typedef struct box {
    double x0, y0, x1, y1;
} box;

static bool overlaps(const box *a, const box *b) { return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1; }

/* What is named: a region, or on the whole a city, which may be several regions. */
typedef struct named_place {
    const label *name;
    double x, y, radius, people; /* pixels, of the seat; of its disc */
    double value;        /* NaN: no number is shown */
} named_place;

static int more_people(const void *a, const void *b)
{
    double x = ((const named_place *)a)->people, y = ((const named_place *)b)->people;
    return (x < y) - (x > y);
}

/* Regions inside; of the whole the members of the set `city` where there is one, at the seat of their largest region. Returns how many. */
static size_t places_to_name(named_place *out, const map *m, const panel *p, bool inside_only)
{
    const description *about = m->of->about;
    long g = inside_only ? -1 : find_set(about, "city");
    size_t count = g >= 0 ? about->sets[g].member_count : about->N, kept = 0;
    for (size_t k = 0; k < count; k++) {
        named_place *to = &out[kept];
        double largest = 0;
        *to = (named_place){g >= 0 ? &about->sets[g].members[k] : &about->regions[k].label, (double)NAN, (double)NAN, 0, 0, (double)NAN};
        for (size_t n = g >= 0 ? 0 : k; n < (g >= 0 ? about->N : k + 1); n++) {
            if ((g >= 0 && about->sets[g].member_of[n] != (long)k) || isnan(m->seat_x[n]) || (inside_only && !m->of->inside[n])) continue;
            to->people += about->regions[n].people;
            if (!(about->regions[n].people > largest)) continue;
            largest = about->regions[n].people;
            to->x = panel_x(p, m->seat_x[n]);
            to->radius = m->outlined[n] ? 0 : p->disc * sqrt(largest / 1e6);
            to->y = panel_y(p, m->seat_y[n]) + 4;
            if (inside_only && (m->of->change || m->of->limits)) to->value = m->of->value[n];
        }
        kept += !isnan(to->x);
    }
    qsort(out, kept, sizeof *out, more_people);
    return kept;
}

/* Whether words of this width go there without covering others; then the place is taken. */
static bool take_place(box *taken, size_t labels, const panel *p, double x, double y, double width)
{
    box place = {x - 1, y - 11, x + width + 1, y + 3};
    if (!(place.x1 < p->left + p->width && place.x0 > p->left && place.y0 > p->top && place.y1 < p->top + p->height)) return false;
    for (size_t i = 0; i < labels; i++)
        if (overlaps(&place, &taken[i])) return false;
    taken[labels] = place;
    return true;
}

/* Names of the largest places of the panel, inside with their numbers: at their seats or beside them, where there is room. */
static bashu_status put_names(const map *m, const panel *p, bool inside_only)
{
    static const double aside[][2] = {{0, 0}, {14, 0}, {-14, 0}, {0, 12}, {0, -12}, {14, 12}, {-14, 12}, {14, -12}, {-14, -12}};
    box taken[NAMES_MOST];
    named_place *places = arena_alloc(m->r->memory, m->of->about->N + 1, sizeof *places);
    size_t labels = 0, most = inside_only ? m->of->names : m->of->names_whole;
    if (!places) return fail_memory(m->r->context);
    size_t count = places_to_name(places, m, p, inside_only);
    for (size_t k = 0; k < count && labels < most && labels < NAMES_MOST; k++) {
        const char *number = isnan(places[k].value) ? "" : m->of->change ? percent_text(m->r->memory, places[k].value, 2) : number_text(m->r->memory, places[k].value, m->decimals);
        const char *words = arena_format(m->r->memory, "%s%s%s", label_name(m->r, places[k].name), *number ? " " : "", number);
        if (!words) return fail_memory(m->r->context);
        double width = 6.6 * (double)display_width(words), beside = places[k].radius + 3;
        for (size_t q = 0; q < sizeof aside / sizeof *aside; q++) {
            double x = places[k].x + aside[q][0] - width / 2, y = places[k].y + aside[q][1];
            if (places[k].radius > 0) x = q == 1 ? places[k].x - beside - width : places[k].x + beside, y = places[k].y;
            if (places[k].radius > 0 && q > 1) break; /* right of a disc, or left of it */
            if (!take_place(taken, labels, p, x, y, width)) continue;
            labels++;
            svg_words(&m->r->out, x, y, "font-size=\"12\" fill=\"#111111\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-opacity=\"0.85\" paint-order=\"stroke\"", words);
            break;
        }
    }
    return BASHU_OK;
}

bashu_status put_all_names(map *m, const panel *whole, const panel *zoom)
{
    bashu_language kept = m->r->language;
    bashu_status status = BASHU_OK;
    for (int l = 0; l < 2 && status == BASHU_OK; l++) {
        if (!svg_language_open(m->r, (bashu_language)l)) continue;
        m->r->language = (bashu_language)l;
        if (whole) status = put_names(m, whole, false);
        if (zoom && status == BASHU_OK) status = put_names(m, zoom, true);
        m->r->language = kept;
        svg_language_close(m->r);
    }
    return status;
}

/* ---- beside the map --------------------------------------------------------------------------------- */

void put_inset(const map *m, const panel *p)
{
    const boundaries *b = m->of->outlines;
    writer *w = &m->r->out;
    extent e = nowhere;
    if (!b || !b->inset_count) return;
    for (size_t k = 0; k < b->inset_count; k++)
        for (size_t i = 0; i < b->inset[k].count; i++) widen(&e, b->inset_x[b->inset[k].first + i], b->inset_y[b->inset[k].first + i]);
    double scale = 104 / (e.y1 - e.y0), left = p->left + p->width - scale * (e.x1 - e.x0) - 8, top = p->top + p->height - 128;
    svg_rectangle(w, left - 2, top - 2, scale * (e.x1 - e.x0) + 4, 108, "fill=\"#ffffff\"");
    put(w, "<g fill=\"#666666\" stroke=\"none\">\n");
    for (size_t k = 0; k < b->inset_count; k++) {
        put(w, "<path d=\"M");
        for (size_t i = 0; i < b->inset[k].count; i++) {
            if (i) put(w, "L");
            svg_number(w, left + scale * (b->inset_x[b->inset[k].first + i] - e.x0));
            put(w, " ");
            svg_number(w, top + scale * (b->inset_y[b->inset[k].first + i] - e.y0));
        }
        put(w, "z\"/>\n");
    }
    put(w, "</g>\n");
    svg_said(m->r, left + scale * (e.x1 - e.x0) / 2, top + 118, "font-size=\"10\" text-anchor=\"middle\" fill=\"#444444\"", b->inset_en, b->inset_zh);
}

static void put_swatch(const map *m, double x, double y, double width, const char *fill, const char *english, const char *chinese)
{
    put(&m->r->out, "<rect height=\"12\"");
    svg_attribute(&m->r->out, "x", x);
    svg_attribute(&m->r->out, "y", y);
    svg_attribute(&m->r->out, "width", width);
    put_format(&m->r->out, " fill=\"%s\" stroke=\"#bbbbbb\" stroke-width=\"0.5\"/>\n", fill);
    svg_said(m->r, x + width / 2, y + 25, "font-size=\"11\" text-anchor=\"middle\" fill=\"#333333\"", english, chinese);
}

void put_map_legend(const map *m)
{
    double y = m->height - FOOT + 18, wide = m->of->change ? 52 : 74;
    char room[8];
    int steps = m->of->change ? 9 : CLASSES;
    for (int k = 0; k < steps; k++) {
        double percent = m->full * (k - 4) * (double)abs(k - 4) / 16; /* even steps of colour */
        const char *fill = m->of->change ? svg_diverging(room, percent, m->full) : svg_sequential(room, (double)k / (CLASSES - 1));
        const char *words = m->of->change ? percent_text(m->r->memory, percent, m->full < 0.1 ? 3 : 2)
                            : k + 1 < steps ? arena_format(m->r->memory, "≤ %s", number_text(m->r->memory, m->limit[k + 1], m->decimals))
                                            : arena_format(m->r->memory, "> %s", number_text(m->r->memory, m->limit[k], m->decimals));
        put_swatch(m, m->margin + k * wide, y, wide, fill, words ? words : "", words ? words : "");
    }
    double right = m->margin + steps * wide + 16;
    put_swatch(m, right, y, 26, m->none, "no data", "无数据");
    svg_said(m->r, right + 48, y + 10, "font-size=\"13\" fill=\"#333333\"", m->of->legend_en, m->of->legend_zh);
    if (!m->of->outlines)
        svg_said(m->r, right + 48, y + 27, "font-size=\"11\" fill=\"#555555\"", "area of a disc: people who live there", "圆的面积表示常住人口");
}

void put_map_source(const map *m)
{
    const boundaries *b = m->of->outlines;
    const description *about = m->of->about;
    const char *outlines = b ? b->source : "";
    const char *english = arena_format(m->r->memory, "Data: %s%s%s. Computed by Bashu %s", pick(BASHU_EN, about->title_en, about->title_zh), *outlines ? "; boundaries: " : "", outlines, BASHU_VERSION);
    const char *chinese = arena_format(m->r->memory, "数据：%s%s%s。Bashu %s 计算", pick(BASHU_ZH, about->title_en, about->title_zh), *outlines ? "；边界：" : "", outlines, BASHU_VERSION);
    svg_said(m->r, m->margin, m->height - 12, "font-size=\"10\" fill=\"#666666\"", english, chinese);
}
