/* knowledge.h - what is known where, and how it grows from year to year. */
#ifndef BASHU_TIME_KNOWLEDGE_H
#define BASHU_TIME_KNOWLEDGE_H

#include "equilibrium/equilibrium.h"

/* In one year, on one path. Hats are over the economy's own year, and over what grows everywhere alike. */
typedef struct knowledge_state {
    double *science;       /* S [N] */
    double *log_technique; /* [N][J] log hat of productivity */
    double *people[RESEARCH_USE_COUNT]; /* researchers [N] in this year */
} knowledge_state;

/* What policy makes of research in a year. */
typedef struct research_policy {
    double *people[RESEARCH_USE_COUNT]; /* [N] */
    double *border_hat;  /* [N][N] of spillovers between places; NULL: no change is about them */
    bool opens;          /* some border_hat is not 1 */
    double total;        /* researchers there should be: the baseline's and those who came from elsewhere */
} research_policy;

typedef struct knowledge knowledge;
/* *out is NULL with `innovation: none`. Errors: INPUT (no table of researchers; parameters without a balanced path, naming the
 * condition), MEMORY. */
bashu_status knowledge_new(knowledge **out, arena *memory, const bashu_economy *economy);
bashu_status knowledge_state_new(knowledge_state *out, arena *memory, const bashu_economy *economy);
/* The economy's own year. */
void knowledge_begin(const knowledge *k, knowledge_state *now);
/* The year after: from what is known now, researchers and borders of this year, people's travel times of this year [N][N] (NULL: the
 * baseline's), and who lives where. Errors: INPUT where something grows beyond all bounds. */
bashu_status knowledge_step(const knowledge *k, knowledge_state *next, const knowledge_state *now, const research_policy *policy,
                            const double *time_h, const bashu_result *year);
/* Yearly growth of productivity everywhere that hats leave out: log of the factor, by sector; 0 with research, where it is the baseline's. */
double knowledge_common_growth(const knowledge *k, const knowledge_state *now, const bashu_result *year, size_t j);

/* research_policy.c: the levers research_staff and research_border as they are in a year. changes: as changes_in_year leaves them. */
/* scenario NULL: none; the same in both. */
bashu_status research_policy_new(research_policy *out, arena *memory, const bashu_economy *economy, const bashu_scenario *scenario);
/* Errors: INPUT (more researchers moved than there are; spillovers beyond those without a border). */
bashu_status research_policy_in(research_policy *out, const bashu_economy *economy, const bashu_scenario *scenario, const unsigned char *mask);

/* certify_knowledge.c: recomputes the equations that lead from `now` to `next`, from the economy, the changes and both states alone. */
typedef struct knowledge_audit {
    const bashu_economy *economy;
    const bashu_scenario *changed; /* as changes_in_year leaves it; NULL: none */
    const unsigned char *mask;
    const double *time_h;          /* people's, of this year; NULL: the baseline's */
    const knowledge_state *now, *next;
    const bashu_result *year;      /* of this year */
} knowledge_audit;
enum { KNOWLEDGE_EQUATIONS = 3 };
typedef struct knowledge_certificate {
    size_t count;
    const char *name[KNOWLEDGE_EQUATIONS];
    double residual[KNOWLEDGE_EQUATIONS];
    char where[KNOWLEDGE_EQUATIONS][160];
} knowledge_certificate;
bashu_status certify_knowledge(knowledge_certificate *out, const knowledge_audit *audit);
/* Adds it to the certificate of the year that it leads to (once, or the worse of two); above the tolerance that is no answer. */
void knowledge_certificate_attach(bashu_result *year, const knowledge_certificate *certificate, double tolerance);

#endif
