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
        for (size_t r = 0; r < f->sample.rows; r++) left[by->of[f->sample.row[r]]]++;
        effect[f->sample.effect_of[e]] = values;
        rows[f->sample.effect_of[e]] = left;
    }
    out->effect = (const double *const *)effect;
    out->effect_rows = (const size_t *const *)rows;
    return BASHU_OK;
}

/* ---- the constant ---------------------------------------------------------------------------------- */

/* q for each row, from D'MD a = l by the same elimination as for the regressors. */
static bashu_status constant_rows(fit *f, double *const *share, double *q)
{
    absorber *a = &f->a;
    const sample *s = &f->sample;
    size_t others = s->effects - 1;
    bool by_default = !f->problem->normal || !f->problem->effects;
    for (size_t e = 0; !by_default && e < s->effects; e++)
        if (f->problem->normal[s->effect_of[e]].form != NORMAL_DEFAULT) goto solve;
    double total = 0;
    for (size_t g = 0; g < s->first_count; g++) total += a->first_weight[g];
    for (size_t r = 0; r < s->rows; r++) q[r] = 1 / total;
    return BASHU_OK;
solve:
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
    return BASHU_OK;
}

/* ---- the middle of the sandwich ----------------------------------------------------------------------- */

/* Scores of a row: x~_k e, then q e when there is a constant. */
typedef struct scores {
    const fit *f;
    const double *q;   /* NULL: no constant */
    size_t width;
} scores;

static void score_of(const scores *of, size_t r, double *score)
{
    const absorber *a = &of->f->a;
    const sample *s = &of->f->sample;
    double w = s->weight ? s->weight[r] : 1;
    double e = a->view.method == METHOD_PPML ? w * s->outcome[r] - a->fitted[r] : w * (s->outcome[r] - a->eta[r]);
    for (size_t k = 0; k < s->regressors; k++) score[k] = s->regressor[k][r] * e;
    if (of->q) score[s->regressors] = of->q[r] * e;
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
    double *sums = arena_alloc(memory, count * of->width, sizeof *sums), *score = arena_alloc(memory, of->width + 1, sizeof *score);
    unsigned char *seen = arena_alloc(memory, count, 1);
    if (!sums || !score || !seen) return fail_memory(of->f->context);
    for (size_t r = 0; r < s->rows; r++) {
        size_t c = cluster[s->row[r]];
        score_of(of, r, score);
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
    double *sums = arena_alloc(memory, two->count * of->width, sizeof *sums), *score = arena_alloc(memory, of->width + 1, sizeof *score);
    if (!start || !last || !sorted || !sums || !score) return fail_memory(of->f->context);
    for (size_t r = 0; r < s->rows; r++) start[one->of[s->row[r]] + 1]++;
    for (size_t c = 0; c < one->count; c++) start[c + 1] += start[c];
    for (size_t r = 0; r < s->rows; r++) sorted[start[one->of[s->row[r]]]++] = (uint32_t)r;
    for (size_t c = 0, low = 0; c < one->count; low = start[c], c++) {
        for (size_t i = low; i < start[c]; i++) {
            size_t d = two->of[s->row[sorted[i]]];
            score_of(of, sorted[i], score);
            for (size_t k = 0; k < of->width; k++) sums[d * of->width + k] += score[k];
        }
        for (size_t i = low; i < start[c]; i++) {
            size_t d = two->of[s->row[sorted[i]]];
            if (last[d] == c + 1) continue;
            last[d] = c + 1;
            add_square(middle, sums + d * of->width, of->width, -1);
            memset(sums + d * of->width, 0, of->width * sizeof *sums);
        }
    }
    return BASHU_OK;
}

static void add_scores(const void *payload, size_t low, size_t high, double *sums)
{
    const scores *of = payload;
    double *score = sums + of->width * of->width; /* room for one row behind the sums */
    for (size_t r = low; r < high; r++) {
        score_of(of, r, score);
        add_square(sums, score, of->width, 1);
    }
}

static bashu_status fill_middle(double *middle, const scores *of, estimate *out, arena *memory)
{
    const estimate_problem *p = of->f->problem;
    const sample *s = &of->f->sample;
    size_t square = of->width * of->width;
    double least = (double)s->rows, *sums = arena_alloc(memory, square + of->width, sizeof *sums);
    if (!sums) return fail_memory(of->f->context);
    if (!p->clusters) {
        TRY(sum_rows(memory, s->rows, add_scores, of, sums, square + of->width));
        memcpy(middle, sums, square * sizeof *middle);
    }
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
        for (size_t r = low; r < high; r++) sums[k] += c->f->a.fitted[r] * c->q[r] * c->f->sample.regressor[k][r];
}

/* m_k = sum of fitted q x_k, regressors about their own zero. */
static bashu_status constant_means(const fit *f, const double *q, double *mean, arena *memory)
{
    const sample *s = &f->sample;
    const constant_form c = {f, q};
    TRY(sum_rows(memory, s->rows, add_constant, &c, mean, s->regressors));
    for (size_t k = 0; k < s->regressors; k++) mean[k] += s->mean[k];
    return BASHU_OK;
}

/* log of the gamma function of y + 1; Stirling's series (to 1e-14) where the library's would take most of the time. */
static double log_factorial(double y)
{
    double z = y + 1, square = 1 / (z * z);
    if (y == 0) return 0;
    if (z < 16) return lgamma(z);
    return (z - 0.5) * log(z) - z + 0.91893853320467274178 + (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / z;
}

enum { FIT_WEIGHTS, FIT_FACTORIALS, FIT_LIKELIHOOD, FIT_DEVIANCE, FIT_SUMS };

static void add_fit(const void *payload, size_t low, size_t high, double *sums)
{
    const fit *f = payload;
    const absorber *a = &f->a;
    const sample *s = &f->sample;
    for (size_t r = low; r < high; r++) {
        double w = s->weight ? s->weight[r] : 1, y = s->outcome[r], off = w * y - a->fitted[r];
        sums[FIT_WEIGHTS] += w;
        if (a->view.method == METHOD_OLS) {
            sums[FIT_DEVIANCE] += w * (y - a->eta[r]) * (y - a->eta[r]);
            continue;
        }
        sums[FIT_FACTORIALS] += w * log_factorial(y);
        sums[FIT_LIKELIHOOD] += w * y * a->eta[r] - a->fitted[r];
        sums[FIT_DEVIANCE] += 2 * ((y > 0 ? w * y * (log(w * y / a->fitted[r])) : 0) - off);
    }
}

static bashu_status put_fit(const fit *f, estimate *out)
{
    const absorber *a = &f->a;
    double sums[FIT_SUMS];
    TRY(sum_rows(f->memory, f->sample.rows, add_fit, f, sums, FIT_SUMS));
    out->deviance = sums[FIT_DEVIANCE];
    out->log_likelihood = (double)NAN;
    out->pseudo_r2 = a->spread > 0 ? 1 - out->deviance / a->spread : (double)NAN;
    if (a->view.method == METHOD_OLS) return BASHU_OK;
    out->log_likelihood = sums[FIT_LIKELIHOOD] - sums[FIT_FACTORIALS];
    double alone = a->total * log(a->total / sums[FIT_WEIGHTS]) - a->total - sums[FIT_FACTORIALS]; /* a constant and nothing else */
    out->pseudo_r2 = 1 - out->log_likelihood / alone;
    return BASHU_OK;
}

static bashu_status put_coefficients(fit *f, estimate *out, double *const *share, arena *memory)
{
    const estimate_problem *p = f->problem;
    const sample *s = &f->sample;
    size_t K = s->regressors, all = p->regressors + 1, width = K + p->constant;
    double *coefficient, *covariance, *q, *mean, *middle, *spread;
    const array_wanted wanted[] = {{&coefficient, all}, {&covariance, all * all}};
    const array_wanted scratch[] = {{&q, p->constant ? s->rows : 0}, {&mean, K}, {&middle, width * width}, {&spread, width * width}};
    unsigned char *collinear = arena_alloc(memory, p->regressors, 1);
    if (!ARENA_ARRAYS(memory, wanted) || !ARENA_ARRAYS(f->memory, scratch) || !collinear) return fail_memory(f->context);
    memset(collinear, 1, p->regressors);
    double level = take_levels(f, share);
    for (size_t k = 0; k < K; k++) {
        collinear[s->which[k]] = 0;
        coefficient[s->which[k]] = f->a.beta[k];
        level -= f->a.beta[k] * s->mean[k];
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
    if (p->constant) {
        double *kept = arena_alloc(f->memory, s->rest_count * f->a.width, sizeof *kept);
        if (!kept) return fail_memory(f->context);
        if (s->rest_count) memcpy(kept, f->a.solution, s->rest_count * f->a.width * sizeof *kept);
        TRY(constant_rows(f, share, q));
        TRY(constant_means(f, q, mean, f->memory));
        if (s->rest_count) memcpy(f->a.solution, kept, s->rest_count * f->a.width * sizeof *kept);
    }
    absorb_within(&f->a, f->within);
    if (!fit_invert(f, f->within, f->inverse)) return fail(f->context, BASHU_ERROR_INTERNAL, "the regressors are singular");
    scores of = {f, p->constant ? q : NULL, width};
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
