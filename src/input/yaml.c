/* yaml.c - YAML documents (read by libfyaml) as a tree with positions.
 *
 * The tree is made from libfyaml's events, so that aliases, depth and size are refused as they are met: nothing is
 * ever expanded. A map with many keys gets an index. */
#include "input/text.h"

#include <libfyaml.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_LIMIT = 32, LINE_LIMIT = 200, NODE_LIMIT = 1000000, FILE_LIMIT = 16 << 20, INDEX_FROM = 16 };

struct yaml_node {
    node_kind kind;
    bool plain;              /* a scalar without quotes */
    unsigned line, key_line; /* from 1 */
    union {
        const char *text;        /* scalar */
        const yaml_node **items; /* list, map */
    };
    size_t count;
    const char *key;   /* when it is the value of a pair */
    yaml_node *next;   /* of the same parent, while the tree is made */
    name_index *index; /* of a map with many keys */
};

struct document {
    bashu_context *context;
    text_file file;
    const yaml_node *root;
};

/* ---- making the tree ----------------------------------------------------------------------------- */

typedef struct frame { /* a list or map that is still open */
    yaml_node *node, *first, *last;
    const char *key; /* read, its value to come */
    unsigned key_line;
} frame;

typedef struct builder {
    document *d;
    arena *memory;
    frame frames[DEPTH_LIMIT];
    size_t depth, nodes, documents;
    unsigned line; /* of the last event that had one */
} builder;

static bashu_status fail_at(const builder *b, const char *what)
{
    return fail(b->d->context, BASHU_ERROR_INPUT, "%s:%u: %s", b->d->file.path, b->line, what);
}

static bashu_status fail_twice(const builder *b, const yaml_node *first, const yaml_node *again)
{
    return fail(b->d->context, BASHU_ERROR_INPUT, "%s:%u: key '%s' stands here again, first in line %u; delete one",
                b->d->file.path, again->key_line, excerpt_of(again->key).text, first->key_line);
}

static bashu_status index_keys(builder *b, yaml_node *map)
{
    map->index = name_index_new(b->memory, map->count);
    if (!map->index) return fail_memory(b->d->context);
    for (size_t k = 0; k < map->count; k++) {
        if (name_index_add(map->index, map->items[k]->key, k)) continue;
        long first = name_index_find(map->index, map->items[k]->key);
        return first < 0 ? fail_memory(b->d->context) : fail_twice(b, map->items[first], map->items[k]);
    }
    return BASHU_OK;
}

static bashu_status check_keys(builder *b, yaml_node *map)
{
    if (map->count >= INDEX_FROM) return index_keys(b, map);
    for (size_t k = 1; k < map->count; k++) {
        for (size_t m = 0; m < k; m++) {
            if (!strcmp(map->items[m]->key, map->items[k]->key)) return fail_twice(b, map->items[m], map->items[k]);
        }
    }
    return BASHU_OK;
}

static bashu_status close_frame(builder *b)
{
    frame *f = &b->frames[--b->depth];
    yaml_node *node = f->node;
    node->items = arena_alloc(b->memory, node->count, sizeof *node->items);
    if (!node->items) return fail_memory(b->d->context);
    size_t k = 0;
    for (const yaml_node *child = f->first; child; child = child->next) node->items[k++] = child;
    return node->kind == NODE_MAP ? check_keys(b, node) : BASHU_OK;
}

/* Hangs the node below the innermost open list or map. */
static void attach(builder *b, yaml_node *node)
{
    if (!b->depth) {
        b->d->root = node;
        return;
    }
    frame *f = &b->frames[b->depth - 1];
    node->key = f->key;
    node->key_line = f->key ? f->key_line : node->line;
    f->key = NULL;
    if (f->last) f->last->next = node;
    else f->first = node;
    f->last = node;
    f->node->count++;
}

static bool expects_key(const builder *b)
{
    return b->depth && b->frames[b->depth - 1].node->kind == NODE_MAP && !b->frames[b->depth - 1].key;
}

static bashu_status add_node(builder *b, yaml_node **out, node_kind kind)
{
    if (++b->nodes > NODE_LIMIT) return fail_at(b, "more than 1000000 values; keep bulky data in a CSV table");
    yaml_node *node = arena_alloc(b->memory, 1, sizeof *node);
    if (!node) return fail_memory(b->d->context);
    node->kind = kind;
    node->line = b->line;
    attach(b, node);
    if (node->key && !*node->key)
        return fail_at(b, "a key is empty; give it a name"); /* the key has no line, its value has */
    *out = node;
    return BASHU_OK;
}

static bashu_status open_frame(builder *b, node_kind kind)
{
    if (expects_key(b)) return fail_at(b, "a key must be one word, not a list or a map; write `key: value`");
    if (b->depth == DEPTH_LIMIT) return fail_at(b, "nested more than 32 deep; flatten it");
    yaml_node *node = NULL;
    TRY(add_node(b, &node, kind));
    b->frames[b->depth++] = (frame){.node = node};
    return BASHU_OK;
}

static bool holds(const char *text, size_t length, const char *what)
{
    size_t width = strlen(what);
    for (size_t k = 0; k + width <= length; k++) {
        if (!memcmp(text + k, what, width)) return true;
    }
    return false;
}

/* Where the token stands in the file, and what libfyaml 0.7.12 would not read well. */
static bashu_status check_source(const builder *b, struct fy_token *token, size_t *span)
{
    const struct fy_mark *start = fy_token_start_mark(token), *end = fy_token_end_mark(token);
    if (!start || !end || end->input_pos <= start->input_pos || end->input_pos > b->d->file.size) return BASHU_OK;
    *span = end->input_pos - start->input_pos;
    /* it looks ahead from every line of a text to its end: keep that square small */
    if (end->line - start->line > LINE_LIMIT) return fail_at(b, "a text of more than 200 lines; shorten it");
    /* of two quotes in a row it makes three */
    if (fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED && holds(b->d->file.bytes + start->input_pos, *span, "''''"))
        return fail_at(b, "two quotes in a row within single quotes; put the text in double quotes");
    return BASHU_OK;
}

/* Chunk by chunk: fy_token_get_text leaks for a text with many escapes (libfyaml 0.7.12). */
static bashu_status copy_chunks(builder *b, char *text, size_t room, struct fy_token *token)
{
    struct fy_token_iter *iterator = fy_token_iter_create(token);
    if (!iterator) return fail_memory(b->d->context);
    const struct fy_iter_chunk *chunk = NULL;
    size_t length = 0;
    int error = 0;
    bool nul = false;
    while (!nul && (chunk = fy_token_iter_chunk_next(iterator, chunk, &error)) != NULL && chunk->len <= room - length) {
        memcpy(text + length, chunk->str, chunk->len);
        nul = memchr(chunk->str, '\0', chunk->len) != NULL;
        length += chunk->len;
    }
    fy_token_iter_destroy(iterator);
    if (nul) return fail_at(b, "a NUL character in a text; delete it");
    return chunk || error ? fail_at(b, "a text cannot be read; write it anew") : BASHU_OK;
}

static bashu_status copy_text(builder *b, const char **out, struct fy_token *token)
{
    size_t span = 0;
    if (token) TRY(check_source(b, token, &span));
    size_t room = span + span / 2 + 1; /* an escape may grow from two bytes to three, no more */
    char *text = arena_alloc(b->memory, room + 1, 1);
    if (!text) return fail_memory(b->d->context);
    *out = text;
    return token ? copy_chunks(b, text, room, token) : BASHU_OK;
}

static bashu_status add_scalar(builder *b, struct fy_token *token)
{
    bool plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;
    const char *text = NULL;
    TRY(copy_text(b, &text, token));
    if (expects_key(b)) {
        if (plain && !strcmp(text, "<<")) return fail_at(b, "merge keys (<<) are not supported; write the keys out");
        b->frames[b->depth - 1].key = text;
        b->frames[b->depth - 1].key_line = b->line;
        return BASHU_OK;
    }
    yaml_node *node = NULL;
    TRY(add_node(b, &node, NODE_SCALAR));
    node->text = text;
    node->plain = plain;
    return BASHU_OK;
}

static bashu_status check_event(builder *b, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (mark && mark->line >= (int)b->line)
        b->line = (unsigned)mark->line + 1; /* a map in a list may claim the line after */
    if (event->type == FYET_ALIAS) return fail_at(b, "aliases (*name) are not supported; write the value out");
    if (event->type != FYET_SCALAR && event->type != FYET_MAPPING_START && event->type != FYET_SEQUENCE_START)
        return BASHU_OK;
    if (fy_event_get_anchor_token(event)) return fail_at(b, "anchors (&name) are not supported; delete it");
    if (fy_event_get_tag_token(event)) return fail_at(b, "tags (!name) are not supported; delete it");
    return BASHU_OK;
}

static bashu_status take_event(builder *b, struct fy_event *event)
{
    TRY(check_event(b, event));
    switch (event->type) {
    case FYET_DOCUMENT_START:
        return b->documents++ ? fail_at(b, "a second document begins here (---); keep one in a file") : BASHU_OK;
    case FYET_MAPPING_START: return open_frame(b, NODE_MAP);
    case FYET_SEQUENCE_START: return open_frame(b, NODE_LIST);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END: return close_frame(b);
    case FYET_SCALAR: return add_scalar(b, event->scalar.value);
    default: return BASHU_OK;
    }
}

/* ---- the parser ---------------------------------------------------------------------------------- */

/* libfyaml would print what it does not collect. */
static void swallow(struct fy_diag *diag, void *payload, const char *bytes, size_t size)
{
    (void)diag, (void)payload, (void)bytes, (void)size;
}

static struct fy_diag *quiet_diag(void)
{
    struct fy_diag_cfg configuration;
    fy_diag_cfg_default(&configuration);
    configuration.fp = NULL;
    configuration.output_fn = swallow;
    configuration.colorize = false;
    struct fy_diag *diag = fy_diag_create(&configuration);
    if (diag) fy_diag_set_collect_errors(diag, true);
    return diag;
}

static bashu_status fail_syntax(const builder *b, struct fy_diag *diag)
{
    void *previous = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &previous);
    if (!error || !error->msg) return fail_at(b, "is not valid YAML near here; check indentation and quotes");
    return fail(b->d->context, BASHU_ERROR_INPUT,
                "%s:%d:%d: is not valid YAML: %s; check indentation, colons and quotes here", b->d->file.path,
                error->line, error->column, excerpt_of(error->msg).text);
}

static bashu_status take_events(builder *b, struct fy_parser *parser, struct fy_diag *diag)
{
    bashu_status status = BASHU_OK;
    for (struct fy_event *event; status == BASHU_OK && (event = fy_parser_parse(parser)) != NULL;) {
        status = take_event(b, event);
        fy_parser_event_free(parser, event);
    }
    if (status != BASHU_OK) return status;
    return fy_parser_get_stream_error(parser) || b->depth ? fail_syntax(b, diag) : BASHU_OK;
}

static bashu_status parse(builder *b)
{
    const text_file *file = &b->d->file;
    struct fy_diag *diag = quiet_diag();
    if (!diag) return fail_memory(b->d->context);
    const struct fy_parse_cfg configuration = {
        .search_path = "", .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&configuration);
    bashu_status status = BASHU_ERROR_MEMORY;
    if (parser && !fy_parser_set_string(parser, file->bytes, file->size)) status = take_events(b, parser, diag);
    else fail_memory(b->d->context);
    if (parser) fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return status;
}

/* YAML forbids both, but libfyaml has no words for the one that help, and takes the other. */
static bashu_status check_characters(const document *d)
{
    size_t line = 1;
    for (const char *s = d->file.bytes; *s; line++) {
        size_t indent = strspn(s, " \t"), length = strcspn(s, "\r\n");
        if (memchr(s, '\t', indent) && indent < length)
            return fail(d->context, BASHU_ERROR_INPUT, "%s:%zu: indented with a tab; use spaces", d->file.path, line);
        for (size_t k = indent; k < length; k++) {
            if (((unsigned char)s[k] < ' ' && s[k] != '\t') || s[k] == '\x7F')
                return fail(d->context, BASHU_ERROR_INPUT, "%s:%zu: holds the control character 0x%02X; delete it",
                            d->file.path, line, (unsigned)s[k]);
        }
        s += length;
        if (*s) s += *s == '\r' && s[1] == '\n' ? 2 : 1;
    }
    return BASHU_OK;
}

static bashu_status check_size(bashu_context *context, const char *path)
{
    struct stat about;
    if (!path || stat(path, &about) || !S_ISREG(about.st_mode)) return BASHU_OK; /* text_file_read has the words */
    if (about.st_size <= FILE_LIMIT) return BASHU_OK;
    return fail(context, BASHU_ERROR_INPUT,
                "%s: has %lld bytes, more than the limit of 16 MiB; keep bulky data in a CSV table", path,
                (long long)about.st_size);
}

bashu_status document_read(document **out, arena *memory, const char *path)
{
    *out = NULL;
    bashu_context *context = arena_context(memory);
    document *d = arena_alloc(memory, 1, sizeof *d);
    builder *b = arena_alloc(memory, 1, sizeof *b);
    if (!d || !b) return fail_memory(context);
    d->context = context;
    *b = (builder){.d = d, .memory = memory, .line = 1};
    TRY(check_size(context, path));
    TRY(text_file_read(&d->file, memory, path));
    TRY(check_characters(d));
    TRY(parse(b));
    if (!d->root) return fail(context, BASHU_ERROR_INPUT, "%s:1: is empty; write `key: value` lines", d->file.path);
    *out = d;
    return BASHU_OK;
}

/* ---- asking -------------------------------------------------------------------------------------- */

const char *document_path(const document *d) { return d->file.path; }

const char *document_sha256(const document *d) { return d->file.sha256; }

const yaml_node *document_root(const document *d) { return d->root; }

node_kind node_kind_of(const yaml_node *n) { return n->kind; }

size_t node_line(const yaml_node *n) { return n->line; }

size_t node_count(const yaml_node *n) { return n->count; }

const yaml_node *node_item(const yaml_node *n, size_t index) { return n->items[index]; }

const char *node_key(const yaml_node *n, size_t index) { return n->items[index]->key; }

const yaml_node *node_get(const yaml_node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP) return NULL;
    if (map->index) {
        long found = name_index_find(map->index, key);
        return found < 0 ? NULL : map->items[found];
    }
    for (size_t k = 0; k < map->count; k++) {
        if (!strcmp(map->items[k]->key, key)) return map->items[k];
    }
    return NULL;
}

const char *node_scalar(const yaml_node *n) { return n && n->kind == NODE_SCALAR ? n->text : NULL; }

static const char *kind_words(const yaml_node *n)
{
    if (n->kind == NODE_MAP) return "a map (key: value)";
    if (n->kind == NODE_LIST) return "a list";
    return "a single value";
}

static bashu_status check_map(const document *d, const yaml_node *n)
{
    if (n && n->kind == NODE_MAP) return BASHU_OK;
    if (n && n->key)
        return node_fail(d, n, "'%s' is %s where a map is needed; write `key: value` lines below it",
                         excerpt_of(n->key).text, kind_words(n));
    return node_fail(d, n, "a map is needed here; write `key: value` lines");
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (!strcmp(names[k], name)) return true;
    }
    return false;
}

static bashu_status fail_key(const document *d, const yaml_node *pair, const char *const *known, size_t count)
{
    excerpt name = excerpt_of(pair->key);
    const char *near = nearest_name(pair->key, known, count);
    if (near)
        return fail(d->context, BASHU_ERROR_INPUT, "%s:%u: unknown key '%s'; did you mean '%s'?", d->file.path,
                    pair->key_line, name.text, near);
    return fail(d->context, BASHU_ERROR_INPUT, "%s:%u: unknown key '%s'; delete it, or see the manual for the keys",
                d->file.path, pair->key_line, name.text);
}

bashu_status node_only(const document *d, const yaml_node *map, const char *const *known)
{
    TRY(check_map(d, map));
    size_t count = 0;
    while (known[count]) count++;
    for (size_t k = 0; k < map->count; k++) {
        if (!is_among(map->items[k]->key, known, count)) return fail_key(d, map->items[k], known, count);
    }
    return BASHU_OK;
}

bashu_status node_require(const yaml_node **out, const document *d, const yaml_node *map, const char *key)
{
    TRY(check_map(d, map));
    *out = node_get(map, key);
    if (*out) return BASHU_OK;
    if (map->key) return node_fail(d, map, "'%s' has no key '%s'; add `%s: ...`", excerpt_of(map->key).text, key, key);
    return node_fail(d, map, "the key '%s' is missing; add `%s: ...`", key, key);
}

bashu_status node_text(const char **out, const document *d, const yaml_node *n, const char *what)
{
    if (!n) return node_fail(d, n, "%s is missing; add it", what);
    if (n->kind != NODE_SCALAR)
        return node_fail(d, n, "%s is %s where a text is needed; write it in quotes", what, kind_words(n));
    if (n->plain && !*n->text) return node_fail(d, n, "%s is empty; write a text", what);
    *out = n->text;
    return BASHU_OK;
}

bashu_status node_number(double *out, const document *d, const yaml_node *n, const char *what, double low, double high)
{
    *out = nan("");
    if (!n) return node_fail(d, n, "%s is missing; add it", what);
    if (n->kind != NODE_SCALAR)
        return node_fail(d, n, "%s is %s where a number is needed; write a number such as 1250.5", what, kind_words(n));
    number_words words;
    if (number_check(out, &words, n->text, (number_range){low, high, false, NULL})) return BASHU_OK;
    return node_fail(d, n, "%s: %s", what, words.text);
}

bashu_status node_fail(const document *d, const yaml_node *n, const char *format, ...)
{
    char words[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    if (!n) return fail(d->context, BASHU_ERROR_INPUT, "%s: %s", d->file.path, words);
    return fail(d->context, BASHU_ERROR_INPUT, "%s:%u: %s", d->file.path, n->line, words);
}
