/* earth.c - 200 periods of Desmet, Nagy & Rossi-Hansberg (2018) on the land of the Earth in cells of some degrees. */
#include "parts.h"

#include "input/input.h"

#include <math.h>

/* Land by cell of so many degrees, from runs of cells of one degree; km2, and how many of one degree. */
static bashu_status add_land(double *land, double *parts, const bench *b, arena *scratch, int degrees)
{
    static const double radius = 6371, degree = 3.14159265358979323846 / 180;
    table *t;
    size_t column[3], across = (size_t)(360 / degrees);
    const char *path = arena_format(scratch, "%s/validation/shared/sphere/land.csv", b->folder);
    if (!path) return fail_memory(b->context);
    TRY(table_read_foreign(&t, scratch, path));
    static const char *const names[3] = {"lat", "lon_from", "lon_to"};
    for (size_t k = 0; k < 3; k++) TRY(table_require(&column[k], t, names[k]));
    for (size_t row = 0; row < table_rows(t); row++) {
        double at[3];
        for (size_t k = 0; k < 3; k++)
            if (!table_plain_number(&at[k], t, row, column[k])) return table_fail(t, row, column[k], "is no number");
        for (double lon = at[1]; lon <= at[2]; lon++) {
            size_t cell = (size_t)floor((at[0] + 90) / degrees) * across + (size_t)floor((lon + 180) / degrees);
            land[cell] += degree * radius * radius * (sin((at[0] + 0.5) * degree) - sin((at[0] - 0.5) * degree));
            parts[cell]++;
        }
    }
    return BASHU_OK;
}

/* As in validation/desmet_nagy_rossi_hansberg_earth: cells of which half is land; what they are like is invented. */
static bashu_status earth_cells(synthetic_place **out, size_t *count, const bench *b, arena *scratch, int degrees)
{
    static const double degree = 3.14159265358979323846 / 180;
    size_t across = (size_t)(360 / degrees), cells = across * (size_t)(180 / degrees + 1);
    double *land = arena_alloc(scratch, cells, sizeof *land), *parts = arena_alloc(scratch, cells, sizeof *parts);
    synthetic_place *places = arena_alloc(scratch, cells, sizeof *places);
    if (!land || !parts || !places) return fail_memory(b->context);
    TRY(add_land(land, parts, b, scratch, degrees));
    *out = places;
    *count = 0;
    for (size_t c = 0; c < cells; c++) {
        if (2 * parts[c] < degrees * degrees) continue;
        double lon = degrees * ((double)(c % across) + 0.5) - 180, lat = degrees * ((double)(c / across) + 0.5) - 90;
        double people = land[c] * 54 * exp(1.2 * sin((2 * lon + 3 * lat) * degree) + 0.8 * cos(5 * lon * degree) - 0.0004 * lat * lat);
        places[(*count)++] = (synthetic_place){lon, lat, land[c], people, people * exp(0.02 * fabs(lat) + 0.3 * cos((lon + 4 * lat) * degree))};
    }
    return BASHU_OK;
}

void bench_earth(bench *b, size_t degrees, size_t J, bench_value *values)
{
    arena *scratch = arena_new(b->context);
    synthetic_place *places = NULL;
    synthetic from = {.name = "the Earth", .J = J, .theta = 6.5, .shock_sigma = 0.2, .seed = 1, .time = TIME_GROWTH};
    bashu_status status = scratch ? earth_cells(&places, &from.N, b, scratch, (int)degrees) : BASHU_ERROR_MEMORY;
    from.places = places;
    if (status == BASHU_OK) measure_periods(b, &from, values, true);
    else if (status == BASHU_ERROR_IO) not_measured(values, "%.200s", bashu_message(b->context));
    else failed(values, "%.200s", bashu_message(b->context));
    arena_free(scratch);
}
