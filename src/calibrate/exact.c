/* exact.c - accounts that clear to rounding.
 *
 *   Y_i^j = sum_n pi_ni^j X_n^j / (1 + tau_ni^j),  X_n^j = F_n^j + sum_k gamma_n^{jk} Y_n^k    solved for Y, with pi and F fixed
 *   I_n = (sum_j F_n^j) / alpha_n;   alpha_n^j = F_n^j / sum_k F_n^k
 *         with rents: landlords  I_n = sum_j F_n^j - sum_j eta gamma Y_n^j,  D_n = I_n - E_n - R_n
 *   D_n = I_n [1 - (1-iota)(1-alpha)] - E_n - (1-iota) sum_j eta gamma Y_n^j - R_n - o_n Pi       E: residents' wages
 *
 * Fitting margins (to 1e-11 where they can be met, never worse than 1e-3) leaves outputs that do not clear to rounding;
 * this moves them by as much, and the deficits take up the difference. `bashu check` says how much it was. With `baseline:
 * settled` nothing moves here: the accounts need not clear, and equilibrium/rebase.c finds what does. */
#include "calibrate/calibrate.h"

#include <math.h>
#include <string.h>

static void expenditures(calibration *c)
{
    const description *about = &c->data->about;
    size_t N = about->N, J = about->J;
    for (size_t n = 0; n < N; n++) {
        const double *input = c->input_share + about->regions[n].area_index * J * J;
        double *x = c->expenditure + n * J;
        memcpy(x, c->final + n * J, J * sizeof *x);
        for (size_t j = 0; j < J; j++)
            for (size_t k = 0; k < J; k++) x[k] += input[j * J + k] * c->output[at2(n, j, J)];
    }
}

/* Sales of every region and sector at the present expenditures; threads split sellers' columns by sector. */
static void sales(const calibration *c, double *out)
{
    size_t N = c->data->about.N, J = c->data->about.J;
    const double *tariff = c->data->tariff;
#pragma omp parallel for schedule(static) num_threads(threads_for(c->context, (double)(N * N * J)))
    for (size_t j = 0; j < J; j++) {
        for (size_t i = 0; i < N; i++) out[at2(i, j, J)] = 0;
        for (size_t n = 0; n < N; n++) {
            const double *share = c->trade_share + (n * J + j) * N;
            double x = c->expenditure[at2(n, j, J)];
            for (size_t i = 0; i < N; i++)
                out[at2(i, j, J)] += share[i] * x / (tariff ? 1 + tariff[(n * J + j) * N + i] : 1);
        }
    }
}

static bashu_status clear_markets(calibration *c, double *moved)
{
    size_t size = c->data->about.N * c->data->about.J;
    double *next = arena_alloc(c->scratch, size, sizeof *next), *start = arena_alloc(c->scratch, size, sizeof *start);
    if (!next || !start) return fail_memory(c->context);
    memcpy(start, c->output, size * sizeof *start);
    double gap = INFINITY;
    for (int step = 0; step < 2000 && gap > 2e-15; step++) {
        double before = gap;
        expenditures(c);
        sales(c, next);
        gap = 0;
        for (size_t i = 0; i < size; i++) gap = worse(gap, c->output[i] > 0 ? next[i] / c->output[i] - 1 : 0);
        memcpy(c->output, next, size * sizeof *next);
        if (gap < 1e-13 && gap >= before) break; /* rounding */
    }
    expenditures(c);
    *moved = 0;
    for (size_t i = 0; i < size; i++) *moved = worse(*moved, start[i] > 0 ? c->output[i] / start[i] - 1 : 0);
    return gap < 1e-12 ? BASHU_OK : fail(c->context, BASHU_ERROR_INTERNAL, "outputs do not settle: gap %.2g", gap);
}

static bashu_status incomes(calibration *c)
{
    bashu_economy *e = c->economy;
    const description *about = &e->about;
    size_t N = about->N, J = about->J, S = about->S;
    double *income = arena_alloc(c->memory, N, sizeof(double)), *wage_bill = arena_alloc(c->memory, N * S, sizeof(double));
    double *land = arena_alloc(c->memory, N, sizeof(double)), *revenue = arena_alloc(c->memory, N, sizeof(double));
    double *deficit = arena_alloc(c->memory, N, sizeof(double)), *share = arena_alloc(c->memory, N * J, sizeof(double));
    double *earned = arena_alloc(c->memory, N * S, sizeof(double));
    if (!income || !wage_bill || !land || !revenue || !deficit || !share || !earned) return fail_memory(c->context);
    double portfolio = 0, people = 0;
    bool landlords = about->switches.rents == RENTS_LANDLORDS;
    for (size_t n = 0; n < N; n++) {
        double final = 0, land_use = 0;
        bool specific = about->regions[n].specific_structures;
        for (size_t j = 0; j < J; j++) final += c->final[at2(n, j, J)];
        for (size_t j = 0; j < J; j++) {
            size_t nj = at2(n, j, J);
            double value_added = c->value_added_share[nj] * c->output[nj], labour = (1 - e->land_share[nj]) * value_added;
            share[nj] = c->final[nj] / final;
            land_use += value_added - labour;
            for (size_t s = 0; s < S; s++) wage_bill[at2(n, s, S)] += e->wage_share[nj * S + s] * labour;
            for (size_t i = 0; c->data->tariff && i < N; i++) {
                double tau = c->data->tariff[nj * N + i];
                revenue[n] += c->trade_share[nj * N + i] * c->expenditure[nj] * tau / (1 + tau);
            }
        }
        income[n] = landlords ? final - land_use : final / e->goods_share[n];
        land[n] = (1 - e->goods_share[n]) * income[n] + (specific ? 0 : land_use);
        deficit[n] = income[n] - revenue[n];
        if (!landlords) deficit[n] -= (1 - e->iota[n]) * ((1 - e->goods_share[n]) * income[n] + land_use);
        if (is_foreign_region(c, n)) continue;
        portfolio += e->iota[n] * (land[n] + (specific ? land_use : 0));
        for (size_t s = 0; s < S; s++) people += e->people[at2(n, s, S)];
    }
    TRY(residents_wages(c, wage_bill, earned));
    for (size_t n = 0; n < N; n++) {
        if (e->portfolio_share) deficit[n] -= portfolio * e->portfolio_share[n];
        for (size_t s = 0; s < S; s++) {
            deficit[n] -= earned[at2(n, s, S)];
            if (!e->portfolio_share && !is_foreign_region(c, n)) deficit[n] -= portfolio * e->people[at2(n, s, S)] / people;
        }
    }
    e->income = income;
    e->wage_bill = wage_bill;
    e->labour_income = earned;
    e->land_income = land;
    e->tariff_revenue = revenue;
    e->deficit = deficit;
    e->final_share = share;
    return BASHU_OK;
}

bashu_status close_accounts(calibration *c)
{
    double moved = 0;
    if (c->data->about.switches.baseline == BASELINE_OBSERVED) TRY(clear_markets(c, &moved));
    bashu_economy *e = c->economy;
    e->trade_share = c->trade_share;
    /* e->tariff is calibrate()'s own copy */
    e->input_share = c->input_share;
    e->value_added_share = c->value_added_share;
    e->output = c->output;
    e->expenditure = c->expenditure;
    if (moved > 1e-12)
        TRY(note_adjustment(c, "outputs: largest relative move to clear all markets exactly (x 1e-9)",
                            "产出：为使各市场精确出清的最大相对调整（×1e-9）", 0, moved * 1e9));
    return incomes(c);
}
