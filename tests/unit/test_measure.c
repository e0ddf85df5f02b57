/* test_measure.c - output variables against their formulas, and sets of regions. */
#include "measure/measure.h"

#include "fabricated.h"

static double value_of(fabricated *f, const char *variable, bashu_column column, size_t index)
{
    double values[N * N * J];
    size_t count = measure_count(&f->economy, variable);
    assert_int_equal(measure_values(&f->whole, variable, column, values, count), BASHU_OK);
    return values[index];
}

static double aggregate_of(fabricated *f, const char *variable, const char *set, const char *member,
                           bashu_column column)
{
    double value = (double)NAN;
    if (measure_aggregate(&f->whole, variable, set, member, column, &value) != BASHU_OK)
        fail_msg("%s", bashu_message(f->context));
    return value;
}

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-13 * fmax(1, fabs(b)))) fail_msg("%.17g is not %.17g", a, b);
}

static void nothing_is_exactly_nothing(void **state)
{
    fabricated *f = *state;
    static const char *const sets[][2] = {{"all", ""}, {"foreign", ""}, {"circle", "ring"}, {"province", "q"}};
    for (size_t v = 0; v < bashu_variable_count(); v++) {
        const bashu_variable *variable = bashu_variable_at(v);
        size_t count = measure_count(&f->economy, variable->name);
        for (size_t i = 0; i < count; i++) {
            assert_true(value_of(f, variable->name, BASHU_PERCENT, i) == 0);
            assert_true(value_of(f, variable->name, BASHU_HAT, i) == 1);
            if (variable->family == BASHU_PART) assert_true(value_of(f, variable->name, BASHU_COUNTERFACTUAL, i) == 0);
            assert_true(value_of(f, variable->name, BASHU_BASE, i) ==
                        value_of(f, variable->name, BASHU_COUNTERFACTUAL, i));
        }
        for (size_t k = 0; !strcmp(variable->shape, "region") && k < 4; k++)
            assert_true(aggregate_of(f, variable->name, sets[k][0], sets[k][1], BASHU_PERCENT) == 0);
    }
}

static void real_gdp_is_value_added_over_the_price_of_goods(void **state)
{
    fabricated *f = *state;
    f->output_hat[0] = 1.2;
    f->price_hat[0] = 1.1;
    f->price_hat[1] = 0.9;
    double nominal = (50 * 1.2 + 80) / 130, price = pow(1.1, 0.25) * pow(0.9, 0.75);
    assert_near(value_of(f, "gdp_nominal", BASHU_BASE, 0), 130);
    assert_near(value_of(f, "gdp_nominal", BASHU_HAT, 0), nominal);
    assert_near(value_of(f, "price_index", BASHU_HAT, 0), price);
    assert_near(value_of(f, "gdp", BASHU_HAT, 0), nominal / price);
    assert_near(value_of(f, "gdp", BASHU_COUNTERFACTUAL, 0), 130 * nominal / price);
    assert_near(value_of(f, "gdp", BASHU_PERCENT, 0), 100 * (nominal / price - 1));
}

static void real_wage_is_of_the_average_worker(void **state)
{
    fabricated *f = *state;
    f->wage_hat[0] = 1.1; /* group 0 in a: 10 people, bill 60 */
    f->people_hat[0] = 2;
    f->price_hat[0] = 1.2;
    f->rent_hat[0] = 1.5;
    double bill = (60 * 2.2 + 60) / 120, people = (10.0 * 2 + 30) / 40;
    double living = pow(pow(1.2, 0.25), 0.8) * pow(1.5, 0.2);
    assert_near(value_of(f, "wage", BASHU_BASE, 0), 120 * 100.0 / 40);
    assert_near(value_of(f, "wage", BASHU_HAT, 0), bill / people);
    assert_near(value_of(f, "cost_of_living", BASHU_HAT, 0), living);
    assert_near(value_of(f, "real_wage", BASHU_HAT, 0), bill / people / living);
    assert_near(value_of(f, "group_real_wage", BASHU_HAT, 0), 1.1 / living);
    assert_near(value_of(f, "group_wage", BASHU_BASE, 0), 60 * 100.0 / 10);
    assert_near(value_of(f, "population", BASHU_COUNTERFACTUAL, 0), 50);
    assert_near(value_of(f, "group_population", BASHU_COUNTERFACTUAL, 0), 20);
}

static void welfare_weighs_groups_by_where_people_are_registered(void **state)
{
    fabricated *f = *state;
    f->welfare_hat[0] = 1.1; /* a: 15 of group 0, 25 of group 1 */
    f->utility_hat[0] = 1.1; /* living there: 10 and 30 */
    assert_near(value_of(f, "welfare", BASHU_HAT, 0), (15 * 1.1 + 25) / 40);
    assert_near(value_of(f, "utility", BASHU_HAT, 0), (10 * 1.1 + 30) / 40);
    assert_near(value_of(f, "group_welfare", BASHU_PERCENT, 0), 100 * (1.1 - 1));
    assert_near(aggregate_of(f, "welfare", "all", "", BASHU_HAT), (15 * 1.1 + 65) / 80);
}

static void land_clears(void **state)
{
    fabricated *f = *state;
    f->income_new[0] = 150;
    f->output_hat[0] = 1.2;
    f->rent_hat[0] = 1.05;
    double before = 0.2 * 140 + 0.2 * 50, after = 0.2 * 150 + 0.2 * 60;
    assert_near(value_of(f, "land_rent", BASHU_BASE, 0), 38.0 / 10);
    assert_near(value_of(f, "land_supply", BASHU_HAT, 0), after / before / 1.05);
    assert_near(value_of(f, "income", BASHU_PERCENT, 0), 100 * (150.0 / 140 - 1));
    assert_near(value_of(f, "output", BASHU_HAT, 0), (120 + 200.0) / 300);
    f->expenditure_new[1] = 110;
    assert_near(value_of(f, "sector_expenditure", BASHU_HAT, 1), 0.5);
    assert_near(value_of(f, "sector_output", BASHU_COUNTERFACTUAL, 0), 120);
    assert_near(value_of(f, "sector_value_added", BASHU_BASE, 1), 80);
}

static void sets_add_up_and_average(void **state)
{
    fabricated *f = *state;
    f->output_hat[0] = 1.2; /* a */
    f->output_hat[4] = 3;   /* abroad: not in "all" */
    f->people_hat[1] = 1.5; /* a: 30 -> 45 */
    assert_near(aggregate_of(f, "gdp", "all", "", BASHU_BASE), 130 + 85);
    assert_near(aggregate_of(f, "gdp", "all", "", BASHU_COUNTERFACTUAL), 140 + 85);
    assert_near(aggregate_of(f, "gdp", "all", "", BASHU_HAT), 225.0 / 215);
    assert_near(aggregate_of(f, "gdp", "foreign", "", BASHU_HAT), (1500 + 1200.0) / 1700);
    assert_near(aggregate_of(f, "gdp", "circle", "ring", BASHU_BASE), 65); /* half of a's people */
    assert_near(aggregate_of(f, "population", "circle", "ring", BASHU_COUNTERFACTUAL), 55.0 / 2);
    assert_near(aggregate_of(f, "gdp_per_head", "all", "", BASHU_COUNTERFACTUAL), 225 * 100.0 / 95);
    assert_near(aggregate_of(f, "gdp_per_head", "all", "", BASHU_BASE), 215 * 100.0 / 80);
    double wages = 120 * 100.0 / 40, after = (60 + 90) * 100.0 / 55, other = 80 * 100.0 / 40;
    assert_near(aggregate_of(f, "wage", "all", "", BASHU_BASE), (wages + other) / 2); /* weights: baseline people */
    assert_near(aggregate_of(f, "wage", "all", "", BASHU_HAT), (after + other) / (wages + other));
}

static void wrong_questions_are_named(void **state)
{
    fabricated *f = *state;
    double values[N], value;
    assert_int_equal(measure_values(&f->whole, "gpd", BASHU_HAT, values, N), BASHU_ERROR_ARGUMENT);
    assert_non_null(strstr(bashu_message(f->context), "gpd"));
    assert_int_equal(measure_values(&f->whole, "gdp", BASHU_HAT, values, N - 1), BASHU_ERROR_ARGUMENT);
    assert_int_equal(measure_values(&f->whole, "gdp", (bashu_column)7, values, N), BASHU_ERROR_ARGUMENT);
    assert_int_equal(measure_aggregate(&f->whole, "gdp", "circles", "ring", BASHU_HAT, &value), BASHU_ERROR_ARGUMENT);
    assert_int_equal(measure_aggregate(&f->whole, "gdp", "circle", "rung", BASHU_HAT, &value), BASHU_ERROR_ARGUMENT);
    assert_int_equal(measure_aggregate(&f->whole, "sector_output", "all", "", BASHU_HAT, &value), BASHU_ERROR_ARGUMENT);
    f->economy.about.foreign = -1;
    assert_int_equal(measure_aggregate(&f->whole, "gdp", "foreign", "", BASHU_HAT, &value), BASHU_ERROR_ARGUMENT);
    assert_int_equal(measure_count(&f->economy, "gpd"), 0);
    assert_null(bashu_variable_at(bashu_variable_count()));
    assert_null(measure_variable("gpd"));
}

static void no_equilibrium_gives_no_numbers(void **state)
{
    fabricated *f = *state;
    double values[N], value;
    f->whole.info.reason = BASHU_DIVERGED_STALLED;
    assert_int_equal(measure_values(&f->whole, "gdp", BASHU_BASE, values, N), BASHU_ERROR_ARGUMENT);
    assert_int_equal(measure_aggregate(&f->whole, "gdp", "all", "", BASHU_BASE, &value), BASHU_ERROR_ARGUMENT);
}

static void a_group_without_people_gives_no_nan(void **state)
{
    fabricated *f = *state;
    static const double people[N * S] = {0, 30, 20, 20, 500, 500}, origin[S * N] = {0, 15, 500, 0, 25, 500};
    f->economy.people = people;
    f->economy.origin_people = origin;
    for (size_t v = 0; v < bashu_variable_count(); v++) {
        const char *name = bashu_variable_at(v)->name;
        for (size_t i = 0; i < measure_count(&f->economy, name); i++)
            assert_true(isfinite(value_of(f, name, BASHU_PERCENT, i)));
    }
}

static void summaries_are_shares_of_the_nation(void **state)
{
    fabricated *f = *state;
    set_summary ring;
    assert_int_equal(measure_summary(&ring, f->context, &f->economy.about, "circle", "ring"), BASHU_OK);
    assert_string_equal(ring.name_zh, "环");
    assert_int_equal(ring.regions, 1);
    assert_near(ring.land_share, 10.0 / 30);
    assert_near(ring.people_share, 20.0 / 80);
    assert_near(ring.gdp_share, 65.0 / 215);
    assert_near(ring.density, 2);
    assert_near(ring.gdp_per_head, 65 * 100.0 / 20);
}

static void a_scenario_is_about_the_circle_it_selects(void **state)
{
    fabricated *f = *state;
    static const label two[] = {{"one", "One", "一"}, {"two", "Two", "二"}};
    static const long member_of[N] = {0, 1, -1};
    f->sets[1].members = two;
    f->sets[1].member_count = 2;
    f->sets[1].member_of = member_of;
    assert_string_equal(measure_focus(&f->economy.about, &f->scenario).member, "one");
    f->selected[0] = 0;
    f->selected[1] = 1;
    assert_string_equal(measure_focus(&f->economy.about, &f->scenario).member, "two");
    f->scenario.change_count = 0;
    assert_string_equal(measure_focus(&f->economy.about, &f->scenario).member, "one");
    f->economy.about.set_count = 1; /* no circles */
    assert_string_equal(measure_focus(&f->economy.about, &f->scenario).set, "all");
}

static void order_leaves_out_the_rest_of_the_world(void **state)
{
    fabricated *f = *state;
    size_t order[N];
    assert_int_equal(measure_order(&f->economy.about, (double[N]){3, 2, 1}, order), 2);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fabricate, dismantle)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_exactly_nothing),
        TEST(real_gdp_is_value_added_over_the_price_of_goods),
        TEST(real_wage_is_of_the_average_worker),
        TEST(welfare_weighs_groups_by_where_people_are_registered),
        TEST(land_clears),
        TEST(sets_add_up_and_average),
        TEST(wrong_questions_are_named),
        TEST(no_equilibrium_gives_no_numbers),
        TEST(a_group_without_people_gives_no_nan),
        TEST(summaries_are_shares_of_the_nation),
        TEST(a_scenario_is_about_the_circle_it_selects),
        TEST(order_leaves_out_the_rest_of_the_world),
    };
    return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
