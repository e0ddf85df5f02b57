/* scale.h - the changes of a scenario, more or less of each. */
#ifndef BASHU_POLICY_SCALE_H
#define BASHU_POLICY_SCALE_H

#include "accounts/accounts.h"

/* Errors: ARGUMENT: a change states a new level, or has a table. */
bashu_status scalable_check(const bashu_scenario *scenario);
/* The scenario with change c times scale[c]: percent times it, hat to its power, persons or money times it. Its changes are from the arena. Errors: MEMORY. */
bashu_status scenario_scaled(bashu_scenario *out, arena *memory, const bashu_scenario *scenario, const double *scale);

#endif
