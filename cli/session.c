/* session.c - what is open, in the order of the pipeline: data, economy, scenario, solver, package. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int say_interrupted(const request *r)
{
    clear_progress();
    fputs(say(r, "bashu: interrupted\n", "bashu：已中断\n"), stderr);
    return EXIT_INTERRUPTED;
}

int checked(session *s, bashu_status status)
{
    if (status == BASHU_OK) return was_interrupted() ? say_interrupted(s->request) : EXIT_OK;
    const char *message = bashu_message(s->context);
    clear_progress();
    if (status == BASHU_INTERRUPTED || was_interrupted()) return say_interrupted(s->request);
    complain("%s", *message ? message : bashu_status_text(status));
    return status == BASHU_ERROR_MEMORY ? EXIT_INTERNAL : (int)status;
}

int session_open(session *s, const request *r)
{
    *s = (session){.request = r, .options = BASHU_OPTIONS_INIT};
    bashu_status status = bashu_open(&s->context, r->threads);
    if (status != BASHU_OK) {
        complain("%s", bashu_status_text(status));
        return EXIT_INTERNAL;
    }
    watch_interrupts(s->context);
    watch_progress(s->context, r->quiet);
    for (size_t k = 0; k < r->option_count && status == BASHU_OK; k++) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(r->options[k].name, "="), r->options[k].name);
        status = bashu_option_set(&s->options, s->context, name, r->options[k].value);
    }
    return checked(s, status);
}

static bashu_status apply_settings(session *s)
{
    for (size_t k = 0; k < s->request->setting_count; k++) {
        char path[256];
        const pair *setting = &s->request->settings[k];
        snprintf(path, sizeof path, "%.*s", (int)strcspn(setting->name, "="), setting->name);
        bashu_status status = bashu_data_set(s->data, path, setting->value);
        if (status != BASHU_OK) return status;
    }
    return BASHU_OK;
}

int session_economy(session *s, const char *folder)
{
    double start = clock_s();
    bashu_status status = bashu_data_read(&s->data, s->context, folder, s->request->model);
    if (status == BASHU_OK) status = apply_settings(s);
    double read = clock_s();
    if (status == BASHU_OK) status = bashu_calibrate(&s->economy, s->data, &s->options);
    s->read_s = read - start;
    s->calibrate_s = clock_s() - read;
    bashu_data_free(s->data); /* the economy has what it needs */
    s->data = NULL;
    return checked(s, status);
}

int session_scenario(session *s, bashu_scenario **out, const char *path)
{
    return checked(s, bashu_scenario_read(out, s->economy, path));
}

int session_solver(session *s) { return checked(s, bashu_solver_new(&s->solver, s->economy, &s->options)); }

int session_package(session *s, bashu_package **out, const bashu_scenario *scenario)
{
    return checked(s, bashu_package_solve(out, s->solver, scenario));
}

/* Whether a change says when, or acts from year to year. */
static bool has_years(const bashu_scenario *scenario)
{
    for (size_t c = 0; c < bashu_scenario_change_count(scenario); c++) {
        bashu_change change;
        if (bashu_scenario_change_get(scenario, c, &change) != BASHU_OK) return false;
        if (change.from_year || change.until_year || change.phase_in_years || !strncmp(change.lever, "research_", 9)) return true;
    }
    return false;
}

/* What links do, to first order for all and exactly for the first five (and the way abroad, which often is among them). An economy whose links have no
 * gradient has its network shown without. */
static int make_network(session *s)
{
    bashu_links_options wanted = BASHU_LINKS_OPTIONS_INIT;
    wanted.exact = 6;
    if (!bashu_economy_has_network(s->economy)) return EXIT_OK;
    int code = checked(s, bashu_network_new(&s->network, s->economy, NULL, 0));
    if (code != EXIT_OK) return code;
    bashu_status status = bashu_links_new(&s->links, s->economy, s->scenario, &wanted, &s->options);
    return status == BASHU_ERROR_UNSUPPORTED ? EXIT_OK : checked(s, status);
}

static int make_optimum(session *s, const bashu_path_options *wanted)
{
    const request *r = s->request;
    double low, high;
    if (!r->best) return EXIT_OK;
    int code = read_scales(r, &low, &high);
    return code == EXIT_OK ? checked(s, bashu_optimum_new(&s->optimum, s->scenario, &s->options, wanted, *r->best ? r->best : NULL, low, high)) : code;
}

int make_report(session *s, char **content)
{
    bashu_report_parts parts = BASHU_REPORT_PARTS_INIT;
    bashu_path_options wanted = years_wanted(s->request);
    int code = EXIT_OK;
    if (!s->path && has_years(s->scenario)) code = checked(s, bashu_path_new(&s->path, s->economy, s->scenario, &s->options, &wanted));
    if (code == EXIT_OK) code = make_optimum(s, &wanted);
    if (code == EXIT_OK) code = make_network(s);
    if (code != EXIT_OK) return code;
    parts.package = s->package;
    parts.cooperation = s->cooperation;
    parts.path = s->path;
    parts.optimum = s->optimum;
    parts.network = s->network;
    parts.links = s->links;
    return checked(s, bashu_report(content, &parts, s->request->language));
}

void session_close(session *s)
{
    watch_interrupts(NULL);
    bashu_result_free(s->result);
    bashu_cooperation_free(s->cooperation);
    bashu_path_free(s->path);
    bashu_optimum_free(s->optimum);
    bashu_links_free(s->links);
    bashu_network_free(s->network);
    bashu_package_free(s->package);
    bashu_package_free(s->other_package);
    bashu_solver_free(s->solver);
    bashu_scenario_free(s->scenario);
    bashu_scenario_free(s->other_scenario);
    bashu_economy_free(s->economy);
    bashu_data_free(s->data);
    bashu_close(s->context);
}

int scenario_folder(session *s, char **out, const char *scenario)
{
    if (!s->request->economy) return checked(s, bashu_scenario_economy(out, s->context, scenario));
    *out = strdup(s->request->economy);
    if (*out) return EXIT_OK;
    complain("out of memory");
    return EXIT_INTERNAL;
}

int outcome_code(const request *r, const bashu_info *info)
{
    if (info->reason == BASHU_DIVERGED_INTERRUPTED || was_interrupted()) return say_interrupted(r);
    if (info->reason <= 0) return EXIT_NOT_CONVERGED;
    if (!r->strict || !strncmp(info->uniqueness, "holds", 5)) return EXIT_OK;
    complain("%s: %s", say(r, "uniqueness is not shown", "未能判定均衡唯一"), info->uniqueness);
    return EXIT_NOT_UNIQUE;
}
