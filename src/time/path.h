/* path.h - an economy year by year, with and without a scenario. */
#ifndef BASHU_TIME_PATH_H
#define BASHU_TIME_PATH_H

#include "measure/measure.h"
#include "time/knowledge.h"

struct bashu_path {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario; /* NULL: none */
    bashu_options options;          /* of the solver; starts 0 */
    int starts;                     /* that were asked for: of the long run, where people look ahead */
    bashu_path_options wanted;
    size_t year_count;              /* the economy's own year and those after it */
    /* [year_count] NULL: not solved. A year in which both paths are the same may be one result under both. */
    bashu_result **baseline, **counterfactual;
    /* [2][year_count] without and with changes; arrays NULL with `innovation: none`. What is known in each year, and the yearly growth of
     * everybody's real income that results leave out (log, into the year) */
    knowledge_state *known[2];
    double *common_growth[2];
    bashu_solver *solver;           /* kept for further paths; NULL: they make their own */
    struct bashu_path *first;       /* whose baseline path and solver these are; NULL: its own */
    bool shared;                    /* others will follow from it */
    long sector;                    /* of the location quotients asked for; -1 none */
    focus circle, benchmark;
    bashu_path_info info;
    char worst[224];
};

bashu_status path_new(bashu_path **out, const bashu_economy *economy, const bashu_scenario *scenario, const bashu_options *options,
                      const bashu_path_options *wanted);
/* Many scenarios of one economy, one after the other: the baseline path, solved once with what the solver learns of it, and then each beside it. Answers have the
 * bits that path_new gives. `first` must outlive the others, which one thread at a time may make. */
bashu_status path_begin(bashu_path **first, const bashu_economy *economy, const bashu_options *options, const bashu_path_options *wanted);
bashu_status path_new_beside(bashu_path **out, bashu_path *first, const bashu_scenario *scenario);
void path_free(bashu_path *path);
static inline int path_year(const bashu_path *path, size_t t) { return path->economy->about.year + (int)t; }

/* What the words of the switch `time` do: each fills both rows of results, as far as there are equilibria. */
typedef bashu_status path_follow(bashu_path *path);
path_follow growth_follow;    /* growth.c: static and growth */
path_follow foresight_follow; /* foresight.c */

/* Years both of whose results are equilibria, from the first. */
bool path_solved(const bashu_path *path, size_t t);
/* As bashu_path_values, _aggregate, _growth and _present_value. */
bashu_status path_values(const bashu_path *path, size_t t, const char *variable, bashu_column column, double *values, size_t count);
bashu_status path_aggregate(const bashu_path *path, size_t t, const char *variable, const char *set, const char *member, bashu_column column,
                            double *value);
/* Location quotient of a sector in a set: its share of the set's value added over its share of the nation's, on one path (column BASE or
 * COUNTERFACTUAL). */
bashu_status path_quotient(double *out, const bashu_path *path, size_t t, size_t sector, const focus *who, bashu_column column);
bashu_status path_growth(const bashu_path *path, size_t t, bool with_changes, double *growth);
bashu_status path_present_value(const bashu_path *path, const char *variable, const char *set, const char *member, double *percent);

#endif
