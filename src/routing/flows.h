/* flows.h - an economy on a network, written in flows alone; private to routing/. Equations at the top of flows.c.
 *
 * A level is such an economy: the finest has the nodes themselves, each further one has groups of nodes of the one before, whose flows
 * are sums. It is the same kind of object, so that one set of functions serves all: evaluation, derivative, Newton's method, multigrid. */
#ifndef BASHU_ROUTING_FLOWS_H
#define BASHU_ROUTING_FLOWS_H

#include "core/core.h"

/* How income and people answer in a place: log Y = eu u + ev v + ew omega, log L = lu u + lv v + lw omega. */
typedef struct closure {
    double theta, mu;  /* trade elasticity; theta lambda / (1 + theta lambda), 0 without congestion */
    double eu, ev, ew;
    double lu, lv, lw; /* lw = 0: people stay */
} closure;

/* How u and v of a place hold together, Y (g u - h v). Where people move and spillovers nearly cancel they do not, and only welfare, which is
 * left out of what solves start from, ties the two; there they are held together by this much at least. */
static const double held_least = 0.05;
static inline double closure_h(const closure *c, bool whole)
{
    double h = 1 - c->ev;
    return whole || h > held_least ? h : held_least;
}
static inline double closure_g(const closure *c, bool whole)
{
    double h = 1 - c->ev;
    return whole || h > held_least ? 1 + c->eu : held_least * (1 + c->theta) / c->theta;
}

typedef struct flow_level {
    size_t n;             /* nodes or groups */
    int *head, *to;       /* neighbours either way, ascending, without oneself; [n + 1], [head[n]] */
    int *middle;          /* the first edge to a later node; [n] */
    double *base, *flow;  /* [edges][2]: from the neighbour to the node, from the node to the neighbour; at u = v = 0, and now */
    double *base_self, *self;      /* inside a group; [n] */
    double *base_income, *income;  /* Y; [n] */
    double *base_people, *people;  /* L; [n] */
    double *base_size, *size;      /* [n][2]: what inflow + Y and outflow + Y must be */
    double *sum;          /* [n][2]: inflow, outflow, with what stays inside */
    double *z;            /* [n][2]: u, v */
    double *diagonal;     /* [n][4]: inverse of the node's own block; [4] transposed alike */
    bool inexact_blocks;  /* some of them are not: nodes that exchange nothing */
    double *power;        /* [n][2]: exp of the potentials */
    double *weight;       /* [n]: of inner products */
    double *residual, *correction, *image, *work; /* [n][2] each */
    double *krylov;       /* [4][n][2] of the K-cycle */
    double dy, dw;        /* log of world income and of welfare against the base */
    int *group;           /* [n] of the next level */
    int *member_at, *member; /* of the next level's groups: [n of next + 1], [n] */
    int *edge_to;         /* [edges] edge of the next level; -1 inside a group */
    double *lu;           /* of the coarsest: [2 n][2 n] */
} flow_level;

enum { LEVELS = 24 };
typedef struct flow_system {
    bashu_context *context;
    arena *memory;
    closure c;
    size_t levels;
    flow_level level[LEVELS];
    double base_income, base_people; /* of the world */
    bool transposed;                 /* what solves solve with */
    double *images;                  /* [KRYLOV][n][2] of the finest level */
    float *answers;                  /* the same */
    int cycles, evaluations;         /* counted */
    struct flow_direct *direct;      /* of direct.c; NULL until wanted */
} flow_system;

enum { KRYLOV = 12 };

/* flows.c: everything about a level at its z. */
void flows_at(flow_system *s, size_t level);
double flows_residual(const flow_system *s, size_t level); /* worst |F| */
/* out = J x at the present point, [n][2]; `whole` with what world income and welfare do. */
void flows_derivative(const flow_system *s, size_t level, bool whole, const double *x, double *out);
void flows_world(const flow_system *s, size_t level, const double *x, double *out); /* adds what these two do */
/* The right side of Newton's step, weighted as J is: with exp F - 1 for F, whose sums over groups and over all are those of flows; `far`
 * from an equilibrium F itself, which is less bent. */
void flows_right_side(const flow_system *s, size_t level, bool far, double *out);
/* Blocks of nodes, fixed by their number alone. */
enum { CHUNKS = 64, FEW = 2048 };
static inline int level_chunks(size_t n)
{
    return n < FEW ? 1 : CHUNKS;
}
static inline size_t chunk_start(size_t n, int chunk)
{
    return n * (size_t)chunk / (size_t)level_chunks(n);
}
int level_threads(const flow_system *s, size_t n);
double level_dot(const flow_system *s, const flow_level *l, const double *a, const double *b);

/* groups.c: the levels below the finest. Errors: MEMORY. */
bashu_status groups_make(flow_system *s);
void groups_base(flow_system *s);                /* sums of the base */
void groups_flows(flow_system *s, size_t level); /* sums of present flows from this level on, with their blocks */
void sort_few(int *x, size_t n); /* ascending; of a node's neighbours, mostly few */
bashu_status level_new(flow_system *s, flow_level *l, size_t edges); /* whose n, head and to are there */

/* multigrid.c: J x = right at a level whose groups have been made; x starts at zero. The reduction of the residual that was reached. */
double multigrid_solve(flow_system *s, size_t level, const double *right, double tolerance, int limit, double *x);

/* direct.c: J x = right of the finest level, with all that world income and welfare do, by a sparse factorisation of the present J. False: too
 * large, singular, or not finite. */
bool direct_factor(flow_system *s);
bool direct_solve(flow_system *s, const double *right, double *x);

/* newton.c: until |F| <= tolerance, in at most `limit` steps; the finest after coarser ones when `from_coarse`. How it ended. */
enum { FLOWS_STEPS = 60 };
bashu_reason flows_solve(flow_system *s, double tolerance, bool from_coarse, int limit, int *steps);
/* max |J^-1 F| of log u, v with F = residual [n][2] of the equations; NaN when it cannot be had. */
double flows_forward_error(flow_system *s, const double *residual);

#endif
