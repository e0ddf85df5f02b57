/* test_routing.c - trade over all routes against explicit inverses, a second, dense solution, and what must hold of any. */

#include "graph/graph.h"
#include "linalg/elimination.h"
#include "routing/parts.h"
#include "routing/routing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 14, LINKS = 3 * N };

/* ---- a network drawn by lot, and its routes as a full matrix ---------------------------------------- */

typedef struct world {
    bashu_context *context;
    bashu_routing *r;
    char names[N][8];
    const char *ids[N];
    route_link links[LINKS];
    double people[N], income[N], productivity[N], amenity[N];
} world;

/* A ring both ways, and two one-way links from every node. */
static void draw(world *w, bool incomes, double theta, double lambda, bool mobile, double alpha, double beta)
{
    random_stream s;
    random_seed(&s, 7);
    *w = (world){.r = NULL};
    assert_int_equal(bashu_open(&w->context, 1), BASHU_OK);
    for (size_t i = 0; i < N; i++) {
        snprintf(w->names[i], sizeof w->names[i], "n%zu", i);
        w->ids[i] = w->names[i];
        w->people[i] = i == 3 && incomes ? 0 : 1000 * exp(random_normal(&s));
        w->income[i] = w->people[i] * exp(0.3 * random_normal(&s));
        w->productivity[i] = exp(0.3 * random_normal(&s));
        w->amenity[i] = exp(0.2 * random_normal(&s));
        for (size_t k = 0; k < 3; k++) {
            size_t to = k ? (i + 2 + (size_t)(random_uniform(&s) * (N - 3))) % N : (i + 1) % N;
            w->links[3 * i + k] = (route_link){i, to, "", 1.3 + 0.6 * random_uniform(&s), k == 0};
        }
    }
    arena *memory = arena_new(w->context);
    w->r = arena_alloc(memory, 1, sizeof *w->r);
    *w->r = (bashu_routing){.context = w->context, .memory = memory,
        .network = {.node_count = N, .link_count = LINKS, .node_id = w->ids, .links = w->links, .people = w->people,
                    .income = incomes ? w->income : NULL, .productivity = w->productivity, .amenity = w->amenity, .theta = theta,
                    .congestion = lambda, .productivity_spillover = alpha, .amenity_spillover = beta, .mobile = mobile,
                    .free_costs = !incomes, .name = "", .links_path = "links.csv"}};
    assert_int_equal(routing_prepare(w->r), BASHU_OK);
}

static void leave(world *w)
{
    arena_free(w->r->memory);
    bashu_close(w->context);
}

static void solve(world *w)
{
    if (routing_baseline(w->r, 1e-12) != BASHU_OK) fail_msg("%s", bashu_message(w->context));
    if (w->r->info.reason <= 0) fail_msg("%s: %s %g", bashu_reason_text(w->r->info.reason), w->r->info.worst, w->r->info.residual);
    assert_true(w->r->info.residual < 1e-11);
    assert_true(w->r->info.forward_error < 1e-10);
}

/* a[i][j] of links at their present costs, or of costs at first */
static void weights(const world *w, const double *cost, double a[N][N])
{
    memset(a, 0, sizeof(double[N][N]));
    for (size_t k = 0; k < LINKS; k++) {
        const route_link *l = &w->links[k];
        a[l->from][l->to] += pow(cost[2 * k], -w->r->network.theta);
        if (l->both_ways) a[l->to][l->from] += pow(cost[2 * k + 1], -w->r->network.theta);
    }
}

/* (I - a)^-1 by Gauss & Jordan with pivots */
static void invert(const double a[N][N], double out[N][N])
{
    double m[N][2 * N];
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            m[i][j] = (i == j) - a[i][j];
            m[i][N + j] = i == j;
        }
    for (size_t k = 0; k < N; k++) {
        size_t best = k;
        for (size_t i = k; i < N; i++) best = fabs(m[i][k]) > fabs(m[best][k]) ? i : best;
        for (size_t j = 0; j < 2 * N; j++) {
            double keep = m[k][j];
            m[k][j] = m[best][j];
            m[best][j] = keep;
        }
        for (size_t i = 0; i < N; i++) {
            double by = m[i][k] / m[k][k];
            for (size_t j = 0; j < 2 * N && i != k; j++) m[i][j] -= by * m[k][j];
        }
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) out[i][j] = m[i][N + j] / m[i][i];
}

/* ---- elimination ------------------------------------------------------------------------------------ */

static void pattern_of(const world *w, int *head, int *to, double *value, double *time)
{
    int count = 0;
    for (size_t i = 0; i < N; i++) {
        head[i] = count;
        for (size_t k = 0; k < LINKS; k++)
            for (int back = 0; back <= (int)w->links[k].both_ways; back++)
                if ((back ? w->links[k].to : w->links[k].from) == i) {
                    to[count] = (int)(back ? w->links[k].from : w->links[k].to);
                    value[count] = pow(w->links[k].cost, -w->r->network.theta);
                    time[count++] = log(w->links[k].cost);
                }
    }
    head[N] = count;
}

static void test_kernel_is_inverse(void **state)
{
    world w;
    int head[N + 1], to[2 * LINKS], from[N];
    double value[2 * LINKS], time[2 * LINKS], a[N][N], full[N][N], rows[N][N], column[N];
    long failed;
    elimination_plan *plan;
    elimination *e;
    (void)state;
    draw(&w, false, 5, 0, false, 0, 0);
    weights(&w, w.r->base.cost, a);
    invert((const double(*)[N])a, full);
    pattern_of(&w, head, to, value, time);
    arc_pattern pattern = {N, head, to};
    assert_int_equal(elimination_plan_new(&plan, w.r->memory, &pattern), BASHU_OK);
    assert_int_equal(elimination_new(&e, w.r->memory, plan, ELIMINATE_ROUTES), BASHU_OK);
    assert_int_equal(elimination_make(e, value, 1, &failed), BASHU_OK);
    assert_int_equal(failed, -1);
    for (int i = 0; i < N; i++) from[i] = i;
    assert_int_equal(elimination_rows(e, 1, from, N, NULL, 0, &rows[0][0]), BASHU_OK);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) assert_true(fabs(rows[i][j] / full[i][j] - 1) < 1e-12);
    for (int transposed = 0; transposed < 2; transposed++) {
        memset(column, 0, sizeof column);
        column[2] = 1;
        assert_int_equal(elimination_solve(e, transposed, 1, column, 1), BASHU_OK);
        for (int i = 0; i < N; i++) assert_true(fabs(column[i] / (transposed ? full[2][i] : full[i][2]) - 1) < 1e-12);
    }
    for (size_t k = 0; k < 2 * LINKS; k++) value[k] *= 40; /* radius above 1: a pivot says so */
    assert_int_equal(elimination_make(e, value, 1, &failed), BASHU_OK);
    assert_true(failed >= 0);
    leave(&w);
}

/* As theta rises, the mean over routes becomes the cheapest: tau_ij -> exp(least sum of log t). Five places in a ring, one link of which is
 * long: any second route, and any turn on the way, costs at least 2 more, e^-80 of the first at theta 40. */
static void test_high_theta_is_least_cost(void **state)
{
    enum { RING = 5 };
    const double theta = 40;
    int head[RING + 1], to[2 * RING], from[RING];
    double value[2 * RING], time[2 * RING], rows[RING][RING], least[RING][RING];
    bashu_context *context;
    elimination_plan *plan;
    elimination *e;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    arena *memory = arena_new(context);
    for (int i = 0; i < RING; i++) {
        from[i] = i;
        head[i] = 2 * i;
        to[2 * i] = (i + 1) % RING;
        to[2 * i + 1] = (i + RING - 1) % RING;
        time[2 * i] = i == RING - 1 ? 10 : 1 + 0.1 * i;
        time[2 * i + 1] = i == 0 ? 10 : 1 + 0.07 * i;
    }
    head[RING] = 2 * RING;
    for (int k = 0; k < 2 * RING; k++) value[k] = exp(-theta * time[k]);
    arc_pattern pattern = {RING, head, to};
    assert_int_equal(elimination_plan_new(&plan, memory, &pattern), BASHU_OK);
    assert_int_equal(elimination_new(&e, memory, plan, ELIMINATE_ROUTES), BASHU_OK);
    assert_int_equal(elimination_make(e, value, 1, NULL), BASHU_OK);
    assert_int_equal(elimination_rows(e, 1, from, RING, NULL, 0, &rows[0][0]), BASHU_OK);
    assert_int_equal(elimination_new(&e, memory, plan, ELIMINATE_TIMES), BASHU_OK);
    assert_int_equal(elimination_make(e, time, 1, NULL), BASHU_OK);
    assert_int_equal(elimination_rows(e, 1, from, RING, NULL, 0, &least[0][0]), BASHU_OK);
    for (int i = 0; i < RING; i++)
        for (int j = 0; j < RING; j++) {
            assert_true(fabs(-log(rows[i][j]) / theta - least[i][j]) < 1e-10);
            if (j == i + 1) assert_true(fabs(least[i][j] - (1 + 0.1 * i)) < 1e-15);
        }
    arena_free(memory);
    bashu_close(context);
}

typedef struct grid_network {
    int side, *head, *to;
    double *time;
    graph_link *links;
    size_t arcs;
} grid_network;

static grid_network grid_of(arena *memory, int side)
{
    grid_network g = {.side = side};
    random_stream s;
    random_seed(&s, 3);
    size_t n = (size_t)(side * side);
    g.head = arena_alloc(memory, n + 1, sizeof(int));
    g.to = arena_alloc(memory, 8 * n, sizeof(int));
    g.time = arena_alloc(memory, 8 * n, sizeof(double));
    g.links = arena_alloc(memory, 8 * n, sizeof *g.links);
    for (int y = 0, k = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            g.head[y * side + x] = k;
            for (int d = 0; d < 9; d++) {
                int a = x + d % 3 - 1, b = y + d / 3 - 1;
                if (d == 4 || a < 0 || b < 0 || a >= side || b >= side) continue;
                g.to[k] = b * side + a;
                g.time[k] = random_uniform(&s) < 0.02 ? (double)INFINITY : 0.3 + random_uniform(&s); /* some are closed */
                g.links[k] = (graph_link){.from = (size_t)(y * side + x), .to = (size_t)g.to[k], .time_h = g.time[k]};
                k++;
            }
            g.head[y * side + x + 1] = k;
        }
    g.arcs = (size_t)g.head[n];
    return g;
}

static void test_least_times(void **state)
{
    enum { SIDE = 40, FROM = 40 };
    bashu_context *context;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    arena *memory = arena_new(context);
    grid_network g = grid_of(memory, SIDE);
    size_t n = SIDE * SIDE, *by_link = arena_alloc(memory, n, sizeof *by_link);
    double *time = arena_alloc(memory, n, sizeof *time), *once = arena_alloc(memory, FROM * n, sizeof *once), *again = arena_alloc(memory, FROM * n, sizeof *again);
    graph full = {.node_count = n, .link_count = g.arcs, .links = g.links};
    arc_pattern pattern = {n, g.head, g.to};
    int from[FROM];
    elimination_plan *plan;
    elimination *e;
    least_tree *tree;
    for (int k = 0; k < FROM; k++) from[k] = k * 37;
    assert_int_equal(elimination_plan_new(&plan, memory, &pattern), BASHU_OK);
    assert_int_equal(elimination_new(&e, memory, plan, ELIMINATE_TIMES), BASHU_OK);
    assert_int_equal(elimination_make(e, g.time, 1, NULL), BASHU_OK);
    assert_int_equal(elimination_rows(e, 1, from, FROM, NULL, 0, once), BASHU_OK);
    assert_int_equal(least_tree_new(&tree, memory, &full), BASHU_OK);
    for (size_t k = 0; k < FROM; k++) {
        least_tree_search(tree, (size_t)from[k], g.time, time, by_link);
        for (size_t i = 0; i < n; i++) assert_true(fabs(once[k * n + i] - time[i]) <= 1e-13 * time[i]);
    }
    for (int threads = 2; threads <= 3; threads++) {
        assert_int_equal(elimination_make(e, g.time, threads, NULL), BASHU_OK);
        assert_int_equal(elimination_rows(e, threads, from, FROM, NULL, 0, again), BASHU_OK);
        assert_memory_equal(once, again, FROM * n * sizeof *once);
    }
    double *some = again;
    assert_int_equal(elimination_rows(e, 2, from, FROM, from, FROM, some), BASHU_OK); /* places to places alone */
    for (size_t k = 0; k < FROM; k++)
        for (size_t l = 0; l < FROM; l++) assert_true(some[k * FROM + l] == once[k * n + (size_t)from[l]]);
    arena_free(memory);
    bashu_close(context);
}

/* ---- equilibria --------------------------------------------------------------------------------------- */

/* Incomes (world 1) and people by plain damped iteration with full matrices. */
static void dense(const world *w, const double *cost, double *income, double *people)
{
    const route_network *net = &w->r->network;
    double a[N][N], tau[N][N], p[N], q[N], theta = net->theta, alpha = net->productivity_spillover, beta = net->amenity_spillover;
    double wage[N], persons = 0;
    weights(w, cost, a);
    invert((const double(*)[N])a, tau);
    for (size_t i = 0; i < N; i++) {
        people[i] = w->people[i];
        persons += people[i];
        wage[i] = 1;
    }
    for (int round = 0; round < 6000; round++) {
        double all = 0, moved[N], sum = 0;
        for (size_t j = 0; j < N; j++) {
            p[j] = 0;
            for (size_t i = 0; i < N; i++)
                p[j] += tau[i][j] * pow(wage[i] / net->productivity[i], -theta) * pow(people[i], alpha * theta);
        }
        for (size_t i = 0; i < N; i++) {
            q[i] = 0;
            for (size_t j = 0; j < N; j++) q[i] += tau[i][j] * wage[j] * people[j] / p[j];
        }
        for (size_t i = 0; i < N; i++) {
            double sells = pow(wage[i] / net->productivity[i], -theta) * pow(people[i], alpha * theta) * q[i];
            wage[i] *= pow(sells / (wage[i] * people[i]), 0.5 / (1 + theta));
        }
        for (size_t i = 0; i < N && net->mobile; i++) {
            double utility = wage[i] * net->amenity[i] * pow(people[i], beta) * pow(p[i], 1 / theta);
            sum += moved[i] = people[i] * pow(utility, 0.3);
        }
        for (size_t i = 0; i < N; i++) {
            if (net->mobile) people[i] = moved[i] * persons / sum;
            all += wage[i] * people[i];
        }
        for (size_t i = 0; i < N; i++) wage[i] /= all;
    }
    for (size_t i = 0; i < N; i++) income[i] = wage[i] * people[i];
}

/* cost_scale: of all links */
static void check_dense(bool mobile, double alpha, double beta, double lambda, double cost_scale)
{
    world w;
    double income[N], people[N], all = 0;
    draw(&w, false, 5, lambda, mobile, alpha, beta);
    for (size_t k = 0; k < 2 * LINKS; k++) w.r->base.cost[k] *= cost_scale;
    for (size_t k = 0; k < LINKS; k++) w.links[k].cost *= cost_scale;
    solve(&w);
    dense(&w, w.r->base.cost, income, people);
    for (size_t i = 0; i < N; i++) all += w.r->base.income[i];
    for (size_t i = 0; i < N; i++) {
        assert_true(fabs(w.r->base.income[i] / all / income[i] - 1) < 1e-10);
        assert_true(fabs(w.r->base.people[i] / people[i] - 1) < 1e-10);
    }
    for (size_t k = 0; k < LINKS && lambda > 0; k++) /* the costs are those of the traffic */
        assert_true(fabs(log(w.r->base.cost[2 * k] / w.links[k].cost) - lambda * log(w.r->base.traffic[2 * k] / all)) < 1e-11);
    leave(&w);
}

static void test_people_stay(void **state) { (void)state; check_dense(false, 0, 0, 0, 1); }
static void test_people_move(void **state) { (void)state; check_dense(true, 0.1, -0.3, 0, 1); }
static void test_people_stay_congested(void **state) { (void)state; check_dense(false, 0, 0, 0.1, 1); }
static void test_people_move_congested(void **state) { (void)state; check_dense(true, 0.1, -0.3, 0.1, 1); }
/* empty links alone would have a spectral radius of about 9; traffic makes them cost enough */
static void test_cheap_links_congested(void **state) { (void)state; check_dense(false, 0, 0, 0.1, 0.5); }

/* Xi_kl = sum over pairs of trade x expected uses of the link; the margins of trade are the incomes given. */
static void test_traffic(void **state)
{
    world w;
    double a[N][N], tau[N][N], X[N][N], theta = 5;
    (void)state;
    draw(&w, true, theta, 0, false, 0, 0);
    solve(&w);
    weights(&w, w.r->base.cost, a);
    invert((const double(*)[N])a, tau);
    for (size_t i = 0; i < N; i++) {
        double buys = 0, sells = 0;
        for (size_t j = 0; j < N; j++) {
            X[i][j] = tau[i][j] * w.income[i] / w.r->base.outward[i] * w.income[j] / w.r->base.inward[j];
            sells += X[i][j];
        }
        for (size_t j = 0; j < N; j++) buys += tau[j][i] * w.income[j] / w.r->base.outward[j] * w.income[i] / w.r->base.inward[i];
        assert_true(fabs(sells - w.income[i]) <= 1e-10 * w.income[i]);
        assert_true(fabs(buys - w.income[i]) <= 1e-10 * w.income[i]);
    }
    for (size_t k = 0; k < LINKS; k++) {
        const route_link *l = &w.links[k];
        double sum = 0, weight = pow(l->cost, -theta);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++) sum += X[i][j] * tau[i][l->from] * weight * tau[l->to][j] / tau[i][j];
        assert_true(fabs(w.r->base.traffic[2 * k] / sum - 1) < 1e-10);
    }
    leave(&w);
}

/* ---- changes -------------------------------------------------------------------------------------------- */

static void test_no_change(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        world w;
        draw(&w, kind & 1, 6, kind & 2 ? 0.1 : 0, kind & 2, 0.1, -0.3);
        solve(&w);
        assert_int_equal(routing_change(w.r, &(route_changes){NULL, NULL, NULL}, 1e-12), BASHU_OK);
        assert_int_equal(w.r->info.reason, BASHU_CONVERGED_UNCHANGED);
        assert_true(w.r->info.welfare_hat == 1);
        assert_memory_equal(w.r->base.income, w.r->now.income, sizeof w.income);
        assert_memory_equal(w.r->base.people, w.r->now.people, sizeof w.income);
        assert_memory_equal(w.r->base.inward, w.r->now.inward, sizeof w.income);
        assert_memory_equal(w.r->base.traffic, w.r->now.traffic, 2 * LINKS * sizeof(double));
        assert_memory_equal(w.r->base.cost, w.r->now.cost, 2 * LINKS * sizeof(double));
        leave(&w);
    }
}

/* A change from the baseline is the baseline of the changed network. */
static void test_change_is_new_baseline(void **state)
{
    world w, v;
    double cost[LINKS], made[N], liked[N], all[2] = {0, 0}, utility[2];
    (void)state;
    draw(&w, false, 5, 0.1, true, 0.1, -0.3);
    draw(&v, false, 5, 0.1, true, 0.1, -0.3);
    solve(&w);
    for (size_t k = 0; k < LINKS; k++) {
        cost[k] = k % 5 ? 1 : 0.8;
        v.links[k].cost *= cost[k];
        v.r->base.cost[2 * k] *= cost[k];
        v.r->base.cost[2 * k + 1] *= cost[k];
    }
    for (size_t i = 0; i < N; i++) {
        made[i] = i == 4 ? 1.2 : 1;
        liked[i] = i == 9 ? 1.1 : 1;
        v.productivity[i] *= made[i];
        v.amenity[i] *= liked[i];
    }
    assert_int_equal(routing_change(w.r, &(route_changes){cost, made, liked}, 1e-12), BASHU_OK);
    assert_true(w.r->info.residual < 1e-11);
    solve(&v);
    for (size_t i = 0; i < N; i++) {
        all[0] += w.r->now.income[i];
        all[1] += v.r->now.income[i];
    }
    for (size_t i = 0; i < N; i++) {
        assert_true(fabs(w.r->now.income[i] / all[0] / (v.r->now.income[i] / all[1]) - 1) < 1e-10);
        assert_true(fabs(w.r->now.people[i] / v.r->now.people[i] - 1) < 1e-10);
    }
    for (size_t k = 0; k < LINKS; k++) assert_true(fabs(w.r->now.cost[2 * k] / v.r->now.cost[2 * k] - 1) < 1e-10);
    /* utility w u L^beta / P of node 0, in each in its own units: x q = Y says what a unit of money is */
    for (int k = 0; k < 2; k++) {
        const world *at = k ? &v : &w;
        const route_state *s = k ? &v.r->now : &w.r->base;
        double wage = s->income[0] / s->people[0], x = s->income[0] / s->outward[0], scale;
        /* x = T w^-theta L^(alpha theta) / scale, p in the same unit */
        scale = pow(at->productivity[0], 5) * pow(wage, -5) * pow(s->people[0], 0.5) / x;
        utility[k] = wage * at->amenity[0] * pow(s->people[0], -0.3) * pow(s->inward[0] * scale, 1.0 / 5);
    }
    assert_true(fabs(utility[1] / utility[0] / w.r->info.welfare_hat - 1) < 1e-10);
    leave(&w);
    leave(&v);
}

static double log_welfare(world *w, size_t link, double by)
{
    double cost[LINKS];
    for (size_t k = 0; k < LINKS; k++) cost[k] = k == link ? exp(by) : 1;
    assert_int_equal(routing_change(w->r, &(route_changes){cost, NULL, NULL}, 1e-12), BASHU_OK);
    return log(w->r->info.welfare_hat);
}

static void test_elasticities(void **state)
{
    (void)state;
    for (int mobile = 0; mobile < 2; mobile++) {
        world w;
        double found[LINKS], h = 1e-4;
        draw(&w, mobile == 0, 5, 0.1, mobile, 0.1, -0.3);
        solve(&w);
        assert_int_equal(routing_elasticities(w.r), BASHU_OK);
        memcpy(found, w.r->elasticity, sizeof found);
        for (size_t k = 0; k < LINKS; k++) {
            double difference = (log_welfare(&w, k, h) - log_welfare(&w, k, -h)) / (2 * h);
            assert_true(fabs(found[k] - difference) < 1e-6 * fmax(fabs(found[k]), 1e-2));
        }
        leave(&w);
    }
}

/* Nothing but costs: what a cheaper link is worth to all is its traffic (Hulten 1978); to the mean over people where all earn the same. */
static void test_traffic_is_worth(void **state)
{
    world w;
    double all = 0;
    (void)state;
    draw(&w, true, 5, 0, false, 0, 0);
    for (size_t i = 0; i < N; i++) all += w.income[i] = w.people[i];
    solve(&w);
    assert_int_equal(routing_elasticities(w.r), BASHU_OK);
    for (size_t k = 0; k < LINKS; k++) {
        double traffic = w.r->now.traffic[2 * k] + (w.links[k].both_ways ? w.r->now.traffic[2 * k + 1] : 0);
        assert_true(fabs(w.r->elasticity[k] + traffic / all) < 1e-9 * traffic / all);
    }
    leave(&w);
}

/* ---- radius, threads -------------------------------------------------------------------------------------- */

static void test_radius(void **state)
{
    world w;
    route_radius radius;
    (void)state;
    draw(&w, false, 5, 0, false, 0, 0);
    for (size_t k = 0; k < 2 * LINKS; k++) w.r->base.cost[k] = 1.5; /* a ring both ways and two more: four links from a node */
    for (size_t k = 0; k < LINKS; k++) {
        w.links[k].both_ways = true;
        w.links[k].to = (w.links[k].from + 1 + k % 3) % N; /* six ways from every node, alike: the radius is 6 / 1.5^5 */
    }
    assert_int_equal(routing_prepare(w.r), BASHU_OK);
    for (size_t k = 0; k < 2 * LINKS; k++) w.r->base.cost[k] = 1.5;
    double a[2 * LINKS];
    route_weights(a, w.r, w.r->base.cost, w.r->network.theta);
    assert_int_equal(routing_radius(&radius, w.r, a, 50), BASHU_OK);
    assert_true(fabs(radius.low - 6 / pow(1.5, 5)) < 1e-12 && fabs(radius.high - radius.low) < 1e-12);
    for (size_t k = 0; k < 2 * LINKS; k++) w.r->base.cost[k] = 1.4;
    assert_int_equal(routing_baseline(w.r, 1e-10), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(w.context), "spectral radius"));
    leave(&w);
}

static void test_same_bits(void **state)
{
    enum { SIDE = 92 };
    double *income[2];
    (void)state;
    for (int threads = 1; threads <= 2; threads++) {
        bashu_context *context;
        assert_int_equal(bashu_open(&context, threads), BASHU_OK);
        arena *memory = arena_new(context);
        size_t n = SIDE * SIDE;
        grid_network g = grid_of(memory, SIDE);
        route_link *links = arena_alloc(memory, g.arcs, sizeof *links);
        double *people = arena_alloc(memory, n, sizeof *people), *ones = arena_alloc(memory, n, sizeof *ones);
        const char **ids = arena_alloc(memory, n, sizeof *ids);
        for (size_t k = 0; k < g.arcs; k++)
            links[k] = (route_link){g.links[k].from, g.links[k].to, "", 1.8 + 0.2 * (isinf(g.time[k]) ? 1 : g.time[k]), false};
        for (size_t i = 0; i < n; i++) {
            people[i] = 1 + (double)(i * 7919 % 101);
            ones[i] = 1;
            ids[i] = "";
        }
        bashu_routing *r = arena_alloc(memory, 1, sizeof *r);
        *r = (bashu_routing){.context = context, .memory = memory,
            .network = {.node_count = n, .link_count = g.arcs, .node_id = ids, .links = links, .people = people, .productivity = ones, .amenity = ones,
                        .theta = 4, .productivity_spillover = 0.05, .amenity_spillover = -0.3, .mobile = true, .congestion = 0.05, .free_costs = true, .name = ""}};
        assert_int_equal(routing_prepare(r), BASHU_OK);
        assert_int_equal(routing_baseline(r, 1e-10), BASHU_OK);
        assert_true(r->info.reason > 0 && r->info.residual < 1e-9);
        assert_true(r->info.steps <= 6 && r->info.cycles <= 45); /* 4 and 31; many more when levels or blocks do not fit together */
        income[threads - 1] = malloc(n * sizeof(double));
        memcpy(income[threads - 1], r->base.income, n * sizeof(double));
        if (threads > 1) assert_memory_equal(income[0], income[threads - 1], n * sizeof(double));
        arena_free(memory);
        bashu_close(context);
    }
    for (int k = 0; k < 2; k++) free(income[k]);
}

/* The factorisation solves with J, and its transpose, what the derivative says J is: away from an equilibrium too, with world income and welfare moving. */
static void test_direct(void **state)
{
    (void)state;
    for (int kind = 0; kind < 8; kind++) {
        world w;
        built b;
        double flow[2 * LINKS], x[2 * N], right[2 * N], found[2 * N], image[2 * N];
        random_stream s;
        random_seed(&s, 3);
        draw(&w, false, 5, kind & 1 ? 0.1 : 0, kind & 2, 0.1, -0.3);
        arena *memory = arena_new(w.context);
        assert_int_equal(flows_build(&b, memory, w.r), BASHU_OK);
        b.s.c = closure_of(&w.r->network, false, kind & 1);
        for (size_t e = 0; e < w.r->arc_count; e++) flow[e] = 1000 * exp(random_normal(&s));
        flows_set_base(&b, w.r, flow, w.income, w.people);
        flows_balance(&b.s);
        assert_int_equal(groups_make(&b.s), BASHU_OK);
        groups_base(&b.s);
        flow_level *l = &b.s.level[0];
        for (size_t k = 0; k < 2 * N; k++) {
            l->z[k] = 0.3 * random_normal(&s);
            x[k] = random_normal(&s);
        }
        flows_at(&b.s, 0);
        b.s.transposed = kind & 4;
        groups_flows(&b.s, 0);
        flows_derivative(&b.s, 0, true, x, right);
        assert_true(direct_factor(&b.s));
        assert_true(direct_solve(&b.s, right, found));
        flows_derivative(&b.s, 0, true, found, image);
        double off = 0, size = 0;
        for (size_t k = 0; k < 2 * N; k++) {
            off = fmax(off, fabs(image[k] - right[k]));
            size = fmax(size, fabs(right[k]));
        }
        assert_true(off <= 1e-11 * size);
        arena_free(memory);
        leave(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_direct),
        cmocka_unit_test(test_kernel_is_inverse),      cmocka_unit_test(test_high_theta_is_least_cost), cmocka_unit_test(test_least_times),
        cmocka_unit_test(test_people_stay),            cmocka_unit_test(test_people_move),              cmocka_unit_test(test_people_stay_congested),
        cmocka_unit_test(test_people_move_congested),  cmocka_unit_test(test_cheap_links_congested),
        cmocka_unit_test(test_traffic),                  cmocka_unit_test(test_no_change),
        cmocka_unit_test(test_change_is_new_baseline), cmocka_unit_test(test_elasticities),             cmocka_unit_test(test_traffic_is_worth),
        cmocka_unit_test(test_radius),                 cmocka_unit_test(test_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
