/* bench.c - bashu bench: rows of measures with goals, as text or JSON, now or against what they were. */
#include "bench/bench.h"
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* At most so many threads unless -j says otherwise: the goals are stated for two. */
enum { THREADS_ORDINARY = 2 };

typedef struct showing {
    const request *request;
    size_t count;
    unsigned char *chosen, *met_then;
    bench_value *now, *then; /* then: read only with --compare */
    bench_machine machine;
    char processor_then[128];
} showing;

static int unknown_row(const request *r, const char *name)
{
    const char *names[256] = {"static"};
    char families[128][32];
    size_t count = 1;
    for (size_t k = 0; k < bench_row_count() && k < 127; k++) {
        const bench_row *row = bench_row_at(k);
        size_t length = strcspn(row->work, "_");
        names[count++] = row->work;
        memset(families[k], 0, sizeof families[k]);
        memcpy(families[k], row->work, length < 31 ? length : 31);
        names[count++] = families[k];
    }
    const char *near = nearest(name, names, count);
    if (near) complain("%s '%s'; %s '%s'?", say(r, "no row", "没有该项"), name, say(r, "did you mean", "是否想用"), near);
    else {
        text t = {0};
        for (size_t k = 1; k < count; k += 2)
            if (k < 3 || strcmp(names[k], names[k - 2]) != 0) add(&t, " %s", names[k]);
        complain("%s '%s'; %s:%s", say(r, "no row", "没有该项"), name, say(r, "there are", "可用"), t.failed ? "" : t.bytes);
        free(t.bytes);
    }
    return EXIT_USAGE;
}

static int choose(const request *r, unsigned char *chosen)
{
    if (r->option_count || r->setting_count || r->model || r->economy) {
        complain("%s", say(r, "rows are measured on economies of their own; settings and options are for: bashu bench static",
                           "各项使用自带的经济数据；设置与选项仅用于：bashu bench static"));
        return EXIT_USAGE;
    }
    if (r->repeats < BENCH_REPEATS_LEAST) {
        complain("--repeats %s %d", say(r, "of rows is at least", "至少为"), BENCH_REPEATS_LEAST);
        return EXIT_USAGE;
    }
    for (size_t k = 0; !r->argument_count && k < bench_row_count(); k++) chosen[k] = !bench_row_is_long(bench_row_at(k));
    for (size_t a = 0; a < r->argument_count; a++) {
        bool any = false;
        for (size_t k = 0; k < bench_row_count(); k++)
            if (bench_row_is(bench_row_at(k), r->arguments[a])) chosen[k] = 1, any = true;
        if (!any) return unknown_row(r, r->arguments[a]);
    }
    return EXIT_OK;
}

static bool got_worse(const showing *s, size_t k)
{
    return bench_got_worse(bench_row_at(k), &s->now[k], s->met_then[k]);
}

/* Why there is no number, what goes with it, and why the goal is missed. */
static void add_note(text *t, const showing *s, size_t k, bool quoted)
{
    const bench_row *row = bench_row_at(k);
    const bench_value *v = &s->now[k];
    bool missed = row->note && v->state == BENCH_MEASURED && !bench_met(row, v);
    text both = {0};
    if (*v->note) add(&both, "%s", v->note);
    if (missed) add(&both, "%s%s", both.size ? "; " : "", row->note);
    if (both.failed) t->failed = true;
    else if (both.size && quoted) {
        add(t, ", \"note\": ");
        add_quoted(t, both.bytes);
    } else if (both.size) add(t, "      %s\n", both.bytes);
    free(both.bytes);
}

/* ---- JSON ------------------------------------------------------------------------------------------ */

static void add_member(text *t, const char *name, double value)
{
    add(t, ", \"%s\": ", name);
    add_number(t, value);
}

static void add_machine_json(text *t, const bench_machine *m)
{
    add(t, "{\"machine\": {\"processor\": ");
    add_quoted(t, m->processor);
    add(t, ", \"processors\": %ld, \"threads\": %d, \"caches\": ", m->processors, m->threads);
    add_quoted(t, m->caches);
    add_member(t, "memory_gb", m->memory_gb);
    add_member(t, "read_gb_s", m->read_gb_s);
    add_member(t, "multiply_add_gflop_s", m->multiply_add_gflop_s);
    add(t, ", \"compiler\": ");
    add_quoted(t, m->compiler);
    add(t, ", \"version\": ");
    add_quoted(t, m->version);
    add(t, "},\n \"rows\": [");
}

static void add_json(text *t, const showing *s)
{
    const char *comma = "";
    add_machine_json(t, &s->machine);
    for (size_t k = 0; k < s->count; k++) {
        const bench_row *row = bench_row_at(k);
        const bench_value *v = &s->now[k];
        if (!s->chosen[k]) continue;
        add(t, "%s\n  {\"work\": \"%s\", \"measure\": \"%s\", \"value\": ", comma, row->work, row->measure);
        add_number(t, v->value);
        add_member(t, "low", v->low);
        add_member(t, "high", v->high);
        add_member(t, "goal", row->sense == BENCH_NO_GOAL ? (double)NAN : row->goal);
        add(t, ", \"met\": %s, \"at\": \"%s\", \"repeats\": %d", bench_met(row, v) ? "true" : "false",
            row->sense == BENCH_NO_GOAL ? "none" : row->sense == BENCH_AT_MOST ? "most" : "least", v->repeats);
        add_note(t, s, k, true);
        if (s->request->compare) {
            add_member(t, "then", s->then[k].value);
            add(t, ", \"met_then\": %s", s->met_then[k] ? "true" : "false");
        }
        add(t, "}");
        comma = ",";
    }
    add(t, "\n ]}\n");
}

/* ---- text ------------------------------------------------------------------------------------------ */

static const char *verdict(const showing *s, size_t k)
{
    const request *r = s->request;
    const bench_row *row = bench_row_at(k);
    if (s->now[k].state == BENCH_NOT_MEASURED) return say(r, "-     ", "未测");
    if (s->now[k].state == BENCH_FAILED) return say(r, "failed", "失败");
    if (row->sense == BENCH_NO_GOAL) return say(r, "      ", "    ");
    return bench_met(row, &s->now[k]) ? say(r, "met   ", "达到") : say(r, "missed", "未达");
}

static void add_row_text(text *t, const showing *s, size_t k)
{
    const request *r = s->request;
    const bench_row *row = bench_row_at(k);
    const bench_value *v = &s->now[k];
    text piece = {0};
    add(t, "  %-15s %-24s", row->work, row->measure);
    if (v->state == BENCH_MEASURED) {
        add(t, " %9.4g", v->value);
        if (r->compare && isfinite(s->then[k].value)) add(&piece, "%.4g", s->then[k].value);
        else if (!r->compare && v->repeats > 1) add(&piece, "(%.4g - %.4g)", v->low, v->high);
    } else {
        add(t, " %9s", "");
        if (r->compare && isfinite(s->then[k].value)) add(&piece, "%.4g", s->then[k].value);
    }
    add(t, " %-*s", r->compare ? 10 : 20, piece.size ? piece.bytes : "");
    piece.size = 0;
    if (row->sense != BENCH_NO_GOAL) add(&piece, "%s %g", row->sense == BENCH_AT_MOST ? "<=" : ">=", row->goal);
    add(t, " %-8s %s  %s%s\n", piece.size ? piece.bytes : "", verdict(s, k), say(r, row->title_en, row->title_zh),
        r->compare && got_worse(s, k) ? say(r, "  [was met]", "  [此前达到]") : "");
    if (piece.failed) t->failed = true;
    free(piece.bytes);
    add_note(t, s, k, false);
}

static void add_text(text *t, const showing *s)
{
    const request *r = s->request;
    const bench_machine *m = &s->machine;
    add(t, "%s\n", say(r, "Machine", "机器"));
    add(t, "  %s, %ld %s, %.3g GB, %s\n", *m->processor ? m->processor : "?", m->processors, say(r, "processors", "个处理器"), m->memory_gb,
        m->caches);
    add(t, "  %s %d, %s %.3g GB/s, %s %.3g GFLOP/s; %s %s\n", say(r, "threads", "线程"), m->threads, say(r, "reads", "读取"),
        m->read_gb_s, say(r, "multiply-adds", "乘加"), m->multiply_add_gflop_s, say(r, "built by", "编译器"), m->compiler);
    if (r->compare && *s->processor_then && strcmp(m->processor, s->processor_then) != 0)
        add(t, "  %s: %s\n", say(r, "then another machine", "此前为另一台机器"), s->processor_then);
    add(t, "\n%s\n", r->compare ? say(r, "Now, then, goal", "现在、此前、目标")
                                : say(r, "Median (least - most), goal", "中位数（最小 - 最大）、目标"));
    for (size_t k = 0; k < s->count; k++)
        if (s->chosen[k]) add_row_text(t, s, k);
}

/* ---- the whole ------------------------------------------------------------------------------------- */

static bashu_status measure(showing *s, bashu_context *context)
{
    bench *b;
    bashu_status status = bench_open(&b, context, s->request->repeats, ".");
    if (status != BASHU_OK) return status;
    status = bench_run(b, s->chosen, s->now);
    if (status == BASHU_OK) status = bench_describe(b, &s->machine);
    bench_close(b);
    return status;
}

static int show(showing *s)
{
    text t = {0};
    if (s->request->json) add_json(&t, s);
    else add_text(&t, s);
    int code = put_text(&t, !s->request->json);
    for (size_t k = 0; s->request->compare && k < s->count && code == EXIT_OK; k++)
        if (s->chosen[k] && got_worse(s, k)) code = EXIT_DIFFERS;
    return code;
}

static int run_rows(showing *s)
{
    request asked = *s->request;
    session open;
    if (!asked.threads) asked.threads = THREADS_ORDINARY;
    int code = choose(&asked, s->chosen);
    if (code != EXIT_OK) return code;
    code = session_open(&open, &asked);
    if (code == EXIT_OK && asked.compare)
        code = checked(&open, bench_read(s->then, s->met_then, s->processor_then, open.context, asked.compare));
    if (code == EXIT_OK) code = checked(&open, measure(s, open.context));
    session_close(&open);
    return code == EXIT_OK ? show(s) : code;
}

int run_bench(const request *r)
{
    if (r->argument_count && !strcmp(r->arguments[0], "static")) return run_bench_static(r);
    showing s = {.request = r, .count = bench_row_count()};
    int code = EXIT_INTERNAL;
    s.chosen = calloc(s.count, 1);
    s.met_then = calloc(s.count, 1);
    s.now = calloc(s.count, sizeof *s.now);
    s.then = calloc(s.count, sizeof *s.then);
    if (s.chosen && s.met_then && s.now && s.then) code = run_rows(&s);
    else complain("out of memory");
    free(s.chosen);
    free(s.met_then);
    free(s.now);
    free(s.then);
    return code;
}
