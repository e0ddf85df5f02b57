/* certify.c - recomputes every equation in levels, from economy, shock and answer alone.
 *
 * Written to be read next to docs/model.md, section 2, and to share nothing with the blocks: plain loops over places,
 * levels instead of hats, no kernels prepared beforehand. Each residual is relative, in the max norm:
 *   price            (Phat_n^j)^-theta = sum_i pi_ni That chat^-theta kappahat^-theta
 *   goods_market     Y_i^j = sum_n pi'_ni^j X_n^j / (1 + tau')
 *   expenditure      X_n^j = alpha^j (alpha I + what landlords receive) + sum_k gamma^{jk} Y^k
 *   income           I = E + (1-iota) r H + share Pi + R + D + transfers - subsidies paid          E: what residents earn, wherever they work
 *   labour_market    w Lw = sum_j beta (1-eta) gamma Y                            Lw: sum over residences of c' L
 *   land_market      r H = (1-alpha) I + sum_j eta gamma Y
 *   location         L_n^s = sum_o m'_on Lbar_o; with free mobility Vhat is equal, and the pool keeps its people
 *   numeraire        world value added (or the mean wage of places) is the baseline's
 *   walras           sum of excess demands over all markets, in units of world value added
 *   world_budget     transfers and deficits sum to zero (multiplicative: D' = ((1 + D / VA) sigma - 1) VA')
 * A share that does not sum to one would show in price, a bad tariff revenue in income. */
#include "equilibrium/equilibrium.h"
#include "linalg/vector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PARTS = 16,                  /* of the world, for threads; added up in order */
       TOGETHER = CERTIFY_TOGETHER }; /* answers that are checked in one reading of the shares */

typedef struct audit { /* one answer being checked */
    bashu_result *r;
    const bashu_economy *e;
    const shock *k;
    size_t N, J, S;
    int threads;
    double *x;       /* [J][N] That chat^-theta */
    double *totals;  /* [N][J] sums of kernel x */
    double *log_price, *log_wage; /* [N][J] of Phat, [N][S] of what: asked for many times each */
    double *sales;   /* [N][J] */
    double *revenue; /* [N] */
    double *leaving; /* [N][S] people arriving */
    double *workers[2], *upsilon[2]; /* [N][J] counterfactual, baseline */
    double *workforce, *access, *earned; /* [N][S] Lw, Ahat, E; the last two are the result's */
    double *row;     /* [PARTS][N] */
    double *drawn;   /* [N] Vhat^epsilon of one group */
    double *crowded; /* [N] Omegahat, the result's */
    double evened; /* sigma of multiplicative deficits */
} audit;

enum { EQ_PRICE, EQ_GOODS, EQ_EXPENDITURE, EQ_INCOME, EQ_LABOUR, EQ_LAND, EQ_LOCATION, EQ_NUMERAIRE, EQ_WALRAS, EQ_BUDGET, EQ_COUNT };
static const char *const equation_names[EQ_COUNT] = {"price", "goods_market", "expenditure", "income", "labour_market",
                                                     "land_market", "location", "numeraire", "walras", "world_budget"};

static void record(audit *a, int equation, double residual, const char *region, const char *item)
{
    double size = fabs(residual);
    bashu_equation *row = &a->r->equations[equation];
    if (size <= row->residual || isnan(row->residual)) return;
    row->residual = size;
    snprintf(a->r->where[equation], sizeof a->r->where[equation], "%s%s%s", region, *item ? ", " : "", item);
}

static const char *region_id(const audit *a, size_t n)
{
    return a->e->about.regions[n].label.id;
}

static double gap(double left, double right)
{
    double scale = fmax(fabs(left), fabs(right));
    return scale > 0 ? (left - right) / scale : left - right;
}

/* ---- levels -------------------------------------------------------------------------------------- */

static double output_at(const audit *a, size_t n, size_t j)
{
    return a->e->output[n * a->J + j] * a->r->output_hat[n * a->J + j];
}

static double base_wage(const audit *a, size_t n, size_t s)
{
    double workers = a->e->workers[n * a->S + s];
    return workers > 0 ? a->e->wage_bill[n * a->S + s] / workers : 0;
}

static double sector_workers(const audit *a, size_t n, size_t j, bool base)
{
    const bashu_economy *e = a->e;
    double sum = 0, labour = (1 - e->land_share[n * a->J + j]) * e->value_added_share[n * a->J + j];
    double output = base ? e->output[n * a->J + j] : output_at(a, n, j);
    for (size_t s = 0; s < a->S; s++) {
        double wage = base_wage(a, n, s) * (base ? 1 : a->r->wage_hat[n * a->S + s]);
        if (wage > 0) sum += e->wage_share[(n * a->J + j) * a->S + s] * labour * output / wage;
    }
    return sum;
}

/* Places that n may feel, from the first to before the last: itself alone without travel times or decay that ends. */
static bool feels_others(const audit *a, double delta) { return a->e->travel_time_h && isfinite(delta); }
static size_t first_felt(const audit *a, size_t n, double delta) { return feels_others(a, delta) ? 0 : n; }
static size_t last_felt(const audit *a, size_t n, double delta) { return feels_others(a, delta) ? a->N : n + 1; }

/* How much n feels of a person in each place, per unit of land where that counts: [N]. */
static void felt_in(const audit *a, bool base, size_t n, double delta, double *felt)
{
    const bashu_economy *e = a->e;
    const double *time_h = !base && a->k->travel_time_h ? a->k->travel_time_h : e->travel_time_h;
    if (time_h) time_h += (e->about.people_travel * a->N + n) * a->N;
    for (size_t h = first_felt(a, n, delta); h < last_felt(a, n, delta); h++) {
        felt[h] = h == n ? 1 : time_h && isfinite(delta) ? exp(-delta * time_h[h]) : 0;
        if (felt[h] < 1e-16) felt[h] = 0;
        if (e->about.switches.spillover == SPILLOVER_DENSITY) felt[h] /= e->about.regions[h].land_km2;
    }
}

/* upsilon [J] of n, for the sectors that share delta. */
static void feel(const audit *a, size_t n, double delta, const double *felt, const double *workers, double *upsilon)
{
    bool all = true;
    for (size_t j = 0; j < a->J; j++) all = all && a->e->delta[j] == delta;
    for (size_t h = first_felt(a, n, delta); h < last_felt(a, n, delta); h++) {
        if (felt[h] == 0) continue;
        for (size_t j = 0; all && j < a->J; j++) upsilon[j] += felt[h] * workers[h * a->J + j];
        for (size_t j = 0; !all && j < a->J; j++)
            if (a->e->delta[j] == delta) upsilon[j] += felt[h] * workers[h * a->J + j];
    }
}

/* Upsilon of every place and sector, counterfactual and baseline, for `count` answers that are checked together; the decay between two places is the
 * same for all of them, and for sectors that share delta, and the baseline's Upsilon is the first one's. */
static void all_spillovers(audit *const *a, size_t count)
{
    const audit *first = a[0];
    const bashu_economy *e = first->e;
    size_t N = first->N, J = first->J;
    bool any = false;
    for (size_t j = 0; j < J; j++) any = any || e->mu[j] > 0;
    if (!any) return; /* nobody asks */
#pragma omp parallel for schedule(static) num_threads(first->threads)
    for (size_t part = 0; part < PARTS; part++)
        for (size_t n = N * part / PARTS; n < N * (part + 1) / PARTS; n++)
            for (size_t j = 0; j < J; j++) {
                double *felt = first->row + part * N;
                bool done = false;
                for (size_t i = 0; i < j; i++) done = done || e->delta[i] == e->delta[j];
                if (done) continue;
                felt_in(first, false, n, e->delta[j], felt);
                for (size_t q = 0; q < count; q++) feel(a[q], n, e->delta[j], felt, a[q]->workers[0], a[q]->upsilon[0] + n * J);
                if (first->k->travel_time_h) felt_in(first, true, n, e->delta[j], felt);
                feel(first, n, e->delta[j], felt, first->workers[1], first->upsilon[1] + n * J);
            }
    for (size_t q = 1; q < count; q++) a[q]->upsilon[1] = first->upsilon[1];
}

static double log_sector_rent(const audit *a, size_t n, size_t j)
{
    const bashu_economy *e = a->e;
    if (!e->about.regions[n].specific_structures) return log(a->r->rent_hat[n]);
    return log(a->r->output_hat[n * a->J + j] / a->k->land_hat[n]) / (1 + e->chi[n]);
}

static double productive_power(const audit *a, size_t n, size_t j, double log_rent)
{
    const bashu_economy *e = a->e;
    size_t J = a->J, S = a->S;
    const double *input = e->input_share + (e->about.regions[n].area_index * J + j) * J;
    double gamma = e->value_added_share[n * J + j], eta = e->land_share[n * J + j], log_cost = gamma * eta * log_rent;
    for (size_t s = 0; s < S; s++) log_cost += e->wage_share[(n * J + j) * S + s] * gamma * (1 - eta) * a->log_wage[n * S + s];
    for (size_t k = 0; k < J; k++) log_cost += input[k] * a->log_price[n * J + k];
    double productivity = a->k->productivity_hat[n * J + j];
    if (e->mu[j] > 0 && e->output[n * J + j] > 0)
        productivity *= pow(a->upsilon[0][n * J + j] / a->upsilon[1][n * J + j], e->mu[j]);
    return exp(e->theta[j] * (log(productivity) - log_cost));
}

/* pi kappahat^-theta x of one pair */
static double attraction(const audit *a, size_t n, size_t j, size_t i)
{
    size_t at = (n * a->J + j) * a->N + i;
    double cost_hat = a->k->trade_cost_hat ? a->k->trade_cost_hat[at] : 1;
    double before = a->e->tariff ? a->e->tariff[at] : 0;
    double after = a->k->tariff ? a->k->tariff[at] : 0;
    cost_hat *= (1 + after) / (1 + before);
    return a->e->trade_share[at] * (cost_hat == 1 ? 1 : pow(cost_hat, -a->e->theta[j])) * a->x[j * a->N + i];
}

/* ---- equations ----------------------------------------------------------------------------------- */

/* What n buys of j from everyone, in units of kernel x, into row; returns the sum. Four sums, because one would wait for each addition. */
static double attractions(const audit *a, size_t n, size_t j, double *row)
{
    size_t N = a->N, i = 0;
    const double *share = a->e->trade_share + (n * a->J + j) * N, *x = a->x + j * N;
    double sum[4] = {0};
    if (a->k->trade_cost_hat || a->k->tariff)
        for (i = 0; i < N; i++) row[i] = attraction(a, n, j, i);
    else
        for (i = 0; i < N; i++) row[i] = share[i] * x[i];
    for (i = 0; i + 4 <= N; i += 4)
        for (size_t q = 0; q < 4; q++) sum[q] += row[i + q];
    for (; i < N; i++) sum[0] += row[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Buyers of a part of the world: what prices should be, what they pay and to whom. sales [J][N]. */
static void add_buyers(const audit *a, size_t first, size_t last, double *row, double *sales)
{
    size_t N = a->N, J = a->J;
    for (size_t n = first; n < last; n++)
        for (size_t j = 0; j < J; j++) {
            double total = attractions(a, n, j, row), paid = a->r->expenditure[n * J + j] / total, *sold = sales + j * N;
            const double *tariff = a->k->tariff ? a->k->tariff + (n * J + j) * N : NULL;
            a->totals[n * J + j] = total;
            for (size_t i = 0; tariff && i < N; i++) {
                double received = row[i] * paid / (1 + tariff[i]);
                a->revenue[n] += row[i] * paid - received;
                sold[i] += received;
            }
            for (size_t i = 0; !tariff && i < N; i++) sold[i] += row[i] * paid;
        }
}

/* Buyers pay 1 / (1 + s) of what producers get. */
static double topped_up(const audit *a, size_t n, size_t j) { return a->k->subsidy ? 1 + a->k->subsidy[n * a->J + j] : 1; }

/* What place n pays into the purses, by what producers get at the answer's outputs. */
static double subsidies_of(const audit *a, size_t n)
{
    double sum = 0;
    for (size_t p = 0; a->k->subsidy && p < a->k->purse_count; p++) {
        double cost = 0;
        for (size_t i = 0; i < a->N; i++)
            for (size_t j = 0; j < a->J; j++)
                cost += a->k->purse_rate[(p * a->N + i) * a->J + j] * (output_at(a, i, j) / topped_up(a, i, j));
        sum += a->k->purse_share[p * a->N + n] * cost;
    }
    return sum;
}

static void record_trade(audit *a)
{
    size_t N = a->N, J = a->J;
    for (size_t i = 0; i < N * J; i++) {
        const char *region = region_id(a, i / J), *sector = a->e->about.sectors[i % J].label.id;
        record(a, EQ_PRICE, gap(exp(-a->e->theta[i % J] * a->log_price[i]), a->totals[i]), region, sector);
        a->sales[i] *= topped_up(a, i / J, i % J);
        record(a, EQ_GOODS, gap(output_at(a, i / J, i % J), a->sales[i]), region, sector);
    }
}

static bool check_trade(audit *a, arena *scratch)
{
    size_t N = a->N, J = a->J;
    double *parts = arena_alloc(scratch, PARTS * N * J, sizeof *parts); /* [PARTS][J][N] sales to a part of the world */
    if (!parts) return false;
#pragma omp parallel for schedule(static) num_threads(a->threads)
    for (size_t part = 0; part < PARTS; part++)
        add_buyers(a, N * part / PARTS, N * (part + 1) / PARTS, a->row + part * N, parts + part * N * J);
    for (size_t part = 0; part < PARTS; part++)
        for (size_t i = 0; i < N * J; i++) a->sales[i] += parts[part * N * J + i % J * N + i / J];
    record_trade(a);
    return true;
}

/* One row of shares: what is bought from everyone in units of kernel x, and then, for what is paid, received net of tariffs; x, sold, row
 * [N][TOGETHER], total, paid, received [TOGETHER]. */
FOR_EACH_WIDTH static void attract_together(const double *share, const double *x, size_t N, double *row, double *total)
{
    double sum[TOGETHER] = {0};
    for (size_t i = 0; i < N; i++)
        LANES_TOGETHER
        for (size_t q = 0; q < TOGETHER; q++) {
            row[i * TOGETHER + q] = share[i] * x[i * TOGETHER + q];
            sum[q] += row[i * TOGETHER + q];
        }
    memcpy(total, sum, sizeof sum);
}

FOR_EACH_WIDTH static void pay_together(const double *row, const double *tariff, const double *paid, size_t N, double *sold, double *revenue)
{
    for (size_t i = 0; i < N; i++) {
        double kept = tariff ? 1 / (1 + tariff[i]) : 1;
        LANES_TOGETHER
        for (size_t q = 0; q < TOGETHER; q++) sold[i * TOGETHER + q] += row[i * TOGETHER + q] * paid[q] * kept;
        for (size_t q = 0; tariff && q < TOGETHER; q++) revenue[q] += row[i * TOGETHER + q] * paid[q] * (1 - kept);
    }
}

/* The same for answers whose kernels are the baseline's: shares are read once for all of them. */
static bool check_trade_together(audit *const *a, size_t count, arena *scratch)
{
    const bashu_economy *e = a[0]->e;
    size_t N = a[0]->N, J = a[0]->J;
    double *x, *sold, *row;
    const array_wanted wanted[] = {{&x, N * J * TOGETHER}, {&sold, N * J * TOGETHER}, {&row, N * TOGETHER}};
    if (!ARENA_ARRAYS(scratch, wanted)) return false;
    for (size_t i = 0; i < N * J; i++)
        for (size_t q = 0; q < TOGETHER; q++) x[i * TOGETHER + q] = q < count ? a[q]->x[i] : 0;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            size_t nj = n * J + j;
            double total[TOGETHER], paid[TOGETHER] = {0}, revenue[TOGETHER] = {0};
            attract_together(e->trade_share + nj * N, x + j * N * TOGETHER, N, row, total);
            for (size_t q = 0; q < count; q++) paid[q] = a[q]->r->expenditure[nj] / total[q];
            pay_together(row, e->tariff ? e->tariff + nj * N : NULL, paid, N, sold + j * N * TOGETHER, revenue);
            for (size_t q = 0; q < count; q++) {
                a[q]->totals[nj] = total[q];
                a[q]->revenue[n] += revenue[q];
            }
        }
    for (size_t i = 0; i < N * J; i++)
        for (size_t q = 0; q < count; q++) a[q]->sales[i] = sold[(i % J * N + i / J) * TOGETHER + q];
    for (size_t q = 0; q < count; q++) record_trade(a[q]);
    return true;
}

static double people_of(const audit *a, size_t n)
{
    double sum = 0;
    for (size_t s = 0; s < a->S; s++) sum += a->e->people[n * a->S + s] * a->r->people_hat[n * a->S + s];
    return sum;
}

static double rent_income(const audit *a, size_t n)
{
    return a->e->land_income[n] * a->k->land_hat[n] * pow(a->r->rent_hat[n], 1 + a->e->chi[n]);
}

static double value_added_of(const audit *a, size_t n, bool base)
{
    double sum = 0;
    for (size_t j = 0; j < a->J; j++)
        sum += a->e->value_added_share[n * a->J + j] * (base ? a->e->output[n * a->J + j] : output_at(a, n, j));
    return sum;
}

/* sigma: world value added over what multiplicative deficits would have the world spend. */
static double evened_out(const audit *a)
{
    double spent = 0, world = 0;
    for (size_t n = 0; n < a->N; n++) {
        spent += (1 + a->e->deficit[n] / value_added_of(a, n, true)) * value_added_of(a, n, false);
        world += value_added_of(a, n, false);
    }
    return world / spent;
}

static double deficit_of(const audit *a, size_t n)
{
    if (a->e->about.switches.deficits != DEFICITS_MULTIPLICATIVE) return a->e->deficit[n];
    return ((1 + a->e->deficit[n] / value_added_of(a, n, true)) * a->evened - 1) * value_added_of(a, n, false);
}

/* c (what / kappahat)^epsilon_c of one pair */
static double commute(const audit *a, size_t n, size_t s, size_t i)
{
    size_t pair = (s * a->N + n) * a->N + i;
    double share = a->e->commuting_share[pair], cost = a->k->commuting_cost_hat ? a->k->commuting_cost_hat[pair] : 1;
    return share > 0 ? share * pow(a->r->wage_hat[i * a->S + s] / cost, a->e->epsilon_commuting[s]) : 0;
}

static void go_to_work(audit *a)
{
    const bashu_economy *e = a->e;
    size_t N = a->N, S = a->S;
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            double here = e->people[n * S + s] * a->r->people_hat[n * S + s], total = 0;
            if (!e->commuting_share) {
                a->workforce[n * S + s] = here;
                a->access[n * S + s] = a->r->wage_hat[n * S + s];
                a->earned[n * S + s] = here * base_wage(a, n, s) * a->r->wage_hat[n * S + s];
                continue;
            }
            for (size_t i = 0; i < N; i++) total += a->row[i] = commute(a, n, s, i);
            a->access[n * S + s] = pow(total, 1 / e->epsilon_commuting[s]);
            for (size_t i = 0; i < N; i++) {
                double workers = total > 0 ? here * a->row[i] / total : 0;
                a->workforce[i * S + s] += workers;
                a->earned[n * S + s] += workers * base_wage(a, i, s) * a->r->wage_hat[i * S + s];
            }
        }
}

/* Rents of every kind that arise in n. */
static double all_rents(const audit *a, size_t n)
{
    double sum = rent_income(a, n);
    for (size_t j = 0; a->e->about.regions[n].specific_structures && j < a->J; j++)
        sum += a->e->land_share[n * a->J + j] * a->e->value_added_share[n * a->J + j] * output_at(a, n, j);
    return sum;
}

static double portfolio_share(const audit *a, size_t n, double sharers)
{
    if (a->e->portfolio_share) return a->e->portfolio_share[n];
    return (long)n == a->e->about.foreign ? 0 : people_of(a, n) / sharers;
}

static void check_incomes(audit *a)
{
    const bashu_economy *e = a->e;
    size_t J = a->J, S = a->S;
    double portfolio = 0, sharers = 0;
    for (size_t n = 0; n < a->N; n++)
        if ((long)n != e->about.foreign) portfolio += e->iota[n] * all_rents(a, n), sharers += people_of(a, n);
    for (size_t n = 0; n < a->N; n++) {
        double wages = 0, land = 0, income = a->r->income[n], share = portfolio_share(a, n, sharers);
        for (size_t j = 0; j < J; j++) land += e->land_share[n * J + j] * e->value_added_share[n * J + j] * output_at(a, n, j);
        for (size_t s = 0; s < S; s++) {
            double labour = 0, paid = base_wage(a, n, s) * a->r->wage_hat[n * S + s] * a->workforce[n * S + s];
            for (size_t j = 0; j < J; j++)
                labour += e->wage_share[(n * J + j) * S + s] * (1 - e->land_share[n * J + j]) * e->value_added_share[n * J + j]
                          * output_at(a, n, j);
            record(a, EQ_LABOUR, gap(paid, labour), region_id(a, n), e->about.groups[s].id);
            wages += a->earned[n * S + s];
        }
        if (e->about.regions[n].specific_structures) land = 0; /* no market in common */
        if (e->land_income[n] > 0)
            record(a, EQ_LAND, gap(rent_income(a, n), (1 - e->goods_share[n]) * income + land), region_id(a, n), "");
        bool landlords = e->about.switches.rents == RENTS_LANDLORDS;
        double received = wages + (landlords ? 0 : (1 - e->iota[n]) * all_rents(a, n)) + share * portfolio + a->revenue[n] + deficit_of(a, n) + a->k->transfer[n] - subsidies_of(a, n);
        record(a, EQ_INCOME, gap(income, received), region_id(a, n), "");
        for (size_t j = 0; j < J; j++) {
            double spent = e->goods_share[n] * income + (landlords ? all_rents(a, n) : 0);
            double use = e->final_share[n * J + j] * spent;
            for (size_t k = 0; k < J; k++)
                use += e->input_share[(e->about.regions[n].area_index * J + k) * J + j] * output_at(a, n, k);
            record(a, EQ_EXPENDITURE, gap(a->r->expenditure[n * J + j], use), region_id(a, n), e->about.sectors[j].label.id);
        }
    }
}

static double density(const audit *a, size_t h, bool base)
{
    double people = 0;
    for (size_t s = 0; s < a->S; s++) people += a->e->people[h * a->S + s] * (base ? 1 : a->r->people_hat[h * a->S + s]);
    return people / a->e->about.regions[h].land_km2;
}

/* People per km2 within reach of n, own place felt fully. */
static double crowding(const audit *a, size_t n, bool base)
{
    const bashu_economy *e = a->e;
    const double *time_h = !base && a->k->travel_time_h ? a->k->travel_time_h : e->travel_time_h;
    double rho = e->about.elasticities[AMENITY_DECAY].by_item[0], sum = density(a, n, base);
    if (!time_h || !isfinite(rho)) return sum;
    time_h += (e->about.people_travel * a->N + n) * a->N;
    for (size_t h = 0; h < a->N; h++) {
        double felt = h == n ? 0 : exp(-rho * time_h[h]);
        if (felt >= 1e-16) sum += felt * density(a, h, base);
    }
    return sum;
}

static double utility(const audit *a, size_t n, size_t s)
{
    const bashu_economy *e = a->e;
    size_t J = a->J, S = a->S;
    double log_price = 0, wages = 0, wages_base = 0;
    for (size_t j = 0; j < J; j++) log_price += e->final_share[n * J + j] * a->log_price[n * J + j];
    for (size_t g = 0; g < S; g++) {
        wages_base += e->labour_income[n * S + g];
        wages += a->earned[n * S + g];
    }
    double per_head = a->access[n * S + s] * (a->r->income[n] / e->income[n]) / (wages / wages_base);
    return a->k->amenity_hat[n * S + s] * pow(a->crowded[n], -e->lambda) * per_head
           / (exp(e->goods_share[n] * log_price) * pow(a->r->rent_hat[n], 1 - e->goods_share[n]));
}

/* Of the people of origin o, what draws them to n: (Vhat / muhat)^epsilon times the share that was there. */
static double pull(const audit *a, size_t o, size_t s, size_t n)
{
    double share = a->e->migration_share[(s * a->e->origin_count + o) * a->N + n];
    double cost = a->k->migration_cost_hat ? a->k->migration_cost_hat[(s * a->N + o) * a->N + n] : 1;
    if (!(share > 0)) return 0;
    return cost == 1 ? share * a->drawn[n] : share * pow(a->r->utility_hat[n * a->S + s] / cost, a->e->epsilon[s]);
}

/* With free mobility utilities are equal over the pool; returns what they are. */
static double check_equal(audit *a, size_t o, size_t s)
{
    const bashu_economy *e = a->e;
    double people = 0, mean = 0;
    for (size_t n = 0; n < a->N; n++) {
        if (e->origin_of[n] != o) continue;
        double here = e->people[n * a->S + s] * a->r->people_hat[n * a->S + s];
        people += here;
        mean += here * a->r->utility_hat[n * a->S + s];
    }
    if (!(people > 0)) return 1;
    mean /= people;
    for (size_t n = 0; n < a->N; n++)
        if (e->origin_of[n] == o && e->people[n * a->S + s] > 0)
            record(a, EQ_LOCATION, gap(a->r->utility_hat[n * a->S + s], mean), region_id(a, n), e->about.groups[s].id);
    record(a, EQ_LOCATION, gap(people, e->origin_people[s * e->origin_count + o]), "world", e->about.groups[s].id);
    return mean;
}

/* People of group s where they chose to be; also fills welfare, which is the same sum over destinations. */
static void check_choice(audit *a, size_t s)
{
    const bashu_economy *e = a->e;
    size_t N = a->N, S = a->S, O = e->origin_count;
    bool free = e->about.switches.mobility == MOBILITY_FREE;
    for (size_t n = 0; !free && n < N; n++) a->drawn[n] = pow(a->r->utility_hat[n * S + s], e->epsilon[s]);
    for (size_t o = 0; o < O; o++) {
        double total = 0, welfare = 1, people = e->origin_people[s * O + o], *pulled = a->row;
        if (!(people > 0)) continue;
        for (size_t n = 0; !free && n < N; n++) total += pulled[n] = pull(a, o, s, n);
        for (size_t n = 0; !free && n < N; n++) a->leaving[n * S + s] += people / total * pulled[n];
        welfare = free ? check_equal(a, o, s) : pow(total, 1 / e->epsilon[s]);
        for (size_t n = 0; n < N; n++)
            if (e->origin_of[n] == o) a->r->welfare_hat[n * S + s] = welfare;
    }
    for (size_t n = 0; !free && n < N; n++)
        if (e->people[n * S + s] > 0)
            record(a, EQ_LOCATION, gap(e->people[n * S + s] * a->r->people_hat[n * S + s], a->leaving[n * S + s]), region_id(a, n),
                   e->about.groups[s].id);
}

static void check_location(audit *a)
{
    const bashu_economy *e = a->e;
    size_t N = a->N, S = a->S;
    for (size_t n = 0; n < N; n++) a->crowded[n] = crowding(a, n, false) / crowding(a, n, true);
    mobility mobility_word = e->about.switches.mobility;
    for (size_t s = 0; s < S; s++) {
        bool moves = e->migration_share && mobility_word != MOBILITY_NONE && (mobility_word == MOBILITY_FREE || e->epsilon[s] > 0);
        for (size_t n = 0; n < N; n++) {
            size_t ns = n * S + s;
            a->r->welfare_hat[ns] = a->r->utility_hat[ns] = e->people[ns] > 0 ? utility(a, n, s) : 1;
            if (!moves && e->people[ns] > 0)
                record(a, EQ_LOCATION, gap(a->r->people_hat[ns], a->k->people_hat ? a->k->people_hat[ns] : 1), region_id(a, n), e->about.groups[s].id);
        }
        if (moves) check_choice(a, s);
    }
}

static void check_world(audit *a)
{
    double before = 0, after = 0, excess = 0, sent = 0;
    for (size_t i = 0; i < a->N * a->J; i++) {
        before += a->e->value_added_share[i] * a->e->output[i];
        after += a->e->value_added_share[i] * output_at(a, i / a->J, i % a->J);
        excess += a->sales[i] - output_at(a, i / a->J, i % a->J);
    }
    for (size_t n = 0; n < a->N; n++) sent += deficit_of(a, n) + a->k->transfer[n] - subsidies_of(a, n);
    for (size_t i = 0; a->k->subsidy && i < a->N * a->J; i++) sent += output_at(a, i / a->J, i % a->J) * (1 - 1 / topped_up(a, i / a->J, i % a->J)); /* what producers got */
    double wages[2] = {0};
    for (size_t ns = 0; ns < a->N * a->S; ns++) {
        double wage = base_wage(a, ns / a->S, ns % a->S);
        wages[0] += wage;
        wages[1] += wage * a->r->wage_hat[ns];
    }
    bool by_wage = a->e->about.switches.numeraire == NUMERAIRE_WAGE;
    record(a, EQ_NUMERAIRE, by_wage ? gap(wages[1], wages[0]) : gap(after, before), "world", "");
    record(a, EQ_WALRAS, excess / after, "world", "");
    record(a, EQ_BUDGET, sent / after, "world", "");
}

static bashu_status audit_new(audit *a, arena *scratch)
{
    size_t N = a->N, J = a->J, S = a->S;
    const array_wanted wanted[] = {{&a->x, N * J}, {&a->totals, N * J}, {&a->log_price, N * J}, {&a->log_wage, N * S}, {&a->drawn, N}, {&a->sales, N * J}, {&a->revenue, N},
                                   {&a->leaving, N * S}, {&a->workers[0], N * J}, {&a->workers[1], N * J}, {&a->upsilon[0], N * J},
                                   {&a->upsilon[1], N * J}, {&a->row, PARTS * N}, {&a->workforce, N * S}};
    a->earned = memset(a->r->labour_income, 0, N * S * sizeof(double));
    a->access = memset(a->r->access_hat, 0, N * S * sizeof(double));
    a->crowded = a->r->crowding_hat;
    return ARENA_ARRAYS(scratch, wanted) ? BASHU_OK : fail_memory(a->r->context);
}

static void summarise(bashu_result *r)
{
    int worst = 0;
    for (int q = 0; q < EQ_COUNT; q++) {
        r->equations[q].name = equation_names[q];
        r->equations[q].where = r->where[q];
        bool is_worse = !(r->equations[q].residual <= r->equations[worst].residual);
        if (is_worse && !isnan(r->equations[worst].residual)) worst = q; /* nothing is worse than NaN */
    }
    snprintf(r->worst, sizeof r->worst, "%s%s%s", equation_names[worst], *r->where[worst] ? ": " : "", r->where[worst]);
    r->info.residual = r->equations[worst].residual;
    r->info.worst = r->worst;
    r->info.equations = r->equations;
    r->info.equation_count = EQ_COUNT;
}

static bashu_status audit_begin(audit *a, bashu_result *r, const shock *k, arena *scratch)
{
    const bashu_economy *e = r->economy;
    *a = (audit){.r = r, .e = e, .k = k, .N = e->about.N, .J = e->about.J, .S = e->about.S};
    a->threads = threads_for(r->context, (double)a->N * (double)a->N * (double)a->J);
    memset(r->equations, 0, sizeof r->equations);
    memset(r->where, 0, sizeof r->where);
    TRY(audit_new(a, scratch));
    for (size_t i = 0; i < a->N * a->J; i++) a->log_price[i] = log(r->price_hat[i]);
    for (size_t i = 0; i < a->N * a->S; i++) a->log_wage[i] = log(r->wage_hat[i]);
    for (size_t i = 0; i < a->N * a->J; i++)
        for (int base = 0; base < 2; base++) a->workers[base][i] = sector_workers(a, i / a->J, i % a->J, base);
    return BASHU_OK;
}

static void attractions_of_places(audit *a)
{
#pragma omp parallel for schedule(static) num_threads(a->threads)
    for (size_t n = 0; n < a->N; n++) {
        double log_rent = 0;
        for (size_t j = 0; j < a->J; j++) {
            if (j == 0 || a->e->about.regions[n].specific_structures) log_rent = log_sector_rent(a, n, j);
            a->x[j * a->N + n] = productive_power(a, n, j, log_rent);
        }
    }
}

static void audit_end(audit *a)
{
    check_incomes(a);
    check_location(a);
    check_world(a);
    summarise(a->r);
}

bashu_status certify(bashu_result *r, const shock *k)
{
    arena *scratch = arena_new(r->context);
    if (!scratch) return fail_memory(r->context);
    audit a, *one[1] = {&a};
    bashu_status status = audit_begin(&a, r, k, scratch);
    if (status == BASHU_OK) {
        all_spillovers(one, 1);
        attractions_of_places(&a);
        a.evened = evened_out(&a);
        go_to_work(&a);
        if (check_trade(&a, scratch)) audit_end(&a);
        else status = fail_memory(r->context);
    }
    arena_free(scratch);
    return status;
}

bashu_status certify_together(bashu_result *const *results, const shock *const *shocks, size_t count)
{
    if (count == 0) return BASHU_OK;
    bashu_context *context = results[0]->context;
    audit audits[TOGETHER], *a[TOGETHER];
    arena *scratch = arena_new(context);
    bashu_status status = scratch ? BASHU_OK : fail_memory(context);
    for (size_t q = 0; q < count && status == BASHU_OK; q++) status = audit_begin(a[q] = &audits[q], results[q], shocks[q], scratch);
    if (status == BASHU_OK) {
        all_spillovers(a, count);
        for (size_t q = 0; q < count; q++) {
            attractions_of_places(a[q]);
            a[q]->evened = evened_out(a[q]);
            go_to_work(a[q]);
        }
        if (check_trade_together(a, count, scratch)) {
            for (size_t q = 0; q < count; q++) audit_end(a[q]);
        } else {
            status = fail_memory(context);
        }
    }
    if (scratch) arena_free(scratch);
    return status;
}

/* Hats of one and no shock: what is left are the accounts themselves. */
static bashu_status ones(bashu_result *r, shock *k, arena *scratch)
{
    const bashu_economy *e = r->economy;
    size_t N = e->about.N, J = e->about.J, S = e->about.S, most = N * (J > S ? J : S);
    double *one = arena_alloc(scratch, most, sizeof *one), *utility = arena_alloc(scratch, N * S, sizeof *utility);
    double *welfare = arena_alloc(scratch, N * S, sizeof *welfare), *earned = arena_alloc(scratch, N * S, sizeof *earned);
    double *expenditure = arena_alloc(scratch, N * J, sizeof *one), *income = arena_alloc(scratch, N, sizeof *one);
    double *access = arena_alloc(scratch, N * S, sizeof *access), *crowding = arena_alloc(scratch, N, sizeof *crowding);
    if (!access || !crowding || !one || !utility || !welfare || !earned || !expenditure || !income) return fail_memory(r->context);
    for (size_t i = 0; i < most; i++) one[i] = 1;
    memcpy(expenditure, e->expenditure, N * J * sizeof *one);
    memcpy(income, e->income, N * sizeof *one);
    r->wage_hat = r->people_hat = r->rent_hat = r->price_hat = r->output_hat = one;
    r->utility_hat = utility;
    r->welfare_hat = welfare;
    r->labour_income = earned;
    r->access_hat = access;
    r->crowding_hat = crowding;
    r->expenditure = expenditure;
    r->income = income;
    return shock_none(k, scratch, e);
}

bashu_status certify_baseline(bashu_economy *e)
{
    arena *scratch = arena_new(e->context);
    bashu_result *r = scratch ? arena_alloc(scratch, 1, sizeof *r) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    shock k;
    if (r) {
        r->context = e->context;
        r->economy = e;
        status = ones(r, &k, scratch);
        if (status == BASHU_OK) status = certify(r, &k);
    }
    if (status == BASHU_OK) {
        e->baseline_residual = r->info.residual;
        e->baseline_worst = arena_text(e->memory, r->info.worst);
        if (!e->baseline_worst) status = BASHU_ERROR_MEMORY;
        else if (!(r->info.residual <= 1e-9))
            status = fail(e->context, BASHU_ERROR_INPUT, "%s: accounts do not balance: %s is off by %.3g (relative; 1e-9 is allowed)",
                          e->about.folder, r->info.worst, r->info.residual);
    }
    arena_free(scratch);
    return status == BASHU_ERROR_MEMORY ? fail_memory(e->context) : status;
}
