/* rebase.c - a baseline without deficits.
 *
 * Observed accounts carry deficits D; what a policy does should not be mixed with what closing them does. With
 * `deficits: zero` the counterfactual D' = 0 is solved first, and its levels become the baseline
 * (Caliendo & Parro 2015, section 5; Ossa 2014):
 *
 *   pi <- pi x_i / (Phat_n)^-theta,  Y <- Y Yhat,  X <- X',  I <- I',  w L <- w L what Lhat,  r H <- r H rhat^(1+chi),
 *   L <- L Lhat,  m <- m',  D <- 0 */
#include "equilibrium/equilibrium.h"
#include "equilibrium/system.h"

#include <math.h>
#include <string.h>

/* The arrays are the economy's own, still private to who calls: const protects everybody after calibration. */
static double *own(const double *array)
{
    return (double *)(uintptr_t)array;
}

static void rebase_trade(bashu_economy *e, const system_of_equations *system, const bashu_result *r)
{
    const problem *p = &system->problem;
    double *share = own(e->trade_share);
    for (size_t n = 0; n < p->N; n++) {
        own(e->tariff_revenue)[n] = 0;
        for (size_t j = 0; j < p->J; j++)
            for (size_t i = 0; i < p->N; i++) {
                size_t at = at3(n, j, i, p->J, p->N);
                share[at] = trade_share(p, &system->at, n, j, i);
                double tariff = e->tariff ? e->tariff[at] : 0;
                own(e->tariff_revenue)[n] += share[at] * r->expenditure[at2(n, j, p->J)] * tariff / (1 + tariff);
            }
    }
    memcpy(own(e->expenditure), r->expenditure, p->N * p->J * sizeof(double));
}

static void rebase_people(bashu_economy *e, const system_of_equations *system, const bashu_result *r)
{
    const problem *p = &system->problem;
    for (size_t n = 0; n < p->N; n++)
        for (size_t s = 0; s < p->S; s++) {
            size_t ns = at2(n, s, p->S);
            own(e->wage_bill)[ns] *= r->wage_hat[ns] * r->people_hat[ns];
            own(e->people)[ns] *= r->people_hat[ns];
        }
    for (size_t s = 0; p->migration.rows && s < p->S; s++)
        for (size_t o = 0; o < p->N; o++)
            for (size_t n = 0; n < p->N; n++) {
                double total = system->at.origin_total[at2(o, s, p->S)];
                own(e->migration_share)[(s * p->N + o) * p->N + n] *= total > 0 ? system->at.utility_power[s * p->N + n] / total : 1;
            }
}

/* chat from x = chat^-theta Upsilonhat^(mu theta): no productivity changes here. */
static double log_unit_cost_hat(const problem *p, const point *at, size_t n, size_t j)
{
    double log_x = log(at->x[j * p->N + n]), base = p->upsilon_base[at2(n, j, p->J)], mu = p->economy->mu[j];
    double density = p->spillovers && mu > 0 && base > 0 ? mu * log(at->upsilon[at2(n, j, p->J)] / base) : 0;
    return density - log_x / p->economy->theta[j];
}

static void rebase(bashu_economy *e, const system_of_equations *system, const bashu_result *r)
{
    const problem *p = &system->problem;
    rebase_trade(e, system, r);
    rebase_people(e, system, r);
    for (size_t i = 0; i < p->N * p->J; i++) {
        own(e->output)[i] *= r->output_hat[i];
        own(e->fundamentals.price)[i] *= r->price_hat[i];
        own(e->fundamentals.unit_cost)[i] *= exp(log_unit_cost_hat(p, &system->at, i / p->J, i % p->J));
    }
    for (size_t n = 0; n < p->N; n++) {
        own(e->income)[n] = r->income[n];
        own(e->land_income)[n] *= pow(r->rent_hat[n], 1 + e->chi[n]);
        own(e->deficit)[n] = 0;
    }
}

bashu_status close_deficits(bashu_economy *e, const bashu_options *options)
{
    bashu_solver *solver = NULL;
    bashu_result *result = NULL;
    bashu_status status;
    shock k;
    arena *scratch = arena_new(e->context);
    if (!scratch) return fail_memory(e->context);
    TRY_ELSE(status, shock_none(&k, scratch, e), done);
    k.empty = false;
    for (size_t n = 0; n < e->about.N; n++) k.transfer[n] = -e->deficit[n];
    TRY_ELSE(status, solver_new(&solver, e, options), done);
    solver_set_starts(solver, 0);
    TRY_ELSE(status, solve_shock(&result, solver, &k), done);
    if (is_cancelled(e->context)) status = fail(e->context, BASHU_INTERRUPTED, "interrupted");
    else if (result->info.reason <= 0)
        status = fail(e->context, BASHU_ERROR_INPUT, "%s: no equilibrium without deficits was found (%s; worst %s); use deficits: fixed",
                      e->about.folder, bashu_reason_text(result->info.reason), result->info.worst);
    else rebase(e, solver_system(solver), result);
done:
    result_free(result);
    solver_free(solver);
    arena_free(scratch);
    return status;
}
