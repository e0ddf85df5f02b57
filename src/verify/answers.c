/* answers.c - answers of the engine as tables of the database.
 *
 * A shape of output variables is a row of `shapes`. Everything goes through bashu.h, as a user would; what is a table of a
 * report already is read from the report. */
#include "verify/asked.h"

#include "accounts/accounts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *table_name(const asked *a, const char *suffix) { return arena_format(a->memory, "%s_%s", a->run->name, suffix); }

bool is_named(const asked *a, const char *name)
{
    for (const char *const *sql = a->settings->sql; *sql; sql++)
        if (strstr(*sql, name)) return true;
    return a->trade_sql && strstr(a->trade_sql, name);
}

/* ---- output variables ----------------------------------------------------------------------------- */

static size_t length_of(const description *about, const char *dimension)
{
    return *dimension == 'r' ? about->N : *dimension == 's' ? about->J : about->S;
}

static const char *label_of(const description *about, const char *dimension, size_t index)
{
    return *dimension == 'r' ? about->regions[index].label.id : *dimension == 's' ? about->sectors[index].label.id : about->groups[index].id;
}

enum { DIMENSION_MAX = 4, NUMBER_COUNT = 3 };
/* A shape of variables: its dimensions, the table that holds them, and the columns of their labels. */
typedef struct shape_row {
    const char *shape, *suffix;
    const char *dimensions[DIMENSION_MAX], *columns[DIMENSION_MAX];
} shape_row;
static const shape_row shapes[] = {
    {"region", "region", {"region"}, {"region"}},
    {"region,sector", "sector", {"region", "sector"}, {"region", "sector"}},
    {"region,group", "group", {"region", "group"}, {"region", "group_id"}},
    {"region,region", "pair", {"region", "region"}, {"origin", "destination"}},
    {"region,region,sector", "pair_sector", {"region", "region", "sector"}, {"origin", "destination", "sector"}},
    {"region,region,group", "pair_group", {"region", "region", "group"}, {"origin", "destination", "group_id"}},
};

static size_t length_of_shape(const description *about, const shape_row *shape)
{
    size_t count = 1;
    for (size_t d = 0; d < DIMENSION_MAX && shape->dimensions[d]; d++) count *= length_of(about, shape->dimensions[d]);
    return count;
}

/* Rows of one variable of one answer. values: room for its columns. */
static bashu_status load_variable(asked *a, inserter *rows, const shape_row *shape, const bashu_variable *variable, const answer_source *source,
                                  size_t answer, double *values)
{
    static const bashu_column columns[NUMBER_COUNT] = {BASHU_BASE, BASHU_COUNTERFACTUAL, BASHU_HAT};
    const description *about = &a->economy->about;
    size_t dimensions = 0, count = length_of_shape(about, shape);
    while (dimensions < DIMENSION_MAX && shape->dimensions[dimensions]) dimensions++;
    for (size_t k = 0; k < NUMBER_COUNT; k++)
        TRY(source->values(a, answer, variable->name, columns[k], values + k * count, count));
    cell cells[2 + DIMENSION_MAX + NUMBER_COUNT] = {{variable->name, (double)NAN}, source->label(a, answer)};
    for (size_t i = 0; i < count; i++) {
        for (size_t d = dimensions, rest = i; d-- > 0;) {
            size_t length = length_of(about, shape->dimensions[d]);
            cells[2 + d] = (cell){label_of(about, shape->dimensions[d], rest % length), (double)NAN};
            rest /= length;
        }
        for (size_t k = 0; k < NUMBER_COUNT; k++) cells[2 + dimensions + k] = (cell){NULL, values[k * count + i]};
        bool nothing = variable->family == BASHU_PAIR && values[i] == 0 && values[count + i] == 0; /* most pairs of a large matrix */
        if (!nothing) TRY(insert_row(rows, cells));
    }
    return BASHU_OK;
}

/* RUN_region(variable, change, region, base, counterfactual, hat), RUN_sector(variable, change, region, sector, ...) and so on. */
static bashu_status load_shape(asked *a, const shape_row *shape, const answer_source *source)
{
    const char *names[2 + DIMENSION_MAX + NUMBER_COUNT] = {"variable", source->column}, *title = table_name(a, shape->suffix);
    size_t count = 2;
    inserter *rows;
    if (!title) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    for (; count < 2 + DIMENSION_MAX && shape->columns[count - 2]; count++) names[count] = shape->columns[count - 2];
    names[count++] = "base";
    names[count++] = "counterfactual";
    names[count++] = "hat";
    double *values = arena_alloc(a->memory, NUMBER_COUNT * length_of_shape(&a->economy->about, shape), sizeof *values);
    if (!values) return fail_memory(a->context);
    TRY(insert_begin(&rows, a->database, title, names, count));
    for (size_t v = 0; v < bashu_variable_count(); v++) {
        const bashu_variable *variable = bashu_variable_at(v);
        const char *quoted = arena_format(a->memory, "'%s'", variable->name);
        if (!quoted) return fail_memory(a->context);
        bool asked_for = !strcmp(variable->shape, shape->shape) && is_named(a, quoted);
        for (size_t k = 0; asked_for && k < source->count; k++) TRY(load_variable(a, rows, shape, variable, source, k, values));
    }
    return insert_end(rows);
}

bashu_status load_shapes(asked *a, const answer_source *source)
{
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) TRY(load_shape(a, &shapes[k], source));
    return BASHU_OK;
}

/* ---- results ------------------------------------------------------------------------------------------- */

static cell change_of(const asked *a, size_t result) { return (cell){a->changes[result], (double)NAN}; }

static bashu_status values_of(const asked *a, size_t result, const char *variable, bashu_column column, double *values, size_t count)
{
    return bashu_result_values(a->results[result], variable, column, values, count);
}

/* RUN_trade(change, origin, destination, sector, base, counterfactual, base_share, share): trade and trade_share side by side, where
 * something is bought at the baseline. */
static bashu_status plan_trade(asked *a)
{
    const char *pairs = table_name(a, "pair_sector"), *title = table_name(a, "trade");
    if (!pairs || !title) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    a->trade_sql = arena_format(a->memory,
                                "CREATE TABLE %s AS SELECT change, origin, destination, sector,"
                                " max(CASE variable WHEN 'trade' THEN base END) AS base,"
                                " max(CASE variable WHEN 'trade' THEN counterfactual END) AS counterfactual,"
                                " max(CASE variable WHEN 'trade_share' THEN base END) AS base_share,"
                                " max(CASE variable WHEN 'trade_share' THEN counterfactual END) AS share"
                                " FROM %s WHERE variable IN ('trade', 'trade_share') AND base > 0"
                                " GROUP BY change, origin, destination, sector HAVING count(*) = 2", title, pairs);
    return a->trade_sql ? BASHU_OK : fail_memory(a->context);
}

bashu_status load_results(asked *a)
{
    const answer_source results = {"change", a->result_count, change_of, values_of};
    TRY(plan_trade(a));
    TRY(load_shapes(a, &results));
    return a->trade_sql ? database_run(a->database, (sql_place){a->settings->about->path, a->run->line}, a->trade_sql) : BASHU_OK;
}

/* ---- tables of reports --------------------------------------------------------------------------------- */

static bashu_status load_content(asked *a, const char *title, const char *content)
{
    static const char *const text[] = {"region", "variable", "item", "unit", "sector", "origin", "destination", "group", "class",
                                       "registered_in", "lives_in", "residence", "workplace", "name", "note", "effect", "level",
                                       "place", "account", "made_in", "used_in", "origin_region", "origin_sector",
                                       "destination_region", "destination_sector", "from", "to", NULL};
    const char *path = arena_format(a->memory, "%s/%s.csv", a->settings->economy, title);
    if (!path) return fail_memory(a->context);
    TRY(text_file_draft(a->context, path, content, strlen(content)));
    return load_table(a->database, a->memory, &(case_input){.table = title, .file = path, .text = text}, path);
}

bashu_status load_report(asked *a, const char *suffix, report_function *report, const void *subject, const char *format)
{
    const char *title = table_name(a, suffix);
    char *content = NULL;
    if (!title) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    bashu_status status = report(&content, subject, format);
    if (status == BASHU_OK) status = load_content(a, title, content);
    bashu_text_free(content);
    return status;
}

bashu_status load_facts(asked *a, const fact *facts, size_t count)
{
    static const char *const columns[] = {"name", "value"};
    const char *title = table_name(a, "info");
    inserter *rows;
    if (!title) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    TRY(insert_begin(&rows, a->database, title, columns, 2));
    for (size_t k = 0; k < count; k++) {
        const cell cells[] = {{facts[k].name, (double)NAN}, {NULL, facts[k].value}};
        TRY(insert_row(rows, cells));
    }
    return insert_end(rows);
}
