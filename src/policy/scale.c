/* scale.c - more or less of each change:  percent times s, hat^s, s times the persons or the money. */
#include "policy/scale.h"

#include <math.h>

bashu_status scalable_check(const bashu_scenario *s)
{
    for (size_t c = 0; c < s->change_count; c++) {
        const change *k = &s->changes[c];
        bool level = !k->relative && k->lever != LEVER_RESEARCH_STAFF && k->lever != LEVER_TRANSFER && k->lever != LEVER_SUBSIDY;
        if (!level && !k->table) continue;
        return fail(s->context, BASHU_ERROR_ARGUMENT, "change '%s' of %s %s, which cannot be scaled; write change_pct or hat, or leave it out", k->id, s->path,
                    k->table ? "has a table" : "states a new level");
    }
    return BASHU_OK;
}

bashu_status scenario_scaled(bashu_scenario *out, arena *memory, const bashu_scenario *s, const double *scale)
{
    *out = *s;
    out->changes = arena_alloc(memory, s->change_count, sizeof *out->changes);
    if (!out->changes) return fail_memory(s->context);
    for (size_t c = 0; c < s->change_count; c++) {
        double value = s->changes[c].value;
        out->changes[c] = s->changes[c];
        out->changes[c].value = s->changes[c].is_hat ? pow(value, scale[c]) : scale[c] * value;
    }
    return BASHU_OK;
}
