/* economy_facts.h - what `bashu check` says of an economy, computed once for text and JSON. */
#ifndef BASHU_REPORT_ECONOMY_FACTS_H
#define BASHU_REPORT_ECONOMY_FACTS_H

#include "report/report.h"

/* How much of a quantity is imputed: cells of its table, and share of its domestic total, 0 to 1. */
typedef struct imputed_part {
    const char *name, *what_en, *what_zh;
    size_t cells, imputed;
    double share;
} imputed_part;
enum { IMPUTED_COUNT = 5 };
void facts_imputed(imputed_part out[IMPUTED_COUNT], const bashu_economy *economy);

/* How many regions carry a flag, by column. */
typedef struct flag_use {
    const flag_word *flag;
    size_t people, gdp, land;
} flag_use;
flag_use *facts_flags(arena *memory, const description *about);

/* A published total and the sum of the regions. */
typedef struct total_check {
    const char *variable, *set, *member, *source;
    double published, sum, percent; /* percent = 100 (sum / published - 1) */
} total_check;
bashu_status facts_total(total_check *out, bashu_context *context, const description *about,
                         const published_total *total);

/* Published totals in the table of a region set, e.g. people of provinces: the member that differs most. */
typedef struct set_check {
    const char *set, *variable;
    size_t members; /* with a published value */
    const label *worst;
    double percent;
} set_check;
/* Fills at most `room` rows; returns how many. */
size_t facts_sets(set_check *out, size_t room, const description *about);

/* Where the goods that domestic regions buy come from, in percent of their expenditure. */
typedef struct trade_origin {
    double home, same_area, other_areas, abroad;
} trade_origin;
/* out: [J + 1], the last for all sectors together */
void facts_trade(trade_origin *out, const bashu_economy *economy);

/* Trade between areas, from the balanced accounts: what the flows say of costs. The index of Head & Ries (2001):
 * ((f_ab f_ba) / (f_aa f_bb))^(-1 / (2 theta)) - 1, trade between two areas relative to trade inside them. */
typedef struct trade_barrier {
    double pair, mean; /* percent; NaN where a flow is zero. mean: of all pairs of areas, by their expenditure */
} trade_barrier;
/* The areas of the largest region of the first circle and of the largest of its regions in another area; false when
 * there are none. */
bool facts_core_areas(size_t out[2], const description *about);
/* out: [J + 1], the last over sectors, weighted by expenditure. Errors: MEMORY. */
bashu_status facts_barriers(trade_barrier *out, report *r, const bashu_economy *economy, const size_t areas[2]);

/* What an area buys from elsewhere, at home and abroad, less what it sells there, currency, and in percent of its value added. */
typedef struct area_deficit {
    size_t area;
    double deficit, percent;
} area_deficit;
/* Domestic areas, the largest percent first. out: [A]; returns how many. */
size_t facts_deficits(area_deficit *out, const bashu_economy *economy);
/* The name of an area: of the member with its key of some set of regions, else its key. */
const char *area_name(const report *r, const description *about, size_t area);

/* How many domestic regions have another region nearer, for the travel of people, than their internal time. */
size_t facts_near(size_t *example, const bashu_economy *economy);

/* Barriers and deficits as text. */
bashu_status put_area_trade(report *r, const bashu_economy *economy);

/* The places between which travel times are shown: of the first circle the largest by GDP and the largest in another
 * area (Chengdu, and a district of Chongqing), then the largest of each other circle. Returns how many; out: [room]. */
size_t facts_cores(size_t *out, size_t room, const description *about);

/* Smallest and largest value of an elasticity over its items, and whether any is outside the stated range. */
typedef struct elasticity_span {
    double low, high;
    bool outside;
} elasticity_span;
elasticity_span facts_elasticity(const description *about, size_t id);

#endif
