/* foresight_people.h - people of one path, given what living in each market is worth; only foresight*.c look. */
#ifndef BASHU_EQUILIBRIUM_FORESIGHT_PEOPLE_H
#define BASHU_EQUILIBRIUM_FORESIGHT_PEOPLE_H

#include "accounts/accounts.h"
#include "linalg/bilateral.h"
#include "solve/solve.h"

typedef struct movers { /* workspace; equations in foresight_people.c */
    bashu_context *context;
    size_t Q, M, G;
    bilateral moves;         /* mu_-1 [M from][Q][M to], or with costs of moving changed (movers_turn_to) */
    double beta, nu;
    int threads;
    const unsigned char *is_there; /* [G] */
    double *power, *sum;     /* [G] */
    double *scale;           /* [Q] */
    double *total;           /* [M][Q] */
    double *work;
    ladder *steady;          /* of G unknowns */
    double *flow;            /* [G] of the steady problem being solved */
    double *leaving;         /* [M][Q] */
    double *scratch, *change, *rest; /* [G] */
} movers;

bashu_status movers_new(movers **out, arena *memory, bashu_context *context, size_t pools, size_t markets, const double *share,
                        const unsigned char *is_there, double beta, double nu);
/* The kernel of all that follows, until the next; foresight_costs.c. */
void movers_turn_to(movers *m, const double *kernel);
/* y_t from y_t+1; flow: log omega_t + c; total [M][Q]: what movers_people wants to know of the period. */
void movers_value(movers *m, const double *flow, const double *next, double *total, double *value);
/* L_t+1 from L_t, y_t+1 and what movers_value said. */
void movers_people(movers *m, const double *next, const double *total, const double *people, double *people_next);
/* c such that y is steady where flow utility is that of the accounts: c = y - nu log sum mu_-1 exp(beta y / nu). */
void movers_constant(movers *m, const double *value, double *constant);
/* y with y = flow + nu log sum mu_-1 exp(beta y / nu); value: the start, then the answer. False: not found. */
bool movers_steady_value(movers *m, const double *flow, double *value);
/* People who reproduce themselves under the moves that y leads to, to this accuracy (relative; 0: to the last digits); people: somewhere to
 * start, whose number stays. False: not found. */
bool movers_steady_people(movers *m, const double *value, double accuracy, double *people);

/* foresight_costs.c: costs of moving in each state of fundamentals; state 0 has the accounts' own. */
typedef struct move_costs {
    arena *memory;
    const double **hat;      /* muhat of a state [S][N leaves][N arrives]; NULL: ones */
    const double **kernel;   /* [M from][Q][M to]; NULL: not set yet */
    size_t last;             /* state set last */
} move_costs;
/* Forgets what out held; zeros at first. Freed by move_costs_free, which also takes zeros. */
bashu_status move_costs_begin(move_costs *out, const bashu_economy *economy, const gross_flows *flows, size_t states);
/* cost_hat: copied; NULL: ones. Errors: INPUT (a cost so high or low that nobody or everybody moves), MEMORY. */
bashu_status move_costs_set(move_costs *out, size_t state, const bashu_economy *economy, const gross_flows *flows, double nu, const double *cost_hat);
void move_costs_free(move_costs *costs);

#endif
