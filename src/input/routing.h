/* routing.h - files to a network whose trade takes all routes, and to changes of it. Format: docs/routing.md. */
#ifndef BASHU_INPUT_ROUTING_H
#define BASHU_INPUT_ROUTING_H

#include "routing/routing.h"

/* Everything belongs to the arena. settings: NULL for routing.yaml of the folder. Errors: IO, INPUT, MEMORY. */
bashu_status route_network_read(route_network *out, arena *memory, const char *folder, const char *settings);
/* Arrays of the changes belong to the arena. */
bashu_status route_changes_read(route_changes *out, arena *memory, const route_network *network, const char *path);

#endif
