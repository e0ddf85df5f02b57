/* context.c - context, errors, progress, time. */
#include "core/context.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

bashu_status bashu_open(bashu_context **out, int threads)
{
    if (!out) return BASHU_ERROR_ARGUMENT;
    *out = NULL;
    if (threads < 0 || threads > 4096) return BASHU_ERROR_ARGUMENT;
    bashu_context *context = calloc(1, sizeof *context);
    if (!context) return BASHU_ERROR_MEMORY;
    /* answers do not depend on threads, and more of them than processors only wait for each other */
    int most = omp_get_num_procs();
    context->threads = threads > 0 && threads < most ? threads : most;
    context->as_worth = threads == 0;
    atomic_init(&context->cancelled, 0);
    *out = context;
    return BASHU_OK;
}

bashu_status context_child(bashu_context **out, bashu_context *parent)
{
    bashu_status status = bashu_open(out, 1);
    if (status != BASHU_OK) return status;
    (*out)->parent = parent;
    (*out)->fail_allocation = parent->fail_allocation; /* a test of the parent is one of the child */
    return status;
}

void bashu_close(bashu_context *context)
{
    free(context);
}

const char *bashu_message(const bashu_context *context)
{
    return context ? context->message : "";
}

void bashu_set_progress(bashu_context *context, bashu_progress_function *function, void *payload)
{
    if (!context) return;
    context->progress = function;
    context->progress_payload = payload;
}

void bashu_cancel(bashu_context *context)
{
    if (context) atomic_store(&context->cancelled, 1);
}

void bashu_resume(bashu_context *context)
{
    if (context) atomic_store(&context->cancelled, 0);
}

const char *bashu_version(void)
{
    return BASHU_VERSION;
}

const char *bashu_status_text(bashu_status status)
{
    switch (status) {
#define X(name, value, text)                                                                           \
    case name: return text;
        BASHU_STATUS_LIST(X)
#undef X
    }
    return "unknown status";
}

const char *bashu_reason_text(bashu_reason reason)
{
    switch (reason) {
#define X(name, value, text)                                                                           \
    case name: return text;
        BASHU_REASON_LIST(X)
#undef X
    }
    return "unknown reason";
}

bashu_status fail(bashu_context *context, bashu_status status, const char *format, ...)
{
    if (!context) return status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(context->message, sizeof context->message, format, arguments);
    va_end(arguments);
    return status;
}

bashu_status fail_memory(bashu_context *context)
{
    return fail(context, BASHU_ERROR_MEMORY, "out of memory");
}

bool is_cancelled(const bashu_context *context)
{
    return atomic_load(&context->cancelled) != 0 || (context->parent && is_cancelled(context->parent));
}

void report_progress(const bashu_context *context, double fraction, const char *stage)
{
    if (context->progress) context->progress(fraction, stage, context->progress_payload);
}

int thread_count(const bashu_context *context)
{
    return context->threads;
}

int threads_for(const bashu_context *context, double operations)
{
    return context->as_worth && operations < 1e5 ? 1 : context->threads;
}

double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void context_fail_allocation(bashu_context *context, long k)
{
    context->fail_allocation = k;
}
