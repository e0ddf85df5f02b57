/* infrastructure.c - a network that is built, in words, as JSON and as CSV. */
#include "report/infrastructure.h"

#include "report/json.h"

#include <math.h>

enum { SHOWN = 25 };

static double flow_on(const bashu_infrastructure *p, size_t e, int way)
{
    double sum = 0;
    for (size_t n = 0; n < p->data.N; n++) sum += p->x[at_flow(&p->data, e, way, n)];
    return sum;
}

/* What an interior-point method leaves of nothing is not shown. */
static const char *flow_text(report *r, const bashu_infrastructure *p, double flow)
{
    double largest = 0;
    for (size_t e = 0; e < p->data.E; e++) largest = fmax(largest, fmax(flow_on(p, e, 0), flow_on(p, e, 1)));
    return flow < 1e-8 * largest ? "0" : arena_format(r->memory, "%.3g", flow);
}

static bashu_status text_infrastructure(report *r, const void *subject)
{
    static const char *const titles[][2] = {{"link", "线路"}, {"size", "规模"}, {"of the budget", "占预算"}, {"there", "去程"}, {"back", "回程"}};
    const bashu_infrastructure *p = subject;
    const infrastructure_data *d = &p->data;
    bool zh = r->language == BASHU_ZH;
    put_format(&r->out, "%s\n", pick(r->language, d->title_en, d->title_zh));
    put_format(&r->out, zh ? "%zu 个地区，%zu 种商品，%zu 条线路；预算 %g；beta %g，gamma %g\n\n" : "places %zu, goods %zu, links %zu; budget %g; beta %g, gamma %g\n\n", d->J, d->N, d->E, d->budget, d->beta, d->gamma);
    if (p->info.reason == BASHU_DIVERGED_LIMIT) {
        put_format(&r->out, "  %s\n", reason_words(r, p->info.reason));
        return BASHU_OK;
    }
    grid *g = grid_new(r->memory, "lrrrr");
    for (size_t k = 0; k < sizeof titles / sizeof *titles; k++) grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
    for (size_t e = 0; e < d->E && e < SHOWN; e++) {
        double size = p->x[at_size(d, e)];
        grid_cell(g, arena_format(r->memory, "%s - %s", d->place[d->links[e].from], d->place[d->links[e].to]));
        grid_cell(g, arena_format(r->memory, "%.4g", size));
        grid_cell(g, arena_format(r->memory, "%.1f %%", 100 * size * d->links[e].building / d->budget));
        grid_cell(g, flow_text(r, p, flow_on(p, e, 0)));
        grid_cell(g, flow_text(r, p, flow_on(p, e, 1)));
    }
    grid_put(&r->out, g, "  ");
    if (d->E > SHOWN) put_format(&r->out, zh ? "  另有 %zu 条（--csv 列出全部）\n" : "  and %zu more (--csv lists all)\n", d->E - SHOWN);
    put_format(&r->out, zh ? "\n  与预算平均分配相比，相当于贸易品消费增加 %.4f %%\n" : "\n  worth %.4f %% of everybody's consumption of traded goods, against the budget spread evenly\n", p->info.gain_pct);
    put_format(&r->out, "\n%s\n", pick(r->language, "Certificate", "核验证书"));
    if (p->info.mobile) put_format(&r->out, zh ? "  人口流动：各地境况相同（%.6g）\n" : "  people move: all are equally well off, wherever they live (%.6g)\n", p->info.welfare);
    if (p->info.convex) put(&r->out, pick(r->language, "  beta >= gamma: convex, so what meets the conditions is the best there is\n", "  beta >= gamma：凸问题，满足条件者即为全局最优\n"));
    else
        put_format(&r->out, zh ? "  gamma > beta：非凸；%d 个起点中最好的局部最优，不保证全局最优\n" : "  gamma > beta: not convex; the best local optimum of %d starts, which need not be the best there is\n", p->info.starts);
    put_format(&r->out, zh ? "  %s；最差残差 %s（%s）；%d 次迭代，%.2f 秒\n" : "  %s; worst residual %s (%s); %d iterations of Ipopt, %.2f s\n", reason_words(r, p->info.reason), small_text(r->memory, p->info.residual),
               p->info.worst, p->info.iterations, p->info.time_s);
    if (p->info.failed) put_format(&r->out, zh ? "  %d 个起点没有得到答案\n" : "  %d starts gave no answer\n", p->info.failed);
    return BASHU_OK;
}

static bashu_status json_infrastructure(report *r, const void *subject)
{
    const bashu_infrastructure *p = subject;
    const infrastructure_data *d = &p->data;
    json_t *object = json_object(), *links = json_array(), *places = json_array(), *files = json_array();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "name", d->name);
    set_text(object, "reason", bashu_reason_text(p->info.reason));
    set_value(object, "convex", json_boolean(p->info.convex));
    set_value(object, "mobile", json_boolean(p->info.mobile));
    set_number(object, "budget", d->budget);
    set_number(object, "welfare", p->info.welfare);
    set_number(object, "gain_pct", p->info.gain_pct);
    set_number(object, "budget_price", p->budget_price[0]);
    set_number(object, "residual", p->info.residual);
    set_text(object, "worst", p->info.worst);
    set_count(object, "starts", (size_t)p->info.starts);
    set_count(object, "failed", (size_t)p->info.failed);
    set_count(object, "iterations", (size_t)p->info.iterations);
    for (size_t e = 0; e < d->E; e++) {
        json_t *one = json_object();
        set_text(one, "from", d->place[d->links[e].from]);
        set_text(one, "to", d->place[d->links[e].to]);
        set_number(one, "built", d->links[e].built);
        set_number(one, "size", p->x[at_size(d, e)]);
        set_number(one, "there", flow_on(p, e, 0));
        set_number(one, "back", flow_on(p, e, 1));
        add_value(links, one);
    }
    for (size_t j = 0; j < d->J; j++) {
        json_t *one = json_object(), *use = json_object(), *price = json_object();
        set_text(one, "id", d->place[j]);
        set_number(one, "people", people_in(d, p->x, j));
        for (size_t n = 0; n < d->N; n++) {
            set_number(use, d->good[n], p->x[at_use(d, j, n)]);
            set_number(price, d->good[n], p->price[at_use(d, j, n)]);
        }
        set_value(one, "use", use);
        set_value(one, "price", price);
        add_value(places, one);
    }
    set_value(object, "links", links);
    set_value(object, "places", places);
    add_file(files, d->path, d->sha256);
    set_value(object, "inputs", files);
    return put_json(r, object);
}

static bashu_status csv_infrastructure(report *r, const void *subject)
{
    const bashu_infrastructure *p = subject;
    const infrastructure_data *d = &p->data;
    put(&r->out, "from,to,built,size,budget_share,there,back\n");
    for (size_t e = 0; e < d->E; e++) {
        put_field(&r->out, d->place[d->links[e].from], false);
        put_field(&r->out, d->place[d->links[e].to], false);
        put_number_field(&r->out, d->links[e].built, false);
        put_number_field(&r->out, p->x[at_size(d, e)], false);
        put_number_field(&r->out, p->x[at_size(d, e)] * d->links[e].building / d->budget, false);
        put_number_field(&r->out, flow_on(p, e, 0), false);
        put_number_field(&r->out, flow_on(p, e, 1), true);
    }
    return BASHU_OK;
}

static bashu_status csv_places(report *r, const void *subject)
{
    const bashu_infrastructure *p = subject;
    const infrastructure_data *d = &p->data;
    put(&r->out, "place,good,output,use,price,people\n");
    for (size_t j = 0; j < d->J; j++)
        for (size_t n = 0; n < d->N; n++) {
            size_t k = at_use(d, j, n);
            put_field(&r->out, d->place[j], false);
            put_field(&r->out, d->good[n], false);
            put_number_field(&r->out, d->mobile ? d->output[k] * pow(people_in(d, p->x, j), d->returns) : d->output[k], false);
            put_number_field(&r->out, p->x[k], false);
            put_number_field(&r->out, p->price[k], false);
            put_number_field(&r->out, people_in(d, p->x, j), true);
        }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_infrastructure}, {"json", json_infrastructure}, {"csv", csv_infrastructure}, {"places.csv", csv_places}};

bashu_status infrastructure_report(char **out, const bashu_infrastructure *plan, const char *format, bashu_language language)
{
    return report_write(out, plan->context, language, formats, sizeof formats / sizeof formats[0], format, plan);
}
