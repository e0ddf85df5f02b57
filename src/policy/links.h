/* links.h - what each link of the network does to outcomes: first order for all of them, exactly for the first. */
#ifndef BASHU_POLICY_LINKS_H
#define BASHU_POLICY_LINKS_H

#include "measure/linear.h"
#include "measure/outcome.h"
#include "policy/sweep.h"

enum { LINK_OUTCOMES_MOST = 4 };

struct bashu_links {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const bashu_scenario *scenario;   /* in force; NULL: none */
    bashu_options options;
    const char *mode;                 /* links ranked; NULL: all */
    double faster_pct;
    size_t outcome_count, ranked, exact_count;
    named_outcome outcomes[LINK_OUTCOMES_MOST];
    double *elasticity[LINK_OUTCOMES_MOST]; /* [link_count] percent of the outcome per percent less time */
    bashu_linear_info info[LINK_OUTCOMES_MOST]; /* of the transposed solves */
    double *carried;                  /* [link_count] value of trade that passes the link, currency, both ways */
    double *trains;                   /* [link_count] direct trains a day between its ends, of its mode, in the latest year for which they are counted; NaN not known */
    int train_year;                   /* 0: nobody counted */
    size_t train_mode_count;
    struct train_rank {               /* of the links of a mode with trains counted: whether what they carry ranks as the trains do */
        const char *mode;
        size_t links;
        double correlation;           /* Spearman's; NaN where one does not vary */
    } *train_modes;
    unsigned char *access, *changed;  /* [link_count] between a region and a station; by the scenario */
    size_t *rank;                     /* [ranked] links, the largest effect on the first outcome first */
    double *exact;                    /* [exact_count][outcome_count] percent; NaN where there is no equilibrium */
    sweep_draw *draw;                 /* [exact_count + 1] the scenario alone, then each */
    double *solved;                   /* [exact_count + 1][outcome_count] percent against the baseline */
    double time_s;
};
bashu_status links_new(bashu_links **out, const bashu_economy *economy, const bashu_scenario *scenario, const bashu_links_options *wanted, const bashu_options *options);
void links_free(bashu_links *links);
/* Percent of the outcome when the link takes faster_pct less time, to first order. */
double links_first_order(const bashu_links *links, size_t outcome, size_t link);

#endif
