/* cli.h - the command line: what was asked (request), what is open (session), and how to say things.
 *
 * One file per command. A command is a row of the table in main.c; flags are rows of the table in parse.c and of the
 * library's table of options; help is drawn from these tables. Data goes to standard output, messages to standard
 * error. */
#ifndef BASHU_CLI_H
#define BASHU_CLI_H

#include "bashu/bashu.h"

#include <stdbool.h>

/* Exit codes; those of statuses are the same numbers (bashu.h). */
enum {
    EXIT_OK = 0,
    EXIT_INTERNAL = 1,
    EXIT_USAGE = 2,
    EXIT_INPUT = 3,
    EXIT_NOT_CONVERGED = 4,
    EXIT_NOT_UNIQUE = 5,
    EXIT_IO = 6,
    EXIT_NOT_BUILT = 7,
    EXIT_DIFFERS = 8,
    EXIT_INTERRUPTED = 130
};

enum { ARGUMENT_MAX = 64, SETTING_MAX = 64 };

typedef struct pair { /* one --set path=value, or one option */
    const char *name, *value;
} pair;

typedef struct request {
    const struct command *command;
    bashu_language language;
    bool json, csv, quiet, strict, help, version, pairs, decompose, markdown, verbose, all_methods, exposure, linear, held, nobody_loses, continuous;
    const char *output, *model, *economy, *scenario, *variables, *links, *trips, *reference, *cases, *from, *compare, *gradient, *levers, *distribution, *outcomes, *by, *circles, *claims, *column, *zoom;
    const char *sector, *circle, *benchmark, *plants, *take, *measure, *range, *mode, *place, *travel;
    double gap, faster, budget, within, false_discovery, threshold; /* threshold: below 0 where it was not said */
    const char *best;
    bool apart;
    double discount; /* below 0 where it was not said */
    int threads, repeats, draws, orders, neighbours, permutations, years, year, exact, sets; /* exact: below 0 where it was not said */
    const char *arguments[ARGUMENT_MAX];
    size_t argument_count;
    pair settings[SETTING_MAX], options[SETTING_MAX];
    size_t setting_count, option_count;
} request;

/* Flags a command takes; a bit each. --lang, --quiet and --help are everybody's. */
typedef unsigned long long flag_set;
#define TAKES_JSON (1ULL << 0)
#define TAKES_CSV (1ULL << 1)
#define TAKES_OUTPUT (1ULL << 2)
#define TAKES_MODEL (1ULL << 3)
#define TAKES_ECONOMY (1ULL << 4)
#define TAKES_SCENARIO (1ULL << 5)
#define TAKES_THREADS (1ULL << 6)
#define TAKES_STRICT (1ULL << 7)
#define TAKES_OPTIONS (1ULL << 8)
#define TAKES_REPEATS (1ULL << 9)
#define TAKES_VARIABLES (1ULL << 10)
#define TAKES_NETWORK (1ULL << 11)
#define TAKES_CASES (1ULL << 12)
#define TAKES_VERIFY (1ULL << 13)
#define TAKES_FROM (1ULL << 14)
#define TAKES_COMPARE (1ULL << 15)
#define TAKES_LINEAR (1ULL << 16)
#define TAKES_DRAWS (1ULL << 17)
#define TAKES_BY (1ULL << 18)
#define TAKES_CIRCLES (1ULL << 19)
#define TAKES_CLAIMS (1ULL << 20)
#define TAKES_MAP (1ULL << 21)
#define TAKES_PLAYERS (1ULL << 22)
#define TAKES_CLUSTERS (1ULL << 23)
#define TAKES_YEARS (1ULL << 24)
#define TAKES_YEAR (1ULL << 25)
#define TAKES_LINKS (1ULL << 26)
#define TAKES_PLAN (1ULL << 27)
#define TAKES_BEST (1ULL << 41)
#define TAKES_TIMES (1ULL << 39)
#define TAKES_SETTINGS (1ULL << 40) /* --model without --set */
#define TAKES_ANY (1ULL << 63)

typedef struct command {
    const char *name, *arguments; /* e.g. "run", "SCENARIO" */
    size_t least, most;           /* arguments */
    flag_set flags;
    const char *help_en, *help_zh;
    const char *examples[2];
    int (*run)(const request *r); /* gives an exit code */
} command;

extern const command commands[];
extern const size_t command_count;
const command *find_command(const char *name);

/* parse.c. Gives an exit code; anything but EXIT_OK has been explained on standard error. */
int parse_request(request *out, int count, char *const *words);
/* The name nearest to `name` among those added, for "did you mean"; NULL when none is near. */
const char *nearest(const char *name, const char *const *names, size_t count);
/* help.c */
int show_help(const request *r, const command *about);
/* path.c: --years and --discount; --range=LOW,HIGH of --best, an exit code. */
bashu_path_options years_wanted(const request *r);
int read_scales(const request *r, double *low, double *high);
int run_audit(const request *r);
int run_circles(const request *r);
int run_cooperate(const request *r);
int run_map(const request *r);
int run_help(const request *r);
int run_version(const request *r);
/* Rows of the table of flags that a command takes, for help: NULL at the end. */
typedef struct flag_row {
    char letter;
    const char *name, *value; /* value NULL: a switch */
    flag_set taken_by;
    const char *help_en, *help_zh;
} flag_row;
extern const flag_row flag_rows[];
extern const size_t flag_count;

/* ---- terminal.c: saying things ------------------------------------------------------------------- */

/* English or Chinese. */
const char *say(const request *r, const char *english, const char *chinese);
#if defined(__GNUC__)
__attribute__((__format__(__printf__, 1, 2)))
#endif
void complain(const char *format, ...); /* "bashu: error: ..." */
/* Writes to standard output; EXIT_IO when it does not take it. The headings of a page stand out on a terminal. */
int put_out(const char *content, bool page);
/* From now on an interrupt (Ctrl-C) cancels the work of this context; a second one ends the program. */
void watch_interrupts(bashu_context *context);
bool was_interrupted(void);
/* A line on standard error after one second of work, when that is a terminal. */
void watch_progress(bashu_context *context, bool quiet);
void clear_progress(void);
double clock_s(void);

/* ---- session.c: what is open ---------------------------------------------------------------------- */

typedef struct session {
    const request *request;
    bashu_context *context;
    bashu_options options;
    bashu_data *data;
    bashu_economy *economy;
    bashu_scenario *scenario, *other_scenario;
    bashu_solver *solver;
    bashu_package *package, *other_package;
    bashu_path *path;
    bashu_optimum *optimum;
    bashu_network *network;
    bashu_links *links;
    bashu_cooperation *cooperation;
    bashu_result *result;
    double read_s, calibrate_s;
} session;

/* Each gives an exit code, having said what is wrong. */
int session_open(session *s, const request *r);
int session_economy(session *s, const char *folder); /* reads, applies --set, calibrates */
int session_scenario(session *s, bashu_scenario **out, const char *path);
int session_solver(session *s);
int session_package(session *s, bashu_package **out, const bashu_scenario *scenario);
void session_close(session *s);
/* The folder named by the scenario file unless --economy says another; freed with bashu_text_free when owned. */
int scenario_folder(session *s, char **out, const char *scenario);
/* Explains a status and gives its exit code. */
int checked(session *s, bashu_status status);
/* Exit code of a result: converged, not, interrupted, and with --strict whether it is known to be the only one. */
int outcome_code(const request *r, const bashu_info *info);

/* ---- chosen.c: --variable, --pairs, --decompose ----------------------------------------------------- */

struct text;
/* Whether the request names variables, and whether there are such; an exit code. */
bool chooses_variables(const request *r);
int check_variables(const request *r);
/* The chosen variables of the session's result. JSON: members to stand in an object, after others. */
int put_chosen_csv(session *s);
int add_chosen_json(session *s, struct text *t);
int add_chosen_text(session *s, struct text *t);

/* ---- files.c: -o DIR ------------------------------------------------------------------------------- */

/* Makes the folder (and those above it) and checks that it can be written. */
int make_folder(const char *folder);
int write_file(session *s, const char *folder, const char *name, const char *text);
/* report.html of what is open: package, and cooperation where there is one. */
int make_report(session *s, char **content);

/* ---- json.c: small objects of the command line's own ----------------------------------------------- */

typedef struct text { /* a text that grows; `failed` sticks */
    char *bytes;
    size_t size, room;
    bool failed;
} text;
#if defined(__GNUC__)
__attribute__((__format__(__printf__, 2, 3)))
#endif
void add(text *t, const char *format, ...);
void add_quoted(text *t, const char *value); /* a JSON string */
void add_number(text *t, double value);      /* 17 digits; null when not finite */
int put_text(text *t, bool page);            /* as put_out, then empty */

/* One file each. */
int run_run(const request *r);
int run_check(const request *r);
int run_calibrate(const request *r);
int run_solve(const request *r);
int run_compare(const request *r);
int run_doctor(const request *r);
int run_bench(const request *r);
int run_bench_static(const request *r); /* of run_bench */
int run_gravity(const request *r);
int run_leontief(const request *r);
int run_assign(const request *r);
int run_routing(const request *r);
int run_verify(const request *r);
int run_convert(const request *r);
int run_explain(const request *r);
int run_sweep(const request *r);
int run_path(const request *r);
int run_clusters(const request *r);
int run_network(const request *r);
int run_times(const request *r);
int run_plan(const request *r);
int run_links(const request *r);

#endif
