/* scenario_years.c - when a change begins, how long it takes to come, and when it ends. */
#include "input/scenario_parts.h"

enum { YEARS_MOST = 1000 };

static bashu_status year_read(int *out, scenario_reader *r, const yaml_node *map, const char *key, int low)
{
    const yaml_node *n = node_get(map, key);
    double value;
    *out = 0;
    if (!n) return BASHU_OK;
    TRY(node_number(&value, r->document, n, key, low, low + YEARS_MOST));
    *out = (int)value;
    if (*out == value) return BASHU_OK;
    return node_fail(r->document, n, "%s: %g is no whole number; write one", key, value);
}

bashu_status scenario_years_read(change *c, scenario_reader *r, const yaml_node *map)
{
    int first = r->about->year + 1; /* the baseline's own year is as observed */
    TRY(year_read(&c->from_year, r, map, "from_year", first));
    TRY(year_read(&c->until_year, r, map, "until_year", first));
    TRY(year_read(&c->phase_in_years, r, map, "phase_in_years", 1));
    if (!c->until_year || c->until_year >= c->from_year) return BASHU_OK;
    return node_fail(r->document, node_get(map, "until_year"), "until_year: %d is before from_year %d; write a later year", c->until_year, c->from_year);
}
