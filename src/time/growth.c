/* growth.c - years in turn, people looking at their own year alone: each is an equilibrium under what has changed so far.
 *
 *   shock_t = changes in force in year t (accounts/years.c)
 *   z_t     = the equilibrium under it, solved from z_{t-1}, or from 2 z_{t-1} - z_{t-2} where changes come in equal steps; a year like the
 *             last has its answer, one in which nothing has changed yet the baseline's
 *
 * Both paths are followed by the same steps, so that they have the same bits as long as nothing has changed. */
#include "time/path.h"

#include <math.h>
#include <string.h>

typedef struct follower { /* workspace of one path */
    bashu_path *path;
    bashu_solver *solver;
    shock_builder *builder;
    bashu_scenario changed;            /* the scenario as it is in one year */
    unsigned char *mask;
    double *in_force, *step, *step_before; /* [change_count] the part in force, and what it grew by, this year and last */
    double *start, *earlier;           /* unknowns to begin from */
} follower;

static bashu_status follower_new(follower *f, bashu_path *path, bashu_solver *solver, arena *memory)
{
    size_t changes = path->scenario ? path->scenario->change_count : 0;
    *f = (follower){.path = path, .solver = solver};
    TRY(shock_builder_new(&f->builder, memory, path->economy));
    size_t unknowns = solver_unknown_count(solver);
    const array_wanted wanted[] = {
        {&f->in_force, changes}, {&f->step, changes}, {&f->step_before, changes}, {&f->start, unknowns}, {&f->earlier, unknowns}};
    f->mask = arena_alloc(memory, changes, 1);
    if (path->scenario) f->changed = *path->scenario;
    f->changed.changes = arena_alloc(memory, changes, sizeof *f->changed.changes);
    return f->mask && f->changed.changes && ARENA_ARRAYS(memory, wanted) ? BASHU_OK : fail_memory(path->context);
}

/* Puts the scenario as it is in the year in place. */
static void turn_to(follower *f, size_t t)
{
    size_t changes = f->path->scenario->change_count;
    changes_in_year(f->changed.changes, f->mask, f->path->scenario, path_year(f->path, t));
    memcpy(f->step_before, f->step, changes * sizeof *f->step);
    for (size_t c = 0; c < changes; c++) {
        double part = f->mask[c] ? 1 - f->changed.changes[c].pending : 0;
        f->step[c] = part - f->in_force[c];
        f->in_force[c] = part;
    }
}

static bool nothing_moves(const follower *f)
{
    for (size_t c = 0; f->path->scenario && c < f->path->scenario->change_count; c++)
        if (f->step[c] != 0) return false;
    return true;
}

static bool moves_as_before(const follower *f)
{
    for (size_t c = 0; f->path->scenario && c < f->path->scenario->change_count; c++)
        if (fabs(f->step[c] - f->step_before[c]) > 1e-9) return false;
    return true;
}

/* Where to begin: NULL is the baseline. */
static const double *begin_from(follower *f, bashu_result *const *years, size_t t)
{
    if (!t) return NULL;
    result_unknowns(f->start, years[t - 1]);
    if (t < 2 || !moves_as_before(f)) return f->start;
    result_unknowns(f->earlier, years[t - 2]);
    size_t unknowns = solver_unknown_count(f->solver);
    for (size_t i = 0; i < unknowns; i++) f->start[i] += f->start[i] - f->earlier[i];
    return f->start;
}

static bashu_status solve_year(follower *f, bashu_result **years, size_t t, bool with_changes)
{
    const shock *k;
    TRY(shock_build(&k, f->builder, with_changes ? &f->changed : NULL, f->mask));
    solver_set_start(f->solver, k->empty ? NULL : begin_from(f, years, t));
    bashu_status status = solve_shock(&years[t], f->solver, k);
    solver_set_start(f->solver, NULL);
    if (status == BASHU_OK && is_cancelled(f->path->context)) status = fail(f->path->context, BASHU_INTERRUPTED, "interrupted");
    return status;
}

static bashu_status follow(follower *f, bashu_result **years, bool with_changes)
{
    bashu_path *path = f->path;
    bool differs = !with_changes; /* from the baseline path so far */
    for (size_t t = 0; t < path->year_count; t++) {
        report_progress(path->context, (double)t / (double)path->year_count, with_changes ? "solving years with the scenario" : "solving years");
        if (with_changes) turn_to(f, t);
        differs = differs || !nothing_moves(f);
        if (!differs) years[t] = path->baseline[t];
        else if (t && nothing_moves(f)) years[t] = years[t - 1];
        else TRY(solve_year(f, years, t, with_changes));
        if (!years[t] || years[t]->info.reason <= 0) break;
    }
    return BASHU_OK;
}

static bashu_status follow_both(bashu_path *path, bashu_solver *solver, arena *memory)
{
    follower f;
    solver_keep_pairs(solver, false);
    TRY(follower_new(&f, path, solver, memory));
    if (path->scenario && path->scenario->change_count) TRY(solver_prepare(solver)); /* many solves near each other follow */
    solver_keep_history(solver, true);
    TRY(follow(&f, path->baseline, false));
    solver_keep_history(solver, true); /* afresh */
    if (path->scenario) return follow(&f, path->counterfactual, true);
    memcpy(path->counterfactual, path->baseline, path->year_count * sizeof *path->baseline);
    return BASHU_OK;
}

bashu_status growth_follow(bashu_path *path)
{
    bashu_solver *solver = NULL;
    arena *memory = arena_new(path->context);
    bashu_status status = memory ? solver_new(&solver, path->economy, &path->options) : fail_memory(path->context);
    if (status == BASHU_OK) status = follow_both(path, solver, memory);
    solver_free(solver);
    arena_free(memory);
    return status;
}
