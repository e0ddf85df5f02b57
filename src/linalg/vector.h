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
/* For what must be written differently for the widest vectors; MACHINE_IS_WIDEST says whether it may be called. */
#define FOR_WIDEST __attribute__((target("arch=x86-64-v4")))
#define MACHINE_IS_WIDEST __builtin_cpu_supports("x86-64-v4")
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

/* What will be read soon may come into cache while other things are computed. */
#if defined(__GNUC__)
#define FETCH_AHEAD(address) __builtin_prefetch(address)
#else
#define FETCH_AHEAD(address) ((void)(address))
#endif

enum { VECTOR_LANES = 16, EIGHT = 8 };

/* Eight numbers side by side, for kernels whose accumulators must stay in registers; gcc and clang build it from whatever
 * vectors the machine has, and it may lie anywhere in an array of doubles. */
typedef double eight __attribute__((vector_size(64), aligned(8), may_alias));

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

/* log(x) within 2 units of the last place for normal x > 0: x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2), s = f / (2 + f),
 * log(1 + f) = 2 artanh(s), by the minimax polynomial of FDLIBM's e_log.c (Sun Microsystems 1993). */
static inline double log_lane(double x)
{
    const uint64_t top = 0x3fe6a09e00000000u; /* the upper half of sqrt(1/2) */
    const double shift = 0x1.8p52;
    uint64_t bits, exponent, shifted;
    double k, m;
    memcpy(&bits, &x, sizeof bits);
    exponent = (bits - top + 0x7ff0000000000000u) >> 52; /* biased, so that it is never negative */
    bits -= (exponent - 0x7ff) << 52;
    memcpy(&m, &bits, sizeof m);
    memcpy(&shifted, &shift, sizeof shifted);
    shifted += exponent - 0x7ff; /* k in the last bits of a number becomes a number */
    memcpy(&k, &shifted, sizeof k);
    k -= shift;
    const double f = m - 1, s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    double p = 1.479819860511658591e-01;
    p = p * z + 1.531383769920937332e-01;
    p = p * z + 1.818357216161805012e-01;
    p = p * z + 2.222219843214978396e-01;
    p = p * z + 2.857142874366239149e-01;
    p = p * z + 3.999999999940941908e-01;
    p = p * z + 6.666666666666735130e-01;
    p *= z;
    return k * 6.93147180369123816490e-01 - ((half - (s * (half + p) + k * 1.90821492927058770002e-10)) - f);
}

/* Eight lanes added up in a fixed order. */
static inline double eight_sum(const double *lane)
{
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/* out[i] += sum over r of w[r] x_i[r], i < count <= 4, x_i at x + i * stride; n a multiple of 8. */
IN_EACH_WIDTH void add_dots(double *out, const double *w, const double *x, size_t stride, size_t count, size_t n)
{
    eight a = {0}, b = {0}, c = {0}, d = {0};
    double lane[4][EIGHT];
    if (count == 4) {
        for (size_t r = 0; r < n; r += EIGHT) {
            const eight by = *(const eight *)(w + r);
            a += by * *(const eight *)(x + r);
            b += by * *(const eight *)(x + stride + r);
            c += by * *(const eight *)(x + 2 * stride + r);
            d += by * *(const eight *)(x + 3 * stride + r);
        }
    } else if (count == 3) {
        for (size_t r = 0; r < n; r += EIGHT) {
            const eight by = *(const eight *)(w + r);
            a += by * *(const eight *)(x + r);
            b += by * *(const eight *)(x + stride + r);
            c += by * *(const eight *)(x + 2 * stride + r);
        }
    } else if (count == 2) {
        for (size_t r = 0; r < n; r += EIGHT) {
            const eight by = *(const eight *)(w + r);
            a += by * *(const eight *)(x + r);
            b += by * *(const eight *)(x + stride + r);
        }
    } else {
        for (size_t r = 0; r < n; r += EIGHT) a += *(const eight *)(w + r) * *(const eight *)(x + r);
    }
    memcpy(lane[0], &a, sizeof a);
    memcpy(lane[1], &b, sizeof b);
    memcpy(lane[2], &c, sizeof c);
    memcpy(lane[3], &d, sizeof d);
    for (size_t i = 0; i < count; i++) out[i] += eight_sum(lane[i]);
}

/* out[k][l] += sum over r of w[r] x_k[r] x_l[r], l <= k < columns, x_k at x + k * stride; n a multiple of 8, `scaled` room
 * for as many; rows of `out` have `width` numbers. */
IN_EACH_WIDTH void add_cross(double *out, size_t width, const double *w, const double *x, size_t stride, size_t columns, size_t n,
                             double *restrict scaled)
{
    for (size_t k = 0; k < columns; k++) {
        for (size_t r = 0; r < n; r++) scaled[r] = w[r] * x[k * stride + r];
        for (size_t l = 0; l <= k; l += 4) add_dots(out + k * width + l, scaled, x + l * stride, stride, k - l < 4 ? k - l + 1 : 4, n);
    }
}

/* y += weight * x */
static inline void add_scaled(double *restrict y, double weight, const double *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) y[i] += weight * x[i];
}

#endif
