/* infrastructure.h - reports of networks that are built. */
#ifndef BASHU_REPORT_INFRASTRUCTURE_H
#define BASHU_REPORT_INFRASTRUCTURE_H

#include "policy/infrastructure.h"
#include "report/report.h"

/* formats: "text", "json", "csv" (a row a link). */
bashu_status infrastructure_report(char **out, const bashu_infrastructure *plan, const char *format, bashu_language language);

#endif
