/* separate.c - rows that a combination of regressors and effects fits perfectly by zero, at infinity.
 *
 * A certificate of separation is z = Xg + effects with z = 0 where y > 0, z >= 0 where y = 0, and z > 0 somewhere: there
 * the likelihood rises for ever as z is subtracted (Correia, Guimaraes & Zylkin 2019, "Verifying the existence of maximum
 * likelihood estimates for generalized linear models"). Two ways to find z:
 *
 *   probe      far out a step of Newton's method is -z itself: fitted values of separated rows fall by the factor e
 *   rectifier  regress u, at first 1 where y = 0, on everything, with weights that hold fitted values at 0 where y > 0;
 *              replace u by what is positive of the fit where y = 0; until the fit is nowhere negative
 *
 * Neither is believed: the rows where z is positive are separated only if a regression on everything, held at 0 in all other
 * rows, is nothing there and positive in them. The hold is tightened by multipliers: what is left is held against twice. */
#include "estimate/fit.h"

#include <math.h>
#include <string.h>

static const double hold = 1e5, negligible = 1e-3, exactly = 1e-7, falling = 0.3;
enum { RECTIFICATIONS = 200, MULTIPLIERS = 6 };

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
    return ARENA_ARRAYS(memory, wanted) ? BASHU_OK : fail_memory(arena_context(memory));
}

/* Fits the target with the weights there are; *good when that worked. */
static bashu_status regress(rectifier *x, arena *memory, bool *good)
{
    climb_end end;
    TRY(absorber_view(&x->f.a, memory, (view){METHOD_OLS, x->target, x->weight}));
    x->f.iterations = x->f.iterations > 0; /* collinear regressors are dropped once */
    *good = x->f.a.spread > 0;
    if (!*good) return BASHU_OK;
    TRY(fit_climb(&x->f, &end));
    *good = end == CLIMB_DONE || end == CLIMB_STALLED;
    return BASHU_OK;
}

/* Whether rows with z > 0 are separated: *count of them, marked. */
static bashu_status verify(size_t *count, unsigned char *excluded, rectifier *x, const double *z, arena *memory)
{
    const sample *s = &x->f.sample;
    bool good = true;
    double left = 0, *eta = x->f.a.eta;
    *count = 0;
    for (size_t r = 0; r < s->rows; r++) {
        x->target[r] = z[r] > 0 ? z[r] : 0;
        x->weight[r] = z[r] > 0 ? 1 : hold;
    }
    for (int k = 0; k < MULTIPLIERS; k++) {
        TRY(regress(x, memory, &good));
        if (!good) return BASHU_OK;
        left = 0;
        for (size_t r = 0; r < s->rows; r++) {
            if (z[r] > 0) continue;
            left = worse(left, eta[r]);
            x->target[r] -= eta[r];
        }
        if (left < exactly) break;
    }
    if (!(left < exactly)) return BASHU_OK;
    for (size_t r = 0; r < s->rows; r++)
        if (z[r] > 0 && eta[r] < -negligible) return BASHU_OK;
    for (size_t r = 0; r < s->rows; r++) {
        if (!(z[r] > 0 && eta[r] > 10 * negligible)) continue;
        excluded[s->row[r]] = 1;
        ++*count;
    }
    return BASHU_OK;
}

/* z = -step of Newton's method, where the outcome is zero and fitted values fall. */
static bool probe(fit *f, double *z)
{
    const sample *s = &f->sample;
    bool any = false;
    for (size_t r = 0; r < s->rows; r++) z[r] = f->a.eta[r];
    if (!fit_probe(f)) return false;
    for (size_t r = 0; r < s->rows; r++) {
        z[r] -= f->a.eta[r];
        if (s->outcome[r] > 0 || !(z[r] > falling)) z[r] = 0;
        any = any || z[r] > 0;
    }
    return any;
}

static bashu_status rectify(rectifier *x, double *z, bool *found, arena *memory)
{
    const sample *s = &x->f.sample;
    *found = false;
    for (size_t r = 0; r < s->rows; r++) {
        x->target[r] = s->outcome[r] == 0;
        x->weight[r] = s->outcome[r] == 0 ? 1 : hold;
    }
    for (int k = 0; k < RECTIFICATIONS; k++) {
        bool good, negative = false;
        TRY(regress(x, memory, &good));
        if (!good) return BASHU_OK; /* nothing positive is left */
        for (size_t r = 0; r < s->rows; r++) {
            double fitted = x->f.a.eta[r];
            if (s->outcome[r] > 0) continue;
            negative = negative || fitted < -negligible;
            x->target[r] = z[r] = fitted > negligible ? fitted : 0;
            *found = *found || z[r] > 0;
        }
        if (!negative) return BASHU_OK;
    }
    *found = false;
    return BASHU_OK;
}

bashu_status find_separated(size_t *count, unsigned char *excluded, fit *f, arena *memory)
{
    rectifier x;
    bool found;
    double *z = arena_alloc(memory, f->sample.rows, sizeof *z);
    *count = 0;
    if (!z) return fail_memory(arena_context(memory));
    TRY(begin(&x, f->problem, excluded, memory));
    if (probe(f, z)) TRY(verify(count, excluded, &x, z, memory));
    if (*count) return BASHU_OK;
    memset(z, 0, f->sample.rows * sizeof *z);
    TRY(rectify(&x, z, &found, memory));
    return found ? verify(count, excluded, &x, z, memory) : BASHU_OK;
}
