/* routing.h - networks whose trade takes all routes, in words, as JSON and as CSV. */
#ifndef BASHU_REPORT_ROUTING_H
#define BASHU_REPORT_ROUTING_H

#include "routing/routing.h"

/* formats: "text", "json", "nodes.csv", "links.csv". Errors: ARGUMENT, MEMORY. */
bashu_status routing_report(char **out, const bashu_routing *routing, const char *format, bashu_language language);
/* Numbers of a node or link; NaN without an equilibrium. */
void routing_place(const bashu_routing *routing, size_t node, bashu_routing_place *out);
void routing_road(const bashu_routing *routing, size_t link, bashu_routing_road *out);

#endif
