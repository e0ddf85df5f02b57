/* scenario_research.c - researchers that move: what they do afterwards (use) and did before (from_use). */
#include "input/scenario_parts.h"

#include <string.h>

static bashu_status use_read(research_use *out, scenario_reader *r, const yaml_node *map, const char *key, research_use unsaid)
{
    const yaml_node *n = node_get(map, key);
    const char *word;
    *out = unsaid;
    if (!n) return BASHU_OK;
    TRY(node_text(&word, r->document, n, key));
    for (size_t u = 0; u < RESEARCH_USE_COUNT; u++) {
        *out = (research_use)u;
        if (!strcmp(word, research_use_words[u])) return BASHU_OK;
    }
    return node_fail(r->document, n, "%s: unknown word '%s'; write science or industry", key, word);
}

static double researchers(const scenario_reader *r, const unsigned char *regions, research_use use)
{
    double sum = 0;
    for (size_t n = 0; n < r->about->N; n++) sum += regions[n] ? r->economy->research.people[use][n] : 0;
    return sum;
}

bashu_status scenario_research_read(change *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *use = node_get(map, "use"), *from = node_get(map, "from_use");
    bool staff = c->lever == LEVER_RESEARCH_STAFF;
    if (!staff && (use || from))
        return node_fail(r->document, use ? use : from, "%s: lever '%s' does not take it; it belongs to research_staff", use ? "use" : "from_use",
                         lever_rows[c->lever].name);
    if (!acts_over_years(c->lever)) return BASHU_OK;
    if (!r->economy->research.science)
        return node_fail(r->document, node_get(map, "lever"), "lever: '%s' needs the table 'research' of the economy, which has none; add it, or delete the change",
                         lever_rows[c->lever].name);
    if (!staff) return BASHU_OK;
    if (!use) TRY(node_require(&use, r->document, map, "use"));
    TRY(use_read(&c->use, r, map, "use", RESEARCH_SCIENCE));
    TRY(use_read(&c->from_use, r, map, "from_use", c->use));
    if (from && !c->side_b)
        return node_fail(r->document, from, "from_use: of whom? Write funders: the places they come from (the same as regions, where they only change their work)");
    if (!(researchers(r, c->regions, c->use) > 0))
        return node_fail(r->document, node_get(map, "regions"), "regions: there are no researchers in %s to join; name places that have some", research_use_words[c->use]);
    double there = c->side_b ? researchers(r, c->side_b, c->from_use) : (double)INFINITY;
    const char *key = c->relative ? "change_pct" : "to";
    double most = c->relative ? 100 : there;
    if (c->side_b && fmax(c->value, isfinite(c->high) ? c->high : c->value) > most)
        return node_fail(r->document, node_get(map, key), "%s: there are no more than %.15g%s to move; write less", key, most, c->relative ? " %" : " persons");
    if (c->side_b && c->value < 0) return node_fail(r->document, node_get(map, key), "%s: is below 0; exchange regions and funders instead", key);
    return BASHU_OK;
}
