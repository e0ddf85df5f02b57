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
enum { RECTIFICATIONS = 60, MULTIPLIERS = 6, CANDIDATES = 30 };

typedef struct rectifier {
    fit f;
    double *target, *weight, *eta; /* [rows]; eta: what fits the target */
} rectifier;

static bashu_status begin(rectifier *x, const estimate_problem *p, const unsigned char *excluded, arena *memory)
{
    TRY(fit_new(&x->f, memory, p, excluded));
    const sample *s = &x->f.sample;
    x->f.tolerance = 1e-8; /* with weights so far apart rounding shows early; multipliers mend the rest */
    x->f.iteration_limit = 6;
    const array_wanted wanted[] = {{&x->target, s->rows}, {&x->weight, s->rows}, {&x->eta, s->rows}};
    return ARENA_ARRAYS(memory, wanted) ? BASHU_OK : fail_memory(arena_context(memory));
}

/* Fits the target with the weights there are; *good when that worked. */
static bashu_status regress(rectifier *x, arena *memory, bool *good)
{
    climb_end end;
    TRY(absorber_view(&x->f.a, memory, (view){METHOD_OLS, x->target, x->weight}));
    x->f.iterations = x->f.iterations > 0; /* collinear regressors are dropped once */
    x->f.a.passes = 0;                     /* the limit is that of the estimate */
    *good = x->f.a.spread > 0;
    if (!*good) return BASHU_OK;
    TRY(fit_climb(&x->f, &end));
    absorb_linear(&x->f.a, x->eta);
    *good = end == CLIMB_DONE || end == CLIMB_STALLED || end == CLIMB_LIMIT;
    return BASHU_OK;
}

/* Fits z where it is positive, held at 0 elsewhere by multipliers; *left: the worst that is left there. */
static bashu_status fit_candidate(rectifier *x, const double *z, double *left, arena *memory)
{
    const sample *s = &x->f.sample;
    const double *eta = x->eta;
    bool good = true;
    for (size_t r = 0; r < s->rows; r++) {
        x->target[r] = z[r];
        x->weight[r] = z[r] > 0 ? 1 : hold;
    }
    *left = 1;
    for (int k = 0; k < MULTIPLIERS && *left >= exactly; k++) {
        TRY(regress(x, memory, &good));
        *left = good ? 0 : 1;
        for (size_t r = 0; r < s->rows && good; r++) {
            if (z[r] > 0) continue;
            *left = worse(*left, eta[r]);
            x->target[r] -= eta[r];
        }
        if (!good) return BASHU_OK;
    }
    return BASHU_OK;
}

/* Rows with z > 0 that are separated are marked, *count of them. Candidates whose fit is not positive are held at 0 as well,
 * until those that are left stand on their own. */
static bashu_status verify(size_t *count, unsigned char *excluded, rectifier *x, double *z, arena *memory)
{
    const sample *s = &x->f.sample;
    const double *eta = x->eta;
    bool stable = false;
    double left = 1;
    for (int k = 0; k < CANDIDATES && !stable; k++) {
        size_t candidates = 0;
        TRY(fit_candidate(x, z, &left, memory));
        stable = left < exactly;
        for (size_t r = 0; r < s->rows; r++) {
            if (!(z[r] > 0)) continue;
            bool positive = eta[r] > 10 * negligible;
            stable = stable && positive;
            z[r] = positive ? eta[r] : 0;
            candidates += positive;
        }
        if (!candidates) return BASHU_OK;
    }
    for (size_t r = 0; stable && r < s->rows; r++) {
        excluded[row_of(s, r)] |= z[r] > 0;
        *count += z[r] > 0;
    }
    return BASHU_OK;
}

/* z = -step of Newton's method, where the outcome is zero and fitted values fall. */
static bool probe(fit *f, double *z, double *eta)
{
    const sample *s = &f->sample;
    bool any = false;
    absorb_linear(&f->a, z);
    if (!fit_step(f)) return false;
    absorb_linear(&f->a, eta);
    for (size_t r = 0; r < s->rows; r++) {
        z[r] -= eta[r];
        if (s->outcome[r] > 0 || !(z[r] > falling)) z[r] = 0;
        any = any || z[r] > 0;
    }
    fit_back(f);
    return any;
}

/* Where the rectifier is slow, what is well above its worst negative is a candidate already. */
static bashu_status rectify(rectifier *x, double *z, bool *found, arena *memory)
{
    const sample *s = &x->f.sample;
    *found = false;
    for (size_t r = 0; r < s->rows; r++) {
        x->target[r] = s->outcome[r] == 0;
        x->weight[r] = s->outcome[r] == 0 ? 1 : hold;
    }
    for (int k = 0; k < RECTIFICATIONS; k++) {
        bool good;
        double lowest = 0;
        TRY(regress(x, memory, &good));
        *found = false;
        if (!good) return BASHU_OK; /* nothing positive is left */
        for (size_t r = 0; r < s->rows; r++)
            if (s->outcome[r] == 0) lowest = fmin(lowest, x->eta[r]);
        for (size_t r = 0; r < s->rows; r++) {
            double fitted = x->eta[r];
            if (s->outcome[r] > 0) continue;
            x->target[r] = fitted > negligible ? fitted : 0;
            z[r] = fitted > fmax(negligible, -3 * lowest) ? fitted : 0;
            *found = *found || z[r] > 0;
        }
        if (lowest > -negligible) break;
    }
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
    if (probe(f, z, x.eta)) TRY(verify(count, excluded, &x, z, memory));
    if (*count) return BASHU_OK;
    memset(z, 0, f->sample.rows * sizeof *z);
    TRY(rectify(&x, z, &found, memory));
    return found ? verify(count, excluded, &x, z, memory) : BASHU_OK;
}
