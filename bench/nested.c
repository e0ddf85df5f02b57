/* nested.c - the solver against the field's usual algorithm (reference.h), on the same economy, to the same tolerance, in
 * turn.
 *
 * Both answers are judged by the certificate, which recomputes every equation from scratch, and have to agree. The
 * reference gets the damping and the number of threads with which it is fastest, of those that converge. */
#include "parts.h"
#include "reference.h"

#include <math.h>
#include <string.h>

/* Residual that the certificate allows, of both. */
static const double certified = 1e-10, same_answer = 1e-7;

static bool solve_reference(void *payload)
{
    return reference_solve(payload);
}

/* The certificate of the reference's answer, in a result made for it. */
static double residual_of(const reference *r, bashu_result *room)
{
    const bashu_economy *e = r->economy;
    memcpy(room->wage_hat, r->wage, r->N * sizeof(double));
    memcpy(room->expenditure, r->expenditure, r->N * r->J * sizeof(double));
    memcpy(room->income, r->income, r->N * sizeof(double));
    for (size_t i = 0; i < r->N * r->J; i++) {
        room->price_hat[i] = exp(r->log_price[i]);
        room->output_hat[i] = e->output[i] > 0 ? r->output[i] / e->output[i] : 1;
    }
    return certify(room, r->shock) == BASHU_OK ? room->info.residual : (double)NAN;
}

/* The damping and threads that are fastest; false: none converges. What is slower than the best so far is cut off. */
static bool choose_settings(reference *r, int threads, const bashu_context *context)
{
    static const double dampings[] = {0.3, 0.5, 0.7, 1, 1.5, 2, 3, 0.2, 0.1};
    double best_s = INFINITY, damping = 0;
    int best_threads = 1, rounds = r->round_limit;
    for (int t = 1; t <= threads; t += threads > 1 ? threads - 1 : 1)
        for (size_t k = 0; k < sizeof dampings / sizeof *dampings && !is_cancelled(context); k++) {
            r->damping = dampings[k];
            r->threads = t;
            double start = now_s();
            bool solved = reference_solve(r);
            double took = now_s() - start;
            if (!solved || took >= best_s) continue;
            best_s = took;
            damping = r->damping;
            best_threads = t;
            r->round_limit = 2 * r->rounds;
        }
    r->damping = damping;
    r->threads = best_threads;
    r->round_limit = rounds;
    return isfinite(best_s);
}

static void compare(bench *b, solving *s, bashu_result *room, reference *r, bench_value *value)
{
    if (!choose_settings(r, thread_count(b->context), b->context) || !reference_solve(r)) {
        failed(value, "the reference does not converge with any damping");
        return;
    }
    double residual = residual_of(r, room);
    for (int k = 0; k < 4 && !(residual <= certified); k++) { /* its own measure is another one */
        r->tolerance /= 3;
        r->inner /= 3;
        residual = reference_solve(r) ? residual_of(r, room) : (double)NAN;
    }
    double apart = 0;
    for (size_t n = 0; n < r->N; n++) apart = worse(apart, r->wage[n] / s->result->wage_hat[n] - 1);
    if (!(residual <= certified) || !(apart <= same_answer)) {
        failed(value, "the reference's residual is %.1e, and it differs by %.1e", residual, apart);
        return;
    }
    int rounds = r->rounds, prices = r->price_rounds, spending = r->spending_rounds, passes = s->result->info.passes;
    if (ratio_of_times(value, b, &(timed_work){solve_reference, r}, &(timed_work){solve_again, s}))
        note(value, "damping %g, %d thread%s: %d rounds, %d of prices, %d of spending, residual %.1e; ours %d passes, %.1e; apart %.0e",
             r->damping, r->threads, r->threads > 1 ? "s" : "", rounds, prices, spending, residual, passes,
             s->result->info.residual, apart);
}

void bench_nested(bench *b, size_t N, size_t J, bench_value *values)
{
    synthetic from = sectors_with_inputs(N, J, N > 100 ? 0.8 : 0.9);
    const bashu_economy *economy = economy_of(b, &from, values);
    arena *memory = arena_new(b->context);
    solving s = {0}, room = {0};
    reference r;
    if (economy && memory && solving_open(&s, economy, from.shock_sigma, from.seed, values)
        && solving_open(&room, economy, from.shock_sigma, from.seed, values)) {
        if (!reference_new(&r, memory, economy, &s.shock)) not_measured(values, "out of memory");
        else if (!solve_again(&s) || !solve_again(&room)) failed(values, "the solver finds no equilibrium");
        else compare(b, &s, room.result, &r, values);
    }
    solving_close(&s);
    solving_close(&room);
    if (memory) arena_free(memory);
}
