/* bashu.h - the public interface of Bashu, whole.
 *
 * What happens to every place when regions integrate: GDP, people, wages, rents, welfare, by solving a
 * spatial general equilibrium calibrated to data.
 *
 *     bashu_context *context;
 *     bashu_open(&context, 0);                                          threads: 0 = all
 *     bashu_data_read(&data, context, "economies/china2020", NULL);
 *     bashu_calibrate(&economy, data, NULL);
 *     bashu_scenario_read(&scenario, economy, "scenarios/cooperation.yaml");
 *     bashu_solver_new(&solver, economy, NULL);
 *     bashu_solve(&result, solver, scenario);                           as often as you like
 *     bashu_result_values(result, "gdp", BASHU_PERCENT, values, count);
 *
 * Conventions. The output comes first and belongs to the caller, who frees it with the matching _free,
 * which takes NULL. A returned pointer to const lives as long as the object it was asked of. Objects
 * made from a context must be freed before it; an economy must outlive its scenarios, solvers and
 * results; a solver must outlive nothing. Two contexts may be used from two threads at once; one context
 * by one thread at a time (except bashu_cancel). The library never prints, exits or aborts.
 *
 * Two questions, two types: `bashu_status` says whether the call worked (the message is in the context),
 * `bashu_reason` how the mathematics ended (positive: there is an equilibrium).
 *
 * Shapes are row-major: n buys, i sells, o is where people come from, j sector, s group.
 */
#ifndef BASHU_BASHU_H
#define BASHU_BASHU_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BASHU_VERSION "0.1.0"

/* ---- did the call work --------------------------------------------------------------------------- */

#define BASHU_STATUS_LIST(X)                                                                           \
    X(BASHU_OK, 0, "ok")                                                                               \
    X(BASHU_ERROR_INTERNAL, 1, "internal error")                                                       \
    X(BASHU_ERROR_ARGUMENT, 2, "wrong argument")                                                       \
    X(BASHU_ERROR_INPUT, 3, "invalid input")                                                           \
    X(BASHU_ERROR_IO, 6, "input or output failed")                                                     \
    X(BASHU_ERROR_UNSUPPORTED, 7, "not supported")                                                     \
    X(BASHU_ERROR_MEMORY, 8, "out of memory")                                                          \
    X(BASHU_INTERRUPTED, 130, "interrupted")

typedef enum bashu_status {
#define X(name, value, text) name = value,
    BASHU_STATUS_LIST(X)
#undef X
} bashu_status;

/* Words for a status, e.g. "invalid input". Never NULL. */
const char *bashu_status_text(bashu_status status);

/* ---- how the mathematics ended ------------------------------------------------------------------- */

#define BASHU_REASON_LIST(X)                                                                           \
    X(BASHU_CONVERGED_RESIDUAL, 1, "converged: worst residual within tolerance")                       \
    X(BASHU_CONVERGED_UNCHANGED, 2, "converged: nothing changes, the baseline is the answer")          \
    X(BASHU_FIRST_ORDER, 3, "first order: the linear answer at the baseline, not an equilibrium")      \
    X(BASHU_NOT_SOLVED, 0, "not solved yet")                                                           \
    X(BASHU_DIVERGED_LIMIT, -1, "not converged: limit of passes reached")                              \
    X(BASHU_DIVERGED_STALLED, -2, "not converged: residual no longer falls")                           \
    X(BASHU_DIVERGED_NOT_FINITE, -3, "not converged: a value is not finite")                           \
    X(BASHU_DIVERGED_CERTIFICATE, -4, "not converged: the certificate disagrees with the solver")      \
    X(BASHU_DIVERGED_INTERRUPTED, -5, "not converged: interrupted")

typedef enum bashu_reason {
#define X(name, value, text) name = value,
    BASHU_REASON_LIST(X)
#undef X
} bashu_reason;

const char *bashu_reason_text(bashu_reason reason);

typedef enum bashu_language { BASHU_EN = 0, BASHU_ZH = 1 } bashu_language;

/* ---- context ------------------------------------------------------------------------------------- */

typedef struct bashu_context bashu_context;
typedef struct bashu_data bashu_data;         /* as observed */
typedef struct bashu_economy bashu_economy;   /* balanced accounts and elasticities; never changes */
typedef struct bashu_scenario bashu_scenario; /* a list of changes */
typedef struct bashu_solver bashu_solver;     /* workspace, reused */
typedef struct bashu_result bashu_result;     /* one equilibrium with its certificate */
typedef struct bashu_package bashu_package;   /* a scenario solved whole, and each change alone */
typedef struct bashu_sweep bashu_sweep;       /* draws of a scenario from the ranges its changes state, solved */
typedef struct bashu_clusters bashu_clusters; /* where sectors concentrate, and which clusters they form */
typedef struct bashu_attain bashu_attain;     /* what it would take to have another circle's cluster */
typedef struct bashu_path bashu_path;         /* an economy year by year, with and without a scenario */
typedef struct bashu_optimum bashu_optimum;   /* the scales of a scenario's changes, each its own, that serve an outcome best */
typedef struct bashu_linear bashu_linear;     /* the equations taken linear at the baseline; workspace, reused */
typedef struct bashu_gradient bashu_gradient; /* one outcome by every lever */
typedef struct bashu_exposure bashu_exposure; /* each region's outcome by each region's productivity */
typedef struct bashu_leontief bashu_leontief; /* input-output accounts and what is embodied in trade */
typedef struct bashu_network bashu_network;       /* the network of an economy described, checked, held against printed times */
typedef struct bashu_links bashu_links;           /* what each link of the network does to outcomes */
typedef struct bashu_assignment bashu_assignment; /* trips on a congested network */
typedef struct bashu_routing bashu_routing;       /* an economy on a network whose trade takes all routes */

/* fraction in [0,1] or negative when unknown; stage in English, lives during the call only */
typedef void bashu_progress_function(double fraction, const char *stage, void *payload);

/* threads: so many; 0 = all the machine has, which is also the limit, where there is enough to do for them. Errors: MEMORY, ARGUMENT (then *out is NULL and there is no message). */
bashu_status bashu_open(bashu_context **out, int threads);
void bashu_close(bashu_context *context);
/* The last error in words, with file, line, field and mend where it is about input; "" when there was none. */
const char *bashu_message(const bashu_context *context);
void bashu_set_progress(bashu_context *context, bashu_progress_function *function, void *payload);
/* Asks running work to stop soon; the one call allowed from another thread or a signal handler. */
void bashu_cancel(bashu_context *context);
/* Lets work run again after bashu_cancel. */
void bashu_resume(bashu_context *context);
const char *bashu_version(void);

/* ---- options ------------------------------------------------------------------------------------- */

typedef struct bashu_options {
    int version;       /* 1 */
    double tolerance;  /* worst relative residual of any equation; (0,1e-2], default 1e-10 */
    int pass_limit;    /* passes over the trade shares; >= 1, default 2000 */
    int starts;        /* further random starts when uniqueness is not known; -1 = decide (4), 0 = none */
    unsigned long long seed; /* of the random starts; default 1 */
    int method;        /* 0 ladder: fast, then safe; else that rung alone, 1 anderson, 2 newton_krylov, 3 plain */
} bashu_options;
#define BASHU_OPTIONS_INIT {1, 1e-10, 2000, -1, 1ULL, 0}

/* One row of the table of options; command-line flags, file keys and manuals are drawn from it. */
typedef struct bashu_option_row {
    const char *name, *type; /* "number", "integer", "word" */
    double low, value, high; /* low, default, high; of a word: its place in `words` */
    const char *help_en, *help_zh;
    const char *const *words; /* of type "word": NULL-terminated; else NULL */
} bashu_option_row;
size_t bashu_option_count(void);
const bashu_option_row *bashu_option_at(size_t index);
bashu_status bashu_option_set(bashu_options *options, bashu_context *context, const char *name, const char *text);

/* ---- data and economy ---------------------------------------------------------------------------- */

/* Reads the folder in the format of docs/economy-format.md. model_file: NULL, or a file whose elasticities
 * and switches replace the economy's. Errors: IO, INPUT (names file, line, field, mend), MEMORY. */
bashu_status bashu_data_read(bashu_data **out, bashu_context *context, const char *folder, const char *model_file);
/* Replaces one setting before calibration, e.g. ("elasticities.trade_elasticity", "5") or ("model.mobility", "none"). */
bashu_status bashu_data_set(bashu_data *data, const char *path, const char *value);
void bashu_data_free(bashu_data *data);

/* Balances the accounts, fits trade and migration. The data may be freed afterwards. */
bashu_status bashu_calibrate(bashu_economy **out, const bashu_data *data, const bashu_options *options);
void bashu_economy_free(bashu_economy *economy);

typedef struct bashu_region {
    const char *id, *name_en, *name_zh, *province, *circle; /* "" when it has none */
    double lon, lat;       /* degrees; NaN when unknown */
    double land_km2, people, gdp; /* gdp in the currency unit */
    int imputed;           /* 1 when people, gdp or land carry a flag */
} bashu_region;
size_t bashu_region_count(const bashu_economy *economy);
size_t bashu_sector_count(const bashu_economy *economy);
size_t bashu_group_count(const bashu_economy *economy);
bashu_status bashu_region_get(const bashu_economy *economy, size_t index, bashu_region *out);
/* Of sectors and groups, in the order of arrays; names are never NULL. Errors: ARGUMENT. */
typedef struct bashu_label {
    const char *id, *name_en, *name_zh;
} bashu_label;
bashu_status bashu_sector_get(const bashu_economy *economy, size_t index, bashu_label *out);
bashu_status bashu_group_get(const bashu_economy *economy, size_t index, bashu_label *out);

/* ---- scenarios ----------------------------------------------------------------------------------- */

bashu_status bashu_scenario_read(bashu_scenario **out, const bashu_economy *economy, const char *path);
void bashu_scenario_free(bashu_scenario *scenario);
size_t bashu_scenario_change_count(const bashu_scenario *scenario);
/* The economy folder a scenario file names, resolved against the file; *out is freed with bashu_text_free. */
bashu_status bashu_scenario_economy(char **out, bashu_context *context, const char *path);

typedef struct bashu_change {
    const char *id, *lever, *title_en, *title_zh, *source;
    double from, value, low, high; /* NaN where not stated, and where a table states them */
    const char *unit;              /* of the level; "percent", or "factor" */
    const char *table;             /* the file of values; "" for one value */
    int from_year, until_year;     /* first and last year in force on a path; 0: not stated */
    int phase_in_years;            /* comes in so many equal steps; 0: at once */
} bashu_change;
bashu_status bashu_scenario_change_get(const bashu_scenario *scenario, size_t index, bashu_change *out);

/* The set of regions a scenario is about: the circle in which most of what it changes lies; set "all" without circles. */
typedef struct bashu_focus {
    const char *set, *member, *name_en, *name_zh;
} bashu_focus;
bashu_focus bashu_scenario_focus(const bashu_scenario *scenario);

/* One row of the table of levers: what a scenario may change. */
typedef struct bashu_lever_row {
    const char *name, *unit, *scope, *help_en, *help_zh;
} bashu_lever_row;
size_t bashu_lever_count(void);
const bashu_lever_row *bashu_lever_at(size_t index);

/* ---- solving ------------------------------------------------------------------------------------- */

bashu_status bashu_solver_new(bashu_solver **out, const bashu_economy *economy, const bashu_options *options);
/* Optional, where many scenarios follow: learns once, in about as many passes as four solves take, what slows solves near the
 * baseline down. Answers then have the same certificate in fewer passes; their last bits differ from those of a solver that was not
 * prepared, and do not depend on what was solved before. Errors: MEMORY. */
bashu_status bashu_solver_prepare(bashu_solver *solver);
void bashu_solver_free(bashu_solver *solver);
/* Solves the whole scenario (NULL: no change). *result is made when NULL, else reused. BASHU_OK means the
 * machinery worked; info.reason > 0 that there is an equilibrium. */
bashu_status bashu_solve(bashu_result **result, bashu_solver *solver, const bashu_scenario *scenario);
/* As above with only the changes whose mask is non-zero; mask has length bashu_scenario_change_count. */
bashu_status bashu_solve_some(bashu_result **result, bashu_solver *solver, const bashu_scenario *scenario,
                              const unsigned char *mask);
void bashu_result_free(bashu_result *result);

typedef struct bashu_equation { /* one row of the certificate */
    const char *name;   /* e.g. "goods_market" */
    double residual;    /* max norm, relative */
    const char *where;  /* region, sector or group where it is worst; "" when zero */
} bashu_equation;

typedef struct bashu_info {
    bashu_reason reason;
    const char *method;      /* the rung of the ladder that answered */
    int passes;              /* passes over the trade shares, all rungs */
    double residual;         /* worst of the certificate */
    const char *worst;       /* its equation and place */
    double forward_error;    /* estimated max error of log unknowns, |J^-1 F|; NaN when not computed */
    const char *uniqueness;  /* "holds: ..." or "not known: ..." */
    int starts, equilibria;  /* starts tried, distinct equilibria found among them (1 = only this one) */
    double time_s;
    size_t equation_count, history_count;
    const bashu_equation *equations;
    const double *history;   /* residual at each evaluation, all rungs */
} bashu_info;
const bashu_info *bashu_result_info(const bashu_result *result);

typedef enum bashu_column { BASHU_BASE = 0, BASHU_COUNTERFACTUAL = 1, BASHU_HAT = 2, BASHU_PERCENT = 3 } bashu_column;
/* What a variable is for: what becomes of places, what flows between pairs of them, and the parts of a change of welfare.
 * Parts add up: BASHU_BASE is 0, BASHU_COUNTERFACTUAL and BASHU_PERCENT are the part itself, BASHU_HAT 1 + part / 100, or
 * its exponential where the unit is log_points. */
typedef enum bashu_family { BASHU_OUTCOME = 0, BASHU_PAIR = 1, BASHU_PART = 2 } bashu_family;
/* One row of the table of output variables. */
typedef struct bashu_variable {
    const char *name, *unit;
    const char *shape; /* words joined by commas, last runs fastest, e.g. "region,sector". Two regions: of pairs origin
                          (who sells, where people are registered) and destination, of parts the region and its partner */
    const char *title_en, *title_zh;
    int headline; /* 1: a column of regions.csv and --json */
    bashu_family family;
} bashu_variable;
size_t bashu_variable_count(void);
const bashu_variable *bashu_variable_at(size_t index);
/* Product of the shape of a variable; 0: there is no such variable. */
size_t bashu_variable_length(const bashu_economy *economy, const char *variable);
/* values: room for `count` = product of the shape. ARGUMENT when the name is unknown, the count is off, the
 * result has no equilibrium (a result that did not converge gives no numbers), or it keeps no pairs of regions (the changes
 * alone of a package). A hat is NaN where something comes out of nothing. */
bashu_status bashu_result_values(const bashu_result *result, const char *variable, bashu_column column,
                                 double *values, size_t count);
/* One number for a set of regions: `set` "all" (without the rest of the world; member ""), "foreign", or a region set
 * ("circle", "province") with its member. */
bashu_status bashu_result_aggregate(const bashu_result *result, const char *variable, const char *set,
                                    const char *member, bashu_column column, double *value);

/* ---- the linear answer ---------------------------------------------------------------------------- */

/* First order at the baseline, docs/model.md: exact for small changes, and as the change grows off by its square. A bashu_linear
 * is used by one thread at a time and need not outlive what was made with it; the economy must. Options: tolerance (the linear
 * systems are solved to a hundredth of it) and pass_limit. */
/* Errors: ARGUMENT, MEMORY. */
bashu_status bashu_linear_new(bashu_linear **out, const bashu_economy *economy, const bashu_options *options);
void bashu_linear_free(bashu_linear *linear);

typedef struct bashu_linear_info {
    double residual; /* the certificate: relative residual of the linear systems, recomputed from the answers; worst of all */
    int passes;      /* over the trade shares */
    int solves;      /* linear systems */
    double time_s;
} bashu_linear_info;

/* The gradient of one outcome with respect to every lever, by one transposed solve. variable: of shape region and with a percent
 * change (gdp, population, real_wage, land_rent, welfare, gdp_nominal, gdp_per_head, wage, utility, price_index, cost_of_living,
 * income, output, land_supply, workers, labour_income, land_income). set, member: as bashu_result_aggregate, or "region" and its id;
 * regions are put together as there. Errors: ARGUMENT (with "did you mean"), UNSUPPORTED (the system cannot be solved to 1e-6),
 * INTERRUPTED, MEMORY. */
bashu_status bashu_gradient_new(bashu_gradient **out, bashu_linear *linear, const char *variable, const char *set, const char *member);
void bashu_gradient_free(bashu_gradient *gradient);
const bashu_linear_info *bashu_gradient_info(const bashu_gradient *gradient);
/* One row of the table of levers as a gradient has them. */
typedef struct bashu_gradient_row {
    const char *name;  /* link_time, link_minute, trade_cost, tariff, migration_cost, commuting_cost, amenity, productivity, land,
                          zone_land, transfer */
    const char *unit;  /* percent of the outcome per percent of the lever, per minute, per percentage point of a tariff, per unit of
                          currency (what the region receives, and all regions but the rest of the world pay in proportion to GDP) */
    const char *shape; /* words joined by commas, last runs fastest; two regions: origin (sells, is registered, lives) and
                          destination (buys, lives, works) */
    const char *title_en, *title_zh;
} bashu_gradient_row;
size_t bashu_gradient_row_count(void);
const bashu_gradient_row *bashu_gradient_row_at(size_t index);
/* Product of the shape; 0: there is no such lever, or this economy does not have it. */
size_t bashu_gradient_length(const bashu_gradient *gradient, const char *lever);
/* values: room for `count` = the length. Where two ways take the same time, links have the derivative along the way that the
 * search for least times finds. Errors: ARGUMENT. */
bashu_status bashu_gradient_values(const bashu_gradient *gradient, const char *lever, double *values, size_t count);
/* Ids in the order of the shapes "link" and "zone"; NULL: there is no such. */
const char *bashu_link_id(const bashu_economy *economy, size_t link);
const char *bashu_zone_id(const bashu_economy *economy, size_t zone);

/* The first-order effect of a scenario: a result whose hats are exponentials of first-order changes of logs (info.reason is
 * BASHU_FIRST_ORDER), to be asked as any other, but for flows between regions. The levers count in logs, tariffs as 1 + tau;
 * transfers in currency. Effects of the changes of a scenario add up in logs. *result is made when NULL, else reused. */
bashu_status bashu_linear_effect(bashu_result **result, bashu_linear *linear, const bashu_scenario *scenario);

/* Friends and enemies (Kleinman, Liu & Redding 2024): the percent change of `variable` (as for bashu_gradient_new; NULL:
 * "real_wage") in each region per percent of productivity of all sectors in each region; one solve a region. Errors as there. */
bashu_status bashu_exposure_new(bashu_exposure **out, bashu_linear *linear, const char *variable);
void bashu_exposure_free(bashu_exposure *exposure);
const bashu_linear_info *bashu_exposure_info(const bashu_exposure *exposure);
/* [region whose outcome][region whose productivity]; lives as long as the exposure. */
const double *bashu_exposure_values(const bashu_exposure *exposure);

/* ---- packages of changes ------------------------------------------------------------------------- */

/* Solves the scenario whole, each of its changes alone, and the whole with every change at the low and at the high end of
 * its range. The scenario must outlive the package. */
bashu_status bashu_package_solve(bashu_package **out, bashu_solver *solver, const bashu_scenario *scenario);
void bashu_package_free(bashu_package *package);
const bashu_result *bashu_package_whole(const bashu_package *package);
/* NULL when the whole has no equilibrium: there is nothing to take apart. */
const bashu_result *bashu_package_alone(const bashu_package *package, size_t change);

/* ---- gravity ------------------------------------------------------------------------------------- */

typedef struct bashu_gravity bashu_gravity; /* a gravity equation with its answer; never changes */

/* Reads a specification (docs/gravity.md), estimates it or reads its coefficients, and solves for multilateral resistances
 * where it asks for them. options: tolerance (worst relative score) and pass_limit; NULL: the defaults. Errors: IO, INPUT
 * (names file, line, field, mend), MEMORY, INTERRUPTED. BASHU_OK means the machinery worked; info.reason > 0 that there is an
 * answer. */
bashu_status bashu_gravity_read(bashu_gravity **out, bashu_context *context, const char *path, const bashu_options *options);
void bashu_gravity_free(bashu_gravity *gravity);

typedef struct bashu_gravity_info {
    bashu_reason reason;            /* of estimate and resistances together */
    const char *method;             /* "ppml", "ols" or "read": coefficients from a file */
    size_t rows_read, filtered, incomplete;    /* rows of the file; that do not meet `where`; with empty cells */
    size_t zero_groups, singletons, separated; /* rows dropped by the estimator */
    size_t observations;            /* rows kept */
    size_t coefficient_count, collinear; /* rows of the table of coefficients; of these dropped */
    const char *errors;             /* what standard errors are: "robust", "clustered by exporter*importer" */
    size_t clusters[2];
    int iterations, passes;         /* steps; passes over the rows */
    double score;                   /* worst relative score: the certificate */
    const char *worst;              /* regressor or group where it is */
    double deviance, log_likelihood, pseudo_r2; /* ols: sum of squared residuals, NaN, R2 */
    size_t resistance_count;        /* places with multilateral resistances; 0: not asked for */
    double resistance_residual, imbalance; /* worst relative residual; sum E / sum Y - 1 */
    double time_s;                  /* of the estimation, without reading */
} bashu_gravity_info;
const bashu_gravity_info *bashu_gravity_information(const bashu_gravity *gravity);

typedef struct bashu_gravity_coefficient {
    const char *name, *note;        /* note: "" or why there is no number */
    double value, standard_error, z, p; /* NaN when dropped; p two-sided, of the normal distribution */
} bashu_gravity_coefficient;
bashu_status bashu_gravity_coefficient_get(const bashu_gravity *gravity, size_t index, bashu_gravity_coefficient *out);
/* [coefficient_count][coefficient_count]; zero where a regressor was dropped. */
const double *bashu_gravity_covariance(const bashu_gravity *gravity);

typedef struct bashu_gravity_place {
    const char *id;
    double outward, inward;         /* multilateral resistances; NaN where the place does not sell or buy */
    double new_outward, new_inward; /* conditional on the experiment, output and expenditure as they are; NaN without one */
} bashu_gravity_place;
bashu_status bashu_gravity_place_get(const bashu_gravity *gravity, size_t index, bashu_gravity_place *out);

/* ---- input-output accounts ------------------------------------------------------------------------ */

/* Leontief accounts of many regions: who makes what is embodied in what others finally use. Shapes: R regions, J sectors,
 * N = R x J industries (region-major), A accounts (value added first). */

/* Reads the folder in the format of docs/leontief-format.md and inverts. Errors: IO, INPUT (also where the economy is not
 * productive), MEMORY. */
bashu_status bashu_leontief_read(bashu_leontief **out, bashu_context *context, const char *folder);
/* The same accounts of a calibrated economy, by iteration: value added embodied in trade; no coefficients, no inverse, no
 * multipliers. The economy must outlive them. Errors: MEMORY; INTERRUPTED. */
bashu_status bashu_leontief_economy(bashu_leontief **out, const bashu_economy *economy);
void bashu_leontief_free(bashu_leontief *accounts);

typedef struct bashu_leontief_info {
    bashu_reason reason; /* negative only for an economy whose iteration did not end */
    size_t regions, sectors, accounts, equation_count;
    const bashu_equation *equations; /* certificate: balance, inverse or solution, embodied */
    double residual;                 /* worst of the certificate */
    double spectral_radius;          /* of the coefficients: not above this; NaN when not computed */
    int passes;                      /* sweeps over the trade shares, worst of all right sides; 0 for tables */
    double time_s;
} bashu_leontief_info;
const bashu_leontief_info *bashu_leontief_info_get(const bashu_leontief *accounts);
/* NULL when there is no such region, sector, account. */
const char *bashu_leontief_region(const bashu_leontief *accounts, size_t region);
const char *bashu_leontief_sector(const bashu_leontief *accounts, size_t sector);
const char *bashu_leontief_account(const bashu_leontief *accounts, size_t account);
/* One row of the table of what there is to ask. */
typedef struct bashu_leontief_row {
    const char *name, *shape; /* "output" "N"; "coefficients" "N,N"; "embodied" "A,R,R" */
    const char *help_en, *help_zh;
} bashu_leontief_row;
size_t bashu_leontief_row_count(void);
const bashu_leontief_row *bashu_leontief_row_at(size_t index);
/* values: room for `count` = product of the shape. ARGUMENT when the name is unknown or the count is off, UNSUPPORTED when
 * these accounts do not have it. */
bashu_status bashu_leontief_values(const bashu_leontief *accounts, const char *name, double *values, size_t count);
/* formats: "text", "json", "accounts.csv", "embodied.csv", "industries.csv", "inverse.csv". */
bashu_status bashu_leontief_report(char **out, const bashu_leontief *accounts, const char *format,
                                   bashu_language language);

/* ---- congested route choice ------------------------------------------------------------------------ */

/* Reads links and trips in the format of docs/assignment.md. Errors: IO, INPUT (also where a trip has no way), MEMORY. */
bashu_status bashu_assignment_read(bashu_assignment **out, bashu_context *context, const char *links,
                                   const char *trips);
/* User equilibrium to a relative gap, e.g. 1e-13; may be called again. BASHU_OK means the machinery worked; info.reason > 0
 * that there is an equilibrium. Errors: ARGUMENT, MEMORY. */
bashu_status bashu_assignment_solve(bashu_assignment *assignment, double gap);
void bashu_assignment_free(bashu_assignment *assignment);

typedef struct bashu_assignment_info {
    bashu_reason reason;
    size_t nodes, links, pairs; /* pairs of places between which there are trips */
    double trips, trips_within; /* on the network; and those that end where they begin */
    double relative_gap;        /* total time less what it would be on least-time ways, over total time */
    double average_excess;      /* the same difference per trip, in the unit of time */
    double conservation;        /* worst imbalance of a node over all trips */
    double objective;           /* of Beckmann, McGuire & Winsten: sum of integrals of link times */
    double total_time;          /* sum of flow x time */
    int rounds;                 /* of least-time trees from all origins */
    double time_s;
} bashu_assignment_info;
const bashu_assignment_info *bashu_assignment_info_get(const bashu_assignment *assignment);
typedef struct bashu_road {
    const char *from, *to;
    double capacity, free_time, flow, time; /* flow and time NaN before solving */
} bashu_road;
/* Links in the order of the file. */
bashu_status bashu_assignment_link(const bashu_assignment *assignment, size_t link, bashu_road *out);
/* formats: "text", "json", "links.csv". */
bashu_status bashu_assignment_report(char **out, const bashu_assignment *assignment, const char *format,
                                     bashu_language language);

/* ---- reports ------------------------------------------------------------------------------------- */

/* Text for people or programs; *out is freed with bashu_text_free. formats of a package: "text", "json",
 * "regions.csv", "long.csv", "manifest.json", "map.svg". */
bashu_status bashu_package_report(char **out, const bashu_package *package, const char *format, bashu_language language);
/* The data in words and numbers. formats: "text", "json". */
bashu_status bashu_economy_report(char **out, const bashu_economy *economy, const char *format, bashu_language language);
/* The calibrated economy with its inverted fundamentals as CSV: "fundamentals.csv", "trade.csv", "migration.csv",
 * "commuting.csv", "travel_time.csv", "accounts.csv". */
bashu_status bashu_economy_table(char **out, const bashu_economy *economy, const char *table);
/* A map as SVG of a variable of shape region, in a column (percent and hat as changes around zero). zoom: what is shown enlarged, "SET=MEMBER", "all" for
 * nothing; NULL: the first circle. title: NULL: the variable's. Outlines are those of the file the economy names; without it places are discs. Errors:
 * ARGUMENT, INPUT (of the outlines), MEMORY. */
bashu_status bashu_map_report(char **out, const bashu_result *result, const char *variable, bashu_column column, const char *zoom, const char *title,
                              bashu_language language);
/* Two packages side by side. formats: "text", "json", "csv". */
bashu_status bashu_compare_report(char **out, const bashu_package *a, const bashu_package *b, const char *format,
                                  bashu_language language);
/* A gradient, strongest first. formats: "text", "json", "csv", or "LEVER.csv" for one lever of its table. */
bashu_status bashu_gradient_report(char **out, const bashu_gradient *gradient, const char *format, bashu_language language);
/* formats: "text" (friends and enemies of the places in which most people live), "json", "csv" (a row a pair). */
bashu_status bashu_exposure_report(char **out, const bashu_exposure *exposure, const char *format, bashu_language language);
/* An equilibrium and the first-order effect of the same scenario side by side. formats: "text", "json", "csv". */
bashu_status bashu_effect_report(char **out, const bashu_result *exact, const bashu_result *linear, const char *format,
                                 bashu_language language);
/* An estimated gravity equation. formats: "text", "json", "coefficients.csv", "covariance.csv", "fixed_effects.csv",
 * "multilateral_resistance.csv". */
bashu_status bashu_gravity_report(char **out, const bashu_gravity *gravity, const char *format, bashu_language language);
void bashu_text_free(char *text);

/* ---- circles of places, and what is claimed of them ------------------------------------------------ */

typedef struct bashu_circles bashu_circles;
typedef struct bashu_circle_row { /* one row of the table of measures */
    const char *name, *unit, *title_en, *title_zh;
} bashu_circle_row;
size_t bashu_circle_row_count(void);
const bashu_circle_row *bashu_circle_row_at(size_t index);
/* The circles of the economy (region set `circle`), or of a file in the format of docs/circles.md, and the nation after them. The economy must outlive them.
 * Errors: INPUT, IO, MEMORY. */
bashu_status bashu_circles_new(bashu_circles **out, const bashu_economy *economy, const char *path);
void bashu_circles_free(bashu_circles *circles);
size_t bashu_circles_count(const bashu_circles *circles);
bashu_status bashu_circles_get(const bashu_circles *circles, size_t circle, bashu_label *out);
/* In the unit of the row; shares as fractions; NaN: not known, or no such measure. */
double bashu_circles_value(const bashu_circles *circles, size_t circle, const char *measure);
/* formats: "text", "json", "csv" (a row a circle and measure). */
bashu_status bashu_circles_report(char **out, const bashu_circles *circles, const char *format, bashu_language language);

typedef struct bashu_audit bashu_audit;
typedef enum bashu_verdict {
    BASHU_CONFIRMED, BASHU_WITHIN_ROUNDING, BASHU_ANOTHER_YEAR, BASHU_ANOTHER_BASIS, BASHU_INCONSISTENT, BASHU_NOT_TESTABLE, BASHU_VERDICTS
} bashu_verdict;
typedef struct bashu_audited {
    const char *id, *text_en, *text_zh;
    double says, unit, found; /* both in `unit` of the variable's own; found NaN: not testable */
    int power;                /* of ten by which an inconsistent claim is off; 0 */
    bashu_verdict verdict;
} bashu_audited;
/* Claims of a file in the format of docs/audit.md (NULL: claims.yaml of the economy's folder) against the data. Errors: INPUT, IO, MEMORY. */
bashu_status bashu_audit_new(bashu_audit **out, const bashu_economy *economy, const char *path);
void bashu_audit_free(bashu_audit *audit);
size_t bashu_audit_count(const bashu_audit *audit);
bashu_status bashu_audit_get(const bashu_audit *audit, size_t claim, bashu_audited *out);
/* formats: "text", "json", "csv". */
bashu_status bashu_audit_report(char **out, const bashu_audit *audit, const char *format, bashu_language language);

/* ---- channels: why an outcome changes ------------------------------------------------------------- */

typedef struct bashu_channels bashu_channels;
typedef struct bashu_channel_row { /* one row of the table of channels */
    const char *name, *title_en, *title_zh;
} bashu_channel_row;
size_t bashu_channel_count(void);
const bashu_channel_row *bashu_channel_at(size_t index);

typedef struct bashu_channels_info {
    double percent; /* the outcome */
    double gap;     /* the parts add up to the percent but for this, percentage points */
    int rounds;     /* of inputs of inputs that prices were followed through */
} bashu_channels_info;

/* Splits an outcome of an equilibrium, e.g. "gdp:circle=CCEC", by channel and by the region where its cause is: gdp, gdp_per_head, real_wage,
 * welfare, utility, population, price_index and cost_of_living of a set of regions (docs/explain.md). The result must outlive nothing; the
 * economy must. Errors: ARGUMENT (another outcome; a result that has no equilibrium, is of first order, or keeps no pairs of regions), MEMORY. */
bashu_status bashu_channels_new(bashu_channels **out, const bashu_result *result, const char *outcome);
void bashu_channels_free(bashu_channels *channels);
const bashu_channels_info *bashu_channels_get(const bashu_channels *channels);
/* values: room for bashu_channel_count() x bashu_region_count(), percentage points of the outcome; they add up to info.percent. */
bashu_status bashu_channels_values(const bashu_channels *channels, double *values, size_t count);
/* The same by partner, [region_count] each: bought, through the price of what is made there; sold, through what is sold there (of gdp; of other
 * outcomes: through life there). They add up to info.percent. */
bashu_status bashu_channels_partners(const bashu_channels *channels, double *bought, double *sold, size_t count);
/* by: "channel" or "partner"; formats: "text", "json", "csv". */
bashu_status bashu_channels_report(char **out, const bashu_channels *channels, const char *by, const char *format, bashu_language language);

/* Winners and losers: a variable of shape region ("welfare", "gdp", ..., or VARIABLE:SET=MEMBER for the places of a set alone) by place, circle, province,
 * group of people, size and GDP per head of places. formats: "text", "json", "csv" (a row a place). Errors: ARGUMENT, MEMORY. */
bashu_status bashu_places_report(char **out, const bashu_result *result, const char *outcome, const char *format, bashu_language language);

/* ---- changes: which of them does what -------------------------------------------------------------- */

typedef struct bashu_split bashu_split;
/* An outcome (NULL: real GDP of what the scenario is about) split over the changes of a scenario: what each does alone, what is lost without it, and its
 * Shapley value, the mean over all orders in which they could come. orders: 0: all orders, for at most 12 changes; else so many random ones, at least 2.
 * The scenario must outlive the split. Errors: ARGUMENT, UNSUPPORTED (a set of changes has no equilibrium), MEMORY, INTERRUPTED. */
bashu_status bashu_split_new(bashu_split **out, const bashu_scenario *scenario, const bashu_options *options, const char *outcome, size_t orders);
void bashu_split_free(bashu_split *split);
typedef struct bashu_split_part { /* percentage points of the outcome */
    double alone, last, value; /* values add up to the whole */
    double error;              /* standard error of a value from random orders; 0 */
} bashu_split_part;
bashu_status bashu_split_get(const bashu_split *split, size_t change, bashu_split_part *out);
double bashu_split_whole(const bashu_split *split); /* percent; NaN for NULL */
/* Two changes together over each alone, averaged over what else there is (Grabisch & Roubens 1999). UNSUPPORTED for random orders. */
bashu_status bashu_split_interaction(const bashu_split *split, size_t change, size_t other, double *out);
/* formats: "text", "json", "csv". */
bashu_status bashu_split_report(char **out, const bashu_split *split, const char *format, bashu_language language);

/* ---- cooperation ----------------------------------------------------------------------------------- */

typedef struct bashu_cooperation bashu_cooperation;
typedef enum bashu_transfers {
    BASHU_TRANSFERS_NOT_NEEDED, /* nobody loses */
    BASHU_TRANSFERS_FOUND,
    BASHU_TRANSFERS_NOT_ENOUGH, /* those who gain cannot make up for those who lose */
    BASHU_TRANSFERS_NOT_ASKED   /* transfers are income: they make up for lost welfare, not for lost GDP or wages */
} bashu_transfers;
typedef struct bashu_cooperation_info {
    size_t coalitions, equilibria, transfer_equilibria, passes; /* coalitions looked at; solved for them; for transfers */
    double joint;         /* what all players gain together, in the currency unit a year */
    int rational;         /* 1: nobody gains less than nothing, or than alone */
    int core_empty;       /* of all coalitions; no meaning where core_excess is NaN */
    double core_excess;   /* of the least core: the most by which a coalition falls short; NaN for random orders */
    bashu_transfers transfers;
    double transfer_total; /* that changes hands */
    double residual;      /* worst of all certificates */
    const char *worst;    /* its equation and place */
    double time_s;
} bashu_cooperation_info;
/* The game of the players that a scenario names (docs/cooperation.md). variable: "welfare" (NULL), "gdp", "real_wage". orders: 0: all coalitions, for at most
 * 12 players and 12 changes; else so many random orders, at least 2. The scenario must outlive it. Errors: INPUT (no players), ARGUMENT, UNSUPPORTED (a
 * coalition has no equilibrium), MEMORY, INTERRUPTED. */
bashu_status bashu_cooperation_new(bashu_cooperation **out, const bashu_scenario *scenario, const bashu_options *options, const char *variable, size_t orders);
/* The same of all coalitions without what each change is worth (NaN): 2^players equilibria, and not 2^changes besides. */
bashu_status bashu_cooperation_coalitions(bashu_cooperation **out, const bashu_scenario *scenario, const bashu_options *options, const char *variable);
void bashu_cooperation_free(bashu_cooperation *cooperation);
const bashu_cooperation_info *bashu_cooperation_get(const bashu_cooperation *cooperation);
typedef struct bashu_player { /* gains in the currency unit a year */
    const char *id, *title_en, *title_zh;
    double base;            /* what a hundred percent would be */
    double alone, joint;    /* its own gain when it acts alone; when all do */
    double shapley, error;  /* of what coalitions gain; standard error, NaN unless from random orders */
    double core;            /* its share in the least core; NaN for random orders */
    double transfer, after; /* received (paid: negative), and the gain with it */
} bashu_player;
size_t bashu_cooperation_player_count(const bashu_cooperation *cooperation);
bashu_status bashu_cooperation_player(const bashu_cooperation *cooperation, size_t player, bashu_player *out);
/* What `gains` gains when `acts` acts alone. */
bashu_status bashu_cooperation_one_sided(const bashu_cooperation *cooperation, size_t acts, size_t gains, double *out);
/* How many players a scenario names. */
size_t bashu_scenario_player_count(const bashu_scenario *scenario);
/* A change, of what all players gain together, in the currency unit. */
bashu_status bashu_cooperation_lever(const bashu_cooperation *cooperation, size_t change, bashu_split_part *out);
/* formats: "text", "json", "csv" (a row a player). */
bashu_status bashu_cooperation_report(char **out, const bashu_cooperation *cooperation, const char *format, bashu_language language);

/* ---- the report to hand on -------------------------------------------------------------------------- */

/* What a report is made of; sections of what is NULL are left out. */
typedef struct bashu_report_parts {
    int version;                          /* 1 */
    const bashu_package *package;         /* needed; with an equilibrium */
    const bashu_cooperation *cooperation; /* of the same scenario */
    const bashu_path *path;               /* of the same scenario */
    const bashu_network *network;         /* of the same economy, without scenario and year */
    const bashu_links *links;             /* on top of the same scenario */
    const bashu_optimum *optimum;         /* of the same scenario */
} bashu_report_parts;
#define BASHU_REPORT_PARTS_INIT {1, NULL, NULL, NULL, NULL, NULL, NULL}
/* report.html: one file that needs no other and no script, in English and Chinese with a switch between them (language: the one shown first), for screen
 * and A4. The same parts give the same bytes. *out is freed with bashu_text_free. Errors: ARGUMENT, INPUT (of the outlines), MEMORY. */
bashu_status bashu_report(char **out, const bashu_report_parts *parts, bashu_language language);
/* ---- networks whose trade takes all routes ------------------------------------------------------- */

/* Reads a folder in the format of docs/routing.md: routing.yaml, nodes.csv, links.csv. settings: NULL, or a file instead of routing.yaml.
 * Errors: IO, INPUT (names file, line, field, mend), MEMORY. */
bashu_status bashu_routing_read(bashu_routing **out, bashu_context *context, const char *folder, const char *settings);
/* The baseline; bashu_routing_info_get(...)->reason tells how it ended. tolerance: worst |log| of any equation, in (0, 1e-2]. Errors: INPUT
 * (spectral radius), MEMORY. */
bashu_status bashu_routing_solve(bashu_routing *routing, double tolerance);
/* From the solved baseline to what a scenario of docs/routing.md does, or what factors do: cost_hat [links] (INFINITY closes one),
 * productivity_hat, amenity_hat [nodes]; NULL: 1. Errors: as reading, ARGUMENT. */
bashu_status bashu_routing_scenario(bashu_routing *routing, const char *path, double tolerance);
bashu_status bashu_routing_change(bashu_routing *routing, const double *cost_hat, const double *productivity_hat, const double *amenity_hat,
                                  double tolerance);
/* Elasticities of welfare by the cost of every link, at the present equilibrium. Errors: MEMORY, ARGUMENT. */
bashu_status bashu_routing_elasticities(bashu_routing *routing);
void bashu_routing_free(bashu_routing *routing);

typedef struct bashu_routing_info {
    bashu_reason reason;
    size_t nodes, links;
    double residual;        /* worst of the certificate */
    const char *worst;      /* its equation */
    double forward_error;   /* estimated max error of log market accesses, |J^-1 F|; NaN when not computed */
    double radius_low, radius_high; /* bounds of the spectral radius; low NaN where costs follow from traffic */
    const char *uniqueness; /* "holds: ..." or "not known: ..." */
    double welfare_hat;     /* against the baseline: of everybody where people move, else the mean over people of logs */
    int steps, cycles;      /* of Newton's method; of multigrid */
    /* Where people move and no equilibrium was found at once: how much of the path from an amenity_spillover with which people spread could be followed, 1
     * to the end, and the amenity_spillover that was reached; NaN where none was needed, or not even its beginning was found. */
    double followed, followed_to;
    double time_s;
    size_t memory;          /* bytes at most beyond the network's own */
} bashu_routing_info;
const bashu_routing_info *bashu_routing_info_get(const bashu_routing *routing);

/* NaN without an equilibrium. */
typedef struct bashu_routing_place {
    const char *id;
    double people_base, people, income_base, income; /* income in the file's unit, or as shares of the world's baseline income */
    double inward_hat, outward_hat; /* market access P^-theta, Pi^-theta */
    double real_wage_hat;           /* income per person over the price index */
} bashu_routing_place;
bashu_status bashu_routing_node(const bashu_routing *routing, size_t node, bashu_routing_place *out);
typedef struct bashu_routing_road {
    const char *id, *from, *to;
    int both_ways;
    double cost_base, cost, cost_back_base, cost_back;       /* factors; back: NaN without a way back */
    double traffic_base, traffic, traffic_back_base, traffic_back; /* value, in the unit of income */
    double elasticity;              /* of welfare by the cost in both directions; NaN when not asked for */
} bashu_routing_road;
bashu_status bashu_routing_link(const bashu_routing *routing, size_t link, bashu_routing_road *out);
/* formats: "text", "json", "nodes.csv", "links.csv". */
bashu_status bashu_routing_report(char **out, const bashu_routing *routing, const char *format, bashu_language language);

/* ---- sweeps --------------------------------------------------------------------------------------- */

/* Called for each scenario of a list with its answer, which is used again afterwards: by any thread, one call at a time. */
typedef void bashu_take(void *payload, size_t scenario, const bashu_result *result);
/* Solves the scenarios (NULL among them: no change), each on one thread, many at once; flows between pairs of regions are not kept, further
 * starts not tried. Bits depend neither on threads nor on the order. Errors: MEMORY, INPUT, INTERRUPTED, ARGUMENT. */
bashu_status bashu_solve_each(const bashu_economy *economy, const bashu_options *options, const bashu_scenario *const *scenarios,
                              size_t count, bashu_take *take, void *payload);

typedef enum bashu_distribution {
    BASHU_TRIANGULAR, /* from low to high, most often at the value */
    BASHU_UNIFORM     /* any value from low to high alike */
} bashu_distribution;

typedef struct bashu_draw_info {
    bashu_reason reason;
    int passes;
    double residual;   /* worst of the certificate */
    const char *worst; /* its equation and place */
} bashu_draw_info;

typedef struct bashu_sweep_summary { /* of an outcome in percent, over the draws that have an equilibrium; NaN where there are none */
    size_t count;
    double mean, sd, q05, q25, q50, q75, q95;
    double above_zero; /* share of draws, 0 to 1 */
} bashu_sweep_summary;

/* Draws every change of the scenario that states a range, independently, solves each draw and keeps the outcomes.
 * draws: 1 .. 10,000,000; draw k depends on options->seed (NULL: 1) and on k alone. outcomes: VARIABLE, VARIABLE:SET=MEMBER,
 * VARIABLE:region=ID, VARIABLE:foreign, of variables of shape region; none: gdp, welfare, real_wage, population of what the scenario is
 * about and of the nation. The scenario must outlive the sweep. Errors: INPUT when no change states a range, ARGUMENT, MEMORY, INTERRUPTED. */
bashu_status bashu_sweep_new(bashu_sweep **out, const bashu_scenario *scenario, const bashu_options *options, size_t draws,
                             bashu_distribution distribution, const char *const *outcomes, size_t outcome_count);
void bashu_sweep_free(bashu_sweep *sweep);
size_t bashu_sweep_draw_count(const bashu_sweep *sweep);
size_t bashu_sweep_outcome_count(const bashu_sweep *sweep);
const char *bashu_sweep_outcome_name(const bashu_sweep *sweep, size_t outcome); /* gdp:circle=CCEC; NULL: no such */
/* values: what each change was, [change_count], in its own unit; percents: [outcome_count], NaN without an equilibrium; info; each may be
 * NULL. Errors: ARGUMENT. */
bashu_status bashu_sweep_draw(const bashu_sweep *sweep, size_t draw, double *values, double *percents, bashu_draw_info *info);
bashu_status bashu_sweep_summarise(bashu_sweep_summary *out, const bashu_sweep *sweep, size_t outcome);
/* What drives an outcome: Spearman's rank correlation with a change, -1 to 1; NaN where the change is not drawn. */
bashu_status bashu_sweep_driver(double *out, const bashu_sweep *sweep, size_t change, size_t outcome);
/* formats: "text", "json", "csv" (a row a draw). */
bashu_status bashu_sweep_report(char **out, const bashu_sweep *sweep, const char *format, bashu_language language);

/* ---- years ----------------------------------------------------------------------------------------- */

typedef struct bashu_path_options {
    int version;     /* 1 */
    int years;       /* so many after the economy's own; 1 .. 1000, default 15 */
    double discount; /* yearly rate at which present values count later years less; [0, 1), default 0.08 */
    const char *sector;    /* id: reports show its location quotient year by year; NULL: none */
    const char *circle;    /* whose; as bashu_clusters_options. NULL: what the scenario is about */
    const char *benchmark; /* beside whose; NULL: the next circle, or the nation where there is none */
} bashu_path_options;
#define BASHU_PATH_OPTIONS_INIT {1, 15, 0.08, NULL, NULL, NULL}

/* The economy year by year, without the scenario (baseline path) and with its changes as they begin, phase in and end (counterfactual
 * path); year 0 is the economy's own, as observed. What links the years is the switch `time` (docs/time.md). scenario: NULL for none;
 * options, wanted: NULL for the defaults; further starts are tried with time: foresight alone and only as many as options say, for the long
 * run: the infos of years tell how many long runs were found. Each year is an ordinary equilibrium, solved from the last year's,
 * with its certificate; a year without one ends its path. Economy and scenario must outlive the path. Errors: ARGUMENT, INPUT (a change
 * leaves no land, or parameters without a balanced path), UNSUPPORTED, MEMORY, INTERRUPTED. */
bashu_status bashu_path_new(bashu_path **out, const bashu_economy *economy, const bashu_scenario *scenario, const bashu_options *options,
                            const bashu_path_options *wanted);
void bashu_path_free(bashu_path *path);

typedef struct bashu_path_info {
    size_t year_count;   /* the economy's own and those after it; years are numbered from 0 */
    size_t solved;       /* years with an equilibrium on both paths */
    bashu_reason reason; /* of the year that ended it, when solved < year_count; else of the last */
    int passes, most_passes; /* over the trade shares, of all years; of the dearest year */
    int passes_beside;   /* once a path: what the solver learns of the baseline, and of each change alone, so that years begin near their answers */
    double residual;     /* worst of all certificates */
    const char *worst;   /* its equation and place */
    int worst_year;      /* calendar */
    double time_s;
} bashu_path_info;
const bashu_path_info *bashu_path_describe(const bashu_path *path);
/* Calendar year; 0: there is no such year. */
int bashu_path_year(const bashu_path *path, size_t year);
/* The equilibrium of a year relative to the economy's accounts, with its certificate; with_changes 0: baseline path. Without flows between
 * regions. NULL: the year was not solved. */
const bashu_result *bashu_path_result(const bashu_path *path, size_t year, int with_changes);
/* What the scenario does in a year: BASHU_BASE is the level on the baseline path in that year, BASHU_COUNTERFACTUAL that on the counterfactual
 * path, BASHU_HAT and BASHU_PERCENT compare them. Of outcomes that need no flows between regions. Errors: ARGUMENT (unknown variable, wrong
 * count, a year that was not solved), MEMORY. */
bashu_status bashu_path_values(const bashu_path *path, size_t year, const char *variable, bashu_column column, double *values, size_t count);
/* The same of a set of regions, as bashu_result_aggregate. */
bashu_status bashu_path_aggregate(const bashu_path *path, size_t year, const char *variable, const char *set, const char *member,
                                  bashu_column column, double *value);
/* Percent by which the scenario raises the present value of a variable over the years after the economy's own:
 * sum_t counterfactual_t / (1 + discount)^t over the same of the baseline path. Errors: as above. */
bashu_status bashu_path_present_value(const bashu_path *path, const char *variable, const char *set, const char *member, double *percent);
/* Growth of the nation's real GDP into a year, in logs, with what all places share. That is part of no other number of a path: with
 * innovation: market results are relative to it, with research to the baseline's own growth, which is not modelled (then it is what policy
 * adds alone). Errors: ARGUMENT (also year 0). */
bashu_status bashu_path_growth(const bashu_path *path, size_t year, int with_changes, double *growth);
/* formats: "text", "json", "csv" (a row a year and place: levels on both paths and percents of the headline variables). */
bashu_status bashu_path_report(char **out, const bashu_path *path, const char *format, bashu_language language);

/* ---- how far to go --------------------------------------------------------------------------------- */

typedef struct bashu_best bashu_best; /* the scale of a scenario that serves an outcome best */
typedef struct bashu_best_point {
    double scale;            /* all changes times this: 0 nothing, 1 as written, below 0 the other way */
    double worth, last;      /* percent of the outcome's present value, and in the last year; NaN without equilibria */
    double nation;           /* percent of the nation's present value */
    bashu_reason reason;     /* how its path ended */
    double residual;         /* worst of its certificates */
} bashu_best_point;
typedef struct bashu_best_info {
    const char *outcome;     /* as it was asked for */
    double scale, worth;     /* the best; NaN: no path has equilibria */
    int at_end;              /* -1, 1: it is the low, high end of the range, and beyond it may be better; 0: inside */
    double low, high;        /* between them at most 0.01 percentage points are lost, by the parabola through the best; NaN at an end */
    int passes;
    double residual, time_s;
    const char *worst;
} bashu_best_info;
/* Follows paths of the scenario at scales from low to high until the present value of the outcome (as bashu_sweep_new; NULL: gdp of what the
 * scenario is about) is best. Changes must be percents, factors, persons or money. Options as bashu_path_new. The scenario must outlive it.
 * Errors: ARGUMENT, INPUT, MEMORY, INTERRUPTED. */
bashu_status bashu_best_new(bashu_best **out, const bashu_scenario *scenario, const bashu_options *options, const bashu_path_options *wanted,
                            const char *outcome, double low, double high);
void bashu_best_free(bashu_best *best);
const bashu_best_info *bashu_best_describe(const bashu_best *best);
size_t bashu_best_count(const bashu_best *best);
bashu_status bashu_best_get(const bashu_best *best, size_t index, bashu_best_point *out); /* in the order of scale */
/* formats: "text", "json", "csv" (a row a scale). */
bashu_status bashu_best_report(char **out, const bashu_best *best, const char *format, bashu_language language);

/* ---- how much of each change ------------------------------------------------------------------------ */

enum { BASHU_OPTIMUM_CHANGES = 6 };
typedef struct bashu_optimum_point {
    double scale[BASHU_OPTIMUM_CHANGES]; /* of each change, in the scenario's order: 0 nothing, 1 as written, below 0 the other way */
    double worth, last;      /* percent of the outcome's present value, and in the last year; NaN without equilibria */
    double gdp, welfare;     /* percent of the present value of these, of the set of places that the outcome is of */
    double nation;           /* percent of the outcome's present value in the nation */
    double scientists[BASHU_OPTIMUM_CHANGES], industrial[BASHU_OPTIMUM_CHANGES]; /* researchers in the regions of each change on research_staff; else 0 */
    bashu_reason reason;     /* how its path ended */
} bashu_optimum_point;
typedef struct bashu_optimum_info {
    const char *outcome;     /* as it was asked for */
    double worth;            /* of the best; NaN: no path has equilibria */
    int certified;           /* 1: slopes and bends of paths around the best, solved for this alone, say that it is one (docs/time.md) */
    double to_gain;          /* the most, in percentage points, that these say is still to be gained within the bounds */
    size_t changes, count;   /* of the scenario; paths */
    int passes;
    double residual, time_s;
    const char *worst;
} bashu_optimum_info;
/* As bashu_best_new, with a scale for each of at most BASHU_OPTIMUM_CHANGES changes, all within low .. high; the best near the best of: today (0), as written
 * (1), equal (where researchers of places turn to other work, the same share of scientists everywhere; where they go from place to place, as many in both), and the middle. Errors: as bashu_best_new. */
bashu_status bashu_optimum_new(bashu_optimum **out, const bashu_scenario *scenario, const bashu_options *options, const bashu_path_options *wanted,
                               const char *outcome, double low, double high);
void bashu_optimum_free(bashu_optimum *optimum);
const bashu_optimum_info *bashu_optimum_describe(const bashu_optimum *optimum);
bashu_status bashu_optimum_get(const bashu_optimum *optimum, size_t index, bashu_optimum_point *out); /* in the order in which paths were followed */
/* The point "today", "as_written", "equal" or "best"; NULL: it has none. */
const bashu_optimum_point *bashu_optimum_named(const bashu_optimum *optimum, const char *name);
/* At the best: slope (points a unit of scale) of change `row`, bends between it and change `column`. NaN: there is no best. */
double bashu_optimum_slope(const bashu_optimum *optimum, size_t row);
double bashu_optimum_bend(const bashu_optimum *optimum, size_t row, size_t column);
/* formats: "text", "json", "csv" (a row a path). */
bashu_status bashu_optimum_report(char **out, const bashu_optimum *optimum, const char *format, bashu_language language);

/* ---- clusters -------------------------------------------------------------------------------------- */

/* Where sectors concentrate (docs/clusters.md has the formulas). Places are all regions but the rest of the world; shares are of value
 * added at the calibrated baseline; near is near in travel time of people, the mean of both ways. */
typedef struct bashu_clusters_options {
    int version;            /* 1 */
    const char *sector;     /* id: reports are about this sector alone; NULL: all. Numbers are computed of all */
    const char *circle;     /* a member of the region set "circle", SET=MEMBER, or "all"; NULL: the first circle */
    const char *benchmark;  /* the same; NULL: the next circle, or the nation where there is none */
    const char *plants;     /* file with the Herfindahl index of each sector's plants (docs/clusters.md); NULL: none */
    int neighbours;         /* so many nearest places, alike; >= 1, default 8, and at most half of the other places */
    double within_h;        /* > 0: instead, all places at most so many hours away, by the inverse of time; default 0 */
    int permutations;       /* 1 .. 10,000,000, default 9999 */
    double false_discovery; /* rate to which many tests are held; (0, 1), default 0.05 */
    double threshold;       /* least location quotient of a place of a cluster; >= 0, default 1 */
    unsigned long long seed; /* of the permutations; default 1 */
} bashu_clusters_options;
#define BASHU_CLUSTERS_OPTIONS_INIT {1, NULL, NULL, NULL, NULL, 8, 0, 9999, 0.05, 1, 1ULL}

/* wanted: NULL for the defaults. An economy without a network has no nearness: then what needs it is NaN, and there are no clusters.
 * The economy must outlive them. Errors: ARGUMENT, INPUT, IO, MEMORY, INTERRUPTED. */
bashu_status bashu_clusters_new(bashu_clusters **out, const bashu_economy *economy, const bashu_clusters_options *wanted);
void bashu_clusters_free(bashu_clusters *clusters);

typedef struct bashu_concentration { /* of one sector over places */
    double value_added;              /* currency unit */
    double imputed_share;            /* of the value added, 0 to 1 */
    double herfindahl, gini;         /* of the sector's shares over places */
    double locational_gini;          /* against all value added */
    double raw, bound, index;        /* Ellison & Glaeser: G; the most gamma can be; gamma, NaN without plants */
    double plants;                   /* Herfindahl index of plants, NaN not known */
    double moran, expected, variance, z; /* Moran's I of location quotients, with its moments under randomisation */
    double p;                        /* of Moran's I: how often a permutation is as large */
    size_t significant, clusters;    /* places whose local Moran is significant; clusters */
} bashu_concentration;
bashu_status bashu_clusters_sector(const bashu_clusters *clusters, size_t sector, bashu_concentration *out);

typedef struct bashu_local {         /* of one sector in one place; NaN in the rest of the world */
    double value_added;              /* currency unit */
    double share;                    /* of the nation's sector, 0 to 1 */
    double quotient;                 /* location quotient */
    double own, lag;                 /* quotient, and mean quotient of the neighbours, less the mean, in standard deviations */
    double moran;                    /* local Moran */
    double p, q;                     /* two-sided by conditional permutation; with the false discovery rate over places */
    const char *kind;                /* "high_high", "low_low", "high_low", "low_high" (own, neighbours); "" where not known */
    int significant;                 /* q is at most the rate */
    int imputed;                     /* 1 when the value added carries a flag */
    long cluster;                    /* -1: in none */
} bashu_local;
bashu_status bashu_clusters_place(const bashu_clusters *clusters, size_t sector, size_t region, bashu_local *out);

typedef struct bashu_cluster {
    size_t sector, place_count;
    const size_t *places;            /* regions, largest first */
    const char *name_en, *name_zh;   /* its largest places, up to three, and the sector */
    double value_added, share, quotient, imputed_share; /* currency unit; of the nation's sector; of all places together; of the value added */
} bashu_cluster;
size_t bashu_clusters_count(const bashu_clusters *clusters);
/* In the order of sectors, the largest of each first. */
bashu_status bashu_clusters_get(const bashu_clusters *clusters, size_t index, bashu_cluster *out);

typedef struct bashu_cluster_side {  /* one sector of a circle */
    double quotient, share;          /* location quotient; of the nation's sector */
    double per_head;                 /* value added per person, currency */
    double inside;                   /* share of the circle's sector that lies in clusters */
    double imputed_share;
    size_t clusters;                 /* with a place in the circle */
} bashu_cluster_side;
typedef struct bashu_cluster_gap {
    bashu_cluster_side circle, benchmark;
    double gap;                      /* location quotient of the benchmark less that of the circle */
} bashu_cluster_gap;
/* Errors: ARGUMENT, also where the economy has no circles and none was named. */
bashu_status bashu_clusters_gap(const bashu_clusters *clusters, size_t sector, bashu_cluster_gap *out);
/* formats: "text", "json", "places.csv" (a row a sector and place), "sectors.csv", "clusters.csv", "gap.csv". */
bashu_status bashu_clusters_report(char **out, const bashu_clusters *clusters, const char *format, bashu_language language);

/* ---- networks -------------------------------------------------------------------------------------- */

/* The network as the scenario has it (NULL: as it is), with the links that were open in `year` (0: all; links without a year count as
 * open). Economy and scenario must outlive it. Errors: ARGUMENT (no network), MEMORY. */
bashu_status bashu_network_new(bashu_network **out, const bashu_economy *economy, const bashu_scenario *scenario, int year);
void bashu_network_free(bashu_network *network);
/* 1: the economy has nodes and links. */
int bashu_economy_has_network(const bashu_economy *economy);

typedef enum bashu_ways { BASHU_WAYS_ALL, BASHU_WAYS_LINK, BASHU_WAYS_SEVERAL } bashu_ways; /* the least way is one link, or several */

/* Least times of the network against printed times of one mode; errors are found / printed - 1, in percent; NaN where count is 0. */
typedef struct bashu_network_fit {
    const char *mode;                 /* "": the quickest of all modes with printed times */
    int ways;                         /* bashu_ways: which printed times are meant */
    size_t count, unreachable;        /* printed times compared; without a way (with BASHU_WAYS_ALL) */
    double bias_pct, median_pct, ninety_pct; /* median error; median and 90th percentile of its size */
    double within_5, within_10;       /* share of printed times met to 5 and 10 percent, 0 to 1 */
    double worst_pct, worst_printed, worst_found; /* the largest error; minutes */
    const char *worst_from, *worst_to; /* nodes; NULL: none */
} bashu_network_fit;
size_t bashu_network_fit_count(const bashu_network *network);
bashu_status bashu_network_fit_get(const bashu_network *network, size_t index, bashu_network_fit *out);

typedef enum bashu_network_fault {
    BASHU_NETWORK_UNREACHABLE, /* id: a region that cannot be reached; other: class of travel */
    BASHU_NETWORK_TOO_FAST,    /* id: a link; other: its mode; km/h over the straight line, and the limit */
    BASHU_NETWORK_TOO_SHORT,   /* id: a link; km, and km of the straight line */
    BASHU_NETWORK_TWIN         /* id, other: two links of one mode between the same nodes; minutes of both */
} bashu_network_fault;
typedef struct bashu_network_problem {
    bashu_network_fault fault;
    const char *id, *other;
    double value, limit;
} bashu_network_problem;
size_t bashu_network_problem_count(const bashu_network *network);
bashu_status bashu_network_problem_get(const bashu_network *network, size_t index, bashu_network_problem *out);
/* formats: "text", "json", "csv" (a row a link), "times.csv" (a row a printed time), "svg". */
bashu_status bashu_network_report(char **out, const bashu_network *network, const char *format, bashu_language language);
/* A map (SVG) of the least time of people from a region; with a scenario or a year: how much less it is than in the network as it is. Errors: ARGUMENT. */
bashu_status bashu_network_times(char **out, const bashu_network *network, const char *from, bashu_language language);

/* ---- least times between many places ---------------------------------------------------------------- */

typedef struct bashu_times bashu_times; /* least times on a network, ready to be asked */

/* By elimination of the network's nodes in (min, +), once; afterwards thousands of places on a hundred thousand nodes take seconds. Times are those of
 * searches to rounding, hours, with stops and transfers, without what a trip takes at its ends. travel: a class of travel of the economy; NULL: that with
 * most links. The network must outlive it. Errors: ARGUMENT (also where the economy's times are no least ones: routing: stochastic, a mode_dispersion), MEMORY. */
bashu_status bashu_times_of_network(bashu_times **out, const bashu_network *network, const char *travel);
/* Of an economy whose trade takes all routes, whose links state times. The economy must outlive it. Errors: ARGUMENT, MEMORY. */
bashu_status bashu_times_of_routing(bashu_times **out, const bashu_routing *routing);
void bashu_times_free(bashu_times *times);
/* Nodes; one that is a region's has its id. */
size_t bashu_times_place_count(const bashu_times *times);
const char *bashu_times_place_id(const bashu_times *times, size_t place);
/* The places that a table names in its column id (other columns are not read); path NULL: regions, or nodes with people. The list belongs to `times`.
 * Errors: INPUT, IO, MEMORY, ARGUMENT. */
bashu_status bashu_times_places(const size_t **places, size_t *count, bashu_times *times, const char *path);
/* time_h: [from_count x to_count], by rows of `from`; 0 from a place to itself, INFINITY where there is no way. Many rows in one call are faster than one
 * after another. Errors: ARGUMENT, MEMORY. */
bashu_status bashu_times_rows(double *time_h, const bashu_times *times, const size_t *from, size_t from_count, const size_t *to, size_t to_count);
/* The same as CSV, from,to,time_h, after a head where head is not 0; no way: an empty field. */
bashu_status bashu_times_csv(char **out, const bashu_times *times, const size_t *from, size_t from_count, const size_t *to, size_t to_count, int head);

/* ---- what links do ---------------------------------------------------------------------------------- */

typedef struct bashu_links_options {
    int version;          /* 1 */
    const char *outcomes; /* VARIABLE or VARIABLE:SET=MEMBER, joined by commas, at most 4; links are ranked by the first. NULL: welfare and gdp of what the
                             scenario is about, or of the first circle */
    const char *mode;     /* links of this mode alone are ranked; NULL: all but ways between a region and a station */
    int exact;            /* so many of the first are solved exactly as well; 0 .. 100,000, default 10 */
    double faster_pct;    /* a link gets this much faster; between 0 and 100, default 10 */
} bashu_links_options;
#define BASHU_LINKS_OPTIONS_INIT {1, NULL, NULL, 10, 10}

/* First order for all links, by one transposed solve an outcome, and exactly for the first, both on top of the scenario (NULL: none, at the baseline). wanted, options:
 * NULL for the defaults. Economy and scenario must outlive it. Errors: ARGUMENT (no network, unknown outcome or mode), UNSUPPORTED (as bashu_gradient_new; the scenario has no equilibrium), MEMORY,
 * INTERRUPTED. */
bashu_status bashu_links_new(bashu_links **out, const bashu_economy *economy, const bashu_scenario *scenario, const bashu_links_options *wanted,
                             const bashu_options *options);
void bashu_links_free(bashu_links *links);
typedef struct bashu_link_effect {
    const char *id, *mode, *from, *to;
    double minutes;
    double elasticity;      /* percent of the outcome per percent less time */
    double first_order_pct; /* when the link gets faster, percent */
    double exact_pct;       /* the same, solved; NaN where it was not, or where there is no equilibrium */
    double carried;         /* value of trade whose quickest way has the link, in the currency unit */
    double trains;          /* direct trains a day of its mode between its ends, in the latest year for which they are counted; NaN not known */
} bashu_link_effect;
size_t bashu_links_count(const bashu_links *links);
size_t bashu_links_outcome_count(const bashu_links *links);
const char *bashu_links_outcome_name(const bashu_links *links, size_t outcome); /* NULL: no such */
const bashu_linear_info *bashu_links_info(const bashu_links *links, size_t outcome); /* of the transposed solve; NULL: no such */
/* rank 0 has the largest effect on outcome 0. */
bashu_status bashu_links_get(const bashu_links *links, size_t rank, size_t outcome, bashu_link_effect *out);
/* formats: "text", "json", "csv" (a row a link), "svg" (what links carry, and the first of them). */
bashu_status bashu_links_report(char **out, const bashu_links *links, const char *format, bashu_language language);

/* ---- plans ------------------------------------------------------------------------------------------- */

typedef struct bashu_plan bashu_plan; /* the best set of projects that a budget pays for */
typedef struct bashu_plan_options {
    int version;          /* 1 */
    double budget;        /* in the currency unit; > 0 */
    const char *outcome;  /* VARIABLE or VARIABLE:SET=MEMBER, to be made large; NULL: welfare of what the projects are about */
    int nobody_loses;     /* 1: sets in which the people registered in some place lose more than losing_pct of welfare are not allowed */
    double losing_pct;    /* >= 0, default 0.01 */
    int sets_most;        /* so many sets are solved at most, beside those that bounds need; 1 .. 1,000,000, default 400 */
} bashu_plan_options;
#define BASHU_PLAN_OPTIONS_INIT {1, 0, NULL, 0, 0.01, 400}

typedef enum bashu_plan_proof {
    BASHU_PLAN_ENUMERATED, /* every set that the budget pays for was solved */
    BASHU_PLAN_BOUNDED,    /* branch and bound: best if no project gives more than the larger of its gain as the first and as the last */
    BASHU_PLAN_STOPPED     /* sets_most was reached: the gap to the bound is left */
} bashu_plan_proof;

/* The changes of the scenario are the projects; each must state a cost. Every set is an equilibrium with its certificate. options: NULL: the defaults;
 * further starts are not tried. The scenario must outlive the plan. Errors: INPUT (a change without a cost), ARGUMENT, MEMORY, INTERRUPTED. */
bashu_status bashu_plan_new(bashu_plan **out, const bashu_scenario *scenario, const bashu_plan_options *wanted, const bashu_options *options);
void bashu_plan_free(bashu_plan *plan);
typedef struct bashu_plan_info {
    bashu_plan_proof proof;
    double cost, gain_pct, bound_pct; /* of the best set, which may be the empty one; no allowed set has a gain above the bound */
    double least_pct;                 /* the smallest change of welfare of any place in it */
    const char *loser;                /* id of that place; "" for the empty set */
    size_t sets_solved, lost;         /* equilibria; sets without one, which are not allowed */
    size_t gains_checked, gains_broken; /* gains compared with the assumption of BASHU_PLAN_BOUNDED; that broke it, and raised the bound */
    double residual;                  /* worst of the certificates */
    const char *worst;                /* its equation and place */
    double time_s;
} bashu_plan_info;
bashu_status bashu_plan_information(const bashu_plan *plan, bashu_plan_info *out);
typedef struct bashu_plan_project {
    const char *id, *title_en, *title_zh;
    int chosen;
    double cost;
    double alone_pct, last_pct; /* gain as the only project, and as the last of all of them */
} bashu_plan_project;
size_t bashu_plan_count(const bashu_plan *plan);
bashu_status bashu_plan_get(const bashu_plan *plan, size_t index, bashu_plan_project *out);
/* formats: "text", "json", "csv" (a row a set that was solved). */
bashu_status bashu_plan_report(char **out, const bashu_plan *plan, const char *format, bashu_language language);

/* The best size of every link: how much of a budget makes which link how much faster, for an outcome of the whole equilibrium. Links and the law from money to time are in
 * a file (docs/network.md, "The best size of every link"). The problem is not concave: the answer is a local optimum, the best of all starts, with a bound under an assumption that is checked. */
typedef struct bashu_upgrades bashu_upgrades;
typedef struct bashu_upgrades_options {
    int version;          /* 1 */
    double budget;        /* in the currency unit; > 0 */
    const char *outcome;  /* VARIABLE or VARIABLE:SET=MEMBER, to be made large; NULL: welfare of the first circle */
    int nobody_loses;     /* 1: the people registered in no place may lose more than losing_pct of welfare */
    double losing_pct;    /* > 0, default 0.01 */
    int starts;           /* 1 .. 1,000, default 3: the budget spread evenly, nothing, random */
    double tolerance;     /* of the conditions of a local optimum; (0, 0.1], default 1e-6 */
} bashu_upgrades_options;
#define BASHU_UPGRADES_OPTIONS_INIT {1, 0, NULL, 0, 0.01, 3, 1e-6}
typedef struct bashu_upgrades_info {
    bashu_reason reason;      /* positive: the conditions of a local optimum hold to the tolerance */
    double gain_pct, even_pct; /* of the outcome: with the plan; with the budget spread evenly over what stands (over kilometres, where all cost alike) */
    double other_pct;         /* least gain of the local optima that starts led to; NaN: none led to one */
    double bound_pct;         /* no spread gains more if no link's elasticity is anywhere above the largest met */
    double spent, price_pct;  /* of the budget; gain in percent of one currency unit more */
    double residual;          /* worst relative gap of the conditions */
    const char *worst;        /* id of a link or a place, or "budget" */
    double slope_error;       /* what the gradient says of moving towards the even spread, against solves on the way; relative */
    double gradient_residual; /* worst of the transposed solves */
    double least_pct;         /* the smallest change of welfare of any place */
    const char *loser;        /* id of that place */
    int starts, failed, steps; /* failed: starts that did not end at a local optimum */
    size_t links, equilibria, gradients;
    size_t raised;            /* elasticities met while climbing above those of the baseline, of each link alone and of all at once; they raised the bound */
    double raised_most;       /* by at most so much, of the largest of all links */
    double time_s;
} bashu_upgrades_info;
/* Folder of the economy that the file names, freed with bashu_text_free; the file's economy must be what bashu_upgrades_new gets. Errors: IO, INPUT, MEMORY. */
bashu_status bashu_upgrades_economy(char **out, bashu_context *context, const char *path);
/* Errors: IO, INPUT, ARGUMENT (no network, unknown outcome), UNSUPPORTED (as bashu_gradient_new), MEMORY, INTERRUPTED. The economy must outlive it. */
bashu_status bashu_upgrades_new(bashu_upgrades **out, const bashu_economy *economy, const char *path, const bashu_upgrades_options *wanted, const bashu_options *options);
void bashu_upgrades_free(bashu_upgrades *plan);
const bashu_upgrades_info *bashu_upgrades_information(const bashu_upgrades *plan);
typedef struct bashu_upgraded_link {
    const char *id;
    double money, most;       /* in the plan; that would bring it to its fastest speed */
    double minutes, planned_minutes, even_minutes; /* as it is; in the plan; with the budget spread evenly */
    double elasticity;        /* percent of the outcome per percent less time, in the plan */
    double slope_pct;         /* gain in percent of one currency unit more on it, in the plan */
    double alone_pct;         /* gain when it alone gets what it can use of the budget */
} bashu_upgraded_link;
bashu_status bashu_upgrades_link(const bashu_upgrades *plan, size_t index, bashu_upgraded_link *out);
/* formats: "text", "json", "csv" (a row a link), "scenario" (the plan as a scenario), "projects" (each link with as much money as it is
 * worth, or what brings it to its fastest speed, as a project of bashu_plan_new). */
bashu_status bashu_upgrades_report(char **out, const bashu_upgrades *plan, const char *format, bashu_language language);

/* The word that the key `format` of a YAML file has, e.g. "bashu-upgrades/1"; freed with bashu_text_free. Errors: IO, INPUT, MEMORY. */
bashu_status bashu_file_format(char **out, bashu_context *context, const char *path);

/* The best network that a budget builds (Fajgelbaum & Schaal 2020), of a file of its own (docs/models/fajgelbaum_schaal_2020.md); stands beside the pipeline. */
typedef struct bashu_infrastructure bashu_infrastructure;
typedef struct bashu_infrastructure_options {
    int version;        /* 1 */
    double budget;      /* 0: the file's */
    int starts;         /* where the problem is not convex; 1 .. 10,000, default 10 */
    unsigned long long seed; /* of the starts */
    double tolerance;   /* of the certificate; (0, 0.01], default 1e-6 */
} bashu_infrastructure_options;
#define BASHU_INFRASTRUCTURE_OPTIONS_INIT {1, 0, 10, 1ULL, 1e-6}
typedef struct bashu_infrastructure_info {
    bashu_reason reason;
    int convex;             /* 1: the answer is the best there is; 0: the best local optimum of all starts */
    int mobile;             /* 1: people move; welfare is what everybody gets */
    double welfare, budget, gain_pct; /* gain: consumption of traded goods worth the same, against the budget spread evenly, percent */
    double budget_price;    /* welfare of one unit more of the budget */
    double residual;        /* worst of the conditions of an optimum, recomputed */
    const char *worst;      /* use, flow, size, balance or budget; where people move, living, utility or people too */
    int starts, failed, iterations;
    size_t places, goods, links;
    double time_s;
} bashu_infrastructure_info;
/* wanted: NULL for the defaults. Errors: UNSUPPORTED (the library Ipopt is not there), IO, INPUT, ARGUMENT, MEMORY, INTERRUPTED. */
bashu_status bashu_infrastructure_new(bashu_infrastructure **out, bashu_context *context, const char *path, const bashu_infrastructure_options *wanted);
void bashu_infrastructure_free(bashu_infrastructure *plan);
const bashu_infrastructure_info *bashu_infrastructure_information(const bashu_infrastructure *plan);
typedef struct bashu_built_link {
    const char *from, *to;
    double built, size;     /* before; in the plan */
    double there, back;     /* goods shipped, all together */
} bashu_built_link;
bashu_status bashu_infrastructure_link(const bashu_infrastructure *plan, size_t index, bashu_built_link *out);
/* formats: "text", "json", "csv" (a row a link), "places.csv" (a row a place and good). */
bashu_status bashu_infrastructure_report(char **out, const bashu_infrastructure *plan, const char *format, bashu_language language);

/* ---- what it would take ---------------------------------------------------------------------------- */

/* One row of the table of levers: the smallest uniform change of it is looked for between low and high. */
typedef struct bashu_attain_row {
    const char *name;      /* productivity, trade_cost, land, research */
    double low, high;      /* percent */
    const char *source_en, *source_zh; /* of the range */
    const char *help_en, *help_zh;
} bashu_attain_row;
size_t bashu_attain_row_count(void);
const bashu_attain_row *bashu_attain_row_at(size_t index);

typedef struct bashu_attain_options {
    int version;             /* 1 */
    const char *sector;      /* id */
    const char *circle, *benchmark; /* as bashu_clusters_options */
    const char *levers;      /* names joined by commas; NULL or "all": every lever */
    const char *measure;     /* of the cluster: "quotient" (NULL) location quotient; "share" of the nation's sector */
    int held;                /* 0: the benchmark's measure in the same equilibrium; 1: as it is at the baseline */
    double low, high;        /* percent, above -100; low < high: the range of every lever instead of its own; both 0: its own */
    double tolerance;        /* the measure is the target to this, relatively; (0, 1e-2], default 1e-8 */
} bashu_attain_options;
#define BASHU_ATTAIN_OPTIONS_INIT {1, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 1e-8}

/* Solves the model until the circle's measure is the benchmark's. options: of the solver; NULL: the defaults; further starts are not
 * tried. The economy must outlive it. Errors: ARGUMENT, INPUT, MEMORY, INTERRUPTED. */
bashu_status bashu_attain_new(bashu_attain **out, const bashu_economy *economy, const bashu_attain_options *wanted,
                              const bashu_options *options);
void bashu_attain_free(bashu_attain *attain);

typedef enum bashu_attain_end {
    BASHU_ATTAIN_PRESENT,  /* the measure is the target already: no change */
    BASHU_ATTAIN_FOUND,
    BASHU_ATTAIN_BEYOND,   /* no value between low and high was found to do: the answer is the value tried that comes nearest */
    BASHU_ATTAIN_NO_LEVER, /* the economy has none: no sector of research */
    BASHU_ATTAIN_UNSOLVED  /* no value tried has an equilibrium */
} bashu_attain_end;

/* An equilibrium in which the lever has changed by `percent`; NaN where there is none. */
typedef struct bashu_attain_answer {
    const char *lever;
    bashu_attain_end end;
    double low, high;      /* percent: between them it was looked for */
    double percent, hat;   /* the change; the same as the factor that a scenario writes as `hat` */
    double measure, target;
    double low_measure, low_target, high_measure, high_target; /* at the ends of the range; NaN where it was not necessary to go there */
    double gdp, people, welfare;   /* of the circle, percent */
    double nation_gdp, nation_welfare;
    double residual;       /* worst of the certificate there */
    const char *worst;     /* its equation and place */
    double residual_most;  /* worst of all equilibria that were solved */
    size_t equilibria, lost; /* solved on the way; of these without an equilibrium */
} bashu_attain_answer;
size_t bashu_attain_count(const bashu_attain *attain);
bashu_status bashu_attain_get(const bashu_attain *attain, size_t index, bashu_attain_answer *out);
/* formats: "text", "json", "csv" (a row a lever). */
bashu_status bashu_attain_report(char **out, const bashu_attain *attain, const char *format, bashu_language language);

/* ---- published models as cases ------------------------------------------------------------------- */

typedef struct bashu_verification bashu_verification; /* what was compared so far */
/* From a published package to the economy format: runs the conversion of the case (docs/case-format.md) and writes tables,
 * economy.yaml, model and scenarios into output_folder, which must exist. package_folder: where the package is; NULL when
 * the case brings its own data or needs none. Errors: IO, INPUT (with file and SQL statement), ARGUMENT, MEMORY. */
bashu_status bashu_convert(bashu_context *context, const char *case_folder, const char *package_folder, const char *output_folder);
bashu_status bashu_verify_new(bashu_verification **out, bashu_context *context);
void bashu_verify_free(bashu_verification *verification);
/* Converts, solves and compares one case, and adds its quantities. reference_folder: holds the packages; NULL: none. A case
 * whose package is not there is added as absent. A difference is no error. Files are made in a folder below TMPDIR and
 * removed. Errors: as bashu_convert. */
bashu_status bashu_verify_case(bashu_verification *verification, const char *case_folder, const char *reference_folder,
                               const bashu_options *options);
typedef struct bashu_verify_tally {
    size_t agree, differ, unanswered, absent; /* quantities; unanswered: no equilibrium was found */
} bashu_verify_tally;
void bashu_verify_count(const bashu_verification *verification, bashu_verify_tally *out);
/* formats: "text" (the worst row of each quantity), "rows" (every row), "json", "markdown". Free with bashu_text_free. */
bashu_status bashu_verify_report(char **out, const bashu_verification *verification, const char *format, bashu_language language);
/* Writes text to a file whole or not at all (a temporary file beside it, then a rename). Errors: IO, with the reason. */
bashu_status bashu_text_write(bashu_context *context, const char *path, const char *text);

#ifdef __cplusplus
}
#endif
#endif
