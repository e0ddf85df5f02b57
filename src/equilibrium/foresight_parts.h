/* foresight_parts.h - what foresight*.c share of a foresight: only they look inside.
 *
 * foresight.c the path as a fixed point, foresight_periods.c its temporary equilibria, foresight_setup.c what is checked and made once. */
#ifndef BASHU_EQUILIBRIUM_FORESIGHT_PARTS_H
#define BASHU_EQUILIBRIUM_FORESIGHT_PARTS_H

#include "equilibrium/foresight.h"
#include "equilibrium/foresight_people.h"

typedef struct worker { /* of one thread */
    bashu_context *context;
    bashu_economy economy;  /* the same arrays; nobody moves within a period */
    bashu_economy leaving;  /* the same for shocks, to which people move from where they are */
    arena *memory;
    bashu_solver *solver;
    shock_builder *builder;
    shock now;              /* of the state below, with the people of the period */
    double *people_hat, *log_utility; /* [N][S] */
    size_t state;           /* SIZE_MAX: none yet */
    bashu_result *result;   /* of the period being checked */
} worker;

struct foresight {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    bashu_economy still, leaving; /* the economy, as in worker */
    bashu_options options;
    const gross_flows *flows;
    double beta, nu;
    size_t T, G, size;      /* size: unknowns of a temporary equilibrium */
    unsigned char *is_there, *is_mobile; /* [G] somebody lives there; and may leave */
    unsigned char *is_home; /* [S] lives off home production */
    double *reaction;       /* [S] of moves to costs of moving, as an elasticity: 1 / nu */
    double *people;         /* [G] of period 0 */
    double *constant;       /* c [G] */
    double *reckoned;       /* [T + 1][G] the fixed point's unknowns */
    double *work, *more;    /* [G] */
    double *stayed;         /* [G] lifetime utility on the baseline path where nobody leaves */
    double *riccati;        /* [2][T + 1] */
    double *z;              /* [T + 1][size] */
    movers *movers;
    ladder *outer, *long_run;
    worker *workers;
    size_t worker_count;
    bashu_solver *solver;   /* for answers, in the economy's own context; NULL until one is wanted */
    shock_builder *builder;
    double *people_hat;
    foresight_path base, changed;
    foresight_fundamentals base_known, changed_known;
    move_costs base_costs, changed_costs;
    /* of the fixed point being solved */
    foresight_path *path;
    const foresight_fundamentals *known;
    const move_costs *costs;
    double last;            /* residual of the step before */
    double falls;           /* about how much flow utility falls with own people, as an elasticity: for steps alone */
    bashu_status status;    /* of what went wrong inside */
    char message[512];
    bashu_reason failed;    /* how a temporary equilibrium ended that was not found; 0: all were */
    size_t failed_at;
};

static inline size_t state_at(const foresight_fundamentals *known, size_t t) { return known->state ? known->state[t] : 0; }

/* ---- foresight_periods.c ---------------------------------------------------------------------------- */

/* The economy as its temporary equilibria see it: nobody moves within a period. */
bashu_economy foresight_still(const bashu_economy *economy, bashu_context *context);
/* And as shocks are told: people move, at the elasticity of moves in a period. */
bashu_economy foresight_leaving(const foresight *f, const bashu_economy *still);
bashu_status worker_open(worker *w, const foresight *f);
void worker_close(worker *w);
/* The shock of a state: none for state 0. */
bashu_status build_state(const foresight_fundamentals *known, size_t state, shock_builder *builder, const shock **out);
/* Temporary equilibria of the periods first .. last of f->path, from where f->z has them. False: one of them has none (f->failed), or
 * something else went wrong (f->status). */
bool solve_periods(foresight *f, size_t first, size_t last, double tolerance);

#endif
