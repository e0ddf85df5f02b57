/* certify_knowledge.c - the equations of knowledge.c again, in levels and from scratch; shares no code with it.
 *
 *   science      S'  - ((1 - delta_S) S + a_n (R^S)^{l_S} A^{x_S}),  a_n = delta_S S_0 / ((R_0^S)^{l_S} A_0^{x_S})            relative
 *   technique    T'  - T^rho F^{1-rho} (1 + e_n (R^E)^{l_E} A^{x_E}) / (1 + e_n (R_0^E)^{l_E} A_0^{x_E}); with market innovation up to one factor
 *   researchers  as many as there were, and came from elsewhere; nowhere fewer than none */
#include "time/knowledge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct audit {
    knowledge_certificate *out;
    const knowledge_audit *of;
    const bashu_economy *e;
    size_t N, J;
    double *base_reach, *reach, *rate; /* [N], [N], [N][J] */
    double *staff[RESEARCH_USE_COUNT]; /* [N] */
    double arrived;
} audit;

static double value_of(const audit *a, elasticity_id id) { return a->e->about.elasticities[id].by_item[0]; }

static void put_row(audit *a, const char *name, double residual, const char *region, const char *item)
{
    knowledge_certificate *out = a->out;
    size_t row = 0;
    while (row < out->count && strcmp(out->name[row], name) != 0) row++;
    if (row == KNOWLEDGE_EQUATIONS) return;
    if (row == out->count) out->name[out->count++] = name;
    double size = fabs(residual);
    if (size <= out->residual[row]) return;
    out->residual[row] = size;
    snprintf(out->where[row], sizeof out->where[row], "%s%s%s", region, *item ? ", " : "", item);
}

/* sum_m phi_nm S_m with this year's borders and times, or the baseline's. */
static double reach_at(const audit *a, size_t n, bool base)
{
    const description *about = &a->e->about;
    const double *science = base ? a->e->research.science : a->of->now->science, *time_h = a->of->time_h;
    double decay = value_of(a, RESEARCH_DECAY), sum = 0;
    if (base || !time_h) time_h = a->e->travel_time_h ? a->e->travel_time_h + about->people_travel * a->N * a->N : NULL;
    for (size_t m = 0; m < a->N; m++) {
        double phi = m == n ? 1 : isinf(decay) ? 0 : exp(-decay * time_h[n * a->N + m]);
        if (m != n && about->regions[m].area_index != about->regions[n].area_index) phi *= value_of(a, RESEARCH_BORDER_EFFECT);
        for (size_t c = 0; !base && a->of->changed && c < a->of->changed->change_count; c++) {
            const change *k = &a->of->changed->changes[c];
            if (!a->of->mask[c] || k->lever != LEVER_RESEARCH_BORDER || !change_covers_pair(k, n, m)) continue;
            phi *= k->is_hat ? exp((1 - k->pending) * log(k->value)) : 1 + (1 - k->pending) * k->value / 100;
        }
        sum += phi * science[m];
    }
    return sum;
}

static void recount_staff(audit *a)
{
    for (size_t u = 0; u < RESEARCH_USE_COUNT; u++)
        for (size_t n = 0; n < a->N; n++) a->staff[u][n] = a->e->research.people[u][n];
    for (size_t c = 0; a->of->changed && c < a->of->changed->change_count; c++) {
        const change *k = &a->of->changed->changes[c];
        double give = 0, take = 0;
        if (!a->of->mask[c] || k->lever != LEVER_RESEARCH_STAFF) continue;
        for (size_t n = 0; n < a->N; n++) {
            if (k->side_b ? k->side_b[n] : k->regions[n]) give += a->staff[k->side_b ? k->from_use : k->use][n];
        }
        double people = (1 - k->pending) * k->value * (k->relative ? give / 100 : 1);
        for (size_t n = 0; k->side_b && n < a->N; n++)
            if (k->side_b[n]) a->staff[k->from_use][n] *= 1 - people / give;
        for (size_t n = 0; n < a->N; n++) take += k->regions[n] ? a->staff[k->use][n] : 0;
        for (size_t n = 0; n < a->N; n++)
            if (k->regions[n] && take > 0) a->staff[k->use][n] *= 1 + people / take;
        if (!k->side_b) a->arrived += people;
    }
}

static double power_of(double ratio, double power) { return ratio == 1 ? 1 : exp(power * log(ratio)); }

static void check_science(audit *a)
{
    const research *base = &a->e->research;
    double delta = value_of(a, SCIENCE_DEPRECIATION), total = 0, expected = a->arrived;
    for (size_t n = 0; n < a->N; n++) {
        const char *id = a->e->about.regions[n].label.id;
        double r0 = base->people[RESEARCH_SCIENCE][n], s0 = base->science[n];
        double renewed = s0 * (r0 > 0 ? power_of(a->staff[RESEARCH_SCIENCE][n] / r0, value_of(a, SCIENCE_ELASTICITY)) : 1) *
                         (a->base_reach[n] > 0 ? power_of(a->reach[n] / a->base_reach[n], value_of(a, SCIENCE_SPILLOVER)) : 1);
        double science = (1 - delta) * a->of->now->science[n] + delta * renewed;
        put_row(a, "science", science > 0 ? a->of->next->science[n] / science - 1 : a->of->next->science[n], id, "");
        for (size_t u = 0; u < RESEARCH_USE_COUNT; u++) {
            double stated = a->of->now->people[u][n], counted = a->staff[u][n];
            put_row(a, "researchers", stated < 0 ? 1 : counted > 0 ? stated / counted - 1 : stated, id, research_use_words[u]);
            total += stated;
            expected += base->people[u][n];
        }
    }
    put_row(a, "researchers", expected > 0 ? total / expected - 1 : total, "all", "");
}

static void check_research_technique(audit *a)
{
    const bashu_economy *e = a->e;
    double rho = value_of(a, TECHNIQUE_PERSISTENCE), power = value_of(a, INDUSTRY_RESEARCH_ELASTICITY), reach = value_of(a, INDUSTRY_SCIENCE_ELASTICITY);
    for (size_t j = 0; j < a->J; j++) {
        double mean = 0, value = 0, frontier = 1, growth = e->about.elasticities[RESEARCH_GROWTH].by_item[j];
        for (size_t n = 0; n < a->N; n++) {
            double people = 0, output = e->value_added_share[n * a->J + j] * e->output[n * a->J + j];
            for (size_t s = 0; s < e->about.S; s++) people += e->people[n * e->about.S + s];
            bool at_home = (long)n != e->about.foreign && people > 0 && a->base_reach[n] > 0;
            a->rate[n * a->J + j] = at_home ? pow(e->research.people[RESEARCH_INDUSTRY][n] / people, power) * pow(a->base_reach[n], reach) : 0;
            if ((long)n != e->about.foreign) value += output;
            mean += output * a->rate[n * a->J + j];
        }
        for (size_t n = 0; n < a->N && mean > 0; n++) {
            double made = e->value_added_share[n * a->J + j] * e->output[n * a->J + j] * a->rate[n * a->J + j] / mean;
            frontier *= exp(made * a->of->now->log_technique[n * a->J + j]);
        }
        for (size_t n = 0; n < a->N; n++) {
            if ((long)n == e->about.foreign) continue;
            double i = mean > 0 ? growth * a->rate[n * a->J + j] * value / mean : 0, r0 = e->research.people[RESEARCH_INDUSTRY][n];
            double more = (r0 > 0 ? power_of(a->staff[RESEARCH_INDUSTRY][n] / r0, power) : 1) *
                          (a->base_reach[n] > 0 ? power_of(a->reach[n] / a->base_reach[n], reach) : 1);
            double technique = pow(exp(a->of->now->log_technique[n * a->J + j]), rho) * pow(frontier, 1 - rho) * (1 + i * more) / (1 + i);
            put_row(a, "technique", exp(a->of->next->log_technique[n * a->J + j]) / technique - 1, e->about.regions[n].label.id, e->about.sectors[j].label.id);
        }
    }
}

/* Up to the factor common to all places, which the first place sets. */
static void check_market_technique(audit *a)
{
    const bashu_economy *e = a->e;
    double rho = value_of(a, TECHNIQUE_PERSISTENCE), g = value_of(a, INNOVATION_ELASTICITY);
    for (size_t j = 0; j < a->J; j++) {
        double theta = e->theta[j], mean = 0, land = 0, common = 0;
        for (size_t n = 0; n < a->N; n++) {
            if ((long)n == e->about.foreign) continue;
            land += e->about.regions[n].land_km2;
            mean += e->about.regions[n].land_km2 * e->fundamentals.productivity[n * a->J + j] * exp(theta * a->of->now->log_technique[n * a->J + j]);
        }
        for (size_t n = 0; n < a->N; n++) {
            double people = 0, before = pow(e->fundamentals.productivity[n * a->J + j], 1 / theta);
            for (size_t s = 0; s < e->about.S; s++) people += e->people[n * e->about.S + s] * a->of->year->people_hat[n * e->about.S + s];
            if ((long)n == e->about.foreign || !(before > 0)) continue;
            double technique = pow(before * exp(a->of->now->log_technique[n * a->J + j]), rho) * pow(mean / land, (1 - rho) / theta) *
                               pow(people / e->about.regions[n].land_km2, g);
            double factor = before * exp(a->of->next->log_technique[n * a->J + j]) / technique;
            if (common == 0) common = factor;
            put_row(a, "technique", factor / common - 1, e->about.regions[n].label.id, e->about.sectors[j].label.id);
        }
    }
}

void knowledge_certificate_attach(bashu_result *r, const knowledge_certificate *certificate, double tolerance)
{
    bashu_info *info = &r->info;
    for (size_t q = 0; q < certificate->count; q++) {
        size_t row = 0;
        while (row < info->equation_count && strcmp(r->equations[row].name, certificate->name[q]) != 0) row++;
        if (row == EQUATION_COUNT) continue;
        if (row == info->equation_count) {
            r->equations[row] = (bashu_equation){certificate->name[q], 0, r->where[row]};
            r->where[row][0] = '\0';
            info->equation_count++;
        }
        if (certificate->residual[q] <= r->equations[row].residual) continue;
        r->equations[row].residual = certificate->residual[q];
        snprintf(r->where[row], sizeof r->where[row], "%s", certificate->where[q]);
        if (certificate->residual[q] <= info->residual) continue;
        info->residual = certificate->residual[q];
        snprintf(r->worst, sizeof r->worst, "%s: %s", certificate->name[q], certificate->where[q]);
    }
    if (!(info->residual <= tolerance)) info->reason = BASHU_DIVERGED_CERTIFICATE;
}

bashu_status certify_knowledge(knowledge_certificate *out, const knowledge_audit *of)
{
    audit a = {.out = out, .of = of, .e = of->economy, .N = of->economy->about.N, .J = of->economy->about.J};
    *out = (knowledge_certificate){0};
    double *space = calloc(4 * a.N + a.N * a.J + 1, sizeof *space);
    if (!space) return fail_memory(of->economy->context);
    a.base_reach = space;
    a.reach = space + a.N;
    a.staff[RESEARCH_SCIENCE] = space + 2 * a.N;
    a.staff[RESEARCH_INDUSTRY] = space + 3 * a.N;
    a.rate = space + 4 * a.N;
    if (of->economy->about.switches.innovation == INNOVATION_RESEARCH) {
        for (size_t n = 0; n < a.N; n++) a.base_reach[n] = reach_at(&a, n, true);
        for (size_t n = 0; n < a.N; n++) a.reach[n] = reach_at(&a, n, false);
        recount_staff(&a);
        check_science(&a);
        check_research_technique(&a);
    } else check_market_technique(&a);
    free(space);
    return BASHU_OK;
}
