/* test_outcomes.c - how solving may end: the same answer from far away, or no answer, said plainly and without numbers. */
#include "../truth/kit.h"

#include <stdio.h>

static void open_lantern(kit *k)
{
    kit_open(k, 1);
    kit_read(k, LANTERN);
    kit_calibrate(k);
    k->shock.productivity_hat[2] = 1.2;
    k->shock.amenity_hat[4] = 1.1;
    k->shock.land_hat[3] = 1.2;
    kit_trade_cost(k)[at3(0, 1, 3, 3, 7)] = 0.8;
}

static void same_answer_from_far_away(void **state)
{
    enum { K = 2 * 2 + 1 + 2 * 3, SIZE = 7 * K };
    kit k;
    random_stream stream;
    double people[14], wage[14], price[21], z[SIZE];
    (void)state;
    open_lantern(&k);
    const bashu_result *r = kit_solve(&k);
    memcpy(people, r->people_hat, sizeof people);
    memcpy(wage, r->wage_hat, sizeof wage);
    memcpy(price, r->price_hat, sizeof price);
    random_seed(&stream, 11);
    for (int start = 0; start < 20; start++) {
        double spread = start < 10 ? 0.3 : 1; /* hats between a half and two; between a seventh and seven */
        for (size_t i = 0; i < SIZE; i++) z[i] = spread * random_normal(&stream);
        solver_set_start(k.solver, z);
        r = kit_solve(&k);
        must_all_be("people", r->people_hat, people, 14, 1e-8);
        must_all_be("wage", r->wage_hat, wage, 14, 1e-8);
        must_all_be("price", r->price_hat, price, 21, 1e-8);
    }
    kit_close(&k);
}

static void no_numbers(const bashu_result *r)
{
    double values[21] = {0}, value = 0;
    for (int column = BASHU_BASE; column <= BASHU_PERCENT; column++) {
        assert_int_equal(bashu_result_values(r, "gdp", (bashu_column)column, values, 7), BASHU_ERROR_ARGUMENT);
        assert_int_equal(bashu_result_aggregate(r, "gdp", "all", "", (bashu_column)column, &value), BASHU_ERROR_ARGUMENT);
    }
    assert_true(value == 0 && values[0] == 0);
}

static void a_limit_is_no_answer(void **state)
{
    kit k;
    double values[7];
    (void)state;
    open_lantern(&k);
    for (int limit = 1; limit < 5; limit++) {
        k.options.pass_limit = limit;
        const bashu_result *r = kit_try(&k);
        assert_int_equal(r->info.reason, BASHU_DIVERGED_LIMIT);
        assert_true(r->info.passes >= 1 && r->info.passes <= limit);
        assert_true(r->info.residual > 1e-3 && *r->info.worst); /* how far, and where */
        assert_true(r->info.history_count >= 1);
        no_numbers(r);
        solver_free(k.solver);
        k.solver = NULL;
    }
    k.options.pass_limit = 2000; /* the result that had no answer is used again */
    assert_int_equal(bashu_result_values(kit_solve(&k), "gdp", BASHU_HAT, values, 7), BASHU_OK);
    kit_close(&k);
}

/* From far away residuals rise before they fall: what is told is the nearest that was come to, not the last. */
static void the_nearest_is_told(void **state)
{
    enum { SIZE = 7 * (2 * 2 + 1 + 2 * 3) };
    kit k;
    random_stream stream;
    double z[SIZE];
    size_t rises = 0;
    (void)state;
    open_lantern(&k);
    random_seed(&stream, 5);
    for (int limit = 2; limit < 12; limit++) {
        k.options.pass_limit = limit;
        kit_must(&k, solver_new(&k.solver, k.economy, &k.options));
        for (int draw = 0; draw < 5; draw++) {
            double best = INFINITY;
            for (size_t i = 0; i < SIZE; i++) z[i] = 1.5 * random_normal(&stream);
            solver_set_start(k.solver, z);
            const bashu_result *r = kit_try(&k);
            assert_int_equal(r->info.reason, BASHU_DIVERGED_LIMIT);
            for (size_t q = 0; q < r->info.history_count; q++) best = fmin(best, r->info.history[q]); /* passes NaN by */
            assert_true(r->info.residual == best);
            rises += r->info.history[r->info.history_count - 1] > best;
        }
        solver_free(k.solver);
        k.solver = NULL;
    }
    assert_true(rises > 0); /* or the test could not fail */
    kit_close(&k);
}

/* One sector and nobody moves: unique without agglomeration, and nobody knows with it. */
static void uniqueness_is_not_claimed_too_often(void **state)
{
    static const double flow[4] = {60, 20, 30, 70};
    (void)state;
    for (int strong = 0; strong < 2; strong++) {
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(2, 1, 1);
        s.flow = flow;
        s.elasticity[AGGLOMERATION_ELASTICITY] = strong ? 0.1 : 0;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        k.shock.productivity_hat[0] = 1.1;
        k.options.starts = -1;
        const bashu_result *r = kit_solve(&k);
        assert_int_equal(strncmp(r->info.uniqueness, "holds", 5) != 0, strong);
        assert_int_equal(r->info.starts > 0, strong);
        assert_int_equal(r->info.equilibria, 1);
        kit_close(&k);
    }
}

/* The guide of Allen & Arkolakis is of places that feel themselves alone. */
static void no_guide_where_others_are_felt(void **state)
{
    static const double flow[4] = {60, 20, 30, 70};
    char words[256];
    kit k;
    (void)state;
    kit_open(&k, 1);
    sketch s = sketch_new(2, 1, 1);
    s.flow = flow;
    s.switches.mobility = MOBILITY_FREE;
    s.elasticity[HOUSING_SHARE] = 0.3;
    s.elasticity[AMENITY_CONGESTION] = 0.2;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    k.economy->travel_time_h = kit_ones(&k, 4, 0.5);
    double *rho = kit_ones(&k, 1, INFINITY), *delta = kit_ones(&k, 1, INFINITY), *mu = kit_ones(&k, 1, 0.02);
    k.economy->about.elasticities[AMENITY_DECAY].by_item = rho;
    k.economy->delta = delta;
    k.economy->mu = mu;
    for (int felt = 0; felt < 4; felt++) {
        symmetry costs = SYMMETRY_UNKNOWN;
        *rho = felt == 1 ? 2 : INFINITY;
        *delta = felt == 2 ? 2 : INFINITY;
        assert_false(uniqueness_holds(k.economy, NULL, &costs, words, sizeof words));
        assert_int_equal(strstr(words, "Allen") == NULL, felt == 1 || felt == 2);
    }
    kit_close(&k);
}

/* What cannot be meant must end as not finite, wherever it comes in; and the solver must be as good as new after it. */
static void nonsense_is_not_finite(void **state)
{
    static const double nonsense[] = {(double)NAN, (double)INFINITY};
    kit k;
    (void)state;
    open_lantern(&k);
    double before = kit_solve(&k)->people_hat[0];
    for (size_t q = 0; q < 2; q++)
        for (int place = 0; place < 7; place++) {
            kit_reset_shock(&k);
            switch (place) {
            case 0: k.shock.productivity_hat[1] = nonsense[q]; break;
            case 1: k.shock.amenity_hat[1] = nonsense[q]; break;
            case 2: k.shock.land_hat[1] = nonsense[q]; break;
            case 3: k.shock.transfer[1] = nonsense[q]; break;
            case 4: kit_trade_cost(&k)[0] = q ? 0 : nonsense[q]; break; /* an infinite cost is a closed border, none a hole */
            case 5: kit_tariff(&k)[1] = nonsense[q]; break;
            default: kit_migration_cost(&k)[1] = q ? 0 : nonsense[q]; break;
            }
            const bashu_result *r = kit_try(&k);
            if (place == 5 && q) continue; /* a tariff of infinity closes the border: may be answered or not */
            if (r->info.reason != BASHU_DIVERGED_NOT_FINITE)
                fail_msg("place %d, %g: %s", place, nonsense[q], bashu_reason_text(r->info.reason));
            no_numbers(r);
        }
    kit_close(&k);
    open_lantern(&k);
    kit_try(&k);
    kit_reset_shock(&k);
    k.shock.land_hat[0] = (double)NAN;
    kit_try(&k);
    kit_reset_shock(&k);
    k.shock.productivity_hat[2] = 1.2;
    k.shock.amenity_hat[4] = 1.1;
    k.shock.land_hat[3] = 1.2;
    kit_trade_cost(&k)[at3(0, 1, 3, 3, 7)] = 0.8;
    assert_true(kit_solve(&k)->people_hat[0] == before);
    kit_close(&k);
}

/* First tariffs give the blocks entries that no other shock has, and a shock far from the baseline makes pivots of its own: what
 * is solved next has the bits it would have had alone. */
static void answers_do_not_depend_on_what_was_solved_before(void **state)
{
    enum { BEFORE = 4 };
    static const char *const words[] = {"value_added", "wage"};
    (void)state;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        double output[21], people[14];
        kit k;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        kit_set(&k, "model.numeraire", words[w]);
        kit_calibrate(&k);
        for (int before = 0; before < BEFORE; before++) {
            kit_reset_shock(&k);
            if (before == 1) kit_tariff(&k)[at3(0, 1, 3, 3, 7)] = 0.3;
            for (size_t n = 0; before == 2 && n < 7; n++) k.shock.productivity_hat[3 * n] = n % 2 ? 9 : 0.1;
            if (before == 3) kit_trade_cost(&k)[at3(0, 1, 3, 3, 7)] = 0.5;
            if (before) kit_try(&k);
            kit_reset_shock(&k);
            k.shock.productivity_hat[2] = 1.2;
            k.shock.amenity_hat[4] = 1.1;
            const bashu_result *r = kit_solve(&k);
            if (before) {
                assert_memory_equal(r->output_hat, output, sizeof output);
                assert_memory_equal(r->people_hat, people, sizeof people);
            }
            memcpy(output, r->output_hat, sizeof output);
            memcpy(people, r->people_hat, sizeof people);
        }
        kit_close(&k);
    }
}

/* A transfer larger than all a region earns has no equilibrium: nobody may be told that it has. */
static void the_impossible_is_not_solved(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    kit_reset_shock(&k);
    k.shock.transfer[2] = -3 * k.economy->income[2];
    k.shock.transfer[6] = 3 * k.economy->income[2];
    const bashu_result *r = kit_try(&k);
    assert_true(r->info.reason < 0);
    no_numbers(r);
    kit_close(&k);
}

static double equation(const bashu_result *r, const char *name)
{
    for (size_t q = 0; q < r->info.equation_count; q++)
        if (!strcmp(r->info.equations[q].name, name)) return r->info.equations[q].residual;
    fail_msg("the certificate has no equation %s", name);
    return 0;
}

/* A part in a thousand on one number of the answer must show in the equation it belongs to. */
static void certificate_sees(kit *k)
{
    kit_solve(k);
    bashu_result *r = k->result;
    const struct {
        double *number;
        const char *equation;
    } spoilt[] = {{&r->wage_hat[2], "labour_market"}, {&r->people_hat[3], "location"}, {&r->rent_hat[1], "land_market"},
                  {&r->price_hat[4], "price"}, {&r->output_hat[5], "goods_market"}, {&r->expenditure[6], "expenditure"},
                  {&r->income[2], "income"}, {&r->output_hat[20], "numeraire"}};
    for (size_t q = 0; q < sizeof spoilt / sizeof *spoilt; q++) {
        double good = *spoilt[q].number;
        kit_must(k, certify(r, &k->shock));
        assert_true(r->info.residual <= 1e-12);
        *spoilt[q].number = good * 1.001;
        kit_must(k, certify(r, &k->shock));
        bool by_wage = k->economy->about.switches.numeraire == NUMERAIRE_WAGE && !strcmp(spoilt[q].equation, "numeraire");
        const char *shows = by_wage ? "goods_market" : spoilt[q].equation; /* then output is not in the numeraire */
        if (!(equation(r, shows) > 1e-4)) fail_msg("%s does not show", shows);
        assert_true(r->info.residual >= equation(r, shows));
        *spoilt[q].number = (double)NAN;
        kit_must(k, certify(r, &k->shock));
        assert_false(r->info.residual <= 1); /* not a number is worse than any number */
        *spoilt[q].number = good;
    }
    for (size_t ns = 0; k->economy->about.switches.numeraire == NUMERAIRE_WAGE && ns < 14; ns++) r->wage_hat[ns] *= 1.001;
    kit_must(k, certify(r, &k->shock));
    assert_true((equation(r, "numeraire") > 5e-4) == (k->economy->about.switches.numeraire == NUMERAIRE_WAGE));
}

static void the_certificate_sees(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    certificate_sees(&k);
    kit_close(&k);
    for (int free_too = 0; free_too < 2; free_too++) {
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        if (free_too) {
            kit_set(&k, "model.mobility", "free");
            kit_set(&k, "model.numeraire", "wage");
            kit_set(&k, "model.deficits", "multiplicative");
            kit_specific(&k);
            kit_portfolio(&k);
        }
        kit_commute(&k, "3.3");
        kit_calibrate(&k);
        k.shock.productivity_hat[2] = 1.05;
        k.shock.land_hat[3] = 1.2;
        double *way = kit_commuting_cost(&k);
        way[at3(0, 1, 0, 7, 7)] = 0.7;
        certificate_sees(&k);
        kit_close(&k);
    }
}

/* One part of the accounts spoilt under the certificate's feet must show where it is used. */
static void the_certificate_reads_what_it_says(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_set(&k, "model.deficits", "multiplicative");
    kit_specific(&k);
    kit_portfolio(&k);
    kit_commute(&k, "3.3");
    kit_calibrate(&k);
    k.shock.productivity_hat[2] = 1.05;
    kit_solve(&k);
    const struct {
        const double *number;
        const char *equation;
    } spoilt[] = {{&k.economy->commuting_share[at3(0, 0, 3, 7, 7)], "labour_market"}, {&k.economy->commuting_share[at3(1, 0, 1, 7, 7)], "income"},
                  {&k.economy->portfolio_share[2], "income"}, {&k.economy->land_share[1], "income"}, {&k.economy->deficit[0], "income"},
                  {&k.economy->epsilon_commuting[1], "labour_market"}};
    for (size_t q = 0; q < sizeof spoilt / sizeof *spoilt; q++) {
        double *number = (double *)(uintptr_t)spoilt[q].number, good = *number; /* this test's own */
        *number = good * 1.01;
        kit_must(&k, certify(k.result, &k.shock));
        if (!(equation(k.result, spoilt[q].equation) > 1e-7)) fail_msg("%zu does not show in %s", q, spoilt[q].equation);
        *number = good;
    }
    kit_must(&k, certify(k.result, &k.shock));
    assert_true(k.result->info.residual <= 1e-12);
    kit_close(&k);
}

/* The same of landlords and of crowding that is felt from afar. */
static void the_certificate_reads_landlords_and_reach(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_set(&k, "model.rents", "landlords");
    kit_set(&k, "elasticities.amenity_decay", "1");
    kit_set(&k, "elasticities.amenity_congestion", "0.3");
    kit_calibrate(&k);
    double *time_h = kit_travel_time(&k);
    size_t first = k.economy->about.people_travel * 49 + 1; /* from the first region to the second */
    time_h[first] *= 0.5;
    k.shock.productivity_hat[2] = 1.05;
    kit_solve(&k);
    const struct {
        const double *number;
        const char *equation;
    } spoilt[] = {{k.economy->about.elasticities[AMENITY_DECAY].by_item, "location"}, {&time_h[first], "location"},
                  {&k.economy->travel_time_h[first], "location"}, {&k.economy->land_income[0], "expenditure"}, {&k.economy->land_share[1], "land_market"},
                  {&k.economy->goods_share[3], "land_market"}, {&k.economy->deficit[0], "income"}};
    for (size_t q = 0; q < sizeof spoilt / sizeof *spoilt; q++) {
        double *number = (double *)(uintptr_t)spoilt[q].number, good = *number; /* this test's own */
        *number = good * 1.01;
        kit_must(&k, certify(k.result, &k.shock));
        if (!(equation(k.result, spoilt[q].equation) > 1e-7)) fail_msg("%zu does not show in %s", q, spoilt[q].equation);
        *number = good;
    }
    static const rents words[] = {RENTS_RESIDENTS, RENTS_LANDLORDS};
    for (size_t q = 0; q < 2; q++) {
        k.economy->about.switches.rents = words[q];
        kit_must(&k, certify(k.result, &k.shock));
        assert_true((equation(k.result, "income") > 1e-3) == (q == 0) && (equation(k.result, "expenditure") > 1e-4) == (q == 0));
    }
    assert_true(k.result->info.residual <= 1e-12);
    kit_close(&k);
}

/* A pool that nobody is in (the table of migration lists no region): everybody keeps to themselves, one origin more than
 * there are places. And a pool of one. */
static void an_empty_pool(void **state)
{
    (void)state;
    for (int in_it = 0; in_it < 3; in_it++) {
        kit k, still;
        double none[7];
        for (int n = 0; n < 7; n++) none[n] = n == 2 && in_it == 1 ? 0 : (double)NAN;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        kit_set(&k, "model.mobility", in_it == 2 ? "free" : "costless");
        k.data->registered_same_area = k.data->registered_other_areas = none;
        kit_calibrate(&k);
        kit_open(&still, 1);
        kit_read(&still, LANTERN);
        kit_set(&still, "model.mobility", "none");
        kit_calibrate(&still);
        assert_int_equal(k.economy->origin_count, in_it == 1 ? 7 : 8);
        k.shock.productivity_hat[2] = still.shock.productivity_hat[2] = 1.2;
        const bashu_result *a = kit_solve(&k), *b = kit_solve(&still);
        must_all_be("people", a->people_hat, b->people_hat, 14, 1e-11);
        must_all_be("wage", a->wage_hat, b->wage_hat, 14, 1e-11);
        must_all_be("welfare", a->welfare_hat, b->welfare_hat, 14, 1e-11);
        double people[7], welfare[7];
        assert_int_equal(bashu_result_values(a, "welfare", BASHU_HAT, welfare, 7), BASHU_OK);
        assert_int_equal(bashu_result_values(b, "welfare", BASHU_HAT, people, 7), BASHU_OK);
        must_all_be("welfare of both groups", welfare, people, 7, 1e-11);
        kit_close(&k);
        kit_close(&still);
    }
}

/* Wages reported are those of residents, wherever they work. */
static void wages_of_commuters(void **state)
{
    kit k;
    double base[7], now[7], of_groups[14];
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_commute(&k, "3.3");
    kit_calibrate(&k);
    k.shock.productivity_hat[at2(3, 1, 3)] = 1.3;
    const bashu_result *r = kit_solve(&k);
    const bashu_economy *e = k.economy;
    assert_int_equal(bashu_result_values(r, "wage", BASHU_BASE, base, 7), BASHU_OK);
    assert_int_equal(bashu_result_values(r, "wage", BASHU_COUNTERFACTUAL, now, 7), BASHU_OK);
    assert_int_equal(bashu_result_values(r, "group_wage", BASHU_COUNTERFACTUAL, of_groups, 14), BASHU_OK);
    for (size_t n = 0; n < 7; n++) {
        double before = 0, after = 0, people = 0, people_now = 0;
        for (size_t s = 0; s < 2; s++) {
            size_t ns = 2 * n + s;
            double earned = 0;
            for (size_t i = 0; i < 7; i++) {
                double total = 0, at[7];
                for (size_t h = 0; h < 7; h++) total += at[h] = e->commuting_share[at3(s, n, h, 7, 7)] * pow(r->wage_hat[2 * h + s], 3.3);
                earned += at[i] / total * r->wage_hat[2 * i + s] * e->wage_bill[2 * i + s] / e->workers[2 * i + s];
            }
            must_be("wage of a group", of_groups[ns], earned * e->about.currency_unit, 1e-11);
            before += e->labour_income[ns];
            people += e->people[ns];
            people_now += e->people[ns] * r->people_hat[ns];
            after += earned * e->people[ns] * r->people_hat[ns];
        }
        must_be("wage before", base[n], before / people * e->about.currency_unit, 1e-12);
        must_be("wage", now[n], after / people_now * e->about.currency_unit, 1e-11);
    }
    kit_close(&k);
}

/* Solver and certificate disagree: the exponents of unit cost were multiplied out before the coefficients changed. */
static void the_certificate_decides(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    kit_solve(&k);
    double *input = (double *)(uintptr_t)k.economy->input_share; /* this test's own */
    input[0] += 1e-6;
    const bashu_result *r = kit_try(&k);
    assert_int_equal(r->info.reason, BASHU_DIVERGED_CERTIFICATE);
    no_numbers(r);
    kit_close(&k);
}

static void options_are_checked(void **state)
{
    static const bashu_options good = BASHU_OPTIONS_INIT;
    kit k;
    bashu_solver *solver = NULL;
    (void)state;
    open_lantern(&k);
    bashu_options bad[9];
    for (size_t q = 0; q < 9; q++) bad[q] = good;
    bad[0].version = 0;
    bad[1].version = 2;
    bad[2].tolerance = 0;
    bad[3].tolerance = 0.011;
    bad[4].tolerance = (double)NAN;
    bad[5].tolerance = -1e-10;
    bad[6].pass_limit = 0;
    bad[7].starts = -2;
    bad[8].pass_limit = -5;
    for (size_t q = 0; q < 9; q++) {
        assert_int_equal(bashu_solver_new(&solver, k.economy, &bad[q]), BASHU_ERROR_ARGUMENT);
        assert_null(solver);
        assert_true(*bashu_message(k.context) != 0);
        bashu_economy *economy = NULL;
        assert_int_equal(bashu_calibrate(&economy, k.data, &bad[q]), BASHU_ERROR_ARGUMENT);
        assert_null(economy);
    }
    static const char *const wrong[][2] = {{"tolerance", "0"}, {"tolerance", "1"}, {"tolerance", "x"}, {"tolerance", ""},
                                           {"tolerance", "1e-8 "}, {"tolerance", "nan"}, {"tolerance", "0x1p-30"}, {"pass_limit", "0"},
                                           {"pass_limit", "1.5"}, {"starts", "-2"}, {"seed", "-1"}, {"method", "0"}, {"method", "annderson"}, {"tolerence", "1e-8"}, {"", "1"}};
    bashu_options options = good;
    for (size_t q = 0; q < sizeof wrong / sizeof *wrong; q++) {
        assert_int_equal(bashu_option_set(&options, k.context, wrong[q][0], wrong[q][1]), BASHU_ERROR_ARGUMENT);
        assert_true(*bashu_message(k.context) != 0);
        assert_true(options.tolerance == good.tolerance && options.pass_limit == good.pass_limit && options.starts == good.starts);
    }
    assert_int_equal(bashu_option_set(&options, k.context, "tolerance", "1e-8"), BASHU_OK);
    assert_true(options.tolerance == 1e-8);
    assert_int_equal(bashu_option_set(&options, k.context, "pass-limit", "77"), BASHU_OK);
    assert_int_equal(options.pass_limit, 77);
    for (size_t q = 0; q < bashu_option_count(); q++) { /* every row admits its own default */
        char text[40];
        const bashu_option_row *row = bashu_option_at(q);
        if (row->words) snprintf(text, sizeof text, "%s", row->words[(int)row->value]);
        else snprintf(text, sizeof text, "%.17g", row->value);
        assert_int_equal(bashu_option_set(&options, k.context, row->name, text), BASHU_OK);
    }
    assert_memory_equal(&options.tolerance, &good.tolerance, sizeof(double));
    kit_close(&k);
}

/* An answer knows how exact it is: the estimate of the error covers the distance to a sharper answer. */
static void the_error_is_not_understated(void **state)
{
    kit k;
    double sharp[14];
    (void)state;
    open_lantern(&k);
    k.options.tolerance = 1e-13;
    memcpy(sharp, kit_solve(&k)->people_hat, sizeof sharp);
    solver_free(k.solver);
    k.solver = NULL;
    k.options.tolerance = 1e-4;
    k.options.starts = 1;
    const bashu_result *r = kit_solve(&k);
    double error = 0;
    for (size_t i = 0; i < 14; i++) error = fmax(error, fabs(log(r->people_hat[i] / sharp[i])));
    assert_true(r->info.residual <= 1e-4);
    assert_true(isfinite(r->info.forward_error) && error > 0);
    assert_true(error <= 1.1 * r->info.forward_error && r->info.forward_error < 1e-2);
    kit_close(&k);
}

/* Regions whose trade all but ends: what decides their price levels are flows a thousand or a million times smaller than
 * their own. No region's block sees them; the coarse correction is there for this. The
 * formula of Arkolakis, Costinot & Rodriguez-Clare (2012) says what real wages must be: (home share hat)^(-1/theta). */
static void regions_that_hardly_trade(void **state)
{
    static const double flow[9] = {70, 20, 10, 15, 150, 5, 12, 8, 40}, costs[] = {3, 8, 20};
    static const struct {
        const char *method, *answers[3];
    } by[] = {{"ladder", {"anderson", "anderson", "anderson"}},
              {"newton_krylov", {"newton_krylov", "newton_krylov", "newton_krylov"}}};
    (void)state;
    for (size_t c = 0; c < 2 * (sizeof costs / sizeof costs[0]); c++) {
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(3, 1, 1);
        s.flow = flow;
        s.elasticity[TRADE_ELASTICITY] = 5;
        s.switches.deficits = DEFICITS_ZERO;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        kit_must(&k, settle_baseline(k.economy, NULL));
        double *cost = kit_trade_cost(&k);
        for (size_t n = 0; n < 3; n++)
            for (size_t i = 0; i < 3; i++) cost[n * 3 + i] = n == i ? 1 : costs[c / 2];
        k.options.tolerance = 1e-10;
        kit_must(&k, bashu_option_set(&k.options, k.context, "method", by[c % 2].method));
        const bashu_result *r = kit_solve(&k);
        assert_string_equal(r->info.method, by[c % 2].answers[c / 2]);
        for (size_t n = 0; n < 3; n++) {
            double wage = r->wage_hat[n], price = r->price_hat[n], total = 0;
            for (size_t i = 0; i < 3; i++)
                total += k.economy->trade_share[n * 3 + i] * pow(r->wage_hat[i] * cost[n * 3 + i], -5.0);
            double home_hat = pow(wage, -5.0) / total;
            must_be("real wage", wage / price, pow(home_hat, -1.0 / 5), 1e-9);
            assert_true(wage / price < 1);
        }
        kit_close(&k);
    }
}

/* One method alone, under what a city's model has: the same answer, and by that method. */
static void a_method_alone_gives_the_same_answer(void **state)
{
    static const char *const methods[] = {"anderson", "newton_krylov", "plain"};
    kit k[3];
    (void)state;
    for (size_t m = 0; m < 3; m++) {
        kit_open(&k[m], 1);
        kit_read(&k[m], LANTERN);
        kit_set(&k[m], "model.rents", "landlords");
        kit_set(&k[m], "elasticities.amenity_decay", "1");
        kit_set(&k[m], "elasticities.amenity_congestion", "0.3");
        kit_fit_commuting(&k[m], "3.3");
        kit_calibrate(&k[m]);
        kit_must(&k[m], bashu_option_set(&k[m].options, k[m].context, "method", methods[m]));
        k[m].options.tolerance = 1e-11;
        kit_must(&k[m], solver_new(&k[m].solver, k[m].economy, &k[m].options));
        k[m].shock.productivity_hat[2] = 1.3;
        k[m].shock.amenity_hat[8] = 1.2;
        kit_trade_cost(&k[m])[at3(0, 1, 3, 3, 7)] = 0.7;
        kit_commuting_cost(&k[m])[at3(0, 1, 0, 7, 7)] = 0.5;
        const bashu_result *r = kit_solve(&k[m]);
        assert_string_equal(r->info.method, methods[m]);
        must_all_be("people", r->people_hat, k[0].result->people_hat, 14, 1e-8);
        must_all_be("wage", r->wage_hat, k[0].result->wage_hat, 14, 1e-8);
        must_all_be("rent", r->rent_hat, k[0].result->rent_hat, 7, 1e-8);
        must_all_be("labour income", r->labour_income, k[0].result->labour_income, 14, 1e-8);
    }
    assert_true(fabs(k[0].result->people_hat[0] - 1) > 1e-3);
    for (size_t m = 0; m < 3; m++) kit_close(&k[m]);
}

/* An elasticity that is not stated has its fallback everywhere, not in some places only. */
static void optional_elasticities_may_be_left_out(void **state)
{
    static const elasticity_id optional[] = {AMENITY_CONGESTION, AMENITY_DECAY, MIGRATION_TIME_ELASTICITY};
    (void)state;
    kit k;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    for (size_t q = 0; q < sizeof optional / sizeof *optional; q++) {
        elasticity *x = &k.data->about.elasticities[optional[q]];
        double *by_item = arena_alloc(k.memory, 1, sizeof *by_item); /* what the reader gives when nothing is stated */
        *by_item = elasticity_rows[optional[q]].fallback;
        *x = (elasticity){(double)NAN, (double)NAN, (double)NAN, NULL, by_item};
    }
    kit_calibrate(&k);
    k.shock.productivity_hat[0] = 1.1;
    assert_true(kit_solve(&k)->people_hat[0] > 1);
    kit_close(&k);
}

static void a_result_belongs_to_its_economy(void **state)
{
    kit a, b;
    (void)state;
    open_lantern(&a);
    kit_solve(&a);
    kit_open(&b, 1);
    sketch s = sketch_new(3, 1, 1);
    static const double flow[9] = {70, 20, 10, 15, 150, 5, 12, 8, 40};
    s.flow = flow;
    kit_draw(&b, &s);
    kit_calibrate(&b);
    kit_solve(&b);
    assert_int_equal(solve_shock(&a.result, b.solver, &b.shock), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(b.context), "another economy"));
    kit_close(&b);
    kit_close(&a);
}

static void work_goes_on_after_it_was_stopped(void **state)
{
    kit k;
    (void)state;
    open_lantern(&k);
    bashu_cancel(k.context);
    assert_int_equal(kit_try(&k)->info.reason, BASHU_DIVERGED_INTERRUPTED);
    bashu_resume(k.context);
    assert_true(kit_try(&k)->info.reason > 0);
    kit_close(&k);
}

/* Four places that all trade with each other, symmetrically up to factors of sellers. */
static void draw_geography(kit *k, const double *flow, double mu, double lambda, double housing)
{
    sketch s = sketch_new(4, 1, 1);
    s.flow = flow;
    s.elasticity[AGGLOMERATION_ELASTICITY] = mu;
    s.elasticity[AMENITY_CONGESTION] = lambda;
    s.elasticity[HOUSING_SHARE] = housing;
    s.elasticity[MIGRATION_ELASTICITY] = 3;
    kit_draw(k, &s);
    kit_set(k, "model.mobility", "free");
}

static const double symmetric_flow[16] = {60, 6, 4, 2, 6, 40, 3, 5, 4, 3, 50, 7, 2, 5, 7, 30};

/* Allen & Arkolakis (2014), theorem 2, with sigma 5: gamma1 = 1 - 4 a - 5 b, gamma2 = 1 + 5 a + 4 b. Without housing a = mu and
 * b = -lambda; a quarter of housing is b = -1/3, tastes of 3 more are b = -1/3 without housing. */
static void geography_is_unique_where_it_is_known(void **state)
{
    enum { HOLDS, GUIDE, FAILS };
    static const struct {
        double mu, lambda, housing;
        const char *mobility;
        size_t spoiled; /* this flow gets larger; 16: none */
        int verdict;
    } cases[] = {
        {0.1, 0.3, 0, "free", 16, HOLDS},     {0.1, 0.05, 0, "free", 16, FAILS},  {0.3, 0, 0.25, "free", 16, HOLDS},
        {0.35, 0, 0.25, "free", 16, FAILS},   {0.3, 0, 0, "free", 16, FAILS},     {0.3, 0, 0, "costless", 16, HOLDS},
        {0.35, 0, 0, "costless", 16, FAILS},  {0.1, 0.3, 0, "free", 1, GUIDE},    {0.1, 0.3, 0, "free", 0, HOLDS},
    };
    (void)state;
    for (size_t q = 0; q < sizeof cases / sizeof *cases; q++) {
        double flow[16];
        kit k;
        memcpy(flow, symmetric_flow, sizeof flow);
        if (cases[q].spoiled < 16) flow[cases[q].spoiled] *= 1.2;
        kit_open(&k, 1);
        draw_geography(&k, flow, cases[q].mu, cases[q].lambda, cases[q].housing);
        kit_set(&k, "model.mobility", cases[q].mobility);
        kit_set(&k, "model.deficits", "zero");
        kit_calibrate(&k);
        char words[256];
        symmetry costs = SYMMETRY_UNKNOWN;
        bool holds = uniqueness_holds(k.economy, NULL, &costs, words, sizeof words);
        print_message("%zu: %s\n", q, words);
        assert_int_equal(holds, cases[q].verdict == HOLDS);
        assert_int_equal(strncmp(words, "holds", 5) == 0, holds);
        assert_int_equal(strstr(words, "not symmetric") != NULL, cases[q].verdict == GUIDE);
        assert_int_equal(uniqueness_holds(k.economy, NULL, &costs, words, sizeof words), holds); /* with what is known by now */
        assert_int_equal(strstr(words, "not symmetric") != NULL, cases[q].verdict == GUIDE);
        assert_int_equal(strstr(words, "condition for free mobility fails") != NULL, cases[q].verdict == FAILS);
        k.shock.transfer[0] = 1, k.shock.transfer[1] = -1; /* trade that does not balance is outside the theorem */
        assert_false(uniqueness_holds(k.economy, &k.shock, &costs, words, sizeof words));
        k.shock.transfer[0] = k.shock.transfer[1] = 0;
        double *cost = kit_trade_cost(&k);
        cost[at2(0, 1, 4)] = cost[at2(1, 0, 4)] = 1.3; /* symmetric costs stay symmetric */
        assert_int_equal(uniqueness_holds(k.economy, &k.shock, &costs, words, sizeof words), holds);
        cost[at2(0, 1, 4)] = 1;
        assert_int_equal(uniqueness_holds(k.economy, &k.shock, &costs, words, sizeof words), false);
        kit_close(&k);
    }
}

/* Two places alike that keep the share h of spending at home, sigma 5. With x = L^(s gamma1), s = 4/9, equilibria solve
 * x_i = c (h x_i^p + (1-h) x_j^p), p = gamma2 / gamma1 (Allen & Arkolakis 2014). Evenly spread people are one; where
 * p (2h - 1) > 1 there are two more, uneven ones, which mirror each other: with q = x_2 / x_1, q = ((1-h) + h q^p) / (h + (1-h) q^p). */
static double uneven(double log_q, void *payload)
{
    double p = *(double *)payload, h = 0.8, power = exp(p * log_q);
    return ((1 - h) + h * power) / (h + (1 - h) * power) - exp(log_q);
}

static void agglomeration_beyond_the_bound_has_several_equilibria(void **state)
{
    static const double flow[4] = {80, 20, 20, 80};
    const double mu = 0.2, lambda = 0.05, gamma1 = 1 - 4 * mu + 5 * lambda, gamma2 = 1 + 5 * mu - 4 * lambda;
    double p = gamma2 / gamma1, ratio = exp(9.0 / 4 / gamma1 * bisect(uneven, &p, -20, -0.01));
    kit k;
    random_stream stream;
    double z[10];
    int even = 0, first = 0, second = 0;
    (void)state;
    assert_true(p * 0.6 > 1);
    kit_open(&k, 1);
    sketch s = sketch_new(2, 1, 1);
    s.flow = flow;
    s.elasticity[AGGLOMERATION_ELASTICITY] = mu;
    s.elasticity[AMENITY_CONGESTION] = lambda;
    kit_draw(&k, &s);
    kit_set(&k, "model.mobility", "free");
    kit_calibrate(&k);
    kit_trade_cost(&k)[at2(0, 1, 2)] = 1 + 1e-12; /* or nothing changes, and the baseline is the answer */
    kit_must(&k, solver_new(&k.solver, k.economy, &k.options));
    random_seed(&stream, 3);
    for (int start = 0; start < 20; start++) {
        for (size_t i = 0; i < 10; i++) z[i] = random_normal(&stream);
        solver_set_start(k.solver, z);
        const bashu_result *r = kit_solve(&k);
        double between = r->people_hat[1] / r->people_hat[0];
        if (fabs(between - 1) < 1e-6) even++;
        else if (between < 1) first++, must_be("people of the small place over the large one", between, ratio, 1e-8);
        else second++, must_be("people of the small place over the large one", 1 / between, ratio, 1e-8);
    }
    print_message("even %d, uneven %d and %d; ratio %.9f\n", even, first, second, ratio);
    assert_true(first > 0 && second > 0);
    k.options.starts = 12;
    solver_free(k.solver);
    k.solver = NULL;
    const bashu_result *r = kit_solve(&k);
    assert_memory_equal(r->info.uniqueness, "not known", 9);
    assert_true(r->info.equilibria > 1 && r->info.equilibria <= 3);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(geography_is_unique_where_it_is_known),
        cmocka_unit_test(agglomeration_beyond_the_bound_has_several_equilibria),
        cmocka_unit_test(regions_that_hardly_trade),
        cmocka_unit_test(a_method_alone_gives_the_same_answer),
        cmocka_unit_test(optional_elasticities_may_be_left_out),
        cmocka_unit_test(a_result_belongs_to_its_economy),
        cmocka_unit_test(work_goes_on_after_it_was_stopped),
        cmocka_unit_test(same_answer_from_far_away),
        cmocka_unit_test(a_limit_is_no_answer),
        cmocka_unit_test(the_nearest_is_told),
        cmocka_unit_test(uniqueness_is_not_claimed_too_often),
        cmocka_unit_test(no_guide_where_others_are_felt),
        cmocka_unit_test(nonsense_is_not_finite),
        cmocka_unit_test(answers_do_not_depend_on_what_was_solved_before),
        cmocka_unit_test(the_impossible_is_not_solved),
        cmocka_unit_test(the_certificate_sees),
        cmocka_unit_test(the_certificate_reads_what_it_says),
        cmocka_unit_test(the_certificate_reads_landlords_and_reach),
        cmocka_unit_test(an_empty_pool),
        cmocka_unit_test(wages_of_commuters),
        cmocka_unit_test(the_certificate_decides),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(the_error_is_not_understated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
