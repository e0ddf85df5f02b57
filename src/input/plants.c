/* plants.c - the table of plant sizes: sector, herfindahl. Format: docs/clusters.md. */
#include "input/plants.h"
#include "input/long_table.h"

#include <math.h>

enum { PLANT_SECTOR, PLANT_HERFINDAHL, PLANT_COLUMNS };

static bashu_status sector_names(name_list *l, arena *memory, const description *about)
{
    TRY(name_list_new(l, memory, "sector", "the economy", about->J));
    for (size_t j = 0; j < about->J; j++) {
        l->names[l->count++] = about->sectors[j].label.id;
        if (!name_index_add(l->index, about->sectors[j].label.id, j)) return fail_memory(arena_context(memory));
    }
    return BASHU_OK;
}

bashu_status plants_read(double *herfindahl, arena *memory, const description *about, const char *path)
{
    static const char *const columns[] = {"sector", "herfindahl", NULL};
    static const number_range range = {1e-12, 1 - 1e-12, false, ""}; /* of one plant alone nothing can be said */
    size_t at[PLANT_COLUMNS], j;
    name_list sectors;
    table *t;
    TRY(long_table_read(&t, at, memory, path, columns, NULL));
    TRY(sector_names(&sectors, memory, about));
    for (j = 0; j < about->J; j++) herfindahl[j] = (double)NAN;
    for (size_t row = 0; row < table_rows(t); row++) {
        TRY(name_list_find(&j, &sectors, t, row, at[PLANT_SECTOR]));
        if (!isnan(herfindahl[j]))
            return table_fail(t, row, at[PLANT_SECTOR], "sector '%s' has a row already; delete one", sectors.names[j]);
        TRY(table_number(&herfindahl[j], t, row, at[PLANT_HERFINDAHL], range));
    }
    return BASHU_OK;
}
