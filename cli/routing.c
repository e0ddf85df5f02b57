/* routing.c - bashu routing FOLDER [--scenario FILE]: an economy on a network whose trade takes all routes. */
#include "cli.h"

static const double tolerance = 1e-10;

static int solve_network(session *s, bashu_routing *w)
{
    const request *r = s->request;
    int code = checked(s, bashu_routing_solve(w, tolerance));
    if (code == EXIT_OK && bashu_routing_info_get(w)->reason > 0 && r->scenario) code = checked(s, bashu_routing_scenario(w, r->scenario, tolerance));
    if (code == EXIT_OK && bashu_routing_info_get(w)->reason > 0) code = checked(s, bashu_routing_elasticities(w));
    return code;
}

static int put_file(session *s, const bashu_routing *w, const char *format)
{
    char *content;
    int code = checked(s, bashu_routing_report(&content, w, format, s->request->language));
    if (code == EXIT_OK) code = write_file(s, s->request->output, format, content);
    bashu_text_free(content);
    return code;
}

static int put_network(session *s, const bashu_routing *w)
{
    const request *r = s->request;
    bashu_reason reason = bashu_routing_info_get(w)->reason;
    if (r->csv && reason <= 0) complain("%s", bashu_reason_text(reason));
    else {
        char *content;
        int code = checked(s, bashu_routing_report(&content, w, r->json ? "json" : r->csv ? "links.csv" : "text", r->language));
        if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
        bashu_text_free(content);
        if (code == EXIT_OK && r->output && reason > 0) code = make_folder(r->output);
        if (code == EXIT_OK && r->output && reason > 0) code = put_file(s, w, "nodes.csv");
        if (code == EXIT_OK && r->output && reason > 0) code = put_file(s, w, "links.csv");
        if (code != EXIT_OK) return code;
    }
    return reason > 0 ? EXIT_OK : EXIT_NOT_CONVERGED;
}

int run_routing(const request *r)
{
    session s;
    bashu_routing *w = NULL;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = checked(&s, bashu_routing_read(&w, s.context, r->arguments[0], r->model));
    if (code == EXIT_OK) code = solve_network(&s, w);
    if (code == EXIT_OK) code = put_network(&s, w);
    bashu_routing_free(w);
    session_close(&s);
    return code;
}
