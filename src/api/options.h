/* options.h - options as callers hand them in; the table of options is in options.c. */
#ifndef BASHU_API_OPTIONS_H
#define BASHU_API_OPTIONS_H

#include "core/core.h"

/* NULL: the defaults. ARGUMENT with the value that is out of range. */
bashu_status options_check(bashu_context *context, const bashu_options *options);

#endif
