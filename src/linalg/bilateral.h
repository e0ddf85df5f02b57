/* bilateral.h - one pass over shares between places: the core of every model.
 *
 * A kernel has rows (who buys, or where people come from), layers (sectors, groups) and columns (who sells, or where
 * people go): kernel[(row * layers + layer) * columns + column]. One pass reads it once from memory:
 *
 *   total[row][layer]  = sum over columns of kernel * x[layer][column]
 *   kept[row][layer]   = the same with `sales` instead of `kernel` (what sellers receive net of tariffs)
 *   weight[row][layer] = whatever the row function makes of them (e.g. expenditure / total)
 *   sum[layer][column]    = sum over rows of weight * sales
 *   square[layer][column] = sum over rows of (weight / total) * sales * kernel      (own elasticities)
 *
 * Rows are cut into a fixed number of blocks that are summed in order, lanes are summed in a fixed order: the bits do
 * not depend on the number of threads nor on the width of the machine's vectors. `plain_pass` of tests/unit/test_linalg.c
 * says the same in a few lines. */
#ifndef BASHU_LINALG_BILATERAL_H
#define BASHU_LINALG_BILATERAL_H

#include <stddef.h>

typedef struct bilateral {
    size_t rows, layers, columns;
    const double *kernel;
    const double *sales;        /* NULL: the kernel itself */
    const float *single_kernel; /* NULL, or the same in single precision, read instead: half the memory traffic; sums stay */
    const float *single_sales;  /* double. Both NULL, or with the first whatever `sales` is */
} bilateral;

/* Called once for each row, from any thread: reads total and kept [layers], writes weight [layers]. */
typedef void bilateral_row(void *payload, size_t row, const double *total, const double *kept, double *weight);

enum { BILATERAL_BLOCKS = 32, BILATERAL_MANY = 16 };

/* Length of `work` for bilateral_pass, in doubles. */
size_t bilateral_work(size_t rows, size_t layers, size_t columns);

/* square: NULL when not wanted. */
void bilateral_pass(const bilateral *b, int threads, const double *x, bilateral_row *row, void *payload, double *sum,
                    double *square, double *work);

/* BILATERAL_MANY passes over the same kernel at once, as products of matrices; the innermost index of every array is
 * which: x, sum [layers][columns][MANY]; total, kept, weight of the row function [layers][MANY]; work: MANY times
 * bilateral_work. Multiplication and addition are fused where the machine can. The last bits may differ from those of single passes (other order of sums), but not with the number of
 * threads nor with what the other members are. No squares; reads the kernel in double precision. */
void bilateral_pass_many(const bilateral *b, int threads, const double *x, bilateral_row *row, void *payload, double *sum,
                         double *work);

/* The rows' half of a pass alone: totals [rows][layers]. */
void bilateral_totals(const bilateral *b, int threads, const double *x, double *totals);
/* The columns' half alone, of the kernel: sum [layers][columns] from weight [rows][layers]; work as for a pass. Double precision. */
void bilateral_sums(const bilateral *b, int threads, const double *weight, double *sum, double *work);

/* The two halves of a pass of many over any matrix, rows of which lie `stride` apart; on one thread:
 *   total[row][MANY]   = sum over columns of matrix[row * stride + column] * x[column][MANY]
 *   sum[column][MANY] += sum over rows of matrix[row * stride + column] * weight[row][MANY] */
void many_totals(const double *matrix, size_t rows, size_t stride, size_t columns, const double *x, double *total);
void many_sums(const double *matrix, size_t rows, size_t stride, size_t columns, const double *weight, double *sum);

#endif
