/* foresight_people.c - where people who look ahead go, given what living in each market is worth.
 *
 *   v_t^i      = log omega_t^i + nu log sum_h exp((beta v_t+1^h - tau^ih) / nu)        expected lifetime utility
 *   mu_t^ih    = exp((beta v_t+1^h - tau^ih) / nu) / the sum of it over h             share of people of i who move to h
 *   L_t+1^h    = sum_i mu_t^ih L_t^i
 * Caliendo, Dvorkin & Parro (2019), Econometrica 87(3), equations (2), (3) and (4). Costs tau and levels of omega are not known; gross flows
 * mu_-1, which people chose knowing v_0, are. With y_t = v_t - v_0 (so y_0 = 0)
 *
 *   y_t^i      = log omega_t^i + c^i + nu log a_t^i,   a_t^i = sum_h mu_-1^ih B_t^h,   B_t^h = exp(beta y_t+1^h / nu)
 *   mu_t^ih    = mu_-1^ih B_t^h / a_t^i
 *
 * c^i: what makes y_0 = 0, a constant of the market. So a period is one product with the same matrix back and one forward, and no shares of
 * any other period are ever stored (the paper's dynamic hat algebra, of which this is the product over periods). Where costs of moving change,
 * the matrix is the one of the period (foresight_costs.c).
 *
 * Steady: y by Newton (its Jacobian I - beta mu by GMRES, preconditioned by its diagonal); people as L = L_0 + d, (I - mu') d = mu' L_0 - L_0
 * likewise, then a few relaxed sweeps  L^h <- (L^h + sum_{i != h} mu^ih L^i / (1 - mu^hh)) / 2, which small markets need for their last digits. */
#include "equilibrium/foresight_people.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

static const double SETTLED = 2e-14; /* relative: rounding over the share that leaves */

bashu_status movers_new(movers **out, arena *memory, bashu_context *context, size_t pools, size_t markets, const double *share,
                        const unsigned char *is_there, double beta, double nu)
{
    movers *m = arena_alloc(memory, 1, sizeof *m);
    if (!m) return fail_memory(context);
    size_t G = pools * markets;
    *m = (movers){.context = context, .Q = pools, .M = markets, .G = G, .beta = beta, .nu = nu, .is_there = is_there,
                  .moves = {.rows = markets, .layers = pools, .columns = markets, .kernel = share},
                  .threads = threads_for(context, (double)G * (double)markets)};
    const array_wanted wanted[] = {{&m->power, G}, {&m->sum, G}, {&m->total, G}, {&m->work, bilateral_work(markets, pools, markets)},
                                   {&m->flow, G}, {&m->leaving, G}, {&m->scratch, G}, {&m->change, G}, {&m->rest, G}, {&m->scale, pools}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(context);
    TRY(ladder_new(&m->steady, memory, G));
    *out = m;
    return BASHU_OK;
}

void movers_turn_to(movers *m, const double *kernel) { m->moves.kernel = kernel; }

/* power = B of these values over their largest in the pool, which cancels in shares; scale: its log times nu. */
static void set_power(movers *m, const double *next)
{
    for (size_t q = 0; q < m->Q; q++) {
        double most = -INFINITY;
        for (size_t g = q * m->M; g < (q + 1) * m->M; g++)
            if (m->is_there[g] && next[g] > most) most = next[g];
        for (size_t g = q * m->M; g < (q + 1) * m->M; g++) m->power[g] = m->is_there[g] ? exp(m->beta / m->nu * (next[g] - most)) : 0;
        m->scale[q] = m->beta * most;
    }
}

/* out = nu log a of every market; total: [M][Q] a over its scale */
static void log_totals(movers *m, const double *next, double *total, double *out)
{
    set_power(m, next);
    bilateral_totals(&m->moves, m->threads, m->power, total);
    for (size_t g = 0; g < m->G; g++) {
        size_t q = g / m->M, i = g % m->M;
        out[g] = m->is_there[g] ? m->nu * log(total[i * m->Q + q]) + m->scale[q] : 0;
    }
}

void movers_value(movers *m, const double *flow, const double *next, double *total, double *value)
{
    log_totals(m, next, total, value);
    for (size_t g = 0; g < m->G; g++) value[g] = m->is_there[g] ? value[g] + flow[g] : 0;
}

void movers_constant(movers *m, const double *value, double *constant)
{
    log_totals(m, value, m->total, constant);
    for (size_t g = 0; g < m->G; g++) constant[g] = m->is_there[g] ? value[g] - constant[g] : 0;
}

/* sum = the kernel's transpose times people over total: those who arrive, over the power of where they do. */
static void arrive(movers *m, const double *people, const double *total)
{
    for (size_t g = 0; g < m->G; g++) {
        size_t at = g % m->M * m->Q + g / m->M;
        m->leaving[at] = total[at] > 0 ? people[g] / total[at] : 0;
    }
    bilateral_sums(&m->moves, m->threads, m->leaving, m->sum, m->work);
}

void movers_people(movers *m, const double *next, const double *total, const double *people, double *people_next)
{
    set_power(m, next);
    arrive(m, people, total);
    for (size_t g = 0; g < m->G; g++) people_next[g] = m->is_there[g] ? m->power[g] * m->sum[g] : people[g];
}

/* ---- steady values -------------------------------------------------------------------------------- */

/* Share of people who stay, with power and total as they are. */
static double staying(const movers *m, size_t g)
{
    size_t q = g / m->M, i = g % m->M;
    if (!m->is_there[g]) return 0;
    return m->moves.kernel[(i * m->Q + q) * m->M + i] * m->power[g] / m->total[i * m->Q + q];
}

static bool evaluate_value(void *payload, const double *y, double *f, bool fully)
{
    movers *m = payload;
    bool finite = true;
    (void)fully;
    movers_value(m, m->flow, y, m->total, f);
    for (size_t g = 0; g < m->G; g++) {
        f[g] = m->is_there[g] ? f[g] - y[g] : 0;
        finite = finite && isfinite(f[g]);
    }
    return finite;
}

static void precondition_value(void *payload, const double *f, double *step)
{
    const movers *m = payload;
    for (size_t g = 0; g < m->G; g++) step[g] = f[g] / (1 - m->beta * staying(m, g));
}

static void derive_value(void *payload, const double *v, double *jv)
{
    movers *m = payload;
    for (size_t g = 0; g < m->G; g++) m->change[g] = m->power[g] * v[g];
    bilateral_totals(&m->moves, m->threads, m->change, m->rest);
    for (size_t g = 0; g < m->G; g++) {
        size_t at = g % m->M * m->Q + g / m->M;
        jv[g] = m->is_there[g] ? m->beta * m->rest[at] / m->total[at] - v[g] : 0;
    }
}

bool movers_steady_value(movers *m, const double *flow, double *value)
{
    double size = 1;
    memcpy(m->flow, flow, m->G * sizeof *flow);
    for (size_t g = 0; g < m->G; g++) size = fmax(size, fabs(value[g]));
    fixed_point f = {.size = m->G, .payload = m, .evaluate = evaluate_value, .precondition = precondition_value, .derivative = derive_value};
    /* what values lack is what periods lack over 1 - beta */
    solve_settings settings = {fmax(1e-14, 1e-15 * size / (1 - m->beta)) , 2000, RUNG_NEWTON_KRYLOV, 1e-3, RUNG_NONE};
    solve_outcome outcome = {0};
    ladder_solve(m->steady, m->context, &f, &settings, value, &outcome);
    return outcome.reason > 0 || outcome.residual < 1e3 * settings.tolerance;
}

/* ---- steady people -------------------------------------------------------------------------------- */

static void precondition_people(void *payload, const double *f, double *step)
{
    const movers *m = payload;
    for (size_t g = 0; g < m->G; g++) {
        double leaving = 1 - staying(m, g);
        step[g] = m->is_there[g] && leaving > 0 ? f[g] / leaving : f[g];
    }
}

static void derive_people(void *payload, const double *v, double *jv)
{
    movers *m = payload;
    arrive(m, v, m->total);
    for (size_t g = 0; g < m->G; g++) jv[g] = m->is_there[g] ? m->power[g] * m->sum[g] - v[g] : 0;
}

/* People of a pool are as many as they were; those who are where nobody moves stay. */
static void keep_number(const movers *m, const double *before, double *people)
{
    for (size_t q = 0; q < m->Q; q++) {
        double was = 0, is = 0;
        for (size_t g = q * m->M; g < (q + 1) * m->M; g++) {
            if (!m->is_there[g] || !(staying(m, g) < 1)) continue;
            was += before[g];
            is += people[g];
        }
        for (size_t g = q * m->M; g < (q + 1) * m->M; g++)
            if (m->is_there[g] && staying(m, g) < 1) people[g] *= was / is;
    }
}

/* One relaxed sweep; returns the largest relative change. */
static double relax(movers *m, double *people, double *f)
{
    double worst = 0;
    derive_people(m, people, f);
    for (size_t g = 0; g < m->G; g++) {
        double leaving = 1 - staying(m, g);
        if (!m->is_there[g] || !(leaving > 0)) continue;
        double step = f[g] / leaving / 2;
        worst = worse(worst, step / people[g]);
        people[g] += step;
    }
    return worst;
}

bool movers_steady_people(movers *m, const double *value, double accuracy, double *people)
{
    enum { ROUNDS = 4, SWEEPS = 24 };
    double *before = m->flow, *f = m->scratch, worst = INFINITY, settled = fmax(accuracy, SETTLED);
    memcpy(before, people, m->G * sizeof *people);
    set_power(m, value);
    bilateral_totals(&m->moves, m->threads, m->power, m->total);
    fixed_point linear = {.size = m->G, .payload = m, .precondition = precondition_people, .derivative = derive_people};
    for (int round = 0; round < ROUNDS && worst > settled; round++) {
        int passes = 0;
        derive_people(m, people, f);
        double left = sqrt(dot(f, f, m->G)), all = sqrt(dot(people, people, m->G));
        ladder_linear(m->steady, m->context, &linear, f, fmin(0.5, fmax(1e-14, settled / 100 * all / left)), 240, m->change, &passes);
        for (size_t g = 0; g < m->G; g++) people[g] = fmax(people[g] + m->change[g], 1e-3 * people[g]);
        for (int sweep = 0; sweep < SWEEPS && (sweep == 0 || worst > settled); sweep++) worst = relax(m, people, f);
        keep_number(m, before, people);
    }
    return worst < fmax(1e-10, accuracy);
}
