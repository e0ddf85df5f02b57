/* test_all_routes.c - the ordinary model with routing: stochastic against the model of networks whose trade takes all routes (src/routing; Allen & Arkolakis
 * 2022), which shares no code with it but the elimination: one economy, solved by both, after links change.
 *
 *   a link's cost is exp(KAPPA x hours);   route_dispersion = trade_decay = THETA KAPPA,  so that d_ni^-THETA = B_in for n != i
 *
 * In the paper tau_nn^-THETA = B_nn, the routes from a place round to itself included, and a link changes them; the ordinary model has own times that no
 * link changes. So trade with oneself is given its hat by hand, from the explicit inverse. */
#include "kit.h"

#include "routing/routing.h"

#include <stdio.h>

enum { N = 8, LINKS = 20 };
#define THETA 6.0
#define KAPPA 0.4

typedef struct network {
    char name[N][8], id[LINKS][8];
    const char *node_id[N];
    graph_link links[LINKS];
    route_link routes[LINKS];
    double income[N], people[N], factor[LINKS];
} network;

/* A ring both ways and chords, a third of them of one direction; the factors make some faster, one slower, and close one. */
static void draw_network(network *w)
{
    random_stream s;
    random_seed(&s, 11);
    for (size_t i = 0; i < N; i++) {
        snprintf(w->name[i], sizeof w->name[i], "n%zu", i);
        w->node_id[i] = w->name[i];
        w->people[i] = 1000 * exp(0.5 * random_normal(&s));
        w->income[i] = w->people[i] * exp(0.3 * random_normal(&s));
    }
    for (size_t l = 0; l < LINKS; l++) {
        size_t from = l % N, to = l < N ? (l + 1) % N : (from + 2 + (size_t)(random_uniform(&s) * (N - 3))) % N;
        double cost = 1.4 + 0.6 * random_uniform(&s);
        snprintf(w->id[l], sizeof w->id[l], "l%zu", l);
        w->factor[l] = l == 5 ? (double)INFINITY : l == 9 ? 1.2 : l % 3 == 0 ? 0.9 : 1;
        w->routes[l] = (route_link){from, to, w->id[l], cost, l < N || l % 3 != 0};
        w->links[l] = (graph_link){.id = w->id[l], .mode = "road", .from = from, .to = to, .time_h = log(cost) / KAPPA, .length_km = NAN, .both_ways = l < N || l % 3 != 0};
    }
}

/* B = I + A + A A + ..., until nothing is added. */
static void sum_routes(const network *w, bool changed, double b[N][N])
{
    double a[N][N] = {{0}}, power[N][N] = {{0}}, next[N][N];
    for (size_t l = 0; l < LINKS; l++) {
        double weight = pow(w->routes[l].cost * (changed ? w->factor[l] : 1), -THETA);
        a[w->routes[l].from][w->routes[l].to] += weight;
        if (w->routes[l].both_ways) a[w->routes[l].to][w->routes[l].from] += weight;
    }
    memset(b, 0, sizeof(double[N][N]));
    for (size_t i = 0; i < N; i++) power[i][i] = 1;
    for (int round = 0; round < 2000; round++) {
        memset(next, 0, sizeof next);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++) {
                b[i][j] += power[i][j];
                for (size_t k = 0; k < N; k++) next[i][j] += power[i][k] * a[k][j];
            }
        memcpy(power, next, sizeof power);
    }
}

static bashu_routing *routing_of(const kit *k, const network *w)
{
    bashu_routing *r = arena_alloc(k->memory, 1, sizeof *r);
    *r = (bashu_routing){.context = k->context, .memory = k->memory,
                         .network = {.node_count = N, .link_count = LINKS, .node_id = w->node_id, .links = w->routes, .people = w->people, .income = w->income, .theta = THETA,
                                     .name = "", .links_path = "links.csv"}};
    kit_must(k, routing_prepare(r));
    kit_must(k, routing_baseline(r, 1e-13));
    assert_true(r->info.reason > 0);
    return r;
}

/* The same economy for the ordinary model: flows from the accesses of the other, and the network. */
static void draw_economy(kit *k, const network *w, const bashu_routing *r, double b[N][N])
{
    double *flow = kit_ones(k, N * N, 0), *inside = kit_ones(k, N, 0);
    size_t *region_node = arena_alloc(k->memory, N, sizeof *region_node);
    unsigned char *allowed = arena_alloc(k->memory, LINKS, 1);
    graph *g = arena_alloc(k->memory, 1, sizeof *g);
    travel_class *travel = arena_alloc(k->memory, 1, sizeof *travel);
    sketch s = sketch_new(N, 1, 1);
    memset(allowed, 1, LINKS);
    for (size_t n = 0; n < N; n++) {
        region_node[n] = n;
        inside[n] = -log(b[n][n]) / (THETA * KAPPA); /* below zero: only differences of it would count */
        for (size_t i = 0; i < N; i++) flow[n * N + i] = b[i][n] * (w->income[i] / r->base.outward[i]) * (w->income[n] / r->base.inward[n]);
    }
    *g = (graph){.node_count = N, .node_id = (const char **)(uintptr_t)w->node_id, .link_count = LINKS, .links = w->links, .region_count = N, .region_node = region_node};
    *travel = (travel_class){.name = "goods", .allowed = allowed, .route_dispersion = {.value = THETA * KAPPA}};
    s.flow = flow;
    s.people = w->people;
    s.elasticity[TRADE_ELASTICITY] = THETA;
    s.elasticity[TRADE_DECAY] = THETA * KAPPA;
    s.switches.routing = ROUTING_STOCHASTIC;
    kit_draw(k, &s);
    k->data->about.network = g;
    k->data->about.C = 1;
    k->data->about.travel = travel;
    k->data->about.internal_time_h = inside;
    kit_calibrate(k);
    k->options.tolerance = 1e-13;
}

static const bashu_result *change_links(kit *k, const network *w, double before[N][N], double after[N][N])
{
    char text[4096] = "format: bashu-scenario/1\nname: t\neconomy: .\nchanges:\n";
    size_t used = strlen(text);
    shock_builder *builder;
    const shock *made;
    for (size_t l = 0; l < LINKS; l++) {
        char what[80];
        if (w->factor[l] == 1) continue;
        snprintf(what, sizeof what, isfinite(w->factor[l]) ? "lever: link_time, to: %.17g" : "lever: link_close", 60 * log(w->routes[l].cost * w->factor[l]) / KAPPA);
        used += (size_t)snprintf(text + used, sizeof text - used, "  - {id: c%zu, title: C, %s, links: [%s], source: s}\n", l, what, w->id[l]);
    }
    bashu_scenario *scenario = kit_scenario(k, text);
    kit_must(k, shock_builder_new(&builder, k->memory, k->economy));
    kit_must(k, shock_build(&made, builder, scenario, NULL));
    k->shock = *made;
    for (size_t n = 0; n < N; n++) {
        for (size_t i = 0; i < N; i++)
            if (n != i) must_be("dhat^-theta", pow(made->trade_cost_hat[n * N + i], -THETA), after[i][n] / before[i][n], 1e-11);
        k->shock.trade_cost_hat[n * N + n] = pow(after[n][n] / before[n][n], -1 / THETA);
    }
    bashu_scenario_free(scenario);
    return kit_solve(k);
}

static void one_economy_two_models(void **state)
{
    (void)state;
    kit k;
    static network w;
    double before[N][N], after[N][N], world[2] = {0}, moved = 0;
    kit_open(&k, 1);
    draw_network(&w);
    sum_routes(&w, false, before);
    sum_routes(&w, true, after);
    bashu_routing *r = routing_of(&k, &w);
    draw_economy(&k, &w, r, before);
    const bashu_result *result = change_links(&k, &w, before, after);
    kit_must(&k, routing_change(r, &(route_changes){.cost = w.factor}, 1e-13));
    assert_true(r->info.reason > 0);
    for (size_t n = 0; n < N; n++) {
        world[0] += r->base.income[n];
        world[1] += r->now.income[n];
    }
    for (size_t n = 0; n < N; n++) {
        double wage = r->now.income[n] / r->base.income[n] / (world[1] / world[0]), price = pow(r->now.inward[n] / r->base.inward[n], -1 / THETA) / (world[1] / world[0]);
        must_be("income", result->wage_hat[n], wage, 1e-10);
        must_be("price", result->price_hat[n], price, 1e-10);
        moved = fmax(moved, fabs(wage / price - 1));
    }
    assert_true(moved > 0.01);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_economy_two_models)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
