/* sweep.c - the public functions of sweeps: argument checks and calls. */
#include "api/options.h"
#include "policy/sweep.h"
#include "report/sweep.h"

#include <string.h>

bashu_status bashu_solve_each(const bashu_economy *economy, const bashu_options *options, const bashu_scenario *const *scenarios,
                              size_t count, bashu_take *take, void *payload)
{
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!take || (count && !scenarios))
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_solve_each needs scenarios and a function that takes the answers");
    TRY(options_check(economy->context, options));
    return solve_each(economy, options, scenarios, count, take, payload);
}

bashu_status bashu_sweep_new(bashu_sweep **out, const bashu_scenario *scenario, const bashu_options *options, size_t draws,
                             bashu_distribution distribution, const char *const *outcomes, size_t outcome_count)
{
    if (out) *out = NULL;
    if (!scenario) return BASHU_ERROR_ARGUMENT;
    if (!out || (outcome_count && !outcomes)) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "bashu_sweep_new needs a place for the sweep, and its outcomes");
    if (draws < 1 || draws > 10000000) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "draws are 1 .. 10000000, not %zu", draws);
    if (distribution != BASHU_TRIANGULAR && distribution != BASHU_UNIFORM)
        return fail(scenario->context, BASHU_ERROR_ARGUMENT, "a distribution is BASHU_TRIANGULAR or BASHU_UNIFORM, not %d", (int)distribution);
    for (size_t q = 0; q < outcome_count; q++)
        if (!outcomes[q]) return fail(scenario->context, BASHU_ERROR_ARGUMENT, "outcome %zu is NULL", q);
    TRY(options_check(scenario->context, options));
    return sweep_new(out, scenario, options, draws, distribution, outcomes, outcome_count);
}

void bashu_sweep_free(bashu_sweep *sweep) { sweep_free(sweep); }

size_t bashu_sweep_draw_count(const bashu_sweep *sweep) { return sweep ? sweep->draws : 0; }

size_t bashu_sweep_outcome_count(const bashu_sweep *sweep) { return sweep ? sweep->outcome_count : 0; }

const char *bashu_sweep_outcome_name(const bashu_sweep *sweep, size_t outcome)
{
    return sweep && outcome < sweep->outcome_count ? sweep->outcomes[outcome].name : NULL;
}

bashu_status bashu_sweep_draw(const bashu_sweep *sweep, size_t draw, double *values, double *percents, bashu_draw_info *info)
{
    if (!sweep) return BASHU_ERROR_ARGUMENT;
    if (draw >= sweep->draws) return fail(sweep->context, BASHU_ERROR_ARGUMENT, "there are %zu draws, and draw %zu is none of them", sweep->draws, draw);
    if (values) memcpy(values, sweep->values + draw * sweep->change_count, sweep->change_count * sizeof *values);
    if (percents) memcpy(percents, sweep->percents + draw * sweep->outcome_count, sweep->outcome_count * sizeof *percents);
    if (info) *info = sweep->draw[draw].info;
    return BASHU_OK;
}

static bashu_status check_outcome(const bashu_sweep *sweep, const void *out, size_t outcome)
{
    if (!sweep) return BASHU_ERROR_ARGUMENT;
    if (out && outcome < sweep->outcome_count) return BASHU_OK;
    return fail(sweep->context, BASHU_ERROR_ARGUMENT, "there are %zu outcomes, and outcome %zu is none of them", sweep->outcome_count, outcome);
}

bashu_status bashu_sweep_summarise(bashu_sweep_summary *out, const bashu_sweep *sweep, size_t outcome)
{
    TRY(check_outcome(sweep, out, outcome));
    return sweep_summary(out, sweep, outcome);
}

bashu_status bashu_sweep_driver(double *out, const bashu_sweep *sweep, size_t change_, size_t outcome)
{
    TRY(check_outcome(sweep, out, outcome));
    if (change_ >= sweep->change_count)
        return fail(sweep->context, BASHU_ERROR_ARGUMENT, "there are %zu changes, and change %zu is none of them", sweep->change_count, change_);
    return sweep_driver(out, sweep, change_, outcome);
}

bashu_status bashu_sweep_report(char **out, const bashu_sweep *sweep, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!sweep) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(sweep->context, BASHU_ERROR_ARGUMENT, "bashu_sweep_report needs a place for the text and a format");
    return sweep_report(out, sweep, format, language);
}
