/* economy_indicators.c - facts that no equation uses: for comparing places, and for checking what is claimed of them. */
#include "input/economy_parts.h"

#include <string.h>

static bool is_word(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

static bashu_status variable_read(indicator *row, economy_reader *r, const table *t, size_t at)
{
    size_t column;
    TRY(table_require(&column, t, "variable"));
    TRY(text_read(&row->variable, r, t, at, "variable"));
    if (is_word(row->variable)) return BASHU_OK;
    return table_fail(t, at, column, "'%s' is no name; write small letters, digits and _, e.g. research_spending", row->variable);
}

static bashu_status whose_read(indicator *row, const axis *sets, economy_reader *r, const table *t, size_t at)
{
    size_t column, found;
    TRY(table_require(&column, t, "set"));
    TRY(axis_find(&found, sets, t, at, column));
    TRY(keep_text(&row->set, r, sets->ids[found]));
    TRY(text_read(&row->member, r, t, at, "member"));
    TRY(table_require(&column, t, "member"));
    if (!strcmp(row->set, "all"))
        return *row->member ? table_fail(t, at, column, "'%s' is not expected where set is 'all'; leave it empty", row->member) : BASHU_OK;
    if (!strcmp(row->set, "region")) return axis_find(&found, &r->regions, t, at, column);
    return set_member_check(&r->about->sets[find_set(r->about, row->set)], row->member, r, t, at, column);
}

static bashu_status value_read(indicator *row, economy_reader *r, const table *t, size_t at)
{
    size_t year, value, unit;
    double number;
    TRY(table_require(&year, t, "year"));
    TRY(table_require(&value, t, "value"));
    TRY(table_require(&unit, t, "unit"));
    TRY(table_number(&number, t, at, year, (number_range){0, 9999, false, "a year"}));
    if (number != floor(number)) return table_fail(t, at, year, "%g is no year; write e.g. 2020", number);
    row->year = (int)number;
    TRY(table_number(&row->value, t, at, value, (number_range){-unbounded, unbounded, false, NULL}));
    TRY(text_read(&row->unit, r, t, at, "unit"));
    if (!*row->unit) return table_fail(t, at, unit, "is empty; write currency_unit, persons, km2, share, or what is counted");
    if (!strcmp(row->unit, "share") && (row->value < 0 || row->value > 1))
        return table_fail(t, at, value, "%g is no share; write a number from 0 to 1, or another unit", row->value);
    TRY(text_read(&row->source, r, t, at, "source"));
    return flag_read(&row->flag, r, t, at, "value");
}

static bashu_status once(name_index *seen, const indicator *row, economy_reader *r, const table *t, size_t at)
{
    char *key = arena_format(r->scratch, "%s\n%s\n%s\n%d", row->variable, row->set, row->member, row->year);
    if (!key) return fail_memory(r->context);
    long first = name_index_find(seen, key);
    if (first >= 0)
        return table_fail(t, at, (size_t)table_find(t, "variable"), "duplicate row for %s of '%s' '%s' in %d, first on line %zu; delete one of them",
                          row->variable, row->set, row->member, row->year, table_line(t, (size_t)first));
    return name_index_add(seen, key, at) ? BASHU_OK : fail_memory(r->context);
}

bashu_status indicators_read(economy_reader *r)
{
    static const char *const known[] = {"variable", "set", "member", "year", "value", "unit", "source", NULL};
    const table *t;
    indicator *rows;
    axis sets;
    TRY(open_table(&t, r, TABLE_INDICATORS, known, NULL));
    if (!t) return BASHU_OK;
    TRY(axis_new(&sets, r, "set", "'all', 'region' and region_sets in economy.yaml", r->about->set_count + 2));
    TRY(axis_add(&sets, r, "all"));
    TRY(axis_add(&sets, r, "region"));
    for (size_t g = 0; g < r->about->set_count; g++) TRY(axis_add(&sets, r, r->about->sets[g].name));
    TRY(keep(&rows, r, table_rows(t), sizeof *rows));
    name_index *seen = name_index_new(r->scratch, table_rows(t));
    if (!seen) return fail_memory(r->context);
    for (size_t at = 0; at < table_rows(t); at++) {
        TRY(variable_read(&rows[at], r, t, at));
        TRY(whose_read(&rows[at], &sets, r, t, at));
        TRY(value_read(&rows[at], r, t, at));
        TRY(once(seen, &rows[at], r, t, at));
    }
    r->about->indicators = rows;
    r->about->indicator_count = table_rows(t);
    return BASHU_OK;
}
