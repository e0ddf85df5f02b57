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
#include "blocks/blocks.h"

#include <math.h>
#include <string.h>

static void spread(const problem *p, size_t d, const double *workers, size_t i, double *upsilon)
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

void production_upsilon(const problem *p, const double *z, point *at)
{
    const bashu_economy *e = p->economy;
    size_t J = p->J, S = p->S;
    for (size_t n = 0; n < p->N; n++) {
        const double *zn = z + n * p->K;
        double *workers = at->workers + n * J;
        memset(workers, 0, J * sizeof *workers);
        for (size_t s = 0; s < S; s++) {
            double for_a_wage = exp(-zn[at_wage(s)]);
            for (size_t j = 0; j < J; j++) workers[j] += p->employment[at3(n, j, s, J, S)] * for_a_wage;
        }
        for (size_t j = 0; j < J; j++) {
            double output_hat = exp(zn[at_output(p, j)]);
            at->output[at2(n, j, J)] = e->output[at2(n, j, J)] * output_hat;
            workers[j] *= output_hat;
        }
    }
    if (p->spillovers) spread_all(p, at->workers, at->upsilon);
}

bool production_evaluate(const problem *p, const double *z, point *at)
{
    const bashu_economy *e = p->economy;
    size_t J = p->J, S = p->S, width = S + 1 + J;
    bool finite = true;
    production_upsilon(p, z, at);
    for (size_t n = 0; n < p->N; n++) {
        const double *zn = z + n * p->K;
        double log_land = has_specific_structures(p, n) ? log(p->shock->land_hat[n]) : 0;
        for (size_t j = 0; j < J; j++) {
            const double *weight = p->unit_weight + at2(n, j, J) * width;
            double log_cost = weight[S] * sector_rent(p, n, j, zn, log_land), theta = e->theta[j];
            for (size_t s = 0; s < S; s++) log_cost += weight[s] * zn[at_wage(s)];
            for (size_t k = 0; k < J; k++) log_cost += weight[S + 1 + k] * zn[at_price(p, k)];
            double log_x = theta * (log(p->shock->productivity_hat[at2(n, j, J)]) - log_cost);
            if (p->spillovers && e->mu[j] > 0 && p->upsilon_base[at2(n, j, J)] > 0)
                log_x += e->mu[j] * theta * log(at->upsilon[at2(n, j, J)] / p->upsilon_base[at2(n, j, J)]);
            double x = exp(log_x);
            at->x[j * p->N + n] = x;
            finite = finite && isfinite(x);
        }
    }
    return finite;
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
