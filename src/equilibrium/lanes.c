/* lanes.c - many members of one system of equations, for solve/lockstep.h. */
#include "equilibrium/lanes.h"

enum { MANY = BILATERAL_MANY };

static void evaluate(void *payload, const double *z, double *f)
{
    system_evaluate(&((lanes *)payload)->system, z, f, false);
}

static void precondition(void *payload, const double *f, double *step)
{
    lanes *l = payload;
    preconditioner_apply_many(l->basis, f, step, l->work);
}

static void normalise(void *payload, double *z)
{
    system_normalise(&((lanes *)payload)->system, z);
}

static void put(double *beside, size_t lane, const double *x, size_t count)
{
    for (size_t i = 0; i < count; i++) beside[i * MANY + lane] = x[i];
}

void lane_get(double *x, const double *beside, size_t lane, size_t count)
{
    for (size_t i = 0; i < count; i++) x[i] = beside[i * MANY + lane];
}

static bool shock_of_all(lanes *l, arena *memory, bool people)
{
    const problem *p = &l->system.problem;
    size_t N = p->N, J = p->J, S = p->S;
    shock *k = &l->beside;
    const array_wanted wanted[] = {{&k->productivity_hat, N * J * MANY}, {&k->amenity_hat, N * S * MANY}, {&k->land_hat, N * MANY},
                                   {&k->transfer, N * MANY}, {&l->people_hat, people ? N * S * MANY : 0}};
    if (!ARENA_ARRAYS(memory, wanted)) return false;
    for (size_t i = 0; i < N * J * MANY; i++) k->productivity_hat[i] = 1;
    for (size_t i = 0; i < N * S * MANY; i++) k->amenity_hat[i] = 1;
    for (size_t i = 0; i < N * MANY; i++) k->land_hat[i] = 1;
    for (size_t i = 0; people && i < N * S * MANY; i++) l->people_hat[i] = 1;
    k->people_hat = people ? l->people_hat : NULL;
    return true;
}

void lanes_share(lanes *l, const system_of_equations *system)
{
    l->system.problem = system->problem;
    l->system.problem.members = MANY;
    l->system.problem.threads = 1;
    l->system.problem.shock = &l->beside;
}

bashu_status lanes_new(lanes **out, arena *memory, const system_of_equations *basis, bool people)
{
    lanes *l = arena_alloc(memory, 1, sizeof *l);
    if (!l) return fail_memory(arena_context(memory));
    *l = (lanes){.basis = basis};
    system_of_equations *system = &l->system;
    system->context = arena_context(memory);
    system->memory = memory;
    system->size = basis->size;
    lanes_share(l, basis); /* the baseline's kernels and decays stay where they are */
    l->work = arena_alloc(memory, preconditioner_many_work(basis), sizeof *l->work);
    if (!l->work || !shock_of_all(l, memory, people) || !system_point_new(&system->at, memory, &system->problem)) return fail_memory(system->context);
    l->problem = (lockstep_problem){system->size, l, evaluate, precondition, normalise};
    TRY(lockstep_new(&l->lockstep, memory, system->size));
    *out = l;
    return BASHU_OK;
}

void lanes_put(lanes *l, size_t lane, const shock *k)
{
    const problem *p = &l->system.problem;
    put(l->beside.productivity_hat, lane, k->productivity_hat, p->N * p->J);
    put(l->beside.amenity_hat, lane, k->amenity_hat, p->N * p->S);
    put(l->beside.land_hat, lane, k->land_hat, p->N);
    put(l->beside.transfer, lane, k->transfer, p->N);
    if (l->beside.people_hat) put(l->people_hat, lane, k->people_hat, p->N * p->S);
}
