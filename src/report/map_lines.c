/* map_lines.c - lines above the places of a map, and their legend. */
#include "report/map_parts.h"

#include "report/svg.h"

#include <math.h>
#include <string.h>

static bool looks_alike(const map_line *a, const map_line *b) { return a->width == b->width && !strcmp(a->colour, b->colour) && !a->title && !b->title; }

/* One end in tenths of a pixel. */
static void put_end(const map *m, const panel *p, const map_line *line, int end, const char *how)
{
    double x, y;
    map_project(m, line->lon[end], line->lat[end], &x, &y);
    put(&m->r->out, how);
    svg_number(&m->r->out, panel_x(p, x));
    put(&m->r->out, " ");
    svg_number(&m->r->out, panel_y(p, y));
}

/* Whether the box around the line reaches into the panel. */
static bool line_reaches(const map *m, const panel *p, const map_line *line)
{
    extent e = nowhere;
    for (int k = 0; k < 2; k++) {
        double x, y;
        map_project(m, line->lon[k], line->lat[k], &x, &y);
        widen(&e, panel_x(p, x), panel_y(p, y));
    }
    return e.x1 >= p->left && e.x0 <= p->left + p->width && e.y1 >= p->top && e.y0 <= p->top + p->height;
}

void put_lines(const map *m, const panel *p)
{
    writer *w = &m->r->out;
    const map_line *lines = m->of->lines;
    if (!m->of->line_count) return;
    put(w, "<g fill=\"none\" stroke-linecap=\"round\" stroke-opacity=\"0.8\">\n");
    for (size_t k = 0; k < m->of->line_count;) {
        const map_line *first = &lines[k];
        bool begun = false;
        for (; k < m->of->line_count && (&lines[k] == first || looks_alike(first, &lines[k])); k++) {
            if (!line_reaches(m, p, &lines[k])) continue;
            if (!begun) {
                put_format(w, "<path stroke=\"%s\"", first->colour);
                svg_attribute(w, "stroke-width", first->width);
                put(w, " d=\"");
                begun = true;
            }
            put_end(m, p, &lines[k], 0, "M");
            put_end(m, p, &lines[k], 1, "L");
        }
        if (!begun) continue;
        put(w, "\">");
        if (first->title) {
            put(w, "<title>");
            svg_escaped(w, first->title);
            put(w, "</title>");
        }
        put(w, "</path>\n");
    }
    put(w, "</g>\n");
}

void put_map_keys(const map *m)
{
    double x = m->margin, y = m->height - FOOT + 24;
    for (size_t k = 0; k < m->of->key_count; k++) {
        const map_key *key = &m->of->keys[k];
        double words = 6.8 * fmax((double)display_width(key->english), (double)display_width(key->chinese)), step = 34 + words + 16;
        const char *style = arena_format(m->r->memory, "stroke=\"%s\" stroke-width=\"%g\" stroke-linecap=\"round\"", key->colour, key->width);
        if (x > m->margin && x + step > m->width) {
            x = m->margin;
            y += 19;
        }
        svg_line(&m->r->out, x + 2, y, x + 26, y, style ? style : "");
        svg_said(m->r, x + 34, y + 4, "font-size=\"12\" fill=\"#333333\"", key->english, key->chinese);
        x += step;
    }
}
