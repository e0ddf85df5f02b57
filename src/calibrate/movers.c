/* movers.c - migration shares from residents by place of registration.
 *
 *   F_on: people registered in o who live in n
 *   sum over o in the area of n (n itself too)  F_on = A_n + home_n,  home_n = L_n - A_n - B_n  registered here
 *     A_n spread over the origins in the area by home_o t_on^-x (by residents, rich cities would send whom they drew)
 *   sum over o in other areas  F_on = B_n,  spread by h_area(o) home_o t_on^-x, h so that areas send in proportion to
 *     the weights of migration_origins (all equal when there are none)
 *   m_on^s = F_on^s / Lbar_o^s,  F_on^s = F_on L_n^s / L_n,  Lbar_o^s = sum_n F_on^s
 *
 * With `mobility: costless` or `free` there is no registration: m_n^s = L_n^s / L^s from one pool.
 *
 * The destination's totals are the census's, exactly. People in an educational group are taken to come from the same
 * places as everybody who lives there: the census tables do not cross the two. */
#include "calibrate/calibrate.h"

#include <math.h>
#include <string.h>

enum { MOVER_LIMIT = 2000 };

typedef struct movers {
    calibration *c;
    size_t N, A;
    double *people;   /* [N] residents */
    double *home;     /* [N] of them, registered here: who could have left is like who stayed */
    double *kernel;   /* [N origin][N destination] people at home in the origin x time^-x */
    double *flow;     /* [N origin][N destination] */
    double *area_factor, *area_sum; /* [A] */
} movers;

static bool exchanges(const movers *m, size_t n)
{
    return isfinite(m->c->data->registered_same_area[n]) && isfinite(m->c->data->registered_other_areas[n]);
}

static size_t area_of(const movers *m, size_t n)
{
    return m->c->data->about.regions[n].area_index;
}

static double kernel(const movers *m, size_t o, size_t n)
{
    return m->kernel[o * m->N + n];
}

static void fill_kernel(movers *m)
{
    const description *about = &m->c->data->about;
    double decay = about->elasticities[MIGRATION_TIME_ELASTICITY].by_item[0];
    const double *time_h = m->c->economy->travel_time_h;
    if (time_h) time_h += about->people_travel * m->N * m->N;
    for (size_t o = 0; o < m->N; o++)
        for (size_t n = 0; n < m->N; n++)
            m->kernel[o * m->N + n] = m->home[o] * (time_h && decay > 0 ? pow(time_h[o * m->N + n], -decay) : 1);
}

/* Same area: one scaling by destination is exact. */
static void same_area(movers *m)
{
    for (size_t n = 0; n < m->N; n++) {
        double sum = 0, movers_in = exchanges(m, n) ? m->c->data->registered_same_area[n] : 0;
        for (size_t o = 0; movers_in > 0 && o < m->N; o++)
            if (exchanges(m, o) && area_of(m, o) == area_of(m, n)) sum += kernel(m, o, n);
        for (size_t o = 0; movers_in > 0 && o < m->N; o++)
            if (exchanges(m, o) && area_of(m, o) == area_of(m, n)) m->flow[o * m->N + n] += movers_in * kernel(m, o, n) / sum;
        m->flow[n * m->N + n] += m->home[n];
    }
}

static bool crosses(const movers *m, size_t o, size_t n)
{
    return exchanges(m, o) && exchanges(m, n) && area_of(m, o) != area_of(m, n);
}

/* Flows between areas at the present factors, scaled once more so that destinations' totals are exact. */
static void add_crossings(movers *m)
{
    for (size_t n = 0; n < m->N; n++) {
        double sum = 0, arrivals = exchanges(m, n) ? m->c->data->registered_other_areas[n] : 0;
        for (size_t o = 0; o < m->N; o++)
            if (crosses(m, o, n)) sum += m->area_factor[area_of(m, o)] * kernel(m, o, n);
        double scale = m->c->mover_factor[n] = sum > 0 ? arrivals / sum : 0;
        for (size_t o = 0; o < m->N; o++)
            if (crosses(m, o, n)) m->flow[o * m->N + n] += scale * m->area_factor[area_of(m, o)] * kernel(m, o, n);
    }
}

/* Areas that send and receive. With two, what each sends is what the other receives, and weights say nothing. */
static size_t exchanging_areas(const movers *m)
{
    size_t count = 0;
    for (size_t a = 0; a < m->A; a++)
        for (size_t n = 0; n < m->N; n++)
            if (area_of(m, n) == a && exchanges(m, n)) {
                count++;
                break;
            }
    return count;
}

/* Other areas: destinations' totals and areas' weights, in turn; ends with the destinations, which are exact. Weights
 * that cannot be met (an area that sends nearly everything cannot also receive) are approached while that helps. */
static void other_areas(movers *m)
{
    const bashu_data *d = m->c->data;
    double total = 0, weights = 0, gap = INFINITY, checkpoint = INFINITY;
    for (size_t n = 0; n < m->N; n++) total += exchanges(m, n) ? d->registered_other_areas[n] : 0;
    for (size_t a = 0; a < m->A; a++) {
        m->area_factor[a] = 1;
        if (d->migration_origin_weight && isfinite(d->migration_origin_weight[a])) weights += d->migration_origin_weight[a];
    }
    if (exchanging_areas(m) <= 2) weights = 0;
    for (int step = 0; step < MOVER_LIMIT && gap > 1e-10; step++) {
        memset(m->area_sum, 0, m->A * sizeof(double));
        for (size_t n = 0; n < m->N; n++) {
            double sum = 0;
            for (size_t o = 0; o < m->N; o++)
                if (crosses(m, o, n)) sum += m->area_factor[area_of(m, o)] * kernel(m, o, n);
            double scale = sum > 0 && exchanges(m, n) ? d->registered_other_areas[n] / sum : 0;
            m->c->mover_factor[n] = scale;
            for (size_t o = 0; o < m->N; o++)
                if (crosses(m, o, n)) m->area_sum[area_of(m, o)] += scale * m->area_factor[area_of(m, o)] * kernel(m, o, n);
        }
        gap = 0;
        for (size_t a = 0; weights > 0 && a < m->A; a++) {
            double target = total * d->migration_origin_weight[a] / weights;
            if (!(m->area_sum[a] > 0) || !isfinite(target)) continue; /* an area without a weight is free */
            gap = worse(gap, target > 0 ? m->area_sum[a] / target - 1 : 1);
            if (target > 0) m->area_factor[a] *= target / m->area_sum[a];
        }
        if (step % 50 == 49) {
            if (gap > 0.9 * checkpoint) break;
            checkpoint = gap;
        }
    }
    add_crossings(m);
}

static bashu_status store_shares(const movers *m)
{
    calibration *c = m->c;
    bashu_economy *e = c->economy;
    size_t N = m->N, S = e->about.S;
    double *share = arena_alloc(c->memory, S * N * N, sizeof *share), *origin = arena_alloc(c->memory, S * N, sizeof *origin);
    if (!share || !origin) return fail_memory(c->context);
    for (size_t s = 0; s < S; s++)
        for (size_t o = 0; o < N; o++) {
            double sum = 0, *row = share + (s * N + o) * N;
            for (size_t n = 0; n < N; n++) sum += row[n] = m->flow[o * N + n] * e->people[at2(n, s, S)] / m->people[n];
            origin[s * N + o] = sum;
            for (size_t n = 0; n < N; n++) row[n] = sum > 0 ? row[n] / sum : (double)(n == o);
        }
    e->migration_share = share;
    e->origin_people = origin;
    return BASHU_OK;
}

/* One pool of people without places of registration; the foreign region, and those that a table of migration leaves out, keep
 * to themselves. */
static bashu_status pool(calibration *c)
{
    const bashu_data *d = c->data;
    bashu_economy *e = c->economy;
    size_t N = e->about.N, S = e->about.S, count = 1;
    size_t *of = arena_alloc(c->memory, N, sizeof *of);
    if (!of) return fail_memory(c->context);
    for (size_t n = 0; n < N; n++) {
        bool listed = !d->registered_same_area || (isfinite(d->registered_same_area[n]) && isfinite(d->registered_other_areas[n]));
        if (is_foreign_region(c, n) || !listed) of[n] = count++;
    }
    double *share = arena_alloc(c->memory, S * count * N, sizeof *share), *origin = arena_alloc(c->memory, S * count, sizeof *origin);
    if (!share || !origin) return fail_memory(c->context);
    for (size_t s = 0; s < S; s++) {
        for (size_t n = 0; n < N; n++) origin[s * count + of[n]] += e->people[at2(n, s, S)];
        for (size_t n = 0; n < N; n++) {
            double all = origin[s * count + of[n]];
            share[(s * count + of[n]) * N + n] = all > 0 ? e->people[at2(n, s, S)] / all : 0;
        }
    }
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; of[n] == 0 && s < S; s++) c->mover_factor[n] += e->people[at2(n, s, S)];
    e->origin_count = count;
    e->origin_of = of;
    e->migration_share = share;
    e->origin_people = origin;
    return BASHU_OK;
}

/* Where nobody moves, everybody is at home. */
static bashu_status stay_at_home(calibration *c)
{
    bashu_economy *e = c->economy;
    size_t N = e->about.N, S = e->about.S;
    double *origin = arena_alloc(c->memory, S * N, sizeof *origin);
    if (!origin) return fail_memory(c->context);
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++) origin[s * N + n] = e->people[at2(n, s, S)];
    e->origin_people = origin;
    return BASHU_OK;
}

/* Every region an origin of its own. */
static bashu_status own_origins(calibration *c)
{
    size_t N = c->economy->about.N, *of = arena_alloc(c->memory, N, sizeof *of);
    if (!of) return fail_memory(c->context);
    for (size_t n = 0; n < N; n++) of[n] = n;
    c->economy->origin_count = N;
    c->economy->origin_of = of;
    return BASHU_OK;
}

bashu_status fit_migration(calibration *c)
{
    const bashu_data *d = c->data;
    const description *about = &d->about;
    size_t N = about->N, A = about->A;
    c->mover_factor = arena_alloc(c->scratch, N, sizeof(double));
    if (!c->mover_factor) return fail_memory(c->context);
    TRY(own_origins(c));
    if (about->switches.mobility == MOBILITY_NONE) return stay_at_home(c);
    if (about->switches.mobility != MOBILITY_FRECHET) return pool(c);
    if (!d->registered_same_area)
        return fail(c->context, BASHU_ERROR_INPUT,
                    "%s: people move (mobility: frechet) but there is no table 'migration'; add migration.csv, or set mobility: none, costless or free",
                    about->folder);
    movers m = {.c = c, .N = N, .A = A};
    m.people = arena_alloc(c->scratch, N, sizeof(double));
    m.home = arena_alloc(c->scratch, N, sizeof(double));
    m.flow = arena_alloc(c->scratch, N * N, sizeof(double));
    m.kernel = arena_alloc(c->scratch, N * N, sizeof(double));
    m.area_factor = arena_alloc(c->scratch, A, sizeof(double));
    m.area_sum = arena_alloc(c->scratch, A, sizeof(double));
    if (!m.people || !m.home || !m.flow || !m.kernel || !m.area_factor || !m.area_sum) return fail_memory(c->context);
    for (size_t n = 0; n < N; n++)
        for (size_t s = 0; s < about->S; s++) m.people[n] += c->economy->people[at2(n, s, about->S)];
    for (size_t n = 0; n < N; n++)
        if (exchanges(&m, n) && !(m.people[n] > d->registered_same_area[n] + d->registered_other_areas[n]))
            return fail(c->context, BASHU_ERROR_INPUT,
                        "%s: region '%s' has %.0f people but %.0f registered elsewhere; somebody must be registered at home (migration.csv)",
                        about->folder, about->regions[n].label.id, m.people[n],
                        d->registered_same_area[n] + d->registered_other_areas[n]);
    for (size_t n = 0; n < N; n++)
        m.home[n] = m.people[n] - (exchanges(&m, n) ? d->registered_same_area[n] + d->registered_other_areas[n] : 0);
    fill_kernel(&m);
    same_area(&m);
    other_areas(&m);
    return store_shares(&m);
}
