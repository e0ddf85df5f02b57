/* many.h - scenarios that leave the kernels alone, solved side by side, BILATERAL_MANY to a pass.
 *
 * They differ in what places are like (productivity, amenity, land, transfers), not in what lies between them, so all are passes over the same
 * shares, with the same preconditioner, that of the baseline. Answers have the same certificate as others but not the last digits of
 * them; they depend on the scenario alone, not on which others stand beside it. A scenario that is not solved within a few passes is
 * solved by the ladder instead. */
#ifndef BASHU_EQUILIBRIUM_MANY_H
#define BASHU_EQUILIBRIUM_MANY_H

#include "equilibrium/equilibrium.h"
#include "solve/lockstep.h"

/* What is learned of the baseline, once for all threads; read-only afterwards. The economy, and its context, must outlive it. *out is NULL where
 * there is nothing to learn: then scenarios are solved alone. Errors: MEMORY. */
typedef struct many_basis many_basis;
bashu_status many_basis_new(many_basis **out, const bashu_economy *economy);
void many_basis_free(many_basis *basis);

/* Whether a shock may be solved side by side with others, by these options (NULL: the defaults). */
bool many_takes(const bashu_economy *economy, const bashu_options *options, const shock *k);

/* The lanes of one thread, with a solver that solves alone what lanes do not get. Errors: MEMORY. */
typedef struct many_solver many_solver;
bashu_status many_solver_new(many_solver **out, arena *memory, const many_basis *basis, bashu_solver *alone);
lane_state many_state(const many_solver *many, size_t lane);
/* k is copied, and start, which is as for solver_set_start. The lane must be empty. */
void many_place(many_solver *many, size_t lane, const shock *k, const double *start);
/* One pass for all lanes. */
void many_advance(many_solver *many);
/* The answer of a lane that is solved or lost, which then is empty. Errors: MEMORY. */
bashu_status many_take(many_solver *many, size_t lane, bashu_result **result);

#endif
