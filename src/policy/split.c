/* split.c - an outcome split over the changes of a scenario.
 *
 *   v(S) = percent change of the outcome when the changes of S act;  a change's part is its Shapley value of v, the mean over all orders in which
 *   the changes could come of what it adds (game.c). Parts add up to v(all).
 *   alone v(c), last v(all) - v(all without c)
 *   many changes: the mean over random orders (Castro, Gomez & Tejada 2009); standard error sd / sqrt(orders) */
#include "policy/split.h"

#include "policy/game.h"


typedef struct values { /* percent of each mask */
    const bashu_split *split;
    double *percent;
} values;

static bashu_status take_percent(void *payload, size_t k, const bashu_result *result)
{
    const values *v = payload;
    return outcome_value(&v->percent[k], result, &v->split->asked, BASHU_PERCENT);
}

static bashu_status solve_all(bashu_split *s, double *percent, const uint64_t *masks, size_t count)
{
    values v = {s, percent};
    mask_work work = {s->scenario, &s->options, masks, count, take_percent, &v};
    TRY(masks_solve(&s->quality, &work));
    if (!s->quality.lost) return BASHU_OK;
    return fail(s->context, BASHU_ERROR_UNSUPPORTED,
                "%zu of %zu sets of changes have no equilibrium, so that the outcome cannot be split; bashu run shows how the whole ends", s->quality.lost, count);
}

static uint64_t all_of(size_t count) { return count == 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1; }

static bashu_status split_exactly(bashu_split *s, arena *scratch)
{
    size_t C = s->change_count, sets = (size_t)1 << C;
    uint64_t *masks = arena_alloc(scratch, sets, sizeof *masks);
    double *worth = arena_alloc(scratch, sets, sizeof *worth);
    s->interaction = arena_alloc(s->memory, C * C + 1, sizeof *s->interaction);
    if (!masks || !worth || !s->interaction) return fail_memory(s->context);
    for (size_t k = 0; k < sets; k++) masks[k] = k;
    TRY(solve_all(s, worth, masks, sets));
    shapley_values(s->value, worth, C);
    shapley_interactions(s->interaction, worth, C);
    for (size_t c = 0; c < C; c++) {
        s->alone[c] = worth[(size_t)1 << c];
        s->last[c] = worth[sets - 1] - worth[(sets - 1) & ~((size_t)1 << c)];
    }
    s->whole = worth[sets - 1];
    return BASHU_OK;
}

/* ---- sampled --------------------------------------------------------------------------------------- */

typedef struct sampled { /* percents of sets */
    const uint64_t *masks;
    const double *percent;
    size_t count;
} sampled;

static double sampled_worth(const void *payload, uint64_t set)
{
    const sampled *s = payload;
    return s->percent[sets_find(s->masks, s->count, set)];
}

static bashu_status split_sampled(bashu_split *s, arena *scratch)
{
    size_t C = s->change_count, most = s->orders * C + 2 * C + 1, count;
    uint64_t *masks = arena_alloc(scratch, most, sizeof *masks), all = all_of(C);
    size_t *order = arena_alloc(scratch, s->orders * C + 1, sizeof *order);
    double *percent = arena_alloc(scratch, most, sizeof *percent);
    if (!masks || !order || !percent) return fail_memory(s->context);
    orders_draw(order, C, s->orders, s->options.seed);
    count = orders_sets(masks, order, C, s->orders);
    for (size_t c = 0; c < C; c++) {
        masks[count++] = (uint64_t)1 << c;
        masks[count++] = all & ~((uint64_t)1 << c);
    }
    count = sets_distinct(masks, count);
    TRY(solve_all(s, percent, masks, count));
    sampled of = {masks, percent, count};
    orders_values(s->value, s->error, order, C, s->orders, sampled_worth, &of);
    s->whole = sampled_worth(&of, all);
    for (size_t c = 0; c < C; c++) {
        s->alone[c] = sampled_worth(&of, (uint64_t)1 << c);
        s->last[c] = s->whole - sampled_worth(&of, all & ~((uint64_t)1 << c));
    }
    return BASHU_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------- */

static bashu_status make(bashu_split *s, const char *outcome)
{
    size_t C = s->change_count;
    focus about = measure_focus(&s->economy->about, s->scenario);
    const array_wanted wanted[] = {{&s->alone, C}, {&s->last, C}, {&s->value, C}, {&s->error, C}};
    if (!ARENA_ARRAYS(s->memory, wanted)) return fail_memory(s->context);
    TRY(outcome_wanted(&s->asked, s->memory, s->economy, outcome, "gdp", &about));
    if (C > CHANGES_MOST) return fail(s->context, BASHU_ERROR_ARGUMENT, "%s has %zu changes; at most %d are split", s->scenario->path, C, CHANGES_MOST);
    if (!s->orders && C > PLAYERS_EXACT)
        return fail(s->context, BASHU_ERROR_ARGUMENT, "%zu changes have too many orders to take all (up to %d changes do); ask for a number of random orders, e.g. 200", C,
                    PLAYERS_EXACT);
    arena *scratch = arena_new(s->context);
    if (!scratch) return fail_memory(s->context);
    bashu_status status = s->orders ? split_sampled(s, scratch) : split_exactly(s, scratch);
    arena_free(scratch);
    return status;
}

bashu_status split_new(bashu_split **out, const bashu_scenario *scenario, const bashu_options *options, const char *outcome, size_t orders)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    arena *memory = arena_new(scenario->context);
    bashu_split *s = memory ? arena_alloc(memory, 1, sizeof *s) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (s) {
        *s = (bashu_split){.context = scenario->context, .memory = memory, .economy = scenario->economy, .scenario = scenario,
                           .options = options ? *options : defaults, .change_count = scenario->change_count, .orders = orders};
        s->options.starts = 0;
        status = make(s, outcome);
    } else fail_memory(scenario->context);
    if (status == BASHU_OK) *out = s;
    else arena_free(memory);
    return status;
}

void split_free(bashu_split *split)
{
    if (split) arena_free(split->memory);
}
