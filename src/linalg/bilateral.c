/* bilateral.c - one pass over shares between places; the equations are in bilateral.h.
 *
 * A row of all layers (layers x columns doubles) fits in the second-level cache for ordinary economies, so the second
 * visit, which spreads the row's weight over the sellers, costs no memory traffic. */
#include "linalg/bilateral.h"
#include "linalg/vector.h"

#include <string.h>

static inline void add_product(double *restrict y, double weight, const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] += weight * a[i] * b[i];
}

FOR_EACH_WIDTH static void pass_rows(const bilateral *b, size_t first, size_t last, const double *x, bilateral_row *row,
                                     void *payload, double *sum, double *square, double *layer_work)
{
    size_t layers = b->layers, columns = b->columns;
    double *total = layer_work, *kept = total + layers, *weight = kept + layers;
    for (size_t r = first; r < last; r++) {
        const double *kernel = b->kernel + r * layers * columns;
        const double *sales = b->sales ? b->sales + r * layers * columns : kernel;
        for (size_t j = 0; j < layers; j++) {
            total[j] = dot(kernel + j * columns, x + j * columns, columns);
            kept[j] = b->sales ? dot(sales + j * columns, x + j * columns, columns) : total[j];
        }
        row(payload, r, total, kept, weight);
        for (size_t j = 0; j < layers; j++) {
            add_scaled(sum + j * columns, weight[j], sales + j * columns, columns);
            if (square && total[j] > 0)
                add_product(square + j * columns, weight[j] / total[j], sales + j * columns, kernel + j * columns, columns);
        }
    }
}

size_t bilateral_work(size_t rows, size_t layers, size_t columns)
{
    size_t blocks = rows < BILATERAL_BLOCKS ? rows : BILATERAL_BLOCKS;
    return blocks * (2 * layers * columns + 3 * layers);
}

void bilateral_pass(const bilateral *b, int threads, const double *x, bilateral_row *row, void *payload, double *sum,
                    double *square, double *work)
{
    size_t size = b->layers * b->columns, blocks = b->rows < BILATERAL_BLOCKS ? b->rows : BILATERAL_BLOCKS;
    double *sums = work, *squares = sums + blocks * size, *layer_work = squares + blocks * size;
    (void)threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t block = 0; block < blocks; block++) {
        double *block_sum = sums + block * size, *block_square = square ? squares + block * size : NULL;
        memset(block_sum, 0, size * sizeof *block_sum);
        if (block_square) memset(block_square, 0, size * sizeof *block_square);
        pass_rows(b, b->rows * block / blocks, b->rows * (block + 1) / blocks, x, row, payload, block_sum, block_square,
                  layer_work + block * 3 * b->layers);
    }
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < size; i++) {
        double total = 0, total_square = 0;
        for (size_t block = 0; block < blocks; block++) total += sums[block * size + i];
        for (size_t block = 0; square && block < blocks; block++) total_square += squares[block * size + i];
        sum[i] = total;
        if (square) square[i] = total_square;
    }
}
