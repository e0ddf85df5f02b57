/* vector.h - sums over long vectors: lanes in a fixed order, so that compilers may use vectors of any width and the bits
 * stay the same; inline, so that each caller is built for the machine's width with its caller. */
#ifndef BASHU_LINALG_VECTOR_H
#define BASHU_LINALG_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* One build for each width of vectors, chosen when the program starts; all give the same bits, because lanes are
 * written out and contraction is off. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define FOR_EACH_WIDTH __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_WIDTH
#endif
/* A part of such a function: built with it, never on its own. */
#if defined(__GNUC__)
#define IN_EACH_WIDTH __attribute__((always_inline)) static inline
#else
#define IN_EACH_WIDTH static inline
#endif

/* Before a loop over lanes that do not meet: gcc would unroll it first, and then finds no vectors in it (a third of the
 * speed); clang needs no word, and an unfulfilled one is an error there. */
#if defined(__GNUC__) && !defined(__clang__)
#define LANES_TOGETHER _Pragma("omp simd")
#else
#define LANES_TOGETHER
#endif

enum { VECTOR_LANES = 16 };

static inline double lane_sum(double *lane)
{
    for (size_t width = VECTOR_LANES / 2; width; width /= 2)
        for (size_t l = 0; l < width; l++) lane[l] += lane[l + width];
    return lane[0];
}

static inline double dot(const double *a, const double *x, size_t n)
{
    double lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t l = 0; l < VECTOR_LANES; l++) lane[l] += a[i + l] * x[i + l];
    for (size_t l = 0; i < n; i++, l++) lane[l] += a[i] * x[i];
    return lane_sum(lane);
}

static inline double sum_of(const double *x, size_t n)
{
    double lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t l = 0; l < VECTOR_LANES; l++) lane[l] += x[i + l];
    for (size_t l = 0; i < n; i++, l++) lane[l] += x[i];
    return lane_sum(lane);
}

/* The greatest of n >= 1 numbers. */
static inline double greatest(const double *x, size_t n)
{
    double lane[VECTOR_LANES];
    size_t i = 0;
    for (size_t l = 0; l < VECTOR_LANES; l++) lane[l] = x[0];
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t l = 0; l < VECTOR_LANES; l++) lane[l] = x[i + l] > lane[l] ? x[i + l] : lane[l];
    for (size_t l = 0; i < n; i++, l++) lane[l] = x[i] > lane[l] ? x[i] : lane[l];
    for (size_t l = 1; l < VECTOR_LANES; l++) lane[0] = lane[l] > lane[0] ? lane[l] : lane[0];
    return lane[0];
}

/* exp(x) within 2 units of the last place for -700 <= x <= 700, beyond which x counts as that; in vectors, which the
 * library's exp is not: x = k log 2 + r, |r| <= log(2)/2, exp(x) = 2^k (Taylor polynomial of r); k by adding 1.5 x 2^52, which
 * leaves it in the last bits. NaN gives NaN. */
static inline double exp_lane(double x)
{
    const double shift = 0x1.8p52, low = x < -700 ? -700 : x, within = low > 700 ? 700 : low;
    const double shifted = within * 0x1.71547652b82fep+0 + shift, k = shifted - shift;
    const double r = (within - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
    double p = 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r * r + r + 1;
    uint64_t bits, power;
    memcpy(&bits, &shifted, sizeof bits);
    memcpy(&power, &p, sizeof power);
    power += bits << 52;
    memcpy(&p, &power, sizeof p);
    return p;
}

/* y += weight * x */
static inline void add_scaled(double *restrict y, double weight, const double *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] += weight * x[i];
}

#endif
