/* circles.c - bashu circles: circles of places side by side; bashu audit: published claims against the data. */
#include "cli.h"

#include <stdio.h>

typedef struct shown { /* either of the two */
    bashu_circles *circles;
    bashu_audit *audit;
} shown;

static bashu_status content_of(char **content, const shown *what, const char *format, bashu_language language)
{
    return what->circles ? bashu_circles_report(content, what->circles, format, language) : bashu_audit_report(content, what->audit, format, language);
}

static int show_it(session *s, const shown *what, const char *name)
{
    const request *r = s->request;
    char *content = NULL, file[64];
    int code = EXIT_OK;
    for (size_t k = 0; r->output && k < 2 && code == EXIT_OK; k++) {
        static const char *const formats[] = {"csv", "json"};
        if (!k) code = make_folder(r->output);
        if (code == EXIT_OK) code = checked(s, content_of(&content, what, formats[k], r->language));
        snprintf(file, sizeof file, "%s.%s", name, formats[k]);
        if (code == EXIT_OK) code = write_file(s, r->output, file, content);
        bashu_text_free(content);
        content = NULL;
    }
    if (code == EXIT_OK) code = checked(s, content_of(&content, what, r->json ? "json" : r->csv ? "csv" : "text", r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

static int run_either(const request *r, bool audit)
{
    session s;
    shown what = {0};
    const char *folder = r->economy ? r->economy : r->argument_count ? r->arguments[0] : "economies/china2020";
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK && audit) code = checked(&s, bashu_audit_new(&what.audit, s.economy, r->claims));
    else if (code == EXIT_OK) code = checked(&s, bashu_circles_new(&what.circles, s.economy, r->circles));
    if (code == EXIT_OK) code = show_it(&s, &what, audit ? "audit" : "circles");
    bashu_audit_free(what.audit);
    bashu_circles_free(what.circles);
    session_close(&s);
    return code;
}

int run_circles(const request *r) { return run_either(r, false); }

int run_audit(const request *r) { return run_either(r, true); }
