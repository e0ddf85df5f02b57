/* test_economy_input.c - economies with one thing wrong: each is refused, and the message names file, place and mend.
 *
 * Every case edits one file of a copy of economies/lantern. */
#include "input/economy.h"

#include "../scratch.h"

#include <math.h>
#include <setjmp.h>

#include <cmocka.h>

enum { PARTS = 5, EDITED = 1 << 16 };

/* What a class of travel of lantern says after its modes. */
#define OF_CLASS "route_dispersion: {value: 6, low: 3, high: 20, source: \"invented economy: stated\"}}\n"


/* The first `find` in the file becomes `put`. find NULL: `put` is appended; put NULL: the file is deleted. */
typedef struct bad_input {
    const char *name, *file, *find, *put;
    const char *says[PARTS]; /* all must be in the message */
    bashu_status status;     /* 0: INPUT */
} bad_input;

static const bad_input cases[] = {
    /* ---- files and documents ---- */
    {"a table that is not there", "people.csv", NULL, NULL, {"people.csv", "no such file"}, BASHU_ERROR_IO},
    {"no economy.yaml", "economy.yaml", NULL, NULL, {"economy.yaml", "no such file"}, BASHU_ERROR_IO},
    {"an empty table", "groups.csv", "*", "", {"groups.csv:1", "empty", "columns"}, 0},
    {"a header without rows", "groups.csv", "*", "id,name_en,name_zh\n", {"groups.csv:1", "no rows", "write"}, 0},
    {"an empty document", "economy.yaml", "*", "", {"economy.yaml:1", "empty"}, 0},
    {"another format",
     "economy.yaml",
     "bashu-economy/1",
     "bashu-economy/9",
     {"economy.yaml:2", "format", "write 'bashu-economy/1'"},
     0},
    {"a list for a document", "economy.yaml", "*", "- a\n- b\n", {"economy.yaml:1", "must be a map", "format"}, 0},
    {"an unknown key",
     "economy.yaml",
     "foreign: SEA",
     "foriegn: SEA",
     {"economy.yaml:25", "'foriegn'", "did you mean 'foreign'"},
     0},
    {"an unknown table",
     "economy.yaml",
     "  zones: zones.csv",
     "  zonse: zones.csv",
     {"economy.yaml:21", "'zonse'", "'zones'"},
     0},
    {"a table that is not listed", "economy.yaml", "  people: people.csv\n", "", {"economy.yaml:", "people", "add"}, 0},
    {"a year that is none",
     "economy.yaml",
     "year: 2020",
     "year: 2020.5",
     {"economy.yaml:5", "year", "whole number"},
     0},
    {"a currency unit of nothing", "economy.yaml", "unit: 1e9", "unit: 0", {"economy.yaml:6", "unit", "positive"}, 0},
    {"an unknown currency key", "economy.yaml", "{code: LTN", "{cod: LTN", {"economy.yaml:6", "'cod'", "'code'"}, 0},
    {"an unknown language", "economy.yaml", "title: {en:", "title: {eng:", {"economy.yaml:4", "'eng'", "'en'"}, 0},
    {"flags that are no map",
     "economy.yaml",
     "flags:\n  imputed_stated: {en: \"stated by the author of the economy\", zh: \"由作者设定\"}",
     "flags: [imputed_stated]",
     {"economy.yaml:26", "flags", "must be a map"},
     0},
    /* ---- regions ---- */
    {"an unknown column",
     "regions.csv",
     "land_km2,",
     "land_km,",
     {"regions.csv:1", "'land_km'", "did you mean 'land_km2'"},
     0},
    {"a missing column", "regions.csv", ",lat,", ",lat_note,", {"regions.csv:1", "'lat'", "add it"}, 0},
    {"text in a number",
     "regions.csv",
     "8000",
     "eight thousand",
     {"regions.csv:2", "'land_km2'", "not a number", "km2"},
     0},
    {"NaN", "regions.csv", "8000", "NaN", {"regions.csv:2", "'land_km2'", "not a finite number"}, 0},
    {"Inf", "regions.csv", "8000", "Inf", {"regions.csv:2", "'land_km2'", "not a finite number"}, 0},
    {"a region without people", "regions.csv", "600000", "0", {"regions.csv:7", "'people'", "must be positive"}, 0},
    {"a region without gdp", "regions.csv", ",27,", ",0,", {"regions.csv:7", "'gdp'", "must be positive"}, 0},
    {"an empty number", "regions.csv", ",14000,", ",,", {"regions.csv:7", "'land_km2'", "is empty"}, 0},
    {"a latitude beyond the pole", "regions.csv", "30.0", "99", {"regions.csv:2", "'lat'", "-90 to 90"}, 0},
    {"a duplicate region",
     "regions.csv",
     "brook,Brook",
     "alder,Brook",
     {"regions.csv:3", "'id'", "duplicate region 'alder'", "line 2"},
     0},
    {"a region without an id", "regions.csv", "brook,Brook", ",Brook", {"regions.csv:3", "'id'", "empty"}, 0},
    {"a region without an area", "regions.csv", "8000,,north,", "8000,,,", {"regions.csv:2", "'area'", "is empty"}, 0},
    {"an area called *", "regions.csv", "8000,,north,", "8000,,*,", {"regions.csv:2", "'area'", "no area"}, 0},
    {"an undeclared flag",
     "regions.csv",
     "imputed_stated",
     "imputed_stat",
     {"regions.csv:8", "'people_flag'", "did you mean 'imputed_stated'"},
     0},
    {"a row too short", "regions.csv", ",44,,11000", ",44,11000", {"regions.csv:6", "cells", "add"}, 0},
    {"an unknown foreign region",
     "economy.yaml",
     "foreign: SEA",
     "foreign: SEE",
     {"economy.yaml:25", "'SEE'", "did you mean 'SEA'"},
     0},
    /* ---- region sets, zones, totals ---- */
    {"an unknown member",
     "regions.csv",
     "north,twin",
     "north,twinn",
     {"regions.csv:2", "'circle'", "did you mean 'twin'"},
     0},
    {"a set that is no column",
     "economy.yaml",
     "circle: circles.csv}",
     "circles: circles.csv}",
     {"regions.csv:1", "'circle'"},
     0},
    {"a part larger than its region",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,province,circle,circle_land_km2\nalder,A,A,,,1,1,10,north,,"
     "twin,11\nSEA,S,S,,,1,1,1,SEA,,,\n",
     {"regions.csv:2", "'circle_land_km2'", "out of range"},
     0},
    {"a part of no member",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,province,circle,circle_land_km2\nalder,A,A,,,1,1,10,north,,,"
     "1\nSEA,S,S,,,1,1,1,SEA,,,\n",
     {"regions.csv:2", "'circle_land_km2'", "lies in no circle"},
     0},
    {"a zone in no region",
     "zones.csv",
     ",alder,300",
     ",aldr,300",
     {"zones.csv:2", "'region'", "did you mean 'alder'"},
     0},
    {"a zone larger than its region",
     "zones.csv",
     ",alder,300",
     ",alder,9000",
     {"zones.csv:2", "'land_km2'", "more than", "correct"},
     0},
    {"a zone twice in a region", "zones.csv", ",brook,", ",alder,", {"zones.csv:3", "duplicate", "delete"}, 0},
    {"a total of something else",
     "totals.csv",
     "gdp,all",
     "gpd,all",
     {"totals.csv:3", "'variable'", "did you mean 'gdp'"},
     0},
    {"a total of an unknown set",
     "totals.csv",
     "people,province,north",
     "people,provence,north",
     {"totals.csv:5", "'set'", "'province'"},
     0},
    {"a total of an unknown member",
     "totals.csv",
     "people,province,north",
     "people,province,nroth",
     {"totals.csv:5", "'member'", "'north'"},
     0},
    {"a member of all",
     "totals.csv",
     "people,all,,",
     "people,all,north,",
     {"totals.csv:2", "'member'", "leave it empty"},
     0},
    {"a total twice",
     "totals.csv",
     "people,province,south",
     "people,province,north",
     {"totals.csv:7", "duplicate", "line 5"},
     0},
    /* ---- sectors and groups ---- */
    {"an industry that is none", "sectors.csv", "食品,1,", "食品,4,", {"sectors.csv:2", "'industry'", "1 to 3"}, 0},
    {"half an industry", "sectors.csv", "食品,1,", "食品,1.5,", {"sectors.csv:2", "'industry'", "1, 2 or 3"}, 0},
    {"an unknown class of travel",
     "sectors.csv",
     "1,freight",
     "1,fright",
     {"sectors.csv:2", "'travel'", "did you mean 'freight'"},
     0},
    {"a mark that is neither 0 nor 1",
     "sectors.csv",
     "freight,0,",
     "freight,0.5,",
     {"sectors.csv:2", "'research'", "0 or 1"},
     0},
    {"a duplicate sector", "sectors.csv", "goods,Goods", "food,Goods", {"sectors.csv:3", "duplicate sector 'food'"}, 0},
    {"a duplicate group", "groups.csv", "others,", "college,", {"groups.csv:3", "duplicate group 'college'"}, 0},
    {"an elasticity out of range in a column",
     "sectors.csv",
     "0.49",
     "1.49",
     {"sectors.csv:2", "'land_share'", "0 to 0.95"},
     0},
    {"an infinite land share", "sectors.csv", "0.49", "inf", {"sectors.csv:2", "'land_share'", "not a finite"}, 0},
    /* ---- people and production ---- */
    {"negative people", "people.csv", "900000", "-900000", {"people.csv:2", "'people'", "at least 0", "persons"}, 0},
    {"people that do not sum",
     "people.csv",
     "900000",
     "900010",
     {"regions.csv:2", "'people'", "disagrees", "3000010"},
     0},
    {"an unknown region",
     "people.csv",
     "alder,college",
     "aldr,college",
     {"people.csv:2", "'region'", "did you mean 'alder'"},
     0},
    {"a region like no other",
     "people.csv",
     "alder,college",
     "zzzzzzzz,college",
     {"people.csv:2", "unknown region", "regions.csv"},
     0},
    {"an unknown group",
     "people.csv",
     "alder,college",
     "alder,collage",
     {"people.csv:2", "'group'", "did you mean 'college'"},
     0},
    {"people twice",
     "people.csv",
     "alder,others",
     "alder,college",
     {"people.csv:3", "duplicate", "line 2", "region = 'alder', group = 'college'"},
     0},
    {"people missing",
     "people.csv",
     "fern,others,550000,\n",
     "",
     {"people.csv", "no row", "region = 'fern', group = 'others'", "add"},
     0},
    {"an undeclared flag of people",
     "people.csv",
     "imputed_stated",
     "guessed",
     {"people.csv:14", "'people_flag'", "flags"},
     0},
    {"negative value added", "production.csv", ",76,", ",-76,", {"production.csv:3", "'value_added'", "at least 0"}, 0},
    {"gdp that is not the sum",
     "production.csv",
     ",76,",
     ",77,",
     {"regions.csv:2", "'gdp'", "210", "211", "correct"},
     0},
    {"a sector missing",
     "production.csv",
     "cinder,goods,14,\n",
     "",
     {"production.csv", "region = 'cinder', sector = 'goods'", "add"},
     0},
    {"an unknown sector",
     "production.csv",
     "brook,goods",
     "brook,gods",
     {"production.csv:6", "'sector'", "did you mean 'goods'"},
     0},
    {"production twice", "production.csv", "brook,goods", "brook,food", {"production.csv:6", "duplicate", "line 5"}, 0},
    {"a thousands separator",
     "production.csv",
     ",3740,",
     ",\"3,740\",",
     {"production.csv:21", "'value_added'", "without commas"},
     0},
    /* ---- inputs, demand, wages ---- */
    {"inputs that leave no value added",
     "input_output.csv",
     "goods,goods,0.45",
     "goods,goods,0.83",
     {"input_output.csv:5", "'coefficient'", "'goods'", "below 1"},
     0},
    {"a negative coefficient",
     "input_output.csv",
     "0.45",
     "-0.45",
     {"input_output.csv:6", "'coefficient'", "0 to 1"},
     0},
    {"a coefficient missing",
     "input_output.csv",
     "*,goods,services,0.16\n",
     "",
     {"input_output.csv", "output_sector = 'services', input_sector = 'goods'"},
     0},
    {"a coefficient twice",
     "input_output.csv",
     "*,goods,services",
     "*,food,services",
     {"input_output.csv:9", "duplicate", "line 8"},
     0},
    {"an unknown area",
     "input_output.csv",
     "*,food,food",
     "noth,food,food",
     {"input_output.csv:2", "'area'", "did you mean 'north'"},
     0},
    {"an area listed in part",
     "input_output.csv",
     NULL,
     "north,food,food,0.1\n",
     {"input_output.csv", "area = 'north', output_sector = 'food', input_sector = 'goods'"},
     0},
    {"demand shares that do not sum",
     "final_demand.csv",
     "0.369",
     "0.37",
     {"final_demand.csv:2", "'share'", "'north'", "1.001", "sum to 1"},
     0},
    {"a demand share missing",
     "final_demand.csv",
     "*,food,0.081\n",
     "",
     {"final_demand.csv", "area = '*', sector = 'food'"},
     0},
    {"no demand for an area",
     "final_demand.csv",
     "*",
     "area,sector,share\nnorth,food,1\nnorth,goods,0\nnorth,services,0\n",
     {"final_demand.csv", "area = 'south', sector = 'food'", "add"},
     0},
    {"a share above 1", "final_demand.csv", "0.369", "1.369", {"final_demand.csv:3", "'share'", "0 to 1"}, 0},
    {"wage shares that do not sum",
     "wage_bill.csv",
     "alder,goods,college,0.4",
     "alder,goods,college,0.5",
     {"wage_bill.csv:10", "'share'", "'alder'", "'goods'", "1.1"},
     0},
    {"a wage share missing",
     "wage_bill.csv",
     "dune,goods,others,0.6\n",
     "",
     {"wage_bill.csv", "area = 'dune', sector = 'goods', group = 'others'"},
     0},
    {"wages of no place",
     "wage_bill.csv",
     "dune,food,college",
     "duen,food,college",
     {"wage_bill.csv:14", "'area'", "did you mean 'dune'"},
     0},
    /* ---- trade and people who move ---- */
    {"negative exports",
     "trade_margins.csv",
     "north,goods,40",
     "north,goods,-40",
     {"trade_margins.csv:3", "'exports'", "at least 0"},
     0},
    {"a margin twice",
     "trade_margins.csv",
     "north,services",
     "north,goods",
     {"trade_margins.csv:4", "duplicate", "line 3"},
     0},
    {"margins of the rest of the world",
     "trade_margins.csv",
     "south,food",
     "SEA,food",
     {"trade_margins.csv:5", "rest of the world", "delete"},
     0},
    {"exports to nowhere", "economy.yaml", "foreign: SEA\n", "", {"trade_margins.csv:2", "'exports'", "foreign"}, 0},
    {"flows and margins",
     "economy.yaml",
     "  zones: zones.csv",
     "  trade: zones.csv",
     {"economy.yaml:21", "trade", "delete one"},
     0},
    {"an unknown margin",
     "trade_margins.csv",
     "outflow",
     "outflows",
     {"trade_margins.csv:1", "'outflows'", "'outflow'"},
     0},
    {"more migrants than people",
     "migration.csv",
     "fern,25000",
     "fern,925000",
     {"migration.csv:7", "more than", "correct"},
     0},
    {"a migration row twice", "migration.csv", "brook,", "alder,", {"migration.csv:3", "duplicate", "line 2"}, 0},
    {"an unknown area of origin",
     "migration_origins.csv",
     "north",
     "nort",
     {"migration_origins.csv:2", "'area'", "'north'"},
     0},
    {"a negative weight",
     "migration_origins.csv",
     "306",
     "-306",
     {"migration_origins.csv:2", "'weight'", "at least 0"},
     0},
    /* ---- the network ---- */
    {"a region without a node",
     "nodes.csv",
     "fern,109.3,28.4,region",
     "fern,109.3,28.4,station",
     {"nodes.csv", "region = 'fern'", "add"},
     0},
    {"a region with two nodes",
     "nodes.csv",
     "alder,106.02,30.02,station",
     "alder,106.02,30.02,region",
     {"nodes.csv:9", "'alder'", "line 2"},
     0},
    {"a node of an unknown kind",
     "nodes.csv",
     "30.02,station",
     "30.02,stop",
     {"nodes.csv:9", "'kind'", "region or station"},
     0},
    {"a duplicate node", "nodes.csv", "Rbrook,", "Ralder,", {"nodes.csv:3", "duplicate node 'Ralder'"}, 0},
    {"a node in no region", "nodes.csv", "溪镇,brook", "溪镇,brok", {"nodes.csv:3", "'region'", "'brook'"}, 0},
    {"an unknown node",
     "links.csv",
     "Ralder,Salder",
     "Ralde,Salder",
     {"links.csv:2", "'from_node'", "did you mean 'Ralder'"},
     0},
    {"a speed limit of no mode", "economy.yaml", "{road: 110", "{raod: 110", {"economy.yaml:32", "'raod'", "did you mean 'road'"}, 0},
    {"a stop of no mode", "economy.yaml", "  speed_limits", "  stop_minutes: {raod: {value: 3}}\n  speed_limits", {"economy.yaml:32", "stop_minutes", "'raod'", "did you mean 'road'"}, 0},
    {"stops without a map", "economy.yaml", "  speed_limits", "  stop_minutes: 3\n  speed_limits", {"economy.yaml:32", "stop_minutes", "map by mode"}, 0},
    {"a stop that is a number", "economy.yaml", "  speed_limits", "  stop_minutes: {road: 3}\n  speed_limits", {"economy.yaml:32", "stop_minutes", "{value: ..."}, 0},
    {"a transfer of less than nothing", "economy.yaml", "  speed_limits", "  transfer_minutes: {road: {value: -1}}\n  speed_limits", {"economy.yaml:32", "transfer_minutes", "0 to"}, 0},
    {"a speed limit of nothing", "economy.yaml", "{road: 110", "{road: 0", {"economy.yaml:32", "road", "1 to"}, 0},
    {"a printed time of an unknown node", "travel_times.csv", "Selm,Sdune", "Salm,Sdune", {"travel_times.csv:6", "'from_node'", "did you mean 'Selm'"}, 0},
    {"a printed time of nowhere", "travel_times.csv", "Selm,Sdune", "Sdune,Sdune", {"travel_times.csv:6", "'to_node'", "begins and ends"}, 0},
    {"a printed time of no mode", "travel_times.csv", "Selm,Sdune,rail_conventional", "Selm,Sdune,rail_conventionel", {"travel_times.csv:6", "'mode'", "did you mean 'rail_conventional'"}, 0},
    {"a printed time of no minutes", "travel_times.csv", "2020,80", "2020,0", {"travel_times.csv:6", "'minutes'", "must be positive"}, 0},
    {"a printed time in no year", "travel_times.csv", "2010,", "2010.5,", {"travel_times.csv:7", "'year'", "is no year"}, 0},
    {"a printed time twice", "travel_times.csv", "2010,", "2020,", {"travel_times.csv:7", "duplicate", "line 4"}, 0},
    {"no time", "links.csv", "road,20,", "road,0,", {"links.csv:2", "'minutes'", "must be positive"}, 0},
    {"negative time", "links.csv", "road,20,", "road,-20,", {"links.csv:2", "'minutes'", "0 to"}, 0},
    {"a link to itself",
     "links.csv",
     "Ralder,Salder",
     "Ralder,Ralder",
     {"links.csv:2", "'to_node'", "begins and ends"},
     0},
    {"a mode nobody uses",
     "links.csv",
     "rail_high_speed",
     "rail_hihg_speed",
     {"links.csv:5", "'mode'", "did you mean 'rail_high_speed'"},
     0},
    {"a duplicate link",
     "links.csv",
     "access-dune",
     "access-alder",
     {"links.csv:3", "duplicate link 'access-alder'", "line 2"},
     0},
    {"an unknown direction", "links.csv", "opened,line", "direction,line", {"links.csv:5", "'direction'", "oneway"}, 0},
    {"an unconnected region",
     "economy.yaml",
     "freight:   {modes: [road, rail_conventional]",
     "freight:   {modes: [rail_conventional]",
     {"links.csv", "'freight'", "'brook'", "add"},
     0},
    {"a region nobody can leave",
     "links.csv",
     "*",
     "id,from_node,to_node,mode,minutes,length_km,direction\na,Ralder,Rbrook,road,1,,\nb,Ralder,Rcinder,road,1,,\nc,"
     "Ralder,Rdune,road,1,,\n"
     "d,Ralder,Relm,road,1,,\ne,Ralder,Rfern,road,1,,\nf,Ralder,RSEA,road,1,,oneway\ng,Ralder,Salder,rail_conventional,"
     "1,,\n",
     {"links.csv", "from 'SEA'", "add"},
     0},
    {"links without nodes", "economy.yaml", "  nodes: nodes.csv\n", "", {"economy.yaml:", "links without nodes"}, 0},
    {"a network nobody travels",
     "economy.yaml",
     "travel:\n  freight:   {modes: [road, rail_conventional], " OF_CLASS "  passenger: {modes: [road, rail_conventional, rail_high_speed], " OF_CLASS,
     "travel:\n",
     {"economy.yaml:", "class of travel"},
     0},
    {"modes that are no list",
     "economy.yaml",
     "{modes: [road, rail_conventional], route",
     "{modes: road, route",
     {"economy.yaml:29", "modes", "must be a list"},
     0},
    {"a mode twice", "economy.yaml", "{modes: [road, rail_conventional], route", "{modes: [road, road], route", {"economy.yaml:29", "'road' is there twice", "delete one"}, 0},
    {"no dispersion", "economy.yaml", "route_dispersion: {value: 6, low: 3", "route_dispersion: {value: 0, low: 0", {"economy.yaml:29", "route_dispersion", "1e-06 to 1000000"}, 0},
    {"a dispersion that is a number", "economy.yaml", "route", "mode_dispersion: 2, route", {"economy.yaml:29", "mode_dispersion", "{value: ..."}, 0},
    {"a penalty of no mode", "economy.yaml", "route", "mode_penalty_minutes: {ferry: {value: 3}}, route",
     {"economy.yaml:29", "mode_penalty_minutes", "'freight' has no mode 'ferry'"}, 0},
    {"penalties without a map", "economy.yaml", "route", "mode_penalty_minutes: 3, route", {"economy.yaml:29", "mode_penalty_minutes", "map by mode"}, 0},
    {"a key of no class", "economy.yaml", "route_dispersion", "route_dispersoin", {"economy.yaml:29", "route_dispersoin", "route_dispersion"}, 0},
    {"an unknown class of people",
     "economy.yaml",
     "foreign: SEA",
     "foreign: SEA\npeople_travel: pasenger",
     {"economy.yaml:26", "'pasenger'", "'passenger'"},
     0},
    {"no speed inside regions",
     "economy.yaml",
     "  internal_speed_km_per_h: {value: 40, low: 20, high: 60, source: \"invented economy: stated\"}\n",
     "",
     {"economy.yaml:", "internal_speed_km_per_h", "add"},
     0},
    /* ---- the model ---- */
    {"an unknown elasticity",
     "economy.yaml",
     "  land_share:",
     "  land_sahre:",
     {"economy.yaml:37", "'land_sahre'", "'land_share'"},
     0},
    {"an elasticity out of range",
     "economy.yaml",
     "{value: 4,",
     "{value: 400,",
     {"economy.yaml:34", "trade_elasticity.value", "0.01 to 100"},
     0},
    {"a value outside its range",
     "economy.yaml",
     "{value: 4, low: 2.8",
     "{value: 2, low: 2.8",
     {"economy.yaml:34", "trade_elasticity", "not between"},
     0},
    {"an elasticity without a value", "economy.yaml", "{value: 4, low", "{low", {"economy.yaml:34", "value", "add"}, 0},
    {"an elasticity that is a word",
     "economy.yaml",
     "{value: 4,",
     "{value: four,",
     {"economy.yaml:34", "not a number"},
     0},
    {"an infinite trade elasticity",
     "economy.yaml",
     "{value: 4,",
     "{value: .inf,",
     {"economy.yaml:34", "value", "not a finite"},
     0},
    {"an elasticity that is no map",
     "economy.yaml",
     "land_share: {value: 0.05, low: 0.02, high: 0.1, source: \"Tombe & Zhu 2019 (0.01 of output against 0.19 for "
     "labour)\"}",
     "land_share: 0.05",
     {"economy.yaml:37", "land_share", "must be a map"},
     0},
    {"a required elasticity missing",
     "economy.yaml",
     "  trade_elasticity: {value: 4, low: 2.8, high: 8.3, source: \"Simonovska & Waugh 2014; Eaton & Kortum 2002\"}\n",
     "",
     {"economy.yaml", "'trade_elasticity' is missing", "write it"},
     0},
    {"an unknown switch",
     "economy.yaml",
     "  mobility: frechet",
     "  mobillity: frechet",
     {"economy.yaml:47", "'mobillity'", "'mobility'"},
     0},
    {"an unknown word",
     "economy.yaml",
     "mobility: frechet",
     "mobility: fast",
     {"economy.yaml:47", "'fast'", "none or frechet or costless or free"},
     0},
    {"times without a network",
     "economy.yaml",
     "  nodes: nodes.csv\n  links: links.csv\n",
     "",
     {"economy.yaml", "trade_time_elasticity", "add nodes and links"},
     0},
    {"deficits of another name",
     "economy.yaml",
     "deficits: fixed",
     "deficits: proportional",
     {"economy.yaml:49", "'proportional'", "fixed or zero or multiplicative"},
     0},
    {"an unknown baseline",
     "economy.yaml",
     "  spillover: mass",
     "  baseline: setled",
     {"economy.yaml:50", "'setled'", "observed or settled"},
     0},
    {"an unknown numeraire",
     "economy.yaml",
     "  spillover: mass",
     "  numeraire: gold",
     {"economy.yaml:50", "'gold'", "value_added or wage"},
     0},
    {"commuting by another word",
     "economy.yaml",
     "  spillover: mass",
     "  commuting: gravity",
     {"economy.yaml:50", "'gravity'", "none or frechet"},
     0},
    /* ---- what may be left out only where there is nothing to say ---- */
    {"no wage bill for two groups",
     "economy.yaml",
     "  wage_bill: wage_bill.csv\n",
     "",
     {"economy.yaml", "'wage_bill' is missing", "2 groups", "add it"},
     0},
    {"no people for two groups",
     "economy.yaml",
     "  people: people.csv\n",
     "",
     {"economy.yaml", "'people' is missing", "2 groups", "add it"},
     0},
    {"no final demand and no flows",
     "economy.yaml",
     "  final_demand: final_demand.csv\n",
     "",
     {"economy.yaml", "'final_demand' is missing", "'trade'"},
     0},
    {"no production", "economy.yaml", "  production: production.csv\n", "", {"economy.yaml:", "production", "add"}, 0},
    /* ---- portfolios and structures ---- */
    {"half a portfolio",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,portfolio_share\nalder,A,A,,,1,1,10,north,1\nSEA,S,S,,,1,1,1,SEA,\n",
     {"regions.csv:3", "'portfolio_share'", "is empty", "for every region"},
     0},
    {"more than a portfolio",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,portfolio_share\nalder,A,A,,,1,1,10,north,0.7\nSEA,S,S,,,1,1,1,SEA,0.4\n",
     {"regions.csv:2", "'portfolio_share'", "sum to 1.1", "sum to 1,"},
     0},
    {"a share of a portfolio that is none",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,portfolio_share\nalder,A,A,,,1,1,10,north,2\nSEA,S,S,,,1,1,1,SEA,-1\n",
     {"regions.csv:2", "'portfolio_share'", "-1 to 1"},
     0},
    {"structures of another word",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,structures\nalder,A,A,,,1,1,10,north,own\nSEA,S,S,,,1,1,1,SEA,\n",
     {"regions.csv:2", "'structures'", "unknown word 'own'", "shared or specific"},
     0},
    {"more land than value added",
     "production.csv",
     "value_added_flag\nalder,food,4,",
     "land_share\nalder,food,4,1.2",
     {"production.csv:2", "'land_share'", "0 to 0.95"},
     0},
    /* ---- rents, reach, speed ---- */
    {"a rent of nothing",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,rent\nalder,A,A,,,1,1,10,north,3\nSEA,S,S,,,1,1,1,SEA,0\n",
     {"regions.csv:3", "'rent'", "must be positive", "leave the column empty"},
     0},
    {"a rent here and none there",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,rent\nalder,A,A,,,1,1,10,north,3\nSEA,S,S,,,1,1,1,SEA,\n",
     {"regions.csv:3", "'rent'", "is empty, and 1 other", "leave the column empty"},
     0},
    {"a rent in words",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,rent\nalder,A,A,,,1,1,10,north,dear\nSEA,S,S,,,1,1,1,SEA,\n",
     {"regions.csv:2", "'rent'", "not a number", "any unit"},
     0},
    {"an infinite rent",
     "regions.csv",
     "*",
     "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,rent\nalder,A,A,,,1,1,10,north,inf\nSEA,S,S,,,1,1,1,SEA,\n",
     {"regions.csv:2", "'rent'", "not a finite number"},
     0},
    {"rents of another word",
     "economy.yaml",
     "  rents: residents",
     "  rents: landlord",
     {"economy.yaml:48", "'landlord'", "residents or national or landlords"},
     0},
    {"an amenity that grows with travel",
     "economy.yaml",
     "elasticities:\n",
     "elasticities:\n  amenity_decay: {value: -1}\n",
     {"economy.yaml:34", "amenity_decay", "at least 0"},
     0},
    {"commuting that grows with travel",
     "economy.yaml",
     "elasticities:\n",
     "elasticities:\n  commuting_decay: {value: -0.1}\n",
     {"economy.yaml:34", "commuting_decay", "0 to 1000"},
     0},
    {"an infinite decay of commuting",
     "economy.yaml",
     "elasticities:\n",
     "elasticities:\n  commuting_decay: {value: inf}\n",
     {"economy.yaml:34", "commuting_decay", "not a finite"},
     0},
    {"no speed", "economy.yaml", "{value: 40,", "{value: 0,", {"economy.yaml:31", "internal_speed_km_per_h", "at least 0.1"}, 0},
    {"a power of no time, in trade",
     "economy.yaml",
     "{value: 40, low: 20, high: 60,",
     "{value: inf,",
     {"economy.yaml", "internal_speed_km_per_h is inf", "'trade_time_elasticity' takes a power", "finite speed"},
     0},
    {"a key twice", "economy.yaml", "year: 2020", "year: 2020\nyear: 2021", {"economy.yaml:6", "year"}, 0},
};

/* ---- more than one edit, or an error that only calibration can see ---- */

#define COMMUTES                                                                                                       \
    {"", "economy.yaml", "tables:\n", "tables:\n  commuting: commuting.csv\n", {NULL}, 0},                          \
    {"", "economy.yaml", "elasticities:\n", "elasticities:\n  commuting_elasticity: {value: 3}\n", {NULL}, 0},      \
    {"", "economy.yaml", "model:\n", "model:\n  commuting: frechet\n", {NULL}, 0}
/* `put` becomes the file when there is none: find "+" */
#define COMMUTERS(rows) {"", "commuting.csv", "+", "residence,workplace,group,commuters\n" rows, {NULL}, 0}
#define AT_HOME                                                                                                        \
    "brook,brook,college,110000\nbrook,brook,others,790000\ncinder,cinder,college,70000\ncinder,cinder,others,630000\n" \
    "dune,dune,college,650000\ndune,dune,others,1750000\nelm,elm,college,100000\nelm,elm,others,700000\n"           \
    "SEA,SEA,college,30000000\nSEA,SEA,others,110000000\n"
/* Edits of a table of workers; nobody but overseas is left out of what follows it. */
#define WORKERS(rows)                                                                                                  \
    {"", "economy.yaml", "tables:\n", "tables:\n  workers: workers.csv\n", {NULL}, 0},                              \
    {"", "economy.yaml", "elasticities:\n", "elasticities:\n  commuting_elasticity: {value: 3}\n", {NULL}, 0},      \
    {"", "workers.csv", "+", "region,group,workers\n" rows, {NULL}, 0}
#define COLLEGE_WORKS                                                                                                  \
    "alder,college,900000\nbrook,college,110000\ncinder,college,70000\ndune,college,650000\nelm,college,100000\nfern,college,50000\n"
#define OTHERS_WORK                                                                                                    \
    "alder,others,2100000\nbrook,others,790000\ncinder,others,630000\ndune,others,1750000\nelm,others,700000\n"   \
    "fern,others,550000\nSEA,others,110000000\n"
#define NO_TIME_INSIDE {"", "economy.yaml", "{value: 40, low: 20, high: 60,", "{value: inf,", {NULL}, 0}
#define ALDER_AT_HOME "alder,alder,college,900000\nalder,alder,others,2100000\n"

enum { EDITS = 8 };
typedef struct bad_inputs {
    bad_input what; /* name, says, status */
    bad_input edits[EDITS];
    bool at_calibration;
} bad_inputs;

#define GROSS_FLOWS(rows)                                                                                              \
    {"", "economy.yaml", "tables:\n", "tables:\n  gross_flows: gross_flows.csv\n", {NULL}, 0},                      \
    {"", "gross_flows.csv", "+", rows, {NULL}, 0}
#define MOVE_ALONE "region,group,to_region,people\n"
#define MOVE_TO_GROUP "region,group,to_region,to_group,people\n"

static const bad_inputs several[] = {
    {{"more leave than are there", NULL, NULL, NULL, {"gross_flows.csv:3", "'people'", "900001 people leave where 900000 are", "correct one"}, 0},
     {GROSS_FLOWS(MOVE_ALONE "alder,college,brook,900000\nalder,college,dune,1\n")}, false},
    {{"more leave for other groups than are there", NULL, NULL, NULL, {"gross_flows.csv:3", "'people'", "900001 people leave where 900000 are"}, 0},
     {GROSS_FLOWS(MOVE_TO_GROUP "alder,college,alder,others,899999\nalder,college,dune,college,2\n")}, false},
    {{"movers from nowhere", NULL, NULL, NULL, {"gross_flows.csv:2", "'region'", "did you mean 'alder'"}, 0},
     {GROSS_FLOWS(MOVE_ALONE "aldr,college,brook,1\n")}, false},
    {{"movers to nowhere", NULL, NULL, NULL, {"gross_flows.csv:2", "'to_region'", "did you mean 'brook'"}, 0},
     {GROSS_FLOWS(MOVE_ALONE "alder,college,brok,1\n")}, false},
    {{"movers of an unknown group", NULL, NULL, NULL, {"gross_flows.csv:2", "'group'", "did you mean 'college'"}, 0},
     {GROSS_FLOWS(MOVE_ALONE "alder,colege,brook,1\n")}, false},
    {{"movers to an unknown group", NULL, NULL, NULL, {"gross_flows.csv:2", "'to_group'", "did you mean 'others'"}, 0},
     {GROSS_FLOWS(MOVE_TO_GROUP "alder,college,brook,other,1\n")}, false},
    {{"fewer movers than none", NULL, NULL, NULL, {"gross_flows.csv:2", "'people'", "at least 0", "persons"}, 0},
     {GROSS_FLOWS(MOVE_ALONE "alder,college,brook,-1\n")}, false},
    {{"movers who stay", NULL, NULL, NULL, {"gross_flows.csv:2", "from a place to itself", "delete the row"}, 0},
     {GROSS_FLOWS(MOVE_TO_GROUP "alder,college,alder,college,1\n")}, false},
    {{"movers twice", NULL, NULL, NULL, {"gross_flows.csv:3", "duplicate", "line 2"}, 0},
     {GROSS_FLOWS(MOVE_ALONE "alder,college,brook,1\nalder,college,brook,2\n")}, false},
    {{"movers of no group", NULL, NULL, NULL, {"gross_flows.csv:1", "'group'", "add it"}, 0}, {GROSS_FLOWS("region,to_region,people\nalder,brook,1\n")}, false},
    {{"movers of whom nobody knows how many", NULL, NULL, NULL, {"gross_flows.csv:1", "'people'", "add it"}, 0},
     {GROSS_FLOWS("region,group,to_region\nalder,college,brook\n")}, false},
    {{"movers to where nobody is", NULL, NULL, NULL, {"gross_flows.csv:2", "move to where nobody is", "delete the row"}, 0},
     {GROSS_FLOWS(MOVE_ALONE "alder,college,fern,5\n"), {"", "people.csv", "fern,college,50000", "fern,college,0", {NULL}, 0},
      {"", "people.csv", "fern,others,550000", "fern,others,600000", {NULL}, 0}}, false},
    {{"periods that are not whole", NULL, NULL, NULL, {"economy.yaml", "periods_per_year"}, 0},
     {{"", "economy.yaml", "elasticities:\n", "elasticities:\n  periods_per_year: {value: 0}\n", {NULL}, 0}}, false},
    {{"commuters who do not live there", NULL, NULL, NULL,
      {"commuting.csv:2", "'commuters'", "'alder'", "sum to 900010 but 900000", "correct one"}, 0},
     {COMMUTES, COMMUTERS("alder,alder,college,800000\nalder,dune,college,100010\n")}, false},
    {{"residents of whom nothing is said", NULL, NULL, NULL,
      {"commuting.csv", "no row", "900000 people of region 'alder'", "'college'", "add rows"}, 0},
     {COMMUTES, COMMUTERS("brook,brook,college,110000\n")}, false},
    {{"a negative number of commuters", NULL, NULL, NULL, {"commuting.csv:2", "'commuters'", "at least 0", "persons"}, 0},
     {COMMUTES, COMMUTERS("alder,alder,college,-900000\n")}, false},
    {{"commuters from nowhere", NULL, NULL, NULL, {"commuting.csv:2", "'residence'", "did you mean 'alder'"}, 0},
     {COMMUTES, COMMUTERS("aldr,alder,college,900000\n")}, false},
    {{"commuters to nowhere", NULL, NULL, NULL, {"commuting.csv:2", "'workplace'", "did you mean 'alder'"}, 0},
     {COMMUTES, COMMUTERS("alder,aldr,college,900000\n")}, false},
    {{"commuters twice", NULL, NULL, NULL, {"commuting.csv:3", "duplicate", "line 2", "workplace = 'alder'"}, 0},
     {COMMUTES, COMMUTERS("alder,alder,college,900000\nalder,alder,college,900000\n")}, false},
    {{"commuters of no group", NULL, NULL, NULL, {"commuting.csv:1", "'group'", "add it"}, 0},
     {COMMUTES, {"", "commuting.csv", "+", "residence,workplace,commuters\nalder,alder,3000000\n", {NULL}, 0}}, false},
    {{"commuters without an elasticity", NULL, NULL, NULL, {"economy.yaml", "'commuting_elasticity' is missing", "write it"}, 0},
     {{"", "economy.yaml", "tables:\n", "tables:\n  commuting: commuting.csv\n", {NULL}, 0},
      COMMUTERS(ALDER_AT_HOME AT_HOME "fern,fern,college,50000\nfern,fern,others,550000\n")}, false},
    {{"commuting without a table", NULL, NULL, NULL, {"commuting: frechet", "no table 'commuting'", "add commuting.csv"}, 0},
     {{"", "economy.yaml", "model:\n", "model:\n  commuting: frechet\n", {NULL}, 0}}, true},
    {{"jobs without wages", NULL, NULL, NULL,
      {"'college' is paid 0 in region 'fern'", "50000 commuters work there", "commuting, production and wage_bill"}, 0},
     {COMMUTES, COMMUTERS(ALDER_AT_HOME AT_HOME "fern,fern,college,50000\nfern,fern,others,550000\n"),
      {"", "wage_bill.csv", NULL,
       "fern,food,college,0\nfern,food,others,1\nfern,goods,college,0\nfern,goods,others,1\nfern,services,college,0\nfern,services,others,1\n",
       {NULL}, 0}}, true},
    {{"wages without workers", NULL, NULL, NULL,
      {"'college' is paid", "in region 'fern' but 0 commuters work there", "commuting, production and wage_bill"}, 0},
     {COMMUTES, COMMUTERS(ALDER_AT_HOME AT_HOME "fern,elm,college,50000\nfern,fern,others,550000\n")}, true},
    {{"workers who do not live anywhere", NULL, NULL, NULL,
      {"workers.csv", "39630000 people of group 'college'", "31880000 live somewhere", "scale one"}, 0},
     {WORKERS(COLLEGE_WORKS OTHERS_WORK "SEA,college,37750000\n")}, false},
    {{"workers beside commuters", NULL, NULL, NULL,
      {"economy.yaml:", "workers: commuting says who works where", "delete one of the two"}, 0},
     {COMMUTES, COMMUTERS(ALDER_AT_HOME AT_HOME "fern,fern,college,50000\nfern,fern,others,550000\n"),
      {"", "economy.yaml", "tables:\n", "tables:\n  workers: workers.csv\n", {NULL}, 0},
      {"", "workers.csv", "+", "region,group,workers\nalder,college,1\n", {NULL}, 0}}, false},
    {{"a region nobody counted the workers of", NULL, NULL, NULL, {"workers.csv", "region = 'SEA'", "'college'", "add"}, 0},
     {WORKERS(COLLEGE_WORKS OTHERS_WORK)}, false},
    {{"workers nowhere", NULL, NULL, NULL, {"workers.csv:2", "'region'", "did you mean 'alder'"}, 0},
     {WORKERS("aldr,college,900000\n")}, false},
    {{"workers twice", NULL, NULL, NULL, {"workers.csv:3", "duplicate", "line 2", "region = 'alder'"}, 0},
     {WORKERS("alder,college,900000\nalder,college,900000\n")}, false},
    {{"fewer than no workers", NULL, NULL, NULL, {"workers.csv:2", "'workers'", "at least 0", "persons"}, 0},
     {WORKERS("alder,college,-1\n")}, false},
    {{"workers of no group", NULL, NULL, NULL, {"workers.csv:1", "'group'", "add it"}, 0},
     {{"", "economy.yaml", "tables:\n", "tables:\n  workers: workers.csv\n", {NULL}, 0},
      {"", "economy.yaml", "elasticities:\n", "elasticities:\n  commuting_elasticity: {value: 3}\n", {NULL}, 0},
      {"", "workers.csv", "+", "region,workers\nalder,3000000\n", {NULL}, 0}}, false},
    {{"workers by another name", NULL, NULL, NULL, {"workers.csv:1", "'worker'", "did you mean 'workers'"}, 0},
     {{"", "economy.yaml", "tables:\n", "tables:\n  workers: workers.csv\n", {NULL}, 0},
      {"", "workers.csv", "+", "region,group,worker\nalder,college,3000000\n", {NULL}, 0}}, false},
    {{"workers without an elasticity", NULL, NULL, NULL, {"economy.yaml", "'commuting_elasticity' is missing", "write it"}, 0},
     {{"", "economy.yaml", "tables:\n", "tables:\n  workers: workers.csv\n", {NULL}, 0},
      {"", "workers.csv", "+", "region,group,workers\n" COLLEGE_WORKS OTHERS_WORK "SEA,college,30000000\n", {NULL}, 0}}, false},
    {{"workers nobody pays", NULL, NULL, NULL,
      {"'college' is paid 0 in region 'fern'", "commuters work there", "commuting, production and wage_bill"}, 0},
     {WORKERS(COLLEGE_WORKS OTHERS_WORK "SEA,college,30000000\n"),
      {"", "economy.yaml", "model:\n", "model:\n  commuting: frechet\n", {NULL}, 0},
      {"", "wage_bill.csv", NULL,
       "fern,food,college,0\nfern,food,others,1\nfern,goods,college,0\nfern,goods,others,1\nfern,services,college,0\nfern,services,others,1\n",
       {NULL}, 0}}, true},
    {{"a power of no time, in migration", NULL, NULL, NULL,
      {"economy.yaml", "internal_speed_km_per_h is inf", "'migration_time_elasticity' takes a power"}, 0},
     {NO_TIME_INSIDE, {"", "economy.yaml", "trade_time_elasticity: {value: 1, low: 0.5,", "trade_time_elasticity: {value: 0, low: 0,", {NULL}, 0}}, false},
    {{"a power of no time, in commuting", NULL, NULL, NULL,
      {"economy.yaml", "internal_speed_km_per_h is inf", "'commuting_time_elasticity' takes a power"}, 0},
     {NO_TIME_INSIDE, {"", "economy.yaml", "trade_time_elasticity: {value: 1, low: 0.5,", "trade_time_elasticity: {value: 0, low: 0,", {NULL}, 0},
      WORKERS(COLLEGE_WORKS OTHERS_WORK "SEA,college,30000000\n"),
      {"", "economy.yaml", "  migration_time_elasticity: {value: 1, low: 0.5,",
       "  commuting_time_elasticity: {value: 1}\n  migration_time_elasticity: {value: 0, low: 0,", {NULL}, 0}}, false},
    {{"mobility without a table", NULL, NULL, NULL, {"mobility: frechet", "no table 'migration'", "none, costless or free"}, 0},
     {{"", "economy.yaml", "  migration: migration.csv\n", "", {NULL}, 0}}, true},
    {{"costs of trade that is observed", NULL, NULL, NULL, {"economy.yaml:", "trade", "trade_cost", "delete one"}, 0},
     {{"", "economy.yaml", "  trade_margins: trade_margins.csv\n", "  trade: trade.csv\n  trade_cost: trade_cost.csv\n", {NULL}, 0},
      {"", "trade.csv", "+", "sector,origin,destination,value\nfood,alder,alder,1\n", {NULL}, 0},
      {"", "trade_cost.csv", "+", "sector,origin,destination,cost\n*,alder,dune,1.5\n", {NULL}, 0}}, false},
    {{"trade that costs nothing at all", NULL, NULL, NULL, {"trade_cost.csv:2", "'cost'", "1e-09 to"}, 0},
     {{"", "economy.yaml", "tables:\n", "tables:\n  trade_cost: trade_cost.csv\n", {NULL}, 0},
      {"", "trade_cost.csv", "+", "sector,origin,destination,cost\n*,alder,dune,0\n", {NULL}, 0}}, false},
    {{"trade costs of an unknown sector", NULL, NULL, NULL, {"trade_cost.csv:2", "'sector'", "did you mean 'goods'"}, 0},
     {{"", "economy.yaml", "tables:\n", "tables:\n  trade_cost: trade_cost.csv\n", {NULL}, 0},
      {"", "trade_cost.csv", "+", "sector,origin,destination,cost\ngods,alder,dune,1.5\n", {NULL}, 0}}, false},
    {{"trade costs twice", NULL, NULL, NULL, {"trade_cost.csv:3", "duplicate", "line 2"}, 0},
     {{"", "economy.yaml", "tables:\n", "tables:\n  trade_cost: trade_cost.csv\n", {NULL}, 0},
      {"", "trade_cost.csv", "+", "sector,origin,destination,cost\n*,alder,dune,2\n*,alder,dune,3\n", {NULL}, 0}}, false},
    {{"more than a by-product", NULL, NULL, NULL, {"input_output.csv:6", "'coefficient'", "-1 to 1"}, 0},
     {{"", "economy.yaml", "  trade_margins: trade_margins.csv\n", "  trade: trade.csv\n", {NULL}, 0},
      {"", "trade.csv", "+", "sector,origin,destination,value\nfood,alder,alder,1\n", {NULL}, 0},
      {"", "input_output.csv", "0.45", "-1.45", {NULL}, 0}}, false},
};

/* ---- a copy of lantern, one file of it changed ---------------------------------------------------- */

static char *slurp(const char *folder, const char *name)
{
    char path[700];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    char *text = calloc(EDITED, 1);
    if (!file || !text) fail_msg("cannot read %s", path);
    size_t size = fread(text, 1, EDITED - 1, file);
    if (size == EDITED - 1) fail_msg("%s does not fit", path);
    fclose(file);
    return text;
}

static void copy_lantern(scratch *s)
{
    DIR *folder = opendir(LANTERN);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (*entry->d_name == '.') continue;
        char *text = slurp(LANTERN, entry->d_name), *end = text;
        for (const char *c = text; *c; c++) /* the edits are written for plain newlines */
            if (*c != '\r') *end++ = *c;
        *end = '\0';
        scratch_text(s, entry->d_name, text);
        free(text);
    }
    closedir(folder);
}

static void edit(scratch *s, const bad_input *c)
{
    if (!c->find && !c->put) {
        assert_int_equal(remove(scratch_path(s, c->file)), 0);
        return;
    }
    if (c->find && !strcmp(c->find, "+")) {
        scratch_text(s, c->file, c->put);
        return;
    }
    char *text = slurp(s->folder, c->file), *edited = calloc(2 * EDITED, 1);
    const char *at = !c->find ? text + strlen(text) : !strcmp(c->find, "*") ? text : strstr(text, c->find);
    if (!at) fail_msg("%s: '%s' is not in %s", c->name, c->find, c->file);
    size_t before = (size_t)(at - text), skip = !c->find ? 0 : !strcmp(c->find, "*") ? strlen(text) : strlen(c->find);
    snprintf(edited, 2 * EDITED, "%.*s%s%s", (int)before, text, c->put, at + skip);
    scratch_text(s, c->file, edited);
    free(edited);
    free(text);
}

static void expect(const bad_input *c, const bad_input *edits, size_t count, bool at_calibration)
{
    scratch s;
    bashu_context *context;
    bashu_data *data = (bashu_data *)&s;
    assert_true(scratch_open(&s));
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    copy_lantern(&s);
    for (size_t k = 0; k < count && edits[k].file; k++) edit(&s, &edits[k]);
    bashu_status status = economy_read(&data, context, s.folder, NULL);
    const char *message = bashu_message(context);
    if (at_calibration) {
        bashu_economy *economy = (bashu_economy *)&s;
        if (status != BASHU_OK) fail_msg("%s: not even read: %s", c->name, message);
        status = bashu_calibrate(&economy, data, NULL);
        assert_null(economy);
        data_free(data);
        data = NULL;
        if (!strstr(message, s.folder)) fail_msg("%s: which economy? %s", c->name, message);
    }
    if (status != (c->status ? c->status : BASHU_ERROR_INPUT)) fail_msg("%s: status %d: %s", c->name, status, message);
    assert_null(data);
    for (size_t k = 0; k < PARTS && c->says[k]; k++)
        if (!strstr(message, c->says[k])) fail_msg("%s: no \"%s\" in: %s", c->name, c->says[k], message);
    if (getenv("SHOW_MESSAGES")) fprintf(stderr, "%s\n", message); /* to read them as a user would */
    bashu_close(context);
    scratch_close(&s);
}

static void check(void **state)
{
    expect(*state, *state, 1, false);
}

static void check_several(void **state)
{
    const bad_inputs *c = *state;
    expect(&c->what, c->edits, EDITS, c->at_calibration);
}

/* ---- model files and --set ------------------------------------------------------------------------ */

static const struct {
    const char *name, *text, *says[PARTS];
} models[] = {
    {"another format", "format: bashu-economy/1\n", {"model.yaml:1", "bashu-model/1"}},
    {"an unknown key", "format: bashu-model/1\nelasticity: {}\n", {"model.yaml:2", "'elasticity'", "'elasticities'"}},
    {"an unknown elasticity",
     "format: bashu-model/1\nelasticities: {trade_elasticit: {value: 5}}\n",
     {"model.yaml:2", "'trade_elasticity'"}},
    {"out of range",
     "format: bashu-model/1\nelasticities: {land_share: {value: 0.99}}\n",
     {"model.yaml:2", "0 to 0.95"}},
    {"an unknown word",
     "format: bashu-model/1\nmodel: {rents: mine}\n",
     {"model.yaml:2", "'mine'", "residents or national or landlords"}},
    {"elasticities that are a list", "format: bashu-model/1\nelasticities: [a]\n", {"model.yaml:2", "must be a map"}},
    {"a model that is a list", "format: bashu-model/1\nmodel: [a]\n", {"model.yaml:2", "must be a map"}},
};

static void model_files_are_checked(void **state)
{
    (void)state;
    scratch s;
    bashu_context *context;
    assert_true(scratch_open(&s));
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        bashu_data *data;
        bashu_status status = economy_read(&data, context, LANTERN, scratch_text(&s, "model.yaml", models[m].text));
        if (status != BASHU_ERROR_INPUT) fail_msg("%s: status %d", models[m].name, status);
        for (size_t k = 0; k < PARTS && models[m].says[k]; k++)
            if (!strstr(bashu_message(context), models[m].says[k]))
                fail_msg("%s: no \"%s\" in: %s", models[m].name, models[m].says[k], bashu_message(context));
    }
    bashu_close(context);
    scratch_close(&s);
}

static const struct {
    const char *path, *value, *says;
} settings[] = {
    {"elasticities.trade_elasticty", "5", "did you mean 'elasticities.trade_elasticity'"},
    {"trade_elasticity", "5", "did you mean 'elasticities.trade_elasticity'"},
    {"model.trade_elasticity", "5", "did you mean 'elasticities.trade_elasticity'"},
    {"elasticities.mobility", "none", "did you mean 'model.mobility'"},
    {"model.mobilty", "none", "did you mean 'model.mobility'"},
    {"", "", "write elasticities.NAME"},
    {"qqqqqqqqqq", "1", "write elasticities.NAME"},
    {"elasticities.trade_elasticity", "", "empty"},
    {"elasticities.trade_elasticity", "0", "0.01 to 100"},
    {"elasticities.trade_elasticity", "nan", "not a finite number"},
    {"elasticities.trade_elasticity", "inf", "not a finite number"},
    {"elasticities.trade_elasticity", "4;", "not a number"},
    {"elasticities.agglomeration_decay", "-1", "at least 0"},
    {"model.mobility", "frechett", "did you mean 'frechet'"},
    {"model.mobility", "zzz", "none or frechet"},
    {"model.rents", "landlord", "did you mean 'landlords'"},
    {"model.rents", "zzz", "residents or national or landlords"},
    {"elasticities.amenity_decay", "-1", "at least 0"},
    {"elasticities.commuting_decay", "inf", "not a finite number"},
    {"travel.stop_minuts.road", "1", "travel.stop_minutes.MODE"},
    {"travel.stop_minutes", "1", "travel.stop_minutes.MODE"},
    {"travel.stop_minutes.raod", "1", "did you mean 'road'"},
    {"travel.transfer_minutes.zzz", "1", "no link of economy 'lantern' has mode 'zzz'"},
    {"travel.transfer_minutes.road", "-1", "0 to"},
    {"travel.stop_minutes.road", "", "empty"},
    {"travel.freigth.route_dispersion", "1", "travel.CLASS.route_dispersion=number with a class of travel such as freight"},
    {"travel.freight", "1", "travel.CLASS.route_dispersion=number"},
    {"travel.freight.route_dispersoin", "1", "did you mean 'travel.freight.route_dispersion'"},
    {"travel.freight.zzz", "1", "travel.freight.mode_dispersion=number"},
    {"travel.freight.route_dispersion", "0", "1e-06 to 1000000"},
    {"travel.freight.route_dispersion", "inf", "not a finite number"},
    {"travel.freight.mode_dispersion", "-1", "at least 1e-06"},
    {"travel.freight.mode_penalty_minutes.rail_high_speed", "3", "class 'freight' has no such mode"},
    {"travel.passenger.mode_penalty_minutes.rail_high_speed", "-3", "0 to"},
    {"model.routing", "stochastik", "did you mean 'stochastic'"},
    {"elasticities.comuting_decay", "1", "did you mean 'elasticities.commuting_decay'"},
};

static void settings_are_checked(void **state)
{
    (void)state;
    bashu_context *context;
    bashu_data *data;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    assert_int_equal(economy_read(&data, context, LANTERN, NULL), BASHU_OK);
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
        assert_int_equal(data_set(data, settings[k].path, settings[k].value), BASHU_ERROR_ARGUMENT);
        if (!strstr(bashu_message(context), settings[k].says))
            fail_msg("%s = %s: %s", settings[k].path, settings[k].value, bashu_message(context));
    }
    assert_true(data->about.elasticities[TRADE_ELASTICITY].by_item[0] == 4);
    data_free(data);
    bashu_close(context);
}

/* What a setting asks of the network is asked when it is set, too: times inside regions of which a power is taken. */
static void settings_need_times(void **state)
{
    static const bad_input edits[] = {
        NO_TIME_INSIDE, {"", "economy.yaml", "trade_time_elasticity: {value: 1, low: 0.5,", "trade_time_elasticity: {value: 0, low: 0,", {NULL}, 0},
        {"", "economy.yaml", "migration_time_elasticity: {value: 1, low: 0.5,", "migration_time_elasticity: {value: 0, low: 0,", {NULL}, 0},
        WORKERS(COLLEGE_WORKS OTHERS_WORK "SEA,college,30000000\n")};
    static const char *const powers[] = {"trade_time_elasticity", "migration_time_elasticity", "commuting_time_elasticity"};
    scratch s;
    bashu_context *context;
    bashu_data *data;
    char path[80];
    (void)state;
    assert_true(scratch_open(&s));
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    copy_lantern(&s);
    for (size_t k = 0; k < sizeof edits / sizeof *edits; k++) edit(&s, &edits[k]);
    for (size_t q = 0; q < 3; q++) {
        assert_int_equal(economy_read(&data, context, s.folder, NULL), BASHU_OK);
        for (size_t n = 0; n < data->about.N; n++) assert_true(data->about.internal_time_h[n] == 0);
        assert_int_equal(data_set(data, "elasticities.commuting_decay", "2"), BASHU_OK); /* no time costs nothing */
        assert_int_equal(data_set(data, "elasticities.amenity_decay", "2"), BASHU_OK);
        snprintf(path, sizeof path, "elasticities.%s", powers[q]);
        assert_int_equal(data_set(data, path, "0.5"), BASHU_ERROR_INPUT);
        assert_non_null(strstr(bashu_message(context), powers[q]));
        assert_non_null(strstr(bashu_message(context), "internal_speed_km_per_h: inf"));
        data_free(data);
    }
    bashu_close(context);
    scratch_close(&s);
}

/* What a table of gross flows becomes: shares of those who were there, in one pool where people change groups. */
static void gross_flows_become_shares(void **state)
{
    static const bad_input alone[] = {GROSS_FLOWS(MOVE_ALONE "alder,college,brook,9000\nbrook,college,alder,1100\nalder,others,brook,21000\n")};
    static const bad_input regroup[] = {GROSS_FLOWS(MOVE_TO_GROUP "alder,college,brook,others,9000\nbrook,others,alder,college,7900\nalder,college,alder,others,18000\n")};
    (void)state;
    for (int changes_group = 0; changes_group < 2; changes_group++) {
        scratch s;
        bashu_context *context;
        bashu_data *data;
        bashu_economy *economy;
        assert_true(scratch_open(&s));
        assert_int_equal(bashu_open(&context, 1), BASHU_OK);
        copy_lantern(&s);
        for (size_t k = 0; k < 2; k++) edit(&s, changes_group ? &regroup[k] : &alone[k]);
        assert_int_equal(economy_read(&data, context, s.folder, NULL), BASHU_OK);
        assert_int_equal(bashu_calibrate(&economy, data, NULL), BASHU_OK);
        const gross_flows *f = economy->flows;
        const double *share = f->share;
        if (changes_group) { /* alder college, alder others, brook others */
            static const size_t market[] = {0, 1, 3};
            static const double expected[] = {0.97, 0.02, 0.01, 0, 1, 0, 0.01, 0, 0.99};
            assert_int_equal(f->pools, 1);
            assert_int_equal(f->markets, 3);
            assert_memory_equal(f->market, market, sizeof market);
            for (size_t k = 0; k < 9; k++) assert_true(fabs(share[k] - expected[k]) < 1e-15);
        } else { /* [from alder, brook][college, others][to] */
            static const size_t market[] = {0, 2, 1, 3};
            static const double expected[] = {0.99, 0.01, 0.99, 0.01, 0.01, 0.99, 0, 1};
            assert_int_equal(f->pools, 2);
            assert_int_equal(f->markets, 2);
            assert_memory_equal(f->market, market, sizeof market);
            for (size_t k = 0; k < 8; k++) assert_true(fabs(share[k] - expected[k]) < 1e-15);
        }
        bashu_economy_free(economy);
        data_free(data);
        bashu_close(context);
        scratch_close(&s);
    }
}

static void a_folder_that_is_not_there(void **state)
{
    (void)state;
    bashu_context *context;
    bashu_data *data;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    assert_int_equal(economy_read(&data, context, "/nowhere/at/all", NULL), BASHU_ERROR_IO);
    assert_non_null(strstr(bashu_message(context), "/nowhere/at/all/economy.yaml"));
    assert_int_equal(economy_read(&data, context, LANTERN, "/nowhere/model.yaml"), BASHU_ERROR_IO);
    assert_non_null(strstr(bashu_message(context), "/nowhere/model.yaml"));
    bashu_close(context);
}

int main(void)
{
    enum { CASES = sizeof cases / sizeof *cases, SEVERAL = sizeof several / sizeof *several };
    static struct CMUnitTest tests[CASES + 5 + SEVERAL];
    for (size_t k = 0; k < CASES; k++)
        tests[k] = (struct CMUnitTest){cases[k].name, check, NULL, NULL, (void *)(uintptr_t)&cases[k]};
    tests[CASES] = (struct CMUnitTest)cmocka_unit_test(model_files_are_checked);
    tests[CASES + 1] = (struct CMUnitTest)cmocka_unit_test(settings_are_checked);
    tests[CASES + 2] = (struct CMUnitTest)cmocka_unit_test(a_folder_that_is_not_there);
    tests[CASES + 3] = (struct CMUnitTest)cmocka_unit_test(settings_need_times);
    tests[CASES + 4] = (struct CMUnitTest)cmocka_unit_test(gross_flows_become_shares);
    for (size_t k = 0; k < SEVERAL; k++)
        tests[CASES + 5 + k] = (struct CMUnitTest){several[k].what.name, check_several, NULL, NULL, (void *)(uintptr_t)&several[k]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
