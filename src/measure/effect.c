/* effect.c - first-order effects: of a scenario on everything, and of each region's productivity on each region.
 *
 *   J dz = - F_k dk,   d log O = O_z dz + O_k dk,   hat = exp(d log)
 *   dk: logs of the hats of the shock, log (1 + tau') / (1 + tau), transfers in currency, t' - t where something decays with time
 *   residual: |J dz + F_k dk| / |F_k dk|, put together by linear.c and not by the derivative that GMRES used
 *
 * Exposure to i: d log A_i^j = 1 for every sector j of i (Kleinman, Liu & Redding 2024, "International friends and enemies"). */
#include "measure/linear.h"
#include "linalg/vector.h"

#include <math.h>
#include <omp.h>
#include <string.h>

static double norm_of(const double *x, size_t count)
{
    return sqrt(dot(x, x, count));
}

/* Solves for one change of the levers; leaves dz in l->y and what is seen in l->seen. */
static void solve_change(bashu_linear *l, const lever_changes *k, double tolerance, bashu_linear_info *info)
{
    size_t size = l->system->size;
    linear_change(l->lens, NULL, k, l->b, NULL);
    linear_outcome solved = linear_solve(l->lens, l->ladder, l->b, tolerance, l->pass_limit, l->y);
    linear_change(l->lens, l->y, k, l->f, l->seen);
    double asked = norm_of(l->b, size);
    info->residual = worse(info->residual, asked > 0 ? norm_of(l->f, size) / asked : 0);
    info->passes += solved.passes + 2;
    info->solves++;
}

static bashu_status check_solved(const bashu_linear *l, const bashu_linear_info *info)
{
    if (is_cancelled(l->context)) return fail(l->context, BASHU_INTERRUPTED, "interrupted");
    if (info->residual <= 1e-6) return BASHU_OK;
    return fail(l->context, BASHU_ERROR_UNSUPPORTED,
                "the linear system was solved to %.1e only (1e-6 is allowed): the baseline is nearly singular; see bashu check", info->residual);
}

/* ---- a scenario ----------------------------------------------------------------------------------- */

static bashu_status result_make(bashu_result **out, const bashu_linear *l)
{
    size_t N = l->economy->about.N, J = l->economy->about.J, S = l->economy->about.S;
    arena *memory = arena_new(l->context);
    bashu_result *r = memory ? arena_alloc(memory, 1, sizeof *r) : NULL;
    if (r) {
        r->context = l->context;
        r->memory = memory;
        r->economy = l->economy;
        const array_wanted wanted[] = {{&r->wage_hat, N * S}, {&r->people_hat, N * S}, {&r->rent_hat, N}, {&r->price_hat, N * J},
                      {&r->output_hat, N * J}, {&r->expenditure, N * J}, {&r->income, N}, {&r->value_added, N},
                      {&r->utility_hat, N * S}, {&r->welfare_hat, N * S}, {&r->x, N * J}, {&r->gate_price_hat, N * J}, {&r->amenity_hat, N * S}, {&r->productivity_hat, N * J},
                      {&r->land_hat, N}, {&r->deficit, N}, {&r->subsidies_got, N},
                      {&r->labour_income, N * S}, {&r->access_hat, N * S}, {&r->crowding_hat, N}};
        if (ARENA_ARRAYS(memory, wanted)) {
            *out = r;
            return BASHU_OK;
        }
    }
    arena_free(memory);
    return fail_memory(l->context);
}

static void store(const bashu_linear *l, bashu_result *r, const shock *k, const lever_changes *levers)
{
    const problem *p = &l->system->problem;
    const bashu_economy *e = l->economy;
    const linearisation *lens = l->lens;
    size_t J = p->J, S = p->S;
    for (size_t n = 0; n < p->N; n++) {
        const double *seen = l->seen + n * seen_width(p), *in = lens->in + n * lens->to.in, *out = lens->out + n * lens->to.out;
        r->value_added[n] = 0;
        for (size_t s = 0; s < S; s++) {
            size_t ns = n * S + s;
            r->wage_hat[ns] = exp(seen[at_wage(s)]);
            r->people_hat[ns] = exp(seen[at_people(p, s)]);
            r->labour_income[ns] = e->labour_income[ns] * exp(seen[seen_labour_income(p) + s]);
            r->utility_hat[ns] = exp(seen[seen_utility(p) + s]);
            r->welfare_hat[ns] = exp(seen[seen_welfare(p) + s]);
            r->access_hat[ns] = exp(in[lens->to.access + s]);
        }
        for (size_t j = 0; j < J; j++) {
            size_t nj = n * J + j;
            r->price_hat[nj] = exp(seen[at_price(p, j)]);
            r->output_hat[nj] = exp(seen[at_output(p, j)]);
            r->expenditure[nj] = e->expenditure[nj] * exp(seen[seen_expenditure(p) + j]);
            r->value_added[n] += e->value_added_share[nj] * e->output[nj] * r->output_hat[nj];
            r->x[j * p->N + n] = exp(out[lens->to.power + j]);
            r->gate_price_hat[nj] = exp(-out[lens->to.power + j] / e->theta[j]);
        }
        r->rent_hat[n] = exp(seen[at_rent(p)]);
        r->income[n] = e->income[n] * exp(seen[seen_income(p)]);
        r->crowding_hat[n] = exp(in[lens->to.crowding]);
        r->deficit[n] = e->deficit[n] + linear_deficit_change(lens, n) + levers->transfer[n];
        r->subsidies_got[n] = 0;
        for (size_t j = 0; k->subsidy && j < J; j++) r->subsidies_got[n] += k->subsidy[n * J + j] * e->output[n * J + j];
        r->deficit[n] += r->subsidies_got[n];
    }
    memcpy(r->amenity_hat, k->amenity_hat, p->N * S * sizeof(double));
    memcpy(r->productivity_hat, k->productivity_hat, p->N * J * sizeof(double));
    memcpy(r->land_hat, k->land_hat, p->N * sizeof(double));
    r->pairs_kept = false;
}

static void describe(bashu_result *r, const bashu_linear_info *info)
{
    r->equations[0] = (bashu_equation){"linear_system", info->residual, ""};
    memcpy(r->worst, "linear_system", sizeof "linear_system");
    r->info = (bashu_info){.reason = BASHU_FIRST_ORDER, .method = "linear", .passes = info->passes, .residual = info->residual, .worst = r->worst,
                           .forward_error = (double)NAN, .uniqueness = "not known: a linear answer is of the baseline alone", .equilibria = 1,
                           .time_s = info->time_s, .equation_count = 1, .equations = r->equations, .history = r->history};
}

bashu_status linear_effect(bashu_result **out, bashu_linear *l, const bashu_scenario *scenario)
{
    const shock *k;
    lever_changes levers;
    bashu_linear_info info = {0};
    double begin = now_s();
    if (scenario->economy != l->economy)
        return fail(l->context, BASHU_ERROR_ARGUMENT, "the scenario was read for another economy than the linear answer's");
    if (*out && (*out)->economy != l->economy)
        return fail(l->context, BASHU_ERROR_ARGUMENT, "the result belongs to another economy; free it and pass NULL");
    arena *scratch = arena_new(l->context);
    if (!scratch) return fail_memory(l->context);
    bashu_status status = shock_build(&k, l->builder, scenario, NULL);
    if (status == BASHU_OK) status = levers_of_shock(&levers, scratch, l->economy, k);
    if (status == BASHU_OK) {
        solve_change(l, &levers, l->tolerance, &info);
        status = check_solved(l, &info);
    }
    if (status == BASHU_OK && !*out) status = result_make(out, l);
    info.time_s = now_s() - begin;
    if (status == BASHU_OK) {
        store(l, *out, k, &levers);
        describe(*out, &info);
    }
    arena_free(scratch);
    return status;
}

/* ---- each region by each region's productivity ---------------------------------------------------- */

/* One thread's part: its own workspace, its own right-hand sides. */
typedef struct worker {
    bashu_linear *linear;
    double *rise; /* [N][J] */
    bashu_linear_info info;
} worker;

/* Column i: what productivity of i does to everybody. */
static void expose_to(const bashu_exposure *x, worker *w, const double *elasticities, size_t i)
{
    const problem *p = &w->linear->system->problem;
    const lever_changes k = {.productivity = w->rise};
    size_t N = p->N, J = p->J, width = seen_width(p);
    for (size_t j = 0; j < J; j++) w->rise[i * J + j] = 1;
    solve_change(w->linear, &k, 1000 * w->linear->tolerance, &w->info); /* nine digits of ordinary ones: many numbers, read by people */
    for (size_t j = 0; j < J; j++) w->rise[i * J + j] = 0;
    for (size_t n = 0; n < N; n++) x->values[n * N + i] = dot(elasticities + n * width, w->linear->seen + n * width, width);
}

/* Right-hand sides are spread over threads, not passes: nobody waits for anybody. Each is solved from nothing, so that it does not
 * matter by whom. */
static bashu_status expose(bashu_exposure *x, worker *workers, size_t count, const double *elasticities)
{
    size_t N = x->economy->about.N;
#pragma omp parallel for schedule(dynamic) num_threads((int)count)
    for (size_t i = 0; i < N; i++) {
        size_t q = (size_t)omp_get_thread_num();
        if (is_cancelled(x->context)) continue;
        if (q == 0) report_progress(x->context, (double)i / (double)N, "linear: exposure");
        expose_to(x, &workers[q], elasticities, i);
    }
    for (size_t q = 0; q < count; q++) {
        x->info.residual = worse(x->info.residual, workers[q].info.residual);
        x->info.passes += workers[q].info.passes;
        x->info.solves += workers[q].info.solves;
    }
    return check_solved(workers[0].linear, &x->info);
}

static bashu_status exposure_make(bashu_exposure *x, bashu_linear *l, const char *variable)
{
    size_t N = x->economy->about.N, J = x->economy->about.J, most = (size_t)thread_count(x->context), count = most < N ? most : N;
    bashu_options options = BASHU_OPTIONS_INIT;
    double begin = now_s();
    options.tolerance = 100 * l->tolerance;
    options.pass_limit = l->pass_limit;
    worker *workers = arena_alloc(x->memory, count, sizeof *workers);
    x->values = arena_alloc(x->memory, N * N, sizeof *x->values);
    if (!workers || !x->values) return fail_memory(x->context);
    TRY(linear_variable(&x->variable, x->context, variable));
    TRY(linear_elasticities(l, x->variable->name, l->elasticity));
    bashu_status status = BASHU_OK;
    for (size_t q = 0; q < count && status == BASHU_OK; q++) {
        workers[q].rise = arena_alloc(x->memory, N * J, sizeof(double));
        status = workers[q].rise ? linear_new(&workers[q].linear, x->economy, &options) : fail_memory(x->context);
        if (status == BASHU_OK && count > 1) workers[q].linear->system->problem.threads = workers[q].linear->lens->problem.threads = 1;
    }
    if (status == BASHU_OK) status = expose(x, workers, count, l->elasticity);
    for (size_t q = 0; q < count; q++)
        if (workers[q].linear) arena_free(workers[q].linear->memory);
    x->info.time_s = now_s() - begin;
    return status;
}

bashu_status exposure_new(bashu_exposure **out, bashu_linear *linear, const char *variable)
{
    arena *memory = arena_new(linear->context);
    bashu_exposure *x = memory ? arena_alloc(memory, 1, sizeof *x) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (x) {
        x->context = linear->context;
        x->memory = memory;
        x->economy = linear->economy;
        status = exposure_make(x, linear, variable ? variable : "real_wage");
    }
    if (status == BASHU_OK) *out = x;
    else arena_free(memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(linear->context) : status;
}
