/* test_derivative.c - the exact derivative of the system against central differences, and the block Jacobian against the
 * derivative, at random points, for every switch of the model.
 *
 * Step 1e-5: the difference is off by 1e-10 times third derivatives and by rounding of 1e-16 / 1e-5. */
#include "../truth/kit.h"
#include "equilibrium/system.h"

static void shake(kit *k, bool with_tariffs)
{
    double *cost = kit_trade_cost(k), *leave = k->economy->migration_share ? kit_migration_cost(k) : NULL;
    const description *a = &k->economy->about;
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
        assert_true(p.f.evaluate(p.f.payload, p.moved, p.high));
        for (size_t i = 0; i < p.f.size; i++) p.moved[i] = p.z[i] - h * p.dz[i];
        assert_true(p.f.evaluate(p.f.payload, p.moved, p.low));
        assert_true(p.f.evaluate(p.f.payload, p.z, p.moved));
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

static const struct {
    const char *name, *set[3][2];
    bool tariffs;
} models[] = {
    {"mass", {{"model.spillover", "mass"}}, false},
    {"density", {{"model.spillover", "density"}, {"elasticities.agglomeration_elasticity", "0.2"}}, false},
    {"own place", {{"elasticities.agglomeration_decay", "inf"}, {"elasticities.agglomeration_elasticity", "0.2"}}, false},
    {"no agglomeration", {{"elasticities.agglomeration_elasticity", "0"}}, false},
    {"tariffs", {{"model.spillover", "mass"}}, true},
    {"national rents", {{"model.rents", "national"}, {"elasticities.national_rent_share", "0.7"}}, false},
    {"national rents and tariffs", {{"model.rents", "national"}, {"elasticities.national_rent_share", "0.4"}}, true},
    {"nobody moves", {{"model.mobility", "none"}}, true},
    {"congestion, fixed land", {{"elasticities.amenity_congestion", "0.3"}, {"elasticities.housing_supply_elasticity", "0"}}, true},
};

static void derivative_is_the_difference(void **state)
{
    (void)state;
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        kit k;
        kit_open(&k, 1);
        kit_read(&k, LANTERN);
        for (size_t q = 0; q < 3 && models[m].set[q][0]; q++) kit_set(&k, models[m].set[q][0], models[m].set[q][1]);
        kit_calibrate(&k);
        shake(&k, models[m].tariffs);
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
        differs_not(&k, "own decays");
        kit_close(&k);
    }
}

/* What region n does to itself: where tariffs, the portfolio and decay do not carry a region's change around the world,
 * the block Jacobian leaves out only what others' sales do to the numeraire, which is next to nothing for a region that
 * is a small part of the world (all but the foreign one). So B^-1 undoes the derivative's own block, to that. */
static void blocks_are_the_derivatives_own(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_set(&k, "elasticities.agglomeration_decay", "inf");
    kit_calibrate(&k);
    shake(&k, false);
    point_of_system p = random_point(&k, 3);
    size_t K = p.system->problem.K;
    double worst = 0;
    assert_true(p.f.evaluate(p.f.payload, p.z, p.moved));
    p.f.linearise(p.f.payload);
    for (size_t at = 0; at < p.f.size; at++) {
        if ((long)(at / K) == k.economy->about.foreign) continue;
        size_t first = at / K * K;
        memset(p.dz, 0, p.f.size * sizeof(double));
        p.dz[at] = 1;
        p.f.derivative(p.f.payload, p.dz, p.change);
        memset(p.low, 0, p.f.size * sizeof(double));
        for (size_t i = first; i < first + K; i++) p.low[i] = -p.change[i];
        p.f.precondition(p.f.payload, p.low, p.high);
        for (size_t i = first; i < first + K; i++) worst = fmax(worst, fabs(p.high[i] - p.dz[i]));
        for (size_t i = first; i < first + K; i++)
            if (!(fabs(p.high[i] - p.dz[i]) < 5e-2))
                fail_msg("region %zu: unit change of %s comes back as %.10g in %s", at / K, kind(&p.system->problem, at % K), p.high[i],
                         kind(&p.system->problem, i % K));
    }
    print_message("block Jacobian: within %.2g of the derivative's own\n", worst);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivative_is_the_difference),
        cmocka_unit_test(sectors_with_their_own_decay),
        cmocka_unit_test(blocks_are_the_derivatives_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
