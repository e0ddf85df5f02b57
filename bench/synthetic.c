/* synthetic.c - invented economies.
 *
 *   k_ni      = max(d_ni / d, 1)^-p exp(noise),  k_nn: what gives the home share;  d: a tenth of the way to neighbours, km
 *   Y^j       = alpha^j V + sum_k gamma^{kj} Y^k                 world outputs from final demand and inputs
 *   Y_n^j     = share of n in sector j x Y^j
 *   X_n^j     = alpha^j (V_n + D_n) + sum_k gamma^{kj} Y_n^k
 *   k_ni      = (1 + d_ni / 100 km)^(-0.15 theta) between places that are given, d along great circles;  D = 0
 *   flows     k scaled to rows X and columns Y (Deming & Stephan 1940); what rows then sum to is taken as spent */
#include "synthetic.h"

#include "calibrate/calibrate.h"
#include "linalg/bilateral.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

typedef struct making {
    const synthetic *s;
    bashu_data *data;
    arena *memory, *scratch;
    random_stream random;
    double *x, *y;            /* [N] km */
    double *log_technique;    /* [N] of places that are given */
    double *size;             /* [N] */
    double *input;            /* [J using][J input] */
    double *final;            /* [J] */
    double *output, *spent;   /* [N][J] */
    double *flow;             /* [N buys][J][N sells] */
    double *row, *column, *sum, *work; /* [N][J], [J][N], [J][N]: of fitting margins */
    int threads;
} making;

static void draw_places(making *m)
{
    for (size_t n = 0; m->s->places && n < m->s->N; n++) m->size[n] = m->s->places[n].value_added;
    if (m->s->places) return;
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

/* The own flow is at most the smaller of what a place makes and what it buys, so the nearer the home share is to 1, the less
 * places specialise, and the smaller are deficits. */
static double spread_allowed(const making *m, double ordinary, double per_home_share)
{
    return fmin(ordinary, per_home_share * (1 - m->s->home_share));
}

static void draw_inputs(making *m)
{
    size_t J = m->s->J;
    double all = 0;
    for (size_t j = 0; j < J; j++) all += m->final[j] = 0.2 + random_uniform(&m->random);
    for (size_t j = 0; j < J; j++) m->final[j] /= all;
    for (size_t j = 0; m->s->inputs && j < J; j++) {
        double sum = 0, used = 0.3 + 0.4 * random_uniform(&m->random);
        for (size_t k = 0; k < J; k++) sum += m->input[j * J + k] = random_uniform(&m->random) * (j == k ? 3 : 1);
        for (size_t k = 0; k < J; k++) m->input[j * J + k] *= used / sum;
    }
}

static size_t bloc_of(const making *m, size_t n)
{
    return m->s->blocs ? n % m->s->blocs : 0;
}

/* Deficits that sum to zero within each bloc, because hardly anything crosses between them. */
static void draw_deficits(making *m, const double *value_added, double *deficit)
{
    double spread = spread_allowed(m, 0.05, 0.5);
    for (size_t n = 0; n < m->s->N; n++) deficit[n] = value_added[n] * spread * fmin(3, fmax(-3, random_normal(&m->random)));
    for (size_t bloc = 0; bloc < (m->s->blocs ? m->s->blocs : 1); bloc++) {
        double lent = 0, total = 0;
        for (size_t n = 0; n < m->s->N; n++) {
            if (bloc_of(m, n) != bloc) continue;
            lent += deficit[n];
            total += value_added[n];
        }
        for (size_t n = 0; n < m->s->N; n++)
            if (bloc_of(m, n) == bloc) deficit[n] -= lent * value_added[n] / total;
    }
}

/* Inputs, final demand, and from both the outputs and expenditures that margins ask for. */
static bool draw_accounts(making *m)
{
    size_t N = m->s->N, J = m->s->J;
    double *world = arena_alloc(m->scratch, J, sizeof *world), *value_added = arena_alloc(m->scratch, N, sizeof *value_added);
    double *deficit = arena_alloc(m->scratch, N, sizeof *deficit), specialised = J > 1 ? spread_allowed(m, 0.5, 1.2) : 0;
    if (!world || !value_added || !deficit) return false;
    draw_inputs(m);
    memcpy(world, m->final, J * sizeof *world);
    for (int round = 0; round < 200; round++)
        for (size_t k = 0; k < J; k++) {
            world[k] = m->final[k];
            for (size_t j = 0; j < J; j++) world[k] += m->input[j * J + k] * world[j];
        }
    for (size_t j = 0; j < J; j++) {
        double sum = 0;
        for (size_t n = 0; n < N; n++) sum += m->output[n * J + j] = m->size[n] * exp(specialised * random_normal(&m->random));
        for (size_t n = 0; n < N; n++) m->output[n * J + j] *= world[j] / sum;
    }
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            double share = 1;
            for (size_t k = 0; k < J; k++) share -= m->input[j * J + k];
            value_added[n] += share * m->output[n * J + j];
        }
    if (!m->s->places) draw_deficits(m, value_added, deficit);
    for (size_t n = 0; n < N; n++)
        for (size_t k = 0; k < J; k++) {
            m->spent[n * J + k] = m->final[k] * (value_added[n] + deficit[n]);
            for (size_t j = 0; j < J; j++) m->spent[n * J + k] += m->input[j * J + k] * m->output[n * J + j];
        }
    return true;
}

/* Near enough to a normal number with variance 1, from one uniform: what it is made of takes most of the time otherwise. */
static double noise(random_stream *stream)
{
    uint64_t bits = (uint64_t)(random_uniform(stream) * 0x1p52);
    double sum = (double)(bits & 0x1fff) + (double)(bits >> 13 & 0x1fff) + (double)(bits >> 26 & 0x1fff) + (double)(bits >> 39);
    return (sum / 8191 - 2) * 1.7320508075688772;
}

static double great_circle_km(const synthetic_place *a, const synthetic_place *b)
{
    static const double radius = 6371, degree = 3.14159265358979323846 / 180;
    double up = sin((b->lat - a->lat) * degree / 2), across = sin((b->lon - a->lon) * degree / 2);
    return 2 * radius * asin(fmin(1, sqrt(up * up + cos(a->lat * degree) * cos(b->lat * degree) * across * across)));
}

/* One buyer's row of logs of the kernel, from random numbers of its own, so that rows may be drawn in any order. The own flow
 * has no noise; those from the next and the last place in the list are never zero, so that nobody is cut off. */
static void draw_row(const making *m, size_t n, random_stream *stream)
{
    if (m->s->places) {
        for (size_t i = 0; i < m->s->N; i++) m->flow[n * m->s->N + i] = -0.15 * m->s->theta * log1p(great_circle_km(&m->s->places[n], &m->s->places[i]) / 100);
        return;
    }
    size_t N = m->s->N, J = m->s->J;
    double own = 0.1 * sqrt(4000.0 * 2500.0 / (double)N), power = m->s->distance_power;
    for (size_t i = 0; i < N; i++) {
        double x = m->x[n] - m->x[i], y = m->y[n] - m->y[i], away = fmax((x * x + y * y) / (own * own), 1);
        double log_power = n == i ? 0 : -0.5 * power * log(away) - (bloc_of(m, n) != bloc_of(m, i) ? 6 * log(10) : 0);
        bool beside = i == (n + 1) % N || n == (i + 1) % N;
        for (size_t j = 0; j < J; j++) {
            bool none = n != i && m->s->zero_share > 0 && random_uniform(stream) < m->s->zero_share && !beside;
            m->flow[(n * J + j) * N + i] = none ? -1e6 : n == i ? 0 : log_power + 0.5 * noise(stream);
        }
    }
}

FOR_EACH_WIDTH static void exponentials(double *x, size_t n)
{
    LANES_TOGETHER
    for (size_t i = 0; i < n; i++) x[i] = exp_lane(x[i]);
}

static void draw_kernel(making *m)
{
    size_t N = m->s->N, J = m->s->J;
#pragma omp parallel for schedule(static) num_threads(m->threads)
    for (size_t n = 0; n < N; n++) {
        random_stream stream;
        random_seed(&stream, 1000003 * (uint64_t)m->s->seed + n);
        draw_row(m, n, &stream);
        exponentials(m->flow + n * J * N, J * N);
        for (size_t i = 0; i < J * N; i++)
            if (m->flow[n * J * N + i] < 1e-300) m->flow[n * J * N + i] = 0; /* exp_lane ends at e^-700 */
    }
}

static void spend_margin(void *payload, size_t n, const double *total, const double *kept, double *weight)
{
    const making *m = payload;
    (void)kept;
    for (size_t j = 0; j < m->s->J; j++) m->row[n * m->s->J + j] = weight[j] = m->spent[n * m->s->J + j] / total[j];
}

/* flow = row x kernel x column with the margins wanted, the own flows times `home`: each round is a pass. Returns the home
 * share. */
static double fit_margins(making *m, double home, int rounds)
{
    size_t N = m->s->N, J = m->s->J;
    double at_home = 0, all = 0;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) m->flow[(n * J + j) * N + n] = home; /* without noise it is 1 */
    for (int round = 0; round < rounds; round++) {
        bilateral_pass(&(bilateral){.rows = N, .layers = J, .columns = N, .kernel = m->flow}, m->threads, m->column, spend_margin, m, m->sum,
                       NULL, m->work);
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++) m->column[j * N + i] = m->output[i * J + j] / m->sum[j * N + i];
    }
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            at_home += m->row[n * J + j] * home * m->column[j * N + n];
            all += m->output[n * J + j];
        }
    return at_home / all;
}

static double logit(double share)
{
    return log(share / (1 - share));
}

/* The logit of the home share rises with the log of `home`, by about as much: secant steps. Margins go on fitting meanwhile.
 * What cannot be reached is approached. */
static void find_home_share(making *m)
{
    double log_home = 0, step = 0, slope = 1, before = 0, gap = INFINITY;
    for (int k = 0; k < 24 && fabs(gap) > 2e-4; k++) {
        double now = logit(fmin(1 - 1e-9, fit_margins(m, exp(log_home), k < 4 ? 3 : 6)));
        if (step != 0) slope = fmin(2, fmax(0.3, (now - before) / step));
        before = now;
        gap = logit(m->s->home_share) - now;
        step = fmin(4, fmax(-4, gap / slope));
        if (fabs(gap) > 2e-4) log_home += step;
    }
}

/* Costs as they are: until margins fit. */
static void fit_given(making *m)
{
    double before = 0, now = 1;
    for (int k = 0; k < 200 && fabs(now - before) > 1e-13; k++) {
        before = now;
        now = fit_margins(m, 1, 10);
    }
}

static bool make_flows(making *m)
{
    size_t N = m->s->N, J = m->s->J;
    const array_wanted wanted[] = {{&m->row, N * J}, {&m->column, N * J}, {&m->sum, N * J}, {&m->work, bilateral_work(N, J, N)}};
    if (!ARENA_ARRAYS(m->scratch, wanted)) return false;
    for (size_t i = 0; i < N * J; i++) m->column[i] = 1;
    if (m->s->places) fit_given(m);
    else find_home_share(m);
    for (size_t n = 0; m->s->places && n < N; n++) m->log_technique[n] = log(m->column[n]);
#pragma omp parallel for schedule(static) num_threads(m->threads)
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++) m->flow[(n * J + j) * N + i] *= m->row[n * J + j] * m->column[j * N + i];
    return true;
}

static const char *numbered(making *m, char letter, size_t number)
{
    return arena_format(m->memory, "%c%zu", letter, number);
}

/* Their table 1: alpha 0.06, theta 6.5, gamma_1 0.319, gamma_2 0.99246, xi 125, mu 0.8, lambda 0.32, Omega 0.5. */
static double growing_value(elasticity_id id, double otherwise)
{
    switch (id) {
    case AGGLOMERATION_ELASTICITY: return 0.06 / 6.5;
    case LAND_SHARE: return 1 - 0.8 - 0.319 / 125;
    case AMENITY_CONGESTION: return 0.32;
    case MIGRATION_ELASTICITY: return 1 / 0.5;
    case TECHNIQUE_PERSISTENCE: return 0.99246;
    case INNOVATION_ELASTICITY: return 0.319 / 125;
    case INNOVATION_DENSITY: return 100;
    default: return otherwise;
    }
}

/* A quarter of theirs; rents of structures, 0.3 of value added, are shared by who owns them. */
static double looking_value(elasticity_id id, double otherwise)
{
    switch (id) {
    case DISCOUNT_FACTOR: return 0.99;
    case MIGRATION_NOISE: return 5.34;
    case NATIONAL_RENT_SHARE: return 1;
    case LAND_SHARE: return 0.3;
    default: return otherwise;
    }
}

static bool looks_ahead(const synthetic *s) { return s->time == TIME_FORESIGHT; }

/* Those who work in each sector, and those at home. */
static size_t group_count(const synthetic *s) { return looks_ahead(s) && s->J > 1 ? s->J + 1 : 1; }

static bool describe(making *m)
{
    size_t N = m->s->N, J = m->s->J, S = group_count(m->s);
    double everything = sum_of(m->size, N);
    description *a = &m->data->about;
    region_row *regions = arena_alloc(m->memory, N, sizeof *regions);
    sector_row *sectors = arena_alloc(m->memory, J, sizeof *sectors);
    label *groups = arena_alloc(m->memory, S, sizeof *groups);
    const char **areas = arena_alloc(m->memory, 1, sizeof *areas);
    if (!regions || !sectors || !groups || !areas) return false;
    *a = (description){.folder = m->s->name, .name = m->s->name, .title_en = m->s->name, .title_zh = m->s->name, .currency_code = "",
                       .currency_en = "", .currency_zh = "", .currency_unit = 1, .year = 2020, .N = N, .J = J, .S = S, .A = 1, .foreign = -1,
                       .switches = {.deficits = DEFICITS_MULTIPLICATIVE}};
    if (m->s->time == TIME_GROWTH)
        a->switches = (model_switches){.deficits = DEFICITS_MULTIPLICATIVE, .mobility = MOBILITY_COSTLESS, .spillover = SPILLOVER_DENSITY, .time = TIME_GROWTH,
                                       .innovation = INNOVATION_MARKET};
    if (looks_ahead(m->s)) a->switches = (model_switches){.deficits = DEFICITS_MULTIPLICATIVE, .rents = RENTS_NATIONAL, .time = TIME_FORESIGHT};
    for (size_t n = 0; n < N; n++) {
        const char *id = numbered(m, 'r', n);
        if (!id) return false;
        const synthetic_place given = m->s->places ? m->s->places[n] : (synthetic_place){.land_km2 = 1000, .people = 1e6};
        regions[n] = (region_row){.label = {id, id, id}, .area = "all", .lon = (double)NAN, .lat = (double)NAN, .land_km2 = given.land_km2,
                                  .people = given.people, .gdp = 1, .trade_balance = (double)NAN, .rent = (double)NAN,
                                  .portfolio_share = looks_ahead(m->s) ? m->size[n] / everything : (double)NAN, .specific_structures = looks_ahead(m->s)};
    }
    for (size_t j = 0; j < J; j++) {
        const char *id = numbered(m, 's', j);
        if (!id) return false;
        sectors[j] = (sector_row){.label = {id, id, id}, .industry = 2};
    }
    for (size_t g = 0; g < S; g++) {
        const char *id = S > 1 ? numbered(m, 'g', g) : "all";
        if (!id) return false;
        groups[g] = (label){id, id, id};
    }
    areas[0] = "all";
    a->regions = regions;
    a->sectors = sectors;
    a->groups = groups;
    a->areas = areas;
    for (size_t q = 0; q < ELASTICITY_COUNT; q++) {
        double *by_item = arena_alloc(m->memory, N + J + S, sizeof *by_item), value = 0;
        if (!by_item) return false;
        if (q == TRADE_ELASTICITY) value = m->s->theta;
        if (q == TRADE_BORDER_EFFECT) value = 1;
        if (m->s->time == TIME_GROWTH) value = growing_value((elasticity_id)q, value);
        if (looks_ahead(m->s)) value = looking_value((elasticity_id)q, value);
        if (q == AGGLOMERATION_DECAY || q == AMENITY_DECAY) value = INFINITY;
        for (size_t i = 0; i < N + J + S; i++) by_item[i] = value;
        a->elasticities[q] = (elasticity){.value = value, .by_item = by_item};
    }
    return true;
}

/* As many workers as there is to do, and 0.4 of them at home. */
static void draw_groups(const making *m, double *people, double *wage_share)
{
    size_t N = m->s->N, J = m->s->J, S = J + 1;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) {
            wage_share[(n * J + j) * S + j] = 1;
            people[n * S + j] = 1e6 * m->output[n * J + j];
            people[n * S + J] += 0.4 * people[n * S + j];
        }
}

static bool make_data(making *m)
{
    size_t N = m->s->N, J = m->s->J, S = group_count(m->s);
    double *people = arena_alloc(m->memory, N * S, sizeof *people), *wage_share = arena_alloc(m->memory, N * J * S, sizeof *wage_share);
    double *value_added = arena_alloc(m->memory, N * J, sizeof *value_added);
    const array_wanted wanted[] = {{&m->x, N}, {&m->y, N}, {&m->size, N}, {&m->log_technique, N}, {&m->final, J}, {&m->output, N * J}, {&m->spent, N * J}};
    m->flow = arena_alloc(m->memory, N * J * N, sizeof *m->flow);
    m->input = arena_alloc(m->memory, J * J, sizeof *m->input);
    if (!people || !wage_share || !value_added || !m->flow || !m->input || !ARENA_ARRAYS(m->scratch, wanted)) return false;
    draw_places(m);
    draw_kernel(m);
    if (!draw_accounts(m) || !make_flows(m) || !describe(m)) return false;
    for (size_t i = 0; i < N * J; i++) value_added[i] = 1;
    if (S > 1) draw_groups(m, people, wage_share);
    for (size_t n = 0; S == 1 && n < N; n++) people[n] = m->s->places ? m->s->places[n].people : 1e6;
    for (size_t i = 0; S == 1 && i < N * J; i++) wage_share[i] = 1;
    m->data->people = people;
    m->data->wage_share = wage_share;
    m->data->value_added = value_added;
    m->data->input_share = m->input;
    m->data->trade_value = m->flow;
    return true;
}

/* Observed flows do not tell technique from trade costs: any level will do, but where costs are given it is what a seller sells more for,
 * T = column (w density^(eta - mu))^theta. */
static bashu_status differ_in_technique(bashu_economy *economy, making *m)
{
    const bashu_economy *e = economy;
    size_t count = economy->about.N * economy->about.J;
    double *technique = arena_alloc(economy->memory, count, sizeof *technique);
    if (!technique) return BASHU_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) technique[i] = exp(economy->theta[i % economy->about.J] * 0.2 * random_normal(&m->random));
    for (size_t n = 0; m->s->places && n < count; n++) {
        const synthetic_place *p = &m->s->places[n];
        technique[n] = exp(m->log_technique[n] + e->theta[0] * (log(p->value_added / p->people) + (e->land_share[n] - e->mu[0]) * log(p->people / p->land_km2)));
    }
    economy->fundamentals.productivity = technique;
    return BASHU_OK;
}

bashu_status synthetic_economy(bashu_economy **out, bashu_context *context, const synthetic *s)
{
    making m = {.s = s, .threads = thread_count(context), .memory = arena_new(context), .scratch = arena_new(context)};
    bashu_status status = BASHU_ERROR_MEMORY;
    *out = NULL;
    random_seed(&m.random, s->seed ? s->seed : 1);
    if (m.memory && m.scratch && (m.data = arena_alloc(m.memory, 1, sizeof *m.data))) {
        *m.data = (bashu_data){.context = context, .memory = m.memory};
        if (make_data(&m)) status = calibrate(out, m.data, NULL);
    }
    if (status == BASHU_OK && looks_ahead(s)) status = synthetic_moves(*out);
    if (status == BASHU_OK && s->time == TIME_GROWTH) status = differ_in_technique(*out, &m);
    arena_free(m.scratch);
    arena_free(m.memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(context) : status;
}

double synthetic_home_share(const bashu_economy *e)
{
    double home = 0, all = 0;
    for (size_t n = 0; n < e->about.N; n++)
        for (size_t j = 0; j < e->about.J; j++) {
            size_t nj = n * e->about.J + j;
            home += e->trade_share[nj * e->about.N + n] * e->expenditure[nj];
            all += e->expenditure[nj];
        }
    return home / all;
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
