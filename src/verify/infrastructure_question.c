/* infrastructure_question.c - the question `infrastructure`: the best network that a budget builds (docs/models/fajgelbaum_schaal_2020.md), of a file of its own, as tables.
 *
 *   RUN_links(from, to, built, size, budget_share, there, back),  RUN_places(place, good, output, use, price),  RUN_info(name, value)
 *
 * `set` may say another budget, and how many starts. Where Ipopt is not there, the case is absent, as one whose data are not. */
#include "verify/asked.h"

#include "input/input.h"

#include <string.h>

static bashu_status infrastructure_report_of(char **out, const void *subject, const char *format) { return bashu_infrastructure_report(out, subject, format, BASHU_EN); }

static bashu_status read_settings(const asked *a, bashu_infrastructure_options *wanted)
{
    for (size_t k = 0; k < a->run->set_count; k++) {
        const case_setting *s = &a->run->set[k];
        double value;
        bool budget = !strcmp(s->name, "budget"), starts = !strcmp(s->name, "starts");
        if (!budget && !starts) return fail(a->context, BASHU_ERROR_INPUT, "%s:%zu: run '%s': a network that is built has no setting '%s'; it has budget and starts", a->settings->about->path, s->line, a->run->name, s->name);
        if (!number_of(&value, s->value)) return fail(a->context, BASHU_ERROR_INPUT, "%s:%zu: run '%s': %s is a number, not '%s'", a->settings->about->path, s->line, a->run->name, s->name, s->value);
        if (budget) wanted->budget = value;
        else wanted->starts = (int)value;
    }
    return BASHU_OK;
}

bashu_status ask_infrastructure(asked *a)
{
    bashu_infrastructure_options wanted = BASHU_INFRASTRUCTURE_OPTIONS_INIT;
    const char *path = in_folder(a, a->run->spec);
    if (!path) return fail_memory(a->context);
    wanted.seed = a->options.seed;
    TRY(read_settings(a, &wanted));
    bashu_status status = bashu_infrastructure_new(&a->infrastructure, a->context, path, &wanted);
    if (status == BASHU_ERROR_UNSUPPORTED) { /* the library is not there: nothing is wrong with the case */
        a->outcome->missing = "Ipopt 3 (Debian: coinor-libipopt1v5)";
        return BASHU_OK;
    }
    TRY(status);
    const bashu_infrastructure_info *i = bashu_infrastructure_information(a->infrastructure);
    if (!is_answered(a, i->reason, i->iterations)) return BASHU_OK;
    const fact facts[] = {{"welfare", i->welfare}, {"budget", i->budget}, {"gain_pct", i->gain_pct}, {"budget_price", i->budget_price}, {"convex", (double)i->convex},
                          {"residual", i->residual}, {"starts", (double)i->starts}, {"failed", (double)i->failed}, {"places", (double)i->places}, {"links", (double)i->links}};
    TRY(load_facts(a, facts, sizeof facts / sizeof facts[0]));
    TRY(load_report(a, "links", infrastructure_report_of, a->infrastructure, "csv"));
    return load_report(a, "places", infrastructure_report_of, a->infrastructure, "places.csv");
}
