/* gravity.c - Poisson with two-way fixed effects on 4 million rows against reading the numbers once.
 *
 *   y_ij = exp(a_i + b_j - log distance_ij + 0.5 border_ij - 0.3 agreement_ij) times noise, one in six zero; N x N pairs */
#include "parts.h"

#include "estimate/estimate.h"

#include <math.h>

enum { REGRESSORS = 3 };

typedef struct sample_of_flows {
    bench *bench;
    estimate_problem problem;
    double *numbers; /* [1 + REGRESSORS][rows]: outcome, regressors; one array, so that it can be read once */
    const double *regressor[REGRESSORS];
    grouping effect[2];
    uint32_t *group[2];
    bool converged;
} sample_of_flows;

static bool fit_once(void *payload)
{
    sample_of_flows *s = payload;
    estimate e;
    arena *memory = arena_new(s->bench->context);
    bool fitted = memory && estimate_fit(&e, memory, &s->problem) == BASHU_OK && e.reason > 0;
    if (memory) arena_free(memory);
    return fitted;
}

static bool draw_sample(sample_of_flows *s, arena *memory, size_t N)
{
    size_t rows = N * N;
    s->numbers = arena_alloc(memory, (1 + REGRESSORS) * rows, sizeof *s->numbers);
    for (int f = 0; f < 2; f++) s->group[f] = arena_alloc(memory, rows, sizeof *s->group[f]);
    if (!s->numbers || !s->group[0] || !s->group[1]) return false;
#pragma omp parallel for schedule(static) num_threads(thread_count(s->bench->context))
    for (size_t i = 0; i < N; i++) {
        random_stream stream;
        random_seed(&stream, 1 + i);
        for (size_t j = 0; j < N; j++) {
            size_t r = i * N + j;
            double distance = 0.1 + fabs((double)i - (double)j) / (double)N + 0.3 * random_uniform(&stream);
            double border = random_uniform(&stream) < 0.05, agreement = random_uniform(&stream) < 0.3;
            double size = 2 * sin(0.37 * (double)i) + 2 * cos(0.53 * (double)j), noise = exp(0.7 * random_normal(&stream));
            double flow = exp(3 + size - log(distance) + 0.5 * border - 0.3 * agreement) * noise;
            s->numbers[r] = random_uniform(&stream) < 1.0 / 6 ? 0 : flow;
            s->numbers[rows + r] = log(distance);
            s->numbers[2 * rows + r] = border;
            s->numbers[3 * rows + r] = agreement;
            s->group[0][r] = (uint32_t)i;
            s->group[1][r] = (uint32_t)j;
        }
    }
    for (int k = 0; k < REGRESSORS; k++) s->regressor[k] = s->numbers + (size_t)(k + 1) * rows;
    s->effect[0] = (grouping){"exporter", N, s->group[0], NULL};
    s->effect[1] = (grouping){"importer", N, s->group[1], NULL};
    s->problem = (estimate_problem){.method = METHOD_PPML, .rows = rows, .regressors = REGRESSORS, .effects = 2, .outcome = s->numbers,
                                    .regressor = s->regressor, .effect = s->effect, .tolerance = 1e-10, .pass_limit = 2000};
    return true;
}

void bench_gravity(bench *b, size_t N, size_t J, bench_value *values)
{
    arena *memory = arena_new(b->context);
    sample_of_flows s = {.bench = b};
    (void)J;
    if (memory && draw_sample(&s, memory, N)) {
        bare_read read = {s.numbers, (1 + REGRESSORS) * N * N, thread_count(b->context), 0};
        ratio_of_times(values, b, &(timed_work){fit_once, &s}, &(timed_work){read_once, &read});
    } else {
        not_measured(values, "out of memory");
    }
    if (memory) arena_free(memory);
}
