/* runs.c - questions of a case put to the engine, and its answers as tables of the database.
 *
 * A question is a row of `questions`; a shape of output variables a row of `shapes`. Everything goes through bashu.h, as a
 * user would; only flows of trade are drawn from the solver's last point. */
#include "verify/verify.h"

#include "equilibrium/equilibrium.h"
#include "equilibrium/system.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct asked { /* one run under way; what is open belongs to it */
    bashu_context *context;
    arena *memory;
    database *database;
    const case_run *run;
    const run_settings *settings;
    run_outcome *outcome;
    bashu_options options;
    bashu_data *data;
    bashu_economy *economy;
    bashu_scenario *scenario;
    bashu_solver *solver;
    bashu_result *result;
} asked;

static bashu_status fail_at(const asked *a, size_t line, bashu_status status)
{
    char words[1024];
    snprintf(words, sizeof words, "%s", bashu_message(a->context));
    return fail(a->context, status == BASHU_ERROR_ARGUMENT ? BASHU_ERROR_INPUT : status, "%s:%zu: run '%s': %s",
                a->settings->about->path, line, a->run->name, words);
}

/* ---- tables of answers -------------------------------------------------------------------------------- */

static const char *table_name(const asked *a, const char *suffix) { return arena_format(a->memory, "%s_%s", a->run->name, suffix); }

/* Filling in what nothing reads would be most of the time spent: only tables, and variables in quotes, that SQL names. */
static bool is_named(const asked *a, const char *name)
{
    const verify_case *c = a->settings->about;
    for (size_t k = 0; k < c->quantity_count; k++)
        if (strstr(c->quantities[k].sql, name)) return true;
    return false;
}

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

static bashu_status load_variable(asked *a, inserter *rows, const shape_row *shape, const bashu_variable *variable)
{
    static const bashu_column columns[NUMBER_COUNT] = {BASHU_BASE, BASHU_COUNTERFACTUAL, BASHU_HAT};
    const description *about = &a->economy->about;
    size_t dimensions = 0, count = 1;
    for (; dimensions < DIMENSION_MAX && shape->dimensions[dimensions]; dimensions++)
        count *= length_of(about, shape->dimensions[dimensions]);
    double *values = arena_alloc(a->memory, NUMBER_COUNT * count, sizeof *values);
    if (!values) return fail_memory(a->context);
    for (size_t k = 0; k < NUMBER_COUNT; k++)
        TRY(bashu_result_values(a->result, variable->name, columns[k], values + k * count, count));
    cell cells[1 + DIMENSION_MAX + NUMBER_COUNT] = {{variable->name, (double)NAN}};
    for (size_t i = 0; i < count; i++) {
        for (size_t d = dimensions, rest = i; d-- > 0;) {
            size_t length = length_of(about, shape->dimensions[d]);
            cells[1 + d] = (cell){label_of(about, shape->dimensions[d], rest % length), (double)NAN};
            rest /= length;
        }
        for (size_t k = 0; k < NUMBER_COUNT; k++) cells[1 + dimensions + k] = (cell){NULL, values[k * count + i]};
        bool nothing = variable->family == BASHU_PAIR && values[i] == 0 && values[count + i] == 0; /* most pairs of a large matrix */
        if (!nothing) TRY(insert_row(rows, cells));
    }
    return BASHU_OK;
}

/* RUN_region(variable, region, base, counterfactual, hat), RUN_sector(variable, region, sector, ...) and so on. */
static bashu_status load_shape(asked *a, const shape_row *shape)
{
    const char *names[1 + DIMENSION_MAX + NUMBER_COUNT] = {"variable"}, *title = table_name(a, shape->suffix);
    size_t count = 1;
    inserter *rows;
    if (!title) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    for (; count <= DIMENSION_MAX && shape->columns[count - 1]; count++) names[count] = shape->columns[count - 1];
    names[count++] = "base";
    names[count++] = "counterfactual";
    names[count++] = "hat";
    TRY(insert_begin(&rows, a->database, title, names, count));
    for (size_t v = 0; v < bashu_variable_count(); v++) {
        const bashu_variable *variable = bashu_variable_at(v);
        const char *quoted = arena_format(a->memory, "'%s'", variable->name);
        if (!quoted) return fail_memory(a->context);
        if (!strcmp(variable->shape, shape->shape) && is_named(a, quoted)) TRY(load_variable(a, rows, shape, variable));
    }
    return insert_end(rows);
}

/* RUN_trade(origin, destination, sector, base, counterfactual, base_share, share): flows at buyers' prices, and the share of
 * the buyer's expenditure on the sector; where something is bought at the baseline. */
static bashu_status load_trade(asked *a)
{
    static const char *const names[] = {"origin", "destination", "sector", "base", "counterfactual", "base_share", "share"};
    const bashu_economy *e = a->economy;
    const system_of_equations *system = solver_system(a->solver);
    const char *title = table_name(a, "trade");
    bool unchanged = bashu_result_info(a->result)->reason == BASHU_CONVERGED_UNCHANGED;
    size_t N = e->about.N, J = e->about.J;
    inserter *rows;
    if (!title) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    if (a->options.starts != 0) /* the last point would be that of another start */
        return fail(a->context, BASHU_ERROR_INPUT, "%s:%zu: run '%s': the table %s needs starts: 0", a->settings->about->path,
                    a->run->line, a->run->name, title);
    TRY(insert_begin(&rows, a->database, title, names, sizeof names / sizeof names[0]));
    for (size_t at = 0; at < N * J * N; at++) {
        size_t n = at / (J * N), j = at / N % J, i = at % N, nj = at2(n, j, J);
        double before = e->trade_share[at], after = unchanged ? before : trade_share(&system->problem, &system->at, n, j, i);
        if (!(e->expenditure[nj] > 0 && before > 0)) continue;
        const cell cells[] = {{e->about.regions[i].label.id, (double)NAN}, {e->about.regions[n].label.id, (double)NAN},
                              {e->about.sectors[j].label.id, (double)NAN}, {NULL, before * e->expenditure[nj]},
                              {NULL, after * a->result->expenditure[nj]}, {NULL, before}, {NULL, after}};
        TRY(insert_row(rows, cells));
    }
    return insert_end(rows);
}

/* ---- questions ---------------------------------------------------------------------------------------- */

static bashu_status open_economy(asked *a)
{
    const verify_case *about = a->settings->about;
    const char *slash = about->model ? strrchr(about->model, '/') : NULL, *model = NULL;
    if (about->model) {
        model = arena_format(a->memory, "%s/%s", a->settings->economy, slash ? slash + 1 : about->model);
        if (!model) return fail_memory(a->context);
    }
    TRY(bashu_data_read(&a->data, a->context, a->settings->economy, model));
    for (size_t k = 0; k < a->run->set_count; k++) {
        bashu_status status = bashu_data_set(a->data, a->run->set[k].name, a->run->set[k].value);
        if (status != BASHU_OK) return fail_at(a, a->run->set[k].line, status);
    }
    bashu_options options = a->options;
    options.method = 0; /* what is asked of a method is the counterfactual */
    return bashu_calibrate(&a->economy, a->data, &options);
}

/* A table of bashu_economy_table, RUN_accounts(region, variable, item, value, unit) and so on. */
static bashu_status load_economy_table(asked *a, const char *suffix)
{
    static const char *const text[] = {"region", "variable", "item",   "unit",          "sector",   "origin", "destination",
                                       "group",  "class",    "registered_in", "lives_in", NULL};
    const char *title = table_name(a, suffix), *file = arena_format(a->memory, "%s.csv", suffix);
    if (!title || !file) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    const char *path = arena_format(a->memory, "%s/%s.csv", a->settings->economy, title);
    char *content = NULL;
    if (!path) return fail_memory(a->context);
    bashu_status status = bashu_economy_table(&content, a->economy, file);
    if (status == BASHU_OK) status = text_file_draft(a->context, path, content, strlen(content));
    bashu_text_free(content);
    TRY(status);
    return load_table(a->database, a->memory, &(case_input){.table = title, .file = path, .text = text}, path);
}

static bashu_status ask_solve(asked *a)
{
    TRY(open_economy(a));
    if (a->run->scenario) {
        const char *slash = strrchr(a->run->scenario, '/');
        char *path = arena_format(a->memory, "%s/%s", a->settings->economy, slash ? slash + 1 : a->run->scenario);
        if (!path) return fail_memory(a->context);
        TRY(bashu_scenario_read(&a->scenario, a->economy, path));
    }
    TRY(bashu_solver_new(&a->solver, a->economy, &a->options));
    TRY(bashu_solve(&a->result, a->solver, a->scenario));
    const bashu_info *info = bashu_result_info(a->result);
    a->outcome->passes += info->passes;
    if (info->reason == BASHU_DIVERGED_INTERRUPTED) return fail(a->context, BASHU_INTERRUPTED, "interrupted");
    if (info->reason <= 0) {
        a->outcome->reason = info->reason;
        return BASHU_OK;
    }
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) TRY(load_shape(a, &shapes[k]));
    TRY(load_trade(a));
    TRY(load_economy_table(a, "accounts"));
    return load_economy_table(a, "fundamentals");
}

static bashu_status ask_calibrate(asked *a)
{
    static const char *const tables[] = {"accounts", "fundamentals", "trade", "migration", "travel_time"};
    TRY(open_economy(a));
    for (size_t k = 0; k < sizeof tables / sizeof tables[0]; k++) TRY(load_economy_table(a, tables[k]));
    return BASHU_OK;
}

/* A new question: a function that answers it and loads tables named after the run, and a row here. */
static const struct {
    const char *name;
    bashu_status (*ask)(asked *a);
} questions[] = {
    {"solve", ask_solve},
    {"calibrate", ask_calibrate},
};
enum { QUESTION_COUNT = sizeof questions / sizeof questions[0] };

/* ---- one run ------------------------------------------------------------------------------------------ */

static bashu_status unknown_question(const asked *a)
{
    const char *names[QUESTION_COUNT], *path = a->settings->about->path;
    for (size_t k = 0; k < QUESTION_COUNT; k++) names[k] = questions[k].name;
    const char *near = nearest_name(a->run->question, names, QUESTION_COUNT);
    return fail(a->context, BASHU_ERROR_INPUT, "%s:%zu: there is no question '%s'; did you mean '%s'?", path, a->run->line,
                a->run->question, near ? near : names[0]);
}

static bashu_status ask(asked *a)
{
    for (size_t k = 0; k < a->run->option_count; k++) {
        const case_setting *option = &a->run->options[k];
        bashu_status status = bashu_option_set(&a->options, a->context, option->name, option->value);
        if (status != BASHU_OK) return fail_at(a, option->line, status);
    }
    for (size_t k = 0; k < QUESTION_COUNT; k++)
        if (!strcmp(a->run->question, questions[k].name)) return questions[k].ask(a);
    return unknown_question(a);
}

bashu_status run_ask(database *d, const case_run *run, const run_settings *settings, run_outcome *outcome)
{
    bashu_context *context = settings->context;
    asked a = {.context = context, .memory = arena_new(context), .database = d, .run = run, .settings = settings,
               .outcome = outcome, .options = settings->options};
    if (!a.memory) return fail_memory(context);
    bashu_status status = ask(&a);
    bashu_result_free(a.result);
    bashu_solver_free(a.solver);
    bashu_scenario_free(a.scenario);
    bashu_economy_free(a.economy);
    bashu_data_free(a.data);
    arena_free(a.memory);
    return status;
}
