/* deflation.h - what a preconditioner does not see, learned once at a point and used near it.
 *
 *   M = -J B^-1;   Arnoldi from a random direction:  M V = V H + a rest,  V [size][directions] orthonormal
 *   B^-1 then gets    g = f + V (H^-1 - I) V' f    instead of f
 *
 * In the directions of V that is M's inverse, in others nothing; the directions Arnoldi finds first are those whose eigenvalues are
 * farthest from the others', which is what makes iterations slow. Costs a pass for each direction, once. */
#ifndef BASHU_SOLVE_DEFLATION_H
#define BASHU_SOLVE_DEFLATION_H

#include "solve/solve.h"

typedef struct deflation deflation;
/* Errors: MEMORY. */
enum { DEFLATION_MOST = 80 }; /* directions: more are seldom worth their products */
bashu_status deflation_new(deflation **out, arena *memory, size_t size, size_t directions);
/* At the last point linearised, with the preconditioner as it is (which must not use d). False: nothing was learned. */
bool deflation_learn(deflation *d, const fixed_point *p);
size_t deflation_count(const deflation *d); /* directions that were found */
/* g: [size], not f. */
void deflation_apply(const deflation *d, const double *f, double *g);
/* The same side by side: f, g [size][BILATERAL_MANY]; may be called by several threads. */
void deflation_apply_many(const deflation *d, const double *f, double *g);

#endif
