/* gross_flows.c - who moves from market to market in a period, for people who look ahead (equilibrium/foresight.h).
 *
 * Observed (table gross_flows): shares of people in the market they leave; those who do not leave stay.
 * Else from a rate g_s (gross_migration), within each group s:
 *
 *   F_on = a_o a_n L_o L_n t_on^-x,   sum over n != o of F_on = g_s L_o       x: migration_time_elasticity
 *
 * symmetric: as many come as go, so that people would stay as many as they are if nothing changed. That is an assumption: what
 * moves people on balance is what changes. The rest of the world, and regions that do not exchange people (migration), stay apart. */
#include "calibrate/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 500 };

static bool flows_new(gross_flows **out, size_t **market, double **share, arena *memory, size_t pools, size_t markets)
{
    *out = arena_alloc(memory, 1, sizeof **out);
    *market = arena_alloc(memory, pools * markets, sizeof **market);
    *share = arena_alloc(memory, markets * pools * markets, sizeof **share);
    if (!*out || !*market || !*share) return false;
    **out = (gross_flows){pools, markets, *market, *share};
    return true;
}

/* ---- observed ------------------------------------------------------------------------------------- */

static bashu_status observed_flows(calibration *c)
{
    const bashu_data *d = c->data;
    size_t N = d->about.N, S = d->about.S, count = 0;
    size_t *of = arena_alloc(c->scratch, N * S, sizeof *of), *market; /* 1 + number in its pool */
    double *share;
    gross_flows *flows;
    if (!of) return fail_memory(c->context);
    for (size_t k = 0; k < d->moved_count; k++) of[d->moved[k].from] = of[d->moved[k].to] = 1;
    if (d->moves_change_group)
        for (size_t ns = 0; ns < N * S; ns++) of[ns] = of[ns] ? ++count : 0;
    else
        for (size_t n = 0; n < N; n++) { /* a region is there for all groups or for none */
            bool any = false;
            for (size_t s = 0; s < S; s++) any = any || of[at2(n, s, S)];
            count += any;
            for (size_t s = 0; s < S; s++) of[at2(n, s, S)] = any ? count : 0;
        }
    size_t Q = d->moves_change_group ? 1 : S, M = count;
    if (!flows_new(&flows, &market, &share, c->memory, Q, M)) return fail_memory(c->context);
    for (size_t ns = 0; ns < N * S; ns++)
        if (of[ns]) market[(Q == 1 ? 0 : ns % S) * M + of[ns] - 1] = d->people[ns] > 0 ? ns : SIZE_MAX;
    for (size_t g = 0; g < Q * M; g++)
        if (market[g] != SIZE_MAX) share[(g % M * Q + g / M) * M + g % M] = 1;
    for (size_t k = 0; k < d->moved_count; k++) {
        const moved_row *row = &d->moved[k];
        size_t q = Q == 1 ? 0 : row->from % S, i = of[row->from] - 1, h = of[row->to] - 1;
        if (row->people == 0) continue;
        share[(i * Q + q) * M + h] += row->people / d->people[row->from];
        share[(i * Q + q) * M + i] -= row->people / d->people[row->from];
    }
    for (size_t g = 0; g < Q * M; g++) { /* those who leave may be all; rounding is not less than none */
        double *stay = &share[(g % M * Q + g / M) * M + g % M];
        if (*stay < 1e-15 && market[g] != SIZE_MAX) *stay = 0;
    }
    c->economy->flows = flows;
    return BASHU_OK;
}

/* ---- from a rate ---------------------------------------------------------------------------------- */

static bool takes_part(const calibration *c, size_t n, size_t s)
{
    const double *registered = c->data->registered_same_area;
    return !is_foreign_region(c, n) && !(registered && isnan(registered[n])) && c->data->people[at2(n, s, c->data->about.S)] > 0;
}

/* Nearness of different places that take part, of group s; [N][N] */
static void fill_nearness(const calibration *c, size_t s, double *near)
{
    const bashu_economy *e = c->economy;
    size_t N = e->about.N, S = e->about.S;
    double x = e->about.elasticities[MIGRATION_TIME_ELASTICITY].by_item[0], people = 0;
    const double *time_h = e->travel_time_h ? e->travel_time_h + e->about.people_travel * N * N : NULL;
    for (size_t n = 0; n < N; n++)
        if (takes_part(c, n, s)) people += e->people[at2(n, s, S)];
    for (size_t o = 0; o < N; o++)
        for (size_t n = 0; n < N; n++) {
            bool pair = o != n && takes_part(c, o, s) && takes_part(c, n, s);
            double way = time_h && pair ? (time_h[o * N + n] + time_h[n * N + o]) / 2 : 1; /* as far there as back */
            near[o * N + n] = pair ? e->people[at2(o, s, S)] * e->people[at2(n, s, S)] / people * pow(way, -x) : 0;
        }
}

/* a with sum over n of a_o a_n near_on = wanted_o, by steps of geometric means. */
static bool balance(const double *near, const double *wanted, double *a, size_t N)
{
    double most = INFINITY;
    for (int round = 0; round < ROUNDS && most > 1e-12; round++) {
        most = 0;
        for (size_t o = 0; o < N; o++) {
            double sum = 0;
            if (!(wanted[o] > 0)) continue;
            for (size_t n = 0; n < N; n++) sum += near[o * N + n] * a[n];
            double step = wanted[o] / (sum * a[o]);
            most = fmax(most, fabs(step - 1));
            a[o] *= sqrt(step);
        }
    }
    return most < 1e-6;
}

static bashu_status flows_of_group(const calibration *c, size_t s, double *near, double *wanted, double *a, double *share)
{
    const bashu_economy *e = c->economy;
    size_t N = e->about.N, S = e->about.S;
    double rate = e->about.elasticities[GROSS_MIGRATION].by_item[s];
    fill_nearness(c, s, near);
    for (size_t n = 0; n < N; n++) {
        wanted[n] = takes_part(c, n, s) ? rate * e->people[at2(n, s, S)] : 0;
        a[n] = sqrt(rate);
    }
    if (rate > 0 && !balance(near, wanted, a, N))
        return fail(c->context, BASHU_ERROR_INPUT, "%s: no gross flows have %g of the people of '%s' move in a period: one place is too large; lower gross_migration",
                    e->about.folder, rate, e->about.groups[s].id);
    for (size_t o = 0; o < N; o++) {
        double here = e->people[at2(o, s, S)], left = 0, *row = share + (o * S + s) * N;
        if (!(here > 0)) continue;
        for (size_t n = 0; rate > 0 && n < N; n++) left += row[n] = a[o] * a[n] * near[o * N + n] / here;
        row[o] = 1 - left;
    }
    return BASHU_OK;
}

bashu_status fit_gross_flows(calibration *c)
{
    bashu_economy *e = c->economy;
    size_t N = e->about.N, S = e->about.S, *market;
    double *share, *near, *wanted, *a;
    gross_flows *flows;
    bool any = false;
    if (c->data->moved) return observed_flows(c);
    for (size_t s = 0; s < S; s++) any = any || e->about.elasticities[GROSS_MIGRATION].by_item[s] > 0;
    if (!any) return BASHU_OK;
    const array_wanted room[] = {{&near, N * N}, {&wanted, N}, {&a, N}};
    if (!flows_new(&flows, &market, &share, c->memory, S, N) || !ARENA_ARRAYS(c->scratch, room)) return fail_memory(c->context);
    for (size_t g = 0; g < S * N; g++) market[g] = e->people[at2(g % N, g / N, S)] > 0 ? at2(g % N, g / N, S) : SIZE_MAX;
    for (size_t s = 0; s < S; s++) TRY(flows_of_group(c, s, near, wanted, a, share));
    e->flows = flows;
    return BASHU_OK;
}
