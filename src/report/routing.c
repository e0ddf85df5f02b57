/* routing.c - an economy on a network in words, as JSON and as CSV. */
#include "report/routing.h"
#include "report/json.h"

#include <math.h>
#include <stdlib.h>

enum { SHOWN = 12 }; /* rows of a table for people */

void routing_place(const bashu_routing *r, size_t i, bashu_routing_place *out)
{
    const route_state *b = &r->base, *s = &r->now;
    double none = r->info.reason > 0 ? 0 : (double)NAN;
    double real = s->income[i] / b->income[i] / (s->people[i] / b->people[i]) * pow(s->inward[i] / b->inward[i], 1 / r->network.theta);
    *out = (bashu_routing_place){.id = r->network.node_id[i], .people_base = none + b->people[i], .people = none + s->people[i],
                                 .income_base = none + b->income[i], .income = none + s->income[i],
                                 .inward_hat = none + s->inward[i] / b->inward[i], .outward_hat = none + s->outward[i] / b->outward[i],
                                 .real_wage_hat = none + real};
}

void routing_road(const bashu_routing *r, size_t k, bashu_routing_road *out)
{
    const route_link *l = &r->network.links[k];
    const route_state *b = &r->base, *s = &r->now;
    double none = r->info.reason > 0 ? 0 : (double)NAN;
    *out = (bashu_routing_road){.id = l->id, .from = r->network.node_id[l->from], .to = r->network.node_id[l->to], .both_ways = l->both_ways,
                                .cost_base = none + b->cost[2 * k], .cost = none + s->cost[2 * k],
                                .cost_back_base = none + b->cost[2 * k + 1], .cost_back = none + s->cost[2 * k + 1],
                                .traffic_base = none + b->traffic[2 * k], .traffic = none + s->traffic[2 * k],
                                .traffic_back_base = none + b->traffic[2 * k + 1], .traffic_back = none + s->traffic[2 * k + 1],
                                .elasticity = none + r->elasticity[k]};
}

static double both(double there, double back)
{
    return isnan(back) ? there : there + back;
}

/* ---- text ----------------------------------------------------------------------------------------- */

static const char *percent(arena *memory, double hat)
{
    return percent_text(memory, 100 * (hat - 1), 3);
}

static void put_outcome(report *r, const bashu_routing *w)
{
    const bashu_routing_info *info = &w->info;
    grid *g = grid_new(r->memory, "ll");
    put_line(r, g, "outcome", "结论", reason_words(r, info->reason));
    put_line(r, g, "worst residual", "最大残差", arena_format(r->memory, "%s %s", small_text(r->memory, info->residual), info->worst));
    put_line(r, g, "error of market access", "市场可达性误差", small_text(r->memory, info->forward_error));
    put_line(r, g, "spectral radius", "谱半径",
             isnan(info->radius_low) ? arena_format(r->memory, r->language == BASHU_ZH ? "不高于 %.6f" : "at most %.6f", info->radius_high)
                                     : arena_format(r->memory, "%.6f - %.6f", info->radius_low, info->radius_high));
    put_line(r, g, "uniqueness", "唯一性", r->language == BASHU_ZH ? (info->uniqueness[0] == 'h' ? "成立" : "未知") : info->uniqueness);
    if (!isnan(info->followed))
        put_line(r, g, "followed from where people spread", "自人口分散处延拓",
                 arena_format(r->memory, r->language == BASHU_ZH ? "%.0f %%，至 amenity_spillover %.4g" : "%.0f %%, to amenity_spillover %.4g", 100 * info->followed,
                              info->followed_to));
    put_line(r, g, "work", "计算量", arena_format(r->memory, r->language == BASHU_ZH ? "%d 步，%d 次循环，%.3f 秒" : "%d steps, %d cycles, %.3f s", info->steps,
                                                info->cycles, info->time_s));
    put_format(&r->out, "\n%s\n", pick(r->language, "Certificate (computed apart from the solver)", "核验证书（独立于求解器计算）"));
    grid_put(&r->out, g, "  ");
}

typedef struct ranked {
    double by;
    size_t index;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->by != y->by) return x->by > y->by ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* Links by what a cheaper one is worth, or by traffic where nobody asked. */
static bashu_status put_links(report *r, const bashu_routing *w)
{
    size_t count = w->network.link_count, shown = count < SHOWN ? count : SHOWN;
    ranked *rows = arena_alloc(r->memory, count, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    bool worth = !isnan(w->elasticity[0]);
    double world = 0;
    for (size_t i = 0; i < w->network.node_count; i++) world += w->now.income[i];
    for (size_t k = 0; k < count; k++)
        rows[k] = (ranked){worth ? -w->elasticity[k] : both(w->now.traffic[2 * k], w->now.traffic[2 * k + 1]), k};
    qsort(rows, count, sizeof *rows, compare_ranked);
    grid *g = grid_new(r->memory, w->scenario ? "llrrrrr" : "llrrr");
    grid_cell(g, pick(r->language, "from", "起点"));
    grid_cell(g, pick(r->language, "to", "终点"));
    grid_cell(g, pick(r->language, "cost", "成本"));
    grid_cell(g, pick(r->language, "traffic, % of income", "货流占总收入 %"));
    if (w->scenario) {
        grid_cell(g, pick(r->language, "cost %", "成本 %"));
        grid_cell(g, pick(r->language, "traffic %", "货流 %"));
    }
    grid_cell(g, pick(r->language, "welfare %, cost 1 % lower", "成本降 1% 的福利 %"));
    for (size_t k = 0; k < shown; k++) {
        bashu_routing_road road;
        routing_road(w, rows[k].index, &road);
        double traffic = both(road.traffic, road.traffic_back);
        grid_cell(g, road.from);
        grid_cell(g, road.to);
        grid_cell(g, number_text(r->memory, road.cost, 4));
        grid_cell(g, number_text(r->memory, 100 * traffic / world, 3));
        if (w->scenario) {
            grid_cell(g, percent(r->memory, road.cost / road.cost_base));
            grid_cell(g, percent(r->memory, traffic / both(road.traffic_base, road.traffic_back_base)));
        }
        grid_cell(g, worth ? percent_text(r->memory, -road.elasticity, 5) : "");
    }
    put_format(&r->out, "\n%s\n", worth ? pick(r->language, "Links that matter most for welfare", "对福利最重要的路段")
                                        : pick(r->language, "Links with most traffic", "货流最大的路段"));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static bashu_status put_nodes(report *r, const bashu_routing *w)
{
    size_t count = w->network.node_count, shown = count < SHOWN ? count : SHOWN;
    ranked *rows = arena_alloc(r->memory, count, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    for (size_t i = 0; i < count; i++) {
        bashu_routing_place place;
        routing_place(w, i, &place);
        double moved = w->network.mobile ? place.people / place.people_base : place.real_wage_hat;
        rows[i] = (ranked){isnan(moved) ? -1 : fabs(log(moved)), i};
    }
    qsort(rows, count, sizeof *rows, compare_ranked);
    grid *g = grid_new(r->memory, "lrrr");
    grid_cell(g, pick(r->language, "place", "地点"));
    grid_cell(g, pick(r->language, "people %", "人口 %"));
    grid_cell(g, pick(r->language, "income %", "收入 %"));
    grid_cell(g, pick(r->language, "real wage %", "实际工资 %"));
    for (size_t k = 0; k < shown && rows[k].by >= 0; k++) {
        bashu_routing_place place;
        routing_place(w, rows[k].index, &place);
        grid_cell(g, place.id);
        grid_cell(g, percent(r->memory, place.people / place.people_base));
        grid_cell(g, percent(r->memory, place.income / place.income_base));
        grid_cell(g, percent(r->memory, place.real_wage_hat));
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "Places that change most", "变化最大的地点"));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

/* Why there may be none where people move. */
static void put_gathering(report *r, const bashu_routing *w)
{
    const route_network *n = &w->network;
    double sum = n->productivity_spillover + n->amenity_spillover;
    if (!n->mobile || n->income || sum < -0.1) return;
    put_format(&r->out, r->language == BASHU_ZH ? "productivity_spillover 与 amenity_spillover 之和为 %.4g：越接近零，人口越集中于一地；为零或以上时，各地皆有人口的均衡可能不存在，存在也可能不唯一。\n"
                                                : "productivity_spillover and amenity_spillover add up to %.4g: towards zero ever more people live in one place; at zero or above an equilibrium "
                                                  "with people everywhere need not exist, nor be the only one. Lower one of them.\n", sum);
}

static bashu_status text_routing(report *r, const void *subject)
{
    const bashu_routing *w = subject;
    const bashu_routing_info *info = &w->info;
    put_format(&r->out, r->language == BASHU_ZH ? "%s%s%zu 个节点，%zu 条路段，货流取所有路线\n" : "%s%s%zu nodes, %zu links, trade over all routes\n",
               w->network.name, *w->network.name ? ": " : "", info->nodes, info->links);
    if (info->reason > 0 && w->scenario)
        put_format(&r->out, "%s %s %%\n", pick(r->language, "welfare", "福利"), percent(r->memory, info->welfare_hat));
    if (info->reason > 0) {
        TRY(put_links(r, w));
        if (w->scenario && w->changed) TRY(put_nodes(r, w));
    } else {
        put_format(&r->out, "\n%s\n", pick(r->language, "No equilibrium was found; there are no numbers to show.", "未找到均衡，因此不给出结果。"));
        put_gathering(r, w);
    }
    put_outcome(r, w);
    return BASHU_OK;
}

/* ---- JSON and CSV ----------------------------------------------------------------------------------- */

static json_t *place_json(const bashu_routing *w, size_t i)
{
    bashu_routing_place place;
    json_t *object = json_object();
    routing_place(w, i, &place);
    set_text(object, "id", place.id);
    set_number(object, "people_base", place.people_base);
    set_number(object, "people", place.people);
    set_number(object, "income_base", place.income_base);
    set_number(object, "income", place.income);
    set_number(object, "inward_access_hat", place.inward_hat);
    set_number(object, "outward_access_hat", place.outward_hat);
    set_number(object, "real_wage_hat", place.real_wage_hat);
    return object;
}

static json_t *road_json(const bashu_routing *w, size_t k)
{
    bashu_routing_road road;
    json_t *object = json_object();
    routing_road(w, k, &road);
    if (*road.id) set_text(object, "id", road.id);
    set_text(object, "from", road.from);
    set_text(object, "to", road.to);
    set_number(object, "cost_base", road.cost_base);
    set_number(object, "cost", road.cost);
    set_number(object, "traffic_base", road.traffic_base);
    set_number(object, "traffic", road.traffic);
    set_number(object, "cost_back_base", road.cost_back_base);
    set_number(object, "cost_back", road.cost_back);
    set_number(object, "traffic_back_base", road.traffic_back_base);
    set_number(object, "traffic_back", road.traffic_back);
    set_number(object, "welfare_elasticity", road.elasticity);
    return object;
}

static bashu_status json_routing(report *r, const void *subject)
{
    const bashu_routing *w = subject;
    const bashu_routing_info *info = &w->info;
    json_t *object = json_object(), *certificate = json_object(), *files = json_array(), *time = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "name", w->network.name);
    set_text(object, "reason", bashu_reason_text(info->reason));
    set_count(object, "node_count", info->nodes);
    set_count(object, "link_count", info->links);
    set_number(object, "welfare_hat", info->welfare_hat);
    set_text(object, "uniqueness", info->uniqueness ? info->uniqueness : "");
    set_number(certificate, "residual", info->residual);
    set_text(certificate, "worst", info->worst);
    set_number(certificate, "forward_error", info->forward_error);
    set_number(certificate, "radius_low", info->radius_low);
    set_number(certificate, "radius_high", info->radius_high);
    set_value(object, "certificate", certificate);
    set_number(object, "followed", info->followed);
    set_number(object, "followed_to_amenity_spillover", info->followed_to);
    set_value(object, "steps", json_integer(info->steps));
    set_value(object, "cycles", json_integer(info->cycles));
    if (info->reason > 0) {
        json_t *nodes = json_array(), *links = json_array();
        for (size_t i = 0; i < info->nodes; i++) add_value(nodes, place_json(w, i));
        for (size_t k = 0; k < info->links; k++) add_value(links, road_json(w, k));
        set_value(object, "nodes", nodes);
        set_value(object, "links", links);
    }
    add_file(files, w->network.settings_path, w->network.settings_sha256);
    add_file(files, w->network.nodes_path, w->network.nodes_sha256);
    add_file(files, w->network.links_path, w->network.links_sha256);
    set_value(object, "files", files);
    set_number(time, "solve_s", info->time_s);
    set_value(object, "time", time);
    return put_json(r, object);
}

static bashu_status check_answer(const report *r, const bashu_routing *w)
{
    if (w->info.reason > 0) return BASHU_OK;
    return fail(r->context, BASHU_ERROR_ARGUMENT, "there is no equilibrium to write (%s)", bashu_reason_text(w->info.reason));
}

/* A row: its words, then its numbers. */
static void put_row(report *r, const char *const *words, size_t word_count, const double *values, size_t value_count)
{
    for (size_t k = 0; k < word_count; k++) put_field(&r->out, words[k], false);
    for (size_t k = 0; k < value_count; k++) put_number_field(&r->out, values[k], k + 1 == value_count);
}

static bashu_status csv_nodes(report *r, const void *subject)
{
    const bashu_routing *w = subject;
    TRY(check_answer(r, w));
    put(&r->out, "id,people_base,people,income_base,income,inward_access_hat,outward_access_hat,real_wage_hat\n");
    for (size_t i = 0; i < w->network.node_count; i++) {
        bashu_routing_place p;
        routing_place(w, i, &p);
        put_row(r, (const char *[]){p.id}, 1, (double[]){p.people_base, p.people, p.income_base, p.income, p.inward_hat, p.outward_hat, p.real_wage_hat}, 7);
    }
    return BASHU_OK;
}

static bashu_status csv_links(report *r, const void *subject)
{
    const bashu_routing *w = subject;
    TRY(check_answer(r, w));
    put(&r->out, "id,from,to,cost_base,cost,traffic_base,traffic,cost_back_base,cost_back,traffic_back_base,traffic_back,welfare_elasticity\n");
    for (size_t k = 0; k < w->network.link_count; k++) {
        bashu_routing_road l;
        routing_road(w, k, &l);
        put_row(r, (const char *[]){l.id, l.from, l.to}, 3,
                (double[]){l.cost_base, l.cost, l.traffic_base, l.traffic, l.cost_back_base, l.cost_back, l.traffic_back_base, l.traffic_back, l.elasticity}, 9);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_routing}, {"json", json_routing}, {"nodes.csv", csv_nodes}, {"links.csv", csv_links}};

bashu_status routing_report(char **out, const bashu_routing *routing, const char *format, bashu_language language)
{
    return report_write(out, routing->context, language, formats, sizeof formats / sizeof formats[0], format, routing);
}
