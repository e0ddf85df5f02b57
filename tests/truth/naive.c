/* naive.c - section 2 of the model solved the slow way, by code that shares nothing with src/: nested damped iteration
 * over plain loops, as one would write it from the equations.
 *
 *   outer   given wages w, people L and rents r of every place (and of structures, where sectors have their own):
 *           who works where by c (w / kappahat)^epsilon_c, and so what residents earn and what access to work is worth
 *   inner 1   Upsilon from workers; prices to convergence by P = (sum_i pi That (chat kappahat)^-theta)^(-1/theta)
 *   inner 2   purchases and outputs to convergence by X = alpha alpha_j I(X) + sum gamma Y,  Y = sum pi' X / (1 + tau)
 *           then w towards labour demand over workers, r towards land demand over land, L towards what the utilities attract
 *           (with free mobility: up where utility is above the mean, until it is nowhere), a part of the way, and
 *           everything nominal scaled to the numeraire
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
    double *jobs, *access, *earned, *earned_before; /* [n][s] workers; access to wages; residents' wages, now and before */
    double *structures;          /* [n][j] rent hats where sectors have structures of their own */
} world;

#define FOR(index, count) for (size_t index = 0; index < (count); index++)

static double tariff(const world *w, size_t n, size_t j, size_t i)
{
    return w->k->tariff ? w->k->tariff[(n * w->J + j) * w->N + i] : 0;
}

static double wage_level(const world *w, size_t n, size_t s)
{
    double workers = w->e->workers[n * w->S + s];
    return workers > 0 ? w->e->wage_bill[n * w->S + s] / workers * w->at->wage[n * w->S + s] : 0;
}

static bool specific(const world *w, size_t n)
{
    return w->e->about.regions[n].specific_structures;
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

/* ---- going to work --------------------------------------------------------------------------------------- */

static void go_to_work(const world *w)
{
    const bashu_economy *e = w->e;
    FOR(ns, w->N * w->S) w->jobs[ns] = w->earned[ns] = 0;
    FOR(n, w->N) FOR(s, w->S) {
        double here = e->people[n * w->S + s] * w->at->people[n * w->S + s], total = 0, power = e->epsilon_commuting[s];
        if (!e->commuting_share) {
            w->jobs[n * w->S + s] = here;
            w->access[n * w->S + s] = w->at->wage[n * w->S + s];
            w->earned[n * w->S + s] = here * wage_level(w, n, s);
            continue;
        }
        for (int pass = 0; pass < 2; pass++) /* the denominator first */
            FOR(i, w->N) {
                size_t ni = (s * w->N + n) * w->N + i;
                double cost = w->k->commuting_cost_hat ? w->k->commuting_cost_hat[ni] : 1;
                double pull = e->commuting_share[ni] * pow(w->at->wage[i * w->S + s] / cost, power);
                if (!pass) total += pull;
                else w->jobs[i * w->S + s] += here * pull / total, w->earned[n * w->S + s] += here * pull / total * wage_level(w, i, s);
            }
        w->access[n * w->S + s] = pow(total, 1 / power);
    }
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
        double rent = specific(w, n) ? w->structures[nj] : w->at->rent[n];
        double cost = pow(rent, e->value_added_share[nj] * e->land_share[nj]);
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

/* With the rents that sectors pay for structures of their own. */
static double all_rents(const world *w, size_t n)
{
    double sum = rent_income(w, n);
    FOR(j, w->J) {
        size_t nj = n * w->J + j;
        if (specific(w, n)) sum += w->e->land_share[nj] * w->e->value_added_share[nj] * w->output[nj];
    }
    return sum;
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

static bool landlords(const world *w)
{
    return w->e->about.switches.rents == RENTS_LANDLORDS;
}

static double income(const world *w, size_t n, double portfolio, double sharers)
{
    const bashu_economy *e = w->e;
    double sum = deficit(w, n) + w->k->transfer[n] + (landlords(w) ? 0 : (1 - e->iota[n]) * all_rents(w, n));
    FOR(s, w->S) sum += w->earned[n * w->S + s];
    if (e->portfolio_share) sum += portfolio * e->portfolio_share[n];
    else if ((long)n != e->about.foreign) sum += portfolio * all_people(w, n) / sharers;
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
    double gap = 1;
    for (int step = 0; step < 1000 && gap > tolerance; step++) {
        double portfolio = 0, sharers = 0;
        FOR(n, w->N)
            if ((long)n != e->about.foreign) portfolio += e->iota[n] * all_rents(w, n), sharers += all_people(w, n);
        FOR(n, w->N) {
            w->at->income[n] = income(w, n, portfolio, sharers);
            FOR(j, w->J) {
                double spent = e->goods_share[n] * w->at->income[n] + (landlords(w) ? all_rents(w, n) : 0);
                double buys = e->final_share[n * w->J + j] * spent;
                FOR(k, w->J) buys += input(w, n, k, j) * w->output[n * w->J + k];
                w->at->expenditure[n * w->J + j] = buys;
            }
        }
        gap = sell(w);
    }
}

/* ---- outer ----------------------------------------------------------------------------------------------- */

/* People per km2 within reach of n, at the baseline or now. */
static double crowd(const world *w, size_t n, bool base)
{
    const bashu_economy *e = w->e;
    const double *time_h = !base && w->k->travel_time_h ? w->k->travel_time_h : e->travel_time_h;
    double rho = e->about.elasticities[AMENITY_DECAY].value, sum = 0;
    bool reaches = time_h && isfinite(rho); /* not stated: own place only */
    if (time_h) time_h += e->about.people_travel * w->N * w->N;
    FOR(h, w->N) FOR(s, w->S) {
        double near = h == n ? 1 : reaches ? exp(-rho * time_h[n * w->N + h]) : 0;
        sum += near * e->people[h * w->S + s] * (base ? 1 : w->at->people[h * w->S + s]) / e->about.regions[h].land_km2;
    }
    return sum;
}

static void utilities(const world *w)
{
    const bashu_economy *e = w->e;
    FOR(n, w->N) FOR(s, w->S) {
        double living = pow(w->at->rent[n], 1 - e->goods_share[n]), earned = 0, earned_before = 0;
        FOR(j, w->J) living *= pow(w->at->price[n * w->J + j], e->goods_share[n] * e->final_share[n * w->J + j]);
        FOR(g, w->S) {
            earned_before += w->earned_before[n * w->S + g];
            earned += w->earned[n * w->S + g];
        }
        /* I^s / L^s = A^s I / E, section 2 of the model as implemented */
        double per_head = w->access[n * w->S + s] * (w->at->income[n] / earned) / (e->income[n] / earned_before);
        w->at->utility[n * w->S + s] =
            e->people[n * w->S + s] > 0
                ? w->k->amenity_hat[n * w->S + s] * pow(crowd(w, n, false) / crowd(w, n, true), -e->lambda) * per_head / living
                : 1;
    }
}

static bool people_move(const world *w, size_t s)
{
    mobility word = w->e->about.switches.mobility;
    return w->e->migration_share && word != MOBILITY_NONE && (word == MOBILITY_FREE || w->e->epsilon[s] > 0);
}

/* Origin o of group s: everybody goes where the pull is. */
static void choose(const world *w, size_t o, size_t s)
{
    const bashu_economy *e = w->e;
    double attraction = 0, registered = e->origin_people[s * e->origin_count + o];
    for (int pass = 0; pass < 2 && registered > 0; pass++) /* the denominator first */
        FOR(n, w->N) {
            size_t on = (s * e->origin_count + o) * w->N + n;
            double cost = w->k->migration_cost_hat ? w->k->migration_cost_hat[on] : 1;
            double pull = e->migration_share[on] * pow(w->at->utility[n * w->S + s] / cost, e->epsilon[s]);
            if (!pass) attraction += pull;
            else w->arrivals[n * w->S + s] += registered * pull / attraction;
        }
    FOR(n, w->N)
        if (e->origin_of[n] == o && registered > 0) w->at->welfare[n * w->S + s] = pow(attraction, 1 / e->epsilon[s]);
}

/* The same without tastes: people drift to where utility is above the mean of the pool. */
static void drift(const world *w, size_t o, size_t s)
{
    const bashu_economy *e = w->e;
    double people = 0, before = 0, drawn = 0, mean = 0;
    FOR(n, w->N) {
        double here = e->people[n * w->S + s] * w->at->people[n * w->S + s];
        if (e->origin_of[n] != o) continue;
        people += here;
        before += e->people[n * w->S + s];
        mean += here * w->at->utility[n * w->S + s];
    }
    mean /= people;
    for (int pass = 0; pass < 2 && people > 0; pass++)
        FOR(n, w->N) {
            double here = e->people[n * w->S + s] * w->at->people[n * w->S + s] * w->at->utility[n * w->S + s] / mean;
            if (e->origin_of[n] != o) continue;
            if (!pass) drawn += here;
            else w->arrivals[n * w->S + s] = here * before / drawn, w->at->welfare[n * w->S + s] = mean;
        }
}

static void move(const world *w)
{
    const bashu_economy *e = w->e;
    FOR(s, w->S) {
        FOR(n, w->N) {
            w->arrivals[n * w->S + s] = people_move(w, s) ? 0 : e->people[n * w->S + s];
            w->at->welfare[n * w->S + s] = w->at->utility[n * w->S + s];
        }
        FOR(o, people_move(w, s) ? e->origin_count : 0) {
            if (e->about.switches.mobility == MOBILITY_FREE) drift(w, o, s);
            else choose(w, o, s);
        }
    }
}

static void toward(double *x, double target, double *gap)
{
    double step = log(target / *x);
    *gap = fmax(*gap, fabs(step));
    *x *= exp(part * step);
}

static double labour_demand(const world *w, size_t n, size_t s)
{
    double sum = 0;
    FOR(j, w->J) sum += labour_part(w, n, j, s) * w->output[n * w->J + j];
    return sum;
}

/* The numeraire at the baseline over what it would be. */
static double to_numeraire(const world *w)
{
    const bashu_economy *e = w->e;
    double now = 0, base = 0;
    FOR(nj, w->N * w->J) {
        now += e->value_added_share[nj] * w->output[nj];
        base += e->value_added_share[nj] * e->output[nj];
    }
    if (e->about.switches.numeraire == NUMERAIRE_VALUE_ADDED) return base / now;
    now = base = 0;
    FOR(n, w->N) FOR(s, w->S) {
        if (!(e->workers[n * w->S + s] > 0)) continue;
        now += labour_demand(w, n, s) / w->jobs[n * w->S + s];
        base += e->wage_bill[n * w->S + s] / e->workers[n * w->S + s];
    }
    return base / now;
}

/* One damped step of wages, rents and people. Returns how far they were from where they were drawn to. */
static double step_out(const world *w)
{
    const bashu_economy *e = w->e;
    double gap = 0, scale = to_numeraire(w);
    FOR(n, w->N) {
        double land = (1 - e->goods_share[n]) * w->at->income[n];
        FOR(j, w->J) {
            size_t nj = n * w->J + j;
            if (!specific(w, n)) land += e->land_share[nj] * e->value_added_share[nj] * w->output[nj];
            else if (w->output[nj] > 0)
                toward(&w->structures[nj], pow(scale * w->output[nj] / (e->output[nj] * w->k->land_hat[n]), 1 / (1 + e->chi[n])), &gap);
        }
        FOR(s, w->S) {
            double wage = w->at->wage[n * w->S + s];
            if (w->jobs[n * w->S + s] > 0)
                toward(&w->at->wage[n * w->S + s],
                       wage * scale * labour_demand(w, n, s) / (w->jobs[n * w->S + s] * wage_level(w, n, s)), &gap);
            if (!(e->people[n * w->S + s] > 0)) continue;
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
           && take(&w->before, memory, NJ, 0) && take(&w->upsilon, memory, NJ, 0) && take(&w->arrivals, memory, NS, 0)
           && take(&w->jobs, memory, NS, 0) && take(&w->access, memory, NS, 1) && take(&w->earned, memory, NS, 0)
           && take(&w->earned_before, memory, NS, 0) && take(&w->structures, memory, NJ, 1);
}

static void prepare(const world *w)
{
    const bashu_economy *e = w->e;
    FOR(n, w->N) FOR(s, w->S) FOR(i, w->N) { /* before anything changes, costs included */
        double works = e->commuting_share ? e->commuting_share[(s * w->N + n) * w->N + i] : n == i;
        w->earned_before[n * w->S + s] += e->people[n * w->S + s] * works * wage_level(w, i, s);
    }
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
    out->labour_income = w.earned;
    while (out->rounds < limit && out->gap > 1e-13) {
        double tolerance = fmax(1e-15, 1e-2 * out->gap); /* no more exact inside than it is worth outside */
        go_to_work(&w);
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
