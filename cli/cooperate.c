/* cooperate.c - bashu cooperate: who gains when the players of a scenario agree, alone and together, and what keeps them together. */
#include "cli.h"

static int write_files(session *s)
{
    static const char *const files[][2] = {{"players.csv", "csv"}, {"cooperation.json", "json"}};
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < sizeof files / sizeof *files && code == EXIT_OK; k++) {
        char *content = NULL;
        code = checked(s, bashu_cooperation_report(&content, s->cooperation, files[k][1], s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k][0], content);
        bashu_text_free(content);
    }
    return code;
}

/* The report shows the deal with everything else that it does. */
static int write_report(session *s)
{
    char *content = NULL;
    int code = session_solver(s);
    if (code == EXIT_OK) code = session_package(s, &s->package, s->scenario);
    if (code != EXIT_OK || bashu_result_info(bashu_package_whole(s->package))->reason <= 0) return code;
    code = make_report(s, &content);
    if (code == EXIT_OK) code = write_file(s, s->request->output, "report.html", content);
    bashu_text_free(content);
    return code;
}

int run_cooperate(const request *r)
{
    session s;
    char *folder = NULL, *content = NULL;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = scenario_folder(&s, &folder, r->arguments[0]);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) code = session_scenario(&s, &s.scenario, r->arguments[0]);
    if (code == EXIT_OK) code = checked(&s, bashu_cooperation_new(&s.cooperation, s.scenario, &s.options, r->outcomes, (size_t)r->orders));
    if (code == EXIT_OK) code = checked(&s, bashu_cooperation_report(&content, s.cooperation, r->json ? "json" : r->csv ? "csv" : "text", r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    if (code == EXIT_OK && r->output) code = write_files(&s);
    if (code == EXIT_OK && r->output) code = write_report(&s);
    bashu_text_free(content);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
