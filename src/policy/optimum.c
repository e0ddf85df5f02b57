/* optimum.c - how much of each change of a scenario: one scale a change, within bounds, such that an outcome is best.
 *
 *   max f(x), low <= x_c <= high    f: percent by which the path under scales x raises the present value of the outcome
 *   parabola     f(x + d) = f + g'd + d'Hd/2, g and H from paths at x, x + a_c, x + b_c, x + a_c + a_e: steps of h to both sides, or h and 2h to the inside
 *                where a bound is nearer
 *   next         the best d of the parabola within the bounds and four steps; h is quartered once the best is near; from the best of today, as
 *                written, equal shares and the middle
 *   certificate  the parabola through fresh paths around the best, one 64th of the range away: slopes (zero inside; not inwards at a bound), bends
 *                (negative: a maximum), and the most that it says is still to be gained
 *   flat         eigenvectors of H among scales that are inside: along one with eigenvalue -k, sqrt(2 loss / k) costs that loss
 *
 * A path is dear and smooth, scales are few: what is needed besides the best is the parabola itself. */
#include "policy/optimum.h"

#include "policy/scale.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 12 };
static const double first_step = 1.0 / 8, last_step = 1.0 / 64; /* of the range */
static const double to_gain = 1e-5;                             /* percentage points: what may be left */

const struct optimum_name optimum_names[OPTIMUM_NAMES] = {[OPTIMUM_TODAY] = {"today", "as today", "现状"},
                                                          [OPTIMUM_WRITTEN] = {"as_written", "as written", "按情景"},
                                                          [OPTIMUM_EQUAL] = {"equal", "equal", "相等"},
                                                          [OPTIMUM_BEST] = {"best", "best", "最优"}};

/* ---- one path ------------------------------------------------------------------------------------ */

/* Researchers in the places of a change, in both uses, when everything is in force. */
static bashu_status count_researchers(bashu_optimum_point *point, arena *scratch, const bashu_economy *e, const bashu_scenario *scaled)
{
    research_policy policy;
    unsigned char *all = arena_alloc(scratch, scaled->change_count, 1);
    if (!all) return fail_memory(e->context);
    memset(all, 1, scaled->change_count);
    if (!e->research.science) return BASHU_OK;
    TRY(research_policy_new(&policy, scratch, e, scaled));
    TRY(research_policy_in(&policy, e, scaled, all));
    for (size_t c = 0; c < scaled->change_count; c++)
        for (size_t n = 0; n < e->about.N && scaled->changes[c].lever == LEVER_RESEARCH_STAFF; n++) {
            if (!scaled->changes[c].regions[n]) continue;
            point->scientists[c] += policy.people[RESEARCH_SCIENCE][n];
            point->industrial[c] += policy.people[RESEARCH_INDUSTRY][n];
        }
    return BASHU_OK;
}

static bashu_status take_numbers(bashu_optimum *o, bashu_optimum_point *point, const bashu_path *path)
{
    const named_outcome *a = &o->asked;
    TRY(path_present_value(path, a->variable, a->set, a->member, &point->worth));
    TRY(path_aggregate(path, path->year_count - 1, a->variable, a->set, a->member, BASHU_PERCENT, &point->last));
    TRY(path_present_value(path, "gdp", a->set, a->member, &point->gdp));
    TRY(path_present_value(path, "welfare", a->set, a->member, &point->welfare));
    return path_present_value(path, a->variable, "all", "", &point->nation);
}

static bashu_status follow_point(bashu_optimum *o, bashu_optimum_point *point, arena *scratch)
{
    bashu_scenario scaled;
    bashu_path *path = NULL;
    TRY(scenario_scaled(&scaled, scratch, o->scenario, point->scale));
    TRY(count_researchers(point, scratch, o->economy, &scaled));
    TRY(path_new_beside(&path, o->first, &scaled));
    bashu_status status = BASHU_OK;
    if (path->info.solved == path->year_count) status = take_numbers(o, point, path);
    point->reason = path->info.reason;
    o->info.passes += path->info.passes + path->info.passes_beside;
    if (path->info.residual > o->info.residual) {
        o->info.residual = path->info.residual;
        memcpy(o->worst, path->worst, sizeof o->worst);
    }
    path_free(path);
    return status;
}

/* *at: the point with these scales, followed unless it was. Without equilibria its worth is NaN. */
static bashu_status visit(bashu_optimum *o, const double *x, size_t *at)
{
    for (*at = 0; *at < o->count; ++*at)
        if (!memcmp(o->points[*at].scale, x, o->n * sizeof *x)) return BASHU_OK;
    if (o->count == OPTIMUM_POINTS) return fail(o->context, BASHU_ERROR_INTERNAL, "more than %d paths", OPTIMUM_POINTS);
    bashu_optimum_point *point = &o->points[o->count++];
    *point = (bashu_optimum_point){.worth = (double)NAN, .last = (double)NAN, .gdp = (double)NAN, .welfare = (double)NAN, .nation = (double)NAN};
    memcpy(point->scale, x, o->n * sizeof *x);
    report_progress(o->context, fmin(0.95, (double)o->count / (3 + 3.0 * (double)(o->n + 1) * (double)(o->n + 2) / 2)), "how much of each change");
    arena *scratch = arena_new(o->context);
    if (!scratch) return fail_memory(o->context);
    bashu_status status = follow_point(o, point, scratch);
    arena_free(scratch);
    return status;
}

/* ---- the parabola -------------------------------------------------------------------------------- */

static bashu_status worth_at(bashu_optimum *o, double *worth, const double *x, size_t c, double a, size_t e, double b)
{
    double moved[OPTIMUM_MOST];
    size_t at;
    memcpy(moved, x, o->n * sizeof *x);
    moved[c] += a;
    moved[e] += b;
    TRY(visit(o, moved, &at));
    *worth = o->points[at].worth;
    return BASHU_OK;
}

static bashu_status take_parabola(bashu_optimum *o, optimum_parabola *p, const double *x, double h)
{
    double to[OPTIMUM_MOST], gain[OPTIMUM_MOST];
    TRY(worth_at(o, &p->worth, x, 0, 0, 0, 0));
    for (size_t c = 0; c < o->n; c++) {
        double other = -h, second;
        to[c] = h;
        if (x[c] + h > o->high) to[c] = -h, other = -2 * h;
        else if (x[c] - h < o->low) other = 2 * h;
        TRY(worth_at(o, &gain[c], x, c, to[c], c, 0));
        TRY(worth_at(o, &second, x, c, other, c, 0));
        double near = (gain[c] - p->worth) / to[c], far = (second - p->worth) / other;
        gain[c] -= p->worth;
        p->bend[c][c] = 2 * (near - far) / (to[c] - other);
        p->slope[c] = near - p->bend[c][c] * to[c] / 2;
    }
    for (size_t c = 0; c < o->n; c++)
        for (size_t e = 0; e < c; e++) {
            double both;
            TRY(worth_at(o, &both, x, c, to[c], e, to[e]));
            p->bend[c][e] = p->bend[e][c] = (both - p->worth - gain[c] - gain[e]) / (to[c] * to[e]);
        }
    return BASHU_OK;
}

static double gain_of(const bashu_optimum *o, const optimum_parabola *p, const double *d)
{
    double gain = 0;
    for (size_t c = 0; c < o->n; c++) {
        gain += p->slope[c] * d[c];
        for (size_t e = 0; e < o->n; e++) gain += 0.5 * d[c] * p->bend[c][e] * d[e];
    }
    return gain;
}

/* The best step of the parabola within the bounds, no longer than `most` in any scale: one scale after the other, until none moves. Returns its gain. */
static double best_step(const bashu_optimum *o, const optimum_parabola *p, const double *x, double most, double *d)
{
    enum { SWEEPS = 1000 };
    double moved = 1;
    memset(d, 0, o->n * sizeof *d);
    for (int sweep = 0; sweep < SWEEPS && moved > 1e-12; sweep++) {
        moved = 0;
        for (size_t c = 0; c < o->n; c++) {
            double least = fmax(-most, o->low - x[c]), greatest = fmin(most, o->high - x[c]), rise = p->slope[c], bend = p->bend[c][c];
            for (size_t e = 0; e < o->n; e++) rise += e == c ? 0 : p->bend[c][e] * d[e];
            double ends = rise * (greatest - least) + 0.5 * bend * (greatest * greatest - least * least);
            double to = bend < 0 ? fmin(greatest, fmax(least, -rise / bend)) : ends > 0 ? greatest : ends < 0 ? least : d[c];
            moved = fmax(moved, fabs(to - d[c]));
            d[c] = to;
        }
    }
    return gain_of(o, p, d);
}

/* ---- where to begin ------------------------------------------------------------------------------ */

/* Whether researchers of one set of places turn from one use to the other; whether those of one use go from one set to another. */
static bool turns_researchers(const bashu_optimum *o, const change *c)
{
    return c->lever == LEVER_RESEARCH_STAFF && !c->relative && c->value != 0 && c->side_b && c->use != c->from_use &&
           !memcmp(c->regions, c->side_b, o->economy->about.N);
}

static bool moves_researchers(const bashu_optimum *o, const change *c)
{
    bool apart = c->lever == LEVER_RESEARCH_STAFF && !c->relative && c->value != 0 && c->side_b && c->use == c->from_use;
    for (size_t n = 0; apart && n < o->economy->about.N; n++) apart = !(c->regions[n] && c->side_b[n]);
    return apart;
}

static double researchers_in(const bashu_optimum *o, const unsigned char *regions, research_use use)
{
    double sum = 0;
    for (size_t n = 0; n < o->economy->about.N; n++) sum += regions[n] ? o->economy->research.people[use][n] : 0;
    return sum;
}

/* Where researchers of places turn to other work: the same share of scientists in all of them, as many in both uses together as today. */
static void equal_shares(const bashu_optimum *o, double *x)
{
    double all[RESEARCH_USE_COUNT] = {0};
    for (size_t c = 0; c < o->n; c++)
        for (size_t u = 0; u < RESEARCH_USE_COUNT && turns_researchers(o, &o->scenario->changes[c]); u++) all[u] += researchers_in(o, o->scenario->changes[c].regions, (research_use)u);
    for (size_t c = 0; c < o->n; c++) {
        const change *k = &o->scenario->changes[c];
        if (!turns_researchers(o, k)) continue;
        double science = researchers_in(o, k->regions, RESEARCH_SCIENCE), industry = researchers_in(o, k->regions, RESEARCH_INDUSTRY);
        double turn = (science + industry) * all[RESEARCH_SCIENCE] / (all[RESEARCH_SCIENCE] + all[RESEARCH_INDUSTRY]) - science;
        x[c] = turn / k->value * (k->use == RESEARCH_SCIENCE ? 1 : -1);
    }
}

/* Scales at which researchers are shared out equally: the same share of scientists where they turn to other work; else, where they go from place to place, as many
 * of a use in both. False: it is not about that, there is more than one way, or it is out of bounds. */
static bool equal_scales(const bashu_optimum *o, double *x)
{
    size_t turning = 0, moving = 0;
    memset(x, 0, OPTIMUM_MOST * sizeof *x);
    for (size_t c = 0; c < o->n; c++) {
        const change *k = &o->scenario->changes[c];
        turning += turns_researchers(o, k);
        moving += moves_researchers(o, k);
        for (size_t e = 0; e < c; e++) {
            const change *other = &o->scenario->changes[e];
            bool same = other->lever == k->lever && k->lever == LEVER_RESEARCH_STAFF && !memcmp(other->regions, k->regions, o->economy->about.N);
            if (same && other->use == k->use) return false;
        }
    }
    if (turning >= 2) equal_shares(o, x);
    else if (turning || !moving) return false;
    for (size_t c = 0; c < o->n; c++) {
        const change *k = &o->scenario->changes[c];
        if (!turning && moves_researchers(o, k)) x[c] = (researchers_in(o, k->side_b, k->use) - researchers_in(o, k->regions, k->use)) / 2 / k->value;
        if (x[c] < o->low || x[c] > o->high) return false;
    }
    return true;
}

static bashu_status visit_named(bashu_optimum *o)
{
    double x[OPTIMUM_MOST];
    for (size_t k = 0; k < OPTIMUM_NAMES; k++) o->named[k] = OPTIMUM_POINTS;
    for (int k = OPTIMUM_TODAY; k <= OPTIMUM_WRITTEN; k++) {
        for (size_t c = 0; c < o->n; c++) x[c] = k;
        TRY(visit(o, x, &o->named[k])); /* also where it is out of bounds: to compare with */
    }
    if (equal_scales(o, x)) TRY(visit(o, x, &o->named[OPTIMUM_EQUAL]));
    for (size_t c = 0; c < o->n; c++) x[c] = (o->low + o->high) / 2;
    size_t at;
    return visit(o, x, &at);
}

static bool in_bounds(const bashu_optimum *o, const bashu_optimum_point *p)
{
    for (size_t c = 0; c < o->n; c++)
        if (p->scale[c] < o->low || p->scale[c] > o->high) return false;
    return true;
}

static size_t best_of(const bashu_optimum *o)
{
    size_t best = OPTIMUM_POINTS;
    for (size_t k = 0; k < o->count; k++)
        if (!isnan(o->points[k].worth) && in_bounds(o, &o->points[k]) && (best == OPTIMUM_POINTS || o->points[k].worth > o->points[best].worth)) best = k;
    return best;
}

/* ---- the search ---------------------------------------------------------------------------------- */

/* Around the best with ever smaller steps, until the parabola of the smallest says that nothing is left. */
static bashu_status climb(bashu_optimum *o)
{
    double range = o->high - o->low, h = first_step * range, x[OPTIMUM_MOST], d[OPTIMUM_MOST];
    optimum_parabola p;
    size_t at;
    for (int round = 0; round < ROUNDS; round++) {
        size_t best = best_of(o);
        if (best == OPTIMUM_POINTS) return BASHU_OK;
        memcpy(x, o->points[best].scale, sizeof x);
        TRY(take_parabola(o, &p, x, h));
        if (isnan(best_step(o, &p, x, range, d))) return BASHU_OK; /* paths without equilibria near it */
        o->info.to_gain = best_step(o, &p, x, range, d);
        if (h <= last_step * range && best_of(o) == best && o->info.to_gain <= to_gain) { /* certified */
            o->at_best = p;
            o->named[OPTIMUM_BEST] = best;
            return BASHU_OK;
        }
        best_step(o, &p, x, 4 * h, d);
        double longest = 0;
        for (size_t c = 0; c < o->n; c++) {
            longest = fmax(longest, fabs(d[c]));
            d[c] = fmin(o->high, fmax(o->low, x[c] + d[c]));
        }
        TRY(visit(o, d, &at));
        if (longest < 2 * h || o->points[at].worth <= o->points[best].worth) h = fmax(h / 4, last_step * range);
    }
    o->at_best = p;
    o->named[OPTIMUM_BEST] = best_of(o);
    return BASHU_OK;
}

/* Eigenvectors of the bends among scales inside the bounds, by Jacobi's rotations. */
static void take_directions(bashu_optimum *o)
{
    const bashu_optimum_point *best = &o->points[o->named[OPTIMUM_BEST]];
    size_t inside[OPTIMUM_MOST], n = 0;
    double a[OPTIMUM_MOST][OPTIMUM_MOST], v[OPTIMUM_MOST][OPTIMUM_MOST] = {{0}};
    for (size_t c = 0; c < o->n; c++)
        if (best->scale[c] > o->low && best->scale[c] < o->high) inside[n++] = c;
    for (size_t i = 0; i < n; i++) {
        v[i][i] = 1;
        for (size_t k = 0; k < n; k++) a[i][k] = o->at_best.bend[inside[i]][inside[k]];
    }
    for (int sweep = 0; sweep < 50; sweep++)
        for (size_t i = 0; i < n; i++)
            for (size_t k = i + 1; k < n; k++) {
                if (a[i][k] == 0) continue;
                double theta = 0.5 * atan2(2 * a[i][k], a[k][k] - a[i][i]), cosine = cos(theta), sine = sin(theta);
                for (size_t q = 0; q < n; q++) {
                    double left = a[q][i], right = a[q][k];
                    a[q][i] = cosine * left - sine * right;
                    a[q][k] = sine * left + cosine * right;
                }
                for (size_t q = 0; q < n; q++) {
                    double left = a[i][q], right = a[k][q], vi = v[q][i], vk = v[q][k];
                    a[i][q] = cosine * left - sine * right;
                    a[k][q] = sine * left + cosine * right;
                    v[q][i] = cosine * vi - sine * vk;
                    v[q][k] = sine * vi + cosine * vk;
                }
            }
    o->directions = n;
    for (size_t k = 0; k < n; k++) {
        size_t rank = 0; /* the flattest first */
        for (size_t q = 0; q < n; q++) rank += a[q][q] > a[k][k] || (a[q][q] == a[k][k] && q < k);
        o->curvature[rank] = a[k][k];
        for (size_t i = 0; i < n; i++) o->direction[rank][inside[i]] = v[i][k];
    }
}

static void conclude(bashu_optimum *o)
{
    bashu_optimum_info *i = &o->info;
    i->worth = (double)NAN;
    i->changes = o->n;
    i->count = o->count;
    if (o->named[OPTIMUM_BEST] == OPTIMUM_POINTS) return;
    i->worth = o->points[o->named[OPTIMUM_BEST]].worth;
    take_directions(o);
    i->certified = i->to_gain <= to_gain;
    for (size_t k = 0; k < o->directions; k++) i->certified = i->certified && o->curvature[k] < 0;
}

static bashu_status search(bashu_optimum *o)
{
    TRY(path_begin(&o->first, o->economy, &o->options, &o->wanted));
    o->info.passes = o->first->info.passes + o->first->info.passes_beside;
    TRY(visit_named(o));
    TRY(climb(o));
    conclude(o);
    return BASHU_OK;
}

static bashu_status check_count(const bashu_scenario *s)
{
    if (s->change_count >= 1 && s->change_count <= OPTIMUM_MOST) return scalable_check(s);
    return fail(s->context, BASHU_ERROR_ARGUMENT, "scenario '%s' has %zu changes; scales can be sought for 1 to %d of them: leave some out", s->name, s->change_count, OPTIMUM_MOST);
}

bashu_status optimum_new(bashu_optimum **out, const bashu_scenario *scenario, const bashu_options *options, const bashu_path_options *wanted,
                         const char *outcome, double low, double high)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    double start = now_s();
    TRY(check_count(scenario));
    arena *memory = arena_new(scenario->context);
    bashu_optimum *o = memory ? arena_alloc(memory, 1, sizeof *o) : NULL;
    if (!o) {
        arena_free(memory);
        return fail_memory(scenario->context);
    }
    focus about = measure_focus(&scenario->economy->about, scenario);
    *o = (bashu_optimum){.context = scenario->context, .memory = memory, .economy = scenario->economy, .scenario = scenario,
                         .options = options ? *options : defaults, .wanted = *wanted, .n = scenario->change_count, .low = low, .high = high};
    bashu_status status = outcome_wanted(&o->asked, memory, o->economy, outcome, "gdp", &about);
    if (status == BASHU_OK) status = search(o);
    path_free(o->first);
    o->first = NULL;
    if (status != BASHU_OK) {
        arena_free(memory);
        return status;
    }
    o->info.outcome = o->asked.name;
    o->info.worst = o->worst;
    o->info.time_s = now_s() - start;
    *out = o;
    return BASHU_OK;
}

void optimum_free(bashu_optimum *optimum)
{
    if (optimum) arena_free(optimum->memory);
}
