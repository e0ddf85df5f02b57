/* equilibrium.h - counterfactual equilibria: solver, certificate, uniqueness. */
#ifndef BASHU_EQUILIBRIUM_EQUILIBRIUM_H
#define BASHU_EQUILIBRIUM_EQUILIBRIUM_H

#include "equilibrium/result.h"

/* static.c. The workspace is made once; solving allocates nothing but what the first shock of a kind needs. */
bashu_status solver_new(bashu_solver **out, const bashu_economy *economy, const bashu_options *options);
void solver_free(bashu_solver *solver);
/* What a single solve would not repay: what the preconditioner does not see at the baseline (solve/deflation.h). Answers have the same
 * certificate, but not the bits of a solver that was not prepared. Errors: MEMORY. */
bashu_status solver_prepare(bashu_solver *solver);
/* Passes that preparing took; 0: not prepared. */
int solver_prepared_passes(const bashu_solver *solver);
/* Further random starts when uniqueness is not known: -1 decide, 0 none. */
void solver_set_starts(bashu_solver *solver, int starts);
/* Whether results keep what flows between pairs of regions need (as large as the trade shares); yes unless said. */
void solver_keep_pairs(bashu_solver *solver, bool keep);
const bashu_options *solver_options(const bashu_solver *solver);
bashu_status solve_some(bashu_result **result, bashu_solver *solver, const bashu_scenario *scenario,
                        const unsigned char *mask);
/* As solve_some for a shock made by hand (tests, policy search); k belongs to the caller. */
bashu_status solve_shock(bashu_result **result, bashu_solver *solver, const shock *k);
/* The answer z that was reached elsewhere (many.c), where the solver's own point has been brought; all but its certificate. Errors: as solve_shock. */
struct solve_outcome;
bashu_status solver_accept(bashu_result **result, bashu_solver *solver, const shock *k, const double *z, const struct solve_outcome *outcome);
/* Unknowns alone, from where z is to the tolerance (or the solver's, where that is larger): no answer, no certificate. changed: k is not what it was in
 * the last call but for people_hat. On return solver_system is at z where outcome->reason is positive. */
bashu_status solve_point(bashu_solver *solver, const shock *k, bool changed, double tolerance, double *z, struct solve_outcome *outcome);
/* Starts from z instead of the baseline; [N * K] in the order of blocks.h, NULL: baseline. */
void solver_set_start(bashu_solver *solver, const double *z);
/* Whether solves of a prepared solver that begin near go on from what the last one learned (solve/solve.h): for years in turn. */
void solver_keep_history(bashu_solver *solver, bool keep);
size_t solver_unknown_count(const bashu_solver *solver);
/* The unknowns of an answer, in the same order. */
void result_unknowns(double *z, const bashu_result *result);
void result_free(bashu_result *result);
/* The equations at the last point evaluated, for what needs more than a result holds. */
struct system_of_equations *solver_system(const bashu_solver *solver);

/* rebase.c: with `deficits: zero` or `baseline: settled` the equilibrium that the model has without a shock becomes the
 * baseline. Errors: INPUT when there is none. */
bool needs_settling(const bashu_economy *economy);
bashu_status settle_baseline(bashu_economy *economy, const bashu_options *options);

/* certify.c: recomputes every equation of docs/model.md, section 2, in levels, from economy, shock and result alone;
 * shares no code with the blocks. Fills equations, residual, worst. */
bashu_status certify(bashu_result *result, const shock *k);
/* The same for several answers of one economy, under shocks that leave its kernels and travel times alone (many_takes), in one reading of the shares. The
 * last digits of a residual may differ from those of `certify`, not with who is checked together. */
enum { CERTIFY_TOGETHER = 16 };
bashu_status certify_together(bashu_result *const *results, const shock *const *shocks, size_t count);
/* The same for the accounts themselves; sets baseline_residual. Errors: INPUT when they do not balance to 1e-9. */
bashu_status certify_baseline(bashu_economy *economy);

/* uniqueness.c: true when a known theorem says that there is one equilibrium under the shock (NULL: none);
 * words says which, or why not. costs: whether they are symmetric, of the economy's own trade costs, found once and kept by the caller. */
typedef enum symmetry { SYMMETRY_UNKNOWN, SYMMETRIC, NOT_SYMMETRIC } symmetry;
bool uniqueness_holds(const bashu_economy *economy, const shock *k, symmetry *costs, char *words, size_t size);

#endif
