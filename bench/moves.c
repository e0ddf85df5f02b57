/* moves.c - invented gross flows between all markets of an invented economy.
 *
 *   F_gh = a near_gh sqrt(L_g L_h) drift_h,   near = sqrt(pi_nm pi_mn), mean over sectors, 0.3 of it where people change what they do
 *
 * a: such that a twentieth of the people leave; drift: up to a tenth more go to some places than come from there, so that the economy as observed is
 * not in its long run. */
#include "synthetic.h"

#include <math.h>

static const double leaving = 0.05, into_other_work = 0.3, drift = 0.1;

static double drift_to(size_t place)
{
    enum { KINDS = 11 };
    return exp(drift * (double)(place * 7919 % KINDS) / (KINDS - 1));
}

/* [N][N] */
static void fill_nearness(const bashu_economy *e, double *near)
{
    size_t N = e->about.N, J = e->about.J;
    for (size_t n = 0; n < N; n++)
        for (size_t m = 0; m < N; m++) {
            double to = 0, from = 0;
            for (size_t j = 0; j < J; j++) {
                to += e->trade_share[(n * J + j) * N + m];
                from += e->trade_share[(m * J + j) * N + n];
            }
            near[n * N + m] = n == m ? 1 : sqrt(to * from) / (double)J;
        }
}

static double flow_between(const bashu_economy *e, const double *near, size_t g, size_t h)
{
    size_t N = e->about.N, S = e->about.S;
    if (g == h) return 0;
    return near[g / S * N + h / S] * (g % S == h % S ? 1 : into_other_work) * sqrt(e->people[g] * e->people[h]);
}

bashu_status synthetic_moves(bashu_economy *e)
{
    size_t N = e->about.N, G = N * e->about.S;
    arena *scratch = arena_new(e->context);
    gross_flows *flows = arena_alloc(e->memory, 1, sizeof *flows);
    size_t *market = arena_alloc(e->memory, G, sizeof *market);
    double *share = arena_alloc(e->memory, G * G, sizeof *share), *near = scratch ? arena_alloc(scratch, N * N, sizeof *near) : NULL;
    double people = 0, all = 0;
    bashu_status status = flows && market && share && near ? BASHU_OK : fail_memory(e->context);
    if (status == BASHU_OK) fill_nearness(e, near);
    for (size_t g = 0; status == BASHU_OK && g < G; g++) {
        people += e->people[g];
        for (size_t h = 0; h < G; h++) all += flow_between(e, near, g, h);
    }
    for (size_t g = 0; status == BASHU_OK && g < G; g++) {
        double *row = share + g * G, left = 0;
        market[g] = g;
        for (size_t h = 0; h < G; h++) left += row[h] = flow_between(e, near, g, h) * drift_to(h / e->about.S) * leaving * people / all / e->people[g];
        row[g] = 1 - left;
    }
    if (status == BASHU_OK) *flows = (gross_flows){1, G, market, share};
    if (status == BASHU_OK) e->flows = flows;
    if (scratch) arena_free(scratch);
    return status;
}
