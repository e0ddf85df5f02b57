/* economy_trade.c - trade between areas: the costs that its flows imply, deficits, and neighbours that are too near. */
#include "report/economy_facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEFICITS_SHOWN = 5 }; /* at each end */

const char *area_name(const report *r, const description *about, size_t area)
{
    const char *key = about->areas[area];
    for (size_t g = 0; g < about->set_count; g++) {
        long m = find_member(&about->sets[g], key);
        if (m >= 0) return label_name(r, &about->sets[g].members[m]);
    }
    return key;
}

/* The area of the foreign region; A when there is none. Its flows are not domestic. */
static size_t foreign_area(const description *about)
{
    return about->foreign < 0 ? about->A : about->regions[about->foreign].area_index;
}

/* ---- implied costs -------------------------------------------------------------------------------- */

/* flow[buying area][selling area] of a sector, and what each area spends. */
static void add_flows(double *flow, double *spent, const bashu_economy *economy, size_t j)
{
    const description *about = &economy->about;
    size_t N = about->N, J = about->J, A = about->A;
    memset(flow, 0, A * A * sizeof *flow);
    memset(spent, 0, A * sizeof *spent);
    for (size_t n = 0; n < N; n++) {
        size_t a = about->regions[n].area_index;
        double expenditure = economy->expenditure[at2(n, j, J)];
        spent[a] += expenditure;
        for (size_t i = 0; i < N; i++)
            flow[at2(a, about->regions[i].area_index, A)] += expenditure * economy->trade_share[at3(n, j, i, J, N)];
    }
}

static double barrier_pct(const double *flow, size_t a, size_t b, size_t A, double theta)
{
    double between = flow[at2(a, b, A)] * flow[at2(b, a, A)], inside = flow[at2(a, a, A)] * flow[at2(b, b, A)];
    if (!(between > 0 && inside > 0)) return (double)NAN;
    return 100 * (pow(between / inside, -1 / (2 * theta)) - 1);
}

/* Sums of barriers and of their weights; what is not a number does not count. */
typedef struct weighted {
    double sum, weight;
} weighted;

static void add_weighted(weighted *to, double value, double weight)
{
    if (isnan(value)) return;
    to->sum += weight * value;
    to->weight += weight;
}

static double mean_of(weighted w) { return w.weight > 0 ? w.sum / w.weight : (double)NAN; }

bashu_status facts_barriers(trade_barrier *out, report *r, const bashu_economy *economy, const size_t areas[2])
{
    const description *about = &economy->about;
    size_t A = about->A, J = about->J, abroad = foreign_area(about);
    double *flow = arena_alloc(r->memory, A * A, sizeof *flow), *spent = arena_alloc(r->memory, A, sizeof *spent);
    if (!flow || !spent) return fail_memory(r->context);
    weighted pair_all = {0}, mean_all = {0};
    for (size_t j = 0; j < J; j++) {
        weighted mean = {0};
        add_flows(flow, spent, economy, j);
        for (size_t a = 0; a < A; a++)
            for (size_t b = a + 1; b < A; b++) {
                if (a == abroad || b == abroad) continue;
                double value = barrier_pct(flow, a, b, A, economy->theta[j]), weight = spent[a] + spent[b];
                add_weighted(&mean, value, weight);
                add_weighted(&mean_all, value, weight);
            }
        out[j] = (trade_barrier){barrier_pct(flow, areas[0], areas[1], A, economy->theta[j]), mean_of(mean)};
        add_weighted(&pair_all, out[j].pair, spent[areas[0]] + spent[areas[1]]);
    }
    out[J] = (trade_barrier){mean_of(pair_all), mean_of(mean_all)};
    return BASHU_OK;
}

/* ---- deficits ------------------------------------------------------------------------------------- */

static int compare_deficits(const void *a, const void *b)
{
    const area_deficit *x = a, *y = b;
    if (x->percent != y->percent) return x->percent > y->percent ? -1 : 1;
    return x->area < y->area ? -1 : x->area > y->area;
}

size_t facts_deficits(area_deficit *out, const bashu_economy *economy)
{
    const description *about = &economy->about;
    size_t count = 0, J = about->J;
    for (size_t a = 0; a < about->A; a++) {
        double deficit = 0, value_added = 0;
        if (a == foreign_area(about)) continue;
        for (size_t n = 0; n < about->N; n++) {
            if (about->regions[n].area_index != a) continue;
            deficit -= economy->tariff_revenue[n]; /* paid at home, within expenditure */
            for (size_t j = 0; j < J; j++) {
                size_t i = at2(n, j, J);
                deficit += economy->expenditure[i] - economy->output[i];
                value_added += economy->value_added_share[i] * economy->output[i];
            }
        }
        if (value_added > 0) out[count++] = (area_deficit){a, deficit, 100 * deficit / value_added};
    }
    qsort(out, count, sizeof *out, compare_deficits);
    return count;
}

/* ---- neighbours ----------------------------------------------------------------------------------- */

size_t facts_near(size_t *example, const bashu_economy *economy)
{
    const description *about = &economy->about;
    size_t N = about->N, count = 0;
    *example = 0;
    for (size_t n = 0; economy->travel_time_h && n < N; n++) {
        const double *time_h = economy->travel_time_h + at3(about->people_travel, n, 0, N, N);
        bool near = false;
        for (size_t i = 0; i < N && !near; i++) near = i != n && (long)i != about->foreign && time_h[i] < time_h[n];
        if (!near || (long)n == about->foreign) continue;
        if (!count++) *example = n;
    }
    return count;
}

/* ---- text ----------------------------------------------------------------------------------------- */

static void heading(report *r, const char *english, const char *chinese)
{
    put_format(&r->out, "\n%s\n", pick(r->language, english, chinese));
}

static const char *signed_text(report *r, double percent)
{
    return isnan(percent) ? "-" : arena_format(r->memory, "%s %%", percent_text(r->memory, percent, 1));
}

static bashu_status put_barriers(report *r, const bashu_economy *economy)
{
    const description *about = &economy->about;
    size_t areas[2];
    if (!facts_core_areas(areas, about)) return BASHU_OK;
    trade_barrier *rows = arena_alloc(r->memory, about->J + 1, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    TRY(facts_barriers(rows, r, economy, areas));
    grid *g = grid_new(r->memory, "lrr");
    grid_cell(g, "");
    grid_cell(g, arena_format(r->memory, "%s - %s", area_name(r, about, areas[0]), area_name(r, about, areas[1])));
    grid_cell(g, pick(r->language, "all areas, mean", "各区两两平均"));
    for (size_t j = 0; j <= about->J; j++) {
        grid_cell(g, j < about->J ? label_name(r, &about->sectors[j].label)
                                  : pick(r->language, "all sectors, mean", "全部行业平均"));
        grid_cell(g, signed_text(r, rows[j].pair));
        grid_cell(g, signed_text(r, rows[j].mean));
    }
    heading(r, "Trade between the two cores' areas: implied cost, more than inside them (Head & Ries 2001)",
            "双核所在区之间的贸易：隐含成本高出区内的幅度（Head & Ries 2001）");
    grid_put(&r->out, g, "  ");
    put_format(&r->out, "  %s\n",
               pick(r->language, "((f_ab f_ba) / (f_aa f_bb))^(-1 / (2 theta)) - 1 from flows f; means by expenditure",
                    "由流量 f 计算 ((f_ab f_ba) / (f_aa f_bb))^(-1 / (2 theta)) - 1；平均以支出加权"));
    return BASHU_OK;
}

static bashu_status put_deficits(report *r, const bashu_economy *economy)
{
    const description *about = &economy->about;
    area_deficit *rows = arena_alloc(r->memory, about->A, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    size_t count = facts_deficits(rows, economy);
    if (count < 2) return BASHU_OK;
    grid *g = grid_new(r->memory, "lrr");
    grid_cell(g, "");
    grid_cell(g, currency_name(r, about));
    grid_cell(g, pick(r->language, "share of GDP", "占 GDP"));
    for (size_t k = 0; k < count; k++) {
        bool top = k < DEFICITS_SHOWN && rows[k].deficit > 0,
             bottom = k + DEFICITS_SHOWN >= count && rows[k].deficit < 0;
        if (!top && !bottom) continue;
        grid_cell(g, area_name(r, about, rows[k].area));
        grid_cell(g, number_text(r->memory, rows[k].deficit, fabs(rows[k].deficit) < 100 ? 1 : 0));
        grid_cell(g, signed_text(r, rows[k].percent));
    }
    heading(r, "Trade deficits of areas with other areas and abroad (the largest; negative: surplus)",
            "各区对外区和国外的贸易逆差（最大者；负数为顺差）");
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

bashu_status put_area_trade(report *r, const bashu_economy *economy)
{
    TRY(put_barriers(r, economy));
    return put_deficits(r, economy);
}
