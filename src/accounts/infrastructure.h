/* infrastructure.h - places that make and use goods, and links between them that can be built (docs/models/fajgelbaum_schaal_2020.md). */
#ifndef BASHU_ACCOUNTS_INFRASTRUCTURE_H
#define BASHU_ACCOUNTS_INFRASTRUCTURE_H

#include "core/core.h"

typedef struct infrastructure_link {
    size_t from, to;          /* places; goods go both ways */
    double friction, building; /* delta_tau > 0: of shipping; delta_I > 0: of building */
    double built, most;       /* least and most of I; built > 0; most INFINITY: no limit */
} infrastructure_link;

typedef struct infrastructure_data {
    const char *name, *title_en, *title_zh, *path, *sha256;
    double beta, gamma, alpha, sigma, inequality; /* congestion, returns, share of traded goods, substitution (INFINITY with one good), aversion */
    double budget;            /* K, > sum building x built */
    size_t J, N, E;           /* places, goods, links */
    const char **place, **good; /* [J], [N] ids */
    double *people, *housing, *weight; /* [J] > 0; weight of a person */
    double *output;           /* [J][N] >= 0; where people move: what one person alone would make, of one good a place */
    bool mobile;              /* people move to where they are best off, until all are alike */
    double returns;           /* a in (0, 1]: output x L^a, where people move */
    double everybody;         /* sum of people */
    infrastructure_link *links; /* [E] */
} infrastructure_data;

#endif
