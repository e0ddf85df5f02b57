/* economy_facts.c - coverage, imputed shares, totals, and where goods come from. */
#include "report/economy_facts.h"

#include <math.h>
#include <string.h>

static bool flagged(const char *flag) { return flag && *flag && strcmp(flag, "observed") != 0; }

static void count_cell(imputed_part *part, double *total, double amount, bool imputed)
{
    if (isnan(amount)) return;
    part->cells++;
    *total += amount;
    if (!imputed) return;
    part->imputed++;
    part->share += amount;
}

void facts_imputed(imputed_part out[IMPUTED_COUNT], const bashu_economy *economy)
{
    static const imputed_part parts[IMPUTED_COUNT] = {
        {.name = "people", .what_en = "people of regions", .what_zh = "各地区人口"},
        {.name = "gdp", .what_en = "GDP of regions", .what_zh = "各地区生产总值"},
        {.name = "land", .what_en = "land of regions", .what_zh = "各地区土地面积"},
        {.name = "people_by_group", .what_en = "people by group", .what_zh = "分组人口"},
        {.name = "value_added_by_sector", .what_en = "value added by sector", .what_zh = "分行业增加值"}};
    const description *about = &economy->about;
    size_t J = about->J, S = about->S;
    double total[IMPUTED_COUNT] = {0};
    memcpy(out, parts, sizeof parts);
    for (size_t n = 0; n < about->N; n++) {
        const region_row *row = &about->regions[n];
        if ((long)n == about->foreign) continue;
        count_cell(&out[0], &total[0], row->people, flagged(row->people_flag));
        count_cell(&out[1], &total[1], row->gdp, flagged(row->gdp_flag));
        count_cell(&out[2], &total[2], row->land_km2, flagged(row->land_flag));
        for (size_t s = 0; s < S; s++)
            count_cell(&out[3], &total[3], economy->people[at2(n, s, S)],
                       economy->people_imputed && economy->people_imputed[at2(n, s, S)]);
        for (size_t j = 0; j < J; j++)
            count_cell(&out[4], &total[4], economy->value_added_share[at2(n, j, J)] * economy->output[at2(n, j, J)],
                       economy->value_added_imputed && economy->value_added_imputed[at2(n, j, J)]);
    }
    for (size_t k = 0; k < IMPUTED_COUNT; k++) out[k].share = total[k] > 0 ? out[k].share / total[k] : 0;
}

flag_use *facts_flags(arena *memory, const description *about)
{
    flag_use *uses = arena_alloc(memory, about->flag_count, sizeof *uses);
    for (size_t f = 0; uses && f < about->flag_count; f++) {
        const char *word = about->flags[f].label.id;
        uses[f].flag = &about->flags[f];
        for (size_t n = 0; n < about->N; n++) {
            const region_row *row = &about->regions[n];
            uses[f].people += row->people_flag && !strcmp(row->people_flag, word);
            uses[f].gdp += row->gdp_flag && !strcmp(row->gdp_flag, word);
            uses[f].land += row->land_flag && !strcmp(row->land_flag, word);
        }
    }
    return uses;
}

/* ---- totals --------------------------------------------------------------------------------------- */

static double summary_value(const set_summary *s, const char *variable)
{
    if (!strcmp(variable, "people")) return s->people;
    if (!strcmp(variable, "gdp")) return s->gdp;
    return s->land_km2;
}

bashu_status facts_total(total_check *out, bashu_context *context, const description *about,
                         const published_total *total)
{
    set_summary sum;
    TRY(measure_summary(&sum, context, about, total->set, total->member));
    *out = (total_check){total->variable, total->set, total->member, total->source, total->value, 0, 0};
    out->sum = summary_value(&sum, total->variable);
    out->percent = 100 * (out->sum / out->published - 1);
    return BASHU_OK;
}

/* Sum over a member of whole regions: published totals of a set are of the whole of its regions. */
static double member_sum(const description *about, const region_set *set, size_t member, size_t variable)
{
    double sum = 0;
    for (size_t n = 0; n < about->N; n++) {
        const region_row *row = &about->regions[n];
        double value = variable == 0 ? row->people : variable == 1 ? row->gdp : row->land_km2;
        if (set->member_of[n] == (long)member && !isnan(value)) sum += value;
    }
    return sum;
}

size_t facts_sets(set_check *out, size_t room, const description *about)
{
    static const char *const variables[] = {"people", "gdp", "land_km2"};
    size_t count = 0;
    for (size_t g = 0; g < about->set_count; g++) {
        const region_set *set = &about->sets[g];
        const double *published[] = {set->published_people, set->published_gdp, set->published_land_km2};
        for (size_t v = 0; v < 3 && count < room; v++) {
            set_check check = {set->name, variables[v], 0, NULL, 0};
            for (size_t m = 0; published[v] && m < set->member_count; m++) {
                if (isnan(published[v][m])) continue;
                double percent = 100 * (member_sum(about, set, m, v) / published[v][m] - 1);
                if (!check.members || fabs(percent) > fabs(check.percent)) {
                    check.worst = &set->members[m];
                    check.percent = percent;
                }
                check.members++;
            }
            if (check.members) out[count++] = check;
        }
    }
    return count;
}

/* ---- trade ---------------------------------------------------------------------------------------- */

void facts_trade(trade_origin *out, const bashu_economy *economy)
{
    const description *about = &economy->about;
    size_t N = about->N, J = about->J;
    double total = 0;
    trade_origin all = {0};
    for (size_t j = 0; j < J; j++) {
        trade_origin sum = {0};
        double spent = 0;
        for (size_t n = 0; n < N; n++) {
            double expenditure = economy->expenditure[at2(n, j, J)];
            if ((long)n == about->foreign) continue;
            spent += expenditure;
            for (size_t i = 0; i < N; i++) {
                double value = expenditure * economy->trade_share[at3(n, j, i, J, N)];
                bool near = about->regions[i].area_index == about->regions[n].area_index;
                *(i == n                      ? &sum.home
                  : (long)i == about->foreign ? &sum.abroad
                  : near                      ? &sum.same_area
                                              : &sum.other_areas) += value;
            }
        }
        double scale = spent > 0 ? 100 / spent : 0;
        out[j] = (trade_origin){scale * sum.home, scale * sum.same_area, scale * sum.other_areas, scale * sum.abroad};
        all = (trade_origin){all.home + sum.home, all.same_area + sum.same_area, all.other_areas + sum.other_areas,
                             all.abroad + sum.abroad};
        total += spent;
    }
    double scale = total > 0 ? 100 / total : 0;
    out[J] = (trade_origin){scale * all.home, scale * all.same_area, scale * all.other_areas, scale * all.abroad};
}

/* ---- places and elasticities ---------------------------------------------------------------------- */

/* The largest by GDP among the domestic regions of a circle (-1: all), not in area `not_area`; N when there is none. */
static size_t largest(const description *about, const region_set *circles, long member, size_t not_area)
{
    size_t best = about->N;
    for (size_t n = 0; n < about->N; n++) {
        const region_row *row = &about->regions[n];
        bool out = (long)n == about->foreign || row->area_index == not_area ||
                   (member >= 0 && circles->member_of[n] != member);
        if (!out && (best == about->N || row->gdp > about->regions[best].gdp)) best = n;
    }
    return best;
}

static void add_core(size_t *out, size_t *count, size_t room, size_t n, size_t N)
{
    bool there = n >= N || *count >= room;
    for (size_t k = 0; k < *count && !there; k++) there = out[k] == n;
    if (!there) out[(*count)++] = n;
}

size_t facts_cores(size_t *out, size_t room, const description *about)
{
    long g = find_set(about, "circle");
    const region_set *circles = g < 0 ? NULL : &about->sets[g];
    size_t members = circles ? circles->member_count : 0, count = 0, N = about->N;
    size_t first = largest(about, circles, members ? 0 : -1, SIZE_MAX);
    if (first == N) return 0;
    add_core(out, &count, room, first, N);
    add_core(out, &count, room, largest(about, circles, members ? 0 : -1, about->regions[first].area_index), N);
    for (size_t m = 1; m < members; m++) add_core(out, &count, room, largest(about, circles, (long)m, SIZE_MAX), N);
    if (members < 2) add_core(out, &count, room, largest(about, circles, -1, about->regions[first].area_index), N);
    return count;
}

bool facts_core_areas(size_t out[2], const description *about)
{
    long g = find_set(about, "circle");
    if (g < 0 || !about->sets[g].member_count) return false;
    const region_set *circles = &about->sets[g];
    size_t first = largest(about, circles, 0, SIZE_MAX), N = about->N;
    size_t other = first < N ? largest(about, circles, 0, about->regions[first].area_index) : N;
    if (other == N) return false;
    out[0] = about->regions[first].area_index;
    out[1] = about->regions[other].area_index;
    return true;
}

elasticity_span facts_elasticity(const description *about, size_t id)
{
    const elasticity *e = &about->elasticities[id];
    elasticity_span span = {e->value, e->value, false};
    size_t items = 1;
    switch (elasticity_rows[id].scope) {
    case SCOPE_REGION: items = about->N; break;
    case SCOPE_SECTOR: items = about->J; break;
    case SCOPE_GROUP: items = about->S; break;
    case SCOPE_ECONOMY: break;
    }
    for (size_t k = 0; e->by_item && k < items; k++) {
        if (!k || e->by_item[k] < span.low) span.low = e->by_item[k];
        if (!k || e->by_item[k] > span.high) span.high = e->by_item[k];
    }
    span.outside = span.low < e->low || span.high > e->high;
    return span;
}
