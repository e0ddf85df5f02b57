/* verify.c - bashu verify and bashu convert: published models as cases. */
#include "cli.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- where cases are ------------------------------------------------------------------------------------- */

static bool is_case(const char *folder, const char *name)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s%scase.yaml", folder, name, *name ? "/" : "");
    return length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0;
}

/* --cases; else validation/ here; else what was installed. */
static const char *cases_folder(const request *r)
{
    struct stat about;
    if (r->cases) return r->cases;
    return stat("validation", &about) == 0 && S_ISDIR(about.st_mode) ? "validation" : BASHU_SHARED "/validation";
}

enum { CASES_SHOWN = 256 };

static void no_such_case(const request *r, const char *folder, const char *name)
{
    char *names[CASES_SHOWN];
    size_t count = 0;
    DIR *open = opendir(folder);
    for (const struct dirent *entry; open && count < CASES_SHOWN && (entry = readdir(open)) != NULL;)
        if (entry->d_name[0] != '.' && is_case(folder, entry->d_name) && (names[count] = strdup(entry->d_name))) count++;
    if (open) closedir(open);
    const char *near = nearest(name, (const char *const *)names, count), *missing = say(r, "no case", "没有案例"), *in = say(r, "in", "于");
    if (near) complain("%s '%s' %s %s; %s '%s'?", missing, name, in, folder, say(r, "did you mean", "是否想用"), near);
    else complain("%s '%s' %s %s; %s", missing, name, in, folder, say(r, "name a folder of it that has a case.yaml", "请写其中含 case.yaml 的目录名"));
    for (size_t k = 0; k < count; k++) free(names[k]);
}

/* A case is named by its folder in the folder of cases, or by a path. *out is freed by the caller. */
static int find_case(const request *r, char **out, const char *name)
{
    const char *folder = cases_folder(r);
    size_t room = strlen(folder) + strlen(name) + 2;
    *out = malloc(room);
    if (!*out) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    if (is_case(folder, name)) snprintf(*out, room, "%s/%s", folder, name);
    else snprintf(*out, room, "%s", name);
    if (is_case(*out, "")) return EXIT_OK;
    no_such_case(r, folder, name);
    free(*out);
    *out = NULL;
    return EXIT_INPUT;
}

typedef struct case_list {
    char **paths;
    size_t count;
} case_list;

static void list_free(case_list *list)
{
    for (size_t k = 0; k < list->count; k++) free(list->paths[k]);
    free(list->paths);
}

static int list_add(const request *r, case_list *list, const char *name)
{
    char **paths = realloc(list->paths, (list->count + 1) * sizeof *paths);
    if (!paths) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    list->paths = paths;
    int code = find_case(r, &paths[list->count], name);
    if (code == EXIT_OK) list->count++;
    return code;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_all(const request *r, case_list *list)
{
    const char *folder = cases_folder(r);
    DIR *open = opendir(folder);
    int code = EXIT_OK;
    for (const struct dirent *entry; open && code == EXIT_OK && (entry = readdir(open)) != NULL;)
        if (entry->d_name[0] != '.' && is_case(folder, entry->d_name)) code = list_add(r, list, entry->d_name);
    if (open) closedir(open);
    if (code == EXIT_OK && !list->count) {
        complain("%s: %s", folder, say(r, "there are no cases; say where they are with --cases DIR", "没有案例；请用 --cases 指明目录"));
        code = EXIT_INPUT;
    }
    if (list->count) qsort(list->paths, list->count, sizeof *list->paths, by_name);
    return code;
}

static int list_cases(const request *r, case_list *list)
{
    int code = EXIT_OK;
    if (!r->argument_count) return list_all(r, list);
    for (size_t k = 0; k < r->argument_count && code == EXIT_OK; k++) code = list_add(r, list, r->arguments[k]);
    return code;
}

/* ---- verify ---------------------------------------------------------------------------------------------- */

static const char *const *methods(void)
{
    for (size_t k = 0; k < bashu_option_count(); k++)
        if (!strcmp(bashu_option_at(k)->name, "method")) return bashu_option_at(k)->words;
    return NULL;
}

/* A case that cannot be read is explained and does not keep the others from being shown; the first such exit code. */
static int verify_list(session *s, bashu_verification *all, const case_list *list)
{
    const char *reference = s->request->reference ? s->request->reference : getenv("BASHU_REFERENCE");
    int first = EXIT_OK;
    for (size_t k = 0; k < list->count && first != EXIT_INTERRUPTED; k++) {
        int code = checked(s, bashu_verify_case(all, list->paths[k], reference && *reference ? reference : NULL, &s->options));
        if (first == EXIT_OK || code == EXIT_INTERRUPTED) first = code;
    }
    return first;
}

/* `--method all` asks each method in turn. */
static int verify_by_methods(session *s, bashu_verification *all, const case_list *list)
{
    if (!s->request->all_methods) return verify_list(s, all, list);
    const char *const *words = methods();
    int code = EXIT_OK;
    for (size_t k = 0; words && words[k] && code == EXIT_OK; k++) {
        code = checked(s, bashu_option_set(&s->options, s->context, "method", words[k]));
        if (code == EXIT_OK) code = verify_list(s, all, list);
    }
    return code;
}

static int show(session *s, const bashu_verification *all)
{
    const request *r = s->request;
    char *content;
    const char *format = r->json ? "json" : r->markdown ? "markdown" : r->verbose ? "rows" : "text";
    int code = checked(s, bashu_verify_report(&content, all, format, r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->markdown);
    bashu_text_free(content);
    return code;
}

static int write_files(session *s, const bashu_verification *all)
{
    static const char *const files[][2] = {{"validation.md", "markdown"}, {"validation.json", "json"}};
    int code = s->request->output ? make_folder(s->request->output) : EXIT_OK;
    for (size_t k = 0; s->request->output && k < 2 && code == EXIT_OK; k++) {
        char *content;
        code = checked(s, bashu_verify_report(&content, all, files[k][1], s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k][0], content);
        bashu_text_free(content);
    }
    return code;
}

/* One method alone may find nothing, which is no difference; the ladder may not. */
static int verdict(const request *r, const bashu_verification *all)
{
    bashu_verify_tally t;
    bashu_verify_count(all, &t);
    return t.differ || (t.unanswered && !r->all_methods) ? EXIT_DIFFERS : EXIT_OK;
}

/* What worked is shown, whatever did not. */
static int verify_and_show(session *s, bashu_verification *all, const case_list *list)
{
    int refused = verify_by_methods(s, all, list);
    if (refused == EXIT_INTERRUPTED) return refused;
    int code = show(s, all);
    if (code == EXIT_OK) code = write_files(s, all);
    if (code == EXIT_OK) code = refused;
    return code == EXIT_OK ? verdict(s->request, all) : code;
}

int run_verify(const request *r)
{
    session s;
    case_list list = {0};
    bashu_verification *all = NULL;
    int code = list_cases(r, &list);
    if (code == EXIT_OK) code = session_open(&s, r);
    else {
        list_free(&list);
        return code;
    }
    if (code == EXIT_OK) code = checked(&s, bashu_verify_new(&all, s.context));
    if (code == EXIT_OK) code = verify_and_show(&s, all, &list);
    bashu_verify_free(all);
    session_close(&s);
    list_free(&list);
    return code;
}

/* ---- convert --------------------------------------------------------------------------------------------- */

int run_convert(const request *r)
{
    session s;
    char *folder = NULL;
    if (!r->output) {
        complain("%s: bashu convert CASE --from DIR -o DIR", say(r, "usage", "用法"));
        return EXIT_USAGE;
    }
    int code = find_case(r, &folder, r->arguments[0]);
    if (code != EXIT_OK) return code;
    code = session_open(&s, r);
    if (code == EXIT_OK) code = make_folder(r->output);
    if (code == EXIT_OK) code = checked(&s, bashu_convert(s.context, folder, r->from, r->output));
    if (code == EXIT_OK && !r->quiet)
        fprintf(stderr, "%s %s\n", say(r, "wrote an economy; look at it with: bashu check", "已写入经济数据，可查看：bashu check"),
                r->output);
    session_close(&s);
    free(folder);
    return code;
}
