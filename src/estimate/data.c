/* data.c - from a table to the arrays of the estimator: rows that count, numbers, groups. */
#include "estimate/spec.h"

#include <math.h>
#include <string.h>

static const number_range anything = {-HUGE_VAL, HUGE_VAL, false, NULL}, anything_or_nothing = {-HUGE_VAL, HUGE_VAL, true, NULL};

bashu_status number_at(double *out, const spec *s, size_t row, size_t column, bool empty_allowed)
{
    return table_number(out, s->table, row, column, empty_allowed ? anything_or_nothing : anything);
}

/* ---- conditions ------------------------------------------------------------------------------------- */

/* Numbers where both sides are numbers, else texts, which are only the same or not. */
static bashu_status meets_one(bool *out, const spec *s, size_t row, const condition *c)
{
    const char *left = table_text(s->table, row, c->left);
    const char *right = c->right >= 0 ? table_text(s->table, row, (size_t)c->right) : c->value;
    double a, b;
    if (number_of(&a, left) && number_of(&b, right)) {
        const bool results[] = {a == b, a != b, a < b, a <= b, a > b, a >= b};
        *out = results[c->is];
        return BASHU_OK;
    }
    *out = c->is == IS_EQUAL ? !strcmp(left, right) : strcmp(left, right) != 0;
    if (c->is == IS_EQUAL || c->is == IS_NOT) return BASHU_OK;
    return node_fail(s->document, c->node, "where: '%s' and '%s' (%s:%zu) are no numbers, which have no order; use == or !=", left, right,
                     table_path(s->table), table_line(s->table, row));
}

bashu_status meets(bool *out, const spec *s, size_t row, const condition *where, size_t count)
{
    *out = true;
    for (size_t k = 0; k < count && *out; k++) TRY(meets_one(out, s, row, &where[k]));
    return BASHU_OK;
}

/* ---- which rows -------------------------------------------------------------------------------------- */

static bool is_empty(const spec *s, size_t row, size_t column) { return !*table_text(s->table, row, column); }

/* A row without outcome, weight or regressor says nothing; nor does one whose group is not named. */
static bool is_complete(const spec *s, size_t row)
{
    if (is_empty(s, row, s->outcome.column) || (s->weight >= 0 && is_empty(s, row, (size_t)s->weight))) return false;
    for (size_t k = 0; k < s->term_count; k++)
        if (is_empty(s, row, s->terms[k].column)) return false;
    for (size_t f = 0; f < s->effect_count; f++)
        for (size_t c = 0; c < s->effects[f].count; c++)
            if (is_empty(s, row, s->effects[f].columns[c])) return false;
    for (size_t f = 0; f < s->cluster_count; f++)
        for (size_t c = 0; c < s->clusters[f].count; c++)
            if (is_empty(s, row, s->clusters[f].columns[c])) return false;
    return true;
}

static bashu_status choose_rows(columns *c, const spec *s)
{
    size_t all = table_rows(s->table);
    c->row = arena_alloc(s->memory, all, sizeof *c->row);
    if (!c->row) return fail_memory(s->context);
    for (size_t r = 0; r < all; r++) {
        bool good;
        TRY(meets(&good, s, r, s->where, s->where_count));
        c->filtered += !good;
        if (!good) continue;
        good = is_complete(s, r);
        c->incomplete += !good;
        if (good) c->row[c->rows++] = (uint32_t)r;
    }
    if (c->rows) return BASHU_OK;
    return fail(s->context, BASHU_ERROR_INPUT, "%s: no rows are left (%zu do not meet `where`, %zu are incomplete); mend `where`",
                document_path(s->document), c->filtered, c->incomplete);
}

/* ---- numbers ----------------------------------------------------------------------------------------- */

static bashu_status read_numbers(double **out, const columns *c, const spec *s, size_t column, bool logarithm, number_range range)
{
    *out = arena_alloc(s->memory, c->rows, sizeof **out);
    if (!*out) return fail_memory(s->context);
    for (size_t i = 0; i < c->rows; i++) {
        double value;
        TRY(table_number(&value, s->table, c->row[i], column, range));
        if (logarithm && !(value > 0))
            return table_fail(s->table, c->row[i], column, "%.15g has no logarithm; leave the row out by `where`, or correct it", value);
        (*out)[i] = logarithm ? log(value) : value;
    }
    return BASHU_OK;
}

static bashu_status read_outcome(columns *c, const spec *s)
{
    bool poisson = s->method == METHOD_PPML;
    number_range range = {poisson && s->outcome.kind == TERM_NUMBER ? 0 : -HUGE_VAL, HUGE_VAL, false, NULL};
    TRY(read_numbers(&c->outcome, c, s, s->outcome.column, s->outcome.kind == TERM_LOG, range));
    for (size_t i = 0; poisson && i < c->rows; i++)
        if (c->outcome[i] < 0) return table_fail(s->table, c->row[i], s->outcome.column, "its logarithm is negative; Poisson needs outcomes of at least 0");
    if (s->weight < 0) return BASHU_OK;
    TRY(read_numbers(&c->weight, c, s, (size_t)s->weight, false, (number_range){0, HUGE_VAL, false, NULL}));
    for (size_t i = 0; i < c->rows; i++)
        if (!(c->weight[i] > 0))
            return table_fail(s->table, c->row[i], (size_t)s->weight, "a weight of 0; leave the row out by `where`");
    return BASHU_OK;
}

/* ---- groups ------------------------------------------------------------------------------------------ */

/* Numbers of the texts of a column, in the order in which they come. */
static bashu_status code_column(grouping *out, const spec *s, size_t column, const uint32_t *row, size_t rows)
{
    name_index *index = name_index_new(s->memory, 64);
    uint32_t *of = arena_alloc(s->memory, rows, sizeof *of);
    if (!index || !of) return fail_memory(s->context);
    for (size_t i = 0; i < rows; i++) {
        const char *text = table_text(s->table, row[i], column);
        if (i && !strcmp(text, table_text(s->table, row[i - 1], column))) {
            of[i] = of[i - 1];
            continue;
        }
        long found = name_index_find(index, text);
        if (found < 0 && !name_index_add(index, text, out->count)) return fail_memory(s->context);
        of[i] = (uint32_t)(found < 0 ? (long)out->count++ : found);
    }
    out->of = of;
    return BASHU_OK;
}

typedef struct pair_slot {
    uint64_t key;      /* 1 + one * count + two; 0: free */
    uint32_t number;
} pair_slot;

/* Numbers of pairs, in the order in which they come (open addressing; never more than half full). */
static bashu_status pair_codes(grouping *one, const grouping *two, const spec *s, size_t rows)
{
    size_t slots = 16;
    while (slots < 2 * rows + 2) slots *= 2;
    pair_slot *slot = arena_alloc(s->memory, slots, sizeof *slot);
    uint32_t *of = arena_alloc(s->memory, rows, sizeof *of);
    if (!slot || !of) return fail_memory(s->context);
    uint32_t count = 0;
    for (size_t i = 0; i < rows; i++) {
        uint64_t key = 1 + (uint64_t)one->of[i] * two->count + two->of[i];
        size_t at = (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & (slots - 1);
        while (slot[at].key && slot[at].key != key) at = (at + 1) & (slots - 1);
        if (!slot[at].key) slot[at] = (pair_slot){key, count++};
        of[i] = slot[at].number;
    }
    one->of = of;
    one->count = count;
    return BASHU_OK;
}

static bashu_status name_levels(grouping *g, const spec *s, const interaction *by, const uint32_t *row, size_t rows)
{
    const char **levels = arena_alloc(s->memory, g->count, sizeof *levels);
    if (!levels) return fail_memory(s->context);
    for (size_t i = 0; i < rows; i++) {
        if (levels[g->of[i]]) continue;
        const char *level = table_text(s->table, row[i], by->columns[0]);
        for (size_t c = 1; level && c < by->count; c++) level = arena_format(s->memory, "%s*%s", level, table_text(s->table, row[i], by->columns[c]));
        if (!level) return fail_memory(s->context);
        levels[g->of[i]] = level;
    }
    g->levels = levels;
    return BASHU_OK;
}

bashu_status grouping_read(grouping *out, const spec *s, const interaction *by, const uint32_t *row, size_t rows)
{
    *out = (grouping){.name = interaction_name(s->memory, s, by)};
    if (!out->name) return fail_memory(s->context);
    TRY(code_column(out, s, by->columns[0], row, rows));
    for (size_t c = 1; c < by->count; c++) {
        grouping next = {0};
        TRY(code_column(&next, s, by->columns[c], row, rows));
        TRY(pair_codes(out, &next, s, rows));
    }
    return name_levels(out, s, by, row, rows);
}

/* ---- regressors -------------------------------------------------------------------------------------- */

static bashu_status add_factor(columns *c, const spec *s, size_t k)
{
    const term *t = &s->terms[k];
    const interaction by = {{t->column}, 1};
    grouping levels;
    const char *column = table_column_name(s->table, t->column);
    TRY(grouping_read(&levels, s, &by, c->row, c->rows));
    size_t base = 0;
    if (t->base) while (base < levels.count && strcmp(levels.levels[base], t->base) != 0) base++;
    if (base == levels.count) {
        const char *near = nearest_name(t->base, levels.levels, levels.count);
        return node_fail(s->document, t->node, "regressors: base: column '%s' has no level '%s' among the rows used%s%s%s", column, t->base,
                         near ? "; did you mean '" : "; name one of its levels", near ? near : "", near ? "'?" : "");
    }
    if (levels.count > TERM_MOST) return node_fail(s->document, t->node, "regressors: '%s' has %zu levels; make it a fixed effect", column, levels.count);
    if (t->all_levels) {
        c->all_first = c->regressor_count;
        c->all_count = levels.count - 1;
        c->base_name = arena_format(s->memory, "%s=%s", column, levels.levels[base]);
        if (!c->base_name) return fail_memory(s->context);
    }
    for (size_t l = 0; l < levels.count; l++) {
        if (l == base) continue;
        double *value = arena_alloc(s->memory, c->rows, sizeof *value);
        const char *name = arena_format(s->memory, "%s=%s", column, levels.levels[l]);
        if (!value || !name) return fail_memory(s->context);
        for (size_t i = 0; i < c->rows; i++) value[i] = levels.of[i] == l;
        if (c->regressor_count == 2 * TERM_MOST - 1) return node_fail(s->document, t->node, "regressors: too many; at most %d", 2 * TERM_MOST - 1);
        c->regressors[c->regressor_count++] = (regressor_column){name, value, k};
    }
    return BASHU_OK;
}

static bashu_status read_regressors(columns *c, const spec *s)
{
    c->regressors = arena_alloc(s->memory, 2 * TERM_MOST, sizeof *c->regressors);
    if (!c->regressors) return fail_memory(s->context);
    for (size_t k = 0; k < s->term_count; k++) {
        const term *t = &s->terms[k];
        const char *name = table_column_name(s->table, t->column);
        double *value;
        if (t->kind == TERM_FACTOR) {
            TRY(add_factor(c, s, k));
            continue;
        }
        if (c->regressor_count == 2 * TERM_MOST - 1) return node_fail(s->document, t->node, "regressors: too many; at most %d", 2 * TERM_MOST - 1);
        TRY(read_numbers(&value, c, s, t->column, t->kind == TERM_LOG, anything));
        if (t->kind == TERM_LOG) name = arena_format(s->memory, "log(%s)", name);
        if (!name) return fail_memory(s->context);
        c->regressors[c->regressor_count++] = (regressor_column){name, value, k};
    }
    return BASHU_OK;
}

bashu_status columns_read(columns *c, const spec *s)
{
    *c = (columns){0};
    TRY(choose_rows(c, s));
    TRY(read_outcome(c, s));
    TRY(read_regressors(c, s));
    c->effects = arena_alloc(s->memory, s->effect_count + 1, sizeof *c->effects);
    c->clusters = arena_alloc(s->memory, s->cluster_count + 1, sizeof *c->clusters);
    if (!c->effects || !c->clusters) return fail_memory(s->context);
    for (size_t f = 0; f < s->effect_count; f++) TRY(grouping_read(&c->effects[f], s, &s->effects[f], c->row, c->rows));
    for (size_t f = 0; f < s->cluster_count; f++) TRY(grouping_read(&c->clusters[f], s, &s->clusters[f], c->row, c->rows));
    return BASHU_OK;
}
