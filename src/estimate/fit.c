/* fit.c - Poisson pseudo-maximum likelihood (Santos Silva & Tenreyro 2006) and least squares, with effects partialled out
 * (Correia, Guimaraes & Zylkin 2020).
 *
 * Newton steps. With A = S^-1 C, a0 = S^-1 u (C: regressors, u: scores, both summed over groups of the rest, S of absorb.h):
 *
 *   (X'MX - C'A) d_beta = X'u - A'u,   d_alpha = a0 - A d_beta
 *
 * A is kept from step to step, and each is only solved as far as the next step needs. Poisson starts with a few scalings of
 * the effects alone; effects move by at most 1 in a step and regressors by one standard deviation; when the likelihood falls
 * the step is halved. Least squares are one such step. A last step with tight solutions polishes.
 *
 * The score is the certificate: for groups |sum u| / sum y, for regressors |x'u| over sqrt(x'Mx sum y) (least squares: squares
 * of the outcome about its mean instead). */
#include "estimate/fit.h"
#include "linalg/lu_blocks.h"

#include <math.h>
#include <string.h>

enum { SCALINGS = 10, PART_ROWS = 250000, PART_GROUPS = 100, PART_ITERATIONS = 12, ITERATION_LIMIT = 200, HALVINGS = 40, SUSPICIOUS = 10, SEARCHES = 4 };
static const double unlimited = (double)INFINITY;
static const double collinear_share = 1e-9, close_share = 1e-4, close_change = 1e-4, loose = 1e-3, tight = 1e-11, polished = 1e-8, finished = 1e-12, roughly = 1e-3;

bashu_status fit_new(fit *f, arena *memory, const estimate_problem *p, const unsigned char *excluded)
{
    bashu_context *context = arena_context(memory);
    *f = (fit){.context = context, .memory = memory, .problem = p, .tolerance = p->tolerance, .watch_separation = true,
                .iteration_limit = ITERATION_LIMIT};
    TRY(sample_build(&f->sample, memory, p, excluded));
    size_t K = p->regressors, groups = f->sample.rest_count;
    const array_wanted wanted[] = {{&f->within, K * K}, {&f->inverse, K * K}, {&f->raw, K}, {&f->step_beta, K},
                                   {&f->old_beta, K}, {&f->step_alpha, groups}, {&f->old_alpha, groups}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(context);
    if (!f->sample.rows)
        return fail(context, BASHU_ERROR_INPUT, "no rows are left to estimate from (%zu in groups without a positive outcome, "
                    "%zu alone in their group); widen `where`, use fewer effects, or set keep_singletons: true",
                    f->sample.zero_groups, f->sample.singletons);
    return absorber_new(&f->a, memory, &f->sample, (view){p->method, f->sample.outcome, f->sample.weight});
}

bool fit_invert(fit *f, const double *matrix, double *inverse)
{
    size_t K = f->sample.regressors;
    if (!K) return true;
    lu_blocks *one = lu_blocks_new(1, K);
    double *copy = one ? arena_alloc(f->memory, K * K, sizeof *copy) : NULL;
    bool good = copy != NULL;
    if (good) memcpy(copy, matrix, K * K * sizeof *copy);
    good = good && lu_blocks_factor(one, 0, copy);
    for (size_t k = 0; good && k < K; k++) {
        for (size_t l = 0; l < K; l++) inverse[k * K + l] = l == k;
        lu_blocks_solve(one, 0, inverse + k * K);
    }
    lu_blocks_free(one);
    return good;
}

/* ---- score ---------------------------------------------------------------------------------------- */

static void take_worst(fit *f, double score, size_t regressor, long group)
{
    if (worse(f->score, score) == f->score) return;
    f->score = score;
    f->worst_regressor = regressor;
    f->worst_group = group;
}

static void score_point(fit *f)
{
    const absorber *a = &f->a;
    const sample *s = &f->sample;
    size_t K = s->regressors, wide = f->a.moment_width;
    bool poisson = a->view.method == METHOD_PPML;
    double scale = poisson ? a->total : a->spread;
    f->score = 0;
    f->worst_regressor = 0;
    f->worst_group = -1;
    for (size_t k = 0; k < K; k++) {
        double size = sqrt(a->cross[k * K + k] * scale);
        if (size > 0 || a->gradient[k] != 0) take_worst(f, fabs(a->gradient[k]) / size, s->which[k], -1);
    }
    for (size_t g = 0; g < s->rest_count; g++) {
        double size = poisson ? a->rest_outcome[g] : sqrt(a->moments[g * wide] * scale), score = fabs(a->moments[g * wide + 1]);
        if (score != 0) take_worst(f, score / size, 0, (long)g);
    }
}

/* ---- collinear regressors -------------------------------------------------------------------------- */

static void drop_regressor(fit *f, size_t k)
{
    sample *s = &f->sample;
    size_t left = --s->regressors;
    for (; k < left; k++) {
        s->regressor[k] = s->regressor[k + 1];
        s->which[k] = s->which[k + 1];
        s->centre[k] = s->centre[k + 1];
        f->a.beta[k] = f->a.beta[k + 1];
    }
}

/* The share of each regressor's squares that effects and earlier regressors leave (Cholesky); *lowest of those kept, and the
 * first that leaves less than `least`, or K. */
static size_t first_collinear(fit *f, double least, double *lowest)
{
    size_t K = f->sample.regressors;
    double *l = f->inverse; /* free until the next step */
    *lowest = 1;
    for (size_t k = 0; k < K; k++) {
        for (size_t m = 0; m <= k; m++) {
            double sum = f->within[k * K + m];
            for (size_t i = 0; i < m; i++) sum -= l[k * K + i] * l[m * K + i];
            l[k * K + m] = m < k ? sum / l[m * K + m] : sqrt(fmax(sum, 0));
        }
        double share = f->raw[k] > 0 ? l[k * K + k] * l[k * K + k] / f->raw[k] : 0;
        if (!(share > least)) return k;
        *lowest = fmin(*lowest, share);
    }
    return K;
}

/* X'MX less what effects explain. Right to second order in the error of A: C'A + A'(C - SA). */
static void normal_matrix(fit *f)
{
    const absorber *a = &f->a;
    size_t K = f->sample.regressors, wide = a->moment_width;
    memcpy(f->within, a->cross, K * K * sizeof(double));
    for (size_t g = 0; g < f->sample.rest_count; g++) {
        const double *c = a->moments + g * wide + 2, *solved = a->solution + g * a->width + 1, *left = a->residual + g * a->width + 1;
        for (size_t k = 0; k < K; k++)
            for (size_t l = 0; l < K; l++) f->within[k * K + l] -= c[k] * solved[l] + solved[k] * left[l];
    }
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < k; l++)
            f->within[k * K + l] = f->within[l * K + k] = (f->within[k * K + l] + f->within[l * K + k]) / 2;
}

/* Where something is nearly collinear, effects are partialled out to the last digit before it is judged. */
static void drop_collinear(fit *f)
{
    double lowest;
    size_t K = f->sample.regressors;
    memcpy(f->raw, f->a.raw, K * sizeof *f->raw);
    absorb_right(&f->a);
    absorb_solve(&f->a, 1, loose);
    normal_matrix(f);
    if (first_collinear(f, close_share, &lowest) == K) return;
    absorb_solve(&f->a, 1, tight);
    normal_matrix(f);
    for (size_t k; (k = first_collinear(f, collinear_share, &lowest)) < f->sample.regressors;) {
        K = f->sample.regressors;
        for (size_t i = 0, to = 0; i < K * K; i++)
            if (i / K != k && i % K != k) f->within[to++] = f->within[i];
        for (size_t i = k; i + 1 < K; i++) f->raw[i] = f->raw[i + 1];
        drop_regressor(f, k);
    }
    if (f->sample.regressors == f->problem->regressors) return;
    absorber_resize(&f->a);
    absorb_evaluate(&f->a, MOMENTS_ALL);
}

/* ---- steps ---------------------------------------------------------------------------------------- */

static bool newton_step(fit *f, double share, double regressor_share)
{
    absorber *a = &f->a;
    size_t K = f->sample.regressors, wide = f->a.moment_width;
    absorb_right(a);
    for (size_t g = 0; g < f->sample.rest_count; g++) a->solution[g * a->width] = 0;
    absorb_solve(a, share, regressor_share);
    normal_matrix(f);
    if (!fit_invert(f, f->within, f->inverse)) return false;
    double score[1024];
    for (size_t k = 0; k < K; k++) score[k] = a->gradient[k];
    for (size_t g = 0; g < f->sample.rest_count; g++)
        for (size_t k = 0; k < K; k++) score[k] -= a->solution[g * a->width + 1 + k] * a->moments[g * wide + 1];
    for (size_t k = 0; k < K; k++) {
        f->step_beta[k] = 0;
        for (size_t l = 0; l < K; l++) f->step_beta[k] += f->inverse[k * K + l] * score[l];
    }
    for (size_t g = 0; g < f->sample.rest_count; g++) {
        f->step_alpha[g] = a->solution[g * a->width];
        for (size_t k = 0; k < K; k++) f->step_alpha[g] -= a->solution[g * a->width + 1 + k] * f->step_beta[k];
    }
    return true;
}

/* How much of the step regressors may take: one standard deviation of what is left of them. */
static double beta_reach(const fit *f)
{
    size_t K = f->sample.regressors;
    double most = 1;
    for (size_t k = 0; k < K; k++) {
        double deviation = sqrt(f->a.cross[k * K + k] / f->a.total);
        most = fmax(most, fabs(f->step_beta[k]) * deviation);
    }
    return 1 / most;
}

static void move(fit *f, double share, double cap, moments wanted)
{
    absorber *a = &f->a;
    double reach = cap < unlimited ? beta_reach(f) : 1;
    for (size_t k = 0; k < f->sample.regressors; k++) a->beta[k] = f->old_beta[k] + share * reach * f->step_beta[k];
    for (size_t g = 0; g < f->sample.rest_count; g++)
        a->alpha[g] = f->old_alpha[g] + share * fmax(-cap, fmin(cap, f->step_alpha[g]));
    absorb_evaluate(a, wanted);
}

/* False when no part of the step raises the likelihood. */
static bool take_step(fit *f, double cap)
{
    absorber *a = &f->a;
    double before = a->objective, slack = 1e-9 * fabs(before);
    memcpy(f->old_beta, a->beta, f->sample.regressors * sizeof(double));
    memcpy(f->old_alpha, a->alpha, f->sample.rest_count * sizeof(double));
    double share = 1;
    for (int k = 0; k < HALVINGS; k++, share /= 2) {
        move(f, share, k ? unlimited : cap, MOMENTS_ALL);
        if (a->objective >= before - slack) return true;
    }
    move(f, 0, cap, MOMENTS_ALL);
    return false;
}

/* Whether the coefficients the climb begins with are better than none: than the first effect alone. */
static bool starts_well(const fit *f)
{
    const absorber *a = &f->a;
    const sample *s = &f->sample;
    double alone = 0;
    bool none = true;
    for (size_t k = 0; k < s->regressors; k++) none = none && a->beta[k] == 0;
    if (none) return true;
    for (size_t g = 0; g < s->first_count; g++) {
        double weight = s->weight ? 0 : (double)(s->start[g + 1] - s->start[g]);
        for (size_t r = s->start[g]; s->weight && r < s->start[g + 1]; r++) weight += s->weight[r];
        alone += a->first_outcome[g] * log(a->first_outcome[g] / weight);
    }
    return a->objective > alone;
}

/* Effects alone, all other effects at once, hence their share; until margins nearly hold. */
static void scale_effects(fit *f)
{
    absorber *a = &f->a;
    const sample *s = &f->sample;
    size_t others = s->effects - 1, wide = a->moment_width;
    double worst = unlimited, *factor = f->step_alpha; /* free until the first step */
    absorb_evaluate(a, MOMENTS_EFFECTS);
    if (!starts_well(f)) {
        memset(a->beta, 0, s->regressors * sizeof(double));
        absorb_evaluate(a, MOMENTS_EFFECTS);
    }
    for (size_t g = 0; g < s->rest_count; g++) factor[g] = 1;
    for (int k = 0; others && worst > 1e-3 && k < SCALINGS; k++) {
        if (k) absorb_scale(a, factor);
        worst = 0;
        for (size_t g = 0; g < s->rest_count; g++) {
            double step = log(a->rest_outcome[g] / a->moments[g * wide]) / (double)others;
            factor[g] *= exp(step);
            worst = fmax(worst, fabs(step));
        }
    }
    for (size_t g = 0; g < s->rest_count; g++) a->alpha[g] += log(factor[g]);
}

/* The covariance needs tight solutions; the step they give is taken where it can still do something. False when it misses
 * the tolerance: then the point is where it was. */
static bool polish(fit *f)
{
    double score = f->score;
    if (!newton_step(f, polished, tight) || score <= finished) return score <= f->tolerance;
    memcpy(f->old_beta, f->a.beta, f->sample.regressors * sizeof(double));
    memcpy(f->old_alpha, f->a.alpha, f->sample.rest_count * sizeof(double));
    move(f, 1, unlimited, MOMENTS_SCORE);
    score_point(f);
    if (f->score <= f->tolerance) return true;
    move(f, 0, unlimited, score <= f->tolerance ? MOMENTS_SCORE : MOMENTS_ALL);
    score_point(f);
    return score <= f->tolerance;
}

bashu_status fit_climb(fit *f, climb_end *end)
{
    absorber *a = &f->a;
    bool poisson = a->view.method == METHOD_PPML, watch = poisson && f->watch_separation && a->has_zeros, arrives = poisson && !f->rough;
    double before = unlimited;
    if (poisson && !f->iterations) scale_effects(f);
    absorb_evaluate(a, MOMENTS_ALL);
    if (!f->iterations) drop_collinear(f);
    for (int steps = 0;; steps++) {
        score_point(f);
        report_progress(f->context, -1, "estimating");
        *end = is_cancelled(f->context)                                    ? CLIMB_INTERRUPTED
               : !isfinite(f->score)                                       ? CLIMB_NOT_FINITE
               : f->score <= f->tolerance && (!poisson || f->rough || a->change < close_change) ? CLIMB_DONE
               : watch && steps >= SUSPICIOUS && a->change > 0.3           ? CLIMB_SEPARATED
               : f->iterations >= f->iteration_limit || a->passes >= f->problem->pass_limit ? CLIMB_LIMIT
                                                                           : CLIMB_STALLED;
        if (*end != CLIMB_STALLED) break;
        /* Newton's method squares what is left: where the next step arrives it is the last, the one that polishes */
        if (arrives && a->change < close_change && f->score * (f->score / before) <= finished) {
            f->iterations++;
            arrives = polish(f);
            if (arrives) {
                *end = CLIMB_DONE;
                return BASHU_OK;
            }
        }
        before = f->score;
        double share = poisson ? fmax(1e-10, fmin(3e-2, 0.1 * f->score)) : tight;
        if (!newton_step(f, share, share)) break;
        f->iterations++;
        if (!take_step(f, poisson ? 1 : unlimited)) break;
    }
    if (*end == CLIMB_INTERRUPTED) return fail(f->context, BASHU_INTERRUPTED, "interrupted");
    if (*end == CLIMB_DONE && !f->rough) polish(f);
    return BASHU_OK;
}

bool fit_step(fit *f)
{
    absorb_evaluate(&f->a, MOMENTS_ALL);
    if (!newton_step(f, polished, polished)) return false;
    memcpy(f->old_beta, f->a.beta, f->sample.regressors * sizeof(double));
    memcpy(f->old_alpha, f->a.alpha, f->sample.rest_count * sizeof(double));
    move(f, 1, unlimited, MOMENTS_SCORE);
    return true;
}

void fit_back(fit *f) { move(f, 0, unlimited, MOMENTS_ALL); }

/* ---- the whole ------------------------------------------------------------------------------------ */

static bashu_reason reason_of(climb_end end)
{
    switch (end) {
    case CLIMB_DONE: return BASHU_CONVERGED_RESIDUAL;
    case CLIMB_LIMIT: return BASHU_DIVERGED_LIMIT;
    case CLIMB_NOT_FINITE: return BASHU_DIVERGED_NOT_FINITE;
    case CLIMB_INTERRUPTED: return BASHU_DIVERGED_INTERRUPTED;
    default: return BASHU_DIVERGED_STALLED;
    }
}

/* Zeros whose fitted value is lost in the rounding of the smallest of their groups: where they go, no step can see. */
static bool has_invisible(const fit *f)
{
    const sample *s = &f->sample;
    const absorber *a = &f->a;
    const double lost = 1e-12;
    size_t others = s->effects - 1;
    if (!a->faint) return false;
    for (size_t g = 0; g < s->first_count; g++)
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            if (s->outcome[r] > 0) continue;
            double least = a->first_outcome[g];
            for (size_t o = 0; o < others; o++) least = fmin(least, a->rest_outcome[s->rest[r * others + o]]);
            if (a->fitted[r] < lost * least) return true;
        }
    return false;
}

/* ---- a start ---------------------------------------------------------------------------------------- */

typedef struct part {
    size_t every, rows; /* one group of the first effect of so many */
    double *outcome, *weight, **regressor;
    uint32_t **of;      /* [effects] */
    grouping *effect;
} part;

static bashu_status part_new(part *p, const sample *s, arena *memory)
{
    const array_wanted wanted[] = {{&p->outcome, p->rows}, {&p->weight, s->weight ? p->rows : 0}};
    p->regressor = arena_alloc(memory, s->regressors, sizeof *p->regressor);
    p->of = arena_alloc(memory, s->effects, sizeof *p->of);
    p->effect = arena_alloc(memory, s->effects, sizeof *p->effect);
    bool good = ARENA_ARRAYS(memory, wanted) && p->regressor && p->of && p->effect;
    for (size_t k = 0; good && k < s->regressors; k++) {
        p->regressor[k] = arena_alloc(memory, p->rows, sizeof **p->regressor);
        good = p->regressor[k] != NULL;
    }
    for (size_t e = 0; good && e < s->effects; e++) {
        p->of[e] = arena_alloc(memory, p->rows, sizeof **p->of);
        p->effect[e] = (grouping){.count = e ? s->offset[e + 1] - s->offset[e] : s->first_count, .of = p->of[e]};
        good = p->of[e] != NULL;
    }
    return good ? BASHU_OK : fail_memory(arena_context(memory));
}

static void part_copy(const part *p, const sample *s)
{
    size_t others = s->effects - 1;
    for (size_t g = 0, to = 0; g < s->first_count; g += p->every) {
        size_t low = s->start[g], n = s->start[g + 1] - low;
        memcpy(p->outcome + to, s->outcome + low, n * sizeof(double));
        if (s->weight) memcpy(p->weight + to, s->weight + low, n * sizeof(double));
        for (size_t k = 0; k < s->regressors; k++) memcpy(p->regressor[k] + to, s->regressor[k] + low, n * sizeof(double));
        for (size_t r = 0; r < n; r++) p->of[0][to + r] = (uint32_t)g;
        for (size_t e = 1; e <= others; e++)
            for (size_t r = 0; r < n; r++) p->of[e][to + r] = s->rest[(low + r) * others + e - 1] - (uint32_t)s->offset[e];
        to += n;
    }
}

/* Coefficients of the part become those the climb begins with. */
static bashu_status part_fit(const part *p, fit *f, arena *memory)
{
    const sample *s = &f->sample;
    const estimate_problem problem = {
        .method = METHOD_PPML, .rows = p->rows, .regressors = s->regressors, .effects = s->effects, .outcome = p->outcome,
        .regressor = (const double *const *)p->regressor, .weight = s->weight ? p->weight : NULL, .effect = p->effect,
        .keep_singletons = true, .in_order = true, .tolerance = roughly, .pass_limit = f->problem->pass_limit};
    fit rough;
    climb_end end;
    TRY(fit_new(&rough, memory, &problem, NULL));
    rough.watch_separation = false;
    rough.rough = true;
    rough.iteration_limit = PART_ITERATIONS;
    TRY(fit_climb(&rough, &end));
    for (size_t k = 0; end == CLIMB_DONE && k < rough.sample.regressors; k++) f->a.beta[rough.sample.which[k]] = rough.a.beta[k];
    return BASHU_OK;
}

/* Of many rows, some are estimated from first: steps over these cost little, and few are left to take over all. It is a
 * start and no part of the answer. */
static bashu_status start_from_part(fit *f)
{
    const sample *s = &f->sample;
    part p = {.every = s->rows / PART_ROWS};
    bool pays = f->problem->method == METHOD_PPML && s->regressors && s->effects <= 2; /* more effects: what costs is their solution */
    if (!pays || p.every < 2 || s->first_count < p.every * PART_GROUPS) return BASHU_OK;
    for (size_t g = 0; g < s->first_count; g += p.every) p.rows += s->start[g + 1] - s->start[g];
    arena *scratch = arena_new(f->context);
    if (!scratch) return fail_memory(f->context);
    bashu_status status = part_new(&p, s, scratch);
    if (status == BASHU_OK) {
        part_copy(&p, s);
        status = part_fit(&p, f, scratch);
    }
    arena_free(scratch);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------------ */

/* One sample; where the climb smells of separation the rows are looked for, and *again asks for another sample. */
static bashu_status fit_once(estimate *out, arena *memory, arena *scratch, const estimate_problem *p, unsigned char *excluded,
                             bool *again)
{
    fit f;
    climb_end end;
    *again = false;
    TRY(fit_new(&f, scratch, p, out->separated ? excluded : NULL));
    TRY(start_from_part(&f));
    TRY(fit_climb(&f, &end));
    for (int k = 0; p->method == METHOD_PPML && (end != CLIMB_DONE || has_invisible(&f)) && k < SEARCHES; k++) {
        size_t found;
        TRY(find_separated(&found, excluded, &f, scratch));
        out->separated += found;
        *again = found > 0;
        if (found) return BASHU_OK;
        if (end == CLIMB_DONE) break;
        f.watch_separation = k + 2 < SEARCHES; /* too early perhaps: some steps on it may be plainer */
        TRY(fit_climb(&f, &end));
    }
    out->reason = reason_of(end);
    return fit_answer(&f, out, memory);
}

bashu_status estimate_fit(estimate *out, arena *memory, const estimate_problem *p)
{
    bashu_context *context = arena_context(memory);
    double start = now_s();
    bool again = true;
    bashu_status status = BASHU_OK;
    *out = (estimate){0};
    unsigned char *excluded = arena_alloc(memory, p->rows, 1);
    if (!excluded) return fail_memory(context);
    if (p->regressors >= 1000) return fail(context, BASHU_ERROR_UNSUPPORTED, "%zu regressors; at most 999", p->regressors);
    while (again && status == BASHU_OK) {
        arena *scratch = arena_new(context);
        if (!scratch) return fail_memory(context);
        status = fit_once(out, memory, scratch, p, excluded, &again);
        arena_free(scratch);
    }
    out->time_s = now_s() - start;
    return status;
}
