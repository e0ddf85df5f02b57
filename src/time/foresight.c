/* foresight.c - years of people who look ahead (equilibrium/foresight.h), on a path.
 *
 *   period    1 / periods_per_year of a year; year y of the path is its first period, y periods_per_year
 *   horizon   at least the path's years, and so many periods that a later one counts as less than 1e-2 today
 *   scenario  known from the first period after the economy's own on; what is in force in a year is in force in its periods, and what is in
 *             force at the horizon for ever
 *   welfare   exp((1 - beta) y_t): what lifetime utility from that year on is worth in consumption of every period; in comparison with the
 *             baseline path the consumption-equivalent variation of Caliendo, Dvorkin & Parro (2019)
 *
 * People reckon with what a scenario changes, and not with knowledge, which time: growth makes from year to year: innovation is
 * refused. Results are those of temporary equilibria, with the equations of people in their certificates. */
#include "time/path.h"

#include "equilibrium/foresight.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double counts_no_more = 1e-2, tolerance_of_people = 100; /* times the options' */

typedef struct planner {
    bashu_path *path;
    foresight *f;
    arena *memory;
    size_t per_year, T;
    size_t *state;        /* [T + 1] with the scenario */
    int *year_of;         /* [T + 2] calendar year whose changes a state is; of state 0 none */
} planner;

static int year_of_period(const planner *p, size_t t) { return path_year(p->path, 0) + (int)(t / p->per_year); }

/* States: years in a row with the same parts of all changes in force are one. */
static bashu_status number_states(planner *p)
{
    const bashu_scenario *scenario = p->path->scenario;
    size_t count = scenario ? scenario->change_count : 0, states = 0;
    double *now, *before;
    const array_wanted wanted[] = {{&now, count}, {&before, count}};
    p->state = arena_alloc(p->memory, p->T + 1, sizeof *p->state);
    p->year_of = arena_alloc(p->memory, p->T + 2, sizeof *p->year_of);
    if (!p->state || !p->year_of || !ARENA_ARRAYS(p->memory, wanted)) return fail_memory(p->path->context);
    for (size_t t = 0; t <= p->T; t++) {
        bool any = false;
        for (size_t c = 0; c < count; c++) {
            now[c] = change_in_force(&scenario->changes[c], path_year(p->path, 0), year_of_period(p, t));
            any = any || now[c] > 0;
        }
        if (!any) p->state[t] = 0;
        else if (t > 0 && p->state[t - 1] && !memcmp(now, before, count * sizeof *now)) p->state[t] = p->state[t - 1];
        else {
            p->state[t] = ++states;
            p->year_of[states] = year_of_period(p, t);
        }
        memcpy(before, now, count * sizeof *now);
    }
    return BASHU_OK;
}

static bashu_status build(void *payload, size_t state, shock_builder *builder, const shock **out)
{
    const planner *p = payload;
    bashu_scenario changed = *p->path->scenario;
    unsigned char *mask = malloc(changed.change_count);
    changed.changes = malloc(changed.change_count * sizeof *changed.changes);
    bashu_status status = BASHU_ERROR_MEMORY;
    if (mask && changed.changes) {
        changes_in_year(changed.changes, mask, p->path->scenario, p->year_of[state]);
        status = shock_build(out, builder, &changed, mask);
    }
    free(mask);
    free(changed.changes);
    return status;
}

static void attach(bashu_result *r, const foresight_certificate *certificate, const foresight *f, size_t t, double tolerance)
{
    const description *a = &r->economy->about;
    bool fails = false;
    for (size_t q = FORESIGHT_FLOW; q < FORESIGHT_EQUATIONS && r->info.equation_count < EQUATION_COUNT; q++) {
        size_t row = r->info.equation_count++, at = t * FORESIGHT_EQUATIONS + q, market = certificate->market[at];
        size_t ns = market == SIZE_MAX ? SIZE_MAX : foresight_market(f, market);
        r->equations[row] = (bashu_equation){foresight_equation_names[q], certificate->residual[at], r->where[row]};
        r->where[row][0] = '\0';
        if (ns != SIZE_MAX) snprintf(r->where[row], sizeof r->where[row], "%s, %s", a->regions[ns / a->S].label.id, a->groups[ns % a->S].id);
        fails = fails || !(certificate->residual[at] <= tolerance);
        if (certificate->residual[at] <= r->info.residual) continue;
        r->info.residual = certificate->residual[at];
        snprintf(r->worst, sizeof r->worst, "%s%s%s", foresight_equation_names[q], *r->where[row] ? ": " : "", r->where[row]);
    }
    if (fails) r->info.reason = BASHU_DIVERGED_CERTIFICATE;
}

/* Lifetime utility takes the place of what a static answer says of welfare. */
static void set_welfare(bashu_result *r, const foresight *f, bool with_changes, size_t t)
{
    const double *value = foresight_path_of(f, with_changes)->value + t * foresight_markets(f);
    for (size_t g = 0; g < foresight_markets(f); g++)
        if (foresight_market(f, g) != SIZE_MAX) r->welfare_hat[foresight_market(f, g)] = exp((1 - foresight_discount(f)) * value[g]);
}

static bashu_status take_years(planner *p, bool with_changes)
{
    bashu_path *path = p->path;
    bashu_result **years = with_changes ? path->counterfactual : path->baseline;
    double tolerance = tolerance_of_people * path->options.tolerance;
    foresight_certificate certificate;
    TRY(foresight_certify(&certificate, p->memory, p->f, with_changes));
    if (!(certificate.worst <= tolerance))
        return fail(path->context, BASHU_ERROR_INPUT, "foresight: the path does not pass its certificate: %s is off by %.3g in %d (%.0e is allowed)",
                    foresight_equation_names[certificate.worst_equation], certificate.worst, year_of_period(p, certificate.worst_period), tolerance);
    int found = 1;
    if (path->starts) TRY(foresight_other_starts(p->f, path->starts, path->options.seed, &found));
    for (size_t y = 0; y < path->year_count; y++) {
        size_t t = y * p->per_year;
        if (with_changes && t < foresight_path_of(p->f, true)->announced) {
            years[y] = path->baseline[y];
            continue;
        }
        TRY(foresight_result(&years[y], p->f, with_changes, t));
        years[y]->economy = path->economy;
        if (years[y]->info.reason <= 0) break;
        set_welfare(years[y], p->f, with_changes, t);
        years[y]->info.starts = path->starts;
        years[y]->info.equilibria = found;
        attach(years[y], &certificate, p->f, t, tolerance);
        if (is_cancelled(path->context)) return fail(path->context, BASHU_INTERRUPTED, "interrupted");
    }
    return BASHU_OK;
}

static bashu_status check_ended(const planner *p, bool with_changes)
{
    const foresight_path *path = foresight_path_of(p->f, with_changes);
    if (path->reason > 0) return BASHU_OK;
    return fail(p->path->context, BASHU_ERROR_INPUT, "foresight: no path was found %s: %s after %d steps (residual %.3g)",
                with_changes ? "with the scenario" : "without the scenario", bashu_reason_text(path->reason), path->steps + path->long_run_steps, path->residual);
}

static bashu_status look_ahead(planner *p)
{
    bashu_path *path = p->path;
    bool any = false;
    foresight_fundamentals changed = {NULL, build, p};
    TRY(number_states(p));
    TRY(foresight_new(&p->f, path->economy, &path->options, p->T));
    TRY(foresight_baseline(p->f, NULL));
    TRY(check_ended(p, false));
    TRY(take_years(p, false));
    memcpy(path->counterfactual, path->baseline, path->year_count * sizeof *path->baseline);
    for (size_t t = 0; t <= p->T; t++) any = any || p->state[t];
    if (!any) return BASHU_OK;
    memset(path->counterfactual, 0, path->year_count * sizeof *path->counterfactual);
    changed.state = p->state;
    TRY(foresight_counterfactual(p->f, &changed, 1));
    TRY(check_ended(p, true));
    return take_years(p, true);
}

static bashu_status check_innovation(const bashu_path *path)
{
    const description *a = &path->economy->about;
    if (a->switches.innovation == INNOVATION_NONE) return BASHU_OK;
    return fail(path->context, BASHU_ERROR_INPUT,
                "%s: innovation: %s makes productivity grow with time: growth alone, and people who look ahead do not reckon with it; write innovation: none (--set model.innovation=none), or "
                "time: growth (--set model.time=growth)",
                a->folder, a->switches.innovation == INNOVATION_MARKET ? "market" : "research");
}

bashu_status foresight_follow(bashu_path *path)
{
    TRY(check_innovation(path));
    const elasticity *x = path->economy->about.elasticities;
    double beta = x[DISCOUNT_FACTOR].by_item[0], per_year = x[PERIODS_PER_YEAR].by_item[0];
    planner p = {.path = path, .memory = arena_new(path->context), .per_year = (size_t)per_year};
    bashu_status status = BASHU_OK;
    if (!p.memory) return fail_memory(path->context);
    if (per_year != floor(per_year))
        status = fail(path->context, BASHU_ERROR_INPUT, "%s: periods_per_year is %g; it must be a whole number, 1 or 4 or 12", path->economy->about.folder, per_year);
    size_t shown = (path->year_count - 1) * p.per_year + 2, far = beta > 0 && beta < 1 ? (size_t)ceil(log(counts_no_more) / log(beta)) : 2;
    p.T = shown > far ? shown : far;
    if (status == BASHU_OK) status = look_ahead(&p);
    foresight_free(p.f);
    arena_free(p.memory);
    return status;
}
