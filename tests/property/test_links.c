/* test_links.c - what links do, links that are added or closed, and plans: against the solver asked by hand, and against enumeration. */
#include "../scratch.h"
#include "../truth/kit.h"
#include "policy/links.h"
#include "policy/plan.h"

#include <stdio.h>

static const char head[] = "format: bashu-scenario/1\nname: t\neconomy: .\nchanges:\n";

static bashu_scenario *scenario_of(const kit *k, const char *changes)
{
    char text[8192];
    assert_true(snprintf(text, sizeof text, "%s%s", head, changes) < (int)sizeof text);
    return kit_scenario(k, text);
}

static void open_lantern(kit *k, int threads)
{
    kit_open(k, threads);
    kit_read(k, LANTERN);
    kit_calibrate(k);
    k->options.tolerance = 1e-13;
}

/* ---- links ------------------------------------------------------------------------------------------ */

static bashu_links *links_with(const kit *k, const bashu_scenario *scenario, int exact, double faster)
{
    bashu_links *links;
    bashu_links_options wanted = BASHU_LINKS_OPTIONS_INIT;
    wanted.outcomes = "welfare,gdp:region=dune";
    wanted.exact = exact;
    wanted.faster_pct = faster;
    kit_must(k, bashu_links_new(&links, k->economy, scenario, &wanted, &k->options));
    return links;
}

/* A link that is a thousandth faster: first order and exact agree to what curvature leaves. */
static void first_order_is_the_limit_of_exact(void **state)
{
    (void)state;
    kit k;
    kit_open(&k, 0);
    kit_read(&k, LANTERN);
    graph_link *ways = (graph_link *)(uintptr_t)k.data->about.network->links; /* this test's own; of two ways one is the quicker */
    for (size_t l = 0; l < k.data->about.network->link_count; l++) ways[l].time_h *= 1 + 0.004 * (double)(l * 7 % 11);
    kit_calibrate(&k);
    k.options.tolerance = 1e-13;
    bashu_links *links = links_with(&k, NULL, 100, 0.1);
    double largest = 0;
    assert_int_equal(bashu_links_count(links), 13); /* three ways are between a region and its station */
    for (size_t rank = 0; rank < bashu_links_count(links); rank++)
        for (size_t o = 0; o < 2; o++) {
            bashu_link_effect e;
            kit_must(&k, bashu_links_get(links, rank, o, &e));
            if (fabs(e.first_order_pct) > largest) largest = fabs(e.first_order_pct);
            if (!(fabs(e.exact_pct - e.first_order_pct) <= 1e-3 * largest)) fail_msg("%s: first order %.9g, exact %.9g", e.id, e.first_order_pct, e.exact_pct);
        }
    assert_true(largest > 1e-3);
    bashu_links_free(links);
    kit_close(&k);
}

/* The same on top of a scenario that changes places, costs and links, adds one and closes one: first order is at its equilibrium. */
static void first_order_is_at_the_scenario(void **state)
{
    (void)state;
    static const char given[] = "  - {id: l, title: L, lever: land, regions: [dune], change_pct: 20, source: s}\n"
                                "  - {id: t, title: T, lever: trade_cost, between: [{province: north}, {province: south}], change_pct: -8, source: s}\n"
                                "  - {id: f, title: F, lever: link_time, links: [road-alder-brook], change_pct: -40, source: s}\n"
                                "  - {id: n, title: N, lever: link_new, from_node: Rbrook, to_node: Rfern, mode: road, to: 61, source: s}\n"
                                "  - {id: c, title: C, lever: link_close, links: [road-elm-fern], source: s}\n";
    for (int routing = 0; routing < 2; routing++) {
        kit k;
        kit_open(&k, 0);
        kit_read(&k, LANTERN);
        graph_link *ways = (graph_link *)(uintptr_t)k.data->about.network->links; /* as above */
        for (size_t l = 0; l < k.data->about.network->link_count; l++) ways[l].time_h *= 1 + 0.004 * (double)(l * 7 % 11);
        if (routing) kit_set(&k, "model.routing", "stochastic");
        kit_calibrate(&k);
        k.options.tolerance = 1e-13;
        bashu_scenario *scenario = scenario_of(&k, given);
        bashu_links *links = links_with(&k, scenario, 100, 0.1), *unmoved = links_with(&k, NULL, 0, 0.1);
        double largest = 0, moved = 0;
        for (size_t rank = 0; rank < bashu_links_count(links); rank++)
            for (size_t o = 0; o < 2; o++) {
                bashu_link_effect e;
                kit_must(&k, bashu_links_get(links, rank, o, &e));
                largest = fmax(largest, fabs(e.first_order_pct));
                if (!(fabs(e.exact_pct - e.first_order_pct) <= 1e-3 * largest)) fail_msg("%s: first order %.9g, exact %.9g", e.id, e.first_order_pct, e.exact_pct);
                if (!strcmp(e.id, "road-elm-fern")) assert_true(e.first_order_pct == 0 && e.exact_pct == 0 && e.carried == 0);
                for (size_t b = 0; b < bashu_links_count(unmoved); b++) {
                    bashu_link_effect before;
                    kit_must(&k, bashu_links_get(unmoved, b, o, &before));
                    if (!strcmp(before.id, e.id)) moved = fmax(moved, fabs(e.first_order_pct - before.first_order_pct));
                }
            }
        assert_true(largest > 1e-3 && moved > 0.2 * largest);
        bashu_links_free(links);
        bashu_links_free(unmoved);
        bashu_scenario_free(scenario);
        kit_close(&k);
    }
}

/* With stops and transfers: the gradient of all links against central differences of the solver, and no change is none to the bit. */
static void stops_and_transfers(void **state)
{
    (void)state;
    static const char *const settings[][2] = {{"travel.stop_minutes.rail_high_speed", "4"}, {"travel.stop_minutes.rail_conventional", "7"}, {"travel.stop_minutes.road", "2"},
                                              {"travel.transfer_minutes.rail_high_speed", "25"}, {"travel.transfer_minutes.rail_conventional", "15"}};
    kit k;
    kit_open(&k, 0);
    kit_read(&k, LANTERN);
    graph_link *ways = (graph_link *)(uintptr_t)k.data->about.network->links; /* as above */
    for (size_t l = 0; l < k.data->about.network->link_count; l++) ways[l].time_h *= 1 + 0.004 * (double)(l * 7 % 11);
    for (size_t s = 0; s < sizeof settings / sizeof *settings; s++) kit_must(&k, data_set(k.data, settings[s][0], settings[s][1]));
    kit_calibrate(&k);
    k.options.tolerance = 1e-13;
    bashu_links *links = links_with(&k, NULL, 0, 10);
    double found[13], want[13], largest = 0;
    for (size_t rank = 0; rank < 13; rank++) {
        double level[2];
        bashu_link_effect e;
        kit_must(&k, bashu_links_get(links, rank, 0, &e));
        for (int side = 0; side < 2; side++) {
            char text[256];
            snprintf(text, sizeof text, "  - {id: f, title: F, lever: link_time, links: [%s], change_pct: %s, source: s}\n", e.id, side ? "0.05" : "-0.05");
            bashu_scenario *moved = scenario_of(&k, text);
            level[side] = 100 + kit_welfare(&k, moved);
            bashu_scenario_free(moved);
        }
        found[rank] = e.elasticity;
        want[rank] = log(level[0] / level[1]) / log(1.0005 / 0.9995);
        largest = fmax(largest, fabs(want[rank]));
    }
    for (size_t rank = 0; rank < 13; rank++)
        if (!(fabs(found[rank] - want[rank]) <= 1e-6 * largest)) fail_msg("link %zu: gradient %.12g, difference %.12g", rank, found[rank], want[rank]);
    assert_true(largest > 1e-3);
    bashu_scenario *still = scenario_of(&k, "  - {id: n, title: N, lever: link_new, from_node: Rbrook, to_node: Rfern, mode: rail_high_speed, to: 100000, source: s}\n");
    assert_true(kit_welfare(&k, still) == 0);
    bashu_scenario_free(still);
    bashu_links_free(links);
    kit_close(&k);
}

/* The gradient of all links at a counterfactual, where people have moved, prices have changed and one link is closed, against differences of the solver. */
static void gradients_away_from_the_baseline(void **state)
{
    (void)state;
    static const char given[] = "  - {id: l, title: L, lever: land, regions: [dune], change_pct: 15, source: s}\n"
                                "  - {id: h, title: H, lever: link_time, links: [rail-alder-dune-hs], change_pct: -40, source: s}\n"
                                "  - {id: c, title: C, lever: link_close, links: [%s], source: s}\n"
                                "  - {id: m, title: M, lever: migration_cost, within: {circle: twin}, change_pct: -10, source: s}\n"
                                "  - {id: p, title: P, lever: productivity, regions: [brook], change_pct: 8, source: s}\n";
    static const char *const outcomes[][3] = {{"welfare", "circle", "twin"}, {"gdp", "all", ""}, {"real_wage", "circle", "twin"}, {"gdp_per_head", "circle", "twin"}, {"population", "region", "dune"}};
    kit k;
    bashu_linear *linear;
    bashu_solver *solver;
    bashu_result *at = NULL;
    shock_builder *builder;
    const shock *now;
    changed_network network;
    char text[1024], more[1400];
    kit_open(&k, 0);
    kit_read(&k, LANTERN);
    graph_link *ways = (graph_link *)(uintptr_t)k.data->about.network->links; /* as above */
    size_t links = k.data->about.network->link_count;
    for (size_t l = 0; l < links; l++) ways[l].time_h *= 1 + 0.004 * (double)(l * 7 % 11);
    kit_calibrate(&k);
    k.options.tolerance = 1e-13;
    snprintf(text, sizeof text, given, "rail-elm-dune");
    bashu_scenario *scenario = scenario_of(&k, text);
    arena *memory = arena_new(k.context);
    kit_must(&k, bashu_solver_new(&solver, k.economy, &k.options));
    kit_must(&k, bashu_solve(&at, solver, scenario));
    kit_must(&k, shock_builder_new(&builder, memory, k.economy));
    kit_must(&k, shock_build(&now, builder, scenario, NULL));
    kit_must(&k, scenario_network(&network, memory, k.economy, scenario, NULL));
    kit_must(&k, linear_new(&linear, k.economy, &k.options));
    kit_must(&k, linear_move(linear, at, now, network.link_time_h));
    for (size_t o = 0; o < sizeof outcomes / sizeof *outcomes; o++) {
        bashu_gradient *g;
        double largest = 0, want[32];
        kit_must(&k, gradient_new(&g, linear, outcomes[o][0], outcomes[o][1], outcomes[o][2]));
        for (size_t l = 0; l < links; l++) {
            double side[2];
            for (int q = 0; q < 2; q++) {
                bashu_result *moved = NULL;
                snprintf(more, sizeof more, "%s  - {id: f, title: F, lever: link_time, links: [%s], change_pct: %s, source: s}\n", text, ways[l].id, q ? "0.05" : "-0.05");
                bashu_scenario *with = scenario_of(&k, more);
                kit_must(&k, bashu_solve(&moved, solver, with));
                kit_must(&k, bashu_result_aggregate(moved, outcomes[o][0], outcomes[o][1], outcomes[o][2], BASHU_PERCENT, &side[q]));
                bashu_result_free(moved);
                bashu_scenario_free(with);
            }
            want[l] = log((100 + side[1]) / (100 + side[0])) / log(1.0005 / 0.9995);
            if (!strcmp(ways[l].id, "rail-elm-dune")) want[l] = 0; /* closed after all */
            largest = fmax(largest, fabs(want[l]));
        }
        for (size_t l = 0; l < links; l++)
            if (!(fabs(g->link[l] - want[l]) <= 1e-6 * largest)) fail_msg("%s, link %s: gradient %.12g, difference %.12g", outcomes[o][0], ways[l].id, g->link[l], want[l]);
        assert_true(largest > 1e-3);
        arena_free(g->memory);
    }
    arena_free(linear->memory);
    arena_free(memory);
    bashu_result_free(at);
    bashu_solver_free(solver);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void exact_is_the_solver_asked_by_hand(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 0);
    bashu_scenario *given = scenario_of(&k, "  - {id: l, title: L, lever: land, regions: [dune], change_pct: 5, source: s}\n");
    bashu_links *links = links_with(&k, given, 3, 25);
    for (size_t rank = 0; rank < 3; rank++) {
        char text[1024];
        bashu_link_effect e;
        kit_must(&k, bashu_links_get(links, rank, 0, &e));
        snprintf(text, sizeof text,
                 "  - {id: l, title: L, lever: land, regions: [dune], change_pct: 5, source: s}\n  - {id: f, title: F, lever: link_time, links: [%s], change_pct: -25, source: s}\n", e.id);
        bashu_scenario *both = scenario_of(&k, text);
        must_be(e.id, 1 + e.exact_pct / 100, (100 + kit_welfare(&k, both)) / (100 + kit_welfare(&k, given)), 1e-10);
        bashu_scenario_free(both);
    }
    bashu_links_free(links);
    bashu_scenario_free(given);
    kit_close(&k);
}

/* Every unit of trade is on the way for its least time from seller to buyer: sum of carried x time over links = sum of trade x time over pairs. */
static void what_links_carry_adds_up(void **state)
{
    (void)state;
    kit k;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    graph_link *ways = (graph_link *)(uintptr_t)k.data->about.network->links; /* as above; one way of a road is closed */
    for (size_t l = 0; l < k.data->about.network->link_count; l++) ways[l].both_ways = strcmp(ways[l].id, "road-dune-fern") != 0;
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    const description *a = &e->about;
    size_t N = a->N, J = a->J;
    bashu_links *links = links_with(&k, NULL, 0, 10);
    double on_links = 0, on_ways = 0;
    for (size_t l = 0; l < a->network->link_count; l++) on_links += links->carried[l] * a->network->links[l].time_h;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++)
                if (n != i) on_ways += e->expenditure[n * J + j] * e->trade_share[at3(n, j, i, J, N)] * (e->travel_time_h[(a->sectors[j].travel * N + i) * N + n] - a->terminal_time_h);
    must_be("trade on the way", on_links, on_ways, 1e-12);
    bashu_links_free(links);
    kit_close(&k);
}

static void threads_give_the_same_bits(void **state)
{
    (void)state;
    double found[2][13][2];
    for (int t = 0; t < 2; t++) {
        kit k;
        open_lantern(&k, t + 1);
        bashu_links *links = links_with(&k, NULL, 13, 10);
        for (size_t rank = 0; rank < 13; rank++) {
            bashu_link_effect e;
            kit_must(&k, bashu_links_get(links, rank, 1, &e));
            found[t][rank][0] = e.exact_pct;
            found[t][rank][1] = e.elasticity;
        }
        bashu_links_free(links);
        kit_close(&k);
    }
    assert_memory_equal(found[0], found[1], sizeof found[0]);
}

/* ---- new and closed links ---------------------------------------------------------------------------- */

/* A new link is what an old one would be that gets its time; closing it undoes it. */
static void a_new_link_is_a_link(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 1);
    bashu_scenario *fresh = scenario_of(&k, "  - {id: n, title: N, lever: link_new, from_node: Rbrook, to_node: Rfern, mode: road, to: 60, source: s}\n");
    double with_new = kit_welfare(&k, fresh);
    assert_true(with_new > 0.1);
    bashu_scenario_free(fresh);
    /* a twin of road-brook-elm by rail is as good as the road at that time */
    bashu_scenario *twin = scenario_of(&k, "  - {id: n, title: N, lever: link_new, from_node: Relm, to_node: Rbrook, mode: rail_conventional, to: 55, source: s}\n");
    bashu_scenario *faster = scenario_of(&k, "  - {id: n, title: N, lever: link_time, links: [road-brook-elm], to: 55, source: s}\n");
    must_be("a new rail for a faster road", kit_welfare(&k, twin), kit_welfare(&k, faster), 1e-12);
    bashu_scenario_free(twin);
    bashu_scenario_free(faster);
    /* a useless one changes nothing, to the bit */
    bashu_scenario *useless = scenario_of(&k, "  - {id: n, title: N, lever: link_new, from_node: Rbrook, to_node: Rfern, mode: road, to: 100000, source: s}\n");
    assert_true(kit_welfare(&k, useless) == 0);
    bashu_scenario_free(useless);
    kit_close(&k);
}

/* Times from a table are the times of as many changes, to the bit. */
static void a_table_of_links_is_as_many_changes(void **state)
{
    (void)state;
    static const char *const tables[] = {"link,from,to\nrail-alder-dune-hs,95,60\nroad-dune-fern,110,99\n", "link,hat\nrail-alder-dune-hs,0.5\nroad-dune-fern,2\n", "link,change_pct\nrail-alder-dune-hs,-50\nroad-dune-fern,100\n"};
    static const char *const pairs[] = {"to: 60", "to: 99", "hat: 0.5", "hat: 2", "change_pct: -50", "change_pct: 100"};
    kit k;
    open_lantern(&k, 0);
    for (size_t t = 0; t < 3; t++) {
        scratch folder;
        char text[512];
        assert_true(scratch_open(&folder));
        scratch_text(&folder, "t.csv", tables[t]);
        snprintf(text, sizeof text, "  - {id: t, title: T, lever: link_time, table: %s/t.csv, source: s}\n", folder.folder);
        bashu_scenario *table = scenario_of(&k, text);
        snprintf(text, sizeof text, "  - {id: a, title: A, lever: link_time, links: [rail-alder-dune-hs], %s, source: s}\n  - {id: b, title: B, lever: link_time, links: [road-dune-fern], %s, source: s}\n", pairs[2 * t], pairs[2 * t + 1]);
        bashu_scenario *each = scenario_of(&k, text);
        double by_table = kit_welfare(&k, table);
        assert_true(by_table == kit_welfare(&k, each) && fabs(by_table) > 1e-3);
        bashu_scenario_free(table);
        bashu_scenario_free(each);
        scratch_close(&folder);
    }
    kit_close(&k);
}

static void a_closed_link_is_as_slow_as_can_be(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 1);
    bashu_scenario *closed = scenario_of(&k, "  - {id: n, title: N, lever: link_close, links: [road-dune-fern, rail-elm-dune], source: s}\n");
    bashu_scenario *slow = scenario_of(&k, "  - {id: n, title: N, lever: link_time, links: [road-dune-fern, rail-elm-dune], to: 1000000, source: s}\n");
    double value = kit_welfare(&k, closed);
    assert_true(value < -1e-3);
    must_be("closed and slow", value, kit_welfare(&k, slow), 1e-12);
    bashu_scenario_free(slow);
    /* no way left: an error that says between whom */
    bashu_scenario *cut = scenario_of(&k, "  - {id: n, title: N, lever: link_close, links: [sea-dune, sea-fern], source: s}\n");
    bashu_solver *solver;
    bashu_result *result = NULL;
    kit_must(&k, bashu_solver_new(&solver, k.economy, NULL));
    assert_int_equal(bashu_solve(&result, solver, cut), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(k.context), "no way from 'alder' to 'SEA'"));
    kit_must(&k, bashu_solve(&result, solver, closed)); /* and the solver goes on */
    bashu_result_free(result);
    bashu_solver_free(solver);
    bashu_scenario_free(cut);
    bashu_scenario_free(closed);
    kit_close(&k);
}

/* ---- plans -------------------------------------------------------------------------------------------- */

static const char projects[] =
    "  - {id: a, title: A, lever: link_time, links: [rail-alder-dune-hs], change_pct: -20, source: s, cost: {value: 5, source: s}}\n"
    "  - {id: b, title: B, lever: link_time, links: [road-alder-brook], change_pct: -30, source: s, cost: {value: 3, source: s}}\n"
    "  - {id: c, title: C, lever: link_new, from_node: Rbrook, to_node: Rfern, mode: road, to: 200, source: s, project: two, cost: {value: 4, source: s}}\n"
    "  - {id: d, title: D, lever: link_time, links: [road-elm-fern], change_pct: -30, source: s, project: two}\n"
    "  - {id: e, title: E, lever: trade_cost, between: [{province: north}, {province: south}], change_pct: -1, source: s, cost: {value: 6, source: s}}\n"
    "  - {id: f, title: F, lever: link_time, links: [road-alder-cinder], change_pct: -30, source: s, cost: {value: 2, source: s}}\n";

static bashu_plan *plan_for(const kit *k, const bashu_scenario *scenario, double budget, int sets, int nobody, bool dune)
{
    bashu_plan *plan;
    bashu_plan_options wanted = BASHU_PLAN_OPTIONS_INIT;
    wanted.budget = budget;
    wanted.outcome = dune ? "welfare:region=dune" : "welfare";
    wanted.sets_most = sets;
    wanted.nobody_loses = nobody;
    kit_must(k, bashu_plan_new(&plan, scenario, &wanted, &k->options));
    return plan;
}

/* All 32 sets solved by hand. */
static double best_by_hand(kit *k, const bashu_scenario *scenario, double budget)
{
    static const double cost[] = {5, 3, 4, 0, 6, 2};
    bashu_solver *solver;
    bashu_result *result = NULL;
    double best = 0;
    kit_must(k, bashu_solver_new(&solver, k->economy, &k->options));
    for (int set = 1; set < 64; set++) {
        unsigned char mask[6];
        double spent = 0, value;
        for (int c = 0; c < 6; c++) {
            mask[c] = (unsigned char)(set >> c & 1);
            spent += mask[c] * cost[c];
        }
        if (mask[2] != mask[3] || spent > budget) continue;
        kit_must(k, bashu_solve_some(&result, solver, scenario, mask));
        kit_must(k, bashu_result_aggregate(result, "welfare", "all", "", BASHU_PERCENT, &value));
        if (value > best) best = value;
    }
    bashu_result_free(result);
    bashu_solver_free(solver);
    return best;
}

static void a_plan_is_the_best_of_all_sets(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 0);
    bashu_scenario *scenario = scenario_of(&k, projects);
    static const double budgets[] = {2.5, 7, 11, 14, 20};
    for (size_t b = 0; b < sizeof budgets / sizeof *budgets; b++) {
        double best = best_by_hand(&k, scenario, budgets[b]);
        for (int way = 0; way < 2; way++) { /* every set, and branch and bound with fewer */
            bashu_plan *plan = plan_for(&k, scenario, budgets[b], way ? 1 + (int)b * 3 : 100, 0, false);
            bashu_plan_info info;
            kit_must(&k, bashu_plan_information(plan, &info));
            assert_int_equal(bashu_plan_count(plan), 5);
            if (!way) assert_int_equal(info.proof, BASHU_PLAN_ENUMERATED);
            if (info.proof == BASHU_PLAN_STOPPED) assert_true(info.bound_pct >= best - 1e-9);
            else must_be("the best set", info.gain_pct, best, 1e-9);
            assert_true(info.gain_pct <= info.bound_pct + 1e-9 && info.cost <= budgets[b]);
            bashu_plan_free(plan);
        }
    }
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void branch_and_bound_cuts(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 0);
    bashu_scenario *scenario = scenario_of(&k, projects);
    bashu_plan *all = plan_for(&k, scenario, 11, 100, 0, false), *some = plan_for(&k, scenario, 11, 10, 0, false);
    bashu_plan_info every, bounded;
    kit_must(&k, bashu_plan_information(all, &every));
    kit_must(&k, bashu_plan_information(some, &bounded));
    assert_int_equal(bounded.proof, BASHU_PLAN_BOUNDED);
    assert_true(bounded.sets_solved < every.sets_solved);
    assert_true(bounded.gains_checked > 0 && bounded.residual <= 1e-12);
    must_be("the same", bounded.gain_pct, every.gain_pct, 1e-11);
    bashu_plan_free(all);
    bashu_plan_free(some);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void nobody_loses(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 0);
    bashu_scenario *scenario = scenario_of(&k, "  - {id: a, title: A, lever: link_time, links: [rail-alder-dune-hs], change_pct: -20, source: s, cost: {value: 5, source: s}}\n"
                                               "  - {id: t, title: T, lever: transfer, regions: [dune], funders: all, to: 1, source: s, cost: {value: 5, source: s}}\n");
    bashu_plan *plan = plan_for(&k, scenario, 20, 100, 1, true), *free_plan = plan_for(&k, scenario, 20, 100, 0, true);
    bashu_plan_info info, before;
    kit_must(&k, bashu_plan_information(plan, &info));
    kit_must(&k, bashu_plan_information(free_plan, &before));
    assert_true(before.least_pct < -0.01); /* else there is nothing to see */
    assert_true(info.least_pct >= -0.01 && info.gain_pct < before.gain_pct && info.gain_pct > 0);
    bashu_plan_free(plan);
    bashu_plan_free(free_plan);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void a_plan_needs_costs(void **state)
{
    (void)state;
    kit k;
    open_lantern(&k, 1);
    bashu_scenario *scenario = scenario_of(&k, "  - {id: a, title: A, lever: land, regions: all, change_pct: 1, source: s}\n");
    bashu_plan *plan;
    bashu_plan_options wanted = BASHU_PLAN_OPTIONS_INIT;
    assert_int_equal(bashu_plan_new(&plan, scenario, &wanted, NULL), BASHU_ERROR_ARGUMENT); /* no budget */
    wanted.budget = 1;
    assert_int_equal(bashu_plan_new(&plan, scenario, &wanted, NULL), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(k.context), "'a' has no cost"));
    assert_null(plan);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_order_is_the_limit_of_exact), cmocka_unit_test(first_order_is_at_the_scenario), cmocka_unit_test(gradients_away_from_the_baseline),
        cmocka_unit_test(exact_is_the_solver_asked_by_hand), cmocka_unit_test(a_table_of_links_is_as_many_changes), cmocka_unit_test(what_links_carry_adds_up),
        cmocka_unit_test(threads_give_the_same_bits),        cmocka_unit_test(a_new_link_is_a_link),              cmocka_unit_test(a_closed_link_is_as_slow_as_can_be),
        cmocka_unit_test(a_plan_is_the_best_of_all_sets),    cmocka_unit_test(branch_and_bound_cuts),             cmocka_unit_test(nobody_loses),
        cmocka_unit_test(a_plan_needs_costs),                cmocka_unit_test(stops_and_transfers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
