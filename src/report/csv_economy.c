/* csv_economy.c - the calibrated economy as tables: what was balanced, and the fundamentals that reproduce it.
 *
 * trade.csv has the columns of the input table `trade` and can be read again as one. */
#include "report/report.h"

#include <string.h>

/* A row of a long table: region, variable, item, value, unit. */
static void long_row(report *r, const char *region, const char *variable, const char *item, double value,
                     const char *unit)
{
    put_field(&r->out, region, false);
    put_field(&r->out, variable, false);
    put_field(&r->out, item, false);
    put_number_field(&r->out, value, false);
    put_field(&r->out, unit, true);
}

/* One array of the economy as rows: by region, or by region and sector or group. */
typedef struct long_column {
    const char *variable, *unit;
    const double *values;
    char item; /* 's' sector, 'g' group, '-' none */
} long_column;

static void long_table(report *r, const description *about, const long_column *columns, size_t count)
{
    put(&r->out, "region,variable,item,value,unit\n");
    for (size_t c = 0; c < count; c++) {
        const long_column *k = &columns[c];
        size_t items = k->item == 's' ? about->J : k->item == 'g' ? about->S : 1;
        const char *unit = unit_text(r->memory, about, k->unit);
        for (size_t i = 0; k->values && i < about->N * items; i++) {
            const char *item = k->item == 's'   ? about->sectors[i % items].label.id
                               : k->item == 'g' ? about->groups[i % items].id
                                                : "";
            long_row(r, about->regions[i / items].label.id, k->variable, item, k->values[i], unit);
        }
    }
}

static bashu_status csv_fundamentals(report *r, const void *subject)
{
    const bashu_economy *economy = subject;
    const fundamentals *f = &economy->fundamentals;
    const long_column columns[] = {
        {"productivity", "scale of its own per sector", f->productivity, 's'},
        {"amenity", "scale of its own per group", f->amenity, 'g'},
        {"unit_cost", "index", f->unit_cost, 's'},
        {"price", "index", f->price, 's'},
        {"workers_within_reach", "persons, per km2 where spillovers are of density", f->upsilon, 's'},
        {"people_within_reach", "persons per km2", f->crowding, '-'},
        {"workplace_wage", "geometric mean 1", f->workplace_wage, 'g'},
        {"wage_access", "in units of workplace_wage", f->access, 'g'},
    };
    long_table(r, &economy->about, columns, sizeof columns / sizeof columns[0]);
    return BASHU_OK;
}

static bashu_status csv_accounts(report *r, const void *subject)
{
    const bashu_economy *economy = subject;
    const long_column columns[] = {
        {"output", "currency_unit", economy->output, 's'},
        {"expenditure", "currency_unit", economy->expenditure, 's'},
        {"value_added_share", "fraction of output", economy->value_added_share, 's'},
        {"land_share", "fraction of value added", economy->land_share, 's'},
        {"final_share", "fraction of expenditure on goods", economy->final_share, 's'},
        {"people", "persons", economy->people, 'g'},
        {"wage_bill", "currency_unit", economy->wage_bill, 'g'},
        {"labour_income", "currency_unit", economy->labour_income, 'g'},
        {"workers", "persons", economy->workers, 'g'},
        {"goods_share", "fraction of expenditure", economy->goods_share, '-'},
        {"income", "currency_unit", economy->income, '-'},
        {"land_income", "currency_unit", economy->land_income, '-'},
        {"tariff_revenue", "currency_unit", economy->tariff_revenue, '-'},
        {"deficit", "currency_unit", economy->deficit, '-'},
    };
    long_table(r, &economy->about, columns, sizeof columns / sizeof columns[0]);
    return BASHU_OK;
}

static bashu_status csv_trade(report *r, const void *subject)
{
    const bashu_economy *economy = subject;
    const description *about = &economy->about;
    size_t N = about->N, J = about->J;
    put_format(&r->out, "sector,origin,destination,value%s\n", economy->tariff ? ",tariff" : "");
    for (size_t j = 0; j < J; j++)
        for (size_t n = 0; n < N; n++)
            for (size_t i = 0; i < N; i++) {
                size_t at = at3(n, j, i, J, N);
                double value = economy->trade_share[at] * economy->expenditure[at2(n, j, J)];
                if (!(value > 0)) continue;
                put_field(&r->out, about->sectors[j].label.id, false);
                put_field(&r->out, about->regions[i].label.id, false);
                put_field(&r->out, about->regions[n].label.id, false);
                put_number_field(&r->out, value, !economy->tariff);
                if (economy->tariff) put_number_field(&r->out, economy->tariff[at], true);
            }
    return BASHU_OK;
}

static bashu_status csv_migration(report *r, const void *subject)
{
    const bashu_economy *economy = subject;
    const description *about = &economy->about;
    size_t N = about->N;
    bool pooled = about->switches.mobility != MOBILITY_FRECHET; /* origin 0; others keep to themselves */
    put(&r->out, "group,registered_in,lives_in,share,people\n");
    for (size_t s = 0; economy->migration_share && s < about->S; s++)
        for (size_t o = 0; o < economy->origin_count; o++)
            for (size_t n = 0; n < N; n++) {
                double share = economy->migration_share[at3(s, o, n, economy->origin_count, N)];
                if (!(share > 0)) continue;
                put_field(&r->out, about->groups[s].id, false);
                put_field(&r->out, pooled && o == 0 ? "*" : about->regions[pooled ? n : o].label.id, false);
                put_field(&r->out, about->regions[n].label.id, false);
                put_number_field(&r->out, share, false);
                put_number_field(&r->out, share * economy->origin_people[at2(s, o, economy->origin_count)], true);
            }
    return BASHU_OK;
}

static bashu_status csv_commuting(report *r, const void *subject)
{
    const bashu_economy *economy = subject;
    const description *about = &economy->about;
    size_t N = about->N;
    put(&r->out, "group,residence,workplace,commuters,share\n");
    for (size_t s = 0; economy->commuting_share && s < about->S; s++)
        for (size_t n = 0; n < N; n++)
            for (size_t i = 0; i < N; i++) {
                double share = economy->commuting_share[at3(s, n, i, N, N)];
                if (!(share > 0)) continue;
                put_field(&r->out, about->groups[s].id, false);
                put_field(&r->out, about->regions[n].label.id, false);
                put_field(&r->out, about->regions[i].label.id, false);
                put_number_field(&r->out, share * economy->people[at2(n, s, about->S)], false);
                put_number_field(&r->out, share, true);
            }
    return BASHU_OK;
}

static bashu_status csv_travel_time(report *r, const void *subject)
{
    const bashu_economy *economy = subject;
    const description *about = &economy->about;
    size_t N = about->N;
    put(&r->out, "class,origin,destination,time_h\n");
    for (size_t c = 0; economy->travel_time_h && c < about->C; c++)
        for (size_t o = 0; o < N; o++)
            for (size_t n = 0; n < N; n++) {
                put_field(&r->out, about->travel[c].name, false);
                put_field(&r->out, about->regions[o].label.id, false);
                put_field(&r->out, about->regions[n].label.id, false);
                put_number_field(&r->out, economy->travel_time_h[at3(c, o, n, N, N)], true);
            }
    return BASHU_OK;
}

static const report_format tables[] = {
    {"fundamentals.csv", csv_fundamentals}, {"trade.csv", csv_trade},       {"migration.csv", csv_migration}, {"commuting.csv", csv_commuting},
    {"travel_time.csv", csv_travel_time},   {"accounts.csv", csv_accounts},
};

bashu_status economy_table(char **out, const bashu_economy *economy, const char *table)
{
    return report_write(out, economy->context, BASHU_EN, tables, sizeof tables / sizeof tables[0], table, economy);
}
