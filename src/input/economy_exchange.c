/* economy_exchange.c - what moves between places: trade observed as margins or as flows, and people. */
#include "input/economy_parts.h"

#include <string.h>

/* ---- trade margins ------------------------------------------------------------------------------- */

static bashu_status margin_read(const double **out, economy_reader *r, cells c, const char *column)
{
    double *values;
    c.column = column;
    TRY(keep(&values, r, cells_count(&c), sizeof *values));
    TRY(cells_read(values, NULL, r, &c, unknown));
    *out = values;
    return BASHU_OK;
}

/* The foreign region's own area has no margins: its exports are the others' imports. */
static bashu_status check_margin_areas(economy_reader *r, const table *t)
{
    size_t column, area;
    TRY(table_require(&column, t, "area"));
    if (r->about->foreign < 0) return BASHU_OK;
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(axis_find(&area, &r->areas, t, row, column));
        if (area == r->region_rows[r->about->foreign].area_index)
            return table_fail(t, row, column,
                              "'%s' is the rest of the world; delete the row: margins are those of the other areas",
                              r->areas.ids[area]);
    }
    return BASHU_OK;
}

static bashu_status check_no_foreign(economy_reader *r, const table *t, const char *column)
{
    size_t c;
    double value;
    TRY(table_require(&c, t, column));
    for (size_t row = 0; r->about->foreign < 0 && row < table_rows(t); row++) {
        TRY(table_number(&value, t, row, c, (number_range){0, unbounded, true, "currency units"}));
        if (value > 0)
            return table_fail(
                t, row, c,
                "the economy has no foreign region; name it under 'foreign' in economy.yaml or leave this empty");
    }
    return BASHU_OK;
}

bashu_status trade_margins_read(economy_reader *r)
{
    static const char *const known[] = {"area", "sector", "exports", "imports", "outflow", "inflow", NULL};
    const yaml_node *flows = table_entry(r, TABLE_TRADE);
    cells c = {
        NULL, 2, {{"area", &r->areas}, {"sector", &r->sectors}}, "exports", {0, unbounded, true, "currency units"},
        NULL};
    TRY(open_table(&c.table, r, TABLE_TRADE_MARGINS, known, NULL));
    if (!c.table) return BASHU_OK;
    if (flows)
        return node_fail(r->document, flows,
                         "trade: observed flows stand instead of trade_margins; delete one of the two");
    TRY(check_margin_areas(r, c.table));
    TRY(check_no_foreign(r, c.table, "exports"));
    TRY(check_no_foreign(r, c.table, "imports"));
    TRY(margin_read(&r->data->exports, r, c, "exports"));
    TRY(margin_read(&r->data->imports, r, c, "imports"));
    TRY(margin_read(&r->data->outflow, r, c, "outflow"));
    return margin_read(&r->data->inflow, r, c, "inflow");
}

/* ---- observed flows ------------------------------------------------------------------------------ */

/* Pairs that are not listed do not trade: tables of flows are sparse. */
bashu_status trade_read(economy_reader *r)
{
    static const char *const known[] = {"sector", "origin", "destination", "value", "tariff", NULL};
    cells c = {NULL,
               3,
               {{"destination", &r->regions}, {"sector", &r->sectors}, {"origin", &r->regions}},
               "value",
               {0, unbounded, false, "currency units"},
               NULL};
    double *value, *tariff;
    TRY(open_table(&c.table, r, TABLE_TRADE, known, NULL));
    if (!c.table) return BASHU_OK;
    TRY(keep(&value, r, cells_count(&c), sizeof *value));
    TRY(cells_read(value, NULL, r, &c, 0));
    r->data->trade_value = value;
    if (table_find(c.table, "tariff") < 0) return BASHU_OK;
    c.column = "tariff";
    c.range = (number_range){0, 100, true, "as a fraction, 0.05 for 5 percent"};
    TRY(keep(&tariff, r, cells_count(&c), sizeof *tariff));
    TRY(cells_read(tariff, NULL, r, &c, 0));
    for (size_t k = 0; k < cells_count(&c); k++)
        if (isnan(tariff[k])) tariff[k] = 0; /* an empty cell */
    r->data->tariff = tariff;
    return BASHU_OK;
}

/* Costs of the kernel: pairs that are not listed cost 1, the same as at home. `*` for a sector means every sector not listed. */
bashu_status trade_cost_read(economy_reader *r)
{
    static const char *const known[] = {"sector", "origin", "destination", "cost", NULL};
    axis sectors;
    size_t N = r->about->N, J = r->about->J;
    cells c = {NULL, 3, {{"sector", &sectors}, {"destination", &r->regions}, {"origin", &r->regions}}, "cost",
               {1e-9, 1e9, false, "(a factor)"}, NULL};
    double *values, *cost;
    const yaml_node *flows = table_entry(r, TABLE_TRADE);
    TRY(axis_new(&sectors, r, "sector", r->sectors.home, J + 1));
    for (size_t j = 0; j < J; j++) TRY(axis_add(&sectors, r, r->sectors.ids[j]));
    TRY(axis_add(&sectors, r, "*"));
    TRY(open_table(&c.table, r, TABLE_TRADE_COST, known, NULL));
    if (!c.table) return BASHU_OK;
    if (flows) return node_fail(r->document, flows, "trade: observed flows leave nothing for trade_cost to say; delete one of the two");
    TRY(borrow(&values, r, cells_count(&c), sizeof *values));
    TRY(keep(&cost, r, N * J * N, sizeof *cost));
    TRY(cells_read(values, NULL, r, &c, unknown));
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++)
            for (size_t i = 0; i < N; i++) {
                double own = values[at3(j, n, i, N, N)], all = values[at3(J, n, i, N, N)];
                cost[at3(n, j, i, J, N)] = !isnan(own) ? own : !isnan(all) ? all : 1;
            }
    r->data->trade_cost = cost;
    return BASHU_OK;
}

/* ---- people -------------------------------------------------------------------------------------- */

/* Residents registered elsewhere cannot be more than the residents. */
static bashu_status check_registered(economy_reader *r, const table *t)
{
    size_t region, n;
    TRY(table_require(&region, t, "region"));
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(axis_find(&n, &r->regions, t, row, region));
        double elsewhere = r->data->registered_same_area[n] + r->data->registered_other_areas[n];
        if (elsewhere > r->region_rows[n].people * (1 + agreement))
            return table_fail(
                t, row, (size_t)table_find(t, "from_other_areas"),
                "%.15g people from elsewhere are more than the %.15g people of region '%s'; correct one of them",
                elsewhere, r->region_rows[n].people, r->regions.ids[n]);
    }
    return BASHU_OK;
}

static bashu_status registered_read(economy_reader *r)
{
    static const char *const known[] = {"region", "from_same_area", "from_other_areas", NULL};
    cells c = {NULL, 1, {{"region", &r->regions}}, "from_same_area", {0, unbounded, false, "persons"}, NULL};
    double *same_area, *other_areas;
    TRY(open_table(&c.table, r, TABLE_MIGRATION, known, NULL));
    if (!c.table) return BASHU_OK;
    TRY(keep(&same_area, r, r->about->N, sizeof *same_area));
    TRY(keep(&other_areas, r, r->about->N, sizeof *other_areas));
    TRY(cells_read(same_area, NULL, r, &c, unknown));
    c.column = "from_other_areas";
    TRY(cells_read(other_areas, NULL, r, &c, unknown));
    r->data->registered_same_area = same_area;
    r->data->registered_other_areas = other_areas;
    return check_registered(r, c.table);
}

bashu_status migration_read(economy_reader *r)
{
    static const char *const known[] = {"area", "weight", NULL};
    cells c = {NULL, 1, {{"area", &r->areas}}, "weight", {0, unbounded, false, "(any unit)"}, NULL};
    double *weight;
    TRY(registered_read(r));
    TRY(open_table(&c.table, r, TABLE_MIGRATION_ORIGINS, known, NULL));
    if (!c.table) return BASHU_OK;
    TRY(keep(&weight, r, r->about->A, sizeof *weight));
    TRY(cells_read(weight, NULL, r, &c, unknown));
    r->data->migration_origin_weight = weight;
    return BASHU_OK;
}

/* ---- commuting ----------------------------------------------------------------------------------- */

/* Residents who work somewhere must be the residents there are. */
static bashu_status check_commuters(economy_reader *r, const cells *c, const double *commuters)
{
    size_t N = r->about->N, S = r->about->S;
    for (size_t s = 0; s < S; s++)
        for (size_t n = 0; n < N; n++) {
            double sum = 0, people = r->data->people[at2(n, s, S)];
            size_t listed = N;
            for (size_t i = N; i-- > 0;) {
                sum += commuters[at3(s, n, i, N, N)];
                if (c->row_of[at3(s, n, i, N, N)]) listed = i;
            }
            if (fabs(sum - people) <= agreement * fmax(sum, people)) continue;
            if (listed == N)
                return fail(r->context, BASHU_ERROR_INPUT,
                            "%s: no row says where the %.15g people of region '%s' in group '%s' work; add rows with their 'commuters', "
                            "also for those who work where they live",
                            table_path(c->table), people, r->regions.ids[n], r->groups.ids[s]);
            return cells_fail(c, at3(s, n, listed, N, N),
                              "the commuters of region '%s' in group '%s' sum to %.15g but %.15g people live there; correct one of them",
                              r->regions.ids[n], r->groups.ids[s], sum, people);
        }
    return BASHU_OK;
}

/* Where they live is not observed: commuting is fitted to residents and workers. */
static bashu_status workers_read(economy_reader *r)
{
    static const char *const known[] = {"region", "group", "workers", NULL};
    cells c = {NULL, 1, {{"region", &r->regions}}, "workers", {0, unbounded, false, "persons"}, NULL};
    size_t N = r->about->N, S = r->about->S;
    double *workers;
    TRY(open_table(&c.table, r, TABLE_WORKERS, known, NULL));
    if (!c.table) return BASHU_OK;
    if (r->data->commuters)
        return node_fail(r->document, table_entry(r, TABLE_WORKERS), "workers: commuting says who works where; delete one of the two tables");
    if (S > 1 || table_find(c.table, "group") >= 0)
        c = (cells){c.table, 2, {{"region", &r->regions}, {"group", &r->groups}}, c.column, c.range, NULL};
    TRY(keep(&workers, r, N * S, sizeof *workers));
    TRY(cells_read(workers, NULL, r, &c, unknown));
    TRY(cells_complete(r, &c, workers));
    for (size_t s = 0; s < S; s++) {
        double live = 0, work = 0;
        for (size_t n = 0; n < N; n++) live += r->data->people[at2(n, s, S)], work += workers[at2(n, s, S)];
        if (fabs(live - work) > agreement * fmax(live, work))
            return fail(r->context, BASHU_ERROR_INPUT, "%s: %.15g people of group '%s' work but %.15g live somewhere; scale one of them",
                        table_path(c.table), work, r->groups.ids[s], live);
        for (size_t n = 0; n < N; n++) workers[at2(n, s, S)] *= work > 0 ? live / work : 0;
    }
    r->data->workers = workers;
    return BASHU_OK;
}

bashu_status commuting_read(economy_reader *r)
{
    static const char *const known[] = {"residence", "workplace", "group", "commuters", NULL};
    cells c = {NULL, 2, {{"residence", &r->regions}, {"workplace", &r->regions}}, "commuters", {0, unbounded, false, "persons"}, NULL};
    double *commuters;
    TRY(open_table(&c.table, r, TABLE_COMMUTING, known, NULL));
    if (!c.table) return workers_read(r);
    if (r->about->S > 1 || table_find(c.table, "group") >= 0)
        c = (cells){c.table, 3, {{"group", &r->groups}, {"residence", &r->regions}, {"workplace", &r->regions}}, c.column, c.range, NULL};
    TRY(keep(&commuters, r, cells_count(&c), sizeof *commuters));
    TRY(cells_read(commuters, NULL, r, &c, 0));
    r->data->commuters = commuters;
    TRY(check_commuters(r, &c, commuters));
    return workers_read(r);
}
