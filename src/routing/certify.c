/* certify.c - every equation of an equilibrium again, in levels, link by link, from costs, incomes, people and accesses; shares no code with
 * flows.c. Relative residuals:
 *
 *   inward_access    p_l = sum_k t_kl^-theta p_k + x_l                     x_l from wages, productivity and people, by factors on the baseline
 *   outward_access   q_k = sum_l t_kl^-theta q_l + Y_k / p_k
 *   income           Y_k = x_k q_k
 *   congestion       t_kl = tbar_kl (t_kl^-theta p_k q_l / sum Y)^lambda
 *   people, welfare  sum L as it was; w u L^beta / P alike everywhere       where people move */
#include "routing/routing.h"

#include <math.h>

static void note_worst(bashu_routing *r, const char *name, double residual)
{
    if (residual <= r->info.residual) return; /* NaN stays worst */
    r->info.residual = residual;
    r->info.worst = name;
}

static void check_links(bashu_routing *r, const double *world, double *inward, double *outward)
{
    const route_network *w = &r->network;
    const route_state *s = &r->now, *b = &r->base;
    double worst = 0, a = 0;
    for (size_t e = 0; e < r->arc_count; e++) {
        size_t at = r->arc_link[e];
        const route_link *link = &w->links[at / 2];
        size_t k = at % 2 ? link->to : link->from, l = at % 2 ? link->from : link->to;
        if (!(at % 2 && s->cost[at] == s->cost[at - 1])) a = isinf(s->cost[at]) ? 0 : pow(s->cost[at], -w->theta); /* else that of the way there */
        double traffic = a * s->inward[k] * s->outward[l];
        inward[l] += a * s->inward[k];
        outward[k] += a * s->outward[l];
        if (!(w->congestion > 0) || isinf(s->cost[at])) continue;
        double was = b->inward[k] * b->outward[l] * pow(b->cost[at], -w->theta);
        double hat = r->cost_hat[e] * pow(traffic / was * world[0] / world[1], w->congestion);
        worst = worse(worst, log(s->cost[at] / (b->cost[at] * hat)));
        if (w->free_costs) worst = worse(worst, log(b->cost[at] / (link->cost * pow(was / world[0], w->congestion))));
    }
    if (w->congestion > 0) note_worst(r, "congestion", worst);
}

bashu_status routing_certify(bashu_routing *r, double *residual)
{
    const route_network *w = &r->network;
    const route_state *s = &r->now, *b = &r->base;
    size_t n = w->node_count;
    double *inward, *outward, world[2] = {0, 0}, people[2] = {0, 0}, in = 0, out = 0, income = 0, welfare = 0, theta = w->theta;
    arena *scratch = arena_new(r->context);
    const array_wanted wanted[] = {{&inward, n}, {&outward, n}};
    if (!scratch || !ARENA_ARRAYS(scratch, wanted)) {
        arena_free(scratch);
        return fail_memory(r->context);
    }
    r->info.residual = 0;
    r->info.worst = "";
    for (size_t i = 0; i < n; i++) {
        world[0] += b->income[i];
        world[1] += s->income[i];
        people[0] += b->people[i];
        people[1] += s->people[i];
    }
    check_links(r, world, inward, outward);
    double radius = 0, reference = (double)NAN, utility = (double)NAN;
    for (size_t i = 0; i < n; i++) {
        double x = 0, rate = inward[i] / s->inward[i];
        if (s->people[i] > 0) {
            double wage_hat = s->income[i] / b->income[i] / (s->people[i] / b->people[i]);
            x = b->income[i] / b->outward[i] * pow(wage_hat / r->productivity_hat[i], -theta)
                * pow(s->people[i] / b->people[i], w->productivity_spillover * theta);
            if (!w->income && r->scenario == false) { /* the baseline in levels: up to one scale of all */
                double own = pow(w->productivity[i], theta) * pow(s->people[i], w->productivity_spillover * theta)
                             * pow(s->income[i] / s->people[i], -theta) / x;
                if (isnan(reference)) reference = own;
                income = worse(income, log(own / reference));
                own = s->income[i] / s->people[i] * w->amenity[i] * pow(s->people[i], w->amenity_spillover) * pow(s->inward[i], 1 / theta);
                if (isnan(utility)) utility = own;
                if (w->mobile) welfare = worse(welfare, log(own / utility));
            }
            income = worse(income, log(x * s->outward[i] / s->income[i]));
            double hat = wage_hat * r->amenity_hat[i] * pow(s->people[i] / b->people[i], w->amenity_spillover)
                         * pow(s->inward[i] / b->inward[i], 1 / theta);
            if (w->mobile) welfare = worse(welfare, log(hat / r->info.welfare_hat));
        }
        residual[2 * i] = log((inward[i] + x) / s->inward[i]);
        residual[2 * i + 1] = log((outward[i] + s->income[i] / s->inward[i]) / s->outward[i]);
        in = worse(in, residual[2 * i]);
        out = worse(out, residual[2 * i + 1]);
        radius = rate > radius ? rate : radius;
    }
    note_worst(r, "inward_access", in);
    note_worst(r, "outward_access", out);
    note_worst(r, "income", income);
    if (w->mobile) note_worst(r, "welfare", welfare);
    if (w->mobile) note_worst(r, "people", fabs(people[1] / people[0] - 1));
    /* p - A' p = x >= 0, p > 0: at most the greatest of these ratios */
    r->info.radius_high = fmin(isnan(r->info.radius_high) ? (double)INFINITY : r->info.radius_high, radius);
    arena_free(scratch);
    return BASHU_OK;
}
