/* scenario_circles.c - circles of a file, and claims about places: places are selected as in scenarios. */
#include "input/circles.h"
#include "input/scenario_parts.h"

#include <string.h>

bashu_status scenario_open_file(scenario_reader *r, arena *memory, arena *scratch, const bashu_economy *economy, const char *path, const char *format)
{
    document *d;
    *r = (scenario_reader){.context = economy->context, .memory = memory, .scratch = scratch, .economy = economy, .about = &economy->about};
    TRY(document_read(&d, scratch, path));
    TRY(document_format(d, format));
    r->document = d;
    return scenario_names(r);
}

static bashu_status title_read(const char **en, const char **zh, scenario_reader *r, const yaml_node *map, const char *key, const char *otherwise)
{
    const yaml_node *n = node_get(map, key);
    *en = *zh = otherwise;
    return n ? bilingual_read(en, zh, r->memory, r->document, n, key) : BASHU_OK;
}

/* ---- circles ---------------------------------------------------------------------------------------- */

static bashu_status cores_read(own_circle *c, scenario_reader *r, const yaml_node *list)
{
    c->core[0] = c->core[1] = SIZE_MAX;
    if (!list) return BASHU_OK;
    if (node_kind_of(list) != NODE_LIST || node_count(list) != 2) return node_fail(r->document, list, "cores: must be two regions; write [ID, ID]");
    for (size_t k = 0; k < 2; k++) {
        const char *id;
        TRY(node_text(&id, r->document, node_item(list, k), "cores"));
        long found = name_index_find(r->regions.index, id);
        if (found < 0) return unknown_name(r, node_item(list, k), "cores", "region", id, name_index_nearest(r->regions.index, id));
        if (!c->regions[found]) return node_fail(r->document, node_item(list, k), "cores: '%s' lies outside the circle; name a region of its place", id);
        c->core[k] = (size_t)found;
    }
    return BASHU_OK;
}

bashu_status own_circles_read(own_circle **out, size_t *count, arena *memory, arena *scratch, const bashu_economy *economy, const char *path)
{
    static const char *const keys[] = {"format", "circles", NULL}, *const circle_keys[] = {"id", "title", "place", "cores", NULL};
    scenario_reader r;
    const yaml_node *list, *place;
    TRY(scenario_open_file(&r, memory, scratch, economy, path, "bashu-circles/1"));
    TRY(node_only(r.document, document_root(r.document), keys));
    TRY(node_require(&list, r.document, document_root(r.document), "circles"));
    if (node_kind_of(list) != NODE_LIST || !node_count(list)) return node_fail(r.document, list, "circles: must be a list; write - {id: ID, place: {SET: MEMBER}}");
    *count = node_count(list);
    *out = arena_alloc(memory, *count, sizeof **out);
    if (!*out) return fail_memory(r.context);
    for (size_t k = 0; k < *count; k++) {
        own_circle *c = &(*out)[k];
        const yaml_node *map = node_item(list, k);
        if (node_kind_of(map) != NODE_MAP) return node_fail(r.document, map, "circles: an item must be a map; write id and place");
        TRY(node_only(r.document, map, circle_keys));
        TRY(scenario_text(&c->label.id, &r, map, "id"));
        for (size_t q = 0; q < k; q++)
            if (!strcmp((*out)[q].label.id, c->label.id)) return node_fail(r.document, node_get(map, "id"), "id: duplicate circle '%s'; rename one of them", c->label.id);
        TRY(title_read(&c->label.name_en, &c->label.name_zh, &r, map, "title", c->label.id));
        TRY(node_require(&place, r.document, map, "place"));
        TRY(scenario_places(&c->regions, &r, place, "place"));
        TRY(cores_read(c, &r, node_get(map, "cores")));
    }
    return BASHU_OK;
}

/* ---- claims ----------------------------------------------------------------------------------------- */

const char *const claim_relation_words[CLAIM_RELATIONS + 1] = {"equals", "approached", "about", "at_least", "rank", NULL};

/* {circle: CCEC} is the member with its parts; all, lists and several members are whole regions. */
static bashu_status place_read(claim_place *out, scenario_reader *r, const yaml_node *n, const char *key)
{
    const char *member = node_kind_of(n) == NODE_MAP && node_count(n) == 1 ? node_scalar(node_item(n, 0)) : NULL, *word = node_scalar(n);
    TRY(scenario_places(&out->regions, r, n, key)); /* names are checked here */
    out->set = out->member = "";
    if (word && !strcmp(word, "all")) {
        out->set = out->words = "all";
        out->regions = NULL;
        return BASHU_OK;
    }
    if (member) {
        out->set = arena_text(r->memory, node_key(n, 0));
        out->member = arena_text(r->memory, member);
        out->words = arena_format(r->memory, "%s %s", node_key(n, 0), member);
        out->regions = NULL;
        return out->set && out->member && out->words ? BASHU_OK : fail_memory(r->context);
    }
    const yaml_node *list = node_kind_of(n) == NODE_MAP ? node_item(n, 0) : n;
    out->words = arena_text(r->memory, node_kind_of(n) == NODE_MAP ? node_key(n, 0) : "region");
    for (size_t k = 0; out->words && k < node_count(list); k++)
        out->words = arena_format(r->memory, "%s%s %s", out->words, k ? "," : "", node_scalar(node_item(list, k)) ? node_scalar(node_item(list, k)) : "");
    return out->words ? BASHU_OK : fail_memory(r->context);
}

static bashu_status rank_read(claim_reading *out, scenario_reader *r, const yaml_node *map)
{
    static const char *const keys[] = {"set", "within", NULL};
    const yaml_node *set, *within;
    const char *name;
    TRY(node_only(r->document, map, keys));
    TRY(node_require(&set, r->document, map, "set"));
    TRY(node_text(&name, r->document, set, "set"));
    if (find_set(r->about, name) < 0) return node_fail(r->document, set, "set: unknown region set '%s'; write one of economy.yaml, e.g. city", name);
    out->rank_set = arena_text(r->memory, name);
    if (!out->rank_set) return fail_memory(r->context);
    within = node_get(map, "within");
    return within ? place_read(&out->within, r, within, "within") : BASHU_OK;
}

/* What is not said is as in the first reading. */
static bashu_status reading_read(claim_reading *out, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *variable = node_get(map, "variable"), *sectors = node_get(map, "sectors"), *of = node_get(map, "of"), *share = node_get(map, "share_of");
    const yaml_node *rank = node_get(map, "rank_among"), *year = node_get(map, "year");
    double number;
    if (variable) TRY(scenario_text(&out->variable, r, map, "variable"));
    if (sectors) TRY(scenario_ids(&out->sectors, r, sectors, "sectors", &r->sectors));
    if (of) TRY(place_read(&out->of, r, of, "of"));
    if (share) TRY(place_read(&out->share_of, r, share, "share_of"));
    if (rank) TRY(rank_read(out, r, rank));
    if (year) {
        TRY(node_number(&number, r->document, year, "year", 0, 9999));
        out->year = (int)number;
    }
    return title_read(&out->note_en, &out->note_zh, r, map, "note", "");
}

static bashu_status readings_read(claim *c, scenario_reader *r, const yaml_node *map)
{
    static const char *const keys[] = {"variable", "sectors", "of", "share_of", "rank_among", "year", "note", NULL};
    const yaml_node *others = node_get(map, "readings");
    c->reading_count = node_get(map, "variable") ? 1 : 0;
    if (others && (node_kind_of(others) != NODE_LIST || !c->reading_count))
        return node_fail(r->document, others, "readings: must be a list beside 'variable' and 'of'; write how the claim was meant first");
    if (others) c->reading_count += node_count(others);
    c->readings = arena_alloc(r->memory, c->reading_count + 1, sizeof *c->readings);
    if (!c->readings) return fail_memory(r->context);
    if (!c->reading_count) return BASHU_OK;
    c->readings[0].year = r->about->year;
    TRY(reading_read(&c->readings[0], r, map));
    if (!c->readings[0].of.words) return node_fail(r->document, map, "%s: whose number is it? Write of: {SET: MEMBER}", c->id);
    if ((c->relation == CLAIM_RANK) != (c->readings[0].rank_set != NULL))
        return node_fail(r->document, map, "%s: relation: rank and rank_among belong together; write both, or neither", c->id);
    for (size_t k = 1; k < c->reading_count; k++) {
        const yaml_node *other = node_item(others, k - 1);
        if (node_kind_of(other) != NODE_MAP) return node_fail(r->document, other, "readings: an item must be a map; write what is different, e.g. {year: 2019}");
        TRY(node_only(r->document, other, keys));
        c->readings[k] = c->readings[0];
        TRY(reading_read(&c->readings[k], r, other));
    }
    return BASHU_OK;
}

static bashu_status unit_read(claim *c, scenario_reader *r, const yaml_node *n)
{
    const char *text;
    c->unit = 1;
    c->unit_word = "";
    if (!n) return BASHU_OK;
    TRY(node_text(&text, r->document, n, "unit"));
    if (!strcmp(text, "percent")) {
        c->unit = 0.01;
        c->unit_word = "%";
        return BASHU_OK;
    }
    TRY(node_number(&c->unit, r->document, n, "unit", 1e-300, 1e300));
    return BASHU_OK;
}

/* 1.9 is printed to a tenth, 660 to one. */
static double printed_digit(const char *text)
{
    const char *point = strchr(text, '.');
    double digit = 1;
    for (size_t k = 1; point && point[k] >= '0' && point[k] <= '9'; k++) digit /= 10;
    return digit;
}

static bashu_status says_read(claim *c, scenario_reader *r, const yaml_node *map)
{
    const yaml_node *says, *printed = node_get(map, "printed"), *relation = node_get(map, "relation");
    const char *word;
    TRY(node_require(&says, r->document, map, "says"));
    TRY(node_number(&c->says, r->document, says, "says", -1e300, 1e300));
    c->printed = printed_digit(node_scalar(says));
    if (printed) TRY(node_number(&c->printed, r->document, printed, "printed", 1e-300, 1e300));
    TRY(unit_read(c, r, node_get(map, "unit")));
    if (!relation) return BASHU_OK;
    TRY(node_text(&word, r->document, relation, "relation"));
    for (size_t k = 0; k < CLAIM_RELATIONS; k++) {
        c->relation = (claim_relation)k;
        if (!strcmp(word, claim_relation_words[k])) return BASHU_OK;
    }
    return node_fail(r->document, relation, "relation: unknown word '%s'; write equals, approached, about, at_least or rank", word);
}

static bashu_status claim_read(claim *c, scenario_reader *r, const yaml_node *map)
{
    static const char *const keys[] = {"id", "text", "says", "unit", "printed", "relation", "needs", "variable", "sectors", "of", "share_of", "rank_among", "year", "note",
                                       "readings", NULL};
    const yaml_node *text;
    if (node_kind_of(map) != NODE_MAP) return node_fail(r->document, map, "claims: an item must be a map; write id, text and says");
    TRY(node_only(r->document, map, keys));
    TRY(scenario_text(&c->id, r, map, "id"));
    TRY(node_require(&text, r->document, map, "text"));
    TRY(title_read(&c->text_en, &c->text_zh, r, map, "text", ""));
    TRY(says_read(c, r, map));
    TRY(title_read(&c->needs_en, &c->needs_zh, r, map, "needs", ""));
    TRY(readings_read(c, r, map));
    if (c->reading_count || *c->needs_en) return BASHU_OK;
    return node_fail(r->document, map, "%s: cannot be looked up; write variable and of, or needs: what table would be needed", c->id);
}

bashu_status claims_read(claims *out, arena *memory, arena *scratch, const bashu_economy *economy, const char *path)
{
    static const char *const keys[] = {"format", "source", "claims", NULL};
    scenario_reader r;
    const yaml_node *list;
    char *usual = arena_format(scratch, "%s/claims.yaml", economy->about.folder);
    if (!usual) return fail_memory(economy->context);
    *out = (claims){.path = arena_text(memory, path ? path : usual)};
    if (!out->path) return fail_memory(economy->context);
    TRY(scenario_open_file(&r, memory, scratch, economy, out->path, "bashu-claims/1"));
    out->sha256 = arena_text(memory, document_sha256(r.document));
    TRY(node_only(r.document, document_root(r.document), keys));
    TRY(scenario_text(&out->source, &r, document_root(r.document), "source"));
    TRY(node_require(&list, r.document, document_root(r.document), "claims"));
    if (node_kind_of(list) != NODE_LIST) return node_fail(r.document, list, "claims: must be a list; write claims: [] for none");
    out->count = node_count(list);
    out->list = arena_alloc(memory, out->count, sizeof *out->list);
    if (!out->list || !out->sha256) return fail_memory(economy->context);
    for (size_t k = 0; k < out->count; k++) {
        TRY(claim_read(&out->list[k], &r, node_item(list, k)));
        for (size_t q = 0; q < k; q++)
            if (!strcmp(out->list[q].id, out->list[k].id))
                return node_fail(r.document, node_get(node_item(list, k), "id"), "id: duplicate claim '%s'; rename one of them", out->list[k].id);
    }
    return BASHU_OK;
}
