/* test_graph.c - nodes into clusters along their strongest edges. */
#include "graph/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct fixture {
    bashu_context *context;
    arena *memory;
} fixture;

static int begin(void **state)
{
    static fixture f; /* of the test program */
    assert_int_equal(bashu_open(&f.context, 1), BASHU_OK);
    f.memory = arena_new(f.context);
    assert_non_null(f.memory);
    *state = &f;
    return 0;
}

static int end(void **state)
{
    fixture *f = *state;
    arena_free(f->memory);
    bashu_close(f->context);
    return 0;
}

/* Clusters are numbered 0 .. count - 1, and none is empty. */
static void must_be_numbered(const size_t *cluster_of, size_t nodes, size_t count)
{
    size_t people[64] = {0};
    for (size_t n = 0; n < nodes; n++) {
        assert_true(cluster_of[n] < count && count <= 64);
        people[cluster_of[n]]++;
    }
    for (size_t c = 0; c < count; c++) assert_true(people[c] > 0);
}

/* Four groups of four with heavy edges inside and light ones between: what is planted is found. */
static void planted_groups_are_found(void **state)
{
    fixture *f = *state;
    size_t from[400], to[400], edges = 0, cluster_of[16];
    double weight[400];
    for (size_t a = 0; a < 16; a++) {
        for (size_t b = 0; b < a; b++) {
            from[edges] = b % 2 ? a : b; /* either way round */
            to[edges] = b % 2 ? b : a;
            weight[edges++] = a % 4 == b % 4 ? 10 + (double)(a + b) / 100 : 0.1;
        }
    }
    assert_int_equal(graph_cluster(cluster_of, f->memory, 16, edges, from, to, weight, 4), 4);
    must_be_numbered(cluster_of, 16, 4);
    for (size_t a = 0; a < 16; a++)
        for (size_t b = 0; b < 16; b++) assert_int_equal(cluster_of[a] == cluster_of[b], a % 4 == b % 4);
}

/* Edges that repeat count together: two of weight 3 are more than one of 5. */
static void repeated_edges_add_up(void **state)
{
    fixture *f = *state;
    const size_t from[] = {0, 1, 1}, to[] = {1, 0, 2};
    const double weight[] = {3, 3, 5};
    size_t cluster_of[3];
    assert_int_equal(graph_cluster(cluster_of, f->memory, 3, 3, from, to, weight, 2), 2);
    assert_true(cluster_of[0] == cluster_of[1] && cluster_of[2] != cluster_of[0]);
}

/* Where nothing is joined any more the clusters are what hangs together, though fewer were wanted. */
static void what_is_apart_stays_apart(void **state)
{
    fixture *f = *state;
    const size_t from[] = {0, 2, 4, 5}, to[] = {1, 3, 5, 4};
    const double weight[] = {1, 1, 0, -1}; /* no edge: zero, negative */
    size_t cluster_of[6];
    assert_int_equal(graph_cluster(cluster_of, f->memory, 6, 4, from, to, weight, 1), 4);
    must_be_numbered(cluster_of, 6, 4);
    assert_true(cluster_of[0] == cluster_of[1] && cluster_of[2] == cluster_of[3] && cluster_of[4] != cluster_of[5]);
}

static void never_more_than_wanted_where_edges_allow(void **state)
{
    fixture *f = *state;
    size_t from[199], to[199], cluster_of[200];
    double weight[199];
    for (size_t k = 0; k < 199; k++) from[k] = k, to[k] = k + 1, weight[k] = 1 + (double)(k * 7 % 13);
    for (size_t wanted = 1; wanted <= 64; wanted = 2 * wanted + 1) {
        assert_int_equal(graph_cluster(cluster_of, f->memory, 200, 199, from, to, weight, wanted), wanted);
        must_be_numbered(cluster_of, 200, wanted);
    }
    for (size_t n = 1; n < 200; n++) /* on a line a cluster is a piece of it */
        for (size_t m = 0; m + 1 < n; m++)
            if (cluster_of[m] == cluster_of[n]) assert_int_equal(cluster_of[m + 1], cluster_of[n]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_groups_are_found),
        cmocka_unit_test(repeated_edges_add_up),
        cmocka_unit_test(what_is_apart_stays_apart),
        cmocka_unit_test(never_more_than_wanted_where_edges_allow),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
