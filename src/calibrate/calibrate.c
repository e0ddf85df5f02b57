/* calibrate.c - from data to an economy, step by step. */
#include "calibrate/calibrate.h"

#include <math.h>
#include <string.h>

bashu_status note_adjustment(calibration *c, const char *en, const char *zh, double before, double after)
{
    if (!en || !zh) return fail_memory(c->context);
    if (c->adjustment_count == c->adjustment_room) return BASHU_OK; /* room for every kind there is; see new_calibration */
    c->adjustments[c->adjustment_count++] = (adjustment){en, zh, before, after};
    return BASHU_OK;
}

static double *copy(arena *memory, const double *from, size_t count)
{
    double *to = from ? arena_alloc(memory, count, sizeof *to) : NULL;
    return to ? memcpy(to, from, count * sizeof *to) : NULL;
}

static bashu_status new_calibration(calibration *c, const bashu_data *data)
{
    const description *about = &data->about;
    size_t N = about->N, J = about->J, A = about->A;
    c->context = data->context;
    c->data = data;
    c->memory = arena_new(data->context);
    c->scratch = arena_new(data->context);
    if (!c->memory || !c->scratch) return fail_memory(data->context);
    c->economy = arena_alloc(c->memory, 1, sizeof *c->economy);
    c->output = arena_alloc(c->memory, N * J, sizeof(double));
    c->expenditure = arena_alloc(c->memory, N * J, sizeof(double));
    c->final = arena_alloc(c->scratch, N * J, sizeof(double));
    c->trade_share = arena_alloc(c->memory, N * J * N, sizeof(double));
    c->input_share = copy(c->memory, data->input_share, A * J * J); /* all zero where there is no table of inputs */
    c->value_added_share = arena_alloc(c->memory, N * J, sizeof(double));
    c->exports = copy(c->scratch, data->exports, A * J);
    c->imports = copy(c->scratch, data->imports, A * J);
    c->adjustment_room = 3 * J + 16;
    c->adjustments = arena_alloc(c->memory, c->adjustment_room, sizeof(adjustment));
    bool complete = c->economy && c->output && c->expenditure && c->final && c->trade_share && c->input_share
                    && c->value_added_share && c->adjustments && !c->exports == !data->exports && !c->imports == !data->imports;
    return complete ? BASHU_OK : fail_memory(data->context);
}

/* Who owns the national portfolio of rents, where that is stated; shares that sum to 1 to rounding. */
static bashu_status copy_portfolio(calibration *c)
{
    const description *about = &c->data->about;
    double sum = 0, *share = arena_alloc(c->memory, about->N, sizeof *share);
    if (!share) return fail_memory(c->context);
    for (size_t n = 0; n < about->N; n++) sum += share[n] = about->regions[n].portfolio_share;
    if (isnan(sum) || about->switches.rents != RENTS_NATIONAL) return BASHU_OK;
    for (size_t n = 0; n < about->N; n++) share[n] /= sum;
    c->economy->portfolio_share = share;
    return BASHU_OK;
}

static bashu_status copy_research(calibration *c)
{
    const research *from = &c->data->research;
    research *to = &c->economy->research;
    size_t N = c->data->about.N;
    if (!from->science) return BASHU_OK;
    to->science = copy(c->memory, from->science, N);
    for (size_t u = 0; u < RESEARCH_USE_COUNT; u++) to->people[u] = copy(c->memory, from->people[u], N);
    return to->science && to->people[RESEARCH_SCIENCE] && to->people[RESEARCH_INDUSTRY] ? BASHU_OK : fail_memory(c->context);
}

/* Elasticities and shares that need no fitting. */
static bashu_status copy_parameters(calibration *c)
{
    const bashu_data *d = c->data;
    bashu_economy *e = c->economy;
    size_t N = d->about.N, J = d->about.J, S = d->about.S;
    e->context = c->context;
    e->memory = c->memory;
    TRY(description_copy(&e->about, &d->about, c->memory));
    const elasticity *x = e->about.elasticities;
    double *land_share = arena_alloc(c->memory, N * J, sizeof(double)), *goods = arena_alloc(c->memory, N, sizeof(double));
    double *iota = arena_alloc(c->memory, N, sizeof(double));
    unsigned char *people_flags = arena_alloc(c->memory, N * S, 1), *value_flags = arena_alloc(c->memory, N * J, 1);
    e->people = copy(c->memory, d->people, N * S);
    e->wage_share = copy(c->memory, d->wage_share, N * J * S);
    if (!land_share || !goods || !iota || !people_flags || !value_flags || !e->people || !e->wage_share) return fail_memory(c->context);
    if (d->people_imputed) memcpy(people_flags, d->people_imputed, N * S);
    if (d->value_added_imputed) memcpy(value_flags, d->value_added_imputed, N * J);
    for (size_t n = 0; n < N; n++) {
        goods[n] = 1 - x[HOUSING_SHARE].by_item[n];
        iota[n] = e->about.switches.rents == RENTS_NATIONAL && !is_foreign_region(c, n) ? x[NATIONAL_RENT_SHARE].by_item[n] : 0;
        for (size_t j = 0; j < J; j++) {
            bool stated = d->land_share && isfinite(d->land_share[at2(n, j, J)]);
            land_share[at2(n, j, J)] = stated ? d->land_share[at2(n, j, J)] : x[LAND_SHARE].by_item[j];
        }
    }
    e->people_imputed = people_flags;
    e->value_added_imputed = value_flags;
    e->land_share = land_share;
    e->goods_share = goods;
    e->iota = iota;
    e->theta = x[TRADE_ELASTICITY].by_item;
    e->mu = x[AGGLOMERATION_ELASTICITY].by_item;
    e->delta = x[AGGLOMERATION_DECAY].by_item;
    e->epsilon = x[MIGRATION_ELASTICITY].by_item;
    e->epsilon_commuting = x[COMMUTING_ELASTICITY].by_item;
    TRY(copy_portfolio(c));
    TRY(copy_research(c));
    e->chi = x[HOUSING_SUPPLY_ELASTICITY].by_item;
    e->lambda = x[AMENITY_CONGESTION].by_item[0];
    return BASHU_OK;
}

static bashu_status travel_times(calibration *c)
{
    const description *about = &c->economy->about;
    size_t N = about->N;
    if (!about->network) return BASHU_OK;
    double *time_h = arena_alloc(c->memory, about->C * N * N, sizeof *time_h);
    if (!time_h) return fail_memory(c->context);
    for (size_t k = 0; k < about->C; k++)
        TRY(region_travel_time(time_h + k * N * N, about, c->context, k, NULL));
    c->economy->travel_time_h = time_h;
    return BASHU_OK;
}

static bashu_status calibrate_steps(calibration *c)
{
    report_progress(c->context, 0.0, "calibrate: travel times");
    TRY(copy_parameters(c));
    TRY(travel_times(c));
    TRY(fit_commuting(c));
    report_progress(c->context, 0.1, "calibrate: accounts");
    if (c->data->trade_value) {
        TRY(use_observed_trade(c));
        c->economy->tariff = copy(c->memory, c->data->tariff, c->data->about.N * c->data->about.J * c->data->about.N);
        if (c->data->tariff && !c->economy->tariff) return fail_memory(c->context);
    } else {
        TRY(balance_accounts(c));
        report_progress(c->context, 0.2, "calibrate: trade");
        TRY(fit_trade(c));
    }
    if (is_cancelled(c->context)) return fail(c->context, BASHU_INTERRUPTED, "interrupted");
    report_progress(c->context, 0.7, "calibrate: markets");
    TRY(close_accounts(c));
    report_progress(c->context, 0.9, "calibrate: people");
    TRY(fit_migration(c));
    TRY(fit_gross_flows(c));
    TRY(invert_fundamentals(c));
    report_progress(c->context, 1.0, "calibrate: done");
    c->economy->adjustments = c->adjustments;
    c->economy->adjustment_count = c->adjustment_count;
    return BASHU_OK;
}

bashu_status calibrate(bashu_economy **out, const bashu_data *data, const bashu_options *options)
{
    (void)options; /* calibration has no knobs; the argument keeps the call stable */
    calibration c = {0};
    double start = now_s();
    *out = NULL;
    bashu_status status = new_calibration(&c, data);
    if (status == BASHU_OK) status = calibrate_steps(&c);
    arena_free(c.scratch);
    if (status == BASHU_OK) {
        c.economy->about.calibrate_s = now_s() - start;
        *out = c.economy;
    } else {
        arena_free(c.memory);
    }
    return status;
}
