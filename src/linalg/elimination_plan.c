/* elimination_plan.c - in which order nodes are eliminated, and what fills. */
#include "linalg/elimination_parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <suitesparse/amd.h>

/* The pattern both ways, by place, without the diagonal. */
typedef struct both_ways {
    size_t *head;
    int *to;
} both_ways;

static bool make_both_ways(both_ways *b, arena *scratch, const elimination_plan *p)
{
    const arc_pattern *a = p->pattern;
    size_t n = p->size;
    b->head = arena_alloc(scratch, n + 2, sizeof *b->head);
    b->to = arena_alloc(scratch, 2 * (size_t)a->head[n] + 1, sizeof *b->to);
    if (!b->head || !b->to) return false;
    size_t *fill = b->head + 1; /* ends up as the heads */
    for (size_t i = 0; i < n; i++)
        for (int e = a->head[i]; e < a->head[i + 1]; e++)
            if ((size_t)a->to[e] != i) {
                b->head[p->place[i] + 2]++;
                b->head[p->place[a->to[e]] + 2]++;
            }
    for (size_t k = 2; k < n + 2; k++) b->head[k] += b->head[k - 1];
    for (size_t i = 0; i < n; i++)
        for (int e = a->head[i]; e < a->head[i + 1]; e++)
            if ((size_t)a->to[e] != i) {
                int x = p->place[i], y = p->place[a->to[e]];
                b->to[fill[x]++] = y;
                b->to[fill[y]++] = x;
            }
    return true;
}

/* Elimination tree: parent of a column is the first row below its diagonal. */
static void make_tree(int *parent, int *ancestor, const both_ways *b, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        parent[k] = ancestor[k] = -1;
        for (size_t e = b->head[k]; e < b->head[k + 1]; e++)
            for (int i = b->to[e]; i >= 0 && (size_t)i < k;) {
                int next = ancestor[i];
                ancestor[i] = (int)k;
                if (next < 0) parent[i] = (int)k;
                i = next;
            }
    }
}

/* post[k]: the column that comes k-th when children come before parents, subtree by subtree. */
static void postorder(int *post, const int *parent, int *head, int *next, int *stack, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) head[i] = -1;
    for (size_t i = n; i-- > 0;)
        if (parent[i] >= 0) {
            next[i] = head[parent[i]];
            head[parent[i]] = (int)i;
        }
    for (size_t root = 0; root < n; root++) {
        if (parent[root] >= 0) continue;
        size_t top = 0;
        stack[top++] = (int)root;
        while (top) {
            int i = stack[top - 1], c = head[i];
            if (c >= 0) {
                head[i] = next[c];
                stack[top++] = c;
            } else {
                post[k++] = i;
                top--;
            }
        }
    }
}

/* Numbers of each column from its diagonal downwards: a column j has row i when j lies on a path of the tree from a neighbour of i. */
static void count_columns(int *count, int *mark, const int *parent, const both_ways *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        mark[i] = (int)i;
        count[i] = 1;
        for (size_t e = b->head[i]; e < b->head[i + 1]; e++)
            for (int j = b->to[e]; (size_t)j < i && mark[j] != (int)i; j = parent[j]) {
                mark[j] = (int)i;
                count[j]++;
            }
    }
}

/* Neighbouring columns of one pattern make a front; a front and its parent after it are put together where that stores few zeros.
 * Fills first[] and returns the number of fronts. Goes from the last column to the first; `width`, `height` of the fronts so far. */
static size_t make_fronts(int *first, const int *parent, const int *count, double *zeros, size_t n)
{
    size_t fronts = 0; /* counted from the last; first[] is turned round at the end */
    for (size_t k = n; k-- > 0;) {
        bool joined = false;
        if (fronts && parent[k] == first[fronts - 1]) {
            int top = first[fronts - 1], end = fronts > 1 ? first[fronts - 2] : (int)n, width = end - top;
            int rows = count[end - 1] - 1, height = width + 1 + rows;
            double stored = (double)(width + 1) * (width + 1) / 2 + (double)(width + 1) * rows;
            double more = zeros[fronts - 1] + (height - count[k]);
            joined = more == 0 || width < 4 || (width < 16 && more < 0.3 * stored) || (width < 64 && more < 0.1 * stored)
                     || more < 0.03 * stored;
            if (joined) {
                first[fronts - 1] = (int)k;
                zeros[fronts - 1] = more;
            }
        }
        if (!joined) {
            zeros[fronts] = 0;
            first[fronts++] = (int)k;
        }
    }
    for (size_t a = 0, b = fronts - 1; a < b; a++, b--) {
        int keep = first[a];
        first[a] = first[b];
        first[b] = keep;
    }
    first[fronts] = (int)n;
    return fronts;
}

static int compare_places(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Rows of each front: those of its columns' neighbours and of its children, beyond its own. front_of: of each place. */
static bool make_rows(elimination_plan *p, arena *memory, arena *scratch, const both_ways *b, const int *count, const int *front_of)
{
    int *mark = arena_alloc(scratch, p->size, sizeof *mark);
    size_t room = 0;
    p->row_at = arena_alloc(memory, p->fronts + 1, sizeof *p->row_at);
    if (!mark || !p->row_at) return false;
    for (size_t f = 0; f < p->fronts; f++) /* columns of a front below its first have rows of their parents' */
        room += (size_t)count[p->first[f + 1] - 1] - 1;
    p->rows = arena_alloc(memory, room + 1, sizeof *p->rows);
    if (!p->rows) return false;
    for (size_t i = 0; i < p->size; i++) mark[i] = -1;
    size_t at = 0;
    for (size_t f = 0; f < p->fronts; f++) p->parent[f] = p->child[f] = p->sibling[f] = -1;
    for (size_t f = 0; f < p->fronts; f++) {
        int last = p->first[f + 1] - 1;
        size_t start = at;
        p->row_at[f] = at;
        for (int k = p->first[f]; k <= last; k++)
            for (size_t e = b->head[k]; e < b->head[k + 1]; e++)
                if (b->to[e] > last && mark[b->to[e]] != (int)f) {
                    mark[b->to[e]] = (int)f;
                    p->rows[at++] = b->to[e];
                }
        for (int c = p->child[f]; c >= 0; c = p->sibling[c])
            for (size_t r = p->row_at[c]; r < p->row_at[c + 1]; r++)
                if (p->rows[r] > last && mark[p->rows[r]] != (int)f) {
                    mark[p->rows[r]] = (int)f;
                    p->rows[at++] = p->rows[r];
                }
        p->row_at[f + 1] = at;
        qsort(p->rows + start, at - start, sizeof *p->rows, compare_places);
        if (at == start) continue;
        int above = p->parent[f] = front_of[p->rows[start]];
        p->sibling[f] = p->child[above];
        p->child[above] = (int)f;
    }
    return at <= room;
}

/* Arcs by the front that takes them in: where the first of their two nodes is eliminated. */
static bool make_arcs(elimination_plan *p, arena *memory, const int *front_of)
{
    const arc_pattern *a = p->pattern;
    size_t count = (size_t)a->head[p->size];
    p->arc_at = arena_alloc(memory, p->fronts + 2, sizeof *p->arc_at);
    p->arcs = arena_alloc(memory, count + 1, sizeof *p->arcs);
    p->arc_from = arena_alloc(memory, count + 1, sizeof *p->arc_from);
    if (!p->arc_at || !p->arcs || !p->arc_from) return false;
    size_t *fill = p->arc_at + 1;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < p->size; i++)
            for (int e = a->head[i]; e < a->head[i + 1]; e++) {
                int x = p->place[i], y = p->place[a->to[e]], f = front_of[x < y ? x : y];
                if (!round) p->arc_at[f + 2]++;
                else {
                    p->arc_from[fill[f]] = (int)i;
                    p->arcs[fill[f]++] = e;
                }
            }
        if (!round)
            for (size_t f = 2; f < p->fronts + 2; f++) p->arc_at[f] += p->arc_at[f - 1];
    }
    return true;
}

/* Subtrees that cost at most a 48th of the whole are tasks: how they are cut does not depend on threads. */
static bool make_tasks(elimination_plan *p, arena *memory, arena *scratch)
{
    enum { PARTS = 48 };
    double *work = arena_alloc(scratch, p->fronts, sizeof *work);
    int *begin = arena_alloc(scratch, p->fronts, sizeof *begin);
    size_t *value_at = arena_alloc(memory, p->fronts + 1, sizeof *value_at);
    p->task_first = arena_alloc(memory, p->fronts, sizeof *p->task_first);
    p->task_last = arena_alloc(memory, p->fronts, sizeof *p->task_last);
    p->task_room = arena_alloc(memory, p->fronts, sizeof *p->task_room);
    if (!work || !begin || !value_at || !p->task_first || !p->task_last || !p->task_room) return false;
    p->value_at = value_at;
    for (size_t f = 0; f < p->fronts; f++) {
        double own = 0, height = (double)(front_pivots(p, f) + front_rows(p, f));
        for (size_t k = 0; k < front_pivots(p, f); k++) own += 2 * (height - (double)k) * (height - (double)k);
        work[f] = own + 50 * height;
        begin[f] = (int)f;
        p->work += own;
        p->widest = height > (double)p->widest ? (size_t)height : p->widest;
        for (int c = p->child[f]; c >= 0; c = p->sibling[c]) {
            work[f] += work[c];
            begin[f] = begin[c] < begin[f] ? begin[c] : begin[f];
        }
        value_at[f + 1] = value_at[f] + front_pivots(p, f) * (front_pivots(p, f) + 2 * front_rows(p, f));
    }
    double whole = 0;
    for (size_t f = 0; f < p->fronts; f++) whole += p->parent[f] < 0 ? work[f] : 0;
    for (size_t f = 0; f < p->fronts; f++)
        if (work[f] <= whole / PARTS && (p->parent[f] < 0 || work[p->parent[f]] > whole / PARTS)) {
            p->task_first[p->tasks] = begin[f];
            p->task_last[p->tasks++] = (int)f;
        }
    /* what waits at most: updates of the children stand until their parent has taken them in */
    size_t task = 0, within = 0, top = 0;
    for (size_t f = 0; f < p->fronts; f++) {
        bool in_task = task < p->tasks && (int)f >= p->task_first[task];
        if (in_task && (int)f == p->task_first[task]) within = 0;
        size_t *waiting = in_task ? &within : &top, *most = in_task ? &p->task_room[task] : &p->top_room;
        for (int c = p->child[f]; c >= 0; c = p->sibling[c])
            if (in_task || begin[c] < 0) *waiting -= front_rows(p, (size_t)c) * front_rows(p, (size_t)c);
        *waiting += front_rows(p, f) * front_rows(p, f);
        if (*waiting > *most) *most = *waiting;
        if (!in_task) begin[f] = -1; /* above the tasks */
        else if ((int)f == p->task_last[task]) task++;
    }
    return true;
}

static bool plan_make(elimination_plan *p, arena *memory, arena *scratch)
{
    size_t n = p->size;
    int *ints[6];
    both_ways b;
    for (int k = 0; k < 6; k++)
        if (!(ints[k] = arena_alloc(scratch, n + 1, sizeof(int)))) return false;
    p->order = arena_alloc(memory, n, sizeof *p->order);
    p->place = arena_alloc(memory, n, sizeof *p->place);
    p->first = arena_alloc(memory, n + 1, sizeof *p->first);
    double *zeros = arena_alloc(scratch, n, sizeof *zeros);
    if (!p->order || !p->place || !p->first || !zeros) return false;
    if (amd_order((int)n, p->pattern->head, p->pattern->to, p->order, NULL, NULL) < 0) return false;
    int *parent = ints[0], *post = ints[1], *count = ints[2];
    for (int round = 0; round < 2; round++) { /* the tree of AMD's order, then the same tree in postorder */
        for (size_t k = 0; k < n; k++) p->place[p->order[k]] = (int)k;
        if (!make_both_ways(&b, scratch, p)) return false;
        make_tree(parent, ints[3], &b, n);
        if (round) break;
        postorder(post, parent, ints[3], ints[4], ints[5], n);
        for (size_t k = 0; k < n; k++) ints[3][k] = p->order[post[k]];
        memcpy(p->order, ints[3], n * sizeof *p->order);
    }
    count_columns(count, ints[3], parent, &b, n);
    p->fronts = make_fronts(p->first, parent, count, zeros, n);
    p->parent = arena_alloc(memory, p->fronts, sizeof *p->parent);
    p->child = arena_alloc(memory, p->fronts, sizeof *p->child);
    p->sibling = arena_alloc(memory, p->fronts, sizeof *p->sibling);
    if (!p->parent || !p->child || !p->sibling) return false;
    int *front_of = ints[4];
    for (size_t f = 0; f < p->fronts; f++)
        for (int k = p->first[f]; k < p->first[f + 1]; k++) front_of[k] = (int)f;
    return make_rows(p, memory, scratch, &b, count, front_of) && make_arcs(p, memory, front_of) && make_tasks(p, memory, scratch);
}

bashu_status elimination_plan_new(elimination_plan **out, arena *memory, const arc_pattern *pattern)
{
    bashu_context *context = arena_context(memory);
    *out = NULL;
    if (!pattern->size || pattern->size > INT_MAX / 2)
        return fail(context, BASHU_ERROR_ARGUMENT, "an elimination needs from 1 to %d nodes, not %zu", INT_MAX / 2, pattern->size);
    elimination_plan *p = arena_alloc(memory, 1, sizeof *p);
    arena *scratch = p ? arena_new(context) : NULL;
    if (!scratch) return fail_memory(context);
    p->pattern = pattern;
    p->context = context;
    p->size = pattern->size;
    bool made = plan_make(p, memory, scratch);
    arena_free(scratch);
    if (!made) return fail_memory(context);
    *out = p;
    return BASHU_OK;
}

size_t elimination_entries(const elimination_plan *plan)
{
    return plan->value_at[plan->fronts];
}

double elimination_work(const elimination_plan *plan)
{
    return plan->work;
}
