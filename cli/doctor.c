/* doctor.c - bashu doctor: what this program was built with, what the machine has, and a solve whose answer is known.
 *
 * The self-test: two places, one sector, nobody moves; productivity rises by 10 % everywhere, so that real GDP and real
 * wages rise by exactly 10 % in both. */
#include "cli.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#ifndef BASHU_LIBRARIES
#define BASHU_LIBRARIES "unknown"
#endif

typedef struct small_file {
    const char *name, *content;
} small_file;

static const small_file economy_files[] = {
    {"economy.yaml",
     "format: bashu-economy/1\nname: doctor\ntitle: {en: Doctor, zh: 自检}\nyear: 2020\n"
     "currency: {code: XXX, unit: 1, name: {en: crowns, zh: 克朗}}\n"
     "tables:\n  regions: regions.csv\n  sectors: sectors.csv\n  groups: groups.csv\n  people: people.csv\n"
     "  production: production.csv\n  input_output: input_output.csv\n  final_demand: final_demand.csv\n"
     "  wage_bill: wage_bill.csv\n  trade: trade.csv\n"
     "elasticities:\n  trade_elasticity: {value: 4, source: doctor}\n"
     "model:\n  mobility: none\n"},
    {"regions.csv", "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area\n"
                    "a,A,甲,0,0,100,100,10,a\nb,B,乙,1,0,200,300,10,b\n"},
    {"sectors.csv", "id,name_en,name_zh,industry\nall,All,全部,2\n"},
    {"groups.csv", "id,name_en,name_zh\npeople,People,人口\n"},
    {"people.csv", "region,group,people\na,people,100\nb,people,200\n"},
    {"production.csv", "region,sector,value_added\na,all,100\nb,all,300\n"},
    {"input_output.csv", "area,input_sector,output_sector,coefficient\n*,all,all,0\n"},
    {"final_demand.csv", "area,sector,share\n*,all,1\n"},
    {"wage_bill.csv", "area,sector,group,share\n*,all,people,1\n"},
    {"trade.csv", "sector,origin,destination,value\nall,a,a,60\nall,b,a,40\nall,a,b,40\nall,b,b,260\n"},
    {"scenario.yaml", "format: bashu-scenario/1\nname: doctor\ntitle: {en: Doctor, zh: 自检}\neconomy: .\nchanges:\n"
                      "  - id: better\n    title: {en: Better, zh: 提高}\n    lever: productivity\n    regions: all\n"
                      "    change_pct: 10\n    assumption: known answer\n"},
};
enum { FILE_COUNT = sizeof economy_files / sizeof economy_files[0] };
static const double expected_pct = 10, tolerance_pct = 1e-6;

typedef struct diagnosis {
    int test_code; /* exit code of the self-test */
    double gdp_pct, time_s;
} diagnosis;

/* ---- self-test ------------------------------------------------------------------------------------- */

static int write_economy(session *s, const char *folder)
{
    int code = EXIT_OK;
    for (size_t k = 0; k < FILE_COUNT && code == EXIT_OK; k++)
        code = write_file(s, folder, economy_files[k].name, economy_files[k].content);
    return code;
}

static void remove_economy(const char *folder)
{
    for (size_t k = 0; k < FILE_COUNT; k++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, economy_files[k].name);
        remove(path);
    }
    rmdir(folder);
}

static int solve_economy(session *s, const char *folder, double *gdp_pct)
{
    char path[512];
    snprintf(path, sizeof path, "%s/scenario.yaml", folder);
    int code = session_economy(s, folder);
    if (code == EXIT_OK) code = session_scenario(s, &s->scenario, path);
    if (code == EXIT_OK) code = session_solver(s);
    if (code == EXIT_OK) code = checked(s, bashu_solve(&s->result, s->solver, s->scenario));
    if (code == EXIT_OK) code = outcome_code(s->request, bashu_result_info(s->result));
    if (code == EXIT_OK) code = checked(s, bashu_result_aggregate(s->result, "gdp", "all", "", BASHU_PERCENT, gdp_pct));
    return code;
}

static void self_test(const request *r, diagnosis *out)
{
    const char *temporary = getenv("TMPDIR");
    char folder[400];
    double start = clock_s();
    request silent = *r;
    session s;
    silent.quiet = true;
    snprintf(folder, sizeof folder, "%.300s/bashu-doctor-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    out->test_code = EXIT_IO;
    if (!mkdtemp(folder)) {
        complain("%s: %s", folder, say(r, "no temporary folder", "无法新建临时目录"));
        return;
    }
    out->test_code = session_open(&s, &silent);
    if (out->test_code == EXIT_OK) out->test_code = write_economy(&s, folder);
    if (out->test_code == EXIT_OK) out->test_code = solve_economy(&s, folder, &out->gdp_pct);
    if (out->test_code == EXIT_OK && !(fabs(out->gdp_pct - expected_pct) <= tolerance_pct))
        out->test_code = EXIT_INTERNAL;
    session_close(&s);
    remove_economy(folder);
    out->time_s = clock_s() - start;
}

/* ---- report ---------------------------------------------------------------------------------------- */

static double memory_gb(int name)
{
    long pages = sysconf(name), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (double)pages * (double)page / 1e9 : 0;
}

static void put_line(text *t, const request *r, const char *english, const char *chinese, const char *value)
{
    /* two Chinese characters take the room of four letters and six bytes */
    const char *title = say(r, english, chinese);
    int width = r->language == BASHU_ZH ? 12 + (int)strlen(title) / 3 : 12;
    add(t, "  %-*s %s\n", width, title, value);
}

static void put_report(text *t, const request *r, const diagnosis *d, const struct utsname *machine)
{
    char line[512];
    add(t, "bashu %s\n", bashu_version());
    put_line(t, r, "compiler", "编译器", __VERSION__);
    put_line(t, r, "libraries", "程序库", BASHU_LIBRARIES);
    snprintf(line, sizeof line, "%s %s", machine->sysname, machine->machine);
    put_line(t, r, "machine", "系统", line);
    snprintf(line, sizeof line, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    put_line(t, r, "processors", "处理器", line);
    snprintf(line, sizeof line, "%.1f GB", memory_gb(_SC_PHYS_PAGES));
    put_line(t, r, "memory", "内存", line);
    snprintf(line, sizeof line, "%s %.10f %%, %s %.0f %% (%.3f s)", say(r, "real GDP", "实际 GDP"), d->gdp_pct,
             say(r, "expected", "应为"), expected_pct, d->time_s);
    put_line(t, r, "self-test", "自检", d->test_code == EXIT_OK ? line : say(r, "FAILED", "失败"));
    add(t, "%s\n",
        d->test_code == EXIT_OK ? say(r, "Everything works.", "一切正常。")
                                : say(r, "Something is wrong; see the message above.", "存在问题，请看上面的消息。"));
}

static void put_json(text *t, const diagnosis *d, const struct utsname *machine)
{
    add(t, "{\"version\": \"%s\", \"compiler\": ", bashu_version());
    add_quoted(t, __VERSION__);
    add(t, ", \"libraries\": ");
    add_quoted(t, BASHU_LIBRARIES);
    add(t, ", \"system\": ");
    add_quoted(t, machine->sysname);
    add(t, ", \"machine\": ");
    add_quoted(t, machine->machine);
    add(t, ", \"processors\": %ld, \"memory_gb\": ", sysconf(_SC_NPROCESSORS_ONLN));
    add_number(t, memory_gb(_SC_PHYS_PAGES));
    add(t, ", \"self_test\": {\"passed\": %s, \"gdp_pct\": ", d->test_code == EXIT_OK ? "true" : "false");
    add_number(t, d->gdp_pct);
    add(t, ", \"expected_pct\": ");
    add_number(t, expected_pct);
    add(t, ", \"time_s\": ");
    add_number(t, d->time_s);
    add(t, "}}\n");
}

int run_doctor(const request *r)
{
    diagnosis d = {.gdp_pct = (double)NAN};
    struct utsname machine = {0};
    text t = {0};
    uname(&machine);
    self_test(r, &d);
    if (r->json) put_json(&t, &d, &machine);
    else put_report(&t, r, &d, &machine);
    int code = put_text(&t, !r->json);
    return code == EXIT_OK ? d.test_code : code;
}
