/* test_many.c - scenarios solved side by side: the answers of solving alone, whoever stands beside, whoever solves. */
#include "../truth/kit.h"
#include "equilibrium/many.h"
#include "policy/sweep.h"
#include "solve/solve.h"

#include <stdio.h>

enum { COUNT = 34, MOST = 7 * 3 };

typedef struct answers {
    const shock *shocks;
    const size_t *order;        /* NULL: as they are */
    double *starts;             /* [size], NULL: the baseline */
    size_t size;
    double output[COUNT][MOST], welfare[COUNT][MOST];
    int passes[COUNT];
    bashu_reason reason[COUNT];
    char method[COUNT][24];
    size_t calls;
    bashu_status refuse;
} answers;

static bashu_status hand_shock(void *payload, size_t k, shock_builder *builder, const shock **out)
{
    const answers *a = payload;
    (void)builder;
    if (a->refuse != BASHU_OK && k == 7) return a->refuse;
    *out = &a->shocks[a->order ? a->order[k] : k];
    return BASHU_OK;
}

static bashu_status take_answer(void *payload, size_t k, const bashu_result *r)
{
    answers *a = payload;
    const description *about = &r->economy->about;
    size_t at = a->order ? a->order[k] : k;
#pragma omp critical(answers)
    {
        a->calls++;
        a->passes[at] = r->info.passes;
        a->reason[at] = r->info.reason;
        snprintf(a->method[at], sizeof a->method[at], "%s", r->info.method);
        if (r->info.reason > 0) {
            memcpy(a->output[at], r->output_hat, about->N * about->J * sizeof(double));
            memcpy(a->welfare[at], r->welfare_hat, about->N * about->S * sizeof(double));
        }
    }
    if (r->info.reason > 0 && !(r->info.residual <= 1e-10 && *r->info.worst && r->info.equation_count == 10)) return BASHU_ERROR_INTERNAL;
    return BASHU_OK;
}

static bool start_elsewhere(void *payload, size_t k, double *z)
{
    const answers *a = payload;
    (void)k;
    memcpy(z, a->starts, a->size * sizeof *z);
    return true;
}

static void draw(kit *k, shock *shocks, double sigma)
{
    const bashu_economy *e = k->economy;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    random_stream stream;
    random_seed(&stream, 3);
    for (size_t q = 0; q < COUNT; q++) {
        double sent = 0;
        kit_must(k, shock_none(&shocks[q], k->memory, e));
        for (size_t i = 0; i < N * J; i++) shocks[q].productivity_hat[i] = exp(sigma * random_normal(&stream));
        for (size_t i = 0; i < N * S; i++) shocks[q].amenity_hat[i] = exp(0.2 * sigma * random_normal(&stream));
        for (size_t i = 0; i < N; i++) shocks[q].land_hat[i] = exp(0.3 * sigma * random_normal(&stream));
        for (size_t i = 0; i + 1 < N; i++) sent += shocks[q].transfer[i] = 0.05 * sigma * e->income[i] * random_normal(&stream);
        shocks[q].transfer[N - 1] = -sent;
        shocks[q].empty = false;
    }
}

static void solve_all(kit *k, answers *a, const bashu_options *options, size_t count)
{
    sweep_work work = {.count = count, .build = hand_shock, .take = take_answer, .payload = a};
    if (a->starts) work.start = start_elsewhere;
    a->calls = 0;
    kit_must(k, sweep_run(k->economy, options, &work));
    assert_int_equal(a->calls, count);
}

static void must_be_as_alone(kit *k, const answers *a, const char *name)
{
    bashu_options options = BASHU_OPTIONS_INIT;
    bashu_result *alone = NULL;
    options.starts = 0;
    options.tolerance = 1e-12;
    bashu_solver *solver;
    kit_must(k, solver_new(&solver, k->economy, &options));
    for (size_t q = 0; q < COUNT; q += 9) {
        kit_must(k, solve_shock(&alone, solver, &a->shocks[q]));
        assert_true(alone->info.reason > 0 && a->reason[q] > 0);
        must_all_be(name, a->output[q], alone->output_hat, k->economy->about.N * k->economy->about.J, 1e-8);
        must_all_be(name, a->welfare[q], alone->welfare_hat, k->economy->about.N * k->economy->about.S, 1e-8);
    }
    result_free(alone);
    solver_free(solver);
}

/* Every switch that changes what is evaluated. */
static const struct {
    const char *name, *set[3][2];
    void (*prepare)(kit *k);
} models[] = {
    {"as it is", {{NULL, NULL}}, NULL},
    {"free mobility, wage numeraire", {{"model.mobility", "free"}, {"elasticities.amenity_congestion", "0.3"}, {"model.numeraire", "wage"}}, NULL},
    {"multiplicative deficits, national rents", {{"model.deficits", "multiplicative"}, {"model.rents", "national"}, {"elasticities.national_rent_share", "0.5"}}, NULL},
    {"landlords, specific structures", {{"model.rents", "landlords"}}, kit_specific},
    {"nobody moves", {{"model.mobility", "none"}}, kit_portfolio},
};

static void answers_are_those_of_solving_alone(void **state)
{
    (void)state;
    for (size_t q = 0; q < sizeof models / sizeof *models; q++) {
        kit k;
        static shock shocks[COUNT];
        static answers a;
        size_t side_by_side = 0;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        for (size_t i = 0; i < 3 && models[q].set[i][0]; i++) kit_set(&k, models[q].set[i][0], models[q].set[i][1]);
        if (models[q].prepare) models[q].prepare(&k);
        kit_calibrate(&k);
        draw(&k, shocks, 0.1);
        a = (answers){.shocks = shocks};
        solve_all(&k, &a, NULL, COUNT);
        must_be_as_alone(&k, &a, models[q].name);
        for (size_t d = 0; d < COUNT; d++) side_by_side += a.passes[d] <= 20;
        if (side_by_side < COUNT / 2) fail_msg("%s: only %zu of %d took few passes", models[q].name, side_by_side, COUNT);
        kit_close(&k);
    }
}

/* Tariffs that were there before are in the kernels of all. */
static void tariffs_of_the_baseline(void **state)
{
    enum { N = 4, J = 2 };
    static const double input[J * J] = {0.2, 0.3, 0.25, 0.1};
    static shock shocks[COUNT];
    static answers a;
    double flow[N * J * N], tariff[N * J * N];
    (void)state;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++) {
                flow[(n * J + j) * N + i] = (n == i ? 60 : 10) + (double)((3 * n + 5 * j + 7 * i) % 6);
                tariff[(n * J + j) * N + i] = n == i ? 0 : 0.05 * (double)(1 + (n + j + i) % 4);
            }
    kit k;
    kit_open(&k, 1);
    sketch s = sketch_new(N, J, 1);
    s.flow = flow;
    s.tariff = tariff;
    s.input = input;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    draw(&k, shocks, 0.1);
    for (size_t q = 0; q < COUNT; q++) assert_true(many_takes(k.economy, NULL, &shocks[q]));
    a = (answers){.shocks = shocks};
    solve_all(&k, &a, NULL, COUNT);
    must_be_as_alone(&k, &a, "tariffs");
    /* what is checked together is checked: a wrong answer shows, in its own certificate alone */
    enum { TWO = 2 };
    bashu_result *both[TWO] = {NULL};
    const shock *of[TWO] = {&shocks[0], &shocks[1]};
    double alone[TWO][EQUATION_COUNT];
    bashu_options options = BASHU_OPTIONS_INIT;
    options.starts = 0;
    bashu_solver *solver;
    kit_must(&k, solver_new(&solver, k.economy, &options));
    for (size_t q = 0; q < TWO; q++) {
        kit_must(&k, solve_shock(&both[q], solver, of[q]));
        for (size_t i = 0; i < both[q]->info.equation_count; i++) alone[q][i] = both[q]->equations[i].residual;
    }
    kit_must(&k, certify_together(both, of, TWO));
    for (size_t q = 0; q < TWO; q++)
        for (size_t i = 0; i < both[q]->info.equation_count; i++) assert_true(fabs(both[q]->equations[i].residual - alone[q][i]) < 1e-13);
    double before = both[0]->info.residual;
    both[1]->price_hat[3] *= 1 + 1e-6;
    kit_must(&k, certify_together(both, of, TWO));
    assert_true(both[0]->info.residual == before && both[1]->info.residual > 1e-7);
    for (size_t q = 0; q < TWO; q++) result_free(both[q]);
    solver_free(solver);
    /* and other tariffs are another kernel */
    double other[N * J * N];
    memcpy(other, k.economy->tariff, sizeof other);
    shocks[0].tariff = other;
    assert_true(many_takes(k.economy, NULL, &shocks[0]));
    other[3] += 0.01;
    assert_false(many_takes(k.economy, NULL, &shocks[0]));
    kit_close(&k);
}

/* Flows of nothing, and shares of 1e-300 instead: the same answers, alone and side by side; also where a place as good as stops producing. */
static void next_to_nothing(void **state)
{
    enum { N = 5, J = 2 };
    static shock shocks[COUNT];
    static answers none, tiny;
    double flow[N * J * N];
    (void)state;
    for (int traces = 0; traces < 2; traces++) {
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(N, J, 1);
        for (size_t n = 0; n < N; n++)
            for (size_t j = 0; j < J; j++)
                for (size_t i = 0; i < N; i++) {
                    bool nothing = n != i && (3 * n + i + j) % 4 == 0;
                    flow[(n * J + j) * N + i] = nothing ? (traces ? 1e-298 : 0) : (n == i ? 80 : 8) + (double)((2 * n + 3 * i + j) % 5);
                }
        s.flow = flow;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        size_t least = 0;
        for (size_t q = 0; q < N * J * N; q++) least += k.economy->trade_share[q] > 0 && k.economy->trade_share[q] < 1e-299;
        assert_int_equal(least > 5, traces);
        draw(&k, shocks, 0.1);
        for (size_t q = 0; q < 3; q++) shocks[q].productivity_hat[q] = 1e-12; /* to the power theta: 1e-48 of what it sold */
        answers *a = traces ? &tiny : &none;
        *a = (answers){.shocks = shocks};
        solve_all(&k, a, NULL, COUNT);
        must_be_as_alone(&k, a, "next to nothing");
        kit_close(&k);
    }
    for (size_t q = 0; q < COUNT; q++) must_all_be("traces", tiny.output[q], none.output[q], N * J, 1e-12);
}

/* Not the threads, not the order, not how many there are: every bit of every answer is the same. */
static void company_does_not_matter(void **state)
{
    static shock shocks[COUNT];
    static answers first, other;
    size_t backwards[COUNT];
    (void)state;
    for (size_t q = 0; q < COUNT; q++) backwards[q] = COUNT - 1 - q;
    for (int threads = 1; threads <= 3; threads += 2) {
        kit k;
        kit_open(&k, threads);
        kit_read(&k, LANTERN);
        kit_calibrate(&k);
        draw(&k, shocks, 0.1);
        for (size_t n = 0; n < 21; n++) shocks[11].productivity_hat[n] = n % 2 ? 30 : 1e-3; /* gets lost: what is not finite stays in its lane */
        kit_must(&k, shock_none(&shocks[20], k.memory, k.economy)); /* no change at all, among others */
        answers *a = threads == 1 ? &first : &other;
        *a = (answers){.shocks = shocks};
        solve_all(&k, a, NULL, COUNT);
        if (threads > 1) {
            assert_memory_equal(first.output, other.output, sizeof first.output);
            assert_memory_equal(first.welfare, other.welfare, sizeof first.welfare);
            assert_memory_equal(first.passes, other.passes, sizeof first.passes);
        }
        assert_int_equal(a->reason[20], BASHU_CONVERGED_UNCHANGED);
        for (size_t n = 0; n < 21; n++) assert_true(a->output[20][n] == 1);
        other = (answers){.shocks = shocks, .order = backwards};
        solve_all(&k, &other, NULL, COUNT);
        assert_memory_equal(first.output, other.output, sizeof first.output);
        assert_memory_equal(first.passes, other.passes, sizeof first.passes);
        for (size_t few = 1; few < 18; few += 8) {
            other = (answers){.shocks = shocks};
            solve_all(&k, &other, NULL, few);
            assert_memory_equal(first.output, other.output, few * sizeof *first.output);
        }
        kit_close(&k);
    }
}

/* What lanes do not solve is solved alone, to the bits of that: where steps run out, where one method is asked for, where a start is far away. */
static void what_lanes_do_not_get(void **state)
{
    static shock shocks[COUNT];
    static answers a;
    kit k;
    bashu_options options = BASHU_OPTIONS_INIT;
    bashu_result *alone = NULL;
    bashu_solver *solver;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_calibrate(&k);
    draw(&k, shocks, 0.1);
    options.starts = 0;
    options.method = RUNG_NEWTON_KRYLOV;
    kit_must(&k, solver_new(&solver, k.economy, &options));
    a = (answers){.shocks = shocks};
    solve_all(&k, &a, &options, 3);
    for (size_t q = 0; q < 3; q++) {
        kit_must(&k, solve_shock(&alone, solver, &shocks[q]));
        assert_int_equal(alone->info.reason, a.reason[q]);
        assert_memory_equal(alone->output_hat, a.output[q], sizeof a.output[q]);
        assert_string_equal(a.method[q], "newton_krylov");
    }
    solver_free(solver);
    draw(&k, shocks, 2);
    options = (bashu_options)BASHU_OPTIONS_INIT;
    options.starts = 0;
    kit_must(&k, solver_new(&solver, k.economy, &options));
    a = (answers){.shocks = shocks};
    solve_all(&k, &a, NULL, 12);
    size_t lost = 0;
    for (size_t q = 0; q < 12; q++) {
        kit_must(&k, solve_shock(&alone, solver, &shocks[q]));
        assert_int_equal(alone->info.reason, a.reason[q]);
        lost += alone->info.reason > 0 && !memcmp(alone->output_hat, a.output[q], sizeof a.output[q]);
    }
    print_message("of 12 large shocks %zu were solved alone\n", lost);
    assert_true(lost >= 1);
    options.pass_limit = 2;
    a = (answers){.shocks = shocks};
    solve_all(&k, &a, &options, 2);
    assert_int_equal(a.reason[0], BASHU_DIVERGED_LIMIT);
    result_free(alone);
    solver_free(solver);
    kit_close(&k);
}

/* Another start, the same equilibrium; and the first error stops all. */
static void starts_and_errors(void **state)
{
    static shock shocks[COUNT];
    static answers a, elsewhere;
    kit k;
    (void)state;
    kit_open(&k, 2);
    kit_read(&k, LANTERN);
    kit_calibrate(&k);
    draw(&k, shocks, 0.1);
    size_t size = 7 * (2 * k.economy->about.S + 1 + 2 * 3);
    double *z = kit_ones(&k, size, 0.05);
    a = (answers){.shocks = shocks};
    elsewhere = (answers){.shocks = shocks, .starts = z, .size = size};
    solve_all(&k, &a, NULL, COUNT);
    solve_all(&k, &elsewhere, NULL, COUNT);
    bool differs = false;
    for (size_t q = 0; q < COUNT; q++) {
        must_all_be("from elsewhere", elsewhere.output[q], a.output[q], 21, 1e-8);
        differs = differs || memcmp(elsewhere.output[q], a.output[q], sizeof a.output[q]) != 0;
    }
    assert_true(differs);
    a.refuse = BASHU_ERROR_INPUT;
    sweep_work work = {.count = COUNT, .build = hand_shock, .take = take_answer, .payload = &a};
    assert_int_equal(sweep_run(k.economy, NULL, &work), BASHU_ERROR_INPUT);
    kit_close(&k);
}

/* Wherever memory runs out, that is said, and nothing is left behind. */
static void memory_may_run_out(void **state)
{
    static shock shocks[COUNT];
    static answers a;
    kit k;
    bool whole = false;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_calibrate(&k);
    draw(&k, shocks, 0.1);
    for (long at = 1; !whole; at += at < 20 ? 1 : 37) {
        a = (answers){.shocks = shocks};
        sweep_work work = {.count = 2, .build = hand_shock, .take = take_answer, .payload = &a};
        context_fail_allocation(k.context, at);
        bashu_status status = sweep_run(k.economy, NULL, &work);
        context_fail_allocation(k.context, 0);
        assert_true(status == BASHU_OK || status == BASHU_ERROR_MEMORY);
        whole = status == BASHU_OK;
        if (whole) assert_int_equal(a.calls, 2);
    }
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_solving_alone), cmocka_unit_test(tariffs_of_the_baseline), cmocka_unit_test(next_to_nothing), cmocka_unit_test(company_does_not_matter),
        cmocka_unit_test(what_lanes_do_not_get),              cmocka_unit_test(starts_and_errors),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
