/* fuzz_table.c - any bytes as a table: a clear refusal, or cells that survive writing and reading again. */
#include "input/input.h"

#include "fuzz.h"

#include <csv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const number_range any = {-HUGE_VAL, HUGE_VAL, true, "units"};

static void check_refusal(bashu_context *context, bashu_status status, const char *path)
{
    HOLDS(status == BASHU_ERROR_INPUT);
    HOLDS(!strncmp(bashu_message(context), path, strlen(path)));
}

static void check_number(const table *t, size_t row, size_t column)
{
    double value = 0;
    if (table_number(&value, t, row, column, any) == BASHU_OK) {
        HOLDS(isfinite(value) || !*table_text(t, row, column));
    } else {
        HOLDS(isnan(value));
    }
}

static void check_cells(const table *t)
{
    for (size_t k = 0; k < table_columns(t); k++) {
        HOLDS(*table_column_name(t, k));
        HOLDS(table_find(t, table_column_name(t, k)) == (long)k);
    }
    for (size_t row = 0; row < table_rows(t); row++) {
        HOLDS(!row || table_line(t, row) > table_line(t, row - 1));
        for (size_t k = 0; k < table_columns(t); k++) check_number(t, row, k);
    }
}

static void check_names(const table *t)
{
    static const char *const known[] = {"id", "people", NULL};
    size_t column = 0;
    bool there = table_find(t, "people") >= 0;
    HOLDS((table_require(&column, t, "people") == BASHU_OK) == there);
    (void)table_only(t, known);
}

static void write_cell(FILE *file, const char *text, bool last)
{
    csv_fwrite(file, text, strlen(text));
    fputc(last ? '\n' : ',', file);
}

static char *write_again(const table *t, size_t *size)
{
    char *bytes = NULL;
    size_t columns = table_columns(t);
    FILE *file = open_memstream(&bytes, size);
    if (!file) return NULL;
    for (size_t k = 0; k < columns; k++) write_cell(file, table_column_name(t, k), k + 1 == columns);
    for (size_t row = 0; row < table_rows(t); row++) {
        for (size_t k = 0; k < columns; k++) write_cell(file, table_text(t, row, k), k + 1 == columns);
    }
    fclose(file);
    return bytes;
}

static void check_round_trip(const table *t, arena *memory)
{
    table *again = NULL;
    size_t size = 0;
    char *bytes = write_again(t, &size);
    if (!bytes) return;
    bashu_status status = table_read(&again, memory, fuzz_file(1, bytes, size));
    free(bytes);
    HOLDS(status == BASHU_OK);
    HOLDS(table_rows(again) == table_rows(t) && table_columns(again) == table_columns(t));
    for (size_t row = 0; row < table_rows(t); row++) {
        for (size_t k = 0; k < table_columns(t); k++) HOLDS(!strcmp(table_text(again, row, k), table_text(t, row, k)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bashu_context *context = NULL;
    table *t = NULL;
    HOLDS(bashu_open(&context, 1) == BASHU_OK);
    arena *memory = arena_new(context);
    const char *path = fuzz_file(0, data, size);
    bashu_status status = table_read(&t, memory, path);
    HOLDS((status == BASHU_OK) == (t != NULL));
    if (t) {
        check_cells(t);
        check_names(t);
        check_round_trip(t, memory);
    } else {
        check_refusal(context, status, path);
    }
    arena_free(memory);
    bashu_close(context);
    return 0;
}
