/* network.c - the network of an economy described, checked, and held against printed times.
 *
 *   open in year y: opened <= y or not dated, and not closed by the scenario
 *   straight line   great circle of 6371 km
 *   fit             found: time over the open links of the printed time's mode (no mode: of all modes with printed times), with the stops that
 *                   the economy states, by the quickest route or over all (routing: stochastic) as people go;  error = found / printed - 1;  bias: its median;  median and 90th percentile of |error|
 *
 * A printed time whose least way is one link says little, since such links were made from printed times: they are counted apart. */
#include "measure/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PROBLEMS_MOST = 10000 };
static const double slack = 1.02; /* coordinates of stations are rough */

/* ---- links ----------------------------------------------------------------------------------------- */

double link_speed(const graph *g, size_t link) { return g->links[link].length_km / g->links[link].time_h; }

bool link_is_open(const bashu_network *network, size_t link) { return isfinite(network->link_time_h[link]); }

static double straight_km(const graph *g, size_t a, size_t b)
{
    const double degree = 3.14159265358979323846 / 180;
    double north = (g->node_lat[b] - g->node_lat[a]) * degree, east = (g->node_lon[b] - g->node_lon[a]) * degree;
    double h = sin(north / 2) * sin(north / 2) + cos(g->node_lat[a] * degree) * cos(g->node_lat[b] * degree) * sin(east / 2) * sin(east / 2);
    return 2 * 6371 * asin(fmin(1, sqrt(h)));
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the order statistics, as sweeps have it (Hyndman & Fan 1996, type 7); x is sorted. */
static double quantile(const double *x, size_t n, double q)
{
    if (!n) return (double)NAN;
    double h = (double)(n - 1) * q, low = floor(h);
    size_t k = (size_t)low;
    return k + 1 < n ? x[k] + (h - low) * (x[k + 1] - x[k]) : x[n - 1];
}

static double limit_of(const description *about, const char *mode)
{
    for (size_t k = 0; k < about->speed_limit_count; k++)
        if (!strcmp(about->speed_limits[k].mode, mode)) return about->speed_limits[k].km_per_h;
    return (double)NAN;
}

static bashu_status list_modes(bashu_network *w)
{
    const description *about = &w->economy->about;
    const graph *g = w->graph;
    double *speed = arena_alloc(w->memory, g->link_count + 1, sizeof *speed);
    w->modes = arena_alloc(w->memory, g->link_count + 1, sizeof *w->modes);
    if (!speed || !w->modes) return fail_memory(w->context);
    for (size_t l = 0; l < g->link_count; l++) {
        size_t k = 0;
        while (k < w->mode_count && strcmp(w->modes[k].mode, g->links[l].mode) != 0) k++;
        if (k == w->mode_count) w->modes[w->mode_count++] = (network_mode){.mode = g->links[l].mode, .limit = limit_of(about, g->links[l].mode)};
        network_mode *m = &w->modes[k];
        m->closed += !link_is_open(w, l);
        if (!link_is_open(w, l)) continue;
        m->links++;
        m->undated += !g->links[l].opened;
        m->imputed += g->links[l].flag != NULL;
        if (isfinite(g->links[l].length_km)) m->length_km += g->links[l].length_km;
    }
    for (size_t k = 0; k < w->mode_count; k++) {
        size_t count = 0;
        for (size_t l = 0; l < g->link_count; l++)
            if (link_is_open(w, l) && !strcmp(g->links[l].mode, w->modes[k].mode) && isfinite(link_speed(g, l))) speed[count++] = link_speed(g, l);
        qsort(speed, count, sizeof *speed, by_value);
        w->modes[k].slowest = quantile(speed, count, 0.05);
        w->modes[k].typical = quantile(speed, count, 0.5);
        w->modes[k].fastest = quantile(speed, count, 0.95);
    }
    return BASHU_OK;
}

/* ---- what is wrong --------------------------------------------------------------------------------- */

static void found(bashu_network *w, bashu_network_problem problem)
{
    if (w->problem_count < PROBLEMS_MOST) w->problems[w->problem_count++] = problem;
}

static bashu_status check_reach(bashu_network *w, least_tree *tree, double *time_h, double *link_time_h, size_t *by_link)
{
    const description *about = &w->economy->about;
    const graph *g = w->graph;
    for (size_t c = 0; c < about->C; c++) {
        for (size_t l = 0; l < g->link_count; l++) link_time_h[l] = w->travel[c].allowed[l] ? w->link_time_h[l] : (double)INFINITY;
        least_tree_search(tree, g->region_node[0], link_time_h, time_h, by_link);
        for (size_t n = 0; n < about->N; n++)
            if (!isfinite(time_h[g->region_node[n]]))
                found(w, (bashu_network_problem){BASHU_NETWORK_UNREACHABLE, about->regions[n].label.id, w->travel[c].name, (double)NAN, (double)NAN});
    }
    return BASHU_OK;
}

static void check_speeds(bashu_network *w)
{
    const description *about = &w->economy->about;
    const graph *g = w->graph;
    for (size_t l = 0; l < g->link_count; l++) {
        const graph_link *link = &g->links[l];
        double straight = straight_km(g, link->from, link->to), limit = limit_of(about, link->mode), speed = straight / w->link_time_h[l];
        if (!link_is_open(w, l)) continue;
        if (speed > limit * slack) found(w, (bashu_network_problem){BASHU_NETWORK_TOO_FAST, link->id, link->mode, speed, limit});
        if (link->length_km * slack + 1 < straight) found(w, (bashu_network_problem){BASHU_NETWORK_TOO_SHORT, link->id, link->mode, link->length_km, straight});
    }
}

/* Links of one mode between the same nodes: the slower one is never used. Few links leave a node, and each pair is met once. */
static bashu_status check_twins(bashu_network *w)
{
    const graph *g = w->graph;
    size_t *head = arena_alloc(w->memory, g->node_count + 1, sizeof *head), *next = arena_alloc(w->memory, g->link_count + 1, sizeof *next);
    if (!head || !next) return fail_memory(w->context);
    for (size_t l = 0; l < g->link_count; l++) {
        const graph_link *link = &g->links[l];
        size_t at = link->from < link->to ? link->from : link->to;
        for (size_t k = head[at]; k && link_is_open(w, l); k = next[k - 1]) {
            const graph_link *other = &g->links[k - 1];
            bool same = (other->from == link->from && other->to == link->to) || (other->from == link->to && other->to == link->from && other->both_ways && link->both_ways);
            if (same && link_is_open(w, k - 1) && !strcmp(other->mode, link->mode))
                found(w, (bashu_network_problem){BASHU_NETWORK_TWIN, link->id, other->id, 60 * w->link_time_h[l], 60 * w->link_time_h[k - 1]});
        }
        next[l] = head[at];
        head[at] = l + 1;
    }
    return BASHU_OK;
}

/* ---- printed times --------------------------------------------------------------------------------- */

/* Years with printed times: the one wanted, else the economy's, else the latest. */
static int year_of_times(const description *about, int wanted)
{
    int latest = 0;
    for (size_t k = 0; k < about->printed_time_count; k++) {
        int year = about->printed_times[k].year;
        if (!isfinite(about->printed_times[k].time_h)) continue; /* trains are counted, not timed */
        if (year == (wanted ? wanted : about->year)) return year;
        if (year > latest) latest = year;
    }
    return wanted ? 0 : latest;
}

static bool has_printed(const bashu_network *w, const char *mode)
{
    const description *about = &w->economy->about;
    for (size_t k = 0; k < w->compared; k++)
        if (!strcmp(about->printed_times[w->printed[k]].mode, mode)) return true;
    return false;
}

/* Times over all routes between the nodes of the printed times that have a way, instead of the least. */
static bashu_status over_all_routes(bashu_network *w, const char *mode, const double *link_time_h, double dispersion)
{
    const description *about = &w->economy->about;
    graph places = *w->graph; /* whose regions are the nodes of the printed times */
    arena *scratch = arena_new(w->context);
    if (!scratch) return fail_memory(w->context);
    size_t *node = arena_alloc(scratch, places.node_count, sizeof *node), *place_of = arena_alloc(scratch, places.node_count, sizeof *place_of), count = 0;
    for (size_t k = 0; node && place_of && k < w->compared; k++) {
        const printed_time *row = &about->printed_times[w->printed[k]];
        const size_t ends[] = {row->from, row->to};
        for (size_t q = 0; q < 2 && !strcmp(row->mode, mode); q++)
            if (!place_of[ends[q]]) { /* 1 + place */
                node[count++] = ends[q];
                place_of[ends[q]] = count;
            }
    }
    double *time_h = arena_alloc(scratch, count * count + 1, sizeof *time_h), *zero = arena_alloc(scratch, count + 1, sizeof *zero);
    graph_use use = {.name = about->travel[about->people_travel].name, .dispersion = dispersion};
    places.region_count = count;
    places.region_node = node;
    bashu_status status = node && place_of && time_h && zero ? BASHU_OK : fail_memory(w->context);
    if (status == BASHU_OK) status = graph_travel_time(time_h, &places, w->context, link_time_h, &use, zero);
    for (size_t k = 0; status == BASHU_OK && k < w->compared; k++) {
        const printed_time *row = &about->printed_times[w->printed[k]];
        if (!strcmp(row->mode, mode)) w->found_h[k] = time_h[(place_of[row->from] - 1) * count + place_of[row->to] - 1];
    }
    arena_free(scratch);
    return status;
}

/* Least times of the printed times of one mode, origin by origin. */
static void search_mode(bashu_network *w, const char *mode, least_tree *tree, double *time_h, double *link_time_h, size_t *by_link, unsigned char *done)
{
    const description *about = &w->economy->about;
    const graph *g = w->graph;
    for (size_t l = 0; l < g->link_count; l++) {
        bool uses = *mode ? !strcmp(g->links[l].mode, mode) : has_printed(w, g->links[l].mode);
        link_time_h[l] = uses ? w->link_time_h[l] : (double)INFINITY;
    }
    for (size_t k = 0; k < w->compared; k++) {
        const printed_time *first = &about->printed_times[w->printed[k]];
        if (done[k] || strcmp(first->mode, mode) != 0) continue;
        least_tree_search(tree, first->from, link_time_h, time_h, by_link);
        for (size_t q = k; q < w->compared; q++) {
            const printed_time *row = &about->printed_times[w->printed[q]];
            if (row->from != first->from || strcmp(row->mode, mode) != 0) continue;
            done[q] = 1;
            w->found_h[q] = time_h[row->to];
            if (!isfinite(time_h[row->to])) continue;
            const graph_link *last = &g->links[by_link[row->to]];
            w->is_link[q] = last->from == row->from || (last->both_ways && last->to == row->from);
        }
    }
}

static double error_of(const bashu_network *w, size_t k)
{
    return w->found_h[k] / w->economy->about.printed_times[w->printed[k]].time_h - 1;
}

/* One row: printed times of a mode whose way is one link, or several, or either. */
static void fit_rows(bashu_network *w, const char *mode, int ways, double *error, double *size)
{
    const description *about = &w->economy->about;
    bashu_network_fit f = {.mode = mode, .ways = ways, .worst_pct = (double)NAN};
    double worst = -1;
    size_t within_5 = 0, within_10 = 0;
    for (size_t k = 0; k < w->compared; k++) {
        const printed_time *row = &about->printed_times[w->printed[k]];
        if (strcmp(row->mode, mode) != 0) continue;
        if (!isfinite(w->found_h[k])) {
            f.unreachable += ways == BASHU_WAYS_ALL;
            continue;
        }
        if (ways == BASHU_WAYS_LINK && !w->is_link[k]) continue;
        if (ways == BASHU_WAYS_SEVERAL && w->is_link[k]) continue;
        error[f.count] = error_of(w, k);
        size[f.count] = fabs(error[f.count]);
        within_5 += size[f.count] <= 0.05;
        within_10 += size[f.count] <= 0.1;
        if (size[f.count] > worst) {
            worst = size[f.count];
            f.worst_pct = 100 * error[f.count];
            f.worst_from = about->network->node_id[row->from];
            f.worst_to = about->network->node_id[row->to];
            f.worst_printed = 60 * row->time_h;
            f.worst_found = 60 * w->found_h[k];
        }
        f.count++;
    }
    qsort(error, f.count, sizeof *error, by_value);
    qsort(size, f.count, sizeof *size, by_value);
    f.bias_pct = 100 * quantile(error, f.count, 0.5);
    f.median_pct = 100 * quantile(size, f.count, 0.5);
    f.ninety_pct = 100 * quantile(size, f.count, 0.9);
    f.within_5 = f.count ? (double)within_5 / (double)f.count : (double)NAN;
    f.within_10 = f.count ? (double)within_10 / (double)f.count : (double)NAN;
    w->fits[w->fit_count++] = f;
}

static bashu_status compare_times(bashu_network *w, least_tree *tree, double *time_h, double *link_time_h, size_t *by_link)
{
    const description *about = &w->economy->about;
    size_t rows = about->printed_time_count, mode_count = 0;
    const char **modes = arena_alloc(w->memory, w->mode_count + 2, sizeof *modes);
    unsigned char *done = arena_alloc(w->memory, rows + 1, 1);
    double *room;
    const array_wanted wanted[] = {{&w->found_h, rows + 1}, {&room, 2 * rows + 2}};
    w->printed = arena_alloc(w->memory, rows + 1, sizeof *w->printed);
    w->is_link = arena_alloc(w->memory, rows + 1, 1);
    w->fits = arena_alloc(w->memory, 3 * (w->mode_count + 1), sizeof *w->fits);
    if (!modes || !done || !w->printed || !w->is_link || !w->fits || !ARENA_ARRAYS(w->memory, wanted)) return fail_memory(w->context);
    w->printed_year = year_of_times(about, w->year);
    TRY(travel_dispersion(&w->dispersion, about, w->context, about->people_travel));
    for (size_t k = 0; k < rows; k++)
        if (about->printed_times[k].year == w->printed_year && isfinite(about->printed_times[k].time_h)) w->printed[w->compared++] = k;
    if (has_printed(w, "")) modes[mode_count++] = "";
    for (size_t k = 0; k < w->mode_count; k++)
        if (has_printed(w, w->modes[k].mode)) modes[mode_count++] = w->modes[k].mode;
    for (size_t m = 0; m < mode_count; m++) {
        search_mode(w, modes[m], tree, time_h, link_time_h, by_link, done);
        if (w->dispersion > 0) TRY(over_all_routes(w, modes[m], link_time_h, w->dispersion));
        fit_rows(w, modes[m], BASHU_WAYS_ALL, room, room + rows + 1);
        fit_rows(w, modes[m], BASHU_WAYS_LINK, room, room + rows + 1);
        fit_rows(w, modes[m], BASHU_WAYS_SEVERAL, room, room + rows + 1);
    }
    return BASHU_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------- */

static bashu_status network_make(bashu_network *w)
{
    const graph *g;
    double *time_h, *link_time_h;
    changed_network now;
    TRY(scenario_network(&now, w->memory, w->economy, w->scenario, NULL));
    w->graph = g = now.graph;
    w->travel = now.travel;
    w->link_time_h = now.link_time_h;
    size_t *by_link = arena_alloc(w->memory, g->node_count + 1, sizeof *by_link);
    least_tree *tree;
    const array_wanted wanted[] = {{&time_h, g->node_count + 1}, {&link_time_h, g->link_count + 1}};
    w->problems = arena_alloc(w->memory, PROBLEMS_MOST, sizeof *w->problems);
    if (!by_link || !w->problems || !ARENA_ARRAYS(w->memory, wanted)) return fail_memory(w->context);
    for (size_t l = 0; l < g->link_count; l++)
        if (w->year && g->links[l].opened > w->year) w->link_time_h[l] = (double)INFINITY;
    w->region_nodes = g->region_count;
    w->stations = g->node_count - g->region_count;
    TRY(least_tree_new(&tree, w->memory, g));
    TRY(list_modes(w));
    TRY(check_reach(w, tree, time_h, link_time_h, by_link));
    check_speeds(w);
    TRY(check_twins(w));
    return compare_times(w, tree, time_h, link_time_h, by_link);
}

bashu_status network_new(bashu_network **out, const bashu_economy *economy, const bashu_scenario *scenario, int year)
{
    if (!economy->about.network)
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "the economy '%s' has no network; give it the tables nodes and links", economy->about.name);
    if (scenario && scenario->economy != economy)
        return fail(economy->context, BASHU_ERROR_ARGUMENT, "the scenario was read for another economy than the network's");
    arena *memory = arena_new(economy->context);
    bashu_network *w = memory ? arena_alloc(memory, 1, sizeof *w) : NULL;
    bashu_status status = BASHU_ERROR_MEMORY;
    if (w) {
        *w = (bashu_network){.context = economy->context, .memory = memory, .economy = economy, .scenario = scenario, .year = year};
        status = network_make(w);
    }
    if (status == BASHU_OK) *out = w;
    else arena_free(memory);
    return status == BASHU_ERROR_MEMORY ? fail_memory(economy->context) : status;
}

void network_free(bashu_network *network)
{
    if (network) arena_free(network->memory);
}
