/* attain.h - what it would take: the smallest uniform change of a lever that brings a circle's measure to its benchmark's. */
#ifndef BASHU_POLICY_ATTAIN_H
#define BASHU_POLICY_ATTAIN_H

#include "equilibrium/equilibrium.h"
#include "measure/clusters.h"

enum { ATTAIN_ROW_COUNT = 4 };
extern const bashu_attain_row attain_rows[ATTAIN_ROW_COUNT];

struct bashu_attain {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    bashu_attain_options options; /* texts are copies */
    bashu_options solver_options;
    size_t sector;
    focus circle, benchmark;
    bool share;                   /* the measure is the share of the nation's sector, not the location quotient */
    double tolerance;             /* as used */
    double measure, target;       /* at the baseline */
    size_t count;
    bashu_attain_answer *answers; /* [count] */
    double time_s;
};

bashu_status attain_new(bashu_attain **out, const bashu_economy *economy, const bashu_attain_options *wanted, const bashu_options *options);
void attain_free(bashu_attain *attain);

#endif
