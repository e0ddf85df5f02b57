/* economy_accounts.c - sectors, groups and what is keyed by them: people, production, inputs, demand, wages. */
#include "input/economy_parts.h"

#include <string.h>

/* ---- sectors and groups -------------------------------------------------------------------------- */

/* A column of 0 and 1; empty or absent is 0. */
static bashu_status mark_read(bool *out, const table *t, size_t row, const char *column)
{
    double value;
    TRY(optional_number(&value, t, row, column, 0, 1, "(0 or 1)"));
    *out = value == 1;
    if (isnan(value) || value == 0 || value == 1) return BASHU_OK;
    return table_fail(t, row, (size_t)table_find(t, column), "must be 0 or 1; write 1 where it applies");
}

static bashu_status sector_read(sector_row *sector, economy_reader *r, const table *t, size_t row)
{
    size_t industry, travel;
    double number;
    TRY(table_require(&industry, t, "industry"));
    TRY(table_number(&number, t, row, industry, (number_range){1, 3, false, "(1 primary, 2 secondary, 3 tertiary)"}));
    if (number != floor(number)) return table_fail(t, row, industry, "must be 1, 2 or 3; write one of them");
    sector->industry = (int)number;
    TRY(mark_read(&sector->research, t, row, "research"));
    TRY(mark_read(&sector->digital, t, row, "digital"));
    if (!r->classes.count) return BASHU_OK; /* no network: nothing travels */
    TRY(table_require(&travel, t, "travel"));
    return axis_find(&sector->travel, &r->classes, t, row, travel);
}

bashu_status sectors_read(economy_reader *r)
{
    static const char *const known[] = {"id", "name_en", "name_zh", "industry", "travel", "research", "digital", NULL};
    const char **more;
    const table *t;
    sector_row *sectors;
    label *labels;
    TRY(elasticity_columns(&more, r, SCOPE_SECTOR, 0));
    TRY(open_table(&t, r, TABLE_SECTORS, known, more));
    size_t J = table_rows(t);
    TRY(keep(&sectors, r, J, sizeof *sectors));
    TRY(borrow(&labels, r, J, sizeof *labels));
    TRY(axis_new(&r->sectors, r, "sector", table_path(t), J));
    TRY(labels_read(labels, &r->sectors, r, t));
    for (size_t j = 0; j < J; j++) {
        sectors[j].label = labels[j];
        TRY(sector_read(&sectors[j], r, t, j));
    }
    r->items[SCOPE_SECTOR] = t;
    r->about->sectors = sectors;
    r->about->J = J;
    return BASHU_OK;
}

/* Without a table everybody is of one group. */
static bashu_status one_group(economy_reader *r)
{
    label *group;
    TRY(keep(&group, r, 1, sizeof *group));
    TRY(axis_new(&r->groups, r, "group", document_path(r->document), 1));
    TRY(axis_add(&r->groups, r, "everyone"));
    *group = (label){"everyone", "everyone", "全体"};
    r->about->groups = group;
    r->about->S = 1;
    return BASHU_OK;
}

/* A table that may only be absent where there is nothing to tell apart. */
static bashu_status check_one_group(economy_reader *r, table_id id)
{
    if (r->about->S == 1) return BASHU_OK;
    return fail(r->context, BASHU_ERROR_INPUT, "%s: tables: '%s' is missing, and there are %zu groups; add it, or have one group",
                document_path(r->document), table_names[id], r->about->S);
}

bashu_status groups_read(economy_reader *r)
{
    static const char *const known[] = {"id", "name_en", "name_zh", NULL};
    const char **more;
    const table *t;
    label *groups;
    TRY(elasticity_columns(&more, r, SCOPE_GROUP, 0));
    TRY(open_table(&t, r, TABLE_GROUPS, known, more));
    if (!t) return one_group(r);
    if (!table_rows(t))
        return fail(r->context, BASHU_ERROR_INPUT, "%s:1: the table has no rows; write at least one under the header", table_path(t));
    TRY(keep(&groups, r, table_rows(t), sizeof *groups));
    TRY(axis_new(&r->groups, r, "group", table_path(t), table_rows(t)));
    TRY(labels_read(groups, &r->groups, r, t));
    r->items[SCOPE_GROUP] = t;
    r->about->groups = groups;
    r->about->S = table_rows(t);
    return BASHU_OK;
}

/* ---- people and production ----------------------------------------------------------------------- */

/* The column of regions must be the sum over the table's second key. */
static bashu_status check_sum(economy_reader *r, const cells *c, const double *values, const char *column,
                              double stated, size_t n)
{
    size_t width = c->keys[1].axis->count;
    const table *t = r->items[SCOPE_REGION];
    double sum = 0;
    for (size_t k = 0; k < width; k++) sum += values[n * width + k];
    if (fabs(sum - stated) <= agreement * fmax(sum, stated)) return BASHU_OK;
    return table_fail(t, n, (size_t)table_find(t, column),
                      "%.15g disagrees with the sum %.15g of '%s' over %ss in %s; correct one of them", stated, sum,
                      c->column, c->keys[1].column, table_path(c->table));
}

bashu_status people_read(economy_reader *r)
{
    static const char *const known[] = {"region", "group", "people", NULL};
    cells c = {NULL, 2, {{"region", &r->regions}, {"group", &r->groups}}, "people", {0, unbounded, false, "persons"},
               NULL};
    double *people;
    unsigned char *imputed;
    TRY(open_table(&c.table, r, TABLE_PEOPLE, known, NULL));
    TRY(keep(&people, r, cells_count(&c), sizeof *people));
    TRY(keep(&imputed, r, cells_count(&c), 1));
    if (c.table) {
        TRY(cells_read(people, imputed, r, &c, unknown));
        TRY(cells_complete(r, &c, people));
        for (size_t n = 0; n < r->about->N; n++) TRY(check_sum(r, &c, people, "people", r->region_rows[n].people, n));
    } else {
        TRY(check_one_group(r, TABLE_PEOPLE));
        for (size_t n = 0; n < r->about->N; n++) {
            people[n] = r->region_rows[n].people;
            imputed[n] = r->region_rows[n].people_flag != NULL;
        }
    }
    r->data->people = people;
    r->data->people_imputed = imputed;
    return BASHU_OK;
}

/* Nobody can be asked where a good comes from that nobody makes. */
static bashu_status check_made(economy_reader *r, const cells *c, const double *value_added)
{
    for (size_t j = 0; j < r->about->J; j++) {
        bool made = false;
        for (size_t n = 0; n < r->about->N; n++) made |= value_added[at2(n, j, r->about->J)] > 0;
        if (!made)
            return fail(r->context, BASHU_ERROR_INPUT,
                        "%s: no region has value_added in sector '%s'; write where it is made or delete the sector",
                        table_path(c->table), r->sectors.ids[j]);
    }
    return BASHU_OK;
}

/* An empty cell leaves the elasticity's value for the sector. */
static bashu_status land_shares_read(economy_reader *r, cells c)
{
    const elasticity_row *row = &elasticity_rows[LAND_SHARE];
    double *share;
    if (table_find(c.table, "land_share") < 0) return BASHU_OK;
    c.column = "land_share";
    c.range = (number_range){row->low, row->high, true, "(a share of value added)"};
    TRY(keep(&share, r, cells_count(&c), sizeof *share));
    TRY(cells_read(share, NULL, r, &c, unknown));
    r->data->land_share = share;
    return BASHU_OK;
}

bashu_status production_read(economy_reader *r)
{
    static const char *const known[] = {"region", "sector", "value_added", "land_share", NULL};
    cells c = {NULL,
               2,
               {{"region", &r->regions}, {"sector", &r->sectors}},
               "value_added",
               {0, unbounded, false, "currency units"},
               NULL};
    double *value_added;
    unsigned char *imputed;
    TRY(open_table(&c.table, r, TABLE_PRODUCTION, known, NULL));
    TRY(keep(&value_added, r, cells_count(&c), sizeof *value_added));
    TRY(keep(&imputed, r, cells_count(&c), 1));
    TRY(cells_read(value_added, imputed, r, &c, unknown));
    TRY(cells_complete(r, &c, value_added));
    for (size_t n = 0; n < r->about->N; n++) TRY(check_sum(r, &c, value_added, "gdp", r->region_rows[n].gdp, n));
    TRY(check_made(r, &c, value_added));
    r->data->value_added = value_added;
    r->data->value_added_imputed = imputed;
    return land_shares_read(r, c);
}

/* ---- by area ------------------------------------------------------------------------------------- */

/* The areas, and '*' last. */
static bashu_status areas_or_all(axis *out, economy_reader *r)
{
    TRY(axis_new(out, r, "area", r->areas.home, r->areas.count + 1));
    for (size_t a = 0; a < r->areas.count; a++) TRY(axis_add(out, r, r->areas.ids[a]));
    return axis_add(out, r, "*");
}

static double sum_of(const double *x, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += x[k];
    return sum;
}

static bashu_status check_inputs(const economy_reader *r, const cells *c, const double *share)
{
    size_t J = r->about->J;
    for (size_t a = 0; a < r->about->A; a++)
        for (size_t j = 0; j < J; j++) {
            double sum = sum_of(share + at3(a, j, 0, J, J), J);
            if (sum < 1) continue;
            return cells_fail(
                c, cells_of_area(c, a, j * J),
                "the inputs of output_sector '%s' in area '%s' sum to %.9g, which leaves no value added; write "
                "coefficients whose sum is below 1",
                r->sectors.ids[j], r->areas.ids[a], sum);
        }
    return BASHU_OK;
}

bashu_status input_output_read(economy_reader *r)
{
    static const char *const known[] = {"area", "input_sector", "output_sector", "coefficient", NULL};
    axis areas;
    cells c = {NULL,
               3,
               {{"area", &areas}, {"output_sector", &r->sectors}, {"input_sector", &r->sectors}},
               "coefficient",
               {0, 1, false, "per unit of gross output"},
               NULL};
    double *values, *share;
    TRY(areas_or_all(&areas, r));
    if (table_entry(r, TABLE_TRADE)) c.range.low = -1; /* published tables have by-products; only scaling needs signs */
    TRY(open_table(&c.table, r, TABLE_INPUT_OUTPUT, known, NULL));
    TRY(borrow(&values, r, cells_count(&c), sizeof *values));
    TRY(keep(&share, r, cells_count(&c), sizeof *share)); /* zeros: without the table nothing is an input */
    r->data->input_share = share;
    if (!c.table) return BASHU_OK;
    TRY(cells_read(values, NULL, r, &c, unknown));
    TRY(cells_by_area(share, r, &c, values));
    return check_inputs(r, &c, share);
}

/* Divides by the sum, so that the shares sum to 1 as exactly as doubles can; false when they are too far from it. */
static bool normalise(double *share, size_t count)
{
    double sum = sum_of(share, count);
    for (size_t k = 0; k < count; k++) share[k] /= sum;
    return fabs(sum - 1) <= agreement;
}

bashu_status final_demand_read(economy_reader *r)
{
    static const char *const known[] = {"area", "sector", "share", NULL};
    axis areas;
    cells c = {NULL, 2, {{"area", &areas}, {"sector", &r->sectors}}, "share", {0, 1, false, "(a share)"}, NULL};
    size_t A = r->about->A, J = r->about->J;
    double *values, *share;
    TRY(areas_or_all(&areas, r));
    TRY(open_table(&c.table, r, TABLE_FINAL_DEMAND, known, NULL));
    if (!c.table && r->data->trade_value) return BASHU_OK; /* what flows leave is final */
    if (!c.table)
        return fail(r->context, BASHU_ERROR_INPUT,
                    "%s: tables: 'final_demand' is missing; add it, or observed flows as table 'trade'", document_path(r->document));
    TRY(borrow(&values, r, cells_count(&c), sizeof *values));
    TRY(keep(&share, r, cells_count(&c), sizeof *share));
    TRY(cells_read(values, NULL, r, &c, unknown));
    TRY(cells_by_area(share, r, &c, values));
    for (size_t a = 0; a < A; a++) {
        double sum = sum_of(share + a * J, J);
        if (!normalise(share + a * J, J))
            return cells_fail(&c, cells_of_area(&c, a, 0),
                              "the shares of area '%s' sum to %.9g; write shares that sum to 1", r->areas.ids[a], sum);
    }
    r->data->final_share = share;
    return BASHU_OK;
}

/* ---- wage bill ----------------------------------------------------------------------------------- */

/* Where shares may be stated: areas, regions and '*'. A name that is both an area and a region is the area, which the
 * region lies in or is. */
typedef struct wage_places {
    axis axis;
    size_t *region_place, star; /* [N] */
} wage_places;

static bashu_status wage_places_new(wage_places *out, economy_reader *r)
{
    size_t N = r->about->N, A = r->about->A;
    TRY(axis_new(&out->axis, r, "area or region", r->regions.home, A + N + 1));
    TRY(borrow(&out->region_place, r, N, sizeof(size_t)));
    for (size_t a = 0; a < A; a++) TRY(axis_add(&out->axis, r, r->areas.ids[a]));
    for (size_t n = 0; n < N; n++) {
        long found = name_index_find(out->axis.index, r->regions.ids[n]);
        out->region_place[n] = found >= 0 ? (size_t)found : out->axis.count;
        if (found < 0) TRY(axis_add(&out->axis, r, r->regions.ids[n]));
    }
    out->star = out->axis.count;
    return axis_add(&out->axis, r, "*");
}

static bool any_stated(const double *values, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!isnan(values[k])) return true;
    return false;
}

/* The shares of sector j in region n: stated for the region, else its area, else '*'. */
static bashu_status wage_share_read(double *share, economy_reader *r, const cells *c, const wage_places *places,
                                    const double *values, size_t n, size_t j)
{
    size_t J = r->about->J, S = r->about->S;
    size_t order[3] = {places->region_place[n], r->region_rows[n].area_index, places->star}, place = order[0];
    for (size_t k = 3; k-- > 0;)
        if (any_stated(values + at3(order[k], j, 0, J, S), S)) place = order[k];
    for (size_t s = 0; s < S; s++) {
        share[s] = values[at3(place, j, s, J, S)];
        if (isnan(share[s])) return cells_missing(r, c, at3(place, j, s, J, S));
    }
    double sum = sum_of(share, S);
    if (normalise(share, S)) return BASHU_OK;
    return cells_fail(c, at3(place, j, 0, J, S),
                      "the shares of sector '%s' in '%s' sum to %.9g; write shares that sum to 1", r->sectors.ids[j],
                      places->axis.ids[place], sum);
}

bashu_status wage_bill_read(economy_reader *r)
{
    static const char *const known[] = {"area", "sector", "group", "share", NULL};
    wage_places places;
    cells c = {NULL,
               3,
               {{"area", &places.axis}, {"sector", &r->sectors}, {"group", &r->groups}},
               "share",
               {0, 1, false, "(a share)"},
               NULL};
    size_t N = r->about->N, J = r->about->J, S = r->about->S;
    double *values, *share;
    TRY(wage_places_new(&places, r));
    TRY(open_table(&c.table, r, TABLE_WAGE_BILL, known, NULL));
    TRY(borrow(&values, r, cells_count(&c), sizeof *values));
    TRY(keep_numbers(&share, r, N * J * S, 1));
    r->data->wage_share = share;
    if (!c.table) return check_one_group(r, TABLE_WAGE_BILL);
    TRY(cells_read(values, NULL, r, &c, unknown));
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) TRY(wage_share_read(share + at3(n, j, 0, J, S), r, &c, &places, values, n, j));
    return BASHU_OK;
}
