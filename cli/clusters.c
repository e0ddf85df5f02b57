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
    int code = checked(s, report(&content, subject, r->json ? "json" : r->csv ? csv : "text", r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

static int write_reports(session *s, report_function *report, const void *subject, const char *const (*files)[2], size_t count)
{
    int code = make_folder(s->request->output);
    for (size_t k = 0; k < count && code == EXIT_OK; k++) {
        char *content = NULL;
        code = checked(s, report(&content, subject, files[k][1], s->request->language));
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
    int code = checked(s, bashu_clusters_new(&clusters, s->economy, &wanted));
    if (code == EXIT_OK) code = put_report(s, report_clusters, clusters, "places.csv");
    if (code == EXIT_OK && s->request->output) code = write_reports(s, report_clusters, clusters, files, sizeof files / sizeof *files);
    bashu_clusters_free(clusters);
    return code;
}

static bashu_status report_attain(char **out, const void *subject, const char *format, bashu_language language)
{
    return bashu_attain_report(out, subject, format, language);
}

/* LOW,HIGH; both must be numbers, the library checks what they are. */
static int read_range(const request *r, double *low, double *high)
{
    char *end = NULL;
    if (!r->range) return EXIT_OK;
    *low = strtod(r->range, &end);
    if (end != r->range && *end == ',') {
        const char *rest = end + 1;
        *high = strtod(rest, &end);
        if (end != rest && !*end && *low < *high) return EXIT_OK;
    }
    complain("%s: '%s'", say(r, "--range is LOW,HIGH in percent, e.g. --range=-20,60, not", "--range 写作 低,高（百分比），如 --range=-20,60，而不是"), r->range);
    return EXIT_USAGE;
}

static int show_attain(session *s)
{
    static const char *const files[][2] = {{"attain.csv", "csv"}, {"attain.json", "json"}};
    const request *r = s->request;
    bashu_attain_options wanted = BASHU_ATTAIN_OPTIONS_INIT;
    bashu_attain *attain = NULL;
    wanted.sector = r->sector;
    wanted.circle = r->circle;
    wanted.benchmark = r->benchmark;
    wanted.levers = r->take;
    wanted.measure = r->measure;
    wanted.held = r->held;
    int code = read_range(r, &wanted.low, &wanted.high); /* it was right before the economy was read */
    if (code == EXIT_OK) code = checked(s, bashu_attain_new(&attain, s->economy, &wanted, &s->options));
    if (code == EXIT_OK) code = put_report(s, report_attain, attain, "csv");
    if (code == EXIT_OK && r->output) code = write_reports(s, report_attain, attain, files, sizeof files / sizeof *files);
    for (size_t k = 0; code == EXIT_OK && k < bashu_attain_count(attain); k++) {
        bashu_attain_answer answer;
        code = checked(s, bashu_attain_get(attain, k, &answer));
        if (code == EXIT_OK && answer.end == BASHU_ATTAIN_UNSOLVED) code = EXIT_NOT_CONVERGED;
    }
    bashu_attain_free(attain);
    return code;
}

/* Flags of one question do not go with the other. */
static int check_question(const request *r)
{
    if (r->take && !r->sector) complain("%s", say(r, "--take needs --sector: of which sector?", "--take 需要 --sector：哪个行业？"));
    else if (!r->take && (r->measure || r->held || r->range)) 
        complain("%s", say(r, "--measure, --held and --range go with --take", "--measure、--held 与 --range 须与 --take 同用"));
    else return EXIT_OK;
    return EXIT_USAGE;
}

int run_clusters(const request *r)
{
    session s;
    double low, high;
    int code = check_question(r);
    if (code == EXIT_OK) code = read_range(r, &low, &high);
    if (code != EXIT_OK) return code;
    code = session_open(&s, r);
    if (code == EXIT_OK) code = session_economy(&s, r->economy ? r->economy : usual_economy);
    if (code == EXIT_OK) code = r->take ? show_attain(&s) : show_clusters(&s);
    session_close(&s);
    return code;
}
