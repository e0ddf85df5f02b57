/* best.h - how far to go with a scenario: the scale of its changes at which an outcome is best. */
#ifndef BASHU_POLICY_BEST_H
#define BASHU_POLICY_BEST_H

#include "measure/outcome.h"
#include "time/path.h"

enum { BEST_POINTS_MOST = 32 };
struct bashu_best {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario;
    bashu_options options;
    bashu_path_options wanted;
    bashu_path *first; /* the baseline path, while there is something to solve */
    named_outcome asked;
    double low, high;
    size_t count;
    bashu_best_point points[BEST_POINTS_MOST]; /* in the order of scale */
    char worst[BEST_POINTS_MOST][224];
    bashu_best_info info;
};

/* outcome NULL: gdp of what the scenario is about. */
bashu_status best_new(bashu_best **out, const bashu_scenario *scenario, const bashu_options *options, const bashu_path_options *wanted,
                      const char *outcome, double low, double high);
void best_free(bashu_best *best);

#endif
