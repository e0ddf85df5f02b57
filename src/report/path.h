/* path.h - reports of years. */
#ifndef BASHU_REPORT_PATH_H
#define BASHU_REPORT_PATH_H

#include "report/report.h"
#include "time/path.h"

/* formats: "text", "json", "csv". */
bashu_status path_report(char **out, const bashu_path *path, const char *format, bashu_language language);

#endif
