/* sweep.h - reports of sweeps. */
#ifndef BASHU_REPORT_SWEEP_H
#define BASHU_REPORT_SWEEP_H

#include "policy/sweep.h"
#include "report/report.h"

/* formats: "text", "json", "csv". */
bashu_status sweep_report(char **out, const bashu_sweep *sweep, const char *format, bashu_language language);

#endif
