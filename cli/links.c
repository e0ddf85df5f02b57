/* links.c - bashu links: what each link of the network does to outcomes. */
#include "cli.h"

static int write_files(session *s, const bashu_links *links)
{
    static const char *const files[][2] = {{"links.csv", "csv"}, {"links.json", "json"}, {"links.svg", "svg"}};
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < sizeof files / sizeof *files && code == EXIT_OK; k++) {
        char *content = NULL;
        code = checked(s, bashu_links_report(&content, links, files[k][1], s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k][0], content);
        bashu_text_free(content);
    }
    return code;
}

static int put_links(session *s, const bashu_links *links)
{
    const request *r = s->request;
    char *content = NULL;
    int code = checked(s, bashu_links_report(&content, links, r->json ? "json" : r->csv ? "csv" : "text", r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

int run_links(const request *r)
{
    session s;
    bashu_links *links = NULL;
    bashu_links_options wanted = BASHU_LINKS_OPTIONS_INIT;
    char *folder = NULL;
    wanted.outcomes = r->outcomes;
    wanted.mode = r->mode;
    if (r->exact >= 0) wanted.exact = r->exact;
    if (r->faster > 0) wanted.faster_pct = r->faster;
    int code = session_open(&s, r);
    if (code == EXIT_OK && (r->scenario || r->economy)) code = scenario_folder(&s, &folder, r->scenario);
    if (code == EXIT_OK) code = session_economy(&s, folder ? folder : "economies/china2020");
    if (code == EXIT_OK && r->scenario) code = session_scenario(&s, &s.scenario, r->scenario);
    if (code == EXIT_OK) code = checked(&s, bashu_links_new(&links, s.economy, s.scenario, &wanted, &s.options));
    if (code == EXIT_OK && r->output) code = write_files(&s, links);
    if (code == EXIT_OK) code = put_links(&s, links);
    bashu_links_free(links);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
