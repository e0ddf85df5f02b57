/* foresight_parts.h - what foresight*.c share of a foresight: only they look inside.
 *
 * foresight.c the path as a fixed point, foresight_periods.c its temporary equilibria, foresight_setup.c what is checked and made once,
 * foresight_modes.c slow directions of moves, foresight_steps.c steps of the fixed point. */
#ifndef BASHU_EQUILIBRIUM_FORESIGHT_PARTS_H
#define BASHU_EQUILIBRIUM_FORESIGHT_PARTS_H

#include "equilibrium/foresight.h"
#include "equilibrium/foresight_people.h"
#include "equilibrium/lanes.h"

typedef struct worker { /* of one thread */
    bashu_context *context;
    bashu_economy economy;  /* the same arrays; nobody moves within a period */
    bashu_economy leaving;  /* the same for shocks, to which people move from where they are */
    arena *memory;
    bashu_solver *solver;
    lanes *lanes;           /* NULL where the baseline taught nothing: then periods are solved alone */
    shock_builder *builder;
    shock now;              /* of the state below, with the people of the period */
    double *people_hat, *log_utility; /* [N][S] */
    size_t state;           /* SIZE_MAX: none yet */
    bashu_result *result;   /* of the period being checked */
} worker;

/* Periods of one state, up to BILATERAL_MANY of them, with the same tolerance. */
typedef struct batch {
    size_t state, count;
    const double *people[BILATERAL_MANY];
    double *z[BILATERAL_MANY], *flow[BILATERAL_MANY]; /* z: the start, then the answer; from the baseline the next time, where there is none */
    double tolerance;
    int passes[BILATERAL_MANY];
    bashu_reason reason[BILATERAL_MANY];
} batch;

/* Slow directions of moves, what flow utility answers to people along them, and what steps need of both. */
enum { MODES = 32 };
typedef struct slow_modes {
    size_t count, width;             /* of a pool; Q count, of all */
    double *vector;                  /* [count][G] u: in the scales of people, orthonormal in each pool */
    double *root;                    /* [G] sqrt(L); 0 where nobody moves */
    double *stay;                    /* [width] s */
    double *fall;                    /* [width][width] E */
    double *response;                /* [width][G] by how much flow utility of every market falls with people along a direction */
    double *own_fall;                /* [G] E of a market and its own people */
    double *answer, *inverse;        /* [T + 1][width][width] Q, H^-1 */
    double *start, *long_run;        /* [width][width] inverses, of the first value of the baseline and of the long run */
    double *along, *step, *people;   /* room: [T + 1][width] */
    double *uniform, *rest, *fall_room, *small, *numbers; /* [2][T + 1][Q]; [G]; [G + Q]; [3][width]; [2][T + 1] */
} slow_modes;

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
    double *total;          /* [G] of movers_value, where nobody asks */
    double *stayed;         /* [G] lifetime utility on the baseline path where nobody leaves */
    double *z;              /* [T + 1][size], at least BILATERAL_MANY rows */
    movers *movers;
    slow_modes slow;
    ladder *outer, *long_run;
    worker *workers;
    batch *batches;         /* [T + 1] room */
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
/* basis: the first worker's solver, which is prepared; NULL: this is the first. */
bashu_status worker_open(worker *w, const foresight *f, const bashu_solver *basis);
void worker_close(worker *w);
/* The shock of a state: none for state 0. */
bashu_status build_state(const foresight_fundamentals *known, size_t state, shock_builder *builder, const shock **out);
/* Temporary equilibria of the periods first .. last of f->path, from where f->z has them. False: one of them has none (f->failed), or
 * something else went wrong (f->status). */
bool solve_periods(foresight *f, size_t first, size_t last, double tolerance);
/* Flow utility with people [count][G] and the fundamentals of the accounts: [count][G], zeros where there is no equilibrium. */
bashu_status foresight_probe(foresight *f, const double *people, size_t count, double *flow);

/* ---- foresight_modes.c, foresight_steps.c ------------------------------------------------------------ */

/* Errors: MEMORY. */
bashu_status slow_modes_new(slow_modes *out, foresight *f);
/* What steps need of what was measured. Errors: MEMORY. */
bashu_status slow_modes_prepare(slow_modes *m, const foresight *f);
/* Steps of the fixed points, of a path (the one being solved) and of the long run alone; payload: the foresight. */
void path_step(void *payload, const double *gap, double *step);
void long_run_step(void *payload, const double *gap, double *step);

#endif
