/* test_foresight_scale.c - people who look ahead at a middle size: steps, certificate, memory. What the answers should be, tests/truth asks. */
#include "bench/parts.h"
#include "bench/synthetic.h"
#include "equilibrium/foresight.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PERIODS = 160, BEGINS = 20, STEPS = 25 };

typedef struct looking {
    bashu_context *context;
    arena *memory;
    bashu_economy *economy;
    shock changed;
    foresight *f;
    size_t states[PERIODS + 1];
} looking;

static void must(const looking *l, bashu_status status)
{
    if (status != BASHU_OK) fail_msg("%s", bashu_message(l->context));
}

static void open_places(looking *l, size_t N, size_t J)
{
    synthetic from = J > 1 ? sectors_with_inputs(N, J, 0.6) : one_sector(N, 0.6);
    from.time = TIME_FORESIGHT;
    *l = (looking){.context = NULL};
    assert_int_equal(bashu_open(&l->context, 2), BASHU_OK);
    assert_non_null(l->memory = arena_new(l->context));
    must(l, synthetic_economy(&l->economy, l->context, &from));
    must(l, synthetic_shock(&l->changed, l->memory, l->economy, 0.05, 1));
    for (size_t t = BEGINS; t <= PERIODS; t++) l->states[t] = 1;
}

static void close_places(looking *l)
{
    foresight_free(l->f);
    bashu_economy_free(l->economy);
    arena_free(l->memory);
    bashu_close(l->context);
}

static bashu_status the_shock(void *payload, size_t state, shock_builder *builder, const shock **out)
{
    (void)builder;
    assert_int_equal(state, 1);
    *out = payload;
    return BASHU_OK;
}

static void must_pass(looking *l, bool with_changes)
{
    const foresight_path *path = foresight_path_of(l->f, with_changes);
    foresight_certificate c;
    if (path->reason <= 0) fail_msg("no path: %s", bashu_reason_text(path->reason));
    if (path->steps > STEPS || path->long_run_steps > STEPS) fail_msg("%d steps, and %d of the long run", path->steps, path->long_run_steps);
    assert_true(path->steps > 1); /* there is something to find */
    assert_true(path->residual <= 1e-8);
    must(l, foresight_certify(&c, l->memory, l->f, with_changes));
    if (!(c.worst <= 1e-8)) fail_msg("%s in period %zu: %.3g", foresight_equation_names[c.worst_equation], c.worst_period, c.worst);
}

static void follow(looking *l)
{
    bashu_options options = BASHU_OPTIONS_INIT;
    foresight_fundamentals known = {l->states, the_shock, &l->changed};
    must(l, foresight_new(&l->f, l->economy, &options, PERIODS));
    must(l, foresight_baseline(l->f, NULL));
    must_pass(l, false);
    must(l, foresight_counterfactual(l->f, &known, 1));
    must_pass(l, true);
}

/* Costs of trade change too: what lies between places is then not the baseline's for periods that stand side by side. */
static void sectors_and_home(void **state)
{
    looking l;
    (void)state;
    open_places(&l, 8, 5);
    size_t N = l.economy->about.N, J = l.economy->about.J;
    assert_int_equal(l.economy->flows->markets, N * (J + 1));
    assert_non_null(l.changed.trade_cost_hat = arena_alloc(l.memory, N * J * N, sizeof(double)));
    for (size_t i = 0; i < N * J * N; i++) l.changed.trade_cost_hat[i] = i / (J * N) == i % N ? 1 : 0.97;
    follow(&l);
    close_places(&l);
}

/* No array of moves by period: it would be places x places x periods. */
static void many_places(void **state)
{
    enum { PLACES = 180 };
    looking l;
    (void)state;
    open_places(&l, PLACES, 1);
    double before = process_bytes("VmRSS:");
    bool says = reset_peak() && isfinite(before);
    follow(&l);
    double grown = process_bytes("VmHWM:") - before;
#if !defined(__SANITIZE_ADDRESS__) /* which takes memory of its own */
    if (says && !(grown < 8.0 * PLACES * PLACES * PERIODS / 2)) fail_msg("%.1f MB", grown / 1e6);
#else
    (void)says;
    (void)grown;
#endif
    close_places(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sectors_and_home), cmocka_unit_test(many_places)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
