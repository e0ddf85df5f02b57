/* links.c - the public functions of what links do: argument checks and calls. */
#include "api/options.h"
#include "policy/links.h"
#include "report/links.h"

#include <math.h>
#include <string.h>

bashu_status bashu_links_new(bashu_links **out, const bashu_economy *economy, const bashu_scenario *scenario, const bashu_links_options *wanted,
                             const bashu_options *options)
{
    if (out) *out = NULL;
    if (!economy) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_links_new needs a place for the links");
    if (wanted && wanted->version != 1) return fail(economy->context, BASHU_ERROR_ARGUMENT, "bashu_links_options.version is 1, not %d", wanted->version);
    if (wanted && (wanted->exact < 0 || wanted->exact > 100000))
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "links solved exactly are 0 .. 100000, not %d", wanted->exact);
    if (wanted && !(wanted->faster_pct > 0 && wanted->faster_pct < 100))
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "faster_pct is between 0 and 100, not %g", wanted->faster_pct);
    TRY(options_check(economy->context, options));
    return links_new(out, economy, scenario, wanted, options);
}

void bashu_links_free(bashu_links *links) { links_free(links); }

size_t bashu_links_count(const bashu_links *links) { return links ? links->ranked : 0; }

size_t bashu_links_outcome_count(const bashu_links *links) { return links ? links->outcome_count : 0; }

const char *bashu_links_outcome_name(const bashu_links *links, size_t outcome)
{
    return links && outcome < links->outcome_count ? links->outcomes[outcome].name : NULL;
}

const bashu_linear_info *bashu_links_info(const bashu_links *links, size_t outcome)
{
    return links && outcome < links->outcome_count ? &links->info[outcome] : NULL;
}

bashu_status bashu_links_get(const bashu_links *links, size_t rank, size_t outcome, bashu_link_effect *out)
{
    if (!links) return BASHU_ERROR_ARGUMENT;
    if (!out || rank >= links->ranked || outcome >= links->outcome_count)
        return fail(links->context, BASHU_ERROR_ARGUMENT, "there are %zu links and %zu outcomes; link %zu or outcome %zu is none of them", links->ranked,
                    links->outcome_count, rank, outcome);
    const graph *g = links->economy->about.network;
    size_t l = links->rank[rank];
    *out = (bashu_link_effect){.id = g->links[l].id, .mode = g->links[l].mode, .from = g->node_id[g->links[l].from], .to = g->node_id[g->links[l].to],
                               .minutes = 60 * g->links[l].time_h, .elasticity = links->elasticity[outcome][l],
                               .first_order_pct = links_first_order(links, outcome, l), .carried = links->carried[l], .trains = links->trains[l],
                               .exact_pct = rank < links->exact_count ? links->exact[rank * links->outcome_count + outcome] : (double)NAN};
    return BASHU_OK;
}

bashu_status bashu_links_report(char **out, const bashu_links *links, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!links) return BASHU_ERROR_ARGUMENT;
    if (!out || !format) return fail(links->context, BASHU_ERROR_ARGUMENT, "bashu_links_report needs a place for the text and a format");
    return links_report(out, links, format, language);
}
