/* preconditioner.c - B, nearly -dF/dz, and cheap to solve with: regions' blocks, the numeraire, and levels.
 *
 *   blocks     K x K for each region: what its own unknowns do to its own part of F, all else and the numeraire fixed
 *   levels     what couples regions: levels.c, where it was asked for
 *   numeraire  -dF/dz = B0 + t g':  t a common level of everything nominal (in rows of goods times slope), g the gradient of the
 *              log of the numeraire. B0 t = 0, for a common level means nothing, and u' B0 = 0, for what is bought is sold
 *              (u: sales / slope in rows of goods, rents in those of land). So
 *
 *     ds = u'f / u't,   step = B0^-1 (f - t ds) + c t,   c such that the numeraire is met: q' step = q_f' f
 *
 *              q: value added of outputs (or what wages weigh) as shares of all; q_f: the same over slope
 *
 * Blocks are as sparse as the model makes them; the pattern is the union over regions. Far from balance own shares count less
 * (at->trust): a seller with all of a market would otherwise move as if he could not lose it; and where some market is very far
 * from it, B gets a damping on outputs, which keeps regions that hardly trade from answering small residuals with large steps
 * before their neighbours are where they belong (pseudo-transient continuation; Kelley & Keyes 1998). */
#include "equilibrium/system.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

static const double very_far = 3, damping_rate = 0.05; /* damping = rate * (the farthest log of sales over output - very_far) */

struct preconditioner {
    size_t K;
    lu_blocks *blocks;      /* NULL: nothing was factorised yet */
    int *column, *row;      /* their pattern */
    unsigned char *present; /* [K][K] of the pattern, by columns */
    double *matrix;         /* [N][K][K] blocks, by columns; after factorising the entries of the pattern alone */
    double *work;           /* [N][own_change_room + 2 K] */
    double *level;          /* t [N K], by unknowns: 1 or 0 */
    double *nominal;        /* t, by rows of F: 1, slope, or 0 */
    double *bought;         /* u [N K] */
    double *gauge, *gauge_f;/* q, q_f [N K] */
    double *rest;           /* [N K] */
    double worth;           /* u' t */
};

static void preconditioner_free(void *preconditioner)
{
    struct preconditioner *b = preconditioner;
    lu_blocks_free(b->blocks);
}

static size_t own_change_room(const problem *p)
{
    return 6 * p->J + 6 * p->S;
}

bashu_status preconditioner_new(struct preconditioner **out, arena *memory, const problem *p)
{
    struct preconditioner *b = arena_alloc(memory, 1, sizeof *b);
    *out = b;
    if (!b) return fail_memory(arena_context(memory));
    size_t N = p->N, K = p->K, size = N * K;
    b->K = K;
    b->column = arena_alloc(memory, K + 1, sizeof *b->column);
    b->row = arena_alloc(memory, K * K, sizeof *b->row);
    b->present = arena_alloc(memory, K * K, sizeof *b->present);
    const array_wanted wanted[] = {{&b->matrix, size * K}, {&b->work, N * (own_change_room(p) + 2 * K)}, {&b->level, size}, {&b->nominal, size},
                                   {&b->bought, size}, {&b->gauge, size}, {&b->gauge_f, size}, {&b->rest, size}};
    if (!b->column || !b->row || !b->present || !ARENA_ARRAYS(memory, wanted) || !arena_keep(memory, preconditioner_free, b))
        return fail_memory(arena_context(memory));
    return BASHU_OK;
}

/* ---- blocks --------------------------------------------------------------------------------------- */

/* What a change of region n's own unknowns does to region n's own part of G, all else fixed. work: [6 J + 6 S] */
static void own_change(const system_of_equations *system, size_t n, const double *dz, double *work, double *dg)
{
    const problem *p = &system->problem;
    const point *at = &system->at;
    size_t J = p->J;
    double *dworkers = work, *dupsilon = dworkers + J, *dx = dupsilon + J, *dtotal = dx + J, *dexpenditure = dtotal + J;
    double *dsales = dexpenditure + J, *dutility = dsales + J, *dpeople = dutility + p->S;
    double *dwages = dpeople + p->S;
    labour_changes labour = {dwages + p->S, dwages + 2 * p->S, dwages + 3 * p->S};
    if (p->spillovers) production_workers_change(p, system->z, at, n, dz, dworkers);
    for (size_t j = 0; p->spillovers && j < J; j++) dupsilon[j] = production_own_share(p, at, n, j) * dworkers[j];
    production_change(p, n, dz, p->spillovers ? dupsilon : NULL, dx);
    for (size_t j = 0; j < J; j++) dtotal[j] = trade_share(p, at, n, j, n) * dx[j];
    labour_wage_bill_change(p, at, n, dz, dwages);
    commuting_own_change(p, system->z, at, n, dz, dwages, labour);
    double dincome = goods_change(p, at, n, dz, labour.income, NULL, 0, dexpenditure);
    for (size_t j = 0; j < J; j++) {
        double x = at->x[j * p->N + n], sum = at->sum[j * p->N + n], total = at->total[at2(n, j, J)];
        const double *sales = p->trade.sales ? p->trade.sales : p->trade.kernel;
        dsales[j] = 0;
        if (is_absent_sector(p, n, j)) continue;
        double own_kernel = sales[(n * J + j) * p->N + n];
        double trust = at->trust[at2(n, j, J)];
        dsales[j] = dx[j] * (1 - trust * at->square[j * p->N + n] * x / sum) + trust * own_kernel / total * dexpenditure[j] / sum;
    }
    location_utility_change(p, at, n, dz, labour, dincome, location_own_crowding_change(p, system->z, at, n, dz), dutility);
    for (size_t s = 0; p->migration.rows && s < p->S; s++) {
        double sum = at->migration_sum[s * p->N + n], power = at->utility_power[s * p->N + n];
        double own = sum > 0 ? at->migration_square[s * p->N + n] * power / sum : 1;
        dpeople[s] = location_pull_change(p, s, dz, dutility[s]) * (1 - own);
    }
    system_combine_changes(p, at, n, dz, dwages, labour.workers, dincome, dtotal, dsales, dpeople, 0, dg);
}

/* The block of n; true when it has entries outside of the pattern. */
static bool fill_block(const system_of_equations *system, size_t n)
{
    const struct preconditioner *b = system->preconditioner;
    const problem *p = &system->problem;
    size_t K = p->K, room = own_change_room(p) + 2 * K;
    double *a = b->matrix + n * K * K, *work = b->work + n * room, *dz = work + room - 2 * K, *dg = dz + K;
    double damping = damping_rate * fmax(0, system->at.farthest - very_far);
    bool outside = false;
    for (size_t k = 0; k < K; k++) {
        memset(dz, 0, K * sizeof *dz);
        dz[k] = 1;
        own_change(system, n, dz, work, dg);
        for (size_t i = 0; i < K; i++) a[k * K + i] = (i == k) - dg[i];
        for (size_t j = 0; j < p->J; j++) a[k * K + at_output(p, j)] *= system->at.slope[at2(n, j, p->J)];
        if (k >= at_output(p, 0)) a[k * K + k] += damping;
        for (size_t i = 0; i < K; i++) outside |= a[k * K + i] != 0 && !b->present[k * K + i];
    }
    return outside;
}

/* Takes up what entries there are now. False: no memory, or no analysis. */
static bool widen_pattern(struct preconditioner *b, size_t N)
{
    size_t K = b->K, entries = 0;
    for (size_t n = 0; n < N; n++)
        for (size_t k = 0; k < K * K; k++) b->present[k] |= b->matrix[n * K * K + k] != 0;
    for (size_t k = 0; k < K; k++) {
        b->present[k * K + k] = 1;
        b->column[k] = (int)entries;
        for (size_t i = 0; i < K; i++)
            if (b->present[k * K + i]) b->row[entries++] = (int)i;
    }
    b->column[K] = (int)entries;
    lu_blocks_free(b->blocks);
    b->blocks = lu_blocks_new_sparse(N, K, b->column, b->row);
    return b->blocks != NULL;
}

/* The entries of the pattern to the front of the block, for the factorisation. */
static void compress(const struct preconditioner *b, double *matrix)
{
    for (size_t k = 0; k < b->K; k++)
        for (int e = b->column[k]; e < b->column[k + 1]; e++) matrix[e] = matrix[k * b->K + (size_t)b->row[e]];
}

static void build_blocks(system_of_equations *system)
{
    struct preconditioner *b = system->preconditioner;
    const problem *p = &system->problem;
    int outside = 0;
#pragma omp parallel for schedule(static) num_threads(p->threads) reduction(| : outside)
    for (size_t n = 0; n < p->N; n++) outside |= fill_block(system, n);
    if ((outside || !b->blocks) && !widen_pattern(b, p->N)) return; /* steps are then those of plain iteration */
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t n = 0; n < p->N; n++) {
        compress(b, b->matrix + n * b->K * b->K);
        lu_blocks_factor(b->blocks, n, b->matrix + n * b->K * b->K);
    }
}

/* ---- the numeraire -------------------------------------------------------------------------------- */

static void build_numeraire(system_of_equations *system)
{
    struct preconditioner *b = system->preconditioner;
    const problem *p = &system->problem;
    const bashu_economy *e = p->economy;
    const point *at = &system->at;
    bool by_wage = e->about.switches.numeraire == NUMERAIRE_WAGE;
    for (size_t n = 0; n < p->N; n++) {
        size_t zero = n * p->K;
        for (size_t s = 0; s < p->S; s++) {
            size_t k = zero + at_wage(s);
            b->level[k] = b->nominal[k] = e->wage_bill[at2(n, s, p->S)] > 0;
            b->gauge[k] = b->gauge_f[k] = by_wage ? at->wage_weight[at2(n, s, p->S)] : 0;
        }
        b->level[zero + at_rent(p)] = b->nominal[zero + at_rent(p)] = e->land_income[n] > 0;
        b->bought[zero + at_rent(p)] = e->land_income[n] > 0 ? (1 + e->chi[n]) * at->land_demand[n] : 0;
        for (size_t j = 0; j < p->J; j++) {
            size_t nj = at2(n, j, p->J), k = zero + at_output(p, j);
            b->level[zero + at_price(p, j)] = b->nominal[zero + at_price(p, j)] = 1;
            if (is_absent_sector(p, n, j)) continue;
            b->level[k] = 1;
            b->nominal[k] = at->slope[nj];
            b->bought[k] = at->sales[nj] / at->slope[nj];
            b->gauge[k] = by_wage ? 0 : e->value_added_share[nj] * at->sales[nj] / at->value_added;
            b->gauge_f[k] = b->gauge[k] / at->slope[nj];
        }
    }
    b->worth = dot(b->bought, b->nominal, system->size);
}

/* ---- the whole ------------------------------------------------------------------------------------ */

void preconditioner_build(void *payload)
{
    system_of_equations *system = payload;
    system->coupled = false;
    build_blocks(system);
    build_numeraire(system);
}

int preconditioner_couple(void *payload)
{
    system_of_equations *system = payload;
    int passes = levels_build(system);
    system->coupled = passes > 0;
    return passes;
}

void preconditioner_solve_blocks(const system_of_equations *system, double *x, bool transposed)
{
    const struct preconditioner *b = system->preconditioner;
    const problem *p = &system->problem;
    if (!b->blocks) return;
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t n = 0; n < p->N; n++) {
        if (transposed) lu_blocks_solve_transposed(b->blocks, n, x + n * p->K);
        else lu_blocks_solve(b->blocks, n, x + n * p->K);
    }
}

void preconditioner_apply(void *payload, const double *f, double *step)
{
    system_of_equations *system = payload;
    const struct preconditioner *b = system->preconditioner;
    size_t size = system->size;
    memcpy(b->rest, f, size * sizeof *f);
    add_scaled(b->rest, -dot(b->bought, f, size) / b->worth, b->nominal, size);
    memcpy(step, b->rest, size * sizeof *f);
    preconditioner_solve_blocks(system, step, false);
    if (system->coupled) levels_correct(system, b->rest, step);
    add_scaled(step, dot(b->gauge_f, f, size) - dot(b->gauge, step, size), b->level, size);
}

void preconditioner_apply_transposed(system_of_equations *system, const double *f, double *step)
{
    const struct preconditioner *b = system->preconditioner;
    size_t size = system->size;
    double level = dot(b->level, f, size);
    memcpy(b->rest, f, size * sizeof *f);
    add_scaled(b->rest, -level, b->gauge, size);
    memcpy(step, b->rest, size * sizeof *f);
    preconditioner_solve_blocks(system, step, true);
    if (system->coupled) levels_correct_transposed(system, b->rest, step);
    add_scaled(step, -dot(b->nominal, step, size) / b->worth, b->bought, size);
    add_scaled(step, level, b->gauge_f, size);
}
