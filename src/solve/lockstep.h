/* lockstep.h - many fixed points z = G(z) solved side by side, one in each of BILATERAL_MANY lanes; knows no economics.
 *
 * All lanes take the same step together: one evaluation, one preconditioner that was made before and is the same for all, and Anderson's
 * acceleration (anderson.c) of depth LOCKSTEP_DEPTH. A lane that is solved, or lost, waits for its owner, who may place another problem there
 * while the others go on. What becomes of a lane depends on its problem alone, not on its number nor on the others.
 *
 * There is no second rung: a lane that does not get there within a few steps is lost, and its problem belongs to the ladder (solve.h). */
#ifndef BASHU_SOLVE_LOCKSTEP_H
#define BASHU_SOLVE_LOCKSTEP_H

#include "core/core.h"
#include "linalg/bilateral.h"

enum { LOCKSTEP_DEPTH = 4, LOCKSTEP_PASSES = 40 };

/* Arrays are [size][BILATERAL_MANY]. What is not finite in one lane must stay there. */
typedef struct lockstep_problem {
    size_t size;
    void *payload;
    void (*evaluate)(void *payload, const double *z, double *f);          /* f = G(z) - z */
    void (*precondition)(void *payload, const double *f, double *step);   /* step = B^-1 f */
    void (*normalise)(void *payload, double *z);
} lockstep_problem;

typedef enum lane_state { LANE_EMPTY, LANE_RUNNING, LANE_SOLVED, LANE_LOST } lane_state;

typedef struct lockstep_lane {
    lane_state state;
    int passes;
    double residual, best;
    double history[LOCKSTEP_PASSES]; /* residual at each evaluation */
} lockstep_lane;

typedef struct lockstep {
    size_t size;
    lockstep_lane lanes[BILATERAL_MANY];
    int columns[BILATERAL_MANY];   /* of history that the lane has */
    bool astray[BILATERAL_MANY];   /* has left what is not finite in its history */
    int next;                      /* column that the next differences go to */
    double *z, *f, *step, *z_previous, *step_previous; /* [size][MANY] */
    double *dboth, *dstep;         /* [LOCKSTEP_DEPTH][size][MANY] dZ + dS, dS */
    double gram[LOCKSTEP_DEPTH][LOCKSTEP_DEPTH][BILATERAL_MANY];
} lockstep;

/* Errors: MEMORY. */
bashu_status lockstep_new(lockstep **out, arena *memory, size_t size);
/* The lane begins at start [size]; NULL: zeros. */
void lockstep_place(lockstep *l, size_t lane, const double *start);
/* One evaluation of all lanes; running lanes whose residual (max norm) is at most `tolerance` are solved and stay where they are, those that go
 * astray or have had pass_limit are lost, the others move. */
void lockstep_advance(lockstep *l, const lockstep_problem *p, double tolerance, int pass_limit);

#endif
