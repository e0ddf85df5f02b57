/* economy_moves.c - gross flows: who moves from market to market in a period. */
#include "input/economy_parts.h"

/* The market that two columns of a row name; without a column for groups everybody is of the only one. */
static bashu_status market_read(size_t *out, economy_reader *r, const table *t, size_t row, const char *region_column, const char *group_column)
{
    size_t column, n, s = 0;
    TRY(table_require(&column, t, region_column));
    TRY(axis_find(&n, &r->regions, t, row, column));
    if (r->about->S > 1 || table_find(t, group_column) >= 0) {
        TRY(table_require(&column, t, group_column));
        TRY(axis_find(&s, &r->groups, t, row, column));
    }
    *out = at2(n, s, r->about->S);
    return BASHU_OK;
}

static bashu_status once(name_index *seen, const moved_row *moved, economy_reader *r, const table *t, size_t row)
{
    char *key = arena_format(r->scratch, "%zu %zu", moved->from, moved->to);
    if (!key) return fail_memory(r->context);
    long first = name_index_find(seen, key);
    if (first >= 0)
        return table_fail(t, row, (size_t)table_find(t, "region"), "duplicate row for people of this place who move to the same one, first on line %zu; delete one of them",
                          table_line(t, (size_t)first));
    return name_index_add(seen, key, row) ? BASHU_OK : fail_memory(r->context);
}

/* Those who leave a market cannot be more than those who are there. */
static bashu_status check_leavers(economy_reader *r, const table *t, const moved_row *moved)
{
    double *left;
    size_t column;
    TRY(borrow(&left, r, r->about->N * r->about->S, sizeof *left));
    TRY(table_require(&column, t, "people"));
    for (size_t row = 0; row < table_rows(t); row++) {
        double there = r->data->people[moved[row].from];
        left[moved[row].from] += moved[row].people;
        if (left[moved[row].from] > there)
            return table_fail(t, row, column, "with this row %.15g people leave where %.15g are; correct one of them", left[moved[row].from], there);
        if (moved[row].people > 0 && !(r->data->people[moved[row].to] > 0))
            return table_fail(t, row, column, "%.15g people move to where nobody is; delete the row, or say in people who is there", moved[row].people);
    }
    return BASHU_OK;
}

bashu_status gross_flows_read(economy_reader *r)
{
    static const char *const known[] = {"region", "group", "to_region", "to_group", "people", NULL};
    const table *t;
    moved_row *moved;
    size_t column;
    TRY(open_table(&t, r, TABLE_GROSS_FLOWS, known, NULL));
    if (!t) return BASHU_OK;
    name_index *seen = name_index_new(r->scratch, table_rows(t));
    if (!seen) return fail_memory(r->context);
    bool regroup = table_find(t, "to_group") >= 0;
    TRY(table_require(&column, t, "people"));
    TRY(keep(&moved, r, table_rows(t), sizeof *moved));
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(market_read(&moved[row].from, r, t, row, "region", "group"));
        TRY(market_read(&moved[row].to, r, t, row, "to_region", regroup ? "to_group" : "group"));
        TRY(table_number(&moved[row].people, t, row, column, (number_range){0, unbounded, false, "persons"}));
        if (moved[row].from == moved[row].to)
            return table_fail(t, row, column, "a row from a place to itself: those who stay are those who do not leave; delete the row");
        TRY(once(seen, &moved[row], r, t, row));
    }
    r->data->moved = moved;
    r->data->moved_count = table_rows(t);
    r->data->moves_change_group = regroup;
    return check_leavers(r, t, moved);
}
