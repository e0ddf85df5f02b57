/* links.c - what each link of the network does to outcomes.
 *
 *   elasticity  - d log O / d log t_l   of every link l at once, by one transposed solve an outcome (measure/linear.c), at the scenario's equilibrium (none:
 *               at the baseline)
 *   first order   100 (exp(- elasticity log(1 - p / 100)) - 1)   when link l takes p percent less time
 *   exact         the same with the model solved again: scenario and faster link against the scenario alone (none: the baseline)
 *   carried       sum over sectors j and pairs of expenditure of n on i whose least-time way (of j's class of travel) has the link, at the same point;
 *                 with routing: stochastic times how often the routes have it
 *
 * Exact and first order differ by curvature, and where other ways become the quickest: a link that gets faster draws trips to itself. */
#include "policy/links.h"

#include "input/input.h"
#include "measure/rank.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double links_first_order(const bashu_links *links, size_t outcome, size_t link)
{
    return 100 * expm1(-links->elasticity[outcome][link] * log1p(-links->faster_pct / 100));
}

/* ---- what was asked -------------------------------------------------------------------------------- */

static bashu_status read_outcomes(bashu_links *k, const char *list)
{
    static const char *const usual[] = {"welfare", "gdp"};
    focus about = measure_focus(&k->economy->about, k->scenario);
    for (size_t q = 0; !list && q < 2; q++) TRY(outcome_of(&k->outcomes[k->outcome_count++], k->memory, k->economy, usual[q], &about));
    for (const char *at = list; at && *at; at += strcspn(at, ","), at += *at == ',') {
        const char *one = arena_format(k->memory, "%.*s", (int)strcspn(at, ","), at);
        if (!one) return fail_memory(k->context);
        if (k->outcome_count == LINK_OUTCOMES_MOST) return fail(k->context, BASHU_ERROR_ARGUMENT, "at most %d outcomes stand side by side; name fewer", LINK_OUTCOMES_MOST);
        TRY(outcome_read(&k->outcomes[k->outcome_count++], k->memory, k->economy, one));
    }
    return k->outcome_count ? BASHU_OK : fail(k->context, BASHU_ERROR_ARGUMENT, "no outcome is named; write e.g. welfare,gdp:circle=CCEC");
}

static bashu_status check_mode(const bashu_links *k, const char *mode)
{
    const graph *g = k->economy->about.network;
    const char *modes[64];
    size_t count = 0;
    for (size_t l = 0; l < g->link_count; l++) {
        size_t q = 0;
        if (!strcmp(g->links[l].mode, mode)) return BASHU_OK;
        while (q < count && strcmp(modes[q], g->links[l].mode) != 0) q++;
        if (q == count && count < 64) modes[count++] = g->links[l].mode;
    }
    const char *near = nearest_name(mode, modes, count);
    if (near) return fail(k->context, BASHU_ERROR_ARGUMENT, "no link has mode '%s'; did you mean '%s'?", mode, near);
    return fail(k->context, BASHU_ERROR_ARGUMENT, "no link has mode '%s'; one has '%s'", mode, modes[0]);
}

/* ---- all links, first order ------------------------------------------------------------------------ */

/* Where the first order is taken: the scenario's equilibrium. */
typedef struct place {
    bashu_solver *solver;
    bashu_result *result; /* NULL: the baseline */
    changed_network network;
} place;

static void leave(place *at)
{
    result_free(at->result);
    solver_free(at->solver);
}

static bashu_status find_place(place *at, const bashu_links *k, arena *scratch, const shock **now)
{
    shock_builder *builder;
    if (!k->scenario) return BASHU_OK;
    TRY(shock_builder_new(&builder, scratch, k->economy));
    TRY(shock_build(now, builder, k->scenario, NULL));
    if ((*now)->empty) return BASHU_OK;
    TRY(scenario_network(&at->network, scratch, k->economy, k->scenario, NULL));
    TRY(solver_new(&at->solver, k->economy, &k->options));
    TRY(solve_shock(&at->result, at->solver, *now));
    if (is_cancelled(k->context)) return fail(k->context, BASHU_INTERRUPTED, "interrupted");
    if (at->result->info.reason > 0) return BASHU_OK;
    return fail(k->context, BASHU_ERROR_UNSUPPORTED, "scenario '%s': no equilibrium was found (%s; worst %s), so nothing can be said of links beside it", k->scenario->name,
                bashu_reason_text(at->result->info.reason), at->result->info.worst);
}

static bashu_status find_elasticities(bashu_links *k, const place *at, const shock *now)
{
    size_t links = k->economy->about.network->link_count;
    bashu_linear *linear;
    TRY(linear_new(&linear, k->economy, &k->options));
    bashu_status status = BASHU_OK;
    if (at->result) {
        linear->network = &at->network;
        status = linear_move(linear, at->result, now, at->network.link_time_h);
    }
    for (size_t q = 0; q < k->outcome_count && status == BASHU_OK; q++) {
        const named_outcome *o = &k->outcomes[q];
        bashu_gradient *gradient = NULL;
        status = gradient_new(&gradient, linear, o->variable, o->set, o->member);
        if (status != BASHU_OK) break;
        for (size_t l = 0; l < links; l++) k->elasticity[q][l] = -gradient->link[l];
        k->info[q] = gradient->info;
        arena_free(gradient->memory);
    }
    arena_free(linear->memory);
    return status;
}

/* What goes from region to region in each class of travel: [C][N][N] at buyers' prices. */
static bashu_status find_traded(double *traded, const bashu_links *k, const place *at, arena *scratch)
{
    const bashu_economy *e = k->economy;
    size_t N = e->about.N, J = e->about.J;
    double *before = at->result ? arena_alloc(scratch, N * N * J, sizeof *before) : NULL, *after = at->result ? arena_alloc(scratch, N * N * J, sizeof *after) : NULL;
    if (at->result && (!before || !after)) return fail_memory(k->context);
    if (at->result) fill_trade(at->result, before, after);
    for (size_t i = 0; i < N; i++)
        for (size_t n = 0; n < N; n++)
            for (size_t j = 0; j < J; j++)
                traded[at3(e->about.sectors[j].travel, i, n, N, N)] += after ? after[at3(i, n, j, N, J)] : e->expenditure[at2(n, j, J)] * e->trade_share[at3(n, j, i, J, N)];
    return BASHU_OK;
}

static bashu_status find_carried(bashu_links *k, const place *at, arena *scratch)
{
    description about = k->economy->about;
    size_t N = about.N, links = about.network->link_count;
    if (at->result) {
        about.network = at->network.graph;
        about.travel = at->network.travel;
    }
    double *traded = arena_alloc(scratch, about.C * N * N, sizeof *traded), *load = arena_alloc(scratch, about.network->link_count + 1, sizeof *load);
    if (!traded || !load) return fail_memory(k->context);
    TRY(find_traded(traded, k, at, scratch));
    for (size_t c = 0; c < about.C; c++) {
        pair_values of = {traded + c * N * N, N, 1};
        TRY(region_travel_load(load, &about, k->context, c, at->result ? at->network.link_time_h : NULL, pair_value, &of));
    }
    memcpy(k->carried, load, links * sizeof *load);
    return BASHU_OK;
}

static bashu_status find_first_order(bashu_links *k)
{
    place at = {0};
    const shock *now = NULL;
    arena *scratch = arena_new(k->context);
    bashu_status status = scratch ? find_place(&at, k, scratch, &now) : fail_memory(k->context);
    if (status == BASHU_OK) status = find_elasticities(k, &at, now);
    if (status == BASHU_OK) status = find_carried(k, &at, scratch);
    leave(&at);
    arena_free(scratch);
    return status;
}

/* ---- what runs ---------------------------------------------------------------------------------------- */

static void count_trains(bashu_links *k)
{
    const description *about = &k->economy->about;
    const graph *g = about->network;
    for (size_t q = 0; q < about->printed_time_count; q++)
        if (isfinite(about->printed_times[q].trains) && about->printed_times[q].year > k->train_year) k->train_year = about->printed_times[q].year;
    for (size_t l = 0; l < g->link_count; l++) k->trains[l] = (double)NAN;
    for (size_t q = 0; q < about->printed_time_count; q++) {
        const printed_time *row = &about->printed_times[q];
        for (size_t l = 0; row->year == k->train_year && l < g->link_count; l++) {
            bool there = g->links[l].from == row->from && g->links[l].to == row->to, back = g->links[l].from == row->to && g->links[l].to == row->from;
            if ((there || back) && !strcmp(g->links[l].mode, row->mode)) k->trains[l] = row->trains;
        }
    }
}

/* Whether what links carry ranks as the trains that run. */
static bashu_status rank_trains(bashu_links *k)
{
    const graph *g = k->economy->about.network;
    double *carried = arena_alloc(k->memory, 2 * g->link_count + 1, sizeof *carried), *trains = carried ? carried + g->link_count : NULL;
    k->train_modes = arena_alloc(k->memory, g->link_count + 1, sizeof *k->train_modes);
    if (!carried || !k->train_modes) return fail_memory(k->context);
    for (size_t l = 0; l < g->link_count; l++) {
        size_t m = 0, count = 0;
        while (m < k->train_mode_count && strcmp(k->train_modes[m].mode, g->links[l].mode) != 0) m++;
        if (!isfinite(k->trains[l]) || m < k->train_mode_count) continue;
        struct train_rank *rank = &k->train_modes[k->train_mode_count++];
        rank->mode = g->links[l].mode;
        for (size_t q = 0; q < g->link_count; q++) {
            if (strcmp(g->links[q].mode, rank->mode) != 0 || !isfinite(k->trains[q])) continue;
            carried[count] = k->carried[q];
            trains[count++] = k->trains[q];
        }
        rank->links = count;
        if (!rank_correlation(&rank->correlation, carried, trains, count)) return fail_memory(k->context);
    }
    return BASHU_OK;
}

/* ---- which are ranked --------------------------------------------------------------------------------- */

static void mark_access(bashu_links *k, unsigned char *is_region)
{
    const graph *g = k->economy->about.network;
    for (size_t n = 0; n < g->region_count; n++) is_region[g->region_node[n]] = 1;
    for (size_t l = 0; l < g->link_count; l++) k->access[l] = is_region[g->links[l].from] != is_region[g->links[l].to];
    for (size_t c = 0; k->scenario && c < k->scenario->change_count; c++)
        for (size_t l = 0; k->scenario->changes[c].links && l < g->link_count; l++) k->changed[l] |= k->scenario->changes[c].links[l];
}

typedef struct ranked_link {
    double size;
    size_t link;
} ranked_link;

static int by_size(const void *a, const void *b)
{
    const ranked_link *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return (x->link > y->link) - (x->link < y->link);
}

static bashu_status rank_links(bashu_links *k)
{
    const graph *g = k->economy->about.network;
    ranked_link *order = arena_alloc(k->memory, g->link_count + 1, sizeof *order);
    if (!order) return fail_memory(k->context);
    for (size_t l = 0; l < g->link_count; l++)
        if (!k->access[l] && (!k->mode || !strcmp(k->mode, g->links[l].mode))) order[k->ranked++] = (ranked_link){fabs(k->elasticity[0][l]), l};
    qsort(order, k->ranked, sizeof *order, by_size);
    for (size_t q = 0; q < k->ranked; q++) k->rank[q] = order[q].link;
    return BASHU_OK;
}

/* ---- the first of them, exactly --------------------------------------------------------------------- */

/* Number 0 is the scenario alone, number q the scenario and the q-th link faster. */
static bashu_status build_faster(void *payload, size_t q, shock_builder *builder, const shock **out)
{
    const bashu_links *k = payload;
    size_t links = k->economy->about.network->link_count, given = k->scenario ? k->scenario->change_count : 0;
    bashu_scenario scenario = k->scenario ? *k->scenario : (bashu_scenario){.context = k->context, .economy = k->economy, .name = "links"};
    change *changes = calloc(given + 1, sizeof *changes);
    unsigned char *marks = calloc(links + 1, 1);
    if (!changes || !marks) {
        free(changes);
        free(marks);
        return BASHU_ERROR_MEMORY;
    }
    for (size_t c = 0; c < given; c++) changes[c] = k->scenario->changes[c];
    if (q) marks[k->rank[q - 1]] = 1;
    changes[given] = (change){.lever = LEVER_LINK_TIME, .id = "faster", .relative = true, .value = -k->faster_pct, .links = marks};
    scenario.changes = changes;
    scenario.change_count = q ? given + 1 : given;
    bashu_status status = shock_build(out, builder, &scenario, NULL);
    free(changes);
    free(marks);
    return status;
}

static bashu_status take_faster(void *payload, size_t q, const bashu_result *result)
{
    bashu_links *k = payload;
    k->draw[q].info = (bashu_draw_info){result->info.reason, result->info.passes, result->info.residual, k->draw[q].worst};
    snprintf(k->draw[q].worst, sizeof k->draw[q].worst, "%s", result->info.worst);
    for (size_t o = 0; o < k->outcome_count; o++) TRY(outcome_value(&k->solved[q * k->outcome_count + o], result, &k->outcomes[o], BASHU_PERCENT));
    return BASHU_OK;
}

static bashu_status solve_first(bashu_links *k)
{
    size_t O = k->outcome_count;
    sweep_work work = {.count = k->exact_count ? k->exact_count + 1 : 0, .build = build_faster, .take = take_faster, .payload = k};
    TRY(sweep_run(k->economy, &k->options, &work));
    for (size_t q = 0; q < k->exact_count; q++)
        for (size_t o = 0; o < O; o++) k->exact[q * O + o] = 100 * ((100 + k->solved[(q + 1) * O + o]) / (100 + k->solved[o]) - 1);
    return BASHU_OK;
}

/* ---- the whole -------------------------------------------------------------------------------------- */

static bashu_status links_make(bashu_links *k, const bashu_links_options *wanted)
{
    const graph *g = k->economy->about.network;
    size_t links = g->link_count;
    double begin = now_s();
    TRY(read_outcomes(k, wanted->outcomes));
    if (wanted->mode) TRY(check_mode(k, wanted->mode));
    k->mode = arena_text(k->memory, wanted->mode);
    k->access = arena_alloc(k->memory, links + 1, 1);
    k->changed = arena_alloc(k->memory, links + 1, 1);
    k->rank = arena_alloc(k->memory, links + 1, sizeof *k->rank);
    unsigned char *is_region = arena_alloc(k->memory, g->node_count + 1, 1);
    if ((wanted->mode && !k->mode) || !k->access || !k->changed || !k->rank || !is_region) return fail_memory(k->context);
    for (size_t q = 0; q < k->outcome_count; q++)
        if (!(k->elasticity[q] = arena_alloc(k->memory, links + 1, sizeof(double)))) return fail_memory(k->context);
    mark_access(k, is_region);
    const array_wanted carried[] = {{&k->carried, links + 1}, {&k->trains, links + 1}};
    if (!ARENA_ARRAYS(k->memory, carried)) return fail_memory(k->context);
    TRY(find_first_order(k));
    count_trains(k);
    TRY(rank_trains(k));
    TRY(rank_links(k));
    k->exact_count = (size_t)wanted->exact < k->ranked ? (size_t)wanted->exact : k->ranked;
    k->draw = arena_alloc(k->memory, k->exact_count + 1, sizeof *k->draw);
    const array_wanted arrays[] = {{&k->exact, k->exact_count * k->outcome_count + 1}, {&k->solved, (k->exact_count + 1) * k->outcome_count}};
    if (!k->draw || !ARENA_ARRAYS(k->memory, arrays)) return fail_memory(k->context);
    TRY(solve_first(k));
    k->time_s = now_s() - begin;
    return BASHU_OK;
}

bashu_status links_new(bashu_links **out, const bashu_economy *economy, const bashu_scenario *scenario, const bashu_links_options *wanted, const bashu_options *options)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    static const bashu_links_options usual = BASHU_LINKS_OPTIONS_INIT;
    if (!economy->about.network)
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "the economy '%s' has no network; give it the tables nodes and links", economy->about.name);
    if (scenario && scenario->economy != economy) return fail(economy->context, BASHU_ERROR_ARGUMENT, "the scenario was read for another economy");
    arena *memory = arena_new(economy->context);
    bashu_links *k = memory ? arena_alloc(memory, 1, sizeof *k) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (k) {
        *k = (bashu_links){.context = economy->context, .memory = memory, .economy = economy, .scenario = scenario, .options = options ? *options : defaults};
        k->options.starts = 0;
        k->faster_pct = (wanted ? wanted : &usual)->faster_pct;
        status = links_make(k, wanted ? wanted : &usual);
    }
    if (status == BASHU_OK) *out = k;
    else arena_free(memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(economy->context) : status;
}

void links_free(bashu_links *links)
{
    if (links) arena_free(links->memory);
}
