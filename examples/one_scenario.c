/* one_scenario.c - solve a scenario and print one variable by place.
 *
 *     one_scenario SCENARIO [VARIABLE]          e.g.  one_scenario examples/lantern_railway.yaml real_wage
 *
 * The way of the data in one function: folder -> data -> economy; file -> scenario; solver -> result -> numbers. */
#include <bashu/bashu.h>

#include <stdio.h>
#include <stdlib.h>

typedef struct work { /* a zeroed struct and one way out: every free takes NULL */
    bashu_context *context;
    char *folder;
    bashu_data *data;
    bashu_economy *economy;
    bashu_scenario *scenario;
    bashu_solver *solver;
    bashu_result *result;
    double *values;
} work;

/* Each step only when those before it worked. */
static bashu_status solve(work *w, const char *path)
{
    bashu_status status = bashu_scenario_economy(&w->folder, w->context, path);
    if (status == BASHU_OK) status = bashu_data_read(&w->data, w->context, w->folder, NULL);
    if (status == BASHU_OK) status = bashu_calibrate(&w->economy, w->data, NULL);
    if (status == BASHU_OK) status = bashu_scenario_read(&w->scenario, w->economy, path);
    if (status == BASHU_OK) status = bashu_solver_new(&w->solver, w->economy, NULL);
    if (status == BASHU_OK) status = bashu_solve(&w->result, w->solver, w->scenario);
    return status;
}

static bashu_status print(work *w, const char *variable)
{
    size_t count = bashu_region_count(w->economy);
    const bashu_info *info = bashu_result_info(w->result);
    printf("%s\n%s, %d passes, worst residual %.1e (%s)\n", bashu_reason_text(info->reason), info->method, info->passes,
           info->residual, info->worst);
    w->values = malloc(count * sizeof *w->values);
    if (!w->values) return BASHU_ERROR_MEMORY;
    bashu_status status = bashu_result_values(w->result, variable, BASHU_PERCENT, w->values, count);
    for (size_t n = 0; status == BASHU_OK && n < count; n++) {
        bashu_region region;
        status = bashu_region_get(w->economy, n, &region);
        if (status == BASHU_OK) printf("%-12s %+8.3f %%\n", region.name_en, w->values[n]);
    }
    return status;
}

static void finish(work *w)
{
    free(w->values);
    bashu_result_free(w->result);
    bashu_solver_free(w->solver);
    bashu_scenario_free(w->scenario);
    bashu_economy_free(w->economy);
    bashu_data_free(w->data);
    bashu_text_free(w->folder);
    bashu_close(w->context);
}

int main(int count, char **words)
{
    if (count < 2) {
        fputs("usage: one_scenario SCENARIO [VARIABLE]\n", stderr);
        return 2;
    }
    work w = {0};
    bashu_status status = bashu_open(&w.context, 0);
    if (status == BASHU_OK) status = solve(&w, words[1]);
    if (status == BASHU_OK) status = print(&w, count > 2 ? words[2] : "gdp");
    if (status != BASHU_OK) fprintf(stderr, "%s: %s\n", bashu_status_text(status), bashu_message(w.context));
    finish(&w);
    return (int)status;
}
