/* invert.c - fundamentals that reproduce the baseline in levels.
 *
 *   Phi_n^j = sum_i u_i^j kappa_ni^-theta,  P_n^j = (Phi_n^j)^(-1/theta)              u = T c^-theta, from the fit
 *   c_i^j   = (Pi_s (w_i^s)^beta)^(gamma (1-eta)) r_i^(gamma eta) Pi_k (P_i^k)^(gamma^k)
 *   T_i^j   = u_i^j (c_i^j)^theta,  Tbar = T / Upsilon^(mu theta)
 *   v_n     = attraction of n to movers from other areas (without registration: L_n), V_n^s = (v_n L_n^s / L_n)^(1/epsilon)
 *   b_n^s   = V_n^s Omega_n^lambda P_n^alpha r_n^(1-alpha) / (I_n^s / L_n^s)
 *
 * w = wage bill / workers, r = rent where it is observed, else land income / land (of specific structures: the rents of the
 * sector / land). Each u has a free factor by sector, so T is comparable within a sector and b within a group, not across. A
 * barrier that all movers to a place meet counts as (less) amenity: the two cannot be told apart. Zero where not identified:
 * absent sectors, observed flows without a kernel, places without movers. */
#include "calibrate/calibrate.h"

#include <math.h>

static double wage(const bashu_economy *e, size_t n, size_t s)
{
    size_t ns = at2(n, s, e->about.S);
    return e->workers[ns] > 0 ? e->wage_bill[ns] / e->workers[ns] : 0;
}

static double rent(const bashu_economy *e, size_t n)
{
    double observed = e->about.regions[n].rent;
    return observed > 0 ? observed : e->land_income[n] / e->about.regions[n].land_km2;
}

/* Structures of one sector are measured by the region's land: no data say how much each has. */
static double sector_rent(const bashu_economy *e, size_t n, size_t nj)
{
    if (!e->about.regions[n].specific_structures) return rent(e, n);
    return e->land_share[nj] * e->value_added_share[nj] * e->output[nj] / e->about.regions[n].land_km2;
}

static double log_unit_cost(const bashu_economy *e, const double *price, size_t n, size_t j)
{
    size_t J = e->about.J, S = e->about.S, nj = at2(n, j, J);
    double gamma = e->value_added_share[nj], eta = e->land_share[nj];
    const double *input = e->input_share + (e->about.regions[n].area_index * J + j) * J;
    double log_cost = eta > 0 ? gamma * eta * log(sector_rent(e, n, nj)) : 0;
    for (size_t s = 0; s < S; s++)
        if (e->wage_share[nj * S + s] > 0) log_cost += gamma * (1 - eta) * e->wage_share[nj * S + s] * log(wage(e, n, s));
    for (size_t k = 0; k < J; k++)
        if (input[k] > 0) log_cost += input[k] * log(price[at2(n, k, J)]);
    return log_cost;
}

/* Upsilon_n^j in workers (per km2 for density), from baseline workers. */
static double spillover_level(const bashu_economy *e, size_t n, size_t j)
{
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    const double *time_h = e->travel_time_h ? e->travel_time_h + e->about.people_travel * N * N : NULL;
    bool density = e->about.switches.spillover == SPILLOVER_DENSITY, own_only = !time_h || !isfinite(e->delta[j]);
    double sum = 0;
    for (size_t h = 0; h < N; h++) {
        if (own_only && h != n) continue;
        double workers = 0, weight = h == n ? 1 : exp(-e->delta[j] * time_h[n * N + h]);
        if (weight < 1e-16) continue;
        size_t hj = at2(h, j, J);
        for (size_t s = 0; s < S; s++)
            if (wage(e, h, s) > 0)
                workers += e->wage_share[hj * S + s] * (1 - e->land_share[hj]) * e->value_added_share[hj] * e->output[hj] / wage(e, h, s);
        sum += weight * workers / (density ? e->about.regions[h].land_km2 : 1);
    }
    return sum;
}

/* Omega_n = sum_h exp(-rho t_nh) L_h / K_h, own place felt fully */
static double crowding_level(const bashu_economy *e, size_t n)
{
    size_t N = e->about.N;
    double rho = e->about.elasticities[AMENITY_DECAY].by_item[0], sum = 0;
    const double *time_h = e->travel_time_h ? e->travel_time_h + e->about.people_travel * N * N : NULL;
    for (size_t h = 0; h < N; h++) {
        double people = 0, weight = h == n ? 1 : time_h && isfinite(rho) ? exp(-rho * time_h[n * N + h]) : 0;
        for (size_t s = 0; weight >= 1e-16 && s < e->about.S; s++) people += e->people[at2(h, s, e->about.S)];
        sum += weight * people / e->about.regions[h].land_km2;
    }
    return sum;
}

static double amenity(const calibration *c, const double *price, double crowding, size_t n, size_t s)
{
    const bashu_economy *e = c->economy;
    bool free = e->about.switches.mobility == MOBILITY_FREE;
    size_t ns = at2(n, s, e->about.S);
    double earned = e->people[ns] > 0 ? e->labour_income[ns] / e->people[ns] : 0; /* where commuting is observed b holds access, too */
    if (e->fundamentals.access) earned = e->fundamentals.access[ns];
    double people = 0, wages = 0, log_price = 0;
    for (size_t g = 0; g < e->about.S; g++) people += e->people[at2(n, g, e->about.S)], wages += e->labour_income[at2(n, g, e->about.S)];
    if (!c->mover_factor || !(c->mover_factor[n] > 0) || !(e->epsilon[s] > 0 || free) || !(earned > 0)) return 0;
    for (size_t j = 0; j < e->about.J; j++) log_price += e->final_share[at2(n, j, e->about.J)] * log(price[at2(n, j, e->about.J)]);
    double alpha = e->goods_share[n], log_rent = alpha < 1 ? (1 - alpha) * log(rent(e, n)) : 0;
    double log_v = free ? 0 : log(c->mover_factor[n] * e->people[ns] / people) / e->epsilon[s];
    return exp(log_v + e->lambda * log(crowding)
               + alpha * log_price + log_rent - log(earned * e->income[n] / wages));
}

bashu_status invert_fundamentals(calibration *c)
{
    bashu_economy *e = c->economy;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    double *productivity = arena_alloc(c->memory, N * J, sizeof(double)), *price = arena_alloc(c->memory, N * J, sizeof(double));
    double *cost = arena_alloc(c->memory, N * J, sizeof(double)), *b = arena_alloc(c->memory, N * S, sizeof(double));
    double *upsilon = arena_alloc(c->memory, N * J, sizeof(double)), *crowding = arena_alloc(c->memory, N, sizeof(double));
    if (!productivity || !price || !cost || !b || !upsilon || !crowding) return fail_memory(c->context);
    for (size_t n = 0; n < N; n++) crowding[n] = crowding_level(e, n);
    for (size_t nj = 0; nj < N * J; nj++)
        price[nj] = c->price_power ? pow(c->price_power[nj], -1 / e->theta[nj % J]) : 1;
#pragma omp parallel for schedule(static) num_threads(threads_for(c->context, (double)(N * N * J)))
    for (size_t n = 0; n < N; n++) {
        for (size_t j = 0; j < J; j++) {
            size_t nj = at2(n, j, J);
            if (!(e->output[nj] > 0)) continue;
            cost[nj] = exp(log_unit_cost(e, price, n, j));
            if (e->mu[j] > 0) upsilon[nj] = spillover_level(e, n, j);
            if (!c->seller_factor) continue;
            productivity[nj] = c->seller_factor[nj] * pow(cost[nj], e->theta[j]);
            if (e->mu[j] > 0) productivity[nj] /= pow(upsilon[nj], e->mu[j] * e->theta[j]);
        }
        for (size_t s = 0; s < S; s++) b[at2(n, s, S)] = amenity(c, price, crowding[n], n, s);
    }
    e->fundamentals.productivity = productivity;
    e->fundamentals.amenity = b;
    e->fundamentals.unit_cost = cost;
    e->fundamentals.price = price;
    e->fundamentals.upsilon = upsilon;
    e->fundamentals.crowding = crowding;
    return BASHU_OK;
}
