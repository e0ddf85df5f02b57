/* clusters.c - the clusters of an economy: places where a sector concentrates, near to others where it does.
 *
 *   value       V_nj = gamma_n^j Y_n^j at the calibrated baseline
 *   quotient    LQ_nj = (V_nj / V_n) / (V_j / V); of a set of regions the same of its sums
 *   near        by travel time of people, the mean of both ways; docs/clusters.md says which weights
 *   a cluster   places with LQ at least the threshold whose local Moran is significant (q at most the rate) and high-high, connected on
 *               the graph that joins two places when one is a neighbour of the other
 *
 * Concentration: concentration.c; Moran's I, local Moran, permutations: spatial.c. */
#include "measure/clusters.h"

#include "input/input.h"
#include "input/plants.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double unknown = (double)NAN;

/* ---- sums over places ------------------------------------------------------------------------------- */

static double value_of(const bashu_economy *e, size_t n, size_t j, const double *output_hat)
{
    size_t i = at2(n, j, e->about.J);
    double value = e->value_added_share[i] * e->output[i];
    return output_hat ? value * output_hat[i] : value;
}

cluster_sums clusters_sums(const bashu_economy *e, const double *part, size_t sector, const double *output_hat)
{
    cluster_sums s = {0};
    for (size_t n = 0; n < e->about.N; n++) {
        double own = value_of(e, n, sector, output_hat), all = 0;
        if ((long)n == e->about.foreign) continue;
        for (size_t j = 0; j < e->about.J; j++) all += value_of(e, n, j, output_hat);
        s.sector += part[n] * own;
        s.whole += part[n] * all;
        s.nation_sector += own;
        s.nation_whole += all;
    }
    return s;
}

double clusters_quotient(cluster_sums s) { return s.sector / s.whole / (s.nation_sector / s.nation_whole); }

/* ---- set-up ----------------------------------------------------------------------------------------- */

bashu_status clusters_find_sector(size_t *out, const bashu_economy *economy, const char *id)
{
    const description *about = &economy->about;
    const char **ids = malloc((about->J + 1) * sizeof *ids);
    if (!ids) return fail_memory(economy->context);
    for (*out = 0; *out < about->J && strcmp(id, about->sectors[*out].label.id) != 0; ++*out) {}
    for (size_t j = 0; j < about->J; j++) ids[j] = about->sectors[j].label.id;
    const char *near = nearest_name(id, ids, about->J);
    free(ids);
    if (*out < about->J) return BASHU_OK;
    if (near) return fail(economy->context, BASHU_ERROR_ARGUMENT, "there is no sector '%s'; did you mean '%s'?", id, near);
    return fail(economy->context, BASHU_ERROR_ARGUMENT, "there is no sector '%s'; write the id of one", id);
}

bashu_status clusters_sides(focus *circle, focus *benchmark, bool *there, arena *memory, const bashu_economy *economy, const char *circle_text,
                            const char *benchmark_text)
{
    const description *about = &economy->about;
    long g = find_set(about, "circle");
    const region_set *circles = g >= 0 ? &about->sets[g] : NULL;
    *there = circle_text || (circles && circles->member_count);
    *circle = measure_focus(about, NULL);
    *benchmark = (focus){"all", "", "Nation", "全国"};
    if (circle_text) TRY(measure_named(circle, memory, about, circle_text));
    if (benchmark_text) return measure_named(benchmark, memory, about, benchmark_text);
    for (size_t m = circles ? circles->member_count : 0; m-- > 0;) /* the first that is not the circle itself */
        if (strcmp(circle->set, "circle") != 0 || strcmp(circle->member, circles->members[m].id) != 0)
            *benchmark = (focus){"circle", circles->members[m].id, circles->members[m].name_en, circles->members[m].name_zh};
    return BASHU_OK;
}

static bashu_status copy_text(const char **text, arena *memory)
{
    if (*text) *text = arena_text(memory, *text);
    else return BASHU_OK;
    return *text ? BASHU_OK : fail_memory(arena_context(memory));
}

static bashu_status make_room(bashu_clusters *c)
{
    const description *about = &c->economy->about;
    size_t N = about->N, J = about->J;
    c->place = arena_alloc(c->memory, N, sizeof *c->place);
    c->local = arena_alloc(c->memory, N * J, sizeof *c->local);
    c->cluster_of = arena_alloc(c->memory, N * J, sizeof *c->cluster_of);
    c->sectors = arena_alloc(c->memory, J, sizeof *c->sectors);
    c->gaps = arena_alloc(c->memory, J, sizeof *c->gaps);
    const array_wanted wanted[] = {{&c->value, N * J}, {&c->quotient, N * J}, {&c->whole, N}, {&c->plants, J}};
    bool made = c->place && c->local && c->cluster_of && c->sectors && c->gaps && ARENA_ARRAYS(c->memory, wanted);
    return made ? BASHU_OK : fail_memory(c->context);
}

static void fill_places(bashu_clusters *c)
{
    const bashu_economy *e = c->economy;
    size_t J = e->about.J;
    for (size_t n = 0; n < e->about.N; n++)
        if ((long)n != e->about.foreign) c->place[c->count++] = n;
    double *sector = c->plants, nation = 0; /* room that is filled later */
    for (size_t k = 0; k < c->count; k++)
        for (size_t j = 0; j < J; j++) {
            double value = value_of(e, c->place[k], j, NULL);
            c->value[k * J + j] = value;
            c->whole[k] += value;
            sector[j] += value;
            nation += value;
        }
    for (size_t k = 0; k < c->count; k++)
        for (size_t j = 0; j < J; j++) {
            double share = sector[j] > 0 ? c->value[k * J + j] / sector[j] : 0; /* a sector that nobody has concentrates nowhere */
            c->quotient[k * J + j] = c->whole[k] > 0 ? share / (c->whole[k] / nation) : 0;
            c->cluster_of[k * J + j] = -1;
            c->local[k * J + j] = (local_moran){unknown, unknown, unknown, unknown, unknown};
        }
    for (size_t j = 0; j < J; j++) c->plants[j] = unknown;
}

static bashu_status make_weights(bashu_clusters *c)
{
    const description *about = &c->economy->about;
    size_t n = c->count, most = n > 2 ? (n - 1) / 2 : 1; /* where everybody is everybody's neighbour nothing is near */
    c->near = c->economy->travel_time_h && n > 2;
    if (!c->near) return BASHU_OK;
    double *time = malloc(n * n * sizeof *time);
    const double *all = c->economy->travel_time_h + about->people_travel * about->N * about->N;
    if (!time) return fail_memory(c->context);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) time[i * n + k] = all[c->place[i] * about->N + c->place[k]];
    if ((size_t)c->options.neighbours > most) c->options.neighbours = (int)most;
    bashu_status status = c->options.within_h > 0 ? spatial_within(&c->weights, c->memory, time, n, c->options.within_h)
                                                  : spatial_nearest(&c->weights, c->memory, time, n, (size_t)c->options.neighbours);
    free(time);
    if (status == BASHU_OK) c->neighbours_mean = (double)c->weights.first[n] / (double)n;
    return status;
}

/* ---- a sector ----------------------------------------------------------------------------------------- */

static bool imputed(const bashu_clusters *c, size_t k, size_t j)
{
    const bashu_economy *e = c->economy;
    return e->value_added_imputed && e->value_added_imputed[at2(c->place[k], j, e->about.J)];
}

static bashu_status concentrate(bashu_clusters *c, size_t j)
{
    bashu_concentration *out = &c->sectors[j];
    size_t J = c->economy->about.J;
    double *value = malloc((c->count + 1) * sizeof *value), made_up = 0;
    if (!value) return fail_memory(c->context);
    for (size_t k = 0; k < c->count; k++) {
        value[k] = c->value[k * J + j];
        out->value_added += value[k];
        made_up += imputed(c, k, j) ? value[k] : 0;
    }
    ellison_glaeser eg = concentration_ellison_glaeser(value, c->whole, c->count, c->plants[j]);
    out->imputed_share = out->value_added > 0 ? made_up / out->value_added : unknown;
    out->herfindahl = concentration_herfindahl(value, c->count);
    out->raw = eg.raw;
    out->bound = eg.bound;
    out->index = eg.index;
    out->plants = c->plants[j];
    out->moran = out->expected = out->variance = out->z = out->p = unknown;
    bashu_status status = concentration_gini(&out->gini, c->context, value, NULL, c->count);
    if (status == BASHU_OK) status = concentration_gini(&out->locational_gini, c->context, value, c->whole, c->count);
    free(value);
    return status;
}

static bashu_status associate(bashu_clusters *c)
{
    size_t J = c->economy->about.J, permutations = (size_t)c->options.permutations;
    double *p = malloc((J + 1) * sizeof *p);
    if (!p) return fail_memory(c->context);
    report_progress(c->context, 0, "clusters: permutations");
    bashu_status status = spatial_moran_p(p, c->context, &c->weights, c->quotient, J, permutations, c->options.seed);
    for (size_t j = 0; status == BASHU_OK && j < J; j++) {
        moran m;
        status = spatial_moran(&m, c->context, &c->weights, c->quotient, J, j);
        c->sectors[j].moran = m.statistic;
        c->sectors[j].expected = m.expected;
        c->sectors[j].variance = m.variance;
        c->sectors[j].z = m.z;
        c->sectors[j].p = p[j];
    }
    free(p);
    TRY(status);
    report_progress(c->context, 0.5, "clusters: places and their neighbours");
    return spatial_local(c->local, c->context, &c->weights, c->quotient, J, permutations, c->options.seed);
}

/* ---- clusters ----------------------------------------------------------------------------------------- */

static bool significant(const bashu_clusters *c, const local_moran *l) { return l->q <= c->options.false_discovery; }

static bool high_high(const local_moran *l) { return l->own > 0 && l->lag > 0; }

typedef struct sized {
    double size;
    size_t index;
} sized;

static int by_size(const void *a, const void *b)
{
    const sized *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static bashu_status name_cluster(bashu_cluster *out, const bashu_clusters *c)
{
    const description *about = &c->economy->about;
    const label *sector = &about->sectors[out->sector].label, *place[3];
    size_t shown = out->place_count < 3 ? out->place_count : 3;
    for (size_t k = 0; k < shown; k++) place[k] = &about->regions[out->places[k]].label;
    const char *second = shown > 1 ? "-" : "", *third = shown > 2 ? "-" : "";
    out->name_en = arena_format(c->memory, "%s%s%s%s%s: %s", place[0]->name_en, second, shown > 1 ? place[1]->name_en : "", third,
                                shown > 2 ? place[2]->name_en : "", sector->name_en);
    out->name_zh = arena_format(c->memory, "%s%s%s%s%s：%s", place[0]->name_zh, second, shown > 1 ? place[1]->name_zh : "", third,
                                shown > 2 ? place[2]->name_zh : "", sector->name_zh);
    return out->name_en && out->name_zh ? BASHU_OK : fail_memory(c->context);
}

/* Part number `part` of sector j, of whose places `members` says which. */
static bashu_status describe_cluster(bashu_cluster *out, const bashu_clusters *c, size_t j, const long *part_of, long part, sized *room)
{
    size_t J = c->economy->about.J, count = 0;
    double whole = 0, nation = 0, made_up = 0;
    *out = (bashu_cluster){.sector = j};
    for (size_t k = 0; k < c->count; k++) {
        nation += c->whole[k];
        if (part_of[k] != part) continue;
        room[count++] = (sized){c->value[k * J + j], k};
        out->value_added += c->value[k * J + j];
        whole += c->whole[k];
        made_up += imputed(c, k, j) ? c->value[k * J + j] : 0;
    }
    qsort(room, count, sizeof *room, by_size);
    size_t *places = arena_alloc(c->memory, count, sizeof *places);
    if (!places) return fail_memory(c->context);
    for (size_t k = 0; k < count; k++) places[k] = c->place[room[k].index];
    out->places = places;
    out->place_count = count;
    out->share = out->value_added / c->sectors[j].value_added;
    out->quotient = out->share / (whole / nation);
    out->imputed_share = made_up / out->value_added;
    return name_cluster(out, c);
}

/* Clusters of sector j at the end of the list, largest first; room for one a place and sector is there. */
static bashu_status find_clusters(bashu_clusters *c, size_t j, long *part_of, unsigned char *member, sized *room)
{
    size_t J = c->economy->about.J, found;
    for (size_t k = 0; k < c->count; k++) {
        const local_moran *l = &c->local[k * J + j];
        c->sectors[j].significant += significant(c, l);
        member[k] = significant(c, l) && high_high(l) && c->quotient[k * J + j] >= c->options.threshold;
    }
    TRY(spatial_parts(part_of, &found, c->context, &c->weights, member));
    c->sectors[j].clusters = found;
    bashu_cluster *made = arena_alloc(c->memory, found, sizeof *made), *list = c->clusters + c->cluster_count;
    sized *order = arena_alloc(c->memory, found, sizeof *order);
    if (!made || !order) return fail_memory(c->context);
    for (size_t q = 0; q < found; q++) {
        TRY(describe_cluster(&made[q], c, j, part_of, (long)q, room));
        order[q] = (sized){made[q].value_added, q};
    }
    qsort(order, found, sizeof *order, by_size);
    for (size_t q = 0; q < found; q++) {
        list[q] = made[order[q].index];
        for (size_t k = 0; k < c->count; k++)
            if (part_of[k] == (long)order[q].index) c->cluster_of[k * J + j] = (long)(c->cluster_count + q);
    }
    c->cluster_count += found;
    return BASHU_OK;
}

static bashu_status find_all(bashu_clusters *c)
{
    size_t J = c->economy->about.J;
    long *part_of = malloc((c->count + 1) * sizeof *part_of);
    unsigned char *member = malloc(c->count + 1);
    sized *room = malloc((c->count + 1) * sizeof *room);
    c->clusters = arena_alloc(c->memory, c->count * J, sizeof *c->clusters);
    bashu_status status = part_of && member && room && c->clusters ? BASHU_OK : fail_memory(c->context);
    for (size_t j = 0; status == BASHU_OK && j < J; j++) status = find_clusters(c, j, part_of, member, room);
    free(part_of);
    free(member);
    free(room);
    return status;
}

/* ---- circle and benchmark ----------------------------------------------------------------------------- */

static double people_of(const bashu_economy *e, const double *part)
{
    double sum = 0;
    for (size_t n = 0; n < e->about.N; n++)
        for (size_t s = 0; s < e->about.S; s++) sum += part[n] * e->people[at2(n, s, e->about.S)];
    return sum;
}

static bashu_cluster_side side_of(const bashu_clusters *c, size_t j, const double *part)
{
    const bashu_economy *e = c->economy;
    size_t J = e->about.J;
    cluster_sums sums = clusters_sums(e, part, j, NULL);
    double inside = 0, made_up = 0;
    bashu_cluster_side out = {.quotient = clusters_quotient(sums), .share = sums.sector / sums.nation_sector,
                              .per_head = sums.sector * e->about.currency_unit / people_of(e, part)};
    for (size_t k = 0; k < c->count; k++) {
        double value = part[c->place[k]] * c->value[k * J + j];
        inside += c->cluster_of[k * J + j] >= 0 ? value : 0;
        made_up += imputed(c, k, j) ? value : 0;
    }
    for (size_t q = 0; q < c->cluster_count; q++) {
        bool here = false;
        for (size_t k = 0; c->clusters[q].sector == j && k < c->clusters[q].place_count; k++) here = here || part[c->clusters[q].places[k]] > 0;
        out.clusters += here;
    }
    out.inside = c->near ? inside / sums.sector : unknown;
    out.imputed_share = made_up / sums.sector;
    return out;
}

static bashu_status compare_sides(bashu_clusters *c)
{
    const description *about = &c->economy->about;
    if (!c->compares) return BASHU_OK;
    double *part = calloc(2 * (about->N + 1), sizeof *part), *other = part + about->N;
    bashu_status status = part ? measure_parts(c->context, about, c->circle.set, c->circle.member, part, NULL) : fail_memory(c->context);
    if (status == BASHU_OK) status = measure_parts(c->context, about, c->benchmark.set, c->benchmark.member, other, NULL);
    for (size_t j = 0; status == BASHU_OK && j < about->J; j++) {
        c->gaps[j] = (bashu_cluster_gap){.circle = side_of(c, j, part), .benchmark = side_of(c, j, other)};
        c->gaps[j].gap = c->gaps[j].benchmark.quotient - c->gaps[j].circle.quotient;
    }
    free(part);
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static bashu_status compute(bashu_clusters *c)
{
    const description *about = &c->economy->about;
    size_t only;
    TRY(copy_text(&c->options.sector, c->memory));
    TRY(copy_text(&c->options.circle, c->memory));
    TRY(copy_text(&c->options.benchmark, c->memory));
    TRY(copy_text(&c->options.plants, c->memory));
    c->only = -1;
    if (c->options.sector) {
        TRY(clusters_find_sector(&only, c->economy, c->options.sector));
        c->only = (long)only;
    }
    TRY(clusters_sides(&c->circle, &c->benchmark, &c->compares, c->memory, c->economy, c->options.circle, c->options.benchmark));
    TRY(make_room(c));
    fill_places(c);
    if (c->options.plants) TRY(plants_read(c->plants, c->memory, about, c->options.plants));
    for (size_t j = 0; j < about->J; j++) TRY(concentrate(c, j));
    TRY(make_weights(c));
    if (c->near) {
        TRY(associate(c));
        TRY(find_all(c));
    }
    return compare_sides(c);
}

bashu_status clusters_new(bashu_clusters **out, const bashu_economy *economy, const bashu_clusters_options *wanted)
{
    static const bashu_clusters_options defaults = BASHU_CLUSTERS_OPTIONS_INIT;
    double start = now_s();
    arena *memory = arena_new(economy->context);
    bashu_clusters *c = memory ? arena_alloc(memory, 1, sizeof *c) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (c) {
        *c = (bashu_clusters){.context = economy->context, .memory = memory, .economy = economy, .options = wanted ? *wanted : defaults};
        status = compute(c);
    } else fail_memory(economy->context);
    if (status != BASHU_OK) {
        arena_free(memory);
        return status;
    }
    c->time_s = now_s() - start;
    *out = c;
    return BASHU_OK;
}

void clusters_free(bashu_clusters *clusters)
{
    if (clusters) arena_free(clusters->memory);
}

/* ---- one place ------------------------------------------------------------------------------------------ */

static const char *kind_of(const local_moran *l)
{
    if (isnan(l->statistic)) return "";
    if (l->own > 0) return l->lag > 0 ? "high_high" : "high_low";
    return l->lag > 0 ? "low_high" : "low_low";
}

bashu_status clusters_place(bashu_local *out, const bashu_clusters *c, size_t j, size_t region)
{
    const description *about = &c->economy->about;
    *out = (bashu_local){unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown, "", 0, 0, -1};
    if ((long)region == about->foreign) return BASHU_OK;
    size_t k = region - (about->foreign >= 0 && region > (size_t)about->foreign), i = k * about->J + j;
    const local_moran *l = &c->local[i];
    *out = (bashu_local){.value_added = c->value[i], .share = c->value[i] / c->sectors[j].value_added, .quotient = c->quotient[i], .own = l->own,
                         .lag = l->lag, .moran = l->statistic, .p = l->p, .q = l->q, .kind = kind_of(l), .significant = significant(c, l),
                         .imputed = imputed(c, k, j), .cluster = c->cluster_of[i]};
    return BASHU_OK;
}
