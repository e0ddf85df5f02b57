/* solve.c - the public functions that calibrate and solve: argument checks and calls. */
#include "api/options.h"
#include "calibrate/calibrate.h"
#include "equilibrium/equilibrium.h"

#include <math.h>

void bashu_economy_free(bashu_economy *economy)
{
    if (economy) arena_free(economy->memory);
}

bashu_status bashu_calibrate(bashu_economy **out, const bashu_data *data, const bashu_options *options)
{
    if (out) *out = NULL;
    if (!out || !data) return BASHU_ERROR_ARGUMENT;
    TRY(options_check(data->context, options));
    TRY(calibrate(out, data, options));
    bashu_status status = BASHU_OK;
    if (needs_settling(*out)) status = settle_baseline(*out, options);
    if (status == BASHU_OK) status = certify_baseline(*out);
    if (status == BASHU_OK) return BASHU_OK;
    bashu_economy_free(*out);
    *out = NULL;
    return status;
}

bashu_status bashu_solver_new(bashu_solver **out, const bashu_economy *economy, const bashu_options *options)
{
    if (out) *out = NULL;
    if (!out || !economy) return BASHU_ERROR_ARGUMENT;
    TRY(options_check(economy->context, options));
    return solver_new(out, economy, options);
}

bashu_status bashu_solver_prepare(bashu_solver *solver)
{
    return solver ? solver_prepare(solver) : BASHU_ERROR_ARGUMENT;
}

void bashu_solver_free(bashu_solver *solver)
{
    solver_free(solver);
}

bashu_status bashu_solve_some(bashu_result **result, bashu_solver *solver, const bashu_scenario *scenario,
                              const unsigned char *mask)
{
    return result && solver ? solve_some(result, solver, scenario, mask) : BASHU_ERROR_ARGUMENT;
}

bashu_status bashu_solve(bashu_result **result, bashu_solver *solver, const bashu_scenario *scenario)
{
    return bashu_solve_some(result, solver, scenario, NULL);
}

void bashu_result_free(bashu_result *result)
{
    result_free(result);
}

const bashu_info *bashu_result_info(const bashu_result *result)
{
    return result ? &result->info : NULL;
}
