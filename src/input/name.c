/* name.c - names to numbers, and the name that was probably meant.
 *
 * Open addressing over entries kept in the order they came, so that a search for the nearest name gives the
 * same answer every time. */
#include "input/input.h"

#include <string.h>

enum { POOL = 1 << 14, LONGEST = 128 }; /* bytes of a pool of names; characters compared for nearness */

typedef struct entry {
    const char *name;
    uint64_t hash;
    size_t value;
} entry;

struct name_index {
    arena *memory;
    entry *entries;
    size_t *slots; /* 1 + entry, 0 = free; the number of slots is a power of two */
    size_t count, slot_count;
    char *pool; /* names are packed: arena_text would use 64 bytes for each */
    size_t pool_left;
};

static uint64_t hash_of(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (const unsigned char *s = (const unsigned char *)name; *s; s++) hash = (hash ^ *s) * 0x100000001b3u;
    return hash;
}

static size_t room(const name_index *index) { return index->slot_count / 2; }

/* The slot of the name, or the free one where it belongs. */
static size_t slot_of(const name_index *index, const char *name, uint64_t hash)
{
    size_t mask = index->slot_count - 1, slot = (size_t)hash & mask;
    for (; index->slots[slot]; slot = (slot + 1) & mask) {
        const entry *e = &index->entries[index->slots[slot] - 1];
        if (e->hash == hash && !strcmp(e->name, name)) break;
    }
    return slot;
}

static bool resize(name_index *index, size_t slot_count)
{
    entry *entries = arena_alloc(index->memory, slot_count / 2, sizeof *entries);
    size_t *slots = arena_alloc(index->memory, slot_count, sizeof *slots);
    if (!entries || !slots) return false;
    if (index->count) memcpy(entries, index->entries, index->count * sizeof *entries);
    index->entries = entries;
    index->slots = slots;
    index->slot_count = slot_count;
    for (size_t k = 0; k < index->count; k++) slots[slot_of(index, entries[k].name, entries[k].hash)] = k + 1;
    return true;
}

name_index *name_index_new(arena *memory, size_t expected)
{
    name_index *index = arena_alloc(memory, 1, sizeof *index);
    if (!index) return NULL;
    index->memory = memory;
    size_t slot_count = 16;
    while (slot_count / 2 < expected && slot_count < SIZE_MAX / 4) slot_count *= 2;
    return resize(index, slot_count) ? index : NULL;
}

static const char *keep_name(name_index *index, const char *name)
{
    size_t size = strlen(name) + 1;
    if (size > POOL / 4) return arena_text(index->memory, name);
    if (size > index->pool_left) {
        char *pool = arena_alloc(index->memory, POOL, 1);
        if (!pool) return NULL;
        index->pool = pool;
        index->pool_left = POOL;
    }
    char *copy = memcpy(index->pool, name, size);
    index->pool += size;
    index->pool_left -= size;
    return copy;
}

bool name_index_add(name_index *index, const char *name, size_t value)
{
    uint64_t hash = hash_of(name);
    if (index->slots[slot_of(index, name, hash)]) return false;
    if (index->count == room(index) && !resize(index, 2 * index->slot_count)) return false;
    const char *copy = keep_name(index, name);
    if (!copy) return false;
    index->entries[index->count++] = (entry){copy, hash, value};
    index->slots[slot_of(index, name, hash)] = index->count;
    return true;
}

long name_index_find(const name_index *index, const char *name)
{
    size_t found = index->slots[slot_of(index, name, hash_of(name))];
    return found ? (long)index->entries[found - 1].value : -1;
}

/* ---- nearness ------------------------------------------------------------------------------------ */

typedef struct letters {
    uint32_t code[LONGEST];
    size_t count;
} letters;

/* One code a character: its UTF-8 bytes packed; large and small letters, and '-', ' ', '_', count as the same. */
static bool spell(letters *out, const char *name)
{
    const unsigned char *s = (const unsigned char *)name;
    for (out->count = 0; *s; out->count++) {
        if (out->count == LONGEST) return false;
        uint32_t code = *s++;
        if (code >= 'A' && code <= 'Z') code += 'a' - 'A';
        if (code == '-' || code == ' ') code = '_';
        while ((*s & 0xC0) == 0x80) code = code << 8 | *s++;
        out->code[out->count] = code;
    }
    return true;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Letters to insert, delete, replace or swap with their neighbour to get from a to b (optimal string alignment). */
static size_t distance(const letters *a, const letters *b)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b->count; j++) last[j] = before[j] = j;
    for (size_t i = 1; i <= a->count; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b->count; j++) {
            bool same = a->code[i - 1] == b->code[j - 1];
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + !same);
            if (i > 1 && j > 1 && a->code[i - 1] == b->code[j - 2] && a->code[i - 2] == b->code[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[b->count];
}

/* A search: the names are offered one by one, the first of the nearest stays. */
typedef struct search {
    letters wanted;
    size_t best;      /* distance that must be beaten */
    const char *name; /* NULL: none near so far */
} search;

static bool search_begin(search *s, const char *name)
{
    s->name = NULL;
    if (!spell(&s->wanted, name)) return false;
    /* one slip in three letters: more would suggest anything */
    s->best = s->wanted.count < 3 ? s->wanted.count : 1 + s->wanted.count / 3;
    return s->wanted.count > 0;
}

static void search_offer(search *s, const char *name)
{
    letters offered;
    if (!spell(&offered, name) || !offered.count) return;
    size_t a = s->wanted.count, b = offered.count;
    if ((a > b ? a - b : b - a) >= s->best) return;
    size_t d = distance(&s->wanted, &offered);
    if (d >= s->best) return;
    s->best = d;
    s->name = name;
}

const char *name_index_nearest(const name_index *index, const char *name)
{
    search s;
    if (!search_begin(&s, name)) return NULL;
    for (size_t k = 0; k < index->count; k++) search_offer(&s, index->entries[k].name);
    return s.name;
}

const char *nearest_name(const char *name, const char *const *names, size_t count)
{
    search s;
    if (!search_begin(&s, name)) return NULL;
    for (size_t k = 0; k < count; k++) search_offer(&s, names[k]);
    return s.name;
}
