/* groups.c - coarser levels: nodes joined with the neighbours with which they exchange most, two and two, twice over.
 *
 * Where all of a group change alike, the equations of its members add up to the equation of the group, whose flows are the sums of
 * theirs: coarse levels are exact for such changes, for Newton's method as for one linear step. */
#include "routing/flows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COARSEST = 48 };
/* In linear steps exchange between groups counts for less than its sum: a slope over many groups, drawn as stairs, would otherwise seem twice
 * as hard to change (over-correction, Braess 1995). What is taken off stays inside, so that sums hold; net flows stay whole. */
static const double eased = 0.6;

bashu_status level_new(flow_system *s, flow_level *l, size_t edges)
{
    size_t n = l->n;
    const array_wanted wanted[] = {{&l->base, 2 * edges}, {&l->flow, 2 * edges}, {&l->base_self, n}, {&l->self, n},
                                   {&l->base_income, n}, {&l->income, n}, {&l->base_people, n}, {&l->people, n},
                                   {&l->base_size, 2 * n}, {&l->size, 2 * n}, {&l->sum, 2 * n}, {&l->z, 2 * n},
                                   {&l->diagonal, 4 * n}, {&l->power, 2 * n}, {&l->weight, n}, {&l->residual, 2 * n},
                                   {&l->correction, 2 * n}, {&l->image, 2 * n}, {&l->work, 2 * n}};
    l->group = arena_alloc(s->memory, n, sizeof *l->group);
    l->middle = arena_alloc(s->memory, n, sizeof *l->middle);
    l->edge_to = arena_alloc(s->memory, edges + 1, sizeof *l->edge_to);
    if (!ARENA_ARRAYS(s->memory, wanted) || !l->group || !l->middle || !l->edge_to) return fail_memory(s->context);
    for (size_t i = 0; i < n; i++)
        for (l->middle[i] = l->head[i]; l->middle[i] < l->head[i + 1] && (size_t)l->to[l->middle[i]] < i; l->middle[i]++) continue;
    return BASHU_OK;
}

/* Joins two and two: pair_of[i] is the number of i's pair. strength: of each edge. Returns how many pairs. */
static size_t join(int *pair_of, const int *head, const int *to, const double *strength, size_t n)
{
    size_t pairs = 0;
    for (size_t i = 0; i < n; i++) pair_of[i] = -1;
    for (size_t i = 0; i < n; i++) {
        if (pair_of[i] >= 0) continue;
        int best = -1;
        double most = 0;
        for (int e = head[i]; e < head[i + 1]; e++)
            if (pair_of[to[e]] < 0 && strength[e] > most) {
                most = strength[e];
                best = to[e];
            }
        if (best < 0) { /* all neighbours are taken: with the strongest of them, unless nothing is exchanged */
            for (int e = head[i]; e < head[i + 1]; e++)
                if (strength[e] > most) {
                    most = strength[e];
                    best = to[e];
                }
            pair_of[i] = best < 0 ? (int)pairs++ : pair_of[best];
            continue;
        }
        pair_of[i] = pair_of[best] = (int)pairs++;
    }
    return pairs;
}

/* Members of groups, in their order. at: [groups + 1]. */
static void list_members(int *at, int *member, const int *group, size_t n, size_t groups)
{
    for (size_t g = 0; g <= groups; g++) at[g] = 0;
    for (size_t i = 0; i < n; i++) at[group[i] + 1]++;
    for (size_t g = 0; g < groups; g++) at[g + 1] += at[g];
    for (size_t i = 0; i < n; i++) member[at[group[i]]++] = (int)i;
    for (size_t g = groups; g > 0; g--) at[g] = at[g - 1];
    at[0] = 0;
}

static int compare_ints(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void sort_few(int *x, size_t n)
{
    if (n > 32) {
        qsort(x, n, sizeof *x, compare_ints);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        int keep = x[i];
        size_t k = i;
        for (; k && x[k - 1] > keep; k--) x[k] = x[k - 1];
        x[k] = keep;
    }
}

/* The pattern between groups; edge_to: of each edge, or NULL. Returns the number of edges. */
static size_t join_edges(int *head, int *to, int *edge_to, int *place, const int *group, const int *at, const int *member,
                         const int *fine_head, const int *fine_to, size_t groups)
{
    size_t count = 0;
    for (size_t g = 0; g < groups; g++) place[g] = -1;
    head[0] = 0;
    for (size_t g = 0; g < groups; g++) {
        size_t start = count;
        for (int m = at[g]; m < at[g + 1]; m++)
            for (int e = fine_head[member[m]]; e < fine_head[member[m] + 1]; e++) {
                int other = group[fine_to[e]];
                if (other == (int)g || (place[other] >= (int)start)) continue;
                place[other] = (int)count;
                to[count++] = other;
            }
        sort_few(to + start, count - start);
        for (size_t k = start; k < count; k++) place[to[k]] = (int)k;
        for (int m = at[g]; edge_to && m < at[g + 1]; m++)
            for (int e = fine_head[member[m]]; e < fine_head[member[m] + 1]; e++)
                edge_to[e] = group[fine_to[e]] == (int)g ? -1 : place[group[fine_to[e]]];
        head[g + 1] = (int)count;
    }
    return count;
}

typedef struct scratch_graph {
    int *head, *to, *group, *at, *member, *place;
    double *strength, *coarse;
} scratch_graph;

static bool scratch_new(scratch_graph *g, arena *scratch, size_t n, size_t edges)
{
    g->head = arena_alloc(scratch, n + 1, sizeof(int));
    g->to = arena_alloc(scratch, edges + 1, sizeof(int));
    g->group = arena_alloc(scratch, n + 1, sizeof(int));
    g->at = arena_alloc(scratch, n + 2, sizeof(int));
    g->member = arena_alloc(scratch, n + 1, sizeof(int));
    g->place = arena_alloc(scratch, n + 1, sizeof(int));
    g->strength = arena_alloc(scratch, edges + 1, sizeof(double));
    g->coarse = arena_alloc(scratch, edges + 1, sizeof(double));
    return g->head && g->to && g->group && g->at && g->member && g->place && g->strength && g->coarse;
}

/* Groups of up to about four: pairs, and pairs of pairs. Returns how many. */
static size_t group_level(flow_level *l, scratch_graph *g)
{
    size_t n = l->n, edges = (size_t)l->head[n];
    for (size_t e = 0; e < edges; e++) g->strength[e] = l->base[2 * e] + l->base[2 * e + 1];
    size_t pairs = join(l->group, l->head, l->to, g->strength, n);
    list_members(g->at, g->member, l->group, n, pairs);
    size_t joined = join_edges(g->head, g->to, l->edge_to, g->place, l->group, g->at, g->member, l->head, l->to, pairs);
    for (size_t e = 0; e < joined; e++) g->coarse[e] = 0;
    for (size_t e = 0; e < edges; e++)
        if (l->edge_to[e] >= 0) g->coarse[l->edge_to[e]] += g->strength[e];
    size_t groups = join(g->group, g->head, g->to, g->coarse, pairs);
    for (size_t i = 0; i < n; i++) l->group[i] = g->group[l->group[i]];
    return groups;
}

bashu_status groups_make(flow_system *s)
{
    arena *scratch = arena_new(s->context);
    scratch_graph g = {0};
    bashu_status status = BASHU_OK;
    flow_level *fine = &s->level[0];
    if (!scratch || !scratch_new(&g, scratch, fine->n, (size_t)fine->head[fine->n])) status = fail_memory(s->context);
    for (s->levels = 1; status == BASHU_OK && fine->n > COARSEST && s->levels < LEVELS; s->levels++, fine++) {
        flow_level *coarse = fine + 1;
        *coarse = (flow_level){.n = group_level(fine, &g)};
        if (coarse->n > fine->n * 9 / 10) break; /* hardly anything can be joined */
        fine->member_at = arena_alloc(s->memory, coarse->n + 1, sizeof(int));
        fine->member = arena_alloc(s->memory, fine->n, sizeof(int));
        coarse->head = arena_alloc(s->memory, coarse->n + 1, sizeof(int));
        if (!fine->member_at || !fine->member || !coarse->head) status = fail_memory(s->context);
        if (status != BASHU_OK) break;
        list_members(fine->member_at, fine->member, fine->group, fine->n, coarse->n);
        size_t edges = join_edges(coarse->head, g.to, fine->edge_to, g.place, fine->group, fine->member_at, fine->member,
                                  fine->head, fine->to, coarse->n);
        coarse->to = arena_alloc(s->memory, edges + 1, sizeof(int));
        if (coarse->to) memcpy(coarse->to, g.to, edges * sizeof(int));
        status = coarse->to ? level_new(s, coarse, edges) : fail_memory(s->context);
        if (status != BASHU_OK) break;
        coarse->krylov = arena_alloc(s->memory, 8 * coarse->n, sizeof(double));
        if (!coarse->krylov) status = fail_memory(s->context);
        s->levels++; /* so that sums reach it */
        groups_base(s);
        s->levels--;
    }
    if (status == BASHU_OK) {
        flow_level *last = &s->level[s->levels - 1];
        last->lu = last->n <= 4 * COARSEST ? arena_alloc(s->memory, 4 * last->n * last->n, sizeof(double)) : NULL;
        if (last->n <= 4 * COARSEST && !last->lu) status = fail_memory(s->context);
    }
    arena_free(scratch);
    return status;
}

/* ---- sums ---------------------------------------------------------------------------------------- */

static void add_members(const flow_system *s, const flow_level *fine, flow_level *coarse, bool base)
{
    const double *flow = base ? fine->base : fine->flow, *self = base ? fine->base_self : fine->self;
    const double *income = base ? fine->base_income : fine->income, *people = base ? fine->base_people : fine->people;
    const double *size = base ? fine->base_size : fine->size;
    double *to_flow = base ? coarse->base : coarse->flow, *to_self = base ? coarse->base_self : coarse->self;
    double *to_income = base ? coarse->base_income : coarse->income, *to_people = base ? coarse->base_people : coarse->people;
    double *to_size = base ? coarse->base_size : coarse->size;
    int chunks = level_chunks(coarse->n);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, fine->n))
    for (int b = 0; b < chunks; b++)
        for (size_t g = chunk_start(coarse->n, b), end = chunk_start(coarse->n, b + 1); g < end; g++) {
            double within = 0, all_income = 0, all_people = 0, first = 0, second = 0, in = 0, out = 0;
            for (int e = coarse->head[g]; e < coarse->head[g + 1]; e++) to_flow[2 * e] = to_flow[2 * e + 1] = 0;
            for (int m = fine->member_at[g]; m < fine->member_at[g + 1]; m++) {
                int i = fine->member[m];
                within += self[i];
                all_income += income[i];
                all_people += people[i];
                first += size[2 * i];
                second += size[2 * i + 1];
                for (int e = fine->head[i]; e < fine->head[i + 1]; e++) {
                    int k = fine->edge_to[e];
                    if (k < 0) within += flow[2 * e + 1];
                    else {
                        to_flow[2 * k] += flow[2 * e];
                        to_flow[2 * k + 1] += flow[2 * e + 1];
                    }
                }
            }
            for (int e = coarse->head[g]; e < coarse->head[g + 1]; e++) {
                const double both = 0.5 * (to_flow[2 * e] + to_flow[2 * e + 1]), net = 0.5 * (to_flow[2 * e + 1] - to_flow[2 * e]);
                const double scaled = base ? both : fmax(eased * both, fabs(net));
                to_flow[2 * e] = scaled - net;
                to_flow[2 * e + 1] = scaled + net;
                within += both - scaled;
                in += scaled - net;
                out += scaled + net;
            }
            to_self[g] = within;
            to_income[g] = all_income;
            to_people[g] = all_people;
            to_size[2 * g] = first;
            to_size[2 * g + 1] = second;
            if (!base) {
                coarse->sum[2 * g] = in + within;
                coarse->sum[2 * g + 1] = out + within;
            }
        }
}

void groups_base(flow_system *s)
{
    for (size_t k = s->levels - 1; k < s->levels; k++)
        if (k) add_members(s, &s->level[k - 1], &s->level[k], true);
}

/* Inverses of nodes' own blocks, and weights of inner products. */
static void find_blocks(const flow_system *s, flow_level *l)
{
    const closure *c = &s->c;
    const double kept = 1 - c->mu, g = closure_g(c, false), h = closure_h(c, false);
    int chunks = level_chunks(l->n), inexact = 0;
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n)) reduction(| : inexact)
    for (int b = 0; b < chunks; b++)
        for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++) {
            double Y = l->income[i], in = l->sum[2 * i], out = l->sum[2 * i + 1];
            double a = in - kept * l->self[i] + Y * g, d = out - kept * l->self[i] + Y * h, of_v = c->mu * in + Y * h, of_u = c->mu * out + Y * g;
            double determinant = a * d - of_u * of_v, *to = l->diagonal + 4 * i;
            l->weight[i] = 2 / (l->size[2 * i] + l->size[2 * i + 1]);
            bool alone = !(determinant > 1e-13 * a * d); /* exchanges nothing with others: its own equations are left to others */
            inexact |= alone;
            to[0] = alone ? 1 / (2 * a) : d / determinant;
            to[1] = alone ? 0 : of_v / determinant;
            to[2] = alone ? 0 : of_u / determinant;
            to[3] = alone ? 1 / (2 * d) : a / determinant;
        }
    l->inexact_blocks = inexact;
}

/* The coarsest level's matrix, column by column from its derivative, in triangular factors. A multiple of the last diagonal entry makes it
 * regular: for right sides in its range the last unknown is zero, and the others solve the equations. */
static void factorise(flow_system *s, size_t level)
{
    flow_level *l = &s->level[level];
    size_t n = 2 * l->n;
    bool transposed = s->transposed;
    s->transposed = false;
    for (size_t k = 0; k < n; k++) {
        memset(l->work, 0, n * sizeof(double));
        l->work[k] = 1;
        flows_derivative(s, level, false, l->work, l->image);
        for (size_t i = 0; i < n; i++) l->lu[i * n + k] = l->image[i];
    }
    s->transposed = transposed;
    l->lu[n * n - 1] *= 2;
    for (size_t k = 0; k < n; k++)
        for (size_t i = k + 1; i < n; i++) {
            double by = l->lu[i * n + k] /= l->lu[k * n + k];
            for (size_t j = k + 1; j < n; j++) l->lu[i * n + j] -= by * l->lu[k * n + j];
        }
}

void groups_flows(flow_system *s, size_t level)
{
    for (size_t k = level; k < s->levels; k++) {
        if (k > level) add_members(s, &s->level[k - 1], &s->level[k], false);
        find_blocks(s, &s->level[k]);
    }
    if (s->level[s->levels - 1].lu) factorise(s, s->levels - 1);
}
