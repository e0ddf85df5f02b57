/* coarse.c - regions that hardly trade: the coupling of their price levels.
 *
 * A region that sells nearly everything to itself can have all its wages, rents, prices and outputs raised together and
 * is still nearly in equilibrium: its block of the Jacobian is nearly singular, and what decides its price level are the
 * few flows to others, which a block does not see. The coarse problem has one unknown a region, that level:
 *
 *   P: the level of n raises its log wages, rent, prices and outputs by one
 *   R: region m's excess of sales over output, (sum_j Y_m^j F_Y,m^j) / sum_j Y_m^j   (the left null vector of a closed block)
 *   A = R (-J) P,  A_mn = sum_j omega_m^j [ (1 + theta_j) d_mn - s_mn^j dlogX_n^j - theta_j sum_k s_mk^j pi_kn^j ] + numeraire
 *   s_mk: share of m's sales that goes to k;  omega_m^j = Y_m^j / sum_k Y_m^k;  D = diag A
 *
 *   correction  P (A^-1 - D^-1) R f:  the block step moved each level as if the others stood still (D); this moves them
 *   together instead
 *
 * N^3 J operations: worth it only where plain block steps stall, and never above COARSE_MOST regions. */
#include "equilibrium/system.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { COARSE_MOST = 1500, COARSE_BLOCKS = 16 };

struct coarse {
    double *matrix;   /* [N][N] column-major: column n is what the level of n does */
    dense_blocks *factors;
    double *diagonal; /* [N] */
    double *weight;   /* [N][J] omega */
    double *left;                 /* [COARSE_BLOCKS][N] */
    double *level;                /* [N] */
    double *dz, *dexpenditure;    /* [K], [N][J] */
};

static struct coarse *coarse_new(arena *memory, const problem *p)
{
    struct coarse *c = arena_alloc(memory, 1, sizeof *c);
    if (!c) return NULL;
    const array_wanted wanted[] = {{&c->matrix, p->N * p->N}, {&c->diagonal, p->N}, {&c->weight, p->N * p->J},
                                   {&c->left, COARSE_BLOCKS * p->N}, {&c->level, p->N}, {&c->dz, p->K},
                                   {&c->dexpenditure, p->N * p->J}};
    bool complete = ARENA_ARRAYS(memory, wanted);
    if (complete) c->factors = dense_blocks_new(1, p->N);
    if (c->factors && arena_keep(memory, dense_blocks_free, c->factors)) return c;
    dense_blocks_free(c->factors);
    return NULL;
}

static void output_weights(struct coarse *c, const problem *p, const point *at)
{
    for (size_t n = 0; n < p->N; n++) {
        double sum = 0;
        for (size_t j = 0; j < p->J; j++) sum += at->sales[at2(n, j, p->J)];
        for (size_t j = 0; j < p->J; j++) c->weight[at2(n, j, p->J)] = sum > 0 ? at->sales[at2(n, j, p->J)] / sum : 0;
    }
}

/* The columns of one block, from every buyer k and sector j, whose row of shares couples every seller m with every seller
 * n. Blocks of columns share nothing, and each column adds up in the same order whoever does it. */
static void add_rows(struct coarse *c, const problem *p, const point *at, size_t block)
{
    size_t N = p->N, J = p->J, first = N * block / COARSE_BLOCKS, last = N * (block + 1) / COARSE_BLOCKS;
    double *left = c->left + block * N;
    for (size_t row = 0; row < N * J; row++) {
        size_t k = row / J, j = row % J;
        const double *kernel = p->trade.kernel + row * N, *sales = (p->trade.sales ? p->trade.sales : p->trade.kernel) + row * N;
        double total = at->total[row], spent = at->expenditure[row] / total, theta = p->economy->theta[j];
        for (size_t m = 0; m < N; m++) { /* omega_m times the share of m's sales that goes to k */
            double all = at->sales[at2(m, j, J)];
            left[m] = all > 0 ? c->weight[at2(m, j, J)] * sales[m] * at->x[j * N + m] * spent / all : 0;
        }
        if (at->expenditure[row] > 0 && k >= first && k < last)
            add_scaled(c->matrix + k * N, -c->dexpenditure[row] / at->expenditure[row], left, N);
        for (size_t n = first; n < last; n++)
            add_scaled(c->matrix + n * N, -theta * kernel[n] * at->x[j * N + n] / total, left, N);
    }
}

/* The numeraire: levels are measured against world value added, which moves with every region's sales. */
static void add_numeraire(struct coarse *c, const problem *p, const point *at)
{
    size_t N = p->N;
    for (size_t m = 0; m < N; m++) {
        c->left[m] = 0;
        for (size_t j = 0; j < p->J; j++)
            c->left[m] += p->economy->value_added_share[at2(m, j, p->J)] * at->sales[at2(m, j, p->J)];
        c->left[m] /= at->value_added;
    }
    for (size_t n = 0; n < N; n++) {
        double *column = c->matrix + n * N, scale = c->left[n];
        /* d log sales = identity - column; their value-added mean is what the numeraire takes out */
        scale -= dot(c->left, column, N);
        for (size_t m = 0; m < N; m++) column[m] += scale;
    }
}

bool coarse_build(system_of_equations *system)
{
    const problem *p = &system->problem;
    const point *at = &system->at;
    size_t N = p->N, J = p->J;
    if (N > COARSE_MOST) return false;
    if (!system->coarse) system->coarse = coarse_new(system->memory, p);
    struct coarse *c = system->coarse;
    if (!c) return false;
    output_weights(c, p, at);
    memset(c->matrix, 0, N * N * sizeof *c->matrix);
    memset(c->dz, 0, p->K * sizeof *c->dz);
    for (size_t j = 0; j < J; j++) c->dz[at_output(p, j)] = 1;
    for (size_t k = 0; k < N; k++) {
        goods_change(p, at, k, c->dz, at->labour_income + k * p->S, NULL, 0, c->dexpenditure + k * J);
        for (size_t j = 0; j < J; j++) c->matrix[k * N + k] += c->weight[at2(k, j, J)] * (1 + p->economy->theta[j]);
    }
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t block = 0; block < COARSE_BLOCKS; block++) add_rows(c, p, at, block);
    add_numeraire(c, p, at);
    for (size_t n = 0; n < N; n++) c->diagonal[n] = c->matrix[n * N + n];
    return dense_blocks_factor(c->factors, 0, c->matrix);
}

void coarse_correct(const system_of_equations *system, const double *f, double *step)
{
    const problem *p = &system->problem;
    struct coarse *c = system->coarse;
    for (size_t n = 0; n < p->N; n++) {
        double excess = 0;
        for (size_t j = 0; j < p->J; j++) excess += c->weight[at2(n, j, p->J)] * f[n * p->K + at_output(p, j)];
        c->left[n] = c->level[n] = excess;
    }
    dense_blocks_solve(c->factors, 0, c->level);
    for (size_t n = 0; n < p->N; n++) {
        double level = c->level[n] - (c->diagonal[n] != 0 ? c->left[n] / c->diagonal[n] : 0), *s = step + n * p->K;
        for (size_t g = 0; g < p->S; g++) s[at_wage(g)] += p->economy->wage_bill[at2(n, g, p->S)] > 0 ? level : 0;
        s[at_rent(p)] += p->economy->land_income[n] > 0 ? level : 0;
        for (size_t j = 0; j < p->J; j++) s[at_price(p, j)] += level;
        for (size_t j = 0; j < p->J; j++)
            if (p->economy->output[at2(n, j, p->J)] > 0) s[at_output(p, j)] += level;
    }
}

void coarse_correct_transposed(const system_of_equations *system, const double *f, double *step)
{
    const problem *p = &system->problem;
    const bashu_economy *e = p->economy;
    struct coarse *c = system->coarse;
    for (size_t n = 0; n < p->N; n++) {
        const double *fn = f + n * p->K;
        double sum = e->land_income[n] > 0 ? fn[at_rent(p)] : 0;
        for (size_t g = 0; g < p->S; g++) sum += e->wage_bill[at2(n, g, p->S)] > 0 ? fn[at_wage(g)] : 0;
        for (size_t j = 0; j < p->J; j++) sum += fn[at_price(p, j)] + (e->output[at2(n, j, p->J)] > 0 ? fn[at_output(p, j)] : 0);
        c->left[n] = c->level[n] = sum;
    }
    dense_blocks_solve_transposed(c->factors, 0, c->level);
    for (size_t n = 0; n < p->N; n++) {
        double level = c->level[n] - (c->diagonal[n] != 0 ? c->left[n] / c->diagonal[n] : 0);
        for (size_t j = 0; j < p->J; j++) step[n * p->K + at_output(p, j)] += c->weight[at2(n, j, p->J)] * level;
    }
}
