/* commuters.c - who works where.
 *
 *   c_ni^s  = commuters_ni^s / L_n^s                        of the residents of n, the share that works in i; or, where only
 *             residents and workers are observed,
 *   c_ni^s  = v_i^s K_ni / sum_h v_h^s K_nh,  K_ni = t_ni^-x exp(-decay t_ni),  v such that workers are as observed
 *             v^(1/e) are the wages that commuting implies, (sum_h v_h K_nh)^(1/e) residents' access to them
 *             (Ahlfeldt, Redding, Sturm & Wolf 2015); a fixed point in log v, by the ladder of solve/
 *   Lw_i^s  = sum_n c_ni^s L_n^s                            workers of i
 *   w_i^s   = wage bill / Lw_i^s,  E_n^s = L_n^s sum_i c_ni^s w_i^s        wages of residents, wherever they are earned
 *
 * Wage bills are those of production, so that where somebody is paid somebody must work, and the reverse. Without commuting
 * Lw = L and E = the wage bill. */
#include "calibrate/calibrate.h"
#include "linalg/bilateral.h"
#include "solve/solve.h"

#include <math.h>
#include <string.h>

/* ---- fitted to margins --------------------------------------------------------------------------- */

typedef struct commuter_fit { /* of one group */
    bilateral kernel;            /* [N lives][1][N works] */
    double *residents, *workers; /* [N] */
    double *x, *sum, *square, *own, *total, *change, *pass_work; /* [N] each, but the last */
    int threads;
} commuter_fit;

static void share_out(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    commuter_fit *f = payload;
    (void)kept;
    f->total[n] = *total;
    *weight = *total > 0 ? f->residents[n] / *total : 0;
}

static void fit_pass(commuter_fit *f, const double *z, bool squares)
{
    for (size_t i = 0; i < f->kernel.columns; i++) f->x[i] = f->workers[i] > 0 ? exp(z[i]) : 0;
    bilateral_pass(&f->kernel, f->threads, f->x, share_out, f, f->sum, squares ? f->square : NULL, f->pass_work);
}

static bool fit_evaluate(void *payload, const double *z, double *gap, bool fully)
{
    commuter_fit *f = payload;
    bool finite = true;
    fit_pass(f, z, fully);
    for (size_t i = 0; i < f->kernel.columns; i++) {
        gap[i] = f->workers[i] > 0 ? log(f->workers[i] / (f->x[i] * f->sum[i])) : 0;
        finite = finite && isfinite(gap[i]);
    }
    return finite;
}

/* d log workers_i / d log v_i = 1 - the part of them who would come anyway */
static void fit_linearise(void *payload)
{
    commuter_fit *f = payload;
    for (size_t i = 0; i < f->kernel.columns; i++)
        f->own[i] = fmax(f->workers[i] > 0 ? 1 - f->square[i] * f->x[i] / f->sum[i] : 1, 1e-3);
}

static void fit_precondition(void *payload, const double *gap, double *step)
{
    const commuter_fit *f = payload;
    for (size_t i = 0; i < f->kernel.columns; i++) step[i] = gap[i] / f->own[i];
}

static void share_out_change(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    commuter_fit *f = payload;
    (void)kept;
    *weight = f->total[n] > 0 ? -f->residents[n] / f->total[n] * (*total / f->total[n]) : 0;
}

static void fit_derivative(void *payload, const double *v, double *jv)
{
    commuter_fit *f = payload;
    size_t N = f->kernel.columns;
    for (size_t i = 0; i < N; i++) f->change[i] = f->x[i] * v[i];
    bilateral_pass(&f->kernel, f->threads, f->change, share_out_change, f, jv, NULL, f->pass_work);
    for (size_t i = 0; i < N; i++) jv[i] = f->workers[i] > 0 ? -v[i] - jv[i] / f->sum[i] : -v[i];
}

static bashu_status fit_new(commuter_fit *f, const calibration *c)
{
    const description *about = &c->data->about;
    size_t N = about->N;
    double x = about->elasticities[COMMUTING_TIME_ELASTICITY].by_item[0], decay = about->elasticities[COMMUTING_DECAY].by_item[0];
    const double *time_h = c->economy->travel_time_h ? c->economy->travel_time_h + about->people_travel * N * N : NULL;
    double *kernel = arena_alloc(c->scratch, N * N, sizeof *kernel);
    *f = (commuter_fit){.kernel = {.rows = N, .layers = 1, .columns = N, .kernel = kernel}, .threads = threads_for(c->context, (double)(N * N))};
    const array_wanted wanted[] = {{&f->residents, N}, {&f->workers, N}, {&f->x, N}, {&f->sum, N}, {&f->square, N}, {&f->own, N},
                                   {&f->total, N}, {&f->change, N}, {&f->pass_work, bilateral_work(N, 1, N)}};
    if (!kernel || !ARENA_ARRAYS(c->scratch, wanted)) return fail_memory(c->context);
    for (size_t k = 0; k < N * N; k++) {
        bool abroad = k / N != k % N && (is_foreign_region(c, k / N) || is_foreign_region(c, k % N)); /* nobody crosses */
        kernel[k] = abroad ? 0 : time_h ? (x > 0 ? pow(time_h[k], -x) : 1) * exp(-decay * time_h[k]) : 1;
    }
    return BASHU_OK;
}

/* Geometric mean 1 over the places where the group works. */
static void normalise(const commuter_fit *f, double *z)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < f->kernel.columns; i++)
        if (f->workers[i] > 0) sum += z[i], count++;
    for (size_t i = 0; i < f->kernel.columns; i++) z[i] -= count > 0 ? sum / count : 0;
}

static bashu_status fit_group(calibration *c, commuter_fit *f, ladder *l, size_t s, double *z, double *share)
{
    bashu_economy *e = c->economy;
    size_t N = e->about.N, S = e->about.S;
    double epsilon = e->epsilon_commuting[s];
    fixed_point problem = {.size = N, .payload = f, .evaluate = fit_evaluate, .linearise = fit_linearise,
                           .precondition = fit_precondition, .derivative = fit_derivative};
    solve_settings settings = {1e-13, 2000, RUNG_ANDERSON, 1e-3, RUNG_NONE};
    solve_outcome outcome = {0};
    for (size_t n = 0; n < N; n++) {
        f->residents[n] = e->people[at2(n, s, S)];
        f->workers[n] = c->data->workers[at2(n, s, S)];
        z[n] = f->workers[n] > 0 ? log(f->workers[n]) : 0;
    }
    ladder_solve(l, c->context, &problem, &settings, z, &outcome);
    if (!(outcome.residual < 1e-9))
        return fail(c->context, BASHU_ERROR_INPUT, "%s: commuting of group '%s' cannot match residents and workers (gap %.2g); "
                    "look at workers.csv and at travel times", e->about.folder, e->about.groups[s].id, outcome.residual);
    normalise(f, z);
    fit_pass(f, z, false);
    for (size_t n = 0; n < N; n++) {
        ((double *)(uintptr_t)e->fundamentals.access)[at2(n, s, S)] = pow(f->total[n], 1 / epsilon);
        ((double *)(uintptr_t)e->fundamentals.workplace_wage)[at2(n, s, S)] = f->workers[n] > 0 ? exp(z[n] / epsilon) : 0;
        for (size_t i = 0; i < N; i++) share[n * N + i] = f->total[n] > 0 ? f->kernel.kernel[n * N + i] * f->x[i] / f->total[n] : 0;
    }
    return BASHU_OK;
}

/* commuters [S][N][N] as shares of residents */
static bashu_status fit_to_margins(calibration *c, double *shares)
{
    bashu_economy *e = c->economy;
    size_t N = e->about.N, S = e->about.S;
    commuter_fit f;
    ladder *l;
    double *z = arena_alloc(c->scratch, N, sizeof *z);
    e->fundamentals.access = arena_alloc(c->memory, N * S, sizeof(double));
    e->fundamentals.workplace_wage = arena_alloc(c->memory, N * S, sizeof(double));
    if (!z || !e->fundamentals.access || !e->fundamentals.workplace_wage) return fail_memory(c->context);
    TRY(fit_new(&f, c));
    TRY(ladder_new(&l, c->scratch, N));
    for (size_t s = 0; s < S; s++) TRY(fit_group(c, &f, l, s, z, shares + s * N * N));
    return BASHU_OK;
}

/* ---- shares, workers, wages ---------------------------------------------------------------------- */

/* A wage nobody earns, or work nobody pays, would be lost from the accounts. */
static bashu_status check_jobs(const calibration *c, const double *wage_bill)
{
    const description *about = &c->data->about;
    for (size_t is = 0; is < about->N * about->S; is++) {
        double workers = c->economy->workers[is];
        if ((wage_bill[is] > 0) == (workers > 0)) continue;
        return fail(c->context, BASHU_ERROR_INPUT, "%s: group '%s' is paid %.6g in region '%s' but %.6g commuters work there; "
                    "make the tables commuting, production and wage_bill agree",
                    about->folder, about->groups[is % about->S].id, wage_bill[is], about->regions[is / about->S].label.id, workers);
    }
    return BASHU_OK;
}

bashu_status fit_commuting(calibration *c)
{
    const bashu_data *d = c->data;
    bashu_economy *e = c->economy;
    size_t N = e->about.N, S = e->about.S;
    e->workers = e->people;
    if (d->about.switches.commuting == COMMUTING_NONE) return BASHU_OK;
    if (!d->commuters && !d->workers)
        return fail(c->context, BASHU_ERROR_INPUT, "%s: people commute (commuting: frechet) but there is no table 'commuting' or 'workers'; "
                    "add commuting.csv or workers.csv, or set commuting: none", d->about.folder);
    double *share = arena_alloc(c->memory, S * N * N, sizeof *share), *workers = arena_alloc(c->memory, N * S, sizeof *workers);
    if (!share || !workers) return fail_memory(c->context);
    if (!d->commuters) TRY(fit_to_margins(c, share));
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++) {
            const double *flow = (d->commuters ? d->commuters : share) + at3(s, n, 0, N, N);
            double *row = share + at3(s, n, 0, N, N), sum = 0, people = e->people[at2(n, s, S)];
            for (size_t i = 0; i < N; i++) sum += flow[i];
            for (size_t i = 0; i < N; i++) {
                row[i] = sum > 0 ? flow[i] / sum : (double)(i == n);
                workers[at2(i, s, S)] += people * row[i];
            }
        }
    e->commuting_share = share;
    e->workers = workers;
    return BASHU_OK;
}

bashu_status residents_wages(const calibration *c, const double *wage_bill, double *labour_income)
{
    const bashu_economy *e = c->economy;
    size_t N = e->about.N, S = e->about.S;
    if (e->commuting_share) TRY(check_jobs(c, wage_bill));
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            size_t ns = at2(n, s, S);
            labour_income[ns] = e->commuting_share ? 0 : wage_bill[ns];
            for (size_t i = 0; e->commuting_share && i < N; i++) {
                double workers = e->workers[at2(i, s, S)];
                if (workers > 0)
                    labour_income[ns] += e->people[ns] * e->commuting_share[at3(s, n, i, N, N)] * wage_bill[at2(i, s, S)] / workers;
            }
        }
    return BASHU_OK;
}

bashu_status commuters_net_wages(const calibration *c, double *net)
{
    const bashu_economy *e = c->economy;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    if (!e->commuting_share) return BASHU_OK;
    double *paid = arena_alloc(c->scratch, N * S, sizeof *paid), *earned = arena_alloc(c->scratch, N * S, sizeof *earned);
    if (!paid || !earned) return fail_memory(c->context);
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++)
            for (size_t s = 0; s < S; s++)
                paid[at2(n, s, S)] += e->wage_share[at3(n, j, s, J, S)] * (1 - e->land_share[at2(n, j, J)]) * c->data->value_added[at2(n, j, J)];
    TRY(residents_wages(c, paid, earned));
    for (size_t i = 0; i < N * S; i++) net[i / S] += earned[i] - paid[i];
    return BASHU_OK;
}
