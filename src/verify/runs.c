/* runs.c - questions of a case put to the engine: a question is a row of `questions`. Everything goes through bashu.h, as a
 * user would; answers become tables in answers.c. */
#include "verify/asked.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bashu_status fail_run(const asked *a, size_t line, bashu_status status)
{
    char words[1024];
    snprintf(words, sizeof words, "%s", bashu_message(a->context));
    return fail(a->context, status == BASHU_ERROR_ARGUMENT ? BASHU_ERROR_INPUT : status, "%s:%zu: run '%s': %s",
                a->settings->about->path, line, a->run->name, words);
}

/* ---- questions ---------------------------------------------------------------------------------------- */

const char *in_folder(const asked *a, const char *name)
{
    const char *slash = strrchr(name, '/');
    return arena_format(a->memory, "%s/%s", a->settings->economy, slash ? slash + 1 : name);
}

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
    const char *about = a->settings->about->model, *model = about ? in_folder(a, about) : NULL;
    if (about && !model) return fail_memory(a->context);
    TRY(bashu_data_read(&opened->data, a->context, a->settings->economy, model));
    for (size_t k = 0; k < a->run->set_count; k++) {
        bashu_status status = bashu_data_set(opened->data, a->run->set[k].name, a->run->set[k].value);
        if (status != BASHU_OK) return fail_run(a, a->run->set[k].line, status);
    }
    return bashu_calibrate(&opened->economy, opened->data, &a->options);
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

bool is_answered(asked *a, bashu_reason reason, int passes)
{
    a->outcome->passes += passes;
    if (reason <= 0) a->outcome->reason = reason;
    return reason > 0;
}

static bashu_status economy_report(char **out, const void *subject, const char *format) { return bashu_economy_table(out, subject, format); }

bashu_status open_scenario(asked *a)
{
    TRY(open_economy(a));
    if (!a->run->scenario) return BASHU_OK;
    const char *path = in_folder(a, a->run->scenario);
    return path ? bashu_scenario_read(&a->scenario, a->economy, path) : fail_memory(a->context);
}

/* Everything a question about equilibria of a scenario begins with: economy, scenario, solver, room for results. */
static bashu_status open_solver(asked *a, size_t *change_count)
{
    TRY(open_scenario(a));
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
    a->changes[a->result_count++] = id; /* counted before it is there: a failure may leave half of one */
    TRY(mask ? bashu_solve_some(result, a->solver, a->scenario, mask) : bashu_solve(result, a->solver, a->scenario));
    const bashu_info *info = bashu_result_info(*result);
    if (info->reason == BASHU_DIVERGED_INTERRUPTED) return fail(a->context, BASHU_INTERRUPTED, "interrupted");
    (void)is_answered(a, info->reason, info->passes);
    return BASHU_OK;
}

/* The results, with the baseline they start from. */
static bashu_status load_answer(asked *a)
{
    if (a->outcome->reason <= 0) return BASHU_OK;
    TRY(load_results(a));
    TRY(load_report(a, "accounts", economy_report, a->economy, "accounts.csv"));
    return load_report(a, "fundamentals", economy_report, a->economy, "fundamentals.csv");
}

static bashu_status ask_solve(asked *a)
{
    size_t changes = 0;
    TRY(open_solver(a, &changes));
    TRY(solve_one(a, NULL, NULL));
    return load_answer(a);
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
    return load_answer(a);
}

static bashu_status ask_calibrate(asked *a)
{
    static const char *const tables[] = {"accounts", "fundamentals", "trade", "migration", "commuting", "travel_time"};
    TRY(open_economy(a));
    for (size_t k = 0; k < sizeof tables / sizeof tables[0]; k++) {
        const char *file = arena_format(a->memory, "%s.csv", tables[k]);
        if (!file) return fail_memory(a->context);
        TRY(load_report(a, tables[k], economy_report, a->economy, file));
    }
    return BASHU_OK;
}

static bashu_status gravity_report_of(char **out, const void *subject, const char *format)
{
    return bashu_gravity_report(out, subject, format, BASHU_EN);
}

static bashu_status ask_gravity(asked *a)
{
    const char *path = in_folder(a, a->run->spec);
    if (!path) return fail_memory(a->context);
    TRY(bashu_gravity_read(&a->gravity, a->context, path, &a->options));
    const bashu_gravity_info *i = bashu_gravity_information(a->gravity);
    if (!is_answered(a, i->reason, i->iterations)) return BASHU_OK;
    const fact facts[] = {
        {"rows_read", (double)i->rows_read}, {"filtered", (double)i->filtered}, {"incomplete", (double)i->incomplete},
        {"zero_groups", (double)i->zero_groups}, {"singletons", (double)i->singletons}, {"separated", (double)i->separated},
        {"observations", (double)i->observations}, {"collinear", (double)i->collinear},
        {"clusters", (double)i->clusters[0]}, {"clusters_2", (double)i->clusters[1]}, {"score", i->score},
        {"deviance", i->deviance}, {"log_likelihood", i->log_likelihood}, {"pseudo_r2", i->pseudo_r2},
        {"resistance_residual", i->resistance_residual}, {"imbalance", i->imbalance}};
    TRY(load_facts(a, facts, sizeof facts / sizeof facts[0]));
    TRY(load_report(a, "coefficients", gravity_report_of, a->gravity, "coefficients.csv"));
    TRY(load_report(a, "covariance", gravity_report_of, a->gravity, "covariance.csv"));
    TRY(load_report(a, "effects", gravity_report_of, a->gravity, "fixed_effects.csv"));
    return load_report(a, "resistances", gravity_report_of, a->gravity, "multilateral_resistance.csv");
}

static bashu_status leontief_report_of(char **out, const void *subject, const char *format)
{
    return bashu_leontief_report(out, subject, format, BASHU_EN);
}

static bashu_status ask_leontief(asked *a)
{
    TRY(bashu_leontief_read(&a->accounts, a->context, a->settings->economy));
    const bashu_leontief_info *i = bashu_leontief_info_get(a->accounts);
    if (!is_answered(a, i->reason, i->passes)) return BASHU_OK;
    const fact facts[] = {{"regions", (double)i->regions}, {"sectors", (double)i->sectors}, {"accounts", (double)i->accounts},
                          {"residual", i->residual}, {"spectral_radius", i->spectral_radius}};
    TRY(load_facts(a, facts, sizeof facts / sizeof facts[0]));
    TRY(load_report(a, "accounts", leontief_report_of, a->accounts, "accounts.csv"));
    TRY(load_report(a, "embodied", leontief_report_of, a->accounts, "embodied.csv"));
    TRY(load_report(a, "industries", leontief_report_of, a->accounts, "industries.csv"));
    return load_report(a, "inverse", leontief_report_of, a->accounts, "inverse.csv");
}

static bashu_status assignment_report_of(char **out, const void *subject, const char *format)
{
    return bashu_assignment_report(out, subject, format, BASHU_EN);
}

static bashu_status ask_assignment(asked *a)
{
    static const double gap = 1e-13; /* as bashu assign */
    const char *links = in_folder(a, "links.csv"), *trips = in_folder(a, "trips.csv");
    if (!links || !trips) return fail_memory(a->context);
    TRY(bashu_assignment_read(&a->assignment, a->context, links, trips));
    TRY(bashu_assignment_solve(a->assignment, gap));
    const bashu_assignment_info *i = bashu_assignment_info_get(a->assignment);
    if (!is_answered(a, i->reason, i->rounds)) return BASHU_OK;
    const fact facts[] = {{"nodes", (double)i->nodes}, {"links", (double)i->links}, {"pairs", (double)i->pairs},
                          {"trips", i->trips}, {"trips_within", i->trips_within}, {"relative_gap", i->relative_gap},
                          {"average_excess", i->average_excess}, {"conservation", i->conservation},
                          {"objective", i->objective}, {"total_time", i->total_time}};
    TRY(load_facts(a, facts, sizeof facts / sizeof facts[0]));
    return load_report(a, "links", assignment_report_of, a->assignment, "links.csv");
}

/* A new question: a function that answers it and loads tables named after the run, and a row here. */
typedef struct question_row {
    const char *name;
    bashu_status (*ask)(asked *a);
    bool economy, scenario, spec, years; /* what it reads; a specification it needs */
    bool settings;                       /* `set` of its own, without an economy */
    bool solves;                         /* equilibria: another method of the solver may answer otherwise */
} question_row;
static const question_row questions[] = {
    {.name = "solve", .ask = ask_solve, .economy = true, .scenario = true, .solves = true},
    {.name = "each", .ask = ask_each, .economy = true, .scenario = true, .solves = true},
    {.name = "path", .ask = ask_path, .economy = true, .scenario = true, .years = true, .solves = true},
    {.name = "calibrate", .ask = ask_calibrate, .economy = true},
    {.name = "gravity", .ask = ask_gravity, .spec = true},
    {.name = "leontief", .ask = ask_leontief},
    {.name = "assignment", .ask = ask_assignment},
    {.name = "infrastructure", .ask = ask_infrastructure, .spec = true, .settings = true},
};
enum { QUESTION_COUNT = sizeof questions / sizeof questions[0] };

/* ---- one run ------------------------------------------------------------------------------------------ */

static size_t question_of(const case_run *run)
{
    size_t k = 0;
    while (k < QUESTION_COUNT && strcmp(run->question, questions[k].name) != 0) k++;
    return k;
}

bool run_reads_economy(const case_run *run)
{
    size_t k = question_of(run);
    return k < QUESTION_COUNT && questions[k].economy;
}

bool run_solves(const case_run *run)
{
    size_t k = question_of(run);
    return k < QUESTION_COUNT && questions[k].solves;
}

static bashu_status unknown_question(const asked *a)
{
    const char *names[QUESTION_COUNT], *path = a->settings->about->path;
    for (size_t k = 0; k < QUESTION_COUNT; k++) names[k] = questions[k].name;
    const char *near = nearest_name(a->run->question, names, QUESTION_COUNT);
    return fail(a->context, BASHU_ERROR_INPUT, "%s:%zu: there is no question '%s'; did you mean '%s'?", path, a->run->line,
                a->run->question, near ? near : names[0]);
}

/* The first key of a run that its question does not read; NULL: it reads all. */
static const char *idle_key(const case_run *run, const question_row *question)
{
    const struct {
        const char *key;
        bool stated, read;
    } keys[] = {{"set", run->set_count > 0, question->economy || question->settings},
                {"scenario", run->scenario != NULL, question->scenario},
                {"spec", run->spec != NULL, question->spec},
                {"years", !isnan(run->years), question->years},
                {"discount", !isnan(run->discount), question->years}};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
        if (keys[k].stated && !keys[k].read) return keys[k].key;
    return NULL;
}

/* What a question does not read would be passed over in silence. */
static bashu_status check_run(const asked *a, const question_row *question)
{
    const case_run *run = a->run;
    const char *path = a->settings->about->path, *idle = idle_key(run, question);
    if (idle)
        return fail(a->context, BASHU_ERROR_INPUT, "%s:%zu: run '%s': the question '%s' reads no '%s'; delete it", path, run->line,
                    run->name, run->question, idle);
    if (run->spec || !question->spec) return BASHU_OK;
    return fail(a->context, BASHU_ERROR_INPUT, "%s:%zu: run '%s': the question '%s' needs a specification; write spec: FILE.yaml", path,
                run->line, run->name, run->question);
}

static bashu_status ask(asked *a)
{
    size_t question = question_of(a->run);
    if (question == QUESTION_COUNT) return unknown_question(a);
    TRY(check_run(a, &questions[question]));
    for (size_t k = 0; k < a->run->option_count; k++) {
        const case_setting *option = &a->run->options[k];
        bashu_status status = bashu_option_set(&a->options, a->context, option->name, option->value);
        if (status != BASHU_OK) return fail_run(a, option->line, status);
    }
    const case_conversion *own = &a->run->conversion;
    if (own->convert_count || own->write_count || own->economy) economy_close(a->settings->opened); /* its files change */
    TRY(convert_again(a->database, a->memory, a->settings->about, own, a->settings->economy));
    return questions[question].ask(a);
}

bashu_status run_ask(database *d, const case_run *run, const run_settings *settings, run_outcome *outcome)
{
    bashu_context *context = settings->context;
    asked a = {.context = context, .memory = arena_new(context), .database = d, .run = run, .settings = settings,
               .outcome = outcome, .options = settings->options};
    if (!a.memory) return fail_memory(context);
    bashu_status status = ask(&a);
    bashu_assignment_free(a.assignment);
    bashu_leontief_free(a.accounts);
    bashu_gravity_free(a.gravity);
    bashu_path_free(a.path);
    bashu_infrastructure_free(a.infrastructure);
    for (size_t k = 0; k < a.result_count; k++) bashu_result_free(a.results[k]);
    bashu_solver_free(a.solver);
    bashu_scenario_free(a.scenario);
    arena_free(a.memory);
    return status;
}
