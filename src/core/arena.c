/* arena.c - memory that is freed all at once.
 * Large requests get a chunk of their own, behind the one that is being filled, so that only one is ever half empty. */
#include "core/context.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, CHUNK = 1 << 16 };

typedef struct chunk {
    struct chunk *next;
    size_t used, size;
    unsigned char *bytes; /* aligned, in `block` */
    void *block;
} chunk;

typedef struct kept {
    struct kept *next;
    void (*function)(void *object);
    void *object;
} kept;

struct arena {
    bashu_context *context;
    chunk *first;
    kept *kept; /* in the arena's own memory */
    size_t bytes;
};

arena *arena_new(bashu_context *context)
{
    arena *memory = calloc(1, sizeof *memory);
    if (memory) memory->context = context;
    return memory;
}

void arena_free(arena *memory)
{
    if (!memory) return;
    for (kept *k = memory->kept; k; k = k->next) k->function(k->object);
    for (chunk *c = memory->first, *next; c; c = next) {
        next = c->next;
        free(c->block);
        free(c);
    }
    free(memory);
}

static chunk *chunk_new(arena *memory, size_t size, bool is_own)
{
    chunk *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->block = calloc(1, size + ALIGNMENT); /* large blocks come zeroed from the system, page by page when they are used */
    if (!c->block) {
        free(c);
        return NULL;
    }
    c->bytes = (unsigned char *)c->block + (ALIGNMENT - (uintptr_t)c->block % ALIGNMENT);
    c->size = size;
    chunk **place = is_own && memory->first ? &memory->first->next : &memory->first;
    c->next = *place;
    *place = c;
    return c;
}

void *arena_alloc(arena *memory, size_t count, size_t size)
{
    bashu_context *context = memory->context;
    if (context && context->fail_allocation > 0 && --context->fail_allocation == 0) return NULL;
    if (size && count > (SIZE_MAX / 2) / size) return NULL;
    size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!bytes) bytes = ALIGNMENT;
    chunk *c = memory->first;
    if (!c || c->size - c->used < bytes) {
        bool is_own = bytes > CHUNK / 4;
        c = chunk_new(memory, is_own ? bytes : CHUNK, is_own);
        if (!c) return NULL;
    }
    void *p = c->bytes + c->used;
    c->used += bytes;
    memory->bytes += bytes;
    return p;
}

bool arena_arrays(arena *memory, const array_wanted *wanted, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!(*wanted[k].array = arena_alloc(memory, wanted[k].count, sizeof(double)))) return false;
    return true;
}

bool arena_keep(arena *memory, void (*function)(void *object), void *object)
{
    kept *k = arena_alloc(memory, 1, sizeof *k);
    if (!k) return false;
    *k = (kept){memory->kept, function, object};
    memory->kept = k;
    return true;
}

char *arena_text(arena *memory, const char *text)
{
    if (!text) return NULL;
    size_t size = strlen(text) + 1;
    char *copy = arena_alloc(memory, size, 1);
    return copy ? memcpy(copy, text, size) : NULL;
}

char *arena_format(arena *memory, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : arena_alloc(memory, (size_t)length + 1, 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

size_t arena_bytes(const arena *memory)
{
    return memory->bytes;
}

bashu_context *arena_context(const arena *memory)
{
    return memory->context;
}
