/* reference.c - nested damped iteration.
 *
 *   log c_i^j = gamma_i^j log what_i + sum_k gamma_i^{jk} log Phat_i^k
 *   x_i^j     = (That_i^j / c_i^j)^theta;  Phat_n^j = (sum_i pi_ni^j x_i^j)^(-1/theta)          the inner loop of prices
 *   Y_i^j     = x_i^j sum_n pi_ni^j X_n^j / sum_h pi_nh^j x_h^j
 *   X_n^j     = alpha_n^j I_n + sum_k gamma_n^{kj} Y_n^k                                         the inner loop of expenditures
 *   I_n       = (1 + d_n) sigma what_n VA_n, sigma = sum_n what_n VA_n / sum_n (1 + d_n) what_n VA_n;  d = D / VA
 *   what_n   <- what_n (1 + kappa (sum_j gamma_n^j Y_n^j / (what_n VA_n) - 1)), then sum_n what_n VA_n = sum_n VA_n
 *
 * Powers are of N x J numbers, never of pairs; shares are applied by two products with pi and not written down; there is no
 * system of N J equations. Published scripts do none of this. */
#include "reference.h"

#include "linalg/vector.h"

#include <math.h>
#include <string.h>

bool reference_new(reference *r, arena *memory, const bashu_economy *e, const shock *k)
{
    size_t N = e->about.N, J = e->about.J, NJ = N * J;
    *r = (reference){.economy = e, .shock = k, .threads = 1, .damping = 0.3, .tolerance = 1e-10, .inner = 1e-11, .round_limit = 20000,
                     .N = N, .J = J};
    const array_wanted wanted[] = {{&r->wage, N}, {&r->log_price, NJ}, {&r->output, NJ}, {&r->expenditure, NJ}, {&r->income, N},
                                   {&r->value_added, N}, {&r->deficit_share, N}, {&r->log_wage, N}, {&r->x, NJ}, {&r->total, NJ},
                                   {&r->weight, NJ}, {&r->sum, NJ}, {&r->next, NJ}};
    return ARENA_ARRAYS(memory, wanted);
}

static void start(reference *r)
{
    const bashu_economy *e = r->economy;
    size_t N = r->N, J = r->J;
    for (size_t n = 0; n < N; n++) {
        r->wage[n] = 1;
        r->value_added[n] = 0;
        for (size_t j = 0; j < J; j++) r->value_added[n] += e->value_added_share[n * J + j] * e->output[n * J + j];
        r->deficit_share[n] = e->deficit[n] / r->value_added[n];
    }
    memset(r->log_price, 0, N * J * sizeof *r->log_price);
    memcpy(r->output, e->output, N * J * sizeof *r->output);
    memcpy(r->expenditure, e->expenditure, N * J * sizeof *r->expenditure);
    r->rounds = r->price_rounds = r->spending_rounds = 0;
}

FOR_EACH_WIDTH static double dot_of(const double *a, const double *x, size_t n)
{
    return dot(a, x, n);
}

FOR_EACH_WIDTH static void add_row(double *y, double weight, const double *x, size_t n)
{
    add_scaled(y, weight, x, n);
}

/* x of place i; [J][N], as rows of pi are read. */
static void produce(const reference *r, size_t i)
{
    const bashu_economy *e = r->economy;
    size_t N = r->N, J = r->J;
    const double *input = e->input_share + e->about.regions[i].area_index * J * J, *log_price = r->log_price + i * J;
    for (size_t j = 0; j < J; j++) {
        double log_cost = e->value_added_share[i * J + j] * r->log_wage[i];
        for (size_t k = 0; k < J; k++) log_cost += input[j * J + k] * log_price[k];
        r->x[j * N + i] = exp(-e->theta[j] * log_cost) * r->weight[i * J + j]; /* weight: That^theta, for this loop */
    }
}

static void settle_prices(reference *r)
{
    const bashu_economy *e = r->economy;
    size_t N = r->N, J = r->J;
    double gap = INFINITY;
    for (size_t n = 0; n < N; n++) {
        r->log_wage[n] = log(r->wage[n]);
        for (size_t j = 0; j < J; j++) r->weight[n * J + j] = pow(r->shock->productivity_hat[n * J + j], e->theta[j]);
    }
    if (!r->warm) memset(r->log_price, 0, N * J * sizeof *r->log_price);
    for (int round = 0; round < 1000 && !(gap <= r->inner); round++) {
#pragma omp parallel for schedule(static) num_threads(r->threads)
        for (size_t i = 0; i < N; i++) produce(r, i);
#pragma omp parallel for schedule(static) num_threads(r->threads)
        for (size_t n = 0; n < N; n++)
            for (size_t j = 0; j < J; j++) {
                r->total[n * J + j] = dot_of(e->trade_share + (n * J + j) * N, r->x + j * N, N);
                r->next[n * J + j] = -log(r->total[n * J + j]) / e->theta[j];
            }
        gap = 0;
        for (size_t i = 0; i < N * J; i++) gap = worse(gap, r->next[i] - r->log_price[i]);
        memcpy(r->log_price, r->next, N * J * sizeof *r->next);
        r->price_rounds++;
    }
}

static void incomes(reference *r)
{
    double earned = 0, wanted = 0;
    for (size_t n = 0; n < r->N; n++) {
        r->income[n] = (1 + r->deficit_share[n]) * r->wage[n] * r->value_added[n];
        earned += r->wage[n] * r->value_added[n];
        wanted += r->income[n];
    }
    for (size_t n = 0; n < r->N; n++) r->income[n] *= earned / wanted;
}

static void settle_spending(reference *r)
{
    const bashu_economy *e = r->economy;
    size_t N = r->N, J = r->J;
    double gap = INFINITY;
    if (!r->warm) memcpy(r->expenditure, e->expenditure, N * J * sizeof *r->expenditure);
    for (int round = 0; round < 1000 && !(gap <= r->inner); round++) {
        for (size_t i = 0; i < N * J; i++) r->weight[i] = r->expenditure[i] / r->total[i];
#pragma omp parallel for schedule(static) num_threads(r->threads)
        for (size_t j = 0; j < J; j++) {
            double *sum = r->sum + j * N;
            memset(sum, 0, N * sizeof *sum);
            for (size_t n = 0; n < N; n++) add_row(sum, r->weight[n * J + j], e->trade_share + (n * J + j) * N, N);
        }
        gap = 0;
        for (size_t n = 0; n < N; n++) {
            const double *input = e->input_share + e->about.regions[n].area_index * J * J;
            double *spent = r->next + n * J;
            for (size_t j = 0; j < J; j++) {
                r->output[n * J + j] = r->x[j * N + n] * r->sum[j * N + n];
                spent[j] = e->final_share[n * J + j] * r->income[n];
            }
            for (size_t k = 0; k < J; k++)
                for (size_t j = 0; j < J; j++) spent[j] += input[k * J + j] * r->output[n * J + k];
            for (size_t j = 0; j < J; j++) gap = worse(gap, spent[j] / r->expenditure[n * J + j] - 1);
        }
        memcpy(r->expenditure, r->next, N * J * sizeof *r->next);
        r->spending_rounds++;
    }
}

/* Excess demand for labour, and a damped step; the last one is not taken, so that prices belong to the wages. */
static void step_wages(reference *r)
{
    const bashu_economy *e = r->economy;
    double before = 0, after = 0;
    r->excess = 0;
    for (size_t n = 0; n < r->N; n++) {
        double demand = 0, paid = r->wage[n] * r->value_added[n];
        for (size_t j = 0; j < r->J; j++) demand += e->value_added_share[n * r->J + j] * r->output[n * r->J + j];
        r->log_wage[n] = demand / paid - 1; /* for this loop */
        r->excess = worse(r->excess, r->log_wage[n]);
    }
    if (r->excess <= r->tolerance) return;
    for (size_t n = 0; n < r->N; n++) {
        before += r->value_added[n];
        r->wage[n] *= 1 + r->damping * r->log_wage[n];
        after += r->wage[n] * r->value_added[n];
    }
    for (size_t n = 0; n < r->N; n++) r->wage[n] *= before / after;
}

bool reference_solve(reference *r)
{
    start(r);
    do {
        settle_prices(r);
        incomes(r);
        settle_spending(r);
        step_wages(r);
        r->rounds++;
    } while (r->excess > r->tolerance && isfinite(r->excess) && r->rounds < r->round_limit);
    return r->excess <= r->tolerance;
}
