/* production.c - unit cost and agglomeration.
 *
 *   chat_i^j     = (Pi_s what^beta)^(gamma (1-eta)) rhat^(gamma eta) Pi_k (Phat^k)^(gamma^k)
 *   Upsilon_i^j  = sum_h exp(-delta_j t_ih) L_h^j K_h^-phi        phi = 1: density, 0: mass
 *                  t_ii = 0: a place feels itself fully, however large it is drawn
 *   L_h^j        = sum_s beta (1-eta) gamma Y_h^j / w_h^s         workers of the sector
 *   rhat of a sector with structures of its own: land.c
 *   x_i^j        = (Ahat_i^j / chat_i^j)^theta_j (Upsilonhat_i^j)^(mu_j theta_j)
 *
 * Ahlfeldt, Redding, Sturm & Wolf (2015) for density; effective density (Graham, Gibbons & Martin 2009) for mass, which
 * unlike density does not change when a region is split. */
#include "blocks/members.h"

#include <string.h>

FOR_EACH_WIDTH static void spread(const problem *p, size_t d, const double *workers, size_t i, double *upsilon)
{
    const double *decay = p->decay[d] + i * p->N;
    for (size_t h = 0; h < p->N; h++) {
        if (decay[h] == 0) continue;
        for (size_t j = 0; j < p->J; j++) upsilon[j] += decay[h] * workers[h * p->J + j];
    }
}

/* out[n][j] = sum over h of decay_j[n][h] in[h][j]; own place only: in[n][j]. */
static void spread_all(const problem *p, const double *in, double *out)
{
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t n = 0; n < p->N; n++) {
        double *row = out + n * p->J;
        if (p->decay_count == 1) { /* the ordinary case: one decay for all sectors that have one */
            memset(row, 0, p->J * sizeof *row);
            spread(p, 0, in, n, row);
        } else {
            for (size_t j = 0; j < p->J; j++) {
                double sum = 0;
                for (size_t h = 0; p->decay_of[j] < p->decay_count && h < p->N; h++)
                    sum += p->decay[p->decay_of[j]][n * p->N + h] * in[h * p->J + j];
                row[j] = sum;
            }
        }
        for (size_t j = 0; j < p->J; j++)
            if (p->decay_of[j] == p->decay_count) row[j] = in[n * p->J + j];
    }
}

/* The same of many: a matrix of decays with one sector of all members at a time. */
static void spread_together(const problem *p, const double *in, double *out, double *work)
{
    enum { M = MEMBERS_MOST };
    double *from = work, *to = work + p->N * M;
    for (size_t j = 0; j < p->J; j++) {
        bool own_only = p->decay_of[j] == p->decay_count;
        for (size_t n = 0; n < p->N; n++) memcpy((own_only ? to : from) + n * M, in + at2(n, j, p->J) * M, M * sizeof *in);
        if (!own_only) many_totals(p->decay[p->decay_of[j]], p->N, p->N, p->N, from, to);
        for (size_t n = 0; n < p->N; n++) memcpy(out + at2(n, j, p->J) * M, to + n * M, M * sizeof *out);
    }
}

IN_EACH_WIDTH void upsilon_of(const problem *p, const double *z, point *at, const size_t M)
{
    const bashu_economy *e = p->economy;
    size_t J = p->J, S = p->S;
    for (size_t n = 0; n < p->N; n++) {
        const double *zn = z + n * p->K * M;
        double *workers = at->workers + n * J * M;
        memset(workers, 0, J * M * sizeof *workers);
        for (size_t s = 0; s < S; s++) {
            double for_a_wage[MEMBERS_MOST];
            EACH_MEMBER(m, M) for_a_wage[m] = member_exp(-zn[at_wage(s) * M + m], M);
            for (size_t j = 0; j < J; j++) {
                double employment = p->employment[at3(n, j, s, J, S)];
                EACH_MEMBER(m, M) workers[j * M + m] += employment * for_a_wage[m];
            }
        }
        for (size_t j = 0; j < J; j++) {
            double base = e->output[at2(n, j, J)], *output = at->output + at2(n, j, J) * M;
            EACH_MEMBER(m, M)
            {
                double output_hat = member_exp(zn[at_output(p, j) * M + m], M);
                output[m] = base * output_hat;
                workers[j * M + m] *= output_hat;
            }
        }
    }
    if (p->spillovers && M == 1) spread_all(p, at->workers, at->upsilon);
    else if (p->spillovers) spread_together(p, at->workers, at->upsilon, at->spread_work);
}

FOR_EACH_WIDTH void production_upsilon(const problem *p, const double *z, point *at)
{
    FOR_MEMBERS(p, upsilon_of, p, z, at);
}

/* Sector j of region n: x. False where one is not finite. */
IN_EACH_WIDTH bool attract(const problem *p, const double *zn, point *at, size_t n, size_t j, const double *log_land, const size_t M)
{
    size_t S = p->S, J = p->J, nj = at2(n, j, J);
    const bashu_economy *e = p->economy;
    const double *weight = p->unit_weight + nj * (S + 1 + J), *productivity = p->shock->productivity_hat + nj * M, *upsilon = at->upsilon + nj * M;
    double theta = e->theta[j], mu = e->mu[j], base = p->spillovers ? p->upsilon_base[nj] : 0, log_cost[MEMBERS_MOST], *x = at->x + (j * p->N + n) * M;
    bool finite = true, specific = has_specific_structures(p, n);
    EACH_MEMBER(m, M)
    {
        double rent = specific ? (zn[at_output(p, j) * M + m] - log_land[m]) / (1 + e->chi[n]) : zn[at_rent(p) * M + m];
        log_cost[m] = weight[S] * rent;
    }
    for (size_t s = 0; s < S; s++) EACH_MEMBER(m, M) log_cost[m] += weight[s] * zn[at_wage(s) * M + m];
    for (size_t k = 0; k < J; k++) EACH_MEMBER(m, M) log_cost[m] += weight[S + 1 + k] * zn[at_price(p, k) * M + m];
    EACH_MEMBER(m, M) log_cost[m] = theta * (member_log(productivity[m], M) - log_cost[m]);
    if (p->spillovers && mu > 0 && base > 0) EACH_MEMBER(m, M) log_cost[m] += mu * theta * member_log(upsilon[m] / base, M);
    EACH_MEMBER(m, M) x[m] = member_exp(log_cost[m], M);
    for (size_t m = 0; m < M; m++) finite = finite && isfinite(x[m]);
    return finite;
}

IN_EACH_WIDTH bool produce(const problem *p, const double *z, point *at, const size_t M)
{
    bool finite = true;
    for (size_t n = 0; n < p->N; n++) {
        const double *zn = z + n * p->K * M, *land_hat = p->shock->land_hat + n * M;
        double log_land[MEMBERS_MOST] = {0};
        if (has_specific_structures(p, n)) EACH_MEMBER(m, M) log_land[m] = member_log(land_hat[m], M);
        for (size_t j = 0; j < p->J; j++) finite = attract(p, zn, at, n, j, log_land, M) && finite;
    }
    return finite;
}

FOR_EACH_WIDTH bool production_evaluate(const problem *p, const double *z, point *at)
{
    production_upsilon(p, z, at);
    return FOR_MEMBERS(p, produce, p, z, at);
}

void production_workers_change(const problem *p, const double *z, const point *at, size_t n, const double *dz, double *dworkers)
{
    for (size_t j = 0; j < p->J; j++) {
        double workers = at->workers[at2(n, j, p->J)], sum = dz[at_output(p, j)];
        for (size_t s = 0; workers > 0 && s < p->S; s++) {
            double part = p->employment[at3(n, j, s, p->J, p->S)]
                          * exp(z[n * p->K + at_output(p, j)] - z[n * p->K + at_wage(s)]);
            sum -= part / workers * dz[at_wage(s)];
        }
        dworkers[j] = sum;
    }
}

void production_change(const problem *p, size_t n, const double *dz, const double *dupsilon, double *dx)
{
    size_t S = p->S, J = p->J, width = S + 1 + J;
    const double *weight = p->unit_weight + at2(n, 0, J) * width;
    for (size_t j = 0; j < J; j++) dx[j] = weight[j * width + S] * sector_rent(p, n, j, dz, 0); /* of log unit cost, at first */
    for (size_t s = 0; s < S; s++)
        for (size_t j = 0; dz[at_wage(s)] != 0 && j < J; j++) dx[j] += weight[j * width + s] * dz[at_wage(s)];
    for (size_t k = 0; k < J; k++) /* often asked of one unknown alone */
        for (size_t j = 0; dz[at_price(p, k)] != 0 && j < J; j++) dx[j] += weight[j * width + S + 1 + k] * dz[at_price(p, k)];
    for (size_t j = 0; j < J; j++) dx[j] = p->economy->theta[j] * ((dupsilon ? p->economy->mu[j] * dupsilon[j] : 0) - dx[j]);
}

void production_spread(const problem *p, const point *at, const double *dworkers, double *dupsilon)
{
    size_t size = p->N * p->J;
    double *level = dupsilon + size; /* the caller gives room for both */
    for (size_t i = 0; i < size; i++) level[i] = at->workers[i] * dworkers[i];
    spread_all(p, level, dupsilon);
    for (size_t i = 0; i < size; i++) dupsilon[i] = at->upsilon[i] > 0 ? dupsilon[i] / at->upsilon[i] : 0;
}

double production_own_share(const problem *p, const point *at, size_t n, size_t j)
{
    size_t d = p->decay_of[j];
    double upsilon = at->upsilon[at2(n, j, p->J)];
    if (d == p->decay_count) return 1;
    return upsilon > 0 ? p->decay[d][n * p->N + n] * at->workers[at2(n, j, p->J)] / upsilon : 0;
}
