/* absorb.h - fixed effects partialled out of a weighted least-squares problem; private to estimate/.
 *
 * Rows are sorted by the groups of the effect that has most of them, the "first". Given weights m_r (fitted values for
 * Poisson), the first effect is eliminated exactly, group by group, while its rows are in cache. What is left are the groups
 * of all other effects together, the "rest", with the symmetric, positive semi-definite system
 *
 *   S = D'MD - D'M D1 (D1'M D1)^-1 D1'M D,     D: rows to groups of the rest, D1: rows to groups of the first
 *
 * which conjugate gradients solve for the regressors and the score at once, preconditioned by the diagonal of D'MD.
 * One product with S is one pass over weights and group numbers; regressors are read once in a step of Newton.
 *
 * With two effects, rows of a group are often those of consecutive groups of the other, in "runs": then their numbers are
 * not looked up, and sums by group are sums of vectors. Where many pairs of groups have a row, and none has two, weights lie in a matrix, pairs
 * without one being 0, and a product with S is two products with that matrix.
 * Blocks of groups are summed in order, so that bits do not depend on threads. */
#ifndef BASHU_ESTIMATE_ABSORB_H
#define BASHU_ESTIMATE_ABSORB_H

#include "estimate/estimate.h"

typedef struct sample {
    size_t rows, regressors, effects;  /* effects >= 1: without any, one group of all */
    size_t first_count, rest_count;    /* groups */
    const double *outcome, *weight;    /* [rows]; weight NULL: 1 */
    const double **regressor;          /* [regressors][rows]; the problem's own where row is NULL */
    size_t *which;                     /* [regressors] number in the problem */
    double *centre;                    /* [regressors] near the mean: regressors are taken less this */
    size_t *start;                     /* [first_count + 1] rows of the groups of the first effect */
    const uint32_t *rest;              /* [rows][effects - 1] group in the rest */
    size_t *effect_of;                 /* [effects] the effect of the problem that stands here; the first first */
    size_t *offset;                    /* [effects + 1] where the groups of an effect begin in the rest; of the first: 0 */
    uint32_t **group;                  /* [effects][groups] their numbers in the problem */
    size_t **group_rows;               /* [effects][groups] */
    const uint32_t *row;               /* [rows] number in the problem; NULL: the same */
    size_t singletons, zero_groups;    /* rows dropped */
    size_t blocks, *block;             /* [blocks + 1] groups of the first effect */
    bool ascending, runs;              /* two effects, the rest ascending within a group; mostly by 1 */
} sample;

static inline size_t row_of(const sample *s, size_t r) { return s->row ? s->row[r] : r; }

/* Drops what says nothing and sorts; `excluded`: [problem rows] rows to leave out; NULL: none. */
bashu_status sample_build(sample *out, arena *memory, const estimate_problem *problem, const unsigned char *excluded);

/* sums[0..count) over all rows, in blocks that do not depend on threads: `add` adds rows low to high to `sums`. */
typedef void add_rows(const void *payload, size_t low, size_t high, double *sums);
bashu_status sum_rows(arena *memory, size_t rows, add_rows *add, const void *payload, double *sums, size_t count);
/* Threads for work on so many rows. */
int row_threads(const bashu_context *context, size_t rows);

/* What is fitted: the sample's own outcome, or another one with other weights (to find separated rows). */
typedef struct view {
    estimate_method method;
    const double *outcome, *weight;    /* weight NULL: 1 */
} view;

/* What an evaluation is for: a scaling of effects, the certificate, a step of Newton's method. */
typedef enum moments { MOMENTS_EFFECTS, MOMENTS_SCORE, MOMENTS_ALL } moments;

typedef struct absorber {
    const bashu_context *context;
    sample *sample;
    view view;
    int threads, passes;
    size_t width;                      /* columns of a solution: the score, then regressors, made a multiple of 4 */
    size_t moment_width;               /* columns of moments, likewise */
    size_t stride;                     /* work of a block */
    double total, squares, spread;     /* sums of outcomes and of their squares; these about the mean; all weighted */
    bool has_zeros;                    /* among the outcomes */
    /* the point */
    double *beta, *alpha;              /* [regressors], [rest_count] */
    double *first_effect;              /* [first_count] solved for exactly in every evaluation */
    double *fitted;                    /* [rows] the weights M (OLS: the weights of the view) */
    double *matrix;                    /* [first_count][rest_count] the same, 0 without a row; NULL: too many of these */
    /* moments at the point */
    double objective, change;          /* log likelihood up to a constant; largest relative change of a fitted value */
    bool faint;                        /* a zero's fitted value may be lost in the rounding of its groups */
    double *gradient, *cross;          /* [K], [K][K] within groups of the first effect */
    double *raw, *mean;                /* [K] squares of regressors about their mean, and the mean */
    double *first_weight, *first_outcome, *rest_outcome;
    double *moments;                   /* [rest_count][moment_width]: weight, score, regressors */
    /* solutions */
    double *right, *solution, *residual, *direction, *image; /* [rest_count][width] */
    double *columns, *across;          /* [columns][rest_count] moments or a solution, where there are runs; a direction */
    double *work;                      /* of blocks */
} absorber;

enum { LEFT_STRIP = 256 };

bashu_status absorber_new(absorber *out, arena *memory, sample *s, view v);
/* Regressors may have become fewer. */
void absorber_resize(absorber *a);
/* Another outcome and weights; the point stays. */
bashu_status absorber_view(absorber *a, arena *memory, view v);
/* Fitted values and moments at beta, alpha; of MOMENTS_EFFECTS only weights and scores of the rest and the objective, of
 * MOMENTS_SCORE also change and gradient (cross and raw stay). */
void absorb_evaluate(absorber *a, moments wanted);
/* The weights of the rest (in moments) if fitted values were multiplied by `factor` [rest_count] of their groups, the first
 * effect being solved for. */
void absorb_scale(absorber *a, const double *factor);
/* Linear part at the point, for those who ask. */
void absorb_linear(const absorber *a, double *eta);
/* Fills `right` from the moments. */
void absorb_right(absorber *a);
/* S solution = right, from the solution there is, until the residual of the score (the first column) and of the regressors is
 * `score` and `regressors` of their right sides. */
void absorb_solve(absorber *a, double score, double regressors);
/* What is left of the regressors when effects are partialled out: after absorb_begin_left, the means of group g of the
 * first effect, then up to LEFT_STRIP of its rows from `low`, `left` [regressors][LEFT_STRIP]. */
void absorb_begin_left(absorber *a);
void absorb_left_means(const absorber *a, size_t g, double *mean, double *left);
void absorb_left(const absorber *a, const double *mean, size_t low, size_t n, double *left);

#endif
