/* deflation.c - Arnoldi's directions of a preconditioned Jacobian, and its inverse on them. */
#include "solve/deflation.h"

#include "linalg/bilateral.h"
#include "linalg/lu_blocks.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>


struct deflation {
    size_t size, most;   /* directions asked for */
    size_t count;        /* directions found: fewer where the space is small */
    double *basis;       /* [most + 1][size] V */
    double *hessenberg;  /* [count][count] by columns */
    lu_blocks *factors;  /* of H */
    double *correction;  /* [count][count] H^-1 - I, by rows */
    double *step;        /* [size] */
};

static void deflation_free(void *deflation_)
{
    deflation *d = deflation_;
    lu_blocks_free(d->factors);
}

bashu_status deflation_new(deflation **out, arena *memory, size_t size, size_t directions)
{
    deflation *d = arena_alloc(memory, 1, sizeof *d);
    *out = d;
    if (!d) return fail_memory(arena_context(memory));
    d->size = size;
    d->most = directions < size ? directions : size;
    if (d->most > DEFLATION_MOST) d->most = DEFLATION_MOST;
    const array_wanted wanted[] = {{&d->basis, (d->most + 1) * size}, {&d->hessenberg, d->most * d->most},
                                   {&d->correction, d->most * d->most}, {&d->step, size}};
    if (!ARENA_ARRAYS(memory, wanted) || !arena_keep(memory, deflation_free, d)) return fail_memory(arena_context(memory));
    return BASHU_OK;
}

static double scale_to_one(double *x, size_t n)
{
    double norm = sqrt(dot(x, x, n));
    for (size_t i = 0; i < n && norm > 0; i++) x[i] /= norm;
    return norm;
}

/* A direction that there is: a change of the unknowns at random, and what it does to F. */
static bool first_direction(deflation *d, const fixed_point *p)
{
    random_stream stream;
    random_seed(&stream, 1);
    for (size_t i = 0; i < d->size; i++) d->basis[i] = random_normal(&stream);
    p->precondition(p->payload, d->basis, d->step);
    p->derivative(p->payload, d->step, d->basis);
    double norm = scale_to_one(d->basis, d->size);
    return norm > 0 && isfinite(norm);
}

/* The next column of V and H; returns how much of it is new. columns: H as [most][most]. */
FOR_EACH_WIDTH static double next_direction(deflation *d, const fixed_point *p, size_t k)
{
    size_t n = d->size;
    double *next = d->basis + (k + 1) * n, *column = d->hessenberg + k * d->most;
    p->precondition(p->payload, d->basis + k * n, d->step);
    p->derivative(p->payload, d->step, next);
    for (size_t i = 0; i < n; i++) next[i] = -next[i];
    memset(column, 0, d->most * sizeof *column);
    for (int twice = 0; twice < 2; twice++)
        for (size_t q = 0; q <= k; q++) {
            double overlap = dot(d->basis + q * n, next, n);
            column[q] += overlap;
            add_scaled(next, -overlap, d->basis + q * n, n);
        }
    double left = scale_to_one(next, n);
    if (k + 1 < d->most) column[k + 1] = left;
    return left;
}

static void invert(deflation *d)
{
    double column[DEFLATION_MOST];
    for (size_t k = 0; k < d->count; k++) {
        memset(column, 0, sizeof column);
        column[k] = 1;
        lu_blocks_solve(d->factors, 0, column);
        column[k] -= 1;
        for (size_t i = 0; i < d->count; i++) d->correction[i * d->count + k] = column[i];
    }
}

bool deflation_learn(deflation *d, const fixed_point *p)
{
    d->count = 0;
    if (!first_direction(d, p)) return false;
    double left = 1;
    for (size_t k = 0; k < d->most && left > 1e-10; k++, d->count++) left = next_direction(d, p, k);
    if (!isfinite(left)) d->count = 0;
    for (size_t k = 0; k < d->count; k++) memmove(d->hessenberg + k * d->count, d->hessenberg + k * d->most, d->count * sizeof(double));
    lu_blocks_free(d->factors);
    d->factors = d->count ? lu_blocks_new(1, d->count) : NULL;
    if (!d->factors || !lu_blocks_factor(d->factors, 0, d->hessenberg)) d->count = 0;
    invert(d);
    return d->count > 0;
}

size_t deflation_count(const deflation *d)
{
    return d->count;
}

FOR_EACH_WIDTH void deflation_apply(const deflation *d, const double *f, double *g)
{
    double along[DEFLATION_MOST], solved[DEFLATION_MOST];
    for (size_t k = 0; k < d->count; k++) solved[k] = along[k] = dot(d->basis + k * d->size, f, d->size);
    if (d->count) lu_blocks_solve(d->factors, 0, solved);
    memcpy(g, f, d->size * sizeof *f);
    for (size_t k = 0; k < d->count; k++) add_scaled(g, solved[k] - along[k], d->basis + k * d->size, d->size);
}

void deflation_apply_many(const deflation *d, const double *f, double *g)
{
    double along[DEFLATION_MOST * BILATERAL_MANY], more[DEFLATION_MOST * BILATERAL_MANY];
    many_totals(d->basis, d->count, d->size, d->size, f, along);
    many_totals(d->correction, d->count, d->count, d->count, along, more);
    memcpy(g, f, d->size * BILATERAL_MANY * sizeof *f);
    many_sums(d->basis, d->count, d->size, d->size, more, g);
}
