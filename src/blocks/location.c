/* location.c - where people live.
 *
 *   V_n^s  = b_n^s Omega_n^-lambda A_n^s (I_n / E_n) / (P_n^alpha r_n^(1-alpha)),   P_n = Pi_j (P_n^j)^alpha_n^j
 *            Omega_n = sum_h exp(-rho t_nh) L_h / K_h, own place felt fully (rho = inf: L_n / K_n); a scale of K is free
 *            A_n^s access to wages (w_n^s without commuting), E_n residents' wages: income other than wages is shared in
 *            proportion to wages (Redding 2016)
 *   m'_on^s = m_on^s (Vhat_n^s / muhat_on^s)^epsilon / sum_h m_oh^s (Vhat_h^s / muhat_oh^s)^epsilon
 *   L'_n^s = sum_o m'_on^s Lbar_o^s
 *
 * Frechet tastes: Tombe & Zhu (2019), Redding (2016). With `mobility: costless` there is one origin, the whole pool of
 * people (and one for each place that does not take part). With `mobility: free` tastes do not differ and Vhat is equal over
 * the pool: L' = L Lhat Vhat / mean, whose fixed point that is (Caliendo, Parro, Rossi-Hansberg & Sarte 2018). */
#include "blocks/members.h"

#include <string.h>

typedef struct origin_payload {
    const problem *p;
    point *at;
} origin_payload;

/* Of group s in region n, [M]. */
IN_EACH_WIDTH void log_utility(const problem *p, const double *zn, const point *at, size_t n, size_t s, double *log_v, const size_t M)
{
    const bashu_economy *e = p->economy;
    size_t ns = at2(n, s, p->S);
    const double *amenity_hat = p->shock->amenity_hat + ns * M, *crowding = at->crowding + n * M, *access = at->log_access + ns * M;
    const double *income = at->income + n * M, *labour = at->labour_income + n * p->S * M;
    double alpha = e->goods_share[n], lambda = e->lambda, crowding_base = p->crowding_base[n], income_base = e->income[n], wages_base = 0;
    double wages[MEMBERS_MOST] = {0}, log_price[MEMBERS_MOST] = {0};
    for (size_t g = 0; g < p->S; g++) {
        wages_base += e->labour_income[at2(n, g, p->S)];
        EACH_MEMBER(m, M) wages[m] += labour[g * M + m];
    }
    for (size_t j = 0; j < p->J; j++) {
        double share = e->final_share[at2(n, j, p->J)];
        EACH_MEMBER(m, M) log_price[m] += share * zn[at_price(p, j) * M + m];
    }
    EACH_MEMBER(m, M)
    log_v[m] = member_log(amenity_hat[m], M) - lambda * member_log(crowding[m] / crowding_base, M) + access[m]
               + member_log(income[m] / income_base, M) - member_log(wages[m] / wages_base, M) - alpha * log_price[m]
               - (1 - alpha) * zn[at_rent(p) * M + m];
}

IN_EACH_WIDTH void leave(const problem *p, point *at, size_t o, const double *total, double *weight, const size_t M)
{
    for (size_t s = 0; s < p->S; s++) {
        double people = p->economy->origin_people[s * p->migration.rows + o], *kept = at->origin_total + at2(o, s, p->S) * M;
        EACH_MEMBER(m, M)
        {
            double sum = total[s * M + m];
            kept[m] = sum;
            weight[s * M + m] = sum > 0 ? people / sum : 0;
        }
    }
}

FOR_EACH_WIDTH static void leave_row(void *payload, size_t o, const double *total, const double *kept, double *weight)
{
    const origin_payload *r = payload;
    (void)kept;
    FOR_MEMBERS(r->p, leave, r->p, r->at, o, total, weight);
}

FOR_EACH_WIDTH static double felt(const double *decay, const double *in, size_t N)
{
    return dot(decay, in, N);
}

/* out[n] = sum over h of decay[n][h] in[h]; own place only: in[n] */
static void crowd(const problem *p, const double *in, double *out)
{
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t n = 0; n < p->N; n++) out[n] = p->amenity_decay ? felt(p->amenity_decay + n * p->N, in, p->N) : in[n];
}

IN_EACH_WIDTH void crowd_places(const problem *p, const double *z, point *at, const size_t M)
{
    for (size_t n = 0; n < p->N; n++) {
        double *residents = at->residents + n * M;
        EACH_MEMBER(m, M) residents[m] = 0;
        for (size_t s = 0; s < p->S; s++) {
            double base = p->economy->people[at2(n, s, p->S)];
            const double *people = z + (n * p->K + at_people(p, s)) * M;
            EACH_MEMBER(m, M) residents[m] += base * member_exp(people[m], M);
        }
    }
    if (M == 1) crowd(p, at->residents, at->crowding);
    else if (p->amenity_decay) many_totals(p->amenity_decay, p->N, p->N, p->N, at->residents, at->crowding);
    else memcpy(at->crowding, at->residents, p->N * M * sizeof(double));
}

FOR_EACH_WIDTH void location_crowding(const problem *p, const double *z, point *at)
{
    FOR_MEMBERS(p, crowd_places, p, z, at);
}

static double residents_change(const problem *p, const double *z, size_t n, const double *dz)
{
    double sum = 0;
    for (size_t s = 0; s < p->S; s++)
        sum += p->economy->people[at2(n, s, p->S)] * exp(z[n * p->K + at_people(p, s)]) * dz[at_people(p, s)];
    return sum;
}

void location_crowding_change(const problem *p, const double *z, const point *at, const double *dz, double *dcrowding, double *scratch)
{
    for (size_t n = 0; n < p->N; n++) scratch[n] = residents_change(p, z, n, dz + n * p->K);
    crowd(p, scratch, dcrowding);
    for (size_t n = 0; n < p->N; n++) dcrowding[n] /= at->crowding[n];
}

double location_own_crowding_change(const problem *p, const double *z, const point *at, size_t n, const double *dz)
{
    double weight = p->amenity_decay ? p->amenity_decay[n * p->N + n] : 1;
    return weight * residents_change(p, z, n, dz) / at->crowding[n];
}

IN_EACH_WIDTH void choose(const problem *p, const double *z, point *at, const size_t M)
{
    for (size_t n = 0; n < p->N; n++)
        for (size_t s = 0; s < p->S; s++) {
            size_t ns = at2(n, s, p->S);
            const double *zn = z + n * p->K * M;
            double *log_v = at->log_utility + ns * M, *power = at->utility_power + (s * p->N + n) * M, taste = p->taste[s];
            if (p->economy->people[ns] > 0) log_utility(p, zn, at, n, s, log_v, M);
            else memset(log_v, 0, M * sizeof *log_v);
            if (p->migration.rows)
                EACH_MEMBER(m, M) power[m] = member_exp(taste * log_v[m] + (p->free ? zn[at_people(p, s) * M + m] : 0), M);
        }
}

FOR_EACH_WIDTH void location_evaluate(const problem *p, const double *z, point *at, bool squares)
{
    location_crowding(p, z, at);
    FOR_MEMBERS(p, choose, p, z, at);
    if (!p->migration.rows) return;
    origin_payload payload = {p, at};
    pass_of_members(p, &p->migration, at->utility_power, leave_row, &payload, at->migration_sum, squares ? at->migration_square : NULL,
                    at->pass_work);
}

void location_utility_change(const problem *p, const point *at, size_t n, const double *dz, labour_changes d, double dincome,
                             double dcrowding, double *dutility)
{
    const bashu_economy *e = p->economy;
    double alpha = e->goods_share[n], wages = 0, dwages = 0, common = dincome / at->income[n];
    for (size_t s = 0; s < p->S; s++) {
        wages += at->labour_income[at2(n, s, p->S)];
        dwages += d.income[s];
    }
    for (size_t j = 0; j < p->J; j++) common -= alpha * e->final_share[at2(n, j, p->J)] * dz[at_price(p, j)];
    common -= e->lambda * dcrowding + dwages / wages + (1 - alpha) * dz[at_rent(p)];
    for (size_t s = 0; s < p->S; s++) dutility[s] = common + d.access[s];
}

double location_pull_change(const problem *p, size_t s, const double *dz, double dutility)
{
    return p->taste[s] * dutility + (p->free ? dz[at_people(p, s)] : 0);
}

typedef struct spread_payload {
    const problem *p;
    const point *at;
} spread_payload;

/* The weight of an origin falls as its alternatives improve: d(Lbar/total) = -(Lbar/total) dtotal/total. */
static void spread_row(void *payload, size_t o, const double *total, const double *kept, double *weight)
{
    const problem *p = ((spread_payload *)payload)->p;
    const point *at = ((spread_payload *)payload)->at;
    (void)kept;
    for (size_t s = 0; s < p->S; s++) {
        double base = at->origin_total[at2(o, s, p->S)];
        weight[s] = base > 0 ? -p->economy->origin_people[s * p->migration.rows + o] * total[s] / (base * base) : 0;
    }
}

void location_spread(const problem *p, const point *at, const double *dz, const double *dutility, double *dpeople, double *scratch)
{
    double *x = scratch, *sum = x + p->S * p->N;
    for (size_t s = 0; s < p->S; s++)
        for (size_t n = 0; n < p->N; n++)
            x[s * p->N + n] = at->utility_power[s * p->N + n] * location_pull_change(p, s, dz + n * p->K, dutility[at2(n, s, p->S)]);
    spread_payload payload = {p, at};
    bilateral_pass(&p->migration, p->threads, x, spread_row, &payload, sum, NULL, at->pass_work);
    for (size_t s = 0; s < p->S; s++)
        for (size_t n = 0; n < p->N; n++) {
            double base = at->migration_sum[s * p->N + n];
            double pull = location_pull_change(p, s, dz + n * p->K, dutility[at2(n, s, p->S)]);
            dpeople[at2(n, s, p->S)] = base > 0 ? pull + sum[s * p->N + n] / base : 0;
        }
}
