/* time.c - years in turn against one year: 200 periods of Desmet, Nagy & Rossi-Hansberg (2018) over a cold static equilibrium of the same places. */
#include "parts.h"

#include "time/path.h"

enum { PERIODS = 200 };

/* A cold static solve of what a period changes: productivity by a fifth; and then the path, once. */
void bench_time(bench *b, size_t N, size_t J, bench_value *values)
{
    synthetic from = one_sector(N, 0.8);
    bashu_economy *economy = NULL;
    bashu_path *path = NULL;
    solving s = {0};
    bashu_options options = options_of_bench();
    bashu_path_options wanted = BASHU_PATH_OPTIONS_INIT;
    (void)J;
    from.grows = true;
    wanted.years = PERIODS;
    if (synthetic_economy(&economy, b->context, &from) != BASHU_OK || !solving_open(&s, economy, from.shock_sigma, from.seed, values)) {
        failed(values, "%.200s", bashu_message(b->context));
    } else {
        double before = now_s();
        bool solved = solve_again(&s);
        double of_static = now_s() - before;
        bashu_status status = solved ? path_new(&path, economy, NULL, &options, &wanted) : BASHU_OK;
        if (!solved || status != BASHU_OK || path->info.solved != PERIODS + 1) failed(values, "%.200s", solved ? bashu_message(b->context) : "no static equilibrium");
        else {
            values[0] = counted(path->info.time_s / of_static);
            values[1] = counted((double)path->info.passes / PERIODS);
            note(&values[0], "%.3g s for %d periods, %.3g s for one equilibrium of %d passes", path->info.time_s, PERIODS, of_static, s.result->info.passes);
            note(&values[1], "most in one year: %d", path->info.most_passes);
        }
    }
    path_free(path);
    solving_close(&s);
    bashu_economy_free(economy);
}
