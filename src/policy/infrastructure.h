/* infrastructure.h - the best network that a budget builds (Fajgelbaum & Schaal 2020). Equations in infrastructure.c. */
#ifndef BASHU_POLICY_INFRASTRUCTURE_H
#define BASHU_POLICY_INFRASTRUCTURE_H

#include "accounts/infrastructure.h"

struct bashu_infrastructure {
    bashu_context *context;
    arena *memory;
    infrastructure_data data;
    bashu_infrastructure_info info;
    size_t n, m;              /* variables, constraints */
    double *x, *price, *budget_price; /* [n]; [J][N] of goods; [1] of the budget */
    double *even;             /* [n] the answer with the budget spread evenly */
};
bashu_status infrastructure_new(bashu_infrastructure **out, bashu_context *context, const char *path, const bashu_infrastructure_options *wanted);
void infrastructure_free(bashu_infrastructure *plan);

/* Places of variables. direction 0: from -> to, 1: back. */
static inline size_t at_use(const infrastructure_data *d, size_t j, size_t good) { return j * d->N + good; }
static inline size_t at_flow(const infrastructure_data *d, size_t link, int direction, size_t good)
{
    return d->J * d->N + (2 * link + (size_t)direction) * d->N + good;
}
static inline size_t at_size(const infrastructure_data *d, size_t link) { return d->J * d->N + 2 * d->E * d->N + link; }
/* Where people move: how many live there, and what everybody gets. */
static inline size_t at_living(const infrastructure_data *d, size_t j) { return at_size(d, d->E) + j; }
static inline size_t at_utility(const infrastructure_data *d) { return at_size(d, d->E) + d->J; }
static inline double people_in(const infrastructure_data *d, const double *x, size_t j) { return d->mobile ? x[at_living(d, j)] : d->people[j]; }

#endif
