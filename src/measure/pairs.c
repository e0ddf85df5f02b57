/* pairs.c - what flows between places, before and after.
 *
 *   pi'_ni^j = pi_ni^j kappahat_ni^-theta x_i^j / sum_h (the same of h),   value X'_n^j pi'_ni^j at buyers' prices
 *   exports of i: sum over n != i, j of pi_ni X_n / (1 + tau_ni);   imports of n the same over i != n
 *   tariff revenue of n: sum over i, j of pi_ni X_n tau_ni / (1 + tau_ni)
 *   m'_on^s  = m_on^s (Vhat_n / muhat_on)^epsilon / sum_h (the same of h),   persons m'_on^s Lbar_o^s
 *   c'_ni^s  = c_ni^s (what_i / kappahat_ni)^epsilon_c / Ahat_n^epsilon_c,     persons c'_ni^s L'_n^s
 *
 * Where nothing changed a share is the baseline's own, bit by bit. */
#include "measure/fill.h"

#include <math.h>

static bool is_unchanged(const bashu_result *result) { return result->info.reason == BASHU_CONVERGED_UNCHANGED; }

static const double *kernel_of(const bashu_result *result)
{
    return result->trade_kernel ? result->trade_kernel : result->economy->trade_share;
}

/* ---- trade --------------------------------------------------------------------------------------- */

/* One destination and sector: the sum first, then each seller. */
static void flows_of_row(const bashu_result *result, flow f, flow_function *visit, void *payload)
{
    const bashu_economy *e = result->economy;
    size_t N = e->about.N, row = at3(f.destination, f.sector, 0, e->about.J, N), nj = at2(f.destination, f.sector, e->about.J);
    const double *share = e->trade_share + row, *kernel = kernel_of(result) + row, *x = result->x + f.sector * N;
    const double *tariff_new = result->tariff ? result->tariff : e->tariff;
    double total = 0;
    for (size_t i = 0; i < N; i++) total += kernel[i] * x[i];
    for (size_t i = 0; i < N; i++) {
        if (!(share[i] > 0)) continue;
        f.origin = i;
        f.share = share[i];
        f.share_new = is_unchanged(result) ? share[i] : kernel[i] * x[i] / total;
        f.before = f.share * e->expenditure[nj];
        f.after = f.share_new * result->expenditure[nj];
        f.tariff = e->tariff ? e->tariff[row + i] : 0;
        f.tariff_new = tariff_new ? tariff_new[row + i] : 0;
        visit(payload, &f);
    }
}

void each_flow(const bashu_result *result, flow_function *visit, void *payload)
{
    const description *about = &result->economy->about;
    for (size_t n = 0; n < about->N; n++)
        for (size_t j = 0; j < about->J; j++)
            flows_of_row(result, (flow){.destination = n, .sector = j}, visit, payload);
}

double trade_cost_hat(const bashu_result *result, const flow *f)
{
    const bashu_economy *e = result->economy;
    size_t at = at3(f->destination, f->sector, f->origin, e->about.J, e->about.N);
    if (!result->trade_kernel || result->trade_kernel[at] == e->trade_share[at]) return (1 + f->tariff) / (1 + f->tariff_new);
    return pow(result->trade_kernel[at] / e->trade_share[at], -1 / e->theta[f->sector]) * (1 + f->tariff) / (1 + f->tariff_new);
}

typedef struct sums { /* what a visit adds to */
    const description *about;
    double *base, *after;
} sums;

static void add_to(const sums *to, size_t at, double before, double after)
{
    to->base[at] += before;
    to->after[at] += after;
}

static void visit_trade(void *payload, const flow *f)
{
    const sums *to = payload;
    add_to(to, at3(f->origin, f->destination, f->sector, to->about->N, to->about->J), f->before, f->after);
}

static void visit_trade_share(void *payload, const flow *f)
{
    const sums *to = payload;
    add_to(to, at3(f->origin, f->destination, f->sector, to->about->N, to->about->J), f->share, f->share_new);
}

static void visit_home_share(void *payload, const flow *f)
{
    const sums *to = payload;
    if (f->origin == f->destination) add_to(to, at2(f->destination, f->sector, to->about->J), f->share, f->share_new);
}

static void visit_exports(void *payload, const flow *f)
{
    if (f->origin != f->destination) add_to(payload, f->origin, f->before / (1 + f->tariff), f->after / (1 + f->tariff_new));
}

static void visit_imports(void *payload, const flow *f)
{
    if (f->origin != f->destination) add_to(payload, f->destination, f->before / (1 + f->tariff), f->after / (1 + f->tariff_new));
}

static void visit_balance(void *payload, const flow *f)
{
    double before = f->before / (1 + f->tariff), after = f->after / (1 + f->tariff_new);
    if (f->origin == f->destination) return;
    add_to(payload, f->origin, before, after);
    add_to(payload, f->destination, -before, -after);
}

static void visit_revenue(void *payload, const flow *f)
{
    add_to(payload, f->destination, f->before * f->tariff / (1 + f->tariff), f->after * f->tariff_new / (1 + f->tariff_new));
}

static void sum_flows(const bashu_result *result, flow_function *visit, double *base, double *after)
{
    sums to = {&result->economy->about, base, after};
    each_flow(result, visit, &to);
}

void fill_trade(const bashu_result *result, double *base, double *after) { sum_flows(result, visit_trade, base, after); }

void fill_trade_share(const bashu_result *result, double *base, double *after)
{
    sum_flows(result, visit_trade_share, base, after);
}

void fill_home_share(const bashu_result *result, double *base, double *after)
{
    sum_flows(result, visit_home_share, base, after);
}

void fill_exports(const bashu_result *result, double *base, double *after) { sum_flows(result, visit_exports, base, after); }

void fill_imports(const bashu_result *result, double *base, double *after) { sum_flows(result, visit_imports, base, after); }

void fill_trade_balance(const bashu_result *result, double *base, double *after)
{
    sum_flows(result, visit_balance, base, after);
}

void fill_tariff_revenue(const bashu_result *result, double *base, double *after)
{
    sum_flows(result, visit_revenue, base, after);
}

/* ---- people -------------------------------------------------------------------------------------- */

bool group_moves(const bashu_economy *e, size_t origin, size_t s)
{
    return e->migration_share && e->about.switches.mobility != MOBILITY_NONE
           && (e->about.switches.mobility == MOBILITY_FREE || e->epsilon[s] > 0)
           && e->origin_people[at2(s, e->origin_of ? e->origin_of[origin] : origin, e->origin_count)] > 0;
}

double attraction_of(const bashu_result *result, size_t s, size_t origin, size_t destination)
{
    size_t S = result->economy->about.S, N = result->economy->about.N;
    double cost = result->migration_cost_hat ? result->migration_cost_hat[at3(s, origin, destination, N, N)] : 1;
    double better = result->utility_hat[at2(destination, s, S)] / (cost * result->utility_hat[at2(origin, s, S)]);
    return pow(better, result->economy->epsilon[s]);
}

static void migrants_from(const bashu_result *result, size_t o, size_t s, double *base, double *after)
{
    const bashu_economy *e = result->economy;
    size_t N = e->about.N, S = e->about.S;
    const double *share = e->migration_share + at3(s, o, 0, N, N);
    double people = e->origin_people[at2(s, o, N)], total = 0;
    bool moves = group_moves(e, o, s) && !is_unchanged(result);
    for (size_t n = 0; moves && n < N; n++)
        if (share[n] > 0) total += share[n] * attraction_of(result, s, o, n);
    for (size_t n = 0; n < N; n++) {
        size_t at = at3(o, n, s, N, S);
        base[at] = share[n] * people;
        after[at] = moves && share[n] > 0 ? base[at] * attraction_of(result, s, o, n) / total : base[at];
    }
}

/* Only with `mobility: frechet` is anybody registered elsewhere: a pool has no places of registration. */
void fill_migrants(const bashu_result *result, double *base, double *after)
{
    const bashu_economy *e = result->economy;
    size_t N = e->about.N, S = e->about.S;
    for (size_t o = 0; o < N; o++)
        for (size_t s = 0; s < S; s++) {
            if (e->migration_share && e->about.switches.mobility == MOBILITY_FRECHET) migrants_from(result, o, s, base, after);
            else {
                base[at3(o, o, s, N, S)] = e->people[at2(o, s, S)];
                after[at3(o, o, s, N, S)] = e->people[at2(o, s, S)] * result->people_hat[at2(o, s, S)];
            }
        }
}

void fill_commuters(const bashu_result *result, double *base, double *after)
{
    const bashu_economy *e = result->economy;
    size_t N = e->about.N, S = e->about.S;
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            double people = e->people[at2(n, s, S)], people_new = people * result->people_hat[at2(n, s, S)];
            for (size_t i = 0; i < N; i++) {
                size_t at = at3(n, i, s, N, S), pair = at3(s, n, i, N, N);
                double share = e->commuting_share ? e->commuting_share[pair] : (double)(i == n), now = 1;
                if (e->commuting_share && share > 0 && !is_unchanged(result)) {
                    double cost = result->commuting_cost_hat ? result->commuting_cost_hat[pair] : 1;
                    now = pow(result->wage_hat[at2(i, s, S)] / (cost * result->access_hat[at2(n, s, S)]), e->epsilon_commuting[s]);
                }
                base[at] = share * people;
                after[at] = share * now * people_new;
            }
        }
}
