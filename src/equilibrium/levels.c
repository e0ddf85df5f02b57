/* levels.c - what a region's block does not see: that price levels hang together.
 *
 * A region that sells nearly everything to itself can have all its wages, rents, prices and outputs raised together and is
 * still nearly in equilibrium: its block of the Jacobian is nearly singular, and what decides its level are the few flows to
 * others. So it is with regions that trade mostly with each other. Levels alone, one a region:
 *
 *   v_n   log wages, rents, prices and outputs of n rise by v_n
 *   r_m   = sum_j w_m^j F_Y,m^j / w_m,   w_m^j = sales_m^j / slope_m^j,  w_m = sum_j w_m^j      (w F: sales less output)
 *   A_mn  = sum_j [ (1 + theta_j) sales_m^j d_mn - sold_mn^j dlogX_n^j - theta_j sum_k sold_mk^j pi_kn^j ] / w_m
 *   sold_mk: what m gets for what it sells to k
 *
 * Two parts of A are solved, and the blocks' own answer for levels, D^-1 r with D the diagonal of A, is taken back:
 *
 *   near  B: between each region and its strongest partners, k only m and n; sparse, factorised
 *   far   A_C = R A P: between clusters of regions (P: one level for all of a cluster, R: weights w), small, factorised
 *
 *   v = (B^-1 - D^-1) r + P (A_C^-1 R - M B^-1) r            M: the mean over the cluster by w
 *
 * So a cluster's mean is the far part's, and what is within clusters the near part's. Pairs, partners and clusters are found
 * once, from the baseline's flows; with CLUSTERS regions or fewer each is a cluster and the far part is all of A. */
#include "equilibrium/system.h"
#include "linalg/bilateral.h"
#include "linalg/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLUSTERS = 32, PARTNERS = 6, LEVEL_BLOCKS = 16 };

struct levels {
    size_t clusters;
    size_t *cluster_of;              /* [N] */
    uint32_t *place;                 /* [N] of each region in the order of clusters */
    size_t *first;                   /* [clusters + 1] where each cluster begins */
    double *weight, *share;          /* w: [N], and over that of its cluster [N] */
    double *sector_weight;           /* [N][J] w_n^j / w_n */
    double *size, *sold;             /* [clusters] sums of w, and of sales */
    double *own;                     /* [N] D */
    double *dexpenditure;            /* [N][J] dX of a region whose level rises */
    double *matrix;                  /* [clusters][clusters] column-major: column d is what the level of d does */
    double *parts;                   /* [LEVEL_BLOCKS][clusters][clusters] */
    double *x;                       /* [J][N] by order */
    double *row_sold, *row_bought;   /* [LEVEL_BLOCKS][clusters] of one buyer */
    double *shares;                  /* [LEVEL_BLOCKS][N] of one buyer, by order */
    lu_blocks *far;
    int *column, *row;               /* the pattern of the near part */
    double *value;
    lu_blocks *near;
    double *excess, *level;          /* [N] r and B^-1 r */
    double *cluster_level, *mean;    /* [clusters] */
    double *dz;                      /* [K] */
};

/* ---- who belongs together ------------------------------------------------------------------------- */

typedef struct strong_pairs {
    size_t *from, *to; /* [N PARTNERS] */
    double *weight;
} strong_pairs;

/* The flows from others to buyer n of all sectors, and of them the largest few. */
static void strongest_partners(const problem *p, size_t n, const double *external, double *flow, strong_pairs *pairs)
{
    const bashu_economy *e = p->economy;
    memset(flow, 0, p->N * sizeof *flow);
    for (size_t j = 0; j < p->J; j++) add_scaled(flow, e->expenditure[at2(n, j, p->J)], e->trade_share + at3(n, j, 0, p->J, p->N), p->N);
    flow[n] = 0;
    for (size_t i = 0; i < p->N; i++) flow[i] *= 1 / external[n] + 1 / external[i]; /* against what else holds the two */
    for (size_t k = 0; k < PARTNERS; k++) {
        size_t most = 0, at = n * PARTNERS + k;
        for (size_t i = 1; i < p->N; i++)
            if (flow[i] > flow[most]) most = i;
        pairs->from[at] = n;
        pairs->to[at] = flow[most] > 0 ? most : n; /* itself: nobody is left */
        pairs->weight[at] = flow[most];
        flow[most] = 0;
    }
}

static bool find_pairs(strong_pairs *pairs, arena *scratch, const problem *p)
{
    size_t N = p->N;
    double *external = arena_alloc(scratch, N, sizeof *external), *flow = arena_alloc(scratch, N * LEVEL_BLOCKS, sizeof *flow);
    *pairs = (strong_pairs){arena_alloc(scratch, N * PARTNERS, sizeof(size_t)), arena_alloc(scratch, N * PARTNERS, sizeof(size_t)),
                            arena_alloc(scratch, N * PARTNERS, sizeof(double))};
    if (!external || !flow || !pairs->from || !pairs->to || !pairs->weight) return false;
    for (size_t n = 0; n < N; n++) { /* of what is bought: sales are about as large */
        double all = 1e-300;
        for (size_t j = 0; j < p->J; j++)
            all += p->economy->expenditure[at2(n, j, p->J)] * (1 - p->economy->trade_share[at3(n, j, n, p->J, N)]);
        external[n] = all;
    }
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t block = 0; block < LEVEL_BLOCKS; block++)
        for (size_t n = N * block / LEVEL_BLOCKS; n < N * (block + 1) / LEVEL_BLOCKS; n++)
            strongest_partners(p, n, external, flow + block * N, pairs);
    return true;
}

static bool find_clusters(struct levels *v, arena *memory, arena *scratch, const problem *p, const strong_pairs *pairs)
{
    size_t N = p->N, wanted = N < CLUSTERS ? N : CLUSTERS;
    v->cluster_of = arena_alloc(memory, N, sizeof *v->cluster_of);
    v->place = arena_alloc(memory, N, sizeof *v->place);
    if (!v->cluster_of || !v->place) return false;
    v->clusters = graph_cluster(v->cluster_of, scratch, N, N * PARTNERS, pairs->from, pairs->to, pairs->weight, wanted);
    if (v->clusters > wanted) { /* groups without trade between them: any way to put them together is as good */
        for (size_t n = 0; n < N; n++) v->cluster_of[n] = v->cluster_of[n] * wanted / v->clusters;
        v->clusters = wanted;
    }
    v->first = arena_alloc(memory, v->clusters + 1, sizeof *v->first);
    if (!v->clusters || !v->first) return false;
    for (size_t n = 0; n < N; n++) v->first[v->cluster_of[n] + 1]++;
    for (size_t c = 0; c < v->clusters; c++) v->first[c + 1] += v->first[c];
    for (size_t c = 0, at = 0; c < v->clusters; c++)
        for (size_t n = 0; n < N; n++)
            if (v->cluster_of[n] == c) v->place[n] = (uint32_t)at++;
    return true;
}

static int by_size(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Pairs either way and the diagonal, by columns. */
static bool near_pattern(struct levels *v, arena *memory, arena *scratch, size_t N, const strong_pairs *pairs)
{
    size_t count = 0, kept = 0, *entry = arena_alloc(scratch, N * (2 * PARTNERS + 1), sizeof *entry);
    if (!entry) return false;
    for (size_t n = 0; n < N; n++) entry[count++] = n * N + n;
    for (size_t k = 0; k < N * PARTNERS; k++) {
        entry[count++] = pairs->from[k] * N + pairs->to[k];
        entry[count++] = pairs->to[k] * N + pairs->from[k];
    }
    qsort(entry, count, sizeof *entry, by_size);
    for (size_t k = 0; k < count; k++)
        if (!kept || entry[kept - 1] != entry[k]) entry[kept++] = entry[k];
    v->column = arena_alloc(memory, N + 1, sizeof *v->column);
    v->row = arena_alloc(memory, kept, sizeof *v->row);
    v->value = arena_alloc(memory, kept, sizeof *v->value);
    if (!v->column || !v->row || !v->value) return false;
    for (size_t k = 0; k < kept; k++) {
        v->column[entry[k] / N + 1]++;
        v->row[k] = (int)(entry[k] % N);
    }
    for (size_t n = 0; n < N; n++) v->column[n + 1] += v->column[n];
    v->near = lu_blocks_new_sparse(1, N, v->column, v->row);
    if (v->near && arena_keep(memory, lu_blocks_free, v->near)) return true;
    lu_blocks_free(v->near);
    return false;
}

static bool far_matrix(struct levels *v, arena *memory, const problem *p)
{
    size_t N = p->N, C = v->clusters;
    const array_wanted wanted[] = {{&v->weight, N}, {&v->share, N}, {&v->sector_weight, N * p->J}, {&v->size, C}, {&v->sold, C}, {&v->own, N}, {&v->dexpenditure, N * p->J},
                                   {&v->matrix, C * C}, {&v->parts, LEVEL_BLOCKS * C * C}, {&v->x, N * p->J},
                                   {&v->row_sold, LEVEL_BLOCKS * C}, {&v->row_bought, LEVEL_BLOCKS * C}, {&v->shares, LEVEL_BLOCKS * N},
                                   {&v->excess, N}, {&v->level, N}, {&v->cluster_level, C}, {&v->mean, C}, {&v->dz, p->K}};
    if (!ARENA_ARRAYS(memory, wanted)) return false;
    for (size_t j = 0; j < p->J; j++) v->dz[at_output(p, j)] = 1;
    v->far = lu_blocks_new(1, C);
    if (v->far && arena_keep(memory, lu_blocks_free, v->far)) return true;
    lu_blocks_free(v->far);
    return false;
}

struct levels *levels_new(arena *memory, const problem *p)
{
    struct levels *v = arena_alloc(memory, 1, sizeof *v);
    arena *scratch = arena_new(arena_context(memory));
    strong_pairs pairs;
    bool complete = v && scratch && find_pairs(&pairs, scratch, p) && find_clusters(v, memory, scratch, p, &pairs)
                    && near_pattern(v, memory, scratch, p->N, &pairs) && far_matrix(v, memory, p);
    if (scratch) arena_free(scratch);
    return complete ? v : NULL;
}

/* ---- the matrices -------------------------------------------------------------------------------- */

static const double *sales_kernel(const problem *p)
{
    return p->trade.sales ? p->trade.sales : p->trade.kernel;
}

/* What i gets for what it sells to n. */
static double sold_to(const problem *p, const point *at, size_t n, size_t j, size_t i)
{
    size_t row = at2(n, j, p->J);
    return sales_kernel(p)[row * p->N + i] * at->x[j * p->N + i] / at->total[row] * at->expenditure[row];
}

static double spending_change(const struct levels *v, const point *at, size_t row)
{
    return at->expenditure[row] > 0 ? v->dexpenditure[row] / at->expenditure[row] : 0;
}

static void weigh(struct levels *v, const problem *p, const point *at)
{
    size_t N = p->N, J = p->J;
    memset(v->size, 0, v->clusters * sizeof *v->size);
    memset(v->sold, 0, v->clusters * sizeof *v->sold);
    for (size_t n = 0; n < N; n++) {
        double own = 0, sold = 0;
        v->weight[n] = 0;
        goods_change(p, at, n, v->dz, at->labour_income + n * p->S, NULL, 0, v->dexpenditure + n * J);
        for (size_t j = 0; j < J; j++) {
            double sales = at->sales[at2(n, j, J)], x = at->x[j * N + n], theta = p->economy->theta[j];
            v->sector_weight[at2(n, j, J)] = sales / at->slope[at2(n, j, J)];
            v->weight[n] += v->sector_weight[at2(n, j, J)];
            sold += sales;
            own += (1 + theta) * sales - theta * at->square[j * N + n] * x * x
                   - (sales > 0 ? sold_to(p, at, n, j, n) * spending_change(v, at, at2(n, j, J)) : 0);
        }
        v->own[n] = v->weight[n] > 0 ? own / v->weight[n] : 0;
        for (size_t j = 0; j < J; j++) v->sector_weight[at2(n, j, J)] = v->weight[n] > 0 ? v->sector_weight[at2(n, j, J)] / v->weight[n] : 0;
        v->size[v->cluster_of[n]] += v->weight[n];
        v->sold[v->cluster_of[n]] += sold;
    }
    for (size_t n = 0; n < N; n++) v->share[n] = v->weight[n] > 0 ? v->weight[n] / v->size[v->cluster_of[n]] : 0;
    for (size_t j = 0; j < J; j++)
        for (size_t k = 0; k < N; k++) v->x[j * N + v->place[k]] = at->x[j * N + k];
}

/* A row of the kernel in the order of clusters; read as it lies in memory, because the kernel may be large and the row is not. */
static void in_order(const struct levels *v, const double *kernel, size_t N, double *row)
{
    for (size_t n = 0; n < N; n++) {
        if (n % EIGHT == 0) FETCH_AHEAD(kernel + n + 512);
        row[v->place[n]] = kernel[n];
    }
}

IN_EACH_WIDTH void cluster_sums(const struct levels *v, const double *row, const double *x, double scale, double *sum)
{
    for (size_t c = 0; c < v->clusters; c++) { /* few regions each: fewer lanes than a long sum has */
        size_t k = v->first[c], end = v->first[c + 1];
        eight lanes = {0};
        for (; k + EIGHT <= end; k += EIGHT) lanes += *(const eight *)(const void *)(row + k) * *(const eight *)(const void *)(x + k);
        double rest = 0;
        for (; k < end; k++) rest += row[k] * x[k];
        sum[c] = scale * (rest + (((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))));
    }
}

/* Buyer k's rows of shares couple every seller with every seller: what they sell to k, by what n's level does to it. */
FOR_EACH_WIDTH static void add_buyer(struct levels *v, const problem *p, const point *at, size_t k, size_t block)
{
    size_t N = p->N, J = p->J, C = v->clusters;
    double *sold = v->row_sold + block * C, *bought = v->row_bought + block * C, *part = v->parts + block * C * C;
    double *shares = v->shares + block * N;
    for (size_t j = 0; j < J; j++) {
        size_t row = k * J + j;
        double theta = p->economy->theta[j], spent = at->expenditure[row];
        if (!(spent > 0)) continue;
        in_order(v, p->trade.kernel + row * N, N, shares);
        cluster_sums(v, shares, v->x + j * N, 1 / at->total[row], bought);
        if (p->trade.sales) {
            in_order(v, p->trade.sales + row * N, N, shares);
            cluster_sums(v, shares, v->x + j * N, spent / at->total[row], sold);
        }
        for (size_t c = 0; !p->trade.sales && c < C; c++) sold[c] = spent * bought[c];
        bought[v->cluster_of[k]] += spending_change(v, at, row) / theta; /* the buyer's own level */
        for (size_t d = 0; d < C; d++)
            if (bought[d] != 0) add_scaled(part + d * C, -theta * bought[d], sold, C);
    }
}

/* Levels are measured against the numeraire, here world value added, which moves with every region's sales; without it a level
 * common to all would be anything. Where the mean wage is the numeraire this is as good: the whole step is shifted anyway. */
static void add_numeraire(struct levels *v, const problem *p, const point *at)
{
    size_t C = v->clusters;
    double *value_added = v->cluster_level;
    memset(value_added, 0, C * sizeof *value_added);
    for (size_t m = 0; m < p->N; m++)
        for (size_t j = 0; j < p->J; j++)
            value_added[v->cluster_of[m]] += p->economy->value_added_share[at2(m, j, p->J)] * at->sales[at2(m, j, p->J)] / at->value_added[0];
    for (size_t d = 0; d < C; d++) {
        double *column = v->matrix + d * C, scale = value_added[d];
        for (size_t m = 0; m < C; m++) /* d log sales = identity - column; their value-added mean is what the numeraire takes out */
            scale -= v->sold[m] > 0 ? value_added[m] * column[m] * v->size[m] / v->sold[m] : 0;
        for (size_t m = 0; m < C; m++) column[m] += v->size[m] > 0 ? scale * v->sold[m] / v->size[m] : 0;
    }
}

static bool far_build(struct levels *v, const problem *p, const point *at)
{
    size_t N = p->N, C = v->clusters;
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t block = 0; block < LEVEL_BLOCKS; block++) {
        memset(v->parts + block * C * C, 0, C * C * sizeof *v->parts);
        for (size_t k = N * block / LEVEL_BLOCKS; k < N * (block + 1) / LEVEL_BLOCKS; k++) add_buyer(v, p, at, k, block);
    }
    memset(v->matrix, 0, C * C * sizeof *v->matrix);
    for (size_t block = 0; block < LEVEL_BLOCKS; block++) add_scaled(v->matrix, 1, v->parts + block * C * C, C * C);
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < p->J; j++)
            v->matrix[v->cluster_of[n] * (C + 1)] += (1 + p->economy->theta[j]) * at->sales[at2(n, j, p->J)];
    for (size_t d = 0; d < C; d++)
        for (size_t m = 0; m < C; m++) v->matrix[d * C + m] = v->size[m] > 0 ? v->matrix[d * C + m] / v->size[m] : m == d;
    add_numeraire(v, p, at);
    return lu_blocks_factor(v->far, 0, v->matrix);
}

/* A_mn of two different regions, from what m sells to n and to itself. */
static double near_entry(const struct levels *v, const problem *p, const point *at, size_t m, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < p->J; j++) {
        size_t here = at2(m, j, p->J), there = at2(n, j, p->J);
        if (!(at->sales[here] > 0)) continue;
        double abroad = sold_to(p, at, n, j, m), home = sold_to(p, at, m, j, m);
        sum -= abroad * spending_change(v, at, there)
               + p->economy->theta[j] * (abroad * trade_share(p, at, n, j, n) + home * trade_share(p, at, m, j, n));
    }
    return v->weight[m] > 0 ? sum / v->weight[m] : 0;
}

static bool near_build(struct levels *v, const problem *p, const point *at)
{
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t n = 0; n < p->N; n++)
        for (int k = v->column[n]; k < v->column[n + 1]; k++) {
            size_t m = (size_t)v->row[k];
            v->value[k] = m != n ? near_entry(v, p, at, m, n) : v->own[n] != 0 ? v->own[n] : 1;
        }
    return lu_blocks_factor(v->near, 0, v->value);
}

int levels_build(struct levels *v, const problem *p, const point *at)
{
    weigh(v, p, at);
    return near_build(v, p, at) && far_build(v, p, at) ? 3 : 0;
}

/* ---- the correction ------------------------------------------------------------------------------- */

/* Levels of regions from their excesses v->excess, into v->level. */
static void correct(const struct levels *v, size_t N)
{
    memcpy(v->level, v->excess, N * sizeof *v->level);
    lu_blocks_solve(v->near, 0, v->level);
    memset(v->cluster_level, 0, v->clusters * sizeof(double));
    memset(v->mean, 0, v->clusters * sizeof(double));
    for (size_t n = 0; n < N; n++) {
        v->cluster_level[v->cluster_of[n]] += v->share[n] * v->excess[n];
        v->mean[v->cluster_of[n]] += v->share[n] * v->level[n];
    }
    lu_blocks_solve(v->far, 0, v->cluster_level);
    for (size_t n = 0; n < N; n++) {
        size_t c = v->cluster_of[n];
        v->level[n] += v->cluster_level[c] - v->mean[c] - (v->own[n] != 0 ? v->excess[n] / v->own[n] : 0);
    }
}

void levels_correct(const struct levels *v, const problem *p, const double *f, double *step)
{
    const bashu_economy *e = p->economy;
    for (size_t n = 0; n < p->N; n++) {
        double excess = 0;
        for (size_t j = 0; j < p->J; j++)
            excess += v->sector_weight[at2(n, j, p->J)] * f[n * p->K + at_output(p, j)];
        v->excess[n] = excess;
    }
    correct(v, p->N);
    for (size_t n = 0; n < p->N; n++) {
        double *s = step + n * p->K, level = v->level[n];
        for (size_t g = 0; g < p->S; g++) s[at_wage(g)] += e->wage_bill[at2(n, g, p->S)] > 0 ? level : 0;
        s[at_rent(p)] += e->land_income[n] > 0 ? level : 0;
        for (size_t j = 0; j < p->J; j++) {
            s[at_price(p, j)] += level;
            s[at_output(p, j)] += e->output[at2(n, j, p->J)] > 0 ? level : 0;
        }
    }
}

size_t levels_many_work(const struct levels *v, size_t N)
{
    return BILATERAL_MANY * (2 * N + 2 * v->clusters);
}

/* Arrays of places are [MANY][N] here, as the factorised systems take them, several right sides in one go. */
bool levels_correct_many(const struct levels *v, const problem *p, const double *f, double *step, double *work)
{
    enum { MANY = BILATERAL_MANY };
    const bashu_economy *e = p->economy;
    size_t N = p->N, C = v->clusters;
    double *excess = work, *level = excess + N * MANY, *cluster_level = level + N * MANY, *mean = cluster_level + C * MANY;
    memset(cluster_level, 0, 2 * C * MANY * sizeof *cluster_level);
    for (size_t n = 0; n < N; n++) {
        double sum[MANY] = {0};
        for (size_t j = 0; j < p->J; j++) {
            const double *of_sector = f + (n * p->K + at_output(p, j)) * MANY, weight = v->sector_weight[at2(n, j, p->J)];
            for (size_t m = 0; m < MANY; m++) sum[m] += weight * of_sector[m];
        }
        for (size_t m = 0; m < MANY; m++) {
            excess[m * N + n] = level[m * N + n] = sum[m];
            cluster_level[m * C + v->cluster_of[n]] += v->share[n] * sum[m];
        }
    }
    if (!lu_blocks_solve_many(v->near, 0, level, MANY, 1) || !lu_blocks_solve_many(v->far, 0, cluster_level, MANY, 1)) return false;
    for (size_t m = 0; m < MANY; m++)
        for (size_t n = 0; n < N; n++) mean[m * C + v->cluster_of[n]] += v->share[n] * level[m * N + n];
    for (size_t n = 0; n < N; n++) {
        size_t c = v->cluster_of[n];
        double by[MANY], *s = step + n * p->K * MANY;
        for (size_t m = 0; m < MANY; m++)
            by[m] = level[m * N + n] + (cluster_level[m * C + c] - mean[m * C + c]) - (v->own[n] != 0 ? excess[m * N + n] / v->own[n] : 0);
        for (size_t k = 0; k < p->K; k++) {
            bool nominal = k < p->S ? e->wage_bill[at2(n, k, p->S)] > 0 : k < at_rent(p) ? false : k == at_rent(p) ? e->land_income[n] > 0
                           : k < at_output(p, 0) ? true : e->output[at2(n, k - at_output(p, 0), p->J)] > 0;
            for (size_t m = 0; nominal && m < MANY; m++) s[k * MANY + m] += by[m];
        }
    }
    return true;
}

void levels_correct_transposed(const struct levels *v, const problem *p, const double *f, double *step)
{
    const bashu_economy *e = p->economy;
    size_t N = p->N;
    memset(v->cluster_level, 0, v->clusters * sizeof(double));
    for (size_t n = 0; n < N; n++) {
        const double *fn = f + n * p->K;
        double sum = e->land_income[n] > 0 ? fn[at_rent(p)] : 0;
        for (size_t g = 0; g < p->S; g++) sum += e->wage_bill[at2(n, g, p->S)] > 0 ? fn[at_wage(g)] : 0;
        for (size_t j = 0; j < p->J; j++) sum += fn[at_price(p, j)] + (e->output[at2(n, j, p->J)] > 0 ? fn[at_output(p, j)] : 0);
        v->excess[n] = sum;
        v->cluster_level[v->cluster_of[n]] += sum;
    }
    for (size_t n = 0; n < N; n++) v->level[n] = v->excess[n] - v->share[n] * v->cluster_level[v->cluster_of[n]];
    lu_blocks_solve_transposed(v->near, 0, v->level);
    lu_blocks_solve_transposed(v->far, 0, v->cluster_level);
    for (size_t n = 0; n < N; n++) {
        double level = v->level[n] + v->share[n] * v->cluster_level[v->cluster_of[n]] - (v->own[n] != 0 ? v->excess[n] / v->own[n] : 0);
        for (size_t j = 0; j < p->J; j++) step[n * p->K + at_output(p, j)] += v->sector_weight[at2(n, j, p->J)] * level;
    }
}
