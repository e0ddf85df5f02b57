/* gravity.c - bashu gravity SPEC: a gravity equation, estimated, and multilateral resistances. */
#include "cli.h"

#include <string.h>

static int put_report(session *s, const bashu_gravity *g)
{
    const request *r = s->request;
    char *content;
    const char *format = r->json ? "json" : r->csv ? "coefficients.csv" : "text";
    int code = checked(s, bashu_gravity_report(&content, g, format, r->language));
    if (code == EXIT_OK) code = put_out(content, !r->json && !r->csv);
    bashu_text_free(content);
    return code;
}

/* Only the files that have something in them. */
static int write_files(session *s, const bashu_gravity *g)
{
    static const struct {
        const char *name, *format;
    } files[] = {{"coefficients.csv", "coefficients.csv"}, {"covariance.csv", "covariance.csv"}, {"fixed_effects.csv", "fixed_effects.csv"},
                 {"multilateral_resistance.csv", "multilateral_resistance.csv"}, {"gravity.json", "json"}};
    const bashu_gravity_info *info = bashu_gravity_information(g);
    int code = EXIT_OK;
    for (size_t k = 0; k < sizeof files / sizeof files[0] && code == EXIT_OK; k++) {
        char *content;
        if (!strcmp(files[k].format, "multilateral_resistance.csv") && !info->resistance_count) continue;
        if (!strcmp(files[k].format, "fixed_effects.csv") && !strcmp(info->method, "read")) continue;
        code = checked(s, bashu_gravity_report(&content, g, files[k].format, s->request->language));
        if (code == EXIT_OK) code = write_file(s, s->request->output, files[k].name, content);
        bashu_text_free(content);
    }
    return code;
}

int run_gravity(const request *r)
{
    session s;
    bashu_gravity *g = NULL;
    int code = session_open(&s, r);
    if (code == EXIT_OK && r->output) code = make_folder(r->output);
    if (code == EXIT_OK) code = checked(&s, bashu_gravity_read(&g, s.context, r->arguments[0], &s.options));
    if (code == EXIT_OK) code = put_report(&s, g);
    if (code == EXIT_OK && r->output) code = write_files(&s, g);
    if (code == EXIT_OK && bashu_gravity_information(g)->reason <= 0) {
        if (r->csv) complain("%s", bashu_reason_text(bashu_gravity_information(g)->reason));
        code = EXIT_NOT_CONVERGED;
    }
    bashu_gravity_free(g);
    session_close(&s);
    return code;
}
