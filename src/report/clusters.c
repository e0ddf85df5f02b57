/* clusters.c - concentration, clusters and gaps in words, as JSON and as CSV. */
#include "report/clusters.h"

#include "report/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_CLUSTERS = 20, SHOWN_PLACES = 15 }; /* rows of tables for people */

static bool wanted(const bashu_clusters *c, size_t j) { return c->only < 0 || (size_t)c->only == j; }

static const label *sector_of(const bashu_clusters *c, size_t j) { return &c->economy->about.sectors[j].label; }

static const char *side_name(const report *r, const focus *f) { return pick(r->language, f->name_en, f->name_zh); }

static const char *share_text(const report *r, double share)
{
    return isnan(share) ? "-" : arena_format(r->memory, "%.1f %%", 100 * share);
}

/* p and q: four decimals, which is what ten thousand permutations can say. */
static const char *p_text(const report *r, double p) { return number_text(r->memory, p, 4); }

static void heads(const report *r, grid *g, const char *const (*titles)[2], size_t count)
{
    for (size_t k = 0; k < count; k++) grid_cell(g, pick(r->language, titles[k][0], titles[k][1]));
}

/* Sectors from the widest gap down; without a circle as they come. */
typedef struct keyed_sector {
    double key;
    size_t j;
} keyed_sector;

static int by_gap(const void *a, const void *b)
{
    const keyed_sector *x = a, *y = b;
    if (x->key != y->key) return x->key > y->key ? -1 : 1;
    return x->j < y->j ? -1 : x->j > y->j;
}

/* *count: of the sectors that the report is about; NULL: no memory. */
static keyed_sector *order_of(const report *r, const bashu_clusters *c, size_t *count)
{
    size_t J = c->economy->about.J;
    keyed_sector *order = arena_alloc(r->memory, J, sizeof *order);
    *count = 0;
    for (size_t j = 0; order && j < J; j++)
        if (wanted(c, j)) order[(*count)++] = (keyed_sector){c->compares && isfinite(c->gaps[j].gap) ? c->gaps[j].gap : -1e300, j};
    if (order) qsort(order, *count, sizeof *order, by_gap);
    return order;
}

/* ---- text ------------------------------------------------------------------------------------------- */

static void put_head(report *r, const bashu_clusters *c)
{
    const bashu_clusters_options *o = &c->options;
    bool zh = r->language == BASHU_ZH;
    put_format(&r->out, zh ? "%s：%zu 个地区，%zu 个行业的集聚\n" : "%s: clusters of %zu places in %zu sectors\n",
               pick(r->language, c->economy->about.title_en, c->economy->about.title_zh), c->count, c->economy->about.J);
    if (!c->near) {
        put_format(&r->out, "%s\n", pick(r->language, "The economy has no travel times between places, so nothing is said of what is near to what.",
                                         "该经济没有地区间旅行时间，因此不涉及空间邻近。"));
        return;
    }
    if (o->within_h > 0)
        put_format(&r->out, zh ? "邻近：旅行时间 %g 小时以内，按时间倒数加权（平均 %.1f 个邻居）\n"
                               : "near: at most %g hours of travel, by the inverse of time (%.1f neighbours on average)\n", o->within_h, c->neighbours_mean);
    else put_format(&r->out, zh ? "邻近：旅行时间最短的 %d 个地区，等权\n" : "near: the %d nearest places in travel time, alike\n", o->neighbours);
    put_format(&r->out, zh ? "%d 次置换，种子 %llu；各行业内按地区控制错误发现率 %g（Benjamini-Hochberg）\n"
                           : "%d permutations, seed %llu; false discovery rate over the places of a sector %g (Benjamini & Hochberg)\n",
               o->permutations, o->seed, o->false_discovery);
}

static void put_sectors(report *r, const bashu_clusters *c)
{
    static const char *const titles[][2] = {{"sector", "行业"}, {"Herfindahl", "赫芬达尔"}, {"Gini", "基尼"}, {"locational", "区位基尼"}, {"G", "G"},
                                            {"gamma <=", "γ 上限"}, {"gamma", "γ"}, {"Moran's I", "莫兰 I"}, {"z", "z"}, {"p", "p"},
                                            {"significant", "显著地区"}, {"clusters", "集群"}, {"imputed", "推算"}};
    grid *g = grid_new(r->memory, "lrrrrrrrrrrrr");
    heads(r, g, titles, 13);
    for (size_t j = 0; j < c->economy->about.J; j++) {
        const bashu_concentration *s = &c->sectors[j];
        if (!wanted(c, j)) continue;
        grid_cell(g, label_name(r, sector_of(c, j)));
        grid_cell(g, number_text(r->memory, s->herfindahl, 4));
        grid_cell(g, number_text(r->memory, s->gini, 3));
        grid_cell(g, number_text(r->memory, s->locational_gini, 3));
        grid_cell(g, number_text(r->memory, s->raw, 5));
        grid_cell(g, number_text(r->memory, s->bound, 5));
        grid_cell(g, number_text(r->memory, s->index, 5));
        grid_cell(g, number_text(r->memory, s->moran, 3));
        grid_cell(g, number_text(r->memory, s->z, 1));
        grid_cell(g, p_text(r, s->p));
        grid_cell(g, c->near ? arena_format(r->memory, "%zu", s->significant) : "-");
        grid_cell(g, c->near ? arena_format(r->memory, "%zu", s->clusters) : "-");
        grid_cell(g, share_text(r, s->imputed_share));
    }
    put_format(&r->out, "\n%s\n", pick(r->language, "Concentration over places, of value added", "增加值在各地区的集中程度"));
    grid_put(&r->out, g, "  ");
    if (!c->options.plants)
        put_format(&r->out, "  %s\n", pick(r->language, "G is Ellison & Glaeser's raw concentration; without the sizes of plants their gamma is "
                                           "only known to be at most G / (1 - sum x^2)",
                                           "G 为 Ellison-Glaeser 原始集中度；没有工厂规模数据时，只知道其 γ 不超过 G / (1 - Σx²)"));
}

static const char *place_names(const report *r, const bashu_clusters *c, const bashu_cluster *cluster, size_t most)
{
    const char *list = "";
    for (size_t k = 0; list && k < cluster->place_count && k < most; k++)
        list = arena_format(r->memory, "%s%s%s", list, k ? pick(r->language, ", ", "、") : "", label_name(r, &c->economy->about.regions[cluster->places[k]].label));
    if (list && cluster->place_count > most)
        list = arena_format(r->memory, r->language == BASHU_ZH ? "%s 等 %zu 地" : "%s and %zu more", list,
                            r->language == BASHU_ZH ? cluster->place_count : cluster->place_count - most);
    return list;
}

/* The largest, by their share of the nation's sector, or all of one sector. */
static bashu_status put_clusters(report *r, const bashu_clusters *c)
{
    static const char *const titles[][2] = {{"cluster", "集群"}, {"places", "地区数"}, {"of the nation", "占全国"}, {"LQ", "区位熵"}, {"imputed", "推算"},
                                            {"largest places", "主要地区"}};
    keyed_sector *order = arena_alloc(r->memory, c->cluster_count, sizeof *order);
    size_t count = 0, most = c->only < 0 ? SHOWN_CLUSTERS : c->cluster_count;
    if (!order) return fail_memory(r->context);
    for (size_t q = 0; q < c->cluster_count; q++)
        if (wanted(c, c->clusters[q].sector)) order[count++] = (keyed_sector){c->clusters[q].share, q};
    qsort(order, count, sizeof *order, by_gap);
    put_format(&r->out, r->language == BASHU_ZH ? "\n集群：区位熵不低于 %g、显著高-高且彼此相邻的地区（共 %zu 个）\n"
                                                : "\nClusters: places with a location quotient of at least %g, significantly high-high, next to each other (%zu)\n",
               c->options.threshold, count);
    if (!count) {
        put_format(&r->out, "  %s\n", pick(r->language, "none", "无"));
        return BASHU_OK;
    }
    grid *g = grid_new(r->memory, "lrrrrl");
    heads(r, g, titles, 6);
    for (size_t q = 0; q < count && q < most; q++) {
        const bashu_cluster *cluster = &c->clusters[order[q].j];
        grid_cell(g, pick(r->language, cluster->name_en, cluster->name_zh));
        grid_cell(g, arena_format(r->memory, "%zu", cluster->place_count));
        grid_cell(g, share_text(r, cluster->share));
        grid_cell(g, number_text(r->memory, cluster->quotient, 2));
        grid_cell(g, share_text(r, cluster->imputed_share));
        grid_cell(g, place_names(r, c, cluster, 6));
    }
    grid_put(&r->out, g, "  ");
    if (count > most)
        put_format(&r->out, r->language == BASHU_ZH ? "  另有 %zu 个较小的集群：--csv、--json 或 --sector\n"
                                                    : "  and %zu smaller ones: --csv, --json or --sector\n", count - most);
    return BASHU_OK;
}

static bashu_status put_gaps(report *r, const bashu_clusters *c)
{
    static const char *const titles[][2] = {{"sector", "行业"}, {"LQ", "区位熵"}, {"against", "对照"}, {"gap", "差距"}, {"of nation", "占全国"}, {"against", "对照"},
                                            {"per head", "人均"}, {"against", "对照"}, {"clusters", "集群"}, {"against", "对照"}, {"inside", "集群内"},
                                            {"against", "对照"}, {"imputed", "推算"}, {"against", "对照"}};
    size_t count;
    keyed_sector *order = order_of(r, c, &count);
    if (!order) return fail_memory(r->context);
    grid *g = grid_new(r->memory, "lrrrrrrrrrrrrr");
    heads(r, g, titles, 14);
    for (size_t k = 0; k < count; k++) {
        const bashu_cluster_gap *gap = &c->gaps[order[k].j];
        const bashu_cluster_side *a = &gap->circle, *b = &gap->benchmark;
        grid_cell(g, label_name(r, sector_of(c, order[k].j)));
        grid_cell(g, number_text(r->memory, a->quotient, 2));
        grid_cell(g, number_text(r->memory, b->quotient, 2));
        grid_cell(g, isnan(gap->gap) ? "-" : arena_format(r->memory, "%+.2f", gap->gap));
        grid_cell(g, share_text(r, a->share));
        grid_cell(g, share_text(r, b->share));
        grid_cell(g, number_text(r->memory, a->per_head, 0));
        grid_cell(g, number_text(r->memory, b->per_head, 0));
        grid_cell(g, arena_format(r->memory, "%zu", a->clusters));
        grid_cell(g, arena_format(r->memory, "%zu", b->clusters));
        grid_cell(g, share_text(r, a->inside));
        grid_cell(g, share_text(r, b->inside));
        grid_cell(g, share_text(r, a->imputed_share));
        grid_cell(g, share_text(r, b->imputed_share));
    }
    put_format(&r->out, r->language == BASHU_ZH ? "\n差距：%s，对照 %s（人均单位：%s）\n" : "\nGap: %s against %s (per head in %s)\n", side_name(r, &c->circle),
               side_name(r, &c->benchmark), currency_word(r, &c->economy->about));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static const char *kind_words(const report *r, const char *kind)
{
    static const char *const words[][3] = {{"high_high", "high, neighbours high", "高-高"}, {"low_low", "low, neighbours low", "低-低"},
                                           {"high_low", "high, neighbours low", "高-低"}, {"low_high", "low, neighbours high", "低-高"}};
    for (size_t k = 0; k < 4; k++)
        if (!strcmp(kind, words[k][0])) return pick(r->language, words[k][1], words[k][2]);
    return "-";
}

/* Of one sector: where it is strongest. */
static bashu_status put_places(report *r, const bashu_clusters *c)
{
    static const char *const titles[][2] = {{"place", "地区"}, {"LQ", "区位熵"}, {"of the nation", "占全国"}, {"local Moran", "局部莫兰"}, {"p", "p"}, {"q", "q"},
                                            {"", ""}, {"imputed", "推算"}};
    size_t j = (size_t)c->only, J = c->economy->about.J;
    keyed_sector *order = arena_alloc(r->memory, c->count, sizeof *order);
    if (!order) return fail_memory(r->context);
    for (size_t k = 0; k < c->count; k++) order[k] = (keyed_sector){c->value[k * J + j], k};
    qsort(order, c->count, sizeof *order, by_gap);
    grid *g = grid_new(r->memory, "lrrrrrll");
    heads(r, g, titles, 8);
    for (size_t k = 0; k < c->count && k < SHOWN_PLACES; k++) {
        bashu_local l;
        size_t region = c->place[order[k].j];
        TRY(clusters_place(&l, c, j, region));
        grid_cell(g, label_name(r, &c->economy->about.regions[region].label));
        grid_cell(g, number_text(r->memory, l.quotient, 2));
        grid_cell(g, share_text(r, l.share));
        grid_cell(g, number_text(r->memory, l.moran, 2));
        grid_cell(g, p_text(r, l.p));
        grid_cell(g, p_text(r, l.q));
        grid_cell(g, l.significant ? kind_words(r, l.kind) : pick(r->language, "not significant", "不显著"));
        grid_cell(g, l.imputed ? pick(r->language, "yes", "是") : "");
    }
    put_format(&r->out, r->language == BASHU_ZH ? "\n%s最大的地区\n" : "\nLargest places of: %s\n", label_name(r, sector_of(c, j)));
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static bashu_status text_clusters(report *r, const void *subject)
{
    const bashu_clusters *c = subject;
    double made_up = 0;
    put_head(r, c);
    put_sectors(r, c);
    if (c->near) TRY(put_clusters(r, c));
    if (c->compares) TRY(put_gaps(r, c));
    if (c->only >= 0) TRY(put_places(r, c));
    for (size_t j = 0; j < c->economy->about.J; j++)
        if (wanted(c, j)) made_up = fmax(made_up, c->sectors[j].imputed_share);
    if (made_up > 0.5)
        put_format(&r->out, "\n%s\n", pick(r->language,
                   "Where most of a sector is imputed, places of one area share its structure: what looks like a cluster may be "
                   "the area's figure spread over its places.",
                   "若某行业大部分为推算，同一上级区域的各地共享其结构：看似集群的，可能只是该区域的数字分摊到各地。"));
    return BASHU_OK;
}

/* ---- JSON -------------------------------------------------------------------------------------------- */

static json_t *json_sector(const bashu_clusters *c, size_t j)
{
    const bashu_concentration *s = &c->sectors[j];
    json_t *object = json_object();
    set_text(object, "sector", sector_of(c, j)->id);
    set_number(object, "value_added", s->value_added);
    set_number(object, "imputed_share", s->imputed_share);
    set_number(object, "herfindahl", s->herfindahl);
    set_number(object, "gini", s->gini);
    set_number(object, "locational_gini", s->locational_gini);
    set_number(object, "ellison_glaeser_g", s->raw);
    set_number(object, "ellison_glaeser_bound", s->bound);
    set_number(object, "ellison_glaeser_gamma", s->index);
    set_number(object, "plant_herfindahl", s->plants);
    set_number(object, "moran", s->moran);
    set_number(object, "moran_expected", s->expected);
    set_number(object, "moran_variance", s->variance);
    set_number(object, "moran_z", s->z);
    set_number(object, "moran_p", s->p);
    set_count(object, "significant_places", s->significant);
    set_count(object, "clusters", s->clusters);
    return object;
}

static json_t *json_cluster(const bashu_clusters *c, const bashu_cluster *cluster)
{
    json_t *object = json_object(), *places = json_array();
    set_text(object, "sector", sector_of(c, cluster->sector)->id);
    set_text(object, "name_en", cluster->name_en);
    set_text(object, "name_zh", cluster->name_zh);
    set_number(object, "value_added", cluster->value_added);
    set_number(object, "share_of_nation", cluster->share);
    set_number(object, "location_quotient", cluster->quotient);
    set_number(object, "imputed_share", cluster->imputed_share);
    for (size_t k = 0; k < cluster->place_count; k++) add_value(places, json_string(c->economy->about.regions[cluster->places[k]].label.id));
    set_value(object, "places", places);
    return object;
}

static json_t *json_side(const bashu_cluster_side *side)
{
    json_t *object = json_object();
    set_number(object, "location_quotient", side->quotient);
    set_number(object, "share_of_nation", side->share);
    set_number(object, "value_added_per_head", side->per_head);
    set_count(object, "clusters", side->clusters);
    set_number(object, "inside_clusters", side->inside);
    set_number(object, "imputed_share", side->imputed_share);
    return object;
}

static json_t *json_gap(const bashu_clusters *c, size_t j)
{
    json_t *object = json_object();
    set_text(object, "sector", sector_of(c, j)->id);
    set_number(object, "gap", c->gaps[j].gap);
    set_value(object, "circle", json_side(&c->gaps[j].circle));
    set_value(object, "benchmark", json_side(&c->gaps[j].benchmark));
    return object;
}

static json_t *json_settings(const bashu_clusters *c)
{
    const bashu_clusters_options *o = &c->options;
    json_t *object = json_object();
    if (o->within_h > 0) set_number(object, "within_hours", o->within_h);
    else if (c->near) set_count(object, "neighbours", (size_t)o->neighbours);
    set_count(object, "permutations", (size_t)o->permutations);
    set_value(object, "seed", json_integer((json_int_t)o->seed));
    set_number(object, "false_discovery_rate", o->false_discovery);
    set_number(object, "threshold", o->threshold);
    return object;
}

static bashu_status json_clusters(report *r, const void *subject)
{
    const bashu_clusters *c = subject;
    json_t *object = json_object(), *sectors = json_array(), *clusters = json_array(), *gaps = json_array(), *time = json_object();
    size_t count;
    keyed_sector *order = order_of(r, c, &count);
    set_text(object, "version", BASHU_VERSION);
    set_count(object, "places", c->count);
    set_value(object, "travel_times", json_boolean(c->near));
    for (size_t j = 0; j < c->economy->about.J; j++)
        if (wanted(c, j)) add_value(sectors, json_sector(c, j));
    for (size_t q = 0; q < c->cluster_count; q++)
        if (wanted(c, c->clusters[q].sector)) add_value(clusters, json_cluster(c, &c->clusters[q]));
    for (size_t k = 0; order && c->compares && k < count; k++) add_value(gaps, json_gap(c, order[k].j));
    set_value(object, "sectors", sectors);
    set_value(object, "clusters", clusters);
    if (c->compares) {
        set_text(object, "circle", c->circle.member);
        set_text(object, "benchmark", *c->benchmark.member ? c->benchmark.member : c->benchmark.set);
    }
    set_value(object, "gap", gaps);
    set_value(object, "settings", json_settings(c));
    set_value(object, "inputs", json_files(&c->economy->about, NULL));
    set_number(time, "clusters_s", c->time_s);
    set_value(object, "time", time);
    bashu_status written = put_json(r, object);
    return order ? written : fail_memory(r->context);
}

/* ---- CSV --------------------------------------------------------------------------------------------- */

static void put_numbers(report *r, const double *values, size_t count, bool last)
{
    for (size_t k = 0; k < count; k++) put_number_field(&r->out, values[k], last && k + 1 == count);
}

static bashu_status csv_places(report *r, const void *subject)
{
    const bashu_clusters *c = subject;
    const description *about = &c->economy->about;
    put(&r->out, "sector,region,name_en,name_zh,value_added,share_of_nation,location_quotient,own_z,lag_z,local_moran,p,q,kind,significant,cluster,imputed\n");
    for (size_t j = 0; j < about->J; j++)
        for (size_t k = 0; wanted(c, j) && k < c->count; k++) {
            bashu_local l;
            const label *place = &about->regions[c->place[k]].label;
            TRY(clusters_place(&l, c, j, c->place[k]));
            put_field(&r->out, about->sectors[j].label.id, false);
            put_field(&r->out, place->id, false);
            put_field(&r->out, place->name_en, false);
            put_field(&r->out, place->name_zh, false);
            put_numbers(r, (const double[]){l.value_added, l.share, l.quotient, l.own, l.lag, l.moran, l.p, l.q}, 8, false);
            put_field(&r->out, l.kind, false);
            put_number_field(&r->out, l.significant, false);
            put_field(&r->out, l.cluster < 0 ? "" : c->clusters[l.cluster].name_en, false);
            put_number_field(&r->out, l.imputed, true);
        }
    return BASHU_OK;
}

static bashu_status csv_sectors(report *r, const void *subject)
{
    const bashu_clusters *c = subject;
    put(&r->out, "sector,value_added,imputed_share,herfindahl,gini,locational_gini,ellison_glaeser_g,ellison_glaeser_bound,ellison_glaeser_gamma,"
                 "plant_herfindahl,moran,moran_expected,moran_variance,moran_z,moran_p,significant_places,clusters\n");
    for (size_t j = 0; j < c->economy->about.J; j++) {
        const bashu_concentration *s = &c->sectors[j];
        if (!wanted(c, j)) continue;
        put_field(&r->out, sector_of(c, j)->id, false);
        put_numbers(r, (const double[]){s->value_added, s->imputed_share, s->herfindahl, s->gini, s->locational_gini, s->raw, s->bound, s->index, s->plants,
                                        s->moran, s->expected, s->variance, s->z, s->p, (double)s->significant, (double)s->clusters}, 16, true);
    }
    return BASHU_OK;
}

static bashu_status csv_clusters(report *r, const void *subject)
{
    const bashu_clusters *c = subject;
    put(&r->out, "cluster,sector,name_en,name_zh,place_count,value_added,share_of_nation,location_quotient,imputed_share,regions\n");
    for (size_t q = 0; q < c->cluster_count; q++) {
        const bashu_cluster *cluster = &c->clusters[q];
        const char *ids = "";
        if (!wanted(c, cluster->sector)) continue;
        for (size_t k = 0; ids && k < cluster->place_count; k++)
            ids = arena_format(r->memory, "%s%s%s", ids, k ? " " : "", c->economy->about.regions[cluster->places[k]].label.id);
        if (!ids) return fail_memory(r->context);
        put_number_field(&r->out, (double)(q + 1), false);
        put_field(&r->out, sector_of(c, cluster->sector)->id, false);
        put_field(&r->out, cluster->name_en, false);
        put_field(&r->out, cluster->name_zh, false);
        put_numbers(r, (const double[]){(double)cluster->place_count, cluster->value_added, cluster->share, cluster->quotient, cluster->imputed_share}, 5, false);
        put_field(&r->out, ids, true);
    }
    return BASHU_OK;
}

static void put_side_fields(report *r, const bashu_cluster_side *s, bool last)
{
    put_numbers(r, (const double[]){s->quotient, s->share, s->per_head, (double)s->clusters, s->inside, s->imputed_share}, 6, last);
}

static bashu_status csv_gap(report *r, const void *subject)
{
    const bashu_clusters *c = subject;
    size_t count;
    keyed_sector *order = order_of(r, c, &count);
    if (!order) return fail_memory(r->context);
    put(&r->out, "sector,gap");
    for (int side = 0; side < 2; side++)
        for (size_t k = 0; k < 6; k++) {
            static const char *const names[] = {"location_quotient", "share_of_nation", "value_added_per_head", "clusters", "inside_clusters", "imputed_share"};
            put_format(&r->out, ",%s_%s", side ? "benchmark" : "circle", names[k]);
        }
    put(&r->out, "\n");
    for (size_t k = 0; c->compares && k < count; k++) {
        const bashu_cluster_gap *gap = &c->gaps[order[k].j];
        put_field(&r->out, sector_of(c, order[k].j)->id, false);
        put_number_field(&r->out, gap->gap, false);
        put_side_fields(r, &gap->circle, false);
        put_side_fields(r, &gap->benchmark, true);
    }
    return BASHU_OK;
}

static const report_format formats[] = {{"text", text_clusters}, {"json", json_clusters}, {"places.csv", csv_places}, {"sectors.csv", csv_sectors},
                                        {"clusters.csv", csv_clusters}, {"gap.csv", csv_gap}};

bashu_status clusters_report(char **out, const bashu_clusters *clusters, const char *format, bashu_language language)
{
    return report_write(out, clusters->context, language, formats, sizeof formats / sizeof formats[0], format, clusters);
}
