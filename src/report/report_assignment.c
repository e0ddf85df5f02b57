/* report_assignment.c - trips on a congested network in words, as JSON and as CSV. */
#include "report/flows.h"
#include "report/json.h"

#include <math.h>
#include <stdlib.h>

enum { SHOWN = 12 }; /* links of a table for people */

/* ---- text ----------------------------------------------------------------------------------------- */

static void put_outcome(report *r, const bashu_assignment_info *info)
{
    grid *g = grid_new(r->memory, "ll");
    put_line(r, g, "outcome", "结论", reason_words(r, info->reason));
    put_line(r, g, "relative gap", "相对间隙", small_text(r->memory, info->relative_gap));
    put_line(r, g, "excess time per trip", "平均超额时间", small_text(r->memory, info->average_excess));
    put_line(r, g, "flow in against flow out", "流量守恒残差", small_text(r->memory, info->conservation));
    put_line(r, g, "Beckmann objective", "贝克曼目标值", arena_format(r->memory, "%.15g", info->objective));
    put_line(r, g, "total travel time", "总出行时间", arena_format(r->memory, "%.15g", info->total_time));
    put_line(r, g, "rounds", "轮次", arena_format(r->memory, "%d (%.3f s)", info->rounds, info->time_s));
    put_format(&r->out, "\n%s\n", pick(r->language, "Certificate", "核验证书"));
    grid_put(&r->out, g, "  ");
}

typedef struct slowed {
    double delay; /* flow x time lost */
    size_t link;
} slowed;

static int compare_slowed(const void *a, const void *b)
{
    const slowed *x = a, *y = b;
    if (x->delay != y->delay) return x->delay > y->delay ? -1 : 1;
    return x->link < y->link ? -1 : x->link > y->link;
}

static bashu_status put_links(report *r, const bashu_assignment *a)
{
    const road_network *n = &a->network;
    slowed *rows = arena_alloc(r->memory, n->link_count, sizeof *rows);
    if (!rows) return fail_memory(r->context);
    for (size_t l = 0; l < n->link_count; l++)
        rows[l] = (slowed){a->flow[l] * (a->time[l] - road_time(&n->links[l], 0)), l};
    qsort(rows, n->link_count, sizeof *rows, compare_slowed);
    grid *g = grid_new(r->memory, "llrrrr");
    grid_cell(g, pick(r->language, "from", "起点"));
    grid_cell(g, pick(r->language, "to", "终点"));
    grid_cell(g, pick(r->language, "flow", "流量"));
    grid_cell(g, pick(r->language, "of capacity", "占通行能力"));
    grid_cell(g, pick(r->language, "time", "时间"));
    grid_cell(g, pick(r->language, "when empty", "自由流时间"));
    size_t shown = n->link_count < SHOWN ? n->link_count : SHOWN;
    for (size_t k = 0; k < shown; k++) {
        size_t l = rows[k].link;
        const road_link *link = &n->links[l];
        grid_cell(g, n->node_id[link->from]);
        grid_cell(g, n->node_id[link->to]);
        grid_cell(g, number_text(r->memory, a->flow[l], 1));
        grid_cell(g, number_text(r->memory, a->flow[l] / link->capacity, 3));
        grid_cell(g, number_text(r->memory, a->time[l], 4));
        grid_cell(g, number_text(r->memory, road_time(link, 0), 4));
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "Links on which most time is lost", "延误最多的路段"));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static bashu_status text_assignment(report *r, const void *subject)
{
    const bashu_assignment *a = subject;
    const bashu_assignment_info *info = &a->info;
    put_format(&r->out,
               r->language == BASHU_ZH ? "%s 次出行，%zu 对起讫点，%zu 条路段，%zu 个节点\n"
                                       : "%s trips between %zu pairs of places, on %zu links between %zu nodes\n",
               number_text(r->memory, info->trips, 1), info->pairs, info->links, info->nodes);
    put_outcome(r, info);
    if (info->reason > 0) return put_links(r, a);
    put_format(
        &r->out, "\n%s\n",
        pick(r->language, "No equilibrium was found; there are no flows to show.", "未找到均衡，因此不给出流量。"));
    return BASHU_OK;
}

/* ---- JSON and CSV ----------------------------------------------------------------------------------- */

static json_t *certificate_json(const bashu_assignment_info *info)
{
    json_t *object = json_object();
    set_number(object, "relative_gap", info->relative_gap);
    set_number(object, "average_excess", info->average_excess);
    set_number(object, "conservation", info->conservation);
    set_number(object, "objective", info->objective);
    set_number(object, "total_time", info->total_time);
    return object;
}

static json_t *link_json(const bashu_assignment *a, size_t l)
{
    const road_link *link = &a->network.links[l];
    json_t *object = json_object();
    set_text(object, "from", a->network.node_id[link->from]);
    set_text(object, "to", a->network.node_id[link->to]);
    set_number(object, "flow", a->flow[l]);
    set_number(object, "time", a->time[l]);
    set_number(object, "free_flow_time", road_time(link, 0));
    set_number(object, "of_capacity", a->flow[l] / link->capacity);
    return object;
}

static bashu_status json_assignment(report *r, const void *subject)
{
    const bashu_assignment *a = subject;
    const bashu_assignment_info *info = &a->info;
    const road_network *n = &a->network;
    json_t *object = json_object(), *time = json_object(), *files = json_array();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "reason", bashu_reason_text(info->reason));
    set_value(object, "rounds", json_integer(info->rounds));
    set_count(object, "nodes", info->nodes);
    set_count(object, "pairs", info->pairs);
    set_number(object, "trips", info->trips);
    set_number(object, "trips_within", info->trips_within);
    set_value(object, "certificate", certificate_json(info));
    if (info->reason > 0) {
        json_t *links = json_array();
        for (size_t l = 0; l < info->links; l++) add_value(links, link_json(a, l));
        set_value(object, "links", links);
    }
    add_file(files, n->links_path, n->links_sha256);
    add_file(files, n->trips_path, n->trips_sha256);
    set_value(object, "files", files);
    set_number(time, "solve_s", info->time_s);
    set_value(object, "time", time);
    return put_json(r, object);
}

static bashu_status csv_links(report *r, const void *subject)
{
    const bashu_assignment *a = subject;
    if (a->info.reason <= 0)
        return fail(r->context, BASHU_ERROR_ARGUMENT, "there is no equilibrium to write (%s)",
                    bashu_reason_text(a->info.reason));
    put(&r->out, "from,to,flow,time,of_capacity\n");
    for (size_t l = 0; l < a->info.links; l++) {
        const road_link *link = &a->network.links[l];
        put_field(&r->out, a->network.node_id[link->from], false);
        put_field(&r->out, a->network.node_id[link->to], false);
        put_number_field(&r->out, a->flow[l], false);
        put_number_field(&r->out, a->time[l], false);
        put_number_field(&r->out, a->flow[l] / link->capacity, true);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_assignment}, {"json", json_assignment}, {"links.csv", csv_links}};

bashu_status assignment_report(char **out, const bashu_assignment *assignment, const char *format,
                               bashu_language language)
{
    return report_write(out, assignment->context, language, formats, sizeof formats / sizeof formats[0], format,
                        assignment);
}
