/* outcome.h - one number that is asked of an equilibrium: a variable of a set of regions. */
#ifndef BASHU_MEASURE_OUTCOME_H
#define BASHU_MEASURE_OUTCOME_H

#include "measure/measure.h"

typedef struct named_outcome {
    const char *name, *variable, *set, *member; /* name: as it was asked for, gdp:circle=CCEC; set "all", member "" where none was named */
    label whose;                                /* the set in words */
} named_outcome;

/* text: VARIABLE, VARIABLE:SET=MEMBER, VARIABLE:region=ID, VARIABLE:all or VARIABLE:foreign, of a variable of shape region.
 * Words are copied into the arena. Errors: ARGUMENT, MEMORY. */
bashu_status outcome_read(named_outcome *out, arena *memory, const bashu_economy *economy, const char *text);
/* Variable of the set, named as outcome_read would read it. */
bashu_status outcome_of(named_outcome *out, arena *memory, const bashu_economy *economy, const char *variable, const focus *about);
/* What was asked for, else (text NULL) the usual variable of what it is about. Errors: as outcome_read. */
bashu_status outcome_wanted(named_outcome *out, arena *memory, const bashu_economy *economy, const char *text, const char *usual, const focus *about);
/* The list asked for; an empty list is gdp, welfare, real_wage and population of the focus, then (but population) of the nation. */
bashu_status outcomes_read(named_outcome **out, size_t *out_count, arena *memory, const bashu_economy *economy, const focus *about,
                           const char *const *texts, size_t count);
/* NaN where the result has no equilibrium. */
bashu_status outcome_value(double *out, const bashu_result *result, const named_outcome *asked, bashu_column column);

#endif
