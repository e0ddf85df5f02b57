/* file.c - whole files: read as UTF-8, written whole or not at all.
 *
 * A file is read twice: first in blocks, to refuse what is no text before any memory is spent on it, then whole. */
#define _XOPEN_SOURCE 700 /* realpath: POSIX has it in its base, glibc asks for this */
#include "input/text.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 16, LINE_LIMIT = 1 << 20, SIZE_LIMIT = 1 << 30, NAME_TRIES = 100 };

typedef struct reason {
    char text[128];
} reason;

static reason reason_of(int error)
{
    reason r;
    if (strerror_r(error, r.text, sizeof r.text)) snprintf(r.text, sizeof r.text, "error %d", error);
    return r;
}

/* ---- reading ------------------------------------------------------------------------------------- */

static bashu_status fail_open(bashu_context *context, const char *path, int error)
{
    if (error == ENOENT || error == ENOTDIR)
        return fail(context, BASHU_ERROR_IO, "%s: there is no such file; check the name and the folder", path);
    if (error == EACCES) return fail(context, BASHU_ERROR_IO, "%s: may not be read; change its permissions", path);
    return fail(context, BASHU_ERROR_IO, "%s: cannot be opened: %s", path, reason_of(error).text);
}

static bashu_status check_kind(bashu_context *context, const char *path, const struct stat *about)
{
    if (S_ISDIR(about->st_mode)) return fail(context, BASHU_ERROR_IO, "%s: is a folder; name a file in it", path);
    if (!S_ISREG(about->st_mode))
        return fail(context, BASHU_ERROR_IO, "%s: is not a regular file; save its content in a file first", path);
    if (about->st_size > SIZE_LIMIT)
        return fail(context, BASHU_ERROR_INPUT, "%s: has %lld bytes, more than the limit of 1 GiB; split or thin it",
                    path, (long long)about->st_size);
    return BASHU_OK;
}

static bashu_status open_text(int *out, size_t *size, bashu_context *context, const char *path)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* a pipe must not make us wait */
    if (fd < 0) return fail_open(context, path, errno);
    bashu_status status = fstat(fd, &about) ? fail_open(context, path, errno) : check_kind(context, path, &about);
    if (status != BASHU_OK) {
        close(fd);
        return status;
    }
    *out = fd;
    *size = (size_t)about.st_size;
    return BASHU_OK;
}

/* Reads until `size` bytes or the end; -1 with errno on error. */
static ssize_t read_up_to(int fd, char *bytes, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t n = read(fd, bytes + got, size - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (!n) break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

typedef struct line_scan {
    size_t line, length;
    unsigned char last;
} line_scan;

static bashu_status scan_block(line_scan *scan, bashu_context *context, const char *path, const char *block,
                               size_t size)
{
    for (size_t k = 0; k < size; k++) {
        unsigned char c = (unsigned char)block[k];
        bool end = c == '\n' || c == '\r';
        if (!c)
            return fail(
                context, BASHU_ERROR_INPUT,
                "%s:%zu: holds a NUL byte, so it is no text (UTF-16, perhaps, or a spreadsheet); save it as UTF-8",
                path, scan->line);
        if (end && !(c == '\n' && scan->last == '\r')) scan->line++;
        scan->length = end ? 0 : scan->length + 1;
        scan->last = c;
        if (scan->length > LINE_LIMIT)
            return fail(context, BASHU_ERROR_INPUT,
                        "%s:%zu: the line is longer than %d bytes; is this the right file? Break it up", path,
                        scan->line, LINE_LIMIT);
    }
    return BASHU_OK;
}

static bashu_status scan_text(bashu_context *context, const char *path, int fd)
{
    bashu_status status = BASHU_OK;
    line_scan scan = {.line = 1};
    ssize_t got = 0;
    char *block = malloc(BLOCK);
    if (!block) return fail_memory(context);
    while (status == BASHU_OK && (got = read_up_to(fd, block, BLOCK)) > 0)
        status = scan_block(&scan, context, path, block, (size_t)got);
    if (got < 0) status = fail(context, BASHU_ERROR_IO, "%s: cannot be read: %s", path, reason_of(errno).text);
    free(block);
    return status;
}

static bashu_status load_text(text_file *out, arena *memory, int fd, size_t size)
{
    bashu_context *context = arena_context(memory);
    out->bytes = arena_alloc(memory, size + 1, 1);
    if (!out->bytes) return fail_memory(context);
    ssize_t got = lseek(fd, 0, SEEK_SET) < 0 ? -1 : read_up_to(fd, out->bytes, size);
    if (got < 0) return fail(context, BASHU_ERROR_IO, "%s: cannot be read: %s", out->path, reason_of(errno).text);
    out->size = (size_t)got;
    if (strlen(out->bytes) != size)
        return fail(context, BASHU_ERROR_IO, "%s: changed while it was read; try again", out->path);
    SHA256Data((const uint8_t *)out->bytes, out->size, out->sha256);
    return BASHU_OK;
}

/* ---- encodings ----------------------------------------------------------------------------------- */

static size_t line_at(const char *bytes, size_t at)
{
    size_t line = 1;
    for (size_t k = 0; k < at; k++) {
        if (bytes[k] == '\n' || (bytes[k] == '\r' && bytes[k + 1] != '\n')) line++;
    }
    return line;
}

/* An UTF-8 file that was cut inside a character reads like GB18030 nonsense: tell it apart. */
static bool is_cut(const char *bytes, size_t size, size_t valid)
{
    bool seen = false;
    for (size_t k = 0; k < valid && !seen; k++) seen = (unsigned char)bytes[k] >= 0x80;
    size_t missing = 0;
    unsigned char first = (unsigned char)bytes[valid];
    if (first >= 0xC2 && first < 0xF5) missing = (first < 0xE0 ? 2u : first < 0xF0 ? 3u : 4u);
    return seen && size - valid < missing;
}

static bool has_mark(const char *bytes) { return !strncmp(bytes, "\xEF\xBB\xBF", 3); }

/* GB18030 needs at most three bytes of UTF-8 for two of its own. */
static bashu_status convert(text_file *file, arena *memory, size_t valid)
{
    bashu_context *context = arena_context(memory);
    size_t line = line_at(file->bytes, valid), left = file->size, room = left + left / 2 + 4, free_room = room;
    char *from = file->bytes, *to = arena_alloc(memory, room + 1, 1), *bytes = to;
    if (!to) return fail_memory(context);
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    bool good = converter != (iconv_t)-1;
    if (good) {
        good = iconv(converter, &from, &left, &to, &free_room) != (size_t)-1 && !left;
        iconv_close(converter);
    }
    if (!good)
        return fail(context, BASHU_ERROR_INPUT,
                    "%s:%zu: holds bytes that are neither UTF-8 nor GB18030; save it as UTF-8", file->path, line);
    file->bytes = bytes;
    file->size = room - free_room;
    return BASHU_OK;
}

static bashu_status decode(text_file *file, arena *memory)
{
    bashu_context *context = arena_context(memory);
    size_t valid = utf8_valid(file->bytes, file->size);
    if (valid < file->size) {
        if (is_cut(file->bytes, file->size, valid) || has_mark(file->bytes))
            return fail(context, BASHU_ERROR_INPUT, "%s:%zu: broken UTF-8: the file is cut or damaged; get it again",
                        file->path, line_at(file->bytes, valid));
        TRY(convert(file, memory, valid));
    }
    if (has_mark(file->bytes)) {
        file->bytes += 3;
        file->size -= 3;
    }
    return BASHU_OK;
}

bashu_status text_file_read(text_file *out, arena *memory, const char *path)
{
    bashu_context *context = arena_context(memory);
    *out = (text_file){.size = 0};
    if (!path || !*path) return fail(context, BASHU_ERROR_ARGUMENT, "no file is named");
    size_t size = 0;
    int fd = -1;
    TRY(open_text(&fd, &size, context, path));
    bashu_status status = scan_text(context, path, fd);
    if (status == BASHU_OK && !(out->path = arena_text(memory, path))) status = fail_memory(context);
    if (status == BASHU_OK) status = load_text(out, memory, fd, size);
    close(fd);
    return status == BASHU_OK ? decode(out, memory) : status;
}

char *path_beside(arena *memory, const char *beside, const char *name)
{
    const char *slash = strrchr(beside, '/');
    if (*name == '/' || !slash) return arena_text(memory, name);
    return arena_format(memory, "%.*s%s", (int)(slash + 1 - beside), beside, name);
}

/* ---- writing ------------------------------------------------------------------------------------- */

/* 0 or the error number. */
static int write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        bytes += n;
        size -= (size_t)n;
    }
    return 0;
}

/* A new file beside the target, with the target's permissions if it is there. */
static int open_beside(char *temporary, size_t room, const char *target, const struct stat *old)
{
    for (int k = 0; k < NAME_TRIES; k++) {
        snprintf(temporary, room, "%s.%ld-%d.tmp", target, (long)getpid(), k);
        int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno == EEXIST) continue;
        if (fd >= 0 && old) (void)!fchmod(fd, old->st_mode & 0777); /* a courtesy: a file of ours either way */
        return fd;
    }
    return -1;
}

/* The rename is on disk when the folder is; some file systems cannot, and then it is as good as it gets. */
static void sync_folder(char *target)
{
    char *slash = strrchr(target, '/');
    if (slash) slash[slash == target] = '\0';
    int fd = open(slash ? target : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    (void)!fsync(fd);
    close(fd);
}

/* 0 or the error number; nothing is left behind on error. */
static int replace(char *target, const struct stat *old, const char *bytes, size_t size)
{
    size_t room = strlen(target) + 64;
    char *temporary = malloc(room);
    if (!temporary) return ENOMEM;
    int fd = open_beside(temporary, room, target, old), error = fd < 0 ? errno : 0;
    if (fd >= 0) {
        error = write_all(fd, bytes, size);
        if (!error && fsync(fd)) error = errno;
        if (close(fd) && !error) error = errno;
        if (!error && rename(temporary, target)) error = errno;
        if (error) unlink(temporary);
    }
    free(temporary);
    if (!error) sync_folder(target);
    return error;
}

/* A device or a pipe, /dev/stdout say, has no old content to keep. */
static int write_device(const char *path, const char *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return errno;
    int error = write_all(fd, bytes, size);
    if (close(fd) && !error) error = errno;
    return error;
}

static bashu_status fail_write(bashu_context *context, const char *path, int error, bool kept)
{
    if (error == ENOMEM) return fail_memory(context);
    return fail(context, BASHU_ERROR_IO, "%s: cannot be written: %s; %s", path, reason_of(error).text,
                kept ? "the old file is unchanged" : "check the folder, its permissions and the space on the disk");
}

bashu_status text_file_write(bashu_context *context, const char *path, const char *bytes, size_t size)
{
    if (!path || !*path) return fail(context, BASHU_ERROR_ARGUMENT, "no file to write is named");
    struct stat old;
    bool there = stat(path, &old) == 0;
    if (there && S_ISDIR(old.st_mode))
        return fail(context, BASHU_ERROR_IO, "%s: is a folder; name a file to write", path);
    bool device = there && !S_ISREG(old.st_mode);
    int error = 0;
    if (device) {
        error = write_device(path, bytes, size);
    } else {
        char *target = there ? realpath(path, NULL) : strdup(path); /* a link stays a link */
        error = target ? replace(target, there ? &old : NULL, bytes, size) : errno;
        free(target);
    }
    return error ? fail_write(context, path, error, there && !device) : BASHU_OK;
}

bashu_status text_file_draft(bashu_context *context, const char *path, const char *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0) return fail_write(context, path, errno, false);
    int error = write_all(fd, bytes, size);
    if (close(fd) && !error) error = errno;
    return error ? fail_write(context, path, error, false) : BASHU_OK;
}
