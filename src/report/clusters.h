/* clusters.h - reports of clusters, and of what it would take. */
#ifndef BASHU_REPORT_CLUSTERS_H
#define BASHU_REPORT_CLUSTERS_H

#include "measure/clusters.h"
#include "policy/attain.h"
#include "report/report.h"

/* formats: "text", "json", "places.csv", "sectors.csv", "clusters.csv", "gap.csv". */
bashu_status clusters_report(char **out, const bashu_clusters *clusters, const char *format, bashu_language language);
/* formats: "text", "json", "csv". */
bashu_status attain_report(char **out, const bashu_attain *attain, const char *format, bashu_language language);

#endif
