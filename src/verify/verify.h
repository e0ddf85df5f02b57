/* verify.h - published models as cases: converted to the economy format by SQL, solved as a user would, compared.
 *
 *   case.yaml, a package of files --inputs--> [database] --convert.sql--> tables --CSV--> a folder in the economy format
 *                                                 |                                            |
 *                              expected numbers --+--> SQL of each quantity <-- run tables <-- solve, calibrate, ...
 *
 * The economy is read by the ordinary reader from ordinary files, and answered through bashu.h. */
#ifndef BASHU_VERIFY_VERIFY_H
#define BASHU_VERIFY_VERIFY_H

#include "verify/case.h"
#include "verify/database.h"

/* ---- convert.c --------------------------------------------------------------------------------------- */

/* The folder of the case's inputs: REFERENCE/PACKAGE, or the case's own; NULL without memory. */
const char *case_inputs_folder(const verify_case *c, arena *memory, const char *reference);
/* Inputs from `folder` to tables, with or without what is only compared with; then convert.sql. */
bashu_status convert_load(database *d, arena *memory, const verify_case *c, const char *folder, bool with_expected);
/* A file that the case names. */
bashu_status case_file(text_file *out, arena *memory, const verify_case *c, const char *name);
/* The tables to write as CSV, with the YAML files, into `folder`, which must exist; lasting: to stay there. */
bashu_status convert_write(database *d, arena *memory, const verify_case *c, const char *folder, bool lasting);
/* What a run converts for itself: SQL, then its tables over those of the folder. */
bashu_status convert_again(database *d, arena *memory, const verify_case *c, const case_conversion *conversion, const char *folder);
/* A CSV file as a table: a column is numbers when each of its cells that is not empty is a plain number (input.h). */
bashu_status load_table(database *d, arena *memory, const case_input *input, const char *path);
/* The whole of `bashu convert`. from: the folder of the package itself. */
bashu_status convert_case(bashu_context *context, const char *folder, const char *from, const char *output);

/* ---- runs.c ------------------------------------------------------------------------------------------ */

typedef struct opened_economy { /* by the last run that needed one; zeros at first */
    const case_run *run;
    bashu_data *data;
    bashu_economy *economy;
} opened_economy;
void economy_close(opened_economy *opened);

typedef struct run_settings {
    bashu_context *context;
    const verify_case *about;
    const char *economy;       /* the folder convert_write filled */
    bashu_options options;
    opened_economy *opened;
    const char *const *sql;    /* all that may read answers: of quantities, and what runs convert; NULL-terminated */
} run_settings;
typedef struct run_outcome { /* added up over the runs of a case */
    int passes;
    bashu_reason reason;       /* of the first that has no equilibrium, else positive */
    const char *missing;       /* a library that a question needs and that is not there; NULL: none */
} run_outcome;
/* Puts one question to the engine and loads what it answers as tables NAME_...; those that no SQL names are left out. */
bool run_reads_economy(const case_run *run); /* does its question? */
bool run_solves(const case_run *run);        /* equilibria, by the solver's method? */
bashu_status run_ask(database *d, const case_run *run, const run_settings *settings, run_outcome *outcome);

/* ---- verify.c ---------------------------------------------------------------------------------------- */

typedef struct compared { /* one row of a quantity */
    const char *label;
    double expected, ours;
} compared;

typedef struct verified { /* one quantity by one method */
    const verify_case *about;
    const case_quantity *quantity;
    const char *method;
    bool absent;               /* the package, or a library, is not there: nothing was compared */
    const char *missing;       /* the library; NULL: none */
    bashu_reason reason;       /* not positive: there is no answer to compare */
    size_t count, worst;       /* rows; the one that is furthest off for its tolerance */
    const compared *rows;
    double max_abs, max_rel;
    bool pass;
    int passes;                /* of all runs of the case: over the trade shares, or iterations */
    double time_s;             /* of the case */
} verified;

struct bashu_verification {
    bashu_context *context;
    arena *memory;
    verified *items;
    size_t count, room;
};

bashu_status verification_new(bashu_verification **out, bashu_context *context);
void verification_free(bashu_verification *v);
bashu_status verification_add(bashu_verification *v, const char *folder, const char *reference, const bashu_options *options);

/* ---- verify_report.c ---------------------------------------------------------------------------------- */

bashu_status verification_report(char **out, const bashu_verification *v, const char *format, bashu_language language);

#endif
