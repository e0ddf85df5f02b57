/* test_travel.c - times over all routes and choice among modes in the ordinary model: derivatives, links that change, come and go, limits, refusals. */
#include "../truth/kit.h"
#include "policy/links.h"

#include <stdio.h>

enum { LINKS = 16, N = 7, FREIGHT = 0, PASSENGER = 1 };
static const char head[] = "format: bashu-scenario/1\nname: t\neconomy: .\nchanges:\n";
static const char stochastic[] = "model.routing=stochastic";

typedef struct way_row { /* ways of going, as settings */
    const char *name, *set[6];
} way_row;
static const way_row ways[] = {
    {"all routes, decay", {stochastic, "elasticities.trade_decay=0.2"}},
    {"all routes, stops and transfers", {stochastic, "travel.stop_minutes.rail_high_speed=4", "travel.stop_minutes.road=2", "travel.transfer_minutes.rail_conventional=15"}},
    {"modes, quickest routes", {"travel.passenger.mode_dispersion=1.5", "travel.passenger.mode_penalty_minutes.rail_high_speed=30", "travel.freight.mode_dispersion=3"}},
    {"modes, all routes", {stochastic, "travel.passenger.mode_dispersion=1.5", "travel.freight.mode_dispersion=4", "travel.stop_minutes.rail_conventional=6"}},
};
enum { WAYS = sizeof ways / sizeof *ways };

static void set_all(kit *k, const way_row *w)
{
    for (size_t s = 0; s < 6 && w->set[s]; s++) {
        char path[128];
        const char *equals = strchr(w->set[s], '=');
        snprintf(path, sizeof path, "%.*s", (int)(equals - w->set[s]), w->set[s]);
        kit_set(k, path, equals + 1);
    }
}

/* Quickest ways of equal time have derivatives to one side alone, so links may be told apart. one_way: of two roads. */
static void open_way(kit *k, const way_row *w, bool untied, bool one_way, int threads)
{
    kit_open(k, threads);
    kit_read(k, LANTERN);
    graph_link *links = (graph_link *)(uintptr_t)k->data->about.network->links; /* this test's own */
    for (size_t l = 0; untied && l < k->data->about.network->link_count; l++) links[l].time_h *= 1 + 0.004 * (double)(l * 7 % 11);
    for (size_t l = 0; one_way && l < k->data->about.network->link_count; l++) links[l].both_ways = strcmp(links[l].id, "road-brook-elm") != 0 && strcmp(links[l].id, "road-dune-fern") != 0;
    set_all(k, w);
    kit_calibrate(k);
    k->options.tolerance = 1e-13;
}

static bashu_scenario *scenario_of(const kit *k, const char *changes)
{
    char text[4096];
    assert_true(snprintf(text, sizeof text, "%s%s", head, changes) < (int)sizeof text);
    return kit_scenario(k, text);
}

static double welfare_of(const kit *k, const char *changes)
{
    bashu_scenario *scenario = scenario_of(k, changes);
    double value = kit_welfare(k, scenario);
    bashu_scenario_free(scenario);
    return value;
}

static bashu_links *links_of(const kit *k, int exact)
{
    bashu_links *links;
    bashu_links_options wanted = BASHU_LINKS_OPTIONS_INIT;
    wanted.outcomes = "welfare";
    wanted.exact = exact;
    kit_must(k, bashu_links_new(&links, k->economy, NULL, &wanted, &k->options));
    return links;
}

/* The gradient by all links against central differences of the solver. */
static void gradients_against_differences(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        kit k;
        open_way(&k, &ways[w], w == 2, w % 2 == 0, 1);
        bashu_links *links = links_of(&k, 0);
        double found[LINKS], want[LINKS], largest = 0;
        for (size_t l = 0; l < LINKS; l++) {
            double level[2];
            for (int side = 0; side < 2; side++) {
                char text[256];
                snprintf(text, sizeof text, "  - {id: f, title: F, lever: link_time, links: [%s], change_pct: %s, source: s}\n", bashu_link_id(k.economy, l), side ? "0.001" : "-0.001");
                level[side] = 100 + welfare_of(&k, text);
            }
            found[l] = links->elasticity[0][l];
            want[l] = log(level[0] / level[1]) / log(1.00001 / 0.99999);
            largest = fmax(largest, fabs(want[l]));
        }
        for (size_t l = 0; l < LINKS; l++)
            if (!(fabs(found[l] - want[l]) <= 1e-6 * largest)) fail_msg("%s, link %zu: gradient %.12g, difference %.12g", ways[w].name, l, found[l], want[l]);
        assert_true(largest > 1e-3);
        bashu_links_free(links);
        kit_close(&k);
    }
}

/* Of a class that takes all routes every link carries something, and what leaves a station arrives there. */
static void what_links_carry(void **state)
{
    (void)state;
    kit k;
    open_way(&k, &ways[0], false, false, 1);
    const bashu_economy *e = k.economy;
    size_t J = e->about.J;
    bashu_links *links = links_of(&k, 0);
    double bought = 0, arrives = 0;
    for (size_t l = 0; l < LINKS; l++) assert_true(links->carried[l] > 0);
    /* only the roads between it and Dune, and the lane to the sea, lead to Fern: no more than twice what it trades passes them, and no less than once */
    for (size_t j = 0; j < J; j++)
        for (size_t i = 0; i < N; i++)
            if (i != 5) bought += e->expenditure[5 * J + j] * e->trade_share[at3(5, j, i, J, N)] + e->expenditure[i * J + j] * e->trade_share[at3(i, j, 5, J, N)];
    for (size_t l = 0; l < LINKS; l++)
        if (strstr(bashu_link_id(e, l), "fern")) arrives += links->carried[l];
    assert_true(arrives >= bought && arrives < 4 * bought);
    bashu_links_free(links);
    kit_close(&k);
}

static void no_change_is_none_to_the_bit(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        kit k;
        open_way(&k, &ways[w], false, false, 1);
        double minutes = 60 * k.data->about.network->links[3].time_h;
        char same[256];
        snprintf(same, sizeof same, "  - {id: a, title: A, lever: link_time, links: [%s], to: %.17g, source: s}\n", bashu_link_id(k.economy, 3), minutes);
        assert_true(welfare_of(&k, "  - {id: a, title: A, lever: link_time, links: all, change_pct: 0, source: s}\n") == 0);
        assert_true(welfare_of(&k, same) == 0);
        assert_true(welfare_of(&k, "  - {id: a, title: A, lever: link_time, links: all, change_pct: 1, source: s}\n") < 0);
        kit_close(&k);
    }
}

static void threads_give_the_same_bits(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        double time_h[3][2 * N * N], of_links[3][LINKS], carried[3][LINKS], exact[3][3];
        for (int t = 0; t < 3; t++) {
            kit k;
            open_way(&k, &ways[w], false, false, t + 1);
            bashu_links *links = links_of(&k, 3);
            memcpy(time_h[t], k.economy->travel_time_h, sizeof time_h[t]);
            memcpy(of_links[t], links->elasticity[0], sizeof of_links[t]);
            memcpy(carried[t], links->carried, sizeof carried[t]);
            memcpy(exact[t], links->exact, sizeof exact[t]);
            bashu_links_free(links);
            kit_close(&k);
            assert_memory_equal(time_h[0], time_h[t], sizeof time_h[0]);
            assert_memory_equal(of_links[0], of_links[t], sizeof of_links[0]);
            assert_memory_equal(carried[0], carried[t], sizeof carried[0]);
            assert_memory_equal(exact[0], exact[t], sizeof exact[0]);
        }
    }
}

static size_t node_named(const graph *g, const char *id)
{
    size_t v = 0;
    while (strcmp(g->node_id[v], id) != 0) v++;
    return v;
}

/* A link that a scenario adds, and one that it closes, are as if the network had one and not the other. */
static void new_and_closed_links(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        kit k, with;
        shock_builder *builder;
        const shock *made;
        open_way(&k, &ways[w], false, false, 1);
        kit_open(&with, 1);
        kit_read(&with, LANTERN);
        const graph *g = with.data->about.network;
        graph_link *link = (graph_link *)(uintptr_t)g->links;
        while (strcmp(link->id, "road-elm-fern") != 0) link++;
        link->from = node_named(g, "Rbrook");
        link->to = node_named(g, "Rfern");
        link->time_h = 1;
        set_all(&with, &ways[w]);
        kit_calibrate(&with);
        bashu_scenario *both = scenario_of(&k, "  - {id: n, title: N, lever: link_new, from_node: Rbrook, to_node: Rfern, mode: road, to: 60, source: s}\n"
                                                 "  - {id: c, title: C, lever: link_close, links: [road-elm-fern], source: s}\n");
        kit_must(&k, shock_builder_new(&builder, k.memory, k.economy));
        kit_must(&k, shock_build(&made, builder, both, NULL));
        for (size_t c = 0; c < 2; c++)
            for (size_t p = 0; p < N * N; p++)
                if (p / N != p % N) must_be(ways[w].name, made->travel_time_h[c * N * N + p], with.economy->travel_time_h[c * N * N + p], 1e-13);
        assert_true(made->travel_time_h[1 * N + 5] < 0.6 * k.economy->travel_time_h[1 * N + 5]);
        bashu_scenario_free(both);
        kit_close(&with);
        kit_close(&k);
    }
}

/* The ordinary model with all routes, of large dispersion, is the one with the quickest; so is choice among modes with that among the best. */
static void limits(void **state)
{
    (void)state;
    static const way_row quickest = {"", {NULL}}, nearly = {"", {stochastic, "travel.freight.route_dispersion=1e6", "travel.passenger.route_dispersion=1e6"}},
                         best = {"", {"travel.passenger.mode_dispersion=inf", "travel.passenger.mode_penalty_minutes.rail_high_speed=7"}},
                         nearly_best = {"", {"travel.passenger.mode_dispersion=1e6", "travel.passenger.mode_penalty_minutes.rail_high_speed=7"}};
    static const way_row *const pairs[][2] = {{&quickest, &nearly}, {&best, &nearly_best}};
    static const char faster[] = "  - {id: f, title: F, lever: link_time, links: [road-brook-elm, rail-alder-dune-hs], change_pct: -30, source: s}\n";
    for (size_t p = 0; p < 2; p++) {
        kit k[2];
        double effect[2];
        for (int q = 0; q < 2; q++) {
            open_way(&k[q], pairs[p][q], true, false, 1);
            effect[q] = welfare_of(&k[q], faster);
        }
        must_all_be("times", k[1].economy->travel_time_h, k[0].economy->travel_time_h, 2 * N * N, 1e-10);
        must_be("the answer", effect[1], effect[0], 1e-10);
        assert_true(effect[0] > 0.1);
        kit_close(&k[0]);
        kit_close(&k[1]);
    }
}

/* Every way has one main mode: without penalties the quickest mode is the quickest way, and a choice among modes like that among routes is none. */
static void main_modes_share_out_ways(void **state)
{
    (void)state;
    static const way_row pairs[][2] = {{{"", {NULL}}, {"the quickest mode", {"travel.passenger.mode_dispersion=inf", "travel.freight.mode_dispersion=inf"}}},
                                       {{"", {stochastic}}, {"modes like routes", {stochastic, "travel.passenger.mode_dispersion=6", "travel.freight.mode_dispersion=6"}}},
                                       {{"", {stochastic, "travel.stop_minutes.road=5", "travel.transfer_minutes.rail_conventional=20"}},
                                        {"with stops", {stochastic, "travel.passenger.mode_dispersion=6", "travel.freight.mode_dispersion=6", "travel.stop_minutes.road=5", "travel.transfer_minutes.rail_conventional=20"}}}};
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
        kit plain, by_mode;
        open_way(&plain, &pairs[p][0], false, false, 1);
        open_way(&by_mode, &pairs[p][1], false, false, 1);
        must_all_be(pairs[p][1].name, by_mode.economy->travel_time_h, plain.economy->travel_time_h, 2 * N * N, 1e-13);
        kit_close(&plain);
        kit_close(&by_mode);
    }
}

/* By hand: the logsum over modes is that of times of each. */
static void logsum_by_hand(void **state)
{
    (void)state;
    static const way_row row = {"", {"travel.passenger.mode_dispersion=1.5", "travel.passenger.mode_penalty_minutes.rail_high_speed=30"}}, plain = {"", {NULL}};
    kit k, p;
    open_way(&k, &row, false, false, 1);
    open_way(&p, &plain, false, false, 1);
    const double *t = k.economy->travel_time_h + PASSENGER * N * N, *quickest = p.economy->travel_time_h + PASSENGER * N * N;
    const graph *g = p.economy->about.network;
    double by_road[N * N], zero[N] = {0};
    unsigned char road[LINKS];
    for (size_t l = 0; l < LINKS; l++) road[l] = !strcmp(g->links[l].mode, "road");
    kit_must(&p, graph_least_time(by_road, g, p.context, NULL, road, zero));
    /* Alder - Dune: road over Elm 190 + 105; conventional 20 + 130 + 80 + 20; high-speed 20 + 95 + 20, and 30 of penalty */
    must_be("the road", by_road[0 * N + 3], 295.0 / 60, 1e-14);
    must_be("the quickest", quickest[0 * N + 3], 135.0 / 60, 1e-14);
    double sum = exp(-1.5 * 295 / 60) + exp(-1.5 * 250 / 60) + exp(-1.5 * 165 / 60);
    must_be("Alder to Dune", t[0 * N + 3], -log(sum) / 1.5, 1e-13);
    assert_memory_equal(k.economy->travel_time_h, p.economy->travel_time_h, N * N * sizeof(double)); /* freight does not choose */
    kit_close(&k);
    kit_close(&p);
}

/* ---- refusals ---------------------------------------------------------------------------------------- */

static void must_refuse(const char *const *set, size_t count, const char *const *says)
{
    kit k;
    bashu_economy *economy;
    way_row w = {"", {NULL}};
    memcpy(w.set, set, count * sizeof *set);
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    set_all(&k, &w);
    assert_int_equal(calibrate(&economy, k.data, NULL), BASHU_ERROR_INPUT);
    for (size_t q = 0; says[q]; q++)
        if (!strstr(bashu_message(k.context), says[q])) fail_msg("no '%s' in: %s", says[q], bashu_message(k.context));
    assert_null(economy);
    kit_close(&k);
}

static void what_does_not_do_is_refused(void **state)
{
    (void)state;
    static const char *const low[] = {stochastic, "travel.freight.route_dispersion=0.5"}, *const flat[] = {"travel.passenger.mode_dispersion=0.1"};
    must_refuse(low, 2, (const char *const[]){"travel class 'freight'", "spectral radius", "must be below 1", "route_dispersion is 0.5 per hour", "would do", NULL});
    must_refuse(flat, 1, (const char *const[]){"travel class 'passenger'", "mode_dispersion is 0.1 per hour", "would do", NULL});
    kit k;
    bashu_economy *economy;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    ((travel_class *)(uintptr_t)k.data->about.travel)[PASSENGER].route_dispersion.value = NAN;
    kit_set(&k, "model.routing", "stochastic");
    assert_int_equal(calibrate(&economy, k.data, NULL), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(k.context), "class 'passenger' states no route_dispersion"));
    assert_non_null(strstr(bashu_message(k.context), "--set travel.passenger.route_dispersion=NUMBER"));
    kit_set(&k, "travel.passenger.route_dispersion", "6");
    kit_calibrate(&k);
    kit_close(&k);
    /* a scenario may shorten links until nothing bounds the sum, and the solver goes on */
    open_way(&k, &ways[0], false, false, 1);
    bashu_scenario *close = scenario_of(&k, "  - {id: n, title: N, lever: link_time, links: all, change_pct: -95, source: s}\n");
    bashu_scenario *good = scenario_of(&k, "  - {id: n, title: N, lever: link_time, links: all, change_pct: -5, source: s}\n");
    bashu_solver *solver;
    bashu_result *result = NULL;
    kit_must(&k, bashu_solver_new(&solver, k.economy, &k.options));
    assert_int_equal(bashu_solve(&result, solver, close), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(k.context), "would do"));
    kit_must(&k, bashu_solve(&result, solver, good));
    bashu_result_free(result);
    bashu_solver_free(solver);
    bashu_scenario_free(close);
    bashu_scenario_free(good);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_against_differences), cmocka_unit_test(what_links_carry),     cmocka_unit_test(no_change_is_none_to_the_bit),
        cmocka_unit_test(threads_give_the_same_bits),    cmocka_unit_test(new_and_closed_links), cmocka_unit_test(limits),
        cmocka_unit_test(main_modes_share_out_ways), cmocka_unit_test(logsum_by_hand),                cmocka_unit_test(what_does_not_do_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
