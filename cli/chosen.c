/* chosen.c - the variables that --variable, --pairs and --decompose ask for: as CSV, in JSON, in words. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const bashu_column columns[] = {BASHU_BASE, BASHU_COUNTERFACTUAL, BASHU_HAT, BASHU_PERCENT};
static const char *const column_names[] = {"base", "counterfactual", "hat", "percent"};
enum { COLUMN_COUNT = 4, NAME_MAX_LENGTH = 64 };

bool chooses_variables(const request *r) { return r->variables || r->pairs || r->decompose; }

/* ---- which --------------------------------------------------------------------------------------- */

/* The next name of a list with commas; false at its end. */
static bool next_name(const char **list, char *name)
{
    size_t length = strcspn(*list, ",");
    if (!**list) return false;
    size_t kept = length < NAME_MAX_LENGTH - 1 ? length : NAME_MAX_LENGTH - 1;
    memcpy(name, *list, kept);
    name[kept] = '\0';
    *list += length + ((*list)[length] == ',');
    return true;
}

static bool is_named(const char *list, const char *variable)
{
    char name[NAME_MAX_LENGTH];
    while (list && next_name(&list, name))
        if (!strcmp(name, variable)) return true;
    return false;
}

static bool is_chosen(const request *r, const bashu_variable *v)
{
    if (r->csv && !chooses_variables(r)) return v->family == BASHU_OUTCOME; /* all but flows and parts */
    if (r->decompose && v->family == BASHU_PART) return true;
    if (r->pairs && v->family != BASHU_PART) return true;
    return is_named(r->variables, v->name);
}

static int unknown_variable(const request *r, const char *name)
{
    const char *names[256];
    size_t count = 0;
    for (; count < bashu_variable_count() && count < 256; count++) names[count] = bashu_variable_at(count)->name;
    const char *near = nearest(name, names, count);
    if (near)
        complain("%s '%s'; %s '%s'?", say(r, "no variable", "没有变量"), name, say(r, "did you mean", "是否想用"), near);
    else complain("%s '%s'", say(r, "no variable", "没有变量"), name);
    return EXIT_USAGE;
}

int check_variables(const request *r)
{
    char name[NAME_MAX_LENGTH];
    const char *list = r->variables;
    while (list && next_name(&list, name)) {
        size_t v = 0;
        while (v < bashu_variable_count() && strcmp(bashu_variable_at(v)->name, name) != 0) v++;
        if (v == bashu_variable_count()) return unknown_variable(r, name);
    }
    return EXIT_OK;
}

/* ---- values -------------------------------------------------------------------------------------- */

typedef struct drawn { /* one variable: values[column * count + index] */
    const bashu_variable *variable;
    size_t count;
    double *values;
} drawn;

static int draw(session *s, drawn *out, const bashu_variable *v)
{
    *out = (drawn){v, bashu_variable_length(s->economy, v->name), NULL};
    out->values = malloc((COLUMN_COUNT * out->count + 1) * sizeof *out->values);
    if (!out->values) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    for (size_t k = 0; k < COLUMN_COUNT; k++) {
        bashu_status status = bashu_result_values(s->result, v->name, columns[k], out->values + k * out->count, out->count);
        if (status == BASHU_OK) continue;
        free(out->values);
        return checked(s, status);
    }
    return EXIT_OK;
}

static size_t axis_length(const session *s, char word)
{
    return word == 'r' ? bashu_region_count(s->economy) : word == 's' ? bashu_sector_count(s->economy) : bashu_group_count(s->economy);
}

static const char *axis_id(const session *s, char word, size_t index)
{
    bashu_region region;
    bashu_label label;
    bashu_status status = BASHU_OK;
    if (word == 'r') {
        status = bashu_region_get(s->economy, index, &region);
        return status == BASHU_OK ? region.id : "";
    }
    status = word == 's' ? bashu_sector_get(s->economy, index, &label) : bashu_group_get(s->economy, index, &label);
    return status == BASHU_OK ? label.id : "";
}

/* ---- CSV ----------------------------------------------------------------------------------------- */

/* region, partner, sector, group; "" where the shape has none. */
typedef struct place {
    const char *ids[4];
} place;

static place place_of(const session *s, const char *shape, size_t index)
{
    char words[4];
    size_t count = 0, at[4] = {0};
    for (const char *word = shape; word && count < 4; word = strchr(word, ',')) {
        if (*word == ',') word++;
        words[count++] = *word;
    }
    for (size_t k = count; k-- > 0; index /= axis_length(s, words[k])) at[k] = index % axis_length(s, words[k]);
    place p = {{"", "", "", ""}};
    for (size_t k = 0, regions = 0; k < count; k++) {
        size_t column = words[k] == 'r' ? regions++ : words[k] == 's' ? 2 : 3;
        p.ids[column] = axis_id(s, words[k], at[k]);
    }
    return p;
}

static void add_field(text *t, double value)
{
    if (isfinite(value)) add(t, ",%.17g", value);
    else add(t, ",");
}

static void add_rows(const session *s, text *t, const drawn *d)
{
    const double *base = d->values, *after = base + d->count;
    bool sparse = strncmp(d->variable->shape, "region,region", 13) == 0;
    for (size_t i = 0; i < d->count; i++) {
        if (sparse && base[i] == 0 && after[i] == 0) continue; /* most pairs do not trade */
        place p = place_of(s, d->variable->shape, i);
        add(t, "%s,%s,%s,%s,%s,%s", d->variable->name, d->variable->unit, p.ids[0], p.ids[1], p.ids[2], p.ids[3]);
        for (size_t k = 0; k < COLUMN_COUNT; k++) add_field(t, d->values[k * d->count + i]);
        add(t, "\n");
    }
}

int put_chosen_csv(session *s)
{
    text t = {0};
    int code = EXIT_OK;
    add(&t, "variable,unit,region,partner,sector,group,base,counterfactual,hat,percent\n");
    for (size_t v = 0; v < bashu_variable_count() && code == EXIT_OK; v++) {
        drawn d;
        if (!is_chosen(s->request, bashu_variable_at(v))) continue;
        code = draw(s, &d, bashu_variable_at(v));
        if (code != EXIT_OK) break;
        add_rows(s, &t, &d);
        free(d.values);
    }
    if (code == EXIT_OK) return put_text(&t, false);
    free(t.bytes);
    return code;
}

/* ---- JSON ---------------------------------------------------------------------------------------- */

static void add_axis(const session *s, text *t, char word, const char *name, const char *before)
{
    add(t, "%s\"%s\": [", before, name);
    for (size_t k = 0; k < axis_length(s, word); k++) {
        add(t, "%s", k ? ", " : "");
        add_quoted(t, axis_id(s, word, k));
    }
    add(t, "]");
}

static void add_drawn(text *t, const drawn *d)
{
    add(t, "{\"unit\": ");
    add_quoted(t, d->variable->unit);
    add(t, ", \"shape\": ");
    add_quoted(t, d->variable->shape);
    for (size_t k = 0; k < COLUMN_COUNT; k++) {
        add(t, ",\n    \"%s\": [", column_names[k]);
        for (size_t i = 0; i < d->count; i++) {
            add(t, "%s", i ? ", " : "");
            add_number(t, d->values[k * d->count + i]);
        }
        add(t, "]");
    }
    add(t, "}");
}

int add_chosen_json(session *s, text *t)
{
    const char *comma = "";
    add_axis(s, t, 'r', "region", ",\n \"axes\": {");
    add_axis(s, t, 's', "sector", ", ");
    add_axis(s, t, 'g', "group", ", ");
    add(t, "},\n \"variables\": {");
    for (size_t v = 0; v < bashu_variable_count(); v++) {
        drawn d;
        if (!is_chosen(s->request, bashu_variable_at(v))) continue;
        int code = draw(s, &d, bashu_variable_at(v));
        if (code != EXIT_OK) return code;
        add(t, "%s\n  \"%s\": ", comma, d.variable->name);
        add_drawn(t, &d);
        free(d.values);
        comma = ",";
    }
    add(t, "\n }");
    return EXIT_OK;
}

/* ---- words --------------------------------------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Least, median and most of what has a percent change. */
static void add_extremes(text *t, const drawn *d)
{
    double *percent = d->values + (COLUMN_COUNT - 1) * d->count;
    size_t count = 0;
    for (size_t i = 0; i < d->count; i++)
        if (isfinite(percent[i])) percent[count++] = percent[i];
    if (!count) return;
    qsort(percent, count, sizeof *percent, compare_numbers);
    add(t, "  %-30s %+12.5f %+12.5f %+12.5f\n", d->variable->name, percent[0], percent[count / 2], percent[count - 1]);
}

typedef struct block { /* parts side by side, the total first */
    const char *title_en, *title_zh;
    bool by_group;
    const char *prefix, *names[8];
} block;
static const block blocks[] = {
    {"what trade does to real income, in percent of it", "贸易对实际收入的影响（占基准收入 %）", false, "",
     {"welfare_trade", "terms_of_trade", "volume_of_trade", "trade_cost_saving"}},
    {"utility of living there, in 100 logs", "居住效用（100 倍对数）", true, "utility_",
     {"utility_total", "utility_wage", "utility_other_income", "utility_goods_price", "utility_rent", "utility_congestion", "utility_amenity"}},
    {"welfare of people registered there, in 100 logs", "户籍人口福利（100 倍对数）", true, "welfare_",
     {"welfare_total", "welfare_staying", "welfare_moving"}},
};

static int add_block(session *s, text *t, const block *b)
{
    size_t count = bashu_region_count(s->economy) * (b->by_group ? bashu_group_count(s->economy) : 1), width = 0;
    while (width < 8 && b->names[width]) width++;
    double *values = malloc((width * count + 1) * sizeof *values);
    bashu_status status = BASHU_OK;
    if (!values) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    add(t, "\n%s\n  %-24s", say(s->request, b->title_en, b->title_zh), "");
    for (size_t k = 0; k < width && status == BASHU_OK; k++) {
        add(t, " %17s", b->names[k] + strlen(b->prefix));
        status = bashu_result_values(s->result, b->names[k], BASHU_PERCENT, values + k * count, count);
    }
    add(t, "\n");
    for (size_t i = 0; i < count && status == BASHU_OK; i++) {
        place p = place_of(s, b->by_group ? "region,group" : "region", i);
        add(t, "  %-14s %-9s", p.ids[0], p.ids[3]);
        for (size_t k = 0; k < width; k++) {
            double value = values[k * count + i];
            if (fabs(value) < 5e-7) add(t, " %17s", "0"); /* rounding is no part of a change */
            else add(t, " %+17.6f", value);
        }
        bashu_region region;
        status = bashu_region_get(s->economy, b->by_group ? i / bashu_group_count(s->economy) : i, &region);
        if (status == BASHU_OK) add(t, "  %s", say(s->request, region.name_en, region.name_zh));
        add(t, "\n");
    }
    free(values);
    return status == BASHU_OK ? EXIT_OK : checked(s, status);
}

int add_chosen_text(session *s, text *t)
{
    int code = EXIT_OK;
    bool titled = false;
    for (size_t v = 0; v < bashu_variable_count() && code == EXIT_OK; v++) {
        drawn d;
        const bashu_variable *variable = bashu_variable_at(v);
        if (!is_chosen(s->request, variable) || (s->request->decompose && variable->family == BASHU_PART)) continue;
        code = draw(s, &d, variable);
        if (code != EXIT_OK) break;
        if (!titled) add(t, "\n%s\n", say(s->request, "change in %, over all values", "变化 %（全部数值）"));
        titled = true;
        add_extremes(t, &d);
        free(d.values);
    }
    for (size_t k = 0; s->request->decompose && k < sizeof blocks / sizeof *blocks && code == EXIT_OK; k++)
        code = add_block(s, t, &blocks[k]);
    return code;
}
