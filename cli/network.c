/* network.c - bashu network: the network of an economy described, checked, and held against printed times. */
#include "cli.h"

#include <stdio.h>

static int write_files(session *s, const bashu_network *network)
{
    static const char *const files[][2] = {{"links.csv", "csv"}, {"times.csv", "times.csv"}, {"network.json", "json"}, {"network.svg", "svg"}};
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < sizeof files / sizeof *files && code == EXIT_OK; k++) {
        char *content = NULL;
        code = checked(s, bashu_network_report(&content, network, files[k][1], s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k][0], content);
        bashu_text_free(content);
    }
    return code;
}

/* --place: a map of times from there, into the folder or to standard output instead of the report. */
static int put_times(session *s, const bashu_network *network)
{
    const request *r = s->request;
    char *content = NULL, name[128];
    int code = checked(s, bashu_network_times(&content, network, r->place, r->language));
    snprintf(name, sizeof name, "time_from_%.100s.svg", r->place);
    if (code == EXIT_OK) code = r->output ? write_file(s, r->output, name, content) : put_out(content, false);
    bashu_text_free(content);
    return code;
}

static int put_network(session *s, const bashu_network *network)
{
    const request *r = s->request;
    char *content = NULL;
    int code = checked(s, bashu_network_report(&content, network, r->json ? "json" : r->csv ? "csv" : "text", r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

int run_network(const request *r)
{
    session s;
    bashu_network *network = NULL;
    char *folder = NULL;
    int code = session_open(&s, r);
    if (code == EXIT_OK && !r->argument_count && (r->scenario || r->economy)) code = scenario_folder(&s, &folder, r->scenario);
    if (code == EXIT_OK) code = session_economy(&s, r->argument_count ? r->arguments[0] : folder ? folder : "economies/china2020");
    if (code == EXIT_OK && r->scenario) code = session_scenario(&s, &s.scenario, r->scenario);
    if (code == EXIT_OK) code = checked(&s, bashu_network_new(&network, s.economy, s.scenario, r->year));
    if (code == EXIT_OK && r->output) code = write_files(&s, network);
    if (code == EXIT_OK && r->place) code = put_times(&s, network);
    if (code == EXIT_OK && (!r->place || r->output)) code = put_network(&s, network);
    bashu_network_free(network);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
