/* blocks.h - the equations of docs/model.md, section 2, one file a block, in hats and logs.
 *
 * The unknowns of region n are contiguous: z[n * K + ...] = log hats of
 *   wage [S], people [S], rent, price [J], output [J]          K = 2 S + 1 + 2 J
 * A block computes its part of G(z) at a point (evaluate), and how that part changes with z (change): once with what
 * the whole world does, for exact derivatives, and once with what region n does to itself, for the block Jacobian.
 * Blocks know no iteration: nothing here includes solve/.
 *
 * Scenarios that leave the kernels alone may be evaluated side by side, `members` of them in every pass (blocks/members.h): then each
 * array of unknowns, of the point and of the shock has the member as its innermost index, z[(n * K + ...) * members + member].
 * Derivatives are of one scenario alone. */
#ifndef BASHU_BLOCKS_BLOCKS_H
#define BASHU_BLOCKS_BLOCKS_H

#include "accounts/accounts.h"
#include "linalg/bilateral.h"

typedef struct problem { /* an economy under a shock; shapes as in accounts.h */
    const bashu_economy *economy;
    const shock *shock;
    size_t N, J, S, K;
    size_t members;              /* scenarios side by side: 1, or BILATERAL_MANY */
    int threads;
    bilateral trade;             /* kernel: pi kappahat^-theta [N buys][J][N sells]; sales: / (1 + tau') */
    bilateral migration;         /* kernel: m muhat^-epsilon [O origin][S][N destination]; rows 0: nobody moves */
    bilateral commuting;         /* kernel: c kappahat^-epsilon_c [N lives][S][N works]; rows 0: people work where they live */
    const double *taste;         /* [S] exponent of utility in location: epsilon; 1 with free mobility */
    bool free;                   /* free mobility: people move until utilities are equal */
    const double *unit_weight;   /* [N][J][S + 1 + J] exponents of wage, rent, price in unit cost: gamma (1 - eta) beta, gamma eta, gamma^k */
    const double *employment;    /* [N][J][S] baseline workers: beta (1 - eta) gamma Y / w, wages relative to 1 */
    size_t decay_count;
    double *const *decay;        /* [decay_count] matrices [N][N] of exp(-delta t) / K^phi, new times */
    const size_t *decay_of;      /* [J] matrix of the sector; decay_count: own place only */
    const double *upsilon_base;  /* [N][J] */
    const double *deficit_share; /* [N] D / value added of the baseline; read when deficits are multiplicative */
    const double *amenity_decay; /* [N][N] exp(-rho t) / K; NULL: own place only */
    const double *crowding_base; /* [N] */
    bool spillovers;             /* any mu > 0 */
    double value_added_base;     /* of the world */
} problem;

typedef struct point { /* what one evaluation leaves for derivatives and results; same arena as the problem */
    double *x;                   /* [J][N] That chat^-theta */
    double *workers, *upsilon;   /* [N][J] */
    double *total, *kept;        /* [N][J] sum over sellers of kernel x; net of tariffs */
    double *expenditure, *intermediate; /* [N][J] X, and its part for intermediate use */
    double *paid, *got;          /* [N] subsidies; read under a shock that has some */
    double *earned, *land_use;   /* [N] income before tariff revenue and rents on housing; rents of production */
    double *local_value_added;   /* [N] */
    double *deficit_rate;        /* [N] change of the deficit with local value added: 0 unless multiplicative */
    double *income;              /* [N] I */
    double *sum, *square;        /* [J][N] sales / x; own elasticities / x^2 */
    double *output;              /* [N][J] Y at z (not the new one) */
    double *sales;               /* [N][J] the new Y */
    double *slope;               /* [N][J] d excess of sales over output / d log sales */
    double *trust;               /* [N][J] how far own market shares are counted on: 1, less far from balance */
    double farthest;             /* largest log of sales over output: how far from balance the worst market is */
    double *wage_income, *land_demand; /* [N][S] wage bills, [N] rents of the market for land; at z */
    double *labour_income;       /* [N][S] wages of residents */
    double *log_workers, *log_access; /* [N][S] hats of workers and of access to wages */
    double *wage_power, *pay_power;   /* [S][N] what^epsilon_c, and that times pay per worker */
    double *access_total, *pay_total; /* [N][S] sums over places of work of kernel times these */
    double *commuting_sum, *commuting_square; /* [S][N] */
    double *residents, *crowding; /* [N] people of all groups; Omega */
    double *utility_power;       /* [S][N] Vhat^taste, times Lhat with free mobility */
    double *log_utility;         /* [N][S] log Vhat */
    double *origin_total;        /* [O][S] sum over destinations of m (Vhat/muhat)^epsilon */
    double *migration_sum, *migration_square; /* [S][N] */
    double *pass_work, *spread_work; /* the latter [2][N][members], for several members */
    double *portfolio, *people_total; /* [members] national rents and the people who share them */
    double *value_added;         /* [members] of the world, from sales */
    double *wage_weight;         /* [N][S] share in the sum of all wages, where that is the numeraire */
} point;

/* Places of the unknowns of one region. */
static inline size_t at_wage(size_t s) { return s; }
static inline size_t at_people(const problem *p, size_t s) { return p->S + s; }
static inline size_t at_rent(const problem *p) { return 2 * p->S; }
static inline size_t at_price(const problem *p, size_t j) { return 2 * p->S + 1 + j; }
static inline size_t at_output(const problem *p, size_t j) { return 2 * p->S + 1 + p->J + j; }

static inline bool has_specific_structures(const problem *p, size_t n)
{
    return p->economy->about.regions[n].specific_structures;
}
/* Log rent of sector j in n, from the region's unknowns; log_land: log Hbarhat, 0 for changes. */
static inline double sector_rent(const problem *p, size_t n, size_t j, const double *z, double log_land)
{
    if (!has_specific_structures(p, n)) return z[at_rent(p)];
    return (z[at_output(p, j)] - log_land) / (1 + p->economy->chi[n]);
}

/* production.c: unit cost, agglomeration, and x = That chat^-theta */
bool production_evaluate(const problem *p, const double *z, point *at);
/* The first half of it, which needs no shock: output, workers and Upsilon at z. */
void production_upsilon(const problem *p, const double *z, point *at);
/* Relative change of workers of region n by sector, [J]. */
void production_workers_change(const problem *p, const double *z, const point *at, size_t n, const double *dz, double *dworkers);
/* d log x of region n [J]; dupsilon: [J] d log Upsilon. */
void production_change(const problem *p, size_t n, const double *dz, const double *dupsilon, double *dx);
/* d log Upsilon of every region [N][J] from dworkers [N][J]. */
void production_spread(const problem *p, const point *at, const double *dworkers, double *dupsilon);
/* Share of Upsilon_n^j that is region n's own. */
double production_own_share(const problem *p, const point *at, size_t n, size_t j);

/* What happens to labour: d log workers, d log access, and the change of residents' wages in currency; [N][S], or [S] of one
 * region. */
typedef struct labour_changes {
    double *workers, *access, *income;
} labour_changes;
static inline labour_changes labour_changes_of(labour_changes d, size_t n, size_t S)
{
    return (labour_changes){d.workers + n * S, d.access + n * S, d.income + n * S};
}

/* commuting.c: workers, access and residents' wages; needs wage_income */
void commuting_evaluate(const problem *p, const double *z, point *at, bool squares);
/* dwages: [N][S] changes of the wage bills, in currency; scratch: commuting_scratch doubles. */
void commuting_change(const problem *p, const double *z, const point *at, const double *dz, const double *dwages,
                      labour_changes d, double *scratch);
size_t commuting_scratch(const problem *p);
/* What region n's own unknowns do to its own labour; dz, dwages and d are of region n. */
void commuting_own_change(const problem *p, const double *z, const point *at, size_t n, const double *dz, const double *dwages,
                          labour_changes d);

/* goods.c: value added and who earns it, intermediate demand, expenditure */
void goods_produce(const problem *p, point *at); /* intermediate use, wage bills, rents of production, value added */
void goods_earn(const problem *p, const double *z, point *at); /* incomes before tariffs; after commuting_evaluate */
/* What keeps multiplicative deficits balanced: - d log sigma, charged on (1 + deficit_rate) of value added. */
double goods_balance_change(const problem *p, const point *at, const double *dz);
/* Income, land demand and expenditure of n, given the part of each layer that goes to tariffs (total, kept). */
void goods_expenditure(const problem *p, point *at, size_t n);
/* dX [J] (levels) and dI of region n; drevenue_share: [J] change of 1 - kept/total, NULL without tariffs;
 * dlabour [S]: change of residents' wages; dportfolio: change of the portfolio's payment to n. */
double goods_change(const problem *p, const point *at, size_t n, const double *dz, const double *dlabour,
                    const double *drevenue_share, double dportfolio, double *dexpenditure);
double goods_portfolio_share(const problem *p, const double *z, const point *at, size_t n);

/* trade.c: shares, prices, sales */
void trade_evaluate(const problem *p, point *at, bool squares);
double trade_share(const problem *p, const point *at, size_t n, size_t j, size_t i); /* pi' */

/* labour.c, land.c: new log wage of group s and new log rent of region n, [members], and their changes (dwages, dworkers: [S] of n) */
void labour_log_wage(const problem *p, const point *at, size_t n, size_t s, double *log_wage);
double labour_log_wage_change(const problem *p, const point *at, size_t n, size_t s, const double *dwages, const double *dworkers);
/* Changes of the wage bills of n [S], in currency. */
void labour_wage_bill_change(const problem *p, const point *at, size_t n, const double *dz, double *dwages);
void land_evaluate(const problem *p, const point *at, size_t n, double *log_rent);
double land_change(const problem *p, const point *at, size_t n, const double *dz, double dincome);

/* location.c: utility, migration */
void location_evaluate(const problem *p, const double *z, point *at, bool squares);
/* d log V [S] of region n. */
void location_utility_change(const problem *p, const point *at, size_t n, const double *dz, labour_changes d, double dincome,
                             double dcrowding, double *dutility);
/* Omega at z; and d log Omega [N], or what n's own people do to its own. scratch: [N] */
void location_crowding(const problem *p, const double *z, point *at);
void location_crowding_change(const problem *p, const double *z, const point *at, const double *dz, double *dcrowding, double *scratch);
double location_own_crowding_change(const problem *p, const double *z, const point *at, size_t n, const double *dz);
/* d log of the attraction of a place to group s: of Vhat^taste, and of Lhat with free mobility; dz of the region. */
double location_pull_change(const problem *p, size_t s, const double *dz, double dutility);
/* d log of the new people [N][S] from dutility [N][S] and dz. */
void location_spread(const problem *p, const point *at, const double *dz, const double *dutility, double *dpeople, double *scratch);

#endif
