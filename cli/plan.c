/* plan.c - bashu plan: the best set of projects that a budget pays for, or the best size of every link. */
#include "cli.h"

#include <string.h>

static int write_files(session *s, const bashu_plan *plan)
{
    static const char *const files[][2] = {{"sets.csv", "csv"}, {"plan.json", "json"}};
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < sizeof files / sizeof *files && code == EXIT_OK; k++) {
        char *content = NULL;
        code = checked(s, bashu_plan_report(&content, plan, files[k][1], s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k][0], content);
        bashu_text_free(content);
    }
    return code;
}

static int put_plan(session *s, const bashu_plan *plan)
{
    const request *r = s->request;
    char *content = NULL;
    int code = checked(s, bashu_plan_report(&content, plan, r->json ? "json" : r->csv ? "csv" : "text", r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

/* ---- the best size of every link ---------------------------------------------------------------------- */

static const char *format_of(const request *r) { return r->json ? "json" : r->csv ? "csv" : "text"; }

/* PROJECTS is a network that is built, of its own. */
static int build_network(session *s)
{
    const request *r = s->request;
    bashu_infrastructure *plan = NULL;
    bashu_infrastructure_options wanted = BASHU_INFRASTRUCTURE_OPTIONS_INIT;
    char *content = NULL;
    wanted.budget = r->budget;
    wanted.seed = s->options.seed;
    int code = checked(s, bashu_infrastructure_new(&plan, s->context, r->arguments[0], &wanted));
    if (code == EXIT_OK) code = checked(s, bashu_infrastructure_report(&content, plan, format_of(r), r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    if (code == EXIT_OK && bashu_infrastructure_information(plan)->reason <= 0) code = EXIT_NOT_CONVERGED;
    bashu_text_free(content);
    bashu_infrastructure_free(plan);
    return code;
}

static int write_upgrades(session *s, const bashu_upgrades *plan)
{
    static const char *const files[][2] = {{"links.csv", "csv"}, {"plan.json", "json"}, {"plan.yaml", "scenario"}, {"projects.yaml", "projects"}};
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < sizeof files / sizeof *files && code == EXIT_OK; k++) {
        char *content = NULL;
        code = checked(s, bashu_upgrades_report(&content, plan, files[k][1], s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k][0], content);
        bashu_text_free(content);
    }
    return code;
}

static int no_budget(const request *r)
{
    complain("%s: bashu plan PROJECTS --budget B", say(r, "a plan needs a budget", "规划需要预算"));
    return EXIT_USAGE;
}

/* PROJECTS are links of an economy that money makes faster. */
static int upgrade_links(session *s)
{
    const request *r = s->request;
    bashu_upgrades *plan = NULL;
    bashu_upgrades_options wanted = BASHU_UPGRADES_OPTIONS_INIT;
    char *content = NULL, *folder = NULL;
    wanted.budget = r->budget;
    wanted.outcome = r->outcomes;
    wanted.nobody_loses = r->nobody_loses;
    if (s->options.starts > 0) wanted.starts = s->options.starts;
    if (!(r->budget > 0)) return no_budget(r);
    int code = r->economy ? EXIT_OK : checked(s, bashu_upgrades_economy(&folder, s->context, r->arguments[0]));
    if (code == EXIT_OK) code = session_economy(s, folder ? folder : r->economy);
    if (code == EXIT_OK) code = checked(s, bashu_upgrades_new(&plan, s->economy, r->arguments[0], &wanted, &s->options));
    if (code == EXIT_OK && r->output) code = write_upgrades(s, plan);
    if (code == EXIT_OK) code = checked(s, bashu_upgrades_report(&content, plan, format_of(r), r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    if (code == EXIT_OK && bashu_upgrades_information(plan)->reason <= 0) code = EXIT_NOT_CONVERGED;
    bashu_text_free(content);
    bashu_text_free(folder);
    bashu_upgrades_free(plan);
    return code;
}

/* The file says which of the two it is. */
static int run_continuous(const request *r)
{
    session s;
    char *format = NULL;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = checked(&s, bashu_file_format(&format, s.context, r->arguments[0]));
    if (code == EXIT_OK) code = strcmp(format, "bashu-infrastructure/1") ? upgrade_links(&s) : build_network(&s);
    bashu_text_free(format);
    session_close(&s);
    return code;
}

/* ---- the best set ------------------------------------------------------------------------------------- */

int run_plan(const request *r)
{
    session s;
    bashu_plan *plan = NULL;
    bashu_plan_options wanted = BASHU_PLAN_OPTIONS_INIT;
    char *folder = NULL;
    if (r->continuous) return run_continuous(r);
    wanted.budget = r->budget;
    wanted.outcome = r->outcomes;
    wanted.nobody_loses = r->nobody_loses;
    if (r->sets) wanted.sets_most = r->sets;
    if (!(r->budget > 0)) return no_budget(r);
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = scenario_folder(&s, &folder, r->arguments[0]);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) code = session_scenario(&s, &s.scenario, r->arguments[0]);
    if (code == EXIT_OK) code = checked(&s, bashu_plan_new(&plan, s.scenario, &wanted, &s.options));
    if (code == EXIT_OK && r->output) code = write_files(&s, plan);
    if (code == EXIT_OK) code = put_plan(&s, plan);
    bashu_plan_free(plan);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
