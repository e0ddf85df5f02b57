/* circles.c - circles side by side, in words, as JSON and as CSV. */
#include "report/circles.h"

#include "report/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Short names, so that columns stay narrow: the id where there is one in letters. */
static const char *circle_head(const report *r, const bashu_circles *c, size_t k)
{
    return k + 1 == c->count ? pick(r->language, "Nation", "全国") : r->language == BASHU_ZH ? label_name(r, &c->circles[k].label) : c->circles[k].label.id;
}

static const char *core_names(const report *r, const bashu_circles *c, const circle *at)
{
    if (at->core[1] == SIZE_MAX) return "-";
    return arena_format(r->memory, r->language == BASHU_ZH ? "%s、%s" : "%s, %s", label_name(r, &c->city_label[at->core[0]]), label_name(r, &c->city_label[at->core[1]]));
}

static const char *measure_text(const report *r, double value, const circle_measure *m)
{
    return isnan(value) ? "-" : number_text(r->memory, m->scale * value, m->decimals);
}

static grid *grid_of(report *r, const bashu_circles *c, const char *first)
{
    char columns[64] = "l";
    for (size_t k = 0; k < c->count && k < 60; k++) strcat(columns, "r");
    grid *g = grid_new(r->memory, columns);
    grid_cell(g, first);
    for (size_t k = 0; k < c->count && k < 60; k++) grid_cell(g, circle_head(r, c, k));
    return g;
}

static void put_zones(report *r, const bashu_circles *c)
{
    const description *about = &c->economy->about;
    grid *g = grid_new(r->memory, "lllrl");
    if (!about->zone_count) return;
    grid_cell(g, pick(r->language, "circle", "圈"));
    grid_cell(g, pick(r->language, "new area", "新区"));
    grid_cell(g, pick(r->language, "in", "所在"));
    grid_cell(g, pick(r->language, "land, km2", "面积，平方公里"));
    grid_cell(g, pick(r->language, "approved", "批复"));
    for (size_t k = 0; k + 1 < c->count; k++)
        for (size_t z = 0; z < about->zone_count; z++) {
            const zone_part *part = &about->zones[z];
            if (!(c->circles[k].people_part[part->region] > 0)) continue;
            grid_cell(g, circle_head(r, c, k));
            grid_cell(g, label_name(r, &part->label));
            grid_cell(g, label_name(r, &about->regions[part->region].label));
            grid_cell(g, arena_format(r->memory, "%s%s", number_text(r->memory, part->land_km2, 0), part->land_flag ? "*" : ""));
            grid_cell(g, part->approved ? part->approved : "");
        }
    put_format(&r->out, "\n%s\n", pick(r->language, "National new areas (* imputed)", "国家级新区（* 推算）"));
    grid_put(&r->out, g, "  ");
}

static bashu_status text_circles(report *r, const void *subject)
{
    const bashu_circles *c = subject;
    const description *about = &c->economy->about;
    put_format(&r->out, "%s\n\n", pick(r->language, about->title_en, about->title_zh));
    for (size_t k = 0; k + 1 < c->count; k++)
        put_format(&r->out, r->language == BASHU_ZH ? "  %s：%s；双核 %s\n" : "  %s: %s; cores %s\n", c->circles[k].label.id, label_name(r, &c->circles[k].label), core_names(r, c, &c->circles[k]));
    put(&r->out, "\n");
    grid *g = grid_of(r, c, pick(r->language, about->currency_en, about->currency_zh));
    for (size_t m = 0; m < circle_measure_count; m++) {
        bool any = false;
        for (size_t k = 0; k < c->count; k++) any = any || !isnan(c->circles[k].value[m]);
        if (!any) continue;
        grid_cell(g, pick(r->language, circle_measures[m].about.title_en, circle_measures[m].about.title_zh));
        for (size_t k = 0; k < c->count && k < 60; k++) grid_cell(g, measure_text(r, c->circles[k].value[m], &circle_measures[m]));
    }
    grid_put(&r->out, g, "  ");
    g = grid_of(r, c, pick(r->language, "value added, %", "增加值比重，%"));
    for (size_t j = 0; j < about->J; j++) {
        grid_cell(g, label_name(r, &about->sectors[j].label));
        for (size_t k = 0; k < c->count && k < 60; k++) grid_cell(g, number_text(r->memory, 100 * c->circles[k].sector_share[j], 1));
    }
    put(&r->out, "\n");
    grid_put(&r->out, g, "  ");
    put_zones(r, c);
    bool apportioned = false;
    for (size_t k = 0; k < c->count; k++) apportioned = apportioned || c->circles[k].research_apportioned;
    if (apportioned)
        put(&r->out, pick(r->language, "\n  research of a province of which a part lies in a circle is shared out by GDP; formulas: docs/circles.md\n",
                          "\n  仅部分位于圈内的省份，其研发按GDP分摊；公式见 docs/circles.md\n"));
    return BASHU_OK;
}

static bashu_status json_circles(report *r, const void *subject)
{
    const bashu_circles *c = subject;
    const description *about = &c->economy->about;
    json_t *object = json_object(), *list = json_array();
    set_text(object, "version", BASHU_VERSION);
    for (size_t k = 0; k < c->count; k++) {
        const circle *at = &c->circles[k];
        json_t *one = json_object(), *sectors = json_object(), *cores = json_array(), *zones = json_array();
        set_text(one, "id", at->label.id);
        set_text(one, "name_en", at->label.name_en);
        set_text(one, "name_zh", at->label.name_zh);
        for (size_t q = 0; q < 2 && k + 1 < c->count; q++)
            if (at->core[q] != SIZE_MAX) add_value(cores, json_string(c->city_label[at->core[q]].id));
        set_value(one, "cores", cores);
        for (size_t m = 0; m < circle_measure_count; m++) set_number(one, circle_measures[m].about.name, at->value[m]);
        for (size_t j = 0; j < about->J; j++) set_number(sectors, about->sectors[j].label.id, at->sector_share[j]);
        set_value(one, "sector_share", sectors);
        for (size_t z = 0; z < about->zone_count; z++) {
            const zone_part *part = &about->zones[z];
            if (!(at->people_part[part->region] > 0)) continue;
            json_t *zone = json_object();
            set_text(zone, "id", part->label.id);
            set_text(zone, "region", about->regions[part->region].label.id);
            set_number(zone, "land_km2", part->land_km2);
            set_text(zone, "land_km2_flag", part->land_flag);
            set_text(zone, "approved", part->approved);
            add_value(zones, zone);
        }
        set_value(one, "zones", zones);
        set_value(one, "research_apportioned", json_boolean(at->research_apportioned));
        add_value(list, one);
    }
    set_value(object, "circles", list);
    set_value(object, "inputs", json_files(about, NULL));
    return put_json(r, object);
}

static bashu_status csv_circles(report *r, const void *subject)
{
    const bashu_circles *c = subject;
    put(&r->out, "circle,measure,unit,value\n");
    for (size_t k = 0; k < c->count; k++) {
        for (size_t m = 0; m < circle_measure_count; m++) {
            put_field(&r->out, c->circles[k].label.id, false);
            put_field(&r->out, circle_measures[m].about.name, false);
            put_field(&r->out, circle_measures[m].about.unit, false);
            put_number_field(&r->out, c->circles[k].value[m], true);
        }
        for (size_t j = 0; j < c->economy->about.J; j++) {
            put_field(&r->out, c->circles[k].label.id, false);
            put_field(&r->out, arena_format(r->memory, "sector_share:%s", c->economy->about.sectors[j].label.id), false);
            put_field(&r->out, "share", false);
            put_number_field(&r->out, c->circles[k].sector_share[j], true);
        }
    }
    return BASHU_OK;
}

static const report_format circle_formats[] = {{"text", text_circles}, {"json", json_circles}, {"csv", csv_circles}};

bashu_status circles_report(char **out, const bashu_circles *circles, const char *format, bashu_language language)
{
    return report_write(out, circles->context, language, circle_formats, sizeof circle_formats / sizeof circle_formats[0], format, circles);
}

/* ---- claims ----------------------------------------------------------------------------------------- */

static const char *const verdict_names[BASHU_VERDICTS][3] = {
    [BASHU_CONFIRMED] = {"confirmed", "confirmed", "属实"},
    [BASHU_WITHIN_ROUNDING] = {"within_rounding", "within rounding", "在舍入范围内"},
    [BASHU_ANOTHER_YEAR] = {"another_year", "refers to another year", "指另一年份"},
    [BASHU_ANOTHER_BASIS] = {"another_basis", "on another basis", "口径不同"},
    [BASHU_INCONSISTENT] = {"inconsistent", "inconsistent", "不一致"},
    [BASHU_NOT_TESTABLE] = {"not_testable", "not testable with these data", "现有数据无法检验"},
};

const char *verdict_words(const report *r, bashu_verdict verdict) { return pick(r->language, verdict_names[verdict][1], verdict_names[verdict][2]); }

/* As many digits as tell it from what is said. */
static const char *figure(const report *r, double value, double printed)
{
    int decimals = 0;
    for (double digit = 1; digit > printed / 5 && decimals < 8; digit /= 10) decimals++;
    return number_text(r->memory, value, decimals);
}

static const char *amount_words(const report *r, double value)
{
    double size = fabs(value);
    if (size >= 1e12) return arena_format(r->memory, r->language == BASHU_ZH ? "%s 万亿" : "%s trillion", number_text(r->memory, value / 1e12, 3));
    if (size >= 1e9) return arena_format(r->memory, r->language == BASHU_ZH ? "%s 亿" : "%s billion", r->language == BASHU_ZH ? number_text(r->memory, value / 1e8, 1) : number_text(r->memory, value / 1e9, 2));
    return number_text(r->memory, value, size < 100 ? 2 : 0);
}

/* Names instead of ids where one member is meant. */
static const char *place_words(const report *r, const bashu_audit *a, const claim_place *place)
{
    const description *about = &a->economy->about;
    long g = place->regions ? -1 : find_set(about, place->set), m = g < 0 ? -1 : find_member(&about->sets[g], place->member);
    if (m >= 0) return label_name(r, &about->sets[g].members[m]);
    if (!place->regions) return pick(r->language, "nation, with the special regions", "全国（含港澳）");
    const char *text = "";
    for (size_t s = 0; s < about->set_count; s++) /* several members of a set */
        if (!strncmp(place->words, about->sets[s].name, strlen(about->sets[s].name)))
            for (size_t k = 0; k < about->sets[s].member_count; k++) {
                if (!strstr(place->words, about->sets[s].members[k].id)) continue;
                const char *next = arena_format(r->memory, "%s%s%s", text, *text ? pick(r->language, " and ", "与") : "", label_name(r, &about->sets[s].members[k]));
                text = next ? next : text;
            }
    return *text ? text : place->words;
}

/* "billion" for 1e9. */
static const char *unit_name(const report *r, double unit)
{
    static const struct {
        double unit;
        const char *en, *zh;
    } names[] = {{1e3, "thousand", "千"}, {1e4, "ten thousand", "万"}, {1e6, "million", "百万"}, {1e8, "hundred million", "亿"}, {1e9, "billion", "十亿"}, {1e12, "trillion", "万亿"}};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (names[k].unit == unit) return pick(r->language, names[k].en, names[k].zh);
    return unit == 1 ? "" : arena_format(r->memory, "x %g", unit);
}

const char *audit_arithmetic(const report *r, const bashu_audit *a, const audited *row)
{
    const claim *c = row->claim;
    const claim_reading *reading = c->reading_count ? &c->readings[row->reading] : NULL;
    if (row->verdict == BASHU_NOT_TESTABLE) return *c->needs_en ? pick(r->language, c->needs_en, c->needs_zh) : pick(r->language, "the data have no such variable in that year", "数据中没有该年份的该变量");
    const char *found = figure(r, row->found, c->printed), *unit = *c->unit_word ? c->unit_word : unit_name(r, c->unit), *gap = *unit ? " " : "";
    const char *whose = place_words(r, a, &reading->of), *amount = amount_words(r, row->numerator);
    if (c->relation == CLAIM_RANK) found = number_text(r->memory, row->found, 0);
    if (c->relation == CLAIM_RANK)
        return r->language == BASHU_ZH ? arena_format(r->memory, "%s %d：%s（%s），在 %s 中排第 %s", reading->variable, reading->year, amount, whose, reading->rank_set, found)
                                       : arena_format(r->memory, "%s %d: %s (%s), number %s by %s", reading->variable, reading->year, amount, whose, found, reading->rank_set);
    if (!isnan(row->denominator))
        return arena_format(r->memory, "%s %d: %s (%s) / %s (%s) = %s%s%s", reading->variable, reading->year, amount, whose, amount_words(r, row->denominator),
                            place_words(r, a, &reading->share_of), found, gap, unit);
    return arena_format(r->memory, "%s %d: %s (%s) = %s%s%s", reading->variable, reading->year, amount, whose, found, gap, unit);
}

static const char *off_words(const report *r, const audited *row)
{
    const claim *c = row->claim;
    if (row->verdict != BASHU_INCONSISTENT || c->relation == CLAIM_RANK) return NULL;
    if (row->power)
        return arena_format(r->memory, r->language == BASHU_ZH ? "相差 %g 倍：若改为 %s 则相符" : "off by a factor of %g: %s would agree",
                            pow(10, abs(row->power)), number_text(r->memory, c->says * pow(10, row->power), 0));
    return arena_format(r->memory, r->language == BASHU_ZH ? "数据为所述的 %s 倍" : "the data say %s times that", number_text(r->memory, row->found / c->says, 2));
}

static const char *relation_words(const report *r, const claim *c)
{
    static const char *const words[CLAIM_RELATIONS][2] = {{"", ""}, {"approached ", "接近 "}, {"about ", "约 "}, {"at least ", "至少 "}, {"number ", "第 "}};
    return pick(r->language, words[c->relation][0], words[c->relation][1]);
}

static bashu_status text_audit(report *r, const void *subject)
{
    const bashu_audit *a = subject;
    size_t counts[BASHU_VERDICTS] = {0};
    put_format(&r->out, "%s\n", a->claims.source);
    for (size_t k = 0; k < a->claims.count; k++) {
        const audited *row = &a->row[k];
        const claim *c = row->claim;
        const char *off = off_words(r, row), *note = c->reading_count ? pick(r->language, c->readings[row->reading].note_en, c->readings[row->reading].note_zh) : "";
        counts[row->verdict]++;
        put_format(&r->out, "\n  %s\n", pick(r->language, c->text_en, c->text_zh));
        put_format(&r->out, "    %s%s\n", verdict_words(r, row->verdict), off ? arena_format(r->memory, "; %s", off) : "");
        put_format(&r->out, r->language == BASHU_ZH ? "    所述：%s%s%s%s\n" : "    said: %s%s%s%s\n", relation_words(r, c), number_text(r->memory, c->says, c->printed < 1 ? 1 : 0), c->unit == 1 ? "" : " ",
                   *c->unit_word ? c->unit_word : unit_name(r, c->unit));
        put_format(&r->out, r->language == BASHU_ZH ? "    数据：%s\n" : "    data: %s\n", audit_arithmetic(r, a, row));
        if (*note) put_format(&r->out, "    %s\n", note);
    }
    put(&r->out, "\n  ");
    for (size_t v = 0; v < BASHU_VERDICTS; v++)
        if (counts[v]) put_format(&r->out, "%s%zu %s", r->out.size && v && counts[v] ? "" : "", counts[v], arena_format(r->memory, "%s; ", verdict_words(r, (bashu_verdict)v)));
    put(&r->out, pick(r->language, "rule: docs/audit.md\n", "规则见 docs/audit.md\n"));
    return BASHU_OK;
}

static bashu_status json_audit(report *r, const void *subject)
{
    const bashu_audit *a = subject;
    json_t *object = json_object(), *list = json_array(), *files = json_files(&a->economy->about, NULL);
    set_text(object, "version", BASHU_VERSION);
    set_text(object, "source", a->claims.source);
    for (size_t k = 0; k < a->claims.count; k++) {
        const audited *row = &a->row[k];
        const claim *c = row->claim;
        const claim_reading *reading = c->reading_count && row->verdict != BASHU_NOT_TESTABLE ? &c->readings[row->reading] : NULL;
        json_t *one = json_object();
        set_text(one, "id", c->id);
        set_text(one, "text_en", c->text_en);
        set_text(one, "text_zh", c->text_zh);
        set_text(one, "relation", claim_relation_words[c->relation]);
        set_number(one, "says", c->says);
        set_number(one, "unit", c->unit);
        set_text(one, "verdict", verdict_names[row->verdict][0]);
        set_number(one, "found", row->found);
        set_number(one, "numerator", row->numerator);
        set_number(one, "denominator", row->denominator);
        set_text(one, "variable", reading ? reading->variable : NULL);
        set_text(one, "of", reading ? reading->of.words : NULL);
        set_text(one, "share_of", reading && reading->share_of.words ? reading->share_of.words : NULL);
        set_value(one, "year", reading ? json_integer(reading->year) : NULL);
        set_value(one, "power_of_ten", json_integer(row->power));
        set_text(one, "arithmetic", audit_arithmetic(r, a, row));
        set_text(one, "note", reading ? reading->note_en : c->needs_en);
        add_value(list, one);
    }
    set_value(object, "claims", list);
    add_file(files, a->claims.path, a->claims.sha256);
    set_value(object, "inputs", files);
    return put_json(r, object);
}

static bashu_status csv_audit(report *r, const void *subject)
{
    const bashu_audit *a = subject;
    put(&r->out, "claim,relation,says,unit,found,verdict,power_of_ten,arithmetic\n");
    for (size_t k = 0; k < a->claims.count; k++) {
        const audited *row = &a->row[k];
        put_field(&r->out, row->claim->id, false);
        put_field(&r->out, claim_relation_words[row->claim->relation], false);
        put_number_field(&r->out, row->claim->says, false);
        put_number_field(&r->out, row->claim->unit, false);
        put_number_field(&r->out, row->found, false);
        put_field(&r->out, verdict_names[row->verdict][0], false);
        put_number_field(&r->out, row->power, false);
        put_field(&r->out, audit_arithmetic(r, a, row), true);
    }
    return BASHU_OK;
}

static const report_format audit_formats[] = {{"text", text_audit}, {"json", json_audit}, {"csv", csv_audit}};

bashu_status audit_report(char **out, const bashu_audit *audit, const char *format, bashu_language language)
{
    return report_write(out, audit->context, language, audit_formats, sizeof audit_formats / sizeof audit_formats[0], format, audit);
}
