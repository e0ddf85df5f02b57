/* files.c - the folder of -o and the files in it. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(const char *folder, const char *why)
{
    complain("%s: %s", folder, why);
    return EXIT_IO;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

int make_folder(const char *folder)
{
    char *path = strdup(folder);
    if (!path) return refuse(folder, strerror(ENOMEM));
    for (char *slash = path + 1; *path && (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0777); /* the last one tells whether it worked */
        *slash = '/';
    }
    free(path);
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) return refuse(folder, strerror(errno));
    if (!is_folder(folder)) return refuse(folder, strerror(ENOTDIR));
    if (access(folder, W_OK | X_OK) != 0) return refuse(folder, strerror(errno));
    return EXIT_OK;
}

int write_file(session *s, const char *folder, const char *name, const char *content)
{
    size_t room = strlen(folder) + strlen(name) + 2;
    char *path = malloc(room);
    if (!path) return refuse(folder, strerror(ENOMEM));
    snprintf(path, room, "%s/%s", folder, name);
    int code = checked(s, bashu_text_write(s->context, path, content));
    if (code == EXIT_OK && !s->request->quiet) fprintf(stderr, "%s %s\n", say(s->request, "wrote", "已写入"), path);
    free(path);
    return code;
}
