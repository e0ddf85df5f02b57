/* leontief_values.c - what there is to ask of input-output accounts. */
#include "measure/leontief.h"

#include <string.h>

const bashu_leontief_row leontief_rows[] = {
    {"output", "N", "output of each industry", "各产业总产出"},
    {"final_demand", "R", "all that final users of a region buy", "各地区最终需求合计"},
    {"gross_exports", "R", "sales to other regions, at full value", "对其他地区的销售总额"},
    {"coefficients", "N,N", "inputs from the row's industry per unit of output of the column's", "直接消耗系数"},
    {"inverse", "N,N", "Leontief inverse: output of the row's industry per unit of final demand for the column's",
     "里昂惕夫逆矩阵"},
    {"output_multiplier", "N", "output of all industries per unit of final demand", "产出乘数"},
    {"multiplier", "A,N", "account per unit of final demand, all industries together", "账户乘数"},
    {"pba", "A,R", "account by production, with that of final users", "生产侧核算"},
    {"cba", "A,R", "account by consumption, with that of final users", "消费侧核算"},
    {"exports", "A,R", "made here, embodied in the final demand of others", "隐含出口"},
    {"imports", "A,R", "made by others, embodied in final demand here", "隐含进口"},
    {"direct", "A,R", "account of final users themselves", "最终使用者直接账户"},
    {"embodied", "A,R,R", "made in the first region, embodied in the final demand of the second", "地区间隐含流量"},
};
const size_t leontief_row_count = sizeof leontief_rows / sizeof leontief_rows[0];

static size_t shape_count(const bashu_leontief *a, const char *shape)
{
    size_t count = 1;
    for (const char *c = shape; *c; c++)
        count *= *c == 'N' ? a->R * a->J : *c == 'R' ? a->R : *c == 'A' ? a->account_count : 1;
    return count;
}

static double region_value(const leontief_region *of, const char *name)
{
    return !strcmp(name, "pba")       ? of->pba
           : !strcmp(name, "cba")     ? of->cba
           : !strcmp(name, "exports") ? of->exports
                                      : of->imports;
}

static void region_values(const bashu_leontief *a, const char *name, double *values)
{
    for (size_t k = 0; k < a->account_count; k++)
        for (size_t r = 0; r < a->R; r++) {
            leontief_region of = leontief_region_of(a, k, r);
            values[at2(k, r, a->R)] = region_value(&of, name);
        }
}

/* NULL: worked out where it is asked for, or not there. */
static const double *stored(const bashu_leontief *a, const char *name)
{
    const struct {
        const char *name;
        const double *values;
    } arrays[] = {{"output", a->output},
                  {"final_demand", a->bought},
                  {"gross_exports", a->gross_exports},
                  {"coefficients", a->coefficients},
                  {"inverse", a->inverse},
                  {"output_multiplier", a->output_multiplier},
                  {"multiplier", a->multiplier},
                  {"direct", a->direct},
                  {"embodied", a->embodied}};
    for (size_t k = 0; k < sizeof arrays / sizeof arrays[0]; k++)
        if (!strcmp(arrays[k].name, name)) return arrays[k].values;
    return NULL;
}

bashu_status leontief_values(const bashu_leontief *a, const char *name, double *values, size_t count)
{
    const bashu_leontief_row *row = NULL;
    for (size_t k = 0; k < leontief_row_count; k++)
        if (!strcmp(leontief_rows[k].name, name)) row = &leontief_rows[k];
    if (!row) return fail(a->context, BASHU_ERROR_ARGUMENT, "input-output accounts have no '%s'", name);
    size_t need = shape_count(a, row->shape), N = a->R * a->J;
    if (count != need) return fail(a->context, BASHU_ERROR_ARGUMENT, "'%s' has %zu values, not %zu", name, need, count);
    const double *from = stored(a, name);
    bool by_region = !strcmp(row->shape, "A,R") && strcmp(name, "direct") != 0;
    if (by_region) region_values(a, name, values);
    else if (!from)
        return fail(a->context, BASHU_ERROR_UNSUPPORTED, "'%s' is not formed for a calibrated economy", name);
    else if (!strcmp(name, "inverse"))
        for (size_t o = 0; o < N; o++)
            for (size_t d = 0; d < N; d++) values[at2(o, d, N)] = from[at2(d, o, N)];
    else memcpy(values, from, count * sizeof *values);
    return BASHU_OK;
}
