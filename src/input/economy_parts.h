/* economy_parts.h - the inside of reading an economy; only economy*.c and scenario.c may look.
 *
 * Two arenas: files as read live in `scratch`, what the data keeps in `memory`. */
#ifndef BASHU_INPUT_ECONOMY_PARTS_H
#define BASHU_INPUT_ECONOMY_PARTS_H

#include "input/economy.h"
#include "input/input.h"

#include <math.h>

static const double unknown = (double)NAN;
static const double unbounded = (double)INFINITY;
/* Relative disagreement allowed between numbers that say the same, e.g. gdp and the sum of its sectors. */
static const double agreement = 1e-6;

/* ---- names that keys of tables may take ---------------------------------------------------------- */

typedef struct axis {
    const char *what; /* "region", for messages */
    const char *home; /* the file that declares them, for messages */
    name_index *index;
    const char **ids; /* [count] */
    size_t count, room;
} axis;

typedef enum table_id {
    TABLE_REGIONS, /* the first three are needed */
    TABLE_SECTORS,
    TABLE_PRODUCTION,
    TABLE_GROUPS,
    TABLE_PEOPLE,
    TABLE_INPUT_OUTPUT,
    TABLE_FINAL_DEMAND,
    TABLE_WAGE_BILL,
    TABLE_TRADE_MARGINS,
    TABLE_TRADE,
    TABLE_TRADE_COST,
    TABLE_COMMUTING,
    TABLE_WORKERS,
    TABLE_NODES,
    TABLE_LINKS,
    TABLE_MIGRATION,
    TABLE_MIGRATION_ORIGINS,
    TABLE_ZONES,
    TABLE_RESEARCH,
    TABLE_GROSS_FLOWS,
    TABLE_TOTALS,
    TABLE_INDICATORS,
    TABLE_TRAVEL_TIMES,
    TABLE_COUNT
} table_id;

typedef struct economy_reader {
    bashu_context *context;
    arena *memory, *scratch;
    bashu_data *data;
    description *about;       /* of data */
    const document *document; /* economy.yaml */
    const yaml_node *root;
    const table *items[4]; /* by elasticity_scope: the table whose columns may state elasticities */
    axis regions, sectors, groups, areas, classes, flags;
    region_row *region_rows; /* about->regions, while they are written */
    input_file *files;
    size_t file_room;
} economy_reader;

/* ---- economy.c ----------------------------------------------------------------------------------- */
bashu_status remember_file(economy_reader *r, const char *path, const char *sha256);
bashu_status document_format(const document *d, const char *format);
/* A text or {en, zh}; a language that is not there is the other. */
bashu_status bilingual_read(const char **en, const char **zh, arena *memory, const document *d, const yaml_node *n,
                            const char *what);

/* ---- economy_table.c ----------------------------------------------------------------------------- */
/* Zeroed memory of the data, or of the files. */
bashu_status keep(void *out_pointer, economy_reader *r, size_t count, size_t size);
bashu_status borrow(void *out_pointer, economy_reader *r, size_t count, size_t size);
bashu_status keep_text(const char **out, economy_reader *r, const char *text);
bashu_status keep_numbers(double **out, economy_reader *r, size_t count, double value);

/* *out is NULL when economy.yaml does not list the table and it is optional. `known` and `more` (may be NULL) are
 * NULL-terminated; each column may have X_flag, whose words are checked. */
bashu_status open_table(const table **out, economy_reader *r, table_id id, const char *const *known,
                        const char *const *more);
bashu_status open_file(const table **out, economy_reader *r, const char *name, const char *const *known,
                       const char *const *more);
const yaml_node *table_entry(const economy_reader *r, table_id id);
extern const char *const table_names[TABLE_COUNT + 1];

bashu_status axis_new(axis *out, economy_reader *r, const char *what, const char *home, size_t room);
bashu_status axis_add(axis *a, economy_reader *r, const char *id);
bashu_status axis_find(size_t *out, const axis *a, const table *t, size_t row, size_t column);

/* Column X_flag of column X, -1 none. The word of a row; NULL when the number is observed. */
long flag_column(const table *t, const char *column);
const char *flag_word_at(const table *t, size_t row, long column);
/* Columns id, name_en, name_zh of every row; ids are added to the axis and may not repeat. */
bashu_status labels_read(label *labels, axis *ids, economy_reader *r, const table *t);
bashu_status label_read(label *out, economy_reader *r, const table *t, size_t row);
bashu_status text_read(const char **out, economy_reader *r, const table *t, size_t row, const char *column);
/* NaN where the column is absent or the cell empty. */
bashu_status optional_number(double *out, const table *t, size_t row, const char *column, double low, double high,
                             const char *unit);

/* A table with one number for each combination of keys. */
typedef struct cells {
    const table *table;
    size_t key_count;
    struct {
        const char *column;
        const axis *axis;
    } keys[3]; /* in the order of the array, last runs fastest */
    const char *column;
    number_range range;
    size_t *row_of; /* 1 + row of each combination, 0: none; made by cells_read */
} cells;
size_t cells_count(const cells *c);
/* values: [product of the axes], `blank` where there is no row; imputed (may be NULL) as the flag column says. */
bashu_status cells_read(double *values, unsigned char *imputed, economy_reader *r, cells *c, double blank);
/* INPUT error naming the keys of a combination. */
bashu_status cells_missing(economy_reader *r, const cells *c, size_t index);
/* INPUT error at the row of a combination. */
bashu_status cells_fail(const cells *c, size_t index, const char *format, ...) BASHU_PRINTF(3, 4);
/* Where values [A + 1][width] hold number k of area a: its own slab, else that of '*'. */
size_t cells_of_area(const cells *c, size_t a, size_t k);
/* INPUT error for the first NaN. */
bashu_status cells_complete(economy_reader *r, const cells *c, const double *values);
/* out [A][width] from values [A + 1][width] whose last slab is '*': an area's own rows, else those of '*'. */
bashu_status cells_by_area(double *out, economy_reader *r, const cells *c, const double *values);

/* ---- economy_places.c ---------------------------------------------------------------------------- */
bashu_status regions_read(economy_reader *r);
bashu_status sets_read(economy_reader *r);
bashu_status zones_read(economy_reader *r);
bashu_status totals_read(economy_reader *r);
/* The word of column X_flag; NULL: observed, or no such column. */
bashu_status flag_read(const char **out, economy_reader *r, const table *t, size_t row, const char *column);
/* Whether the set has the member; 'did you mean' otherwise. */
bashu_status set_member_check(const region_set *set, const char *member, economy_reader *r, const table *t, size_t row, size_t column);
/* ---- economy_indicators.c -------------------------------------------------------------------------- */
bashu_status indicators_read(economy_reader *r);

/* ---- economy_research.c ---------------------------------------------------------------------------- */
bashu_status research_read(economy_reader *r);
/* ---- economy_moves.c ------------------------------------------------------------------------------- */
bashu_status gross_flows_read(economy_reader *r);

/* ---- economy_accounts.c -------------------------------------------------------------------------- */
bashu_status sectors_read(economy_reader *r);
bashu_status groups_read(economy_reader *r);
bashu_status people_read(economy_reader *r);
bashu_status production_read(economy_reader *r);
bashu_status input_output_read(economy_reader *r);
bashu_status final_demand_read(economy_reader *r);
bashu_status wage_bill_read(economy_reader *r);

/* ---- economy_network.c --------------------------------------------------------------------------- */
bashu_status travel_read(economy_reader *r);
bashu_status network_read(economy_reader *r);
/* Columns from_node and to_node of a row about a `what`, which leads from one node to another. */
bashu_status two_ends_read(size_t *from, size_t *to, const axis *nodes, const table *t, size_t row, const char *what);

/* ---- economy_times.c ------------------------------------------------------------------------------ */
/* After the network, whose nodes and links its rows name. */
bashu_status travel_times_read(economy_reader *r, const graph *network, const axis *nodes);
/* Travel's speed limits, by mode. */
bashu_status speed_limits_read(economy_reader *r, const graph *network, const yaml_node *map);
/* stop_minutes and transfer_minutes of `travel`, and --set travel.KEY.MODE; key: of `length`, or all of the path from there on. Every mode of the links
 * has a row, of zeros unless stated. */
bool delay_is_key(const char *key, size_t length);
bashu_status delays_read(economy_reader *r, graph *network, const yaml_node *travel);
bashu_status delay_set(bashu_data *data, const char *path, const char *key, const char *value);

/* ---- economy_travel.c ----------------------------------------------------------------------------- */
/* Keys and modes of a class of travel; what it says of routes and modes. */
bashu_status class_check(economy_reader *r, const yaml_node *class);
bashu_status class_read(travel_class *class, economy_reader *r, const yaml_node *map);
/* --set travel.* */
bool travel_is_setting(const char *path);
bashu_status travel_set(bashu_data *data, const char *path, const char *value);

/* ---- economy_exchange.c -------------------------------------------------------------------------- */
bashu_status trade_margins_read(economy_reader *r);
bashu_status trade_read(economy_reader *r);
bashu_status trade_cost_read(economy_reader *r);
bashu_status commuting_read(economy_reader *r);
bashu_status migration_read(economy_reader *r);

/* ---- economy_model.c ----------------------------------------------------------------------------- */
/* {value, low, high, source}; `inf` is a value only where high is infinite. */
bashu_status statement_read(elasticity *out, arena *memory, const document *d, const yaml_node *n, const char *name,
                            double low, double high);
/* Names of the elasticities that may be columns of the table of this scope, NULL-terminated. */
bashu_status elasticity_columns(const char ***out, economy_reader *r, elasticity_scope scope, size_t spare);
bashu_status model_read(economy_reader *r, const char *model_file);

#endif
