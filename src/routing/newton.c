/* newton.c - Newton's method on (u, v) at every level, the coarsest first.
 *
 *   J dz = -F,  z := z + dz, steps at most 2 in logs
 *
 * F is convex in (u, v) up to its scale and J is a singular M-matrix at given world income and welfare, so that steps hardly overshoot; what
 * they need is a start near enough in the slow, continental modes. Groups of nodes have an equilibrium of the same form in which only these
 * are left: it is solved first, a few hundred unknowns, and taken over by the level below as its start, down to the nodes. */
#include "routing/flows.h"

#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { CYCLE_LIMIT = 60, COARSE_LIMIT = 8 };
static const double step_most = 2, near_enough = 3e-3, far = 4, rounding = 1e-12;

static double max_abs(const double *x, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = worse(most, x[i]);
    return most;
}

/* World income stays where it was: prices in its unit. */
static void fix_income(flow_system *s, flow_level *l)
{
    bool given = s->c.eu == 0 && s->c.ev == 0; /* incomes are: then it is the first node's access that stays */
    double change = given ? l->z[0] : l->dy, of_u = given ? 1 : s->c.theta, of_v = given ? 1 : 1 + s->c.theta;
    for (size_t i = 0; i < l->n; i++) {
        l->z[2 * i] -= change * of_u;
        l->z[2 * i + 1] -= change * of_v;
    }
}

static bashu_reason newton(flow_system *s, size_t level, double tolerance, int limit, int *steps)
{
    flow_level *l = &s->level[level];
    size_t n = l->n;
    double *right = l->correction, *step = l->power; /* power is made anew at each point */
    flows_at(s, level);
    double residual = flows_residual(s, level), forcing = 0.1;
    for (int k = 0; !(residual <= tolerance); k++) {
        if (is_cancelled(s->context)) return BASHU_DIVERGED_INTERRUPTED;
        if (isnan(residual) || isinf(residual)) return BASHU_DIVERGED_NOT_FINITE;
        if (k == limit) return BASHU_DIVERGED_LIMIT;
        groups_flows(s, level);
        flows_right_side(s, level, residual > far, right);
        multigrid_solve(s, level, right, forcing, CYCLE_LIMIT, step);
        double size = max_abs(step, 2 * n), scale = size > step_most ? step_most / size : 1, before = residual;
        if (!isfinite(size)) return BASHU_DIVERGED_NOT_FINITE;
        if (size == 0) return BASHU_DIVERGED_STALLED;
        for (size_t i = 0; i < 2 * n; i++) l->z[i] += scale * step[i];
        if (steps) ++*steps;
        flows_at(s, level);
        residual = flows_residual(s, level);
        double ratio = residual / before;
        if (!(ratio < 0.9) && before < rounding) break; /* no more digits to be had */
        forcing = fmin(0.1, fmax(fmax(1e-4, 0.3 * tolerance / residual), 0.5 * ratio * ratio));
    }
    return BASHU_CONVERGED_RESIDUAL;
}

static void hand_down(const flow_level *coarse, flow_level *fine)
{
    for (size_t i = 0; i < fine->n; i++) {
        fine->z[2 * i] = coarse->z[2 * (size_t)fine->group[i]];
        fine->z[2 * i + 1] = coarse->z[2 * (size_t)fine->group[i] + 1];
    }
}

bashu_reason flows_solve(flow_system *s, double tolerance, bool from_coarse, int limit, int *steps)
{
    for (size_t k = s->levels - 1; from_coarse && k > 0; k--) {
        flow_level *coarse = &s->level[k], *fine = coarse - 1;
        if (k == s->levels - 1) memset(coarse->z, 0, 2 * coarse->n * sizeof(double));
        newton(s, k, near_enough, k == s->levels - 1 ? FLOWS_STEPS : COARSE_LIMIT, NULL);
        hand_down(coarse, fine);
    }
    bashu_reason reason = newton(s, 0, tolerance, limit, steps);
    if (reason > 0 && *steps) {
        fix_income(s, &s->level[0]);
        flows_at(s, 0);
    }
    return reason;
}

double flows_forward_error(flow_system *s, const double *residual)
{
    flow_level *l = &s->level[0];
    flows_at(s, 0);
    groups_flows(s, 0);
    for (size_t i = 0; i < l->n; i++) {
        l->correction[2 * i] = -(l->sum[2 * i] + l->income[i]) * residual[2 * i];
        l->correction[2 * i + 1] = (l->sum[2 * i + 1] + l->income[i]) * residual[2 * i + 1];
    }
    double reached = multigrid_solve(s, 0, l->correction, 0.05, CYCLE_LIMIT, l->power), size = max_abs(l->power, 2 * l->n);
    return reached <= 0.5 ? size / (1 - reached) : (double)NAN;
}
