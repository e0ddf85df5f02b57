/* channels.c - one outcome split by channel: identities in logs that hold exactly between two states, not only for small changes.
 *
 * L(a, b) = (a - b) / log(a / b), the logarithmic mean. For x' and x, sums of parts x'_k and x_k (Ang 2004; Sato 1976, Vartia 1976):
 *   a sum      log x'/x = sum_k w_k log x'_k/x_k,  w_k = L(x'_k, x_k) / L(x', x);   parts of any sign: log x'/x = sum_k (x'_k - x_k) / L(x', x)
 *   a mean     Mhat = (sum_k s_k vhat_k^p)^(1/p), shares s'_k = s_k vhat_k^p / sum:   log Mhat = sum_k w_k log vhat_k,  w_k = L(s'_k, s_k) / sum_h L(s'_h, s_h)
 * Every outcome is followed back by them (equations of docs/model.md, sections 2.1 and 6):
 *   gdp of a set       sum over places of value added / P:  wage bills (wage x workers), rents (rent x land), prices
 *   real wage          wages of groups and their mix, goods prices, rent of housing
 *   welfare            mean over places h: Vhat_h / muhat_oh; weights m_oh are staying as things are, w_oh - m_oh is moving
 *   utility            amenity, crowding, wage, other income (parts of I / E), goods prices, rent of housing
 *   population         log Lhat_n = sum over origins w_o epsilon (log Vhat_n - log muhat_on - log What_o)
 *   prices             log Phat_n^j = sum_i w_ni^j (log kappahat_ni^j + log gate price of i);  gate price = unit cost / (Ahat Upsilonhat^mu);
 *                      unit cost = wages, rents, and prices again: followed until nothing of them is left
 *   rents              log rhat = (log of what is spent on land - log Hbarhat) / (1 + chi): the first is RENTS, the second LAND
 *
 * Parts are in 100 logs and then multiplied by percent / (100 logs of the outcome), so that they add up to the percent. */
#include "measure/channels.h"
#include "measure/fill.h"

#include <math.h>
#include <string.h>

const bashu_channel_row channel_rows[CHANNEL_COUNT] = {
    {"wages", "wages paid there", "当地工资"},
    {"trade_cost", "cost of trade: times, borders, tariffs", "贸易成本：时间、壁垒、关税"},
    {"productivity", "productivity that the scenario changes", "情景改变的生产率"},
    {"agglomeration", "agglomeration: productivity from more activity within reach", "集聚：周边活动增多带来的生产率"},
    {"supplier_wages", "prices: wages of those who make the goods", "价格：生产者的工资"},
    {"rents", "rents: what is bid for land and housing", "地租：对土地与住房的出价"},
    {"land", "land: more of it for use", "土地：可用面积增加"},
    {"rent_income", "income from rents", "地租收入"},
    {"transfers", "transfers, deficits and tariff revenue", "转移、贸易差额与关税收入"},
    {"moving", "people: who comes and goes, and the freedom to", "人口：迁入迁出与迁移选择"},
    {"migration_cost", "cost of moving itself", "迁移成本本身"},
    {"crowding", "crowding", "拥挤"},
    {"amenity", "amenity that the scenario changes", "情景改变的宜居度"},
};

size_t bashu_channel_count(void) { return CHANNEL_COUNT; }
const bashu_channel_row *bashu_channel_at(size_t index) { return index < CHANNEL_COUNT ? &channel_rows[index] : NULL; }

/* Sums under way: weights of what is still to be followed back, and parts of what has been. */
typedef struct tracer {
    const bashu_result *result;
    const bashu_economy *economy;
    size_t N, J, S;
    double *part, *bought, *sold; /* [CHANNEL_COUNT][N]; [N]; [N] or NULL */
    double *on_welfare, *on_utility; /* [N][S] weights of log What and log Vhat */
    double *on_price, *on_price_next; /* [N][J] weights of log Phat */
    double *price_share;          /* [N][J][N] w_ni^j */
    double *gate;                 /* [N][J] weights of log gate prices */
    double *tariff_revenue;       /* [2][N] before and after */
    double *log_housing;          /* [N] log of the rent of housing */
    int rounds;
} tracer;

static double log_mean(double a, double b)
{
    if (!(b > 0)) return 0;
    double rise = (a - b) / b;
    return rise == 0 ? b : b * rise / log1p(rise);
}

static void add_part(tracer *t, channel_id channel, size_t n, double value)
{
    t->part[channel * t->N + n] += 100 * value;
}

/* ---- rents ---------------------------------------------------------------------------------------- */

static bool is_specific(const tracer *t, size_t n) { return t->economy->about.regions[n].specific_structures; }

/* Of the structures that a sector uses. */
static double log_rent(const tracer *t, size_t n, size_t j)
{
    if (!is_specific(t, n)) return log(t->result->rent_hat[n]);
    return (log(t->result->output_hat[at2(n, j, t->J)]) - log(t->result->land_hat[n])) / (1 + t->economy->chi[n]);
}

static void add_rent(tracer *t, size_t n, double log_rent_hat, double weight)
{
    double supply = log(t->result->land_hat[n]) / (1 + t->economy->chi[n]);
    add_part(t, CHANNEL_RENTS, n, weight * (log_rent_hat + supply));
    add_part(t, CHANNEL_LAND, n, -weight * supply);
}

static void add_housing(tracer *t, size_t n, double weight)
{
    add_rent(t, n, log(t->result->rent_hat[n]), weight * (1 - t->economy->goods_share[n]));
}

/* ---- prices --------------------------------------------------------------------------------------- */

static void add_goods_price(tracer *t, size_t n, double weight)
{
    for (size_t j = 0; j < t->J; j++) t->on_price[at2(n, j, t->J)] += weight * t->economy->final_share[at2(n, j, t->J)];
}

static void visit_weight(void *payload, const flow *f)
{
    tracer *t = payload;
    t->price_share[at3(f->destination, f->sector, f->origin, t->J, t->N)] = log_mean(f->share_new, f->share);
}

static void normalise_weights(tracer *t)
{
    for (size_t nj = 0; nj < t->N * t->J; nj++) {
        double *row = t->price_share + nj * t->N, sum = 0;
        for (size_t i = 0; i < t->N; i++) sum += row[i];
        for (size_t i = 0; i < t->N; i++) row[i] = sum > 0 ? row[i] / sum : 0;
    }
}

static double log_trade_cost(const tracer *t, size_t n, size_t j, size_t i)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    size_t at = at3(n, j, i, t->J, t->N);
    if (!r->trade_kernel || r->trade_kernel[at] == e->trade_share[at]) return 0;
    return -log(r->trade_kernel[at] / e->trade_share[at]) / e->theta[j];
}

/* From weights on buyers' prices to weights on gate prices and the cost of the way between. */
static void leave_the_shop(tracer *t)
{
    memset(t->gate, 0, t->N * t->J * sizeof *t->gate);
    for (size_t n = 0; n < t->N; n++)
        for (size_t j = 0; j < t->J; j++) {
            double weight = t->on_price[at2(n, j, t->J)];
            const double *share = t->price_share + at3(n, j, 0, t->J, t->N);
            if (weight == 0) continue;
            for (size_t i = 0; i < t->N; i++) {
                if (share[i] == 0) continue;
                double cost = log_trade_cost(t, n, j, i);
                t->gate[at2(i, j, t->J)] += weight * share[i];
                add_part(t, CHANNEL_TRADE_COST, i, weight * share[i] * cost);
                t->bought[i] += 100 * weight * share[i] * cost;
            }
        }
}

static double log_unit_cost(const tracer *t, size_t i, size_t j)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    size_t ij = at2(i, j, t->J);
    const double *inputs = e->input_share + at3(e->about.regions[i].area_index, j, 0, t->J, t->J);
    double gamma = e->value_added_share[ij], eta = e->land_share[ij], sum = gamma * eta * log_rent(t, i, j);
    for (size_t s = 0; s < t->S; s++) sum += gamma * (1 - eta) * e->wage_share[ij * t->S + s] * log(r->wage_hat[at2(i, s, t->S)]);
    for (size_t k = 0; k < t->J; k++) sum += inputs[k] * log(r->price_hat[at2(i, k, t->J)]);
    return sum;
}

/* From weights on gate prices to what production pays; inputs come back as weights on prices. */
static void enter_the_works(tracer *t)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    memset(t->on_price_next, 0, t->N * t->J * sizeof *t->on_price_next);
    for (size_t i = 0; i < t->N; i++)
        for (size_t j = 0; j < t->J; j++) {
            size_t ij = at2(i, j, t->J);
            double weight = t->gate[ij], before = 0, after = 0;
            if (weight == 0 || !(e->output[ij] > 0)) continue;
            const double *inputs = e->input_share + at3(e->about.regions[i].area_index, j, 0, t->J, t->J);
            double gamma = e->value_added_share[ij], eta = e->land_share[ij], wages = 0, given = log(r->productivity_hat[ij]);
            for (size_t s = 0; s < t->S; s++) wages += gamma * (1 - eta) * e->wage_share[ij * t->S + s] * log(r->wage_hat[at2(i, s, t->S)]);
            double gained = log_unit_cost(t, i, j) - log(r->gate_price_hat[ij]) - given;
            before = t->part[CHANNEL_RENTS * t->N + i] + t->part[CHANNEL_LAND * t->N + i];
            add_part(t, CHANNEL_SUPPLIER_WAGES, i, weight * wages);
            add_part(t, CHANNEL_PRODUCTIVITY, i, -weight * given);
            add_part(t, CHANNEL_AGGLOMERATION, i, -weight * gained);
            add_rent(t, i, log_rent(t, i, j), weight * gamma * eta);
            after = t->part[CHANNEL_RENTS * t->N + i] + t->part[CHANNEL_LAND * t->N + i];
            t->bought[i] += 100 * weight * (wages - given - gained) + after - before;
            for (size_t k = 0; k < t->J; k++) t->on_price_next[at2(i, k, t->J)] += weight * inputs[k];
        }
    double *now = t->on_price;
    t->on_price = t->on_price_next;
    t->on_price_next = now;
}

static double weight_left(const tracer *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->N * t->J; i++) sum += fabs(t->on_price[i]);
    return sum;
}

static void follow_prices(tracer *t)
{
    enum { ROUNDS_MOST = 2000 };
    double first = weight_left(t);
    each_flow(t->result, visit_weight, t);
    normalise_weights(t);
    while (t->rounds < ROUNDS_MOST && weight_left(t) > 1e-15 * first) {
        leave_the_shop(t);
        enter_the_works(t);
        t->rounds++;
    }
}

/* ---- utility and welfare --------------------------------------------------------------------------- */

/* log of (I / E)hat by its parts, as shares of the wages E; what is neither tariff nor transfer is rents. */
static void add_other_income(tracer *t, size_t n, double weight)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    double wages = 0, wages_new = 0;
    for (size_t s = 0; s < t->S; s++) {
        size_t ns = at2(n, s, t->S);
        wages += e->labour_income[ns];
        wages_new += e->labour_income[ns] * labour_income_hat(r, ns);
    }
    if (!(wages > 0)) return;
    double before = e->income[n] / wages, after = r->income[n] / wages_new, mean = log_mean(after, before);
    double given = (r->deficit[n] - r->subsidies_got[n] + t->tariff_revenue[t->N + n]) / wages_new - (e->deficit[n] + t->tariff_revenue[n]) / wages;
    add_part(t, CHANNEL_TRANSFERS, n, weight * given / mean);
    add_part(t, CHANNEL_RENT_INCOME, n, weight * (after - before - given) / mean);
}

static void follow_utility(tracer *t)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    for (size_t n = 0; n < t->N; n++) {
        double all = 0;
        for (size_t s = 0; s < t->S; s++) {
            size_t ns = at2(n, s, t->S);
            double weight = t->on_utility[ns];
            if (weight == 0) continue;
            all += weight;
            add_part(t, CHANNEL_WAGES, n, weight * log(e->commuting_share ? r->access_hat[ns] : r->wage_hat[ns]));
            add_part(t, CHANNEL_AMENITY, n, weight * log(r->amenity_hat[ns]));
        }
        if (all == 0) continue;
        add_part(t, CHANNEL_CROWDING, n, -all * e->lambda * log(r->crowding_hat[n]));
        add_other_income(t, n, all);
        add_goods_price(t, n, -all * e->goods_share[n]);
        add_housing(t, n, -all);
    }
}

static double log_migration_cost(const tracer *t, size_t s, size_t o, size_t h)
{
    const double *cost = t->result->migration_cost_hat;
    return cost ? log(cost[at3(s, o, h, t->N, t->N)]) : 0;
}

/* Shares of the people of origin o who live in h: before, and what weighs what becomes of them; returns the sum of the latter. */
static double log_mean_shares(const tracer *t, size_t s, size_t o, size_t n, double *mean)
{
    const bashu_result *r = t->result;
    const double *share = t->economy->migration_share + at3(s, o, 0, t->economy->origin_count, t->N);
    double total = 0, sum = 0;
    for (size_t h = 0; h < t->N; h++)
        if (share[h] > 0) total += share[h] * (mean[h] = attraction_of(r, s, n, h));
    for (size_t h = 0; h < t->N; h++) {
        mean[h] = share[h] > 0 ? log_mean(share[h] * mean[h] / total, share[h]) : 0;
        sum += mean[h];
    }
    return sum;
}

/* One group registered in n. With free mobility Vhat is the same wherever they live. */
static void follow_registered(tracer *t, size_t n, size_t s, double weight, double *mean)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    if (!group_moves(e, n, s) || r->info.reason == BASHU_CONVERGED_UNCHANGED) {
        t->on_utility[at2(n, s, t->S)] += weight;
        return;
    }
    size_t o = e->origin_of ? e->origin_of[n] : n;
    const double *share = e->migration_share + at3(s, o, 0, e->origin_count, t->N);
    if (e->about.switches.mobility == MOBILITY_FREE) {
        for (size_t h = 0; h < t->N; h++) t->on_utility[at2(h, s, t->S)] += weight * share[h];
        return;
    }
    double sum = log_mean_shares(t, s, o, n, mean);
    for (size_t h = 0; h < t->N; h++) {
        if (!(share[h] > 0)) continue;
        double cost = log_migration_cost(t, s, n, h);
        t->on_utility[at2(h, s, t->S)] += weight * share[h];
        add_part(t, CHANNEL_MIGRATION_COST, h, -weight * share[h] * cost);
        add_part(t, CHANNEL_MOVING, h, weight * (mean[h] / sum - share[h]) * (log(r->utility_hat[at2(h, s, t->S)]) - cost));
    }
}

static void follow_welfare(tracer *t, double *mean)
{
    for (size_t n = 0; n < t->N; n++)
        for (size_t s = 0; s < t->S; s++)
            if (t->on_welfare[at2(n, s, t->S)] != 0) follow_registered(t, n, s, t->on_welfare[at2(n, s, t->S)], mean);
}

/* ---- outcomes: what each begins with ---------------------------------------------------------------- */

/* Weights of the logs of places in the log of the pooled outcome. base, hat: of places; weight: of the pool at the baseline. */
static void pool_places(double *out, size_t N, const double *weight, const double *base, const double *hat)
{
    double before = 0, after = 0;
    for (size_t n = 0; n < N; n++) {
        before += weight[n] * base[n];
        after += weight[n] * base[n] * hat[n];
    }
    for (size_t n = 0; n < N; n++) out[n] = before > 0 ? log_mean(weight[n] * base[n] * hat[n], weight[n] * base[n]) / log_mean(after, before) : 0;
}

/* log of nominal value added by what is earned. */
static void begin_value_added(tracer *t, size_t n, double weight)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    double before = 0, after = 0;
    for (size_t j = 0; j < t->J; j++) {
        double value = e->value_added_share[at2(n, j, t->J)] * e->output[at2(n, j, t->J)];
        before += value;
        after += value * r->output_hat[at2(n, j, t->J)];
    }
    double whole = log_mean(after, before);
    for (size_t s = 0; s < t->S && whole > 0; s++) {
        double bill = 0, bill_new = 0, wage = log(r->wage_hat[at2(n, s, t->S)]);
        for (size_t j = 0; j < t->J; j++) {
            size_t nj = at2(n, j, t->J);
            double paid = e->wage_share[nj * t->S + s] * (1 - e->land_share[nj]) * e->value_added_share[nj] * e->output[nj];
            bill += paid;
            bill_new += paid * r->output_hat[nj];
        }
        if (!(bill > 0)) continue;
        double part = weight * log_mean(bill_new, bill) / whole;
        add_part(t, CHANNEL_WAGES, n, part * wage);
        add_part(t, CHANNEL_MOVING, n, part * (log(bill_new / bill) - wage));
    }
    for (size_t j = 0; j < t->J && whole > 0; j++) {
        size_t nj = at2(n, j, t->J);
        double rent = e->land_share[nj] * e->value_added_share[nj] * e->output[nj], hat = r->output_hat[nj], price = log_rent(t, n, j);
        if (!(rent > 0)) continue;
        double part = weight * log_mean(rent * hat, rent) / whole;
        add_rent(t, n, price, part);
        add_part(t, CHANNEL_LAND, n, part * (log(hat) - price));
    }
}

typedef struct sales { /* what a visit adds to */
    tracer *t;
    const double *scale; /* [N] weight / L(VA', VA) */
} sales;

static void visit_sale(void *payload, const flow *f)
{
    const sales *to = payload;
    double gamma = to->t->economy->value_added_share[at2(f->origin, f->sector, to->t->J)];
    if (to->scale[f->origin] != 0)
        to->t->sold[f->destination] += 100 * to->scale[f->origin] * gamma * (f->after / (1 + f->tariff_new) - f->before / (1 + f->tariff));
}

static void begin_gdp(tracer *t, const double *weight, double *scratch)
{
    const bashu_economy *e = t->economy;
    for (size_t n = 0; n < t->N; n++) {
        double before = 0, after = 0;
        for (size_t j = 0; j < t->J; j++) {
            double value = e->value_added_share[at2(n, j, t->J)] * e->output[at2(n, j, t->J)];
            before += value;
            after += value * t->result->output_hat[at2(n, j, t->J)];
        }
        scratch[n] = weight[n] != 0 && before > 0 ? weight[n] / log_mean(after, before) : 0;
        if (weight[n] == 0) continue;
        begin_value_added(t, n, weight[n]);
        add_goods_price(t, n, -weight[n]);
    }
    sales to = {t, scratch};
    if (t->result->info.reason != BASHU_CONVERGED_UNCHANGED) each_flow(t->result, visit_sale, &to);
}

static void begin_real_wage(tracer *t, const double *weight)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    for (size_t n = 0; n < t->N; n++) {
        double before = 0, after = 0, people = 0, people_new = 0;
        if (weight[n] == 0) continue;
        for (size_t s = 0; s < t->S; s++) {
            size_t ns = at2(n, s, t->S);
            before += e->labour_income[ns];
            after += e->labour_income[ns] * labour_income_hat(r, ns);
            people += e->people[ns];
            people_new += e->people[ns] * r->people_hat[ns];
        }
        double whole = log_mean(after, before), mix = -log(people_new / people);
        for (size_t s = 0; s < t->S; s++) {
            size_t ns = at2(n, s, t->S);
            double hat = labour_income_hat(r, ns);
            if (!(e->labour_income[ns] > 0)) continue;
            double part = log_mean(e->labour_income[ns] * hat, e->labour_income[ns]) / whole;
            add_part(t, CHANNEL_WAGES, n, weight[n] * part * (log(hat) - log(r->people_hat[ns])));
            mix += part * log(r->people_hat[ns]);
        }
        add_part(t, CHANNEL_MOVING, n, weight[n] * mix);
        add_goods_price(t, n, -weight[n] * e->goods_share[n]);
        add_housing(t, n, -weight[n]);
    }
}

/* People who come to n: where they could be registered, and what else they could choose. */
static void begin_population(tracer *t, const double *weight, double *mean)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    size_t O = e->origin_count;
    if (r->info.reason == BASHU_CONVERGED_UNCHANGED || !e->migration_share) return;
    for (size_t n = 0; n < t->N; n++) { /* the first region of each origin stands for it */
        size_t o = e->origin_of ? e->origin_of[n] : n;
        bool first = true;
        for (size_t h = 0; h < n; h++) first = first && (e->origin_of ? e->origin_of[h] : h) != o;
        for (size_t s = 0; s < t->S && first; s++) {
            const double *share = e->migration_share + at3(s, o, 0, O, t->N);
            double people = e->origin_people[at2(s, o, O)], total = 0;
            if (!group_moves(e, n, s)) continue;
            for (size_t h = 0; h < t->N; h++)
                if (share[h] > 0) total += share[h] * (mean[h] = attraction_of(r, s, n, h));
            for (size_t h = 0; h < t->N; h++) {
                if (!(share[h] > 0) || weight[at2(h, s, t->S)] == 0) continue;
                double from_here = weight[at2(h, s, t->S)] * e->epsilon[s] * log_mean(people * share[h] * mean[h] / total, people * share[h]);
                t->on_utility[at2(h, s, t->S)] += from_here;
                t->on_welfare[at2(n, s, t->S)] -= from_here;
                add_part(t, CHANNEL_MIGRATION_COST, n, -from_here * log_migration_cost(t, s, n, h));
            }
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------------- */

typedef enum beginning { BEGIN_GDP, BEGIN_GDP_PER_HEAD, BEGIN_REAL_WAGE, BEGIN_WELFARE, BEGIN_UTILITY, BEGIN_POPULATION, BEGIN_PRICE, BEGIN_LIVING } beginning;
static const struct {
    const char *variable;
    beginning begin;
} beginnings[] = {{"gdp", BEGIN_GDP}, {"gdp_per_head", BEGIN_GDP_PER_HEAD}, {"real_wage", BEGIN_REAL_WAGE}, {"welfare", BEGIN_WELFARE},
                  {"utility", BEGIN_UTILITY}, {"population", BEGIN_POPULATION}, {"price_index", BEGIN_PRICE}, {"cost_of_living", BEGIN_LIVING}};
enum { BEGINNINGS = sizeof beginnings / sizeof *beginnings };

static double registered_people(const bashu_economy *e, size_t n, size_t s)
{
    mobility word = e->about.switches.mobility;
    bool pooled = word == MOBILITY_COSTLESS || word == MOBILITY_FREE;
    if (!e->origin_people || pooled) return e->people[at2(n, s, e->about.S)];
    return e->origin_people[at2(s, n, e->about.N)];
}

/* A mean over places and groups of hats: weights of their logs. */
static void pool_groups(double *out, const tracer *t, const double *people_part, const double *hat, bool registered)
{
    double before = 0, after = 0;
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t n = 0; n < t->N; n++)
            for (size_t s = 0; s < t->S; s++) {
                size_t ns = at2(n, s, t->S);
                double people = people_part[n] * (registered ? registered_people(t->economy, n, s) : t->economy->people[ns]);
                if (!pass) before += people, after += people * hat[ns];
                else out[ns] = before > 0 && people > 0 ? log_mean(people * hat[ns], people) / log_mean(after, before) : 0;
            }
}

static bashu_status begin_outcome(bashu_channels *c, tracer *t, beginning begin, const double *people_part, double *scratch)
{
    const bashu_result *r = t->result;
    const bashu_economy *e = t->economy;
    size_t N = t->N, S = t->S;
    double *weight = scratch, *base = weight + N, *hat = base + N, *by_group = hat + N, *mean = by_group + N * S;
    TRY(measure_values(r, c->asked.variable, BASHU_BASE, base, N));
    TRY(measure_values(r, c->asked.variable, BASHU_HAT, hat, N));
    for (size_t n = 0; n < N; n++) {
        double people = 0;
        for (size_t s = 0; s < S; s++) people += e->people[at2(n, s, S)];
        mean[n] = begin == BEGIN_GDP ? people_part[n] : people_part[n] * people;
        if (begin == BEGIN_GDP_PER_HEAD) { /* of the sum of real GDP */
            double people_new = 0;
            for (size_t s = 0; s < S; s++) people_new += e->people[at2(n, s, S)] * r->people_hat[at2(n, s, S)];
            hat[n] *= people > 0 ? people_new / people : 1;
        }
    }
    pool_places(weight, N, mean, base, hat);
    pool_groups(by_group, t, people_part, begin == BEGIN_WELFARE ? r->welfare_hat : begin == BEGIN_UTILITY ? r->utility_hat : r->people_hat, begin == BEGIN_WELFARE);
    switch (begin) {
    case BEGIN_GDP: begin_gdp(t, weight, base); break;
    case BEGIN_GDP_PER_HEAD:
        begin_gdp(t, weight, base);
        for (size_t n = 0; n < N; n++)
            for (size_t s = 0; s < S; s++) {
                double fewer = -by_group[at2(n, s, S)] * log(r->people_hat[at2(n, s, S)]);
                add_part(t, CHANNEL_MOVING, n, fewer);
                t->sold[n] += 100 * fewer;
            }
        break;
    case BEGIN_REAL_WAGE: begin_real_wage(t, weight); break;
    case BEGIN_WELFARE: memcpy(t->on_welfare, by_group, N * S * sizeof *by_group); break;
    case BEGIN_UTILITY: memcpy(t->on_utility, by_group, N * S * sizeof *by_group); break;
    case BEGIN_POPULATION: /* weights of sums of movers, not of logs: by L(L', L) / L of each place */
        for (size_t n = 0; n < N; n++)
            for (size_t s = 0; s < S; s++) {
                size_t ns = at2(n, s, S);
                double people = log_mean(e->people[ns] * r->people_hat[ns], e->people[ns]);
                by_group[ns] = people > 0 ? by_group[ns] / people : 0;
            }
        begin_population(t, by_group, mean);
        break;
    case BEGIN_PRICE:
        for (size_t n = 0; n < N; n++) add_goods_price(t, n, weight[n]);
        break;
    case BEGIN_LIVING:
        for (size_t n = 0; n < N; n++) {
            add_goods_price(t, n, weight[n] * e->goods_share[n]);
            add_housing(t, n, weight[n]);
        }
        break;
    }
    follow_welfare(t, mean);
    follow_utility(t);
    return BASHU_OK;
}

/* From 100 logs to percentage points of the outcome. */
static void scale_parts(bashu_channels *c, double percent)
{
    size_t N = c->economy->about.N;
    double log_points = 100 * log1p(percent / 100), scale = log_points != 0 ? percent / log_points : 1, sum = 0;
    for (size_t i = 0; i < CHANNEL_COUNT * N; i++) sum += c->part[i] *= scale;
    for (size_t n = 0; n < N; n++) {
        c->bought[n] *= scale;
        if (c->sold) c->sold[n] *= scale;
    }
    c->info.percent = percent;
    c->info.gap = fabs(sum - percent);
}

static bashu_status split(bashu_channels *c, const bashu_result *result, arena *scratch, beginning begin)
{
    const description *about = &c->economy->about;
    size_t N = about->N, J = about->J, S = about->S;
    bool gdp = begin == BEGIN_GDP || begin == BEGIN_GDP_PER_HEAD;
    double percent, *people_part, *land_part, *room;
    tracer t = {.result = result, .economy = c->economy, .N = N, .J = J, .S = S};
    const array_wanted kept[] = {{&c->part, CHANNEL_COUNT * N}, {&c->bought, N}, {&c->sold, gdp ? N : 0}};
    const array_wanted wanted[] = {{&t.on_welfare, N * S}, {&t.on_utility, N * S}, {&t.on_price, N * J}, {&t.on_price_next, N * J},
                                   {&t.price_share, N * J * N}, {&t.gate, N * J}, {&t.tariff_revenue, 2 * N}, {&people_part, N}, {&land_part, N},
                                   {&room, 4 * N + N * S}};
    if (!ARENA_ARRAYS(c->memory, kept) || !ARENA_ARRAYS(scratch, wanted)) return fail_memory(c->context);
    if (!gdp) c->sold = NULL;
    t.part = c->part;
    t.bought = c->bought;
    t.sold = c->sold;
    TRY(measure_parts(c->context, about, c->asked.set, c->asked.member, people_part, land_part));
    TRY(outcome_value(&percent, result, &c->asked, BASHU_PERCENT));
    fill_tariff_revenue(result, t.tariff_revenue, t.tariff_revenue + N);
    TRY(begin_outcome(c, &t, begin, people_part, room));
    follow_prices(&t);
    c->info.rounds = t.rounds;
    scale_parts(c, percent);
    return BASHU_OK;
}

static bashu_status find_beginning(beginning *out, const bashu_result *result, const char *variable)
{
    for (size_t k = 0; k < BEGINNINGS; k++) {
        if (strcmp(beginnings[k].variable, variable) != 0) continue;
        *out = beginnings[k].begin;
        if (*out == BEGIN_POPULATION && result->economy->about.switches.mobility == MOBILITY_FREE)
            return fail(result->context, BASHU_ERROR_ARGUMENT, "with mobility 'free' people are where utility is equal, so that 'population' has no channels; ask for utility or gdp");
        return BASHU_OK;
    }
    return fail(result->context, BASHU_ERROR_ARGUMENT,
                "'%s' is not split by channel; gdp, gdp_per_head, real_wage, welfare, utility, population, price_index and cost_of_living are", variable);
}

bashu_status channels_new(bashu_channels **out, const bashu_result *result, const char *outcome)
{
    beginning begin;
    if (result->info.reason <= 0 || result->info.reason == BASHU_FIRST_ORDER || !result->pairs_kept)
        return fail(result->context, BASHU_ERROR_ARGUMENT, "channels need an equilibrium with its flows between regions (%s)", bashu_reason_text(result->info.reason));
    arena *memory = arena_new(result->context), *scratch = arena_new(result->context);
    bashu_channels *c = memory && scratch ? arena_alloc(memory, 1, sizeof *c) : NULL;
    bashu_status status = c ? BASHU_OK : fail_memory(result->context);
    if (c) {
        *c = (bashu_channels){.context = result->context, .memory = memory, .economy = result->economy};
        status = outcome_read(&c->asked, memory, result->economy, outcome);
        if (status == BASHU_OK) status = find_beginning(&begin, result, c->asked.variable);
        if (status == BASHU_OK) status = split(c, result, scratch, begin);
    }
    if (scratch) arena_free(scratch);
    if (status == BASHU_OK) *out = c;
    else if (memory) arena_free(memory);
    return status;
}

double channels_elsewise(const bashu_channels *channels, size_t region)
{
    double sum = -channels->bought[region];
    if (channels->sold) return channels->sold[region];
    for (size_t k = 0; k < CHANNEL_COUNT; k++) sum += channels->part[k * channels->economy->about.N + region];
    return sum;
}

void channels_free(bashu_channels *channels)
{
    if (channels) arena_free(channels->memory);
}
