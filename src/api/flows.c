/* flows.c - the public functions about input-output accounts and about trips on networks. */
#include "input/flows.h"
#include "measure/leontief.h"
#include "report/flows.h"

#include <math.h>

/* ---- input-output accounts ----------------------------------------------------------------------- */

static bashu_status leontief_new(bashu_leontief **out, bashu_context *context)
{
    arena *memory = arena_new(context);
    bashu_leontief *a = memory ? arena_alloc(memory, 1, sizeof *a) : NULL;
    if (!a) {
        arena_free(memory);
        return fail_memory(context);
    }
    a->context = context;
    a->memory = memory;
    *out = a;
    return BASHU_OK;
}

static bashu_status leontief_kept(bashu_leontief **out, bashu_status status)
{
    if (status == BASHU_OK) return status;
    bashu_leontief_free(*out);
    *out = NULL;
    return status;
}

static bashu_status read_and_invert(bashu_leontief *a, const char *folder)
{
    flow_tables *tables = arena_alloc(a->memory, 1, sizeof *tables);
    if (!tables) return fail_memory(a->context);
    TRY(flow_tables_read(tables, a->memory, folder));
    return leontief_tables(a, tables);
}

bashu_status bashu_leontief_read(bashu_leontief **out, bashu_context *context, const char *folder)
{
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!out || !folder)
        return fail(context, BASHU_ERROR_ARGUMENT, "bashu_leontief_read needs a place for the accounts and a folder");
    TRY(leontief_new(out, context));
    return leontief_kept(out, read_and_invert(*out, folder));
}

bashu_status bashu_leontief_economy(bashu_leontief **out, const bashu_economy *economy)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out)
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_leontief_economy needs a place for the accounts");
    TRY(leontief_new(out, economy->context));
    return leontief_kept(out, leontief_economy(*out, economy));
}

void bashu_leontief_free(bashu_leontief *accounts)
{
    if (accounts) arena_free(accounts->memory);
}

const bashu_leontief_info *bashu_leontief_info_get(const bashu_leontief *accounts)
{
    return accounts ? &accounts->info : NULL;
}

const char *bashu_leontief_region(const bashu_leontief *accounts, size_t region)
{
    return accounts && region < accounts->R ? accounts->regions[region] : NULL;
}

const char *bashu_leontief_sector(const bashu_leontief *accounts, size_t sector)
{
    return accounts && sector < accounts->J ? accounts->sectors[sector] : NULL;
}

const char *bashu_leontief_account(const bashu_leontief *accounts, size_t account)
{
    return accounts && account < accounts->account_count ? accounts->accounts[account] : NULL;
}

size_t bashu_leontief_row_count(void) { return leontief_row_count; }

const bashu_leontief_row *bashu_leontief_row_at(size_t index)
{
    return index < leontief_row_count ? &leontief_rows[index] : NULL;
}

bashu_status bashu_leontief_values(const bashu_leontief *accounts, const char *name, double *values, size_t count)
{
    if (!accounts) return BASHU_ERROR_ARGUMENT;
    if (!name || !values)
        return fail(accounts->context, BASHU_ERROR_ARGUMENT,
                    "bashu_leontief_values needs a name and a place for the values");
    return leontief_values(accounts, name, values, count);
}

bashu_status bashu_leontief_report(char **out, const bashu_leontief *accounts, const char *format,
                                   bashu_language language)
{
    if (out) *out = NULL;
    if (!accounts) return BASHU_ERROR_ARGUMENT;
    if (!out || !format)
        return fail(accounts->context, BASHU_ERROR_ARGUMENT,
                    "bashu_leontief_report needs a place for the text and a format");
    return leontief_report(out, accounts, format, language);
}

/* ---- congested route choice ---------------------------------------------------------------------- */

static bashu_status read_assignment(bashu_assignment *a, const char *links, const char *trips)
{
    TRY(road_network_read(&a->network, a->memory, links, trips));
    const array_wanted wanted[] = {{&a->flow, a->network.link_count}, {&a->time, a->network.link_count}};
    if (!ARENA_ARRAYS(a->memory, wanted)) return fail_memory(a->context);
    a->info = (bashu_assignment_info){.nodes = a->network.node_count,
                                      .links = a->network.link_count,
                                      .pairs = a->network.trip_count,
                                      .trips_within = a->network.trips_within};
    return BASHU_OK;
}

bashu_status bashu_assignment_read(bashu_assignment **out, bashu_context *context, const char *links, const char *trips)
{
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!out || !links || !trips)
        return fail(context, BASHU_ERROR_ARGUMENT,
                    "bashu_assignment_read needs a place for the network, and two files");
    arena *memory = arena_new(context);
    bashu_assignment *a = memory ? arena_alloc(memory, 1, sizeof *a) : NULL;
    bashu_status status = BASHU_OK;
    if (!a) status = fail_memory(context);
    else {
        *a = (bashu_assignment){.context = context, .memory = memory};
        status = read_assignment(a, links, trips);
    }
    if (status == BASHU_OK) *out = a;
    else arena_free(memory);
    return status;
}

bashu_status bashu_assignment_solve(bashu_assignment *assignment, double gap)
{
    if (!assignment) return BASHU_ERROR_ARGUMENT;
    if (!(gap > 0 && gap < 1))
        return fail(assignment->context, BASHU_ERROR_ARGUMENT, "the relative gap %g is not between 0 and 1", gap);
    return assignment_solve(assignment, gap);
}

void bashu_assignment_free(bashu_assignment *assignment)
{
    if (assignment) arena_free(assignment->memory);
}

const bashu_assignment_info *bashu_assignment_info_get(const bashu_assignment *assignment)
{
    return assignment ? &assignment->info : NULL;
}

bashu_status bashu_assignment_link(const bashu_assignment *assignment, size_t link, bashu_road *out)
{
    if (!assignment) return BASHU_ERROR_ARGUMENT;
    const road_network *n = &assignment->network;
    if (!out || link >= n->link_count)
        return fail(assignment->context, BASHU_ERROR_ARGUMENT, "bashu_assignment_link: link %zu of %zu", link,
                    n->link_count);
    const road_link *l = &n->links[link];
    bool solved = assignment->info.reason > 0;
    *out = (bashu_road){.from = n->node_id[l->from],
                        .to = n->node_id[l->to],
                        .capacity = l->capacity,
                        .free_time = l->free_time,
                        .flow = solved ? assignment->flow[link] : (double)NAN,
                        .time = solved ? assignment->time[link] : (double)NAN};
    return BASHU_OK;
}

bashu_status bashu_assignment_report(char **out, const bashu_assignment *assignment, const char *format,
                                     bashu_language language)
{
    if (out) *out = NULL;
    if (!assignment) return BASHU_ERROR_ARGUMENT;
    if (!out || !format)
        return fail(assignment->context, BASHU_ERROR_ARGUMENT,
                    "bashu_assignment_report needs a place for the text and a format");
    return assignment_report(out, assignment, format, language);
}
