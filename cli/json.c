/* json.c - small JSON objects that are the command line's own (solve, bench, doctor). */
#include "cli.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void add(text *t, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    size_t need = t->size + (length > 0 ? (size_t)length : 0) + 1;
    if (length >= 0 && !t->failed && need > t->room) {
        size_t room = 2 * need + 1024;
        char *bytes = realloc(t->bytes, room);
        t->failed = !bytes;
        if (bytes) {
            t->bytes = bytes;
            t->room = room;
        }
    }
    if (length < 0) t->failed = true;
    if (!t->failed) {
        vsnprintf(t->bytes + t->size, t->room - t->size, format, again);
        t->size += (size_t)length;
    }
    va_end(again);
}

void add_quoted(text *t, const char *value)
{
    add(t, "\"");
    for (const char *c = value ? value : ""; *c; c++) {
        if (*c == '"' || *c == '\\') add(t, "\\%c", *c);
        else if ((unsigned char)*c < 0x20) add(t, "\\u%04x", (unsigned)*c);
        else add(t, "%c", *c);
    }
    add(t, "\"");
}

void add_number(text *t, double value)
{
    if (isfinite(value)) add(t, "%.17g", value);
    else add(t, "null");
}

int put_text(text *t, bool page)
{
    int code = EXIT_INTERNAL;
    if (t->failed) complain("out of memory");
    else code = put_out(t->bytes ? t->bytes : "", page);
    free(t->bytes);
    *t = (text){0};
    return code;
}
