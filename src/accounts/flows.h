/* flows.h - input-output tables of many regions as read: who sells what to whom.
 *
 * R regions, J sectors, N = R * J industries, region-major; row-major arrays, origin before destination. */
#ifndef BASHU_ACCOUNTS_FLOWS_H
#define BASHU_ACCOUNTS_FLOWS_H

#include "accounts/accounts.h"

typedef struct flow_tables {
    const char *folder;
    size_t R, J, account_count;
    const char *const *regions, *const *sectors, *const *accounts;
    double *flow;      /* Z [N][N] sales of an industry to an industry; at least 0 */
    double *final;     /* y [N][R] sales of an industry to the final users of a region */
    double *output;    /* x [N] all that an industry sells */
    double *satellite; /* F [account][N] of industries */
    double *direct;    /* [account][R] of final users themselves */
    size_t file_count;
    input_file files[4];
} flow_tables;

#endif
