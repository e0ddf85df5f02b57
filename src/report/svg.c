/* svg.c - small words for SVG. */
#include "report/svg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char svg_gain[8] = "#08519c", svg_loss[8] = "#d95f0e";

void svg_number(writer *w, double value)
{
    long tenths = lround(10 * value);
    put_format(w, "%s%ld", tenths < 0 ? "-" : "", labs(tenths) / 10);
    if (tenths % 10) put_format(w, ".%ld", labs(tenths) % 10);
}

void svg_attribute(writer *w, const char *name, double value)
{
    put_format(w, " %s=\"", name);
    svg_number(w, value);
    put(w, "\"");
}

void svg_escaped(writer *w, const char *text)
{
    if (!text) w->failed = true; /* there was no memory for it */
    for (; text && *text; text++) {
        if (*text == '&') put(w, "&amp;");
        else if (*text == '<') put(w, "&lt;");
        else if (*text == '>') put(w, "&gt;");
        else if (*text == '"') put(w, "&quot;");
        else put_format(w, "%c", *text);
    }
}

void svg_words(writer *w, double x, double y, const char *style, const char *words)
{
    put(w, "<text");
    svg_attribute(w, "x", x);
    svg_attribute(w, "y", y);
    put_format(w, " %s>", style);
    svg_escaped(w, words);
    put(w, "</text>\n");
}

bool svg_language_open(report *r, bashu_language language)
{
    if (!r->both) return language == r->language;
    put_format(&r->out, "<g lang=\"%s\">\n", language == BASHU_ZH ? "zh" : "en");
    return true;
}

void svg_language_close(report *r)
{
    if (r->both) put(&r->out, "</g>\n");
}

void svg_said(report *r, double x, double y, const char *style, const char *english, const char *chinese)
{
    const char *words[2] = {pick(BASHU_EN, english, chinese), pick(BASHU_ZH, english, chinese)};
    if (!r->both || !strcmp(words[BASHU_EN], words[BASHU_ZH])) {
        svg_words(&r->out, x, y, style, words[r->language]);
        return;
    }
    for (int l = 0; l < 2; l++) {
        const char *with = arena_format(r->memory, "lang=\"%s\" %s", l == BASHU_ZH ? "zh" : "en", style);
        svg_words(&r->out, x, y, with ? with : style, words[l]);
    }
}

void svg_line(writer *w, double x0, double y0, double x1, double y1, const char *style)
{
    put(w, "<line");
    svg_attribute(w, "x1", x0);
    svg_attribute(w, "y1", y0);
    svg_attribute(w, "x2", x1);
    svg_attribute(w, "y2", y1);
    put_format(w, " %s/>\n", style);
}

void svg_circle(writer *w, double x, double y, double radius, const char *style)
{
    put(w, "<circle");
    svg_attribute(w, "cx", x);
    svg_attribute(w, "cy", y);
    svg_attribute(w, "r", radius);
    put_format(w, " %s/>\n", style);
}

void svg_rectangle(writer *w, double x, double y, double width, double height, const char *style)
{
    put(w, "<rect");
    svg_attribute(w, "x", x);
    svg_attribute(w, "y", y);
    svg_attribute(w, "width", width);
    svg_attribute(w, "height", height);
    put_format(w, " %s/>\n", style);
}

void svg_open(writer *w, double width, double height, const char *title)
{
    put(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 ");
    svg_number(w, width);
    put(w, " ");
    svg_number(w, height);
    put(w, "\" font-family=\"'Noto Sans', 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'Segoe UI', Helvetica, Arial, sans-serif\">\n<title>");
    svg_escaped(w, title);
    put(w, "</title>\n");
    svg_rectangle(w, 0, 0, width, height, "fill=\"#ffffff\"");
}

void svg_close(writer *w) { put(w, "</svg>\n"); }

static const char *mixed(char out[8], const int *from, const int *to, double part)
{
    int c[3];
    for (int k = 0; k < 3; k++) c[k] = (int)lround(from[k] + (to[k] - from[k]) * part) & 255;
    snprintf(out, 8, "#%02x%02x%02x", (unsigned)c[0], (unsigned)c[1], (unsigned)c[2]);
    return out;
}

const char *svg_diverging(char out[8], double value, double full)
{
    static const int none[3] = {245, 245, 245}, gain[3] = {8, 81, 156}, loss[3] = {217, 95, 14};
    return mixed(out, none, value < 0 ? loss : gain, full > 0 ? fmin(1, sqrt(fabs(value) / full)) : 0);
}

const char *svg_sequential(char out[8], double part)
{
    static const int light[3] = {239, 243, 249}, dark[3] = {8, 48, 107};
    return mixed(out, light, dark, fmin(1, fmax(0, part)));
}
