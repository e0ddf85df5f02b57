/* explain.c - an outcome split by channel and by partner, in words, as JSON and as CSV. */
#include "report/explain.h"

#include "report/json.h"

#include <math.h>
#include <string.h>

enum { PLACES = 3, PARTNERS = 5 }; /* shown for a channel; each way */

static double part_of(const bashu_channels *c, size_t channel, size_t n) { return c->part[channel * c->economy->about.N + n]; }

static double channel_sum(const bashu_channels *c, size_t channel)
{
    double sum = 0;
    for (size_t n = 0; n < c->economy->about.N; n++) sum += part_of(c, channel, n);
    return sum;
}

static const char *asked_words(const report *r, const named_outcome *asked)
{
    const bashu_variable *variable = measure_variable(asked->variable);
    return arena_format(r->memory, r->language == BASHU_ZH ? "%s，%s" : "%s, %s", pick(r->language, variable->title_en, variable->title_zh),
                        pick(r->language, asked->whose.name_en, asked->whose.name_zh));
}

static const char *points_text(const report *r, double value)
{
    return value == 0 ? "0" : arena_format(r->memory, fabs(value) < 5e-5 ? "%+.1e" : "%+.4f", value);
}

/* The regions with the largest values, most positive (sign 1) or most negative (sign -1) first; returns how many there are. */
static size_t largest(size_t *out, size_t room, const double *values, size_t N, int sign)
{
    size_t count = 0;
    for (size_t n = 0; n < N; n++) {
        double value = sign * values[n];
        if (!(value > 0)) continue;
        if (count == room && !(value > sign * values[out[count - 1]])) continue;
        size_t at = count < room ? count++ : count - 1;
        for (; at && value > sign * values[out[at - 1]]; at--) out[at] = out[at - 1];
        out[at] = n;
    }
    return count;
}

/* ---- by channel ------------------------------------------------------------------------------------- */

static const char *places_words(const report *r, const bashu_channels *c, size_t channel)
{
    const description *about = &c->economy->about;
    const double *part = c->part + channel * about->N;
    size_t best[PLACES], count = largest(best, PLACES, part, about->N, channel_sum(c, channel) < 0 ? -1 : 1);
    const char *text = "";
    for (size_t k = 0; k < count; k++) {
        const char *next = arena_format(r->memory, "%s%s%s %s", text, k ? pick(r->language, ", ", "，") : "", label_name(r, &about->regions[best[k]].label),
                                        points_text(r, part[best[k]]));
        if (!next) break;
        text = next;
    }
    return text;
}

static bashu_status text_channels(report *r, const void *subject)
{
    const bashu_channels *c = subject;
    grid *g = grid_new(r->memory, "lrrl");
    put_format(&r->out, "%s: %s\n\n", asked_words(r, &c->asked), percent_text(r->memory, c->info.percent, 4));
    grid_cell(g, pick(r->language, "through", "途径"));
    grid_cell(g, pick(r->language, "points", "百分点"));
    grid_cell(g, pick(r->language, "of the whole", "占总变化"));
    grid_cell(g, pick(r->language, "most of it in", "主要来自"));
    for (size_t k = 0; k < CHANNEL_COUNT; k++) {
        double sum = channel_sum(c, k);
        if (sum == 0) continue;
        grid_cell(g, pick(r->language, channel_rows[k].title_en, channel_rows[k].title_zh));
        grid_cell(g, points_text(r, sum));
        grid_cell(g, c->info.percent != 0 ? arena_format(r->memory, "%.1f %%", 100 * sum / c->info.percent) : "-");
        grid_cell(g, places_words(r, c, k));
    }
    grid_cell(g, pick(r->language, "all together", "合计"));
    grid_cell(g, points_text(r, c->info.percent));
    grid_cell(g, "");
    grid_cell(g, "");
    grid_put(&r->out, g, "  ");
    put_format(&r->out, r->language == BASHU_ZH ? "  各部分之和与总变化相差 %s；价格沿投入追溯 %d 轮\n"
                                                 : "  the parts add up to the whole but for %s; prices were followed through %d rounds of inputs\n",
               small_text(r->memory, c->info.gap), c->info.rounds);
    return BASHU_OK;
}

static void put_head_json(json_t *object, const bashu_channels *c)
{
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "outcome", c->asked.name);
    set_number(object, "percent", c->info.percent);
    set_number(object, "gap", c->info.gap);
}

static bashu_status json_channels(report *r, const void *subject)
{
    const bashu_channels *c = subject;
    json_t *object = json_object(), *list = json_array();
    put_head_json(object, c);
    for (size_t k = 0; k < CHANNEL_COUNT; k++) {
        json_t *one = json_object(), *places = json_object();
        set_text(one, "channel", channel_rows[k].name);
        set_text(one, "title_en", channel_rows[k].title_en);
        set_text(one, "title_zh", channel_rows[k].title_zh);
        set_number(one, "points", channel_sum(c, k));
        for (size_t n = 0; n < c->economy->about.N; n++)
            if (part_of(c, k, n) != 0) set_number(places, c->economy->about.regions[n].label.id, part_of(c, k, n));
        set_value(one, "by_region", places);
        add_value(list, one);
    }
    set_value(object, "channels", list);
    return put_json(r, object);
}

static bashu_status csv_channels(report *r, const void *subject)
{
    const bashu_channels *c = subject;
    put(&r->out, "outcome,channel,region,points\n");
    for (size_t k = 0; k < CHANNEL_COUNT; k++)
        for (size_t n = 0; n < c->economy->about.N; n++) {
            put_field(&r->out, c->asked.name, false);
            put_field(&r->out, channel_rows[k].name, false);
            put_field(&r->out, c->economy->about.regions[n].label.id, false);
            put_number_field(&r->out, part_of(c, k, n), true);
        }
    return BASHU_OK;
}

/* ---- by partner ------------------------------------------------------------------------------------- */

static void put_partners(report *r, const bashu_channels *c, const double *together, int sign)
{
    const description *about = &c->economy->about;
    size_t best[PARTNERS], count = largest(best, PARTNERS, together, about->N, sign);
    grid *g = grid_new(r->memory, "llrrr");
    if (!count) return;
    grid_cell(g, sign > 0 ? pick(r->language, "adds most", "贡献最大") : pick(r->language, "takes most", "拖累最大"));
    grid_cell(g, "");
    grid_cell(g, pick(r->language, "points", "百分点"));
    grid_cell(g, pick(r->language, "price of its goods", "其产品价格"));
    grid_cell(g, c->sold ? pick(r->language, "sales to it", "对其销售") : pick(r->language, "life there", "当地生活"));
    for (size_t k = 0; k < count; k++) {
        size_t n = best[k];
        grid_cell(g, label_name(r, &about->regions[n].label));
        grid_cell(g, member_name(r, about, "province", n));
        grid_cell(g, points_text(r, together[n]));
        grid_cell(g, points_text(r, c->bought[n]));
        grid_cell(g, points_text(r, channels_elsewise(c, n)));
    }
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
}

static bashu_status text_partners(report *r, const void *subject)
{
    const bashu_channels *c = subject;
    size_t N = c->economy->about.N;
    double *together = arena_alloc(r->memory, N, sizeof *together), *inside = arena_alloc(r->memory, N, sizeof *inside), own = 0, all = 0;
    if (!together || !inside) return fail_memory(r->context);
    TRY(measure_parts(r->context, &c->economy->about, c->asked.set, c->asked.member, inside, NULL));
    for (size_t n = 0; n < N; n++) {
        together[n] = c->bought[n] + channels_elsewise(c, n);
        all += together[n];
        if (inside[n] > 0) own += together[n];
    }
    put_format(&r->out, "%s: %s\n", asked_words(r, &c->asked), percent_text(r->memory, c->info.percent, 4));
    put_format(&r->out, r->language == BASHU_ZH ? "  内部 %s 个百分点，外部 %s 个百分点\n" : "  %s points come from inside, %s from elsewhere\n", points_text(r, own),
               points_text(r, all - own));
    put_partners(r, c, together, 1);
    put_partners(r, c, together, -1);
    return BASHU_OK;
}

static bashu_status json_partners(report *r, const void *subject)
{
    const bashu_channels *c = subject;
    json_t *object = json_object(), *list = json_array();
    put_head_json(object, c);
    for (size_t n = 0; n < c->economy->about.N; n++) {
        json_t *one = json_object();
        set_text(one, "region", c->economy->about.regions[n].label.id);
        set_number(one, "price", c->bought[n]);
        set_number(one, c->sold ? "sales" : "life", channels_elsewise(c, n));
        add_value(list, one);
    }
    set_value(object, "partners", list);
    return put_json(r, object);
}

static bashu_status csv_partners(report *r, const void *subject)
{
    const bashu_channels *c = subject;
    put_format(&r->out, "outcome,region,price,%s\n", c->sold ? "sales" : "life");
    for (size_t n = 0; n < c->economy->about.N; n++) {
        put_field(&r->out, c->asked.name, false);
        put_field(&r->out, c->economy->about.regions[n].label.id, false);
        put_number_field(&r->out, c->bought[n], false);
        put_number_field(&r->out, channels_elsewise(c, n), true);
    }
    return BASHU_OK;
}

static const report_format by_channel[] = {{"text", text_channels}, {"json", json_channels}, {"csv", csv_channels}};
static const report_format by_partner[] = {{"text", text_partners}, {"json", json_partners}, {"csv", csv_partners}};

bashu_status channels_report(char **out, const bashu_channels *channels, const char *by, const char *format, bashu_language language)
{
    bool partner = !strcmp(by, "partner");
    if (!partner && strcmp(by, "channel") != 0)
        return fail(channels->context, BASHU_ERROR_ARGUMENT, "an outcome is split by 'channel' or by 'partner', not by '%s'", by);
    return report_write(out, channels->context, language, partner ? by_partner : by_channel, 3, format, channels);
}

/* ---- by change -------------------------------------------------------------------------------------- */

static bashu_status text_split(report *r, const void *subject)
{
    static const char *const heads[][2] = {{"change", "变化"}, {"alone", "单独"}, {"left out", "若缺"}, {"its part", "贡献"}, {"of the whole", "占总变化"}};
    const bashu_split *s = subject;
    grid *g = grid_new(r->memory, "lrrrr");
    double sum = 0;
    put_format(&r->out, "%s: %s\n\n", asked_words(r, &s->asked), percent_text(r->memory, s->whole, 4));
    for (size_t k = 0; k < 5; k++) grid_cell(g, pick(r->language, heads[k][0], heads[k][1]));
    for (size_t c = 0; c < s->change_count; c++) {
        const change *of = &s->scenario->changes[c];
        const char *value = points_text(r, s->value[c]);
        sum += s->value[c];
        grid_cell(g, first_of(pick(r->language, of->title_en, of->title_zh), of->id));
        grid_cell(g, points_text(r, s->alone[c]));
        grid_cell(g, points_text(r, -s->last[c]));
        grid_cell(g, s->orders ? arena_format(r->memory, "%s ± %.4f", value, s->error[c]) : value);
        grid_cell(g, s->whole != 0 ? arena_format(r->memory, "%.1f %%", 100 * s->value[c] / s->whole) : "-");
    }
    grid_cell(g, pick(r->language, "all together", "合计"));
    grid_cell(g, "");
    grid_cell(g, "");
    grid_cell(g, points_text(r, sum));
    grid_cell(g, "");
    grid_put(&r->out, g, "  ");
    put_format(&r->out, r->language == BASHU_ZH ? "  单位为百分点；贡献为夏普利值，与各项变化的先后无关\n" : "  percentage points; a part is a Shapley value: the order in which changes come does not matter\n");
    put_format(&r->out, r->language == BASHU_ZH ? "  求解 %zu 个均衡，最差残差 %s（%s），%.2f 秒\n" : "  %zu equilibria, worst residual %s (%s), %.2f s\n", s->quality.solved,
               small_text(r->memory, s->quality.residual), worst_words(r, &s->economy->about, s->quality.worst), s->quality.solve_s);
    return BASHU_OK;
}

static bashu_status json_split(report *r, const void *subject)
{
    const bashu_split *s = subject;
    json_t *object = json_object(), *list = json_array(), *certificate = json_object();
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "scenario", s->scenario->name);
    set_text(object, "outcome", s->asked.name);
    set_number(object, "percent", s->whole);
    set_count(object, "orders", s->orders);
    for (size_t c = 0; c < s->change_count; c++) {
        json_t *one = json_change(&s->scenario->changes[c]), *with = json_object();
        set_number(one, "alone", s->alone[c]);
        set_number(one, "last", s->last[c]);
        set_number(one, "shapley", s->value[c]);
        set_number(one, "shapley_error", s->error[c]);
        for (size_t q = 0; s->interaction && q < s->change_count; q++)
            if (q != c) set_number(with, s->scenario->changes[q].id, s->interaction[c * s->change_count + q]);
        set_value(one, "interaction", with);
        add_value(list, one);
    }
    set_value(object, "changes", list);
    set_count(certificate, "equilibria", s->quality.solved);
    set_number(certificate, "residual", s->quality.residual);
    set_text(certificate, "worst", s->quality.worst);
    set_value(object, "certificate", certificate);
    set_value(object, "inputs", json_files(&s->economy->about, s->scenario));
    set_value(object, "settings", json_options(&s->options));
    set_value(object, "model", json_model(&s->economy->about));
    return put_json(r, object);
}

static bashu_status csv_split(report *r, const void *subject)
{
    const bashu_split *s = subject;
    put(&r->out, "outcome,change,alone,last,shapley,shapley_error\n");
    for (size_t c = 0; c < s->change_count; c++) {
        put_field(&r->out, s->asked.name, false);
        put_field(&r->out, s->scenario->changes[c].id, false);
        put_number_field(&r->out, s->alone[c], false);
        put_number_field(&r->out, s->last[c], false);
        put_number_field(&r->out, s->value[c], false);
        put_number_field(&r->out, s->error[c], true);
    }
    return BASHU_OK;
}

static const report_format by_change[] = {{"text", text_split}, {"json", json_split}, {"csv", csv_split}};

bashu_status split_report(char **out, const bashu_split *split, const char *format, bashu_language language)
{
    return report_write(out, split->context, language, by_change, sizeof by_change / sizeof by_change[0], format, split);
}
