/* coarse.c - regions that hardly trade: the coupling of their price levels.
 *
 * A region that sells nearly everything to itself can have all its wages, rents, prices and outputs raised together and
 * is still nearly in equilibrium: its block of the Jacobian is nearly singular, and what decides its price level are the
 * few flows to others, which a block does not see. So it is with regions that trade mostly with each other. The coarse
 * problem has one unknown a cluster of such regions, their common level:
 *
 *   P: the level of cluster c raises log wages, rents, prices and outputs of its regions by one
 *   R: the excess of sales over output of a cluster, sum over m in c and j of Y_m^j F_Y,m^j / Y_c   (the left null vector of a
 *      closed block)
 *   a_mn = sum_j omega_m^j [ (1 + theta_j) d_mn - s_mn^j dlogX_n^j - theta_j sum_k s_mk^j pi_kn^j ] + numeraire
 *   A = R (-J) P,  A_cd = sum over m in c, n in d of Y_m / Y_c a_mn
 *   s_mk: share of m's sales that goes to k;  omega_m^j = Y_m^j / sum_k Y_m^k
 *
 *   correction  P (A^-1 R f - M D^-1 R_1 f):  blocks move each region's level as if the others stood still (D = diag a,
 *   R_1: region by region; M: mean over the cluster by Y); this puts the clusters together in the place of that
 *
 * The number of clusters is kept where building A costs a few passes (C^2 operations a row of shares); up to
 * FINE_MOST regions are clusters of their own. Clusters are found once, from the baseline's flows. */
#include "equilibrium/system.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { FINE_MOST = 64, PARTNERS = 12, COARSE_BLOCKS = 16 };

struct coarse {
    size_t clusters;
    size_t *cluster_of;           /* [N] */
    double *size;                 /* [clusters] Y_c */
    double *matrix;               /* [clusters][clusters] column-major: column d is what the level of d does */
    double *parts;                /* [COARSE_BLOCKS][clusters][clusters] */
    dense_blocks *factors;
    double *own;                  /* [N] D */
    double *own_parts;            /* [COARSE_BLOCKS][N] */
    double *weight;               /* [N][J] omega Y_m / Y_c */
    double *sales_row, *share_row;/* [COARSE_BLOCKS][clusters] a buyer's row by cluster */
    double *level, *block_level;  /* [clusters] */
    double *dz, *dexpenditure;    /* [K], [N][J] */
};

/* ---- clusters ------------------------------------------------------------------------------------ */

/* The flows from others to buyer n of all sectors, and of them the largest few as edges. */
static void strongest_partners(const problem *p, size_t n, const double *external, double *flow, size_t *from, size_t *to, double *weight)
{
    const bashu_economy *e = p->economy;
    memset(flow, 0, p->N * sizeof *flow);
    for (size_t j = 0; j < p->J; j++) add_scaled(flow, e->expenditure[at2(n, j, p->J)], e->trade_share + at3(n, j, 0, p->J, p->N), p->N);
    flow[n] = 0;
    for (size_t i = 0; i < p->N; i++) flow[i] *= 1 / external[n] + 1 / external[i]; /* against what else holds the two */
    for (size_t k = 0; k < PARTNERS; k++) {
        size_t most = 0;
        for (size_t i = 1; i < p->N; i++)
            if (flow[i] > flow[most]) most = i;
        from[k] = n;
        to[k] = most;
        weight[k] = flow[most];
        flow[most] = 0;
    }
}

static bool find_clusters(struct coarse *c, const problem *p)
{
    size_t N = p->N, wanted = N <= FINE_MOST ? N : (size_t)fmax(FINE_MOST, 4 * sqrt((double)N));
    arena *scratch = arena_new(arena_context(p->economy->memory));
    double *external = scratch ? arena_alloc(scratch, N, sizeof *external) : NULL;
    double *flow = scratch ? arena_alloc(scratch, N * COARSE_BLOCKS, sizeof *flow) : NULL;
    double *weight = scratch ? arena_alloc(scratch, N * PARTNERS, sizeof *weight) : NULL;
    size_t *from = scratch ? arena_alloc(scratch, N * PARTNERS, sizeof *from) : NULL;
    size_t *to = scratch ? arena_alloc(scratch, N * PARTNERS, sizeof *to) : NULL;
    if (external && flow && weight && from && to) {
        for (size_t n = 0; n < N; n++) { /* of what is bought: sales are about as large */
            double all = 1e-300;
            for (size_t j = 0; j < p->J; j++)
                all += p->economy->expenditure[at2(n, j, p->J)] * (1 - p->economy->trade_share[at3(n, j, n, p->J, N)]);
            external[n] = all;
        }
#pragma omp parallel for schedule(static) num_threads(p->threads)
        for (size_t block = 0; block < COARSE_BLOCKS; block++)
            for (size_t n = N * block / COARSE_BLOCKS; n < N * (block + 1) / COARSE_BLOCKS; n++)
                strongest_partners(p, n, external, flow + block * N, from + n * PARTNERS, to + n * PARTNERS, weight + n * PARTNERS);
        c->clusters = graph_cluster(c->cluster_of, scratch, N, N * PARTNERS, from, to, weight, wanted);
    }
    arena_free(scratch);
    return c->clusters > 0;
}

static struct coarse *coarse_new(arena *memory, const problem *p)
{
    struct coarse *c = arena_alloc(memory, 1, sizeof *c);
    if (!c) return NULL;
    c->cluster_of = arena_alloc(memory, p->N, sizeof *c->cluster_of);
    if (!c->cluster_of || !find_clusters(c, p)) return NULL;
    size_t C = c->clusters;
    const array_wanted wanted[] = {{&c->size, C}, {&c->matrix, C * C}, {&c->parts, COARSE_BLOCKS * C * C}, {&c->own, p->N},
                                   {&c->own_parts, COARSE_BLOCKS * p->N}, {&c->weight, p->N * p->J}, {&c->sales_row, COARSE_BLOCKS * C},
                                   {&c->share_row, COARSE_BLOCKS * C}, {&c->level, C}, {&c->block_level, C},
                                   {&c->dz, p->K}, {&c->dexpenditure, p->N * p->J}};
    bool complete = ARENA_ARRAYS(memory, wanted);
    if (complete) c->factors = dense_blocks_new(1, C);
    if (c->factors && arena_keep(memory, dense_blocks_free, c->factors)) return c;
    dense_blocks_free(c->factors);
    return NULL;
}

/* ---- the matrix ---------------------------------------------------------------------------------- */

static double output_of(const problem *p, const point *at, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < p->J; j++) sum += at->output[at2(n, j, p->J)];
    return sum;
}

static void output_weights(struct coarse *c, const problem *p, const point *at)
{
    memset(c->size, 0, c->clusters * sizeof *c->size);
    for (size_t n = 0; n < p->N; n++) c->size[c->cluster_of[n]] += output_of(p, at, n);
    for (size_t n = 0; n < p->N; n++)
        for (size_t j = 0; j < p->J; j++) {
            double all = c->size[c->cluster_of[n]];
            c->weight[at2(n, j, p->J)] = all > 0 ? at->output[at2(n, j, p->J)] / all : 0;
        }
}

/* Buyer k's rows of shares couple every seller with every seller: what they buy from m, of m's and its cluster's output, by
 * what n's level does to it. */
FOR_EACH_WIDTH static void add_buyer(struct coarse *c, const problem *p, const point *at, size_t k, size_t block)
{
    size_t N = p->N, J = p->J, C = c->clusters;
    double *sold = c->sales_row + block * C, *bought = c->share_row + block * C, *part = c->parts + block * C * C;
    double *own = c->own_parts + block * N;
    for (size_t j = 0; j < J; j++) {
        size_t row = k * J + j;
        const double *kernel = p->trade.kernel + row * N, *sales = (p->trade.sales ? p->trade.sales : p->trade.kernel) + row * N;
        const double *x = at->x + j * N;
        double total = at->total[row], spent = at->expenditure[row] / total, theta = p->economy->theta[j];
        if (!(at->expenditure[row] > 0)) continue;
        memset(sold, 0, C * sizeof *sold);
        memset(bought, 0, C * sizeof *bought);
        for (size_t m = 0; m < N; m++) {
            double value = sales[m] * x[m] * spent, share = kernel[m] * x[m] / total;
            sold[c->cluster_of[m]] += value;
            bought[c->cluster_of[m]] += share;
            own[m] -= theta * value * share;
        }
        bought[c->cluster_of[k]] += c->dexpenditure[row] / at->expenditure[row] / theta; /* the buyer's own level */
        own[k] -= sales[k] * x[k] * spent * c->dexpenditure[row] / at->expenditure[row];
        for (size_t d = 0; d < C; d++)
            if (bought[d] != 0) add_scaled(part + d * C, -theta * bought[d], sold, C);
    }
}

/* The numeraire: levels are measured against world value added, which moves with every region's sales. */
static void add_numeraire(struct coarse *c, const problem *p, const point *at)
{
    size_t C = c->clusters;
    double *value_added = c->level;
    memset(value_added, 0, C * sizeof *value_added);
    for (size_t m = 0; m < p->N; m++)
        for (size_t j = 0; j < p->J; j++)
            value_added[c->cluster_of[m]] += p->economy->value_added_share[at2(m, j, p->J)] * at->sales[at2(m, j, p->J)] / at->value_added;
    for (size_t d = 0; d < C; d++) {
        double *column = c->matrix + d * C, scale = value_added[d];
        /* d log sales = identity - column; their value-added mean is what the numeraire takes out */
        scale -= dot(value_added, column, C);
        for (size_t m = 0; m < C; m++) column[m] += scale;
    }
}

int coarse_build(system_of_equations *system)
{
    const problem *p = &system->problem;
    const point *at = &system->at;
    if (!system->coarse) system->coarse = coarse_new(system->memory, p);
    struct coarse *c = system->coarse;
    if (!c) return 0;
    size_t N = p->N, J = p->J, C = c->clusters;
    output_weights(c, p, at);
    memset(c->dz, 0, p->K * sizeof *c->dz);
    for (size_t j = 0; j < J; j++) c->dz[at_output(p, j)] = 1;
    for (size_t k = 0; k < N; k++)
        goods_change(p, at, k, c->dz, at->labour_income + k * p->S, NULL, 0, c->dexpenditure + k * J);
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t block = 0; block < COARSE_BLOCKS; block++) {
        memset(c->parts + block * C * C, 0, C * C * sizeof *c->parts);
        memset(c->own_parts + block * N, 0, N * sizeof *c->own_parts);
        for (size_t k = N * block / COARSE_BLOCKS; k < N * (block + 1) / COARSE_BLOCKS; k++) add_buyer(c, p, at, k, block);
    }
    memset(c->matrix, 0, C * C * sizeof *c->matrix);
    memset(c->own, 0, N * sizeof *c->own);
    for (size_t block = 0; block < COARSE_BLOCKS; block++) {
        for (size_t d = 0; d < C; d++)
            for (size_t m = 0; m < C; m++)
                c->matrix[d * C + m] += c->size[m] > 0 ? c->parts[(block * C + d) * C + m] / c->size[m] : 0;
        for (size_t n = 0; n < N; n++) c->own[n] += c->own_parts[block * N + n];
    }
    for (size_t n = 0; n < N; n++) {
        size_t d = c->cluster_of[n];
        double output = output_of(p, at, n), diagonal = 0;
        for (size_t j = 0; j < J; j++) diagonal += at->sales[at2(n, j, J)] * (1 + p->economy->theta[j]);
        if (c->size[d] > 0) c->matrix[d * C + d] += diagonal / c->size[d];
        c->own[n] = output > 0 ? (c->own[n] + diagonal) / output : 0;
    }
    add_numeraire(c, p, at);
    return dense_blocks_factor(c->factors, 0, c->matrix) ? 2 : 0;
}

void coarse_correct(const system_of_equations *system, const double *f, double *step)
{
    const problem *p = &system->problem;
    struct coarse *c = system->coarse;
    memset(c->level, 0, c->clusters * sizeof *c->level);
    memset(c->block_level, 0, c->clusters * sizeof *c->block_level);
    for (size_t n = 0; n < p->N; n++) {
        double excess = 0, share = 0;
        for (size_t j = 0; j < p->J; j++) {
            excess += c->weight[at2(n, j, p->J)] * f[n * p->K + at_output(p, j)];
            share += c->weight[at2(n, j, p->J)];
        }
        c->level[c->cluster_of[n]] += excess;
        if (share > 0 && c->own[n] != 0) c->block_level[c->cluster_of[n]] += excess / c->own[n]; /* share times (excess / share) / own */
    }
    dense_blocks_solve(c->factors, 0, c->level);
    for (size_t n = 0; n < p->N; n++) {
        double level = c->level[c->cluster_of[n]] - c->block_level[c->cluster_of[n]], *s = step + n * p->K;
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
    memset(c->level, 0, c->clusters * sizeof *c->level);
    for (size_t n = 0; n < p->N; n++) {
        const double *fn = f + n * p->K;
        double sum = e->land_income[n] > 0 ? fn[at_rent(p)] : 0;
        for (size_t g = 0; g < p->S; g++) sum += e->wage_bill[at2(n, g, p->S)] > 0 ? fn[at_wage(g)] : 0;
        for (size_t j = 0; j < p->J; j++) sum += fn[at_price(p, j)] + (e->output[at2(n, j, p->J)] > 0 ? fn[at_output(p, j)] : 0);
        c->level[c->cluster_of[n]] += sum;
    }
    memcpy(c->block_level, c->level, c->clusters * sizeof *c->level);
    dense_blocks_solve_transposed(c->factors, 0, c->level);
    for (size_t n = 0; n < p->N; n++) {
        double level = c->level[c->cluster_of[n]] - (c->own[n] != 0 ? c->block_level[c->cluster_of[n]] / c->own[n] : 0);
        for (size_t j = 0; j < p->J; j++) step[n * p->K + at_output(p, j)] += c->weight[at2(n, j, p->J)] * level;
    }
}
