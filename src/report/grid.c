/* grid.c - tables aligned by display width, so that Chinese and English names stand in straight columns.
 *
 * Widths follow Unicode Standard Annex 11 (East Asian Width: W and F are two columns wide) by ranges of blocks;
 * wcwidth() would depend on the locale of the program that uses the library. */
#include "report/writer.h"

#include <string.h>

typedef struct range {
    uint32_t first, last;
} range;

static const range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},   {0x25fd, 0x25fe},
    {0x2614, 0x2615},   {0x2648, 0x2653},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18aff},
    {0x1b000, 0x1b2ff}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};
static const range zero[] = {
    {0x0000, 0x001f}, {0x007f, 0x009f}, {0x0300, 0x036f}, {0x0483, 0x0489},   {0x0591, 0x05bd},
    {0x0610, 0x061a}, {0x064b, 0x065f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},   {0x200b, 0x200f},
    {0x202a, 0x202e}, {0x2060, 0x2064}, {0x20d0, 0x20ff}, {0x302a, 0x302d},   {0x3099, 0x309a},
    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};

static bool within(uint32_t code, const range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last) return true;
    return false;
}

static size_t code_width(uint32_t code)
{
    if (code >= 0x20 && code < 0x7f) return 1;
    if (within(code, zero, sizeof zero / sizeof zero[0])) return 0;
    return within(code, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
}

/* The code point at `text` and its length in bytes; a byte that begins none is taken as it is. */
static uint32_t decode(const char *text, size_t *length)
{
    const unsigned char *b = (const unsigned char *)text;
    size_t more = b[0] >= 0xf0 && b[0] < 0xf8 ? 3 : b[0] >= 0xe0 ? 2 : b[0] >= 0xc2 ? 1 : 0;
    if (b[0] >= 0xf8) more = 0;
    uint32_t code = more ? b[0] & (0x3fu >> more) : b[0];
    for (size_t i = 1; i <= more; i++) {
        if ((b[i] & 0xc0) != 0x80) {
            *length = 1;
            return '?';
        }
        code = code << 6 | (b[i] & 0x3fu);
    }
    *length = more + 1;
    return b[0] >= 0x80 && !more ? '?' : code;
}

size_t display_width(const char *text)
{
    size_t width = 0, length;
    for (; *text; text += length) width += code_width(decode(text, &length));
    return width;
}

size_t display_fit(const char *text, size_t width)
{
    size_t bytes = 0, length;
    for (; text[bytes]; bytes += length) {
        size_t columns = code_width(decode(text + bytes, &length));
        if (columns > width) break;
        width -= columns;
    }
    return bytes;
}

/* ---- tables --------------------------------------------------------------------------------------- */

enum { COLUMN_MAX = 16 };

typedef struct cell {
    struct cell *next;
    const char *text;
} cell;

struct grid {
    arena *memory;
    const char *columns;
    size_t column_count, cell_count;
    cell *first, *last;
    size_t width[COLUMN_MAX];
    bool failed;
};

grid *grid_new(arena *memory, const char *columns)
{
    grid *g = arena_alloc(memory, 1, sizeof *g);
    if (!g) return NULL;
    g->memory = memory;
    g->columns = columns;
    g->column_count = strlen(columns);
    g->failed = g->column_count > COLUMN_MAX;
    if (g->failed) g->column_count = COLUMN_MAX;
    return g;
}

void grid_cell(grid *g, const char *text)
{
    if (!g) return;
    cell *c = text ? arena_alloc(g->memory, 1, sizeof *c) : NULL;
    if (!c) {
        g->failed = true;
        return;
    }
    c->text = text;
    *(g->last ? &g->last->next : &g->first) = c;
    g->last = c;
    size_t column = g->cell_count++ % g->column_count, width = display_width(text);
    if (width > g->width[column]) g->width[column] = width;
}

/* No line ends in spaces, whatever cells are empty. */
static void end_line(writer *w)
{
    while (!w->failed && w->size && w->bytes[w->size - 1] == ' ') w->bytes[--w->size] = '\0';
    put(w, "\n");
}

void grid_put(writer *w, const grid *g, const char *indent)
{
    if (!g || g->failed) {
        w->failed = true;
        return;
    }
    size_t column = 0;
    for (const cell *c = g->first; c; c = c->next, column = (column + 1) % g->column_count) {
        size_t space = g->width[column] - display_width(c->text);
        bool right = g->columns[column] == 'r', end = column + 1 == g->column_count;
        if (!column) put(w, indent);
        if (right) put_repeat(w, " ", space);
        put(w, c->text);
        if (!right && !end) put_repeat(w, " ", space);
        if (!end) put(w, "  ");
        else end_line(w);
    }
}
