/* vector.h - sums over long vectors: lanes in a fixed order, so that compilers may use vectors of any width and the bits
 * stay the same; inline, so that each caller is built for the machine's width with its caller. */
#ifndef BASHU_LINALG_VECTOR_H
#define BASHU_LINALG_VECTOR_H

#include <stddef.h>

/* One build for each width of vectors, chosen when the program starts; all give the same bits, because lanes are
 * written out and contraction is off. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) &&                       \
    !defined(__SANITIZE_ADDRESS__)
#define FOR_EACH_WIDTH __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_WIDTH
#endif

/* Before a loop over lanes that do not meet: gcc would unroll it first, and then finds no vectors in it (a third of the
 * speed); clang needs no word, and an unfulfilled one is an error there. */
#if defined(__GNUC__) && !defined(__clang__)
#define LANES_TOGETHER _Pragma("omp simd")
#else
#define LANES_TOGETHER
#endif

enum { VECTOR_LANES = 16 };

static inline double dot(const double *a, const double *x, size_t n)
{
    double lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t l = 0; l < VECTOR_LANES; l++) lane[l] += a[i + l] * x[i + l];
    for (size_t l = 0; i < n; i++, l++) lane[l] += a[i] * x[i];
    for (size_t width = VECTOR_LANES / 2; width; width /= 2)
        for (size_t l = 0; l < width; l++) lane[l] += lane[l + width];
    return lane[0];
}

/* y += weight * x */
static inline void add_scaled(double *restrict y, double weight, const double *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] += weight * x[i];
}

#endif
