/* flows.h - files to input-output tables and to networks with trips. Formats: docs/leontief-format.md, docs/assignment.md. */
#ifndef BASHU_INPUT_FLOWS_H
#define BASHU_INPUT_FLOWS_H

#include "accounts/flows.h"
#include "graph/assignment.h"

/* Everything belongs to the arena. Errors: IO, INPUT, MEMORY. */
bashu_status flow_tables_read(flow_tables *out, arena *memory, const char *folder);
bashu_status road_network_read(road_network *out, arena *memory, const char *links, const char *trips);

#endif
