/* assign.c - bashu assign FOLDER, or --links FILE --trips FILE: trips on a congested network. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file a flag names, else the one of that name in the folder; freed by the caller. NULL: no memory. */
static char *file_of(const char *flag, const char *folder, const char *name)
{
    if (flag) return strdup(flag);
    size_t room = strlen(folder) + strlen(name) + 2;
    char *path = malloc(room);
    if (path) snprintf(path, room, "%s/%s", folder, name);
    return path;
}

static int read_network(session *s, bashu_assignment **out)
{
    const request *r = s->request;
    const char *folder = r->argument_count ? r->arguments[0] : ".";
    char *links = file_of(r->links, folder, "links.csv"), *trips = file_of(r->trips, folder, "trips.csv");
    int code = EXIT_INTERNAL;
    if (links && trips) code = checked(s, bashu_assignment_read(out, s->context, links, trips));
    else complain("out of memory");
    free(links);
    free(trips);
    return code;
}

static int put_assignment(session *s, const bashu_assignment *a)
{
    const request *r = s->request;
    char *content;
    bashu_reason reason = bashu_assignment_info_get(a)->reason;
    if (r->csv && reason <= 0) complain("%s", bashu_reason_text(reason));
    else {
        const char *format = r->json ? "json" : r->csv ? "links.csv" : "text";
        int code = checked(s, bashu_assignment_report(&content, a, format, r->language));
        if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
        bashu_text_free(content);
        if (code != EXIT_OK) return code;
    }
    return reason > 0 ? EXIT_OK : EXIT_NOT_CONVERGED;
}

int run_assign(const request *r)
{
    session s;
    bashu_assignment *a = NULL;
    if (!r->argument_count && !(r->links && r->trips)) {
        complain("%s: bashu assign FOLDER, bashu assign --links FILE --trips FILE", say(r, "usage", "用法"));
        return EXIT_USAGE;
    }
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = read_network(&s, &a);
    if (code == EXIT_OK) code = checked(&s, bashu_assignment_solve(a, r->gap));
    if (code == EXIT_OK) code = put_assignment(&s, a);
    bashu_assignment_free(a);
    session_close(&s);
    return code;
}
