/* circles.c - circles of places side by side.
 *
 *   density            people / km2                        GDP per head     GDP / people
 *   primacy            people of the largest city / of the second;  and / of the circle
 *   rank-size          slope of log(rank - 1/2) on log(people) over cities, standard error |slope| sqrt(2 / n)   (Gabaix & Ibragimov 2011)
 *   polycentricity     1 - sum over cities of (GDP share)^2             0: one city has all; 1 - 1/n: all alike
 *   internal time      sum p_n p_i t_ni / sum p_n p_i over pairs of places n != i, t the time of people, hours
 *   cores' time        least time between places of the two cores
 *   market potential   sum over places n of p_n sum_i GDP_i / t_ni (t_nn the time inside n), nation = 100            (Harris 1954)
 *   internal trade     sum_n,j in the circle X_n^j sum_i pi_ni^j (part of i inside) / sum_n,j X_n^j
 *   border effect      exp(b) - 1, b of an indicator of different provinces in: log freeness of trade on log time and it, over pairs of places inside;
 *                      freeness sqrt(X_ni X_in / (X_nn X_ii))           (Head & Ries 2001), of the calibrated flows, all sectors together
 *   specialisation     sum_j |s_aj - s_bj| of the two cores' value added      (Krugman 1991; 0: the same, 2: nothing in common)
 *   similarity         sum_j min(s_aj, s_bj)                                  (Finger & Kreinin 1979; 1 - Krugman / 2)
 *   research           spending / GDP; share of workers in research and technical services; invention patents per 10,000 people (indicators)
 *
 * p are people, s shares of sectors. Cores are what circles.csv or the file says, else the two cities with the largest GDP. */
#include "measure/circles.h"

#include "input/circles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- formulas --------------------------------------------------------------------------------------- */

double krugman_index(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += fabs(a[k] - b[k]);
    return sum;
}

double finger_kreinin(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += fmin(a[k], b[k]);
    return sum;
}

static int larger_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

void rank_size(double *slope, double *error, double *sizes, size_t count)
{
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
    size_t n = 0;
    qsort(sizes, count, sizeof *sizes, larger_first);
    while (n < count && sizes[n] > 0) n++;
    *slope = *error = (double)NAN;
    if (n < 3) return;
    for (size_t k = 0; k < n; k++) {
        mean_x += log(sizes[k]) / (double)n;
        mean_y += log((double)k + 0.5) / (double)n;
    }
    for (size_t k = 0; k < n; k++) {
        double x = log(sizes[k]) - mean_x;
        xx += x * x;
        xy += x * (log((double)k + 0.5) - mean_y);
    }
    if (!(xx > 0)) return;
    *slope = xy / xx;
    *error = fabs(*slope) * sqrt(2 / (double)n);
}

bool two_regressors(double *on_a, double *on_b, const double *y, const double *a, const double *b, size_t count)
{
    double mean_a = 0, mean_b = 0, mean_y = 0, aa = 0, ab = 0, bb = 0, ay = 0, by = 0, n = (double)count;
    for (size_t k = 0; k < count; k++) mean_a += a[k] / n, mean_b += b[k] / n, mean_y += y[k] / n;
    for (size_t k = 0; k < count; k++) {
        double da = a[k] - mean_a, db = b[k] - mean_b, dy = y[k] - mean_y;
        aa += da * da;
        ab += da * db;
        bb += db * db;
        ay += da * dy;
        by += db * dy;
    }
    double determinant = aa * bb - ab * ab;
    if (!(determinant > 1e-10 * aa * bb)) return false;
    *on_a = (ay * bb - by * ab) / determinant;
    *on_b = (by * aa - ay * ab) / determinant;
    return true;
}

/* ---- indicators -------------------------------------------------------------------------------------- */

/* The part of what member m of a set has that lies inside: of people, or of GDP. */
static double part_inside(const description *about, const region_set *set, size_t m, const double *people_part, bool of_people)
{
    double inside = 0, all = 0;
    for (size_t n = 0; n < about->N; n++) {
        if (set->member_of[n] != (long)m) continue;
        double size = of_people ? about->regions[n].people : about->regions[n].gdp;
        all += size;
        inside += size * people_part[n];
    }
    return all > 0 ? inside / all : 0;
}

static double people_inside(const description *about, const region_set *set, size_t m, const double *people_part)
{
    double sum = 0;
    for (size_t n = 0; n < about->N; n++)
        if (set->member_of[n] == (long)m) sum += about->regions[n].people * people_part[n];
    return sum;
}

typedef struct gathered { /* what finer rows add up to */
    double sum, weight, covered; /* covered: people of the set about whom there is a row */
    bool share, any;
} gathered;

static void gather_region(gathered *g, const description *about, const indicator *row, const double *people_part)
{
    for (size_t n = 0; n < about->N; n++) {
        if (strcmp(about->regions[n].label.id, row->member) != 0 || !(people_part[n] > 0)) continue;
        double people = about->regions[n].people * people_part[n];
        g->sum += row->value * (g->share ? people : people_part[n]);
        g->weight += people;
        g->covered += people;
        g->any = true;
    }
}

static void gather_member(gathered *g, const description *about, const indicator *row, const region_set *set, const double *people_part, bool *apportioned)
{
    long m = find_member(set, row->member);
    double people = m < 0 ? 0 : people_inside(about, set, (size_t)m, people_part);
    if (!(people > 0)) return;
    double part = part_inside(about, set, (size_t)m, people_part, !strcmp(row->unit, "persons"));
    if (part < 1 - 1e-9) *apportioned = true;
    g->sum += row->value * (g->share ? people : part);
    g->weight += people;
    g->covered += people;
    g->any = true;
}

double indicator_of(const description *about, const char *variable, const char *set, const char *member, int year, const double *people_part, bool *apportioned)
{
    double people = 0;
    if (!year) year = about->year;
    for (size_t n = 0; n < about->N; n++) people += about->regions[n].people * people_part[n];
    for (size_t k = 0; k < about->indicator_count; k++) {
        const indicator *row = &about->indicators[k];
        if (!strcmp(row->variable, variable) && row->year == year && set && !strcmp(row->set, set) && !strcmp(row->member, member)) return row->value;
    }
    for (long g = -1; g < (long)about->set_count; g++) { /* regions first, then each set, if it covers everybody */
        const char *name = g < 0 ? "region" : about->sets[g].name;
        gathered sum = {0};
        bool shared_out = false;
        for (size_t k = 0; k < about->indicator_count; k++) {
            const indicator *row = &about->indicators[k];
            if (strcmp(row->variable, variable) != 0 || row->year != year || strcmp(row->set, name) != 0) continue;
            sum.share = !strcmp(row->unit, "share");
            if (g < 0) gather_region(&sum, about, row, people_part);
            else gather_member(&sum, about, row, &about->sets[g], people_part, &shared_out);
        }
        if (!sum.any || sum.covered < 0.98 * people) continue;
        *apportioned = *apportioned || shared_out;
        return sum.share ? sum.sum / sum.weight : sum.sum;
    }
    return (double)NAN;
}

/* ---- one circle ------------------------------------------------------------------------------------- */

typedef enum measure_id {
    OF_LAND, OF_LAND_SHARE, OF_PEOPLE, OF_PEOPLE_SHARE, OF_GDP, OF_GDP_SHARE, OF_DENSITY, OF_GDP_PER_HEAD, OF_URBAN, OF_COLLEGE, OF_PRIMARY, OF_SECONDARY, OF_TERTIARY, OF_CITIES, OF_PRIMACY, OF_LARGEST, OF_SLOPE,
    OF_SLOPE_ERROR, OF_POLYCENTRICITY, OF_INTERNAL_TIME, OF_CORE_TIME, OF_MARKET, OF_INTERNAL_TRADE, OF_BORDER, OF_KRUGMAN, OF_SIMILARITY, OF_RESEARCH_SPENDING, OF_RESEARCH_WORKERS, OF_PATENTS, OF_ZONES,
    OF_ZONE_LAND, OF_IMPUTED, MEASURES
} measure_id;

const circle_measure circle_measures[] = {
    {{"land_km2", "km2", "land, km2", "土地面积，平方公里"}, 0, 1},
    {{"land_share", "share", "  of the nation, %", "  占全国，%"}, 1, 100},
    {{"people", "persons", "people", "人口"}, 0, 1},
    {{"people_share", "share", "  of the nation, %", "  占全国，%"}, 1, 100},
    {{"gdp", "currency_unit", "GDP", "地区生产总值"}, 0, 1},
    {{"gdp_share", "share", "  of the nation, %", "  占全国，%"}, 1, 100},
    {{"density", "persons_per_km2", "people per km2", "人口密度，人/平方公里"}, 0, 1},
    {{"gdp_per_head", "currency_per_person", "GDP per head", "人均地区生产总值"}, 0, 1},
    {{"urban_share", "share", "living in towns, %", "城镇化率，%"}, 1, 100},
    {{"college_share", "share", "with college, %", "大专及以上人口比重，%"}, 1, 100},
    {{"primary_share", "share", "value added: primary industry, %", "第一产业增加值比重，%"}, 1, 100},
    {{"secondary_share", "share", "  secondary, %", "  第二产业，%"}, 1, 100},
    {{"tertiary_share", "share", "  tertiary, %", "  第三产业，%"}, 1, 100},
    {{"cities", "number", "cities", "城市数"}, 0, 1},
    {{"primacy", "ratio", "largest city over the second, by people", "首位度：第一大城市人口/第二大城市"}, 2, 1},
    {{"largest_share", "share", "  largest city of the circle's people, %", "  最大城市占圈内人口，%"}, 1, 100},
    {{"rank_size_slope", "slope", "rank-size slope", "位序-规模斜率"}, 2, 1},
    {{"rank_size_error", "slope", "  its standard error", "  标准误"}, 2, 1},
    {{"polycentricity", "index", "polycentricity (1 - Herfindahl of cities' GDP)", "多中心度（1 - 城市GDP赫芬达尔指数）"}, 3, 1},
    {{"internal_time_h", "hours", "time between its places, hours", "圈内地区间平均旅行时间，小时"}, 2, 1},
    {{"core_time_h", "hours", "  between the two cores, hours", "  双核之间，小时"}, 2, 1},
    {{"market_potential", "index", "market potential, nation = 100", "市场潜力，全国 = 100"}, 0, 100},
    {{"internal_trade", "share", "bought inside, % of purchases", "圈内采购比重，%"}, 1, 100},
    {{"border_effect", "relative", "trade across its provincial borders, %", "跨省贸易的边界效应，%"}, 0, 100},
    {{"core_krugman", "index", "cores: Krugman specialisation (0 alike - 2)", "双核：克鲁格曼专业化指数（0 相同 - 2）"}, 3, 1},
    {{"core_similarity", "share", "  Finger-Kreinin similarity, %", "  芬格-克雷宁相似度，%"}, 1, 100},
    {{"research_intensity", "share", "research spending, % of GDP", "研发经费占GDP，%"}, 2, 100},
    {{"research_workers", "share", "workers in research and technical services, %", "科研技术服务业从业人员比重，%"}, 2, 100},
    {{"patents_per_10000", "number", "invention patents per 10,000 people (since 1985)", "每万人发明专利（1985年以来）"}, 1, 1},
    {{"zones", "number", "national new areas", "国家级新区数"}, 0, 1},
    {{"zone_land_km2", "km2", "  their land, km2", "  新区面积，平方公里"}, 0, 1},
    {{"imputed_share", "share", "people whose GDP or land is imputed, %", "GDP或土地为推算值的人口比重，%"}, 1, 100},
};
const size_t circle_measure_count = MEASURES;
_Static_assert(sizeof circle_measures / sizeof *circle_measures == MEASURES, "a row for each measure");

static void measure_size(const bashu_circles *c, circle *at, const circle *nation)
{
    const description *about = &c->economy->about;
    double urban = 0, college = 0, imputed = 0, *v = at->value;
    v[OF_LAND] = v[OF_PEOPLE] = v[OF_GDP] = 0;
    for (size_t n = 0; n < about->N; n++) {
        const region_row *r = &about->regions[n];
        double people = at->people_part[n] * r->people;
        v[OF_LAND] += isnan(r->land_km2) ? 0 : at->land_part[n] * r->land_km2;
        v[OF_PEOPLE] += people;
        v[OF_GDP] += at->people_part[n] * r->gdp;
        urban += people > 0 ? people * r->urban_share : 0;
        college += people > 0 ? people * r->college_share : 0;
        imputed += r->gdp_flag || r->land_flag ? people : 0;
    }
    v[OF_LAND_SHARE] = v[OF_LAND] / nation->value[OF_LAND];
    v[OF_PEOPLE_SHARE] = v[OF_PEOPLE] / nation->value[OF_PEOPLE];
    v[OF_GDP_SHARE] = v[OF_GDP] / nation->value[OF_GDP];
    v[OF_DENSITY] = v[OF_PEOPLE] / v[OF_LAND];
    v[OF_GDP_PER_HEAD] = v[OF_GDP] * about->currency_unit / v[OF_PEOPLE];
    v[OF_URBAN] = urban / v[OF_PEOPLE];
    v[OF_COLLEGE] = college / v[OF_PEOPLE];
    v[OF_IMPUTED] = imputed / v[OF_PEOPLE];
}

static double value_added_of(const bashu_economy *e, size_t n, size_t j)
{
    return e->value_added_share[at2(n, j, e->about.J)] * e->output[at2(n, j, e->about.J)];
}

static void shares_of_sectors(double *share, const bashu_economy *e, const double *people_part)
{
    double whole = 0;
    for (size_t j = 0; j < e->about.J; j++) share[j] = 0;
    for (size_t n = 0; n < e->about.N; n++)
        for (size_t j = 0; j < e->about.J; j++) share[j] += people_part[n] * value_added_of(e, n, j);
    for (size_t j = 0; j < e->about.J; j++) whole += share[j];
    for (size_t j = 0; j < e->about.J; j++) share[j] = whole > 0 ? share[j] / whole : 0;
}

static void measure_sectors(const bashu_circles *c, circle *at)
{
    const description *about = &c->economy->about;
    shares_of_sectors(at->sector_share, c->economy, at->people_part);
    for (size_t k = 0; k < 3; k++) at->value[OF_PRIMARY + k] = 0;
    for (size_t j = 0; j < about->J; j++)
        if (about->sectors[j].industry >= 1 && about->sectors[j].industry <= 3) at->value[OF_PRIMARY + about->sectors[j].industry - 1] += at->sector_share[j];
}

/* units: [city_count] people and OF_GDP inside. */
static void fill_cities(city_unit *units, const bashu_circles *c, const circle *at)
{
    const description *about = &c->economy->about;
    for (size_t u = 0; u < c->city_count; u++) units[u] = (city_unit){.label = c->city_label[u]};
    for (size_t n = 0; n < about->N; n++) {
        if (c->city_of[n] < 0 || (long)n == about->foreign) continue;
        units[c->city_of[n]].people += at->people_part[n] * about->regions[n].people;
        units[c->city_of[n]].gdp += at->people_part[n] * about->regions[n].gdp;
    }
}

static void find_cores(const bashu_circles *c, circle *at, const city_unit *units)
{
    if (at->core[0] != SIZE_MAX) return; /* stated */
    for (size_t u = 0; u < c->city_count; u++) {
        if (!(units[u].gdp > 0)) continue;
        if (at->core[0] == SIZE_MAX || units[u].gdp > units[at->core[0]].gdp) {
            at->core[1] = at->core[0];
            at->core[0] = u;
        } else if (at->core[1] == SIZE_MAX || units[u].gdp > units[at->core[1]].gdp) at->core[1] = u;
    }
}

static void measure_cities(const bashu_circles *c, circle *at, const city_unit *units, double *sizes)
{
    double herfindahl = 0, *v = at->value;
    size_t count = 0;
    for (size_t u = 0; u < c->city_count; u++) {
        if (!(units[u].people > 0)) continue;
        sizes[count++] = units[u].people;
        herfindahl += units[u].gdp / v[OF_GDP] * (units[u].gdp / v[OF_GDP]);
    }
    rank_size(&v[OF_SLOPE], &v[OF_SLOPE_ERROR], sizes, count);
    v[OF_CITIES] = (double)count;
    v[OF_PRIMACY] = count > 1 ? sizes[0] / sizes[1] : (double)NAN;
    v[OF_LARGEST] = count ? sizes[0] / v[OF_PEOPLE] : (double)NAN;
    v[OF_POLYCENTRICITY] = 1 - herfindahl;
}

/* Times of people from door to door; NULL without a network. */
static const double *times_of(const bashu_economy *e)
{
    return e->travel_time_h ? e->travel_time_h + e->about.people_travel * e->about.N * e->about.N : NULL;
}

static void measure_times(const bashu_circles *c, circle *at, const circle *nation)
{
    const bashu_economy *e = c->economy;
    const description *about = &e->about;
    size_t N = about->N;
    const double *t = times_of(e);
    double time = 0, weight = 0, potential = 0, *v = at->value;
    v[OF_INTERNAL_TIME] = v[OF_CORE_TIME] = v[OF_MARKET] = (double)NAN;
    if (!t) return;
    for (size_t n = 0; n < N; n++) {
        double people = at->people_part[n] * about->regions[n].people, near = 0;
        if (!(people > 0)) continue;
        for (size_t i = 0; i < N; i++) {
            double pair = people * at->people_part[i] * about->regions[i].people;
            if ((long)i != about->foreign && t[n * N + i] > 0) near += about->regions[i].gdp / t[n * N + i];
            if (i == n || !(pair > 0)) continue;
            time += pair * t[n * N + i];
            weight += pair;
            bool cores = at->core[1] != SIZE_MAX && c->city_of[n] == (long)at->core[0] && c->city_of[i] == (long)at->core[1];
            if (cores && !(t[n * N + i] >= v[OF_CORE_TIME])) v[OF_CORE_TIME] = t[n * N + i];
        }
        potential += people * near;
    }
    v[OF_INTERNAL_TIME] = weight > 0 ? time / weight : (double)NAN;
    v[OF_MARKET] = potential / v[OF_PEOPLE]; /* over the nation's, below */
    if (at != nation) v[OF_MARKET] /= nation->value[OF_MARKET];
}

static void measure_trade(const bashu_circles *c, circle *at)
{
    const bashu_economy *e = c->economy;
    size_t N = e->about.N, J = e->about.J;
    double inside = 0, all = 0;
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; at->people_part[n] > 0 && j < J; j++) {
            const double *share = e->trade_share + at3(n, j, 0, J, N);
            double spent = at->people_part[n] * e->expenditure[at2(n, j, J)], own = 0;
            for (size_t i = 0; i < N; i++) own += share[i] * at->people_part[i];
            inside += spent * own;
            all += spent;
        }
    at->value[OF_INTERNAL_TRADE] = all > 0 ? inside / all : (double)NAN;
}

/* What n buys from i, all sectors together. */
static double bought(const bashu_economy *e, size_t n, size_t i)
{
    double sum = 0;
    for (size_t j = 0; j < e->about.J; j++) sum += e->trade_share[at3(n, j, i, e->about.J, e->about.N)] * e->expenditure[at2(n, j, e->about.J)];
    return sum;
}

static bashu_status measure_border(const bashu_circles *c, circle *at, arena *scratch)
{
    const bashu_economy *e = c->economy;
    const description *about = &e->about;
    size_t N = about->N, members = 0, count = 0;
    const double *t = times_of(e);
    long g = find_set(about, "province");
    at->value[OF_BORDER] = (double)NAN;
    for (size_t n = 0; n < N; n++) members += at->people_part[n] > 0;
    if (!t || g < 0 || members < 3) return BASHU_OK;
    const long *province = about->sets[g].member_of;
    size_t pairs = members * (members - 1) / 2;
    double *y = arena_alloc(scratch, pairs, sizeof *y), *far = arena_alloc(scratch, pairs, sizeof *far), *across = arena_alloc(scratch, pairs, sizeof *across);
    double *own = arena_alloc(scratch, N, sizeof *own), on_time, on_border;
    if (!y || !far || !across || !own) return fail_memory(c->context);
    for (size_t n = 0; n < N; n++) own[n] = at->people_part[n] > 0 ? bought(e, n, n) : 0;
    for (size_t n = 0; n < N; n++)
        for (size_t i = 0; at->people_part[n] > 0 && i < n; i++) {
            double freeness = at->people_part[i] > 0 ? bought(e, n, i) * bought(e, i, n) / (own[n] * own[i]) : 0;
            if (!(freeness > 0) || !(t[n * N + i] > 0)) continue;
            y[count] = log(freeness) / 2;
            far[count] = log((t[n * N + i] + t[i * N + n]) / 2);
            across[count++] = province[n] != province[i];
        }
    if (two_regressors(&on_time, &on_border, y, far, across, count)) at->value[OF_BORDER] = exp(on_border) - 1;
    return BASHU_OK;
}

static bashu_status measure_cores(const bashu_circles *c, circle *at, arena *scratch)
{
    size_t N = c->economy->about.N, J = c->economy->about.J;
    double *part = arena_alloc(scratch, N, sizeof *part), *share = arena_alloc(scratch, 2 * J + 1, sizeof *share);
    if (!part || !share) return fail_memory(c->context);
    at->value[OF_KRUGMAN] = at->value[OF_SIMILARITY] = (double)NAN;
    if (at->core[1] == SIZE_MAX) return BASHU_OK;
    for (size_t k = 0; k < 2; k++) {
        for (size_t n = 0; n < N; n++) part[n] = c->city_of[n] == (long)at->core[k];
        shares_of_sectors(share + k * J, c->economy, part);
    }
    at->value[OF_KRUGMAN] = krugman_index(share, share + J, J);
    at->value[OF_SIMILARITY] = finger_kreinin(share, share + J, J);
    return BASHU_OK;
}

static void measure_research(const bashu_circles *c, circle *at)
{
    const description *about = &c->economy->about;
    bool apart = false, other = false;
    double *v = at->value;
    v[OF_RESEARCH_SPENDING] = indicator_of(about, "research_spending", NULL, "", 0, at->people_part, &apart) / v[OF_GDP];
    v[OF_RESEARCH_WORKERS] = indicator_of(about, "research_worker_share", NULL, "", 0, at->people_part, &other);
    v[OF_PATENTS] = indicator_of(about, "invention_patents_since_1985", NULL, "", 2016, at->people_part, &apart) / v[OF_PEOPLE] * 1e4;
    at->research_apportioned = apart;
    v[OF_ZONES] = v[OF_ZONE_LAND] = 0;
    for (size_t z = 0; z < about->zone_count; z++) {
        bool first = true;
        for (size_t k = 0; k < z; k++) /* earlier parts of the zone inside the circle */
            first = first && (strcmp(about->zones[k].label.id, about->zones[z].label.id) != 0 || !(at->people_part[about->zones[k].region] > 0));
        if (!(at->people_part[about->zones[z].region] > 0)) continue;
        v[OF_ZONE_LAND] += about->zones[z].land_km2;
        v[OF_ZONES] += first;
    }
}

static bashu_status measure_circle(bashu_circles *c, circle *at, const circle *nation, arena *scratch)
{
    city_unit *units = arena_alloc(scratch, c->city_count, sizeof *units);
    double *sizes = arena_alloc(scratch, c->city_count, sizeof *sizes);
    if (!units || !sizes) return fail_memory(c->context);
    measure_size(c, at, nation);
    measure_sectors(c, at);
    fill_cities(units, c, at);
    find_cores(c, at, units);
    measure_cities(c, at, units, sizes);
    measure_times(c, at, nation);
    measure_trade(c, at);
    TRY(measure_border(c, at, scratch));
    TRY(measure_cores(c, at, scratch));
    measure_research(c, at);
    return BASHU_OK;
}

/* ---- which circles ---------------------------------------------------------------------------------- */

static bashu_status circle_new(circle *out, const bashu_circles *c, label name)
{
    size_t N = c->economy->about.N;
    *out = (circle){.label = name, .core = {SIZE_MAX, SIZE_MAX}};
    const array_wanted wanted[] = {{&out->people_part, N}, {&out->land_part, N}, {&out->value, MEASURES}, {&out->sector_share, c->economy->about.J}};
    return ARENA_ARRAYS(c->memory, wanted) ? BASHU_OK : fail_memory(c->context);
}

static bashu_status name_cities(bashu_circles *c)
{
    const description *about = &c->economy->about;
    long g = find_set(about, "city");
    long *city_of = arena_alloc(c->memory, about->N, sizeof *city_of);
    label *names = arena_alloc(c->memory, about->N, sizeof *names);
    if (!city_of || !names) return fail_memory(c->context);
    c->city_count = g >= 0 ? about->sets[g].member_count : about->N;
    for (size_t n = 0; n < about->N; n++) {
        city_of[n] = g >= 0 ? about->sets[g].member_of[n] : (long)n;
        names[n] = about->regions[n].label;
    }
    c->city_of = city_of;
    c->city_label = g >= 0 ? about->sets[g].members : names;
    return BASHU_OK;
}

/* Members of the region set `circle`. */
static bashu_status circles_of_economy(bashu_circles *c)
{
    const description *about = &c->economy->about;
    long g = find_set(about, "circle");
    if (g < 0)
        return fail(c->context, BASHU_ERROR_INPUT, "%s: the economy has no region set 'circle'; add the column to regions.csv and the set to economy.yaml, or name circles in a "
                    "file (docs/circles.md)", about->folder);
    const region_set *set = &about->sets[g];
    c->count = set->member_count + 1;
    c->circles = arena_alloc(c->memory, c->count, sizeof *c->circles);
    if (!c->circles) return fail_memory(c->context);
    for (size_t m = 0; m < set->member_count; m++) {
        TRY(circle_new(&c->circles[m], c, set->members[m]));
        TRY(measure_parts(c->context, about, "circle", set->members[m].id, c->circles[m].people_part, c->circles[m].land_part));
    }
    return BASHU_OK;
}

static bashu_status circles_of_file(bashu_circles *c, arena *scratch, const char *path)
{
    own_circle *list;
    size_t count;
    TRY(own_circles_read(&list, &count, c->memory, scratch, c->economy, path));
    c->path = arena_text(c->memory, path);
    c->count = count + 1;
    c->circles = arena_alloc(c->memory, c->count, sizeof *c->circles);
    if (!c->circles || !c->path) return fail_memory(c->context);
    for (size_t k = 0; k < count; k++) {
        TRY(circle_new(&c->circles[k], c, list[k].label));
        for (size_t n = 0; n < c->economy->about.N; n++) c->circles[k].people_part[n] = c->circles[k].land_part[n] = list[k].regions[n];
        for (size_t q = 0; q < 2; q++) /* a core is the city of the region named */
            if (list[k].core[q] != SIZE_MAX && c->city_of[list[k].core[q]] >= 0) c->circles[k].core[q] = (size_t)c->city_of[list[k].core[q]];
    }
    return BASHU_OK;
}

static bashu_status make(bashu_circles *c, arena *scratch, const char *path)
{
    TRY(name_cities(c));
    TRY(path ? circles_of_file(c, scratch, path) : circles_of_economy(c));
    circle *nation = &c->circles[c->count - 1];
    TRY(circle_new(nation, c, (label){"all", "Nation", "全国"}));
    TRY(measure_parts(c->context, &c->economy->about, "all", "", nation->people_part, nation->land_part));
    measure_size(c, nation, nation);
    TRY(measure_circle(c, nation, nation, scratch));
    for (size_t k = 0; k + 1 < c->count; k++) TRY(measure_circle(c, &c->circles[k], nation, scratch));
    nation->value[OF_MARKET] = times_of(c->economy) ? 1 : (double)NAN;
    nation->value[OF_BORDER] = (double)NAN; /* regions that lie apart have a neighbour of another province for a border: not the same question */
    nation->value[OF_CORE_TIME] = nation->value[OF_KRUGMAN] = nation->value[OF_SIMILARITY] = (double)NAN;
    return BASHU_OK;
}

bashu_status circles_new(bashu_circles **out, const bashu_economy *economy, const char *path)
{
    arena *memory = arena_new(economy->context), *scratch = arena_new(economy->context);
    bashu_circles *c = memory && scratch ? arena_alloc(memory, 1, sizeof *c) : NULL;
    bashu_status status = c ? BASHU_OK : fail_memory(economy->context);
    if (c) {
        *c = (bashu_circles){.context = economy->context, .memory = memory, .economy = economy};
        status = make(c, scratch, path);
    }
    arena_free(scratch);
    if (status == BASHU_OK) *out = c;
    else arena_free(memory);
    return status;
}

void circles_free(bashu_circles *circles)
{
    if (circles) arena_free(circles->memory);
}
