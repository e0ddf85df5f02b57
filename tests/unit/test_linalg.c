/* test_linalg.c - the pass over shares against plain sums, and dense blocks against the systems they solve. */
#include "linalg/bilateral.h"
#include "linalg/vector.h"
#include "linalg/dense_blocks.h"
#include "core/core.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 45, LAYERS = 3, COLUMNS = 37, SIZE = 23, BLOCKS = 7 };

static void spend(void *payload, size_t row, const double *total, const double *kept, double *weight)
{
    (void)payload;
    for (size_t j = 0; j < LAYERS; j++) weight[j] = (double)(row + 1) * kept[j] / total[j];
}

static void a_pass_is_its_sums(void **state)
{
    static double kernel[ROWS * LAYERS * COLUMNS], sales[ROWS * LAYERS * COLUMNS], x[LAYERS * COLUMNS];
    double sum[2][LAYERS * COLUMNS], square[2][LAYERS * COLUMNS];
    random_stream stream;
    (void)state;
    random_seed(&stream, 5);
    for (size_t k = 0; k < ROWS * LAYERS * COLUMNS; k++) sales[k] = (kernel[k] = random_uniform(&stream)) * 0.9;
    for (size_t k = 0; k < LAYERS * COLUMNS; k++) x[k] = random_uniform(&stream);
    bilateral b = {ROWS, LAYERS, COLUMNS, kernel, sales};
    double *work = malloc(bilateral_work(ROWS, LAYERS, COLUMNS) * sizeof *work);
    for (int threads = 1; threads <= 2; threads++) bilateral_pass(&b, threads, x, spend, NULL, sum[threads - 1], square[threads - 1], work);
    assert_memory_equal(sum[0], sum[1], sizeof sum[0]);
    assert_memory_equal(square[0], square[1], sizeof square[0]);
    for (size_t j = 0; j < LAYERS; j++)
        for (size_t i = 0; i < COLUMNS; i++) {
            double expected = 0, expected_square = 0;
            for (size_t n = 0; n < ROWS; n++) {
                const double *row = kernel + (n * LAYERS + j) * COLUMNS;
                double total = 0, weight;
                for (size_t h = 0; h < COLUMNS; h++) total += row[h] * x[j * COLUMNS + h];
                weight = (double)(n + 1) * 0.9;
                expected += weight * 0.9 * row[i];
                expected_square += weight / total * 0.9 * row[i] * row[i];
            }
            assert_true(fabs(sum[0][j * COLUMNS + i] / expected - 1) < 1e-13);
            assert_true(fabs(square[0][j * COLUMNS + i] / expected_square - 1) < 1e-13);
        }
    free(work);
}

static void blocks_solve_their_systems(void **state)
{
    static double matrix[BLOCKS][SIZE * SIZE];
    random_stream stream;
    (void)state;
    random_seed(&stream, 6);
    dense_blocks *blocks = dense_blocks_new(BLOCKS, SIZE);
    assert_non_null(blocks);
    for (size_t b = 0; b < BLOCKS; b++)
        for (size_t k = 0; k < SIZE * SIZE; k++) matrix[b][k] = random_normal(&stream);
    matrix[3][0] = 0; /* needs a pivot from below */
#pragma omp parallel for num_threads(2)
    for (size_t b = 0; b < BLOCKS; b++) dense_blocks_factor(blocks, b, matrix[b]);
    for (size_t b = 0; b < BLOCKS; b++) {
        double x[SIZE], right[SIZE] = {0};
        for (size_t k = 0; k < SIZE; k++) x[k] = 1 + (double)k;
        for (size_t c = 0; c < SIZE; c++)
            for (size_t r = 0; r < SIZE; r++) right[r] += matrix[b][c * SIZE + r] * x[c];
        dense_blocks_solve(blocks, b, right);
        for (size_t k = 0; k < SIZE; k++) assert_true(fabs(right[k] / x[k] - 1) < 1e-9);
    }
    static double
        many[2][10 * SIZE]; /* as one by one, whatever the threads; 10 is no multiple of what KLU takes together */
    for (size_t k = 0; k < 10 * SIZE; k++) many[0][k] = many[1][k] = random_normal(&stream);
    double alone[SIZE];
    memcpy(alone, many[0] + 9 * SIZE, sizeof alone);
    for (int threads = 1; threads <= 2; threads++)
        assert_true(dense_blocks_solve_many(blocks, 3, many[threads - 1], 10, threads));
    assert_memory_equal(many[0], many[1], sizeof many[0]);
    dense_blocks_solve(blocks, 3, alone);
    for (size_t k = 0; k < SIZE; k++)
        assert_true(fabs(many[0][9 * SIZE + k] - alone[k]) <= 1e-9 * (1 + fabs(alone[k])));
    for (size_t r = 0; r < SIZE; r++) matrix[2][4 * SIZE + r] = 0; /* singular: a solve leaves its right side alone */
    double right[SIZE];
    for (size_t k = 0; k < SIZE; k++) right[k] = (double)k;
    assert_false(dense_blocks_factor(blocks, 2, matrix[2]));
    assert_false(dense_blocks_solve_many(blocks, 2, many[0], 10, 1));
    dense_blocks_solve(blocks, 2, right);
    for (size_t k = 0; k < SIZE; k++) assert_true(right[k] == (double)k);
    dense_blocks_free(blocks);
    dense_blocks_free(NULL);
    assert_null(dense_blocks_new(1, 0));
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
        cmocka_unit_test(a_pass_is_its_sums),
        cmocka_unit_test(blocks_solve_their_systems),
        cmocka_unit_test(vectors_are_what_the_library_says),
        cmocka_unit_test(an_arena_gives_back_what_it_keeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
