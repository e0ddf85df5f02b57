/* best.c - how far to go: every change of a scenario times one number, the scale, and the scale that serves an outcome best.
 *
 *   scale s    percent times s, hat^s, s times the persons or the money;  0: nothing is done, 1: as written, below 0: the other way
 *   worth(s)   percent by which the path under scale s raises the present value of the outcome
 *   search     a grid of five, then points of parabolas through the best and its neighbours (Brent 1973, section 5.3), golden where they lead nowhere
 *   flat       |worth''| at the best, from the parabola through it: sqrt(2 x loss / |worth''|) is how far one may be from it for that loss */
#include "policy/best.h"

#include "policy/scale.h"

#include <math.h>
#include <string.h>

enum { GRID = 5, STEPS = 7 };
static const double loss_shown = 0.01; /* percentage points */

/* ---- one path ------------------------------------------------------------------------------------ */

static bashu_status measure_point(bashu_best *b, bashu_best_point *point, char *worst)
{
    bashu_scenario scenario;
    bashu_path *path = NULL;
    arena *scratch = arena_new(b->context);
    if (!scratch) return fail_memory(b->context);
    const named_outcome *o = &b->asked;
    size_t changes = b->scenario->change_count;
    double *scale = arena_alloc(scratch, changes, sizeof *scale);
    for (size_t c = 0; scale && c < changes; c++) scale[c] = point->scale;
    bashu_status status = scale ? scenario_scaled(&scenario, scratch, b->scenario, scale) : fail_memory(b->context);
    if (status == BASHU_OK) status = path_new_beside(&path, b->first, &scenario);
    if (status == BASHU_OK) {
        bool whole = path->info.solved == path->year_count;
        size_t last = path->year_count - 1;
        point->reason = path->info.reason;
        point->residual = path->info.residual;
        memcpy(worst, path->worst, sizeof path->worst);
        point->worth = point->last = point->nation = (double)NAN;
        if (whole) status = path_present_value(path, o->variable, o->set, o->member, &point->worth);
        if (whole && status == BASHU_OK) status = path_aggregate(path, last, o->variable, o->set, o->member, BASHU_PERCENT, &point->last);
        if (whole && status == BASHU_OK) status = path_present_value(path, o->variable, "all", "", &point->nation);
        b->info.passes += path->info.passes;
    }
    path_free(path);
    arena_free(scratch);
    return status;
}

/* Puts the scale in its place, unless it is there; *at: where. */
static bashu_status add_point(bashu_best *b, double scale, size_t *at)
{
    size_t k = 0;
    while (k < b->count && b->points[k].scale < scale) k++;
    *at = k;
    if (k < b->count && b->points[k].scale == scale) return BASHU_OK;
    memmove(b->points + k + 1, b->points + k, (b->count - k) * sizeof *b->points);
    memmove(b->worst + k + 1, b->worst + k, (b->count - k) * sizeof *b->worst);
    b->count++;
    b->points[k] = (bashu_best_point){.scale = scale};
    report_progress(b->context, (double)b->count / (GRID + STEPS), "how far to go");
    return measure_point(b, &b->points[k], b->worst[k]);
}

/* ---- the search ---------------------------------------------------------------------------------- */

static size_t best_of(const bashu_best *b)
{
    size_t best = b->count;
    for (size_t k = 0; k < b->count; k++)
        if (!isnan(b->points[k].worth) && (best == b->count || b->points[k].worth > b->points[best].worth)) best = k;
    return best;
}

typedef struct parabola {
    double top, bend; /* where it is highest, half its second derivative */
} parabola;

static parabola through(const bashu_best_point *p)
{
    double left = p[0].scale - p[1].scale, right = p[2].scale - p[1].scale;
    double down = (p[0].worth - p[1].worth) / left, up = (p[2].worth - p[1].worth) / right, bend = (up - down) / (right - left);
    return (parabola){p[1].scale - (up - bend * right) / (2 * bend), bend};
}

static bashu_status refine(bashu_best *b)
{
    const double golden = 0.381966011250105, close = 1e-3 * (b->high - b->low);
    for (int step = 0; step < STEPS; step++) {
        size_t k = best_of(b), at;
        if (k == b->count || k == 0 || k + 1 == b->count) return BASHU_OK;
        const bashu_best_point *p = b->points + k - 1;
        parabola fit = through(p);
        bool good = fit.bend < 0 && fit.top > p[0].scale && fit.top < p[2].scale;
        bool wider = p[2].scale - p[1].scale > p[1].scale - p[0].scale;
        double next = good ? fit.top : wider ? p[1].scale + golden * (p[2].scale - p[1].scale) : p[1].scale - golden * (p[1].scale - p[0].scale);
        if (fabs(next - p[1].scale) < close) return BASHU_OK;
        TRY(add_point(b, next, &at));
        if (b->points[at].reason <= 0) return BASHU_OK;
    }
    return BASHU_OK;
}

static bashu_status search(bashu_best *b)
{
    size_t at;
    for (int g = 0; g < GRID; g++) TRY(add_point(b, b->low + (b->high - b->low) * g / (GRID - 1), &at));
    if (b->low < 0 && b->high > 0) TRY(add_point(b, 0, &at));
    if (b->low < 1 && b->high > 1) TRY(add_point(b, 1, &at));
    TRY(refine(b));
    size_t k = best_of(b);
    bashu_best_info *i = &b->info;
    i->scale = i->worth = i->low = i->high = (double)NAN;
    i->at_end = 0;
    if (k == b->count) return BASHU_OK;
    i->scale = b->points[k].scale;
    i->worth = b->points[k].worth;
    i->at_end = k == 0 ? -1 : k + 1 == b->count ? 1 : 0;
    for (size_t q = 0; q < b->count; q++) {
        if (b->points[q].residual <= i->residual) continue;
        i->residual = b->points[q].residual;
        i->worst = b->worst[q];
    }
    if (i->at_end || b->count < 3) return BASHU_OK;
    parabola fit = through(b->points + k - 1);
    double away = fit.bend < 0 ? sqrt(loss_shown / -fit.bend) : (double)INFINITY;
    i->low = i->scale - away;
    i->high = i->scale + away;
    return BASHU_OK;
}

bashu_status best_new(bashu_best **out, const bashu_scenario *scenario, const bashu_options *options, const bashu_path_options *wanted,
                      const char *outcome, double low, double high)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    double start = now_s();
    TRY(scalable_check(scenario));
    arena *memory = arena_new(scenario->context);
    bashu_best *b = memory ? arena_alloc(memory, 1, sizeof *b) : NULL;
    if (!b) {
        arena_free(memory);
        return fail_memory(scenario->context);
    }
    focus about = measure_focus(&scenario->economy->about, scenario);
    *b = (bashu_best){.context = scenario->context, .memory = memory, .economy = scenario->economy, .scenario = scenario,
                      .options = options ? *options : defaults, .wanted = *wanted, .low = low, .high = high, .info.worst = ""};
    bashu_status status = outcome_wanted(&b->asked, memory, b->economy, outcome, "gdp", &about);
    if (status == BASHU_OK) status = path_begin(&b->first, b->economy, &b->options, &b->wanted);
    if (status == BASHU_OK) status = search(b);
    path_free(b->first);
    b->first = NULL;
    if (status != BASHU_OK) {
        arena_free(memory);
        return status;
    }
    b->info.outcome = b->asked.name;
    b->info.time_s = now_s() - start;
    *out = b;
    return BASHU_OK;
}

void best_free(bashu_best *best)
{
    if (best) arena_free(best->memory);
}
