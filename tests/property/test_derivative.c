/* test_derivative.c - the exact derivative of the system against central differences, and the block Jacobian against the
 * derivative, at random points, for every switch of the model.
 *
 * Step 1e-5: the difference is off by 1e-10 times third derivatives and by rounding of 1e-16 / 1e-5. */
#include "../truth/kit.h"
#include "equilibrium/system.h"

static void shake(kit *k, bool with_tariffs)
{
    const description *a = &k->economy->about;
    double *cost = kit_trade_cost(k), *leave = a->switches.mobility == MOBILITY_FRECHET ? kit_migration_cost(k) : NULL;
    double *commute = k->economy->commuting_share && !with_tariffs ? kit_commuting_cost(k) : NULL; /* the one or the other */
    for (size_t i = 0; commute && i < a->S * a->N * a->N; i++) commute[i] = 1 - 0.03 * (double)(i % 6);
    for (size_t i = 0; i < a->N * a->J * a->N; i++) cost[i] = 1 - 0.02 * (double)(i % 5);
    for (size_t i = 0; leave && i < a->S * a->N * a->N; i++) leave[i] = 1 + 0.03 * (double)(i % 4);
    for (size_t n = 0; n < a->N; n++) k->shock.land_hat[n] = 1 + 0.1 * (double)(n % 3);
    k->shock.transfer[0] = -3;
    k->shock.transfer[1] = 3;
    double *tau = with_tariffs ? kit_tariff(k) : NULL;
    for (size_t i = 0; tau && i < a->N * a->J * a->N; i++) tau[i] = 0.04 * (double)(i % 7);
}

typedef struct point_of_system {
    system_of_equations *system;
    fixed_point f;
    double *z, *dz, *low, *high, *change, *moved;
} point_of_system;

static point_of_system random_point(kit *k, uint64_t seed)
{
    point_of_system p;
    random_stream stream;
    kit_must(k, system_new(&p.system, k->memory, k->economy));
    kit_must(k, system_set_shock(p.system, k->memory, &k->shock));
    p.f = system_fixed_point(p.system);
    double **arrays[] = {&p.z, &p.dz, &p.low, &p.high, &p.change, &p.moved};
    for (size_t q = 0; q < 6; q++) *arrays[q] = kit_ones(k, p.f.size, 0);
    random_seed(&stream, seed);
    for (size_t i = 0; i < p.f.size; i++) {
        p.z[i] = 0.15 * random_normal(&stream);
        p.dz[i] = random_normal(&stream);
    }
    return p;
}

static const char *kind(const problem *p, size_t k)
{
    return k < p->S ? "wage" : k < 2 * p->S ? "people" : k == at_rent(p) ? "rent" : k < at_output(p, 0) ? "price" : "output";
}

static void differs_not(kit *k, const char *name)
{
    const double h = 1e-5, tolerance = 1e-6;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        point_of_system p = random_point(k, seed);
        for (size_t i = 0; i < p.f.size; i++) p.moved[i] = p.z[i] + h * p.dz[i];
        assert_true(p.f.evaluate(p.f.payload, p.moved, p.high, false));
        for (size_t i = 0; i < p.f.size; i++) p.moved[i] = p.z[i] - h * p.dz[i];
        assert_true(p.f.evaluate(p.f.payload, p.moved, p.low, false));
        assert_true(p.f.evaluate(p.f.payload, p.z, p.moved, true));
        p.f.linearise(p.f.payload);
        p.f.derivative(p.f.payload, p.dz, p.change);
        double size = 0;
        for (size_t i = 0; i < p.f.size; i++) size = fmax(size, fabs(p.change[i]));
        assert_true(size > 0.1);
        for (size_t i = 0; i < p.f.size; i++) {
            double difference = (p.high[i] - p.low[i]) / (2 * h);
            if (!(fabs(p.change[i] - difference) <= tolerance * size))
                fail_msg("%s: %s of region %zu: derivative %.10g, difference %.10g", name, kind(&p.system->problem, i % p.system->problem.K),
                         i / p.system->problem.K, p.change[i], difference);
        }
    }
}

static void commutes(kit *k) { kit_commute(k, "3.3"); }

static void fitted(kit *k) { kit_fit_commuting(k, "3.3"); }

static void commutes_and_owns(kit *k)
{
    kit_commute(k, "2");
    kit_specific(k);
    kit_portfolio(k);
}

static const struct {
    const char *name, *set[4][2];
    bool tariffs;
    void (*prepare)(kit *k);
} models[] = {
    {"multiplicative deficits", {{"model.deficits", "multiplicative"}}, false, NULL},
    {"multiplicative deficits, tariffs, national rents",
     {{"model.deficits", "multiplicative"}, {"model.rents", "national"}, {"elasticities.national_rent_share", "0.5"}}, true, NULL},
    {"costless mobility", {{"model.mobility", "costless"}}, false, NULL},
    {"free mobility", {{"model.mobility", "free"}, {"elasticities.amenity_congestion", "0.2"}}, true, NULL},
    {"wage numeraire", {{"model.numeraire", "wage"}, {"elasticities.housing_supply_elasticity", "2"}}, true, NULL},
    {"specific structures", {{"elasticities.housing_supply_elasticity", "0.5"}}, true, kit_specific},
    {"specific structures, national rents",
     {{"model.rents", "national"}, {"elasticities.national_rent_share", "0.5"}}, false, kit_specific},
    {"portfolio with owners", {{NULL, NULL}}, false, kit_portfolio},
    {"commuting, new costs", {{NULL, NULL}}, false, commutes},
    {"commuting, old costs", {{NULL, NULL}}, true, commutes},
    {"commuting, nobody moves", {{"model.mobility", "none"}}, false, commutes},
    {"commuting, free, wage numeraire", {{"model.mobility", "free"}, {"model.numeraire", "wage"}}, false, commutes},
    {"commuting, costless, density", {{"model.mobility", "costless"}, {"model.spillover", "density"}}, true, commutes},
    {"everything there is",
     {{"model.mobility", "free"}, {"model.numeraire", "wage"}, {"model.deficits", "multiplicative"}}, true, commutes_and_owns},
    {"landlords", {{"model.rents", "landlords"}, {"elasticities.housing_share", "0.3"}}, false, NULL},
    {"landlords and tariffs", {{"model.rents", "landlords"}, {"elasticities.land_share", "0.3"}}, true, NULL},
    {"landlords, specific structures, multiplicative deficits",
     {{"model.rents", "landlords"}, {"model.deficits", "multiplicative"}, {"elasticities.land_share", "0.2"}}, true, kit_specific},
    {"landlords, commuting, wage numeraire", {{"model.rents", "landlords"}, {"model.numeraire", "wage"}}, true, commutes},
    {"amenity decays", {{"elasticities.amenity_congestion", "0.4"}, {"elasticities.amenity_decay", "1"}}, false, NULL},
    {"amenity decays, tariffs, costless",
     {{"elasticities.amenity_congestion", "0.4"}, {"elasticities.amenity_decay", "0.3"}, {"model.mobility", "costless"}}, true, NULL},
    {"amenity decays, commuting fitted, free",
     {{"elasticities.amenity_congestion", "0.4"}, {"elasticities.amenity_decay", "2"}, {"model.mobility", "free"}}, false, fitted},
    {"amenity decays, commuting fitted, tariffs, landlords",
     {{"elasticities.amenity_congestion", "0.4"}, {"elasticities.amenity_decay", "0"}, {"model.rents", "landlords"}}, true, fitted},
    {"mass", {{"model.spillover", "mass"}}, false, NULL},
    {"density", {{"model.spillover", "density"}, {"elasticities.agglomeration_elasticity", "0.2"}}, false, NULL},
    {"own place", {{"elasticities.agglomeration_decay", "inf"}, {"elasticities.agglomeration_elasticity", "0.2"}}, false, NULL},
    {"no agglomeration", {{"elasticities.agglomeration_elasticity", "0"}}, false, NULL},
    {"tariffs", {{"model.spillover", "mass"}}, true, NULL},
    {"national rents", {{"model.rents", "national"}, {"elasticities.national_rent_share", "0.7"}}, false, NULL},
    {"national rents and tariffs", {{"model.rents", "national"}, {"elasticities.national_rent_share", "0.4"}}, true, NULL},
    {"nobody moves", {{"model.mobility", "none"}}, true, NULL},
    {"congestion, fixed land", {{"elasticities.amenity_congestion", "0.3"}, {"elasticities.housing_supply_elasticity", "0"}}, true, NULL},
};

static void derivative_is_the_difference(void **state)
{
    (void)state;
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        kit k;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        for (size_t q = 0; q < 4 && models[m].set[q][0]; q++) kit_set(&k, models[m].set[q][0], models[m].set[q][1]);
        if (models[m].prepare) models[m].prepare(&k);
        kit_calibrate(&k);
        shake(&k, models[m].tariffs);
        kit_subsidies(&k);
        differs_not(&k, models[m].name);
        kit_close(&k);
    }
}

/* Sectors that are felt at different distances, and one that is not. */
static void sectors_with_their_own_decay(void **state)
{
    static const double decay[3] = {2, INFINITY, 0.7}, strength[3] = {0.05, 0.1, 0.2}, some[3] = {0.05, 0, 0.2};
    (void)state;
    for (int all = 0; all < 2; all++) {
        kit k;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        k.data->about.elasticities[AGGLOMERATION_DECAY].by_item = decay;
        k.data->about.elasticities[AGGLOMERATION_ELASTICITY].by_item = all ? strength : some;
        kit_calibrate(&k);
        shake(&k, false);
        kit_subsidies(&k);
        differs_not(&k, "own decays");
        kit_close(&k);
    }
}

/* A change of the numeraire alone, in rows of F. */
static void nominal_rows(const point_of_system *p, double *f)
{
    const problem *q = &p->system->problem;
    const point *at = &p->system->at;
    size_t J = q->J, S = q->S;
    double *zero = calloc(q->N * (2 * q->K + 2 * J + 2 * S), sizeof *zero);
    assert_non_null(zero);
    for (size_t n = 0; n < q->N; n++) {
        system_combine_changes(q, at, n, zero, zero, zero, 0, zero, zero, zero, -1, f + n * q->K);
        for (size_t j = 0; j < J; j++) f[n * q->K + at_output(q, j)] *= at->slope[at2(n, j, J)];
    }
    free(zero);
}

/* Blocks undo the derivative's own block of every region, but for what a change does to the numeraire, which is for the
 * preconditioner as a whole: what comes back differs from the change by a multiple of what the numeraire's change comes to. */
static void blocks_undo(kit *k, const char *name)
{
    point_of_system p = random_point(k, 3);
    size_t K = p.system->problem.K;
    double worst = 0, *of_numeraire = kit_ones(k, p.f.size, 0);
    assert_true(p.f.evaluate(p.f.payload, p.z, p.moved, true));
    p.f.linearise(p.f.payload);
    nominal_rows(&p, of_numeraire);
    preconditioner_solve_blocks(p.system, of_numeraire, false);
    for (size_t at = 0; at < p.f.size; at++) {
        size_t first = at / K * K;
        double along = 0, size = 0;
        memset(p.dz, 0, p.f.size * sizeof(double));
        p.dz[at] = 1;
        p.f.derivative(p.f.payload, p.dz, p.change);
        memset(p.low, 0, p.f.size * sizeof(double));
        for (size_t i = first; i < first + K; i++) p.low[i] = -p.change[i];
        preconditioner_solve_blocks(p.system, p.low, false);
        for (size_t i = first; i < first + K; i++) {
            along += (p.low[i] - p.dz[i]) * of_numeraire[i];
            size += of_numeraire[i] * of_numeraire[i];
        }
        assert_true(fabs(along / size) < 1);
        for (size_t i = first; i < first + K; i++) {
            double back = p.low[i] - along / size * of_numeraire[i];
            worst = fmax(worst, fabs(back - p.dz[i]));
            if (!(fabs(back - p.dz[i]) < 1e-9))
                fail_msg("%s: region %zu: unit change of %s comes back as %.10g in %s", name, at / K,
                         kind(&p.system->problem, at % K), back, kind(&p.system->problem, i % K));
        }
    }
    print_message("block Jacobian, %s: within %.2g of the derivative's own\n", name, worst);
}

/* What region n does to itself, where tariffs, the portfolio, decay, commuters and even deficits do not carry a region's change
 * around the world. */
static void blocks_are_the_derivatives_own(void **state)
{
    static const struct {
        const char *name, *set[3][2];
        void (*prepare)(kit *k);
    } cases[] = {
        {"value added", {{NULL, NULL}}, NULL},
        {"value added, nobody moves", {{"model.mobility", "none"}}, NULL},
        {"wage", {{"model.numeraire", "wage"}}, NULL},
        {"wage, free", {{"model.numeraire", "wage"}, {"model.mobility", "free"}}, NULL},
        {"wage, costless", {{"model.numeraire", "wage"}, {"model.mobility", "costless"}}, NULL},
        {"wage, nobody moves", {{"model.numeraire", "wage"}, {"model.mobility", "none"}}, NULL},
        {"wage, landlords", {{"model.numeraire", "wage"}, {"model.rents", "landlords"}}, NULL},
        {"wage, amenity decays, nobody moves",
         {{"model.numeraire", "wage"}, {"model.mobility", "none"}, {"elasticities.amenity_decay", "1"}}, NULL},
        {"wage, specific structures", {{"model.numeraire", "wage"}, {"elasticities.housing_supply_elasticity", "0.5"}}, kit_specific},
    };
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        kit k;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        kit_set(&k, "elasticities.agglomeration_decay", "inf");
        for (size_t q = 0; q < 3 && cases[c].set[q][0]; q++) kit_set(&k, cases[c].set[q][0], cases[c].set[q][1]);
        if (cases[c].prepare) cases[c].prepare(&k);
        kit_calibrate(&k);
        shake(&k, false);
        blocks_undo(&k, cases[c].name);
        kit_close(&k);
    }
}

/* Commuting: what a region's own wage, people and wage bill do to its own workers and access, exactly; and to its residents'
 * wages, all but what comes from others' wages per worker, which change as its residents stop working there. */
static void commuters_own_change(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_commute(&k, "3.3");
    kit_calibrate(&k);
    shake(&k, false);
    point_of_system at = random_point(&k, 4);
    const problem *p = &at.system->problem;
    const point *now = &at.system->at;
    size_t N = p->N, S = p->S, K = p->K;
    assert_true(at.f.evaluate(at.f.payload, at.z, at.moved, true));
    at.f.linearise(at.f.payload);
    double *dwages = kit_ones(&k, N * S, 0), *scratch = kit_ones(&k, commuting_scratch(p), 0), carried = 0;
    labour_changes all = {kit_ones(&k, N * S, 0), kit_ones(&k, N * S, 0), kit_ones(&k, N * S, 0)};
    labour_changes own = {kit_ones(&k, S, 0), kit_ones(&k, S, 0), kit_ones(&k, S, 0)};
    for (size_t n = 0; n < N; n++) {
        double *dz = kit_ones(&k, N * K, 0);
        memset(dwages, 0, N * S * sizeof *dwages);
        memcpy(dz + n * K, at.dz + n * K, K * sizeof *dz);
        labour_wage_bill_change(p, now, n, dz + n * K, dwages + n * S);
        commuting_change(p, at.z, now, dz, dwages, all, scratch);
        commuting_own_change(p, at.z, now, n, dz + n * K, dwages + n * S, own);
        for (size_t s = 0; s < S; s++) {
            size_t ns = at2(n, s, S);
            double elsewhere = 0;
            for (size_t i = 0; i < N; i++)
                if (i != n)
                    elsewhere -= now->labour_income[ns] * p->commuting.kernel[at3(n, s, i, S, N)] * now->pay_power[s * N + i]
                                 / now->pay_total[ns] * all.workers[at2(i, s, S)];
            must_be("workers", own.workers[s], all.workers[ns], 1e-10);
            must_be("access", own.access[s], all.access[ns], 1e-10);
            must_be("income", own.income[s], all.income[ns] - elsewhere, 1e-10);
            carried = fmax(carried, fabs(elsewhere / all.income[ns]));
        }
    }
    assert_true(carried > 1e-5); /* there was something to leave out */
    kit_close(&k);
}

/* Crowding within reach: all places by all people against a difference, and a region's own part of it. */
static void crowding_within_reach(void **state)
{
    const double h = 1e-5;
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_set(&k, "elasticities.amenity_decay", "0.5");
    kit_calibrate(&k);
    double *time_h = kit_travel_time(&k), low[7], own_part = 0, others = 0;
    for (size_t q = 0; q < k.economy->about.C * 49; q++) time_h[q] *= 1 - 0.1 * (double)(q % 5);
    point_of_system p = random_point(&k, 6);
    point *at = &p.system->at;
    const problem *about = &p.system->problem;
    assert_non_null(about->amenity_decay);
    for (size_t n = 0; n < 7; n++) {
        double *dz = kit_ones(&k, p.f.size, 0), dcrowding[7], scratch_of_change[7];
        memcpy(dz + n * about->K, p.dz + n * about->K, about->K * sizeof *dz);
        for (int side = -1; side < 2; side += 2) {
            for (size_t i = 0; i < p.f.size; i++) p.moved[i] = p.z[i] + side * h * dz[i];
            location_crowding(about, p.moved, at);
            if (side < 0) memcpy(low, at->crowding, sizeof low);
        }
        double high[7];
        memcpy(high, at->crowding, sizeof high);
        location_crowding(about, p.z, at);
        location_crowding_change(about, p.z, at, dz, dcrowding, scratch_of_change);
        for (size_t m = 0; m < 7; m++) {
            must_be("crowding", dcrowding[m] + 1, log(high[m] / low[m]) / (2 * h) + 1, 1e-8);
            if (m != n) others = fmax(others, fabs(dcrowding[m]));
        }
        must_be("own crowding", location_own_crowding_change(about, p.z, at, n, dz + n * about->K), dcrowding[n], 1e-13);
        own_part = fmax(own_part, fabs(dcrowding[n]));
    }
    assert_true(own_part > 0.1 && others > 1e-2);
    kit_close(&k);
}

/* ---- scenarios side by side ----------------------------------------------------------------------- */

enum { MANY = BILATERAL_MANY };

/* As many shocks to places as there are members, drawn; beside: all of them, the member innermost. */
typedef struct members {
    shock alone[MANY], beside;
    system_of_equations system;
    double *z, *f;
} members;

static members members_of(kit *k, const system_of_equations *one, uint64_t seed)
{
    members all = {.system = *one};
    const problem *p = &one->problem;
    size_t sizes[4] = {p->N * p->J, p->N * p->S, p->N, p->N};
    random_stream stream;
    random_seed(&stream, seed);
    all.beside = k->shock;
    double **beside[4] = {&all.beside.productivity_hat, &all.beside.amenity_hat, &all.beside.land_hat, &all.beside.transfer};
    for (size_t q = 0; q < 4; q++) *beside[q] = kit_ones(k, sizes[q] * MANY, 1);
    for (size_t m = 0; m < MANY; m++) {
        all.alone[m] = k->shock;
        double **alone[4] = {&all.alone[m].productivity_hat, &all.alone[m].amenity_hat, &all.alone[m].land_hat, &all.alone[m].transfer};
        for (size_t q = 0; q < 4; q++) {
            *alone[q] = kit_ones(k, sizes[q], 1);
            for (size_t i = 0; i < sizes[q]; i++)
                (*beside[q])[i * MANY + m] = (*alone[q])[i] = q < 3 ? exp(0.1 * random_normal(&stream)) : random_normal(&stream);
        }
    }
    all.z = kit_ones(k, one->size * MANY, 0);
    all.f = kit_ones(k, one->size * MANY, 0);
    for (size_t i = 0; i < one->size * MANY; i++) all.z[i] = 0.1 * random_normal(&stream);
    all.system.z = kit_ones(k, one->size * MANY, 0);
    all.system.problem.members = MANY;
    assert_true(system_point_new(&all.system.at, k->memory, &all.system.problem));
    return all;
}

/* Member by member the same equations, to rounding, at points far from balance too; and the step to the numeraire. */
static void members_are_evaluated_alike(void **state)
{
    (void)state;
    for (size_t q = 0; q < sizeof models / sizeof *models; q++) {
        kit k;
        kit_open(&k, 2);
        kit_read(&k, LANTERN);
        for (size_t i = 0; i < 4 && models[q].set[i][0]; i++) kit_set(&k, models[q].set[i][0], models[q].set[i][1]);
        if (models[q].prepare) models[q].prepare(&k);
        kit_calibrate(&k);
        shake(&k, models[q].tariffs);
        point_of_system one = random_point(&k, 7);
        members all = members_of(&k, one.system, 8);
        for (size_t i = 0; i < one.f.size; i++) all.z[i * MANY + 3] *= 8; /* so that excesses are bent */
        all.system.problem.shock = &all.beside;
        system_evaluate(&all.system, all.z, all.f, false);
        double bent = 0;
        for (size_t m = 0; m < MANY; m++) {
            for (size_t i = 0; i < one.f.size; i++) one.z[i] = all.z[i * MANY + m];
            one.system->problem.shock = &all.alone[m];
            assert_true(system_evaluate(one.system, one.z, one.change, false));
            for (size_t i = 0; i < one.f.size; i++) {
                bent = fmax(bent, fabs(one.change[i]));
                if (!(fabs(all.f[i * MANY + m] - one.change[i]) <= 2e-12 * (1 + fabs(one.change[i]))))
                    fail_msg("%s: member %zu, %s of region %zu: %.17g beside others, %.17g alone", models[q].name, m,
                             kind(&one.system->problem, i % one.system->problem.K), i / one.system->problem.K, all.f[i * MANY + m], one.change[i]);
            }
        }
        assert_true(bent > 0.1);
        memcpy(all.f, all.z, one.f.size * MANY * sizeof(double));
        system_normalise(&all.system, all.f);
        for (size_t m = 0; m < MANY; m++) {
            for (size_t i = 0; i < one.f.size; i++) one.z[i] = all.z[i * MANY + m];
            system_normalise(one.system, one.z);
            for (size_t i = 0; i < one.f.size; i++) assert_true(fabs(all.f[i * MANY + m] - one.z[i]) <= 2e-13 * (1 + fabs(one.z[i])));
        }
        kit_close(&k);
    }
}

/* What a member gets depends on nobody else, be they even not finite; and a prepared preconditioner does the same for each of many. */
static void members_keep_to_themselves(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_calibrate(&k);
    point_of_system one = random_point(&k, 7);
    members all = members_of(&k, one.system, 9);
    size_t size = one.f.size;
    all.system.problem.shock = &all.beside;
    system_evaluate(&all.system, all.z, all.f, false);
    double *again = kit_ones(&k, size * MANY, 0), *z = kit_ones(&k, size * MANY, 0);
    for (size_t i = 0; i < size * MANY; i++) z[i] = i % MANY == 5 ? all.z[i] : i % MANY == 6 ? (double)NAN : 1000 * all.z[i];
    system_evaluate(&all.system, z, again, false);
    for (size_t i = 5; i < size * MANY; i += MANY) assert_memory_equal(&all.f[i], &again[i], sizeof *again);
    assert_true(isnan(again[6]));
    kit_must(&k, preconditioner_prepare(one.system, 80));
    assert_true(preconditioner_is_prepared(one.system));
    double *step = kit_ones(&k, size * MANY, 0), *work = kit_ones(&k, preconditioner_many_work(one.system), 0);
    preconditioner_apply_many(one.system, all.f, step, work);
    preconditioner_begin(one.system);
    for (size_t m = 0; m < MANY; m++) {
        for (size_t i = 0; i < size; i++) one.moved[i] = all.f[i * MANY + m];
        preconditioner_apply(one.system, one.moved, one.change);
        double most = 0;
        for (size_t i = 0; i < size; i++) most = fmax(most, fabs(one.change[i]));
        for (size_t i = 0; i < size; i++) assert_true(fabs(step[i * MANY + m] - one.change[i]) <= 1e-11 * most);
    }
    for (size_t i = 0; i < size * MANY; i++) z[i] = i % MANY == 5 ? all.f[i] : (double)NAN;
    preconditioner_apply_many(one.system, z, again, work);
    for (size_t i = 5; i < size * MANY; i += MANY) assert_memory_equal(&step[i], &again[i], sizeof *again);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_evaluated_alike),
        cmocka_unit_test(members_keep_to_themselves),
        cmocka_unit_test(derivative_is_the_difference),
        cmocka_unit_test(sectors_with_their_own_decay),
        cmocka_unit_test(blocks_are_the_derivatives_own),
        cmocka_unit_test(commuters_own_change),
        cmocka_unit_test(crowding_within_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
