/* synthetic.c - invented economies.
 *
 *   k_ni      = d_ni^-p exp(noise),  d in km (own: a tenth of the way to the neighbours, times what gives the home share)
 *   Y^j       = alpha^j V + sum_k gamma^{kj} Y^k                 world outputs from final demand and inputs
 *   Y_n^j     = share of n in sector j x Y^j
 *   X_n^j     = alpha^j (V_n + D_n) + sum_k gamma^{kj} Y_n^k
 *   flows     k scaled to rows X and columns Y (Deming & Stephan 1940); what rows then sum to is taken as spent */
#include "synthetic.h"

#include "calibrate/calibrate.h"

#include <math.h>
#include <string.h>

typedef struct making {
    const synthetic *s;
    bashu_data *data;
    arena *memory, *scratch;
    random_stream random;
    double *x, *y;            /* [N] km */
    double *size;             /* [N] */
    double *input;            /* [J using][J input] */
    double *final;            /* [J] */
    double *output, *spent;   /* [N][J] */
    double *flow;             /* [N buys][J][N sells] */
} making;

static void draw_places(making *m)
{
    enum { CLUSTERS = 12 };
    double centre_x[CLUSTERS], centre_y[CLUSTERS];
    for (int c = 0; c < CLUSTERS; c++) {
        centre_x[c] = 4000 * random_uniform(&m->random);
        centre_y[c] = 2500 * random_uniform(&m->random);
    }
    for (size_t n = 0; n < m->s->N; n++) {
        int c = (int)(CLUSTERS * random_uniform(&m->random));
        bool alone = random_uniform(&m->random) < 0.3; /* the rest lie anywhere */
        m->x[n] = alone ? 4000 * random_uniform(&m->random) : centre_x[c] + 200 * random_normal(&m->random);
        m->y[n] = alone ? 2500 * random_uniform(&m->random) : centre_y[c] + 200 * random_normal(&m->random);
        m->size[n] = exp(1.2 * random_normal(&m->random));
    }
}

/* Inputs, final demand, and from both the outputs and expenditures that margins ask for. */
static bool draw_accounts(making *m)
{
    size_t N = m->s->N, J = m->s->J;
    double *world = arena_alloc(m->scratch, J, sizeof *world), *value_added = arena_alloc(m->scratch, N, sizeof *value_added);
    double *deficit = arena_alloc(m->scratch, N, sizeof *deficit);
    if (!world || !value_added || !deficit) return false;
    double all = 0;
    for (size_t j = 0; j < J; j++) all += m->final[j] = 0.2 + random_uniform(&m->random);
    for (size_t j = 0; j < J; j++) m->final[j] /= all;
    for (size_t j = 0; m->s->inputs && j < J; j++) {
        double sum = 0, used = 0.3 + 0.4 * random_uniform(&m->random);
        for (size_t k = 0; k < J; k++) sum += m->input[j * J + k] = random_uniform(&m->random) * (j == k ? 3 : 1);
        for (size_t k = 0; k < J; k++) m->input[j * J + k] *= used / sum;
    }
    memcpy(world, m->final, J * sizeof *world);
    for (int round = 0; round < 200; round++)
        for (size_t k = 0; k < J; k++) {
            world[k] = m->final[k];
            for (size_t j = 0; j < J; j++) world[k] += m->input[j * J + k] * world[j];
        }
    for (size_t j = 0; j < J; j++) {
        double sum = 0;
        for (size_t n = 0; n < N; n++) sum += m->output[n * J + j] = m->size[n] * exp(0.5 * random_normal(&m->random) * (J > 1));
        for (size_t n = 0; n < N; n++) m->output[n * J + j] *= world[j] / sum;
    }
    double lent = 0, total = 0;
    for (size_t n = 0; n < N; n++) {
        for (size_t j = 0; j < J; j++) {
            double share = 1;
            for (size_t k = 0; k < J; k++) share -= m->input[j * J + k];
            value_added[n] += share * m->output[n * J + j];
        }
        deficit[n] = value_added[n] * fmin(0.15, fmax(-0.15, 0.05 * random_normal(&m->random)));
        lent += deficit[n];
        total += value_added[n];
    }
    for (size_t n = 0; n < N; n++)
        for (size_t k = 0; k < J; k++) {
            m->spent[n * J + k] = m->final[k] * (value_added[n] + deficit[n] - lent * value_added[n] / total);
            for (size_t j = 0; j < J; j++) m->spent[n * J + k] += m->input[j * J + k] * m->output[n * J + j];
        }
    return true;
}

static double distance(const making *m, size_t n, size_t i)
{
    double between = hypot(m->x[n] - m->x[i], m->y[n] - m->y[i]);
    return fmax(between, 0.1 * sqrt(4000.0 * 2500.0 / (double)m->s->N));
}

/* Kernels without noise in the own flow; a place keeps its ten nearest whatever is zero, so that nobody is cut off. */
static void draw_kernel(making *m)
{
    size_t N = m->s->N, J = m->s->J;
    double own = 0.1 * sqrt(4000.0 * 2500.0 / (double)N), near = 4 * sqrt(4000.0 * 2500.0 / (double)N / 3.14159);
    for (size_t n = 0; n < N; n++)
        for (size_t i = 0; i < N; i++) {
            double d = n == i ? own : distance(m, n, i), power = pow(d / own, -m->s->distance_power);
            bool apart = m->s->blocs && n % m->s->blocs != i % m->s->blocs;
            for (size_t j = 0; j < J; j++) {
                double noise = n == i ? 0 : 0.5 * random_normal(&m->random);
                bool none = n != i && m->s->zero_share > 0 && random_uniform(&m->random) < m->s->zero_share && d > near;
                m->flow[(n * J + j) * N + i] = none ? 0 : power * exp(noise) * (apart ? 1e-6 : 1);
            }
        }
}

/* flow = row x kernel x column with the margins wanted; the kernel's own flows times `home`. Returns the home share. */
static double fit_margins(const making *m, double home, double *row, double *column, int rounds)
{
    size_t N = m->s->N, J = m->s->J;
    double at_home = 0, all = 0;
    for (int round = 0; round < rounds; round++)
#pragma omp parallel for schedule(static) num_threads(thread_count(m->data->context))
        for (size_t j = 0; j < J; j++) {
            double *sum = m->data ? column + (J + j) * N : NULL; /* second half: sums by seller */
            memset(sum, 0, N * sizeof *sum);
            for (size_t n = 0; n < N; n++) {
                const double *k = m->flow + (n * J + j) * N;
                double total = (home - 1) * k[n] * column[j * N + n];
                for (size_t i = 0; i < N; i++) total += k[i] * column[j * N + i];
                row[n * J + j] = m->spent[n * J + j] / total;
                for (size_t i = 0; i < N; i++) sum[i] += row[n * J + j] * k[i];
                sum[n] += (home - 1) * row[n * J + j] * k[n];
            }
            for (size_t i = 0; i < N; i++) column[j * N + i] = m->output[i * J + j] / sum[i];
        }
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            at_home += row[n * J + j] * m->flow[(n * J + j) * N + n] * home * column[j * N + n];
            all += m->output[n * J + j];
        }
    return at_home / all;
}

static bool make_flows(making *m)
{
    size_t N = m->s->N, J = m->s->J;
    double *row = arena_alloc(m->scratch, N * J, sizeof *row), *column = arena_alloc(m->scratch, 2 * N * J, sizeof *column);
    if (!row || !column) return false;
    for (size_t i = 0; i < N * J; i++) column[i] = 1;
    double low = log(1e-6), high = log(1e9);
    for (int step = 0; step < 18; step++) {
        double middle = (low + high) / 2;
        if (fit_margins(m, exp(middle), row, column, 4) < m->s->home_share) low = middle;
        else high = middle;
    }
    double home = exp((low + high) / 2);
    fit_margins(m, home, row, column, 12);
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            double *flow = m->flow + (n * J + j) * N;
            flow[n] *= home;
            for (size_t i = 0; i < N; i++) flow[i] *= row[n * J + j] * column[j * N + i];
        }
    return true;
}

static const char *numbered(making *m, char letter, size_t number)
{
    return arena_format(m->memory, "%c%zu", letter, number);
}

static bool describe(making *m)
{
    size_t N = m->s->N, J = m->s->J;
    description *a = &m->data->about;
    region_row *regions = arena_alloc(m->memory, N, sizeof *regions);
    sector_row *sectors = arena_alloc(m->memory, J, sizeof *sectors);
    label *groups = arena_alloc(m->memory, 1, sizeof *groups);
    const char **areas = arena_alloc(m->memory, 1, sizeof *areas);
    if (!regions || !sectors || !groups || !areas) return false;
    *a = (description){.folder = m->s->name, .name = m->s->name, .title_en = m->s->name, .title_zh = m->s->name, .currency_code = "",
                       .currency_en = "", .currency_zh = "", .currency_unit = 1, .year = 2020, .N = N, .J = J, .S = 1, .A = 1, .foreign = -1,
                       .switches = {.deficits = DEFICITS_MULTIPLICATIVE}};
    for (size_t n = 0; n < N; n++) {
        const char *id = numbered(m, 'r', n);
        if (!id) return false;
        regions[n] = (region_row){.label = {id, id, id}, .area = "all", .lon = (double)NAN, .lat = (double)NAN, .land_km2 = 1000,
                                  .people = 1e6, .gdp = 1, .trade_balance = (double)NAN, .rent = (double)NAN,
                                  .portfolio_share = (double)NAN};
    }
    for (size_t j = 0; j < J; j++) {
        const char *id = numbered(m, 's', j);
        if (!id) return false;
        sectors[j] = (sector_row){.label = {id, id, id}, .industry = 2};
    }
    groups[0] = (label){"all", "all", "all"};
    areas[0] = "all";
    a->regions = regions;
    a->sectors = sectors;
    a->groups = groups;
    a->areas = areas;
    for (size_t q = 0; q < ELASTICITY_COUNT; q++) {
        double *by_item = arena_alloc(m->memory, N + J + 1, sizeof *by_item), value = 0;
        if (!by_item) return false;
        if (q == TRADE_ELASTICITY) value = m->s->theta;
        if (q == TRADE_BORDER_EFFECT) value = 1;
        if (q == AGGLOMERATION_DECAY || q == AMENITY_DECAY) value = INFINITY;
        for (size_t i = 0; i < N + J + 1; i++) by_item[i] = value;
        a->elasticities[q] = (elasticity){.value = value, .by_item = by_item};
    }
    return true;
}

static bool make_data(making *m)
{
    size_t N = m->s->N, J = m->s->J;
    double *people = arena_alloc(m->memory, N, sizeof *people), *wage_share = arena_alloc(m->memory, N * J, sizeof *wage_share);
    double *value_added = arena_alloc(m->memory, N * J, sizeof *value_added);
    const array_wanted wanted[] = {{&m->x, N}, {&m->y, N}, {&m->size, N}, {&m->final, J}, {&m->output, N * J}, {&m->spent, N * J}};
    m->flow = arena_alloc(m->memory, N * J * N, sizeof *m->flow);
    m->input = arena_alloc(m->memory, J * J, sizeof *m->input);
    if (!people || !wage_share || !value_added || !m->flow || !m->input || !ARENA_ARRAYS(m->scratch, wanted)) return false;
    draw_places(m);
    draw_kernel(m);
    if (!draw_accounts(m) || !make_flows(m) || !describe(m)) return false;
    for (size_t n = 0; n < N; n++) people[n] = 1e6;
    for (size_t i = 0; i < N * J; i++) wage_share[i] = value_added[i] = 1;
    m->data->people = people;
    m->data->wage_share = wage_share;
    m->data->value_added = value_added;
    m->data->input_share = m->input;
    m->data->trade_value = m->flow;
    return true;
}

bashu_status synthetic_economy(bashu_economy **out, bashu_context *context, const synthetic *s)
{
    making m = {.s = s, .memory = arena_new(context), .scratch = arena_new(context)};
    bashu_status status = BASHU_ERROR_MEMORY;
    *out = NULL;
    random_seed(&m.random, s->seed ? s->seed : 1);
    if (m.memory && m.scratch && (m.data = arena_alloc(m.memory, 1, sizeof *m.data))) {
        *m.data = (bashu_data){.context = context, .memory = m.memory};
        if (make_data(&m)) status = calibrate(out, m.data, NULL);
    }
    arena_free(m.scratch);
    arena_free(m.memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(context) : status;
}

bashu_status synthetic_shock(shock *out, arena *memory, const bashu_economy *economy, double sigma, uint64_t seed)
{
    random_stream random;
    random_seed(&random, seed);
    TRY(shock_none(out, memory, economy));
    for (size_t i = 0; i < economy->about.N * economy->about.J; i++) out->productivity_hat[i] = exp(sigma * random_normal(&random));
    out->empty = sigma == 0;
    return BASHU_OK;
}
