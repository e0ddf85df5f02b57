/* baseline.c - from a network to its equilibrium.
 *
 * Where incomes are observed, market accesses are what makes them add up, sum_l Xi_kl + Y_k = p_k q_k = sum_k Xi_kl + Y_l, a scaling of A like
 * those of tables to known margins; productivity and amenity need not be known. Where they are not, incomes follow from productivity:
 * x_k = A_k^theta L_k^(alpha theta) w_k^-theta. */
#include "routing/parts.h"

#include <math.h>
#include <string.h>

/* Of large networks the radius is bounded roughly before and, by the certificate, closely afterwards. */
static const double radius_start = 0.9; /* that congested networks start from, at most */
static const double traffic_most = 1e6;  /* of a link, times world income */
enum { NEUMANN_LEAST = 5, NEUMANN_MOST = 4000, LARGE = 20000, ROUNDS = 400, ROUNDS_LARGE = 1 };

/* p := A' p + 1, q := A q + 1 until flows leave something for incomes; false: they do not, the radius is 1 or near. ends: [arcs][2]. */
static bool first_access(const bashu_routing *r, const int *ends, const double *a, double *p, double *q, double *next, double *left)
{
    size_t n = r->network.node_count;
    for (size_t i = 0; i < n; i++) p[i] = q[i] = 1;
    for (int round = 1; round <= NEUMANN_MOST; round++) {
        double size = 0, flow = 0;
        for (int way = 0; way < 2; way++) {
            double *x = way ? q : p;
            for (size_t i = 0; i < n; i++) next[i] = 1;
            for (size_t e = 0; e < r->arc_count; e++) next[ends[2 * e + !way]] += a[e] * x[ends[2 * e + way]];
            memcpy(x, next, n * sizeof *x);
        }
        if (round < NEUMANN_LEAST) continue;
        for (size_t i = 0; i < n; i++) size += p[i] * q[i];
        for (size_t e = 0; e < r->arc_count; e++) flow += a[e] * p[ends[2 * e]] * q[ends[2 * e + 1]];
        *left = size - flow;
        if (*left > 1e-4 * size) return true;
        if (!isfinite(size)) return false;
    }
    return *left > 0;
}

/* Incomes and people that go with the accesses p, q, up to a scale: what x q, w L and w u / P are worth at world prices of one. */
static void first_incomes(const route_network *w, const closure *c, const double *p, const double *q, double *income, double *people)
{
    double theta = w->theta, alpha = w->productivity_spillover, beta = w->amenity_spillover, all = 0;
    for (size_t i = 0; i < w->node_count; i++) {
        double T = w->income ? 1 : pow(w->productivity[i], theta);
        if (w->income) {
            income[i] = w->income[i];
            people[i] = w->people[i];
        } else if (w->mobile) {
            people[i] = pow(T * pow(w->amenity[i], 1 + theta) * q[i] * pow(p[i], (1 + theta) / theta), c->lv);
            income[i] = pow(people[i], 1 - beta) * pow(p[i], -1 / theta) / w->amenity[i];
            all += people[i];
        } else {
            people[i] = w->people[i];
            income[i] = people[i] > 0 ? people[i] * pow(T * pow(people[i], alpha * theta) * q[i] / people[i], 1 / (1 + theta)) : 0;
        }
    }
    double world = 0, persons = 0;
    for (size_t i = 0; i < w->node_count; i++) persons += w->people[i];
    for (size_t i = 0; !w->income && w->mobile && i < w->node_count; i++) {
        double share = people[i] / all;
        income[i] *= pow(share / people[i], 1 - beta);
        people[i] = share * persons;
    }
    for (size_t i = 0; i < w->node_count; i++) world += income[i];
    for (size_t i = 0; !w->income && i < w->node_count; i++) income[i] /= world;
}

static bashu_status fail_radius(const bashu_routing *r, const route_radius *radius)
{
    const route_network *w = &r->network;
    const route_link *link = &w->links[radius->link];
    double more = pow(radius->high * 1.02, 1 / w->theta);
    return fail(r->context, BASHU_ERROR_INPUT,
                "%s: trade over all routes is not finite: the spectral radius of [cost^-theta] is %.4g to %.4g and must be below 1. Most of "
                "it lies at node '%s', and it depends most on the link %s-%s (cost %.6g). Raise theta (now %.6g), or make costs larger: "
                "cost_scale times %.4g would do",
                w->links_path, radius->low, radius->high, w->node_id[radius->node], w->node_id[link->from], w->node_id[link->to],
                link->cost, w->theta, more);
}

static bashu_status fail_traffic(const bashu_routing *r, double most, const route_radius *radius)
{
    const route_network *w = &r->network;
    const route_link *link = &w->links[radius->link];
    return fail(r->context, BASHU_ERROR_INPUT,
                "%s: links would have to carry more than %.2g times the world's income before congestion makes trade over all routes finite: the spectral "
                "radius of [cost^-theta] of empty links is at least %.4g, most of it at node '%s' and link %s-%s (cost %.6g), and congestion_elasticity is "
                "%.4g only. Raise it, or make costs larger: cost_scale times %.4g would do",
                w->links_path, most, radius->low, w->node_id[radius->node], w->node_id[link->from], w->node_id[link->to], link->cost, w->congestion,
                pow(radius->high, 1 / w->theta));
}

/* Congested links carry M times world income at most somewhere: costs are then at most cost x M^lambda, and the spectral radius at least
 * rho M^(-theta lambda), rho that of empty links; it must be below 1, so that M > rho^(1 / (theta lambda)). Where flows are so much more than
 * incomes, equations that hold to 10 digits of flows say nothing about incomes. */
static bashu_status check_empty(route_radius *radius, const bashu_routing *r, double *weights)
{
    const route_network *w = &r->network;
    route_weights(weights, r, r->base.cost, w->theta);
    TRY(routing_radius(radius, r, weights, w->node_count > LARGE ? ROUNDS_LARGE : ROUNDS));
    double most = pow(radius->low, 1 / (w->theta * w->congestion));
    return most > traffic_most ? fail_traffic(r, most, radius) : BASHU_OK;
}

/* The same of an equilibrium that was found. */
static bashu_status check_traffic(bashu_routing *r, const route_radius *empty)
{
    double world = 0, most = 0;
    for (size_t i = 0; i < r->network.node_count; i++) world += r->base.income[i];
    for (size_t e = 0; e < r->arc_count; e++) most = fmax(most, r->base.traffic[r->arc_link[e]] / world);
    if (!(most > 100 * traffic_most)) return BASHU_OK;
    r->info.reason = BASHU_DIVERGED_CERTIFICATE;
    return fail_traffic(r, most, empty);
}

/* ---- one solve ------------------------------------------------------------------------------------ */

/* What a baseline is made from, in the network's order. */
typedef struct making {
    bashu_routing *r;
    route_network w;          /* with the settings that are solved for */
    closure c;
    bool congested;
    int *ends;                /* [arcs][2] from, to */
    double *p, *q;            /* market accesses: to start from, afterwards those found */
    double *a, *income, *people, *flow; /* of the start */
    route_radius radius;
} making;

static bashu_status making_new(making *m, bashu_routing *r, arena *memory)
{
    size_t n = r->network.node_count, arcs = r->arc_count;
    *m = (making){.r = r, .w = r->network};
    m->ends = arena_alloc(memory, 2 * arcs, sizeof *m->ends);
    const array_wanted wanted[] = {{&m->a, arcs}, {&m->p, n}, {&m->q, n}, {&m->income, n}, {&m->people, n}};
    if (!m->ends || !ARENA_ARRAYS(memory, wanted)) return fail_memory(r->context);
    m->flow = r->now.traffic; /* which is written at the end */
    for (size_t e = 0; e < arcs; e++) {
        m->ends[2 * e] = (int)arc_from(r, e);
        m->ends[2 * e + 1] = (int)arc_to(r, e);
    }
    return BASHU_OK;
}

/* Weights of arcs, the costs of empty links counting for what they are with a traffic worth all of world income where there is congestion. */
static void weigh(making *m)
{
    m->congested = m->w.free_costs && m->w.congestion > 0;
    m->c = closure_of(&m->w, m->w.income != NULL, m->congested);
    route_weights(m->a, m->r, m->r->base.cost, m->w.theta * (1 - m->c.mu));
}

/* Accesses from nothing. Errors: INPUT (spectral radius), MEMORY. */
static bashu_status start_anew(making *m)
{
    bashu_routing *r = m->r;
    double left = 0, world = 0;
    size_t n = m->w.node_count;
    TRY(routing_radius(&m->radius, r, m->a, n > LARGE ? ROUNDS_LARGE : ROUNDS));
    if (m->radius.low >= 1 && !m->congested) return fail_radius(r, &m->radius);
    /* where empty links alone would have too large a radius, traffic makes them cost more: accesses start from links that do */
    double lighter = m->congested && m->radius.high > radius_start ? radius_start / m->radius.high : 1;
    for (size_t e = 0; e < r->arc_count; e++) m->a[e] *= lighter;
    if (!first_access(r, m->ends, m->a, m->p, m->q, r->now.inward, &left)) return fail_radius(r, &m->radius);
    for (size_t e = 0; e < r->arc_count; e++) m->a[e] /= lighter;
    first_incomes(&m->w, &m->c, m->p, m->q, m->income, m->people);
    for (size_t i = 0; i < n; i++) world += m->income[i];
    /* flows in the unit of incomes: accesses are scaled until what is left for incomes is the world's */
    for (size_t i = 0; i < n; i++) m->q[i] *= world / left;
    return BASHU_OK;
}

/* The equilibrium at m's settings from m's accesses; a base in the arena. */
static bashu_status solve_from(built *b, making *m, arena *memory, bool anew, double tolerance, int limit, bashu_reason *reason, int *steps)
{
    bashu_routing *r = m->r;
    double world = 0;
    size_t n = m->w.node_count;
    for (size_t i = 0; i < n; i++) world += m->income[i];
    for (size_t e = 0; e < r->arc_count; e++) {
        double pq = m->p[m->ends[2 * e]] * m->q[m->ends[2 * e + 1]];
        m->flow[e] = m->a[e] * pq * (m->congested ? pow(pq / world, -m->c.mu) : 1);
    }
    TRY(flows_build(b, memory, r));
    b->s.c = m->c;
    flows_set_base(b, r, m->flow, m->income, m->people);
    for (size_t i = 0; i < n; i++)
        b->s.level[0].base_size[2 * b->place[i]] = b->s.level[0].base_size[2 * b->place[i] + 1] = m->p[i] * m->q[i];
    TRY(groups_make(&b->s));
    groups_base(&b->s);
    *reason = flows_solve(&b->s, tolerance, anew, limit, steps);
    return BASHU_OK;
}

/* ---- the path to hard settings ------------------------------------------------------------------------ */

/* Where people gather because people are there, Newton's method may not come from afar to where it converges. Then an equilibrium is followed from
 * an amenity_spillover with which people spread to the one wanted, each start being the line through the two before.
 *
 * With alpha + beta = 0 a place alone has no size, only welfare: people ~ (A u)^(1 / -(alpha + beta)) where nothing is traded. Towards zero ever more of
 * them live in the best place, and beyond it equilibria are others, none of them near; where trade joins places well the path goes through. */
static const double apart = -0.1, path_first = 0.25, path_least = 1.0 / 512;
enum { PATH_TRIES = 80, PATH_STEPS = 15 };

static double spillovers(const route_network *w)
{
    return w->productivity_spillover + w->amenity_spillover;
}

/* part: 0 people spread, 1 as wanted */
static void set_settings(making *m, double part)
{
    m->w = m->r->network;
    if (part < 1) m->w.amenity_spillover -= (1 - part) * (spillovers(&m->w) - apart);
    weigh(m);
}

typedef struct waypoint {
    double part, *u, *v; /* u, v: logs of accesses */
} waypoint;

static void start_on_line(making *m, const waypoint *last, const waypoint *before, double part)
{
    const double by = before ? (part - last->part) / (last->part - before->part) : 0;
    for (size_t i = 0; i < m->w.node_count; i++) {
        m->p[i] = exp(last->u[i] + (before ? by * (last->u[i] - before->u[i]) : 0));
        m->q[i] = exp(last->v[i] + (before ? by * (last->v[i] - before->v[i]) : 0));
    }
    first_incomes(&m->w, &m->c, m->p, m->q, m->income, m->people);
}

static void note_waypoint(waypoint *to, const built *b, const making *m, double part)
{
    const flow_level *l = &b->s.level[0];
    to->part = part;
    for (size_t i = 0; i < m->w.node_count; i++) {
        to->u[i] = log(m->p[i]) - l->z[2 * b->place[i]];
        to->v[i] = log(m->q[i]) + l->z[2 * b->place[i] + 1];
    }
}

static void free_stage(void *stage)
{
    arena_free(stage);
}

/* With an equilibrium of the wanted settings *b is it, and lives as long as the arena; else *reached says how far it came. */
static bashu_status follow(built *b, making *m, arena *memory, double tolerance, bashu_reason *reason, int *steps, double *reached)
{
    size_t n = m->w.node_count;
    waypoint point[2] = {{0, NULL, NULL}, {0, NULL, NULL}}, *last = &point[0], *before = &point[1];
    const array_wanted wanted[] = {{&point[0].u, n}, {&point[0].v, n}, {&point[1].u, n}, {&point[1].v, n}};
    if (!ARENA_ARRAYS(memory, wanted)) return fail_memory(m->r->context);
    double part = 0, stride = path_first;
    int points = 0, cycles = 0;
    *reached = (double)NAN;
    for (int try = 0; try < PATH_TRIES && stride >= path_least && *reason != BASHU_DIVERGED_INTERRUPTED; try++) {
        arena *stage = arena_new(m->r->context);
        if (!stage) return fail_memory(m->r->context);
        bool end = part >= 1;
        set_settings(m, part);
        bashu_status status = BASHU_OK;
        if (!points) status = start_anew(m);
        else start_on_line(m, last, points > 1 ? before : NULL, part);
        if (status == BASHU_OK) status = solve_from(b, m, stage, !points, end ? tolerance : fmax(tolerance, 1e-7), points ? PATH_STEPS : PATH_TRIES, reason, steps);
        cycles += status == BASHU_OK ? b->s.cycles : 0;
        b->s.cycles = cycles;
        if (status == BASHU_OK && end && *reason > 0) {
            *reached = 1;
            if (arena_keep(memory, free_stage, stage)) return BASHU_OK;
            status = fail_memory(m->r->context);
        }
        if (status != BASHU_OK) {
            arena_free(stage);
            return status;
        }
        if (*reason > 0) {
            waypoint *oldest = before;
            note_waypoint(oldest, b, m, part);
            before = last;
            last = oldest;
            points++;
            *reached = part;
            stride = points > 1 ? 1.6 * stride : stride;
        } else if (!points) stride = 0; /* not even there */
        else stride *= 0.4;
        part = fmin(1, last->part + stride);
        arena_free(stage);
    }
    if (*reason > 0) *reason = BASHU_DIVERGED_LIMIT; /* of a point on the way */
    return BASHU_OK;
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

/* Costs and traffic of links in the equilibrium, which is the present one as well. */
static void set_links(making *m)
{
    bashu_routing *r = m->r;
    const route_network *w = &r->network;
    double all = 0;
    for (size_t i = 0; i < w->node_count; i++) all += r->base.income[i];
    for (size_t e = 0; e < r->arc_count; e++) {
        size_t at = r->arc_link[e];
        double pq = r->base.inward[m->ends[2 * e]] * r->base.outward[m->ends[2 * e + 1]], lambda = w->congestion;
        if (m->congested) {
            r->base.cost[at] = pow(pow(w->links[at / 2].cost, 1 / lambda) * pq / all, lambda / (1 + w->theta * lambda));
            m->a[e] = pow(r->base.cost[at], -w->theta);
        }
        r->base.traffic[at] = m->a[e] * pq;
    }
    const size_t n = w->node_count, links = 2 * w->link_count;
    const struct {
        double *to;
        const double *from;
        size_t count;
    } copies[] = {{r->now.cost, r->base.cost, links}, {r->now.traffic, r->base.traffic, links}, {r->now.income, r->base.income, n},
                  {r->now.people, r->base.people, n}, {r->now.inward, r->base.inward, n}, {r->now.outward, r->base.outward, n}};
    for (size_t k = 0; k < sizeof copies / sizeof *copies; k++) memcpy(copies[k].to, copies[k].from, copies[k].count * sizeof(double));
}

static bashu_status solve_baseline(bashu_routing *r, arena *memory, double tolerance)
{
    making m;
    built b;
    bashu_reason reason;
    int steps = 0;
    route_radius empty;
    TRY(making_new(&m, r, memory));
    weigh(&m);
    if (m.congested) TRY(check_empty(&empty, r, m.flow));
    TRY(start_anew(&m));
    TRY(solve_from(&b, &m, memory, true, tolerance, FLOWS_STEPS, &reason, &steps));
    r->info.followed = r->info.followed_to = (double)NAN;
    if (reason <= 0 && reason != BASHU_DIVERGED_INTERRUPTED && r->network.mobile && !r->network.income && spillovers(&r->network) > apart) {
        built other = b;
        bashu_reason found = BASHU_DIVERGED_LIMIT;
        TRY(follow(&other, &m, memory, tolerance, &found, &steps, &r->info.followed));
        set_settings(&m, r->info.followed);
        r->info.followed_to = isnan(r->info.followed) ? (double)NAN : m.w.amenity_spillover;
        other.s.cycles += b.s.cycles;
        if (found > 0) b = other;
        if (found > 0 || found == BASHU_DIVERGED_INTERRUPTED) reason = found;
        set_settings(&m, 1);
    }
    flows_read(r, &b, &r->base, m.p, m.q);
    set_links(&m);
    r->info.radius_low = m.congested ? (double)NAN : m.radius.low;
    r->info.radius_high = m.congested ? (double)NAN : m.radius.high;
    r->info.welfare_hat = 1;
    TRY(routing_finish(r, &b, reason, steps));
    return m.congested && r->info.reason > 0 ? check_traffic(r, &empty) : BASHU_OK;
}

static bashu_status baseline(bashu_routing *r, arena *scratch, const route_changes *changes, double tolerance)
{
    (void)changes;
    return solve_baseline(r, scratch, tolerance);
}

bashu_status routing_baseline(bashu_routing *r, double tolerance)
{
    return routing_scratch(r, NULL, tolerance, baseline);
}
