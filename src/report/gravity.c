/* gravity.c - an estimated gravity equation as text, JSON and tables. */
#include "report/json.h"

#include <math.h>

static const char *digits(report *r, double value)
{
    const char *text = isfinite(value) ? arena_format(r->memory, "%.7g", value) : "-";
    return text ? text : "";
}

static const char *count_text(report *r, size_t count) { return number_text(r->memory, (double)count, 0); }

static void heading(report *r, const char *english, const char *chinese)
{
    put_format(&r->out, "\n%s\n", pick(r->language, english, chinese));
}

/* ---- text ----------------------------------------------------------------------------------------- */

static void put_titled(report *r, const char *english, const char *chinese, const char *value)
{
    const char *title = pick(r->language, english, chinese);
    size_t width = display_width(title);
    put_format(&r->out, "  %s", title);
    put_repeat(&r->out, " ", width < 30 ? 30 - width : 1);
    put_format(&r->out, " %s\n", value);
}

static void put_coefficients(report *r, const bashu_gravity *g)
{
    static const char *const titles[][2] = {{"", ""}, {"estimate", "估计值"}, {"std. error", "标准误"}, {"z", "z"}, {"p", "p"}, {"", ""}};
    grid *table = grid_new(r->memory, "lrrrrl");
    for (size_t k = 0; k < 6; k++) grid_cell(table, pick(r->language, titles[k][0], titles[k][1]));
    for (size_t k = 0; k < g->coefficient_count; k++) {
        const bashu_gravity_coefficient *c = &g->coefficients[k];
        grid_cell(table, c->name);
        grid_cell(table, digits(r, c->value));
        grid_cell(table, digits(r, c->standard_error));
        grid_cell(table, number_text(r->memory, c->z, 2));
        grid_cell(table, number_text(r->memory, c->p, 4));
        grid_cell(table, *c->note ? pick(r->language, c->note, "剔除：共线") : "");
    }
    heading(r, "Coefficients", "系数");
    grid_put(&r->out, table, "  ");
    if (*g->info.errors) put_titled(r, "standard errors", "标准误", g->info.errors);
    for (size_t k = 0; k < 2 && g->info.clusters[k]; k++) put_titled(r, "clusters", "聚类数", count_text(r, g->info.clusters[k]));
}

static void put_rows(report *r, const bashu_gravity_info *i)
{
    const struct {
        const char *english, *chinese;
        size_t count;
    } lines[] = {{"do not meet `where`", "不满足筛选条件", i->filtered},
                 {"incomplete", "数据不全", i->incomplete},
                 {"in groups without trade", "所在组全为零", i->zero_groups},
                 {"separated", "完全分离", i->separated},
                 {"alone in their group", "组内唯一", i->singletons}};
    heading(r, "Rows", "观测");
    put_titled(r, "observations", "使用的观测", count_text(r, i->observations));
    for (size_t k = 0; k < sizeof lines / sizeof lines[0]; k++)
        if (lines[k].count) put_titled(r, lines[k].english, lines[k].chinese, count_text(r, lines[k].count));
}

static void put_fit(report *r, const bashu_gravity *g)
{
    const bashu_gravity_info *i = &g->info;
    bool least_squares = isnan(i->log_likelihood);
    heading(r, "Fit", "拟合");
    if (least_squares) put_titled(r, "sum of squared residuals", "残差平方和", digits(r, i->deviance));
    else put_titled(r, "deviance", "偏差", digits(r, i->deviance));
    if (!least_squares) put_titled(r, "log likelihood", "对数似然", digits(r, i->log_likelihood));
    put_titled(r, least_squares ? "R2" : "pseudo R2", least_squares ? "R2" : "伪 R2", number_text(r->memory, i->pseudo_r2, 6));
    heading(r, "Certificate", "核验");
    put_titled(r, "worst relative score", "最大相对得分", small_text(r->memory, i->score));
    put_titled(r, "at", "位于", i->worst);
    put_titled(r, "steps, passes over the rows", "步数、遍历次数", arena_format(r->memory, "%d, %d", i->iterations, i->passes));
    put_titled(r, "time", "用时", arena_format(r->memory, "%.3f s", i->time_s));
}

static void put_resistances(report *r, const bashu_gravity *g)
{
    static const char *const titles[][2] = {{"", ""}, {"outward", "向外"}, {"inward", "向内"}, {"outward, new", "向外（新）"}, {"inward, new", "向内（新）"}};
    size_t columns = g->has_experiment ? 5 : 3;
    grid *table = grid_new(r->memory, g->has_experiment ? "lrrrr" : "lrr");
    for (size_t k = 0; k < columns; k++) grid_cell(table, pick(r->language, titles[k][0], titles[k][1]));
    for (size_t k = 0; k < g->place_count; k++) {
        const bashu_gravity_place *p = &g->places[k];
        const double values[] = {p->outward, p->inward, p->new_outward, p->new_inward};
        grid_cell(table, p->id);
        for (size_t c = 0; c + 1 < columns; c++) grid_cell(table, digits(r, values[c]));
    }
    heading(r, "Multilateral resistances", "多边阻力");
    grid_put(&r->out, table, "  ");
    put_titled(r, "inward resistance 1 in", "向内阻力为 1 的地区", g->reference);
    put_titled(r, "elasticity of substitution", "替代弹性", digits(r, g->sigma));
    put_titled(r, "worst residual", "最大残差", small_text(r->memory, g->info.resistance_residual));
    put_titled(r, "expenditure over output less 1", "支出与产出之比减 1", digits(r, g->info.imbalance));
}

static const char *method_words(const report *r, const bashu_gravity_info *i)
{
    if (i->method[0] == 'p') return pick(r->language, "Poisson pseudo-maximum likelihood", "泊松伪极大似然");
    if (i->method[0] == 'o') return pick(r->language, "least squares", "最小二乘");
    return pick(r->language, "coefficients from a file", "系数读自文件");
}

static bashu_status text_gravity(report *r, const void *subject)
{
    const bashu_gravity *g = subject;
    put_format(&r->out, "%s\n", first_of(g->title, first_of(g->name, g->path)));
    put_format(&r->out, "  %s%s%s\n", g->outcome ? g->outcome : "", g->outcome ? ": " : "", method_words(r, &g->info));
    if (g->info.reason <= 0) put_format(&r->out, "  %s\n", reason_words(r, g->info.reason));
    else put_coefficients(r, g);
    if (g->outcome) {
        put_rows(r, &g->info);
        put_fit(r, g);
    }
    if (g->place_count) put_resistances(r, g);
    return BASHU_OK;
}

/* ---- JSON ----------------------------------------------------------------------------------------- */

static json_t *json_rows(const bashu_gravity_info *i)
{
    json_t *rows = json_object();
    set_count(rows, "read", i->rows_read);
    set_count(rows, "filtered", i->filtered);
    set_count(rows, "incomplete", i->incomplete);
    set_count(rows, "zero_groups", i->zero_groups);
    set_count(rows, "separated", i->separated);
    set_count(rows, "singletons", i->singletons);
    set_count(rows, "observations", i->observations);
    return rows;
}

static json_t *json_coefficients(const bashu_gravity *g)
{
    json_t *list = json_array();
    for (size_t k = 0; k < g->coefficient_count; k++) {
        const bashu_gravity_coefficient *c = &g->coefficients[k];
        json_t *object = json_object();
        set_text(object, "name", c->name);
        set_number(object, "estimate", c->value);
        set_number(object, "standard_error", c->standard_error);
        set_number(object, "z", c->z);
        set_number(object, "p", c->p);
        if (*c->note) set_text(object, "note", c->note);
        add_value(list, object);
    }
    return list;
}

static json_t *json_covariance(const bashu_gravity *g)
{
    json_t *rows = json_array();
    for (size_t k = 0; k < g->coefficient_count; k++) {
        json_t *row = json_array();
        for (size_t l = 0; l < g->coefficient_count; l++) {
            double value = g->covariance[k * g->coefficient_count + l];
            add_value(row, isfinite(value) ? json_real(value) : NULL);
        }
        add_value(rows, row);
    }
    return rows;
}

static json_t *json_fit(const bashu_gravity_info *i)
{
    json_t *fit = json_object();
    bool least_squares = isnan(i->log_likelihood);
    set_number(fit, least_squares ? "residual_squares" : "deviance", i->deviance);
    if (!least_squares) set_number(fit, "log_likelihood", i->log_likelihood);
    set_number(fit, least_squares ? "r2" : "pseudo_r2", i->pseudo_r2);
    set_number(fit, "score", i->score);
    set_text(fit, "worst", i->worst);
    set_count(fit, "iterations", (size_t)i->iterations);
    set_count(fit, "passes", (size_t)i->passes);
    set_number(fit, "time_s", i->time_s);
    return fit;
}

static json_t *json_resistances(const bashu_gravity *g)
{
    json_t *object = json_object(), *places = json_array();
    set_number(object, "sigma", g->sigma);
    set_text(object, "reference", g->reference);
    set_number(object, "residual", g->info.resistance_residual);
    set_number(object, "imbalance", g->info.imbalance);
    for (size_t k = 0; k < g->place_count; k++) {
        const bashu_gravity_place *p = &g->places[k];
        json_t *place = json_object();
        set_text(place, "place", p->id);
        set_number(place, "outward", p->outward);
        set_number(place, "inward", p->inward);
        if (g->has_experiment) set_number(place, "new_outward", p->new_outward);
        if (g->has_experiment) set_number(place, "new_inward", p->new_inward);
        add_value(places, place);
    }
    set_value(object, "places", places);
    return object;
}

static bashu_status json_gravity(report *r, const void *subject)
{
    const bashu_gravity *g = subject;
    json_t *object = json_object(), *files = json_array();
    set_text(object, "format", "bashu-gravity-result/1");
    set_text(object, "name", g->name);
    set_text(object, "title", g->title);
    set_text(object, "reason", bashu_reason_text(g->info.reason));
    set_value(object, "converged", json_boolean(g->info.reason > 0));
    set_text(object, "method", g->info.method);
    set_text(object, "outcome", g->outcome);
    if (g->info.reason > 0) {
        set_value(object, "coefficients", json_coefficients(g));
        set_value(object, "covariance", json_covariance(g));
        set_text(object, "errors", g->info.errors);
        json_t *clusters = json_array();
        for (size_t k = 0; k < 2 && g->info.clusters[k]; k++) add_value(clusters, json_integer((json_int_t)g->info.clusters[k]));
        set_value(object, "clusters", clusters);
    }
    if (g->outcome) set_value(object, "rows", json_rows(&g->info));
    if (g->outcome) set_value(object, "fit", json_fit(&g->info));
    if (g->place_count) set_value(object, "multilateral_resistance", json_resistances(g));
    for (size_t f = 0; f < g->file_count; f++) {
        json_t *file = json_object();
        set_text(file, "path", g->files[f]);
        set_text(file, "sha256", g->sha256[f]);
        add_value(files, file);
    }
    set_value(object, "files", files);
    return put_json(r, object);
}

/* ---- tables --------------------------------------------------------------------------------------- */

static bashu_status csv_coefficients(report *r, const void *subject)
{
    const bashu_gravity *g = subject;
    put(&r->out, "name,estimate,standard_error,z,p,note\n");
    for (size_t k = 0; k < g->coefficient_count && g->info.reason > 0; k++) {
        const bashu_gravity_coefficient *c = &g->coefficients[k];
        put_field(&r->out, c->name, false);
        put_number_field(&r->out, c->value, false);
        put_number_field(&r->out, c->standard_error, false);
        put_number_field(&r->out, c->z, false);
        put_number_field(&r->out, c->p, false);
        put_field(&r->out, c->note, true);
    }
    return BASHU_OK;
}

/* Without what was dropped, so that it can be read again. */
static bashu_status csv_covariance(report *r, const void *subject)
{
    const bashu_gravity *g = subject;
    size_t count = g->info.reason > 0 ? g->coefficient_count : 0, last = 0;
    for (size_t k = 0; k < count; k++)
        if (!*g->coefficients[k].note) last = k;
    put(&r->out, count ? "name," : "name\n");
    for (size_t k = 0; k < count; k++)
        if (!*g->coefficients[k].note) put_field(&r->out, g->coefficients[k].name, k == last);
    for (size_t k = 0; k < count; k++) {
        if (*g->coefficients[k].note) continue;
        put_field(&r->out, g->coefficients[k].name, false);
        for (size_t l = 0; l < count; l++)
            if (!*g->coefficients[l].note) put_number_field(&r->out, g->covariance[k * count + l], l == last);
    }
    return BASHU_OK;
}

static bashu_status csv_effects(report *r, const void *subject)
{
    const bashu_gravity *g = subject;
    put(&r->out, "effect,level,value,observations\n");
    for (size_t k = 0; k < g->effect_count && g->info.reason > 0; k++) {
        put_field(&r->out, g->effects[k].effect, false);
        put_field(&r->out, g->effects[k].level, false);
        put_number_field(&r->out, g->effects[k].value, false);
        put_number_field(&r->out, (double)g->effects[k].rows, true);
    }
    return BASHU_OK;
}

static bashu_status csv_resistances(report *r, const void *subject)
{
    const bashu_gravity *g = subject;
    put(&r->out, "place,outward,inward,new_outward,new_inward\n");
    for (size_t k = 0; k < g->place_count; k++) {
        const bashu_gravity_place *p = &g->places[k];
        put_field(&r->out, p->id, false);
        put_number_field(&r->out, p->outward, false);
        put_number_field(&r->out, p->inward, false);
        put_number_field(&r->out, p->new_outward, false);
        put_number_field(&r->out, p->new_inward, true);
    }
    return BASHU_OK;
}

bashu_status gravity_report(char **out, const bashu_gravity *gravity, const char *format, bashu_language language)
{
    static const report_format formats[] = {
        {"text", text_gravity}, {"json", json_gravity}, {"coefficients.csv", csv_coefficients}, {"covariance.csv", csv_covariance},
        {"fixed_effects.csv", csv_effects}, {"multilateral_resistance.csv", csv_resistances}};
    return report_write(out, gravity->context, language, formats, sizeof formats / sizeof formats[0], format, gravity);
}
