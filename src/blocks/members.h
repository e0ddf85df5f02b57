/* members.h - how blocks evaluate one scenario, or BILATERAL_MANY of them side by side; private to blocks/ and to the system.
 *
 * A function that evaluates is written once, with the number of members M as a constant of its builds: loops over members are vectors where there are
 * many, and not there at all where there is one. What a member becomes does not depend on who stands beside it. */
#ifndef BASHU_BLOCKS_MEMBERS_H
#define BASHU_BLOCKS_MEMBERS_H

#include "blocks/blocks.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>

enum { MEMBERS_MOST = BILATERAL_MANY };

/* Before the loop over members. */
#define EACH_MEMBER(m, M) LANES_TOGETHER for (size_t m = 0; m < (M); m++)

/* Calls body(..., M) of the number of members of p. */
#define FOR_MEMBERS(p, body, ...) ((p)->members == 1 ? body(__VA_ARGS__, 1) : body(__VA_ARGS__, MEMBERS_MOST))

/* exp and log: one by one the library's, together in vectors. Together, what is out of their range is NaN, and its scenario is solved alone. */
IN_EACH_WIDTH double member_exp(double x, const size_t M)
{
    if (M == 1) return exp(x);
    return x <= 700 ? exp_lane(x) : (double)NAN;
}

IN_EACH_WIDTH double member_log(double x, const size_t M)
{
    if (M == 1) return log(x);
    return x >= DBL_MIN && x <= DBL_MAX ? log_lane(x) : (double)NAN;
}

/* A pass for however many there are; squares only of one. */
static inline void pass_of_members(const problem *p, const bilateral *b, const double *x, bilateral_row *row, void *payload, double *sum,
                                   double *square, double *work)
{
    if (p->members == 1) bilateral_pass(b, p->threads, x, row, payload, sum, square, work);
    else bilateral_pass_many(b, p->threads, x, row, payload, sum, work);
}

#endif
