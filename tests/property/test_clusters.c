/* test_clusters.c - clusters of an economy: quotients by hand, planted clusters found, what it would take solved again by the public way. */
#include "../scratch.h"
#include "../truth/kit.h"

#include "measure/clusters.h"
#include "policy/attain.h"

#include <stdio.h>

static bashu_clusters *clusters_of(const kit *k, const bashu_clusters_options *wanted)
{
    bashu_clusters *c;
    kit_must(k, bashu_clusters_new(&c, k->economy, wanted));
    return c;
}

/* ---- quotients and gaps by hand ---------------------------------------------------------------------- */

/* Lantern's circle: alder, dune, and five eighths of elm's people. */
static double lantern_part(size_t n) { return n == 0 || n == 3 ? 1 : n == 4 ? 5.0 / 8 : 0; }

static double value_at(const bashu_economy *e, size_t n, size_t j) { return e->value_added_share[at2(n, j, 3)] * e->output[at2(n, j, 3)]; }

static void quotients_are_those_of_the_accounts(void **state)
{
    kit k;
    bashu_clusters_options wanted = BASHU_CLUSTERS_OPTIONS_INIT;
    (void)state;
    kit_lantern(&k, 1);
    wanted.benchmark = "province=north";
    wanted.permutations = 99;
    bashu_clusters *c = clusters_of(&k, &wanted);
    const bashu_economy *e = k.economy;
    double all = 0, circle = 0, people = 0;
    for (size_t n = 0; n < 6; n++)
        for (size_t j = 0; j < 3; j++) {
            all += value_at(e, n, j);
            circle += lantern_part(n) * value_at(e, n, j);
        }
    for (size_t n = 0; n < 6; n++) people += lantern_part(n) * (e->people[2 * n] + e->people[2 * n + 1]);
    for (size_t j = 0; j < 3; j++) {
        double sector = 0, inside = 0, north = 0, north_all = 0, squares = 0;
        bashu_concentration s;
        bashu_cluster_gap gap;
        for (size_t n = 0; n < 6; n++) {
            sector += value_at(e, n, j);
            inside += lantern_part(n) * value_at(e, n, j);
            for (size_t h = 0; n < 3 && h < 3; h++) north_all += value_at(e, n, h);
            north += n < 3 ? value_at(e, n, j) : 0;
        }
        for (size_t n = 0; n < 6; n++) {
            bashu_local l;
            double here = 0;
            for (size_t h = 0; h < 3; h++) here += value_at(e, n, h);
            kit_must(&k, bashu_clusters_place(c, j, n, &l));
            must_be("LQ", l.quotient, value_at(e, n, j) / here / (sector / all), 1e-12);
            must_be("share", l.share, value_at(e, n, j) / sector, 1e-12);
            squares += pow(value_at(e, n, j) / sector, 2);
        }
        kit_must(&k, bashu_clusters_sector(c, j, &s));
        must_be("H", s.herfindahl, squares, 1e-12);
        assert_true(s.herfindahl >= 1.0 / 6 && s.raw >= 0 && s.raw <= 2 && s.bound >= s.raw && isnan(s.index) && isnan(s.plants));
        must_be("E", s.expected, -1.0 / 5, 1e-14);
        kit_must(&k, bashu_clusters_gap(c, j, &gap));
        must_be("circle", gap.circle.quotient, inside / circle / (sector / all), 1e-12);
        must_be("benchmark", gap.benchmark.quotient, north / north_all / (sector / all), 1e-12);
        must_be("share", gap.circle.share, inside / sector, 1e-12);
        must_be("per head", gap.circle.per_head, inside * 1e9 / people, 1e-12);
        assert_true(gap.gap == gap.benchmark.quotient - gap.circle.quotient);
    }
    bashu_local abroad;
    kit_must(&k, bashu_clusters_place(c, 0, 6, &abroad));
    assert_true(isnan(abroad.quotient) && isnan(abroad.p) && !*abroad.kind && abroad.cluster == -1);
    bashu_clusters_free(c);
    kit_close(&k);
}

/* ---- planted clusters --------------------------------------------------------------------------------- */

enum { SIDE = 10, PLACES = SIDE * SIDE };

static bool planted(size_t n) /* two blocks of 3 x 3 */
{
    size_t row = n / SIDE, column = n % SIDE;
    return (row >= 1 && row <= 3 && column >= 1 && column <= 3) || (row >= 6 && row <= 8 && column >= 5 && column <= 7);
}

/* Places on a board, each buying mostly from itself; sector 0 is `strength` times as large in the blocks. */
static void draw_board(kit *k, int threads, double strength)
{
    static double flow[PLACES * 2 * PLACES], time[PLACES * PLACES];
    random_stream stream;
    random_seed(&stream, 4);
    kit_open(k, threads);
    for (size_t n = 0; n < PLACES; n++)
        for (size_t j = 0; j < 2; j++) {
            double size = (1 + 0.1 * random_uniform(&stream)) * (j == 0 && planted(n) ? strength : 1) * (n == 22 || n == 76 ? 1.1 : 1);
            for (size_t i = 0; i < PLACES; i++) flow[at3(n, j, i, 2, PLACES)] = n == i ? 100 * size : 0.01;
        }
    for (size_t n = 0; n < PLACES; n++)
        for (size_t i = 0; i < PLACES; i++) {
            double rows = fabs((double)(n / SIDE) - (double)(i / SIDE)), columns = fabs((double)(n % SIDE) - (double)(i % SIDE));
            time[n * PLACES + i] = 0.5 + hypot(rows, columns);
        }
    sketch s = sketch_new(PLACES, 2, 1);
    s.flow = flow;
    kit_draw(k, &s);
    kit_calibrate(k);
    k->economy->travel_time_h = time;
}

static void planted_clusters_are_found(void **state)
{
    kit k;
    size_t seen[2] = {0};
    (void)state;
    draw_board(&k, 1, 3);
    bashu_clusters *c = clusters_of(&k, NULL);
    bashu_concentration s[2];
    for (size_t j = 0; j < 2; j++) kit_must(&k, bashu_clusters_sector(c, j, &s[j]));
    assert_int_equal(s[0].clusters, 2);
    assert_true(s[0].p < 0.001 && s[0].z > 5);
    for (size_t q = 0; q < bashu_clusters_count(c); q++) {
        bashu_cluster one;
        double value = 0;
        kit_must(&k, bashu_clusters_get(c, q, &one));
        if (one.sector != 0) continue;
        bool first = one.places[0] / SIDE < 5;
        seen[first ? 0 : 1]++;
        /* the middle has eight neighbours of its block; at the corners, with three of eight, it may be chance */
        assert_true(one.quotient > 1.2 && one.place_count >= 3 && one.place_count <= 9);
        assert_true(one.places[0] == (first ? 22u : 76u));
        for (size_t p = 0; p < one.place_count; p++) {
            bashu_local l;
            kit_must(&k, bashu_clusters_place(c, 0, one.places[p], &l));
            assert_true(planted(one.places[p]) && (one.places[p] / SIDE < 5) == first);
            assert_true(l.cluster == (long)q && l.significant && l.q <= 0.05 && l.quotient >= 1 && !strcmp(l.kind, "high_high"));
            value += l.value_added;
        }
        must_be("value added", one.value_added, value, 1e-13);
        must_be("share", one.share, value / s[0].value_added, 1e-13);
        char expected[40]; /* the middle is the largest, by a tenth */
        snprintf(expected, sizeof expected, "region%d-", first ? 22 : 76);
        assert_true(!strncmp(one.name_en, expected, strlen(expected)) && strstr(one.name_en, "sector0"));
    }
    assert_true(seen[0] == 1 && seen[1] == 1);
    /* in the middle of a block all eight neighbours are of it; a higher threshold leaves nothing */
    bashu_clusters_options wanted = BASHU_CLUSTERS_OPTIONS_INIT;
    wanted.threshold = 100;
    bashu_clusters *none = clusters_of(&k, &wanted);
    assert_int_equal(bashu_clusters_count(none), 0);
    bashu_clusters_free(none);
    bashu_clusters_free(c);
    kit_close(&k);
}

static void without_planting_nothing_is_found(void **state)
{
    kit k;
    (void)state;
    draw_board(&k, 1, 1);
    bashu_clusters *c = clusters_of(&k, NULL);
    bashu_concentration s;
    kit_must(&k, bashu_clusters_sector(c, 0, &s));
    assert_true(s.significant == 0 && s.p > 0.01);
    assert_int_equal(bashu_clusters_count(c), 0);
    bashu_clusters_free(c);
    kit_close(&k);
}

static char *report_of(const bashu_clusters *c, const char *format)
{
    char *text = NULL;
    assert_int_equal(bashu_clusters_report(&text, c, format, BASHU_EN), BASHU_OK);
    return text;
}

static void the_same_with_any_number_of_threads(void **state)
{
    static const char *const formats[] = {"places.csv", "sectors.csv", "clusters.csv"};
    char *texts[3] = {NULL};
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        kit k;
        draw_board(&k, threads, 2);
        bashu_clusters *c = clusters_of(&k, NULL);
        for (size_t f = 0; f < 3; f++) {
            char *text = report_of(c, formats[f]);
            if (!texts[f]) texts[f] = text;
            else {
                assert_string_equal(text, texts[f]);
                bashu_text_free(text);
            }
        }
        bashu_clusters_free(c);
        kit_close(&k);
    }
    for (size_t f = 0; f < 3; f++) bashu_text_free(texts[f]);
}

/* Without travel times there is nothing near, and without circles nothing to compare. */
static void what_is_not_known_is_not_said(void **state)
{
    static const double flow[4] = {60, 20, 30, 70};
    kit k;
    bashu_concentration s;
    bashu_cluster_gap gap;
    (void)state;
    kit_open(&k, 1);
    sketch drawn = sketch_new(2, 1, 1);
    drawn.flow = flow;
    kit_draw(&k, &drawn);
    kit_calibrate(&k);
    bashu_clusters *c = clusters_of(&k, NULL);
    kit_must(&k, bashu_clusters_sector(c, 0, &s));
    assert_true(isnan(s.moran) && isnan(s.p) && isfinite(s.herfindahl) && s.clusters == 0);
    assert_int_equal(bashu_clusters_gap(c, 0, &gap), BASHU_ERROR_ARGUMENT);
    char *text = report_of(c, "text");
    assert_non_null(strstr(text, "no travel times"));
    bashu_text_free(text);
    bashu_clusters_free(c);
    bashu_attain_options wanted = BASHU_ATTAIN_OPTIONS_INIT;
    bashu_attain *a;
    wanted.sector = "sector0";
    assert_int_equal(bashu_attain_new(&a, k.economy, &wanted, NULL), BASHU_ERROR_ARGUMENT);
    assert_null(a);
    kit_close(&k);
}

/* ---- what it would take -------------------------------------------------------------------------------- */

/* Location quotient of the circle in a result, by the public way: values of a variable, put together here. */
static double quotient_in(const kit *k, const bashu_result *r, size_t sector)
{
    double values[21], own = 0, circle = 0, all_own = 0, all = 0;
    kit_must(k, bashu_result_values(r, "sector_value_added", BASHU_COUNTERFACTUAL, values, 21));
    for (size_t n = 0; n < 6; n++)
        for (size_t j = 0; j < 3; j++) {
            double value = values[at2(n, j, 3)];
            circle += lantern_part(n) * value;
            all += value;
            own += j == sector ? lantern_part(n) * value : 0;
            all_own += j == sector ? value : 0;
        }
    return own / circle / (all_own / all);
}

/* The scenario that a person would write, with the factor found. */
static void solve_again(kit *k, const char *words, double hat, size_t sector, double expected)
{
    scratch files;
    char text[2000];
    bashu_scenario *scenario;
    bashu_result *result = NULL;
    bashu_options options = BASHU_OPTIONS_INIT;
    options.starts = 0;
    assert_true(scratch_open(&files));
    snprintf(text, sizeof text,
             "format: bashu-scenario/1\nname: again\neconomy: x\nchanges:\n  - {id: c, title: {en: c, zh: c}, %s, hat: %.17g, assumption: test}\n", words, hat);
    kit_must(k, bashu_scenario_read(&scenario, k->economy, scratch_text(&files, "again.yaml", text)));
    bashu_solver *solver;
    kit_must(k, bashu_solver_new(&solver, k->economy, &options));
    kit_must(k, bashu_solve(&result, solver, scenario));
    assert_true(bashu_result_info(result)->reason > 0);
    must_be("the measure is the target when solved again", quotient_in(k, result, sector), expected, 2e-8);
    bashu_result_free(result);
    bashu_solver_free(solver);
    bashu_scenario_free(scenario);
    scratch_close(&files);
}

static bashu_attain *attain_of(const kit *k, const bashu_attain_options *wanted)
{
    bashu_attain *a;
    kit_must(k, bashu_attain_new(&a, k->economy, wanted, NULL));
    return a;
}

static const char circle_change[] = "regions: {circle: twin}";

static void the_change_found_does_it(void **state)
{
    kit k;
    bashu_attain_options wanted = BASHU_ATTAIN_OPTIONS_INIT;
    (void)state;
    kit_lantern(&k, 1);
    wanted.sector = "goods";
    wanted.benchmark = "all"; /* its quotient is one, always */
    wanted.low = -60;
    wanted.high = 150;
    bashu_attain *a = attain_of(&k, &wanted);
    assert_int_equal(bashu_attain_count(a), bashu_attain_row_count());
    size_t found = 0;
    for (size_t q = 0; q < bashu_attain_count(a); q++) {
        bashu_attain_answer x;
        char again[200];
        kit_must(&k, bashu_attain_get(a, q, &x));
        must_be("the nation's quotient", x.target, 1, 1e-12);
        assert_true(x.residual_most <= 1e-10 && x.equilibria > 1);
        if (x.end != BASHU_ATTAIN_FOUND) continue;
        found++;
        must_be("measure", x.measure, x.target, 1e-8);
        must_be("percent", x.percent, 100 * (x.hat - 1), 1e-12);
        assert_true(x.percent != 0 && x.percent >= -60 && x.percent <= 150 && isfinite(x.gdp) && isfinite(x.nation_welfare));
        bool trade = !strcmp(x.lever, "trade_cost"), land = !strcmp(x.lever, "land");
        snprintf(again, sizeof again, "lever: %s, %s%s", land ? "land" : trade ? "trade_cost" : "productivity",
                 trade ? "between: [{circle: twin}, [alder, brook, cinder, dune, elm, fern, SEA]]" : circle_change,
                 !strcmp(x.lever, "productivity") ? ", sectors: [goods]" : !strcmp(x.lever, "research") ? ", sectors: [services]" : "");
        solve_again(&k, again, x.hat, 1, x.target);
    }
    assert_true(found >= 2);
    bashu_attain_free(a);
    kit_close(&k);
}

/* A target that moves is not the target that is held; each is met. */
static void the_target_may_be_held(void **state)
{
    kit k;
    bashu_attain_options wanted = BASHU_ATTAIN_OPTIONS_INIT;
    bashu_attain_answer moving, held;
    (void)state;
    kit_lantern(&k, 1);
    wanted.sector = "food";
    wanted.benchmark = "province=north";
    wanted.levers = "productivity";
    wanted.high = 400;
    wanted.low = -90;
    bashu_attain *a = attain_of(&k, &wanted);
    kit_must(&k, bashu_attain_get(a, 0, &moving));
    wanted.held = 1;
    bashu_attain *b = attain_of(&k, &wanted);
    kit_must(&k, bashu_attain_get(b, 0, &held));
    assert_int_equal(moving.end, BASHU_ATTAIN_FOUND);
    assert_int_equal(held.end, BASHU_ATTAIN_FOUND);
    assert_true(fabs(moving.percent - held.percent) > 0.1 && fabs(moving.target - held.target) > 1e-3);
    bashu_clusters *c = clusters_of(&k, &(bashu_clusters_options){1, NULL, NULL, "province=north", NULL, 2, 0, 9, 0.05, 1, 1});
    bashu_cluster_gap gap;
    kit_must(&k, bashu_clusters_gap(c, 0, &gap));
    must_be("held at the baseline", held.target, gap.benchmark.quotient, 1e-14);
    must_be("and met", held.measure, held.target, 1e-8);
    bashu_clusters_free(c);
    bashu_attain_free(a);
    bashu_attain_free(b);
    kit_close(&k);
}

static void where_it_is_there_already_nothing_changes(void **state)
{
    kit k;
    bashu_attain_options wanted = BASHU_ATTAIN_OPTIONS_INIT;
    (void)state;
    kit_lantern(&k, 1);
    wanted.sector = "goods";
    wanted.circle = "twin";
    wanted.benchmark = "circle=twin";
    bashu_attain *a = attain_of(&k, &wanted);
    for (size_t q = 0; q < bashu_attain_count(a); q++) {
        bashu_attain_answer x;
        kit_must(&k, bashu_attain_get(a, q, &x));
        assert_int_equal(x.end, BASHU_ATTAIN_PRESENT);
        assert_true(x.percent == 0 && x.hat == 1 && x.gdp == 0 && x.people == 0 && x.welfare == 0 && x.nation_gdp == 0 && x.nation_welfare == 0);
        assert_int_equal(x.equilibria, 0);
    }
    bashu_attain_free(a);
    kit_close(&k);
}

/* In a range that is too small the answer says so, and what its ends reach. */
static void what_does_not_do_is_said(void **state)
{
    kit k;
    bashu_attain_options wanted = BASHU_ATTAIN_OPTIONS_INIT;
    bashu_attain_answer x;
    char *text;
    (void)state;
    kit_lantern(&k, 1);
    wanted.sector = "food";
    wanted.benchmark = "province=north";
    wanted.levers = "productivity";
    wanted.low = -1;
    wanted.high = 1;
    bashu_attain *a = attain_of(&k, &wanted);
    kit_must(&k, bashu_attain_get(a, 0, &x));
    assert_int_equal(x.end, BASHU_ATTAIN_BEYOND);
    assert_true(x.low_measure < x.high_measure && x.high_measure < x.high_target);
    must_be("the upper end comes nearest", x.percent, 1, 1e-9);
    assert_true(x.measure == x.high_measure && x.target == x.high_target);
    assert_int_equal(x.equilibria, 8); /* four on each side */
    assert_int_equal(bashu_attain_report(&text, a, "text", BASHU_EN), BASHU_OK);
    assert_non_null(strstr(text, "no value in the range"));
    bashu_text_free(text);
    assert_int_equal(bashu_attain_report(&text, a, "json", BASHU_EN), BASHU_OK);
    assert_non_null(strstr(text, "\"change_pct\": null"));
    bashu_text_free(text);
    bashu_attain_free(a);
    kit_close(&k);
}

/* A limit of passes that is too low: no equilibrium, no numbers. */
static void without_equilibrium_no_numbers(void **state)
{
    kit k;
    bashu_attain_options wanted = BASHU_ATTAIN_OPTIONS_INIT;
    bashu_options options = BASHU_OPTIONS_INIT;
    bashu_attain_answer x;
    bashu_attain *a;
    (void)state;
    kit_lantern(&k, 1);
    wanted.sector = "food";
    wanted.benchmark = "all";
    wanted.levers = "productivity,land";
    options.pass_limit = 1;
    kit_must(&k, bashu_attain_new(&a, k.economy, &wanted, &options));
    for (size_t q = 0; q < 2; q++) {
        kit_must(&k, bashu_attain_get(a, q, &x));
        assert_int_equal(x.end, BASHU_ATTAIN_UNSOLVED);
        assert_true(x.lost == x.equilibria && x.lost == 2);
        assert_true(isnan(x.percent) && isnan(x.hat) && isnan(x.measure) && isnan(x.target) && isnan(x.gdp) && isnan(x.residual));
    }
    bashu_attain_free(a);
    kit_close(&k);
}

/* ---- bad questions ------------------------------------------------------------------------------------- */

static void refuses(const kit *k, bashu_clusters_options wanted, const char *words)
{
    bashu_clusters *c;
    assert_int_equal(bashu_clusters_new(&c, k->economy, &wanted), BASHU_ERROR_ARGUMENT);
    assert_null(c);
    if (!strstr(bashu_message(k->context), words)) fail_msg("'%s' does not say '%s'", bashu_message(k->context), words);
}

static void refuses_to_take(const kit *k, bashu_attain_options wanted, const char *words)
{
    bashu_attain *a;
    assert_int_equal(bashu_attain_new(&a, k->economy, &wanted, NULL), BASHU_ERROR_ARGUMENT);
    assert_null(a);
    if (!strstr(bashu_message(k->context), words)) fail_msg("'%s' does not say '%s'", bashu_message(k->context), words);
}

#define WITH(field, value, words)                                  \
    do {                                                           \
        bashu_clusters_options o = BASHU_CLUSTERS_OPTIONS_INIT;    \
        o.field = value;                                           \
        refuses(&k, o, words);                                     \
    } while (0)
#define TAKING(field, value, words)                                \
    do {                                                           \
        bashu_attain_options o = BASHU_ATTAIN_OPTIONS_INIT;        \
        o.sector = "goods";                                        \
        o.field = value;                                           \
        refuses_to_take(&k, o, words);                             \
    } while (0)

static void bad_questions_are_refused(void **state)
{
    kit k;
    (void)state;
    kit_lantern(&k, 1);
    WITH(version, 2, "version");
    WITH(sector, "goodz", "did you mean 'goods'");
    WITH(circle, "twins", "did you mean 'twin'");
    WITH(circle, "ring=x", "no region set 'ring'");
    WITH(benchmark, "province=west", "no member 'west'");
    WITH(neighbours, 0, "neighbours");
    WITH(permutations, 0, "permutations");
    WITH(within_h, -1, "hours");
    WITH(false_discovery, 1, "rate");
    WITH(threshold, -1, "threshold");
    TAKING(version, 0, "version");
    TAKING(sector, NULL, "name one");
    TAKING(sector, "xyzzy", "no sector");
    TAKING(circle, "all", "part of the economy");
    TAKING(levers, "lands", "did you mean 'land'");
    TAKING(levers, ",", "no lever");
    TAKING(measure, "gini", "'quotient' or 'share'");
    TAKING(low, -100, "above -100");
    TAKING(low, 1, "no change");
    TAKING(tolerance, 0, "tolerance");
    bashu_clusters *c = clusters_of(&k, NULL);
    bashu_local l;
    bashu_cluster one;
    char *text;
    assert_int_equal(bashu_clusters_place(c, 3, 0, &l), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_clusters_place(c, 0, 7, &l), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_clusters_get(c, 99, &one), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_clusters_report(&text, c, "xml", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_clusters_new(NULL, k.economy, NULL), BASHU_ERROR_ARGUMENT);
    bashu_clusters_free(c);
    assert_int_equal(bashu_clusters_new(&c, NULL, NULL), BASHU_ERROR_ARGUMENT);
    bashu_clusters_free(NULL);
    bashu_attain_free(NULL);
    kit_close(&k);
}

/* Sizes of plants: read, used, and refused with place and mend. */
static void plants_are_read(void **state)
{
    static const char *const bad[][2] = {
        {"sector,herfindahl\ngoodz,0.1\n", "did you mean 'goods'"}, {"sector,herfindahl\ngoods,0.1\ngoods,0.2\n", ":3"},
        {"sector,herfindahl\ngoods,1.5\n", "1.5"},                 {"sector,plants\ngoods,5\n", "plants"},
        {"sector,herfindahl\ngoods,\n", "herfindahl"},             {"sector,herfindahl\n,0.1\n", "is empty"}};
    kit k;
    scratch files;
    bashu_clusters_options wanted = BASHU_CLUSTERS_OPTIONS_INIT;
    bashu_concentration s;
    (void)state;
    kit_lantern(&k, 1);
    assert_true(scratch_open(&files));
    wanted.permutations = 9;
    wanted.plants = scratch_text(&files, "plants.csv", "sector,herfindahl\ngoods,0.02\n");
    bashu_clusters *c = clusters_of(&k, &wanted);
    kit_must(&k, bashu_clusters_sector(c, 1, &s));
    must_be("gamma", s.index, (s.bound - 0.02) / 0.98, 1e-14);
    kit_must(&k, bashu_clusters_sector(c, 0, &s));
    assert_true(isnan(s.index));
    bashu_clusters_free(c);
    for (size_t q = 0; q < sizeof bad / sizeof *bad; q++) {
        wanted.plants = scratch_text(&files, "plants.csv", bad[q][0]);
        assert_int_equal(bashu_clusters_new(&c, k.economy, &wanted), BASHU_ERROR_INPUT);
        assert_null(c);
        const char *message = bashu_message(k.context);
        if (!strstr(message, bad[q][1]) || !strstr(message, "plants.csv")) fail_msg("'%s' does not say '%s'", message, bad[q][1]);
    }
    wanted.plants = "/nowhere/plants.csv";
    assert_int_equal(bashu_clusters_new(&c, k.economy, &wanted), BASHU_ERROR_IO);
    scratch_close(&files);
    kit_close(&k);
}

/* ---- memory and cancelling ------------------------------------------------------------------------------ */

static void without_memory(void **state)
{
    kit k;
    bashu_clusters_options wanted = BASHU_CLUSTERS_OPTIONS_INIT;
    bashu_attain_options take = BASHU_ATTAIN_OPTIONS_INIT;
    long n = 1, m = 1;
    (void)state;
    kit_lantern(&k, 1);
    wanted.permutations = 9;
    wanted.sector = wanted.circle = NULL;
    for (; n < 1000; n++) {
        bashu_clusters *c = NULL;
        context_fail_allocation(k.context, n);
        bashu_status status = bashu_clusters_new(&c, k.economy, &wanted);
        context_fail_allocation(k.context, 0);
        bashu_clusters_free(c);
        if (status == BASHU_OK) break;
        assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_null(c);
    }
    assert_in_range(n, 10, 999);
    take.sector = "goods";
    take.benchmark = "all";
    take.levers = "productivity";
    for (; m < 2000; m++) {
        bashu_attain *a = NULL;
        context_fail_allocation(k.context, m);
        bashu_status status = bashu_attain_new(&a, k.economy, &take, NULL);
        context_fail_allocation(k.context, 0);
        bashu_attain_free(a);
        if (status == BASHU_OK) break;
        assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_null(a);
    }
    assert_in_range(m, 20, 1999);
    kit_close(&k);
}

static void cancelling_ends_both(void **state)
{
    kit k;
    bashu_clusters *c;
    bashu_attain *a;
    bashu_attain_options take = BASHU_ATTAIN_OPTIONS_INIT;
    (void)state;
    kit_lantern(&k, 1);
    take.sector = "goods";
    take.benchmark = "all";
    bashu_cancel(k.context);
    assert_int_equal(bashu_clusters_new(&c, k.economy, NULL), BASHU_INTERRUPTED);
    assert_int_equal(bashu_attain_new(&a, k.economy, &take, NULL), BASHU_INTERRUPTED);
    assert_true(!c && !a);
    bashu_resume(k.context);
    c = clusters_of(&k, NULL);
    bashu_clusters_free(c);
    kit_close(&k);
}

/* ---- china2020 ------------------------------------------------------------------------------------------- */

/* Every region of the data has a quotient; what it takes is met, with one, two and three threads the same. */
static void china(void **state)
{
    double percent[2];
    char *places[2];
    (void)state;
    for (int q = 0; q < 2; q++) {
        kit k;
        bashu_attain_options take = BASHU_ATTAIN_OPTIONS_INIT;
        bashu_attain_answer x;
        kit_open(&k, q + 1);
        kit_read(&k, CHINA);
        kit_calibrate(&k);
        bashu_clusters *c = clusters_of(&k, NULL);
        places[q] = report_of(c, "places.csv");
        assert_true(c->count == 406 && bashu_clusters_count(c) > 5);
        for (size_t j = 0; j < k.economy->about.J; j++) {
            bashu_concentration s;
            double sum = 0;
            kit_must(&k, bashu_clusters_sector(c, j, &s));
            for (size_t n = 0; n < k.economy->about.N; n++) {
                bashu_local l;
                kit_must(&k, bashu_clusters_place(c, j, n, &l));
                if ((long)n == k.economy->about.foreign) continue;
                sum += l.share;
                assert_true(isfinite(l.quotient) && isfinite(l.moran) && l.p > 0 && l.p <= 1 && l.q >= l.p);
            }
            must_be("shares", sum, 1, 1e-12);
        }
        bashu_clusters_free(c);
        take.sector = "electronics";
        take.levers = "productivity";
        bashu_attain *a = attain_of(&k, &take);
        kit_must(&k, bashu_attain_get(a, 0, &x));
        assert_int_equal(x.end, BASHU_ATTAIN_FOUND);
        must_be("measure", x.measure, x.target, 1e-8);
        assert_true(x.residual_most <= 1e-10 && x.percent > 0); /* the circle's quotient is below the delta's */
        percent[q] = x.percent;
        bashu_attain_free(a);
        kit_close(&k);
    }
    assert_string_equal(places[0], places[1]);
    assert_true(percent[0] == percent[1]);
    for (int q = 0; q < 2; q++) bashu_text_free(places[q]);
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotients_are_those_of_the_accounts), cmocka_unit_test(planted_clusters_are_found),
        cmocka_unit_test(without_planting_nothing_is_found), cmocka_unit_test(the_same_with_any_number_of_threads),
        cmocka_unit_test(what_is_not_known_is_not_said), cmocka_unit_test(the_change_found_does_it),
        cmocka_unit_test(the_target_may_be_held), cmocka_unit_test(where_it_is_there_already_nothing_changes),
        cmocka_unit_test(what_does_not_do_is_said), cmocka_unit_test(without_equilibrium_no_numbers),
        cmocka_unit_test(bad_questions_are_refused), cmocka_unit_test(plants_are_read),
        cmocka_unit_test(without_memory), cmocka_unit_test(cancelling_ends_both),
    };
    const struct CMUnitTest slow[] = {cmocka_unit_test(china)};
    if (count > 1 && !strcmp(words[1], "china")) return cmocka_run_group_tests(slow, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
