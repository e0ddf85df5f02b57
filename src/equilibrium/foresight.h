/* foresight.h - people who look ahead: lifetime values, moves between markets and temporary equilibria along a path.
 * Equations: foresight_people.c (people, given what they earn), foresight.c (the whole).
 *
 * A market is a group of people in a region. People move within a pool of markets (accounts.h: gross_flows); there are M markets a pool,
 * Q pools, G = Q M in all, numbered q * M + i. Periods are 0 .. T - 1 and T, the long run; period 0 is the economy's own. */
#ifndef BASHU_EQUILIBRIUM_FORESIGHT_H
#define BASHU_EQUILIBRIUM_FORESIGHT_H

#include "equilibrium/equilibrium.h"

/* What differs from the accounts' fundamentals, period by period. */
typedef struct foresight_fundamentals {
    const size_t *state; /* [T + 1] of each period and of the long run: 0 those of the accounts, else a number for build; NULL: all 0 */
    /* The shock of a state; called from several threads, each with its own builder. Its costs of moving are of one move, in the period of it. */
    bashu_status (*build)(void *payload, size_t state, shock_builder *builder, const shock **out);
    void *payload;
} foresight_fundamentals;

typedef struct foresight_path {
    /* Row T of each is the long run: values and people that reproduce themselves. */
    double *value;       /* y [T + 1][G] expected lifetime utility less that of period 0 on the baseline path */
    double *people;      /* L [T + 1][G] persons */
    double *flow;        /* log omega [T + 1][G] utility of living there in the period, less that of the accounts */
    double *at_end;      /* [G] people whom the moves of period T - 1 bring */
    size_t announced;    /* period from which on people know; before it all is as on the baseline path */
    bashu_reason reason;
    int steps;           /* evaluations of the path of flow utility: a sweep back, one forward, T temporary equilibria */
    int long_run_steps;  /* the same for the long run alone, which is solved first; 0 where it is found with the path */
    int passes, most_passes; /* over the trade shares, all periods; of the dearest period */
    double residual;     /* of flow utility, in logs: what temporary equilibria say less what people reckoned with */
    double terminal_gap; /* largest difference, in logs, of flow utility between the last period and the long run, discounted to period 0 */
    char where[160];     /* the market of that */
    double time_s;
} foresight_path;

typedef struct foresight foresight;
/* Errors: INPUT (no gross flows, discount factor or noise outside of their range, markets that are not connected), MEMORY. */
bashu_status foresight_new(foresight **out, const bashu_economy *economy, const bashu_options *options, size_t periods);
void foresight_free(foresight *f);
/* Without the scenario: people knew it all along, and the observed gross flows are what they then did. known: NULL for constant foresight_fundamentals. */
bashu_status foresight_baseline(foresight *f, const foresight_fundamentals *known);
/* With it: unknown before period `announced` (at least 1), known from then on. After foresight_baseline. */
bashu_status foresight_counterfactual(foresight *f, const foresight_fundamentals *changed, size_t announced);
/* The long run of the path solved last from other, random starts; the path stays as it is. found: distinct long runs, that of the path among them.
 * Errors: as foresight_counterfactual. */
bashu_status foresight_other_starts(foresight *f, int starts, uint64_t seed, int *found);

size_t foresight_periods(const foresight *f);
size_t foresight_markets(const foresight *f); /* G */
const foresight_path *foresight_path_of(const foresight *f, bool with_changes);
/* n * S + s of a market, SIZE_MAX: none. */
size_t foresight_market(const foresight *f, size_t market);
/* mu_t of one market of departure, [M] over the markets of its pool; t < T. */
void foresight_moves(const foresight *f, bool with_changes, size_t t, size_t from, double *share);
/* Welfare of people in a market in the period of the announcement: the percent of consumption, in every period to come, that the scenario
 * is worth to them. [G] */
void foresight_welfare(const foresight *f, double *percent);
/* The temporary equilibrium of a period as an ordinary answer with its certificate, in the economy's own context; of the path solved last. */
bashu_status foresight_result(bashu_result **out, foresight *f, bool with_changes, size_t t);

/* What a period of a path gives, checked: the worst equation of its temporary equilibrium (certify.c), and the largest difference, in logs, of
 * flow utility as the certificate has it from what people reckoned with. [T + 1]; -1 where the period is the baseline path's. Errors: as
 * foresight_counterfactual. */
bashu_status foresight_check_periods(foresight *f, bool with_changes, double *temporary, double *flow);

/* foresight_certify.c: recomputes what people do, from the path and the observed gross flows alone and in the paper's own form (period over
 * period, hat over baseline), and every temporary equilibrium by certify.c. Residuals are relative, or of logs. */
typedef enum foresight_equation {
    FORESIGHT_TEMPORARY, /* every market of the temporary equilibrium */
    FORESIGHT_FLOW,      /* what people reckoned with is what markets give */
    FORESIGHT_VALUE,     /* lifetime utility: of this period and of the best of the next */
    FORESIGHT_MOVES,     /* people of the next period are those whom moves bring */
    FORESIGHT_TOTAL,     /* nobody is lost or made */
    FORESIGHT_LONG_RUN,  /* in the long run values and people reproduce themselves */
    FORESIGHT_EQUATIONS
} foresight_equation;
extern const char *const foresight_equation_names[FORESIGHT_EQUATIONS];
typedef struct foresight_certificate {
    double *residual;    /* [T + 1][FORESIGHT_EQUATIONS] */
    size_t *market;      /* the same: where it is worst; SIZE_MAX: nowhere in particular */
    double worst;        /* of all */
    foresight_equation worst_equation;
    size_t worst_period;
} foresight_certificate;
/* Arrays of out in memory. Of the path solved last. */
bashu_status foresight_certify(foresight_certificate *out, arena *memory, foresight *f, bool with_changes);

/* ---- for the certificate -------------------------------------------------------------------------- */
const bashu_economy *foresight_economy(const foresight *f);
const gross_flows *foresight_flows(const foresight *f);
double foresight_discount(const foresight *f); /* beta */
double foresight_noise(const foresight *f);    /* nu */
/* muhat of a period [S group that leaves][N leaves][N arrives]; NULL: ones. */
const double *foresight_move_cost(const foresight *f, bool with_changes, size_t t);

#endif
