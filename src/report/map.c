/* map.c - a map of one number of every place, as SVG.
 *
 *   projection  Albers' equal-area conic (Snyder 1987, p. 98), standard parallels a sixth of the way from south and north:
 *               n = (sin p1 + sin p2) / 2,  C = cos^2 p1 + 2 n sin p1,  rho = sqrt(C - 2 n sin lat) / n,
 *               x = rho sin(n (lon - lon0)),  y = rho0 - rho cos(n (lon - lon0))
 *   outlines    every point is moved to a grid of pixels (enlarged: half pixels) by itself, so that neighbours keep a common border; points that fall together go
 *   colour      changes: white at zero, full at the 98th percentile of absolute changes; levels: seven classes with as many places each
 *
 * Places without an outline are discs, whose area is the people who live there. */
#include "report/map_parts.h"

#include "report/svg.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 1200, HEIGHT = 700, FIGURE_WIDTH = 760, HEAD = 84, MARGIN = 24 };
static const double degree = 3.14159265358979323846 / 180;

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

void map_project(const map *m, double lon, double lat, double *x, double *y) { project(&m->globe, lon, lat, x, y); }

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
    for (size_t n = 0; of->value && n < of->about->N; n++)
        if ((long)n != of->about->foreign && isfinite(of->value[n])) values[count++] = of->change ? fabs(of->value[n]) : of->value[n];
    qsort(values, count, sizeof *values, by_value);
    m->full = count ? values[(size_t)(0.98 * (double)(count - 1))] : 0;
    for (size_t k = 0; k <= CLASSES; k++) m->limit[k] = count ? values[(size_t)((double)k / CLASSES * (double)(count - 1))] : 0;
    for (size_t k = 0; of->limits && k + 1 < CLASSES; k++) m->limit[k + 1] = of->limits[k];
    double spread = count ? fmax(fabs(m->limit[1]), fabs(m->limit[CLASSES - 1])) : 0;
    m->decimals = of->limits ? (of->limits[0] < 0.5 ? 2 : 1) : spread >= 100 ? 0 : spread >= 10 ? 1 : spread >= 0.1 ? 2 : 4;
    return BASHU_OK;
}

void map_hours(double *limits, const description *about, const double *time_h, const unsigned char *inside)
{
    static const double ladders[][CLASSES - 1] = {{0.25, 0.5, 0.75, 1, 1.5, 2}, {0.5, 1, 1.5, 2, 3, 4}, {1, 2, 3, 4, 6, 8}, {1, 2, 4, 6, 9, 15}, {2, 4, 8, 12, 18, 30}, {4, 8, 16, 24, 48, 96}};
    enum { LADDERS = sizeof ladders / sizeof *ladders };
    size_t k = 0;
    for (; k + 1 < LADDERS; k++) {
        size_t beyond = 0, count = 0;
        for (size_t n = 0; n < about->N; n++) {
            if ((long)n == about->foreign || !isfinite(time_h[n]) || (inside && !inside[n])) continue;
            count++;
            beyond += time_h[n] > ladders[k][CLASSES - 2];
        }
        if (10 * beyond <= count) break;
    }
    memcpy(limits, ladders[k], sizeof ladders[k]);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

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
        put_outline_definitions(m, p);
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
    if (of->value) put_map_legend(&m);
    else put_map_keys(&m);
    put_map_source(&m);
    svg_close(&r->out);
    return BASHU_OK;
}
