/* sample.c - which rows are estimated from, in which order.
 *
 * Left out are rows of groups whose outcome is all zero (Poisson: their effect is minus infinity and says nothing of the
 * others), and rows that are alone in a group (fitted exactly by it), until nothing more falls out. The rest is sorted by the
 * effect with most groups, then by the next, so that neither answer nor bits depend on the order of the file. */
#include "estimate/absorb.h"
#include "linalg/vector.h"

#include <string.h>

enum { MOST_BLOCKS = 32, LEAST_BLOCKS = 2, ROW_BLOCKS = 16, SMALL = 20000, STRIP_ROWS = 4096, FEW_ROWS = 128, LONG_RUN = 16 };

/* ---- over all rows ---------------------------------------------------------------------------------- */

int row_threads(const bashu_context *context, size_t rows) { return rows < SMALL ? 1 : thread_count(context); }

bashu_status sum_rows(arena *memory, size_t rows, add_rows *add, const void *payload, double *sums, size_t count)
{
    bashu_context *context = arena_context(memory);
    double *parts = arena_alloc(memory, ROW_BLOCKS * count, sizeof *parts);
    int threads = row_threads(context, rows);
    (void)threads;
    if (!parts) return fail_memory(context);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t b = 0; b < ROW_BLOCKS; b++) add(payload, rows * b / ROW_BLOCKS, rows * (b + 1) / ROW_BLOCKS, parts + b * count);
    memset(sums, 0, count * sizeof *sums);
    for (size_t b = 0; b < ROW_BLOCKS; b++)
        for (size_t k = 0; k < count; k++) sums[k] += parts[b * count + k];
    return BASHU_OK;
}

typedef struct picking {
    const estimate_problem *p;
    unsigned char *out;           /* [rows] */
    size_t **count, **positive;   /* [effects][groups] rows left, and those with an outcome above zero */
} picking;

/* One row less in each of its groups. */
static void take_away(picking *k, size_t r)
{
    const estimate_problem *p = k->p;
    for (size_t f = 0; f < p->effects; f++) {
        k->count[f][p->effect[f].of[r]]--;
        k->positive[f][p->effect[f].of[r]] -= p->outcome[r] > 0;
    }
}

/* How the groups of a few rows follow one another; where each is the same as the first, or the one after that before, nothing
 * need be looked up. */
typedef enum follow { FOLLOW_SAME, FOLLOW_NEXT, FOLLOW_ANY } follow;

IN_EACH_WIDTH follow how_they_follow(const uint32_t *of, size_t n)
{
    uint32_t apart = 0, jump = 0;
    for (size_t i = 0; i < n; i++) {
        apart |= of[i] ^ of[0];
        jump |= of[i] ^ (of[0] + (uint32_t)i);
    }
    return !apart ? FOLLOW_SAME : !jump ? FOLLOW_NEXT : FOLLOW_ANY;
}

IN_EACH_WIDTH void count_few(const picking *k, const uint32_t *of, size_t low, size_t n, size_t *count, size_t *positive)
{
    const unsigned char *out = k->out + low;
    const double *y = k->p->outcome + low;
    size_t rows = 0, above = 0;
    switch (how_they_follow(of + low, n)) {
    case FOLLOW_SAME:
        for (size_t i = 0; i < n; i++) {
            rows += !out[i];
            above += (size_t)(!out[i] & (y[i] > 0));
        }
        count[of[low]] += rows;
        positive[of[low]] += above;
        return;
    case FOLLOW_NEXT:
        for (size_t i = 0; i < n; i++) count[of[low] + i] += !out[i];
        for (size_t i = 0; i < n; i++) positive[of[low] + i] += (size_t)(!out[i] & (y[i] > 0));
        return;
    default:
        for (size_t i = 0; i < n; i++) {
            count[of[low + i]] += !out[i];
            positive[of[low + i]] += (size_t)(!out[i] & (y[i] > 0));
        }
    }
}

FOR_EACH_WIDTH static void count_strip(const picking *k, const uint32_t *of, size_t low, size_t high, size_t *count, size_t *positive)
{
    for (; low < high; low += FEW_ROWS) count_few(k, of, low, high - low < FEW_ROWS ? high - low : FEW_ROWS, count, positive);
}

/* In parts that have counts of their own: as many as keep these small beside the rows. */
static bashu_status count_groups(picking *k, arena *memory)
{
    const estimate_problem *p = k->p;
    size_t groups = 0, at = 0;
    for (size_t f = 0; f < p->effects; f++) groups += p->effect[f].count;
    size_t fit = p->rows / (8 * groups + 1), parts = fit > ROW_BLOCKS ? ROW_BLOCKS : fit ? fit : 1;
    size_t *sums = arena_alloc(memory, 2 * groups * parts, sizeof *sums);
    k->count = arena_alloc(memory, p->effects + 1, sizeof *k->count);
    k->positive = arena_alloc(memory, p->effects + 1, sizeof *k->positive);
    int threads = row_threads(arena_context(memory), p->rows);
    (void)threads;
    if (!sums || !k->count || !k->positive) return fail_memory(arena_context(memory));
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t part = 0; part < parts; part++) {
        size_t high = p->rows * (part + 1) / parts;
        for (size_t low = p->rows * part / parts, next; low < high; low = next) {
            size_t *to = sums + part * 2 * groups;
            next = high - low < STRIP_ROWS ? high : low + STRIP_ROWS;
            for (size_t f = 0; f < p->effects; to += 2 * p->effect[f++].count)
                count_strip(k, p->effect[f].of, low, next, to, to + p->effect[f].count);
        }
    }
    for (size_t part = 1; part < parts; part++)
        for (size_t g = 0; g < 2 * groups; g++) sums[g] += sums[part * 2 * groups + g];
    for (size_t f = 0; f < p->effects; at += 2 * p->effect[f++].count) {
        k->count[f] = sums + at;
        k->positive[f] = sums + at + p->effect[f].count;
    }
    return BASHU_OK;
}

static bool is_zero_group(const picking *k, size_t r)
{
    const estimate_problem *p = k->p;
    for (size_t f = 0; p->method == METHOD_PPML && f < p->effects; f++)
        if (!k->positive[f][p->effect[f].of[r]]) return true;
    return false;
}

static bool is_singleton(const picking *k, size_t r)
{
    const estimate_problem *p = k->p;
    for (size_t f = 0; !p->keep_singletons && f < p->effects; f++)
        if (k->count[f][p->effect[f].of[r]] == 1) return true;
    return false;
}

/* Mostly every group stays, and no row need be looked at. */
static bool every_group_stays(const picking *k)
{
    const estimate_problem *p = k->p;
    for (size_t f = 0; f < p->effects; f++)
        for (size_t g = 0; g < p->effect[f].count; g++) {
            if (!p->keep_singletons && k->count[f][g] == 1) return false;
            if (p->method == METHOD_PPML && k->count[f][g] && !k->positive[f][g]) return false;
        }
    return true;
}

static void pick(picking *k, sample *s)
{
    const estimate_problem *p = k->p;
    for (bool again = !every_group_stays(k); again;) {
        again = false;
        for (size_t r = 0; r < p->rows; r++) {
            if (k->out[r]) continue;
            bool zero = is_zero_group(k, r);
            if (!zero && !is_singleton(k, r)) continue;
            k->out[r] = 1;
            take_away(k, r);
            *(zero ? &s->zero_groups : &s->singletons) += 1;
            again = true;
        }
    }
    s->rows = p->effects ? 0 : p->rows;
    for (size_t r = 0; !p->effects && r < p->rows; r++) s->rows -= k->out[r];
    for (size_t g = 0; p->effects && g < p->effect[0].count; g++) s->rows += k->count[0][g];
}

/* ---- order ---------------------------------------------------------------------------------------- */

/* Sorts rows by their group, keeping the order within (counting sort). */
static bashu_status sort_by(uint32_t *row, size_t rows, const grouping *by, arena *scratch)
{
    size_t *start = arena_alloc(scratch, by->count + 1, sizeof *start);
    uint32_t *sorted = arena_alloc(scratch, rows, sizeof *sorted);
    if (!start || !sorted) return fail_memory(arena_context(scratch));
    for (size_t i = 0; i < rows; i++) start[by->of[row[i]] + 1]++;
    for (size_t g = 0; g < by->count; g++) start[g + 1] += start[g];
    for (size_t i = 0; i < rows; i++) sorted[start[by->of[row[i]]]++] = row[i];
    memcpy(row, sorted, rows * sizeof *row);
    return BASHU_OK;
}

/* Groups that have rows left get new numbers; to[old] = new. */
static bashu_status number_groups(uint32_t **to, uint32_t **group, size_t *groups, const size_t *count, size_t old_count,
                                  arena *memory, arena *scratch)
{
    *groups = 0;
    for (size_t g = 0; g < old_count; g++) *groups += count[g] > 0;
    *to = arena_alloc(scratch, old_count, sizeof **to);
    *group = arena_alloc(memory, *groups, sizeof **group);
    if (!*to || !*group) return fail_memory(arena_context(memory));
    for (size_t g = 0, n = 0; g < old_count; g++) {
        if (!count[g]) continue;
        (*group)[n] = (uint32_t)g;
        (*to)[g] = (uint32_t)n++;
    }
    return BASHU_OK;
}

static size_t groups_left(const picking *k, size_t f)
{
    size_t left = 0;
    for (size_t g = 0; g < k->p->effect[f].count; g++) left += k->count[f][g] > 0;
    return left;
}

/* Whether rows low to high are already as sorting by the effects would leave them: each is compared with the one before by the
 * last effect, then by the one before that where it differs. */
FOR_EACH_WIDTH static bool is_sorted(const sample *s, const estimate_problem *p, size_t low, size_t high)
{
    uint32_t behind[STRIP_ROWS], any = 0;
    for (size_t at = low ? low : 1, next; at < high; at = next) {
        next = high - at < STRIP_ROWS ? high : at + STRIP_ROWS;
        memset(behind, 0, (next - at) * sizeof *behind);
        for (size_t e = p->effects; e-- > 0;) {
            const uint32_t *of = p->effect[s->effect_of[e]].of + at;
            for (size_t i = 0; i < next - at; i++)
                behind[i] = (uint32_t)(of[i] < of[(ptrdiff_t)i - 1]) | ((uint32_t)(of[i] == of[(ptrdiff_t)i - 1]) & behind[i]);
        }
        for (size_t i = 0; i < next - at; i++) any |= behind[i];
    }
    return !any;
}

/* All rows, as they come. */
static bool stays_as_it_is(const sample *s, const estimate_problem *p, int threads)
{
    bool sorted[ROW_BLOCKS];
    (void)threads;
    if (s->rows != p->rows) return false;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t b = 0; b < ROW_BLOCKS; b++) sorted[b] = is_sorted(s, p, p->rows * b / ROW_BLOCKS, p->rows * (b + 1) / ROW_BLOCKS);
    for (size_t b = 0; b < ROW_BLOCKS; b++)
        if (!sorted[b]) return false;
    return true;
}

static bashu_status order_rows(sample *s, const picking *k, arena *memory, arena *scratch)
{
    const estimate_problem *p = k->p;
    size_t first = 0;
    for (size_t f = 1; f < p->effects && !p->in_order; f++)
        if (groups_left(k, f) > groups_left(k, first)) first = f;
    s->effects = p->effects ? p->effects : 1;
    s->effect_of = arena_alloc(memory, s->effects, sizeof *s->effect_of);
    if (!s->effect_of) return fail_memory(arena_context(memory));
    s->effect_of[0] = first;
    for (size_t e = 1; e < s->effects; e++) s->effect_of[e] = e - (e <= first); /* the others in their order */
    if (stays_as_it_is(s, p, row_threads(arena_context(memory), p->rows))) return BASHU_OK;
    uint32_t *row = arena_alloc(memory, s->rows, sizeof *row);
    if (!row) return fail_memory(arena_context(memory));
    for (size_t r = 0, i = 0; r < p->rows; r++)
        if (!k->out[r]) row[i++] = (uint32_t)r;
    for (size_t e = p->effects; e-- > 0;) TRY(sort_by(row, s->rows, &p->effect[s->effect_of[e]], scratch));
    s->row = row;
    return BASHU_OK;
}

/* Numbers of the groups of effect e of each row; the problem's own where they are the same. */
static bashu_status place_rest(sample *s, const grouping *by, const uint32_t *to, size_t e, uint32_t **rest, arena *memory)
{
    size_t others = s->effects - 1;
    int threads = row_threads(arena_context(memory), s->rows);
    (void)threads;
    if (others == 1 && !s->row && s->offset[e + 1] - s->offset[e] == by->count) {
        s->rest = by->of;
        return BASHU_OK;
    }
    if (!*rest) *rest = arena_alloc(memory, s->rows * others, sizeof **rest);
    if (!*rest) return fail_memory(arena_context(memory));
    s->rest = *rest;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < s->rows; i++) (*rest)[i * others + e - 1] = (uint32_t)(s->offset[e] + to[by->of[row_of(s, i)]]);
    return BASHU_OK;
}

static bashu_status place_groups(sample *s, const picking *k, arena *memory, arena *scratch)
{
    const estimate_problem *p = k->p;
    uint32_t *rest = NULL;
    s->offset = arena_alloc(memory, s->effects + 1, sizeof *s->offset);
    s->group = arena_alloc(memory, s->effects, sizeof *s->group);
    s->group_rows = arena_alloc(memory, s->effects, sizeof *s->group_rows);
    if (!s->offset || !s->group || !s->group_rows) return fail_memory(arena_context(memory));
    s->first_count = 1;
    for (size_t e = 0; e < p->effects; e++) {
        const grouping *by = &p->effect[s->effect_of[e]];
        const size_t *count = k->count[s->effect_of[e]];
        uint32_t *to;
        size_t groups;
        TRY(number_groups(&to, &s->group[e], &groups, count, by->count, memory, scratch));
        s->group_rows[e] = arena_alloc(memory, groups, sizeof **s->group_rows);
        if (!s->group_rows[e]) return fail_memory(arena_context(memory));
        for (size_t g = 0; g < groups; g++) s->group_rows[e][g] = count[s->group[e][g]];
        if (!e) s->first_count = groups;
        s->offset[e + 1] = e ? s->offset[e] + groups : 0;
        if (e) TRY(place_rest(s, by, to, e, &rest, memory));
    }
    s->rest_count = s->offset[s->effects];
    s->start = arena_alloc(memory, s->first_count + 1, sizeof *s->start);
    if (!s->start) return fail_memory(arena_context(memory));
    for (size_t g = 0; p->effects && g < s->first_count; g++) s->start[g + 1] = s->start[g] + s->group_rows[0][g];
    s->start[s->first_count] = s->rows;
    return BASHU_OK;
}

/* Rows whose group is not the one after that of the row before; those where it is not a later one. */
enum { RUN_BREAKS, RUN_FALLS, RUN_SUMS };

FOR_EACH_WIDTH static void add_breaks(const void *payload, size_t low, size_t high, double *sums)
{
    const uint32_t *rest = payload;
    size_t breaks = 0, falls = 0;
    for (size_t r = low ? low : 1; r < high; r++) {
        breaks += rest[r] != rest[r - 1] + 1;
        falls += rest[r] <= rest[r - 1];
    }
    sums[RUN_BREAKS] += (double)breaks;
    sums[RUN_FALLS] += (double)falls;
}

/* With two effects: are the rows of a group ones of consecutive groups of the other, as in a table of all pairs? */
static bashu_status find_runs(sample *s, arena *memory)
{
    double sums[RUN_SUMS];
    if (s->effects != 2) return BASHU_OK;
    TRY(sum_rows(memory, s->rows, add_breaks, s->rest, sums, RUN_SUMS));
    for (size_t g = 1; g < s->first_count; g++) sums[RUN_FALLS] -= s->rest[s->start[g]] <= s->rest[s->start[g] - 1];
    s->ascending = sums[RUN_FALLS] == 0;
    s->runs = s->ascending && (double)s->rows >= LONG_RUN * (sums[RUN_BREAKS] + 1);
    return BASHU_OK;
}

/* As many blocks as keep their sums small beside the rows; whole groups, about as many rows each. */
static bashu_status cut_blocks(sample *s, arena *memory)
{
    size_t fit = s->rows / (2 * s->rest_count + 256);
    s->blocks = fit > MOST_BLOCKS ? MOST_BLOCKS : fit < LEAST_BLOCKS ? LEAST_BLOCKS : fit;
    s->block = arena_alloc(memory, s->blocks + 1, sizeof *s->block);
    if (!s->block) return fail_memory(arena_context(memory));
    for (size_t b = 0, g = 0; b <= s->blocks; b++) {
        while (g < s->first_count && s->start[g] < s->rows * b / s->blocks) g++;
        s->block[b] = b == s->blocks ? s->first_count : g;
    }
    return BASHU_OK;
}

/* ---- values --------------------------------------------------------------------------------------- */

/* The problem's own numbers where the rows stay as they are. */
static const double *gather(const double *from, const sample *s, arena *memory)
{
    if (!s->row) return from;
    double *to = arena_alloc(memory, s->rows, sizeof *to);
    int threads = row_threads(arena_context(memory), s->rows);
    (void)threads;
    if (!to) return NULL;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < s->rows; i++) to[i] = from[s->row[i]];
    return to;
}

/* About the mean, from some rows of many: regressors less this have squares that lose fewer digits, and only the level of
 * effects changes. */
static double about(const double *x, size_t rows)
{
    const size_t strip = 64, part = rows < SMALL ? 1 : 16;
    double sum = 0, taken = 0;
    for (size_t low = 0; low < rows; low += strip * part) {
        size_t n = rows - low < strip ? rows - low : strip;
        sum += sum_of(x + low, n);
        taken += (double)n;
    }
    return taken > 0 ? sum / taken : 0;
}

static bashu_status take_values(sample *s, const estimate_problem *p, arena *memory)
{
    s->regressors = p->regressors;
    s->outcome = gather(p->outcome, s, memory);
    s->weight = p->weight ? gather(p->weight, s, memory) : NULL;
    s->regressor = arena_alloc(memory, p->regressors + 1, sizeof *s->regressor);
    s->which = arena_alloc(memory, p->regressors, sizeof *s->which);
    s->centre = arena_alloc(memory, p->regressors, sizeof *s->centre);
    if (!s->outcome || (p->weight && !s->weight) || !s->regressor || !s->which || !s->centre)
        return fail_memory(arena_context(memory));
    for (size_t k = 0; k < p->regressors; k++) {
        s->which[k] = k;
        s->regressor[k] = gather(p->regressor[k], s, memory);
        if (!s->regressor[k]) return fail_memory(arena_context(memory));
        s->centre[k] = about(s->regressor[k], s->rows);
    }
    return BASHU_OK;
}

bashu_status sample_build(sample *out, arena *memory, const estimate_problem *problem, const unsigned char *excluded)
{
    bashu_context *context = arena_context(memory);
    *out = (sample){0};
    arena *scratch = arena_new(context);
    if (!scratch) return fail_memory(context);
    picking k = {.p = problem, .out = arena_alloc(scratch, problem->rows, 1)};
    bashu_status status = k.out ? BASHU_OK : fail_memory(context);
    if (status == BASHU_OK && excluded) memcpy(k.out, excluded, problem->rows);
    if (status == BASHU_OK) status = count_groups(&k, scratch);
    if (status == BASHU_OK) pick(&k, out);
    if (status == BASHU_OK) status = order_rows(out, &k, memory, scratch);
    if (status == BASHU_OK) status = place_groups(out, &k, memory, scratch);
    if (status == BASHU_OK) status = find_runs(out, memory);
    if (status == BASHU_OK) status = cut_blocks(out, memory);
    if (status == BASHU_OK) status = take_values(out, problem, memory);
    arena_free(scratch);
    return status;
}
