/* leontief_economy.c - value added embodied in final demand, of a calibrated economy (Johnson & Noguera 2012).
 *
 *   Z_{ik,nj} = q_ni^k gamma_n^{kj} Y_n^j,   q_ni^k = pi_ni^k / (1 + tau_ni^k)     sales of sector k of i to sector j of n, as received
 *   y_{ik,n}  = q_ni^k (X_n^k - sum_j gamma_n^{kj} Y_n^j)                        sales to the final users of n
 *   X_n       = (I - A)^-1 y_n,   A_{ik,nj} = q_ni^k gamma_n^{kj}                output that what n finally buys calls for
 *   E_in      = sum_j gamma_i^j X_{ij,n}                                         value added of i in the final demand of n
 *
 * A is never formed: it is N J by N J, but only N x J x N numbers (q) and one J x J table a region (gamma) stand behind it. Right
 * sides are solved for in batches, by sweeps over the regions (block Gauss-Seidel) with the block of each region inverted:
 *
 *   X_i <- (I - A_ii)^-1 (y_i + sum_{n not i} A_in X_n)
 *
 * Value added takes a share of every output, so I - A is an M-matrix where no coefficient is negative; the splitting is then
 * regular, and the sweeps converge (Varga 1962, theorem 3.13), from zero upwards. The residual is stated in any case. Batches are cut without regard to threads: the same bits always. */
#include "linalg/lu_blocks.h"
#include "linalg/vector.h"
#include "measure/leontief.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = VECTOR_LANES, GROUP = 4, SWEEP_LIMIT = 1000 };
static const double settled = 1e-14; /* of the largest output, a sweep's largest change */

typedef struct embodiment {
    const bashu_economy *economy;
    size_t N, J, rows;
    double *received; /* q [J][rows: N sells, filled up to whole groups][N buys] */
    double *own;      /* (I - A_ii)^-1 [N][J row][J column] */
} embodiment;

typedef struct batch {   /* working memory of one thread: a lane is a right side */
    double *need;        /* [J][N][WIDTH] intermediate use of sector k by n: sum_j gamma_n^{kj} X_nj */
    double *output;      /* X [N][J][WIDTH] */
    double *wanted;      /* [GROUP][J][WIDTH] */
    double *bought;      /* [J][WIDTH] what the final users of each lane's region spend on sector k */
    size_t first, count; /* regions of the lanes */
} batch;

static const double *inputs_of(const bashu_economy *e, size_t n) /* [J using][J input] */
{
    return e->input_share + e->about.regions[n].area_index * e->about.J * e->about.J;
}

/* What is bought and not used up in production, whoever buys it. */
static double final_use(const bashu_economy *e, size_t n, size_t k)
{
    size_t J = e->about.J;
    double left = e->expenditure[at2(n, k, J)];
    for (size_t j = 0; j < J; j++) left -= inputs_of(e, n)[j * J + k] * e->output[at2(n, j, J)];
    return left;
}

static void take_received(embodiment *m)
{
    const bashu_economy *e = m->economy;
    size_t N = m->N, J = m->J;
#pragma omp parallel for schedule(static) num_threads(thread_count(e->context))
    for (size_t k = 0; k < J; k++)
        for (size_t n = 0; n < N; n++)
            for (size_t i = 0; i < N; i++) {
                size_t at = at3(n, k, i, J, N);
                m->received[at3(k, i, n, m->rows, N)] = e->trade_share[at] / (1 + (e->tariff ? e->tariff[at] : 0));
            }
}

static bashu_status take_own(embodiment *m, arena *memory)
{
    size_t N = m->N, J = m->J;
    lu_blocks *blocks = lu_blocks_new(N, J);
    double *matrix = arena_alloc(memory, 2 * J * J, sizeof *matrix), *column = matrix + J * J;
    if (!blocks || !matrix || !arena_keep(memory, lu_blocks_free, blocks)) {
        lu_blocks_free(blocks);
        return fail_memory(arena_context(memory));
    }
    for (size_t i = 0; i < N; i++) {
        const double *inputs = inputs_of(m->economy, i);
        for (size_t j = 0; j < J; j++)
            for (size_t k = 0; k < J; k++)
                matrix[j * J + k] = (j == k) - m->received[at3(k, i, i, m->rows, N)] * inputs[j * J + k];
        if (!lu_blocks_factor(blocks, i, matrix))
            return fail(arena_context(memory), BASHU_ERROR_INTERNAL, "region '%s' uses all it makes",
                        m->economy->about.regions[i].label.id);
        for (size_t k = 0; k < J; k++) {
            memset(column, 0, J * sizeof *column);
            column[k] = 1;
            lu_blocks_solve(blocks, i, column);
            for (size_t j = 0; j < J; j++) m->own[at3(i, j, k, J, J)] = column[j];
        }
    }
    return BASHU_OK;
}

/* wanted[g] += sum over n of weight[g][n] * need[n] for the rows of a group at once: needs are read once for all. */
static inline void add_needs(double *restrict wanted, size_t stride, const double *restrict weight, size_t N,
                             const double *restrict need, size_t first, size_t last)
{
    double lane[GROUP][WIDTH];
    for (size_t g = 0; g < GROUP; g++) memcpy(lane[g], wanted + g * stride, sizeof lane[g]);
    for (size_t n = first; n < last; n++)
        for (size_t g = 0; g < GROUP; g++) {
            LANES_TOGETHER
            for (size_t w = 0; w < WIDTH; w++) lane[g][w] += weight[g * N + n] * need[n * WIDTH + w];
        }
    for (size_t g = 0; g < GROUP; g++) memcpy(wanted + g * stride, lane[g], sizeof lane[g]);
}

/* What final users, and all regions outside of the group, want of the regions begin .. begin + GROUP; rows beyond the last
 * region are zero. */
static inline void take_wanted(const embodiment *m, batch *b, size_t begin)
{
    size_t J = m->J, end = begin + GROUP < m->N ? begin + GROUP : m->N;
    for (size_t k = 0; k < J; k++) {
        const double *weight = m->received + at3(k, begin, 0, m->rows, m->N), *need = b->need + k * m->N * WIDTH;
        double *wanted = b->wanted + k * WIDTH;
        for (size_t g = 0; g < GROUP; g++) {
            memset(wanted + g * J * WIDTH, 0, WIDTH * sizeof *wanted);
            for (size_t w = 0; w < b->count; w++)
                wanted[g * J * WIDTH + w] = weight[g * m->N + b->first + w] * b->bought[k * WIDTH + w];
        }
        add_needs(wanted, J * WIDTH, weight, m->N, need, 0, begin);
        add_needs(wanted, J * WIDTH, weight, m->N, need, end, m->N);
    }
}

/* What region n of the group wants of region i. */
static inline void add_wanted(const embodiment *m, batch *b, size_t begin, size_t i, size_t n)
{
    for (size_t k = 0; k < m->J; k++) {
        double share = m->received[at3(k, i, n, m->rows, m->N)], *wanted = b->wanted + ((i - begin) * m->J + k) * WIDTH;
        const double *need = b->need + (k * m->N + n) * WIDTH;
        LANES_TOGETHER
        for (size_t w = 0; w < WIDTH; w++) wanted[w] += share * need[w];
    }
}

/* One region's turn: its outputs, then its needs. changed, largest: [WIDTH]. */
static inline void update_region(const embodiment *m, batch *b, const double *wanted, size_t i, double *changed,
                                 double *largest)
{
    size_t N = m->N, J = m->J;
    const double *inputs = inputs_of(m->economy, i);
    for (size_t j = 0; j < J; j++) {
        double *output = b->output + (i * J + j) * WIDTH, now[WIDTH] = {0};
        for (size_t k = 0; k < J; k++) {
            LANES_TOGETHER
            for (size_t w = 0; w < WIDTH; w++) now[w] += m->own[at3(i, j, k, J, J)] * wanted[k * WIDTH + w];
        }
        for (size_t w = 0; w < WIDTH; w++) {
            changed[w] = worse(changed[w], now[w] - output[w]);
            largest[w] = worse(largest[w], now[w]);
            output[w] = now[w];
        }
    }
    for (size_t k = 0; k < J; k++) {
        double *need = b->need + (k * N + i) * WIDTH;
        memset(need, 0, WIDTH * sizeof *need);
        for (size_t j = 0; j < J; j++) {
            const double *output = b->output + (i * J + j) * WIDTH;
            LANES_TOGETHER
            for (size_t w = 0; w < WIDTH; w++) need[w] += inputs[j * J + k] * output[w];
        }
    }
}

/* Gives the number of sweeps, -1 when the limit was reached. */
FOR_EACH_WIDTH static int solve_batch(const embodiment *m, batch *b)
{
    memset(b->need, 0, m->J * m->N * WIDTH * sizeof *b->need);
    memset(b->output, 0, m->J * m->N * WIDTH * sizeof *b->output);
    for (int sweep = 1; sweep <= SWEEP_LIMIT; sweep++) {
        double changed[WIDTH] = {0}, largest[WIDTH] = {0};
        bool done = true;
        for (size_t begin = 0; begin < m->N; begin += GROUP) {
            size_t end = begin + GROUP < m->N ? begin + GROUP : m->N;
            take_wanted(m, b, begin);
            for (size_t i = begin; i < end; i++) {
                for (size_t n = begin; n < end; n++)
                    if (n != i) add_wanted(m, b, begin, i, n);
                update_region(m, b, b->wanted + (i - begin) * m->J * WIDTH, i, changed, largest);
            }
        }
        for (size_t w = 0; w < b->count; w++) done = done && changed[w] <= settled * largest[w];
        if (done) return sweep;
    }
    return -1;
}

/* max |y + A X - X| / max X of each right side. */
FOR_EACH_WIDTH static double residual_of(const embodiment *m, batch *b)
{
    double off[WIDTH] = {0}, largest[WIDTH] = {0}, worst = 0;
    for (size_t begin = 0; begin < m->N; begin += GROUP) {
        size_t end = begin + GROUP < m->N ? begin + GROUP : m->N;
        take_wanted(m, b, begin);
        for (size_t i = begin; i < end; i++)
            for (size_t n = begin; n < end; n++) add_wanted(m, b, begin, i, n);
        for (size_t k = 0; k < (end - begin) * m->J * WIDTH; k++) {
            double output = b->output[begin * m->J * WIDTH + k];
            off[k % WIDTH] = worse(off[k % WIDTH], b->wanted[k] - output);
            largest[k % WIDTH] = worse(largest[k % WIDTH], output);
        }
    }
    for (size_t w = 0; w < b->count; w++)
        if (largest[w] > 0 || off[w] != 0) worst = worse(worst, off[w] / largest[w]);
    return worst;
}

static void take_embodied(bashu_leontief *a, const embodiment *m, const batch *b)
{
    for (size_t i = 0; i < m->N; i++)
        for (size_t w = 0; w < b->count; w++) {
            double sum = 0;
            for (size_t j = 0; j < m->J; j++)
                sum += m->economy->value_added_share[at2(i, j, m->J)] * b->output[(i * m->J + j) * WIDTH + w];
            a->embodied[at2(i, b->first + w, m->N)] = sum;
        }
}

/* What all final users call for together, by batch; [batches][N * J]. */
static void take_sum(double *sum, const embodiment *m, const batch *b)
{
    for (size_t k = 0; k < m->N * m->J; k++)
        for (size_t w = 0; w < b->count; w++) sum[k] += b->output[k * WIDTH + w];
}

typedef struct batch_report {
    int sweeps;
    double residual;
} batch_report;

static bool batch_open(batch *b, const embodiment *m)
{
    size_t size = m->N * m->J * WIDTH;
    *b = (batch){.need = malloc(size * sizeof(double)),
                 .output = malloc(size * sizeof(double)),
                 .wanted = malloc(GROUP * m->J * WIDTH * sizeof(double)),
                 .bought = malloc(m->J * WIDTH * sizeof(double))};
    return b->need && b->output && b->wanted && b->bought;
}

static void batch_take(batch *b, const embodiment *m, size_t first)
{
    b->first = first;
    b->count = m->N - first < WIDTH ? m->N - first : WIDTH;
    for (size_t k = 0; k < m->J; k++)
        for (size_t w = 0; w < b->count; w++) b->bought[k * WIDTH + w] = final_use(m->economy, first + w, k);
}

static void batch_close(batch *b)
{
    free(b->need);
    free(b->output);
    free(b->wanted);
    free(b->bought);
}

static bashu_status solve_all(bashu_leontief *a, const embodiment *m, batch_report *reports, double *sums,
                              size_t batches)
{
    int out_of_memory = 0;
#pragma omp parallel num_threads(thread_count(a->context)) reduction(| : out_of_memory)
    {
        batch b;
        out_of_memory |= !batch_open(&b, m);
#pragma omp for schedule(dynamic)
        for (size_t k = 0; k < batches; k++) {
            if (out_of_memory || is_cancelled(a->context)) continue;
            batch_take(&b, m, k * WIDTH);
            reports[k].sweeps = solve_batch(m, &b);
            reports[k].residual = residual_of(m, &b);
            take_embodied(a, m, &b);
            take_sum(sums + k * m->N * m->J, m, &b);
        }
        batch_close(&b);
    }
    if (out_of_memory) return fail_memory(a->context);
    return is_cancelled(a->context) ? fail(a->context, BASHU_INTERRUPTED, "interrupted") : BASHU_OK;
}

static void take_trade(bashu_leontief *a, const embodiment *m)
{
    const bashu_economy *e = a->economy;
    size_t N = m->N, J = m->J;
    memcpy(a->output, e->output, N * J * sizeof *a->output);
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < J; k++) {
            a->made[i] += e->value_added_share[at2(i, k, J)] * e->output[at2(i, k, J)];
            for (size_t n = 0; n < N; n++) {
                double received = m->received[at3(k, i, n, m->rows, N)];
                a->bought[n] += received * final_use(e, n, k);
                if (n != i) a->gross_exports[i] += received * e->expenditure[at2(n, k, J)];
            }
        }
}

static void certify(bashu_leontief *a, const batch_report *reports, double *sums, size_t batches)
{
    size_t N = a->R, J = a->J, where = 0;
    double solution = 0, balance = 0, embodied = 0, largest = 0, most = 0;
    a->info.reason = BASHU_CONVERGED_RESIDUAL;
    for (size_t k = 0; k < batches; k++) {
        solution = worse(solution, reports[k].residual);
        if (reports[k].sweeps < 0) a->info.reason = BASHU_DIVERGED_LIMIT;
        if (reports[k].sweeps > a->info.passes) a->info.passes = reports[k].sweeps;
        if (k) add_scaled(sums, 1, sums + k * N * J, N * J);
    }
    leontief_certify(a, "solution", solution, "");
    for (size_t i = 0; i < N * J; i++) largest = fmax(largest, a->output[i]);
    for (size_t i = 0; i < N * J; i++) {
        double off = (sums[i] - a->output[i]) / largest;
        if (!(fabs(off) <= balance)) where = i;
        balance = worse(balance, off);
    }
    leontief_certify(a, "balance", balance, leontief_industry(a, where));
    where = 0;
    for (size_t i = 0; i < N; i++) most = fmax(most, a->made[i]);
    for (size_t i = 0; i < N; i++) {
        double off = -a->made[i];
        for (size_t n = 0; n < N; n++) off += a->embodied[at2(i, n, N)];
        if (!(fabs(off / most) <= embodied)) where = i;
        embodied = worse(embodied, off / most);
    }
    leontief_certify(a, "embodied", embodied, a->regions[where]);
}

static bashu_status describe(bashu_leontief *a, const bashu_economy *e)
{
    static const char *const accounts[] = {"value_added"};
    const description *about = &e->about;
    const char **regions = arena_alloc(a->memory, about->N, sizeof *regions);
    const char **sectors = arena_alloc(a->memory, about->J, sizeof *sectors);
    if (!regions || !sectors) return fail_memory(a->context);
    for (size_t n = 0; n < about->N; n++) regions[n] = about->regions[n].label.id;
    for (size_t j = 0; j < about->J; j++) sectors[j] = about->sectors[j].label.id;
    a->name = about->name;
    a->economy = e;
    a->R = about->N;
    a->J = about->J;
    a->account_count = 1;
    a->regions = regions;
    a->sectors = sectors;
    a->accounts = accounts;
    a->file_count = about->file_count;
    a->files = about->files;
    return leontief_room(a);
}

static bashu_status reckon(bashu_leontief *a, arena *memory)
{
    embodiment m = {.economy = a->economy, .N = a->R, .J = a->J, .rows = (a->R + GROUP - 1) / GROUP * GROUP};
    size_t batches = (m.N + WIDTH - 1) / WIDTH;
    double *sums;
    batch_report *reports = arena_alloc(memory, batches, sizeof *reports);
    const array_wanted wanted[] = {
        {&m.received, m.J * m.rows * m.N}, {&m.own, m.N * m.J * m.J}, {&sums, batches * m.N * m.J}};
    if (!reports || !ARENA_ARRAYS(memory, wanted)) return fail_memory(a->context);
    take_received(&m);
    TRY(take_own(&m, memory));
    TRY(solve_all(a, &m, reports, sums, batches));
    take_trade(a, &m);
    certify(a, reports, sums, batches);
    return BASHU_OK;
}

bashu_status leontief_economy(bashu_leontief *a, const bashu_economy *economy)
{
    double start = now_s();
    TRY(describe(a, economy));
    arena *memory = arena_new(a->context);
    if (!memory) return fail_memory(a->context);
    bashu_status status = reckon(a, memory);
    arena_free(memory);
    a->info.time_s = now_s() - start;
    return status;
}
