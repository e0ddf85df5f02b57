/* gravity.c - trade shares from a kernel and the observed margins of areas.
 *
 *   f_ni^j = u_i^j v_n^j b_ni^j K_ni^j
 *   K_ni^j = t_ni^-zeta_j x (region effect if n is not i) x (border effect if n and i lie in different areas)
 *   sum_n f_ni = Y_i,  sum_i f_ni = X_n                                       outputs and expenditures
 *   for an area a with observed margins: sales abroad = exports, purchases abroad = imports, trade within a = own_a;
 *   b is one factor for each of the three, so outflow and inflow to other areas follow
 *   own_a: the mean of Y - exports - outflow and X - imports - inflow where they are possible (transit makes outflow and
 *   inflow too large, often larger than output); elsewhere the median share of the areas where they are, and never less
 *   than half of it
 *
 * The solution is the matrix closest to the kernel in relative entropy with these margins (iterative proportional
 * fitting; Deming & Stephan 1940). kappa^-theta = b K and T c^-theta = u, up to one factor by sector. */
#include "calibrate/calibrate.h"
#include "solve/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FITTING_LIMIT = 20000 };
static const double least_own_share = 0.05, most_own_share = 0.9;

/* ---- trade within areas -------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void area_totals(const calibration *c, const double *by_region, double *by_area)
{
    const description *about = &c->data->about;
    memset(by_area, 0, about->A * about->J * sizeof *by_area);
    for (size_t n = 0; n < about->N; n++)
        for (size_t j = 0; j < about->J; j++)
            by_area[about->regions[n].area_index * about->J + j] += by_region[at2(n, j, about->J)];
}

/* The most that can be own trade, given exports and imports. */
static double possible_own(const calibration *c, size_t aj, const double *made, const double *used)
{
    return fmin(made[aj] - c->exports[aj], used[aj] - c->imports[aj]);
}

static double median(double *values, size_t count)
{
    if (!count) return NAN;
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

/* What areas send each other must find takers: sent by a + taken by a <= all that is sent. Where one area is too large
 * for the others, more of its trade is its own. */
static void fit_among_areas(const calibration *c, double *own, size_t j, const double *made, const double *used)
{
    size_t A = c->data->about.A, J = c->data->about.J;
    for (int round = 0; round < 50; round++) {
        double all = 0;
        size_t tightest = A;
        double excess = 0;
        for (size_t a = 0; a < A; a++)
            if (isfinite(own[a * J + j])) all += fmax(0, made[a * J + j] - c->exports[a * J + j] - own[a * J + j]);
        for (size_t a = 0; a < A; a++) {
            size_t aj = a * J + j;
            if (!isfinite(own[aj])) continue;
            double both = made[aj] - c->exports[aj] + used[aj] - c->imports[aj] - 2 * own[aj];
            if (both - 0.95 * all > excess + 1e-9 * all) excess = both - 0.95 * all, tightest = a;
        }
        if (tightest == A) return;
        double more = excess / 1.05, room = possible_own(c, tightest * J + j, made, used) - own[tightest * J + j];
        own[tightest * J + j] += fmin(more, 0.999 * room);
    }
}

/* With two areas what one sends is what the other takes, so one trade within is free to choose and the other follows: the
 * first is set half way between what both say, and the second left to the accounts. */
static void fit_two_areas(const calibration *c, double *own, size_t j, const double *made, const double *used, const size_t *pair)
{
    size_t J = c->data->about.J, a = pair[0] * J + j, b = pair[1] * J + j;
    double shift = made[a] - c->exports[a] - (used[b] - c->imports[b]); /* own_a = own_b + shift */
    double most_a = possible_own(c, a, made, used), most_b = possible_own(c, b, made, used);
    double low = fmax(0.02 * most_a, 0.02 * most_b + shift), high = fmin(0.98 * most_a, 0.98 * most_b + shift);
    own[a] = fmax(low, fmin(high, (own[a] + own[b] + shift) / 2));
    own[b] = NAN;
}

/* own [A][J]; reports how much of it the margins say. */
static bashu_status own_trades(calibration *c, double *own)
{
    const bashu_data *d = c->data;
    const description *about = &d->about;
    size_t A = about->A, J = about->J, told = 0, asked = 0;
    double *made = arena_alloc(c->scratch, A * J, sizeof(double)), *used = arena_alloc(c->scratch, A * J, sizeof(double));
    double *shares = arena_alloc(c->scratch, A, sizeof(double)), outflow = 0, transit = 0;
    if (!made || !used || !shares) return fail_memory(c->context);
    area_totals(c, c->output, made);
    area_totals(c, c->expenditure, used);
    for (size_t j = 0; j < J; j++) {
        size_t count = 0;
        for (size_t a = 0; a < A; a++) {
            size_t aj = a * J + j;
            own[aj] = NAN;
            if (!isfinite(c->exports[aj]) || !(possible_own(c, aj, made, used) > 0)) continue;
            double most = possible_own(c, aj, made, used), sum = 0;
            int possible = 0;
            double estimates[2] = {made[aj] - c->exports[aj] - d->outflow[aj], used[aj] - c->imports[aj] - d->inflow[aj]};
            for (int k = 0; k < 2; k++)
                if (estimates[k] > least_own_share * most) sum += fmin(estimates[k], most_own_share * most), possible++;
            asked += isfinite(d->outflow[aj]);
            if (!possible) continue;
            told++;
            own[aj] = sum / possible;
            shares[count++] = own[aj] / most;
        }
        double typical = median(shares, count);
        for (size_t a = 0; a < A; a++) {
            size_t aj = a * J + j;
            if (!isfinite(c->exports[aj])) continue;
            double most = possible_own(c, aj, made, used);
            if (!isfinite(own[aj]) && isfinite(typical) && most > 0) own[aj] = typical * most;
            if (isfinite(typical) && own[aj] < typical / 2 * most) own[aj] = typical / 2 * most; /* the rest is transit */
        }
        size_t known = 0, pair[2] = {0};
        for (size_t a = 0; a < A; a++)
            if (isfinite(own[a * J + j]) && known++ < 2) pair[known - 1] = a;
        if (known == 2) fit_two_areas(c, own, j, made, used, pair);
        else fit_among_areas(c, own, j, made, used);
        for (size_t a = 0; a < A; a++) {
            size_t aj = a * J + j;
            if (!isfinite(d->outflow[aj])) continue;
            outflow += d->outflow[aj];
            if (isfinite(own[aj])) transit += d->outflow[aj] - (made[aj] - c->exports[aj] - own[aj]);
        }
    }
    TRY(note_adjustment(c, "outflow of areas: transit and errors taken out", "区域流出：剔除过境与误差", outflow, outflow - transit));
    return note_adjustment(c, "area-sector cells (number): margins say how much trade stays inside; in the rest the sector's median does",
                           "区域-行业单元（个数）：由边际数据可知区内贸易者；其余取行业中位数", (double)asked, (double)told);
}

/* ---- fitting -------------------------------------------------------------------------------------
 * One scaling in turn of sellers, areas' factors and buyers is a fixed-point map on (log v, log b), which the ladder of
 * solve/ takes to 1e-11 where plain fitting needs thousands of turns. Sums by area of the buyer make a turn two sweeps
 * over the kernel: within an area of buyers, b depends on the seller alone. */

enum block_kind { BLOCK_OWN, BLOCK_EXPORTS, BLOCK_IMPORTS, BLOCK_KINDS };

typedef struct sector_fit {
    const calibration *c;
    size_t j, N, A, f;     /* f: the foreign region, N when there is none */
    double *kernel;        /* [N buys][N sells] */
    const double *target[BLOCK_KINDS]; /* [A][J] own, exports, imports; NULL: none */
    double *seller;        /* [N] u */
    double *block, *block_new; /* [A][N] b of a buyer's area and a seller, before and after a turn */
    double *by_area;       /* [A][N] sum over buyers in the area of K v */
    double *reach;         /* [A][N] u b, with the new b */
    double *total;         /* [N] purchases at v = 1 */
    double *change, *change_area, *change_block; /* [N], [A][N], [A][N] for derivatives */
    double *at;            /* [N + 3 A] the last point */
    double *z;             /* [N + 3 A] log v, log b */
    ladder *ladder;
    solve_outcome outcome;
} sector_fit;

static double made(const sector_fit *fit, size_t i) { return fit->c->output[at2(i, fit->j, fit->c->data->about.J)]; }
static double used(const sector_fit *fit, size_t n) { return fit->c->expenditure[at2(n, fit->j, fit->c->data->about.J)]; }
static size_t area_of(const sector_fit *fit, size_t n) { return fit->c->data->about.regions[n].area_index; }

static double *block_log(const sector_fit *fit, double *z, enum block_kind kind, size_t a)
{
    return z + fit->N + (size_t)kind * fit->A + a;
}

static double block_target(const sector_fit *fit, enum block_kind kind, size_t a)
{
    return fit->target[kind] ? fit->target[kind][a * fit->c->data->about.J + fit->j] : (double)NAN;
}

static void fill_kernel(sector_fit *fit)
{
    const calibration *c = fit->c;
    const description *about = &c->data->about;
    size_t N = fit->N, j = fit->j;
    double zeta = about->elasticities[TRADE_TIME_ELASTICITY].by_item[j];
    double decay = about->elasticities[TRADE_DECAY].by_item[j];
    double border = about->elasticities[TRADE_BORDER_EFFECT].by_item[j];
    double away = about->elasticities[TRADE_REGION_EFFECT].by_item[j];
    const double *time_h = c->economy->travel_time_h ? c->economy->travel_time_h + about->sectors[j].travel * N * N : NULL;
    const double *cost = c->data->trade_cost;
    for (size_t n = 0; n < N; n++)
        for (size_t i = 0; i < N; i++) {
            double value = time_h && zeta > 0 ? pow(time_h[i * N + n], -zeta) : 1; /* goods go from i to n */
            if (time_h && decay > 0) value *= exp(-decay * time_h[i * N + n]);
            if (cost) value *= pow(cost[at3(n, j, i, about->J, N)], -c->economy->theta[j]);
            if (n != i) value *= away;
            if (area_of(fit, n) != area_of(fit, i)) value *= border;
            fit->kernel[n * N + i] = made(fit, i) > 0 ? value : 0;
        }
}

/* Logs of areas' factors (or their changes) to the cells they apply to; the rest is zero. */
static void spread_logs(const sector_fit *fit, double *z, double *block)
{
    memset(block, 0, fit->A * fit->N * sizeof *block);
    for (size_t i = 0; i < fit->N; i++) {
        size_t a = area_of(fit, i);
        if (i == fit->f) continue;
        block[a * fit->N + i] = *block_log(fit, z, BLOCK_OWN, a);
        if (fit->f == fit->N) continue;
        block[area_of(fit, fit->f) * fit->N + i] = *block_log(fit, z, BLOCK_EXPORTS, a);
        block[a * fit->N + fit->f] = *block_log(fit, z, BLOCK_IMPORTS, a);
    }
}

static void spread_blocks(const sector_fit *fit, double *z, double *block)
{
    spread_logs(fit, z, block);
    for (size_t k = 0; k < fit->A * fit->N; k++) block[k] = block[k] == 0 ? 1 : exp(block[k]);
}

static void fit_sellers(sector_fit *fit, const double *z)
{
    size_t N = fit->N;
    memset(fit->by_area, 0, fit->A * N * sizeof(double));
    for (size_t n = 0; n < N; n++) {
        double v = used(fit, n) > 0 ? exp(z[n]) : 0, *sum = fit->by_area + area_of(fit, n) * N;
        const double *kernel = fit->kernel + n * N;
        for (size_t i = 0; v > 0 && i < N; i++) sum[i] += v * kernel[i];
    }
    for (size_t i = 0; i < N; i++) {
        double sum = 0;
        for (size_t a = 0; a < fit->A; a++) sum += fit->block[a * N + i] * fit->by_area[a * N + i];
        fit->seller[i] = sum > 0 ? made(fit, i) / sum : 0;
    }
}

/* New log b: target over what the block would be with b = 1. */
static void fit_blocks(sector_fit *fit, double *z)
{
    size_t N = fit->N, foreign_area = fit->f < N ? area_of(fit, fit->f) : 0;
    for (size_t a = 0; a < fit->A; a++) {
        double sum[BLOCK_KINDS] = {0};
        for (size_t i = 0; i < N; i++) {
            if (i == fit->f || area_of(fit, i) != a) continue;
            sum[BLOCK_OWN] += fit->by_area[a * N + i] * fit->seller[i];
            if (fit->f < N) sum[BLOCK_EXPORTS] += fit->by_area[foreign_area * N + i] * fit->seller[i];
        }
        if (fit->f < N) sum[BLOCK_IMPORTS] = fit->by_area[a * N + fit->f] * fit->seller[fit->f];
        for (int kind = 0; kind < BLOCK_KINDS; kind++) {
            double target = block_target(fit, (enum block_kind)kind, a);
            if (target > 0 && sum[kind] > 0) *block_log(fit, z, (enum block_kind)kind, a) = log(target / sum[kind]);
        }
    }
}

static void fit_buyers(sector_fit *fit, double *z)
{
    size_t N = fit->N;
    for (size_t a = 0; a < fit->A; a++)
        for (size_t i = 0; i < N; i++) fit->reach[a * N + i] = fit->block_new[a * N + i] * fit->seller[i];
    for (size_t n = 0; n < N; n++) {
        const double *kernel = fit->kernel + n * N, *u = fit->reach + area_of(fit, n) * N;
        double sum = 0;
        for (size_t i = 0; i < N; i++) sum += kernel[i] * u[i];
        fit->total[n] = sum;
        if (used(fit, n) > 0) z[n] = log(used(fit, n) / sum);
    }
}

static bool turn(void *payload, const double *z, double *f, bool fully)
{
    (void)fully;
    sector_fit *fit = payload;
    size_t size = fit->N + BLOCK_KINDS * fit->A;
    bool finite = true;
    memcpy(fit->at, z, size * sizeof *f);
    memcpy(f, z, size * sizeof *f);
    spread_blocks(fit, f, fit->block);
    fit_sellers(fit, f);
    fit_blocks(fit, f);
    spread_blocks(fit, f, fit->block_new);
    fit_buyers(fit, f);
    for (size_t k = 0; k < size; k++) {
        f[k] -= z[k];
        finite = finite && isfinite(f[k]);
    }
    return finite;
}

/* d log u_i = - sum over n of the share of i's sales that goes to n x (d log v_n + d log b_ni) */
static void sellers_change(sector_fit *fit, const double *dz)
{
    size_t N = fit->N;
    memset(fit->change_area, 0, fit->A * N * sizeof(double));
    for (size_t n = 0; n < N; n++) {
        double dv = used(fit, n) > 0 ? exp(fit->at[n]) * dz[n] : 0, *sum = fit->change_area + area_of(fit, n) * N;
        const double *kernel = fit->kernel + n * N;
        for (size_t i = 0; dv != 0 && i < N; i++) sum[i] += dv * kernel[i];
    }
    for (size_t i = 0; i < N; i++) {
        double sum = 0, dsum = 0;
        for (size_t k = i; k < fit->A * N; k += N) {
            sum += fit->block[k] * fit->by_area[k];
            dsum += fit->block[k] * (fit->change_area[k] + fit->by_area[k] * fit->change_block[k]);
        }
        fit->change[i] = sum > 0 ? -dsum / sum : 0;
    }
}

/* d log b = - the change of its block's sum at b = 1 */
static void blocks_change(sector_fit *fit, double *df)
{
    size_t N = fit->N, foreign_area = fit->f < N ? area_of(fit, fit->f) : 0;
    for (size_t a = 0; a < fit->A; a++) {
        double sum[BLOCK_KINDS] = {0}, dsum[BLOCK_KINDS] = {0};
        for (size_t i = 0; i < N; i++) {
            bool own = i != fit->f && area_of(fit, i) == a;
            for (int kind = 0; kind < BLOCK_KINDS; kind++) {
                if (kind == BLOCK_IMPORTS ? i != fit->f : !own) continue;
                if (kind != BLOCK_OWN && fit->f == N) continue;
                size_t k = (kind == BLOCK_EXPORTS ? foreign_area : a) * N + i;
                sum[kind] += fit->by_area[k] * fit->seller[i];
                dsum[kind] += (fit->change_area[k] + fit->by_area[k] * fit->change[i]) * fit->seller[i];
            }
        }
        for (int kind = 0; kind < BLOCK_KINDS; kind++)
            if (block_target(fit, (enum block_kind)kind, a) > 0 && sum[kind] > 0)
                *block_log(fit, df, (enum block_kind)kind, a) = -dsum[kind] / sum[kind];
    }
}

/* d log v_n = - sum over i of the share of n's purchases from i x (d log u_i + d log b'_ni) */
static void buyers_change(sector_fit *fit, double *df)
{
    size_t N = fit->N;
    for (size_t n = 0; n < N; n++) {
        const double *kernel = fit->kernel + n * N, *u = fit->reach + area_of(fit, n) * N;
        const double *dblock = fit->change_block + area_of(fit, n) * N;
        double dsum = 0;
        for (size_t i = 0; i < N; i++) dsum += kernel[i] * u[i] * (fit->change[i] + dblock[i]);
        if (used(fit, n) > 0) df[n] = -dsum / fit->total[n];
    }
}

static void turn_derivative(void *payload, const double *dz, double *df)
{
    sector_fit *fit = payload;
    size_t size = fit->N + BLOCK_KINDS * fit->A;
    memcpy(df, dz, size * sizeof *df);
    spread_logs(fit, df, fit->change_block);
    sellers_change(fit, df);
    blocks_change(fit, df);
    spread_logs(fit, df, fit->change_block);
    buyers_change(fit, df);
    for (size_t k = 0; k < size; k++) df[k] -= dz[k];
}


static void plain_step(void *payload, const double *f, double *step)
{
    const sector_fit *fit = payload;
    memcpy(step, f, (fit->N + BLOCK_KINDS * fit->A) * sizeof *f);
}

/* Phi_n = sum_i u_i kappa_ni^-theta */
static void store_fit(sector_fit *fit)
{
    const calibration *c = fit->c;
    size_t N = fit->N, J = c->data->about.J, j = fit->j;
    spread_blocks(fit, fit->z, fit->block);
    fit_sellers(fit, fit->z);
    for (size_t n = 0; n < N; n++) {
        const double *block = fit->block + area_of(fit, n) * N;
        double *share = c->trade_share + (n * J + j) * N, sum = 0;
        for (size_t i = 0; i < N; i++) sum += share[i] = fit->kernel[n * N + i] * block[i] * fit->seller[i];
        for (size_t i = 0; i < N; i++) share[i] /= sum;
        c->price_power[at2(n, j, J)] = sum;
        c->seller_factor[at2(n, j, J)] = fit->seller[n];
    }
}

static bool fit_sector(sector_fit *fit)
{
    fixed_point p = {.size = fit->N + BLOCK_KINDS * fit->A, .payload = fit, .evaluate = turn, .precondition = plain_step, .derivative = turn_derivative};
    solve_settings settings = {1e-11, FITTING_LIMIT, RUNG_ANDERSON, 0.9, RUNG_NONE};
    fit->kernel = malloc(fit->N * fit->N * sizeof *fit->kernel); /* one a thread at a time, not one a sector */
    if (!fit->kernel) return false;
    fill_kernel(fit);
    for (size_t n = 0; n < fit->N; n++) fit->z[n] = used(fit, n) > 0 ? log(used(fit, n)) : 0;
    ladder_solve(fit->ladder, fit->c->context, &p, &settings, fit->z, &fit->outcome);
    store_fit(fit);
    free(fit->kernel);
    return true;
}

static bashu_status fits_new(calibration *c, sector_fit *fits, const double *own)
{
    const description *about = &c->data->about;
    size_t N = about->N, A = about->A;
    for (size_t j = 0; j < about->J; j++) {
        sector_fit *fit = &fits[j];
        *fit = (sector_fit){.c = c, .j = j, .N = N, .A = A, .f = about->foreign >= 0 ? (size_t)about->foreign : N};
        if (c->exports) fit->target[BLOCK_OWN] = own, fit->target[BLOCK_EXPORTS] = c->exports, fit->target[BLOCK_IMPORTS] = c->imports;
        const array_wanted wanted[] = {{&fit->seller, N}, {&fit->block, A * N}, {&fit->block_new, A * N},
                      {&fit->by_area, A * N}, {&fit->reach, A * N}, {&fit->total, N}, {&fit->change, N},
                      {&fit->change_area, A * N}, {&fit->change_block, A * N}, {&fit->at, N + BLOCK_KINDS * A},
                      {&fit->z, N + BLOCK_KINDS * A}};
        if (!ARENA_ARRAYS(c->scratch, wanted)) return fail_memory(c->context);
        TRY(ladder_new(&fit->ladder, c->scratch, N + BLOCK_KINDS * A));
    }
    return BASHU_OK;
}

bashu_status fit_trade(calibration *c)
{
    const description *about = &c->data->about;
    size_t J = about->J;
    double *own = arena_alloc(c->scratch, about->A * J, sizeof(double));
    sector_fit *fits = arena_alloc(c->scratch, J, sizeof *fits);
    c->seller_factor = arena_alloc(c->scratch, about->N * J, sizeof(double));
    c->price_power = arena_alloc(c->scratch, about->N * J, sizeof(double));
    if (!own || !fits || !c->seller_factor || !c->price_power) return fail_memory(c->context);
    if (c->exports) TRY(own_trades(c, own));
    TRY(fits_new(c, fits, own));
    /* sectors are independent: threads share nothing but the tables they read */
    int out_of_memory = 0;
#pragma omp parallel for schedule(dynamic) num_threads(threads_for(c->context, (double)(about->N * about->N * about->J))) reduction(| : out_of_memory)
    for (size_t j = 0; j < J; j++) out_of_memory |= !fit_sector(&fits[j]);
    if (out_of_memory) return fail_memory(c->context);
    if (is_cancelled(c->context)) return fail(c->context, BASHU_INTERRUPTED, "interrupted");
    for (size_t j = 0; j < J; j++)
        if (!(fits[j].outcome.residual < 1e-3))
            return fail(c->context, BASHU_ERROR_INPUT,
                        "%s: trade of sector '%s' cannot match outputs and margins (gap %.2g after %d turns); "
                        "look at its rows in trade_margins.csv",
                        about->folder, about->sectors[j].label.id, fits[j].outcome.residual, fits[j].outcome.passes);
    return BASHU_OK;
}
