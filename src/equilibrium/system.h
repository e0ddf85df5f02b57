/* system.h - the chosen blocks as one fixed point z = G(z). */
#ifndef BASHU_EQUILIBRIUM_SYSTEM_H
#define BASHU_EQUILIBRIUM_SYSTEM_H

#include "blocks/blocks.h"
#include "linalg/lu_blocks.h"
#include "solve/solve.h"

typedef struct system_of_equations {
    bashu_context *context;
    problem problem;
    point at;
    size_t size;               /* N K */
    double *z;                 /* the last point evaluated */
    struct preconditioner *preconditioner;
    shock *nothing;            /* no shock: the baseline */
    arena *memory;
    /* own memory for what a shock changes; unchanged parts point into the economy */
    double *kernel, *sales, *migration_kernel, *decay_new, *baseline_migration, *upsilon_base;
    double *baseline_commuting, *commuting_kernel, *amenity_decay, *amenity_decay_new;
    double **decay_base, **decay_now;
    size_t *decay_of;
    double *change_work;       /* for derivatives */
} system_of_equations;

bashu_status system_new(system_of_equations **out, arena *memory, const bashu_economy *economy);
/* Points the system at a shock; no allocation unless this is the first shock that needs a kernel of its own. */
bashu_status system_set_shock(system_of_equations *system, arena *memory, const shock *k);
fixed_point system_fixed_point(system_of_equations *system);
/* Arrays for one evaluation of p->members. False: no memory. */
bool system_point_new(point *at, arena *memory, const problem *p);
/* Moves z [N K][members] to where the numeraire is met; nothing real changes. */
void system_normalise(void *system, double *z);
/* Evaluates at z and leaves everything in system->at; fully: the own elasticities too, which linearising needs. */
bool system_evaluate(system_of_equations *system, const double *z, double *f, bool fully);

/* The changes of G's parts of region n, in the order of z, from those of its pieces; dscale: change of the log of the numeraire. */
void system_combine_changes(const problem *p, const point *at, size_t n, const double *dz, const double *dwages,
                            const double *dworkers, double dincome, const double *dtotal, const double *dsales,
                            const double *dpeople, double dscale, double *dg);

/* preconditioner.c. Build: at the last point evaluated, which must have been evaluated fully, without levels. Couple: with levels,
 * after build at the same point; returns about how many passes that was worth, 0 when there is no memory or they are singular.
 * Payloads are the system. */
bashu_status preconditioner_new(struct preconditioner **out, arena *memory, const problem *p);
/* Once, at the baseline, evaluated fully. False: no memory. */
bool preconditioner_of_baseline(system_of_equations *system);
/* Before each shock: as if nothing had been solved. */
void preconditioner_restart(system_of_equations *system);
/* Begins a solve with what is there of the baseline, where that is a good thing to do. */
int preconditioner_begin(void *system);
/* Learns more of the baseline than a single solve would repay: what the preconditioner does not see, in so many directions (solve/deflation.h),
 * a pass each. Leaves the system at the baseline. Errors: MEMORY. */
bashu_status preconditioner_prepare(system_of_equations *system, size_t directions);
void preconditioner_build(void *system);
int preconditioner_couple(void *system);
/* Blocks alone: x [N K] the right side, then the solution. */
void preconditioner_solve_blocks(const system_of_equations *system, double *x, bool transposed);
/* step = B^-1 f, or the transpose. */
void preconditioner_apply(void *system, const double *f, double *step);
void preconditioner_apply_transposed(system_of_equations *system, const double *f, double *step);

/* Passes that preparing took; 0: not prepared, or nothing was learned. */
int preconditioner_learned_passes(const system_of_equations *system);
/* Whether preparing learned something; where it did not, there is nothing to apply to many. */
bool preconditioner_is_prepared(const system_of_equations *system);
/* The same B^-1 as a prepared system begins with, for BILATERAL_MANY right sides side by side. */
size_t preconditioner_many_work(const system_of_equations *system);
/* f, step: [N K][MANY]; may be called by several threads, each with its own work. */
void preconditioner_apply_many(const system_of_equations *system, const double *f, double *step, double *work);

/* levels.c: the coupling of regions' price levels. NULL: no memory. */
struct levels *levels_new(arena *memory, const problem *p);
/* At a point evaluated fully. Returns about how many passes it was worth, 0 when something is singular. */
int levels_build(struct levels *levels, const problem *p, const point *at);
/* step += P v, v from the excesses in f; and the transpose. */
void levels_correct(const struct levels *levels, const problem *p, const double *f, double *step);
void levels_correct_transposed(const struct levels *levels, const problem *p, const double *f, double *step);
/* Side by side; work: levels_many_work doubles. False: no memory, and step is as it was. */
size_t levels_many_work(const struct levels *levels, size_t N);
bool levels_correct_many(const struct levels *levels, const problem *p, const double *f, double *step, double *work);

static inline bool is_absent_sector(const problem *p, size_t n, size_t j)
{
    return !(p->economy->output[at2(n, j, p->J)] > 0);
}

#endif
