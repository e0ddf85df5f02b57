/* links.c - what links do, in words, as JSON, and as CSV. */
#include "report/links.h"

#include "report/json.h"
#include "report/network.h"

#include <math.h>
#include <string.h>

enum { SHOWN = 20 };

static const char *outcome_title(const report *r, const named_outcome *o)
{
    const bashu_variable *v = measure_variable(o->variable);
    return arena_format(r->memory, r->language == BASHU_ZH ? "%s：%s" : "%s, %s", pick(r->language, v->title_en, v->title_zh), label_name(r, &o->whose));
}

/* The worst residual of the exact solves, and how many have no equilibrium. */
static const sweep_draw *worst_of(const bashu_links *k, size_t *lost)
{
    const sweep_draw *worst = NULL;
    *lost = 0;
    for (size_t q = 0; k->exact_count && q <= k->exact_count; q++) {
        const sweep_draw *d = &k->draw[q];
        if (d->info.reason <= 0) ++*lost;
        else if (!worst || d->info.residual > worst->info.residual) worst = d;
    }
    return worst;
}

/* ---- text ------------------------------------------------------------------------------------------ */

static void put_table(report *r, const bashu_links *k, size_t shown)
{
    static const char *const titles[][2] = {{"", ""}, {"link", "线路"}, {"mode", "方式"}, {"min", "分钟"}, {"carries", "承载贸易"}};
    const graph *g = k->economy->about.network;
    char columns[16] = "rllrr";
    for (size_t o = 0; o < k->outcome_count; o++) strcat(columns, "rr");
    grid *table = grid_new(r->memory, columns);
    for (size_t c = 0; c < 5; c++) grid_cell(table, pick(r->language, titles[c][0], titles[c][1]));
    for (size_t o = 0; o < k->outcome_count; o++) {
        grid_cell(table, arena_format(r->memory, r->language == BASHU_ZH ? "(%zu) 一阶" : "(%zu) 1st order", o + 1));
        grid_cell(table, arena_format(r->memory, r->language == BASHU_ZH ? "(%zu) 精确" : "(%zu) exact", o + 1));
    }
    for (size_t q = 0; q < shown; q++) {
        size_t l = k->rank[q];
        grid_cell(table, number_text(r->memory, (double)(q + 1), 0));
        grid_cell(table, arena_format(r->memory, "%s%s", link_words(r, g, l), k->changed[l] ? " *" : ""));
        grid_cell(table, mode_words(r, g->links[l].mode));
        grid_cell(table, number_text(r->memory, 60 * g->links[l].time_h, 0));
        grid_cell(table, number_text(r->memory, k->carried[l], 0));
        for (size_t o = 0; o < k->outcome_count; o++) {
            grid_cell(table, percent_text(r->memory, links_first_order(k, o, l), 4));
            grid_cell(table, q < k->exact_count ? percent_text(r->memory, k->exact[q * k->outcome_count + o], 4) : "");
        }
    }
    grid_put(&r->out, table, "  ");
}

static void put_trains(report *r, const bashu_links *k)
{
    for (size_t m = 0; m < k->train_mode_count; m++) {
        const struct train_rank *rank = &k->train_modes[m];
        if (isnan(rank->correlation)) continue;
        put_format(&r->out, r->language == BASHU_ZH ? "  承载贸易与 %d 年直达列车数的秩相关：%s %s（%zu 条线路）\n" : "  what they carry against direct trains of %d between their ends, rank correlation: %s %s (%zu links)\n", k->train_year,
                   mode_words(r, rank->mode), percent_text(r->memory, rank->correlation, 2), rank->links);
    }
}

static bashu_status text_links(report *r, const void *subject)
{
    const bashu_links *k = subject;
    const description *about = &k->economy->about;
    bool zh = r->language == BASHU_ZH;
    size_t shown = k->ranked < SHOWN ? k->ranked : SHOWN, lost;
    put_format(&r->out, "%s\n", pick(r->language, about->title_en, about->title_zh));
    if (k->scenario) put_format(&r->out, zh ? "情景：%s（* 为情景所改变的线路）\n" : "with: %s (* links that it changes)\n", first_of(pick(r->language, k->scenario->title_en, k->scenario->title_zh), k->scenario->name));
    put_format(&r->out, zh ? "\n每条线路用时减少 %g %% 的影响，%%；前 %zu 条另行精确求解\n" : "\nEach link with %g %% less time: effect in %%; the first %zu solved exactly as well\n", k->faster_pct, k->exact_count);
    for (size_t o = 0; o < k->outcome_count; o++) put_format(&r->out, "  (%zu) %s\n", o + 1, outcome_title(r, &k->outcomes[o]));
    put(&r->out, "\n");
    put_table(r, k, shown);
    if (k->ranked > shown) put_format(&r->out, zh ? "  另有 %zu 条（--csv 列出全部）\n" : "  and %zu more (--csv lists all)\n", k->ranked - shown);
    const char *carries = about->switches.routing == ROUTING_STOCHASTIC ? pick(r->language, "value of trade on the link, which takes all routes", "经由所有路径、通过该线路的贸易额")
                                                                        : pick(r->language, "value of trade whose quickest way has the link", "最短路径经过该线路的贸易额");
    put_format(&r->out, zh ? "  承载贸易：%s，%s；不含地区与车站之间的接驳线路\n" : "  carries: %s, %s; ways between a region and its stations are not ranked\n", carries,
               currency_name(r, about));
    if (k->scenario) put(&r->out, zh ? "  两者均在该情景之上：一阶为其均衡处的导数\n" : "  both are on top of the scenario: 1st order is the derivative at its equilibrium\n");
    put_trains(r, k);
    put_format(&r->out, "\n%s\n", pick(r->language, "Certificate", "核验证书"));
    for (size_t o = 0; o < k->outcome_count; o++)
        put_format(&r->out, zh ? "  (%zu) 全部线路的一阶影响：一次转置求解，%d 次遍历，残差 %s\n" : "  (%zu) first order of all links: one transposed solve, %d passes over the trade shares, residual %s\n", o + 1,
                   k->info[o].passes, small_text(r->memory, k->info[o].residual));
    const sweep_draw *worst = worst_of(k, &lost);
    if (worst) put_format(&r->out, zh ? "  精确：%zu 个均衡，最差残差 %s（%s）\n" : "  exact: %zu equilibria, worst residual %s (%s)\n", k->exact_count + 1 - lost, small_text(r->memory, worst->info.residual),
                          worst_words(r, about, worst->info.worst));
    if (lost) put_format(&r->out, zh ? "  %zu 个没有均衡\n" : "  %zu have no equilibrium\n", lost);
    return BASHU_OK;
}

/* ---- JSON and CSV ---------------------------------------------------------------------------------- */

static void set_link(json_t *one, const bashu_links *k, size_t l)
{
    const graph *g = k->economy->about.network;
    set_text(one, "link", g->links[l].id);
    set_text(one, "from_node", g->node_id[g->links[l].from]);
    set_text(one, "to_node", g->node_id[g->links[l].to]);
    set_text(one, "mode", g->links[l].mode);
    set_number(one, "minutes", 60 * g->links[l].time_h);
    set_number(one, "carried", k->carried[l]);
    set_number(one, "trains", k->trains[l]);
    set_value(one, "changed", json_boolean(k->changed[l]));
}

static bashu_status json_links(report *r, const void *subject)
{
    const bashu_links *k = subject;
    json_t *object = json_object(), *outcomes = json_array(), *list = json_array();
    size_t lost;
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "scenario", k->scenario ? k->scenario->name : NULL);
    set_number(object, "faster_pct", k->faster_pct);
    for (size_t o = 0; o < k->outcome_count; o++) {
        json_t *one = json_object();
        set_text(one, "outcome", k->outcomes[o].name);
        set_number(one, "residual", k->info[o].residual);
        set_count(one, "passes", (size_t)k->info[o].passes);
        add_value(outcomes, one);
    }
    set_value(object, "outcomes", outcomes);
    for (size_t q = 0; q < k->ranked; q++) {
        json_t *one = json_object(), *by_outcome = json_array();
        set_count(one, "rank", q + 1);
        set_link(one, k, k->rank[q]);
        for (size_t o = 0; o < k->outcome_count; o++) {
            json_t *effect = json_object();
            set_number(effect, "elasticity", k->elasticity[o][k->rank[q]]);
            set_number(effect, "first_order_pct", links_first_order(k, o, k->rank[q]));
            set_number(effect, "exact_pct", q < k->exact_count ? k->exact[q * k->outcome_count + o] : (double)NAN);
            add_value(by_outcome, effect);
        }
        set_value(one, "effects", by_outcome);
        add_value(list, one);
    }
    set_value(object, "links", list);
    set_value(object, "train_year", k->train_year ? json_integer(k->train_year) : NULL);
    json_t *ranks = json_array();
    for (size_t m = 0; m < k->train_mode_count; m++) {
        json_t *one = json_object();
        set_text(one, "mode", k->train_modes[m].mode);
        set_count(one, "links", k->train_modes[m].links);
        set_number(one, "rank_correlation", k->train_modes[m].correlation);
        add_value(ranks, one);
    }
    set_value(object, "carried_against_trains", ranks);
    const sweep_draw *worst = worst_of(k, &lost);
    set_number(object, "residual", worst ? worst->info.residual : (double)NAN);
    set_count(object, "without_equilibrium", lost);
    set_value(object, "inputs", json_files(&k->economy->about, k->scenario));
    set_value(object, "settings", json_options(&k->options));
    set_value(object, "model", json_model(&k->economy->about));
    return put_json(r, object);
}

static bashu_status csv_links(report *r, const void *subject)
{
    const bashu_links *k = subject;
    const graph *g = k->economy->about.network;
    put(&r->out, "rank,link,from_node,to_node,mode,minutes,length_km,opened,carried,trains");
    for (size_t o = 0; o < k->outcome_count; o++) put_format(&r->out, ",%s_elasticity,%s_first_order_pct,%s_exact_pct", k->outcomes[o].name, k->outcomes[o].name, k->outcomes[o].name);
    put(&r->out, "\n");
    for (size_t q = 0; q < k->ranked; q++) {
        size_t l = k->rank[q];
        put_number_field(&r->out, (double)(q + 1), false);
        put_field(&r->out, g->links[l].id, false);
        put_field(&r->out, g->node_id[g->links[l].from], false);
        put_field(&r->out, g->node_id[g->links[l].to], false);
        put_field(&r->out, g->links[l].mode, false);
        put_number_field(&r->out, 60 * g->links[l].time_h, false);
        put_number_field(&r->out, g->links[l].length_km, false);
        put_number_field(&r->out, g->links[l].opened ? g->links[l].opened : (double)NAN, false);
        put_number_field(&r->out, k->carried[l], false);
        put_number_field(&r->out, k->trains[l], false);
        for (size_t o = 0; o < k->outcome_count; o++) {
            put_number_field(&r->out, k->elasticity[o][l], false);
            put_number_field(&r->out, links_first_order(k, o, l), false);
            put_number_field(&r->out, q < k->exact_count ? k->exact[q * k->outcome_count + o] : (double)NAN, o + 1 == k->outcome_count);
        }
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_links}, {"json", json_links}, {"csv", csv_links}, {"svg", svg_links}};

bashu_status links_report(char **out, const bashu_links *links, const char *format, bashu_language language)
{
    return report_write(out, links->context, language, formats, sizeof formats / sizeof formats[0], format, links);
}
