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
void many_solver_free(many_solver *many); /* before the arena */
lane_state many_state(const many_solver *many, size_t lane);
/* Scenario `number` begins: k is copied, and start, which is as for solver_set_start. The lane must be empty. */
void many_place(many_solver *many, size_t lane, const shock *k, const double *start, size_t number);
/* One pass for all lanes. */
void many_advance(many_solver *many);
/* What is solved, or lost, leaves its lane and waits; there must be room, for BILATERAL_MANY may wait. Errors: MEMORY. */
bashu_status many_collect(many_solver *many, size_t lane);
size_t many_waiting(const many_solver *many);
/* Certificates for all who wait; who has none, or was lost, is solved alone. Errors: as solve_shock. */
bashu_status many_certify(many_solver *many);
/* The i-th who waited, certified, and its number; the result is used again once nobody waits. */
const bashu_result *many_answer(const many_solver *many, size_t i, size_t *number);
void many_forget(many_solver *many);

#endif
