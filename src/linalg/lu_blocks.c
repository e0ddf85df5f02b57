/* lu_blocks.c - systems of one pattern by KLU; one symbolic analysis serves all blocks. */
#include "linalg/lu_blocks.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <suitesparse/klu.h>

struct lu_blocks {
    size_t count;
    int size;
    bool full;
    int *column, *row;        /* the pattern in compressed columns */
    klu_symbolic *symbolic;
    klu_numeric **numeric;    /* [count]; NULL: singular, or not factorised */
};

/* Settings are a stack variable of each call: KLU writes its statistics there. */
static klu_common settings(const lu_blocks *b)
{
    klu_common common;
    klu_defaults(&common);
    if (b->full) common.tol = 1; /* the largest pivot of the column: there is no fill to save */
    common.btf = 0;
    return common;
}

static lu_blocks *blocks_new(size_t count, size_t size, size_t entries)
{
    lu_blocks *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->count = count;
    b->size = (int)size;
    b->numeric = calloc(count ? count : 1, sizeof *b->numeric);
    b->column = malloc((size + 1) * sizeof *b->column);
    b->row = malloc((entries ? entries : 1) * sizeof *b->row);
    if (b->numeric && b->column && b->row) return b;
    lu_blocks_free(b);
    return NULL;
}

lu_blocks *lu_blocks_new(size_t count, size_t size)
{
    if (size == 0 || size > 30000) return NULL; /* KLU counts entries in int */
    lu_blocks *b = blocks_new(count, size, size * size);
    if (!b) return NULL;
    b->full = true;
    for (size_t c = 0; c <= size; c++) b->column[c] = (int)(c * size);
    for (size_t k = 0; k < size * size; k++) b->row[k] = (int)(k % size);
    klu_common common = settings(b);
    b->symbolic = klu_analyze_given(b->size, b->column, b->row, NULL, NULL, &common);
    if (b->symbolic) return b;
    lu_blocks_free(b);
    return NULL;
}

lu_blocks *lu_blocks_new_sparse(size_t count, size_t size, const int *column, const int *row)
{
    if (size == 0 || size > INT_MAX) return NULL;
    lu_blocks *b = blocks_new(count, size, (size_t)column[size]);
    if (!b) return NULL;
    memcpy(b->column, column, (size + 1) * sizeof *column);
    memcpy(b->row, row, (size_t)column[size] * sizeof *row);
    klu_common common = settings(b);
    b->symbolic = klu_analyze(b->size, b->column, b->row, &common);
    if (b->symbolic) return b;
    lu_blocks_free(b);
    return NULL;
}

void lu_blocks_free(void *blocks)
{
    lu_blocks *b = blocks;
    if (!b) return;
    klu_common common = settings(b);
    for (size_t k = 0; b->numeric && k < b->count; k++) klu_free_numeric(&b->numeric[k], &common);
    klu_free_symbolic(&b->symbolic, &common);
    free(b->numeric);
    free(b->column);
    free(b->row);
    free(b);
}

bool lu_blocks_factor(lu_blocks *b, size_t block, double *matrix)
{
    klu_common common = settings(b);
    klu_free_numeric(&b->numeric[block], &common);
    b->numeric[block] = klu_factor(b->column, b->row, matrix, b->symbolic, &common);
    if (b->numeric[block] && common.status != KLU_OK) klu_free_numeric(&b->numeric[block], &common);
    return b->numeric[block] != NULL;
}

bool lu_blocks_refactor(lu_blocks *b, size_t block, double *matrix)
{
    klu_common common = settings(b);
    if (!b->numeric[block]) return false;
    if (klu_refactor(b->column, b->row, matrix, b->symbolic, b->numeric[block], &common) && common.status == KLU_OK) return true;
    klu_free_numeric(&b->numeric[block], &common);
    return false;
}

void lu_blocks_solve(const lu_blocks *b, size_t block, double *x)
{
    klu_common common = settings(b);
    if (b->numeric[block]) klu_solve(b->symbolic, b->numeric[block], b->size, 1, x, &common);
}

void lu_blocks_solve_transposed(const lu_blocks *b, size_t block, double *x)
{
    klu_common common = settings(b);
    if (b->numeric[block]) klu_tsolve(b->symbolic, b->numeric[block], b->size, 1, x, &common);
}

enum { TOGETHER = 4 }; /* right sides that KLU takes in one go */

bool lu_blocks_solve_many(const lu_blocks *b, size_t block, double *x, size_t columns, int threads)
{
    int out_of_memory = 0;
    size_t size = (size_t)b->size;
    (void)threads;
    if (!b->numeric[block]) return false;
#pragma omp parallel num_threads(threads) reduction(| : out_of_memory)
    {
        klu_common common = settings(b);
        klu_numeric factors = *b->numeric[block]; /* the same factors, with working memory of this thread's own */
        factors.Xwork = malloc(TOGETHER * size * sizeof(double));
        out_of_memory |= !factors.Xwork;
#pragma omp for schedule(static)
        for (size_t c = 0; c < columns; c += TOGETHER) {
            int count = (int)(columns - c < TOGETHER ? columns - c : TOGETHER);
            if (!out_of_memory) klu_solve(b->symbolic, &factors, b->size, count, x + c * size, &common);
        }
        free(factors.Xwork);
    }
    return !out_of_memory;
}
