/* years.c - which part of a change is in force in which year.
 *
 *   begins = from_year, or the year after the baseline
 *   part   = min(1, (year - begins + 1) / phase_in_years)     begins <= year <= until_year
 *            0                                                otherwise */
#include "accounts/accounts.h"

double change_in_force(const change *c, int base_year, int year)
{
    int begins = c->from_year > base_year ? c->from_year : base_year + 1;
    if (year < begins || (c->until_year && year > c->until_year)) return 0;
    int steps = year - begins + 1;
    return c->phase_in_years > steps ? (double)steps / c->phase_in_years : 1;
}

bool changes_in_year(change *changes, unsigned char *mask, const bashu_scenario *scenario, int year)
{
    bool any = false;
    for (size_t c = 0; c < scenario->change_count; c++) {
        double part = change_in_force(&scenario->changes[c], scenario->economy->about.year, year);
        changes[c] = scenario->changes[c];
        changes[c].pending = part == 1 ? 0 : 1 - part;
        mask[c] = part > 0;
        any = any || part > 0;
    }
    return any;
}
