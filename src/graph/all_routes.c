/* all_routes.c - travel time where all routes are taken, quick ones more often (Allen & Arkolakis 2022; Dial 1971).
 *
 *   A_kl = sum over links from k to l of exp(-theta t_kl),   B = (I - A)^-1 = I + A + A A + ...        over states (arcs.h)
 *   t_od = -1/theta log B_od,   d t_od / d t_kl = B_ok A_kl B_ld / B_od,  how often routes from o to d take the arc
 *
 * B is finite where the spectral radius of A is below 1. As theta grows t_od goes to the least time: it is less by log(routes of that time) / theta.
 *
 * Numbers: theta t may be thousands, so that B_od is far below what a double holds. With d_k the least time to k from a region c, all is done with
 *
 *   As_kl = exp(-theta (t_kl + d_k - d_l)) <= 1,   B_od = Bs_od exp(-theta (d_d - d_o))
 *
 * of which Bs_od is between about 1 (o = c) and exp(-theta (d_oc + d_co)). Regions o for which that is above exp(-REACH) share As and its
 * elimination (linalg/elimination.h: no pivoting, nothing subtracted, so that small entries are as exact as large ones); few centres c serve all.
 *
 *   load:  z_l = sum over d of Bs_ld w_od / Bs_od,  load of arc (k, l) += Bs_ok As_kl z_l        two triangular solves an origin */
#include "graph/arcs.h"
#include "linalg/radius.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 16 /* origins at once */, BOUND_ROUNDS = 2000, TRIALS = 60 };
static const double reach = 300;         /* of 708, beyond which exp underflows */
static const double trial_factor = 1.25; /* from a dispersion that does not do to the next */

typedef struct sums {
    bashu_context *context;
    const graph *g;
    const graph_use *use;
    const double *least_h;     /* [N][N] */
    double theta;
    arcs a;
    arc_pattern pattern;
    elimination_plan *plan;
    elimination *eliminated;
    double *value;             /* [arcs] As */
    double *from_h;            /* [states] d, INFINITY: no way of the group leads there */
    double *onwards_h;         /* [states] */
    search least;
    size_t *centre;            /* [N] the region c with which each region goes */
    size_t *group;             /* [N] regions of the group at hand */
    int *begin, *end;          /* states in which they begin; [N * modes] in which ways to each region end */
    double *rows;              /* [ROWS][states] */
    long failed;               /* state at which the sum over routes has no end, -1 */
} sums;

/* ---- set-up ---------------------------------------------------------------------------------------- */

static void sums_free(void *object)
{
    sums *s = object;
    arcs_free(&s->a);
    free(s->least.heap);
}

static bashu_status sums_new(sums **out, arena *memory, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use, const double *least_h)
{
    size_t N = g->region_count;
    sums *s = arena_alloc(memory, 1, sizeof *s);
    if (!s || !arena_keep(memory, sums_free, s)) return fail_memory(context);
    *s = (sums){.context = context, .g = g, .use = use, .theta = use->dispersion, .least_h = least_h, .failed = -1};
    *out = s;
    if (!arcs_build(&s->a, g, link_time_h, use->allowed, use->needed)) return fail_memory(context);
    size_t states = s->a.states, count = s->a.head[states];
    if (!(s->least.heap = malloc((count + 1) * sizeof *s->least.heap))) return fail_memory(context);
    TRY(arcs_pattern(&s->pattern, memory, &s->a));
    TRY(elimination_plan_new(&s->plan, memory, &s->pattern));
    TRY(elimination_new(&s->eliminated, memory, s->plan, ELIMINATE_ROUTES));
    s->centre = arena_alloc(memory, N, sizeof *s->centre);
    s->group = arena_alloc(memory, N, sizeof *s->group);
    s->begin = arena_alloc(memory, N, sizeof *s->begin);
    s->end = arena_alloc(memory, N * s->a.modes, sizeof *s->end);
    const array_wanted wanted[] = {{&s->value, count + 1}, {&s->from_h, states}, {&s->onwards_h, states}, {&s->rows, ROWS * states}};
    if (!s->centre || !s->group || !s->begin || !s->end || !ARENA_ARRAYS(memory, wanted)) return fail_memory(context);
    s->least.time_h = s->from_h;
    for (size_t d = 0; d < N; d++)
        for (size_t k = 0; k < s->a.modes; k++) s->end[d * s->a.modes + k] = (int)(end_states(&s->a, g->region_node[d]) + k);
    return BASHU_OK;
}

/* ---- who goes with whom ---------------------------------------------------------------------------- */

/* Each region goes with the first centre that is near enough there and back, else it is the next centre. */
static void find_centres(sums *s)
{
    size_t N = s->g->region_count, count = 0, *centres = s->group;
    double most_delay = 0; /* to go on through a centre is not to begin there */
    for (size_t e = 0; s->a.delay_h && e < s->a.head[s->a.states]; e++) most_delay = fmax(most_delay, s->a.delay_h[e]);
    for (size_t o = 0; o < N; o++) {
        size_t k = 0;
        while (k < count && !(s->theta * (s->least_h[o * N + centres[k]] + s->least_h[centres[k] * N + o] + most_delay) <= reach)) k++;
        if (k == count) centres[count++] = o;
        s->centre[o] = centres[k];
    }
}

/* A state from which ways begin, and others behind it, may be ones to which none lead from the centre (arcs.h). They get the largest numbers d that leave
 * no arc above 1: with h the least times from there, d = h + max over states that have one of (their d - h). */
static void place_begin(sums *s, size_t state)
{
    double first = -INFINITY;
    if (isfinite(s->from_h[state])) return;
    search onwards = {.time_h = s->onwards_h, .heap = s->least.heap};
    search_from(&onwards, &s->a, state, NULL, 0);
    for (size_t v = 0; v < s->a.states; v++)
        if (isfinite(s->onwards_h[v]) && isfinite(s->from_h[v])) first = fmax(first, s->from_h[v] - s->onwards_h[v]);
    if (isinf(first)) first = 0;
    for (size_t v = 0; v < s->a.states; v++)
        if (!isfinite(s->from_h[v])) s->from_h[v] = first + s->onwards_h[v];
}

/* As and its elimination for a centre's group; returns how many regions are in it. s->failed: no end. */
static bashu_status take_group(size_t *count, sums *s, size_t centre)
{
    const arcs *a = &s->a;
    *count = 0;
    for (size_t o = 0; o < s->g->region_count; o++)
        if (s->centre[o] == centre) {
            s->begin[*count] = (int)begin_state(a, s->g->region_node[o]);
            s->group[(*count)++] = o;
        }
    if (!*count) return BASHU_OK;
    search_from(&s->least, a, begin_state(a, s->g->region_node[centre]), NULL, 0);
    for (size_t k = 0; k < *count; k++) place_begin(s, (size_t)s->begin[k]);
    for (size_t v = 0; v < a->states; v++)
        for (size_t e = a->head[v]; e < a->head[v + 1]; e++) {
            double longer = a->time_h[e] + s->from_h[v] - s->from_h[a->to[e]];
            s->value[e] = isfinite(s->from_h[v]) && isfinite(s->from_h[a->to[e]]) ? exp(-s->theta * longer) : 0;
        }
    return elimination_make(s->eliminated, s->value, threads_for(s->context, elimination_work(s->plan)), &s->failed);
}

/* ---- times ----------------------------------------------------------------------------------------- */

/* Bs_od exp(-theta (d of the ways' ends - least of them)), added up over the ends; *first_h: that least. row: as `end`, or by state. */
static double sum_of_ends(const sums *s, const double *row, bool by_state, size_t d, double *first_h)
{
    size_t modes = s->a.modes;
    const int *end = s->end + d * modes;
    double sum = 0;
    *first_h = INFINITY;
    for (size_t k = 0; k < modes; k++) *first_h = fmin(*first_h, s->from_h[end[k]]);
    for (size_t k = 0; k < modes; k++)
        if (isfinite(s->from_h[end[k]])) sum += exp(-s->theta * (s->from_h[end[k]] - *first_h)) * row[by_state ? (size_t)end[k] : d * modes + k];
    return sum;
}

static bashu_status times_of_group(double *time_h, sums *s, arena *scratch, size_t count)
{
    size_t N = s->g->region_count, ends = N * s->a.modes;
    double *rows = arena_alloc(scratch, ROWS * ends, sizeof *rows);
    if (!rows) return fail_memory(s->context);
    for (size_t first = 0; first < count; first += ROWS) {
        size_t many = count - first < ROWS ? count - first : ROWS;
        TRY(elimination_rows(s->eliminated, 1, s->begin + first, many, s->end, ends, rows));
        for (size_t k = 0; k < many; k++)
            for (size_t d = 0, o = s->group[first + k]; d < N; d++) {
                double end_h, sum = sum_of_ends(s, rows + k * ends, false, d, &end_h);
                if (d != o) time_h[o * N + d] = sum > 0 ? end_h - s->from_h[s->begin[first + k]] - log(sum) / s->theta : (double)INFINITY;
            }
    }
    return BASHU_OK;
}

/* All times of one dispersion; s->failed where the sum has no end. */
static bashu_status find_times(double *time_h, sums *s)
{
    arena *scratch = arena_new(s->context);
    bashu_status status = scratch ? BASHU_OK : fail_memory(s->context);
    find_centres(s);
    s->failed = -1;
    for (size_t c = 0; c < s->g->region_count && status == BASHU_OK && s->failed < 0; c++) {
        size_t count;
        status = take_group(&count, s, c);
        if (status == BASHU_OK && s->failed < 0 && count) status = times_of_group(time_h, s, scratch, count);
    }
    arena_free(scratch);
    return status;
}

/* ---- what to say where it does not do ---------------------------------------------------------------- */

static void apply(const void *payload, bool transposed, const double *x, double *image)
{
    const sums *s = payload;
    memset(image, 0, s->a.states * sizeof *image);
    for (size_t v = 0; v < s->a.states; v++)
        for (size_t e = s->a.head[v]; e < s->a.head[v + 1]; e++) image[transposed ? s->a.to[e] : v] += s->value[e] * x[transposed ? v : s->a.to[e]];
}

/* A pair of regions whose time is not positive: N * N, none. */
static size_t find_negative(const sums *s, const double *time_h)
{
    size_t N = s->g->region_count, pair = 0;
    while (pair < N * N && (pair / N == pair % N || time_h[pair] > 0)) pair++;
    return pair;
}

/* A dispersion that would do, with two digits; INFINITY: none of those tried. */
static bashu_status find_enough(double *enough, double *time_h, sums *s)
{
    *enough = INFINITY;
    for (int trial = 0; trial < TRIALS; trial++) {
        s->theta *= trial_factor;
        double unit = pow(10, floor(log10(s->theta)) - 1);
        s->theta = ceil(s->theta / unit) * unit;
        TRY(find_times(time_h, s));
        if (s->failed >= 0 || find_negative(s, time_h) < s->g->region_count * s->g->region_count) continue;
        *enough = s->theta;
        break;
    }
    return BASHU_OK;
}

static bashu_status say_radius(sums *s, double *time_h)
{
    radius_bounds bounds = {0, INFINITY};
    const nonnegative_map map = {s->a.states, apply, s};
    double enough, theta = s->theta;
    for (size_t e = 0; e < s->a.head[s->a.states]; e++) s->value[e] = exp(-theta * s->a.time_h[e]);
    radius_narrow(&bounds, &map, false, BOUND_ROUNDS, s->rows, s->rows + s->a.states);
    radius_narrow(&bounds, &map, true, BOUND_ROUNDS, s->rows, s->rows + s->a.states);
    TRY(find_enough(&enough, time_h, s));
    return fail(s->context, BASHU_ERROR_INPUT,
                "travel class '%s': the sum over all routes has no end: the spectral radius of exp(-route_dispersion x hours) over its links is between %.3g and %.3g and must be "
                "below 1; its route_dispersion is %g per hour, %g would do",
                s->use->name, bounds.low, bounds.high, theta, enough);
}

static const char *node_name(const graph *g, size_t region) { return g->node_id ? g->node_id[g->region_node[region]] : "?"; }

static bashu_status say_negative(sums *s, double *time_h, size_t pair)
{
    size_t N = s->g->region_count;
    double enough, minutes = 60 * time_h[pair], theta = s->theta;
    TRY(find_enough(&enough, time_h, s));
    return fail(s->context, BASHU_ERROR_INPUT,
                "travel class '%s': there are so many routes from node '%s' to '%s' that choice among them is worth more than the trip takes (%.3g minutes over all routes); "
                "its route_dispersion is %g per hour, %g would do",
                s->use->name, node_name(s->g, pair / N), node_name(s->g, pair % N), minutes, theta, enough);
}

/* ---- the two questions ------------------------------------------------------------------------------- */

/* The least times, for where to centre; then s is ready. */
static bashu_status begin(sums **s, arena *memory, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use)
{
    const graph_use least = {use->name, use->allowed, use->needed, 0};
    double *least_h, *zero;
    const array_wanted wanted[] = {{&least_h, g->region_count * g->region_count}, {&zero, g->region_count}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(context);
    TRY(graph_travel_time(least_h, g, context, link_time_h, &least, zero));
    return sums_new(s, memory, g, context, link_time_h, use, least_h);
}

bashu_status all_routes_time(double *time_h, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use, const double *internal_time_h)
{
    size_t N = g->region_count;
    sums *s;
    arena *memory = arena_new(context);
    bashu_status status = memory ? begin(&s, memory, g, context, link_time_h, use) : fail_memory(context);
    if (status == BASHU_OK) status = find_times(time_h, s);
    if (status == BASHU_OK) {
        size_t pair = s->failed < 0 ? find_negative(s, time_h) : N * N;
        if (s->failed >= 0) status = say_radius(s, time_h);
        else if (pair < N * N) status = say_negative(s, time_h, pair);
    }
    for (size_t o = 0; o < N && status == BASHU_OK; o++) time_h[o * N + o] = internal_time_h[o];
    arena_free(memory);
    return status;
}

/* What the routes of some origins of the group put on links: rows Bs_o., then z, then arcs. */
static bashu_status load_some(double *load, sums *s, size_t first, size_t many, double *z, pair_weight *weight, const void *payload)
{
    const arcs *a = &s->a;
    size_t N = s->g->region_count, modes = a->modes;
    TRY(elimination_rows(s->eliminated, 1, s->begin + first, many, NULL, a->states, s->rows));
    memset(z, 0, many * a->states * sizeof *z);
    for (size_t k = 0; k < many; k++)
        for (size_t d = 0, o = s->group[first + k]; d < N; d++) {
            double end_h, sum = sum_of_ends(s, s->rows + k * a->states, true, d, &end_h);
            if (d == o || !(sum > 0)) continue;
            double through = weight(payload, o, d) / sum;
            for (size_t m = 0; m < modes; m++) {
                size_t end = (size_t)s->end[d * modes + m];
                if (isfinite(s->from_h[end])) z[k * a->states + end] += exp(-s->theta * (s->from_h[end] - end_h)) * through;
            }
        }
    TRY(elimination_solve(s->eliminated, false, 1, z, many));
    for (size_t k = 0; k < many; k++)
        for (size_t v = 0; v < a->states; v++)
            for (size_t e = a->head[v]; e < a->head[v + 1]; e++) load[a->link[e]] += s->rows[k * a->states + v] * s->value[e] * z[k * a->states + a->to[e]];
    return BASHU_OK;
}

static bashu_status load_all(double *load, sums *s, arena *memory, pair_weight *weight, const void *payload)
{
    double *z = arena_alloc(memory, ROWS * s->a.states, sizeof *z), *time_h = arena_alloc(memory, s->g->region_count * s->g->region_count, sizeof *time_h);
    if (!z || !time_h) return fail_memory(s->context);
    find_centres(s);
    for (size_t c = 0; c < s->g->region_count; c++) {
        size_t count;
        TRY(take_group(&count, s, c));
        if (s->failed >= 0) return say_radius(s, time_h);
        for (size_t first = 0; first < count; first += ROWS) TRY(load_some(load, s, first, count - first < ROWS ? count - first : ROWS, z, weight, payload));
    }
    return BASHU_OK;
}

bashu_status all_routes_load(double *load, const graph *g, bashu_context *context, const double *link_time_h, const graph_use *use, pair_weight *weight, const void *payload)
{
    sums *s;
    arena *memory = arena_new(context);
    bashu_status status = memory ? begin(&s, memory, g, context, link_time_h, use) : fail_memory(context);
    if (status == BASHU_OK) status = load_all(load, s, memory, weight, payload);
    arena_free(memory);
    return status;
}
