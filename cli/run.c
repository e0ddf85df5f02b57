/* run.c - bashu run SCENARIO: the whole way from files to an answer with its certificate. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static const char *const result_files[] = {"regions.csv", "long.csv", "map.svg", "report.html", "result.json", "manifest.json"};
enum { FILE_COUNT = sizeof result_files / sizeof result_files[0], FILE_FIRST_SAFE = 4, PLAYERS_QUICK = 4 };

/* Without an equilibrium there are no numbers to write; numbers of an earlier run beside the new manifest would
 * mislead. */
static int drop_numbers(const char *folder)
{
    for (size_t k = 0; k < FILE_FIRST_SAFE; k++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, result_files[k]);
        remove(path);
    }
    return EXIT_OK;
}

/* The game of a scenario with few players belongs to the report; one with many takes longer than all else, and is what bashu cooperate answers. */
static int play(session *s)
{
    size_t players = bashu_scenario_player_count(s->scenario);
    if (!players || players > PLAYERS_QUICK) return EXIT_OK;
    return checked(s, bashu_cooperation_coalitions(&s->cooperation, s->scenario, &s->options, NULL));
}

/* All texts are made before the first file is touched, and the manifest, which vouches for the others, is removed first and
 * written last: a folder with a manifest holds one run. */
static int write_results(session *s, const char *folder)
{
    bool solved = bashu_result_info(bashu_package_whole(s->package))->reason > 0;
    char *content[FILE_COUNT] = {0}, path[4096];
    int code = solved ? play(s) : EXIT_OK;
    for (size_t k = solved ? 0 : FILE_FIRST_SAFE; k < FILE_COUNT && code == EXIT_OK; k++) {
        const char *format = !strcmp(result_files[k], "result.json") ? "json" : result_files[k];
        if (!strcmp(format, "report.html")) code = make_report(s, &content[k]);
        else code = checked(s, bashu_package_report(&content[k], s->package, format, s->request->language));
    }
    snprintf(path, sizeof path, "%s/manifest.json", folder);
    if (code == EXIT_OK) remove(path);
    if (code == EXIT_OK && !solved) code = drop_numbers(folder);
    for (size_t k = 0; k < FILE_COUNT; k++) {
        if (content[k] && code == EXIT_OK) code = write_file(s, folder, result_files[k], content[k]);
        bashu_text_free(content[k]);
    }
    return code;
}

static int solve_all(session *s, const char *scenario)
{
    char *folder = NULL;
    int code = scenario_folder(s, &folder, scenario);
    if (code == EXIT_OK) code = session_economy(s, folder);
    if (code == EXIT_OK) code = session_scenario(s, &s->scenario, scenario);
    if (code == EXIT_OK) code = session_solver(s);
    if (code == EXIT_OK) code = session_package(s, &s->package, s->scenario);
    bashu_text_free(folder);
    return code;
}

static int answer(session *s)
{
    const request *r = s->request;
    char *content;
    int code = checked(s, bashu_package_report(&content, s->package, r->json ? "json" : "text", r->language));
    if (code != EXIT_OK) return code;
    code = put_out(content, !r->json);
    bashu_text_free(content);
    if (code == EXIT_OK && r->output) code = write_results(s, r->output);
    return code == EXIT_OK ? outcome_code(r, bashu_result_info(bashu_package_whole(s->package))) : code;
}

int run_run(const request *r)
{
    session s;
    if (r->best && !r->output) {
        complain("%s", say(r, "--best is a section of report.html: add -o DIR, or ask bashu path SCENARIO --best OUTCOME --apart", "--best 是 report.html 的一节：请加 -o 目录，或使用 bashu path 情景 --best 结果 --apart"));
        return EXIT_USAGE;
    }
    int code = session_open(&s, r);
    if (code == EXIT_OK && r->output) code = make_folder(r->output); /* before the work, not after it */
    if (code == EXIT_OK) code = solve_all(&s, r->arguments[0]);
    if (code == EXIT_OK) code = answer(&s);
    session_close(&s);
    return code;
}
