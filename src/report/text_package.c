/* text_package.c - the answer of `bashu run`: what happens to the circle, to the other circles, to every place, by
 * which change, and why to believe it. */
#include "report/report.h"

#include <math.h>
#include <string.h>

enum { PLACE_COUNT = 8 }; /* winners and losers shown */

static void heading(report *r, const char *english, const char *chinese)
{
    put_format(&r->out, "\n%s\n", pick(r->language, english, chinese));
}

static const char *plural(size_t count) { return count == 1 ? "" : "s"; }

static void put_title(report *r, const bashu_package *package)
{
    const bashu_scenario *scenario = package->scenario;
    const description *about = &package->economy->about;
    bool zh = r->language == BASHU_ZH;
    put_format(&r->out, "%s\n", first_of(pick(r->language, scenario->title_en, scenario->title_zh), scenario->name));
    const char *title = pick(r->language, about->title_en, about->title_zh);
    size_t N = about->N, J = about->J, S = about->S, changes = scenario->change_count;
    if (zh) put_format(&r->out, "%s · %zu 个地区 · %zu 个行业 · %zu 类人口 · %zu 项变化\n", title, N, J, S, changes);
    else
        put_format(&r->out, "%s · %zu region%s · %zu sector%s · %zu group%s of people · %zu change%s\n", title, N,
                   plural(N), J, plural(J), S, plural(S), changes, plural(changes));
}

/* ---- four numbers --------------------------------------------------------------------------------- */

const char *headline_level(const report *r, const bashu_package *package, const focus *about_what, const char *variable)
{
    const description *about = &package->economy->about;
    const bashu_variable *v = measure_variable(variable);
    double before = 0, after = 0;
    if (!strcmp(v->unit, "index")) return pick(r->language, "of the people registered there", "按户籍人口计");
    if (measure_aggregate(package->whole, variable, about_what->set, about_what->member, BASHU_BASE, &before) !=
            BASHU_OK ||
        measure_aggregate(package->whole, variable, about_what->set, about_what->member, BASHU_COUNTERFACTUAL,
                          &after) != BASHU_OK)
        return "-";
    int decimals = fabs(before) >= 1000 ? 0 : fabs(before) >= 10 ? 1 : 3;
    bool zh = r->language == BASHU_ZH;
    const char *from = number_text(r->memory, before, decimals), *to = number_text(r->memory, after, decimals);
    if (!strcmp(v->unit, "currency_per_person")) /* of the headlines only the real wage */
        return arena_format(r->memory,
                            zh ? "%s → %s %s/人（人均劳动收入，实际）" : "%s → %s %s of labour income per resident",
                            from, to, currency_word(r, about));
    const char *unit = !strcmp(v->unit, "currency_unit") ? currency_name(r, about) : zh ? "人" : "persons";
    return arena_format(r->memory, zh ? "%s → %s（%s）" : "%s → %s (%s)", from, to, unit);
}

static bashu_status put_headline(report *r, const bashu_package *package, const focus *about_what)
{
    double percent[FOCUS_COUNT];
    for (size_t k = 0; k < FOCUS_COUNT; k++)
        TRY(measure_aggregate(package->whole, headline_names[k], about_what->set, about_what->member, BASHU_PERCENT,
                              &percent[k]));
    static const char *const titles[FOCUS_COUNT][2] = {
        {"real GDP", "实际 GDP"}, {"people", "人口"}, {"real wage", "实际工资"}, {"welfare", "福利"}};
    int decimals = percent_decimals(percent, FOCUS_COUNT);
    grid *g = grid_new(r->memory, "lrl");
    for (size_t k = 0; k < FOCUS_COUNT; k++) {
        grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
        grid_cell(g, arena_format(r->memory, "%s %%", percent_text(r->memory, percent[k], decimals)));
        grid_cell(g, headline_level(r, package, about_what, headline_names[k]));
    }
    heading(r, about_what->name_en, about_what->name_zh);
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

/* ---- circles side by side ------------------------------------------------------------------------- */

static void circle_head(report *r, grid *g, const description *about)
{
    static const char *const titles[][2] = {{"land", "土地"}, {"people", "人口"}, {"GDP", "GDP"}};
    const char *currency = currency_word(r, about);
    grid_cell(g, "");
    grid_cell(g, r->language == BASHU_ZH ? arena_format(r->memory, "%d年人均GDP（%s）", about->year, currency)
                                         : arena_format(r->memory, "GDP per head %d, %s", about->year, currency));
    for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++)
        grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
    for (size_t k = 0; k < HEADLINE_COUNT; k++) grid_cell(g, headline_title(r, k));
}

static bashu_status put_circles(report *r, const bashu_package *package)
{
    size_t count;
    const set_summary *rows = summaries_of(r->memory, &package->economy->about, &count);
    double *percent = rows ? arena_alloc(r->memory, count * HEADLINE_COUNT, sizeof *percent) : NULL;
    if (!percent) return fail_memory(r->context);
    for (size_t m = 0; m < count; m++)
        for (size_t k = 0; k < HEADLINE_COUNT; k++)
            TRY(measure_aggregate(package->whole, headline_names[k], rows[m].set, rows[m].id, BASHU_PERCENT,
                                  &percent[m * HEADLINE_COUNT + k]));
    int decimals = percent_decimals(percent, count * HEADLINE_COUNT);
    grid *g = grid_new(r->memory, "lrrrrrrrrr");
    circle_head(r, g, &package->economy->about);
    for (size_t m = 0; m < count; m++) {
        grid_cell(g, pick(r->language, rows[m].name_en, rows[m].name_zh));
        grid_cell(g, number_text(r->memory, rows[m].gdp_per_head, 0));
        grid_cell(g, arena_format(r->memory, "%s %%", number_text(r->memory, 100 * rows[m].land_share, 1)));
        grid_cell(g, arena_format(r->memory, "%s %%", number_text(r->memory, 100 * rows[m].people_share, 1)));
        grid_cell(g, arena_format(r->memory, "%s %%", number_text(r->memory, 100 * rows[m].gdp_share, 1)));
        for (size_t k = 0; k < HEADLINE_COUNT; k++)
            grid_cell(g, percent_text(r->memory, percent[m * HEADLINE_COUNT + k], decimals));
    }
    heading(r, "Circles side by side (shares of the nation; change in %)", "各经济圈对比（占全国份额；变化为 %）");
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

/* ---- winners and losers --------------------------------------------------------------------------- */

typedef struct ranking {
    const bashu_package *package;
    const double *percent; /* [HEADLINE_COUNT][N] */
    size_t *order, count;  /* domestic regions by welfare, worst first */
    bool imputed_shown;
} ranking;

static void place_head(report *r, grid *g, const char *english, const char *chinese)
{
    static const size_t columns[] = {3, 2, 0, 1};
    grid_cell(g, pick(r->language, english, chinese));
    grid_cell(g, "");
    for (size_t k = 0; k < 4; k++) grid_cell(g, headline_title(r, columns[k]));
}

static void place_row(report *r, grid *g, ranking *by, size_t n, int decimals)
{
    static const size_t columns[] = {3, 2, 0, 1};
    const description *about = &by->package->economy->about;
    const region_row *region = &about->regions[n];
    bool imputed = region_imputed(region);
    by->imputed_shown |= imputed;
    grid_cell(g, arena_format(r->memory, "%s%s", label_name(r, &region->label), imputed ? "*" : ""));
    const char *province = member_name(r, about, "province", n);
    grid_cell(g, *province ? province : member_name(r, about, "circle", n));
    for (size_t k = 0; k < 4; k++)
        grid_cell(g, percent_text(r->memory, by->percent[columns[k] * about->N + n], decimals));
}

static void put_ranked(report *r, ranking *by, bool winners)
{
    size_t N = by->package->economy->about.N, places[PLACE_COUNT], shown = 0;
    const double *welfare = by->percent + 3 * N;
    double values[PLACE_COUNT];
    for (size_t k = 0; k < by->count && shown < PLACE_COUNT; k++) {
        size_t n = by->order[winners ? by->count - 1 - k : k];
        if (winners ? welfare[n] <= 0 : welfare[n] >= 0) break;
        values[shown] = welfare[n];
        places[shown++] = n;
    }
    if (!shown) return;
    grid *g = grid_new(r->memory, "llrrrr");
    place_head(r, g, winners ? "Who gains most" : "Who loses most", winners ? "受益最多的地区" : "受损最多的地区");
    for (size_t k = 0; k < shown; k++) place_row(r, g, by, places[k], percent_decimals(values, shown));
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
}

/* How many places, and what part of the people, gain and lose. */
static void put_tally(report *r, const ranking *by)
{
    const description *about = &by->package->economy->about;
    tally t = tally_of(about, by->percent + 3 * about->N);
    const char *share[TALLY_COUNT];
    for (size_t k = 0; k < TALLY_COUNT; k++) share[k] = number_text(r->memory, 100 * t.people_share[k], 1);
    size_t gain = t.places[TALLY_GAIN], lose = t.places[TALLY_LOSE], same = t.places[TALLY_SAME];
    if (r->language == BASHU_ZH)
        put_format(&r->out,
                   "  %zu 个地区受益超过 %g %%（占人口 %s %%），%zu 个地区受损超过此数（%s %%），%zu "
                   "个地区几乎不变（%s %%）\n",
                   gain, tally_threshold_pct, share[TALLY_GAIN], lose, share[TALLY_LOSE], same, share[TALLY_SAME]);
    else
        put_format(&r->out,
                   "  %zu place%s gain%s more than %g %% (%s %% of the people), %zu lose%s more than that (%s %%), "
                   "%zu see%s next to no change (%s %%)\n",
                   gain, plural(gain), gain == 1 ? "s" : "", tally_threshold_pct, share[TALLY_GAIN], lose,
                   lose == 1 ? "s" : "", share[TALLY_LOSE], same, same == 1 ? "s" : "", share[TALLY_SAME]);
}

static bashu_status put_places(report *r, const bashu_package *package)
{
    size_t N = package->economy->about.N;
    double *percent;
    TRY(headline_percents(&percent, r->memory, package->whole));
    ranking by = {.package = package, .percent = percent, .order = arena_alloc(r->memory, N, sizeof(size_t))};
    if (!by.order) return fail_memory(r->context);
    by.count = measure_order(&package->economy->about, percent + 3 * N, by.order);
    if (!by.count) return BASHU_OK;
    heading(r, "Places, by the welfare of the people registered there", "各地区（按户籍人口福利排序）");
    put_tally(r, &by);
    put_ranked(r, &by, true);
    put_ranked(r, &by, false);
    if (by.imputed_shown)
        put_format(&r->out, "  %s\n",
                   pick(r->language, "* people, GDP or land of this place are imputed",
                        "* 该地区的人口、地区生产总值或土地为推算值"));
    return BASHU_OK;
}

/* ---- the effect of each change -------------------------------------------------------------------- */

/* "1,000": thousands apart, other digits as they are written. */
static const char *plain_number(const report *r, double value)
{
    bool whole = value == floor(value) && fabs(value) < 1e15;
    return whole ? number_text(r->memory, value, 0) : arena_format(r->memory, "%g", value);
}

static const char *level_text(const report *r, const change *c, const char *currency)
{
    bool money = c->lever == LEVER_TRANSFER, tariff = c->lever == LEVER_TARIFF, known = !isnan(c->from);
    double scale = tariff ? 100 : 1;
    const char *from = known ? arena_format(r->memory, "%s ", plain_number(r, scale * c->from)) : "",
               *to = plain_number(r, scale * c->value);
    if (money)
        return arena_format(r->memory, r->language == BASHU_ZH ? "%s→ %s（%s）" : "%s→ %s (%s)", from, to, currency);
    return arena_format(r->memory, "%s→ %s %s", from, to, tariff ? "%" : unit_words(r, c->unit));
}

const char *change_text(const report *r, const bashu_package *package, const change *c)
{
    const char *slash = c->table ? strrchr(c->table, '/') : NULL;
    if (c->table) return slash ? slash + 1 : c->table;
    if (c->lever == LEVER_LINK_CLOSE) return pick(r->language, "closed", "关闭");
    if (c->is_hat) return arena_format(r->memory, "x %g", c->value);
    if (c->relative) return arena_format(r->memory, "%+g %%", c->value);
    return level_text(r, c, currency_name(r, &package->economy->about));
}

/* A change that would do something in another model, and does nothing in this one. */
static bool is_idle(const change *c, const bashu_result *alone)
{
    double neutral = c->is_hat ? 1 : c->relative || isnan(c->from) ? 0 : c->from;
    bool wanted = c->value != neutral; /* a table too: it has no one value */
    return wanted && alone && alone->info.reason == BASHU_CONVERGED_UNCHANGED;
}

static void put_idle(report *r, const bashu_package *package)
{
    const model_switches *model = &package->economy->about.switches;
    for (size_t c = 0; c < package->part_count; c++) {
        const change *one = &package->scenario->changes[c];
        if (!is_idle(one, package->alone[c])) continue;
        const char *name = first_of(pick(r->language, one->title_en, one->title_zh), one->id);
        const char *english = "has no effect in this model", *chinese = "在本模型中没有影响";
        if (one->lever == LEVER_MIGRATION_COST && model->mobility == MOBILITY_NONE)
            english = "has no effect here: with mobility none nobody moves", chinese = "在此没有影响：人口不流动（mobility none）";
        else if (one->lever == LEVER_MIGRATION_COST && model->mobility != MOBILITY_FRECHET)
            english = "has no effect here: moving costs nothing in this model", chinese = "在此没有影响：本模型中迁移没有成本";
        else if (acts_over_years(one->lever))
            english = "acts from year to year: bashu path shows it", chinese = "逐年起作用：见 bashu path";
        else if (one->lever == LEVER_COMMUTING_COST && model->commuting == COMMUTING_NONE)
            english = "has no effect here: with commuting none people work where they live",
            chinese = "在此没有影响：人口在居住地工作（commuting none）";
        if (r->language == BASHU_ZH) put_format(&r->out, "  「%s」%s\n", name, chinese);
        else put_format(&r->out, "  \"%s\" %s\n", name, english);
    }
}

static void effect_row(report *r, grid *g, const char *name, const char *value, const double percent[FOCUS_COUNT],
                       int decimals)
{
    grid_cell(g, name);
    grid_cell(g, value);
    for (size_t k = 0; k < FOCUS_COUNT; k++) grid_cell(g, percent_text(r->memory, percent[k], decimals));
}

static void effect_totals(report *r, grid *g, const effects *total, bool parts, int decimals)
{
    double sum[FOCUS_COUNT], interaction[FOCUS_COUNT], together[FOCUS_COUNT];
    for (size_t k = 0; k < FOCUS_COUNT; k++) {
        sum[k] = total[k].sum;
        interaction[k] = total[k].interaction;
        together[k] = total[k].together;
    }
    if (parts) {
        effect_row(r, g, pick(r->language, "sum of the parts", "各项之和"), "", sum, decimals);
        effect_row(r, g, pick(r->language, "interaction", "相互作用"), "", interaction, decimals);
    }
    effect_row(r, g, pick(r->language, "all together", "全部合计"), "", together, decimals);
}

/* One end of the range that the changes state. */
static bashu_status effect_end(report *r, grid *g, const bashu_result *end, const focus *about_what, const char *name,
                               int decimals)
{
    double percent[FOCUS_COUNT];
    if (!end) return BASHU_OK;
    for (size_t k = 0; k < FOCUS_COUNT; k++) {
        percent[k] = (double)NAN;
        if (end->info.reason > 0)
            TRY(measure_aggregate(end, headline_names[k], about_what->set, about_what->member, BASHU_PERCENT,
                                  &percent[k]));
    }
    effect_row(r, g, name, "", percent, decimals);
    return BASHU_OK;
}

static bashu_status put_effects(report *r, const bashu_package *package, const focus *about_what)
{
    size_t count = package->part_count;
    double *alone = arena_alloc(r->memory, FOCUS_COUNT * (count + 1), sizeof *alone);
    if (!alone) return fail_memory(r->context);
    effects total[FOCUS_COUNT];
    for (size_t k = 0; k < FOCUS_COUNT; k++)
        TRY(package_effects(&total[k], alone + k * count, package, headline_names[k], about_what->set,
                            about_what->member));
    int decimals = percent_decimals(alone, FOCUS_COUNT * count);
    bool unsolved = false;
    grid *g = grid_new(r->memory, "llrrrr");
    grid_cell(g, "");
    grid_cell(g, "");
    for (size_t k = 0; k < FOCUS_COUNT; k++) grid_cell(g, headline_title(r, k));
    for (size_t c = 0; c < count; c++) {
        const change *one = &package->scenario->changes[c];
        double percent[FOCUS_COUNT];
        for (size_t k = 0; k < FOCUS_COUNT; k++) percent[k] = alone[k * count + c];
        unsolved |= isnan(percent[0]);
        const char *name = first_of(pick(r->language, one->title_en, one->title_zh), one->id);
        effect_row(r, g, name, change_text(r, package, one), percent, decimals);
    }
    effect_totals(r, g, total, count > 1, decimals);
    TRY(effect_end(r, g, package->low, about_what, pick(r->language, "all at their low values", "全部取低值"),
                   decimals));
    TRY(effect_end(r, g, package->high, about_what, pick(r->language, "all at their high values", "全部取高值"),
                   decimals));
    heading(r, arena_format(r->memory, "Each change alone, and all together: %s", about_what->name_en),
            arena_format(r->memory, "每项变化单独与共同的效果：%s", about_what->name_zh));
    grid_put(&r->out, g, "  ");
    put_idle(r, package);
    if (unsolved)
        put_format(
            &r->out, "  %s\n",
            pick(r->language, "- no equilibrium was found for this change alone", "- 单独实施该项变化时未找到均衡"));
    return BASHU_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------ */

static void put_imputed(report *r, const description *about)
{
    size_t imputed = 0;
    for (size_t n = 0; n < about->N; n++) imputed += region_imputed(&about->regions[n]);
    if (!imputed) return;
    if (r->language == BASHU_ZH)
        put_format(&r->out, "  %zu 个地区中有 %zu 个的人口、地区生产总值或土地为推算值（见 bashu check）\n", about->N,
                   imputed);
    else
        put_format(&r->out, "  people, GDP or land are imputed for %zu of %zu regions (see bashu check)\n", imputed,
                   about->N);
}

bashu_status text_package(report *r, const void *subject)
{
    const bashu_package *package = subject;
    const description *about = &package->economy->about;
    put_title(r, package);
    if (package->whole->info.reason <= 0) {
        put(&r->out, "\n");
        return put_failure(r, package->whole);
    }
    focus about_what = measure_focus(about, package->scenario);
    TRY(put_headline(r, package, &about_what));
    TRY(put_circles(r, package));
    TRY(put_places(r, package));
    if (package->part_count) TRY(put_effects(r, package, &about_what));
    heading(r, "Certificate (computed apart from the solver)", "核验证书（独立于求解器计算）");
    TRY(put_certificate(r, package->whole));
    put_imputed(r, about);
    return BASHU_OK;
}
