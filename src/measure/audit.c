/* audit.c - published claims against the data. The rule is the same for every claim:
 *
 *   printed digit u (1.9: a tenth), found f, said s, in the claim's unit
 *   equals       as printed: f rounds to s at u;              within rounding: |f - s| < u (cut off instead of rounded, or last digit)
 *   approached   as printed: 0.95 s <= f <= s + u / 2         about: |f - s| <= 0.05 s        at_least: f >= s - u / 2       rank: f = s
 *
 *   confirmed            the claim as it was meant agrees as printed
 *   within rounding      it agrees within rounding
 *   refers to another year, on another basis
 *                        another reading that the file offers agrees (as printed before within rounding), of another year, or of the same
 *   inconsistent         none does; power of ten: f / 10^k would agree, k from -8 to 8, of the claim as meant first, then of other readings
 *   not testable         no reading has data; the file says what would be needed
 *
 * A set's own number is the published total (totals.csv) where there is one, else the sum over its regions. */
#include "measure/audit.h"

#include <math.h>
#include <string.h>

/* ---- what the data say ------------------------------------------------------------------------------ */

static bashu_status parts_of(double *people_part, double *land_part, const bashu_economy *e, const claim_place *place)
{
    if (!place->regions) return measure_parts(e->context, &e->about, place->set, place->member, people_part, land_part);
    for (size_t n = 0; n < e->about.N; n++) people_part[n] = land_part[n] = place->regions[n];
    return BASHU_OK;
}

static double published(const description *about, const char *variable, const claim_place *place)
{
    for (size_t k = 0; !place->regions && k < about->total_count; k++) {
        const published_total *t = &about->totals[k];
        if (!strcmp(t->variable, variable) && !strcmp(t->set, place->set) && !strcmp(t->member, place->member)) return t->value;
    }
    return (double)NAN;
}

static double value_added_inside(const bashu_economy *e, const double *people_part, const unsigned char *sectors)
{
    double sum = 0;
    for (size_t n = 0; n < e->about.N; n++)
        for (size_t j = 0; j < e->about.J; j++)
            if (!sectors || sectors[j]) sum += people_part[n] * e->value_added_share[at2(n, j, e->about.J)] * e->output[at2(n, j, e->about.J)];
    return sum;
}

/* In km2, persons, currency, or the indicator's own unit; money in whole currency, not in the economy's unit. */
static double amount_of(const bashu_economy *e, const claim_reading *r, const claim_place *place, const double *people_part, const double *land_part)
{
    const description *about = &e->about;
    double people = 0, land = 0, gdp = 0, money = about->currency_unit;
    for (size_t n = 0; n < about->N; n++) {
        people += people_part[n] * about->regions[n].people;
        land += isnan(about->regions[n].land_km2) ? 0 : land_part[n] * about->regions[n].land_km2;
        gdp += people_part[n] * about->regions[n].gdp;
    }
    if (r->year == about->year) {
        double total = published(about, r->variable, place);
        bool is_gdp = !strcmp(r->variable, "gdp");
        if (!isnan(total)) return is_gdp ? total * money : total;
        if (!strcmp(r->variable, "people")) return people;
        if (!strcmp(r->variable, "land_km2")) return land;
        if (is_gdp) return gdp * money;
        if (!strcmp(r->variable, "gdp_per_head")) return gdp * money / people;
        if (!strcmp(r->variable, "density")) return people / land;
        if (!strcmp(r->variable, "value_added")) return value_added_inside(e, people_part, r->sectors) * money;
    }
    bool apportioned = false, currency = false;
    for (size_t k = 0; k < about->indicator_count; k++)
        currency = currency || (!strcmp(about->indicators[k].variable, r->variable) && !strcmp(about->indicators[k].unit, "currency_unit"));
    double value = indicator_of(about, r->variable, place->regions ? NULL : place->set, place->member, r->year, people_part, &apportioned);
    return currency ? value * money : value;
}

static bashu_status amount(double *out, const bashu_economy *e, arena *scratch, const claim_reading *r, const claim_place *place)
{
    size_t N = e->about.N;
    double *parts = arena_alloc(scratch, 2 * N, sizeof *parts);
    if (!parts) return fail_memory(e->context);
    TRY(parts_of(parts, parts + N, e, place));
    *out = amount_of(e, r, place, parts, parts + N);
    return BASHU_OK;
}

/* 1 + members of the set with more, among those with a region inside `within`. */
static bashu_status rank_of(double *out, double *own, const bashu_economy *e, arena *scratch, const claim_reading *r)
{
    const region_set *set = &e->about.sets[find_set(&e->about, r->rank_set)];
    size_t N = e->about.N;
    double *inside = arena_alloc(scratch, 2 * N, sizeof *inside);
    if (!inside) return fail_memory(e->context);
    for (size_t n = 0; n < N; n++) inside[n] = 1;
    if (r->within.words) TRY(parts_of(inside, inside + N, e, &r->within));
    TRY(amount(own, e, scratch, r, &r->of));
    *out = 1;
    for (size_t m = 0; m < set->member_count; m++) {
        claim_place other = {.set = set->name, .member = set->members[m].id};
        bool counts = false;
        double value;
        for (size_t n = 0; n < N; n++) counts = counts || (set->member_of[n] == (long)m && inside[n] > 0);
        if (!counts) continue;
        TRY(amount(&value, e, scratch, r, &other));
        if (isnan(value)) *out = (double)NAN;
        *out += value > *own * (1 + 1e-12);
    }
    return BASHU_OK;
}

bashu_status audit_reading(double *found, double *numerator, double *denominator, const bashu_economy *economy, arena *scratch, const claim_reading *reading)
{
    *denominator = (double)NAN;
    if (reading->rank_set) return rank_of(found, numerator, economy, scratch, reading);
    TRY(amount(numerator, economy, scratch, reading, &reading->of));
    *found = *numerator;
    if (!reading->share_of.words) return BASHU_OK;
    TRY(amount(denominator, economy, scratch, reading, &reading->share_of));
    *found = *numerator / *denominator;
    return BASHU_OK;
}

/* ---- verdicts --------------------------------------------------------------------------------------- */

int audit_agrees(const claim *c, double found)
{
    double slip = 1e-9 * fabs(c->says), gap = fabs(found - c->says);
    if (isnan(found)) return 0;
    switch (c->relation) {
    case CLAIM_EQUALS: return fabs(round(found / c->printed) * c->printed - c->says) <= slip + 1e-9 * c->printed ? 2 : gap < c->printed ? 1 : 0;
    case CLAIM_APPROACHED: return found >= 0.95 * c->says - slip && found <= c->says + c->printed / 2 + slip ? 2 : 0;
    case CLAIM_ABOUT: return gap <= 0.05 * fabs(c->says) + slip ? 2 : 0;
    case CLAIM_AT_LEAST: return found >= c->says - c->printed / 2 - slip ? 2 : 0;
    case CLAIM_RANK: return gap < 0.5 ? 2 : 0;
    case CLAIM_RELATIONS: break;
    }
    return 0;
}

static void take_reading(audited *row, size_t k, const double *found, const double *numerator, const double *denominator)
{
    row->reading = k;
    row->found = found[k];
    row->numerator = numerator[k];
    row->denominator = denominator[k];
}

static void judge(audited *row, const double *found, const double *numerator, const double *denominator)
{
    const claim *c = row->claim;
    bool known = false;
    row->found = row->numerator = row->denominator = (double)NAN;
    for (size_t k = 0; k < c->reading_count; k++) known = known || !isnan(found[k]);
    row->verdict = BASHU_NOT_TESTABLE;
    if (!known) return;
    for (int as_printed = 2; as_printed >= 1; as_printed--)
        if (audit_agrees(c, found[0]) == as_printed) {
            row->verdict = as_printed == 2 ? BASHU_CONFIRMED : BASHU_WITHIN_ROUNDING;
            take_reading(row, 0, found, numerator, denominator);
            return;
        }
    for (int as_printed = 2; as_printed >= 1; as_printed--)
        for (size_t k = 1; k < c->reading_count; k++) {
            if (audit_agrees(c, found[k]) != as_printed) continue;
            row->verdict = c->readings[k].year != c->readings[0].year ? BASHU_ANOTHER_YEAR : BASHU_ANOTHER_BASIS;
            take_reading(row, k, found, numerator, denominator);
            return;
        }
    row->verdict = BASHU_INCONSISTENT;
    for (size_t k = 0; k < c->reading_count && c->relation != CLAIM_RANK; k++)
        for (int power = 1; power <= 8; power++)
            for (int sign = -1; sign <= 1; sign += 2) {
                if (!audit_agrees(c, found[k] / pow(10, sign * power))) continue;
                row->power = sign * power;
                take_reading(row, k, found, numerator, denominator);
                return;
            }
    size_t first = 0;
    while (isnan(found[first])) first++;
    take_reading(row, first, found, numerator, denominator);
}

static bashu_status audit_claim(audited *row, const bashu_economy *economy, arena *scratch)
{
    const claim *c = row->claim;
    size_t count = c->reading_count + 1;
    double *found = arena_alloc(scratch, 3 * count, sizeof *found);
    if (!found) return fail_memory(economy->context);
    double *numerator = found + count, *denominator = numerator + count;
    for (size_t k = 0; k < c->reading_count; k++) {
        TRY(audit_reading(&found[k], &numerator[k], &denominator[k], economy, scratch, &c->readings[k]));
        found[k] /= c->unit;
    }
    judge(row, found, numerator, denominator);
    return BASHU_OK;
}

bashu_status audit_new(bashu_audit **out, const bashu_economy *economy, const char *path)
{
    arena *memory = arena_new(economy->context), *scratch = arena_new(economy->context);
    bashu_audit *a = memory && scratch ? arena_alloc(memory, 1, sizeof *a) : NULL;
    bashu_status status = a ? BASHU_OK : fail_memory(economy->context);
    if (a) {
        *a = (bashu_audit){.context = economy->context, .memory = memory, .economy = economy};
        status = claims_read(&a->claims, memory, scratch, economy, path);
        if (status == BASHU_OK && !(a->row = arena_alloc(memory, a->claims.count, sizeof *a->row))) status = fail_memory(economy->context);
        for (size_t k = 0; status == BASHU_OK && k < a->claims.count; k++) {
            a->row[k].claim = &a->claims.list[k];
            status = audit_claim(&a->row[k], economy, scratch);
        }
    }
    arena_free(scratch);
    if (status == BASHU_OK) *out = a;
    else arena_free(memory);
    return status;
}

void audit_free(bashu_audit *audit)
{
    if (audit) arena_free(audit->memory);
}
