/* network.c - equilibria on networks of any size, and shortest times.
 *
 * A square of cells, each with its eight neighbours; speeds are drawn by lot, rows and columns far apart are three times as fast (corridors).
 * Weights of links are a_kl = g_kl / sqrt(g_k g_l) x exp(-(h / l)^2), g_k the sum over neighbours, h the side of a cell, l a 25th of the side
 * of the square: the spectral radius is exp(-(h / l)^2), and trade falls with distance alike however fine the cells are. */
#include "parts.h"

#include "graph/graph.h"
#include "linalg/elimination.h"
#include "routing/routing.h"

#include <math.h>
#include <string.h>

static const double theta = 4, reach = 25;

typedef struct cells {
    arena *memory;
    bashu_context *context;
    size_t side;
    route_link *links;
    size_t link_count;
    double *people, *productivity;
    const char **ids;
} cells;

static bool cells_new(cells *c, bashu_context *context, size_t count)
{
    random_stream s;
    random_seed(&s, 1);
    *c = (cells){.memory = arena_new(context), .context = context, .side = (size_t)lround(sqrt((double)count))};
    size_t side = c->side, n = side * side;
    double *speed, *sum;
    const array_wanted wanted[] = {{&c->people, n}, {&c->productivity, n}};
    arena *scratch = arena_new(context);
    const array_wanted drawn[] = {{&speed, n}, {&sum, n}};
    bool good = c->memory && scratch && ARENA_ARRAYS(c->memory, wanted) && ARENA_ARRAYS(scratch, drawn)
                && (c->links = arena_alloc(c->memory, 4 * n, sizeof *c->links)) && (c->ids = arena_alloc(c->memory, n, sizeof *c->ids));
    for (size_t i = 0; good && i < n; i++) {
        double x = (double)(i % side) / (double)side, y = (double)(i / side) / (double)side;
        c->people[i] = exp(random_normal(&s) + 2 * sin(9 * x) * cos(7 * y));
        c->productivity[i] = exp(0.5 * random_normal(&s) / theta);
        speed[i] = exp(0.6 * random_normal(&s)) * (i % side % 37 == 0 || i / side % 53 == 0 ? 3 : 1);
        c->ids[i] = "";
    }
    static const int right[] = {1, -1, 0, 1}, down[] = {0, 1, 1, 1};
    for (size_t i = 0; good && i < n; i++)
        for (int d = 0; d < 4; d++) {
            size_t x = i % side + (size_t)right[d], y = i / side + (size_t)down[d]; /* -1 wraps round to a large number */
            if (x >= side || y >= side) continue;
            double g = sqrt(speed[i] * speed[y * side + x]) * (0.8 + 0.4 * random_uniform(&s)) / hypot(right[d], down[d]);
            c->links[c->link_count++] = (route_link){i, y * side + x, "", g, true};
            sum[i] += g;
            sum[y * side + x] += g;
        }
    double screen = pow(reach / (double)side, 2);
    for (size_t k = 0; good && k < c->link_count; k++) {
        route_link *l = &c->links[k];
        l->cost = pow(l->cost / sqrt(sum[l->from] * sum[l->to]) * exp(-screen), -1 / theta);
    }
    arena_free(scratch);
    return good;
}

/* One equilibrium from nothing; its time and what it ended with. */
typedef struct solved {
    double time_s, bytes;
    bashu_routing_info info;
} solved;

static bool solve_cells(solved *out, const cells *c, double congestion)
{
    arena *memory = arena_new(c->context);
    bashu_routing *r = memory ? arena_alloc(memory, 1, sizeof *r) : NULL;
    size_t n = c->side * c->side;
    if (!r) return false;
    *r = (bashu_routing){.context = c->context, .memory = memory,
        .network = {.node_count = n, .link_count = c->link_count, .node_id = c->ids, .links = c->links, .people = c->people,
                    .productivity = c->productivity, .amenity = c->productivity, .theta = theta, .congestion = congestion,
                    .free_costs = true, .name = "", .links_path = "cells"}};
    bool good = routing_prepare(r) == BASHU_OK;
    double start = now_s();
    good = good && routing_baseline(r, 1e-10) == BASHU_OK && r->info.reason > 0;
    *out = (solved){now_s() - start, (double)(arena_bytes(memory) + arena_bytes(c->memory) + r->info.memory), r->info};
    arena_free(memory);
    return good;
}

/* The factorisation of I - A, again and again. */
typedef struct factors {
    arc_pattern pattern;
    double *weight;
    elimination *e;
    int threads;
} factors;

static bool arcs_of(factors *f, const cells *c, bool times)
{
    size_t n = c->side * c->side;
    int *head = arena_alloc(c->memory, n + 2, sizeof *head), *to = arena_alloc(c->memory, 2 * c->link_count, sizeof *to);
    f->weight = arena_alloc(c->memory, 2 * c->link_count, sizeof *f->weight);
    f->threads = thread_count(c->context);
    if (!head || !to || !f->weight) return false;
    for (size_t k = 0; k < c->link_count; k++) {
        head[c->links[k].from + 2]++;
        head[c->links[k].to + 2]++;
    }
    for (size_t i = 2; i < n + 2; i++) head[i] += head[i - 1];
    for (size_t k = 0; k < c->link_count; k++) {
        const route_link *l = &c->links[k];
        double weight = times ? log(l->cost) : pow(l->cost, -theta);
        f->weight[head[l->from + 1]] = f->weight[head[l->to + 1]] = weight;
        to[head[l->from + 1]++] = (int)l->to;
        to[head[l->to + 1]++] = (int)l->from;
    }
    f->pattern = (arc_pattern){n, head, to};
    elimination_plan *plan;
    return elimination_plan_new(&plan, c->memory, &f->pattern) == BASHU_OK
           && elimination_new(&f->e, c->memory, plan, times ? ELIMINATE_TIMES : ELIMINATE_ROUTES) == BASHU_OK;
}

static bool factorise_once(void *payload)
{
    factors *f = payload;
    long failed;
    return elimination_make(f->e, f->weight, f->threads, &failed) == BASHU_OK && failed < 0;
}

typedef struct solving_cells {
    const cells *c;
    double congestion;
    solved last;
} solving_cells;

static bool solve_once(void *payload)
{
    solving_cells *s = payload;
    return solve_cells(&s->last, s->c, s->congestion);
}

static void say_solved(bench_value *value, const solved *s)
{
    note(value, "%d Newton steps, %d cycles, %.2f s; residual %.1e, forward error %.1e", s->info.steps, s->info.cycles, s->time_s, s->info.residual,
         s->info.forward_error);
}

void bench_network(bench *b, size_t N, size_t J, bench_value *values)
{
    cells c;
    factors f;
    (void)J;
    if (cells_new(&c, b->context, N) && arcs_of(&f, &c, false)) {
        solving_cells s = {.c = &c};
        if (ratio_of_times(values, b, &(timed_work){solve_once, &s}, &(timed_work){factorise_once, &f})) say_solved(values, &s.last);
    } else not_measured(values, "out of memory");
    arena_free(c.memory);
}

void bench_network_congestion(bench *b, size_t N, size_t J, bench_value *values)
{
    cells c;
    (void)J;
    if (cells_new(&c, b->context, N)) {
        solving_cells with = {.c = &c, .congestion = 0.092}, without = {.c = &c};
        if (ratio_of_times(values, b, &(timed_work){solve_once, &with}, &(timed_work){solve_once, &without})) say_solved(values, &with.last);
    } else not_measured(values, "out of memory");
    arena_free(c.memory);
}

/* ---- shortest times --------------------------------------------------------------------------------- */

enum { PLACES = 3000, SEARCHES = 40 };

typedef struct searching {
    factors f;
    least_tree *tree;
    size_t n, *by_link;
    int places[PLACES], next;
    double *link_time, *time, *between; /* [links], [n], [PLACES][PLACES] */
} searching;

/* Making the values counts too. */
static bool eliminate_times(void *payload)
{
    searching *s = payload;
    return factorise_once(&s->f) && elimination_rows(s->f.e, s->f.threads, s->places, PLACES, s->places, PLACES, s->between) == BASHU_OK;
}

/* So many of the searches on one thread; both times are for as many. */
static bool search_times(void *payload)
{
    searching *s = payload;
    for (int k = 0; k < SEARCHES; k++) least_tree_search(s->tree, (size_t)s->places[s->next++ % PLACES], s->link_time, s->time, s->by_link);
    return true;
}

void bench_network_times(bench *b, size_t N, size_t J, bench_value *values)
{
    cells c;
    searching s = {.next = 0};
    random_stream stream;
    (void)J;
    bool good = cells_new(&c, b->alone, N) && arcs_of(&s.f, &c, true); /* one thread on both sides */
    size_t n = good ? c.side * c.side : 0;
    graph_link *links = good ? arena_alloc(c.memory, c.link_count, sizeof *links) : NULL;
    const array_wanted wanted[] = {{&s.link_time, good ? c.link_count : 1}, {&s.time, n}, {&s.between, (size_t)PLACES * PLACES}};
    good = links && ARENA_ARRAYS(c.memory, wanted) && (s.by_link = arena_alloc(c.memory, n, sizeof *s.by_link));
    for (size_t k = 0; good && k < c.link_count; k++) {
        s.link_time[k] = log(c.links[k].cost);
        links[k] = (graph_link){.from = c.links[k].from, .to = c.links[k].to, .time_h = s.link_time[k], .both_ways = true};
    }
    random_seed(&stream, 5);
    for (int k = 0; k < PLACES; k++) s.places[k] = (int)((double)n * random_uniform(&stream));
    graph g = {.node_count = n, .link_count = c.link_count, .links = links};
    if (good && least_tree_new(&s.tree, c.memory, &g) == BASHU_OK) {
        if (ratio_of_times(values, b, &(timed_work){eliminate_times, &s}, &(timed_work){search_times, &s})) inverse_of(values, (double)PLACES / SEARCHES);
    } else not_measured(values, "out of memory");
    arena_free(c.memory);
}

/* ---- a million --------------------------------------------------------------------------------------- */

void bench_network_million(bench *b, size_t N, size_t J, bench_value *values)
{
    static const size_t sizes[] = {10000, 100000, 1000000};
    double x[3], y[3], mean_x = 0, mean_y = 0, over = 0, under = 0;
    (void)J;
    for (int k = 0; k < 3; k++) {
        cells c;
        factors f;
        solved s = {0}, best = {0};
        bool good = cells_new(&c, b->context, k == 2 ? N : sizes[k]);
        for (int repeat = 0; good && repeat < (k < 2 ? 3 : 1); repeat++) {
            good = solve_cells(&s, &c, 0);
            if (!repeat || s.time_s < best.time_s) best = s;
        }
        if (!good) {
            for (int v = 0; v < 3; v++) failed(&values[v], "no equilibrium of %zu cells", sizes[k]);
            arena_free(c.memory);
            return;
        }
        x[k] = log((double)(c.side * c.side));
        y[k] = log(best.time_s);
        mean_x += x[k] / 3;
        mean_y += y[k] / 3;
        if (k == 2) {
            values[1] = counted(best.bytes / (double)(c.side * c.side) / 1000);
            double factor_s = arcs_of(&f, &c, false) ? seconds_of(&(timed_work){factorise_once, &f}) : -1;
            if (factor_s > 0) {
                values[0] = counted(best.time_s / factor_s);
                say_solved(values, &best);
            } else failed(values, "the factorisation did not work");
        }
        arena_free(c.memory);
    }
    for (int k = 0; k < 3; k++) {
        over += (x[k] - mean_x) * (y[k] - mean_y);
        under += (x[k] - mean_x) * (x[k] - mean_x);
    }
    values[2] = counted(over / under);
}
