/* audit.h - published claims against the data. */
#ifndef BASHU_MEASURE_AUDIT_H
#define BASHU_MEASURE_AUDIT_H

#include "input/circles.h"
#include "measure/circles.h"

typedef struct audited {
    const claim *claim;
    bashu_verdict verdict;
    size_t reading;       /* the one the verdict is about */
    double found;         /* in the claim's unit; NaN: not known */
    double numerator, denominator; /* of it, in the variable's unit; denominator NaN where it is no share */
    int power;            /* of ten by which it is off; 0 */
} audited;

struct bashu_audit {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    claims claims;
    audited *row; /* [claims.count] */
};
/* path NULL: claims.yaml of the economy's folder. Errors: IO, INPUT, MEMORY. */
bashu_status audit_new(bashu_audit **out, const bashu_economy *economy, const char *path);
void audit_free(bashu_audit *audit);
/* What a reading finds, in the variable's unit; shares as fractions, ranks as numbers; NaN: the data do not say. */
bashu_status audit_reading(double *found, double *numerator, double *denominator, const bashu_economy *economy, arena *scratch, const claim_reading *reading);
/* Whether a number agrees with what is said, both in the claim's unit: 2 as printed, 1 within rounding, 0 not. */
int audit_agrees(const claim *c, double found);

#endif
