/* gravity.c - bashu_gravity: reads the specification, estimates, and arranges the answer. */
#include "estimate/spec.h"

#include <math.h>
#include <string.h>

static const double none = (double)NAN;

static bashu_gravity_coefficient coefficient_of(const char *name, double value, double variance)
{
    double error = sqrt(variance), z = value / error;
    return (bashu_gravity_coefficient){name, "", value, error, z, erfc(fabs(z) / sqrt(2))};
}

/* ---- estimating ------------------------------------------------------------------------------------- */

static bashu_status normals_of(normalisation **out, const spec *s, const columns *c)
{
    normalisation *n = arena_alloc(s->memory, s->effect_count + 1, sizeof *n);
    if (!n) return fail_memory(s->context);
    bool any = false;
    for (size_t f = 0; f < s->effect_count; f++) {
        const yaml_node *level = s->normalise[f] ? node_get(s->normalise[f], "level") : NULL;
        const char *name;
        any = any || s->normalise[f];
        if (s->normalise[f]) n[f].form = level ? NORMAL_LEVEL : NORMAL_SUM;
        if (!level) continue;
        TRY(node_text(&name, s->document, level, "normalise: level"));
        const grouping *g = &c->effects[f];
        while (n[f].level < g->count && strcmp(g->levels[n[f].level], name) != 0) n[f].level++;
        if (n[f].level < g->count) continue;
        const char *near = nearest_name(name, g->levels, g->count);
        return node_fail(s->document, level, "normalise: level: effect '%s' has no group '%s'%s%s%s", g->name, name,
                         near ? "; did you mean '" : "; name one of its groups", near ? near : "", near ? "'?" : "");
    }
    *out = any ? n : NULL;
    return BASHU_OK;
}

/* A group that was named as zero must be there after rows were dropped. */
static bashu_status check_levels(const spec *s, const estimate_problem *p, const estimate *e)
{
    for (size_t f = 0; p->normal && f < p->effects; f++)
        if (p->normal[f].form == NORMAL_LEVEL && !e->effect_rows[f][p->normal[f].level])
            return node_fail(s->document, s->normalise[f], "normalise: level: no row of group '%s' was kept; name another one",
                             p->effect[f].levels[p->normal[f].level]);
    return BASHU_OK;
}

static bashu_status run(estimate *e, estimate_problem *p, const spec *s, const columns *c, const bashu_options *options)
{
    const double **regressor = arena_alloc(s->memory, c->regressor_count + 1, sizeof *regressor);
    normalisation *normal = NULL;
    if (!regressor) return fail_memory(s->context);
    for (size_t k = 0; k < c->regressor_count; k++) regressor[k] = c->regressors[k].value;
    TRY(normals_of(&normal, s, c));
    *p = (estimate_problem){.method = s->method, .rows = c->rows, .regressors = c->regressor_count, .effects = s->effect_count,
                            .clusters = s->cluster_count, .outcome = c->outcome, .regressor = regressor, .weight = c->weight,
                            .effect = c->effects, .cluster = c->clusters, .normal = normal, .constant = s->constant,
                            .keep_singletons = s->keep_singletons, .tolerance = options->tolerance, .pass_limit = options->pass_limit};
    bashu_status status = estimate_fit(e, s->memory, p);
    if (status == BASHU_ERROR_INPUT) { /* the estimator knows no file */
        const char *words = arena_text(s->memory, bashu_message(s->context));
        return words ? fail(s->context, status, "%s: %s", document_path(s->document), words) : fail_memory(s->context);
    }
    return status == BASHU_OK ? check_levels(s, p, e) : status;
}

/* ---- coefficients ------------------------------------------------------------------------------------ */

/* The constant goes into the levels of a factor: coefficients T b, covariance T V T' with T = identity but that the constant is
 * added to each level and stays as the base. */
static void constant_into_levels(double *b, double *v, size_t width, const columns *c)
{
    size_t last = width - 1, end = c->all_first + c->all_count;
    for (size_t k = c->all_first; k < end; k++) b[k] += b[last];
    for (size_t k = c->all_first; k < end; k++)
        for (size_t l = 0; l < width; l++) v[k * width + l] += v[last * width + l];
    for (size_t k = 0; k < width; k++)
        for (size_t l = c->all_first; l < end; l++) v[k * width + l] += v[k * width + last];
}

static bashu_status put_coefficients(bashu_gravity *g, const spec *s, const columns *c, const estimate *e)
{
    size_t all = c->regressor_count + 1, count = c->regressor_count + s->constant;
    bashu_gravity_coefficient *rows = arena_alloc(g->memory, count, sizeof *rows);
    double *b = arena_alloc(g->memory, all, sizeof *b), *v = arena_alloc(g->memory, all * all, sizeof *v);
    double *covariance = arena_alloc(g->memory, count * count, sizeof *covariance);
    if (!rows || !b || !v || !covariance) return fail_memory(g->context);
    memcpy(b, e->coefficient, all * sizeof *b);
    memcpy(v, e->covariance, all * all * sizeof *v);
    if (c->base_name) constant_into_levels(b, v, all, c);
    for (size_t k = 0; k < count; k++) {
        const char *name = k < c->regressor_count ? c->regressors[k].name : c->base_name ? c->base_name : "constant";
        name = arena_text(g->memory, name);
        if (!name) return fail_memory(g->context);
        bool dropped = k < c->regressor_count && e->collinear[k];
        rows[k] = coefficient_of(name, b[k], v[k * all + k]);
        if (dropped) rows[k] = (bashu_gravity_coefficient){name, "dropped: collinear", none, none, none, none};
        g->info.collinear += dropped;
        for (size_t l = 0; l < count; l++) covariance[k * count + l] = v[k * all + l];
    }
    g->coefficients = rows;
    g->covariance = covariance;
    g->coefficient_count = g->info.coefficient_count = count;
    return BASHU_OK;
}

static bashu_status put_effects(bashu_gravity *g, const spec *s, const columns *c, const estimate *e)
{
    size_t count = 0;
    for (size_t f = 0; f < s->effect_count; f++) count += c->effects[f].count;
    gravity_effect *rows = arena_alloc(g->memory, count, sizeof *rows);
    if (!rows) return fail_memory(g->context);
    g->effects = rows;
    for (size_t f = 0; f < s->effect_count; f++) {
        const char *name = arena_text(g->memory, c->effects[f].name);
        for (size_t l = 0; l < c->effects[f].count; l++) {
            const char *level = arena_text(g->memory, c->effects[f].levels[l]);
            if (!name || !level) return fail_memory(g->context);
            rows[g->effect_count++] = (gravity_effect){name, level, e->effect[f][l], e->effect_rows[f][l]};
        }
    }
    return BASHU_OK;
}

static const char *errors_of(const bashu_gravity *g, const spec *s, const columns *c)
{
    if (!s->cluster_count) return "robust";
    if (s->cluster_count == 1) return arena_format(g->memory, "clustered by %s", c->clusters[0].name);
    return arena_format(g->memory, "clustered by %s and %s", c->clusters[0].name, c->clusters[1].name);
}

static bashu_status put_info(bashu_gravity *g, const spec *s, const columns *c, const estimate *e)
{
    bashu_gravity_info *i = &g->info;
    i->reason = e->reason;
    i->method = s->method == METHOD_PPML ? "ppml" : "ols";
    i->rows_read = table_rows(s->table);
    i->filtered = c->filtered;
    i->incomplete = c->incomplete;
    i->zero_groups = e->zero_groups;
    i->singletons = e->singletons;
    i->separated = e->separated;
    i->observations = e->rows;
    i->errors = errors_of(g, s, c);
    memcpy(i->clusters, e->cluster_count, sizeof i->clusters);
    i->iterations = e->iterations;
    i->passes = e->passes;
    i->score = e->score;
    i->worst = e->worst_effect ? arena_format(g->memory, "%s %s", e->worst_effect, e->worst_level)
               : c->regressor_count ? arena_text(g->memory, c->regressors[e->worst_regressor].name) : "";
    i->deviance = e->deviance;
    i->log_likelihood = e->log_likelihood;
    i->pseudo_r2 = e->pseudo_r2;
    i->time_s = e->time_s;
    return i->errors && i->worst ? BASHU_OK : fail_memory(g->context);
}

static bashu_status estimate_spec(bashu_gravity *g, const spec *s, const bashu_options *options)
{
    columns c;
    estimate e;
    estimate_problem p;
    const term *outcome = &s->outcome;
    const char *name = table_column_name(s->table, outcome->column);
    g->estimated = true;
    g->outcome = arena_format(g->memory, outcome->kind == TERM_LOG ? "log(%s)" : "%s", name);
    if (!g->outcome) return fail_memory(g->context);
    TRY(columns_read(&c, s));
    TRY(run(&e, &p, s, &c, options));
    TRY(put_info(g, s, &c, &e));
    TRY(put_coefficients(g, s, &c, &e));
    return put_effects(g, s, &c, &e);
}

/* ---- coefficients from a file -------------------------------------------------------------------------- */

static bashu_status table_named(table **out, bashu_gravity *g, const spec *s, const yaml_node *n, const char *what)
{
    const char *name;
    TRY(node_text(&name, s->document, n, what));
    const char *path = path_beside(s->memory, document_path(s->document), name);
    if (!path) return fail_memory(s->context);
    TRY(table_read(out, s->memory, path));
    const char *kept = arena_text(g->memory, path), *sum = arena_text(g->memory, table_sha256(*out));
    if (!kept || !sum) return fail_memory(s->context);
    g->files[g->file_count] = kept;
    g->sha256[g->file_count++] = sum;
    return BASHU_OK;
}

/* Rows and columns of the covariance by their names, in whatever order. */
static bashu_status covariance_read(double *to, bashu_gravity *g, const spec *s, const table *t, const name_index *index)
{
    size_t count = g->coefficient_count, name;
    unsigned char *seen = arena_alloc(s->memory, count, 1);
    if (!seen) return fail_memory(s->context);
    TRY(table_require(&name, t, "name"));
    for (size_t r = 0; r < table_rows(t); r++) {
        long row = name_index_find(index, table_text(t, r, name));
        if (row < 0) return table_fail(t, r, name, "'%s' is no coefficient of the other file; correct the name", table_text(t, r, name));
        if (seen[row]) return table_fail(t, r, name, "'%s' is there twice; delete one row", table_text(t, r, name));
        seen[row] = 1;
        for (size_t k = 0; k < count; k++) {
            size_t column;
            TRY(table_require(&column, t, g->coefficients[k].name));
            TRY(table_number(&to[(size_t)row * count + k], t, r, column, (number_range){-HUGE_VAL, HUGE_VAL, false, NULL}));
        }
    }
    for (size_t k = 0; k < count; k++)
        if (!seen[k])
            return fail(s->context, BASHU_ERROR_INPUT, "%s: has no row '%s'; add the covariances of this coefficient", table_path(t), g->coefficients[k].name);
    for (size_t k = 0; k < count; k++)
        for (size_t l = 0; l < count; l++)
            if (fabs(to[k * count + l] - to[l * count + k]) > 1e-8 * sqrt(fabs(to[k * count + k] * to[l * count + l])))
                return fail(s->context, BASHU_ERROR_INPUT, "%s: is not symmetric: %s, %s is %.15g and %.15g; correct one of them", table_path(t),
                            g->coefficients[k].name, g->coefficients[l].name, to[k * count + l], to[l * count + k]);
    return BASHU_OK;
}

static bashu_status coefficients_read(bashu_gravity *g, const spec *s)
{
    static const char *const keys[] = {"file", "covariance", NULL};
    const yaml_node *n, *covariance = node_get(s->coefficients, "covariance");
    table *t;
    size_t name, estimate_column;
    TRY(node_only(s->document, s->coefficients, keys));
    TRY(node_require(&n, s->document, s->coefficients, "file"));
    TRY(table_named(&t, g, s, n, "coefficients: file"));
    TRY(table_require(&name, t, "name"));
    TRY(table_require(&estimate_column, t, "estimate"));
    size_t rows = table_rows(t);
    bashu_gravity_coefficient *list = arena_alloc(g->memory, rows, sizeof *list);
    name_index *index = name_index_new(s->memory, rows);
    if (!list || !index) return fail_memory(s->context);
    g->coefficients = list;
    for (size_t r = 0; r < rows; r++) {
        double value;
        const char *text = table_text(t, r, name);
        if (!*table_text(t, r, estimate_column)) continue; /* dropped by who estimated it */
        if (!*text) return table_fail(t, r, name, "is empty; name the coefficient");
        if (name_index_find(index, text) >= 0) return table_fail(t, r, name, "'%s' is there twice; delete one row", text);
        TRY(table_number(&value, t, r, estimate_column, (number_range){-HUGE_VAL, HUGE_VAL, false, NULL}));
        text = arena_text(g->memory, text);
        if (!text || !name_index_add(index, text, g->coefficient_count)) return fail_memory(s->context);
        list[g->coefficient_count++] = (bashu_gravity_coefficient){text, "", value, none, none, none};
    }
    size_t count = g->info.coefficient_count = g->coefficient_count;
    double *matrix = arena_alloc(g->memory, count * count, sizeof *matrix);
    if (!matrix) return fail_memory(s->context);
    for (size_t k = 0; k < count * count; k++) matrix[k] = none;
    g->covariance = matrix;
    g->info.method = "read";
    g->info.reason = BASHU_CONVERGED_RESIDUAL;
    g->info.errors = covariance ? "read" : "";
    g->info.score = g->info.deviance = g->info.log_likelihood = g->info.pseudo_r2 = none;
    g->info.worst = "";
    if (!covariance) return BASHU_OK;
    TRY(table_named(&t, g, s, covariance, "coefficients: covariance"));
    TRY(covariance_read(matrix, g, s, t, index));
    for (size_t k = 0; k < count; k++) list[k] = coefficient_of(list[k].name, list[k].value, matrix[k * count + k]);
    return BASHU_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static bashu_status keep_file(bashu_gravity *g, const char *path, const char *sha256)
{
    g->files[g->file_count] = arena_text(g->memory, path);
    g->sha256[g->file_count] = arena_text(g->memory, sha256);
    return g->files[g->file_count] && g->sha256[g->file_count++] ? BASHU_OK : fail_memory(g->context);
}

static bashu_status fill(bashu_gravity *g, spec *s, const char *path, const bashu_options *options)
{
    TRY(spec_read(s, s->memory, path));
    TRY(keep_file(g, document_path(s->document), document_sha256(s->document)));
    if (s->table) TRY(keep_file(g, table_path(s->table), table_sha256(s->table)));
    g->path = g->files[0];
    g->name = arena_text(g->memory, s->name);
    g->title = arena_text(g->memory, s->title);
    if (!g->name || !g->title) return fail_memory(g->context);
    TRY(s->coefficients ? coefficients_read(g, s) : estimate_spec(g, s, options));
    return s->resistance && g->info.reason > 0 ? resistances_read(g, s, options) : BASHU_OK;
}

bashu_status gravity_read(bashu_gravity **out, bashu_context *context, const char *path, const bashu_options *options)
{
    static const bashu_options usual = BASHU_OPTIONS_INIT;
    *out = NULL;
    arena *memory = arena_new(context), *scratch = arena_new(context);
    bashu_gravity *g = memory ? arena_alloc(memory, 1, sizeof *g) : NULL;
    spec *s = scratch ? arena_alloc(scratch, 1, sizeof *s) : NULL;
    bashu_status status = g && s ? BASHU_OK : fail_memory(context);
    if (status == BASHU_OK) {
        g->context = context;
        g->memory = memory;
        s->memory = scratch;
        status = fill(g, s, path, options ? options : &usual);
    }
    arena_free(scratch);
    if (status == BASHU_OK) *out = g;
    else arena_free(memory);
    return status;
}

void gravity_free(bashu_gravity *gravity)
{
    if (gravity) arena_free(gravity->memory);
}
