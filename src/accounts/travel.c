/* travel.c - travel time between regions.
 *
 *   t_ni = terminal + least time over the links of the class, with stops and transfers,  n != i;   t_nn = internal time of n        hours
 *
 * Without a terminal time two districts of one city would be nearer to each other than either is to itself. */
#include "accounts/accounts.h"

bashu_status region_travel_time(double *time_h, const description *about, bashu_context *context, size_t travel,
                         const double *link_time_h)
{
    size_t N = about->N;
    TRY(graph_least_time(time_h, about->network, context, link_time_h, about->travel[travel].allowed, about->internal_time_h));
    for (size_t n = 0; n < N; n++)
        for (size_t i = 0; i < N; i++)
            if (n != i) time_h[n * N + i] += about->terminal_time_h;
    return BASHU_OK;
}
