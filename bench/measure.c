/* measure.c - clocks, medians, ratios; what the machine can do at most. */
#include "parts.h"

#include "linalg/vector.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

/* A sample shorter than this is mostly the clock's and the threads' waking up; rounds of short works are repeated until
 * `enough` has passed, because the median of five short samples of a machine in use says little. */
static const double sample_s = 0.004, enough_s = 0.4;
enum { ROUNDS_MORE = 10 }; /* at most so many times the repeats asked for */

/* ---- series --------------------------------------------------------------------------------------- */

void series_add(series *s, double value)
{
    if (s->count < SERIES_MOST) s->values[s->count++] = value;
}

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

bench_value series_value(series *s)
{
    if (!s->count) return (bench_value){.value = (double)NAN, .low = (double)NAN, .high = (double)NAN};
    qsort(s->values, s->count, sizeof *s->values, compare_numbers);
    double median = (s->values[(s->count - 1) / 2] + s->values[s->count / 2]) / 2;
    return (bench_value){.state = BENCH_MEASURED, .value = median, .low = s->values[0], .high = s->values[s->count - 1],
                         .repeats = (int)s->count};
}

bench_value counted(double value)
{
    return (bench_value){.state = BENCH_MEASURED, .value = value, .low = value, .high = value, .repeats = 1};
}

static void say_why(bench_value *value, bench_state state, const char *format, va_list arguments) BASHU_PRINTF(3, 0);
static void say_why(bench_value *value, bench_state state, const char *format, va_list arguments)
{
    *value = (bench_value){.state = state, .value = (double)NAN, .low = (double)NAN, .high = (double)NAN};
    vsnprintf(value->note, sizeof value->note, format, arguments);
}

void not_measured(bench_value *value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_why(value, BENCH_NOT_MEASURED, format, arguments);
    va_end(arguments);
}

void failed(bench_value *value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_why(value, BENCH_FAILED, format, arguments);
    va_end(arguments);
}

void note(bench_value *value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value->note, sizeof value->note, format, arguments);
    va_end(arguments);
}

/* ---- times ---------------------------------------------------------------------------------------- */

/* Seconds of `calls` calls together; negative: one did not work. */
static double seconds_together(const timed_work *work, long calls)
{
    double start = now_s();
    for (long k = 0; k < calls; k++)
        if (!work->function(work->payload)) return -1;
    return now_s() - start;
}

/* How many calls a sample needs; the first call finds its memory cold, and is not judged by unless it is long. Zero: it did
 * not work. */
static long calls_needed(const timed_work *work)
{
    double first = seconds_together(work, 1);
    if (first < 0) return 0;
    if (first > 20 * sample_s) return 1;
    for (long calls = 1;; calls *= 2) {
        double took = seconds_together(work, calls);
        if (took < 0) return 0;
        if (took >= sample_s || calls >= 1 << 20) return calls;
    }
}

double seconds_of(const timed_work *work)
{
    long calls = calls_needed(work);
    return calls ? seconds_together(work, calls) / (double)calls : -1;
}

bool ratio_of_times(bench_value *out, const bench *b, const timed_work *over, const timed_work *under)
{
    series s = {0};
    long over_calls = calls_needed(over), under_calls = over_calls ? calls_needed(under) : 0;
    if (!under_calls) {
        failed(out, "%s did not work", over_calls ? "what it is compared with" : "the work");
        return false;
    }
    double start = now_s();
    for (int round = 0; round < b->repeats || (round < ROUNDS_MORE * b->repeats && now_s() - start < enough_s); round++) {
        double a = seconds_together(over, over_calls), c = a < 0 ? -1 : seconds_together(under, under_calls);
        if (c < 0) {
            failed(out, "it did not work every time");
            return false;
        }
        series_add(&s, a / (double)over_calls / (c / (double)under_calls));
    }
    *out = series_value(&s);
    return true;
}

void inverse_of(bench_value *value, double factor)
{
    double low = value->low;
    value->value = factor / value->value;
    value->low = factor / value->high;
    value->high = factor / low;
}

/* ---- the least one can do with an array ----------------------------------------------------------- */

FOR_EACH_WIDTH static double sum_part(const double *x, size_t n)
{
    return sum_of(x, n);
}

/* The array in 32 blocks, as a pass has them, of pieces as long as a row of the largest matrix. */
bool read_once(void *payload)
{
    bare_read *r = payload;
    enum { BLOCKS = 32, PIECE = MATRIX };
    double sums[BLOCKS];
#pragma omp parallel for schedule(static) num_threads(r->threads)
    for (size_t block = 0; block < BLOCKS; block++) {
        size_t end = r->count * (block + 1) / BLOCKS;
        sums[block] = 0;
        for (size_t i = r->count * block / BLOCKS; i < end; i += PIECE)
            sums[block] += sum_part(r->array + i, end - i < PIECE ? end - i : PIECE);
    }
    r->sum = 0;
    for (size_t block = 0; block < BLOCKS; block++) r->sum += sums[block];
    return isfinite(r->sum);
}

/* ---- multiplications and additions ---------------------------------------------------------------- */

/* x = x m + a in more registers than the unit is deep; m < 1, so that nothing overflows. `flops` are done. */
static double plain_loop(long flops)
{
    enum { LANES = 32 };
    double x[LANES];
    for (int l = 0; l < LANES; l++) x[l] = l;
    for (long k = 0; k < flops / (2 * LANES); k++)
        for (int l = 0; l < LANES; l++) x[l] = x[l] * 0.999 + 0.5;
    double sum = 0;
    for (int l = 0; l < LANES; l++) sum += x[l];
    return sum;
}

#if defined(__x86_64__) && defined(__GNUC__)
/* The compiler keeps a constant number of vectors in registers when the loop over them is unrolled. */
#define FUSED_LOOP(name, features, vector, count, lanes, set1, fused, store)      \
    __attribute__((target(features))) static double name(long flops)             \
    {                                                                            \
        vector x[count], m = set1(0.999), a = set1(0.5);                         \
        _Alignas(64) double out[lanes];                                          \
        double sum = 0;                                                          \
        for (int v = 0; v < count; v++) x[v] = set1((double)v);                  \
        for (long k = 0; k < flops / (2 * (count) * (lanes)); k++)               \
            _Pragma("GCC unroll 16") for (int v = 0; v < count; v++) x[v] = fused(x[v], m, a); \
        for (int v = 0; v < count; v++) {                                        \
            store(out, x[v]);                                                    \
            for (int l = 0; l < lanes; l++) sum += out[l];                       \
        }                                                                        \
        return sum;                                                              \
    }
FUSED_LOOP(fused_loop_8, "avx512f", __m512d, 16, 8, _mm512_set1_pd, _mm512_fmadd_pd, _mm512_store_pd)
FUSED_LOOP(fused_loop_4, "avx2,fma", __m256d, 12, 4, _mm256_set1_pd, _mm256_fmadd_pd, _mm256_store_pd)
#endif

static double best_loop(long flops)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx512f")) return fused_loop_8(flops);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return fused_loop_4(flops);
#endif
    return plain_loop(flops);
}

bool multiply_add(void *payload)
{
    peak_loop *p = payload;
    double sums[64];
    int threads = p->threads < 64 ? p->threads : 64;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int t = 0; t < threads; t++) sums[t] = best_loop(PEAK_FLOPS);
    p->sum = 0;
    for (int t = 0; t < threads; t++) p->sum += sums[t];
    return isfinite(p->sum);
}

/* ---- the machine ---------------------------------------------------------------------------------- */

/* The first line of a file, or what follows `key` and a colon on the first line that begins with it; "" when there is none. */
static void read_fact(char *out, size_t size, const char *path, const char *key)
{
    char line[512];
    FILE *file = fopen(path, "r");
    *out = '\0';
    if (!file) return;
    while (!*out && fgets(line, sizeof line, file)) {
        const char *at = line;
        if (key) {
            if (strncmp(line, key, strlen(key)) != 0 || !(at = strchr(line, ':'))) continue;
            at += 1 + strspn(at + 1, " \t");
        }
        snprintf(out, size, "%.*s", (int)strcspn(at, "\n"), at);
    }
    fclose(file);
}

static void list_caches(char *out, size_t size)
{
    size_t at = 0;
    *out = '\0';
    for (int k = 0; k < 8; k++) {
        char path[96], level[8], type[24], bytes[24];
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/level", k);
        read_fact(level, sizeof level, path, NULL);
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/type", k);
        read_fact(type, sizeof type, path, NULL);
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", k);
        read_fact(bytes, sizeof bytes, path, NULL);
        if (!*level || !*bytes || !strcmp(type, "Instruction") || at + 32 > size) continue;
        at += (size_t)snprintf(out + at, size - at, "%sL%s %s", at ? ", " : "", level, bytes);
    }
}

#if defined(__clang__)
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

bashu_status bench_describe(bench *b, bench_machine *out)
{
    *out = (bench_machine){.processors = sysconf(_SC_NPROCESSORS_ONLN), .threads = thread_count(b->context), .compiler = COMPILER,
                           .version = bashu_version(), .read_gb_s = (double)NAN, .multiply_add_gflop_s = (double)NAN};
    read_fact(out->processor, sizeof out->processor, "/proc/cpuinfo", "model name");
    list_caches(out->caches, sizeof out->caches);
    out->memory_gb = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) / 1e9;
    enum { ENOUGH = 1 << 24 }; /* 128 MB, where no row needed the matrix */
    arena *memory = arena_new(b->context);
    size_t count = b->matrix ? (size_t)MATRIX * MATRIX : ENOUGH;
    const double *array = b->matrix ? b->matrix : memory ? arena_alloc(memory, count, sizeof *array) : NULL;
    series reads = {0}, peaks = {0};
    bare_read read = {array, count, out->threads, 0};
    peak_loop loop = {out->threads, 0};
    for (int k = 0; k <= b->repeats; k++) {
        double read_s = array ? seconds_together(&(timed_work){read_once, &read}, 1) : -1;
        double loop_s = seconds_together(&(timed_work){multiply_add, &loop}, 1);
        if (!k) continue; /* threads are made, memory is found */
        if (read_s > 0) series_add(&reads, (double)count * 8e-9 / read_s);
        series_add(&peaks, (double)PEAK_FLOPS * 1e-9 * out->threads / loop_s);
    }
    if (memory) arena_free(memory);
    out->read_gb_s = series_value(&reads).value;
    out->multiply_add_gflop_s = series_value(&peaks).value;
    return is_cancelled(b->context) ? fail(b->context, BASHU_INTERRUPTED, "interrupted") : BASHU_OK;
}
