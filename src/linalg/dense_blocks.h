/* dense_blocks.h - many small dense systems of one size, factorised and solved each on its own.
 *
 * KLU (Davis & Palamadai Natarajan 2010) does the work: its factors belong to the caller's object, so different blocks
 * may be factorised and solved from different threads, and the bits depend on no processor. */
#ifndef BASHU_LINALG_DENSE_BLOCKS_H
#define BASHU_LINALG_DENSE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct dense_blocks dense_blocks;

/* NULL: no memory, or size is 0 or above 30,000. */
dense_blocks *dense_blocks_new(size_t count, size_t size);
void dense_blocks_free(void *blocks); /* a dense_blocks; takes NULL */
/* matrix: [size][size], column by column; read during the call only. False: singular or no memory, and solving with
 * this block leaves its right side as it is. */
bool dense_blocks_factor(dense_blocks *blocks, size_t block, double *matrix);
/* x: [size] the right side, then the solution. */
void dense_blocks_solve(const dense_blocks *blocks, size_t block, double *x);
/* The same with the block transposed. */
void dense_blocks_solve_transposed(const dense_blocks *blocks, size_t block, double *x);
/* x: [columns][size] many right sides of one block, spread over threads; the bits do not depend on them. False: the block
 * has no factors, or no memory. */
bool dense_blocks_solve_many(const dense_blocks *blocks, size_t block, double *x, size_t columns, int threads);

#endif
