/* absorb.c - passes over the rows; the equations are in absorb.h.
 *
 * A pass goes through the groups of the first effect in chunks that stay in cache: linear part and moments column by column,
 * for vectors; what concerns the groups of the rest row by row. */
#include "estimate/absorb.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { CHUNK_ROWS = 1024, STRIP = 256, TILE = 16, SOLVE_LIMIT = 2000, STALLED = 60, WIDEST = 1024 };

/* ---- room ---------------------------------------------------------------------------------------- */

static size_t round_up(size_t n) { return (n + 3) / 4 * 4; }

static size_t wide(const sample *s) { return round_up(2 + s->regressors); }

/* Of a block: sums of the rest, then gradient, cross products, squares, sums, objective, change, rows of means and products. */
static size_t block_work(const sample *s)
{
    size_t K = s->regressors;
    return s->rest_count * wide(s) + 3 * K + K * K + 2 + (1 + TILE) * wide(s);
}

static size_t longest_chunk(const sample *s)
{
    size_t longest = 0;
    for (size_t g = 0; g < s->first_count; g++)
        if (s->start[g + 1] - s->start[g] > longest) longest = s->start[g + 1] - s->start[g];
    return longest + CHUNK_ROWS;
}

bashu_status absorber_new(absorber *a, arena *memory, sample *s, view v)
{
    bashu_context *context = arena_context(memory);
    size_t K = s->regressors, groups = s->rest_count, solved = groups * round_up(1 + K);
    *a = (absorber){.context = context, .sample = s, .threads = row_threads(context, s->rows),
                    .width = round_up(1 + K), .moment_width = wide(s)};
    const array_wanted wanted[] = {
        {&a->beta, K}, {&a->alpha, s->rest_count}, {&a->first_effect, s->first_count}, {&a->eta, s->rows}, {&a->fitted, s->rows},
        {&a->gradient, K}, {&a->cross, K * K}, {&a->raw, K}, {&a->first_weight, s->first_count}, {&a->first_outcome, s->first_count},
        {&a->rest_outcome, groups}, {&a->moments, groups * wide(s)}, {&a->right, solved}, {&a->solution, solved},
        {&a->residual, solved}, {&a->direction, solved}, {&a->image, solved},
        {&a->work, s->blocks * (block_work(s) + 2 * longest_chunk(s))},
    };
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(context);
    return absorber_view(a, memory, v);
}

void absorber_resize(absorber *a)
{
    a->width = round_up(1 + a->sample->regressors);
    a->moment_width = wide(a->sample);
    memset(a->solution, 0, a->sample->rest_count * a->width * sizeof *a->solution);
}

static double weight_at(const view *v, size_t r) { return v->weight ? v->weight[r] : 1; }

enum { VIEW_WEIGHTS, VIEW_TOTAL, VIEW_SQUARES, VIEW_SUMS };

static void add_view(const void *payload, size_t low, size_t high, double *sums)
{
    const view *v = payload;
    for (size_t r = low; r < high; r++) {
        double w = weight_at(v, r), y = v->outcome[r];
        sums[VIEW_WEIGHTS] += w;
        sums[VIEW_TOTAL] += w * y;
        sums[VIEW_SQUARES] += w * y * y;
    }
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

/* Outcomes of the groups of a block. */
static void outcome_block(const absorber *a, size_t block, double *rest)
{
    const sample *s = a->sample;
    size_t others = s->effects - 1;
    memset(rest, 0, s->rest_count * sizeof *rest);
    for (size_t g = s->block[block]; g < s->block[block + 1]; g++) {
        a->first_outcome[g] = 0;
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            double y = weight_at(&a->view, r) * a->view.outcome[r];
            a->first_outcome[g] += y;
            for (size_t f = 0; f < others; f++) rest[s->rest[r * others + f]] += y;
        }
    }
}

/* to[i] = sum over blocks, in their order, of work[i]. */
static void add_blocks(const absorber *a, double *to, size_t count)
{
    const sample *s = a->sample;
    size_t stride = block_work(s) + 2 * longest_chunk(s);
#pragma omp parallel for schedule(static) num_threads(a->threads)
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (size_t b = 0; b < s->blocks; b++) sum += a->work[b * stride + i];
        to[i] = sum;
    }
}

bashu_status absorber_view(absorber *a, arena *memory, view v)
{
    const sample *s = a->sample;
    double sums[VIEW_SUMS];
    size_t stride = block_work(s) + 2 * longest_chunk(s);
    a->view = v;
    TRY(sum_rows(memory, s->rows, add_view, &v, sums, VIEW_SUMS));
    const about_mean m = {&v, sums[VIEW_TOTAL] / sums[VIEW_WEIGHTS]};
    a->total = sums[VIEW_TOTAL];
    a->squares = sums[VIEW_SQUARES];
    TRY(sum_rows(memory, s->rows, add_spread, &m, &a->spread, 1));
#pragma omp parallel for schedule(dynamic) num_threads(a->threads)
    for (size_t block = 0; block < s->blocks; block++) outcome_block(a, block, a->work + block * stride);
    add_blocks(a, a->rest_outcome, s->rest_count);
    return BASHU_OK;
}

/* ---- evaluation ---------------------------------------------------------------------------------- */

typedef struct block_sums { /* views into the work of a block */
    double *rest, *gradient, *cross, *squares, *sums, *objective, *change, *mean, *product, *error, *scaled;
} block_sums;

static block_sums sums_of(const absorber *a, size_t block)
{
    const sample *s = a->sample;
    size_t K = s->regressors, longest = longest_chunk(s);
    double *work = a->work + block * (block_work(s) + 2 * longest);
    block_sums b = {.rest = work};
    b.gradient = b.rest + s->rest_count * wide(s);
    b.cross = b.gradient + K;
    b.squares = b.cross + K * K;
    b.sums = b.squares + K;
    b.objective = b.sums + K;
    b.change = b.objective + 1;
    b.mean = b.change + 1;
    b.product = b.mean + wide(s);
    b.error = work + block_work(s);
    b.scaled = b.error + longest;
    return b;
}

IN_EACH_WIDTH void linear_part(const absorber *a, size_t low, size_t high)
{
    const sample *s = a->sample;
    size_t others = s->effects - 1, K = s->regressors, n = high - low;
    double *restrict eta = a->eta + low;
    for (size_t r = 0; r < n; r++) eta[r] = others ? a->alpha[s->rest[(low + r) * others]] : 0;
    for (size_t f = 1; f < others; f++)
        for (size_t r = 0; r < n; r++) eta[r] += a->alpha[s->rest[(low + r) * others + f]];
    for (size_t k = 0; k < K; k++)
        if (a->beta[k] != 0) add_scaled(eta, a->beta[k], s->regressor[k] + low, n);
}

IN_EACH_WIDTH double change_of(double now, double before)
{
    double off = now - before;
    return (off < 0 ? -off : off) / (now + before + 1e-300);
}

/* Twice the largest |now - before| / (now + before). */
IN_EACH_WIDTH double largest_change(const double *now, const double *before, size_t n)
{
    double lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t l = 0; l < VECTOR_LANES; l++) {
            double change = change_of(now[i + l], before[i + l]);
            lane[l] = change > lane[l] ? change : lane[l];
        }
    for (size_t l = 0; i < n; i++, l++) {
        double change = change_of(now[i], before[i]);
        lane[l] = change > lane[l] ? change : lane[l];
    }
    return 2 * greatest(lane, VECTOR_LANES);
}

/* Poisson: fitted values of a group add up to its outcome, which makes its effect exact. */
IN_EACH_WIDTH void fit_poisson(const absorber *a, size_t g, double *restrict error, block_sums *b)
{
    const sample *s = a->sample;
    size_t low = s->start[g], n = s->start[g + 1] - low;
    double *restrict eta = a->eta + low, *restrict fitted = a->fitted + low, *restrict now = b->scaled;
    const double *y = a->view.outcome + low, *w = a->view.weight ? a->view.weight + low : NULL;
    double most = greatest(eta, n);
    for (size_t r = 0; r < n; r++) now[r] = exp_lane(eta[r] - most);
    for (size_t r = 0; w && r < n; r++) now[r] *= w[r];
    double scale = a->first_outcome[g] / sum_of(now, n), effect = log(scale) - most;
    for (size_t r = 0; r < n; r++) {
        now[r] *= scale;
        eta[r] += effect;
    }
    *b->change = worse(*b->change, largest_change(now, fitted, n));
    for (size_t r = 0; r < n; r++) {
        double outcome = w ? w[r] * y[r] : y[r];
        fitted[r] = now[r];
        now[r] = outcome;
        error[r] = outcome - fitted[r];
    }
    *b->objective += dot(now, eta, n);
    a->first_effect[g] = effect;
    a->first_weight[g] = a->first_outcome[g];
}

IN_EACH_WIDTH void fit_linear(const absorber *a, size_t g, double *restrict error, block_sums *b)
{
    const sample *s = a->sample;
    size_t low = s->start[g], n = s->start[g + 1] - low;
    double *restrict eta = a->eta + low, *restrict fitted = a->fitted + low;
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

/* gradient += X'e, cross += X'MX of a chunk, a strip that fits the nearest cache at a time; the means of groups are taken out
 * of cross later. */
IN_EACH_WIDTH void chunk_moments(const absorber *a, size_t low, size_t high, block_sums *b)
{
    const sample *s = a->sample;
    size_t K = s->regressors;
    double *restrict scaled = b->scaled;
    for (size_t at = low, next; at < high; at = next) {
        next = high - at < STRIP ? high : at + STRIP;
        const double *fitted = a->fitted + at, *error = b->error + (at - low);
        size_t n = next - at;
        for (size_t k = 0; k < K; k++) {
            const double *x = s->regressor[k] + at;
            b->gradient[k] += dot(error, x, n);
            for (size_t r = 0; r < n; r++) scaled[r] = fitted[r] * x[r];
            for (size_t l = 0; l < k; l++) b->cross[k * K + l] += dot(scaled, s->regressor[l] + at, n);
            double square = dot(scaled, x, n);
            b->cross[k * K + k] += square;
            b->squares[k] += square;
        }
    }
}

IN_EACH_WIDTH void add_row(double *restrict to, double weight, const double *restrict from, size_t width)
{
    LANES_TOGETHER
    for (size_t c = 0; c < width; c++) to[c] += weight * from[c];
}

IN_EACH_WIDTH void group_moments(const absorber *a, size_t g, const double *restrict error, block_sums *b, size_t width)
{
    const sample *s = a->sample;
    size_t K = s->regressors, low = s->start[g], n = s->start[g + 1] - low, others = s->effects - 1;
    const double *restrict fitted = a->fitted + low;
    const uint32_t *restrict rest = s->rest + low * others;
    double *restrict mean = b->mean, *restrict product = b->product, *restrict to = b->rest, *const *x = s->regressor;
    for (size_t k = 0; k < K; k++) {
        double sum = dot(fitted, x[k] + low, n);
        b->sums[k] += sum;
        mean[k] = sum / a->first_weight[g];
    }
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l <= k; l++) b->cross[k * K + l] -= a->first_weight[g] * mean[k] * mean[l];
    /* a tile of rows at a time: what has just been written in parts cannot be read as a vector at once */
    for (size_t low_row = 0; others && low_row < n; low_row += TILE) {
        size_t rows = n - low_row < TILE ? n - low_row : TILE;
        const double *m = fitted + low_row;
        for (size_t r = 0; r < rows; r++) {
            product[r * width] = m[r];
            product[r * width + 1] = error[low_row + r];
        }
        for (size_t k = 0; k < K; k++)
            for (size_t r = 0; r < rows; r++) product[r * width + 2 + k] = m[r] * (x[k][low + low_row + r] - mean[k]);
        for (size_t r = 0; r < rows; r++)
            for (size_t f = 0; f < others; f++) add_row(to + rest[(low_row + r) * others + f] * width, 1, product + r * width, width);
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

FOR_EACH_WIDTH static void evaluate_block(const absorber *a, size_t block, bool with_regressors)
{
    const sample *s = a->sample;
    block_sums b = sums_of(a, block);
    size_t K = s->regressors;
    memset(b.rest, 0, s->rest_count * a->moment_width * sizeof(double));
    memset(b.gradient, 0, (3 * K + K * K + 2 + (1 + TILE) * wide(s)) * sizeof(double));
    for (size_t g = s->block[block], next; g < s->block[block + 1]; g = next) {
        size_t low = s->start[g];
        for (next = g + 1; next < s->block[block + 1] && s->start[next + 1] - low <= CHUNK_ROWS;) next++;
        linear_part(a, low, s->start[next]);
        for (size_t i = g; i < next; i++) {
            if (a->view.method == METHOD_PPML) fit_poisson(a, i, b.error + (s->start[i] - low), &b);
            else fit_linear(a, i, b.error + (s->start[i] - low), &b);
        }
        if (with_regressors) chunk_moments(a, low, s->start[next], &b);
        for (size_t i = g; i < next; i++) {
            const double *error = b.error + (s->start[i] - low);
            if (!with_regressors) light_moments(a, i, error, &b);
            else if (a->moment_width == 8) group_moments(a, i, error, &b, 8);
            else group_moments(a, i, error, &b, a->moment_width);
        }
    }
}

void absorb_evaluate(absorber *a, bool with_regressors)
{
    const sample *s = a->sample;
    size_t K = s->regressors;
    double sums[WIDEST] = {0};
    a->passes++;
#pragma omp parallel for schedule(dynamic) num_threads(a->threads)
    for (size_t block = 0; block < s->blocks; block++) evaluate_block(a, block, with_regressors);
    add_blocks(a, a->moments, s->rest_count * a->moment_width);
    memset(a->gradient, 0, K * sizeof(double));
    memset(a->cross, 0, K * K * sizeof(double));
    memset(a->raw, 0, K * sizeof(double));
    a->objective = a->change = 0;
    for (size_t block = 0; block < s->blocks; block++) {
        block_sums b = sums_of(a, block);
        for (size_t k = 0; k < K; k++) {
            a->gradient[k] += b.gradient[k];
            a->raw[k] += b.squares[k];
            sums[k] += b.sums[k];
        }
        for (size_t k = 0; k < K * K; k++) a->cross[k] += b.cross[k];
        a->objective += *b.objective;
        a->change = worse(a->change, *b.change);
    }
    double weights = 0;
    for (size_t g = 0; g < s->first_count; g++) weights += a->first_weight[g];
    for (size_t k = 0; k < K; k++) {
        a->raw[k] -= sums[k] * sums[k] / weights;
        for (size_t l = 0; l < k; l++) a->cross[l * K + k] = a->cross[k * K + l];
    }
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

/* Each group's regressors less the solutions of their groups, then less their mean. */
FOR_EACH_WIDTH static void within_block(const absorber *a, size_t block)
{
    const sample *s = a->sample;
    block_sums b = sums_of(a, block);
    size_t K = s->regressors, others = s->effects - 1;
    memset(b.cross, 0, K * K * sizeof(double));
    for (size_t g = s->block[block]; g < s->block[block + 1]; g++) {
        size_t low = s->start[g], n = s->start[g + 1] - low;
        const double *fitted = a->fitted + low;
        for (size_t k = 0; k < K; k++) {
            double *restrict x = s->regressor[k] + low;
            for (size_t r = 0; r < n; r++)
                for (size_t f = 0; f < others; f++) x[r] -= a->solution[s->rest[(low + r) * others + f] * a->width + 1 + k];
            double mean = dot(fitted, x, n) / a->first_weight[g];
            for (size_t r = 0; r < n; r++) x[r] -= mean;
            for (size_t r = 0; r < n; r++) b.scaled[r] = fitted[r] * x[r];
            for (size_t l = 0; l <= k; l++) b.cross[k * K + l] += dot(b.scaled, s->regressor[l] + low, n);
        }
    }
}

void absorb_within(absorber *a, double *within)
{
    const sample *s = a->sample;
    size_t K = s->regressors;
    a->passes++;
#pragma omp parallel for schedule(dynamic) num_threads(a->threads)
    for (size_t block = 0; block < s->blocks; block++) within_block(a, block);
    memset(within, 0, K * K * sizeof *within);
    for (size_t block = 0; block < s->blocks; block++) {
        block_sums b = sums_of(a, block);
        for (size_t k = 0; k < K * K; k++) within[k] += b.cross[k];
    }
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < k; l++) within[l * K + k] = within[k * K + l];
}
