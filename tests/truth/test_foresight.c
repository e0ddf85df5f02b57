/* test_foresight.c - people who look ahead against a second, naive solution in levels: technologies, trade costs and costs of moving are
 * given, values are iterated from a far end and wages by tatonnement, everything damped until nothing moves. A market g is group g / N (those
 * who work, and where there are two those who live off home production, worth the same everywhere and always) in place g % N. */
#include "equilibrium/foresight.h"

#include "kit.h"

#include <stdio.h>

enum { N = 3, GROUPS = 2, MOST = N * GROUPS, LONG = 260 };
static const double theta = 4, beta = 0.9, nu = 1.5;

typedef struct world { /* in levels */
    size_t markets; /* N or MOST */
    double technology[LONG][N], trade_cost[N][N], move_cost[LONG][MOST][MOST];
    double people[LONG + 1][MOST], wage[LONG][N], flow[LONG][MOST], value[LONG + 1][MOST];
    double share[LONG][N][N]; /* pi, n buys from i */
} world;

static world world_new(double scale, size_t groups)
{
    static const double technology[N] = {1, 1.6, 0.7}, trade_cost[N][N] = {{1, 1.5, 1.9}, {1.4, 1, 1.6}, {2, 1.7, 1}};
    static const double move_cost[N][N] = {{0, 3, 4.5}, {3.5, 0, 4}, {4, 3.2, 0}};
    world w = {.markets = groups * N};
    for (size_t i = 0; i < N; i++) {
        for (size_t t = 0; t < LONG; t++) w.technology[t][i] = scale * technology[i], w.wage[t][i] = 1;
        for (size_t h = 0; h < N; h++) w.trade_cost[i][h] = trade_cost[i][h];
    }
    for (size_t t = 0; t < LONG; t++)
        for (size_t g = 0; g < MOST; g++)
            for (size_t h = 0; h < MOST; h++) w.move_cost[t][g][h] = move_cost[g % N][h % N] + (g / N == h / N ? 0 : 2.5 + (double)(g / N));
    return w;
}

/* One step of tatonnement; real wages, trade shares. Returns the largest step. */
static double trade(world *w, size_t t)
{
    double *wage = w->wage[t], sales[N] = {0}, world_income = 0, most = 0, scale = 0;
    for (size_t n = 0; n < N; n++) {
        double total = 0;
        for (size_t i = 0; i < N; i++)
            total += w->share[t][n][i] = w->technology[t][i] * pow(wage[i] * w->trade_cost[n][i], -theta);
        for (size_t i = 0; i < N; i++) {
            w->share[t][n][i] /= total;
            sales[i] += w->share[t][n][i] * wage[n] * w->people[t][n];
        }
        w->flow[t][n] = log(wage[n] * pow(total, 1 / theta));
    }
    for (size_t i = 0; i < N; i++) {
        double step = log(sales[i] / (wage[i] * w->people[t][i])) / (1 + theta);
        most = fmax(most, fabs(step));
        wage[i] *= exp(step);
    }
    for (size_t i = 0; i < N; i++) world_income += wage[i] * w->people[t][i], scale += w->people[t][i];
    for (size_t i = 0; i < N; i++) wage[i] *= scale / world_income;
    return most;
}

static double log_choices(const world *w, size_t t, const double *next, size_t i, double *share)
{
    double sum = 0;
    for (size_t h = 0; h < w->markets; h++) sum += share[h] = exp((beta * next[h] - w->move_cost[t][i][h]) / nu);
    for (size_t h = 0; h < w->markets; h++) share[h] /= sum;
    return nu * log(sum);
}

/* The path from period `first`, whose people are given, on; after the last period every period is like it. */
static void live(world *w, size_t first)
{
    double most = 1;
    int rounds = 0;
    for (size_t t = first; t < LONG; t++) memcpy(w->people[t], w->people[first], sizeof w->people[t]);
    while (most > 3e-15 && rounds++ < 20000) {
        double share[MOST];
        most = 0;
        for (size_t t = first; t < LONG; t++) most = fmax(most, trade(w, t));
        for (size_t t = LONG; t-- > first;)
            for (size_t i = 0; i < w->markets; i++) {
                double before = w->value[t][i];
                w->value[t][i] = w->flow[t][i] + log_choices(w, t, w->value[t + 1], i, share);
                most = fmax(most, 1e-2 * fabs(w->value[t][i] - before));
            }
        memcpy(w->value[LONG], w->value[LONG - 1], sizeof w->value[LONG]);
        for (size_t t = first; t + 1 < LONG; t++) {
            double next[MOST] = {0};
            for (size_t i = 0; i < w->markets; i++) {
                log_choices(w, t, w->value[t + 1], i, share);
                for (size_t h = 0; h < w->markets; h++) next[h] += share[h] * w->people[t][i];
            }
            for (size_t h = 0; h < w->markets; h++) {
                double step = (next[h] - w->people[t + 1][h]) / 2;
                w->people[t + 1][h] += step;
                most = fmax(most, fabs(step) / next[h]);
            }
        }
    }
    assert_true(rounds < 20000);
}

/* ---- the same for the engine: accounts and gross flows of period 0, and nothing else ---------------- */

typedef struct seen {
    kit k;
    gross_flows flows;
    size_t market[MOST];
    double share[MOST * MOST], trade_value[N * N], people[MOST], wage_share[N * GROUPS];
    double agglomeration;
    foresight *f;
} seen;

static void observe(seen *s, const world *w, int threads)
{
    size_t groups = w->markets / N;
    kit_open(&s->k, threads);
    for (size_t n = 0; n < N; n++) {
        for (size_t i = 0; i < N; i++) s->trade_value[n * N + i] = w->share[0][n][i] * w->wage[0][n] * w->people[0][n];
        s->wage_share[n * groups] = 1;
    }
    for (size_t g = 0; g < w->markets; g++) {
        s->market[g] = g % N * groups + g / N;
        s->people[s->market[g]] = w->people[0][g];
        log_choices(w, 0, w->value[0], g, s->share + g * w->markets); /* mu_-1 */
    }
    sketch drawn = sketch_new(N, 1, groups);
    drawn.flow = s->trade_value;
    drawn.people = s->people;
    drawn.elasticity[TRADE_ELASTICITY] = theta;
    drawn.elasticity[DISCOUNT_FACTOR] = beta;
    drawn.elasticity[MIGRATION_NOISE] = nu;
    drawn.elasticity[AGGLOMERATION_ELASTICITY] = s->agglomeration;
    kit_draw(&s->k, &drawn);
    s->k.data->wage_share = s->wage_share;
    kit_calibrate(&s->k);
    s->flows = (gross_flows){1, w->markets, s->market, s->share};
    s->k.economy->flows = &s->flows;
}

static void look_ahead(seen *s, size_t periods)
{
    kit_must(&s->k, foresight_new(&s->f, s->k.economy, &s->k.options, periods));
    kit_must(&s->k, foresight_baseline(s->f, NULL));
    assert_true(foresight_path_of(s->f, false)->reason > 0);
}

static void forget(seen *s)
{
    foresight_free(s->f);
    kit_close(&s->k);
}

/* State 1: productivity of the first region a half higher, that of the second a fifth lower. */
static bashu_status better(void *payload, size_t state, shock_builder *builder, const shock **out)
{
    shock *k = payload;
    (void)builder;
    assert_int_equal(state, 1);
    *out = k;
    return BASHU_OK;
}

static const double productivity_hat[N] = {1.5, 0.8, 1};

static void surprise(seen *s, const size_t *states, size_t announced)
{
    for (size_t n = 0; n < N; n++) s->k.shock.productivity_hat[n] = productivity_hat[n];
    foresight_fundamentals changed = {states, better, &s->k.shock};
    kit_must(&s->k, foresight_counterfactual(s->f, &changed, announced));
    assert_true(foresight_path_of(s->f, true)->reason > 0);
}

static void must_follow(const foresight_path *path, const world *w, const world *base, size_t first, size_t last, double tolerance)
{
    char what[64];
    for (size_t t = first; t <= last; t++)
        for (size_t g = 0; g < w->markets; g++) {
            size_t at = t * w->markets + g;
            snprintf(what, sizeof what, "people of %zu in period %zu", g, t);
            must_be(what, path->people[at], w->people[t][g], tolerance);
            snprintf(what, sizeof what, "flow of %zu in period %zu", g, t);
            must_be(what, exp(path->flow[at]), exp(w->flow[t][g] - base->flow[0][g]), tolerance);
            snprintf(what, sizeof what, "value of %zu in period %zu", g, t);
            must_be(what, exp(path->value[at]), exp(w->value[t][g] - base->value[0][g]), 10 * tolerance);
        }
}

static void must_pass(const seen *s, bool with_changes, double tolerance)
{
    foresight_certificate c;
    kit_must(&s->k, foresight_certify(&c, s->k.memory, s->f, with_changes));
    if (!(c.worst <= tolerance)) fail_msg("%s in period %zu: %.3g", foresight_equation_names[c.worst_equation], c.worst_period, c.worst);
}

static const double first_people[MOST] = {2e6, 1e6, 3e6, 5e5, 7e5, 4e5};

/* With terms of trade alone there is one long run; looking for others leaves the path as it was. */
static void other_starts_end_there(seen *s, bool with_changes)
{
    enum { PERIODS = 200, STARTS = 6 };
    const foresight_path *path = foresight_path_of(s->f, with_changes);
    double people[N], value[N], flow[N];
    int found = 0, steps = path->long_run_steps;
    memcpy(people, path->people + PERIODS * N, sizeof people);
    memcpy(value, path->value + PERIODS * N, sizeof value);
    memcpy(flow, path->flow + PERIODS * N, sizeof flow);
    kit_must(&s->k, foresight_other_starts(s->f, STARTS, 1, &found));
    assert_int_equal(found, 1);
    assert_int_equal(path->long_run_steps, steps);
    assert_memory_equal(people, path->people + PERIODS * N, sizeof people);
    assert_memory_equal(value, path->value + PERIODS * N, sizeof value);
    assert_memory_equal(flow, path->flow + PERIODS * N, sizeof flow);
    must_pass(s, with_changes, 1e-8);
}

static void paths_are_those_of_levels(void **state)
{
    enum { PERIODS = 200, SHOWN = 60, BEGINS = 5 };
    static size_t states[PERIODS + 1];
    static world w, changed;
    seen s = {0};
    (void)state;
    w = world_new(1, 1);
    memcpy(w.people[0], first_people, sizeof first_people);
    live(&w, 0);
    observe(&s, &w, 1);
    look_ahead(&s, PERIODS);
    must_follow(foresight_path_of(s.f, false), &w, &w, 0, SHOWN, 1e-8);
    other_starts_end_there(&s, false);
    changed = w;
    for (size_t t = BEGINS; t < LONG; t++)
        for (size_t n = 0; n < N; n++) changed.technology[t][n] *= pow(productivity_hat[n], theta);
    live(&changed, 1);
    for (size_t t = BEGINS; t <= PERIODS; t++) states[t] = 1;
    surprise(&s, states, 1);
    must_follow(foresight_path_of(s.f, true), &changed, &w, 1, SHOWN, 1e-8);
    double welfare[N];
    foresight_welfare(s.f, welfare);
    for (size_t n = 0; n < N; n++)
        must_be("consumption equivalent", welfare[n], 100 * expm1((1 - beta) * (changed.value[1][n] - w.value[1][n])), 1e-6);
    for (int with_changes = 0; with_changes < 2; with_changes++) {
        const foresight_path *path = foresight_path_of(s.f, with_changes);
        must_all_be("the long run", path->people + PERIODS * N, (with_changes ? &changed : &w)->people[LONG - 1], N, 1e-8);
        assert_true(path->steps <= 25 && path->long_run_steps <= 25);
        must_pass(&s, with_changes, 1e-8);
    }
    other_starts_end_there(&s, true);
    forget(&s);
}

/* Places that are alike and grow more productive with people: as many in each is one long run, which other starts leave. */
static void long_runs_may_be_several(void **state)
{
    enum { PERIODS = 60 };
    static world w;
    seen s = {.agglomeration = 0.8};
    int found = 0;
    (void)state;
    w = world_new(1, 1);
    for (size_t i = 0; i < N; i++) {
        w.technology[0][i] = 1;
        w.people[0][i] = 1e6;
        for (size_t h = 0; h < N; h++) {
            w.trade_cost[i][h] = i == h ? 1 : 1.5;
            w.move_cost[0][i][h] = i == h ? 0 : 3;
        }
    }
    trade(&w, 0);
    observe(&s, &w, 1);
    look_ahead(&s, PERIODS);
    kit_must(&s.k, foresight_other_starts(s.f, 4, 1, &found));
    assert_true(found > 1);
    forget(&s);
}

/* ---- people at home, costs of moving ------------------------------------------------------------------- */

/* muhat [group that leaves][from][to]: state 1; state 2 has its squares, and the productivities above. */
static const double cost_hat[GROUPS][N][N] = {{{1, 0.7, 1}, {1.3, 1, 0.6}, {0.9, 0.8, 1}}, {{1, 1.2, 0.8}, {0.5, 1, 1}, {1, 0.7, 1}}};

static bashu_status cheaper(void *payload, size_t state, shock_builder *builder, const shock **out)
{
    shock *states = payload;
    (void)builder;
    assert_in_range(state, 1, 2);
    *out = &states[state - 1];
    return BASHU_OK;
}

/* The shocks of the two states. */
static void make_moves_cheaper(seen *s, shock *states)
{
    for (size_t state = 0; state < 2; state++) {
        kit_reset_shock(&s->k);
        double *hat = kit_migration_cost(&s->k);
        for (size_t k = 0; k < GROUPS * N * N; k++) hat[k] = pow(cost_hat[k / (N * N)][k / N % N][k % N], state ? 2 : 1);
        for (size_t n = 0; state && n < N; n++) s->k.shock.productivity_hat[n] = productivity_hat[n];
        states[state] = s->k.shock;
    }
}

static void costs_of_moving_are_those_of_levels(void **state)
{
    enum { PERIODS = 200, SHOWN = 60, BEGINS = 5, GOES_ON = 9 };
    static size_t states[PERIODS + 1];
    static world w, changed;
    seen s = {0};
    shock shocks[2];
    double welfare[MOST];
    (void)state;
    w = world_new(1, GROUPS);
    memcpy(w.people[0], first_people, sizeof first_people);
    live(&w, 0);
    observe(&s, &w, 1);
    look_ahead(&s, PERIODS);
    must_follow(foresight_path_of(s.f, false), &w, &w, 0, SHOWN, 1e-8);
    changed = w;
    for (size_t t = BEGINS; t < LONG; t++) {
        for (size_t g = 0; g < MOST; g++)
            for (size_t h = 0; h < MOST; h++) changed.move_cost[t][g][h] += (t < GOES_ON ? 1 : 2) * log(cost_hat[g / N][g % N][h % N]);
        for (size_t n = 0; t >= GOES_ON && n < N; n++) changed.technology[t][n] *= pow(productivity_hat[n], theta);
    }
    live(&changed, 1);
    for (size_t t = BEGINS; t <= PERIODS; t++) states[t] = t < GOES_ON ? 1 : 2;
    make_moves_cheaper(&s, shocks);
    foresight_fundamentals known = {states, cheaper, shocks};
    kit_must(&s.k, foresight_counterfactual(s.f, &known, 1));
    assert_true(foresight_path_of(s.f, true)->reason > 0);
    must_follow(foresight_path_of(s.f, true), &changed, &w, 1, SHOWN, 1e-8);
    must_all_be("the long run", foresight_path_of(s.f, true)->people + PERIODS * MOST, changed.people[LONG - 1], MOST, 1e-8);
    foresight_welfare(s.f, welfare);
    for (size_t g = 0; g < MOST; g++) must_be("consumption equivalent", welfare[g], 100 * expm1((1 - beta) * (changed.value[1][g] - w.value[1][g])), 1e-6);
    for (size_t t = BEGINS - 1; t <= GOES_ON; t++) {
        double share[MOST], expected[MOST];
        foresight_moves(s.f, true, t, 4, share);
        log_choices(&changed, t, changed.value[t + 1], 4, expected);
        must_all_be("moves", share, expected, MOST, 1e-7);
    }
    for (int with_changes = 0; with_changes < 2; with_changes++) must_pass(&s, with_changes, 1e-8);
    shocks[1].migration_cost_hat[1] = INFINITY;
    assert_int_equal(foresight_counterfactual(s.f, &known, 1), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(s.k.context), "'region0' to 'region1'"));
    forget(&s);
}

/* A cost that people knew all along is in what they were seen to do: the certificate recomputes such a baseline path, too. */
static void known_costs_of_moving(void **state)
{
    enum { PERIODS = 200 };
    static size_t states[PERIODS + 1];
    static world w;
    seen s = {0};
    shock shocks[2];
    (void)state;
    w = world_new(1, GROUPS);
    for (size_t t = 3; t < LONG; t++)
        for (size_t g = 0; g < MOST; g++)
            for (size_t h = 0; h < MOST; h++) w.move_cost[t][g][h] += log(cost_hat[g / N][g % N][h % N]);
    memcpy(w.people[0], first_people, sizeof first_people);
    live(&w, 0);
    observe(&s, &w, 1);
    make_moves_cheaper(&s, shocks);
    for (size_t t = 3; t <= PERIODS; t++) states[t] = 1;
    foresight_fundamentals known = {states, cheaper, shocks};
    kit_must(&s.k, foresight_new(&s.f, s.k.economy, &s.k.options, PERIODS));
    kit_must(&s.k, foresight_baseline(s.f, &known));
    must_follow(foresight_path_of(s.f, false), &w, &w, 0, 60, 1e-8);
    must_pass(&s, false, 1e-8);
    kit_must(&s.k, foresight_counterfactual(s.f, &known, 1));
    assert_memory_equal(foresight_path_of(s.f, true)->people, foresight_path_of(s.f, false)->people, (PERIODS + 1) * MOST * sizeof(double));
    must_pass(&s, true, 1e-8);
    forget(&s);
}

/* ---- identities ------------------------------------------------------------------------------------- */

enum { SHORT = 90 };

static void settle(world *w, double scale)
{
    *w = world_new(scale, 1);
    memcpy(w->people[0], first_people, sizeof first_people);
    live(w, 0);
}

static void must_be_the_same(const foresight_path *a, const foresight_path *b)
{
    assert_memory_equal(a->people, b->people, (SHORT + 1) * N * sizeof(double));
    assert_memory_equal(a->value, b->value, (SHORT + 1) * N * sizeof(double));
    assert_memory_equal(a->flow, b->flow, (SHORT + 1) * N * sizeof(double));
}

static void no_shock_is_no_change(void **state)
{
    static world w;
    static size_t states[SHORT + 1];
    seen s = {0};
    double welfare[N];
    (void)state;
    settle(&w, 1);
    observe(&s, &w, 1);
    look_ahead(&s, SHORT);
    for (size_t t = 3; t <= SHORT; t++) states[t] = 1; /* a state whose shock says that nothing changes */
    s.k.shock.empty = true;
    foresight_fundamentals same = {states, better, &s.k.shock};
    kit_must(&s.k, foresight_counterfactual(s.f, &same, 1));
    must_be_the_same(foresight_path_of(s.f, false), foresight_path_of(s.f, true));
    foresight_welfare(s.f, welfare);
    for (size_t n = 0; n < N; n++) assert_true(welfare[n] == 0);
    forget(&s);
}

static void threads_do_not_show(void **state)
{
    static world w;
    static size_t states[SHORT + 1];
    seen one = {0}, three = {0};
    (void)state;
    settle(&w, 1);
    for (size_t t = 2; t <= SHORT; t++) states[t] = 1;
    observe(&one, &w, 1);
    observe(&three, &w, 3);
    look_ahead(&one, SHORT);
    look_ahead(&three, SHORT);
    must_be_the_same(foresight_path_of(one.f, false), foresight_path_of(three.f, false));
    surprise(&one, states, 1);
    surprise(&three, states, 1);
    must_be_the_same(foresight_path_of(one.f, true), foresight_path_of(three.f, true));
    forget(&one);
    forget(&three);
}

/* Technologies all thirty times as good, values in other money, people counted in thousands: the same hats. */
static void levels_do_not_matter(void **state)
{
    static world w, other;
    seen s = {0}, t = {0};
    (void)state;
    settle(&w, 1);
    other = world_new(30, 1);
    for (size_t n = 0; n < N; n++) other.people[0][n] = first_people[n] / 1000;
    live(&other, 0);
    for (size_t p = 0; p < LONG; p++)
        for (size_t n = 0; n < N; n++) other.wage[p][n] *= 7;
    observe(&s, &w, 1);
    observe(&t, &other, 1);
    look_ahead(&s, SHORT);
    look_ahead(&t, SHORT);
    for (size_t k = 0; k < SHORT * N; k++) {
        must_be("people", foresight_path_of(t.f, false)->people[k] * 1000, foresight_path_of(s.f, false)->people[k], 1e-8);
        must_be("flow", exp(foresight_path_of(t.f, false)->flow[k]), exp(foresight_path_of(s.f, false)->flow[k]), 1e-8);
    }
    forget(&s);
    forget(&t);
}

static void moves_are_shares(void **state)
{
    static world w;
    seen s = {0};
    double share[N], sum = 0, brought = 0;
    (void)state;
    settle(&w, 1);
    observe(&s, &w, 1);
    look_ahead(&s, SHORT);
    for (size_t i = 0; i < N; i++) {
        foresight_moves(s.f, false, 4, i, share);
        brought += share[2] * foresight_path_of(s.f, false)->people[4 * N + i];
        for (size_t h = 0; h < N; h++) sum += share[h];
    }
    must_be("shares", sum, N, 1e-14);
    must_be("those who come", brought, foresight_path_of(s.f, false)->people[5 * N + 2], 1e-12);
    forget(&s);
}

/* ---- what the certificate sees ----------------------------------------------------------------------- */

static void the_certificate_sees(void **state)
{
    static world w;
    seen s = {0};
    foresight_certificate c;
    (void)state;
    settle(&w, 1);
    observe(&s, &w, 1);
    look_ahead(&s, SHORT);
    must_pass(&s, false, 1e-8);
    const foresight_path *path = foresight_path_of(s.f, false);
    struct {
        double *number;
        foresight_equation equation;
    } wrong[] = {{path->people + 7 * N + 1, FORESIGHT_MOVES}, {path->value + 7 * N + 1, FORESIGHT_VALUE}, {path->flow + 7 * N + 1, FORESIGHT_FLOW},
                 {path->people + SHORT * N, FORESIGHT_LONG_RUN}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        double was = *wrong[k].number, most = 0;
        *wrong[k].number = was == 0 ? 1e-4 : was * 1.0001;
        kit_must(&s.k, foresight_certify(&c, s.k.memory, s.f, false));
        for (size_t t = 0; t <= SHORT; t++) most = fmax(most, c.residual[t * FORESIGHT_EQUATIONS + wrong[k].equation]);
        assert_true(most > 1e-7);
        *wrong[k].number = was;
    }
    must_pass(&s, false, 1e-8);
    forget(&s);
}

/* ---- what is refused --------------------------------------------------------------------------------- */

static void must_refuse(seen *s, size_t periods, const char *words)
{
    foresight *f;
    assert_int_equal(foresight_new(&f, s->k.economy, &s->k.options, periods), BASHU_ERROR_INPUT);
    assert_null(f);
    if (!strstr(bashu_message(s->k.context), words)) fail_msg("'%s' is not in: %s", words, bashu_message(s->k.context));
}

static void what_has_no_answer_is_refused(void **state)
{
    static world w;
    static size_t states[SHORT + 1];
    seen s = {0};
    (void)state;
    settle(&w, 1);
    observe(&s, &w, 1);
    double one = 1, none = 0, *cut = s.share, was = cut[1];
    const double *beta_was = s.k.economy->about.elasticities[DISCOUNT_FACTOR].by_item, *nu_was = s.k.economy->about.elasticities[MIGRATION_NOISE].by_item;
    s.k.economy->about.elasticities[DISCOUNT_FACTOR].by_item = &one;
    must_refuse(&s, SHORT, "lifetime utility has no end");
    s.k.economy->about.elasticities[DISCOUNT_FACTOR].by_item = beta_was;
    s.k.economy->about.elasticities[MIGRATION_NOISE].by_item = &none;
    must_refuse(&s, SHORT, "migration_noise");
    s.k.economy->about.elasticities[MIGRATION_NOISE].by_item = nu_was;
    s.k.economy->flows = NULL;
    must_refuse(&s, SHORT, "gross_flows");
    s.k.economy->flows = &s.flows;
    cut[1] += 0.01;
    must_refuse(&s, SHORT, "they must be all");
    cut[1] = was;
    for (size_t i = 0; i < 2; i++) { /* nobody goes to the last region any more */
        s.share[i * N + i] += s.share[i * N + 2];
        s.share[i * N + 2] = 0;
    }
    must_refuse(&s, SHORT, "on no way");
    for (size_t n = 0; n < N; n++) log_choices(&w, 0, w.value[0], n, s.share + n * N);
    look_ahead(&s, SHORT);
    foresight_free(s.f);
    kit_must(&s.k, foresight_new(&s.f, s.k.economy, &s.k.options, 3));
    assert_int_equal(foresight_baseline(s.f, NULL), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(s.k.context), "3 periods are too few"));
    foresight_fundamentals changed = {states, better, &s.k.shock};
    kit_must(&s.k, (foresight_free(s.f), foresight_new(&s.f, s.k.economy, &s.k.options, SHORT)));
    kit_must(&s.k, foresight_baseline(s.f, NULL));
    assert_int_equal(foresight_counterfactual(s.f, &changed, 0), BASHU_ERROR_ARGUMENT);
    states[1] = 1;
    assert_int_equal(foresight_counterfactual(s.f, &changed, 2), BASHU_ERROR_ARGUMENT);
    states[1] = 0;
    forget(&s);
}

/* Wherever memory ends there is a status and a message, and nothing is left behind. */
static void memory_may_run_out(void **state)
{
    static world w;
    static size_t states[SHORT + 1];
    seen s = {0};
    bool whole = false;
    long at;
    (void)state;
    settle(&w, 1);
    observe(&s, &w, 2);
    for (size_t t = 3; t <= SHORT; t++) states[t] = 1;
    for (size_t n = 0; n < N; n++) s.k.shock.productivity_hat[n] = productivity_hat[n];
    foresight_fundamentals changed = {states, better, &s.k.shock};
    for (at = 1; !whole; at += 1 + at / 8) { /* each of the first, some of the others */
        foresight_certificate c;
        foresight *f = NULL;
        assert_true(at < 5000);
        context_fail_allocation(s.k.context, at);
        bashu_status status = foresight_new(&f, s.k.economy, &s.k.options, SHORT);
        if (status == BASHU_OK) status = foresight_baseline(f, NULL);
        if (status == BASHU_OK) status = foresight_counterfactual(f, &changed, 1);
        if (status == BASHU_OK) status = foresight_certify(&c, s.k.memory, f, true);
        context_fail_allocation(s.k.context, 0);
        whole = status == BASHU_OK;
        if (!whole) {
            assert_int_equal(status, BASHU_ERROR_MEMORY);
            assert_non_null(strstr(bashu_message(s.k.context), "memory"));
        }
        foresight_free(f);
    }
    assert_true(at > 50);
    forget(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_those_of_levels), cmocka_unit_test(costs_of_moving_are_those_of_levels), cmocka_unit_test(known_costs_of_moving),
        cmocka_unit_test(no_shock_is_no_change),     cmocka_unit_test(threads_do_not_show),
        cmocka_unit_test(levels_do_not_matter),      cmocka_unit_test(moves_are_shares),      cmocka_unit_test(the_certificate_sees),
        cmocka_unit_test(what_has_no_answer_is_refused), cmocka_unit_test(long_runs_may_be_several), cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
