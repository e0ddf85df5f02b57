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
    const bashu_economy *economy; /* of settings->opened */
    bashu_scenario *scenario;
    bashu_solver *solver;
    bashu_result **results;       /* [result_count] */
    const char **changes;         /* [result_count] the change alone that was solved; NULL: the scenario whole */
    size_t result_count;
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

/* Rows of one variable of one result. */
static bashu_status load_variable(asked *a, inserter *rows, const shape_row *shape, const bashu_variable *variable, size_t result)
{
    static const bashu_column columns[NUMBER_COUNT] = {BASHU_BASE, BASHU_COUNTERFACTUAL, BASHU_HAT};
    const description *about = &a->economy->about;
    size_t dimensions = 0, count = 1;
    for (; dimensions < DIMENSION_MAX && shape->dimensions[dimensions]; dimensions++)
        count *= length_of(about, shape->dimensions[dimensions]);
    double *values = arena_alloc(a->memory, NUMBER_COUNT * count, sizeof *values);
    if (!values) return fail_memory(a->context);
    for (size_t k = 0; k < NUMBER_COUNT; k++)
        TRY(bashu_result_values(a->results[result], variable->name, columns[k], values + k * count, count));
    cell cells[2 + DIMENSION_MAX + NUMBER_COUNT] = {{variable->name, (double)NAN}, {a->changes[result], (double)NAN}};
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
static bashu_status load_shape(asked *a, const shape_row *shape)
{
    const char *names[2 + DIMENSION_MAX + NUMBER_COUNT] = {"variable", "change"}, *title = table_name(a, shape->suffix);
    size_t count = 2;
    inserter *rows;
    if (!title) return fail_memory(a->context);
    if (!is_named(a, title)) return BASHU_OK;
    for (; count < 2 + DIMENSION_MAX && shape->columns[count - 2]; count++) names[count] = shape->columns[count - 2];
    names[count++] = "base";
    names[count++] = "counterfactual";
    names[count++] = "hat";
    TRY(insert_begin(&rows, a->database, title, names, count));
    for (size_t v = 0; v < bashu_variable_count(); v++) {
        const bashu_variable *variable = bashu_variable_at(v);
        const char *quoted = arena_format(a->memory, "'%s'", variable->name);
        if (!quoted) return fail_memory(a->context);
        bool asked_for = !strcmp(variable->shape, shape->shape) && is_named(a, quoted);
        for (size_t k = 0; asked_for && k < a->result_count; k++) TRY(load_variable(a, rows, shape, variable, k));
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
    bool unchanged = bashu_result_info(a->results[0])->reason == BASHU_CONVERGED_UNCHANGED;
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
                              {NULL, after * a->results[0]->expenditure[nj]}, {NULL, before}, {NULL, after}};
        TRY(insert_row(rows, cells));
    }
    return insert_end(rows);
}

/* ---- questions ---------------------------------------------------------------------------------------- */

static bool same_settings(const case_setting *a, size_t a_count, const case_setting *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t k = 0; same && k < a_count; k++) same = !strcmp(a[k].name, b[k].name) && !strcmp(a[k].value, b[k].value);
    return same;
}

void economy_close(opened_economy *opened)
{
    bashu_economy_free(opened->economy);
    bashu_data_free(opened->data);
    *opened = (opened_economy){0};
}

static bashu_status read_economy(opened_economy *opened, const asked *a)
{
    const verify_case *about = a->settings->about;
    const char *slash = about->model ? strrchr(about->model, '/') : NULL, *model = NULL;
    if (about->model) {
        model = arena_format(a->memory, "%s/%s", a->settings->economy, slash ? slash + 1 : about->model);
        if (!model) return fail_memory(a->context);
    }
    TRY(bashu_data_read(&opened->data, a->context, a->settings->economy, model));
    for (size_t k = 0; k < a->run->set_count; k++) {
        bashu_status status = bashu_data_set(opened->data, a->run->set[k].name, a->run->set[k].value);
        if (status != BASHU_OK) return fail_at(a, a->run->set[k].line, status);
    }
    bashu_options options = a->options;
    options.method = 0; /* what is asked of a method is the counterfactual */
    return bashu_calibrate(&opened->economy, opened->data, &options);
}

/* An economy never changes: that of the last run serves again where nothing is set otherwise. */
static bashu_status open_economy(asked *a)
{
    opened_economy *opened = a->settings->opened;
    const case_run *last = opened->economy ? opened->run : NULL, *now = a->run;
    if (!last || !same_settings(last->set, last->set_count, now->set, now->set_count)
        || !same_settings(last->options, last->option_count, now->options, now->option_count)) {
        economy_close(opened);
        TRY(read_economy(opened, a));
        opened->run = now;
    }
    a->economy = opened->economy;
    return BASHU_OK;
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

/* Everything a question about a scenario begins with: economy, scenario, solver, room for results. */
static bashu_status open_solver(asked *a, size_t *change_count)
{
    TRY(open_economy(a));
    if (a->run->scenario) {
        const char *slash = strrchr(a->run->scenario, '/');
        char *path = arena_format(a->memory, "%s/%s", a->settings->economy, slash ? slash + 1 : a->run->scenario);
        if (!path) return fail_memory(a->context);
        TRY(bashu_scenario_read(&a->scenario, a->economy, path));
    }
    *change_count = a->scenario ? bashu_scenario_change_count(a->scenario) : 0;
    a->results = arena_alloc(a->memory, *change_count + 1, sizeof *a->results);
    a->changes = arena_alloc(a->memory, *change_count + 1, sizeof *a->changes);
    if (!a->results || !a->changes) return fail_memory(a->context);
    return bashu_solver_new(&a->solver, a->economy, &a->options);
}

/* mask NULL: all changes. */
static bashu_status solve_one(asked *a, const char *id, const unsigned char *mask)
{
    bashu_result **result = &a->results[a->result_count];
    a->changes[a->result_count] = id;
    TRY(mask ? bashu_solve_some(result, a->solver, a->scenario, mask) : bashu_solve(result, a->solver, a->scenario));
    a->result_count++;
    const bashu_info *info = bashu_result_info(*result);
    a->outcome->passes += info->passes;
    if (info->reason == BASHU_DIVERGED_INTERRUPTED) return fail(a->context, BASHU_INTERRUPTED, "interrupted");
    if (info->reason <= 0) a->outcome->reason = info->reason;
    return BASHU_OK;
}

static bashu_status load_results(asked *a)
{
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) TRY(load_shape(a, &shapes[k]));
    TRY(load_economy_table(a, "accounts"));
    return load_economy_table(a, "fundamentals");
}

static bashu_status ask_solve(asked *a)
{
    size_t changes = 0;
    TRY(open_solver(a, &changes));
    TRY(solve_one(a, NULL, NULL));
    if (a->outcome->reason <= 0) return BASHU_OK;
    TRY(load_results(a));
    return load_trade(a);
}

/* Each change of the scenario alone. */
static bashu_status ask_each(asked *a)
{
    size_t changes = 0;
    bashu_change about;
    TRY(open_solver(a, &changes));
    if (!changes)
        return fail(a->context, BASHU_ERROR_INPUT, "%s:%zu: run '%s': the question 'each' is about changes; name a scenario that has some",
                    a->settings->about->path, a->run->line, a->run->name);
    unsigned char *mask = arena_alloc(a->memory, changes + 1, sizeof *mask);
    if (!mask) return fail_memory(a->context);
    for (size_t k = 0; k < changes && a->outcome->reason > 0; k++) {
        TRY(bashu_scenario_change_get(a->scenario, k, &about));
        mask[k] = 1;
        TRY(solve_one(a, about.id, mask));
        mask[k] = 0;
    }
    return a->outcome->reason > 0 ? load_results(a) : BASHU_OK;
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
    {"each", ask_each},
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
    for (size_t k = 0; k < a.result_count; k++) bashu_result_free(a.results[k]);
    bashu_solver_free(a.solver);
    bashu_scenario_free(a.scenario);
    arena_free(a.memory);
    return status;
}
