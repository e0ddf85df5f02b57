/* test_leontief.c - input-output accounts against closed forms, their identities, and a calibrated economy solved two ways. */
#include "kit.h"
#include "measure/leontief.h"

#include "../scratch.h"

#include <stdio.h>

static void must(bashu_context *context, bashu_status status)
{
    if (status != BASHU_OK) fail_msg("%s", bashu_message(context));
}

/* ---- two industries ------------------------------------------------------------------------------- */

/* Two regions with one sector each: Z = (150 500; 200 100), y = (350; 1700), so x = (1000; 2000). The inverse of a 2 x 2
 * matrix is its adjugate over its determinant. */
static const double flow2[2][2] = {{150, 500}, {200, 100}};
static const double final2[2][2] = {{300, 50}, {200, 1500}}; /* [maker][user] */

static void write_two(scratch *s)
{
    char text[1024];
    const char *const id[] = {"north", "south"};
    size_t used = (size_t)snprintf(text, sizeof text,
                                   "origin_region,origin_sector,destination_region,destination_sector,value\n");
    for (int o = 0; o < 2; o++)
        for (int d = 0; d < 2; d++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s,all,%s,all,%g\n", id[o], id[d], flow2[o][d]);
    scratch_text(s, "flows.csv", text);
    used = (size_t)snprintf(text, sizeof text, "origin_region,origin_sector,destination_region,category,value\n");
    for (int o = 0; o < 2; o++)
        for (int d = 0; d < 2; d++) { /* two categories that add up */
            used += (size_t)snprintf(text + used, sizeof text - used, "%s,all,%s,people,%g\n", id[o], id[d],
                                     final2[o][d] - 10);
            used += (size_t)snprintf(text + used, sizeof text - used, "%s,all,%s,stocks,10\n", id[o], id[d]);
        }
    scratch_text(s, "final_demand.csv", text);
    scratch_text(s, "satellites.csv", "account,region,sector,value\nair,north,all,40\nair,south,all,7\n");
    scratch_text(s, "satellites_final.csv", "account,region,category,value\nair,south,people,3\nair,south,stocks,2\n");
}

static void two_industries_follow_the_formula(void **state)
{
    scratch s;
    bashu_context *context;
    bashu_leontief *a;
    (void)state;
    assert_true(scratch_open(&s));
    write_two(&s);
    assert_int_equal(bashu_open(&context, 2), BASHU_OK);
    must(context, bashu_leontief_read(&a, context, s.folder));
    double x[2] = {1000, 2000}, got[8], A[2][2], L[2][2];
    for (int o = 0; o < 2; o++)
        for (int d = 0; d < 2; d++) A[o][d] = flow2[o][d] / x[d];
    double determinant = (1 - A[0][0]) * (1 - A[1][1]) - A[0][1] * A[1][0];
    L[0][0] = (1 - A[1][1]) / determinant;
    L[1][1] = (1 - A[0][0]) / determinant;
    L[0][1] = A[0][1] / determinant;
    L[1][0] = A[1][0] / determinant;
    must(context, bashu_leontief_values(a, "output", got, 2));
    for (int o = 0; o < 2; o++) must_be("output", got[o], x[o], 1e-15);
    must(context, bashu_leontief_values(a, "coefficients", got, 4));
    for (int k = 0; k < 4; k++) must_be("coefficient", got[k], A[k / 2][k % 2], 1e-15);
    must(context, bashu_leontief_values(a, "inverse", got, 4));
    for (int k = 0; k < 4; k++) must_be("inverse", got[k], L[k / 2][k % 2], 1e-14);
    must(context, bashu_leontief_values(a, "output_multiplier", got, 2));
    for (int d = 0; d < 2; d++) must_be("output multiplier", got[d], L[0][d] + L[1][d], 1e-14);
    double per_output[2][2] = {{650.0 / 1000, 1400.0 / 2000}, {40.0 / 1000, 7.0 / 2000}}; /* value added, air */
    must(context, bashu_leontief_values(a, "multiplier", got, 4));
    for (int k = 0; k < 2; k++)
        for (int d = 0; d < 2; d++)
            must_be("multiplier", got[2 * k + d], per_output[k][0] * L[0][d] + per_output[k][1] * L[1][d], 1e-14);
    must(context, bashu_leontief_values(a, "embodied", got, 8));
    for (int k = 0; k < 2; k++)
        for (int r = 0; r < 2; r++)
            for (int u = 0; u < 2; u++)
                must_be("embodied", got[4 * k + 2 * r + u],
                        per_output[k][r] * (L[r][0] * final2[0][u] + L[r][1] * final2[1][u]), 1e-14);
    must(context, bashu_leontief_values(a, "direct", got, 4));
    assert_true(got[2] == 0 && got[3] == 5);
    must(context, bashu_leontief_values(a, "gross_exports", got, 2));
    assert_true(got[0] == 550 && got[1] == 400);
    /* the larger root of radius^2 - trace radius + determinant of A */
    double trace = A[0][0] + A[1][1], product = A[0][0] * A[1][1] - A[0][1] * A[1][0];
    double radius = trace / 2 + sqrt(trace * trace / 4 - product);
    const bashu_leontief_info *info = bashu_leontief_info_get(a);
    assert_true(info->spectral_radius >= radius * (1 - 1e-14));
    must_be("spectral radius", info->spectral_radius, radius, 1e-10);
    assert_true(info->residual < 1e-14);
    bashu_leontief_free(a);
    bashu_close(context);
    scratch_close(&s);
}

static void what_is_asked_wrongly_is_refused(void **state)
{
    scratch s;
    bashu_context *context;
    bashu_leontief *a;
    double got[8];
    (void)state;
    assert_true(scratch_open(&s));
    write_two(&s);
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    must(context, bashu_leontief_read(&a, context, s.folder));
    assert_int_equal(bashu_leontief_values(a, "outputs", got, 2), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_leontief_values(a, "output", got, 3), BASHU_ERROR_ARGUMENT);
    assert_string_equal(bashu_leontief_region(a, 1), "south");
    assert_null(bashu_leontief_region(a, 2));
    assert_string_equal(bashu_leontief_account(a, 0), "value_added");
    assert_null(bashu_leontief_sector(a, 1));
    char *text;
    assert_int_equal(bashu_leontief_report(&text, a, "xml", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_null(text);
    bashu_leontief_free(a);
    bashu_close(context);
    scratch_close(&s);
}

static void no_memory_is_an_error(void **state)
{
    scratch s;
    bashu_context *context;
    bashu_leontief *a = NULL;
    (void)state;
    assert_true(scratch_open(&s));
    write_two(&s);
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    long k = 1;
    for (; k < 2000; k++) {
        context_fail_allocation(context, k);
        bashu_status status = bashu_leontief_read(&a, context, s.folder);
        if (status == BASHU_OK) break;
        assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_null(a);
    }
    context_fail_allocation(context, 0);
    assert_true(k > 20 && k < 2000);
    bashu_leontief_free(a);
    bashu_close(context);
    scratch_close(&s);
}

/* ---- many industries by lot ------------------------------------------------------------------------- */

enum { R = 5, J = 4, N = R * J, ACCOUNTS = 3 };

/* Tables with an industry that makes nothing, and one that buys nothing. */
static void draw(flow_tables *t, arena *memory, unsigned long long seed)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    random_stream stream;
    random_seed(&stream, seed);
    *t = (flow_tables){.folder = "drawn",
                       .R = R,
                       .J = J,
                       .account_count = ACCOUNTS,
                       .regions = names,
                       .sectors = names,
                       .accounts = names};
    const array_wanted wanted[] = {{&t->flow, N * N},
                                   {&t->final, N * R},
                                   {&t->output, N},
                                   {&t->satellite, ACCOUNTS * N},
                                   {&t->direct, ACCOUNTS * R}};
    assert_true(ARENA_ARRAYS(memory, wanted));
    for (size_t o = 0; o < N; o++) {
        for (size_t d = 0; d < N && o != 7; d++)
            t->flow[at2(o, d, N)] = d == 7 || d == 11 ? 0 : random_uniform(&stream);
        for (size_t u = 0; u < R && o != 7; u++) t->final[at2(o, u, R)] = 3 * random_uniform(&stream);
        for (size_t d = 0; d < N; d++) t->output[o] += t->flow[at2(o, d, N)];
        for (size_t u = 0; u < R; u++) t->output[o] += t->final[at2(o, u, R)];
        for (size_t k = 0; k < ACCOUNTS; k++) t->satellite[at2(k, o, N)] = o == 7 ? 0 : random_normal(&stream);
    }
    for (size_t d = 0; d < N; d++) /* account 0 is value added, so that what is bought is what was added */
        for (size_t o = 0; o < N; o++) t->satellite[d] = (o ? t->satellite[d] : t->output[d]) - t->flow[at2(o, d, N)];
    for (size_t k = R; k < ACCOUNTS * R; k++) t->direct[k] = random_uniform(&stream);
}

static bashu_leontief *reckon(bashu_context *context, const flow_tables *t)
{
    arena *memory = arena_new(context);
    bashu_leontief *a = arena_alloc(memory, 1, sizeof *a);
    *a = (bashu_leontief){.context = context, .memory = memory};
    must(context, leontief_tables(a, t));
    return a;
}

static void accounts_balance(void **state)
{
    bashu_context *context;
    flow_tables t;
    (void)state;
    assert_int_equal(bashu_open(&context, 2), BASHU_OK);
    arena *memory = arena_new(context);
    for (unsigned long long seed = 1; seed <= 10; seed++) {
        draw(&t, memory, seed);
        bashu_leontief *a = reckon(context, &t);
        assert_true(a->info.residual < 1e-13);
        assert_true(a->info.spectral_radius < 1);
        for (size_t k = 0; k < ACCOUNTS; k++) {
            double made = 0, pba = 0, cba = 0, exports = 0, imports = 0, bought = 0;
            for (size_t r = 0; r < R; r++) {
                leontief_region of = leontief_region_of(a, k, r);
                must_be("by consumption", of.cba, of.pba - of.exports + of.imports, 1e-11);
                pba += of.pba;
                cba += of.cba;
                exports += of.exports;
                imports += of.imports;
                bought += a->bought[r];
                made += t.direct[at2(k, r, R)];
            }
            for (size_t o = 0; o < N; o++) made += t.satellite[at2(k, o, N)];
            assert_true(fabs(pba - made) < 1e-12 * N);
            assert_true(fabs(cba - made) < 1e-12 * N);
            assert_true(fabs(exports - imports) < 1e-12 * N);
            if (k == 0) must_be("all that is bought", cba, bought, 1e-13);
        }
        for (size_t d = 0; d < N; d++) /* a unit of final demand is value added somewhere */
            if (d != 7) must_be("value added of a unit", a->multiplier[d], 1, 1e-13);
        assert_true(a->inverse[at2(7, 7, N)] == 1 && a->output[7] == 0);
        arena_free(a->memory);
    }
    arena_free(memory);
    bashu_close(context);
}

static void threads_leave_the_bits_alone(void **state)
{
    bashu_context *one, *two;
    flow_tables t;
    (void)state;
    assert_int_equal(bashu_open(&one, 1), BASHU_OK);
    assert_int_equal(bashu_open(&two, 2), BASHU_OK);
    arena *memory = arena_new(one);
    draw(&t, memory, 3);
    bashu_leontief *a = reckon(one, &t), *b = reckon(two, &t);
    assert_memory_equal(a->inverse, b->inverse, N * N * sizeof(double));
    assert_memory_equal(a->embodied, b->embodied, ACCOUNTS * R * R * sizeof(double));
    arena_free(a->memory);
    arena_free(b->memory);
    arena_free(memory);
    bashu_close(one);
    bashu_close(two);
}

/* ---- a calibrated economy ----------------------------------------------------------------------------- */

/* The definition, cell by cell: Z_{ik,nj} = pi_ni^k / (1 + tau) gamma_n^{kj} Y_n^j; final demand from income,
 * pi_ni^k / (1 + tau) alpha_n alpha_n^k I_n. */
static void tables_of(flow_tables *t, arena *memory, const bashu_economy *e)
{
    const description *about = &e->about;
    size_t n_count = about->N, j_count = about->J, industries = n_count * j_count;
    const char **names = arena_alloc(memory, n_count + j_count, sizeof *names);
    static const char *const account[] = {"value_added"};
    for (size_t k = 0; k < n_count + j_count; k++) names[k] = "x";
    *t = (flow_tables){.folder = "economy",
                       .R = n_count,
                       .J = j_count,
                       .account_count = 1,
                       .regions = names,
                       .sectors = names,
                       .accounts = account};
    const array_wanted wanted[] = {{&t->flow, industries * industries},
                                   {&t->final, industries * n_count},
                                   {&t->output, industries},
                                   {&t->satellite, industries},
                                   {&t->direct, n_count}};
    assert_true(ARENA_ARRAYS(memory, wanted));
    for (size_t i = 0; i < n_count; i++)
        for (size_t k = 0; k < j_count; k++) {
            size_t origin = at2(i, k, j_count);
            t->output[origin] = e->output[origin];
            t->satellite[origin] = e->value_added_share[origin] * e->output[origin];
            for (size_t n = 0; n < n_count; n++) {
                size_t pair = at3(n, k, i, j_count, n_count);
                double share = e->trade_share[pair] / (1 + (e->tariff ? e->tariff[pair] : 0));
                for (size_t j = 0; j < j_count; j++) {
                    double input = e->input_share[at3(about->regions[n].area_index, j, k, j_count, j_count)] *
                                   e->output[at2(n, j, j_count)];
                    t->flow[at2(origin, at2(n, j, j_count), industries)] = share * input;
                }
                t->final[at2(origin, n, n_count)] =
                    share * e->goods_share[n] * e->final_share[at2(n, k, j_count)] * e->income[n];
            }
        }
}

static void compare_ways(const bashu_economy *e, bashu_context *context)
{
    flow_tables t;
    bashu_leontief *swept;
    arena *memory = arena_new(context);
    tables_of(&t, memory, e);
    bashu_leontief *inverted = reckon(context, &t);
    must(context, bashu_leontief_economy(&swept, e));
    assert_true(swept->info.reason > 0 && swept->info.residual < 1e-10);
    size_t n_count = e->about.N;
    double most = 0, trade = 0;
    for (size_t k = 0; k < n_count * n_count; k++) most = fmax(most, inverted->embodied[k]);
    for (size_t k = 0; k < n_count * n_count; k++)
        assert_true(fabs(swept->embodied[k] - inverted->embodied[k]) < 1e-9 * most);
    for (size_t n = 0; n < n_count; n++) {
        must_be("bought", swept->bought[n], inverted->bought[n], 1e-9);
        must_be("gross exports", swept->gross_exports[n], inverted->gross_exports[n], 1e-9);
        leontief_region of = leontief_region_of(swept, 0, n);
        trade += of.exports - of.imports;
        assert_true(of.exports > 0 && of.exports < swept->gross_exports[n]);
    }
    assert_true(fabs(trade) < 1e-12 * most);
    double got[1];
    assert_int_equal(bashu_leontief_values(swept, "inverse", got, n_count * n_count * e->about.J * e->about.J),
                     BASHU_ERROR_UNSUPPORTED);
    bashu_leontief_free(swept);
    arena_free(inverted->memory);
    arena_free(memory);
}

static void sweeps_and_inverse_agree(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 2);
    kit_read(&k, LANTERN);
    kit_calibrate(&k);
    compare_ways(k.economy, k.context);
    kit_close(&k);
}

/* Three regions that tax each other's goods: sellers receive less than buyers pay. */
static void tariffs_are_no_sales(void **state)
{
    static const double flow[] = {90, 5, 7, 40, 20, 2, 8, 70, 4, 9, 60, 30, 3, 2, 50, 6, 5, 80};
    static const double tariff[] = {0, 0.3, 0.1, 0, 0.2, 0.4, 0.5, 0, 0.1, 0.2, 0, 0.3, 0.1, 0.2, 0, 0.3, 0.1, 0};
    static const double input[] = {0.2, 0.1, 0.3, 0.15};
    kit k;
    (void)state;
    kit_open(&k, 2);
    sketch s = sketch_new(3, 2, 1);
    s.flow = flow;
    s.tariff = tariff;
    s.input = input;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    assert_non_null(k.economy->tariff);
    compare_ways(k.economy, k.context);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_industries_follow_the_formula),
        cmocka_unit_test(what_is_asked_wrongly_is_refused),
        cmocka_unit_test(no_memory_is_an_error),
        cmocka_unit_test(accounts_balance),
        cmocka_unit_test(threads_leave_the_bits_alone),
        cmocka_unit_test(sweeps_and_inverse_agree),
        cmocka_unit_test(tariffs_are_no_sales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
