/* test_closed_forms.c - economies whose answer is known on paper. Each test derives it in a comment, names the source and
 * works it out by arithmetic of its own: at most one unknown, found by bisection. */
#include "kit.h"

static const double exact = 1e-10; /* the solver's residual is 1e-12; sums of a few of those */

/* ---- one sector ------------------------------------------------------------------------------------------- */

/* n regions alike, home share h, spending 100 each. */
static const double *symmetric_flow(const kit *k, size_t N, size_t J, double home)
{
    double *flow = kit_ones(k, N * J * N, 100 * (1 - home) / (double)(N - 1));
    for (size_t n = 0; n < N; n++)
        for (size_t j = 0; j < J; j++) flow[at3(n, j, n, J, N)] = 100 * home;
    return flow;
}

/* Regions alike under a common shock stay alike; with everything nominal at the numeraire w = r = 1 and
 *   P = c / A, c = P^(1-gamma)  =>  P = A^(-1/gamma);  utility = P^-alpha = A^(alpha/gamma).
 * Agglomeration changes nothing: nobody moves. */
static void symmetric_regions_stay_alike(void **state)
{
    enum { N = 5 };
    static const double input[1] = {0.55}, movers[N] = {2e5, 2e5, 2e5, 2e5, 2e5};
    const double A = 1.2, gamma = 0.45, alpha = 0.8;
    kit k;
    (void)state;
    kit_open(&k, 1);
    sketch s = sketch_new(N, 1, 1);
    s.flow = symmetric_flow(&k, N, 1, 0.7);
    s.input = input;
    s.movers = movers;
    s.elasticity[MIGRATION_ELASTICITY] = 2;
    s.elasticity[HOUSING_SHARE] = 1 - alpha;
    s.elasticity[LAND_SHARE] = 0.1;
    s.elasticity[AGGLOMERATION_ELASTICITY] = 0.02;
    s.elasticity[AMENITY_CONGESTION] = 0.1;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    for (size_t n = 0; n < N; n++) k.shock.productivity_hat[n] = A;
    const bashu_result *r = kit_solve(&k);
    for (size_t n = 0; n < N; n++) {
        must_be("wage", r->wage_hat[n], 1, exact);
        must_be("people", r->people_hat[n], 1, exact);
        must_be("rent", r->rent_hat[n], 1, exact);
        must_be("price", r->price_hat[n], pow(A, -1 / gamma), exact);
        must_be("welfare", r->welfare_hat[n], pow(A, alpha / gamma), exact);
        must_be("same as the first", r->price_hat[n], r->price_hat[0], 1e-13);
    }
    kit_close(&k);
}

/* Productivity up by exp(p gamma_n^j) everywhere: all prices fall by exp(-p), since log P = -p gamma + (1 - gamma)(-p),
 * wages and rents stay, nobody moves; utility rises by exp(alpha p). True of any economy, with agglomeration too. */
static void common_productivity_is_shared(void **state)
{
    const double p = 0.25;
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    size_t N = e->about.N, J = e->about.J, S = e->about.S;
    for (size_t i = 0; i < N * J; i++) k.shock.productivity_hat[i] = exp(p * e->value_added_share[i]);
    const bashu_result *r = kit_solve(&k);
    for (size_t i = 0; i < N * J; i++) {
        must_be("price", r->price_hat[i], exp(-p), exact);
        must_be("output", r->output_hat[i], 1, exact);
    }
    for (size_t i = 0; i < N * S; i++) {
        must_be("wage", r->wage_hat[i], 1, exact);
        must_be("people", r->people_hat[i], 1, exact);
        must_be("utility", r->utility_hat[i], exp(p * e->goods_share[i / S]), exact);
    }
    for (size_t n = 0; n < N; n++) must_be("rent", r->rent_hat[n], 1, exact);
    kit_close(&k);
}

/* Arkolakis, Costinot & Rodriguez-Clare (2012), with intermediates their section V: real wage = (home share hat)^(-1/(theta gamma)).
 * Regions alike, all trade dearer by kappa: the new home share is h / (h + (1-h) kappa^-theta), on paper. */
static void gains_from_trade_of_symmetric_regions(void **state)
{
    static const double input[1] = {0.4}, none[1] = {0}, costs[] = {1.1, 0.8, 2, 1e6};
    const double home = 0.75;
    (void)state;
    for (int intermediates = 0; intermediates < 2; intermediates++)
        for (size_t c = 0; c < sizeof costs / sizeof *costs; c++)
            for (double theta = 2; theta < 10; theta += 3.5) {
                enum { N = 3 };
                kit k;
                kit_open(&k, 1);
                sketch s = sketch_new(N, 1, 1);
                s.flow = symmetric_flow(&k, N, 1, home);
                s.input = intermediates ? input : none;
                s.elasticity[TRADE_ELASTICITY] = theta;
                kit_draw(&k, &s);
                kit_calibrate(&k);
                double *cost = kit_trade_cost(&k);
                for (size_t n = 0; n < N; n++)
                    for (size_t i = 0; i < N; i++)
                        if (n != i) cost[n * N + i] = costs[c];
                const bashu_result *r = kit_solve(&k);
                double gamma = intermediates ? 0.6 : 1, home_new = home / (home + (1 - home) * pow(costs[c], -theta));
                double gain = pow(home_new / home, -1 / (theta * gamma));
                for (size_t n = 0; n < N; n++) {
                    must_be("real wage", r->wage_hat[n] / r->price_hat[n], gain, exact);
                    must_be("welfare", r->welfare_hat[n], gain, exact);
                }
                kit_close(&k);
            }
}

/* Regions that differ, put out of each other's reach: home share 1, so welfare changes by (home share)^(1/theta)
 * (same source). Trade is balanced: the matrix of flows is symmetric. What is left of trade is of the order of
 * kappa^-theta, and still of some use: welfare comes down to the limit from above, within kappa^-theta. Relative wages
 * hang by that thread, so kappa stops where the thread is a hundred-thousandth. */
static void autarky(void **state)
{
    enum { N = 3 };
    static const double flow[N * N] = {80, 15, 5, 15, 150, 40, 5, 40, 20}, costs[] = {2, 3, 5, 8};
    static const double home[N] = {0.8, 150.0 / 205, 20.0 / 65};
    const double theta = 5;
    kit k;
    (void)state;
    kit_open(&k, 1);
    sketch s = sketch_new(N, 1, 1);
    s.flow = flow;
    s.elasticity[TRADE_ELASTICITY] = theta;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    for (size_t c = 0; c < sizeof costs / sizeof *costs; c++) {
        double *cost = kit_trade_cost(&k);
        for (size_t n = 0; n < N; n++)
            for (size_t i = 0; i < N; i++)
                if (n != i) cost[n * N + i] = costs[c];
        const bashu_result *r = kit_solve(&k);
        for (size_t n = 0; n < N; n++) {
            double limit = pow(home[n], 1 / theta), above = r->welfare_hat[n] / limit - 1;
            if (!(above > 0 && above < pow(costs[c], -theta)))
                fail_msg("region %zu, cost %g: welfare %.12g, in autarky %.12g", n, costs[c], r->welfare_hat[n], limit);
        }
    }
    kit_close(&k);
}

/* Costinot & Rodriguez-Clare (2014), equation 29 with constant shares (perfect competition): to autarky,
 *   log(P_j / w) = sum_k a_jk log(1 / pi_nn^k) / theta,  a = (I - Gamma)^-1,  welfare = exp(-sum_j alpha_j log(P_j / w)).
 * Final shares follow from the flows: alpha_j I = X_j - sum_k gamma^{jk} Y_k, with X = Y by symmetric flows. */
static void autarky_with_input_output_links(void **state)
{
    enum { N = 2, J = 2 };
    static const double flow[N * J * N] = {/* buyer 0 */ 70, 30, 90, 20, /* buyer 1 */ 30, 110, 20, 60};
    static const double input[J * J] = {0.3, 0.1, 0.15, 0.35}; /* [using][input] */
    const double theta = 4;
    kit k;
    (void)state;
    kit_open(&k, 1);
    sketch s = sketch_new(N, J, 1);
    s.flow = flow;
    s.input = input;
    s.elasticity[TRADE_ELASTICITY] = theta;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    double *cost = kit_trade_cost(&k);
    for (size_t j = 0; j < J; j++) cost[at3(0, j, 1, J, N)] = cost[at3(1, j, 0, J, N)] = 12; /* 12^-4 = 5e-5 of trade is left */
    const bashu_result *r = kit_solve(&k);
    for (size_t n = 0; n < N; n++) {
        double X[J], openness[J], determinant = (1 - input[0]) * (1 - input[3]) - input[1] * input[2];
        for (size_t j = 0; j < J; j++) {
            X[j] = flow[at3(n, j, 0, J, N)] + flow[at3(n, j, 1, J, N)];
            openness[j] = log(X[j] / flow[at3(n, j, n, J, N)]) / theta; /* log(1/pi) / theta */
        }
        double final[J] = {X[0] - input[0] * X[0] - input[2] * X[1], X[1] - input[1] * X[0] - input[3] * X[1]};
        /* log P = openness + Gamma log P, by Cramer's rule */
        double price[J] = {((1 - input[3]) * openness[0] + input[1] * openness[1]) / determinant,
                           (input[2] * openness[0] + (1 - input[0]) * openness[1]) / determinant};
        double share = final[0] / (final[0] + final[1]);
        must_be("welfare", r->welfare_hat[n], exp(-share * price[0] - (1 - share) * price[1]), 2e-5);
        for (size_t j = 0; j < J; j++) must_be("price over wage", r->price_hat[n * J + j] / r->wage_hat[n], exp(price[j]), 3e-5);
    }
    kit_close(&k);
}

/* Dekle, Eaton & Kortum (2007): two regions that differ, a deficit, one equation in one unknown, by bisection:
 *   w_1 L_1 = sum_n pi'_n1 (w_n L_n + D_n),  numeraire w_1 L_1 + w_2 L_2 = const. */
typedef struct two_countries {
    double pi[2][2], labour[2], deficit[2], A[2], kappa[2][2], theta;
    double wage[2], price[2];
} two_countries;

static double excess_sales(double wage_of_first, void *payload)
{
    two_countries *c = payload;
    double sales = 0;
    c->wage[0] = wage_of_first;
    c->wage[1] = (c->labour[0] + c->labour[1] - wage_of_first * c->labour[0]) / c->labour[1];
    for (int n = 0; n < 2; n++) {
        double part[2];
        for (int i = 0; i < 2; i++) part[i] = c->pi[n][i] * pow(c->wage[i] * c->kappa[n][i] / c->A[i], -c->theta);
        c->price[n] = pow(part[0] + part[1], -1 / c->theta);
        sales += part[0] / (part[0] + part[1]) * (c->wage[n] * c->labour[n] + c->deficit[n]);
    }
    return sales - wage_of_first * c->labour[0];
}

static void two_countries_by_bisection(void **state)
{
    static const double flow[4] = {70, 40, 10, 200};
    two_countries c = {.pi = {{70.0 / 110, 40.0 / 110}, {10.0 / 210, 200.0 / 210}}, .labour = {80, 240}, .deficit = {30, -30},
                       .A = {1.3, 0.9}, .kappa = {{1, 0.8}, {1.15, 1}}, .theta = 6};
    kit k;
    (void)state;
    kit_open(&k, 1);
    sketch s = sketch_new(2, 1, 1);
    s.flow = flow;
    s.elasticity[TRADE_ELASTICITY] = c.theta;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    must_be("deficit", k.economy->deficit[0], c.deficit[0], 1e-13);
    double *cost = kit_trade_cost(&k);
    for (size_t n = 0; n < 2; n++) {
        k.shock.productivity_hat[n] = c.A[n];
        for (size_t i = 0; i < 2; i++) cost[n * 2 + i] = c.kappa[n][i];
    }
    const bashu_result *r = kit_solve(&k);
    assert_memory_equal(r->info.uniqueness, "holds", 5); /* gross substitutes */
    bisect(excess_sales, &c, 0.5, 2);
    must_all_be("wage", r->wage_hat, c.wage, 2, exact);
    must_all_be("price", r->price_hat, c.price, 2, exact);
    kit_close(&k);
}

/* ---- people who move -------------------------------------------------------------------------------------- */

/* Two regions, one sector made of labour alone, trade without cost: everybody buys the same share from each, so with
 * own-place agglomeration T = L^(mu theta) (a place's workers are its people)
 *   pi'_i ~ pi_i A_i^theta L_i^(mu theta) w_i^-theta  and  pi'_i X = w_i L_i   =>   w_i^(1+theta) L_i^(1 - mu theta) ~ A_i^theta
 * The scale is the numeraire's: sum w L = const. Rents: r_n H_n = (1-alpha) I_n, H = land r^chi, a part iota of them shared by
 * people; sum of I = sum of w L / alpha, so the portfolio is iota (1-alpha)/alpha sum w L and
 *   I_n [1 - (1-iota)(1-alpha)] = w_n L_n + (L_n / L) Pi + D_n + transfer_n
 * One unknown is left, the people of region 1; location (Redding 2016; Tombe & Zhu 2019) is the equation:
 *   V_n = b_n (L_n)^-lambda w_n (I_n / (w_n L_n)) / (P^alpha r_n^(1-alpha)),  L_1 = sum_o Lbar_o m_o1 (V_1/mu_o1)^eps / sum_h ... */
typedef struct two_cities {
    double mu, theta, alpha, chi, iota, lambda, epsilon;
    double labour[2], people[2], income[2], deficit[2]; /* baseline: wage bill, persons, I, D */
    double move[2][2], registered[2];                   /* m_on, Lbar_o */
    double A[2], b[2], land[2], transfer[2], cost[2][2];
    double wage[2], people_hat[2], rent[2], utility[2], welfare[2], price;
} two_cities;

static double arrivals(const two_cities *c, int n)
{
    double sum = 0;
    for (int o = 0; o < 2; o++) {
        double pull[2];
        for (int h = 0; h < 2; h++) pull[h] = c->move[o][h] * pow(c->utility[h] / c->cost[o][h], c->epsilon);
        sum += c->registered[o] * pull[n] / (pull[0] + pull[1]);
    }
    return sum;
}

static double excess_arrivals(double people_hat_of_first, void *payload)
{
    two_cities *c = payload;
    double everybody = c->people[0] + c->people[1], bill = 0, power = 0, portfolio;
    c->people_hat[0] = people_hat_of_first;
    c->people_hat[1] = (everybody - people_hat_of_first * c->people[0]) / c->people[1];
    for (int i = 0; i < 2; i++) {
        c->wage[i] = pow(pow(c->A[i], c->theta) * pow(c->people_hat[i], c->mu * c->theta - 1), 1 / (1 + c->theta));
        bill += c->wage[i] * c->people_hat[i] * c->labour[i];
    }
    for (int i = 0; i < 2; i++) {
        c->wage[i] *= (c->labour[0] + c->labour[1]) / bill;
        double x = pow(c->A[i] * pow(c->people_hat[i], c->mu) / c->wage[i], c->theta);
        power += c->labour[i] / (c->labour[0] + c->labour[1]) * x;
    }
    c->price = pow(power, -1 / c->theta);
    portfolio = c->iota * (1 - c->alpha) / c->alpha * (c->labour[0] + c->labour[1]);
    for (int n = 0; n < 2; n++) {
        double paid = c->wage[n] * c->people_hat[n] * c->labour[n];
        double income = paid + c->people_hat[n] * c->people[n] / everybody * portfolio + c->deficit[n] + c->transfer[n];
        income /= 1 - (1 - c->iota) * (1 - c->alpha);
        /* nobody rents where goods are all that is bought */
        c->rent[n] = c->alpha < 1 ? pow(income / c->income[n] / c->land[n], 1 / (1 + c->chi)) : 1;
        c->utility[n] = c->b[n] * pow(c->people_hat[n], -c->lambda) * (income / c->income[n]) / c->people_hat[n]
                        / (pow(c->price, c->alpha) * pow(c->rent[n], 1 - c->alpha));
    }
    for (int o = 0; o < 2; o++) {
        double sum = 0;
        for (int h = 0; h < 2; h++) sum += c->move[o][h] * pow(c->utility[h] / c->cost[o][h], c->epsilon);
        c->welfare[o] = pow(sum, 1 / c->epsilon);
    }
    return arrivals(c, 0) - people_hat_of_first * c->people[0];
}

/* 3 : 2 in spending and sales, 2 : 1 in people, 4e5 and 3e5 of them from the other place. */
static void two_cities_agree(two_cities *c, spillover kind)
{
    static const double flow[4] = {36, 24, 24, 16}, people[2] = {2e6, 1e6}, movers[2] = {4e5, 3e5}, land[2] = {500, 3000};
    const double spent[2] = {60, 40};
    kit k;
    kit_open(&k, 1);
    sketch s = sketch_new(2, 1, 1);
    s.flow = flow;
    s.people = people;
    s.movers = movers;
    s.land = land;
    s.switches.rents = c->iota > 0 ? RENTS_NATIONAL : RENTS_RESIDENTS;
    s.switches.spillover = kind;
    s.elasticity[TRADE_ELASTICITY] = c->theta;
    s.elasticity[HOUSING_SHARE] = 1 - c->alpha;
    s.elasticity[HOUSING_SUPPLY_ELASTICITY] = c->chi;
    s.elasticity[AMENITY_CONGESTION] = c->lambda;
    s.elasticity[AGGLOMERATION_ELASTICITY] = c->mu;
    s.elasticity[MIGRATION_ELASTICITY] = c->epsilon;
    s.elasticity[NATIONAL_RENT_SHARE] = c->iota;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    double *cost = kit_migration_cost(&k);
    for (size_t n = 0; n < 2; n++) {
        c->labour[n] = spent[n];
        c->people[n] = people[n];
        c->income[n] = spent[n] / c->alpha;
        /* what the portfolio pays is not what the place pays in: the rest is the deficit that closes the accounts */
        c->deficit[n] = c->income[n] * (1 - (1 - c->iota) * (1 - c->alpha)) - spent[n]
                        - people[n] / 3e6 * c->iota * (1 - c->alpha) / c->alpha * 100;
        c->registered[n] = people[n] - movers[n] + movers[1 - n];
        c->move[n][n] = (people[n] - movers[n]) / c->registered[n];
        c->move[n][1 - n] = movers[1 - n] / c->registered[n];
        k.shock.productivity_hat[n] = c->A[n];
        k.shock.amenity_hat[n] = c->b[n];
        k.shock.land_hat[n] = c->land[n];
        k.shock.transfer[n] = c->transfer[n];
        for (size_t h = 0; h < 2; h++) cost[n * 2 + h] = c->cost[n][h];
    }
    must_all_be("deficit + 100", (double[]){100 + k.economy->deficit[0], 100 + k.economy->deficit[1]},
                (double[]){100 + c->deficit[0], 100 + c->deficit[1]}, 2, 1e-13);
    const bashu_result *r = kit_solve(&k);
    bisect(excess_arrivals, c, 0.05, 1.45);
    must_all_be("wage", r->wage_hat, c->wage, 2, exact);
    must_all_be("people", r->people_hat, c->people_hat, 2, exact);
    must_all_be("rent", r->rent_hat, c->rent, 2, exact);
    must_all_be("price", r->price_hat, (double[]){c->price, c->price}, 2, exact);
    must_all_be("utility", r->utility_hat, c->utility, 2, exact);
    must_all_be("welfare", r->welfare_hat, c->welfare, 2, exact);
    kit_close(&k);
}

static two_cities cities(void)
{
    return (two_cities){.theta = 4, .alpha = 1, .epsilon = 1.5, .A = {1, 1}, .b = {1, 1}, .land = {1, 1},
                        .cost = {{1, 1}, {1, 1}}};
}

static void migration_by_bisection(void **state)
{
    (void)state;
    two_cities c = cities();
    c.b[0] = 1.2; /* amenity */
    two_cities_agree(&c, SPILLOVER_MASS);
    assert_true(c.people_hat[0] > 1.03 && c.people_hat[0] < 1.2); /* they came, and not all of them */
    c = cities();
    c.cost[1][0] = 0.7; /* easier to leave the second for the first */
    c.epsilon = 3;
    two_cities_agree(&c, SPILLOVER_MASS);
    assert_true(c.people_hat[0] > 1.05);
    c = cities();
    c.A[1] = 1.3;
    c.lambda = 0.3;
    two_cities_agree(&c, SPILLOVER_MASS);
    assert_true(c.people_hat[1] > 1);
}

static void housing_by_bisection(void **state)
{
    (void)state;
    for (double chi = 0; chi < 4; chi += 1.75) {
        two_cities c = cities();
        c.alpha = 0.7;
        c.chi = chi;
        c.b[0] = 1.15;
        c.land[1] = 1.4;
        two_cities_agree(&c, SPILLOVER_MASS);
    }
}

static void agglomeration_by_bisection(void **state)
{
    (void)state;
    for (int density = 0; density < 2; density++) { /* own place only, land as it was: mass and density are the same */
        two_cities c = cities();
        c.mu = 0.08;
        c.alpha = 0.8;
        c.lambda = 0.1;
        c.A[0] = 1.1;
        c.b[1] = 0.95;
        two_cities_agree(&c, density ? SPILLOVER_DENSITY : SPILLOVER_MASS);
        assert_true(fabs(c.people_hat[0] - 1) > 0.01);
    }
}

/* Caliendo, Parro, Rossi-Hansberg & Sarte (2018): rents into a portfolio that pays by head. And a transfer. */
static void national_rents_by_bisection(void **state)
{
    (void)state;
    for (double iota = 0.4; iota < 1.1; iota += 0.6) {
        two_cities c = cities();
        c.iota = iota;
        c.alpha = 0.75;
        c.chi = 0.5;
        c.A[0] = 1.2;
        c.land[0] = 0.9;
        two_cities_agree(&c, SPILLOVER_MASS);
    }
    two_cities c = cities();
    c.alpha = 0.85;
    c.transfer[0] = -5;
    c.transfer[1] = 5;
    two_cities_agree(&c, SPILLOVER_MASS);
    assert_true(c.people_hat[1] > 1.01);
}

/* Strong agglomeration: w rises with L by (mu theta - 1)/(1 + theta) = 0.28; a portfolio that pays everybody the same is
 * half of income, so income per head rises by 0.14 at first, and less where a city is nearly empty. Times epsilon = 12
 * that is more than the one for one that tastes put against it: two cities alike have three equilibria. The equation in
 * one unknown above says which, by a scan for changes of sign. The solver must know of more than one, and name none that
 * is not. */
static size_t all_roots(two_cities *c, double *root, size_t most)
{
    size_t count = 0;
    double low = 0.001, step = 0.001;
    for (double x = low; x + step < 1.9995; x += step)
        if (excess_arrivals(x, c) * excess_arrivals(x + step, c) < 0 && count < most) root[count++] = bisect(excess_arrivals, c, x, x + step);
    return count;
}

static void several_equilibria(void **state)
{
    static const double flow[4] = {25, 25, 25, 25}, movers[2] = {5e5, 5e5};
    two_cities c = cities();
    c.mu = 0.6;
    c.epsilon = 12;
    c.alpha = 0.5;
    c.iota = 1;
    c.chi = 20;
    c.b[0] = 1.001;
    for (int n = 0; n < 2; n++) {
        c.labour[n] = 50;
        c.income[n] = 100;
        c.people[n] = c.registered[n] = 1e6;
        c.move[n][0] = c.move[n][1] = 0.5;
    }
    double root[8];
    size_t roots = all_roots(&c, root, 8), seen[8] = {0}, different = 0;
    assert_int_equal(roots, 3);
    kit k;
    (void)state;
    kit_open(&k, 1);
    sketch s = sketch_new(2, 1, 1);
    s.flow = flow;
    s.movers = movers;
    s.elasticity[TRADE_ELASTICITY] = c.theta;
    s.elasticity[AGGLOMERATION_ELASTICITY] = c.mu;
    s.elasticity[MIGRATION_ELASTICITY] = c.epsilon;
    s.elasticity[HOUSING_SHARE] = 1 - c.alpha;
    s.elasticity[HOUSING_SUPPLY_ELASTICITY] = c.chi;
    s.elasticity[NATIONAL_RENT_SHARE] = c.iota;
    s.switches.rents = RENTS_NATIONAL;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    k.shock.amenity_hat[0] = c.b[0];
    k.options.tolerance = 1e-10;
    k.options.starts = 12;
    const bashu_result *r = kit_solve(&k);
    assert_memory_equal(r->info.uniqueness, "not known", 9);
    assert_int_equal(r->info.starts, 12);
    print_message("equilibria: %zu on paper (%.6f, %.6f, %.6f), %d found from %d starts\n", roots, root[0], root[1], root[2],
                  r->info.equilibria, r->info.starts);
    assert_true(r->info.equilibria > 1 && r->info.equilibria <= 3);
    /* the answers themselves, from everywhere: each is a root */
    solver_set_starts(k.solver, 0);
    for (int start = 0; start <= 20; start++) {
        double people = 0.1 + 0.09 * start, z[2 * 5] = {0}; /* K = wage, people, rent, price, output */
        for (int n = 0; n < 2; n++) z[5 * n + 1] = z[5 * n + 4] = log(n ? 2 - people : people);
        solver_set_start(k.solver, z);
        r = kit_try(&k);
        if (r->info.reason <= 0) continue; /* no answer is an answer too */
        size_t which = 0;
        while (which < roots && fabs(r->people_hat[0] - root[which]) > 1e-6) which++;
        if (which == roots) fail_msg("from %.2f: %.12g people are no equilibrium", people, r->people_hat[0]);
        seen[which]++;
    }
    for (size_t q = 0; q < roots; q++) different += seen[q] > 0;
    print_message("answers at each: %zu, %zu, %zu\n", seen[0], seen[1], seen[2]);
    assert_true(different > 1);
    kit_close(&k);
}

/* Land up by h in regions alike: r = h^(-1/(1+chi)), everything else nominal stays, welfare = r^-(1-alpha). */
static void land_supply(void **state)
{
    const double h = 1.3, alpha = 0.8;
    (void)state;
    for (double chi = 0; chi < 3; chi += 1.25) {
        enum { N = 3 };
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(N, 1, 1);
        s.flow = symmetric_flow(&k, N, 1, 0.6);
        s.elasticity[HOUSING_SHARE] = 1 - alpha;
        s.elasticity[HOUSING_SUPPLY_ELASTICITY] = chi;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        for (size_t n = 0; n < N; n++) k.shock.land_hat[n] = h;
        const bashu_result *r = kit_solve(&k);
        for (size_t n = 0; n < N; n++) {
            must_be("rent", r->rent_hat[n], pow(h, -1 / (1 + chi)), exact);
            must_be("welfare", r->welfare_hat[n], pow(h, (1 - alpha) / (1 + chi)), exact);
        }
        kit_close(&k);
    }
}

/* ---- mobility without homes ------------------------------------------------------------------------------ */

/* What all buy in the same proportions and in balance: f_ni = size_n size_i / sum. */
static const double *even_flow(const kit *k, const double *size, size_t N)
{
    double *flow = kit_ones(k, N * N, 0), sum = 0;
    for (size_t n = 0; n < N; n++) sum += size[n];
    for (size_t q = 0; q < N * N; q++) flow[q] = size[q / N] * size[q % N] / sum;
    return flow;
}

/* Redding & Rossi-Hansberg (2017), section 3, with trade that costs nothing, one sector of labour alone, balanced: as above
 *   w_n^(1+theta) ~ A_n^theta L_n^(mu theta - 1),  I_n ~ w_n L_n,  r_n = (w_n L_n / land_n)^(1/(1+chi)),
 *   V_n ~ b_n L_n^-lambda w_n r_n^-(1-alpha)
 * and people move until V is equal (free), or until L_n ~ V_n^epsilon (costless). Linear in logs, so for any number of places
 *   log L_n = [b + k land + (1-k) theta A / (1+theta)]_n / [lambda + k + (1-k)(1-mu theta)/(1+theta) + 1/epsilon] + const,
 * k = (1-alpha)/(1+chi), logs all; 1/epsilon is 0 with free mobility. */
static void people_without_homes(double epsilon, double *people_hat, double *utility_hat)
{
    enum { N = 4 };
    static const double size[N] = {60, 40, 25, 75}, people[N] = {3e6, 1e6, 2e6, 4e6};
    static const double A[N] = {1.2, 0.9, 1, 1.05}, b[N] = {1, 1.1, 0.95, 1}, land[N] = {1, 1, 1.3, 0.9};
    const double theta = 4, mu = 0.05, alpha = 0.75, chi = 0.5, lambda = 0.1, share = (1 - alpha) / (1 + chi);
    kit k;
    kit_open(&k, 1);
    sketch s = sketch_new(N, 1, 1);
    s.flow = even_flow(&k, size, N);
    s.people = people;
    s.switches.mobility = isinf(epsilon) ? MOBILITY_FREE : MOBILITY_COSTLESS;
    s.elasticity[MIGRATION_ELASTICITY] = isinf(epsilon) ? 0 : epsilon;
    s.elasticity[TRADE_ELASTICITY] = theta;
    s.elasticity[HOUSING_SHARE] = 1 - alpha;
    s.elasticity[HOUSING_SUPPLY_ELASTICITY] = chi;
    s.elasticity[AMENITY_CONGESTION] = lambda;
    s.elasticity[AGGLOMERATION_ELASTICITY] = mu;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    for (size_t n = 0; n < N; n++) {
        k.shock.productivity_hat[n] = A[n];
        k.shock.amenity_hat[n] = b[n];
        k.shock.land_hat[n] = land[n];
    }
    double against = lambda + share + (1 - share) * (1 - mu * theta) / (1 + theta) + 1 / epsilon, total = 0, everybody = 0;
    for (size_t n = 0; n < N; n++) {
        people_hat[n] = exp((log(b[n]) + share * log(land[n]) + (1 - share) * theta * log(A[n]) / (1 + theta)) / against);
        total += people_hat[n] * people[n];
        everybody += people[n];
    }
    double bill = 0, world = 0, power = 0, wage[N], rent[N], spread = 0, welfare = 0;
    for (size_t n = 0; n < N; n++) {
        people_hat[n] *= everybody / total;
        wage[n] = pow(pow(A[n], theta) * pow(people_hat[n], mu * theta - 1), 1 / (1 + theta));
        bill += wage[n] * people_hat[n] * size[n];
        world += size[n];
    }
    for (size_t n = 0; n < N; n++) {
        wage[n] *= world / bill;
        rent[n] = pow(wage[n] * people_hat[n] / land[n], 1 / (1 + chi));
        power += size[n] / world * pow(A[n] * pow(people_hat[n], mu) / wage[n], theta);
    }
    const bashu_result *r = kit_solve(&k);
    for (size_t n = 0; n < N; n++) {
        utility_hat[n] = b[n] * pow(people_hat[n], -lambda) * wage[n] * pow(power, alpha / theta) * pow(rent[n], alpha - 1);
        spread = fmax(spread, fabs(r->utility_hat[n] / r->utility_hat[0] - 1));
        welfare += isinf(epsilon) ? 0 : people[n] / everybody * pow(utility_hat[n], epsilon);
    }
    welfare = isinf(epsilon) ? utility_hat[0] : pow(welfare, 1 / epsilon);
    must_all_be("people", r->people_hat, people_hat, N, exact);
    must_all_be("wage", r->wage_hat, wage, N, exact);
    must_all_be("rent", r->rent_hat, rent, N, exact);
    must_all_be("utility", r->utility_hat, utility_hat, N, exact);
    for (size_t n = 0; n < N; n++) must_be("welfare", r->welfare_hat[n], welfare, exact);
    assert_true(isinf(epsilon) ? spread < 1e-11 : spread > 1e-6);
    assert_true(fabs(r->people_hat[0] - 1) > 0.02);
    kit_close(&k);
}

static void free_and_costless_mobility(void **state)
{
    double people_free[4], utility_free[4], people[4], utility[4], before = INFINITY;
    (void)state;
    people_without_homes((double)INFINITY, people_free, utility_free);
    for (double epsilon = 1.5; epsilon < 40; epsilon *= 4) {
        people_without_homes(epsilon, people, utility);
        double apart = fabs(log(people[0] / people_free[0]));
        assert_true(apart < before); /* ever more like free mobility */
        before = apart;
    }
}

/* ---- commuting ------------------------------------------------------------------------------------------- */

/* Ahlfeldt, Redding, Sturm & Wolf (2015), Monte, Redding & Rossi-Hansberg (2018), two places, trade that costs nothing, one
 * sector of labour alone: what is sold where goes by w^-theta A^theta, so with Lw the workers of a place
 *   w_i^(1+theta) Lw_i ~ A_i^theta,   Lw_i = sum_n R_n c_ni (w_i/kappa_ni)^e / sum_h c_nh (w_h/kappa_nh)^e,   sum w Lw = const:
 * one unknown, w_1 / w_2, for given residents R. Then
 *   E_n = sum_i commuters_ni w_i,  I_n = (E_n + D_n) / alpha,  r_n = (I_n hat)^(1/(1+chi)),
 *   V_n = b_n access_n (I_n hat / E_n hat) / (P^alpha r_n^(1-alpha)),  access_n = (sum_h c_nh (w_h/kappa_nh)^e)^(1/e).
 * With free mobility R_1 is a second unknown, and V_1 = V_2 its equation: a bisection around the first. */
typedef struct two_places {
    double theta, alpha, chi, e, c[2][2], people[2], pay[2], spent[2]; /* baseline; pay: a worker's wage */
    double kappa[2][2], A[2], b[2];
    double residents[2], wage[2], jobs[2], access[2], earned[2], rent[2], utility[2], price, ratio; /* earned: level */
} two_places;

static double commuters(const two_places *t, int n, int i)
{
    double total = 0;
    for (int h = 0; h < 2; h++) total += t->c[n][h] * pow(t->wage[h] / t->kappa[n][h], t->e);
    return t->people[n] * t->residents[n] * t->c[n][i] * pow(t->wage[i] / t->kappa[n][i], t->e) / total;
}

static double excess_workers(double wage_ratio, void *payload)
{
    two_places *t = payload;
    double wanted[2];
    t->wage[0] = wage_ratio;
    t->wage[1] = 1;
    for (int i = 0; i < 2; i++) {
        t->jobs[i] = (commuters(t, 0, i) + commuters(t, 1, i)) / (t->people[0] * t->c[0][i] + t->people[1] * t->c[1][i]);
        wanted[i] = pow(t->A[i], t->theta) * pow(t->wage[i], -1 - t->theta);
    }
    return t->jobs[0] / t->jobs[1] - wanted[0] / wanted[1];
}

static double better_in_first(double residents_of_first, void *payload)
{
    two_places *t = payload;
    double bill = 0, world = 0, power = 0;
    t->residents[0] = residents_of_first;
    t->residents[1] = (t->people[0] + t->people[1] - residents_of_first * t->people[0]) / t->people[1];
    t->ratio = bisect(excess_workers, t, 0.05, 20);
    excess_workers(t->ratio, t);
    for (int i = 0; i < 2; i++) {
        double workers = t->people[0] * t->c[0][i] + t->people[1] * t->c[1][i];
        bill += t->wage[i] * t->jobs[i] * workers * t->pay[i];
        world += workers * t->pay[i];
    }
    for (int i = 0; i < 2; i++) {
        double paid = (t->people[0] * t->c[0][i] + t->people[1] * t->c[1][i]) * t->pay[i];
        t->wage[i] *= world / bill;
        power += paid / world * pow(t->A[i] / t->wage[i], t->theta);
    }
    t->price = pow(power, -1 / t->theta);
    for (int n = 0; n < 2; n++) {
        double before = 0, deficit, income, total = 0;
        t->earned[n] = 0;
        for (int i = 0; i < 2; i++) {
            before += t->people[n] * t->c[n][i] * t->pay[i];
            t->earned[n] += commuters(t, n, i) * t->pay[i] * t->wage[i];
            total += t->c[n][i] * pow(t->wage[i] / t->kappa[n][i], t->e);
        }
        deficit = t->spent[n] - before;
        income = (t->earned[n] + deficit) / t->spent[n]; /* hat */
        t->access[n] = pow(total, 1 / t->e);
        t->rent[n] = t->alpha < 1 ? pow(income, 1 / (1 + t->chi)) : 1;
        t->utility[n] = t->b[n] * t->access[n] * income / (t->earned[n] / before)
                        / (pow(t->price, t->alpha) * pow(t->rent[n], 1 - t->alpha));
    }
    return t->utility[0] - t->utility[1];
}

static void two_places_agree(two_places *t, mobility word)
{
    static const double moving[4] = {1.5e6, 5e5, 1e5, 9e5}, spent[2] = {66, 34}, made[2] = {55, 45};
    double flow[4];
    kit k;
    kit_open(&k, 1);
    for (size_t q = 0; q < 4; q++) flow[q] = spent[q / 2] * made[q % 2] / 100;
    sketch s = sketch_new(2, 1, 1);
    s.flow = flow;
    s.commuters = moving;
    s.switches.mobility = word;
    s.elasticity[TRADE_ELASTICITY] = t->theta;
    s.elasticity[HOUSING_SHARE] = 1 - t->alpha;
    s.elasticity[HOUSING_SUPPLY_ELASTICITY] = t->chi;
    s.elasticity[COMMUTING_ELASTICITY] = t->e;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    double *cost = kit_commuting_cost(&k);
    for (size_t n = 0; n < 2; n++) {
        t->people[n] = moving[2 * n] + moving[2 * n + 1];
        t->pay[n] = made[n] / (moving[n] + moving[2 + n]);
        t->spent[n] = spent[n];
        k.shock.productivity_hat[n] = t->A[n];
        k.shock.amenity_hat[n] = t->b[n];
        for (size_t i = 0; i < 2; i++) {
            t->c[n][i] = moving[2 * n + i] / t->people[n];
            cost[2 * n + i] = t->kappa[n][i];
        }
    }
    const bashu_result *r = kit_solve(&k);
    better_in_first(word == MOBILITY_FREE ? bisect(better_in_first, t, 0.2, 1.4) : 1, t);
    must_all_be("wage", r->wage_hat, t->wage, 2, exact);
    must_all_be("people", r->people_hat, t->residents, 2, exact);
    must_all_be("rent", r->rent_hat, t->rent, 2, exact);
    must_all_be("utility", r->utility_hat, t->utility, 2, exact);
    must_all_be("labour income", r->labour_income, t->earned, 2, exact);
    must_be("price", r->price_hat[0], t->price, exact);
    must_be("price", r->price_hat[1], t->price, exact);
    kit_close(&k);
}

static void commuting_by_bisection(void **state)
{
    (void)state;
    two_places start = {.theta = 4, .alpha = 0.8, .chi = 1.2, .e = 3.3, .kappa = {{1, 1}, {1, 1}}, .A = {1, 1}, .b = {1, 1}};
    for (int word = 0; word < 2; word++) {
        mobility moving = word ? MOBILITY_FREE : MOBILITY_NONE;
        two_places t = start;
        t.A[1] = 1.3;
        two_places_agree(&t, moving);
        assert_true(t.jobs[1] > 1.01 && t.wage[1] > t.wage[0]); /* the work that is worth more draws people */
        t = start;
        t.kappa[0][1] = 0.7; /* the way from the first place to the second becomes shorter */
        two_places_agree(&t, moving);
        assert_true(t.jobs[1] > 1.05);
        t = start;
        t.e = 9;
        t.b[0] = 1.2;
        t.kappa[1][0] = 1.5;
        two_places_agree(&t, moving);
    }
}

/* Places alike, and every way to work elsewhere half as long: as many come as go, and only access to work is worth more. */
static void commuters_of_places_alike(void **state)
{
    enum { N = 3 };
    kit k;
    double going[N * N];
    (void)state;
    for (size_t q = 0; q < N * N; q++) going[q] = q / N == q % N ? 8e5 : 1e5;
    kit_open(&k, 1);
    sketch s = sketch_new(N, 1, 1);
    s.flow = symmetric_flow(&k, N, 1, 0.7);
    s.commuters = going;
    s.elasticity[COMMUTING_ELASTICITY] = 3;
    kit_draw(&k, &s);
    kit_calibrate(&k);
    double *cost = kit_commuting_cost(&k);
    for (size_t q = 0; q < N * N; q++) cost[q] = q / N == q % N ? 1 : 0.5;
    const bashu_result *r = kit_solve(&k);
    for (size_t n = 0; n < N; n++) { /* access = (0.8 + 0.2 2^3)^(1/3), and nothing else changes */
        must_be("wage", r->wage_hat[n], 1, exact);
        must_be("welfare", r->welfare_hat[n], pow(0.8 + 0.2 * 8, 1 / 3.0), exact);
    }
    kit_close(&k);
}

/* ---- structures of sectors, owned portfolios, deficits, settled baselines -------------------------------- */

/* Structures belong to the sector, nobody moves, trade costs nothing, one sector: w L = (1-eta) Y, r^(1+chi) land = Y, so
 *   c = w^(1-eta) (w/land)^(eta/(1+chi)),  Y ~ (A/c)^theta   =>   w ~ (A land^(eta/(1+chi)))^(theta/(1 + theta psi)),
 *   psi = 1 - eta + eta/(1+chi), sum of Y fixed: this knows nothing of incomes. Those are, with a part iota of all rents, sum
 *   Pi = iota ((1-alpha)/alpha + eta) sum Y, owned in parts o_n,
 *   I_n [1 - (1-iota)(1-alpha)] = (1 - iota eta) Y_n + o_n Pi + D_n + transfer_n
 * and housing's rent r^(1+chi) land = I hat is another than the sector's. V = I / (P^alpha r^(1-alpha)), per person. */
static void structures_of_sectors(void **state)
{
    enum { N = 3 };
    static const double size[N] = {70, 50, 30}, A[N] = {1.2, 0.9, 1}, land[N] = {1.3, 1, 0.8}, gift[N] = {-6, 2, 4}, owns[N] = {0.5, 0.1, 0.4};
    const double theta = 5, eta = 0.3, alpha = 0.7, chi = 0.6, world = 150;
    (void)state;
    for (double iota = 0; iota < 1; iota += 0.45) {
        double psi = 1 - eta + eta / (1 + chi), wage[N], rent[N], utility[N], bill = 0, power = 0;
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(N, 1, 1);
        s.flow = even_flow(&k, size, N);
        s.specific = true;
        s.portfolio = iota > 0 ? owns : NULL;
        s.switches.rents = iota > 0 ? RENTS_NATIONAL : RENTS_RESIDENTS;
        s.elasticity[NATIONAL_RENT_SHARE] = iota;
        s.elasticity[TRADE_ELASTICITY] = theta;
        s.elasticity[LAND_SHARE] = eta;
        s.elasticity[HOUSING_SHARE] = 1 - alpha;
        s.elasticity[HOUSING_SUPPLY_ELASTICITY] = chi;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        for (size_t n = 0; n < N; n++) {
            k.shock.productivity_hat[n] = A[n];
            k.shock.land_hat[n] = land[n];
            k.shock.transfer[n] = gift[n];
            wage[n] = pow(A[n] * pow(land[n], eta / (1 + chi)), theta / (1 + theta * psi));
            bill += wage[n] * size[n];
        }
        for (size_t n = 0; n < N; n++) {
            wage[n] *= world / bill;
            power += size[n] / world * pow(A[n] / (pow(wage[n], 1 - eta) * pow(wage[n] / land[n], eta / (1 + chi))), theta);
        }
        for (size_t n = 0; n < N; n++) {
            double own = 1 - (1 - iota) * (1 - alpha), portfolio = iota * ((1 - alpha) / alpha + eta) * world;
            double share = iota > 0 ? owns[n] : 0, deficit = size[n] / alpha * own - (1 - iota * eta) * size[n] - share * portfolio;
            double income = ((1 - iota * eta) * wage[n] * size[n] + share * portfolio + deficit + gift[n]) / own / (size[n] / alpha);
            must_be("deficit", 1 + k.economy->deficit[n], 1 + deficit, 1e-12);
            rent[n] = pow(income / land[n], 1 / (1 + chi));
            utility[n] = income * pow(power, alpha / theta) * pow(rent[n], alpha - 1);
            assert_true(fabs(log(income / wage[n])) > 0.02); /* the two rents differ */
        }
        const bashu_result *r = kit_solve(&k);
        must_all_be("wage", r->wage_hat, wage, N, exact);
        must_all_be("output", r->output_hat, wage, N, exact);
        must_all_be("rent", r->rent_hat, rent, N, exact);
        must_all_be("utility", r->utility_hat, utility, N, exact);
        kit_close(&k);
    }
}

/* Multiplicative deficits: what a place spends over what it makes changes by the same factor everywhere. Spending is
 * I (1 - (1-alpha)), because rents on housing come back: alpha I = value added + D, without transfers and tariffs. */
static void multiplicative_deficits_move_together(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_set(&k, "model.deficits", "multiplicative");
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    size_t N = e->about.N, J = e->about.J;
    double *cost = kit_trade_cost(&k), factor = 0, largest = 0;
    for (size_t j = 0; j < J; j++) cost[at3(0, j, 3, J, N)] = cost[at3(3, j, 0, J, N)] = 0.6;
    for (size_t j = 0; j < J; j++) k.shock.productivity_hat[at2(0, j, J)] = 1.5;
    const bashu_result *r = kit_solve(&k);
    for (size_t n = 0; n < N; n++) {
        double before = 0, now = 0;
        for (size_t j = 0; j < J; j++) {
            before += e->value_added_share[n * J + j] * e->output[n * J + j];
            now += e->value_added_share[n * J + j] * e->output[n * J + j] * r->output_hat[n * J + j];
        }
        double moved = (r->income[n] / now) / (e->income[n] / before);
        if (n == 0) factor = moved;
        must_be("spending over value added", moved, factor, 1e-11);
        largest = fmax(largest, fabs(now / before - 1));
    }
    assert_true(fabs(factor - 1) > 1e-5 && largest > 0.05);
    kit_close(&k);
}

/* Settled accounts of places alike: prices and wages stay (workers go where demand is), so output is what final shares ask
 * for, Y_j = a_j F + sum_k gamma^{jk} Y_k, with F the final use that flows and coefficients leave. By Cramer's rule. A
 * coefficient may be negative: a by-product. */
static void settled_places_alike(void **state)
{
    enum { N = 3, J = 2 };
    static const double final[N * J] = {0.8, 0.2, 0.8, 0.2, 0.8, 0.2};
    (void)state;
    for (int by_product = 0; by_product < 2; by_product++) {
        double input[J * J] = {0.3, by_product ? -0.05 : 0.1, 0.15, 0.35}; /* [using][input] */
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(N, J, 1);
        s.flow = symmetric_flow(&k, N, J, 0.8);
        s.input = input;
        s.final = final;
        s.switches.baseline = BASELINE_SETTLED;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        double left = 200 - 100 * (input[0] + input[1] + input[2] + input[3]);
        double determinant = (1 - input[0]) * (1 - input[3]) - input[1] * input[2];
        double output[J] = {((1 - input[3]) * 0.8 + input[2] * 0.2) * left / determinant,
                            (input[1] * 0.8 + (1 - input[0]) * 0.2) * left / determinant};
        for (size_t n = 0; n < N; n++)
            for (size_t j = 0; j < J; j++) {
                must_be("output", k.economy->output[n * J + j], output[j], 1e-11);
                must_be("expenditure", k.economy->expenditure[n * J + j], output[j], 1e-11);
                must_be("share", k.economy->trade_share[at3(n, j, n, J, N)], 0.8, 1e-11);
            }
        assert_true(fabs(output[0] - 100) > 10);
        kit_must(&k, bashu_solver_new(&k.solver, k.economy, NULL));
        kit_must(&k, bashu_solve(&k.result, k.solver, NULL));
        for (size_t nj = 0; nj < N * J; nj++) assert_true(k.result->output_hat[nj] == 1 && k.result->price_hat[nj] == 1);
        kit_close(&k);
    }
}

/* ---- tariffs ---------------------------------------------------------------------------------------------- */

/* Two regions alike tax each other at tau: w = 1 and with home share h' = h / (h + (1-h)(1+tau)^-theta)
 *   X = w L + R,  R = (1-h') X tau/(1+tau),  P = (h + (1-h)(1+tau)^-theta)^(-1/theta),  welfare = (X / wL) / P. */
static void tariff_revenue(void **state)
{
    const double home = 0.6, theta = 4;
    (void)state;
    for (double tau = 0; tau < 1; tau += 0.3) {
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(2, 1, 1);
        s.flow = symmetric_flow(&k, 2, 1, home);
        s.elasticity[TRADE_ELASTICITY] = theta;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        double *tariff = kit_tariff(&k);
        tariff[at3(0, 0, 1, 1, 2)] = tariff[at3(1, 0, 0, 1, 2)] = tau;
        const bashu_result *r = kit_solve(&k);
        double power = home + (1 - home) * pow(1 + tau, -theta), abroad = 1 - home / power;
        double spent = 1 / (1 - abroad * tau / (1 + tau));
        for (size_t n = 0; n < 2; n++) {
            must_be("wage", r->wage_hat[n], 1, exact);
            must_be("price", r->price_hat[n], pow(power, -1 / theta), exact);
            must_be("expenditure", r->expenditure[n], 100 * spent, exact);
            must_be("income", r->income[n], 100 * spent, exact);
            must_be("welfare", r->welfare_hat[n], spent * pow(power, 1 / theta), exact);
        }
        kit_close(&k);
    }
}

/* A small economy gains most from a tariff of 1 / theta (Gros 1987; Alvarez & Lucas 2007, section 6, as its size goes to
 * zero). Here it is a hundred-thousandth of the world; the top of a parabola through three tariffs lies within 1e-3. */
static double welfare_at_tariff(kit *k, double tau)
{
    kit_tariff(k)[at3(0, 0, 1, 1, 2)] = tau;
    return log(kit_solve(k)->welfare_hat[0]);
}

static void optimal_tariff(void **state)
{
    static const double flow[4] = {7, 3, 3, 1e6};
    (void)state;
    for (double theta = 3; theta < 9; theta += 2.5) {
        kit k;
        kit_open(&k, 1);
        sketch s = sketch_new(2, 1, 1);
        s.flow = flow;
        s.elasticity[TRADE_ELASTICITY] = theta;
        kit_draw(&k, &s);
        kit_calibrate(&k);
        const double width = 0.02, best = 1 / theta;
        double below = welfare_at_tariff(&k, best - width), at = welfare_at_tariff(&k, best), above = welfare_at_tariff(&k, best + width);
        assert_true(at > below && at > above && at > welfare_at_tariff(&k, 0));
        double top = best + width * (below - above) / (2 * (below - 2 * at + above));
        assert_true(fabs(top - best) < 2e-3);
        kit_close(&k);
    }
}

/* Lantern under tariffs: what buyers pay and sellers do not get is what incomes have beyond wages, rents and deficits. */
static void tariff_revenue_adds_up(void **state)
{
    kit k;
    (void)state;
    kit_open(&k, 1);
    kit_read(&k, LANTERN);
    kit_calibrate(&k);
    const bashu_economy *e = k.economy;
    size_t N = e->about.N, J = e->about.J;
    double *tau = kit_tariff(&k), spent = 0, sold = 0, income = 0, value_added = 0, housing = 0;
    for (size_t n = 0; n < N; n++)
        for (size_t i = 0; i < N; i++)
            if (n != i) tau[at3(n, 1, i, J, N)] = 0.1;
    const bashu_result *r = kit_solve(&k);
    for (size_t n = 0; n < N; n++) {
        income += r->income[n];
        housing += (1 - e->goods_share[n]) * r->income[n];
        for (size_t j = 0; j < J; j++) {
            double output = e->output[n * J + j] * r->output_hat[n * J + j];
            spent += r->expenditure[n * J + j];
            sold += output;
            value_added += e->value_added_share[n * J + j] * output;
        }
    }
    assert_true(spent / sold > 1.0001);
    must_be("revenue", spent - sold, income - value_added - housing, 1e-7); /* a small difference of large sums */
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symmetric_regions_stay_alike),
        cmocka_unit_test(common_productivity_is_shared),
        cmocka_unit_test(gains_from_trade_of_symmetric_regions),
        cmocka_unit_test(autarky),
        cmocka_unit_test(autarky_with_input_output_links),
        cmocka_unit_test(two_countries_by_bisection),
        cmocka_unit_test(migration_by_bisection),
        cmocka_unit_test(housing_by_bisection),
        cmocka_unit_test(agglomeration_by_bisection),
        cmocka_unit_test(national_rents_by_bisection),
        cmocka_unit_test(several_equilibria),
        cmocka_unit_test(land_supply),
        cmocka_unit_test(free_and_costless_mobility),
        cmocka_unit_test(commuting_by_bisection),
        cmocka_unit_test(commuters_of_places_alike),
        cmocka_unit_test(structures_of_sectors),
        cmocka_unit_test(multiplicative_deficits_move_together),
        cmocka_unit_test(settled_places_alike),
        cmocka_unit_test(tariff_revenue),
        cmocka_unit_test(optimal_tariff),
        cmocka_unit_test(tariff_revenue_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
