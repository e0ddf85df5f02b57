/* travel.c - travel time between regions.
 *
 *   t_ni = terminal + time over the links of the class, n != i;   t_nn = internal time of n        hours
 *
 * The time over links is the least (with stops and transfers), or that over all routes (routing: stochastic; graph/all_routes.c). Where the class states
 * a mode_dispersion lambda, travellers choose a main mode m first, and then among ways whose main mode it is: those that have a link of m, and besides
 * links of m and of modes before m in the list of the class (so that road leads to trains):
 *
 *   t_ni = terminal - 1/lambda log sum_m exp(-lambda (t^m_ni + penalty_m))            logsum: McFadden 1978; Ben-Akiva & Lerman 1985
 *   d t_ni / d t_l = sum_m P^m_ni d t^m_ni / d t_l,   P^m_ni = exp(-lambda (t^m_ni + penalty_m - t_ni + terminal)), the share of m
 *
 * Every way has one main mode. So without penalties lambda = inf is the least time over all links, and lambda = theta, over all routes, the time over all
 * routes: nothing is counted twice.
 * Without a terminal time two districts of one city would be nearer to each other than either is to itself. */
#include "accounts/accounts.h"

#include <math.h>
#include <string.h>

bashu_status travel_dispersion(double *out, const description *about, bashu_context *context, size_t travel)
{
    const travel_class *class = &about->travel[travel];
    *out = about->switches.routing == ROUTING_STOCHASTIC ? class->route_dispersion.value : 0;
    if (*out > 0 || about->switches.routing != ROUTING_STOCHASTIC) return BASHU_OK;
    return fail(context, BASHU_ERROR_INPUT,
                "%s/economy.yaml: travel: class '%s' states no route_dispersion, which model.routing: stochastic needs; write route_dispersion: {value: ..., source: \"...\"} there, or "
                "--set travel.%s.route_dispersion=NUMBER",
                about->folder, class->name, class->name);
}

/* ---- modes ------------------------------------------------------------------------------------------ */

static bool chooses_mode(const travel_class *class) { return class->mode_dispersion.value > 0; }

static size_t mode_of_link(const travel_class *class, const graph_link *link)
{
    size_t m = 0;
    while (m < class->mode_count && strcmp(class->modes[m].mode, link->mode) != 0) m++;
    return m;
}

/* Links of ways whose main mode it is; marks: [2][links]. False: the class has no link of it. */
static bool use_of_mode(graph_use *use, const description *about, const travel_class *class, size_t mode, unsigned char *marks)
{
    const graph *g = about->network;
    unsigned char *allowed = marks, *needed = marks + g->link_count;
    bool any = false, others = false;
    for (size_t l = 0; l < g->link_count; l++) {
        size_t of = class->allowed[l] ? mode_of_link(class, &g->links[l]) : SIZE_MAX;
        needed[l] = of == mode;
        allowed[l] = of <= mode;
        any |= needed[l];
        others |= allowed[l] != needed[l];
    }
    use->allowed = allowed;
    use->needed = others ? needed : NULL; /* else every way has one */
    return any;
}

typedef struct by_mode {
    double *cost_h;  /* [modes][N][N] time and penalty */
    double *time_h;  /* [N][N] logsum, without terminal */
    unsigned char *marks; /* [2][links] */
    pair_weight *weight;
    const void *payload;
    const double *cost_of; /* of the mode at hand */
    double lambda;
    size_t N, mode;
} by_mode;

static bashu_status say_logsum(const description *about, bashu_context *context, const travel_class *class, const by_mode *b, size_t pair)
{
    size_t NN = b->N * b->N, N = b->N;
    double enough = 0;
    for (size_t p = 0; p < NN; p++) {
        double least = INFINITY, count = 0;
        for (size_t m = 0; m < class->mode_count; m++) {
            least = fmin(least, b->cost_h[m * NN + p]);
            count += isfinite(b->cost_h[m * NN + p]);
        }
        if (p / N != p % N && isfinite(least)) enough = fmax(enough, log(count) / (least + about->terminal_time_h));
    }
    double unit = pow(10, floor(log10(enough)) - 1);
    return fail(context, BASHU_ERROR_INPUT,
                "travel class '%s': from '%s' to '%s' choice among modes is worth more than the trip takes (%.3g minutes); its mode_dispersion is %g per hour, %g would do", class->name,
                about->regions[pair / N].label.id, about->regions[pair % N].label.id, 60 * (b->time_h[pair] + about->terminal_time_h), b->lambda, (floor(enough / unit) + 1) * unit);
}

static bashu_status times_by_mode(by_mode *b, const description *about, bashu_context *context, size_t travel, const double *link_time_h)
{
    const travel_class *class = &about->travel[travel];
    size_t NN = b->N * b->N;
    graph_use use = {.name = class->name};
    TRY(travel_dispersion(&use.dispersion, about, context, travel));
    for (size_t m = 0; m < class->mode_count; m++) {
        double *cost_h = b->cost_h + m * NN, penalty_h = class->modes[m].penalty_min.value / 60;
        bool any = use_of_mode(&use, about, class, m, b->marks);
        if (any) TRY(graph_travel_time(cost_h, about->network, context, link_time_h, &use, about->internal_time_h));
        for (size_t p = 0; p < NN; p++) cost_h[p] = any ? cost_h[p] + penalty_h : (double)INFINITY;
    }
    size_t negative = NN;
    for (size_t p = 0; p < NN; p++) {
        double least = INFINITY, sum = 0;
        for (size_t m = 0; m < class->mode_count; m++) least = fmin(least, b->cost_h[m * NN + p]);
        for (size_t m = 0; isfinite(least) && isfinite(b->lambda) && m < class->mode_count; m++) sum += exp(-b->lambda * (b->cost_h[m * NN + p] - least));
        b->time_h[p] = sum > 0 ? least - log(sum) / b->lambda : least;
        if (!(b->time_h[p] + about->terminal_time_h > 0) && p / b->N != p % b->N && negative == NN) negative = p;
    }
    return negative == NN ? BASHU_OK : say_logsum(about, context, class, b, negative);
}

static bashu_status by_mode_new(by_mode *b, arena *memory, const description *about, bashu_context *context, const travel_class *class)
{
    *b = (by_mode){.lambda = class->mode_dispersion.value, .N = about->N};
    const array_wanted wanted[] = {{&b->cost_h, class->mode_count * b->N * b->N}, {&b->time_h, b->N * b->N}};
    b->marks = arena_alloc(memory, 2 * about->network->link_count + 1, 1);
    return b->marks && ARENA_ARRAYS(memory, wanted) ? BASHU_OK : fail_memory(context);
}

/* The share of the mode at hand among those who go from n to i, times what weighs the pair. The quickest mode, where it takes all, is the first of equals. */
static double weight_of_mode(const void *payload, size_t n, size_t i)
{
    const by_mode *b = payload;
    size_t NN = b->N * b->N, p = n * b->N + i;
    double longer = b->cost_of[p] - b->time_h[p];
    if (isinf(b->cost_of[p])) return 0;
    if (isfinite(b->lambda)) return exp(-b->lambda * longer) * b->weight(b->payload, n, i);
    for (size_t m = 0; m < b->mode; m++)
        if (b->cost_h[m * NN + p] == b->time_h[p]) return 0;
    return longer == 0 ? b->weight(b->payload, n, i) : 0;
}

static bashu_status load_by_mode(double *load, by_mode *b, const description *about, bashu_context *context, size_t travel, const double *link_time_h)
{
    const travel_class *class = &about->travel[travel];
    graph_use use = {.name = class->name};
    TRY(times_by_mode(b, about, context, travel, link_time_h));
    TRY(travel_dispersion(&use.dispersion, about, context, travel));
    for (size_t m = 0; m < class->mode_count; m++) {
        b->mode = m;
        b->cost_of = b->cost_h + m * b->N * b->N;
        if (use_of_mode(&use, about, class, m, b->marks)) TRY(graph_load(load, about->network, context, link_time_h, &use, weight_of_mode, b));
    }
    return BASHU_OK;
}

/* ---- the two questions ------------------------------------------------------------------------------ */

static bashu_status over_links(double *time_h, const description *about, bashu_context *context, size_t travel, const double *link_time_h)
{
    const travel_class *class = &about->travel[travel];
    if (!chooses_mode(class)) {
        graph_use use = {.name = class->name, .allowed = class->allowed};
        TRY(travel_dispersion(&use.dispersion, about, context, travel));
        return graph_travel_time(time_h, about->network, context, link_time_h, &use, about->internal_time_h);
    }
    by_mode b;
    arena *scratch = arena_new(context);
    bashu_status status = scratch ? by_mode_new(&b, scratch, about, context, class) : fail_memory(context);
    if (status == BASHU_OK) status = times_by_mode(&b, about, context, travel, link_time_h);
    if (status == BASHU_OK) memcpy(time_h, b.time_h, about->N * about->N * sizeof *time_h);
    for (size_t n = 0; n < about->N; n++) time_h[n * about->N + n] = about->internal_time_h[n];
    arena_free(scratch);
    return status;
}

bashu_status region_travel_time(double *time_h, const description *about, bashu_context *context, size_t travel,
                         const double *link_time_h)
{
    size_t N = about->N;
    TRY(over_links(time_h, about, context, travel, link_time_h));
    for (size_t n = 0; n < N; n++)
        for (size_t i = 0; i < N; i++)
            if (n != i) time_h[n * N + i] += about->terminal_time_h;
    return BASHU_OK;
}

bashu_status region_travel_load(double *load, const description *about, bashu_context *context, size_t travel, const double *link_time_h,
                                pair_weight *weight, const void *payload)
{
    const travel_class *class = &about->travel[travel];
    if (!chooses_mode(class)) {
        graph_use use = {.name = class->name, .allowed = class->allowed};
        TRY(travel_dispersion(&use.dispersion, about, context, travel));
        return graph_load(load, about->network, context, link_time_h, &use, weight, payload);
    }
    by_mode b;
    arena *scratch = arena_new(context);
    bashu_status status = scratch ? by_mode_new(&b, scratch, about, context, class) : fail_memory(context);
    if (status == BASHU_OK) {
        b.weight = weight;
        b.payload = payload;
        status = load_by_mode(load, &b, about, context, travel, link_time_h);
    }
    arena_free(scratch);
    return status;
}
