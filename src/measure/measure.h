/* measure.h - numbers people ask for, drawn from economy and result; the table of output variables is in variables.c.
 *
 * Aggregates of a region set are sums (gdp, population) or means weighted by baseline people (wage, rent, welfare),
 * as the row of the variable says; a hat of an aggregate is counterfactual over baseline of the aggregate. */
#ifndef BASHU_MEASURE_MEASURE_H
#define BASHU_MEASURE_MEASURE_H

#include "equilibrium/result.h"

/* Length of the shape of a variable. 0: unknown variable. */
size_t measure_count(const bashu_economy *economy, const char *variable);
bashu_status measure_values(const bashu_result *result, const char *variable, bashu_column column, double *values,
                            size_t count);
/* set "all" (everything but the foreign region), "foreign", "region" with the id of one, or a region set with a member id. Only variables of
 * shape "region" have aggregates. */
bashu_status measure_aggregate(const bashu_result *result, const char *variable, const char *set, const char *member,
                               bashu_column column, double *value);
/* First order: d log(aggregate) = sum_n value[n] d log(variable of n) + people[n] d log(people of n), at the baseline; [N] each.
 * set "region" is the region whose id is the member. ARGUMENT for variables that are not hats of shape "region". */
bashu_status measure_shares(const bashu_result *ones, const char *variable, const char *set, const char *member, double *value,
                            double *people);
/* The row named, or NULL. */
const bashu_variable *measure_variable(const char *name);

/* ---- sets of regions ----------------------------------------------------------------------------- */

/* The part of each region that lies in the set: of its people and of its land, 0 to 1; [N] each, may be NULL. */
bashu_status measure_parts(bashu_context *context, const description *about, const char *set, const char *member,
                           double *people_part, double *land_part);

/* The same sets, checked and named: out->id is the member's, "all" or "foreign"; names are never empty. member: "" where there is none.
 * Errors: ARGUMENT, with what may have been meant; MEMORY. */
bashu_status measure_whose(label *out, arena *scratch, const description *about, const char *set, const char *member);

/* A set of regions as observed, and against the nation (all but the foreign region). */
typedef struct set_summary {
    const char *set, *id, *name_en, *name_zh;
    size_t regions;
    double land_km2, people, gdp;               /* gdp in the currency unit */
    double land_share, people_share, gdp_share; /* of the nation, 0 to 1 */
    double density, gdp_per_head;               /* persons per km2; currency per person */
} set_summary;
bashu_status measure_summary(set_summary *out, bashu_context *context, const description *about, const char *set,
                             const char *member);

/* The set of regions a scenario is about: the circle in which most of what it selects lies; without a choice the
 * first circle; without circles everything but the foreign region. */
typedef struct focus {
    const char *set, *member;
    const char *name_en, *name_zh;
} focus;
focus measure_focus(const description *about, const bashu_scenario *scenario);
/* The set that a text names: MEMBER of the set "circle", SET=MEMBER, or "all". Errors: ARGUMENT with "did you mean"; MEMORY. */
bashu_status measure_named(focus *out, arena *memory, const description *about, const char *text);

/* Indices of the domestic regions ordered by `key` (ascending, ties by index); returns their count. order: [N]. */
size_t measure_order(const description *about, const double *key, size_t *order);

#endif
