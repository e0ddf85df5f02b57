/* check.c - bashu check ECONOMY and bashu calibrate ECONOMY: the data, and the data balanced. */
#include "cli.h"

#include <stddef.h>

static const char *economy_folder(const request *r)
{
    if (r->argument_count && !r->economy) return r->arguments[0];
    if (r->economy && !r->argument_count) return r->economy;
    complain("%s: bashu %s ECONOMY", say(r, "usage", "用法"), r->command->name);
    return NULL;
}

int run_check(const request *r)
{
    const char *folder = economy_folder(r);
    session s;
    if (!folder) return EXIT_USAGE;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) {
        char *content;
        code = checked(&s, bashu_economy_report(&content, s.economy, r->json ? "json" : "text", r->language));
        if (code == EXIT_OK) code = put_out(content, !r->json);
        bashu_text_free(content);
    }
    session_close(&s);
    return code;
}

int run_calibrate(const request *r)
{
    static const char *const tables[] = {"accounts.csv", "fundamentals.csv", "trade.csv", "migration.csv", "commuting.csv",
                                         "travel_time.csv"};
    const char *folder = economy_folder(r);
    session s;
    if (!folder) return EXIT_USAGE;
    if (!r->output) {
        complain("%s: bashu calibrate ECONOMY -o DIR", say(r, "usage", "用法"));
        return EXIT_USAGE;
    }
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = make_folder(r->output);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    for (size_t k = 0; k < sizeof tables / sizeof tables[0] && code == EXIT_OK; k++) {
        char *content;
        code = checked(&s, bashu_economy_table(&content, s.economy, tables[k]));
        if (code == EXIT_OK) code = write_file(&s, r->output, tables[k], content);
        bashu_text_free(content);
    }
    session_close(&s);
    return code;
}
