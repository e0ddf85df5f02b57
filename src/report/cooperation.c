/* cooperation.c - a game between players in words, as JSON and as CSV. */
#include "report/cooperation.h"

#include "report/json.h"

#include <math.h>
#include <string.h>

enum { SIDES_MOST = 10, PAIRS_SHOWN = 5 }; /* players whose one-sided cases are shown; interactions */

static const char *money_text(const report *r, const bashu_cooperation *c, double value)
{
    double most = 0;
    for (size_t p = 0; p < c->players; p++) most = fmax(most, fmax(fabs(c->joint[p]), fabs(c->shapley[p])));
    int decimals = most >= 1000 ? 0 : most >= 10 ? 1 : most >= 0.1 ? 3 : 6;
    if (isnan(value)) return "-";
    return arena_format(r->memory, value == 0 ? "0" : "%+.*f", decimals, value);
}

static const char *player_name(const report *r, const bashu_cooperation *c, size_t p)
{
    return pick(r->language, c->scenario->players[p].title_en, c->scenario->players[p].title_zh);
}

static const char *change_name(const report *r, const bashu_cooperation *c, size_t k)
{
    const change *of = &c->scenario->changes[k];
    return first_of(pick(r->language, of->title_en, of->title_zh), of->id);
}

/* ---- text ------------------------------------------------------------------------------------------- */

static void put_heading(report *r, const bashu_cooperation *c)
{
    const bashu_variable *variable = measure_variable(c->variable);
    const char *unit = currency_name(r, &c->economy->about), *title = pick(r->language, variable->title_en, variable->title_zh);
    const char *scenario = first_of(pick(r->language, c->scenario->title_en, c->scenario->title_zh), c->scenario->name);
    if (r->language == BASHU_ZH)
        put_format(&r->out, "%s\n%zu 个参与者，%zu 项变化；所得为%s，以%s/年计\n", scenario, c->players, c->changes, title, unit);
    else
        put_format(&r->out, "%s\n%zu players, %zu changes; gains in %s, %s a year\n", scenario, c->players, c->changes, title, unit);
}

static void put_players(report *r, const bashu_cooperation *c)
{
    static const char *const heads[][2] = {{"player", "参与者"}, {"no deal", "不合作"}, {"acts alone", "单独行动"}, {"joint", "共同行动"}, {"joint, %", "共同行动，%"},
                                           {"Shapley value", "夏普利值"}, {"least core", "最小核"}, {"transfer", "转移"}, {"after it", "转移后"}};
    bool transfers = c->info.transfers == BASHU_TRANSFERS_FOUND;
    size_t columns = transfers ? 9 : 7;
    grid *g = grid_new(r->memory, transfers ? "lrrrrrrrr" : "lrrrrrr");
    for (size_t k = 0; k < columns; k++) grid_cell(g, pick(r->language, heads[k][0], heads[k][1]));
    for (size_t p = 0; p < c->players; p++) {
        const char *shapley = money_text(r, c, c->shapley[p]);
        grid_cell(g, player_name(r, c, p));
        grid_cell(g, "0");
        grid_cell(g, money_text(r, c, c->one_sided[p * c->players + p]));
        grid_cell(g, money_text(r, c, c->joint[p]));
        grid_cell(g, c->base[p] > 0 ? percent_text(r->memory, 100 * c->joint[p] / c->base[p], 3) : "-");
        grid_cell(g, isnan(c->error[p]) ? shapley : arena_format(r->memory, "%s ± %s", shapley, money_text(r, c, c->error[p])));
        grid_cell(g, money_text(r, c, c->core[p]));
        if (!transfers) continue;
        grid_cell(g, money_text(r, c, c->transfer[p]));
        grid_cell(g, money_text(r, c, c->after[p]));
    }
    grid_cell(g, pick(r->language, "together", "合计"));
    for (size_t k = 1; k < columns; k++) grid_cell(g, k == 3 || k == 5 ? money_text(r, c, c->info.joint) : "");
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
    put_format(&r->out, r->language == BASHU_ZH ? "  其他各地共得 %s\n" : "  all other places together %s\n", money_text(r, c, c->elsewhere));
}

static void put_sides(report *r, const bashu_cooperation *c)
{
    char columns[SIDES_MOST + 2] = "l";
    if (c->players > SIDES_MOST || c->players < 2) return;
    for (size_t p = 0; p < c->players; p++) strcat(columns, "r");
    grid *g = grid_new(r->memory, columns);
    grid_cell(g, pick(r->language, "who acts", "谁行动"));
    for (size_t p = 0; p < c->players; p++) grid_cell(g, player_name(r, c, p));
    for (size_t p = 0; p < c->players; p++) {
        grid_cell(g, arena_format(r->memory, r->language == BASHU_ZH ? "仅%s" : "%s alone", player_name(r, c, p)));
        for (size_t q = 0; q < c->players; q++) grid_cell(g, money_text(r, c, c->one_sided[p * c->players + q]));
    }
    grid_cell(g, pick(r->language, "all together", "共同行动"));
    for (size_t q = 0; q < c->players; q++) grid_cell(g, money_text(r, c, c->joint[q]));
    put_format(&r->out, "\n%s\n", pick(r->language, "What each gains when one acts alone", "各方单独行动时各自所得"));
    grid_put(&r->out, g, "  ");
}

static const char *owners_words(const report *r, const bashu_cooperation *c, size_t k)
{
    const char *text = "";
    size_t named = 0;
    for (size_t p = 0; p < c->players; p++) named += c->scenario->changes[k].by >> p & 1;
    if (named == c->players) return pick(r->language, "all", "全部");
    for (size_t p = 0; p < c->players; p++) {
        if (!(c->scenario->changes[k].by >> p & 1)) continue;
        const char *next = arena_format(r->memory, "%s%s%s", text, *text ? pick(r->language, ", ", "、") : "", player_name(r, c, p));
        if (next) text = next;
    }
    return text;
}

static void put_levers(report *r, const bashu_cooperation *c)
{
    static const char *const heads[][2] = {{"change", "变化"}, {"needs", "需由"}, {"alone", "单独"}, {"left out", "若缺"}, {"Shapley value", "夏普利值"}};
    grid *g = grid_new(r->memory, "llrrr");
    if (!c->levers) return;
    for (size_t k = 0; k < 5; k++) grid_cell(g, pick(r->language, heads[k][0], heads[k][1]));
    for (size_t k = 0; k < c->changes; k++) {
        const char *value = money_text(r, c, c->lever_value[k]);
        grid_cell(g, change_name(r, c, k));
        grid_cell(g, owners_words(r, c, k));
        grid_cell(g, money_text(r, c, c->lever_alone[k]));
        grid_cell(g, money_text(r, c, -c->lever_last[k]));
        grid_cell(g, c->orders ? arena_format(r->memory, "%s ± %s", value, money_text(r, c, c->lever_error[k])) : value);
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "What each change brings all players together", "各项变化为全体参与者带来的所得"));
    grid_put(&r->out, g, "  ");
}

/* The strongest pairs of changes. */
static void put_interactions(report *r, const bashu_cooperation *c)
{
    size_t best[PAIRS_SHOWN], count = 0, C = c->changes;
    if (!c->interaction || C < 2) return;
    for (size_t at = 0; at < C * C; at++) {
        double size = fabs(c->interaction[at]);
        if (at / C >= at % C || size == 0 || (count == PAIRS_SHOWN && size <= fabs(c->interaction[best[count - 1]]))) continue;
        size_t k = count < PAIRS_SHOWN ? count++ : count - 1;
        for (; k && size > fabs(c->interaction[best[k - 1]]); k--) best[k] = best[k - 1];
        best[k] = at;
    }
    if (!count) return;
    grid *g = grid_new(r->memory, "llr");
    for (size_t k = 0; k < count; k++) {
        grid_cell(g, change_name(r, c, best[k] / C));
        grid_cell(g, change_name(r, c, best[k] % C));
        grid_cell(g, money_text(r, c, c->interaction[best[k]]));
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "Changes that help each other (+) or stand in each other's way (-)", "相互促进（+）或相互抵消（-）的变化"));
    grid_put(&r->out, g, "  ");
}

static const char *verdict(const report *r, const bashu_cooperation *c)
{
    switch (c->info.transfers) {
    case BASHU_TRANSFERS_NOT_NEEDED: return pick(r->language, "not needed: nobody gains less than without a deal or alone", "无需转移：无人所得少于不合作或单独行动");
    case BASHU_TRANSFERS_FOUND:
        return arena_format(r->memory, r->language == BASHU_ZH ? "共 %s；此后无人所得少于不合作或单独行动（求解 %zu 个均衡）"
                                                               : "%s change hands; then nobody gains less than without a deal or alone (%zu equilibria)",
                            money_text(r, c, c->info.transfer_total), c->info.transfer_equilibria);
    case BASHU_TRANSFERS_NOT_ASKED: return pick(r->language, "none: they are income, and make up for lost welfare alone", "不计算：转移是收入，只能补偿福利损失");
    case BASHU_TRANSFERS_NOT_ENOUGH: break;
    }
    return pick(r->language, "those who gain cannot make up for those who lose", "得益者不足以补偿受损者");
}

static void put_verdicts(report *r, const bashu_cooperation *c)
{
    grid *g = grid_new(r->memory, "ll");
    put_line(r, g, "individually rational", "个体理性",
             c->info.rational ? pick(r->language, "yes: every player gains, and no less than alone", "是：各方均得益，且不少于单独行动")
                              : pick(r->language, "no: some player gains less than without a deal, or than alone", "否：有参与者所得少于不合作或单独行动"));
    if (isnan(c->info.core_excess)) put_line(r, g, "core", "核", pick(r->language, "not computed for random orders", "随机抽样时不计算"));
    else
        put_line(r, g, "core", "核",
                 c->info.core_empty ? arena_format(r->memory, r->language == BASHU_ZH ? "空：任何分配下都有联盟短缺至少 %s" : "empty: whatever the shares, some coalition falls short by %s or more",
                                                   money_text(r, c, c->info.core_excess))
                                    : arena_format(r->memory, r->language == BASHU_ZH ? "非空：最小核中每个联盟至少多得 %s" : "not empty: in the least core every coalition has %s or more to spare",
                                                   money_text(r, c, -c->info.core_excess)));
    put_line(r, g, "transfers", "转移", verdict(r, c));
    put_line(r, g, "solved", "求解",
             arena_format(r->memory, r->language == BASHU_ZH ? "%zu 个联盟，%zu 个均衡，%zu 次遍历，%.2f 秒" : "%zu coalitions, %zu equilibria, %zu passes over the trade shares, %.2f s",
                          c->info.coalitions, c->info.equilibria, c->info.passes, c->info.time_s));
    put_line(r, g, "worst residual", "最大残差",
             arena_format(r->memory, "%s (%s)", small_text(r->memory, c->info.residual), worst_words(r, &c->economy->about, c->worst)));
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
}

static bashu_status text_cooperation(report *r, const void *subject)
{
    const bashu_cooperation *c = subject;
    put_heading(r, c);
    put_players(r, c);
    put_sides(r, c);
    put_levers(r, c);
    put_interactions(r, c);
    put_verdicts(r, c);
    return BASHU_OK;
}

/* ---- JSON and CSV ----------------------------------------------------------------------------------- */

static json_t *json_players(const bashu_cooperation *c)
{
    json_t *list = json_array();
    for (size_t p = 0; p < c->players; p++) {
        json_t *one = json_object(), *sides = json_object();
        set_text(one, "id", c->scenario->players[p].id);
        set_text(one, "title_en", c->scenario->players[p].title_en);
        set_text(one, "title_zh", c->scenario->players[p].title_zh);
        set_number(one, "base", c->base[p]);
        set_number(one, "alone", c->one_sided[p * c->players + p]);
        set_number(one, "joint", c->joint[p]);
        set_number(one, "shapley", c->shapley[p]);
        set_number(one, "shapley_error", c->error[p]);
        set_number(one, "core", c->core[p]);
        set_number(one, "transfer", c->transfer[p]);
        set_number(one, "after", c->after[p]);
        for (size_t q = 0; q < c->players; q++) set_number(sides, c->scenario->players[q].id, c->one_sided[p * c->players + q]);
        set_value(one, "gains_when_it_acts_alone", sides);
        add_value(list, one);
    }
    return list;
}

static json_t *json_levers(const bashu_cooperation *c)
{
    json_t *list = json_array();
    for (size_t k = 0; k < c->changes; k++) {
        json_t *one = json_change(&c->scenario->changes[k]), *by = json_array(), *with = json_object();
        for (size_t p = 0; p < c->players; p++)
            if (c->scenario->changes[k].by >> p & 1) add_value(by, json_string(c->scenario->players[p].id));
        set_value(one, "by", by);
        set_number(one, "alone", c->lever_alone[k]);
        set_number(one, "last", c->lever_last[k]);
        set_number(one, "shapley", c->lever_value[k]);
        set_number(one, "shapley_error", c->lever_error[k]);
        for (size_t q = 0; c->interaction && q < c->changes; q++)
            if (q != k) set_number(with, c->scenario->changes[q].id, c->interaction[k * c->changes + q]);
        set_value(one, "interaction", with);
        add_value(list, one);
    }
    return list;
}

static bashu_status json_cooperation(report *r, const void *subject)
{
    static const char *const transfers[] = {"not_needed", "found", "not_enough", "not_asked"};
    const bashu_cooperation *c = subject;
    json_t *object = json_object(), *certificate = json_object(), *time = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "scenario", c->scenario->name);
    set_text(object, "variable", c->variable);
    set_text(object, "unit", c->economy->about.currency_en);
    set_count(object, "coalitions", c->info.coalitions);
    set_count(object, "orders", c->orders);
    set_value(object, "players", json_players(c));
    set_value(object, "changes", json_levers(c));
    set_number(object, "joint", c->info.joint);
    set_number(object, "elsewhere", c->elsewhere);
    set_value(object, "individually_rational", json_boolean(c->info.rational));
    set_value(object, "core_empty", isnan(c->info.core_excess) ? NULL : json_boolean(c->info.core_empty));
    set_number(object, "core_excess", c->info.core_excess);
    set_text(object, "transfers", transfers[c->info.transfers]);
    set_number(object, "transfer_total", c->info.transfer_total);
    set_count(certificate, "equilibria", c->info.equilibria + c->info.transfer_equilibria);
    set_number(certificate, "residual", c->info.residual);
    set_text(certificate, "worst", c->worst);
    set_value(object, "certificate", certificate);
    set_value(object, "inputs", json_files(&c->economy->about, c->scenario));
    set_value(object, "settings", json_options(&c->options));
    set_value(object, "model", json_model(&c->economy->about));
    set_count(object, "passes", c->info.passes);
    set_number(time, "solve_s", c->info.time_s);
    set_value(object, "time", time);
    return put_json(r, object);
}

static bashu_status csv_cooperation(report *r, const void *subject)
{
    const bashu_cooperation *c = subject;
    put(&r->out, "player,base,alone,joint,shapley,shapley_error,core,transfer,after\n");
    for (size_t p = 0; p < c->players; p++) {
        put_field(&r->out, c->scenario->players[p].id, false);
        put_number_field(&r->out, c->base[p], false);
        put_number_field(&r->out, c->one_sided[p * c->players + p], false);
        put_number_field(&r->out, c->joint[p], false);
        put_number_field(&r->out, c->shapley[p], false);
        put_number_field(&r->out, c->error[p], false);
        put_number_field(&r->out, c->core[p], false);
        put_number_field(&r->out, c->transfer[p], false);
        put_number_field(&r->out, c->after[p], true);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_cooperation}, {"json", json_cooperation}, {"csv", csv_cooperation}};

bashu_status cooperation_report(char **out, const bashu_cooperation *cooperation, const char *format, bashu_language language)
{
    return report_write(out, cooperation->context, language, formats, sizeof formats / sizeof formats[0], format, cooperation);
}
