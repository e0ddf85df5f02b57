/* certify.c - recomputes every equation in levels, from economy, shock and answer alone.
 *
 * Written to be read next to docs/model.md, section 2, and to share nothing with the blocks: plain loops over places,
 * levels instead of hats, no kernels prepared beforehand. Each residual is relative, in the max norm:
 *   price            (Phat_n^j)^-theta = sum_i pi_ni That chat^-theta kappahat^-theta
 *   goods_market     Y_i^j = sum_n pi'_ni^j X_n^j / (1 + tau')
 *   expenditure      X_n^j = alpha^j (alpha I + what landlords receive) + sum_k gamma^{jk} Y^k
 *   income           I = E + (1-iota) r H + share Pi + R + D + transfers          E: what residents earn, wherever they work
 *   labour_market    w Lw = sum_j beta (1-eta) gamma Y                            Lw: sum over residences of c' L
 *   land_market      r H = (1-alpha) I + sum_j eta gamma Y
 *   location         L_n^s = sum_o m'_on Lbar_o; with free mobility Vhat is equal, and the pool keeps its people
 *   numeraire        world value added (or the mean wage of places) is the baseline's
 *   walras           sum of excess demands over all markets, in units of world value added
 *   world_budget     transfers and deficits sum to zero (multiplicative: D' = ((1 + D / VA) sigma - 1) VA')
 * A share that does not sum to one would show in price, a bad tariff revenue in income. */
#include "equilibrium/equilibrium.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PARTS = 16 }; /* of the world, for threads; added up in order */

typedef struct audit { /* one answer being checked */
    bashu_result *r;
    const bashu_economy *e;
    const shock *k;
    size_t N, J, S;
    int threads;
    double *x;       /* [J][N] That chat^-theta */
    double *totals;  /* [N][J] sums of kernel x */
    double *log_price; /* [N][J] of Phat: asked for J times each */
    double *sales;   /* [N][J] */
    double *parts;   /* [PARTS][J][N] sales to a part of the world */
    double *revenue; /* [N] */
    double *leaving; /* [N][S] people arriving */
    double *workers[2], *upsilon[2]; /* [N][J] counterfactual, baseline */
    double *workforce, *access, *earned; /* [N][S] Lw, Ahat, E; the last two are the result's */
    double *row;     /* [PARTS][N] */
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

/* Upsilon of every place and sector; the decay between two places is the same for sectors that share delta. */
static void all_spillovers(const audit *a, bool base, double *upsilon)
{
    const bashu_economy *e = a->e;
    const double *time_h = !base && a->k->travel_time_h ? a->k->travel_time_h : e->travel_time_h;
    bool any = false;
    for (size_t j = 0; j < a->J; j++) any = any || e->mu[j] > 0;
    if (!any) return; /* nobody asks */
    if (time_h) time_h += e->about.people_travel * a->N * a->N;
#pragma omp parallel for schedule(static) num_threads(a->threads)
    for (size_t n = 0; n < a->N; n++)
        for (size_t h = 0; h < a->N; h++) {
            double felt = n == h, of = (double)NAN; /* delta that `felt` is for */
            double land = e->about.switches.spillover == SPILLOVER_DENSITY ? e->about.regions[h].land_km2 : 1;
            for (size_t j = 0; j < a->J; j++) {
                if (n != h && e->delta[j] != of) {
                    of = e->delta[j];
                    felt = time_h && isfinite(of) ? exp(-of * time_h[n * a->N + h]) : 0;
                    if (felt < 1e-16) felt = 0;
                }
                if (felt > 0) upsilon[n * a->J + j] += felt * a->workers[base][h * a->J + j] / land;
            }
        }
}

static double sector_rent_hat(const audit *a, size_t n, size_t j)
{
    const bashu_economy *e = a->e;
    if (!e->about.regions[n].specific_structures) return a->r->rent_hat[n];
    return pow(a->r->output_hat[n * a->J + j] / a->k->land_hat[n], 1 / (1 + e->chi[n]));
}

static double productive_power(const audit *a, size_t n, size_t j)
{
    const bashu_economy *e = a->e;
    size_t J = a->J, S = a->S;
    const double *input = e->input_share + (e->about.regions[n].area_index * J + j) * J;
    double gamma = e->value_added_share[n * J + j], eta = e->land_share[n * J + j], cost = 1, log_inputs = 0;
    for (size_t s = 0; s < S; s++)
        cost *= pow(a->r->wage_hat[n * S + s], e->wage_share[(n * J + j) * S + s] * gamma * (1 - eta));
    cost *= pow(sector_rent_hat(a, n, j), gamma * eta);
    for (size_t k = 0; k < J; k++) log_inputs += input[k] * a->log_price[n * J + k];
    cost *= exp(log_inputs);
    double productivity = a->k->productivity_hat[n * J + j];
    if (e->mu[j] > 0 && e->output[n * J + j] > 0)
        productivity *= pow(a->upsilon[0][n * J + j] / a->upsilon[1][n * J + j], e->mu[j]);
    return pow(productivity / cost, e->theta[j]);
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

static void check_trade(audit *a)
{
    size_t N = a->N, J = a->J;
#pragma omp parallel for schedule(static) num_threads(a->threads)
    for (size_t part = 0; part < PARTS; part++)
        add_buyers(a, N * part / PARTS, N * (part + 1) / PARTS, a->row + part * N, a->parts + part * N * J);
    for (size_t part = 0; part < PARTS; part++)
        for (size_t i = 0; i < N * J; i++) a->sales[i] += a->parts[part * N * J + i % J * N + i / J];
    for (size_t i = 0; i < N * J; i++) {
        const char *region = region_id(a, i / J), *sector = a->e->about.sectors[i % J].label.id;
        record(a, EQ_PRICE, gap(pow(a->r->price_hat[i], -a->e->theta[i % J]), a->totals[i]), region, sector);
        record(a, EQ_GOODS, gap(output_at(a, i / J, i % J), a->sales[i]), region, sector);
    }
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
        double received = wages + (landlords ? 0 : (1 - e->iota[n]) * all_rents(a, n)) + share * portfolio + a->revenue[n] + deficit_of(a, n) + a->k->transfer[n];
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
    double price = 1, wages = 0, wages_base = 0;
    for (size_t j = 0; j < J; j++) price *= pow(a->r->price_hat[n * J + j], e->final_share[n * J + j]);
    for (size_t g = 0; g < S; g++) {
        wages_base += e->labour_income[n * S + g];
        wages += a->earned[n * S + g];
    }
    double per_head = a->access[n * S + s] * (a->r->income[n] / e->income[n]) / (wages / wages_base);
    return a->k->amenity_hat[n * S + s] * pow(a->crowded[n], -e->lambda) * per_head
           / (pow(price, e->goods_share[n]) * pow(a->r->rent_hat[n], 1 - e->goods_share[n]));
}

/* Vhat muhat^-1 to the power epsilon, times the share of the origin's people who were there. */
static double pull(const audit *a, size_t o, size_t s, size_t n)
{
    const double *cost = a->k->migration_cost_hat;
    double share = a->e->migration_share[(s * a->e->origin_count + o) * a->N + n];
    double net = a->r->utility_hat[n * a->S + s] / (cost ? cost[(s * a->N + o) * a->N + n] : 1);
    return share > 0 ? share * pow(net, a->e->epsilon[s]) : 0;
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
    for (size_t o = 0; o < O; o++) {
        double total = 0, welfare = 1;
        if (!(e->origin_people[s * O + o] > 0)) continue;
        for (size_t n = 0; !free && n < N; n++) total += pull(a, o, s, n);
        for (size_t n = 0; !free && n < N; n++) a->leaving[n * S + s] += e->origin_people[s * O + o] * pull(a, o, s, n) / total;
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
                record(a, EQ_LOCATION, gap(a->r->people_hat[ns], 1), region_id(a, n), e->about.groups[s].id);
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
    for (size_t n = 0; n < a->N; n++) sent += deficit_of(a, n) + a->k->transfer[n];
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
    const array_wanted wanted[] = {{&a->x, N * J}, {&a->totals, N * J}, {&a->log_price, N * J}, {&a->sales, N * J}, {&a->parts, PARTS * N * J}, {&a->revenue, N},
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

bashu_status certify(bashu_result *r, const shock *k)
{
    const bashu_economy *e = r->economy;
    audit a = {.r = r, .e = e, .k = k, .N = e->about.N, .J = e->about.J, .S = e->about.S};
    a.threads = threads_for(r->context, (double)a.N * (double)a.N * (double)a.J);
    arena *scratch = arena_new(r->context);
    if (!scratch) return fail_memory(r->context);
    memset(r->equations, 0, sizeof r->equations);
    memset(r->where, 0, sizeof r->where);
    bashu_status status = audit_new(&a, scratch);
    if (status == BASHU_OK) {
        for (size_t i = 0; i < a.N * a.J; i++) a.log_price[i] = log(r->price_hat[i]);
        for (size_t i = 0; i < a.N * a.J; i++)
            for (int base = 0; base < 2; base++) a.workers[base][i] = sector_workers(&a, i / a.J, i % a.J, base);
        for (int base = 0; base < 2; base++) all_spillovers(&a, base, a.upsilon[base]);
#pragma omp parallel for schedule(static) num_threads(a.threads)
        for (size_t i = 0; i < a.N * a.J; i++) a.x[i % a.J * a.N + i / a.J] = productive_power(&a, i / a.J, i % a.J);
        a.evened = evened_out(&a);
        go_to_work(&a);
        check_trade(&a);
        check_incomes(&a);
        check_location(&a);
        check_world(&a);
        summarise(r);
    }
    arena_free(scratch);
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
