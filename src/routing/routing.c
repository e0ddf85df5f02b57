/* routing.c - an economy on a network as a thing: its arrays, and what is said of an equilibrium when it has been found. */
#include "routing/parts.h"

#include <limits.h>
#include <math.h>

bashu_status routing_prepare(bashu_routing *r)
{
    const route_network *w = &r->network;
    size_t n = w->node_count, links = w->link_count, arcs = 0;
    r->arc_link = arena_alloc(r->memory, 2 * links + 1, sizeof *r->arc_link);
    if (links > UINT_MAX / 4) return fail(r->context, BASHU_ERROR_INPUT, "%s: has %zu links; at most %u can be computed with", w->links_path, links, UINT_MAX / 4);
    if (!r->arc_link) return fail_memory(r->context);
    for (size_t k = 0; k < links; k++) {
        r->arc_link[arcs++] = (unsigned)(2 * k);
        if (w->links[k].both_ways) r->arc_link[arcs++] = (unsigned)(2 * k + 1);
    }
    r->arc_count = arcs;
    route_state *b = &r->base, *c = &r->now;
    const array_wanted wanted[] = {
        {&b->cost, 2 * links}, {&b->traffic, 2 * links}, {&b->income, n}, {&b->people, n}, {&b->inward, n}, {&b->outward, n},
        {&c->cost, 2 * links}, {&c->traffic, 2 * links}, {&c->income, n}, {&c->people, n}, {&c->inward, n}, {&c->outward, n},
        {&r->cost_hat, arcs}, {&r->productivity_hat, n}, {&r->amenity_hat, n}, {&r->elasticity, links}};
    if (!ARENA_ARRAYS(r->memory, wanted)) return fail_memory(r->context);
    for (size_t k = 0; k < links; k++) {
        bool back = w->links[k].both_ways;
        b->cost[2 * k] = w->links[k].cost;
        b->cost[2 * k + 1] = back ? w->links[k].cost : (double)NAN;
        b->traffic[2 * k + 1] = c->traffic[2 * k + 1] = back ? 0 : (double)NAN;
        r->elasticity[k] = (double)NAN;
    }
    for (size_t e = 0; e < arcs; e++) r->cost_hat[e] = 1;
    for (size_t i = 0; i < n; i++) r->productivity_hat[i] = r->amenity_hat[i] = 1;
    r->info = (bashu_routing_info){.nodes = n, .links = links, .followed = (double)NAN, .followed_to = (double)NAN, .residual = (double)NAN, .forward_error = (double)NAN, .welfare_hat = 1,
                                   .radius_low = (double)NAN, .radius_high = (double)NAN, .worst = ""};
    return BASHU_OK;
}

static const char *uniqueness_of(const route_network *w)
{
    double delta = 1 - w->productivity_spillover * w->theta - w->amenity_spillover * (1 + w->theta);
    if (w->congestion > 0) return "not known: links are congested";
    if (!w->mobile) return "holds: people stay and costs are given (gross substitutes)";
    if (delta > 0 && w->productivity_spillover + w->amenity_spillover < 0)
        return "holds: the spillovers add up to less than zero (gross substitutes)";
    return "not known: the spillovers add up to zero or more";
}

bashu_status routing_finish(bashu_routing *r, built *b, bashu_reason reason, int steps)
{
    size_t n = r->network.node_count;
    double *residual = arena_alloc(b->s.memory, 2 * n, sizeof *residual), *placed = arena_alloc(b->s.memory, 2 * n, sizeof *placed);
    if (!residual || !placed) return fail_memory(r->context);
    r->info.reason = reason;
    r->info.steps = steps;
    r->info.cycles = b->s.cycles;
    r->info.uniqueness = uniqueness_of(&r->network);
    if (reason <= 0) return BASHU_OK;
    TRY(routing_certify(r, residual));
    for (size_t i = 0; i < n; i++) {
        placed[2 * b->place[i]] = residual[2 * i];
        placed[2 * b->place[i] + 1] = residual[2 * i + 1];
    }
    r->info.forward_error = reason == BASHU_CONVERGED_UNCHANGED ? 0 : flows_forward_error(&b->s, placed);
    if (!(r->info.residual <= 1e-6)) r->info.reason = BASHU_DIVERGED_CERTIFICATE;
    return BASHU_OK;
}

bashu_status routing_scratch(bashu_routing *r, const route_changes *changes, double tolerance,
                             bashu_status (*function)(bashu_routing *, arena *, const route_changes *, double))
{
    arena *scratch = arena_new(r->context);
    if (!scratch) return fail_memory(r->context);
    double start = now_s();
    bashu_status status = function(r, scratch, changes, tolerance);
    r->info.time_s += now_s() - start;
    r->info.memory = arena_bytes(scratch) > r->info.memory ? arena_bytes(scratch) : r->info.memory;
    arena_free(scratch);
    return status;
}
