/* economy.c - an economy folder to data: the order in which its parts are read, and what economy.yaml says itself.
 *
 * Each part may rely on those before it: classes of travel, then regions and areas, sectors, groups, then everything
 * keyed by them. */
#include "input/economy_parts.h"

#include <string.h>

/* ---- shared with scenario.c ---------------------------------------------------------------------- */

bashu_status document_format(const document *d, const char *format)
{
    const yaml_node *root = document_root(d), *node;
    const char *word;
    if (node_kind_of(root) != NODE_MAP)
        return node_fail(d, root, "the document must be a map; begin it with 'format: %s'", format);
    TRY(node_require(&node, d, root, "format"));
    TRY(node_text(&word, d, node, "format"));
    if (!strcmp(word, format)) return BASHU_OK;
    return node_fail(d, node, "format: '%s' is not understood here; write '%s'", word, format);
}

static bashu_status language_read(const char **out, arena *memory, const document *d, const yaml_node *n,
                                  const char *language, const char *what)
{
    const yaml_node *node = node_get(n, language);
    const char *text = NULL;
    *out = NULL;
    if (!node) return BASHU_OK;
    TRY(node_text(&text, d, node, what));
    *out = arena_text(memory, text);
    return *out ? BASHU_OK : fail_memory(arena_context(memory));
}

bashu_status bilingual_read(const char **en, const char **zh, arena *memory, const document *d, const yaml_node *n,
                            const char *what)
{
    static const char *const languages[] = {"en", "zh", NULL};
    if (node_kind_of(n) != NODE_MAP) {
        const char *text;
        TRY(node_text(&text, d, n, what));
        *en = *zh = arena_text(memory, text);
        return *en ? BASHU_OK : fail_memory(arena_context(memory));
    }
    TRY(node_only(d, n, languages));
    TRY(language_read(en, memory, d, n, "en", what));
    TRY(language_read(zh, memory, d, n, "zh", what));
    if (!*en && !*zh) return node_fail(d, n, "%s: is empty; write {en: \"...\", zh: \"...\"}", what);
    if (!*en) *en = *zh;
    if (!*zh) *zh = *en;
    return BASHU_OK;
}

/* ---- files --------------------------------------------------------------------------------------- */

bashu_status remember_file(economy_reader *r, const char *path, const char *sha256)
{
    if (r->about->file_count == r->file_room) return fail(r->context, BASHU_ERROR_INTERNAL, "more files than room");
    input_file *file = &r->files[r->about->file_count++];
    TRY(keep_text(&file->path, r, path));
    return keep_text(&file->sha256, r, sha256);
}

/* ---- economy.yaml -------------------------------------------------------------------------------- */

static bashu_status head_text(const char **out, economy_reader *r, const yaml_node *map, const char *key)
{
    const yaml_node *node;
    const char *text;
    TRY(node_require(&node, r->document, map, key));
    TRY(node_text(&text, r->document, node, key));
    return keep_text(out, r, text);
}

static bashu_status currency_read(economy_reader *r)
{
    static const char *const keys[] = {"code", "unit", "name", NULL};
    const yaml_node *currency, *node;
    description *a = r->about;
    TRY(node_require(&currency, r->document, r->root, "currency"));
    TRY(node_only(r->document, currency, keys));
    TRY(head_text(&a->currency_code, r, currency, "code"));
    TRY(node_require(&node, r->document, currency, "unit"));
    TRY(node_number(&a->currency_unit, r->document, node, "unit", 0, 1e30));
    if (!(a->currency_unit > 0)) return node_fail(r->document, node, "unit: must be positive; write e.g. 1e8");
    node = node_get(currency, "name");
    if (node) return bilingual_read(&a->currency_en, &a->currency_zh, r->memory, r->document, node, "name");
    a->currency_en = a->currency_zh = arena_format(r->memory, "%g %s", a->currency_unit, a->currency_code);
    return a->currency_en ? BASHU_OK : fail_memory(r->context);
}

static bashu_status flags_read(economy_reader *r)
{
    const yaml_node *flags = node_get(r->root, "flags");
    size_t count = flags ? node_count(flags) : 0;
    flag_word *rows;
    if (flags && count && node_kind_of(flags) != NODE_MAP)
        return node_fail(r->document, flags, "flags: must be a map; write e.g. imputed_x: {en: \"...\", zh: \"...\"}");
    TRY(axis_new(&r->flags, r, "flag word", "'flags' in economy.yaml", count));
    TRY(keep(&rows, r, count, sizeof *rows));
    for (size_t f = 0; f < count; f++) {
        label *word = &rows[f].label;
        TRY(keep_text(&word->id, r, node_key(flags, f)));
        TRY(bilingual_read(&word->name_en, &word->name_zh, r->memory, r->document, node_item(flags, f), word->id));
        TRY(axis_add(&r->flags, r, word->id));
    }
    r->about->flags = rows;
    r->about->flag_count = count;
    return BASHU_OK;
}

/* Where the data come from, for reports. */
static bashu_status sources_read(economy_reader *r)
{
    const yaml_node *sources = node_get(r->root, "sources");
    size_t count = sources ? node_count(sources) : 0;
    label *rows;
    if (sources && node_kind_of(sources) != NODE_LIST)
        return node_fail(r->document, sources, "sources: must be a list; write e.g. - {en: \"Census of 2020\", zh: \"第七次全国人口普查\"}");
    TRY(keep(&rows, r, count, sizeof *rows));
    for (size_t k = 0; k < count; k++) {
        rows[k].id = "";
        TRY(bilingual_read(&rows[k].name_en, &rows[k].name_zh, r->memory, r->document, node_item(sources, k), "sources"));
    }
    r->about->sources = rows;
    r->about->source_count = count;
    return BASHU_OK;
}

static bashu_status year_read(economy_reader *r)
{
    const yaml_node *node;
    double year;
    TRY(node_require(&node, r->document, r->root, "year"));
    TRY(node_number(&year, r->document, node, "year", 0, 9999));
    if (year != floor(year)) return node_fail(r->document, node, "year: must be a whole number; write e.g. 2020");
    r->about->year = (int)year;
    return BASHU_OK;
}

/* Maps alone need the file, and do without it where it is not there; no answer depends on it. */
static bashu_status boundaries_name(economy_reader *r)
{
    const yaml_node *node = node_get(r->root, "boundaries");
    const char *name;
    if (!node) return BASHU_OK;
    TRY(node_text(&name, r->document, node, "boundaries"));
    r->about->boundaries = path_beside(r->memory, document_path(r->document), name);
    return r->about->boundaries ? BASHU_OK : fail_memory(r->context);
}

static bashu_status head_read(economy_reader *r)
{
    static const char *const keys[] = {"format",      "name",    "title",         "year",  "currency", "tables",
                                       "region_sets", "foreign", "boundaries", "people_travel", "flags", "sources", "travel", "elasticities",
                                       "model",       NULL};
    description *a = r->about;
    const yaml_node *tables, *title = node_get(r->root, "title"), *sets = node_get(r->root, "region_sets");
    TRY(document_format(r->document, "bashu-economy/1"));
    TRY(node_only(r->document, r->root, keys));
    TRY(node_require(&tables, r->document, r->root, "tables"));
    TRY(node_only(r->document, tables, table_names));
    r->file_room = node_count(tables) + (sets ? node_count(sets) : 0) + 2; /* economy.yaml and a model file */
    TRY(keep(&r->files, r, r->file_room, sizeof *r->files));
    a->files = r->files;
    TRY(remember_file(r, document_path(r->document), document_sha256(r->document)));
    TRY(head_text(&a->name, r, r->root, "name"));
    a->title_en = a->title_zh = a->name;
    if (title) TRY(bilingual_read(&a->title_en, &a->title_zh, r->memory, r->document, title, "title"));
    TRY(boundaries_name(r));
    TRY(year_read(r));
    TRY(currency_read(r));
    TRY(sources_read(r));
    return flags_read(r);
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static bashu_status parts_read(economy_reader *r, const char *model_file)
{
    TRY(head_read(r));
    TRY(travel_read(r));
    TRY(regions_read(r));
    TRY(sets_read(r));
    TRY(sectors_read(r));
    TRY(groups_read(r));
    TRY(people_read(r));
    TRY(production_read(r));
    TRY(input_output_read(r));
    TRY(wage_bill_read(r));
    TRY(network_read(r));
    TRY(trade_margins_read(r));
    TRY(trade_read(r));
    TRY(trade_cost_read(r));
    TRY(final_demand_read(r));
    TRY(commuting_read(r));
    TRY(migration_read(r));
    TRY(zones_read(r));
    TRY(research_read(r));
    TRY(gross_flows_read(r));
    TRY(totals_read(r));
    TRY(indicators_read(r));
    return model_read(r, model_file);
}

static bashu_status folder_read(economy_reader *r, const char *folder, const char *model_file)
{
    document *d;
    char *path = arena_format(r->scratch, "%s/economy.yaml", folder);
    if (!path) return fail_memory(r->context);
    TRY(keep(&r->data, r, 1, sizeof *r->data));
    r->data->context = r->context;
    r->data->memory = r->memory;
    r->about = &r->data->about;
    TRY(keep_text(&r->about->folder, r, folder));
    TRY(document_read(&d, r->scratch, path));
    r->document = d;
    r->root = document_root(d);
    return parts_read(r, model_file);
}

bashu_status economy_read(bashu_data **out, bashu_context *context, const char *folder, const char *model_file)
{
    double start = now_s();
    *out = NULL;
    economy_reader r = {.context = context, .memory = arena_new(context), .scratch = arena_new(context)};
    bashu_status status = r.memory && r.scratch ? folder_read(&r, folder, model_file) : fail_memory(context);
    arena_free(r.scratch);
    if (status == BASHU_OK) {
        r.data->about.read_s = now_s() - start;
        *out = r.data;
    } else {
        arena_free(r.memory);
    }
    return status;
}

void data_free(bashu_data *data)
{
    if (data) arena_free(data->memory);
}
