/* page.h - the report to read, print and hand on: report.html. One row of the table in page.c is a section, and its function puts it. */
#ifndef BASHU_REPORT_PAGE_H
#define BASHU_REPORT_PAGE_H

#include "measure/network.h"
#include "policy/cooperation.h"
#include "policy/links.h"
#include "policy/optimum.h"
#include "report/boundaries.h"
#include "report/chart.h"
#include "report/map.h"
#include "time/path.h"

typedef struct page {
    report *r;                            /* where it goes; in both languages */
    report in[2];                         /* by bashu_language: for words that the house's functions give in one language */
    const bashu_package *package;         /* whose whole has an equilibrium */
    const bashu_cooperation *cooperation; /* NULL: the scenario has no players, or they were not played with */
    const bashu_path *path;               /* NULL: nothing of the scenario has years, or nobody asked */
    const bashu_optimum *optimum;         /* NULL: nobody asked */
    const bashu_network *network;         /* without the scenario; NULL: the economy has none, or nobody asked */
    changed_network with;                 /* where there is a network: as the scenario has it */
    double *before_h, *after_h;           /* [N from][N to] times of people without it and with it; INFINITY where there is no way */
    const bashu_links *links;             /* NULL: as above, or links have no gradient in this economy */
    const bashu_economy *economy;
    const description *about;
    focus about_what;
    const boundaries *outlines;           /* NULL: none */
    bool drawn[2];                        /* outlines of the whole, of what is enlarged: there already for maps that follow */
    said scenario, economy_title, whose;  /* titles; name of what the scenario is about */
    said source;                          /* the line below charts */
    size_t places;                        /* all regions but the rest of the world */
} page;

typedef struct section {
    const char *id;
    said title;
    bool (*shown)(const page *p);         /* NULL: always */
    bashu_status (*put)(page *p);         /* what stands below the heading */
} section;

/* A report of what `parts` has. Errors: ARGUMENT (no equilibrium), INPUT (of the outlines), MEMORY. */
bashu_status page_report(char **out, const bashu_report_parts *parts, bashu_language language);

/* ---- the sections ------------------------------------------------------------------------------------ */

/* page.c: whether anything acts within a year; else the answer is in the years alone, and what a year says of the scenario is left out. */
bool answers_now(const page *p);
bashu_status put_question(page *p);     /* page_answer.c */
bashu_status put_answer(page *p);
bashu_status put_maps(page *p);
bashu_status put_who(page *p);
bool has_circles(const page *p);        /* page_why.c */
bashu_status put_circle_tables(page *p);
bool has_changes(const page *p);
bashu_status put_changes(page *p);
bool has_cooperation(const page *p);
bashu_status put_agreement(page *p);
bool has_network(const page *p);        /* page_network.c */
bashu_status put_network(page *p);
bool has_years(const page *p);          /* page_years.c */
bashu_status put_years(page *p);
bool has_optimum(const page *p);        /* page_optimum.c */
bashu_status put_optimum(page *p);
bool has_sectors(const page *p);
bashu_status put_cluster_tables(page *p);
bashu_status put_method(page *p);       /* page_method.c */
bashu_status put_data(page *p);
bashu_status put_proof(page *p);
bashu_status put_manifest(page *p);
bashu_status put_glossary(page *p);

/* page_network_map.c: what links carry, whole or enlarged; how long it takes from a place (changes: how much less, percent), whole or enlarged. */
bashu_status put_link_map(page *p, map_show show);
bashu_status put_time_map(page *p, size_t from, map_show show);
/* The `count` largest cities by GDP of what the scenario is about, or of all that is outside of it, each by its region with the largest GDP; SIZE_MAX: there
 * is none. Errors: MEMORY. */
bashu_status main_places(size_t *out, size_t count, const page *p, bool inside_wanted);
/* "Chengdu", "Yubei (Chongqing)". */
said main_place_name(const page *p, size_t n);
/* [nodes] of the network as the scenario has it: regions of what the scenario is about, and stations that a way leads to from there. From the arena. Errors: MEMORY. */
bashu_status nodes_inside(unsigned char **out, const page *p);
/* Whether the scenario changes the time of a link of the network as it has it, closes it, or adds it. */
bool link_is_changed(const page *p, size_t link);

/* ---- maps -------------------------------------------------------------------------------------------- */

/* The outlines that maps of this kind share: for map_request and variable_map; from then on they are there. */
typedef struct shared_outlines {
    const char *id;
    bool there;
} shared_outlines;
shared_outlines share_outlines(page *p, map_show show);

/* ---- words ------------------------------------------------------------------------------------------- */

said said_label(const label *l);
/* "96.2 billion CNY", 962 亿元: of an amount in the currency unit, without its sign. */
said said_money(const page *p, double amount);
/* A percent with its sign, and its unit. */
const char *percent_words(const page *p, double percent, int decimals);
/* What a function of (report, x) says in both languages. */
#define PAGE_SAID(p, function, ...) ((said){function(&(p)->in[BASHU_EN], __VA_ARGS__), function(&(p)->in[BASHU_ZH], __VA_ARGS__)})
/* Percent changes of a headline variable of the focus: together, and at both ends of the ranges (NaN: there are none). */
typedef struct ranged {
    double value, low, high;
} ranged;
bashu_status focus_effect(ranged *out, const page *p, const char *variable);

/* The style, line by line, NULL at the end (page_style.c). */
extern const char *const page_style[];

#endif
