/* adjoint.c - linear.c the other way round: from weights of the equations and of what is seen to weights of the unknowns and
 * of the levers.
 *
 *   b_in = M_n^T b_out for each region; for pairs of places a total over columns becomes a sum over rows, and the reverse:
 *     trade   b_sales_i  -> b_weight_n = sum_i S_ni b_sales_i / sum_i          (totals over sellers)
 *             b_total_n, b_kept_n -> b_log_x_i = x_i sum_n K_ni b_total_n / total_n + S_ni b_kept_n       (sums over buyers)
 *             b_k_ni = K_ni x_i b_total_n / total_n + S_ni (x_i b_kept_n + X_n / total_n b_sales_i / sum_i)
 *   and dO/dlog d_ni = -theta b_k_ni: elementwise from what belongs to buyer and to seller alone.
 *
 * b_y, the weight of y, is how much what is asked for changes when y does. The order is that of linear.c, backwards. */
#include "equilibrium/linear.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

/* in += M^T out over some rows */
static void hear_locally(const linearisation *l, size_t n, size_t first, size_t last)
{
    const double *map = local_map(l, n), *out = l->out + n * l->to.out;
    double *in = l->in + n * l->to.in;
    for (size_t i = first; i < last; i++)
        if (out[i] != 0) add_scaled(in, out[i], map + i * l->to.in, l->to.in);
}

/* ---- the equations -------------------------------------------------------------------------------- */

/* Leaves b_sales over sum in l->y [J][N], b of the price totals in l->total, b_people in dpeople. Returns b of the scale. */
static double hear_equations(linearisation *l, const double *f, double *bpeople, const lever_changes *k)
{
    const problem *p = &l->problem;
    const bashu_economy *e = p->economy;
    double scale = 0;
    for (size_t n = 0; n < p->N; n++) {
        const double *fn = f + n * p->K;
        double *in = l->in + n * l->to.in, *out = l->out + n * l->to.out;
        for (size_t q = 0; q < at_output(p, 0); q++) in[q] -= fn[q];
        for (size_t s = 0; s < p->S; s++) {
            bool paid = e->wage_bill[at2(n, s, p->S)] > 0, lives = p->migration.rows && e->people[at2(n, s, p->S)] > 0;
            out[l->to.log_wage + s] += paid ? fn[at_wage(s)] : 0;
            scale -= paid ? fn[at_wage(s)] : 0;
            bpeople[n * p->S + s] = lives ? fn[at_people(p, s)] : 0;
        }
        bool rented = e->land_income[n] > 0;
        out[l->to.log_rent] += rented ? fn[at_rent(p)] : 0;
        scale -= rented ? fn[at_rent(p)] : 0;
        if (k->land && rented) k->land[n] -= fn[at_rent(p)] / (1 + e->chi[n]);
        for (size_t j = 0; j < p->J; j++) {
            bool absent = !(e->output[at2(n, j, p->J)] > 0);
            double excess = fn[at_output(p, j)] * l->system->at.slope[at2(n, j, p->J)];
            in[at_output(p, j)] -= excess;
            l->total[at2(n, j, p->J)] = -fn[at_price(p, j)] / e->theta[j];
            l->y[j * p->N + n] = absent ? 0 : excess;
            scale -= fn[at_price(p, j)] + (absent ? 0 : excess);
        }
    }
    return scale;
}

static void hear_numeraire(linearisation *l, double scale)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    bool by_wage = p->economy->about.switches.numeraire == NUMERAIRE_WAGE;
    for (size_t n = 0; n < p->N; n++) {
        for (size_t j = 0; !by_wage && j < p->J; j++)
            if (p->economy->output[at2(n, j, p->J)] > 0)
                l->y[j * p->N + n] += scale * p->economy->value_added_share[n * p->J + j] * at->sales[n * p->J + j] / at->value_added[0];
        for (size_t s = 0; by_wage && s < p->S; s++) l->out[n * l->to.out + l->to.log_wage + s] += scale * at->wage_weight[n * p->S + s];
    }
}

/* ---- what is seen --------------------------------------------------------------------------------- */

static double over(double b, double level) { return level > 0 ? b / level : 0; }

static void hear_welfare(linearisation *l, size_t home, size_t s, double b, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, S = p->S, o = p->economy->origin_of ? p->economy->origin_of[home] : home;
    if (!linear_group_moves(p, s) || !(at->origin_total[o * S + s] > 0) || !(p->economy->origin_people[s * p->migration.rows + o] > 0)) {
        l->out[home * l->to.out + l->to.utility + s] += p->economy->people[home * S + s] > 0 ? b : 0;
        return;
    }
    const double *row = p->migration.kernel + (o * S + s) * N, *power = at->utility_power + s * N;
    for (size_t n = 0; n < N; n++) {
        double share = row[n] * power[n] / at->origin_total[o * S + s];
        l->out[n * l->to.out + l->to.utility + s] += share * b;
        if (k->migration_cost) k->migration_cost[at3(s, o, n, N, N)] -= share * b;
    }
}

static void hear_seen(linearisation *l, const double *seen, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    for (size_t n = 0; n < p->N; n++) {
        const double *b = seen + n * seen_width(p);
        double *in = l->in + n * l->to.in, *out = l->out + n * l->to.out;
        for (size_t q = 0; q < p->K; q++) in[q] += b[q];
        for (size_t j = 0; j < p->J; j++) out[l->to.expenditure + j] += over(b[seen_expenditure(p) + j], at->expenditure[n * p->J + j]);
        out[l->to.income] += over(b[seen_income(p)], at->income[n]);
        for (size_t s = 0; s < p->S; s++) {
            in[l->to.labour_income + s] += over(b[seen_labour_income(p) + s], at->labour_income[n * p->S + s]);
            out[l->to.utility + s] += p->economy->people[n * p->S + s] > 0 ? b[seen_utility(p) + s] : 0;
            if (b[seen_welfare(p) + s] != 0) hear_welfare(l, n, s, b[seen_welfare(p) + s], k);
        }
    }
}

/* ---- people --------------------------------------------------------------------------------------- */

typedef struct people_payload {
    const linearisation *l;
    double *total; /* [O][S] b of the totals of origins */
} people_payload;

static void people_row(void *payload, size_t o, const double *bweight, const double *kept, double *weight)
{
    people_payload *t = payload;
    const problem *p = &t->l->problem;
    (void)kept;
    for (size_t s = 0; s < p->S; s++) {
        double base = t->l->system->at.origin_total[o * p->S + s];
        weight[s] = base > 0 ? -p->economy->origin_people[s * p->migration.rows + o] * bweight[s] / (base * base) : 0;
        t->total[o * p->S + s] = weight[s];
    }
}

static void hear_people(linearisation *l, const double *bpeople, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, S = p->S, O = p->migration.rows;
    double *bsum = l->small + 2 * N * S, *bx = bsum + N * S, *btotal = bx + N * S; /* [S][N], [S][N], [O][S] */
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) bsum[s * N + n] = over(bpeople[n * S + s], at->migration_sum[s * N + n]);
    people_payload payload = {l, btotal};
    bilateral_pass(&p->migration, p->threads, bsum, people_row, &payload, bx, NULL, at->pass_work);
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            bool reached = at->migration_sum[s * N + n] > 0;
            double bpull = (reached ? bpeople[n * S + s] : 0) + at->utility_power[s * N + n] * bx[s * N + n];
            l->out[n * l->to.out + l->to.utility + s] += p->taste[s] * bpull;
            if (p->free) l->in[n * l->to.in + at_people(p, s)] += bpull;
        }
    for (size_t o = 0; k->migration_cost && o < O; o++)
        for (size_t s = 0; s < S; s++) {
            double base = at->origin_total[o * S + s], weight = base > 0 ? p->economy->origin_people[s * O + o] / base : 0;
            const double *row = p->migration.kernel + (o * S + s) * N;
            for (size_t n = 0; n < N; n++)
                k->migration_cost[at3(s, o, n, N, N)] -= p->economy->epsilon[s] * row[n]
                                                         * (weight * bsum[s * N + n] + at->utility_power[s * N + n] * btotal[o * S + s]);
        }
}

/* ---- trade ---------------------------------------------------------------------------------------- */

/* Here x is b_sales / sum, so kept is b of the weight (expenditure over total) of the row. Leaves b_total / total in l->total
 * and b_kept in l->kept. */
static void trade_row(void *payload, size_t n, const double *total, const double *bweight, double *weight)
{
    linearisation *l = payload;
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t J = p->J;
    double *in = l->in + n * l->to.in, *out = l->out + n * l->to.out;
    (void)total;
    for (size_t j = 0; j < J; j++) {
        size_t nj = n * J + j;
        out[l->to.expenditure + j] += bweight[j] / at->total[nj];
        l->total[nj] -= at->expenditure[nj] * bweight[j] / at->total[nj];
    }
    hear_locally(l, n, l->to.expenditure, l->to.out);
    for (size_t j = 0; j < J; j++) {
        size_t nj = n * J + j;
        double brevenue = in[l->to.revenue + j] / at->total[nj];
        l->kept[nj] = -brevenue;
        l->total[nj] = (l->total[nj] + at->kept[nj] * brevenue) / at->total[nj];
        bool untaxed = !l->system->problem.trade.sales;
        weight[j] = l->kept[nj] + (untaxed ? l->total[nj] : 0);
    }
}

static void total_row(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    const linearisation *l = payload;
    (void)total;
    (void)kept;
    memcpy(weight, l->total + n * l->problem.J, l->problem.J * sizeof *weight);
}

static void pair_gradients(const linearisation *l, const double *bsum, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, J = p->J;
    if (!k->trade_cost && !k->tariff) return;
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t row = 0; row < N * J; row++) {
        const double *kernel = p->trade.kernel + row * N, *sales = p->trade.sales + row * N, *x = at->x + row % J * N;
        const double *bsold = bsum + row % J * N;
        double theta = p->economy->theta[row % J], weight = at->expenditure[row] / at->total[row];
        for (size_t i = 0; i < N; i++) {
            double of_sales = sales[i] * (x[i] * l->kept[row] + weight * bsold[i]), of_kernel = kernel[i] * x[i] * l->total[row] + of_sales;
            if (k->trade_cost) k->trade_cost[row * N + i] = -theta * of_kernel;
            if (k->tariff) k->tariff[row * N + i] = -theta * of_kernel - of_sales;
        }
    }
}

/* l->y holds b_sales; adds to what is said of x and of everything a region's expenditure reads. */
static void hear_trade(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, J = p->J;
    const double *sales = l->system->problem.trade.sales;
    double *bx = l->sum;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            l->out[n * l->to.out + l->to.power + j] += l->y[j * N + n];
            l->y[j * N + n] = over(l->y[j * N + n], at->sum[j * N + n]);
        }
    bilateral of_sales = {.rows = N, .layers = J, .columns = N, .kernel = p->trade.kernel, .sales = sales};
    bilateral_pass(&of_sales, p->threads, l->y, trade_row, l, bx, NULL, at->pass_work);
    for (size_t jn = 0; jn < N * J; jn++) l->out[jn % N * l->to.out + l->to.power + jn / N] += at->x[jn] * bx[jn];
    if (sales) {
        bilateral of_kernel = {.rows = N, .layers = J, .columns = N, .kernel = p->trade.kernel};
        bilateral_pass(&of_kernel, p->threads, l->y, total_row, l, bx, NULL, at->pass_work);
        for (size_t jn = 0; jn < N * J; jn++) l->out[jn % N * l->to.out + l->to.power + jn / N] += at->x[jn] * bx[jn];
    }
    pair_gradients(l, l->y, k);
}

/* What outputs add to subsidies that places pay. */
static void hear_subsidies(linearisation *l)
{
    const problem *p = &l->problem;
    const shock *k = p->shock;
    size_t N = p->N, J = p->J;
    for (size_t q = 0; k->subsidy && q < k->purse_count; q++) {
        double b = 0;
        for (size_t n = 0; n < N; n++) b -= k->purse_share[q * N + n] * l->in[n * l->to.in + l->to.payment];
        for (size_t i = 0; i < N * J; i++)
            l->in[i / J * l->to.in + at_output(p, i % J)] += b * k->purse_rate[q * N * J + i] / (1 + k->subsidy[i]) * l->system->at.output[i];
    }
}

/* ---- payments, commuting, reach ------------------------------------------------------------------- */

static void hear_payments(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const bashu_economy *e = p->economy;
    const point *at = &l->system->at;
    const double *z = l->system->z;
    double portfolio = 0, people = 0, balance = 0, world = 0;
    hear_subsidies(l);
    for (size_t n = 0; n < p->N; n++) {
        double b = l->in[n * l->to.in + l->to.payment], share = goods_portfolio_share(p, z, at, n);
        if (k->transfer) k->transfer[n] += b;
        portfolio += share * b;
        if (share != 0 && !e->portfolio_share) {
            double of_person = b * at->portfolio[0] / at->people_total[0];
            l->out[n * l->to.out + l->to.residents] += of_person;
            people -= share * of_person;
        }
        balance -= (1 + at->deficit_rate[n]) * at->local_value_added[n] * b;
        world += at->local_value_added[n];
    }
    for (size_t n = 0; n < p->N; n++) {
        double *out = l->out + n * l->to.out;
        out[l->to.balance] += balance / world;
        if ((long)n == e->about.foreign) continue;
        out[l->to.portfolio] += portfolio;
        out[l->to.residents] += people;
        if (k->land) k->land[n] += e->iota[n] * e->land_income[n] * p->shock->land_hat[n] * exp((1 + e->chi[n]) * z[n * p->K + at_rent(p)]) * portfolio;
    }
}

static void nobody_commutes(linearisation *l)
{
    const problem *p = &l->problem;
    for (size_t n = 0; n < p->N; n++)
        for (size_t s = 0; s < p->S; s++) {
            double *in = l->in + n * l->to.in;
            in[at_people(p, s)] += in[l->to.workers + s];
            in[at_wage(s)] += in[l->to.access + s];
            l->out[n * l->to.out + l->to.wages + s] += in[l->to.labour_income + s];
        }
}

typedef struct commuting_payload {
    linearisation *l;
    double *bpay, *btotal; /* [N][S] */
} commuting_payload;

static void pay_row(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    const commuting_payload *t = payload;
    size_t S = t->l->problem.S;
    (void)total;
    (void)kept;
    memcpy(weight, t->bpay + n * S, S * sizeof *weight);
}

/* Here x is b of the sums over residences, so total is b of the row's weight, residents over total. */
static void work_row(void *payload, size_t n, const double *bweight, const double *kept, double *weight)
{
    commuting_payload *t = payload;
    const problem *p = &t->l->problem;
    (void)kept;
    for (size_t s = 0; s < p->S; s++) {
        size_t ns = n * p->S + s;
        double level = t->l->system->at.access_total[ns], here = t->l->system->z[n * p->K + at_people(p, s)];
        double moved = level > 0 ? p->economy->people[ns] * exp(here) / level * bweight[s] : 0;
        t->l->in[n * t->l->to.in + at_people(p, s)] += moved;
        t->btotal[ns] = level > 0 ? (t->btotal[ns] - moved) / level : 0;
        weight[s] = t->btotal[ns];
    }
}

static void hear_commuting(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, S = p->S;
    double *bpay = l->small, *btotal = bpay + N * S, *bx = btotal + N * S, *bsum = bx + N * S; /* [N][S] twice, [S][N] twice */
    if (!p->commuting.rows) {
        nobody_commutes(l);
        return;
    }
    commuting_payload payload = {l, bpay, btotal};
    for (size_t ns = 0; ns < N * S; ns++) {
        double *in = l->in + ns / S * l->to.in, pay = at->pay_total[ns];
        double income = pay > 0 ? at->labour_income[ns] * in[l->to.labour_income + ns % S] : 0;
        in[at_people(p, ns % S)] += income;
        bpay[ns] = over(income, pay);
        btotal[ns] = in[l->to.access + ns % S] / p->economy->epsilon_commuting[ns % S] - income;
    }
    bilateral_pass(&p->commuting, p->threads, at->pay_power, pay_row, &payload, bx, NULL, at->pass_work);
    for (size_t sn = 0; sn < N * S; sn++) {
        size_t n = sn % N, s = sn / N;
        double *in = l->in + n * l->to.in, paid = at->pay_power[sn] * bx[sn], wages = at->wage_income[n * S + s], sum = at->commuting_sum[sn];
        in[at_wage(s)] += p->economy->epsilon_commuting[s] * paid;
        l->out[n * l->to.out + l->to.wages + s] += over(paid, wages);
        double workers = sum > 0 ? in[l->to.workers + s] - paid : 0;
        in[at_wage(s)] += p->economy->epsilon_commuting[s] * workers;
        bsum[sn] = over(workers, sum);
    }
    bilateral_pass(&p->commuting, p->threads, bsum, work_row, &payload, bx, NULL, at->pass_work);
    for (size_t sn = 0; sn < N * S; sn++)
        l->in[sn % N * l->to.in + at_wage(sn / N)] += p->economy->epsilon_commuting[sn / N] * at->wage_power[sn] * bx[sn];
    for (size_t ns = 0; k->commuting_cost && ns < N * S; ns++) {
        size_t n = ns / S, s = ns % S;
        const double *row = p->commuting.kernel + ns * N;
        double level = at->access_total[ns], weight = over(residents_at(l, n, s), level);
        for (size_t i = 0; i < N; i++)
            k->commuting_cost[at3(s, n, i, N, N)] -= p->economy->epsilon_commuting[s] * row[i]
                                                     * (at->pay_power[s * N + i] * bpay[ns] + weight * bsum[s * N + i] + at->wage_power[s * N + i] * btotal[ns]);
    }
}

static void hear_crowding(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N;
    double rho = p->economy->about.elasticities[AMENITY_DECAY].by_item[0], *b = l->residents;
    for (size_t n = 0; n < N; n++) b[n] = l->in[n * l->to.in + l->to.crowding] / at->crowding[n];
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t h = 0; h < N; h++) {
        double sum = p->amenity_decay ? 0 : b[h];
        for (size_t n = 0; p->amenity_decay && n < N; n++) {
            double decay = p->amenity_decay[n * N + h];
            sum += decay * b[n];
            if (k->time_h && n != h) k->time_h[n * N + h] -= rho * decay * at->residents[h] * b[n];
        }
        l->out[h * l->to.out + l->to.residents] += sum;
    }
}

enum { LINE = 8 }; /* places h next to each other: a row of decays is read by cache lines, and once for all sectors */

/* level[q] = sum over n of decay(n, h) b_n, h = first + q, sector j */
static void hear_line(const linearisation *l, const lever_changes *k, size_t j, size_t first, size_t count, double level[LINE])
{
    const problem *p = &l->problem;
    size_t N = p->N, J = p->J;
    const double *decays = p->decay[p->decay_of[j]] + first;
    for (size_t n = 0; n < N; n++)
        for (size_t q = 0; q < count; q++) level[q] += decays[n * N + q] * l->upsilon[n * J + j];
    for (size_t n = 0; k->time_h && n < N; n++)
        for (size_t q = 0; q < count; q++) {
            double felt = p->economy->delta[j] * decays[n * N + q];
            if (n != first + q && felt != 0) k->time_h[n * N + first + q] -= felt * l->system->at.workers[(first + q) * J + j] * l->upsilon[n * J + j];
        }
}

static void hear_spillovers(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, J = p->J;
    if (!p->spillovers) return;
    double *b = l->upsilon;
    for (size_t nj = 0; nj < N * J; nj++) b[nj] = over(l->in[nj / J * l->to.in + l->to.upsilon + nj % J], at->upsilon[nj]);
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t first = 0; first < N; first += LINE) {
        size_t count = N - first < LINE ? N - first : LINE;
        for (size_t j = 0; j < J; j++) {
            double level[LINE] = {0};
            bool own_only = p->decay_of[j] == p->decay_count;
            for (size_t q = 0; own_only && q < count; q++) level[q] = b[(first + q) * J + j];
            if (!own_only) hear_line(l, k, j, first, count, level);
            for (size_t q = 0; q < count; q++)
                l->out[(first + q) * l->to.out + l->to.sector_workers + j] += at->workers[(first + q) * J + j] * level[q];
        }
    }
}

static void hear_place_levers(const linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    for (size_t n = 0; n < p->N; n++)
        for (size_t j = 0; j < p->J; j++) {
            double b = p->economy->theta[j] * l->out[n * l->to.out + l->to.power + j];
            if (k->productivity) k->productivity[n * p->J + j] = b;
            if (k->land && has_specific_structures(p, n))
                k->land[n] += b * p->unit_weight[at2(n, j, p->J) * (p->S + 1 + p->J) + p->S] / (1 + p->economy->chi[n]);
        }
}

/* ---- the whole ------------------------------------------------------------------------------------ */

static void clear(double *x, size_t count)
{
    if (x) memset(x, 0, count * sizeof *x);
}

static void clear_levers(const problem *p, const lever_changes *k)
{
    size_t N = p->N, J = p->J, S = p->S;
    clear(k->productivity, N * J);
    clear(k->amenity, N * S);
    clear(k->land, N);
    clear(k->transfer, N);
    clear(k->trade_cost, N * J * N);
    clear(k->tariff, N * J * N);
    clear(k->migration_cost, S * N * N);
    clear(k->commuting_cost, S * N * N);
    clear(k->time_h, N * N);
}

void linear_adjoint(linearisation *l, const double *f, const double *seen, double *z, const lever_changes *levers)
{
    static const lever_changes none = {0};
    const problem *p = &l->problem;
    const lever_changes *k = levers ? levers : &none;
    double *bpeople = l->small + 6 * (p->N + 1) * p->S, scale = 0;
    clear_levers(p, k);
    clear(l->in, p->N * l->to.in);
    clear(l->out, p->N * l->to.out);
    clear(l->total, p->N * p->J);
    clear(l->y, p->N * p->J);
    if (f) scale = hear_equations(l, f, bpeople, k);
    if (seen) hear_seen(l, seen, k);
    if (f) hear_numeraire(l, scale);
    if (f && p->migration.rows) hear_people(l, bpeople, k);
    for (size_t ns = 0; k->amenity && ns < p->N * p->S; ns++) k->amenity[ns] = l->out[ns / p->S * l->to.out + l->to.utility + ns % p->S];
    hear_trade(l, k);
    hear_place_levers(l, k);
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t n = 0; n < p->N; n++) hear_locally(l, n, l->to.power, l->to.expenditure);
    hear_payments(l, k);
    hear_commuting(l, k);
    hear_crowding(l, k);
    hear_spillovers(l, k);
    for (size_t n = 0; n < p->N; n++) {
        hear_locally(l, n, 0, l->to.power);
        memcpy(z + n * p->K, l->in + n * l->to.in, p->K * sizeof *z);
    }
}

/* ---- solving -------------------------------------------------------------------------------------- */

static void adjoint_derivative(void *payload, const double *v, double *jv)
{
    linear_adjoint(payload, v, NULL, jv, NULL);
}

static void adjoint_precondition(void *payload, const double *f, double *step)
{
    const linearisation *l = payload;
    preconditioner_apply_transposed(l->system, f, step);
}

static int adjoint_couple(void *payload)
{
    const linearisation *l = payload;
    return preconditioner_couple(l->system);
}

linear_outcome linear_solve_adjoint(linearisation *l, ladder *workspace, const double *b, double tolerance, int pass_limit, double *y)
{
    fixed_point f = {.size = l->system->size, .payload = l, .couple = adjoint_couple, .precondition = adjoint_precondition,
                     .derivative = adjoint_derivative};
    linear_outcome out = {0};
    preconditioner_begin(l->system); /* that of the baseline, whatever was asked before */
    out.residual = ladder_linear(workspace, l->system->context, &f, b, tolerance, pass_limit, y, &out.passes);
    for (size_t i = 0; i < f.size; i++) y[i] = -y[i]; /* the ladder solves J s = -b */
    return out;
}

linear_outcome linear_solve(linearisation *l, ladder *workspace, const double *b, double tolerance, int pass_limit, double *dz)
{
    fixed_point f = system_fixed_point(l->system);
    linear_outcome out = {0};
    preconditioner_begin(l->system);
    out.residual = ladder_linear(workspace, l->system->context, &f, b, tolerance, pass_limit, dz, &out.passes);
    return out;
}
