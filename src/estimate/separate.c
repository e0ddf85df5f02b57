/* separate.c - rows that a combination of regressors and effects fits perfectly by zero, at infinity.
 *
 * A certificate of separation is z = Xg + effects with z = 0 where y > 0, z >= 0 where y = 0, and z > 0 somewhere: there
 * the likelihood rises for ever as z is subtracted (Correia, Guimaraes & Zylkin 2019, "Verifying the existence of maximum
 * likelihood estimates for generalized linear models"). The iterative rectifier finds the largest such set: regress u, at
 * first 1 where y = 0, on everything, with weights that hold fitted values at 0 where y > 0; replace u by what is positive of
 * the fit where y = 0; until the fit is nowhere negative. */
#include "estimate/fit.h"

#include <math.h>
#include <string.h>

static const double hold = 1e7, negligible = 1e-4;
enum { RECTIFICATIONS = 1000 };

typedef struct rectifier {
    fit f;
    double *target, *weight;
} rectifier;

static bashu_status begin(rectifier *x, const estimate_problem *p, const unsigned char *excluded, arena *memory)
{
    TRY(fit_new(&x->f, memory, p, excluded));
    const sample *s = &x->f.sample;
    x->f.tolerance = 1e-10;
    const array_wanted wanted[] = {{&x->target, s->rows}, {&x->weight, s->rows}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(arena_context(memory));
    for (size_t r = 0; r < s->rows; r++) {
        x->target[r] = s->outcome[r] == 0;
        x->weight[r] = s->outcome[r] == 0 ? 1 : hold;
    }
    return BASHU_OK;
}

/* True when no fitted value of a zero is negative; else the target becomes what is positive. */
static bool rectify(rectifier *x)
{
    const sample *s = &x->f.sample;
    bool done = true;
    for (size_t r = 0; r < s->rows; r++) {
        double z = x->f.a.eta[r];
        if (s->outcome[r] > 0) continue;
        done = done && z > -negligible;
        x->target[r] = z > negligible ? z : 0;
    }
    return done;
}

/* A certificate must hold: z is nothing where the outcome is positive. */
static bool holds(const rectifier *x)
{
    const sample *s = &x->f.sample;
    for (size_t r = 0; r < s->rows; r++)
        if (s->outcome[r] > 0 && fabs(x->f.a.eta[r]) > negligible) return false;
    return true;
}

static size_t mark(const rectifier *x, unsigned char *excluded)
{
    size_t count = 0;
    const sample *s = &x->f.sample;
    for (size_t r = 0; r < s->rows; r++) {
        if (s->outcome[r] > 0 || !(x->f.a.eta[r] > 10 * negligible)) continue;
        excluded[s->row[r]] = 1;
        count++;
    }
    return count;
}

bashu_status find_separated(size_t *count, unsigned char *excluded, const estimate_problem *p, arena *memory)
{
    rectifier x;
    climb_end end = CLIMB_DONE;
    *count = 0;
    TRY(begin(&x, p, excluded, memory));
    for (int k = 0; k < RECTIFICATIONS; k++) {
        TRY(absorber_view(&x.f.a, memory, (view){METHOD_OLS, x.target, x.weight}));
        if (!(x.f.a.spread > 0)) return BASHU_OK; /* nothing positive is left */
        TRY(fit_climb(&x.f, &end));
        if (end != CLIMB_DONE && end != CLIMB_STALLED) return BASHU_OK;
        if (!rectify(&x)) continue;
        if (holds(&x)) *count = mark(&x, excluded);
        break;
    }
    return BASHU_OK;
}
