/* plan.c - the public functions of plans: argument checks and calls. */
#include "api/options.h"
#include "policy/plan.h"
#include "report/plan.h"

#include <math.h>

bashu_status bashu_plan_new(bashu_plan **out, const bashu_scenario *scenario, const bashu_plan_options *wanted, const bashu_options *options)
{
    if (out) *out = NULL;
    if (!scenario) return BASHU_ERROR_ARGUMENT;
    if (!out || !wanted) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "bashu_plan_new needs a place for the plan, and what is wanted");
    if (wanted->version != 1) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "bashu_plan_options.version is 1, not %d", wanted->version);
    if (!(wanted->budget > 0 && isfinite(wanted->budget))) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "a budget is a number above 0, not %g", wanted->budget);
    if (!(wanted->losing_pct >= 0)) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "losing_pct is at least 0, not %g", wanted->losing_pct);
    if (wanted->sets_most < 1 || wanted->sets_most > 1000000) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "sets are 1 .. 1000000, not %d", wanted->sets_most);
    TRY(options_check(scenario->context, options));
    return plan_new(out, scenario, wanted, options);
}

void bashu_plan_free(bashu_plan *plan) { plan_free(plan); }

bashu_status bashu_plan_information(const bashu_plan *plan, bashu_plan_info *out)
{
    if (!plan) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(plan->context, BASHU_ERROR_ARGUMENT, "bashu_plan_information needs a place for the information");
    const plan_set *best = plan->best < 0 ? NULL : &plan->sets[plan->best];
    double nan = (double)NAN;
    *out = (bashu_plan_info){.proof = plan->proof, .cost = best ? best->cost : nan, .gain_pct = best ? plan_percent(best->gain) : nan, .bound_pct = plan_percent(plan->bound),
                             .least_pct = best ? best->least : nan, .loser = best && best->mask ? plan->economy->about.regions[best->loser].label.id : "",
                             .sets_solved = plan->quality.solved, .lost = plan->quality.lost, .gains_checked = plan->gains_checked, .gains_broken = plan->gains_broken,
                             .residual = plan->quality.residual, .worst = plan->quality.worst, .time_s = plan->quality.solve_s};
    return BASHU_OK;
}

size_t bashu_plan_count(const bashu_plan *plan) { return plan ? plan->count : 0; }

bashu_status bashu_plan_get(const bashu_plan *plan, size_t index, bashu_plan_project *out)
{
    if (!plan) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= plan->count) return fail(plan->context, BASHU_ERROR_ARGUMENT, "there are %zu projects, and project %zu is none of them", plan->count, index);
    const change *c = &plan->scenario->changes[plan->first[index]];
    *out = (bashu_plan_project){c->id, c->title_en, c->title_zh, plan_chooses(plan, index), plan->cost[index], plan_percent(plan->alone[index]), plan_percent(plan->last[index])};
    return BASHU_OK;
}

bashu_status bashu_plan_report(char **out, const bashu_plan *plan, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!plan) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(plan->context, BASHU_ERROR_ARGUMENT, "bashu_plan_report needs a place for the text and a format");
    return plan_report(out, plan, format, language);
}
