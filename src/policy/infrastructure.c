/* infrastructure.c - the best network that a budget builds (Fajgelbaum & Schaal 2020, "Optimal transport networks in spatial equilibrium").
 *
 *   max  sum_j omega_j L_j u(C_j / L_j, H_j / L_j)   over use c_j^n, flows Q_jk^n >= 0, and sizes I_jk = I_kj >= built
 *   u(c, h) = v^(1 - rho) / (1 - rho),  v = (c / alpha)^alpha (h / (1 - alpha))^(1 - alpha)    rho: inequality; log v where rho = 1
 *   C_j     = [sum_n (c_j^n)^((sigma - 1) / sigma)]^(sigma / (sigma - 1))
 *   P_j^n   : c_j^n + sum_k (1 + tau_jk^n) Q_jk^n <= Y_j^n + sum_k Q_kj^n
 *   tau_jk^n = delta_jk^tau (Q_jk^n)^beta / I_jk^gamma                                          congestion of each good by itself
 *   mu      : sum delta_jk^I I_jk <= K
 *
 * People stay, and what each place makes is given; or they move (mobile: true), and a place makes z_j L_j^a of its good:
 *
 *   max u   over L_j too;  omega_j : L_j u <= (C_j / alpha)^alpha (H_j / (1 - alpha))^(1 - alpha);   kappa : sum L_j = L;   Y_j = z_j L_j^a
 *
 * With beta >= gamma the problem is convex (quasiconcave where people move; their proposition 1): what satisfies the first-order conditions is the best there is. With gamma > beta it
 * is not: increasing returns to building; several starts are tried, and the best is a local optimum.
 *
 * Certificate, by formulas of its own:
 *   use      u_C dC/dc = P
 *   flow     P_k <= P_j (1 + (1 + beta) tau),  equal where Q > 0
 *   size     mu delta^I >= gamma / I sum_n (P_j tau Q_jk + P_k tau Q_kj),  equal where built < I < most
 *   balance  both constraints, with complementarity
 *   living   omega_j u = sum_n P a z L^(a - 1) - kappa,  L_j u = v_j,  sum omega_j L_j = 1,  where people move
 * relative residuals; for a variable at a bound the smaller of its distance and of the gap of its condition counts. */
#include "policy/infrastructure.h"

#include "input/infrastructure.h"
#include "solve/nonlinear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- utility --------------------------------------------------------------------------------------- */

/* L v(C / L, H / L), which does not depend on L, and its first two derivatives by C. */
static double shared_utility(const infrastructure_data *d, size_t j, double C)
{
    return pow(C / d->alpha, d->alpha) * (d->alpha < 1 ? pow(d->housing[j] / (1 - d->alpha), 1 - d->alpha) : 1);
}

static double made_by(const infrastructure_data *d, const double *x, size_t j, size_t n)
{
    double z = d->output[j * d->N + n];
    return d->mobile ? z * pow(x[at_living(d, j)], d->returns) : z;
}

/* d(output) / d(people) */
static double made_by_one_more(const infrastructure_data *d, const double *x, size_t j, size_t n)
{
    return d->output[j * d->N + n] * d->returns * pow(x[at_living(d, j)], d->returns - 1);
}

/* W_j = scale C^power / (1 - rho), or scale log C where rho = 1 (constants left out); scale_j > 0. */
typedef struct felt {
    double scale, power;
} felt;

static felt felt_in(const infrastructure_data *d, size_t j)
{
    double a = d->alpha, rho = d->inequality, people = d->people[j], weight = d->weight[j] * people;
    if (rho == 1) return (felt){weight * a, 0};
    double housing = a < 1 ? pow(d->housing[j] / people / (1 - a), 1 - a) : 1, v = pow(1 / (a * people), a) * housing;
    return (felt){weight * pow(v, 1 - rho), a * (1 - rho)};
}

static double welfare_of(const infrastructure_data *d, const felt *f, double C)
{
    return f->power == 0 && d->inequality == 1 ? f->scale * log(C) : f->scale * pow(C, f->power) / (1 - d->inequality);
}

/* dW/dC and d2W/dC2 */
static double slope_of(const infrastructure_data *d, const felt *f, double C)
{
    return f->scale * (d->inequality == 1 ? 1 : d->alpha) * pow(C, f->power - 1);
}

static double bend_of(const infrastructure_data *d, const felt *f, double C) { return slope_of(d, f, C) * (f->power - 1) / C; }

static double basket(const infrastructure_data *d, const double *c)
{
    if (d->N == 1) return c[0];
    double q = (d->sigma - 1) / d->sigma, sum = 0;
    for (size_t n = 0; n < d->N; n++) sum += pow(fmax(c[n], 0), q);
    return pow(sum, 1 / q);
}

static double basket_slope(const infrastructure_data *d, double C, double c) { return d->N == 1 ? 1 : pow(C / c, 1 / d->sigma); }

/* ---- the program ------------------------------------------------------------------------------------ */

static double total_welfare(const infrastructure_data *d, const double *x)
{
    double sum = 0;
    for (size_t j = 0; j < d->J; j++) {
        felt f = felt_in(d, j);
        sum += welfare_of(d, &f, basket(d, x + at_use(d, j, 0)));
    }
    return sum;
}

static double objective(void *payload, const double *x)
{
    const infrastructure_data *d = payload;
    return d->mobile ? -x[at_utility(d)] : -total_welfare(d, x);
}

static size_t variables_of(const infrastructure_data *d) { return at_size(d, d->E) + (d->mobile ? d->J + 1 : 0); }
static size_t constraints_of(const infrastructure_data *d) { return d->J * d->N + 1 + (d->mobile ? d->J + 1 : 0); }

static void gradient(void *payload, const double *x, double *out)
{
    const infrastructure_data *d = payload;
    memset(out, 0, variables_of(d) * sizeof *out);
    if (d->mobile) out[at_utility(d)] = -1;
    for (size_t j = 0; j < d->J && !d->mobile; j++) {
        felt f = felt_in(d, j);
        double C = basket(d, x + at_use(d, j, 0)), slope = slope_of(d, &f, C);
        for (size_t n = 0; n < d->N; n++) out[at_use(d, j, n)] = -slope * basket_slope(d, C, x[at_use(d, j, n)]);
    }
}

static size_t origin_of(const infrastructure_link *l, int direction) { return direction ? l->to : l->from; }

static void constraints(void *payload, const double *x, double *out)
{
    const infrastructure_data *d = payload;
    double *budget = out + d->J * d->N;
    *budget = -d->budget;
    for (size_t k = 0; k < d->J * d->N; k++) out[k] = x[k] - made_by(d, x, k / d->N, k % d->N);
    if (d->mobile) budget[d->J + 1] = -d->everybody;
    for (size_t j = 0; d->mobile && j < d->J; j++) {
        budget[1 + j] = x[at_living(d, j)] * x[at_utility(d)] - shared_utility(d, j, basket(d, x + at_use(d, j, 0)));
        budget[d->J + 1] += x[at_living(d, j)];
    }
    for (size_t e = 0; e < d->E; e++) {
        const infrastructure_link *l = &d->links[e];
        double size = x[at_size(d, e)], cost = l->friction * pow(size, -d->gamma);
        *budget += l->building * size;
        for (int w = 0; w < 2; w++)
            for (size_t n = 0; n < d->N; n++) {
                double q = x[at_flow(d, e, w, n)];
                out[at_use(d, origin_of(l, w), n)] += q + cost * pow(q, 1 + d->beta);
                out[at_use(d, origin_of(l, !w), n)] -= q;
            }
    }
}

static void jacobian_places(void *payload, int *row, int *column)
{
    const infrastructure_data *d = payload;
    size_t at = 0;
    for (size_t k = 0; k < d->J * d->N; k++, at++) row[at] = column[at] = (int)k;
    for (size_t e = 0; e < d->E; e++)
        for (int w = 0; w < 2; w++)
            for (size_t n = 0; n < d->N; n++) {
                int leaves = (int)at_use(d, origin_of(&d->links[e], w), n), comes = (int)at_use(d, origin_of(&d->links[e], !w), n), flow = (int)at_flow(d, e, w, n);
                row[at] = leaves, column[at++] = flow;
                row[at] = comes, column[at++] = flow;
                row[at] = leaves, column[at++] = (int)at_size(d, e);
            }
    for (size_t e = 0; e < d->E; e++) row[at] = (int)(d->J * d->N), column[at++] = (int)at_size(d, e);
    for (size_t j = 0; d->mobile && j < d->J; j++) {
        int utility = (int)(d->J * d->N + 1 + j), living = (int)at_living(d, j);
        for (size_t n = 0; n < d->N; n++) {
            row[at] = (int)at_use(d, j, n), column[at++] = living;
            row[at] = utility, column[at++] = (int)at_use(d, j, n);
        }
        row[at] = utility, column[at++] = living;
        row[at] = utility, column[at++] = (int)at_utility(d);
        row[at] = (int)(d->J * d->N + 1 + d->J), column[at++] = living;
    }
}

static void jacobian_values(void *payload, const double *x, double *out)
{
    const infrastructure_data *d = payload;
    size_t at = 0;
    for (size_t k = 0; k < d->J * d->N; k++) out[at++] = 1;
    for (size_t e = 0; e < d->E; e++) {
        double size = x[at_size(d, e)], cost = d->links[e].friction * pow(size, -d->gamma);
        for (int w = 0; w < 2; w++)
            for (size_t n = 0; n < d->N; n++) {
                double q = x[at_flow(d, e, w, n)];
                out[at++] = 1 + cost * (1 + d->beta) * pow(q, d->beta);
                out[at++] = -1;
                out[at++] = -d->gamma * cost * pow(q, 1 + d->beta) / size;
            }
    }
    for (size_t e = 0; e < d->E; e++) out[at++] = d->links[e].building;
    for (size_t j = 0; d->mobile && j < d->J; j++) {
        const double *c = x + at_use(d, j, 0);
        double C = basket(d, c), slope = d->alpha * shared_utility(d, j, C) / C;
        for (size_t n = 0; n < d->N; n++) {
            out[at++] = -made_by_one_more(d, x, j, n);
            out[at++] = -slope * basket_slope(d, C, c[n]);
        }
        out[at++] = x[at_utility(d)];
        out[at++] = x[at_living(d, j)];
        out[at++] = 1;
    }
}

static void hessian_places(void *payload, int *row, int *column)
{
    const infrastructure_data *d = payload;
    size_t at = 0;
    for (size_t j = 0; j < d->J; j++)
        for (size_t n = 0; n < d->N; n++)
            for (size_t k = 0; k <= n; k++) row[at] = (int)at_use(d, j, n), column[at++] = (int)at_use(d, j, k);
    for (size_t e = 0; e < d->E; e++)
        for (int w = 0; w < 2; w++)
            for (size_t n = 0; n < d->N; n++) {
                int flow = (int)at_flow(d, e, w, n), size = (int)at_size(d, e);
                row[at] = flow, column[at++] = flow;
                row[at] = size, column[at++] = flow;
                row[at] = size, column[at++] = size;
            }
    for (size_t j = 0; d->mobile && j < d->J; j++) {
        row[at] = (int)at_utility(d), column[at++] = (int)at_living(d, j);
        row[at] = column[at] = (int)at_living(d, j);
        at++;
    }
}

static void hessian_values(void *payload, const double *x, double factor, const double *multiplier, double *out)
{
    const infrastructure_data *d = payload;
    double s = d->sigma;
    size_t at = 0;
    for (size_t j = 0; j < d->J; j++) {
        felt f = felt_in(d, j);
        const double *c = x + at_use(d, j, 0);
        double C = basket(d, c), slope = d->mobile ? d->alpha * shared_utility(d, j, C) / C : slope_of(d, &f, C);
        double bend = d->mobile ? (d->alpha - 1) * slope / C : bend_of(d, &f, C), weight = d->mobile ? multiplier[d->J * d->N + 1 + j] : factor;
        for (size_t n = 0; n < d->N; n++)
            for (size_t k = 0; k <= n; k++) {
                double a = basket_slope(d, C, c[n]), b = basket_slope(d, C, c[k]), second = 0;
                if (d->N > 1) second = a * b / (s * C) - (n == k ? a / (s * c[n]) : 0);
                out[at++] = -weight * (bend * a * b + slope * second);
            }
    }
    for (size_t e = 0; e < d->E; e++) {
        double size = x[at_size(d, e)], cost = d->links[e].friction * pow(size, -d->gamma), g = d->gamma, b = d->beta;
        for (int w = 0; w < 2; w++)
            for (size_t n = 0; n < d->N; n++) {
                double q = x[at_flow(d, e, w, n)], price = multiplier[at_use(d, origin_of(&d->links[e], w), n)];
                out[at++] = price * cost * (1 + b) * b * pow(q, b - 1);
                out[at++] = -price * cost * (1 + b) * g * pow(q, b) / size;
                out[at++] = price * cost * g * (g + 1) * pow(q, 1 + b) / (size * size);
            }
    }
    for (size_t j = 0; d->mobile && j < d->J; j++) {
        double bend = 0;
        for (size_t n = 0; n < d->N; n++) bend -= multiplier[at_use(d, j, n)] * (d->returns - 1) * made_by_one_more(d, x, j, n) / x[at_living(d, j)];
        out[at++] = multiplier[d->J * d->N + 1 + j];
        out[at++] = bend;
    }
}

/* ---- solving ----------------------------------------------------------------------------------------- */

typedef struct attempt {
    nonlinear_answer answer;
    double *low, *high;
} attempt;

static void start_at(const infrastructure_data *d, double *x, const double *size)
{
    for (size_t j = 0; d->mobile && j < d->J; j++) x[at_living(d, j)] = d->people[j];
    for (size_t n = 0; n < d->N; n++) {
        double made = 0, people = 0;
        for (size_t j = 0; j < d->J; j++) {
            made += made_by(d, x, j, n);
            people += d->people[j];
        }
        for (size_t j = 0; j < d->J; j++) x[at_use(d, j, n)] = 0.5 * made * d->people[j] / people;
        for (size_t e = 0; e < d->E; e++)
            for (int w = 0; w < 2; w++) x[at_flow(d, e, w, n)] = 0.01 * made / (double)d->J;
    }
    for (size_t e = 0; e < d->E; e++) x[at_size(d, e)] = size[e];
    if (d->mobile) x[at_utility(d)] = INFINITY;
    for (size_t j = 0; d->mobile && j < d->J; j++) x[at_utility(d)] = fmin(x[at_utility(d)], 0.5 * shared_utility(d, j, basket(d, x + at_use(d, j, 0))) / d->people[j]);
}

static bashu_status solve_once(bashu_infrastructure *p, attempt *a, const double *size, bool fixed)
{
    infrastructure_data *d = &p->data;
    size_t living = d->mobile ? d->J : 0;
    nonlinear_program program = {.n = p->n, .m = p->m, .equal = d->mobile, .jacobian = d->J * d->N + 6 * d->E * d->N + d->E + living * (2 * d->N + 3), .hessian = d->J * d->N * (d->N + 1) / 2 + 6 * d->E * d->N + 2 * living,
                                 .low = a->low, .high = a->high, .payload = d, .objective = objective, .gradient = gradient, .constraints = constraints,
                                 .jacobian_places = jacobian_places, .jacobian_values = jacobian_values, .hessian_places = hessian_places, .hessian_values = hessian_values};
    for (size_t i = 0; i < p->n; i++) {
        a->low[i] = 0;
        a->high[i] = (double)INFINITY;
    }
    for (size_t e = 0; e < d->E; e++) {
        a->low[at_size(d, e)] = fixed ? size[e] : d->links[e].built;
        a->high[at_size(d, e)] = fixed ? size[e] : d->links[e].most;
    }
    for (size_t j = 0; d->mobile && j < d->J; j++) a->low[at_living(d, j)] = 1e-9 * d->everybody; /* utility has no end where nobody is */
    start_at(d, a->answer.x, size);
    double budget = d->budget;
    if (fixed) d->budget *= 2; /* nothing is left to spend, and a constraint without an inside is no company for an interior-point method */
    bashu_status status = nonlinear_solve(&a->answer, p->context, &program, 1e-10, 3000);
    d->budget = budget;
    return status;
}

/* ---- certificate ------------------------------------------------------------------------------------- */

static void note_residual(bashu_infrastructure *p, double residual, const char *condition)
{
    if (residual <= p->info.residual) return;
    p->info.residual = residual;
    p->info.worst = condition;
}

/* level: what one who lives there gets. */
static void certify_living(bashu_infrastructure *p, size_t j, double level)
{
    const infrastructure_data *d = &p->data;
    const double *omega = p->price + d->J * d->N + 1;
    double living = p->x[at_living(d, j)], everybody = p->x[at_utility(d)], paid = 0;
    for (size_t n = 0; n < d->N; n++) paid += p->price[at_use(d, j, n)] * d->returns * d->output[at_use(d, j, n)] * exp((d->returns - 1) * log(living));
    double gap = omega[j] * everybody + omega[d->J] - paid; /* of the people's constraint kappa is the multiplier */
    double size = fabs(omega[j] * everybody) + fabs(omega[d->J]) + fabs(paid);
    note_residual(p, fmin(fabs(gap) / size, living / d->everybody), "living");
    note_residual(p, fmin(fabs(level - everybody) / everybody, living / d->everybody), "utility");
}

static void certify_people(bashu_infrastructure *p)
{
    const infrastructure_data *d = &p->data;
    double worth = -1, people = -d->everybody;
    for (size_t j = 0; j < d->J; j++) {
        worth += p->price[d->J * d->N + 1 + j] * p->x[at_living(d, j)];
        people += p->x[at_living(d, j)];
    }
    note_residual(p, fabs(worth), "utility");
    note_residual(p, fabs(people) / d->everybody, "people");
}

static void certify_places(bashu_infrastructure *p)
{
    const infrastructure_data *d = &p->data;
    if (d->mobile) certify_people(p);
    for (size_t j = 0; j < d->J; j++) {
        const double *c = p->x + at_use(d, j, 0);
        double C = basket(d, c), share = people_in(d, p->x, j), level = pow(C / share / d->alpha, d->alpha);
        if (d->alpha < 1) level *= pow(d->housing[j] / share / (1 - d->alpha), 1 - d->alpha);
        double felt_slope = d->mobile ? p->price[d->J * d->N + 1 + j] * share * level * d->alpha / C      /* omega L dv/dC */
                                      : d->weight[j] * share * pow(level, 1 - d->inequality) * d->alpha / C; /* omega L v^-rho dv/dC */
        if (d->mobile) certify_living(p, j, level);
        for (size_t n = 0; n < d->N; n++) {
            double worth = felt_slope * (d->N > 1 ? pow(c[n] / C, -1 / d->sigma) : 1), price = p->price[at_use(d, j, n)];
            note_residual(p, fabs(worth - price) / price, "use");
            double made = d->mobile ? d->output[at_use(d, j, n)] * exp(d->returns * log(share)) : d->output[at_use(d, j, n)], left = made - c[n], moved = made + c[n];
            for (size_t e = 0; e < d->E; e++)
                for (int w = 0; w < 2; w++) {
                    double q = p->x[at_flow(d, e, w, n)], tau = d->links[e].friction * pow(q, d->beta) / pow(p->x[at_size(d, e)], d->gamma);
                    if (origin_of(&d->links[e], w) == j) left -= (1 + tau) * q;
                    if (origin_of(&d->links[e], !w) == j) left += q;
                    moved += q;
                }
            note_residual(p, fabs(left) / moved, "balance");
        }
    }
}

static void certify_links(bashu_infrastructure *p)
{
    const infrastructure_data *d = &p->data;
    double spent = 0, largest = 0, length = 0;
    for (size_t e = 0; e < d->E; e++) length += d->links[e].building;
    double even = d->budget / length; /* the measure of how far a size is from its bound */
    for (size_t e = 0; e < d->E; e++)
        for (int w = 0; w < 2; w++)
            for (size_t n = 0; n < d->N; n++) largest = fmax(largest, p->x[at_flow(d, e, w, n)]);
    for (size_t e = 0; e < d->E; e++) {
        const infrastructure_link *l = &d->links[e];
        double size = p->x[at_size(d, e)], gain = 0, price = p->budget_price[0] * l->building;
        spent += l->building * size;
        for (int w = 0; w < 2; w++)
            for (size_t n = 0; n < d->N; n++) {
                double q = p->x[at_flow(d, e, w, n)], tau = l->friction * pow(q, d->beta) / pow(size, d->gamma);
                double here = p->price[at_use(d, origin_of(l, w), n)], there = p->price[at_use(d, origin_of(l, !w), n)];
                double gap = (there - here * (1 + (1 + d->beta) * tau)) / here; /* at most 0, and 0 where something flows */
                note_residual(p, gap > 0 ? gap : fmin(-gap, q / largest), "flow");
                gain += d->gamma / size * here * tau * q;
            }
        double gap = (gain - price) / price;
        note_residual(p, gap > 0 ? fmin(gap, isinf(l->most) ? gap : (l->most - size) / even) : fmin(-gap, (size - l->built) / even), "size");
    }
    note_residual(p, fabs(spent - d->budget) / d->budget, "budget");
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static bool keep_better(bashu_infrastructure *p, const attempt *a, bool first)
{
    double welfare = -a->answer.objective;
    if (!a->answer.converged || (!first && welfare <= p->info.welfare)) return false;
    p->info.welfare = welfare;
    memcpy(p->x, a->answer.x, p->n * sizeof *p->x);
    memcpy(p->price, a->answer.multiplier, p->m * sizeof *p->price);
    return true;
}

/* Factor on everybody's traded consumption that is worth the same as going from b to a, in percent. */
static double consumption_gain(const infrastructure_data *d, double a, double b)
{
    double power = d->mobile ? d->alpha : d->alpha * (1 - d->inequality), weight = 0;
    if (d->mobile) return 100 * expm1(log(a / b) / power);
    for (size_t j = 0; j < d->J; j++) weight += d->weight[j] * d->people[j];
    return d->inequality == 1 ? 100 * expm1((a - b) / (weight * d->alpha)) : 100 * expm1(log(a / b) / power);
}

static bashu_status solve_starts(bashu_infrastructure *p, attempt *a, double *size, const bashu_infrastructure_options *wanted)
{
    const infrastructure_data *d = &p->data;
    double length = 0, even, even_welfare;
    random_stream stream;
    random_seed(&stream, wanted->seed);
    for (size_t e = 0; e < d->E; e++) length += d->links[e].building;
    even = d->budget / length;
    for (size_t e = 0; e < d->E; e++) size[e] = even;
    TRY(solve_once(p, a, size, true));
    if (!a->answer.converged) return fail(p->context, BASHU_ERROR_INTERNAL, "%s: no answer for an even network", d->path);
    memcpy(p->even, a->answer.x, p->n * sizeof *p->even);
    even_welfare = -a->answer.objective;
    p->info.starts = p->info.convex ? 1 : wanted->starts;
    for (int k = 0; k < p->info.starts; k++) {
        for (size_t e = 0; e < d->E; e++) size[e] = fmax(k ? even * exp(2 * random_normal(&stream)) : even, 2 * d->links[e].built);
        TRY(solve_once(p, a, size, false));
        p->info.iterations += a->answer.iterations;
        p->info.failed += !a->answer.converged;
        keep_better(p, a, p->info.failed == k);
        report_progress(p->context, (double)(k + 1) / p->info.starts, "plan");
    }
    if (p->info.failed == p->info.starts) {
        p->info.reason = BASHU_DIVERGED_LIMIT;
        return BASHU_OK;
    }
    p->info.gain_pct = consumption_gain(d, p->info.welfare, even_welfare);
    p->info.budget_price = p->budget_price[0];
    return BASHU_OK;
}

static bashu_status plan_make(bashu_infrastructure *p, const char *path, const bashu_infrastructure_options *wanted)
{
    double begin = now_s(), *size;
    attempt a = {0};
    TRY(infrastructure_read(&p->data, p->memory, path, wanted->budget));
    const infrastructure_data *d = &p->data;
    p->n = variables_of(d);
    p->m = constraints_of(d);
    p->info = (bashu_infrastructure_info){.convex = d->beta >= d->gamma, .mobile = d->mobile, .budget = d->budget, .places = d->J, .goods = d->N, .links = d->E, .worst = ""};
    const array_wanted wanted_arrays[] = {{&p->x, p->n}, {&p->even, p->n}, {&p->price, p->m}, {&a.answer.x, p->n}, {&a.answer.multiplier, p->m}, {&a.answer.low_multiplier, p->n},
                                          {&a.answer.high_multiplier, p->n}, {&a.low, p->n}, {&a.high, p->n}, {&size, d->E}};
    if (!ARENA_ARRAYS(p->memory, wanted_arrays)) return fail_memory(p->context);
    p->budget_price = p->price + d->J * d->N;
    TRY(solve_starts(p, &a, size, wanted));
    if (p->info.reason == BASHU_NOT_SOLVED) {
        certify_places(p);
        certify_links(p);
        p->info.reason = p->info.residual <= wanted->tolerance ? BASHU_CONVERGED_RESIDUAL : BASHU_DIVERGED_CERTIFICATE;
    }
    p->info.time_s = now_s() - begin;
    return BASHU_OK;
}

bashu_status infrastructure_new(bashu_infrastructure **out, bashu_context *context, const char *path, const bashu_infrastructure_options *wanted)
{
    arena *memory = arena_new(context);
    bashu_infrastructure *p = memory ? arena_alloc(memory, 1, sizeof *p) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (p) {
        *p = (bashu_infrastructure){.context = context, .memory = memory};
        status = plan_make(p, path, wanted);
    }
    if (status == BASHU_OK) *out = p;
    else arena_free(memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(context) : status;
}

void infrastructure_free(bashu_infrastructure *plan)
{
    if (plan) arena_free(plan->memory);
}
