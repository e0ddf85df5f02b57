/* attain.c - the smallest uniform change of a lever with which a circle has its benchmark's measure, in equilibrium.
 *
 *   m(u), g(u)  measure of circle and benchmark in the equilibrium in which the lever is multiplied by exp(u); held: g(u) = g(0)
 *   f(u)        log m(u) - log g(u) = 0,  log(1 + low) <= u <= log(1 + high),  |u| least
 *
 * Away from no change, on both sides in turn, to 1/8, 1/4, 1/2 and all of the range (the nearer first) until f changes its sign; in that
 * bracket the root by interpolation, truncation and projection (ITP, Oliveira & Takahashi 2020), which needs little more than bisection at
 * worst; then the same distance on the other side, where a nearer root may lie. f need not be monotone: two roots between two points that
 * were tried are not seen. Every evaluation is an equilibrium with its certificate, solved from the baseline. */
#include "policy/attain.h"

#include "input/input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Ranges are the widest that data show for one place against another, or for China over about fifteen years. */
const bashu_attain_row attain_rows[ATTAIN_ROW_COUNT] = {
    {"productivity", -48, 92, "plants at the 90th percentile of an industry make 1.92 times as much of the same inputs as those at the 10th (Syverson 2011)",
     "同一行业第 90 百分位的工厂用同样投入的产出为第 10 百分位的 1.92 倍（Syverson 2011）", "productivity of the sector in the circle's places",
     "城市圈各地该行业的生产率"},
    {"trade_cost", -17.4, 21, "all transport costs, 21 percent of the value of goods, done away with, or once more (Anderson & van Wincoop 2004)",
     "全部运输成本（货值的 21%）取消，或再增加一倍（Anderson & van Wincoop 2004）",
     "market access: trade costs between the circle's places and everybody, of all sectors", "市场通达：城市圈各地与所有地区之间全部行业的贸易成本"},
    {"land", -43, 75, "built-up area of China's cities: 36,295 km2 in 2008 (China Statistical Yearbook 2009, 10-6), 63,700 km2 in 2022 (Ministry of Housing)",
     "全国城市建成区面积：2008 年 36,295 平方公里（《中国统计年鉴 2009》表 10-6），2022 年 6.37 万平方公里（住房城乡建设部）", "land in the circle's places",
     "城市圈各地的土地"},
    {"research", -48, 92, "as of productivity: 1.92 (Syverson 2011)", "同生产率：1.92（Syverson 2011）",
     "productivity of the sectors of research in the circle's places", "城市圈各地研究行业的生产率"},
};
enum { ROW_PRODUCTIVITY, ROW_TRADE_COST, ROW_LAND, ROW_RESEARCH };

/* ---- an equilibrium ---------------------------------------------------------------------------------- */

typedef struct point { /* what was found at u */
    double u, f;       /* f NaN: no equilibrium */
    bashu_attain_answer answer;
} point;

/* The equilibria at the ends of the range, where it came to that. */
typedef struct range_ends {
    double measure[2], target[2]; /* high, low */
} range_ends;

typedef struct seeker { /* looks for one lever */
    bashu_attain *attain;
    bashu_solver *solver;
    bashu_result *result;
    bashu_scenario scenario;
    change change;
    const double *circle_part, *benchmark_part; /* [N] */
    size_t equilibria, lost;
    double residual_most;
} seeker;

static double measure_of(const bashu_attain *a, const double *part, const double *output_hat)
{
    cluster_sums s = clusters_sums(a->economy, part, a->sector, output_hat);
    return a->share ? s.sector / s.nation_sector : clusters_quotient(s);
}

static bashu_status outcomes_at(bashu_attain_answer *out, const seeker *s)
{
    const focus *c = &s->attain->circle;
    TRY(measure_aggregate(s->result, "gdp", c->set, c->member, BASHU_PERCENT, &out->gdp));
    TRY(measure_aggregate(s->result, "population", c->set, c->member, BASHU_PERCENT, &out->people));
    TRY(measure_aggregate(s->result, "welfare", c->set, c->member, BASHU_PERCENT, &out->welfare));
    TRY(measure_aggregate(s->result, "gdp", "all", "", BASHU_PERCENT, &out->nation_gdp));
    return measure_aggregate(s->result, "welfare", "all", "", BASHU_PERCENT, &out->nation_welfare);
}

static bashu_attain_answer no_answer(void)
{
    double nan = (double)NAN;
    return (bashu_attain_answer){.percent = nan, .hat = nan, .measure = nan, .target = nan, .gdp = nan, .people = nan, .welfare = nan,
                                 .nation_gdp = nan, .nation_welfare = nan, .residual = nan, .worst = ""};
}

static bashu_status evaluate(point *out, seeker *s, double u)
{
    bashu_attain *a = s->attain;
    double hat = exp(u);
    *out = (point){u, (double)NAN, no_answer()};
    out->answer.hat = hat;
    out->answer.percent = 100 * (hat - 1);
    s->change.value = hat;
    TRY(solve_some(&s->result, s->solver, &s->scenario, NULL));
    if (is_cancelled(a->context)) return fail(a->context, BASHU_INTERRUPTED, "interrupted");
    s->equilibria += u != 0; /* the baseline is there already */
    if (s->result->info.reason <= 0) {
        s->lost++;
        return BASHU_OK;
    }
    out->answer.measure = measure_of(a, s->circle_part, s->result->output_hat);
    out->answer.target = a->options.held ? a->target : measure_of(a, s->benchmark_part, s->result->output_hat);
    out->f = log(out->answer.measure) - log(out->answer.target);
    out->answer.residual = s->result->info.residual;
    out->answer.worst = arena_text(a->memory, s->result->info.worst);
    s->residual_most = fmax(s->residual_most, s->result->info.residual);
    return out->answer.worst ? outcomes_at(&out->answer, s) : fail_memory(a->context);
}

/* ---- a root in a bracket ------------------------------------------------------------------------------ */

static bool near_enough(const seeker *s, const point *p) { return fabs(p->f) <= s->attain->tolerance; }

/* The next point of ITP between a and b, whose f have different signs; left: how far from the middle it may be. */
static double between(const point *a, const point *b, double truncation, double left)
{
    double middle = (a->u + b->u) / 2, secant = (b->f * a->u - a->f * b->u) / (b->f - a->f), towards = middle > secant ? 1 : -1;
    double step = truncation * (b->u - a->u) * (b->u - a->u), truncated = step <= fabs(middle - secant) ? secant + towards * step : middle;
    return fabs(truncated - middle) <= left ? truncated : middle - towards * left;
}

/* *found: a point near enough; else *root is the better of what the bracket shrank to, or where there was no equilibrium. */
static bashu_status find_root(point *root, bool *found, seeker *s, point a, point b)
{
    const double width = 1e-13; /* in logs: below it only rounding is left */
    if (a.u > b.u) {
        point kept = a;
        a = b;
        b = kept;
    }
    double truncation = 0.2 / (b.u - a.u), left = width * exp2(ceil(log2((b.u - a.u) / (2 * width))) + 1);
    *found = false;
    *root = fabs(a.f) < fabs(b.f) ? a : b;
    for (; b.u - a.u > 2 * width; left /= 2) {
        point now;
        TRY(evaluate(&now, s, between(&a, &b, truncation, left - (b.u - a.u) / 2)));
        if (isnan(now.f)) return BASHU_OK;
        if (fabs(now.f) < fabs(root->f)) *root = now;
        if (near_enough(s, &now)) {
            *found = true;
            return BASHU_OK;
        }
        if ((now.f > 0) == (a.f > 0)) a = now;
        else b = now;
    }
    return BASHU_OK;
}

/* ---- away from no change ------------------------------------------------------------------------------ */

typedef struct side {
    double end;    /* u at the end of the range */
    point last;    /* the farthest tried, of which f has the sign that it has at no change */
    size_t step;
    bool closed;   /* no further: the end was reached, or there was no equilibrium */
} side;

enum { STEPS = 4 };

static double next_of(const side *d)
{
    static const double parts[STEPS] = {0.125, 0.25, 0.5, 1};
    return d->end * parts[d->step];
}

/* The side whose next point is nearer to no change; NULL: both are closed. */
static side *nearer(side *sides)
{
    if (sides[0].closed || sides[1].closed) return sides[0].closed && sides[1].closed ? NULL : &sides[sides[0].closed];
    return fabs(next_of(&sides[1])) < fabs(next_of(&sides[0])) ? &sides[1] : &sides[0];
}

static bool crosses(const point *p, const point *q) { return (p->f > 0) != (q->f > 0); }

/* The root on this side is at u: is there one on the other that is nearer? */
static bashu_status look_opposite(point *best, seeker *s, const side *other)
{
    point mirrored, root;
    bool found;
    double u = other->end < 0 ? -fabs(best->u) : fabs(best->u);
    if (other->closed || fabs(u) <= fabs(other->last.u) || fabs(u) > fabs(other->end)) return BASHU_OK;
    TRY(evaluate(&mirrored, s, u));
    if (isnan(mirrored.f) || !crosses(&mirrored, &other->last)) return BASHU_OK;
    TRY(find_root(&root, &found, s, other->last, mirrored));
    if (found && fabs(root.u) < fabs(best->u)) *best = root;
    return BASHU_OK;
}

/* *best: the root, or what comes nearest. ends: NaN before. */
static bashu_status seek(point *best, bool *found, range_ends *ends, seeker *s, const point *present, double low, double high)
{
    side sides[2] = {{.end = log1p(high / 100), .last = *present}, {.end = log1p(low / 100), .last = *present}};
    *best = *present;
    *found = false;
    for (int k = 0; k < 2; k++) sides[k].closed = sides[k].end == 0;
    for (side *d; (d = nearer(sides)) != NULL;) {
        point now;
        TRY(evaluate(&now, s, next_of(d)));
        if (d->step + 1 == STEPS) {
            ends->measure[d - sides] = now.answer.measure;
            ends->target[d - sides] = now.answer.target;
        }
        if (isnan(now.f)) {
            d->closed = true;
            continue;
        }
        if (fabs(now.f) < fabs(best->f)) *best = now;
        if (crosses(&now, &d->last) || near_enough(s, &now)) {
            point root = now;
            *found = near_enough(s, &now);
            if (!*found) TRY(find_root(&root, found, s, d->last, now));
            *best = fabs(root.f) < fabs(best->f) || *found ? root : *best;
            if (*found) return look_opposite(best, s, d == &sides[0] ? &sides[1] : &sides[0]);
            d->closed = true; /* a jump: beyond it the sign says nothing */
            continue;
        }
        d->last = now;
        d->closed = ++d->step == STEPS;
    }
    return BASHU_OK;
}

/* ---- a lever ---------------------------------------------------------------------------------------- */

typedef struct selection { /* room for what a change selects */
    unsigned char *circle, *everybody, *sector, *all_sectors, *research;
    bool researches;
} selection;

static change change_of(size_t row, const selection *at)
{
    change c = {.id = attain_rows[row].name, .title_en = attain_rows[row].help_en, .title_zh = attain_rows[row].help_zh, .source = "", .from = (double)NAN,
                .value = 1, .low = (double)NAN, .high = (double)NAN, .relative = true, .is_hat = true};
    switch (row) {
    case ROW_TRADE_COST:
        c.lever = LEVER_TRADE_COST;
        c.side_a = at->circle;
        c.side_b = at->everybody;
        c.sectors = at->all_sectors;
        break;
    case ROW_LAND:
        c.lever = LEVER_LAND;
        c.regions = at->circle;
        break;
    default:
        c.lever = LEVER_PRODUCTIVITY;
        c.regions = at->circle;
        c.sectors = row == ROW_RESEARCH ? at->research : at->sector;
    }
    return c;
}

static bashu_status select_all(selection *at, const bashu_attain *a, const double *circle_part)
{
    const description *about = &a->economy->about;
    size_t N = about->N, J = about->J;
    unsigned char **arrays[] = {&at->circle, &at->everybody, &at->sector, &at->all_sectors, &at->research};
    for (size_t k = 0; k < 5; k++) {
        *arrays[k] = arena_alloc(a->memory, k < 2 ? N : J, 1);
        if (!*arrays[k]) return fail_memory(a->context);
    }
    for (size_t n = 0; n < N; n++) {
        at->circle[n] = circle_part[n] > 0;
        at->everybody[n] = 1;
    }
    for (size_t j = 0; j < J; j++) {
        at->sector[j] = j == a->sector;
        at->all_sectors[j] = 1;
        at->research[j] = about->sectors[j].research;
        at->researches = at->researches || about->sectors[j].research;
    }
    return BASHU_OK;
}

static bashu_status answer_lever(bashu_attain_answer *out, seeker *s, size_t row, const selection *at)
{
    const bashu_attain_options *o = &s->attain->options;
    bool own = o->low == 0 && o->high == 0;
    double low = own ? attain_rows[row].low : o->low, high = own ? attain_rows[row].high : o->high, nan = (double)NAN;
    range_ends ends = {{nan, nan}, {nan, nan}};
    point present, best;
    bool found = false;
    s->change = change_of(row, at);
    s->scenario = (bashu_scenario){.context = s->attain->context, .economy = s->attain->economy, .name = "attain", .title_en = "", .title_zh = "", .path = "",
                                   .sha256 = "", .change_count = 1, .changes = &s->change};
    s->equilibria = s->lost = 0;
    s->residual_most = 0;
    TRY(evaluate(&present, s, 0));
    bool none = row == ROW_RESEARCH && !at->researches, there = near_enough(s, &present);
    best = present;
    if (!none && !there) TRY(seek(&best, &found, &ends, s, &present, low, high));
    bool unsolved = s->equilibria && s->lost == s->equilibria;
    *out = none || unsolved ? no_answer() : best.answer;
    out->lever = attain_rows[row].name;
    out->low = low;
    out->high = high;
    out->high_measure = ends.measure[0];
    out->high_target = ends.target[0];
    out->low_measure = ends.measure[1];
    out->low_target = ends.target[1];
    out->end = none ? BASHU_ATTAIN_NO_LEVER : there ? BASHU_ATTAIN_PRESENT : found ? BASHU_ATTAIN_FOUND
               : unsolved ? BASHU_ATTAIN_UNSOLVED : BASHU_ATTAIN_BEYOND;
    out->residual_most = s->residual_most;
    out->equilibria = s->equilibria;
    out->lost = s->lost;
    return BASHU_OK;
}

/* ---- the whole -------------------------------------------------------------------------------------- */

/* Rows of the table named in the list; wanted: [ATTAIN_ROW_COUNT]. */
static bashu_status read_levers(bool *wanted, bashu_attain *a)
{
    const char *list = a->options.levers && strcmp(a->options.levers, "all") != 0 ? a->options.levers : NULL, *names[ATTAIN_ROW_COUNT];
    for (size_t k = 0; k < ATTAIN_ROW_COUNT; k++) {
        names[k] = attain_rows[k].name;
        wanted[k] = !list;
    }
    for (const char *at = list; at && *at; at += strcspn(at, ","), at += *at == ',') {
        const char *name = arena_format(a->memory, "%.*s", (int)strcspn(at, ","), at);
        size_t k = 0;
        if (!name) return fail_memory(a->context);
        while (k < ATTAIN_ROW_COUNT && strcmp(name, names[k]) != 0) k++;
        const char *near = nearest_name(name, names, ATTAIN_ROW_COUNT);
        if (k == ATTAIN_ROW_COUNT && near) return fail(a->context, BASHU_ERROR_ARGUMENT, "there is no lever '%s' to take; did you mean '%s'?", name, near);
        if (k == ATTAIN_ROW_COUNT)
            return fail(a->context, BASHU_ERROR_ARGUMENT, "there is no lever '%s' to take; write productivity, trade_cost, land, research or all", name);
        wanted[k] = true;
    }
    for (size_t k = 0; k < ATTAIN_ROW_COUNT; k++) a->count += wanted[k];
    return a->count ? BASHU_OK : fail(a->context, BASHU_ERROR_ARGUMENT, "no lever is named; write productivity, trade_cost, land, research or all");
}

static bashu_status read_wanted(bashu_attain *a)
{
    bashu_attain_options *o = &a->options;
    const char **texts[] = {&o->sector, &o->circle, &o->benchmark, &o->levers, &o->measure};
    bool there;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        if (*texts[k] && !(*texts[k] = arena_text(a->memory, *texts[k]))) return fail_memory(a->context);
    TRY(clusters_find_sector(&a->sector, a->economy, o->sector));
    TRY(clusters_sides(&a->circle, &a->benchmark, &there, a->memory, a->economy, o->circle, o->benchmark));
    if (!there || !strcmp(a->circle.set, "all"))
        return fail(a->context, BASHU_ERROR_ARGUMENT, "what it would take is asked of a part of the economy; name a circle, or SET=MEMBER");
    a->share = o->measure && !strcmp(o->measure, "share");
    if (o->measure && !a->share && strcmp(o->measure, "quotient") != 0)
        return fail(a->context, BASHU_ERROR_ARGUMENT, "a measure is 'quotient' or 'share', not '%s'", o->measure);
    /* the solver's own error is not to be taken for a miss */
    a->tolerance = fmax(o->tolerance, 100 * a->solver_options.tolerance);
    return BASHU_OK;
}

static bashu_status answer_all(bashu_attain *a, seeker *s, const bool *wanted)
{
    selection at = {0};
    size_t k = 0;
    TRY(select_all(&at, a, s->circle_part));
    a->measure = measure_of(a, s->circle_part, NULL);
    a->target = measure_of(a, s->benchmark_part, NULL);
    if (!(a->measure > 0 && a->target > 0))
        return fail(a->context, BASHU_ERROR_ARGUMENT, "sector '%s' is not there in %s, so there is no measure to bring to another", a->options.sector,
                    a->measure > 0 ? a->benchmark.member : a->circle.member);
    TRY(solver_new(&s->solver, a->economy, &a->solver_options));
    solver_set_starts(s->solver, 0);
    solver_keep_pairs(s->solver, false);
    TRY(solver_prepare(s->solver));
    for (size_t row = 0; row < ATTAIN_ROW_COUNT; row++) {
        if (!wanted[row]) continue;
        report_progress(a->context, (double)k / (double)a->count, attain_rows[row].name);
        TRY(answer_lever(&a->answers[k++], s, row, &at));
    }
    return BASHU_OK;
}

static bashu_status compute(bashu_attain *a)
{
    bool wanted[ATTAIN_ROW_COUNT];
    size_t N = a->economy->about.N;
    seeker s = {.attain = a};
    TRY(read_wanted(a));
    TRY(read_levers(wanted, a));
    double *part = arena_alloc(a->memory, 2 * N, sizeof *part);
    a->answers = arena_alloc(a->memory, a->count, sizeof *a->answers);
    if (!part || !a->answers) return fail_memory(a->context);
    TRY(measure_parts(a->context, &a->economy->about, a->circle.set, a->circle.member, part, NULL));
    TRY(measure_parts(a->context, &a->economy->about, a->benchmark.set, a->benchmark.member, part + N, NULL));
    s.circle_part = part;
    s.benchmark_part = part + N;
    bashu_status status = answer_all(a, &s, wanted);
    result_free(s.result);
    solver_free(s.solver);
    return status;
}

bashu_status attain_new(bashu_attain **out, const bashu_economy *economy, const bashu_attain_options *wanted, const bashu_options *options)
{
    static const bashu_options defaults = BASHU_OPTIONS_INIT;
    double start = now_s();
    arena *memory = arena_new(economy->context);
    bashu_attain *a = memory ? arena_alloc(memory, 1, sizeof *a) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (a) {
        *a = (bashu_attain){.context = economy->context, .memory = memory, .economy = economy, .options = *wanted,
                            .solver_options = options ? *options : defaults};
        status = compute(a);
    } else fail_memory(economy->context);
    if (status != BASHU_OK) {
        arena_free(memory);
        return status;
    }
    a->time_s = now_s() - start;
    *out = a;
    return BASHU_OK;
}

void attain_free(bashu_attain *attain)
{
    if (attain) arena_free(attain->memory);
}
