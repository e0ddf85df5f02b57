/* covariance.c - the answer: coefficients, effects, their level, and the covariance of the coefficients.
 *
 * With e_r the weighted error of a row, x~ what is left of the regressors and W = (x~'M x~)^-1:
 *
 *   V = W (sum over clusters of s s') W,   s = sum of x~_r e_r over the cluster      (robust: every row a cluster)
 *
 * times G/(G-1) for G clusters, n/(n-1) when robust. Two clusters: V_1 + V_2 - V_12 (Cameron, Gelbach & Miller 2011) with
 * G the smaller number for all three.
 *
 * The constant is l'a, a linear form of the effects: by default the mean of their sum weighted by fitted values, otherwise what
 * `normalise` moves out of the effects. It is the same as a coefficient whose x~ is q = D (D'MD)^- l, less W-projections. */
#include "estimate/fit.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

/* ---- effects --------------------------------------------------------------------------------------- */

/* Values of the effect that stands at e, by its groups in the sample. */
static double *values_of(fit *f, size_t e) { return e ? f->a.alpha + f->sample.offset[e] : f->a.first_effect; }

static size_t groups_of(const fit *f, size_t e)
{
    const sample *s = &f->sample;
    return e ? s->offset[e + 1] - s->offset[e] : s->first_count;
}

static const double *weights_of(const fit *f, size_t e, size_t *stride)
{
    *stride = e ? f->a.moment_width : 1;
    return e ? f->a.moments + f->sample.offset[e] * *stride : f->a.first_weight;
}

/* Where the level of effect e lies: a share for each of its groups, summing to 1. */
static void level_form(const fit *f, size_t e, double *share)
{
    const estimate_problem *p = f->problem;
    size_t groups = groups_of(f, e), stride;
    const double *weights = weights_of(f, e, &stride);
    normalisation n = p->effects && p->normal ? p->normal[f->sample.effect_of[e]] : (normalisation){NORMAL_DEFAULT, 0};
    bool weighted = n.form == NORMAL_DEFAULT && p->constant;
    double total = 0;
    for (size_t g = 0; g < groups; g++) total += weights[g * stride];
    for (size_t g = 0; g < groups; g++) share[g] = weighted ? weights[g * stride] / total : 1 / (double)groups;
    if (n.form != NORMAL_LEVEL) return;
    for (size_t g = 0; g < groups; g++) share[g] = f->sample.group[e][g] == n.level;
}

/* True when the level of the effect is taken out: all but the one that keeps what no constant takes. */
static bool gives_level(const fit *f, size_t e)
{
    const estimate_problem *p = f->problem;
    if (p->constant || !p->effects) return true;
    if (p->normal && p->normal[f->sample.effect_of[e]].form != NORMAL_DEFAULT) return true;
    size_t keeper = 0; /* the first of the problem's that is not normalised */
    while (p->normal && keeper < p->effects && p->normal[keeper].form != NORMAL_DEFAULT) keeper++;
    return f->sample.effect_of[e] != keeper;
}

/* Takes the levels out of the effects and gives their sum. */
static double take_levels(fit *f, double *const *share)
{
    double level = 0;
    for (size_t e = 0; e < f->sample.effects; e++) {
        double mean = 0, *values = values_of(f, e);
        if (!gives_level(f, e)) continue;
        for (size_t g = 0; g < groups_of(f, e); g++) mean += share[e][g] * values[g];
        for (size_t g = 0; g < groups_of(f, e); g++) values[g] -= mean;
        level += mean;
    }
    return level;
}

static bashu_status put_effects(fit *f, estimate *out, arena *memory)
{
    const estimate_problem *p = f->problem;
    double **effect = arena_alloc(memory, p->effects + 1, sizeof *effect);
    size_t **rows = arena_alloc(memory, p->effects + 1, sizeof *rows);
    if (!effect || !rows) return fail_memory(f->context);
    for (size_t e = 0; e < p->effects; e++) {
        const grouping *by = &p->effect[f->sample.effect_of[e]];
        double *values = arena_alloc(memory, by->count, sizeof *values);
        size_t *left = arena_alloc(memory, by->count, sizeof *left);
        if (!values || !left) return fail_memory(f->context);
        for (size_t g = 0; g < by->count; g++) values[g] = (double)NAN;
        for (size_t g = 0; g < groups_of(f, e); g++) values[f->sample.group[e][g]] = values_of(f, e)[g];
        for (size_t g = 0; g < groups_of(f, e); g++) left[f->sample.group[e][g]] = f->sample.group_rows[e][g];
        effect[f->sample.effect_of[e]] = values;
        rows[f->sample.effect_of[e]] = left;
    }
    out->effect = (const double *const *)effect;
    out->effect_rows = (const size_t *const *)rows;
    return BASHU_OK;
}

/* ---- the constant ---------------------------------------------------------------------------------- */

/* By default q is the same for all rows. */
static bool is_uniform(const fit *f)
{
    const estimate_problem *p = f->problem;
    for (size_t e = 0; p->normal && e < p->effects; e++)
        if (p->normal[e].form != NORMAL_DEFAULT) return false;
    return true;
}

/* q for each row, from D'MD a = l by the same elimination as for the regressors. */
static void constant_rows(fit *f, double *const *share, double *q)
{
    absorber *a = &f->a;
    const sample *s = &f->sample;
    size_t others = s->effects - 1;
    memset(a->right, 0, s->rest_count * a->width * sizeof(double));
    memset(a->solution, 0, s->rest_count * a->width * sizeof(double));
    for (size_t e = 1; e < s->effects; e++)
        for (size_t g = s->offset[e]; g < s->offset[e + 1]; g++) a->right[g * a->width] = share[e][g - s->offset[e]];
    for (size_t g = 0; g < s->first_count; g++)
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++)
            for (size_t o = 0; o < others; o++)
                a->right[s->rest[r * others + o] * a->width] -= a->fitted[r] * share[0][g] / a->first_weight[g];
    absorb_solve(a, 1e-12, 1);
    for (size_t g = 0; g < s->first_count; g++) {
        double sum = share[0][g];
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            q[r] = 0;
            for (size_t o = 0; o < others; o++) q[r] += a->solution[s->rest[r * others + o] * a->width];
            sum -= a->fitted[r] * q[r];
        }
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) q[r] += sum / a->first_weight[g];
    }
}

/* ---- the middle of the sandwich ----------------------------------------------------------------------- */

/* Scores of a row: x~_k e, then q e when there is a constant. */
typedef struct scores {
    fit *f;
    const double *q;   /* [rows]; NULL: `uniform` */
    const double *eta; /* [rows] of least squares */
    double uniform;
    size_t width;      /* with the constant */
    double *all;       /* [rows][width], for clusters; NULL: robust */
    double *work;      /* of blocks: within, middle, means, strips */
    size_t stride;
} scores;

/* Weighted errors of a strip, zeros behind its end. */
IN_EACH_WIDTH void strip_errors(const scores *of, size_t low, size_t n, size_t whole, double *restrict weight, double *restrict error)
{
    const absorber *a = &of->f->a;
    const sample *s = &of->f->sample;
    const double *y = s->outcome + low, *w = s->weight ? s->weight + low : NULL, *m = a->fitted + low;
    for (size_t r = 0; r < n; r++) weight[r] = m[r];
    for (size_t r = 0; r < n; r++) error[r] = a->view.method == METHOD_PPML ? (w ? w[r] * y[r] : y[r]) - m[r] : (w ? w[r] : 1) * (y[r] - of->eta[low + r]);
    for (size_t r = n; r < whole; r++) weight[r] = error[r] = 0;
}

/* X~'MX~ and the squares of scores (or the scores themselves) of a block. */
FOR_EACH_WIDTH static void score_block(const scores *of, size_t block)
{
    const absorber *a = &of->f->a;
    const sample *s = &of->f->sample;
    const size_t K = s->regressors, width = of->width;
    double *within = of->work + block * of->stride, *middle = within + K * K, *mean = middle + width * width;
    double *left = mean + K, *scaled = left + width * LEFT_STRIP, weight[LEFT_STRIP], error[LEFT_STRIP];
    for (size_t g = s->block[block]; g < s->block[block + 1]; g++) {
        absorb_left_means(a, g, mean, left);
        for (size_t low = s->start[g], n; low < s->start[g + 1]; low += n) {
            n = s->start[g + 1] - low < LEFT_STRIP ? s->start[g + 1] - low : LEFT_STRIP;
            const size_t whole = (n + EIGHT - 1) / EIGHT * EIGHT;
            absorb_left(a, mean, low, n, left);
            for (size_t r = 0; width > K && r < n; r++) left[K * LEFT_STRIP + r] = of->q ? of->q[low + r] : of->uniform;
            for (size_t k = 0; k < width; k++)
                for (size_t r = n; r < whole; r++) left[k * LEFT_STRIP + r] = 0;
            strip_errors(of, low, n, whole, weight, error);
            add_cross(within, K, weight, left, LEFT_STRIP, K, whole, scaled);
            for (size_t r = 0; of->all && r < n; r++)
                for (size_t k = 0; k < width; k++) of->all[(low + r) * width + k] = left[k * LEFT_STRIP + r] * error[r];
            if (of->all) continue;
            for (size_t r = 0; r < whole; r++) error[r] *= error[r];
            add_cross(middle, width, error, left, LEFT_STRIP, width, whole, scaled);
        }
    }
}

/* From the lower halves of `width` x `width` numbers that stand at `from` in the work of blocks. */
static void sum_blocks(const scores *of, size_t from, double *to, size_t width)
{
    memset(to, 0, width * width * sizeof *to);
    for (size_t b = 0; b < of->f->sample.blocks; b++)
        for (size_t k = 0; k < width * width; k++) to[k] += of->work[b * of->stride + from + k];
    for (size_t k = 0; k < width; k++)
        for (size_t l = 0; l < k; l++) to[l * width + k] = to[k * width + l];
}

/* Fills `within` of the fit, and `middle` (robust) or all scores. */
static bashu_status score_rows(scores *of, double *middle)
{
    fit *f = of->f;
    const sample *s = &f->sample;
    size_t K = s->regressors;
    of->stride = (K * K + of->width * of->width + K + (of->width + 1) * LEFT_STRIP + EIGHT - 1) / EIGHT * EIGHT;
    of->work = arena_alloc(f->memory, s->blocks * of->stride, sizeof *of->work);
    if (f->problem->clusters) of->all = arena_alloc(f->memory, s->rows * of->width, sizeof *of->all);
    if (!of->work || (f->problem->clusters && !of->all)) return fail_memory(f->context);
    absorb_begin_left(&f->a);
    f->a.passes++;
#pragma omp parallel for schedule(dynamic) num_threads(f->a.threads)
    for (size_t block = 0; block < s->blocks; block++) score_block(of, block);
    sum_blocks(of, 0, f->within, K);
    sum_blocks(of, K * K, middle, of->width);
    return BASHU_OK;
}

static void add_square(double *middle, const double *score, size_t width, double by)
{
    for (size_t k = 0; k < width; k++)
        for (size_t l = 0; l < width; l++) middle[k * width + l] += by * score[k] * score[l];
}

static bashu_status add_clusters(double *middle, const scores *of, const uint32_t *cluster, size_t count, double by, arena *memory,
                                 size_t *used)
{
    const sample *s = &of->f->sample;
    double *sums = arena_alloc(memory, count * of->width, sizeof *sums);
    unsigned char *seen = arena_alloc(memory, count, 1);
    if (!sums || !seen) return fail_memory(of->f->context);
    for (size_t r = 0; r < s->rows; r++) {
        const double *score = of->all + r * of->width;
        size_t c = cluster[row_of(s, r)];
        seen[c] = 1;
        for (size_t k = 0; k < of->width; k++) sums[c * of->width + k] += score[k];
    }
    *used = 0;
    for (size_t c = 0; c < count; c++) {
        *used += seen[c];
        add_square(middle, sums + c * of->width, of->width, by);
    }
    return BASHU_OK;
}

/* Pairs of clusters, numbered as they come; sorted by both so that a pair's rows stand together. */
static bashu_status add_both(double *middle, const scores *of, const grouping *one, const grouping *two, arena *memory)
{
    const sample *s = &of->f->sample;
    size_t *start = arena_alloc(memory, one->count + 1, sizeof *start), *last = arena_alloc(memory, two->count, sizeof *last);
    uint32_t *sorted = arena_alloc(memory, s->rows, sizeof *sorted);
    double *sums = arena_alloc(memory, two->count * of->width, sizeof *sums);
    if (!start || !last || !sorted || !sums) return fail_memory(of->f->context);
    for (size_t r = 0; r < s->rows; r++) start[one->of[row_of(s, r)] + 1]++;
    for (size_t c = 0; c < one->count; c++) start[c + 1] += start[c];
    for (size_t r = 0; r < s->rows; r++) sorted[start[one->of[row_of(s, r)]]++] = (uint32_t)r;
    for (size_t c = 0, low = 0; c < one->count; low = start[c], c++) {
        for (size_t i = low; i < start[c]; i++) {
            size_t d = two->of[row_of(s, sorted[i])];
            for (size_t k = 0; k < of->width; k++) sums[d * of->width + k] += of->all[sorted[i] * of->width + k];
        }
        for (size_t i = low; i < start[c]; i++) {
            size_t d = two->of[row_of(s, sorted[i])];
            if (last[d] == c + 1) continue;
            last[d] = c + 1;
            add_square(middle, sums + d * of->width, of->width, -1);
            memset(sums + d * of->width, 0, of->width * sizeof *sums);
        }
    }
    return BASHU_OK;
}

/* Clusters, and the factor for few of them. */
static bashu_status fill_middle(double *middle, const scores *of, estimate *out, arena *memory)
{
    const estimate_problem *p = of->f->problem;
    const sample *s = &of->f->sample;
    size_t square = of->width * of->width;
    double least = (double)s->rows;
    for (size_t c = 0; c < p->clusters; c++) {
        TRY(add_clusters(middle, of, p->cluster[c].of, p->cluster[c].count, 1, memory, &out->cluster_count[c]));
        least = fmin(least, (double)out->cluster_count[c]);
    }
    if (p->clusters == 2) TRY(add_both(middle, of, &p->cluster[0], &p->cluster[1], memory));
    for (size_t k = 0; k < square; k++) middle[k] *= least / (least - 1);
    return BASHU_OK;
}

/* ---- the sandwich ------------------------------------------------------------------------------------ */

/* L takes scores to coefficients: W for regressors; the constant's row is (-m'W, 1). */
static void spread_scores(double *spread, const fit *f, const double *mean, size_t width)
{
    size_t K = f->sample.regressors;
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < K; l++) spread[k * width + l] = f->inverse[k * K + l];
    if (width == K) return;
    for (size_t l = 0; l < K; l++)
        for (size_t k = 0; k < K; k++) spread[K * width + l] -= mean[k] * f->inverse[k * K + l];
    spread[K * width + K] = 1;
}

static bashu_status put_covariance(double *to, const fit *f, const double *spread, const double *middle, size_t width, arena *memory)
{
    size_t K = f->sample.regressors, all = f->problem->regressors + 1;
    double *half = arena_alloc(memory, width * width, sizeof *half);
    if (!half) return fail_memory(f->context);
    for (size_t k = 0; k < width; k++)
        for (size_t l = 0; l < width; l++)
            for (size_t i = 0; i < width; i++) half[k * width + l] += spread[k * width + i] * middle[i * width + l];
    for (size_t k = 0; k < width; k++)
        for (size_t l = 0; l < width; l++) {
            size_t row = k < K ? f->sample.which[k] : all - 1, column = l < K ? f->sample.which[l] : all - 1;
            for (size_t i = 0; i < width; i++) to[row * all + column] += half[k * width + i] * spread[l * width + i];
        }
    for (size_t k = 0; k < all; k++) /* rounding leaves the two halves apart */
        for (size_t l = 0; l < k; l++) to[k * all + l] = to[l * all + k] = (to[k * all + l] + to[l * all + k]) / 2;
    return BASHU_OK;
}

typedef struct constant_form {
    const fit *f;
    const double *q;
} constant_form;

static void add_constant(const void *payload, size_t low, size_t high, double *sums)
{
    const constant_form *c = payload;
    for (size_t k = 0; k < c->f->sample.regressors; k++)
        for (size_t r = low; r < high; r++)
            sums[k] += c->f->a.fitted[r] * c->q[r] * (c->f->sample.regressor[k][r] - c->f->sample.centre[k]);
}

/* m_k = sum of fitted q x_k, regressors about their own zero. */
static bashu_status constant_means(const fit *f, const double *q, double *mean, arena *memory)
{
    const sample *s = &f->sample;
    const constant_form c = {f, q};
    TRY(sum_rows(memory, s->rows, add_constant, &c, mean, s->regressors));
    for (size_t k = 0; k < s->regressors; k++) mean[k] += s->centre[k];
    return BASHU_OK;
}

/* log of the gamma function of y + 1: Stirling's series from 8 on, below it that of z + 8 less the factors between. To 1e-14. */
IN_EACH_WIDTH double log_factorial(double y)
{
    const double z = y + 1, factors = z * (z + 1) * (z + 2) * (z + 3) * ((z + 4) * (z + 5) * (z + 6) * (z + 7));
    const double u = z < 8 ? z + 8 : z, between = z < 8 ? factors : 1, v = 1 / u, square = v * v;
    const double series = 1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square * (1.0 / 1188 - square * 691 / 360360))));
    const double value = ((u - 0.5) * log_lane(u) - u + 0.91893853320467274178 + v * series) - log_lane(between);
    return y == 0 ? 0 : value;
}

enum { FIT_WEIGHTS, FIT_FACTORIALS, FIT_FITTED, FIT_DEVIANCE, FIT_SUMS };

/* `n` rows, one a lane; weight NULL: 1. */
IN_EACH_WIDTH void fit_lanes(const double *fitted, const double *outcome, const double *weight, size_t n, double lane[FIT_SUMS][VECTOR_LANES])
{
    LANES_TOGETHER
    for (size_t l = 0; l < n; l++) {
        const double w = weight ? weight[l] : 1, y = outcome[l], m = fitted[l], all = w * y;
        const double logarithm = log_lane(all > 0 ? all / m : 1);
        lane[FIT_WEIGHTS][l] += w;
        lane[FIT_FACTORIALS][l] += w * log_factorial(y);
        lane[FIT_FITTED][l] += m;
        lane[FIT_DEVIANCE][l] += 2 * (all * logarithm - (all - m));
    }
}

FOR_EACH_WIDTH static void add_fit(const void *payload, size_t low, size_t high, double *sums)
{
    const fit *f = payload;
    const double *fitted = f->a.fitted, *outcome = f->sample.outcome, *weight = f->sample.weight;
    double lane[FIT_SUMS][VECTOR_LANES] = {{0}};
    size_t r = low;
    for (; !weight && r + VECTOR_LANES <= high; r += VECTOR_LANES) fit_lanes(fitted + r, outcome + r, NULL, VECTOR_LANES, lane);
    for (; weight && r + VECTOR_LANES <= high; r += VECTOR_LANES) fit_lanes(fitted + r, outcome + r, weight + r, VECTOR_LANES, lane);
    fit_lanes(fitted + r, outcome + r, weight ? weight + r : NULL, high - r, lane);
    for (size_t k = 0; k < FIT_SUMS; k++) sums[k] += lane_sum(lane[k]);
}

static bashu_status put_fit(const fit *f, estimate *out)
{
    const absorber *a = &f->a;
    double sums[FIT_SUMS];
    if (a->view.method == METHOD_OLS) {
        out->deviance = -a->objective;
        out->log_likelihood = (double)NAN;
        out->pseudo_r2 = a->spread > 0 ? 1 - out->deviance / a->spread : (double)NAN;
        return BASHU_OK;
    }
    TRY(sum_rows(f->memory, f->sample.rows, add_fit, f, sums, FIT_SUMS));
    out->deviance = sums[FIT_DEVIANCE];
    out->log_likelihood = a->objective - sums[FIT_FITTED] - sums[FIT_FACTORIALS];
    double alone = a->total * log(a->total / sums[FIT_WEIGHTS]) - a->total - sums[FIT_FACTORIALS]; /* a constant and nothing else */
    out->pseudo_r2 = 1 - out->log_likelihood / alone;
    return BASHU_OK;
}

static bashu_status put_coefficients(fit *f, estimate *out, double *const *share, arena *memory)
{
    const estimate_problem *p = f->problem;
    const sample *s = &f->sample;
    size_t K = s->regressors, all = p->regressors + 1, width = K + p->constant;
    bool rows = p->constant && !is_uniform(f); /* q by rows */
    double *coefficient, *covariance, *q, *eta, *mean, *middle, *spread;
    const array_wanted wanted[] = {{&coefficient, all}, {&covariance, all * all}};
    const array_wanted scratch[] = {{&q, rows ? s->rows : 0}, {&eta, p->method == METHOD_OLS ? s->rows : 0}, {&mean, K}, {&middle, width * width}, {&spread, width * width}};
    unsigned char *collinear = arena_alloc(memory, p->regressors, 1);
    if (!ARENA_ARRAYS(memory, wanted) || !ARENA_ARRAYS(f->memory, scratch) || !collinear) return fail_memory(f->context);
    memset(collinear, 1, p->regressors);
    if (p->method == METHOD_OLS) absorb_linear(&f->a, eta); /* before levels move */
    double level = take_levels(f, share);
    for (size_t k = 0; k < K; k++) {
        collinear[s->which[k]] = 0;
        coefficient[s->which[k]] = f->a.beta[k];
        level -= f->a.beta[k] * s->centre[k];
    }
    out->coefficient = coefficient;
    out->covariance = covariance;
    out->collinear = collinear;
    if (p->constant) {
        coefficient[all - 1] = level;
    } else { /* the effect that keeps the level */
        for (size_t e = 0; e < s->effects; e++)
            for (size_t g = 0; !gives_level(f, e) && g < groups_of(f, e); g++) values_of(f, e)[g] += level;
    }
    if (out->reason <= 0) return BASHU_OK;
    for (size_t k = 0; k < K; k++) mean[k] = f->a.mean[k];
    if (rows) {
        double *kept = arena_alloc(f->memory, s->rest_count * f->a.width, sizeof *kept);
        if (!kept) return fail_memory(f->context);
        if (s->rest_count) memcpy(kept, f->a.solution, s->rest_count * f->a.width * sizeof *kept);
        constant_rows(f, share, q);
        TRY(constant_means(f, q, mean, f->memory));
        if (s->rest_count) memcpy(f->a.solution, kept, s->rest_count * f->a.width * sizeof *kept);
    }
    double weights = 0;
    for (size_t g = 0; g < s->first_count; g++) weights += f->a.first_weight[g];
    scores of = {.f = f, .q = rows ? q : NULL, .eta = eta, .uniform = 1 / weights, .width = width};
    TRY(score_rows(&of, middle));
    if (!fit_invert(f, f->within, f->inverse)) return fail(f->context, BASHU_ERROR_INTERNAL, "the regressors are singular");
    TRY(fill_middle(middle, &of, out, f->memory));
    spread_scores(spread, f, mean, width);
    return put_covariance(covariance, f, spread, middle, width, f->memory);
}

/* Group of the rest to the effect and level of the problem. */
static void name_worst(const fit *f, estimate *out)
{
    const sample *s = &f->sample;
    out->worst_regressor = f->worst_regressor;
    for (size_t e = 1; f->worst_group >= 0 && e < s->effects; e++) {
        size_t g = (size_t)f->worst_group;
        if (g < s->offset[e] || g >= s->offset[e + 1]) continue;
        const grouping *by = &f->problem->effect[s->effect_of[e]];
        out->worst_effect = by->name;
        out->worst_level = by->levels ? by->levels[s->group[e][g - s->offset[e]]] : "";
    }
}

bashu_status fit_answer(fit *f, estimate *out, arena *memory)
{
    const sample *s = &f->sample;
    out->rows = s->rows;
    out->singletons = s->singletons;
    out->zero_groups = s->zero_groups;
    out->score = f->score;
    out->iterations = f->iterations;
    out->passes = f->a.passes;
    name_worst(f, out);
    TRY(put_fit(f, out));
    double **share = arena_alloc(f->memory, s->effects, sizeof *share);
    if (!share) return fail_memory(f->context);
    for (size_t e = 0; e < s->effects; e++) {
        share[e] = arena_alloc(f->memory, groups_of(f, e), sizeof **share);
        if (!share[e]) return fail_memory(f->context);
        level_form(f, e, share[e]);
    }
    TRY(put_coefficients(f, out, share, memory));
    return put_effects(f, out, memory);
}
