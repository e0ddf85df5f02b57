/* map.c - bashu map: one number of every place, as a map in SVG. */
#include "cli.h"

#include <string.h>

static int find_column(const request *r, bool scenario, bashu_column *out)
{
    static const char *const names[] = {"base", "counterfactual", "hat", "percent"}; /* in the order of bashu_column */
    *out = scenario ? BASHU_PERCENT : BASHU_BASE;
    if (!r->column) return EXIT_OK;
    for (size_t k = 0; k < 4; k++) {
        *out = (bashu_column)k;
        if (!strcmp(r->column, names[k])) return EXIT_OK;
    }
    complain("%s: %s", say(r, "--column is base, counterfactual, hat or percent, not", "--column 只能是 base、counterfactual、hat 或 percent，而不是"), r->column);
    return EXIT_USAGE;
}

static int put_map(session *s, const char *content)
{
    const char *path = s->request->output;
    if (!path) return put_out(content, false);
    return checked(s, bashu_text_write(s->context, path, content));
}

int run_map(const request *r)
{
    session s;
    char *folder = NULL, *content = NULL;
    bashu_column column;
    bool scenario = r->argument_count == 2;
    int code = find_column(r, scenario, &column);
    if (code != EXIT_OK) return code;
    code = session_open(&s, r);
    if (code == EXIT_OK && (scenario || r->economy)) code = scenario_folder(&s, &folder, scenario ? r->arguments[1] : NULL);
    if (code == EXIT_OK) code = session_economy(&s, folder ? folder : "economies/china2020");
    if (code == EXIT_OK && scenario) code = session_scenario(&s, &s.scenario, r->arguments[1]);
    if (code == EXIT_OK) s.options.starts = 0;
    if (code == EXIT_OK) code = session_solver(&s);
    if (code == EXIT_OK) code = checked(&s, bashu_solve(&s.result, s.solver, s.scenario));
    if (code == EXIT_OK) {
        code = outcome_code(r, bashu_result_info(s.result));
        if (code == EXIT_NOT_CONVERGED) complain("%s", bashu_reason_text(bashu_result_info(s.result)->reason));
    }
    if (code == EXIT_OK) code = checked(&s, bashu_map_report(&content, s.result, r->arguments[0], column, r->zoom, NULL, r->language));
    if (code == EXIT_OK) code = put_map(&s, content);
    bashu_text_free(content);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
