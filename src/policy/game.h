/* game.h - games in which players join: what each brings, and whether all can be kept together.
 *
 * worth: [2^players], of the coalition in which player p takes part when bit p of the index is set; worth[0] of nobody. */
#ifndef BASHU_POLICY_GAME_H
#define BASHU_POLICY_GAME_H

#include "core/core.h"

enum { PLAYERS_EXACT = 12, PLAYERS_MOST = 64 };

/* value: [players]; adds up to worth of all less worth of nobody. */
void shapley_values(double *value, const double *worth, size_t players);
/* interaction: [players][players], symmetric, zero on the diagonal; positive: two are worth more together than apart. */
void shapley_interactions(double *interaction, const double *worth, size_t players);

/* Random orders for games too large to take all of them (Castro, Gomez & Tejada 2009). order: [orders][items]. */
void orders_draw(size_t *order, size_t items, size_t orders, uint64_t seed);
/* Sets that the orders pass through, nobody and all too, sorted and each once; room for orders x items + 1. Returns how many. */
size_t orders_sets(uint64_t *sets, const size_t *order, size_t items, size_t orders);
/* value, error: [items]; error: standard error of the mean. orders >= 2. */
void orders_values(double *value, double *error, const size_t *order, size_t items, size_t orders, double (*worth)(const void *payload, uint64_t set),
                   const void *payload);
/* Sorts and leaves each set once; returns how many are left. */
size_t sets_distinct(uint64_t *sets, size_t count);
/* Where a set stands in the sorted list; count: nowhere. */
size_t sets_find(const uint64_t *sets, size_t count, uint64_t set);

typedef struct core_point {
    double excess;   /* of the least core: the most by which a coalition falls short; at most zero where the core is not empty */
    bool empty;
} core_point;
/* point: [players], shares of worth of all in the least core (Maschler, Peleg & Shapley 1979). players: 1 .. PLAYERS_EXACT. Errors: MEMORY,
 * INTERNAL when the linear program is not solved. */
bashu_status game_core(core_point *out, double *point, bashu_context *context, const double *worth, size_t players);

#endif
