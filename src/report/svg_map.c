/* svg_map.c - a map of the answer as SVG, without boundaries: one disc a place, its area the people who live there, its
 * colour the change in real GDP.
 *
 *   left   every domestic place with coordinates;  right  the places of the circle the scenario is about, named
 *   x = lon cos(lat of the middle), y = -lat: near enough at this size, and distances in a panel keep their proportions
 *   colour: white at zero, full at the 98th percentile of the absolute changes; blue gains, orange loses (a pair that
 *   people who confuse red and green can tell apart) */
#include "report/report.h"

#include <math.h>
#include <stdlib.h>

enum { WIDTH = 1200, HEIGHT = 640, HEAD = 84, FOOT = 60, MARGIN = 24, LABELS = 14 };
static const double degree = 3.14159265358979323846 / 180;

typedef struct panel { /* a window on the map */
    double left, top, width, height; /* pixels */
    double x0, y0, scale;            /* map units at the upper left corner; pixels per unit */
    double squeeze;                  /* cos of the middle latitude */
    double disc;                     /* pixels of radius per square root of a million people */
} panel;

typedef struct map {
    report *r;
    const bashu_package *package;
    const description *about;
    const double *percent;           /* [N] */
    const unsigned char *inside;     /* [N] in the focus */
    double full;                     /* percent at which the colour is full */
} map;

static bool is_drawn(const map *m, size_t n)
{
    const region_row *region = &m->about->regions[n];
    return (long)n != m->about->foreign && isfinite(region->lon) && isfinite(region->lat);
}

/* A window that shows all places chosen, with a border for their discs. */
static panel panel_around(const map *m, bool focus_only, double left, double width)
{
    panel p = {.left = left, .top = HEAD, .width = width, .height = HEIGHT - HEAD - FOOT, .disc = focus_only ? 6 : 2.6};
    double west = 180, east = -180, south = 90, north = -90;
    for (size_t n = 0; n < m->about->N; n++) {
        const region_row *region = &m->about->regions[n];
        if (!is_drawn(m, n) || (focus_only && !m->inside[n])) continue;
        west = fmin(west, region->lon);
        east = fmax(east, region->lon);
        south = fmin(south, region->lat);
        north = fmax(north, region->lat);
    }
    if (west > east) west = east = south = north = 0;
    p.squeeze = cos((south + north) / 2 * degree);
    double wide = fmax((east - west) * p.squeeze, 0.1) * 1.12, high = fmax(north - south, 0.1) * 1.12;
    p.scale = fmin(p.width / wide, p.height / high);
    p.x0 = (west + east) / 2 * p.squeeze - p.width / p.scale / 2;
    p.y0 = -(south + north) / 2 - p.height / p.scale / 2;
    return p;
}

static double panel_x(const panel *p, double lon) { return p->left + (lon * p->squeeze - p->x0) * p->scale; }
static double panel_y(const panel *p, double lat) { return p->top + (-lat - p->y0) * p->scale; }

static void put_colour(writer *w, double percent, double full)
{
    static const int gain[3] = {8, 81, 156}, loss[3] = {217, 95, 14};
    double strength = full > 0 ? fmin(1, sqrt(fabs(percent) / full)) : 0; /* the root shows small changes too */
    const int *to = percent < 0 ? loss : gain;
    put(w, "#");
    for (int k = 0; k < 3; k++) put_format(w, "%02x", (unsigned)lround(245 + (to[k] - 245) * strength));
}

/* Files never have a decimal comma, whatever the locale of the program that asks for them. */
static void put_tenths(writer *w, double value)
{
    long tenths = lround(10 * value);
    put_format(w, "%s%ld.%ld", tenths < 0 ? "-" : "", labs(tenths) / 10, labs(tenths) % 10);
}

static void put_attribute(writer *w, const char *name, double value)
{
    put_format(w, " %s=\"", name);
    put_tenths(w, value);
    put(w, "\"");
}

/* XML asks for three characters to be written otherwise. */
static void put_escaped(writer *w, const char *text)
{
    for (; *text; text++) {
        if (*text == '&') put(w, "&amp;");
        else if (*text == '<') put(w, "&lt;");
        else if (*text == '>') put(w, "&gt;");
        else put_format(w, "%c", *text);
    }
}

static void put_words(writer *w, double x, double y, const char *style, const char *words)
{
    put(w, "<text");
    put_attribute(w, "x", x);
    put_attribute(w, "y", y);
    put_format(w, " %s>", style);
    put_escaped(w, words);
    put(w, "</text>\n");
}

static void put_disc(const map *m, const panel *p, size_t n)
{
    const region_row *region = &m->about->regions[n];
    writer *w = &m->r->out;
    double x = panel_x(p, region->lon), y = panel_y(p, region->lat);
    if (x < p->left || x > p->left + p->width || y < p->top || y > p->top + p->height) return;
    put(w, "<circle");
    put_attribute(w, "cx", x);
    put_attribute(w, "cy", y);
    put_attribute(w, "r", fmax(1.2, p->disc * sqrt(region->people / 1e6)));
    put(w, " fill=\"");
    put_colour(w, m->percent[n], m->full);
    put_format(w, "\" stroke=\"%s\" stroke-width=\"0.6\"><title>", m->inside[n] ? "#222222" : "#999999");
    put_escaped(w, label_name(m->r, &region->label));
    const char *percent = percent_text(m->r->memory, m->percent[n], 3);
    put_format(w, " %s %%</title></circle>\n", percent ? percent : "");
}

/* Larger places first, so that small ones lie on top. */
static void put_discs(const map *m, const panel *p, const size_t *order, size_t count)
{
    for (size_t k = count; k-- > 0;)
        if (is_drawn(m, order[k])) put_disc(m, p, order[k]);
}

typedef struct box {
    double x0, y0, x1, y1;
} box;

static bool overlaps(const box *a, const box *b)
{
    return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

/* Names of the largest places of the focus, where they do not cover each other. */
static void put_names(const map *m, const panel *p, const size_t *order, size_t count)
{
    box taken[LABELS];
    size_t labels = 0;
    for (size_t k = count; k-- > 0 && labels < LABELS;) {
        size_t n = order[k];
        if (!m->inside[n] || !is_drawn(m, n)) continue;
        const region_row *region = &m->about->regions[n];
        const char *name = label_name(m->r, &region->label), *percent = percent_text(m->r->memory, m->percent[n], 2);
        const char *words = percent ? arena_format(m->r->memory, "%s %s", name, percent) : NULL;
        if (!words) return;
        double x = panel_x(p, region->lon) + p->disc * sqrt(region->people / 1e6) + 3, y = panel_y(p, region->lat) + 4;
        box place = {x, y - 12, x + 7.2 * (double)display_width(words), y + 3};
        bool is_free = place.x1 < p->left + p->width;
        for (size_t i = 0; is_free && i < labels; i++) is_free = !overlaps(&place, &taken[i]);
        if (!is_free) continue;
        taken[labels++] = place;
        put_words(&m->r->out, x, y, "font-size=\"12\" fill=\"#222222\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\"",
                  words);
    }
}

static void put_legend(const map *m)
{
    writer *w = &m->r->out;
    double y = HEIGHT - FOOT + 22;
    for (int k = -4; k <= 4; k++) {
        double percent = m->full * k * (double)abs(k) / 16; /* even steps of colour */
        put_format(w, "<rect x=\"%d\" width=\"52\" height=\"12\"", MARGIN + (k + 4) * 52);
        put_attribute(w, "y", y);
        put(w, " fill=\"");
        put_colour(w, percent, m->full);
        put(w, "\" stroke=\"#cccccc\" stroke-width=\"0.5\"/>\n");
        const char *words = percent_text(m->r->memory, percent, 2);
        put_words(w, MARGIN + (k + 4) * 52 + 26, y + 26, "font-size=\"11\" text-anchor=\"middle\" fill=\"#444444\"", words ? words : "");
    }
    put_words(w, MARGIN + 9 * 52 + 16, y + 11, "font-size=\"12\" fill=\"#444444\"",
              pick(m->r->language, "change in real GDP, %; area of a disc: people", "实际 GDP 变化（%）；圆的面积表示人口"));
}

static int by_size(const void *a, const void *b)
{
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return (x > y) - (x < y);
}

static double full_colour(const map *m, double *scratch)
{
    size_t count = 0;
    for (size_t n = 0; n < m->about->N; n++)
        if (is_drawn(m, n)) scratch[count++] = m->percent[n];
    if (!count) return 0;
    qsort(scratch, count, sizeof *scratch, by_size);
    return fabs(scratch[(size_t)(0.98 * (double)(count - 1))]);
}

static void put_map(const map *m, const focus *about_what, const size_t *order, size_t count)
{
    writer *w = &m->r->out;
    const bashu_scenario *scenario = m->package->scenario;
    panel nation = panel_around(m, false, MARGIN, 0.58 * WIDTH - MARGIN), circle = panel_around(m, true, 0.6 * WIDTH, 0.4 * WIDTH - MARGIN);
    put_format(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"Noto Sans CJK SC, Noto Sans, sans-serif\">\n",
               WIDTH, HEIGHT);
    put_format(w, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, HEIGHT);
    put_words(w, MARGIN, 40, "font-size=\"22\" font-weight=\"bold\" fill=\"#111111\"", pick(m->r->language, scenario->title_en, scenario->title_zh));
    put_words(w, MARGIN, 66, "font-size=\"14\" fill=\"#444444\"", pick(m->r->language, m->about->title_en, m->about->title_zh));
    put_words(w, 0.6 * WIDTH, 66, "font-size=\"14\" fill=\"#444444\"", pick(m->r->language, about_what->name_en, about_what->name_zh));
    put_discs(m, &nation, order, count);
    put_format(w, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#dddddd\"/>\n", 59 * WIDTH / 100, HEAD, 59 * WIDTH / 100, HEIGHT - FOOT);
    put_discs(m, &circle, order, count);
    put_names(m, &circle, order, count);
    put_legend(m);
    put(w, "</svg>\n");
}

bashu_status svg_map(report *r, const void *subject)
{
    const bashu_package *package = subject;
    const description *about = &package->economy->about;
    if (package->whole->info.reason <= 0)
        return fail(r->context, BASHU_ERROR_ARGUMENT, "there is no equilibrium to draw (%s)", bashu_reason_text(package->whole->info.reason));
    double *percent = arena_alloc(r->memory, about->N, sizeof *percent), *people = arena_alloc(r->memory, about->N, sizeof *people);
    size_t *order = arena_alloc(r->memory, about->N, sizeof *order);
    unsigned char *inside = arena_alloc(r->memory, about->N, 1);
    if (!percent || !people || !order || !inside) return fail_memory(r->context);
    TRY(measure_values(package->whole, "gdp", BASHU_PERCENT, percent, about->N));
    focus about_what = measure_focus(about, package->scenario);
    long set = find_set(about, about_what.set), member = set >= 0 ? find_member(&about->sets[set], about_what.member) : -1;
    for (size_t n = 0; n < about->N; n++) {
        inside[n] = member < 0 || about->sets[set].member_of[n] == member;
        people[n] = about->regions[n].people;
    }
    map m = {r, package, about, percent, inside, 0};
    m.full = full_colour(&m, people);
    for (size_t n = 0; n < about->N; n++) people[n] = about->regions[n].people; /* full_colour used the room */
    put_map(&m, &about_what, order, measure_order(about, people, order));
    return BASHU_OK;
}
