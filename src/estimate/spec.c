/* spec.c - a specification (docs/gravity.md) from YAML; columns are looked up in the table it names. */
#include "estimate/spec.h"

#include <math.h>
#include <string.h>

static const char *const top_keys[] = {"format", "name", "title", "source", "data", "outcome", "method", "regressors",
                                       "fixed_effects", "weights", "where", "cluster", "constant", "keep_singletons",
                                       "normalise", "coefficients", "resistance", NULL};

bashu_status column_of(size_t *out, const spec *s, const yaml_node *n, const char *what)
{
    const char *name;
    TRY(node_text(&name, s->document, n, what));
    long found = table_find(s->table, name);
    if (found >= 0) {
        *out = (size_t)found;
        return BASHU_OK;
    }
    const char *names[256];
    size_t count = 0;
    for (; count < table_columns(s->table) && count < 256; count++) names[count] = table_column_name(s->table, count);
    const char *near = nearest_name(name, names, count);
    if (near) return node_fail(s->document, n, "%s: %s has no column '%s'; did you mean '%s'?", what, table_path(s->table), name, near);
    return node_fail(s->document, n, "%s: %s has no column '%s'; write the name of a column", what, table_path(s->table), name);
}

static bashu_status switch_of(bool *out, const spec *s, const char *key)
{
    const yaml_node *n = node_get(document_root(s->document), key);
    const char *text;
    if (!n) return BASHU_OK;
    TRY(node_text(&text, s->document, n, key));
    *out = !strcmp(text, "true");
    if (*out || !strcmp(text, "false")) return BASHU_OK;
    return node_fail(s->document, n, "%s: '%s' is neither true nor false; write one of them", key, text);
}

/* A list; nothing there is an empty list. */
static bashu_status list_of(const yaml_node **out, size_t *count, const spec *s, const yaml_node *map, const char *key, size_t most)
{
    *out = node_get(map, key);
    *count = 0;
    if (!*out) return BASHU_OK;
    if (node_kind_of(*out) != NODE_LIST) return node_fail(s->document, *out, "%s: must be a list; write [...]", key);
    *count = node_count(*out);
    if (*count > most) return node_fail(s->document, *out, "%s: %zu entries; at most %zu", key, *count, most);
    return BASHU_OK;
}

/* ---- interactions ---------------------------------------------------------------------------------- */

static bashu_status interaction_of(interaction *out, const spec *s, const yaml_node *n, const char *what)
{
    *out = (interaction){{0}, 0};
    if (node_kind_of(n) != NODE_LIST) {
        out->count = 1;
        return column_of(&out->columns[0], s, n, what);
    }
    if (!node_count(n) || node_count(n) > INTERACTION_MOST)
        return node_fail(s->document, n, "%s: an interaction of %zu columns; write 1 to %d", what, node_count(n), INTERACTION_MOST);
    for (; out->count < node_count(n); out->count++) TRY(column_of(&out->columns[out->count], s, node_item(n, out->count), what));
    return BASHU_OK;
}

const char *interaction_name(arena *memory, const spec *s, const interaction *i)
{
    const char *name = table_column_name(s->table, i->columns[0]);
    for (size_t c = 1; name && c < i->count; c++) name = arena_format(memory, "%s*%s", name, table_column_name(s->table, i->columns[c]));
    return name;
}

static bool same_interaction(const interaction *a, const interaction *b)
{
    return a->count == b->count && !memcmp(a->columns, b->columns, a->count * sizeof *a->columns);
}

static bashu_status effects_of(spec *s, const yaml_node *root)
{
    const yaml_node *list;
    TRY(list_of(&list, &s->effect_count, s, root, "fixed_effects", EFFECT_MOST));
    for (size_t f = 0; f < s->effect_count; f++) {
        s->effect_nodes[f] = node_item(list, f);
        TRY(interaction_of(&s->effects[f], s, s->effect_nodes[f], "fixed_effects"));
        for (size_t g = 0; g < f; g++)
            if (same_interaction(&s->effects[f], &s->effects[g]))
                return node_fail(s->document, s->effect_nodes[f], "fixed_effects: the same effect twice; delete one");
    }
    return BASHU_OK;
}

static bashu_status clusters_of(spec *s, const yaml_node *root)
{
    const yaml_node *list;
    TRY(list_of(&list, &s->cluster_count, s, root, "cluster", 2));
    for (size_t c = 0; c < s->cluster_count; c++) TRY(interaction_of(&s->clusters[c], s, node_item(list, c), "cluster"));
    return BASHU_OK;
}

static bashu_status normalise_of(spec *s, const yaml_node *root)
{
    static const char *const keys[] = {"effect", "sum", "level", NULL};
    const yaml_node *list, *effect, *sum, *level;
    size_t count, f;
    TRY(list_of(&list, &count, s, root, "normalise", EFFECT_MOST));
    for (size_t k = 0; k < count; k++) {
        const yaml_node *n = node_item(list, k);
        interaction of;
        double zero;
        TRY(node_only(s->document, n, keys));
        TRY(node_require(&effect, s->document, n, "effect"));
        TRY(interaction_of(&of, s, effect, "normalise: effect"));
        for (f = 0; f < s->effect_count && !same_interaction(&of, &s->effects[f]);) f++;
        if (f == s->effect_count) return node_fail(s->document, effect, "normalise: this is none of the fixed_effects; name one of them");
        if (s->normalise[f]) return node_fail(s->document, n, "normalise: this effect is there twice; delete one");
        sum = node_get(n, "sum");
        level = node_get(n, "level");
        if (!sum == !level) return node_fail(s->document, n, "normalise: write either `sum: 0` or `level: NAME` (the group whose effect is 0)");
        if (sum) TRY(node_number(&zero, s->document, sum, "normalise: sum", 0, 0));
        s->normalise[f] = n;
    }
    return BASHU_OK;
}

/* ---- conditions ------------------------------------------------------------------------------------- */

static bashu_status comparison_of(comparison_kind *out, const spec *s, const yaml_node *n)
{
    static const char *const words[] = {"==", "!=", "<", "<=", ">", ">="};
    const char *text;
    TRY(node_text(&text, s->document, n, "where: is"));
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (strcmp(text, words[k]) != 0) continue;
        *out = (comparison_kind)k;
        return BASHU_OK;
    }
    return node_fail(s->document, n, "where: is: there is no comparison '%s'; write one of ==, !=, <, <=, >, >= in quotes", text);
}

static bashu_status conditions_of(condition *out, size_t *count, const spec *s, const yaml_node *map)
{
    static const char *const keys[] = {"left", "is", "right", "value", NULL};
    const yaml_node *list, *node;
    TRY(list_of(&list, count, s, map, "where", WHERE_MOST));
    for (size_t k = 0; k < *count; k++) {
        const yaml_node *n = node_item(list, k), *right, *value;
        condition *c = &out[k];
        *c = (condition){.node = n, .right = -1};
        TRY(node_only(s->document, n, keys));
        TRY(node_require(&node, s->document, n, "left"));
        TRY(column_of(&c->left, s, node, "where: left"));
        TRY(node_require(&node, s->document, n, "is"));
        TRY(comparison_of(&c->is, s, node));
        right = node_get(n, "right");
        value = node_get(n, "value");
        if (!right == !value) return node_fail(s->document, n, "where: write either `right: COLUMN` or `value: CONSTANT`");
        if (right) {
            size_t column;
            TRY(column_of(&column, s, right, "where: right"));
            c->right = (long)column;
        } else {
            TRY(node_text(&c->value, s->document, value, "where: value"));
        }
    }
    return BASHU_OK;
}

/* ---- terms ---------------------------------------------------------------------------------------- */

static bashu_status factor_of(term *out, const spec *s, const yaml_node *n)
{
    const yaml_node *base = node_get(n, "base"), *levels = node_get(n, "levels");
    const char *text;
    if (base && levels) return node_fail(s->document, n, "regressors: a factor with all its levels has no base; delete one of `base`, `levels`");
    if (base) TRY(node_text(&out->base, s->document, base, "regressors: base"));
    if (!levels) return BASHU_OK;
    TRY(node_text(&text, s->document, levels, "regressors: levels"));
    out->all_levels = !strcmp(text, "all");
    return out->all_levels ? BASHU_OK : node_fail(s->document, levels, "regressors: levels: write `all`, or name a `base`");
}

/* COLUMN, {log: COLUMN}, {factor: COLUMN, base: LEVEL} or {factor: COLUMN, levels: all} */
static bashu_status term_of(term *out, const spec *s, const yaml_node *n, const char *what, bool factors)
{
    static const char *const keys[] = {"log", "factor", "base", "levels", NULL}, *const number_keys[] = {"log", NULL};
    *out = (term){.node = n};
    if (node_kind_of(n) != NODE_MAP) return column_of(&out->column, s, n, what);
    TRY(node_only(s->document, n, factors ? keys : number_keys));
    const yaml_node *log_node = node_get(n, "log"), *factor = node_get(n, "factor");
    if (!log_node == !factor) return node_fail(s->document, n, "%s: write a column, {log: COLUMN}%s", what, factors ? " or {factor: COLUMN}" : "");
    out->kind = log_node ? TERM_LOG : TERM_FACTOR;
    TRY(column_of(&out->column, s, log_node ? log_node : factor, what));
    if (log_node && node_count(n) > 1) return node_fail(s->document, n, "%s: a logarithm has no base or levels; delete them", what);
    return log_node ? BASHU_OK : factor_of(out, s, n);
}

static bashu_status terms_of(spec *s, const yaml_node *root)
{
    const yaml_node *list;
    TRY(list_of(&list, &s->term_count, s, root, "regressors", TERM_MOST));
    size_t all = 0;
    for (size_t k = 0; k < s->term_count; k++) {
        TRY(term_of(&s->terms[k], s, node_item(list, k), "regressors", true));
        for (size_t l = 0; l < k; l++)
            if (s->terms[l].column == s->terms[k].column && s->terms[l].kind == s->terms[k].kind)
                return node_fail(s->document, s->terms[k].node, "regressors: the same regressor twice; delete one");
        all += s->terms[k].all_levels;
        if (all && s->terms[k].all_levels && (all > 1 || s->constant))
            return node_fail(s->document, s->terms[k].node,
                             "regressors: the constant can be in the levels of one factor only; name a `base`, or delete `constant`");
    }
    return BASHU_OK;
}

/* What takes the level when every effect is normalised. */
static bashu_status check_level(const spec *s, const yaml_node *root)
{
    size_t normalised = 0, all = 0;
    for (size_t f = 0; f < s->effect_count; f++) normalised += s->normalise[f] != NULL;
    for (size_t k = 0; k < s->term_count; k++) all += s->terms[k].all_levels;
    if (s->effect_count && normalised == s->effect_count && !s->constant && !all)
        return node_fail(s->document, node_get(root, "normalise"),
                         "normalise: every effect is normalised and nothing takes the level; write `constant: true`, or give a factor `levels: all`");
    if (all && normalised < s->effect_count)
        return node_fail(s->document, node_get(root, "regressors"),
                         "regressors: a factor has all its levels, so every fixed effect needs a line of `normalise` to be told from it");
    return BASHU_OK;
}

/* ---- resistance ------------------------------------------------------------------------------------ */

static bashu_status changes_of(spec *s, const yaml_node *map)
{
    static const char *const keys[] = {"set", "value", "exporter", "importer", NULL};
    const yaml_node *list, *node;
    TRY(list_of(&list, &s->change_count, s, map, "experiment", CHANGE_MOST));
    for (size_t k = 0; k < s->change_count; k++) {
        const yaml_node *n = node_item(list, k);
        stated_change *c = &s->changes[k];
        c->node = n;
        TRY(node_only(s->document, n, keys));
        TRY(node_require(&node, s->document, n, "set"));
        TRY(node_text(&c->term, s->document, node, "experiment: set"));
        TRY(node_require(&node, s->document, n, "value"));
        TRY(node_number(&c->value, s->document, node, "experiment: value", -HUGE_VAL, HUGE_VAL));
        if ((node = node_get(n, "exporter")) != NULL) TRY(node_text(&c->exporter, s->document, node, "experiment: exporter"));
        if ((node = node_get(n, "importer")) != NULL) TRY(node_text(&c->importer, s->document, node, "experiment: importer"));
    }
    return BASHU_OK;
}

static bashu_status named_column(size_t *out, const spec *s, const yaml_node *map, const char *key, const char *usual)
{
    const yaml_node *n = node_get(map, key);
    if (!n && usual) {
        long found = table_find(s->table, usual);
        if (found >= 0) {
            *out = (size_t)found;
            return BASHU_OK;
        }
    }
    TRY(node_require(&n, s->document, map, key));
    return column_of(out, s, n, key);
}

static bashu_status resistance_of(spec *s)
{
    static const char *const keys[] = {"output", "expenditure", "sigma", "reference", "exporter", "importer", "where", "costs", "experiment", NULL};
    const yaml_node *map = s->resistance, *node;
    if (!map) return BASHU_OK;
    TRY(node_only(s->document, map, keys));
    TRY(named_column(&s->output, s, map, "output", NULL));
    TRY(named_column(&s->expenditure, s, map, "expenditure", NULL));
    TRY(named_column(&s->exporter, s, map, "exporter", "exporter"));
    TRY(named_column(&s->importer, s, map, "importer", "importer"));
    TRY(node_require(&node, s->document, map, "sigma"));
    TRY(node_number(&s->sigma, s->document, node, "resistance: sigma", 1 + 1e-9, 1000));
    TRY(node_require(&node, s->document, map, "reference"));
    TRY(node_text(&s->reference, s->document, node, "resistance: reference"));
    TRY(conditions_of(s->resistance_where, &s->resistance_where_count, s, map));
    return changes_of(s, map);
}

/* ---- the whole ------------------------------------------------------------------------------------- */

static bashu_status check_format(const spec *s, const yaml_node *root)
{
    const yaml_node *n;
    const char *format;
    TRY(node_require(&n, s->document, root, "format"));
    TRY(node_text(&format, s->document, n, "format"));
    if (!strcmp(format, "bashu-gravity/1")) return BASHU_OK;
    return node_fail(s->document, n, "format: '%s' is not the format of a gravity specification; write bashu-gravity/1", format);
}

static bashu_status text_of(const char **out, const spec *s, const yaml_node *root, const char *key)
{
    const yaml_node *n = node_get(root, key);
    *out = "";
    return n ? node_text(out, s->document, n, key) : BASHU_OK;
}

static bashu_status method_of(spec *s, const yaml_node *root)
{
    const char *method;
    const yaml_node *n = node_get(root, "method");
    s->method = METHOD_PPML;
    if (!n) return BASHU_OK;
    TRY(node_text(&method, s->document, n, "method"));
    s->method = !strcmp(method, "ols") ? METHOD_OLS : METHOD_PPML;
    if (s->method == METHOD_OLS || !strcmp(method, "ppml")) return BASHU_OK;
    return node_fail(s->document, n, "method: '%s' is no method; write ppml or ols", method);
}

static bashu_status data_of(spec *s, const yaml_node *root)
{
    const yaml_node *n;
    const char *name;
    table *t;
    TRY(node_require(&n, s->document, root, "data"));
    TRY(node_text(&name, s->document, n, "data"));
    const char *path = path_beside(s->memory, document_path(s->document), name);
    if (!path) return fail_memory(s->context);
    TRY(table_read(&t, s->memory, path));
    s->table = t;
    if (table_rows(t)) return BASHU_OK;
    return node_fail(s->document, n, "data: %s has no rows; write at least one below the names of the columns", path);
}

static bashu_status estimation_of(spec *s, const yaml_node *root)
{
    const yaml_node *n;
    TRY(node_require(&n, s->document, root, "outcome"));
    TRY(term_of(&s->outcome, s, n, "outcome", false));
    TRY(method_of(s, root));
    TRY(switch_of(&s->constant, s, "constant"));
    TRY(switch_of(&s->keep_singletons, s, "keep_singletons"));
    TRY(terms_of(s, root));
    TRY(effects_of(s, root));
    TRY(clusters_of(s, root));
    TRY(normalise_of(s, root));
    TRY(check_level(s, root));
    TRY(conditions_of(s->where, &s->where_count, s, root));
    if ((n = node_get(root, "weights")) != NULL) {
        size_t column;
        TRY(column_of(&column, s, n, "weights"));
        s->weight = (long)column;
    }
    if (!s->effect_count) s->constant = true;
    for (size_t k = 0; k < s->term_count; k++) s->constant |= s->terms[k].all_levels; /* it goes into the levels */
    return BASHU_OK;
}

bashu_status spec_read(spec *s, arena *memory, const char *path)
{
    static const char *const estimation[] = {"outcome", "method", "regressors", "fixed_effects", "weights", "cluster", "constant",
                                             "keep_singletons", "normalise", "where", NULL};
    document *d;
    *s = (spec){.context = arena_context(memory), .memory = memory, .weight = -1};
    TRY(document_read(&d, memory, path));
    s->document = d;
    const yaml_node *root = document_root(d);
    TRY(node_only(d, root, top_keys));
    TRY(check_format(s, root));
    TRY(text_of(&s->name, s, root, "name"));
    TRY(text_of(&s->title, s, root, "title"));
    s->coefficients = node_get(root, "coefficients");
    s->resistance = node_get(root, "resistance");
    if (!s->coefficients || s->resistance) TRY(data_of(s, root));
    if (!s->coefficients) TRY(estimation_of(s, root));
    for (size_t k = 0; s->coefficients && estimation[k]; k++) {
        const yaml_node *n = node_get(root, estimation[k]);
        if (n) return node_fail(d, n, "%s: coefficients are read from a file, so nothing is estimated; delete this or `coefficients`", estimation[k]);
    }
    return resistance_of(s);
}
