/* foresight_certify.c - recomputes what people who look ahead do, period over period.
 *
 * Written to be read next to Caliendo, Dvorkin & Parro (2019), Propositions 2 and 3, and to share nothing with foresight_people.c: a whole
 * matrix of moves is carried from period to period. Baseline, from the observed mu_-1 on, d x_t = x_t - x_t-1:
 *   mu_t^ih   = mu_t-1^ih exp(beta dv_t+1^h / nu) / S_t^i,  S_t^i = sum_h mu_t-1^ih exp(beta dv_t+1^h / nu)
 *   value     dv_t^i = dlog omega_t^i + nu log S_t^i        (t >= 1; y_0 = 0 in period 0)
 *   moves     L_t+1^h = sum_i mu_t^ih L_t^i
 * With the scenario, x_t = v'_t - v_t, from the announcement on and with the mu_t of the baseline:
 *   mu'_t^ih  = mu_t^ih exp(beta x_t+1^h / nu) / S'_t^i
 * Where costs of moving change, exp((beta x^h - dtau^ih) / nu) stands in the place of exp(beta x^h / nu), in S too; dtau is log muhat of this period
 * less that of the one before, and with the scenario less that of the baseline path.
 *   value     x_t^i = log omega'_t^i - log omega_t^i + nu log S'_t^i
 * Total: people of every pool. Long run: the same with v_T+1 = v_T, and L* = mu_T' L*.
 * Omega is what temporary equilibria were said to give; that they do is FORESIGHT_FLOW, and that they are FORESIGHT_TEMPORARY. */
#include "equilibrium/foresight.h"

#include <math.h>
#include <string.h>

const char *const foresight_equation_names[FORESIGHT_EQUATIONS] = {"temporary_equilibrium", "flow_utility", "lifetime_value", "people_moving", "people_total",
                                                                   "long_run"};

typedef struct audit {
    foresight_certificate *out;
    const foresight *f;
    const bashu_economy *economy;
    const gross_flows *flows;
    size_t Q, M, G, T;
    double beta, nu;
    double *moves;      /* mu_t [M][Q][M] of the baseline path */
    double *factor;     /* [G] exp of beta over nu times a change of values */
    double *log_sum;    /* [G] nu log S */
    double *arrived;    /* [G] */
    const double *dearer, *less; /* muhat of now and of what it is compared with [S][N][N]; NULL: ones */
} audit;

static double log_cost(const audit *a, const double *hat, size_t from, size_t to)
{
    const description *about = &a->economy->about;
    if (!hat || from / about->S == to / about->S) return 0;
    return log(hat[(from % about->S * about->N + from / about->S) * about->N + to / about->S]);
}

/* exp(-dtau / nu) of a move between two markets */
static double eased(const audit *a, size_t g, size_t h)
{
    size_t from = a->flows->market[g], to = a->flows->market[h];
    if (to == SIZE_MAX) return 1;
    return exp((log_cost(a, a->less, from, to) - log_cost(a, a->dearer, from, to)) / a->nu);
}

static void record(const audit *a, size_t t, foresight_equation equation, double gap, size_t market)
{
    size_t at = t * FORESIGHT_EQUATIONS + equation;
    double size = fabs(gap);
    if (size <= a->out->residual[at] || isnan(a->out->residual[at])) return;
    a->out->residual[at] = size;
    a->out->market[at] = market;
}

/* Somebody is there and some leave. */
static bool is_there(const audit *a, size_t g)
{
    return a->flows->market[g] != SIZE_MAX && a->flows->share[(g % a->M * a->Q + g / a->M) * a->M + g % a->M] < 1;
}

static double relative(double left, double right)
{
    double scale = fmax(fabs(left), fabs(right));
    return scale > 0 ? (left - right) / scale : 0;
}

/* factor = exp(beta / nu (to - from)) */
static void set_factor(const audit *a, const double *to, const double *from)
{
    for (size_t g = 0; g < a->G; g++) a->factor[g] = is_there(a, g) ? exp(a->beta / a->nu * (to[g] - from[g])) : 0;
}

/* nu log S of every market of departure under the factor; moves: as they are. */
static void sum_up(const audit *a)
{
    for (size_t g = 0; g < a->G; g++) {
        const double *row = a->moves + (g % a->M * a->Q + g / a->M) * a->M, *factor = a->factor + g / a->M * a->M;
        bool there = is_there(a, g), same = a->dearer == a->less; /* costs: asked here, and not for each of a million moves */
        double sum = 0;
        for (size_t h = 0; there && h < a->M; h++) sum += row[h] * factor[h] * (same ? 1 : eased(a, g, g / a->M * a->M + h));
        a->log_sum[g] = is_there(a, g) ? a->nu * log(sum) : 0;
    }
}

/* People whom moves times factor bring; kept: moves become what they are with the factor. */
static void bring(const audit *a, const double *people, bool kept)
{
    memset(a->arrived, 0, a->G * sizeof *a->arrived);
    for (size_t g = 0; g < a->G; g++) {
        size_t pool = g / a->M * a->M;
        double *row = a->moves + (g % a->M * a->Q + g / a->M) * a->M, scale = exp(-a->log_sum[g] / a->nu);
        if (!is_there(a, g)) continue;
        bool same = a->dearer == a->less;
        for (size_t h = 0; h < a->M; h++) {
            double share = row[h] * a->factor[pool + h] * (same ? 1 : eased(a, g, pool + h)) * scale;
            a->arrived[pool + h] += share * people[g];
            if (kept) row[h] = share;
        }
    }
}

static void check_people(const audit *a, size_t t, const double *now, const double *next, foresight_equation equation)
{
    for (size_t g = 0; g < a->G; g++)
        if (is_there(a, g)) record(a, t, equation, relative(next[g], a->arrived[g]), g);
    for (size_t q = 0; q < a->Q; q++) {
        double before = 0, after = 0;
        for (size_t g = q * a->M; g < (q + 1) * a->M; g++) {
            before += is_there(a, g) ? now[g] : 0;
            after += is_there(a, g) ? next[g] : 0;
        }
        record(a, t, FORESIGHT_TOTAL, relative(after, before), SIZE_MAX);
    }
}

/* Moves of the baseline path in t, from those of t - 1. */
static void move_on(audit *a, size_t t, const double *next, const double *value, const double *people)
{
    a->dearer = foresight_move_cost(a->f, false, t);
    a->less = t ? foresight_move_cost(a->f, false, t - 1) : NULL;
    set_factor(a, next, value);
    sum_up(a);
    bring(a, people, true);
}

static void check_baseline(audit *a)
{
    const foresight_path *p = foresight_path_of(a->f, false);
    size_t G = a->G, T = a->T;
    for (size_t g = 0; g < G; g++)
        if (is_there(a, g)) record(a, 0, FORESIGHT_VALUE, (1 - a->beta) * p->value[g], g);
    for (size_t t = 0; t <= T; t++) {
        const double *value = p->value + t * G, *next = t < T ? value + G : value, *flow = p->flow + t * G;
        const double *coming = t == T ? p->people + T * G : t + 1 < T ? p->people + (t + 1) * G : p->at_end;
        move_on(a, t, next, value, p->people + t * G);
        for (size_t g = 0; t > 0 && g < G; g++)
            if (is_there(a, g)) record(a, t, t < T ? FORESIGHT_VALUE : FORESIGHT_LONG_RUN, value[g] - value[g - G] - (flow[g] - flow[g - G]) - a->log_sum[g], g);
        check_people(a, t, p->people + t * G, coming, t < T ? FORESIGHT_MOVES : FORESIGHT_LONG_RUN);
    }
}

static void check_changed(audit *a)
{
    const foresight_path *p = foresight_path_of(a->f, true), *base = foresight_path_of(a->f, false);
    size_t G = a->G, T = a->T;
    for (size_t t = 0; t <= T; t++) {
        const double *value = p->value + t * G, *base_value = base->value + t * G, *people = p->people + t * G;
        const double *next = t < T ? value + G : value, *base_next = t < T ? base_value + G : base_value;
        move_on(a, t, base_next, base_value, base->people + t * G);
        if (t < p->announced) continue;
        a->dearer = foresight_move_cost(a->f, true, t);
        a->less = foresight_move_cost(a->f, false, t);
        set_factor(a, next, base_next);
        sum_up(a);
        for (size_t g = 0; g < G; g++)
            if (is_there(a, g))
                record(a, t, t < T ? FORESIGHT_VALUE : FORESIGHT_LONG_RUN,
                       value[g] - base_value[g] - (p->flow[t * G + g] - base->flow[t * G + g]) - a->log_sum[g], g);
        bring(a, people, false);
        check_people(a, t, people, t == T ? people : t + 1 < T ? people + G : p->at_end, t < T ? FORESIGHT_MOVES : FORESIGHT_LONG_RUN);
    }
}

static void summarise(foresight_certificate *out, size_t T)
{
    out->worst = -1;
    for (size_t t = 0; t <= T; t++)
        for (int q = 0; q < FORESIGHT_EQUATIONS; q++) {
            double residual = out->residual[t * FORESIGHT_EQUATIONS + (size_t)q];
            if (residual <= out->worst || isnan(out->worst)) continue;
            out->worst = residual;
            out->worst_equation = (foresight_equation)q;
            out->worst_period = t;
        }
}

bashu_status foresight_certify(foresight_certificate *out, arena *memory, foresight *f, bool with_changes)
{
    const gross_flows *flows = foresight_flows(f);
    bashu_context *context = arena_context(memory);
    size_t T = foresight_periods(f), G = foresight_markets(f), rows = (T + 1) * FORESIGHT_EQUATIONS;
    audit a = {.out = out, .f = f, .economy = foresight_economy(f), .flows = flows, .Q = flows->pools, .M = flows->markets, .G = G, .T = T, .beta = foresight_discount(f), .nu = foresight_noise(f)};
    arena *scratch = arena_new(context);
    double *temporary, *flow;
    const array_wanted wanted[] = {{&a.moves, a.M * G}, {&a.factor, G}, {&a.log_sum, G}, {&a.arrived, G}, {&temporary, T + 1}, {&flow, T + 1}};
    out->residual = arena_alloc(memory, rows, sizeof *out->residual);
    out->market = arena_alloc(memory, rows, sizeof *out->market);
    bashu_status status = scratch && out->residual && out->market && ARENA_ARRAYS(scratch, wanted) ? BASHU_OK : fail_memory(context);
    if (status == BASHU_OK) status = foresight_check_periods(f, with_changes, temporary, flow);
    if (status == BASHU_OK) {
        for (size_t k = 0; k < rows; k++) out->market[k] = SIZE_MAX;
        for (size_t t = 0; t <= T; t++) {
            if (temporary[t] == -1) continue;
            record(&a, t, FORESIGHT_TEMPORARY, temporary[t], SIZE_MAX);
            record(&a, t, FORESIGHT_FLOW, flow[t], SIZE_MAX);
        }
        memcpy(a.moves, flows->share, a.M * G * sizeof *a.moves);
        if (with_changes) check_changed(&a);
        else check_baseline(&a);
        summarise(out, T);
    }
    if (scratch) arena_free(scratch);
    return status;
}
