/* fuzz_routing.c - any bytes as routing.yaml, nodes.csv, links.csv and a scenario, one after another with lines of ==== between them: a clear refusal, or a
 * network within its bounds, whose equilibrium (where it is small) is one by its certificate. */
#include "input/routing.h"

#include "fuzz.h"

#include <math.h>
#include <string.h>

enum { PARTS = 4, SMALL = 12 };
static const char *const names[PARTS] = {"routing.yaml", "nodes.csv", "links.csv", "scenario.yaml"}, between[] = "\n====\n";

static void write_parts(const uint8_t *data, size_t size)
{
    for (size_t k = 0; k < PARTS; k++) {
        size_t length = 0, mark = sizeof between - 1;
        while (length < size && !(k + 1 < PARTS && length + mark <= size && !memcmp(data + length, between, mark))) length++;
        fuzz_named_file(names[k], data, length);
        length += length < size ? mark : 0;
        data += length;
        size -= length;
    }
}

static void check_network(const route_network *w)
{
    double people = 0;
    HOLDS(w->node_count >= 2 && w->link_count >= 1);
    HOLDS(w->theta > 0 && w->congestion >= 0);
    for (size_t i = 0; i < w->node_count; i++) {
        HOLDS(*w->node_id[i] && w->people[i] >= 0 && isfinite(w->people[i]));
        HOLDS(!w->income || (isfinite(w->income[i]) && (w->income[i] > 0) == (w->people[i] > 0)));
        HOLDS(w->income || (w->productivity[i] > 0 && isfinite(w->productivity[i]) && w->amenity[i] > 0));
        people += w->people[i];
    }
    HOLDS(people > 0 && isfinite(people));
    for (size_t k = 0; k < w->link_count; k++) {
        const route_link *l = &w->links[k];
        HOLDS(l->from < w->node_count && l->to < w->node_count && l->from != l->to);
        HOLDS(l->cost > 0 && isfinite(l->cost));
        HOLDS(!w->time_h || (w->time_h[k] > 0 && isfinite(w->time_h[k])));
    }
}

static void check_refusal(bashu_context *context, bashu_status status)
{
    HOLDS(status == BASHU_ERROR_INPUT);
    HOLDS(!strncmp(bashu_message(context), fuzz_folder(), strlen(fuzz_folder())));
}

static void check_changes(const route_network *w, bashu_context *context, arena *memory, const char *path)
{
    route_changes c;
    bashu_status status = route_changes_read(&c, memory, w, path);
    if (status != BASHU_OK) {
        check_refusal(context, status);
        return;
    }
    for (size_t k = 0; c.cost && k < w->link_count; k++) HOLDS(c.cost[k] > 0);
    for (size_t i = 0; i < w->node_count; i++) {
        HOLDS(!c.productivity || (c.productivity[i] > 0 && isfinite(c.productivity[i])));
        HOLDS(!c.amenity || (c.amenity[i] > 0 && isfinite(c.amenity[i])));
    }
}

/* Through the public functions: every answer is one, or says that there is none. */
static void check_answer(bashu_context *context, const char *scenario)
{
    bashu_routing *r = NULL;
    HOLDS(bashu_routing_read(&r, context, fuzz_folder(), NULL) == BASHU_OK);
    bashu_status status = bashu_routing_solve(r, 1e-8);
    const bashu_routing_info *info = bashu_routing_info_get(r);
    HOLDS(status == BASHU_OK || status == BASHU_ERROR_INPUT);
    if (status == BASHU_OK && info->reason > 0) {
        HOLDS(info->residual <= 1e-6 && info->nodes <= SMALL);
        status = bashu_routing_scenario(r, scenario, 1e-8);
        HOLDS(status == BASHU_OK || status == BASHU_ERROR_INPUT);
        if (status == BASHU_OK && info->reason > 0) HOLDS(info->residual <= 1e-6 && isfinite(info->welfare_hat));
    }
    bashu_routing_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bashu_context *context = NULL;
    route_network w;
    char path[400];
    write_parts(data, size);
    strcat(strcpy(path, fuzz_folder()), "/scenario.yaml");
    HOLDS(bashu_open(&context, 1) == BASHU_OK);
    arena *memory = arena_new(context);
    bashu_status status = route_network_read(&w, memory, fuzz_folder(), NULL);
    if (status == BASHU_OK) {
        check_network(&w);
        check_changes(&w, context, memory, path);
        if (w.node_count <= SMALL) check_answer(context, path);
    } else check_refusal(context, status);
    arena_free(memory);
    bashu_close(context);
    return 0;
}
