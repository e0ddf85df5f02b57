/* context.h - the inside of a context; only core/ may look. */
#ifndef BASHU_CORE_CONTEXT_H
#define BASHU_CORE_CONTEXT_H

#include "core/core.h"

#include <stdatomic.h>

struct bashu_context {
    int threads;
    bool as_worth; /* fewer where there is little to do: nobody said how many */
    bashu_context *parent; /* of a worker: cancelled with it; NULL */
    atomic_int cancelled;
    bashu_progress_function *progress;
    void *progress_payload;
    long fail_allocation; /* > 0: counts down, the allocation that reaches 0 fails */
    char message[2048];
};

#endif
