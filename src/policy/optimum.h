/* optimum.h - how much of each change of a scenario: the scales, one a change, at which an outcome is best. */
#ifndef BASHU_POLICY_OPTIMUM_H
#define BASHU_POLICY_OPTIMUM_H

#include "measure/outcome.h"
#include "time/path.h"

enum { OPTIMUM_MOST = BASHU_OPTIMUM_CHANGES, OPTIMUM_POINTS = 512 };
enum { OPTIMUM_TODAY, OPTIMUM_WRITTEN, OPTIMUM_EQUAL, OPTIMUM_BEST, OPTIMUM_NAMES };
extern const struct optimum_name {
    const char *id, *en, *zh;
} optimum_names[OPTIMUM_NAMES];

/* f(x + d) = worth + slope' d + 1/2 d' bend d */
typedef struct optimum_parabola {
    double worth, slope[OPTIMUM_MOST], bend[OPTIMUM_MOST][OPTIMUM_MOST];
} optimum_parabola;

struct bashu_optimum {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario;
    bashu_options options;
    bashu_path_options wanted;
    bashu_path *first;      /* the baseline path, while there is something to solve */
    named_outcome asked;
    size_t n;               /* changes */
    double low, high;       /* of each scale */
    size_t count;
    bashu_optimum_point points[OPTIMUM_POINTS]; /* in the order in which they were asked for */
    size_t named[OPTIMUM_NAMES];                /* points; OPTIMUM_POINTS: there is none */
    optimum_parabola at_best;                   /* from paths near the best alone */
    double direction[OPTIMUM_MOST][OPTIMUM_MOST], curvature[OPTIMUM_MOST]; /* of scales that are inside: flattest first; unit vectors, f along them bends so */
    size_t directions;
    char worst[224];
    bashu_optimum_info info;
};

bashu_status optimum_new(bashu_optimum **out, const bashu_scenario *scenario, const bashu_options *options, const bashu_path_options *wanted,
                         const char *outcome, double low, double high);
void optimum_free(bashu_optimum *optimum);

#endif
