/* leontief.c - input-output accounts from tables.
 *
 *   x_o     = sum_d Z_od + sum_s y_os                    output: all that industry o sells
 *   A_od    = Z_od / x_d                                 inputs per unit of output; 0 where x_d = 0
 *   L       = (I - A)^-1,   x = L y                      Leontief (1936, 1941); Miller & Blair (2009, ch. 2)
 *   S_ao    = F_ao / x_o,   M = S L                      account a per unit of output, and of final demand (multiplier)
 *   E_ars   = sum_{o in r} S_ao sum_o' L_oo' y_o's       made in r for what final users of s buy
 *   pba_ar  = sum_{o in r} F_ao + FY_ar                  by production; FY: final users themselves
 *   cba_as  = sum_r E_ars + FY_as                        by consumption
 *   exports_ar = sum_{s not r} E_ars,   imports_as = sum_{r not s} E_ars,   so that cba = pba - exports + imports
 *
 * Hawkins & Simon (1949): final demand can be met by outputs that are not negative iff the spectral radius of A is below 1,
 * that is iff L exists and has no negative entry. The radius is bounded by powers of L: with v_k = L v_{k-1}, v_0 = 1,
 * A v_k = v_k - v_{k-1}, so it is at most max_o (1 - v_{k-1,o} / v_{k,o}) for every k (Collatz 1942). */
#include "measure/leontief.h"

#include "linalg/lu_blocks.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { POWER_LIMIT = 200, GUESS_LIMIT = 500 };

/* ---- what both ways share ------------------------------------------------------------------------- */

bashu_status leontief_room(bashu_leontief *a)
{
    size_t R = a->R, N = R * a->J, A = a->account_count;
    const array_wanted wanted[] = {{&a->output, N},   {&a->bought, R},     {&a->gross_exports, R},
                                   {&a->made, A * R}, {&a->direct, A * R}, {&a->embodied, A * R * R}};
    bashu_equation *equations = arena_alloc(a->memory, LEONTIEF_EQUATION_LIMIT, sizeof *equations);
    if (!ARENA_ARRAYS(a->memory, wanted) || !equations) return fail_memory(a->context);
    a->info = (bashu_leontief_info){.regions = R, .sectors = a->J, .accounts = A, .equations = equations};
    a->info.spectral_radius = (double)NAN;
    return BASHU_OK;
}

void leontief_certify(bashu_leontief *a, const char *name, double residual, const char *where)
{
    bashu_equation *equations = arena_alloc(a->memory, LEONTIEF_EQUATION_LIMIT, sizeof *equations);
    if (!equations || a->info.equation_count == LEONTIEF_EQUATION_LIMIT) {
        a->info.residual = (double)NAN; /* what is not stated must not pass */
        return;
    }
    memcpy(equations, a->info.equations, a->info.equation_count * sizeof *equations);
    equations[a->info.equation_count++] = (bashu_equation){name, residual, residual == 0 || !where ? "" : where};
    a->info.equations = equations;
    a->info.residual = worse(a->info.residual, residual);
}

const char *leontief_industry(const bashu_leontief *a, size_t industry)
{
    return arena_format(a->memory, "%s, %s", a->sectors[industry % a->J], a->regions[industry / a->J]);
}

leontief_region leontief_set_of(const bashu_leontief *a, size_t account, const unsigned char *inside)
{
    leontief_region sum = {0};
    for (size_t r = 0; r < a->R; r++) {
        const double *row = a->embodied + at3(account, r, 0, a->R, a->R);
        for (size_t s = 0; s < a->R; s++) {
            if (inside[r] && !inside[s]) sum.exports += row[s];
            if (inside[s] && !inside[r]) sum.imports += row[s];
            if (inside[s]) sum.cba += row[s];
        }
        if (inside[r]) sum.pba += a->made[at2(account, r, a->R)];
        if (inside[r]) sum.direct += a->direct[at2(account, r, a->R)];
    }
    sum.pba += sum.direct;
    sum.cba += sum.direct;
    return sum;
}

leontief_region leontief_region_of(const bashu_leontief *a, size_t account, size_t region)
{
    leontief_region sum = {.direct = a->direct[at2(account, region, a->R)]};
    double own = a->embodied[at3(account, region, region, a->R, a->R)];
    for (size_t r = 0; r < a->R; r++) {
        if (r == region) continue;
        sum.exports += a->embodied[at3(account, region, r, a->R, a->R)];
        sum.imports += a->embodied[at3(account, r, region, a->R, a->R)];
    }
    sum.pba = a->made[at2(account, region, a->R)] + sum.direct;
    sum.cba = own + sum.imports + sum.direct;
    return sum;
}

/* ---- coefficients and inverse ---------------------------------------------------------------------- */

static void take_coefficients(bashu_leontief *a, const flow_tables *t)
{
    size_t N = a->R * a->J;
    for (size_t o = 0; o < N; o++)
        for (size_t d = 0; d < N; d++)
            a->coefficients[at2(o, d, N)] = a->output[d] > 0 ? t->flow[at2(o, d, N)] / a->output[d] : 0;
}

/* About the spectral radius of A, for a message: powers of I + A, which settle also where A goes round in circles. */
static double guess_radius(const bashu_leontief *a, double *v, double *av)
{
    size_t N = a->R * a->J;
    double radius = 0;
    for (size_t i = 0; i < N; i++) v[i] = 1;
    for (int k = 0; k < GUESS_LIMIT; k++) {
        double before = 0, after = 0;
        for (size_t i = 0; i < N; i++) av[i] = dot(a->coefficients + i * N, v, N);
        for (size_t i = 0; i < N; i++) {
            before += v[i];
            after += av[i];
            v[i] += av[i];
        }
        radius = after / before;
        for (size_t i = 0; i < N; i++) v[i] /= before + after;
    }
    return radius;
}

static bashu_status fail_unproductive(bashu_leontief *a)
{
    size_t N = a->R * a->J, most = 0;
    double *v = arena_alloc(a->memory, N, sizeof *v), *av = arena_alloc(a->memory, N, sizeof *av);
    if (!v || !av) return fail_memory(a->context);
    double radius = guess_radius(a, v, av);
    memset(v, 0, N * sizeof *v);
    for (size_t o = 0; o < N; o++) add_scaled(v, 1, a->coefficients + o * N, N);
    for (size_t d = 1; d < N; d++)
        if (v[d] > v[most]) most = d;
    return fail(
        a->context, BASHU_ERROR_INPUT,
        "%s: the economy is not productive (Hawkins-Simon): the spectral radius of its input coefficients is about "
        "%.6g and must be below 1. Sector '%s' of region '%s' uses most, %.6g per unit of output; correct its inputs "
        "in "
        "flows.csv, or the final demand",
        a->name, radius, a->sectors[most % a->J], a->regions[most / a->J], v[most]);
}

static bool productive(const bashu_leontief *a)
{
    size_t N = a->R * a->J;
    double largest = 0, least = 0;
    for (size_t k = 0; k < N * N; k++) {
        if (!isfinite(a->inverse[k])) return false;
        largest = fmax(largest, a->inverse[k]);
        least = fmin(least, a->inverse[k]);
    }
    return least >= -1e-12 * largest; /* zeros come out as rounding */
}

static bashu_status invert(bashu_leontief *a)
{
    size_t N = a->R * a->J;
    lu_blocks *factors = lu_blocks_new(1, N);
    if (!factors || !arena_keep(a->memory, lu_blocks_free, factors)) {
        lu_blocks_free(factors);
        return fail_memory(a->context);
    }
    for (size_t o = 0; o < N; o++) /* I - A, column by column, in the room of the inverse */
        for (size_t d = 0; d < N; d++) a->inverse[at2(d, o, N)] = (o == d) - a->coefficients[at2(o, d, N)];
    if (!lu_blocks_factor(factors, 0, a->inverse)) return fail_unproductive(a);
    memset(a->inverse, 0, N * N * sizeof *a->inverse);
    for (size_t d = 0; d < N; d++) a->inverse[at2(d, d, N)] = 1;
    if (!lu_blocks_solve_many(factors, 0, a->inverse, N, thread_count(a->context))) return fail_memory(a->context);
    return productive(a) ? BASHU_OK : fail_unproductive(a);
}

/* ---- what is embodied ------------------------------------------------------------------------------ */

/* output_for [R][N]: what each industry makes for what final users of a region buy. */
static void take_output_for(double *output_for, const bashu_leontief *a, const flow_tables *t)
{
    size_t N = a->R * a->J, R = a->R;
#pragma omp parallel for schedule(static) num_threads(thread_count(a->context))
    for (size_t s = 0; s < R; s++)
        for (size_t d = 0; d < N; d++)
            if (t->final[at2(d, s, R)] != 0)
                add_scaled(output_for + s * N, t->final[at2(d, s, R)], a->inverse + d * N, N);
}

static void take_embodied(bashu_leontief *a, const flow_tables *t, const double *output_for)
{
    size_t R = a->R, J = a->J, N = R * J;
    for (size_t k = 0; k < a->account_count; k++)
        for (size_t o = 0; o < N; o++) {
            double made = t->satellite[at2(k, o, N)], *row = a->embodied + at3(k, o / J, 0, R, R);
            a->made[at2(k, o / J, R)] += made;
            for (size_t s = 0; s < R && a->output[o] > 0; s++) row[s] += made / a->output[o] * output_for[s * N + o];
        }
    memcpy(a->direct, t->direct, a->account_count * R * sizeof *a->direct);
}

static void take_trade(bashu_leontief *a, const flow_tables *t)
{
    size_t R = a->R, J = a->J, N = R * J;
    for (size_t o = 0; o < N; o++) {
        for (size_t d = 0; d < N; d++)
            if (d / J != o / J) a->gross_exports[o / J] += t->flow[at2(o, d, N)];
        for (size_t s = 0; s < R; s++) {
            a->bought[s] += t->final[at2(o, s, R)];
            if (s != o / J) a->gross_exports[o / J] += t->final[at2(o, s, R)];
        }
    }
}

static void take_multipliers(bashu_leontief *a, const flow_tables *t, double *intensity)
{
    size_t N = a->R * a->J;
    for (size_t d = 0; d < N; d++)
        for (size_t o = 0; o < N; o++) a->output_multiplier[d] += a->inverse[at2(d, o, N)];
    for (size_t k = 0; k < a->account_count; k++) {
        for (size_t o = 0; o < N; o++) intensity[o] = a->output[o] > 0 ? t->satellite[at2(k, o, N)] / a->output[o] : 0;
        for (size_t d = 0; d < N; d++) a->multiplier[at2(k, d, N)] = dot(intensity, a->inverse + d * N, N);
    }
}

/* ---- certificate ------------------------------------------------------------------------------------ */

static void certify_balance(bashu_leontief *a, const double *output_for)
{
    size_t N = a->R * a->J, where = 0;
    double worst = 0, largest = 0;
    for (size_t o = 0; o < N; o++) largest = fmax(largest, a->output[o]);
    for (size_t o = 0; o < N; o++) {
        double sum = 0;
        for (size_t s = 0; s < a->R; s++) sum += output_for[s * N + o];
        double residual = (sum - a->output[o]) / largest;
        if (!(fabs(residual) <= worst)) where = o;
        worst = worse(worst, residual);
    }
    leontief_certify(a, "balance", worst, leontief_industry(a, where));
}

/* max |(I - A) L - I| */
static void certify_inverse(bashu_leontief *a, double *column_worst)
{
    size_t N = a->R * a->J, where = 0;
    double worst = 0;
#pragma omp parallel for schedule(static) num_threads(thread_count(a->context))
    for (size_t d = 0; d < N; d++) {
        const double *column = a->inverse + d * N;
        column_worst[d] = 0;
        for (size_t o = 0; o < N; o++)
            column_worst[d] = worse(column_worst[d], column[o] - dot(a->coefficients + o * N, column, N) - (o == d));
    }
    for (size_t d = 0; d < N; d++) {
        if (!(column_worst[d] <= worst)) where = d;
        worst = worse(worst, column_worst[d]);
    }
    leontief_certify(a, "inverse", worst, leontief_industry(a, where));
}

/* All that is made is made for somebody. */
static void certify_embodied(bashu_leontief *a)
{
    size_t R = a->R;
    double worst = 0;
    const char *where = "";
    for (size_t k = 0; k < a->account_count; k++) {
        double largest = 0;
        for (size_t r = 0; r < R; r++) largest = fmax(largest, fabs(a->made[at2(k, r, R)]));
        for (size_t r = 0; r < R && largest > 0; r++) {
            double sum = -a->made[at2(k, r, R)];
            for (size_t s = 0; s < R; s++) sum += a->embodied[at3(k, r, s, R, R)];
            if (!(fabs(sum / largest) <= worst))
                where = arena_format(a->memory, "%s, %s", a->accounts[k], a->regions[r]);
            worst = worse(worst, sum / largest);
        }
    }
    leontief_certify(a, "embodied", worst, where);
}

/* The bound falls with k; no more is asked than that it settles. */
static void bound_radius(bashu_leontief *a, double *v, double *next)
{
    size_t N = a->R * a->J;
    double bound = 1;
    for (size_t i = 0; i < N; i++) v[i] = 1;
    for (int k = 0; k < POWER_LIMIT; k++) {
        double now = 0, largest = 0;
        memset(next, 0, N * sizeof *next);
        for (size_t d = 0; d < N; d++) add_scaled(next, v[d], a->inverse + d * N, N);
        for (size_t i = 0; i < N; i++) {
            now = fmax(now, 1 - v[i] / next[i]);
            largest = fmax(largest, next[i]);
        }
        bool settled = now > bound * (1 - 1e-12);
        bound = fmin(bound, now);
        if (settled) break;
        for (size_t i = 0; i < N; i++) v[i] = fmax(next[i] / largest, 1e-280); /* positive, as the bound asks */
    }
    a->info.spectral_radius = bound;
}

bashu_status leontief_tables(bashu_leontief *a, const flow_tables *t)
{
    double start = now_s(), *output_for, *work, *more;
    a->name = t->folder;
    a->R = t->R;
    a->J = t->J;
    a->account_count = t->account_count;
    a->regions = t->regions;
    a->sectors = t->sectors;
    a->accounts = t->accounts;
    a->file_count = t->file_count;
    a->files = t->files;
    size_t N = a->R * a->J;
    TRY(leontief_room(a));
    const array_wanted wanted[] = {{&a->coefficients, N * N},
                                   {&a->inverse, N * N},
                                   {&a->output_multiplier, N},
                                   {&work, N},
                                   {&more, N},
                                   {&a->multiplier, a->account_count * N},
                                   {&output_for, a->R * N}};
    if (!ARENA_ARRAYS(a->memory, wanted)) return fail_memory(a->context);
    memcpy(a->output, t->output, N * sizeof *a->output);
    take_coefficients(a, t);
    TRY(invert(a));
    take_output_for(output_for, a, t);
    take_embodied(a, t, output_for);
    take_trade(a, t);
    take_multipliers(a, t, work);
    certify_balance(a, output_for);
    certify_inverse(a, work);
    certify_embodied(a);
    bound_radius(a, work, more);
    a->info.reason = BASHU_CONVERGED_RESIDUAL;
    a->info.time_s = now_s() - start;
    return is_cancelled(a->context) ? fail(a->context, BASHU_INTERRUPTED, "interrupted") : BASHU_OK;
}
