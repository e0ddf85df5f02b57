/* game.c - Shapley values, interactions and the core of a game with transferable worth.
 *
 *   Shapley 1953          phi_p  = sum over S without p of |S|! (P - |S| - 1)! / P!  (v(S + p) - v(S))
 *   Grabisch & Roubens 1999
 *                         I_pq   = sum over S without p, q of |S|! (P - |S| - 2)! / (P - 1)!  (v(S + p + q) - v(S + p) - v(S + q) + v(S))
 *   least core            least e such that x(S) >= v(S) - e for every S but nobody and all, x(all) = v(all); the core is not empty when e <= 0 */
#include "policy/game.h"

#include <lpsolve/lp_lib.h>
#include <math.h>
#include <stdlib.h>

/* |S|! (players - |S| - 1)! / players!, without factorials that overflow. */
static double weight_of(size_t size, size_t players)
{
    double ways = 1; /* players - 1 over size */
    for (size_t k = 0; k < size; k++) ways *= (double)(players - 1 - k) / (double)(k + 1);
    return 1 / (ways * (double)players);
}

static size_t size_of(size_t coalition)
{
    size_t count = 0;
    for (; coalition; coalition &= coalition - 1) count++;
    return count;
}

void shapley_values(double *value, const double *worth, size_t players)
{
    for (size_t p = 0; p < players; p++) {
        value[p] = 0;
        for (size_t s = 0; s < (size_t)1 << players; s++)
            if (!(s >> p & 1)) value[p] += weight_of(size_of(s), players) * (worth[s | (size_t)1 << p] - worth[s]);
    }
}

void shapley_interactions(double *interaction, const double *worth, size_t players)
{
    for (size_t p = 0; p < players; p++)
        for (size_t q = 0; q < players; q++) {
            size_t both = (size_t)1 << p | (size_t)1 << q;
            double sum = 0;
            for (size_t s = 0; p != q && s < (size_t)1 << players; s++)
                if (!(s & both)) sum += weight_of(size_of(s), players - 1) * (worth[s | both] - worth[s | (size_t)1 << p] - worth[s | (size_t)1 << q] + worth[s]);
            interaction[p * players + q] = sum;
        }
}

/* ---- random orders --------------------------------------------------------------------------------- */

void orders_draw(size_t *order, size_t items, size_t orders, uint64_t seed)
{
    random_stream stream;
    random_seed(&stream, seed);
    for (size_t k = 0; k < orders; k++, order += items) {
        for (size_t c = 0; c < items; c++) order[c] = c;
        for (size_t c = items; c > 1; c--) {
            size_t with = (size_t)(random_uniform(&stream) * (double)c), kept = order[c - 1];
            order[c - 1] = order[with];
            order[with] = kept;
        }
    }
}

static int by_set(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

size_t sets_distinct(uint64_t *sets, size_t count)
{
    size_t kept = 0;
    qsort(sets, count, sizeof *sets, by_set);
    for (size_t k = 0; k < count; k++)
        if (!kept || sets[kept - 1] != sets[k]) sets[kept++] = sets[k];
    return kept;
}

size_t sets_find(const uint64_t *sets, size_t count, uint64_t set)
{
    const uint64_t *found = bsearch(&set, sets, count, sizeof *sets, by_set);
    return found ? (size_t)(found - sets) : count;
}

size_t orders_sets(uint64_t *sets, const size_t *order, size_t items, size_t orders)
{
    size_t count = 0;
    sets[count++] = 0;
    for (size_t k = 0; k < orders; k++) {
        uint64_t set = 0;
        for (size_t q = 0; q < items; q++) sets[count++] = set |= (uint64_t)1 << order[k * items + q];
    }
    return sets_distinct(sets, count);
}

void orders_values(double *value, double *error, const size_t *order, size_t items, size_t orders, double (*worth)(const void *payload, uint64_t set),
                   const void *payload)
{
    for (size_t c = 0; c < items; c++) value[c] = error[c] = 0;
    for (size_t k = 0; k < orders; k++) {
        uint64_t set = 0;
        for (size_t q = 0; q < items; q++) {
            size_t c = order[k * items + q];
            double added = worth(payload, set | (uint64_t)1 << c) - worth(payload, set);
            set |= (uint64_t)1 << c;
            value[c] += added / (double)orders;
            error[c] += added * added / (double)orders;
        }
    }
    for (size_t c = 0; c < items; c++) error[c] = sqrt(fmax(0, error[c] - value[c] * value[c]) / (double)(orders - 1));
}

/* ---- the core -------------------------------------------------------------------------------------- */

/* Columns 1 .. players are x, the last is e; lp_solve counts from one. */
static bool build_program(lprec *lp, double *row, const double *worth, size_t players, double scale)
{
    size_t all = ((size_t)1 << players) - 1;
    bool built = set_add_rowmode(lp, TRUE);
    for (size_t p = 0; p <= players; p++) row[p + 1] = p == players;
    built = built && set_obj_fn(lp, row);
    for (size_t s = 1; s <= all && built; s++) {
        for (size_t p = 0; p < players; p++) row[p + 1] = s >> p & 1;
        row[players + 1] = s != all;
        built = add_constraint(lp, row, s == all ? EQ : GE, (worth[s] - worth[0]) / scale);
    }
    built = built && set_add_rowmode(lp, FALSE);
    for (size_t p = 0; p <= players; p++) built = built && set_unbounded(lp, (int)p + 1);
    return built;
}

static double scale_of(const double *worth, size_t players)
{
    double most = 0;
    for (size_t s = 1; s < (size_t)1 << players; s++) most = fmax(most, fabs(worth[s] - worth[0]));
    return most > 0 ? most : 1;
}

bashu_status game_core(core_point *out, double *point, bashu_context *context, const double *worth, size_t players)
{
    static const double rounding = 1e-9; /* of the largest worth */
    if (players == 1) { /* nobody to fall short of */
        point[0] = worth[1] - worth[0];
        *out = (core_point){0, false};
        return BASHU_OK;
    }
    double scale = scale_of(worth, players), *row = calloc(players + 2, sizeof *row);
    lprec *lp = row ? make_lp(0, (int)players + 1) : NULL;
    if (!lp) {
        free(row);
        return fail_memory(context);
    }
    set_verbose(lp, NEUTRAL);
    bool built = build_program(lp, row, worth, players, scale);
    int ended = built ? solve(lp) : NOMEMORY;
    if (ended == OPTIMAL && get_variables(lp, row)) {
        for (size_t p = 0; p < players; p++) point[p] = scale * row[p];
        *out = (core_point){scale * row[players], row[players] > rounding};
    }
    delete_lp(lp);
    free(row);
    if (ended == NOMEMORY) return fail_memory(context);
    return ended == OPTIMAL ? BASHU_OK : fail(context, BASHU_ERROR_INTERNAL, "the linear program of the core was not solved (%d)", ended);
}
