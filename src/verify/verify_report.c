/* verify_report.c - what was compared, in words for people, as JSON for programs, and as the page docs/validation.md. */
#include "verify/verify.h"

#include "report/json.h"

#include <math.h>
#include <string.h>

/* ---- cells --------------------------------------------------------------------------------------------- */

static bool is_relative(const case_quantity *q) { return q->relative > 0; }

static const char *digits(report *r, double value)
{
    const char *text = isfinite(value) ? arena_format(r->memory, "%.10g", value) : "-";
    return text ? text : "-";
}

static const char *kind_word(const report *r, const case_quantity *q)
{
    return is_relative(q) ? pick(r->language, "relative", "相对") : pick(r->language, "absolute", "绝对");
}

static const char *allowed_text(report *r, const case_quantity *q)
{
    const char *text = arena_format(r->memory, "%s %s", small_text(r->memory, is_relative(q) ? q->relative : q->absolute), kind_word(r, q));
    return text ? text : "";
}

static const char *difference_text(report *r, const verified *v)
{
    return small_text(r->memory, is_relative(v->quantity) ? v->max_rel : v->max_abs);
}

static const char *verdict(const report *r, const verified *v)
{
    if (v->absent) return pick(r->language, "absent", "缺数据");
    if (v->reason <= 0) return pick(r->language, "no answer", "无解");
    return v->pass ? pick(r->language, "agrees", "一致") : pick(r->language, "DIFFERS", "不一致");
}

static size_t case_end(const bashu_verification *v, size_t k)
{
    size_t end = k + 1;
    while (end < v->count && v->items[end].about == v->items[k].about) end++;
    return end;
}

/* ---- text ---------------------------------------------------------------------------------------------- */

static void put_absent(report *r, const verified *v)
{
    const verify_case *c = v->about;
    if (v->missing) {
        put_format(&r->out, "  %s %s\n", pick(r->language, "not compared: it needs the library", "未比较：需要程序库"), v->missing);
        return;
    }
    put_format(&r->out, "  %s\n", pick(r->language, "the package is not here; its data belong to", "此处没有该数据包；数据属于"));
    put_format(&r->out, "  %s (%s)\n", c->owner, c->source);
}

static void head_cells(report *r, grid *g)
{
    static const char *const heads[][2] = {{"quantity", "数量"}, {"n", "n"}, {"worst at", "最差处"}, {"expected", "应为"},
                                           {"ours", "所得"}, {"difference", "差"}, {"allowed", "容许"}, {"", ""}};
    for (size_t k = 0; k < sizeof heads / sizeof heads[0]; k++) grid_cell(g, pick(r->language, heads[k][0], heads[k][1]));
}

static void quantity_cells(report *r, grid *g, const verified *v)
{
    const compared none = {"", (double)NAN, (double)NAN}, *worst = v->count ? &v->rows[v->worst] : &none;
    grid_cell(g, v->quantity->name);
    grid_cell(g, number_text(r->memory, (double)v->count, 0));
    grid_cell(g, worst->label);
    grid_cell(g, digits(r, worst->expected));
    grid_cell(g, digits(r, worst->ours));
    grid_cell(g, difference_text(r, v));
    grid_cell(g, allowed_text(r, v->quantity));
    grid_cell(g, verdict(r, v));
}

static void put_rows(report *r, const verified *v)
{
    grid *g = grid_new(r->memory, "lrrr");
    put_format(&r->out, "    %s\n", v->quantity->name);
    for (size_t k = 0; k < v->count; k++) {
        grid_cell(g, v->rows[k].label);
        grid_cell(g, digits(r, v->rows[k].expected));
        grid_cell(g, digits(r, v->rows[k].ours));
        grid_cell(g, small_text(r->memory, v->rows[k].ours - v->rows[k].expected));
    }
    if (v->count) grid_put(&r->out, g, "      ");
}

static void put_case(report *r, const bashu_verification *v, size_t begin, size_t end, bool every_row)
{
    const verified *first = &v->items[begin];
    const verify_case *c = first->about;
    grid *g = grid_new(r->memory, "lrlrrrll");
    put_format(&r->out, "%s  %s", c->name, pick(r->language, c->title_en, c->title_zh));
    if (*c->model_name) put_format(&r->out, " [%s]", c->model_name);
    if (strcmp(first->method, "ladder") != 0) put_format(&r->out, " (%s)", first->method);
    put(&r->out, "\n");
    if (first->absent) {
        put_absent(r, first);
        return;
    }
    if (first->reason <= 0) put_format(&r->out, "  %s\n", reason_words(r, first->reason));
    head_cells(r, g);
    for (size_t k = begin; k < end; k++) quantity_cells(r, g, &v->items[k]);
    grid_put(&r->out, g, "  ");
    for (size_t k = begin; every_row && k < end; k++) put_rows(r, &v->items[k]);
}

static void put_tally(report *r, const bashu_verification *v)
{
    bashu_verify_tally t;
    bashu_verify_count(v, &t);
    if (r->language == BASHU_ZH)
        put_format(&r->out, "%zu 项一致，%zu 项不一致，%zu 项无解，%zu 项缺数据\n", t.agree, t.differ, t.unanswered, t.absent);
    else
        put_format(&r->out, "%zu quantities agree, %zu differ, %zu without an answer, %zu absent\n", t.agree, t.differ, t.unanswered,
                   t.absent);
}

/* ---- case by method ------------------------------------------------------------------------------------ */

enum { METHOD_MAX = 8 };
typedef struct method_list {
    const char *names[METHOD_MAX];
    size_t count;
} method_list;

static method_list methods_of(const bashu_verification *v)
{
    method_list m = {.count = 0};
    for (size_t k = 0; k < v->count; k++) {
        bool known = v->items[k].absent;
        for (size_t i = 0; i < m.count; i++) known |= !strcmp(m.names[i], v->items[k].method);
        if (!known && m.count < METHOD_MAX) m.names[m.count++] = v->items[k].method;
    }
    return m;
}

/* The worst verdict of a case by one method, and what it cost: "agrees, 21 passes"; "" when it was not asked. */
static const char *matrix_cell(report *r, const bashu_verification *v, const verify_case *c, const char *method)
{
    const verified *shown = NULL;
    for (size_t k = 0; k < v->count; k++) {
        const verified *q = &v->items[k];
        if (strcmp(q->about->name, c->name) != 0 || strcmp(q->method, method) != 0) continue;
        if (!shown || !q->pass) shown = q;
    }
    if (!shown) return pick(r->language, "the same", "同左"); /* no equilibrium is solved */
    const char *text = arena_format(r->memory, "%s, %d", verdict(r, shown), shown->passes);
    return text ? text : "";
}

/* Calls `row` for each case that is there, once. */
static bool is_new_case(const bashu_verification *v, size_t k)
{
    if (v->items[k].absent) return false;
    for (size_t i = 0; i < k; i++)
        if (!strcmp(v->items[i].about->name, v->items[k].about->name)) return false;
    return true;
}

static void put_matrix(report *r, const bashu_verification *v, const method_list *m)
{
    grid *g = grid_new(r->memory, &"lllllllll"[METHOD_MAX - m->count]);
    put_format(&r->out, "%s\n", pick(r->language, "Case by method: the verdict, and passes",
                                     "案例 × 方法：结论与遍历次数"));
    grid_cell(g, "");
    for (size_t i = 0; i < m->count; i++) grid_cell(g, m->names[i]);
    for (size_t k = 0; k < v->count; k++) {
        if (!is_new_case(v, k)) continue;
        grid_cell(g, v->items[k].about->name);
        for (size_t i = 0; i < m->count; i++) grid_cell(g, matrix_cell(r, v, v->items[k].about, m->names[i]));
    }
    grid_put(&r->out, g, "  ");
}

static bashu_status text_of(report *r, const bashu_verification *v, bool every_row)
{
    method_list m = methods_of(v);
    for (size_t k = 0, end; k < v->count; k = end) {
        end = case_end(v, k);
        put_case(r, v, k, end, every_row);
        put(&r->out, "\n");
    }
    if (m.count > 1) {
        put_matrix(r, v, &m);
        put(&r->out, "\n");
    }
    put_tally(r, v);
    return BASHU_OK;
}

static bashu_status text_verify(report *r, const void *subject) { return text_of(r, subject, false); }
static bashu_status rows_verify(report *r, const void *subject) { return text_of(r, subject, true); }

/* ---- JSON ---------------------------------------------------------------------------------------------- */

static json_t *json_worst(const verified *v)
{
    if (!v->count) return NULL;
    json_t *worst = json_object();
    set_text(worst, "at", v->rows[v->worst].label);
    set_number(worst, "expected", v->rows[v->worst].expected);
    set_number(worst, "ours", v->rows[v->worst].ours);
    return worst;
}

static json_t *json_quantity(const verified *v)
{
    const case_quantity *q = v->quantity;
    bool compared_any = !v->absent && v->reason > 0;
    json_t *row = json_object();
    set_text(row, "case", v->about->name);
    set_text(row, "model", v->about->model_name);
    set_text(row, "quantity", q->name);
    set_count(row, "n", v->count);
    set_number(row, "max_abs_diff", compared_any ? v->max_abs : (double)NAN);
    set_number(row, "max_rel_diff", compared_any ? v->max_rel : (double)NAN);
    set_number(row, "tolerance", is_relative(q) ? q->relative : q->absolute);
    set_text(row, "tolerance_kind", is_relative(q) ? "relative" : "absolute");
    set_value(row, "pass", v->absent ? NULL : json_boolean(v->pass));
    set_value(row, "passes", v->absent ? NULL : json_integer(v->passes));
    set_number(row, "time_s", v->absent ? (double)NAN : v->time_s);
    set_text(row, "method", v->method);
    set_text(row, "source", q->source);
    set_value(row, "worst", json_worst(v));
    set_value(row, "absent", json_boolean(v->absent));
    set_text(row, "owner", v->about->owner);
    set_text(row, "missing", v->missing);
    set_text(row, "reason", v->absent ? NULL : bashu_reason_text(v->reason));
    return row;
}

static bashu_status json_verify(report *r, const void *subject)
{
    const bashu_verification *v = subject;
    json_t *object = json_object(), *rows = json_array();
    for (size_t k = 0; k < v->count; k++) add_value(rows, json_quantity(&v->items[k]));
    set_value(object, "cases", rows);
    return put_json(r, object);
}

/* ---- the page ------------------------------------------------------------------------------------------ */

/* A cell of a Markdown table: bars would end it. */
static void put_markdown(report *r, const char *text, const char *end)
{
    for (; *text; text++) put_format(&r->out, *text == '|' ? "\\%c" : "%c", *text);
    put(&r->out, end);
}

static void markdown_row(report *r, const verified *v)
{
    put(&r->out, "| ");
    put_markdown(r, v->quantity->name, " | ");
    put_markdown(r, v->quantity->source, " | ");
    if (v->absent || v->reason <= 0) put(&r->out, "| | ");
    else put_format(&r->out, "%zu | %s | ", v->count, difference_text(r, v));
    put_format(&r->out, "%s | %s |\n", allowed_text(r, v->quantity), verdict(r, v));
}

static void markdown_case(report *r, const bashu_verification *v, size_t begin, size_t end)
{
    const verified *first = &v->items[begin];
    const verify_case *c = first->about;
    put_format(&r->out, "\n## %s\n\n", c->name);
    put_format(&r->out, "%s.", pick(r->language, c->title_en, c->title_zh));
    if (*c->model_name) put_format(&r->out, " Model: `models/%s.yaml`.", c->model_name);
    if (c->package)
        put_format(&r->out, " Data: %s (%s)%s.", c->owner, c->source, first->absent ? "; not here when this page was written" : "");
    if (first->missing) put_format(&r->out, " Not compared when this page was written: %s was not there.", first->missing);
    if (!first->absent && first->passes) put_format(&r->out, " Passes: %d (%s).", first->passes, first->method);
    put(&r->out, "\n\n| quantity | expected from | n | worst difference | allowed | |\n|---|---|---|---|---|---|\n");
    for (size_t k = begin; k < end; k++) markdown_row(r, &v->items[k]);
}

static void markdown_matrix(report *r, const bashu_verification *v, const method_list *m)
{
    put(&r->out, "\n## Case by method\n\nThe verdict, and passes (over the trade shares; iterations of other questions).\n\n| case |");
    for (size_t i = 0; i < m->count; i++) put_format(&r->out, " `%s` |", m->names[i]);
    put(&r->out, "\n|---|");
    put_repeat(&r->out, "---|", m->count);
    put(&r->out, "\n");
    for (size_t k = 0; k < v->count; k++) {
        if (!is_new_case(v, k)) continue;
        put_format(&r->out, "| %s |", v->items[k].about->name);
        for (size_t i = 0; i < m->count; i++) put_format(&r->out, " %s |", matrix_cell(r, v, v->items[k].about, m->names[i]));
        put(&r->out, "\n");
    }
}

/* By several methods each case is shown once, by the first, and all in the matrix. */
static bashu_status markdown_verify(report *r, const void *subject)
{
    const bashu_verification *v = subject;
    method_list m = methods_of(v);
    put(&r->out, "# Validation\n\nThis page is written by `bashu verify --markdown`; do not edit it. Each case is a folder of `validation/` "
                 "(format: `docs/case-format.md`).\nData of others are not part of the project: `--reference DIR`, or the variable "
                 "`BASHU_REFERENCE`, says where they are.\n");
    put(&r->out, "\n");
    put_tally(r, v);
    for (size_t k = 0, end; k < v->count; k = end) {
        end = case_end(v, k);
        if (v->items[k].absent || is_new_case(v, k)) markdown_case(r, v, k, end);
    }
    if (m.count > 1) markdown_matrix(r, v, &m);
    return BASHU_OK;
}

bashu_status verification_report(char **out, const bashu_verification *v, const char *format, bashu_language language)
{
    static const report_format formats[] = {
        {"text", text_verify}, {"rows", rows_verify}, {"json", json_verify}, {"markdown", markdown_verify}};
    return report_write(out, v->context, language, formats, sizeof formats / sizeof formats[0], format, v);
}
