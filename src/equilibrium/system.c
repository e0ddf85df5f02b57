/* system.c - the blocks as one fixed point, and its exact derivative.
 *
 *   z = (log what, log Lhat, log rhat, log Phat, log Yhat) for each region; F(z) = G(z) - z
 *   G: new wages from labour demand, people from location, rent from land, prices and sales from one pass over trade,
 *      the nominal ones divided by the numeraire over its baseline: world value added, or the mean wage of places
 *
 * One loop over everything, never nested loops: a pass over the trade shares serves prices, expenditure and sales. */
#include "equilibrium/system.h"

#include "blocks/members.h"

#include <string.h>

/* ---- evaluation ---------------------------------------------------------------------------------- */

/* The excess of sales over output as a share of output. Not its log: summed over the regions of a bloc with outputs as
 * weights it is the bloc's balance of trade to the last digit, however far regions inside are from theirs, and nearly
 * closed blocs have nothing else to find their price level by. Beyond a tenth it bends towards the log, which reaches
 * farther. */
static const double straight = 0.1;

static double excess(double log_ratio)
{
    if (log_ratio > log1p(straight)) return straight + (1 + straight) * (log_ratio - log1p(straight));
    if (log_ratio < log1p(-straight)) return -straight + (1 - straight) * (log_ratio - log1p(-straight));
    return expm1(log_ratio);
}

/* Farther than this (in logs) from balance, a seller that has all of a market, or none, says little about the balance: there
 * blocks count on own shares less, and so take shorter steps (preconditioner.c). */
static const double near_enough = 2;

/* Its derivative in the log. */
static double excess_slope(double log_ratio)
{
    return log_ratio > log1p(straight) ? 1 + straight : log_ratio < log1p(-straight) ? 1 - straight : exp(log_ratio);
}

/* G of region n, [K][M]. */
IN_EACH_WIDTH void new_values(const problem *p, const point *at, size_t n, const double *log_scale, double *g, const size_t M)
{
    const bashu_economy *e = p->economy;
    memset(g, 0, p->K * M * sizeof *g);
    for (size_t s = 0; s < p->S; s++) {
        double base = e->people[at2(n, s, p->S)], *wage = g + at_wage(s) * M, *people = g + at_people(p, s) * M;
        const double *power = at->utility_power + (s * p->N + n) * M, *sum = at->migration_sum + (s * p->N + n) * M;
        if (e->wage_bill[at2(n, s, p->S)] > 0) {
            labour_log_wage(p, at, n, s, wage);
            EACH_MEMBER(m, M) wage[m] -= log_scale[m];
        }
        if (p->migration.rows && base > 0) EACH_MEMBER(m, M) people[m] = member_log(power[m] * sum[m] / base, M);
        const double *given = p->shock->people_hat ? p->shock->people_hat + at2(n, s, p->S) * M : NULL;
        if (!p->migration.rows && given && base > 0) EACH_MEMBER(m, M) people[m] = member_log(given[m], M);
    }
    if (e->land_income[n] > 0) {
        double *rent = g + at_rent(p) * M;
        land_evaluate(p, at, n, rent);
        EACH_MEMBER(m, M) rent[m] -= log_scale[m];
    }
    for (size_t j = 0; j < p->J; j++) {
        size_t nj = at2(n, j, p->J);
        double theta = e->theta[j], base = e->output[nj], *price = g + at_price(p, j) * M, *output = g + at_output(p, j) * M;
        const double *total = at->total + nj * M, *sales = at->sales + nj * M;
        EACH_MEMBER(m, M) price[m] = -member_log(total[m], M) / theta - log_scale[m];
        if (!is_absent_sector(p, n, j)) EACH_MEMBER(m, M) output[m] = member_log(sales[m] / base, M) - log_scale[m];
    }
}

/* Log of the new numeraire over its baseline, [M]. */
IN_EACH_WIDTH void log_numeraire(const problem *p, point *at, double *log_scale, const size_t M)
{
    const bashu_economy *e = p->economy;
    double base = 0, sum[MEMBERS_MOST] = {0}, log_wage[MEMBERS_MOST];
    if (e->about.switches.numeraire == NUMERAIRE_VALUE_ADDED) {
        EACH_MEMBER(m, M) log_scale[m] = member_log(at->value_added[m] / p->value_added_base, M);
        return;
    }
    for (size_t n = 0; n < p->N; n++)
        for (size_t s = 0; s < p->S; s++) {
            size_t ns = at2(n, s, p->S);
            double wage = e->workers[ns] > 0 ? e->wage_bill[ns] / e->workers[ns] : 0, *weight = at->wage_weight + ns * M;
            base += wage;
            labour_log_wage(p, at, n, s, log_wage);
            EACH_MEMBER(m, M)
            {
                weight[m] = wage > 0 ? wage * member_exp(log_wage[m], M) : 0;
                sum[m] += weight[m];
            }
        }
    for (size_t ns = 0; ns < p->N * p->S; ns++) EACH_MEMBER(m, M) at->wage_weight[ns * M + m] /= sum[m];
    EACH_MEMBER(m, M) log_scale[m] = member_log(sum[m] / base, M);
}

/* Its change, from region n: dwages and dworkers [S] of the region, and the change of its value added. */
static double numeraire_change(const problem *p, const point *at, size_t n, const double *dwages, const double *dworkers,
                               double dvalue_added)
{
    double sum = 0;
    if (p->economy->about.switches.numeraire == NUMERAIRE_VALUE_ADDED) return dvalue_added / at->value_added[0];
    for (size_t s = 0; s < p->S; s++) sum += at->wage_weight[at2(n, s, p->S)] * labour_log_wage_change(p, at, n, s, dwages, dworkers);
    return sum;
}

/* The rest of an evaluation of one scenario: f from g, and what linearising needs. False where something is not finite. */
static bool finish_one(system_of_equations *system, const double *log_scale, const double *z, double *f)
{
    const problem *p = &system->problem;
    point *at = &system->at;
    bool finite = true;
    at->farthest = 0;
    for (size_t n = 0; n < p->N; n++) {
        double *g = f + n * p->K;
        new_values(p, at, n, log_scale, g, 1);
        for (size_t k = 0; k < p->K; k++) {
            g[k] -= z[n * p->K + k];
            finite = finite && isfinite(g[k]);
        }
        for (size_t j = 0; j < p->J; j++) {
            double gap = g[at_output(p, j)];
            at->slope[at2(n, j, p->J)] = excess_slope(gap);
            at->farthest = fmax(at->farthest, fabs(gap));
            at->trust[at2(n, j, p->J)] = fabs(gap) > near_enough ? near_enough / fabs(gap) : 1;
            g[at_output(p, j)] = excess(gap);
        }
    }
    return finite;
}

/* Of many: f alone; who is not finite shows in f. */
IN_EACH_WIDTH void finish_many(const problem *p, point *at, const double *z, double *f, const size_t M)
{
    double log_scale[MEMBERS_MOST];
    log_numeraire(p, at, log_scale, M);
    const double most = log1p(straight), least = log1p(-straight);
    for (size_t n = 0; n < p->N; n++) {
        double *g = f + n * p->K * M;
        const double *zn = z + n * p->K * M;
        new_values(p, at, n, log_scale, g, M);
        for (size_t i = 0; i < p->K * M; i++) g[i] -= zn[i];
        for (size_t i = at_output(p, 0) * M; i < p->K * M; i++) { /* excess, without branches */
            double gap = g[i], near = member_exp(gap, M) - 1, above = straight + (1 + straight) * (gap - most);
            double below = -straight + (1 - straight) * (gap - least);
            g[i] = gap > most ? above : gap < least ? below : near;
        }
    }
}

FOR_EACH_WIDTH static void finish_together(const problem *p, point *at, const double *z, double *f)
{
    finish_many(p, at, z, f, MEMBERS_MOST);
}

bool system_evaluate(system_of_equations *system, const double *z, double *f, bool fully)
{
    const problem *p = &system->problem;
    point *at = &system->at;
    double log_scale = 0;
    if (p->members == 1) memcpy(system->z, z, system->size * sizeof *z); /* for derivatives */
    bool finite = production_evaluate(p, z, at);
    if (!finite && p->members == 1) return false;
    goods_produce(p, at);
    commuting_evaluate(p, z, at, fully);
    goods_earn(p, z, at);
    trade_evaluate(p, at, fully);
    location_evaluate(p, z, at, fully);
    if (p->members > 1) {
        finish_together(p, at, z, f);
        return true;
    }
    log_numeraire(p, at, &log_scale, 1);
    return finish_one(system, &log_scale, z, f);
}

/* ---- derivative ---------------------------------------------------------------------------------- */

/* Room for one derivative: dworkers, dupsilon (+ level), dx by region and by sector, dtotal, dkept, weights, ... */
typedef struct change_room {
    double *dworkers, *dupsilon, *dx, *y, *dtotal, *dkept, *dexpenditure, *dincome, *dsum, *dutility, *dpeople, *location;
    double *dwages, *commuting, *dcrowding, *dpaid;
    labour_changes labour;
} change_room;

static size_t change_room_size(const problem *p)
{
    return 10 * p->N * p->J + 5 * p->N + 8 * p->N * p->S + commuting_scratch(p);
}

static change_room change_room_in(double *work, size_t N, size_t J, size_t S)
{
    change_room r;
    size_t nj = N * J;
    r.dworkers = work;
    r.dupsilon = r.dworkers + nj; /* two of them */
    r.dx = r.dupsilon + 2 * nj;
    r.y = r.dx + nj;
    r.dtotal = r.y + nj;
    r.dkept = r.dtotal + nj;
    r.dexpenditure = r.dkept + nj;
    r.dsum = r.dexpenditure + nj;
    r.dincome = r.dsum + nj;
    r.dutility = r.dincome + N;
    r.dpeople = r.dutility + N * S;
    r.dwages = r.dpeople + N * S;
    r.labour = (labour_changes){r.dwages + N * S, r.dwages + 2 * N * S, r.dwages + 3 * N * S};
    r.location = r.dwages + 4 * N * S; /* two of them */
    r.dcrowding = r.location + 2 * N * S; /* two of them */
    r.dpaid = r.dcrowding + 2 * N; /* and what producers get */
    r.commuting = r.dpaid + 2 * N;
    return r;
}

typedef struct change_payload {
    const problem *p;
    const point *at;
    const double *z, *dz;
    double dportfolio; /* of the whole portfolio */
    double dbalance;   /* of what keeps multiplicative deficits balanced */
    double dpeople_total;
    change_room *room;
} change_payload;

/* What the national portfolio pays to n changes with the portfolio and with n's share of the people. */
static double portfolio_change(const change_payload *c, size_t n)
{
    const problem *p = c->p;
    double share = goods_portfolio_share(p, c->z, c->at, n), dpeople = 0;
    if (c->at->portfolio[0] == 0 && c->dportfolio == 0) return 0;
    if (share == 0) return 0;
    if (p->economy->portfolio_share) return share * c->dportfolio;
    for (size_t s = 0; s < p->S; s++)
        dpeople += p->economy->people[at2(n, s, p->S)] * exp(c->z[n * p->K + at_people(p, s)]) * c->dz[n * p->K + at_people(p, s)];
    double dshare = (dpeople - share * c->dpeople_total) / c->at->people_total[0];
    return share * c->dportfolio + dshare * c->at->portfolio[0];
}

/* In the pass of the derivative x is x dx, so total and kept are the changes of the sums. */
static void change_row(void *payload, size_t n, const double *dtotal, const double *dkept, double *weight)
{
    change_payload *c = payload;
    const problem *p = c->p;
    const point *at = c->at;
    size_t J = p->J;
    double *drevenue = c->room->dkept + n * J;
    for (size_t j = 0; j < J; j++) {
        double total = at->total[at2(n, j, J)], kept = at->kept[at2(n, j, J)];
        c->room->dtotal[at2(n, j, J)] = dtotal[j] / total;
        drevenue[j] = -(dkept[j] - kept * dtotal[j] / total) / total;
    }
    double *dexpenditure = c->room->dexpenditure + n * J;
    c->room->dincome[n] = goods_change(p, at, n, c->dz + n * p->K, c->room->labour.income + n * p->S, drevenue,
                                       portfolio_change(c, n) - c->dbalance * (1 + at->deficit_rate[n]) * at->local_value_added[n]
                                           - (p->shock->subsidy ? c->room->dpaid[n] : 0),
                                       dexpenditure);
    for (size_t j = 0; j < J; j++) {
        double total = at->total[at2(n, j, J)];
        weight[j] = (dexpenditure[j] - at->expenditure[at2(n, j, J)] * dtotal[j] / total) / total;
    }
}

static void portfolio_totals(change_payload *c)
{
    const problem *p = c->p;
    const bashu_economy *e = p->economy;
    c->dportfolio = c->dpeople_total = 0;
    for (size_t n = 0; n < p->N; n++) {
        if ((long)n == e->about.foreign) continue;
        double rate = 1 + e->chi[n], rent = c->z[n * p->K + at_rent(p)];
        c->dportfolio += e->iota[n] * e->land_income[n] * p->shock->land_hat[n] * exp(rate * rent) * rate
                         * c->dz[n * p->K + at_rent(p)];
        for (size_t j = 0; has_specific_structures(p, n) && j < p->J; j++) {
            size_t nj = at2(n, j, p->J);
            c->dportfolio += e->iota[n] * e->land_share[nj] * e->value_added_share[nj] * c->at->output[nj]
                             * c->dz[n * p->K + at_output(p, j)];
        }
        for (size_t s = 0; s < p->S; s++)
            c->dpeople_total += e->people[at2(n, s, p->S)] * exp(c->z[n * p->K + at_people(p, s)])
                                * c->dz[n * p->K + at_people(p, s)];
    }
}

void system_combine_changes(const problem *p, const point *at, size_t n, const double *dz, const double *dwages,
                            const double *dworkers, double dincome, const double *dtotal, const double *dsales,
                            const double *dpeople, double dscale, double *dg)
{
    const bashu_economy *e = p->economy;
    for (size_t s = 0; s < p->S; s++) {
        bool paid = e->wage_bill[at2(n, s, p->S)] > 0;
        dg[at_wage(s)] = paid ? labour_log_wage_change(p, at, n, s, dwages, dworkers) - dscale : 0;
        dg[at_people(p, s)] = p->migration.rows && e->people[at2(n, s, p->S)] > 0 ? dpeople[s] : 0;
    }
    dg[at_rent(p)] = e->land_income[n] > 0 ? land_change(p, at, n, dz, dincome) - dscale : 0;
    for (size_t j = 0; j < p->J; j++) {
        dg[at_price(p, j)] = -dtotal[j] / e->theta[j] - dscale;
        dg[at_output(p, j)] = is_absent_sector(p, n, j) ? 0 : dsales[j] - dscale;
    }
}

static void system_derivative(void *payload, const double *dz, double *df)
{
    system_of_equations *system = payload;
    const problem *p = &system->problem;
    point *at = &system->at;
    size_t N = p->N, J = p->J;
    change_room room = change_room_in(system->change_work, N, J, p->S);
    change_payload c = {p, at, system->z, dz, 0, goods_balance_change(p, at, dz), 0, &room};
    if (p->spillovers) {
        for (size_t n = 0; n < N; n++)
            production_workers_change(p, system->z, at, n, dz + n * p->K, room.dworkers + n * J);
        production_spread(p, at, room.dworkers, room.dupsilon);
    }
    for (size_t n = 0; n < N; n++) {
        production_change(p, n, dz + n * p->K, p->spillovers ? room.dupsilon + n * J : NULL, room.dx + n * J);
        for (size_t j = 0; j < J; j++) room.y[j * N + n] = at->x[j * N + n] * room.dx[n * J + j];
    }
    for (size_t n = 0; n < N; n++) labour_wage_bill_change(p, at, n, dz + n * p->K, room.dwages + n * p->S);
    commuting_change(p, system->z, at, dz, room.dwages, room.labour, room.commuting);
    portfolio_totals(&c);
    if (p->shock->subsidy) {
        double *doutput = room.dexpenditure; /* until the pass */
        for (size_t n = 0; n < N; n++)
            for (size_t j = 0; j < J; j++) doutput[n * J + j] = at->output[at2(n, j, J)] * dz[n * p->K + at_output(p, j)];
        shock_subsidies(p->shock, p->economy, doutput, room.dpaid, room.dpaid + N);
    }
    bilateral_pass(&p->trade, p->threads, room.y, change_row, &c, room.dsum, NULL, at->pass_work);
    double dscale = 0;
    for (size_t n = 0; n < N; n++) { /* d log sales, over dx */
        double dvalue_added = 0;
        for (size_t j = 0; j < J; j++) {
            if (is_absent_sector(p, n, j)) continue;
            room.dx[n * J + j] += room.dsum[j * N + n] / at->sum[j * N + n];
            dvalue_added += p->economy->value_added_share[n * J + j] * at->sales[n * J + j] * room.dx[n * J + j];
        }
        dscale += numeraire_change(p, at, n, room.dwages + n * p->S, room.labour.workers + n * p->S, dvalue_added);
    }
    if (p->migration.rows) location_crowding_change(p, system->z, at, dz, room.dcrowding, room.dcrowding + N);
    for (size_t n = 0; p->migration.rows && n < N; n++)
        location_utility_change(p, at, n, dz + n * p->K, labour_changes_of(room.labour, n, p->S), room.dincome[n], room.dcrowding[n],
                                room.dutility + n * p->S);
    if (p->migration.rows) location_spread(p, at, dz, room.dutility, room.dpeople, room.location);
    for (size_t n = 0; n < N; n++) {
        system_combine_changes(p, at, n, dz + n * p->K, room.dwages + n * p->S, room.labour.workers + n * p->S, room.dincome[n], room.dtotal + n * J, room.dx + n * J,
                        room.dpeople + n * p->S, dscale, df + n * p->K);
        for (size_t k = 0; k < p->K; k++) df[n * p->K + k] -= dz[n * p->K + k];
        for (size_t j = 0; j < J; j++) df[n * p->K + at_output(p, j)] *= at->slope[at2(n, j, J)];
    }
}

/* ---- as a fixed point ------------------------------------------------------------------------------ */

static bool system_evaluate_point(void *payload, const double *z, double *f, bool fully)
{
    return system_evaluate(payload, z, f, fully);
}

/* World value added at z, or the mean wage of places, over its baseline: what nominal unknowns are divided by. */
IN_EACH_WIDTH void normalise(const problem *p, double *z, const size_t M)
{
    const bashu_economy *e = p->economy;
    bool by_wage = e->about.switches.numeraire == NUMERAIRE_WAGE;
    double base = 0, now[MEMBERS_MOST] = {0}, excess_scale[MEMBERS_MOST];
    for (size_t n = 0; n < p->N; n++) {
        const double *zn = z + n * p->K * M;
        for (size_t s = 0; by_wage && s < p->S; s++) {
            size_t ns = at2(n, s, p->S);
            double wage = e->workers[ns] > 0 ? e->wage_bill[ns] / e->workers[ns] : 0;
            base += wage;
            EACH_MEMBER(m, M) now[m] += wage * member_exp(zn[at_wage(s) * M + m], M);
        }
        for (size_t j = 0; !by_wage && j < p->J; j++) {
            double value_added = e->value_added_share[at2(n, j, p->J)] * e->output[at2(n, j, p->J)];
            base += value_added;
            EACH_MEMBER(m, M) now[m] += value_added * member_exp(zn[at_output(p, j) * M + m], M);
        }
    }
    EACH_MEMBER(m, M)
    {
        double scale = member_log(now[m] / base, M);
        excess_scale[m] = fabs(scale) <= DBL_MAX ? scale : 0;
    }
    for (size_t n = 0; n < p->N; n++) {
        double *zn = z + n * p->K * M;
        for (size_t s = 0; s < p->S; s++)
            if (e->wage_bill[at2(n, s, p->S)] > 0) EACH_MEMBER(m, M) zn[at_wage(s) * M + m] -= excess_scale[m];
        if (e->land_income[n] > 0) EACH_MEMBER(m, M) zn[at_rent(p) * M + m] -= excess_scale[m];
        for (size_t j = 0; j < p->J; j++) {
            EACH_MEMBER(m, M) zn[at_price(p, j) * M + m] -= excess_scale[m];
            if (!is_absent_sector(p, n, j)) EACH_MEMBER(m, M) zn[at_output(p, j) * M + m] -= excess_scale[m];
        }
    }
}

FOR_EACH_WIDTH void system_normalise(void *system, double *z)
{
    const problem *p = &((const system_of_equations *)system)->problem;
    FOR_MEMBERS(p, normalise, p, z);
}

fixed_point system_fixed_point(system_of_equations *system)
{
    return (fixed_point){.size = system->size, .payload = system, .evaluate = system_evaluate_point,
                         .begin = preconditioner_begin, .linearise = preconditioner_build,
                         .normalise = system_normalise, .couple = preconditioner_couple, .precondition = preconditioner_apply,
                         .derivative = system_derivative};
}

/* ---- set-up -------------------------------------------------------------------------------------- */

/* Exponents of unit cost and baseline workers: read in every evaluation, so multiplied out once. */
static void fill_weights(const bashu_economy *e, double *weight, double *employment)
{
    size_t N = e->about.N, J = e->about.J, S = e->about.S, width = S + 1 + J;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            size_t nj = at2(n, j, J);
            double gamma = e->value_added_share[nj], eta = e->land_share[nj], *w = weight + nj * width;
            const double *input = e->input_share + (e->about.regions[n].area_index * J + j) * J;
            for (size_t s = 0; s < S; s++) {
                double wages = e->wage_bill[at2(n, s, S)], workers = e->workers[at2(n, s, S)];
                w[s] = gamma * (1 - eta) * e->wage_share[nj * S + s];
                employment[nj * S + s] = wages > 0 ? w[s] * e->output[nj] * workers / wages : 0;
            }
            w[S] = gamma * eta;
            memcpy(w + S + 1, input, J * sizeof *w);
        }
}

static bool has_spillovers(const bashu_economy *e)
{
    for (size_t j = 0; j < e->about.J; j++)
        if (e->mu[j] > 0) return true;
    return false;
}

/* Sectors with the same finite decay share a matrix. Returns the number of matrices; of[j] = count for own place only. */
static size_t group_decays(const bashu_economy *e, size_t *of, double *values)
{
    size_t count = 0;
    for (size_t j = 0; j < e->about.J; j++) {
        if (!isfinite(e->delta[j]) || !e->travel_time_h || !(e->mu[j] > 0)) {
            of[j] = SIZE_MAX;
            continue;
        }
        size_t d = 0;
        while (d < count && values[d] != e->delta[j]) d++;
        if (d == count) values[count++] = e->delta[j];
        of[j] = d;
    }
    for (size_t j = 0; j < e->about.J; j++)
        if (of[j] == SIZE_MAX) of[j] = count;
    return count;
}

static void fill_decay(const bashu_economy *e, double delta, bool density, const double *time_h, double *decay)
{
    size_t N = e->about.N;
    for (size_t i = 0; i < N; i++)
        for (size_t h = 0; h < N; h++) {
            double value = i == h ? 1 : exp(-delta * time_h[i * N + h]); /* a place feels itself fully */
            /* beyond e^-37 nothing is felt: an exact zero keeps the far side of the world out of the sum */
            decay[i * N + h] = value < 1e-16 ? 0 : density ? value / e->about.regions[h].land_km2 : value;
        }
}

static double amenity_rho(const bashu_economy *e)
{
    return e->about.elasticities[AMENITY_DECAY].by_item[0];
}

/* The crowding of places by those around them. */
static bool crowding_new(system_of_equations *system, arena *memory)
{
    problem *p = &system->problem;
    const bashu_economy *e = p->economy;
    double *base = arena_alloc(memory, p->N, sizeof *base);
    if (!base) return false;
    if (e->lambda != 0 && isfinite(amenity_rho(e)) && e->travel_time_h) {
        system->amenity_decay = arena_alloc(memory, p->N * p->N, sizeof(double));
        if (!system->amenity_decay) return false;
        fill_decay(e, amenity_rho(e), true, e->travel_time_h + e->about.people_travel * p->N * p->N, system->amenity_decay);
        p->amenity_decay = system->amenity_decay;
    }
    location_crowding(p, system->z, &system->at); /* z is zero: by the code that computes it later */
    memcpy(base, system->at.crowding, p->N * sizeof *base);
    p->crowding_base = base;
    return true;
}

static bool decays_new(system_of_equations *system, arena *memory, const bashu_economy *e)
{
    size_t N = e->about.N, J = e->about.J;
    problem *p = &system->problem;
    double *values = arena_alloc(memory, J, sizeof *values);
    system->decay_of = arena_alloc(memory, J, sizeof *system->decay_of);
    system->decay_base = arena_alloc(memory, J, sizeof *system->decay_base);
    system->decay_now = arena_alloc(memory, J, sizeof *system->decay_now);
    system->upsilon_base = arena_alloc(memory, N * J, sizeof(double));
    if (!values || !system->decay_of || !system->decay_base || !system->decay_now || !system->upsilon_base) return false;
    p->decay_count = group_decays(e, system->decay_of, values);
    for (size_t d = 0; d < p->decay_count; d++) {
        double *decay = arena_alloc(memory, N * N, sizeof *decay);
        if (!decay) return false;
        fill_decay(e, values[d], e->about.switches.spillover == SPILLOVER_DENSITY, e->travel_time_h + e->about.people_travel * N * N, decay);
        system->decay_base[d] = decay;
        system->decay_now[d] = decay;
    }
    p->decay = system->decay_now;
    p->decay_of = system->decay_of;
    p->upsilon_base = system->upsilon_base;
    return true;
}

bool system_point_new(point *at, arena *memory, const problem *p)
{
    size_t M = p->members, J = p->J * M, S = p->S * M, N = p->N, O = p->migration.rows, commutes = p->commuting.rows ? N * S : 0;
    size_t pass = bilateral_work(N, p->J, N) * M, moves = bilateral_work(O > N ? O : N, p->S, N) * M; /* a pool nobody is in makes O = N + 1 */
    size_t alone = M == 1; /* what linearising needs */
    const array_wanted wanted[] = {
        {&at->x, N * J}, {&at->workers, N * J}, {&at->upsilon, N * J}, {&at->total, N * J}, {&at->kept, N * J},
        {&at->expenditure, N * J}, {&at->intermediate, N * J}, {&at->earned, N * M}, {&at->paid, alone * N}, {&at->got, alone * N}, {&at->land_use, N * M}, {&at->local_value_added, N * M},
        {&at->deficit_rate, N * M}, {&at->income, N * M}, {&at->sum, N * J}, {&at->output, N * J}, {&at->sales, N * J},
        {&at->square, alone * N * J}, {&at->slope, alone * N * J}, {&at->trust, alone * N * J},
        {&at->wage_income, N * S}, {&at->land_demand, N * M},
        {&at->utility_power, N * S}, {&at->log_utility, N * S}, {&at->origin_total, O * S}, {&at->migration_sum, N * S},
        {&at->migration_square, alone * N * S}, {&at->pass_work, pass > moves ? pass : moves}, {&at->spread_work, alone ? 0 : 2 * N * M},
        {&at->residents, N * M}, {&at->crowding, N * M}, {&at->wage_weight, N * S}, {&at->labour_income, N * S}, {&at->log_workers, N * S}, {&at->log_access, N * S},
        {&at->wage_power, commutes}, {&at->pay_power, commutes}, {&at->access_total, commutes}, {&at->pay_total, commutes},
        {&at->commuting_sum, commutes}, {&at->commuting_square, alone * commutes},
        {&at->portfolio, M}, {&at->people_total, M}, {&at->value_added, M},
    };
    return ARENA_ARRAYS(memory, wanted);
}

/* Shares of people are kept by group, [S][rows][N]; a pass wants a row with all groups together. */
static void interleave(const problem *p, const double *shares, const double *epsilon, const double *cost_hat, size_t rows,
                       double *kernel)
{
    size_t N = p->N, S = p->S;
    for (size_t o = 0; o < rows; o++)
        for (size_t s = 0; s < S; s++)
            for (size_t n = 0; n < N; n++) {
                size_t from = (s * rows + o) * N + n;
                double share = shares[from];
                if (cost_hat && cost_hat[from] != 1) share *= pow(cost_hat[from], -epsilon[s]);
                kernel[(o * S + s) * N + n] = share;
            }
}

/* The kernels of location and commuting without a shock. */
static bool people_new(system_of_equations *system, arena *memory)
{
    problem *p = &system->problem;
    const bashu_economy *e = p->economy;
    size_t N = p->N, S = p->S, O = e->origin_count;
    double *taste = arena_alloc(memory, S, sizeof *taste);
    if (!taste) return false;
    p->free = e->about.switches.mobility == MOBILITY_FREE;
    for (size_t s = 0; s < S; s++) taste[s] = p->free ? 1 : e->epsilon[s];
    p->taste = taste;
    if (e->migration_share && e->about.switches.mobility != MOBILITY_NONE) {
        system->baseline_migration = arena_alloc(memory, O * S * N, sizeof(double));
        if (!system->baseline_migration) return false;
        interleave(p, e->migration_share, e->epsilon, NULL, O, system->baseline_migration);
        p->migration = (bilateral){.rows = O, .layers = S, .columns = N, .kernel = system->baseline_migration};
    }
    if (e->commuting_share) {
        system->baseline_commuting = arena_alloc(memory, N * S * N, sizeof(double));
        if (!system->baseline_commuting) return false;
        interleave(p, e->commuting_share, e->epsilon_commuting, NULL, N, system->baseline_commuting);
        p->commuting = (bilateral){.rows = N, .layers = S, .columns = N, .kernel = system->baseline_commuting};
    }
    return true;
}

/* The preconditioner's own start: blocks of the baseline. */
static bashu_status baseline_new(system_of_equations *system, arena *memory)
{
    shock *nothing = system->nothing = arena_alloc(memory, 1, sizeof *nothing);
    double *zero = arena_alloc(memory, system->size, sizeof *zero), *f = arena_alloc(memory, system->size, sizeof *f);
    if (!nothing || !zero || !f) return fail_memory(system->context);
    TRY(shock_none(nothing, memory, system->problem.economy));
    TRY(system_set_shock(system, memory, nothing));
    system_evaluate(system, zero, f, true);
    return preconditioner_of_baseline(system) ? BASHU_OK : fail_memory(system->context);
}

bashu_status system_new(system_of_equations **out, arena *memory, const bashu_economy *e)
{
    bashu_context *context = arena_context(memory);
    system_of_equations *system = arena_alloc(memory, 1, sizeof *system);
    if (!system) return fail_memory(context);
    problem *p = &system->problem;
    size_t N = e->about.N, J = e->about.J, S = e->about.S, K = 2 * S + 1 + 2 * J, width = S + 1 + J;
    *p = (problem){.economy = e, .N = N, .J = J, .S = S, .K = K, .members = 1, .threads = threads_for(context, (double)N * (double)(N * J + K * K))};
    p->spillovers = has_spillovers(e);
    system->context = context;
    system->memory = memory;
    system->size = N * K;
    double *weight = arena_alloc(memory, N * J * width, sizeof *weight);
    double *employment = arena_alloc(memory, N * J * S, sizeof *employment);
    double *deficit_share = arena_alloc(memory, N, sizeof *deficit_share);
    system->z = arena_alloc(memory, system->size, sizeof(double));
    TRY(preconditioner_new(&system->preconditioner, memory, p));
    if (!people_new(system, memory)) return fail_memory(context);
    system->change_work = arena_alloc(memory, change_room_size(p), sizeof(double));
    if (!weight || !employment || !deficit_share || !system->z || !system->change_work
        || !system_point_new(&system->at, memory, p) || !decays_new(system, memory, e) || !crowding_new(system, memory))
        return fail_memory(context);
    fill_weights(e, weight, employment);
    p->unit_weight = weight;
    p->employment = employment;
    for (size_t n = 0; n < N; n++) {
        double local = 0;
        for (size_t j = 0; j < J; j++) local += e->value_added_share[at2(n, j, J)] * e->output[at2(n, j, J)];
        deficit_share[n] = e->deficit[n] / local;
        p->value_added_base += local;
    }
    p->deficit_share = deficit_share;
    p->trade = (bilateral){.rows = N, .layers = J, .columns = N, .kernel = e->trade_share};
    /* baseline Upsilon by the code that computes it later, so that no change gives a hat of exactly 1 */
    production_upsilon(p, system->z, &system->at);
    if (p->spillovers) memcpy(system->upsilon_base, system->at.upsilon, N * J * sizeof(double));
    TRY(baseline_new(system, memory));
    *out = system;
    return BASHU_OK;
}

static bashu_status own_array(double **array, arena *memory, size_t count)
{
    if (!*array) *array = arena_alloc(memory, count, sizeof **array);
    return *array ? BASHU_OK : fail_memory(arena_context(memory));
}

static bashu_status set_trade(system_of_equations *system, arena *memory, const shock *k)
{
    problem *p = &system->problem;
    const bashu_economy *e = p->economy;
    size_t size = p->N * p->J * p->N;
    p->trade.kernel = e->trade_share;
    p->trade.sales = NULL;
    if (!k->trade_cost_hat && !k->tariff) return BASHU_OK;
    TRY(own_array(&system->kernel, memory, size));
    if (k->tariff) TRY(own_array(&system->sales, memory, size));
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t row = 0; row < p->N * p->J; row++)
        for (size_t i = 0; i < p->N; i++) {
            size_t at = row * p->N + i;
            double cost_hat = k->trade_cost_hat ? k->trade_cost_hat[at] : 1, tariff = k->tariff ? k->tariff[at] : 0;
            double tariff_base = e->tariff ? e->tariff[at] : 0;
            if (tariff != tariff_base) cost_hat *= (1 + tariff) / (1 + tariff_base);
            system->kernel[at] = cost_hat == 1 ? e->trade_share[at]
                                               : e->trade_share[at] * pow(cost_hat, -e->theta[row % p->J]);
            if (k->tariff) system->sales[at] = system->kernel[at] / (1 + tariff);
        }
    p->trade.kernel = system->kernel;
    p->trade.sales = k->tariff ? system->sales : NULL;
    return BASHU_OK;
}

static bashu_status set_travel(system_of_equations *system, arena *memory, const shock *k)
{
    problem *p = &system->problem;
    const bashu_economy *e = p->economy;
    size_t N = p->N;
    for (size_t d = 0; d < p->decay_count; d++) system->decay_now[d] = system->decay_base[d];
    p->amenity_decay = system->amenity_decay;
    if (k->travel_time_h && system->amenity_decay) {
        TRY(own_array(&system->amenity_decay_new, memory, N * N));
        fill_decay(e, amenity_rho(e), true, k->travel_time_h + e->about.people_travel * N * N, system->amenity_decay_new);
        p->amenity_decay = system->amenity_decay_new;
    }
    if (!k->travel_time_h || !p->decay_count) return BASHU_OK;
    TRY(own_array(&system->decay_new, memory, p->decay_count * N * N));
    for (size_t j = 0; j < p->J; j++) {
        size_t d = system->decay_of[j];
        if (d == p->decay_count || system->decay_now[d] != system->decay_base[d]) continue;
        system->decay_now[d] = system->decay_new + d * N * N;
        fill_decay(e, e->delta[j], e->about.switches.spillover == SPILLOVER_DENSITY, k->travel_time_h + e->about.people_travel * N * N, system->decay_now[d]);
    }
    return BASHU_OK;
}

bashu_status system_set_shock(system_of_equations *system, arena *memory, const shock *k)
{
    problem *p = &system->problem;
    p->shock = k;
    preconditioner_restart(system);
    TRY(set_trade(system, memory, k));
    if (p->migration.rows) {
        p->migration.kernel = system->baseline_migration;
        if (k->migration_cost_hat) {
            TRY(own_array(&system->migration_kernel, memory, p->N * p->S * p->N));
            interleave(p, p->economy->migration_share, p->economy->epsilon, k->migration_cost_hat, p->N, system->migration_kernel);
            p->migration.kernel = system->migration_kernel;
        }
    }
    if (p->commuting.rows) {
        p->commuting.kernel = system->baseline_commuting;
        if (k->commuting_cost_hat) {
            TRY(own_array(&system->commuting_kernel, memory, p->N * p->S * p->N));
            interleave(p, p->economy->commuting_share, p->economy->epsilon_commuting, k->commuting_cost_hat, p->N,
                       system->commuting_kernel);
            p->commuting.kernel = system->commuting_kernel;
        }
    }
    TRY(set_travel(system, memory, k));
    return BASHU_OK;
}
