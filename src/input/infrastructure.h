/* infrastructure.h - reads docs/models/fajgelbaum_schaal_2020.md's files. */
#ifndef BASHU_INPUT_INFRASTRUCTURE_H
#define BASHU_INPUT_INFRASTRUCTURE_H

#include "accounts/infrastructure.h"

/* Everything belongs to the arena. budget: > 0 takes the place of the file's. Errors: IO, INPUT (file, line, field, mend), MEMORY. */
bashu_status infrastructure_read(infrastructure_data *out, arena *memory, const char *path, double budget);

#endif
