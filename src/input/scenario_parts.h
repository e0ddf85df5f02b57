/* scenario_parts.h - the inside of reading a scenario; only scenario*.c may look. */
#ifndef BASHU_INPUT_SCENARIO_PARTS_H
#define BASHU_INPUT_SCENARIO_PARTS_H

#include "input/economy_parts.h"

typedef enum selector_id {
    LINKS,
    BETWEEN,
    WITHIN,
    ACROSS,
    BUYERS,
    SELLERS,
    SECTORS,
    GROUPS,
    REGIONS,
    ZONES,
    FUNDERS,
    SELECTOR_COUNT
} selector_id;

enum { PAIRS = 1 << BETWEEN | 1 << WITHIN | 1 << ACROSS, ONE_WAY = 1 << BUYERS | 1 << SELLERS };

/* How a value is written: a new level, a percent change, a factor. */
typedef enum value_kind { VALUE_TO, VALUE_PERCENT, VALUE_HAT, VALUE_KIND_COUNT } value_kind;
extern const char *const value_keys[VALUE_KIND_COUNT];

typedef struct lever_form {
    int selectors;          /* allowed; all are needed, but of pairs one kind, and sectors and groups may be left out */
    int kinds;              /* bits of value_kind */
    double low, high;       /* of `to`; NaN: takes none */
    bool low_open;          /* low itself is not allowed */
    const char *level_unit; /* NULL: the economy's currency unit */
    bool has_baseline;      /* `from` can be checked */
    bool in_tables;         /* values may come from a table */
} lever_form;
extern const lever_form forms[LEVER_COUNT];

typedef struct scenario_reader {
    bashu_context *context;
    arena *memory, *scratch;
    const bashu_economy *economy;
    const description *about;
    const document *document;
    bashu_scenario *scenario;
    axis regions, sectors, groups, links, zones;
} scenario_reader;

/* What a number of this kind may be. */
typedef struct value_limits {
    double low, high;
    bool low_open;
    const char *unit;
} value_limits;
value_limits limits_of(const scenario_reader *r, lever_id lever, value_kind kind);
/* NULL when the lever takes the kind; else what is wrong and the mend, after "to: " and the like. */
const char *kind_refused(scenario_reader *r, lever_id lever, value_kind kind);
/* Whether two numbers say the same. */
bool agrees(double stated, double found);

/* scenario_circles.c: begins with a file about places of an economy, which has this format. */
bashu_status scenario_open_file(scenario_reader *r, arena *memory, arena *scratch, const bashu_economy *economy, const char *path, const char *format);

/* scenario.c: what other files about places share. Ids of the economy for "did you mean". */
bashu_status scenario_names(scenario_reader *r);
bashu_status unknown_name(scenario_reader *r, const yaml_node *n, const char *key, const char *what, const char *id, const char *near);
/* A selection of places, [N]: `all`, ids, {SET: MEMBER} or {SET: [MEMBER, ...]}. */
bashu_status scenario_places(const unsigned char **out, scenario_reader *r, const yaml_node *n, const char *key);
/* `all`, one id or a list of ids of the axis. */
bashu_status scenario_ids(const unsigned char **out, scenario_reader *r, const yaml_node *n, const char *key, const axis *from);
/* The text of a key that must be there. */
bashu_status scenario_text(const char **out, scenario_reader *r, const yaml_node *map, const char *key);

/* scenario_table.c: the values of a change from the file that `table` names. */
bashu_status scenario_table_read(change *c, scenario_reader *r, const yaml_node *map);
/* scenario_research.c: use and from_use of a change of research staff, and whether there are so many. */
bashu_status scenario_research_read(change *c, scenario_reader *r, const yaml_node *map);
/* scenario_links.c: from_node, to_node and mode of a change, which must be there for a new link and for nothing else. */
bashu_status scenario_new_link_read(change *c, scenario_reader *r, const yaml_node *map);
/* scenario_years.c: from_year, phase_in_years and until_year of a change. */
bashu_status scenario_years_read(change *c, scenario_reader *r, const yaml_node *map);

#endif
