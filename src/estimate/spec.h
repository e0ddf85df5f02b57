/* spec.h - a specification as it is written, and the columns it speaks of; private to estimate/. */
#ifndef BASHU_ESTIMATE_SPEC_H
#define BASHU_ESTIMATE_SPEC_H

#include "estimate/estimate.h"
#include "input/input.h"

enum { INTERACTION_MOST = 8, WHERE_MOST = 64, EFFECT_MOST = 16, TERM_MOST = 500, CHANGE_MOST = 1000 };

typedef enum comparison_kind { IS_EQUAL, IS_NOT, IS_LESS, IS_AT_MOST, IS_MORE, IS_AT_LEAST } comparison_kind;
typedef struct condition {
    const yaml_node *node;
    size_t left;
    comparison_kind is;
    long right;                /* column; -1: the value */
    const char *value;
} condition;

typedef struct interaction {   /* columns side by side */
    size_t columns[INTERACTION_MOST], count;
} interaction;

typedef enum term_kind { TERM_NUMBER, TERM_LOG, TERM_FACTOR } term_kind;
typedef struct term {
    const yaml_node *node;
    term_kind kind;
    size_t column;
    const char *base;          /* factor: the level left out; NULL: the first */
    bool all_levels;           /* factor: every level has a coefficient, and the constant is in them */
} term;

typedef struct stated_change { /* of an experiment */
    const yaml_node *node;
    const char *term, *exporter, *importer; /* NULL: all */
    double value;
} stated_change;

typedef struct spec {
    bashu_context *context;
    arena *memory;
    const document *document;
    const table *table;        /* NULL until the data are read */
    const char *name, *title;
    estimate_method method;
    term outcome, terms[TERM_MOST];
    size_t term_count;
    interaction effects[EFFECT_MOST], clusters[2];
    const yaml_node *effect_nodes[EFFECT_MOST], *normalise[EFFECT_MOST];
    size_t effect_count, cluster_count;
    condition where[WHERE_MOST];
    size_t where_count;
    long weight;               /* column; -1: none */
    bool constant, keep_singletons;
    const yaml_node *coefficients, *resistance;
    /* resistance */
    size_t output, expenditure, exporter, importer;
    const char *reference;
    double sigma;
    condition resistance_where[WHERE_MOST];
    size_t resistance_where_count;
    stated_change changes[CHANGE_MOST];
    size_t change_count;
} spec;

/* Reads the document and the table it names. */
bashu_status spec_read(spec *out, arena *memory, const char *path);
bashu_status column_of(size_t *out, const spec *s, const yaml_node *n, const char *what);
const char *interaction_name(arena *memory, const spec *s, const interaction *i);

/* ---- data.c ---------------------------------------------------------------------------------------- */

typedef struct regressor_column {
    const char *name;
    double *value;             /* [rows]; NULL: the base level of a factor that has all */
    size_t term;
} regressor_column;

typedef struct columns {
    size_t rows, incomplete, filtered;
    uint32_t *row;             /* [rows] row of the table */
    double *outcome, *weight;  /* [rows] */
    regressor_column *regressors; /* the base level of an all-levels factor last of them */
    size_t regressor_count;    /* without that base */
    const char *base_name;     /* NULL: no factor has all levels */
    size_t all_first, all_count; /* its other levels among the regressors */
    grouping *effects, *clusters;
} columns;

bashu_status columns_read(columns *out, const spec *s);
/* Whether a row of the table meets the conditions. */
bashu_status meets(bool *out, const spec *s, size_t row, const condition *where, size_t count);
bashu_status number_at(double *out, const spec *s, size_t row, size_t column, bool empty_allowed);
bashu_status grouping_read(grouping *out, const spec *s, const interaction *by, const uint32_t *row, size_t rows);
/* costs.c */
bashu_status resistances_read(bashu_gravity *g, const spec *s, const bashu_options *options);

#endif
