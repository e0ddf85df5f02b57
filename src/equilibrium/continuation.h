/* continuation.h - the last resort for large shocks: a path of smaller ones. */
#ifndef BASHU_EQUILIBRIUM_CONTINUATION_H
#define BASHU_EQUILIBRIUM_CONTINUATION_H

#include "equilibrium/system.h"

/* Memory for the path; made when first wanted, kept by the caller. */
typedef struct continuation continuation;
/* Follows the equilibrium from the baseline to the shock. z: on return the answer, or the last point of the path.
 * outcome: as of ladder_solve, with all passes of the path. Errors: MEMORY. */
bashu_status continuation_solve(continuation **memory_of, system_of_equations *system, ladder *l, const shock *k,
                                const solve_settings *settings, double *z, solve_outcome *outcome);

#endif
