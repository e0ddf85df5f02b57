/* sweep.c - one solver, many scenarios: what ever lower costs of trade within a circle do to it.
 *
 *     sweep ECONOMY CIRCLE FILE          e.g.  sweep economies/lantern twin /tmp/sweep.yaml
 *
 * Each step writes a scenario to FILE and solves it. The solver's workspace and the result are made once and reused. */
#include <bashu/bashu.h>

#include <stdio.h>

typedef struct work {
    bashu_context *context;
    bashu_data *data;
    bashu_economy *economy;
    bashu_solver *solver;
    bashu_result *result;
} work;

static const char template[] = "format: bashu-scenario/1\n"
                               "name: sweep\n"
                               "economy: .\n"
                               "changes:\n"
                               "  - id: trade\n"
                               "    title: Trade within the circle\n"
                               "    lever: trade_cost\n"
                               "    within: {circle: \"%s\"}\n"
                               "    change_pct: %d\n"
                               "    assumption: a value of the sweep\n";

static bashu_status open_all(work *w, const char *economy)
{
    bashu_options options = BASHU_OPTIONS_INIT;
    options.starts = 0; /* other equilibria are not looked for in a sweep */
    bashu_status status = bashu_open(&w->context, 0);
    if (status == BASHU_OK) status = bashu_data_read(&w->data, w->context, economy, NULL);
    if (status == BASHU_OK) status = bashu_calibrate(&w->economy, w->data, &options);
    if (status == BASHU_OK) status = bashu_solver_new(&w->solver, w->economy, &options);
    return status;
}

/* Real GDP and people of the circle, in percent. */
static bashu_status solve_one(work *w, const char *circle, const char *file, int change_pct, double *gdp, double *people)
{
    char text[1024];
    bashu_scenario *scenario = NULL;
    if (snprintf(text, sizeof text, template, circle, change_pct) >= (int)sizeof text) return BASHU_ERROR_ARGUMENT;
    bashu_status status = bashu_text_write(w->context, file, text);
    if (status == BASHU_OK) status = bashu_scenario_read(&scenario, w->economy, file);
    if (status == BASHU_OK) status = bashu_solve(&w->result, w->solver, scenario);
    if (status == BASHU_OK) status = bashu_result_aggregate(w->result, "gdp", "circle", circle, BASHU_PERCENT, gdp);
    if (status == BASHU_OK) status = bashu_result_aggregate(w->result, "population", "circle", circle, BASHU_PERCENT, people);
    bashu_scenario_free(scenario);
    return status;
}

int main(int count, char **words)
{
    if (count != 4) {
        fputs("usage: sweep ECONOMY CIRCLE FILE\n", stderr);
        return 2;
    }
    work w = {0};
    double before = 0, gdp = 0, people = 0;
    int growing = 1;
    bashu_status status = open_all(&w, words[1]);
    puts("cost of trade   real GDP     people   passes");
    for (int change_pct = 0; change_pct >= -20 && status == BASHU_OK; change_pct -= 5) {
        status = solve_one(&w, words[2], words[3], change_pct, &gdp, &people);
        if (status != BASHU_OK) break;
        printf("%11d %% %+8.3f %% %+8.3f %% %8d\n", change_pct, gdp, people, bashu_result_info(w.result)->passes);
        growing = growing && (change_pct == 0 ? gdp == 0 : gdp > before); /* nothing at zero; more with each step */
        before = gdp;
    }
    if (status != BASHU_OK) fprintf(stderr, "%s: %s\n", bashu_status_text(status), bashu_message(w.context));
    else if (!growing) fputs("real GDP should grow as trade gets cheaper\n", stderr);
    remove(words[3]);
    bashu_result_free(w.result);
    bashu_solver_free(w.solver);
    bashu_economy_free(w.economy);
    bashu_data_free(w.data);
    bashu_close(w.context);
    return status != BASHU_OK ? (int)status : !growing;
}
