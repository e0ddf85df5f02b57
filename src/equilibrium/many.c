/* many.c - lanes of scenarios: shocks in, results out; solve/lockstep.h between. */
#include "equilibrium/many.h"

#include "equilibrium/lanes.h"

#include <string.h>

enum { MANY = BILATERAL_MANY };

struct many_basis {
    bashu_solver *solver;              /* prepared, and then left at the baseline */
    const system_of_equations *system; /* its */
};

/* One scenario on its way, in a lane or waiting; the two exchange tickets, and with them their memory. */
typedef struct ticket {
    size_t number;
    shock shock;
    double *start;       /* [N K]; read where has_start */
    bool has_start, solved;
    double begun_s;
    bashu_result *result; /* of who waits */
} ticket;

struct many_solver {
    const many_basis *basis;
    bashu_solver *alone;
    lanes *lanes;
    ticket in_lane[MANY], waiting[MANY];
    size_t waiting_count;
    double *z;
};

/* ---- the basis ------------------------------------------------------------------------------------ */

/* Directions of which the products cost a third of a pass: N K each, against N N J. */
static size_t directions_worth(const problem *p)
{
    enum { LEAST = 24 };
    size_t third = p->N * p->J / (3 * p->K);
    return third > LEAST ? third : LEAST;
}

bashu_status many_basis_new(many_basis **out, const bashu_economy *economy)
{
    bashu_solver *solver;
    *out = NULL;
    TRY(solver_new(&solver, economy, NULL));
    system_of_equations *system = solver_system(solver);
    many_basis *b = arena_alloc(system->memory, 1, sizeof *b);
    bashu_status status = b ? preconditioner_prepare(system, directions_worth(&system->problem)) : fail_memory(economy->context);
    if (status == BASHU_OK && preconditioner_is_prepared(system)) {
        *b = (many_basis){solver, system};
        *out = b;
    } else {
        solver_free(solver);
    }
    return status;
}

void many_basis_free(many_basis *b)
{
    if (b) solver_free(b->solver); /* in whose memory it is */
}

bool many_takes(const bashu_economy *e, const bashu_options *options, const shock *k)
{
    size_t pairs = e->about.N * e->about.J * e->about.N;
    bool costs = k->trade_cost_hat || k->migration_cost_hat || k->commuting_cost_hat || k->travel_time_h || k->subsidy;
    if (k->empty || costs || (options && options->method)) return false;
    return k->tariff == e->tariff || (k->tariff && e->tariff && !memcmp(k->tariff, e->tariff, pairs * sizeof *k->tariff));
}

/* ---- the lanes ------------------------------------------------------------------------------------ */

static bool tickets_new(many_solver *many, arena *memory)
{
    const problem *p = &many->lanes->system.problem;
    many->z = arena_alloc(memory, many->lanes->system.size, sizeof *many->z);
    if (!many->z) return false;
    for (size_t m = 0; m < 2 * MANY; m++) {
        ticket *t = m < MANY ? &many->in_lane[m] : &many->waiting[m - MANY];
        if (shock_none(&t->shock, memory, p->economy) != BASHU_OK || !(t->start = arena_alloc(memory, many->lanes->system.size, sizeof(double)))) return false;
        t->shock.empty = false;
    }
    return true;
}

bashu_status many_solver_new(many_solver **out, arena *memory, const many_basis *basis, bashu_solver *alone)
{
    many_solver *many = arena_alloc(memory, 1, sizeof *many);
    if (!many) return fail_memory(arena_context(memory));
    *many = (many_solver){.basis = basis, .alone = alone};
    TRY(lanes_new(&many->lanes, memory, basis->system, false));
    if (!tickets_new(many, memory)) return fail_memory(arena_context(memory));
    *out = many;
    return BASHU_OK;
}

void many_solver_free(many_solver *many)
{
    for (size_t m = 0; many && m < MANY; m++) {
        result_free(many->in_lane[m].result);
        result_free(many->waiting[m].result);
    }
}

lane_state many_state(const many_solver *many, size_t lane) { return many->lanes->lockstep->lanes[lane].state; }

void many_place(many_solver *many, size_t lane, const shock *k, const double *start, size_t number)
{
    const problem *p = &many->lanes->system.problem;
    ticket *t = &many->in_lane[lane];
    memcpy(t->shock.productivity_hat, k->productivity_hat, p->N * p->J * sizeof(double));
    memcpy(t->shock.amenity_hat, k->amenity_hat, p->N * p->S * sizeof(double));
    memcpy(t->shock.land_hat, k->land_hat, p->N * sizeof(double));
    memcpy(t->shock.transfer, k->transfer, p->N * sizeof(double));
    lanes_put(many->lanes, lane, k);
    t->number = number;
    t->has_start = start;
    if (start) memcpy(t->start, start, many->lanes->system.size * sizeof *start);
    t->begun_s = now_s();
    lockstep_place(many->lanes->lockstep, lane, start);
}

void many_advance(many_solver *many)
{
    const bashu_options *options = solver_options(many->alone);
    lockstep_advance(many->lanes->lockstep, &many->lanes->problem, options->tolerance / 2, options->pass_limit);
}

/* The point of a lane as if it had been evaluated alone: what results are made of. */
static void bring_point(const many_solver *many, size_t lane, point *to)
{
    const problem *p = &many->lanes->system.problem;
    const point *at = &many->lanes->system.at;
    lane_get(to->x, at->x, lane, p->N * p->J);
    lane_get(to->expenditure, at->expenditure, lane, p->N * p->J);
    lane_get(to->income, at->income, lane, p->N);
    lane_get(to->deficit_rate, at->deficit_rate, lane, p->N);
    lane_get(to->local_value_added, at->local_value_added, lane, p->N);
}

bashu_status many_collect(many_solver *many, size_t lane)
{
    lockstep_lane *a = &many->lanes->lockstep->lanes[lane];
    ticket *t = &many->waiting[many->waiting_count++], gone = *t;
    *t = many->in_lane[lane];
    many->in_lane[lane] = gone;
    t->solved = a->state == LANE_SOLVED;
    a->state = LANE_EMPTY;
    if (!t->solved) return BASHU_OK;
    solve_outcome outcome = {.reason = BASHU_CONVERGED_RESIDUAL, .rung = RUNG_ANDERSON, .passes = a->passes, .residual = a->residual,
                             .history = a->history, .history_count = (size_t)a->passes};
    lane_get(many->z, many->lanes->lockstep->z, lane, many->lanes->system.size);
    bring_point(many, lane, &solver_system(many->alone)->at);
    return solver_accept(&t->result, many->alone, &t->shock, many->z, &outcome);
}

size_t many_waiting(const many_solver *many) { return many->waiting_count; }

bashu_status many_certify(many_solver *many)
{
    bashu_result *results[MANY];
    const shock *shocks[MANY];
    size_t solved = 0;
    double tolerance = solver_options(many->alone)->tolerance;
    for (size_t i = 0; i < many->waiting_count; i++)
        if (many->waiting[i].solved) {
            results[solved] = many->waiting[i].result;
            shocks[solved++] = &many->waiting[i].shock;
        }
    TRY(certify_together(results, shocks, solved));
    for (size_t i = 0; i < many->waiting_count; i++) {
        ticket *t = &many->waiting[i];
        if (!t->solved || !(t->result->info.residual <= tolerance)) {
            solver_set_start(many->alone, t->has_start ? t->start : NULL);
            TRY(solve_shock(&t->result, many->alone, &t->shock));
        }
        t->result->info.time_s = now_s() - t->begun_s;
    }
    return BASHU_OK;
}

const bashu_result *many_answer(const many_solver *many, size_t i, size_t *number)
{
    *number = many->waiting[i].number;
    return many->waiting[i].result;
}

void many_forget(many_solver *many) { many->waiting_count = 0; }
