/* cooperation.h - reports of games between players. */
#ifndef BASHU_REPORT_COOPERATION_H
#define BASHU_REPORT_COOPERATION_H

#include "policy/cooperation.h"
#include "report/report.h"

/* formats: "text", "json", "csv". */
bashu_status cooperation_report(char **out, const bashu_cooperation *cooperation, const char *format, bashu_language language);

#endif
