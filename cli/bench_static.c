/* bench_static.c - bashu bench static: how long each step takes, as medians of repeats in this very process. */
#include "cli.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef enum work {
    WORK_READ,
    WORK_CALIBRATE,
    WORK_SOLVE,
    WORK_PASSES,
    WORK_PACKAGE,
    WORK_REPORT,
    WORK_TOTAL,
    WORK_COUNT
} work;
typedef struct work_row {
    const char *work, *measure;
    double goal; /* 0: none */
    const char *title_en, *title_zh;
} work_row;

static const work_row rows[WORK_COUNT] = {
    [WORK_READ] = {"read", "s", 0, "reading the economy", "读取数据"},
    [WORK_CALIBRATE] = {"calibrate", "s", 0, "balancing and calibrating", "平衡与校准"},
    [WORK_SOLVE] = {"solve", "s", 0, "one equilibrium", "求解一个均衡"},
    [WORK_PASSES] = {"solve", "passes", 60, "passes over the trade shares", "遍历贸易份额的次数"},
    [WORK_PACKAGE] = {"package", "s", 0, "the package and each change alone", "整体及逐项求解"},
    [WORK_REPORT] = {"report", "s", 0, "text, JSON and CSV", "生成文本、JSON 与 CSV"},
    [WORK_TOTAL] = {"total", "s", 5, "the whole run", "全部用时"},
};

/* The text of every report, as `run -o` makes them. */
static int make_reports(session *s)
{
    static const char *const formats[] = {"text", "json", "regions.csv", "long.csv", "manifest.json"};
    int code = EXIT_OK;
    for (size_t k = 0; k < sizeof formats / sizeof formats[0] && code == EXIT_OK; k++) {
        char *content;
        code = checked(s, bashu_package_report(&content, s->package, formats[k], s->request->language));
        bashu_text_free(content);
    }
    return code;
}

/* One repeat: the whole way of `run`, timed at its joints. */
static int measure_once(const request *r, const char *scenario, double values[WORK_COUNT])
{
    session s;
    char *folder = NULL;
    double start = clock_s(), before = start, package = 0;
    int code = session_open(&s, r);
    if (code == EXIT_OK) code = scenario_folder(&s, &folder, scenario);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK) code = session_scenario(&s, &s.scenario, scenario);
    if (code == EXIT_OK) code = session_solver(&s);
    if (code == EXIT_OK) {
        before = clock_s();
        code = session_package(&s, &s.package, s.scenario);
        package = clock_s() - before;
    }
    if (code == EXIT_OK) {
        const bashu_info *info = bashu_result_info(bashu_package_whole(s.package));
        code = outcome_code(r, info);
        before = clock_s();
        if (code == EXIT_OK) code = make_reports(&s);
        double now = clock_s();
        values[WORK_READ] = s.read_s;
        values[WORK_CALIBRATE] = s.calibrate_s;
        values[WORK_SOLVE] = info->time_s;
        values[WORK_PASSES] = info->passes;
        values[WORK_PACKAGE] = package;
        values[WORK_REPORT] = now - before;
        values[WORK_TOTAL] = now - start;
        if (code == EXIT_NOT_CONVERGED) complain("%s", bashu_reason_text(info->reason));
    }
    bashu_text_free(folder);
    session_close(&s);
    return code;
}

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void put_rows(const request *r, double *values, size_t repeats, text *t)
{
    if (r->json)
        add(t, "{\"machine\": {\"processors\": %ld, \"compiler\": \"%s\", \"threads\": %d},\n \"rows\": [",
            sysconf(_SC_NPROCESSORS_ONLN), __VERSION__, r->threads);
    else add(t, "%s\n", say(r, "median (least - most) of the repeats", "中位数（最小 - 最大）"));
    for (size_t k = 0; k < WORK_COUNT; k++) {
        double *own = values + k * repeats;
        const work_row *row = &rows[k];
        qsort(own, repeats, sizeof *own, compare_numbers);
        double median = own[repeats / 2];
        bool met = row->goal <= 0 || median <= row->goal;
        if (r->json) {
            add(t, "%s\n  {\"work\": \"%s\", \"measure\": \"%s\", \"value\": ", k ? "," : "", row->work, row->measure);
            add_number(t, median);
            add(t, ", \"low\": ");
            add_number(t, own[0]);
            add(t, ", \"high\": ");
            add_number(t, own[repeats - 1]);
            add(t, ", \"goal\": ");
            add_number(t, row->goal > 0 ? row->goal : (double)NAN);
            add(t, ", \"met\": %s}", met ? "true" : "false");
        } else {
            add(t, "  %10.4g %-7s (%.4g - %.4g)", median, row->measure, own[0], own[repeats - 1]);
            add(t, "  %s", say(r, row->title_en, row->title_zh));
            if (row->goal > 0)
                add(t, "  [%s %g: %s]", say(r, "goal", "目标"), row->goal,
                    met ? say(r, "met", "达到") : say(r, "missed", "未达到"));
            add(t, "\n");
        }
    }
    if (r->json) add(t, "\n ]}\n");
}

int run_bench_static(const request *r)
{
    const char *scenario = r->argument_count > 1 ? r->arguments[1] : "scenarios/cooperation.yaml";
    size_t repeats = (size_t)r->repeats;
    if (r->argument_count > 2 || r->compare) {
        complain("%s: bashu bench static [SCENARIO]", say(r, "usage", "用法"));
        return EXIT_USAGE;
    }
    double *values = calloc(WORK_COUNT * repeats, sizeof *values);
    if (!values) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    int code = EXIT_OK;
    for (size_t k = 0; k < repeats && code == EXIT_OK; k++) {
        double one[WORK_COUNT];
        code = measure_once(r, scenario, one);
        for (size_t w = 0; w < WORK_COUNT && code == EXIT_OK; w++) values[w * repeats + k] = one[w];
    }
    text t = {0};
    if (code == EXIT_OK) {
        put_rows(r, values, repeats, &t);
        code = put_text(&t, !r->json);
    }
    free(values);
    return code;
}
