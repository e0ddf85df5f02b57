/* plan.c - the best set of projects that a budget pays for, each set an equilibrium.
 *
 *   max f(S)  over sets S of projects with cost(S) <= B and, where nobody may lose, change of welfare of every place >= - t
 *   f(S) = 100 log(outcome with S / outcome at the baseline)
 *
 * Enumeration. Where the budget pays for few enough sets, all of them are solved: the best is proven best.
 *
 * Else branch and bound (Land & Doig 1960) over projects in the order of u_e / cost_e, with
 *   bound(S, open) = f(S) + max over x in [0,1] of sum u_e x_e, sum cost_e x_e <= B - cost(S)     the relaxed knapsack (Dantzig 1957)
 *   u_e = max(0, f({e}), f(all) - f(all without e))
 * which is a bound if no project ever gives more than the larger of what it gives as the first and what it gives as the last: so if projects
 * are substitutes (decreasing gains) and so if they are complements (increasing gains), project by project. Every gain f(S + e) - f(S) that
 * is met on the way is compared with u_e; one that is larger raises u_e for all nodes that are still open, and is reported. The node with the largest
 * bound goes first, BATCH of them at once, so that the answer does not depend on the number of threads. */
#include "policy/plan.h"

#include "policy/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 8 };

double plan_percent(double gain) { return 100 * expm1(gain / 100); }

bool plan_chooses(const bashu_plan *plan, size_t project) { return plan->best >= 0 && plan->sets[plan->best].mask >> project & 1; }

/* ---- solving sets ----------------------------------------------------------------------------------- */

typedef struct solving {
    bashu_plan *plan;
    size_t first;     /* set that is number 0 */
    sweep_draw *draw;
} solving;

static bashu_status build_set(void *payload, size_t k, shock_builder *builder, const shock **out)
{
    const solving *s = payload;
    const bashu_plan *p = s->plan;
    unsigned char *chosen = malloc(p->change_count + 1);
    if (!chosen) return BASHU_ERROR_MEMORY;
    for (size_t c = 0; c < p->change_count; c++) chosen[c] = p->sets[s->first + k].mask >> p->project_of[c] & 1;
    bashu_status status = shock_build(out, builder, p->scenario, chosen);
    free(chosen);
    return status;
}

static bashu_status take_set(void *payload, size_t k, const bashu_result *result)
{
    const solving *s = payload;
    bashu_plan *p = s->plan;
    plan_set *set = &p->sets[s->first + k];
    const description *about = &p->economy->about;
    double percent, *welfare = malloc(about->N * sizeof *welfare);
    if (!welfare) return BASHU_ERROR_MEMORY;
    s->draw[k].info = (bashu_draw_info){result->info.reason, result->info.passes, result->info.residual, s->draw[k].worst};
    snprintf(s->draw[k].worst, sizeof s->draw[k].worst, "%s", result->info.worst);
    set->gain = set->least = (double)NAN;
    bashu_status status = BASHU_OK;
    if (result->info.reason > 0) {
        status = outcome_value(&percent, result, &p->outcome, BASHU_PERCENT);
        set->gain = 100 * log1p(percent / 100);
        if (status == BASHU_OK) status = measure_values(result, "welfare", BASHU_PERCENT, welfare, about->N);
        for (size_t n = 0; n < about->N && status == BASHU_OK; n++) {
            if ((long)n == about->foreign || !isfinite(welfare[n]) || welfare[n] >= set->least) continue; /* least is NaN at first */
            set->least = welfare[n];
            set->loser = n;
        }
    }
    free(welfare);
    set->allowed = isfinite(set->gain) && set->cost <= p->wanted.budget && !(p->wanted.nobody_loses && set->least < -p->wanted.losing_pct);
    return status;
}

static void note_quality(solve_quality *q, const sweep_draw *draw, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        q->passes += (size_t)draw[k].info.passes;
        if (draw[k].info.reason <= 0) {
            q->lost++;
            continue;
        }
        if (q->solved++ && !(draw[k].info.residual > q->residual)) continue;
        q->residual = draw[k].info.residual;
        memcpy(q->worst, draw[k].worst, sizeof q->worst);
    }
}

static double cost_of(const bashu_plan *p, uint64_t mask)
{
    double cost = 0;
    for (size_t c = 0; c < p->count; c++)
        if (mask >> c & 1) cost += p->cost[c];
    return cost;
}

static long set_of(const bashu_plan *p, uint64_t mask)
{
    for (size_t k = 0; k < p->set_count; k++)
        if (p->sets[k].mask == mask) return (long)k;
    return -1;
}

/* Adds the set to those that are to be solved, unless it is there. */
static bool want_set(bashu_plan *p, uint64_t mask)
{
    if (set_of(p, mask) >= 0) return true;
    if (p->set_count == p->set_room) return false;
    p->sets[p->set_count++] = (plan_set){.mask = mask, .cost = cost_of(p, mask), .gain = (double)NAN};
    return true;
}

static void find_best(bashu_plan *p)
{
    for (size_t k = 0; k < p->set_count; k++) {
        const plan_set *s = &p->sets[k], *best = p->best < 0 ? NULL : &p->sets[p->best];
        if (s->allowed && (!best || s->gain > best->gain || (s->gain == best->gain && s->cost < best->cost))) p->best = (long)k;
    }
}

static bashu_status solve_from(bashu_plan *p, size_t first)
{
    solving s = {.plan = p, .first = first, .draw = calloc(p->set_count - first + 1, sizeof *s.draw)};
    if (!s.draw) return fail_memory(p->context);
    sweep_work work = {.count = p->set_count - first, .build = build_set, .take = take_set, .payload = &s};
    bashu_status status = sweep_run(p->economy, &p->options, &work);
    if (status == BASHU_OK) note_quality(&p->quality, s.draw, work.count);
    free(s.draw);
    if (status == BASHU_OK) find_best(p);
    return status;
}

/* ---- enumeration ------------------------------------------------------------------------------------ */

/* How many sets the budget pays for, counted up to `most`; listed where wanted. */
static size_t count_sets(bashu_plan *p, uint64_t mask, size_t from, double left, size_t count, size_t most, bool list)
{
    if (list) want_set(p, mask);
    if (++count > most) return count;
    for (size_t c = from; c < p->count && count <= most; c++)
        if (p->cost[c] <= left) count = count_sets(p, mask | (uint64_t)1 << c, c + 1, left - p->cost[c], count, most, list);
    return count;
}

/* ---- branch and bound ------------------------------------------------------------------------------- */

typedef struct node { /* sets that hold `mask` and, of the projects from `next` on in the order, any */
    uint64_t mask;
    size_t next;
    double gain;
} node;

typedef struct tree {
    node *nodes;
    size_t count, room;
    size_t *order, *place; /* [projects] in which they are branched on; where in it each is */
    size_t *ratio;         /* [projects] by u / cost as u is now */
} tree;

static double bound_of(const bashu_plan *p, const tree *t, const node *n)
{
    double left = p->wanted.budget - cost_of(p, n->mask), bound = n->gain;
    for (size_t q = 0; q < p->count && left > 0; q++) {
        size_t e = t->ratio[q];
        if (t->place[e] < n->next || p->cost[e] > p->wanted.budget || !(p->most[e] > 0)) continue;
        double part = p->cost[e] <= left ? 1 : left / p->cost[e];
        bound += part * p->most[e];
        left -= part * p->cost[e];
    }
    return bound;
}

static bool push(tree *t, node n)
{
    if (t->count == t->room) {
        node *more = realloc(t->nodes, 2 * (t->room + 8) * sizeof *more);
        if (!more) return false;
        t->nodes = more;
        t->room = 2 * (t->room + 8);
    }
    t->nodes[t->count++] = n;
    return true;
}

static void check_gain(bashu_plan *p, size_t e, double gain)
{
    p->gains_checked++;
    if (!(gain > p->most[e] * (1 + 1e-6) + 1e-9)) return;
    p->gains_broken++;
    if (gain - p->most[e] > p->broken_most) p->broken_most = gain - p->most[e];
    p->most[e] = gain;
}

static bashu_status first_and_last(bashu_plan *p)
{
    uint64_t all = p->count == CHANGES_MOST ? UINT64_MAX : ((uint64_t)1 << p->count) - 1;
    size_t first = p->set_count;
    for (size_t c = 0; c < p->count; c++) want_set(p, (uint64_t)1 << c);
    for (size_t c = 0; c < p->count; c++) want_set(p, all & ~((uint64_t)1 << c));
    want_set(p, all);
    TRY(solve_from(p, first));
    double whole = p->sets[set_of(p, all)].gain;
    for (size_t c = 0; c < p->count; c++) {
        p->alone[c] = p->sets[set_of(p, (uint64_t)1 << c)].gain;
        p->last[c] = whole - p->sets[set_of(p, all & ~((uint64_t)1 << c))].gain;
        p->most[c] = fmax(0, fmax(p->alone[c], p->last[c]));
    }
    return BASHU_OK;
}

static void order_projects(const bashu_plan *p, size_t *order)
{
    for (size_t c = 0; c < p->count; c++) {
        size_t at = c;
        for (; at && p->most[order[at - 1]] / p->cost[order[at - 1]] < p->most[c] / p->cost[c]; at--) order[at] = order[at - 1];
        order[at] = c;
    }
}

/* Takes the open nodes with the largest bounds, at most BATCH, that may hold something better; *top: the largest bound of all. */
static size_t take_nodes(const bashu_plan *p, tree *t, node *taken, double *top)
{
    double best = p->best < 0 ? -(double)INFINITY : p->sets[p->best].gain;
    size_t count = 0;
    *top = best;
    while (count < BATCH && t->count) {
        size_t at = 0;
        double most = -(double)INFINITY;
        for (size_t k = 0; k < t->count; k++) {
            double bound = bound_of(p, t, &t->nodes[k]);
            if (bound > most) {
                most = bound;
                at = k;
            }
        }
        if (!count) *top = fmax(most, best);
        if (most <= best + 1e-9) break;
        taken[count++] = t->nodes[at];
        t->nodes[at] = t->nodes[--t->count];
    }
    return count;
}

static bashu_status branch(bashu_plan *p, tree *t)
{
    node taken[BATCH];
    bool full = false;
    if (!push(t, (node){0, 0, 0})) return fail_memory(p->context);
    for (;;) {
        size_t count = take_nodes(p, t, taken, &p->bound), first = p->set_count;
        if (!count) {
            p->proof = BASHU_PLAN_BOUNDED;
            return BASHU_OK;
        }
        for (size_t k = 0; k < count && !full; k++)
            for (size_t q = taken[k].next; q < p->count; q++)
                if (cost_of(p, taken[k].mask) + p->cost[t->order[q]] <= p->wanted.budget && !want_set(p, taken[k].mask | (uint64_t)1 << t->order[q])) full = true;
        if (full) { /* the bound is that of the nodes just taken */
            p->set_count = first;
            p->proof = BASHU_PLAN_STOPPED;
            return BASHU_OK;
        }
        TRY(solve_from(p, first));
        for (size_t k = 0; k < count; k++) /* gains that are met raise bounds before anything is cut off */
            for (size_t q = taken[k].next; q < p->count; q++) {
                long child = set_of(p, taken[k].mask | (uint64_t)1 << t->order[q]);
                if (child < 0 || !isfinite(p->sets[child].gain)) continue;
                check_gain(p, t->order[q], p->sets[child].gain - taken[k].gain);
                if (!push(t, (node){p->sets[child].mask, q + 1, p->sets[child].gain})) return fail_memory(p->context);
            }
        order_projects(p, t->ratio);
    }
}

/* ---- the whole -------------------------------------------------------------------------------------- */

/* Changes with the same `project` are one; its cost is the sum of what they state. */
static bashu_status find_projects(bashu_plan *p)
{
    const bashu_scenario *scenario = p->scenario;
    p->change_count = scenario->change_count;
    p->project_of = arena_alloc(p->memory, p->change_count + 1, sizeof *p->project_of);
    p->first = arena_alloc(p->memory, p->change_count + 1, sizeof *p->first);
    p->cost = arena_alloc(p->memory, p->change_count + 1, sizeof *p->cost);
    if (!p->project_of || !p->first || !p->cost) return fail_memory(p->context);
    for (size_t c = 0; c < p->change_count; c++) {
        const change *now = &scenario->changes[c];
        size_t k = 0;
        while (k < p->count && !(now->project && scenario->changes[p->first[k]].project && !strcmp(now->project, scenario->changes[p->first[k]].project))) k++;
        if (k == p->count) p->first[p->count++] = c;
        p->project_of[c] = k;
        if (now->cost.value > 0) p->cost[k] += now->cost.value;
    }
    for (size_t k = 0; k < p->count; k++)
        if (!(p->cost[k] > 0))
            return fail(p->context, BASHU_ERROR_INPUT, "%s: change '%s' has no cost; write cost: {value: ..., source: \"...\"}, in %s", scenario->path,
                        scenario->changes[p->first[k]].id, p->economy->about.currency_en);
    if (p->count && p->count <= CHANGES_MOST) return BASHU_OK;
    return fail(p->context, BASHU_ERROR_ARGUMENT, "%s has %zu projects; a plan takes 1 to %d", scenario->path, p->count, CHANGES_MOST);
}

static bashu_status plan_make(bashu_plan *p)
{
    double begin = now_s();
    focus about = measure_focus(&p->economy->about, p->scenario);
    TRY(find_projects(p));
    const array_wanted wanted[] = {{&p->alone, p->count}, {&p->last, p->count}, {&p->most, p->count}};
    p->set_room = (size_t)p->wanted.sets_most + 2 * CHANGES_MOST + 2;
    p->sets = arena_alloc(p->memory, p->set_room, sizeof *p->sets);
    size_t *order = arena_alloc(p->memory, 3 * p->count, sizeof *order);
    if (!p->sets || !order || !ARENA_ARRAYS(p->memory, wanted)) return fail_memory(p->context);
    TRY(outcome_wanted(&p->outcome, p->memory, p->economy, p->wanted.outcome, "welfare", &about));
    p->best = -1;
    want_set(p, 0);
    TRY(solve_from(p, 0));
    TRY(first_and_last(p));
    order_projects(p, order);
    size_t most = (size_t)p->wanted.sets_most, paid = count_sets(p, 0, 0, p->wanted.budget, 0, most < 1000000 ? 1000000 : most, false);
    p->every = (double)paid;
    if (paid <= most) {
        size_t first = p->set_count;
        count_sets(p, 0, 0, p->wanted.budget, 0, most, true);
        TRY(solve_from(p, first));
        p->proof = BASHU_PLAN_ENUMERATED;
        p->bound = p->best < 0 ? (double)NAN : p->sets[p->best].gain;
    } else {
        tree t = {.order = order, .place = order + p->count, .ratio = order + 2 * p->count};
        memcpy(t.ratio, order, p->count * sizeof *order);
        for (size_t q = 0; q < p->count; q++) t.place[order[q]] = q;
        bashu_status status = branch(p, &t);
        free(t.nodes);
        TRY(status);
    }
    p->quality.solve_s = now_s() - begin;
    return BASHU_OK;
}

bashu_status plan_new(bashu_plan **out, const bashu_scenario *scenario, const bashu_plan_options *wanted, const bashu_options *options)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    arena *memory = arena_new(scenario->context);
    bashu_plan *p = memory ? arena_alloc(memory, 1, sizeof *p) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (p) {
        *p = (bashu_plan){.context = scenario->context, .memory = memory, .economy = scenario->economy, .scenario = scenario, .wanted = *wanted,
                          .options = options ? *options : defaults};
        p->options.starts = 0;
        status = plan_make(p);
    }
    if (status == BASHU_OK) *out = p;
    else arena_free(memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(scenario->context) : status;
}

void plan_free(bashu_plan *plan)
{
    if (plan) arena_free(plan->memory);
}
