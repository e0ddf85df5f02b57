/* system.h - the chosen blocks as one fixed point z = G(z). */
#ifndef BASHU_EQUILIBRIUM_SYSTEM_H
#define BASHU_EQUILIBRIUM_SYSTEM_H

#include "blocks/blocks.h"
#include "linalg/dense_blocks.h"
#include "solve/solve.h"

typedef struct system_of_equations {
    bashu_context *context;
    problem problem;
    point at;
    size_t size;               /* N K */
    double *z;                 /* the last point evaluated */
    double *matrices;          /* [N][K][K] the block Jacobian of -F, column by column */
    dense_blocks *factors;     /* its factors; a singular block takes plain steps */
    arena *memory;
    struct coarse *coarse;     /* coarse.c; NULL until it is first wanted */
    bool coupled;              /* coarse belongs to the last point linearised */
    /* own memory for what a shock changes; unchanged parts point into the economy */
    double *kernel, *sales, *migration_kernel, *decay_new, *baseline_migration, *upsilon_base;
    double *baseline_commuting, *commuting_kernel, *amenity_decay, *amenity_decay_new;
    double **decay_base, **decay_now;
    size_t *decay_of;
    double *change_work;       /* for derivatives */
    double *block_work;
} system_of_equations;

bashu_status system_new(system_of_equations **out, arena *memory, const bashu_economy *economy);
/* Points the system at a shock; no allocation unless this is the first shock that needs a kernel of its own. */
bashu_status system_set_shock(system_of_equations *system, arena *memory, const shock *k);
fixed_point system_fixed_point(system_of_equations *system);
/* coarse.c: the coupling of regions' price levels. Builds it at the last point linearised; returns about how many passes
 * that was worth, 0 when there is no memory or the coupling is singular. */
int coarse_build(system_of_equations *system);
/* step += P (A^-1 R - M D^-1 R_1) f */
void coarse_correct(const system_of_equations *system, const double *f, double *step);
/* The same transposed: step += (A^-1 R - M D^-1 R_1)^T P^T f */
void coarse_correct_transposed(const system_of_equations *system, const double *f, double *step);
/* Evaluates at z and leaves everything in system->at; fully: the own elasticities too, which linearising needs. */
bool system_evaluate(system_of_equations *system, const double *z, double *f, bool fully);

#endif
