/* best.h - reports of how far to go. */
#ifndef BASHU_REPORT_BEST_H
#define BASHU_REPORT_BEST_H

#include "policy/best.h"
#include "report/report.h"

/* formats: "text", "json", "csv". */
bashu_status best_report(char **out, const bashu_best *best, const char *format, bashu_language language);

#endif
