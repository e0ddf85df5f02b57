/* resistance.c - multilateral resistances; the equations are in estimate.h.
 *
 * The unknowns are log q. One pass computes p from q and q from p, a scaling in the sense of Sinkhorn; the ladder of solve/
 * accelerates it. The certificate takes the equations as they are written. */
#include "estimate/estimate.h"
#include "solve/solve.h"

#include <math.h>

typedef struct scaling {
    const resistance_problem *problem;
    double *out_share, *in_share, *p, *q;
} scaling;

static void outward(const scaling *s, const double *q)
{
    const resistance_problem *r = s->problem;
    for (size_t i = 0; i < r->exporters; i++) {
        double sum = 0;
        for (size_t j = 0; j < r->importers; j++) sum += r->cost[i * r->importers + j] * s->in_share[j] / q[j];
        s->p[i] = sum;
    }
}

static bool evaluate(void *payload, const double *z, double *f, bool fully)
{
    (void)fully;
    const scaling *s = payload;
    const resistance_problem *r = s->problem;
    bool finite = true;
    for (size_t j = 0; j < r->importers; j++) {
        s->q[j] = exp(z[j]);
        f[j] = 0;
    }
    outward(s, s->q);
    for (size_t i = 0; i < r->exporters; i++)
        for (size_t j = 0; j < r->importers; j++) f[j] += r->cost[i * r->importers + j] * s->out_share[i] / s->p[i];
    for (size_t j = 0; j < r->importers; j++) {
        f[j] = log(f[j]) - z[j];
        finite = finite && isfinite(f[j]);
    }
    /* the scale of q is free: the reference stays where it is */
    double drift = f[r->reference];
    for (size_t j = 0; j < r->importers; j++) f[j] -= drift;
    return finite;
}


static void no_precondition(void *payload, const double *f, double *step)
{
    const scaling *s = payload;
    for (size_t j = 0; j < s->problem->importers; j++) step[j] = f[j];
}

static double check(const scaling *s, const double *p, const double *q)
{
    const resistance_problem *r = s->problem;
    double worst = 0;
    for (size_t i = 0; i < r->exporters; i++) {
        double sum = 0;
        for (size_t j = 0; j < r->importers; j++) sum += r->cost[i * r->importers + j] * s->in_share[j] / q[j];
        worst = worse(worst, sum / p[i] - 1);
    }
    for (size_t j = 0; j < r->importers; j++) {
        double sum = 0;
        for (size_t i = 0; i < r->exporters; i++) sum += r->cost[i * r->importers + j] * s->out_share[i] / p[i];
        worst = worse(worst, sum / q[j] - 1);
    }
    return worst;
}

bashu_status resistance_solve(resistance *out, arena *memory, const resistance_problem *r)
{
    bashu_context *context = arena_context(memory);
    double world = 0, spent = 0, *z;
    scaling s = {.problem = r};
    ladder *l;
    *out = (resistance){0};
    const array_wanted wanted[] = {{&s.out_share, r->exporters}, {&s.in_share, r->importers}, {&s.p, r->exporters}, {&s.q, r->importers},
                                   {&z, r->importers}, {&out->outward, r->exporters}, {&out->inward, r->importers}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(context);
    TRY(ladder_new(&l, memory, r->importers));
    for (size_t i = 0; i < r->exporters; i++) world += r->output[i];
    for (size_t j = 0; j < r->importers; j++) spent += r->expenditure[j];
    out->imbalance = spent / world - 1;
    for (size_t i = 0; i < r->exporters; i++) s.out_share[i] = r->output[i] / world;
    for (size_t j = 0; j < r->importers; j++) s.in_share[j] = r->expenditure[j] / spent;
    fixed_point f = {.size = r->importers, .payload = &s, .evaluate = evaluate, .precondition = no_precondition};
    solve_settings settings = {fmin(r->tolerance, 1e-13), r->pass_limit, RUNG_ANDERSON, 1e-3, RUNG_NONE};
    solve_outcome outcome = {0};
    ladder_solve(l, context, &f, &settings, z, &outcome);
    for (size_t j = 0; j < r->importers; j++) out->inward[j] = exp(z[j] - z[r->reference]);
    outward(&s, out->inward);
    for (size_t i = 0; i < r->exporters; i++) out->outward[i] = s.p[i];
    out->residual = check(&s, out->outward, out->inward);
    out->passes = outcome.passes;
    out->reason = out->residual <= fmax(r->tolerance, 1e-12) ? BASHU_CONVERGED_RESIDUAL : outcome.reason > 0 ? BASHU_DIVERGED_CERTIFICATE : outcome.reason;
    if (outcome.reason == BASHU_DIVERGED_INTERRUPTED) return fail(context, BASHU_INTERRUPTED, "interrupted");
    return BASHU_OK;
}
