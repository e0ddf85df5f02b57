/* reference.h - the algorithm that most of the field uses, plainly and as fast as it goes: what the solver is measured
 * against, and a second way to the same answer.
 *
 * Nested and damped (Alvarez & Lucas 2007; Caliendo & Parro 2015): given wages, prices by iteration to the end; given prices,
 * expenditures by iteration to the end; then wages move a part of the way along the excess demand for labour, and all
 * again. It knows one group of workers who stay where they are, no land, no tariffs, multiplicative deficits, and shocks to
 * productivity. */
#ifndef BASHU_BENCH_REFERENCE_H
#define BASHU_BENCH_REFERENCE_H

#include "accounts/accounts.h"

typedef struct reference {
    const bashu_economy *economy;
    const shock *shock;
    int threads;
    double damping;               /* of wages, as a share of relative excess demand */
    bool warm;                    /* inner loops begin where they ended before; published scripts begin with ones */
    double tolerance, inner;      /* of the excess demand, and of both inner loops */
    int round_limit;
    size_t N, J;
    /* the answer */
    double *wage, *log_price, *output, *expenditure, *income; /* hats [N], [N][J]; levels [N][J], [N][J], [N] */
    int rounds, price_rounds, spending_rounds;
    double excess;
    /* room */
    double *value_added, *deficit_share, *log_wage, *x, *total, *weight, *sum, *next;
} reference;

/* All arrays; false: no memory. */
bool reference_new(reference *r, arena *memory, const bashu_economy *economy, const shock *k);
/* From hats of one; false: not within the limit of rounds, or not finite. */
bool reference_solve(reference *r);

#endif
