/* report.h - results as text for people and as JSON and CSV for programs.
 *
 * A result without an equilibrium is reported as such, with what is known of the reason, and without numbers. */
#ifndef BASHU_REPORT_REPORT_H
#define BASHU_REPORT_REPORT_H

#include "estimate/estimate.h"
#include "measure/measure.h"
#include "policy/package.h"
#include "report/writer.h"

bashu_status package_report(char **out, const bashu_package *package, const char *format, bashu_language language);
bashu_status economy_report(char **out, const bashu_economy *economy, const char *format, bashu_language language);
bashu_status economy_table(char **out, const bashu_economy *economy, const char *table);
bashu_status compare_report(char **out, const bashu_package *a, const bashu_package *b, const char *format,
                            bashu_language language);

bashu_status gravity_report(char **out, const bashu_gravity *gravity, const char *format, bashu_language language);

/* ---- inside the folder --------------------------------------------------------------------------- */

/* A report under way: where it goes, memory for its cells, and its language. */
typedef struct report {
    writer out;
    arena *memory;
    bashu_context *context;
    bashu_language language;
    bool both; /* words stand there in both languages, each in an element with its lang, of which a style shows one (page.c) */
} report;
bashu_status report_begin(report *r, bashu_context *context, bashu_language language);
/* Hands over what was written when `status` is OK; frees the rest. */
bashu_status report_end(char **out, report *r, bashu_status status);

/* One format of a report: its name and the function that writes it. */
typedef struct report_format {
    const char *name;
    bashu_status (*write)(report *r, const void *subject);
} report_format;
bashu_status report_write(char **out, bashu_context *context, bashu_language language, const report_format *formats,
                          size_t count, const char *name, const void *subject);

const char *label_name(const report *r, const label *l);
/* "100 million yuan"; and the currency itself, for money per person: "CNY", in Chinese 元. */
const char *currency_name(const report *r, const description *about);
const char *currency_word(const report *r, const description *about);
/* Name of the member of `set` that region n belongs to; "" when none. */
const char *member_name(const report *r, const description *about, const char *set, size_t n);
/* Id of the same. */
const char *member_id(const description *about, const char *set, size_t n);
bool region_imputed(const region_row *region);
/* Unit of a variable in words of this economy, e.g. "1e8 CNY". */
const char *unit_text(arena *memory, const description *about, const char *unit);

/* The reason and the way the mathematics ended, in the language of the report. */
const char *reason_words(const report *r, bashu_reason reason);
/* Whether other starts led elsewhere; the rung of the solver's ladder. */
const char *starts_words(const report *r, const bashu_info *info);
const char *solver_words(const report *r, const char *method);
const char *uniqueness_words(const report *r, const char *uniqueness);
/* "brook, services" with names for ids: "Brook, Services"; and an equation by its name. */
/* Unit of a change: "minutes". */
const char *unit_words(const report *r, const char *unit);
const char *where_words(const report *r, const description *about, const char *where);
const char *equation_words(const report *r, const char *equation);
/* bashu_info.worst, "goods_market: brook, services", in words. */
const char *worst_words(const report *r, const description *about, const char *worst);
/* A line of a table of two columns: what, and how it is. */
void put_line(report *r, grid *g, const char *english, const char *chinese, const char *text);
bashu_status put_certificate(report *r, const bashu_result *result);
/* What is known of a result that did not converge. */
bashu_status put_failure(report *r, const bashu_result *result);
/* The sets that stand side by side: every circle, then the nation. count is set; NULL: no memory. */
set_summary *summaries_of(arena *memory, const description *about, size_t *count);

/* The columns people look at first; rows of the table of variables. */
enum { HEADLINE_COUNT = 5, FOCUS_COUNT = 4 };
extern const char *const headline_names[HEADLINE_COUNT]; /* gdp, population, real_wage, welfare, then land_rent */
const char *headline_title(const report *r, size_t k);   /* short, for the head of a column */

/* How many places, and how many of the people, gain more than tally_threshold_pct of welfare, lose more than that, and see
 * next to no change. welfare: percent changes, [N]. */
enum { TALLY_GAIN, TALLY_LOSE, TALLY_SAME, TALLY_COUNT };
typedef struct tally {
    size_t places[TALLY_COUNT];
    double people_share[TALLY_COUNT]; /* 0 to 1 */
} tally;
extern const double tally_threshold_pct;
tally tally_of(const description *about, const double *welfare);

/* Percent changes of the headline variables of every region: [HEADLINE_COUNT][N], from the arena. */
bashu_status headline_percents(double **out, arena *memory, const bashu_result *result);

/* "65,857 → 66,819 (100 million yuan)": a headline variable of the focus before and after. */
const char *headline_level(const report *r, const bashu_package *package, const focus *about_what, const char *variable);
/* How large a change is: "62 → 50 minutes", "-5 %". */
const char *change_text(const report *r, const bashu_package *package, const change *c);

/* Two packages side by side. */
typedef struct comparison {
    const bashu_package *a, *b;
} comparison;

/* The writers named in formats.c; `subject` is the package, economy or comparison. */
bashu_status text_package(report *r, const void *subject);
bashu_status text_economy(report *r, const void *subject);
bashu_status text_compare(report *r, const void *subject);
bashu_status svg_map(report *r, const void *subject);
bashu_status csv_regions(report *r, const void *subject);
bashu_status csv_long(report *r, const void *subject);
bashu_status csv_compare(report *r, const void *subject);

#endif
