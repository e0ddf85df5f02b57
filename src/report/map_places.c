/* map_places.c - places of a map: outlines, or discs where there are none, in their colours. */
#include "report/map_parts.h"

#include "report/svg.h"

#include <string.h>

static const char *colour_of(const map *m, double value, char room[8])
{
    size_t k = 0;
    if (!m->of->value) return "#e9edf1";
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
        if (m->of->value) {
            put(w, ": ");
            svg_escaped(w, value_text(m, m->of->value[n]));
        }
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

void widen_by_shape(extent *e, const map *m, const shape *s)
{
    const boundaries *b = m->of->outlines;
    for (size_t k = 0; k < s->count; k++)
        for (size_t i = 0; i < b->rings[s->first + k].count; i++) widen(e, m->x[b->rings[s->first + k].first + i], m->y[b->rings[s->first + k].first + i]);
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

static double number_of(const map *m, long region) { return region >= 0 && m->of->value ? m->of->value[region] : (double)NAN; }

static void put_rings(const map *m, const panel *p, const shape *s)
{
    for (size_t k = 0; k < s->count; k++) put_ring(m, p, &m->of->outlines->rings[s->first + k]);
}

void put_outline_definitions(const map *m, const panel *p)
{
    const boundaries *b = m->of->outlines;
    if (!b || !m->of->outlines_id || m->of->outlines_there) return;
    for (size_t s = 0; s < b->shape_count; s++) {
        if (!reaches(m, p, &b->shapes[s]) || is_tiny(m, p, &b->shapes[s])) continue;
        put_format(&m->r->out, "<path id=\"%s%zu\" d=\"", m->of->outlines_id, s);
        put_rings(m, p, &b->shapes[s]);
        put(&m->r->out, "\"/>\n");
    }
}

/* What leads to the outline of shape s, up to its other attributes; returns the name of the element. */
static const char *open_outline(const map *m, size_t s)
{
    if (!m->of->outlines_id) {
        put(&m->r->out, "<path");
        return "path";
    }
    put_format(&m->r->out, "<use href=\"#%s%zu\"", m->of->outlines_id, s);
    return "use";
}

static void put_shape(const map *m, const panel *p, size_t s)
{
    writer *w = &m->r->out;
    const shape *of = &m->of->outlines->shapes[s];
    char room[8];
    if (!reaches(m, p, of) || is_tiny(m, p, of)) return;
    bool dim = m->of->show == MAP_ZOOM && !(of->region >= 0 && m->of->inside[of->region]); /* what is around, for the way about */
    const char *element = open_outline(m, s);
    put_format(w, " fill=\"%s\"%s", of->region < 0 && !m->of->value ? m->none : colour_of(m, number_of(m, of->region), room), dim ? " fill-opacity=\"0.35\"" : "");
    if (of->region >= 0) put_format(w, " data-region=\"%s\"", m->of->about->regions[of->region].label.id);
    if (!m->of->outlines_id) {
        put(w, " d=\"");
        put_rings(m, p, of);
        put(w, "\"");
    }
    put(w, ">");
    put_tooltip(m, of->region);
    put_format(w, "</%s>\n", element);
}

/* The border of what is inside. */
static void put_border(const map *m, const panel *p, size_t s)
{
    const shape *of = &m->of->outlines->shapes[s];
    if (of->region < 0 || !m->of->inside || !m->of->inside[of->region]) return;
    if (m->of->outlines_id && (!reaches(m, p, of) || is_tiny(m, p, of))) return;
    open_outline(m, s);
    if (!m->of->outlines_id) {
        put(&m->r->out, " d=\"");
        put_rings(m, p, of);
        put(&m->r->out, "\"");
    }
    put(&m->r->out, "/>\n");
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
    put_format(w, " fill=\"%s\" stroke=\"%s\" stroke-width=\"0.6\" data-region=\"%s\">", colour_of(m, number_of(m, (long)n), room),
               m->of->inside && m->of->inside[n] ? "#222222" : "#999999", m->of->about->regions[n].label.id);
    put_tooltip(m, (long)n);
    put(w, "</circle>\n");
}

void put_places(const map *m, const panel *p, const size_t *order, size_t count)
{
    const boundaries *b = m->of->outlines;
    writer *w = &m->r->out;
    put_format(w, "<g clip-path=\"url(#%s)\">\n", p->clip);
    if (b) {
        put_format(w, "<g transform=\"scale(%s)\" stroke=\"#ffffff\" stroke-width=\"%s\" stroke-linejoin=\"round\" fill-rule=\"evenodd\">\n", p->grain == 1 ? "1" : "0.5", p->grain == 1 ? "0.3" : "0.8");
        for (size_t s = 0; s < b->shape_count; s++) put_shape(m, p, s);
        put_format(w, "</g>\n<g transform=\"scale(%s)\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-linejoin=\"round\" pointer-events=\"none\">\n", p->grain == 1 ? "1" : "0.5", m->of->value ? "#333333" : "#a9b4bf",
                   p->grain != 1 ? "1.2" : m->of->show == MAP_WHOLE ? "0.6" : "0.35");
        for (size_t s = 0; s < b->shape_count; s++) put_border(m, p, s);
        put(w, "</g>\n");
    }
    for (size_t k = count; k-- > 0;)
        if (!m->outlined[order[k]]) put_disc(m, p, order[k]);
    for (size_t s = 0; b && s < b->shape_count; s++)
        if (is_tiny(m, p, &b->shapes[s])) put_disc(m, p, (size_t)b->shapes[s].region);
    put_lines(m, p);
    put(w, "</g>\n");
}
