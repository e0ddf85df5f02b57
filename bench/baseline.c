/* baseline.c - reads what `bashu bench --json` wrote. */
#include "parts.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static double number(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static bool is_row(const json_t *row, const bench_row *about)
{
    const char *work = json_string_value(json_object_get(row, "work")), *measure = json_string_value(json_object_get(row, "measure"));
    return work && measure && !strcmp(work, about->work) && !strcmp(measure, about->measure);
}

bashu_status bench_read(bench_value *values, unsigned char *met, char *processor, bashu_context *context, const char *path)
{
    json_error_t error;
    FILE *file = fopen(path, "r");
    if (!file) return fail(context, BASHU_ERROR_IO, "%s: cannot be read; make it with: bashu bench --json > %s", path, path);
    json_t *root = json_loadf(file, 0, &error);
    fclose(file);
    if (!root) return fail(context, BASHU_ERROR_INPUT, "%s:%d: %s; make it with: bashu bench --json > %s", path, error.line, error.text, path);
    const json_t *rows = json_object_get(root, "rows");
    const char *name = json_string_value(json_object_get(json_object_get(root, "machine"), "processor"));
    snprintf(processor, 128, "%s", name ? name : "");
    for (size_t k = 0; k < bench_row_count(); k++) {
        not_measured(&values[k], "not in %s", path);
        met[k] = 0;
        for (size_t i = 0; i < json_array_size(rows); i++) {
            const json_t *row = json_array_get(rows, i);
            if (!is_row(row, bench_row_at(k))) continue;
            values[k] = (bench_value){.value = number(row, "value"), .low = number(row, "low"), .high = number(row, "high")};
            values[k].state = isfinite(values[k].value) ? BENCH_MEASURED : BENCH_NOT_MEASURED;
            met[k] = json_is_true(json_object_get(row, "met"));
        }
    }
    bool is_ours = json_is_array(rows);
    json_decref(root);
    return is_ours ? BASHU_OK : fail(context, BASHU_ERROR_INPUT, "%s: no list 'rows'; make it with: bashu bench --json > %s", path, path);
}
