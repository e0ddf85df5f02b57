/* circles.h - reports of circles side by side and of audited claims. */
#ifndef BASHU_REPORT_CIRCLES_H
#define BASHU_REPORT_CIRCLES_H

#include "measure/audit.h"
#include "report/report.h"

/* formats: "text", "json", "csv". */
bashu_status circles_report(char **out, const bashu_circles *circles, const char *format, bashu_language language);
bashu_status audit_report(char **out, const bashu_audit *audit, const char *format, bashu_language language);

/* Words for a verdict, and the arithmetic behind it: "65,857 / 1,013,567 = 6.50 %". */
const char *verdict_words(const report *r, bashu_verdict verdict);
const char *audit_arithmetic(const report *r, const bashu_audit *a, const audited *row);

#endif
