/* plants.h - how large the plants of each sector are. Format: docs/clusters.md. */
#ifndef BASHU_INPUT_PLANTS_H
#define BASHU_INPUT_PLANTS_H

#include "accounts/accounts.h"

/* herfindahl: [J] sum of squared shares of plants in the sector, NaN where the file has no row. Errors: IO, INPUT, MEMORY. */
bashu_status plants_read(double *herfindahl, arena *memory, const description *about, const char *path);

#endif
