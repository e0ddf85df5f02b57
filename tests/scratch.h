/* scratch.h - a folder for the files of one test, removed with them. */
#ifndef BASHU_TESTS_SCRATCH_H
#define BASHU_TESTS_SCRATCH_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct scratch {
    char folder[256], path[640];
} scratch;

/* False when no folder can be made below $TMPDIR or /tmp. */
static inline _Bool scratch_open(scratch *s)
{
    const char *base = getenv("TMPDIR");
    snprintf(s->folder, sizeof s->folder, "%s/bashu-test-XXXXXX", base && *base ? base : "/tmp");
    return mkdtemp(s->folder) != NULL;
}

/* The path of a file in it; lives until the next call. */
static inline const char *scratch_path(scratch *s, const char *name)
{
    snprintf(s->path, sizeof s->path, "%s/%s", s->folder, name);
    return s->path;
}

static inline const char *scratch_bytes(scratch *s, const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(scratch_path(s, name), "wb");
    _Bool good = file && (!size || fwrite(bytes, 1, size, file) == size);
    if (file && fclose(file)) good = 0;
    if (!good) perror(s->path);
    return s->path;
}

static inline const char *scratch_text(scratch *s, const char *name, const char *text)
{
    return scratch_bytes(s, name, text, strlen(text));
}

/* Visits the files; returns how many there are. */
static inline size_t scratch_each(scratch *s, _Bool remove_them)
{
    size_t count = 0;
    DIR *folder = opendir(s->folder);
    if (!folder) return 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        count++;
        if (remove_them) (void)remove(scratch_path(s, entry->d_name));
    }
    closedir(folder);
    return count;
}

static inline void scratch_close(scratch *s)
{
    scratch_each(s, 1);
    (void)rmdir(s->folder);
}

#endif
