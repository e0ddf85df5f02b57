/* test_gravity_reference.c - three published estimates, from the folder BASHU_REFERENCE names; without it, skipped.
 *
 *   gegravity-pta-30                  Stata's ppmlhdfe (printed), and multilateral resistances, baseline and conditional
 *   gegravity-eu-enlargement-44       three-way Poisson with errors clustered by pair
 *   eaton-kortum-2002-gravity-19      Eaton & Kortum (2002), Table III, with country effects */
#include "estimate/estimate.h"
#include "input/input.h"

#include "../scratch.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

typedef struct fixture {
    bashu_context *context;
    arena *memory;
    scratch files;
    const char *folder;
    bashu_gravity *gravity;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f || !scratch_open(&f->files) || bashu_open(&f->context, 0) != BASHU_OK) return -1;
    f->memory = arena_new(f->context);
    f->folder = getenv("BASHU_REFERENCE");
    *state = f;
    return f->memory ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bashu_gravity_free(f->gravity);
    arena_free(f->memory);
    bashu_close(f->context);
    scratch_close(&f->files);
    free(f);
    return 0;
}

/* %s in the specification is the folder of reference data. */
static void read_spec(fixture *f, const char *data, const char *rest)
{
    if (!f->folder || !*f->folder) skip();
    const char *text = arena_format(f->memory, "format: bashu-gravity/1\ndata: %s/%s\n%s", f->folder, data, rest);
    assert_non_null(text);
    if (bashu_gravity_read(&f->gravity, f->context, scratch_text(&f->files, "g.yaml", text), NULL) != BASHU_OK) fail_msg("%s", bashu_message(f->context));
    assert_true(bashu_gravity_information(f->gravity)->reason > 0);
}

static json_t *expected(const fixture *f, const char *path)
{
    json_error_t error;
    json_t *object = json_load_file(arena_format(f->memory, "%s/%s", f->folder, path), 0, &error);
    if (!object) fail_msg("%s: %s", path, error.text);
    return object;
}

static void near_to(const char *what, double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance)) fail_msg("%s: %.17g, expected %.17g", what, got, wanted);
}

static bashu_gravity_coefficient named(const fixture *f, const char *name)
{
    bashu_gravity_coefficient c = {0};
    for (size_t k = 0; bashu_gravity_coefficient_get(f->gravity, k, &c) == BASHU_OK; k++)
        if (!strcmp(c.name, name)) return c;
    fail_msg("no coefficient %s", name);
    return c;
}

/* A unit of the last digit it was printed with: some were cut, not rounded. */
static double last_digit(double printed)
{
    char text[32];
    snprintf(text, sizeof text, "%.7g", printed);
    const char *point = strchr(text, '.');
    return pow(10, point ? -(double)strlen(point + 1) : 0);
}

static double number(const json_t *object, const char *key) { return json_number_value(json_object_get(object, key)); }

static void stata_poisson_with_robust_errors(void **state)
{
    fixture *f = *state;
    read_spec(f, "gegravity-pta-30/inputs/sample_data_2006.csv",
              "outcome: trade\nregressors: [lndist, contiguity, common_language, pta, international]\nfixed_effects: [exporter, importer]\nconstant: true\n");
    json_t *all = expected(f, "gegravity-pta-30/expected/ppml_and_costs.json"), *printed = json_object_get(all, "printed_by_source");
    json_t *again = json_object_get(all, "recomputed_here"), *value;
    const char *name;
    json_object_foreach(json_object_get(printed, "beta"), name, value) {
        double error = number(json_object_get(printed, "stderr"), name);
        near_to(name, named(f, name).value, json_number_value(value), last_digit(json_number_value(value)));
        near_to(name, named(f, name).standard_error, error, last_digit(error));
    }
    json_object_foreach(json_object_get(again, "beta"), name, value) {
        near_to(name, named(f, name).value, json_number_value(value), 1e-11);
        near_to(name, named(f, name).standard_error, number(json_object_get(again, "robust_stderr_times_sqrt_n_over_n_minus_1"), name), 1e-11);
    }
    near_to("deviance", bashu_gravity_information(f->gravity)->deviance, number(again, "deviance"), 1e-6);
    json_decref(all);
}

static void conditional_resistances(void **state)
{
    fixture *f = *state;
    read_spec(f, "gegravity-pta-30/inputs/sample_data_2006.csv",
              "outcome: trade\nregressors: [pta]\nfixed_effects: [exporter, importer]\n"
              "resistance:\n  output: Y\n  expenditure: E\n  sigma: 5\n  reference: DEU\n"
              "  costs: {lndist: -0.3898623, contiguity: 0.891577, common_language: 0.0326249, pta: 0.4711383, international: -3.412584, constant: 16.32434}\n"
              "  experiment:\n    - {set: pta, value: 1, exporter: CAN, importer: JPN}\n    - {set: pta, value: 1, exporter: JPN, importer: CAN}\n");
    table *t;
    assert_int_equal(table_read(&t, f->memory, arena_format(f->memory, "%s/gegravity-pta-30/expected/country_mr_terms.csv", f->folder)), BASHU_OK);
    const char *const columns[] = {"baseline omr", "baseline imr", "conditional omr", "conditional imr"};
    assert_int_equal(table_rows(t), bashu_gravity_information(f->gravity)->resistance_count);
    bashu_gravity_place p;
    size_t met = 0;
    for (size_t k = 0; bashu_gravity_place_get(f->gravity, k, &p) == BASHU_OK; k++)
        for (size_t r = 0; r < table_rows(t); r++) {
            const double got[] = {p.outward, p.inward, p.new_outward, p.new_inward};
            if (strcmp(table_text(t, r, (size_t)table_find(t, "country")), p.id) != 0) continue;
            met++;
            for (size_t c = 0; c < 4; c++) {
                double wanted;
                assert_true(number_of(&wanted, table_text(t, r, (size_t)table_find(t, columns[c]))));
                near_to(p.id, got[c], wanted, 1e-6 * wanted);
            }
        }
    assert_int_equal(met, 30);
}

static void three_effects_with_clustered_errors(void **state)
{
    fixture *f = *state;
    read_spec(f, "gegravity-eu-enlargement-44/inputs/trade_panel_2000_2014.csv",
              "outcome: trade\nregressors: [eu_enlargement, other_fta]\nfixed_effects: [[exporter, year], [importer, year], [exporter, importer]]\n"
              "cluster: [[exporter, importer]]\nwhere: [{left: exporter, is: \"!=\", right: importer}]\n");
    json_t *all = expected(f, "gegravity-eu-enlargement-44/expected/ppml_three_way.json"), *again = json_object_get(all, "recomputed_here");
    const bashu_gravity_info *info = bashu_gravity_information(f->gravity);
    near_to("eu_enlargement", named(f, "eu_enlargement").value, number(again, "eu_enlargement"), 1e-8);
    near_to("other_fta", named(f, "other_fta").value, number(again, "other_fta"), 1e-8);
    near_to("deviance", info->deviance, number(again, "deviance"), 1e-4);
    assert_int_equal(info->observations, number(again, "n_obs"));
    assert_int_equal(info->clusters[0], number(again, "clusters"));
    const json_t *errors = json_object_get(again, "pair_clustered_stderr_times_sqrt_G_over_G_minus_1");
    near_to("error", named(f, "eu_enlargement").standard_error, json_number_value(json_array_get(errors, 0)), 1e-8);
    near_to("error", named(f, "other_fta").standard_error, json_number_value(json_array_get(errors, 1)), 1e-8);
    json_decref(all);
}

static double effect_of(const fixture *f, const char *effect, const char *level)
{
    for (size_t k = 0; k < f->gravity->effect_count; k++)
        if (!strcmp(f->gravity->effects[k].effect, effect) && !strcmp(f->gravity->effects[k].level, level)) return f->gravity->effects[k].value;
    fail_msg("no effect %s %s", effect, level);
    return 0;
}

static void eaton_and_kortum_by_least_squares(void **state)
{
    fixture *f = *state;
    read_spec(f, "eaton-kortum-2002-gravity-19/inputs/bilateral_342.csv",
              "outcome: trade\nmethod: ols\nregressors: [{factor: distbin, levels: all}, border, sharedlanguage, europeancom, efta]\n"
              "fixed_effects: [exporter, importer]\nnormalise: [{effect: exporter, sum: 0}, {effect: importer, sum: 0}]\n");
    json_t *all = expected(f, "eaton-kortum-2002-gravity-19/expected/coefficients.json"), *bins = json_object_get(all, "distance_bins"), *value;
    const char *key;
    int bin = 1;
    json_object_foreach(bins, key, value)
        near_to(key, named(f, arena_format(f->memory, "distbin=%d.0", bin++)).value, json_number_value(value), 1e-6);
    assert_int_equal(bin, 7);
    const char *const names[][2] = {{"border", "border"}, {"sharedlanguage", "language"}, {"europeancom", "european_community"}, {"efta", "efta"}};
    for (size_t k = 0; k < 4; k++) near_to(names[k][1], named(f, names[k][0]).value, number(all, names[k][1]), 1e-6);
    table *t;
    assert_int_equal(table_read(&t, f->memory, arena_format(f->memory, "%s/eaton-kortum-2002-gravity-19/expected/country_effects.csv", f->folder)), BASHU_OK);
    for (size_t r = 0; r < table_rows(t); r++) {
        double source, destination;
        const char *id = table_text(t, r, (size_t)table_find(t, "country_id"));
        assert_true(number_of(&source, table_text(t, r, (size_t)table_find(t, "source_effect_S"))));
        assert_true(number_of(&destination, table_text(t, r, (size_t)table_find(t, "destination_effect_theta_m"))));
        near_to("source effect, printed with six digits", effect_of(f, "exporter", id), source, 5.1e-6);
        near_to("destination effect", effect_of(f, "exporter", id) + effect_of(f, "importer", id), destination, 1e-6);
    }
    json_decref(all);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(stata_poisson_with_robust_errors),
        TEST(conditional_resistances),
        TEST(three_effects_with_clustered_errors),
        TEST(eaton_and_kortum_by_least_squares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
