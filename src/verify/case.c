/* case.c - case.yaml to a case. */
#include "verify/case.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

typedef struct case_reader {
    bashu_context *context;
    arena *memory;
    const document *document;
    verify_case *out;
} case_reader;

/* ---- small pieces ----------------------------------------------------------------------------------- */

static bashu_status text_of(const char **out, case_reader *r, const yaml_node *n, const char *what)
{
    const char *text;
    TRY(node_text(&text, r->document, n, what));
    *out = arena_text(r->memory, text);
    return *out ? BASHU_OK : fail_memory(r->context);
}

static bashu_status required_text(const char **out, case_reader *r, const yaml_node *map, const char *key)
{
    const yaml_node *n;
    TRY(node_require(&n, r->document, map, key));
    return text_of(out, r, n, key);
}

static bashu_status optional_text(const char **out, case_reader *r, const yaml_node *map, const char *key)
{
    const yaml_node *n = node_get(map, key);
    return n ? text_of(out, r, n, key) : BASHU_OK;
}

/* A word that can stand in SQL without quotes, and in the name of a file. */
static bashu_status check_word(case_reader *r, const yaml_node *n, const char *what, const char *word)
{
    bool good = isalpha((unsigned char)*word) || *word == '_';
    for (const char *c = word; *c; c++) good &= isalnum((unsigned char)*c) || *c == '_';
    if (good) return BASHU_OK;
    return node_fail(r->document, n, "%s: '%s' must be letters, digits and underscores; rename it", what, word);
}

static bashu_status need_kind(case_reader *r, const yaml_node *n, const char *what, node_kind kind)
{
    if (node_kind_of(n) == kind) return BASHU_OK;
    return node_fail(r->document, n, "%s: must be a %s", what, kind == NODE_MAP ? "map" : "list");
}

/* Room for what a list or map holds; count 0 and no node give none. */
static bashu_status room_for(void *out_pointer, case_reader *r, const yaml_node *n, size_t size, size_t *count)
{
    *count = n ? node_count(n) : 0;
    void *items = arena_alloc(r->memory, *count + 1, size); /* one more: lists of words end with NULL */
    if (!items) return fail_memory(r->context);
    memcpy(out_pointer, &items, sizeof items);
    return BASHU_OK;
}

/* A list of texts, NULL-terminated; missing is empty. */
static bashu_status words_of(const char *const **out, case_reader *r, const yaml_node *n, const char *what, size_t *count)
{
    const char **words = NULL;
    if (n) TRY(need_kind(r, n, what, NODE_LIST));
    TRY(room_for(&words, r, n, sizeof *words, count));
    for (size_t k = 0; k < *count; k++) TRY(text_of(&words[k], r, node_item(n, k), what));
    *out = words;
    return BASHU_OK;
}

/* ---- inputs ----------------------------------------------------------------------------------------- */

static bashu_status melt_of(case_input *input, case_reader *r, const yaml_node *n)
{
    static const char *const keys[] = {"keep", "columns", "into", NULL};
    const char *const *into;
    const yaml_node *pair;
    size_t count;
    TRY(need_kind(r, n, "melt", NODE_MAP));
    TRY(node_only(r->document, n, keys));
    TRY(words_of(&input->keep, r, node_get(n, "keep"), "keep", &count));
    input->columns = "";
    TRY(optional_text(&input->columns, r, n, "columns"));
    TRY(node_require(&pair, r->document, n, "into"));
    TRY(words_of(&into, r, pair, "into", &count));
    if (count != 2) return node_fail(r->document, pair, "into: must be two names; write [region_id, value]");
    input->into[0] = into[0];
    input->into[1] = into[1];
    input->melt = true;
    return BASHU_OK;
}

static bool ends_in_json(const char *file)
{
    size_t length = strlen(file);
    return length > 5 && !strcmp(file + length - 5, ".json");
}

/* NAME: FILE, or NAME: {file: FILE, ...} */
static bashu_status input_of(case_input *input, case_reader *r, const yaml_node *n, const char *name)
{
    static const char *const keys[] = {"file", "json", "text", "melt", NULL};
    size_t count;
    *input = (case_input){.line = node_line(n)};
    TRY(check_word(r, n, "a table", name));
    if (!(input->table = arena_text(r->memory, name))) return fail_memory(r->context);
    if (node_kind_of(n) == NODE_SCALAR) TRY(text_of(&input->file, r, n, name));
    else {
        TRY(need_kind(r, n, name, NODE_MAP));
        TRY(node_only(r->document, n, keys));
        TRY(required_text(&input->file, r, n, "file"));
    }
    const yaml_node *melt = node_get(n, "melt"), *json = node_get(n, "json");
    const char *word = json ? node_scalar(json) : NULL;
    input->json = json ? word && !strcmp(word, "true") : ends_in_json(input->file);
    TRY(words_of(&input->text, r, node_get(n, "text"), "text", &count));
    return melt ? melt_of(input, r, melt) : BASHU_OK;
}

/* The files to convert, then those to compare with. */
static bashu_status inputs_of(case_reader *r, const yaml_node *root)
{
    static const char *const keys[] = {"inputs", "expected"};
    case_input *inputs = NULL;
    size_t all = 0;
    for (size_t m = 0; m < 2; m++) {
        const yaml_node *n = node_get(root, keys[m]);
        if (n) TRY(need_kind(r, n, keys[m], NODE_MAP));
        all += n ? node_count(n) : 0;
    }
    if (!(inputs = arena_alloc(r->memory, all, sizeof *inputs))) return fail_memory(r->context);
    for (size_t m = 0; m < 2; m++) {
        const yaml_node *n = node_get(root, keys[m]);
        for (size_t k = 0; n && k < node_count(n); k++) {
            case_input *input = &inputs[r->out->input_count++];
            TRY(input_of(input, r, node_item(n, k), node_key(n, k)));
            input->expected = m == 1;
        }
    }
    r->out->inputs = inputs;
    return BASHU_OK;
}

/* convert: one file or a list of them; writes; economy. */
static bashu_status conversion_of(case_conversion *out, case_reader *r, const yaml_node *map)
{
    const yaml_node *files = node_get(map, "convert"), *writes = node_get(map, "writes");
    const char **one = NULL;
    if (!files || node_kind_of(files) == NODE_LIST) TRY(words_of(&out->convert, r, files, "convert", &out->convert_count));
    else {
        TRY(room_for(&one, r, NULL, sizeof *one, &out->convert_count));
        TRY(text_of(one, r, files, "convert"));
        out->convert = one;
        out->convert_count = 1;
    }
    TRY(words_of(&out->writes, r, writes, "writes", &out->write_count));
    for (size_t k = 0; k < out->write_count; k++) TRY(check_word(r, node_item(writes, k), "writes", out->writes[k]));
    return optional_text(&out->economy, r, map, "economy");
}

/* ---- runs and quantities ---------------------------------------------------------------------------- */

static bashu_status settings_of(const case_setting **out, case_reader *r, const yaml_node *n, const char *what, size_t *count)
{
    case_setting *settings = NULL;
    if (n) TRY(need_kind(r, n, what, NODE_MAP));
    TRY(room_for(&settings, r, n, sizeof *settings, count));
    for (size_t k = 0; k < *count; k++) {
        settings[k].line = node_line(node_item(n, k));
        if (!(settings[k].name = arena_text(r->memory, node_key(n, k)))) return fail_memory(r->context);
        TRY(text_of(&settings[k].value, r, node_item(n, k), settings[k].name));
    }
    *out = settings;
    return BASHU_OK;
}

static bashu_status run_of(case_run *run, case_reader *r, const yaml_node *n)
{
    static const char *const keys[] = {"name", "question", "scenario", "spec", "convert", "writes", "economy", "set", "options", "years", "discount", NULL};
    const yaml_node *name, *years = node_get(n, "years"), *discount = node_get(n, "discount");
    *run = (case_run){.line = node_line(n), .question = "solve", .years = (double)NAN, .discount = (double)NAN};
    TRY(need_kind(r, n, "runs", NODE_MAP));
    TRY(node_only(r->document, n, keys));
    TRY(node_require(&name, r->document, n, "name"));
    TRY(text_of(&run->name, r, name, "name"));
    TRY(check_word(r, name, "name", run->name));
    TRY(optional_text(&run->question, r, n, "question"));
    TRY(optional_text(&run->scenario, r, n, "scenario"));
    if (run->scenario && !strcmp(run->scenario, "none")) run->scenario = NULL;
    TRY(optional_text(&run->spec, r, n, "spec"));
    TRY(conversion_of(&run->conversion, r, n));
    if (years) TRY(node_number(&run->years, r->document, years, "years", 1, 1000));
    if (years && run->years != floor(run->years)) return node_fail(r->document, years, "years: %g is no whole number", run->years);
    if (discount) TRY(node_number(&run->discount, r->document, discount, "discount", 0, nextafter(1, 0)));
    TRY(settings_of(&run->set, r, node_get(n, "set"), "set", &run->set_count));
    return settings_of(&run->options, r, node_get(n, "options"), "options", &run->option_count);
}

static bashu_status runs_of(case_reader *r, const yaml_node *n)
{
    case_run *runs = NULL;
    if (n) TRY(need_kind(r, n, "runs", NODE_LIST));
    TRY(room_for(&runs, r, n, sizeof *runs, &r->out->run_count));
    for (size_t k = 0; k < r->out->run_count; k++) {
        TRY(run_of(&runs[k], r, node_item(n, k)));
        for (size_t m = 0; m < k; m++)
            if (!strcmp(runs[m].name, runs[k].name))
                return node_fail(r->document, node_item(n, k), "two runs are called '%s'; rename one", runs[k].name);
    }
    r->out->runs = runs;
    return BASHU_OK;
}

static bashu_status tolerance_of(case_quantity *q, case_reader *r, const yaml_node *map)
{
    static const char *const keys[] = {"absolute", "relative", NULL};
    const yaml_node *n, *absolute, *relative;
    TRY(node_require(&n, r->document, map, "tolerance"));
    TRY(need_kind(r, n, "tolerance", NODE_MAP));
    TRY(node_only(r->document, n, keys));
    absolute = node_get(n, "absolute");
    relative = node_get(n, "relative");
    if (absolute) TRY(node_number(&q->absolute, r->document, absolute, "absolute", 0, (double)INFINITY));
    if (relative) TRY(node_number(&q->relative, r->document, relative, "relative", 0, 1));
    if (absolute || relative) return BASHU_OK;
    return node_fail(r->document, n, "tolerance: is empty; write {absolute: 1e-9} or {relative: 1e-9}");
}

static bashu_status quantity_of(case_quantity *q, case_reader *r, const yaml_node *n)
{
    static const char *const keys[] = {"quantity", "source", "sql", "tolerance", "rows", NULL};
    const yaml_node *sql, *rows = node_get(n, "rows");
    *q = (case_quantity){0};
    TRY(need_kind(r, n, "quantities", NODE_MAP));
    TRY(node_only(r->document, n, keys));
    TRY(required_text(&q->name, r, n, "quantity"));
    TRY(required_text(&q->source, r, n, "source"));
    TRY(node_require(&sql, r->document, n, "sql"));
    TRY(text_of(&q->sql, r, sql, "sql"));
    size_t length = strlen(q->sql);
    q->line = node_line(sql) + (length && q->sql[length - 1] == '\n'); /* a block begins below its bar */
    if (rows) TRY(node_number(&q->rows, r->document, rows, "rows", 1, 1e9));
    return tolerance_of(q, r, n);
}

static bashu_status quantities_of(case_reader *r, const yaml_node *root)
{
    const yaml_node *n;
    case_quantity *quantities = NULL;
    TRY(node_require(&n, r->document, root, "quantities"));
    TRY(need_kind(r, n, "quantities", NODE_LIST));
    TRY(room_for(&quantities, r, n, sizeof *quantities, &r->out->quantity_count));
    for (size_t k = 0; k < r->out->quantity_count; k++) TRY(quantity_of(&quantities[k], r, node_item(n, k)));
    r->out->quantities = quantities;
    return r->out->quantity_count ? BASHU_OK : node_fail(r->document, n, "quantities: is empty; say what is compared");
}

/* ---- the whole -------------------------------------------------------------------------------------- */

static bashu_status title_of(case_reader *r, const yaml_node *root)
{
    static const char *const keys[] = {"en", "zh", NULL};
    const yaml_node *n;
    TRY(node_require(&n, r->document, root, "title"));
    if (node_kind_of(n) == NODE_MAP) {
        TRY(node_only(r->document, n, keys));
        TRY(required_text(&r->out->title_en, r, n, "en"));
        return required_text(&r->out->title_zh, r, n, "zh");
    }
    TRY(text_of(&r->out->title_en, r, n, "title"));
    r->out->title_zh = r->out->title_en;
    return BASHU_OK;
}

static bashu_status package_of(case_reader *r, const yaml_node *n)
{
    static const char *const keys[] = {"folder", "owner", "source", NULL};
    if (!n) return BASHU_OK;
    TRY(need_kind(r, n, "package", NODE_MAP));
    TRY(node_only(r->document, n, keys));
    TRY(required_text(&r->out->package, r, n, "folder"));
    TRY(required_text(&r->out->owner, r, n, "owner"));
    return required_text(&r->out->source, r, n, "source");
}

/* ../../models/x_2002.yaml -> x_2002 */
static bashu_status name_the_model(case_reader *r)
{
    const char *model = r->out->model, *slash = model ? strrchr(model, '/') : NULL;
    const char *name = slash ? slash + 1 : model ? model : "";
    r->out->model_name = arena_format(r->memory, "%.*s", (int)strcspn(name, "."), name);
    return r->out->model_name ? BASHU_OK : fail_memory(r->context);
}

static bashu_status whole_of(case_reader *r)
{
    static const char *const keys[] = {"format",  "case",   "title",   "model", "package",    "inputs", "expected",
                                       "convert", "writes", "economy", "runs",  "quantities", NULL};
    const yaml_node *root = document_root(r->document);
    const char *format;
    TRY(need_kind(r, root, "the document", NODE_MAP));
    TRY(required_text(&format, r, root, "format"));
    if (strcmp(format, "bashu-case/1") != 0)
        return node_fail(r->document, node_get(root, "format"), "format: '%s' is not understood here; write 'bashu-case/1'", format);
    TRY(node_only(r->document, root, keys));
    TRY(required_text(&r->out->name, r, root, "case"));
    TRY(title_of(r, root));
    TRY(optional_text(&r->out->model, r, root, "model"));
    TRY(name_the_model(r));
    TRY(package_of(r, node_get(root, "package")));
    TRY(inputs_of(r, root));
    TRY(conversion_of(&r->out->conversion, r, root));
    TRY(runs_of(r, node_get(root, "runs")));
    return quantities_of(r, root);
}

bashu_status case_read(const verify_case **out, arena *memory, const char *folder)
{
    document *d;
    char *path = arena_format(memory, "%s/case.yaml", folder);
    verify_case *c = arena_alloc(memory, 1, sizeof *c);
    if (!path || !c) return fail_memory(arena_context(memory));
    TRY(document_read(&d, memory, path));
    case_reader r = {.context = arena_context(memory), .memory = memory, .document = d, .out = c};
    c->path = path;
    c->folder = arena_text(memory, folder);
    if (!c->folder) return fail_memory(r.context);
    TRY(whole_of(&r));
    *out = c;
    return BASHU_OK;
}
