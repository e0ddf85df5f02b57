/* html.c - small words for pages. */
#include "report/html.h"

#include "report/svg.h"

#include <string.h>

said html_both(const char *text) { return (said){text, text}; }

/* As svg_escaped; a percent sign stays with its number. */
static void put_escaped(writer *w, const char *text)
{
    for (const char *at; (at = strstr(text, " %")); text = at + 2) {
        char before[2] = "";
        for (; text < at; text++) {
            before[0] = *text;
            svg_escaped(w, before);
        }
        put(w, "&#160;%");
    }
    svg_escaped(w, text);
}

void html_said(report *r, said words)
{
    const char *in[2] = {pick(BASHU_EN, words.en, words.zh), pick(BASHU_ZH, words.en, words.zh)};
    if (!words.en && !words.zh) r->out.failed = true; /* there was no memory for them */
    if (!strcmp(in[BASHU_EN], in[BASHU_ZH])) {
        put_escaped(&r->out, in[BASHU_EN]);
        return;
    }
    for (int l = 0; l < 2; l++) {
        put_format(&r->out, "<span lang=\"%s\">", l == BASHU_ZH ? "zh" : "en");
        put_escaped(&r->out, in[l]);
        put(&r->out, "</span>");
    }
}

void html_element(report *r, const char *open, said words)
{
    put_format(&r->out, "<%s>", open);
    html_said(r, words);
    put_format(&r->out, "</%.*s>\n", (int)strcspn(open, " "), open);
}

/* ---- tables ----------------------------------------------------------------------------------------- */

void html_table_open(html_table *t, report *r, const char *columns, said caption)
{
    *t = (html_table){.r = r, .columns = columns, .count = strlen(columns)};
    put(&r->out, "<div class=\"table\"><table>\n");
    html_element(r, "caption", caption);
    put(&r->out, "<thead><tr>\n");
}

static const char *side_of(const html_table *t, size_t column) { return t->columns[column] == 'r' ? " class=\"r\"" : ""; }

void html_head(html_table *t, const char *english, const char *chinese)
{
    size_t column = t->at++;
    const char *open = arena_format(t->r->memory, "%s%s", *first_of(english, chinese) ? "th scope=\"col\"" : "td", side_of(t, column));
    html_element(t->r, open ? open : "th", (said){english, chinese});
    if (t->at == t->count) put(&t->r->out, "</tr></thead>\n<tbody>\n");
}

void html_strong(html_table *t) { t->strong = true; }

void html_cell_said(html_table *t, said words)
{
    size_t column = t->at++ % t->count;
    if (!column) put(&t->r->out, t->strong ? "<tr class=\"total\">" : "<tr>");
    put_format(&t->r->out, "<%s%s>%s", t->columns[column] == 'h' ? "th scope=\"row\"" : "td", side_of(t, column), t->code ? "<code>" : "");
    html_said(t->r, words);
    put_format(&t->r->out, "%s</%s>\n", t->code ? "</code>" : "", t->columns[column] == 'h' ? "th" : "td");
    t->code = false;
    if (column + 1 != t->count) return;
    put(&t->r->out, "</tr>\n");
    t->strong = false;
}

void html_cell(html_table *t, const char *text) { html_cell_said(t, html_both(text)); }

void html_code(html_table *t, const char *text)
{
    t->code = true;
    html_cell(t, text);
}

void html_table_close(html_table *t) { put(&t->r->out, "</tbody></table></div>\n"); }

/* ---- figures ---------------------------------------------------------------------------------------- */

void html_figure_open(report *r) { put(&r->out, "<figure>\n"); }

void html_figure_close(report *r, said caption)
{
    html_element(r, "figcaption", caption);
    put(&r->out, "</figure>\n");
}
