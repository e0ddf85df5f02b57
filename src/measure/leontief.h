/* leontief.h - input-output accounts of many regions: output, inputs, what is embodied in final demand. Equations in
 * leontief.c (tables, by the inverse) and leontief_economy.c (a calibrated economy, by iteration).
 *
 * R regions, J sectors, N = R * J industries, region-major. */
#ifndef BASHU_MEASURE_LEONTIEF_H
#define BASHU_MEASURE_LEONTIEF_H

#include "accounts/flows.h"

struct bashu_leontief {
    bashu_context *context;
    arena *memory;
    const char *name;             /* folder or economy */
    const bashu_economy *economy; /* NULL: from tables */
    size_t R, J, account_count;
    const char *const *regions, *const *sectors, *const *accounts;
    size_t file_count;
    const input_file *files;
    double *output;            /* x [N] */
    double *bought;            /* [R] all that final users of a region buy */
    double *gross_exports;     /* [R] sales to industries and final users of other regions */
    double *made;              /* [account][R] of industries */
    double *direct;            /* [account][R] of final users themselves */
    double *embodied;          /* E [account][R made][R used] */
    double *coefficients;      /* A [N][N]; NULL: not formed, nor what follows */
    double *inverse;           /* L [N column][N row]: transposed, as it is solved for */
    double *output_multiplier; /* [N] */
    double *multiplier;        /* [account][N] */
    bashu_leontief_info info;
};

/* Each fills what is empty of an object whose arena and context are set; the tables belong to the same arena. */
bashu_status leontief_tables(bashu_leontief *out, const flow_tables *tables);
bashu_status leontief_economy(bashu_leontief *out, const bashu_economy *economy);

/* What a region makes and uses of one account. */
typedef struct leontief_region {
    double pba, cba;         /* by production and by consumption, with what final users do themselves */
    double exports, imports; /* embodied in the final demand of others, and of others in one's own */
    double direct;
} leontief_region;
leontief_region leontief_region_of(const bashu_leontief *a, size_t account, size_t region);
/* The same for a set of regions: inside is [R]; what stays within the set is no trade. */
leontief_region leontief_set_of(const bashu_leontief *a, size_t account, const unsigned char *inside);

extern const bashu_leontief_row leontief_rows[];
extern const size_t leontief_row_count;
bashu_status leontief_values(const bashu_leontief *a, const char *name, double *values, size_t count);

/* ---- inside the folder --------------------------------------------------------------------------- */

/* Room for what both ways of reckoning fill; R, J and account_count are set. */
bashu_status leontief_room(bashu_leontief *out);
/* One row of the certificate; the worst of all is kept. where: of the arena. */
enum { LEONTIEF_EQUATION_LIMIT = 4 };
void leontief_certify(bashu_leontief *out, const char *name, double residual, const char *where);
/* "food, reg1" of an industry. */
const char *leontief_industry(const bashu_leontief *a, size_t industry);

#endif
