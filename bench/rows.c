/* rows.c - the table of rows, and what they share. */
#include "parts.h"

#include "calibrate/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct row {
    bench_row about;
    bench_function *function; /* of the first row of a work; measures all of them */
    size_t N, J;
    bool first; /* before threads are started, which a fork would lose */
} row;

#define MOST BENCH_AT_MOST
#define LEAST BENCH_AT_LEAST
static const row rows[] = {
    {{"memory", "of the shares", MOST, 1.3, "peak memory while solving N = 8,000, one sector, over the trade shares",
      "求解 N = 8,000 单部门时的内存峰值 / 贸易份额大小", NULL}, bench_memory, 8000, 1, true},
    {{"memory", "of the shares, new costs", BENCH_NO_GOAL, 0, "the same where trade costs change, with the costs", "同上，贸易成本变化时（含成本矩阵本身）", NULL},
     bench_memory, 8000, 1, true},
    {{"pass", "of a read", MOST, 1.10, "a pass over the trade shares, N = 8,000, over reading them once",
      "遍历一次贸易份额（N = 8,000）/ 只读一遍",
      "rows are read once from memory and a second time from cache while the next ones are fetched; what is above one is that second time, where the memory is fast."}, bench_pass, 8000, 1, false},
    {{"pass_single", "of a read", MOST, 0.6, "the same with shares in single precision, sums in double",
      "同上，份额为单精度、求和为双精度",
      "0.54 on an AMD EPYC of two processors, 0.61 to 0.68 on an Intel Xeon: turning singles into doubles takes the time that reading them saves"}, bench_pass_single, 8000, 1, false},
    {{"batch_340", "of a pass", MOST, 0.27, "a pass for 16 scenarios at once, each, over a single pass",
      "同时遍历 16 个情景，平均每个 / 单次遍历", NULL}, bench_batch, 340, 1, false},
    {{"batch_340", "of peak", LEAST, 0.80, "its arithmetic over the machine's multiply-add peak", "其运算速度 / 本机乘加峰值",
      "a row of 340 is short, so what is added to is moved as often as it is used; the time of a pass for 16 at once is met all the same. Tried: tiles of rows and scenarios, fused multiply-adds, vectors of 256 and 512 bits"},
     bench_batch, 340, 1, false},
    {{"batch_2000", "of a pass", MOST, 0.2, "the same, N = 2,000", "同上，N = 2,000",
      "limited by arithmetic and not by memory: see the next row"}, bench_batch, 2000, 1, false},
    {{"batch_2000", "of peak", LEAST, 0.80, "its arithmetic over the machine's multiply-add peak", "其运算速度 / 本机乘加峰值",
      "columns are added to as well as rows, so that half of the multiply-adds load and store what they add to. Tried: tiles of rows and scenarios, fused multiply-adds, vectors of 256 and 512 bits"},
     bench_batch, 2000, 1, false},
    {{"batch_8000", "of a pass", MOST, 0.15, "the same, N = 8,000", "同上，N = 8,000",
      "an AMD EPYC of two processors had 0.14 of a pass and 0.86 of the peak with the same loop; processors with slower caches beside faster multiply-adds have less"}, bench_batch, 8000, 1, false},
    {{"batch_8000", "of peak", LEAST, 0.80, "its arithmetic over the machine's multiply-add peak", "其运算速度 / 本机乘加峰值",
      "an AMD EPYC of two processors had 0.14 of a pass and 0.86 of the peak with the same loop; processors with slower caches beside faster multiply-adds have less"},
     bench_batch, 8000, 1, false},
    {{"ordinary_31", "passes", MOST, 20, "one sector, cold, home share 0.2 to 0.95, worst", "单部门冷启动，自给率 0.2 至 0.95，最多", NULL},
     bench_ordinary, 31, 1, false},
    {{"ordinary_340", "passes", MOST, 20, "the same, N = 340", "同上，N = 340", NULL}, bench_ordinary, 340, 1, false},
    {{"ordinary_2000", "passes", MOST, 20, "the same, N = 2,000", "同上，N = 2,000", NULL}, bench_ordinary, 2000, 1, false},
    {{"ordinary_8000", "passes", MOST, 20, "the same, N = 8,000", "同上，N = 8,000", NULL}, bench_ordinary, 8000, 1, false},
    {{"hard", "failures", MOST, 0, "hard cases: strong home bias, zero flows, blocs, large shocks", "困难情形：强本地偏好、零流量、区块、大冲击", NULL},
     bench_hard, 0, 1, false},
    {{"hard", "passes", MOST, 120, "the same, worst", "同上，最多",
      "flows as distance^-5 alone: price levels there answer in a way no linear coupling sees, and Newton steps with the exact Jacobian are as many. Tried: near and far levels, wider blocks, damping far from balance, a path of smaller shocks"}, bench_hard, 0, 1, false},
    {{"inputs_31x40", "passes", MOST, 20, "31 places, 40 sectors with inputs, home share 0.38 to 0.9, worst",
      "31 地、40 部门含投入产出，自给率 0.38 至 0.9，最多", NULL}, bench_inputs, 31, 40, false},
    {{"inputs_31x40", "of a pass", MOST, 40, "the whole solve over one evaluation", "整个求解 / 一次求值",
      "18 passes, all with the baseline's inverted blocks; an evaluation is short, so that these, Anderson's products and the certificate count. Tried: sparse blocks with the pivots of the baseline, products kept between steps, the certificate in threads"}, bench_inputs, 31, 40, false},
    {{"inputs_340x10", "passes", MOST, 20, "340 places, 10 sectors", "340 地、10 部门", NULL}, bench_inputs, 340, 10, false},
    {{"inputs_340x10", "of a pass", MOST, 40, "the whole solve over one evaluation", "整个求解 / 一次求值",
      "18 passes; the rest are blocks at the new point, levels, products of Anderson and the certificate. Tried: the baseline's blocks alone (half the time near the baseline, but 24 passes for shocks of this size), products kept between steps, the certificate in threads"}, bench_inputs, 340, 10, false},
    {{"time_1000", "of a solve", MOST, 600, "200 periods of growth, 1,000 places, over one static equilibrium", "1,000 地 200 期增长 / 一次静态均衡", NULL},
     bench_time, 1000, 1, false},
    {{"time_1000", "passes", MOST, 10, "passes a period", "每期遍历次数", NULL}, bench_time, 1000, 1, false},
    {{"years", "passes", MOST, 10, "the dearest year of four scenarios of china2020", "china2020 四个情景中最贵一年的遍历次数",
      "a pass near the answer is worth a factor of four, whatever is done with what earlier ones taught (histories of 30 points, 16 partners, 407 clusters: the same; 320 directions: three passes less, for "
      "240 more beside), and a year in which researchers begin to matter, or changes meet for the first time, begins 1e-3 from its answer"}, bench_years, 0, 0, false},
    {{"years_market", "passes", MOST, 10, "the same with innovation: market, both paths", "同上，innovation: market，两条路径",
      "the first year begins at the baseline, 0.35 in logs away, and nothing is there to continue from; then 15, 14, 13, 12, 11 as more years can be continued. Years with a break in a change take up to 15: "
      "what the preconditioner learned is of the baseline, which this path leaves"}, bench_years_market, 0, 0, false},
    {{"earth_3", "of a solve", MOST, 600, "200 periods of growth on the Earth's land in cells of 3 degrees, over one static equilibrium",
      "以 3 度网格的地球陆地 200 期增长 / 一次静态均衡", NULL}, bench_earth, 3, 1, false},
    {{"earth_3", "passes", MOST, 10, "passes a period", "每期遍历次数", NULL}, bench_earth, 3, 1, false},
    {{"earth_3", "of the shares", BENCH_NO_GOAL, 0, "peak memory of the path, over the trade shares", "路径计算的内存峰值 / 贸易份额大小", NULL}, bench_earth, 3, 1, false},
    {{"earth_1", "of a solve", MOST, 600, "the same in cells of 1 degree, 15,380 places; only where it is named",
      "同上，1 度网格，15,380 地；仅在指明时运行", NULL}, bench_earth, 1, 1, false},
    {{"earth_1", "passes", MOST, 10, "passes a period", "每期遍历次数", NULL}, bench_earth, 1, 1, false},
    {{"earth_1", "of the shares", BENCH_NO_GOAL, 0, "peak memory of the path, over the trade shares", "路径计算的内存峰值 / 贸易份额大小", NULL}, bench_earth, 1, 1, false},
    {{"foresight_50x22", "s", MOST, 3, "200 quarters of people who look ahead among 1,150 markets (50 places, 22 sectors and home), the longer of two paths",
      "1,150 个市场（50 地、22 部门及居家）前瞻 200 季，两条路径中较长者",
      "3.3 to 3.9 s of processors, a third of it products with the matrix of moves, which are 400 a step, and the rest temporary equilibria, 16 side by side; "
      "seen only on a machine that does other things, where the clock says 5 to 11. Tried: looser temporary equilibria (more steps than they save), 48 and 64 slow directions (a step less, 4 to 10 MB more)"}, bench_foresight, 50, 22, true},
    {{"foresight_50x22", "of a solve", BENCH_NO_GOAL, 0, "the same over one static equilibrium", "同上 / 一次静态均衡", NULL}, bench_foresight, 50, 22, true},
    {{"foresight_50x22", "steps", MOST, 25, "evaluations of a path, or of its long run alone", "路径（或其长期均衡）的求值次数", NULL}, bench_foresight, 50, 22, true},
    {{"foresight_50x22", "residual", MOST, 1e-8, "the worst equation of both certificates", "两份验证中最大的残差", NULL}, bench_foresight, 50, 22, true},
    {{"foresight_50x22", "MB", MOST, 100, "the whole process at its peak", "整个进程的内存峰值", 
      "93 on one thread; each further one has lanes and a solver of its own, 30"}, bench_foresight, 50, 22, true},
    {{"foresight_1150", "s", MOST, 3, "the same, 1,150 places and one sector",
      "同上，1,150 地、单部门", "3.0 to 3.4 s of processors; see foresight_50x22"}, bench_foresight, 1150, 1, true},
    {{"foresight_1150", "of a solve", BENCH_NO_GOAL, 0, "the same over one static equilibrium", "同上 / 一次静态均衡", NULL}, bench_foresight, 1150, 1, true},
    {{"foresight_1150", "steps", MOST, 25, "evaluations of a path, or of its long run alone", "路径（或其长期均衡）的求值次数", NULL}, bench_foresight, 1150, 1, true},
    {{"foresight_1150", "residual", MOST, 1e-8, "the worst equation of both certificates", "两份验证中最大的残差", NULL}, bench_foresight, 1150, 1, true},
    {{"foresight_1150", "MB", MOST, 100, "the whole process at its peak", "整个进程的内存峰值", 
      "of it 21 are trade shares and gross flows, 50 a solver, its lanes and what steps are made of, 22 what Anderson's method keeps of paths of 1.85 each, 15 the paths, 9 where temporary equilibria begin; "
      "each further thread has lanes and a solver of its own, 30. Tried: histories of 3 steps instead of 8 (20 less), sums of the sweep back in the room of the residual"}, bench_foresight, 1150, 1, true},
    {{"nested_31x40", "times", LEAST, 150, "faster than nested damped loops, equal tolerance, home share 0.8 to 0.9",
      "比嵌套阻尼迭代快的倍数，容差相同，自给率 0.8 至 0.9",
      "at its best damping the reference needs about 3,000 sweeps of its inner loops and we 18 passes of larger ones with a certificate: 150 times is out of reach while both take the same products of vectors"}, bench_nested, 31, 40, false},
    {{"nested_340x10", "times", LEAST, 150, "the same, 340 places, 10 sectors", "同上，340 地、10 部门",
      "at its best damping the reference needs about 2,700 sweeps of its inner loops; see nested_31x40"}, bench_nested, 340, 10, false},
    {{"next", "passes", MOST, 15, "china2020, the next scenario on a warm solver", "china2020，求解器预热后的下一个情景", NULL},
     bench_next, 0, 0, false},
    {{"sweep_340", "times", LEAST, 8, "1,000 scenarios of one kernel, N = 340: faster than one by one on one thread",
      "共享份额的 1,000 个情景，N = 340：比单线程逐个求解快的倍数",
      "12 passes side by side, against 14 alone that have become cheaper too. A tenth of the time is the pass; powers, directions, levels, Anderson and the certificate share "
      "the rest evenly. Tried: depth 3 to 5, 24 to 80 directions, levels left out"}, bench_sweep, 340, 1, false},
    {{"sweep_china2020", "times", LEAST, 2.5, "1,000 random scenarios of china2020: faster than one by one",
      "china2020 的 1,000 个随机情景：比逐个求解快的倍数", NULL}, bench_sweep_china, 0, 0, false},
    {{"threads_sweep", "times", LEAST, 1.9, "two threads over one: a sweep", "双线程比单线程快的倍数：情景扫描",
      "1.90 to 1.97 from run to run"},
     bench_sweep_threads, 340, 1, false},
    {{"threads_2000", "times", LEAST, 1.5, "two threads over one: an equilibrium that fits in cache, N = 2,000",
      "双线程比单线程快的倍数：可放入缓存的均衡，N = 2,000",
      "between 1.3 and 1.6 from run to run on a machine that shares its caches with others"}, bench_threads, 2000, 1, false},
    {{"growth", "slope", MOST, 2.1, "log time on log N of an equilibrium, N = 500 to 8,000", "均衡用时对 N 的双对数斜率，N = 500 至 8,000", NULL},
     bench_growth, 8000, 1, false},
    {{"network_links", "of a solve", MOST, 3, "china2020, the gradient with respect to all links, over solving a scenario once", "china2020，对全部线路的梯度 / 求解一次情景", NULL},
     bench_links, 0, 0, false},
    {{"network_links_routes", "of a solve", MOST, 3, "the same with trade and people over all routes (routing: stochastic)", "同上，经由所有路径（routing: stochastic）",
      "3.0 to 3.4; 2.3 in instructions (callgrind). The sums over all routes are eliminated again for the gradient"},
     bench_links_routes, 0, 0, false},
    {{"gravity", "of a read", MOST, 25, "PPML, 4 million rows, two-way effects, over reading the data once",
      "PPML，400 万行，双向固定效应 / 读一遍数据",
      "against a read with the widest vectors. Tried: rows as a matrix of pairs, a start from some rows, the last step as soon as it arrives, large pages"}, bench_gravity, 2000, 0, false},
    {{"network_equilibrium", "of a factorisation", MOST, 6, "trade over all routes, 100,000 cells, residual 1e-10, over one sparse factorisation",
      "全路线贸易均衡，10 万格，残差 1e-10 / 一次稀疏分解",
      "5 to 7, by machine; Gauss-Seidel sweeps, each node waiting for the one before, are the largest part. Tried: answers combined at the end, residuals out of the sweep, weights once"},
     bench_network, 100000, 0, false},
    {{"network_congestion", "times", MOST, 1.5, "the same with congestion, over without", "同上，含拥堵 / 不含拥堵", NULL}, bench_network_congestion, 100000, 0, false},
    {{"network_times", "times", LEAST, 20, "shortest times between 3,000 places on 100,000 nodes: faster than Dijkstra's search with a heap",
      "10 万节点上 3,000 地之间的最短时间：比堆式 Dijkstra 快的倍数",
      "32 places to a sweep over the factor, only what leads to places, whose parts are read in the order in which they lie; 25 to 47 seen from "
      "run to run, as caches are shared. Tried: rows gathered first, 16 places, vectors of four"}, bench_network_times, 100000, 0, false},
    {{"network_million", "of a factorisation", MOST, 6, "trade over all routes, 1,000,000 cells, residual 1e-10, over one sparse factorisation",
      "全路线贸易均衡，100 万格，残差 1e-10 / 一次稀疏分解", NULL}, bench_network_million, 1000000, 0, false},
    {{"network_million", "KB a cell", MOST, 2, "memory of the network and its solution", "网络及其求解所用内存",
      "of it 0.29 are what the linear solver keeps: twelve answers as floats, and their images"}, bench_network_million, 1000000, 0, false},
    {{"network_million", "slope", MOST, 1.25, "log time on log cells, 10,000 to 1,000,000", "用时对格数的双对数斜率，1 万至 100 万", NULL},
     bench_network_million, 1000000, 0, false},
    {{"start_version", "ms", MOST, 5, "bashu --version, the whole process", "bashu --version，整个进程", NULL}, bench_version, 0, 0, false},
    {{"start_run", "ms", MOST, 30, "bashu run on economies/lantern, the whole process", "bashu run（economies/lantern），整个进程", NULL},
     bench_start, 0, 0, false},
};
#undef MOST
#undef LEAST
enum { ROWS = sizeof rows / sizeof rows[0] };

size_t bench_row_count(void)
{
    return ROWS;
}

const bench_row *bench_row_at(size_t index)
{
    return index < ROWS ? &rows[index].about : NULL;
}

bool bench_row_is_long(const bench_row *r) { return !strcmp(r->work, "earth_1"); }

bool bench_row_is(const bench_row *r, const char *name)
{
    size_t length = strlen(name);
    if (bench_row_is_long(r)) return !strcmp(r->work, name);
    return !strncmp(r->work, name, length) && (r->work[length] == '\0' || (r->work[length] == '_' && !strchr(name, '_')));
}

bool bench_met(const bench_row *r, const bench_value *value)
{
    if (value->state != BENCH_MEASURED) return false;
    switch (r->sense) {
    case BENCH_AT_MOST: return value->value <= r->goal;
    case BENCH_AT_LEAST: return value->value >= r->goal;
    case BENCH_NO_GOAL: break;
    }
    return true;
}

bool bench_got_worse(const bench_row *r, const bench_value *now, bool met_then)
{
    return met_then && now->state != BENCH_NOT_MEASURED && !bench_met(r, now);
}

/* ---- what rows share ------------------------------------------------------------------------------ */

bashu_status bench_open(bench **out, bashu_context *context, int repeats, const char *folder)
{
    *out = NULL;
    if (repeats < BENCH_REPEATS_LEAST)
        return fail(context, BASHU_ERROR_ARGUMENT, "repeats: at least %d, for a median with a spread", BENCH_REPEATS_LEAST);
    arena *memory = arena_new(context);
    if (!memory) return fail_memory(context);
    bench *b = arena_alloc(memory, 1, sizeof *b);
    if (!b || bashu_open(&b->alone, 1) != BASHU_OK) {
        arena_free(memory);
        return fail_memory(context);
    }
    b->context = context;
    b->memory = memory;
    b->repeats = repeats;
    b->folder = folder;
    *out = b;
    return BASHU_OK;
}

void bench_close(bench *b)
{
    if (!b) return;
    for (made *m = b->economies; m; m = m->next) bashu_economy_free(m->economy);
    bashu_close(b->alone);
    arena_free(b->memory);
}

bashu_options options_of_bench(void)
{
    bashu_options options = BASHU_OPTIONS_INIT;
    options.starts = 0;
    return options;
}

static bool is_same(const synthetic *a, const synthetic *b)
{
    return a->N == b->N && a->J == b->J && a->theta == b->theta && a->home_share == b->home_share && a->distance_power == b->distance_power
           && a->zero_share == b->zero_share && a->blocs == b->blocs && a->inputs == b->inputs && a->seed == b->seed && a->time == b->time;
}

const bashu_economy *economy_of(bench *b, const synthetic *s, bench_value *value)
{
    for (made *m = b->economies; m; m = m->next)
        if (is_same(&m->from, s)) return m->economy;
    made *m = arena_alloc(b->memory, 1, sizeof *m);
    if (!m || synthetic_economy(&m->economy, b->context, s) != BASHU_OK) {
        failed(value, "%s: %s", s->name, bashu_message(b->context));
        return NULL;
    }
    m->from = *s;
    m->next = b->economies;
    b->economies = m;
    return m->economy;
}

double *matrix_of(bench *b, bench_value *value)
{
    if (!b->matrix && (b->matrix = arena_alloc(b->memory, (size_t)MATRIX * MATRIX, sizeof *b->matrix))) {
#pragma omp parallel for schedule(static) num_threads(thread_count(b->context))
        for (size_t n = 0; n < MATRIX; n++)
            for (size_t i = 0; i < MATRIX; i++) b->matrix[n * MATRIX + i] = 1e-4 * (double)(1 + (7 * n + 13 * i) % 97);
    }
    if (!b->matrix) not_measured(value, "no memory for a matrix of %d x %d", MATRIX, MATRIX);
    return b->matrix;
}

bool solving_open(solving *s, const bashu_economy *economy, double sigma, uint64_t seed, bench_value *value)
{
    bashu_options options = options_of_bench();
    *s = (solving){.memory = arena_new(economy->context)};
    bashu_status status = s->memory ? solver_new(&s->solver, economy, &options) : BASHU_ERROR_MEMORY;
    if (status == BASHU_OK) {
        solver_keep_pairs(s->solver, false);
        status = synthetic_shock(&s->shock, s->memory, economy, sigma, seed);
    }
    if (status == BASHU_OK) return true;
    failed(value, "%s", bashu_message(economy->context));
    solving_close(s);
    return false;
}

bool solve_again(void *payload)
{
    solving *s = payload;
    return solve_shock(&s->result, s->solver, &s->shock) == BASHU_OK && s->result->info.reason > 0;
}

void solving_close(solving *s)
{
    result_free(s->result);
    solver_free(s->solver);
    if (s->memory) arena_free(s->memory);
    *s = (solving){0};
}

/* ---- running -------------------------------------------------------------------------------------- */

bashu_status bench_run(bench *b, const unsigned char *chosen, bench_value *values)
{
    for (size_t k = 0; k < ROWS; k++) not_measured(&values[k], "not asked for");
    for (int phase = 0; phase < 2; phase++)
        for (size_t k = 0, end; k < ROWS; k = end) {
            bool wanted = false;
            for (end = k; end < ROWS && !strcmp(rows[end].about.work, rows[k].about.work); end++) wanted = wanted || chosen[end];
            if (!wanted || rows[k].first != (phase == 0)) continue;
            report_progress(b->context, (double)k / ROWS, rows[k].about.work);
            rows[k].function(b, rows[k].N, rows[k].J, values + k);
            if (is_cancelled(b->context)) return fail(b->context, BASHU_INTERRUPTED, "interrupted");
        }
    return BASHU_OK;
}
