/* test_assignment.c - user equilibria against closed forms, and what must hold of any. */
#include "kit.h"
#include "graph/assignment.h"

#include "../scratch.h"

#include <stdio.h>

typedef struct bench {
    scratch files;
    bashu_context *context;
    bashu_assignment *a;
} bench;

static bashu_status lay(bench *b, const char *links, const char *trips)
{
    char text[16384], links_path[640];
    snprintf(text, sizeof text, "from,to,capacity,free_flow_time,b,power\n%s", links);
    scratch_text(&b->files, "links.csv", text);
    snprintf(text, sizeof text, "origin,destination,trips\n%s", trips);
    scratch_text(&b->files, "trips.csv", text);
    snprintf(links_path, sizeof links_path, "%s", scratch_path(&b->files, "links.csv"));
    bashu_assignment_free(b->a);
    return bashu_assignment_read(&b->a, b->context, links_path, scratch_path(&b->files, "trips.csv"));
}

static void open_bench(bench *b)
{
    *b = (bench){.a = NULL};
    assert_true(scratch_open(&b->files));
    assert_int_equal(bashu_open(&b->context, 1), BASHU_OK);
}

static void close_bench(bench *b)
{
    bashu_assignment_free(b->a);
    bashu_close(b->context);
    scratch_close(&b->files);
}

static const bashu_assignment_info *solve(bench *b, const char *links, const char *trips)
{
    if (lay(b, links, trips) != BASHU_OK || bashu_assignment_solve(b->a, 1e-13) != BASHU_OK)
        fail_msg("%s", bashu_message(b->context));
    const bashu_assignment_info *info = bashu_assignment_info_get(b->a);
    assert_int_equal(info->reason, BASHU_CONVERGED_RESIDUAL);
    assert_true(fabs(info->relative_gap) <= 1.1e-13);
    assert_true(info->conservation < 1e-14);
    return info;
}

static double flow_of(const bench *b, size_t link)
{
    bashu_road road;
    assert_int_equal(bashu_assignment_link(b->a, link, &road), BASHU_OK);
    return road.flow;
}

static double time_of(const bench *b, size_t link)
{
    bashu_road road;
    assert_int_equal(bashu_assignment_link(b->a, link, &road), BASHU_OK);
    return road.time;
}

/* ---- closed forms ----------------------------------------------------------------------------------- */

/* Pigou (1920): a road that always takes 2, and one that takes 1 + (v/3)^4. Of 10 travellers 3 take the second, and both
 * take 2; 2 travellers all take the second. */
static void pigou(void **state)
{
    bench b;
    (void)state;
    open_bench(&b);
    const bashu_assignment_info *info = solve(&b, "o,d,1,2,0,1\no,d,3,1,1,4\n", "o,d,10\n");
    must_be("first", flow_of(&b, 0), 7, 1e-12);
    must_be("second", flow_of(&b, 1), 3, 1e-12);
    must_be("objective", info->objective, 14 + 3 + 3.0 / 5, 1e-13);
    must_be("total time", info->total_time, 20, 1e-13);
    solve(&b, "o,d,1,2,0,1\no,d,3,1,1,4\n", "o,d,2\n");
    assert_true(flow_of(&b, 0) == 0 && flow_of(&b, 1) == 2);
    close_bench(&b);
}

/* Braess (1968): six travellers from s to t by v or by w, links 1 + 10 f and 50 + f. Without the bridge three go each way and
 * all take 84. With a bridge v-w of 10 + f, x = 27/13 go each old way, and all take 111 - 9 x, which is more. */
static void braess(void **state)
{
    static const char without[] = "s,v,1,1,10,1\nw,t,1,1,10,1\ns,w,50,50,1,1\nv,t,50,50,1,1\n";
    bench b;
    (void)state;
    open_bench(&b);
    const bashu_assignment_info *info = solve(&b, without, "s,t,6\n");
    for (size_t l = 0; l < 4; l++) must_be("flow", flow_of(&b, l), 3, 1e-12);
    must_be("time", info->total_time, 6 * 84, 1e-13);
    char with[256];
    snprintf(with, sizeof with, "%sv,w,10,10,1,1\n", without);
    info = solve(&b, with, "s,t,6\n");
    double x = 27.0 / 13, expected[] = {6 - x, 6 - x, x, x, 6 - 2 * x};
    for (size_t l = 0; l < 5; l++) must_be("flow with the bridge", flow_of(&b, l), expected[l], 1e-11);
    must_be("time with the bridge", info->total_time, 6 * (111 - 9 * x), 1e-13);
    close_bench(&b);
}

/* Times that do not depend on flow: all or nothing, also where the rule is b = 0, and where it is power 0. */
static void fixed_times_are_all_or_nothing(void **state)
{
    bench b;
    (void)state;
    open_bench(&b);
    solve(&b, "o,m,1,1,0,4\nm,d,1,1,0,4\no,d,1,3,0,4\no,d,1,1.5,1,0\n", "o,d,5\no,m,2\n");
    double expected[] = {7, 5, 0, 0};
    for (size_t l = 0; l < 4; l++) assert_true(flow_of(&b, l) == expected[l]);
    assert_true(time_of(&b, 3) == 3); /* 1.5 (1 + 1 (0/1)^0) */
    close_bench(&b);
}

static void no_trips_no_flow(void **state)
{
    bench b;
    (void)state;
    open_bench(&b);
    const bashu_assignment_info *info = solve(&b, "o,d,1,2,1,4\n", "");
    assert_true(flow_of(&b, 0) == 0 && time_of(&b, 0) == 2 && info->total_time == 0 && info->objective == 0);
    info = solve(&b, "o,d,1,2,1,4\n", "o,o,5\nd,o,0\n"); /* trips that use no link, and none where there is no way */
    assert_true(flow_of(&b, 0) == 0 && info->trips == 0 && info->trips_within == 5);
    close_bench(&b);
}

static void an_empty_link_of_no_slope_is_no_trap(void **state)
{
    bench b;
    (void)state;
    open_bench(&b); /* a Newton step from flow 0 has no slope to go by, and would send all ten over */
    solve(&b, "o,d,1,10,0,1\no,d,1,1,1,4\no,d,1,1.5,1,9\n", "o,d,10\n");
    must_be("fixed", time_of(&b, 1), 10, 1e-12);
    must_be("second", flow_of(&b, 1), pow(9, 1.0 / 4), 1e-12);
    must_be("third", flow_of(&b, 2), pow(10 / 1.5 - 1, 1.0 / 9), 1e-12);
    close_bench(&b);
}

/* ---- any network -------------------------------------------------------------------------------------- */

enum { SIDE = 6, LINKS = 4 * SIDE * (SIDE - 1) };

/* A grid of streets, congested to about twice its capacity; links in another order when turned. */
static void grid_network(char *links, char *trips, size_t room, unsigned long long seed, bool turned)
{
    random_stream stream;
    size_t used = 0, count = 0;
    char rows[LINKS][64];
    random_seed(&stream, seed);
    for (int v = 0; v < SIDE * SIDE; v++)
        for (int way = 0; way < 4; way++) {
            int x = v % SIDE + (way == 0) - (way == 1), y = v / SIDE + (way == 2) - (way == 3);
            if (x < 0 || y < 0 || x >= SIDE || y >= SIDE) continue;
            double capacity = 5 + 10 * random_uniform(&stream), time = 1 + random_uniform(&stream);
            snprintf(rows[count++], sizeof rows[0], "n%d,n%d,%.6f,%.6f,0.15,%d\n", v, y * SIDE + x, capacity, time,
                     v % 2 ? 4 : 1);
        }
    assert_int_equal(count, LINKS);
    for (size_t l = 0; l < LINKS; l++)
        used += (size_t)snprintf(links + used, room - used, "%s", rows[turned ? LINKS - 1 - l : l]);
    used = 0;
    for (int k = 0; k < 60; k++)
        used += (size_t)snprintf(trips + used, room - used, "n%d,n%d,%.6f\n", k % 12, 35 - k / 3,
                                 1 + 5 * random_uniform(&stream));
}

static void any_network(void **state)
{
    static char links[12000], trips[4000];
    bench b;
    (void)state;
    open_bench(&b);
    for (unsigned long long seed = 1; seed <= 5; seed++) {
        double flow[LINKS], objective;
        grid_network(links, trips, sizeof links, seed, false);
        const bashu_assignment_info *info = solve(&b, links, trips);
        objective = info->objective;
        assert_true(info->relative_gap >= -1e-15 && info->average_excess < 1e-10);
        for (size_t l = 0; l < LINKS; l++) flow[l] = flow_of(&b, l);
        assert_int_equal(bashu_assignment_solve(b.a, 1e-13), BASHU_OK); /* again: the same bits */
        for (size_t l = 0; l < LINKS; l++) assert_true(flow[l] == flow_of(&b, l));
        grid_network(links, trips, sizeof links, seed, true);
        info = solve(&b, links, trips); /* the objective is convex: one answer, however it is reached */
        must_be("objective", info->objective, objective, 1e-13);
        for (size_t l = 0; l < LINKS; l++) assert_true(fabs(flow_of(&b, LINKS - 1 - l) - flow[l]) < 1e-7);
    }
    close_bench(&b);
}

/* ---- failures ------------------------------------------------------------------------------------------- */

static void what_cannot_be_is_refused(void **state)
{
    bench b;
    bashu_road road;
    (void)state;
    open_bench(&b);
    assert_int_equal(lay(&b, "o,m,1,1,1,4\nd,m,1,1,1,4\n", "o,m,1\no,d,2\n"), BASHU_ERROR_INPUT);
    assert_non_null(
        strstr(bashu_message(b.context), "trips.csv:3: column 'destination': no way leads from 'o' to 'd'"));
    assert_null(b.a);
    solve(&b, "o,d,1,1,1,4\n", "o,d,1\n");
    assert_int_equal(bashu_assignment_solve(b.a, 0), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_assignment_link(b.a, 1, &road), BASHU_ERROR_ARGUMENT);
    bashu_cancel(b.context); /* no answer, no numbers */
    assert_int_equal(lay(&b, "o,d,1,2,0,1\no,d,3,1,1,4\n", "o,d,10\n"), BASHU_OK);
    assert_int_equal(bashu_assignment_solve(b.a, 1e-13), BASHU_OK);
    assert_int_equal(bashu_assignment_info_get(b.a)->reason, BASHU_DIVERGED_INTERRUPTED);
    assert_true(isnan(flow_of(&b, 0)));
    char *text;
    assert_int_equal(bashu_assignment_report(&text, b.a, "links.csv", BASHU_EN), BASHU_ERROR_ARGUMENT);
    bashu_resume(b.context);
    close_bench(&b);
}

static void no_memory_is_an_error(void **state)
{
    bench b;
    (void)state;
    open_bench(&b);
    long k = 1;
    for (; k < 2000; k++) {
        context_fail_allocation(b.context, k);
        bashu_status status = lay(&b, "o,d,1,2,0,1\no,d,3,1,1,4\n", "o,d,10\n");
        if (status == BASHU_OK) status = bashu_assignment_solve(b.a, 1e-13);
        if (status == BASHU_OK) break;
        assert_int_equal(status, BASHU_ERROR_MEMORY);
    }
    context_fail_allocation(b.context, 0);
    assert_true(k > 20 && k < 2000);
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pigou),
        cmocka_unit_test(braess),
        cmocka_unit_test(fixed_times_are_all_or_nothing),
        cmocka_unit_test(no_trips_no_flow),
        cmocka_unit_test(an_empty_link_of_no_slope_is_no_trap),
        cmocka_unit_test(any_network),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
