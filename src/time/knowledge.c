/* knowledge.c - how what is known grows; docs/model.md, section 5.
 *
 * innovation: research (ours). Science S_n, and technique T_n^j, the productivity of a sector:
 *   S'_n   = (1 - delta_S) S_n + delta_S S_n,0 (R_n^S / R_n,0^S)^{l_S} (A_n / A_n,0)^{x_S}         A_n = sum_m phi_nm S_m
 *   T'_n^j = (T_n^j)^rho (F^j)^{1-rho} (1 + i_n^j (R_n^E / R_n,0^E)^{l_E} (A_n / A_n,0)^{x_E}) / (1 + i_n^j)
 *   log F^j = sum_n o_n^j log T_n^j        the frontier: where technique is made, o_n^j ~ i_n^j value added
 *   i_n^j  = i^j (R_n,0^E / L_n)^{l_E} A_n,0^{x_E}, scaled to i^j at the mean over the nation's value added
 *   phi_nm = exp(-delta_phi t_nm) (border where areas differ), phi_nn = 1
 * Index 0 is the economy's own year, in which science renews itself (a_n of docs/model.md is what makes it) and technique grows everywhere
 * alike; T is relative to that growth. The rest of the world keeps up with it.
 *   balanced path   0 < delta_S <= 1, x_S < 1 (else science feeds on itself without bound), rho < 1 (else places drift apart for ever)
 *
 * innovation: market (Desmet, Nagy & Rossi-Hansberg 2018, eq. 8 and 12), in productivity T = tau^{1/theta}:
 *   T'_n = T_n^{rho} ((1 / K) sum_m K_m T_m^theta)^{(1-rho)/theta} (density_n / d_0)^{g}
 *   rho: their gamma_2; g: their gamma_1 / xi; density: people per km2; d_0: their nu (gamma_1 + mu xi) / gamma_1
 *   balanced path   mu + g / (1 - rho) <= lambda + eta + 1 / epsilon                                 (their eq. 15)
 *   static          mu <= lambda + eta + 1 / epsilon                                                 (their eq. 14)
 *   mu: agglomeration_elasticity, their alpha / theta; eta: land_share, their 1 - mu - gamma_1 / xi. What this year's innovation adds to this year's
 *   output, gamma_1 / xi, is in eta; both of their conditions have it on the other side. */
#include "time/knowledge.h"

#include "linalg/vector.h"

#include <math.h>
#include <string.h>

struct knowledge {
    const bashu_economy *economy;
    size_t N, J;
    bool market;
    double rho;
    /* research */
    double depreciation, science_power, science_reach, industry_power, industry_reach, decay, border;
    double *reach;      /* A_n,0 [N] */
    double *innovation; /* i_n^j [N][J] */
    double *frontier;   /* o_n^j [N][J] */
    double *now;        /* A_n [N] */
    /* market */
    double growth, density;
    double *log_level;  /* log T_n,0^j [N][J], the inverted Tbar^{1/theta}; NaN: absent */
};

static double parameter(const bashu_economy *e, elasticity_id id) { return e->about.elasticities[id].by_item[0]; }

static bool is_home(const bashu_economy *e, size_t n) { return (long)n != e->about.foreign; }

static double people_in(const bashu_economy *e, const bashu_result *year, size_t n)
{
    double sum = 0;
    for (size_t s = 0; s < e->about.S; s++) {
        size_t i = at2(n, s, e->about.S);
        sum += e->people[i] * (year ? year->people_hat[i] : 1);
    }
    return sum;
}

/* ---- conditions ---------------------------------------------------------------------------------- */

static bashu_status refuse(const bashu_economy *e, elasticity_id id, const char *condition)
{
    return fail(e->context, BASHU_ERROR_INPUT, "%s: there is no balanced path: %s is %g, and %s", e->about.folder, elasticity_rows[id].name,
                parameter(e, id), condition);
}

static bashu_status check_research(const bashu_economy *e)
{
    if (!e->research.science)
        return fail(e->context, BASHU_ERROR_INPUT, "%s: innovation: research needs the table 'research' (who does research where); add it, or write innovation: none",
                    e->about.folder);
    if (!e->travel_time_h && isfinite(parameter(e, RESEARCH_DECAY)))
        return fail(e->context, BASHU_ERROR_INPUT, "%s: research_decay needs travel times, and there is no network; write research_decay: inf", e->about.folder);
    double depreciation = parameter(e, SCIENCE_DEPRECIATION);
    if (!(depreciation > 0 && depreciation <= 1))
        return refuse(e, SCIENCE_DEPRECIATION, "science that does not age (0), or more than once a year, renews itself at no level; it must be above 0 and at most 1");
    if (!(parameter(e, SCIENCE_SPILLOVER) < 1)) return refuse(e, SCIENCE_SPILLOVER, "science would feed on itself and grow without bound; it must be below 1");
    if (!(parameter(e, TECHNIQUE_PERSISTENCE) < 1))
        return refuse(e, TECHNIQUE_PERSISTENCE, "technique that does not diffuse lets places drift apart for ever; it must be below 1");
    return BASHU_OK;
}

static bashu_status check_market(const bashu_economy *e)
{
    const description *a = &e->about;
    double g = parameter(e, INNOVATION_ELASTICITY), rho = parameter(e, TECHNIQUE_PERSISTENCE), epsilon = 0;
    if (!(rho < 1)) return refuse(e, TECHNIQUE_PERSISTENCE, "technique that does not diffuse lets places drift apart for ever; it must be below 1");
    bool identified = false;
    for (size_t i = 0; i < a->N * a->J; i++) identified = identified || e->fundamentals.productivity[i] > 0;
    if (!identified)
        return fail(e->context, BASHU_ERROR_INPUT, "%s: innovation: market needs the level of productivity of every place, which observed flows do not tell; give trade costs "
                    "(table trade_cost, or a network) instead of trade", a->folder);
    for (size_t s = 0; s < a->S; s++) epsilon = fmax(epsilon, e->epsilon[s]);
    bool free = a->switches.mobility == MOBILITY_FREE, stay = a->switches.mobility == MOBILITY_NONE;
    for (size_t n = 0; n < a->N && !stay; n++)
        for (size_t j = 0; j < a->J; j++) {
            if (!is_home(e, n) || !(e->output[at2(n, j, a->J)] > 0)) continue;
            double against = e->lambda + e->land_share[at2(n, j, a->J)] + (free ? 0 : 1 / epsilon), now = e->mu[j], later = now + g / (1 - rho);
            if (now > against + 1e-12)
                return fail(e->context, BASHU_ERROR_INPUT,
                            "%s: agglomeration outweighs dispersion: agglomeration_elasticity %g exceeds amenity_congestion + land_share + 1 / migration_elasticity "
                            "= %.6g (region '%s', sector '%s'), so that an equilibrium may not be the only one", a->folder, now, against, a->regions[n].label.id, a->sectors[j].label.id);
            if (later > against + 1e-12)
                return fail(e->context, BASHU_ERROR_INPUT,
                            "%s: there is no balanced path: agglomeration_elasticity + innovation_elasticity / (1 - technique_persistence) = %.6g exceeds amenity_congestion + land_share + "
                            "1 / migration_elasticity = %.6g (region '%s', sector '%s'); people would gather without end", a->folder, later, against,
                            a->regions[n].label.id, a->sectors[j].label.id);
        }
    return BASHU_OK;
}

/* ---- research ------------------------------------------------------------------------------------ */

/* A_n; the rest of the world neither gives nor takes. */
static void reach_of(const knowledge *k, const double *science, const double *border_hat, const double *time_h, double *reach)
{
    const bashu_economy *e = k->economy;
    size_t N = k->N;
#pragma omp parallel for schedule(static) num_threads(threads_for(e->context, (double)(N * N) * 20))
    for (size_t n = 0; n < N; n++) {
        double sum = science[n];
        for (size_t m = 0; m < N && isfinite(k->decay); m++) {
            if (m == n || !(science[m] > 0)) continue;
            double felt = exp(-k->decay * time_h[n * N + m]);
            if (e->about.regions[n].area_index != e->about.regions[m].area_index) felt *= k->border;
            if (border_hat) felt *= border_hat[n * N + m];
            sum += felt * science[m];
        }
        reach[n] = sum;
    }
}

static const double *base_time(const bashu_economy *e)
{
    return e->travel_time_h ? e->travel_time_h + e->about.people_travel * e->about.N * e->about.N : NULL;
}

/* i_n^j before scaling: researchers a head, and science within reach. */
static double intensity(const knowledge *k, size_t n)
{
    const bashu_economy *e = k->economy;
    double people = people_in(e, NULL, n);
    if (!is_home(e, n) || !(people > 0) || !(k->reach[n] > 0)) return 0;
    return pow(e->research.people[RESEARCH_INDUSTRY][n] / people, k->industry_power) * pow(k->reach[n], k->industry_reach);
}

static void fit_innovation(knowledge *k)
{
    const bashu_economy *e = k->economy;
    const double *growth = e->about.elasticities[RESEARCH_GROWTH].by_item;
    for (size_t j = 0; j < k->J; j++) {
        double whole = 0, mean = 0, made = 0;
        for (size_t n = 0; n < k->N; n++) {
            size_t nj = at2(n, j, k->J);
            double value = is_home(e, n) ? e->value_added_share[nj] * e->output[nj] : 0;
            k->innovation[nj] = intensity(k, n);
            k->frontier[nj] = value * k->innovation[nj];
            whole += value;
            mean += value * k->innovation[nj];
        }
        for (size_t n = 0; n < k->N; n++) made += k->frontier[at2(n, j, k->J)];
        for (size_t n = 0; n < k->N; n++) {
            size_t nj = at2(n, j, k->J);
            k->innovation[nj] *= mean > 0 ? growth[j] * whole / mean : 0;
            k->frontier[nj] = made > 0 ? k->frontier[nj] / made : 0;
        }
    }
}

static double raised(double now, double before, double power) { return before > 0 && now != before ? pow(now / before, power) : 1; }

static void step_research(const knowledge *k, knowledge_state *next, const knowledge_state *now, const research_policy *p, const double *time_h)
{
    const bashu_economy *e = k->economy;
    size_t N = k->N, J = k->J;
    reach_of(k, now->science, p->opens ? p->border_hat : NULL, time_h ? time_h : base_time(e), k->now);
    for (size_t n = 0; n < N; n++) {
        double first = e->research.science[n];
        double made = first * raised(p->people[RESEARCH_SCIENCE][n], e->research.people[RESEARCH_SCIENCE][n], k->science_power) *
                      raised(k->now[n], k->reach[n], k->science_reach);
        next->science[n] = now->science[n] == first && made == first ? first : (1 - k->depreciation) * now->science[n] + k->depreciation * made;
    }
    for (size_t j = 0; j < J; j++) {
        double frontier = 0;
        for (size_t n = 0; n < N; n++) frontier += k->frontier[at2(n, j, J)] * now->log_technique[at2(n, j, J)];
        for (size_t n = 0; n < N; n++) {
            size_t nj = at2(n, j, J);
            double i = k->innovation[nj], more = i * (raised(p->people[RESEARCH_INDUSTRY][n], e->research.people[RESEARCH_INDUSTRY][n], k->industry_power) *
                                                          raised(k->now[n], k->reach[n], k->industry_reach) - 1);
            next->log_technique[nj] = is_home(e, n) ? k->rho * now->log_technique[nj] + (1 - k->rho) * frontier + log1p(more / (1 + i)) : 0;
        }
    }
}

/* ---- market -------------------------------------------------------------------------------------- */

/* Log of the mean technique over land. */
static double log_mean_technique(const knowledge *k, const knowledge_state *now, size_t j)
{
    const bashu_economy *e = k->economy;
    double theta = e->theta[j], most = -INFINITY, sum = 0, land = 0;
    for (size_t n = 0; n < k->N; n++)
        if (is_home(e, n) && !isnan(k->log_level[at2(n, j, k->J)])) most = fmax(most, k->log_level[at2(n, j, k->J)] + now->log_technique[at2(n, j, k->J)]);
    for (size_t n = 0; n < k->N; n++) {
        double level = k->log_level[at2(n, j, k->J)] + now->log_technique[at2(n, j, k->J)], km2 = e->about.regions[n].land_km2;
        if (!is_home(e, n)) continue;
        land += km2;
        if (!isnan(level)) sum += km2 * exp(theta * (level - most));
    }
    return most + log(sum / land) / theta;
}

static double log_density(const knowledge *k, const bashu_result *year, size_t n)
{
    return log(people_in(k->economy, year, n) / k->economy->about.regions[n].land_km2 / k->density);
}

/* Mean, over people, of what technique grows by: the hats leave it out, so that they stay within bounds for centuries. */
static double market_growth(const knowledge *k, const knowledge_state *now, const bashu_result *year, size_t j)
{
    const bashu_economy *e = k->economy;
    double mean = log_mean_technique(k, now, j), people = 0, sum = 0;
    for (size_t n = 0; n < k->N; n++) {
        double level = k->log_level[at2(n, j, k->J)] + now->log_technique[at2(n, j, k->J)], weight = people_in(e, NULL, n);
        if (!is_home(e, n) || isnan(level)) continue;
        people += weight;
        sum += weight * ((1 - k->rho) * (mean - level) + k->growth * log_density(k, year, n));
    }
    return sum / people;
}

static void step_market(const knowledge *k, knowledge_state *next, const knowledge_state *now, const bashu_result *year)
{
    for (size_t j = 0; j < k->J; j++) {
        double mean = log_mean_technique(k, now, j), common = market_growth(k, now, year, j);
        for (size_t n = 0; n < k->N; n++) {
            size_t nj = at2(n, j, k->J);
            double level = k->log_level[nj] + now->log_technique[nj];
            next->log_technique[nj] = 0;
            if (!is_home(k->economy, n) || isnan(level)) continue;
            next->log_technique[nj] = now->log_technique[nj] + (1 - k->rho) * (mean - level) + k->growth * log_density(k, year, n) - common;
        }
    }
    memcpy(next->science, now->science, k->N * sizeof(double));
}

double knowledge_common_growth(const knowledge *k, const knowledge_state *now, const bashu_result *year, size_t j)
{
    return k && k->market ? market_growth(k, now, year, j) : 0;
}

/* ---- the whole ----------------------------------------------------------------------------------- */

bashu_status knowledge_new(knowledge **out, arena *memory, const bashu_economy *economy)
{
    innovation word = economy->about.switches.innovation;
    size_t N = economy->about.N, J = economy->about.J;
    *out = NULL;
    if (word == INNOVATION_NONE) return BASHU_OK;
    TRY(word == INNOVATION_MARKET ? check_market(economy) : check_research(economy));
    knowledge *k = arena_alloc(memory, 1, sizeof *k);
    if (!k) return fail_memory(economy->context);
    *k = (knowledge){.economy = economy, .N = N, .J = J, .market = word == INNOVATION_MARKET, .rho = parameter(economy, TECHNIQUE_PERSISTENCE),
                     .depreciation = parameter(economy, SCIENCE_DEPRECIATION), .science_power = parameter(economy, SCIENCE_ELASTICITY),
                     .science_reach = parameter(economy, SCIENCE_SPILLOVER), .industry_power = parameter(economy, INDUSTRY_RESEARCH_ELASTICITY),
                     .industry_reach = parameter(economy, INDUSTRY_SCIENCE_ELASTICITY), .decay = parameter(economy, RESEARCH_DECAY),
                     .border = parameter(economy, RESEARCH_BORDER_EFFECT), .growth = parameter(economy, INNOVATION_ELASTICITY),
                     .density = parameter(economy, INNOVATION_DENSITY)};
    const array_wanted wanted[] = {{&k->reach, N}, {&k->innovation, N * J}, {&k->frontier, N * J}, {&k->now, N}, {&k->log_level, N * J}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(economy->context);
    for (size_t i = 0; i < N * J; i++) {
        double level = economy->fundamentals.productivity[i];
        k->log_level[i] = level > 0 ? log(level) / economy->theta[i % J] : (double)NAN;
    }
    if (!k->market) {
        reach_of(k, economy->research.science, NULL, base_time(economy), k->reach);
        fit_innovation(k);
    }
    *out = k;
    return BASHU_OK;
}

bashu_status knowledge_state_new(knowledge_state *out, arena *memory, const bashu_economy *economy)
{
    size_t N = economy->about.N;
    *out = (knowledge_state){0};
    const array_wanted wanted[] = {{&out->science, N}, {&out->log_technique, N * economy->about.J}, {&out->people[RESEARCH_SCIENCE], N},
                                   {&out->people[RESEARCH_INDUSTRY], N}};
    return ARENA_ARRAYS(memory, wanted) ? BASHU_OK : fail_memory(economy->context);
}

void knowledge_begin(const knowledge *k, knowledge_state *now)
{
    const research *known = &k->economy->research;
    memset(now->log_technique, 0, k->N * k->J * sizeof(double));
    if (!known->science) return;
    memcpy(now->science, known->science, k->N * sizeof(double));
    for (size_t u = 0; u < RESEARCH_USE_COUNT; u++) memcpy(now->people[u], known->people[u], k->N * sizeof(double));
}

bashu_status knowledge_step(const knowledge *k, knowledge_state *next, const knowledge_state *now, const research_policy *policy,
                            const double *time_h, const bashu_result *year)
{
    if (k->market) step_market(k, next, now, year);
    else step_research(k, next, now, policy, time_h);
    for (size_t i = 0; i < k->N * k->J; i++)
        if (!(fabs(next->log_technique[i]) < 50))
            return fail(k->economy->context, BASHU_ERROR_INPUT, "%s: technique of '%s' in region '%s' runs away from the others'; there is no balanced path with these parameters",
                        k->economy->about.folder, k->economy->about.sectors[i % k->J].label.id, k->economy->about.regions[i / k->J].label.id);
    return BASHU_OK;
}
