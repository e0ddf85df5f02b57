/* solve.c - bashu solve: one equilibrium of any economy, model and scenario. */
#include "cli.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADLINE_MAX = 16 };

/* Percent changes of the headline variables: values[k * regions + n]. */
typedef struct headlines {
    const bashu_variable *variables[HEADLINE_MAX];
    size_t count, regions;
    double *values;
} headlines;

static int take_headlines(session *s, headlines *out)
{
    *out = (headlines){.regions = bashu_region_count(s->economy)};
    for (size_t k = 0; k < bashu_variable_count() && out->count < HEADLINE_MAX; k++)
        if (bashu_variable_at(k)->headline) out->variables[out->count++] = bashu_variable_at(k);
    out->values = malloc((out->count * out->regions + 1) * sizeof *out->values);
    if (!out->values) {
        complain("out of memory");
        return EXIT_INTERNAL;
    }
    for (size_t k = 0; k < out->count; k++) {
        bashu_status status = bashu_result_values(s->result, out->variables[k]->name, BASHU_PERCENT,
                                                  out->values + k * out->regions, out->regions);
        if (status != BASHU_OK) return checked(s, status);
    }
    return EXIT_OK;
}

static void add_outcome_json(text *t, const bashu_info *info)
{
    add(t, "{\n \"version\": \"%s\",\n \"reason\": ", bashu_version());
    add_quoted(t, bashu_reason_text(info->reason));
    add(t, ",\n \"iterations\": %d,\n \"method\": ", info->passes);
    add_quoted(t, info->method);
    add(t, ",\n \"certificate\": {\"residual\": ");
    add_number(t, info->residual);
    add(t, ", \"worst\": ");
    add_quoted(t, info->worst);
    add(t, ", \"forward_error\": ");
    add_number(t, info->forward_error);
    add(t, ", \"uniqueness\": ");
    add_quoted(t, info->uniqueness);
    add(t, ", \"equations\": {");
    for (size_t k = 0; k < info->equation_count; k++) {
        add(t, "%s", k ? ", " : "");
        add_quoted(t, info->equations[k].name);
        add(t, ": ");
        add_number(t, info->equations[k].residual);
    }
    add(t, "}},\n \"time\": {\"solve_s\": ");
    add_number(t, info->time_s);
    add(t, "}");
}

static int put_json(session *s, const headlines *all)
{
    text t = {0};
    add_outcome_json(&t, bashu_result_info(s->result));
    if (all) add(&t, ",\n \"regions\": [");
    for (size_t n = 0; all && n < all->regions; n++) {
        bashu_region region;
        if (bashu_region_get(s->economy, n, &region) != BASHU_OK) continue;
        add(&t, "%s\n  {\"id\": ", n ? "," : "");
        add_quoted(&t, region.id);
        add(&t, ", \"name_zh\": ");
        add_quoted(&t, region.name_zh);
        add(&t, ", \"name_en\": ");
        add_quoted(&t, region.name_en);
        add(&t, ", \"circle\": ");
        add_quoted(&t, region.circle);
        for (size_t k = 0; k < all->count; k++) {
            add(&t, ", \"%s_pct\": ", all->variables[k]->name);
            add_number(&t, all->values[k * all->regions + n]);
        }
        add(&t, "}");
    }
    if (all) add(&t, "\n ]");
    int code = all && chooses_variables(s->request) ? add_chosen_json(s, &t) : EXIT_OK;
    add(&t, "\n}\n");
    if (code == EXIT_OK) return put_text(&t, false);
    free(t.bytes);
    return code;
}

/* One line of numbers a variable: least, median and most over the regions. */
static int compare_numbers(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void add_percent(text *t, double percent)
{
    if (percent == 0) add(t, " %12s", "0");
    else add(t, " %+12.5f", percent);
}

static int put_table(session *s, headlines *all)
{
    const bashu_info *info = bashu_result_info(s->result);
    const request *r = s->request;
    text t = {0};
    add(&t, "%s\n  %s, %d %s, %s %.1e (%s)\n", bashu_reason_text(info->reason), info->method ? info->method : "-",
        info->passes, say(r, "passes", "次遍历"), say(r, "residual", "残差"), info->residual,
        info->worst ? info->worst : "");
    if (all)
        add(&t, "\n%s\n  %-14s %12s %12s %12s\n", say(r, "change in %", "变化 %"), "", say(r, "least", "min"),
            say(r, "median", "median"), say(r, "most", "max"));
    for (size_t k = 0; all && k < all->count; k++) {
        double *values = all->values + k * all->regions;
        qsort(values, all->regions, sizeof *values, compare_numbers);
        add(&t, "  %-14s", all->variables[k]->name);
        add_percent(&t, values[0]);
        add_percent(&t, values[all->regions / 2]);
        add_percent(&t, values[all->regions - 1]);
        add(&t, "\n");
    }
    int code = all && chooses_variables(r) ? add_chosen_text(s, &t) : EXIT_OK;
    if (code == EXIT_OK) return put_text(&t, true);
    free(t.bytes);
    return code;
}

static int solve_once(session *s)
{
    headlines all = {0};
    int code = checked(s, bashu_solve(&s->result, s->solver, s->scenario));
    if (code != EXIT_OK) return code;
    bool solved = bashu_result_info(s->result)->reason > 0;
    if (solved) code = take_headlines(s, &all);
    headlines *shown = solved ? &all : NULL;
    if (code == EXIT_OK) code = s->request->json ? put_json(s, shown) : put_table(s, shown);
    free(all.values);
    return code == EXIT_OK ? outcome_code(s->request, bashu_result_info(s->result)) : code;
}

/* One row a value: base, counterfactual, hat and percent. */
static int solve_rows(session *s)
{
    int code = checked(s, bashu_solve(&s->result, s->solver, s->scenario));
    if (code != EXIT_OK) return code;
    const bashu_info *info = bashu_result_info(s->result);
    if (info->reason > 0) code = put_chosen_csv(s);
    else complain("%s", bashu_reason_text(info->reason));
    return code == EXIT_OK ? outcome_code(s->request, info) : code;
}

int run_solve(const request *r)
{
    session s;
    char *folder = NULL;
    if (!r->economy && !r->scenario) {
        complain("%s: bashu solve --economy DIR [--model FILE] [--scenario FILE]", say(r, "usage", "用法"));
        return EXIT_USAGE;
    }
    int code = check_variables(r);
    if (code != EXIT_OK) return code;
    code = session_open(&s, r);
    if (code == EXIT_OK) code = scenario_folder(&s, &folder, r->scenario);
    if (code == EXIT_OK) code = session_economy(&s, folder);
    if (code == EXIT_OK && r->scenario) code = session_scenario(&s, &s.scenario, r->scenario);
    if (code == EXIT_OK) code = session_solver(&s);
    if (code == EXIT_OK) code = r->csv ? solve_rows(&s) : solve_once(&s);
    bashu_text_free(folder);
    session_close(&s);
    return code;
}
