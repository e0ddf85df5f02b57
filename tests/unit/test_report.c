/* test_report.c - widths, numbers, tables, and every report of a made-up package. */
#include "report/report.h"
#include "input/input.h"

#include "fabricated.h"

#include <jansson.h>
#include <locale.h>

/* ---- words and numbers ---------------------------------------------------------------------------- */

static void widths_are_those_of_a_terminal(void **state)
{
    (void)state;
    assert_int_equal(display_width("abc"), 3);
    assert_int_equal(display_width("成渝"), 4);
    assert_int_equal(display_width("成a渝b"), 6);
    assert_int_equal(display_width("e\xcc\x81"), 1); /* e and a combining acute */
    assert_int_equal(display_width("é"), 1);
    assert_int_equal(display_width("（％）"), 6); /* fullwidth forms */
    assert_int_equal(display_width("ｱ"), 1);      /* halfwidth katakana */
    assert_int_equal(display_width("한국"), 4);
    assert_int_equal(display_width("𠀀"), 2); /* beyond the basic plane */
    assert_int_equal(display_width("→ ·"), 3);
    assert_int_equal(display_width("\xff\xe6"), 2); /* not UTF-8: one column a byte */
    assert_int_equal(display_width("\xe6\x88"), 2); /* cut short */
    assert_int_equal(display_fit("成渝a", 3), 3);
    assert_int_equal(display_fit("成渝a", 4), 6);
    assert_int_equal(display_fit("成渝a", 9), 7);
}

static void numbers_read_well(void **state)
{
    fabricated *f = *state;
    arena *memory = arena_new(f->context);
    assert_string_equal(number_text(memory, 1409778724, 0), "1,409,778,724");
    assert_string_equal(number_text(memory, -1234.5, 1), "-1,234.5");
    assert_string_equal(number_text(memory, 999, 2), "999.00");
    assert_string_equal(number_text(memory, -0.001, 1), "0.0");
    assert_string_equal(number_text(memory, (double)NAN, 1), "-");
    assert_string_equal(percent_text(memory, 0.4213, 2), "+0.42");
    assert_string_equal(percent_text(memory, -0.4213, 1), "-0.4");
    assert_string_equal(percent_text(memory, 0, 2), "0");
    assert_string_equal(percent_text(memory, -1e-9, 2), "0.00");
    assert_string_equal(percent_text(memory, (double)NAN, 2), "-");
    assert_string_equal(small_text(memory, 1.234e-11), "1.2e-11");
    assert_string_equal(hours_text(memory, 1.0334), "1:02");
    assert_string_equal(hours_text(memory, (double)INFINITY), "-");
    assert_int_equal(percent_decimals((double[]){1.5, -0.2}, 2), 2);
    assert_int_equal(percent_decimals((double[]){0.05, -0.02}, 2), 4);
    assert_int_equal(percent_decimals((double[]){0, (double)NAN}, 2), 2);
    arena_free(memory);
}

static void fields_are_quoted_and_numbers_return(void **state)
{
    fabricated *f = *state;
    static const double values[] = {0.1, 1.0 / 3, 1e-300, 123456789.123456789, -2.5, 3e20};
    writer w = {0};
    char *text;
    put_field(&w, "plain", false);
    put_field(&w, "a,b", false);
    put_field(&w, "say \"hi\"", false);
    put_field(&w, "two\nlines", false);
    put_number_field(&w, (double)NAN, false);
    put_field(&w, "", true);
    assert_int_equal(writer_done(&text, &w, f->context), BASHU_OK);
    assert_string_equal(text, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,\n");
    free(text);
    for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {
        put_number_field(&w, values[k], true);
        assert_int_equal(writer_done(&text, &w, f->context), BASHU_OK);
        assert_true(strtod(text, NULL) == values[k]);
        free(text);
    }
}

/* A program that uses the library may run in a locale with a decimal comma. */
static void a_decimal_comma_stays_outside(void **state)
{
    fabricated *f = *state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8")) skip();
    writer w = {0};
    char *text;
    put_number_field(&w, 0.5, true);
    assert_int_equal(writer_done(&text, &w, f->context), BASHU_OK);
    assert_string_equal(text, "0.5\n");
    free(text);
    bashu_options options = BASHU_OPTIONS_INIT;
    assert_int_equal(bashu_option_set(&options, f->context, "tolerance", "1.5e-9"), BASHU_OK);
    assert_true(options.tolerance == 1.5e-9);
    setlocale(LC_ALL, "C");
}

static void tables_stand_straight(void **state)
{
    fabricated *f = *state;
    arena *memory = arena_new(f->context);
    grid *g = grid_new(memory, "lrl");
    static const char *const cells[] = {"", "人口", "x", "成渝地区", "1", "短", "abc", "12345", ""};
    for (size_t k = 0; k < 9; k++) grid_cell(g, cells[k]);
    writer w = {0};
    grid_put(&w, g, "  ");
    char *text;
    assert_int_equal(writer_done(&text, &w, f->context), BASHU_OK);
    assert_string_equal(text, "             人口  x\n"
                              "  成渝地区      1  短\n"
                              "  abc       12345\n");
    free(text);
    arena_free(memory);
}

/* ---- options -------------------------------------------------------------------------------------- */

static void options_are_stated_once(void **state)
{
    fabricated *f = *state;
    bashu_options start = BASHU_OPTIONS_INIT, set = {.version = 1};
    for (size_t k = 0; k < bashu_option_count(); k++) {
        char text[40];
        const bashu_option_row *row = bashu_option_at(k);
        if (row->words) snprintf(text, sizeof text, "%s", row->words[(int)row->value]);
        else snprintf(text, sizeof text, "%.17g", row->value);
        assert_int_equal(bashu_option_set(&set, f->context, row->name, text), BASHU_OK);
    }
    assert_true(set.tolerance == start.tolerance && set.pass_limit == start.pass_limit && set.starts == start.starts &&
                set.seed == start.seed && set.method == start.method);
    assert_int_equal(bashu_option_set(&set, f->context, "method", "newton-krylov"), BASHU_OK);
    assert_int_equal(set.method, 2);
    assert_int_equal(bashu_option_set(&set, f->context, "method", "andersen"), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(f->context), "did you mean 'anderson'"));
    assert_int_equal(bashu_option_set(&set, f->context, "pass-limit", "7"), BASHU_OK);
    assert_int_equal(set.pass_limit, 7);
    static const char *const wrong[][2] = {{"tolerance", "0"}, {"tolerance", "nan"}, {"tolerance", "1e-9x"},
                                           {"tolerance", ""},  {"pass_limit", "0"},  {"pass_limit", "2.5"},
                                           {"starts", "-2"},   {"seed", "0x10"},     {"tolerance", "1"}};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++)
        assert_int_equal(bashu_option_set(&set, f->context, wrong[k][0], wrong[k][1]), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_option_set(&set, f->context, "tolerence", "1e-9"), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(f->context), "did you mean 'tolerance'"));
}

/* ---- packages ------------------------------------------------------------------------------------- */

static char *report_of(fabricated *f, const char *format, bashu_language language)
{
    char *text = NULL;
    if (bashu_package_report(&text, &f->package, format, language) != BASHU_OK)
        fail_msg("%s", bashu_message(f->context));
    return text;
}

static void some_change(fabricated *f)
{
    f->output_hat[0] = 1.02;
    f->output_hat[2] = 0.99;
    f->welfare_hat[0] = 1.01;
    f->welfare_hat[2] = 0.995;
    f->people_hat[0] = 1.01;
}

static void the_answer_has_its_parts(void **state)
{
    fabricated *f = *state;
    some_change(f);
    char *en = report_of(f, "text", BASHU_EN), *zh = report_of(f, "text", BASHU_ZH);
    static const char *const english[] = {"Hope\n",
                                          "\nRing\n",
                                          "real GDP",
                                          "Nation",
                                          "Who gains most",
                                          "Apple",
                                          "Who loses most",
                                          "Birch, upper*",
                                          "* people, GDP or land",
                                          "62 → 50 minutes",
                                          "+5 %",
                                          "sum of the parts",
                                          "interaction",
                                          "all together",
                                          "converged: worst residual",
                                          "goods_market: Birch, upper, Mills",
                                          "4 random starts",
                                          "1 of 3 regions"};
    static const char *const chinese[] = {"希望\n",
                                          "\n环\n",
                                          "实际 GDP",
                                          "全国",
                                          "受益最多的地区",
                                          "苹果市",
                                          "受损最多的地区",
                                          "白桦县*",
                                          "62 → 50 分钟",
                                          "各项之和",
                                          "相互作用",
                                          "已收敛",
                                          "商品市场：白桦县，工业",
                                          "未能判定（made up）"};
    for (size_t k = 0; k < sizeof english / sizeof english[0]; k++)
        if (!strstr(en, english[k])) fail_msg("'%s' is missing in:\n%s", english[k], en);
    for (size_t k = 0; k < sizeof chinese / sizeof chinese[0]; k++)
        if (!strstr(zh, chinese[k])) fail_msg("'%s' is missing in:\n%s", chinese[k], zh);
    free(en);
    free(zh);
}

static void a_change_alone_without_equilibrium_has_no_numbers(void **state)
{
    fabricated *f = *state;
    some_change(f);
    f->alone[1].info.reason = BASHU_DIVERGED_LIMIT;
    char *text = report_of(f, "text", BASHU_EN);
    assert_non_null(strstr(text, "no equilibrium was found for this change alone"));
    free(text);
    text = report_of(f, "json", BASHU_EN);
    json_t *object = json_loads(text, 0, NULL);
    assert_true(json_is_null(json_object_get(json_array_get(json_object_get(object, "changes"), 1), "gdp_pct")));
    assert_true(json_is_null(json_object_get(json_object_get(object, "interaction"), "gdp_pct")));
    json_decref(object);
    free(text);
}

static double number_at(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value)) fail_msg("'%s' is no number", key);
    return json_number_value(value);
}

static void json_is_as_promised(void **state)
{
    fabricated *f = *state;
    some_change(f);
    char *text = report_of(f, "json", BASHU_EN);
    json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "scenario")), "hope");
    assert_string_equal(json_string_value(json_object_get(object, "economy")), "made_up");
    assert_string_equal(json_string_value(json_object_get(object, "reason")),
                        bashu_reason_text(BASHU_CONVERGED_RESIDUAL));
    assert_true(number_at(object, "iterations") == 12);
    const json_t *certificate = json_object_get(object, "certificate"), *regions = json_object_get(object, "regions");
    assert_true(number_at(certificate, "residual") == 1e-12);
    assert_true(number_at(json_object_get(certificate, "equations"), "goods_market") == 1e-12);
    assert_int_equal(json_array_size(regions), N);
    const json_t *a = json_array_get(regions, 0);
    assert_string_equal(json_string_value(json_object_get(a, "name_zh")), "苹果市");
    assert_string_equal(json_string_value(json_object_get(a, "circle")), "ring");
    double values[N];
    assert_int_equal(measure_values(&f->whole, "gdp", BASHU_PERCENT, values, N), BASHU_OK);
    assert_true(number_at(a, "gdp_pct") == values[0]); /* 17 digits: the same double */
    static const char *const keys[] = {"population_pct", "real_wage_pct", "land_rent_pct", "welfare_pct"};
    for (size_t k = 0; k < 4; k++) number_at(a, keys[k]);
    assert_int_equal(json_array_size(json_object_get(object, "circles")), 2);
    assert_int_equal(json_array_size(json_object_get(object, "changes")), CHANGES);
    assert_true(number_at(json_object_get(object, "time"), "solve_s") == 0.5);
    json_decref(object);
    free(text);
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; *text; text++) lines += *text == '\n';
    return lines;
}

static void tables_have_all_rows(void **state)
{
    fabricated *f = *state;
    some_change(f);
    char *regions = report_of(f, "regions.csv", BASHU_EN), *all = report_of(f, "long.csv", BASHU_EN);
    static const char head[] = "id,name_en,name_zh,province,circle,gdp_base,gdp_cf,gdp_pct,";
    assert_int_equal(lines_of(regions), N + 1);
    assert_int_equal(strncmp(regions, head, sizeof head - 1), 0);
    assert_non_null(strstr(regions, "\nb,\"Birch, upper\",白桦县,q,,85,"));
    assert_non_null(strstr(all, "scenario,region,variable,unit,value\n"));
    assert_non_null(strstr(all, "hope,a,gdp_base,100 XXX,130\n"));
    assert_non_null(strstr(all, "hope,b,sector_output.mill_pct,percent,0\n"));
    assert_non_null(strstr(all, "hope/faster,a,gdp_pct,percent,"));
    size_t values = 0;
    for (size_t v = 0; v < bashu_variable_count(); v++)
        if (bashu_variable_at(v)->family == BASHU_OUTCOME) values += 3 * measure_count(&f->economy, bashu_variable_at(v)->name);
    assert_int_equal(lines_of(all), 1 + values + CHANGES * HEADLINE_COUNT * N);
    free(regions);
    free(all);
}

static void the_manifest_tells_how_to_repeat(void **state)
{
    fabricated *f = *state;
    char *text = report_of(f, "manifest.json", BASHU_EN);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    assert_true(number_at(json_object_get(object, "settings"), "tolerance") == 1e-10);
    assert_true(number_at(json_object_get(object, "settings"), "seed") == 1);
    assert_true(number_at(object, "peak_memory_bytes") == 1000);
    const json_t *inputs = json_object_get(object, "inputs");
    assert_string_equal(json_string_value(json_object_get(json_array_get(inputs, json_array_size(inputs) - 1), "path")),
                        "hope.yaml");
    assert_string_equal(json_string_value(json_object_get(json_object_get(object, "columns"), "gdp_base")),
                        "real GDP; 100 XXX");
    json_decref(object);
    free(text);
}

static void without_an_equilibrium_there_is_no_result(void **state)
{
    fabricated *f = *state;
    char *text;
    some_change(f);
    f->whole.info.reason = BASHU_DIVERGED_STALLED;
    text = report_of(f, "text", BASHU_EN);
    assert_non_null(strstr(text, "No equilibrium was found"));
    assert_non_null(strstr(text, "residual no longer falls"));
    assert_non_null(strstr(text, "Birch, upper, Mills"));
    assert_non_null(strstr(text, "residual along the way: [1] 1.0e+00 [2] 1.0e-01 [3] 1.0e-12"));
    assert_null(strstr(text, "Who gains"));
    free(text);
    text = report_of(f, "json", BASHU_EN);
    json_t *object = json_loads(text, 0, NULL);
    assert_null(json_object_get(object, "regions"));
    assert_null(json_object_get(object, "circles"));
    assert_int_equal(json_array_size(json_object_get(object, "history")), 3);
    json_decref(object);
    free(text);
    free(report_of(f, "manifest.json", BASHU_EN));
    assert_int_equal(bashu_package_report(&text, &f->package, "regions.csv", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_null(text);
    assert_int_equal(bashu_package_report(&text, &f->package, "long.csv", BASHU_EN), BASHU_ERROR_ARGUMENT);
}

static void wrong_formats_are_named(void **state)
{
    fabricated *f = *state;
    char *text;
    assert_int_equal(bashu_package_report(&text, &f->package, "xml", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(f->context), "xml"));
    assert_int_equal(bashu_package_report(NULL, &f->package, "text", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_package_report(&text, NULL, "text", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_package_report(&text, &f->package, NULL, BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_package_report(&text, &f->package, "text", (bashu_language)5), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_economy_table(&text, &f->economy, "nothing.csv"), BASHU_ERROR_ARGUMENT);
}

static void comparisons_show_the_difference(void **state)
{
    fabricated *f = *state;
    char *text;
    double more[N * J];
    bashu_result other_result = f->whole;
    bashu_package other = f->package;
    memcpy(more, f->output_hat, sizeof more);
    more[0] = 1.5;
    other_result.output_hat = more;
    other.whole = &other_result;
    assert_int_equal(bashu_compare_report(&text, &f->package, &other, "text", BASHU_EN), BASHU_OK);
    assert_non_null(strstr(text, "B - A"));
    assert_non_null(strstr(text, "Apple"));
    free(text);
    assert_int_equal(bashu_compare_report(&text, &f->package, &other, "csv", BASHU_EN), BASHU_OK);
    assert_int_equal(lines_of(text), N + 1);
    free(text);
    assert_int_equal(bashu_compare_report(&text, &f->package, &other, "json", BASHU_EN), BASHU_OK);
    json_t *object = json_loads(text, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(object, "regions")), N);
    json_decref(object);
    free(text);
    assert_int_equal(bashu_compare_report(&text, &f->package, &f->package, "text", BASHU_ZH), BASHU_OK);
    assert_non_null(strstr(text, "没有差异"));
    free(text);
}

static void an_economy_is_told(void **state)
{
    fabricated *f = *state;
    char *text;
    assert_int_equal(bashu_economy_report(&text, &f->economy, "text", BASHU_EN), BASHU_OK);
    static const char *const parts[] = {"Made up\n", "Ring",       "imputed_guess",
                                        "-1.235 %",  "own region", "outside the plausible range"};
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
        if (!strstr(text, parts[k])) fail_msg("'%s' is missing in:\n%s", parts[k], text);
    free(text);
    assert_int_equal(bashu_economy_report(&text, &f->economy, "json", BASHU_EN), BASHU_OK);
    json_t *object = json_loads(text, 0, NULL), *imputed = json_object_get(json_object_get(object, "imputed"), "gdp");
    assert_true(fabs(number_at(imputed, "share_pct") - 100 * 85.0 / 215) < 1e-12);
    json_decref(object);
    free(text);
    assert_int_equal(bashu_economy_table(&text, &f->economy, "trade.csv"), BASHU_OK);
    assert_int_equal(lines_of(text), 1 + N * N * J);
    assert_non_null(strstr(text, "farm,a,a,40\n"));
    free(text);
    assert_int_equal(bashu_economy_table(&text, &f->economy, "accounts.csv"), BASHU_OK);
    assert_non_null(strstr(text, "a,output,farm,100,100 XXX\n"));
    free(text);
}

/* Two areas in the circle; of what each buys half is its own, a quarter the other's: (1/4)^(-1/2) - 1. */
static void trade_between_the_cores_areas(void **state)
{
    fabricated *f = *state;
    static const double theta[J] = {1, 1};
    char *text;
    f->economy.theta = theta;
    f->in_circle[1] = 0;
    assert_int_equal(bashu_economy_report(&text, &f->economy, "text", BASHU_EN), BASHU_OK);
    assert_non_null(strstr(text, "Trade between the two cores' areas"));
    assert_non_null(strstr(text, "Pine - Quince"));
    assert_non_null(strstr(text, "+100.0 %"));
    free(text);
    assert_int_equal(bashu_economy_report(&text, &f->economy, "json", BASHU_EN), BASHU_OK);
    json_t *object = json_loads(text, 0, NULL), *between = json_object_get(object, "trade_between_cores"),
           *sectors = json_object_get(between, "sectors"), *areas = json_object_get(object, "area_deficits");
    assert_int_equal(json_array_size(sectors), J + 1);
    for (size_t j = 0; j <= J; j++) {
        assert_true(fabs(number_at(json_array_get(sectors, j), "cost_pct") - 100) < 1e-9);
        assert_true(fabs(number_at(json_array_get(sectors, j), "all_areas_mean_pct") - 100) < 1e-9);
    }
    assert_int_equal(json_array_size(areas), 2); /* a and b spend what they sell */
    assert_true(number_at(json_array_get(areas, 0), "gdp_share_pct") == 0);
    json_decref(object);
    free(text);
}

static void levels_and_changes_without_effect(void **state)
{
    fabricated *f = *state;
    static const char *const english[] = {"→ 10 %", "→ 1,000 (crowns)", "\"Better\" has no effect in this model",
                                          "\"Faster\" has no effect here: with mobility none",
                                          "0 places gain more than 0.01 % (0.0 % of the people), 0 lose"};
    f->changes[0].lever = LEVER_TARIFF;
    f->changes[0].relative = false;
    f->changes[0].unit = "fraction";
    f->changes[0].value = 0.1;
    f->changes[1].lever = LEVER_TRANSFER;
    f->changes[1].from = (double)NAN;
    f->changes[1].value = 1000;
    f->alone[0].info.reason = BASHU_CONVERGED_UNCHANGED;
    char *text = report_of(f, "text", BASHU_EN);
    for (size_t k = 0; k < 3; k++)
        if (!strstr(text, english[k])) fail_msg("'%s' is missing in:\n%s", english[k], text);
    assert_non_null(strstr(text, english[4]));
    assert_null(strstr(text, english[3]));
    free(text);
    f->changes[1].lever = LEVER_MIGRATION_COST;
    f->economy.about.switches.mobility = MOBILITY_NONE;
    f->alone[1].info.reason = BASHU_CONVERGED_UNCHANGED;
    text = report_of(f, "text", BASHU_EN);
    assert_non_null(strstr(text, english[3]));
    free(text);
}

static void uniqueness_is_told_in_chinese(void **state)
{
    fabricated *f = *state;
    static const char *const pairs[][2] = {
        {"not known: no theorem covers several sectors, people who move, agglomeration",
         "未能判定（尚无定理涵盖：多个行业、人口流动、集聚效应）"},
        {"holds: one sector, nobody moves, gross substitutes (Alvarez & Lucas 2007)",
         "成立（单一行业、人口不流动、总替代性（Alvarez & Lucas 2007））"},
        {"not known: Allen & Arkolakis (2014) condition for free mobility fails (margin -0.2); a guide only with tastes",
         "未能判定（Allen & Arkolakis（2014）人口自由流动的条件不成立（余量 -0.2）；存在区位偏好时仅供参考）"},
        {"not known: Allen & Arkolakis (2014) condition for free mobility holds (margin 1.8); a guide only with costs that are not symmetric",
         "未能判定（Allen & Arkolakis（2014）人口自由流动的条件成立（余量 1.8）；仅供参考，因为贸易成本不对称）"},
        {"holds: Allen & Arkolakis (2014), theorem 2, free mobility and symmetric costs (margin 1.8)",
         "成立（Allen & Arkolakis（2014）定理2：人口自由流动、贸易成本对称（余量 1.8））"}};
    report r;
    assert_int_equal(report_begin(&r, f->context, BASHU_ZH), BASHU_OK);
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++)
        assert_string_equal(uniqueness_words(&r, pairs[k][0]), pairs[k][1]);
    char *text;
    assert_int_equal(report_end(&text, &r, BASHU_OK), BASHU_OK);
    free(text);
}

static void a_region_and_a_change_tell_what_they_are(void **state)
{
    fabricated *f = *state;
    bashu_region region;
    bashu_change one;
    assert_int_equal(bashu_region_get(&f->economy, 1, &region), BASHU_OK);
    assert_string_equal(region.province, "q");
    assert_string_equal(region.circle, "");
    assert_int_equal(region.imputed, 1);
    assert_int_equal(bashu_region_get(&f->economy, N, &region), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_scenario_change_get(&f->scenario, 1, &one), BASHU_OK);
    assert_string_equal(one.lever, "link_time");
    assert_true(one.from == 62 && one.value == 50 && isnan(one.low));
    assert_int_equal(bashu_scenario_change_get(&f->scenario, CHANGES, &one), BASHU_ERROR_ARGUMENT);
    assert_ptr_equal(bashu_package_alone(&f->package, 1), &f->alone[1]);
    assert_null(bashu_package_alone(&f->package, CHANGES));
}

/* The k-th allocation fails: the report is refused or made, never broken. */
static void no_memory_is_an_error_like_others(void **state)
{
    fabricated *f = *state;
    static const char *const formats[] = {"text", "json", "regions.csv", "long.csv", "manifest.json"};
    some_change(f);
    for (size_t k = 0; k < sizeof formats / sizeof formats[0]; k++)
        for (long failing = 1; failing < 400; failing++) {
            char *text = NULL;
            context_fail_allocation(f->context, failing);
            bashu_status status = bashu_package_report(&text, &f->package, formats[k], BASHU_ZH);
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
        TEST(widths_are_those_of_a_terminal),
        TEST(numbers_read_well),
        TEST(fields_are_quoted_and_numbers_return),
        TEST(a_decimal_comma_stays_outside),
        TEST(tables_stand_straight),
        TEST(options_are_stated_once),
        TEST(the_answer_has_its_parts),
        TEST(a_change_alone_without_equilibrium_has_no_numbers),
        TEST(json_is_as_promised),
        TEST(tables_have_all_rows),
        TEST(the_manifest_tells_how_to_repeat),
        TEST(without_an_equilibrium_there_is_no_result),
        TEST(wrong_formats_are_named),
        TEST(comparisons_show_the_difference),
        TEST(an_economy_is_told),
        TEST(trade_between_the_cores_areas),
        TEST(levels_and_changes_without_effect),
        TEST(uniqueness_is_told_in_chinese),
        TEST(a_region_and_a_change_tell_what_they_are),
        TEST(no_memory_is_an_error_like_others),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
