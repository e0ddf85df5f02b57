/* elimination.h - sums over all ways through a sparse network, by elimination of its nodes one after another.
 *
 * For weights a_kl of arcs, A* = I + A + A A + A A A + ... is, in a semiring (plus, times),
 *
 *   ELIMINATE_ROUTES  (+, x)     A* = (I - A)^-1     the sum over all ways of the product of their weights
 *   ELIMINATE_TIMES   (min, +)   A*                  the least sum of times over all ways
 *
 * Both come from one algorithm and one order of the nodes: a_ij := a_ij + a_ik a_kk* a_kj, with a* = 1 / (1 - a) or 0. Nothing is
 * pivoted and, with a_kl >= 0, nothing is subtracted but 1 - a_kk, so that every entry of the first has few rounding errors however
 * small it is beside others (I - A is an M-matrix; it is one exactly when no pivot 1 - a_kk is zero or less: spectral radius < 1).
 *
 * The plan depends on the pattern alone and serves any number of values: approximate minimum degree (Amestoy, Davis & Duff 2004) of
 * SuiteSparse, elimination tree (Liu 1990), columns of one pattern together; the values are made front by front (Duff & Reid 1983).
 * Bits do not depend on the number of threads. */
#ifndef BASHU_LINALG_ELIMINATION_H
#define BASHU_LINALG_ELIMINATION_H

#include "core/core.h"

/* Arcs of node i: head[i] .. head[i + 1] - 1, to node `to`. Several arcs may join the same nodes, and an arc may end where it begins. */
typedef struct arc_pattern {
    size_t size;
    const int *head, *to; /* [size + 1], [head[size]] */
} arc_pattern;

typedef struct elimination_plan elimination_plan;
/* Lives as long as the arena; the pattern must outlive it. Errors: MEMORY, ARGUMENT (no node). */
bashu_status elimination_plan_new(elimination_plan **out, arena *memory, const arc_pattern *pattern);
size_t elimination_entries(const elimination_plan *plan); /* numbers that values take */
double elimination_work(const elimination_plan *plan);    /* operations of making them */

typedef enum eliminate_what { ELIMINATE_ROUTES, ELIMINATE_TIMES } eliminate_what;
typedef struct elimination elimination;
/* Room for values of a plan, which must outlive it; lives as long as the arena. Errors: MEMORY. */
bashu_status elimination_new(elimination **out, arena *memory, const elimination_plan *plan, eliminate_what what);
/* value: [arcs] at least 0; a time may be INFINITY (closed). *failed: the node at which a pivot was not positive, else -1. Errors: MEMORY. */
bashu_status elimination_make(elimination *e, const double *value, int threads, long *failed);
/* x := A* x, or x := A*^T x with `transposed`, for `count` right sides, x[count][size]. Errors: MEMORY. */
bashu_status elimination_solve(const elimination *e, bool transposed, int threads, double *x, size_t count);
/* Rows of A*: out[k][l] = A*(from[k], to[l]), e.g. the least times from places to places; to: NULL for all nodes. Errors: MEMORY. */
bashu_status elimination_rows(const elimination *e, int threads, const int *from, size_t count, const int *to, size_t to_count, double *out);

#endif
