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
 * All of it is made once at the baseline, levels too, and blocks there are inverted: a solve that begins near needs no other B, and one where
 * blocks are large next to a pass none even where it begins far.
 *
 * Blocks are as sparse as the model makes them; the pattern is the union over regions at the baseline. There they are factorised
 * when a system is made, which settles the order of pivots: so bits do not depend on what was solved before, and later blocks take
 * half the time. A shock that brings entries of its own (first tariffs) gets a pattern of its own until the next. Far from balance own shares count less
 * (at->trust): a seller with all of a market would otherwise move as if he could not lose it; and where some market is very far
 * from it, B gets a damping on outputs, which keeps regions that hardly trade from answering small residuals with large steps
 * before their neighbours are where they belong (pseudo-transient continuation; Kelley & Keyes 1998). */
#include "equilibrium/system.h"
#include "linalg/bilateral.h"
#include "linalg/vector.h"
#include "solve/deflation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double very_far = 3, damping_rate = 0.05; /* damping = rate * (the farthest log of sales over output - very_far) */

typedef struct common_level {
    double *level;          /* t [N K], by unknowns: 1 or 0 */
    double *nominal;        /* t, by rows of F: 1, slope, or 0 */
    double *bought;         /* u [N K] */
    double *gauge, *gauge_f;/* q, q_f [N K] */
    double worth;           /* u' t */
} common_level;

struct preconditioner {
    size_t K;
    lu_blocks *base, *now, *wider; /* of the baseline; with its pivots; with the pattern of this shock, NULL where that of the base does */
    const lu_blocks *in_use;       /* one of them */
    bool spoiled;           /* a block of `now` has lost its pivots */
    unsigned char *present; /* [K][K] of the base's pattern, by columns */
    int *column, *row;      /* the pattern of `wider`, or else of base */
    double *base_matrix;    /* [N][entries] blocks of the baseline */
    double *matrix;         /* [N][K][K] blocks, by columns; after factorising the entries of the pattern alone */
    double *work;           /* [N][own_change_room + 2 K] */
    common_level of_base, of_now;
    const common_level *numeraire; /* one of them */
    struct levels *base_levels, *now_levels; /* NULL until they are wanted */
    const struct levels *levels; /* one of them; NULL: regions are not coupled */
    deflation *learned;     /* at the baseline; NULL unless the system was prepared */
    double *inverse;        /* [N][K][K] of the base's blocks, by columns: full, but applied several times as fast as factors */
    double *rest, *more;    /* [N K] */
};

static void preconditioner_free(void *preconditioner)
{
    struct preconditioner *b = preconditioner;
    lu_blocks_free(b->base);
    lu_blocks_free(b->now);
    lu_blocks_free(b->wider);
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
    const array_wanted wanted[] = {{&b->matrix, size * K}, {&b->work, N * (own_change_room(p) + 2 * K)}, {&b->rest, size}, {&b->more, size},
                                   {&b->of_base.level, size}, {&b->of_base.nominal, size}, {&b->of_base.bought, size},
                                   {&b->of_base.gauge, size}, {&b->of_base.gauge_f, size},
                                   {&b->of_now.level, size}, {&b->of_now.nominal, size}, {&b->of_now.bought, size},
                                   {&b->of_now.gauge, size}, {&b->of_now.gauge_f, size}};
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

/* The entries of the pattern to the front of the block, for the factorisation. */
static void compress(const struct preconditioner *b, double *matrix)
{
    for (size_t k = 0; k < b->K; k++)
        for (int e = b->column[k]; e < b->column[k + 1]; e++) matrix[e] = matrix[k * b->K + (size_t)b->row[e]];
}

static void fill_pattern(struct preconditioner *b, const unsigned char *present)
{
    size_t K = b->K, entries = 0;
    for (size_t k = 0; k < K; k++) {
        b->column[k] = (int)entries;
        for (size_t i = 0; i < K; i++)
            if (present[k * K + i]) b->row[entries++] = (int)i;
    }
    b->column[K] = (int)entries;
}

/* Marks what entries blocks have, and the diagonal. */
static void mark(const struct preconditioner *b, size_t N, unsigned char *present)
{
    size_t K = b->K;
    for (size_t n = 0; n < N; n++)
        for (size_t k = 0; k < K * K; k++) present[k] |= b->matrix[n * K * K + k] != 0;
    for (size_t k = 0; k < K; k++) present[k * (K + 1)] = 1;
}

/* Blocks of the shock's own pattern, which is that of the base and more. False: no memory. */
static bool widen(struct preconditioner *b, size_t N)
{
    unsigned char *present = malloc(b->K * b->K);
    if (!present) return false;
    memcpy(present, b->present, b->K * b->K);
    mark(b, N, present);
    fill_pattern(b, present);
    free(present);
    lu_blocks_free(b->wider);
    b->wider = lu_blocks_new_sparse(N, b->K, b->column, b->row);
    return b->wider != NULL;
}

static int fill_blocks(const system_of_equations *system)
{
    int outside = 0;
#pragma omp parallel for schedule(static) num_threads(system->problem.threads) reduction(| : outside)
    for (size_t n = 0; n < system->problem.N; n++) outside |= fill_block(system, n);
    return outside;
}

static void build_blocks(system_of_equations *system)
{
    struct preconditioner *b = system->preconditioner;
    const problem *p = &system->problem;
    int outside = fill_blocks(system), lost = 0;
    if (outside && !widen(b, p->N)) return; /* goes on with what it had */
    lu_blocks *blocks = b->wider ? b->wider : b->now;
#pragma omp parallel for schedule(static) num_threads(p->threads) reduction(| : lost)
    for (size_t n = 0; n < p->N; n++) {
        double *matrix = b->matrix + n * b->K * b->K;
        compress(b, matrix);
        if (!lu_blocks_refactor(blocks, n, matrix)) {
            lu_blocks_factor(blocks, n, matrix); /* if not, its steps are those of plain iteration */
            lost |= !b->wider;
        }
    }
    b->spoiled = b->spoiled || lost;
    b->in_use = blocks;
}

/* ---- the numeraire -------------------------------------------------------------------------------- */

static void build_numeraire(const system_of_equations *system, common_level *b)
{
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
            b->gauge[k] = by_wage ? 0 : e->value_added_share[nj] * at->sales[nj] / at->value_added[0];
            b->gauge_f[k] = b->gauge[k] / at->slope[nj];
        }
    }
    b->worth = dot(b->bought, b->nominal, system->size);
}

/* ---- the whole ------------------------------------------------------------------------------------ */

static void back_to_base(struct preconditioner *b)
{
    b->in_use = b->base;
    b->numeraire = &b->of_base;
    b->levels = NULL;
}

bool preconditioner_of_baseline(system_of_equations *system)
{
    struct preconditioner *b = system->preconditioner;
    const problem *p = &system->problem;
    size_t K = b->K;
    fill_blocks(system);
    mark(b, p->N, b->present);
    fill_pattern(b, b->present);
    size_t entries = (size_t)b->column[K];
    b->base = lu_blocks_new_sparse(p->N, K, b->column, b->row);
    b->now = lu_blocks_new_sparse(p->N, K, b->column, b->row);
    b->base_matrix = arena_alloc(system->memory, p->N * entries, sizeof(double));
    b->inverse = arena_alloc(system->memory, p->N * K * K, sizeof(double));
    if (!b->base || !b->now || !b->base_matrix || !b->inverse) return false;
    int lost = 0;
    for (size_t n = 0; n < p->N; n++) {
        compress(b, b->matrix + n * K * K);
        memcpy(b->base_matrix + n * entries, b->matrix + n * K * K, entries * sizeof(double));
    }
#pragma omp parallel for schedule(static) num_threads(p->threads) reduction(| : lost)
    for (size_t n = 0; n < p->N; n++) {
        double *inverse = b->inverse + n * K * K;
        for (size_t k = 0; k < K; k++) inverse[k * (K + 1)] = 1;
        lu_blocks_factor(b->now, n, b->base_matrix + n * entries);
        bool factorised = lu_blocks_factor(b->base, n, b->base_matrix + n * entries);
        lost |= factorised && !lu_blocks_solve_many(b->base, n, inverse, K, 1); /* else its steps are those of plain iteration */
    }
    if (lost) return false;
    build_numeraire(system, &b->of_base);
    b->base_levels = levels_new(system->memory, p);
    if (!b->base_levels) return false;
    if (!levels_build(b->base_levels, p, &system->at)) b->base_levels = NULL; /* singular: no coupling, then */
    back_to_base(b);
    return true;
}

void preconditioner_restart(system_of_equations *system)
{
    struct preconditioner *b = system->preconditioner;
    if (b->wider) {
        lu_blocks_free(b->wider);
        b->wider = NULL;
        fill_pattern(b, b->present);
    }
    for (size_t n = 0; b->spoiled && n < system->problem.N; n++)
        lu_blocks_factor(b->now, n, b->base_matrix + n * (size_t)b->column[b->K]);
    b->spoiled = false;
    back_to_base(b);
}

/* Whether building blocks takes longer than several passes, or than tens of them: K^3 operations a region, against N J. */
static bool is_dear(const problem *p, size_t passes)
{
    return p->K * p->K * p->K > passes * p->N * p->J;
}

int preconditioner_begin(void *payload)
{
    system_of_equations *system = payload;
    struct preconditioner *b = system->preconditioner;
    back_to_base(b);
    b->levels = b->base_levels;
    if (is_dear(&system->problem, 100)) return BEGUN_FOR_THE_START | (b->levels ? BEGUN_FOR_ALL | BEGUN_FROM_FAR : 0);
    return (b->levels ? BEGUN_FOR_ALL : BEGUN_NOT) | (is_dear(&system->problem, 1) ? BEGUN_FOR_THE_START : BEGUN_NOT);
}

bashu_status preconditioner_prepare(system_of_equations *system, size_t directions)
{
    struct preconditioner *b = system->preconditioner;
    arena *scratch = arena_new(system->context);
    double *zero = scratch ? arena_alloc(scratch, system->size, sizeof *zero) : NULL, *f = scratch ? arena_alloc(scratch, system->size, sizeof *f) : NULL;
    deflation *learned = NULL;
    fixed_point fixed = system_fixed_point(system);
    bashu_status status = zero && f ? system_set_shock(system, system->memory, system->nothing) : BASHU_ERROR_MEMORY;
    if (status == BASHU_OK) status = deflation_new(&learned, system->memory, system->size, directions);
    if (status == BASHU_OK) {
        b->learned = NULL;
        system_evaluate(system, zero, f, true);
        back_to_base(b);
        b->levels = b->base_levels;
        if (b->levels && deflation_learn(learned, &fixed)) b->learned = learned;
    }
    if (scratch) arena_free(scratch);
    return status == BASHU_ERROR_MEMORY ? fail_memory(system->context) : status;
}

void preconditioner_build(void *payload)
{
    system_of_equations *system = payload;
    system->preconditioner->levels = NULL;
    build_blocks(system);
    build_numeraire(system, &system->preconditioner->of_now);
    system->preconditioner->numeraire = &system->preconditioner->of_now;
}

int preconditioner_couple(void *payload)
{
    system_of_equations *system = payload;
    struct preconditioner *b = system->preconditioner;
    if (!b->now_levels) b->now_levels = levels_new(system->memory, &system->problem);
    int passes = b->now_levels ? levels_build(b->now_levels, &system->problem, &system->at) : 0;
    b->levels = passes > 0 ? b->now_levels : NULL;
    return passes;
}

/* y = A x of one region's inverse, by columns. */
FOR_EACH_WIDTH static void apply_inverse(const double *inverse, size_t K, const double *x, double *y)
{
    memset(y, 0, K * sizeof *y);
    for (size_t k = 0; k < K; k++) add_scaled(y, x[k], inverse + k * K, K);
}

void preconditioner_solve_blocks(const system_of_equations *system, double *x, bool transposed)
{
    const struct preconditioner *b = system->preconditioner;
    const problem *p = &system->problem;
    size_t K = p->K, room = own_change_room(p) + 2 * K;
#pragma omp parallel for schedule(static) num_threads(p->threads)
    for (size_t n = 0; n < p->N; n++) {
        double *solution = b->work + n * room;
        if (b->in_use == b->base && !transposed) {
            apply_inverse(b->inverse + n * K * K, K, x + n * K, solution);
            memcpy(x + n * K, solution, K * sizeof *x);
        } else if (transposed) lu_blocks_solve_transposed(b->in_use, n, x + n * p->K);
        else lu_blocks_solve(b->in_use, n, x + n * p->K);
    }
}

void preconditioner_apply(void *payload, const double *f, double *step)
{
    system_of_equations *system = payload;
    const struct preconditioner *b = system->preconditioner;
    const common_level *c = b->numeraire;
    size_t size = system->size;
    if (b->learned && b->in_use == b->base && b->levels == b->base_levels) { /* it goes with these */
        deflation_apply(b->learned, f, b->more);
        f = b->more;
    }
    memcpy(b->rest, f, size * sizeof *f);
    add_scaled(b->rest, -dot(c->bought, f, size) / c->worth, c->nominal, size);
    memcpy(step, b->rest, size * sizeof *f);
    preconditioner_solve_blocks(system, step, false);
    if (b->levels) levels_correct(b->levels, &system->problem, b->rest, step);
    add_scaled(step, dot(c->gauge_f, f, size) - dot(c->gauge, step, size), c->level, size);
}

void preconditioner_apply_transposed(system_of_equations *system, const double *f, double *step)
{
    const struct preconditioner *b = system->preconditioner;
    const common_level *c = b->numeraire;
    size_t size = system->size;
    double level = dot(c->level, f, size);
    memcpy(b->rest, f, size * sizeof *f);
    add_scaled(b->rest, -level, c->gauge, size);
    memcpy(step, b->rest, size * sizeof *f);
    preconditioner_solve_blocks(system, step, true);
    if (b->levels) levels_correct_transposed(b->levels, &system->problem, b->rest, step);
    add_scaled(step, -dot(c->nominal, step, size) / c->worth, c->bought, size);
    add_scaled(step, level, c->gauge_f, size);
}

/* ---- side by side --------------------------------------------------------------------------------- */

int preconditioner_learned_passes(const system_of_equations *system)
{
    enum { POINT = 1, FIRST = 1 }; /* the baseline evaluated, and the direction to begin with */
    const struct preconditioner *b = system->preconditioner;
    return b->learned ? POINT + FIRST + (int)deflation_count(b->learned) : 0;
}

bool preconditioner_is_prepared(const system_of_equations *system)
{
    return system->preconditioner->learned;
}

size_t preconditioner_many_work(const system_of_equations *system)
{
    return BILATERAL_MANY * system->size + levels_many_work(system->preconditioner->base_levels, system->problem.N);
}

/* sum[m] = vector' x */
static void product_of_each(const double *vector, const double *x, size_t n, double *sum)
{
    many_totals(vector, 1, n, n, x, sum);
}

void preconditioner_apply_many(const system_of_equations *system, const double *f, double *step, double *work)
{
    enum { MANY = BILATERAL_MANY };
    const struct preconditioner *b = system->preconditioner;
    const common_level *c = &b->of_base;
    size_t size = system->size, K = b->K;
    double *rest = work, *levels_work = work + MANY * size, by[MANY], gauge[MANY], reached[MANY];
    deflation_apply_many(b->learned, f, rest);
    product_of_each(c->gauge_f, rest, size, gauge);
    product_of_each(c->bought, rest, size, by);
    for (size_t m = 0; m < MANY; m++) by[m] /= -c->worth;
    many_sums(c->nominal, 1, size, size, by, rest);
    memset(step, 0, MANY * size * sizeof *step);
    for (size_t n = 0; n < system->problem.N; n++) many_sums(b->inverse + n * K * K, K, K, K, rest + n * K * MANY, step + n * K * MANY);
    levels_correct_many(b->base_levels, &system->problem, rest, step, levels_work); /* without memory a step is only less good */
    product_of_each(c->gauge, step, size, reached);
    for (size_t m = 0; m < MANY; m++) gauge[m] -= reached[m];
    many_sums(c->level, 1, size, size, gauge, step);
}
