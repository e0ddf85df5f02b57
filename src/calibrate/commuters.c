/* commuters.c - who works where.
 *
 *   c_ni^s  = commuters_ni^s / L_n^s                        of the residents of n, the share that works in i
 *   Lw_i^s  = sum_n c_ni^s L_n^s                            workers of i
 *   w_i^s   = wage bill / Lw_i^s,  E_n^s = L_n^s sum_i c_ni^s w_i^s        wages of residents, wherever they are earned
 *
 * Wage bills are those of production, so that where somebody is paid somebody must work, and the reverse. Without commuting
 * Lw = L and E = the wage bill. */
#include "calibrate/calibrate.h"

#include <math.h>
#include <string.h>

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
    if (!d->commuters)
        return fail(c->context, BASHU_ERROR_INPUT,
                    "%s: people commute (commuting: frechet) but there is no table 'commuting'; add commuting.csv or set commuting: none",
                    d->about.folder);
    double *share = arena_alloc(c->memory, S * N * N, sizeof *share), *workers = arena_alloc(c->memory, N * S, sizeof *workers);
    if (!share || !workers) return fail_memory(c->context);
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++) {
            const double *flow = d->commuters + at3(s, n, 0, N, N);
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
