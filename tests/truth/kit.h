/* kit.h - what the truth and property tests share: an economy, read from a folder or drawn by hand, a shock by hand,
 * and its solution. Every function stops the test when something does not work.
 *
 *     kit k;
 *     kit_open(&k, 1);
 *     kit_read(&k, LANTERN);                     or: sketch s = sketch_new(2, 1, 1); ... kit_draw(&k, &s);
 *     kit_calibrate(&k);
 *     k.shock.productivity_hat[0] = 1.1;
 *     const bashu_result *r = kit_solve(&k);     tolerance 1e-12, no further starts
 *     kit_close(&k); */
#ifndef BASHU_TESTS_KIT_H
#define BASHU_TESTS_KIT_H

#include "accounts/accounts.h"
#include "calibrate/calibrate.h"
#include "equilibrium/equilibrium.h"
#include "input/economy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct kit {
    bashu_context *context;
    arena *memory;
    bashu_data *data;
    bashu_economy *economy;
    bashu_options options; /* used by kit_solve when it makes the solver */
    bashu_solver *solver;
    bashu_result *result;
    shock shock; /* nothing changes; optional arrays are NULL until asked for */
} kit;

void kit_open(kit *k, int threads);
void kit_close(kit *k);
void kit_must(const kit *k, bashu_status status);
void kit_read(kit *k, const char *folder);
/* A scenario of the economy from the text of its file; the caller frees it. */
bashu_scenario *kit_scenario(const kit *k, const char *text);
void kit_set(kit *k, const char *path, const char *value);
/* Calibrates the data (again) and forgets solver, result and shock. */
void kit_calibrate(kit *k);
/* lantern as it is, calibrated. */
void kit_lantern(kit *k, int threads);
void kit_reset_shock(kit *k);
double *kit_ones(const kit *k, size_t count, double value);
/* Arrays of ones (tariffs: the baseline's), made part of the shock. */
double *kit_trade_cost(kit *k);
double *kit_tariff(kit *k);
/* Two purses: the first two regions are subsidised and taxed by the others, in different shares. */
void kit_subsidies(kit *k);
double *kit_migration_cost(kit *k);
double *kit_commuting_cost(kit *k);
double *kit_travel_time(kit *k);
/* Before kit_calibrate: of the residents of every region but the foreign one, some work in the others (nearer numbers
 * more), everybody else at home; commuting elasticity as given. */
void kit_commute(kit *k, const char *power);
/* The same of which only residents and workers are known: commuting is fitted, with a power and a decay of travel time. */
void kit_fit_commuting(kit *k, const char *power);
/* Before kit_calibrate: each sector of the regions n with n % 3 != 2 has structures of its own. */
void kit_specific(kit *k);
/* Before kit_calibrate: rents go into a portfolio, of which the regions (not the foreign one) own unequal shares. */
void kit_portfolio(kit *k);
/* Solves the shock; the answer must be an equilibrium. */
const bashu_result *kit_solve(kit *k);
/* The same without asking how it ended. */
const bashu_result *kit_try(kit *k);
/* Percent change of welfare of the nation with a scenario, by a solver of its own; the answer must be an equilibrium. */
double kit_welfare(const kit *k, const bashu_scenario *scenario);

/* ---- economies by hand: observed flows, every region its own area --------------------------------------- */

typedef struct sketch {
    size_t N, J, S;
    const double *flow;   /* [N buys][J][N sells] at buyers' prices */
    const double *tariff; /* [N][J][N]; NULL: none */
    const double *input;  /* [J using][J input] per unit of output; NULL: none */
    const double *people; /* [N][S]; NULL: a million each */
    const double *land;   /* [N] km2; NULL: 1000 each */
    const double *movers; /* [N] residents from elsewhere; NULL: as switches say */
    const double *commuters; /* [S][N lives][N works]; NULL: people work where they live; else people are their sums */
    const double *final;  /* [N][J] shares of final use; NULL: what flows leave */
    const double *land_share; /* [N][J] of value added; NULL: the elasticity's */
    const double *portfolio;  /* [N] shares of the portfolio; NULL: by people */
    bool specific;        /* structures belong to sectors */
    double elasticity[ELASTICITY_COUNT]; /* the same for every item */
    model_switches switches;
} sketch;
sketch sketch_new(size_t N, size_t J, size_t S); /* trade elasticity 4, decays inf, everything else 0 */
void kit_draw(kit *k, const sketch *s);

/* ---- comparing ------------------------------------------------------------------------------------------ */

/* Relative; says what, expected and got. */
void must_be(const char *what, double got, double expected, double tolerance);
void must_all_be(const char *what, const double *got, const double *expected, size_t count, double tolerance);
/* x in [low, high] with f(x) = 0; f must change sign. */
double bisect(double (*f)(double x, void *payload), void *payload, double low, double high);

#endif
