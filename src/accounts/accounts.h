/* accounts.h - the economy as data: what was observed, what was balanced, what a scenario may change.
 *
 * Shapes are row-major and named by their letters: N regions, J sectors, S groups, A areas, C classes of travel;
 * n buys, i sells, o is where people come from, j the using sector, k the input, s the group.
 * Everything belongs to the arena of its struct. */
#ifndef BASHU_ACCOUNTS_ACCOUNTS_H
#define BASHU_ACCOUNTS_ACCOUNTS_H

#include "core/core.h"
#include "graph/graph.h"

/* ---- labels shared by data and economy ----------------------------------------------------------- */

typedef struct label {
    const char *id, *name_en, *name_zh;
} label;

typedef struct region_row {
    label label;
    const char *area;              /* key of its area */
    double lon, lat;               /* degrees, NaN unknown */
    double land_km2, people, gdp;  /* gdp in the currency unit */
    double developed_land_km2, housing_m2_per_person, college_share, urban_share; /* NaN unknown */
    double trade_balance;          /* exports less imports to everywhere, currency; NaN unknown */
    double portfolio_share;        /* of the national portfolio that the region owns; NaN: by people */
    double rent;                   /* observed price of a unit of land or floor space, any unit; NaN: land income per km2 */
    bool specific_structures;      /* each sector has its own structures; else one market of land and structures */
    const char *people_flag, *gdp_flag, *land_flag; /* NULL or "observed": observed; else a word of economy.yaml */
    size_t area_index;
} region_row;

typedef struct region_set { /* e.g. circle: a column of regions.csv */
    const char *name;
    size_t member_count;
    const label *members;
    const double *published_people, *published_gdp, *published_land_km2; /* [member_count], NaN unknown */
    const long *member_of;         /* [N] index of the member a region belongs to, -1 none */
    const double *land_km2, *people; /* [N] the part of the region inside the member (= whole unless stated) */
} region_set;

typedef struct sector_row {
    label label;
    int industry;                  /* 1 primary, 2 secondary, 3 tertiary */
    size_t travel;                 /* class of travel */
    bool research, digital;
} sector_row;

typedef struct zone_part {
    label label;                   /* of the zone; one row for each host region */
    size_t region;
    double land_km2;
    const char *approved, *land_flag;
} zone_part;

typedef struct published_total {
    const char *variable, *set, *member, *source;
    double value;
} published_total;

/* A fact that no equation uses. */
typedef struct indicator {
    const char *variable, *set, *member; /* set "all" (member ""), "region" or a region set */
    int year;
    double value;
    const char *unit;              /* "currency_unit", "persons", "km2", "share" (a mean over people), or what is counted */
    const char *source, *flag;     /* flag NULL: observed */
} indicator;

typedef struct speed_limit {       /* of a mode: what no vehicle of it does */
    const char *mode;
    double km_per_h;
} speed_limit;

typedef struct printed_time {      /* of a timetable: the network is held against it; no equation uses it */
    size_t from, to;               /* nodes */
    const char *mode;              /* "": the quickest of all modes that have printed times */
    int year;
    double time_h, trains;         /* trains a day; one of the two may be NaN, unknown */
} printed_time;

typedef struct input_file {
    const char *path, *sha256;
} input_file;

typedef struct flag_word {
    label label;
} flag_word;

/* One row of the table of elasticities (accounts/tables.c): keys of economy.yaml, columns of tables, limits. */
typedef enum elasticity_id {
    TRADE_ELASTICITY, TRADE_TIME_ELASTICITY, TRADE_BORDER_EFFECT, TRADE_REGION_EFFECT, LAND_SHARE, HOUSING_SHARE, HOUSING_SUPPLY_ELASTICITY,
    AMENITY_CONGESTION, AMENITY_DECAY, AGGLOMERATION_ELASTICITY, AGGLOMERATION_DECAY, MIGRATION_ELASTICITY, MIGRATION_TIME_ELASTICITY,
    COMMUTING_ELASTICITY, COMMUTING_TIME_ELASTICITY, COMMUTING_DECAY, NATIONAL_RENT_SHARE, TECHNIQUE_PERSISTENCE, INNOVATION_ELASTICITY,
    INNOVATION_DENSITY, SCIENCE_DEPRECIATION, SCIENCE_ELASTICITY, SCIENCE_SPILLOVER, RESEARCH_GROWTH, INDUSTRY_RESEARCH_ELASTICITY,
    INDUSTRY_SCIENCE_ELASTICITY, RESEARCH_DECAY, RESEARCH_BORDER_EFFECT, DISCOUNT_FACTOR, MIGRATION_NOISE,
    GROSS_MIGRATION, PERIODS_PER_YEAR, TRADE_DECAY, ELASTICITY_COUNT
} elasticity_id;
typedef enum elasticity_scope { SCOPE_ECONOMY, SCOPE_REGION, SCOPE_SECTOR, SCOPE_GROUP } elasticity_scope;
typedef struct elasticity_row {
    const char *name, *symbol;
    elasticity_scope scope;
    double low, high, fallback;    /* admissible range; value when not stated (NaN: must be stated) */
    const char *help_en, *help_zh;
} elasticity_row;
extern const elasticity_row elasticity_rows[ELASTICITY_COUNT];

typedef struct elasticity { /* as stated in economy.yaml or the model file */
    double value, low, high;       /* NaN: not stated */
    const char *source;
    const double *by_item;         /* [N], [J] or [S] by scope; never NULL after reading */
} elasticity;

/* Mode of a class of travel, as an alternative where travellers choose among modes (travel.c). */
typedef struct travel_mode {
    const char *mode;
    elasticity penalty_min;        /* minutes that a trip by it takes beside its time; 0 unless stated */
} travel_mode;

typedef struct travel_class {
    const char *name;
    const unsigned char *allowed;  /* [link_count] */
    elasticity route_dispersion;   /* theta of all routes, 1/hour; value NaN: not stated; read with routing: stochastic */
    elasticity mode_dispersion;    /* lambda of the choice among modes, 1/hour, INFINITY: the quickest; value NaN: not stated, a trip mixes modes freely */
    size_t mode_count;
    const travel_mode *modes;      /* [mode_count] in the order of economy.yaml: a way's main mode is the last of those it uses */
} travel_class;

typedef enum mobility { MOBILITY_NONE, MOBILITY_FRECHET, MOBILITY_COSTLESS, MOBILITY_FREE } mobility;
typedef enum commuting { COMMUTING_NONE, COMMUTING_FRECHET } commuting;
typedef enum rents { RENTS_RESIDENTS, RENTS_NATIONAL, RENTS_LANDLORDS } rents;
typedef enum deficits { DEFICITS_FIXED, DEFICITS_ZERO, DEFICITS_MULTIPLICATIVE } deficits;
typedef enum baseline { BASELINE_OBSERVED, BASELINE_SETTLED } baseline;
typedef enum numeraire { NUMERAIRE_VALUE_ADDED, NUMERAIRE_WAGE } numeraire;
typedef enum spillover { SPILLOVER_MASS, SPILLOVER_DENSITY } spillover;
typedef enum innovation { INNOVATION_NONE, INNOVATION_MARKET, INNOVATION_RESEARCH } innovation;
typedef enum route_choice { ROUTING_LEAST_TIME, ROUTING_STOCHASTIC } route_choice;
typedef enum time_switch { TIME_STATIC, TIME_GROWTH, TIME_FORESIGHT } time_switch;
typedef struct model_switches {
    mobility mobility;
    commuting commuting;
    rents rents;
    deficits deficits;
    baseline baseline;
    spillover spillover;
    numeraire numeraire;
    time_switch time;
    innovation innovation;
    route_choice routing;
} model_switches;
/* One row a switch: name and its words, in the order of the enum. */
typedef struct switch_row {
    const char *name;
    const char *const *words; /* NULL-terminated */
    const char *help_en, *help_zh;
} switch_row;
enum { SWITCH_COUNT = 10 };
extern const switch_row switch_rows[SWITCH_COUNT];
int *switch_value(model_switches *switches, size_t row);

/* What data and economy have in common. */
typedef struct description {
    const char *boundaries;        /* GeoJSON for maps, which need not be there; NULL: none is named */
    const char *folder, *name, *title_en, *title_zh, *currency_code, *currency_en, *currency_zh;
    double currency_unit;
    int year;
    size_t N, J, S, A, C, set_count, zone_count, total_count, indicator_count, file_count, flag_count, source_count;
    const region_row *regions;     /* [N] */
    const sector_row *sectors;     /* [J] */
    const label *groups;           /* [S] */
    const char *const *areas;      /* [A] */
    const region_set *sets;        /* [set_count] */
    const zone_part *zones;        /* [zone_count] */
    const published_total *totals; /* [total_count] */
    const indicator *indicators;   /* [indicator_count] */
    const input_file *files;       /* [file_count] read, with hashes */
    const flag_word *flags;        /* [flag_count] */
    const label *sources;          /* [source_count] where the data come from, in words; ids empty */
    long foreign;                  /* region that is the rest of the world, -1 none */
    size_t people_travel;          /* class of travel of people, for spillovers and migration */
    const graph *network;          /* NULL: none */
    const travel_class *travel;    /* [C] */
    size_t speed_limit_count, printed_time_count;
    const speed_limit *speed_limits; /* [speed_limit_count] */
    const printed_time *printed_times; /* [printed_time_count] */
    const double *internal_time_h; /* [N] */
    double terminal_time_h;        /* setting out and arriving, once a trip between different regions */
    elasticity elasticities[ELASTICITY_COUNT];
    model_switches switches;
    double read_s, calibrate_s;    /* how long it took; 0: not done */
} description;

/* Who does research where, and what is known; [N] each, 0 where none. */
typedef enum research_use { RESEARCH_SCIENCE, RESEARCH_INDUSTRY, RESEARCH_USE_COUNT } research_use;
extern const char *const research_use_words[RESEARCH_USE_COUNT + 1]; /* "science", "industry" */
typedef struct research {
    const double *people[RESEARCH_USE_COUNT]; /* researchers in science, and in industrial development; persons */
    const double *science;                    /* stock of science S, any unit */
} research;

/* ---- as observed --------------------------------------------------------------------------------- */

/* People who move from one market (n * S + s) to another in a period, one row of the table gross_flows. */
typedef struct moved_row {
    size_t from, to;
    double people;
} moved_row;

struct bashu_data {
    bashu_context *context;
    arena *memory;
    description about;
    const double *people;            /* [N][S] persons */
    const unsigned char *people_imputed; /* [N][S] */
    const double *value_added;       /* [N][J] currency */
    const unsigned char *value_added_imputed; /* [N][J] */
    const double *input_share;       /* [A][J using][J input] per unit of gross output */
    const double *final_share;       /* [A][J] prior shares of final demand; NULL: only what observed flows leave */
    const double *wage_share;        /* [N][J][S] of the wage bill */
    const double *land_share;        /* [N][J] of value added; NULL: the elasticity's, by sector */
    const double *exports, *imports, *outflow, *inflow; /* [A][J] currency; NaN where not observed; NULL: none */
    const double *trade_value;       /* [N buys][J][N sells] observed flows at buyers' prices; NULL: kernel */
    const double *tariff;            /* [N][J][N] ad valorem; NULL: none */
    const double *trade_cost;        /* d [N buys][J][N sells] of the kernel; NULL: from travel time alone */
    const double *commuters;         /* [S][N lives][N works] persons; NULL: not observed */
    const double *workers;           /* [N][S] who work there, where commuters are not observed; NULL: not observed either */
    const double *registered_same_area, *registered_other_areas; /* [N] persons, NaN: does not exchange; NULL: none */
    const double *migration_origin_weight; /* [A] NaN none; NULL: none */
    research research;               /* pointers NULL: not observed */
    const moved_row *moved;          /* [moved_count] observed gross flows; NULL: none */
    size_t moved_count;
    bool moves_change_group;         /* people may come to belong to another group */
};

/* ---- balanced ------------------------------------------------------------------------------------ */

typedef struct adjustment { /* something balancing changed; one line of `bashu check` */
    const char *what_en, *what_zh;
    double before, after;            /* in the currency unit */
} adjustment;

typedef struct fundamentals { /* section 3(c): what reproduces the baseline in levels, up to a scale */
    const double *productivity;      /* Tbar [N][J]; 0 where the sector is absent */
    const double *amenity;           /* bbar [N][S]; 0 where not identified */
    const double *unit_cost;         /* c [N][J], units in which P is measured */
    const double *price;             /* P [N][J] */
    const double *upsilon;           /* Upsilon [N][J] workers within reach; 0 where mu is */
    const double *crowding;          /* Omega [N] persons per km2 within reach */
    const double *workplace_wage;    /* [N][S] wages that fitted commuting implies, geometric mean 1; NULL: not fitted */
    const double *access;            /* [N][S] of residents to them; NULL: not fitted */
} fundamentals;

/* Who moves between markets from one period to the next: what people who look ahead were seen to do. A market is a group of people in a
 * region; people move within a pool of markets (a group's regions; or all markets, where they change groups too). */
typedef struct gross_flows {
    size_t pools, markets;           /* Q; M of each pool */
    const size_t *market;            /* [Q][M] n * S + s; SIZE_MAX: none */
    const double *share;             /* [M from][Q][M to] of people in the market of departure; rows of markets that are there sum to 1 */
} gross_flows;

struct bashu_economy {
    bashu_context *context;
    arena *memory;
    description about;               /* copied: the data may be freed */
    /* shares and parameters */
    const double *trade_share;       /* pi [N buys][J][N sells]; rows over sellers sum to 1 */
    const double *tariff;            /* tau [N][J][N]; NULL: none */
    const double *input_share;       /* gamma^{kj} [A][J using][J input] */
    const double *value_added_share; /* gamma [N][J] */
    const double *land_share;        /* eta [N][J] */
    const double *wage_share;        /* beta [N][J][S] */
    const double *final_share;       /* alpha_n^j [N][J] of expenditure on goods */
    const double *goods_share;       /* alpha [N]; 1 - alpha is housing's share */
    size_t origin_count;             /* O: N where people have a place of registration, fewer where they form a pool */
    const size_t *origin_of;         /* [N] the origin to which the people registered in n belong */
    const double *migration_share;   /* m [S][O origin][N destination]; NULL: nobody moves */
    const double *origin_people;     /* Lbar [S][O] */
    const double *commuting_share;   /* c [S][N lives][N works]; rows sum to 1; NULL: everybody works where they live */
    const double *travel_time_h;     /* t [C][N][N]; NULL: no network */
    const gross_flows *flows;        /* NULL: none; nobody can look ahead */
    /* baseline values, currency */
    const double *output;            /* Y [N][J] */
    const double *expenditure;       /* X [N][J] */
    const double *income;            /* I [N] */
    const double *wage_bill;         /* w L [N][S] */
    const double *labour_income;     /* [N][S] wages of the residents, wherever they work; = wage_bill without commuting */
    const double *workers;           /* [N][S] who work in n; = people without commuting */
    const double *land_income;       /* r H [N] of the market for land and structures (without specific structures) */
    const double *tariff_revenue;    /* [N] */
    const double *deficit;           /* D [N] net transfer received, incl. what closes the rent portfolio; sums to zero */
    const double *people;            /* L [N][S] */
    /* by item */
    const double *theta, *mu, *delta;  /* [J] */
    const double *epsilon, *epsilon_commuting; /* [S] */
    const double *chi, *iota;          /* [N] */
    const double *portfolio_share;     /* [N] sums to 1; NULL: the portfolio is shared by people */
    double lambda;
    research research;                 /* pointers NULL: not observed */
    fundamentals fundamentals;
    const unsigned char *people_imputed, *value_added_imputed;
    size_t adjustment_count;
    const adjustment *adjustments;
    double baseline_residual;        /* worst relative residual of the baseline accounts */
    const char *baseline_worst;
};

/* ---- levers: what a scenario may change ---------------------------------------------------------- */

typedef enum lever_id {
    LEVER_LINK_TIME, LEVER_TRADE_COST, LEVER_TARIFF, LEVER_MIGRATION_COST, LEVER_COMMUTING_COST, LEVER_AMENITY, LEVER_PRODUCTIVITY, LEVER_LAND,
    LEVER_ZONE_LAND, LEVER_TRANSFER, LEVER_RESEARCH_STAFF, LEVER_RESEARCH_BORDER, LEVER_LINK_NEW, LEVER_LINK_CLOSE, LEVER_SUBSIDY,
    LEVER_COUNT
} lever_id;
extern const bashu_lever_row lever_rows[LEVER_COUNT];

typedef struct change {
    lever_id lever;
    const char *id, *title_en, *title_zh, *source, *source_zh, *unit; /* source_zh NULL: as source */
    double from, value, low, high;   /* as written; low, high, from NaN when not stated */
    bool relative;                   /* value is a percent change (change_pct) or a factor (hat); else a new level (to) */
    bool is_hat;                     /* value, low and high are factors */
    /* selection, resolved against the economy */
    const unsigned char *links;      /* [link_count] */
    size_t from_node, to_node;       /* of a new link, both ways */
    const char *mode;                /* of a new link; NULL: it is none */
    const unsigned char *regions;    /* [N] for levers on places */
    const unsigned char *sectors;    /* [J] */
    const unsigned char *groups;     /* [S] */
    const unsigned char *side_a, *side_b; /* [N] pairs (n in a, i in b) and back, n != i */
    const long *across;              /* [N] only pairs whose numbers differ (area, member of a region set; -1: differs from all); NULL: all */
    const double *weight;            /* [N] e.g. share of a region's land that a zone is; NULL: 1 */
    /* values from a table, factors or levels, NaN: no row; then `value` is NaN and one of the three arrays is there */
    const char *table, *table_sha256; /* NULL: no table */
    const double *by_pair;           /* [N buys][J][N sells]; migration_cost: [S][N come from][N go to] */
    const double *by_place;          /* [N][J], [N][S] or [N], as the lever */
    const double *by_link;           /* [link_count] factors or minutes */
    uint64_t by;                     /* players who must all agree, by bit; where none is named, all */
    research_use use, from_use;      /* research_staff: what they do afterwards, and did before; side_b NULL: they come from elsewhere */
    /* when, on a path of years; 0: not stated */
    int from_year, until_year;       /* first and last year in force */
    int phase_in_years;              /* in equal steps over so many years, from the first */
    double pending;                  /* part that is not in force yet, 0 (all is) to 1 */
    const char *project;             /* changes of one project are carried out together (bashu plan); NULL: the change is one by itself */
    elasticity cost;                 /* of the change as a project, in the currency unit; value NaN: not stated */
} change;

/* Who plays when changes are agreed on (bashu cooperate): a place whose outcome counts. */
typedef struct player {
    const char *id, *title_en, *title_zh;
    const unsigned char *regions; /* [N] */
} player;

struct bashu_scenario {
    bashu_context *context;
    arena *memory;
    const bashu_economy *economy;
    const char *name, *title_en, *title_zh, *path, *sha256;
    size_t change_count;
    change *changes;
    size_t player_count;
    player *players;
};

/* The changes as hats; NULL pointers mean no change of that kind. Built by shock_build, reused. */
typedef struct shock {
    double *productivity_hat;     /* [N][J] unit cost falls by this factor */
    double *amenity_hat;          /* [N][S] */
    double *land_hat;             /* [N] */
    double *transfer;             /* [N] currency, received; sums to zero */
    double *trade_cost_hat;       /* [N buys][J][N sells] or NULL */
    double *tariff;               /* [N][J][N] the new tariffs, or NULL when there are none before and after */
    double *migration_cost_hat;   /* [S][N][N] or NULL */
    double *commuting_cost_hat;   /* [S][N lives][N works] or NULL */
    double *travel_time_h;        /* [C][N][N] new times, or NULL when no link changes */
    double *subsidy;              /* [N][J] producers get 1 + this times what buyers pay; productivity_hat has it too, for that is what buyers see; or NULL */
    size_t purse_count;           /* who pays: each purse a part of the rate, in fixed shares */
    double *purse_rate;           /* [purse_count][N][J] its part, sums to subsidy over purses; or NULL */
    double *purse_share;          /* [purse_count][N] of each payer; sums to 1 over places; or NULL */
    const double *people_hat;     /* [N][S] people where nobody moves within the period, who came before; or NULL: as in the baseline */
    bool empty;                   /* nothing changes at all */
} shock;
/* What the shock's subsidies cost their purses when outputs (what producers get) are output_hat times the baseline's, or `output`: paid [N] by each place, got [N] by the
 * producers there; each sums to the same. subsidy must be there. */
void shock_subsidies(const shock *k, const bashu_economy *economy, const double *output, double *paid, double *got);
/* A shock that changes nothing, for who writes one by hand; hats are new arrays of ones, tariffs the economy's own. */
bashu_status shock_none(shock *out, arena *memory, const bashu_economy *economy);
/* Memory for shocks of this economy; reuse with shock_build as often as wanted. */
typedef struct shock_builder shock_builder;
bashu_status shock_builder_new(shock_builder **out, arena *memory, const bashu_economy *economy);
/* mask: [change_count] or NULL for all. */
bashu_status shock_build(const shock **out, shock_builder *builder, const bashu_scenario *scenario,
                         const unsigned char *mask);

/* The network as the scenario has it (NULL: as it is), with the links that it adds after the others, and their times. Belongs to the arena; what does not
 * change is the economy's own. */
typedef struct changed_network {
    const graph *graph;
    const travel_class *travel;      /* [C] */
    double *link_time_h;             /* [link_count] INFINITY: closed */
} changed_network;
bashu_status scenario_network(changed_network *out, arena *memory, const bashu_economy *economy, const bashu_scenario *scenario, const unsigned char *mask);

/* travel.c: times between regions in one class of travel, as the switch `routing` and the class's choice among modes have them, with the time it takes to
 * set out and to arrive. Shapes and link_time_h as graph_travel_time. Errors: MEMORY; INPUT where a parameter is missing or does not do. */
bashu_status region_travel_time(double *time_h, const description *about, bashu_context *context, size_t travel,
                         const double *link_time_h);
/* load_l += sum over pairs of regions of weight d t / d t_l, as graph_load. Errors: as above. */
bashu_status region_travel_load(double *load, const description *about, bashu_context *context, size_t travel, const double *link_time_h,
                                pair_weight *weight, const void *payload);
/* The dispersion with which the class takes all routes, 1/hour; 0: it takes the quickest. Errors: INPUT where it is needed and not stated. */
bashu_status travel_dispersion(double *out, const description *about, bashu_context *context, size_t travel);
/* Index of the set / member named, or -1. */
long find_set(const description *about, const char *name);
long find_member(const region_set *set, const char *id);

/* Rows of n x j tables are written so often that one name for the index pays. */
static inline size_t at2(size_t n, size_t j, size_t J) { return n * J + j; }
static inline size_t at3(size_t n, size_t j, size_t s, size_t J, size_t S) { return (n * J + j) * S + s; }

/* Deep copy, the graph included. Errors: MEMORY. */
bashu_status description_copy(description *to, const description *from, arena *memory);
/* Length of by_item: N, J or S by the scope of the elasticity, 1 for the economy. */
size_t elasticity_items(const description *about, elasticity_id id);

/* Whether a change covers the pair (n buys or comes from, i sells or is lived in). One-way changes (buyers, sellers) have
 * side_a NULL: n in `regions` (NULL: all), i in side_b (NULL: all). A transfer is received by `regions`, paid by side_b. */
bool change_covers_pair(const change *c, size_t n, size_t i);
/* years.c: the part of a change that is in force in a year, 0 to 1; nothing is before the year after `base_year`. */
double change_in_force(const change *c, int base_year, int year);
/* Levers that no equilibrium knows of: they act on what is known, from one year to the next. */
static inline bool acts_over_years(lever_id lever) { return lever == LEVER_RESEARCH_STAFF || lever == LEVER_RESEARCH_BORDER; }
/* The changes of a scenario as they are in a year: copies into `changes` [change_count], with `pending` set; those of which nothing is in
 * force have mask 0. Returns whether anything is. */
bool changes_in_year(change *changes, unsigned char *mask, const bashu_scenario *scenario, int year);
/* Of value, low and high: "percent", "factor", or the unit of the level. */
static inline const char *change_unit(const change *c)
{
    return c->is_hat ? "factor" : c->relative ? "percent" : c->unit;
}

#endif
