/* test_circles.c - measures of circles against numbers by hand, and the rule by which claims are judged. */
#include "../truth/kit.h"
#include "measure/audit.h"
#include "measure/circles.h"

#include <stdio.h>
#include <unistd.h>

static void near(const char *what, double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance)) fail_msg("%s: got %.17g, expected %.17g", what, got, expected);
}

static void formulas(void **state)
{
    static const double a[3] = {0.5, 0.3, 0.2}, b[3] = {0.2, 0.3, 0.5}, apart[2] = {1, 0}, other[2] = {0, 1};
    double sizes[5] = {0, 5, 25, 1, 0.2}, slope, error, on_a, on_b;
    (void)state;
    near("Krugman", krugman_index(a, b, 3), 0.6, 1e-15);
    near("Finger-Kreinin", finger_kreinin(a, b, 3), 0.7, 1e-15);
    near("Krugman, nothing in common", krugman_index(apart, other, 2), 2, 0);
    near("Finger-Kreinin, nothing in common", finger_kreinin(apart, other, 2), 0, 0);
    /* 25, 5, 1, 0.2 at ranks 1/2 ... 7/2: slope by hand with x = log 5 (2, 1, 0, -1) */
    double y[4] = {log(0.5), log(1.5), log(2.5), log(3.5)}, xy = 1.5 * y[0] + 0.5 * y[1] - 0.5 * y[2] - 1.5 * y[3];
    rank_size(&slope, &error, sizes, 5);
    near("slope", slope, xy / 5 / log(5), 1e-14);
    near("its error", error, fabs(slope) * sqrt(2.0 / 4), 1e-14);
    assert_true(sizes[0] == 25 && sizes[4] == 0);
    rank_size(&slope, &error, sizes, 2);
    assert_true(isnan(slope) && isnan(error));
    double x1[6] = {1, 2, 3, 4, 5, 6}, x2[6] = {0, 1, 0, 0, 1, 1}, z[6];
    for (size_t k = 0; k < 6; k++) z[k] = 7 - 1.5 * x1[k] + 0.25 * x2[k];
    assert_true(two_regressors(&on_a, &on_b, z, x1, x2, 6));
    near("first", on_a, -1.5, 1e-13);
    near("second", on_b, 0.25, 1e-13);
    assert_false(two_regressors(&on_a, &on_b, z, x1, x1, 6));
}

static void circles_of_lantern(void **state)
{
    kit k;
    bashu_circles *c;
    bashu_label name;
    double land = 0, people = 0, gdp = 0, all_people = 0, inside = 0, spent = 0;
    (void)state;
    kit_lantern(&k, 1);
    const bashu_economy *e = k.economy;
    size_t N = e->about.N, J = e->about.J;
    double part[7], ground[7];
    kit_must(&k, measure_parts(k.context, &e->about, "circle", "twin", part, ground));
    kit_must(&k, bashu_circles_new(&c, e, NULL));
    assert_int_equal(bashu_circles_count(c), 2);
    kit_must(&k, bashu_circles_get(c, 0, &name));
    assert_string_equal(name.id, "twin");
    for (size_t n = 0; n < N; n++) {
        const region_row *r = &e->about.regions[n];
        if ((long)n != e->about.foreign) all_people += r->people;
        land += ground[n] * r->land_km2;
        people += part[n] * r->people;
        gdp += part[n] * r->gdp;
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++) {
                double flow = part[n] * e->expenditure[at2(n, j, J)] * e->trade_share[at3(n, j, i, J, N)];
                spent += flow;
                inside += flow * part[i];
            }
    }
    near("land", bashu_circles_value(c, 0, "land_km2"), land, 1e-9 * land);
    near("people of the nation", bashu_circles_value(c, 0, "people_share"), people / all_people, 1e-12);
    near("GDP per head", bashu_circles_value(c, 0, "gdp_per_head"), gdp * e->about.currency_unit / people, 1e-6);
    near("density", bashu_circles_value(c, 0, "density"), people / land, 1e-9);
    near("internal trade", bashu_circles_value(c, 0, "internal_trade"), inside / spent, 1e-12);
    near("the nation is all", bashu_circles_value(c, 1, "gdp_share"), 1, 1e-15);
    near("market potential of the nation", bashu_circles_value(c, 1, "market_potential"), 1, 0);
    near("Krugman and Finger-Kreinin", bashu_circles_value(c, 0, "core_krugman"), 2 * (1 - bashu_circles_value(c, 0, "core_similarity")), 1e-12);
    double industries = bashu_circles_value(c, 0, "primary_share") + bashu_circles_value(c, 0, "secondary_share") + bashu_circles_value(c, 0, "tertiary_share");
    near("industries", industries, 1, 1e-12);
    assert_true(isnan(bashu_circles_value(c, 0, "happiness")) && isnan(bashu_circles_value(c, 9, "people")));
    bashu_circles_free(c);
    bashu_circles_free(NULL);
    kit_close(&k);
}

/* Trade that is exp(-a) less across a border between provinces, at any time: the regression gives it back. */
static void a_planted_border_is_found(void **state)
{
    kit k;
    bashu_circles *c;
    (void)state;
    kit_lantern(&k, 1);
    size_t N = k.economy->about.N, J = k.economy->about.J;
    double *share = (double *)(uintptr_t)k.economy->trade_share, *spent = (double *)(uintptr_t)k.economy->expenditure; /* this test's own economy */
    const double *t = k.economy->travel_time_h + k.economy->about.people_travel * N * N;
    const long *province = k.economy->about.sets[find_set(&k.economy->about, "province")].member_of;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            spent[at2(n, j, J)] = 1 + (double)n;
            for (size_t i = 0; i < N; i++)
                share[at3(n, j, i, J, N)] = n == i ? 0.5 : 0.1 / sqrt(t[n * N + i] * t[i * N + n]) * (province[n] != province[i] ? 0.4 : 1);
        }
    kit_must(&k, bashu_circles_new(&c, k.economy, NULL));
    /* freeness = sqrt(product of the two ways) / own: time enters as the geometric mean, the regressor is the arithmetic one; equal where ways are */
    near("border", bashu_circles_value(c, 0, "border_effect"), 0.4 - 1, 1e-6);
    bashu_circles_free(c);
    kit_close(&k);
}

static bashu_status read_file(const kit *k, const char *text, bashu_circles **circles, bashu_audit **audit)
{
    char path[] = "/tmp/bashu-test-circles-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(bashu_text_write(k->context, path, text), BASHU_OK);
    bashu_status status = circles ? bashu_circles_new(circles, k->economy, path) : bashu_audit_new(audit, k->economy, path);
    close(file);
    unlink(path);
    return status;
}

static void circles_of_a_file(void **state)
{
    static const char good[] = "format: bashu-circles/1\n"
                               "circles:\n"
                               "- {id: mine, title: {en: Mine, zh: 我的}, place: [alder, brook, dune], cores: [dune, brook]}\n"
                               "- {id: south, place: {province: south}}\n";
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"format: bashu-circles/1\ncircles: []\n", "circles: must be a list"},
        {"format: bashu-circles/1\ncircles:\n- mine\n", "must be a map"},
        {"format: bashu-circles/1\ncircles:\n- {id: a, place: [aldre]}\n", "did you mean 'alder'"},
        {"format: bashu-circles/1\ncircles:\n- {id: a, place: {provinces: south}}\n", "did you mean 'province'"},
        {"format: bashu-circles/1\ncircles:\n- {id: a, place: [alder]}\n- {id: a, place: [dune]}\n", "duplicate circle 'a'"},
        {"format: bashu-circles/1\ncircles:\n- {id: a, place: [alder], cores: [alder]}\n", "two regions"},
        {"format: bashu-circles/1\ncircles:\n- {id: a, place: [alder], cores: [alder, dune]}\n", "outside the circle"},
        {"format: bashu-circles/1\ncircles:\n- {id: a, place: [alder], colour: red}\n", "colour"},
        {"format: bashu-scenario/1\n", "format"},
    };
    kit k;
    bashu_circles *c;
    bashu_label name;
    (void)state;
    kit_lantern(&k, 1);
    kit_must(&k, read_file(&k, good, &c, NULL));
    assert_int_equal(bashu_circles_count(c), 3);
    kit_must(&k, bashu_circles_get(c, 0, &name));
    assert_string_equal(name.name_zh, "我的");
    near("people", bashu_circles_value(c, 0, "people"), k.economy->about.regions[0].people + k.economy->about.regions[1].people + k.economy->about.regions[3].people, 1);
    assert_string_equal(c->city_label[c->circles[0].core[0]].id, "dune");
    assert_string_equal(c->city_label[c->circles[0].core[1]].id, "brook");
    bashu_circles_free(c);
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
        assert_int_equal(read_file(&k, bad[b].text, &c, NULL), BASHU_ERROR_INPUT);
        assert_null(c);
        if (!strstr(bashu_message(k.context), bad[b].says)) fail_msg("%s: %s", bad[b].says, bashu_message(k.context));
    }
    kit_close(&k);
}

/* ---- claims ----------------------------------------------------------------------------------------- */

static void agreement(void **state)
{
    static const struct {
        double says, printed, found;
        claim_relation relation;
        int agrees;
    } cases[] = {
        {6.9, 0.1, 6.93, CLAIM_EQUALS, 2},   {6.9, 0.1, 6.86, CLAIM_EQUALS, 2},    {6.9, 0.1, 6.84, CLAIM_EQUALS, 1},    {1.9, 0.1, 1.975, CLAIM_EQUALS, 1},
        {1.9, 0.1, 2.01, CLAIM_EQUALS, 0},   {660, 1, 658.6, CLAIM_APPROACHED, 2}, {660, 1, 620, CLAIM_APPROACHED, 0},   {660, 1, 661, CLAIM_APPROACHED, 0},
        {33.3, 0.1, 34.9, CLAIM_ABOUT, 2},   {33.3, 0.1, 35.1, CLAIM_ABOUT, 0},    {5, 1, 4.6, CLAIM_AT_LEAST, 2},       {5, 1, 4.4, CLAIM_AT_LEAST, 0},
        {1, 1, 1, CLAIM_RANK, 2},            {1, 1, 2, CLAIM_RANK, 0},             {1, 1, (double)NAN, CLAIM_EQUALS, 0},
    };
    (void)state;
    for (size_t q = 0; q < sizeof cases / sizeof *cases; q++) {
        claim c = {.says = cases[q].says, .printed = cases[q].printed, .relation = cases[q].relation};
        if (audit_agrees(&c, cases[q].found) != cases[q].agrees) fail_msg("case %zu: %d", q, audit_agrees(&c, cases[q].found));
    }
}

static void every_verdict(void **state)
{
    static const char head[] = "format: bashu-claims/1\nsource: test\nclaims:\n";
    kit k;
    bashu_audit *a;
    char text[4096];
    (void)state;
    kit_lantern(&k, 1);
    double people[7], all = 0, twin = 0;
    kit_must(&k, measure_parts(k.context, &k.economy->about, "circle", "twin", people, NULL));
    for (size_t n = 0; n < 7; n++) {
        if ((long)n != k.economy->about.foreign) all += k.economy->about.regions[n].people;
        twin += people[n] * k.economy->about.regions[n].people;
    }
    double percent = 100 * twin / all;
    snprintf(text, sizeof text,
             "%s"
             "- {id: right, text: A, says: %.1f, unit: percent, variable: people, of: {circle: twin}, share_of: all}\n"
             "- {id: cut, text: A, says: %.0f, unit: percent, printed: 10, variable: people, of: {circle: twin}, share_of: all}\n"
             "- {id: basis, text: A, says: %.4f, unit: 1e6, variable: people, of: [alder], readings: [{of: {circle: twin}}]}\n"
             "- {id: ten, text: A, says: %.4f, unit: 1e6, variable: people, of: {circle: twin}}\n"
             "- {id: wrong, text: A, says: 123456, variable: people, of: {circle: twin}}\n"
             "- {id: year, text: A, says: 1, variable: people, of: {circle: twin}, year: 1900, readings: [{year: 1901}]}\n"
             "- {id: needs, text: A, says: 1, needs: a table}\n"
             "- {id: first, text: A, says: 1, relation: rank, variable: people, of: {province: north}, rank_among: {set: province}}\n",
             head, percent, 10 * floor(percent / 10) + 10, twin / 1e6, twin / 1e7);
    kit_must(&k, read_file(&k, text, NULL, &a));
    static const bashu_verdict expected[] = {BASHU_CONFIRMED, BASHU_WITHIN_ROUNDING, BASHU_ANOTHER_BASIS, BASHU_INCONSISTENT, BASHU_INCONSISTENT, BASHU_NOT_TESTABLE, BASHU_NOT_TESTABLE};
    assert_int_equal(bashu_audit_count(a), 8);
    for (size_t q = 0; q < 7; q++) {
        bashu_audited row;
        kit_must(&k, bashu_audit_get(a, q, &row));
        if (row.verdict != expected[q] && !(q == 1 && row.verdict == BASHU_CONFIRMED)) fail_msg("%s: verdict %d, found %g", row.id, row.verdict, row.found);
        if (q == 3) assert_int_equal(row.power, 1);
        if (q == 4) assert_int_equal(row.power, 0);
    }
    bashu_audit_free(a);
    bashu_audit_free(NULL);
    kit_close(&k);
}

static void bad_claims(void **state)
{
    static const char head[] = "format: bashu-claims/1\nsource: test\nclaims:\n";
    static const struct {
        const char *claim, *says;
    } bad[] = {
        {"- A\n", "must be a map"},
        {"- {text: A, says: 1, needs: x}\n", "id"},
        {"- {id: a, text: A, needs: x}\n", "says"},
        {"- {id: a, text: A, says: one, needs: x}\n", "says"},
        {"- {id: a, text: A, says: 1}\n", "cannot be looked up"},
        {"- {id: a, text: A, says: 1, variable: people}\n", "whose number is it"},
        {"- {id: a, text: A, says: 1, variable: people, of: {circle: twni}}\n", "did you mean 'twin'"},
        {"- {id: a, text: A, says: 1, relation: nearly, variable: people, of: all}\n", "unknown word 'nearly'"},
        {"- {id: a, text: A, says: 1, relation: rank, variable: people, of: all}\n", "belong together"},
        {"- {id: a, text: A, says: 1, variable: people, of: all, rank_among: {set: circles}}\n", "unknown region set"},
        {"- {id: a, text: A, says: 1, variable: people, of: all, readings: [2019]}\n", "must be a map"},
        {"- {id: a, text: A, says: 1, needs: x, readings: [{year: 2019}]}\n", "readings"},
        {"- {id: a, text: A, says: 1, needs: x}\n- {id: a, text: A, says: 1, needs: x}\n", "duplicate claim"},
        {"- {id: a, text: A, says: 1, needs: x, mood: good}\n", "mood"},
    };
    kit k;
    bashu_audit *a;
    (void)state;
    kit_lantern(&k, 1);
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
        char text[1024];
        snprintf(text, sizeof text, "%s%s", head, bad[b].claim);
        assert_int_equal(read_file(&k, text, NULL, &a), BASHU_ERROR_INPUT);
        assert_null(a);
        if (!strstr(bashu_message(k.context), bad[b].says)) fail_msg("%s: %s", bad[b].says, bashu_message(k.context));
    }
    assert_int_equal(bashu_audit_new(&a, k.economy, NULL), BASHU_ERROR_IO); /* Lantern makes no claims */
    kit_close(&k);
}

/* ---- indicators ------------------------------------------------------------------------------------- */

static void indicators_are_put_together(void **state)
{
    static const indicator rows[] = {
        {"jobs", "region", "alder", 2020, 10, "persons", "", NULL}, {"jobs", "region", "brook", 2020, 4, "persons", "", NULL},
        {"jobs", "region", "dune", 2020, 6, "persons", "", NULL},   {"rate", "province", "north", 2020, 0.2, "share", "", NULL},
        {"rate", "province", "south", 2020, 0.6, "share", "", NULL}, {"jobs", "circle", "twin", 2019, 99, "persons", "", NULL},
    };
    kit k;
    bool apart = false;
    double part[7] = {1, 0.5, 0, 1, 0, 0, 0};
    (void)state;
    kit_lantern(&k, 1);
    description about = k.economy->about;
    about.indicators = rows;
    about.indicator_count = sizeof rows / sizeof *rows;
    near("sum of parts", indicator_of(&about, "jobs", NULL, "", 2020, part, &apart), 10 + 2 + 6, 1e-12);
    near("its own row", indicator_of(&about, "jobs", "circle", "twin", 2019, part, &apart), 99, 0);
    assert_true(isnan(indicator_of(&about, "jobs", NULL, "", 2018, part, &apart)) && isnan(indicator_of(&about, "none", NULL, "", 2020, part, &apart)));
    part[2] = 1; /* nobody says how many jobs Cinder has */
    assert_true(isnan(indicator_of(&about, "jobs", NULL, "", 2020, part, &apart)));
    const long *province = about.sets[find_set(&about, "province")].member_of;
    double people[2] = {0, 0};
    for (size_t n = 0; n < 7; n++)
        if (part[n] > 0) people[province[n]] += part[n] * about.regions[n].people;
    near("mean over people", indicator_of(&about, "rate", NULL, "", 2020, part, &apart), (0.2 * people[0] + 0.6 * people[1]) / (people[0] + people[1]), 1e-12);
    assert_true(apart);
    kit_close(&k);
}

static void memory_may_run_out(void **state)
{
    kit k;
    bool whole = false;
    (void)state;
    kit_lantern(&k, 1);
    for (long at = 1; !whole; at++) {
        bashu_circles *c = NULL;
        char *text = NULL;
        context_fail_allocation(k.context, at);
        bashu_status status = bashu_circles_new(&c, k.economy, NULL);
        if (status == BASHU_OK) status = bashu_circles_report(&text, c, "text", BASHU_ZH);
        context_fail_allocation(k.context, 0);
        whole = status == BASHU_OK;
        if (!whole) assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_true(at < 2000);
        bashu_text_free(text);
        bashu_circles_free(c);
    }
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas),
        cmocka_unit_test(circles_of_lantern),
        cmocka_unit_test(a_planted_border_is_found),
        cmocka_unit_test(circles_of_a_file),
        cmocka_unit_test(agreement),
        cmocka_unit_test(every_verdict),
        cmocka_unit_test(bad_claims),
        cmocka_unit_test(indicators_are_put_together),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
