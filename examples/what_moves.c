/* what_moves.c - what one more minute on each link does to an outcome, by one gradient.
 *
 *     what_moves ECONOMY SET MEMBER [VARIABLE]     e.g.  what_moves economies/lantern circle twin gdp
 *
 * Links are printed as the economy lists them: percent of the outcome per minute. */
#include <bashu/bashu.h>

#include <stdio.h>
#include <stdlib.h>

typedef struct work { /* a zeroed struct and one way out: every free takes NULL */
    bashu_context *context;
    bashu_data *data;
    bashu_economy *economy;
    bashu_linear *linear;
    bashu_gradient *gradient;
    double *values;
} work;

/* Each step only when those before it worked. */
static bashu_status differentiate(work *w, const char *folder, const char *set, const char *member, const char *variable)
{
    bashu_status status = bashu_data_read(&w->data, w->context, folder, NULL);
    if (status == BASHU_OK) status = bashu_calibrate(&w->economy, w->data, NULL);
    if (status == BASHU_OK) status = bashu_linear_new(&w->linear, w->economy, NULL);
    if (status == BASHU_OK) status = bashu_gradient_new(&w->gradient, w->linear, variable, set, member);
    return status;
}

static bashu_status print(work *w)
{
    size_t count = bashu_gradient_length(w->gradient, "link_minute");
    const bashu_linear_info *info = bashu_gradient_info(w->gradient);
    printf("residual %.1e, %d passes\n", info->residual, info->passes);
    w->values = malloc((count + 1) * sizeof *w->values);
    if (!w->values) return BASHU_ERROR_MEMORY;
    bashu_status status = bashu_gradient_values(w->gradient, "link_minute", w->values, count);
    for (size_t k = 0; status == BASHU_OK && k < count; k++) printf("%-24s %+.6f %%\n", bashu_link_id(w->economy, k), w->values[k]);
    return status;
}

int main(int count, char **words)
{
    if (count < 4) {
        fputs("usage: what_moves ECONOMY SET MEMBER [VARIABLE]\n", stderr);
        return 2;
    }
    work w = {0};
    bashu_status status = bashu_open(&w.context, 0);
    if (status == BASHU_OK) status = differentiate(&w, words[1], words[2], words[3], count > 4 ? words[4] : "gdp");
    if (status == BASHU_OK) status = print(&w);
    if (status != BASHU_OK) fprintf(stderr, "%s: %s\n", bashu_status_text(status), bashu_message(w.context));
    free(w.values);
    bashu_gradient_free(w.gradient);
    bashu_linear_free(w.linear);
    bashu_economy_free(w.economy);
    bashu_data_free(w.data);
    bashu_close(w.context);
    return (int)status;
}
