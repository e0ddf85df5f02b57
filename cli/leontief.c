/* leontief.c - bashu leontief FOLDER, or --economy DIR: input-output accounts. */
#include "cli.h"

#include <stddef.h>

static int open_accounts(session *s, bashu_leontief **out)
{
    const request *r = s->request;
    if (!r->economy) return checked(s, bashu_leontief_read(out, s->context, r->arguments[0]));
    int code = session_economy(s, r->economy);
    return code == EXIT_OK ? checked(s, bashu_leontief_economy(out, s->economy)) : code;
}

static int write_tables(session *s, const bashu_leontief *accounts)
{
    static const char *const tables[] = {"accounts.csv", "embodied.csv", "industries.csv", "inverse.csv"};
    bool inverse = !s->request->economy; /* of an economy there is none */
    size_t count = sizeof tables / sizeof tables[0] - !inverse;
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < count && code == EXIT_OK; k++) {
        char *content;
        code = checked(s, bashu_leontief_report(&content, accounts, tables[k], BASHU_EN));
        if (code == EXIT_OK) code = write_file(s, s->request->output, tables[k], content);
        bashu_text_free(content);
    }
    return code;
}

static int put_accounts(session *s, const bashu_leontief *accounts)
{
    const request *r = s->request;
    char *content;
    const char *format = r->json ? "json" : r->csv ? "accounts.csv" : "text";
    int code = checked(s, bashu_leontief_report(&content, accounts, format, r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

int run_leontief(const request *r)
{
    session s;
    bashu_leontief *accounts = NULL;
    if (!r->argument_count == !r->economy) {
        complain("%s: bashu leontief FOLDER, bashu leontief --economy DIR", say(r, "usage", "用法"));
        return EXIT_USAGE;
    }
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = open_accounts(&s, &accounts);
    if (code == EXIT_OK && r->output) code = write_tables(&s, accounts);
    if (code == EXIT_OK) code = put_accounts(&s, accounts);
    if (code == EXIT_OK && bashu_leontief_info_get(accounts)->reason <= 0) code = EXIT_NOT_CONVERGED;
    bashu_leontief_free(accounts);
    session_close(&s);
    return code;
}
