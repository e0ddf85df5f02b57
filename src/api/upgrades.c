/* upgrades.c - the public functions of links that money makes faster: argument checks and calls. */
#include "api/options.h"
#include "input/input.h"
#include "policy/upgrades.h"
#include "report/upgrades.h"

#include <math.h>
#include <string.h>

bashu_status bashu_upgrades_economy(char **out, bashu_context *context, const char *path)
{
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!out || !path) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_upgrades_economy needs a place for the folder, and a file");
    return upgrades_economy(out, context, path);
}

bashu_status bashu_upgrades_new(bashu_upgrades **out, const bashu_economy *economy, const char *path, const bashu_upgrades_options *o, const bashu_options *options)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    bashu_context *context = economy->context;
    if (!out || !path || !o) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_upgrades_new needs a place for the plan, a file, and what is wanted");
    if (o->version != 1) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_upgrades_options.version is 1, not %d", o->version);
    if (!(o->budget > 0 && isfinite(o->budget))) return fail(context, BASHU_ERROR_ARGUMENT, "a budget is a number above 0, not %g", o->budget);
    if (!(o->losing_pct > 0 && o->losing_pct < 100)) return fail(context, BASHU_ERROR_ARGUMENT, "losing_pct is between 0 and 100, not %g", o->losing_pct);
    if (o->starts < 1 || o->starts > 1000) return fail(context, BASHU_ERROR_ARGUMENT, "starts are 1 .. 1000, not %d", o->starts);
    if (!(o->tolerance > 0 && o->tolerance <= 0.1)) return fail(context, BASHU_ERROR_ARGUMENT, "tolerance is between 0 and 0.1, not %g", o->tolerance);
    TRY(options_check(context, options));
    return upgrades_new(out, economy, path, o, options);
}

void bashu_upgrades_free(bashu_upgrades *plan) { upgrades_free(plan); }

const bashu_upgrades_info *bashu_upgrades_information(const bashu_upgrades *plan) { return plan ? &plan->info : NULL; }

bashu_status bashu_upgrades_link(const bashu_upgrades *plan, size_t index, bashu_upgraded_link *out)
{
    if (!plan) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= plan->of.count) return fail(plan->context, BASHU_ERROR_ARGUMENT, "there are %zu links, and link %zu is none of them", plan->of.count, index);
    const upgrade *u = &plan->of.list[index];
    const graph_link *link = &plan->economy->about.network->links[u->link];
    *out = (bashu_upgraded_link){.id = link->id, .money = plan->best.x[index], .most = u->most, .minutes = 60 * link->time_h, .planned_minutes = 60 * upgraded_time(plan, index, plan->best.x[index]),
                                 .even_minutes = 60 * upgraded_time(plan, index, plan->even.x[index]), .elasticity = plan->elasticity[index], .slope_pct = plan->best.slope[index],
                                 .alone_pct = 100 * expm1(plan->probe[index] / 100)};
    return BASHU_OK;
}

bashu_status bashu_upgrades_report(char **out, const bashu_upgrades *plan, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!plan) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(plan->context, BASHU_ERROR_ARGUMENT, "bashu_upgrades_report needs a place for the text and a format");
    return upgrades_report(out, plan, format, language);
}

static bashu_status format_of(char **out, arena *scratch, const char *path)
{
    document *d;
    const yaml_node *n;
    const char *word;
    TRY(document_read(&d, scratch, path));
    TRY(node_require(&n, d, document_root(d), "format"));
    TRY(node_text(&word, d, n, "format"));
    return (*out = strdup(word)) ? BASHU_OK : fail_memory(arena_context(scratch));
}

bashu_status bashu_file_format(char **out, bashu_context *context, const char *path)
{
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!out || !path) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_file_format needs a place for the word, and a file");
    arena *scratch = arena_new(context);
    bashu_status status = scratch ? format_of(out, scratch, path) : fail_memory(context);
    arena_free(scratch);
    return status;
}
