/* clusters.c - bashu clusters: where sectors concentrate, a circle beside its benchmark, and with --take what it would take. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usual_economy[] = "economies/china2020";

static bashu_clusters_options wanted_of(const session *s)
{
    const request *r = s->request;
    bashu_clusters_options o = BASHU_CLUSTERS_OPTIONS_INIT;
    o.sector = r->sector;
    o.circle = r->circle;
    o.benchmark = r->benchmark;
    o.plants = r->plants;
    o.seed = s->options.seed;
    if (r->neighbours) o.neighbours = r->neighbours;
    if (r->permutations) o.permutations = r->permutations;
    if (r->within > 0) o.within_h = r->within;
    if (r->false_discovery > 0) o.false_discovery = r->false_discovery;
    if (r->threshold >= 0) o.threshold = r->threshold;
    return o;
}

/* The reports as files; each a name and a format. */
typedef bashu_status report_function(char **out, const void *subject, const char *format, bashu_language language);

static bashu_status report_clusters(char **out, const void *subject, const char *format, bashu_language language)
{
    return bashu_clusters_report(out, subject, format, language);
}

static int put_report(session *s, report_function *report, const void *subject, const char *csv)
{
    const request *r = s->request;
    char *content = NULL;
    int code = explain(s, report(&content, subject, r->json ? "json" : r->csv ? csv : "text", r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

static int write_reports(session *s, report_function *report, const void *subject, const char *const (*files)[2], size_t count)
{
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < count && code == EXIT_OK; k++) {
        char *content = NULL;
        code = explain(s, report(&content, subject, files[k][1], s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k][0], content);
        bashu_text_free(content);
    }
    return code;
}

static int show_clusters(session *s)
{
    static const char *const files[][2] = {{"places.csv", "places.csv"}, {"sectors.csv", "sectors.csv"}, {"clusters.csv", "clusters.csv"},
                                           {"gap.csv", "gap.csv"}, {"clusters.json", "json"}};
    bashu_clusters_options wanted = wanted_of(s);
    bashu_clusters *clusters = NULL;
    int code = explain(s, bashu_clusters_new(&clusters, s->economy, &wanted));
    if (code == EXIT_OK) code = put_report(s, report_clusters, clusters, "places.csv");
    if (code == EXIT_OK && s->request->output) code = write_reports(s, report_clusters, clusters, files, sizeof files / sizeof *files);
    bashu_clusters_free(clusters);
    return code;
}

int run_clusters(const request *r)
{
    session s;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = session_economy(&s, r->economy ? r->economy : usual_economy);
    if (code == EXIT_OK) code = show_clusters(&s);
    session_close(&s);
    return code;
}
