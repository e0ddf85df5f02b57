/* rebase.c - a baseline that the model makes of the accounts.
 *
 * Observed accounts carry deficits D; what a policy does should not be mixed with what closing them does. With
 * `deficits: zero` the counterfactual D' = 0 is solved first, and its levels become the baseline
 * (Caliendo & Parro 2015, section 5; Ossa 2014). Published accounts may also not clear, because final shares come from
 * elsewhere than flows: with `baseline: settled` the equilibrium with these shares is solved first (their baseline, too):
 *
 *   pi <- pi x_i / (Phat_n)^-theta,  Y <- Y Yhat,  X <- X',  I <- I',  w Lw <- w Lw what Lwhat,  r H <- r H rhat^(1+chi),
 *   L <- L Lhat,  m <- m',  c <- c',  D <- D' */
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

/* Wages that fitted commuting implies move with wages, access with access; each group's geometric mean is 1 again. */
static void rebase_access(bashu_economy *e, const bashu_result *r)
{
    size_t N = e->about.N, S = e->about.S;
    for (size_t s = 0; e->fundamentals.access && s < S; s++) {
        double sum = 0, count = 0;
        for (size_t n = 0; n < N; n++)
            if (e->workers[at2(n, s, S)] > 0) sum += log(r->wage_hat[at2(n, s, S)]), count++;
        double mean = count > 0 ? exp(sum / count) : 1;
        for (size_t n = 0; n < N; n++) {
            own(e->fundamentals.workplace_wage)[at2(n, s, S)] *= r->wage_hat[at2(n, s, S)] / mean;
            own(e->fundamentals.access)[at2(n, s, S)] *= r->access_hat[at2(n, s, S)] / mean;
        }
    }
}

static void rebase_people(bashu_economy *e, const system_of_equations *system, const bashu_result *r)
{
    const problem *p = &system->problem;
    for (size_t n = 0; n < p->N; n++)
        for (size_t s = 0; s < p->S; s++) {
            size_t ns = at2(n, s, p->S);
            own(e->wage_bill)[ns] *= r->wage_hat[ns] * exp(system->at.log_workers[ns]);
            own(e->labour_income)[ns] = system->at.labour_income[ns];
            if (e->workers != e->people) own(e->workers)[ns] *= exp(system->at.log_workers[ns]);
            own(e->people)[ns] *= r->people_hat[ns];
        }
    size_t O = p->migration.rows;
    for (size_t s = 0; s < p->S; s++)
        for (size_t o = 0; o < O; o++)
            for (size_t n = 0; n < p->N; n++) {
                double total = system->at.origin_total[at2(o, s, p->S)];
                own(e->migration_share)[(s * O + o) * p->N + n] *= total > 0 ? system->at.utility_power[s * p->N + n] / total : 1;
            }
    for (size_t s = 0; p->commuting.rows && s < p->S; s++)
        for (size_t n = 0; n < p->N; n++)
            for (size_t i = 0; i < p->N; i++) {
                double total = system->at.access_total[at2(n, s, p->S)];
                own(e->commuting_share)[at3(s, n, i, p->N, p->N)] *= total > 0 ? system->at.wage_power[s * p->N + i] / total : 1;
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
    rebase_access(e, r);
    for (size_t i = 0; i < p->N * p->J; i++) {
        own(e->output)[i] *= r->output_hat[i];
        own(e->fundamentals.price)[i] *= r->price_hat[i];
        own(e->fundamentals.unit_cost)[i] *= exp(log_unit_cost_hat(p, &system->at, i / p->J, i % p->J));
    }
    for (size_t i = 0; p->spillovers && i < p->N * p->J; i++)
        if (p->upsilon_base[i] > 0) own(e->fundamentals.upsilon)[i] *= system->at.upsilon[i] / p->upsilon_base[i];
    for (size_t n = 0; n < p->N; n++) {
        own(e->fundamentals.crowding)[n] *= r->crowding_hat[n]; /* also where nobody minds it */
        own(e->income)[n] = r->income[n];
        own(e->land_income)[n] *= pow(r->rent_hat[n], 1 + e->chi[n]);
        own(e->deficit)[n] = e->about.switches.deficits == DEFICITS_ZERO ? 0
                             : system->at.deficit_rate[n] != 0          ? system->at.deficit_rate[n] * system->at.local_value_added[n]
                                                                        : e->deficit[n];
    }
}

/* One more line of `bashu check`: how far the baseline is from the accounts. */
static bashu_status note_move(bashu_economy *e, const bashu_result *r)
{
    adjustment *list = arena_alloc(e->memory, e->adjustment_count + 1, sizeof *list);
    double all = 0, moved = 0;
    if (!list) return fail_memory(e->context);
    for (size_t n = 0; n < e->about.N; n++) {
        double before = 0;
        for (size_t j = 0; j < e->about.J; j++) before += e->value_added_share[at2(n, j, e->about.J)] * e->output[at2(n, j, e->about.J)];
        all += before;
        moved += fabs(r->value_added[n] - before) / 2;
    }
    if (e->adjustment_count) memcpy(list, e->adjustments, e->adjustment_count * sizeof *list);
    list[e->adjustment_count] = (adjustment){"value added that stays in its region when the baseline is solved for",
                                             "求解基期时留在原地区的增加值", all, all - moved};
    e->adjustments = list;
    e->adjustment_count++;
    return BASHU_OK;
}

bool needs_settling(const bashu_economy *e)
{
    return e->about.switches.deficits == DEFICITS_ZERO || e->about.switches.baseline == BASELINE_SETTLED;
}

bashu_status settle_baseline(bashu_economy *e, const bashu_options *options)
{
    bashu_solver *solver = NULL;
    bashu_result *result = NULL;
    bashu_status status;
    shock k;
    arena *scratch = arena_new(e->context);
    if (!scratch) return fail_memory(e->context);
    TRY_ELSE(status, shock_none(&k, scratch, e), done);
    k.empty = false;
    for (size_t n = 0; e->about.switches.deficits == DEFICITS_ZERO && n < e->about.N; n++) k.transfer[n] = -e->deficit[n];
    bashu_options exact = options ? *options : (bashu_options)BASHU_OPTIONS_INIT;
    double asked = exact.tolerance;
    exact.tolerance = fmin(asked, 1e-12); /* what is measured against the baseline is no better than the baseline */
    exact.starts = 0;
    for (int attempt = 0; attempt < 2; attempt++) {
        TRY_ELSE(status, solver_new(&solver, e, &exact), done);
        TRY_ELSE(status, solve_shock(&result, solver, &k), done);
        if (result->info.reason > 0 || is_cancelled(e->context) || attempt) break;
        result_free(result);
        solver_free(solver);
        result = NULL;
        solver = NULL;
        exact.tolerance = asked; /* rounding may not allow more */
        exact.method = 0;        /* nor one method an answer at all */
    }
    if (is_cancelled(e->context)) status = fail(e->context, BASHU_INTERRUPTED, "interrupted");
    else if (result->info.reason <= 0)
        status = fail(e->context, BASHU_ERROR_INPUT, "%s: no equilibrium %s was found (%s; worst %s); %s", e->about.folder,
                      e->about.switches.deficits == DEFICITS_ZERO ? "without deficits" : "with these final shares", bashu_reason_text(result->info.reason), result->info.worst,
                      e->about.switches.deficits == DEFICITS_ZERO ? "use deficits: fixed" : "use baseline: observed");
    else if ((status = note_move(e, result)) == BASHU_OK) rebase(e, solver_system(solver), result);
done:
    result_free(result);
    solver_free(solver);
    arena_free(scratch);
    return status;
}
