/* decompose.c - parts of a change of welfare.
 *
 * What trade does to real income, in percent of baseline income (Caliendo & Parro 2015, section 5): M_ni^j what n buys from i
 * net of tariffs, chat the price at the factory gate, dhat the cost of the way; primes are the counterfactual
 *   terms of trade     100 / I_n  sum_i,j  M_in^j (chat_n^j - 1) - M_ni^j (chat_i^j - 1),   i != n
 *   volume of trade    100 / I_n  sum_i,j  tau_ni^j (M'_ni^j - M_ni^j chat_i^j dhat_ni^j)
 *   trade cost saving  100 / I_n  sum_i,j  -M_ni^j chat_i^j (dhat_ni^j - 1)
 * The first two are theirs; the third is zero in their experiments and stands for the same first-order terms where the cost
 * of trade changes. They are first-order: with people, land and transfers as they were, and productivity too, they add up to
 * the change of I_n / P_n up to squares of the change.
 *
 * Utility of living in n, in 100 logs (section 2.2 of docs/model.md); adds up exactly
 *   wage         log Ahat_n^s, what without commuting   other income  log Ihat_n - log Ehat_n, E what residents earn
 *   goods        -alpha_n log Phat_n                rent          -(1 - alpha_n) log rhat_n
 *   congestion   -lambda log Omegahat_n             amenity       log bhat_n^s
 *
 * Welfare of people registered in o, in 100 logs; adds up exactly
 *   staying      log Vhat_o^s                       moving        1/epsilon log sum_h m_oh (Vhat_h / (muhat_oh Vhat_o))^epsilon */
#include "measure/fill.h"

#include <math.h>

/* ---- trade --------------------------------------------------------------------------------------- */

typedef enum split { SPLIT_NONE, SPLIT_PARTNER, SPLIT_SECTOR } split;
typedef struct trade_parts { /* what a visit adds to */
    const bashu_result *result;
    split by;
    double *part;
} trade_parts;

/* An amount of currency that n gains with the partner in the sector. */
static void give(const trade_parts *to, size_t n, size_t partner, size_t j, double amount)
{
    const bashu_economy *e = to->result->economy;
    size_t at = to->by == SPLIT_NONE ? n : to->by == SPLIT_PARTNER ? at2(n, partner, e->about.N) : at2(n, j, e->about.J);
    to->part[at] += 100 * amount / e->income[n];
}

static double gate_price(const trade_parts *to, const flow *f)
{
    return to->result->gate_price_hat[at2(f->origin, f->sector, to->result->economy->about.J)];
}

static void visit_terms(void *payload, const flow *f)
{
    double dearer = f->before / (1 + f->tariff) * (gate_price(payload, f) - 1);
    if (f->origin == f->destination) return;
    give(payload, f->origin, f->destination, f->sector, dearer);
    give(payload, f->destination, f->origin, f->sector, -dearer);
}

static void visit_volume(void *payload, const flow *f)
{
    const trade_parts *to = payload;
    if (f->tariff == 0) return;
    double same_quantity = f->before / (1 + f->tariff) * gate_price(to, f) * trade_cost_hat(to->result, f);
    give(to, f->destination, f->origin, f->sector, f->tariff * (f->after / (1 + f->tariff_new) - same_quantity));
}

static void visit_saving(void *payload, const flow *f)
{
    const trade_parts *to = payload;
    double dearer = trade_cost_hat(to->result, f) - 1;
    give(to, f->destination, f->origin, f->sector, -f->before / (1 + f->tariff) * gate_price(to, f) * dearer);
}

static void visit_all(void *payload, const flow *f)
{
    visit_terms(payload, f);
    visit_volume(payload, f);
    visit_saving(payload, f);
}

/* Rounding is no change: without one nothing is visited. */
static void trade_part(const bashu_result *result, flow_function *visit, split by, double *part)
{
    trade_parts to = {result, by, part};
    if (result->info.reason != BASHU_CONVERGED_UNCHANGED) each_flow(result, visit, &to);
}

void fill_welfare_trade(const bashu_result *result, double *base, double *part)
{
    (void)base;
    trade_part(result, visit_all, SPLIT_NONE, part);
}

/* One fill for a part and a way to split it. */
#define TRADE_PART(name, visit, by)                                        \
    void name(const bashu_result *result, double *base, double *part)      \
    {                                                                      \
        (void)base;                                                        \
        trade_part(result, visit, by, part);                               \
    }
TRADE_PART(fill_terms_of_trade, visit_terms, SPLIT_NONE)
TRADE_PART(fill_terms_of_trade_by_partner, visit_terms, SPLIT_PARTNER)
TRADE_PART(fill_terms_of_trade_by_sector, visit_terms, SPLIT_SECTOR)
TRADE_PART(fill_volume_of_trade, visit_volume, SPLIT_NONE)
TRADE_PART(fill_volume_of_trade_by_partner, visit_volume, SPLIT_PARTNER)
TRADE_PART(fill_volume_of_trade_by_sector, visit_volume, SPLIT_SECTOR)
TRADE_PART(fill_trade_cost_saving, visit_saving, SPLIT_NONE)
TRADE_PART(fill_trade_cost_saving_by_partner, visit_saving, SPLIT_PARTNER)
TRADE_PART(fill_trade_cost_saving_by_sector, visit_saving, SPLIT_SECTOR)

/* ---- utility ------------------------------------------------------------------------------------- */

typedef double place_part(const bashu_result *result, size_t n, size_t s);

static double wage_part(const bashu_result *result, size_t n, size_t s)
{
    size_t ns = at2(n, s, result->economy->about.S);
    return log(result->economy->commuting_share ? result->access_hat[ns] : result->wage_hat[ns]);
}

static double other_income_part(const bashu_result *result, size_t n, size_t s)
{
    const bashu_economy *e = result->economy;
    double before = 0, after = 0;
    (void)s;
    for (size_t g = 0; g < e->about.S; g++) {
        size_t ng = at2(n, g, e->about.S);
        before += e->labour_income[ng];
        after += e->labour_income[ng] * labour_income_hat(result, ng);
    }
    return log(result->income[n] / e->income[n]) - log(after / before);
}

static double goods_price_part(const bashu_result *result, size_t n, size_t s)
{
    (void)s;
    return -result->economy->goods_share[n] * log_goods_price_hat(result, n);
}

static double rent_part(const bashu_result *result, size_t n, size_t s)
{
    (void)s;
    return -(1 - result->economy->goods_share[n]) * log(result->rent_hat[n]);
}

static double congestion_part(const bashu_result *result, size_t n, size_t s)
{
    (void)s;
    return -result->economy->lambda * log(result->crowding_hat[n]);
}

static double amenity_part(const bashu_result *result, size_t n, size_t s)
{
    return log(result->amenity_hat[at2(n, s, result->economy->about.S)]);
}

static double staying_part(const bashu_result *result, size_t n, size_t s)
{
    return log(result->utility_hat[at2(n, s, result->economy->about.S)]);
}

/* Where a group has no people there is no utility to take apart. */
static void utility_part(const bashu_result *result, place_part *of, double *part)
{
    const bashu_economy *e = result->economy;
    size_t S = e->about.S;
    for (size_t n = 0; n < e->about.N; n++)
        for (size_t s = 0; s < S; s++)
            if (e->people[at2(n, s, S)] > 0) part[at2(n, s, S)] = 100 * of(result, n, s);
}

#define UTILITY_PART(name, of)                                             \
    void name(const bashu_result *result, double *base, double *part)      \
    {                                                                      \
        (void)base;                                                        \
        utility_part(result, of, part);                                    \
    }
UTILITY_PART(fill_utility_total, staying_part)
UTILITY_PART(fill_utility_wage, wage_part)
UTILITY_PART(fill_utility_other_income, other_income_part)
UTILITY_PART(fill_utility_goods_price, goods_price_part)
UTILITY_PART(fill_utility_rent, rent_part)
UTILITY_PART(fill_utility_congestion, congestion_part)
UTILITY_PART(fill_utility_amenity, amenity_part)
UTILITY_PART(fill_welfare_staying, staying_part)

/* ---- welfare ------------------------------------------------------------------------------------- */

void fill_welfare_total(const bashu_result *result, double *base, double *part)
{
    (void)base;
    for (size_t i = 0; i < result->economy->about.N * result->economy->about.S; i++) part[i] = 100 * log(result->welfare_hat[i]);
}

void fill_welfare_moving(const bashu_result *result, double *base, double *part)
{
    const bashu_economy *e = result->economy;
    size_t N = e->about.N, S = e->about.S;
    (void)base;
    if (result->info.reason == BASHU_CONVERGED_UNCHANGED) return; /* rounding of shares is no gain */
    for (size_t o = 0; o < N; o++)
        for (size_t s = 0; s < S; s++) {
            double sum = 0;
            if (!group_moves(e, o, s)) continue;
            if (e->about.switches.mobility == MOBILITY_FREE) {
                part[at2(o, s, S)] = 100 * (log(result->welfare_hat[at2(o, s, S)]) - log(result->utility_hat[at2(o, s, S)]));
                continue;
            }
            const double *share = e->migration_share + at3(s, e->origin_of[o], 0, e->origin_count, N);
            for (size_t n = 0; n < N; n++)
                if (share[n] > 0) sum += share[n] * attraction_of(result, s, o, n);
            part[at2(o, s, S)] = 100 * log(sum) / e->epsilon[s];
        }
}
