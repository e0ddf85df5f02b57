/* replay.c - runs a fuzzer over the files of folders, with any compiler: the corpus is part of the ordinary tests. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { LARGEST = 1 << 20 };

static int replay_file(const char *path)
{
    uint8_t *bytes = malloc(LARGEST);
    FILE *file = fopen(path, "rb");
    int good = bytes && file;
    if (good) {
        size_t size = fread(bytes, 1, LARGEST, file);
        good = !ferror(file);
        if (good) LLVMFuzzerTestOneInput(bytes, size);
    }
    if (!good) perror(path);
    if (file) fclose(file);
    free(bytes);
    return good;
}

static int replay_folder(const char *name, int *count)
{
    char path[4096];
    int good = 1;
    DIR *folder = opendir(name);
    if (!folder) {
        perror(name);
        return 0;
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", name, entry->d_name);
        good &= replay_file(path);
        (*count)++;
    }
    closedir(folder);
    return good;
}

int main(int argc, char **argv)
{
    int good = argc > 1, count = 0;
    for (int k = 1; k < argc; k++) good &= replay_folder(argv[k], &count);
    printf("%d files\n", count);
    return good && count ? 0 : 1;
}
