/* result.h - one equilibrium with its certificate; filled by static.c and certify.c, read by measure and report. */
#ifndef BASHU_EQUILIBRIUM_RESULT_H
#define BASHU_EQUILIBRIUM_RESULT_H

#include "accounts/accounts.h"

enum { EQUATION_COUNT = 16, HISTORY_MAX = 4096 };

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
    double *access_hat;      /* [N][S] Ahat: of residents to wages; wage_hat without commuting */
    double *crowding_hat;    /* [N] Omegahat: people per km2 within reach */
    double *utility_hat;     /* [N][S] Vhat: of living in n */
    double *welfare_hat;     /* [N][S] What: of people registered in n */
    /* what the shock was and what pairs of regions became: measure/ draws flows and decompositions from it */
    double *x;               /* [J][N] (price hat at the factory gate)^-theta, as in blocks.h */
    double *gate_price_hat;  /* [N][J] x^(-1/theta): what a seller's goods cost before trade costs and tariffs */
    double *amenity_hat;     /* [N][S] of the shock */
    double *productivity_hat; /* [N][J] of the shock */
    double *land_hat;        /* [N] of the shock */
    double *deficit;         /* [N] currency: D', transfers, and subsidies that producers get less those that are paid: what is received from elsewhere but rents */
    double *subsidies_got;   /* [N] currency: the part of that which comes with sales, and not beside wages and rents */
    double *science;         /* [N] stock; the baseline's unless a path says otherwise; 0 without the table research */
    double *researchers[RESEARCH_USE_COUNT]; /* [N] */
    bool pairs_kept;         /* false: the three below were not to be kept */
    double *trade_kernel;    /* [N][J][N] pi kappahat^-theta; NULL: the economy's trade_share */
    double *tariff;          /* [N][J][N] tau'; NULL: the economy's */
    double *migration_cost_hat, *commuting_cost_hat; /* [S][N][N]; NULL: ones */
    struct pair_room {       /* memory of the three, kept for the next answer */
        double *trade_kernel, *tariff, *migration_cost_hat, *commuting_cost_hat;
    } room;
};

#endif
