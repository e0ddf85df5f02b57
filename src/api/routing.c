/* routing.c - the public functions about networks whose trade takes all routes. */
#include "input/routing.h"
#include "report/routing.h"

#include <math.h>

bashu_status bashu_routing_read(bashu_routing **out, bashu_context *context, const char *folder, const char *settings)
{
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!out || !folder) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_routing_read needs a place for the network and a folder");
    arena *memory = arena_new(context);
    bashu_routing *r = memory ? arena_alloc(memory, 1, sizeof *r) : NULL;
    bashu_status status = BASHU_OK;
    if (!r) status = fail_memory(context);
    else {
        *r = (bashu_routing){.context = context, .memory = memory};
        status = route_network_read(&r->network, memory, folder, settings);
        if (status == BASHU_OK) status = routing_prepare(r);
    }
    if (status == BASHU_OK) *out = r;
    else arena_free(memory);
    return status;
}

static bashu_status check_tolerance(const bashu_routing *r, double tolerance)
{
    if (tolerance > 0 && tolerance <= 1e-2) return BASHU_OK;
    return fail(r->context, BASHU_ERROR_ARGUMENT, "the tolerance %g is not above 0 and at most 0.01", tolerance);
}

static bashu_status check_solved(const bashu_routing *r, const char *what)
{
    if (r->info.reason > 0) return BASHU_OK;
    return fail(r->context, BASHU_ERROR_ARGUMENT, "%s needs an equilibrium first (%s)", what, bashu_reason_text(r->info.reason));
}

bashu_status bashu_routing_solve(bashu_routing *routing, double tolerance)
{
    if (!routing) return BASHU_ERROR_ARGUMENT;
    TRY(check_tolerance(routing, tolerance));
    return routing_baseline(routing, tolerance);
}

bashu_status bashu_routing_change(bashu_routing *routing, const double *cost_hat, const double *productivity_hat, const double *amenity_hat,
                                  double tolerance)
{
    if (!routing) return BASHU_ERROR_ARGUMENT;
    TRY(check_tolerance(routing, tolerance));
    TRY(check_solved(routing, "bashu_routing_change"));
    const route_network *w = &routing->network;
    for (size_t k = 0; cost_hat && k < w->link_count; k++)
        if (!(cost_hat[k] > 0)) return fail(routing->context, BASHU_ERROR_ARGUMENT, "cost_hat[%zu] is %g and must be above 0", k, cost_hat[k]);
    for (size_t i = 0; i < w->node_count; i++)
        if ((productivity_hat && !(productivity_hat[i] > 0 && isfinite(productivity_hat[i])))
            || (amenity_hat && !(amenity_hat[i] > 0 && isfinite(amenity_hat[i]))))
            return fail(routing->context, BASHU_ERROR_ARGUMENT, "factors of node %zu are not above 0", i);
    return routing_change(routing, &(route_changes){cost_hat, productivity_hat, amenity_hat}, tolerance);
}

bashu_status bashu_routing_scenario(bashu_routing *routing, const char *path, double tolerance)
{
    if (!routing) return BASHU_ERROR_ARGUMENT;
    if (!path) return fail(routing->context, BASHU_ERROR_ARGUMENT, "bashu_routing_scenario needs a file");
    TRY(check_tolerance(routing, tolerance));
    TRY(check_solved(routing, "bashu_routing_scenario"));
    arena *scratch = arena_new(routing->context);
    if (!scratch) return fail_memory(routing->context);
    route_changes changes;
    bashu_status status = route_changes_read(&changes, scratch, &routing->network, path);
    if (status == BASHU_OK) status = routing_change(routing, &changes, tolerance);
    arena_free(scratch);
    return status;
}

bashu_status bashu_routing_elasticities(bashu_routing *routing)
{
    if (!routing) return BASHU_ERROR_ARGUMENT;
    TRY(check_solved(routing, "bashu_routing_elasticities"));
    return routing_elasticities(routing);
}

void bashu_routing_free(bashu_routing *routing)
{
    if (routing) arena_free(routing->memory);
}

const bashu_routing_info *bashu_routing_info_get(const bashu_routing *routing)
{
    return routing ? &routing->info : NULL;
}

bashu_status bashu_routing_node(const bashu_routing *routing, size_t node, bashu_routing_place *out)
{
    if (!routing) return BASHU_ERROR_ARGUMENT;
    if (!out || node >= routing->network.node_count)
        return fail(routing->context, BASHU_ERROR_ARGUMENT, "bashu_routing_node: node %zu of %zu", node, routing->network.node_count);
    routing_place(routing, node, out);
    return BASHU_OK;
}

bashu_status bashu_routing_link(const bashu_routing *routing, size_t link, bashu_routing_road *out)
{
    if (!routing) return BASHU_ERROR_ARGUMENT;
    if (!out || link >= routing->network.link_count)
        return fail(routing->context, BASHU_ERROR_ARGUMENT, "bashu_routing_link: link %zu of %zu", link, routing->network.link_count);
    routing_road(routing, link, out);
    return BASHU_OK;
}

bashu_status bashu_routing_report(char **out, const bashu_routing *routing, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!routing) return BASHU_ERROR_ARGUMENT;
    if (!out || !format)
        return fail(routing->context, BASHU_ERROR_ARGUMENT, "bashu_routing_report needs a place for the text and a format");
    return routing_report(out, routing, format, language);
}
