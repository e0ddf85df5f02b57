/* optimum.h - reports of how much of each change. */
#ifndef BASHU_REPORT_OPTIMUM_H
#define BASHU_REPORT_OPTIMUM_H

#include "policy/optimum.h"
#include "report/report.h"

/* formats: "text", "json", "csv". */
bashu_status optimum_report(char **out, const bashu_optimum *optimum, const char *format, bashu_language language);
/* How far one may go from the best along direction k for a loss of 0.01 percentage points; infinite where nothing is lost. */
double optimum_reach(const bashu_optimum *optimum, size_t k);
/* "0.71 chengdu_science - 0.70 chongqing_industry": direction k, in the report's memory. */
const char *optimum_direction_words(report *r, const bashu_optimum *optimum, size_t k);
bool optimum_counts_researchers(const bashu_optimum *optimum, size_t change);
const char *change_title(const report *r, const change *c);

#endif
