/* path_question.c - the question `path`: an economy year by year, without and with a scenario, as tables.
 *
 *   RUN_region(variable, year, region, base, counterfactual, hat), RUN_sector, RUN_group   what the year is on both paths (answers.c)
 *   RUN_set(variable, year, region_set, member, base, counterfactual, hat)                 the same of sets of regions
 *   RUN_present_value(variable, region_set, member, percent)
 *   RUN_years(year, growth_base, growth, passes_base, passes, residual_base, residual)     the nation's growth, in logs; the work and the certificate
 *   RUN_info(name, value)
 *
 * Years are calendar years; the first is the economy's own. */
#include "verify/asked.h"

#include "accounts/accounts.h"

#include <math.h>
#include <string.h>

static cell year_of(const asked *a, size_t t) { return (cell){NULL, (double)bashu_path_year(a->path, t)}; }

static bashu_status values_of(const asked *a, size_t t, const char *variable, bashu_column column, double *values, size_t count)
{
    return bashu_path_values(a->path, t, variable, column, values, count);
}

/* ---- sets of regions ----------------------------------------------------------------------------------- */

/* What is done with a variable of a set of regions: rows of one of the two tables. */
typedef bashu_status set_rows(asked *a, inserter *rows, const char *variable, const char *set, const char *member);

static bashu_status years_of_set(asked *a, inserter *rows, const char *variable, const char *set, const char *member)
{
    static const bashu_column columns[] = {BASHU_BASE, BASHU_COUNTERFACTUAL, BASHU_HAT};
    for (size_t t = 0; t < bashu_path_describe(a->path)->year_count; t++) {
        cell cells[] = {{variable, (double)NAN}, year_of(a, t), {set, (double)NAN}, {member, (double)NAN}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
        for (size_t k = 0; k < 3; k++) TRY(bashu_path_aggregate(a->path, t, variable, set, member, columns[k], &cells[4 + k].number));
        TRY(insert_row(rows, cells));
    }
    return BASHU_OK;
}

static bashu_status present_value_of_set(asked *a, inserter *rows, const char *variable, const char *set, const char *member)
{
    double percent;
    TRY(bashu_path_present_value(a->path, variable, set, member, &percent));
    const cell cells[] = {{variable, (double)NAN}, {set, (double)NAN}, {member, (double)NAN}, {NULL, percent}};
    return insert_row(rows, cells);
}

/* The nation and every member of every region set. */
static bashu_status each_set(asked *a, inserter *rows, const char *variable, set_rows *row)
{
    const description *about = &a->economy->about;
    TRY(row(a, rows, variable, "all", ""));
    for (size_t g = 0; g < about->set_count; g++)
        for (size_t m = 0; m < about->sets[g].member_count; m++) TRY(row(a, rows, variable, about->sets[g].name, about->sets[g].members[m].id));
    return BASHU_OK;
}

static bashu_status load_sets(asked *a, const char *suffix, const char *const *columns, size_t count, set_rows *row)
{
    const char *title = table_name(a, suffix);
    inserter *rows;
    if (!title) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    TRY(insert_begin(&rows, a->database, title, columns, count));
    for (size_t v = 0; v < bashu_variable_count(); v++) {
        const bashu_variable *variable = bashu_variable_at(v);
        const char *quoted = arena_format(a->memory, "'%s'", variable->name);
        if (!quoted) return fail_memory(a->context);
        if (variable->family == BASHU_OUTCOME && !strcmp(variable->shape, "region") && is_named(a, quoted)) TRY(each_set(a, rows, variable->name, row));
    }
    return insert_end(rows);
}

/* ---- years --------------------------------------------------------------------------------------------- */

static bashu_status load_years(asked *a)
{
    static const char *const columns[] = {"year", "growth_base", "growth", "passes_base", "passes", "residual_base", "residual"};
    const char *title = table_name(a, "years");
    inserter *rows;
    if (!title) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    TRY(insert_begin(&rows, a->database, title, columns, 7));
    for (size_t t = 0; t < bashu_path_describe(a->path)->year_count; t++) {
        cell cells[7] = {year_of(a, t)};
        for (size_t w = 0; w < 2; w++) {
            const bashu_info *info = bashu_result_info(bashu_path_result(a->path, t, (int)w));
            double growth = (double)NAN;
            if (t) TRY(bashu_path_growth(a->path, t, (int)w, &growth));
            cells[1 + w].number = growth;
            cells[3 + w].number = info->passes;
            cells[5 + w].number = info->residual;
        }
        TRY(insert_row(rows, cells));
    }
    return insert_end(rows);
}

static bashu_status load_path(asked *a)
{
    static const char *const of_years[] = {"variable", "year", "region_set", "member", "base", "counterfactual", "hat"};
    static const char *const of_values[] = {"variable", "region_set", "member", "percent"};
    const bashu_path_info *i = bashu_path_describe(a->path);
    const answer_source years = {"year", i->year_count, year_of, values_of};
    const fact facts[] = {{"years", (double)i->year_count}, {"passes", (double)i->passes}, {"most_passes", (double)i->most_passes}, {"residual", i->residual}};
    TRY(load_facts(a, facts, sizeof facts / sizeof facts[0]));
    TRY(load_shapes(a, &years));
    TRY(load_sets(a, "set", of_years, 7, years_of_set));
    TRY(load_sets(a, "present_value", of_values, 4, present_value_of_set));
    return load_years(a);
}

bashu_status ask_path(asked *a)
{
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    TRY(open_scenario(a));
    if (!isnan(a->run->years)) wanted.years = (int)a->run->years;
    if (!isnan(a->run->discount)) wanted.discount = a->run->discount;
    TRY(bashu_path_new(&a->path, a->economy, a->scenario, &a->options, &wanted));
    const bashu_path_info *i = bashu_path_describe(a->path);
    if (!is_answered(a, i->reason, i->passes)) return BASHU_OK;
    bashu_status status = load_path(a);
    return status == BASHU_ERROR_ARGUMENT ? fail_run(a, a->run->line, status) : status; /* a variable that years do not have */
}
