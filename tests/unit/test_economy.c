/* test_economy.c - economies and scenarios that are as they should be, and the hats that scenarios become.
 *
 * Numbers expected of lantern are those of its files; the rest are worked out beside the assertion. */
#include "input/economy.h"
#include "input/input.h"

#include "../scratch.h"

#include <math.h>
#include <setjmp.h>

#include <cmocka.h>

enum { ALDER, BROOK, CINDER, DUNE, ELM, FERN, SEA }; /* regions of lantern */
enum { FOOD, GOODS, SERVICES };                      /* sectors */
enum { COLLEGE, OTHERS };                            /* groups */
enum { NORTH, SOUTH, OVERSEAS };                     /* areas */
enum { FREIGHT, PASSENGER };                         /* classes of travel */

/* An economy of what scenarios and shocks look at, without calibrating: output is value added. */
typedef struct fixture {
    scratch files;
    bashu_context *context;
    arena *memory;
    bashu_data *data;
    bashu_economy economy;
    double *travel_time_h, *ones;
} fixture;

static void must(const fixture *f, bashu_status status)
{
    if (status != BASHU_OK) fail_msg("status %d: %s", status, bashu_message(f->context));
}

static const double *times(const fixture *f, size_t travel)
{
    return f->travel_time_h + travel * f->data->about.N * f->data->about.N;
}

static void fill_economy(fixture *f)
{
    const description *a = &f->data->about;
    size_t N = a->N, J = a->J;
    f->travel_time_h = arena_alloc(f->memory, a->C * N * N, sizeof(double));
    f->ones = arena_alloc(f->memory, N * J, sizeof(double));
    for (size_t k = 0; k < N * J; k++) f->ones[k] = 1;
    for (size_t c = 0; c < a->C; c++)
        must(f, graph_least_time(f->travel_time_h + c * N * N, a->network, f->context, NULL, a->travel[c].allowed,
                                 a->internal_time_h));
    f->economy = (bashu_economy){.context = f->context,
                                 .memory = f->memory,
                                 .about = *a,
                                 .people = f->data->people,
                                 .output = f->data->value_added,
                                 .value_added_share = f->ones,
                                 .travel_time_h = f->travel_time_h,
                                 .theta = a->elasticities[TRADE_ELASTICITY].by_item,
                                 .epsilon = a->elasticities[MIGRATION_ELASTICITY].by_item};
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f || !scratch_open(&f->files) || bashu_open(&f->context, 2) != BASHU_OK) return -1;
    f->memory = arena_new(f->context);
    *state = f;
    if (!f->memory || economy_read(&f->data, f->context, LANTERN, NULL) != BASHU_OK) return -1;
    fill_economy(f);
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    data_free(f->data);
    arena_free(f->memory);
    bashu_close(f->context);
    scratch_close(&f->files);
    free(f);
    return 0;
}

static bool close_to(double a, double b) { return fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b)); }

/* ---- lantern ------------------------------------------------------------------------------------- */

static void lantern_has_its_parts(void **state)
{
    const fixture *f = *state;
    const description *a = &f->data->about;
    assert_string_equal(a->name, "lantern");
    assert_int_equal(a->year, 2020);
    assert_string_equal(a->currency_code, "LTN");
    assert_true(a->currency_unit == 1e9);
    assert_string_equal(a->folder, LANTERN);
    assert_int_equal(a->N, 7);
    assert_int_equal(a->J, 3);
    assert_int_equal(a->S, 2);
    assert_int_equal(a->A, 3);
    assert_int_equal(a->C, 2);
    assert_int_equal(a->foreign, SEA);
    assert_int_equal(a->people_travel, PASSENGER);
    assert_string_equal(a->areas[SOUTH], "south");
    assert_string_equal(a->areas[OVERSEAS], "SEA");
    assert_int_equal(a->regions[FERN].area_index, SOUTH);
    assert_string_equal(a->regions[FERN].label.name_zh, "蕨镇");
    assert_true(a->regions[DUNE].people == 2400000 && a->regions[DUNE].gdp == 180 && a->regions[DUNE].land_km2 == 6000);
    assert_null(a->regions[DUNE].gdp_flag);
    assert_string_equal(a->regions[SEA].gdp_flag, "imputed_stated");
    assert_true(isnan(a->regions[DUNE].college_share)); /* not a column */
    assert_int_equal(a->sectors[SERVICES].industry, 3);
    assert_true(a->sectors[SERVICES].research && !a->sectors[GOODS].research);
    assert_int_equal(a->sectors[SERVICES].travel, PASSENGER);
    assert_int_equal(a->flag_count, 1);
}

static void lantern_has_its_numbers(void **state)
{
    const fixture *f = *state;
    const bashu_data *d = f->data;
    assert_true(d->people[at2(DUNE, OTHERS, 2)] == 1750000);
    assert_true(d->people_imputed[at2(SEA, COLLEGE, 2)] && !d->people_imputed[at2(DUNE, COLLEGE, 2)]);
    assert_true(d->value_added[at2(ELM, SERVICES, 3)] == 20);
    assert_true(d->value_added_imputed[at2(SEA, FOOD, 3)] && !d->value_added_imputed[at2(ELM, FOOD, 3)]);
    for (size_t area = 0; area < 3; area++) { /* '*' rows fill every area; rows are input, output */
        assert_true(d->input_share[at3(area, SERVICES, GOODS, 3, 3)] == 0.16);
        assert_true(d->input_share[at3(area, GOODS, SERVICES, 3, 3)] == 0.15);
        assert_true(close_to(d->final_share[at2(area, FOOD, 3)], 0.081));
    }
    assert_true(d->exports[at2(SOUTH, GOODS, 3)] == 60 && d->inflow[at2(NORTH, SERVICES, 3)] == 18);
    assert_true(isnan(d->imports[at2(OVERSEAS, GOODS, 3)]));
    assert_true(d->registered_same_area[DUNE] == 350000 && d->registered_other_areas[DUNE] == 280000);
    assert_true(isnan(d->registered_same_area[SEA]));
    assert_true(d->migration_origin_weight[NORTH] == 306 && isnan(d->migration_origin_weight[OVERSEAS]));
    assert_null(d->trade_value);
    assert_null(d->tariff);
}

/* ---- the least an economy can say, and what else it may ------------------------------------------------- */

#define PLAIN_HEAD "format: bashu-economy/1\nname: plain\nyear: 2020\ncurrency: {code: X, unit: 1}\n"
static const char plain_sectors[] = "id,name_en,name_zh,industry\nfarm,F,F,1\nmill,M,M,2\n";

static void write_plain(scratch *s, const char *tables, const char *region_columns, const char *in_a, const char *in_b)
{
    char text[1024];
    snprintf(text, sizeof text, PLAIN_HEAD "tables:\n  regions: regions.csv\n  sectors: sectors.csv\n  production: production.csv\n%s"
             "elasticities:\n  trade_elasticity: {value: 4}\n  commuting_elasticity: {value: 3}\n", tables);
    scratch_text(s, "economy.yaml", text);
    snprintf(text, sizeof text, "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area%s\na,A,A,,,100,10,1,a%s\nb,B,B,,,200,30,1,b%s\n",
             region_columns, in_a, in_b);
    scratch_text(s, "regions.csv", text);
    scratch_text(s, "sectors.csv", plain_sectors);
    scratch_text(s, "production.csv", "region,sector,value_added,land_share\na,farm,4,0.3\na,mill,6,\nb,farm,10,\nb,mill,20,0.1\n");
}

/* Without groups, people, wages, inputs and final demand: one group, who earns all wages, in the regions' own numbers; nothing
 * is an input; what flows leave is final. */
static void what_may_be_left_out(void **state)
{
    fixture *f = *state;
    bashu_data *d;
    write_plain(&f->files, "  trade: trade.csv\n", "", "", "");
    scratch_text(&f->files, "trade.csv", "sector,origin,destination,value\nfarm,a,a,4\nfarm,b,b,10\nmill,a,a,6\nmill,b,b,20\n");
    must(f, economy_read(&d, f->context, f->files.folder, NULL));
    assert_int_equal(d->about.S, 1);
    assert_string_equal(d->about.groups[0].id, "everyone");
    assert_true(d->people[0] == 100 && d->people[1] == 200);
    for (size_t nj = 0; nj < 4; nj++) assert_true(d->wage_share[nj] == 1);
    for (size_t q = 0; q < 8; q++) assert_true(d->input_share[q] == 0);
    assert_null(d->final_share);
    assert_null(d->commuters);
    assert_null(d->trade_cost);
    assert_true(d->land_share[0] == 0.3 && isnan(d->land_share[1]) && d->land_share[3] == 0.1);
    assert_true(isnan(d->about.regions[0].portfolio_share) && !d->about.regions[0].specific_structures);
    data_free(d);
}

/* Commuters without a column of groups; by-products beside flows; structures and portfolios by region. */
static void what_else_may_be_said(void **state)
{
    fixture *f = *state;
    bashu_data *d;
    write_plain(&f->files, "  trade: trade.csv\n  commuting: commuting.csv\n  input_output: input_output.csv\n",
                ",structures,portfolio_share", ",specific,0.75", ",shared,0.25");
    scratch_text(&f->files, "trade.csv", "sector,origin,destination,value\nfarm,a,a,4\nfarm,b,b,10\nmill,a,a,6\nmill,b,b,20\n");
    scratch_text(&f->files, "commuting.csv", "residence,workplace,commuters\na,a,70\na,b,30\nb,b,200\n");
    scratch_text(&f->files, "input_output.csv",
                 "area,input_sector,output_sector,coefficient\n*,farm,farm,0.1\n*,mill,farm,-0.05\n*,farm,mill,0.2\n*,mill,mill,0.3\n");
    must(f, economy_read(&d, f->context, f->files.folder, NULL));
    assert_true(d->commuters[0] == 70 && d->commuters[1] == 30 && d->commuters[2] == 0 && d->commuters[3] == 200);
    assert_true(d->input_share[at3(0, 0, 1, 2, 2)] == -0.05 && d->input_share[at3(1, 1, 0, 2, 2)] == 0.2);
    assert_true(d->about.regions[0].specific_structures && !d->about.regions[1].specific_structures);
    assert_true(d->about.regions[0].portfolio_share == 0.75);
    data_free(d);
}

/* Workers without a column of groups, scaled to the people there are; observed rents; no time inside regions
 * where all that asks for times are decays. */
static void workers_rents_and_no_time(void **state)
{
    fixture *f = *state;
    bashu_data *d;
    write_plain(&f->files, "  trade: trade.csv\n  workers: workers.csv\n  nodes: nodes.csv\n  links: links.csv\n"
                "travel:\n  people: {modes: [road]}\n  internal_speed_km_per_h: {value: inf}\n", ",rent", ",12.5", ",13");
    scratch_text(&f->files, "trade.csv", "sector,origin,destination,value\nfarm,a,a,4\nfarm,b,b,10\nmill,a,a,6\nmill,b,b,20\n");
    scratch_text(&f->files, "sectors.csv", "id,name_en,name_zh,industry,travel\nfarm,F,F,1,people\nmill,M,M,2,people\n");
    scratch_text(&f->files, "workers.csv", "region,workers\nb,180\na,120.00003\n"); /* a rounding more than live somewhere */
    scratch_text(&f->files, "nodes.csv", "id,name_en,name_zh,region,kind,lon,lat\nA,A,A,a,region,1,1\nB,B,B,b,region,2,1\n");
    scratch_text(&f->files, "links.csv", "id,from_node,to_node,mode,minutes\nr,A,B,road,30\n");
    must(f, economy_read(&d, f->context, f->files.folder, NULL));
    assert_null(d->commuters);
    assert_true(fabs(d->workers[0] - 120.00003 * 300 / 300.00003) < 1e-12 && fabs(d->workers[0] + d->workers[1] - 300) < 1e-12);
    assert_true(d->about.regions[0].rent == 12.5 && d->about.regions[1].rent == 13);
    assert_true(d->about.internal_time_h[0] == 0 && d->about.internal_time_h[1] == 0);
    must(f, data_set(d, "elasticities.commuting_decay", "2"));
    must(f, data_set(d, "elasticities.trade_time_elasticity", "1")); /* of flows that are observed: no kernel is fitted */
    assert_int_equal(data_set(d, "elasticities.commuting_time_elasticity", "1"), BASHU_ERROR_INPUT);
    data_free(d);
}

/* `*` is every sector not listed; pairs that are not listed cost 1; a cost is of a direction. */
static void costs_of_the_kernel(void **state)
{
    fixture *f = *state;
    bashu_data *d;
    write_plain(&f->files, "  trade_cost: trade_cost.csv\n  final_demand: final_demand.csv\n", "", "", "");
    scratch_text(&f->files, "final_demand.csv", "area,sector,share\n*,farm,0.4\n*,mill,0.6\n");
    scratch_text(&f->files, "trade_cost.csv", "sector,origin,destination,cost\n*,a,b,2\nmill,a,b,1.5\nmill,b,a,1.25\n");
    must(f, economy_read(&d, f->context, f->files.folder, NULL));
    assert_true(d->trade_cost[at3(1, 0, 0, 2, 2)] == 2 && d->trade_cost[at3(1, 1, 0, 2, 2)] == 1.5); /* [buys][sector][sells] */
    assert_true(d->trade_cost[at3(0, 1, 1, 2, 2)] == 1.25 && d->trade_cost[at3(0, 0, 1, 2, 2)] == 1);
    assert_true(d->trade_cost[at3(0, 0, 0, 2, 2)] == 1);
    data_free(d);
}

/* region beats '*'; shares sum to 1 */
static void wage_shares_are_the_nearest(void **state)
{
    const fixture *f = *state;
    const double *share = f->data->wage_share;
    assert_true(close_to(share[at3(ALDER, GOODS, COLLEGE, 3, 2)], 0.4));
    assert_true(close_to(share[at3(DUNE, SERVICES, COLLEGE, 3, 2)], 0.55));
    assert_true(close_to(share[at3(ELM, SERVICES, COLLEGE, 3, 2)], 0.42));
    for (size_t k = 0; k < 7 * 3; k++) assert_true(close_to(share[2 * k] + share[2 * k + 1], 1));
}

static void sets_know_members_and_parts(void **state)
{
    const fixture *f = *state;
    const description *a = &f->data->about;
    long province = find_set(a, "province"), circle = find_set(a, "circle");
    assert_true(province >= 0 && circle >= 0);
    const region_set *p = &a->sets[province], *c = &a->sets[circle];
    assert_int_equal(p->member_count, 2);
    assert_int_equal(p->member_of[CINDER], find_member(p, "north"));
    assert_int_equal(p->member_of[SEA], -1);
    assert_int_equal(c->member_of[BROOK], -1);
    assert_true(p->published_gdp[find_member(p, "south")] == 251);
    assert_true(isnan(c->published_people[0]));
    assert_true(c->land_km2[ALDER] == 8000 && c->people[ALDER] == 3000000); /* empty: the whole */
    assert_true(c->land_km2[BROOK] == 0 && c->people[BROOK] == 0);
    assert_true(c->land_km2[ELM] == 6000 && c->people[ELM] == 500000);
}

static void network_knows_who_may_travel(void **state)
{
    const fixture *f = *state;
    const description *a = &f->data->about;
    assert_int_equal(a->network->node_count, 10);
    assert_int_equal(a->network->region_node[SEA], 6);
    for (size_t l = 0; l < a->network->link_count; l++) {
        const graph_link *link = &a->network->links[l];
        bool fast = !strcmp(link->mode, "rail_high_speed");
        assert_true(link->both_ways);
        assert_int_equal(a->travel[FREIGHT].allowed[l], !fast);
        assert_int_equal(a->travel[PASSENGER].allowed[l], 1);
        if (!fast) continue;
        assert_true(link->time_h == 95.0 / 60 && link->length_km == 300 && link->opened == 2015);
    }
    /* (2/3) sqrt(8000 km2 / pi) / 40 km/h */
    assert_true(close_to(a->internal_time_h[ALDER], 2.0 / 3 * sqrt(8000 / 3.14159265358979323846) / 40));
    /* station to station by the fast line, 20 minutes at each end */
    assert_true(close_to(times(f, PASSENGER)[at2(ALDER, DUNE, 7)], (20 + 95 + 20) / 60.0));
}

static void elasticities_are_resolved(void **state)
{
    const fixture *f = *state;
    const elasticity *e = f->data->about.elasticities;
    assert_true(e[TRADE_ELASTICITY].value == 4 && e[TRADE_ELASTICITY].low == 2.8 && e[TRADE_ELASTICITY].high == 8.3);
    assert_non_null(strstr(e[TRADE_ELASTICITY].source, "Eaton"));
    for (size_t j = 0; j < 3; j++) assert_true(e[TRADE_ELASTICITY].by_item[j] == 4);
    assert_true(e[LAND_SHARE].by_item[FOOD] == 0.49 && e[LAND_SHARE].by_item[GOODS] == 0.05); /* a column of sectors */
    for (size_t k = 0; k < ELASTICITY_COUNT; k++) assert_non_null(e[k].by_item);
    assert_int_equal(f->data->about.switches.mobility, MOBILITY_FRECHET);
    assert_int_equal(f->data->about.switches.spillover, SPILLOVER_MASS);
}

static void zones_totals_and_files_are_kept(void **state)
{
    const fixture *f = *state;
    const description *a = &f->data->about;
    assert_int_equal(a->zone_count, 2);
    assert_string_equal(a->zones[1].label.id, "lamp");
    assert_int_equal(a->zones[1].region, BROOK);
    assert_string_equal(a->zones[1].land_flag, "imputed_stated");
    assert_null(a->zones[0].land_flag);
    assert_string_equal(a->totals[0].set, "all");
    assert_true(a->totals[0].value == 8400000);
    assert_int_equal(a->file_count, 19); /* economy.yaml, 16 tables, 2 region sets */
    for (size_t k = 0; k < a->file_count; k++) {
        text_file file;
        must(f, text_file_read(&file, f->memory, a->files[k].path));
        assert_string_equal(file.sha256, a->files[k].sha256);
    }
}

/* ---- model files and --set ------------------------------------------------------------------------ */

static void a_model_file_replaces(void **state)
{
    fixture *f = *state;
    bashu_data *d;
    const char *path = scratch_text(&f->files, "m.yaml",
                                    "format: bashu-model/1\ntitle: {en: M, zh: 模}\n"
                                    "elasticities:\n  land_share: {value: 0.2, source: there}\n  agglomeration_decay: "
                                    "{value: inf}\nmodel: {mobility: none}\n");
    must(f, economy_read(&d, f->context, LANTERN, path));
    const elasticity *e = d->about.elasticities;
    assert_true(e[LAND_SHARE].by_item[FOOD] == 0.2 && e[LAND_SHARE].by_item[GOODS] == 0.2); /* the column too */
    assert_true(isnan(e[LAND_SHARE].low));
    assert_true(isinf(e[AGGLOMERATION_DECAY].by_item[GOODS]));
    assert_true(e[TRADE_ELASTICITY].by_item[FOOD] == 4);
    assert_int_equal(d->about.switches.mobility, MOBILITY_NONE);
    assert_int_equal(d->about.file_count, 20);
    data_free(d);
}

static void a_setting_beats_columns(void **state)
{
    fixture *f = *state;
    must(f, data_set(f->data, "elasticities.land_share", "0.1"));
    must(f, data_set(f->data, "elasticities.agglomeration_decay", "inf"));
    must(f, data_set(f->data, "model.rents", "national"));
    const elasticity *e = f->data->about.elasticities;
    assert_true(e[LAND_SHARE].by_item[FOOD] == 0.1 && e[LAND_SHARE].by_item[SERVICES] == 0.1 &&
                e[LAND_SHARE].value == 0.1);
    assert_true(isinf(e[AGGLOMERATION_DECAY].by_item[FOOD]));
    assert_int_equal(f->data->about.switches.rents, RENTS_NATIONAL);
}

/* ---- a small economy with observed flows and no network ------------------------------------------- */

static const struct {
    const char *file, *text;
} pair[] = {
    {"economy.yaml",
     "format: bashu-economy/1\nname: pair\nyear: 2000\ncurrency: {code: X, unit: 1}\n"
     "tables: {regions: r.csv, sectors: s.csv, groups: g.csv, people: p.csv, production: v.csv, input_output: i.csv,\n"
     "  final_demand: f.csv, wage_bill: w.csv, trade: t.csv}\nelasticities: {trade_elasticity: {value: 5}}\n"},
    {"r.csv", "id,name_en,name_zh,lon,lat,people,gdp,land_km2,area,housing_share,remark_note\na,A,,,,10,3,1,x,0.3,"
              "ok\nb,,,,,20,4,1,y,,\n"},
    {"s.csv", "id,name_en,name_zh,industry,agglomeration_decay,trade_elasticity\nj,,,1,inf,\nk,,,2,,6\n"},
    {"g.csv", "id,name_en,name_zh\ng,,\nh,,\n"},
    {"p.csv", "region,group,people\na,g,6\na,h,4\nb,g,20\nb,h,0\n"},
    {"v.csv", "region,sector,value_added\na,j,3\na,k,0\nb,j,1\nb,k,3\n"},
    {"i.csv", "area,input_sector,output_sector,coefficient\nx,j,j,0.1\nx,j,k,0.2\nx,k,j,0.3\nx,k,k,0.4\n"
              "*,j,j,0\n*,j,k,0\n*,k,j,0\n*,k,k,0\n"},
    {"f.csv", "area,sector,share\n*,j,0.5\n*,k,0.5000004\ny,j,0.25\ny,k,0.75\n"},
    /* a: region row for j; y: area row for k; else '*' */
    {"w.csv",
     "area,sector,group,share\n*,j,g,0.5\n*,j,h,0.5\n*,k,g,0.6\n*,k,h,0.4\na,j,g,1\na,j,h,0\ny,k,g,0.9\ny,k,h,0.1\n"},
    {"t.csv", "sector,origin,destination,value,tariff\nj,a,a,2,\nj,a,b,1.1,0.1\nk,b,a,3,0.05\nk,b,b,1,0\nj,b,b,1,0\n"},
};

static bashu_data *read_pair(fixture *f)
{
    bashu_data *d;
    for (size_t k = 0; k < sizeof pair / sizeof *pair; k++) scratch_text(&f->files, pair[k].file, pair[k].text);
    must(f, economy_read(&d, f->context, f->files.folder, NULL));
    return d;
}

static void a_pair_with_observed_flows(void **state)
{
    bashu_data *d = read_pair(*state);
    assert_int_equal(d->about.foreign, -1);
    assert_null(d->about.network);
    assert_null(d->about.internal_time_h);
    assert_int_equal(d->about.C, 0);
    assert_null(d->exports);
    assert_null(d->registered_same_area);
    assert_null(d->migration_origin_weight);
    assert_int_equal(d->about.zone_count, 0);
    assert_int_equal(d->about.total_count, 0);
    assert_int_equal(d->about.set_count, 0);
    assert_string_equal(d->about.regions[1].label.name_en, "b");
    assert_string_equal(d->about.currency_en, "1 X");
    assert_string_equal(d->about.title_zh, "pair");
    /* [n buys][j][i sells] */
    assert_true(d->trade_value[at3(1, 0, 0, 2, 2)] == 1.1 && d->tariff[at3(1, 0, 0, 2, 2)] == 0.1);
    assert_true(d->trade_value[at3(0, 1, 1, 2, 2)] == 3 && d->tariff[at3(0, 1, 1, 2, 2)] == 0.05);
    assert_true(d->trade_value[at3(0, 0, 1, 2, 2)] == 0 && d->tariff[at3(0, 0, 0, 2, 2)] == 0);
    data_free(d);
}

static void a_pair_with_rows_of_every_kind(void **state)
{
    bashu_data *d = read_pair(*state);
    const elasticity *e = d->about.elasticities;
    assert_true(d->input_share[at3(0, 1, 0, 2, 2)] == 0.2 && d->input_share[at3(1, 1, 0, 2, 2)] == 0);
    assert_true(d->final_share[at2(0, 0, 2)] + d->final_share[at2(0, 1, 2)] == 1 &&
                d->final_share[at2(1, 0, 2)] == 0.25);
    assert_true(d->wage_share[at3(0, 0, 0, 2, 2)] == 1 && d->wage_share[at3(1, 0, 0, 2, 2)] == 0.5);
    assert_true(close_to(d->wage_share[at3(1, 1, 0, 2, 2)], 0.9) && close_to(d->wage_share[at3(0, 1, 0, 2, 2)], 0.6));
    assert_true(e[HOUSING_SHARE].by_item[0] == 0.3 &&
                e[HOUSING_SHARE].by_item[1] == 0); /* a column, then the fallback */
    assert_true(isnan(e[HOUSING_SHARE].value));
    assert_true(e[TRADE_ELASTICITY].by_item[0] == 5 && e[TRADE_ELASTICITY].by_item[1] == 6);
    assert_true(isinf(e[AGGLOMERATION_DECAY].by_item[0]));
    assert_int_equal(d->about.switches.mobility, MOBILITY_NONE);
    data_free(d);
}

static void a_network_is_asked_for_only_when_needed(void **state)
{
    fixture *f = *state;
    bashu_data *d = read_pair(f);
    must(f, data_set(d, "elasticities.trade_time_elasticity", "1")); /* flows are observed: no kernel */
    must(f, data_set(d, "elasticities.agglomeration_elasticity", "0.1"));
    assert_int_equal(data_set(d, "elasticities.agglomeration_decay", "2"), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(f->context), "no network"));
    data_free(d);
    d = read_pair(f);
    must(f, data_set(d, "model.routing", "least_time"));
    assert_int_equal(data_set(d, "model.routing", "stochastic"), BASHU_ERROR_INPUT);
    assert_non_null(strstr(bashu_message(f->context), "'routing' needs travel times, and economy"));
    data_free(d);
}

static void one_way_links_are_one_way(void **state)
{
    fixture *f = *state;
    bashu_data *d;
    double time_h[4];
    for (size_t k = 0; k < sizeof pair / sizeof *pair; k++) scratch_text(&f->files, pair[k].file, pair[k].text);
    scratch_text(&f->files, "economy.yaml",
                 "format: bashu-economy/1\nname: pair\nyear: 2000\ncurrency: {code: X, unit: 1}\n"
                 "tables: {regions: r.csv, sectors: s.csv, groups: g.csv, people: p.csv, production: v.csv, "
                 "input_output: i.csv,\n"
                 "  final_demand: f.csv, wage_bill: w.csv, trade: t.csv, nodes: n.csv, links: links.csv}\n"
                 "travel: {all: {modes: [road]}, internal_speed_km_per_h: {value: 10}}\n"
                 "elasticities: {trade_elasticity: {value: 5}}\n");
    scratch_text(&f->files, "s.csv", "id,name_en,name_zh,industry,travel\nj,,,1,all\nk,,,2,all\n");
    scratch_text(&f->files, "n.csv",
                 "id,name_en,name_zh,region,lon,lat,kind\nna,,,a,,,region\nnb,,,b,,,region\nq,,,,,,station\n");
    scratch_text(&f->files, "links.csv",
                 "id,from_node,to_node,mode,minutes,length_km,direction\n"
                 "ab,na,nb,road,60,,oneway\nbq,nb,q,road,30,,\nqa,q,na,road,90,,oneway\n");
    must(f, economy_read(&d, f->context, f->files.folder, NULL));
    must(f, graph_least_time(time_h, d->about.network, f->context, NULL, d->about.travel[0].allowed,
                             d->about.internal_time_h));
    assert_true(time_h[1] == 1 && time_h[2] == 2);
    assert_true(isnan(d->about.network->links[0].length_km));
    data_free(d);
}

/* ---- copies and memory ---------------------------------------------------------------------------- */

static void a_copy_outlives_the_data(void **state)
{
    fixture *f = *state;
    bashu_data *d;
    description copy;
    must(f, economy_read(&d, f->context, LANTERN, NULL));
    must(f, description_copy(&copy, &d->about, f->memory));
    data_free(d); /* the sanitizer sees what was not copied */
    assert_string_equal(copy.regions[FERN].label.name_en, "Fern");
    assert_string_equal(copy.regions[SEA].area, copy.areas[OVERSEAS]);
    assert_string_equal(copy.sectors[GOODS].label.id, "goods");
    assert_string_equal(copy.groups[OTHERS].name_zh, "其他");
    assert_string_equal(copy.sets[0].members[0].name_zh, "北省");
    assert_int_equal(copy.sets[0].member_of[FERN], 1);
    assert_string_equal(copy.zones[0].approved, "2012-06");
    assert_string_equal(copy.totals[2].variable, "land_km2");
    assert_string_equal(copy.flags[0].label.id, "imputed_stated");
    assert_int_equal(strlen(copy.files[17].sha256), 64);
    assert_string_equal(copy.network->node_id[copy.network->region_node[ELM]], "Relm");
    assert_string_equal(copy.network->links[0].mode, "road");
    assert_string_equal(copy.travel[PASSENGER].name, "passenger");
    assert_int_equal(copy.travel[FREIGHT].allowed[3], 0);
    assert_string_equal(copy.travel[PASSENGER].modes[2].mode, "rail_high_speed");
    assert_string_equal(copy.travel[PASSENGER].route_dispersion.source, "invented economy: stated");
    assert_true(copy.elasticities[LAND_SHARE].by_item[FOOD] == 0.49);
    assert_true(copy.internal_time_h[ALDER] > 0);
}

static void a_copy_without_a_network(void **state)
{
    fixture *f = *state;
    bashu_data *d = read_pair(f);
    description copy;
    must(f, description_copy(&copy, &d->about, f->memory));
    data_free(d);
    assert_null(copy.network);
    assert_null(copy.internal_time_h);
    assert_string_equal(copy.areas[1], "y");
}

static void write_package(fixture *f);

/* The k-th allocation fails, for every k until there are no more. */
static void no_memory_is_an_error_everywhere(void **state)
{
    fixture *f = *state;
    bashu_status status = BASHU_ERROR_MEMORY;
    long k = 0;
    while (status != BASHU_OK) {
        bashu_data *d;
        context_fail_allocation(f->context, ++k);
        status = economy_read(&d, f->context, LANTERN, NULL);
        context_fail_allocation(f->context, 0);
        if (status != BASHU_OK) assert_int_equal(status, BASHU_ERROR_MEMORY);
        data_free(d);
    }
    assert_true(k > 100);
    for (status = BASHU_ERROR_MEMORY, k = 0; status != BASHU_OK;) {
        description copy;
        arena *memory = arena_new(f->context);
        context_fail_allocation(f->context, ++k);
        status = description_copy(&copy, &f->data->about, memory);
        context_fail_allocation(f->context, 0);
        if (status != BASHU_OK) assert_int_equal(status, BASHU_ERROR_MEMORY);
        arena_free(memory);
    }
    write_package(f);
    for (status = BASHU_ERROR_MEMORY, k = 0; status != BASHU_OK;) {
        bashu_scenario *scenario;
        char *folder;
        context_fail_allocation(f->context, ++k);
        status = scenario_read(&scenario, &f->economy, f->files.path);
        context_fail_allocation(f->context, 0);
        if (status != BASHU_OK) assert_int_equal(status, BASHU_ERROR_MEMORY);
        scenario_free(scenario);
        context_fail_allocation(f->context, k);
        bashu_status again = scenario_economy(&folder, f->context, f->files.path);
        context_fail_allocation(f->context, 0);
        assert_true(again == BASHU_OK || again == BASHU_ERROR_MEMORY);
        free(folder);
    }
    for (status = BASHU_ERROR_MEMORY, k = 0; status != BASHU_OK;) {
        shock_builder *builder;
        arena *memory = arena_new(f->context);
        context_fail_allocation(f->context, ++k);
        status = shock_builder_new(&builder, memory, &f->economy);
        context_fail_allocation(f->context, 0);
        if (status != BASHU_OK) assert_int_equal(status, BASHU_ERROR_MEMORY);
        arena_free(memory);
    }
}

/* ---- scenarios ------------------------------------------------------------------------------------ */

#define HEAD "format: bashu-scenario/1\nname: t\neconomy: ../economies/e\nchanges:\n"
#define CHANGE(id) "  - {id: " id ", title: {en: A, zh: 甲}, source: s, "

static bashu_scenario *scenario_of(fixture *f, const char *text)
{
    bashu_scenario *scenario;
    must(f, scenario_read(&scenario, &f->economy, scratch_text(&f->files, "s.yaml", text)));
    return scenario;
}

static void write_package(fixture *f)
{
    scratch_text(
        &f->files, "s.yaml",
        HEAD CHANGE("line") "lever: link_time, links: [rail-alder-dune-hs], from: 95, to: 60, low: 70, high: 55, unit: "
                            "minutes}\n" CHANGE("trade") "lever: trade_cost, between: [{province: north}, {province: "
                                                         "[south]}], sectors: [goods], change_pct: -5}\n" CHANGE("tax") "lever: tariff, buyers: all, sellers: [SEA], from: 0, to: 0.1}\n" CHANGE(
                                                             "move") "lever: migration_cost, within: all, across: "
                                                                     "area, groups: [others], change_pct: "
                                                                     "-10}\n" CHANGE("park") "lever: amenity, regions: "
                                                                                             "{circle: twin}, groups: "
                                                                                             "[college], change_pct: "
                                                                                             "2}\n" CHANGE("lab") "leve"
                                                                                                                  "r: "
                                                                                                                  "prod"
                                                                                                                  "ucti"
                                                                                                                  "vity"
                                                                                                                  ", "
                                                                                                                  "regi"
                                                                                                                  "ons:"
                                                                                                                  " ald"
                                                                                                                  "er, "
                                                                                                                  "sect"
                                                                                                                  "ors:"
                                                                                                                  " ser"
                                                                                                                  "vice"
                                                                                                                  "s, "
                                                                                                                  "chan"
                                                                                                                  "ge_"
                                                                                                                  "pct:"
                                                                                                                  " 1, "
                                                                                                                  "unit"
                                                                                                                  ": "
                                                                                                                  "'%'}"
                                                                                                                  "\n" CHANGE("land") "lever: land, regions: [brook, elm], change_pct: 3}\n" CHANGE("zone") "lever: zone_land, zones: [lamp], change_pct: 50}\n"
                                                                                                                                                                                                            "  - {id: gift, title: G, assumption: a guess, lever: transfer, regions: [cinder, fern], funders: {circle: twin}, to: 2}\n");
}

static void a_scenario_is_resolved(void **state)
{
    fixture *f = *state;
    bashu_scenario *s;
    write_package(f);
    must(f, scenario_read(&s, &f->economy, f->files.path));
    assert_int_equal(s->change_count, 9);
    const change *c = s->changes;
    assert_string_equal(c[0].title_zh, "甲");
    assert_string_equal(c[0].unit, "minutes");
    assert_true(c[0].from == 95 && c[0].value == 60 && c[0].low == 70 && c[0].high == 55 && !c[0].relative);
    assert_true(c[1].relative && isnan(c[1].from) && isnan(c[1].low));
    assert_true(c[1].sectors[GOODS] && !c[1].sectors[FOOD]);
    assert_string_equal(c[1].unit, "percent");
    assert_string_equal(c[5].unit, "percent");
    assert_string_equal(c[2].unit, "fraction");
    assert_string_equal(c[8].unit, "billion crowns");
    assert_string_equal(c[8].source, "assumption: a guess");
    assert_true(c[2].sectors[FOOD] && c[2].sectors[SERVICES]); /* left out: all */
    assert_true(close_to(c[7].weight[ALDER], 300.0 / 8000) && close_to(c[7].weight[BROOK], 200.0 / 12000) &&
                c[7].weight[ELM] == 0);
    assert_int_equal(strlen(s->sha256), 64);
    assert_ptr_equal(s->economy, &f->economy);
    scenario_free(s);
}

static void pairs_are_those_asked_for(void **state)
{
    fixture *f = *state;
    bashu_scenario *s;
    write_package(f);
    must(f, scenario_read(&s, &f->economy, f->files.path));
    const change *c = s->changes;
    assert_true(change_covers_pair(&c[1], ALDER, FERN) && change_covers_pair(&c[1], FERN, ALDER)); /* both ways */
    assert_false(change_covers_pair(&c[1], ALDER, BROOK));
    assert_true(change_covers_pair(&c[2], ALDER, SEA));
    assert_false(change_covers_pair(&c[2], SEA, ALDER)); /* one way */
    assert_false(change_covers_pair(&c[2], SEA, SEA));
    assert_true(change_covers_pair(&c[3], ALDER, DUNE));
    assert_false(change_covers_pair(&c[3], ALDER, BROOK)); /* the same area */
    assert_false(change_covers_pair(&c[3], ALDER, SEA));   /* `all` is without the rest of the world */
    assert_false(change_covers_pair(&c[3], DUNE, DUNE));
    scenario_free(s);
}

static void the_economy_is_beside_the_scenario(void **state)
{
    fixture *f = *state;
    char *folder, expected[700];
    const char *path = scratch_text(&f->files, "s.yaml", HEAD "  []\n");
    must(f, scenario_economy(&folder, f->context, path));
    assert_non_null(strstr(folder, "economies/e"));
    snprintf(expected, sizeof expected, "%.*s", (int)strlen(f->files.folder), f->files.folder);
    assert_memory_equal(folder, expected, strrchr(expected, '/') - expected); /* or normalised, one up */
    free(folder);
}

/* ---- shocks --------------------------------------------------------------------------------------- */

typedef struct trial {
    bashu_scenario *scenario;
    shock_builder *builder;
    const shock *shock;
} trial;

static trial try_text(fixture *f, const char *text)
{
    trial t = {.scenario = scenario_of(f, text)};
    must(f, shock_builder_new(&t.builder, f->memory, &f->economy));
    must(f, shock_build(&t.shock, t.builder, t.scenario, NULL));
    return t;
}

static void expect_empty(fixture *f, const char *text)
{
    trial t = try_text(f, text);
    if (!t.shock->empty) fail_msg("not empty: %s", text);
    assert_null(t.shock->trade_cost_hat);
    assert_null(t.shock->migration_cost_hat);
    assert_null(t.shock->travel_time_h);
    assert_null(t.shock->tariff);
    for (size_t k = 0; k < 7 * 3; k++) assert_true(t.shock->productivity_hat[k] == 1);
    scenario_free(t.scenario);
}

static void no_change_is_exactly_nothing(void **state)
{
    fixture *f = *state;
    expect_empty(f, "format: bashu-scenario/1\nname: nothing\neconomy: e\nchanges: []\n");
    expect_empty(f, HEAD CHANGE("a") "lever: land, regions: all, change_pct: 0}\n");
    expect_empty(f, HEAD CHANGE("a") "lever: link_time, links: [rail-alder-dune-hs], to: 95}\n");
    expect_empty(f, HEAD CHANGE("a") "lever: link_time, links: all, change_pct: 0}\n");
    expect_empty(f, HEAD CHANGE("a") "lever: tariff, buyers: all, sellers: [SEA], to: 0}\n");
    expect_empty(f, HEAD CHANGE("a") "lever: transfer, regions: all, funders: all, to: 0}\n");
    expect_empty(f,
                 HEAD CHANGE("a") "lever: zone_land, zones: all, change_pct: 0}\n" CHANGE(
                     "b") "lever: trade_cost, within: all, change_pct: 0}\n" CHANGE("c") "lever: migration_cost, "
                                                                                         "within: all, change_pct: "
                                                                                         "0}\n" CHANGE("d") "lever: "
                                                                                                            "amenity, "
                                                                                                            "regions: "
                                                                                                            "all, "
                                                                                                            "change_"
                                                                                                            "pct: "
                                                                                                            "0}\n");
    shock_builder *builder;
    const shock *k;
    must(f, shock_builder_new(&builder, f->memory, &f->economy));
    must(f, shock_build(&k, builder, NULL, NULL)); /* no scenario at all */
    assert_true(k->empty);
}

static void places_are_scaled(void **state)
{
    fixture *f = *state;
    trial t =
        try_text(f, HEAD CHANGE("a") "lever: productivity, regions: [alder], sectors: [goods], change_pct: "
                                     "10}\n" CHANGE("b") "lever: productivity, regions: all, change_pct: -50}\n" CHANGE(
                                         "c") "lever: amenity, regions: {circle: twin}, groups: [college], change_pct: "
                                              "2}\n" CHANGE("d") "lever: land, regions: [brook], change_pct: "
                                                                 "3}\n" CHANGE("e") "lever: zone_land, zones: [lamp], "
                                                                                    "change_pct: 50}\n");
    const shock *k = t.shock;
    assert_false(k->empty);
    assert_true(close_to(k->productivity_hat[at2(ALDER, GOODS, 3)], 1.1 * 0.5)); /* changes of one lever multiply */
    assert_true(k->productivity_hat[at2(ALDER, FOOD, 3)] == 0.5);
    assert_true(k->productivity_hat[at2(SEA, FOOD, 3)] == 1);
    assert_true(k->amenity_hat[at2(DUNE, COLLEGE, 2)] == 1.02 && k->amenity_hat[at2(DUNE, OTHERS, 2)] == 1);
    assert_true(k->amenity_hat[at2(BROOK, COLLEGE, 2)] == 1);
    assert_true(close_to(k->land_hat[BROOK], 1.03 * (1 + 0.5 * 200 / 12000)));
    assert_true(close_to(k->land_hat[ALDER], 1 + 0.5 * 300 / 8000));
    assert_true(k->land_hat[ELM] == 1);
    assert_null(k->trade_cost_hat);
    scenario_free(t.scenario);
}

static void a_transfer_moves_and_makes_nothing(void **state)
{
    fixture *f = *state;
    trial t = try_text(
        f, HEAD CHANGE("a") "lever: transfer, regions: [cinder, fern], funders: {circle: twin}, to: 2}\n" CHANGE(
               "b") "lever: transfer, regions: [alder], funders: [alder, fern], to: 5}\n");
    const double *x = t.shock->transfer;
    double sum = 0;
    for (size_t n = 0; n < 7; n++) sum += x[n];
    assert_true(fabs(sum) < 1e-14);
    /* people 700000, 600000; gdp of the circle 210 + 180 + 44 = 434 */
    assert_true(close_to(x[CINDER], 2 * 7.0 / 13));
    assert_true(close_to(x[FERN], 2 * 6.0 / 13 - 5 * 27.0 / 237));
    assert_true(close_to(x[DUNE], -2 * 180.0 / 434));
    assert_true(close_to(x[ALDER], 5 - 5 * 210.0 / 237 - 2 * 210.0 / 434));
    assert_true(x[BROOK] == 0 && x[SEA] == 0);
    assert_false(t.shock->empty);
    scenario_free(t.scenario);
}

static void trade_migration_and_tariffs_by_pair(void **state)
{
    fixture *f = *state;
    trial t =
        try_text(
            f, HEAD CHANGE("a") "lever: trade_cost, between: [alder, dune], sectors: [goods], change_pct: "
                                "-20}\n" CHANGE("b") "lever: trade_cost, buyers: [alder], sellers: [dune], change_pct: "
                                                     "50}\n" CHANGE("c") "lever: migration_cost, between: [alder, "
                                                                         "dune], groups: [others], change_pct: "
                                                                         "-10}\n" CHANGE(
                                                                             "d") "lever: tariff, buyers: [alder], "
                                                                                  "sellers: [SEA], from: 0, to: "
                                                                                  "0.1}\n" CHANGE("e") "lever: tariff, "
                                                                                                       "buyers: "
                                                                                                       "[alder], "
                                                                                                       "sellers: "
                                                                                                       "[SEA], "
                                                                                                       "sectors: "
                                                                                                       "[food], to: "
                                                                                                       "0.3}\n");
    const shock *k = t.shock;
    assert_true(close_to(k->trade_cost_hat[at3(ALDER, GOODS, DUNE, 3, 7)], 0.8 * 1.5));
    assert_true(k->trade_cost_hat[at3(DUNE, GOODS, ALDER, 3, 7)] == 0.8);
    assert_true(k->trade_cost_hat[at3(ALDER, FOOD, DUNE, 3, 7)] == 1.5);
    assert_true(k->trade_cost_hat[at3(DUNE, FOOD, ALDER, 3, 7)] == 1);
    assert_true(k->migration_cost_hat[at3(OTHERS, ALDER, DUNE, 7, 7)] == 0.9 &&
                k->migration_cost_hat[at3(OTHERS, DUNE, ALDER, 7, 7)] == 0.9);
    assert_true(k->migration_cost_hat[at3(COLLEGE, ALDER, DUNE, 7, 7)] == 1);
    assert_true(k->tariff[at3(ALDER, GOODS, SEA, 3, 7)] == 0.1 &&
                k->tariff[at3(ALDER, FOOD, SEA, 3, 7)] == 0.3); /* the last says */
    assert_true(k->tariff[at3(SEA, GOODS, ALDER, 3, 7)] == 0);
    assert_null(k->travel_time_h);
    scenario_free(t.scenario);
}

static void a_faster_line_is_felt_where_it_is_used(void **state)
{
    fixture *f = *state;
    trial t = try_text(f, HEAD CHANGE("a") "lever: link_time, links: [rail-alder-dune-hs], from: 95, to: 60}\n");
    const shock *k = t.shock;
    const double *before = times(f, PASSENGER), *now = k->travel_time_h + PASSENGER * 49;
    double ratio = 100.0 / 135; /* 20 + 60 + 20 minutes for 20 + 95 + 20 */
    assert_memory_equal(k->travel_time_h, times(f, FREIGHT), 49 * sizeof(double)); /* no goods on the line */
    assert_true(close_to(now[at2(ALDER, DUNE, 7)] / before[at2(ALDER, DUNE, 7)], ratio));
    /* d = time^(zeta / theta) = time^(1/4); migration time^(1/1.5) */
    assert_true(close_to(k->trade_cost_hat[at3(ALDER, SERVICES, DUNE, 3, 7)], pow(ratio, 0.25)));
    assert_true(close_to(k->migration_cost_hat[at3(COLLEGE, DUNE, ALDER, 7, 7)], pow(ratio, 1 / 1.5)));
    for (size_t n = 0; n < 7; n++)
        for (size_t i = 0; i < 7; i++) {
            assert_true(k->trade_cost_hat[at3(n, GOODS, i, 3, 7)] == 1);
            bool changed = now[n * 7 + i] != before[n * 7 + i];
            assert_int_equal(k->trade_cost_hat[at3(n, SERVICES, i, 3, 7)] != 1, changed);
            assert_int_equal(k->migration_cost_hat[at3(OTHERS, n, i, 7, 7)] != 1, changed);
        }
    assert_true(k->trade_cost_hat[at3(BROOK, SERVICES, CINDER, 3, 7)] == 1);
    assert_false(k->empty);
    scenario_free(t.scenario);
}

static void link_times_multiply_or_replace(void **state)
{
    fixture *f = *state;
    trial a = try_text(f, HEAD CHANGE("a") "lever: link_time, links: [rail-alder-dune-hs], change_pct: -20}\n" CHANGE(
                              "b") "lever: link_time, links: [rail-alder-dune-hs], change_pct: -25}\n");
    assert_true(close_to(a.shock->travel_time_h[PASSENGER * 49 + ALDER * 7 + DUNE], (40 + 95 * 0.8 * 0.75) / 60));
    trial b = try_text(f, HEAD CHANGE("a") "lever: link_time, links: [rail-alder-dune-hs], change_pct: -20}\n" CHANGE(
                              "b") "lever: link_time, links: [rail-alder-dune-hs], to: 50}\n");
    assert_true(close_to(b.shock->travel_time_h[PASSENGER * 49 + ALDER * 7 + DUNE], 90.0 / 60));
    scenario_free(a.scenario);
    scenario_free(b.scenario);
}

/* Fern sails from dune: 110 + 7200 minutes are fewer than the 7500 of its own lane, which may become slower still. */
static void a_link_nobody_takes_changes_nothing(void **state)
{
    fixture *f = *state;
    assert_true(close_to(times(f, FREIGHT)[at2(FERN, SEA, 7)], (110 + 7200) / 60.0));
    expect_empty(f, HEAD CHANGE("a") "lever: link_time, links: [sea-fern], change_pct: 100}\n");
}

static void nobody_moves_without_mobility(void **state)
{
    fixture *f = *state;
    f->economy.about.switches.mobility = MOBILITY_NONE;
    trial t = try_text(f, HEAD CHANGE("a") "lever: migration_cost, within: all, change_pct: -10}\n");
    assert_null(t.shock->migration_cost_hat);
    assert_true(t.shock->empty);
    trial u = try_text(f, HEAD CHANGE("a") "lever: link_time, links: [rail-alder-dune-hs], to: 60}\n");
    assert_null(u.shock->migration_cost_hat);
    assert_non_null(u.shock->trade_cost_hat);
    scenario_free(t.scenario);
    scenario_free(u.scenario);
}

/* A builder forgets the last scenario; a mask leaves changes out; baseline tariffs stay where nothing is said. */
static void a_builder_is_used_again(void **state)
{
    fixture *f = *state;
    double *tariff = arena_alloc(f->memory, 7 * 3 * 7, sizeof *tariff);
    for (size_t k = 0; k < 7 * 3 * 7; k++) tariff[k] = 0.05;
    f->economy.tariff = tariff;
    bashu_scenario *s;
    scratch_text(
        &f->files, "s.yaml",
        HEAD CHANGE("a") "lever: tariff, buyers: [alder], sellers: [SEA], from: 0.05, to: 0}\n" CHANGE(
            "b") "lever: link_time, links: [rail-alder-dune-hs], to: 60}\n" CHANGE("c") "lever: land, regions: all, "
                                                                                        "change_pct: 1}\n");
    must(f, scenario_read(&s, &f->economy, f->files.path));
    shock_builder *builder;
    const shock *k;
    must(f, shock_builder_new(&builder, f->memory, &f->economy));
    size_t before = arena_bytes(f->memory);
    must(f, shock_build(&k, builder, s, (const unsigned char[]){0, 0, 1}));
    assert_int_equal(arena_bytes(f->memory), before); /* land needs no pairs of regions */
    must(f, shock_build(&k, builder, s, NULL));
    size_t bytes = arena_bytes(f->memory); /* made when first needed, and kept */
    assert_true(bytes > before);
    assert_true(k->trade_cost_hat && k->travel_time_h && k->land_hat[ALDER] == 1.01);
    assert_true(k->tariff[at3(ALDER, FOOD, SEA, 3, 7)] == 0 && k->tariff[at3(ALDER, FOOD, DUNE, 3, 7)] == 0.05);
    must(f, shock_build(&k, builder, s, (const unsigned char[]){0, 0, 1}));
    assert_true(!k->trade_cost_hat && !k->travel_time_h && k->land_hat[ALDER] == 1.01 && !k->empty);
    assert_true(k->tariff[at3(ALDER, FOOD, SEA, 3, 7)] == 0.05);
    must(f, shock_build(&k, builder, s, (const unsigned char[]){0, 0, 0}));
    assert_true(k->empty && k->tariff && k->land_hat[ALDER] == 1);
    must(f, shock_build(&k, builder, s, (const unsigned char[]){1, 0, 0}));
    assert_false(k->empty);
    assert_int_equal(arena_bytes(f->memory), bytes);
    scenario_free(s);
}

/* Values from tables: rows that are not there change nothing, and a factor is what is written. */
static void tables_state_values(void **state)
{
    fixture *f = *state;
    double *tariff = arena_alloc(f->memory, 7 * 3 * 7, sizeof *tariff);
    for (size_t k = 0; k < 7 * 3 * 7; k++) tariff[k] = 0.05;
    f->economy.tariff = tariff;
    f->economy.about.switches.mobility = MOBILITY_FRECHET;
    scratch_text(&f->files, "cost.csv", "origin,destination,sector,hat,hat_note\nSEA,alder,food,1000,far\ndune,dune,goods,0.97,own\n");
    scratch_text(&f->files, "more.csv", "origin,destination,change_pct\nSEA,alder,10\n");
    scratch_text(&f->files, "tariff.csv", "origin,destination,sector,from,to\nSEA,alder,food,0.05,0.2\nSEA,dune,goods,,0\n");
    scratch_text(&f->files, "move.csv", "origin,destination,group,hat\nbrook,alder,others,0.9\n");
    scratch_text(&f->files, "lab.csv", "region,sector,hat\nfern,services,1.25\n");
    scratch_text(&f->files, "park.csv", "region,change_pct\nelm,-50\n");
    scratch_text(&f->files, "land.csv", "region,hat\nelm,3\n");
    scratch_text(&f->files, "gift.csv", "region,to\nelm,2\nfern,1\n");
    bashu_scenario *s = scenario_of(f, HEAD
        CHANGE("cost") "lever: trade_cost, table: cost.csv}\n"
        CHANGE("more") "lever: trade_cost, sectors: [food], table: more.csv}\n"
        CHANGE("tariff") "lever: tariff, table: tariff.csv}\n"
        CHANGE("move") "lever: migration_cost, table: move.csv}\n"
        CHANGE("lab") "lever: productivity, table: lab.csv}\n"
        CHANGE("park") "lever: amenity, groups: [college], table: park.csv}\n"
        CHANGE("land") "lever: land, table: land.csv}\n"
        CHANGE("gift") "lever: transfer, funders: [alder], table: gift.csv}\n"
        CHANGE("tall") "lever: amenity, regions: [fern], groups: [others], hat: 1000, low: 500, high: 2000}\n");
    assert_true(isnan(s->changes[0].value) && s->changes[0].is_hat && s->changes[2].unit && !s->changes[2].relative);
    assert_int_equal(strlen(s->changes[0].table_sha256), 64);
    assert_string_equal(change_unit(&s->changes[8]), "factor");
    shock_builder *builder;
    const shock *k;
    must(f, shock_builder_new(&builder, f->memory, &f->economy));
    must(f, shock_build(&k, builder, s, NULL));
    size_t costs = 0, tariffs = 0, moves = 0, labs = 0;
    for (size_t i = 0; i < 7 * 3 * 7; i++) costs += k->trade_cost_hat[i] != 1, tariffs += k->tariff[i] != 0.05;
    for (size_t i = 0; i < 2 * 7 * 7; i++) moves += k->migration_cost_hat[i] != 1;
    for (size_t i = 0; i < 7 * 3; i++) labs += k->productivity_hat[i] != 1;
    assert_true(costs == 2 && tariffs == 2 && moves == 1 && labs == 1);
    assert_true(close_to(k->trade_cost_hat[at3(ALDER, FOOD, SEA, 3, 7)], 1100) && k->trade_cost_hat[at3(DUNE, GOODS, DUNE, 3, 7)] == 0.97);
    assert_true(k->tariff[at3(ALDER, FOOD, SEA, 3, 7)] == 0.2 && k->tariff[at3(DUNE, GOODS, SEA, 3, 7)] == 0);
    assert_true(k->migration_cost_hat[at3(1, BROOK, ALDER, 7, 7)] == 0.9);
    assert_true(k->productivity_hat[at2(FERN, SERVICES, 3)] == 1.25 && k->land_hat[ELM] == 3 && k->land_hat[FERN] == 1);
    assert_true(k->amenity_hat[at2(ELM, 0, 2)] == 0.5 && k->amenity_hat[at2(ELM, 1, 2)] == 1 && k->amenity_hat[at2(FERN, 1, 2)] == 1000);
    assert_true(k->transfer[ELM] == 2 && k->transfer[FERN] == 1 && close_to(k->transfer[ALDER], -3));
    scenario_free(s);
    bashu_status status = BASHU_ERROR_MEMORY;
    for (long fails = 1; status != BASHU_OK; fails++) {
        context_fail_allocation(f->context, fails);
        status = scenario_read(&s, &f->economy, scratch_path(&f->files, "s.yaml"));
        context_fail_allocation(f->context, 0);
        if (status != BASHU_OK) assert_int_equal(status, BASHU_ERROR_MEMORY);
    }
    scenario_free(s);
}

static void nothing_is_freed_twice(void **state)
{
    (void)state;
    data_free(NULL);
    scenario_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lantern_has_its_parts),
        TEST(lantern_has_its_numbers),
        TEST(what_may_be_left_out),
        TEST(what_else_may_be_said),
        TEST(workers_rents_and_no_time),
        TEST(costs_of_the_kernel),
        TEST(wage_shares_are_the_nearest),
        TEST(sets_know_members_and_parts),
        TEST(network_knows_who_may_travel),
        TEST(elasticities_are_resolved),
        TEST(zones_totals_and_files_are_kept),
        TEST(a_model_file_replaces),
        TEST(a_setting_beats_columns),
        TEST(a_pair_with_observed_flows),
        TEST(a_pair_with_rows_of_every_kind),
        TEST(a_network_is_asked_for_only_when_needed),
        TEST(one_way_links_are_one_way),
        TEST(a_copy_outlives_the_data),
        TEST(a_copy_without_a_network),
        TEST(no_memory_is_an_error_everywhere),
        TEST(a_scenario_is_resolved),
        TEST(pairs_are_those_asked_for),
        TEST(the_economy_is_beside_the_scenario),
        TEST(no_change_is_exactly_nothing),
        TEST(places_are_scaled),
        TEST(a_transfer_moves_and_makes_nothing),
        TEST(trade_migration_and_tariffs_by_pair),
        TEST(a_faster_line_is_felt_where_it_is_used),
        TEST(link_times_multiply_or_replace),
        TEST(a_link_nobody_takes_changes_nothing),
        TEST(nobody_moves_without_mobility),
        TEST(a_builder_is_used_again),
        TEST(tables_state_values),
        TEST(nothing_is_freed_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
