/* times.c - bashu times FOLDER [PLACES [PLACES]]: least times between places of a network, as CSV. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NUMBERS = 1 << 21 }; /* times held at once; a row is never cut */

typedef struct subject { /* what has the network */
    bashu_network *network;
    bashu_routing *routing;
    bashu_times *times;
} subject;

static bool is_economy(const char *folder)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/economy.yaml", folder);
    return length > 0 && (size_t)length < sizeof path && access(path, F_OK) == 0;
}

static int open_economy(session *s, subject *u)
{
    const request *r = s->request;
    int code = session_economy(s, r->arguments[0]);
    if (code == EXIT_OK && r->scenario) code = session_scenario(s, &s->scenario, r->scenario);
    if (code == EXIT_OK) code = checked(s, bashu_network_new(&u->network, s->economy, s->scenario, r->year));
    return code == EXIT_OK ? checked(s, bashu_times_of_network(&u->times, u->network, r->travel)) : code;
}

static int open_routing(session *s, subject *u)
{
    const request *r = s->request;
    if (r->scenario || r->year || r->travel || r->setting_count) {
        complain("%s", say(r, "--scenario, --year, --travel and --set are of economies (a folder with economy.yaml)",
                           "--scenario、--year、--travel 与 --set 只用于经济数据（含 economy.yaml 的目录）"));
        return EXIT_USAGE;
    }
    int code = checked(s, bashu_routing_read(&u->routing, s->context, r->arguments[0], r->model));
    return code == EXIT_OK ? checked(s, bashu_times_of_routing(&u->times, u->routing)) : code;
}

/* As many rows at a time as fit, so that memory does not grow with the table. */
static int put_times(session *s, bashu_times *times)
{
    const request *r = s->request;
    const size_t *from, *to;
    size_t from_count, to_count;
    int code = checked(s, bashu_times_places(&from, &from_count, times, r->argument_count > 1 ? r->arguments[1] : NULL));
    if (code == EXIT_OK) code = checked(s, bashu_times_places(&to, &to_count, times, r->argument_count > 1 ? r->arguments[r->argument_count - 1] : NULL));
    for (size_t at = 0, many; code == EXIT_OK && at < from_count; at += many) {
        char *content = NULL;
        many = NUMBERS / to_count ? NUMBERS / to_count : 1;
        if (many > from_count - at) many = from_count - at;
        if (was_interrupted()) return EXIT_INTERRUPTED;
        code = checked(s, bashu_times_csv(&content, times, from + at, many, to, to_count, at == 0));
        if (code == EXIT_OK) code = put_out(content, false);
        bashu_text_free(content);
    }
    return code;
}

int run_times(const request *r)
{
    session s;
    subject u = {0};
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = is_economy(r->arguments[0]) ? open_economy(&s, &u) : open_routing(&s, &u);
    if (code == EXIT_OK) code = put_times(&s, u.times);
    bashu_times_free(u.times);
    bashu_network_free(u.network);
    bashu_routing_free(u.routing);
    session_close(&s);
    return code;
}
