/* linear.h - the linear answer: the gradient of one outcome with respect to every lever, the first-order effect of a scenario,
 * and what each region's productivity does to every other. Equations in linear.c and effect.c. */
#ifndef BASHU_MEASURE_LINEAR_H
#define BASHU_MEASURE_LINEAR_H

#include "equilibrium/linear.h"
#include "measure/fill.h"
#include "measure/measure.h"

/* What there is to ask of a gradient, in the order of the table in linear.c. */
typedef enum gradient_id {
    GRADIENT_LINK_TIME, GRADIENT_LINK_MINUTE, GRADIENT_TRADE_COST, GRADIENT_TARIFF, GRADIENT_MIGRATION_COST, GRADIENT_COMMUTING_COST,
    GRADIENT_AMENITY, GRADIENT_PRODUCTIVITY, GRADIENT_LAND, GRADIENT_ZONE_LAND, GRADIENT_TRANSFER, GRADIENT_COUNT
} gradient_id;
extern const bashu_gradient_row gradient_rows[GRADIENT_COUNT];

struct bashu_linear {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    double tolerance;          /* of the linear systems, relative */
    int pass_limit;
    system_of_equations *system;
    ladder *ladder;
    linearisation *lens;
    shock nothing;
    shock_builder *builder;
    bashu_result probe;        /* whose hats are moved to see what an outcome is made of */
    /* where it is linear, if not at the baseline: an equilibrium, what led there, and times of links; NULL */
    const bashu_result *at;
    const shock *now;
    const double *link_time_h; /* [link_count] */
    const changed_network *network; /* with the links that were added, whose times are `link_time_h`; NULL: the economy's alone */
    double *moved, *elasticity, *people_elasticity; /* [2][N]; [N][seen] twice */
    double *seen, *f, *y, *b;  /* [N][seen], [N K] */
};
bashu_status linear_new(bashu_linear **out, const bashu_economy *economy, const bashu_options *options);
/* From now on gradients (effects and exposure are of the baseline) are taken at this equilibrium under this shock; link_time_h: [link_count] as the shock has
 * them, NULL: as the economy does. All belong to the caller and must stay as they are while gradients are asked for. Errors: INTERNAL, MEMORY. */
bashu_status linear_move(bashu_linear *linear, const bashu_result *at, const shock *now, const double *link_time_h);

struct bashu_gradient {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_variable *variable;
    const char *set, *member;  /* "all" "", "foreign" "", "region" id, or a region set with its member */
    const char *name_en, *name_zh; /* of the set */
    bashu_linear_info info;
    lever_changes levers;      /* d log of the outcome by d of each lever, as in equilibrium/linear.h */
    double *link, *zone, *transfer; /* [link_count] by log time; [zones]; [N] paid by the nation */
};
bashu_status gradient_new(bashu_gradient **out, bashu_linear *linear, const char *variable, const char *set, const char *member);
/* 0: not in this economy (no network, nobody commutes, ...). */
size_t gradient_length(const bashu_gradient *g, gradient_id id);
/* In the shapes of bashu.h. */
double gradient_value(const bashu_gradient *g, gradient_id id, size_t index);
long gradient_find(const char *name); /* a row, -1: none */
/* Whether row k of about.zones is the first of its zone. */
bool zone_begins(const description *about, size_t k);
/* The zones of an economy by their first parts: indices into about.zones; returns how many. zones: [zone_count] or NULL. */
size_t zone_list(const description *about, size_t *zones);

bashu_status linear_effect(bashu_result **out, bashu_linear *linear, const bashu_scenario *scenario);

struct bashu_exposure {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_variable *variable;
    bashu_linear_info info;
    double *values;            /* [N whose outcome][N whose productivity] percent per percent */
};
bashu_status exposure_new(bashu_exposure **out, bashu_linear *linear, const char *variable);

/* ---- inside: linear.c and effect.c ----------------------------------------------------------------- */

/* d log of the variable of each region by what is seen of it; [N][seen_width]. */
bashu_status linear_elasticities(bashu_linear *l, const char *variable, double *out);
/* Named as variables.c names them; INPUT-like errors with "did you mean". */
bashu_status linear_variable(const bashu_variable **out, bashu_context *context, const char *name);

#endif
