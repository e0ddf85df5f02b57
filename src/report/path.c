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
    grid *g = grid_new(r->memory, "lrrrrrrr");
    grid_cell(g, "");
    for (size_t k = 0; k < HEADLINE_COUNT; k++) grid_cell(g, headline_title(r, k));
    grid_cell(g, pick(r->language, "GDP, present value %", "GDP 现值 %"));
    grid_cell(g, pick(r->language, "welfare, present value %", "福利现值 %"));
    for (size_t m = 0; m < count; m++) {
        grid_cell(g, pick(r->language, rows[m].name_en, rows[m].name_zh));
        for (size_t k = 0; k < HEADLINE_COUNT + 2; k++) {
            double percent = (double)NAN;
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
    put_format(&r->out, r->language == BASHU_ZH ? "  共 %d 次遍历，%.2f 秒\n" : "  %d passes over the trade shares, %.2f s\n", path->info.passes, path->info.time_s);
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
    set_value(object, "inputs", json_files(&path->economy->about, path->scenario));
    set_value(object, "settings", json_options(&path->options));
    set_value(object, "model", json_model(&path->economy->about));
    set_count(object, "passes", (size_t)path->info.passes);
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
