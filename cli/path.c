/* path.c - bashu path: an economy year by year, with and without a scenario. */
#include "cli.h"

#include <stdlib.h>

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

int read_scales(const request *r, double *low, double *high)
{
    char *end;
    *low = 0;
    *high = 2;
    if (!r->range) return EXIT_OK;
    *low = strtod(r->range, &end);
    bool good = end != r->range && *end == ',';
    const char *second = end + good;
    if (good) *high = strtod(second, &end);
    if (good && end != second && !*end && *low < *high) return EXIT_OK;
    complain("--range %s: '%s'", say(r, "needs two scales, e.g. --range=-1,2, not", "需要两个规模，如 --range=-1,2，而不是"), r->range);
    return EXIT_USAGE;
}

/* One scale for all changes. */
static int put_scale(session *s, const bashu_path_options *wanted, double low, double high, char **content)
{
    const request *r = s->request;
    bashu_best *best = NULL;
    int code = checked(s, bashu_best_new(&best, s->scenario, &s->options, wanted, *r->best ? r->best : NULL, low, high));
    if (code == EXIT_OK) code = checked(s, bashu_best_report(content, best, r->json ? "json" : r->csv ? "csv" : "text", r->language));
    if (code == EXIT_OK && !(bashu_best_describe(best)->scale <= high)) code = EXIT_NOT_CONVERGED; /* no scale has a path */
    bashu_best_free(best);
    return code;
}

/* One for each. */
static int put_scales(session *s, const bashu_path_options *wanted, double low, double high, char **content)
{
    const request *r = s->request;
    int code = checked(s, bashu_optimum_new(&s->optimum, s->scenario, &s->options, wanted, *r->best ? r->best : NULL, low, high));
    if (code == EXIT_OK) code = checked(s, bashu_optimum_report(content, s->optimum, r->json ? "json" : r->csv ? "csv" : "text", r->language));
    return code == EXIT_OK && !bashu_optimum_named(s->optimum, "best") ? EXIT_NOT_CONVERGED : code;
}

static int put_best(session *s, const bashu_path_options *wanted)
{
    const request *r = s->request;
    char *content = NULL;
    double low, high;
    int code = read_scales(r, &low, &high);
    if (code == EXIT_OK) code = (r->apart ? put_scales : put_scale)(s, wanted, low, high, &content);
    if (content) {
        int written = put_out(content, !r->json && !r->csv);
        code = code == EXIT_OK ? written : code;
    }
    bashu_text_free(content);
    return code;
}

static int follow(session *s, const bashu_path_options *wanted)
{
    bashu_path *path = NULL;
    int code = checked(s, bashu_path_new(&path, s->economy, s->scenario, &s->options, wanted));
    if (code == EXIT_OK) code = put_path(s, path);
    if (code == EXIT_OK && s->request->output) code = write_files(s, path);
    if (code == EXIT_OK) code = outcome_of_path(path);
    bashu_path_free(path);
    return code;
}

bashu_path_options years_wanted(const request *r)
{
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    if (r->years) wanted.years = r->years;
    if (r->discount >= 0) wanted.discount = r->discount;
    return wanted;
}

int run_path(const request *r)
{
    session s;
    bashu_path_options wanted = years_wanted(r);
    char *folder = NULL;
    if (r->apart && !r->best) {
        complain("%s", say(r, "--apart goes with --best OUTCOME: what the scales are to serve", "--apart 须与 --best 结果 同用：规模为何而定"));
        return EXIT_USAGE;
    }
    wanted.sector = r->sector;
    wanted.circle = r->circle;
    wanted.benchmark = r->benchmark;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = scenario_folder(&s, &folder, r->arguments[0]);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) code = session_scenario(&s, &s.scenario, r->arguments[0]);
    if (code == EXIT_OK) code = r->best ? put_best(&s, &wanted) : follow(&s, &wanted);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
