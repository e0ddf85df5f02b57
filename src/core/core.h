/* core.h - what every part stands on: context, errors, memory, random numbers.
 *
 * Nothing here knows economics. A context is used by one thread at a time; parallel regions inside the
 * library never touch its message or its allocator. */
#ifndef BASHU_CORE_H
#define BASHU_CORE_H

#include "bashu/bashu.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define BASHU_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#define BASHU_PRINTF(text, first)
#endif

/* Evaluates to the caller's return when the call did not work. */
#define TRY(call)                                                                                      \
    do {                                                                                               \
        bashu_status try_status_ = (call);                                                             \
        if (try_status_ != BASHU_OK) return try_status_;                                               \
    } while (0)

/* Jumps to `label` with `status` set when the call did not work; for functions that own something. */
#define TRY_ELSE(status, call, label)                                                                  \
    do {                                                                                               \
        (status) = (call);                                                                             \
        if ((status) != BASHU_OK) goto label;                                                          \
    } while (0)

/* Sets the context's message and returns `status`, so that a failure is one line: return fail(...). */
bashu_status fail(bashu_context *context, bashu_status status, const char *format, ...) BASHU_PRINTF(3, 4);
/* As fail, for memory: one wording. */
bashu_status fail_memory(bashu_context *context);
/* A context of one thread for a worker of `parent`: its own message, cancelled when the parent is; freed by bashu_close. Errors: MEMORY. */
bashu_status context_child(bashu_context **out, bashu_context *parent);
/* True when somebody asked the work to stop. */
bool is_cancelled(const bashu_context *context);
void report_progress(const bashu_context *context, double fraction, const char *stage);
int thread_count(const bashu_context *context);
/* For loops of about so many operations (one of thousands of times): one, when waking threads would take longer than the work
 * and the caller of bashu_open did not say how many. */
int threads_for(const bashu_context *context, double operations);
double now_s(void); /* monotonic */

/* Zeroed, 64-byte aligned memory that lives as long as the arena; NULL when there is none left (or the
 * test counter of the context says so). One arena per object: freeing an object is freeing its arena. */
typedef struct arena arena;
arena *arena_new(bashu_context *context);
void arena_free(arena *memory);
void *arena_alloc(arena *memory, size_t count, size_t size);
/* Several arrays of doubles at once, from a list: ARENA_ARRAYS(memory, wanted); false when there is no memory for one. */
typedef struct array_wanted {
    double **array;
    size_t count;
} array_wanted;
bool arena_arrays(arena *memory, const array_wanted *wanted, size_t count);
#define ARENA_ARRAYS(memory, wanted) arena_arrays(memory, wanted, sizeof(wanted) / sizeof *(wanted))
/* Calls function(object) when the arena is freed, last come first served: for what a library allocates itself. False: no
 * memory, and the object stays the caller's. */
bool arena_keep(arena *memory, void (*function)(void *object), void *object);
char *arena_text(arena *memory, const char *text);              /* copy; NULL text gives NULL */
char *arena_format(arena *memory, const char *format, ...) BASHU_PRINTF(2, 3);
size_t arena_bytes(const arena *memory);                         /* in use, for the manifest */
bashu_context *arena_context(const arena *memory);

/* For tests: the k-th allocation from now fails (0: never). */
void context_fail_allocation(bashu_context *context, long k);

/* max(a, |x|) that lets no NaN pass as small. */
static inline double worse(double a, double x)
{
    double e = x < 0 ? -x : x;
    return e <= a || a != a ? a : e; /* NaN: comparisons are false, so NaN wins, and stays */
}

/* Repeatable random numbers (xoshiro256**, Blackman & Vigna 2018). */
typedef struct random_stream {
    uint64_t state[4];
} random_stream;
void random_seed(random_stream *stream, uint64_t seed);
double random_uniform(random_stream *stream); /* (0,1) */
double random_normal(random_stream *stream);

#endif
