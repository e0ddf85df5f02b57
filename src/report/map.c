/* map.c - a map of one number of every place, as SVG.
 *
 *   projection  Albers' equal-area conic (Snyder 1987, p. 98), standard parallels a sixth of the way from south and north:
 *               n = (sin p1 + sin p2) / 2,  C = cos^2 p1 + 2 n sin p1,  rho = sqrt(C - 2 n sin lat) / n,
 *               x = rho sin(n (lon - lon0)),  y = rho0 - rho cos(n (lon - lon0))
 *   outlines    every point is moved to a grid of pixels (enlarged: half pixels) by itself, so that neighbours keep a common border; points that fall together go
 *   colour      changes: white at zero, full at the 98th percentile of absolute changes; levels: seven classes with as many places each
 *
 * Places without an outline are discs, whose area is the people who live there. */
#include "report/map.h"

#include "report/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 1200, HEIGHT = 700, FIGURE_WIDTH = 760, HEAD = 84, FOOT = 84, MARGIN = 24, NAMES_MOST = 40, CLASSES = 7 };
static const double degree = 3.14159265358979323846 / 180;

typedef struct projection {
    double n, c, rho0, lon0;
} projection;

typedef struct panel { /* a window on the map */
    double left, top, width, height; /* pixels */
    double x0, y0, scale;            /* map units at the upper left corner; pixels per unit */
    double disc;                     /* pixels of radius per square root of a million people */
    int grain;                       /* points of the grid per pixel */
    const char *clip;                /* id of the path that it is clipped to */
} panel;

typedef struct map {
    report *r;
    const map_request *of;
    double width, height, head, margin; /* of the picture, pixels; above the panels; around all */
    projection globe;
    double *x, *y;          /* [point_count] of outlines, map units, y downwards */
    double *seat_x, *seat_y; /* [N] NaN unknown */
    unsigned char *outlined; /* [N] */
    double full;            /* of changes: percent at which the colour is full */
    double limit[CLASSES + 1]; /* of levels */
    int decimals;
    const char *none;       /* fill of places without data */
} map;

/* ---- projection ------------------------------------------------------------------------------------- */

static void project(const projection *p, double lon, double lat, double *x, double *y)
{
    if (fabs(p->n) < 1e-6) { /* around the equator */
        *x = (lon - p->lon0) * degree;
        *y = -lat * degree;
        return;
    }
    double rho = sqrt(fmax(0, p->c - 2 * p->n * sin(lat * degree))) / p->n, angle = p->n * (lon - p->lon0) * degree;
    *x = rho * sin(angle);
    *y = rho * cos(angle) - p->rho0;
}

typedef struct extent {
    double x0, y0, x1, y1;
} extent;

static void widen(extent *e, double x, double y)
{
    if (isnan(x) || isnan(y)) return;
    e->x0 = fmin(e->x0, x);
    e->y0 = fmin(e->y0, y);
    e->x1 = fmax(e->x1, x);
    e->y1 = fmax(e->y1, y);
}

static const extent nowhere = {INFINITY, INFINITY, -INFINITY, -INFINITY};

static projection projection_for(const map_request *m)
{
    extent e = nowhere;
    for (size_t n = 0; n < m->about->N; n++)
        if ((long)n != m->about->foreign) widen(&e, m->about->regions[n].lon, m->about->regions[n].lat);
    if (!(e.x0 <= e.x1)) return (projection){0};
    double low = (e.y0 + (e.y1 - e.y0) / 6) * degree, high = (e.y1 - (e.y1 - e.y0) / 6) * degree, n = (sin(low) + sin(high)) / 2;
    projection p = {n, cos(low) * cos(low) + 2 * n * sin(low), 0, (e.x0 + e.x1) / 2};
    if (fabs(n) > 1e-6) p.rho0 = sqrt(p.c - 2 * n * sin((e.y0 + e.y1) / 2 * degree)) / n;
    return p;
}

static bashu_status place_all(map *m)
{
    const map_request *of = m->of;
    const boundaries *b = of->outlines;
    size_t N = of->about->N, points = b ? b->point_count : 0;
    const array_wanted wanted[] = {{&m->x, points + 1}, {&m->y, points + 1}, {&m->seat_x, N}, {&m->seat_y, N}};
    m->outlined = arena_alloc(m->r->memory, N, 1);
    if (!m->outlined || !ARENA_ARRAYS(m->r->memory, wanted)) return fail_memory(m->r->context);
    m->globe = projection_for(of);
    for (size_t k = 0; k < points; k++) project(&m->globe, b->lon[k], b->lat[k], &m->x[k], &m->y[k]);
    for (size_t s = 0; b && s < b->shape_count; s++)
        if (b->shapes[s].region >= 0) m->outlined[b->shapes[s].region] = 1;
    for (size_t n = 0; n < N; n++) {
        const region_row *region = &of->about->regions[n];
        m->seat_x[n] = m->seat_y[n] = (double)NAN;
        if ((long)n != of->about->foreign && isfinite(region->lon) && isfinite(region->lat)) project(&m->globe, region->lon, region->lat, &m->seat_x[n], &m->seat_y[n]);
    }
    return BASHU_OK;
}

/* What is drawn of region n; shapes without data belong to the whole. */
static void widen_by_shape(extent *e, const map *m, const shape *s)
{
    const boundaries *b = m->of->outlines;
    for (size_t k = 0; k < s->count; k++)
        for (size_t i = 0; i < b->rings[s->first + k].count; i++) widen(e, m->x[b->rings[s->first + k].first + i], m->y[b->rings[s->first + k].first + i]);
}

/* Discs together cover a twentieth of the panel, and none is wider than 60 pixels. */
static double disc_size(const map *m, const panel *p, bool inside_only)
{
    const double pi = 180 * degree;
    double people = 0, largest = 0;
    for (size_t n = 0; n < m->of->about->N; n++) {
        if ((long)n == m->of->about->foreign || (inside_only && !m->of->inside[n]) || !(m->of->about->regions[n].people > 0)) continue;
        people += m->of->about->regions[n].people / 1e6;
        largest = fmax(largest, m->of->about->regions[n].people / 1e6);
    }
    return people > 0 ? fmin(sqrt(p->width * p->height / 20 / (pi * people)), 30 / sqrt(largest)) : 1;
}

/* height 0: as high as what it shows is at that width, within limits. */
static panel panel_around(const map *m, bool inside_only, double left, double width, double height)
{
    const map_request *of = m->of;
    const boundaries *b = of->outlines;
    panel p = {.left = left, .top = m->head, .width = width, .height = height, .grain = inside_only ? 2 : 1};
    extent e = nowhere;
    p.clip = arena_format(m->r->memory, "%s%s", of->id ? of->id : "", inside_only ? "zoom" : "whole");
    if (!p.clip) p.clip = "";
    for (size_t n = 0; n < of->about->N; n++)
        if (!m->outlined[n] && (!inside_only || of->inside[n])) widen(&e, m->seat_x[n], m->seat_y[n]);
    for (size_t s = 0; b && s < b->shape_count; s++)
        if (!b->shapes[s].in_inset && (!inside_only || (b->shapes[s].region >= 0 && of->inside[b->shapes[s].region]))) widen_by_shape(&e, m, &b->shapes[s]);
    if (!(e.x0 <= e.x1)) e = (extent){0, 0, 0, 0};
    double border = b ? 1.03 : 1.12, wide = fmax(e.x1 - e.x0, 1e-3) * border, high = fmax(e.y1 - e.y0, 1e-3) * border;
    if (!(height > 0)) p.height = fmin(0.95, fmax(0.55, high / wide)) * width;
    p.scale = fmin(p.width / wide, p.height / high);
    p.x0 = (e.x0 + e.x1) / 2 - p.width / p.scale / 2;
    p.y0 = (e.y0 + e.y1) / 2 - p.height / p.scale / 2;
    p.disc = disc_size(m, &p, inside_only);
    return p;
}

static double panel_x(const panel *p, double x) { return p->left + (x - p->x0) * p->scale; }
static double panel_y(const panel *p, double y) { return p->top + (y - p->y0) * p->scale; }

/* ---- colour ----------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bashu_status scale_colours(map *m)
{
    const map_request *of = m->of;
    double *values = arena_alloc(m->r->memory, of->about->N + 1, sizeof *values);
    size_t count = 0;
    if (!values) return fail_memory(m->r->context);
    for (size_t n = 0; n < of->about->N; n++)
        if ((long)n != of->about->foreign && isfinite(of->value[n])) values[count++] = of->change ? fabs(of->value[n]) : of->value[n];
    qsort(values, count, sizeof *values, by_value);
    m->full = count ? values[(size_t)(0.98 * (double)(count - 1))] : 0;
    for (size_t k = 0; k <= CLASSES; k++) m->limit[k] = count ? values[(size_t)((double)k / CLASSES * (double)(count - 1))] : 0;
    double spread = count ? fmax(fabs(m->limit[1]), fabs(m->limit[CLASSES - 1])) : 0;
    m->decimals = spread >= 100 ? 0 : spread >= 10 ? 1 : spread >= 0.1 ? 2 : 4;
    return BASHU_OK;
}

static const char *colour_of(const map *m, double value, char room[8])
{
    size_t k = 0;
    if (isnan(value)) return m->none;
    if (m->of->change) return svg_diverging(room, value, m->full);
    while (k + 1 < CLASSES && value > m->limit[k + 1]) k++;
    return svg_sequential(room, (double)k / (CLASSES - 1));
}

static const char *value_text(const map *m, double value)
{
    if (isnan(value)) return m->r->both ? "no data 无数据" : pick(m->r->language, "no data", "无数据");
    return m->of->change ? arena_format(m->r->memory, "%s %%", percent_text(m->r->memory, value, 3)) : number_text(m->r->memory, value, m->decimals);
}

/* ---- places ----------------------------------------------------------------------------------------- */

static void put_tooltip(const map *m, long n)
{
    writer *w = &m->r->out;
    put(w, "<title>");
    if (n >= 0) {
        const label *l = &m->of->about->regions[n].label;
        svg_escaped(w, label_name(m->r, l));
        if (m->r->both) { /* a title shows in every language */
            put(w, " ");
            svg_escaped(w, first_of(m->r->language == BASHU_ZH ? l->name_en : l->name_zh, ""));
        }
        put(w, ": ");
        svg_escaped(w, value_text(m, m->of->value[n]));
    } else svg_escaped(w, m->r->both ? "no data 无数据" : pick(m->r->language, "no data", "无数据"));
    put(w, "</title>");
}

/* Whether the points after the last one kept, up to i, lie less than half a pixel beside the way from it to the next: borders are white, nobody sees it. */
static bool is_between(const map *m, const panel *p, const outline *ring, size_t kept, size_t i)
{
    size_t a = ring->first + kept, end = ring->first + i + 1;
    double dx = m->x[end] - m->x[a], dy = m->y[end] - m->y[a], length = hypot(dx, dy) * p->scale;
    for (size_t b = a + 1; b < end; b++) {
        double beside = fabs(dx * (m->y[b] - m->y[a]) - dy * (m->x[b] - m->x[a])) * p->scale * p->scale;
        if (beside > 0.4 * length || hypot(m->x[b] - m->x[a], m->y[b] - m->y[a]) * p->scale > length + 0.4) return false;
    }
    return length < 16;
}

/* One ring where it reaches into the panel; nothing where it is smaller than a pixel. */
static void put_ring(const map *m, const panel *p, const outline *ring)
{
    writer *w = &m->r->out;
    extent e = nowhere;
    for (size_t i = 0; i < ring->count; i++) widen(&e, panel_x(p, m->x[ring->first + i]), panel_y(p, m->y[ring->first + i]));
    if (e.x1 < p->left || e.x0 > p->left + p->width || e.y1 < p->top || e.y0 > p->top + p->height) return;
    if (e.x1 - e.x0 < 0.7 && e.y1 - e.y0 < 0.7) return;
    long x = 0, y = 0;
    size_t kept = 0;
    bool begun = false, led = false;
    for (size_t i = 0; i < ring->count; i++) {
        if (begun && i + 1 < ring->count && is_between(m, p, ring, kept, i)) continue;
        kept = i;
        long nx = lround(p->grain * panel_x(p, m->x[ring->first + i])), ny = lround(p->grain * panel_y(p, m->y[ring->first + i]));
        if (begun && nx == x && ny == y) continue;
        if (!begun) put_format(w, "M%ld %ld", nx, ny);
        else put_format(w, "%s%ld %ld ", led ? "" : "l", nx - x, ny - y);
        led = begun;
        begun = true;
        x = nx;
        y = ny;
    }
    put(w, "z");
}

/* Nothing of it would be seen: it is drawn as a small disc. */
static bool is_tiny(const map *m, const panel *p, const shape *s)
{
    extent e = nowhere;
    widen_by_shape(&e, m, s);
    return s->region >= 0 && (e.x1 - e.x0) * p->scale < 2.5 && (e.y1 - e.y0) * p->scale < 2.5;
}

static bool reaches(const map *m, const panel *p, const shape *s)
{
    extent e = nowhere;
    widen_by_shape(&e, m, s);
    return panel_x(p, e.x1) >= p->left && panel_x(p, e.x0) <= p->left + p->width && panel_y(p, e.y1) >= p->top && panel_y(p, e.y0) <= p->top + p->height;
}

static void put_shape(const map *m, const panel *p, const shape *s)
{
    writer *w = &m->r->out;
    char room[8];
    if (!reaches(m, p, s) || is_tiny(m, p, s)) return;
    bool dim = m->of->show == MAP_ZOOM && !(s->region >= 0 && m->of->inside[s->region]); /* what is around, for the way about */
    put_format(w, "<path fill=\"%s\"%s", colour_of(m, s->region >= 0 ? m->of->value[s->region] : (double)NAN, room), dim ? " fill-opacity=\"0.35\"" : "");
    if (s->region >= 0) put_format(w, " data-region=\"%s\"", m->of->about->regions[s->region].label.id);
    put(w, " d=\"");
    for (size_t k = 0; k < s->count; k++) put_ring(m, p, &m->of->outlines->rings[s->first + k]);
    put(w, "\">");
    put_tooltip(m, s->region);
    put(w, "</path>\n");
}

static void put_disc(const map *m, const panel *p, size_t n)
{
    writer *w = &m->r->out;
    char room[8];
    double x = panel_x(p, m->seat_x[n]), y = panel_y(p, m->seat_y[n]), people = m->of->about->regions[n].people;
    if (!(x >= p->left && x <= p->left + p->width && y >= p->top && y <= p->top + p->height)) return;
    put(w, "<circle");
    svg_attribute(w, "cx", x);
    svg_attribute(w, "cy", y);
    svg_attribute(w, "r", m->outlined[n] ? 1.5 : fmax(1.2, p->disc * sqrt(fmax(0, people) / 1e6)));
    put_format(w, " fill=\"%s\" stroke=\"%s\" stroke-width=\"0.6\" data-region=\"%s\">", colour_of(m, m->of->value[n], room),
               m->of->inside && m->of->inside[n] ? "#222222" : "#999999", m->of->about->regions[n].label.id);
    put_tooltip(m, (long)n);
    put(w, "</circle>\n");
}

/* Larger places first, so that small ones lie on top. */
static void put_places(const map *m, const panel *p, const size_t *order, size_t count)
{
    const boundaries *b = m->of->outlines;
    writer *w = &m->r->out;
    put_format(w, "<g clip-path=\"url(#%s)\">\n", p->clip);
    if (b) {
        put_format(w, "<g transform=\"scale(%s)\" stroke=\"#ffffff\" stroke-width=\"%s\" stroke-linejoin=\"round\" fill-rule=\"evenodd\">\n", p->grain == 1 ? "1" : "0.5", p->grain == 1 ? "0.3" : "0.8");
        for (size_t s = 0; s < b->shape_count; s++) put_shape(m, p, &b->shapes[s]);
        put_format(w, "</g>\n<g transform=\"scale(%s)\" fill=\"none\" stroke=\"#333333\" stroke-width=\"%s\" stroke-linejoin=\"round\" pointer-events=\"none\">\n", p->grain == 1 ? "1" : "0.5",
                   p->grain != 1 ? "1.2" : m->of->show == MAP_WHOLE ? "0.6" : "0.35");
        for (size_t s = 0; s < b->shape_count; s++) {
            if (b->shapes[s].region < 0 || !m->of->inside || !m->of->inside[b->shapes[s].region]) continue;
            put(w, "<path d=\"");
            for (size_t k = 0; k < b->shapes[s].count; k++) put_ring(m, p, &b->rings[b->shapes[s].first + k]);
            put(w, "\"/>\n");
        }
        put(w, "</g>\n");
    }
    for (size_t k = count; k-- > 0;)
        if (!m->outlined[order[k]]) put_disc(m, p, order[k]);
    for (size_t s = 0; b && s < b->shape_count; s++)
        if (is_tiny(m, p, &b->shapes[s])) put_disc(m, p, (size_t)b->shapes[s].region);
    put(w, "</g>\n");
}

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
            if (inside_only && m->of->change) to->value = m->of->value[n];
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
        const char *number = isnan(places[k].value) ? "" : percent_text(m->r->memory, places[k].value, 2);
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

/* ---- beside the map --------------------------------------------------------------------------------- */

static void put_inset(const map *m, const panel *p)
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

static void put_legend(const map *m)
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

static void put_source(const map *m)
{
    const boundaries *b = m->of->outlines;
    const description *about = m->of->about;
    const char *outlines = b ? b->source : "";
    const char *english = arena_format(m->r->memory, "Data: %s%s%s. Computed by Bashu %s", pick(BASHU_EN, about->title_en, about->title_zh), *outlines ? "; boundaries: " : "", outlines, BASHU_VERSION);
    const char *chinese = arena_format(m->r->memory, "数据：%s%s%s。Bashu %s 计算", pick(BASHU_ZH, about->title_en, about->title_zh), *outlines ? "；边界：" : "", outlines, BASHU_VERSION);
    svg_said(m->r, m->margin, m->height - 12, "font-size=\"10\" fill=\"#666666\"", english, chinese);
}

static void put_definitions(const map *m, const panel *whole, const panel *zoom)
{
    writer *w = &m->r->out;
    put_format(w, "<defs><pattern id=\"%snone\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#f3f3f3\"/>"
               "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"#c4c4c4\" stroke-width=\"2\"/></pattern>\n", m->of->id ? m->of->id : "");
    for (size_t k = 0; k < 2; k++) {
        const panel *p = k ? zoom : whole;
        if (!p) continue;
        put_format(w, "<clipPath id=\"%s\">", p->clip);
        svg_rectangle(w, p->left, p->top, p->width, p->height, "");
        put(w, "</clipPath>\n");
    }
    put(w, "</defs>\n");
}

/* The whole, and beside it or instead of it what is enlarged. */
static void lay_out(map *m, panel *whole, panel *zoom)
{
    bool beside = m->of->show == MAP_BOTH;
    double alone = FIGURE_WIDTH - 2 * m->margin;
    if (beside) {
        m->width = WIDTH;
        m->height = HEIGHT;
        *whole = panel_around(m, false, MARGIN, m->of->inside ? 0.58 * WIDTH - MARGIN : WIDTH - 2 * MARGIN, HEIGHT - HEAD - FOOT);
        if (m->of->inside) *zoom = panel_around(m, true, 0.6 * WIDTH, 0.4 * WIDTH - MARGIN, HEIGHT - HEAD - FOOT);
        return;
    }
    if (m->of->show == MAP_WHOLE) *whole = panel_around(m, false, m->margin, alone, 0);
    else *zoom = panel_around(m, true, m->margin, alone, 0);
    m->width = FIGURE_WIDTH;
    m->height = m->head + (m->of->show == MAP_WHOLE ? whole->height : zoom->height) + FOOT;
}

/* Names in each language by themselves: their widths differ. */
static bashu_status put_all_names(map *m, const panel *whole, const panel *zoom)
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

bashu_status put_map(report *r, const map_request *of)
{
    bool beside = of->show == MAP_BOTH, shows_whole = of->show != MAP_ZOOM, shows_zoom = of->inside && of->show != MAP_WHOLE;
    map m = {.r = r, .of = of, .head = beside ? HEAD : 8, .margin = beside ? MARGIN : 4};
    size_t N = of->about->N, *order = arena_alloc(r->memory, N, sizeof *order);
    double *people = arena_alloc(r->memory, N, sizeof *people);
    panel whole = {0}, zoom = {0};
    m.none = arena_format(r->memory, "url(#%snone)", of->id ? of->id : "");
    if (!order || !people || !m.none) return fail_memory(r->context);
    TRY(place_all(&m));
    TRY(scale_colours(&m));
    for (size_t n = 0; n < N; n++) people[n] = of->about->regions[n].people;
    size_t count = measure_order(of->about, people, order);
    lay_out(&m, &whole, &zoom);
    svg_open(&r->out, m.width, m.height, r->both ? arena_format(r->memory, "%s / %s", of->title_en, of->title_zh) : pick(r->language, of->title_en, of->title_zh));
    put_definitions(&m, shows_whole ? &whole : NULL, shows_zoom ? &zoom : NULL);
    if (beside) {
        svg_said(r, MARGIN, 40, "font-size=\"22\" font-weight=\"bold\" fill=\"#111111\"", of->title_en, of->title_zh);
        svg_said(r, MARGIN, 66, "font-size=\"14\" fill=\"#444444\"", of->about->title_en, of->about->title_zh);
    }
    if (shows_whole) {
        put_places(&m, &whole, order, count);
        put_inset(&m, &whole);
    }
    if (shows_zoom) {
        if (beside) {
            svg_said(r, 0.6 * WIDTH, 66, "font-size=\"14\" fill=\"#444444\"", of->inside_en, of->inside_zh);
            svg_line(&r->out, 0.59 * WIDTH, HEAD, 0.59 * WIDTH, HEIGHT - FOOT, "stroke=\"#dddddd\"");
        }
        put_places(&m, &zoom, order, count);
    }
    TRY(put_all_names(&m, shows_whole && of->names_whole ? &whole : NULL, shows_zoom ? &zoom : NULL));
    put_legend(&m);
    put_source(&m);
    svg_close(&r->out);
    return BASHU_OK;
}

/* ---- maps of results -------------------------------------------------------------------------------- */

bashu_status put_variable_map(report *r, const bashu_result *result, const boundaries *outlines, const variable_map *wanted)
{
    const description *about = &result->economy->about;
    const bashu_variable *row = measure_variable(wanted->variable);
    bashu_column column = wanted->column;
    const focus *zoom = &wanted->zoom;
    size_t N = about->N;
    if (!row || strcmp(row->shape, "region") != 0)
        return fail(r->context, BASHU_ERROR_ARGUMENT, "'%s' is no variable with one value a region, as 'gdp' and 'welfare' are", wanted->variable);
    double *value = arena_alloc(r->memory, N, sizeof *value), *part = arena_alloc(r->memory, N, sizeof *part);
    unsigned char *inside = arena_alloc(r->memory, N, 1);
    if (!value || !part || !inside) return fail_memory(r->context);
    TRY(measure_values(result, wanted->variable, column, value, N));
    bool around_zero = column == BASHU_PERCENT || column == BASHU_HAT, all = !strcmp(zoom->set, "all");
    for (size_t n = 0; n < N; n++)
        if (column == BASHU_HAT) value[n] = 100 * (value[n] - 1);
    if (!all) TRY(measure_parts(r->context, about, zoom->set, zoom->member, part, NULL));
    for (size_t n = 0; n < N; n++) inside[n] = !all && part[n] > 0;
    const char *unit = unit_text(r->memory, about, row->unit);
    const char *english = around_zero ? arena_format(r->memory, "change in %s, %%", row->title_en) : arena_format(r->memory, "%s (%s)", row->title_en, unit);
    const char *chinese = around_zero ? arena_format(r->memory, "%s变化，%%", row->title_zh) : arena_format(r->memory, "%s（%s）", row->title_zh, unit);
    if (!english || !chinese) return fail_memory(r->context);
    map_request m = {.about = about, .outlines = outlines, .id = wanted->id, .title_en = first_of(wanted->title_en, row->title_en), .title_zh = first_of(wanted->title_zh, row->title_zh),
                     .legend_en = english, .legend_zh = chinese, .value = value, .change = around_zero, .show = wanted->show, .inside = all ? NULL : inside, .inside_en = zoom->name_en,
                     .inside_zh = zoom->name_zh, .names = wanted->show == MAP_ZOOM ? NAMES_MOST : 16, .names_whole = wanted->show == MAP_WHOLE ? 12 : 0};
    return put_map(r, &m);
}

bashu_status map_report(char **out, const bashu_result *result, const char *variable, bashu_column column, const char *zoom, const char *title, bashu_language language)
{
    const description *about = &result->economy->about;
    const boundaries *outlines;
    report r;
    TRY(report_begin(&r, result->context, language));
    focus place = measure_focus(about, NULL);
    label whose = {"", place.name_en, place.name_zh};
    bashu_status status = boundaries_read(&outlines, r.memory, about);
    if (status == BASHU_OK && zoom) {
        char *set = arena_text(r.memory, zoom), *equals = set ? strchr(set, '=') : NULL;
        if (!set) status = fail_memory(r.context);
        else if (!equals && strcmp(set, "all") != 0) status = fail(r.context, BASHU_ERROR_ARGUMENT, "a part of the map is SET=MEMBER, e.g. circle=CCEC, or all; not '%s'", zoom);
        else {
            if (equals) *equals = '\0';
            place = (focus){set, equals ? equals + 1 : "", NULL, NULL};
            status = measure_whose(&whose, r.memory, about, place.set, place.member);
        }
    }
    place.name_en = whose.name_en;
    place.name_zh = whose.name_zh;
    variable_map wanted = {.variable = variable, .column = column, .zoom = place, .title_en = title, .title_zh = title};
    if (status == BASHU_OK) status = put_variable_map(&r, result, outlines, &wanted);
    return report_end(out, &r, status);
}

bashu_status svg_map(report *r, const void *subject)
{
    const bashu_package *package = subject;
    const description *about = &package->economy->about;
    const boundaries *outlines;
    if (package->whole->info.reason <= 0)
        return fail(r->context, BASHU_ERROR_ARGUMENT, "there is no equilibrium to draw (%s)", bashu_reason_text(package->whole->info.reason));
    TRY(boundaries_read(&outlines, r->memory, about));
    variable_map wanted = {.variable = "gdp", .column = BASHU_PERCENT, .zoom = measure_focus(about, package->scenario),
                           .title_en = first_of(package->scenario->title_en, package->scenario->name), .title_zh = first_of(package->scenario->title_zh, package->scenario->name)};
    return put_variable_map(r, package->whole, outlines, &wanted);
}
