/* naive.c - section 2 of the model solved the slow way, by code that shares nothing with src/: nested damped iteration
 * over plain loops, as one would write it from the equations.
 *
 *   outer   given wages w, people L and rents r of every place:
 *   inner 1   Upsilon from workers; prices to convergence by P = (sum_i pi That (chat kappahat)^-theta)^(-1/theta)
 *   inner 2   purchases and outputs to convergence by X = alpha alpha_j I(X) + sum gamma Y,  Y = sum pi' X / (1 + tau)
 *           then w towards labour demand over L, r towards land demand over land, L towards what the utilities attract,
 *           a part of the way, and everything nominal scaled to the numeraire
 *
 * Slow (hundreds of rounds), and convergent for the moderate shocks of the tests. */
#include "naive.h"

#include <math.h>

static const double part = 0.3; /* of the way, in logs */

typedef struct world {
    const bashu_economy *e;
    const shock *k;
    naive *at;
    size_t N, J, S;
    double *kernel;              /* [n][j][i] pi kappahat^-theta */
    double *share;               /* [n][j][i] new pi */
    double *strength;            /* [n][j] That chat^-theta */
    double *output;              /* [n][j] levels */
    double *workers, *before;    /* [n][j] now, and Upsilon at the baseline */
    double *upsilon;             /* [n][j] */
    double *arrivals;            /* [n][s] */
} world;

#define FOR(index, count) for (size_t index = 0; index < (count); index++)

static double tariff(const world *w, size_t n, size_t j, size_t i)
{
    return w->k->tariff ? w->k->tariff[(n * w->J + j) * w->N + i] : 0;
}

static double wage_level(const world *w, size_t n, size_t s)
{
    double people = w->e->people[n * w->S + s];
    return people > 0 ? w->e->wage_bill[n * w->S + s] / people * w->at->wage[n * w->S + s] : 0;
}

/* gamma (1 - eta) beta: what group s earns of a unit of output */
static double labour_part(const world *w, size_t n, size_t j, size_t s)
{
    size_t nj = n * w->J + j;
    return w->e->value_added_share[nj] * (1 - w->e->land_share[nj]) * w->e->wage_share[nj * w->S + s];
}

static double input(const world *w, size_t n, size_t using, size_t of)
{
    return w->e->input_share[(w->e->about.regions[n].area_index * w->J + using) * w->J + of];
}

static double all_people(const world *w, size_t n)
{
    double sum = 0;
    FOR(s, w->S) sum += w->e->people[n * w->S + s] * w->at->people[n * w->S + s];
    return sum;
}

/* ---- agglomeration --------------------------------------------------------------------------------------- */

static void feel_density(const world *w, const double *time_h)
{
    const bashu_economy *e = w->e;
    bool density = e->about.switches.spillover == SPILLOVER_DENSITY;
    FOR(n, w->N) FOR(j, w->J) {
        w->workers[n * w->J + j] = 0;
        FOR(s, w->S)
            if (wage_level(w, n, s) > 0)
                w->workers[n * w->J + j] += labour_part(w, n, j, s) * w->output[n * w->J + j] / wage_level(w, n, s);
    }
    if (time_h) time_h += e->about.people_travel * w->N * w->N;
    FOR(n, w->N) FOR(j, w->J) {
        double sum = 0;
        FOR(h, w->N) {
            double near = h == n ? 1 : time_h && isfinite(e->delta[j]) ? exp(-e->delta[j] * time_h[n * w->N + h]) : 0;
            sum += near * w->workers[h * w->J + j] / (density ? e->about.regions[h].land_km2 : 1);
        }
        w->upsilon[n * w->J + j] = sum;
    }
}

/* ---- inner 1: prices ------------------------------------------------------------------------------------- */

static void strengths(const world *w)
{
    const bashu_economy *e = w->e;
    FOR(n, w->N) FOR(j, w->J) {
        size_t nj = n * w->J + j;
        double cost = pow(w->at->rent[n], e->value_added_share[nj] * e->land_share[nj]);
        FOR(s, w->S) cost *= pow(w->at->wage[n * w->S + s], labour_part(w, n, j, s));
        FOR(k, w->J) cost *= pow(w->at->price[n * w->J + k], input(w, n, j, k));
        double productivity = w->k->productivity_hat[nj];
        if (e->mu[j] > 0 && w->before[nj] > 0) productivity *= pow(w->upsilon[nj] / w->before[nj], e->mu[j]);
        w->strength[nj] = pow(productivity / cost, e->theta[j]);
    }
}

static void settle_prices(const world *w, double tolerance)
{
    double gap = 1;
    for (int step = 0; step < 1000 && gap > tolerance; step++) {
        gap = 0;
        strengths(w);
        FOR(n, w->N) FOR(j, w->J) {
            double sum = 0;
            FOR(i, w->N) sum += w->kernel[(n * w->J + j) * w->N + i] * w->strength[i * w->J + j];
            double price = pow(sum, -1 / w->e->theta[j]);
            gap = fmax(gap, fabs(log(price / w->at->price[n * w->J + j])));
            w->at->price[n * w->J + j] = price;
        }
    }
    strengths(w);
    FOR(n, w->N) FOR(j, w->J) {
        double sum = 0, *share = w->share + (n * w->J + j) * w->N;
        FOR(i, w->N) sum += share[i] = w->kernel[(n * w->J + j) * w->N + i] * w->strength[i * w->J + j];
        FOR(i, w->N) share[i] /= sum;
    }
}

/* ---- inner 2: purchases and outputs ---------------------------------------------------------------------- */

static double rent_income(const world *w, size_t n)
{
    return w->e->land_income[n] * w->k->land_hat[n] * pow(w->at->rent[n], 1 + w->e->chi[n]);
}

static double value_added(const world *w, size_t n, bool base)
{
    double sum = 0;
    FOR(j, w->J) sum += w->e->value_added_share[n * w->J + j] * (base ? w->e->output : w->output)[n * w->J + j];
    return sum;
}

/* Multiplicative deficits: spending keeps its ratio to local value added, up to what makes the world's sum zero. */
static double deficit(const world *w, size_t n)
{
    double wanted = 0, world_value = 0;
    if (w->e->about.switches.deficits != DEFICITS_MULTIPLICATIVE) return w->e->deficit[n];
    FOR(m, w->N) {
        double local = value_added(w, m, false);
        wanted += local + w->e->deficit[m] / value_added(w, m, true) * local;
        world_value += local;
    }
    double own = value_added(w, n, false), spending = own + w->e->deficit[n] / value_added(w, n, true) * own;
    return spending * world_value / wanted - own;
}

static double income(const world *w, size_t n, double portfolio, double sharers)
{
    const bashu_economy *e = w->e;
    double sum = deficit(w, n) + w->k->transfer[n] + (1 - e->iota[n]) * rent_income(w, n);
    FOR(s, w->S) sum += e->people[n * w->S + s] * w->at->people[n * w->S + s] * wage_level(w, n, s);
    if ((long)n != e->about.foreign) sum += portfolio * all_people(w, n) / sharers;
    FOR(j, w->J) FOR(i, w->N) {
        double tau = tariff(w, n, j, i);
        if (tau > 0) sum += w->share[(n * w->J + j) * w->N + i] * w->at->expenditure[n * w->J + j] * tau / (1 + tau);
    }
    return sum;
}

static double sell(const world *w)
{
    double gap = 0;
    FOR(j, w->J) FOR(i, w->N) {
        double sum = 0, *output = &w->output[i * w->J + j];
        FOR(n, w->N)
            sum += w->share[(n * w->J + j) * w->N + i] * w->at->expenditure[n * w->J + j] / (1 + tariff(w, n, j, i));
        if (sum > 0) gap = fmax(gap, fabs(sum / *output - 1));
        *output = sum;
    }
    return gap;
}

static void settle_outputs(const world *w, double tolerance)
{
    const bashu_economy *e = w->e;
    double gap = 1, portfolio = 0, sharers = 0;
    FOR(n, w->N)
        if ((long)n != e->about.foreign) portfolio += e->iota[n] * rent_income(w, n), sharers += all_people(w, n);
    for (int step = 0; step < 1000 && gap > tolerance; step++) {
        FOR(n, w->N) {
            w->at->income[n] = income(w, n, portfolio, sharers);
            FOR(j, w->J) {
                double buys = e->goods_share[n] * e->final_share[n * w->J + j] * w->at->income[n];
                FOR(k, w->J) buys += input(w, n, k, j) * w->output[n * w->J + k];
                w->at->expenditure[n * w->J + j] = buys;
            }
        }
        gap = sell(w);
    }
}

/* ---- outer ----------------------------------------------------------------------------------------------- */

static void utilities(const world *w)
{
    const bashu_economy *e = w->e;
    FOR(n, w->N) FOR(s, w->S) {
        double living = pow(w->at->rent[n], 1 - e->goods_share[n]), people = 0, earned = 0, earned_before = 0;
        FOR(j, w->J) living *= pow(w->at->price[n * w->J + j], e->goods_share[n] * e->final_share[n * w->J + j]);
        FOR(g, w->S) {
            people += e->people[n * w->S + g];
            earned_before += e->wage_bill[n * w->S + g];
            FOR(j, w->J) earned += labour_part(w, n, j, g) * w->output[n * w->J + j];
        }
        /* I^s / L^s = w^s I / W, section 2 of the model as implemented */
        double per_head = w->at->wage[n * w->S + s] * (w->at->income[n] / earned) / (e->income[n] / earned_before);
        w->at->utility[n * w->S + s] =
            e->people[n * w->S + s] > 0
                ? w->k->amenity_hat[n * w->S + s] * pow(all_people(w, n) / people, -e->lambda) * per_head / living
                : 1;
    }
}

static bool people_move(const world *w, size_t s)
{
    return w->e->migration_share && w->e->about.switches.mobility != MOBILITY_NONE && w->e->epsilon[s] > 0;
}

static void move(const world *w)
{
    const bashu_economy *e = w->e;
    FOR(s, w->S) {
        FOR(n, w->N) w->arrivals[n * w->S + s] = people_move(w, s) ? 0 : e->people[n * w->S + s];
        FOR(o, w->N) {
            double attraction = 0, epsilon = e->epsilon[s];
            w->at->welfare[o * w->S + s] = w->at->utility[o * w->S + s];
            if (!people_move(w, s) || !(e->origin_people[s * w->N + o] > 0)) continue;
            for (int pass = 0; pass < 2; pass++) { /* the denominator first */
                FOR(n, w->N) {
                    size_t on = (s * w->N + o) * w->N + n;
                    double cost = w->k->migration_cost_hat ? w->k->migration_cost_hat[on] : 1;
                    double pull = e->migration_share[on] * pow(w->at->utility[n * w->S + s] / cost, epsilon);
                    if (!pass) attraction += pull;
                    else w->arrivals[n * w->S + s] += e->origin_people[s * w->N + o] * pull / attraction;
                }
            }
            w->at->welfare[o * w->S + s] = pow(attraction, 1 / epsilon);
        }
    }
}

static void toward(double *x, double target, double *gap)
{
    double step = log(target / *x);
    *gap = fmax(*gap, fabs(step));
    *x *= exp(part * step);
}

/* One damped step of wages, rents and people. Returns how far they were from where they were drawn to. */
static double step_out(const world *w)
{
    const bashu_economy *e = w->e;
    double gap = 0, made = 0, base = 0;
    FOR(nj, w->N * w->J) {
        made += e->value_added_share[nj] * w->output[nj];
        base += e->value_added_share[nj] * e->output[nj];
    }
    double scale = base / made; /* the numeraire */
    FOR(n, w->N) {
        double land = (1 - e->goods_share[n]) * w->at->income[n];
        FOR(j, w->J) land += e->land_share[n * w->J + j] * e->value_added_share[n * w->J + j] * w->output[n * w->J + j];
        FOR(s, w->S) {
            double people = e->people[n * w->S + s] * w->at->people[n * w->S + s], labour = 0;
            FOR(j, w->J) labour += labour_part(w, n, j, s) * w->output[n * w->J + j];
            if (!(people > 0)) continue;
            toward(&w->at->wage[n * w->S + s], w->at->wage[n * w->S + s] * scale * labour / (people * wage_level(w, n, s)), &gap);
            toward(&w->at->people[n * w->S + s], w->arrivals[n * w->S + s] / e->people[n * w->S + s], &gap);
        }
        if (e->land_income[n] > 0)
            toward(&w->at->rent[n], pow(scale * land / (e->land_income[n] * w->k->land_hat[n]), 1 / (1 + e->chi[n])), &gap);
    }
    FOR(nj, w->N * w->J) {
        w->output[nj] *= scale;
        w->at->price[nj] *= scale;
    }
    return fmax(gap, fabs(log(scale)));
}

static bool take(double **x, arena *memory, size_t count, double value)
{
    *x = arena_alloc(memory, count, sizeof **x);
    for (size_t i = 0; *x && i < count; i++) (*x)[i] = value;
    return *x != NULL;
}

static bool world_new(world *w, arena *memory)
{
    naive *at = w->at;
    size_t NJ = w->N * w->J, NS = w->N * w->S;
    return take(&at->wage, memory, NS, 1) && take(&at->people, memory, NS, 1) && take(&at->rent, memory, w->N, 1)
           && take(&at->price, memory, NJ, 1) && take(&at->output, memory, NJ, 1) && take(&at->utility, memory, NS, 1)
           && take(&at->welfare, memory, NS, 1) && take(&at->expenditure, memory, NJ, 0) && take(&at->income, memory, w->N, 0)
           && take(&w->kernel, memory, NJ * w->N, 0) && take(&w->share, memory, NJ * w->N, 0)
           && take(&w->strength, memory, NJ, 1) && take(&w->output, memory, NJ, 0) && take(&w->workers, memory, NJ, 0)
           && take(&w->before, memory, NJ, 0) && take(&w->upsilon, memory, NJ, 0) && take(&w->arrivals, memory, NS, 0);
}

static void prepare(const world *w)
{
    const bashu_economy *e = w->e;
    FOR(n, w->N) FOR(j, w->J) FOR(i, w->N) {
        size_t at = (n * w->J + j) * w->N + i;
        double cost = w->k->trade_cost_hat ? w->k->trade_cost_hat[at] : 1;
        cost *= (1 + tariff(w, n, j, i)) / (1 + (e->tariff ? e->tariff[at] : 0));
        w->kernel[at] = e->trade_share[at] * pow(cost, -e->theta[j]);
    }
    FOR(nj, w->N * w->J) {
        w->output[nj] = e->output[nj];
        w->at->expenditure[nj] = e->expenditure[nj];
    }
    feel_density(w, e->travel_time_h);
    FOR(nj, w->N * w->J) w->before[nj] = w->upsilon[nj];
}

bool naive_solve(naive *out, arena *memory, const bashu_economy *e, const shock *k, int limit)
{
    *out = (naive){.gap = 1};
    world w = {.e = e, .k = k, .at = out, .N = e->about.N, .J = e->about.J, .S = e->about.S};
    if (!world_new(&w, memory)) return false;
    prepare(&w);
    while (out->rounds < limit && out->gap > 1e-13) {
        double tolerance = fmax(1e-15, 1e-2 * out->gap); /* no more exact inside than it is worth outside */
        feel_density(&w, k->travel_time_h ? k->travel_time_h : e->travel_time_h);
        settle_prices(&w, tolerance);
        settle_outputs(&w, tolerance);
        utilities(&w);
        move(&w);
        out->gap = step_out(&w);
        out->rounds++;
    }
    for (size_t nj = 0; nj < w.N * w.J; nj++) out->output[nj] = e->output[nj] > 0 ? w.output[nj] / e->output[nj] : 1;
    return true;
}
