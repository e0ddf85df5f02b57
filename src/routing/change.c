/* change.c - from the baseline to what changes of links and places do, and what every link is worth.
 *
 * Changes are factors ("hats") on the baseline's flows, which say all that must be known of it (exact hat algebra): nothing changes, and every
 * flow is what it was, to the last bit. */
#include "routing/parts.h"

#include <math.h>
#include <string.h>

/* The baseline's flows, the changes of links and places on them. */
static bashu_status build_changed(built *b, arena *memory, bashu_routing *r)
{
    const route_network *w = &r->network;
    size_t n = w->node_count, arcs = r->arc_count;
    double *flow, *income, *people;
    const array_wanted wanted[] = {{&flow, arcs}, {&income, n}, {&people, n}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(r->context);
    TRY(flows_build(b, memory, r));
    closure c = b->s.c = closure_of(w, false, w->congestion > 0);
    for (size_t e = 0; e < arcs; e++) flow[e] = r->base.traffic[r->arc_link[e]];
    flows_set_base(b, r, flow, r->base.income, r->base.people);
    flows_balance(&b->s);
    double theta = w->theta, beta = w->amenity_spillover;
    for (size_t e = 0; e < arcs; e++)
        if (r->cost_hat[e] != 1) flow[e] *= pow(r->cost_hat[e], -theta * (1 - c.mu));
    for (size_t i = 0; i < n; i++) {
        double T = r->productivity_hat[i] == 1 ? 1 : pow(r->productivity_hat[i], theta), u = r->amenity_hat[i];
        people[i] = r->base.people[i];
        income[i] = r->base.income[i];
        if (T == 1 && u == 1) continue;
        if (w->mobile) {
            double hat = pow(T * pow(u, 1 + theta), c.lv);
            people[i] *= hat;
            income[i] *= pow(hat, 1 - beta) / u;
        } else income[i] *= pow(T, c.ev);
    }
    double world = b->s.base_income, persons = b->s.base_people;
    flows_set_base(b, r, flow, income, people);
    b->s.base_income = world; /* against which world income and people are measured */
    b->s.base_people = persons;
    return groups_make(&b->s);
}

static double welfare_hat(const bashu_routing *r, const built *b)
{
    const route_network *w = &r->network;
    if (w->mobile) return exp(b->s.level[0].dw);
    double sum = 0, people = 0;
    for (size_t i = 0; i < w->node_count; i++) {
        if (!(r->base.people[i] > 0)) continue;
        double real = log(r->now.income[i] / r->base.income[i]) + log(r->now.inward[i] / r->base.inward[i]) / w->theta;
        sum += r->base.people[i] * (real + log(r->amenity_hat[i]));
        people += r->base.people[i];
    }
    return exp(sum / people);
}

static bashu_status change(bashu_routing *r, arena *scratch, const route_changes *changes, double tolerance)
{
    const route_network *w = &r->network;
    built b;
    r->changed = false;
    for (size_t e = 0; e < r->arc_count; e++) r->cost_hat[e] = changes->cost ? changes->cost[r->arc_link[e] / 2] : 1;
    for (size_t i = 0; i < w->node_count; i++) {
        r->productivity_hat[i] = changes->productivity ? changes->productivity[i] : 1;
        r->amenity_hat[i] = changes->amenity ? changes->amenity[i] : 1;
        r->changed |= r->productivity_hat[i] != 1 || r->amenity_hat[i] != 1;
    }
    for (size_t e = 0; e < r->arc_count; e++) r->changed |= r->cost_hat[e] != 1;
    TRY(build_changed(&b, scratch, r));
    groups_base(&b.s);
    int steps = 0;
    bashu_reason reason = flows_solve(&b.s, tolerance, false, FLOWS_STEPS, &steps);
    if (reason > 0 && !r->changed) reason = BASHU_CONVERGED_UNCHANGED;
    flows_read(r, &b, &r->now, r->base.inward, r->base.outward);
    double world[2] = {0, 0};
    for (size_t i = 0; i < w->node_count; i++) {
        world[0] += r->base.income[i];
        world[1] += r->now.income[i];
    }
    for (size_t e = 0; e < r->arc_count; e++) {
        size_t k = arc_from(r, e), l = arc_to(r, e), at = r->arc_link[e];
        double pq = r->now.inward[k] / r->base.inward[k] * (r->now.outward[l] / r->base.outward[l]), lambda = w->congestion;
        double hat = pow(r->cost_hat[e], 1 / (1 + w->theta * lambda));
        if (lambda > 0) hat *= pow(pq * world[0] / world[1], lambda / (1 + w->theta * lambda));
        r->now.cost[at] = r->base.cost[at] * hat;
        r->now.traffic[at] = r->base.traffic[at] * (isinf(hat) ? 0 : pow(hat, -w->theta) * pq);
    }
    r->info.welfare_hat = reason > 0 ? welfare_hat(r, &b) : (double)NAN;
    return routing_finish(r, &b, reason, steps);
}

bashu_status routing_change(bashu_routing *r, const route_changes *changes, double tolerance)
{
    r->scenario = true;
    return routing_scratch(r, changes, tolerance, change);
}

/* ---- what every link is worth --------------------------------------------------------------------- */

/* J' y = d log W / d(u, v); then d log W / d log t_kl = theta (1 - mu) Xi_kl (y1_l - y2_k): a cost takes from F1 of its end and F2 of its
 * beginning what it takes from the flow. */
static bashu_status elasticities(bashu_routing *r, arena *scratch, const route_changes *changes, double tolerance)
{
    const route_network *w = &r->network;
    built b;
    (void)changes;
    (void)tolerance;
    TRY(build_changed(&b, scratch, r));
    flow_system *s = &b.s;
    flow_level *l = &s->level[0];
    groups_base(s);
    for (size_t i = 0; i < w->node_count; i++) {
        size_t k = (size_t)b.place[i];
        l->z[2 * k] = -log(r->now.inward[i] / r->base.inward[i]);
        l->z[2 * k + 1] = log(r->now.outward[i] / r->base.outward[i]);
    }
    flows_at(s, 0);
    s->transposed = true;
    groups_flows(s, 0);
    double people = 0;
    for (size_t i = 0; i < w->node_count; i++) people += r->base.people[i];
    for (size_t i = 0; i < w->node_count; i++) {
        size_t k = (size_t)b.place[i];
        double share = w->mobile ? l->people[k] / s->base_people : r->base.people[i] / people;
        l->correction[2 * k] = share * (w->mobile ? -s->c.lu / s->c.lw : -1 / w->theta);
        l->correction[2 * k + 1] = share * (w->mobile ? -s->c.lv / s->c.lw : 1 / (1 + w->theta));
    }
    double reached = multigrid_solve(s, 0, l->correction, 1e-11, 300, l->power);
    if (!(reached < 1e-6)) return BASHU_OK; /* links carry so much more than anybody earns that rounding leaves nothing of incomes: they stay NaN */
    for (size_t k = 0; k < w->link_count; k++) r->elasticity[k] = 0;
    for (size_t e = 0; e < r->arc_count; e++) {
        size_t at = r->arc_link[e];
        const double *y = l->power;
        r->elasticity[at / 2] += w->theta * (1 - s->c.mu) * r->now.traffic[at]
                                 * (y[2 * (size_t)b.place[arc_to(r, e)]] - y[2 * (size_t)b.place[arc_from(r, e)] + 1]);
    }
    return BASHU_OK;
}

bashu_status routing_elasticities(bashu_routing *r)
{
    return routing_scratch(r, NULL, 0, elasticities);
}
