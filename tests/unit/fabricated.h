/* fabricated.h - a made-up economy, scenario and results, filled by hand: measures and reports are tested apart from
 * the solver. Three regions (a and b at home, w the rest of the world), two sectors, two groups, one circle that has
 * all of a's land but half of its people. */
#ifndef BASHU_TESTS_FABRICATED_H
#define BASHU_TESTS_FABRICATED_H

#include "policy/package.h"

#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 3, J = 2, S = 2, CHANGES = 2 };

typedef struct fabricated {
    bashu_context *context;
    bashu_economy economy;
    bashu_scenario scenario;
    bashu_result whole, alone[CHANGES];
    bashu_result *parts[CHANGES];
    bashu_package package;
    /* room for the arrays above; hats come first so that a test may change them */
    region_row regions[N];
    sector_row sectors[J];
    label groups[S], circles[1], provinces[2];
    region_set sets[2];
    long in_circle[N], in_province[N];
    double circle_people[N];
    change changes[CHANGES];
    unsigned char selected[N];
    double labour_income[N * S], access_hat[N * S], crowding_hat[N];
    double wage_hat[N * S], people_hat[N * S], rent_hat[N], price_hat[N * J], output_hat[N * J], expenditure_new[N * J],
        income_new[N], value_added_new[N], utility_hat[N * S], welfare_hat[N * S];
    double trade_share[N * J * N], x[J * N], gate_price_hat[N * J], amenity_hat[N * S], deficit_new[N], tariff[N * J * N];
} fabricated;

static const char *const fabricated_areas[] = {"p", "q", "w"};
static const double fabricated_output[N * J] = {100, 200, 50, 150, 1000, 3000};
static const double fabricated_share[N * J] = {0.5, 0.4, 0.5, 0.4, 0.5, 0.4};
static const double fabricated_land_share[N * J] = {0.2, 0, 0.2, 0, 0.2, 0};
static const double fabricated_final[N * J] = {0.25, 0.75, 0.25, 0.75, 0.5, 0.5};
static const double fabricated_goods[N] = {0.8, 0.9, 1};
static const double fabricated_people[N * S] = {10, 30, 20, 20, 500, 500};
static const double fabricated_bill[N * S] = {60, 60, 40, 40, 800, 800};
static const double fabricated_origin[S * N] = {15, 15, 500, 25, 25, 500};
static const double fabricated_income[N] = {140, 90, 1700};
static const double fabricated_rent[N] = {38, 14, 100};
static const double fabricated_none[N] = {0}, fabricated_theta[J] = {4, 2}, fabricated_epsilon[S] = {3, 1.5};
static const double fabricated_spending[N * J] = {80, 220, 60, 140, 1010, 2990};

static inline void fabricate_labels(fabricated *f)
{
    static const char *const ids[] = {"a", "b", "w"}, *const en[] = {"Apple", "Birch, upper", "World"},
                             *const zh[] = {"苹果市", "白桦县", "海外"};
    for (size_t n = 0; n < N; n++)
        f->regions[n] = (region_row){.label = {ids[n], en[n], zh[n]},
                                     .area = fabricated_areas[n],
                                     .area_index = n,
                                     .lon = (double)NAN,
                                     .lat = (double)NAN,
                                     .land_km2 = 10.0 * (double)(n + 1),
                                     .people = fabricated_people[2 * n] + fabricated_people[2 * n + 1]};
    f->regions[0].gdp = 130;
    f->regions[1].gdp = 85;
    f->regions[2].gdp = 1700;
    f->regions[1].gdp_flag = "imputed_guess";
    f->sectors[0] = (sector_row){.label = {"farm", "Farms", "农业"}, .industry = 1};
    f->sectors[1] = (sector_row){.label = {"mill", "Mills", "工业"}, .industry = 2};
    f->groups[0] = (label){"college", "College", "大学"};
    f->groups[1] = (label){"others", "Others", "其他"};
    f->circles[0] = (label){"ring", "Ring", "环"};
    f->provinces[0] = (label){"p", "Pine", "松省"};
    f->provinces[1] = (label){"q", "Quince", "榅省"};
    memcpy(f->in_circle, (long[N]){0, -1, -1}, sizeof f->in_circle);
    memcpy(f->in_province, (long[N]){0, 1, -1}, sizeof f->in_province);
    memcpy(f->circle_people, (double[N]){20, 40, 1000}, sizeof f->circle_people);
    f->sets[0] =
        (region_set){.name = "province", .member_count = 2, .members = f->provinces, .member_of = f->in_province};
    f->sets[1] = (region_set){.name = "circle",
                              .member_count = 1,
                              .members = f->circles,
                              .member_of = f->in_circle,
                              .people = f->circle_people};
}

static inline void fabricate_economy(fabricated *f)
{
    static const flag_word flags[] = {{{"imputed_guess", "a guess", "猜测"}}};
    static const published_total totals[] = {{"people", "all", "", "nobody", 81},
                                             {"gdp", "province", "p", "nobody", 130}};
    static const double one[N] = {1, 1, 1};
    description about = {.folder = "folder",
                         .name = "made_up",
                         .title_en = "Made up",
                         .title_zh = "虚构",
                         .currency_code = "XXX",
                         .currency_en = "crowns",
                         .currency_zh = "克朗",
                         .currency_unit = 100,
                         .year = 2020,
                         .N = N,
                         .J = J,
                         .S = S,
                         .A = 3,
                         .set_count = 2,
                         .total_count = 2,
                         .flag_count = 1,
                         .regions = f->regions,
                         .sectors = f->sectors,
                         .groups = f->groups,
                         .areas = fabricated_areas,
                         .sets = f->sets,
                         .totals = totals,
                         .flags = flags,
                         .foreign = 2};
    for (size_t k = 0; k < ELASTICITY_COUNT; k++)
        about.elasticities[k] = (elasticity){1, 0.5, k == TRADE_ELASTICITY ? 0.9 : 2, "nobody", one};
    for (size_t i = 0; i < N * J * N; i++) f->trade_share[i] = i % N == i / (N * J) ? 0.5 : 0.25;
    f->economy = (bashu_economy){.context = f->context,
                                 .about = about,
                                 .value_added_share = fabricated_share,
                                 .land_share = fabricated_land_share,
                                 .final_share = fabricated_final,
                                 .goods_share = fabricated_goods,
                                 .output = fabricated_output,
                                 .expenditure = fabricated_spending,
                                 .income = fabricated_income,
                                 .wage_bill = fabricated_bill,
                                 .land_income = fabricated_rent,
                                 .tariff_revenue = fabricated_none,
                                 .deficit = fabricated_none,
                                 .people = fabricated_people,
                                 .workers = fabricated_people,
                                 .labour_income = fabricated_bill,
                                 .origin_people = fabricated_origin,
                                 .origin_count = N,
                                 .theta = fabricated_theta,
                                 .epsilon = fabricated_epsilon,
                                 .trade_share = f->trade_share};
}

static inline void fill(double *values, size_t count, double value)
{
    for (size_t i = 0; i < count; i++) values[i] = value;
}

/* Nothing changes, and the certificate says so; tests change hats afterwards. */
static inline void fabricate_result(fabricated *f)
{
    static const bashu_equation equations[] = {{"goods_market", 1e-12, "b, mill"}, {"walras", 0, ""}};
    static const double history[] = {1, 0.1, 1e-12};
    fill(f->wage_hat, N * S, 1);
    fill(f->people_hat, N * S, 1);
    fill(f->rent_hat, N, 1);
    fill(f->price_hat, N * J, 1);
    fill(f->output_hat, N * J, 1);
    fill(f->utility_hat, N * S, 1);
    fill(f->welfare_hat, N * S, 1);
    fill(f->x, J * N, 1);
    fill(f->gate_price_hat, N * J, 1);
    fill(f->amenity_hat, N * S, 1);
    memcpy(f->expenditure_new, fabricated_spending, sizeof f->expenditure_new);
    memcpy(f->income_new, fabricated_income, sizeof f->income_new);
    f->whole.context = f->context;
    f->whole.economy = &f->economy;
    f->whole.info = (bashu_info){.reason = BASHU_CONVERGED_RESIDUAL,
                                 .method = "anderson",
                                 .passes = 12,
                                 .residual = 1e-12,
                                 .worst = "goods_market: b, mill",
                                 .forward_error = 1e-11,
                                 .uniqueness = "not known: made up",
                                 .starts = 4,
                                 .equilibria = 1,
                                 .equation_count = 2,
                                 .history_count = 3,
                                 .equations = equations,
                                 .history = history};
    f->whole.wage_hat = f->wage_hat;
    f->whole.people_hat = f->people_hat;
    memcpy(f->labour_income, fabricated_bill, sizeof f->labour_income);
    fill(f->access_hat, N * S, 1);
    fill(f->crowding_hat, N, 1);
    f->whole.labour_income = f->labour_income;
    f->whole.access_hat = f->access_hat;
    f->whole.crowding_hat = f->crowding_hat;
    f->whole.rent_hat = f->rent_hat;
    f->whole.price_hat = f->price_hat;
    f->whole.output_hat = f->output_hat;
    f->whole.expenditure = f->expenditure_new;
    f->whole.income = f->income_new;
    f->whole.value_added = f->value_added_new;
    f->whole.utility_hat = f->utility_hat;
    f->whole.welfare_hat = f->welfare_hat;
    f->whole.x = f->x;
    f->whole.gate_price_hat = f->gate_price_hat;
    f->whole.amenity_hat = f->amenity_hat;
    f->whole.deficit = f->deficit_new;
    f->whole.pairs_kept = true;
}

static inline void fabricate_package(fabricated *f)
{
    double none = (double)NAN;
    f->selected[0] = 1;
    f->changes[0] = (change){.lever = LEVER_PRODUCTIVITY,
                             .id = "better",
                             .title_en = "Better",
                             .title_zh = "更好",
                             .source = "s",
                             .from = none,
                             .value = 5,
                             .low = 2,
                             .high = 9,
                             .relative = true,
                             .regions = f->selected};
    f->changes[1] = (change){.lever = LEVER_LINK_TIME,
                             .id = "faster",
                             .title_en = "Faster",
                             .title_zh = "更快",
                             .source = "s",
                             .unit = "minutes",
                             .from = 62,
                             .value = 50,
                             .low = none,
                             .high = none};
    f->scenario = (bashu_scenario){.context = f->context,
                                   .economy = &f->economy,
                                   .name = "hope",
                                   .title_en = "Hope",
                                   .title_zh = "希望",
                                   .path = "hope.yaml",
                                   .sha256 = "00",
                                   .change_count = CHANGES,
                                   .changes = f->changes};
    for (size_t c = 0; c < CHANGES; c++) {
        f->alone[c] = f->whole;
        f->parts[c] = &f->alone[c];
    }
    f->package = (bashu_package){.context = f->context,
                                 .economy = &f->economy,
                                 .scenario = &f->scenario,
                                 .options = BASHU_OPTIONS_INIT,
                                 .whole = &f->whole,
                                 .part_count = CHANGES,
                                 .alone = f->parts,
                                 .solve_s = 0.5,
                                 .peak_bytes = 1000};
}

static inline int fabricate(void **state)
{
    fabricated *f = calloc(1, sizeof *f);
    if (!f || bashu_open(&f->context, 1) != BASHU_OK) return -1;
    fabricate_labels(f);
    fabricate_economy(f);
    fabricate_result(f);
    fabricate_package(f);
    *state = f;
    return 0;
}

static inline int dismantle(void **state)
{
    fabricated *f = *state;
    bashu_close(f->context);
    free(f);
    return 0;
}

#endif
