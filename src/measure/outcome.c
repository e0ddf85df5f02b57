/* outcome.c - one number that is asked of an equilibrium. */
#include "measure/outcome.h"

#include <math.h>
#include <string.h>

bashu_status outcome_read(named_outcome *out, arena *memory, const bashu_economy *economy, const char *text)
{
    bashu_context *context = economy->context;
    char *copy = arena_text(memory, text);
    out->name = arena_text(memory, text);
    if (!copy || !out->name) return fail_memory(context);
    char *colon = strchr(copy, ':'), *equals = colon ? strchr(colon, '=') : NULL;
    *out = (named_outcome){out->name, copy, "all", ""};
    if (colon) {
        *colon = '\0';
        out->set = colon + 1;
    }
    if (equals) {
        *equals = '\0';
        out->member = equals + 1;
    }
    bool alone = !strcmp(out->set, "all") || !strcmp(out->set, "foreign");
    if (!*out->variable || !*out->set || alone != !equals || (!alone && !*out->member))
        return fail(context, BASHU_ERROR_ARGUMENT,
                    "an outcome is VARIABLE, VARIABLE:SET=MEMBER or VARIABLE:region=ID, e.g. gdp, welfare:region=510100, gdp:circle=CCEC; not '%s'", text);
    const bashu_variable *variable = measure_variable(out->variable);
    if (!variable || strcmp(variable->shape, "region") != 0)
        return fail(context, BASHU_ERROR_ARGUMENT, "'%s' is no variable with a value a region; 'gdp', 'welfare' and 'real_wage' are, and "
                    "those of shape region that 'bashu solve --csv' shows", out->variable);
    return measure_parts(context, &economy->about, out->set, out->member, NULL, NULL);
}

bashu_status outcome_of(named_outcome *out, arena *memory, const bashu_economy *economy, const char *variable, const focus *about)
{
    bool all = !strcmp(about->set, "all");
    const char *text = all ? variable : arena_format(memory, "%s:%s=%s", variable, about->set, about->member);
    return text ? outcome_read(out, memory, economy, text) : fail_memory(economy->context);
}

bashu_status outcomes_read(named_outcome **out, size_t *out_count, arena *memory, const bashu_economy *economy, const focus *about,
                           const char *const *texts, size_t count)
{
    static const char *const usual[] = {"gdp", "welfare", "real_wage", "population"};
    static const focus nation = {.set = "all", .member = ""};
    enum { USUAL = sizeof usual / sizeof *usual };
    bool all = !strcmp(about->set, "all");
    *out_count = count ? count : all ? USUAL : 2 * USUAL - 1; /* people of the nation stay */
    *out = arena_alloc(memory, *out_count, sizeof **out);
    if (!*out) return fail_memory(economy->context);
    for (size_t q = 0; q < *out_count; q++) {
        if (count) TRY(outcome_read(&(*out)[q], memory, economy, texts[q]));
        else TRY(outcome_of(&(*out)[q], memory, economy, usual[q % USUAL], q < USUAL ? about : &nation));
    }
    return BASHU_OK;
}

bashu_status outcome_value(double *out, const bashu_result *result, const named_outcome *asked, bashu_column column)
{
    *out = (double)NAN;
    if (!result || result->info.reason <= 0) return BASHU_OK;
    return measure_aggregate(result, asked->variable, asked->set, asked->member, column, out);
}
