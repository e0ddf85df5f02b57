/* test_input.c - files, tables, names and documents that are as they should be. */
#include "input/input.h"

#include "../scratch.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <sys/stat.h>

#include <cmocka.h>

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

static void must(fixture *f, bashu_status status)
{
    if (status != BASHU_OK) fail_msg("%s", bashu_message(f->context));
}

static table *table_of(fixture *f, const char *text)
{
    table *t = NULL;
    must(f, table_read(&t, f->memory, scratch_text(&f->files, "t.csv", text)));
    return t;
}

static document *document_of(fixture *f, const char *text)
{
    document *d = NULL;
    must(f, document_read(&d, f->memory, scratch_text(&f->files, "d.yaml", text)));
    return d;
}

static const char any_range_unit[] = "persons";
static const number_range any = {-HUGE_VAL, HUGE_VAL, true, any_range_unit};

/* ---- files --------------------------------------------------------------------------------------- */

static void file_has_bytes_and_sum(void **state)
{
    fixture *f = *state;
    text_file file;
    must(f, text_file_read(&file, f->memory, scratch_text(&f->files, "a", "abc")));
    assert_string_equal(file.bytes, "abc");
    assert_int_equal(file.size, 3);
    /* FIPS 180-2, appendix B.1 */
    assert_string_equal(file.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(file.path, f->files.path);
}

static void file_may_be_empty(void **state)
{
    fixture *f = *state;
    text_file file;
    must(f, text_file_read(&file, f->memory, scratch_text(&f->files, "a", "")));
    assert_int_equal(file.size, 0);
    assert_string_equal(file.bytes, "");
}

static void file_loses_its_mark(void **state)
{
    fixture *f = *state;
    text_file file;
    must(f, text_file_read(&file, f->memory, scratch_text(&f->files, "a", "\xEF\xBB\xBFx")));
    assert_string_equal(file.bytes, "x");
    assert_int_equal(file.size, 1);
}

static void file_in_gb18030_is_converted(void **state)
{
    fixture *f = *state;
    text_file file;
    must(f, text_file_read(&file, f->memory, scratch_text(&f->files, "a", "\xB1\xB1\xBE\xA9,\x82\x35\x94\x30\n")));
    assert_string_equal(file.bytes, "北京,\xE9\xBF\x95\n"); /* two bytes each, and the four-byte U+9FD5 */
    assert_int_equal(file.size, strlen(file.bytes));
}

static void path_is_beside(void **state)
{
    fixture *f = *state;
    assert_string_equal(path_beside(f->memory, "economies/x/economy.yaml", "a.csv"), "economies/x/a.csv");
    assert_string_equal(path_beside(f->memory, "economies/x/", "../a.csv"), "economies/x/../a.csv");
    assert_string_equal(path_beside(f->memory, "economy.yaml", "a.csv"), "a.csv");
    assert_string_equal(path_beside(f->memory, "/economy.yaml", "a.csv"), "/a.csv");
    assert_string_equal(path_beside(f->memory, "x/economy.yaml", "/b/a.csv"), "/b/a.csv");
}

static void expect_content(fixture *f, const char *path, const char *content)
{
    text_file file;
    must(f, text_file_read(&file, f->memory, path));
    assert_string_equal(file.bytes, content);
}

static void write_makes_and_replaces(void **state)
{
    fixture *f = *state;
    struct stat about;
    const char *path = scratch_path(&f->files, "out.csv");
    must(f, text_file_write(f->context, path, "one", 3));
    expect_content(f, path, "one");
    assert_int_equal(chmod(path, 0640), 0);
    must(f, text_file_write(f->context, path, "two", 3));
    expect_content(f, path, "two");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    must(f, text_file_write(f->context, path, "", 0));
    expect_content(f, path, "");
    assert_int_equal(scratch_each(&f->files, 0), 1); /* no temporary file is left */
}

static void write_goes_through_a_link(void **state)
{
    fixture *f = *state;
    struct stat about;
    scratch link = f->files;
    scratch_text(&f->files, "real.csv", "old");
    scratch_path(&link, "link.csv");
    assert_int_equal(symlink("real.csv", link.path), 0);
    must(f, text_file_write(f->context, link.path, "new", 3));
    expect_content(f, f->files.path, "new");
    assert_int_equal(lstat(link.path, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
}

static void write_takes_a_device(void **state)
{
    fixture *f = *state;
    must(f, text_file_write(f->context, "/dev/null", "x", 1));
}

/* ---- tables -------------------------------------------------------------------------------------- */

static void table_has_rows_and_lines(void **state)
{
    fixture *f = *state;
    table *t = table_of(f, "id,people\nA,1\n\nB,2\n");
    assert_int_equal(table_rows(t), 2);
    assert_int_equal(table_columns(t), 2);
    assert_string_equal(table_column_name(t, 1), "people");
    assert_string_equal(table_text(t, 1, 0), "B");
    assert_int_equal(table_line(t, 0), 2);
    assert_int_equal(table_line(t, 1), 4);
    assert_int_equal(table_find(t, "people"), 1);
    assert_int_equal(table_find(t, "gdp"), -1);
    assert_int_equal(strlen(table_sha256(t)), 64);
    assert_string_equal(table_path(t), f->files.path);
}

static void table_may_have_no_rows(void **state)
{
    fixture *f = *state;
    assert_int_equal(table_rows(table_of(f, "id,people")), 0);
}

static void table_reads_quotes(void **state)
{
    fixture *f = *state;
    table *t =
        table_of(f, "id,name,people\nA,\"x, y\",1\nB,\"two\r\nlines\n\",2\nC,\"he said \"\"hi\"\"\",3\nD,\"\",4\n");
    assert_string_equal(table_text(t, 0, 1), "x, y");
    assert_string_equal(table_text(t, 1, 1), "two\r\nlines");
    assert_string_equal(table_text(t, 2, 1), "he said \"hi\"");
    assert_string_equal(table_text(t, 3, 1), "");
    assert_int_equal(table_line(t, 1), 3);
    assert_int_equal(table_line(t, 2), 6);
}

static void table_trims(void **state)
{
    fixture *f = *state;
    table *t = table_of(f, " id ,\" people\t\"\n\tA B ,　1\xC2\xA0 \n");
    assert_int_equal(table_find(t, "id"), 0);
    assert_int_equal(table_find(t, "people"), 1);
    assert_string_equal(table_text(t, 0, 0), "A B");
    assert_string_equal(table_text(t, 0, 1), "1");
}

/* The same table, however lines end, however it is encoded, with or without a last line end. */
static void table_reads_all_dialects(void **state)
{
    static const char *const dialects[] = {
        "市,人\n北京,5\n上海,6\n",
        "市,人\r\n北京,5\r\n上海,6\r\n",
        "市,人\r北京,5\r上海,6",
        "市,人\n北京,5\n上海,\"6\"",
        "\xEF\xBB\xBF市,人\n北京,5\n上海,6\n",
        "\n市,人\n\n北京,5\r\n上海,6\n\n \n",
        "\xCA\xD0,\xC8\xCB\n\xB1\xB1\xBE\xA9,5\n\xC9\xCF\xBA\xA3,6\n",
        "\x84\x31\x95\x33\xCA\xD0,\xC8\xCB\n\xB1\xB1\xBE\xA9,5\n\xC9\xCF\xBA\xA3,6\n",
    };
    fixture *f = *state;
    for (size_t k = 0; k < sizeof dialects / sizeof *dialects; k++) {
        table *t = table_of(f, dialects[k]);
        assert_int_equal(table_rows(t), 2);
        assert_int_equal(table_columns(t), 2);
        assert_int_equal(table_find(t, "人"), 1);
        assert_string_equal(table_text(t, 1, 0), "上海");
        assert_string_equal(table_text(t, 1, 1), "6");
    }
}

static void table_knows_its_columns(void **state)
{
    static const char *const known[] = {"id", "people", "gdp", NULL};
    fixture *f = *state;
    size_t column = 9;
    table *t = table_of(f, "id,people,people_source,any_note\n");
    must(f, table_only(t, known));
    must(f, table_require(&column, t, "people"));
    assert_int_equal(column, 1);
}

static void expect_numbers(fixture *f)
{
    static const double expected[] = {1250.5, -3, 1e8, 0.25, 5, 1e-300, 0};
    table *t = table_of(f, "x\n1250.5\n-3\n1e8\n.25\n+5.\n1E-300\n-0\n");
    assert_int_equal(table_rows(t), 7);
    for (size_t k = 0; k < 7; k++) {
        double value = nan("");
        must(f, table_number(&value, t, k, 0, any));
        assert_true(value == expected[k]);
    }
}

static void numbers_are_read(void **state)
{
    fixture *f = *state;
    expect_numbers(f);
    table *t = table_of(f, "id,x\nA,\nB,-5\nC,7\n");
    double value = 1;
    must(f, table_number(&value, t, 0, 1, any));
    assert_true(isnan(value));
    must(f, table_number(&value, t, 1, 1, (number_range){-5, 7, false, NULL})); /* ends are included */
    must(f, table_number(&value, t, 2, 1, (number_range){-5, 7, false, NULL}));
    assert_true(value == 7);
}

/* A locale with a decimal comma: the machine's, or one compiled for the test. */
static _Bool german(fixture *f)
{
    char command[1024];
    if (setlocale(LC_ALL, "de_DE.UTF-8")) return 1;
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >%s/out 2>&1", f->files.folder,
             f->files.folder);
    if (system(command)) return 0;
    setenv("LOCPATH", f->files.folder, 1);
    return setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
}

static void remove_locale(fixture *f)
{
    char command[1024];
    unsetenv("LOCPATH");
    snprintf(command, sizeof command, "rm -rf %s/de_DE.UTF-8", f->files.folder);
    assert_int_equal(system(command), 0);
}

static void numbers_do_not_depend_on_the_locale(void **state)
{
    fixture *f = *state;
    _Bool there = german(f);
    char half[16] = "";
    if (there) {
        snprintf(half, sizeof half, "%.1f", 0.5);
        expect_numbers(f);
        setlocale(LC_ALL, "C");
    }
    remove_locale(f);
    if (!there) skip();
    assert_string_equal(half, "0,5"); /* the locale was what we take it for */
}

static void table_of_many_cells(void **state)
{
    enum { ROWS = 20000 };
    fixture *f = *state;
    char *text = malloc(ROWS * 32 + 32), *end = text;
    assert_non_null(text);
    end += sprintf(end, "id,square\n");
    for (int k = 0; k < ROWS; k++) end += sprintf(end, "r%d,\"%.0f\"\n", k, (double)k * k);
    table *t = table_of(f, text);
    free(text);
    assert_int_equal(table_rows(t), ROWS);
    for (size_t k = 0; k < ROWS; k++) {
        double value = 0;
        must(f, table_number(&value, t, k, 1, any));
        assert_true(value == (double)k * (double)k);
        assert_int_equal(table_line(t, k), k + 2);
    }
}

/* ---- names --------------------------------------------------------------------------------------- */

static void index_finds_what_was_added(void **state)
{
    enum { COUNT = 5000 };
    fixture *f = *state;
    char name[32];
    name_index *index = name_index_new(f->memory, 3);
    for (size_t k = 0; k < COUNT; k++) {
        snprintf(name, sizeof name, "name-%zu", k * 7919);
        assert_true(name_index_add(index, name, k)); /* the name may change afterwards: it is copied */
    }
    for (size_t k = 0; k < COUNT; k++) {
        snprintf(name, sizeof name, "name-%zu", k * 7919);
        assert_int_equal(name_index_find(index, name), k);
        assert_false(name_index_add(index, name, 0));
    }
    assert_int_equal(name_index_find(index, "name-1"), -1);
    assert_int_equal(name_index_find(index, ""), -1);
}

static void nearest_is_what_was_meant(void **state)
{
    static const char *const names[] = {"people", "gdp", "land_km2", "trade_elasticity", "成都市", "重庆市"};
    static const char *const pairs[][2] = {
        {"poeple", "people"},
        {"people_", "people"},
        {"GDP", "gdp"},
        {"gpd", "gdp"},
        {"land-km2", "land_km2"},
        {"landkm2", "land_km2"},
        {"trade_elastcity", "trade_elasticity"},
        {"成都巿", "成都市"},
        {"重庆", "重庆市"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        const char *near = nearest_name(pairs[k][0], names, 6);
        assert_non_null(near);
        assert_string_equal(near, pairs[k][1]);
    }
}

static void nearest_is_nothing_when_far(void **state)
{
    static const char *const names[] = {"people", "gdp", "成都市"};
    static const char *const far[] = {"", "x", "elasticity", "wage", "ab", "北京市"};
    char lengthy[1000];
    (void)state;
    memset(lengthy, 'x', sizeof lengthy);
    lengthy[sizeof lengthy - 1] = '\0';
    for (size_t k = 0; k < sizeof far / sizeof *far; k++) assert_null(nearest_name(far[k], names, 3));
    assert_null(nearest_name(lengthy, names, 3));
    assert_null(nearest_name("people", names, 0));
}

static void nearest_of_an_index(void **state)
{
    fixture *f = *state;
    name_index *index = name_index_new(f->memory, 0);
    assert_null(name_index_nearest(index, "people"));
    assert_true(name_index_add(index, "wage_2", 0));
    assert_true(name_index_add(index, "wage_1", 1));
    assert_string_equal(name_index_nearest(index, "wage_3"), "wage_2"); /* of equals, the first */
}

/* ---- documents ----------------------------------------------------------------------------------- */

static const char example[] = "# comment\n"
                              "name: china2020\n"
                              "title: {en: \"China 2020\", zh: \"中国\"}\n"
                              "\n"
                              "elasticities:\n"
                              "  trade: {value: 4, low: 2.8}\n"
                              "modes: [road, 'rail: it''s fast', \"\\u4e2d \\\"x\\\"\\n\"]\n"
                              "steps:\n"
                              "  - id: a\n"
                              "    note: |\n"
                              "      two\n"
                              "      lines\n"
                              "  - b\n"
                              "nothing:\n";

static void document_is_a_tree(void **state)
{
    fixture *f = *state;
    document *d = document_of(f, example);
    const yaml_node *root = document_root(d), *modes = node_get(root, "modes"), *steps = node_get(root, "steps");
    assert_int_equal(node_kind_of(root), NODE_MAP);
    assert_int_equal(node_count(root), 6);
    assert_string_equal(node_key(root, 1), "title");
    assert_string_equal(node_scalar(node_get(node_get(root, "title"), "zh")), "中国");
    assert_int_equal(node_kind_of(modes), NODE_LIST);
    assert_string_equal(node_scalar(node_item(modes, 1)), "rail: it's fast");
    assert_string_equal(node_scalar(node_item(modes, 2)), "中 \"x\"\n");
    assert_string_equal(node_scalar(node_get(node_item(steps, 0), "note")), "two\nlines\n");
    assert_string_equal(node_scalar(node_get(root, "nothing")), "");
    assert_null(node_scalar(modes));
    assert_null(node_get(root, "absent"));
    assert_null(node_get(modes, "road"));
    assert_int_equal(strlen(document_sha256(d)), 64);
    assert_string_equal(document_path(d), f->files.path);
}

static void nodes_know_their_lines(void **state)
{
    fixture *f = *state;
    const yaml_node *root = document_root(document_of(f, example)), *steps = node_get(root, "steps");
    assert_int_equal(node_line(node_get(root, "name")), 2);
    assert_int_equal(node_line(node_get(root, "title")), 3);
    assert_int_equal(node_line(node_get(node_get(root, "elasticities"), "trade")), 6);
    assert_int_equal(node_line(node_item(steps, 0)), 9);
    assert_int_equal(node_line(node_item(steps, 1)), 13);
}

static void nodes_give_values(void **state)
{
    static const char *const known[] = {"name", "title", "elasticities", "modes", "steps", "nothing", "else", NULL};
    fixture *f = *state;
    document *d = document_of(f, example);
    const yaml_node *root = document_root(d), *n = NULL;
    const char *text = NULL;
    double value = 0;
    must(f, node_only(d, root, known));
    must(f, node_require(&n, d, root, "name"));
    must(f, node_text(&text, d, n, "the name"));
    assert_string_equal(text, "china2020");
    must(f, node_require(&n, d, node_get(root, "elasticities"), "trade"));
    must(f, node_number(&value, d, node_get(n, "low"), "low", 0, 10));
    assert_true(value == 2.8);
}

static void maps_with_many_keys(void **state)
{
    enum { KEYS = 3000 };
    fixture *f = *state;
    char *text = malloc(KEYS * 32), *end = text, key[32];
    assert_non_null(text);
    for (int k = 0; k < KEYS; k++) end += sprintf(end, "key%d: %d\n", k, k * 3);
    document *d = document_of(f, text);
    free(text);
    for (int k = 0; k < KEYS; k++) {
        double value = -1;
        snprintf(key, sizeof key, "key%d", k);
        must(f, node_number(&value, d, node_get(document_root(d), key), key, 0, 1e9));
        assert_true(value == 3 * k);
    }
    assert_null(node_get(document_root(d), "key"));
}

static void documents_in_all_dialects(void **state)
{
    static const char *const dialects[] = {
        "名: 北京\nb: [1]\n",
        "名: 北京\r\nb: [1]\r\n",
        "\xEF\xBB\xBF名: 北京\nb:\n- 1",
        "{名: 北京, b: [1]}",
        "---\n名: 北京\nb: [1]\n...\n",
        "%YAML 1.2\n---\n名: 北京\nb: [1]\n",
        "{\"名\": \"北京\", \"b\": [1]}",
        "\xC3\xFB: \xB1\xB1\xBE\xA9\nb: [1]\n",
    };
    fixture *f = *state;
    for (size_t k = 0; k < sizeof dialects / sizeof *dialects; k++) {
        const yaml_node *root = document_root(document_of(f, dialects[k]));
        assert_string_equal(node_scalar(node_get(root, "名")), "北京");
        assert_string_equal(node_scalar(node_item(node_get(root, "b"), 0)), "1");
    }
}

static void document_at_the_depth_limit(void **state)
{
    fixture *f = *state;
    const yaml_node *n =
        document_root(document_of(f, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"));
    int depth = 0;
    for (; node_kind_of(n) == NODE_LIST; n = node_item(n, 0)) depth++;
    assert_int_equal(depth, 32);
    assert_string_equal(node_scalar(n), "x");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(file_has_bytes_and_sum),
        CASE(file_may_be_empty),
        CASE(file_loses_its_mark),
        CASE(file_in_gb18030_is_converted),
        CASE(path_is_beside),
        CASE(write_makes_and_replaces),
        CASE(write_goes_through_a_link),
        CASE(write_takes_a_device),
        CASE(table_has_rows_and_lines),
        CASE(table_may_have_no_rows),
        CASE(table_reads_quotes),
        CASE(table_trims),
        CASE(table_reads_all_dialects),
        CASE(table_knows_its_columns),
        CASE(numbers_are_read),
        CASE(numbers_do_not_depend_on_the_locale),
        CASE(table_of_many_cells),
        CASE(index_finds_what_was_added),
        CASE(nearest_is_what_was_meant),
        CASE(nearest_is_nothing_when_far),
        CASE(nearest_of_an_index),
        CASE(document_is_a_tree),
        CASE(nodes_know_their_lines),
        CASE(nodes_give_values),
        CASE(maps_with_many_keys),
        CASE(documents_in_all_dialects),
        CASE(document_at_the_depth_limit),
    };
    return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
