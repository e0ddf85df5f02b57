/* explain.h - reports of an outcome split by channel and partner. */
#ifndef BASHU_REPORT_EXPLAIN_H
#define BASHU_REPORT_EXPLAIN_H

#include "measure/channels.h"
#include "report/report.h"

/* by: "channel" or "partner"; formats: "text", "json", "csv". */
bashu_status channels_report(char **out, const bashu_channels *channels, const char *by, const char *format, bashu_language language);

#endif
