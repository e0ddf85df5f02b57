/* bilateral_many.c - many passes over the same shares at once, as products of matrices; the equations are in bilateral.h.
 *
 * One pass waits for memory; sixteen together wait for arithmetic. This file alone is compiled with multiplication and
 * addition fused, where the machine has that: a third of the time. */
#include "linalg/bilateral_blocks.h"
#include "linalg/vector.h"

#include <string.h>

#if defined(__clang__)
#define UNROLLED _Pragma("unroll")
#elif defined(__GNUC__)
#define UNROLLED _Pragma("GCC unroll 8")
#else
#define UNROLLED
#endif

enum { MANY = BILATERAL_MANY, MANY_ROWS = 8 };

/* Half of the members. Written as vectors because loops over that many sums are kept in memory by compilers, at half the
 * speed; where the machine's are shorter the compiler takes several. */
typedef double half_many __attribute__((vector_size(MANY / 2 * sizeof(double)), aligned(sizeof(double))));

/* total[r][MANY] = sum over columns of rows[r] times x[column][MANY], r < 8; as 8 x 2 vectors */
IN_EACH_WIDTH void products(const double *const *rows, const double *x, size_t n, double (*total)[MANY])
{
    half_many sum[MANY_ROWS][2] = {{{0}}};
    const double *k[MANY_ROWS];
    memcpy(k, rows, sizeof k);
    for (size_t i = 0; i < n; i++) {
        const half_many low = *(const half_many *)(x + i * MANY), high = *(const half_many *)(x + i * MANY + MANY / 2);
        UNROLLED
        for (size_t r = 0; r < MANY_ROWS; r++) {
            sum[r][0] += k[r][i] * low;
            sum[r][1] += k[r][i] * high;
        }
    }
    memcpy(total, sum, sizeof sum);
}

/* sum[column][MANY] += rows times weight[row][MANY], rows in their order */
IN_EACH_WIDTH void spread(double *sum, const double (*weight)[MANY], const double *const *rows, size_t n)
{
    half_many w[MANY_ROWS][2];
    const double *k[MANY_ROWS];
    memcpy(w, weight, sizeof w);
    memcpy(k, rows, sizeof k);
    for (size_t i = 0; i < n; i++) {
        half_many *s = (half_many *)(sum + i * MANY), low = s[0], high = s[1];
        UNROLLED
        for (size_t r = 0; r < MANY_ROWS; r++) {
            low += k[r][i] * w[r][0];
            high += k[r][i] * w[r][1];
        }
        s[0] = low;
        s[1] = high;
    }
}

FOR_EACH_WIDTH void many_totals(const double *matrix, size_t rows, size_t stride, size_t columns, const double *x, double *total)
{
    const double *row[MANY_ROWS];
    double part[MANY_ROWS][MANY];
    for (size_t r = 0; r < rows; r += MANY_ROWS) {
        size_t count = rows - r < MANY_ROWS ? rows - r : MANY_ROWS;
        for (size_t k = 0; k < MANY_ROWS; k++) row[k] = matrix + (r + (k < count ? k : count - 1)) * stride;
        products(row, x, columns, part);
        memcpy(total + r * MANY, part, count * sizeof *part);
    }
}

FOR_EACH_WIDTH void many_sums(const double *matrix, size_t rows, size_t stride, size_t columns, const double *weight, double *sum)
{
    const double *row[MANY_ROWS];
    double part[MANY_ROWS][MANY] = {{0}};
    for (size_t r = 0; r < rows; r += MANY_ROWS) {
        size_t count = rows - r < MANY_ROWS ? rows - r : MANY_ROWS;
        for (size_t k = 0; k < MANY_ROWS; k++) row[k] = matrix + (r + (k < count ? k : count - 1)) * stride;
        memset(part, 0, sizeof part);
        memcpy(part, weight + r * MANY, count * sizeof *part);
        spread(sum, (const double(*)[MANY])part, row, columns);
    }
}

/* layer_work: [3][MANY_ROWS][layers][MANY]. Where fewer rows than eight are left the last one fills up, and counts for
 * nothing. */
FOR_EACH_WIDTH static void pass_rows_many(const bilateral *b, size_t first, size_t last, const double *x, bilateral_row *row,
                                          void *payload, double *sum, double *layer_work)
{
    size_t layers = b->layers, columns = b->columns, width = layers * MANY;
    double *total = layer_work, *kept = total + MANY_ROWS * width, *weight = kept + MANY_ROWS * width;
    const double *kernel[MANY_ROWS], *sales[MANY_ROWS];
    double part[MANY_ROWS][MANY];
    for (size_t r = first; r < last; r += MANY_ROWS) {
        size_t count = last - r < MANY_ROWS ? last - r : MANY_ROWS;
        for (size_t j = 0; j < layers; j++) {
            for (size_t k = 0; k < MANY_ROWS; k++) {
                size_t at = ((r + (k < count ? k : count - 1)) * layers + j) * columns;
                kernel[k] = b->kernel + at;
                sales[k] = (b->sales ? b->sales : b->kernel) + at;
            }
            products(kernel, x + j * columns * MANY, columns, part);
            for (size_t k = 0; k < count; k++) memcpy(total + k * width + j * MANY, part[k], sizeof part[k]);
            if (b->sales) products(sales, x + j * columns * MANY, columns, part);
            for (size_t k = 0; k < count; k++) memcpy(kept + k * width + j * MANY, part[k], sizeof part[k]);
        }
        for (size_t k = 0; k < count; k++) row(payload, r + k, total + k * width, kept + k * width, weight + k * width);
        memset(weight + count * width, 0, (MANY_ROWS - count) * width * sizeof *weight);
        for (size_t j = 0; j < layers; j++) {
            for (size_t k = 0; k < MANY_ROWS; k++) {
                sales[k] = (b->sales ? b->sales : b->kernel) + ((r + (k < count ? k : count - 1)) * layers + j) * columns;
                memcpy(part[k], weight + k * width + j * MANY, sizeof part[k]);
            }
            spread(sum + j * columns * MANY, (const double(*)[MANY])part, sales, columns);
        }
    }
}

void bilateral_pass_many(const bilateral *b, int threads, const double *x, bilateral_row *row, void *payload, double *sum,
                         double *work)
{
    size_t size = b->layers * b->columns * MANY, blocks = block_count(b->rows), width = b->layers * MANY;
    double *sums = work, *layer_work = sums + blocks * size;
    (void)threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t block = 0; block < blocks; block++) {
        memset(sums + block * size, 0, size * sizeof *sums);
        pass_rows_many(b, block_start(b->rows, block), block_start(b->rows, block + 1), x, row, payload, sums + block * size,
                       layer_work + block * 3 * MANY_ROWS * width);
    }
    add_blocks(sums, blocks, size, threads, sum);
}
