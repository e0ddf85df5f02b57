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

/* The shares in single precision are read instead of the others; what they are compared with is the read of the doubles. */
void bench_pass_single(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)J;
    arena *memory = arena_new(b->context);
    float *single = memory ? arena_alloc(memory, N * N, sizeof *single) : NULL;
    passing p;
    if (passing_new(&p, b, memory, N, values)) {
        bare_read read = {p.shares.kernel, N * N, p.threads, 0};
        for (size_t i = 0; single && i < N * N; i++) single[i] = (float)p.shares.kernel[i];
        p.shares.single_kernel = single;
        if (single) ratio_of_times(values, b, &(timed_work){pass_once, &p}, &(timed_work){read_once, &read});
        else not_measured(values, "out of memory");
    }
    if (memory) arena_free(memory);
}

static void spend_many(void *payload, size_t row, const double *total, const double *kept, double *weight)
{
    const passing *p = payload;
    (void)kept;
    for (size_t k = 0; k < BILATERAL_MANY; k++) weight[k] = p->expenditure[row] / total[k];
}

static bool pass_many(void *payload)
{
    passing *p = payload;
    bilateral_pass_many(&p->shares, p->threads, p->x, spend_many, p, p->sum, p->work);
    return p->sum[0] > 0;
}

/* The same shares, another x for each scenario; the innermost index of every array is the scenario. */
static bool become_many(passing *p, arena *memory, bench_value *value)
{
    size_t N = p->shares.columns;
    const double *x = p->x;
    const array_wanted wanted[] = {{&p->x, N * BILATERAL_MANY}, {&p->sum, N * BILATERAL_MANY},
                                   {&p->work, BILATERAL_MANY * bilateral_work(N, 1, N)}};
    if (!ARENA_ARRAYS(memory, wanted)) {
        not_measured(value, "out of memory");
        return false;
    }
    for (size_t i = 0; i < N * BILATERAL_MANY; i++) p->x[i] = x[i / BILATERAL_MANY] * (1 + 0.01 * (double)(i % BILATERAL_MANY));
    return true;
}

void bench_batch(bench *b, size_t N, size_t J, bench_value *values)
{
    (void)J;
    arena *memory = arena_new(b->context);
    passing single, many;
    bool ready = passing_new(&single, b, memory, N, values) && passing_new(&many, b, memory, N, values) && become_many(&many, memory, values);
    if (ready) {
        timed_work batch = {pass_many, &many}, alone = {pass_once, &single};
        peak_loop loop = {many.threads, 0};
        if (ratio_of_times(&values[0], b, &batch, &alone)) {
            values[0].value /= BILATERAL_MANY;
            values[0].low /= BILATERAL_MANY;
            values[0].high /= BILATERAL_MANY;
        }
        /* the peak loop does PEAK_FLOPS on each thread, the batch 4 N^2 for each scenario */
        if (ratio_of_times(&values[1], b, &batch, &(timed_work){multiply_add, &loop}))
            inverse_of(&values[1], 4.0 * BILATERAL_MANY * (double)(N * N) / ((double)PEAK_FLOPS * many.threads));
    } else {
        values[1] = values[0];
    }
    if (memory) arena_free(memory);
}
