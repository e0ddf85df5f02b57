/* flows.c - an economy whose trade takes all routes of a network (Allen & Arkolakis 2022), in flows.
 *
 * Notation of the paper: p_l = P_l^-theta and q_k = Pi_k^-theta are inward and outward market access, t_kl the cost of a link, theta the
 * trade elasticity, Y income, x_l = (w_l / A_l)^-theta, so that Y_l = x_l q_l. With a_kl = t_kl^-theta
 *
 *   p_l = sum_k a_kl p_k + x_l        q_k = sum_l a_kl q_l + Y_k / p_k        Xi_kl = a_kl p_k q_l     value of traffic on a link
 *   t_kl = tbar_kl (Xi_kl / sum Y)^lambda                                     congestion
 *
 * Against a point with flows Xi, Y (a "base"; any positive p, q will do) let u = -log p, v = log q, y = log sum Y, omega = log of welfare:
 *
 *   Xi_kl = base Xi_kl exp(-(1 - mu) u_k + (1 - mu) v_l + mu y),  mu = theta lambda / (1 + theta lambda)
 *   Y_k   = base Y_k exp(eu u_k + ev v_k + ew omega)
 *   F1_l  = log((sum_k Xi_kl + Y_l) / size_l),   F2_k = log((sum_l Xi_kl + Y_k) / size_k),   size = base size exp(-u + v) = p q
 *
 *                       people stay       people move (productivity A L^alpha, amenity u L^beta)     incomes given
 *   eu, ev              0, 1/(1+theta)    (1-beta) lu + 1/theta, (1-beta) lv                         0, 0
 *   ew                  0                 (1-beta) lw + 1                                            0
 *   lu, lv, lw          0, 0, 0           -(1+theta)/(theta delta), 1/delta, -(1+theta)/delta        0
 *                                         delta = 1 - alpha theta - beta (1 + theta)
 *
 * With people moving, omega is such that sum L stays. The derivative, in flows again (du, dv, dy, domega; g = 1 + eu, h = 1 - ev):
 *
 *   J1 = in_l du_l - (1-mu) sum_k Xi_kl du_k - mu in_l dv_l + Y_l (g du_l - h dv_l) + mu in_l dy + Y_l ew domega
 *   J2 = out_k dv_k - (1-mu) sum_l Xi_kl dv_l - mu out_k du_k + Y_k (h dv_k - g du_k) - mu out_k dy - Y_k ew domega
 *
 * At given y and omega its entries off the diagonal are <= 0 where g, h >= 0, and its columns sum to zero at an equilibrium (Walras' law;
 * in = out there): a singular M-matrix, as gross substitutes make it. Sums run over blocks of nodes fixed by their number alone. */
#include "routing/flows.h"

#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { WORTH_THREADS = 8000 };

int level_threads(const flow_system *s, size_t n)
{
    return n < WORTH_THREADS ? 1 : thread_count(s->context);
}

static double add_up(const double *part, int count)
{
    double sum = 0;
    for (int c = 0; c < count; c++) sum += part[c];
    return sum;
}

/* World income and people at z, and from them y and omega. */
static void find_world(flow_system *s, flow_level *l)
{
    const closure *c = &s->c;
    double people[CHUNKS], income[CHUNKS];
    int chunks = level_chunks(l->n);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int b = 0; b < chunks; b++) {
        people[b] = income[b] = 0;
        for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++) {
            l->people[i] = l->base_people[i] * exp(c->lu * l->z[2 * i] + c->lv * l->z[2 * i + 1]);
            l->income[i] = l->base_income[i] * exp(c->eu * l->z[2 * i] + c->ev * l->z[2 * i + 1]);
            people[b] += l->people[i];
            income[b] += l->income[i];
        }
    }
    l->dw = c->lw != 0 ? -log(add_up(people, chunks) / s->base_people) / c->lw : 0;
    l->dy = log(add_up(income, chunks) / s->base_income) + c->ew * l->dw;
    double more = exp(c->ew * l->dw), many = exp(c->lw * l->dw);
    for (size_t i = 0; c->lw != 0 && i < l->n; i++) {
        l->income[i] *= more;
        l->people[i] *= many;
    }
}

void flows_at(flow_system *s, size_t level)
{
    flow_level *l = &s->level[level];
    const double kept = 1 - s->c.mu;
    int chunks = level_chunks(l->n), threads = level_threads(s, l->n);
    s->evaluations++;
    find_world(s, l);
    const double world = exp(s->c.mu * l->dy);
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(static)
        for (int b = 0; b < chunks; b++)
            for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++) {
                const double u = l->z[2 * i], v = l->z[2 * i + 1], size = exp(v - u);
                l->power[2 * i] = world * exp(-kept * u);
                l->power[2 * i + 1] = exp(kept * v);
                l->size[2 * i] = l->base_size[2 * i] * size;
                l->size[2 * i + 1] = l->base_size[2 * i + 1] * size;
            }
#pragma omp for schedule(static)
        for (int b = 0; b < chunks; b++)
            for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++) {
                const double from = l->power[2 * i], to = l->power[2 * i + 1];
                double in = 0, out = 0;
                for (int e = l->head[i]; e < l->head[i + 1]; e++) {
                    const double *other = l->power + 2 * (size_t)l->to[e];
                    in += l->flow[2 * e] = l->base[2 * e] * (other[0] * to);
                    out += l->flow[2 * e + 1] = l->base[2 * e + 1] * (from * other[1]);
                }
                l->self[i] = l->base_self[i] * (from * to);
                l->sum[2 * i] = in + l->self[i];
                l->sum[2 * i + 1] = out + l->self[i];
            }
    }
}

static inline double equation(const flow_level *l, size_t i, int which)
{
    return log((l->sum[2 * i + (size_t)which] + l->income[i]) / l->size[2 * i + (size_t)which]);
}

double flows_residual(const flow_system *s, size_t level)
{
    const flow_level *l = &s->level[level];
    double worst[CHUNKS], all = 0;
    int chunks = level_chunks(l->n);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int b = 0; b < chunks; b++) {
        worst[b] = 0;
        for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++)
            worst[b] = worse(worse(worst[b], equation(l, i, 0)), equation(l, i, 1));
    }
    for (int b = 0; b < chunks; b++) all = worse(all, worst[b]);
    return all;
}

void flows_right_side(const flow_system *s, size_t level, bool far, double *out)
{
    const flow_level *l = &s->level[level];
    int chunks = level_chunks(l->n);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int b = 0; b < chunks; b++)
        for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++) {
            const double in = l->sum[2 * i] + l->income[i], out_of = l->sum[2 * i + 1] + l->income[i];
            out[2 * i] = far ? -in * equation(l, i, 0) : l->size[2 * i] - in;
            out[2 * i + 1] = far ? out_of * equation(l, i, 1) : out_of - l->size[2 * i + 1];
        }
}

double level_dot(const flow_system *s, const flow_level *l, const double *a, const double *b)
{
    double part[CHUNKS];
    int chunks = level_chunks(l->n);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int c = 0; c < chunks; c++) {
        part[c] = 0;
        for (size_t i = chunk_start(l->n, c), end = chunk_start(l->n, c + 1); i < end; i++)
            part[c] += l->weight[i] * (a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1]);
    }
    return add_up(part, chunks);
}

/* What a change does to world income and welfare, or, transposed, what they feel; then what that does to every place. */
void flows_world(const flow_system *s, size_t level, const double *x, double *out)
{
    const flow_level *l = &s->level[level];
    const closure *c = &s->c;
    double part[3][CHUNKS];
    int chunks = level_chunks(l->n);
    bool moves = c->lw != 0;
    if (c->mu == 0 && !moves) return;
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int b = 0; b < chunks; b++) {
        double sum[3] = {0};
        for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++) {
            const double u = x[2 * i], v = x[2 * i + 1];
            if (s->transposed) {
                sum[0] += c->mu * (l->sum[2 * i] * u - l->sum[2 * i + 1] * v);
                sum[1] += c->ew * l->income[i] * (u - v);
            } else {
                sum[0] += l->income[i] * (c->eu * u + c->ev * v);
                sum[1] += l->people[i] * (c->lu * u + c->lv * v);
            }
            sum[2] += l->income[i];
        }
        for (int k = 0; k < 3; k++) part[k][b] = sum[k];
    }
    const double income = add_up(part[2], chunks), people = moves ? s->base_people * c->lw : 1;
    double first = add_up(part[0], chunks), second = add_up(part[1], chunks), dw = 0, dy = 0, by_y = 0, by_w = 0;
    if (s->transposed) { /* by_y: what y feels; y also moves with omega */
        by_y = first;
        by_w = moves ? second + c->ew * by_y : 0;
    } else {
        dw = moves ? -second / people : 0;
        dy = first / income + c->ew * dw;
    }
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int b = 0; b < chunks; b++)
        for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++) {
            if (s->transposed) {
                out[2 * i] += by_y * l->income[i] * c->eu / income - by_w * l->people[i] * c->lu / people;
                out[2 * i + 1] += by_y * l->income[i] * c->ev / income - by_w * l->people[i] * c->lv / people;
            } else {
                out[2 * i] += c->mu * l->sum[2 * i] * dy + l->income[i] * c->ew * dw;
                out[2 * i + 1] -= c->mu * l->sum[2 * i + 1] * dy + l->income[i] * c->ew * dw;
            }
        }
}

void flows_derivative(const flow_system *s, size_t level, bool whole, const double *x, double *out)
{
    const flow_level *l = &s->level[level];
    const closure *c = &s->c;
    const double kept = 1 - c->mu, g = closure_g(c, whole), h = closure_h(c, whole);
    const size_t first = s->transposed, second = !s->transposed;
    int chunks = level_chunks(l->n);
#pragma omp parallel for schedule(static) num_threads(level_threads(s, l->n))
    for (int b = 0; b < chunks; b++)
        for (size_t i = chunk_start(l->n, b), end = chunk_start(l->n, b + 1); i < end; i++) {
            const double u = x[2 * i], v = x[2 * i + 1], Y = l->income[i], in = l->sum[2 * i], away = l->sum[2 * i + 1];
            double of_u = l->self[i] * u, of_v = l->self[i] * v;
            for (int e = l->head[i]; e < l->head[i + 1]; e++) {
                of_u += l->flow[2 * (size_t)e + first] * x[2 * (size_t)l->to[e]];
                of_v += l->flow[2 * (size_t)e + second] * x[2 * (size_t)l->to[e] + 1];
            }
            const double to_u = c->mu * away + Y * g, to_v = c->mu * in + Y * h; /* J2 by u, J1 by v, less their sign */
            out[2 * i] = (in + Y * g) * u - kept * of_u - (s->transposed ? to_u : to_v) * v;
            out[2 * i + 1] = (away + Y * h) * v - kept * of_v - (s->transposed ? to_v : to_u) * u;
        }
    if (whole) flows_world(s, level, x, out);
}
