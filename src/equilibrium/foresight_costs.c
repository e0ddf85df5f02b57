/* foresight_costs.c - changed costs of moving: which moves people would have made under them.
 *
 *   mu^ih = exp(tau^ih) >= 1: who moves has a mu-th of the period's consumption, in the period of the move alone
 *   kernel_t^ih = mu_-1^ih (muhat_t^ih)^(-1/nu)        takes the place of mu_-1 in foresight_people.c
 *
 * muhat_t is of the period in which people leave, between two regions, for the group that leaves; within a region there is none. Least times
 * of people cost as gross flows by a rate fall with them (calibrate/gross_flows.c): muhat = (t' / t)^(x nu), so that the kernel has
 * (t' / t)^-x, x: migration_time_elasticity. States of fundamentals in a row whose costs are the same share one kernel; where none change
 * it is the observed shares themselves. */
#include "equilibrium/foresight_people.h"

#include <math.h>
#include <string.h>

static bashu_status fill_kernel(const bashu_economy *e, const gross_flows *flows, double nu, const double *cost_hat, double *kernel)
{
    size_t N = e->about.N, S = e->about.S, M = flows->markets, Q = flows->pools;
    for (size_t row = 0; row < M * Q; row++) {
        size_t q = row % Q, from = flows->market[q * M + row / Q];
        for (size_t h = 0; h < M; h++) {
            size_t to = flows->market[q * M + h];
            double share = flows->share[row * M + h];
            if (!(share > 0) || from == SIZE_MAX || to == SIZE_MAX || from / S == to / S) {
                kernel[row * M + h] = share;
                continue;
            }
            double hat = cost_hat[at3(from % S, from / S, to / S, N, N)];
            kernel[row * M + h] = hat == 1 ? share : share * pow(hat, -1 / nu);
            if (!(kernel[row * M + h] > 0 && isfinite(kernel[row * M + h])))
                return fail(e->context, BASHU_ERROR_INPUT,
                            "foresight: the cost of moving from '%s' to '%s' changes by a factor of %.3g, which with migration_noise %g leaves nobody or everybody moving; "
                            "change it less",
                            e->about.regions[from / S].label.id, e->about.regions[to / S].label.id, hat, nu);
        }
    }
    return BASHU_OK;
}

bashu_status move_costs_begin(move_costs *out, const bashu_economy *economy, const gross_flows *flows, size_t states)
{
    move_costs_free(out);
    out->memory = arena_new(economy->context);
    if (!out->memory) return fail_memory(economy->context);
    out->hat = arena_alloc(out->memory, states, sizeof *out->hat);
    out->kernel = arena_alloc(out->memory, states, sizeof *out->kernel);
    if (!out->hat || !out->kernel) return fail_memory(economy->context);
    out->kernel[0] = flows->share;
    return BASHU_OK;
}

bashu_status move_costs_set(move_costs *out, size_t state, const bashu_economy *e, const gross_flows *flows, double nu, const double *cost_hat)
{
    size_t pairs = e->about.S * e->about.N * e->about.N, last = out->last;
    double *hat, *kernel;
    const array_wanted wanted[] = {{&hat, pairs}, {&kernel, flows->markets * flows->pools * flows->markets}};
    out->last = state;
    out->kernel[state] = flows->share;
    if (!cost_hat) return BASHU_OK;
    if (out->hat[last] && !memcmp(out->hat[last], cost_hat, pairs * sizeof *cost_hat)) {
        out->hat[state] = out->hat[last];
        out->kernel[state] = out->kernel[last];
        return BASHU_OK;
    }
    if (!ARENA_ARRAYS(out->memory, wanted)) return fail_memory(e->context);
    memcpy(hat, cost_hat, pairs * sizeof *hat);
    out->hat[state] = hat;
    out->kernel[state] = kernel;
    return fill_kernel(e, flows, nu, hat, kernel);
}

void move_costs_free(move_costs *costs)
{
    if (costs->memory) arena_free(costs->memory);
    *costs = (move_costs){0};
}
