/* outcome.c - one number that is asked of an equilibrium. */
#include "measure/outcome.h"

#include "input/input.h"

#include <math.h>
#include <string.h>

static bashu_status check_variable(bashu_context *context, const char *name)
{
    const char *names[64];
    size_t count = 0;
    for (size_t v = 0; v < bashu_variable_count() && count < 64; v++)
        if (!strcmp(bashu_variable_at(v)->shape, "region")) names[count++] = bashu_variable_at(v)->name;
    const bashu_variable *variable = measure_variable(name);
    if (variable && !strcmp(variable->shape, "region")) return BASHU_OK;
    if (variable) return fail(context, BASHU_ERROR_ARGUMENT, "'%s' has no single value a region; 'gdp', 'welfare' and 'real_wage' have", name);
    const char *near = nearest_name(name, names, count);
    if (near) return fail(context, BASHU_ERROR_ARGUMENT, "there is no output variable '%s'; did you mean '%s'?", name, near);
    return fail(context, BASHU_ERROR_ARGUMENT, "there is no output variable '%s'; such are 'gdp', 'welfare' and 'real_wage'", name);
}

bashu_status outcome_read(named_outcome *out, arena *memory, const bashu_economy *economy, const char *text)
{
    bashu_context *context = economy->context;
    char *copy = arena_text(memory, text);
    out->name = arena_text(memory, text);
    if (!copy || !out->name) return fail_memory(context);
    char *colon = strchr(copy, ':'), *equals = colon ? strchr(colon, '=') : NULL;
    *out = (named_outcome){.name = out->name, .variable = copy, .set = "all", .member = ""};
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
    TRY(check_variable(context, out->variable));
    return measure_whose(&out->whose, memory, &economy->about, out->set, out->member);
}

bashu_status outcome_of(named_outcome *out, arena *memory, const bashu_economy *economy, const char *variable, const focus *about)
{
    bool all = !strcmp(about->set, "all");
    const char *text = all ? variable : arena_format(memory, "%s:%s=%s", variable, about->set, about->member);
    return text ? outcome_read(out, memory, economy, text) : fail_memory(economy->context);
}

bashu_status outcome_wanted(named_outcome *out, arena *memory, const bashu_economy *economy, const char *text, const char *usual, const focus *about)
{
    return text ? outcome_read(out, memory, economy, text) : outcome_of(out, memory, economy, usual, about);
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
    for (size_t q = 0; q < *out_count; q++)
        TRY(outcome_wanted(&(*out)[q], memory, economy, count ? texts[q] : NULL, usual[q % USUAL], q < USUAL ? about : &nation));
    return BASHU_OK;
}

bashu_status outcome_value(double *out, const bashu_result *result, const named_outcome *asked, bashu_column column)
{
    *out = (double)NAN;
    if (!result || result->info.reason <= 0) return BASHU_OK;
    return measure_aggregate(result, asked->variable, asked->set, asked->member, column, out);
}
