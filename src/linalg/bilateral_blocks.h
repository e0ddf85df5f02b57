/* bilateral_blocks.h - how a pass cuts its rows; private to linalg/. */
#ifndef BASHU_LINALG_BILATERAL_BLOCKS_H
#define BASHU_LINALG_BILATERAL_BLOCKS_H

#include "linalg/bilateral.h"

/* Blocks are whole groups of eight rows, so that few rows are taken one by one, and at least four of them, so that adding
 * up what blocks summed is little beside the rows. */
static inline size_t block_count(size_t rows)
{
    size_t count = (rows + 7) / 8 / 4;
    return count < 1 ? 1 : count > BILATERAL_BLOCKS ? BILATERAL_BLOCKS : count;
}

/* The first row of a block, or one past the last of the one before. */
static inline size_t block_start(size_t rows, size_t block)
{
    size_t groups = (rows + 7) / 8, start = 8 * (groups * block / block_count(rows));
    return start < rows ? start : rows;
}

/* sum[size] = what the blocks summed, parts[blocks][size], in their order. */
void add_blocks(const double *parts, size_t blocks, size_t size, int threads, double *sum);

#endif
