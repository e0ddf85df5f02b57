/* fuzz_infrastructure.c - any bytes as places, goods and links that can be built: a clear refusal, or data within its bounds. */
#include "input/infrastructure.h"

#include "fuzz.h"

#include <math.h>
#include <string.h>

static void check_data(const infrastructure_data *d)
{
    double least = 0;
    HOLDS(d->J >= 1 && d->N >= 1 && d->E >= 1);
    HOLDS(d->beta > 0 && d->gamma > 0 && d->alpha > 0 && d->sigma > 1 && d->inequality >= 0);
    for (size_t j = 0; j < d->J; j++) {
        HOLDS(*d->place[j] && d->people[j] > 0 && d->housing[j] > 0 && d->weight[j] > 0);
        for (size_t k = 0; k < d->N; k++) HOLDS(d->output[j * d->N + k] >= 0 && isfinite(d->output[j * d->N + k]));
    }
    for (size_t k = 0; k < d->N; k++) HOLDS(*d->good[k]);
    for (size_t e = 0; e < d->E; e++) {
        const infrastructure_link *l = &d->links[e];
        HOLDS(l->from < d->J && l->to < d->J && l->from != l->to);
        HOLDS(l->friction > 0 && l->building > 0 && l->built > 0 && l->built <= l->most);
        least += l->building * l->built;
    }
    HOLDS(d->budget > least && isfinite(d->budget));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bashu_context *context = NULL;
    infrastructure_data d;
    HOLDS(bashu_open(&context, 1) == BASHU_OK);
    arena *memory = arena_new(context);
    const char *path = fuzz_file(0, data, size);
    bashu_status status = infrastructure_read(&d, memory, path, 0);
    if (status == BASHU_OK) check_data(&d);
    else {
        HOLDS(status == BASHU_ERROR_INPUT);
        HOLDS(!strncmp(bashu_message(context), path, strlen(path)));
    }
    arena_free(memory);
    bashu_close(context);
    return 0;
}
