/* sweep.c - bashu sweep: a scenario drawn from the ranges that its changes state. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { DRAWS_ORDINARY = 1000, OUTCOMES_MOST = 256 };

static int read_distribution(const request *r, bashu_distribution *out)
{
    const char *word = r->distribution ? r->distribution : "triangular";
    *out = !strcmp(word, "uniform") ? BASHU_UNIFORM : BASHU_TRIANGULAR;
    if (!strcmp(word, "uniform") || !strcmp(word, "triangular")) return EXIT_OK;
    complain("%s: %s", say(r, "--distribution is triangular or uniform, not", "--distribution 只能是 triangular 或 uniform，而不是"), word);
    return EXIT_USAGE;
}

/* The list taken apart in place; names point into *list. */
static int read_outcomes(const request *r, char **list, const char **names, size_t *count)
{
    *count = 0;
    *list = strdup(r->outcomes ? r->outcomes : "");
    if (!*list) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    for (char *at = *list; *at;) {
        size_t length = strcspn(at, ",");
        bool last = !at[length];
        at[length] = '\0';
        if (*count == OUTCOMES_MOST) {
            complain("%s %d", say(r, "--outcome takes at most", "--outcome 最多"), OUTCOMES_MOST);
            return EXIT_USAGE;
        }
        names[(*count)++] = at;
        at += length + !last;
    }
    return EXIT_OK;
}

static int write_files(session *s, const bashu_sweep *sweep)
{
    static const char *const files[][2] = {{"draws.csv", "csv"}, {"sweep.json", "json"}};
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < sizeof files / sizeof *files && code == EXIT_OK; k++) {
        char *content = NULL;
        code = checked(s, bashu_sweep_report(&content, sweep, files[k][1], s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k][0], content);
        bashu_text_free(content);
    }
    return code;
}

static int put_sweep(session *s, const bashu_sweep *sweep)
{
    const request *r = s->request;
    char *content = NULL;
    int code = checked(s, bashu_sweep_report(&content, sweep, r->json ? "json" : r->csv ? "csv" : "text", r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

/* Draws without an equilibrium are told; where no draw has one there is no answer. */
static int outcome_of_draws(session *s, const bashu_sweep *sweep)
{
    bashu_sweep_summary summary;
    int code = checked(s, bashu_sweep_summarise(&summary, sweep, 0));
    if (code != EXIT_OK || summary.count) return code;
    complain("%s", say(s->request, "no draw has an equilibrium", "没有任何一次抽样达到均衡"));
    return EXIT_NOT_CONVERGED;
}

int run_sweep(const request *r)
{
    session s;
    bashu_sweep *sweep = NULL;
    bashu_distribution distribution;
    const char *names[OUTCOMES_MOST];
    size_t count;
    char *list = NULL, *folder = NULL;
    int code = read_distribution(r, &distribution);
    if (code == EXIT_OK) code = read_outcomes(r, &list, names, &count);
    if (code != EXIT_OK) {
        free(list);
        return code;
    }
    code = session_open(&s, r);
    if (code == EXIT_OK) code = scenario_folder(&s, &folder, r->arguments[0]);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) code = session_scenario(&s, &s.scenario, r->arguments[0]);
    if (code == EXIT_OK)
        code = checked(&s, bashu_sweep_new(&sweep, s.scenario, &s.options, r->draws ? (size_t)r->draws : DRAWS_ORDINARY, distribution, names, count));
    if (code == EXIT_OK) code = put_sweep(&s, sweep);
    if (code == EXIT_OK && r->output) code = write_files(&s, sweep);
    if (code == EXIT_OK) code = outcome_of_draws(&s, sweep);
    bashu_sweep_free(sweep);
    bashu_text_free(folder);
    free(list);
    session_close(&s);
    return code;
}
