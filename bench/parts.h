/* parts.h - what the files of bench/ share. */
#ifndef BASHU_BENCH_PARTS_H
#define BASHU_BENCH_PARTS_H

#include "bench.h"
#include "equilibrium/equilibrium.h"
#include "synthetic.h"

/* ---- measure.c: time, medians, ratios ------------------------------------------------------------- */

/* A work that can be done again and again; false: it did not work. */
typedef bool work_function(void *payload);
typedef struct timed_work {
    work_function *function;
    void *payload;
} timed_work;

enum { SERIES_MOST = 1000 };
typedef struct series {
    size_t count;
    double values[SERIES_MOST];
} series;
void series_add(series *s, double value);
/* Median, least and most. */
bench_value series_value(series *s);
bench_value counted(double value); /* needs no repeats */
/* Says why there is no number; `failed`: because something did not work. */
void not_measured(bench_value *value, const char *format, ...) BASHU_PRINTF(2, 3);
void failed(bench_value *value, const char *format, ...) BASHU_PRINTF(2, 3);
void note(bench_value *value, const char *format, ...) BASHU_PRINTF(2, 3);

/* Seconds of one call, over as many calls as take some milliseconds; negative: it did not work. */
double seconds_of(const timed_work *work);
/* Time of a over time of b, measured in turn (a, b, a, b, ...): the median of the ratios of neighbours. False, and a note:
 * one of them did not work. */
bool ratio_of_times(bench_value *out, const bench *b, const timed_work *over, const timed_work *under);
/* factor / value: a rate out of a time. */
void inverse_of(bench_value *value, double factor);

/* The least one can do with an array: its sum, at the machine's full width, on the threads of the bench. */
typedef struct bare_read {
    const double *array;
    size_t count;
    int threads;
    double sum; /* so that nobody leaves it out */
} bare_read;
bool read_once(void *payload);
/* Multiplications and additions in registers alone, with the best instructions there are. */
enum { PEAK_FLOPS = 1 << 28 }; /* of one call and thread */
typedef struct peak_loop {
    int threads;
    double sum;
} peak_loop;
bool multiply_add(void *payload);

/* ---- memory.c -------------------------------------------------------------------------------------- */

/* A line of /proc/self/status, e.g. "VmHWM:", in bytes; NaN where there is none. */
double process_bytes(const char *key);
/* The peak, VmHWM, is from now on. */
bool reset_peak(void);
/* Fills answer, of so many bytes, in a process of its own. Before the parent starts threads (rows.c, `first`): a child has none of them. False: it did
 * not answer. */
typedef struct bench bench;
typedef void child_function(void *answer, bench *b, size_t N, size_t J);
bool measure_in_child(bench *b, size_t N, size_t J, child_function *function, void *answer, size_t size);

/* ---- rows.c: what rows share ---------------------------------------------------------------------- */

typedef struct made { /* an economy and what it was made from */
    synthetic from;
    bashu_economy *economy;
    struct made *next;
} made;
struct bench {
    bashu_context *context, *alone; /* threads as asked; one thread */
    arena *memory;
    int repeats;
    const char *folder;
    made *economies;
    double *matrix;                 /* [MATRIX][MATRIX] positive; NULL until first wanted */
};
enum { MATRIX = 8000 };

/* Each economy is made once; NULL: `value` says why not. */
const bashu_economy *economy_of(bench *b, const synthetic *s, bench_value *value);
double *matrix_of(bench *b, bench_value *value);
/* Solvers for benchmarks: no further starts, and no pairs kept. */
bashu_options options_of_bench(void);
/* A cold solve of a shock, again and again. */
typedef struct solving {
    bashu_solver *solver;
    bashu_result *result;
    shock shock;
    arena *memory;
} solving;
bool solving_open(solving *s, const bashu_economy *economy, double sigma, uint64_t seed, bench_value *value);
bool solve_again(void *payload); /* of a solving; false: no equilibrium */
void solving_close(solving *s);

/* Ordinary economies: flows fall with distance to the power 1.5 (between countries it is about 1, Disdier & Head 2008, between
 * places of one country more), productivity of places and sectors moves by a fifth. */
static inline synthetic sectors_with_inputs(size_t N, size_t J, double home_share)
{
    return (synthetic){.name = "inputs", .N = N, .J = J, .theta = 4, .home_share = home_share, .distance_power = 1.5, .inputs = true,
                       .shock_sigma = 0.2, .seed = 1};
}
static inline synthetic one_sector(size_t N, double home_share)
{
    return (synthetic){.name = "one sector", .N = N, .J = 1, .theta = 4, .home_share = home_share, .distance_power = 1.5,
                       .shock_sigma = 0.2, .seed = 1};
}

/* time.c: a cold static solve of what a period changes, productivity by a fifth, and then 200 periods, once: "of a solve", "passes", and with
 * `memory` also "of the shares". */
void measure_periods(bench *b, const synthetic *from, bench_value *values, bool memory);

/* One function a work: fills the values of its rows, which are not measured yet. N, J: as the table says. */
typedef void bench_function(bench *b, size_t N, size_t J, bench_value *values);
bench_function bench_pass, bench_pass_single, bench_batch;                            /* pass.c */
bench_function bench_ordinary, bench_hard, bench_inputs, bench_threads, bench_growth; /* equilibrium.c */
bench_function bench_nested;                                                          /* nested.c */
bench_function bench_next, bench_sweep, bench_sweep_china, bench_sweep_threads;       /* sweep.c */
/* china2020 as it is read; NULL: `value` says why not. */
const bashu_economy *china_of(bench *b, bench_value *value);
const bashu_economy *china_over_all_routes(bench *b, bench_value *value); /* with routing: stochastic */
bench_function bench_links, bench_links_routes;                                                           /* links.c */
bench_function bench_memory;                                                          /* memory.c */
bench_function bench_gravity;                                                         /* gravity.c */
bench_function bench_time, bench_years, bench_years_market;                           /* time.c */
bench_function bench_foresight;                                                       /* foresight.c */
bench_function bench_earth; /* N: degrees */                                          /* earth.c */
bench_function bench_network, bench_network_congestion, bench_network_times, bench_network_million; /* network.c */
bench_function bench_version, bench_start;                                            /* start.c */

#endif
