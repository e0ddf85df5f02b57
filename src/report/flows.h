/* flows.h - reports of input-output accounts and of trips on networks. */
#ifndef BASHU_REPORT_FLOWS_H
#define BASHU_REPORT_FLOWS_H

#include "graph/assignment.h"
#include "measure/leontief.h"
#include "report/report.h"

/* formats: "text", "json", "accounts.csv", "embodied.csv", "industries.csv", "inverse.csv". */
bashu_status leontief_report(char **out, const bashu_leontief *accounts, const char *format, bashu_language language);
/* formats: "text", "json", "links.csv". */
bashu_status assignment_report(char **out, const bashu_assignment *assignment, const char *format,
                               bashu_language language);

#endif
