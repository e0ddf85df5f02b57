/* compare.c - bashu compare A B: two scenarios of one economy side by side. */
#include "cli.h"

#include <string.h>
#include <sys/stat.h>

/* One folder may be written in many ways; paths that lead nowhere are compared by their text. */
static bool same_folder(const char *a, const char *b)
{
    struct stat at_a, at_b;
    if (stat(a, &at_a) != 0 || stat(b, &at_b) != 0) return !strcmp(a, b);
    return at_a.st_dev == at_b.st_dev && at_a.st_ino == at_b.st_ino;
}

/* Two scenario files that name different economies cannot be compared, unless --economy says which. */
static int common_folder(session *s, char **out)
{
    const request *r = s->request;
    char *other = NULL;
    int code = scenario_folder(s, out, r->arguments[0]);
    if (code == EXIT_OK) code = scenario_folder(s, &other, r->arguments[1]);
    if (code == EXIT_OK && !same_folder(*out, other)) {
        complain("%s: %s, %s",
                 say(r, "the scenarios name different economies (say which with --economy)",
                     "两个情景指向不同的经济（请用 --economy 指定）"),
                 *out, other);
        code = EXIT_USAGE;
    }
    bashu_text_free(other);
    return code;
}

static int put_comparison(session *s)
{
    const request *r = s->request;
    char *content;
    const char *format = r->json ? "json" : r->csv ? "csv" : "text";
    int code = checked(s, bashu_compare_report(&content, s->package, s->other_package, format, r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

int run_compare(const request *r)
{
    session s;
    char *folder = NULL;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = common_folder(&s, &folder);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) code = session_scenario(&s, &s.scenario, r->arguments[0]);
    if (code == EXIT_OK) code = session_scenario(&s, &s.other_scenario, r->arguments[1]);
    if (code == EXIT_OK) code = session_solver(&s);
    if (code == EXIT_OK) code = session_package(&s, &s.package, s.scenario);
    if (code == EXIT_OK) code = session_package(&s, &s.other_package, s.other_scenario);
    if (code == EXIT_OK) {
        const bashu_info *a = bashu_result_info(bashu_package_whole(s.package));
        const bashu_info *b = bashu_result_info(bashu_package_whole(s.other_package));
        int outcome = outcome_code(r, a);
        if (outcome == EXIT_OK) outcome = outcome_code(r, b);
        if (a->reason > 0 && b->reason > 0) code = put_comparison(&s);
        else if (r->csv) complain("%s", bashu_reason_text(a->reason > 0 ? b->reason : a->reason));
        else code = put_comparison(&s);
        if (code == EXIT_OK) code = outcome;
    }
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
