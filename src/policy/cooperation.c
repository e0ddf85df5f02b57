/* cooperation.c - the game of those who control the changes of a scenario.
 *
 * A change acts when all players it needs take part. In coalition S, mask(S) acts and the rest do not; player p then gains
 *   g_p(S) = sum over places n of p  w_n (vhat_n(S) - 1),   in currency a year
 *   gdp        w_n = GDP;   real_wage  w_n = labour income of residents
 *   welfare    w_n = income per resident x people registered there: what they would have to be paid instead (equivalent variation to first order)
 * Worth      v(S) = sum over p in S of g_p(S);   Shapley value, least core: game.c
 * Levers     the same of the sum over all players of g_p, over sets of changes instead of players
 * Rational   g_p(all) >= g_p({p}) and >= 0 for every p
 * Transfers  of welfare: t_p >= 0 to players with g_p < b_p = max(0, g_p({p})), such that g_p = b_p in equilibrium with the transfers; the others pay, in
 *            proportion to g_p - b_p of the deal without transfers. A place receives by its people and pays by its GDP (lever `transfer`) */
#include "policy/cooperation.h"

#include "policy/game.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what gains are worth -------------------------------------------------------------------------- */

static double people_of(const bashu_economy *e, size_t n)
{
    double sum = 0;
    for (size_t s = 0; s < e->about.S; s++) sum += e->people[at2(n, s, e->about.S)];
    return sum;
}

static double registered_of(const bashu_economy *e, size_t n)
{
    double sum = 0;
    if (e->about.switches.mobility != MOBILITY_FRECHET || !e->origin_people) return people_of(e, n);
    for (size_t s = 0; s < e->about.S; s++) sum += e->origin_people[at2(s, n, e->about.N)];
    return sum;
}

/* Money of a hundred percent of the variable in n. */
static double money_of(const bashu_cooperation *c, size_t n)
{
    const bashu_economy *e = c->economy;
    double sum = 0, people = people_of(e, n);
    if (!strcmp(c->variable, "welfare")) return people > 0 ? e->income[n] / people * registered_of(e, n) : 0;
    if (!strcmp(c->variable, "real_wage")) {
        for (size_t s = 0; s < e->about.S; s++) sum += e->labour_income[at2(n, s, e->about.S)];
        return sum;
    }
    for (size_t j = 0; j < e->about.J; j++) sum += e->value_added_share[at2(n, j, e->about.J)] * e->output[at2(n, j, e->about.J)];
    return sum;
}

static void weigh(bashu_cooperation *c)
{
    size_t N = c->economy->about.N;
    for (size_t p = 0; p < c->players; p++)
        for (size_t n = 0; n < N; n++) {
            c->weight[p * N + n] = c->scenario->players[p].regions[n] ? money_of(c, n) : 0;
            c->base[p] += c->weight[p * N + n];
        }
}

/* gains: [players], then of everybody else but the rest of the world. */
static bashu_status gains_of(double *gains, const bashu_cooperation *c, const bashu_result *result)
{
    size_t N = c->economy->about.N;
    double *percent = calloc(N + 1, sizeof *percent);
    if (!percent) return fail_memory(result->context);
    bashu_status status = measure_values(result, c->variable, BASHU_PERCENT, percent, N);
    for (size_t p = 0; p <= c->players; p++) gains[p] = 0;
    for (size_t n = 0; n < N; n++) {
        bool plays = false;
        for (size_t p = 0; p < c->players; p++) {
            gains[p] += c->weight[p * N + n] * percent[n] / 100;
            plays = plays || c->scenario->players[p].regions[n];
        }
        if (!plays && (long)n != c->economy->about.foreign) gains[c->players] += money_of(c, n) * percent[n] / 100;
    }
    free(percent);
    return status;
}

/* ---- solving --------------------------------------------------------------------------------------- */

typedef struct game { /* gains of every set of changes that is needed */
    bashu_cooperation *c;
    uint64_t *masks;
    size_t count;
    double *gains; /* [count][players + 1] */
} game;

static bashu_status take_gains(void *payload, size_t k, const bashu_result *result)
{
    const game *g = payload;
    double *gains = g->gains + k * (g->c->players + 1);
    if (result->info.reason > 0) return gains_of(gains, g->c, result);
    return BASHU_OK;
}

static const double *gains_under(const game *g, uint64_t mask)
{
    return g->gains + sets_find(g->masks, g->count, mask) * (g->c->players + 1);
}

/* payload: game; set: of players. */
static double coalition_worth(const void *payload, uint64_t set)
{
    const game *g = payload;
    const double *gains = gains_under(g, mask_of_coalition(g->c->scenario, set));
    double sum = 0;
    for (size_t p = 0; p < g->c->players; p++)
        if (set >> p & 1) sum += gains[p];
    return sum;
}

/* set: of changes. */
static double lever_worth(const void *payload, uint64_t set)
{
    const game *g = payload;
    const double *gains = gains_under(g, set);
    double sum = 0;
    for (size_t p = 0; p < g->c->players; p++) sum += gains[p];
    return sum;
}

static uint64_t all_of(size_t count) { return count == 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1; }

static size_t add_alone_and_last(uint64_t *masks, size_t count, const bashu_cooperation *c)
{
    for (size_t k = 0; c->levers && k < c->changes; k++) {
        masks[count++] = (uint64_t)1 << k;
        masks[count++] = all_of(c->changes) & ~((uint64_t)1 << k);
    }
    for (size_t p = 0; p < c->players; p++) masks[count++] = mask_of_coalition(c->scenario, (uint64_t)1 << p);
    masks[count++] = 0;
    masks[count++] = all_of(c->changes);
    return count;
}

static bashu_status solve_game(game *g, uint64_t *masks, size_t count, arena *scratch)
{
    bashu_cooperation *c = g->c;
    solve_quality quality;
    g->masks = masks;
    g->count = sets_distinct(masks, count);
    g->gains = arena_alloc(scratch, g->count * (c->players + 1), sizeof *g->gains);
    if (!g->gains) return fail_memory(c->context);
    mask_work work = {c->scenario, &c->options, g->masks, g->count, take_gains, g};
    TRY(masks_solve(&quality, &work));
    if (quality.lost)
        return fail(c->context, BASHU_ERROR_UNSUPPORTED, "%zu of %zu coalitions have no equilibrium, so that there is no game; bashu run shows how the whole ends",
                    quality.lost, g->count);
    c->info.equilibria = quality.solved;
    c->info.passes = quality.passes;
    c->info.residual = quality.residual;
    memcpy(c->worst, quality.worst, sizeof c->worst);
    return BASHU_OK;
}

static bashu_status play_exactly(game *g, arena *scratch)
{
    bashu_cooperation *c = g->c;
    size_t coalitions = (size_t)1 << c->players, sets = c->levers ? (size_t)1 << c->changes : 0, count = 0;
    uint64_t *masks = arena_alloc(scratch, coalitions + sets + 3 * (c->changes + c->players) + 2, sizeof *masks);
    double *worth = arena_alloc(scratch, coalitions > sets ? coalitions : sets, sizeof *worth);
    core_point core;
    if (c->levers) c->interaction = arena_alloc(c->memory, c->changes * c->changes + 1, sizeof *c->interaction);
    if (!masks || !worth || (c->levers && !c->interaction)) return fail_memory(c->context);
    for (size_t s = 0; s < coalitions; s++) masks[count++] = mask_of_coalition(c->scenario, s);
    for (size_t s = 0; s < sets; s++) masks[count++] = s;
    TRY(solve_game(g, masks, add_alone_and_last(masks, count, c), scratch));
    if (c->levers) {
        for (size_t s = 0; s < sets; s++) worth[s] = lever_worth(g, s);
        shapley_values(c->lever_value, worth, c->changes);
        shapley_interactions(c->interaction, worth, c->changes);
    }
    for (size_t s = 0; s < coalitions; s++) worth[s] = coalition_worth(g, s);
    shapley_values(c->shapley, worth, c->players);
    TRY(game_core(&core, c->core, c->context, worth, c->players));
    c->info.core_empty = core.empty;
    c->info.core_excess = core.excess;
    c->info.coalitions = coalitions;
    return BASHU_OK;
}

static bashu_status play_sampled(game *g, arena *scratch)
{
    bashu_cooperation *c = g->c;
    size_t P = c->players, C = c->changes, count;
    uint64_t *masks = arena_alloc(scratch, c->orders * (P + C) + 3 * (C + P) + 4, sizeof *masks);
    size_t *by_player = arena_alloc(scratch, c->orders * P + 1, sizeof *by_player), *by_change = arena_alloc(scratch, c->orders * C + 1, sizeof *by_change);
    if (!masks || !by_player || !by_change) return fail_memory(c->context);
    orders_draw(by_player, P, c->orders, c->options.seed);
    orders_draw(by_change, C, c->orders, c->options.seed + 1);
    count = orders_sets(masks, by_player, P, c->orders);
    c->info.coalitions = count;
    for (size_t k = 0; k < count; k++) masks[k] = mask_of_coalition(c->scenario, masks[k]);
    count += orders_sets(masks + count, by_change, C, c->orders);
    TRY(solve_game(g, masks, add_alone_and_last(masks, count, c), scratch));
    orders_values(c->shapley, c->error, by_player, P, c->orders, coalition_worth, g);
    orders_values(c->lever_value, c->lever_error, by_change, C, c->orders, lever_worth, g);
    for (size_t p = 0; p < P; p++) c->core[p] = (double)NAN;
    c->info.core_excess = (double)NAN;
    return BASHU_OK;
}

static void tell_cases(const game *g)
{
    bashu_cooperation *c = g->c;
    uint64_t all = all_of(c->changes);
    const double *joint = gains_under(g, all);
    c->elsewhere = joint[c->players];
    c->info.rational = 1;
    for (size_t p = 0; p < c->players; p++) {
        const double *alone = gains_under(g, mask_of_coalition(c->scenario, (uint64_t)1 << p));
        memcpy(c->one_sided + p * c->players, alone, c->players * sizeof *alone);
        c->joint[p] = joint[p];
        c->info.joint += joint[p];
        if (joint[p] < fmax(0, alone[p]) - 1e-9 * c->base[p]) c->info.rational = 0;
    }
    for (size_t k = 0; k < c->changes; k++) {
        if (!c->levers) {
            c->lever_alone[k] = c->lever_last[k] = c->lever_value[k] = (double)NAN;
            continue;
        }
        c->lever_alone[k] = lever_worth(g, (uint64_t)1 << k);
        c->lever_last[k] = lever_worth(g, all) - lever_worth(g, all & ~((uint64_t)1 << k));
    }
}

/* ---- transfers ------------------------------------------------------------------------------------- */

typedef struct compensation {
    bashu_cooperation *c;
    bashu_solver *solver;
    bashu_result *result;
    shock shock;           /* the joint deal, with transfers of our own */
    const double *before;  /* [N] transfers of the deal itself */
    double *floor, *share; /* [players] what each is to have; of what is paid */
    double *people, *gdp;  /* [players] sums */
    double *gain, *slope, *last_gain, *last_transfer;
} compensation;

static double total_paid(const compensation *k)
{
    double sum = 0;
    for (size_t p = 0; p < k->c->players; p++) sum += fmax(0, k->c->transfer[p]);
    return sum;
}

static void set_transfers(compensation *k)
{
    const bashu_economy *e = k->c->economy;
    double paid = total_paid(k);
    for (size_t n = 0; n < e->about.N; n++) {
        k->shock.transfer[n] = k->before[n];
        for (size_t p = 0; p < k->c->players; p++) {
            if (!k->c->scenario->players[p].regions[n]) continue;
            if (k->c->transfer[p] > 0) k->shock.transfer[n] += k->c->transfer[p] * people_of(e, n) / k->people[p];
            else k->shock.transfer[n] -= paid * k->share[p] * e->about.regions[n].gdp / k->gdp[p];
        }
    }
}

static bashu_status solve_with_transfers(compensation *k)
{
    bashu_cooperation *c = k->c;
    set_transfers(k);
    TRY(solve_shock(&k->result, k->solver, &k->shock));
    if (k->result->info.reason <= 0)
        return fail(c->context, BASHU_ERROR_UNSUPPORTED, "the deal with transfers has no equilibrium (%s)", bashu_reason_text(k->result->info.reason));
    c->info.transfer_equilibria++;
    c->info.passes += (size_t)k->result->info.passes;
    if (k->result->info.residual > c->info.residual) {
        c->info.residual = k->result->info.residual;
        snprintf(c->worst, sizeof c->worst, "%s", k->result->info.worst);
    }
    return gains_of(k->gain, c, k->result);
}

/* One step of the secant method for each who receives; returns the worst gap over base. */
static double step_transfers(compensation *k)
{
    bashu_cooperation *c = k->c;
    double worst = 0;
    for (size_t p = 0; p < c->players; p++) {
        if (!(c->transfer[p] > 0)) continue;
        double gap = k->floor[p] - k->gain[p], moved = c->transfer[p] - k->last_transfer[p];
        worst = fmax(worst, fabs(gap) / c->base[p]);
        if (moved != 0) k->slope[p] = fmin(5, fmax(0.2, (k->gain[p] - k->last_gain[p]) / moved));
        k->last_gain[p] = k->gain[p];
        k->last_transfer[p] = c->transfer[p];
        c->transfer[p] = fmax(1e-300, c->transfer[p] + gap / k->slope[p]);
    }
    return worst;
}

static bashu_status find_transfers(compensation *k)
{
    enum { STEPS_MOST = 60 };
    static const double close_enough = 1e-10; /* of a hundred percent of the player */
    bashu_cooperation *c = k->c;
    double need = 0, surplus = 0, worst = 1;
    for (size_t p = 0; p < c->players; p++) {
        double gap = k->floor[p] - c->joint[p];
        c->after[p] = c->joint[p];
        if (gap > 1e-9 * c->base[p]) need += c->transfer[p] = gap;
        else surplus += fmax(0, -gap);
    }
    c->info.transfers = BASHU_TRANSFERS_NOT_NEEDED;
    if (need == 0) return BASHU_OK;
    c->info.transfers = BASHU_TRANSFERS_NOT_ENOUGH;
    for (size_t p = 0; p < c->players; p++) {
        k->share[p] = c->transfer[p] > 0 || surplus == 0 ? 0 : fmax(0, c->joint[p] - k->floor[p]) / surplus;
        k->last_transfer[p] = 0;
        k->last_gain[p] = c->joint[p];
        k->slope[p] = 1;
    }
    for (int step = 0; step < STEPS_MOST && surplus > need && worst > close_enough; step++) {
        TRY(solve_with_transfers(k));
        memcpy(c->after, k->gain, c->players * sizeof *c->after);
        double before = total_paid(k);
        worst = step_transfers(k);
        if (worst <= close_enough) c->info.transfer_total = before;
        if (total_paid(k) > surplus * 3) break;
    }
    bool found = surplus > need && worst <= close_enough;
    for (size_t p = 0; p < c->players; p++) {
        if (c->transfer[p] > 0) c->transfer[p] = found ? k->last_transfer[p] : 0;
        else c->transfer[p] = found ? -c->info.transfer_total * k->share[p] : 0;
        if (found && c->after[p] < k->floor[p] - 1e-9 * c->base[p]) found = false; /* who pays has not enough left */
    }
    if (found) c->info.transfers = BASHU_TRANSFERS_FOUND;
    else
        for (size_t p = 0; p < c->players; p++) {
            c->transfer[p] = c->info.transfer_total = 0;
            c->after[p] = c->joint[p];
        }
    return BASHU_OK;
}

static void leave_as_is(bashu_cooperation *c)
{
    c->info.transfers = BASHU_TRANSFERS_NOT_ASKED;
    memcpy(c->after, c->joint, c->players * sizeof *c->after);
}

static bashu_status compensate(bashu_cooperation *c, arena *scratch)
{
    size_t N = c->economy->about.N, P = c->players;
    compensation k = {.c = c};
    shock_builder *builder;
    const shock *deal;
    double *transfers;
    const array_wanted wanted[] = {{&k.floor, P}, {&k.share, P}, {&k.people, P}, {&k.gdp, P}, {&k.gain, P + 1}, {&k.slope, P}, {&k.last_gain, P}, {&k.last_transfer, P},
                                   {&transfers, N}};
    if (!ARENA_ARRAYS(scratch, wanted)) return fail_memory(c->context);
    TRY(shock_builder_new(&builder, scratch, c->economy));
    TRY(shock_build(&deal, builder, c->scenario, NULL));
    k.shock = *deal;
    k.shock.transfer = transfers;
    k.shock.empty = false;
    k.before = deal->transfer;
    for (size_t p = 0; p < P; p++) {
        k.floor[p] = fmax(0, c->one_sided[p * P + p]);
        for (size_t n = 0; n < N; n++) {
            if (!c->scenario->players[p].regions[n]) continue;
            k.people[p] += people_of(c->economy, n);
            k.gdp[p] += c->economy->about.regions[n].gdp;
        }
    }
    bashu_status status = solver_new(&k.solver, c->economy, &c->options);
    if (status == BASHU_OK) {
        solver_set_starts(k.solver, 0);
        solver_keep_pairs(k.solver, false);
        status = find_transfers(&k);
    }
    result_free(k.result);
    solver_free(k.solver);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------------- */

static bashu_status check(const bashu_cooperation *c)
{
    static const char *const variables[] = {"welfare", "gdp", "real_wage"};
    bool known = false;
    for (size_t k = 0; k < 3; k++) known = known || !strcmp(variables[k], c->variable);
    if (!known) return fail(c->context, BASHU_ERROR_ARGUMENT, "players gain 'welfare', 'gdp' or 'real_wage', not '%s'", c->variable);
    if (!c->players)
        return fail(c->context, BASHU_ERROR_INPUT, "%s: names no players; write players: [{id: ID, place: {SET: MEMBER}}, ...], and by: [ID] in the changes that not all "
                    "of them must agree to", c->scenario->path);
    if (c->changes > CHANGES_MOST) return fail(c->context, BASHU_ERROR_ARGUMENT, "%s has %zu changes; at most %d are played with", c->scenario->path, c->changes, CHANGES_MOST);
    if (!c->orders && (c->players > PLAYERS_EXACT || (c->levers && c->changes > PLAYERS_EXACT)))
        return fail(c->context, BASHU_ERROR_ARGUMENT, "%zu players and %zu changes make too many coalitions (all are solved up to %d of each); ask for a number of random orders, "
                    "e.g. 200", c->players, c->changes, PLAYERS_EXACT);
    return BASHU_OK;
}

static bashu_status make(bashu_cooperation *c)
{
    size_t P = c->players, C = c->changes, N = c->economy->about.N;
    const array_wanted wanted[] = {{&c->weight, P * N}, {&c->base, P}, {&c->one_sided, P * P}, {&c->joint, P}, {&c->shapley, P}, {&c->error, P}, {&c->core, P},
                                   {&c->lever_alone, C}, {&c->lever_last, C}, {&c->lever_value, C}, {&c->lever_error, C}, {&c->transfer, P}, {&c->after, P}};
    double begin = now_s();
    TRY(check(c));
    if (!ARENA_ARRAYS(c->memory, wanted)) return fail_memory(c->context);
    for (size_t p = 0; p < P; p++) c->error[p] = (double)NAN;
    for (size_t k = 0; k < C; k++) c->lever_error[k] = (double)NAN;
    weigh(c);
    arena *scratch = arena_new(c->context);
    if (!scratch) return fail_memory(c->context);
    game g = {.c = c};
    bashu_status status = c->orders ? play_sampled(&g, scratch) : play_exactly(&g, scratch);
    if (status == BASHU_OK) {
        tell_cases(&g);
        if (!strcmp(c->variable, "welfare")) status = compensate(c, scratch);
        else leave_as_is(c);
    }
    arena_free(scratch);
    c->info.worst = c->worst;
    c->info.time_s = now_s() - begin;
    return status;
}

bashu_status cooperation_new(bashu_cooperation **out, const bashu_scenario *scenario, const bashu_options *options, const char *variable, size_t orders,
                             bool levers)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    arena *memory = arena_new(scenario->context);
    bashu_cooperation *c = memory ? arena_alloc(memory, 1, sizeof *c) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (c) {
        *c = (bashu_cooperation){.context = scenario->context, .memory = memory, .economy = scenario->economy, .scenario = scenario,
                                 .options = options ? *options : defaults, .variable = arena_text(memory, variable ? variable : "welfare"),
                                 .players = scenario->player_count, .changes = scenario->change_count, .orders = orders, .levers = levers};
        c->options.starts = 0;
        status = c->variable ? make(c) : fail_memory(scenario->context);
    } else fail_memory(scenario->context);
    if (status == BASHU_OK) *out = c;
    else arena_free(memory);
    return status;
}

void cooperation_free(bashu_cooperation *cooperation)
{
    if (cooperation) arena_free(cooperation->memory);
}
