/* flow_tables.c - a folder of input-output tables in long form. Format: docs/leontief-format.md.
 *
 * Regions and sectors are those that sell something in flows.csv or final_demand.csv (0 counts), in the order in which they
 * come; everything else must name one of them. Rows that are not there are zero. */
#include "input/flows.h"
#include "input/long_table.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static const double unbounded = (double)INFINITY;

enum { ORIGIN_REGION, ORIGIN_SECTOR, DESTINATION_REGION, DESTINATION_SECTOR, FLOW_VALUE, FLOW_COLUMNS };
enum { ACCOUNT, ACCOUNT_REGION, ACCOUNT_ITEM, ACCOUNT_VALUE, ACCOUNT_COLUMNS };
enum { ACCOUNT_LIMIT = 4096 };

typedef struct flow_reader {
    arena *memory, *scratch;
    bashu_context *context;
    name_list regions, sectors, categories, accounts;
    table *flows, *final, *satellites, *direct; /* the last two NULL: not there */
    size_t at_flow[FLOW_COLUMNS], at_final[FLOW_COLUMNS], at_satellite[ACCOUNT_COLUMNS], at_direct[ACCOUNT_COLUMNS];
    flow_tables *out;
} flow_reader;

static size_t rows_of(const table *t) { return t ? table_rows(t) : 0; }

static bashu_status open_one(table **out, flow_reader *r, size_t *at, const char *name, const char *const *columns,
                             bool optional)
{
    flow_tables *f = r->out;
    const char *path = arena_format(r->memory, "%s/%s", f->folder, name);
    *out = NULL;
    if (!path) return fail_memory(r->context);
    if (optional && access(path, F_OK) != 0) return BASHU_OK;
    TRY(long_table_read(out, at, r->scratch, path, columns, NULL));
    const char *sha256 = arena_text(r->memory, table_sha256(*out));
    if (!sha256) return fail_memory(r->context);
    f->files[f->file_count++] = (input_file){path, sha256};
    return BASHU_OK;
}

static bashu_status open_all(flow_reader *r)
{
    static const char *const flows[] = {"origin_region",      "origin_sector", "destination_region",
                                        "destination_sector", "value",         NULL};
    static const char *const final[] = {"origin_region", "origin_sector", "destination_region",
                                        "category",      "value",         NULL};
    static const char *const satellites[] = {"account", "region", "sector", "value", NULL};
    static const char *const direct[] = {"account", "region", "category", "value", NULL};
    TRY(open_one(&r->flows, r, r->at_flow, "flows.csv", flows, false));
    TRY(open_one(&r->final, r, r->at_final, "final_demand.csv", final, false));
    TRY(open_one(&r->satellites, r, r->at_satellite, "satellites.csv", satellites, true));
    return open_one(&r->direct, r, r->at_direct, "satellites_final.csv", direct, true);
}

/* ---- names --------------------------------------------------------------------------------------- */

static bashu_status take_sellers(flow_reader *r, const table *t, const size_t *at)
{
    size_t number;
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(name_list_take(&number, &r->regions, t, row, at[ORIGIN_REGION]));
        TRY(name_list_take(&number, &r->sectors, t, row, at[ORIGIN_SECTOR]));
    }
    return BASHU_OK;
}

static bashu_status take_names(flow_reader *r)
{
    size_t sellers = rows_of(r->flows) + rows_of(r->final), number;
    TRY(name_list_new(&r->regions, r->memory, "region", "those that sell something", sellers));
    TRY(name_list_new(&r->sectors, r->memory, "sector", "those that sell something", sellers));
    TRY(name_list_new(&r->categories, r->scratch, "category", "final_demand.csv", rows_of(r->final)));
    TRY(name_list_new(&r->accounts, r->memory, "account", "satellites.csv",
                      1 + rows_of(r->satellites) + rows_of(r->direct)));
    TRY(take_sellers(r, r->flows, r->at_flow));
    TRY(take_sellers(r, r->final, r->at_final));
    for (size_t row = 0; row < rows_of(r->final); row++)
        TRY(name_list_take(&number, &r->categories, r->final, row, r->at_final[DESTINATION_SECTOR]));
    r->accounts.names[0] = "value_added"; /* first, whether or not the tables state it */
    if (!name_index_add(r->accounts.index, "value_added", 0)) return fail_memory(r->context);
    r->accounts.count = 1;
    for (size_t row = 0; row < rows_of(r->satellites); row++)
        TRY(name_list_take(&number, &r->accounts, r->satellites, row, r->at_satellite[ACCOUNT]));
    for (size_t row = 0; row < rows_of(r->direct); row++)
        TRY(name_list_take(&number, &r->accounts, r->direct, row, r->at_direct[ACCOUNT]));
    if (r->accounts.count > ACCOUNT_LIMIT)
        return fail(r->context, BASHU_ERROR_INPUT, "%s: more than %d accounts; leave out those of no interest",
                    r->out->folder, ACCOUNT_LIMIT);
    flow_tables *f = r->out;
    f->R = r->regions.count;
    f->J = r->sectors.count;
    f->account_count = r->accounts.count;
    f->regions = r->regions.names;
    f->sectors = r->sectors.names;
    f->accounts = r->accounts.names;
    if (f->R * f->J > 0) return BASHU_OK;
    return fail(r->context, BASHU_ERROR_INPUT, "%s:1: has no rows, and final_demand.csv neither; add the flows",
                table_path(r->flows));
}

/* ---- numbers ------------------------------------------------------------------------------------- */

/* Cells seen: a row that comes twice is an error, unless it adds up (categories of final users). */
static bashu_status once(unsigned char *seen, size_t index, const table *t, size_t row, size_t column)
{
    if (seen[index])
        return table_fail(t, row, column, "a row of the same names stands further up; delete one of the two");
    seen[index] = 1;
    return BASHU_OK;
}

static bashu_status seen_new(unsigned char **out, flow_reader *r, size_t count)
{
    *out = arena_alloc(r->scratch, count, 1);
    return *out ? BASHU_OK : fail_memory(r->context);
}

static bashu_status flows_fill(flow_reader *r)
{
    flow_tables *f = r->out;
    const table *t = r->flows;
    const size_t *at = r->at_flow;
    size_t N = f->R * f->J, region, sector, origin;
    unsigned char *seen;
    TRY(seen_new(&seen, r, N * N));
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(name_list_find(&region, &r->regions, t, row, at[ORIGIN_REGION]));
        TRY(name_list_find(&sector, &r->sectors, t, row, at[ORIGIN_SECTOR]));
        origin = at2(region, sector, f->J);
        TRY(name_list_find(&region, &r->regions, t, row, at[DESTINATION_REGION]));
        TRY(name_list_find(&sector, &r->sectors, t, row, at[DESTINATION_SECTOR]));
        size_t index = at2(origin, at2(region, sector, f->J), N);
        TRY(once(seen, index, t, row, at[ORIGIN_REGION]));
        TRY(table_number(&f->flow[index], t, row, at[FLOW_VALUE],
                         (number_range){0, unbounded, false, "(what is returned or unsold belongs to final demand)"}));
    }
    return BASHU_OK;
}

static bashu_status final_fill(flow_reader *r)
{
    flow_tables *f = r->out;
    const table *t = r->final;
    const size_t *at = r->at_final;
    size_t C = r->categories.count, region, sector, user, category;
    unsigned char *seen;
    TRY(seen_new(&seen, r, f->R * f->J * f->R * C + 1));
    for (size_t row = 0; row < table_rows(t); row++) {
        double value;
        TRY(name_list_find(&region, &r->regions, t, row, at[ORIGIN_REGION]));
        TRY(name_list_find(&sector, &r->sectors, t, row, at[ORIGIN_SECTOR]));
        TRY(name_list_find(&user, &r->regions, t, row, at[DESTINATION_REGION]));
        TRY(name_list_find(&category, &r->categories, t, row, at[DESTINATION_SECTOR]));
        size_t index = at2(at2(region, sector, f->J), user, f->R);
        TRY(once(seen, at2(index, category, C), t, row, at[ORIGIN_REGION]));
        TRY(table_number(&value, t, row, at[FLOW_VALUE], (number_range){-unbounded, unbounded, false, ""}));
        f->final[index] += value;
    }
    return BASHU_OK;
}

static void outputs_fill(flow_tables *f)
{
    size_t N = f->R * f->J;
    for (size_t i = 0; i < N; i++) {
        for (size_t d = 0; d < N; d++) f->output[i] += f->flow[at2(i, d, N)];
        for (size_t s = 0; s < f->R; s++) f->output[i] += f->final[at2(i, s, f->R)];
    }
}

static bashu_status check_outputs(flow_reader *r)
{
    const flow_tables *f = r->out;
    for (size_t i = 0; i < f->R * f->J; i++) {
        if (f->output[i] < 0)
            return fail(
                r->context, BASHU_ERROR_INPUT,
                "%s: column 'value': all that sector '%s' of region '%s' sells adds up to %.15g; negative final demand "
                "cannot be more than what is sold: correct one of them",
                table_path(r->final), f->sectors[i % f->J], f->regions[i / f->J], f->output[i]);
    }
    return BASHU_OK;
}

static bashu_status satellites_fill(flow_reader *r)
{
    flow_tables *f = r->out;
    const table *t = r->satellites;
    const size_t *at = r->at_satellite;
    size_t N = f->R * f->J, account, region, sector;
    unsigned char *seen;
    TRY(seen_new(&seen, r, f->account_count * N));
    for (size_t row = 0; row < rows_of(t); row++) {
        double value;
        TRY(name_list_find(&account, &r->accounts, t, row, at[ACCOUNT]));
        TRY(name_list_find(&region, &r->regions, t, row, at[ACCOUNT_REGION]));
        TRY(name_list_find(&sector, &r->sectors, t, row, at[ACCOUNT_ITEM]));
        size_t industry = at2(region, sector, f->J);
        TRY(once(seen, at2(account, industry, N), t, row, at[ACCOUNT]));
        TRY(table_number(&value, t, row, at[ACCOUNT_VALUE], (number_range){-unbounded, unbounded, false, ""}));
        if (value != 0 && f->output[industry] == 0)
            return table_fail(
                t, row, at[ACCOUNT_VALUE],
                "sector '%s' of region '%s' sells nothing, so no buyer can answer for its %.15g; add its sales, "
                "or give the number to final users in satellites_final.csv",
                f->sectors[sector], f->regions[region], value);
        f->satellite[at2(account, industry, N)] = value;
    }
    return BASHU_OK;
}

static bashu_status direct_fill(flow_reader *r)
{
    flow_tables *f = r->out;
    const table *t = r->direct;
    const size_t *at = r->at_direct;
    size_t C = r->categories.count, account, region, category;
    unsigned char *seen;
    TRY(seen_new(&seen, r, f->account_count * f->R * C + 1));
    for (size_t row = 0; row < rows_of(t); row++) {
        double value;
        TRY(name_list_find(&account, &r->accounts, t, row, at[ACCOUNT]));
        TRY(name_list_find(&region, &r->regions, t, row, at[ACCOUNT_REGION]));
        TRY(name_list_find(&category, &r->categories, t, row, at[ACCOUNT_ITEM]));
        size_t index = at2(account, region, f->R);
        TRY(once(seen, at2(index, category, C), t, row, at[ACCOUNT]));
        TRY(table_number(&value, t, row, at[ACCOUNT_VALUE], (number_range){-unbounded, unbounded, false, ""}));
        f->direct[index] += value;
    }
    return BASHU_OK;
}

/* What an industry sells less what it buys, where the tables do not say. */
static void value_added_fill(flow_reader *r)
{
    flow_tables *f = r->out;
    size_t N = f->R * f->J;
    for (size_t row = 0; row < rows_of(r->satellites); row++)
        if (!strcmp(table_text(r->satellites, row, r->at_satellite[ACCOUNT]), "value_added")) return;
    for (size_t i = 0; i < N; i++) f->satellite[i] = f->output[i];
    for (size_t o = 0; o < N; o++)
        for (size_t d = 0; d < N; d++)
            if (f->output[d] > 0) f->satellite[d] -= f->flow[at2(o, d, N)];
}

static bashu_status read_all(flow_reader *r)
{
    flow_tables *f = r->out;
    TRY(open_all(r));
    TRY(take_names(r));
    size_t N = f->R * f->J;
    const array_wanted wanted[] = {{&f->flow, N * N},
                                   {&f->final, N * f->R},
                                   {&f->output, N},
                                   {&f->satellite, f->account_count * N},
                                   {&f->direct, f->account_count * f->R}};
    if (!ARENA_ARRAYS(r->memory, wanted)) return fail_memory(r->context);
    TRY(flows_fill(r));
    TRY(final_fill(r));
    outputs_fill(f);
    TRY(check_outputs(r));
    TRY(satellites_fill(r));
    TRY(direct_fill(r));
    value_added_fill(r);
    return BASHU_OK;
}

bashu_status flow_tables_read(flow_tables *out, arena *memory, const char *folder)
{
    bashu_context *context = arena_context(memory);
    flow_reader r = {.memory = memory, .scratch = arena_new(context), .context = context, .out = out};
    *out = (flow_tables){.folder = arena_text(memory, folder)};
    bashu_status status = r.scratch && out->folder ? read_all(&r) : fail_memory(context);
    arena_free(r.scratch);
    return status;
}
