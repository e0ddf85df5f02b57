/* infrastructure.c - a file of places, goods and links that can be built. Format: docs/models/fajgelbaum_schaal_2020.md. */
#include "input/infrastructure.h"
#include "input/economy_parts.h"

#include <string.h>

typedef struct reader {
    infrastructure_data *out;
    arena *memory, *scratch;
    const document *d;
    name_index *places, *goods;
} reader;

static bashu_status number_or(double *out, const reader *r, const yaml_node *map, const char *key, double low, double high, double otherwise)
{
    const yaml_node *n = node_get(map, key);
    *out = otherwise;
    if (n) return node_number(out, r->d, n, key, low, high);
    if (isnan(otherwise)) TRY(node_require(&n, r->d, map, key));
    return BASHU_OK;
}

static bashu_status list_of(const yaml_node **out, const reader *r, const char *key, const char *example)
{
    TRY(node_require(out, r->d, document_root(r->d), key));
    if (node_kind_of(*out) == NODE_LIST && node_count(*out)) return BASHU_OK;
    return node_fail(r->d, *out, "%s: must be a list; write %s", key, example);
}

static bashu_status name_read(const char **out, const reader *r, name_index *index, size_t k, const yaml_node *n, const char *what)
{
    const char *text;
    TRY(node_text(&text, r->d, n, what));
    *out = arena_text(r->memory, text);
    if (!*out) return fail_memory(arena_context(r->memory));
    if (!**out) return node_fail(r->d, n, "%s: is empty; write a short name", what);
    if (name_index_find(index, *out) >= 0) return node_fail(r->d, n, "%s: '%s' is there twice; rename one of them", what, *out);
    return name_index_add(index, *out, k) ? BASHU_OK : fail_memory(arena_context(r->memory));
}

static bashu_status found(size_t *out, const reader *r, const name_index *index, const yaml_node *n, const char *key, const char *what)
{
    const char *id;
    TRY(node_text(&id, r->d, n, key));
    long at = name_index_find(index, id);
    const char *near = at < 0 ? name_index_nearest(index, id) : NULL;
    if (near) return node_fail(r->d, n, "%s: unknown %s '%s'; did you mean '%s'?", key, what, id, near);
    if (at < 0) return node_fail(r->d, n, "%s: unknown %s '%s'; write the id of one above", key, what, id);
    *out = (size_t)at;
    return BASHU_OK;
}

static bashu_status place_read(const reader *r, size_t j, const yaml_node *map)
{
    static const char *const keys[] = {"id", "people", "housing", "weight", "output", NULL};
    infrastructure_data *d = r->out;
    const yaml_node *n;
    size_t good;
    if (node_kind_of(map) != NODE_MAP) return node_fail(r->d, map, "places: an item must be a map; write {id: ID, people: 1, output: {GOOD: 1}}");
    TRY(node_only(r->d, map, keys));
    TRY(node_require(&n, r->d, map, "id"));
    TRY(name_read(&d->place[j], r, r->places, j, n, "id"));
    TRY(number_or(&d->people[j], r, map, "people", 1e-9, 1e12, unknown));
    TRY(number_or(&d->housing[j], r, map, "housing", 1e-9, 1e12, 1));
    TRY(number_or(&d->weight[j], r, map, "weight", 1e-9, 1e9, 1));
    const yaml_node *output = node_get(map, "output");
    if (output && node_kind_of(output) != NODE_MAP) return node_fail(r->d, output, "output: must be a map; write {GOOD: 1}");
    for (size_t k = 0; output && k < node_count(output); k++) {
        long at = name_index_find(r->goods, node_key(output, k));
        const char *near = at < 0 ? name_index_nearest(r->goods, node_key(output, k)) : NULL;
        if (near) return node_fail(r->d, node_item(output, k), "output: unknown good '%s'; did you mean '%s'?", node_key(output, k), near);
        if (at < 0) return node_fail(r->d, node_item(output, k), "output: unknown good '%s'; name it under goods", node_key(output, k));
        good = (size_t)at;
        TRY(node_number(&d->output[j * d->N + good], r->d, node_item(output, k), "output", 0, 1e12));
    }
    return BASHU_OK;
}

static bashu_status link_read(const reader *r, size_t e, const yaml_node *map)
{
    static const char *const keys[] = {"from", "to", "friction", "building", "built", "most", NULL};
    infrastructure_link *l = &r->out->links[e];
    const yaml_node *from, *to;
    if (node_kind_of(map) != NODE_MAP) return node_fail(r->d, map, "links: an item must be a map; write {from: ID, to: ID}");
    TRY(node_only(r->d, map, keys));
    TRY(node_require(&from, r->d, map, "from"));
    TRY(node_require(&to, r->d, map, "to"));
    TRY(found(&l->from, r, r->places, from, "from", "place"));
    TRY(found(&l->to, r, r->places, to, "to", "place"));
    if (l->from == l->to) return node_fail(r->d, to, "to: the link begins and ends at '%s'; write another place", r->out->place[l->to]);
    for (size_t k = 0; k < e; k++) {
        const infrastructure_link *o = &r->out->links[k];
        if ((o->from == l->from && o->to == l->to) || (o->from == l->to && o->to == l->from))
            return node_fail(r->d, map, "links: '%s' and '%s' are joined already; delete one of the two", r->out->place[l->from], r->out->place[l->to]);
    }
    TRY(number_or(&l->friction, r, map, "friction", 1e-9, 1e9, 1));
    TRY(number_or(&l->building, r, map, "building", 1e-9, 1e9, 1));
    TRY(number_or(&l->built, r, map, "built", 0, 1e12, 0));
    TRY(number_or(&l->most, r, map, "most", 0, unbounded, unbounded));
    return l->built <= l->most ? BASHU_OK : node_fail(r->d, map, "built: %g is more than most %g; correct one of them", l->built, l->most);
}

/* A place without a way to the others cannot be helped by links. */
static bashu_status check_joined(const reader *r, const yaml_node *links)
{
    const infrastructure_data *d = r->out;
    unsigned char *reached = arena_alloc(r->scratch, d->J, 1);
    if (!reached) return fail_memory(arena_context(r->memory));
    reached[0] = 1;
    for (bool more = true; more;) {
        more = false;
        for (size_t e = 0; e < d->E; e++) {
            size_t a = d->links[e].from, b = d->links[e].to;
            if (reached[a] == reached[b]) continue;
            reached[a] = reached[b] = 1;
            more = true;
        }
    }
    for (size_t j = 0; j < d->J; j++)
        if (!reached[j]) return node_fail(r->d, links, "links: no way from '%s' to '%s'; join them", d->place[0], d->place[j]);
    return BASHU_OK;
}

/* People who move make one good where they are; nobody's weight counts more. */
static bashu_status check_mobile(const reader *r, const yaml_node *map)
{
    const infrastructure_data *d = r->out;
    for (size_t j = 0; j < d->J; j++) {
        size_t goods = 0;
        for (size_t n = 0; n < d->N; n++) goods += d->output[j * d->N + n] > 0;
        if (goods > 1) return node_fail(r->d, map, "mobile: '%s' makes %zu goods; where people move a place makes one at most", d->place[j], goods);
        if (d->weight[j] != 1) return node_fail(r->d, map, "mobile: '%s' has a weight; where people move all get the same: delete it", d->place[j]);
    }
    if (d->alpha == 1) return node_fail(r->d, map, "mobile: with alpha 1 nothing but goods counts, and people crowd without end; write alpha below 1");
    return BASHU_OK;
}

static bashu_status parameters_read(const reader *r, const yaml_node *map)
{
    static const char *const keys[] = {"beta", "gamma", "alpha", "sigma", "inequality", "mobile", "returns", NULL};
    infrastructure_data *d = r->out;
    if (node_kind_of(map) != NODE_MAP) return node_fail(r->d, map, "parameters: must be a map; write {beta: 1, gamma: 1}");
    TRY(node_only(r->d, map, keys));
    TRY(number_or(&d->beta, r, map, "beta", 0.01, 10, unknown));
    TRY(number_or(&d->gamma, r, map, "gamma", 0.01, 10, unknown));
    TRY(number_or(&d->alpha, r, map, "alpha", 0.01, 1, 1));
    TRY(number_or(&d->inequality, r, map, "inequality", 0, 20, 1));
    TRY(number_or(&d->sigma, r, map, "sigma", 1.01, 100, d->N > 1 ? unknown : unbounded));
    const yaml_node *mobile = node_get(map, "mobile");
    const char *word = "false";
    if (mobile) TRY(node_text(&word, r->d, mobile, "mobile"));
    d->mobile = !strcmp(word, "true");
    if (!d->mobile && strcmp(word, "false") != 0) return node_fail(r->d, mobile, "mobile: '%s' is neither true nor false", word);
    TRY(number_or(&d->returns, r, map, "returns", 0.01, 1, 1));
    const char *idle = d->mobile ? "inequality" : "returns";
    if (node_get(map, idle)) return node_fail(r->d, node_get(map, idle), "%s: is of no use where people %s; delete it", idle, d->mobile ? "move" : "stay");
    return d->mobile ? check_mobile(r, map) : BASHU_OK;
}

static bashu_status budget_read(const reader *r, double budget)
{
    infrastructure_data *d = r->out;
    const yaml_node *root = document_root(r->d), *n = node_get(root, "budget");
    double least = 0, length = 0;
    for (size_t e = 0; e < d->E; e++) length += d->links[e].building;
    if (budget > 0) d->budget = budget;
    else TRY(number_or(&d->budget, r, root, "budget", 1e-9, 1e15, unknown));
    for (size_t e = 0; e < d->E; e++) { /* shipping on a link of nothing costs without end: a millionth of an even share stands everywhere */
        if (!(d->links[e].built > 1e-6 * d->budget / length)) d->links[e].built = 1e-6 * d->budget / length;
        least += d->links[e].building * d->links[e].built;
    }
    if (least < d->budget) return BASHU_OK;
    return node_fail(r->d, n ? n : root, "budget: %g does not pay for what is built, %g; write more", d->budget, least);
}

static bashu_status parts_read(reader *r, double budget)
{
    static const char *const keys[] = {"format", "name", "title", "goods", "parameters", "budget", "places", "links", NULL};
    infrastructure_data *d = r->out;
    const yaml_node *root = document_root(r->d), *goods, *places, *links, *parameters, *n;
    const char *text;
    TRY(document_format(r->d, "bashu-infrastructure/1"));
    TRY(node_only(r->d, root, keys));
    TRY(node_require(&n, r->d, root, "name"));
    TRY(node_text(&text, r->d, n, "name"));
    d->name = d->title_en = d->title_zh = arena_text(r->memory, text);
    if (!d->name) return fail_memory(arena_context(r->memory));
    if (node_get(root, "title")) TRY(bilingual_read(&d->title_en, &d->title_zh, r->memory, r->d, node_get(root, "title"), "title"));
    TRY(list_of(&goods, r, "goods", "[GOOD]"));
    TRY(list_of(&places, r, "places", "- {id: ID, people: 1, output: {GOOD: 1}}"));
    TRY(list_of(&links, r, "links", "- {from: ID, to: ID}"));
    d->N = node_count(goods);
    d->J = node_count(places);
    d->E = node_count(links);
    d->good = arena_alloc(r->memory, d->N, sizeof *d->good);
    d->place = arena_alloc(r->memory, d->J, sizeof *d->place);
    d->links = arena_alloc(r->memory, d->E, sizeof *d->links);
    r->goods = name_index_new(r->scratch, d->N);
    r->places = name_index_new(r->scratch, d->J);
    const array_wanted wanted[] = {{&d->people, d->J}, {&d->housing, d->J}, {&d->weight, d->J}, {&d->output, d->J * d->N}};
    if (!d->good || !d->place || !d->links || !r->goods || !r->places || !ARENA_ARRAYS(r->memory, wanted)) return fail_memory(arena_context(r->memory));
    for (size_t k = 0; k < d->N; k++) TRY(name_read(&d->good[k], r, r->goods, k, node_item(goods, k), "goods"));
    for (size_t j = 0; j < d->J; j++) TRY(place_read(r, j, node_item(places, j)));
    for (size_t e = 0; e < d->E; e++) TRY(link_read(r, e, node_item(links, e)));
    for (size_t k = 0; k < d->N; k++) {
        double made = 0;
        for (size_t j = 0; j < d->J; j++) made += d->output[j * d->N + k];
        if (!(made > 0)) return node_fail(r->d, node_item(goods, k), "goods: nobody makes '%s'; give a place an output of it", d->good[k]);
    }
    for (size_t j = 0; j < d->J; j++) d->everybody += d->people[j];
    TRY(node_require(&parameters, r->d, root, "parameters"));
    TRY(parameters_read(r, parameters));
    TRY(check_joined(r, links));
    return budget_read(r, budget);
}

bashu_status infrastructure_read(infrastructure_data *out, arena *memory, const char *path, double budget)
{
    document *d;
    reader r = {.out = out, .memory = memory, .scratch = arena_new(arena_context(memory))};
    *out = (infrastructure_data){0};
    if (!r.scratch) return fail_memory(arena_context(memory));
    bashu_status status = document_read(&d, r.scratch, path);
    if (status == BASHU_OK) {
        r.d = d;
        out->path = arena_text(memory, path);
        out->sha256 = arena_text(memory, document_sha256(d));
        status = out->path && out->sha256 ? parts_read(&r, budget) : fail_memory(arena_context(memory));
    }
    arena_free(r.scratch);
    return status;
}
