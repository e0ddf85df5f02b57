/* linear.h - the equations taken linear at a point: what a small change of the unknowns and of the levers does to F and to
 * what people ask for, and the same the other way round. Equations in linear.c and adjoint.c.
 *
 *   dF = J dz + F_k dk,   dO = O_z dz + O_k dk          z the unknowns, k the levers, O what is seen
 *   at an equilibrium dF = 0, so  dz = -J^-1 F_k dk     forward: one solve a change, every outcome
 *                                 J^T y = O_z^T,  dO/dk = O_k - y^T F_k     adjoint: one solve an outcome, every lever */
#ifndef BASHU_EQUILIBRIUM_LINEAR_H
#define BASHU_EQUILIBRIUM_LINEAR_H

#include "equilibrium/system.h"

#include <math.h>

/* Changes of the levers, or the gradient of one number with respect to them. NULL: no change, or not wanted. In logs but for
 * transfer (currency) and time_h (hours). Levers on time act through the costs, which are their own entries, and through the
 * decay of spillovers and of crowding, which is what time_h is for. */
typedef struct lever_changes {
    double *productivity;   /* [N][J] d log Ahat */
    double *amenity;        /* [N][S] d log bhat */
    double *land;           /* [N] d log Hbarhat */
    double *transfer;       /* [N] */
    double *trade_cost;     /* [N buys][J][N sells] d log d */
    double *tariff;         /* [N buys][J][N sells] d log(1 + tau) */
    double *migration_cost; /* [S][N registered][N lives] d log mu; only with migration from home */
    double *commuting_cost; /* [S][N lives][N works] d log kappa; only with commuting */
    double *time_h;         /* [N][N] of people's class of travel; only where something decays with it */
    double *subsidy;        /* [N][J] d log(1 + s), of what producers get; what buyers see is in productivity, who pays in transfer. Not in gradients */
} lever_changes;

/* What is seen of a region: logs of its unknowns, in the order of blocks.h, and then of expenditure [J], income,
 * labour income [S], utility [S] and welfare [S]. */
static inline size_t seen_expenditure(const problem *p) { return p->K; }
static inline size_t seen_income(const problem *p) { return p->K + p->J; }
static inline size_t seen_labour_income(const problem *p) { return p->K + p->J + 1; }
static inline size_t seen_utility(const problem *p) { return p->K + p->J + 1 + p->S; }
static inline size_t seen_welfare(const problem *p) { return p->K + p->J + 1 + 2 * p->S; }
static inline size_t seen_width(const problem *p) { return p->K + p->J + 1 + 3 * p->S; }

typedef struct linearisation linearisation;
/* Room for it; the system must outlive it. */
bashu_status linearisation_new(linearisation **out, arena *memory, system_of_equations *system);
/* At the point last evaluated and linearised, which must stay the system's until the next call of this. */
void linearisation_take(linearisation *l);

/* dz: [N K], NULL: none; df: [N K] or NULL; seen: [N][seen_width] or NULL. */
void linear_change(linearisation *l, const double *dz, const lever_changes *k, double *df, double *seen);
/* After linear_change: what it does to the deficit of a region, in currency, transfers apart. */
double linear_deficit_change(const linearisation *l, size_t n);
/* The transpose: from weights f of F and seen of what is seen (NULL: none) to weights of the unknowns z [N K] and of the
 * levers (k NULL: not wanted). */
void linear_adjoint(linearisation *l, const double *f, const double *seen, double *z, const lever_changes *k);

typedef struct linear_outcome { /* how a solve ended */
    double residual; /* relative, recomputed */
    int passes;
} linear_outcome;
/* J^T y = b by GMRES with the transposed blocks as preconditioner; y: [N K]. */
linear_outcome linear_solve_adjoint(linearisation *l, ladder *workspace, const double *b, double tolerance, int pass_limit, double *y);
/* J dz = -f. */
linear_outcome linear_solve(linearisation *l, ladder *workspace, const double *f, double tolerance, int pass_limit, double *dz);

/* The changes of the levers that a shock is, in logs; arrays from the arena. */
bashu_status levers_of_shock(lever_changes *out, arena *memory, const bashu_economy *economy, const shock *k);

/* ---- inside: linear.c and adjoint.c --------------------------------------------------------------- */

/* Places in what a region's own equations read (in) and say (out). */
typedef struct local_places {
    size_t workers, access, labour_income, upsilon, revenue, payment, crowding, in; /* after dz */
    size_t sector_workers, wages, residents, portfolio, balance;                    /* said from dz alone */
    size_t power;                                                                   /* x, once Upsilon is known */
    size_t expenditure, income, utility, log_wage, log_rent, out;                   /* once everything is known */
} local_places;

struct linearisation {
    system_of_equations *system;
    problem problem;       /* a copy that counts tariff revenue where there are no tariffs yet */
    local_places to;
    double *maps;          /* [N][out][in] */
    double *in, *out;      /* [N][in], [N][out] */
    double *total, *kept;  /* [N][J] of trade */
    double *weight;        /* [N][J] */
    double *y, *sum;       /* [J][N] */
    double *upsilon;       /* [2][N][J] */
    double *small;         /* scratch of people: [12][N + 1][S] */
    double *residents;     /* [2][N] */
    double *step;          /* [N K] */
};

static inline double *local_map(const linearisation *l, size_t n) { return l->maps + n * l->to.out * l->to.in; }
/* People of the group who live in n, at the point. */
static inline double residents_at(const linearisation *l, size_t n, size_t s)
{
    const problem *p = &l->problem;
    return p->economy->people[at2(n, s, p->S)] * exp(l->system->z[n * p->K + at_people(p, s)]);
}
/* Whether people of the group move from origin to origin (certify.c: check_location). */
static inline bool linear_group_moves(const problem *p, size_t s) { return p->migration.rows && p->taste[s] > 0; }

#endif
