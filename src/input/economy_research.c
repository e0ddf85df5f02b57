/* economy_research.c - researchers by place and use, and the stock of science. */
#include "input/economy_parts.h"

static bashu_status column_read(const double **out, economy_reader *r, const table *t, const char *column)
{
    cells c = {t, 1, {{"region", &r->regions}}, column, {0, unbounded, false, "persons (science_stock: any unit)"}, NULL};
    double *values;
    TRY(keep(&values, r, cells_count(&c), sizeof *values));
    TRY(cells_read(values, NULL, r, &c, 0));
    *out = values;
    return BASHU_OK;
}

/* Regions without a row have neither researchers nor science. */
bashu_status research_read(economy_reader *r)
{
    static const char *const known[] = {"region", "science_researchers", "industry_researchers", "science_stock", NULL};
    research *out = &r->data->research;
    const table *t;
    TRY(open_table(&t, r, TABLE_RESEARCH, known, NULL));
    if (!t) return BASHU_OK;
    TRY(column_read(&out->people[RESEARCH_SCIENCE], r, t, "science_researchers"));
    TRY(column_read(&out->people[RESEARCH_INDUSTRY], r, t, "industry_researchers"));
    return column_read(&out->science, r, t, "science_stock");
}
