/* absorb.c - passes over the rows; the equations are in absorb.h.
 *
 * A pass goes through the groups of the first effect in chunks that stay in cache: linear part and moments column by column,
 * for vectors; what concerns the groups of the rest row by row, or run by run where there are runs. */
#include "estimate/absorb.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { FOUR = 4, CHUNK_ROWS = 1024, STRIP = 256, TILE = 16, SOLVE_LIMIT = 2000, STALLED = 60, WIDEST = 1024, SPARSEST = 2, FETCH_STRIP = 64, FARTHEST = 4096 };
static const double lost = 1e-12; /* share of its group in which a fitted value is lost */

/* ---- room ---------------------------------------------------------------------------------------- */

static size_t round_up(size_t n, size_t to) { return (n + to - 1) / to * to; }

/* Columns of moments, and of a solution: vectors of the machine. */
static size_t wide(const sample *s) { return round_up(2 + s->regressors, FOUR); }
static size_t solved_width(const absorber *a) { return round_up(1 + a->sample->regressors, FOUR); }

/* Of a block: sums of the rest, then gradient, cross products, squares, sums, objective, change, faint; rows of means and
 * products; a strip of regressors. */
static size_t block_sum_count(const sample *s) { return 3 * s->regressors + s->regressors * s->regressors + 3; }
static size_t block_work(const sample *s)
{
    return round_up(s->rest_count * wide(s) + block_sum_count(s) + (1 + TILE) * wide(s), EIGHT) + (s->regressors + 1) * STRIP;
}

static size_t longest_chunk(const sample *s)
{
    size_t longest = 0;
    for (size_t g = 0; g < s->first_count; g++)
        if (s->start[g + 1] - s->start[g] > longest) longest = s->start[g + 1] - s->start[g];
    return round_up(longest + CHUNK_ROWS, EIGHT);
}

/* The matrix of weights: fitted values themselves when every pair of groups has its row. */
static bashu_status place_matrix(absorber *a, arena *memory)
{
    const sample *s = a->sample;
    size_t pairs = s->first_count * s->rest_count;
    if (!s->ascending || pairs > SPARSEST * s->rows) return BASHU_OK;
    a->matrix = pairs == s->rows ? a->fitted : arena_alloc(memory, pairs, sizeof *a->matrix);
    return a->matrix ? BASHU_OK : fail_memory(arena_context(memory));
}

bashu_status absorber_new(absorber *a, arena *memory, sample *s, view v)
{
    bashu_context *context = arena_context(memory);
    *a = (absorber){.context = context, .sample = s, .threads = row_threads(context, s->rows), .moment_width = wide(s)};
    a->fitted = arena_alloc(memory, s->rows, sizeof *a->fitted);
    if (!a->fitted) return fail_memory(context);
    TRY(place_matrix(a, memory));
    a->width = solved_width(a);
    a->stride = round_up(block_work(s) + 3 * longest_chunk(s), EIGHT);
    size_t K = s->regressors, groups = s->rest_count, solved = groups * a->width;
    const array_wanted wanted[] = {
        {&a->beta, K}, {&a->alpha, groups}, {&a->first_effect, s->first_count}, {&a->gradient, K}, {&a->cross, K * K},
        {&a->raw, K}, {&a->mean, K}, {&a->first_weight, s->first_count}, {&a->first_outcome, s->first_count},
        {&a->rest_outcome, groups}, {&a->moments, groups * wide(s)}, {&a->right, solved}, {&a->solution, solved},
        {&a->residual, solved}, {&a->direction, solved}, {&a->image, solved}, {&a->columns, s->runs || a->matrix ? groups * wide(s) : 0}, {&a->across, a->matrix ? solved : 0},
        {&a->work, s->blocks * a->stride},
    };
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(context);
    return absorber_view(a, memory, v);
}

void absorber_resize(absorber *a)
{
    a->width = solved_width(a);
    a->moment_width = wide(a->sample);
    memset(a->solution, 0, a->sample->rest_count * a->width * sizeof *a->solution);
}

static double weight_at(const view *v, size_t r) { return v->weight ? v->weight[r] : 1; }

enum { VIEW_WEIGHTS, VIEW_TOTAL, VIEW_SQUARES, VIEW_ZEROS, VIEW_SUMS };

/* `n` rows, one a lane. */
IN_EACH_WIDTH void view_lanes(const view *v, size_t r, size_t n, double lane[VIEW_SUMS][VECTOR_LANES])
{
    for (size_t l = 0; l < n; l++) {
        double w = v->weight ? v->weight[r + l] : 1, y = v->outcome[r + l];
        lane[VIEW_WEIGHTS][l] += w;
        lane[VIEW_TOTAL][l] += w * y;
        lane[VIEW_SQUARES][l] += w * y * y;
        lane[VIEW_ZEROS][l] += y == 0;
    }
}

FOR_EACH_WIDTH static void add_view(const void *payload, size_t low, size_t high, double *sums)
{
    const view *v = payload;
    double lane[VIEW_SUMS][VECTOR_LANES] = {{0}};
    size_t r = low;
    for (; r + VECTOR_LANES <= high; r += VECTOR_LANES) view_lanes(v, r, VECTOR_LANES, lane);
    view_lanes(v, r, high - r, lane);
    for (size_t k = 0; k < VIEW_SUMS; k++) sums[k] += lane_sum(lane[k]);
}

typedef struct about_mean {
    const view *view;
    double mean;
} about_mean;

static void add_spread(const void *payload, size_t low, size_t high, double *sums)
{
    const about_mean *m = payload;
    for (size_t r = low; r < high; r++) {
        double off = m->view->outcome[r] - m->mean;
        sums[0] += weight_at(m->view, r) * off * off;
    }
}

/* ---- rows and the groups of the rest -------------------------------------------------------------- */

/* Where the run that begins at row `low` ends: within a group, a row's number less its place never falls. */
static size_t run_end(const uint32_t *rest, size_t low, size_t high)
{
    size_t in = low, out = high;
    if (rest[high - 1] - rest[low] == high - 1 - low) return high;
    while (out - in > 1) {
        size_t middle = in + (out - in) / 2;
        if (rest[middle] - rest[low] == middle - low) in = middle;
        else out = middle;
    }
    return out;
}

/* out[r] = sum over effects of the rest of value; rows of one group. */
IN_EACH_WIDTH void take_rest(const sample *s, const double *restrict value, size_t low, size_t n, double *restrict out)
{
    size_t others = s->effects - 1;
    if (s->runs) {
        for (size_t r = low, next; r < low + n; r = next) {
            next = run_end(s->rest, r, low + n);
            memcpy(out + (r - low), value + s->rest[r], (next - r) * sizeof *out);
        }
        return;
    }
    for (size_t r = 0; r < n; r++) out[r] = others ? value[s->rest[(low + r) * others]] : 0;
    for (size_t f = 1; f < others; f++)
        for (size_t r = 0; r < n; r++) out[r] += value[s->rest[(low + r) * others + f]];
}

/* to[group] += value[r] in all effects of the rest; rows of one group. */
IN_EACH_WIDTH void give_rest(const sample *s, double *restrict to, size_t low, size_t n, const double *restrict value)
{
    size_t others = s->effects - 1;
    if (s->runs) {
        for (size_t r = low, next; r < low + n; r = next) {
            next = run_end(s->rest, r, low + n);
            add_scaled(to + s->rest[r], 1, value + (r - low), next - r);
        }
        return;
    }
    for (size_t r = 0; r < n; r++)
        for (size_t f = 0; f < others; f++) to[s->rest[(low + r) * others + f]] += value[r];
}

/* Outcomes of the groups of a block. */
FOR_EACH_WIDTH static void outcome_block(const absorber *a, size_t block, double *rest, double *outcome)
{
    const sample *s = a->sample;
    memset(rest, 0, s->rest_count * sizeof *rest);
    for (size_t g = s->block[block]; g < s->block[block + 1]; g++) {
        size_t low = s->start[g], n = s->start[g + 1] - low;
        for (size_t r = 0; r < n; r++) outcome[r] = weight_at(&a->view, low + r) * a->view.outcome[low + r];
        a->first_outcome[g] = sum_of(outcome, n);
        give_rest(s, rest, low, n, outcome);
    }
}

FOR_EACH_WIDTH static void add_strip(const absorber *a, double *to, size_t low, size_t high)
{
    memset(to + low, 0, (high - low) * sizeof *to);
    for (size_t b = 0; b < a->sample->blocks; b++) add_scaled(to + low, 1, a->work + b * a->stride + low, high - low);
}

/* to[i] = sum over blocks, in their order, of work[i]. */
static void add_blocks(const absorber *a, double *to, size_t count)
{
#pragma omp parallel for schedule(static) num_threads(a->threads)
    for (size_t low = 0; low < count; low += STRIP) add_strip(a, to, low, count - low < STRIP ? count : low + STRIP);
}

bashu_status absorber_view(absorber *a, arena *memory, view v)
{
    const sample *s = a->sample;
    double sums[VIEW_SUMS];
    a->view = v;
    TRY(sum_rows(memory, s->rows, add_view, &v, sums, VIEW_SUMS));
    const about_mean m = {&v, sums[VIEW_TOTAL] / sums[VIEW_WEIGHTS]};
    a->total = sums[VIEW_TOTAL];
    a->squares = sums[VIEW_SQUARES];
    a->has_zeros = sums[VIEW_ZEROS] > 0;
    if (v.method == METHOD_OLS) TRY(sum_rows(memory, s->rows, add_spread, &m, &a->spread, 1));
#pragma omp parallel for schedule(dynamic) num_threads(a->threads)
    for (size_t block = 0; block < s->blocks; block++)
        outcome_block(a, block, a->work + block * a->stride, a->work + block * a->stride + block_work(s));
    add_blocks(a, a->rest_outcome, s->rest_count);
    return BASHU_OK;
}

/* ---- evaluation ---------------------------------------------------------------------------------- */

typedef struct block_sums { /* views into the work of a block */
    double *rest, *gradient, *cross, *squares, *sums, *objective, *change, *faint, *mean, *product, *strip, *error, *scaled, *eta;
} block_sums;

static block_sums sums_of(const absorber *a, size_t block)
{
    const sample *s = a->sample;
    size_t K = s->regressors, longest = longest_chunk(s);
    block_sums b = {.rest = a->work + block * a->stride};
    b.gradient = b.rest + s->rest_count * wide(s);
    b.cross = b.gradient + K;
    b.squares = b.cross + K * K;
    b.sums = b.squares + K;
    b.objective = b.sums + K;
    b.change = b.objective + 1;
    b.faint = b.change + 1;
    b.mean = b.faint + 1;
    b.product = b.mean + wide(s);
    b.error = b.rest + block_work(s);
    b.strip = b.error - (K + 1) * STRIP;
    b.scaled = b.error + longest;
    b.eta = b.scaled + longest;
    return b;
}

/* eta += X beta: some regressors at a time. */
IN_EACH_WIDTH void add_regressors(const absorber *a, size_t low, size_t n, double *restrict eta)
{
    const sample *s = a->sample;
    const double *beta = a->beta, *c = s->centre;
    size_t K = s->regressors, k = 0;
    bool none = true;
    for (size_t i = 0; i < K; i++) none = none && beta[i] == 0;
    if (none) return;
    for (; k + 4 <= K; k += 4) {
        const double *restrict x0 = s->regressor[k] + low, *restrict x1 = s->regressor[k + 1] + low;
        const double *restrict x2 = s->regressor[k + 2] + low, *restrict x3 = s->regressor[k + 3] + low;
        for (size_t r = 0; r < n; r++)
            eta[r] += (beta[k] * (x0[r] - c[k]) + beta[k + 1] * (x1[r] - c[k + 1])) +
                      (beta[k + 2] * (x2[r] - c[k + 2]) + beta[k + 3] * (x3[r] - c[k + 3]));
    }
    for (; k < K; k++) {
        const double *restrict x = s->regressor[k] + low;
        for (size_t r = 0; r < n; r++) eta[r] += beta[k] * (x[r] - c[k]);
    }
}

/* Of whole groups, the first effect left out. */
IN_EACH_WIDTH void linear_part(const absorber *a, size_t g, size_t next, double *restrict eta)
{
    const sample *s = a->sample;
    size_t low = s->start[g];
    if (!s->runs) take_rest(s, a->alpha, low, s->start[next] - low, eta);
    for (size_t i = g; s->runs && i < next; i++) take_rest(s, a->alpha, s->start[i], s->start[i + 1] - s->start[i], eta + (s->start[i] - low));
    add_regressors(a, low, s->start[next] - low, eta);
}

/* What is to be known of fitted values before they replace the old ones: the largest |now - before| / (now + before) of a lane,
 * as a fraction, which needs no division a row; and whether a zero outcome has one below `least`. */
typedef struct change_of_fit {
    double off[VECTOR_LANES], sum[VECTOR_LANES], least;
    uint64_t faint[VECTOR_LANES];
} change_of_fit;

/* fitted = scale now, error = outcome - fitted; `n` rows, one a lane. */
IN_EACH_WIDTH void settle_lanes(const double *restrict now, double scale, const double *restrict outcome, size_t n,
                                double *restrict fitted, double *restrict error, change_of_fit *restrict c)
{
    LANES_TOGETHER
    for (size_t l = 0; l < n; l++) {
        const double m = scale * now[l], before = fitted[l], apart = fabs(m - before), both = m + before;
        const bool more = apart * c->sum[l] > c->off[l] * both;
        c->off[l] = more ? apart : c->off[l];
        c->sum[l] = more ? both : c->sum[l];
        c->faint[l] |= (uint64_t)((outcome[l] == 0) & (m < c->least));
        fitted[l] = m;
        error[l] = outcome[l] - m;
    }
}

IN_EACH_WIDTH void settle(const double *restrict now, double scale, const double *restrict outcome, size_t n, double *restrict fitted,
                          double *restrict error, change_of_fit *restrict c)
{
    size_t r = 0;
    for (size_t l = 0; l < VECTOR_LANES; l++) {
        c->off[l] = 0;
        c->sum[l] = 1;
        c->faint[l] = 0;
    }
    for (; r + VECTOR_LANES <= n; r += VECTOR_LANES) settle_lanes(now + r, scale, outcome + r, VECTOR_LANES, fitted + r, error + r, c);
    settle_lanes(now + r, scale, outcome + r, n - r, fitted + r, error + r, c);
}

/* Rows of the next chunk, of which a strip is asked for while one of this is computed: passes are as fast as memory otherwise
 * only while they read. */
IN_EACH_WIDTH void fetch_rows(const absorber *a, size_t low, size_t n)
{
    const sample *s = a->sample;
    size_t high = low + n < s->rows ? low + n : s->rows;
    for (size_t r = low; r < high; r += EIGHT) {
        FETCH_AHEAD(a->fitted + r);
        FETCH_AHEAD(a->view.outcome + r);
    }
    for (size_t k = 0; k < s->regressors; k++)
        for (size_t r = low; r < high; r += EIGHT) FETCH_AHEAD(s->regressor[k] + r);
}

/* Poisson: fitted values of a group add up to its outcome, which makes its effect exact. */
IN_EACH_WIDTH void fit_poisson(const absorber *a, size_t g, moments wanted, double *restrict eta, double *restrict error, block_sums *b)
{
    const sample *s = a->sample;
    size_t low = s->start[g], n = s->start[g + 1] - low;
    double *restrict fitted = a->fitted + low, *restrict now = b->scaled;
    const double *y = a->view.outcome + low, *w = a->view.weight ? a->view.weight + low : NULL;
    double most = greatest(eta, n);
    const size_t ahead = n < CHUNK_ROWS ? CHUNK_ROWS : n < FARTHEST ? n : FARTHEST;
    for (size_t at = 0, next; at < n; at = next) {
        next = n - at < FETCH_STRIP ? n : at + FETCH_STRIP;
        fetch_rows(a, low + at + ahead, next - at);
        for (size_t r = at; r < next; r++) now[r] = exp_lane(eta[r] - most);
    }
    for (size_t r = 0; w && r < n; r++) now[r] *= w[r];
    double scale = a->first_outcome[g] / sum_of(now, n), effect = log(scale) - most;
    const double *outcome = y;
    if (w) {
        for (size_t r = 0; r < n; r++) error[r] = w[r] * y[r] * eta[r];
        for (size_t r = 0; r < n; r++) eta[r] = w[r] * y[r];
        outcome = eta;
    }
    *b->objective += (w ? sum_of(error, n) : dot(y, eta, n)) + a->first_outcome[g] * effect;
    change_of_fit c = {.least = lost * a->first_outcome[g]};
    settle(now, scale, outcome, n, fitted, error, &c);
    for (size_t l = 0; wanted != MOMENTS_EFFECTS && l < VECTOR_LANES; l++) {
        *b->change = worse(*b->change, 2 * c.off[l] / c.sum[l]);
        if (c.faint[l]) *b->faint = 1;
    }
    a->first_effect[g] = effect;
    a->first_weight[g] = a->first_outcome[g];
}

IN_EACH_WIDTH void fit_linear(const absorber *a, size_t g, double *restrict eta, double *restrict error, block_sums *b)
{
    const sample *s = a->sample;
    size_t low = s->start[g], n = s->start[g + 1] - low;
    double *restrict fitted = a->fitted + low;
    const double *w = a->view.weight ? a->view.weight + low : NULL, *y = a->view.outcome + low;
    for (size_t r = 0; r < n; r++) {
        fitted[r] = w ? w[r] : 1;
        error[r] = y[r] - eta[r];
    }
    double weights = sum_of(fitted, n), mean = dot(fitted, error, n) / weights;
    for (size_t r = 0; r < n; r++) {
        eta[r] += mean;
        error[r] = y[r] - eta[r];
        b->scaled[r] = fitted[r] * error[r];
    }
    *b->objective -= dot(b->scaled, error, n);
    for (size_t r = 0; r < n; r++) error[r] = b->scaled[r];
    a->first_effect[g] = mean;
    a->first_weight[g] = weights;
}

/* gradient += X'e and, when asked, cross += X'MX of a chunk, a strip that fits the nearest cache at a time; the means of groups
 * are taken out of cross later. */
IN_EACH_WIDTH void chunk_moments(const absorber *a, size_t low, size_t high, bool cross, block_sums *b)
{
    const sample *s = a->sample;
    size_t K = s->regressors;
    double *strip = b->strip, weight[STRIP], error[STRIP];
    for (size_t at = low, next; at < high; at = next) {
        next = high - at < STRIP ? high : at + STRIP;
        size_t n = next - at, whole = round_up(n, EIGHT);
        memcpy(error, b->error + (at - low), n * sizeof *error);
        memcpy(weight, a->fitted + at, n * sizeof *weight);
        for (size_t r = n; r < whole; r++) weight[r] = error[r] = 0;
        for (size_t k = 0; k < K; k++) {
            const double *restrict x = s->regressor[k] + at;
            double *restrict to = strip + k * STRIP, centre = s->centre[k];
            for (size_t r = 0; r < n; r++) to[r] = x[r] - centre;
            for (size_t r = n; r < whole; r++) to[r] = 0;
        }
        for (size_t k = 0; k < K; k += 4) add_dots(b->gradient + k, error, strip + k * STRIP, STRIP, K - k < 4 ? K - k : 4, whole);
        if (cross) add_cross(b->cross, K, weight, strip, STRIP, K, whole, strip + K * STRIP);
    }
}

IN_EACH_WIDTH void add_row(double *restrict to, double weight, const double *restrict from, size_t width)
{
    LANES_TOGETHER
    for (size_t c = 0; c < width; c++) to[c] += weight * from[c];
}

/* sum of m (x - centre) */
IN_EACH_WIDTH double dot_about(const double *m, const double *x, double centre, size_t n)
{
    double lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t l = 0; l < VECTOR_LANES; l++) lane[l] += m[i + l] * (x[i + l] - centre);
    for (size_t l = 0; i < n; i++, l++) lane[l] += m[i] * (x[i] - centre);
    return lane_sum(lane);
}

/* Runs: a column of moments after the other. */
IN_EACH_WIDTH void run_moments(const absorber *a, size_t g, const double *restrict error, const double *mean, double *restrict to)
{
    const sample *s = a->sample;
    size_t low = s->start[g], high = s->start[g + 1], groups = s->rest_count;
    for (size_t at = low, next; at < high; at = next) {
        next = run_end(s->rest, at, high);
        const double *restrict m = a->fitted + at;
        double *restrict weight = to + s->rest[at], *restrict score = weight + groups;
        size_t n = next - at;
        for (size_t r = 0; r < n; r++) {
            weight[r] += m[r];
            score[r] += error[at - low + r];
        }
        for (size_t k = 0; mean && k < s->regressors; k++) {
            const double *restrict x = s->regressor[k] + at;
            double *restrict moment = weight + (2 + k) * groups, off = s->centre[k] + mean[k];
            for (size_t r = 0; r < n; r++) moment[r] += m[r] * (x[r] - off);
        }
    }
}

/* No runs: a row after the other, all of its moments, side by side, at once. */
IN_EACH_WIDTH void row_moments(const absorber *a, size_t g, const double *restrict error, block_sums *b, size_t width)
{
    const sample *s = a->sample;
    size_t K = s->regressors, low = s->start[g], n = s->start[g + 1] - low, others = s->effects - 1;
    const uint32_t *restrict rest = s->rest + low * others;
    double *restrict product = b->product;
    const double *restrict mean = b->mean;
    /* a tile of rows at a time: what has just been written in parts cannot be read as a vector at once */
    for (size_t low_row = 0; low_row < n; low_row += TILE) {
        size_t rows = n - low_row < TILE ? n - low_row : TILE;
        const double *restrict m = a->fitted + low + low_row;
        for (size_t r = 0; r < rows; r++) {
            product[r * width] = m[r];
            product[r * width + 1] = error[low_row + r];
        }
        for (size_t k = 0; k < K; k++) {
            const double *restrict x = s->regressor[k] + low + low_row;
            const double off = s->centre[k] + mean[k];
            for (size_t r = 0; r < rows; r++) product[r * width + 2 + k] = m[r] * (x[r] - off);
        }
        for (size_t r = 0; r < rows; r++)
            for (size_t f = 0; f < others; f++) add_row(b->rest + rest[(low_row + r) * others + f] * width, 1, product + r * width, width);
    }
}

IN_EACH_WIDTH void light_moments(const absorber *a, size_t g, const double *error, block_sums *b)
{
    const sample *s = a->sample;
    size_t low = s->start[g], high = s->start[g + 1], others = s->effects - 1;
    for (size_t r = low; r < high; r++)
        for (size_t f = 0; f < others; f++) {
            double *to = b->rest + s->rest[r * others + f] * a->moment_width;
            to[0] += a->fitted[r];
            to[1] += error[r - low];
        }
}

/* Moments that need the means of the group: of the rest, and what these means take out of cross. */
IN_EACH_WIDTH void group_moments(const absorber *a, size_t g, const double *restrict error, moments wanted, block_sums *b)
{
    const sample *s = a->sample;
    size_t K = s->regressors, low = s->start[g], n = s->start[g + 1] - low;
    double *restrict mean = b->mean;
    for (size_t k = 0; wanted != MOMENTS_EFFECTS && k < K; k++) {
        double sum = dot_about(a->fitted + low, s->regressor[k] + low, s->centre[k], n);
        b->sums[k] += sum;
        mean[k] = sum / a->first_weight[g];
    }
    bool all = wanted == MOMENTS_ALL;
    for (size_t k = 0; all && k < K; k++)
        for (size_t l = 0; l <= k; l++) {
            double square = a->first_weight[g] * mean[k] * mean[l];
            b->cross[k * K + l] -= square;
            if (l == k) b->squares[k] += square;
        }
    if (s->effects == 1) return;
    if (s->runs) run_moments(a, g, error, all ? mean : NULL, b->rest);
    else if (!all) light_moments(a, g, error, b);
    else if (a->moment_width == 8) row_moments(a, g, error, b, 8);
    else row_moments(a, g, error, b, a->moment_width);
}

/* Where some pairs have no row. */
static void fill_matrix(const absorber *a, size_t g)
{
    const sample *s = a->sample;
    double *row = a->matrix + g * s->rest_count;
    for (size_t r = s->start[g]; !s->runs && r < s->start[g + 1]; r++) row[s->rest[r]] = a->fitted[r];
    for (size_t at = s->start[g], next; s->runs && at < s->start[g + 1]; at = next) {
        next = run_end(s->rest, at, s->start[g + 1]);
        memcpy(row + s->rest[at], a->fitted + at, (next - at) * sizeof *row);
    }
}

FOR_EACH_WIDTH static void evaluate_block(const absorber *a, size_t block, moments wanted)
{
    const sample *s = a->sample;
    block_sums b = sums_of(a, block);
    memset(b.rest, 0, s->rest_count * a->moment_width * sizeof(double));
    memset(b.gradient, 0, (block_sum_count(s) + (1 + TILE) * wide(s)) * sizeof(double));
    for (size_t g = s->block[block], next; g < s->block[block + 1]; g = next) {
        size_t low = s->start[g];
        for (next = g + 1; next < s->block[block + 1] && s->start[next + 1] - low <= CHUNK_ROWS;) next++;
        linear_part(a, g, next, b.eta);
        for (size_t i = g; i < next; i++) {
            size_t at = s->start[i] - low;
            if (a->view.method == METHOD_PPML) fit_poisson(a, i, wanted, b.eta + at, b.error + at, &b);
            else fit_linear(a, i, b.eta + at, b.error + at, &b);
            if (a->matrix && a->matrix != a->fitted) fill_matrix(a, i);
        }
        if (wanted != MOMENTS_EFFECTS) chunk_moments(a, low, s->start[next], wanted == MOMENTS_ALL, &b);
        for (size_t i = g; i < next; i++) group_moments(a, i, b.error + (s->start[i] - low), wanted, &b);
    }
}

/* Sums of blocks, transposed where there are runs. */
static void add_moments(absorber *a, size_t columns)
{
    const sample *s = a->sample;
    size_t groups = s->rest_count, wide_row = a->moment_width;
    if (!s->runs) {
        add_blocks(a, a->moments, groups * wide_row);
        return;
    }
    add_blocks(a, a->columns, groups * columns);
    for (size_t g = 0; g < groups; g++)
        for (size_t c = 0; c < columns; c++) a->moments[g * wide_row + c] = a->columns[c * groups + g];
}

/* Cross products and squares within groups, from those about the centre and those of the groups' means. */
static void add_regressor_sums(absorber *a, bool all)
{
    const sample *s = a->sample;
    size_t K = s->regressors;
    double sums[WIDEST] = {0}, weights = 0;
    memset(a->gradient, 0, K * sizeof(double));
    if (all) memset(a->cross, 0, K * K * sizeof(double));
    if (all) memset(a->raw, 0, K * sizeof(double));
    for (size_t block = 0; block < s->blocks; block++) {
        block_sums b = sums_of(a, block);
        for (size_t k = 0; k < K; k++) {
            a->gradient[k] += b.gradient[k];
            sums[k] += b.sums[k];
            if (all) a->raw[k] += b.squares[k] + b.cross[k * K + k];
        }
        for (size_t k = 0; all && k < K * K; k++) a->cross[k] += b.cross[k];
    }
    for (size_t g = 0; g < s->first_count; g++) weights += a->first_weight[g];
    for (size_t k = 0; k < K; k++) {
        a->mean[k] = s->centre[k] + sums[k] / weights;
        if (!all) continue;
        a->raw[k] -= sums[k] * sums[k] / weights;
        for (size_t l = 0; l < k; l++) a->cross[l * K + k] = a->cross[k * K + l];
    }
}

void absorb_evaluate(absorber *a, moments wanted)
{
    const sample *s = a->sample;
    a->passes++;
#pragma omp parallel for schedule(dynamic) num_threads(a->threads)
    for (size_t block = 0; block < s->blocks; block++) evaluate_block(a, block, wanted);
    a->objective = a->change = 0;
    a->faint = false;
    for (size_t block = 0; block < s->blocks; block++) {
        block_sums b = sums_of(a, block);
        a->objective += *b.objective;
        a->change = worse(a->change, *b.change);
        a->faint = a->faint || *b.faint > 0;
    }
    if (wanted != MOMENTS_EFFECTS) add_regressor_sums(a, wanted == MOMENTS_ALL);
    add_moments(a, wanted == MOMENTS_ALL ? 2 + s->regressors : 2);
}

/* ---- other passes --------------------------------------------------------------------------------- */

FOR_EACH_WIDTH static void scale_block(const absorber *a, size_t block, const double *restrict factor)
{
    const sample *s = a->sample;
    block_sums b = sums_of(a, block);
    size_t others = s->effects - 1;
    memset(b.rest, 0, s->rest_count * sizeof(double));
    for (size_t g = s->block[block]; g < s->block[block + 1]; g++) {
        size_t low = s->start[g], n = s->start[g + 1] - low;
        double *restrict now = b.scaled;
        if (s->runs) take_rest(s, factor, low, n, now);
        for (size_t r = 0; !s->runs && r < n; r++) {
            now[r] = 1;
            for (size_t f = 0; f < others; f++) now[r] *= factor[s->rest[(low + r) * others + f]];
        }
        for (size_t r = 0; r < n; r++) now[r] *= a->fitted[low + r];
        double scale = a->first_outcome[g] / sum_of(now, n);
        for (size_t r = 0; r < n; r++) now[r] *= scale;
        give_rest(s, b.rest, low, n, now);
    }
}

void absorb_scale(absorber *a, const double *factor)
{
    const sample *s = a->sample;
    a->passes++;
#pragma omp parallel for schedule(dynamic) num_threads(a->threads)
    for (size_t block = 0; block < s->blocks; block++) scale_block(a, block, factor);
    add_blocks(a, a->image, s->rest_count);
    for (size_t g = 0; g < s->rest_count; g++) a->moments[g * a->moment_width] = a->image[g];
}

FOR_EACH_WIDTH static void linear_block(const absorber *a, size_t block, double *eta)
{
    const sample *s = a->sample;
    for (size_t g = s->block[block]; g < s->block[block + 1]; g++) {
        linear_part(a, g, g + 1, eta + s->start[g]);
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) eta[r] += a->first_effect[g];
    }
}

void absorb_linear(const absorber *a, double *eta)
{
#pragma omp parallel for schedule(dynamic) num_threads(a->threads)
    for (size_t block = 0; block < a->sample->blocks; block++) linear_block(a, block, eta);
}

void absorb_right(absorber *a)
{
    const sample *s = a->sample;
    size_t K = s->regressors, wide_row = a->moment_width;
    memset(a->right, 0, s->rest_count * a->width * sizeof *a->right);
    for (size_t g = 0; g < s->rest_count; g++) memcpy(a->right + g * a->width, a->moments + g * wide_row + 1, (1 + K) * sizeof(double));
}

/* ---- products with S ------------------------------------------------------------------------------ */

/* Two effects: a row has one group in the rest. */
IN_EACH_WIDTH void product_group(const absorber *a, size_t g, double *restrict to, size_t width)
{
    const sample *s = a->sample;
    size_t low = s->start[g], n = s->start[g + 1] - low;
    const double *restrict fitted = a->fitted + low, *restrict direction = a->direction;
    const uint32_t *restrict rest = s->rest + low;
    double mean[8] = {0}, weight = 1 / a->first_weight[g];
    for (size_t r = 0; r < n; r++) add_row(mean, fitted[r], direction + rest[r] * width, width);
    for (size_t c = 0; c < width; c++) mean[c] *= weight;
    for (size_t r = 0; r < n; r++) {
        const double *from = direction + rest[r] * width;
        double *sum = to + rest[r] * width;
        LANES_TOGETHER
        for (size_t c = 0; c < width; c++) sum[c] += fitted[r] * (from[c] - mean[c]);
    }
}

IN_EACH_WIDTH void product_group_of_many(const absorber *a, size_t g, double *restrict to, double *restrict mean,
                                         double *restrict value, size_t width)
{
    const sample *s = a->sample;
    size_t low = s->start[g], n = s->start[g + 1] - low, others = s->effects - 1;
    const double *restrict fitted = a->fitted + low, *restrict direction = a->direction;
    const uint32_t *restrict rest = s->rest + low * others;
    double weight = 1 / a->first_weight[g];
    for (size_t c = 0; c < width; c++) mean[c] = 0;
    for (size_t r = 0; r < n; r++)
        for (size_t f = 0; f < others; f++) add_row(mean, fitted[r], direction + rest[r * others + f] * width, width);
    for (size_t c = 0; c < width; c++) mean[c] *= weight;
    for (size_t r = 0; r < n; r++) {
        for (size_t c = 0; c < width; c++) value[c] = -mean[c];
        for (size_t f = 0; f < others; f++) add_row(value, 1, direction + rest[r * others + f] * width, width);
        for (size_t f = 0; f < others; f++) add_row(to + rest[r * others + f] * width, fitted[r], value, width);
    }
}

/* A matrix of weights, four of its rows at a time, which stay in cache while they are used twice, and four columns, each of
 * them numbers side by side: to -= M'(M direction / first_weight). A row that is not there counts for nothing. */
IN_EACH_WIDTH void product_rows(const absorber *a, size_t g, size_t rows, const double *restrict direction, double *restrict to)
{
    const size_t groups = a->sample->rest_count, whole = groups / EIGHT * EIGHT;
    const double *m[FOUR];
    eight sum[FOUR][FOUR];
    double mean[FOUR][FOUR];
    for (size_t i = 0; i < FOUR; i++) {
        m[i] = a->matrix + (i < rows ? g + i : g) * groups;
        for (size_t c = 0; c < FOUR; c++) sum[i][c] = (eight){0};
    }
    for (size_t k = 0; k < whole; k += EIGHT)
        for (size_t i = 0; i < FOUR; i++)
            for (size_t c = 0; c < FOUR; c++) sum[i][c] += *(const eight *)(m[i] + k) * *(const eight *)(direction + c * groups + k);
    for (size_t i = 0; i < FOUR; i++)
        for (size_t c = 0; c < FOUR; c++) {
            double lane[EIGHT];
            memcpy(lane, &sum[i][c], sizeof lane);
            mean[i][c] = eight_sum(lane);
            for (size_t k = whole; k < groups; k++) mean[i][c] += m[i][k] * direction[c * groups + k];
            mean[i][c] *= i < rows ? 1 / a->first_weight[g + i] : 0;
        }
    for (size_t k = 0; k < whole; k += EIGHT)
        for (size_t c = 0; c < FOUR; c++) {
            eight left = *(const eight *)(to + c * groups + k);
            for (size_t i = 0; i < FOUR; i++) left -= *(const eight *)(m[i] + k) * mean[i][c];
            *(eight *)(to + c * groups + k) = left;
        }
    for (size_t k = whole; k < groups; k++)
        for (size_t c = 0; c < FOUR; c++)
            for (size_t i = 0; i < FOUR; i++) to[c * groups + k] -= m[i][k] * mean[i][c];
}

FOR_EACH_WIDTH static void matrix_block(const absorber *a, size_t block)
{
    const sample *s = a->sample;
    block_sums b = sums_of(a, block);
    size_t high = s->block[block + 1];
    memset(b.rest, 0, s->rest_count * a->width * sizeof(double));
    for (size_t g = s->block[block]; g < high; g += FOUR)
        for (size_t c = 0; c < a->width * s->rest_count; c += FOUR * s->rest_count)
            product_rows(a, g, high - g < FOUR ? high - g : FOUR, a->across + c, b.rest + c);
}

/* image = S direction, of which the diagonal, D'MD, is added here. */
static void matrix_product(absorber *a)
{
    const size_t groups = a->sample->rest_count, width = a->width;
    for (size_t g = 0; g < groups; g++)
        for (size_t c = 0; c < width; c++) a->across[c * groups + g] = a->direction[g * width + c];
#pragma omp parallel for schedule(dynamic) num_threads(a->threads)
    for (size_t block = 0; block < a->sample->blocks; block++) matrix_block(a, block);
    add_blocks(a, a->columns, groups * width);
    for (size_t g = 0; g < groups; g++)
        for (size_t c = 0; c < width; c++)
            a->image[g * width + c] = a->columns[c * groups + g] + a->moments[g * a->moment_width] * a->direction[g * width + c];
}

FOR_EACH_WIDTH static void product_block(const absorber *a, size_t block)
{
    const sample *s = a->sample;
    block_sums b = sums_of(a, block);
    memset(b.rest, 0, s->rest_count * a->width * sizeof(double));
    for (size_t g = s->block[block]; g < s->block[block + 1]; g++) {
        if (s->effects == 2 && a->width == 4) product_group(a, g, b.rest, 4);
        else if (s->effects == 2 && a->width == 8) product_group(a, g, b.rest, 8);
        else if (a->width == 4) product_group_of_many(a, g, b.rest, b.mean, b.product, 4);
        else if (a->width == 8) product_group_of_many(a, g, b.rest, b.mean, b.product, 8);
        else product_group_of_many(a, g, b.rest, b.mean, b.product, a->width);
    }
}

/* image = S direction */
static void product(absorber *a)
{
    const sample *s = a->sample;
    a->passes++;
    if (a->matrix) {
        matrix_product(a);
        return;
    }
#pragma omp parallel for schedule(dynamic) num_threads(a->threads)
    for (size_t block = 0; block < s->blocks; block++) product_block(a, block);
    add_blocks(a, a->image, s->rest_count * a->width);
}

/* ---- conjugate gradients, a column each ------------------------------------------------------------ */

static double over_weight(const absorber *a, size_t g)
{
    double weight = a->moments[g * a->moment_width];
    return weight > 0 ? 1 / weight : 0;
}

/* sums[c] = sum over groups of u v / weight (or u v) */
static void column_sums(const absorber *a, const double *u, const double *v, bool weighted, double *sums)
{
    memset(sums, 0, a->width * sizeof *sums);
    for (size_t g = 0; g < a->sample->rest_count; g++) {
        double by = weighted ? over_weight(a, g) : 1;
        for (size_t c = 0; c < a->width; c++) sums[c] += by * u[g * a->width + c] * v[g * a->width + c];
    }
}

/* Adding the same to all groups of an effect changes nothing once the first effect is out: what rounding puts there goes. */
static void stay_in_range(const absorber *a, double *x)
{
    const sample *s = a->sample;
    for (size_t e = 1; e < s->effects; e++)
        for (size_t c = 0; c < a->width; c++) {
            double sum = 0, weights = 0;
            for (size_t g = s->offset[e]; g < s->offset[e + 1]; g++) {
                sum += x[g * a->width + c];
                weights += a->moments[g * a->moment_width];
            }
            for (size_t g = s->offset[e]; weights > 0 && g < s->offset[e + 1]; g++)
                x[g * a->width + c] -= a->moments[g * a->moment_width] * (sum / weights);
        }
}

/* The squared norm at which a column is done: a share of its right side, or where that is itself little more than the
 * rounding of its sums; what is below would be sought in vain where S is singular. */
static void targets(const absorber *a, double score, double regressors, const double *right, double *target)
{
    const size_t K = a->sample->regressors;
    const double rounding = 4e-15;
    for (size_t c = 0; c < a->width; c++) {
        double scale = c == 0 ? (a->view.method == METHOD_PPML ? a->total : a->squares) : c <= K ? a->cross[(c - 1) * K + c - 1] : 0;
        double share = c == 0 ? score : regressors;
        target[c] = fmax(share * share * right[c], rounding * rounding * scale);
    }
}

static double worst_norm(const absorber *a, const double *norm, const double *target)
{
    double worst = 0;
    for (size_t c = 0; c < a->width; c++)
        if (norm[c] > target[c]) worst = worse(worst, norm[c] / fmax(target[c], 1e-300));
    return worst;
}

static void first_residual(absorber *a)
{
    size_t size = a->sample->rest_count * a->width;
    bool cold = true;
    for (size_t i = 0; i < size && cold; i++) cold = a->solution[i] == 0;
    memcpy(a->residual, a->right, size * sizeof(double));
    if (cold) return;
    memcpy(a->direction, a->solution, size * sizeof(double));
    product(a);
    for (size_t i = 0; i < size; i++) a->residual[i] -= a->image[i];
}

void absorb_solve(absorber *a, double score, double regressors)
{
    size_t groups = a->sample->rest_count, width = a->width;
    double right[WIDEST], target[WIDEST], norm[WIDEST], before[WIDEST], curve[WIDEST], best = INFINITY;
    if (!groups) return;
    first_residual(a);
    stay_in_range(a, a->residual);
    column_sums(a, a->right, a->right, true, right);
    column_sums(a, a->residual, a->residual, true, norm);
    targets(a, score, regressors, right, target);
    for (size_t g = 0; g < groups; g++)
        for (size_t c = 0; c < width; c++) a->direction[g * width + c] = over_weight(a, g) * a->residual[g * width + c];
    for (int k = 0, waited = 0; k < SOLVE_LIMIT && waited < STALLED; k++) {
        double worst = worst_norm(a, norm, target);
        if (worst <= 1 || is_cancelled(a->context)) return;
        waited = worst < 0.9 * best ? 0 : waited + 1;
        best = fmin(best, worst);
        product(a);
        column_sums(a, a->direction, a->image, false, curve);
        for (size_t c = 0; c < width; c++) curve[c] = curve[c] > 0 && norm[c] > target[c] ? norm[c] / curve[c] : 0;
        for (size_t g = 0; g < groups; g++)
            for (size_t c = 0; c < width; c++) {
                a->solution[g * width + c] += curve[c] * a->direction[g * width + c];
                a->residual[g * width + c] -= curve[c] * a->image[g * width + c];
            }
        stay_in_range(a, a->residual);
        memcpy(before, norm, width * sizeof *norm);
        column_sums(a, a->residual, a->residual, true, norm);
        for (size_t c = 0; c < width; c++) before[c] = before[c] > 0 ? norm[c] / before[c] : 0;
        for (size_t g = 0; g < groups; g++)
            for (size_t c = 0; c < width; c++)
                a->direction[g * width + c] = over_weight(a, g) * a->residual[g * width + c] + before[c] * a->direction[g * width + c];
    }
}

/* ---- what is left of the regressors ---------------------------------------------------------------- */

void absorb_begin_left(absorber *a)
{
    size_t groups = a->sample->rest_count;
    for (size_t g = 0; a->sample->runs && g < groups; g++)
        for (size_t c = 0; c < a->width; c++) a->columns[c * groups + g] = a->solution[g * a->width + c];
}

/* Regressors less the solutions of their groups; rows of one group, at most a strip. */
IN_EACH_WIDTH void less_solutions(const absorber *a, size_t low, size_t n, double *left)
{
    const sample *s = a->sample;
    size_t others = s->effects - 1, width = a->width;
    for (size_t k = 0; k < s->regressors; k++) {
        const double *restrict x = s->regressor[k] + low, centre = s->centre[k];
        double *restrict to = left + k * LEFT_STRIP;
        for (size_t r = 0; r < n; r++) to[r] = x[r] - centre;
        for (size_t r = low, next; s->runs && r < low + n; r = next) {
            next = run_end(s->rest, r, low + n);
            add_scaled(to + (r - low), -1, a->columns + (1 + k) * s->rest_count + s->rest[r], next - r);
        }
        for (size_t f = 0; !s->runs && f < others; f++)
            for (size_t r = 0; r < n; r++) to[r] -= a->solution[s->rest[(low + r) * others + f] * width + 1 + k];
    }
}

FOR_EACH_WIDTH void absorb_left_means(const absorber *a, size_t g, double *mean, double *left)
{
    const sample *s = a->sample;
    memset(mean, 0, s->regressors * sizeof *mean);
    for (size_t low = s->start[g], next; low < s->start[g + 1]; low = next) {
        next = s->start[g + 1] - low < LEFT_STRIP ? s->start[g + 1] : low + LEFT_STRIP;
        fetch_rows(a, next, next - low);
        less_solutions(a, low, next - low, left);
        for (size_t k = 0; k < s->regressors; k++) mean[k] += dot(a->fitted + low, left + k * LEFT_STRIP, next - low);
    }
    for (size_t k = 0; k < s->regressors; k++) mean[k] /= a->first_weight[g];
}

FOR_EACH_WIDTH void absorb_left(const absorber *a, const double *mean, size_t low, size_t n, double *left)
{
    less_solutions(a, low, n, left);
    for (size_t k = 0; k < a->sample->regressors; k++)
        for (size_t r = 0; r < n; r++) left[k * LEFT_STRIP + r] -= mean[k];
}
