/* lu_blocks.h - many small systems of one pattern, factorised and solved each on its own; one may be large and sparse.
 *
 * KLU (Davis & Palamadai Natarajan 2010) does the work: its factors belong to the caller's object, so different blocks
 * may be factorised and solved from different threads, and the bits depend on no processor. */
#ifndef BASHU_LINALG_LU_BLOCKS_H
#define BASHU_LINALG_LU_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct lu_blocks lu_blocks;

/* Full matrices, column by column. NULL: no memory, or size is 0 or above 30,000. */
lu_blocks *lu_blocks_new(size_t count, size_t size);
/* Matrices of which only some entries are not zero. column: [size + 1] first entry of each column; row: rows of the entries,
 * ascending within a column. Both are copied. NULL: no memory, size is 0, or no row or column can be matched. */
lu_blocks *lu_blocks_new_sparse(size_t count, size_t size, const int *column, const int *row);
void lu_blocks_free(void *blocks); /* a lu_blocks; takes NULL */
/* matrix: [size][size], column by column; read during the call only. False: singular or no memory, and solving with
 * this block leaves its right side as it is. */
bool lu_blocks_factor(lu_blocks *blocks, size_t block, double *matrix);
/* The same with the pivots of the block's last factorisation, in half the time; its matrix should be something like this one. False: it
 * had none, or a pivot has become zero, and then has none. */
bool lu_blocks_refactor(lu_blocks *blocks, size_t block, double *matrix);
/* x: [size] the right side, then the solution. */
void lu_blocks_solve(const lu_blocks *blocks, size_t block, double *x);
/* The same with the block transposed. */
void lu_blocks_solve_transposed(const lu_blocks *blocks, size_t block, double *x);
/* x: [columns][size] many right sides of one block, spread over threads; the bits do not depend on them. False: the block
 * has no factors, or no memory. */
bool lu_blocks_solve_many(const lu_blocks *blocks, size_t block, double *x, size_t columns, int threads);

#endif
