/* times.c - least times as CSV; a place that cannot be reached has an empty field. */
#include "report/times.h"

static bashu_status put_rows(report *r, const bashu_times *t, const size_t *from, size_t from_count, const size_t *to, size_t to_count)
{
    double *time_h = arena_alloc(r->memory, from_count * to_count + 1, sizeof *time_h);
    if (!time_h) return fail_memory(r->context);
    TRY(graph_between_rows(t->between, from, from_count, to, to_count, time_h));
    for (size_t k = 0; k < from_count; k++)
        for (size_t l = 0; l < to_count; l++) {
            put_field(&r->out, t->id[from[k]], false);
            put_field(&r->out, t->id[to[l]], false);
            put_number_field(&r->out, time_h[k * to_count + l], true);
        }
    return BASHU_OK;
}

bashu_status times_csv(char **out, const bashu_times *times, const size_t *from, size_t from_count, const size_t *to, size_t to_count, bool head)
{
    report r;
    TRY(report_begin(&r, times->context, BASHU_EN));
    if (head) put(&r.out, "from,to,time_h\n");
    return report_end(out, &r, put_rows(&r, times, from, from_count, to, to_count));
}
