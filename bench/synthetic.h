/* synthetic.h - invented economies of any size for benchmarks: no place of theirs exists.
 *
 * Places lie in clusters on 4,000 x 2,500 km; sizes are log-normal with heavy tails; flows follow gravity with noise
 * and are scaled to margins that inputs, final demand and deficits of about 5 % imply (less where hardly anything is
 * traded). The same whatever the number of threads. */
#ifndef BASHU_BENCH_SYNTHETIC_H
#define BASHU_BENCH_SYNTHETIC_H

#include "accounts/accounts.h"

/* A place that is given: where it lies, and what is there. */
typedef struct synthetic_place {
    double lon, lat, land_km2, people, value_added;
} synthetic_place;

typedef struct synthetic {
    const char *name;
    size_t N, J;
    double theta;          /* trade elasticity */
    double home_share;     /* of the world: what is bought from the own place over everything; reached to about 1e-3 */
    double distance_power; /* flows fall with this power of distance */
    double zero_share;     /* of flows between different places that are zero */
    size_t blocs;          /* 0: none; else flows between blocs are multiplied by 1e-6 */
    bool inputs;           /* sectors use each other's goods, half of output on average */
    double shock_sigma;    /* standard deviation of the log of productivity hats, by place and sector */
    unsigned seed;
    /* TIME_GROWTH: people with tastes move, technique differs, and markets innovate: Desmet, Nagy & Rossi-Hansberg (2018), their parameters. TIME_FORESIGHT:
     * quarters of Caliendo, Dvorkin & Parro (2019); with several sectors each has workers and structures of its own, and some people are at home. */
    time_switch time;
    const synthetic_place *places; /* [N] NULL: drawn. Else trade costs (1 + km / 100)^0.15 along great circles and nothing else, technique what
                              * these accounts imply; one sector, home_share, distance_power and zero_share have no part */
} synthetic;

/* Makes and calibrates one. Errors: as bashu_calibrate. */
bashu_status synthetic_economy(bashu_economy **out, bashu_context *context, const synthetic *s);
/* moves.c: gross flows between all markets, which people who look ahead need; synthetic_economy calls it. Errors: MEMORY. */
bashu_status synthetic_moves(bashu_economy *economy);
/* The shock of `s`, and of any other draw of the same kind; arrays in memory. Pairs of places are not changed. */
bashu_status synthetic_shock(shock *out, arena *memory, const bashu_economy *economy, double sigma, uint64_t seed);

/* Of the world: what is bought from the own place over everything. */
double synthetic_home_share(const bashu_economy *economy);

#endif
