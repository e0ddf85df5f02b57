/* test_graph.c - nodes into clusters along their strongest edges; least times with stops and transfers against every way there is; times over all
 * routes against the explicit inverse. */
#include "graph/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

typedef struct fixture {
    bashu_context *context;
    arena *memory;
} fixture;

static int begin(void **state)
{
    static fixture f; /* of the test program */
    assert_int_equal(bashu_open(&f.context, 1), BASHU_OK);
    f.memory = arena_new(f.context);
    assert_non_null(f.memory);
    *state = &f;
    return 0;
}

static int end(void **state)
{
    fixture *f = *state;
    arena_free(f->memory);
    bashu_close(f->context);
    return 0;
}

/* Clusters are numbered 0 .. count - 1, and none is empty. */
static void must_be_numbered(const size_t *cluster_of, size_t nodes, size_t count)
{
    size_t people[64] = {0};
    for (size_t n = 0; n < nodes; n++) {
        assert_true(cluster_of[n] < count && count <= 64);
        people[cluster_of[n]]++;
    }
    for (size_t c = 0; c < count; c++) assert_true(people[c] > 0);
}

/* Four groups of four with heavy edges inside and light ones between: what is planted is found. */
static void planted_groups_are_found(void **state)
{
    fixture *f = *state;
    size_t from[400], to[400], edges = 0, cluster_of[16];
    double weight[400];
    for (size_t a = 0; a < 16; a++) {
        for (size_t b = 0; b < a; b++) {
            from[edges] = b % 2 ? a : b; /* either way round */
            to[edges] = b % 2 ? b : a;
            weight[edges++] = a % 4 == b % 4 ? 10 + (double)(a + b) / 100 : 0.1;
        }
    }
    assert_int_equal(graph_cluster(cluster_of, f->memory, 16, edges, from, to, weight, 4), 4);
    must_be_numbered(cluster_of, 16, 4);
    for (size_t a = 0; a < 16; a++)
        for (size_t b = 0; b < 16; b++) assert_int_equal(cluster_of[a] == cluster_of[b], a % 4 == b % 4);
}

/* Edges that repeat count together: two of weight 3 are more than one of 5. */
static void repeated_edges_add_up(void **state)
{
    fixture *f = *state;
    const size_t from[] = {0, 1, 1}, to[] = {1, 0, 2};
    const double weight[] = {3, 3, 5};
    size_t cluster_of[3];
    assert_int_equal(graph_cluster(cluster_of, f->memory, 3, 3, from, to, weight, 2), 2);
    assert_true(cluster_of[0] == cluster_of[1] && cluster_of[2] != cluster_of[0]);
}

/* Where nothing is joined any more the clusters are what hangs together, though fewer were wanted. */
static void what_is_apart_stays_apart(void **state)
{
    fixture *f = *state;
    const size_t from[] = {0, 2, 4, 5}, to[] = {1, 3, 5, 4};
    const double weight[] = {1, 1, 0, -1}; /* no edge: zero, negative */
    size_t cluster_of[6];
    assert_int_equal(graph_cluster(cluster_of, f->memory, 6, 4, from, to, weight, 1), 4);
    must_be_numbered(cluster_of, 6, 4);
    assert_true(cluster_of[0] == cluster_of[1] && cluster_of[2] == cluster_of[3] && cluster_of[4] != cluster_of[5]);
}

static void never_more_than_wanted_where_edges_allow(void **state)
{
    fixture *f = *state;
    size_t from[199], to[199], cluster_of[200];
    double weight[199];
    for (size_t k = 0; k < 199; k++) from[k] = k, to[k] = k + 1, weight[k] = 1 + (double)(k * 7 % 13);
    for (size_t wanted = 1; wanted <= 64; wanted = 2 * wanted + 1) {
        assert_int_equal(graph_cluster(cluster_of, f->memory, 200, 199, from, to, weight, wanted), wanted);
        must_be_numbered(cluster_of, 200, wanted);
    }
    for (size_t n = 1; n < 200; n++) /* on a line a cluster is a piece of it */
        for (size_t m = 0; m + 1 < n; m++)
            if (cluster_of[m] == cluster_of[n]) assert_int_equal(cluster_of[m + 1], cluster_of[n]);
}

/* ---- stops and transfers --------------------------------------------------------------------------- */

enum { NODES = 7, LINKS = 13, DEEP = 7 }; /* ways of up to DEEP links are enumerated */

typedef struct way {
    double time_h;
    size_t count, link[DEEP];
} way;

/* Every way onwards from a node; the best to each node is kept. */
static void enumerate(way *best, const graph *g, const double *time_h, size_t node, const way *so_far)
{
    if (so_far->time_h < best[node].time_h) best[node] = *so_far;
    for (size_t l = 0; l < g->link_count && so_far->count < DEEP; l++) {
        const graph_link *link = &g->links[l];
        bool along = link->from == node, back = link->both_ways && link->to == node;
        if (!along && !back) continue;
        way next = *so_far;
        next.time_h += time_h[l];
        const char *last = next.count ? g->links[next.link[next.count - 1]].mode : NULL;
        for (size_t k = 0; last && k < g->delay_count; k++)
            if (!strcmp(g->delays[k].mode, link->mode)) next.time_h += strcmp(last, link->mode) ? g->delays[k].transfer_h : g->delays[k].stop_h;
        next.link[next.count++] = l;
        enumerate(best, g, time_h, along ? link->to : link->from, &next);
    }
}

static double weight_of(const void *payload, size_t o, size_t d) { return *(const double *)payload + (double)(3 * o + d); }

static void must_equal(double a, double b)
{
    if (!(fabs(a - b) <= 1e-12 * (1 + fabs(b)))) fail_msg("%.17g is not %.17g", a, b);
}

static void check_ways(const fixture *f, const graph *g, const double *time_h)
{
    const double inside[3] = {0.1, 0.2, 0.3}, weight = 2;
    double found[9], node_h[NODES], load[LINKS] = {0}, want[LINKS] = {0};
    size_t by_link[NODES];
    least_tree *tree;
    assert_int_equal(graph_least_time(found, g, f->context, time_h, NULL, inside), BASHU_OK);
    assert_int_equal(graph_load(load, g, f->context, time_h, &(graph_use){.name = "any"}, weight_of, &weight), BASHU_OK);
    assert_int_equal(least_tree_new(&tree, f->memory, g), BASHU_OK);
    for (size_t o = 0; o < 3; o++) {
        way best[NODES];
        for (size_t v = 0; v < NODES; v++) best[v] = (way){(double)INFINITY, 0, {0}};
        enumerate(best, g, time_h, g->region_node[o], &(way){0, 0, {0}});
        least_tree_search(tree, g->region_node[o], time_h, node_h, by_link);
        for (size_t v = 0; v < NODES; v++) {
            if (isinf(best[v].time_h)) assert_true(isinf(node_h[v]));
            else must_equal(node_h[v], best[v].time_h);
            if (v != g->region_node[o] && isfinite(node_h[v])) assert_int_equal(by_link[v], best[v].link[best[v].count - 1]);
        }
        for (size_t d = 0; d < 3; d++) {
            const way *w = &best[g->region_node[d]];
            if (d == o) assert_true(found[o * 3 + d] == inside[o]);
            else if (isfinite(w->time_h)) must_equal(found[o * 3 + d], w->time_h);
            for (size_t k = 0; d != o && isfinite(w->time_h) && k < w->count; k++) want[w->link[k]] += weight_of(&weight, o, d);
        }
    }
    for (size_t l = 0; l < LINKS; l++) must_equal(load[l], want[l]);
}

/* Of three modes, every fourth of one direction. */
static void random_links(graph_link links[LINKS], double time_h[LINKS], uint64_t *seed, double least_h)
{
    static const char *const modes[] = {"fast", "slow", "road"};
    for (size_t l = 0; l < LINKS; l++) {
        uint64_t draw[4];
        for (size_t q = 0; q < 4; q++) draw[q] = (*seed = *seed * 6364136223846793005u + 1442695040888963407u) >> 33;
        size_t from = draw[0] % NODES, to = (from + 1 + draw[1] % (NODES - 1)) % NODES;
        links[l] = (graph_link){.id = "l", .mode = modes[draw[2] % 3], .from = from, .to = to, .time_h = 9, .both_ways = l % 4 != 0};
        time_h[l] = least_h + (double)(draw[3] % 100000) / 50000;
    }
}

/* Times, loads and the last link of random networks of three modes; road is not among the delays. */
static void stops_and_transfers_against_every_way(void **state)
{
    const fixture *f = *state;
    const mode_delay delays[] = {{"fast", 0.3, 1.1}, {"slow", 0.5, 0.2}}, none[] = {{"fast", 0, 0}, {"slow", 0, 0}};
    const size_t region_node[] = {0, 4, 6};
    size_t differ = 0;
    uint64_t seed = 12345;
    for (int trial = 0; trial < 40; trial++) {
        graph_link links[LINKS];
        double time_h[LINKS], with[9], without[9], inside[3] = {0};
        random_links(links, time_h, &seed, 0.1);
        graph g = {.node_count = NODES, .link_count = LINKS, .links = links, .region_count = 3, .region_node = region_node, .delay_count = 2, .delays = delays};
        check_ways(f, &g, time_h);
        assert_int_equal(graph_least_time(with, &g, f->context, time_h, NULL, inside), BASHU_OK);
        g.delays = none;
        check_ways(f, &g, time_h);
        assert_int_equal(graph_least_time(without, &g, f->context, time_h, NULL, inside), BASHU_OK);
        g.delay_count = 0;
        double plain[9];
        assert_int_equal(graph_least_time(plain, &g, f->context, time_h, NULL, inside), BASHU_OK);
        assert_memory_equal(plain, without, sizeof plain);
        for (size_t p = 0; p < 9; p++) differ += isfinite(with[p]) && with[p] > without[p];
    }
    assert_true(differ > 40); /* else there is nothing to see */
}

/* By elimination as by search, on a random network with closed links, ways there alone and more places than a sweep takes; with delays and without. */
static void between_many_as_by_search(void **state)
{
    enum { PLACES = 90, ROADS = 260, ASKED = 70 };
    const fixture *f = *state;
    static const char *const modes[] = {"fast", "slow", "road"};
    const mode_delay delays[] = {{"fast", 0.3, 1.1}, {"slow", 0.5, 0.2}};
    static graph_link links[ROADS];
    static double time_h[PLACES], link_time_h[ROADS], found[ASKED * PLACES], other[PLACES];
    static unsigned char allowed[ROADS];
    size_t by_link[PLACES], from[ASKED], to[PLACES], apart = 0;
    uint64_t seed = 999;
    for (size_t l = 0; l < ROADS; l++) {
        uint64_t draw[4];
        for (size_t q = 0; q < 4; q++) draw[q] = (seed = seed * 6364136223846793005u + 1442695040888963407u) >> 33;
        size_t a = draw[0] % PLACES, b = (a + 1 + draw[1] % 7) % PLACES;
        links[l] = (graph_link){.id = "l", .mode = modes[draw[2] % 3], .from = a, .to = b, .time_h = 9, .both_ways = l % 3 != 0};
        link_time_h[l] = l % 40 == 7 ? (double)INFINITY : 0.1 + (double)(draw[3] % 100000) / 50000;
        allowed[l] = l % 11 != 0;
    }
    for (size_t k = 0; k < ASKED; k++) from[k] = (k * 37) % PLACES;
    for (size_t l = 0; l < PLACES; l++) to[l] = PLACES - 1 - l;
    for (size_t count = 0; count <= 2; count += 2) {
        graph g = {.node_count = PLACES, .link_count = ROADS, .links = links, .delay_count = count, .delays = delays};
        graph_between *b;
        least_tree *tree;
        assert_int_equal(graph_between_new(&b, f->memory, &g, link_time_h, allowed), BASHU_OK);
        assert_int_equal(least_tree_new(&tree, f->memory, &g), BASHU_OK);
        assert_int_equal(graph_between_rows(b, from, ASKED, to, PLACES, found), BASHU_OK);
        double open[ROADS];
        for (size_t l = 0; l < ROADS; l++) open[l] = allowed[l] ? link_time_h[l] : (double)INFINITY;
        for (size_t k = 0; k < ASKED; k++) {
            least_tree_search(tree, from[k], open, time_h, by_link);
            for (size_t l = 0; l < PLACES; l++) {
                double want = time_h[to[l]], got = found[k * PLACES + l];
                apart += isinf(want);
                if (isinf(want)) assert_true(isinf(got) && got > 0);
                else assert_true(fabs(got - want) <= 1e-13 * (1 + want));
            }
            assert_int_equal(graph_between_rows(b, from + k, 1, to, PLACES, other), BASHU_OK);
            assert_memory_equal(other, found + k * PLACES, sizeof other); /* whoever is asked for beside it */
        }
    }
    assert_true(apart > 10);
}

/* ---- all routes --------------------------------------------------------------------------------------- */

enum { STEPS = 4 * LINKS }; /* a link, its direction, and whether a needed link has been passed */

/* x := M^-1 x by elimination with row pivoting. */
static void dense_solve(size_t n, double m[STEPS][STEPS], double x[STEPS])
{
    for (size_t k = 0; k < n; k++) {
        size_t best = k;
        for (size_t i = k; i < n; i++)
            if (fabs(m[i][k]) > fabs(m[best][k])) best = i;
        for (size_t j = 0; j < n; j++) {
            double kept = m[k][j];
            m[k][j] = m[best][j];
            m[best][j] = kept;
        }
        double kept = x[k];
        x[k] = x[best];
        x[best] = kept;
        for (size_t i = k + 1; i < n; i++) {
            double by = m[i][k] / m[k][k];
            for (size_t j = k; j < n && by != 0; j++) m[i][j] -= by * m[k][j];
            x[i] -= by * x[k];
        }
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++) x[k] -= m[k][j] * x[j];
        x[k] /= m[k][k];
    }
}

static size_t tail_of(const graph_link *l, size_t step) { return step / 2 % 2 ? l->to : l->from; }
static size_t head_of(const graph_link *l, size_t step) { return step / 2 % 2 ? l->from : l->to; }

static double delay_between(const graph *g, const graph_link *before, const graph_link *after)
{
    for (size_t k = 0; k < g->delay_count; k++)
        if (!strcmp(g->delays[k].mode, after->mode)) return strcmp(before->mode, after->mode) ? g->delays[k].transfer_h : g->delays[k].stop_h;
    return 0;
}

/* The sum over all routes, by the explicit inverse of a matrix over steps along links: M_ef = exp(-theta (t_f + delay between e and f)) where f follows e. */
static double sum_of_routes(const graph *g, const double *time_h, const graph_use *use, size_t from, size_t to)
{
    static double m[STEPS][STEPS], x[STEPS];
    double sum = 0;
    memset(m, 0, sizeof m);
    memset(x, 0, sizeof x);
    for (size_t f = 0; f < STEPS; f++) {
        const graph_link *after = &g->links[f / 4];
        bool possible = (after->both_ways || f / 2 % 2 == 0) && (!use->allowed || use->allowed[f / 4]), passes = use->needed && use->needed[f / 4];
        m[f][f] = 1;
        if (!possible || (passes && f % 2 == 0)) continue;
        if (tail_of(after, f) == from && f % 2 == passes) x[f] = exp(-use->dispersion * time_h[f / 4]);
        for (size_t e = 0; e < STEPS; e++) {
            const graph_link *before = &g->links[e / 4];
            if (head_of(before, e) != tail_of(after, f) || (passes ? 0 : e % 2 != f % 2)) continue;
            m[f][e] -= exp(-use->dispersion * (time_h[f / 4] + delay_between(g, before, after)));
        }
    }
    dense_solve(STEPS, m, x);
    for (size_t e = 0; e < STEPS; e++)
        if (head_of(&g->links[e / 4], e) == to && (!use->needed || e % 2)) sum += x[e];
    return sum;
}

/* Random networks with links of one direction, stops and transfers, and needed links: times against the explicit inverse, loads against differences. */
static void all_routes_against_the_explicit_inverse(void **state)
{
    const fixture *f = *state;
    const mode_delay delays[] = {{"fast", 0.3, 1.1}, {"slow", 0.5, 0.2}};
    const size_t region_node[] = {0, 4, 6};
    const double inside[3] = {0.1, 0.2, 0.3}, weight = 2;
    size_t compared = 0, loads = 0;
    uint64_t seed = 4321;
    for (int trial = 0; trial < 60; trial++) {
        graph_link links[LINKS];
        double time_h[LINKS], found[9], again[9], load[LINKS] = {0}, side[2][9];
        unsigned char allowed[LINKS], needed[LINKS];
        random_links(links, time_h, &seed, 0.4);
        for (size_t l = 0; l < LINKS; l++) {
            allowed[l] = l != 5;
            needed[l] = !strcmp(links[l].mode, "slow");
        }
        graph g = {.node_count = NODES, .link_count = LINKS, .links = links, .region_count = 3, .region_node = region_node, .delay_count = trial % 2 ? 2 : 0, .delays = delays};
        graph_use use = {.name = "any", .allowed = allowed, .needed = trial % 3 == 2 ? needed : NULL, .dispersion = trial % 5 ? 4 : 700};
        assert_int_equal(graph_travel_time(found, &g, f->context, time_h, &use, inside), BASHU_OK);
        assert_int_equal(graph_load(load, &g, f->context, time_h, &use, weight_of, &weight), BASHU_OK);
        for (size_t p = 0; p < 9; p++) {
            if (p / 3 == p % 3) assert_true(found[p] == inside[p / 3]);
            if (p / 3 == p % 3 || use.dispersion > 100) continue; /* of such numbers the inverse has none */
            double sum = sum_of_routes(&g, time_h, &use, region_node[p / 3], region_node[p % 3]);
            if (isinf(found[p])) assert_true(sum == 0);
            else {
                if (!(fabs(found[p] + log(sum) / use.dispersion) <= 1e-12 * (1 + found[p]))) fail_msg("trial %d, pair %zu: %.17g is not %.17g", trial, p, found[p], -log(sum) / use.dispersion);
                compared++;
            }
        }
        for (size_t l = 0; l < LINKS; l++) { /* central differences: times are smooth in those of links */
            double kept = time_h[l], step = 1e-4 / use.dispersion, want = 0;
            for (int s = 0; s < 2; s++) {
                time_h[l] = kept + (s ? step : -step);
                assert_int_equal(graph_travel_time(side[s], &g, f->context, time_h, &use, inside), BASHU_OK);
            }
            time_h[l] = kept;
            for (size_t p = 0; p < 9; p++)
                if (p / 3 != p % 3 && isfinite(found[p])) want += weight_of(&weight, p / 3, p % 3) * (side[1][p] - side[0][p]) / (2 * step);
            if (!(fabs(load[l] - want) <= 1e-6 * (1 + fabs(want)))) fail_msg("trial %d, link %zu: %.12g is not %.12g", trial, l, load[l], want);
            loads += want > 0.1;
        }
        assert_int_equal(graph_travel_time(again, &g, f->context, time_h, &use, inside), BASHU_OK);
        assert_memory_equal(found, again, sizeof found);
    }
    assert_true(compared > 150 && loads > 200);
}

/* As the dispersion grows the time is the least, of ties less log(ties) / theta; on a line of many hours, where exp(-theta t) is far below what a double holds. */
static void all_routes_become_the_quickest(void **state)
{
    const fixture *f = *state;
    enum { LONG = 60 };
    graph_link links[3 * LONG];
    size_t region_node[LONG], count = 0;
    double least[LONG * LONG], found[LONG * LONG], inside[LONG] = {0};
    for (size_t v = 0; v < LONG; v++) region_node[v] = v;
    for (size_t v = 0; v + 1 < LONG; v++) links[count++] = (graph_link){.id = "l", .mode = "road", .from = v, .to = v + 1, .time_h = 1 + 0.01 * (double)(v * v * 7919 % 1009) / 59, .both_ways = true};
    for (size_t v = 0; v + 3 < LONG; v++) links[count++] = (graph_link){.id = "l", .mode = "road", .from = v, .to = v + 3, .time_h = 3.05 + 0.03 * (double)(v * 104729 % 997) / 997, .both_ways = v % 2 == 0};
    graph g = {.node_count = LONG, .link_count = count, .links = links, .region_count = LONG, .region_node = region_node};
    const double theta[] = {8, 40, 1000, 1e6, 1e9};
    double before = INFINITY;
    assert_int_equal(graph_least_time(least, &g, f->context, NULL, NULL, inside), BASHU_OK);
    for (size_t k = 0; k < 5; k++) {
        graph_use use = {.name = "any", .dispersion = theta[k]};
        double worst = 0;
        assert_int_equal(graph_travel_time(found, &g, f->context, NULL, &use, inside), BASHU_OK);
        for (size_t p = 0; p < LONG * LONG; p++) {
            if (p / LONG == p % LONG) continue;
            assert_true(found[p] <= least[p] * (1 + 1e-14) && found[p] > 0.9 * least[p]);
            worst = fmax(worst, least[p] - found[p]);
        }
        assert_true(worst < before || worst < 1e-12);
        before = worst;
    }
    assert_true(before <= 1e-10); /* hours, of up to 60 */
}

static void all_routes_without_end(void **state)
{
    const fixture *f = *state;
    static const char *ids[] = {"a", "b", "c", "d", "e"};
    const graph_link links[] = {{.id = "ab", .mode = "road", .from = 0, .to = 1, .time_h = 0.05, .both_ways = true}, {.id = "bc", .mode = "road", .from = 1, .to = 2, .time_h = 0.05, .both_ways = true},
                                {.id = "ca", .mode = "road", .from = 2, .to = 0, .time_h = 0.05, .both_ways = true},
                                {.id = "apart", .mode = "road", .from = 3, .to = 4, .time_h = 0.7, .both_ways = true}}; /* whose radius is its own */
    const size_t region_node[] = {0, 1, 2};
    double found[9];
    const double inside[3] = {0};
    graph g = {.node_count = 5, .node_id = ids, .link_count = 4, .links = links, .region_count = 3, .region_node = region_node};
    /* rho = 2 exp(-theta / 20) of a triangle: 1 at theta = 13.9; B_ab = 1 where exp(-theta / 20) = (sqrt(3) - 1) / 2: 20.1 */
    graph_use use = {.name = "freight", .dispersion = 10};
    assert_int_equal(graph_travel_time(found, &g, f->context, NULL, &use, inside), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(f->context), "travel class 'freight'"));
    assert_non_null(strstr(bashu_message(f->context), "spectral radius of exp(-route_dispersion x hours) over its links is between 1.21 and 1.21"));
    assert_non_null(strstr(bashu_message(f->context), "is 10 per hour, 22 would do"));
    use.dispersion = 15;
    assert_int_equal(graph_travel_time(found, &g, f->context, NULL, &use, inside), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(f->context), "from node 'a' to 'b'"));
    assert_non_null(strstr(bashu_message(f->context), "is 15 per hour, 24 would do"));
    use.dispersion = 24;
    assert_int_equal(graph_travel_time(found, &g, f->context, NULL, &use, inside), BASHU_OK);
    double e = exp(-24 * 0.05), b = e / ((1 + e) * (1 - 2 * e)); /* off the diagonal of the inverse */
    must_equal(found[1], -log(b) / 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_groups_are_found),
        cmocka_unit_test(repeated_edges_add_up),
        cmocka_unit_test(what_is_apart_stays_apart),
        cmocka_unit_test(never_more_than_wanted_where_edges_allow),
        cmocka_unit_test(stops_and_transfers_against_every_way),
        cmocka_unit_test(between_many_as_by_search),
        cmocka_unit_test(all_routes_against_the_explicit_inverse),
        cmocka_unit_test(all_routes_become_the_quickest),
        cmocka_unit_test(all_routes_without_end),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
