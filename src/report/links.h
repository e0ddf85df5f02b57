/* links.h - reports of what links do. */
#ifndef BASHU_REPORT_LINKS_H
#define BASHU_REPORT_LINKS_H

#include "policy/links.h"
#include "report/report.h"

/* formats: "text", "json", "csv" (a row a link that is ranked), "svg" (what links carry, and the first of them). */
bashu_status svg_links(report *r, const void *subject);
bashu_status links_report(char **out, const bashu_links *links, const char *format, bashu_language language);

#endif
