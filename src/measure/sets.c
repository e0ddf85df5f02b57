/* sets.c - sets of regions: who is inside, what they are at the baseline, and which one a scenario is about. */
#include "input/input.h"
#include "measure/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double part_of(double part, double whole)
{
    if (isnan(part)) return 1;
    return whole > 0 ? part / whole : 1;
}

/* One region: all of it. */
static bashu_status region_parts(bashu_context *context, const description *about, const char *id, double *people_part, double *land_part)
{
    bool known = false;
    for (size_t n = 0; n < about->N; n++) {
        bool inside = id && !strcmp(about->regions[n].label.id, id);
        known = known || inside;
        if (people_part) people_part[n] = inside;
        if (land_part) land_part[n] = inside;
    }
    return known ? BASHU_OK : fail(context, BASHU_ERROR_ARGUMENT, "there is no region '%s'", id ? id : "");
}

bashu_status measure_parts(bashu_context *context, const description *about, const char *set, const char *member,
                           double *people_part, double *land_part)
{
    bool all = !strcmp(set, "all"), foreign = !strcmp(set, "foreign"), one = !strcmp(set, "region");
    long g = all || foreign || one ? -1 : find_set(about, set), m = -1;
    if (one) return region_parts(context, about, member, people_part, land_part);
    if (foreign && about->foreign < 0)
        return fail(context, BASHU_ERROR_ARGUMENT, "this economy is closed: it has no foreign region");
    if (!all && !foreign) {
        if (g < 0) return fail(context, BASHU_ERROR_ARGUMENT, "there is no region set '%s'", set);
        m = member ? find_member(&about->sets[g], member) : -1;
        if (m < 0)
            return fail(context, BASHU_ERROR_ARGUMENT, "region set '%s' has no member '%s'", set, member ? member : "");
    }
    for (size_t n = 0; n < about->N; n++) {
        bool abroad = (long)n == about->foreign, inside = all       ? !abroad
                                                          : foreign ? abroad
                                                                    : about->sets[g].member_of[n] == m;
        double people = inside, land = inside;
        if (inside && g >= 0) {
            const region_set *chosen = &about->sets[g];
            if (chosen->people) people = part_of(chosen->people[n], about->regions[n].people);
            if (chosen->land_km2) land = part_of(chosen->land_km2[n], about->regions[n].land_km2);
        }
        if (people_part) people_part[n] = people;
        if (land_part) land_part[n] = land;
    }
    return BASHU_OK;
}

static bashu_status unknown(bashu_context *context, const char *what, const char *name, const char *const *names, size_t count)
{
    const char *near = nearest_name(name, names, count);
    if (near) return fail(context, BASHU_ERROR_ARGUMENT, "there is no %s '%s'; did you mean '%s'?", what, name, near);
    return fail(context, BASHU_ERROR_ARGUMENT, "there is no %s '%s'", what, name);
}

static bashu_status find_label(const label **out, arena *scratch, const char *what, const label *labels, size_t stride, size_t count, const char *id)
{
    const char **names = arena_alloc(scratch, count ? count : 1, sizeof *names);
    if (!names) return fail_memory(arena_context(scratch));
    for (size_t k = 0; k < count; k++) {
        const label *l = (const label *)((const char *)labels + k * stride);
        names[k] = l->id;
        *out = l;
        if (!strcmp(l->id, id)) return BASHU_OK;
    }
    return unknown(arena_context(scratch), what, id, names, count);
}

bashu_status measure_whose(label *out, arena *scratch, const description *about, const char *set, const char *member)
{
    bashu_context *context = arena_context(scratch);
    const char *sets[64] = {"all", "region", "foreign"};
    size_t count = 3;
    const label *found = NULL;
    *out = !strcmp(set, "foreign") ? (label){"foreign", "Rest of the world", "国外"} : (label){"all", "Nation", "全国"};
    if (!strcmp(set, "all") || (!strcmp(set, "foreign") && about->foreign >= 0)) return BASHU_OK;
    if (!strcmp(set, "foreign")) return fail(context, BASHU_ERROR_ARGUMENT, "this economy is closed: it has no foreign region");
    long number = find_set(about, set);
    for (size_t k = 0; k < about->set_count && count < 64; k++) sets[count++] = about->sets[k].name;
    if (!strcmp(set, "region")) TRY(find_label(&found, scratch, "region", &about->regions[0].label, sizeof *about->regions, about->N, member));
    else if (number < 0) return unknown(context, "region set", set, sets, count);
    else TRY(find_label(&found, scratch, arena_format(scratch, "member of region set '%s':", set), about->sets[number].members, sizeof(label),
                        about->sets[number].member_count, member));
    *out = (label){found->id, found->name_en && *found->name_en ? found->name_en : found->id,
                   found->name_zh && *found->name_zh ? found->name_zh : found->id};
    return BASHU_OK;
}

static void name_set(set_summary *out, const description *about, const char *set, const char *member)
{
    long g = find_set(about, set), m = g >= 0 ? find_member(&about->sets[g], member) : -1;
    out->set = set;
    out->id = m >= 0 ? about->sets[g].members[m].id : set;
    if (m >= 0) {
        out->name_en = about->sets[g].members[m].name_en;
        out->name_zh = about->sets[g].members[m].name_zh;
    } else if (!strcmp(set, "all")) {
        out->name_en = "Nation";
        out->name_zh = "全国";
    } else {
        out->name_en = "Rest of the world";
        out->name_zh = "国外";
    }
}

static void add_up(set_summary *out, const description *about, const double *people_part, const double *land_part)
{
    for (size_t n = 0; n < about->N; n++) {
        const region_row *r = &about->regions[n];
        if (people_part[n] <= 0 && land_part[n] <= 0) continue;
        out->regions++;
        if (!isnan(r->land_km2)) out->land_km2 += land_part[n] * r->land_km2;
        out->people += people_part[n] * r->people;
        out->gdp += people_part[n] * r->gdp;
    }
}

bashu_status measure_summary(set_summary *out, bashu_context *context, const description *about, const char *set,
                             const char *member)
{
    set_summary nation = {0};
    double *people_part = malloc(2 * (about->N + 1) * sizeof *people_part), *land_part = people_part + about->N;
    if (!people_part) return fail_memory(context);
    *out = (set_summary){0};
    bashu_status status = measure_parts(context, about, set, member, people_part, land_part);
    if (status == BASHU_OK) {
        add_up(out, about, people_part, land_part);
        status = measure_parts(context, about, "all", "", people_part, land_part);
    }
    if (status == BASHU_OK) {
        add_up(&nation, about, people_part, land_part);
        name_set(out, about, set, member);
        out->land_share = out->land_km2 / nation.land_km2;
        out->people_share = out->people / nation.people;
        out->gdp_share = out->gdp / nation.gdp;
        out->density = out->people / out->land_km2;
        out->gdp_per_head = out->gdp * about->currency_unit / out->people;
    }
    free(people_part);
    return status;
}

/* ---- what a scenario is about -------------------------------------------------------------------- */

/* Regions a change selects. Links count for the regions whose node is an end of theirs or one link away. */
static bool selects(const description *about, const change *c, size_t n)
{
    if (c->regions && c->regions[n]) return true;
    if ((c->side_a && c->side_a[n]) || (c->side_b && c->side_b[n])) return true;
    if (c->weight && c->weight[n] > 0 && !c->regions) return true;
    const graph *net = about->network;
    if ((!c->links && !c->mode) || !net) return false;
    size_t node = net->region_node[n];
    if (c->mode && (c->from_node == node || c->to_node == node)) return true;
    for (size_t k = 0; k < net->link_count; k++) {
        const graph_link *l = &net->links[k];
        if (c->links && c->links[k] && (l->from == node || l->to == node)) return true;
        if (l->from != node && l->to != node) continue;
        size_t next = l->from == node ? l->to : l->from;
        if (c->mode && (c->from_node == next || c->to_node == next)) return true;
        for (size_t h = 0; c->links && h < net->link_count; h++)
            if (c->links[h] && (net->links[h].from == next || net->links[h].to == next)) return true;
    }
    return false;
}

/* Adds to each member the part of the selection that lies in it. A change of every place says nothing. */
static void vote(double *votes, const description *about, const region_set *circles, const change *c, size_t *counts)
{
    size_t selected = 0;
    memset(counts, 0, circles->member_count * sizeof *counts);
    for (size_t n = 0; n < about->N; n++) {
        if (!selects(about, c, n)) continue;
        selected++;
        if (circles->member_of[n] >= 0) counts[circles->member_of[n]]++;
    }
    for (size_t m = 0; selected && m < circles->member_count; m++) votes[m] += (double)counts[m] / (double)selected;
}

static size_t elect(const description *about, const region_set *circles, const bashu_scenario *scenario)
{
    size_t best = 0, M = circles->member_count;
    double *votes = calloc(M, sizeof *votes);
    size_t *counts = calloc(M, sizeof *counts);
    if (votes && counts) { /* without memory the first circle is as good a default */
        for (size_t c = 0; c < scenario->change_count; c++) vote(votes, about, circles, &scenario->changes[c], counts);
        for (size_t m = 1; m < M; m++)
            if (votes[m] > votes[best] * (1 + 1e-12)) best = m;
    }
    free(votes);
    free(counts);
    return best;
}

focus measure_focus(const description *about, const bashu_scenario *scenario)
{
    long g = find_set(about, "circle");
    if (g < 0 || !about->sets[g].member_count) return (focus){"all", "", "Nation", "全国"};
    const region_set *circles = &about->sets[g];
    const label *member = &circles->members[scenario ? elect(about, circles, scenario) : 0];
    return (focus){circles->name, member->id, member->name_en, member->name_zh};
}

/* ---- sets by name --------------------------------------------------------------------------------- */

static bashu_status no_member(arena *memory, const region_set *set, const char *member)
{
    bashu_context *context = arena_context(memory);
    const char **ids = arena_alloc(memory, set->member_count, sizeof *ids);
    if (!ids) return fail_memory(context);
    for (size_t m = 0; m < set->member_count; m++) ids[m] = set->members[m].id;
    const char *near = nearest_name(member, ids, set->member_count);
    if (near) return fail(context, BASHU_ERROR_ARGUMENT, "region set '%s' has no member '%s'; did you mean '%s'?", set->name, member, near);
    return fail(context, BASHU_ERROR_ARGUMENT, "region set '%s' has no member '%s'; write one of its ids, or SET=MEMBER", set->name, member);
}

bashu_status measure_named(focus *out, arena *memory, const description *about, const char *text)
{
    char *copy = arena_text(memory, text);
    if (!copy) return fail_memory(arena_context(memory));
    char *equals = strchr(copy, '=');
    const char *name = equals ? copy : "circle", *member = equals ? equals + 1 : copy;
    if (equals) *equals = '\0';
    *out = (focus){"all", "", "Nation", "全国"};
    if (!equals && !strcmp(text, "all")) return BASHU_OK;
    long g = find_set(about, name);
    if (g < 0) return fail(arena_context(memory), BASHU_ERROR_ARGUMENT, "there is no region set '%s'; write SET=MEMBER, e.g. province=ID", name);
    const region_set *set = &about->sets[g];
    long m = find_member(set, member);
    if (m < 0) return no_member(memory, set, member);
    *out = (focus){set->name, set->members[m].id, set->members[m].name_en, set->members[m].name_zh};
    return BASHU_OK;
}

/* ---- order --------------------------------------------------------------------------------------- */

typedef struct keyed {
    double key;
    size_t index;
} keyed;

static int compare_keyed(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    if (x->key < y->key) return -1;
    if (x->key > y->key) return 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

size_t measure_order(const description *about, const double *key, size_t *order)
{
    size_t count = 0;
    keyed *rows = malloc((about->N + 1) * sizeof *rows);
    if (!rows) return 0;
    for (size_t n = 0; n < about->N; n++)
        if ((long)n != about->foreign) rows[count++] = (keyed){key[n], n};
    qsort(rows, count, sizeof *rows, compare_keyed);
    for (size_t k = 0; k < count; k++) order[k] = rows[k].index;
    free(rows);
    return count;
}
