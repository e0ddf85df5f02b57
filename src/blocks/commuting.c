/* commuting.c - where residents work.
 *
 *   c'_ni^s  = c_ni^s (what_i^s / kappahat_ni^s)^e / sum_h c_nh^s (what_h^s / kappahat_nh^s)^e     e: commuting elasticity
 *              of the residents of n, the share that works in i
 *   Lw'_i^s  = sum_n c'_ni^s L'_n^s                                                                workers of i
 *   Ahat_n^s = (sum_h c_nh^s (what_h^s / kappahat_nh^s)^e)^(1/e)                                   access to wages, in utility
 *   E'_n^s   = sum_i c'_ni^s L'_n^s (wage bill of i)' / Lw'_i^s                                    what residents earn
 *
 * Ahlfeldt, Redding, Sturm & Wolf (2015); Monte, Redding & Rossi-Hansberg (2018), whose one choice of a pair of places is
 * this one with equal elasticities of residence and of work. Without commuting Lw = L, Ahat = what, E = the wage bill. */
#include "blocks/blocks.h"

#include <math.h>
#include <string.h>

typedef struct residents_payload {
    const problem *p;
    const point *at;
    const double *z, *dz; /* dz NULL: levels */
    double *total;        /* [N][S] */
} residents_payload;

static double residents(const problem *p, const double *z, size_t n, size_t s)
{
    return p->economy->people[at2(n, s, p->S)] * exp(z[n * p->K + at_people(p, s)]);
}

static void nobody_commutes(const problem *p, const double *z, point *at)
{
    for (size_t n = 0; n < p->N; n++)
        for (size_t s = 0; s < p->S; s++) {
            size_t ns = at2(n, s, p->S);
            at->log_workers[ns] = z[n * p->K + at_people(p, s)];
            at->log_access[ns] = z[n * p->K + at_wage(s)];
            at->labour_income[ns] = at->wage_income[ns];
        }
}

static void go_to_work(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    residents_payload *r = payload;
    (void)kept;
    for (size_t s = 0; s < r->p->S; s++) {
        r->total[at2(n, s, r->p->S)] = total[s];
        weight[s] = total[s] > 0 ? residents(r->p, r->z, n, s) / total[s] : 0;
    }
}

void commuting_evaluate(const problem *p, const double *z, point *at, bool squares)
{
    const bashu_economy *e = p->economy;
    size_t N = p->N, S = p->S;
    if (!p->commuting.rows) {
        nobody_commutes(p, z, at);
        return;
    }
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) at->wage_power[s * N + n] = exp(e->epsilon_commuting[s] * z[n * p->K + at_wage(s)]);
    residents_payload payload = {p, at, z, NULL, at->access_total};
    bilateral_pass(&p->commuting, p->threads, at->wage_power, go_to_work, &payload, at->commuting_sum,
                   squares ? at->commuting_square : NULL, at->pass_work);
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            size_t ns = at2(n, s, S), sn = s * N + n;
            double workers = at->wage_power[sn] * at->commuting_sum[sn];
            at->log_workers[ns] = e->workers[ns] > 0 ? log(workers / e->workers[ns]) : 0;
            at->pay_power[sn] = workers > 0 ? at->wage_power[sn] * at->wage_income[ns] / workers : 0;
        }
    bilateral_totals(&p->commuting, p->threads, at->pay_power, at->pay_total);
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            size_t ns = at2(n, s, S);
            double total = at->access_total[ns];
            at->log_access[ns] = total > 0 ? log(total) / e->epsilon_commuting[s] : 0;
            at->labour_income[ns] = total > 0 ? residents(p, z, n, s) * at->pay_total[ns] / total : 0;
        }
}

/* In the pass of the derivative x is x dx: total is its change, and the weight R / total changes by dR - dtotal / total. */
static void go_to_work_change(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    residents_payload *r = payload;
    const problem *p = r->p;
    (void)kept;
    for (size_t s = 0; s < p->S; s++) {
        size_t ns = at2(n, s, p->S);
        double level = r->at->access_total[ns], relative = level > 0 ? total[s] / level : 0;
        r->total[ns] = relative;
        weight[s] = level > 0 ? residents(p, r->z, n, s) / level * (r->dz[n * p->K + at_people(p, s)] - relative) : 0;
    }
}

size_t commuting_scratch(const problem *p)
{
    return p->commuting.rows ? 3 * p->N * p->S : 0;
}

void commuting_change(const problem *p, const double *z, const point *at, const double *dz, const double *dwages,
                      labour_changes d, double *scratch)
{
    const bashu_economy *e = p->economy;
    size_t N = p->N, S = p->S;
    if (!p->commuting.rows) {
        for (size_t n = 0; n < N; n++) commuting_own_change(p, z, at, n, dz + n * p->K, dwages + n * S, labour_changes_of(d, n, S));
        return;
    }
    double *x = scratch, *sum = x + N * S, *dtotal = sum + N * S;
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++)
            x[s * N + n] = at->wage_power[s * N + n] * e->epsilon_commuting[s] * dz[n * p->K + at_wage(s)];
    residents_payload payload = {p, at, z, dz, dtotal};
    bilateral_pass(&p->commuting, p->threads, x, go_to_work_change, &payload, sum, NULL, at->pass_work);
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            size_t ns = at2(n, s, S), sn = s * N + n;
            double dpower = e->epsilon_commuting[s] * dz[n * p->K + at_wage(s)], level = at->commuting_sum[sn];
            d.workers[ns] = level > 0 ? dpower + sum[sn] / level : 0;
            d.access[ns] = dtotal[ns] / e->epsilon_commuting[s];
            double wages = at->wage_income[ns];
            x[sn] = at->pay_power[sn] * (dpower + (wages > 0 ? dwages[ns] / wages : 0) - d.workers[ns]);
        }
    double *dpay = sum;
    bilateral_totals(&p->commuting, p->threads, x, dpay);
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            size_t ns = at2(n, s, S);
            double pay = at->pay_total[ns];
            d.income[ns] = pay > 0 ? at->labour_income[ns] * (dz[n * p->K + at_people(p, s)] + dpay[ns] / pay - dtotal[ns]) : 0;
        }
}

void commuting_own_change(const problem *p, const double *z, const point *at, size_t n, const double *dz, const double *dwages,
                          labour_changes d)
{
    const bashu_economy *e = p->economy;
    for (size_t s = 0; s < p->S; s++) {
        size_t ns = at2(n, s, p->S), sn = s * p->N + n;
        d.workers[s] = dz[at_people(p, s)];
        d.access[s] = dz[at_wage(s)];
        d.income[s] = dwages[s];
        if (!p->commuting.rows) continue;
        double own = p->commuting.kernel[(n * p->S + s) * p->N + n], total = at->access_total[ns], sum = at->commuting_sum[sn];
        double power = at->wage_power[sn], dpower = e->epsilon_commuting[s] * dz[at_wage(s)], pay = at->pay_total[ns];
        if (!(total > 0)) continue;
        double dtotal = own * power / total * dpower;
        d.access[s] = dtotal / e->epsilon_commuting[s];
        d.workers[s] = sum > 0 ? dpower * (1 - at->commuting_square[sn] * power / sum)
                                     + own * residents(p, z, n, s) / total / sum * dz[at_people(p, s)]
                               : 0;
        double dpay = dpower + (at->wage_income[ns] > 0 ? dwages[s] / at->wage_income[ns] : 0) - d.workers[s];
        d.income[s] = pay > 0 ? at->labour_income[ns] * (dz[at_people(p, s)] + own * at->pay_power[sn] / pay * dpay - dtotal) : 0;
    }
}
