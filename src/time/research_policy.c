/* research_policy.c - researchers and research borders as a scenario has them in a year.
 *
 *   research_staff   M = part x persons, or part x percent of those of from_use in the funders (of use in the regions, where nobody is named);
 *                    R_n^from_use -= M R_n^from_use / sum over funders;   R_n^use += M R_n^use / sum over regions
 *   research_border  phi_nm *= 1 + part x percent, or hat^part;   exp(-delta t) is the most there can be */
#include "time/knowledge.h"

#include <math.h>
#include <string.h>

static bool opens_borders(const bashu_scenario *scenario)
{
    for (size_t c = 0; scenario && c < scenario->change_count; c++)
        if (scenario->changes[c].lever == LEVER_RESEARCH_BORDER) return true;
    return false;
}

bashu_status research_policy_new(research_policy *out, arena *memory, const bashu_economy *economy, const bashu_scenario *scenario)
{
    size_t N = economy->about.N;
    *out = (research_policy){0};
    const array_wanted wanted[] = {{&out->people[RESEARCH_SCIENCE], N}, {&out->people[RESEARCH_INDUSTRY], N}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(economy->context);
    if (!opens_borders(scenario)) return BASHU_OK;
    out->border_hat = arena_alloc(memory, N * N, sizeof *out->border_hat);
    return out->border_hat ? BASHU_OK : fail_memory(economy->context);
}

static double those_in(const double *people, const unsigned char *places, size_t N)
{
    double sum = 0;
    for (size_t n = 0; n < N; n++) sum += places[n] ? people[n] : 0;
    return sum;
}

static bashu_status move_staff(research_policy *p, const bashu_economy *e, const change *c)
{
    size_t N = e->about.N;
    const unsigned char *leave = c->side_b ? c->side_b : c->regions;
    double *from = p->people[c->from_use], *to = p->people[c->use], part = 1 - c->pending;
    double there = those_in(from, leave, N), moved = part * (c->relative ? c->value / 100 * there : c->value);
    if (c->side_b && moved > there * (1 + 1e-12))
        return fail(e->context, BASHU_ERROR_INPUT, "change '%s': %.6g researchers are to leave %s, where earlier changes leave %.6g; write less", c->id, moved,
                    research_use_words[c->from_use], there);
    for (size_t n = 0; c->side_b && n < N; n++)
        if (leave[n]) from[n] -= moved * (from[n] / there);
    double joined = those_in(to, c->regions, N);
    if (-moved > joined * (1 + 1e-12))
        return fail(e->context, BASHU_ERROR_INPUT, "change '%s': %.6g researchers are to leave %s, where there are %.6g; write less", c->id, -moved,
                    research_use_words[c->use], joined);
    if (!(joined > 0) && moved != 0)
        return fail(e->context, BASHU_ERROR_INPUT, "change '%s': nobody is left in %s for newcomers to join; leave some there", c->id, research_use_words[c->use]);
    for (size_t n = 0; n < N; n++)
        if (c->regions[n] && moved != 0) to[n] += moved * (to[n] / joined);
    if (!c->side_b) p->total += moved;
    return BASHU_OK;
}

static bashu_status open_border(research_policy *p, const bashu_economy *e, const change *c)
{
    const description *a = &e->about;
    double border = a->elasticities[RESEARCH_BORDER_EFFECT].by_item[0];
    double hat = c->is_hat ? pow(c->value, 1 - c->pending) : 1 + (1 - c->pending) * c->value / 100;
    for (size_t n = 0; n < a->N; n++)
        for (size_t m = 0; m < a->N; m++) {
            if (!change_covers_pair(c, n, m)) continue;
            double *at = &p->border_hat[n * a->N + m], most = a->regions[n].area_index == a->regions[m].area_index ? 1 : 1 / border;
            *at *= hat;
            if (*at > most * (1 + 1e-12))
                return fail(e->context, BASHU_ERROR_INPUT,
                            "change '%s': science would spill over between '%s' and '%s' %.6g times as today, more than without a border (%.6g); write less, or select "
                            "places in different areas alone (across: area)",
                            c->id, a->regions[n].label.id, a->regions[m].label.id, *at, most);
        }
    p->opens = true;
    return BASHU_OK;
}

bashu_status research_policy_in(research_policy *out, const bashu_economy *economy, const bashu_scenario *scenario, const unsigned char *mask)
{
    size_t N = economy->about.N;
    out->opens = false;
    out->total = 0;
    for (size_t u = 0; u < RESEARCH_USE_COUNT && economy->research.science; u++) {
        memcpy(out->people[u], economy->research.people[u], N * sizeof(double));
        for (size_t n = 0; n < N; n++) out->total += out->people[u][n];
    }
    for (size_t k = 0; out->border_hat && k < N * N; k++) out->border_hat[k] = 1;
    for (size_t c = 0; scenario && c < scenario->change_count; c++) {
        const change *of = &scenario->changes[c];
        if (!mask[c]) continue;
        if (of->lever == LEVER_RESEARCH_STAFF) TRY(move_staff(out, economy, of));
        if (of->lever == LEVER_RESEARCH_BORDER) TRY(open_border(out, economy, of));
    }
    return BASHU_OK;
}
