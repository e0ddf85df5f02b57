/* calibrate.h - from data to balanced accounts; what its files share. Equations at the top of each file. */
#ifndef BASHU_CALIBRATE_CALIBRATE_H
#define BASHU_CALIBRATE_CALIBRATE_H

#include "accounts/accounts.h"

/* Everything: balances, fits trade and migration, inverts fundamentals. Errors: INPUT with the equation, region and
 * sector that cannot balance; MEMORY. */
bashu_status calibrate(bashu_economy **out, const bashu_data *data, const bashu_options *options);

typedef struct calibration { /* what the steps pass on; belongs to the economy's arena unless said otherwise */
    bashu_context *context;
    arena *memory;               /* the economy's */
    arena *scratch;              /* freed at the end */
    const bashu_data *data;
    bashu_economy *economy;
    double *output, *expenditure, *final; /* [N][J] Y, X, and X without intermediate use */
    double *trade_share;         /* [N][J][N] */
    double *input_share;         /* [A][J][J] */
    double *value_added_share;   /* [N][J] */
    double *exports, *imports;   /* [A][J] as used, NaN: free; NULL: none observed */
    double *seller_factor;       /* [N][J] u: T c^-theta up to a factor by sector; NULL when flows are observed */
    double *price_power;         /* [N][J] Phi up to the same factor */
    double *mover_factor;        /* [N] attraction of places to movers across areas; NaN: not identified */
    adjustment *adjustments;
    size_t adjustment_count, adjustment_room;
} calibration;

/* Records a change for `bashu check`; words may be formatted in the economy's arena by the caller. */
bashu_status note_adjustment(calibration *c, const char *en, const char *zh, double before, double after);

/* balance.c: outputs, uses and final demand from value added and coefficients */
bashu_status balance_accounts(calibration *c);
/* gravity.c: trade shares from the kernel and the observed margins */
bashu_status fit_trade(calibration *c);
/* observed.c: shares and accounts from observed flows */
bashu_status use_observed_trade(calibration *c);
/* exact.c: output that clears every market to rounding, incomes and deficits; baseline residual */
bashu_status close_accounts(calibration *c);
/* commuters.c: shares and workers; then what residents earn from given wage bills [N][S] (an error where wages and workers are
 * not in the same places), and what each region's residents earn elsewhere less what others earn there [N], added to net. */
bashu_status fit_commuting(calibration *c);
bashu_status residents_wages(const calibration *c, const double *wage_bill, double *labour_income);
bashu_status commuters_net_wages(const calibration *c, double *net);
/* movers.c */
bashu_status fit_migration(calibration *c);
/* gross_flows.c: who moves in a period, as observed or from a rate; the economy's flows stay NULL where nobody is seen to */
bashu_status fit_gross_flows(calibration *c);
/* invert.c */
bashu_status invert_fundamentals(calibration *c);

static inline bool is_foreign_region(const calibration *c, size_t n)
{
    return c->data->about.foreign == (long)n;
}

#endif
