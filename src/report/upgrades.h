/* upgrades.h - links that money makes faster, in words and for programs. */
#ifndef BASHU_REPORT_UPGRADES_H
#define BASHU_REPORT_UPGRADES_H

#include "policy/upgrades.h"
#include "report/report.h"

/* formats: "text", "json", "csv", "scenario", "projects". */
bashu_status upgrades_report(char **out, const bashu_upgrades *plan, const char *format, bashu_language language);

#endif
