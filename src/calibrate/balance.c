/* balance.c - outputs, uses and final demand that a world market can clear.
 *
 *   Y_n^j = VA_n^j / gamma_n^j
 *   F_n   = VA_n - B_n                       final expenditure; B: trade balance, observed or from the margins of areas
 *   S^k   = sum_n Y_n^k + imports^k - exports^k          supply to all but the foreign region
 *   uses: Z_a^{jk} (input k of sector j in area a) and F_n^k, scaled biproportionally from the observed ones so that
 *         sum_j,a Z^{jk} + sum_n F_n^k = S^k,  sum_k Z_a^{jk} = (1 - gamma_a^j) Y_a^j,  sum_k F_n^k = F_n
 *   the foreign region, when its trade is observed: the same with S^k = Y_f^k + exports^k - imports^k
 *
 * Provincial tables do not add up to a nation (each bureau balances its own); the scaling is the smallest change in the
 * sense of information that makes them. Value-added shares, value added and outputs stay as observed. */
#include "calibrate/calibrate.h"

#include <math.h>
#include <string.h>

enum { SCALING_LIMIT = 20000 };
static const double trace = 1e-6;
/* Margins contain transit: a province's balance from them is believed up to this share of its value added. */
static const double balance_most = 0.4;

typedef struct uses {
    size_t N, J, A;
    bool foreign;          /* the foreign region alone, or all others (all, when no trade abroad is observed) */
    bool *balanced;        /* [N] region takes part */
    double *inputs;        /* [A][J using][J input] values of the areas' balanced regions */
    double *input_total;   /* [A][J] */
    double *final;         /* [N][J] */
    double *final_total;   /* [N] */
    double *supply;        /* [J] */
} uses;

static bashu_status outputs(calibration *c)
{
    const bashu_data *d = c->data;
    const description *about = &d->about;
    for (size_t n = 0; n < about->N; n++)
        for (size_t j = 0; j < about->J; j++) {
            const double *input = d->input_share + (about->regions[n].area_index * about->J + j) * about->J;
            double share = 1;
            for (size_t k = 0; k < about->J; k++) share -= input[k];
            if (!(share > 0))
                return fail(c->context, BASHU_ERROR_INPUT,
                            "%s: sector '%s' in area '%s' uses inputs worth %.4g of its output; coefficients must sum to less than 1",
                            about->folder, about->sectors[j].label.id, about->regions[n].area, 1 - share);
            c->value_added_share[at2(n, j, about->J)] = share;
            c->output[at2(n, j, about->J)] = d->value_added[at2(n, j, about->J)] / share;
        }
    return BASHU_OK;
}

static double margin(const double *table, size_t index)
{
    return table && isfinite(table[index]) ? table[index] : 0;
}

/* Balances beyond the limit are brought back to it; what that takes from the nation's balance is given to the others in
 * proportion to value added, so that the sum stays. Stated balances of regions are left alone. */
static bashu_status limit_balances(calibration *c, const double *value_added, double *balance)
{
    const region_row *regions = c->data->about.regions;
    double moved = 0, before = 0;
    for (int round = 0; round < 100; round++) {
        double cut = 0, free = 0;
        for (size_t n = 0; n < c->data->about.N; n++) {
            if (is_foreign_region(c, n) || isfinite(regions[n].trade_balance)) continue;
            double most = balance_most * value_added[n], kept = fmax(-most, fmin(most, balance[n]));
            if (round == 0) before += fabs(balance[n]);
            moved += fabs(balance[n] - kept);
            cut += balance[n] - kept;
            balance[n] = kept;
            if (fabs(kept) < most) free += value_added[n];
        }
        if (cut == 0 || free == 0) break;
        for (size_t n = 0; n < c->data->about.N; n++)
            if (!is_foreign_region(c, n) && !isfinite(regions[n].trade_balance) && fabs(balance[n]) < balance_most * value_added[n])
                balance[n] += cut * value_added[n] / free;
    }
    if (moved == 0) return BASHU_OK;
    return note_adjustment(c, "trade balances limited to 40 % of value added (sum of absolute balances)",
                           "贸易差额限于增加值的 40%（绝对值合计）", before, before - moved);
}

/* Trade balances of areas: exports - imports + outflow - inflow, the last two made to add up to zero over the nation by
 * a term proportional to value added; given to the regions of the area in proportion to value added. */
static bashu_status trade_balances(calibration *c, const double *value_added, double *balance)
{
    const bashu_data *d = c->data;
    const description *about = &d->about;
    size_t N = about->N, J = about->J, A = about->A;
    double *area_balance = arena_alloc(c->scratch, A, sizeof(double)), *area_size = arena_alloc(c->scratch, A, sizeof(double));
    if (!area_balance || !area_size) return fail_memory(c->context);
    double domestic = 0, size = 0;
    for (size_t n = 0; n < N; n++) area_size[about->regions[n].area_index] += value_added[n];
    for (size_t a = 0; c->exports && a < A; a++) {
        bool seen = false;
        double net = 0;
        for (size_t j = 0; j < J; j++) {
            size_t aj = a * J + j;
            seen = seen || isfinite(c->exports[aj]);
            net += margin(d->outflow, aj) - margin(d->inflow, aj);
            area_balance[a] += margin(c->exports, aj) - margin(c->imports, aj);
        }
        area_balance[a] += net;
        domestic += net;
        if (seen) size += area_size[a];
    }
    double sum = 0, total = 0;
    for (size_t n = 0; n < N; n++) {
        size_t a = about->regions[n].area_index;
        total += value_added[n];
        bool seen = c->exports && isfinite(c->exports[a * J]);
        balance[n] = seen ? value_added[n] * (area_balance[a] / area_size[a] - domestic / size) : 0;
        if (isfinite(about->regions[n].trade_balance)) balance[n] = about->regions[n].trade_balance;
        if (!is_foreign_region(c, n)) sum += balance[n];
    }
    TRY(limit_balances(c, value_added, balance));
    if (about->foreign >= 0) balance[about->foreign] = -sum;
    else
        for (size_t n = 0; n < N; n++) balance[n] -= sum * value_added[n] / total;
    if (domestic != 0)
        TRY(note_adjustment(c, "trade between areas: outflow less inflow, summed over areas (must be zero)",
                            "区域间贸易：流出减流入的全国合计（应为零）", domestic, 0));
    return BASHU_OK;
}

static bashu_status uses_new(uses *u, calibration *c, bool foreign)
{
    const description *about = &c->data->about;
    size_t N = about->N, J = about->J, A = about->A;
    *u = (uses){.N = N, .J = J, .A = A, .foreign = foreign};
    u->balanced = arena_alloc(c->scratch, N, sizeof(bool));
    u->inputs = arena_alloc(c->scratch, A * J * J, sizeof(double));
    u->input_total = arena_alloc(c->scratch, A * J, sizeof(double));
    u->final = c->final;
    u->final_total = arena_alloc(c->scratch, N, sizeof(double));
    u->supply = arena_alloc(c->scratch, J, sizeof(double));
    return u->balanced && u->inputs && u->input_total && u->final_total && u->supply ? BASHU_OK : fail_memory(c->context);
}

/* Observed uses, before scaling. */
static void fill_uses(uses *u, const calibration *c)
{
    const bashu_data *d = c->data;
    const description *about = &d->about;
    size_t J = u->J;
    for (size_t n = 0; n < u->N; n++) {
        size_t a = about->regions[n].area_index;
        u->balanced[n] = !c->exports || is_foreign_region(c, n) == u->foreign;
        if (!u->balanced[n]) continue;
        for (size_t j = 0; j < J; j++) {
            double output = c->output[at2(n, j, J)];
            for (size_t k = 0; k < J; k++) u->inputs[(a * J + j) * J + k] += c->input_share[(a * J + j) * J + k] * output;
            u->input_total[a * J + j] += (1 - c->value_added_share[at2(n, j, J)]) * output;
            u->supply[j] += output;
            u->final[at2(n, j, J)] = d->final_share[a * J + j] * u->final_total[n];
        }
    }
    for (size_t aj = 0; c->exports && aj < u->A * J; aj++)
        u->supply[aj % J] += (u->foreign ? -1 : 1) * (margin(c->imports, aj) - margin(c->exports, aj));
}

static void use_totals(const uses *u, double *total)
{
    memset(total, 0, u->J * sizeof *total);
    for (size_t i = 0; i < u->A * u->J * u->J; i++) total[i % u->J] += u->inputs[i];
    for (size_t n = 0; n < u->N; n++)
        for (size_t k = 0; u->balanced[n] && k < u->J; k++) total[k] += u->final[at2(n, k, u->J)];
}

static void scale_row(double *row, const double *factor, double total, size_t J)
{
    double sum = 0;
    for (size_t k = 0; k < J; k++) sum += row[k] *= factor[k];
    for (size_t k = 0; sum > 0 && k < J; k++) row[k] *= total / sum;
}

/* Biproportional scaling (RAS; Deming & Stephan 1940). Returns the worst relative gap between supply and use. */
static double scale_uses(uses *u, double *factor)
{
    double gap = INFINITY;
    for (int step = 0; step < SCALING_LIMIT && gap > 1e-13; step++) {
        use_totals(u, factor);
        gap = 0;
        for (size_t k = 0; k < u->J; k++) {
            gap = worse(gap, u->supply[k] > 0 ? factor[k] / u->supply[k] - 1 : factor[k]);
            factor[k] = factor[k] > 0 ? u->supply[k] / factor[k] : 1;
        }
        for (size_t aj = 0; aj < u->A * u->J; aj++) scale_row(u->inputs + aj * u->J, factor, u->input_total[aj], u->J);
        for (size_t n = 0; n < u->N; n++)
            if (u->balanced[n]) scale_row(u->final + n * u->J, factor, u->final_total[n], u->J);
    }
    return gap;
}

/* A sector that sells more abroad than it makes and buys cannot be used at home: its exports are lowered until a
 * twentieth of the observed use is supplied. */
static bashu_status lower_exports(calibration *c, uses *u, const double *wanted)
{
    const label *sector;
    for (size_t k = 0; c->exports && k < u->J; k++) {
        double missing = 0.05 * wanted[k] - u->supply[k], exports = 0;
        if (missing <= 0) continue;
        for (size_t a = 0; a < u->A; a++) exports += margin(c->exports, a * u->J + k);
        double factor = exports > missing ? 1 - missing / exports : 0;
        for (size_t a = 0; a < u->A; a++) c->exports[a * u->J + k] *= factor;
        u->supply[k] += exports * (1 - factor);
        sector = &c->data->about.sectors[k].label;
        TRY(note_adjustment(c, arena_format(c->memory, "%s: exports lowered to what can be supplied", sector->name_en),
                            arena_format(c->memory, "%s：出口调低至可供量", sector->name_zh), exports, exports * factor));
    }
    return BASHU_OK;
}

static bashu_status report_scaling(calibration *c, const uses *u, const double *before)
{
    for (size_t k = 0; k < u->J; k++)
        if (fabs(before[k] / u->supply[k] - 1) > 1e-9)
            TRY(note_adjustment(c,
                                arena_format(c->memory, "%s: use scaled to supply", c->data->about.sectors[k].label.name_en),
                                arena_format(c->memory, "%s：使用按供给调整", c->data->about.sectors[k].label.name_zh), before[k],
                                u->supply[k]));
    return BASHU_OK;
}

/* Imports cannot exceed what is bought; the limit leaves a trace of own supply. True when one was lowered. */
static bool limit_imports(calibration *c, const uses *u, double *lowered)
{
    bool any = false;
    const description *about = &c->data->about;
    size_t J = u->J;
    for (size_t a = 0; c->imports && a < u->A; a++)
        for (size_t k = 0; k < J; k++) {
            double use = 0, *imports = &c->imports[a * J + k];
            if (!isfinite(*imports)) continue;
            for (size_t j = 0; j < J; j++) use += u->inputs[(a * J + j) * J + k];
            for (size_t n = 0; n < u->N; n++)
                if (about->regions[n].area_index == a && u->balanced[n]) use += u->final[at2(n, k, J)];
            if (*imports <= 0.9 * use) continue;
            *lowered += *imports - 0.9 * use;
            *imports = 0.9 * use;
            any = true;
        }
    return any;
}

/* Made and used by area and sector before balancing, from value added, prior final shares and coefficients. */
static void observed_use(const calibration *c, double *made, double *used)
{
    const description *about = &c->data->about;
    size_t J = about->J;
    for (size_t n = 0; n < about->N; n++) {
        size_t a = about->regions[n].area_index;
        const double *input = c->input_share + a * J * J;
        for (size_t j = 0; j < J; j++) {
            double output = c->output[at2(n, j, J)];
            made[a * J + j] += output;
            for (size_t k = 0; k < J; k++) {
                used[a * J + k] += input[j * J + k] * output;
                used[a * J + k] += c->data->final_share[a * J + k] * c->data->value_added[at2(n, j, J)];
            }
        }
    }
}

/* Areas whose trade abroad is not observed, where others' is: they sell and buy abroad the shares that the others do. */
static bashu_status fill_free_margins(calibration *c)
{
    const description *about = &c->data->about;
    size_t J = about->J, A = about->A, foreign = about->foreign >= 0 ? about->regions[about->foreign].area_index : A;
    double filled = 0, *made = arena_alloc(c->scratch, A * J, sizeof *made), *used = arena_alloc(c->scratch, A * J, sizeof *used);
    if (!made || !used) return fail_memory(c->context);
    if (!c->exports || foreign == A) return BASHU_OK;
    observed_use(c, made, used);
    for (size_t j = 0; j < J; j++) {
        double exports = 0, imports = 0, all_made = 0, all_used = 0;
        for (size_t aj = j; aj < A * J; aj += J) {
            if (!isfinite(c->exports[aj])) continue;
            exports += c->exports[aj];
            imports += margin(c->imports, aj);
            all_made += made[aj];
            all_used += used[aj];
        }
        for (size_t a = 0; a < A; a++) {
            size_t aj = a * J + j;
            if (a == foreign || isfinite(c->exports[aj])) continue;
            c->exports[aj] = all_made > 0 ? exports / all_made * made[aj] : 0;
            c->imports[aj] = all_used > 0 ? imports / all_used * used[aj] : 0;
            filled += c->exports[aj] + c->imports[aj];
        }
    }
    if (filled == 0) return BASHU_OK;
    return note_adjustment(c, "trade abroad of areas without figures, at the others' average shares",
                           "无数据地区的对外贸易，按其他地区平均份额推定", 0, filled);
}

static bashu_status limit_exports(calibration *c)
{
    const description *about = &c->data->about;
    size_t J = about->J;
    double lowered = 0, total = 0, *made = arena_alloc(c->scratch, about->A * J, sizeof *made);
    if (!made) return fail_memory(c->context);
    for (size_t n = 0; n < about->N; n++)
        for (size_t j = 0; j < J; j++) made[about->regions[n].area_index * J + j] += c->output[at2(n, j, J)];
    for (size_t aj = 0; c->exports && aj < about->A * J; aj++) {
        /* a printed zero is less than half the last digit: a trace keeps every block of the fit positive */
        if (isfinite(c->exports[aj]) && made[aj] > 0) c->exports[aj] = fmax(c->exports[aj], trace * made[aj]);
        if (isfinite(c->imports[aj])) c->imports[aj] = fmax(c->imports[aj], trace * fmax(made[aj], 1e-3));
        total += margin(c->exports, aj);
        if (!isfinite(c->exports[aj]) || c->exports[aj] <= 0.9 * made[aj]) continue;
        lowered += c->exports[aj] - 0.9 * made[aj];
        c->exports[aj] = 0.9 * made[aj];
    }
    if (lowered > 0)
        TRY(note_adjustment(c, "exports limited to 90 % of an area's output (the rest is transit)",
                            "出口限于本区产出的 90%（其余视为过境）", total, total - lowered));
    return BASHU_OK;
}

static void store_coefficients(calibration *c, const uses *u)
{
    size_t J = u->J;
    for (size_t aj = 0; aj < u->A * J; aj++)
        for (size_t k = 0; u->input_total[aj] > 0 && k < J; k++) {
            double base = 0;
            for (size_t i = 0; i < J; i++) base += c->data->input_share[aj * J + i];
            c->input_share[aj * J + k] = u->inputs[aj * J + k] / u->input_total[aj] * base;
        }
}

static bashu_status scale_or_fail(calibration *c, uses *u, double *factor)
{
    const description *about = &c->data->about;
    for (size_t k = 0; k < u->J; k++)
        if (!(u->supply[k] > 0))
            return fail(c->context, BASHU_ERROR_INPUT,
                        "%s: goods market of '%s' cannot clear: supply to %s is %.6g; look at its value_added in production.csv "
                        "and its exports and imports in trade_margins.csv",
                        about->folder, about->sectors[k].label.id, u->foreign ? "the foreign region" : "the regions", u->supply[k]);
    double gap = scale_uses(u, factor);
    if (gap < 1e-6) return BASHU_OK;
    return fail(c->context, BASHU_ERROR_INPUT,
                "%s: supply and use of sectors cannot be balanced (relative gap %.2g after %d scalings); "
                "look at value_added in production.csv against final_demand.csv and trade_margins.csv",
                about->folder, gap, SCALING_LIMIT);
}

/* Nobody can sell more to others, on balance, than is earned. */
static bashu_status final_totals(uses *u, const calibration *c, const double *earned, const double *balance)
{
    for (size_t n = 0; n < u->N; n++) {
        u->final_total[n] = earned[n] - balance[n];
        if (u->final_total[n] >= 0) continue;
        return fail(c->context, BASHU_ERROR_INPUT,
                    "%s: region '%s' earns %.6g (wages of commuters counted where they live) and its trade balance of %.6g leaves nothing to spend; "
                    "lower trade_balance in regions.csv or the outflow and exports of its area",
                    c->data->about.folder, c->data->about.regions[n].label.id, earned[n], balance[n]);
    }
    return BASHU_OK;
}

/* earned: value added, and wages that residents earn elsewhere less those that others earn here */
static bashu_status balance_domestic(calibration *c, const double *value_added, const double *earned, double *balance)
{
    const description *about = &c->data->about;
    uses u;
    double lowered = 0, imports = 0, *before = arena_alloc(c->scratch, about->J, sizeof *before);
    double *factor = arena_alloc(c->scratch, about->J, sizeof *factor);
    if (!before || !factor) return fail_memory(c->context);
    for (size_t aj = 0; c->imports && aj < about->A * about->J; aj++) imports += margin(c->imports, aj);
    size_t adjustments = c->adjustment_count;
    for (int round = 0; round < 20; round++) { /* imports above use are lowered, and everything is balanced again */
        c->adjustment_count = adjustments;
        TRY(trade_balances(c, value_added, balance));
        TRY(uses_new(&u, c, false));
        TRY(final_totals(&u, c, earned, balance));
        fill_uses(&u, c);
        use_totals(&u, before);
        TRY(lower_exports(c, &u, before));
        TRY(scale_or_fail(c, &u, factor));
        if (!limit_imports(c, &u, &lowered)) break;
    }
    if (lowered > 0)
        TRY(note_adjustment(c, "imports limited to 90 % of an area's use (the rest is transit)",
                            "进口限于本区使用的 90%（其余视为过境）", imports, imports - lowered));
    TRY(report_scaling(c, &u, before));
    store_coefficients(c, &u);
    return BASHU_OK;
}

static bashu_status balance_foreign(calibration *c, const double *value_added, const double *balance)
{
    uses u;
    size_t f = (size_t)c->data->about.foreign;
    double *factor = arena_alloc(c->scratch, c->data->about.J, sizeof *factor);
    if (!factor) return fail_memory(c->context);
    TRY(uses_new(&u, c, true));
    u.final_total[f] = value_added[f] - balance[f];
    fill_uses(&u, c);
    TRY(scale_or_fail(c, &u, factor));
    store_coefficients(c, &u);
    return BASHU_OK;
}

bashu_status balance_accounts(calibration *c)
{
    const description *about = &c->data->about;
    size_t N = about->N, J = about->J;
    double *value_added = arena_alloc(c->scratch, N, sizeof(double)), *balance = arena_alloc(c->scratch, N, sizeof(double));
    double *earned = arena_alloc(c->scratch, N, sizeof(double));
    if (!value_added || !balance || !earned) return fail_memory(c->context);
    TRY(outputs(c));
    TRY(fill_free_margins(c));
    TRY(limit_exports(c));
    for (size_t i = 0; i < N * J; i++) value_added[i / J] += c->data->value_added[i];
    memcpy(earned, value_added, N * sizeof *earned);
    TRY(commuters_net_wages(c, earned));
    TRY(balance_domestic(c, value_added, earned, balance));
    if (about->foreign >= 0 && c->exports) TRY(balance_foreign(c, value_added, balance));
    for (size_t n = 0; n < N; n++)
        for (size_t k = 0; k < J; k++) {
            double use = c->final[at2(n, k, J)];
            size_t a = about->regions[n].area_index;
            for (size_t j = 0; j < J; j++) use += c->input_share[(a * J + j) * J + k] * c->output[at2(n, j, J)];
            c->expenditure[at2(n, k, J)] = use;
        }
    return BASHU_OK;
}
