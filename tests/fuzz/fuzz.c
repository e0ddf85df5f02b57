/* fuzz.c - what the fuzzers share. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[256], paths[2][300];

static void remove_files(void)
{
    for (int k = 0; k < 2; k++) (void)remove(paths[k]);
    (void)rmdir(folder);
}

static void make_folder(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/bashu-fuzz-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(folder)) {
        perror(folder);
        exit(1);
    }
    for (int k = 0; k < 2; k++) snprintf(paths[k], sizeof paths[k], "%s/%d", folder, k);
    atexit(remove_files);
}

const char *fuzz_file(int which, const void *data, size_t size)
{
    if (!*folder) make_folder();
    FILE *file = fopen(paths[which], "wb");
    if (!file || (size && fwrite(data, 1, size, file) != size) || fclose(file)) {
        perror(paths[which]);
        exit(1);
    }
    return paths[which];
}

void fuzz_check(int holds, const char *theorem, int line)
{
    if (holds) return;
    fprintf(stderr, "line %d: this does not hold: %s\n", line, theorem);
    abort();
}
