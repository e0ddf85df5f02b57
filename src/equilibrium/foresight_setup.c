/* foresight_setup.c - what people who look ahead need to be known: parameters in range, gross flows that are of all people and connect the
 * markets; and the room for paths. */
#include "equilibrium/foresight_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 3 }; /* of the history: steps are good, and a path is long */

static const char *market_words(const foresight *f, size_t g, char *words, size_t size)
{
    size_t ns = f->flows->market[g], S = f->economy->about.S;
    snprintf(words, size, "%s, %s", f->economy->about.regions[ns / S].label.id, f->economy->about.groups[ns % S].id);
    return words;
}

static double share_between(const foresight *f, size_t q, size_t from, size_t to)
{
    return f->flows->share[(from * f->flows->pools + q) * f->flows->markets + to];
}

/* Marks the markets of a pool that can be reached from `from` (or from which it can be reached). */
static void reach(const foresight *f, size_t q, size_t from, bool back, unsigned char *seen, size_t *queue)
{
    size_t M = f->flows->markets, head = 0, tail = 0;
    memset(seen, 0, M);
    seen[from] = 1;
    queue[tail++] = from;
    while (head < tail) {
        size_t i = queue[head++];
        for (size_t h = 0; h < M; h++) {
            if (seen[h] || !((back ? share_between(f, q, h, i) : share_between(f, q, i, h)) > 0)) continue;
            seen[h] = 1;
            queue[tail++] = h;
        }
    }
}

/* All markets of a pool in which somebody moves must be connected: else there are several long runs. */
static bashu_status check_connected(const foresight *f, size_t q, unsigned char *seen, size_t *queue)
{
    size_t M = f->flows->markets, from = 0;
    char one[128], other[128];
    while (from < M && (!f->is_there[q * M + from] || share_between(f, q, from, from) == 1)) from++;
    if (from == M) return BASHU_OK;
    for (int back = 0; back < 2; back++) {
        reach(f, q, from, back, seen, queue);
        for (size_t h = 0; h < M; h++)
            if (f->is_there[q * M + h] && share_between(f, q, h, h) != 1 && !seen[h])
                return fail(f->context, BASHU_ERROR_INPUT, "%s: gross flows lead from (%s) to (%s) on no way, so that there is no one long run; add a flow",
                            f->economy->about.folder, market_words(f, q * M + (back ? h : from), one, sizeof one),
                            market_words(f, q * M + (back ? from : h), other, sizeof other));
    }
    return BASHU_OK;
}

static bashu_status check_flows(const foresight *f)
{
    size_t M = f->flows->markets, Q = f->flows->pools;
    char words[128];
    for (size_t g = 0; g < f->G; g++) {
        size_t q = g / M, i = g % M;
        double sum = 0;
        if (!f->is_there[g]) continue;
        for (size_t h = 0; h < M; h++) {
            double share = share_between(f, q, i, h);
            if (!(share >= 0) || (share > 0 && !f->is_there[q * M + h]))
                return fail(f->context, BASHU_ERROR_INPUT, "%s: gross flows out of (%s) are negative, or go where nobody lives", f->economy->about.folder,
                            market_words(f, g, words, sizeof words));
            sum += share;
        }
        if (!(fabs(sum - 1) <= 1e-9))
            return fail(f->context, BASHU_ERROR_INPUT, "%s: gross flows out of (%s), with those who stay, are %.12g of the people there; they must be all",
                        f->economy->about.folder, market_words(f, g, words, sizeof words), sum);
    }
    unsigned char *seen = malloc(M);
    size_t *queue = malloc(M * sizeof *queue);
    bashu_status status = seen && queue ? BASHU_OK : fail_memory(f->context);
    for (size_t q = 0; status == BASHU_OK && q < Q; q++) status = check_connected(f, q, seen, queue);
    free(seen);
    free(queue);
    return status;
}

static bashu_status check_parameters(const foresight *f, size_t periods)
{
    const char *folder = f->economy->about.folder;
    if (!f->flows)
        return fail(f->context, BASHU_ERROR_INPUT, "%s: people who look ahead need to be seen moving: add the table gross_flows, or state gross_migration", folder);
    if (!(f->beta > 0 && f->beta < 1))
        return fail(f->context, BASHU_ERROR_INPUT, "%s: discount_factor is %g; it must be above 0 and below 1, or lifetime utility has no end", folder, f->beta);
    if (!(f->nu > 0))
        return fail(f->context, BASHU_ERROR_INPUT, "%s: migration_noise is %g; it must be above 0, or all people of a place would move at once", folder, f->nu);
    if (periods < 2) return fail(f->context, BASHU_ERROR_ARGUMENT, "foresight: %zu periods are too few; give 2 or more", periods);
    return BASHU_OK;
}

static void mark_home(foresight *f)
{
    const bashu_economy *e = f->economy;
    for (size_t s = 0; s < e->about.S; s++) {
        double wages = 0;
        for (size_t n = 0; n < e->about.N; n++) wages += e->wage_bill[at2(n, s, e->about.S)];
        f->is_home[s] = !(wages > 0);
    }
}

static bashu_status path_room(foresight_path *path, const foresight *f)
{
    size_t rows = (f->T + 1) * f->G;
    const array_wanted wanted[] = {{&path->value, rows}, {&path->people, rows}, {&path->flow, rows}, {&path->at_end, f->G}};
    return ARENA_ARRAYS(f->memory, wanted) ? BASHU_OK : fail_memory(f->context);
}

static bashu_status set_up(foresight *f)
{
    size_t N = f->economy->about.N, S = f->economy->about.S, rows = f->T + 1;
    f->G = f->flows->pools * f->flows->markets;
    f->worker_count = (size_t)thread_count(f->context) < f->T ? (size_t)thread_count(f->context) : f->T;
    f->is_there = arena_alloc(f->memory, f->G, 1);
    f->is_mobile = arena_alloc(f->memory, f->G, 1);
    f->is_home = arena_alloc(f->memory, S, 1);
    f->workers = arena_alloc(f->memory, f->worker_count, sizeof *f->workers);
    const array_wanted wanted[] = {{&f->people, f->G}, {&f->constant, f->G}, {&f->reckoned, rows * f->G}, {&f->work, f->G}, {&f->total, f->G}, {&f->more, f->G},
                                   {&f->people_hat, N * S}, {&f->stayed, f->G}, {&f->reaction, S}};
    if (!f->is_there || !f->is_mobile || !f->is_home || !f->workers || !ARENA_ARRAYS(f->memory, wanted)) return fail_memory(f->context);
    mark_home(f);
    for (size_t s = 0; s < S; s++) f->reaction[s] = 1 / f->nu;
    f->leaving = foresight_leaving(f, &f->still);
    for (size_t g = 0; g < f->G; g++) {
        size_t ns = f->flows->market[g];
        f->people[g] = ns == SIZE_MAX ? 0 : f->economy->people[ns];
        f->is_there[g] = f->people[g] > 0;
        f->is_mobile[g] = f->is_there[g] && share_between(f, g / f->flows->markets, g % f->flows->markets, g % f->flows->markets) < 1;
    }
    TRY(check_flows(f));
    TRY(movers_new(&f->movers, f->memory, f->context, f->flows->pools, f->flows->markets, f->flows->share, f->is_mobile, f->beta, f->nu));
    TRY(path_room(&f->base, f));
    TRY(path_room(&f->changed, f));
    TRY(ladder_new_small(&f->outer, f->memory, rows * f->G, DEPTH));
    TRY(ladder_new_small(&f->long_run, f->memory, f->G, DEPTH));
    for (size_t q = 0; q < f->worker_count; q++) {
        bashu_status status = worker_open(&f->workers[q], f, q ? f->workers[0].solver : NULL);
        if (status != BASHU_OK) return fail(f->context, status, "%s", f->workers[q].context ? bashu_message(f->workers[q].context) : "out of memory");
    }
    f->size = solver_unknown_count(f->workers[0].solver);
    f->z = arena_alloc(f->memory, (rows > BILATERAL_MANY ? rows : BILATERAL_MANY) * f->size, sizeof *f->z);
    f->batches = arena_alloc(f->memory, rows, sizeof *f->batches);
    return f->z && f->batches ? slow_modes_new(&f->slow, f) : fail_memory(f->context);
}

bashu_status foresight_new(foresight **out, const bashu_economy *economy, const bashu_options *options, size_t periods)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    arena *memory = arena_new(economy->context);
    foresight *f = memory ? arena_alloc(memory, 1, sizeof *f) : NULL;
    *out = NULL;
    if (!f) {
        if (memory) arena_free(memory);
        return fail_memory(economy->context);
    }
    *f = (foresight){.context = economy->context, .memory = memory, .economy = economy, .options = options ? *options : defaults, .T = periods,
                     .flows = economy->flows, .beta = economy->about.elasticities[DISCOUNT_FACTOR].by_item[0],
                     .nu = economy->about.elasticities[MIGRATION_NOISE].by_item[0]};
    f->still = foresight_still(economy, economy->context);
    bashu_status status = check_parameters(f, periods);
    if (status == BASHU_OK) status = set_up(f);
    if (status != BASHU_OK) {
        foresight_free(f);
        return status;
    }
    *out = f;
    return BASHU_OK;
}

void foresight_free(foresight *f)
{
    if (!f) return;
    for (size_t q = 0; f->workers && q < f->worker_count; q++) worker_close(&f->workers[q]);
    solver_free(f->solver);
    move_costs_free(&f->base_costs);
    move_costs_free(&f->changed_costs);
    arena_free(f->memory);
}
