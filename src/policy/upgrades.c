/* upgrades.c - the best size of every link of an economy's network.
 *
 *   max  f(x) = 100 log(outcome with x / outcome at the baseline)   over money x_l >= 0 on each candidate,  sum x_l <= B
 *   t_l(x_l) = max(t_fastest, t_l (1 + x_l / K_l)^-gamma)            time; K_l: worth of what stands, gamma: returns. Log time is convex in money: decreasing returns
 *   and, where nobody may lose, change of welfare of every place >= - losing
 *
 * f is of the whole equilibrium: people move, prices change, ways are chosen again. At each x one solve gives f, and one transposed solve there
 *   e_l = - d log O / d log t_l,   df / dx_l = 100 e_l gamma / (K_l + x_l)         (measure/linear.c)
 * Step: with e as it is, and welfare of places that are near losing taken linear in log times, the best spread of the money has a closed form (spread.c); x goes
 * towards it, half as far until f rises. It ends where the spread is x itself:
 *
 *   100 e_l gamma / (K_l + x_l) = mu  where 0 < x_l < most,  <= mu where 0,  >= mu where most;   sum x = B where mu > 0
 *
 * which is what the certificate checks, from x and the gradient there. Such an x is a local optimum. The problem is not concave: a link that gets faster draws trips
 * from other ways, which raises e_l. Of several starts (the budget spread evenly over kilometres, nothing, random ones) the best is kept.
 *
 * Bound, of the kind that plan.c has:  f(x) <= max over x of sum_l 100 E_l gamma log(1 + x_l / K_l) within the budget, if nowhere on a path from 0 to x the
 * elasticity of a link is above E_l, the largest that was met: at the baseline, with each link alone at what it can use of the budget, with all of them so, and at every
 * step of every start. How many of the last kind were above those of the first three, and by how much, is told. */
#include "policy/upgrades.h"

#include "policy/spread.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 60, HALVINGS = 10, NEAR_LOSING = 8 };

typedef struct workshop { /* what all the solves share */
    bashu_upgrades *p;
    bashu_solver *solver;
    bashu_linear *linear;
    shock_builder *builder;
    const shock *now;
    bashu_result *result;
    bashu_scenario scenario;      /* one change a candidate */
    double *link_time_h, *welfare; /* [link_count], [N] percent */
    double *trial, *target, *weight, *capital, *most; /* [count] */
    double *near_slope, near_least[NEAR_LOSING], near_shadow[NEAR_LOSING]; /* [NEAR_LOSING][count] */
    size_t near[NEAR_LOSING];
    spread s;
    bool probing;                 /* elasticities met now set what later ones are compared with */
} workshop;

double upgraded_time(const bashu_upgrades *p, size_t candidate, double money)
{
    const upgrade *u = &p->of.list[candidate];
    const graph_link *link = &p->economy->about.network->links[u->link];
    double fastest = fmin(link->time_h, link->length_km / p->of.laws[u->law].fastest_km_per_h);
    return money > 0 ? fmax(fastest, link->time_h * exp(-u->returns * log1p(money / u->capital))) : link->time_h;
}

/* ---- one spread of the money -------------------------------------------------------------------------- */

static void note_quality(bashu_upgrades *p, const bashu_info *info)
{
    p->quality.passes += (size_t)info->passes;
    if (info->reason <= 0) {
        p->quality.lost++;
        return;
    }
    if (p->quality.solved++ && !(info->residual > p->quality.residual)) return;
    p->quality.residual = info->residual;
    snprintf(p->quality.worst, sizeof p->quality.worst, "%s", info->worst);
}

/* Solves with x, and leaves result, shock and times of links there. */
static bashu_status evaluate(workshop *w, const double *x, upgraded *out)
{
    bashu_upgrades *p = w->p;
    const description *about = &p->economy->about;
    double percent;
    for (size_t l = 0; l < about->network->link_count; l++) w->link_time_h[l] = about->network->links[l].time_h;
    for (size_t k = 0; k < p->of.count; k++) {
        double was = about->network->links[p->of.list[k].link].time_h;
        w->scenario.changes[k].value = upgraded_time(p, k, x[k]) / was;
        w->link_time_h[p->of.list[k].link] = was * w->scenario.changes[k].value;
    }
    TRY(shock_build(&w->now, w->builder, &w->scenario, NULL));
    TRY(solve_shock(&w->result, w->solver, w->now));
    note_quality(p, &w->result->info);
    if (w->result->info.reason == BASHU_DIVERGED_INTERRUPTED || is_cancelled(p->context)) return fail(p->context, BASHU_INTERRUPTED, "interrupted");
    out->gain = out->least = (double)NAN;
    if (w->result->info.reason <= 0) return BASHU_OK;
    memcpy(out->x, x, p->of.count * sizeof *x);
    TRY(outcome_value(&percent, w->result, &p->outcome, BASHU_PERCENT));
    out->gain = 100 * log1p(percent / 100);
    TRY(measure_values(w->result, "welfare", BASHU_PERCENT, w->welfare, about->N));
    for (size_t n = 0; n < about->N; n++) {
        if ((long)n == about->foreign || !isfinite(w->welfare[n]) || w->welfare[n] >= out->least) continue; /* least is NaN at first */
        out->least = w->welfare[n];
        out->loser = n;
    }
    return BASHU_OK;
}

/* ---- gradients --------------------------------------------------------------------------------------- */

static bashu_status outcome_gradient(workshop *w, const char *variable, const char *set, const char *member, double *out)
{
    bashu_upgrades *p = w->p;
    bashu_gradient *g;
    TRY(gradient_new(&g, w->linear, variable, set, member));
    for (size_t k = 0; k < p->of.count; k++) out[k] = -g->link[p->of.list[k].link];
    p->info.gradients++;
    p->info.gradient_residual = worse(p->info.gradient_residual, g->info.residual);
    arena_free(g->memory);
    return BASHU_OK;
}

static void note_elasticities(workshop *w)
{
    bashu_upgrades *p = w->p;
    double largest = 0;
    for (size_t k = 0; k < p->of.count; k++) largest = fmax(largest, p->highest[k]);
    for (size_t k = 0; k < p->of.count; k++) {
        double above = p->elasticity[k] - p->highest[k];
        if (!(above > 0)) continue;
        if (!w->probing) {
            p->info.raised++;
            p->info.raised_most = fmax(p->info.raised_most, largest > 0 ? above / largest : 0);
        }
        p->highest[k] = p->elasticity[k];
    }
}

/* Places of which the loss may come to bind: the worst of those with at least a third of what is allowed. */
static void find_near(workshop *w)
{
    const bashu_upgrades *p = w->p;
    const description *about = &p->economy->about;
    w->s.m = 0;
    if (!p->wanted.nobody_loses) return;
    while (w->s.m < NEAR_LOSING) {
        long worst = -1;
        for (size_t n = 0; n < about->N; n++) {
            bool taken = (long)n == about->foreign || !(w->welfare[n] <= -p->wanted.losing_pct / 3);
            for (size_t m = 0; m < w->s.m && !taken; m++) taken = w->near[m] == n;
            if (!taken && (worst < 0 || w->welfare[n] < w->welfare[worst])) worst = (long)n;
        }
        if (worst < 0) return;
        w->near[w->s.m++] = (size_t)worst;
    }
}

/* Where evaluate has been: elasticities, slopes, and the best spread of the money if they stayed. */
static bashu_status look_ahead(workshop *w, upgraded *at)
{
    bashu_upgrades *p = w->p;
    size_t count = p->of.count;
    TRY(linear_move(w->linear, w->result, w->now, w->link_time_h));
    find_near(w);
    for (size_t m = 0; m < w->s.m; m++) {
        double *slope = w->near_slope + m * count, allowed = 100 * log1p(-p->wanted.losing_pct / 100);
        TRY(outcome_gradient(w, "welfare", "region", p->economy->about.regions[w->near[m]].label.id, slope));
        w->near_least[m] = allowed - 100 * log1p(w->welfare[w->near[m]] / 100);
        for (size_t k = 0; k < count; k++) {
            slope[k] *= 100 * p->of.list[k].returns;
            w->near_least[m] += slope[k] * log1p(at->x[k] / w->capital[k]);
        }
    }
    TRY(outcome_gradient(w, p->outcome.variable, p->outcome.set, p->outcome.member, p->elasticity));
    note_elasticities(w);
    for (size_t k = 0; k < count; k++) {
        w->weight[k] = 100 * p->elasticity[k] * p->of.list[k].returns;
        at->slope[k] = w->weight[k] / (w->capital[k] + at->x[k]);
    }
    spread_solve(&w->s);
    return BASHU_OK;
}

/* ---- certificate ------------------------------------------------------------------------------------- */

static void note_residual(bashu_upgrades_info *info, double residual, const char *where)
{
    if (residual <= info->residual) return;
    info->residual = residual;
    info->worst = where;
}

/* The conditions of a local optimum at x, with the prices of the budget and of places that the last look ahead found: relative gaps; of a link at a bound the
 * smaller of the gap and of its distance from the bound, in even shares. */
static bashu_upgrades_info conditions(const workshop *w, const upgraded *at)
{
    const bashu_upgrades *p = w->p;
    bashu_upgrades_info info = {.worst = ""};
    double spent = 0, even = p->wanted.budget / (double)p->of.count, measure = w->s.price;
    for (size_t k = 0; k < p->of.count; k++) measure = fmax(measure, w->s.price > 0 ? 0 : fabs(at->slope[k]));
    for (size_t k = 0; k < p->of.count && measure > 0; k++) {
        const upgrade *u = &p->of.list[k];
        double slope = 100 * p->elasticity[k] * u->returns;
        for (size_t m = 0; m < w->s.m; m++) slope += w->near_shadow[m] * w->near_slope[m * p->of.count + k];
        double gap = (slope / (u->capital + at->x[k]) - w->s.price) / measure;
        spent += at->x[k];
        note_residual(&info, gap > 0 ? fmin(gap, (u->most - at->x[k]) / even) : fmin(-gap, at->x[k] / even), p->economy->about.network->links[u->link].id);
    }
    note_residual(&info, w->s.price > 0 ? fabs(spent - p->wanted.budget) / p->wanted.budget : fmax(0, spent / p->wanted.budget - 1), "budget");
    for (size_t m = 0; m < w->s.m; m++) {
        double over = (-p->wanted.losing_pct - w->welfare[w->near[m]]) / p->wanted.losing_pct;
        note_residual(&info, over > 0 || w->near_shadow[m] > 0 ? fabs(over) : 0, p->economy->about.regions[w->near[m]].label.id);
    }
    if (p->wanted.nobody_loses) note_residual(&info, fmax(0, (-p->wanted.losing_pct - at->least) / p->wanted.losing_pct), p->economy->about.regions[at->loser].label.id);
    return info;
}

/* What the gradient says of going towards the even spread, against three solves on the way. */
static bashu_status check_slope(workshop *w, const upgraded *best, upgraded *room)
{
    static const double step = 0.002; /* where another way becomes the quickest there is a kink: the less is in between the better */
    bashu_upgrades *p = w->p;
    double said = 0, gain[3], size = 0;
    for (size_t k = 0; k < p->of.count; k++) {
        said += best->slope[k] * (p->even.x[k] - best->x[k]);
        size += fabs(best->slope[k] * (p->even.x[k] - best->x[k]));
    }
    for (int q = 0; q < 3; q++) {
        for (size_t k = 0; k < p->of.count; k++) w->trial[k] = best->x[k] + (q + 1) * step * (p->even.x[k] - best->x[k]);
        TRY(evaluate(w, w->trial, room));
        gain[q] = room->gain;
    }
    double found = (18 * gain[0] - 9 * gain[1] + 2 * gain[2] - 11 * best->gain) / (6 * step);
    p->info.slope_error = size > 0 ? fabs(found - said) / size : 0;
    return BASHU_OK;
}

/* ---- climbing ---------------------------------------------------------------------------------------- */

/* Loss beyond what is allowed weighs more than any gain. */
static double merit(const workshop *w, const upgraded *at)
{
    double over = w->p->wanted.nobody_loses ? fmax(0, -w->p->wanted.losing_pct - at->least) : 0;
    return isfinite(at->gain) ? at->gain - 1e3 * over : -(double)INFINITY;
}

static void keep_upgraded(upgraded *to, const upgraded *from, size_t count)
{
    memcpy(to->x, from->x, count * sizeof *to->x);
    memcpy(to->slope, from->slope, count * sizeof *to->slope);
    to->gain = from->gain;
    to->least = from->least;
    to->loser = from->loser;
}

/* From at->x to where the conditions hold, or no step helps; *met: whether they hold. */
static bashu_status climb(workshop *w, upgraded *at, upgraded *next, bool *met)
{
    bashu_upgrades *p = w->p;
    *met = false;
    memcpy(w->trial, at->x, p->of.count * sizeof *at->x);
    TRY(evaluate(w, w->trial, at));
    for (int step = 0; step < STEPS && isfinite(at->gain); step++) {
        bool rose = false;
        TRY(look_ahead(w, at));
        *met = w->s.feasible && conditions(w, at).residual <= p->wanted.tolerance;
        if (*met) return BASHU_OK;
        memcpy(w->target, w->s.x, p->of.count * sizeof *w->target);
        p->info.steps++;
        double part = 1;
        for (int k = 0; k < HALVINGS && !rose; k++, part /= 2) {
            for (size_t l = 0; l < p->of.count; l++) w->trial[l] = at->x[l] + part * (w->target[l] - at->x[l]);
            TRY(evaluate(w, w->trial, next));
            rose = merit(w, next) > merit(w, at) - 1e-11 * fabs(at->gain); /* what rounding moves is no fall */
        }
        if (!rose) return BASHU_OK;
        keep_upgraded(at, next, p->of.count);
    }
    return BASHU_OK;
}

/* The money of a start: 0 spread evenly over what stands, 1 nothing, others random. */
static void start_at(workshop *w, int start, random_stream *stream, double *x)
{
    const bashu_upgrades *p = w->p;
    spread s = w->s;
    s.m = 0;
    s.x = x;
    for (size_t k = 0; k < p->of.count; k++) w->weight[k] = w->capital[k] * (start > 1 ? exp(random_normal(stream)) : 1);
    if (start == 1) memset(x, 0, p->of.count * sizeof *x);
    else spread_solve(&s);
}

static bashu_status try_starts(workshop *w, upgraded *at, upgraded *next)
{
    bashu_upgrades *p = w->p;
    random_stream stream;
    random_seed(&stream, p->options.seed);
    p->info.starts = p->wanted.starts;
    p->best.gain = (double)NAN;
    p->info.other_pct = (double)NAN;
    for (int k = 0; k < p->wanted.starts; k++) {
        bool met;
        start_at(w, k, &stream, at->x);
        TRY(climb(w, at, next, &met));
        report_progress(p->context, (double)(k + 1) / p->wanted.starts, "plan");
        p->info.failed += !met;
        if (!isfinite(at->gain)) continue;
        double percent = 100 * expm1(at->gain / 100);
        if (met && !(percent >= p->info.other_pct)) p->info.other_pct = percent;
        if (isnan(p->best.gain) || merit(w, at) > merit(w, &p->best)) keep_upgraded(&p->best, at, p->of.count);
    }
    return BASHU_OK;
}

/* ---- bound ------------------------------------------------------------------------------------------- */

/* Elasticities at the baseline, with each link alone at what it can use of the budget, and with all of them so. */
static bashu_status probe(workshop *w, upgraded *at)
{
    bashu_upgrades *p = w->p;
    w->probing = true;
    for (size_t q = 0; q < p->of.count + 2; q++) {
        for (size_t k = 0; k < p->of.count; k++) {
            bool built = q == p->of.count + 1 || k + 1 == q;
            w->trial[k] = built ? fmin(p->wanted.budget, w->most[k]) : 0;
        }
        TRY(evaluate(w, w->trial, at));
        if (q && q <= p->of.count) p->probe[q - 1] = at->gain;
        if (isfinite(at->gain)) TRY(look_ahead(w, at));
        report_progress(p->context, (double)q / (double)(p->of.count + 2), "bound");
    }
    w->probing = false;
    return BASHU_OK;
}

static void set_bound(workshop *w)
{
    bashu_upgrades *p = w->p;
    spread s = w->s;
    double bound = 0;
    s.m = 0;
    s.x = w->target;
    for (size_t k = 0; k < p->of.count; k++) w->weight[k] = 100 * fmax(0, p->highest[k]) * p->of.list[k].returns;
    spread_solve(&s);
    for (size_t k = 0; k < p->of.count; k++) bound += w->weight[k] * log1p(s.x[k] / w->capital[k]);
    p->info.bound_pct = 100 * expm1(bound / 100);
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static bashu_status workshop_open(workshop *w, bashu_upgrades *p, upgraded *room)
{
    size_t count = p->of.count, links = p->economy->about.network->link_count;
    *w = (workshop){.p = p, .scenario = {.context = p->context, .economy = p->economy, .name = "upgrades", .change_count = count}};
    w->scenario.changes = arena_alloc(p->memory, count, sizeof *w->scenario.changes);
    unsigned char *marks = arena_alloc(p->memory, count * links, 1);
    const array_wanted wanted[] = {{&w->link_time_h, links}, {&w->welfare, p->economy->about.N}, {&w->trial, count}, {&w->target, count}, {&w->weight, count}, {&w->capital, count},
                                   {&w->most, count}, {&w->near_slope, NEAR_LOSING * count}, {&w->s.x, count}, {&p->best.x, count}, {&p->best.slope, count}, {&p->even.x, count},
                                   {&p->even.slope, count}, {&p->elasticity, count}, {&p->highest, count}, {&p->probe, count}, {&p->bound_shadow, NEAR_LOSING},
                                   {&room[0].x, count}, {&room[0].slope, count}, {&room[1].x, count}, {&room[1].slope, count}};
    p->bound_place = arena_alloc(p->memory, NEAR_LOSING, sizeof *p->bound_place);
    if (!w->scenario.changes || !marks || !p->bound_place || !ARENA_ARRAYS(p->memory, wanted)) return fail_memory(p->context);
    for (size_t k = 0; k < count; k++) {
        const upgrade *u = &p->of.list[k];
        marks[k * links + u->link] = 1;
        w->scenario.changes[k] = (change){.lever = LEVER_LINK_TIME, .id = p->economy->about.network->links[u->link].id, .relative = true, .is_hat = true, .value = 1, .links = marks + k * links};
        w->capital[k] = u->capital;
        w->most[k] = u->most;
        p->highest[k] = -(double)INFINITY;
    }
    w->s = (spread){.n = count, .weight = w->weight, .capital = w->capital, .most = w->most, .slope = w->near_slope, .least = w->near_least, .budget = p->wanted.budget, .x = w->s.x, .shadow = w->near_shadow};
    TRY(shock_builder_new(&w->builder, p->memory, p->economy));
    TRY(linear_new(&w->linear, p->economy, &p->options));
    TRY(solver_new(&w->solver, p->economy, &p->options));
    solver_keep_pairs(w->solver, false);
    return BASHU_OK;
}

static void workshop_close(workshop *w)
{
    result_free(w->result);
    solver_free(w->solver);
    if (w->linear) arena_free(w->linear->memory);
}

static bashu_status certify_best(workshop *w, upgraded *room)
{
    bashu_upgrades *p = w->p;
    upgraded *best = &p->best;
    memcpy(w->trial, best->x, p->of.count * sizeof *w->trial);
    TRY(evaluate(w, w->trial, best));
    TRY(look_ahead(w, best));
    bashu_upgrades_info found = conditions(w, best);
    p->info.residual = found.residual;
    p->info.worst = found.worst;
    p->price = w->s.price;
    p->info.price_pct = w->s.price;
    for (size_t m = 0; m < w->s.m; m++) {
        if (!(w->near_shadow[m] > 0)) continue;
        p->bound_place[p->bound_count] = w->near[m];
        p->bound_shadow[p->bound_count++] = w->near_shadow[m];
    }
    p->info.reason = found.residual <= p->wanted.tolerance ? BASHU_CONVERGED_RESIDUAL : w->s.feasible ? BASHU_DIVERGED_LIMIT : BASHU_DIVERGED_CERTIFICATE;
    return check_slope(w, best, room);
}

static bashu_status plan_with(workshop *w, upgraded *room)
{
    bashu_upgrades *p = w->p;
    double spent = 0;
    TRY(probe(w, &room[0]));
    start_at(w, 0, NULL, w->target);
    TRY(evaluate(w, w->target, &p->even));
    TRY(try_starts(w, &room[0], &room[1]));
    if (isnan(p->best.gain)) {
        p->info.reason = BASHU_DIVERGED_LIMIT;
        return BASHU_OK;
    }
    TRY(certify_best(w, &room[0]));
    set_bound(w);
    for (size_t k = 0; k < p->of.count; k++) spent += p->best.x[k];
    p->info.spent = spent;
    p->info.gain_pct = 100 * expm1(p->best.gain / 100);
    p->info.even_pct = 100 * expm1(p->even.gain / 100);
    p->info.least_pct = p->best.least;
    p->info.loser = p->economy->about.regions[p->best.loser].label.id;
    return BASHU_OK;
}

static bashu_status plan_make(bashu_upgrades *p, const char *path)
{
    double begin = now_s();
    workshop w = {0};
    upgraded room[2] = {0};
    bool any = false;
    arena *scratch = arena_new(p->context);
    bashu_status status = scratch ? upgrades_read(&p->of, p->memory, scratch, p->economy, path) : fail_memory(p->context);
    arena_free(scratch);
    TRY(status);
    for (size_t k = 0; k < p->of.count; k++) any |= p->of.list[k].most > 0;
    if (!any) return fail(p->context, BASHU_ERROR_INPUT, "%s: every candidate has its fastest speed already; raise fastest_km_per_h", path);
    focus about = measure_focus(&p->economy->about, NULL);
    TRY(outcome_wanted(&p->outcome, p->memory, p->economy, p->wanted.outcome, "welfare", &about));
    status = workshop_open(&w, p, room);
    if (status == BASHU_OK) status = plan_with(&w, room);
    workshop_close(&w);
    p->info.links = p->of.count;
    p->info.equilibria = p->quality.solved;
    p->info.time_s = p->quality.solve_s = now_s() - begin;
    return status;
}

bashu_status upgrades_new(bashu_upgrades **out, const bashu_economy *economy, const char *path, const bashu_upgrades_options *wanted, const bashu_options *options)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    arena *memory = arena_new(economy->context);
    bashu_upgrades *p = memory ? arena_alloc(memory, 1, sizeof *p) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (p) {
        *p = (bashu_upgrades){.context = economy->context, .memory = memory, .economy = economy, .wanted = *wanted, .options = options ? *options : defaults};
        p->options.starts = 0;
        status = plan_make(p, path);
    }
    if (status == BASHU_OK) *out = p;
    else arena_free(memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(economy->context) : status;
}

void upgrades_free(bashu_upgrades *plan)
{
    if (plan) arena_free(plan->memory);
}
