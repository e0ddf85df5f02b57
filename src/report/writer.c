/* writer.c - text that grows, and numbers. */
#include "report/writer.h"

#include <csv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes and a NUL; false when there is none. */
static bool reserve(writer *w, size_t more)
{
    if (w->failed) return false;
    if (w->room - w->size > more) return true;
    size_t room = w->room ? w->room : 4096;
    while (room - w->size <= more && room <= SIZE_MAX / 4) room *= 2;
    char *bytes = room - w->size > more ? realloc(w->bytes, room) : NULL;
    if (!bytes) {
        w->failed = true;
        return false;
    }
    w->bytes = bytes;
    w->room = room;
    return true;
}

static void put_bytes(writer *w, const char *bytes, size_t size)
{
    if (!reserve(w, size)) return;
    memcpy(w->bytes + w->size, bytes, size);
    w->size += size;
    w->bytes[w->size] = '\0';
}

void put(writer *w, const char *text) { put_bytes(w, text, strlen(text)); }

void put_format(writer *w, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) w->failed = true;
    else if (reserve(w, (size_t)length + 1)) {
        vsnprintf(w->bytes + w->size, (size_t)length + 1, format, again);
        w->size += (size_t)length;
    }
    va_end(again);
}

void put_repeat(writer *w, const char *text, size_t times)
{
    while (times-- > 0) put(w, text);
}

bashu_status writer_done(char **out, writer *w, bashu_context *context)
{
    put_bytes(w, "", 0); /* an empty report is a text too */
    bool failed = w->failed;
    *out = failed ? NULL : w->bytes;
    if (failed) free(w->bytes);
    *w = (writer){0};
    return failed ? fail_memory(context) : BASHU_OK;
}

void writer_free(writer *w)
{
    free(w->bytes);
    *w = (writer){0};
}

/* ---- CSV ----------------------------------------------------------------------------------------- */

void put_field(writer *w, const char *text, bool last)
{
    size_t length = strlen(text);
    bool blank = length && (text[0] == ' ' || text[length - 1] == ' ');
    if (blank || strpbrk(text, ",\"\r\n\t")) {
        size_t room = 2 * length + 3;
        if (reserve(w, room)) w->size += csv_write(w->bytes + w->size, room, text, length);
    } else {
        put_bytes(w, text, length);
    }
    put_bytes(w, last ? "\n" : ",", 1);
}

/* A program that uses the library may have a locale with a decimal comma; files never have one. */
static void decimal_point(char *digits)
{
    for (char *c = digits; *c; c++)
        if (!strchr("0123456789+-e", *c)) *c = '.';
}

void put_number_field(writer *w, double value, bool last)
{
    char digits[40] = "";
    if (isfinite(value)) {
        for (int precision = 15; precision <= 17; precision++) {
            snprintf(digits, sizeof digits, "%.*g", precision, value);
            if (precision == 17 || strtod(digits, NULL) == value) break;
        }
        decimal_point(digits);
    }
    put(w, digits);
    put_bytes(w, last ? "\n" : ",", 1);
}

/* ---- numbers for people --------------------------------------------------------------------------- */

const char *number_text(arena *memory, double value, int decimals)
{
    if (!isfinite(value)) return "-";
    char plain[400], grouped[544];
    int length = snprintf(plain, sizeof plain, "%.*f", decimals, fabs(value));
    if (length < 0 || length >= (int)sizeof plain) return "-";
    decimal_point(plain);
    size_t whole = strcspn(plain, "."), at = 0;
    if (value < 0 && strspn(plain, "0.") < (size_t)length) grouped[at++] = '-';
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0) grouped[at++] = ',';
        grouped[at++] = plain[i];
    }
    strcpy(grouped + at, plain + whole);
    const char *text = arena_text(memory, grouped);
    return text ? text : "";
}

const char *percent_text(arena *memory, double percent, int decimals)
{
    if (!isfinite(percent)) return "-";
    if (percent == 0) return "0";
    char digits[400];
    snprintf(digits, sizeof digits, "%+.*f", decimals, percent);
    decimal_point(digits);
    bool nothing = !digits[1 + strspn(digits + 1, "0.")]; /* a sign would say more than the digits do */
    const char *text = arena_text(memory, nothing ? digits + 1 : digits);
    return text ? text : "";
}

const char *small_text(arena *memory, double value)
{
    if (isnan(value)) return "-";
    if (isinf(value)) return value > 0 ? "inf" : "-inf";
    if (value == 0) return "0";
    char digits[40];
    snprintf(digits, sizeof digits, "%.1e", value);
    decimal_point(digits);
    const char *text = arena_text(memory, digits);
    return text ? text : "";
}

const char *hours_text(arena *memory, double hours)
{
    if (!isfinite(hours) || hours < 0 || hours > 1e6) return "-";
    long minutes = lround(hours * 60);
    const char *text = arena_format(memory, "%ld:%02ld", minutes / 60, minutes % 60);
    return text ? text : "";
}

int percent_decimals(const double *percent, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(percent[i]) && fabs(percent[i]) > largest) largest = fabs(percent[i]);
    int decimals = 2;
    for (double shown = 1; decimals < 6 && largest > 0 && largest < shown; shown /= 10) decimals++;
    return decimals;
}

const char *pick(bashu_language language, const char *english, const char *chinese)
{
    return language == BASHU_ZH ? first_of(chinese, english) : first_of(english, chinese);
}

const char *first_of(const char *a, const char *b)
{
    if (a && *a) return a;
    return b ? b : "";
}
