/* estimate.h - gravity equations with many fixed effects, and what follows from them: multilateral resistances.
 *
 *   ppml   E[y_r] = exp(x_r b + sum_f a_f(r)),  ols   E[y_r] = x_r b + sum_f a_f(r),   r a row, a_f(r) the effect of its group
 *
 * The estimator (fit.c) knows arrays; files are read by gravity_read, which knows both. */
#ifndef BASHU_ESTIMATE_ESTIMATE_H
#define BASHU_ESTIMATE_ESTIMATE_H

#include "core/core.h"

/* ---- the estimator ------------------------------------------------------------------------------- */

typedef enum estimate_method { METHOD_PPML, METHOD_OLS } estimate_method;

typedef struct grouping { /* an interaction of columns: a fixed effect, or clusters */
    const char *name;           /* "exporter*year" */
    size_t count;
    const uint32_t *of;         /* [rows] */
    const char *const *levels;  /* [count] "AUS*2000"; NULL: nobody asks */
} grouping;

/* Where the level of a fixed effect lies. */
typedef enum normal_form { NORMAL_DEFAULT, NORMAL_SUM, NORMAL_LEVEL } normal_form;
typedef struct normalisation {
    normal_form form;           /* the groups of the effect sum to 0; or one group is 0 */
    uint32_t level;             /* the group that is 0 */
} normalisation;

typedef struct estimate_problem {
    estimate_method method;
    size_t rows, regressors, effects, clusters; /* clusters: 0 (robust), 1 or 2 */
    const double *outcome;
    const double *const *regressor;             /* [regressors][rows] */
    const double *weight;                       /* NULL: 1 */
    const grouping *effect, *cluster;
    const normalisation *normal;                /* [effects]; NULL: all by default */
    bool constant, keep_singletons;
    bool in_order;                              /* rows are sorted by the effects as they come: none need be moved */
    double tolerance;                           /* worst relative score */
    int pass_limit;
} estimate_problem;

typedef struct estimate {
    bashu_reason reason;
    size_t rows, singletons, zero_groups, separated; /* kept; dropped */
    const unsigned char *collinear;                  /* [regressors] 1: dropped */
    /* regressors, then the constant (0 when there is none); zero where dropped */
    const double *coefficient;                       /* [regressors + 1] */
    const double *covariance;                        /* [regressors + 1][regressors + 1] */
    const double *const *effect;                     /* [effects][groups] NaN: no rows left */
    const size_t *const *effect_rows;                /* [effects][groups] */
    size_t cluster_count[2];
    double deviance, log_likelihood, pseudo_r2;      /* OLS: residual sum of squares, NaN, R2 */
    double score;                                    /* worst relative score: the certificate */
    const char *worst_effect, *worst_level;          /* where; NULL: a regressor */
    size_t worst_regressor;
    int iterations, passes;
    double time_s;
} estimate;

/* Everything lies in `memory`. Errors: INPUT when nothing is left to estimate from (the message has no file), MEMORY,
 * INTERRUPTED. */
bashu_status estimate_fit(estimate *out, arena *memory, const estimate_problem *problem);

/* ---- multilateral resistances -------------------------------------------------------------------- */

/* Anderson & van Wincoop (2003), in powers 1-s of resistances, p_i outward and q_j inward:
 *   p_i = sum_j t_ij e_j / q_j,   q_j = sum_i t_ij y_i / p_i,   q of the reference importer = 1
 * y and e are shares of all output and of all expenditure, so the two need not add up to the same. */
typedef struct resistance_problem {
    size_t exporters, importers, reference;
    const double *cost;         /* t [exporters][importers] */
    const double *output, *expenditure;
    double tolerance;
    int pass_limit;
} resistance_problem;
typedef struct resistance {
    bashu_reason reason;
    double *outward, *inward;   /* p [exporters], q [importers] */
    double residual;            /* worst relative residual of the equations, recomputed from scratch */
    double imbalance;           /* sum E / sum Y - 1 */
    int passes;
} resistance;
bashu_status resistance_solve(resistance *out, arena *memory, const resistance_problem *problem);

/* ---- a specification and its answer --------------------------------------------------------------- */

typedef struct gravity_effect {
    const char *effect, *level;
    double value;
    size_t rows;
} gravity_effect;

struct bashu_gravity {
    bashu_context *context;
    arena *memory;
    const char *path, *name, *title, *outcome; /* outcome NULL: coefficients were read */
    bool estimated;                    /* false: coefficients were read */
    bashu_gravity_info info;
    size_t coefficient_count, effect_count, place_count;
    const bashu_gravity_coefficient *coefficients;
    const double *covariance;          /* [coefficient_count][coefficient_count] */
    const gravity_effect *effects;
    const bashu_gravity_place *places;
    bool has_experiment;
    double sigma;
    const char *reference;
    size_t file_count;
    const char *files[4], *sha256[4];
};
bashu_status gravity_read(bashu_gravity **out, bashu_context *context, const char *path, const bashu_options *options);
void gravity_free(bashu_gravity *gravity);

#endif
