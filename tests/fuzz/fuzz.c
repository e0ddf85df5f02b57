/* fuzz.c - what the fuzzers share. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MOST = 40 };
static char folder[256], paths[FILES_MOST][300];
static size_t path_count;

static void remove_files(void)
{
    for (size_t k = 0; k < path_count; k++) (void)remove(paths[k]);
    (void)rmdir(folder);
}

const char *fuzz_folder(void)
{
    const char *base = getenv("TMPDIR");
    if (*folder) return folder;
    snprintf(folder, sizeof folder, "%s/bashu-fuzz-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(folder)) {
        perror(folder);
        exit(1);
    }
    atexit(remove_files);
    return folder;
}

const char *fuzz_named_file(const char *name, const void *data, size_t size)
{
    char path[sizeof *paths];
    size_t k = 0;
    snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
    while (k < path_count && strcmp(paths[k], path) != 0) k++;
    if (k == path_count && k < FILES_MOST) memcpy(paths[path_count++], path, sizeof path);
    FILE *file = k < FILES_MOST ? fopen(path, "wb") : NULL;
    if (!file || (size && fwrite(data, 1, size, file) != size) || fclose(file)) {
        perror(path);
        exit(1);
    }
    return paths[k];
}

const char *fuzz_file(int which, const void *data, size_t size)
{
    return fuzz_named_file(which ? "1" : "0", data, size);
}

void fuzz_check(int holds, const char *theorem, int line)
{
    if (holds) return;
    fprintf(stderr, "line %d: this does not hold: %s\n", line, theorem);
    abort();
}
