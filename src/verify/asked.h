/* asked.h - one run under way, and its answers as tables of the database. Tables are called RUN_SUFFIX. */
#ifndef BASHU_VERIFY_ASKED_H
#define BASHU_VERIFY_ASKED_H

#include "verify/verify.h"

typedef struct asked { /* what is open belongs to it */
    bashu_context *context;
    arena *memory;
    database *database;
    const case_run *run;
    const run_settings *settings;
    run_outcome *outcome;
    bashu_options options;
    const char *trade_sql; /* makes RUN_trade from RUN_pair_sector; NULL: nobody asks */
    const bashu_economy *economy; /* of settings->opened */
    bashu_scenario *scenario;
    bashu_solver *solver;
    bashu_result **results;       /* [result_count] */
    const char **changes;         /* [result_count] the change alone that was solved; NULL: the scenario whole */
    size_t result_count;
    bashu_path *path;
    bashu_gravity *gravity;
    bashu_leontief *accounts;
    bashu_assignment *assignment;
    bashu_infrastructure *infrastructure;
} asked;

/* NULL without memory. */
const char *table_name(const asked *a, const char *suffix);
/* Filling in what nothing reads would be most of the time spent: only tables, and variables in quotes, that SQL names. */
bool is_named(const asked *a, const char *name);

/* ---- answers.c ----------------------------------------------------------------------------------------- */

/* Answers that differ in one thing, which stands in a column of its own: the change, the year. */
typedef struct answer_source {
    const char *column;
    size_t count;
    cell (*label)(const asked *a, size_t answer);
    bashu_status (*values)(const asked *a, size_t answer, const char *variable, bashu_column column, double *values, size_t count);
} answer_source;
/* RUN_region, RUN_sector, ...: output variables by what their shape says. */
bashu_status load_shapes(asked *a, const answer_source *source);
/* RUN_region, RUN_sector, ..., RUN_trade of the results. */
bashu_status load_results(asked *a);
/* A table of a report, as `format` gives it. */
typedef bashu_status report_function(char **out, const void *subject, const char *format);
bashu_status load_report(asked *a, const char *suffix, report_function *report, const void *subject, const char *format);
/* RUN_info(name, value) */
typedef struct fact {
    const char *name;
    double value;
} fact;
bashu_status load_facts(asked *a, const fact *facts, size_t count);

/* ---- runs.c -------------------------------------------------------------------------------------------- */

/* What went wrong, with the line of the case that asked for it. */
bashu_status fail_run(const asked *a, size_t line, bashu_status status);
/* The economy of the run, and its scenario where it has one. */
bashu_status open_scenario(asked *a);
/* Iterations are counted; false: there is no answer to load. */
bool is_answered(asked *a, bashu_reason reason, int passes);
/* A file of the case, where the conversion has put it; NULL without memory. */
const char *in_folder(const asked *a, const char *name);

/* ---- path_question.c ----------------------------------------------------------------------------------- */

bashu_status ask_path(asked *a);

/* ---- infrastructure_question.c -------------------------------------------------------------------------- */

bashu_status ask_infrastructure(asked *a);

#endif
