/* path.c - years in words, as JSON and as CSV. */
#include "report/path.h"

#include "report/json.h"

#include <math.h>
#include <string.h>

/* Percent of the nation's (everything but the foreign region) that a set has, on one of the paths. */
static bashu_status share_of_nation(double *percent, const bashu_path *path, size_t t, const char *variable, const char *set, const char *member,
                                    bashu_column column)
{
    double own, nation;
    TRY(path_aggregate(path, t, variable, set, member, column, &own));
    TRY(path_aggregate(path, t, variable, "all", "", column, &nation));
    *percent = 100 * own / nation;
    return BASHU_OK;
}

static size_t last_solved(const bashu_path *path) { return path->info.solved ? path->info.solved - 1 : 0; }

/* ---- text ----------------------------------------------------------------------------------------- */

static void heads(report *r, grid *g, const char *const (*titles)[2], size_t count)
{
    for (size_t k = 0; k < count; k++) grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
}

static const char *word_of_switch(const model_switches *model, const char *name)
{
    model_switches switches = *model;
    for (size_t k = 0; k < SWITCH_COUNT; k++)
        if (!strcmp(switch_rows[k].name, name)) return switch_rows[k].words[*switch_value(&switches, k)];
    return "";
}

static void put_head(report *r, const bashu_path *path)
{
    const bashu_scenario *s = path->scenario;
    const model_switches *model = &path->economy->about.switches;
    if (s) put_format(&r->out, "%s\n", first_of(pick(r->language, s->title_en, s->title_zh), s->name));
    put_format(&r->out, r->language == BASHU_ZH ? "%d 年至 %d 年（time: %s，innovation: %s）\n" : "%d to %d (time: %s, innovation: %s)\n",
               path_year(path, 0), path_year(path, path->year_count - 1), word_of_switch(model, "time"), word_of_switch(model, "innovation"));
}

static void put_changes(report *r, const bashu_path *path)
{
    static const char *const titles[][2] = {{"change", "变化"}, {"begins", "开始"}, {"whole in", "全部到位"}, {"last year", "最后一年"}};
    const bashu_scenario *s = path->scenario;
    if (!s || !s->change_count) return;
    grid *g = grid_new(r->memory, "lrrr");
    heads(r, g, titles, 4);
    for (size_t c = 0; c < s->change_count; c++) {
        const change *of = &s->changes[c];
        int begins = of->from_year ? of->from_year : path_year(path, 0) + 1;
        grid_cell(g, first_of(pick(r->language, of->title_en, of->title_zh), of->id));
        grid_cell(g, arena_format(r->memory, "%d", begins));
        grid_cell(g, arena_format(r->memory, "%d", begins + (of->phase_in_years > 1 ? of->phase_in_years - 1 : 0)));
        grid_cell(g, of->until_year ? arena_format(r->memory, "%d", of->until_year) : "-");
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "When", "时间安排"));
    grid_put(&r->out, g, "  ");
}

/* What the scenario does to the set, and the set's share of the nation without and with it, year by year. */
static bashu_status put_years(report *r, const bashu_path *path, const focus *who)
{
    static const char *const shares[][2] = {{"GDP share without", "GDP占比（无）"}, {"with", "有"}, {"people share without", "人口占比（无）"}, {"with", "有"}};
    bool nation = !strcmp(who->set, "all");
    double *percent = arena_alloc(r->memory, HEADLINE_COUNT * path->year_count, sizeof *percent);
    grid *g = grid_new(r->memory, nation ? "rrrrrr" : "rrrrrrrrrr");
    if (!percent) return fail_memory(r->context);
    for (size_t t = 0; t < path->info.solved; t++)
        for (size_t k = 0; k < HEADLINE_COUNT; k++)
            TRY(path_aggregate(path, t, headline_names[k], who->set, who->member, BASHU_PERCENT, &percent[t * HEADLINE_COUNT + k]));
    int decimals = percent_decimals(percent, HEADLINE_COUNT * path->info.solved);
    grid_cell(g, pick(r->language, "year", "年份"));
    for (size_t k = 0; k < HEADLINE_COUNT; k++) grid_cell(g, headline_title(r, k));
    if (!nation) heads(r, g, shares, 4);
    for (size_t t = 0; t < path->info.solved; t++) {
        grid_cell(g, arena_format(r->memory, "%d", path_year(path, t)));
        for (size_t k = 0; k < HEADLINE_COUNT; k++) grid_cell(g, percent_text(r->memory, percent[t * HEADLINE_COUNT + k], decimals));
        for (size_t k = 0; !nation && k < 4; k++) {
            double share;
            TRY(share_of_nation(&share, path, t, k < 2 ? "gdp" : "population", who->set, who->member, k % 2 ? BASHU_COUNTERFACTUAL : BASHU_BASE));
            grid_cell(g, arena_format(r->memory, "%.3f %%", share));
        }
    }
    put_format(&r->out, "\n%s\n", pick(r->language, who->name_en, who->name_zh));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

/* Every circle and the nation in the last year, and present values. */
static bashu_status put_circles(report *r, const bashu_path *path)
{
    size_t count, t = last_solved(path);
    bool whole = path->info.solved == path->year_count;
    const set_summary *rows = summaries_of(r->memory, &path->economy->about, &count);
    if (!rows) return fail_memory(r->context);
    grid *g = grid_new(r->memory, "lrrrrrrrrr");
    grid_cell(g, "");
    for (size_t k = 0; k < HEADLINE_COUNT; k++) grid_cell(g, headline_title(r, k));
    grid_cell(g, pick(r->language, "GDP share without", "GDP占比（无）"));
    grid_cell(g, pick(r->language, "with", "有"));
    grid_cell(g, pick(r->language, "GDP, present value %", "GDP 现值 %"));
    grid_cell(g, pick(r->language, "welfare, present value %", "福利现值 %"));
    for (size_t m = 0; m < count; m++) {
        grid_cell(g, pick(r->language, rows[m].name_en, rows[m].name_zh));
        for (size_t k = 0; k < HEADLINE_COUNT + 2; k++) {
            double percent = (double)NAN;
            for (int q = 0; k == HEADLINE_COUNT && q < 2; q++) {
                double share;
                TRY(share_of_nation(&share, path, t, "gdp", rows[m].set, rows[m].id, q ? BASHU_COUNTERFACTUAL : BASHU_BASE));
                grid_cell(g, arena_format(r->memory, "%.3f %%", share));
            }
            if (k < HEADLINE_COUNT) TRY(path_aggregate(path, t, headline_names[k], rows[m].set, rows[m].id, BASHU_PERCENT, &percent));
            else if (whole) TRY(path_present_value(path, k == HEADLINE_COUNT ? "gdp" : "welfare", rows[m].set, rows[m].id, &percent));
            grid_cell(g, percent_text(r->memory, percent, 3));
        }
    }
    put_format(&r->out, r->language == BASHU_ZH ? "\n%d 年；现值以每年 %g %% 贴现\n" : "\nIn %d; present values at %g %% a year\n", path_year(path, t),
               100 * path->wanted.discount);
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

/* ---- in place and elsewhere ------------------------------------------------------------------------- */

/* The places that changes name one by one or by a set; false: none, or so many that nothing is elsewhere. */
static bool places_named(const bashu_path *path, unsigned char *in)
{
    size_t N = path->economy->about.N, count = 0;
    for (size_t c = 0; path->scenario && c < path->scenario->change_count; c++) {
        const change *k = &path->scenario->changes[c];
        for (size_t n = 0; k->regions && n < N; n++) in[n] |= k->regions[n];
    }
    for (size_t n = 0; n < N; n++) count += in[n];
    return count && 2 * count < N;
}

enum { HERE, CIRCLE, ELSEWHERE, WHOLE, PLACE_ROWS };
typedef struct displaced {
    double gdp[PLACE_ROWS], gdp_before[PLACE_ROWS], people[PLACE_ROWS];
    bool known;
} displaced;

/* What the places of the changes gain, and what the rest of their circle and of the nation gain or lose, in the last year. */
static bashu_status displaced_of(displaced *out, report *r, const bashu_path *path)
{
    const description *a = &path->economy->about;
    size_t N = a->N, t = last_solved(path);
    focus who = measure_focus(a, path->scenario);
    unsigned char *in = arena_alloc(r->memory, N, 1);
    double *v[4], *part = arena_alloc(r->memory, N, sizeof *part);
    for (int k = 0; k < 4; k++) v[k] = arena_alloc(r->memory, N, sizeof *v[k]);
    if (!in || !part || !v[0] || !v[1] || !v[2] || !v[3]) return fail_memory(r->context);
    *out = (displaced){.known = places_named(path, in)};
    if (!out->known) return BASHU_OK;
    for (int k = 0; k < 4; k++) TRY(path_values(path, t, k < 2 ? "gdp" : "population", k % 2 ? BASHU_COUNTERFACTUAL : BASHU_BASE, v[k], N));
    TRY(measure_parts(r->context, a, who.set, who.member, part, NULL));
    for (size_t n = 0; n < N; n++) {
        if ((long)n == a->foreign) continue;
        int rows[2] = {in[n] ? HERE : part[n] > 0.5 ? CIRCLE : ELSEWHERE, WHOLE};
        for (int k = 0; k < 2; k++) {
            out->gdp[rows[k]] += v[1][n] - v[0][n];
            out->gdp_before[rows[k]] += v[0][n];
            out->people[rows[k]] += v[3][n] - v[2][n];
        }
    }
    return BASHU_OK;
}

static bashu_status put_displaced(report *r, const bashu_path *path)
{
    static const char *const names[][2] = {{"in the places that the changes name", "变化所指的地区"}, {"elsewhere in the circle", "圈内其他地区"}, {"elsewhere in the nation", "全国其他地区"}, {"nation", "全国"}};
    displaced d;
    TRY(displaced_of(&d, r, path));
    if (!d.known) return BASHU_OK;
    grid *g = grid_new(r->memory, "lrrr");
    grid_cell(g, "");
    grid_cell(g, arena_format(r->memory, "%s%s%s", pick(r->language, "GDP, ", "GDP，"), currency_name(r, &path->economy->about), ""));
    grid_cell(g, headline_title(r, 0));
    grid_cell(g, pick(r->language, "people", "人口"));
    for (int k = 0; k < PLACE_ROWS; k++) {
        grid_cell(g, pick(r->language, names[k][0], names[k][1]));
        grid_cell(g, arena_format(r->memory, "%+.2f", d.gdp[k]));
        grid_cell(g, percent_text(r->memory, d.gdp_before[k] > 0 ? 100 * d.gdp[k] / d.gdp_before[k] : (double)NAN, 4));
        grid_cell(g, k == WHOLE ? "0" : arena_format(r->memory, "%+.0f", d.people[k]));
    }
    put_format(&r->out, r->language == BASHU_ZH ? "\n本地与异地，%d 年：人从别处来，产出部分由别处转移\n" : "\nIn place and elsewhere, %d: people come from somewhere, and some output with them\n",
               path_year(path, last_solved(path)));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

/* ---- a cluster year by year --------------------------------------------------------------------------- */

/* The first year in which the circle's location quotient is the benchmark's; 0: none. */
static bashu_status cluster_reached(int *year, const bashu_path *path)
{
    *year = 0;
    for (size_t t = 0; t < path->info.solved && !*year; t++) {
        double own, other;
        TRY(path_quotient(&own, path, t, (size_t)path->sector, &path->circle, BASHU_COUNTERFACTUAL));
        TRY(path_quotient(&other, path, t, (size_t)path->sector, &path->benchmark, BASHU_COUNTERFACTUAL));
        if (own >= other) *year = path_year(path, t);
    }
    return BASHU_OK;
}

static bashu_status put_cluster(report *r, const bashu_path *path)
{
    bool zh = r->language == BASHU_ZH;
    int reached;
    if (path->sector < 0) return BASHU_OK;
    grid *g = grid_new(r->memory, "rrrr");
    grid_cell(g, pick(r->language, "year", "年份"));
    grid_cell(g, arena_format(r->memory, zh ? "%s（无）" : "%s without", pick(r->language, path->circle.name_en, path->circle.name_zh)));
    grid_cell(g, pick(r->language, "with", "有"));
    grid_cell(g, pick(r->language, path->benchmark.name_en, path->benchmark.name_zh));
    for (size_t t = 0; t < path->info.solved; t++) {
        double q[3];
        for (int k = 0; k < 3; k++)
            TRY(path_quotient(&q[k], path, t, (size_t)path->sector, k < 2 ? &path->circle : &path->benchmark, k ? BASHU_COUNTERFACTUAL : BASHU_BASE));
        grid_cell(g, arena_format(r->memory, "%d", path_year(path, t)));
        for (int k = 0; k < 3; k++) grid_cell(g, arena_format(r->memory, "%.5f", q[k]));
    }
    TRY(cluster_reached(&reached, path));
    put_format(&r->out, zh ? "\n%s：区位熵（占本圈增加值的份额与占全国份额之比）\n" : "\n%s: location quotient (share of the circle's value added over the nation's)\n",
               label_name(r, &path->economy->about.sectors[path->sector].label));
    grid_put(&r->out, g, "  ");
    if (reached) put_format(&r->out, zh ? "  %d 年达到对照水平\n" : "  the benchmark is reached in %d\n", reached);
    else put_format(&r->out, zh ? "  至 %d 年仍未达到对照水平\n" : "  the benchmark is not reached by %d\n", path_year(path, last_solved(path)));
    return BASHU_OK;
}

static const char *passes_text(const report *r, bashu_result *const *years, size_t t)
{
    if (t && years[t] == years[t - 1]) return "-"; /* as the year before */
    return arena_format(r->memory, "%d", years[t]->info.passes);
}

static void put_certificates(report *r, const bashu_path *path)
{
    static const char *const titles[][2] = {{"year", "年份"}, {"passes without", "遍历次数（无）"}, {"with", "有"}, {"worst residual", "最大残差"}, {"where", "位置"}};
    grid *g = grid_new(r->memory, "rrrrl");
    heads(r, g, titles, 5);
    for (size_t t = 0; t < path->year_count; t++) {
        const bashu_result *base = path->baseline[t], *counter = path->counterfactual[t];
        if (!base || !counter) break;
        const bashu_result *worst = counter->info.residual > base->info.residual ? counter : base;
        grid_cell(g, arena_format(r->memory, "%d", path_year(path, t)));
        grid_cell(g, passes_text(r, path->baseline, t));
        grid_cell(g, counter == base ? "-" : passes_text(r, path->counterfactual, t));
        grid_cell(g, small_text(r->memory, worst->info.residual));
        grid_cell(g, worst->info.reason > 0 ? worst_words(r, &path->economy->about, worst->info.worst) : reason_words(r, worst->info.reason));
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "Certificate of every year", "各年核验证书"));
    grid_put(&r->out, g, "  ");
    put_format(&r->out, r->language == BASHU_ZH ? "  共 %d 次遍历，另有 %d 次用于了解基准和各项变化；%.2f 秒\n"
                                                    : "  %d passes over the trade shares, and %d beside them, once, to learn of the baseline and of each change; %.2f s\n",
               path->info.passes, path->info.passes_beside, path->info.time_s);
}

static void put_end(report *r, const bashu_path *path)
{
    if (path->info.solved == path->year_count) return;
    put_format(&r->out, r->language == BASHU_ZH ? "\n%d 年没有均衡（%s）；其后各年未求解\n" : "\nThere is no equilibrium in %d (%s); later years were not solved\n",
               path_year(path, path->info.solved), reason_words(r, path->info.reason));
}

static bashu_status text_path(report *r, const void *subject)
{
    const bashu_path *path = subject;
    focus who = measure_focus(&path->economy->about, path->scenario);
    put_head(r, path);
    put_changes(r, path);
    if (path->info.solved) {
        TRY(put_years(r, path, &who));
        TRY(put_circles(r, path));
        TRY(put_displaced(r, path));
        TRY(put_cluster(r, path));
    }
    put_end(r, path);
    put_certificates(r, path);
    return BASHU_OK;
}

/* ---- JSON and CSV ----------------------------------------------------------------------------------- */

static const struct {
    bashu_column column;
    const char *suffix;
} kinds[] = {{BASHU_BASE, "base"}, {BASHU_COUNTERFACTUAL, "cf"}, {BASHU_PERCENT, "pct"}};
enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

static bashu_status add_set(report *r, json_t *list, const bashu_path *path, size_t t, const set_summary *row)
{
    json_t *one = json_object();
    add_value(list, one);
    set_text(one, "id", row->id);
    for (size_t k = 0; k < HEADLINE_COUNT * KIND_COUNT; k++) {
        double value;
        TRY(path_aggregate(path, t, headline_names[k / KIND_COUNT], row->set, row->id, kinds[k % KIND_COUNT].column, &value));
        set_number(one, arena_format(r->memory, "%s_%s", headline_names[k / KIND_COUNT], kinds[k % KIND_COUNT].suffix), value);
    }
    for (size_t k = 0; k < 4; k++) {
        double share;
        TRY(share_of_nation(&share, path, t, k < 2 ? "gdp" : "population", row->set, row->id, k % 2 ? BASHU_COUNTERFACTUAL : BASHU_BASE));
        set_number(one, arena_format(r->memory, "%s_share_%s", k < 2 ? "gdp" : "population", kinds[k % 2].suffix), share / 100);
    }
    return BASHU_OK;
}

static json_t *json_both(const bashu_path *path, size_t t)
{
    json_t *both = json_object();
    const bashu_result *of[] = {path->baseline[t], path->counterfactual[t]};
    for (size_t k = 0; k < 2; k++) {
        json_t *one = of[k] ? json_certificate(of[k]) : NULL;
        if (one) set_text(one, "reason", bashu_reason_text(of[k]->info.reason));
        if (one) set_count(one, "passes", (size_t)of[k]->info.passes);
        set_value(both, k ? "counterfactual" : "baseline", one);
    }
    return both;
}

static bashu_status json_years(report *r, json_t *years, const bashu_path *path)
{
    size_t count;
    const set_summary *rows = summaries_of(r->memory, &path->economy->about, &count);
    if (!rows) return fail_memory(r->context);
    for (size_t t = 0; t < path->year_count && path->baseline[t]; t++) {
        json_t *year = json_object(), *circles = json_array();
        add_value(years, year);
        set_value(year, "circles", circles);
        set_count(year, "year", (size_t)path_year(path, t));
        for (size_t m = 0; t < path->info.solved && m < count; m++) TRY(add_set(r, circles, path, t, &rows[m]));
        set_value(year, "certificates", json_both(path, t));
    }
    return BASHU_OK;
}

static bashu_status json_present_values(report *r, json_t *list, const bashu_path *path)
{
    size_t count;
    const set_summary *rows = summaries_of(r->memory, &path->economy->about, &count);
    if (!rows) return fail_memory(r->context);
    for (size_t m = 0; path->info.solved == path->year_count && m < count; m++) {
        json_t *one = json_object();
        add_value(list, one);
        set_text(one, "id", rows[m].id);
        for (size_t k = 0; k < HEADLINE_COUNT; k++) {
            double percent;
            TRY(path_present_value(path, headline_names[k], rows[m].set, rows[m].id, &percent));
            set_number(one, arena_format(r->memory, "%s_pct", headline_names[k]), percent);
        }
    }
    return BASHU_OK;
}

static bashu_status json_questions(report *r, json_t *object, const bashu_path *path)
{
    static const char *const names[] = {"in_place", "elsewhere_in_circle", "elsewhere_in_nation", "nation"};
    displaced d = {.known = false};
    int reached = 0;
    if (path->info.solved) TRY(displaced_of(&d, r, path));
    if (d.known) {
        json_t *places = json_object();
        for (int k = 0; k < PLACE_ROWS; k++) {
            json_t *one = json_object();
            set_number(one, "gdp", d.gdp[k]);
            set_number(one, "people", d.people[k]);
            set_value(places, names[k], one);
        }
        set_value(object, "in_place_and_elsewhere", places);
    }
    if (path->sector < 0) return BASHU_OK;
    json_t *cluster = json_object(), *years = json_array();
    set_value(object, "cluster", cluster);
    set_text(cluster, "sector", path->economy->about.sectors[path->sector].label.id);
    set_value(cluster, "years", years);
    for (size_t t = 0; t < path->info.solved; t++) {
        static const char *const keys[] = {"circle_base", "circle_cf", "benchmark_cf"};
        json_t *one = json_object();
        set_count(one, "year", (size_t)path_year(path, t));
        add_value(years, one);
        for (int k = 0; k < 3; k++) {
            double q;
            TRY(path_quotient(&q, path, t, (size_t)path->sector, k < 2 ? &path->circle : &path->benchmark, k ? BASHU_COUNTERFACTUAL : BASHU_BASE));
            set_number(one, keys[k], q);
        }
    }
    TRY(cluster_reached(&reached, path));
    set_value(cluster, "reached", reached ? json_integer(reached) : NULL);
    return BASHU_OK;
}

static bashu_status json_path(report *r, const void *subject)
{
    const bashu_path *path = subject;
    json_t *object = json_object(), *changes = json_array(), *years = json_array(), *values = json_array(), *time = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "scenario", path->scenario ? path->scenario->name : NULL);
    for (size_t c = 0; path->scenario && c < path->scenario->change_count; c++) add_value(changes, json_change(&path->scenario->changes[c]));
    set_value(object, "changes", changes);
    set_count(object, "solved", path->info.solved);
    set_text(object, "reason", bashu_reason_text(path->info.reason));
    set_value(object, "years", years);
    set_number(object, "discount", path->wanted.discount);
    set_value(object, "present_values", values);
    bashu_status status = json_years(r, years, path);
    if (status == BASHU_OK) status = json_present_values(r, values, path);
    if (status == BASHU_OK) status = json_questions(r, object, path);
    set_value(object, "inputs", json_files(&path->economy->about, path->scenario));
    set_value(object, "settings", json_options(&path->options));
    set_value(object, "model", json_model(&path->economy->about));
    set_count(object, "passes", (size_t)path->info.passes);
    set_count(object, "passes_beside", (size_t)path->info.passes_beside);
    set_number(time, "solve_s", path->info.time_s);
    set_value(object, "time", time);
    bashu_status written = put_json(r, object);
    return status == BASHU_OK ? written : status;
}

static bashu_status csv_year(report *r, const bashu_path *path, size_t t)
{
    const description *about = &path->economy->about;
    size_t N = about->N, columns = HEADLINE_COUNT * KIND_COUNT;
    arena *memory = arena_new(r->context);
    double *values = memory ? arena_alloc(memory, columns * N, sizeof *values) : NULL;
    bashu_status status = values ? BASHU_OK : fail_memory(r->context);
    for (size_t k = 0; k < columns && status == BASHU_OK; k++)
        status = path_values(path, t, headline_names[k / KIND_COUNT], kinds[k % KIND_COUNT].column, values + k * N, N);
    for (size_t n = 0; n < N && status == BASHU_OK; n++) {
        put_number_field(&r->out, path_year(path, t), false);
        put_field(&r->out, about->regions[n].label.id, false);
        put_field(&r->out, about->regions[n].label.name_en, false);
        put_field(&r->out, about->regions[n].label.name_zh, false);
        put_field(&r->out, member_id(about, "circle", n), false);
        for (size_t k = 0; k < columns; k++) put_number_field(&r->out, values[k * N + n], k + 1 == columns);
    }
    arena_free(memory);
    return status;
}

static bashu_status csv_path(report *r, const void *subject)
{
    const bashu_path *path = subject;
    put(&r->out, "year,id,name_en,name_zh,circle");
    for (size_t k = 0; k < HEADLINE_COUNT * KIND_COUNT; k++)
        put_format(&r->out, ",%s_%s", headline_names[k / KIND_COUNT], kinds[k % KIND_COUNT].suffix);
    put(&r->out, "\n");
    for (size_t t = 0; t < path->info.solved; t++) TRY(csv_year(r, path, t));
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_path}, {"json", json_path}, {"csv", csv_path}};

bashu_status path_report(char **out, const bashu_path *path, const char *format, bashu_language language)
{
    return report_write(out, path->context, language, formats, sizeof formats / sizeof formats[0], format, path);
}
