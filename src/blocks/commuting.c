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
#include "blocks/members.h"

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

IN_EACH_WIDTH void nobody_commutes(const problem *p, const double *z, point *at, const size_t M)
{
    for (size_t n = 0; n < p->N; n++)
        for (size_t s = 0; s < p->S; s++) {
            size_t ns = at2(n, s, p->S) * M;
            const double *zn = z + n * p->K * M;
            EACH_MEMBER(m, M)
            {
                at->log_workers[ns + m] = zn[at_people(p, s) * M + m];
                at->log_access[ns + m] = zn[at_wage(s) * M + m];
                at->labour_income[ns + m] = at->wage_income[ns + m];
            }
        }
}

IN_EACH_WIDTH void leave_for_work(const residents_payload *r, size_t n, const double *total, double *weight, const size_t M)
{
    const problem *p = r->p;
    for (size_t s = 0; s < p->S; s++) {
        size_t ns = at2(n, s, p->S);
        double base = p->economy->people[ns];
        const double *people = r->z + (n * p->K + at_people(p, s)) * M;
        EACH_MEMBER(m, M)
        {
            double sum = total[s * M + m];
            r->total[ns * M + m] = sum;
            weight[s * M + m] = sum > 0 ? base * member_exp(people[m], M) / sum : 0;
        }
    }
}

FOR_EACH_WIDTH static void go_to_work(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    const residents_payload *r = payload;
    (void)kept;
    FOR_MEMBERS(r->p, leave_for_work, r, n, total, weight);
}

/* What places of work pay is added up over where residents work. */
static void pay_totals(const problem *p, point *at)
{
    size_t N = p->N, S = p->S;
    if (p->members == 1) {
        bilateral_totals(&p->commuting, p->threads, at->pay_power, at->pay_total);
        return;
    }
    double *total = at->spread_work; /* [N][members] of one group */
    for (size_t s = 0; s < S; s++) {
        many_totals(p->commuting.kernel + s * N, N, S * N, N, at->pay_power + s * N * p->members, total);
        for (size_t n = 0; n < N; n++)
            memcpy(at->pay_total + at2(n, s, S) * p->members, total + n * p->members, p->members * sizeof *total);
    }
}

IN_EACH_WIDTH void commute(const problem *p, const double *z, point *at, bool squares, const size_t M)
{
    const bashu_economy *e = p->economy;
    size_t N = p->N, S = p->S;
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            const double *wage = z + (n * p->K + at_wage(s)) * M;
            double *power = at->wage_power + (s * N + n) * M, epsilon = e->epsilon_commuting[s];
            EACH_MEMBER(m, M) power[m] = member_exp(epsilon * wage[m], M);
        }
    residents_payload payload = {p, at, z, NULL, at->access_total};
    pass_of_members(p, &p->commuting, at->wage_power, go_to_work, &payload, at->commuting_sum, squares ? at->commuting_square : NULL,
                    at->pass_work);
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            size_t ns = at2(n, s, S), sn = s * N + n;
            const double *power = at->wage_power + sn * M, *sum = at->commuting_sum + sn * M, *wages = at->wage_income + ns * M;
            double base = e->workers[ns], *log_workers = at->log_workers + ns * M, *pay = at->pay_power + sn * M;
            EACH_MEMBER(m, M)
            {
                double workers = power[m] * sum[m];
                log_workers[m] = base > 0 ? member_log(workers / base, M) : 0;
                pay[m] = workers > 0 ? power[m] * wages[m] / workers : 0;
            }
        }
    pay_totals(p, at);
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < S; s++) {
            size_t ns = at2(n, s, S);
            const double *total = at->access_total + ns * M, *pay = at->pay_total + ns * M, *people = z + (n * p->K + at_people(p, s)) * M;
            double base = e->people[ns], epsilon = e->epsilon_commuting[s], *access = at->log_access + ns * M, *income = at->labour_income + ns * M;
            EACH_MEMBER(m, M)
            {
                access[m] = total[m] > 0 ? member_log(total[m], M) / epsilon : 0;
                income[m] = total[m] > 0 ? base * member_exp(people[m], M) * pay[m] / total[m] : 0;
            }
        }
}

FOR_EACH_WIDTH void commuting_evaluate(const problem *p, const double *z, point *at, bool squares)
{
    if (p->commuting.rows) FOR_MEMBERS(p, commute, p, z, at, squares);
    else FOR_MEMBERS(p, nobody_commutes, p, z, at);
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
