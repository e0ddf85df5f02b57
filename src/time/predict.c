/* predict.c - where the solve of a year begins: at what can be said of it beforehand.
 *
 *   z_t = b_t + sum_c e_c(p_ct) + w_t
 *   b_t      the other path's answer of the same year; of the baseline path 0
 *   e_c(p)   = a_c p + d_c p^2, what change c does alone with the part p in force: through 0 and what is solved, roughly, for P/4 and P, the most that is ever
 *            in force (a change that comes at once: for P alone, and d_c = 0)
 *   w_t      what is left - changes that meet, knowledge that adds up -, continued from the years before by a polynomial through as many of them as
 *            have gone on in the same way, at most ORDERS; through two at a break
 *
 * Where it begins decides how long a year takes, not where it ends: that is the equilibrium, to the solver's tolerance. */
#include "time/predict.h"

#include "solve/solve.h"

#include <string.h>

enum { ORDERS = 6 }; /* beyond that the last digits of answers count for more than what is left */
static const double rough = 1e-5, quarter = 0.25;

struct predictor {
    size_t unknowns, changes;
    double *linear, *square; /* [changes][unknowns] a, d */
    double *left[ORDERS];    /* [unknowns] w, the last year first */
    size_t years, steady;    /* noted; since changes last broke off */
    double *start, *other;   /* [unknowns] */
};

bashu_status predictor_new(predictor **out, arena *memory, size_t unknowns, size_t changes)
{
    predictor *p = *out = arena_alloc(memory, 1, sizeof *p);
    if (!p) return fail_memory(arena_context(memory));
    *p = (predictor){.unknowns = unknowns, .changes = changes};
    const array_wanted wanted[] = {{&p->linear, changes * unknowns}, {&p->square, changes * unknowns}, {&p->start, unknowns}, {&p->other, unknowns}};
    bool complete = ARENA_ARRAYS(memory, wanted);
    for (size_t k = 0; k < ORDERS && complete; k++) complete = (p->left[k] = arena_alloc(memory, unknowns, sizeof(double)));
    return complete ? BASHU_OK : fail_memory(arena_context(memory));
}

/* z: where to begin, then the answer. False: there is none. */
static bashu_status solve_roughly(bool *solved, bashu_solver *solver, const shock *k, double *z, int *passes)
{
    solve_outcome outcome = {0};
    TRY(solve_point(solver, k, true, rough, z, &outcome));
    *passes += outcome.passes;
    *solved = outcome.reason > 0;
    return BASHU_OK;
}

bashu_status predictor_learn(predictor *p, bashu_solver *solver, predictor_shock *in_force, void *payload, size_t which, double most, bool in_steps, int *passes)
{
    size_t size = p->unknowns;
    double *whole = p->linear + which * size, *square = p->square + which * size, *part = p->start, q = quarter * most;
    const shock *k;
    bool solved;
    TRY(in_force(&k, payload, which, most));
    if (k->empty) return BASHU_OK;
    TRY(solve_roughly(&solved, solver, k, whole, passes));
    for (size_t i = 0; i < size; i++) {
        whole[i] = solved ? whole[i] / most : 0;
        part[i] = q * whole[i];
    }
    if (!solved || !in_steps) return BASHU_OK;
    TRY(in_force(&k, payload, which, q));
    TRY(solve_roughly(&solved, solver, k, part, passes));
    for (size_t i = 0; solved && i < size; i++) {
        square[i] = (part[i] / q - whole[i]) / (q - most);
        whole[i] -= most * square[i];
    }
    return BASHU_OK;
}

/* out += sign (b + sum of effects) */
static void add_known(predictor *p, double *out, double sign, const double *parts, const bashu_result *other)
{
    if (other) result_unknowns(p->other, other);
    for (size_t i = 0; other && i < p->unknowns; i++) out[i] += sign * p->other[i];
    for (size_t c = 0; c < p->changes; c++) {
        const double *linear = p->linear + c * p->unknowns, *square = p->square + c * p->unknowns;
        for (size_t i = 0; parts[c] > 0 && i < p->unknowns; i++) out[i] += sign * parts[c] * (linear[i] + parts[c] * square[i]);
    }
}

const double *predictor_start(predictor *p, const double *parts, const bashu_result *other, bool breaks)
{
    p->steady = breaks ? 0 : p->steady + 1;
    size_t through = breaks ? 2 : p->steady + 1;
    if (through > ORDERS) through = ORDERS;
    if (through > p->years) through = p->years;
    memset(p->start, 0, p->unknowns * sizeof *p->start);
    double factor = 1; /* (-1)^k binomial(through, k + 1): the polynomial through equal steps, one further */
    for (size_t k = 0; k < through; k++) {
        factor *= (k ? -1.0 : 1.0) * (double)(through - k) / (double)(k + 1);
        for (size_t i = 0; i < p->unknowns; i++) p->start[i] += factor * p->left[k][i];
    }
    add_known(p, p->start, 1, parts, other);
    return p->start;
}

void predictor_note(predictor *p, const double *parts, const bashu_result *other, const bashu_result *year)
{
    double *oldest = p->left[ORDERS - 1];
    for (size_t k = ORDERS - 1; k > 0; k--) p->left[k] = p->left[k - 1];
    p->left[0] = oldest;
    p->years++;
    if (other == year) { /* to the last bit */
        memset(oldest, 0, p->unknowns * sizeof *oldest);
        add_known(p, oldest, -1, parts, NULL);
        return;
    }
    result_unknowns(oldest, year);
    add_known(p, oldest, -1, parts, other);
}
