/* fuzz_economy.c - any bytes as one table (FUZZED) of the economy LANTERN, the rest of which is as it is: a clear refusal that names the table, or rows
 * within their bounds. */
#include "input/economy.h"

#include "fuzz.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void stop_at(const char *path)
{
    perror(path);
    exit(1);
}

static size_t read_whole(const char *path, char *bytes, size_t room)
{
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(bytes, 1, room, file) : 0;
    if (!file || ferror(file) || size == room) stop_at(path);
    fclose(file);
    return size;
}

/* The economy in a folder of this process, once; its list of tables has the one that is fuzzed. */
static void copy_economy(void)
{
    static char bytes[1 << 16], document[1 << 17];
    static const char tables[] = "tables:\n", entry[] = "  " FUZZED ": " FUZZED ".csv\n";
    DIR *source = opendir(LANTERN);
    if (!source) stop_at(LANTERN);
    for (const struct dirent *file; (file = readdir(source)) != NULL;) {
        char path[4096];
        const char *end = strrchr(file->d_name, '.');
        if (!end || (strcmp(end, ".csv") != 0 && strcmp(end, ".yaml") != 0)) continue;
        snprintf(path, sizeof path, "%s/%s", LANTERN, file->d_name);
        size_t size = read_whole(path, bytes, sizeof bytes - 1);
        bytes[size] = 0;
        if (strcmp(file->d_name, "economy.yaml") != 0) {
            fuzz_named_file(file->d_name, bytes, size);
            continue;
        }
        const char *at = strstr(bytes, tables);
        HOLDS(at != NULL);
        snprintf(document, sizeof document, "%.*s%s%s", (int)(at - bytes) + (int)strlen(tables), bytes, strstr(bytes, "  " FUZZED ":") ? "" : entry,
                 at + strlen(tables));
        fuzz_named_file(file->d_name, document, strlen(document));
    }
    closedir(source);
}

static void check_data(const bashu_data *data)
{
    const description *about = &data->about;
    size_t markets = about->N * about->S;
    for (size_t k = 0; k < data->moved_count; k++) {
        const moved_row *m = &data->moved[k];
        HOLDS(m->from < markets && m->to < markets && m->from != m->to);
        HOLDS(m->people >= 0 && isfinite(m->people));
    }
    for (size_t use = 0; use < RESEARCH_USE_COUNT; use++)
        for (size_t n = 0; data->research.people[use] && n < about->N; n++)
            HOLDS(data->research.people[use][n] >= 0 && isfinite(data->research.people[use][n]));
    for (size_t n = 0; data->research.science && n < about->N; n++) HOLDS(data->research.science[n] >= 0 && isfinite(data->research.science[n]));
    for (size_t k = 0; k < about->printed_time_count; k++) {
        const printed_time *t = &about->printed_times[k];
        HOLDS(t->from < about->network->node_count && t->to < about->network->node_count && t->from != t->to);
        HOLDS(t->time_h > 0 && isfinite(t->time_h) && t->mode && t->year >= 0 && t->year <= 9999);
        HOLDS(isnan(t->trains) || t->trains >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int copied;
    bashu_context *context = NULL;
    bashu_data *read = NULL;
    if (!copied) copy_economy();
    copied = 1;
    const char *path = fuzz_named_file(FUZZED ".csv", data, size);
    HOLDS(bashu_open(&context, 1) == BASHU_OK);
    bashu_status status = bashu_data_read(&read, context, fuzz_folder(), NULL);
    HOLDS((status == BASHU_OK) == (read != NULL));
    if (read) check_data(read);
    else {
        HOLDS(status == BASHU_ERROR_INPUT);
        HOLDS(!strncmp(bashu_message(context), path, strlen(path)));
    }
    bashu_data_free(read);
    bashu_close(context);
    return 0;
}
