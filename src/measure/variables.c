/* variables.c - the table of output variables: what each is, its unit and shape, and how it is drawn from a result.
 *
 *   value added           V_n   = sum_j gamma_n^j Y_n^j
 *   price index of goods  P_n   = prod_j (P_n^j)^(alpha_n^j)
 *   cost of living        C_n   = P_n^alpha_n r_n^(1 - alpha_n)
 *   real GDP              V_n / P_n, in baseline prices
 *   wage                  labour income per resident: sum_s w_n^s L_n^s / sum_s L_n^s     (the average worker's: the mix of groups counts)
 *   real wage             wage / C_n
 *   welfare               What_n^s averaged over groups by the people registered in n at the baseline
 *
 * Each row fills base and hat; counterfactual = base x hat, so that a hat of exactly 1 leaves exactly the base. */
#include "measure/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef void fill_function(const bashu_result *result, double *base, double *hat);
/* How regions are put together: added up, or averaged with weights that stay at the baseline; per head: total over
 * people, before and after. */
typedef enum pooling { POOL_SUM, POOL_LAND, POOL_PEOPLE, POOL_REGISTERED, POOL_PER_HEAD } pooling;
typedef struct measure_row {
    bashu_variable variable;
    pooling pooling;
    fill_function *fill;
} measure_row;

static double ratio(double a, double b) { return b == 0 ? 1 : a / b; }

/* ---- indices of one region ----------------------------------------------------------------------- */

static double goods_price_hat(const bashu_result *result, size_t n)
{
    const bashu_economy *economy = result->economy;
    size_t J = economy->about.J;
    double sum = 0;
    for (size_t j = 0; j < J; j++) {
        double share = economy->final_share[at2(n, j, J)];
        if (share > 0) sum += share * log(result->price_hat[at2(n, j, J)]);
    }
    return exp(sum);
}

static double cost_of_living_hat(const bashu_result *result, size_t n)
{
    double alpha = result->economy->goods_share[n];
    return pow(goods_price_hat(result, n), alpha) * pow(result->rent_hat[n], 1 - alpha);
}

static double people_of(const bashu_economy *economy, size_t n)
{
    double sum = 0;
    for (size_t s = 0; s < economy->about.S; s++) sum += economy->people[at2(n, s, economy->about.S)];
    return sum;
}

static double registered(const bashu_economy *economy, size_t n, size_t s)
{
    const description *about = &economy->about;
    mobility word = about->switches.mobility;
    bool pooled = word == MOBILITY_COSTLESS || word == MOBILITY_FREE; /* nobody is registered anywhere */
    if (!economy->origin_people || pooled) return economy->people[at2(n, s, about->S)];
    return economy->origin_people[at2(s, n, about->N)];
}

static double people_hat_of(const bashu_result *result, size_t n)
{
    const bashu_economy *economy = result->economy;
    double sum = 0;
    for (size_t s = 0; s < economy->about.S; s++) {
        size_t i = at2(n, s, economy->about.S);
        sum += economy->people[i] * result->people_hat[i];
    }
    return ratio(sum, people_of(economy, n));
}

/* Hat of the wages of the residents of one region and group, wherever they work. */
static double labour_income_hat(const bashu_result *result, size_t i)
{
    const bashu_economy *economy = result->economy;
    if (economy->commuting_share) return ratio(result->labour_income[i], economy->labour_income[i]);
    return result->wage_hat[i] * result->people_hat[i];
}

static double wage_of(const bashu_result *result, size_t n, double *hat)
{
    const bashu_economy *economy = result->economy;
    double before = 0, after = 0, people = people_of(economy, n);
    for (size_t s = 0; s < economy->about.S; s++) {
        size_t i = at2(n, s, economy->about.S);
        before += economy->labour_income[i];
        after += economy->labour_income[i] * labour_income_hat(result, i);
    }
    *hat = ratio(after, before) / people_hat_of(result, n);
    return people > 0 ? before * economy->about.currency_unit / people : 0;
}

/* Rents of the place by the land market: (1 - alpha) I + sum_j eta gamma Y; housing's alone where structures are specific. */
static double land_income_hat(const bashu_result *result, size_t n)
{
    const bashu_economy *economy = result->economy;
    size_t J = economy->about.J;
    double housing = 1 - economy->goods_share[n], before = housing * economy->income[n],
           after = housing * result->income[n];
    for (size_t j = 0; !economy->about.regions[n].specific_structures && j < J; j++) {
        size_t i = at2(n, j, J);
        double part = economy->land_share[i] * economy->value_added_share[i] * economy->output[i];
        before += part;
        after += part * result->output_hat[i];
    }
    return ratio(after, before);
}

/* ---- variables of shape region ------------------------------------------------------------------- */

static void fill_gdp_nominal(const bashu_result *result, double *base, double *hat)
{
    const bashu_economy *economy = result->economy;
    size_t J = economy->about.J;
    for (size_t n = 0; n < result->economy->about.N; n++) {
        double before = 0, after = 0;
        for (size_t j = 0; j < J; j++) {
            double part = economy->value_added_share[at2(n, j, J)] * economy->output[at2(n, j, J)];
            before += part;
            after += part * result->output_hat[at2(n, j, J)];
        }
        base[n] = before;
        hat[n] = ratio(after, before);
    }
}

static void fill_gdp(const bashu_result *result, double *base, double *hat)
{
    fill_gdp_nominal(result, base, hat);
    for (size_t n = 0; n < result->economy->about.N; n++) hat[n] /= goods_price_hat(result, n);
}

static void fill_population(const bashu_result *result, double *base, double *hat)
{
    for (size_t n = 0; n < result->economy->about.N; n++) {
        base[n] = people_of(result->economy, n);
        hat[n] = people_hat_of(result, n);
    }
}

static void fill_gdp_per_head(const bashu_result *result, double *base, double *hat)
{
    fill_gdp(result, base, hat);
    for (size_t n = 0; n < result->economy->about.N; n++) {
        double people = people_of(result->economy, n);
        base[n] = people > 0 ? base[n] * result->economy->about.currency_unit / people : 0;
        hat[n] /= people_hat_of(result, n);
    }
}

static void fill_wage(const bashu_result *result, double *base, double *hat)
{
    for (size_t n = 0; n < result->economy->about.N; n++) base[n] = wage_of(result, n, &hat[n]);
}

static void fill_real_wage(const bashu_result *result, double *base, double *hat)
{
    fill_wage(result, base, hat);
    for (size_t n = 0; n < result->economy->about.N; n++) hat[n] /= cost_of_living_hat(result, n);
}

static void fill_land_rent(const bashu_result *result, double *base, double *hat)
{
    const bashu_economy *economy = result->economy;
    for (size_t n = 0; n < result->economy->about.N; n++) {
        double land = economy->about.regions[n].land_km2;
        base[n] = land > 0 ? economy->land_income[n] / land : 0;
        hat[n] = result->rent_hat[n];
    }
}

static void fill_land_supply(const bashu_result *result, double *base, double *hat)
{
    for (size_t n = 0; n < result->economy->about.N; n++) {
        base[n] = 1;
        hat[n] = land_income_hat(result, n) / result->rent_hat[n];
    }
}

static void fill_welfare(const bashu_result *result, double *base, double *hat)
{
    size_t S = result->economy->about.S;
    for (size_t n = 0; n < result->economy->about.N; n++) {
        double people = 0, sum = 0;
        for (size_t s = 0; s < S; s++) {
            people += registered(result->economy, n, s);
            sum += registered(result->economy, n, s) * result->welfare_hat[at2(n, s, S)];
        }
        base[n] = 1;
        hat[n] = ratio(sum, people);
    }
}

static void fill_utility(const bashu_result *result, double *base, double *hat)
{
    size_t S = result->economy->about.S;
    for (size_t n = 0; n < result->economy->about.N; n++) {
        double sum = 0;
        for (size_t s = 0; s < S; s++) sum += result->economy->people[at2(n, s, S)] * result->utility_hat[at2(n, s, S)];
        base[n] = 1;
        hat[n] = ratio(sum, people_of(result->economy, n));
    }
}

static void fill_price_index(const bashu_result *result, double *base, double *hat)
{
    for (size_t n = 0; n < result->economy->about.N; n++) {
        base[n] = 1;
        hat[n] = goods_price_hat(result, n);
    }
}

static void fill_cost_of_living(const bashu_result *result, double *base, double *hat)
{
    for (size_t n = 0; n < result->economy->about.N; n++) {
        base[n] = 1;
        hat[n] = cost_of_living_hat(result, n);
    }
}

static void fill_income(const bashu_result *result, double *base, double *hat)
{
    for (size_t n = 0; n < result->economy->about.N; n++) {
        base[n] = result->economy->income[n];
        hat[n] = ratio(result->income[n], base[n]);
    }
}

static void fill_output(const bashu_result *result, double *base, double *hat)
{
    const bashu_economy *economy = result->economy;
    size_t J = economy->about.J;
    for (size_t n = 0; n < result->economy->about.N; n++) {
        double before = 0, after = 0;
        for (size_t j = 0; j < J; j++) {
            before += economy->output[at2(n, j, J)];
            after += economy->output[at2(n, j, J)] * result->output_hat[at2(n, j, J)];
        }
        base[n] = before;
        hat[n] = ratio(after, before);
    }
}

/* ---- variables of shape region,sector and region,group ------------------------------------------- */

static void fill_sector_value_added(const bashu_result *result, double *base, double *hat)
{
    const bashu_economy *economy = result->economy;
    for (size_t i = 0; i < result->economy->about.N * result->economy->about.J; i++) {
        base[i] = economy->value_added_share[i] * economy->output[i];
        hat[i] = result->output_hat[i];
    }
}

static void fill_sector_output(const bashu_result *result, double *base, double *hat)
{
    for (size_t i = 0; i < result->economy->about.N * result->economy->about.J; i++) {
        base[i] = result->economy->output[i];
        hat[i] = result->output_hat[i];
    }
}

static void fill_sector_price(const bashu_result *result, double *base, double *hat)
{
    for (size_t i = 0; i < result->economy->about.N * result->economy->about.J; i++) {
        base[i] = 1;
        hat[i] = result->price_hat[i];
    }
}

static void fill_sector_expenditure(const bashu_result *result, double *base, double *hat)
{
    for (size_t i = 0; i < result->economy->about.N * result->economy->about.J; i++) {
        base[i] = result->economy->expenditure[i];
        hat[i] = ratio(result->expenditure[i], base[i]);
    }
}

static void fill_group_population(const bashu_result *result, double *base, double *hat)
{
    for (size_t i = 0; i < result->economy->about.N * result->economy->about.S; i++) {
        base[i] = result->economy->people[i];
        hat[i] = result->people_hat[i];
    }
}

static void fill_group_wage(const bashu_result *result, double *base, double *hat)
{
    const bashu_economy *economy = result->economy;
    for (size_t i = 0; i < result->economy->about.N * result->economy->about.S; i++) {
        double people = economy->people[i];
        base[i] = people > 0 ? economy->labour_income[i] * economy->about.currency_unit / people : 0;
        hat[i] = economy->commuting_share ? labour_income_hat(result, i) / result->people_hat[i] : result->wage_hat[i];
    }
}

static void fill_group_real_wage(const bashu_result *result, double *base, double *hat)
{
    size_t S = result->economy->about.S;
    fill_group_wage(result, base, hat);
    for (size_t n = 0; n < result->economy->about.N; n++)
        for (size_t s = 0; s < S; s++) hat[at2(n, s, S)] /= cost_of_living_hat(result, n);
}

static void fill_group_welfare(const bashu_result *result, double *base, double *hat)
{
    for (size_t i = 0; i < result->economy->about.N * result->economy->about.S; i++) {
        base[i] = 1;
        hat[i] = result->welfare_hat[i];
    }
}

static void fill_group_utility(const bashu_result *result, double *base, double *hat)
{
    for (size_t i = 0; i < result->economy->about.N * result->economy->about.S; i++) {
        base[i] = 1;
        hat[i] = result->utility_hat[i];
    }
}

/* ---- the table ----------------------------------------------------------------------------------- */

static const char region[] = "region", region_sector[] = "region,sector", region_group[] = "region,group";

static const measure_row rows[] = {
    {{"gdp", "currency_unit", region, "real GDP", "实际地区生产总值", 1}, POOL_SUM, fill_gdp},
    {{"population", "persons", region, "people", "人口", 1}, POOL_SUM, fill_population},
    {{"real_wage", "currency_per_person", region, "real wage: labour income per resident, in baseline prices",
      "实际工资：人均劳动收入（实际）", 1}, POOL_PEOPLE, fill_real_wage},
    {{"land_rent", "currency_unit_per_km2", region, "land rent", "地租", 1}, POOL_PEOPLE, fill_land_rent},
    {{"welfare", "index", region, "welfare of people registered there", "户籍人口福利", 1},
     POOL_REGISTERED,
     fill_welfare},
    {{"gdp_nominal", "currency_unit", region, "nominal GDP (world GDP held constant)",
      "名义地区生产总值（全球总值不变）", 0},
     POOL_SUM,
     fill_gdp_nominal},
    {{"gdp_per_head", "currency_per_person", region, "real GDP per head", "实际人均 GDP", 0},
     POOL_PER_HEAD,
     fill_gdp_per_head},
    {{"wage", "currency_per_person", region, "wage: labour income per resident", "工资：人均劳动收入", 0}, POOL_PEOPLE, fill_wage},
    {{"utility", "index", region, "utility of living there", "居住效用", 0}, POOL_PEOPLE, fill_utility},
    {{"price_index", "index", region, "price index of goods and services", "商品与服务价格指数", 0},
     POOL_PEOPLE,
     fill_price_index},
    {{"cost_of_living", "index", region, "cost of living with housing", "含住房的生活成本", 0},
     POOL_PEOPLE,
     fill_cost_of_living},
    {{"income", "currency_unit", region, "income of residents", "居民收入", 0}, POOL_SUM, fill_income},
    {{"output", "currency_unit", region, "gross output", "总产出", 0}, POOL_SUM, fill_output},
    {{"land_supply", "index", region, "land and structures in use", "在用土地与建筑", 0}, POOL_LAND, fill_land_supply},
    {{"sector_value_added", "currency_unit", region_sector, "value added by sector", "分行业增加值", 0},
     POOL_SUM,
     fill_sector_value_added},
    {{"sector_output", "currency_unit", region_sector, "gross output by sector", "分行业总产出", 0},
     POOL_SUM,
     fill_sector_output},
    {{"sector_price", "index", region_sector, "price paid by sector", "分行业购买价格", 0},
     POOL_PEOPLE,
     fill_sector_price},
    {{"sector_expenditure", "currency_unit", region_sector, "expenditure by sector", "分行业支出", 0},
     POOL_SUM,
     fill_sector_expenditure},
    {{"group_population", "persons", region_group, "people by group", "分组人口", 0}, POOL_SUM, fill_group_population},
    {{"group_wage", "currency_per_person", region_group, "wage: labour income per resident, by group", "工资：分组人均劳动收入", 0}, POOL_PEOPLE, fill_group_wage},
    {{"group_real_wage", "currency_per_person", region_group, "real wage: labour income per resident, in baseline prices, by group",
      "实际工资：分组人均劳动收入（实际）", 0},
     POOL_PEOPLE,
     fill_group_real_wage},
    {{"group_welfare", "index", region_group, "welfare of people registered there, by group", "分组户籍人口福利", 0},
     POOL_REGISTERED,
     fill_group_welfare},
    {{"group_utility", "index", region_group, "utility of living there, by group", "分组居住效用", 0},
     POOL_PEOPLE,
     fill_group_utility},
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

size_t bashu_variable_count(void) { return ROW_COUNT; }

const bashu_variable *bashu_variable_at(size_t index) { return index < ROW_COUNT ? &rows[index].variable : NULL; }

static const measure_row *find_row(const char *name)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (!strcmp(rows[i].variable.name, name)) return &rows[i];
    return NULL;
}

const bashu_variable *measure_variable(const char *name)
{
    const measure_row *row = find_row(name);
    return row ? &row->variable : NULL;
}

static size_t row_count(const description *about, const measure_row *row)
{
    const char *shape = row->variable.shape;
    return about->N * (shape == region ? 1 : shape == region_sector ? about->J : about->S);
}

size_t measure_count(const bashu_economy *economy, const char *variable)
{
    const measure_row *row = find_row(variable);
    return row ? row_count(&economy->about, row) : 0;
}

/* ---- columns ------------------------------------------------------------------------------------- */

static double column_value(bashu_column column, double base, double hat)
{
    switch (column) {
    case BASHU_BASE: return base;
    case BASHU_COUNTERFACTUAL: return base * hat;
    case BASHU_HAT: return hat;
    case BASHU_PERCENT: break;
    }
    return 100 * (hat - 1);
}

static bashu_status check_question(const measure_row **row, const bashu_result *result, const char *variable,
                                   bashu_column column)
{
    *row = find_row(variable);
    if (!*row) return fail(result->context, BASHU_ERROR_ARGUMENT, "there is no output variable '%s'", variable);
    if ((int)column < BASHU_BASE || column > BASHU_PERCENT)
        return fail(result->context, BASHU_ERROR_ARGUMENT, "there is no column %d", (int)column);
    if (result->info.reason <= 0)
        return fail(result->context, BASHU_ERROR_ARGUMENT, "the result has no equilibrium to take '%s' from (%s)",
                    variable, bashu_reason_text(result->info.reason));
    return BASHU_OK;
}

bashu_status measure_values(const bashu_result *result, const char *variable, bashu_column column, double *values,
                            size_t count)
{
    const measure_row *row;
    TRY(check_question(&row, result, variable, column));
    size_t expected = row_count(&result->economy->about, row);
    if (count != expected)
        return fail(result->context, BASHU_ERROR_ARGUMENT, "'%s' (%s) has %zu values, there is room for %zu", variable,
                    row->variable.shape, expected, count);
    double *hat = malloc((count ? count : 1) * sizeof *hat);
    if (!hat) return fail_memory(result->context);
    row->fill(result, values, hat);
    for (size_t i = 0; i < count; i++) values[i] = column_value(column, values[i], hat[i]);
    free(hat);
    return BASHU_OK;
}

/* Baseline weight of region n, of which `people_part` and `land_part` count. */
static double pool_weight(const bashu_economy *economy, pooling kind, size_t n, double people_part, double land_part)
{
    double sum = 0;
    switch (kind) {
    case POOL_SUM: return people_part;
    case POOL_LAND: return land_part * economy->land_income[n];
    case POOL_PER_HEAD:
    case POOL_PEOPLE: return people_part * people_of(economy, n);
    case POOL_REGISTERED:
        for (size_t s = 0; s < economy->about.S; s++) sum += registered(economy, n, s);
        return people_part * sum;
    }
    return 0;
}

/* Sums over the regions of a set; mean = sum / weight, before and after. */
typedef struct pool {
    double before, after, weight_before, weight_after;
} pool;

static pool pool_regions(const bashu_result *result, pooling kind, const double *base, const double *hat,
                         const double *people_part, const double *land_part)
{
    pool sums = {0};
    for (size_t n = 0; n < result->economy->about.N; n++) {
        double weight = pool_weight(result->economy, kind, n, people_part[n], land_part[n]), after = weight;
        if (kind == POOL_PER_HEAD) after *= people_hat_of(result, n);
        sums.before += weight * base[n];
        sums.after += after * (base[n] * hat[n]);
        sums.weight_before += weight;
        sums.weight_after += after;
    }
    if (kind == POOL_SUM) sums.weight_before = sums.weight_after = 1;
    return sums;
}

bashu_status measure_aggregate(const bashu_result *result, const char *variable, const char *set, const char *member,
                               bashu_column column, double *value)
{
    const measure_row *row;
    TRY(check_question(&row, result, variable, column));
    if (row->variable.shape != region)
        return fail(result->context, BASHU_ERROR_ARGUMENT,
                    "'%s' has shape %s: only variables of shape region have aggregates", variable, row->variable.shape);
    size_t N = result->economy->about.N;
    double *space = malloc(4 * (N + 1) * sizeof *space);
    if (!space) return fail_memory(result->context);
    double *base = space, *hat = space + N, *people_part = space + 2 * N, *land_part = space + 3 * N;
    bashu_status status = measure_parts(result->context, &result->economy->about, set, member, people_part, land_part);
    if (status == BASHU_OK) {
        row->fill(result, base, hat);
        pool sums = pool_regions(result, row->pooling, base, hat, people_part, land_part);
        double hat_of_set = ratio(sums.after, sums.before) / ratio(sums.weight_after, sums.weight_before);
        *value = column_value(column, ratio(sums.before, sums.weight_before), hat_of_set);
    }
    free(space);
    return status;
}
