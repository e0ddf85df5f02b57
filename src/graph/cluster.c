/* cluster.c - nodes into groups that hold together, by matching in rounds (heavy edges first; Karypis & Kumar 1998).
 *
 *   one round: pairs of groups in the order of the weight between them, divided by the smaller of their sizes + 1 so that
 *   groups grow alike; each group is matched once; what is not matched goes on alone
 *
 * Rounds end when no more groups are left than wanted, or when nothing is joined to anything. Ties are broken by number. */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

typedef struct edge {
    size_t from, to; /* groups, from < to */
    double weight, rank;
} edge;

static int by_groups(const void *a, const void *b)
{
    const edge *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

static int by_rank(const void *a, const void *b)
{
    const edge *x = a, *y = b;
    if (x->rank != y->rank) return x->rank > y->rank ? -1 : 1;
    return by_groups(a, b);
}

/* Edges between present groups, one for each pair. */
static size_t merge_edges(edge *edges, size_t count, const size_t *group_of)
{
    size_t kept = 0;
    for (size_t k = 0; k < count; k++) {
        size_t a = group_of[edges[k].from], b = group_of[edges[k].to];
        if (a == b || !(edges[k].weight > 0)) continue;
        edges[kept++] = (edge){a < b ? a : b, a < b ? b : a, edges[k].weight, 0};
    }
    qsort(edges, kept, sizeof *edges, by_groups);
    size_t merged = 0;
    for (size_t k = 0; k < kept; k++) {
        if (merged && !by_groups(&edges[merged - 1], &edges[k])) edges[merged - 1].weight += edges[k].weight;
        else edges[merged++] = edges[k];
    }
    return merged;
}

size_t graph_cluster(size_t *cluster_of, arena *scratch, size_t nodes, size_t edge_count, const size_t *from, const size_t *to,
                     const double *weight, size_t wanted)
{
    edge *edges = arena_alloc(scratch, edge_count, sizeof *edges);
    size_t *size = arena_alloc(scratch, nodes, sizeof *size), *partner = arena_alloc(scratch, nodes, sizeof *partner);
    size_t *step = arena_alloc(scratch, nodes, sizeof *step), groups = nodes;
    if (!edges || !size || !partner || !step) return 0;
    for (size_t n = 0; n < nodes; n++) cluster_of[n] = step[n] = n, size[n] = 1;
    for (size_t k = 0; k < edge_count; k++) edges[k] = (edge){from[k], to[k], weight[k], 0};
    while (groups > wanted) {
        edge_count = merge_edges(edges, edge_count, step);
        for (size_t k = 0; k < edge_count; k++) {
            size_t a = size[edges[k].from], b = size[edges[k].to];
            edges[k].rank = edges[k].weight / (double)(1 + (a < b ? a : b));
        }
        qsort(edges, edge_count, sizeof *edges, by_rank);
        for (size_t g = 0; g < groups; g++) partner[g] = g;
        size_t left = groups;
        for (size_t k = 0; k < edge_count && left > wanted; k++) {
            size_t a = edges[k].from, b = edges[k].to;
            if (partner[a] != a || partner[b] != b) continue;
            partner[a] = b;
            partner[b] = a;
            left--;
        }
        if (left == groups) break; /* nothing is joined any more */
        size_t next = 0;
        for (size_t g = 0; g < groups; g++) {
            if (partner[g] < g) {
                step[g] = step[partner[g]];
                size[step[g]] += size[g];
                continue;
            }
            step[g] = next;
            size[next] = size[g]; /* next <= g: the place is free */
            next++;
        }
        groups = next;
        for (size_t n = 0; n < nodes; n++) cluster_of[n] = step[cluster_of[n]];
    }
    return groups;
}
