/* plan.h - reports of plans. */
#ifndef BASHU_REPORT_PLAN_H
#define BASHU_REPORT_PLAN_H

#include "policy/plan.h"
#include "report/report.h"

/* formats: "text", "json", "csv" (a row a set that was solved). */
bashu_status plan_report(char **out, const bashu_plan *plan, const char *format, bashu_language language);

#endif
