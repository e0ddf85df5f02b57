/* test_game.c - games: axioms and known games, and the game of a scenario's players against solving by hand. */
#include "../truth/kit.h"
#include "policy/cooperation.h"
#include "policy/game.h"
#include "policy/split.h"

#include <stdio.h>
#include <unistd.h>

static void near(const char *what, double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance)) fail_msg("%s: got %.17g, expected %.17g", what, got, expected);
}

static size_t size_of(size_t s)
{
    size_t count = 0;
    for (; s; s &= s - 1) count++;
    return count;
}

/* ---- Shapley's axioms ------------------------------------------------------------------------------- */

static void shapley_axioms(void **state)
{
    enum { P = 6, SETS = 1 << P };
    double a[SETS], b[SETS], sum[SETS], va[P], vb[P], vs[P];
    random_stream stream;
    (void)state;
    random_seed(&stream, 3);
    for (int game = 0; game < 20; game++) {
        for (size_t s = 0; s < SETS; s++) {
            /* 0 and 1 play the same part; 5 adds nothing to anybody but 2 of its own */
            size_t same = (s & ~(size_t)3) | ((s & 3) == 2 ? 1 : s & 3), without = same & ~((size_t)1 << 5);
            a[s] = same == s && without == s ? 10 * random_uniform(&stream) : a[without] + (without != same ? 2 : 0);
            b[s] = random_normal(&stream);
            sum[s] = a[s] + b[s];
        }
        shapley_values(va, a, P);
        shapley_values(vb, b, P);
        shapley_values(vs, sum, P);
        double whole = 0;
        for (size_t p = 0; p < P; p++) {
            whole += va[p];
            near("additivity", vs[p], va[p] + vb[p], 1e-12);
        }
        near("efficiency", whole, a[SETS - 1] - a[0], 1e-12);
        near("symmetry", va[0], va[1], 1e-12);
        near("dummy", va[5], 2, 1e-12);
    }
}

/* Littlechild & Owen (1973): players need runways of 1, 3, 6; each piece is shared by who needs it. */
static void airport(void **state)
{
    static const double need[3] = {1, 3, 6};
    double cost[8], value[3];
    (void)state;
    for (size_t s = 0; s < 8; s++) {
        cost[s] = 0;
        for (size_t p = 0; p < 3; p++)
            if (s >> p & 1) cost[s] = fmax(cost[s], need[p]);
    }
    shapley_values(value, cost, 3);
    near("small", value[0], 1.0 / 3, 1e-14);
    near("middle", value[1], 1.0 / 3 + 1, 1e-14);
    near("large", value[2], 1.0 / 3 + 1 + 3, 1e-14);
}

static void gloves(void **state)
{
    double worth[8] = {0, 0, 0, 0, 0, 1, 1, 1}, value[3], point[3]; /* 0, 1: left gloves; 2: a right one */
    kit k;
    core_point core;
    (void)state;
    shapley_values(value, worth, 3);
    near("left", value[0], 1.0 / 6, 1e-15);
    near("right", value[2], 4.0 / 6, 1e-15);
    kit_open(&k, 1);
    kit_must(&k, game_core(&core, point, k.context, worth, 3)); /* the core is (0, 0, 1) alone */
    assert_false(core.empty);
    near("excess", core.excess, 0, 1e-9);
    near("right in the core", point[2], 1, 1e-9);
    kit_close(&k);
}

/* Two players: everything between what each has alone and what the other leaves; the least core shares the gain equally. */
static void two_players(void **state)
{
    double worth[4] = {0, 3, 1, 10}, point[2], value[2];
    kit k;
    core_point core;
    (void)state;
    kit_open(&k, 1);
    kit_must(&k, game_core(&core, point, k.context, worth, 2));
    assert_false(core.empty);
    near("excess", core.excess, -3, 1e-9);
    near("first", point[0], 6, 1e-9);
    near("second", point[1], 4, 1e-9);
    shapley_values(value, worth, 2);
    near("Shapley", value[0], 6, 1e-14);
    worth[3] = 3.5; /* together less than apart */
    kit_must(&k, game_core(&core, point, k.context, worth, 2));
    assert_true(core.empty);
    near("excess", core.excess, 0.25, 1e-9);
    kit_close(&k);
}

/* Any two of three win 1: whatever the shares, some two have at most 2/3. */
static void majority(void **state)
{
    double worth[8], point[3], interaction[9];
    kit k;
    core_point core;
    (void)state;
    for (size_t s = 0; s < 8; s++) worth[s] = size_of(s) >= 2;
    kit_open(&k, 1);
    kit_must(&k, game_core(&core, point, k.context, worth, 3));
    assert_true(core.empty);
    near("excess", core.excess, 1.0 / 3, 1e-9);
    for (size_t p = 0; p < 3; p++) near("share", point[p], 1.0 / 3, 1e-9);
    kit_must(&k, game_core(&core, point, k.context, worth, 1));
    near("one player", point[0], 0, 0);
    shapley_interactions(interaction, worth, 3);
    near("pair without the third 1, with it -1", interaction[1], 0, 1e-15);
    near("diagonal", interaction[4], 0, 0);
    kit_close(&k);
}

/* v = product of who is there, over three players: I_pq = mean over the third of the cross difference. */
static void interactions(void **state)
{
    double worth[8], interaction[9];
    (void)state;
    for (size_t s = 0; s < 8; s++) worth[s] = (s & 1 ? 2 : 0) + ((s & 3) == 3 ? 5 : 0) + (s == 7 ? 4 : 0);
    shapley_interactions(interaction, worth, 3);
    near("0 and 1", interaction[1], 5 + 4.0 / 2, 1e-14);
    near("0 and 2", interaction[2], 4.0 / 2, 1e-14);
    near("symmetric", interaction[3], interaction[1], 0);
}

static double table_worth(const void *payload, uint64_t set) { return ((const double *)payload)[set]; }

static void samples_come_near(void **state)
{
    enum { P = 7, ORDERS = 4000 };
    static double worth[1 << P];
    static size_t order[ORDERS * P];
    static uint64_t sets[ORDERS * P + 1];
    double exact[P], value[P], error[P], whole = 0;
    random_stream stream;
    (void)state;
    random_seed(&stream, 8);
    for (size_t s = 1; s < 1 << P; s++) worth[s] = (double)size_of(s) + random_normal(&stream);
    shapley_values(exact, worth, P);
    orders_draw(order, P, ORDERS, 5);
    size_t count = orders_sets(sets, order, P, ORDERS);
    assert_int_equal(count, 1 << P);
    for (size_t s = 0; s < count; s++) assert_int_equal(sets_find(sets, count, s), s);
    orders_values(value, error, order, P, ORDERS, table_worth, worth);
    for (size_t p = 0; p < P; p++) {
        whole += value[p];
        assert_true(error[p] > 0 && error[p] < 0.05);
        assert_true(fabs(value[p] - exact[p]) < 4.5 * error[p]);
    }
    near("every order adds up", whole, worth[(1 << P) - 1], 1e-10);
}

/* ---- players of a scenario --------------------------------------------------------------------------- */

static const char players[] = "format: bashu-scenario/1\n"
                              "name: game\n"
                              "economy: .\n"
                              "players:\n"
                              "- {id: alder, title: {en: Alder, zh: 桤城}, place: [alder]}\n"
                              "- {id: dune, place: [dune]}\n"
                              "- {id: north, place: [brook, cinder]}\n"
                              "changes:\n"
                              "- {id: line, title: Line, by: [alder, dune], lever: link_time, links: [rail-alder-dune-hs], from: 95, to: 70, unit: minutes, assumption: x}\n"
                              "- {id: work, title: Work, by: alder, lever: productivity, regions: [alder], change_pct: %g, assumption: x}\n"
                              "- {id: land, title: Land, by: [dune], lever: land, regions: [dune], change_pct: 10, assumption: x}\n"
                              "- {id: border, title: Border, lever: trade_cost, between: [{province: north}, {province: south}], change_pct: -3, assumption: x}\n"
                              "- {id: give, title: Give, by: [alder], lever: transfer, regions: [brook, cinder], funders: [alder], to: %g, assumption: x}\n";

static bashu_scenario *read_text(const kit *k, const char *text)
{
    char path[] = "/tmp/bashu-test-game-XXXXXX";
    int file = mkstemp(path);
    bashu_scenario *scenario = NULL;
    assert_true(file >= 0);
    assert_int_equal(bashu_text_write(k->context, path, text), BASHU_OK);
    (void)bashu_scenario_read(&scenario, k->economy, path);
    close(file);
    unlink(path);
    return scenario;
}

static bashu_scenario *game_of(const kit *k, double work, double give)
{
    char text[4096];
    assert_true(snprintf(text, sizeof text, players, work, give) < (int)sizeof text);
    bashu_scenario *scenario = read_text(k, text);
    if (!scenario) fail_msg("%s", bashu_message(k->context));
    return scenario;
}

/* Gain of a player when these changes act, by the public interface alone. */
static double gain_by_hand(const kit *k, const bashu_scenario *scenario, const unsigned char *mask, const bashu_cooperation *c, size_t p)
{
    bashu_solver *solver;
    bashu_result *result = NULL;
    bashu_options options = BASHU_OPTIONS_INIT;
    size_t N = bashu_region_count(k->economy);
    double *percent = kit_ones(k, N, 0), sum = 0;
    options.starts = 0;
    kit_must(k, bashu_solver_new(&solver, k->economy, &options));
    kit_must(k, bashu_solve_some(&result, solver, scenario, mask));
    kit_must(k, bashu_result_values(result, "welfare", BASHU_PERCENT, percent, N));
    for (size_t n = 0; n < N; n++) sum += c->weight[p * N + n] * percent[n] / 100;
    bashu_result_free(result);
    bashu_solver_free(solver);
    return sum;
}

static void worth_is_what_solving_says(void **state)
{
    static const unsigned char alder_alone[] = {0, 1, 0, 0, 1}, all[] = {1, 1, 1, 1, 1}, work[] = {0, 1, 0, 0, 0}, without_work[] = {1, 0, 1, 1, 1};
    kit k;
    bashu_cooperation *c;
    bashu_player who;
    bashu_split_part lever;
    double other, sum = 0, levers = 0, base = 0;
    (void)state;
    kit_lantern(&k, 2);
    bashu_scenario *scenario = game_of(&k, 5, 1);
    kit_must(&k, bashu_cooperation_new(&c, scenario, NULL, NULL, 0));
    assert_int_equal(bashu_cooperation_player_count(c), 3);
    for (size_t p = 0; p < 3; p++) {
        kit_must(&k, bashu_cooperation_player(c, p, &who));
        near("joint", who.joint, gain_by_hand(&k, scenario, all, c, p), 1e-8 * who.base);
        kit_must(&k, bashu_cooperation_one_sided(c, 0, p, &other));
        near("when Alder acts", other, gain_by_hand(&k, scenario, alder_alone, c, p), 1e-8 * who.base);
        sum += who.shapley;
        base += who.base;
    }
    near("Shapley values", sum, bashu_cooperation_get(c)->joint, 1e-9 * base);
    for (size_t change_ = 0; change_ < 5; change_++) {
        kit_must(&k, bashu_cooperation_lever(c, change_, &lever));
        levers += lever.value;
    }
    near("Shapley values of changes", levers, bashu_cooperation_get(c)->joint, 1e-9 * base);
    kit_must(&k, bashu_cooperation_lever(c, 1, &lever));
    double alone = 0, last = 0;
    for (size_t p = 0; p < 3; p++) {
        alone += gain_by_hand(&k, scenario, work, c, p);
        last += gain_by_hand(&k, scenario, all, c, p) - gain_by_hand(&k, scenario, without_work, c, p);
    }
    near("alone", lever.alone, alone, 1e-8 * base);
    near("last", lever.last, last, 1e-8 * base);
    assert_true(bashu_cooperation_get(c)->residual <= 1e-10 && *bashu_cooperation_get(c)->worst);
    for (size_t p = 0; p < 3; p++) {
        kit_must(&k, bashu_cooperation_one_sided(c, 2, p, &other));
        assert_true(other == 0); /* the north can do nothing alone: exactly nothing changes */
    }
    bashu_cooperation_free(c);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void threads_do_not_matter(void **state)
{
    bashu_player first[3], other[3];
    double parts[5], again[5];
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        kit k;
        bashu_cooperation *c;
        bashu_split *s;
        kit_lantern(&k, threads);
        bashu_scenario *scenario = game_of(&k, 5, 1);
        kit_must(&k, bashu_cooperation_new(&c, scenario, NULL, "welfare", 0));
        kit_must(&k, bashu_split_new(&s, scenario, NULL, NULL, 0));
        for (size_t p = 0; p < 3; p++) {
            bashu_player *who = threads == 1 ? &first[p] : &other[p];
            kit_must(&k, bashu_cooperation_player(c, p, who));
            if (threads == 1) continue;
            assert_true(who->joint == first[p].joint && who->shapley == first[p].shapley && who->core == first[p].core && who->transfer == first[p].transfer);
        }
        for (size_t change_ = 0; change_ < 5; change_++) {
            bashu_split_part part;
            kit_must(&k, bashu_split_get(s, change_, &part));
            *(threads == 1 ? &parts[change_] : &again[change_]) = part.value;
        }
        if (threads > 1) assert_memory_equal(parts, again, sizeof parts);
        bashu_split_free(s);
        bashu_cooperation_free(c);
        bashu_scenario_free(scenario);
        kit_close(&k);
    }
}

/* Alder gives much away: it gains less than alone until it is paid. The transfers found, made part of the scenario, do what they promise. */
static void after_transfers_nobody_loses(void **state)
{
    static const char more[] = "%s- {id: back, title: Back, lever: transfer, regions: [%s], funders: [%s], to: %.17g, assumption: x}\n";
    static const char *const places[] = {"alder", "dune", "brook, cinder"};
    kit k;
    bashu_cooperation *c;
    bashu_player who[3];
    char text[8192], with[4096];
    (void)state;
    kit_lantern(&k, 2);
    bashu_scenario *scenario = game_of(&k, -1, 5);
    snprintf(text, sizeof text, players, -1.0, 5.0);
    kit_must(&k, bashu_cooperation_new(&c, scenario, NULL, NULL, 0));
    const bashu_cooperation_info *info = bashu_cooperation_get(c);
    assert_int_equal(info->rational, 0);
    assert_int_equal(info->transfers, BASHU_TRANSFERS_FOUND);
    size_t receiver = 3, payer = 3;
    double total = 0;
    for (size_t p = 0; p < 3; p++) {
        kit_must(&k, bashu_cooperation_player(c, p, &who[p]));
        total += who[p].transfer;
        if (who[p].transfer > 0) receiver = p;
        if (who[p].transfer < 0) payer = p;
        assert_true(who[p].after >= fmax(0, who[p].alone) - 1e-8 * who[p].base);
    }
    near("what is paid is received", total, 0, 1e-12 * info->transfer_total);
    assert_true(receiver < 3 && payer < 3 && info->transfer_total > 0);
    near("no more is paid than makes up for it", who[receiver].after, fmax(0, who[receiver].alone), 1e-8 * who[receiver].base);
    /* one receiver, possibly two payers: the largest payer's part and the other's, as transfers of the scenario */
    memcpy(with, text, sizeof with);
    for (size_t p = 0; p < 3; p++) {
        if (!(who[p].transfer < 0)) continue;
        snprintf(text, sizeof text, more, with, places[receiver], places[p], -who[p].transfer);
        char *id = strstr(text + strlen(with), "back");
        id[3] = (char)('0' + p);
        assert_true(strlen(text) < sizeof with);
        memcpy(with, text, sizeof with);
    }
    bashu_scenario *paid = read_text(&k, with);
    if (!paid) fail_msg("%s", bashu_message(k.context));
    unsigned char all[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    for (size_t p = 0; p < 3; p++) near("after transfers", gain_by_hand(&k, paid, all, c, p), who[p].after, 1e-7 * who[p].base);
    bashu_scenario_free(paid);
    bashu_cooperation_free(c);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void other_outcomes(void **state)
{
    kit k;
    bashu_cooperation *c;
    bashu_player who;
    double gdp;
    bashu_solver *solver;
    bashu_result *result = NULL;
    (void)state;
    kit_lantern(&k, 2);
    bashu_scenario *scenario = game_of(&k, 5, 1);
    kit_must(&k, bashu_cooperation_new(&c, scenario, NULL, "gdp", 0));
    kit_must(&k, bashu_cooperation_player(c, 1, &who));
    kit_must(&k, bashu_solver_new(&solver, k.economy, NULL));
    kit_must(&k, bashu_solve(&result, solver, scenario));
    kit_must(&k, bashu_result_aggregate(result, "gdp", "region", "dune", BASHU_PERCENT, &gdp));
    near("GDP of Dune", 100 * who.joint / who.base, gdp, 1e-8);
    assert_int_equal(bashu_cooperation_get(c)->transfers, BASHU_TRANSFERS_NOT_ASKED);
    bashu_cooperation_free(c);
    kit_must(&k, bashu_cooperation_new(&c, scenario, NULL, "real_wage", 0));
    bashu_cooperation_free(c);
    bashu_result_free(result);
    bashu_solver_free(solver);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void random_orders_of_players(void **state)
{
    kit k;
    bashu_cooperation *exact, *sampled;
    bashu_split *whole, *drawn;
    (void)state;
    kit_lantern(&k, 2);
    bashu_scenario *scenario = game_of(&k, 5, 1);
    kit_must(&k, bashu_cooperation_new(&exact, scenario, NULL, NULL, 0));
    kit_must(&k, bashu_cooperation_new(&sampled, scenario, NULL, NULL, 300));
    for (size_t p = 0; p < 3; p++) {
        bashu_player a, b;
        kit_must(&k, bashu_cooperation_player(exact, p, &a));
        kit_must(&k, bashu_cooperation_player(sampled, p, &b));
        assert_true(isnan(a.error) && b.error >= 0 && fabs(a.shapley - b.shapley) < 4 * b.error + 1e-8 * a.base);
        assert_true(!isnan(a.core) && isnan(b.core));
        near("joint", b.joint, a.joint, 1e-8 * a.base);
    }
    kit_must(&k, bashu_split_new(&whole, scenario, NULL, "gdp:circle=twin", 0));
    kit_must(&k, bashu_split_new(&drawn, scenario, NULL, "gdp:circle=twin", 300));
    near("whole", bashu_split_whole(drawn), bashu_split_whole(whole), 1e-8);
    double sum = 0, twice;
    for (size_t c = 0; c < 5; c++) {
        bashu_split_part a, b;
        kit_must(&k, bashu_split_get(whole, c, &a));
        kit_must(&k, bashu_split_get(drawn, c, &b));
        sum += a.value;
        assert_true(a.error == 0 && fabs(a.value - b.value) < 4 * b.error + 1e-8);
        near("alone", b.alone, a.alone, 1e-8);
        near("last", b.last, a.last, 1e-8);
    }
    near("parts add up", sum, bashu_split_whole(whole), 1e-12);
    kit_must(&k, bashu_split_interaction(whole, 0, 1, &twice));
    assert_int_equal(bashu_split_interaction(drawn, 0, 1, &twice), BASHU_ERROR_UNSUPPORTED);
    bashu_split_free(whole);
    bashu_split_free(drawn);
    bashu_cooperation_free(exact);
    bashu_cooperation_free(sampled);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

/* ---- what is refused ------------------------------------------------------------------------------- */

static void bad_files(void **state)
{
    static const char head[] = "format: bashu-scenario/1\nname: bad\neconomy: .\n";
    static const char tail[] = "changes:\n- {id: a, title: A, lever: productivity, regions: [alder], change_pct: 1, assumption: x%s}\n";
    static const struct {
        const char *players, *by, *says;
    } bad[] = {
        {"players: alder\n", "", "players: must be a list"},
        {"players: []\n", "", "players: must be a list"},
        {"players:\n- alder\n", "", "an item must be a map"},
        {"players:\n- {id: alder}\n", "", "place"},
        {"players:\n- {place: [alder]}\n", "", "id"},
        {"players:\n- {id: '', place: [alder]}\n", "", "is empty"},
        {"players:\n- {id: a, place: [alder], power: 3}\n", "", "power"},
        {"players:\n- {id: a, place: [aldre]}\n", "", "did you mean 'alder'"},
        {"players:\n- {id: a, place: {circle: twni}}\n", "", "did you mean 'twin'"},
        {"players:\n- {id: a, place: [alder]}\n- {id: a, place: [dune]}\n", "", "duplicate player 'a'"},
        {"players:\n- {id: a, place: [alder]}\n- {id: b, place: [dune, alder]}\n", "", "belongs to player 'a' already"},
        {"players:\n- {id: alder, place: [alder]}\n", ", by: [adler]", "did you mean 'alder'"},
        {"players:\n- {id: alder, place: [alder]}\n", ", by: []", "by: must be a list"},
        {"players:\n- {id: alder, place: [alder]}\n", ", by: [alder, alder]", "is there twice"},
        {"", ", by: [alder]", "names no players"},
    };
    kit k;
    (void)state;
    kit_lantern(&k, 1);
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
        char text[2048], last[512];
        snprintf(last, sizeof last, tail, bad[b].by);
        snprintf(text, sizeof text, "%s%s%s", head, bad[b].players, last);
        assert_null(read_text(&k, text));
        if (!strstr(bashu_message(k.context), bad[b].says)) fail_msg("%s: %s", bad[b].says, bashu_message(k.context));
    }
    kit_close(&k);
}

static void bad_questions(void **state)
{
    kit k;
    bashu_cooperation *c;
    bashu_split *s;
    bashu_player who;
    bashu_split_part part;
    char *text;
    double value;
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *scenario = game_of(&k, 5, 1);
    assert_int_equal(bashu_cooperation_new(&c, scenario, NULL, "happiness", 0), BASHU_ERROR_ARGUMENT);
    assert_null(c);
    assert_int_equal(bashu_cooperation_new(&c, scenario, NULL, NULL, 1), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_split_new(&s, scenario, NULL, "gpd", 0), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_split_new(&s, scenario, NULL, "gdp", 1), BASHU_ERROR_ARGUMENT);
    kit_must(&k, bashu_cooperation_new(&c, scenario, NULL, NULL, 0));
    assert_int_equal(bashu_cooperation_player(c, 3, &who), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_cooperation_lever(c, 5, &part), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_cooperation_one_sided(c, 0, 3, &value), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_cooperation_report(&text, c, "html", BASHU_EN), BASHU_ERROR_ARGUMENT);
    bashu_cooperation_free(c);
    bashu_cooperation_free(NULL);
    bashu_split_free(NULL);
    scenario->player_count = 0;
    assert_int_equal(bashu_cooperation_new(&c, scenario, NULL, NULL, 0), BASHU_ERROR_INPUT);
    bashu_options hasty = BASHU_OPTIONS_INIT;
    hasty.pass_limit = 1;
    scenario->player_count = 3;
    assert_int_equal(bashu_cooperation_new(&c, scenario, &hasty, NULL, 0), BASHU_ERROR_UNSUPPORTED); /* no number where there is no equilibrium */
    assert_int_equal(bashu_split_new(&s, scenario, &hasty, NULL, 0), BASHU_ERROR_UNSUPPORTED);
    bashu_scenario_free(scenario);
    kit_close(&k);
}

static void memory_may_run_out(void **state)
{
    kit k;
    bool whole = false;
    (void)state;
    kit_lantern(&k, 1);
    bashu_scenario *scenario = game_of(&k, -1, 5);
    for (long at = 1; !whole; at += at < 40 ? 1 : 11) {
        bashu_cooperation *c = NULL;
        bashu_split *s = NULL;
        char *text = NULL, *other = NULL;
        context_fail_allocation(k.context, at);
        bashu_status status = bashu_cooperation_new(&c, scenario, NULL, NULL, 0);
        if (status == BASHU_OK) status = bashu_cooperation_report(&text, c, "text", BASHU_ZH);
        if (status == BASHU_OK) status = bashu_split_new(&s, scenario, NULL, NULL, 0);
        if (status == BASHU_OK) status = bashu_split_report(&other, s, "text", BASHU_EN);
        context_fail_allocation(k.context, 0);
        whole = status == BASHU_OK;
        if (!whole) assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_true(at < 5000);
        bashu_text_free(text);
        bashu_text_free(other);
        bashu_split_free(s);
        bashu_cooperation_free(c);
    }
    bashu_scenario_free(scenario);
    kit_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapley_axioms),
        cmocka_unit_test(airport),
        cmocka_unit_test(gloves),
        cmocka_unit_test(two_players),
        cmocka_unit_test(majority),
        cmocka_unit_test(interactions),
        cmocka_unit_test(samples_come_near),
        cmocka_unit_test(worth_is_what_solving_says),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(after_transfers_nobody_loses),
        cmocka_unit_test(other_outcomes),
        cmocka_unit_test(random_orders_of_players),
        cmocka_unit_test(bad_files),
        cmocka_unit_test(bad_questions),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
