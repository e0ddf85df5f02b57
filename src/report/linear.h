/* linear.h - reports of the linear answer. */
#ifndef BASHU_REPORT_LINEAR_H
#define BASHU_REPORT_LINEAR_H

#include "measure/linear.h"
#include "report/report.h"

/* formats: "text", "json", "csv", and "LEVER.csv" for each row of the table of levers. */
bashu_status gradient_report(char **out, const bashu_gradient *g, const char *format, bashu_language language);
/* formats: "text", "json", "csv". */
bashu_status exposure_report(char **out, const bashu_exposure *x, const char *format, bashu_language language);
bashu_status effect_report(char **out, const bashu_result *exact, const bashu_result *linear, const char *format, bashu_language language);

#endif
