/* nested.c - the solver against the field's usual algorithm (reference.h), on the same economy, to the same tolerance, in
 * turn.
 *
 * Both answers are judged by the certificate, which recomputes every equation from scratch, and have to agree. The
 * reference gets the damping and the number of threads with which it is fastest. Its inner loops begin with ones, as those
 * of published scripts do; what it would be otherwise goes into the note. */
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

/* The damping with the fewest rounds, of those that converge, then the number of threads; false: none converges. Inner loops
 * do not change the rounds, so they may begin where they ended here. */
static bool choose_settings(reference *r, int threads, const bashu_context *context)
{
    static const double dampings[] = {0.3, 0.4, 0.5, 0.6, 0.8, 1, 0.2, 0.1}; /* Alvarez & Lucas: 0 < kappa <= 1 */
    double damping = 0;
    int limit = r->round_limit;
    r->warm = true;
    for (size_t k = 0; k < sizeof dampings / sizeof *dampings && !is_cancelled(context); k++) {
        r->damping = dampings[k];
        if (!reference_solve(r)) continue;
        damping = r->damping;
        r->round_limit = r->rounds - 1; /* what takes longer is of no interest */
    }
    r->round_limit = limit;
    r->damping = damping;
    if (damping == 0) return false;
    double alone = seconds_of(&(timed_work){solve_reference, r});
    r->threads = threads;
    if (seconds_of(&(timed_work){solve_reference, r}) > alone) r->threads = 1;
    r->warm = false;
    return true;
}

/* Until the certificate allows its residual too, which is another measure than its own. */
static double solve_to_certificate(reference *r, bashu_result *room)
{
    double residual = reference_solve(r) ? residual_of(r, room) : (double)NAN;
    for (int k = 0; k < 6 && isfinite(residual) && residual > certified; k++) {
        r->tolerance /= 2;
        r->inner /= 2;
        residual = reference_solve(r) ? residual_of(r, room) : (double)NAN;
    }
    return residual;
}

static void compare(bench *b, solving *s, bashu_result *room, reference *r, bench_value *value)
{
    if (!choose_settings(r, thread_count(b->context), b->context)) {
        failed(value, "the reference does not converge with any damping");
        return;
    }
    double residual = solve_to_certificate(r, room), apart = 0;
    for (size_t n = 0; n < r->N; n++) apart = worse(apart, r->wage[n] / s->result->wage_hat[n] - 1);
    if (!(residual <= certified) || !(apart <= same_answer)) {
        failed(value, "the reference's residual is %.1e, and it differs by %.1e", residual, apart);
        return;
    }
    int rounds = r->rounds, prices = r->price_rounds, spending = r->spending_rounds, passes = s->result->info.passes;
    timed_work theirs = {solve_reference, r}, ours = {solve_again, s};
    bench_value warm = {.value = 0};
    r->warm = true; /* what nobody publishes, but anybody could */
    if (!ratio_of_times(&warm, b, &theirs, &ours)) {
        *value = warm;
        return;
    }
    r->warm = false;
    if (ratio_of_times(value, b, &theirs, &ours))
        note(value, "damping %g, threads %d: %d rounds, %d of prices, %d of spending, residual %.1e; ours: %d passes, %.1e; wages apart by "
             "%.0e; with inner loops that begin where they ended: %.4g",
             r->damping, r->threads, rounds, prices, spending, residual, passes, s->result->info.residual, apart, warm.value);
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
