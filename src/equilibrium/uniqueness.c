/* uniqueness.c - is there one equilibrium? Sufficient conditions that can be read off the elasticities.
 *
 * 1 nobody moves, one sector, no agglomeration, no tariffs: excess demands have gross substitutes
 *   (Alvarez & Lucas 2007, theorem 3; Allen, Arkolakis & Takahashi 2020)
 * 2 people move, one sector without intermediates, agglomeration and congestion felt in the own place alone, rents spent where they arise: the model is
 *   that of Allen & Arkolakis (2014) with
 *     productivity externality  a = mu  (less the land share's congestion), amenity externality
 *     b = -lambda - (1-alpha)/(1+chi) - 1/epsilon   (tastes act as congestion, their appendix A; Redding 2016)
 *     unique when  a + b <= 0  for equal signs of  1 - a (sigma-1) - b sigma,  sigma = 1 + theta:
 *     |1 + a sigma + b (sigma-1)| <= |1 - a (sigma-1) - b sigma|
 *   exact for free mobility with symmetric costs; with Frechet tastes and origins that differ it is a guide, and is
 *   therefore not called "holds"
 * Everything else: not known, and further starts are tried. */
#include "equilibrium/equilibrium.h"

#include <math.h>
#include <stdio.h>

static bool has_inputs(const bashu_economy *e)
{
    for (size_t i = 0; i < e->about.N * e->about.J; i++)
        if (e->value_added_share[i] < 1 - 1e-12) return true;
    return false;
}

static bool has_agglomeration(const bashu_economy *e)
{
    for (size_t j = 0; j < e->about.J; j++)
        if (e->mu[j] > 0) return true;
    return false;
}

static bool has_portfolio(const bashu_economy *e)
{
    for (size_t n = 0; n < e->about.N; n++)
        if (e->iota[n] > 0) return true;
    return false;
}

/* Workers or residents that are felt in other places, too. */
static bool reaches_others(const bashu_economy *e)
{
    bool any = e->lambda > 0 && isfinite(e->about.elasticities[AMENITY_DECAY].by_item[0]);
    for (size_t j = 0; j < e->about.J; j++) any = any || (e->mu[j] > 0 && isfinite(e->delta[j]));
    return any && e->travel_time_h;
}

/* Allen-Arkolakis (2014), theorem 2; positive when the condition holds. */
static double geography_margin(const bashu_economy *e)
{
    double sigma = 1 + e->theta[0], housing = 0, people = 0;
    double epsilon = e->about.switches.mobility == MOBILITY_FREE ? (double)INFINITY : e->epsilon[0];
    for (size_t n = 0; n < e->about.N; n++) {
        housing += e->people[n] * (1 - e->goods_share[n]) / (1 + e->chi[n]);
        people += e->people[n];
    }
    double a = e->mu[0], b = -e->lambda - housing / people - 1 / epsilon;
    return fabs(1 - a * (sigma - 1) - b * sigma) - fabs(1 + a * sigma + b * (sigma - 1));
}

bool uniqueness_holds(const bashu_economy *e, const shock *k, char *words, size_t size)
{
    bool moves = e->about.switches.mobility != MOBILITY_NONE && e->migration_share;
    bool plain = e->about.J == 1 && !e->tariff && !(k && k->tariff) && !has_portfolio(e);
    if (plain && !moves && !has_agglomeration(e) && !e->commuting_share) {
        snprintf(words, size, "holds: one sector, nobody moves, gross substitutes (Alvarez & Lucas 2007)");
        return true;
    }
    if (plain && moves && e->about.S == 1 && !has_inputs(e) && !e->commuting_share && !reaches_others(e)) {
        double margin = geography_margin(e);
        snprintf(words, size, "not known: Allen & Arkolakis (2014) condition for free mobility %s (margin %.3g); a guide only with tastes",
                 margin >= 0 ? "holds" : "fails", margin);
        return false;
    }
    snprintf(words, size, "not known: no theorem covers %s%s%s", e->about.J > 1 ? "several sectors" : "one sector",
             moves ? ", people who move" : "", has_agglomeration(e) ? ", agglomeration" : "");
    return false;
}
