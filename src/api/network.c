/* network.c - the public functions of networks: argument checks and calls. */
#include "api/options.h"
#include "measure/network.h"
#include "report/network.h"

bashu_status bashu_network_new(bashu_network **out, const bashu_economy *economy, const bashu_scenario *scenario, int year)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_network_new needs a place for the network");
    if (year < 0 || year > 9999) return fail(economy->context, BASHU_ERROR_ARGUMENT, "a year is 1 .. 9999, or 0 for all links; not %d", year);
    return network_new(out, economy, scenario, year);
}

void bashu_network_free(bashu_network *network) { network_free(network); }

int bashu_economy_has_network(const bashu_economy *economy) { return economy && economy->about.network != NULL; }

size_t bashu_network_fit_count(const bashu_network *network) { return network ? network->fit_count : 0; }

bashu_status bashu_network_fit_get(const bashu_network *network, size_t index, bashu_network_fit *out)
{
    if (!network) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= network->fit_count)
        return fail(network->context, BASHU_ERROR_ARGUMENT, "there are %zu comparisons with printed times, and %zu is none of them", network->fit_count, index);
    *out = network->fits[index];
    return BASHU_OK;
}

size_t bashu_network_problem_count(const bashu_network *network) { return network ? network->problem_count : 0; }

bashu_status bashu_network_problem_get(const bashu_network *network, size_t index, bashu_network_problem *out)
{
    if (!network) return BASHU_ERROR_ARGUMENT;
    if (!out || index >= network->problem_count)
        return fail(network->context, BASHU_ERROR_ARGUMENT, "there are %zu problems, and %zu is none of them", network->problem_count, index);
    *out = network->problems[index];
    return BASHU_OK;
}

bashu_status bashu_network_report(char **out, const bashu_network *network, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!network) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(network->context, BASHU_ERROR_ARGUMENT, "bashu_network_report needs a place for the text and a format");
    return network_report(out, network, format, language);
}

bashu_status bashu_network_times(char **out, const bashu_network *network, const char *from, bashu_language language)
{
    if (out) *out = NULL;
    if (!network) return BASHU_ERROR_ARGUMENT;
    if (!out || !from) return fail(network->context, BASHU_ERROR_ARGUMENT, "bashu_network_times needs a place for the map, and a region");
    return network_times(out, network, from, language);
}
