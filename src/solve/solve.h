/* solve.h - fixed points z = G(z), seen as F(z) = G(z) - z = 0; knows no economics.
 *
 * The ladder, from fast to safe:
 *   1 anderson       z + B^-1 F with Anderson acceleration of depth 10 (Walker & Ni 2011); B: the block Jacobian of -F,
 *                    from the first sign of trouble on with what couples the blocks
 *   2 newton_krylov  Newton steps by GMRES (Saad & Schultz 1986), right-preconditioned by B; Eisenstat-Walker, backtracking
 *   3 plain          z + d F with d halved when F grows: slow, and safe where several equilibria make the others wander
 * Each rung starts where the residual was smallest so far; the second hands back to the first, once, when it has cut the residual
 * by 100. The residual is the max norm of F, blind to no NaN. */
#ifndef BASHU_SOLVE_SOLVE_H
#define BASHU_SOLVE_SOLVE_H

#include "core/core.h"

/* A B from before, coupled or not: flags. For the start: it saves making another for the first two steps, which is dear. For all: it will do for all of a
 * solve that begins near enough. From far: making another is so dear that it should do for one that begins farther away, too. */
typedef enum begun { BEGUN_NOT = 0, BEGUN_FOR_THE_START = 1, BEGUN_FOR_ALL = 2, BEGUN_FROM_FAR = 4 } begun;

typedef struct fixed_point {
    size_t size;
    void *payload;
    /* f = G(z) - z. Returns false when something is not finite. Counts as one pass. fully: linearise will follow at this
     * point, so what it needs is gathered in the same pass, which is then a little dearer. */
    bool (*evaluate)(void *payload, const double *z, double *f, bool fully);
    /* NULL, or puts a B in place that was made before, and says what for. */
    int (*begin)(void *payload); /* flags of begun */
    /* Linearises at the last z evaluated, which was evaluated fully; the block Jacobian too, so that precondition works.
     * NULL: there is nothing to do. */
    void (*linearise)(void *payload);
    /* NULL, or moves z to an equivalent point that satisfies a side condition exactly (a numeraire); asked for after
     * every step, because a condition that bends keeps long steps from being taken. */
    void (*normalise)(void *payload, double *z);
    /* NULL, or adds to B what couples the blocks, where that is what makes the problem hard; asked for after linearise
     * where plain blocks stall. Returns about how many passes it was worth. */
    int (*couple)(void *payload);
    /* step = B^-1 f. */
    void (*precondition)(void *payload, const double *f, double *step);
    /* jv = (dF/dz) v at the last point linearised. Counts as one pass. NULL: the Newton rung is left out. */
    void (*derivative)(void *payload, const double *v, double *jv);
} fixed_point;

typedef enum rung { RUNG_NONE, RUNG_ANDERSON, RUNG_NEWTON_KRYLOV, RUNG_PLAIN, RUNG_COUNT } rung;
const char *rung_name(rung r);

typedef struct solve_settings {
    double tolerance;
    int pass_limit;
    rung first;            /* RUNG_ANDERSON ordinarily */
    double least_progress; /* Anderson gives way when 25 passes do not cut the residual by this factor; 1e-3 ordinarily */
    rung only;             /* RUNG_NONE ordinarily; else no other is tried */
} solve_settings;

typedef struct solve_outcome {
    bashu_reason reason;
    rung rung;           /* that answered */
    int passes;
    double residual;
    size_t history_count;
    double *history;     /* residual at each evaluation, caller's, room for history_room */
    size_t history_room;
} solve_outcome;

typedef struct ladder ladder; /* workspace */
bashu_status ladder_new(ladder **out, arena *memory, size_t size);
/* For very many unknowns: without room for the Newton rung (f->derivative must be NULL), and with so many (1 to 10) points of history. */
bashu_status ladder_new_small(ladder **out, arena *memory, size_t size, int depth);
/* For problems that follow each other closely: a solve that begins near, with a B from before that will do for all of it, starts with the
 * differences of points and steps that the last such solve left. Off again, or asked anew: what there was is forgotten. */
void ladder_keep_history(ladder *l, bool keep);
/* z: the start, on return the best point found. */
void ladder_solve(ladder *l, const bashu_context *context, const fixed_point *f, const solve_settings *settings, double *z,
                  solve_outcome *outcome);
/* max |J^-1 f| by GMRES at the last point linearised: how far z is from the solution. Adds its passes to *passes. */
double ladder_forward_error(ladder *l, const fixed_point *f, const double *residual, int *passes);
/* linear.c: (dF/dz) step = -f at the last point linearised, by GMRES again and again on what is left, until the residual,
 * computed anew, is `tolerance` of f, no longer falls, or there were pass_limit passes. Returns the relative residual. Neither
 * f nor step may be the ladder's own. */
double ladder_linear(ladder *l, const bashu_context *context, const fixed_point *p, const double *f, double tolerance, int pass_limit,
                     double *step, int *passes);

#endif
