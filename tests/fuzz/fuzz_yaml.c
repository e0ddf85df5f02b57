/* fuzz_yaml.c - any bytes as a document: a clear refusal, or a tree within its bounds. */
#include "input/input.h"

#include "fuzz.h"

#include <math.h>
#include <string.h>

enum { DEPTH_LIMIT = 32 };

static void check_scalar(const document *d, const yaml_node *n)
{
    double value = 0;
    const char *text = NULL;
    if (node_number(&value, d, n, "it", -HUGE_VAL, HUGE_VAL) == BASHU_OK) HOLDS(isfinite(value));
    if (node_text(&text, d, n, "it") == BASHU_OK) HOLDS(text == node_scalar(n));
}

/* Returns the number of nodes. */
static size_t check_node(const document *d, const yaml_node *n, int depth)
{
    size_t nodes = 1;
    HOLDS(node_line(n) >= 1);
    if (node_kind_of(n) == NODE_SCALAR) {
        check_scalar(d, n);
        return nodes;
    }
    HOLDS(depth < DEPTH_LIMIT);
    for (size_t k = 0; k < node_count(n); k++) {
        if (node_kind_of(n) == NODE_MAP) HOLDS(node_get(n, node_key(n, k)) == node_item(n, k));
        HOLDS(node_line(node_item(n, k)) >= node_line(n));
        nodes += check_node(d, node_item(n, k), depth + 1);
    }
    return nodes;
}

static void check_keys(const document *d)
{
    static const char *const known[] = {"name", "elasticities", NULL};
    const yaml_node *n = NULL, *root = document_root(d);
    HOLDS((node_require(&n, d, root, "name") == BASHU_OK) == (node_get(root, "name") != NULL));
    (void)node_only(d, root, known);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bashu_context *context = NULL;
    document *d = NULL;
    HOLDS(bashu_open(&context, 1) == BASHU_OK);
    arena *memory = arena_new(context);
    const char *path = fuzz_file(0, data, size);
    bashu_status status = document_read(&d, memory, path);
    HOLDS((status == BASHU_OK) == (d != NULL));
    if (d) {
        HOLDS(check_node(d, document_root(d), 0) <= size + 1);
        check_keys(d);
    } else {
        HOLDS(status == BASHU_ERROR_INPUT);
        HOLDS(!strncmp(bashu_message(context), path, strlen(path)));
    }
    arena_free(memory);
    bashu_close(context);
    return 0;
}
