/* shock.c - the changes of a scenario as hats and new levels.
 *
 *   zhat      = prod over changes of (1 + pct / 100), or of the hats stated      productivity, amenity, land, trade and migration cost
 *   t'_od     = time with the new link times              hours; travel.c
 *   dhat_ni^j = (t'_in / t_in)^(zeta_j / theta_j) exp(q_j (t'_in - t_in) / theta_j)    i sells, n buys; t_in, q_j (trade_decay) as in the trade kernel of calibrate/gravity.c
 *   muhat_on  = (t'_on / t_on)^(x / epsilon_s)            x: migration_time_elasticity
 *   T_n       = total * (people_n / people of the receivers - gdp_n / gdp of the funders)
 *   s_i^j     = sum over changes of the rates at which producers are subsidised; Ahat_i^j *= 1 + s_i^j, for buyers pay 1 / (1 + s) of what producers get;
 *               who pays: funders of each change, in proportion to their GDP
 *   A table gives each row's own number: a factor that multiplies, a tariff that replaces, what a region receives.
 *   Of a change that is being phased in (years.c) the part s = 1 - pending counts: s percent of a percent change, hat^s, s of the way to a new level.
 *
 * Where nothing changes the hat is exactly 1 (times are compared bit by bit), so "nothing changes" is a fact and not
 * a matter of tolerance. The arrays of pairs of regions and sectors are as large as the trade shares, so they are made
 * when a change first needs them, and kept; beyond that shock_build only fills. */
#include "accounts/accounts.h"

#include <math.h>
#include <string.h>

struct shock_builder {
    const bashu_economy *economy;
    arena *memory;
    shock room; /* every array; what is handed out is a copy with NULL where nothing changes */
    shock out;
    double *link_time_h; /* [link_count] */
    double *travelled_link_time_h; /* [link_count] those of which room.travel_time_h are the times; zeros: none */
    unsigned char *link_changed;
    size_t purse_room;   /* purses there is room for */
};

/* ---- memory -------------------------------------------------------------------------------------- */

static size_t link_count(const bashu_economy *economy)
{
    return economy->about.network ? economy->about.network->link_count : 0;
}

static bool moves_from_home(const bashu_economy *economy) { return economy->about.switches.mobility == MOBILITY_FRECHET; }

static bool room_new(shock_builder *b, arena *memory)
{
    const description *a = &b->economy->about;
    size_t N = a->N, J = a->J, S = a->S, links = link_count(b->economy);
    shock *r = &b->room;
    r->productivity_hat = arena_alloc(memory, N * J, sizeof(double));
    r->amenity_hat = arena_alloc(memory, N * S, sizeof(double));
    r->land_hat = arena_alloc(memory, N, sizeof(double));
    r->transfer = arena_alloc(memory, N, sizeof(double));
    if (b->economy->tariff) r->tariff = arena_alloc(memory, N * J * N, sizeof(double));
    b->link_changed = arena_alloc(memory, links, 1);
    b->link_time_h = arena_alloc(memory, links, sizeof(double));
    b->travelled_link_time_h = arena_alloc(memory, links, sizeof(double));
    if (!r->productivity_hat || !r->amenity_hat || !r->land_hat || !r->transfer || !r->tariff != !b->economy->tariff ||
        !b->link_changed || !b->link_time_h || !b->travelled_link_time_h)
        return false;
    if (moves_from_home(b->economy) && !(r->migration_cost_hat = arena_alloc(memory, S * N * N, sizeof(double)))) return false;
    if (b->economy->commuting_share && !(r->commuting_cost_hat = arena_alloc(memory, S * N * N, sizeof(double)))) return false;
    if (links && !(r->travel_time_h = arena_alloc(memory, a->C * N * N, sizeof(double)))) return false;
    return true;
}

bashu_status shock_builder_new(shock_builder **out, arena *memory, const bashu_economy *economy)
{
    *out = NULL;
    shock_builder *b = arena_alloc(memory, 1, sizeof *b);
    if (!b) return fail_memory(economy->context);
    b->economy = economy;
    b->memory = memory;
    if (!room_new(b, memory)) return fail_memory(economy->context);
    *out = b;
    return BASHU_OK;
}

/* ---- arrays -------------------------------------------------------------------------------------- */

static void fill(double *x, size_t count, double value)
{
    for (size_t k = 0; x && k < count; k++) x[k] = value;
}

static bool all_are(const double *x, size_t count, double value)
{
    for (size_t k = 0; x && k < count; k++)
        if (x[k] != value) return false;
    return true;
}

static bool same(const double *x, const double *y, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (x[k] != y[k]) return false;
    return true;
}

/* ---- which pairs --------------------------------------------------------------------------------- */

static bool in(const unsigned char *set, size_t index) { return !set || set[index]; }

bool change_covers_pair(const change *c, size_t n, size_t i)
{
    if (n == i) return false;
    if (c->across && c->across[n] == c->across[i] && c->across[n] >= 0) return false;
    if (!c->side_a) return in(c->regions, n) && in(c->side_b, i);
    return (c->side_a[n] && c->side_b[i]) || (c->side_a[i] && c->side_b[n]);
}

/* ---- one lever, one function --------------------------------------------------------------------- */

static double factor(const change *c)
{
    if (c->is_hat) return c->pending == 0 ? c->value : pow(c->value, 1 - c->pending);
    return 1 + (1 - c->pending) * c->value / 100;
}

/* A new level, or what of it is in force. */
static double level(const change *c, double value, double before) { return c->pending == 0 ? value : value + c->pending * (before - value); }

/* Values of a table: where there is a row. */
static void scale_by_table(double *x, const change *c, const double *factors, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!isnan(factors[k])) x[k] *= c->pending == 0 ? factors[k] : pow(factors[k], 1 - c->pending);
}

static void set_by_table(double *x, const change *c, const double *levels, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!isnan(levels[k])) x[k] = level(c, levels[k], x[k]);
}

/* x[n][k] *= factor for the chosen regions n and columns k */
static void scale_places(double *x, const change *c, size_t N, const unsigned char *chosen, size_t width)
{
    if (c->by_place) {
        scale_by_table(x, c, c->by_place, N * width);
        return;
    }
    for (size_t n = 0; n < N; n++) {
        if (!in(c->regions, n)) continue;
        for (size_t k = 0; k < width; k++)
            if (in(chosen, k)) x[n * width + k] *= factor(c);
    }
}

static void scale_zones(double *land_hat, const change *c, size_t N)
{
    for (size_t n = 0; n < N; n++)
        if (in(c->regions, n)) land_hat[n] *= 1 + (1 - c->pending) * c->value / 100 * c->weight[n];
}

static void change_trade_cost(shock_builder *b, const change *c)
{
    const description *a = &b->economy->about;
    if (c->by_pair) {
        scale_by_table(b->room.trade_cost_hat, c, c->by_pair, a->N * a->J * a->N);
        return;
    }
    for (size_t n = 0; n < a->N; n++)
        for (size_t i = 0; i < a->N; i++) {
            if (!change_covers_pair(c, n, i)) continue;
            for (size_t j = 0; j < a->J; j++)
                if (in(c->sectors, j)) b->room.trade_cost_hat[at3(n, j, i, a->J, a->N)] *= factor(c);
        }
}

static void change_tariff(shock_builder *b, const change *c)
{
    const description *a = &b->economy->about;
    if (c->by_pair) {
        set_by_table(b->room.tariff, c, c->by_pair, a->N * a->J * a->N);
        return;
    }
    for (size_t n = 0; n < a->N; n++)
        for (size_t i = 0; i < a->N; i++) {
            if (!change_covers_pair(c, n, i)) continue;
            for (size_t j = 0; j < a->J; j++)
                if (in(c->sectors, j)) {
                    double *tariff = &b->room.tariff[at3(n, j, i, a->J, a->N)];
                    *tariff = level(c, c->value, *tariff);
                }
        }
}

/* cost_hat: [S][N][N] of migration or commuting; NULL where nobody moves or commutes */
static void change_people_cost(shock_builder *b, const change *c, double *cost_hat)
{
    const description *a = &b->economy->about;
    if (!cost_hat) return;
    if (c->by_pair) {
        scale_by_table(cost_hat, c, c->by_pair, a->S * a->N * a->N);
        return;
    }
    for (size_t o = 0; o < a->N; o++)
        for (size_t n = 0; n < a->N; n++) {
            if (!change_covers_pair(c, o, n)) continue;
            for (size_t s = 0; s < a->S; s++)
                if (in(c->groups, s)) cost_hat[at3(s, o, n, a->N, a->N)] *= factor(c);
        }
}

static double people_of(const bashu_economy *e, size_t n)
{
    double sum = 0;
    for (size_t s = 0; s < e->about.S; s++) sum += e->people[at2(n, s, e->about.S)];
    return sum;
}

static double gdp_of(const bashu_economy *e, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < e->about.J; j++)
        sum += e->value_added_share[at2(n, j, e->about.J)] * e->output[at2(n, j, e->about.J)];
    return sum;
}

static void change_transfer(shock_builder *b, const change *c)
{
    const bashu_economy *e = b->economy;
    double people = 0, gdp = 0, part = 1 - c->pending, total = c->by_place ? 0 : part * c->value;
    for (size_t n = 0; n < e->about.N; n++) {
        if (in(c->regions, n)) people += people_of(e, n);
        if (in(c->side_b, n)) gdp += gdp_of(e, n);
        if (c->by_place && !isnan(c->by_place[n])) total += part * c->by_place[n];
    }
    for (size_t n = 0; n < e->about.N; n++) {
        if (in(c->regions, n)) b->room.transfer[n] += c->by_place ? part * c->by_place[n] : total * (people_of(e, n) / people);
        if (in(c->side_b, n)) b->room.transfer[n] -= total * (gdp_of(e, n) / gdp);
    }
}

/* A purse of its own for each change. */
static void change_subsidy(shock_builder *b, const change *c)
{
    const bashu_economy *e = b->economy;
    size_t N = e->about.N, J = e->about.J, p = b->room.purse_count++;
    double *rate = b->room.purse_rate + p * N * J, *share = b->room.purse_share + p * N, gdp = 0;
    for (size_t n = 0; n < N; n++) gdp += in(c->side_b, n) ? gdp_of(e, n) : 0;
    for (size_t n = 0; n < N; n++) {
        share[n] = in(c->side_b, n) ? gdp_of(e, n) / gdp : 0;
        for (size_t j = 0; j < J; j++) {
            rate[n * J + j] = in(c->regions, n) && in(c->sectors, j) ? (1 - c->pending) * c->value : 0;
            b->room.subsidy[n * J + j] += rate[n * J + j];
        }
    }
}

void shock_subsidies(const shock *k, const bashu_economy *e, const double *output, double *paid, double *got)
{
    size_t N = e->about.N, J = e->about.J;
    memset(paid, 0, N * sizeof *paid);
    memset(got, 0, N * sizeof *got);
    for (size_t p = 0; p < k->purse_count; p++) {
        const double *rate = k->purse_rate + p * N * J;
        double cost = 0;
        for (size_t n = 0; n < N; n++) {
            double here = 0;
            for (size_t j = 0; j < J; j++) here += rate[n * J + j] == 0 ? 0 : rate[n * J + j] / (1 + k->subsidy[n * J + j]) * output[n * J + j];
            got[n] += here;
            cost += here;
        }
        for (size_t n = 0; n < N; n++) paid[n] += k->purse_share[p * N + n] * cost;
    }
}

/* A percent change multiplies what earlier changes left; a level replaces it. */
static void change_link_time(double *link_time_h, size_t links, const change *c)
{
    if (c->by_link && c->relative) {
        scale_by_table(link_time_h, c, c->by_link, links);
        return;
    }
    for (size_t l = 0; c->by_link && l < links; l++)
        if (!isnan(c->by_link[l])) link_time_h[l] = level(c, c->by_link[l] / 60, link_time_h[l]);
    for (size_t l = 0; !c->by_link && l < links; l++) {
        if (!c->links || !c->links[l]) continue;
        link_time_h[l] = c->relative ? link_time_h[l] * factor(c) : level(c, c->value / 60, link_time_h[l]);
    }
}

static void close_links(double *link_time_h, size_t links, const change *c)
{
    for (size_t l = 0; l < links && c->pending == 0; l++)
        if (c->links && c->links[l]) link_time_h[l] = (double)INFINITY;
}

/* Whether the change adds a link that is there already: what is being built carries nobody. */
static bool adds_link(const change *c) { return c->lever == LEVER_LINK_NEW && c->pending == 0; }

static size_t count_new(const bashu_scenario *scenario, const unsigned char *mask)
{
    size_t count = 0;
    for (size_t k = 0; scenario && k < scenario->change_count; k++) count += (!mask || mask[k]) && adds_link(&scenario->changes[k]);
    return count;
}

/* The economy's network with the new links after the others; link_time_h: of the others, NULL: as they are. */
static bashu_status add_links(changed_network *out, arena *memory, const bashu_economy *economy, const bashu_scenario *scenario, const unsigned char *mask,
                              const double *link_time_h)
{
    const description *a = &economy->about;
    size_t before = a->network->link_count, links = before, fresh = count_new(scenario, mask);
    graph *net = arena_alloc(memory, 1, sizeof *net);
    graph_link *list = arena_alloc(memory, before + fresh, sizeof *list);
    travel_class *travel = arena_alloc(memory, a->C, sizeof *travel);
    out->link_time_h = arena_alloc(memory, before + fresh, sizeof(double));
    if (!net || !list || !travel || !out->link_time_h) return fail_memory(economy->context);
    *net = *a->network;
    memcpy(list, a->network->links, before * sizeof *list);
    for (size_t l = 0; l < before; l++) out->link_time_h[l] = link_time_h ? link_time_h[l] : list[l].time_h;
    for (size_t k = 0; scenario && k < scenario->change_count; k++) {
        const change *c = &scenario->changes[k];
        if ((mask && !mask[k]) || !adds_link(c)) continue;
        list[links] = (graph_link){.id = c->id, .mode = c->mode, .from = c->from_node, .to = c->to_node, .time_h = c->value / 60, .length_km = (double)NAN, .both_ways = true};
        out->link_time_h[links++] = c->value / 60;
    }
    for (size_t t = 0; t < a->C; t++) {
        unsigned char *allowed = arena_alloc(memory, links, 1);
        if (!allowed) return fail_memory(economy->context);
        memcpy(allowed, a->travel[t].allowed, before);
        for (size_t l = before; l < links; l++)
            for (size_t q = 0; q < before && !allowed[l]; q++) allowed[l] = a->travel[t].allowed[q] && !strcmp(list[q].mode, list[l].mode);
        travel[t] = a->travel[t];
        travel[t].allowed = allowed;
    }
    net->links = list;
    net->link_count = links;
    out->graph = net;
    out->travel = travel;
    return BASHU_OK;
}

bashu_status scenario_network(changed_network *out, arena *memory, const bashu_economy *economy, const bashu_scenario *scenario, const unsigned char *mask)
{
    size_t before = economy->about.network->link_count;
    TRY(add_links(out, memory, economy, scenario, mask, NULL));
    for (size_t k = 0; scenario && k < scenario->change_count; k++) {
        const change *c = &scenario->changes[k];
        if (mask && !mask[k]) continue;
        if (c->lever == LEVER_LINK_TIME) change_link_time(out->link_time_h, before, c);
        if (c->lever == LEVER_LINK_CLOSE) close_links(out->link_time_h, before, c);
    }
    return BASHU_OK;
}

static void apply(shock_builder *b, const change *c)
{
    const description *a = &b->economy->about;
    switch (c->lever) {
    case LEVER_LINK_TIME: change_link_time(b->link_time_h, link_count(b->economy), c); break;
    case LEVER_LINK_CLOSE: close_links(b->link_time_h, link_count(b->economy), c); break;
    case LEVER_LINK_NEW: break; /* update_travel_time */
    case LEVER_TRADE_COST: change_trade_cost(b, c); break;
    case LEVER_TARIFF: change_tariff(b, c); break;
    case LEVER_MIGRATION_COST: change_people_cost(b, c, b->room.migration_cost_hat); break;
    case LEVER_COMMUTING_COST: change_people_cost(b, c, b->room.commuting_cost_hat); break;
    case LEVER_AMENITY: scale_places(b->room.amenity_hat, c, a->N, c->groups, a->S); break;
    case LEVER_PRODUCTIVITY: scale_places(b->room.productivity_hat, c, a->N, c->sectors, a->J); break;
    case LEVER_LAND: scale_places(b->room.land_hat, c, a->N, NULL, 1); break;
    case LEVER_ZONE_LAND: scale_zones(b->room.land_hat, c, a->N); break;
    case LEVER_TRANSFER: change_transfer(b, c); break;
    case LEVER_SUBSIDY: change_subsidy(b, c); break;
    case LEVER_RESEARCH_STAFF: /* acts_over_years */
    case LEVER_RESEARCH_BORDER:
    case LEVER_COUNT: break;
    }
}

/* ---- travel time --------------------------------------------------------------------------------- */

static bool find_changed_links(shock_builder *b)
{
    bool any = false;
    for (size_t l = 0; l < link_count(b->economy); l++) {
        b->link_changed[l] = b->link_time_h[l] != b->economy->about.network->links[l].time_h;
        any |= b->link_changed[l];
    }
    return any;
}

static bool class_affected(const shock_builder *b, size_t travel)
{
    const unsigned char *allowed = b->economy->about.travel[travel].allowed;
    for (size_t l = 0; l < link_count(b->economy); l++)
        if (allowed[l] && b->link_changed[l]) return true;
    return false;
}

/* Sectors of this class between seller i and buyer n. Sectors that share exponent and decay share the power. */
static void trade_cost_of_time(shock_builder *b, size_t travel, size_t n, size_t i, double now, double before)
{
    const description *a = &b->economy->about;
    const double *zeta = a->elasticities[TRADE_TIME_ELASTICITY].by_item, *fall = a->elasticities[TRADE_DECAY].by_item;
    double exponent = 0, decay = 0, power = 1;
    for (size_t j = 0; j < a->J; j++) {
        double theta = b->economy->theta[j];
        if (a->sectors[j].travel != travel || (zeta[j] == 0 && fall[j] == 0)) continue;
        if (zeta[j] / theta != exponent || fall[j] / theta != decay) {
            exponent = zeta[j] / theta;
            decay = fall[j] / theta;
            power = exponent == 0 ? 1 : pow(now / before, exponent);
            if (decay != 0) power *= exp(decay * (now - before));
        }
        b->room.trade_cost_hat[at3(n, j, i, a->J, a->N)] *= power;
    }
}

static void migration_cost_of_time(shock_builder *b, size_t o, size_t n, double ratio)
{
    const description *a = &b->economy->about;
    double x = a->elasticities[MIGRATION_TIME_ELASTICITY].by_item[0];
    for (size_t s = 0; s < a->S; s++) {
        double epsilon = b->economy->epsilon[s];
        if (x == 0 || !(epsilon > 0)) continue;
        b->room.migration_cost_hat[at3(s, o, n, a->N, a->N)] *= pow(ratio, x / epsilon);
    }
}

static void commuting_cost_of_time(shock_builder *b, size_t o, size_t n, double now, double before)
{
    const description *a = &b->economy->about;
    double x = a->elasticities[COMMUTING_TIME_ELASTICITY].by_item[0], decay = a->elasticities[COMMUTING_DECAY].by_item[0];
    double log_cost = x * log(now / before) + decay * (now - before);
    for (size_t s = 0; log_cost != 0 && s < a->S; s++)
        b->room.commuting_cost_hat[at3(s, o, n, a->N, a->N)] *= exp(log_cost / b->economy->epsilon_commuting[s]);
}

static void costs_of_time(shock_builder *b, size_t travel)
{
    const description *a = &b->economy->about;
    size_t N = a->N;
    const double *now = b->room.travel_time_h + travel * N * N, *before = b->economy->travel_time_h + travel * N * N;
    bool people = travel == a->people_travel, moves = b->room.migration_cost_hat, commutes = b->room.commuting_cost_hat;
    for (size_t n = 0; n < N; n++)
        for (size_t i = 0; i < N; i++) {
            if (n == i || now[n * N + i] == before[n * N + i]) continue;
            double ratio = now[n * N + i] / before[n * N + i];
            trade_cost_of_time(b, travel, i, n, now[n * N + i], before[n * N + i]); /* goods go from n to i */
            if (people && moves) migration_cost_of_time(b, n, i, ratio);
            if (people && commutes) commuting_cost_of_time(b, n, i, now[n * N + i], before[n * N + i]);
        }
}

/* Whether the class may use a link that is new. */
static bool class_gains(const description *about, const changed_network *with_new, size_t travel)
{
    for (size_t l = about->network->link_count; with_new && l < with_new->graph->link_count; l++)
        if (with_new->travel[travel].allowed[l]) return true;
    return false;
}

/* Closed links may leave a place without a way to another. */
static bashu_status check_ways(const shock_builder *b, const bashu_scenario *scenario, size_t travel, const double *now, const double *before)
{
    const description *a = &b->economy->about;
    for (size_t n = 0; n < a->N; n++)
        for (size_t i = 0; i < a->N; i++)
            if (isinf(now[n * a->N + i]) && !isinf(before[n * a->N + i]))
                return fail(b->economy->context, BASHU_ERROR_INPUT, "scenario '%s': with its links closed, travel class '%s' has no way from '%s' to '%s'; leave one open",
                            scenario->name, a->travel[travel].name, a->regions[n].label.id, a->regions[i].label.id);
    return BASHU_OK;
}

/* *changed: whether any pair of regions is nearer or farther. with_new: NULL where the scenario adds no links. */
static bashu_status travel_times(shock_builder *b, const bashu_scenario *scenario, const changed_network *with_new, bool *changed)
{
    const bashu_economy *e = b->economy;
    size_t N = e->about.N;
    description about = e->about;
    bool known = !with_new && same(b->link_time_h, b->travelled_link_time_h, link_count(e)); /* one line is often in many scenarios in turn */
    if (with_new) {
        about.network = with_new->graph;
        about.travel = with_new->travel;
    }
    fill(b->travelled_link_time_h, link_count(e), 0); /* until all is well */
    for (size_t c = 0; c < e->about.C; c++) {
        double *now = b->room.travel_time_h + c * N * N;
        const double *before = e->travel_time_h + c * N * N;
        if (!known) memcpy(now, before, N * N * sizeof *now);
        if (!class_affected(b, c) && !class_gains(&e->about, with_new, c)) continue;
        if (!known) TRY(region_travel_time(now, &about, e->context, c, with_new ? with_new->link_time_h : b->link_time_h));
        if (same(now, before, N * N)) continue;
        TRY(check_ways(b, scenario, c, now, before));
        *changed = true;
        costs_of_time(b, c);
    }
    if (!with_new) memcpy(b->travelled_link_time_h, b->link_time_h, link_count(e) * sizeof *b->link_time_h);
    return BASHU_OK;
}

static bashu_status update_travel_time(shock_builder *b, const bashu_scenario *scenario, const unsigned char *mask, bool *changed)
{
    const bashu_economy *e = b->economy;
    *changed = false;
    if (!b->room.travel_time_h || !e->travel_time_h) return BASHU_OK;
    bool old_ones = find_changed_links(b);
    if (!count_new(scenario, mask)) return old_ones ? travel_times(b, scenario, NULL, changed) : BASHU_OK;
    arena *scratch = arena_new(e->context);
    changed_network with_new;
    if (!scratch) return fail_memory(e->context);
    bashu_status status = add_links(&with_new, scratch, e, scenario, mask, b->link_time_h);
    if (status == BASHU_OK) status = travel_times(b, scenario, &with_new, changed);
    arena_free(scratch);
    return status;
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static void reset(shock_builder *b)
{
    const description *a = &b->economy->about;
    size_t N = a->N, J = a->J, S = a->S;
    fill(b->room.productivity_hat, N * J, 1);
    fill(b->room.amenity_hat, N * S, 1);
    fill(b->room.land_hat, N, 1);
    fill(b->room.transfer, N, 0);
    fill(b->room.trade_cost_hat, N * J * N, 1);
    fill(b->room.migration_cost_hat, S * N * N, 1);
    fill(b->room.commuting_cost_hat, S * N * N, 1);
    if (b->economy->tariff) memcpy(b->room.tariff, b->economy->tariff, N * J * N * sizeof(double));
    else fill(b->room.tariff, N * J * N, 0);
    for (size_t l = 0; l < link_count(b->economy); l++) b->link_time_h[l] = a->network->links[l].time_h;
    fill(b->room.subsidy, N * J, 0);
    b->room.purse_count = 0;
}

static void hand_out(shock_builder *b, bool time_changed)
{
    const description *a = &b->economy->about;
    size_t N = a->N, J = a->J, S = a->S, pairs = N * J * N;
    const double *old_tariff = b->economy->tariff;
    shock *o = &b->out;
    *o = b->room;
    bool tariff_same = old_tariff ? same(o->tariff, old_tariff, pairs) : all_are(o->tariff, pairs, 0);
    if (!old_tariff && tariff_same) o->tariff = NULL;
    if (all_are(o->trade_cost_hat, pairs, 1)) o->trade_cost_hat = NULL;
    if (all_are(o->migration_cost_hat, S * N * N, 1)) o->migration_cost_hat = NULL;
    if (all_are(o->commuting_cost_hat, S * N * N, 1)) o->commuting_cost_hat = NULL;
    if (!time_changed) o->travel_time_h = NULL;
    if (all_are(o->subsidy, N * J, 0) && all_are(o->purse_rate, o->purse_count * N * J, 0)) {
        o->subsidy = o->purse_rate = o->purse_share = NULL;
        o->purse_count = 0;
    }
    o->empty = tariff_same && !o->subsidy && !o->trade_cost_hat && !o->migration_cost_hat && !o->commuting_cost_hat && !o->travel_time_h &&
               all_are(o->productivity_hat, N * J, 1) && all_are(o->amenity_hat, N * S, 1) &&
               all_are(o->land_hat, N, 1) && all_are(o->transfer, N, 0);
}

bashu_status shock_none(shock *out, arena *memory, const bashu_economy *economy)
{
    const description *a = &economy->about;
    *out = (shock){.productivity_hat = arena_alloc(memory, a->N * a->J, sizeof(double)),
                   .amenity_hat = arena_alloc(memory, a->N * a->S, sizeof(double)),
                   .land_hat = arena_alloc(memory, a->N, sizeof(double)),
                   .transfer = arena_alloc(memory, a->N, sizeof(double)),
                   .tariff = (double *)(uintptr_t)economy->tariff,
                   .empty = true};
    if (!out->productivity_hat || !out->amenity_hat || !out->land_hat || !out->transfer) return fail_memory(economy->context);
    fill(out->productivity_hat, a->N * a->J, 1);
    fill(out->amenity_hat, a->N * a->S, 1);
    fill(out->land_hat, a->N, 1);
    return BASHU_OK;
}

static bashu_status make_pairs(double **array, shock_builder *b)
{
    const description *a = &b->economy->about;
    if (!*array) *array = arena_alloc(b->memory, a->N * a->J * a->N, sizeof **array);
    return *array ? BASHU_OK : fail_memory(b->economy->context);
}

static bashu_status make_purses(shock_builder *b, size_t wanted)
{
    const description *a = &b->economy->about;
    shock *r = &b->room;
    if (wanted <= b->purse_room) return BASHU_OK;
    r->subsidy = arena_alloc(b->memory, a->N * a->J, sizeof(double));
    r->purse_rate = arena_alloc(b->memory, wanted * a->N * a->J, sizeof(double));
    r->purse_share = arena_alloc(b->memory, wanted * a->N, sizeof(double));
    if (!r->subsidy || !r->purse_rate || !r->purse_share) return fail_memory(b->economy->context);
    b->purse_room = wanted;
    return BASHU_OK;
}

static bashu_status make_room(shock_builder *b, const bashu_scenario *scenario, const unsigned char *mask)
{
    size_t purses = 0;
    for (size_t k = 0; scenario && k < scenario->change_count; k++) {
        lever_id lever = scenario->changes[k].lever;
        if (mask && !mask[k]) continue;
        purses += lever == LEVER_SUBSIDY;
        if (lever == LEVER_TARIFF) TRY(make_pairs(&b->room.tariff, b));
        if (lever == LEVER_TRADE_COST || lever == LEVER_LINK_TIME || lever == LEVER_LINK_NEW || lever == LEVER_LINK_CLOSE) TRY(make_pairs(&b->room.trade_cost_hat, b));
    }
    return make_purses(b, purses);
}

/* Buyers see subsidies as productivity. */
static bashu_status show_buyers(shock_builder *b, const bashu_scenario *scenario)
{
    const description *a = &b->economy->about;
    for (size_t i = 0; b->room.subsidy && i < a->N * a->J; i++) {
        if (!(b->room.subsidy[i] > -0.9))
            return fail(b->economy->context, BASHU_ERROR_INPUT, "scenario '%s': its taxes leave producers of '%s' in '%s' %g %% of what buyers pay; write less", scenario->name,
                        a->sectors[i % a->J].label.id, a->regions[i / a->J].label.id, 100 * (1 + b->room.subsidy[i]));
        if (b->room.subsidy[i] != 0) b->room.productivity_hat[i] *= 1 + b->room.subsidy[i];
    }
    return BASHU_OK;
}

bashu_status shock_build(const shock **out, shock_builder *builder, const bashu_scenario *scenario,
                         const unsigned char *mask)
{
    *out = NULL;
    TRY(make_room(builder, scenario, mask));
    reset(builder);
    for (size_t k = 0; scenario && k < scenario->change_count; k++)
        if (!mask || mask[k]) apply(builder, &scenario->changes[k]);
    const description *a = &builder->economy->about;
    for (size_t n = 0; n < a->N; n++)
        if (!(builder->room.land_hat[n] > 0))
            return fail(builder->economy->context, BASHU_ERROR_INPUT,
                        "scenario '%s': its changes leave region '%s' %g %% of its land; make land and zone_land smaller",
                        scenario->name, a->regions[n].label.id, 100 * builder->room.land_hat[n]);
    TRY(show_buyers(builder, scenario));
    bool time_changed;
    TRY(update_travel_time(builder, scenario, mask, &time_changed));
    hand_out(builder, time_changed);
    *out = &builder->out;
    return BASHU_OK;
}
