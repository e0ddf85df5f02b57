/* ladder.c - from fast to safe: tries the rungs in turn, each from the best point so far. */
#include "solve/ladder.h"

#include <math.h>
#include <string.h>

const char *rung_name(rung r)
{
    static const char *const names[RUNG_COUNT] = {"none", "anderson", "newton_krylov", "plain"};
    return (unsigned)r < RUNG_COUNT ? names[r] : "none";
}

static bashu_status ladder_make(ladder **out, arena *memory, size_t size, int depth, bool newton)
{
    ladder *l = arena_alloc(memory, 1, sizeof *l);
    if (!l) return fail_memory(arena_context(memory));
    l->size = size;
    l->depth = depth;
    size_t columns = newton ? KRYLOV_DEPTH + 1 : 0, width = newton ? size : 0;
    const array_wanted wanted[] = {
        {&l->f, size}, {&l->step, size}, {&l->best, size}, {&l->trial, width}, {&l->scratch, width},
        {&l->z_previous, size}, {&l->step_previous, size},
        {&l->dz, size * (size_t)depth}, {&l->dstep, size * (size_t)depth},
        {&l->right_side, size},
        {&l->basis, width * columns}, {&l->preconditioned, width},
        {&l->hessenberg, columns * columns}, {&l->rotation, 3 * columns},
    };
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(arena_context(memory));
    *out = l;
    return BASHU_OK;
}

void ladder_keep_history(ladder *l, bool keep)
{
    l->keeps_history = keep;
    l->kept_columns = 0;
}

bashu_status ladder_new(ladder **out, arena *memory, size_t size)
{
    return ladder_make(out, memory, size, ANDERSON_DEPTH, true);
}

bashu_status ladder_new_small(ladder **out, arena *memory, size_t size, int depth)
{
    return ladder_make(out, memory, size, depth < 1 ? 1 : depth > ANDERSON_DEPTH ? ANDERSON_DEPTH : depth, false);
}

double ladder_evaluate(ladder *l, const fixed_point *p, const double *z, bool fully, solve_outcome *outcome)
{
    bool finite = p->evaluate(p->payload, z, l->f, fully);
    double residual = finite ? max_norm(l->f, l->size) : (double)NAN;
    outcome->passes++;
    if (outcome->history_count < outcome->history_room) outcome->history[outcome->history_count++] = residual;
    if (residual < l->best_residual) {
        l->best_residual = residual;
        memcpy(l->best, z, l->size * sizeof *z);
    }
    return residual;
}

void ladder_couple(const fixed_point *p, const solve_settings *settings, solve_outcome *outcome)
{
    enum { WORTH = 3 }; /* passes: a limit is kept even where less than that is left */
    if (p->couple && outcome->passes + WORTH < settings->pass_limit) outcome->passes += p->couple(p->payload);
}

bool ladder_finished(const bashu_context *context, const solve_settings *settings, double residual, solve_outcome *outcome)
{
    outcome->residual = residual;
    if (residual <= settings->tolerance) outcome->reason = BASHU_CONVERGED_RESIDUAL;
    else if (is_cancelled(context)) outcome->reason = BASHU_DIVERGED_INTERRUPTED;
    else if (outcome->passes >= settings->pass_limit) outcome->reason = BASHU_DIVERGED_LIMIT;
    return outcome->reason != BASHU_NOT_SOLVED;
}

void ladder_solve(ladder *l, const bashu_context *context, const fixed_point *f, const solve_settings *settings, double *z,
                  solve_outcome *outcome)
{
    static void (*const rungs[RUNG_COUNT])(ladder *, const bashu_context *, const fixed_point *, const solve_settings *,
                                           double *, solve_outcome *) = {
        [RUNG_ANDERSON] = rung_anderson, [RUNG_NEWTON_KRYLOV] = rung_newton_krylov, [RUNG_PLAIN] = rung_plain};
    l->best_residual = INFINITY;
    memcpy(l->best, z, l->size * sizeof *z);
    outcome->passes = 0;
    outcome->history_count = 0;
    bashu_reason last = BASHU_DIVERGED_STALLED;
    bool returned = false;
    for (rung r = settings->first; r < RUNG_COUNT; r = (rung)(r + 1)) {
        if (r == RUNG_NEWTON_KRYLOV && !f->derivative) continue;
        outcome->reason = BASHU_NOT_SOLVED;
        outcome->rung = r;
        memcpy(z, l->best, l->size * sizeof *z);
        l->may_return = r == RUNG_NEWTON_KRYLOV && !returned && settings->only == RUNG_NONE;
        rungs[r](l, context, f, settings, z, outcome);
        if (outcome->reason == BASHU_NOT_SOLVED) {
            returned = true;
            r = RUNG_NONE;
            continue;
        }
        last = outcome->reason;
        if (last > 0 || last == BASHU_DIVERGED_INTERRUPTED || outcome->passes >= settings->pass_limit || r == settings->only) break;
    }
    if (last > 0) return;
    /* leave the best point, and say how far it is */
    memcpy(z, l->best, l->size * sizeof *z);
    outcome->residual = l->best_residual;
    if (!isfinite(l->best_residual)) outcome->reason = BASHU_DIVERGED_NOT_FINITE;
}
