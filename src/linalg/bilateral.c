/* bilateral.c - one pass over shares between places; the equations are in bilateral.h.
 *
 * A few rows of all layers fit in the second-level cache for ordinary economies, so the second visit, which spreads the
 * rows' weights over the sellers, costs no memory traffic. */
#include "linalg/bilateral_blocks.h"
#include "linalg/vector.h"

#include <string.h>

/* Asks for a line of memory that will be read soon; where the compiler cannot, the machine is left to guess. */
#if defined(__GNUC__)
#define FETCH(address) __builtin_prefetch((address), 0, 2)
#else
#define FETCH(address) ((void)(address))
#endif

/* Rows larger than this are taken one at a time: four of them would not stay in the cache until the second visit. */
enum { GROUP_BYTES = 600 * 1024 };

#define ELEMENT double
#define ROWS(name) name##_double
#include "linalg/bilateral_rows.h"
#undef ELEMENT
#undef ROWS
#define ELEMENT float
#define ROWS(name) name##_single
#include "linalg/bilateral_rows.h"
#undef ELEMENT
#undef ROWS

/* Rows [first, last), summed in their order. */
FOR_EACH_WIDTH static void pass_rows(const bilateral *b, size_t first, size_t last, const double *x, bilateral_row *row,
                                     void *payload, double *sum, double *square, double *layer_work)
{
    size_t layers = b->layers, columns = b->columns, together = 4 * layers * columns * sizeof(double) <= GROUP_BYTES ? 4 : 1;
    const double *sales = b->sales ? b->sales : b->kernel;
    const float *single = b->single_kernel, *single_sales = b->single_sales ? b->single_sales : single;
    for (size_t r = first; r < last;) {
        size_t count = r + together <= last ? together : 1;
        if (single) pass_group_single(single, single_sales, layers, columns, r, count, x, row, payload, sum, square, layer_work);
        else pass_group_double(b->kernel, sales, layers, columns, r, count, x, row, payload, sum, square, layer_work);
        r += count;
    }
}

FOR_EACH_WIDTH static void row_totals(const bilateral *b, size_t row, const double *x, double *totals)
{
    for (size_t j = 0; j < b->layers; j++)
        totals[row * b->layers + j] = dot_1_double(b->kernel + (row * b->layers + j) * b->columns, x + j * b->columns, b->columns);
}

void bilateral_totals(const bilateral *b, int threads, const double *x, double *totals)
{
    (void)threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t row = 0; row < b->rows; row++) row_totals(b, row, x, totals);
}

/* Rows [first, last) in their order, four at a time. */
FOR_EACH_WIDTH static void sum_rows(const bilateral *b, size_t first, size_t last, const double *weight, double *sum)
{
    size_t layers = b->layers, columns = b->columns, stride = layers * columns;
    for (size_t r = first; r < last;) {
        size_t count = r + 4 <= last ? 4 : 1;
        for (size_t j = 0; j < layers; j++) {
            const double *k = b->kernel + r * stride + j * columns;
            double by_row[4];
            for (size_t i = 0; i < count; i++) by_row[i] = weight[(r + i) * layers + j];
            if (count == 4) add_4_double(sum + j * columns, by_row, k, stride, columns, k + 4 * stride);
            else add_1_double(sum + j * columns, by_row[0], k, columns);
        }
        r += count;
    }
}

void bilateral_sums(const bilateral *b, int threads, const double *weight, double *sum, double *work)
{
    size_t size = b->layers * b->columns, blocks = block_count(b->rows);
    (void)threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t block = 0; block < blocks; block++) {
        memset(work + block * size, 0, size * sizeof *work);
        sum_rows(b, block_start(b->rows, block), block_start(b->rows, block + 1), weight, work + block * size);
    }
    add_blocks(work, blocks, size, threads, sum);
}

size_t bilateral_work(size_t rows, size_t layers, size_t columns)
{
    return block_count(rows) * (2 * layers * columns + 24 * layers);
}

FOR_EACH_WIDTH static void add_up(const double *parts, size_t blocks, size_t size, size_t first, size_t last, double *sum)
{
    for (size_t i = first; i < last; i++) sum[i] = parts[i];
    for (size_t block = 1; block < blocks; block++)
        for (size_t i = first; i < last; i++) sum[i] += parts[block * size + i];
}

/* What the blocks summed, in their order. */
void add_blocks(const double *parts, size_t blocks, size_t size, int threads, double *sum)
{
    enum { PIECE = 1024 };
    size_t pieces = (size + PIECE - 1) / PIECE;
    (void)threads;
#pragma omp parallel for schedule(static) num_threads(threads) if (pieces > 8 && blocks > 8)
    for (size_t piece = 0; piece < pieces; piece++)
        add_up(parts, blocks, size, piece * PIECE, (piece + 1) * PIECE < size ? (piece + 1) * PIECE : size, sum);
}

void bilateral_pass(const bilateral *b, int threads, const double *x, bilateral_row *row, void *payload, double *sum,
                    double *square, double *work)
{
    size_t size = b->layers * b->columns, blocks = block_count(b->rows);
    double *sums = work, *squares = sums + blocks * size, *layer_work = squares + blocks * size;
    (void)threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t block = 0; block < blocks; block++) {
        double *block_sum = sums + block * size, *block_square = square ? squares + block * size : NULL;
        memset(block_sum, 0, size * sizeof *block_sum);
        if (block_square) memset(block_square, 0, size * sizeof *block_square);
        pass_rows(b, block_start(b->rows, block), block_start(b->rows, block + 1), x, row, payload, block_sum, block_square,
                  layer_work + block * 12 * b->layers);
    }
    add_blocks(sums, blocks, size, threads, sum);
    if (square) add_blocks(squares, blocks, size, threads, square);
}
