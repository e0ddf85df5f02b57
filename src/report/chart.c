/* chart.c - charts as SVG: bars with intervals, waterfalls, slopes, scatters, one bar in parts.
 *
 * Blue is more and orange is less (told apart by people who confuse red and green); every number that is drawn also stands there in digits. */
#include "report/chart.h"

#include "report/svg.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 760, ROW = 36, TOP = 30, FOOT = 44, NAMES_LEAST = 130, NAMES_MOST = 300, LINE_LENGTH = 46, POINTS_NAMED = 24 };
static const char dark[] = "fill=\"#1d2733\" font-size=\"12\"", faint[] = "fill=\"#5a6673\" font-size=\"10.5\"", middle[] = "fill=\"#5a6673\" font-size=\"10.5\" text-anchor=\"middle\"";

typedef struct axis {
    double low, high, step; /* of what is shown; between ticks */
    double left, right;     /* pixels */
} axis;

/* A step of 1, 2 or 5 times a power of ten, with which about `count` ticks fit. */
static double nice_step(double span, int count)
{
    double raw = span / count, power = pow(10, floor(log10(raw))), digit = raw / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

static axis axis_over(double low, double high, double left, double right)
{
    if (!(high > low)) high = low + 1;
    axis a = {.step = nice_step(high - low, 6), .left = left, .right = right};
    a.low = a.step * floor(low / a.step + 1e-9);
    a.high = a.step * ceil(high / a.step - 1e-9);
    return a;
}

static double place(const axis *a, double value) { return a->left + (value - a->low) / (a->high - a->low) * (a->right - a->left); }

static int decimals_of(double step)
{
    int decimals = 0;
    for (double s = step; decimals < 6 && s < 0.999; s *= 10) decimals++;
    return decimals;
}

static const char *tick_text(const report *r, double value, double step)
{
    return fabs(value) < step / 1e6 ? "0" : number_text(r->memory, value, decimals_of(step));
}

static const char *signed_text(const report *r, const chart *c, double value) { return isnan(value) ? "-" : percent_text(r->memory, value, c->decimals); }

static void open_chart(report *r, const chart *c, double height)
{
    const char *title = arena_format(r->memory, "%s / %s", c->title.en, c->title.zh);
    svg_open(&r->out, WIDTH, height, title ? title : c->title.en);
    svg_said(r, WIDTH, height - 8, "fill=\"#5a6673\" font-size=\"10\" text-anchor=\"end\"", c->source.en, c->source.zh);
}

/* ---- words on several lines ------------------------------------------------------------------------- */

/* Bytes of the longest beginning that fits, cut at a space where there is one. */
static size_t line_of(const char *text, size_t width)
{
    size_t fit = display_fit(text, width);
    if (!text[fit]) return fit;
    for (size_t k = fit; k > fit / 2; k--)
        if (text[k] == ' ') return k;
    return fit;
}

/* At most two lines around y, ending at x. */
static void put_name(report *r, double x, double y, const char *style, said name)
{
    const char *words[2] = {pick(BASHU_EN, name.en, name.zh), pick(BASHU_ZH, name.en, name.zh)};
    for (int l = 0; l < 2; l++) {
        const char *text = words[l];
        size_t first = line_of(text, LINE_LENGTH);
        const char *rest = text + first + (text[first] == ' ');
        if (!svg_language_open(r, (bashu_language)l)) continue;
        const char *one = arena_format(r->memory, "%.*s", (int)first, text), *two = arena_format(r->memory, "%.*s", (int)display_fit(rest, LINE_LENGTH), rest);
        svg_words(&r->out, x, *rest ? y - 7 : y, style, one ? one : "");
        if (*rest) svg_words(&r->out, x, y + 7, style, two ? two : "");
        svg_language_close(r);
    }
}

/* ---- rows ------------------------------------------------------------------------------------------- */

/* Pixels for the names of the rows. */
static double names_width(const chart_row *rows, size_t count)
{
    size_t longest = 0;
    for (size_t k = 0; k < count; k++) {
        size_t en = display_width(rows[k].name.en), zh = display_width(rows[k].name.zh);
        if (en > longest) longest = en;
        if (zh > longest) longest = zh;
    }
    return fmin(NAMES_MOST, fmax(NAMES_LEAST, 7 * (double)longest + 16));
}

static void put_ticks(report *r, const axis *a, double top, double bottom, said unit)
{
    for (double v = a->low; v <= a->high + a->step / 2; v += a->step) {
        double x = place(a, v);
        svg_line(&r->out, x, top, x, bottom, fabs(v) < a->step / 1e6 ? "stroke=\"#1d2733\" stroke-width=\"1\"" : "stroke=\"#dfe4e9\" stroke-width=\"1\"");
        svg_words(&r->out, x, top - 6, middle, tick_text(r, v, a->step));
    }
    svg_said(r, a->left - 12, top - 6, "fill=\"#5a6673\" font-size=\"10.5\" text-anchor=\"end\"", unit.en, unit.zh);
}

static void put_bar(report *r, const axis *a, double y, double from, double to, bool strong)
{
    double x0 = place(a, fmin(from, to)), x1 = place(a, fmax(from, to));
    const char *style = arena_format(r->memory, "fill=\"%s\"%s", to < from ? svg_loss : svg_gain, strong ? "" : " fill-opacity=\"0.72\"");
    svg_rectangle(&r->out, x0, y - 8, fmax(1, x1 - x0), 16, style ? style : "");
}

static void put_interval(report *r, const axis *a, double y, const chart_row *row)
{
    if (isnan(row->low) || isnan(row->high)) return;
    static const char style[] = "stroke=\"#1d2733\" stroke-width=\"1.5\"";
    double x0 = place(a, row->low), x1 = place(a, row->high);
    svg_line(&r->out, x0, y, x1, y, style);
    svg_line(&r->out, x0, y - 5, x0, y + 5, style);
    svg_line(&r->out, x1, y - 5, x1, y + 5, style);
}

/* The number of a row, beyond what is drawn of it. */
static void put_number(report *r, const chart *c, const axis *a, double y, double end, bool left, const chart_row *row)
{
    const char *style = left ? "fill=\"#1d2733\" font-size=\"12\" font-weight=\"600\" text-anchor=\"end\"" : "fill=\"#1d2733\" font-size=\"12\" font-weight=\"600\"";
    svg_words(&r->out, place(a, end) + (left ? -6 : 6), y + 4, style, signed_text(r, c, row->value));
}

static void put_row_name(report *r, const axis *a, double y, const chart_row *row)
{
    put_name(r, a->left - 12, y + 4, row->total || row->strong ? "fill=\"#1d2733\" font-size=\"12\" font-weight=\"600\" text-anchor=\"end\"" : "fill=\"#1d2733\" font-size=\"12\" text-anchor=\"end\"",
             row->name);
}

static double row_low(const chart_row *row) { return isnan(row->low) ? fmin(row->value, 0) : fmin(row->low, row->value); }
static double row_high(const chart_row *row) { return isnan(row->high) ? fmax(row->value, 0) : fmax(row->high, row->value); }

void chart_bars(report *r, const chart *c, const chart_row *rows, size_t count)
{
    double low = 0, high = 0, height = TOP + ROW * (double)count + FOOT - 12;
    for (size_t k = 0; k < count; k++) {
        low = fmin(low, fmin(row_low(&rows[k]), 0));
        high = fmax(high, row_high(&rows[k]));
    }
    axis a = axis_over(low, high, names_width(rows, count), WIDTH - 62);
    open_chart(r, c, height);
    put_ticks(r, &a, TOP, height - FOOT + 12, c->unit);
    for (size_t k = 0; k < count; k++) {
        double y = TOP + ROW * ((double)k + 0.5);
        put_row_name(r, &a, y, &rows[k]);
        if (isnan(rows[k].value)) continue;
        put_bar(r, &a, y, 0, rows[k].value, rows[k].strong);
        put_interval(r, &a, y, &rows[k]);
        put_number(r, c, &a, y, rows[k].value < 0 ? row_low(&rows[k]) : row_high(&rows[k]), rows[k].value < 0, &rows[k]);
    }
    svg_close(&r->out);
}

void chart_waterfall(report *r, const chart *c, const chart_row *rows, size_t count)
{
    double low = 0, high = 0, at = 0, height = TOP + ROW * (double)count + FOOT - 12;
    for (size_t k = 0; k < count; k++) {
        if (isnan(rows[k].value)) continue;
        at = rows[k].total ? rows[k].value : at + rows[k].value;
        low = fmin(low, fmin(at, rows[k].total ? row_low(&rows[k]) : at));
        high = fmax(high, fmax(at, rows[k].total ? row_high(&rows[k]) : at));
    }
    axis a = axis_over(low, high, names_width(rows, count), WIDTH - 62);
    open_chart(r, c, height);
    put_ticks(r, &a, TOP, height - FOOT + 12, c->unit);
    at = 0;
    for (size_t k = 0; k < count; k++) {
        double y = TOP + ROW * ((double)k + 0.5), from = rows[k].total ? 0 : at;
        put_row_name(r, &a, y, &rows[k]);
        if (isnan(rows[k].value)) continue;
        at = from + rows[k].value;
        put_bar(r, &a, y, from, at, rows[k].total);
        if (rows[k].total) put_interval(r, &a, y, &rows[k]);
        if (k + 1 < count) svg_line(&r->out, place(&a, at), y + 8, place(&a, at), y + ROW - 8, "stroke=\"#5a6673\" stroke-width=\"0.8\" stroke-dasharray=\"2 2\"");
        bool left = at < from;
        double end = left ? fmin(at, rows[k].total ? row_low(&rows[k]) : at) : fmax(at, rows[k].total ? row_high(&rows[k]) : at);
        put_number(r, c, &a, y, end, left, &rows[k]);
    }
    svg_close(&r->out);
}

/* ---- slopes ----------------------------------------------------------------------------------------- */

/* Moves labels apart, from the lowest on the picture up and then from the top down: y sorted by `order`, at least `gap` between them. */
static void spread(double *y, const size_t *order, size_t count, double gap, double top, double bottom)
{
    for (size_t k = count; k-- > 0;) {
        double limit = k + 1 < count ? y[order[k + 1]] - gap : bottom;
        if (y[order[k]] > limit) y[order[k]] = limit;
    }
    for (size_t k = 0; k < count; k++) {
        double limit = k ? y[order[k - 1]] + gap : top;
        if (y[order[k]] < limit) y[order[k]] = limit;
    }
}

void chart_slope(report *r, const chart *c, const said *heads, size_t columns, const chart_line *lines, size_t count)
{
    double low = INFINITY, high = -INFINITY, height = TOP + 24 + fmax(230, 17 * (double)count) + FOOT, left = 150, right = WIDTH - 290;
    double *words_y = arena_alloc(r->memory, count + 1, sizeof *words_y);
    size_t *order = arena_alloc(r->memory, count + 1, sizeof *order);
    if (!words_y || !order) return;
    for (size_t k = 0; k < count; k++)
        for (size_t q = 0; q < columns; q++) {
            low = fmin(low, lines[k].at[q]);
            high = fmax(high, lines[k].at[q]);
        }
    if (!(low <= high)) return;
    if (high == low) high = low + 1;
    axis a = {low, high, 0, height - FOOT - 14, TOP + 34}; /* upwards */
    open_chart(r, c, height);
    svg_said(r, 0, 12, faint, c->unit.en, c->unit.zh);
    for (size_t q = 0; q < columns; q++) {
        double x = left + (right - left) * (double)q / (double)(columns - 1);
        svg_line(&r->out, x, TOP + 16, x, height - FOOT, "stroke=\"#c9d1d9\" stroke-width=\"1\"");
        svg_said(r, x, TOP + 8, "fill=\"#1d2733\" font-size=\"12\" font-weight=\"600\" text-anchor=\"middle\"", heads[q].en, heads[q].zh);
    }
    for (size_t k = 0; k < count; k++) {
        const char *colour = lines[k].at[columns - 1] >= lines[k].at[0] ? svg_gain : svg_loss;
        const char *style = arena_format(r->memory, "stroke=\"%s\" stroke-width=\"%s\" stroke-opacity=\"%s\"", colour, lines[k].strong ? "2.2" : "1.1", lines[k].strong ? "1" : "0.75");
        const char *dot = arena_format(r->memory, "fill=\"%s\"", colour);
        for (size_t q = 0; q < columns; q++) {
            double x = left + (right - left) * (double)q / (double)(columns - 1), y = place(&a, lines[k].at[q]);
            if (q) svg_line(&r->out, left + (right - left) * (double)(q - 1) / (double)(columns - 1), place(&a, lines[k].at[q - 1]), x, y, style ? style : "");
            svg_circle(&r->out, x, y, lines[k].strong ? 3.5 : 2.5, dot ? dot : "");
        }
        words_y[k] = place(&a, lines[k].at[columns - 1]);
        size_t at = k;
        for (; at && words_y[order[at - 1]] > words_y[k]; at--) order[at] = order[at - 1];
        order[at] = k;
    }
    spread(words_y, order, count, 15, TOP + 30, height - FOOT);
    for (size_t k = 0; k < count; k++) {
        const char *numbers = columns == 2 ? arena_format(r->memory, "%s → %s", number_text(r->memory, lines[k].at[0], c->decimals), number_text(r->memory, lines[k].at[1], c->decimals))
                                           : number_text(r->memory, lines[k].at[columns - 1], c->decimals);
        const char *english = arena_format(r->memory, "%s  %s", lines[k].name.en, numbers), *chinese = arena_format(r->memory, "%s  %s", lines[k].name.zh, numbers);
        svg_line(&r->out, right + 5, place(&a, lines[k].at[columns - 1]), right + 14, words_y[k], "stroke=\"#c9d1d9\" stroke-width=\"0.8\"");
        svg_said(r, right + 18, words_y[k] + 4, lines[k].strong ? "fill=\"#1d2733\" font-size=\"12\" font-weight=\"600\"" : "fill=\"#1d2733\" font-size=\"11.5\"", english ? english : "",
                 chinese ? chinese : "");
    }
    svg_close(&r->out);
}

/* ---- scatters --------------------------------------------------------------------------------------- */

/* Ticks of a logarithmic axis: 1, 2 and 5 times powers of ten. */
static void put_log_ticks(report *r, const axis *a, double top, double bottom)
{
    static const double digits[] = {1, 2, 5};
    for (double power = pow(10, floor(a->low)); power <= pow(10, a->high); power *= 10)
        for (size_t k = 0; k < 3; k++) {
            double v = log10(digits[k] * power), x = place(a, v);
            if (v < a->low - 1e-9 || v > a->high + 1e-9) continue;
            svg_line(&r->out, x, top, x, bottom, "stroke=\"#e6eaee\" stroke-width=\"1\"");
            svg_words(&r->out, x, bottom + 14, middle, number_text(r->memory, digits[k] * power, 0));
        }
}

/* Names beside their discs, where they cover no other name; in each language by themselves. */
static void put_point_names(report *r, const axis *across, const axis *up, bool x_log, const chart_point *points, size_t count, double largest)
{
    for (int l = 0; l < 2; l++) {
        double taken[POINTS_NAMED][3];
        size_t names = 0;
        if (!svg_language_open(r, (bashu_language)l)) continue;
        for (size_t k = 0; k < count && names < POINTS_NAMED; k++) {
            const chart_point *p = &points[k];
            const char *words = pick((bashu_language)l, p->name.en, p->name.zh);
            double x = place(across, x_log ? log10(p->x) : p->x) + 4 + 13 * sqrt(p->size / largest), y = place(up, p->y) + 4, end = x + 6.2 * (double)display_width(words);
            bool is_free = p->named && isfinite(x) && isfinite(y);
            for (size_t q = 0; is_free && q < names; q++) is_free = fabs(y - taken[q][2]) > 12 || x > taken[q][1] || end < taken[q][0];
            if (!is_free) continue;
            taken[names][0] = x;
            taken[names][1] = end;
            taken[names++][2] = y;
            svg_words(&r->out, x, y, "fill=\"#1d2733\" font-size=\"11\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-opacity=\"0.85\" paint-order=\"stroke\"", words);
        }
        svg_language_close(r);
    }
}

void chart_scatter(report *r, const chart *c, said x_unit, bool x_log, const chart_point *points, size_t count)
{
    enum { HEIGHT = 420, LEFT = 52, BOTTOM = 350 };
    double x0 = INFINITY, x1 = -INFINITY, y0 = 0, y1 = 0, largest = 0;
    for (size_t k = 0; k < count; k++) {
        double x = x_log ? log10(points[k].x) : points[k].x;
        if (!isfinite(x) || !isfinite(points[k].y)) continue;
        x0 = fmin(x0, x);
        x1 = fmax(x1, x);
        y0 = fmin(y0, points[k].y);
        y1 = fmax(y1, points[k].y);
        largest = fmax(largest, points[k].size);
    }
    if (!(x0 <= x1)) return;
    axis across = x_log ? (axis){x0 - 0.03, x1 + 0.03, 0, LEFT, WIDTH - 14} : axis_over(x0, x1, LEFT, WIDTH - 14), up = axis_over(y0, y1, BOTTOM, TOP);
    open_chart(r, c, HEIGHT);
    if (x_log) put_log_ticks(r, &across, TOP, BOTTOM);
    for (double v = up.low; v <= up.high + up.step / 2; v += up.step) {
        double y = place(&up, v);
        svg_line(&r->out, LEFT, y, WIDTH - 14, y, fabs(v) < up.step / 1e6 ? "stroke=\"#1d2733\" stroke-width=\"1\"" : "stroke=\"#e6eaee\" stroke-width=\"1\"");
        svg_words(&r->out, LEFT - 6, y + 4, "fill=\"#5a6673\" font-size=\"10.5\" text-anchor=\"end\"", tick_text(r, v, up.step));
    }
    svg_said(r, 0, 12, faint, c->unit.en, c->unit.zh);
    svg_said(r, WIDTH - 14, BOTTOM + 30, "fill=\"#5a6673\" font-size=\"10.5\" text-anchor=\"end\"", x_unit.en, x_unit.zh);
    for (int strong = 0; strong < 2; strong++)
        for (size_t k = 0; k < count; k++) {
            const chart_point *p = &points[k];
            double x = x_log ? log10(p->x) : p->x;
            if (p->strong != (bool)strong || !isfinite(x) || !isfinite(p->y)) continue;
            svg_circle(&r->out, place(&across, x), place(&up, p->y), fmax(1.8, 13 * sqrt(p->size / largest)),
                       strong ? "fill=\"#08519c\" fill-opacity=\"0.55\" stroke=\"#08306b\" stroke-width=\"0.8\"" : "fill=\"#9aa5b1\" fill-opacity=\"0.45\" stroke=\"#7b8794\" stroke-width=\"0.5\"");
        }
    put_point_names(r, &across, &up, x_log, points, count, largest);
    svg_close(&r->out);
}

/* ---- one bar in parts ------------------------------------------------------------------------------- */

void chart_parts(report *r, const chart *c, const chart_part *parts, size_t count)
{
    double height = 34 + 18 * (double)count + 24, at = 0;
    open_chart(r, c, height);
    for (size_t k = 0; k < count; k++) {
        double wide = parts[k].share * WIDTH, y = 46 + 18 * (double)k;
        const char *fill = arena_format(r->memory, "fill=\"%s\"", parts[k].fill), *percent = number_text(r->memory, 100 * parts[k].share, 1);
        const char *english = arena_format(r->memory, "%s %%  %s", percent, parts[k].name.en), *chinese = arena_format(r->memory, "%s %%  %s", percent, parts[k].name.zh);
        if (wide > 0) svg_rectangle(&r->out, at, 0, wide, 26, fill ? fill : "");
        svg_rectangle(&r->out, 0, y - 10, 12, 12, fill ? fill : "");
        svg_said(r, 20, y, dark, english ? english : "", chinese ? chinese : "");
        at += wide;
    }
    svg_close(&r->out);
}
