/* lanes.h - BILATERAL_MANY members of one system side by side, with the preconditioner of its baseline; solve/lockstep.h takes the steps.
 *
 * Members differ in hats of places (productivity, amenity, land, transfers, people) and share what lies between places. */
#ifndef BASHU_EQUILIBRIUM_LANES_H
#define BASHU_EQUILIBRIUM_LANES_H

#include "equilibrium/system.h"
#include "solve/lockstep.h"

typedef struct lanes {
    const system_of_equations *basis;
    system_of_equations system; /* of all members */
    shock beside;               /* arrays with the member as innermost index */
    lockstep *lockstep;
    lockstep_problem problem;
    double *people_hat;         /* [N][S][MANY] beside's, or NULL */
    double *work;
} lanes;

/* basis: prepared (preconditioner_is_prepared); it must outlive the lanes, and is read alone. people: hats of people are given. Errors: MEMORY. */
bashu_status lanes_new(lanes **out, arena *memory, const system_of_equations *basis, bool people);
/* What lies between places is from now on as in `system`, which was pointed at a shock (system_set_shock); its hats are not read. */
void lanes_share(lanes *l, const system_of_equations *system);
/* Hats of one member. */
void lanes_put(lanes *l, size_t lane, const shock *k);
/* An array of one member out of those of all. */
void lane_get(double *x, const double *beside, size_t lane, size_t count);

#endif
