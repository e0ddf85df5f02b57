/* test_naive_china.c - China in one sector, 407 places: the solver against the naive solution (naive.c), to 1e-8 on every
 * hat, when the border between Sichuan and Chongqing gets a twentieth cheaper to cross.
 *
 * One sector: value added and margins are summed over sectors, input coefficients are those of the areas' totals. */
#include "kit.h"
#include "naive.h"

static double area_output(const bashu_data *d, size_t a, size_t j)
{
    double value_added = 0, share = 1;
    size_t J = d->about.J;
    for (size_t n = 0; n < d->about.N; n++)
        if (d->about.regions[n].area_index == a) value_added += d->value_added[at2(n, j, J)];
    for (size_t k = 0; k < J; k++) share -= d->input_share[(a * J + j) * J + k];
    return value_added / share;
}

static const double *sum_margin(const kit *k, const double *margin)
{
    const description *about = &k->data->about;
    double *sum = margin ? kit_ones(k, about->A, 0) : NULL;
    for (size_t aj = 0; sum && aj < about->A * about->J; aj++) sum[aj / about->J] += margin[aj];
    return sum;
}

/* A copy in the kit's memory: what is not replaced is the reader's. */
static void one_sector(kit *k)
{
    bashu_data *d = k->data;
    description *about = &d->about;
    size_t N = about->N, J = about->J, S = about->S, A = about->A;
    double *value_added = kit_ones(k, N, 0), *input = kit_ones(k, A, 0), *wages = kit_ones(k, N * S, 0);
    for (size_t a = 0; a < A; a++) {
        double output = 0, added = 0;
        for (size_t n = 0; n < N; n++)
            for (size_t j = 0; about->regions[n].area_index == a && j < J; j++) added += d->value_added[at2(n, j, J)];
        for (size_t j = 0; j < J; j++) output += area_output(d, a, j);
        input[a] = 1 - added / output;
    }
    for (size_t n = 0; n < N; n++) {
        for (size_t j = 0; j < J; j++) {
            value_added[n] += d->value_added[at2(n, j, J)];
            for (size_t s = 0; s < S; s++) wages[at2(n, s, S)] += d->value_added[at2(n, j, J)] * d->wage_share[at3(n, j, s, J, S)];
        }
        for (size_t s = 0; s < S; s++) wages[at2(n, s, S)] /= value_added[n];
    }
    d->exports = sum_margin(k, d->exports);
    d->imports = sum_margin(k, d->imports);
    d->outflow = sum_margin(k, d->outflow);
    d->inflow = sum_margin(k, d->inflow);
    d->value_added = value_added;
    d->value_added_imputed = NULL;
    d->input_share = input;
    d->wage_share = wages;
    d->final_share = kit_ones(k, A, 1);
    about->J = 1;
}

static void one_sector_china_agrees(void **state)
{
    kit k;
    naive other;
    (void)state;
    kit_open(&k, 0);
    kit_read(&k, CHINA);
    one_sector(&k);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    size_t N = e->about.N, S = e->about.S, crossings = 0;
    double *cost = kit_trade_cost(&k);
    for (size_t n = 0; n < N; n++)
        for (size_t i = 0; i < N; i++) {
            const char *a = e->about.regions[n].area, *b = e->about.regions[i].area;
            bool crosses = (!strcmp(a, "510000") && !strcmp(b, "500000")) || (!strcmp(a, "500000") && !strcmp(b, "510000"));
            if (crosses) cost[n * N + i] = 0.95, crossings++;
        }
    assert_int_equal(crossings, 2 * 21 * 38); /* Sichuan's 21 prefectures, Chongqing's 38 districts and counties */
    const bashu_result *r = kit_solve(&k);
    assert_true(naive_solve(&other, k.memory, e, &k.shock, 5000));
    print_message("one-sector China: naive %d rounds, gap %.1g; solver %d passes, %s\n", other.rounds, other.gap,
                  r->info.passes, r->info.method);
    assert_true(other.gap <= 1e-11);
    static const double agree = 1e-8;
    must_all_be("wage", r->wage_hat, other.wage, N * S, agree);
    must_all_be("people", r->people_hat, other.people, N * S, agree);
    must_all_be("rent", r->rent_hat, other.rent, N, agree);
    must_all_be("price", r->price_hat, other.price, N, agree);
    must_all_be("output", r->output_hat, other.output, N, agree);
    must_all_be("utility", r->utility_hat, other.utility, N * S, agree);
    must_all_be("welfare", r->welfare_hat, other.welfare, N * S, agree);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_sector_china_agrees)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
