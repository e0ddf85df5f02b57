/* infrastructure.c - the public functions of networks that are built: argument checks and calls. */
#include "policy/infrastructure.h"
#include "report/infrastructure.h"

#include <math.h>

bashu_status bashu_infrastructure_new(bashu_infrastructure **out, bashu_context *context, const char *path, const bashu_infrastructure_options *wanted)
{
    static const bashu_infrastructure_options usual = BASHU_INFRASTRUCTURE_OPTIONS_INIT;
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    const bashu_infrastructure_options *o = wanted ? wanted : &usual;
    if (!out || !path) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_infrastructure_new needs a place for the plan, and a file");
    if (o->version != 1) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_infrastructure_options.version is 1, not %d", o->version);
    if (!(o->budget >= 0 && isfinite(o->budget))) return fail(context, BASHU_ERROR_ARGUMENT, "a budget is above 0, or 0 for that of the file; not %g", o->budget);
    if (o->starts < 1 || o->starts > 10000) return fail(context, BASHU_ERROR_ARGUMENT, "starts are 1 .. 10000, not %d", o->starts);
    if (!(o->tolerance > 0 && o->tolerance <= 1e-2)) return fail(context, BASHU_ERROR_ARGUMENT, "tolerance is between 0 and 0.01, not %g", o->tolerance);
    return infrastructure_new(out, context, path, o);
}

void bashu_infrastructure_free(bashu_infrastructure *plan) { infrastructure_free(plan); }

const bashu_infrastructure_info *bashu_infrastructure_information(const bashu_infrastructure *plan) { return plan ? &plan->info : NULL; }

bashu_status bashu_infrastructure_link(const bashu_infrastructure *plan, size_t index, bashu_built_link *out)
{
    if (!plan) return BASHU_ERROR_ARGUMENT;
    const infrastructure_data *d = &plan->data;
    if (!out || index >= d->E) return fail(plan->context, BASHU_ERROR_ARGUMENT, "there are %zu links, and link %zu is none of them", d->E, index);
    *out = (bashu_built_link){.from = d->place[d->links[index].from], .to = d->place[d->links[index].to], .built = d->links[index].built, .size = plan->x[at_size(d, index)]};
    for (size_t n = 0; n < d->N; n++) {
        out->there += plan->x[at_flow(d, index, 0, n)];
        out->back += plan->x[at_flow(d, index, 1, n)];
    }
    return BASHU_OK;
}

bashu_status bashu_infrastructure_report(char **out, const bashu_infrastructure *plan, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!plan) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(plan->context, BASHU_ERROR_ARGUMENT, "bashu_infrastructure_report needs a place for the text and a format");
    return infrastructure_report(out, plan, format, language);
}
