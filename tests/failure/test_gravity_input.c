/* test_gravity_input.c - gravity specifications and data with one thing wrong: each is refused, and the message names place
 * and mend. */
#include "estimate/estimate.h"

#include "../scratch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { PARTS = 4 };

#define FORMAT "format: bashu-gravity/1\n"
#define DATA FORMAT "data: d.csv\n"
#define GOOD DATA "outcome: flow\nregressors: [dist]\nfixed_effects: [from, to]\n"
#define ROUND "resistance: {exporter: from, importer: to, output: made, expenditure: spent, sigma: 5, reference: A"
#define HEADER "from,to,year,flow,dist,made,spent,weight,kind\n"
static const char table[] = HEADER "A,A,2000,5,1,7,8,1,x\nA,B,2000,2,2,7,7,1,y\nB,A,2000,3,3,8,8,1,x\nB,B,2000,4,1,8,7,1,y\n"
                                   "A,C,2000,1,2,7,9,1,x\nC,A,2000,1,3,6,8,1,y\nB,C,2000,2,2,8,9,1,x\nC,B,2000,3,1,6,7,1,y\nC,C,2000,9,1,6,9,1,x\n";

typedef struct bad_spec {
    const char *name, *text, *data; /* data NULL: the good table */
    const char *says[PARTS];
} bad_spec;

static const bad_spec cases[] = {
    /* ---- the document ---- */
    {"another format", "format: bashu-scenario/1\n", NULL, {"g.yaml:1", "format", "bashu-gravity/1"}},
    {"an unknown key", GOOD "fixed_effect: [from]\n", NULL, {"g.yaml:6", "fixed_effect", "did you mean 'fixed_effects'"}},
    {"no data", FORMAT "outcome: flow\n", NULL, {"g.yaml", "data", "add"}},
    {"no outcome", DATA "regressors: [dist]\n", NULL, {"g.yaml", "outcome", "add"}},
    {"a file that is not there", FORMAT "data: e.csv\noutcome: flow\n", NULL, {"e.csv"}},
    {"no rows", GOOD, HEADER, {"g.yaml:2", "no rows"}},
    {"an unknown method", GOOD "method: gmm\n", NULL, {"g.yaml:6", "'gmm'", "ppml or ols"}},
    {"an unknown column", DATA "outcome: flows\n", NULL, {"g.yaml:3", "no column 'flows'", "'flow'"}},
    {"an unknown regressor", DATA "outcome: flow\nregressors: [dost]\n", NULL, {"g.yaml:4", "'dost'", "'dist'"}},
    {"a regressor twice", DATA "outcome: flow\nregressors: [dist, dist]\n", NULL, {"g.yaml:4", "twice"}},
    {"an effect twice", DATA "outcome: flow\nfixed_effects: [from, from]\n", NULL, {"g.yaml:4", "twice"}},
    {"effects that are no list", DATA "outcome: flow\nfixed_effects: from\n", NULL, {"g.yaml:4", "fixed_effects", "list"}},
    {"three clusters", GOOD "cluster: [from, to, year]\n", NULL, {"g.yaml:6", "cluster", "at most 2"}},
    {"a switch that is neither", GOOD "constant: maybe\n", NULL, {"g.yaml:6", "'maybe'", "true nor false"}},
    {"a factor of nothing", DATA "outcome: flow\nregressors: [{base: x}]\n", NULL, {"g.yaml:4", "factor"}},
    {"an unknown base", DATA "outcome: flow\nregressors: [{factor: kind, base: z}]\n", NULL, {"g.yaml:4", "no level 'z'"}},
    {"two factors with all levels", DATA "outcome: flow\nregressors: [{factor: kind, levels: all}, {factor: year, levels: all}]\n", NULL,
     {"g.yaml:4", "one factor only"}},
    {"all levels beside free effects", DATA "outcome: flow\nregressors: [{factor: kind, levels: all}]\nfixed_effects: [from]\n", NULL,
     {"g.yaml:4", "normalise"}},
    {"nothing takes the level", DATA "outcome: flow\nfixed_effects: [from]\nnormalise: [{effect: from, sum: 0}]\n", NULL,
     {"g.yaml:5", "constant: true"}},
    {"normalising what is no effect", GOOD "normalise: [{effect: year, sum: 0}]\n", NULL, {"g.yaml:6", "none of the fixed_effects"}},
    {"normalising to something else", GOOD "normalise: [{effect: from, sum: 1}]\n", NULL, {"g.yaml:6", "sum"}},
    {"normalising in two ways", GOOD "normalise: [{effect: from, sum: 0, level: A}]\n", NULL, {"g.yaml:6", "either"}},
    {"an unknown group", GOOD "normalise: [{effect: from, level: Z}]\n", NULL, {"g.yaml:6", "no group 'Z'"}},
    /* ---- conditions ---- */
    {"an unknown comparison", GOOD "where: [{left: from, is: \"=\", right: to}]\n", NULL, {"g.yaml:6", "'='", "=="}},
    {"an order of texts", GOOD "where: [{left: from, is: \"<\", right: to}]\n", NULL, {"g.yaml:6", "no numbers", "=="}},
    {"two right sides", GOOD "where: [{left: from, is: \"!=\", right: to, value: A}]\n", NULL, {"g.yaml:6", "either"}},
    {"no right side", GOOD "where: [{left: from, is: \"!=\"}]\n", NULL, {"g.yaml:6", "either"}},
    {"conditions nothing meets", GOOD "where: [{left: year, is: \">\", value: 3000}]\n", NULL, {"no rows are left", "`where`"}},
    /* ---- data ---- */
    {"a negative flow", GOOD, HEADER "A,A,2000,-5,1,7,8,1,x\n", {"d.csv:2", "flow", "at least 0"}},
    {"text in a number", GOOD, HEADER "A,A,2000,5,far,7,8,1,x\n", {"d.csv:2", "dist", "'far'"}},
    {"NaN", GOOD, HEADER "A,A,2000,NaN,1,7,8,1,x\n", {"d.csv:2", "flow", "not a finite number"}},
    {"the logarithm of 0", DATA "outcome: flow\nregressors: [{log: dist}]\n", HEADER "A,A,2000,5,0,7,8,1,x\n", {"d.csv:2", "dist", "logarithm"}},
    {"a weight of 0", GOOD "weights: weight\n", HEADER "A,A,2000,5,1,7,8,0,x\n", {"d.csv:2", "weight"}},
    {"nothing but singletons", GOOD, HEADER "A,B,2000,5,1,7,8,1,x\nC,D,2000,5,1,7,8,1,x\n", {"no rows are left", "keep_singletons"}},
    /* ---- resistances ---- */
    {"no sigma", GOOD "resistance: {exporter: from, importer: to, output: made, expenditure: spent, reference: A}\n", NULL, {"g.yaml:6", "sigma", "add"}},
    {"a sigma of 1", GOOD "resistance: {exporter: from, importer: to, output: made, expenditure: spent, sigma: 1, reference: A}\n", NULL, {"g.yaml:6", "sigma"}},
    {"an unknown reference", GOOD "resistance: {exporter: from, importer: to, output: made, expenditure: spent, sigma: 5, reference: Z}\n", NULL,
     {"g.yaml:6", "no importer 'Z'"}},
    {"a pair twice", GOOD ROUND "}\n",
     HEADER "A,A,2000,5,1,7,8,1,x\nA,B,2000,2,2,7,7,1,y\nB,A,2000,3,3,8,8,1,x\nB,B,2000,4,1,8,7,1,y\nA,A,2001,5,1,7,8,1,x\n", {"d.csv:6", "A, A", "twice", "where"}},
    {"a pair missing", GOOD "keep_singletons: true\n" ROUND "}\n", HEADER "A,A,2000,5,1,7,8,1,x\nA,B,2000,2,2,7,7,1,y\nB,A,2000,3,3,8,8,1,x\n", {"no row", "B", "every pair"}},
    {"two outputs of one place", GOOD ROUND "}\n",
     HEADER "A,A,2000,5,1,7,8,1,x\nA,B,2000,2,2,9,7,1,y\nB,A,2000,3,3,8,8,1,x\nB,B,2000,4,1,8,7,1,y\n", {"d.csv:3", "made", "A has 9"}},
    {"an experiment on nothing", GOOD ROUND ", experiment: [{set: dust, value: 1}]}\n", NULL, {"g.yaml:6", "'dust'", "'dist'"}},
    {"an experiment nowhere", GOOD ROUND ", experiment: [{set: dist, value: 1, exporter: Q}]}\n", NULL, {"g.yaml:6", "no exporter 'Q'"}},
    {"costs that are no coefficient", GOOD ROUND ", costs: [year]}\n", NULL, {"g.yaml:6", "no coefficient 'year'"}},
    {"costs that are no column", GOOD ROUND ", costs: {tax: 1}}\n", NULL, {"g.yaml:6", "no column 'tax'"}},
    /* ---- coefficients from a file ---- */
    {"coefficients and an estimate", GOOD "coefficients: {file: d.csv}\n", NULL, {"g.yaml:3", "nothing is estimated"}},
    {"coefficients without names", FORMAT "coefficients: {file: d.csv}\n", NULL, {"d.csv:1", "name"}},
    {"a coefficient twice", FORMAT "coefficients: {file: d.csv}\n", "name,estimate\na,1\na,2\n", {"d.csv:3", "'a'", "twice"}},
    {"a covariance of others", FORMAT "coefficients: {file: d.csv, covariance: d.csv}\n", "name,estimate\na,1\n", {"d.csv", "no column 'a'"}},
};

static struct {
    bashu_context *context;
    scratch files;
} shared;

static int set_up(void **state)
{
    (void)state;
    return scratch_open(&shared.files) && bashu_open(&shared.context, 1) == BASHU_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    bashu_close(shared.context);
    scratch_close(&shared.files);
    return 0;
}

static void check(void **state)
{
    const bad_spec *c = *state;
    bashu_gravity *g = (bashu_gravity *)&shared;
    scratch_text(&shared.files, "d.csv", c->data ? c->data : table);
    const char *path = scratch_text(&shared.files, "g.yaml", c->text), *message = bashu_message(shared.context);
    bashu_status status = bashu_gravity_read(&g, shared.context, path, NULL);
    if (status != BASHU_ERROR_INPUT && status != BASHU_ERROR_IO) fail_msg("%s: status %d: %s", c->name, status, message);
    assert_null(g);
    for (size_t k = 0; k < PARTS && c->says[k]; k++)
        if (!strstr(message, c->says[k])) fail_msg("%s: no \"%s\" in: %s", c->name, c->says[k], message);
    if (getenv("SHOW_MESSAGES")) fprintf(stderr, "%s\n", message); /* to read them as a user would */
}

/* What all these are one step from. */
static void the_good_one(void **state)
{
    (void)state;
    bashu_gravity *g = NULL;
    scratch_text(&shared.files, "d.csv", table);
    const char *path = scratch_text(&shared.files, "g.yaml", GOOD ROUND ", experiment: [{set: dist, value: 1, exporter: A, importer: B}]}\n");
    if (bashu_gravity_read(&g, shared.context, path, NULL) != BASHU_OK) fail_msg("%s", bashu_message(shared.context));
    assert_true(bashu_gravity_information(g)->reason > 0);
    assert_int_equal(bashu_gravity_information(g)->observations, 9);
    bashu_gravity_coefficient c;
    bashu_gravity_place p;
    char *text;
    assert_int_equal(bashu_gravity_coefficient_get(g, 0, &c), BASHU_OK);
    assert_int_equal(bashu_gravity_coefficient_get(g, 1, &c), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_gravity_place_get(g, 3, &p), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_gravity_report(&text, g, "xml", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_gravity_report(&text, g, "text", BASHU_ZH), BASHU_OK);
    assert_non_null(strstr(text, "多边阻力"));
    bashu_text_free(text);
    bashu_gravity_free(g);
    bashu_gravity_free(NULL);
    assert_int_equal(bashu_gravity_read(&g, NULL, path, NULL), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_gravity_read(NULL, shared.context, path, NULL), BASHU_ERROR_ARGUMENT);
}

/* Every allocation may fail: an error and nothing left, whichever it is. */
static void without_memory(void **state)
{
    (void)state;
    scratch_text(&shared.files, "d.csv", table);
    char path[700];
    snprintf(path, sizeof path, "%s", scratch_text(&shared.files, "g.yaml", GOOD "cluster: [from, to]\nconstant: true\n" ROUND "}\n"));
    long k = 1;
    for (; k < 2000; k++) {
        bashu_gravity *g = NULL;
        context_fail_allocation(shared.context, k);
        bashu_status status = bashu_gravity_read(&g, shared.context, path, NULL);
        context_fail_allocation(shared.context, 0);
        if (status == BASHU_OK) {
            bashu_gravity_free(g);
            break;
        }
        assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_null(g);
    }
    assert_in_range(k, 50, 1999);
}

static void a_cancelled_estimate(void **state)
{
    (void)state;
    bashu_gravity *g = NULL;
    scratch_text(&shared.files, "d.csv", table);
    const char *path = scratch_text(&shared.files, "g.yaml", GOOD);
    bashu_cancel(shared.context);
    assert_int_equal(bashu_gravity_read(&g, shared.context, path, NULL), BASHU_INTERRUPTED);
    assert_null(g);
    bashu_resume(shared.context);
}

/* One pass is not enough: that is an outcome, not an error, and there are no numbers. */
static void a_limit_of_passes(void **state)
{
    (void)state;
    bashu_gravity *g = NULL;
    bashu_options options = BASHU_OPTIONS_INIT;
    char *text;
    options.pass_limit = 1;
    scratch_text(&shared.files, "d.csv", table);
    assert_int_equal(bashu_gravity_read(&g, shared.context, scratch_text(&shared.files, "g.yaml", GOOD), &options), BASHU_OK);
    assert_int_equal(bashu_gravity_information(g)->reason, BASHU_DIVERGED_LIMIT);
    assert_int_equal(bashu_gravity_report(&text, g, "coefficients.csv", BASHU_EN), BASHU_OK);
    assert_string_equal(text, "name,estimate,standard_error,z,p,note\n");
    bashu_text_free(text);
    bashu_gravity_free(g);
}

int main(void)
{
    enum { CASES = sizeof cases / sizeof *cases };
    static struct CMUnitTest tests[CASES + 4];
    for (size_t k = 0; k < CASES; k++)
        tests[k] = (struct CMUnitTest){cases[k].name, check, NULL, NULL, (void *)(uintptr_t)&cases[k]};
    tests[CASES] = (struct CMUnitTest)cmocka_unit_test(the_good_one);
    tests[CASES + 1] = (struct CMUnitTest)cmocka_unit_test(without_memory);
    tests[CASES + 2] = (struct CMUnitTest)cmocka_unit_test(a_cancelled_estimate);
    tests[CASES + 3] = (struct CMUnitTest)cmocka_unit_test(a_limit_of_passes);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
