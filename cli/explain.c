/* explain.c - bashu explain: why an outcome changes (SCENARIO --by), and the linear answer: what moves one outcome (--gradient), who gains from whose
 * productivity (--exposure), and what a scenario does in first order beside what it does (SCENARIO --linear). */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* VARIABLE, VARIABLE:SET=MEMBER, VARIABLE:all or VARIABLE:foreign, taken apart in place. */
typedef struct outcome {
    char *text;
    const char *variable, *set, *member;
} outcome;

static int read_outcome(outcome *o, const request *r)
{
    *o = (outcome){.text = strdup(r->gradient), .set = "all", .member = ""};
    if (!o->text) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    char *colon = strchr(o->text, ':'), *equals = colon ? strchr(colon, '=') : NULL;
    o->variable = o->text;
    if (colon) {
        *colon = '\0';
        o->set = colon + 1;
    }
    if (equals) {
        *equals = '\0';
        o->member = equals + 1;
    }
    bool alone = !strcmp(o->set, "all") || !strcmp(o->set, "foreign");
    if (*o->variable && *o->set && alone == !equals && (alone || *o->member)) return EXIT_OK;
    complain("%s: '%s'",
             say(r, "an outcome is VARIABLE, VARIABLE:SET=MEMBER or VARIABLE:region=ID, e.g. gdp, welfare:region=510100, gdp:circle=CCEC; not",
                 "结果写作 变量、变量:集合=成员 或 变量:region=编号，如 gdp、welfare:region=510100、gdp:circle=CCEC，而不是"),
             r->gradient);
    return EXIT_USAGE;
}

static int put_report(session *s, bashu_status status, char *content)
{
    int code = checked(s, status);
    if (code == EXIT_OK) code = put_out(content, !s->request->json && !s->request->csv);
    bashu_text_free(content);
    return code;
}

static const char *format_of(const request *r) { return r->json ? "json" : r->csv ? "csv" : "text"; }

/* Whether a list with commas has the name; no list has all. */
static bool wants(const char *list, const char *name)
{
    size_t length = strlen(name);
    if (!list) return true;
    for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',')
        if (strcspn(at, ",") == length && !strncmp(at, name, length)) return true;
    return false;
}

static int check_levers(const request *r)
{
    const char *names[64];
    char name[64];
    size_t count = 0;
    for (; count < bashu_gradient_row_count() && count < 64; count++) names[count] = bashu_gradient_row_at(count)->name;
    for (const char *at = r->levers; at && *at; at += strcspn(at, ","), at += *at == ',') {
        bool known = false;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, ","), at);
        for (size_t k = 0; k < count && !known; k++) known = !strcmp(names[k], name);
        if (known) continue;
        const char *near = nearest(name, names, count);
        if (near) complain("%s '%s'; %s '%s'?", say(r, "a gradient has no lever", "梯度没有杠杆"), name, say(r, "did you mean", "是否想用"), near);
        else complain("%s '%s'", say(r, "a gradient has no lever", "梯度没有杠杆"), name);
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

/* Table k of the gradient as CSV; NULL where this economy has no such lever, or it is not asked for. */
static int lever_table(session *s, const bashu_gradient *gradient, size_t k, char **content)
{
    const char *name = bashu_gradient_row_at(k)->name;
    char format[64];
    *content = NULL;
    if (!bashu_gradient_length(gradient, name) || !wants(s->request->levers, name)) return EXIT_OK;
    snprintf(format, sizeof format, "%s.csv", name);
    return checked(s, bashu_gradient_report(content, gradient, format, s->request->language));
}

/* One table a lever. */
static int write_levers(session *s, const bashu_gradient *gradient)
{
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < bashu_gradient_row_count() && code == EXIT_OK; k++) {
        char name[80], *content;
        snprintf(name, sizeof name, "gradient_%s.csv", bashu_gradient_row_at(k)->name);
        code = lever_table(s, gradient, k, &content);
        if (code == EXIT_OK && content) code = write_file(s, s->request->output, name, content);
        bashu_text_free(content);
    }
    return code;
}

/* All tables below one head. */
static int put_levers(session *s, const bashu_gradient *gradient)
{
    bool headed = false;
    int code = EXIT_OK;
    for (size_t k = 0; k < bashu_gradient_row_count() && code == EXIT_OK; k++) {
        char *content;
        code = lever_table(s, gradient, k, &content);
        if (code == EXIT_OK && content) code = put_out(headed ? strchr(content, '\n') + 1 : content, false);
        headed = headed || content;
        bashu_text_free(content);
    }
    return code;
}

static int explain_gradient(session *s, bashu_linear *linear)
{
    outcome o;
    bashu_gradient *gradient = NULL;
    int code = read_outcome(&o, s->request);
    if (code == EXIT_OK) code = checked(s, bashu_gradient_new(&gradient, linear, o.variable, o.set, o.member));
    if (code == EXIT_OK && s->request->output) code = write_levers(s, gradient);
    if (code == EXIT_OK && s->request->csv) code = put_levers(s, gradient);
    else if (code == EXIT_OK) {
        char *content = NULL;
        bashu_status status = bashu_gradient_report(&content, gradient, format_of(s->request), s->request->language);
        code = put_report(s, status, content);
    }
    bashu_gradient_free(gradient);
    free(o.text);
    return code;
}

static int explain_exposure(session *s, bashu_linear *linear)
{
    const request *r = s->request;
    bashu_exposure *exposure = NULL;
    char *content = NULL;
    int code = checked(s, bashu_exposure_new(&exposure, linear, r->variables));
    if (code == EXIT_OK && r->output) code = make_folder(r->output);
    if (code == EXIT_OK && r->output) {
        code = checked(s, bashu_exposure_report(&content, exposure, "csv", r->language));
        if (code == EXIT_OK) code = write_file(s, r->output, "exposure.csv", content);
        bashu_text_free(content);
        content = NULL;
    }
    if (code == EXIT_OK) {
        bashu_status status = bashu_exposure_report(&content, exposure, format_of(r), r->language);
        code = put_report(s, status, content);
    }
    bashu_exposure_free(exposure);
    return code;
}

static int explain_scenario(session *s, bashu_linear *linear)
{
    bashu_result *effect = NULL;
    char *content = NULL;
    int code = session_scenario(s, &s->scenario, s->request->arguments[0]);
    if (code == EXIT_OK) code = session_solver(s);
    if (code == EXIT_OK) code = checked(s, bashu_linear_effect(&effect, linear, s->scenario));
    if (code == EXIT_OK) code = checked(s, bashu_solve(&s->result, s->solver, s->scenario));
    if (code == EXIT_OK) {
        int ended = outcome_code(s->request, bashu_result_info(s->result));
        if (ended == EXIT_NOT_CONVERGED) complain("%s", bashu_reason_text(bashu_result_info(s->result)->reason));
        if (ended != EXIT_OK) code = ended;
    }
    if (code == EXIT_OK) {
        bashu_status status = bashu_effect_report(&content, s->result, effect, format_of(s->request), s->request->language);
        code = put_report(s, status, content);
    }
    bashu_result_free(effect);
    return code;
}

/* ---- SCENARIO --by --------------------------------------------------------------------------------------- */

static bashu_status report_changes(session *s, char **content, const char *asked, const char *by, const char *format)
{
    bashu_split *split = NULL;
    bashu_status status = bashu_split_new(&split, s->scenario, &s->options, asked, (size_t)s->request->orders);
    (void)by;
    if (status == BASHU_OK) status = bashu_split_report(content, split, format, s->request->language);
    bashu_split_free(split);
    return status;
}

static bashu_status report_channels(session *s, char **content, const char *asked, const char *by, const char *format)
{
    bashu_channels *channels = NULL;
    bashu_status status = bashu_channels_new(&channels, s->result, asked);
    if (status == BASHU_OK) status = bashu_channels_report(content, channels, by, format, s->request->language);
    bashu_channels_free(channels);
    return status;
}

static bashu_status report_places(session *s, char **content, const char *asked, const char *by, const char *format)
{
    (void)by;
    return bashu_places_report(content, s->result, asked, format, s->request->language);
}

typedef struct way {
    const char *name;
    bool solves; /* one equilibrium of the scenario is what is split */
    const char *usual; /* variable, where no outcome is asked for */
    bool focused;      /* usually of what the scenario is about; else of the nation */
    bashu_status (*report)(session *s, char **content, const char *asked, const char *by, const char *format);
} way;
static const way ways[] = {{"change", false, "gdp", true, report_changes}, {"channel", true, "gdp", true, report_channels},
                           {"partner", true, "gdp", true, report_channels}, {"place", true, "welfare", false, report_places}};
enum { WAYS = sizeof ways / sizeof *ways };

static const way *find_way(const request *r)
{
    const char *names[WAYS];
    for (size_t k = 0; k < WAYS; k++) {
        names[k] = ways[k].name;
        if (!strcmp(ways[k].name, r->by)) return &ways[k];
    }
    const char *near = nearest(r->by, names, WAYS);
    if (near) complain("--by %s; %s '%s'?", r->by, say(r, "did you mean", "是否想用"), near);
    else complain("%s: %s", say(r, "--by is change, channel, partner or place, not", "--by 只能是 change、channel、partner 或 place，而不是"), r->by);
    return NULL;
}

static int solve_it(session *s)
{
    int code = session_solver(s);
    if (code == EXIT_OK) code = checked(s, bashu_solve(&s->result, s->solver, s->scenario));
    if (code != EXIT_OK) return code;
    code = outcome_code(s->request, bashu_result_info(s->result));
    if (code == EXIT_NOT_CONVERGED) complain("%s", bashu_reason_text(bashu_result_info(s->result)->reason));
    return code;
}

/* What was asked for, or the usual variable of what the scenario is about; NULL: no memory. */
static char *outcome_asked(session *s, const way *w)
{
    char words[512];
    bashu_focus about = {0};
    if (s->request->outcomes) return strdup(s->request->outcomes);
    if (w->focused) about = bashu_scenario_focus(s->scenario);
    if (!w->focused || !strcmp(about.set, "all")) return strdup(w->usual);
    snprintf(words, sizeof words, "%s:%s=%s", w->usual, about.set, about.member);
    return strdup(words);
}

static int explain_by(session *s, const way *w)
{
    char *content = NULL, *asked = NULL, name[64];
    const char *format = format_of(s->request);
    int code = session_scenario(s, &s->scenario, s->request->arguments[0]);
    if (code == EXIT_OK && w->solves) code = solve_it(s);
    if (code == EXIT_OK && !(asked = outcome_asked(s, w))) code = EXIT_INTERNAL;
    if (code == EXIT_OK && s->request->output) {
        code = make_folder(s->request->output);
        if (code == EXIT_OK) code = checked(s, w->report(s, &content, asked, w->name, "csv"));
        snprintf(name, sizeof name, "by_%s.csv", w->name);
        if (code == EXIT_OK) code = write_file(s, s->request->output, name, content);
        bashu_text_free(content);
        content = NULL;
    }
    if (code == EXIT_OK) {
        bashu_status status = w->report(s, &content, asked, w->name, format);
        code = put_report(s, status, content);
    }
    free(asked);
    return code;
}

static int run_by(const request *r)
{
    session s;
    char *folder = NULL;
    const way *w = find_way(r);
    if (!w) return EXIT_USAGE;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = scenario_folder(&s, &folder, r->arguments[0]);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) code = explain_by(&s, w);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}

int run_explain(const request *r)
{
    session s;
    bashu_linear *linear = NULL;
    char *folder = NULL;
    bool scenario = r->argument_count == 1;
    if (!!r->gradient + r->exposure + r->linear + !!r->by != 1 || (r->linear || r->by) != scenario || (!scenario && !r->economy)) {
        complain("%s: bashu explain SCENARIO --by change|channel|partner|place, bashu explain --gradient OUTCOME --economy DIR, "
                 "bashu explain --exposure --economy DIR, bashu explain SCENARIO --linear",
                 say(r, "usage", "用法"));
        return EXIT_USAGE;
    }
    int code = check_levers(r);
    if (code != EXIT_OK) return code;
    if (r->by) return run_by(r);
    code = session_open(&s, r);
    if (code == EXIT_OK) code = scenario_folder(&s, &folder, scenario ? r->arguments[0] : NULL);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) code = checked(&s, bashu_linear_new(&linear, s.economy, &s.options));
    if (code == EXIT_OK) code = r->gradient ? explain_gradient(&s, linear) : r->exposure ? explain_exposure(&s, linear) : explain_scenario(&s, linear);
    bashu_linear_free(linear);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
