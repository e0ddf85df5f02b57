/* options.c - the table of options: each is stated once, and files, flags and manuals are drawn from it. */
#include "api/options.h"
#include "core/core.h"
#include "input/input.h"
#include "solve/solve.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_TOLERANCE, OPTION_PASS_LIMIT, OPTION_STARTS, OPTION_SEED, OPTION_METHOD, OPTION_COUNT };

static const char *const methods[] = {"ladder", "anderson", "newton_krylov", "plain", NULL};
_Static_assert(sizeof methods / sizeof methods[0] == RUNG_COUNT + 1, "the ladder, then its rungs by name");

static const bashu_option_row rows[OPTION_COUNT] = {
    [OPTION_TOLERANCE] = {"tolerance", "number", 1e-15, 1e-10, 1e-2, "worst relative residual of any equation",
                          "任一方程允许的最大相对残差", NULL},
    [OPTION_PASS_LIMIT] = {"pass_limit", "integer", 1, 2000, 1e9, "most passes over the trade shares",
                           "遍历贸易份额的次数上限", NULL},
    [OPTION_STARTS] = {"starts", "integer", -1, -1, 1000,
                       "further random starts when uniqueness is not known; -1 = decide, 0 = none",
                       "唯一性未知时另取的随机初值个数；-1 为自动，0 为不取", NULL},
    [OPTION_SEED] = {"seed", "integer", 0, 1, 9007199254740992.0, "seed of the random starts", "随机初值的种子", NULL},
    [OPTION_METHOD] = {"method", "word", 0, 0, 3, "method of the solver: all of them in turn, or one alone",
                       "求解方法：依次尝试，或只用其中一种", methods},
};

size_t bashu_option_count(void) { return OPTION_COUNT; }

const bashu_option_row *bashu_option_at(size_t index) { return index < OPTION_COUNT ? &rows[index] : NULL; }

/* "pass-limit" and "pass_limit" are the same name. */
static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && !(*a == '-' && *b == '_')) return false;
    return *a == *b;
}

static bashu_status unknown(bashu_context *context, const char *name)
{
    const char *names[OPTION_COUNT];
    for (size_t k = 0; k < OPTION_COUNT; k++) names[k] = rows[k].name;
    const char *near = nearest_name(name, names, OPTION_COUNT);
    return near ? fail(context, BASHU_ERROR_ARGUMENT, "there is no option '%s': did you mean '%s'?", name, near)
                : fail(context, BASHU_ERROR_ARGUMENT, "there is no option '%s'", name);
}

/* A decimal number with a point, whatever the locale of the program. */
static bool read_number(double *out, const char *text)
{
    locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0), before = plain ? uselocale(plain) : (locale_t)0;
    char *end = NULL;
    errno = 0;
    double value = strtod(text, &end);
    bool good = end != text && !*end && errno != ERANGE && isfinite(value) && !strpbrk(text, "xXpP");
    if (before) uselocale(before);
    if (plain) freelocale(plain);
    if (good) *out = value;
    return good;
}

static void assign(bashu_options *options, size_t row, double value)
{
    switch (row) {
    case OPTION_TOLERANCE: options->tolerance = value; break;
    case OPTION_PASS_LIMIT: options->pass_limit = (int)value; break;
    case OPTION_STARTS: options->starts = (int)value; break;
    case OPTION_METHOD: options->method = (int)value; break;
    default: options->seed = (unsigned long long)value; break;
    }
}

/* A word becomes its place in the list. */
static bashu_status read_word(double *out, bashu_context *context, const bashu_option_row *row, const char *text)
{
    size_t count = 0;
    for (; row->words[count]; count++)
        if (same_name(text, row->words[count])) {
            *out = (double)count;
            return BASHU_OK;
        }
    const char *near = nearest_name(text, row->words, count);
    return near ? fail(context, BASHU_ERROR_ARGUMENT, "option %s: there is no '%s'; did you mean '%s'?", row->name, text, near)
                : fail(context, BASHU_ERROR_ARGUMENT, "option %s: there is no '%s'; write '%s', for instance", row->name, text,
                       row->words[0]);
}

static bashu_status read_value(double *out, bashu_context *context, const bashu_option_row *row, const char *text)
{
    if (row->words) return read_word(out, context, row, text);
    if (!read_number(out, text))
        return fail(context, BASHU_ERROR_ARGUMENT, "option %s: '%s' is not a number", row->name, text);
    if (!strcmp(row->type, "integer") && *out != floor(*out))
        return fail(context, BASHU_ERROR_ARGUMENT, "option %s: '%s' is not a whole number", row->name, text);
    if (*out < row->low || *out > row->high)
        return fail(context, BASHU_ERROR_ARGUMENT, "option %s: %s is outside %g to %g", row->name, text, row->low,
                    row->high);
    return BASHU_OK;
}

bashu_status bashu_option_set(bashu_options *options, bashu_context *context, const char *name, const char *text)
{
    if (!options || !name || !text)
        return fail(context, BASHU_ERROR_ARGUMENT, "bashu_option_set needs options, name and text");
    for (size_t k = 0; k < OPTION_COUNT; k++) {
        double value = 0;
        if (!same_name(name, rows[k].name)) continue;
        TRY(read_value(&value, context, &rows[k], text));
        assign(options, k, value);
        return BASHU_OK;
    }
    return unknown(context, name);
}

bashu_status options_check(bashu_context *context, const bashu_options *options)
{
    if (!options) return BASHU_OK;
    if (options->version != 1)
        return fail(context, BASHU_ERROR_ARGUMENT, "options have version %d; start from BASHU_OPTIONS_INIT", options->version);
    if (!(options->tolerance > 0 && options->tolerance <= 1e-2))
        return fail(context, BASHU_ERROR_ARGUMENT, "tolerance %g is outside (0, 0.01]", options->tolerance);
    if (options->pass_limit < 1) return fail(context, BASHU_ERROR_ARGUMENT, "pass_limit %d is below 1", options->pass_limit);
    if (options->starts < -1) return fail(context, BASHU_ERROR_ARGUMENT, "starts %d is below -1", options->starts);
    if (options->method < 0 || options->method >= RUNG_COUNT)
        return fail(context, BASHU_ERROR_ARGUMENT, "there is no method %d; 0 is the ladder", options->method);
    return BASHU_OK;
}
