/* spread.c - a budget spread over things with decreasing returns.
 *
 * With prices mu of the budget and nu_m of the constraints the best x of each thing is by itself
 *   x_l = min(most_l, max(0, W_l / mu - capital_l)),   W_l = weight_l + sum_m nu_m slope_ml
 * The money spent falls in mu, and the slack of constraint m rises in nu_m: mu by bisection, made exact by solving the budget for it over the things that
 * are between their bounds; nu_m one after the other by bisection until none moves, which is ascent in the concave dual. */
#include "policy/spread.h"

#include <math.h>
#include <string.h>

enum { BISECTIONS = 100, ROUNDS = 200, DOUBLINGS = 120 };

static double weight_of(const spread *s, size_t l)
{
    double sum = s->weight[l];
    for (size_t m = 0; m < s->m; m++) sum += s->shadow[m] * s->slope[m * s->n + l];
    return sum;
}

static double money_of(const spread *s, size_t l, double price)
{
    double weight = weight_of(s, l);
    if (!(weight > 0)) return 0;
    return price > 0 ? fmin(s->most[l], fmax(0, weight / price - s->capital[l])) : s->most[l];
}

static double spent_at(const spread *s, double price)
{
    double sum = 0;
    for (size_t l = 0; l < s->n; l++) sum += money_of(s, l, price);
    return sum;
}

static void spend(spread *s)
{
    double highest = 0, low, high;
    for (size_t l = 0; l < s->n; l++)
        if (s->most[l] > 0) highest = fmax(highest, weight_of(s, l) / s->capital[l]);
    s->price = 0;
    if (spent_at(s, 0) > s->budget) {
        for (low = high = highest; spent_at(s, low) < s->budget && low > 0;) low /= 2;
        for (int k = 0; k < BISECTIONS; k++) {
            double middle = sqrt(low) * sqrt(high);
            if (spent_at(s, middle) > s->budget) low = middle;
            else high = middle;
        }
        double left = s->budget, weights = 0; /* exactly, over those between their bounds */
        for (size_t l = 0; l < s->n; l++) {
            double x = money_of(s, l, high);
            if (x > 0 && x < s->most[l]) {
                left += s->capital[l];
                weights += weight_of(s, l);
            } else left -= x;
        }
        s->price = weights > 0 && left > 0 ? weights / left : high;
    }
    for (size_t l = 0; l < s->n; l++) s->x[l] = money_of(s, l, s->price);
}

static double slack_of(const spread *s, size_t m)
{
    double sum = -s->least[m];
    for (size_t l = 0; l < s->n; l++) sum += s->slope[m * s->n + l] * log1p(s->x[l] / s->capital[l]);
    return sum;
}

static double slack_with(spread *s, size_t m, double shadow)
{
    s->shadow[m] = shadow;
    spend(s);
    return slack_of(s, m);
}

/* The least shadow with which constraint m is met, the others' as they are; false: none. */
static bool meet(spread *s, size_t m, double scale)
{
    double low = 0, high = scale;
    if (slack_with(s, m, 0) >= 0) return true;
    for (int k = 0; slack_with(s, m, high) < 0; k++, high *= 2) {
        if (k == DOUBLINGS) return false;
        low = high;
    }
    for (int k = 0; k < BISECTIONS; k++) {
        double middle = (low + high) / 2;
        if (slack_with(s, m, middle) < 0) low = middle;
        else high = middle;
    }
    return slack_with(s, m, high) >= 0;
}

void spread_solve(spread *s)
{
    double scale = 0, steepest = 0;
    memset(s->shadow, 0, s->m * sizeof *s->shadow);
    s->feasible = true;
    spend(s);
    for (size_t l = 0; l < s->n; l++) scale = fmax(scale, fabs(s->weight[l]));
    for (size_t k = 0; k < s->m * s->n; k++) steepest = fmax(steepest, fabs(s->slope[k]));
    scale = 1e-6 * (scale > 0 ? scale : 1) / (steepest > 0 ? steepest : 1);
    for (int round = 0; round < ROUNDS; round++) {
        double moved = 0;
        for (size_t m = 0; m < s->m; m++) {
            double before = s->shadow[m];
            if (!meet(s, m, fmax(scale, before / 2))) {
                s->feasible = false;
                return;
            }
            moved = fmax(moved, fabs(s->shadow[m] - before) / fmax(scale, s->shadow[m]));
        }
        if (moved <= 1e-12) return;
    }
    for (size_t m = 0; m < s->m; m++) s->feasible &= slack_of(s, m) >= -1e-9 * (1 + fabs(s->least[m])); /* each can be met, all of them perhaps not */
}
