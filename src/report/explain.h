/* explain.h - reports of an outcome split by channel and partner. */
#ifndef BASHU_REPORT_EXPLAIN_H
#define BASHU_REPORT_EXPLAIN_H

#include "measure/channels.h"
#include "policy/split.h"
#include "report/report.h"

/* by: "channel" or "partner"; formats: "text", "json", "csv". */
bashu_status channels_report(char **out, const bashu_channels *channels, const char *by, const char *format, bashu_language language);
/* Winners and losers of a variable of shape region. formats: "text", "json", "csv". */
bashu_status places_report(char **out, const bashu_result *result, const char *outcome, const char *format, bashu_language language);
/* formats: "text", "json", "csv". */
bashu_status split_report(char **out, const bashu_split *split, const char *format, bashu_language language);

#endif
