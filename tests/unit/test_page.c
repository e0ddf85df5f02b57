/* test_page.c - charts and report.html of a made-up package: what is drawn where, words in both languages, wrong questions, no memory. */
#include "report/page.h"
#include "report/svg.h"

#include "fabricated.h"

#include <stdio.h>

/* The text of a report under way; freed by the caller. */
static char *finish(report *r)
{
    char *text;
    assert_int_equal(report_end(&text, r, BASHU_OK), BASHU_OK);
    return text;
}

static report begin(fabricated *f, bool both)
{
    report r;
    assert_int_equal(report_begin(&r, f->context, BASHU_EN), BASHU_OK);
    r.both = both;
    return r;
}

/* The number of an attribute of the k-th element `<name ` whose start holds `mark`. */
static double attribute(const char *text, const char *name, const char *mark, int k, const char *which)
{
    char open[32], wanted[32];
    snprintf(open, sizeof open, "<%s ", name);
    snprintf(wanted, sizeof wanted, " %s=\"", which);
    for (const char *at = text; (at = strstr(at, open)); at++) {
        char start[512];
        snprintf(start, sizeof start, "%.*s", (int)strcspn(at, ">"), at);
        if (!strstr(start, mark) || k-- > 0) continue;
        const char *value = strstr(start, wanted);
        assert_non_null(value);
        return strtod(value + strlen(wanted), NULL);
    }
    fail_msg("there is no <%s> with %s", name, mark);
    return 0;
}

static const chart plain = {.title = {"T", "题"}, .unit = {"unit", "单位"}, .source = {"source", "来源"}, .decimals = 2};

static void words_stand_there_in_both_languages_or_in_one(void **state)
{
    report r = begin(*state, true);
    html_said(&r, (said){"a < b, 5 %", "甲 & 乙"});
    html_said(&r, html_both("same 1 %"));
    svg_said(&r, 1, 2, "fill=\"#000\"", "one", "一");
    char *text = finish(&r);
    assert_string_equal(text, "<span lang=\"en\">a &lt; b, 5&#160;%</span><span lang=\"zh\">甲 &amp; 乙</span>same 1&#160;%"
                              "<text x=\"1\" y=\"2\" lang=\"en\" fill=\"#000\">one</text>\n<text x=\"1\" y=\"2\" lang=\"zh\" fill=\"#000\">一</text>\n");
    free(text);
    r = begin(*state, false);
    svg_said(&r, 1, 2, "fill=\"#000\"", "one", "一");
    text = finish(&r);
    assert_string_equal(text, "<text x=\"1\" y=\"2\" fill=\"#000\">one</text>\n");
    free(text);
}

static void tables_have_rows_heads_and_totals(void **state)
{
    report r = begin(*state, true);
    html_table t;
    html_table_open(&t, &r, "hr", html_both("caption"));
    html_head(&t, "", "");
    html_head(&t, "x", "x");
    html_cell(&t, "a");
    html_cell(&t, "1");
    html_strong(&t);
    html_cell(&t, "sum");
    html_code(&t, "2");
    html_table_close(&t);
    char *text = finish(&r);
    assert_string_equal(text, "<div class=\"table\"><table>\n<caption>caption</caption>\n<thead><tr>\n<td></td>\n<th scope=\"col\" class=\"r\">x</th>\n</tr></thead>\n<tbody>\n"
                              "<tr><th scope=\"row\">a</th>\n<td class=\"r\">1</td>\n</tr>\n<tr class=\"total\"><th scope=\"row\">sum</th>\n<td class=\"r\"><code>2</code></td>\n</tr>\n"
                              "</tbody></table></div>\n");
    free(text);
}

/* Bars: as long as their numbers; a waterfall: each begins where the one above ended, and the total begins at zero. */
static void bars_and_waterfalls_measure_up(void **state)
{
    static const chart_row rows[] = {{{"a", "甲"}, 2, 1, 4, false, true}, {{"b", "乙"}, -1, (double)NAN, (double)NAN, false, true}, {{"c", "丙"}, 1, (double)NAN, (double)NAN, true, true}};
    report r = begin(*state, true);
    chart_bars(&r, &plain, rows, 2);
    char *text = finish(&r);
    double two = attribute(text, "rect", svg_gain, 0, "width"), one = attribute(text, "rect", svg_loss, 0, "width");
    assert_true(fabs(two - 2 * one) < 0.2);
    assert_true(fabs(attribute(text, "rect", svg_loss, 0, "x") + one - attribute(text, "rect", svg_gain, 0, "x")) < 0.2);
    double zero = attribute(text, "rect", svg_gain, 0, "x"), from = attribute(text, "line", "stroke-width=\"1.5\"", 0, "x1"), to = attribute(text, "line", "stroke-width=\"1.5\"", 0, "x2");
    assert_true(fabs(from - zero - one) < 0.2 && fabs(to - zero - 2 * two) < 0.2);
    assert_non_null(strstr(text, ">+2.00<"));
    assert_non_null(strstr(text, ">-1.00<"));
    free(text);
    r = begin(*state, true);
    chart_waterfall(&r, &plain, rows, 3);
    text = finish(&r);
    double first = attribute(text, "rect", svg_gain, 0, "x"), wide = attribute(text, "rect", svg_gain, 0, "width");
    assert_true(fabs(attribute(text, "rect", svg_loss, 0, "x") + attribute(text, "rect", svg_loss, 0, "width") - first - wide) < 0.2);
    assert_true(fabs(attribute(text, "rect", svg_gain, 1, "x") - first) < 0.2);
    assert_true(fabs(attribute(text, "rect", svg_gain, 1, "width") - wide / 2) < 0.2);
    free(text);
}

static void slopes_scatters_and_parts_are_where_they_belong(void **state)
{
    static const said heads[] = {{"then", "前"}, {"now", "后"}};
    static const chart_line lines[] = {{{"up", "升"}, {1, 2, 0}, true}, {{"down", "降"}, {2, 1, 0}, true}};
    static const chart_point points[] = {{{"p", "点"}, 10, 0, 1, true, true}, {{"q", "点"}, 100, 1, 4, true, false}, {{"r", "点"}, 1000, 2, 1, true, false}};
    static const chart_part parts[] = {{{"x", "甲"}, 0.75, "#08519c"}, {{"y", "乙"}, 0.25, "#d95f0e"}};
    report r = begin(*state, true);
    chart_slope(&r, &plain, heads, 2, lines, 2);
    char *text = finish(&r);
    double up_from = attribute(text, "circle", svg_gain, 0, "cy"), up_to = attribute(text, "circle", svg_gain, 1, "cy");
    assert_true(up_to < up_from - 50); /* pixels run downwards */
    assert_true(fabs(attribute(text, "circle", svg_loss, 0, "cy") - up_to) < 0.2 && fabs(attribute(text, "circle", svg_loss, 1, "cy") - up_from) < 0.2);
    free(text);
    r = begin(*state, true);
    chart_scatter(&r, &plain, html_both("x"), true, points, 3);
    text = finish(&r);
    double x[3], y[3];
    for (int k = 0; k < 3; k++) x[k] = attribute(text, "circle", "#08519c", k, "cx"), y[k] = attribute(text, "circle", "#08519c", k, "cy");
    assert_true(fabs(x[2] - x[1] - (x[1] - x[0])) < 0.3 && x[1] > x[0]); /* logarithmic */
    assert_true(fabs(y[2] - y[1] - (y[1] - y[0])) < 0.3 && y[1] < y[0]);
    assert_true(fabs(attribute(text, "circle", "#08519c", 1, "r") - 2 * attribute(text, "circle", "#08519c", 0, "r")) < 0.2); /* areas are sizes */
    free(text);
    r = begin(*state, true);
    chart_parts(&r, &plain, parts, 2);
    text = finish(&r);
    assert_true(fabs(attribute(text, "rect", "#08519c", 0, "width") - 570) < 0.2 && fabs(attribute(text, "rect", "#d95f0e", 0, "x") - 570) < 0.2);
    free(text);
}

static void nothing_to_draw_is_no_trouble(void **state)
{
    static const chart_row zero[] = {{{"a", "甲"}, 0, (double)NAN, (double)NAN, false, false}, {{"b", "乙"}, (double)NAN, (double)NAN, (double)NAN, false, false}};
    report r = begin(*state, true);
    chart_bars(&r, &plain, zero, 2);
    chart_waterfall(&r, &plain, zero, 0);
    chart_slope(&r, &plain, NULL, 2, NULL, 0);
    chart_scatter(&r, &plain, html_both("x"), true, NULL, 0);
    char *text = finish(&r);
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf"));
    free(text);
}

static void the_page_has_the_numbers(void **state)
{
    fabricated *f = *state;
    bashu_report_parts parts = BASHU_REPORT_PARTS_INIT;
    char *text, *number;
    double percent;
    parts.package = &f->package;
    f->price_hat[0] = 0.98;
    assert_int_equal(bashu_result_aggregate(&f->whole, "gdp", "circle", f->circles[0].id, BASHU_PERCENT, &percent), BASHU_OK);
    if (bashu_report(&text, &parts, BASHU_ZH) != BASHU_OK) fail_msg("%s", bashu_message(f->context));
    assert_non_null(strstr(text, "<html lang=\"zh\">"));
    arena *memory = arena_new(f->context);
    number = arena_format(memory, "<p class=\"big\">%s&#160;%%</p>", percent_text(memory, percent, percent_decimals(&percent, 1)));
    assert_non_null(strstr(text, number));
    arena_free(memory);
    for (size_t n = 0; n < 2; n++) assert_non_null(strstr(text, f->regions[n].label.name_zh));
    assert_null(strstr(text, "<script"));
    bashu_text_free(text);
}

static void wrong_questions(void **state)
{
    fabricated *f = *state;
    bashu_report_parts parts = BASHU_REPORT_PARTS_INIT;
    char *text;
    assert_int_equal(bashu_report(&text, NULL, BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_report(&text, &parts, BASHU_EN), BASHU_ERROR_ARGUMENT);
    parts.package = &f->package;
    assert_int_equal(bashu_report(NULL, &parts, BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_report(&text, &parts, (bashu_language)7), BASHU_ERROR_ARGUMENT);
    parts.version = 9;
    assert_int_equal(bashu_report(&text, &parts, BASHU_EN), BASHU_ERROR_ARGUMENT);
    parts.version = 1;
    bashu_network other = {.context = f->context, .economy = f->package.economy, .year = 2016};
    parts.network = &other;
    assert_int_equal(bashu_report(&text, &parts, BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(f->context), "without a scenario or a year"));
    parts.network = NULL;
    f->whole.info.reason = BASHU_DIVERGED_LIMIT;
    assert_int_equal(bashu_report(&text, &parts, BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_null(text);
}

static void no_memory_is_an_error_like_others(void **state)
{
    fabricated *f = *state;
    bashu_report_parts parts = BASHU_REPORT_PARTS_INIT;
    parts.package = &f->package;
    for (long failing = 1; failing < 900; failing++) {
        char *text = NULL;
        context_fail_allocation(f->context, failing);
        bashu_status status = bashu_report(&text, &parts, BASHU_EN);
        context_fail_allocation(f->context, 0);
        assert_true(status == BASHU_OK || status == BASHU_ERROR_MEMORY);
        assert_true((text != NULL) == (status == BASHU_OK));
        bashu_text_free(text);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fabricate, dismantle)
    const struct CMUnitTest tests[] = {
        TEST(words_stand_there_in_both_languages_or_in_one),
        TEST(tables_have_rows_heads_and_totals),
        TEST(bars_and_waterfalls_measure_up),
        TEST(slopes_scatters_and_parts_are_where_they_belong),
        TEST(nothing_to_draw_is_no_trouble),
        TEST(the_page_has_the_numbers),
        TEST(wrong_questions),
        TEST(no_memory_is_an_error_like_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
