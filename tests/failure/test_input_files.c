/* test_input_files.c - files, tables and documents that must be refused, each with words that help.
 *
 * Every case lists what its message must hold: where, what, and the mend. */
#include "input/input.h"

#include "../scratch.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { WORDS = 5 };

typedef struct fixture {
    scratch files;
    bashu_context *context;
    arena *memory;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f || !scratch_open(&f->files) || bashu_open(&f->context, 1) != BASHU_OK) return -1;
    f->memory = arena_new(f->context);
    *state = f;
    return f->memory ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    arena_free(f->memory);
    bashu_close(f->context);
    scratch_close(&f->files);
    free(f);
    return 0;
}

static void expect_failure(fixture *f, bashu_status got, bashu_status expected, const char *const *words)
{
    const char *message = bashu_message(f->context);
    if (got != expected) fail_msg("status %d, expected %d: %s", got, expected, message);
    for (size_t k = 0; k < WORDS && words[k]; k++) {
        if (!strstr(message, words[k])) fail_msg("no '%s' in: %s", words[k], message);
    }
}

/* ---- files --------------------------------------------------------------------------------------- */

static void expect_no_text(fixture *f, const char *path, bashu_status expected, const char *const *words)
{
    text_file file;
    expect_failure(f, text_file_read(&file, f->memory, path), expected, words);
}

static void missing_file(void **state)
{
    fixture *f = *state;
    static const char *const words[WORDS] = {"none.csv: ", "no such file", "check the name"};
    expect_no_text(f, scratch_path(&f->files, "none.csv"), BASHU_ERROR_IO, words);
    expect_no_text(f, scratch_path(&f->files, "none.csv/none.csv"), BASHU_ERROR_IO, words);
    table *t;
    document *d;
    expect_failure(f, table_read(&t, f->memory, f->files.path), BASHU_ERROR_IO, words);
    expect_failure(f, document_read(&d, f->memory, f->files.path), BASHU_ERROR_IO, words);
    assert_null(t);
    assert_null(d);
}

static void no_name(void **state)
{
    fixture *f = *state;
    expect_no_text(f, "", BASHU_ERROR_ARGUMENT, (const char *const[WORDS]){"no file"});
    expect_no_text(f, NULL, BASHU_ERROR_ARGUMENT, (const char *const[WORDS]){"no file"});
    expect_failure(f, text_file_write(f->context, "", "x", 1), BASHU_ERROR_ARGUMENT,
                   (const char *const[WORDS]){"no file"});
}

static void folder_for_a_file(void **state)
{
    fixture *f = *state;
    static const char *const words[WORDS] = {"bashu-test", "is a folder", "name a file"};
    expect_no_text(f, f->files.folder, BASHU_ERROR_IO, words);
    document *d;
    expect_failure(f, document_read(&d, f->memory, f->files.folder), BASHU_ERROR_IO, words);
}

static void pipe_for_a_file(void **state)
{
    fixture *f = *state;
    assert_int_equal(mkfifo(scratch_path(&f->files, "pipe"), 0600), 0);
    expect_no_text(f, f->files.path, BASHU_ERROR_IO,
                   (const char *const[WORDS]){"pipe: ", "not a regular file", "save"});
}

static void unreadable_file(void **state)
{
    fixture *f = *state;
    if (!geteuid()) skip(); /* root may read anything */
    scratch_text(&f->files, "a.csv", "x");
    assert_int_equal(chmod(f->files.path, 0), 0);
    expect_no_text(f, f->files.path, BASHU_ERROR_IO, (const char *const[WORDS]){"a.csv: ", "permissions"});
}

static void huge_file(void **state)
{
    fixture *f = *state;
    if (truncate(scratch_text(&f->files, "a.csv", "x"), ((off_t)1 << 30) + 1)) skip(); /* holes cost no disk */
    static const char *const words[WORDS] = {"a.csv: ", "1073741825", "limit of 1 GiB", "split"};
    expect_no_text(f, f->files.path, BASHU_ERROR_INPUT, words);
}

static void nul_bytes(void **state)
{
    fixture *f = *state;
    static const char *const words[WORDS] = {"a.csv:2: ", "NUL", "UTF-16", "save it as UTF-8"};
    expect_no_text(f, scratch_bytes(&f->files, "a.csv", "a,b\n1,\0 2\n", 11), BASHU_ERROR_INPUT, words);
}

static void neither_encoding(void **state)
{
    fixture *f = *state;
    static const char *const words[WORDS] = {"a.csv:2: ", "neither UTF-8 nor GB18030", "save it as UTF-8"};
    expect_no_text(f, scratch_text(&f->files, "a.csv", "a\n\xFF\xFF\xFF\n"), BASHU_ERROR_INPUT, words);
}

static void cut_inside_a_character(void **state)
{
    fixture *f = *state;
    static const char *const words[WORDS] = {"a.csv:2: ", "broken UTF-8", "cut", "get it again"};
    expect_no_text(f, scratch_text(&f->files, "a.csv", "市\n北\xE4\xBA"), BASHU_ERROR_INPUT, words);
    expect_no_text(f,
                   scratch_text(&f->files, "a.csv",
                                "\xEF\xBB\xBF"
                                "a\n\xC3\xC3\n"),
                   BASHU_ERROR_INPUT, words);
}

/* One line of 100 MB: refused at its first megabyte, before memory is spent on the file. */
static void enormous_line(void **state)
{
    enum { BLOCK = 1 << 20 };
    static char block[BLOCK];
    fixture *f = *state;
    table *t;
    memset(block, 'x', sizeof block);
    FILE *file = fopen(scratch_text(&f->files, "a.csv", "id,people\n"), "ab");
    assert_non_null(file);
    for (int k = 0; k < 100; k++) assert_int_equal(fwrite(block, 1, BLOCK, file), BLOCK);
    assert_int_equal(fclose(file), 0);
    double start = now_s();
    static const char *const words[WORDS] = {"a.csv:2: ", "line is longer", "Break it up"};
    expect_failure(f, table_read(&t, f->memory, f->files.path), BASHU_ERROR_INPUT, words);
    assert_true(now_s() - start < 1);
    assert_true(arena_bytes(f->memory) < 1 << 16);
}

/* ---- writing ------------------------------------------------------------------------------------- */

static void expect_content(fixture *f, const char *path, const char *content)
{
    text_file file;
    assert_int_equal(text_file_read(&file, f->memory, path), BASHU_OK);
    assert_string_equal(file.bytes, content);
}

static void full_device(void **state)
{
    fixture *f = *state;
    if (access("/dev/full", W_OK)) skip();
    expect_failure(f, text_file_write(f->context, "/dev/full", "x", 1), BASHU_ERROR_IO,
                   (const char *const[WORDS]){"/dev/full: ", "cannot be written", strerror(ENOSPC)});
}

/* As a full disk, part of the bytes can be written and the rest cannot. */
static void full_disk(void **state)
{
    enum { SIZE = 1 << 20 };
    fixture *f = *state;
    struct rlimit before, small;
    char *bytes = calloc(SIZE, 1);
    assert_non_null(bytes);
    scratch_text(&f->files, "out.csv", "old");
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 4096;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bashu_status replaced = text_file_write(f->context, f->files.path, bytes, SIZE);
    char message[1024];
    snprintf(message, sizeof message, "%s", bashu_message(f->context));
    scratch other = f->files;
    bashu_status made = text_file_write(f->context, scratch_path(&other, "new.csv"), bytes, SIZE);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    free(bytes);
    assert_int_equal(replaced, BASHU_ERROR_IO);
    assert_non_null(strstr(message, "out.csv: cannot be written"));
    assert_non_null(strstr(message, "old file is unchanged"));
    expect_failure(f, made, BASHU_ERROR_IO,
                   (const char *const[WORDS]){"new.csv: cannot be written", "space on the disk"});
    expect_content(f, f->files.path, "old");
    assert_int_equal(scratch_each(&f->files, 0), 1); /* neither the new file nor a temporary one */
}

static void unwritable_places(void **state)
{
    fixture *f = *state;
    static const char *const words[WORDS] = {"out.csv: ", "cannot be written", "check the folder"};
    expect_failure(f, text_file_write(f->context, scratch_path(&f->files, "none/out.csv"), "x", 1), BASHU_ERROR_IO,
                   words);
    scratch_text(&f->files, "file", "old");
    expect_failure(f, text_file_write(f->context, scratch_path(&f->files, "file/out.csv"), "x", 1), BASHU_ERROR_IO,
                   words);
    expect_failure(f, text_file_write(f->context, f->files.folder, "x", 1), BASHU_ERROR_IO,
                   (const char *const[WORDS]){"is a folder", "name a file"});
    assert_int_equal(scratch_each(&f->files, 0), 1);
}

static void unwritable_folder(void **state)
{
    fixture *f = *state;
    if (!geteuid()) skip(); /* root may write anywhere */
    scratch_text(&f->files, "out.csv", "old");
    assert_int_equal(chmod(f->files.folder, 0500), 0);
    bashu_status status = text_file_write(f->context, f->files.path, "new", 3);
    assert_int_equal(chmod(f->files.folder, 0700), 0);
    expect_failure(f, status, BASHU_ERROR_IO, (const char *const[WORDS]){"out.csv: cannot be written", "unchanged"});
    expect_content(f, f->files.path, "old");
}

/* ---- tables -------------------------------------------------------------------------------------- */

typedef struct bad_text {
    const char *text, *words[WORDS];
} bad_text;

/* What a reader of tables does: columns, then every number. */
static bashu_status read_people(fixture *f, const char *path)
{
    static const char *const known[] = {"id", "people", "lon", NULL};
    table *t;
    size_t people = 0, lon = 0;
    double value;
    TRY(table_read(&t, f->memory, path));
    TRY(table_only(t, known));
    TRY(table_require(&people, t, "people"));
    TRY(table_require(&lon, t, "lon"));
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(table_number(&value, t, row, people, (number_range){0, HUGE_VAL, true, "persons"}));
        TRY(table_number(&value, t, row, lon, (number_range){-180, 180, false, "degrees"}));
        if (value == 13) return table_fail(t, row, lon, "%s brings bad luck; write another", table_text(t, row, lon));
    }
    return BASHU_OK;
}

static const bad_text bad_tables[] = {
    {"", {"t.csv:1: ", "is empty", "must name the columns"}},
    {" \n\r\n\n", {"t.csv:1: ", "is empty"}},
    {"\xEF\xBB\xBF", {"t.csv:1: ", "is empty"}},
    /* the header */
    {"id,people,lon,people\n", {"t.csv:1: ", "columns 2 and 4", "'people'", "rename or delete"}},
    {"\nid,,lon\n", {"t.csv:2: ", "column 2 has no name", "delete it"}},
    {"id,people,lon,\n", {"t.csv:1: ", "column 4 has no name"}},
    {"id;people;lon\nA;1;2\n", {"t.csv:1: ", "semicolons", "by commas"}},
    {"id\tpeople\tlon\nA\t1\t2\n", {"t.csv:1: ", "tabs", "by commas"}},
    {"id,poeple,lon\n", {"t.csv:1: ", "unknown column 'poeple'", "did you mean 'people'?"}},
    {"id,people,lon,zzzzzzz\n", {"t.csv:1: ", "unknown column 'zzzzzzz'", "_note"}},
    {"id,people\n", {"t.csv:1: ", "has no column 'lon'", "add it"}},
    {"id,people,lan_note\n", {"t.csv:1: ", "has no column 'lon'"}},
    /* rows */
    {"id,people,lon\nA,1,2\nB,1\n", {"t.csv:3: ", "2 cells", "3 columns", "column 'lon'", "add"}},
    {"id,people,lon\nA,1,234,5\n", {"t.csv:2: ", "4 cells", "3 columns", "delete the surplus", "quotes"}},
    {"id,people,lon\nA,1,2\nB,", {"t.csv:3: ", "column 'lon'"}}, /* the file was cut */
    {"id,people,lon\nA,1,2\n\"B,1,2\nC,1,2\n", {"t.csv:3: ", "column 'id'", "never closed", "close it", "cut"}},
    {"id,\"people,lon\nA,1,2\n", {"t.csv:1: ", "column '2'", "never closed"}},
    {"id,people,lon\nA,1,x\"2\n", {"t.csv:2: ", "column 'lon'", "stray quote", "in quotes", "twice"}},
    {"id,people,lon\nA,\"1\"x,2\n", {"t.csv:2: ", "column 'people'", "stray quote"}},
    /* numbers */
    {"id,people,lon\n\nA,abc,2\n",
     {"t.csv:3: column 'people': ", "'abc' is not a number", "1250.5", "persons", "leave it empty"}},
    {"id,people,lon\nA,1,NaN\n", {"t.csv:2: column 'lon': ", "'NaN' is not a finite number", "degrees"}},
    {"id,people,lon\nA,inf,1\n", {"t.csv:2: column 'people': ", "'inf' is not a finite number"}},
    {"id,people,lon\nA,-Infinity,1\n", {"t.csv:2: column 'people': ", "not a finite number"}},
    {"id,people,lon\nA,1e999,1\n", {"t.csv:2: column 'people': ", "'1e999' is not a finite number"}},
    {"id,people,lon\nA,\"1,250\",1\n", {"t.csv:2: column 'people': ", "'1,250' is not a number", "without commas"}},
    {"id,people,lon\nA,12%,1\n", {"t.csv:2: column 'people': ", "'12%' is not a number", "without commas or signs"}},
    {"id,people,lon\nA,0x10,1\n", {"t.csv:2: column 'people': ", "'0x10' is not a number"}},
    {"id,people,lon\nA,nan(1),1\n", {"t.csv:2: column 'people': ", "not a number"}},
    {"id,people,lon\nA,1 2,1\n", {"t.csv:2: column 'people': ", "'1 2' is not a number"}},
    {"id,people,lon\nA,.,1\n", {"t.csv:2: column 'people': ", "'.' is not a number"}},
    {"id,people,lon\nA,1e,1\n", {"t.csv:2: column 'people': ", "'1e' is not a number"}},
    {"id,people,lon\nA,--1,1\n", {"t.csv:2: column 'people': ", "'--1' is not a number"}},
    {"id,people,lon\nA,１２,1\n", {"t.csv:2: column 'people': ", "'１２' is not a number"}},
    {"id,people,lon\nA,\"1\n2\",1\n", {"t.csv:2: column 'people': ", "'1 2' is not a number"}},
    {"id,people,lon\nA,1,\n", {"t.csv:2: column 'lon': ", "is empty", "write a number in degrees"}},
    {"id,people,lon\nA,-1,1\n", {"t.csv:2: column 'people': ", "-1 is out of range", "at least 0 persons"}},
    {"id,people,lon\nA,1,180.5\n", {"t.csv:2: column 'lon': ", "180.5 is out of range", "from -180 to 180 degrees"}},
    {"id,people,lon\nA,1,13\n", {"t.csv:2: column 'lon': 13 brings bad luck; write another"}},
    /* a long cell is quoted in part, and no character is cut */
    {"id,people,lon\nA,重庆重庆重庆重庆重庆重庆重庆重庆重庆重庆重庆重庆重庆重庆重庆,1\n",
     {"t.csv:2: column 'people': ", "重庆...' is not a number"}},
};

static void refused_tables(void **state)
{
    fixture *f = *state;
    for (size_t k = 0; k < sizeof bad_tables / sizeof *bad_tables; k++) {
        const char *path = scratch_text(&f->files, "t.csv", bad_tables[k].text);
        expect_failure(f, read_people(f, path), BASHU_ERROR_INPUT, bad_tables[k].words);
    }
}

/* A quote that is never closed swallows the file; it is noticed long before the end. */
static void unclosed_quote_in_a_large_file(void **state)
{
    enum { ROWS = 2000000 };
    fixture *f = *state;
    FILE *file = fopen(scratch_path(&f->files, "t.csv"), "wb");
    assert_non_null(file);
    fputs("id,people\nA,\"1\n", file);
    for (int k = 0; k < ROWS; k++) fputs("row,2\n", file);
    assert_int_equal(fclose(file), 0);
    static const char *const words[WORDS] = {"t.csv:2: ", "column 'people'", "never closed"};
    table *t;
    expect_failure(f, table_read(&t, f->memory, f->files.path), BASHU_ERROR_INPUT, words);
}

/* ---- documents ----------------------------------------------------------------------------------- */

static bashu_status read_model(fixture *f, const char *path)
{
    static const char *const known[] = {"name", "trade_elasticity", "tables", NULL};
    document *d;
    const yaml_node *n = NULL;
    const char *text;
    double value;
    TRY(document_read(&d, f->memory, path));
    TRY(node_only(d, document_root(d), known));
    TRY(node_require(&n, d, document_root(d), "name"));
    TRY(node_text(&text, d, n, "the name"));
    TRY(node_require(&n, d, document_root(d), "trade_elasticity"));
    TRY(node_number(&value, d, n, "trade_elasticity", 0, 100));
    n = node_get(document_root(d), "tables");
    if (!n) return node_fail(d, NULL, "no tables at all; add %s", "some");
    TRY(node_require(&n, d, n, "regions"));
    return node_fail(d, n, "%s is taken; write another", node_scalar(n));
}

static const bad_text bad_documents[] = {
    {"", {"d.yaml:1: ", "is empty", "key: value"}},
    {"# only a comment\n", {"d.yaml:1: ", "is empty"}},
    /* YAML that is refused */
    {"a: &x 1\nb: 2\n", {"d.yaml:1: ", "anchors", "delete it"}},
    {"a: 1\nb: *x\n", {"d.yaml:2: ", "aliases", "write the value out"}},
    {"a: 1\nb: !!int 2\n", {"d.yaml:2: ", "tags", "delete it"}},
    {"a: !local {b: 2}\n", {"d.yaml:1: ", "tags"}},
    {"a: 1\n<<: {b: 1}\n", {"d.yaml:2: ", "merge keys", "write the keys out"}},
    {"a: 1\n---\nb: 2\n", {"d.yaml:2: ", "second document", "one in a file"}},
    {"? [a, b]\n: 1\n", {"d.yaml:1: ", "a key must be one word"}},
    {"a: 1\n: 2\n", {"d.yaml:2: ", "key is empty"}},
    {"name: \"a\\0b\"\n", {"d.yaml:1: ", "NUL"}},
    {"name: 'a''''b'\n", {"d.yaml:1: ", "two quotes in a row", "double quotes"}}, /* libfyaml 0.7.12 would read three */
    {"name: a\nb:\n  name: x\nname: c\n",
     {"d.yaml:4: ", "key 'name' stands here again", "first in line 1", "delete one"}},
    {"name: a\n\"name\": c\n", {"d.yaml:2: ", "key 'name'"}},
    {"b: {x: 1, y: 2, x: 3}\n", {"d.yaml:1: ", "key 'x'"}},
    {"name: a\ntables:\n\tregions: x\n", {"d.yaml:3: ", "tab", "use spaces"}},
    {"name: a\ntables:\n  \tregions: x\n", {"d.yaml:3: ", "tab", "use spaces"}},
    /* no YAML */
    {"name: a\nlist: [1, 2\nb: 3\n", {"d.yaml:4:1: ", "not valid YAML", "check indentation"}},
    {"name: \"open\nb: 2\n", {"d.yaml:1:7: ", "not valid YAML", "quotes"}},
    {"name: a\n b: 2\n", {"d.yaml:1:", "not valid YAML"}},
    {"name: a: b\n", {"d.yaml:1:", "not valid YAML"}},
    {"name: @b\n", {"d.yaml:1:", "not valid YAML"}},
    {"- a\nname: b\n", {"d.yaml:2:", "not valid YAML"}},
    {"]", {"d.yaml:1:", "not valid YAML"}},
    {"{name: a", {"d.yaml:2:1: ", "not valid YAML"}}, /* the file was cut */
    {"name: a\n\x01: b\n", {"d.yaml:2: ", "control character 0x01", "delete it"}},
    /* YAML that says something else than it should */
    {"just words\n", {"d.yaml:1: ", "a map is needed", "key: value"}},
    {"- a\n- b\n", {"d.yaml:1: ", "a map is needed"}},
    {"name: a\ntrade_elastcity: 4\n",
     {"d.yaml:2: ", "unknown key 'trade_elastcity'", "did you mean 'trade_elasticity'?"}},
    {"name: a\nzzzzzzz: 4\n", {"d.yaml:2: ", "unknown key 'zzzzzzz'", "delete it"}},
    {"trade_elasticity: 4\n", {"d.yaml:1: ", "key 'name' is missing", "add `name:"}},
    {"name:\n", {"d.yaml:1: ", "the name is empty", "write a text"}},
    {"name: [a]\n", {"d.yaml:1: ", "the name is a list", "needed"}},
    {"name: {a: b}\n", {"d.yaml:1: ", "the name is a map", "needed"}},
    {"name: a\n\ntrade_elasticity: four\n", {"d.yaml:3: trade_elasticity: ", "'four' is not a number", "1250.5"}},
    {"name: a\ntrade_elasticity: .nan\n", {"d.yaml:2: trade_elasticity: ", "not a finite number"}},
    {"name: a\ntrade_elasticity: -.inf\n", {"d.yaml:2: trade_elasticity: ", "not a finite number"}},
    {"name: a\ntrade_elasticity: 101\n", {"d.yaml:2: trade_elasticity: ", "101 is out of range", "from 0 to 100"}},
    {"name: a\ntrade_elasticity:\n", {"d.yaml:2: trade_elasticity: ", "is empty", "write a number"}},
    {"name: a\ntrade_elasticity: {value: 4}\n", {"d.yaml:2: ", "is a map", "where a number is needed"}},
    {"name: a\ntrade_elasticity: 4\n", {"d.yaml: no tables at all; add some"}},
    {"name: a\ntrade_elasticity: 4\ntables: x\n", {"d.yaml:3: ", "'tables' is a single value", "a map is needed"}},
    {"name: a\ntrade_elasticity: 4\ntables: {a: b}\n",
     {"d.yaml:3: ", "'tables' has no key 'regions'", "add `regions:"}},
    {"name: a\ntrade_elasticity: 4\ntables:\n  regions: x\n", {"d.yaml:4: x is taken; write another"}},
};

static void refused_documents(void **state)
{
    fixture *f = *state;
    for (size_t k = 0; k < sizeof bad_documents / sizeof *bad_documents; k++) {
        const char *path = scratch_text(&f->files, "d.yaml", bad_documents[k].text);
        expect_failure(f, read_model(f, path), BASHU_ERROR_INPUT, bad_documents[k].words);
    }
}

/* Each line ten times the one before: a billion words if it were expanded. */
static void billion_laughs(void **state)
{
    fixture *f = *state;
    char text[4096], *end = text;
    end += sprintf(end, "a0: &a0 lol\n");
    for (int k = 1; k < 10; k++) {
        int p = k - 1;
        end += sprintf(end, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", k, k, p, p, p, p, p, p,
                       p, p, p, p);
    }
    document *d;
    expect_failure(f, document_read(&d, f->memory, scratch_text(&f->files, "d.yaml", text)), BASHU_ERROR_INPUT,
                   (const char *const[WORDS]){"d.yaml:1: ", "anchors", "not supported"});
    assert_true(arena_bytes(f->memory) < 1 << 16);
}

static void deep_nesting(void **state)
{
    enum { DEPTH = 100000 };
    fixture *f = *state;
    document *d;
    static const char *const words[WORDS] = {"d.yaml:", "nested more than 32 deep", "flatten it"};
    char *text = calloc(DEPTH + 1, 1);
    assert_non_null(text);
    memset(text, '[', DEPTH);
    expect_failure(f, document_read(&d, f->memory, scratch_text(&f->files, "d.yaml", text)), BASHU_ERROR_INPUT, words);
    text[33] = '\0';
    expect_failure(f, document_read(&d, f->memory, scratch_text(&f->files, "d.yaml", text)), BASHU_ERROR_INPUT, words);
    char *end = text;
    for (int k = 0; k < 40; k++) end += sprintf(end, "%*sk:\n", k, "");
    expect_failure(f, document_read(&d, f->memory, scratch_text(&f->files, "d.yaml", text)), BASHU_ERROR_INPUT, words);
    free(text);
}

static void too_many_values(void **state)
{
    fixture *f = *state;
    document *d;
    FILE *file = fopen(scratch_path(&f->files, "d.yaml"), "wb");
    assert_non_null(file);
    for (int k = 0; k < 1000; k++) {
        fputs("- [", file);
        for (int m = 0; m < 1000; m++) fputs("1,", file);
        fputs("1]\n", file);
    }
    assert_int_equal(fclose(file), 0);
    expect_failure(f, document_read(&d, f->memory, f->files.path), BASHU_ERROR_INPUT,
                   (const char *const[WORDS]){"d.yaml:", "more than 1000000 values", "CSV"});
}

/* libfyaml takes the square of its lines for one text: minutes for a file of our largest size. */
static void lengthy_text(void **state)
{
    static const char *const heads[] = {"k: |\n", "k: >\n", "k: 'a\n", "k: \"a\n", "k: a\n"};
    fixture *f = *state;
    document *d;
    for (size_t k = 0; k < sizeof heads / sizeof *heads; k++) {
        FILE *file = fopen(scratch_path(&f->files, "d.yaml"), "wb");
        assert_non_null(file);
        fputs(heads[k], file);
        for (int m = 0; m < 2000000; m++) fputs("  a\n", file);
        fputs(k == 2 ? "  '\n" : k == 3 ? "  \"\n" : "", file);
        assert_int_equal(fclose(file), 0);
        double start = now_s();
        expect_failure(f, document_read(&d, f->memory, f->files.path), BASHU_ERROR_INPUT,
                       (const char *const[WORDS]){"d.yaml:", "more than 200 lines", "shorten it"});
        assert_true(now_s() - start < 10);
    }
}

static void large_document(void **state)
{
    fixture *f = *state;
    document *d;
    if (truncate(scratch_text(&f->files, "d.yaml", "a: 1\n"), (16 << 20) + 1)) skip();
    expect_failure(f, document_read(&d, f->memory, f->files.path), BASHU_ERROR_INPUT,
                   (const char *const[WORDS]){"d.yaml: ", "16777217", "16 MiB", "CSV"});
    assert_true(arena_bytes(f->memory) < 1 << 16);
}

static void duplicate_key_among_many(void **state)
{
    fixture *f = *state;
    document *d;
    char text[4096], *end = text;
    for (int k = 0; k < 100; k++) end += sprintf(end, "key%d: %d\n", k, k);
    sprintf(end, "key42: again\n");
    expect_failure(f, document_read(&d, f->memory, scratch_text(&f->files, "d.yaml", text)), BASHU_ERROR_INPUT,
                   (const char *const[WORDS]){"d.yaml:101: ", "key 'key42'", "line 43", "delete one"});
}

/* Nothing a broken file does may reach the terminal. */
static void nothing_is_printed(void **state)
{
    fixture *f = *state;
    struct stat about;
    document *d;
    scratch caught = f->files;
    fflush(stderr);
    FILE *file = fopen(scratch_path(&caught, "caught"), "wb");
    int before = dup(STDERR_FILENO), out = dup(STDOUT_FILENO);
    assert_true(file && before >= 0 && out >= 0);
    fflush(stdout);
    dup2(fileno(file), STDERR_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    for (size_t k = 0; k < sizeof bad_documents / sizeof *bad_documents; k++)
        (void)document_read(&d, f->memory, scratch_text(&f->files, "d.yaml", bad_documents[k].text));
    fflush(stderr);
    fflush(stdout);
    dup2(before, STDERR_FILENO);
    dup2(out, STDOUT_FILENO);
    close(before);
    close(out);
    fclose(file);
    assert_int_equal(stat(caught.path, &about), 0);
    assert_int_equal(about.st_size, 0);
}

/* ---- no memory ----------------------------------------------------------------------------------- */

typedef bashu_status read_function(arena *memory, const char *path);

static bashu_status read_table(arena *memory, const char *path)
{
    table *t;
    return table_read(&t, memory, path);
}

static bashu_status read_document(arena *memory, const char *path)
{
    document *d;
    return document_read(&d, memory, path);
}

/* Fails the first allocation, then the second, ... until the file is read; returns how many there are. */
static long fail_each_allocation(fixture *f, read_function *function, const char *path)
{
    for (long k = 1;; k++) {
        arena *memory = arena_new(f->context);
        assert_non_null(memory);
        context_fail_allocation(f->context, k);
        bashu_status status = function(memory, path);
        context_fail_allocation(f->context, 0);
        arena_free(memory);
        if (status == BASHU_OK) return k - 1;
        assert_int_equal(status, BASHU_ERROR_MEMORY);
        assert_string_equal(bashu_message(f->context), "out of memory");
        assert_true(k < 10000);
    }
}

static void no_memory_for_a_table(void **state)
{
    fixture *f = *state;
    char text[4096], *end = text;
    for (int k = 0; k < 40; k++) end += sprintf(end, "column%d%s", k, k < 39 ? "," : "\n");
    for (int k = 0; k < 40; k++) end += sprintf(end, "\"%d\"%s", k, k < 39 ? "," : "\n");
    assert_true(fail_each_allocation(f, read_table, scratch_text(&f->files, "t.csv", text)) >= 8);
    assert_true(fail_each_allocation(f, read_table, scratch_text(&f->files, "t.csv", "\xB1\xB1\xBE\xA9\n1\n")) >= 9);
}

static void no_memory_for_a_document(void **state)
{
    fixture *f = *state;
    char text[4096], *end = text;
    end += sprintf(end, "a: {b: [1, 2, \"x\\ty\"]}\n");
    for (int k = 0; k < 40; k++) end += sprintf(end, "key%d: [%d]\n", k, k);
    assert_true(fail_each_allocation(f, read_document, scratch_text(&f->files, "d.yaml", text)) >= 100);
    assert_true(fail_each_allocation(f, read_document, scratch_text(&f->files, "d.yaml", "\xB1\xB1: \xBE\xA9\n")) >= 6);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(missing_file),
        CASE(no_name),
        CASE(folder_for_a_file),
        CASE(pipe_for_a_file),
        CASE(unreadable_file),
        CASE(huge_file),
        CASE(nul_bytes),
        CASE(neither_encoding),
        CASE(cut_inside_a_character),
        CASE(enormous_line),
        CASE(full_device),
        CASE(full_disk),
        CASE(unwritable_places),
        CASE(unwritable_folder),
        CASE(refused_tables),
        CASE(unclosed_quote_in_a_large_file),
        CASE(refused_documents),
        CASE(billion_laughs),
        CASE(deep_nesting),
        CASE(too_many_values),
        CASE(lengthy_text),
        CASE(large_document),
        CASE(duplicate_key_among_many),
        CASE(nothing_is_printed),
        CASE(no_memory_for_a_table),
        CASE(no_memory_for_a_document),
    };
    return cmocka_run_group_tests_name("input files", tests, NULL, NULL);
}
