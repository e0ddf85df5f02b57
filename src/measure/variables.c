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
 * Each row fills base and hat; counterfactual = base x hat, so that a hat of exactly 1 leaves exactly the base. Where the base
 * may be zero or negative a row fills base and counterfactual; parts of a change (decompose.c) are filled as they are. */
#include "measure/fill.h"
#include "measure/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How regions are put together: added up, or averaged with weights that stay at the baseline; per head: total over
 * people, before and after. */
typedef enum pooling { POOL_SUM, POOL_LAND, POOL_PEOPLE, POOL_REGISTERED, POOL_PER_HEAD, POOL_INCOME } pooling;
/* What a row fills beside the base. */
typedef enum second_kind { SECOND_HAT, SECOND_LEVEL, SECOND_PART } second_kind;
typedef struct measure_row {
    bashu_variable variable;
    pooling pooling;
    fill_function *fill;
    second_kind second;
    bool needs_pairs; /* of regions, which not every result keeps */
} measure_row;

static double ratio(double a, double b) { return b == 0 ? 1 : a / b; }

/* ---- indices of one region ----------------------------------------------------------------------- */

double log_goods_price_hat(const bashu_result *result, size_t n)
{
    const bashu_economy *economy = result->economy;
    size_t J = economy->about.J;
    double sum = 0;
    for (size_t j = 0; j < J; j++) {
        double share = economy->final_share[at2(n, j, J)];
        if (share > 0) sum += share * log(result->price_hat[at2(n, j, J)]);
    }
    return sum;
}

static double goods_price_hat(const bashu_result *result, size_t n) { return exp(log_goods_price_hat(result, n)); }

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
double labour_income_hat(const bashu_result *result, size_t i)
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

/* Adds the rents of structures of sectors, sum_j eta gamma Y; the same steps before and after, so that no change is none. */
static void add_structures_income(const bashu_result *result, size_t n, double *before, double *after)
{
    const bashu_economy *economy = result->economy;
    for (size_t j = 0; j < economy->about.J; j++) {
        size_t i = at2(n, j, economy->about.J);
        double part = economy->land_share[i] * economy->value_added_share[i] * economy->output[i];
        *before += part;
        *after += part * result->output_hat[i];
    }
}

/* Rents of the place by the land market: (1 - alpha) I + sum_j eta gamma Y; housing's alone where structures are specific. */
static double land_income_hat(const bashu_result *result, size_t n)
{
    const bashu_economy *economy = result->economy;
    double housing = 1 - economy->goods_share[n], before = housing * economy->income[n], after = housing * result->income[n];
    if (!economy->about.regions[n].specific_structures) add_structures_income(result, n, &before, &after);
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

static void fill_labour_income(const bashu_result *result, double *base, double *hat)
{
    const bashu_economy *economy = result->economy;
    for (size_t n = 0; n < economy->about.N; n++) {
        double before = 0, after = 0;
        for (size_t s = 0; s < economy->about.S; s++) {
            size_t i = at2(n, s, economy->about.S);
            before += economy->labour_income[i];
            after += economy->labour_income[i] * labour_income_hat(result, i);
        }
        base[n] = before;
        hat[n] = ratio(after, before);
    }
}

/* With those of structures that sectors have of their own, which are not on the land market. */
static void fill_land_income(const bashu_result *result, double *base, double *hat)
{
    const bashu_economy *economy = result->economy;
    for (size_t n = 0; n < economy->about.N; n++) {
        base[n] = economy->land_income[n];
        hat[n] = land_income_hat(result, n);
        if (!economy->about.regions[n].specific_structures) continue;
        double after = base[n] * hat[n];
        add_structures_income(result, n, &base[n], &after);
        hat[n] = ratio(after, base[n]);
    }
}

static void fill_deficit(const bashu_result *result, double *base, double *after)
{
    for (size_t n = 0; n < result->economy->about.N; n++) {
        base[n] = result->economy->deficit[n];
        after[n] = result->deficit[n];
    }
}

/* Base and counterfactual of what a path of years may have changed; nothing without the table research. */
static void fill_known(const double *before, const double *now, size_t N, double *base, double *after)
{
    for (size_t n = 0; n < N; n++) {
        base[n] = before ? before[n] : 0;
        after[n] = before ? now[n] : 0;
    }
}

static void fill_science(const bashu_result *r, double *base, double *after) { fill_known(r->economy->research.science, r->science, r->economy->about.N, base, after); }

static void fill_science_researchers(const bashu_result *r, double *base, double *after)
{
    fill_known(r->economy->research.people[RESEARCH_SCIENCE], r->researchers[RESEARCH_SCIENCE], r->economy->about.N, base, after);
}

static void fill_industry_researchers(const bashu_result *r, double *base, double *after)
{
    fill_known(r->economy->research.people[RESEARCH_INDUSTRY], r->researchers[RESEARCH_INDUSTRY], r->economy->about.N, base, after);
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

/* Hat of the wage bill of one region and group, from labour demand. */
static double wage_bill_hat(const bashu_result *result, size_t n, size_t s)
{
    const bashu_economy *e = result->economy;
    double before = 0, after = 0;
    for (size_t j = 0; j < e->about.J; j++) {
        size_t nj = at2(n, j, e->about.J);
        double paid = e->wage_share[nj * e->about.S + s] * (1 - e->land_share[nj]) * e->value_added_share[nj] * e->output[nj];
        before += paid;
        after += paid * result->output_hat[nj];
    }
    return before > 0 ? after / before : 1;
}

static void fill_group_workplace_wage(const bashu_result *result, double *base, double *hat)
{
    const bashu_economy *e = result->economy;
    for (size_t i = 0; i < e->about.N * e->about.S; i++) {
        base[i] = e->workers[i] > 0 ? e->wage_bill[i] * e->about.currency_unit / e->workers[i] : 0;
        hat[i] = result->wage_hat[i];
    }
}

static double workers_hat(const bashu_result *result, size_t n, size_t s)
{
    const bashu_economy *e = result->economy;
    size_t ns = at2(n, s, e->about.S);
    if (!e->commuting_share || result->info.reason == BASHU_CONVERGED_UNCHANGED) return result->people_hat[ns];
    return e->workers[ns] > 0 ? wage_bill_hat(result, n, s) / result->wage_hat[ns] : 1;
}

static void fill_group_workers(const bashu_result *result, double *base, double *hat)
{
    size_t S = result->economy->about.S;
    for (size_t i = 0; i < result->economy->about.N * S; i++) {
        base[i] = result->economy->workers[i];
        hat[i] = workers_hat(result, i / S, i % S);
    }
}

static void fill_workers(const bashu_result *result, double *base, double *hat)
{
    size_t S = result->economy->about.S;
    for (size_t n = 0; n < result->economy->about.N; n++) {
        double after = 0;
        base[n] = 0;
        for (size_t s = 0; s < S; s++) {
            base[n] += result->economy->workers[at2(n, s, S)];
            after += result->economy->workers[at2(n, s, S)] * workers_hat(result, n, s);
        }
        hat[n] = ratio(after, base[n]);
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

static const char region[] = "region", region_sector[] = "region,sector", region_group[] = "region,group",
                  pairs[] = "region,region", pairs_sector[] = "region,region,sector", pairs_group[] = "region,region,group";
static const char income_share[] = "percent_of_income", log_points[] = "log_points";

/* A hat of a base; the level of the counterfactual beside the base; a part of a change. */
#define OUTCOME(name, unit, shape, en, zh, headline, pooling, fill) \
    {{name, unit, shape, en, zh, headline, BASHU_OUTCOME}, pooling, fill, SECOND_HAT, false}
#define LEVEL(name, unit, shape, en, zh, family, fill, needs_pairs) \
    {{name, unit, shape, en, zh, 0, family}, POOL_SUM, fill, SECOND_LEVEL, needs_pairs}
#define PART(name, unit, shape, en, zh, pooling, fill, needs_pairs) \
    {{name, unit, shape, en, zh, 0, BASHU_PART}, pooling, fill, SECOND_PART, needs_pairs}

static const measure_row rows[] = {
    OUTCOME("gdp", "currency_unit", region, "real GDP", "实际地区生产总值", 1, POOL_SUM, fill_gdp),
    OUTCOME("population", "persons", region, "people", "人口", 1, POOL_SUM, fill_population),
    OUTCOME("real_wage", "currency_per_person", region, "real wage: labour income per resident, in baseline prices",
        "实际工资：人均劳动收入（实际）", 1, POOL_PEOPLE, fill_real_wage),
    OUTCOME("land_rent", "currency_unit_per_km2", region, "land rent", "地租", 1, POOL_PEOPLE, fill_land_rent),
    OUTCOME("welfare", "index", region, "welfare of people registered there", "户籍人口福利", 1, POOL_REGISTERED, fill_welfare),
    OUTCOME("gdp_nominal", "currency_unit", region, "nominal GDP (world GDP held constant)",
        "名义地区生产总值（全球总值不变）", 0, POOL_SUM, fill_gdp_nominal),
    OUTCOME("gdp_per_head", "currency_per_person", region, "real GDP per head",
        "实际人均 GDP", 0, POOL_PER_HEAD, fill_gdp_per_head),
    OUTCOME("wage", "currency_per_person", region, "wage: labour income per resident",
        "工资：人均劳动收入", 0, POOL_PEOPLE, fill_wage),
    OUTCOME("utility", "index", region, "utility of living there", "居住效用", 0, POOL_PEOPLE, fill_utility),
    OUTCOME("price_index", "index", region, "price index of goods and services",
        "商品与服务价格指数", 0, POOL_PEOPLE, fill_price_index),
    OUTCOME("cost_of_living", "index", region, "cost of living with housing",
        "含住房的生活成本", 0, POOL_PEOPLE, fill_cost_of_living),
    OUTCOME("income", "currency_unit", region, "income of residents", "居民收入", 0, POOL_SUM, fill_income),
    OUTCOME("output", "currency_unit", region, "gross output", "总产出", 0, POOL_SUM, fill_output),
    OUTCOME("land_supply", "index", region, "land and structures in use", "在用土地与建筑", 0, POOL_LAND, fill_land_supply),
    OUTCOME("sector_value_added", "currency_unit", region_sector, "value added by sector",
        "分行业增加值", 0, POOL_SUM, fill_sector_value_added),
    OUTCOME("sector_output", "currency_unit", region_sector, "gross output by sector",
        "分行业总产出", 0, POOL_SUM, fill_sector_output),
    OUTCOME("sector_price", "index", region_sector, "price paid by sector", "分行业购买价格", 0, POOL_PEOPLE, fill_sector_price),
    OUTCOME("sector_expenditure", "currency_unit", region_sector, "expenditure by sector",
        "分行业支出", 0, POOL_SUM, fill_sector_expenditure),
    OUTCOME("group_population", "persons", region_group, "people by group", "分组人口", 0, POOL_SUM, fill_group_population),
    OUTCOME("group_wage", "currency_per_person", region_group, "wage: labour income per resident, by group",
        "工资：分组人均劳动收入", 0, POOL_PEOPLE, fill_group_wage),
    OUTCOME("group_real_wage", "currency_per_person", region_group, "real wage: labour income per resident, in baseline prices, by group",
        "实际工资：分组人均劳动收入（实际）", 0, POOL_PEOPLE, fill_group_real_wage),
    OUTCOME("group_welfare", "index", region_group, "welfare of people registered there, by group",
        "分组户籍人口福利", 0, POOL_REGISTERED, fill_group_welfare),
    OUTCOME("group_utility", "index", region_group, "utility of living there, by group",
        "分组居住效用", 0, POOL_PEOPLE, fill_group_utility),
    OUTCOME("workers", "persons", region, "people who work there", "在当地工作的人口", 0, POOL_SUM, fill_workers),
    OUTCOME("group_workplace_wage", "currency_per_person", region_group, "wage of those who work there, by group",
        "在当地工作者的分组工资", 0, POOL_PEOPLE, fill_group_workplace_wage),
    OUTCOME("group_workers", "persons", region_group, "people who work there, by group", "在当地工作的分组人口", 0, POOL_SUM,
        fill_group_workers),
    OUTCOME("labour_income", "currency_unit", region, "labour income of residents, wherever they work", "居民劳动收入（不论工作地）", 0, POOL_SUM, fill_labour_income),
    OUTCOME("land_income", "currency_unit", region, "rents that arise there", "当地产生的地租", 0, POOL_SUM, fill_land_income),
    LEVEL("tariff_revenue", "currency_unit", region, "tariff revenue", "关税收入", BASHU_OUTCOME, fill_tariff_revenue, true),
    LEVEL("deficit", "currency_unit", region, "net transfer received from elsewhere",
        "自外部净得转移", BASHU_OUTCOME, fill_deficit, false),
    LEVEL("science_stock", "index", region, "stock of science", "科学存量", BASHU_OUTCOME, fill_science, false),
    LEVEL("science_researchers", "persons", region, "researchers in science", "科学研究人员", BASHU_OUTCOME, fill_science_researchers, false),
    LEVEL("industry_researchers", "persons", region, "researchers in industrial development", "产业研发人员", BASHU_OUTCOME, fill_industry_researchers, false),
    LEVEL("exports", "currency_unit", region, "sales to other regions", "对其他地区的销售", BASHU_OUTCOME, fill_exports, true),
    LEVEL("imports", "currency_unit", region, "purchases from other regions, net of tariffs",
        "自其他地区的购买（不含关税）", BASHU_OUTCOME, fill_imports, true),
    LEVEL("trade_balance", "currency_unit", region, "exports less imports",
        "净出口", BASHU_OUTCOME, fill_trade_balance, true),
    LEVEL("home_share", "share", region_sector, "share of spending on the region's own goods",
        "本地产品占支出的份额", BASHU_OUTCOME, fill_home_share, true),
    LEVEL("trade", "currency_unit", pairs_sector, "sales from origin to destination, with tariffs",
        "由来源地到目的地的销售（含关税）", BASHU_PAIR, fill_trade, true),
    LEVEL("trade_share", "share", pairs_sector, "share of the destination's spending that is bought from the origin",
        "目的地支出中购自来源地的份额", BASHU_PAIR, fill_trade_share, true),
    LEVEL("migrants", "persons", pairs_group, "people registered in the origin who live in the destination",
        "户籍在来源地、居住在目的地的人口", BASHU_PAIR, fill_migrants, true),
    LEVEL("commuters", "persons", pairs_group, "people who live in the origin and work in the destination",
        "居住在来源地、工作在目的地的人口", BASHU_PAIR, fill_commuters, true),
    /* parts of what trade does to real income (Caliendo & Parro 2015) */
    PART("welfare_trade", income_share, region, "what trade does to real income: the three parts below",
        "贸易对实际收入的影响：以下三项之和", POOL_INCOME, fill_welfare_trade, true),
    PART("terms_of_trade", income_share, region, "terms of trade", "贸易条件", POOL_INCOME, fill_terms_of_trade, true),
    PART("volume_of_trade", income_share, region, "volume of taxed trade",
        "征税贸易量", POOL_INCOME, fill_volume_of_trade, true),
    PART("trade_cost_saving", income_share, region, "saved on the cost of trade",
        "贸易成本节约", POOL_INCOME, fill_trade_cost_saving, true),
    PART("terms_of_trade_by_partner", income_share, pairs, "terms of trade, by partner",
        "贸易条件（按伙伴）", POOL_INCOME, fill_terms_of_trade_by_partner, true),
    PART("volume_of_trade_by_partner", income_share, pairs, "volume of taxed trade, by partner",
        "征税贸易量（按伙伴）", POOL_INCOME, fill_volume_of_trade_by_partner, true),
    PART("trade_cost_saving_by_partner", income_share, pairs, "saved on the cost of trade, by partner",
        "贸易成本节约（按伙伴）", POOL_INCOME, fill_trade_cost_saving_by_partner, true),
    PART("terms_of_trade_by_sector", income_share, region_sector, "terms of trade, by sector",
        "贸易条件（按行业）", POOL_INCOME, fill_terms_of_trade_by_sector, true),
    PART("volume_of_trade_by_sector", income_share, region_sector, "volume of taxed trade, by sector",
        "征税贸易量（按行业）", POOL_INCOME, fill_volume_of_trade_by_sector, true),
    PART("trade_cost_saving_by_sector", income_share, region_sector, "saved on the cost of trade, by sector",
        "贸易成本节约（按行业）", POOL_INCOME, fill_trade_cost_saving_by_sector, true),
    /* parts of the change of utility and of welfare, in logs */
    PART("utility_total", log_points, region_group, "utility of living there: the six parts below",
        "居住效用：以下六项之和", POOL_PEOPLE, fill_utility_total, false),
    PART("utility_wage", log_points, region_group, "utility: wage", "居住效用：工资", POOL_PEOPLE, fill_utility_wage, false),
    PART("utility_other_income", log_points, region_group, "utility: rents, tariffs and transfers beside the wage",
        "居住效用：工资以外的收入", POOL_PEOPLE, fill_utility_other_income, false),
    PART("utility_goods_price", log_points, region_group, "utility: price of goods and services",
        "居住效用：商品与服务价格", POOL_PEOPLE, fill_utility_goods_price, false),
    PART("utility_rent", log_points, region_group, "utility: rent of housing",
        "居住效用：住房租金", POOL_PEOPLE, fill_utility_rent, false),
    PART("utility_congestion", log_points, region_group, "utility: crowding",
        "居住效用：拥挤", POOL_PEOPLE, fill_utility_congestion, false),
    PART("utility_amenity", log_points, region_group, "utility: amenity of the scenario",
        "居住效用：情景的宜居度", POOL_PEOPLE, fill_utility_amenity, false),
    PART("welfare_total", log_points, region_group, "welfare of people registered there: the two parts below",
        "户籍人口福利：以下两项之和", POOL_REGISTERED, fill_welfare_total, false),
    PART("welfare_staying", log_points, region_group, "welfare: utility of staying",
        "户籍人口福利：留在当地的效用", POOL_REGISTERED, fill_welfare_staying, false),
    PART("welfare_moving", log_points, region_group, "welfare: value of being able to move",
        "户籍人口福利：可迁移的价值", POOL_REGISTERED, fill_welfare_moving, true),
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

/* Product of the words of a shape. */
static size_t row_count(const description *about, const measure_row *row)
{
    size_t count = 1;
    for (const char *word = row->variable.shape; word; word = strchr(word, ',')) {
        if (*word == ',') word++;
        count *= *word == 'r' ? about->N : *word == 's' ? about->J : about->S;
    }
    return count;
}

size_t measure_count(const bashu_economy *economy, const char *variable)
{
    const measure_row *row = find_row(variable);
    return row ? row_count(&economy->about, row) : 0;
}

/* ---- columns ------------------------------------------------------------------------------------- */

/* Parts have no base; in logs a hat is what utility is multiplied by. */
static double part_value(const measure_row *row, bashu_column column, double part)
{
    if (column == BASHU_BASE) return 0;
    if (column != BASHU_HAT) return part;
    return row->variable.unit == log_points ? exp(part / 100) : 1 + part / 100;
}

static double column_value(const measure_row *row, bashu_column column, double base, double second)
{
    if (row->second == SECOND_PART) return part_value(row, column, second);
    bool level = row->second == SECOND_LEVEL;
    double hat = !level ? second : base == second ? 1 : base == 0 ? (double)NAN : second / base;
    switch (column) {
    case BASHU_BASE: return base;
    case BASHU_COUNTERFACTUAL: return level ? second : base * hat;
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
    if ((*row)->needs_pairs && !result->pairs_kept)
        return fail(result->context, BASHU_ERROR_ARGUMENT,
                    "'%s' needs flows between regions, which years of a path, a change alone of a package and a linear answer do not keep; solve it by itself",
                    variable);
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
    double *second = calloc(count ? count : 1, sizeof *second);
    if (!second) return fail_memory(result->context);
    memset(values, 0, count * sizeof *values);
    if (row->second != SECOND_PART || column != BASHU_BASE) row->fill(result, values, second);
    for (size_t i = 0; i < count; i++) values[i] = column_value(row, column, values[i], second[i]);
    free(second);
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
    case POOL_INCOME: return people_part * economy->income[n];
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

static pool pool_regions(const bashu_result *result, const measure_row *row, const double *base, const double *second,
                         const double *people_part, const double *land_part)
{
    pool sums = {0};
    for (size_t n = 0; n < result->economy->about.N; n++) {
        double weight = pool_weight(result->economy, row->pooling, n, people_part[n], land_part[n]), after = weight;
        if (row->pooling == POOL_PER_HEAD) after *= people_hat_of(result, n);
        sums.before += weight * base[n];
        sums.after += after * (row->second == SECOND_HAT ? base[n] * second[n] : second[n]);
        sums.weight_before += weight;
        sums.weight_after += after;
    }
    if (row->pooling == POOL_SUM) sums.weight_before = sums.weight_after = 1;
    return sums;
}

/* The pooled base, and what the row fills beside it. */
static double pooled_value(const measure_row *row, bashu_column column, pool sums)
{
    double base = ratio(sums.before, sums.weight_before);
    if (row->second == SECOND_PART) return part_value(row, column, sums.weight_after > 0 ? sums.after / sums.weight_after : 0);
    if (row->second == SECOND_LEVEL) return column_value(row, column, base, ratio(sums.after, sums.weight_after));
    return column_value(row, column, base, ratio(sums.after, sums.before) / ratio(sums.weight_after, sums.weight_before));
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
    double *space = calloc(4 * (N + 1), sizeof *space);
    if (!space) return fail_memory(result->context);
    double *base = space, *second = space + N, *people_part = space + 2 * N, *land_part = space + 3 * N;
    bashu_status status = measure_parts(result->context, &result->economy->about, set, member, people_part, land_part);
    if (status == BASHU_OK) {
        row->fill(result, base, second);
        *value = pooled_value(row, column, pool_regions(result, row, base, second, people_part, land_part));
    }
    free(space);
    return status;
}

/* ---- first order --------------------------------------------------------------------------------- */

fill_function *measure_hat(const char *variable)
{
    const measure_row *row = find_row(variable);
    return row && row->variable.shape == region && row->second == SECOND_HAT ? row->fill : NULL;
}

/* pool_regions in first order at the result: log(after / before) - log(weight_after / weight_before). */
bashu_status measure_shares(const bashu_result *at, const char *variable, const char *set, const char *member, double *value,
                            double *people)
{
    const measure_row *row = find_row(variable);
    const bashu_economy *economy = at->economy;
    size_t N = economy->about.N;
    double *space = calloc(4 * (N + 1), sizeof *space), whole = 0, weights = 0;
    if (!space) return fail_memory(at->context);
    double *base = space, *hat = base + N, *people_part = hat + N, *land_part = people_part + N;
    bashu_status status = BASHU_OK;
    status = measure_parts(at->context, &economy->about, set, member, people_part, land_part);
    if (status != BASHU_OK) {
        free(space);
        return status;
    }
    row->fill(at, base, hat);
    for (size_t n = 0; n < N; n++) {
        people[n] = pool_weight(economy, row->pooling, n, people_part[n], land_part[n]);
        if (row->pooling == POOL_PER_HEAD) people[n] *= people_hat_of(at, n);
        value[n] = people[n] * base[n] * hat[n];
        whole += value[n];
        weights += people[n];
    }
    for (size_t n = 0; n < N; n++) {
        value[n] = whole > 0 ? value[n] / whole : 0;
        people[n] = row->pooling == POOL_PER_HEAD && weights > 0 ? value[n] - people[n] / weights : 0;
    }
    free(space);
    if (status == BASHU_OK && !(whole > 0))
        return fail(at->context, BASHU_ERROR_ARGUMENT, "'%s' of %s %s is zero at the baseline, so it has no percent change", variable, set,
                    member);
    return status;
}
