/* uniqueness.c - is there one equilibrium? Sufficient conditions that can be read off the elasticities.
 *
 * 1 nobody moves, one sector, no agglomeration, no tariffs: excess demands have gross substitutes
 *   (Alvarez & Lucas 2007, theorem 3; Allen, Arkolakis & Takahashi 2020)
 * 2 people move until places are equally good, or with Frechet tastes and no costs; one sector and group without
 *   intermediates, tariffs, deficits; costs symmetric; rents spent where they arise; externalities of the own place. With
 *   land in fixed supply rents are proportional to w L, and the model is that of Allen & Arkolakis (2014) with
 *     productivity externality  a = mu - eta
 *     amenity externality       b = -(lambda + (1-alpha)/(1+chi) + 1/epsilon) / alpha       chi = 0; 1/epsilon = 0 without tastes
 *     gamma1 = 1 - a (sigma-1) - b sigma,  gamma2 = 1 + a sigma + b (sigma-1),  sigma = 1 + theta
 *   one equilibrium when  gamma1 > 0  and  |gamma2| <= gamma1  (their theorem 2; tastes: their section on extensions, Redding 2016)
 *   Costs are symmetric up to factors of buyers and of sellers when  pi_ni pi_ih pi_hn = pi_in pi_hi pi_nh,  that is when
 *   log pi_ni - log pi_in = g_n - g_i. Where something else is outside the theorem its condition is a guide, and is
 *   therefore not called "holds".
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

static double taste(const bashu_economy *e)
{
    return e->about.switches.mobility == MOBILITY_FREE ? (double)INFINITY : e->epsilon[0];
}

/* gamma1 - |gamma2| of Allen-Arkolakis (2014), theorem 2; not negative when the condition holds. */
static double geography_margin(const bashu_economy *e)
{
    double sigma = 1 + e->theta[0], housing = 0, goods = 0, land = 0, people = 0;
    for (size_t n = 0; n < e->about.N; n++) {
        housing += e->people[n] * (1 - e->goods_share[n]) / (1 + e->chi[n]);
        goods += e->people[n] * e->goods_share[n];
        land += e->people[n] * e->land_share[n];
        people += e->people[n];
    }
    double a = e->mu[0] - land / people, b = -(e->lambda + housing / people + 1 / taste(e)) / (goods / people);
    return 1 - a * (sigma - 1) - b * sigma - fabs(1 + a * sigma + b * (sigma - 1));
}

/* pi, with the shock's costs in it. */
static double kernel(const bashu_economy *e, const double *cost_hat, size_t n, size_t i)
{
    size_t ni = n * e->about.N + i;
    return e->trade_share[ni] * (cost_hat ? pow(cost_hat[ni], -e->theta[0]) : 1);
}

/* pi_ni / pi_in = g_n / g_i, g_n = pi_n0 / pi_0n. Shares that are zero give no number, and are not: the theorem wants every place to trade with
 * every other. By tiles, since rows and columns are read together. */
static bool has_symmetric_kernel(const bashu_economy *e, const double *cost_hat)
{
    enum { TILE = 64 };
    const double rounding = 1e-8;
    size_t N = e->about.N;
    double g[TILE];
    for (size_t first = 0; first < N; first += TILE) {
        size_t end = first + TILE < N ? first + TILE : N;
        for (size_t i = first; i < end; i++) g[i - first] = kernel(e, cost_hat, i, 0) / kernel(e, cost_hat, 0, i);
        for (size_t n = first; n < N; n++) {
            double g_n = kernel(e, cost_hat, n, 0) / kernel(e, cost_hat, 0, n);
            for (size_t i = first; i < end && i < n; i++) {
                double wanted = g_n / g[i - first];
                if (!(fabs(kernel(e, cost_hat, n, i) / kernel(e, cost_hat, i, n) - wanted) <= rounding * wanted)) return false;
            }
        }
    }
    return true;
}

static bool has_symmetric_costs(const bashu_economy *e, const shock *k, symmetry *costs)
{
    if (k && k->trade_cost_hat) return has_symmetric_kernel(e, k->trade_cost_hat);
    if (*costs == SYMMETRY_UNKNOWN) *costs = has_symmetric_kernel(e, NULL) ? SYMMETRIC : NOT_SYMMETRIC;
    return *costs == SYMMETRIC;
}

static bool is_balanced(const bashu_economy *e, const shock *k)
{
    if (k && k->subsidy) return false;
    for (size_t n = 0; n < e->about.N; n++)
        if (fabs(e->deficit[n]) > 1e-9 * e->income[n] || (k && k->transfer[n] != 0)) return false;
    return true;
}

/* Workers and residents are felt in their own place alone. */
static bool is_local(const bashu_economy *e)
{
    if (!e->travel_time_h) return true;
    bool production = !(e->mu[0] > 0) || isinf(e->delta[0]);
    return production && (e->lambda == 0 || isinf(e->about.elasticities[AMENITY_DECAY].by_item[0]));
}

/* Land in fixed supply, with the same shares everywhere. */
static bool has_plain_land(const bashu_economy *e)
{
    for (size_t n = 0; n < e->about.N; n++) {
        bool used = e->goods_share[n] < 1 || e->land_share[n] > 0;
        if (e->goods_share[n] != e->goods_share[0] || e->land_share[n] != e->land_share[0] || (used && e->chi[n] > 0)) return false;
    }
    return true;
}

/* What the theorem does not cover; NULL: nothing. */
static const char *outside_theorem(const bashu_economy *e, const shock *k, symmetry *costs)
{
    if (e->about.switches.mobility == MOBILITY_FRECHET || !(taste(e) > 0)) return "tastes";
    if (e->origin_count != 1) return "places that keep to themselves";
    if (!is_balanced(e, k)) return "deficits";
    if (!has_plain_land(e)) return "land that differs or is elastic";
    return has_symmetric_costs(e, k, costs) ? NULL : "costs that are not symmetric";
}

static bool geography_holds(const bashu_economy *e, const shock *k, symmetry *costs, char *words, size_t size)
{
    const char *outside = outside_theorem(e, k, costs);
    double margin = geography_margin(e);
    if (!outside && margin >= 0) {
        snprintf(words, size, "holds: Allen & Arkolakis (2014), theorem 2, free mobility and symmetric costs (margin %.3g)", margin);
        return true;
    }
    snprintf(words, size, "not known: Allen & Arkolakis (2014) condition for free mobility %s (margin %.3g)%s%s",
             margin >= 0 ? "holds" : "fails", margin, outside ? "; a guide only with " : "", outside ? outside : "");
    return false;
}

bool uniqueness_holds(const bashu_economy *e, const shock *k, symmetry *costs, char *words, size_t size)
{
    bool moves = e->about.switches.mobility != MOBILITY_NONE && e->migration_share;
    bool plain = e->about.J == 1 && !e->tariff && !(k && k->tariff) && !has_portfolio(e);
    if (plain && !moves && !has_agglomeration(e) && !e->commuting_share) {
        snprintf(words, size, "holds: one sector, nobody moves, gross substitutes (Alvarez & Lucas 2007)");
        return true;
    }
    if (plain && moves && e->about.S == 1 && !has_inputs(e) && !e->commuting_share && is_local(e)) return geography_holds(e, k, costs, words, size);
    snprintf(words, size, "not known: no theorem covers %s%s%s", e->about.J > 1 ? "several sectors" : "one sector",
             moves ? ", people who move" : "", has_agglomeration(e) ? ", agglomeration" : "");
    return false;
}
