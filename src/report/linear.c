/* linear.c - gradients, exposure and first-order effects in words, as JSON and as CSV. */
#include "report/linear.h"
#include "report/json.h"

#include <math.h>
#include <string.h>

enum { SHOWN = 6, LISTED = 100, PLACES = 5 }; /* entries of a lever for people; in JSON; places whose friends are shown */

/* ---- entries of a lever ---------------------------------------------------------------------------- */

/* What the axes of an entry are: regions (origin, destination, or the one), item (sector, group), link, zone; -1: none. */
typedef struct entry {
    long region, partner, sector, group, link, zone;
    double value;
} entry;

static entry entry_at(const bashu_gradient *g, gradient_id id, size_t index)
{
    const description *a = &g->economy->about;
    const char *shape = gradient_rows[id].shape;
    entry e = {-1, -1, -1, -1, -1, -1, gradient_value(g, id, index)};
    if (!strcmp(shape, "link")) e.link = (long)index;
    else if (!strcmp(shape, "zone")) e.zone = (long)index;
    else {
        const char *last = strrchr(shape, ',');
        size_t width = !last ? 1 : !strcmp(last, ",sector") ? a->J : a->S;
        bool pair = !strncmp(shape, "region,region", 13);
        if (last) *(!strcmp(last, ",sector") ? &e.sector : &e.group) = (long)(index % width);
        e.region = (long)(pair ? index / width / a->N : index / width);
        if (pair) e.partner = (long)(index / width % a->N);
    }
    return e;
}

/* The strongest entries, strongest first, ties by place; `whole`: sectors or groups put together. Returns how many. */
static size_t strongest(const bashu_gradient *g, gradient_id id, bool whole, entry *best, size_t room)
{
    const description *a = &g->economy->about;
    size_t length = gradient_length(g, id), count = 0, step = 1;
    const char *shape = gradient_rows[id].shape;
    if (whole && strstr(shape, ",sector")) step = a->J;
    if (whole && strstr(shape, ",group")) step = a->S;
    for (size_t i = 0; i < length; i += step) {
        entry e = entry_at(g, id, i);
        for (size_t k = 1; k < step; k++) e.value += gradient_value(g, id, i + k);
        if (whole) e.sector = e.group = -1;
        if (e.value == 0 || (e.partner >= 0 && e.partner == e.region)) continue; /* a place's own trade is no lever of a scenario */
        if (count == room && !(fabs(e.value) > fabs(best[count - 1].value))) continue;
        size_t at = count < room ? count++ : count - 1;
        for (; at && fabs(e.value) > fabs(best[at - 1].value); at--) best[at] = best[at - 1];
        best[at] = e;
    }
    return count;
}

/* ---- words ----------------------------------------------------------------------------------------- */

static const char *region_word(const report *r, const bashu_gradient *g, long n)
{
    return n < 0 ? "" : label_name(r, &g->economy->about.regions[n].label);
}

static const label *zone_of(const bashu_gradient *g, long zone)
{
    const description *a = &g->economy->about;
    for (size_t k = 0; k < a->zone_count; k++)
        if (zone_begins(a, k) && zone-- == 0) return &a->zones[k].label;
    return NULL;
}

static const char *arrow_words(const report *r, gradient_id id, const char *a, const char *b)
{
    static const char *const words[2][3] = {{"%s, bought by %s", "registered in %s, living in %s", "living in %s, working in %s"},
                                            {"%s的产品，%s购买", "户籍在%s，居住在%s", "居住在%s，工作在%s"}};
    size_t which = id == GRADIENT_MIGRATION_COST ? 1 : id == GRADIENT_COMMUTING_COST ? 2 : 0;
    const char *pattern = words[r->language == BASHU_ZH][which], *first = strstr(pattern, "%s"), *second = strstr(first + 2, "%s");
    return arena_format(r->memory, "%.*s%s%.*s%s%s", (int)(first - pattern), pattern, a, (int)(second - first - 2), first + 2, b, second + 2);
}

static const char *entry_words(const report *r, const bashu_gradient *g, gradient_id id, const entry *e)
{
    const description *a = &g->economy->about;
    const char *text = region_word(r, g, e->region), *item = "";
    if (e->partner >= 0) text = arrow_words(r, id, text, region_word(r, g, e->partner));
    if (e->link >= 0) text = a->network->links[e->link].id;
    if (e->zone >= 0) text = label_name(r, zone_of(g, e->zone));
    if (e->sector >= 0) item = label_name(r, &a->sectors[e->sector].label);
    if (e->group >= 0) item = label_name(r, &a->groups[e->group]);
    return *item ? arena_format(r->memory, "%s, %s", text, item) : text;
}

static const char *unit_of(report *r, const bashu_gradient *g, gradient_id id)
{
    if (id == GRADIENT_LINK_MINUTE) return pick(r->language, "% per minute more", "每增加一分钟的 %");
    if (id == GRADIENT_TARIFF) return pick(r->language, "% per percentage point", "每百分点的 %");
    if (id == GRADIENT_TRANSFER) {
        const description *a = &g->economy->about;
        return r->language == BASHU_ZH ? arena_format(r->memory, "每%s的 %%", currency_name(r, a)) : arena_format(r->memory, "%% per %s", currency_name(r, a));
    }
    return pick(r->language, "% per percent", "每 1% 的 %");
}

/* Six significant digits of anything: gradients of pairs are small. */
static const char *gradient_text(arena *memory, double value)
{
    double size = fabs(value);
    if (size > 0 && size < 1e-4) return arena_format(memory, "%+.3e", value);
    return arena_format(memory, "%+.6f", value);
}

static void put_entries(report *r, const bashu_gradient *g, gradient_id id, bool whole)
{
    entry best[SHOWN];
    size_t count = strongest(g, id, whole, best, SHOWN);
    const char *shape = gradient_rows[id].shape, *scope = "";
    if (!count) return;
    if (whole && strstr(shape, ",sector")) scope = pick(r->language, ", all sectors", "，全部行业");
    if (whole && strstr(shape, ",group")) scope = pick(r->language, ", all groups", "，全部群体");
    put_format(&r->out, "\n%s%s (%s)\n", pick(r->language, gradient_rows[id].title_en, gradient_rows[id].title_zh), scope, unit_of(r, g, id));
    grid *table = grid_new(r->memory, "lr");
    grid_cell(table, "");
    grid_cell(table, "");
    for (size_t k = 0; k < count; k++) {
        grid_cell(table, entry_words(r, g, id, &best[k]));
        grid_cell(table, gradient_text(r->memory, best[k].value));
    }
    grid_put(&r->out, table, "  ");
}

static void put_info(report *r, const bashu_linear_info *info)
{
    put_format(&r->out, r->language == BASHU_ZH ? "  线性方程组残差 %.1e（重新计算），求解 %d 次，%d 次遍历，%.2f 秒\n"
                                                 : "  residual of the linear systems %.1e (recomputed), %d solved, %d passes, %.2f s\n",
               info->residual, info->solves, info->passes, info->time_s);
}

static bashu_status text_gradient(report *r, const void *subject)
{
    const bashu_gradient *g = subject;
    put_format(&r->out, r->language == BASHU_ZH ? "%s%s对各项杠杆的一阶反应（基期）\n" : "What moves %s, %s: first order at the baseline\n",
               r->language == BASHU_ZH ? g->name_zh : g->variable->title_en, r->language == BASHU_ZH ? g->variable->title_zh : g->name_en);
    put_info(r, &g->info);
    for (size_t id = 0; id < GRADIENT_COUNT; id++) {
        if (id == GRADIENT_LINK_TIME) continue; /* minutes say more to people; both are in the tables */
        put_entries(r, g, (gradient_id)id, true);
        if (id == GRADIENT_PRODUCTIVITY && g->economy->about.J > 1) put_entries(r, g, (gradient_id)id, false);
    }
    return BASHU_OK;
}

/* ---- CSV ------------------------------------------------------------------------------------------- */

static const char *id_of(const bashu_gradient *g, const entry *e, size_t column)
{
    const description *a = &g->economy->about;
    switch (column) {
    case 0: return e->region < 0 ? "" : a->regions[e->region].label.id;
    case 1: return e->partner < 0 ? "" : a->regions[e->partner].label.id;
    case 2: return e->sector < 0 ? "" : a->sectors[e->sector].label.id;
    case 3: return e->group < 0 ? "" : a->groups[e->group].id;
    case 4: return e->link < 0 ? "" : a->network->links[e->link].id;
    default: return e->zone < 0 ? "" : zone_of(g, e->zone)->id;
    }
}

static void csv_lever(report *r, const bashu_gradient *g, gradient_id id)
{
    size_t length = gradient_length(g, id);
    bool pairs = !strncmp(gradient_rows[id].shape, "region,region", 13);
    for (size_t i = 0; i < length; i++) {
        entry e = entry_at(g, id, i);
        if (pairs && e.value == 0) continue; /* most pairs do not trade */
        put_field(&r->out, gradient_rows[id].name, false);
        put_field(&r->out, gradient_rows[id].unit, false);
        for (size_t column = 0; column < 6; column++) put_field(&r->out, id_of(g, &e, column), false);
        put_number_field(&r->out, e.value, true);
    }
}

static void csv_head(report *r) { put(&r->out, "lever,unit,region,partner,sector,group,link,zone,value\n"); }

static bashu_status csv_gradient(report *r, const void *subject)
{
    csv_head(r);
    for (size_t id = 0; id < GRADIENT_COUNT; id++) csv_lever(r, subject, (gradient_id)id);
    return BASHU_OK;
}

/* ---- JSON ------------------------------------------------------------------------------------------ */

static json_t *json_info(const bashu_linear_info *info)
{
    json_t *object = json_object();
    set_number(object, "residual", info->residual);
    set_value(object, "passes", json_integer(info->passes));
    set_value(object, "solves", json_integer(info->solves));
    set_number(object, "time_s", info->time_s);
    return object;
}

static json_t *json_lever(const bashu_gradient *g, gradient_id id, entry *best)
{
    static const char *const axes[] = {"region", "partner", "sector", "group", "link", "zone"};
    json_t *object = json_object(), *entries = json_array();
    size_t count = strongest(g, id, false, best, LISTED);
    set_text(object, "unit", gradient_rows[id].unit);
    set_text(object, "shape", gradient_rows[id].shape);
    set_count(object, "entries", gradient_length(g, id));
    for (size_t k = 0; k < count; k++) {
        json_t *row = json_object();
        for (size_t column = 0; column < 6; column++)
            if (*id_of(g, &best[k], column)) set_text(row, axes[column], id_of(g, &best[k], column));
        set_number(row, "value", best[k].value);
        add_value(entries, row);
    }
    set_value(object, "strongest", entries);
    return object;
}

static bashu_status json_gradient(report *r, const void *subject)
{
    const bashu_gradient *g = subject;
    entry *best = arena_alloc(r->memory, LISTED, sizeof *best);
    if (!best) return fail_memory(r->context);
    json_t *object = json_object(), *levers = json_object();
    set_text(object, "version", bashu_version());
    set_text(object, "variable", g->variable->name);
    set_text(object, "set", g->set);
    set_text(object, "member", g->member);
    set_value(object, "certificate", json_info(&g->info));
    for (size_t id = 0; id < GRADIENT_COUNT; id++)
        if (gradient_length(g, (gradient_id)id)) set_value(levers, gradient_rows[id].name, json_lever(g, (gradient_id)id, best));
    set_value(object, "levers", levers);
    return put_json(r, object);
}

bashu_status gradient_report(char **out, const bashu_gradient *g, const char *format, bashu_language language)
{
    static const report_format formats[] = {{"text", text_gradient}, {"json", json_gradient}, {"csv", csv_gradient}};
    char name[64] = "";
    size_t length = strlen(format);
    if (length > 4 && length < sizeof name && !strcmp(format + length - 4, ".csv")) memcpy(name, format, length - 4);
    long id = *name ? gradient_find(name) : -1;
    if (id < 0) return report_write(out, g->context, language, formats, sizeof formats / sizeof *formats, format, g);
    report r;
    TRY(report_begin(&r, g->context, language));
    csv_head(&r);
    csv_lever(&r, g, (gradient_id)id);
    return report_end(out, &r, BASHU_OK);
}

/* ---- exposure -------------------------------------------------------------------------------------- */

/* The places whose productivity does most for n (sign 1) or against it (-1), strongest first; returns how many. */
static size_t closest(const bashu_exposure *x, size_t n, double sign, size_t *best)
{
    size_t N = x->economy->about.N, count = 0;
    const double *row = x->values + n * N;
    for (size_t i = 0; i < N; i++) {
        if (i == n || !(sign * row[i] > 0)) continue;
        if (count == SHOWN && !(sign * row[i] > sign * row[best[count - 1]])) continue;
        size_t at = count < SHOWN ? count++ : count - 1;
        for (; at && sign * row[i] > sign * row[best[at - 1]]; at--) best[at] = best[at - 1];
        best[at] = i;
    }
    return count;
}

static void put_friends(report *r, const bashu_exposure *x, size_t n)
{
    const description *a = &x->economy->about;
    const double *row = x->values + n * a->N;
    size_t sides[2][SHOWN], counts[2] = {closest(x, n, 1, sides[0]), closest(x, n, -1, sides[1])};
    put_format(&r->out, "\n%s (%s %+.5f)\n", label_name(r, &a->regions[n].label), pick(r->language, "own productivity", "本地生产率"), row[n]);
    grid *g = grid_new(r->memory, "lrlr");
    const char *heads[] = {pick(r->language, "friends", "友"), "%", pick(r->language, "enemies", "敌"), "%"};
    for (size_t k = 0; k < 4; k++) grid_cell(g, heads[k]);
    for (size_t k = 0; k < counts[0] || k < counts[1]; k++)
        for (size_t side = 0; side < 2; side++) {
            bool shown = k < counts[side];
            grid_cell(g, shown ? label_name(r, &a->regions[sides[side][k]].label) : "");
            grid_cell(g, shown ? gradient_text(r->memory, row[sides[side][k]]) : "");
        }
    grid_put(&r->out, g, "  ");
}

static bashu_status text_exposure(report *r, const void *subject)
{
    const bashu_exposure *x = subject;
    const description *a = &x->economy->about;
    size_t N = a->N, *largest = arena_alloc(r->memory, N, sizeof *largest), hostile = 0, pairs = 0;
    double *key = arena_alloc(r->memory, N, sizeof *key);
    if (!largest || !key) return fail_memory(r->context);
    for (size_t i = 0; i < N * N; i++) {
        if (i / N == i % N) continue;
        pairs++;
        hostile += x->values[i] < 0;
    }
    put_format(&r->out, r->language == BASHU_ZH ? "友与敌：一地全部行业生产率提高 1%% 使另一地%s变化多少 %%（基期一阶）\n"
                                                 : "Friends and enemies: %% change of %s per %% of productivity of all sectors elsewhere, first order\n",
               pick(r->language, x->variable->title_en, x->variable->title_zh));
    put_info(r, &x->info);
    put_format(&r->out, r->language == BASHU_ZH ? "  %zu 对地区中，%zu 对为负\n" : "  of %zu pairs of places %zu are negative\n", pairs, hostile);
    for (size_t n = 0; n < N; n++) key[n] = -a->regions[n].people;
    size_t count = measure_order(a, key, largest);
    for (size_t k = 0; k < count && k < PLACES; k++) put_friends(r, x, largest[k]);
    return BASHU_OK;
}

static bashu_status csv_exposure(report *r, const void *subject)
{
    const bashu_exposure *x = subject;
    const description *a = &x->economy->about;
    put(&r->out, "variable,region,productivity_of,percent_per_percent\n");
    for (size_t i = 0; i < a->N * a->N; i++) {
        put_field(&r->out, x->variable->name, false);
        put_field(&r->out, a->regions[i / a->N].label.id, false);
        put_field(&r->out, a->regions[i % a->N].label.id, false);
        put_number_field(&r->out, x->values[i], true);
    }
    return BASHU_OK;
}

static bashu_status json_exposure(report *r, const void *subject)
{
    const bashu_exposure *x = subject;
    const description *a = &x->economy->about;
    json_t *object = json_object(), *axis = json_array(), *rows = json_array();
    set_text(object, "version", bashu_version());
    set_text(object, "variable", x->variable->name);
    set_text(object, "unit", "percent_per_percent");
    set_value(object, "certificate", json_info(&x->info));
    for (size_t n = 0; n < a->N; n++) add_value(axis, json_string(a->regions[n].label.id));
    for (size_t n = 0; n < a->N; n++) {
        json_t *row = json_array();
        for (size_t i = 0; i < a->N; i++) add_value(row, json_real(x->values[n * a->N + i]));
        add_value(rows, row);
    }
    set_value(object, "region", axis); /* of rows (whose outcome) and columns (whose productivity) */
    set_value(object, "values", rows);
    return put_json(r, object);
}

bashu_status exposure_report(char **out, const bashu_exposure *x, const char *format, bashu_language language)
{
    static const report_format formats[] = {{"text", text_exposure}, {"json", json_exposure}, {"csv", csv_exposure}};
    return report_write(out, x->context, language, formats, sizeof formats / sizeof *formats, format, x);
}

/* ---- effects --------------------------------------------------------------------------------------- */

typedef struct effect {
    const bashu_result *exact, *linear;
} effect;

/* Percent changes of the headline variables of every region, [HEADLINE_COUNT][N] each. */
static bashu_status both_percents(double **exact, double **linear, report *r, const effect *both)
{
    TRY(headline_percents(exact, r->memory, both->exact));
    return headline_percents(linear, r->memory, both->linear);
}

static bashu_status put_effect_sets(report *r, const effect *both)
{
    size_t count;
    const set_summary *sets = summaries_of(r->memory, &both->exact->economy->about, &count);
    if (!sets) return fail_memory(r->context);
    grid *g = grid_new(r->memory, "llrrr");
    const char *heads[] = {"", "", pick(r->language, "exact %", "精确 %"), pick(r->language, "linear %", "线性 %"), pick(r->language, "difference", "差")};
    for (size_t k = 0; k < 5; k++) grid_cell(g, heads[k]);
    for (size_t m = 0; m < count; m++)
        for (size_t k = 0; k < FOCUS_COUNT; k++) {
            double exact, linear;
            TRY(measure_aggregate(both->exact, headline_names[k], sets[m].set, sets[m].id, BASHU_PERCENT, &exact));
            TRY(measure_aggregate(both->linear, headline_names[k], sets[m].set, sets[m].id, BASHU_PERCENT, &linear));
            grid_cell(g, k ? "" : pick(r->language, sets[m].name_en, sets[m].name_zh));
            grid_cell(g, headline_title(r, k));
            grid_cell(g, gradient_text(r->memory, exact));
            grid_cell(g, gradient_text(r->memory, linear));
            grid_cell(g, gradient_text(r->memory, linear - exact));
        }
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static bashu_status text_effect(report *r, const void *subject)
{
    const effect *both = subject;
    size_t N = both->exact->economy->about.N;
    double *exact, *linear;
    put_format(&r->out, "%s\n", pick(r->language, "The linear answer beside the exact one", "线性答案与精确答案"));
    put_format(&r->out, r->language == BASHU_ZH ? "  线性方程组残差 %.1e，%d 次遍历；均衡残差 %.1e，%d 次遍历\n"
                                                 : "  linear: residual %.1e, %d passes; equilibrium: residual %.1e, %d passes\n",
               both->linear->info.residual, both->linear->info.passes, both->exact->info.residual, both->exact->info.passes);
    TRY(put_effect_sets(r, both));
    TRY(both_percents(&exact, &linear, r, both));
    put_format(&r->out, "\n%s\n", pick(r->language, "Over all places, in percentage points", "全部地区（百分点）"));
    grid *g = grid_new(r->memory, "lrr");
    grid_cell(g, "");
    grid_cell(g, pick(r->language, "largest change", "最大变化"));
    grid_cell(g, pick(r->language, "largest difference", "最大差异"));
    for (size_t k = 0; k < HEADLINE_COUNT; k++) {
        double most = 0, off = 0;
        for (size_t i = k * N; i < (k + 1) * N; i++) {
            most = fmax(most, fabs(exact[i]));
            off = fmax(off, fabs(linear[i] - exact[i]));
        }
        grid_cell(g, headline_title(r, k));
        grid_cell(g, gradient_text(r->memory, most) + 1);
        grid_cell(g, gradient_text(r->memory, off) + 1);
    }
    grid_put(&r->out, g, "  ");
    return BASHU_OK;
}

static bashu_status csv_effect(report *r, const void *subject)
{
    const effect *both = subject;
    const description *a = &both->exact->economy->about;
    double *exact, *linear;
    TRY(both_percents(&exact, &linear, r, both));
    put(&r->out, "variable,region,exact_pct,linear_pct,difference_pct\n");
    for (size_t i = 0; i < HEADLINE_COUNT * a->N; i++) {
        put_field(&r->out, headline_names[i / a->N], false);
        put_field(&r->out, a->regions[i % a->N].label.id, false);
        put_number_field(&r->out, exact[i], false);
        put_number_field(&r->out, linear[i], false);
        put_number_field(&r->out, linear[i] - exact[i], true);
    }
    return BASHU_OK;
}

static bashu_status json_effect(report *r, const void *subject)
{
    const effect *both = subject;
    const description *a = &both->exact->economy->about;
    double *exact, *linear;
    TRY(both_percents(&exact, &linear, r, both));
    json_t *object = json_object(), *regions = json_array();
    set_text(object, "version", bashu_version());
    set_value(object, "certificate", json_certificate(both->exact));
    set_number(object, "linear_residual", both->linear->info.residual);
    for (size_t n = 0; n < a->N; n++) {
        json_t *row = json_object();
        set_text(row, "id", a->regions[n].label.id);
        for (size_t k = 0; k < HEADLINE_COUNT; k++) {
            set_number(row, arena_format(r->memory, "%s_pct", headline_names[k]), exact[k * a->N + n]);
            set_number(row, arena_format(r->memory, "%s_linear_pct", headline_names[k]), linear[k * a->N + n]);
        }
        add_value(regions, row);
    }
    set_value(object, "regions", regions);
    return put_json(r, object);
}

bashu_status effect_report(char **out, const bashu_result *exact, const bashu_result *linear, const char *format, bashu_language language)
{
    static const report_format formats[] = {{"text", text_effect}, {"json", json_effect}, {"csv", csv_effect}};
    effect both = {exact, linear};
    return report_write(out, exact->context, language, formats, sizeof formats / sizeof *formats, format, &both);
}
