/* test_infrastructure.c - the best network that a budget builds: closed forms, and what Fajgelbaum & Schaal (2020) prove of grids. Needs Ipopt; skipped
 * where it is not there. */
#include "kit.h"
#include "policy/infrastructure.h"

#include "../scratch.h"

#include <stdio.h>

static const char grid_of_nine[] =
    "format: bashu-infrastructure/1\nname: grid\ngoods: [%s]\nparameters: {beta: %g, gamma: %g, alpha: 0.4, inequality: %g%s}\nbudget: %g\nplaces:\n"
    "  - {id: nw, people: 1, output: {%s}}\n  - {id: n, people: 1, output: {%s}}\n  - {id: ne, people: 1, output: {%s}}\n"
    "  - {id: w, people: 1, output: {%s}}\n  - {id: m, people: 1, output: {%s}}\n  - {id: e, people: 1, output: {%s}}\n"
    "  - {id: sw, people: 1, output: {%s}}\n  - {id: s, people: 1, output: {%s}}\n  - {id: se, people: 1, output: {%s}}\n"
    "links:\n  - {from: n, to: m}\n  - {from: w, to: m}\n  - {from: m, to: e}\n  - {from: s, to: m}\n"
    "  - {from: nw, to: n}\n  - {from: n, to: ne}\n  - {from: sw, to: s}\n  - {from: s, to: se}\n"
    "  - {from: nw, to: w}\n  - {from: w, to: sw}\n  - {from: ne, to: e}\n  - {from: e, to: se}\n";

typedef struct bench_of {
    scratch files;
    bashu_context *context;
} bench_of;

static void open_bench(bench_of *b)
{
    assert_true(scratch_open(&b->files));
    assert_int_equal(bashu_open(&b->context, 1), BASHU_OK);
}

static void close_bench(bench_of *b)
{
    bashu_close(b->context);
    scratch_close(&b->files);
}

static bashu_infrastructure *solved(bench_of *b, const char *text)
{
    bashu_infrastructure *plan = NULL;
    bashu_status status = bashu_infrastructure_new(&plan, b->context, scratch_text(&b->files, "grid.yaml", text), NULL);
    if (status == BASHU_ERROR_UNSUPPORTED) {
        assert_non_null(strstr(bashu_message(b->context), "coinor-libipopt"));
        close_bench(b);
        skip();
    }
    if (status != BASHU_OK) fail_msg("%s", bashu_message(b->context));
    const bashu_infrastructure_info *info = bashu_infrastructure_information(plan);
    if (info->reason <= 0) fail_msg("%s: residual %g of %s", bashu_reason_text(info->reason), info->residual, info->worst);
    return plan;
}

/* One good, made in the middle and little of it elsewhere. */
static bashu_infrastructure *grid(bench_of *b, double beta, double gamma, double inequality, double budget)
{
    static char text[4096];
    const char *some = "g: 0.1", *much = "g: 1";
    assert_true(snprintf(text, sizeof text, grid_of_nine, "g", beta, gamma, inequality, "", budget, some, some, some, some, much, some, some, some, some) < (int)sizeof text);
    return solved(b, text);
}

static double size_of(const bashu_infrastructure *plan, size_t link) { return plan->x[at_size(&plan->data, link)]; }

/* Two places, one link: all of the budget on it; the flow where (1 + 2 tau) c_b = c_a, as marginal utilities have it. */
static double off_balance(double q, void *budget)
{
    double K = *(double *)budget;
    return (1 - q - q * q / K) - q * (1 + 2 * q / K);
}

static void two_places(void **state)
{
    (void)state;
    bench_of b;
    open_bench(&b);
    double K = 0.7;
    bashu_infrastructure *plan = solved(&b, "format: bashu-infrastructure/1\nname: two\ngoods: [g]\nparameters: {beta: 1, gamma: 1}\nbudget: 0.7\nplaces:\n"
                                            "  - {id: a, people: 1, output: {g: 1}}\n  - {id: b, people: 1}\nlinks:\n  - {from: a, to: b}\n");
    double q = bisect(off_balance, &K, 0, 0.5);
    must_be("size", size_of(plan, 0), K, 1e-8);
    must_be("flow", plan->x[at_flow(&plan->data, 0, 0, 0)], q, 1e-7);
    must_be("use", plan->x[at_use(&plan->data, 1, 0)], q, 1e-7);
    must_be("price of a place", plan->price[0], 1 / plan->x[at_use(&plan->data, 0, 0)], 1e-7);
    bashu_infrastructure_free(plan);
    close_bench(&b);
}

/* Proposition 1: with beta >= gamma there is one optimum, which has the symmetries of the grid; all links of the convex case are built. */
static void a_symmetric_grid_has_a_symmetric_network(void **state)
{
    (void)state;
    static const double cases[][3] = {{1, 1, 1}, {1, 0.5, 1}, {1.3, 0.8, 2.5}, {0.6, 0.4, 0.5}};
    bench_of b;
    open_bench(&b);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        bashu_infrastructure *plan = grid(&b, cases[k][0], cases[k][1], cases[k][2], 1);
        assert_true(plan->info.convex && plan->info.starts == 1 && plan->info.gain_pct > 0.1);
        for (size_t e = 1; e < 4; e++) must_be("inner links", size_of(plan, e), size_of(plan, 0), 1e-5);
        for (size_t e = 5; e < 12; e++) must_be("outer links", size_of(plan, e), size_of(plan, 4), 1e-5);
        assert_true(size_of(plan, 0) > size_of(plan, 4) && size_of(plan, 4) > 1e-3);
        bashu_infrastructure_free(plan);
    }
    close_bench(&b);
}

/* Given flows and prices: I^(1 + gamma) = gamma / (mu delta_I) sum P delta_tau Q^(1 + beta). */
static void sizes_follow_from_flows(void **state)
{
    (void)state;
    bench_of b;
    open_bench(&b);
    bashu_infrastructure *plan = grid(&b, 1.2, 0.9, 1, 2);
    const infrastructure_data *d = &plan->data;
    double share[12], sum = 0;
    for (size_t e = 0; e < 12; e++) {
        double worth = 0;
        for (int w = 0; w < 2; w++) worth += plan->price[at_use(d, w ? d->links[e].to : d->links[e].from, 0)] * pow(plan->x[at_flow(d, e, w, 0)], 2.2);
        share[e] = pow(worth, 1 / 1.9);
        sum += share[e];
    }
    for (size_t e = 0; e < 12; e++) must_be("size", size_of(plan, e), 2 * share[e] / sum, 1e-5);
    bashu_infrastructure_free(plan);
    close_bench(&b);
}

/* Of a convex problem the value is concave in the budget, and its slope is the price of the budget. */
static void the_value_is_concave_in_the_budget(void **state)
{
    (void)state;
    bench_of b;
    open_bench(&b);
    double value[3], price = 0;
    for (int k = 0; k < 3; k++) {
        bashu_infrastructure *plan = grid(&b, 1, 1, 1, 1 + 0.01 * (k - 1));
        value[k] = plan->info.welfare;
        if (k == 1) price = *plan->budget_price;
        bashu_infrastructure_free(plan);
    }
    assert_true(value[0] < value[1] && value[1] < value[2]);
    assert_true(value[2] - value[1] < value[1] - value[0]);
    must_be("price of the budget", price, (value[2] - value[0]) / 0.02, 1e-4);
    close_bench(&b);
}

/* Increasing returns and one good: no loops are built (their proposition 4). */
static void increasing_returns_build_a_tree(void **state)
{
    (void)state;
    bench_of b;
    open_bench(&b);
    bashu_infrastructure *plan = grid(&b, 1, 1.5, 1, 1), *convex = grid(&b, 1, 1, 1, 1);
    const infrastructure_data *d = &plan->data;
    size_t leader[9], built = 0;
    assert_true(!plan->info.convex && plan->info.starts == 10);
    for (size_t j = 0; j < 9; j++) leader[j] = j;
    for (size_t e = 0; e < d->E; e++) {
        if (size_of(plan, e) < 1e-3) continue;
        size_t a = leader[d->links[e].from], c = leader[d->links[e].to];
        assert_true(a != c); /* else it closes a loop */
        for (size_t j = 0; j < 9; j++)
            if (leader[j] == a) leader[j] = c;
        built++;
    }
    assert_true(built >= 4 && built <= 8);
    for (size_t e = 0; e < 12; e++) assert_true(size_of(convex, e) > 1e-3); /* the same grid is full of loops where returns decrease */
    bashu_infrastructure_free(plan);
    bashu_infrastructure_free(convex);
    close_bench(&b);
}

/* Four goods, one made in each corner: symmetric again, goods flow both ways, and every place uses all of them. */
static void four_goods(void **state)
{
    (void)state;
    static char text[4096];
    bench_of b;
    open_bench(&b);
    snprintf(text, sizeof text, grid_of_nine, "p, q, r, s", 1.0, 0.8, 1.0, ", sigma: 5", 1.0, "p: 1", "p: 0", "q: 1", "p: 0", "p: 0", "p: 0", "r: 1", "p: 0", "s: 1");
    bashu_infrastructure *plan = solved(&b, text);
    for (size_t e = 1; e < 4; e++) must_be("inner links", size_of(plan, e), size_of(plan, 0), 1e-5);
    for (size_t e = 5; e < 12; e++) must_be("outer links", size_of(plan, e), size_of(plan, 4), 1e-5);
    for (size_t j = 0; j < 9; j++)
        for (size_t n = 0; n < 4; n++) assert_true(plan->x[at_use(&plan->data, j, n)] > 1e-4);
    bashu_infrastructure_free(plan);
    close_bench(&b);
}

/* Two places alike but for the good they make: half of the people in each, wherever they are counted at first, and as much goes there as comes back. */
static void people_share_out_where_places_are_alike(void **state)
{
    (void)state;
    bench_of b;
    open_bench(&b);
    bashu_infrastructure *plan = solved(&b, "format: bashu-infrastructure/1\nname: two\ngoods: [g, h]\nparameters: {beta: 1, gamma: 1, alpha: 0.4, sigma: 3, mobile: true}\nbudget: 1\nplaces:\n"
                                            "  - {id: a, people: 3, output: {g: 0.7}}\n  - {id: b, people: 1, output: {h: 0.7}}\nlinks:\n  - {from: a, to: b}\n");
    const infrastructure_data *d = &plan->data;
    double there = plan->x[at_flow(d, 0, 0, 0)], own = plan->x[at_use(d, 0, 0)], C = pow(pow(own, 2.0 / 3) + pow(there, 2.0 / 3), 1.5);
    for (size_t j = 0; j < 2; j++) must_be("people", plan->x[at_living(d, j)], 2, 1e-6);
    must_be("there and back", plan->x[at_flow(d, 0, 1, 1)], there, 1e-6);
    must_be("used up", own + there + there * there, 2 * 0.7, 1e-7);
    must_be("shipped until it is worth no more", pow(there / own, -1.0 / 3), 1 + 2 * there, 1e-6);
    must_be("utility", plan->x[at_utility(d)], pow(C / 2 / 0.4, 0.4) * pow(0.5 / 0.6, 0.6), 1e-7);
    bashu_infrastructure_free(plan);
    close_bench(&b);
}

static bashu_infrastructure *mobile_grid(bench_of *b, double returns, double budget)
{
    char text[4096], more[64];
    const char *some = "g: 0.1", *much = "g: 1";
    snprintf(more, sizeof more, ", mobile: true, returns: %g", returns);
    assert_true(snprintf(text, sizeof text, grid_of_nine, "g", 1.0, 0.7, 1.0, more, budget, some, some, some, some, much, some, some, some, some) < (int)sizeof text);
    char *inequality = strstr(text, ", inequality: 1");
    memmove(inequality, inequality + strlen(", inequality: 1"), strlen(inequality + strlen(", inequality: 1")) + 1);
    return solved(b, text);
}

/* All are alike, more of them live where more is made, nobody would gain by moving, and the price of the budget is its slope. */
static void people_move_to_where_more_is_made(void **state)
{
    (void)state;
    static const double all_returns[] = {1, 0.6};
    bench_of b;
    open_bench(&b);
    for (size_t q = 0; q < 2; q++) {
        double a = all_returns[q], kappa = 0, people = 0;
        bashu_infrastructure *plan = mobile_grid(&b, a, 1), *more = mobile_grid(&b, a, 1.002), *less = mobile_grid(&b, a, 0.998);
        const infrastructure_data *d = &plan->data;
        for (size_t j = 0; j < 9; j++) {
            double L = plan->x[at_living(d, j)], C = plan->x[at_use(d, j, 0)], price = plan->price[at_use(d, j, 0)];
            double level = pow(C / L / 0.4, 0.4) * pow(1 / L / 0.6, 0.6), here = price * (a * d->output[j] * pow(L, a - 1) - C / (0.4 * L));
            people += L;
            if (!j) kappa = here;
            must_be("everybody", level, plan->x[at_utility(d)], 1e-6);
            must_be("what one more person adds", here, kappa, 1e-5);
            assert_true(j == 4 || L < plan->x[at_living(d, 4)]);
        }
        must_be("people", people, 9, 1e-8);
        must_be("the price of the budget", plan->info.budget_price, (more->info.welfare - less->info.welfare) / 0.004, 1e-4);
        assert_true(plan->info.mobile && plan->info.gain_pct > 0);
        bashu_infrastructure_free(plan);
        bashu_infrastructure_free(more);
        bashu_infrastructure_free(less);
    }
    close_bench(&b);
}

#define TOP "format: bashu-infrastructure/1\nname: x\ngoods: [g]\nparameters: {beta: 1, gamma: 1}\nbudget: 1\n"
#define PLACES "places:\n  - {id: aa, people: 1, output: {g: 1}}\n  - {id: bb, people: 1}\n  - {id: cc, people: 1}\n"

static void bad_files(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {TOP PLACES "links:\n  - {from: aa, to: bb}\n", "grid.yaml:11", "no way from 'aa' to 'cc'"},
        {TOP PLACES "links:\n  - {from: aa, to: ab}\n", "grid.yaml:11", "did you mean 'aa'"},
        {TOP PLACES "links:\n  - {from: aa, to: aa}\n", "grid.yaml:11", "begins and ends"},
        {TOP PLACES "links:\n  - {from: aa, to: bb}\n  - {from: bb, to: aa}\n", "grid.yaml:12", "joined already"},
        {TOP PLACES "links:\n  - {from: aa, to: bb, friction: -1}\n", "grid.yaml:11", "friction"},
        {TOP PLACES "links:\n  - {from: aa, to: bb, built: 2}\n  - {from: bb, to: cc}\n", "grid.yaml:5", "does not pay for what is built"},
        {TOP "places:\n  - {id: aa, people: 1}\nlinks:\n  - {from: aa, to: aa}\n", "grid.yaml:9", "begins and ends"},
        {TOP "places:\n  - {id: aa, people: 1}\n  - {id: bb, people: 1}\nlinks:\n  - {from: aa, to: bb}\n", "grid.yaml:3", "nobody makes 'g'"},
        {TOP "places:\n  - {id: aa, people: 0}\nlinks:\n  - {from: aa, to: bb}\n", "grid.yaml:7", "people"},
        {TOP "places:\n  - {id: aa, people: 1, output: {h: 1}}\nlinks:\n  - {from: aa, to: bb}\n", "grid.yaml:7", "good 'h'"},
        {TOP "places:\n  - {id: aa, people: 1}\n  - {id: aa, people: 1}\nlinks:\n  - {from: aa, to: bb}\n", "grid.yaml:8", "there twice"},
        {"format: bashu-infrastructure/1\nname: x\ngoods: [g]\nparameters: {beta: 1, gamma: 1, alpha: 0.4, mobile: true, inequality: 2}\nbudget: 1\n" PLACES "links:\n  - {from: aa, to: bb}\n  - {from: bb, to: cc}\n", "grid.yaml:4", "inequality: is of no use where people move"},
        {"format: bashu-infrastructure/1\nname: x\ngoods: [g]\nparameters: {beta: 1, gamma: 1, mobile: true}\nbudget: 1\n" PLACES "links:\n  - {from: aa, to: bb}\n  - {from: bb, to: cc}\n", "grid.yaml:4", "alpha below 1"},
        {"format: bashu-infrastructure/1\nname: x\ngoods: [g]\nparameters: {beta: 1, gamma: 1, returns: 0.5}\nbudget: 1\n" PLACES "links:\n  - {from: aa, to: bb}\n  - {from: bb, to: cc}\n", "grid.yaml:4", "returns: is of no use where people stay"},
        {"format: bashu-infrastructure/1\nname: x\ngoods: [g, h]\nparameters: {beta: 1, gamma: 1, alpha: 0.4, sigma: 2, mobile: true}\nbudget: 1\nplaces:\n  - {id: aa, people: 1, output: {g: 1, h: 1}}\n  - {id: bb, people: 1}\nlinks:\n  - {from: aa, to: bb}\n", "grid.yaml:4", "'aa' makes 2 goods"},
        {TOP "places: []\nlinks:\n  - {from: aa, to: bb}\n", "grid.yaml:6", "must be a list"},
    };
    bench_of b;
    open_bench(&b);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        bashu_infrastructure *plan = NULL;
        bashu_status status = bashu_infrastructure_new(&plan, b.context, scratch_text(&b.files, "grid.yaml", cases[k][0]), NULL);
        const char *message = bashu_message(b.context);
        if (status != BASHU_ERROR_INPUT || !strstr(message, cases[k][1]) || !strstr(message, cases[k][2])) fail_msg("case %zu: %d: %s", k, (int)status, message);
        assert_null(plan);
    }
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_places), cmocka_unit_test(a_symmetric_grid_has_a_symmetric_network), cmocka_unit_test(sizes_follow_from_flows),
        cmocka_unit_test(the_value_is_concave_in_the_budget), cmocka_unit_test(increasing_returns_build_a_tree), cmocka_unit_test(four_goods),
        cmocka_unit_test(people_share_out_where_places_are_alike), cmocka_unit_test(people_move_to_where_more_is_made), cmocka_unit_test(bad_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
