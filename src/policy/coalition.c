/* coalition.c - sets of changes, each solved once.
 *
 *   z_S, where the solve of set S starts = sum over its changes c of z_c + sum over pairs of z_cd
 *
 * z_c the unknowns (logs) when c acts alone, z_cd those when c and d act less z_c and z_d. What is left is the interaction of three and more, so
 * that few passes are. Pairs are solved when there are many sets for each. */
#include "policy/coalition.h"

#include "policy/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t mask_of_coalition(const bashu_scenario *scenario, uint64_t coalition)
{
    uint64_t mask = 0;
    for (size_t c = 0; c < scenario->change_count; c++)
        if ((scenario->changes[c].by & ~coalition) == 0) mask |= (uint64_t)1 << c;
    return mask;
}

/* ---- solving --------------------------------------------------------------------------------------- */

typedef struct solving {
    const mask_work *work;
    size_t size;             /* of the unknowns */
    size_t terms;            /* singles, then pairs */
    uint64_t *term;          /* the set of each */
    double *added;           /* [terms][size] z_c, z_cd; zeros where there is no equilibrium */
    size_t first;            /* term that is solved as number 0 */
    sweep_draw *draw;        /* [count] */
} solving;

static bashu_status build_mask(shock_builder *builder, const bashu_scenario *scenario, uint64_t mask, const shock **out)
{
    unsigned char chosen[CHANGES_MOST] = {0};
    for (size_t c = 0; c < scenario->change_count; c++) chosen[c] = mask >> c & 1;
    return shock_build(out, builder, scenario, chosen);
}

static bashu_status build_term(void *payload, size_t k, shock_builder *builder, const shock **out)
{
    const solving *s = payload;
    return build_mask(builder, s->work->scenario, s->term[s->first + k], out);
}

/* What is known of a set: all terms before `count` that lie in it. */
static void add_terms(double *z, const solving *s, uint64_t mask, size_t count, double sign)
{
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; !(s->term[t] & ~mask) && i < s->size; i++) z[i] += sign * s->added[t * s->size + i];
}

static bool start_term(void *payload, size_t k, double *z)
{
    const solving *s = payload;
    add_terms(z, s, s->term[s->first + k], s->first, 1);
    return s->first > 0;
}

static bashu_status take_term(void *payload, size_t k, const bashu_result *result)
{
    const solving *s = payload;
    double *z = s->added + (s->first + k) * s->size;
    if (result->info.reason <= 0) return BASHU_OK;
    result_unknowns(z, result);
    add_terms(z, s, s->term[s->first + k], s->first, -1);
    return BASHU_OK;
}

static bashu_status build_set(void *payload, size_t k, shock_builder *builder, const shock **out)
{
    const solving *s = payload;
    return build_mask(builder, s->work->scenario, s->work->masks[k], out);
}

static bool start_set(void *payload, size_t k, double *z)
{
    const solving *s = payload;
    add_terms(z, s, s->work->masks[k], s->terms, 1);
    return true;
}

static bashu_status take_set(void *payload, size_t k, const bashu_result *result)
{
    const solving *s = payload;
    s->draw[k].info = (bashu_draw_info){result->info.reason, result->info.passes, result->info.residual, s->draw[k].worst};
    snprintf(s->draw[k].worst, sizeof s->draw[k].worst, "%s", result->info.worst);
    return s->work->take(s->work->payload, k, result);
}

static void judge(solve_quality *out, const sweep_draw *draw, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        out->passes += (size_t)draw[k].info.passes;
        if (draw[k].info.reason <= 0) {
            out->lost++;
            continue;
        }
        if (out->solved++ && !(draw[k].info.residual > out->residual)) continue;
        out->residual = draw[k].info.residual;
        memcpy(out->worst, draw[k].worst, sizeof out->worst);
    }
}

/* Terms first .. last - 1, all at once. */
static bashu_status solve_terms(solving *s, size_t first, size_t last)
{
    sweep_work work = {.count = last - first, .build = build_term, .take = take_term, .start = start_term, .payload = s};
    s->first = first;
    return sweep_run(s->work->scenario->economy, s->work->options, &work);
}

static size_t list_terms(uint64_t *term, size_t *singles, const mask_work *work)
{
    uint64_t any = 0;
    size_t count = 0;
    for (size_t k = 0; k < work->count; k++) any |= work->masks[k];
    for (size_t c = 0; c < CHANGES_MOST; c++)
        if (any >> c & 1) term[count++] = (uint64_t)1 << c;
    *singles = count;
    if (work->count < 4 * (count * (count - 1) / 2)) return count;
    for (size_t a = 0; a < *singles; a++)
        for (size_t b = 0; b < a; b++) term[count++] = term[a] | term[b];
    return count;
}

bashu_status masks_solve(solve_quality *out, const mask_work *work)
{
    const bashu_scenario *scenario = work->scenario;
    const description *about = &scenario->economy->about;
    size_t changes = scenario->change_count, singles = 0;
    double begin = now_s();
    *out = (solve_quality){0};
    if (changes > CHANGES_MOST)
        return fail(scenario->context, BASHU_ERROR_ARGUMENT, "%s has %zu changes; sets of at most %d are solved", scenario->path, changes, CHANGES_MOST);
    solving s = {.work = work, .size = about->N * (2 * about->S + 1 + 2 * about->J)};
    s.term = calloc(changes * (changes + 1) / 2 + 1, sizeof *s.term);
    s.draw = calloc(work->count + 1, sizeof *s.draw);
    if (s.term) s.terms = list_terms(s.term, &singles, work);
    if (s.term) s.added = calloc((s.terms + 1) * s.size, sizeof *s.added);
    bashu_status status = s.added && s.draw ? BASHU_OK : fail_memory(scenario->context);
    sweep_work sets = {.count = work->count, .build = build_set, .take = take_set, .start = start_set, .payload = &s};
    if (status == BASHU_OK) status = solve_terms(&s, 0, singles);
    if (status == BASHU_OK && s.terms > singles) status = solve_terms(&s, singles, s.terms);
    if (status == BASHU_OK) status = sweep_run(scenario->economy, work->options, &sets);
    if (status == BASHU_OK) judge(out, s.draw, work->count);
    out->solve_s = now_s() - begin;
    free(s.term);
    free(s.added);
    free(s.draw);
    return status;
}
