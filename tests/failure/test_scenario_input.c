/* test_scenario_input.c - scenarios with one thing wrong: each is refused, and the message names place and mend. */
#include "input/economy.h"

#include "../scratch.h"

#include <math.h>
#include <setjmp.h>

#include <cmocka.h>

enum { PARTS = 4 };

#define HEAD "format: bashu-scenario/1\nname: t\neconomy: lantern\n"
/* A change on lines 5 and 6: `TAIL` is what varies. */
#define CHANGE HEAD "changes:\n  - {id: a, title: A, source: s,\n     "
#define LINE "s.yaml:6"

/* A change whose values are in t.csv. */
#define TABLE(lever) CHANGE "lever: " lever ", table: t.csv}\n"

typedef struct bad_scenario {
    const char *name, *text;
    const char *says[PARTS];
} bad_scenario;
/* t.csv beside a scenario that names it. */
typedef struct bad_table {
    bad_scenario scenario;
    const char *table;
} bad_table;

static const bad_scenario cases[] = {
    /* ---- the document ---- */
    {"empty", "", {"s.yaml:1", "empty"}},
    {"another format", "format: bashu-economy/1\n", {"s.yaml:1", "format", "bashu-scenario/1"}},
    {"an unknown key", HEAD "chnages: []\n", {"s.yaml:4", "'chnages'", "did you mean 'changes'"}},
    {"no changes", HEAD, {"s.yaml", "changes", "add"}},
    {"no economy", "format: bashu-scenario/1\nname: t\nchanges: []\n", {"s.yaml", "economy", "add"}},
    {"no name", "format: bashu-scenario/1\neconomy: lantern\nchanges: []\n", {"s.yaml", "name", "add"}},
    {"changes that are no list", HEAD "changes: {a: b}\n", {"s.yaml:4", "changes", "[]"}},
    {"changes that are nothing", HEAD "changes:\n", {"s.yaml:4", "changes", "[]"}},
    {"a change that is a word", HEAD "changes: [faster]\n", {"s.yaml:4", "must be a map"}},
    {"broken YAML", HEAD "changes: [\n", {"s.yaml", "not valid YAML"}},
    {"an anchor", HEAD "changes: &a []\n", {"s.yaml:4"}},
    /* ---- research ---- */
    {"researchers where there are none", CHANGE "lever: research_staff, regions: [alder], use: science, to: 10}\n", {LINE, "research_staff", "table 'research'"}},
    {"what researchers do, of land", CHANGE "lever: land, regions: all, change_pct: 1, use: science}\n", {LINE, "use", "research_staff"}},
    {"spillovers in minutes", CHANGE "lever: research_border, within: all, to: 10}\n", {LINE, "to", "change_pct"}},
    /* ---- years ---- */
    {"a year that has been", CHANGE "lever: land, regions: all, change_pct: 1, from_year: 2020}\n", {LINE, "from_year", "2021"}},
    {"half a year", CHANGE "lever: land, regions: all, change_pct: 1, from_year: 2021.5}\n", {LINE, "from_year", "whole number"}},
    {"an end before the beginning", CHANGE "lever: land, regions: all, change_pct: 1, from_year: 2030, until_year: 2029}\n", {LINE, "until_year", "before from_year 2030"}},
    {"no years to come in", CHANGE "lever: land, regions: all, change_pct: 1, phase_in_years: 0}\n", {LINE, "phase_in_years", "1"}},
    {"a word for a year", CHANGE "lever: land, regions: all, change_pct: 1, until_year: soon}\n", {LINE, "until_year", "number"}},
    /* ---- new and closed links, projects ---- */
    {"a new link without an end", CHANGE "lever: link_new, from_node: Ralder, mode: road, to: 5}\n", {"s.yaml", "to_node", "add"}},
    {"a new link to an unknown node", CHANGE "lever: link_new, from_node: Ralder, to_node: Rbrok, mode: road, to: 5}\n", {LINE, "unknown node 'Rbrok'", "did you mean 'Rbrook'"}},
    {"a new link to itself", CHANGE "lever: link_new, from_node: Ralder, to_node: Ralder, mode: road, to: 5}\n", {LINE, "to_node", "begins and ends at node 'Ralder'"}},
    {"a new link of an unknown mode", CHANGE "lever: link_new, from_node: Ralder, to_node: Rfern, mode: raod, to: 5}\n", {LINE, "unknown mode 'raod'", "did you mean 'road'"}},
    {"a new link that is there", CHANGE "lever: link_new, from_node: Rbrook, to_node: Ralder, mode: road, to: 5}\n", {LINE, "'road-alder-brook' joins these nodes", "link_time"}},
    {"a new link of no minutes", CHANGE "lever: link_new, from_node: Ralder, to_node: Rfern, mode: road, to: 0}\n", {LINE, "to", "more than 0"}},
    {"a new link of less than no minutes", CHANGE "lever: link_new, from_node: Ralder, to_node: Rfern, mode: road, to: -5}\n", {LINE, "to", "0 to"}},
    {"a new link without a time", CHANGE "lever: link_new, from_node: Ralder, to_node: Rfern, mode: road}\n", {"s.yaml:5", "has no value", "'to'"}},
    {"ends of another lever", CHANGE "lever: land, regions: all, change_pct: 1, from_node: Ralder}\n", {LINE, "from_node", "does not take it"}},
    {"a time for a closed link", CHANGE "lever: link_close, links: [road-alder-brook], to: 5}\n", {LINE, "to", "takes no value"}},
    {"closing an unknown link", CHANGE "lever: link_close, links: [road-alder-brok]}\n", {LINE, "links", "did you mean 'road-alder-brook'"}},
    {"a cost that is a number", CHANGE "lever: land, regions: all, change_pct: 1, cost: 5}\n", {LINE, "cost", "must be a map"}},
    {"a cost of nothing", CHANGE "lever: land, regions: all, change_pct: 1, cost: {value: 0, source: s}}\n", {LINE, "cost", "above 0"}},
    {"a cost from nowhere", CHANGE "lever: land, regions: all, change_pct: 1, cost: {value: 5}}\n", {LINE, "cost", "source"}},
    /* ---- a change ---- */
    {"no id",
     HEAD "changes:\n  - {title: A, lever: land, source: s, regions: all, change_pct: 1}\n",
     {"s.yaml:5", "id", "add"}},
    {"an empty id",
     HEAD "changes:\n  - {id: \"\", title: A, lever: land, source: s, regions: all, change_pct: 1}\n",
     {"s.yaml:5", "id", "empty"}},
    {"no title",
     HEAD "changes:\n  - {id: a, lever: land, source: s, regions: all, change_pct: 1}\n",
     {"s.yaml:5", "title", "add"}},
    {"no source",
     HEAD "changes:\n  - {id: a, title: A, lever: land, regions: all, change_pct: 1}\n",
     {"s.yaml:5", "source", "assumption"}},
    {"an id twice",
     HEAD "changes:\n  - {id: a, title: A, lever: land, source: s, regions: all, change_pct: 1}\n"
          "  - {id: a, title: B, lever: land, source: s, regions: all, change_pct: 1}\n",
     {"s.yaml:6", "duplicate change 'a'", "rename"}},
    {"no lever", CHANGE "regions: all, change_pct: 1}\n", {"s.yaml:5", "lever", "add"}},
    {"an unknown lever",
     CHANGE "lever: link_tme, links: [sea-dune], to: 1}\n",
     {LINE, "'link_tme'", "did you mean 'link_time'"}},
    {"a lever like no other",
     CHANGE "lever: zzzzzzzz, links: [sea-dune], to: 1}\n",
     {LINE, "unknown lever", "link_time"}},
    {"an unknown key of a change",
     CHANGE "lever: land, regions: all, chnage_pct: 1}\n",
     {LINE, "'chnage_pct'", "'change_pct'"}},
    {"an unknown language",
     HEAD "changes:\n  - {id: a, title: {eng: A}, lever: land, source: s, regions: all, change_pct: 1}\n",
     {"s.yaml:5", "'eng'", "'en'"}},
    /* ---- values ---- */
    {"no value", CHANGE "lever: land, regions: all}\n", {"s.yaml:5", "no value", "change_pct"}},
    {"two values",
     CHANGE "lever: link_time, links: [sea-dune], to: 1, change_pct: 1}\n",
     {LINE, "change_pct", "delete one"}},
    {"a level where it is relative", CHANGE "lever: land, regions: all, to: 100}\n", {LINE, "to:", "change_pct"}},
    {"a percentage where it is a level",
     CHANGE "lever: tariff, buyers: [alder], sellers: [SEA], change_pct: 10}\n",
     {LINE, "change_pct", "'to'"}},
    {"text in a number",
     CHANGE "lever: land, regions: all, change_pct: much}\n",
     {LINE, "change_pct", "'much' is not a number"}},
    {"NaN", CHANGE "lever: land, regions: all, change_pct: .nan}\n", {LINE, "change_pct", "not a finite number"}},
    {"Inf", CHANGE "lever: land, regions: all, change_pct: .inf}\n", {LINE, "change_pct", "not a finite number"}},
    {"a fall by everything",
     CHANGE "lever: land, regions: all, change_pct: -100}\n",
     {LINE, "change_pct", "more than -100"}},
    {"no time", CHANGE "lever: link_time, links: [sea-dune], to: 0}\n", {LINE, "to:", "more than 0"}},
    {"negative time", CHANGE "lever: link_time, links: [sea-dune], to: -5}\n", {LINE, "to", "0 to"}},
    {"a transfer nobody can pay",
     CHANGE "lever: transfer, regions: [alder], funders: [fern], to: 1e9}\n",
     {LINE, "cannot be paid", "at most"}},
    {"a negative transfer",
     CHANGE "lever: transfer, regions: [alder], funders: all, to: -5}\n",
     {LINE, "to", "at least 0"}},
    {"a value outside its range",
     CHANGE "lever: land, regions: all, change_pct: 5, low: 1, high: 3}\n",
     {LINE, "low", "not between", "correct"}},
    {"a low that cannot be",
     CHANGE "lever: land, regions: all, change_pct: 5, low: -200, high: 6}\n",
     {LINE, "low", "-100 to"}},
    {"another unit",
     CHANGE "lever: link_time, links: [sea-dune], to: 2, unit: hours}\n",
     {LINE, "unit", "'hours'", "minutes"}},
    {"minutes where percent",
     CHANGE "lever: link_time, links: [sea-dune], change_pct: 2, unit: minutes}\n",
     {LINE, "unit", "percent"}},
    {"a new level of a way to work",
     CHANGE "lever: commuting_cost, within: all, to: 2}\n",
     {LINE, "to:", "'commuting_cost' is relative", "change_pct"}},
    {"a way to work that costs nothing",
     CHANGE "lever: commuting_cost, within: all, change_pct: -100}\n",
     {LINE, "change_pct", "more than -100"}},
    {"a way to work from nowhere", CHANGE "lever: commuting_cost, change_pct: -10}\n", {"s.yaml:5", "within"}},
    {"a way to work in one direction",
     CHANGE "lever: commuting_cost, buyers: all, sellers: all, change_pct: -10}\n",
     {LINE, "buyers", "does not take it"}},
    /* ---- from ---- */
    {"from disagrees with a link",
     CHANGE "lever: link_time, links: [rail-alder-dune-hs], from: 96, to: 80}\n",
     {LINE, "from: 96 disagrees", "95 minutes", "rail-alder-dune-hs"}},
    {"from disagrees with the second link",
     CHANGE "lever: link_time, links: [rail-alder-dune-hs, rail-alder-elm], from: 95, to: 80}\n",
     {LINE, "from: 95", "130 minutes", "rail-alder-elm"}},
    {"from disagrees with a tariff",
     CHANGE "lever: tariff, buyers: [alder], sellers: [SEA], from: 0.1, to: 0.2}\n",
     {LINE, "from: 0.1 disagrees", "'alder'", "'SEA'"}},
    {"from where there is no level",
     CHANGE "lever: land, regions: all, from: 1, change_pct: 5}\n",
     {LINE, "from", "delete it"}},
    /* ---- places ---- */
    {"no regions", CHANGE "lever: land, change_pct: 1}\n", {"s.yaml:5", "regions", "add"}},
    {"an unknown region",
     CHANGE "lever: land, regions: [aldr], change_pct: 1}\n",
     {LINE, "regions", "'aldr'", "did you mean 'alder'"}},
    {"a region like no other",
     CHANGE "lever: land, regions: [zzzzzzzz], change_pct: 1}\n",
     {LINE, "'zzzzzzzz'", "id of"}},
    {"a region twice", CHANGE "lever: land, regions: [alder, alder], change_pct: 1}\n", {LINE, "'alder'", "twice"}},
    {"no region in the list", CHANGE "lever: land, regions: [], change_pct: 1}\n", {LINE, "regions", "list of ids"}},
    {"an unknown region set",
     CHANGE "lever: land, regions: {circel: twin}, change_pct: 1}\n",
     {LINE, "'circel'", "did you mean 'circle'"}},
    {"an unknown member",
     CHANGE "lever: land, regions: {circle: twinn}, change_pct: 1}\n",
     {LINE, "'twinn'", "did you mean 'twin'"}},
    {"two region sets",
     CHANGE "lever: land, regions: {circle: twin, province: north}, change_pct: 1}\n",
     {LINE, "one region set"}},
    {"a member that is a map",
     CHANGE "lever: land, regions: {circle: {a: b}}, change_pct: 1}\n",
     {LINE, "regions", "a map"}},
    {"funders who do not pay",
     CHANGE "lever: land, regions: all, funders: all, change_pct: 1}\n",
     {LINE, "funders", "does not take it"}},
    {"a subsidy nobody pays", CHANGE "lever: subsidy, regions: all, to: 0.1}\n", {"s.yaml:5", "funders", "add"}},
    {"a subsidy of everything", CHANGE "lever: subsidy, regions: all, funders: all, to: 1.5}\n", {LINE, "to", "from -0.5 to 1"}},
    {"a subsidy in percent", CHANGE "lever: subsidy, regions: all, funders: all, change_pct: 5}\n", {LINE, "change_pct", "write 'to'"}},
    {"a transfer nobody pays", CHANGE "lever: transfer, regions: all, to: 1}\n", {"s.yaml:5", "funders", "add"}},
    /* ---- links, sectors, groups, zones ---- */
    {"no links", CHANGE "lever: link_time, to: 1}\n", {"s.yaml:5", "links", "add"}},
    {"an unknown link",
     CHANGE "lever: link_time, links: [sea-dun], to: 1}\n",
     {LINE, "links", "'sea-dun'", "did you mean 'sea-dune'"}},
    {"links for land",
     CHANGE "lever: land, regions: all, links: [sea-dune], change_pct: 1}\n",
     {LINE, "links", "does not take it"}},
    {"an unknown sector",
     CHANGE "lever: productivity, regions: all, sectors: [gods], change_pct: 1}\n",
     {LINE, "sectors", "'gods'", "did you mean 'goods'"}},
    {"sectors for amenity",
     CHANGE "lever: amenity, regions: all, sectors: [goods], change_pct: 1}\n",
     {LINE, "sectors", "does not take it"}},
    {"an unknown group",
     CHANGE "lever: amenity, regions: all, groups: [collage], change_pct: 1}\n",
     {LINE, "groups", "did you mean 'college'"}},
    {"an unknown zone",
     CHANGE "lever: zone_land, zones: [lmap], change_pct: 1}\n",
     {LINE, "zones", "did you mean 'lamp'"}},
    {"no zone", CHANGE "lever: zone_land, change_pct: 1}\n", {"s.yaml:5", "zones", "add"}},
    {"a list of lists", CHANGE "lever: link_time, links: [[sea-dune]], to: 1}\n", {LINE, "links", "a list"}},
    /* ---- pairs ---- */
    {"no pairs", CHANGE "lever: trade_cost, change_pct: 1}\n", {"s.yaml:5", "between", "within", "buyers"}},
    {"pairs twice",
     CHANGE "lever: trade_cost, between: [alder, dune], within: all, change_pct: 1}\n",
     {"s.yaml:5", "needs one selection"}},
    {"between three",
     CHANGE "lever: trade_cost, between: [alder, dune, elm], change_pct: 1}\n",
     {LINE, "between", "two selections"}},
    {"between one", CHANGE "lever: trade_cost, between: alder, change_pct: 1}\n", {LINE, "between", "two selections"}},
    {"between a region and itself",
     CHANGE "lever: trade_cost, between: [alder, alder], change_pct: 1}\n",
     {"s.yaml:5", "no pair", "widen"}},
    {"across within one area",
     CHANGE "lever: trade_cost, within: {province: north}, across: area, change_pct: 1}\n",
     {"s.yaml:5", "no pair"}},
    {"across something else",
     CHANGE "lever: trade_cost, within: all, across: provnce, change_pct: 1}\n",
     {LINE, "across", "did you mean 'province'"}},
    {"an unknown side",
     CHANGE "lever: migration_cost, between: [alder, {circle: twn}], change_pct: 1}\n",
     {LINE, "between", "did you mean 'twin'"}},
    {"buyers without sellers", CHANGE "lever: tariff, buyers: [alder], to: 0.1}\n", {"s.yaml:5", "sellers is missing"}},
    {"buyers of migrants",
     CHANGE "lever: migration_cost, buyers: [alder], sellers: [dune], change_pct: 1}\n",
     {LINE, "buyers", "does not take it"}},
    /* ---- hats ---- */
    {"two ways to say it",
     CHANGE "lever: land, regions: all, change_pct: 1, hat: 1.01}\n",
     {LINE, "hat", "beside 'change_pct'", "delete one"}},
    {"a hat of nothing", CHANGE "lever: land, regions: all, hat: 0}\n", {LINE, "hat", "more than 0"}},
    {"a negative hat", CHANGE "lever: land, regions: all, hat: -2}\n", {LINE, "hat", "0 to"}},
    {"a hat of a level", CHANGE "lever: tariff, buyers: [alder], sellers: [SEA], hat: 1.1}\n", {LINE, "hat", "'to'"}},
    {"a hat of a zone", CHANGE "lever: zone_land, zones: [lamp], hat: 1.1}\n", {LINE, "hat", "change_pct"}},
    {"percent where a factor",
     CHANGE "lever: land, regions: all, hat: 1.1, unit: percent}\n",
     {LINE, "unit", "factor"}},
    {"a range around another hat",
     CHANGE "lever: land, regions: all, hat: 1.1, low: 1.2, high: 1.3}\n",
     {LINE, "hat 1.1", "not between"}},
    /* ---- tables ---- */
    {"a table of a lever that takes none", CHANGE "lever: zone_land, table: t.csv}\n", {LINE, "table", "takes none"}},
    {"a table and a value",
     CHANGE "lever: trade_cost, table: t.csv, change_pct: 1}\n",
     {LINE, "change_pct", "beside 'table'"}},
    {"a table and a range",
     CHANGE "lever: trade_cost, table: t.csv, low: 1, high: 2}\n",
     {LINE, "low", "no range"}},
    {"a table and from", CHANGE "lever: tariff, table: t.csv, from: 0}\n", {LINE, "from", "column"}},
    {"a table and a place",
     CHANGE "lever: trade_cost, within: all, table: t.csv}\n",
     {LINE, "within", "rows say where", "delete it"}},
};

static const bad_table tables[] = {
    {{"a table of transfers nobody pays", TABLE("transfer"), {"s.yaml:5", "funders", "add"}},
     "region,to\nalder,1\n"},
    {{"a table twice about sectors", CHANGE "lever: productivity, sectors: [food], table: t.csv}\n", {LINE, "sectors", "column 'sector'"}},
     "region,sector,hat\nalder,food,1.1\n"},
    {{"a table of links with one unknown", TABLE("link_time"), {"t.csv:2", "rail-alder-dune-h", "did you mean", "rail-alder-dune-hs"}}, "link,to\nrail-alder-dune-h,60\n"},
    {{"a table of links with another baseline", TABLE("link_time"), {"t.csv:2", "from", "disagrees with the 95 minutes of link 'rail-alder-dune-hs'"}}, "link,from,to\nrail-alder-dune-hs,90,60\n"},
    {{"a table of links without time", TABLE("link_time"), {"t.csv:2", "to", "more than 0"}}, "link,to\nrail-alder-dune-hs,0\n"},
    {{"a table of links about regions", TABLE("link_time"), {"t.csv:1", "region"}}, "region,to\nalder,60\n"},
    {{"an empty table", TABLE("trade_cost"), {"t.csv:1", "no rows"}},
     "origin,destination,hat\n"},
    {{"a table without values", TABLE("trade_cost"), {"t.csv:1", "no column of values", "'hat'"}},
     "origin,destination\nalder,dune\n"},
    {{"a table without levels", TABLE("tariff"), {"t.csv:1", "'to'"}},
     "origin,destination\nalder,dune\n"},
    {{"a table with two values", TABLE("trade_cost"), {"t.csv:2", "'hat'", "beside column 'change_pct'"}},
     "origin,destination,hat,change_pct\nalder,dune,1.1,10\n"},
    {{"a table with percents of a level", TABLE("tariff"), {"t.csv:2", "'change_pct'", "write 'to'"}},
     "origin,destination,change_pct\nalder,dune,1\n"},
    {{"a table with an unknown column", TABLE("trade_cost"), {"t.csv:1", "'destnation'", "did you mean 'destination'"}},
     "origin,destnation,hat\nalder,dune,1.1\n"},
    {{"a table without origins", TABLE("trade_cost"), {"t.csv", "origin"}},
     "destination,hat\nalder,1.1\n"},
    {{"an unknown region in a table", TABLE("trade_cost"), {"t.csv:3", "origin", "'aldr'", "did you mean 'alder'"}},
     "origin,destination,hat\ndune,alder,1.1\naldr,dune,1.1\n"},
    {{"an unknown sector in a table", TABLE("trade_cost"), {"t.csv:2", "sector", "'gods'", "did you mean 'goods'"}},
     "origin,destination,sector,hat\ndune,alder,gods,1.1\n"},
    {{"groups of goods", TABLE("trade_cost"), {"t.csv:1", "'group'"}},
     "origin,destination,group,hat\ndune,alder,college,1.1\n"},
    {{"a row twice", TABLE("trade_cost"), {"t.csv:4", "duplicate", "line 2", "delete one"}},
     "origin,destination,sector,hat\ndune,alder,food,1.1\nalder,dune,food,1.1\ndune,alder,food,1.2\n"},
    {{"a hat of nothing in a table", TABLE("productivity"), {"t.csv:3", "'hat'", "more than 0"}},
     "region,hat\ndune,1.1\nalder,0\n"},
    {{"a fall by everything in a table", TABLE("amenity"), {"t.csv:2", "'change_pct'", "more than -100"}},
     "region,group,change_pct\nalder,college,-100\n"},
    {{"an empty value", TABLE("land"), {"t.csv:2", "'hat'"}},
     "region,hat\nalder,\n"},
    {{"a tariff on the own goods", TABLE("tariff"), {"t.csv:2", "'alder'", "different regions", "delete the row"}},
     "origin,destination,to\nalder,alder,0.1\n"},
    {{"moving to where one is", TABLE("migration_cost"), {"t.csv:3", "'dune'", "delete the row"}},
     "origin,destination,group,hat\nalder,dune,college,1.1\ndune,dune,others,1.1\n"},
    {{"commuting to where one lives", TABLE("commuting_cost"), {"t.csv:3", "'elm'", "different regions", "delete the row"}},
     "origin,destination,group,hat\nalder,dune,college,1.1\nelm,elm,others,1.1\n"},
    {{"a table with levels of a way to work", TABLE("commuting_cost"), {"t.csv:2", "'to'", "change_pct"}},
     "origin,destination,to\nalder,dune,2\n"},
    {{"a way to work of a sector", TABLE("commuting_cost"), {"t.csv:1", "'sector'"}},
     "origin,destination,sector,hat\nalder,dune,food,2\n"},
    {{"a way to work by residence", TABLE("commuting_cost"), {"t.csv:1", "'residence'"}},
     "residence,workplace,hat\nalder,dune,2\n"},
    {{"a way to work that costs nothing, in a table", TABLE("commuting_cost"), {"t.csv:2", "'hat'", "more than 0"}},
     "origin,destination,hat\nalder,dune,0\n"},
    {{"ways to work twice about groups", CHANGE "lever: commuting_cost, groups: [college], table: t.csv}\n", {LINE, "groups", "column 'group'"}},
     "origin,destination,group,hat\nalder,dune,college,2\n"},
    {{"from disagrees in a table", TABLE("tariff"), {"t.csv:3", "0.1 disagrees with the tariff 0", "'alder'", "'SEA'"}},
     "origin,destination,from,to\nSEA,dune,0,0.2\nSEA,alder,0.1,0.2\n"},
    {{"from where a table has no level", TABLE("land"), {"t.csv:2", "'from'", "no baseline", "delete the column"}},
     "region,from,hat\nalder,1,1.1\n"},
    {{"a table nobody can pay", CHANGE "lever: transfer, funders: [fern], table: t.csv}\n", {LINE, "table", "cannot be paid"}},
     "region,to\nalder,1e9\n"},
};

typedef struct fixture {
    scratch files;
    bashu_context *context;
    bashu_data *data;
    bashu_economy economy; /* all that reading a scenario looks at */
} fixture;

static fixture shared;

static int set_up(void **state)
{
    (void)state;
    if (!scratch_open(&shared.files) || bashu_open(&shared.context, 1) != BASHU_OK) return -1;
    if (economy_read(&shared.data, shared.context, LANTERN, NULL) != BASHU_OK) return -1;
    shared.economy = (bashu_economy){.context = shared.context, .about = shared.data->about};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    data_free(shared.data);
    bashu_close(shared.context);
    scratch_close(&shared.files);
    return 0;
}

static void check(void **state)
{
    const bad_scenario *c = *state;
    bashu_scenario *scenario = (bashu_scenario *)&shared;
    const char *path = scratch_text(&shared.files, "s.yaml", c->text), *message = bashu_message(shared.context);
    bashu_status status = scenario_read(&scenario, &shared.economy, path);
    if (status != BASHU_ERROR_INPUT) fail_msg("%s: status %d: %s", c->name, status, message);
    assert_null(scenario);
    for (size_t k = 0; k < PARTS && c->says[k]; k++)
        if (!strstr(message, c->says[k])) fail_msg("%s: no \"%s\" in: %s", c->name, c->says[k], message);
    if (getenv("SHOW_MESSAGES")) fprintf(stderr, "%s\n", message); /* to read them as a user would */
}

static void check_table(void **state)
{
    bad_table *c = *state;
    void *scenario = &c->scenario;
    scratch_text(&shared.files, "t.csv", c->table);
    check(&scenario);
}

static void a_file_that_is_not_there(void **state)
{
    (void)state;
    bashu_scenario *scenario;
    char *folder = (char *)&shared;
    assert_int_equal(scenario_read(&scenario, &shared.economy, "/nowhere/s.yaml"), BASHU_ERROR_IO);
    assert_non_null(strstr(bashu_message(shared.context), "/nowhere/s.yaml"));
    assert_int_equal(scenario_economy(&folder, shared.context, "/nowhere/s.yaml"), BASHU_ERROR_IO);
    assert_null(folder);
    const char *path = scratch_text(&shared.files, "s.yaml", CHANGE "lever: land, table: none.csv}\n");
    assert_int_equal(scenario_read(&scenario, &shared.economy, path), BASHU_ERROR_IO);
    assert_non_null(strstr(bashu_message(shared.context), "none.csv"));
    assert_int_equal(
        scenario_economy(&folder, shared.context, scratch_text(&shared.files, "s.yaml", "format: bashu-scenario/1\n")),
        BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(shared.context), "economy"));
}

static void an_economy_without_links(void **state)
{
    (void)state;
    bashu_economy bare = shared.economy;
    bashu_scenario *scenario;
    bare.about.network = NULL;
    bare.about.zone_count = 0;
    const char *links = CHANGE "lever: link_time, links: all, change_pct: -1}\n",
               *zones = CHANGE "lever: zone_land, zones: all, change_pct: 1}\n";
    assert_int_equal(scenario_read(&scenario, &bare, scratch_text(&shared.files, "s.yaml", links)), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(shared.context), "no links"));
    assert_int_equal(scenario_read(&scenario, &bare, scratch_text(&shared.files, "s.yaml", zones)), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(shared.context), "no zones"));
}

int main(void)
{
    enum { CASES = sizeof cases / sizeof *cases, TABLES = sizeof tables / sizeof *tables, ALL = CASES + TABLES };
    static struct CMUnitTest tests[ALL + 2];
    for (size_t k = 0; k < CASES; k++)
        tests[k] = (struct CMUnitTest){cases[k].name, check, NULL, NULL, (void *)(uintptr_t)&cases[k]};
    for (size_t k = 0; k < TABLES; k++)
        tests[CASES + k] = (struct CMUnitTest){tables[k].scenario.name, check_table, NULL, NULL, (void *)(uintptr_t)&tables[k]};
    tests[ALL] = (struct CMUnitTest)cmocka_unit_test(a_file_that_is_not_there);
    tests[ALL + 1] = (struct CMUnitTest)cmocka_unit_test(an_economy_without_links);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
