/* text.c - decimal numbers and excerpts of text for messages. */
#include "input/text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- UTF-8 --------------------------------------------------------------------------------------- */

size_t utf8_length(const char *text, size_t left)
{
    const unsigned char *s = (const unsigned char *)text;
    if (!left) return 0;
    if (s[0] < 0x80) return 1;
    size_t length = s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;
    if (!length || length > left) return 0;
    for (size_t k = 1; k < length; k++) {
        if ((s[k] & 0xC0) != 0x80) return 0;
    }
    /* overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte */
    if (s[0] == 0xE0 && s[1] < 0xA0) return 0;
    if (s[0] == 0xED && s[1] >= 0xA0) return 0;
    if (s[0] == 0xF0 && s[1] < 0x90) return 0;
    if (s[0] == 0xF4 && s[1] >= 0x90) return 0;
    return length;
}

size_t utf8_valid(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        size_t length = utf8_length(text + at, size - at);
        if (!length) break;
        at += length;
    }
    return at;
}

excerpt excerpt_of(const char *text)
{
    excerpt e;
    size_t used = 0, left = strlen(text);
    for (size_t length; left && (length = utf8_length(text, left)) != 0; text += length, left -= length) {
        if (used + length + sizeof "..." > sizeof e.text) break;
        memcpy(e.text + used, text, length);
        if ((unsigned char)*text < ' ') e.text[used] = ' ';
        used += length;
    }
    memcpy(e.text + used, left ? "..." : "", left ? sizeof "..." : 1);
    return e;
}

/* ---- numbers ------------------------------------------------------------------------------------- */

static const char *skip_digits(const char *s)
{
    while (*s >= '0' && *s <= '9') s++;
    return s;
}

/* Only [+-]digits[.digits][e[+-]digits]: strtod alone would take hexadecimal, nan(...) and infinity. */
static bool is_decimal(const char *s)
{
    if (*s == '+' || *s == '-') s++;
    const char *whole = s, *end = skip_digits(s);
    size_t digits = (size_t)(end - whole);
    if (*end == '.') {
        const char *fraction = end + 1;
        end = skip_digits(fraction);
        digits += (size_t)(end - fraction);
    }
    if (!digits) return false;
    if (*end == 'e' || *end == 'E') {
        const char *exponent = end + 1;
        if (*exponent == '+' || *exponent == '-') exponent++;
        end = skip_digits(exponent);
        if (end == exponent) return false;
    }
    return !*end;
}

static bool is_special(const char *s)
{
    static const char *const special[] = {"nan", "inf", "infinity"};
    if (*s == '+' || *s == '-') s++;
    if (*s == '.') s++; /* YAML's .inf, .nan */
    for (size_t k = 0; k < sizeof special / sizeof *special; k++) {
        if (!strcasecmp(s, special[k])) return true;
    }
    return false;
}

number_form number_read(double *out, const char *text)
{
    *out = nan("");
    if (!*text) return NUMBER_EMPTY;
    if (is_special(text)) return NUMBER_NOT_FINITE;
    if (!is_decimal(text)) return NUMBER_BAD;
    /* the user's locale may have a decimal comma; uselocale changes this thread only */
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0) return NUMBER_BAD;
    locale_t before = uselocale(c);
    double value = strtod(text, NULL);
    uselocale(before);
    freelocale(c);
    if (!isfinite(value)) return NUMBER_NOT_FINITE;
    *out = value;
    return NUMBER_GOOD;
}

bool number_of(double *out, const char *text) { return number_read(out, text) == NUMBER_GOOD; }
bool plain_number(double *out, const char *text)
{
    const char *digits = text + (*text == '-');
    if (*text == '+' || (digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9')) return false;
    return number_read(out, text) == NUMBER_GOOD;
}

static void range_words(number_words *words, const char *text, number_range range)
{
    excerpt e = excerpt_of(text);
    const char *unit = range.unit ? range.unit : "", *space = *unit ? " " : "";
    if (isinf(range.high)) {
        snprintf(words->text, sizeof words->text, "%s is out of range; write a number of at least %.15g%s%s", e.text,
                 range.low, space, unit);
    } else if (isinf(range.low)) {
        snprintf(words->text, sizeof words->text, "%s is out of range; write a number of at most %.15g%s%s", e.text,
                 range.high, space, unit);
    } else {
        snprintf(words->text, sizeof words->text, "%s is out of range; write a number from %.15g to %.15g%s%s", e.text,
                 range.low, range.high, space, unit);
    }
}

static void form_words(number_words *words, const char *text, number_form form, number_range range)
{
    excerpt e = excerpt_of(text);
    const char *unit = range.unit ? range.unit : "", *in = *unit ? " in " : "";
    const char *unknown = range.empty_allowed ? ", or leave it empty if unknown" : "";
    if (form == NUMBER_EMPTY) {
        snprintf(words->text, sizeof words->text, "is empty; write a number%s%s", in, unit);
    } else if (form == NUMBER_NOT_FINITE) {
        snprintf(words->text, sizeof words->text, "'%s' is not a finite number; write a number%s%s%s", e.text, in, unit,
                 unknown);
    } else {
        const char *plain = strpbrk(text, ",%") ? " without commas or signs" : "";
        snprintf(words->text, sizeof words->text, "'%s' is not a number; write a number such as 1250.5%s%s%s%s", e.text,
                 plain, in, unit, unknown);
    }
}

bool number_check(double *out, number_words *words, const char *text, number_range range)
{
    words->text[0] = '\0';
    number_form form = number_read(out, text);
    if (form == NUMBER_EMPTY && range.empty_allowed) return true;
    if (form != NUMBER_GOOD) {
        form_words(words, text, form, range);
        return false;
    }
    if (*out >= range.low && *out <= range.high) return true;
    *out = nan("");
    range_words(words, text, range);
    return false;
}
