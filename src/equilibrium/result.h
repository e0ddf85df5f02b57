/* result.h - one equilibrium with its certificate; filled by static.c and certify.c, read by measure and report. */
#ifndef BASHU_EQUILIBRIUM_RESULT_H
#define BASHU_EQUILIBRIUM_RESULT_H

#include "accounts/accounts.h"

enum { EQUATION_COUNT = 12, HISTORY_MAX = 4096 };

struct bashu_result {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    bashu_info info;
    bashu_equation equations[EQUATION_COUNT];
    char where[EQUATION_COUNT][160];
    char worst[224], uniqueness[256];
    double history[HISTORY_MAX];
    /* hats, 1 where nothing is (absent sector); valid when info.reason > 0 */
    double *wage_hat;        /* [N][S] */
    double *people_hat;      /* [N][S] */
    double *rent_hat;        /* [N] */
    double *price_hat;       /* [N][J] */
    double *output_hat;      /* [N][J] */
    /* levels of the counterfactual, currency */
    double *expenditure;     /* [N][J] */
    double *income;          /* [N] */
    double *value_added;     /* [N] nominal, in units of the numeraire */
    double *labour_income;   /* [N][S] wages of residents, wherever they work */
    double *utility_hat;     /* [N][S] Vhat: of living in n */
    double *welfare_hat;     /* [N][S] What: of people registered in n */
};

#endif
