/* direct.c - J x = r of the finest level by a sparse factorisation, for networks of moderate size on which conjugate residuals make no way.
 *
 *   [ J0  b  s ] [x]   [r]     J0: at given world income and welfare; b, c, d: how these two move with x and what they do to it, so that
 *   [ c   d  0 ] [y] = [0]         J = J0 - b d^-1 c
 *   [ e'  0  0 ] [t]   [0]     J is singular: x_e = 0 fixes prices, and t s, in proportion to size, takes up what J does not reach
 *
 * KLU has the columns of the transposed matrix, which are the rows of this one. */
#include "linalg/lu_blocks.h"
#include "routing/flows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIRECT_MOST = 30000 };

struct flow_direct {
    size_t n;            /* 2 nodes + 3 */
    int *head, *column;  /* of rows */
    double *value, *x;   /* [head[n]], [n] */
    lu_blocks *factors;
};

static void free_factors(void *object)
{
    struct flow_direct *d = object;
    lu_blocks_free(d->factors);
}

/* Rows are written by one function, first to count, then for their columns, then for values. */
typedef struct row_writer {
    int *column;   /* NULL: not wanted */
    double *value; /* NULL: not wanted */
    size_t count;
} row_writer;

static inline void entry(row_writer *w, size_t column, double value)
{
    if (w->column) w->column[w->count] = (int)column;
    if (w->value) w->value[w->count] = value;
    w->count++;
}

/* J1 (which = 0) or J2 of a node. */
static void node_row(row_writer *w, const flow_system *s, size_t i, size_t which)
{
    const flow_level *l = &s->level[0];
    const closure *c = &s->c;
    const double kept = 1 - c->mu, Y = l->income[i], total = l->sum[2 * i + which], g = closure_g(c, true), h = closure_h(c, true);
    const double sign = which ? -1 : 1, own = total + Y * (which ? h : g) - kept * l->self[i], other = -(c->mu * total + Y * (which ? g : h));
    int e = l->head[i];
    for (; e < l->head[i + 1] && (size_t)l->to[e] < i; e++) entry(w, 2 * (size_t)l->to[e] + which, -kept * l->flow[2 * (size_t)e + which]);
    entry(w, 2 * i, which ? other : own);
    entry(w, 2 * i + 1, which ? own : other);
    for (; e < l->head[i + 1]; e++) entry(w, 2 * (size_t)l->to[e] + which, -kept * l->flow[2 * (size_t)e + which]);
    entry(w, 2 * l->n, sign * c->mu * total);
    entry(w, 2 * l->n + 1, sign * Y * c->ew);
    entry(w, 2 * l->n + 2, l->size[2 * i + which]);
}

/* World income (which = 0) and welfare: 0 = d dy - sum Y (eu u + ev v) - ..., 0 = d domega + sum L (lu u + lv v). */
static void world_row(row_writer *w, const flow_system *s, size_t which)
{
    const flow_level *l = &s->level[0];
    const closure *c = &s->c;
    double income = 0;
    for (size_t i = 0; i < l->n; i++) {
        income += l->income[i];
        entry(w, 2 * i, which ? l->people[i] * c->lu : -l->income[i] * c->eu);
        entry(w, 2 * i + 1, which ? l->people[i] * c->lv : -l->income[i] * c->ev);
    }
    entry(w, 2 * l->n, which ? 0 : income);
    entry(w, 2 * l->n + 1, which ? (c->lw != 0 ? s->base_people * c->lw : 1) : -income * c->ew);
}

static size_t write_rows(int *head, int *column, double *value, const flow_system *s)
{
    const size_t n = s->level[0].n;
    row_writer w = {column, value, 0};
    for (size_t k = 0; k < 2 * n + 3; k++) {
        if (head) head[k] = (int)w.count;
        if (k < 2 * n) node_row(&w, s, k / 2, k % 2);
        else if (k < 2 * n + 2) world_row(&w, s, k - 2 * n);
        else entry(&w, 2 * n - 1, 1);
    }
    if (head) head[2 * n + 3] = (int)w.count;
    return w.count;
}

static bool make_room(flow_system *s)
{
    struct flow_direct *d = arena_alloc(s->memory, 1, sizeof *d);
    if (!d) return false;
    size_t count = write_rows(NULL, NULL, NULL, s);
    *d = (struct flow_direct){.n = 2 * s->level[0].n + 3};
    d->head = arena_alloc(s->memory, d->n + 1, sizeof *d->head);
    d->column = arena_alloc(s->memory, count, sizeof *d->column);
    const array_wanted wanted[] = {{&d->value, count}, {&d->x, d->n}};
    if (!d->head || !d->column || !ARENA_ARRAYS(s->memory, wanted) || !arena_keep(s->memory, free_factors, d)) return false;
    write_rows(d->head, d->column, NULL, s);
    d->factors = lu_blocks_new_sparse(1, d->n, d->head, d->column);
    s->direct = d;
    return d->factors != NULL;
}

bool direct_factor(flow_system *s)
{
    if (s->level[0].n > DIRECT_MOST || (!s->direct && !make_room(s)) || !s->direct->factors) return false;
    write_rows(NULL, NULL, s->direct->value, s);
    return lu_blocks_factor(s->direct->factors, 0, s->direct->value);
}

bool direct_solve(flow_system *s, const double *right, double *x)
{
    const size_t n = 2 * s->level[0].n;
    struct flow_direct *d = s->direct;
    memcpy(d->x, right, n * sizeof *right);
    memset(d->x + n, 0, 3 * sizeof *d->x);
    if (s->transposed) lu_blocks_solve(d->factors, 0, d->x);
    else lu_blocks_solve_transposed(d->factors, 0, d->x);
    memcpy(x, d->x, n * sizeof *x);
    for (size_t k = 0; k < n; k++)
        if (!isfinite(x[k])) return false;
    return true;
}
