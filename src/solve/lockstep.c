/* lockstep.c - Anderson's acceleration of many fixed points at once.
 *
 *   s_k = B^-1 F(z_k);   gamma = argmin | s_k - dS gamma |_2;   z_{k+1} = z_k + s_k - (dZ + dS) gamma        in each lane
 *
 * The normal equations are solved once: what their rounding costs is less than what the next step brings. Everything that is as long as the
 * unknowns goes over memory twice: once for all products, once for the step. */
#include "solve/lockstep.h"

#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { MANY = BILATERAL_MANY, DEPTH = LOCKSTEP_DEPTH };
static const double LONGEST = 2; /* step, in logs */

bashu_status lockstep_new(lockstep **out, arena *memory, size_t size)
{
    lockstep *l = arena_alloc(memory, 1, sizeof *l);
    if (!l) return fail_memory(arena_context(memory));
    size_t all = size * MANY;
    const array_wanted wanted[] = {{&l->z, all}, {&l->f, all}, {&l->step, all}, {&l->z_previous, all}, {&l->step_previous, all},
                                   {&l->dboth, all * DEPTH}, {&l->dstep, all * DEPTH}};
    l->size = size;
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(arena_context(memory));
    *out = l;
    return BASHU_OK;
}

static void clear_lane(double *x, size_t count, size_t lane)
{
    for (size_t i = 0; i < count; i++) x[i * MANY + lane] = 0;
}

void lockstep_place(lockstep *l, size_t k, const double *start)
{
    l->lanes[k] = (lockstep_lane){.state = LANE_RUNNING, .residual = INFINITY, .best = INFINITY};
    l->columns[k] = -1; /* not even a point before */
    for (size_t i = 0; i < l->size; i++) l->z[i * MANY + k] = start ? start[i] : 0;
    if (!l->astray[k]) return; /* old history is multiplied by zero, which what is not finite survives */
    clear_lane(l->dboth, l->size * DEPTH, k);
    clear_lane(l->dstep, l->size * DEPTH, k);
    l->astray[k] = false;
}

/* norm[m] = max |x|, NaN where there is one */
FOR_EACH_WIDTH static void max_norms(const double *x, size_t n, double *norm)
{
    double most[MANY] = {0};
    for (size_t i = 0; i < n; i++)
        LANES_TOGETHER
        for (size_t m = 0; m < MANY; m++) {
            double size = fabs(x[i * MANY + m]);
            most[m] = size <= most[m] ? most[m] : size; /* NaN wins, and stays: nothing is at most NaN */
            most[m] = size != size ? size : most[m];
        }
    memcpy(norm, most, sizeof most);
}

static void judge(lockstep *l, double tolerance, int pass_limit)
{
    double norm[MANY];
    max_norms(l->f, l->size, norm);
    if (pass_limit > LOCKSTEP_PASSES) pass_limit = LOCKSTEP_PASSES;
    for (size_t m = 0; m < MANY; m++) {
        lockstep_lane *a = &l->lanes[m];
        if (a->state != LANE_RUNNING) continue;
        a->residual = norm[m];
        a->history[a->passes++] = norm[m];
        bool astray = !isfinite(norm[m]) || (norm[m] > 10 * a->best && norm[m] > 1e-2);
        if (norm[m] < a->best) a->best = norm[m];
        if (norm[m] <= tolerance) a->state = LANE_SOLVED;
        else if (astray || a->passes >= pass_limit) a->state = LANE_LOST;
        l->astray[m] = l->astray[m] || !isfinite(norm[m]);
    }
}

/* New differences in column l->next, zero where a lane has no point before; the products of all columns of dS with the new one and
 * with the step. */
FOR_EACH_WIDTH static void remember(lockstep *l, double (*product)[MANY])
{
    double has[MANY], with_new[DEPTH][MANY] = {{0}}, with_step[DEPTH][MANY] = {{0}};
    size_t all = l->size * MANY;
    double *both = l->dboth + all * (size_t)l->next, *ds = l->dstep + all * (size_t)l->next;
    for (size_t m = 0; m < MANY; m++) has[m] = l->columns[m] >= 0;
    for (size_t i = 0; i < all; i += MANY) {
        LANES_TOGETHER
        for (size_t m = 0; m < MANY; m++) {
            ds[i + m] = has[m] != 0 ? l->step[i + m] - l->step_previous[i + m] : 0;
            both[i + m] = has[m] != 0 ? (l->z[i + m] - l->z_previous[i + m]) + ds[i + m] : 0;
            l->z_previous[i + m] = l->z[i + m];
            l->step_previous[i + m] = l->step[i + m];
        }
        for (size_t c = 0; c < DEPTH; c++) {
            const double *column = l->dstep + all * c + i;
            LANES_TOGETHER
            for (size_t m = 0; m < MANY; m++) {
                with_new[c][m] += column[m] * ds[i + m];
                with_step[c][m] += column[m] * l->step[i + m];
            }
        }
    }
    for (size_t c = 0; c < DEPTH; c++) {
        memcpy(l->gram[l->next][c], with_new[c], sizeof with_new[c]);
        memcpy(l->gram[c][l->next], with_new[c], sizeof with_new[c]);
    }
    memcpy(product, with_step, sizeof with_step);
}

/* gamma of one lane from its Gram matrix, newest column first; a column that adds next to nothing to newer ones is left out. All zero where
 * they would be wild. */
static void combine(const lockstep *l, size_t m, int newest, double (*product)[MANY], double (*gamma)[MANY])
{
    double root[DEPTH][DEPTH], size[DEPTH], x[DEPTH];
    int column[DEPTH], count = 0;
    for (int c = 0; c < DEPTH; c++) gamma[c][m] = 0;
    for (int age = 0; age < l->columns[m]; age++) {
        int c = (newest - age + DEPTH) % DEPTH, k = count;
        double length = sqrt(l->gram[c][c][m]), left = 1;
        if (!(length > 0)) continue;
        for (int i = 0; i < k; i++) {
            double sum = l->gram[c][column[i]][m] / (length * size[i]);
            for (int q = 0; q < i; q++) sum -= root[k][q] * root[i][q];
            root[k][i] = sum / root[i][i];
            left -= root[k][i] * root[k][i];
        }
        if (!(left > 1e-10)) continue;
        root[k][k] = sqrt(left);
        column[k] = c;
        size[k] = length;
        count++;
    }
    for (int k = 0; k < count; k++) {
        x[k] = product[column[k]][m] / size[k];
        for (int q = 0; q < k; q++) x[k] -= root[k][q] * x[q];
        x[k] /= root[k][k];
    }
    for (int k = count - 1; k >= 0; k--) {
        for (int q = k + 1; q < count; q++) x[k] -= root[q][k] * x[q];
        x[k] /= root[k][k];
        if (!(fabs(x[k] / size[k]) <= 1e4)) return;
    }
    for (int k = 0; k < count; k++) gamma[column[k]][m] = x[k] / size[k];
}

/* f = z + s - (dZ + dS) gamma, the next point; the newest column first, wherever it lies, so that bits do not depend on when a lane began */
FOR_EACH_WIDTH static void propose(lockstep *l, int newest, double (*gamma)[MANY])
{
    size_t all = l->size * MANY;
    for (size_t i = 0; i < all; i += MANY) {
        double step[MANY];
        memcpy(step, l->step + i, sizeof step);
        for (int age = 0; age < DEPTH; age++) {
            size_t c = (size_t)(newest - age + DEPTH) % DEPTH;
            const double *both = l->dboth + all * c + i;
            LANES_TOGETHER
            for (size_t m = 0; m < MANY; m++) step[m] -= gamma[c][m] * both[m];
        }
        LANES_TOGETHER
        for (size_t m = 0; m < MANY; m++) {
            double within = step[m] > LONGEST ? LONGEST : step[m] < -LONGEST ? -LONGEST : step[m];
            l->f[i + m] = l->z[i + m] + within;
        }
    }
}

/* z = f where a lane runs; others stay where they are, to the last digit. */
FOR_EACH_WIDTH static void move(lockstep *l)
{
    double runs[MANY];
    for (size_t m = 0; m < MANY; m++) runs[m] = l->lanes[m].state == LANE_RUNNING;
    for (size_t i = 0; i < l->size * MANY; i += MANY)
        LANES_TOGETHER
        for (size_t m = 0; m < MANY; m++) l->z[i + m] = runs[m] != 0 ? l->f[i + m] : l->z[i + m];
}

void lockstep_advance(lockstep *l, const lockstep_problem *p, double tolerance, int pass_limit)
{
    double product[DEPTH][MANY], gamma[DEPTH][MANY];
    bool any = false;
    p->evaluate(p->payload, l->z, l->f);
    judge(l, tolerance, pass_limit);
    for (size_t m = 0; m < MANY; m++) any = any || l->lanes[m].state == LANE_RUNNING;
    if (!any) return;
    p->precondition(p->payload, l->f, l->step);
    remember(l, product);
    for (size_t m = 0; m < MANY; m++) {
        if (l->columns[m] < DEPTH) l->columns[m]++;
        combine(l, m, l->next, product, gamma);
    }
    propose(l, l->next, gamma);
    l->next = (l->next + 1) % DEPTH;
    p->normalise(p->payload, l->f);
    move(l);
}
