/* dense_blocks.c - small dense systems by KLU; one symbolic analysis, of the full pattern, serves all blocks. */
#include "linalg/dense_blocks.h"

#include <stdlib.h>
#include <suitesparse/klu.h>

struct dense_blocks {
    size_t count;
    int size;
    int *column, *row;        /* the full pattern in compressed columns */
    klu_symbolic *symbolic;
    klu_numeric **numeric;    /* [count]; NULL: singular, or not factorised */
};

/* Settings are a stack variable of each call: KLU writes its statistics there. */
static klu_common settings(void)
{
    klu_common common;
    klu_defaults(&common);
    common.tol = 1; /* the largest pivot of the column: the pattern is full, there is no fill to save */
    common.btf = 0;
    return common;
}

static bool full_pattern(dense_blocks *b)
{
    size_t size = (size_t)b->size;
    b->column = malloc((size + 1) * sizeof *b->column);
    b->row = malloc(size * size * sizeof *b->row);
    if (!b->column || !b->row) return false;
    for (size_t c = 0; c <= size; c++) b->column[c] = (int)(c * size);
    for (size_t k = 0; k < size * size; k++) b->row[k] = (int)(k % size);
    klu_common common = settings();
    b->symbolic = klu_analyze_given(b->size, b->column, b->row, NULL, NULL, &common);
    return b->symbolic != NULL;
}

dense_blocks *dense_blocks_new(size_t count, size_t size)
{
    if (size == 0 || size > 30000) return NULL; /* KLU counts entries in int */
    dense_blocks *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->count = count;
    b->size = (int)size;
    b->numeric = calloc(count ? count : 1, sizeof *b->numeric);
    if (b->numeric && full_pattern(b)) return b;
    dense_blocks_free(b);
    return NULL;
}

void dense_blocks_free(void *blocks)
{
    dense_blocks *b = blocks;
    if (!b) return;
    klu_common common = settings();
    for (size_t k = 0; b->numeric && k < b->count; k++) klu_free_numeric(&b->numeric[k], &common);
    klu_free_symbolic(&b->symbolic, &common);
    free(b->numeric);
    free(b->column);
    free(b->row);
    free(b);
}

bool dense_blocks_factor(dense_blocks *b, size_t block, double *matrix)
{
    klu_common common = settings();
    klu_free_numeric(&b->numeric[block], &common);
    b->numeric[block] = klu_factor(b->column, b->row, matrix, b->symbolic, &common);
    if (b->numeric[block] && common.status != KLU_OK) klu_free_numeric(&b->numeric[block], &common);
    return b->numeric[block] != NULL;
}

void dense_blocks_solve(const dense_blocks *b, size_t block, double *x)
{
    klu_common common = settings();
    if (b->numeric[block]) klu_solve(b->symbolic, b->numeric[block], b->size, 1, x, &common);
}

void dense_blocks_solve_transposed(const dense_blocks *b, size_t block, double *x)
{
    klu_common common = settings();
    if (b->numeric[block]) klu_tsolve(b->symbolic, b->numeric[block], b->size, 1, x, &common);
}

enum { TOGETHER = 4 }; /* right sides that KLU takes in one go */

bool dense_blocks_solve_many(const dense_blocks *b, size_t block, double *x, size_t columns, int threads)
{
    int out_of_memory = 0;
    size_t size = (size_t)b->size;
    (void)threads;
    if (!b->numeric[block]) return false;
#pragma omp parallel num_threads(threads) reduction(| : out_of_memory)
    {
        klu_common common = settings();
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
