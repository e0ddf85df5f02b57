/* test_linalg.c - the pass over shares against plain sums, and dense blocks against the systems they solve. */
#include "linalg/bilateral.h"
#include "linalg/vector.h"
#include "linalg/lu_blocks.h"
#include "core/core.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 155, LAYERS = 3, COLUMNS = 37, SIZE = 23, BLOCKS = 7, SUMS = LAYERS * COLUMNS };

/* The pass of bilateral.h in a few lines: one number after the other. */
static void plain_pass(const bilateral *b, const double *x, bilateral_row *row, double *sum, double *square)
{
    double total[LAYERS], kept[LAYERS], weight[LAYERS];
    memset(sum, 0, SUMS * sizeof *sum);
    memset(square, 0, SUMS * sizeof *square);
    for (size_t n = 0; n < b->rows; n++) {
        const double *kernel = b->kernel + n * SUMS, *sales = (b->sales ? b->sales : b->kernel) + n * SUMS;
        for (size_t j = 0; j < LAYERS; j++) {
            total[j] = kept[j] = 0;
            for (size_t i = 0; i < COLUMNS; i++) {
                total[j] += kernel[j * COLUMNS + i] * x[j * COLUMNS + i];
                kept[j] += sales[j * COLUMNS + i] * x[j * COLUMNS + i];
            }
        }
        row(NULL, n, total, kept, weight);
        for (size_t k = 0; k < SUMS; k++) {
            sum[k] += weight[k / COLUMNS] * sales[k];
            if (total[k / COLUMNS] > 0) square[k] += weight[k / COLUMNS] / total[k / COLUMNS] * sales[k] * kernel[k];
        }
    }
}

static void spend(void *payload, size_t row, const double *total, const double *kept, double *weight)
{
    (void)payload;
    for (size_t j = 0; j < LAYERS; j++) weight[j] = (double)(row + 1) * kept[j] / total[j];
}

static void spend_many(void *payload, size_t row, const double *total, const double *kept, double *weight)
{
    (void)payload;
    for (size_t j = 0; j < LAYERS * BILATERAL_MANY; j++) weight[j] = (double)(row + 1) * kept[j] / total[j];
}

static void must_agree(const double *got, const double *expected, size_t count, double tolerance)
{
    for (size_t k = 0; k < count; k++)
        if (!(fabs(got[k] / expected[k] - 1) < tolerance)) fail_msg("[%zu]: %.17g, expected %.17g", k, got[k], expected[k]);
}

typedef struct kernels {
    double kernel[ROWS * SUMS], sales[ROWS * SUMS], x[SUMS];
    float single_kernel[ROWS * SUMS], single_sales[ROWS * SUMS];
    double kernel_of_single[ROWS * SUMS], sales_of_single[ROWS * SUMS];
} kernels;

static kernels *draw_kernels(void)
{
    kernels *k = malloc(sizeof *k);
    random_stream stream;
    assert_non_null(k);
    random_seed(&stream, 5);
    for (size_t i = 0; i < ROWS * SUMS; i++) {
        k->kernel[i] = random_uniform(&stream);
        k->sales[i] = k->kernel[i] * (0.5 + 0.5 * random_uniform(&stream));
        k->kernel_of_single[i] = (double)(k->single_kernel[i] = (float)k->kernel[i]);
        k->sales_of_single[i] = (double)(k->single_sales[i] = (float)k->sales[i]);
    }
    for (size_t i = 0; i < SUMS; i++) k->x[i] = random_uniform(&stream);
    return k;
}

/* Rows that are a multiple of no group size, with and without tariffs, in both precisions, whatever the threads. */
static void a_pass_is_its_sums(void **state)
{
    kernels *k = draw_kernels();
    double *work = malloc(bilateral_work(ROWS, LAYERS, COLUMNS) * sizeof *work);
    double sum[3][SUMS], square[3][SUMS], plain[SUMS], plain_square[SUMS];
    (void)state;
    for (size_t rows = ROWS; rows > 0; rows = rows > 40 ? rows - 115 : rows > 3 ? 3 : rows - 1)
        for (int tariffs = 0; tariffs < 2; tariffs++)
            for (int single = 0; single < 2; single++) {
                bilateral b = {.rows = rows, .layers = LAYERS, .columns = COLUMNS, .kernel = k->kernel};
                if (tariffs) b.sales = k->sales;
                if (single) b.single_kernel = k->single_kernel, b.single_sales = tariffs ? k->single_sales : NULL;
                for (int threads = 1; threads <= 3; threads++)
                    bilateral_pass(&b, threads, k->x, spend, NULL, sum[threads - 1], square[threads - 1], work);
                for (int other = 1; other < 3; other++) {
                    assert_memory_equal(sum[0], sum[other], sizeof sum[0]);
                    assert_memory_equal(square[0], square[other], sizeof square[0]);
                }
                bilateral as_read = b; /* what was rounded is the kernel; the sums are not */
                if (single) as_read.kernel = k->kernel_of_single, as_read.sales = tariffs ? k->sales_of_single : NULL;
                plain_pass(&as_read, k->x, spend, plain, plain_square);
                must_agree(sum[0], plain, SUMS, 1e-13);
                must_agree(square[0], plain_square, SUMS, 1e-13);
                bilateral_pass(&b, 2, k->x, spend, NULL, sum[1], NULL, work);
                assert_memory_equal(sum[0], sum[1], sizeof sum[0]);
            }
    free(work);
    free(k);
}

static void totals_are_sums_by_row(void **state)
{
    kernels *k = draw_kernels();
    double totals[ROWS * LAYERS];
    bilateral b = {.rows = ROWS, .layers = LAYERS, .columns = COLUMNS, .kernel = k->kernel};
    (void)state;
    bilateral_totals(&b, 2, k->x, totals);
    for (size_t row = 0; row < ROWS * LAYERS; row++) {
        double total = 0;
        for (size_t i = 0; i < COLUMNS; i++) total += k->kernel[row * COLUMNS + i] * k->x[row % LAYERS * COLUMNS + i];
        must_agree(&totals[row], &total, 1, 1e-13);
    }
    free(k);
}

/* The other half: of both threads the same bits. */
static void sums_are_by_column(void **state)
{
    kernels *k = draw_kernels();
    double weight[ROWS * LAYERS], sum[2][SUMS], *work = malloc(bilateral_work(ROWS, LAYERS, COLUMNS) * sizeof *work);
    bilateral b = {.rows = ROWS, .layers = LAYERS, .columns = COLUMNS, .kernel = k->kernel};
    (void)state;
    assert_non_null(work);
    for (size_t i = 0; i < ROWS * LAYERS; i++) weight[i] = (double)(1 + i % 7) / 3;
    for (int q = 0; q < 2; q++) bilateral_sums(&b, q + 1, weight, sum[q], work);
    assert_memory_equal(sum[0], sum[1], sizeof sum[0]);
    for (size_t i = 0; i < SUMS; i++) {
        double plain = 0;
        for (size_t row = 0; row < ROWS; row++) plain += weight[row * LAYERS + i / COLUMNS] * k->kernel[row * SUMS + i];
        must_agree(&sum[0][i], &plain, 1, 1e-13);
    }
    free(work);
    free(k);
}

/* What is not a number is worse than any number, whether it comes first or last. */
static void nothing_is_worse_than_nan(void **state)
{
    (void)state;
    assert_true(worse(1, -2) == 2 && worse(3, 2) == 3);
    assert_true(isnan(worse(1, (double)NAN)) && isnan(worse(worse(0, (double)NAN), 5)));
}

/* Each member is a pass of its own: the others, and the threads, leave no trace in its bits. */
static void many_passes_are_single_ones(void **state)
{
    enum { MANY = BILATERAL_MANY };
    kernels *k = draw_kernels();
    double *work = malloc(MANY * bilateral_work(ROWS, LAYERS, COLUMNS) * sizeof *work);
    double *x = malloc(SUMS * MANY * sizeof *x), *sum = malloc(SUMS * MANY * sizeof *sum), *again = malloc(SUMS * MANY * sizeof *again);
    double one[SUMS], own[SUMS], plain[SUMS], square[SUMS];
    random_stream stream;
    (void)state;
    random_seed(&stream, 8);
    for (size_t i = 0; i < SUMS * MANY; i++) x[i] = random_uniform(&stream);
    for (size_t rows = ROWS; rows > 0; rows = rows > 40 ? rows - 115 : rows > 3 ? 3 : rows - 1)
        for (int tariffs = 0; tariffs < 2; tariffs++) {
            bilateral b = {.rows = rows, .layers = LAYERS, .columns = COLUMNS, .kernel = k->kernel, .sales = tariffs ? k->sales : NULL};
            bilateral_pass_many(&b, 1, x, spend_many, NULL, sum, work);
            for (int threads = 2; threads <= 3; threads++) {
                bilateral_pass_many(&b, threads, x, spend_many, NULL, again, work);
                assert_memory_equal(sum, again, SUMS * MANY * sizeof *sum);
            }
            for (size_t m = 0; m < MANY; m++) {
                for (size_t i = 0; i < SUMS; i++) one[i] = x[i * MANY + m], own[i] = sum[i * MANY + m];
                plain_pass(&b, one, spend, plain, square);
                must_agree(own, plain, SUMS, 1e-13);
            }
        }
    for (size_t i = 0; i < SUMS * MANY; i++) x[i] = i % MANY == 3 ? x[i] : random_uniform(&stream);
    bilateral b = {.rows = ROWS, .layers = LAYERS, .columns = COLUMNS, .kernel = k->kernel};
    bilateral_pass_many(&b, 1, x, spend_many, NULL, again, work);
    for (size_t i = 0; i < SUMS * MANY; i++) x[i] = i % MANY == 3 ? x[i] : 1;
    bilateral_pass_many(&b, 1, x, spend_many, NULL, sum, work);
    for (size_t i = 3; i < SUMS * MANY; i += MANY) assert_memory_equal(&sum[i], &again[i], sizeof sum[i]);
    free(again);
    free(sum);
    free(x);
    free(work);
    free(k);
}

/* The two halves over any matrix, against plain sums; what is between the rows is not touched. */
static void products_with_many(void **state)
{
    enum { MANY = BILATERAL_MANY, MOST = 19, STRIDE = 26 };
    static double matrix[MOST * STRIDE], x[STRIDE * MANY], weight[MOST * MANY], total[MOST * MANY], sum[STRIDE * MANY];
    random_stream stream;
    (void)state;
    random_seed(&stream, 4);
    for (size_t i = 0; i < MOST * STRIDE; i++) matrix[i] = random_normal(&stream);
    for (size_t i = 0; i < STRIDE * MANY; i++) x[i] = random_normal(&stream);
    for (size_t i = 0; i < MOST * MANY; i++) weight[i] = random_normal(&stream);
    for (size_t rows = 1; rows <= MOST; rows += 3)
        for (size_t columns = 1; columns <= STRIDE; columns += 5) {
            for (size_t i = 0; i < STRIDE * MANY; i++) sum[i] = x[i];
            for (size_t i = 0; i < MOST * MANY; i++) total[i] = -1;
            many_totals(matrix, rows, STRIDE, columns, x, total);
            many_sums(matrix, rows, STRIDE, columns, weight, sum);
            for (size_t r = 0; r < MOST; r++)
                for (size_t m = 0; m < MANY; m++) {
                    double plain = 0;
                    for (size_t i = 0; i < columns; i++) plain += matrix[r * STRIDE + i] * x[i * MANY + m];
                    assert_true(r < rows ? fabs(total[r * MANY + m] - plain) < 1e-13 : total[r * MANY + m] == -1);
                }
            for (size_t i = 0; i < STRIDE; i++)
                for (size_t m = 0; m < MANY; m++) {
                    double plain = x[i * MANY + m];
                    for (size_t r = 0; r < rows && i < columns; r++) plain += matrix[r * STRIDE + i] * weight[r * MANY + m];
                    assert_true(fabs(sum[i * MANY + m] - plain) < 1e-13);
                }
        }
}

static void blocks_solve_their_systems(void **state)
{
    static double matrix[BLOCKS][SIZE * SIZE];
    random_stream stream;
    (void)state;
    random_seed(&stream, 6);
    lu_blocks *blocks = lu_blocks_new(BLOCKS, SIZE);
    assert_non_null(blocks);
    for (size_t b = 0; b < BLOCKS; b++)
        for (size_t k = 0; k < SIZE * SIZE; k++) matrix[b][k] = random_normal(&stream);
    matrix[3][0] = 0; /* needs a pivot from below */
#pragma omp parallel for num_threads(2)
    for (size_t b = 0; b < BLOCKS; b++) lu_blocks_factor(blocks, b, matrix[b]);
    for (size_t b = 0; b < BLOCKS; b++) {
        double x[SIZE], right[SIZE] = {0};
        for (size_t k = 0; k < SIZE; k++) x[k] = 1 + (double)k;
        for (size_t c = 0; c < SIZE; c++)
            for (size_t r = 0; r < SIZE; r++) right[r] += matrix[b][c * SIZE + r] * x[c];
        lu_blocks_solve(blocks, b, right);
        for (size_t k = 0; k < SIZE; k++) assert_true(fabs(right[k] / x[k] - 1) < 1e-9);
    }
    static double
        many[2][10 * SIZE]; /* as one by one, whatever the threads; 10 is no multiple of what KLU takes together */
    for (size_t k = 0; k < 10 * SIZE; k++) many[0][k] = many[1][k] = random_normal(&stream);
    double alone[SIZE];
    memcpy(alone, many[0] + 9 * SIZE, sizeof alone);
    for (int threads = 1; threads <= 2; threads++)
        assert_true(lu_blocks_solve_many(blocks, 3, many[threads - 1], 10, threads));
    assert_memory_equal(many[0], many[1], sizeof many[0]);
    lu_blocks_solve(blocks, 3, alone);
    for (size_t k = 0; k < SIZE; k++)
        assert_true(fabs(many[0][9 * SIZE + k] - alone[k]) <= 1e-9 * (1 + fabs(alone[k])));
    for (size_t r = 0; r < SIZE; r++) matrix[2][4 * SIZE + r] = 0; /* singular: a solve leaves its right side alone */
    double right[SIZE];
    for (size_t k = 0; k < SIZE; k++) right[k] = (double)k;
    assert_false(lu_blocks_factor(blocks, 2, matrix[2]));
    assert_false(lu_blocks_solve_many(blocks, 2, many[0], 10, 1));
    lu_blocks_solve(blocks, 2, right);
    for (size_t k = 0; k < SIZE; k++) assert_true(right[k] == (double)k);
    lu_blocks_free(blocks);
    lu_blocks_free(NULL);
    assert_null(lu_blocks_new(1, 0));
}

static void vectors_are_what_the_library_says(void **state)
{
    (void)state;
    for (double x = -699.5; x < 700; x += 0.37) assert_true(fabs(exp_lane(x) / exp(x) - 1) < 4.5e-16);
    assert_true(exp_lane(0) == 1 && exp_lane(-1e9) > 0 && exp_lane(-1e9) < 1e-300 && isfinite(exp_lane(1e9)) && isnan(exp_lane((double)NAN)));
    for (double k = -1000; k < 1000; k += 0.37) {
        double at = exp2(k), beside = 1 + k / 4000; /* 0.75 to 1.25, where logarithms are small */
        assert_true(fabs(log_lane(at) - log(at)) <= 4.5e-16 * fabs(log(at)));
        assert_true(fabs(log_lane(beside) - log(beside)) <= 4.5e-16 * fabs(log(beside)));
    }
    assert_true(log_lane(1) == 0 && log_lane(0.5) == log(0.5) && log_lane(8) == log(8));
    double x[100], sum = 0;
    for (size_t n = 1; n <= 100; n++) {
        x[n - 1] = (double)(n * 37 % 101);
        sum += x[n - 1];
        assert_true(sum_of(x, n) == sum); /* whole numbers */
        double most = x[0];
        for (size_t k = 0; k < n; k++) most = fmax(most, x[k]);
        assert_true(greatest(x, n) == most);
    }
}

static void count_up(void *object) { ++*(int *)object; }

static void an_arena_gives_back_what_it_keeps(void **state)
{
    bashu_context *context;
    int freed = 0;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    arena *memory = arena_new(context);
    assert_true(arena_keep(memory, count_up, &freed) && arena_keep(memory, count_up, &freed));
    for (int k = 0; k < 200; k++) assert_non_null(arena_alloc(memory, 1000 * (size_t)(k % 40), 1));
    arena_free(memory);
    assert_int_equal(freed, 2);
    bashu_close(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pass_is_its_sums), cmocka_unit_test(totals_are_sums_by_row), cmocka_unit_test(sums_are_by_column), cmocka_unit_test(nothing_is_worse_than_nan),
        cmocka_unit_test(many_passes_are_single_ones),
        cmocka_unit_test(products_with_many),
        cmocka_unit_test(blocks_solve_their_systems),
        cmocka_unit_test(vectors_are_what_the_library_says),
        cmocka_unit_test(an_arena_gives_back_what_it_keeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
