/* path.c - bashu path: an economy year by year, with and without a scenario. */
#include "cli.h"

static int write_files(session *s, const bashu_path *path)
{
    static const char *const files[][2] = {{"years.csv", "csv"}, {"years.json", "json"}};
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < sizeof files / sizeof *files && code == EXIT_OK; k++) {
        char *content = NULL;
        code = checked(s, bashu_path_report(&content, path, files[k][1], s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k][0], content);
        bashu_text_free(content);
    }
    return code;
}

static int put_path(session *s, const bashu_path *path)
{
    const request *r = s->request;
    char *content = NULL;
    int code = checked(s, bashu_path_report(&content, path, r->json ? "json" : r->csv ? "csv" : "text", r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

static int outcome_of_path(const bashu_path *path)
{
    const bashu_path_info *info = bashu_path_describe(path);
    return info->solved == info->year_count ? EXIT_OK : EXIT_NOT_CONVERGED;
}

int run_path(const request *r)
{
    session s;
    bashu_path *path = NULL;
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    char *folder = NULL;
    if (r->years) wanted.years = r->years;
    if (r->discount >= 0) wanted.discount = r->discount;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = scenario_folder(&s, &folder, r->arguments[0]);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) code = session_scenario(&s, &s.scenario, r->arguments[0]);
    if (code == EXIT_OK) code = checked(&s, bashu_path_new(&path, s.economy, s.scenario, &s.options, &wanted));
    if (code == EXIT_OK) code = put_path(&s, path);
    if (code == EXIT_OK && r->output) code = write_files(&s, path);
    if (code == EXIT_OK) code = outcome_of_path(path);
    bashu_path_free(path);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
