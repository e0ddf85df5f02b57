/* predict.h - where the solve of a year begins. */
#ifndef BASHU_TIME_PREDICT_H
#define BASHU_TIME_PREDICT_H

#include "equilibrium/equilibrium.h"

typedef struct predictor predictor; /* of one path */
/* changes: of the path's scenario, 0: the baseline path. Errors: MEMORY. */
bashu_status predictor_new(predictor **out, arena *memory, size_t unknowns, size_t changes);
/* What a change alone does, roughly: solved from the baseline for the largest part of it that is ever in force, and where it comes in steps for a quarter
 * of that. in_force(c, part) leaves the shock in place. Adds the passes of both to *passes. Errors: those of in_force, MEMORY. */
typedef bashu_status predictor_shock(const shock **out, void *payload, size_t which, double part);
bashu_status predictor_learn(predictor *p, bashu_solver *solver, predictor_shock *in_force, void *payload, size_t which, double most, bool in_steps, int *passes);
/* Unknowns to begin the next year from. parts: of each change in force in it; other: its answer on the other path (NULL: that of the baseline);
 * breaks: changes do not go on as they did. Valid until the next call. */
const double *predictor_start(predictor *p, const double *parts, const bashu_result *other, bool breaks);
/* The year's answer, with the same words. */
void predictor_note(predictor *p, const double *parts, const bashu_result *other, const bashu_result *year);

#endif
