/* pass.c - one pass over the trade shares against reading them once; sixteen scenarios in one pass.
 *
 * A matrix without economics: what counts is that it is as large as the shares of 8,000 places. The row function spends
 * an expenditure on what the row adds up to, as a model does. */
#include "parts.h"

#include "linalg/bilateral.h"

#include <string.h>

typedef struct passing {
    bilateral shares;
    int threads;
    double *x, *expenditure, *sum, *work;
} passing;

static void spend(void *payload, size_t row, const double *total, const double *kept, double *weight)
{
    const passing *p = payload;
    (void)kept;
    weight[0] = p->expenditure[row] / total[0];
}

static bool pass_once(void *payload)
{
    passing *p = payload;
    bilateral_pass(&p->shares, p->threads, p->x, spend, p, p->sum, NULL, p->work);
    return p->sum[0] > 0;
}

/* The first N x N numbers of the matrix that all passes share. */
static bool passing_new(passing *p, bench *b, arena *memory, size_t N, bench_value *value)
{
    const double *matrix = matrix_of(b, value);
    if (!matrix) return false;
    *p = (passing){.shares = {.rows = N, .layers = 1, .columns = N, .kernel = matrix}, .threads = thread_count(b->context)};
    const array_wanted wanted[] = {{&p->x, N}, {&p->expenditure, N}, {&p->sum, N}, {&p->work, bilateral_work(N, 1, N)}};
    if (!memory || !ARENA_ARRAYS(memory, wanted)) {
        not_measured(value, "out of memory");
        return false;
    }
    for (size_t n = 0; n < N; n++) {
        p->x[n] = 1 + 1e-3 * (double)(n % 11);
        p->expenditure[n] = 1 + 1e-3 * (double)(n % 7);
    }
    return true;
}

void bench_pass(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)J;
    arena *memory = arena_new(b->context);
    passing p;
    if (passing_new(&p, b, memory, N, values)) {
        bare_read read = {p.shares.kernel, N * N, p.threads, 0};
        ratio_of_times(values, b, &(timed_work){pass_once, &p}, &(timed_work){read_once, &read});
    }
    if (memory) arena_free(memory);
}

/* HOOK: bilateral.single. Fill an array of N * N floats from the matrix, set p.shares.single to it, and compare as above
 * with the read of the doubles. */
void bench_pass_single(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)b;
    (void)N;
    (void)J;
    not_measured(values, "not built: passes over shares in single precision");
}

/* HOOK: bilateral_pass_many. Make `many` do one pass for SCENARIOS right sides; the rest is there. */
enum { SCENARIOS = 16 };
static work_function *const many = NULL;

void bench_batch(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)J;
    if (!many) {
        for (int k = 0; k < 2; k++) not_measured(&values[k], "not built: passes for many scenarios at once");
        return;
    }
    arena *memory = arena_new(b->context);
    passing p;
    if (passing_new(&p, b, memory, N, values)) {
        timed_work batch = {many, &p}, alone = {pass_once, &p};
        peak_loop loop = {p.threads, 0};
        if (ratio_of_times(&values[0], b, &batch, &alone)) {
            values[0].value /= SCENARIOS;
            values[0].low /= SCENARIOS;
            values[0].high /= SCENARIOS;
        }
        /* the peak loop does PEAK_FLOPS on each thread, the batch 4 N^2 for each scenario */
        if (ratio_of_times(&values[1], b, &batch, &(timed_work){multiply_add, &loop}))
            invert(&values[1], 4.0 * SCENARIOS * (double)(N * N) / ((double)PEAK_FLOPS * p.threads));
    }
    if (memory) arena_free(memory);
}
