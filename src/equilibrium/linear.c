/* linear.c - a small change of unknowns and levers, and what it does: the equations of blocks/ in first order.
 *
 *   A region's own equations are linear in its own change and in what it gathers from elsewhere:
 *     (d sector workers, d wage bills, d log x, dX, dI, d log V, d log w, d log r)_n
 *         = M_n (dz_n, d log Lw, d log A, dE, d log Upsilon, d revenue rate, d payment, d log Omega)_n
 *   What is gathered, with hats at the point, for pairs of places (kernel K, its log change k):
 *     Upsilon, Omega     d log Upsilon_n = sum_h decay_nh (dLw_h - delta dt_nh Lw_h) / Upsilon_n
 *     trade              d log total_n = sum_i K_ni x_i (dlog x_i + k_ni) / total_n,    k = -theta (dlog d + dlog(1 + tau))
 *                        d log sales_i = dlog x_i + sum_n S_ni (d(X_n / total_n) + X_n / total_n (k_ni - dlog(1 + tau)_ni)) / sum_i
 *     commuting, people  the same two halves, with k = -e dlog kappa and -epsilon dlog mu
 *     payment            o_n dPi + do_n Pi - dsigma (1 + D / VA) VA + dT
 *     numeraire          taken from wages, rents, prices and outputs
 *
 * M_n is got by asking the blocks' own *_change functions for the answer to each unit change, so no formula of theirs stands
 * here a second time; what is written out are the sums over places. J dz is system.c's derivative (a test compares). */
#include "equilibrium/linear.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

/* ---- a region's own equations --------------------------------------------------------------------- */

static local_places places_of(const problem *p)
{
    size_t J = p->J, S = p->S;
    local_places to = {.workers = p->K};
    to.access = to.workers + S;
    to.labour_income = to.access + S;
    to.upsilon = to.labour_income + S;
    to.revenue = to.upsilon + J;
    to.payment = to.revenue + J;
    to.crowding = to.payment + 1;
    to.in = to.crowding + 1;
    to.wages = J;
    to.residents = to.wages + S;
    to.portfolio = to.residents + 1;
    to.balance = to.portfolio + 1;
    to.power = to.balance + 1;
    to.expenditure = to.power + J;
    to.income = to.expenditure + J;
    to.utility = to.income + 1;
    to.log_wage = to.utility + S;
    to.log_rent = to.log_wage + S;
    to.out = to.log_rent + 1;
    return to;
}

/* What a region adds to sums over the world: people, rents of the national portfolio, deficits out of balance. */
static void local_sums(const linearisation *l, size_t n, const double *dz, double *out)
{
    const problem *p = &l->problem;
    const bashu_economy *e = p->economy;
    const point *at = &l->system->at;
    const double *z = l->system->z + n * p->K;
    double residents = 0, value = 0, structures = 0, rate = 1 + e->chi[n];
    for (size_t s = 0; s < p->S; s++) residents += e->people[at2(n, s, p->S)] * exp(z[at_people(p, s)]) * dz[at_people(p, s)];
    for (size_t j = 0; j < p->J; j++) {
        size_t nj = at2(n, j, p->J);
        double part = e->value_added_share[nj] * at->output[nj] * dz[at_output(p, j)];
        value += part;
        structures += has_specific_structures(p, n) ? e->land_share[nj] * part : 0;
    }
    out[l->to.residents] = residents;
    out[l->to.portfolio] = e->iota[n] * (e->land_income[n] * p->shock->land_hat[n] * exp(rate * z[at_rent(p)]) * rate * dz[at_rent(p)]
                                         + structures);
    out[l->to.balance] = at->deficit_rate[n] * value;
}

static void local_change(const linearisation *l, size_t n, double *in, double *out)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    const local_places *to = &l->to;
    labour_changes labour = {in + to->workers, in + to->access, in + to->labour_income};
    if (p->spillovers) production_workers_change(p, l->system->z, at, n, in, out + to->sector_workers);
    labour_wage_bill_change(p, at, n, in, out + to->wages);
    local_sums(l, n, in, out);
    production_change(p, n, in, p->spillovers ? in + to->upsilon : NULL, out + to->power);
    out[to->income] = goods_change(p, at, n, in, labour.income, in + to->revenue, in[to->payment], out + to->expenditure);
    location_utility_change(p, at, n, in, labour, out[to->income], in[to->crowding], out + to->utility);
    for (size_t s = 0; s < p->S; s++) out[to->log_wage + s] = labour_log_wage_change(p, at, n, s, out + to->wages, labour.workers);
    out[to->log_rent] = land_change(p, at, n, in, out[to->income]);
}

void linearisation_take(linearisation *l)
{
    const local_places *to = &l->to;
    l->problem = l->system->problem;
    l->problem.trade.sales = l->problem.trade.sales ? l->problem.trade.sales : l->problem.trade.kernel;
    const problem *p = &l->problem;
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t n = 0; n < p->N; n++) {
        double *map = local_map(l, n), *in = l->in + n * to->in, *out = l->out + n * to->out;
        memset(out, 0, to->out * sizeof *out);
        for (size_t k = 0; k < to->in; k++) {
            memset(in, 0, to->in * sizeof *in);
            in[k] = 1;
            local_change(l, n, in, out);
            for (size_t i = 0; i < to->out; i++) map[i * to->in + k] = out[i];
        }
    }
}

bashu_status linearisation_new(linearisation **out, arena *memory, system_of_equations *system)
{
    linearisation *l = arena_alloc(memory, 1, sizeof *l);
    *out = l;
    if (!l) return fail_memory(arena_context(memory));
    const problem *p = &system->problem;
    size_t nj = p->N * p->J;
    l->system = system;
    l->to = places_of(p);
    const array_wanted wanted[] = {{&l->maps, p->N * l->to.out * l->to.in}, {&l->in, p->N * l->to.in}, {&l->out, p->N * l->to.out},
                                   {&l->total, nj}, {&l->kept, nj}, {&l->weight, nj}, {&l->y, nj}, {&l->sum, nj}, {&l->upsilon, 2 * nj},
                                   {&l->small, 12 * (p->N + 1) * p->S}, {&l->residents, 2 * p->N}, {&l->step, system->size}};
    return ARENA_ARRAYS(memory, wanted) ? BASHU_OK : fail_memory(arena_context(memory));
}

static void say_locally(const linearisation *l, size_t n, size_t first, size_t last)
{
    const double *map = local_map(l, n), *in = l->in + n * l->to.in;
    double *out = l->out + n * l->to.out;
    for (size_t i = first; i < last; i++) out[i] = dot(map + i * l->to.in, in, l->to.in);
}

/* ---- what is gathered ----------------------------------------------------------------------------- */

static void gather_spillovers(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, J = p->J;
    if (!p->spillovers) return;
    for (size_t n = 0; n < N; n++) memcpy(l->total + n * J, l->out + n * l->to.out + l->to.sector_workers, J * sizeof(double));
    production_spread(p, at, l->total, l->upsilon);
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            double moved = l->upsilon[n * J + j], felt = 0;
            size_t d = p->decay_of[j];
            for (size_t h = 0; k->time_h && d < p->decay_count && h < N; h++)
                if (h != n) felt -= p->economy->delta[j] * p->decay[d][n * N + h] * k->time_h[n * N + h] * at->workers[h * J + j];
            if (felt != 0) moved += felt / at->upsilon[n * J + j];
            l->in[n * l->to.in + l->to.upsilon + j] = moved;
        }
}

static void gather_crowding(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N;
    double rho = p->economy->about.elasticities[AMENITY_DECAY].by_item[0];
    for (size_t n = 0; n < N; n++) l->residents[n] = l->out[n * l->to.out + l->to.residents];
    for (size_t n = 0; n < N; n++) {
        double sum = p->amenity_decay ? 0 : l->residents[n];
        for (size_t h = 0; p->amenity_decay && h < N; h++) {
            double decay = p->amenity_decay[n * N + h];
            sum += decay * l->residents[h];
            if (k->time_h && h != n) sum -= rho * decay * k->time_h[n * N + h] * at->residents[h];
        }
        l->in[n * l->to.in + l->to.crowding] = sum / at->crowding[n];
    }
}

static double commuting_cost_change(const problem *p, const lever_changes *k, size_t n, size_t s, size_t i)
{
    return k->commuting_cost ? -p->economy->epsilon_commuting[s] * k->commuting_cost[at3(s, n, i, p->N, p->N)] : 0;
}

/* Who works where, with new costs; the totals' half and the sums' half of commuting.c, and of pay once more. */
static void gather_commuting(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    const local_places *to = &l->to;
    size_t N = p->N, S = p->S;
    double *x = l->small, *dtotal = x + N * S, *dsum = dtotal + N * S;
    for (size_t n = 0; n < N && !p->commuting.rows; n++) {
        labour_changes labour = {l->in + n * to->in + to->workers, l->in + n * to->in + to->access, l->in + n * to->in + to->labour_income};
        commuting_own_change(p, l->system->z, at, n, l->in + n * to->in, l->out + n * to->out + to->wages, labour);
    }
    if (!p->commuting.rows) return;
    const double *c = p->commuting.kernel;
    for (size_t s = 0; s < S; s++)
        for (size_t i = 0; i < N; i++) x[s * N + i] = p->economy->epsilon_commuting[s] * l->in[i * to->in + at_wage(s)];
    memset(dsum, 0, N * S * sizeof *dsum);
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            const double *row = c + (n * S + s) * N, *power = at->wage_power + s * N;
            double level = at->access_total[n * S + s], sum = 0;
            for (size_t i = 0; i < N; i++) sum += row[i] * power[i] * (x[s * N + i] + commuting_cost_change(p, k, n, s, i));
            double relative = dtotal[n * S + s] = level > 0 ? sum / level : 0, weight = level > 0 ? residents_at(l, n, s) / level : 0;
            double dweight = weight * (l->in[n * to->in + at_people(p, s)] - relative);
            for (size_t i = 0; i < N; i++) dsum[s * N + i] += row[i] * (dweight + weight * commuting_cost_change(p, k, n, s, i));
        }
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            size_t ns = n * S + s, sn = s * N + n;
            double level = at->commuting_sum[sn], wages = at->wage_income[ns], *in = l->in + n * to->in;
            in[to->workers + s] = level > 0 ? x[sn] + dsum[sn] / level : 0;
            in[to->access + s] = dtotal[ns] / p->economy->epsilon_commuting[s];
            x[sn] += (wages > 0 ? l->out[n * to->out + to->wages + s] / wages : 0) - in[to->workers + s]; /* pay per worker */
        }
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            size_t ns = n * S + s;
            double pay = at->pay_total[ns], sum = 0, *in = l->in + n * to->in;
            for (size_t i = 0; i < N; i++)
                sum += c[ns * N + i] * at->pay_power[s * N + i] * (x[s * N + i] + commuting_cost_change(p, k, n, s, i));
            in[to->labour_income + s] = pay > 0 ? at->labour_income[ns] * (in[at_people(p, s)] + sum / pay - dtotal[ns]) : 0;
        }
}

static void gather_payments(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const bashu_economy *e = p->economy;
    const point *at = &l->system->at;
    const double *z = l->system->z;
    double portfolio = 0, people = 0, balance = 0, world = 0, *doutput = l->weight, *dpaid = l->upsilon; /* [N][J], two of [N] */
    for (size_t i = 0; p->shock->subsidy && i < p->N * p->J; i++) doutput[i] = at->output[i] * l->in[i / p->J * l->to.in + at_output(p, i % p->J)];
    if (p->shock->subsidy) shock_subsidies(p->shock, e, doutput, dpaid, dpaid + p->N);
    for (size_t n = 0; n < p->N; n++) {
        const double *out = l->out + n * l->to.out;
        balance += out[l->to.balance];
        world += at->local_value_added[n];
        if ((long)n == e->about.foreign) continue;
        portfolio += out[l->to.portfolio];
        people += out[l->to.residents];
        if (k->land) portfolio += e->iota[n] * e->land_income[n] * p->shock->land_hat[n] * exp((1 + e->chi[n]) * z[n * p->K + at_rent(p)]) * k->land[n];
    }
    for (size_t n = 0; n < p->N; n++) {
        double share = goods_portfolio_share(p, z, at, n), payment = share * portfolio;
        if (share != 0 && !e->portfolio_share) payment += (l->out[n * l->to.out + l->to.residents] - share * people) / at->people_total[0] * at->portfolio[0];
        payment -= balance / world * (1 + at->deficit_rate[n]) * at->local_value_added[n];
        if (p->shock->subsidy) payment -= dpaid[n];
        l->in[n * l->to.in + l->to.payment] = payment + (k->transfer ? k->transfer[n] : 0);
    }
}

/* Log change of x from the levers on the place that produces. */
static double lever_power(const problem *p, const lever_changes *k, size_t n, size_t j)
{
    double moved = k->productivity ? k->productivity[n * p->J + j] : 0;
    if (k->land && has_specific_structures(p, n))
        moved += p->unit_weight[at2(n, j, p->J) * (p->S + 1 + p->J) + p->S] * k->land[n] / (1 + p->economy->chi[n]);
    return p->economy->theta[j] * moved;
}

/* Log change of the kernel of trade, and of what of it sellers keep. */
static void pair_changes(const problem *p, const lever_changes *k, size_t row, double *of_kernel, double *of_sales)
{
    double theta = p->economy->theta[row % p->J];
    for (size_t i = 0; i < p->N; i++) {
        double cost = k->trade_cost ? k->trade_cost[row * p->N + i] : 0, tax = k->tariff ? k->tariff[row * p->N + i] : 0;
        of_kernel[i] = -theta * (cost + tax);
        of_sales[i] = of_kernel[i] - tax;
    }
}

typedef struct trade_payload {
    linearisation *l;
    const lever_changes *k;
    bool pairs;
} trade_payload;

/* In this pass x is x dx, so total and kept are changes of the sums; those of the pairs' own levers were put there before. */
static void trade_row(void *payload, size_t n, const double *dtotal, const double *dkept, double *weight)
{
    trade_payload *t = payload;
    linearisation *l = t->l;
    const point *at = &l->system->at;
    size_t J = l->problem.J;
    double *in = l->in + n * l->to.in, *out = l->out + n * l->to.out;
    for (size_t j = 0; j < J; j++) {
        size_t nj = n * J + j;
        double total = at->total[nj], relative = l->total[nj] = (l->total[nj] + dtotal[j]) / total;
        in[l->to.revenue + j] = -(l->kept[nj] + dkept[j] - at->kept[nj] * relative) / total;
    }
    say_locally(l, n, l->to.expenditure, l->to.out);
    for (size_t j = 0; j < J; j++)
        weight[j] = (out[l->to.expenditure + j] - at->expenditure[n * J + j] * l->total[n * J + j]) / at->total[n * J + j];
}

/* l->total: d log of the sums over sellers; l->sum: d log of sales over d log x. */
static void gather_trade(linearisation *l, const lever_changes *k)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, J = p->J;
    bool pairs = k->trade_cost || k->tariff;
    double *of_kernel = l->weight, *of_sales = l->step; /* [N] of each; both are long enough */
    trade_payload payload = {l, k, pairs};
    memset(l->total, 0, N * J * sizeof(double));
    memset(l->kept, 0, N * J * sizeof(double));
    for (size_t row = 0; pairs && row < N * J; row++) {
        const double *kernel = p->trade.kernel + row * N, *sales = p->trade.sales + row * N, *x = at->x + row % J * N;
        pair_changes(p, k, row, of_kernel, of_sales);
        for (size_t i = 0; i < N; i++) {
            l->total[row] += kernel[i] * x[i] * of_kernel[i];
            l->kept[row] += sales[i] * x[i] * of_sales[i];
        }
    }
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) l->y[j * N + n] = at->x[j * N + n] * l->out[n * l->to.out + l->to.power + j];
    bilateral pass = {.rows = N, .layers = J, .columns = N, .kernel = p->trade.kernel, .sales = l->system->problem.trade.sales};
    bilateral_pass(&pass, p->threads, l->y, trade_row, &payload, l->sum, NULL, at->pass_work);
    for (size_t row = 0; pairs && row < N * J; row++) {
        const double *sales = p->trade.sales + row * N;
        double weight = at->expenditure[row] / at->total[row], *sum = l->sum + row % J * N;
        pair_changes(p, k, row, of_kernel, of_sales);
        for (size_t i = 0; i < N; i++) sum[i] += weight * sales[i] * of_sales[i];
    }
    for (size_t jn = 0; jn < N * J; jn++) {
        double more = k->subsidy ? k->subsidy[jn % N * J + jn / N] : 0;
        l->sum[jn] = at->sum[jn] > 0 ? l->sum[jn] / at->sum[jn] + more : 0;
    }
}

/* dpeople: [N][S] d log of the new people. */
static void gather_people(linearisation *l, const lever_changes *k, double *dpeople)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, S = p->S, O = p->migration.rows;
    double *pull = dpeople + N * S, *dsum = pull + N * S;
    memset(dsum, 0, N * S * sizeof *dsum);
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++)
            pull[s * N + n] = location_pull_change(p, s, l->in + n * l->to.in, l->out[n * l->to.out + l->to.utility + s]);
    for (size_t o = 0; o < O; o++)
        for (size_t s = 0; s < S; s++) {
            const double *row = p->migration.kernel + (o * S + s) * N, *power = at->utility_power + s * N;
            const double *cost = k->migration_cost ? k->migration_cost + at3(s, o, 0, N, N) : NULL;
            double base = at->origin_total[o * S + s], total = 0, epsilon = p->economy->epsilon[s];
            if (!(base > 0)) continue;
            double weight = p->economy->origin_people[s * O + o] / base;
            for (size_t n = 0; n < N; n++) total += row[n] * power[n] * (pull[s * N + n] - (cost ? epsilon * cost[n] : 0));
            for (size_t n = 0; n < N; n++) dsum[s * N + n] -= row[n] * weight * (total / base + (cost ? epsilon * cost[n] : 0));
        }
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            double base = at->migration_sum[s * N + n];
            dpeople[n * S + s] = base > 0 ? pull[s * N + n] + dsum[s * N + n] / base : 0;
        }
}

static double numeraire_of(const linearisation *l)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    bool by_wage = p->economy->about.switches.numeraire == NUMERAIRE_WAGE;
    double sum = 0;
    for (size_t n = 0; n < p->N; n++) {
        const double *out = l->out + n * l->to.out;
        for (size_t j = 0; !by_wage && j < p->J; j++)
            sum += p->economy->value_added_share[n * p->J + j] * at->sales[n * p->J + j] / at->value_added[0]
                   * (out[l->to.power + j] + l->sum[j * p->N + n]);
        for (size_t s = 0; by_wage && s < p->S; s++) sum += at->wage_weight[n * p->S + s] * out[l->to.log_wage + s];
    }
    return sum;
}

/* ---- the whole ------------------------------------------------------------------------------------ */

static void put_equations(const linearisation *l, const lever_changes *k, const double *dpeople, double *df)
{
    const problem *p = &l->problem;
    const bashu_economy *e = p->economy;
    double scale = numeraire_of(l);
    for (size_t n = 0; n < p->N; n++) {
        const double *in = l->in + n * l->to.in, *out = l->out + n * l->to.out;
        double *f = df + n * p->K, land = k->land ? k->land[n] / (1 + e->chi[n]) : 0;
        for (size_t s = 0; s < p->S; s++) {
            f[at_wage(s)] = e->wage_bill[at2(n, s, p->S)] > 0 ? out[l->to.log_wage + s] - scale : 0;
            f[at_people(p, s)] = p->migration.rows && e->people[at2(n, s, p->S)] > 0 ? dpeople[n * p->S + s] : 0;
        }
        f[at_rent(p)] = e->land_income[n] > 0 ? out[l->to.log_rent] - land - scale : 0;
        for (size_t j = 0; j < p->J; j++) {
            bool absent = !(e->output[at2(n, j, p->J)] > 0);
            f[at_price(p, j)] = -l->total[at2(n, j, p->J)] / e->theta[j] - scale;
            f[at_output(p, j)] = absent ? 0 : out[l->to.power + j] + l->sum[j * p->N + n] - scale;
        }
        for (size_t q = 0; q < p->K; q++) f[q] -= in[q];
        for (size_t j = 0; j < p->J; j++) f[at_output(p, j)] *= l->system->at.slope[at2(n, j, p->J)];
    }
}

/* d log W_o = sum_n m_on (d log V_n - d log mu_on): of the origin of each region, or of staying. */
static double welfare_change(const linearisation *l, const lever_changes *k, size_t home, size_t s)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    size_t N = p->N, S = p->S, o = p->economy->origin_of ? p->economy->origin_of[home] : home;
    double sum = 0;
    if (!linear_group_moves(p, s) || !(at->origin_total[o * S + s] > 0) || !(p->economy->origin_people[s * p->migration.rows + o] > 0))
        return p->economy->people[home * S + s] > 0 ? l->out[home * l->to.out + l->to.utility + s] : 0;
    const double *row = p->migration.kernel + (o * S + s) * N, *power = at->utility_power + s * N;
    for (size_t n = 0; n < N; n++)
        sum += row[n] * power[n] * (l->out[n * l->to.out + l->to.utility + s] - (k->migration_cost ? k->migration_cost[at3(s, o, n, N, N)] : 0));
    return sum / at->origin_total[o * S + s];
}

static double over(double moved, double level) { return level > 0 ? moved / level : 0; }

static void put_seen(const linearisation *l, const lever_changes *k, double *seen)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t n = 0; n < p->N; n++) {
        const double *in = l->in + n * l->to.in, *out = l->out + n * l->to.out;
        double *s_n = seen + n * seen_width(p);
        memcpy(s_n, in, p->K * sizeof *s_n);
        for (size_t j = 0; j < p->J; j++) s_n[seen_expenditure(p) + j] = over(out[l->to.expenditure + j], at->expenditure[n * p->J + j]);
        s_n[seen_income(p)] = over(out[l->to.income], at->income[n]);
        for (size_t s = 0; s < p->S; s++) {
            s_n[seen_labour_income(p) + s] = over(in[l->to.labour_income + s], at->labour_income[n * p->S + s]);
            s_n[seen_utility(p) + s] = p->economy->people[n * p->S + s] > 0 ? out[l->to.utility + s] : 0;
            s_n[seen_welfare(p) + s] = welfare_change(l, k, n, s);
        }
    }
}

void linear_change(linearisation *l, const double *dz, const lever_changes *levers, double *df, double *seen)
{
    static const lever_changes none = {0};
    const problem *p = &l->problem;
    const lever_changes *k = levers ? levers : &none;
    for (size_t n = 0; n < p->N; n++) {
        double *in = l->in + n * l->to.in;
        memset(in, 0, l->to.in * sizeof *in);
        if (dz) memcpy(in, dz + n * p->K, p->K * sizeof *in);
        say_locally(l, n, 0, l->to.power);
    }
    gather_spillovers(l, k);
    gather_crowding(l, k);
    gather_commuting(l, k);
    gather_payments(l, k);
    for (size_t n = 0; n < p->N; n++) {
        say_locally(l, n, l->to.power, l->to.expenditure);
        for (size_t j = 0; j < p->J; j++) l->out[n * l->to.out + l->to.power + j] += lever_power(p, k, n, j);
    }
    gather_trade(l, k);
    for (size_t ns = 0; k->amenity && ns < p->N * p->S; ns++) l->out[ns / p->S * l->to.out + l->to.utility + ns % p->S] += k->amenity[ns];
    double *dpeople = l->small + 3 * p->N * p->S;
    if (df && p->migration.rows) gather_people(l, k, dpeople);
    if (df) put_equations(l, k, dpeople, df);
    if (seen) put_seen(l, k, seen);
}

double linear_deficit_change(const linearisation *l, size_t n)
{
    const problem *p = &l->problem;
    const point *at = &l->system->at;
    double balance = 0, world = 0;
    if (p->economy->about.switches.deficits != DEFICITS_MULTIPLICATIVE) return 0;
    for (size_t h = 0; h < p->N; h++) {
        balance += l->out[h * l->to.out + l->to.balance];
        world += at->local_value_added[h];
    }
    return l->out[n * l->to.out + l->to.balance] - balance / world * (1 + at->deficit_rate[n]) * at->local_value_added[n];
}

/* Of a shock's subsidies, from none: what producers get more; and of transfers, what is paid less what there was. */
static bool levers_of_subsidies(lever_changes *out, arena *memory, const bashu_economy *e, const shock *k)
{
    size_t N = e->about.N, J = e->about.J;
    double *got = NULL, *output = NULL, *paid = NULL;
    if (!k->subsidy) return true;
    const array_wanted wanted[] = {{&out->subsidy, N * J}, {&out->transfer, N}, {&got, N}, {&paid, N}, {&output, N * J}};
    if (!ARENA_ARRAYS(memory, wanted)) return false;
    for (size_t i = 0; i < N * J; i++) {
        out->subsidy[i] = log(1 + k->subsidy[i]);
        output[i] = e->output[i] * (1 + k->subsidy[i]);
    }
    shock_subsidies(k, e, output, paid, got);
    for (size_t n = 0; n < N; n++) out->transfer[n] = k->transfer[n] - paid[n];
    return true;
}

/* ---- shocks --------------------------------------------------------------------------------------- */

static bool logs_of(double **out, arena *memory, const double *hats, size_t count)
{
    *out = NULL;
    if (!hats) return true;
    *out = arena_alloc(memory, count, sizeof **out);
    for (size_t i = 0; *out && i < count; i++) (*out)[i] = log(hats[i]);
    return *out != NULL;
}

bashu_status levers_of_shock(lever_changes *out, arena *memory, const bashu_economy *e, const shock *k)
{
    const description *a = &e->about;
    size_t N = a->N, J = a->J, S = a->S;
    *out = (lever_changes){.transfer = k->transfer};
    bool complete = logs_of(&out->productivity, memory, k->productivity_hat, N * J) && logs_of(&out->amenity, memory, k->amenity_hat, N * S)
                    && logs_of(&out->land, memory, k->land_hat, N) && logs_of(&out->trade_cost, memory, k->trade_cost_hat, N * J * N)
                    && logs_of(&out->migration_cost, memory, k->migration_cost_hat, S * N * N)
                    && logs_of(&out->commuting_cost, memory, k->commuting_cost_hat, S * N * N) && levers_of_subsidies(out, memory, e, k);
    if (complete && k->tariff && k->tariff != e->tariff) {
        out->tariff = arena_alloc(memory, N * J * N, sizeof(double));
        complete = out->tariff != NULL;
        for (size_t i = 0; complete && i < N * J * N; i++) out->tariff[i] = log((1 + k->tariff[i]) / (1 + (e->tariff ? e->tariff[i] : 0)));
    }
    if (complete && k->travel_time_h) {
        out->time_h = arena_alloc(memory, N * N, sizeof(double));
        complete = out->time_h != NULL;
        size_t people = a->people_travel * N * N;
        for (size_t i = 0; complete && i < N * N; i++) {
            double now = k->travel_time_h[people + i], before = e->travel_time_h[people + i];
            out->time_h[i] = now == before ? 0 : now - before; /* where there is no way there is none afterwards */
        }
    }
    return complete ? BASHU_OK : fail_memory(arena_context(memory));
}
