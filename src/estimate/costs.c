/* costs.c - trade costs from coefficients, and multilateral resistances at them.
 *
 *   t_ij = exp(sum_k b_k x_ij^k)   over the regressors of the costs, and the constant where there is one
 *
 * t is trade cost to the power 1 - sigma. The experiment replaces regressors of some pairs; output and expenditure stay. */
#include "estimate/spec.h"

#include <math.h>
#include <string.h>

enum { COSTS_MOST = TERM_MOST };

typedef struct cost_term {
    const char *name;
    double coefficient;
    size_t column;
    const char *level;       /* factor: 1 where the column is this; NULL: the number in the column */
    bool logarithm, constant;
} cost_term;

typedef struct costs {
    cost_term terms[COSTS_MOST];
    size_t count;
    grouping exporters, importers;
    uint32_t *row;           /* rows of the table in use */
    size_t rows;
    double *x;               /* [rows][count] */
    resistance_problem problem;
} costs;

/* ---- terms ---------------------------------------------------------------------------------------- */

/* A name as coefficients have it: "constant", COLUMN, "log(COLUMN)", "COLUMN=LEVEL". */
static bashu_status resolve(cost_term *t, const spec *s, const yaml_node *n)
{
    const char *equals = strchr(t->name, '=');
    size_t length = strlen(t->name);
    t->constant = !strcmp(t->name, "constant");
    if (t->constant) return BASHU_OK;
    const char *column = t->name;
    t->logarithm = length > 5 && !strncmp(t->name, "log(", 4) && t->name[length - 1] == ')';
    if (table_find(s->table, t->name) >= 0) t->logarithm = false;
    else if (t->logarithm) column = arena_format(s->memory, "%.*s", (int)(length - 5), t->name + 4);
    else if (equals) {
        column = arena_format(s->memory, "%.*s", (int)(equals - t->name), t->name);
        t->level = equals + 1;
    }
    if (!column) return fail_memory(s->context);
    long found = table_find(s->table, column);
    if (found < 0) return node_fail(s->document, n, "resistance: costs: %s has no column '%s' for coefficient '%s'; name the costs under `costs`",
                                    table_path(s->table), column, t->name);
    t->column = (size_t)found;
    return BASHU_OK;
}

static const bashu_gravity_coefficient *coefficient_named(const bashu_gravity *g, const char *name)
{
    for (size_t k = 0; k < g->coefficient_count; k++)
        if (!strcmp(g->coefficients[k].name, name)) return &g->coefficients[k];
    return NULL;
}

static bashu_status add_term(costs *c, const spec *s, const yaml_node *n, const char *name, double coefficient)
{
    if (c->count == COSTS_MOST) return node_fail(s->document, n, "resistance: costs: more than %d terms", COSTS_MOST);
    for (size_t k = 0; k < c->count; k++)
        if (!strcmp(c->terms[k].name, name)) return node_fail(s->document, n, "resistance: costs: '%s' twice; delete one", name);
    c->terms[c->count] = (cost_term){.name = name, .coefficient = coefficient};
    return resolve(&c->terms[c->count++], s, n);
}

/* No `costs`: all coefficients. A list: these of them. A map: with stated values. */
static bashu_status terms_of(costs *c, const bashu_gravity *g, const spec *s)
{
    const yaml_node *n = node_get(s->resistance, "costs");
    for (size_t k = 0; !n && k < g->coefficient_count; k++)
        if (isfinite(g->coefficients[k].value)) TRY(add_term(c, s, s->resistance, g->coefficients[k].name, g->coefficients[k].value));
    if (!n) return BASHU_OK;
    if (node_kind_of(n) == NODE_SCALAR) return node_fail(s->document, n, "resistance: costs: write a list of coefficients, or a map NAME: VALUE");
    for (size_t k = 0; k < node_count(n); k++) {
        const yaml_node *item = node_item(n, k);
        const char *name;
        double value;
        if (node_kind_of(n) == NODE_MAP) {
            name = node_key(n, k);
            TRY(node_number(&value, s->document, item, name, -HUGE_VAL, HUGE_VAL));
        } else {
            TRY(node_text(&name, s->document, item, "resistance: costs"));
            const bashu_gravity_coefficient *found = coefficient_named(g, name);
            if (!found) return node_fail(s->document, item, "resistance: costs: there is no coefficient '%s'; write a name of the table of coefficients", name);
            if (!isfinite(found->value)) return node_fail(s->document, item, "resistance: costs: '%s' was %s; delete it", name, found->note);
            value = found->value;
        }
        TRY(add_term(c, s, item, name, value));
    }
    return BASHU_OK;
}

/* ---- pairs ----------------------------------------------------------------------------------------- */

static bashu_status choose_pairs(costs *c, const spec *s)
{
    size_t all = table_rows(s->table);
    c->row = arena_alloc(s->memory, all, sizeof *c->row);
    if (!c->row) return fail_memory(s->context);
    for (size_t r = 0; r < all; r++) {
        bool good;
        TRY(meets(&good, s, r, s->resistance_where, s->resistance_where_count));
        if (good) c->row[c->rows++] = (uint32_t)r;
    }
    if (!c->rows) return node_fail(s->document, s->resistance, "resistance: no rows meet `where`; mend it");
    const interaction from = {{s->exporter}, 1}, to = {{s->importer}, 1};
    TRY(grouping_read(&c->exporters, s, &from, c->row, c->rows));
    return grouping_read(&c->importers, s, &to, c->row, c->rows);
}

/* Each pair once, none missing. */
static bashu_status check_pairs(const costs *c, const spec *s)
{
    size_t I = c->exporters.count, J = c->importers.count;
    unsigned char *seen = arena_alloc(s->memory, I * J, 1);
    if (!seen) return fail_memory(s->context);
    for (size_t i = 0; i < c->rows; i++) {
        size_t pair = c->exporters.of[i] * J + c->importers.of[i];
        if (seen[pair])
            return table_fail(s->table, c->row[i], s->exporter, "the pair %s, %s is there twice; choose one by `where` below `resistance` (a year, for instance)",
                              c->exporters.levels[c->exporters.of[i]], c->importers.levels[c->importers.of[i]]);
        seen[pair] = 1;
    }
    for (size_t pair = 0; pair < I * J; pair++)
        if (!seen[pair])
            return node_fail(s->document, s->resistance, "resistance: %s has no row for exporter %s and importer %s; every pair is needed, also a place with itself",
                             table_path(s->table), c->exporters.levels[pair / J], c->importers.levels[pair % J]);
    return BASHU_OK;
}

/* A number that all rows of a place have in common. */
static bashu_status number_of_places(double **out, const costs *c, const spec *s, const grouping *places, size_t column)
{
    *out = arena_alloc(s->memory, places->count, sizeof **out);
    if (!*out) return fail_memory(s->context);
    for (size_t i = 0; i < c->rows; i++) {
        double value, *to = &(*out)[places->of[i]];
        TRY(table_number(&value, s->table, c->row[i], column, (number_range){0, HUGE_VAL, false, NULL}));
        if (!(value > 0)) return table_fail(s->table, c->row[i], column, "must be more than 0; leave the place out by `where` below `resistance`");
        if (*to > 0 && fabs(*to / value - 1) > 1e-9)
            return table_fail(s->table, c->row[i], column, "%s has %.15g here and %.15g before; write the same in all its rows",
                              places->levels[places->of[i]], value, *to);
        *to = value;
    }
    return BASHU_OK;
}

static bashu_status values_of(costs *c, const spec *s)
{
    c->x = arena_alloc(s->memory, c->rows * c->count, sizeof *c->x);
    if (!c->x) return fail_memory(s->context);
    for (size_t i = 0; i < c->rows; i++)
        for (size_t k = 0; k < c->count; k++) {
            const cost_term *t = &c->terms[k];
            double value = 1;
            if (t->level) value = !strcmp(table_text(s->table, c->row[i], t->column), t->level);
            else if (!t->constant) TRY(number_at(&value, s, c->row[i], t->column, false));
            if (t->logarithm && !(value > 0)) return table_fail(s->table, c->row[i], t->column, "%.15g has no logarithm; correct it", value);
            c->x[i * c->count + k] = t->logarithm ? log(value) : value;
        }
    return BASHU_OK;
}

/* ---- experiment -------------------------------------------------------------------------------------- */

static bashu_status place_named(long *out, const spec *s, const stated_change *change, const grouping *places, const char *id, const char *what)
{
    *out = -1;
    for (size_t i = 0; id && i < places->count; i++)
        if (!strcmp(places->levels[i], id)) *out = (long)i;
    if (!id || *out >= 0) return BASHU_OK;
    const char *near = nearest_name(id, places->levels, places->count);
    return node_fail(s->document, change->node, "experiment: there is no %s '%s'%s%s%s", what, id, near ? "; did you mean '" : "; write one of the data",
                     near ? near : "", near ? "'?" : "");
}

static bashu_status apply(costs *c, const spec *s, const stated_change *change)
{
    size_t k = 0;
    long exporter, importer;
    while (k < c->count && strcmp(c->terms[k].name, change->term) != 0) k++;
    if (k == c->count) {
        const char *names[COSTS_MOST];
        for (size_t t = 0; t < c->count; t++) names[t] = c->terms[t].name;
        const char *near = nearest_name(change->term, names, c->count);
        return node_fail(s->document, change->node, "experiment: '%s' is none of the costs%s%s%s", change->term, near ? "; did you mean '" : "; write one of them",
                         near ? near : "", near ? "'?" : "");
    }
    TRY(place_named(&exporter, s, change, &c->exporters, change->exporter, "exporter"));
    TRY(place_named(&importer, s, change, &c->importers, change->importer, "importer"));
    for (size_t i = 0; i < c->rows; i++)
        if ((exporter < 0 || c->exporters.of[i] == (size_t)exporter) && (importer < 0 || c->importers.of[i] == (size_t)importer))
            c->x[i * c->count + k] = change->value;
    return BASHU_OK;
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static bashu_status cost_matrix(costs *c, const spec *s)
{
    size_t J = c->importers.count;
    double *t = arena_alloc(s->memory, c->exporters.count * J, sizeof *t);
    if (!t) return fail_memory(s->context);
    for (size_t i = 0; i < c->rows; i++) {
        double sum = 0;
        for (size_t k = 0; k < c->count; k++) sum += c->terms[k].coefficient * c->x[i * c->count + k];
        t[c->exporters.of[i] * J + c->importers.of[i]] = exp(sum);
        if (!isfinite(exp(sum)) || !(exp(sum) > 0))
            return table_fail(s->table, c->row[i], s->exporter, "the trade cost exp(%.3g) of this pair is beyond numbers; scale the regressors", sum);
    }
    c->problem.cost = t;
    return BASHU_OK;
}

static long index_of(const grouping *places, const char *id)
{
    for (size_t i = 0; i < places->count; i++)
        if (!strcmp(places->levels[i], id)) return (long)i;
    return -1;
}

/* Exporters in the order of the data, then importers that do not export. */
static bashu_status put_places(bashu_gravity *g, const spec *s, const costs *c, const resistance *base, const resistance *changed)
{
    double power = 1 / (1 - s->sigma), none = (double)NAN;
    size_t I = c->exporters.count, J = c->importers.count;
    bashu_gravity_place *rows = arena_alloc(g->memory, I + J, sizeof *rows);
    if (!rows) return fail_memory(g->context);
    for (size_t k = 0; k < I + J; k++) {
        const char *id = k < I ? c->exporters.levels[k] : c->importers.levels[k - I];
        long i = k < I ? (long)k : -1, j = k < I ? index_of(&c->importers, id) : (long)(k - I);
        if (k >= I && index_of(&c->exporters, id) >= 0) continue;
        id = arena_text(g->memory, id);
        if (!id) return fail_memory(g->context);
        rows[g->place_count++] = (bashu_gravity_place){id, i < 0 ? none : pow(base->outward[i], power), j < 0 ? none : pow(base->inward[j], power),
                                                       i < 0 || !changed ? none : pow(changed->outward[i], power),
                                                       j < 0 || !changed ? none : pow(changed->inward[j], power)};
    }
    g->places = rows;
    g->info.resistance_count = g->place_count;
    return BASHU_OK;
}

static bashu_status solve_at(resistance *out, bashu_gravity *g, costs *c, const spec *s)
{
    TRY(cost_matrix(c, s));
    TRY(resistance_solve(out, s->memory, &c->problem));
    g->info.resistance_residual = worse(g->info.resistance_residual, out->residual);
    g->info.imbalance = out->imbalance;
    if (out->reason <= 0) g->info.reason = out->reason;
    return BASHU_OK;
}

bashu_status resistances_read(bashu_gravity *g, const spec *s, const bashu_options *options)
{
    costs *c = arena_alloc(s->memory, 1, sizeof *c);
    resistance base, changed;
    double *output, *expenditure;
    if (!c) return fail_memory(s->context);
    TRY(terms_of(c, g, s));
    TRY(choose_pairs(c, s));
    TRY(check_pairs(c, s));
    TRY(number_of_places(&output, c, s, &c->exporters, s->output));
    TRY(number_of_places(&expenditure, c, s, &c->importers, s->expenditure));
    TRY(values_of(c, s));
    long reference = index_of(&c->importers, s->reference);
    if (reference < 0)
        return node_fail(s->document, node_get(s->resistance, "reference"), "resistance: reference: there is no importer '%s'; name one of the data", s->reference);
    c->problem = (resistance_problem){.exporters = c->exporters.count, .importers = c->importers.count, .reference = (size_t)reference,
                                      .output = output, .expenditure = expenditure, .tolerance = options->tolerance, .pass_limit = options->pass_limit};
    TRY(solve_at(&base, g, c, s));
    for (size_t k = 0; k < s->change_count; k++) TRY(apply(c, s, &s->changes[k]));
    if (s->change_count && base.reason > 0) TRY(solve_at(&changed, g, c, s));
    g->has_experiment = s->change_count > 0;
    g->sigma = s->sigma;
    g->reference = arena_text(g->memory, s->reference);
    if (!g->reference) return fail_memory(g->context);
    return g->info.reason > 0 ? put_places(g, s, c, &base, s->change_count ? &changed : NULL) : BASHU_OK;
}
